// SPDX-License-Identifier: MIT
// Small allocations in steady churn.
#include "scenarios.h"

enum { LIVE = 100000, STEPS = 5 * LIVE, QUICK_STEPS = 2 * LIVE };

static int churn(const struct stage *stage, const struct size_table *table, struct outcome *outcome)
{
    struct live_set set;
    int status = live_set_init(&set, stage->engine, stage->allocator, table, LIVE, 21) == VK_SUCCESS &&
                         live_set_step(&set, stage->quick ? QUICK_STEPS : STEPS) == VK_SUCCESS
                     ? 0
                     : -1;
    outcome->ratio = (double)target_reserved(stage->target) / (double)set.live;
    live_set_finish(&set);
    return status;
}

int scenario_steady(const struct stage *stage, struct outcome *outcome)
{
    static struct size_table table;
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    return churn(stage, &table, outcome);
}

// Uniform buffers grow from 10,000 to 100,000, churned at every step: how a small program is served counts as
// much as how a large one is. Drivers round a buffer's requirement up to its alignment; live is what the
// program asked for.
static int grow_uniforms(const struct stage *stage, VkDeviceSize alignment, struct outcome *outcome)
{
    enum { GROWTH_STEPS = 10, STEP = LIVE / GROWTH_STEPS };
    static struct size_table table;
    struct live_set sets[GROWTH_STEPS];
    uint64_t live = 0;
    double sum = 0;
    unsigned made = 0;
    int status = 0;
    size_table_uniform(&table, 64, 512, alignment, 31);
    for (; made < GROWTH_STEPS && status == 0; ++made) {
        status = live_set_init(&sets[made], stage->engine, stage->allocator, &table, STEP, 33 + made) ==
                             VK_SUCCESS &&
                         live_set_step(&sets[made], STEP) == VK_SUCCESS
                     ? 0
                     : -1;
        live += sets[made].live;
        sum += (double)target_reserved(stage->target) / (double)live;
    }
    outcome->ratio = sum / GROWTH_STEPS;
    while (made > 0) {
        live_set_finish(&sets[--made]);
    }
    return status;
}

int scenario_uniforms_64(const struct stage *stage, struct outcome *outcome)
{
    return grow_uniforms(stage, 64, outcome);
}

int scenario_uniforms_256(const struct stage *stage, struct outcome *outcome)
{
    return grow_uniforms(stage, 256, outcome);
}
