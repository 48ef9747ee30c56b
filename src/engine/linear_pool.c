// SPDX-License-Identifier: MIT
// Pools with the linear algorithm: requests go to the newest block.
#include "engine/linear_pool.h"

#include "engine/grow.h"
#include "engine/trim.h"

static void count_linear(struct VrArena *arena, uint64_t bytes, uint64_t count)
{
    atomic_fetch_add_explicit(&arena->linear_bytes, bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&arena->linear_count, count, memory_order_relaxed);
}

// Central lock held. Until the caller has described it, a dump says of the range no more than its place.
static struct VrRange *take_from(struct VrBlock *block, uint64_t size, uint64_t alignment,
                                 VmaAllocationCreateFlags flags, bool *host_failed)
{
    bool upper = (flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) != 0;
    struct VrRange *range = vr_linear_take(&block->linear, size, alignment, upper, host_failed);
    if (range) {
        atomic_store_explicit(&range->map_count, VR_RANGE_FRESH, memory_order_relaxed);
    }
    return range;
}

static struct VrRange *take_from_newest(struct VrArena *arena, uint64_t size, uint64_t alignment,
                                        VmaAllocationCreateFlags flags, bool *host_failed)
{
    vr_arena_lock_central(arena);
    struct VrRange *range =
        arena->blocks_last ? take_from(arena->blocks_last, size, alignment, flags, host_failed) : NULL;
    vr_arena_unlock_central(arena);
    return range;
}

static VkResult grow_linear_locked(struct VrArena *arena, uint64_t size, uint64_t alignment,
                                   VmaAllocationCreateFlags flags, struct VrRange **range)
{
    bool host_failed = false;
    *range = take_from_newest(arena, size, alignment, flags, &host_failed);
    if (*range || host_failed) {
        return *range ? VK_SUCCESS : VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    if ((flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) || size > vr_grow_largest_block(arena) ||
        !vr_grow_may_add(arena)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    struct VrBlock *block;
    VkResult result =
        vr_grow_create_block(arena, size, (flags & VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT) != 0, &block);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_arena_lock_central(arena);
    vr_grow_link(arena, block);
    *range = take_from(block, size, alignment, flags, &host_failed);
    vr_arena_unlock_central(arena);
    return *range ? VK_SUCCESS : host_failed ? VK_ERROR_OUT_OF_HOST_MEMORY : VK_ERROR_OUT_OF_DEVICE_MEMORY;
}

VkResult vr_linear_pool_take(struct VrArena *arena, uint64_t size, uint64_t alignment,
                             VmaAllocationCreateFlags flags, struct VrRange **range)
{
    bool host_failed = false;
    *range = take_from_newest(arena, size, alignment, flags, &host_failed);
    VkResult result = VK_SUCCESS;
    if (!*range) {
        vr_mutex_take(&arena->grow);
        result = grow_linear_locked(arena, size, alignment, flags, range);
        vr_mutex_drop(&arena->grow);
    }
    if (result == VK_SUCCESS) {
        count_linear(arena, size, 1);
    }
    return result;
}

// Central lock held. A block is empty: unlinks it when another is, or the budget is used up.
static struct VrBlock *drop_empty_linear(struct VrArena *arena, struct VrBlock *emptied)
{
    if (atomic_load_explicit(&arena->block_count, memory_order_relaxed) <= arena->info.min_block_count) {
        return NULL;
    }
    bool drop = vr_trim_over_budget(arena);
    for (struct VrBlock *block = arena->blocks; block && !drop; block = block->next) {
        drop = block != emptied && block->span.used_count == 0;
    }
    if (drop) {
        vr_linear_discard(&emptied->linear);
        vr_grow_unlink(arena, emptied);
    }
    return drop ? emptied : NULL;
}

void vr_linear_pool_give(struct VrArena *arena, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    count_linear(arena, 0 - range->size, 0ull - 1);
    vr_arena_lock_central(arena);
    vr_linear_give(&block->linear, range);
    struct VrBlock *unneeded = block->span.used_count == 0 ? drop_empty_linear(arena, block) : NULL;
    vr_arena_unlock_central(arena);
    if (unneeded) {
        vr_block_destroy(unneeded);
    }
}
