// SPDX-License-Identifier: MIT
// Fair timing of two engines on a machine that others load too: many short rounds, A B B A A B ..., and the
// ratio of each pair of neighbouring rounds, of which the median and the quartiles are reported.
#ifndef BENCH_INTERLEAVE_H
#define BENCH_INTERLEAVE_H

#include "bench.h"

struct interleaved {
    double value[ENGINE_COUNT]; // median over the rounds; NAN for an engine that is not there
    double ratio;               // median; 0 without both engines
    double quartile[2];         // of the ratio
};

// One round of one engine: the figure, or a negative number when an operation failed.
typedef double (*round_fn)(void *state);

// Runs `rounds` rounds (at most 1000) of both engines after two rounds that do not count. states[e] belongs
// to engine e. Returns 0, or -1 when a round failed.
int interleave(const struct bench *bench, round_fn round, void *const states[ENGINE_COUNT], unsigned rounds,
               struct interleaved *result);

// Keeps the calling thread on one core, or lets it go again. Without effect where the system has no such
// call.
void interleave_pin(bool pin);

#endif
