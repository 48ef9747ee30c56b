// SPDX-License-Identifier: MIT
// Arena, the paths that every allocation takes: inline, and short.
#ifndef VR_ENGINE_ARENA_HOT_H
#define VR_ENGINE_ARENA_HOT_H

#include "engine/grow.h"
#include "engine/lane.h"
#include "engine/linear_pool.h"
#include "engine/trim.h"

// The slow half of vr_arena_enter: returns with the lock held, and opens lanes when threads meet here often.
void vr_arena_wait(struct VrArena *arena);

VR_INLINE void vr_arena_enter(struct VrArena *arena)
{
    if (VR_LIKELY(arena->synchronised) && VR_UNLIKELY(!vr_lock_try(&arena->central.lock))) {
        vr_arena_wait(arena);
    }
}

VR_INLINE void vr_arena_leave(struct VrArena *arena)
{
    if (VR_LIKELY(arena->synchronised)) {
        vr_lock_drop(&arena->central.lock);
    }
}

VR_INLINE enum VrStrategy vr_strategy_of(VmaAllocationCreateFlags flags)
{
    if (VR_LIKELY(!(flags & VMA_ALLOCATION_CREATE_STRATEGY_MASK))) {
        return VR_STRATEGY_BALANCED;
    }
    return flags & VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT     ? VR_STRATEGY_MIN_TIME
           : flags & VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT ? VR_STRATEGY_MIN_MEMORY
                                                                   : VR_STRATEGY_MIN_OFFSET;
}

// From this thread's lane when lanes are open, else from the central index.
VR_INLINE struct VrRange *vr_arena_take_at_hand(struct VrArena *arena, uint64_t size, uint64_t alignment,
                                                enum VrStrategy strategy)
{
    unsigned route = atomic_load_explicit(&arena->route, memory_order_relaxed);
    if (VR_UNLIKELY(route != VR_ROUTE_CENTRAL)) {
        struct VrRange *range = NULL;
        if (route == VR_ROUTE_LANES && size <= vr_lane_largest(arena) && strategy != VR_STRATEGY_MIN_OFFSET) {
            range = vr_lane_take(arena, size, alignment, strategy);
        }
        if (range || route == VR_ROUTE_LINEAR) {
            return range;
        }
    }
    vr_arena_enter(arena);
    struct VrRange *range = vr_ranges_take(&arena->central.ranges, size, alignment, strategy);
    vr_arena_leave(arena);
    return range;
}

// Places `size` bytes at a multiple of `alignment` (a power of two) in a block. Of `flags`
// (VmaAllocationCreateFlags) the strategy, NEVER_ALLOCATE, WITHIN_BUDGET and UPPER_ADDRESS count. `kind`,
// with flags, alignment_log2 and extra of the range are set; map_count stays VR_RANGE_FRESH.
// VK_ERROR_OUT_OF_DEVICE_MEMORY: no place, and no block could be made; otherwise the driver's code.
VR_INLINE VkResult vr_arena_take(struct VrArena *arena, uint64_t size, uint64_t alignment, uint32_t kind,
                                 VmaAllocationCreateFlags flags, struct VrRange **range)
{
    size += arena->margin;
    alignment = vr_max64(alignment, arena->min_alignment);
    // Whole pages of granularity for whatever may be an optimal image: then linear resources, which are
    // placed freely, never share one.
    if (VR_UNLIKELY(arena->granularity > 1) && (kind & VR_KIND_MASK) != VR_KIND_BUFFER &&
        (kind & VR_KIND_MASK) != VR_KIND_IMAGE_LINEAR) {
        size = vr_align_up(size, arena->granularity);
        alignment = vr_max64(alignment, arena->granularity);
    }
    struct VrRange *found = vr_arena_take_at_hand(arena, size, alignment, vr_strategy_of(flags));
    if (VR_UNLIKELY(!found)) {
        VkResult result = arena->info.linear ? vr_linear_pool_take(arena, size, alignment, flags, &found)
                                             : vr_grow_and_take(arena, size, alignment, flags, &found);
        if (result != VK_SUCCESS) {
            *range = NULL;
            return result;
        }
    }
    found->extra = NULL;
    found->kind = (uint8_t)kind;
    found->alignment_log2 = (uint8_t)vr_low_bit(alignment);
    *range = found;
    return VK_SUCCESS;
}

// A range that does not lie in the central index: of a lane, or of a pool with the linear algorithm.
void vr_arena_give_aside(struct VrArena *arena, struct VrRange *range);

// Gives a range of a block back; frees blocks that are no longer needed, outside the lock.
VR_INLINE void vr_arena_give(struct VrArena *arena, struct VrRange *range)
{
    if (VR_UNLIKELY(range->span->index != &arena->central.ranges)) {
        vr_arena_give_aside(arena, range);
        return;
    }
    vr_arena_enter(arena);
    struct VrSpan *span = vr_ranges_give(&arena->central.ranges, range);
    struct VrBlock *unneeded = VR_UNLIKELY(vr_span_is_empty(span)) ? vr_trim_emptied(arena) : NULL;
    vr_arena_leave(arena);
    if (VR_UNLIKELY(unneeded != NULL)) {
        vr_trim_destroy(unneeded);
    }
}

#endif
