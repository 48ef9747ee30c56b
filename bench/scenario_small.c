// SPDX-License-Identifier: MIT
// Small allocations in steady churn.
#include "scenarios.h"

enum { LIVE = 100000, STEPS = 5 * LIVE, QUICK_STEPS = 2 * LIVE };

static int churn(const struct stage *stage, const struct size_table *table, struct outcome *outcome) {
    struct live_set set;
    int status = live_set_init(&set, stage->engine, stage->allocator, table, LIVE, 21) == VK_SUCCESS &&
                         live_set_step(&set, stage->quick ? QUICK_STEPS : STEPS) == VK_SUCCESS
                     ? 0
                     : -1;
    outcome->ratio = (double)target_reserved(stage->target) / (double)set.live;
    live_set_finish(&set);
    return status;
}

int scenario_steady(const struct stage *stage, struct outcome *outcome) {
    static struct size_table table;
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    return churn(stage, &table, outcome);
}

int scenario_uniforms_64(const struct stage *stage, struct outcome *outcome) {
    static struct size_table table;
    size_table_uniform(&table, 64, 512, 64, 31);
    return churn(stage, &table, outcome);
}

int scenario_uniforms_256(const struct stage *stage, struct outcome *outcome) {
    static struct size_table table;
    size_table_uniform(&table, 64, 512, 256, 31);
    return churn(stage, &table, outcome);
}
