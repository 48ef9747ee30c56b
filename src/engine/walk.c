// SPDX-License-Identifier: MIT
// Walk: see walk.h.
#include "engine/walk.h"

// Next range by offset, out of chunks that end. NULL: the block ends.
static const struct VrRange *range_after(const struct VrRange *range)
{
    while (range && !range->next) {
        range = range->span->inside;
    }
    return range ? range->next : NULL;
}

// The range itself or the first behind its start that is used, down into chunks of lanes. A chunk that is on
// its way from or to a lane has no ranges: it is as good as free.
static const struct VrRange *used_from(const struct VrRange *range)
{
    while (range && vr_range_state(range) != VR_RANGE_USED) {
        bool divided = vr_range_state(range) == VR_RANGE_DIVIDED;
        const struct VrRange *inner = divided ? ((const struct VrSpan *)range->extra)->first : NULL;
        range = inner ? inner : range_after(range);
    }
    return range;
}

static const struct VrRange *first_used(const struct VrBlock *block)
{
    if (block->dedicated) {
        return block->only;
    }
    return block->arena->info.linear ? vr_linear_first(&block->linear) : used_from(block->span.first);
}

static const struct VrRange *next_used_range(const struct VrBlock *block, const struct VrRange *range)
{
    if (block->dedicated) {
        return NULL;
    }
    return block->arena->info.linear ? vr_linear_next(&block->linear, range) : used_from(range_after(range));
}

struct VrWalk vr_walk_block(const struct VrBlock *block)
{
    return (struct VrWalk){
        .block = block,
        .next = first_used(block),
        .margin = block->dedicated ? 0 : block->arena->allocator->debug.margin,
    };
}

bool vr_walk_step(struct VrWalk *walk)
{
    walk->offset += walk->size;
    walk->used = walk->next;
    if (walk->used && walk->used->offset == walk->offset) {
        walk->size = walk->used->size - walk->margin;
        walk->next = next_used_range(walk->block, walk->used);
        return true;
    }
    walk->size = (walk->used ? walk->used->offset : walk->block->size) - walk->offset;
    walk->used = NULL;
    return walk->size > 0;
}

VmaPool vr_oldest_pool(VmaAllocator allocator)
{
    VmaPool pool = allocator->pools;
    while (pool && pool->next) {
        pool = pool->next;
    }
    return pool;
}

struct VrBlock *vr_oldest_dedicated(const struct VrArena *arena)
{
    struct VrBlock *block = arena->dedicated;
    while (block && block->next) {
        block = block->next;
    }
    return block;
}

VR_COLD void vr_each_arena(VmaAllocator allocator, VrArenaVisit visit, void *context)
{
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        for (unsigned class_of = 0; class_of < VR_CLASS_COUNT; ++class_of) {
            struct VrArena *arena = vr_allocator_peek_arena(allocator, type, class_of);
            if (arena) {
                visit(context, arena);
            }
        }
    }
    vr_mutex_take(&allocator->pools_mutex);
    for (VmaPool pool = vr_oldest_pool(allocator); pool; pool = pool->prev) {
        visit(context, &pool->arena);
    }
    vr_mutex_drop(&allocator->pools_mutex);
}
