// SPDX-License-Identifier: MIT
// The CSV reader of trace_rows.h. Nothing is copied: fields point into the text.
#include "trace_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

CLI_PRINTF(2, 3) void cli_rows_fail(struct CliRows *rows, const char *format, ...)
{
    char reason[200];
    va_list values;

    if (rows->failed) {
        return;
    }
    rows->failed = true;
    va_start(values, format);
    vsnprintf(reason, sizeof(reason), format, values);
    va_end(values);
    snprintf(rows->error->text, sizeof(rows->error->text), "line %llu: %s", (unsigned long long)rows->line,
             reason);
}

// The next line that holds something, without its line end.
static bool next_line(struct CliRows *rows, struct CliField *line)
{
    while (!rows->failed && rows->next < rows->end) {
        const char *start = rows->next;
        const char *stop = memchr(start, '\n', (size_t)(rows->end - start));

        rows->line++;
        rows->next = stop ? stop + 1 : rows->end;
        line->text = start;
        line->length = (size_t)((stop ? stop : rows->end) - start);
        if (line->length && start[line->length - 1] == '\r') {
            line->length--;
        }
        if (memchr(start, 0, line->length)) {
            cli_rows_fail(rows, "a zero byte; this is not a text file");
        } else if (line->length && start[0] != '#') {
            return true;
        }
    }
    return false;
}

static size_t split(struct CliRows *rows, struct CliField line, struct CliField *fields)
{
    size_t count = 0;
    const char *at = line.text;
    const char *end = line.text + line.length;

    for (;;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        if (count == CLI_MAX_COLUMNS) {
            cli_rows_fail(rows, "more than %d columns", CLI_MAX_COLUMNS);
            return 0;
        }
        fields[count].text = at;
        fields[count].length = (size_t)((comma ? comma : end) - at);
        count++;
        if (!comma) {
            return count;
        }
        at = comma + 1;
    }
}

bool cli_rows_begin(struct CliRows *rows, const char *text, size_t size, struct CliTraceError *error)
{
    struct CliField line;

    memset(rows, 0, sizeof(*rows));
    error->text[0] = 0;
    rows->error = error;
    rows->next = text;
    rows->end = text + size;
    if (!next_line(rows, &line)) {
        cli_rows_fail(rows, "no header line: the file is empty");
        return false;
    }
    rows->column_count = split(rows, line, rows->columns);
    return !rows->failed;
}

bool cli_rows_next(struct CliRows *rows)
{
    struct CliField line;

    if (!next_line(rows, &line)) {
        return false;
    }
    rows->field_count = split(rows, line, rows->fields);
    if (rows->field_count > rows->column_count) {
        cli_rows_fail(rows, "%u fields, but the header names %u columns", (unsigned)rows->field_count,
                      (unsigned)rows->column_count);
    }
    return !rows->failed;
}

int cli_rows_column(const struct CliRows *rows, const char *name)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        if (rows->columns[i].length == strlen(name) &&
            memcmp(rows->columns[i].text, name, strlen(name)) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int cli_rows_need(struct CliRows *rows, const char *name)
{
    int column = cli_rows_column(rows, name);
    if (column < 0) {
        cli_rows_fail(rows, "the header has no column '%s'", name);
    }
    return column;
}

static struct CliField field_of(const struct CliRows *rows, int column)
{
    if (column < 0 || (size_t)column >= rows->field_count) {
        return (struct CliField){"", 0};
    }
    return rows->fields[column];
}

bool cli_rows_is(const struct CliRows *rows, int column, const char *text)
{
    struct CliField field = field_of(rows, column);
    return field.length == strlen(text) && memcmp(field.text, text, field.length) == 0;
}

static void fail_field(struct CliRows *rows, int column, const char *what)
{
    struct CliField field = field_of(rows, column);
    struct CliField name = rows->columns[column];
    cli_rows_fail(rows, "column '%.*s': '%.*s' %s", (int)name.length, name.text,
                  (int)(field.length < 40 ? field.length : 40), field.text, what);
}

uint64_t cli_rows_number(struct CliRows *rows, int column, uint64_t absent, uint64_t low, uint64_t high)
{
    struct CliField field = field_of(rows, column);
    uint64_t value = 0;

    if (!field.length) {
        return absent;
    }
    for (size_t i = 0; i < field.length; i++) {
        uint64_t digit = (uint64_t)(unsigned char)field.text[i] - '0';
        if (digit > 9) {
            fail_field(rows, column, "is not a number");
            return absent;
        }
        if (value > (UINT64_MAX - digit) / 10) {
            fail_field(rows, column, "does not fit in 64 bits");
            return absent;
        }
        value = value * 10 + digit;
    }
    if (value < low || value > high) {
        fail_field(rows, column, value < low ? "is too small" : "is too large");
        return absent;
    }
    return value;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

uint64_t cli_rows_handle(struct CliRows *rows, int column)
{
    struct CliField field = field_of(rows, column);
    uint64_t value = 0;

    if (cli_rows_is(rows, column, "(nil)")) {
        return 0;
    }
    if (field.length > 2 && field.text[0] == '0' && (field.text[1] == 'x' || field.text[1] == 'X')) {
        field.text += 2;
        field.length -= 2;
    }
    for (size_t i = 0; i < field.length; i++) {
        int digit = hex_digit(field.text[i]);
        if (digit < 0 || field.length > 16) {
            fail_field(rows, column, "is not a handle");
            return 0;
        }
        value = value << 4 | (uint64_t)digit;
    }
    return value;
}
