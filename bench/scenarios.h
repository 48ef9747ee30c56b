// SPDX-License-Identifier: MIT
// What happens to an allocator over a program's life, as one function per kind of life. Each runs on a fresh
// allocator and measures from the simulated driver's counters, not from what the engine says of itself.
#ifndef BENCH_SCENARIOS_H
#define BENCH_SCENARIOS_H

#include "workloads.h"

struct outcome {
    double ratio; // reserved / live
    double calls; // vkAllocateMemory
};

struct stage {
    const struct engine *engine;
    VmaAllocator allocator;
    const struct target *target;
    bool quick; // a shorter life
};

// 0, or -1 when an allocation failed.
typedef int (*scenario_fn)(const struct stage *stage, struct outcome *outcome);

// 100,000 allocations, then free one and allocate one half a million times; reserved / live at the end.
int scenario_steady(const struct stage *stage, struct outcome *outcome); // 256 B - 1 MiB log-uniform

// Uniform buffers of 64 - 512 B while their number grows to 100,000; reserved / live as mean over the growth.
int scenario_uniforms_64(const struct stage *stage, struct outcome *outcome);  // alignment 64
int scenario_uniforms_256(const struct stage *stage, struct outcome *outcome); // alignment 256

// Textures, 10 a frame; reserved / live as mean over frames.
int scenario_streaming(const struct stage *stage, struct outcome *outcome);
int scenario_mips(const struct stage *stage, struct outcome *outcome);

#endif
