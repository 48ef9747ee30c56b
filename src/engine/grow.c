// SPDX-License-Identifier: MIT
// Blocks of an arena come: how large, and for what. trim.c lets them go.
//
// A default pool starts with a small block and grows by a share of what it holds, so that little is reserved
// in vain at any size and the number of blocks stays logarithmic. Within the budget blocks are as large as
// that; beyond it (allowed unless the caller asked to stay within) they are only as large as needed.
// vkAllocateMemory runs under arena->grow alone.
#include "engine/grow.h"

#include "base/message.h"
#include "engine/budget.h"
#include "engine/lane.h"
#include "engine/move.h"
#include "engine/trim.h"

#define MIB (1ull << 20)
#define FIRST_BLOCK MIB            // a program with one small buffer reserves this
#define LARGEST_VISIBLE (64 * MIB) // mapping larger host-visible blocks was seen to stall drivers for 80 ms
#define LARGEST_SHARE (128 * MIB)  // a larger block is made only for a larger request
#define OVER_BUDGET_BLOCK (4 * MIB)
#define FINE_GRAIN (64ull << 10) // block sizes are multiples of this, from 8 MiB on of COARSE_GRAIN
#define COARSE_GRAIN MIB

// ---- How large ----

uint64_t vr_grow_largest_block(const struct VrArena *arena)
{
    VmaAllocator allocator = arena->allocator;
    uint64_t largest = arena->info.block_size;
    if (!arena->info.explicit_size &&
        (vr_type_flags(allocator, arena->info.type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) {
        // A single request may need more than the cap on visible blocks.
        return vr_max64(largest, LARGEST_VISIBLE);
    }
    return largest;
}

// A new block is a share of what the arena holds: large while that is little, since few MiB are wasted then;
// small when it is much, since then blocks are large anyway. On recorded and generated programs these shares
// keep vkAllocateMemory calls below five times those of 256 MiB blocks with 30 to 50 % less memory reserved.
static uint64_t share_of(uint64_t reserved)
{
    if (reserved == 0) {
        return FIRST_BLOCK;
    }
    uint64_t share = reserved < 32 * MIB    ? reserved / 4
                     : reserved < 512 * MIB ? reserved / 5
                                            : vr_min64(reserved / 24, LARGEST_SHARE);
    return vr_max64(share, 3 * FIRST_BLOCK);
}

// Size of the next block for a request, regardless of the budget.
static VR_COLD uint64_t wanted_size(const struct VrArena *arena, uint64_t size)
{
    if (arena->info.explicit_size) {
        return arena->info.block_size;
    }
    VmaAllocator allocator = arena->allocator;
    uint64_t cap = arena->info.block_size;
    if (vr_type_flags(allocator, arena->info.type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) {
        cap = vr_min64(cap, LARGEST_VISIBLE);
    }
    uint64_t share = vr_min64(share_of(atomic_load_explicit(&arena->reserved, memory_order_relaxed)), cap);
    if (size > share / 8) {
        // A whole number of requests like this one leaves no tail that none of them can use.
        share = size * vr_max64(share / size, 1);
    }
    uint64_t grain = share < 8 * MIB ? FINE_GRAIN : COARSE_GRAIN;
    return vr_max64(vr_min64(vr_align_up(share, grain), cap), size);
}

// The same, cut to what the budget leaves. 0: nothing may be made.
static uint64_t affordable_size(const struct VrArena *arena, uint64_t size, bool within_budget)
{
    uint64_t wanted = wanted_size(arena, size);
    if (arena->info.explicit_size && !within_budget) {
        return wanted;
    }
    // Beside vkAllocateMemory a question to the driver costs little, and other processes change the answer.
    uint64_t usage, budget;
    vr_budget_refresh_if_stale(arena->allocator);
    vr_budget_of_heap(arena->allocator, vr_type_heap(arena->allocator, arena->info.type), &usage, &budget);
    uint64_t left = budget > usage ? budget - usage : 0;
    if (wanted <= left) {
        return wanted;
    }
    if (arena->info.explicit_size || (within_budget && size > left)) {
        vr_budget_refuse(arena->allocator, vr_type_heap(arena->allocator, arena->info.type));
        return 0;
    }
    if (within_budget) {
        return vr_max64(size, vr_align_down(left, FINE_GRAIN));
    }
    return vr_min64(wanted, vr_max64(size, vr_max64(left, OVER_BUDGET_BLOCK)));
}

// ---- Blocks ----

static VkResult create_block(struct VrArena *arena, uint64_t size, struct VrBlock **block)
{
    VmaAllocator allocator = arena->allocator;
    struct VrMemoryRequest request = {
        .size = size,
        .type = arena->info.type,
        .priority = arena->info.priority,
        .device_address = (allocator->flags & VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT) != 0,
        .next = arena->info.next,
    };
    return vr_block_create(arena, &request, false, block);
}

VR_COLD VkResult vr_grow_create_block(struct VrArena *arena, uint64_t size, bool within_budget,
                                      struct VrBlock **block)
{
    vr_trim_for(arena, wanted_size(arena, size));
    uint64_t block_size = affordable_size(arena, size, within_budget);
    if (block_size < size) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    for (;;) {
        VkResult result = create_block(arena, block_size, block);
        if (result != VK_ERROR_OUT_OF_DEVICE_MEMORY || arena->info.explicit_size || block_size == size) {
            return result;
        }
        block_size = vr_max64(size, block_size / 2);
    }
}

// Central lock held.
static void link_block(struct VrArena *arena, struct VrBlock *block)
{
    block->id = arena->next_block_id++;
    block->prev = arena->blocks_last;
    block->next = NULL;
    if (block->prev) {
        block->prev->next = block;
    } else {
        arena->blocks = block;
    }
    arena->blocks_last = block;
    atomic_fetch_add_explicit(&arena->block_count, 1, memory_order_relaxed);
    uint64_t reserved =
        atomic_fetch_add_explicit(&arena->reserved, block->size, memory_order_relaxed) + block->size;
    arena->peak_reserved = vr_max64(arena->peak_reserved, reserved);
    ++arena->block_events;
    uint64_t chunk = vr_floor_pow2(vr_max64(reserved / 128, 1));
    chunk = vr_min64(vr_max64(chunk, VR_SMALLEST_CHUNK), VR_LARGEST_CHUNK);
    atomic_store_explicit(&arena->chunk_size, chunk, memory_order_relaxed);
    arena->central.ranges.resting_limit =
        vr_min64(vr_max64(reserved / 256, VR_SMALLEST_REST), VR_LARGEST_REST);
}

void vr_grow_unlink(struct VrArena *arena, struct VrBlock *block)
{
    if (block->prev) {
        block->prev->next = block->next;
    } else {
        arena->blocks = block->next;
    }
    if (block->next) {
        block->next->prev = block->prev;
    } else {
        arena->blocks_last = block->prev;
    }
    ++arena->block_events;
    atomic_fetch_sub_explicit(&arena->block_count, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&arena->reserved, block->size, memory_order_relaxed);
}

VR_COLD bool vr_grow_link(struct VrArena *arena, struct VrBlock *block)
{
    if (arena->info.linear) {
        vr_linear_init(&block->linear, &arena->allocator->records);
    } else {
        block->span.order = arena->next_block_id;
        if (!vr_ranges_add(&arena->central.ranges, &block->span)) {
            return false;
        }
    }
    link_block(arena, block);
    return true;
}

bool vr_grow_may_add(const struct VrArena *arena)
{
    return atomic_load_explicit(&arena->block_count, memory_order_relaxed) < arena->info.max_block_count;
}

// grow is held. What other threads gave back meanwhile, what the bounded search did not see, what lanes keep.
static struct VrRange *look_everywhere(struct VrArena *arena, uint64_t size, uint64_t alignment,
                                       VmaAllocationCreateFlags flags)
{
    vr_arena_lock_central(arena);
    vr_ranges_wake(&arena->central.ranges);
    struct VrRange *range = vr_ranges_take_any(&arena->central.ranges, size, alignment);
    while (!range && arena->defragmenting && vr_move_release_victim(arena, size)) {
        range = vr_ranges_take_any(&arena->central.ranges, size, alignment);
    }
    vr_arena_unlock_central(arena);
    if (!range && !(flags & VR_GROW_FOR_LANE)) {
        range = vr_lane_steal(arena, size, alignment);
    }
    return range;
}

static VR_COLD VkResult grow_locked(struct VrArena *arena, uint64_t size, uint64_t alignment,
                                    VmaAllocationCreateFlags flags, struct VrRange **range)
{
    *range = look_everywhere(arena, size, alignment, flags);
    if (*range) {
        return VK_SUCCESS;
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
    bool added = vr_grow_link(arena, block);
    if (added) {
        *range = vr_ranges_ready(&arena->central.ranges)
                     ? vr_ranges_take_from(&arena->central.ranges, block->span.first, size, alignment)
                     : NULL;
    }
    vr_arena_unlock_central(arena);
    if (!added) {
        vr_block_destroy(block);
    }
    return *range ? VK_SUCCESS : VK_ERROR_OUT_OF_HOST_MEMORY;
}

VkResult vr_grow_and_take(struct VrArena *arena, uint64_t size, uint64_t alignment,
                          VmaAllocationCreateFlags flags, struct VrRange **range)
{
    vr_mutex_take(&arena->grow);
    VkResult result = grow_locked(arena, size, alignment, flags, range);
    vr_mutex_drop(&arena->grow);
    return result;
}

VR_COLD VkResult vr_grow_add_block(struct VrArena *arena)
{
    struct VrBlock *block;
    vr_mutex_take(&arena->grow);
    VkResult result = create_block(arena, arena->info.block_size, &block);
    if (result == VK_SUCCESS) {
        vr_arena_lock_central(arena);
        bool added = vr_grow_link(arena, block);
        vr_arena_unlock_central(arena);
        if (!added) {
            vr_block_destroy(block);
            result = VK_ERROR_OUT_OF_HOST_MEMORY;
        }
    }
    vr_mutex_drop(&arena->grow);
    return result;
}
