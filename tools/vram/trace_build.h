// SPDX-License-Identifier: MIT
// Collects the events of a trace: numbers resources and threads, pairs every destruction with its creation,
// keeps time from falling.
#ifndef CLI_TRACE_BUILD_H
#define CLI_TRACE_BUILD_H

#include "map.h"
#include "trace.h"
#include "trace_rows.h"

struct CliTraceBuilder {
    struct CliTrace *trace;
    struct CliRows *rows;  // for errors
    bool strict;           // an id that is created twice or destroyed unborn is an error, not an oddity
    struct CliMap live;    // id -> resource
    struct CliMap owed;    // id -> destructions still to come of resources that were destroyed early
    struct CliMap threads; // thread of the file -> number from 0
    size_t event_capacity;
    uint32_t resource_capacity;
};

void cli_builder_begin(struct CliTraceBuilder *builder, struct CliTrace *trace, struct CliRows *rows,
                       bool strict);
void cli_builder_finish(struct CliTraceBuilder *builder);

// The new resource's index, or CLI_MAP_NONE when rows failed.
uint32_t cli_builder_create(struct CliTraceBuilder *builder, uint64_t time, uint64_t thread,
                            const struct CliResource *resource);
void cli_builder_destroy(struct CliTraceBuilder *builder, uint64_t time, uint64_t thread, uint64_t id);

// The resource that is alive under the id, or CLI_MAP_NONE.
uint32_t cli_builder_find(const struct CliTraceBuilder *builder, uint64_t id);

#endif
