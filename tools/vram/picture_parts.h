// SPDX-License-Identifier: MIT
// The two panels of the picture, and the colours that they share.
#ifndef CLI_PICTURE_PARTS_H
#define CLI_PICTURE_PARTS_H

#include "history.h"
#include "report.h"
#include "svg.h"

enum {
    CLI_PAGE_WIDTH = 1200,
    CLI_PAGE_LEFT = 84, // of the plot areas
    CLI_PAGE_RIGHT = 1164,
};

#define CLI_INK "#1f2933"
#define CLI_INK_SOFT "#616e7c"
#define CLI_GRID "#e4e7eb"
#define CLI_FREE "#e8ecf1"

const char *cli_kind_colour(enum CliKind kind);

// Draws below y and returns where it ends.
double cli_picture_time(FILE *out, double y, const struct CliReport *report,
                        const struct CliHistory *history);
double cli_picture_map(FILE *out, double y, const struct CliReport *report, const struct CliHistory *history);

// How high the map will be.
double cli_picture_map_height(const struct CliReport *report, const struct CliHistory *history);

#endif
