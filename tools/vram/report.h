// SPDX-License-Identifier: MIT
// What a replay found, as a table for people and as JSON for programs.
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "pass.h"

struct CliReport {
    const char *trace_name;
    const struct CliTrace *trace;
    const struct CliPlan *plan;
    const struct CliDevice *device;
    const struct CliPass *vram;
    const struct CliPass *baseline; // NULL: not run
    bool verified;                  // whether contents were checked
};

void cli_report_print(const struct CliReport *report);

// Writes the JSON file; false after a message.
bool cli_report_write_json(const struct CliReport *report, const char *path);

#endif
