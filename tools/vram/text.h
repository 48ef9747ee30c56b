// SPDX-License-Identifier: MIT
// Words and figures for people: error lines, "12.3 MiB", "1.4 us", "1,167", and the name that a typing
// mistake meant.
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __GNUC__
#define CLI_PRINTF(format_at, values_at) __attribute__((format(printf, format_at, values_at)))
#else
#define CLI_PRINTF(format_at, values_at)
#endif

// One figure as text, returned by value so that several fit in one printf.
struct CliText {
    char text[64];
};

// "vram: " and the message on stderr, with a newline.
void cli_error(const char *format, ...) CLI_PRINTF(1, 2);

struct CliText cli_bytes(uint64_t bytes); // "180.9 MiB"
struct CliText cli_duration(uint64_t ns); // "1.4 us"
struct CliText cli_count(uint64_t count); // "1,167"
struct CliText cli_printf(const char *format, ...) CLI_PRINTF(1, 2);

// The name nearest to `word`, or NULL when none is near enough to be meant. names ends with NULL.
const char *cli_nearest(const char *word, const char *const *names);

// Writes the whole text to a file. False after a message when that fails.
int cli_write_file(const char *path, const char *text, size_t size);

#endif
