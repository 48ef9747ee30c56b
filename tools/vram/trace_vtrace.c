// SPDX-License-Identifier: MIT
// Reads the project's own format, strictly: what is not understood is an error. docs/trace-format.md
// describes it.
#include <string.h>

#include "trace_formats.h"

struct VtraceColumns {
    int time, thread, op, id, usage, flags, host, size, type;
    struct CliImageColumns image;
};

static struct VtraceColumns find_columns(struct CliRows *rows)
{
    return (struct VtraceColumns){
        .time = cli_rows_need(rows, "t_ns"),
        .thread = cli_rows_need(rows, "thread"),
        .op = cli_rows_need(rows, "op"),
        .id = cli_rows_need(rows, "id"),
        .usage = cli_rows_need(rows, "usage"),
        .flags = cli_rows_column(rows, "flags"),
        .host = cli_rows_column(rows, "host"),
        .size = cli_rows_need(rows, "size"),
        .type = cli_rows_column(rows, "type"),
        .image = cli_trace_image_columns(rows),
    };
}

static enum CliHost read_host(struct CliRows *rows, int column)
{
    if (cli_rows_is(rows, column, "") || cli_rows_is(rows, column, "none")) {
        return CLI_HOST_NONE;
    }
    if (cli_rows_is(rows, column, "seq")) {
        return CLI_HOST_SEQUENTIAL;
    }
    if (!cli_rows_is(rows, column, "random")) {
        cli_rows_fail(rows, "column 'host': none, seq or random is expected");
    }
    return CLI_HOST_RANDOM;
}

static struct CliResource read_resource(struct CliRows *rows, const struct VtraceColumns *columns,
                                        bool is_image)
{
    struct CliResource resource = {
        .id = cli_rows_number(rows, columns->id, 0, 0, UINT64_MAX),
        .usage = (VkFlags)cli_rows_number(rows, columns->usage, 0, 0, UINT32_MAX),
        .flags = (VkFlags)cli_rows_number(rows, columns->flags, 0, 0, UINT32_MAX),
        .host = read_host(rows, columns->host),
        .size = cli_rows_number(rows, columns->size, 0, 0, UINT64_MAX / 2),
    };

    if (is_image) {
        cli_trace_read_image(rows, &columns->image, &resource);
        resource.type = (VkImageType)cli_rows_number(rows, columns->type, resource.type, 0, VK_IMAGE_TYPE_3D);
    } else if (!resource.size) {
        cli_rows_fail(rows, "a buffer without a size");
    }
    return resource;
}

void cli_trace_read_vtrace(struct CliRows *rows, struct CliTrace *trace)
{
    struct VtraceColumns columns = find_columns(rows);
    struct CliTraceBuilder builder;

    cli_builder_begin(&builder, trace, rows, true);
    while (cli_rows_next(rows)) {
        uint64_t time = cli_rows_number(rows, columns.time, 0, 0, INT64_MAX);
        uint64_t thread = cli_rows_number(rows, columns.thread, 0, 0, UINT32_MAX);
        bool buffer_born = cli_rows_is(rows, columns.op, "buf+");

        if (buffer_born || cli_rows_is(rows, columns.op, "img+")) {
            struct CliResource resource = read_resource(rows, &columns, !buffer_born);
            cli_builder_create(&builder, time, thread, &resource);
        } else if (cli_rows_is(rows, columns.op, "buf-") || cli_rows_is(rows, columns.op, "img-")) {
            uint64_t id = cli_rows_number(rows, columns.id, 0, 0, UINT64_MAX);
            cli_builder_destroy(&builder, time, thread, id);
        } else {
            cli_rows_fail(rows, "column 'op': buf+, buf-, img+ or img- is expected");
        }
    }
    cli_builder_finish(&builder);
}
