// SPDX-License-Identifier: MIT
// Reads a recording of Vulkan calls. The recording says which memory was mapped, not which buffer the CPU
// wrote: a buffer is taken to be host-written when its memory was ever mapped and its usage does not say that
// copies fill it.
#include <stdlib.h>
#include <string.h>

#include "trace_formats.h"

struct VkColumns {
    int time, thread, op, object, size, usage, flags, memory;
    struct CliImageColumns image;
};

// One VkDeviceMemory of the recording; a handle may name several, one after another.
struct VkMemoryLog {
    struct CliMap current; // handle -> index
    bool *mapped;
    uint32_t count, capacity;
    uint32_t *of_resource; // memory that a buffer was bound to
    uint32_t resource_capacity;
};

static struct VkColumns find_columns(struct CliRows *rows)
{
    return (struct VkColumns){
        .time = cli_rows_need(rows, "t_ns"),
        .thread = cli_rows_need(rows, "tid"),
        .op = cli_rows_need(rows, "op"),
        .object = cli_rows_need(rows, "obj"),
        .size = cli_rows_need(rows, "size"),
        .usage = cli_rows_need(rows, "usage"),
        .flags = cli_rows_column(rows, "flags"),
        .memory = cli_rows_column(rows, "memory"),
        .image = cli_trace_image_columns(rows),
    };
}

// Buffers and images have handles of their own; both share one map.
static uint64_t id_of(uint64_t handle, bool is_image)
{
    return handle << 1 | is_image;
}

static void memory_born(struct CliRows *rows, struct VkMemoryLog *log, uint64_t handle)
{
    if (log->count == log->capacity) {
        uint32_t capacity = log->capacity ? log->capacity * 2 : 64;
        bool *mapped = realloc(log->mapped, capacity * sizeof(*mapped));
        if (!mapped) {
            cli_rows_fail(rows, "out of memory");
            return;
        }
        log->mapped = mapped;
        log->capacity = capacity;
    }
    log->mapped[log->count] = false;
    if (!cli_map_set(&log->current, handle, log->count++)) {
        cli_rows_fail(rows, "out of memory");
    }
}

static void memory_mapped(struct VkMemoryLog *log, uint64_t handle)
{
    uint32_t memory = cli_map_get(&log->current, handle);
    if (memory != CLI_MAP_NONE) {
        log->mapped[memory] = true;
    }
}

static void buffer_bound(struct CliRows *rows, struct VkMemoryLog *log, uint32_t resource, uint64_t handle)
{
    while (resource != CLI_MAP_NONE && resource >= log->resource_capacity) {
        uint32_t capacity = log->resource_capacity ? log->resource_capacity * 2 : 256;
        uint32_t *of_resource = realloc(log->of_resource, capacity * sizeof(*of_resource));
        if (!of_resource) {
            cli_rows_fail(rows, "out of memory");
            return;
        }
        for (uint32_t i = log->resource_capacity; i < capacity; i++) {
            of_resource[i] = CLI_MAP_NONE;
        }
        log->of_resource = of_resource;
        log->resource_capacity = capacity;
    }
    if (resource != CLI_MAP_NONE) {
        log->of_resource[resource] = cli_map_get(&log->current, handle);
    }
}

static void decide_hosts(const struct VkMemoryLog *log, struct CliTrace *trace)
{
    const VkFlags copies = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;

    for (uint32_t i = 0; i < trace->resource_count && i < log->resource_capacity; i++) {
        struct CliResource *resource = &trace->resources[i];
        uint32_t memory = log->of_resource[i];
        if (resource->is_image || memory == CLI_MAP_NONE || !log->mapped[memory]) {
            continue;
        }
        if (resource->usage == VK_BUFFER_USAGE_TRANSFER_DST_BIT) {
            resource->host = CLI_HOST_RANDOM; // a read-back buffer
        } else if ((resource->usage & copies) != VK_BUFFER_USAGE_TRANSFER_DST_BIT) {
            resource->host = CLI_HOST_SEQUENTIAL;
        }
    }
}

static void read_creation(struct CliRows *rows, const struct VkColumns *columns,
                          struct CliTraceBuilder *builder, bool is_image, uint64_t time, uint64_t thread,
                          uint64_t handle)
{
    struct CliResource resource = {
        .id = id_of(handle, is_image),
        .usage = (VkFlags)cli_rows_number(rows, columns->usage, 0, 0, UINT32_MAX),
        .flags = (VkFlags)cli_rows_number(rows, columns->flags, 0, 0, UINT32_MAX),
        .size = cli_rows_number(rows, columns->size, 0, 0, UINT64_MAX / 2),
    };

    if (is_image) {
        cli_trace_read_image(rows, &columns->image, &resource);
        resource.size = 0;
    } else {
        // The creation's own size is in w where it is given; size is what the recording driver required.
        uint64_t size = cli_rows_number(rows, columns->image.width, 0, 0, UINT64_MAX / 2);
        resource.size = size ? size : resource.size;
        if (!resource.size) {
            cli_rows_fail(rows, "a buffer without a size");
        }
    }
    cli_builder_create(builder, time, thread, &resource);
}

static void read_row(struct CliRows *rows, const struct VkColumns *columns, struct CliTraceBuilder *builder,
                     struct VkMemoryLog *log)
{
    uint64_t time = cli_rows_number(rows, columns->time, 0, 0, UINT64_MAX);
    uint64_t thread = cli_rows_number(rows, columns->thread, 0, 0, UINT64_MAX);
    bool buffer_born = cli_rows_is(rows, columns->op, "buf+");
    bool buffer_dies = cli_rows_is(rows, columns->op, "buf-");

    if (buffer_born || cli_rows_is(rows, columns->op, "img+")) {
        read_creation(rows, columns, builder, !buffer_born, time, thread,
                      cli_rows_handle(rows, columns->object));
    } else if (buffer_dies || cli_rows_is(rows, columns->op, "img-")) {
        uint64_t handle = cli_rows_handle(rows, columns->object);
        cli_builder_destroy(builder, time, thread, id_of(handle, !buffer_dies));
    } else if (cli_rows_is(rows, columns->op, "alloc")) {
        memory_born(rows, log, cli_rows_handle(rows, columns->object));
    } else if (cli_rows_is(rows, columns->op, "map")) {
        memory_mapped(log, cli_rows_handle(rows, columns->object));
    } else if (cli_rows_is(rows, columns->op, "bindb")) {
        uint32_t resource = cli_builder_find(builder, id_of(cli_rows_handle(rows, columns->object), false));
        buffer_bound(rows, log, resource, cli_rows_handle(rows, columns->memory));
    } else {
        builder->trace->ignored_rows++;
    }
}

void cli_trace_read_vk(struct CliRows *rows, struct CliTrace *trace)
{
    struct VkColumns columns = find_columns(rows);
    struct CliTraceBuilder builder;
    struct VkMemoryLog log;

    memset(&log, 0, sizeof(log));
    cli_builder_begin(&builder, trace, rows, false);
    while (cli_rows_next(rows)) {
        read_row(rows, &columns, &builder, &log);
    }
    cli_builder_finish(&builder);
    if (!rows->failed) {
        decide_hosts(&log, trace);
    }
    cli_map_finish(&log.current);
    free(log.mapped);
    free(log.of_resource);
}
