// SPDX-License-Identifier: MIT
// Walk: the pieces of a block in order of offset, each an allocation or the free memory between two; and the
// arenas of an allocator. Free pieces come from the distance between allocations, so whatever lies there
// (several free ranges where a lane's chunk ends, the debug margin, a freed range of a linear block that
// waits) is one piece.
#ifndef VR_ENGINE_WALK_H
#define VR_ENGINE_WALK_H

#include "engine/arena.h"

struct VrWalk {
    uint64_t offset; // the present piece
    uint64_t size;
    const struct VrRange *used; // its allocation, NULL: free
    const struct VrRange *next; // first allocation behind the piece
    const struct VrBlock *block;
    uint64_t margin;
};

// for (struct VrWalk walk = vr_walk_block(block); vr_walk_step(&walk);) ...
// The block's arena is locked (vr_arena_lock) all the while. Dedicated blocks have one piece.
struct VrWalk vr_walk_block(const struct VrBlock *block);
bool vr_walk_step(struct VrWalk *walk);

// False in the short time between taking a range and filling in what lies there: its place and size are true,
// no more.
VR_INLINE bool vr_walk_is_described(const struct VrRange *range)
{
    return atomic_load_explicit(&range->map_count, memory_order_acquire) != VR_RANGE_FRESH;
}

// Calls `visit` for each arena that exists: the default ones by memory type and class, then those of custom
// pools, oldest first. The lock on the list of pools is held meanwhile; `visit` takes the arena's own as it
// needs.
typedef void (*VrArenaVisit)(void *context, struct VrArena *arena);
void vr_each_arena(VmaAllocator allocator, VrArenaVisit visit, void *context);

// Oldest entry of a list that starts with the newest one.
VmaPool vr_oldest_pool(VmaAllocator allocator);
struct VrBlock *vr_oldest_dedicated(const struct VrArena *arena);

// The dedicated blocks' lock, unless the caller of the API serialises.
VR_INLINE void vr_dedicated_lock(struct VrArena *arena)
{
    if (arena->allocator->synchronised) {
        vr_lock_take(&arena->dedicated_lock);
    }
}
VR_INLINE void vr_dedicated_unlock(struct VrArena *arena)
{
    if (arena->allocator->synchronised) {
        vr_lock_drop(&arena->dedicated_lock);
    }
}

#endif
