// SPDX-License-Identifier: MIT
// One line on stderr that shows how far a replay is: a moving bar on a terminal, a few plain lines elsewhere.
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct CliProgress {
    const char *label;
    size_t total;
    bool terminal;
    uint64_t next_ns;    // when the bar is drawn again
    unsigned next_tenth; // for plain lines
};

void cli_progress_begin(struct CliProgress *progress, const char *label, size_t total);
void cli_progress_step(struct CliProgress *progress, size_t done, uint64_t live, uint64_t reserved,
                       uint64_t resources);
void cli_progress_end(struct CliProgress *progress); // removes the bar

#endif
