// SPDX-License-Identifier: MIT
// Operation streams: bytes are read as takes, gives, swaps, ... and played on ranges or on linear placement
// and on a naive model of the same thing at once. Random walks and fuzzers share it.
#ifndef VR_TEST_PLACE_OPS_H
#define VR_TEST_PLACE_OPS_H

#include "base/host.h"

// A host that counts what it holds and can be told to fail.
struct TestHost {
    struct VrHost host;
    long live;       // allocations held
    long count;      // allocations tried
    long fail_after; // that many more succeed, then all fail; -1: never
};

void test_host_init(struct TestHost *test);

// Plays the stream; walks all invariants and compares with the model after each operation. NULL, or the first
// thing that is wrong. All sizes and offsets are multiples of 2^unit_log2.
const char *ops_run_ranges(const uint8_t *data, size_t size, unsigned unit_log2);
const char *ops_run_linear(const uint8_t *data, size_t size, unsigned unit_log2);

// A small generator, the same everywhere: fills `data` from `seed`.
void ops_fill(uint8_t *data, size_t size, uint64_t seed);

#endif
