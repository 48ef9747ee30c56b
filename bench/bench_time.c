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

// One half of a case: `first` fills its live set first. Which one does moved the figures of large live sets by a
// fifth to a third, with the same library in both places.
static int measure_half(struct bench *bench, const struct pair_case *definition, unsigned first,
                        struct interleaved *result)
{
    struct pair_state *states[ENGINE_COUNT] = {NULL, NULL};
    int status = 0;
    for (unsigned k = 0; k < ENGINE_COUNT && status == 0; ++k) {
        unsigned e = (first + k) % ENGINE_COUNT;
        if (bench->available[e]) {
            states[e] = pair_open(definition, &bench->engines[e]);
            status = states[e] == NULL ? -1 : 0;
        }
    }
    if (status == 0) {
        void *const opaque[ENGINE_COUNT] = {states[UPSTREAM], states[VRAM]};
        status = interleave(bench, timed_round, opaque, bench->quick ? 7 : 21, result);
    }
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        pair_close(states[e]);
    }
    return status;
}

static int measure_case(struct bench *bench, const struct pair_case *definition)
{
    struct interleaved half[2];
    if (measure_half(bench, definition, 0, &half[0]) != 0 || measure_half(bench, definition, 1, &half[1]) != 0) {
        return -1;
    }
    struct row row = {.name = definition->name,
                      .unit = "ns",
                      .ratio = sqrt(half[0].ratio * half[1].ratio),
                      .kind = definition->gate > 0 ? GATE_RATIO_MAX : GATE_NONE,
                      .gate = definition->gate,
                      .ambition = definition->ambition};
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        row.value[e] = (half[0].value[e] + half[1].value[e]) / 2;
    }
    for (unsigned q = 0; q < 2; ++q) {
        row.quartile[q] = sqrt(half[0].quartile[q] * half[1].quartile[q]);
    }
    report_row(&bench->report, &row);
    return 0;
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
