// SPDX-License-Identifier: MIT
// The picture of a replay: memory blocks over time, and what lies in each block at the peak. One SVG, no
// script.
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include "report.h"

// Writes the SVG file; false after a message.
bool cli_picture_write(const struct CliReport *report, const char *path);

#endif
