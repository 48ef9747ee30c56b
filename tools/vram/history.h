// SPDX-License-Identifier: MIT
// The history of a pass, sampled for a picture: reserved and live bytes of each band in each column of time.
// A band is one block, or all memories that held a single resource.
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "watch.h"

struct CliBand {
    uint32_t block;       // the block, or the first of the group
    uint32_t block_count; // 1, or of the group
    VkDeviceSize size;    // of the block; of a group: the most at once
};

struct CliHistory {
    uint32_t columns, band_count;
    int64_t length_ns;
    struct CliBand *bands; // in order of birth
    uint32_t *band_of_block;
    bool *dedicated;         // per block: never held more than one resource, and is as large as that
    double *reserved, *live; // [band * columns + column], bytes at the column's highest live moment
    double *total_live, *total_reserved; // per column
    double highest_reserved;
};

// False when memory runs out.
bool cli_history_make(struct CliHistory *history, const struct CliWatch *watch, int64_t length_ns,
                      uint32_t columns);
void cli_history_finish(struct CliHistory *history);

#endif
