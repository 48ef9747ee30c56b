// SPDX-License-Identifier: MIT
// Reads a recording of allocator calls. Each vmaCreateBuffer and vmaCreateImage that succeeded is a resource,
// named by its allocation; flags and usage of the allocation tell how the CPU touches it.
#include "trace_formats.h"

struct VmaColumns {
    int time, thread, function, result, size, usage, alloc, flags, memory_usage;
    struct CliImageColumns image;
};

static struct VmaColumns find_columns(struct CliRows *rows)
{
    return (struct VmaColumns){
        .time = cli_rows_need(rows, "t_ns"),
        .thread = cli_rows_need(rows, "tid"),
        .function = cli_rows_need(rows, "func"),
        .result = cli_rows_column(rows, "result"),
        .size = cli_rows_need(rows, "size"),
        .usage = cli_rows_need(rows, "usage"),
        .alloc = cli_rows_need(rows, "alloc"),
        .flags = cli_rows_column(rows, "vma_flags"),
        .memory_usage = cli_rows_column(rows, "vma_usage"),
        .image = cli_trace_image_columns(rows),
    };
}

// Values of VmaAllocationCreateFlagBits and VmaMemoryUsage, as the recorder wrote them.
static enum CliHost host_of(uint64_t flags, uint64_t memory_usage)
{
    enum { SEQUENTIAL_WRITE = 0x400, RANDOM = 0x800, CPU_ONLY = 2, CPU_TO_GPU = 3, GPU_TO_CPU = 4 };

    if ((flags & RANDOM) || memory_usage == GPU_TO_CPU) {
        return CLI_HOST_RANDOM;
    }
    if ((flags & SEQUENTIAL_WRITE) || memory_usage == CPU_ONLY || memory_usage == CPU_TO_GPU) {
        return CLI_HOST_SEQUENTIAL;
    }
    return CLI_HOST_NONE;
}

static void read_creation(struct CliRows *rows, const struct VmaColumns *columns,
                          struct CliTraceBuilder *builder, bool is_image, uint64_t time, uint64_t thread)
{
    uint64_t flags = cli_rows_number(rows, columns->flags, 0, 0, UINT64_MAX);
    uint64_t memory_usage = cli_rows_number(rows, columns->memory_usage, 0, 0, UINT64_MAX);
    struct CliResource resource = {
        .id = cli_rows_handle(rows, columns->alloc),
        .usage = (VkFlags)cli_rows_number(rows, columns->usage, 0, 0, UINT32_MAX),
        .host = host_of(flags, memory_usage),
    };

    if (is_image) {
        cli_trace_read_image(rows, &columns->image, &resource);
    } else {
        resource.size = cli_rows_number(rows, columns->size, 0, 1, UINT64_MAX / 2);
        if (!resource.size) {
            cli_rows_fail(rows, "a buffer without a size");
        }
    }
    cli_builder_create(builder, time, thread, &resource);
}

void cli_trace_read_vma(struct CliRows *rows, struct CliTrace *trace)
{
    struct VmaColumns columns = find_columns(rows);
    struct CliTraceBuilder builder;

    cli_builder_begin(&builder, trace, rows, false);
    while (cli_rows_next(rows)) {
        uint64_t time = cli_rows_number(rows, columns.time, 0, 0, UINT64_MAX);
        uint64_t thread = cli_rows_number(rows, columns.thread, 0, 0, UINT64_MAX);
        bool succeeded = cli_rows_is(rows, columns.result, "0") || cli_rows_is(rows, columns.result, "");
        bool buffer_born = cli_rows_is(rows, columns.function, "vmaCreateBuffer") ||
                           cli_rows_is(rows, columns.function, "vmaCreateBufferWithAlignment");
        bool image_born = cli_rows_is(rows, columns.function, "vmaCreateImage");
        bool dies = cli_rows_is(rows, columns.function, "vmaDestroyBuffer") ||
                    cli_rows_is(rows, columns.function, "vmaDestroyImage");

        if ((buffer_born || image_born) && succeeded) {
            read_creation(rows, &columns, &builder, image_born, time, thread);
        } else if (dies && cli_rows_handle(rows, columns.alloc)) {
            cli_builder_destroy(&builder, time, thread, cli_rows_handle(rows, columns.alloc));
        } else {
            trace->ignored_rows++;
        }
    }
    cli_builder_finish(&builder);
}
