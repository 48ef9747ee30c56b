// SPDX-License-Identifier: MIT
// Device memory reserved for each byte that is live, in four kinds of life; and how full a heap gets before the first
// failure. Reserved bytes and calls are what the simulated driver counted, not what the engine says of itself.
#include "bench.h"
#include "workloads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct outcome {
    double ratio; // reserved / live
    double calls; // vkAllocateMemory
};

// A scenario runs on a fresh allocator. 0, or -1 when an allocation failed.
typedef int (*scenario_fn)(const struct engine *engine, VmaAllocator allocator, const struct target *target,
                           bool quick, struct outcome *outcome);

// ---- small allocations ----------------------------------------------------------------------------------------------

static int churn(const struct engine *engine, VmaAllocator allocator, const struct target *target,
                 const struct size_table *table, bool quick, struct outcome *outcome) {
    enum { LIVE = 100000 };
    struct live_set set;
    int status = live_set_init(&set, engine, allocator, table, LIVE, 21) == VK_SUCCESS &&
                         live_set_step(&set, quick ? 2 * LIVE : 5 * LIVE) == VK_SUCCESS
                     ? 0
                     : -1;
    outcome->ratio = (double)target_reserved(target) / (double)set.live;
    live_set_finish(&set);
    return status;
}

static int steady(const struct engine *engine, VmaAllocator allocator, const struct target *target, bool quick,
                  struct outcome *outcome) {
    static struct size_table table;
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    return churn(engine, allocator, target, &table, quick, outcome);
}

static int uniforms_64(const struct engine *engine, VmaAllocator allocator, const struct target *target, bool quick,
                       struct outcome *outcome) {
    static struct size_table table;
    size_table_uniform(&table, 64, 512, 64, 31);
    return churn(engine, allocator, target, &table, quick, outcome);
}

static int uniforms_256(const struct engine *engine, VmaAllocator allocator, const struct target *target, bool quick,
                        struct outcome *outcome) {
    static struct size_table table;
    size_table_uniform(&table, 64, 512, 256, 31);
    return churn(engine, allocator, target, &table, quick, outcome);
}

// ---- textures -------------------------------------------------------------------------------------------------------

struct resident {
    VkImage image;
    VmaAllocation allocation;
    VkDeviceSize size;
    struct texture texture;
    uint32_t first_mip;
    uint32_t due; // frame in which a replaced image is freed
};

static int make_resident(const struct engine *engine, VmaAllocator allocator, struct resident *resident) {
    if (texture_create(engine, allocator, resident->texture, resident->first_mip, &resident->image,
                       &resident->allocation) != VK_SUCCESS) {
        return -1;
    }
    VmaAllocationInfo info;
    engine->vmaGetAllocationInfo(allocator, resident->allocation, &info);
    resident->size = info.size;
    return 0;
}

static void drop_resident(const struct engine *engine, VmaAllocator allocator, struct resident *resident) {
    engine->vmaDestroyImage(allocator, resident->image, resident->allocation);
    memset(resident, 0, sizeof *resident);
}

// Textures come, 10 a frame, and the least recently used leave when 95 % of a pool of 1000 MiB is in use; a texture
// that stays is used again at random, so that leaving is not in the order of coming. The mean is taken from the first
// frame with a full pool on.
static int streaming(const struct engine *engine, VmaAllocator allocator, const struct target *target, bool quick,
                     struct outcome *outcome) {
    enum { SLOTS = 8192, PER_FRAME = 10, REUSED_PER_FRAME = 100 };
    const uint64_t limit = (uint64_t)1000 * 1024 * 1024 / 100 * 95;
    struct resident *slots = calloc(SLOTS, sizeof *slots);
    struct rng rng = {41};
    uint64_t live = 0;
    double sum = 0;
    uint32_t frames = quick ? 600 : 3000, measured = 0;
    int status = slots == NULL ? -1 : 0;
    for (uint32_t frame = 1; frame <= frames && status == 0; ++frame) {
        for (unsigned i = 0; i < REUSED_PER_FRAME; ++i) {
            struct resident *used = &slots[rng_below(&rng, SLOTS)];
            used->due = used->image != VK_NULL_HANDLE ? frame : 0;
        }
        for (unsigned i = 0; i < PER_FRAME && status == 0; ++i) {
            uint32_t slot = rng_below(&rng, SLOTS);
            while (slots[slot].image != VK_NULL_HANDLE) {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot].texture = texture_draw(&rng);
            slots[slot].due = frame;
            status = make_resident(engine, allocator, &slots[slot]);
            live += slots[slot].size;
        }
        bool full = live > limit;
        while (live > limit) {
            uint32_t oldest = SLOTS;
            for (uint32_t slot = 0; slot < SLOTS; ++slot) {
                if (slots[slot].image != VK_NULL_HANDLE && (oldest == SLOTS || slots[slot].due < slots[oldest].due)) {
                    oldest = slot;
                }
            }
            live -= slots[oldest].size;
            drop_resident(engine, allocator, &slots[oldest]);
        }
        if (full || measured > 0) {
            sum += (double)target_reserved(target) / (double)live;
            measured++;
        }
    }
    outcome->ratio = sum / measured;
    for (uint32_t slot = 0; slots != NULL && slot < SLOTS; ++slot) {
        if (slots[slot].image != VK_NULL_HANDLE) {
            drop_resident(engine, allocator, &slots[slot]);
        }
    }
    free(slots);
    return status;
}

// 600 textures that change one mip level up or down, 10 a frame: the new image is created at once, the old one is
// freed two frames later. Live bytes include both.
static int mips(const struct engine *engine, VmaAllocator allocator, const struct target *target, bool quick,
                struct outcome *outcome) {
    enum { TEXTURES = 600, PER_FRAME = 10, DELAY = 2, LEVELS = 4, OLD = PER_FRAME * (DELAY + 1) };
    struct resident textures[TEXTURES] = {0}, old[OLD] = {0};
    struct rng rng = {43};
    uint64_t live = 0;
    double sum = 0;
    uint32_t frames = quick ? 600 : 3000, measured = 0;
    int status = 0;
    for (uint32_t i = 0; i < TEXTURES && status == 0; ++i) {
        textures[i].texture = texture_draw(&rng);
        textures[i].first_mip = rng_below(&rng, LEVELS);
        status = make_resident(engine, allocator, &textures[i]);
        live += textures[i].size;
    }
    for (uint32_t frame = 0; frame < frames && status == 0; ++frame) {
        for (uint32_t i = 0; i < PER_FRAME && status == 0; ++i) {
            struct resident *replaced = &old[(frame * PER_FRAME + i) % OLD];
            if (replaced->image != VK_NULL_HANDLE) {
                live -= replaced->size;
                drop_resident(engine, allocator, replaced);
            }
            struct resident *changed = &textures[rng_below(&rng, TEXTURES)];
            *replaced = *changed;
            bool finer = (rng_next(&rng) >> 63) != 0;
            changed->first_mip = finer ? (changed->first_mip == 0 ? 1 : changed->first_mip - 1)
                                       : (changed->first_mip == LEVELS - 1 ? LEVELS - 2 : changed->first_mip + 1);
            status = make_resident(engine, allocator, changed);
            live += changed->size;
        }
        if (frame >= 100) {
            sum += (double)target_reserved(target) / (double)live;
            measured++;
        }
    }
    outcome->ratio = sum / measured;
    for (uint32_t i = 0; i < TEXTURES + OLD; ++i) {
        struct resident *last = i < TEXTURES ? &textures[i] : &old[i - TEXTURES];
        if (last->image != VK_NULL_HANDLE) {
            drop_resident(engine, allocator, last);
        }
    }
    return status;
}

// ---- a full heap ----------------------------------------------------------------------------------------------------

// live / heap at the first failure, sizes log-uniform 256 B - 16 MiB, heap of 8 GiB. calls is left at 0.
static double fill_heap(const struct engine *engine, bool budget) {
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
        if (target_create_allocator(&target, engine, budget, NULL, &allocator) == VK_SUCCESS) {
            while (count < MOST && allocate_device_local(engine, allocator, table.sizes[count % SIZE_TABLE_COUNT],
                                                         256, &items[count]) == VK_SUCCESS) {
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

// ---- rows -----------------------------------------------------------------------------------------------------------

static int run_scenario(const struct engine *engine, const char *device_name, scenario_fn scenario, bool quick,
                        struct outcome *outcome) {
    struct VrSimDevice device;
    struct target target;
    VmaAllocator allocator = NULL;
    int status = -1;
    if (device_name == NULL) {
        target_describe_large(&device, 1);
    } else if (!vr_sim_device_builtin(device_name, &device)) {
        fprintf(stderr, "bench: no simulated device %s\n", device_name);
        return -1;
    }
    if (target_open_sim(&target, &device) != 0) {
        return -1;
    }
    if (target_create_allocator(&target, engine, false, NULL, &allocator) == VK_SUCCESS) {
        status = scenario(engine, allocator, &target, quick, outcome);
        outcome->calls = (double)target_allocate_calls(&target);
        engine->vmaDestroyAllocator(allocator);
    }
    target_close(&target);
    return status;
}

struct scenario {
    const char *name;
    const char *device; // NULL: the large one
    scenario_fn run;
    double gate, ambition; // of reserved / live
};

static int report_scenario(struct bench *bench, const struct scenario *scenario) {
    struct outcome outcomes[ENGINE_COUNT] = {{NAN, NAN}, {NAN, NAN}};
    char name[80];
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        if (bench->available[e] && run_scenario(&bench->engines[e], scenario->device, scenario->run, bench->quick,
                                                &outcomes[e]) != 0) {
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
    snprintf(name, sizeof name, "  vkAllocateMemory calls");
    report_row(&bench->report, &(struct row){.name = name,
                                             .unit = "",
                                             .value = {outcomes[0].calls, outcomes[1].calls},
                                             .kind = GATE_RATIO_MAX,
                                             .gate = 5,
                                             .ambition = NAN});
    return 0;
}

int bench_reserved(struct bench *bench) {
    static const struct scenario scenarios[] = {
        {"steady, 100k of 256 B - 1 MiB", NULL, steady, 1.06, 1.03},
        {"texture streaming, mean", "nvidia-rebar", streaming, 1.32, 1.15},
        {"mip changes, mean", "nvidia-rebar", mips, 1.27, 1.15},
        {"100k uniforms of 64-512 B, align 64", NULL, uniforms_64, 1.3, 1.1},
        {"100k uniforms of 64-512 B, align 256", NULL, uniforms_256, 0, 0},
    };
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
                filled[e] = fill_heap(&bench->engines[e], budget == 1);
            }
        }
        report_row(&bench->report, &(struct row){.name = budget == 1 ? "heap filled to first failure, budget extension"
                                                                     : "heap filled to first failure",
                                                 .unit = "",
                                                 .value = {filled[0], filled[1]},
                                                 .kind = GATE_MIN,
                                                 .gate = 0.86,
                                                 .ambition = 0.95});
    }
    return 0;
}
