// SPDX-License-Identifier: MIT
// Arena: its life, its locks, its dedicated blocks. The common paths are in arena_hot.h, making and freeing
// blocks in grow.c and trim.c.
#include "engine/arena_hot.h"

#include "engine/grow.h"
#include "engine/lane.h"
#include "engine/linear_pool.h"
#include "engine/trim.h"

#include <string.h>

// Meetings at the central lock after which lanes open. Two threads that now and then meet do not need them.
enum { OPEN_LANES_AFTER = 64 };

// Records that the central index keeps at hand: 64 KiB.
enum { CENTRAL_SPARE = 1024 };

VkResult vr_arena_create(VmaAllocator allocator, const struct VrArenaInfo *info, struct VrArena *arena)
{
    memset(arena, 0, sizeof(*arena));
    arena->allocator = allocator;
    arena->info = *info;
    arena->preferred_block_size = info->block_size;
    arena->placed_only = info->pool ? 0 : info->block_size / 2;
    arena->min_alignment = vr_max64(vr_max64(info->min_alignment, allocator->debug.min_alignment), 1);
    if (vr_type_needs_flush(allocator, info->type)) {
        arena->min_alignment =
            vr_max64(arena->min_alignment, allocator->properties.limits.nonCoherentAtomSize);
    }
    arena->margin = allocator->debug.margin;
    arena->granularity = info->ignore_granularity ? 1 : allocator->granularity;
    atomic_store_explicit(&arena->chunk_size, VR_SMALLEST_CHUNK, memory_order_relaxed);
    arena->synchronised = allocator->synchronised;
    atomic_store_explicit(&arena->route, info->linear ? VR_ROUTE_LINEAR : VR_ROUTE_CENTRAL,
                          memory_order_relaxed);
    struct VrRanges *ranges = &arena->central.ranges;
    if (!info->linear &&
        (!vr_ranges_init(ranges, &allocator->records, &allocator->host, vr_grow_largest_block(arena)) ||
         !vr_ranges_let_rest(ranges, &allocator->host, VR_SMALLEST_REST))) {
        vr_ranges_finish(ranges, &allocator->host);
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    arena->central.ranges.grain = VR_GRAIN;
    arena->central.ranges.spare_limit = CENTRAL_SPARE;
    vr_mutex_init(&arena->grow);
    return VK_SUCCESS;
}

void vr_arena_finish(struct VrArena *arena)
{
    vr_ranges_wake(&arena->central.ranges);
    vr_lane_finish(arena);
    while (arena->dedicated) {
        struct VrBlock *block = arena->dedicated;
        arena->dedicated = block->next;
        vr_range_renew(block->only);
        vr_range_set_state(block->only, VR_RANGE_UNUSED);
        block->only->next = NULL;
        vr_records_give(&arena->allocator->records, block->only);
        vr_block_destroy(block);
    }
    for (struct VrBlock *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        if (arena->info.linear) {
            vr_linear_discard(&block->linear);
        } else {
            vr_ranges_discard(&arena->central.ranges, &block->span);
        }
        vr_block_destroy(block);
    }
    if (!arena->info.linear) {
        vr_ranges_finish(&arena->central.ranges, &arena->allocator->host);
    }
    vr_mutex_finish(&arena->grow);
}

// ---- Locks ----

void vr_arena_wait(struct VrArena *arena)
{
    vr_lock_wait(&arena->central.lock);
    if (++arena->contended >= OPEN_LANES_AFTER && !arena->defragmenting && arena->route == VR_ROUTE_CENTRAL) {
        atomic_store_explicit(&arena->route, VR_ROUTE_LANES, memory_order_relaxed);
    }
}

void vr_arena_lock_central(struct VrArena *arena)
{
    vr_arena_enter(arena);
}
void vr_arena_unlock_central(struct VrArena *arena)
{
    vr_arena_leave(arena);
}

void vr_arena_lock(struct VrArena *arena)
{
    vr_arena_enter(arena);
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        struct VrLane *lane = atomic_load_explicit(&arena->lanes[i], memory_order_acquire);
        if (lane) {
            vr_lock_take(&lane->lock);
        }
        arena->locked_lanes[i] = lane; // one that opens from now on is not ours to unlock
        if (lane) {
            vr_ranges_wake(&lane->ranges);
        }
    }
    vr_ranges_wake(&arena->central.ranges);
}

void vr_arena_unlock(struct VrArena *arena)
{
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        if (arena->locked_lanes[i]) {
            vr_lock_drop(&arena->locked_lanes[i]->lock);
        }
    }
    vr_arena_leave(arena);
}

struct VrLock *vr_arena_lock_of(struct VrArena *arena, const struct VrRange *range)
{
    for (;;) {
        // A defragmentation may move the range to another index meanwhile.
        struct VrRanges *index = arena->info.linear ? NULL : range->span->index;
        struct VrLock *lock = index ? &vr_lane_of(index)->lock : &arena->central.lock;
        vr_lock_take(lock);
        if (!index || range->span->index == index) {
            return lock;
        }
        vr_lock_drop(lock);
    }
}

void vr_arena_flush_lanes(struct VrArena *arena, bool shut)
{
    vr_arena_lock(arena);
    if (shut) {
        unsigned lanes = VR_ROUTE_LANES;
        atomic_compare_exchange_strong(&arena->route, &lanes, VR_ROUTE_CENTRAL);
    }
    vr_lane_return_chunks(arena);
    vr_ranges_wake(&arena->central.ranges); // a small chunk may have come to rest
    vr_arena_unlock(arena);
}

void vr_arena_count(const struct VrArena *arena, uint64_t *allocation_count, uint64_t *allocation_bytes)
{
    uint64_t count = atomic_load_explicit(&arena->linear_count, memory_order_relaxed) +
                     atomic_load_explicit(&arena->central.ranges.used_count, memory_order_relaxed);
    uint64_t bytes = atomic_load_explicit(&arena->linear_bytes, memory_order_relaxed) +
                     atomic_load_explicit(&arena->central.ranges.used_bytes, memory_order_relaxed);
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        const struct VrLane *lane = atomic_load_explicit(&arena->lanes[i], memory_order_acquire);
        if (lane) {
            count += atomic_load_explicit(&lane->ranges.used_count, memory_order_relaxed);
            bytes += atomic_load_explicit(&lane->ranges.used_bytes, memory_order_relaxed);
        }
    }
    *allocation_count = count;
    *allocation_bytes = bytes - count * arena->margin;
}

// ---- Dedicated blocks ----

void vr_arena_link_dedicated(struct VrArena *arena, struct VrBlock *block)
{
    vr_lock_take(&arena->dedicated_lock);
    block->id = arena->next_dedicated_id++;
    block->prev = NULL;
    block->next = arena->dedicated;
    if (block->next) {
        block->next->prev = block;
    }
    arena->dedicated = block;
    vr_lock_drop(&arena->dedicated_lock);
    atomic_fetch_add_explicit(&arena->dedicated_bytes, block->size, memory_order_relaxed);
    atomic_fetch_add_explicit(&arena->dedicated_count, 1, memory_order_relaxed);
}

void vr_arena_unlink_dedicated(struct VrArena *arena, struct VrBlock *block)
{
    vr_lock_take(&arena->dedicated_lock);
    if (block->next) {
        block->next->prev = block->prev;
    }
    if (block->prev) {
        block->prev->next = block->next;
    } else {
        arena->dedicated = block->next;
    }
    vr_lock_drop(&arena->dedicated_lock);
    atomic_fetch_sub_explicit(&arena->dedicated_bytes, block->size, memory_order_relaxed);
    atomic_fetch_sub_explicit(&arena->dedicated_count, 1, memory_order_relaxed);
}
