// SPDX-License-Identifier: MIT
// A monotonic clock, a sleep and "is this a terminal?" on POSIX and Windows.
#ifndef CLI_CLOCK_H
#define CLI_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

uint64_t cli_clock_ns(void);
void cli_sleep_ns(uint64_t ns);
bool cli_stderr_is_terminal(void);
bool cli_make_folder(const char *path); // true when it exists afterwards; parents are not made

#endif
