// SPDX-License-Identifier: MIT
// CSV rows for the trace formats: named columns, checked numbers, and errors that name the line and the
// column. The first line that does not begin with '#' names the columns; further such lines and empty ones
// are skipped.
#ifndef CLI_TRACE_ROWS_H
#define CLI_TRACE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace.h"

enum { CLI_MAX_COLUMNS = 48 };

struct CliField {
    const char *text;
    size_t length;
};

struct CliRows {
    const char *next, *end; // unread text
    uint64_t line;          // number of the row that was read last
    struct CliField columns[CLI_MAX_COLUMNS];
    struct CliField fields[CLI_MAX_COLUMNS];
    size_t column_count, field_count;
    bool failed; // error holds the reason; every later call does nothing
    struct CliTraceError *error;
};

bool cli_rows_begin(struct CliRows *rows, const char *text, size_t size, struct CliTraceError *error);
bool cli_rows_next(struct CliRows *rows); // false: no further row, or failed

// The column of that name, or -1. cli_rows_need fails instead.
int cli_rows_column(const struct CliRows *rows, const char *name);
int cli_rows_need(struct CliRows *rows, const char *name);

bool cli_rows_is(const struct CliRows *rows, int column, const char *text);

// A number of the current row. An absent column or an empty field gives `absent`; anything else that is no
// decimal number from low to high fails, and gives `absent` too.
uint64_t cli_rows_number(struct CliRows *rows, int column, uint64_t absent, uint64_t low, uint64_t high);

// A handle: hexadecimal with or without 0x, "(nil)" is 0.
uint64_t cli_rows_handle(struct CliRows *rows, int column);

// Records the reason once, as "line N: ...".
void cli_rows_fail(struct CliRows *rows, const char *format, ...);

#endif
