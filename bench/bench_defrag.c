// SPDX-License-Identifier: MIT
// Planning a defragmentation: 100k allocations that survived the random death of 60 % of 250k, default flags.
// The moves are accepted and nothing is copied, so that only the plan costs time.
#include "bench.h"
#include "stats.h"
#include "workloads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MADE = 250000, SURVIVORS = 100000, MOST_PASSES = 100000 };

struct plan {
    double moves, total_ns, longest_ns, freed, passes;
};

// Frees all but SURVIVORS at random.
static void thin_out(struct live_set *set)
{
    while (set->count > SURVIVORS) {
        uint32_t index = rng_below(&set->rng, set->count);
        set->engine->vmaFreeMemory(set->allocator, set->items[index]);
        set->items[index] = set->items[--set->count];
    }
}

static void note_call(struct plan *plan, uint64_t start)
{
    double elapsed = (double)(clock_thread_ns() - start);
    plan->total_ns += elapsed;
    plan->longest_ns = elapsed > plan->longest_ns ? elapsed : plan->longest_ns;
}

static int run_plan(const struct engine *engine, VmaAllocator allocator, const VmaDefragmentationInfo *info,
                    struct plan *plan)
{
    VmaDefragmentationContext context;
    VmaDefragmentationStats stats;
    uint64_t start = clock_thread_ns();
    VkResult result = engine->vmaBeginDefragmentation(allocator, info, &context);
    note_call(plan, start);
    if (result != VK_SUCCESS) {
        return -1;
    }
    for (unsigned pass = 0; pass < MOST_PASSES; ++pass) {
        VmaDefragmentationPassMoveInfo moves = {0};
        start = clock_thread_ns();
        result = engine->vmaBeginDefragmentationPass(allocator, context, &moves);
        note_call(plan, start);
        plan->moves += moves.moveCount;
        if (result == VK_SUCCESS) {
            break;
        }
        plan->passes++;
        start = clock_thread_ns();
        result = engine->vmaEndDefragmentationPass(allocator, context, &moves);
        note_call(plan, start);
        if (result == VK_SUCCESS) {
            break;
        }
    }
    start = clock_thread_ns();
    engine->vmaEndDefragmentation(allocator, context, &stats);
    note_call(plan, start);
    plan->freed = (double)stats.bytesFreed / (1 << 20);
    return result == VK_SUCCESS ? 0 : -1;
}

static int measure(const struct engine *engine, const struct size_table *table,
                   const VmaDefragmentationInfo *info, struct plan *plan)
{
    struct VrSimDevice device;
    struct target target;
    VmaAllocator allocator = NULL;
    struct live_set set = {0};
    int status = -1;
    target_describe_large(&device, 1);
    if (target_open_sim(&target, &device) != 0) {
        return -1;
    }
    if (target_create_allocator(&target, engine, 0, NULL, &allocator) == VK_SUCCESS) {
        if (live_set_init(&set, engine, allocator, table, MADE, 71) == VK_SUCCESS) {
            thin_out(&set);
            status = run_plan(engine, allocator, info, plan);
        }
        live_set_finish(&set);
        engine->vmaDestroyAllocator(allocator);
    }
    target_close(&target);
    return status;
}

// Bytes freed are judged too: a plan that moves nothing is cheap.
static void report_plan(struct bench *bench, const char *kind, const struct plan plans[ENGINE_COUNT])
{
    struct row rows[] = {
        {.name = "per move", .unit = "us", .kind = GATE_MAX, .gate = 1.0, .ambition = 0.3},
        {.name = "longest call", .unit = "ms", .kind = GATE_MAX, .gate = 1.0, .ambition = 0.2},
        {.name = "freed", .unit = "MiB", .kind = GATE_RATIO_MIN, .gate = 0.95, .ambition = 1.0},
    };
    char name[64];
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        rows[0].value[e] = plans[e].total_ns / plans[e].moves / 1000;
        rows[1].value[e] = plans[e].longest_ns / 1e6;
        rows[2].value[e] = plans[e].freed;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        snprintf(name, sizeof name, "defragmentation %s, %s", kind, rows[i].name);
        rows[i].name = name;
        report_row(&bench->report, &rows[i]);
    }
    report_note(&bench->report, "  moves %.0f / %.0f, passes %.0f / %.0f, total ms %.1f / %.1f",
                plans[0].moves, plans[1].moves, plans[0].passes, plans[1].passes, plans[0].total_ns / 1e6,
                plans[1].total_ns / 1e6);
}

int bench_defragmentation(struct bench *bench)
{
    static struct size_table table;
    static const struct {
        const char *name;
        VmaDefragmentationInfo info;
    } kinds[] = {
        {"100k, no limits", {0}},
        {"100k, 64 MiB a pass", {.maxBytesPerPass = (VkDeviceSize)64 << 20, .maxAllocationsPerPass = 256}},
    };
    report_section(&bench->report, "Defragmentation plan", false);
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        struct plan plans[ENGINE_COUNT] = {{NAN, NAN, NAN, NAN, NAN}, {NAN, NAN, NAN, NAN, NAN}};
        for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
            if (!bench->available[e]) {
                continue;
            }
            plans[e] = (struct plan){0};
            if (measure(&bench->engines[e], &table, &kinds[i].info, &plans[e]) != 0) {
                fprintf(stderr, "bench: %s failed to defragment (%s)\n", bench->engines[e].name,
                        kinds[i].name);
                return -1;
            }
        }
        report_plan(bench, kinds[i].name, plans);
    }
    return 0;
}
