// SPDX-License-Identifier: MIT
// The builder of trace_build.h.
#include "trace_build.h"

#include <stdlib.h>
#include <string.h>

void cli_builder_begin(struct CliTraceBuilder *builder, struct CliTrace *trace, struct CliRows *rows,
                       bool strict)
{
    memset(builder, 0, sizeof(*builder));
    builder->trace = trace;
    builder->rows = rows;
    builder->strict = strict;
}

void cli_builder_finish(struct CliTraceBuilder *builder)
{
    builder->trace->thread_count = (uint32_t)builder->threads.count;
    cli_map_finish(&builder->live);
    cli_map_finish(&builder->owed);
    cli_map_finish(&builder->threads);
}

uint32_t cli_builder_find(const struct CliTraceBuilder *builder, uint64_t id)
{
    return cli_map_get(&builder->live, id);
}

static uint32_t thread_number(struct CliTraceBuilder *builder, uint64_t thread)
{
    uint32_t number = cli_map_get(&builder->threads, thread);
    if (number == CLI_MAP_NONE) {
        number = (uint32_t)builder->threads.count;
        if (!cli_map_set(&builder->threads, thread, number)) {
            cli_rows_fail(builder->rows, "out of memory");
        }
    }
    return number;
}

static void add_event(struct CliTraceBuilder *builder, uint64_t time, uint64_t thread, uint32_t resource,
                      bool destroys)
{
    struct CliTrace *trace = builder->trace;
    // The hooks of the raw recorders start their clock a moment late: a time just below zero is a start.
    int64_t time_ns = (int64_t)time < 0 ? 0 : (int64_t)time;
    int64_t last = trace->event_count ? trace->events[trace->event_count - 1].time_ns : 0;

    if (trace->event_count == builder->event_capacity) {
        size_t capacity = builder->event_capacity ? builder->event_capacity * 2 : 256;
        struct CliEvent *events = realloc(trace->events, capacity * sizeof(*events));
        if (!events) {
            cli_rows_fail(builder->rows, "out of memory");
            return;
        }
        trace->events = events;
        builder->event_capacity = capacity;
    }
    if (time_ns < last && builder->strict) {
        cli_rows_fail(builder->rows, "the time goes backwards");
        return;
    }
    trace->events[trace->event_count++] = (struct CliEvent){
        .time_ns = time_ns < last ? last : time_ns,
        .thread = thread_number(builder, thread),
        .resource = resource,
        .destroys = destroys,
    };
}

// Threads race to the recorder: the row of a destruction may come after the row that creates the handle's
// next owner. The old owner dies now; the destruction that is still to come is owed to it.
static void destroy_early(struct CliTraceBuilder *builder, uint64_t time, uint64_t thread, uint64_t id)
{
    uint32_t owed = cli_map_get(&builder->owed, id);

    add_event(builder, time, thread, cli_map_remove(&builder->live, id), true);
    builder->trace->odd_rows++;
    if (!cli_map_set(&builder->owed, id, owed == CLI_MAP_NONE ? 1 : owed + 1)) {
        cli_rows_fail(builder->rows, "out of memory");
    }
}

uint32_t cli_builder_create(struct CliTraceBuilder *builder, uint64_t time, uint64_t thread,
                            const struct CliResource *resource)
{
    struct CliTrace *trace = builder->trace;
    uint32_t index = trace->resource_count;

    if (builder->rows->failed) {
        return CLI_MAP_NONE;
    }
    if (cli_map_get(&builder->live, resource->id) != CLI_MAP_NONE) {
        if (builder->strict) {
            cli_rows_fail(builder->rows, "id %llu is alive already", (unsigned long long)resource->id);
            return CLI_MAP_NONE;
        }
        destroy_early(builder, time, thread, resource->id);
    }
    if (index == builder->resource_capacity) {
        uint32_t capacity = index ? index * 2 : 128;
        struct CliResource *resources = realloc(trace->resources, capacity * sizeof(*resources));
        if (!resources) {
            cli_rows_fail(builder->rows, "out of memory");
            return CLI_MAP_NONE;
        }
        trace->resources = resources;
        builder->resource_capacity = capacity;
    }
    trace->resources[index] = *resource;
    trace->resource_count++;
    if (!cli_map_set(&builder->live, resource->id, index)) {
        cli_rows_fail(builder->rows, "out of memory");
    }
    add_event(builder, time, thread, index, false);
    return builder->rows->failed ? CLI_MAP_NONE : index;
}

void cli_builder_destroy(struct CliTraceBuilder *builder, uint64_t time, uint64_t thread, uint64_t id)
{
    uint32_t owed = cli_map_get(&builder->owed, id);
    uint32_t resource;

    if (builder->rows->failed) {
        return;
    }
    if (owed != CLI_MAP_NONE) {
        if (owed == 1) {
            cli_map_remove(&builder->owed, id);
        } else {
            cli_map_set(&builder->owed, id, owed - 1);
        }
        return;
    }
    resource = cli_map_remove(&builder->live, id);
    if (resource != CLI_MAP_NONE) {
        add_event(builder, time, thread, resource, true);
    } else if (builder->strict) {
        cli_rows_fail(builder->rows, "id %llu is not alive", (unsigned long long)id);
    } else {
        builder->trace->odd_rows++;
    }
}
