// SPDX-License-Identifier: MIT
// Questions to an allocator with 100k live allocations: vmaCalculateStatistics and the detailed JSON dump.
#include "bench.h"
#include "interleave.h"
#include "stats.h"
#include "workloads.h"

#include <stdio.h>
#include <string.h>

enum { LIVE = 100000 };

struct query_state {
    const struct engine *engine;
    struct target target;
    VmaAllocator allocator;
    struct live_set set;
};

static double statistics_round(void *opaque)
{
    struct query_state *state = opaque;
    VmaTotalStatistics statistics;
    uint64_t start = clock_thread_ns();
    state->engine->vmaCalculateStatistics(state->allocator, &statistics);
    double elapsed = (double)(clock_thread_ns() - start) / 1000;
    if (statistics.total.statistics.allocationCount != LIVE) {
        fprintf(stderr, "bench: vmaCalculateStatistics of %s counts %u allocations instead of %d\n",
                state->engine->name, statistics.total.statistics.allocationCount, LIVE);
        return -1;
    }
    return elapsed;
}

// MB/s of text.
static double json_round(void *opaque)
{
    struct query_state *state = opaque;
    char *text = NULL;
    uint64_t start = clock_thread_ns();
    state->engine->vmaBuildStatsString(state->allocator, &text, VK_TRUE);
    double elapsed = (double)(clock_thread_ns() - start);
    size_t length = text == NULL ? 0 : strlen(text);
    state->engine->vmaFreeStatsString(state->allocator, text);
    if (length < LIVE) {
        fprintf(stderr, "bench: vmaBuildStatsString of %s gives %zu characters for %d allocations\n",
                state->engine->name, length, LIVE);
        return -1;
    }
    return (double)length * 1000 / elapsed;
}

static int open_state(struct query_state *state, const struct engine *engine, const struct size_table *table)
{
    struct VrSimDevice device;
    state->engine = engine;
    target_describe_large(&device, 1);
    return target_open_sim(&state->target, &device) == 0 &&
                   target_create_allocator(&state->target, engine, 0, NULL, &state->allocator) ==
                       VK_SUCCESS &&
                   live_set_init(&state->set, engine, state->allocator, table, LIVE, 61) == VK_SUCCESS &&
                   live_set_step(&state->set, LIVE) == VK_SUCCESS
               ? 0
               : -1;
}

static void close_state(struct query_state *state)
{
    if (state->engine == NULL) {
        return;
    }
    if (state->set.items != NULL) {
        live_set_finish(&state->set);
    }
    if (state->allocator != NULL) {
        state->engine->vmaDestroyAllocator(state->allocator);
    }
    target_close(&state->target);
}

static int measure(struct bench *bench, struct query_state states[ENGINE_COUNT])
{
    void *const opaque[ENGINE_COUNT] = {&states[0], &states[1]};
    struct interleaved result;
    if (interleave(bench, statistics_round, opaque, bench->quick ? 5 : 21, &result) != 0) {
        return -1;
    }
    report_row(&bench->report, &(struct row){.name = "vmaCalculateStatistics, 100k live",
                                             .unit = "us",
                                             .value = {result.value[0], result.value[1]},
                                             .ratio = result.ratio,
                                             .quartile = {result.quartile[0], result.quartile[1]},
                                             .kind = GATE_RATIO_MAX,
                                             .gate = 0.3,
                                             .ambition = 0.01});
    if (interleave(bench, json_round, opaque, bench->quick ? 5 : 21, &result) != 0) {
        return -1;
    }
    report_row(&bench->report, &(struct row){.name = "vmaBuildStatsString, detailed, 100k live",
                                             .unit = "MB/s",
                                             .value = {result.value[0], result.value[1]},
                                             .ratio = result.ratio,
                                             .quartile = {result.quartile[0], result.quartile[1]},
                                             .kind = GATE_MIN,
                                             .gate = 600,
                                             .ambition = 1000});
    return 0;
}

int bench_queries(struct bench *bench)
{
    static struct size_table table;
    struct query_state states[ENGINE_COUNT];
    int status = 0;
    memset(states, 0, sizeof states);
    report_section(&bench->report, "Questions to a full allocator", false);
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    for (unsigned e = 0; e < ENGINE_COUNT && status == 0; ++e) {
        if (bench->available[e]) {
            status = open_state(&states[e], &bench->engines[e], &table);
        }
    }
    if (status == 0) {
        status = measure(bench, states);
    }
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        close_state(&states[e]);
    }
    return status;
}
