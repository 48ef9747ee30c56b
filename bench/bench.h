// SPDX-License-Identifier: MIT
// What every subject of the benchmark shares: the two engines, the options and the table; and one entry per
// subject.
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "engines.h"
#include "report.h"
#include "target.h"

#include <stdbool.h>
#include <stdint.h>

struct bench {
    struct engine engines[ENGINE_COUNT];
    bool available[ENGINE_COUNT];
    struct report report;
    bool quick;                  // fewer rounds: a look, not a measurement
    bool real_driver;            // threads: the loader's first GPU instead of the simulated device
    const char *program;         // path of this program
    const char *data;            // folder of recordings and devices; may not exist
    const char *source;          // root of the source tree: shipped data, and what the build rows compile
    const char *replay_csv;      // where the memory table goes as CSV; NULL: nowhere
    const char *upstream_header; // folder of upstream's vk_mem_alloc.h; NULL: unknown
};

// One subject each. 0, or -1 when something that must work did not (a message says what).
int bench_time(struct bench *bench);
int bench_latency(struct bench *bench);
int bench_queries(struct bench *bench);
int bench_defragmentation(struct bench *bench);
int bench_footprint(struct bench *bench);
int bench_reserved(struct bench *bench);
int bench_replay(struct bench *bench);
int bench_threads(struct bench *bench);
int bench_instructions(struct bench *bench);
int bench_instructions_child(struct bench *bench, int engine);
int bench_build(struct bench *bench);

#endif
