// SPDX-License-Identifier: MIT
// Statistics: what an allocator, a pool or a block holds. Plain counts come from counters; sizes of
// allocations and free pieces from a look at every range, under the lock of one arena at a time.
#ifndef VR_ENGINE_STATS_H
#define VR_ENGINE_STATS_H

#include "engine/arena.h"

// Nothing counted: the minima are VK_WHOLE_SIZE.
void vr_stats_clear(VmaDetailedStatistics *stats);
void vr_stats_merge(VmaDetailedStatistics *into, const VmaDetailedStatistics *from);

VR_INLINE void vr_stats_add_used(VmaDetailedStatistics *stats, uint64_t size)
{
    ++stats->statistics.allocationCount;
    stats->statistics.allocationBytes += size;
    stats->allocationSizeMin = vr_min64(stats->allocationSizeMin, size);
    stats->allocationSizeMax = vr_max64(stats->allocationSizeMax, size);
}

VR_INLINE void vr_stats_add_free(VmaDetailedStatistics *stats, uint64_t size)
{
    ++stats->unusedRangeCount;
    stats->unusedRangeSizeMin = vr_min64(stats->unusedRangeSizeMin, size);
    stats->unusedRangeSizeMax = vr_max64(stats->unusedRangeSizeMax, size);
}

// Sets stats[i] for the first `count` blocks of a list that is no list of dedicated blocks. The arena is
// locked.
void vr_stats_of_blocks(const struct VrBlock *block, size_t count, VmaDetailedStatistics *stats);
// Adds blocks and dedicated blocks. Takes the arena's locks itself.
void vr_stats_of_arena(struct VrArena *arena, VmaDetailedStatistics *stats);
// The same from counters alone.
void vr_stats_count_arena(const struct VrArena *arena, VmaStatistics *stats);

void vr_stats_calculate(VmaAllocator allocator, VmaTotalStatistics *stats);

#endif
