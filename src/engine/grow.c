// SPDX-License-Identifier: MIT
// Blocks of an arena come and go.
//
// A default pool starts with a small block and grows by a share of what it holds, so that little is reserved in vain at any size and the number
// of blocks stays logarithmic. Within the budget blocks are as large as that; beyond it (allowed unless the caller asked to stay within) they are only as
// large as needed. vkAllocateMemory runs under arena->grow alone.
#include "engine/grow.h"

#include "base/message.h"
#include "engine/budget.h"
#include "engine/lane.h"

#define FIRST_BLOCK (1ull << 20)      // a program with one small buffer reserves this
#define GROWTH_SHARE 4u               // a new block is about a quarter of what the arena holds
#define LARGEST_VISIBLE (64ull << 20) // mapping larger host-visible blocks was seen to stall drivers for 80 ms
#define OVER_BUDGET_BLOCK (4ull << 20)
#define EXACT_GRAIN (64ull << 10)     // blocks made for one large request are rounded up to this

// ---- How large ----

uint64_t vr_grow_largest_block(const struct VrArena *arena)
{
    VmaAllocator allocator = arena->allocator;
    uint64_t largest = arena->info.block_size;
    if (!arena->info.explicit_size && (vr_type_flags(allocator, arena->info.type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) {
        // A single request may need more than the cap on visible blocks.
        return vr_max64(largest, LARGEST_VISIBLE);
    }
    return largest;
}

// Size of the next block for a request, regardless of the budget.
static uint64_t wanted_size(const struct VrArena *arena, uint64_t size)
{
    if (arena->info.explicit_size) {
        return arena->info.block_size;
    }
    VmaAllocator allocator = arena->allocator;
    uint64_t cap = arena->info.block_size;
    if (vr_type_flags(allocator, arena->info.type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) {
        cap = vr_min64(cap, LARGEST_VISIBLE);
    }
    uint64_t reserved = atomic_load_explicit(&arena->reserved, memory_order_relaxed);
    uint64_t share = vr_min64(vr_max64(reserved / GROWTH_SHARE, FIRST_BLOCK), cap);
    if (size <= share / 8) {
        return vr_floor_pow2(share);
    }
    // A whole number of requests like this one leaves no tail that none of them can use.
    uint64_t grain = vr_min64(EXACT_GRAIN, cap);
    return vr_align_up(size * vr_max64(share / size, 1), grain);
}

// The same, cut to what the budget leaves. 0: nothing may be made.
static uint64_t affordable_size(const struct VrArena *arena, uint64_t size, bool within_budget)
{
    uint64_t wanted = wanted_size(arena, size);
    if (arena->info.explicit_size && !within_budget) {
        return wanted;
    }
    uint64_t usage, budget;
    vr_budget_of_heap(arena->allocator, vr_type_heap(arena->allocator, arena->info.type), &usage, &budget);
    uint64_t left = budget > usage ? budget - usage : 0;
    if (wanted <= left) {
        return wanted;
    }
    if (arena->info.explicit_size || (within_budget && size > left)) {
        return 0;
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

// Tries smaller blocks while the driver refuses, down to what the request needs.
static VkResult create_block_for(struct VrArena *arena, uint64_t size, bool within_budget, struct VrBlock **block)
{
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
    uint64_t reserved = atomic_fetch_add_explicit(&arena->reserved, block->size, memory_order_relaxed) + block->size;
    uint64_t chunk = vr_floor_pow2(vr_max64(reserved / 128, 1));
    chunk = vr_min64(vr_max64(chunk, VR_SMALLEST_CHUNK), VR_LARGEST_CHUNK);
    atomic_store_explicit(&arena->chunk_size, chunk, memory_order_relaxed);
}

// Central lock held.
static void unlink_block(struct VrArena *arena, struct VrBlock *block)
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
    atomic_fetch_sub_explicit(&arena->block_count, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&arena->reserved, block->size, memory_order_relaxed);
}

// Central lock held. False: host memory ran out and the block is in no list.
static bool add_block(struct VrArena *arena, struct VrBlock *block)
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

static bool may_add_block(const struct VrArena *arena)
{
    return atomic_load_explicit(&arena->block_count, memory_order_relaxed) < arena->info.max_block_count;
}

// grow is held. What other threads gave back meanwhile, what the bounded search did not see, what lanes keep.
static struct VrRange *look_everywhere(struct VrArena *arena, uint64_t size, uint64_t alignment)
{
    vr_arena_lock_central(arena);
    struct VrRange *range = vr_ranges_take_any(&arena->central.ranges, size, alignment);
    vr_arena_unlock_central(arena);
    return range ? range : vr_lane_steal(arena, size, alignment);
}

static VkResult grow_locked(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags,
                            struct VrRange **range)
{
    *range = look_everywhere(arena, size, alignment);
    if (*range) {
        return VK_SUCCESS;
    }
    if ((flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) || size > vr_grow_largest_block(arena) || !may_add_block(arena)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    struct VrBlock *block;
    VkResult result = create_block_for(arena, size, (flags & VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT) != 0, &block);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_arena_lock_central(arena);
    bool added = add_block(arena, block);
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

VkResult vr_grow_and_take(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags,
                          struct VrRange **range)
{
    vr_mutex_take(&arena->grow);
    VkResult result = grow_locked(arena, size, alignment, flags, range);
    vr_mutex_drop(&arena->grow);
    return result;
}

VkResult vr_grow_add_block(struct VrArena *arena)
{
    struct VrBlock *block;
    vr_mutex_take(&arena->grow);
    VkResult result = create_block(arena, arena->info.block_size, &block);
    if (result == VK_SUCCESS) {
        vr_arena_lock_central(arena);
        bool added = add_block(arena, block);
        vr_arena_unlock_central(arena);
        if (!added) {
            vr_block_destroy(block);
            result = VK_ERROR_OUT_OF_HOST_MEMORY;
        }
    }
    vr_mutex_drop(&arena->grow);
    return result;
}

// ---- Going ----

static bool is_over_budget(const struct VrArena *arena)
{
    uint64_t usage, budget;
    vr_budget_of_heap(arena->allocator, vr_type_heap(arena->allocator, arena->info.type), &usage, &budget);
    return usage >= budget;
}

struct VrBlock *vr_grow_drop_empty(struct VrArena *arena)
{
    if (atomic_load_explicit(&arena->block_count, memory_order_relaxed) <= arena->info.min_block_count) {
        return NULL;
    }
    // One empty block is kept against a program that lives on a block's edge: the smallest.
    if (arena->central.ranges.empty_count < 2 && !is_over_budget(arena)) {
        return NULL;
    }
    struct VrRange *largest = arena->central.ranges.empty;
    for (struct VrRange *range = largest->bin_next; range; range = range->bin_next) {
        if (range->size > largest->size) {
            largest = range;
        }
    }
    struct VrBlock *block = vr_range_block(largest);
    vr_ranges_remove(&arena->central.ranges, &block->span);
    unlink_block(arena, block);
    return block;
}

uint64_t vr_arena_trim(struct VrArena *arena)
{
    uint64_t freed = 0;
    if (arena->info.linear) {
        return 0;
    }
    vr_arena_flush_lanes(arena, false);
    for (;;) {
        struct VrBlock *block = NULL;
        vr_arena_lock_central(arena);
        if (arena->central.ranges.empty &&
            atomic_load_explicit(&arena->block_count, memory_order_relaxed) > arena->info.min_block_count) {
            block = vr_range_block(arena->central.ranges.empty);
            vr_ranges_remove(&arena->central.ranges, &block->span);
            unlink_block(arena, block);
        }
        vr_arena_unlock_central(arena);
        if (!block) {
            return freed;
        }
        freed += block->size;
        vr_block_destroy(block);
    }
}

// ---- Linear ----

static void count_linear(struct VrArena *arena, uint64_t bytes, uint64_t count)
{
    atomic_fetch_add_explicit(&arena->linear_bytes, bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&arena->linear_count, count, memory_order_relaxed);
}

static struct VrRange *take_from_newest(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags, bool *host_failed)
{
    vr_arena_lock_central(arena);
    struct VrRange *range = arena->blocks_last ? vr_linear_take(&arena->blocks_last->linear, size, alignment, (flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) != 0,
                                                                host_failed)
                                               : NULL;
    vr_arena_unlock_central(arena);
    return range;
}

static VkResult grow_linear_locked(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags, struct VrRange **range)
{
    bool host_failed = false;
    *range = take_from_newest(arena, size, alignment, flags, &host_failed);
    if (*range || host_failed) {
        return *range ? VK_SUCCESS : VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    if ((flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) || size > vr_grow_largest_block(arena) || !may_add_block(arena)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    struct VrBlock *block;
    VkResult result = create_block_for(arena, size, (flags & VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT) != 0, &block);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_arena_lock_central(arena);
    add_block(arena, block);
    *range = vr_linear_take(&block->linear, size, alignment, (flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) != 0, &host_failed);
    vr_arena_unlock_central(arena);
    return *range ? VK_SUCCESS : host_failed ? VK_ERROR_OUT_OF_HOST_MEMORY : VK_ERROR_OUT_OF_DEVICE_MEMORY;
}

VkResult vr_grow_take_linear(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags,
                             struct VrRange **range)
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
    bool drop = is_over_budget(arena);
    for (struct VrBlock *block = arena->blocks; block && !drop; block = block->next) {
        drop = block != emptied && block->span.used_count == 0;
    }
    if (drop) {
        vr_linear_discard(&emptied->linear);
        unlink_block(arena, emptied);
    }
    return drop ? emptied : NULL;
}

void vr_grow_give_linear(struct VrArena *arena, struct VrRange *range)
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
