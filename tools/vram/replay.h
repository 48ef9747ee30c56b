// SPDX-License-Identifier: MIT
// What `replay` and `demo` share: from a parsed trace and options to the table and the files.
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "trace.h"

struct CliReplayOptions {
    const char *name;   // of the trace, for people
    const char *device; // --device, or NULL
    const char *sim;    // --sim, or NULL
    const char *folder; // --out: where report.json, peak.json and blocks.svg go; or NULL
    const char *json;   // --json, or NULL
    const char *svg;    // --svg, or NULL
    double speed;       // 0: as fast as possible
    bool verify;
    bool baseline;
    bool validate;
};

// Replays and reports; returns what main() returns.
int cli_replay(const struct CliTrace *trace, const struct CliReplayOptions *options);

// --speed: a positive number or "max" (0). False after a message.
bool cli_replay_read_speed(const char *text, double *speed);

#endif
