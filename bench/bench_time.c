// SPDX-License-Identifier: MIT
// Nanoseconds per allocate + free pair of every case, one thread.
#include "bench.h"
#include "cases.h"
#include "interleave.h"
#include "stats.h"

#include <math.h>
#include <stdio.h>

static double timed_round(void *state)
{
    struct pair_state *pair = state;
    uint32_t pairs = pair->definition->pairs;
    uint64_t start = clock_thread_ns();
    if (pair_run(pair, pairs) != VK_SUCCESS) {
        return -1;
    }
    return (double)(clock_thread_ns() - start) / pairs;
}

static int measure_case(struct bench *bench, const struct pair_case *definition)
{
    struct pair_state *states[ENGINE_COUNT] = {NULL, NULL};
    struct interleaved result;
    int status = 0;
    for (unsigned e = 0; e < ENGINE_COUNT && status == 0; ++e) {
        if (bench->available[e]) {
            states[e] = pair_open(definition, &bench->engines[e]);
            status = states[e] == NULL ? -1 : 0;
        }
    }
    if (status == 0) {
        void *const opaque[ENGINE_COUNT] = {states[UPSTREAM], states[VRAM]};
        status = interleave(bench, timed_round, opaque, bench->quick ? 11 : 41, &result);
    }
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        pair_close(states[e]);
    }
    if (status == 0) {
        report_row(&bench->report, &(struct row){.name = definition->name,
                                                 .unit = "ns",
                                                 .value = {result.value[UPSTREAM], result.value[VRAM]},
                                                 .ratio = result.ratio,
                                                 .quartile = {result.quartile[0], result.quartile[1]},
                                                 .kind = definition->gate > 0 ? GATE_RATIO_MAX : GATE_NONE,
                                                 .gate = definition->gate,
                                                 .ambition = definition->ambition});
    }
    return status;
}

int bench_time(struct bench *bench)
{
    report_section(&bench->report, "Time per allocate + free, one thread", false);
    interleave_pin(true);
    int status = 0;
    for (unsigned i = 0; i < pair_case_count && status == 0; ++i) {
        status = measure_case(bench, &pair_cases[i]);
    }
    interleave_pin(false);
    return status;
}
