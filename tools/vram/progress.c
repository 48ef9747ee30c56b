// SPDX-License-Identifier: MIT
// The progress line of progress.h.
#include "progress.h"

#include <stdio.h>

#include "clock.h"
#include "text.h"

void cli_progress_begin(struct CliProgress *progress, const char *label, size_t total)
{
    *progress = (struct CliProgress){.label = label, .total = total, .terminal = cli_stderr_is_terminal()};
    progress->next_tenth = 3;
}

static void draw_bar(const struct CliProgress *progress, size_t done, uint64_t live, uint64_t reserved,
                     uint64_t resources)
{
    enum { WIDTH = 30 };
    size_t filled = progress->total ? done * WIDTH / progress->total : WIDTH;

    fprintf(stderr, "\r%-10s ", progress->label);
    for (size_t i = 0; i < WIDTH; i++) {
        fputs(i < filled ? "█" : "░", stderr);
    }
    fprintf(stderr, " %3u %%  live %s  reserved %s  %s resources\x1b[K",
            (unsigned)(progress->total ? done * 100 / progress->total : 100), cli_bytes(live).text,
            cli_bytes(reserved).text, cli_count(resources).text);
    fflush(stderr);
}

void cli_progress_step(struct CliProgress *progress, size_t done, uint64_t live, uint64_t reserved,
                       uint64_t resources)
{
    if (progress->terminal) {
        uint64_t now = cli_clock_ns();
        if (now >= progress->next_ns || done == progress->total) {
            progress->next_ns = now + 50000000;
            draw_bar(progress, done, live, reserved, resources);
        }
    } else if (done * 10 >= progress->total * progress->next_tenth) {
        fprintf(stderr, "%s: %u %%, live %s, reserved %s, %s resources\n", progress->label,
                (unsigned)(done * 100 / progress->total), cli_bytes(live).text, cli_bytes(reserved).text,
                cli_count(resources).text);
        progress->next_tenth = progress->next_tenth < 6 ? 6 : progress->next_tenth < 10 ? 10 : 11;
    }
}

void cli_progress_end(struct CliProgress *progress)
{
    if (progress->terminal) {
        fputs("\r\x1b[K", stderr);
        fflush(stderr);
    }
}
