// SPDX-License-Identifier: MIT
// Opens a trace file, finds out which format it has, and holds what the three readers share.
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "trace_formats.h"

enum { LONGEST_TRACE = 1 << 30 }; // bytes of text

struct CliImageColumns cli_trace_image_columns(const struct CliRows *rows)
{
    return (struct CliImageColumns){
        .width = cli_rows_column(rows, "w"),
        .height = cli_rows_column(rows, "h"),
        .depth = cli_rows_column(rows, "d"),
        .mips = cli_rows_column(rows, "mips"),
        .layers = cli_rows_column(rows, "layers"),
        .samples = cli_rows_column(rows, "samples"),
        .format = cli_rows_column(rows, "format"),
        .tiling = cli_rows_column(rows, "tiling"),
    };
}

void cli_trace_read_image(struct CliRows *rows, const struct CliImageColumns *columns,
                          struct CliResource *resource)
{
    enum { LARGEST = 1 << 20 };

    resource->is_image = true;
    resource->width = (uint32_t)cli_rows_number(rows, columns->width, 0, 1, LARGEST);
    resource->height = (uint32_t)cli_rows_number(rows, columns->height, 1, 1, LARGEST);
    resource->depth = (uint32_t)cli_rows_number(rows, columns->depth, 1, 1, LARGEST);
    resource->mips = (uint32_t)cli_rows_number(rows, columns->mips, 1, 1, 32);
    resource->layers = (uint32_t)cli_rows_number(rows, columns->layers, 1, 1, LARGEST);
    resource->samples = (uint32_t)cli_rows_number(rows, columns->samples, 1, 1, 64);
    resource->format = (VkFormat)cli_rows_number(rows, columns->format, 0, 0, INT32_MAX);
    resource->tiling = (VkImageTiling)cli_rows_number(rows, columns->tiling, 0, 0, INT32_MAX);
    resource->type = resource->depth > 1 ? VK_IMAGE_TYPE_3D : VK_IMAGE_TYPE_2D;
    if (!resource->width) {
        cli_rows_fail(rows, "an image without a width");
    }
    if ((resource->samples & (resource->samples - 1)) != 0) {
        cli_rows_fail(rows, "%u samples: not a power of two", resource->samples);
    }
}

// The title is on a comment line before the header line.
static void read_title(const char *text, size_t size, char *title, size_t title_size)
{
    static const char mark[] = "# title: ";
    const char *end = text + size;

    while (text < end && *text == '#') {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((stop ? stop : end) - text);
        if (length > strlen(mark) && memcmp(text, mark, strlen(mark)) == 0) {
            snprintf(title, title_size, "%.*s", (int)(length < 200 ? length : 200) - (int)strlen(mark),
                     text + strlen(mark));
            title[strcspn(title, "\r\n")] = 0;
            return;
        }
        text += length + 1;
    }
}

bool cli_trace_parse(const char *text, size_t size, struct CliTrace *trace, struct CliTraceError *error)
{
    struct CliRows rows;

    memset(trace, 0, sizeof(*trace));
    if (!cli_rows_begin(&rows, text, size, error)) {
        return false;
    }
    read_title(text, size, trace->title, sizeof(trace->title));
    if (cli_rows_column(&rows, "id") >= 0) {
        trace->format = "vtrace";
        cli_trace_read_vtrace(&rows, trace);
    } else if (cli_rows_column(&rows, "func") >= 0) {
        trace->format = "vma";
        cli_trace_read_vma(&rows, trace);
    } else if (cli_rows_column(&rows, "obj") >= 0) {
        trace->format = "vk";
        cli_trace_read_vk(&rows, trace);
    } else {
        cli_rows_fail(&rows, "not a trace: the header line has neither a column 'id' nor 'obj' nor 'func'");
    }
    if (!rows.failed && !trace->resource_count) {
        cli_rows_fail(&rows, "the trace creates no buffer and no image");
    }
    if (rows.failed) {
        cli_trace_finish(trace);
    }
    return !rows.failed;
}

// Reads and unpacks the whole file; plain files pass through zlib unchanged. NULL after *error was set.
static char *read_all(gzFile file, size_t *size, struct CliTraceError *error)
{
    size_t capacity = 1 << 16;
    char *text = malloc(capacity);
    int status = Z_OK;

    for (*size = 0; text;) {
        int got = gzread(file, text + *size, (unsigned)(capacity - *size));
        if (got <= 0) {
            break;
        }
        *size += (size_t)got;
        if (*size == capacity) {
            char *larger = capacity < LONGEST_TRACE ? realloc(text, capacity * 2) : NULL;
            if (!larger) {
                free(text);
                text = NULL;
            } else {
                text = larger;
                capacity *= 2;
            }
        }
    }
    if (!text) {
        snprintf(error->text, sizeof(error->text), "too large, or out of memory");
        return NULL;
    }
    (void)gzerror(file, &status);
    if (status != Z_OK && status != Z_STREAM_END) {
        snprintf(error->text, sizeof(error->text), "%s",
                 status == Z_BUF_ERROR ? "the compressed file ends early" : "the compressed file is damaged");
        free(text);
        return NULL;
    }
    return text;
}

bool cli_trace_load(const char *path, struct CliTrace *trace, struct CliTraceError *error)
{
    gzFile file = gzopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    bool good = false;

    memset(trace, 0, sizeof(*trace));
    if (!file) {
        snprintf(error->text, sizeof(error->text), "cannot be opened");
        return false;
    }
    text = read_all(file, &size, error);
    if (text) {
        good = cli_trace_parse(text, size, trace, error);
    }
    free(text);
    gzclose(file);
    return good;
}

void cli_trace_finish(struct CliTrace *trace)
{
    free(trace->resources);
    free(trace->events);
    memset(trace, 0, sizeof(*trace));
}
