// SPDX-License-Identifier: MIT
// Lanes: each holds an index over chunks, which are divided ranges of the central index.
#include "engine/lane.h"

#include "engine/arena_hot.h"

enum { LEAST_CHUNK = 16 << 10 };

static struct VrLane *open_lane(struct VrArena *arena, uint32_t slot)
{
    VmaAllocator allocator = arena->allocator;
    struct VrLane *lane = vr_host_zalloc(&allocator->host, sizeof(*lane), _Alignof(struct VrLane));
    if (!lane) {
        return NULL;
    }
    if (!vr_ranges_init(&lane->ranges, &allocator->records, &allocator->host, VR_LARGEST_CHUNK) ||
        !vr_ranges_let_rest(&lane->ranges, &allocator->host, VR_LANE_REST)) {
        vr_ranges_finish(&lane->ranges, &allocator->host);
        vr_host_free(&allocator->host, lane);
        return NULL;
    }
    lane->ranges.grain = VR_GRAIN;
    struct VrLane *present = NULL;
    if (!atomic_compare_exchange_strong(&arena->lanes[slot], &present, lane)) {
        vr_ranges_finish(&lane->ranges, &allocator->host);
        vr_host_free(&allocator->host, lane);
        return present;
    }
    return lane;
}

static struct VrLane *own_lane(struct VrArena *arena)
{
    uint32_t slot = vr_thread_slot() % VR_LANE_COUNT;
    struct VrLane *lane = atomic_load_explicit(&arena->lanes[slot], memory_order_acquire);
    return VR_LIKELY(lane != NULL) ? lane : open_lane(arena, slot);
}

static void lock_lane(struct VrLane *lane)
{
    if (VR_UNLIKELY(!vr_lock_try(&lane->lock))) {
        vr_lock_wait(&lane->lock);
        vr_thread_change_slot(); // two threads on one lane: part
    }
}

// The central index's free memory for a chunk, as much as can be had: half of the usual size, and so on down
// to a few requests.
static struct VrRange *take_room(struct VrArena *arena, uint64_t size, uint64_t alignment)
{
    struct VrRange *range = NULL;
    uint64_t chunk = atomic_load_explicit(&arena->chunk_size, memory_order_relaxed);
    for (; !range && chunk >= 4 * size && chunk >= LEAST_CHUNK; chunk /= 2) {
        range =
            vr_ranges_take(&arena->central.ranges, chunk, vr_max64(alignment, 4096), VR_STRATEGY_BALANCED);
    }
    return range;
}

// The central lock is held: the range becomes a chunk.
static void divide(struct VrArena *arena, struct VrRange *range, struct VrSpan *span)
{
    vr_ranges_divide(&arena->central.ranges, range, span);
    span->owner = range->span->owner;
    span->order = range->span->order;
}

// A block is made for a chunk only where the request is small beside it, in default pools, within the budget:
// else the centre serves the request.
static struct VrRange *grow_for_chunk(struct VrArena *arena, uint64_t size)
{
    uint64_t chunk = atomic_load_explicit(&arena->chunk_size, memory_order_relaxed);
    struct VrRange *range = NULL;
    if (!arena->info.pool && size <= chunk / 32) {
        vr_grow_and_take(arena, chunk, 4096, VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT | VR_GROW_FOR_LANE,
                         &range);
    }
    return range;
}

// A chunk for the lane. NULL: there is none to be had.
static struct VrSpan *take_chunk(struct VrArena *arena, uint64_t size, uint64_t alignment)
{
    VmaAllocator allocator = arena->allocator;
    struct VrSpan *span = vr_host_zalloc(&allocator->host, sizeof(*span), VR_CACHE_LINE);
    if (!span) {
        return NULL;
    }
    vr_lock_take(&arena->central.lock);
    struct VrRange *range = take_room(arena, size, alignment);
    if (range) {
        divide(arena, range, span);
    }
    vr_lock_drop(&arena->central.lock);
    if (!range && (range = grow_for_chunk(arena, size)) != NULL) {
        vr_lock_take(&arena->central.lock);
        divide(arena, range, span);
        vr_lock_drop(&arena->central.lock);
    }
    if (!range) {
        vr_host_free(&allocator->host, span);
        return NULL;
    }
    return span;
}

static void give_chunk(struct VrArena *arena, struct VrSpan *span)
{
    vr_lock_take(&arena->central.lock);
    vr_ranges_undivide(&arena->central.ranges, span->inside);
    vr_ranges_give(&arena->central.ranges, span->inside);
    vr_lock_drop(&arena->central.lock);
    vr_host_free(&arena->allocator->host, span);
}

struct VrRange *vr_lane_take(struct VrArena *arena, uint64_t size, uint64_t alignment,
                             enum VrStrategy strategy)
{
    struct VrLane *lane = own_lane(arena);
    if (!lane) {
        return NULL;
    }
    lock_lane(lane);
    struct VrRange *range = vr_ranges_take(&lane->ranges, size, alignment, strategy);
    vr_lock_drop(&lane->lock);
    if (VR_LIKELY(range != NULL)) {
        return range;
    }
    struct VrSpan *chunk = take_chunk(arena, size, alignment);
    if (!chunk) {
        return NULL;
    }
    vr_lock_take(&lane->lock);
    bool added = vr_ranges_add(&lane->ranges, chunk);
    if (added) {
        range = vr_ranges_take(&lane->ranges, size, alignment, strategy);
    }
    vr_lock_drop(&lane->lock);
    if (!added) {
        give_chunk(arena, chunk);
    }
    return range;
}

struct VrRange *vr_lane_steal(struct VrArena *arena, uint64_t size, uint64_t alignment)
{
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        struct VrLane *lane = atomic_load_explicit(&arena->lanes[i], memory_order_acquire);
        if (!lane) {
            continue;
        }
        vr_lock_take(&lane->lock);
        vr_ranges_wake(&lane->ranges);
        struct VrRange *range = vr_ranges_take(&lane->ranges, size, alignment, VR_STRATEGY_BALANCED);
        vr_lock_drop(&lane->lock);
        if (range) {
            return range;
        }
    }
    return NULL;
}

struct VrSpan *vr_lane_give(struct VrLane *lane, struct VrRange *range)
{
    struct VrSpan *emptied = NULL;
    vr_lock_take(&lane->lock);
    struct VrSpan *span = vr_ranges_give(&lane->ranges, range);
    // One empty chunk stays with the lane, so that a program that frees all it has each frame does not come
    // back to the centre.
    if (vr_span_is_empty(span) && lane->ranges.empty_count > 1) {
        vr_ranges_remove(&lane->ranges, span);
        emptied = span;
    }
    vr_lock_drop(&lane->lock);
    return emptied;
}

void vr_lane_return_chunks(struct VrArena *arena)
{
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        struct VrLane *lane = atomic_load_explicit(&arena->lanes[i], memory_order_acquire);
        while (lane && lane->ranges.empty) {
            struct VrSpan *span = lane->ranges.empty->span;
            struct VrRange *range = span->inside;
            vr_ranges_remove(&lane->ranges, span);
            vr_host_free(&arena->allocator->host, span);
            vr_ranges_undivide(&arena->central.ranges, range);
            vr_ranges_give(&arena->central.ranges, range);
        }
    }
}

// Chunks are found through the blocks: a lane's index does not list its spans.
static void discard_chunks(struct VrArena *arena)
{
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        struct VrLane *lane = atomic_load_explicit(&arena->lanes[i], memory_order_acquire);
        if (lane) {
            vr_ranges_wake(&lane->ranges);
        }
    }
    for (struct VrBlock *block = arena->blocks; block; block = block->next) {
        for (struct VrRange *range = block->span.first; range; range = range->next) {
            if (vr_range_state(range) == VR_RANGE_DIVIDED) {
                struct VrSpan *span = range->extra;
                vr_ranges_discard(span->index, span);
                vr_host_free(&arena->allocator->host, span);
            }
        }
    }
}

void vr_lane_finish(struct VrArena *arena)
{
    discard_chunks(arena);
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        struct VrLane *lane = atomic_load_explicit(&arena->lanes[i], memory_order_acquire);
        if (lane) {
            vr_ranges_finish(&lane->ranges, &arena->allocator->host);
            vr_host_free(&arena->allocator->host, lane);
            atomic_store_explicit(&arena->lanes[i], NULL, memory_order_relaxed);
        }
    }
}

// ---- Give, off the common path ----

static void give_to_lane(struct VrArena *arena, struct VrLane *lane, struct VrRange *range)
{
    struct VrSpan *chunk = vr_lane_give(lane, range);
    if (!chunk) {
        return;
    }
    vr_arena_enter(arena);
    vr_ranges_undivide(&arena->central.ranges, chunk->inside);
    struct VrSpan *span = vr_ranges_give(&arena->central.ranges, chunk->inside);
    struct VrBlock *unneeded = vr_span_is_empty(span) ? vr_trim_emptied(arena) : NULL;
    vr_arena_leave(arena);
    vr_host_free(&arena->allocator->host, chunk);
    vr_trim_destroy(unneeded);
}

void vr_arena_give_aside(struct VrArena *arena, struct VrRange *range)
{
    if (arena->info.linear) {
        vr_linear_pool_give(arena, range);
    } else {
        give_to_lane(arena, vr_lane_of(range->span->index), range);
    }
}
