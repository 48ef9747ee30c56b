// SPDX-License-Identifier: MIT
// Formatting for people. Every function is total: odd input gives an odd text, never a failure.
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void cli_error(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("vram: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
}

struct CliText cli_printf(const char *format, ...)
{
    struct CliText out;
    va_list values;
    va_start(values, format);
    vsnprintf(out.text, sizeof(out.text), format, values);
    va_end(values);
    return out;
}

struct CliText cli_bytes(uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes;
    size_t unit = 0;

    if (bytes < 1024) {
        return cli_printf("%u B", (unsigned)bytes);
    }
    for (value /= 1024; value >= 1023.95 && unit < 5; value /= 1024) {
        unit++;
    }
    return cli_printf("%.1f %s", value, units[unit]);
}

struct CliText cli_duration(uint64_t ns)
{
    double value = (double)ns;
    if (ns < 1000) {
        return cli_printf("%u ns", (unsigned)ns);
    }
    if (ns < 1000000) {
        return cli_printf("%.1f us", value / 1e3);
    }
    if (ns < 1000000000) {
        return cli_printf("%.1f ms", value / 1e6);
    }
    return cli_printf("%.1f s", value / 1e9);
}

struct CliText cli_count(uint64_t count)
{
    struct CliText digits = cli_printf("%llu", (unsigned long long)count);
    struct CliText out;
    size_t length = strlen(digits.text);
    size_t at = 0;

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            out.text[at++] = ',';
        }
        out.text[at++] = digits.text[i];
    }
    out.text[at] = 0;
    return out;
}

// Levenshtein's distance; words longer than the table are never near.
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    size_t row[LONGEST + 1];
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);

    if (a_length > LONGEST || b_length > LONGEST) {
        return LONGEST;
    }
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = best;
        }
    }
    return row[b_length];
}

const char *cli_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t best = strlen(word) / 2 < 4 ? strlen(word) / 2 + 1 : 4;

    for (; *names; names++) {
        size_t distance = edit_distance(word, *names);
        if (distance < best) {
            best = distance;
            nearest = *names;
        }
    }
    return nearest;
}

int cli_write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    int good = file && fwrite(text, 1, size, file) == size;

    if (file && fclose(file) != 0) {
        good = 0;
    }
    if (!good) {
        cli_error("cannot write %s: %s", path, strerror(errno));
    }
    return good;
}
