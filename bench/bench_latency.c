// SPDX-License-Identifier: MIT
// The tail: every vmaAllocateMemory call of the mixed case timed by itself, in turns of both engines.
#include "bench.h"
#include "interleave.h"
#include "stats.h"
#include "workloads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIVE = 10000, TURNS = 20, CALLS_PER_TURN = 20000, QUICK_TURNS = 6 };

struct latency_state {
    struct target target;
    VmaAllocator allocator;
    struct live_set set;
    double *samples;
    size_t count;
};

// What two readings of the clock cost by themselves.
static double clock_overhead(void)
{
    double samples[1001];
    for (size_t i = 0; i < 1001; ++i) {
        uint64_t start = clock_ns();
        samples[i] = (double)(clock_ns() - start);
    }
    stats_sort(samples, 1001);
    return stats_quantile(samples, 1001, 0.5);
}

static int open_state(struct latency_state *state, const struct engine *engine,
                      const struct size_table *table, size_t samples)
{
    struct VrSimDevice device;
    target_describe_large(&device, 1);
    state->samples = calloc(samples, sizeof *state->samples);
    return state->samples == NULL || target_open_sim(&state->target, &device) != 0 ||
                   target_create_allocator(&state->target, engine, 0, NULL, &state->allocator) !=
                       VK_SUCCESS ||
                   live_set_init(&state->set, engine, state->allocator, table, LIVE, 11) != VK_SUCCESS ||
                   live_set_step(&state->set, LIVE) != VK_SUCCESS
               ? -1
               : 0;
}

static void close_state(struct latency_state *state, const struct engine *engine)
{
    if (state->set.items != NULL) {
        live_set_finish(&state->set);
    }
    if (state->allocator != NULL) {
        engine->vmaDestroyAllocator(state->allocator);
    }
    target_close(&state->target);
    free(state->samples);
}

static int sample(struct latency_state *state, const struct engine *engine, unsigned calls, double overhead)
{
    struct live_set *set = &state->set;
    for (unsigned i = 0; i < calls; ++i) {
        uint32_t index = rng_below(&set->rng, set->count);
        uint32_t size = set->table->sizes[set->next_size++ % SIZE_TABLE_COUNT];
        engine->vmaFreeMemory(set->allocator, set->items[index]);
        set->items[index] = NULL;
        uint64_t start = clock_ns();
        VkResult result =
            allocate_device_local(engine, set->allocator, size, set->table->alignment, &set->items[index]);
        double elapsed = (double)(clock_ns() - start) - overhead;
        if (result != VK_SUCCESS) {
            return -1;
        }
        state->samples[state->count++] = elapsed > 1 ? elapsed : 1;
    }
    return 0;
}

static void report_quantiles(struct bench *bench, struct latency_state states[ENGINE_COUNT])
{
    static const struct {
        const char *name;
        double part, gate, ambition;
    } rows[] = {{"p50 of allocate, mixed 10k", 0.5, 0, NAN},
                {"p99 of allocate, mixed 10k", 0.99, 0.12, 0.06},
                {"p99.9 of allocate, mixed 10k", 0.999, 0.05, 0.02},
                {"worst of allocate, mixed 10k", 1.0, 0, NAN}};
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        stats_sort(states[e].samples, states[e].count);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        report_row(&bench->report,
                   &(struct row){.name = rows[i].name,
                                 .unit = "ns",
                                 .value = {stats_quantile(states[0].samples, states[0].count, rows[i].part),
                                           stats_quantile(states[1].samples, states[1].count, rows[i].part)},
                                 .kind = rows[i].gate > 0 ? GATE_RATIO_MAX : GATE_NONE,
                                 .gate = rows[i].gate,
                                 .ambition = rows[i].ambition});
    }
}

int bench_latency(struct bench *bench)
{
    static struct size_table table;
    struct latency_state states[ENGINE_COUNT] = {0};
    unsigned turns = bench->quick ? QUICK_TURNS : TURNS;
    double overhead = clock_overhead();
    int status = 0;
    report_section(&bench->report, "Latency of a single call", false);
    interleave_pin(true);
    size_table_log(&table, 256, 16u << 20, 256, 0x9E3779B97F4A7C15u);
    for (unsigned e = 0; e < ENGINE_COUNT && status == 0; ++e) {
        if (bench->available[e]) {
            status = open_state(&states[e], &bench->engines[e], &table, (size_t)turns * CALLS_PER_TURN);
        }
    }
    for (unsigned turn = 0; turn < turns && status == 0; ++turn) {
        for (unsigned e = 0; e < ENGINE_COUNT && status == 0; ++e) {
            if (bench->available[e]) {
                status = sample(&states[e], &bench->engines[e], CALLS_PER_TURN, overhead);
            }
        }
    }
    if (status == 0) {
        report_quantiles(bench, states);
    }
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        if (bench->available[e]) {
            close_state(&states[e], &bench->engines[e]);
        }
    }
    interleave_pin(false);
    return status;
}
