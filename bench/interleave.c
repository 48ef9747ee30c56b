// SPDX-License-Identifier: MIT
// The rounds, their order, and pinning to a core.
#include "interleave.h"

#include "stats.h"

#include <math.h>
#include <sched.h>

enum { MAX_ROUNDS = 1000, WARM_UP_ROUNDS = 2 };

void interleave_pin(bool pin)
{
    static cpu_set_t before;
    static bool pinned;
    if (pin && !pinned && sched_getaffinity(0, sizeof before, &before) == 0) {
        cpu_set_t one;
        CPU_ZERO(&one);
        int cpu = sched_getcpu();
        CPU_SET((unsigned)(cpu < 0 ? 0 : cpu), &one);
        pinned = sched_setaffinity(0, sizeof one, &one) == 0;
    } else if (!pin && pinned) {
        sched_setaffinity(0, sizeof before, &before);
        pinned = false;
    }
}

// Median of `values` (sorted in place), NAN without values.
static double median(double *values, unsigned count)
{
    stats_sort(values, count);
    return stats_quantile(values, count, 0.5);
}

int interleave(const struct bench *bench, round_fn round, void *const states[ENGINE_COUNT], unsigned rounds,
               struct interleaved *result)
{
    static double values[ENGINE_COUNT][MAX_ROUNDS];
    static double ratios[MAX_ROUNDS];
    bool both = bench->available[UPSTREAM] && bench->available[VRAM];
    rounds = rounds > MAX_ROUNDS ? MAX_ROUNDS : rounds;
    for (unsigned i = 0; i < rounds + WARM_UP_ROUNDS; ++i) {
        for (unsigned turn = 0; turn < ENGINE_COUNT; ++turn) {
            unsigned e = (turn + i) % ENGINE_COUNT;
            double value = bench->available[e] ? round(states[e]) : NAN;
            if (value < 0) {
                return -1;
            }
            if (i >= WARM_UP_ROUNDS) {
                values[e][i - WARM_UP_ROUNDS] = value;
            }
        }
    }
    *result = (struct interleaved){.value = {NAN, NAN}};
    for (unsigned i = 0; both && i < rounds; ++i) {
        ratios[i] = values[VRAM][i] / values[UPSTREAM][i];
    }
    if (both) {
        result->ratio = median(ratios, rounds);
        result->quartile[0] = stats_quantile(ratios, rounds, 0.25);
        result->quartile[1] = stats_quantile(ratios, rounds, 0.75);
    }
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        result->value[e] = bench->available[e] ? median(values[e], rounds) : NAN;
    }
    return 0;
}
