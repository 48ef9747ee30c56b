// SPDX-License-Identifier: MIT
// Small statistics over samples, the clocks, and a fast random source with a known seed.
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stddef.h>
#include <stdint.h>

uint64_t clock_ns(void);
// Time that the calling thread itself ran: other programs on the machine do not count. Slower to read.
uint64_t clock_thread_ns(void);

// Sorts in place.
void stats_sort(double *values, size_t count);
// `sorted` ascending, `part` in 0..1. NAN when there is no value.
double stats_quantile(const double *sorted, size_t count, double part);
double stats_mean(const double *values, size_t count);

// xorshift64*: equal seeds give equal sequences, so that both engines see the same requests.
struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t x = rng->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    rng->state = x;
    return x * 0x2545F4914F6CDD1Du;
}

// Uniform in 0 .. bound - 1.
static inline uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    return (uint32_t)(((rng_next(rng) >> 32) * bound) >> 32);
}

// Uniform in 0 .. 1.
static inline double rng_unit(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * (1.0 / 9007199254740992.0);
}

#endif
