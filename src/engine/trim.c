// SPDX-License-Identifier: MIT
// Blocks that are empty: which are kept for what comes next, which go back to the driver.
//
// vkAllocateMemory and vkFreeMemory stall some drivers for milliseconds, so a program whose needs go up and
// down should not pay for it each time: empty blocks stay while they are few beside what is in use. They
// never raise the peak: before the arena grows beyond the most it ever held, they go.
#include "engine/trim.h"

#include "engine/budget.h"
#include "engine/grow.h"
#include "engine/walk.h"

#define KEPT_AT_LEAST (8ull << 20) // empty bytes that any arena may keep
#define IDLE_FRAMES 128u           // empty blocks go when no block came or went for so many frames

// Central lock held.
static struct VrBlock *largest_empty(const struct VrArena *arena)
{
    struct VrRange *largest = arena->central.ranges.empty;
    for (struct VrRange *range = largest; range; range = range->bin_next) {
        if (range->size > largest->size) {
            largest = range;
        }
    }
    return largest ? vr_range_block(largest) : NULL;
}

// Central lock held.
static uint64_t empty_bytes(const struct VrArena *arena)
{
    uint64_t bytes = 0;
    for (const struct VrRange *range = arena->central.ranges.empty; range; range = range->bin_next) {
        bytes += range->size;
    }
    return bytes;
}

// Central lock held. Takes a block that is empty out of the arena, NULL when there is none or the pool keeps
// it.
static VR_COLD struct VrBlock *unlink_empty(struct VrArena *arena)
{
    if (atomic_load_explicit(&arena->block_count, memory_order_relaxed) <= arena->info.min_block_count) {
        return NULL;
    }
    struct VrBlock *block = largest_empty(arena);
    if (block) {
        vr_ranges_remove(&arena->central.ranges, &block->span);
        vr_grow_unlink(arena, block);
    }
    return block;
}

VR_COLD bool vr_trim_over_budget(const struct VrArena *arena)
{
    uint64_t usage, budget;
    vr_budget_of_heap(arena->allocator, vr_type_heap(arena->allocator, arena->info.type), &usage, &budget);
    return usage >= budget;
}

// Central lock held.
static bool too_much_is_empty(const struct VrArena *arena)
{
    if (arena->info.explicit_size) {
        return arena->central.ranges.empty_count > 1; // what the caller of such a pool knows from VMA
    }
    uint64_t empty = empty_bytes(arena);
    uint64_t used = atomic_load_explicit(&arena->reserved, memory_order_relaxed) - empty;
    return empty > vr_max64(KEPT_AT_LEAST, used / 8) && arena->central.ranges.empty_count > 1;
}

struct VrBlock *vr_trim_emptied(struct VrArena *arena)
{
    struct VrBlock *list = NULL;
    while (too_much_is_empty(arena) || vr_trim_over_budget(arena)) {
        struct VrBlock *block = unlink_empty(arena);
        if (!block) {
            break;
        }
        block->next = list;
        list = block;
    }
    return list;
}

void vr_trim_destroy(struct VrBlock *list)
{
    while (list) {
        struct VrBlock *next = list->next;
        vr_block_destroy(list);
        list = next;
    }
}

static struct VrBlock *take_empty(struct VrArena *arena)
{
    vr_arena_lock_central(arena);
    struct VrBlock *block = unlink_empty(arena);
    vr_arena_unlock_central(arena);
    return block;
}

VR_COLD void vr_trim_for(struct VrArena *arena, uint64_t size)
{
    while (!arena->info.linear &&
           atomic_load_explicit(&arena->reserved, memory_order_relaxed) + size > arena->peak_reserved) {
        struct VrBlock *block = take_empty(arena);
        if (!block) {
            return;
        }
        vr_block_destroy(block);
    }
}

static VR_COLD void unlink_all_empty_linear(struct VrArena *arena, struct VrBlock **list)
{
    vr_arena_lock_central(arena);
    for (struct VrBlock *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        if (block->span.used_count == 0 &&
            atomic_load_explicit(&arena->block_count, memory_order_relaxed) > arena->info.min_block_count) {
            vr_linear_discard(&block->linear);
            vr_grow_unlink(arena, block);
            block->next = *list;
            *list = block;
        }
    }
    vr_arena_unlock_central(arena);
}

// Adds to a list every block that is empty and not kept by the pool.
static VR_COLD void unlink_all_empty(struct VrArena *arena, struct VrBlock **list)
{
    if (arena->info.linear) {
        unlink_all_empty_linear(arena, list);
        return;
    }
    vr_arena_flush_lanes(arena, false);
    for (struct VrBlock *block = take_empty(arena); block; block = take_empty(arena)) {
        block->next = *list;
        *list = block;
    }
}

static VR_COLD uint64_t destroy_and_count(struct VrBlock *list)
{
    uint64_t bytes = 0;
    for (const struct VrBlock *block = list; block; block = block->next) {
        bytes += block->size;
    }
    vr_trim_destroy(list);
    return bytes;
}

VR_COLD uint64_t vr_arena_trim(struct VrArena *arena)
{
    struct VrBlock *list = NULL;
    unlink_all_empty(arena, &list);
    return destroy_and_count(list);
}

// ---- Over all arenas. Blocks are destroyed at the end, as the program's callback may call back: no lock is
// held then. ----

struct Trimming {
    uint32_t heap;
    uint32_t frame;
    struct VrBlock *list;
};

static void trim_if_of_heap(void *context, struct VrArena *arena)
{
    struct Trimming *trimming = context;
    if (trimming->heap == VR_EVERY_HEAP ||
        vr_type_heap(arena->allocator, arena->info.type) == trimming->heap) {
        unlink_all_empty(arena, &trimming->list);
    }
}

uint64_t vr_trim_heap(VmaAllocator allocator, uint32_t heap)
{
    struct Trimming trimming = {.heap = heap};
    vr_each_arena(allocator, trim_if_of_heap, &trimming);
    return destroy_and_count(trimming.list);
}

static void trim_if_idle(void *context, struct VrArena *arena)
{
    struct Trimming *trimming = context;
    vr_arena_lock_central(arena);
    bool stirred = arena->block_events != arena->idle_events;
    if (stirred) {
        arena->idle_events = arena->block_events;
        arena->idle_since = trimming->frame;
    } else {
        vr_ranges_wake(&arena->central.ranges);
    }
    bool idle = !stirred && arena->central.ranges.empty && trimming->frame - arena->idle_since >= IDLE_FRAMES;
    vr_arena_unlock_central(arena);
    if (idle) {
        unlink_all_empty(arena, &trimming->list);
    }
}

VR_COLD void vr_trim_idle(VmaAllocator allocator, uint32_t frame)
{
    struct Trimming trimming = {.frame = frame};
    vr_each_arena(allocator, trim_if_idle, &trimming);
    vr_trim_destroy(trimming.list);
}
