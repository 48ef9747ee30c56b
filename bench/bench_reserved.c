// SPDX-License-Identifier: MIT
// Device memory reserved for each byte that is live, in several kinds of life; and how full a heap gets
// before the first failure.
#include "bench.h"
#include "scenarios.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct scenario {
    const char *name;
    const char *device; // NULL: the large one
    scenario_fn run;
    double gate, ambition; // of reserved / live; gate 0: not judged
};

static const struct scenario scenarios[] = {
    {"steady, 100k of 256 B - 1 MiB", NULL, scenario_steady, 1.06, 1.03},
    {"texture streaming, mean", "nvidia-rebar", scenario_streaming, 1.32, 1.15},
    {"mip changes, mean", "nvidia-rebar", scenario_mips, 1.27, 1.15},
    {"uniforms 64-512 B, align 64, mean", NULL, scenario_uniforms_64, 1.3, 1.1},
    {"uniforms 64-512 B, align 256, mean", NULL, scenario_uniforms_256, 0, 0},
};

static int run_scenario(const struct engine *engine, const struct scenario *scenario, bool quick,
                        struct outcome *outcome)
{
    struct VrSimDevice device;
    struct target target;
    VmaAllocator allocator = NULL;
    int status = -1;
    if (scenario->device == NULL) {
        target_describe_large(&device, 1);
    } else if (!vr_sim_device_builtin(scenario->device, &device)) {
        fprintf(stderr, "bench: no simulated device %s\n", scenario->device);
        return -1;
    }
    if (target_open_sim(&target, &device) != 0) {
        return -1;
    }
    if (target_create_allocator(&target, engine, 0, NULL, &allocator) == VK_SUCCESS) {
        status = scenario->run(&(struct stage){engine, allocator, &target, quick}, outcome);
        outcome->calls = (double)target_allocate_calls(&target);
        engine->vmaDestroyAllocator(allocator);
    }
    target_close(&target);
    return status;
}

static int report_scenario(struct bench *bench, const struct scenario *scenario)
{
    struct outcome outcomes[ENGINE_COUNT] = {{NAN, NAN}, {NAN, NAN}};
    char name[80];
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        if (bench->available[e] &&
            run_scenario(&bench->engines[e], scenario, bench->quick, &outcomes[e]) != 0) {
            fprintf(stderr, "bench: %s failed in '%s'\n", bench->engines[e].name, scenario->name);
            return -1;
        }
    }
    snprintf(name, sizeof name, "reserved/live, %s", scenario->name);
    report_row(&bench->report, &(struct row){.name = name,
                                             .unit = "",
                                             .value = {outcomes[0].ratio, outcomes[1].ratio},
                                             .kind = scenario->gate > 0 ? GATE_MAX : GATE_NONE,
                                             .gate = scenario->gate,
                                             .ambition = scenario->ambition});
    snprintf(name, sizeof name, "driver calls, %s", scenario->name);
    report_row(&bench->report, &(struct row){.name = name,
                                             .unit = "",
                                             .value = {outcomes[0].calls, outcomes[1].calls},
                                             .kind = GATE_RATIO_MAX,
                                             .gate = 5,
                                             .ambition = NAN});
    return 0;
}

// ---- a full heap ------------------------------------------------------------------------------------------

// live / heap at the first failure, sizes log-uniform 256 B - 16 MiB, heap of 8 GiB. calls is left at 0.
static double fill_heap(const struct engine *engine, VmaAllocatorCreateFlags flags)
{
    enum { MOST = 1 << 20 };
    static struct size_table table;
    struct VrSimDevice device;
    struct target target;
    VmaAllocator allocator = NULL;
    VmaAllocation *items = calloc(MOST, sizeof *items);
    uint64_t live = 0;
    uint32_t count = 0;
    double filled = -1;
    target_describe_large(&device, 1);
    for (uint32_t i = 0; i < device.heap_count; ++i) {
        device.heaps[i].size = device.heaps[i].budget = (VkDeviceSize)8 << 30;
    }
    device.type_count = 1; // one type of heap 0: nothing to fall back to
    size_table_log(&table, 256, 16u << 20, 256, 51);
    if (items != NULL && target_open_sim(&target, &device) == 0) {
        if (target_create_allocator(&target, engine, flags, NULL, &allocator) == VK_SUCCESS) {
            while (count < MOST &&
                   allocate_device_local(engine, allocator, table.sizes[count % SIZE_TABLE_COUNT], 256,
                                         &items[count]) == VK_SUCCESS) {
                live += table.sizes[count++ % SIZE_TABLE_COUNT];
            }
            filled = (double)live / (double)device.heaps[0].size;
            while (count > 0) {
                engine->vmaFreeMemory(allocator, items[--count]);
            }
            engine->vmaDestroyAllocator(allocator);
        }
        target_close(&target);
    }
    free(items);
    return filled;
}

int bench_reserved(struct bench *bench)
{
    report_section(&bench->report, "Device memory", true);
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; ++i) {
        if (report_scenario(bench, &scenarios[i]) != 0) {
            return -1;
        }
    }
    for (unsigned budget = 0; budget < 2; ++budget) {
        double filled[ENGINE_COUNT] = {NAN, NAN};
        for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
            if (bench->available[e]) {
                filled[e] = fill_heap(&bench->engines[e], budget == 1 ? BUDGET_FLAG : 0u);
            }
        }
        report_row(&bench->report,
                   &(struct row){.name = budget == 1 ? "heap filled to first failure, budget extension"
                                                     : "heap filled to first failure",
                                 .unit = "",
                                 .value = {filled[0], filled[1]},
                                 .kind = GATE_MIN,
                                 .gate = 0.86,
                                 .ambition = 0.95});
    }
    return 0;
}
