// SPDX-License-Identifier: MIT
// Statistics. The ranges of a block are a linked list in memory that is seldom in the cache: what costs is
// waiting for the next record. So several blocks are scanned side by side, each from both of its ends, and
// the next records of all are asked for ahead: 5 times as quick as one after the other.
#include "engine/stats.h"

#include "engine/walk.h"

enum { SCANS_AT_ONCE = 6 }; // twice as many records on their way; more gains nothing

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

void vr_stats_clear(VmaDetailedStatistics *stats)
{
    *stats = (VmaDetailedStatistics){
        .allocationSizeMin = VK_WHOLE_SIZE,
        .unusedRangeSizeMin = VK_WHOLE_SIZE,
    };
}

VR_COLD void vr_stats_merge(VmaDetailedStatistics *into, const VmaDetailedStatistics *from)
{
    into->statistics.blockCount += from->statistics.blockCount;
    into->statistics.blockBytes += from->statistics.blockBytes;
    into->statistics.allocationCount += from->statistics.allocationCount;
    into->statistics.allocationBytes += from->statistics.allocationBytes;
    into->unusedRangeCount += from->unusedRangeCount;
    into->allocationSizeMin = vr_min64(into->allocationSizeMin, from->allocationSizeMin);
    into->allocationSizeMax = vr_max64(into->allocationSizeMax, from->allocationSizeMax);
    into->unusedRangeSizeMin = vr_min64(into->unusedRangeSizeMin, from->unusedRangeSizeMin);
    into->unusedRangeSizeMax = vr_max64(into->unusedRangeSizeMax, from->unusedRangeSizeMax);
}

// ---- Scans ----

// A block between two cursors. What lies outside of [begin, end) is counted.
struct Scan {
    const struct VrRange *low; // next range to look at, going up; NULL: none
    const struct VrRange *high;
    uint64_t begin;
    uint64_t end;
    VmaDetailedStatistics *stats;
};

VR_INLINE void add_block(VmaDetailedStatistics *stats, const struct VrBlock *block)
{
    ++stats->statistics.blockCount;
    stats->statistics.blockBytes += block->size;
}

VR_INLINE void add_gap(VmaDetailedStatistics *stats, uint64_t begin, uint64_t end)
{
    if (end > begin) {
        vr_stats_add_free(stats, end - begin);
    }
}

VR_INLINE void open_scan(struct Scan *scan, const struct VrBlock *block, VmaDetailedStatistics *stats)
{
    add_block(stats, block);
    *scan = (struct Scan){block->span.first, block->span.last, 0, block->size, stats};
    PREFETCH(scan->low);
    PREFETCH(scan->high);
}

// Counts the range at the low cursor and moves it up. False: the cursors have met.
VR_INLINE bool step_up(struct Scan *scan, uint64_t margin)
{
    const struct VrRange *range = scan->low;
    if (!range) {
        return false;
    }
    if (vr_range_state(range) == VR_RANGE_USED) {
        if (range->offset >= scan->end) {
            return false;
        }
        add_gap(scan->stats, scan->begin, range->offset);
        vr_stats_add_used(scan->stats, range->size - margin);
        scan->begin = range->offset + range->size - margin;
    } else if (VR_UNLIKELY(vr_range_state(range) == VR_RANGE_DIVIDED)) {
        // A chunk on its way from or to a lane has no ranges: it is as good as free.
        const struct VrSpan *inner = range->extra;
        if (inner->first) {
            scan->low = inner->first;
            return true;
        }
    }
    while (VR_UNLIKELY(!range->next) && range->span->inside) {
        range = range->span->inside;
    }
    scan->low = range->next;
    PREFETCH(scan->low);
    return true;
}

// The same from the other end.
VR_INLINE bool step_down(struct Scan *scan, uint64_t margin)
{
    const struct VrRange *range = scan->high;
    if (!range) {
        return false;
    }
    if (vr_range_state(range) == VR_RANGE_USED) {
        if (range->offset < scan->begin) {
            return false;
        }
        add_gap(scan->stats, range->offset + range->size - margin, scan->end);
        vr_stats_add_used(scan->stats, range->size - margin);
        scan->end = range->offset;
    } else if (VR_UNLIKELY(vr_range_state(range) == VR_RANGE_DIVIDED)) {
        // A chunk on its way from or to a lane has no ranges: it is as good as free.
        const struct VrSpan *inner = range->extra;
        if (inner->first) {
            scan->high = inner->last;
            return true;
        }
    }
    while (VR_UNLIKELY(!range->prev) && range->span->inside) {
        range = range->span->inside;
    }
    scan->high = range->prev;
    PREFETCH(scan->high);
    return true;
}

// Up to `limit` blocks of a list. Block i adds to stats[i * stride].
static VR_COLD void scan_blocks(const struct VrBlock *block, size_t limit, VmaDetailedStatistics *stats,
                        size_t stride)
{
    uint64_t margin = block->arena->allocator->debug.margin;
    struct Scan scans[SCANS_AT_ONCE];
    unsigned count = 0;
    for (; block && limit && count < SCANS_AT_ONCE; block = block->next, stats += stride, --limit) {
        open_scan(&scans[count++], block, stats);
    }
    while (count > 0) {
        for (unsigned i = 0; i < count; ++i) {
            struct Scan *scan = &scans[i];
            if (VR_LIKELY(step_up(scan, margin) && step_down(scan, margin))) {
                continue;
            }
            add_gap(scan->stats, scan->begin, scan->end);
            if (block && limit) {
                open_scan(scan, block, stats);
                block = block->next;
                stats += stride;
                --limit;
            } else {
                *scan = scans[--count];
            }
        }
    }
}

static VR_COLD void walk_block(const struct VrBlock *block, VmaDetailedStatistics *stats)
{
    add_block(stats, block);
    for (struct VrWalk walk = vr_walk_block(block); vr_walk_step(&walk);) {
        if (walk.used) {
            vr_stats_add_used(stats, walk.size);
        } else {
            vr_stats_add_free(stats, walk.size);
        }
    }
}

static void count_blocks(const struct VrBlock *block, size_t limit, VmaDetailedStatistics *stats,
                         size_t stride)
{
    if (block && !block->arena->info.linear) {
        scan_blocks(block, limit, stats, stride);
        return;
    }
    for (; block && limit; block = block->next, stats += stride, --limit) {
        walk_block(block, stats);
    }
}

// ---- What the scans add up to ----

void vr_stats_of_blocks(const struct VrBlock *block, size_t count, VmaDetailedStatistics *stats)
{
    for (size_t i = 0; i < count; ++i) {
        vr_stats_clear(&stats[i]);
    }
    count_blocks(block, count, stats, 1);
}

VR_COLD void vr_stats_of_arena(struct VrArena *arena, VmaDetailedStatistics *stats)
{
    vr_arena_lock(arena);
    count_blocks(arena->blocks, SIZE_MAX, stats, 0);
    vr_arena_unlock(arena);
    vr_dedicated_lock(arena);
    for (const struct VrBlock *block = arena->dedicated; block; block = block->next) {
        walk_block(block, stats);
    }
    vr_dedicated_unlock(arena);
}

void vr_stats_count_arena(const struct VrArena *arena, VmaStatistics *stats)
{
    uint64_t count, bytes;
    vr_arena_count(arena, &count, &bytes);
    uint32_t dedicated_count = atomic_load_explicit(&arena->dedicated_count, memory_order_relaxed);
    uint64_t dedicated_bytes = atomic_load_explicit(&arena->dedicated_bytes, memory_order_relaxed);
    stats->blockCount += atomic_load_explicit(&arena->block_count, memory_order_relaxed) + dedicated_count;
    stats->blockBytes += atomic_load_explicit(&arena->reserved, memory_order_relaxed) + dedicated_bytes;
    stats->allocationCount += (uint32_t)count + dedicated_count;
    stats->allocationBytes += bytes + dedicated_bytes;
}

static void add_to_type(void *context, struct VrArena *arena)
{
    VmaTotalStatistics *stats = context;
    vr_stats_of_arena(arena, &stats->memoryType[arena->info.type]);
}

void vr_stats_calculate(VmaAllocator allocator, VmaTotalStatistics *stats)
{
    vr_stats_clear(&stats->total);
    for (uint32_t i = 0; i < VK_MAX_MEMORY_TYPES; ++i) {
        vr_stats_clear(&stats->memoryType[i]);
    }
    for (uint32_t i = 0; i < VK_MAX_MEMORY_HEAPS; ++i) {
        vr_stats_clear(&stats->memoryHeap[i]);
    }
    vr_each_arena(allocator, add_to_type, stats);
    for (uint32_t i = 0; i < allocator->memory.memoryTypeCount; ++i) {
        vr_stats_merge(&stats->memoryHeap[vr_type_heap(allocator, i)], &stats->memoryType[i]);
    }
    for (uint32_t i = 0; i < allocator->memory.memoryHeapCount; ++i) {
        vr_stats_merge(&stats->total, &stats->memoryHeap[i]);
    }
}
