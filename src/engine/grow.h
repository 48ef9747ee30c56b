// SPDX-License-Identifier: MIT
// Blocks of an arena come and go: how large, when, and within which budget.
#ifndef VR_ENGINE_GROW_H
#define VR_ENGINE_GROW_H

#include "engine/arena.h"

// Size that no block of the arena exceeds.
uint64_t vr_grow_largest_block(const struct VrArena *arena);

// Nothing was found at hand: looks once more, then makes a block. Arguments as for vr_arena_take, after rounding.
VkResult vr_grow_and_take(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags,
                          struct VrRange **range);
// Adds a block of the pool's own size, for its minimum count.
VkResult vr_grow_add_block(struct VrArena *arena);
// Central lock held, a block is empty: unlinks and returns one that is not worth keeping, or NULL.
struct VrBlock *vr_grow_drop_empty(struct VrArena *arena);

// The same for arenas with the linear algorithm: requests go to the newest block.
VkResult vr_grow_take_linear(struct VrArena *arena, uint64_t size, uint64_t alignment, VmaAllocationCreateFlags flags,
                             struct VrRange **range);
void vr_grow_give_linear(struct VrArena *arena, struct VrRange *range);

#endif
