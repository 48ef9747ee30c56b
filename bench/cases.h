// SPDX-License-Identifier: MIT
// The allocate + free cases that both the clock and the instruction counter measure, so that the two columns
// of the report speak of the same thing.
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include "workloads.h"

enum case_call {
    CALL_ALLOCATE, // vmaAllocateMemory + vmaFreeMemory
    CALL_BUFFER,   // vmaCreateBuffer + vmaDestroyBuffer
};

struct pair_case {
    const char *name;
    enum case_call call;
    uint32_t min_size, max_size; // log-uniform
    uint32_t live;               // 1: a warm pair
    VkDeviceSize granularity;
    bool budget;                // VK_EXT_memory_budget enabled
    uint32_t pairs;             // in one timed round
    double gate, ambition;      // of the time ratio; gate 0: not judged
    double most, most_ambition; // of vram's instructions per pair; 0: not judged
};

extern const struct pair_case pair_cases[];
extern const unsigned pair_case_count;

// One case set up for one engine.
struct pair_state {
    const struct pair_case *definition;
    const struct engine *engine;
    struct target target;
    VmaAllocator allocator;
    struct size_table table;
    VmaAllocation *allocations;
    VkBuffer *buffers; // CALL_BUFFER only
    uint32_t count;
    uint32_t next_size;
    struct rng rng;
};

// NULL after a message when the target, the allocator or the live set cannot be made.
struct pair_state *pair_open(const struct pair_case *definition, const struct engine *engine);
void pair_close(struct pair_state *state);
// `pairs` times: free a random one of the live set, allocate a new one in its place.
VkResult pair_run(struct pair_state *state, uint32_t pairs);

#endif
