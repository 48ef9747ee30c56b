// SPDX-License-Identifier: MIT
// Blocks of an arena come: how large, when, and within which budget.
#ifndef VR_ENGINE_GROW_H
#define VR_ENGINE_GROW_H

#include "engine/arena.h"

// Size that no block of the arena exceeds.
uint64_t vr_grow_largest_block(const struct VrArena *arena);

// Beside the flags of the request: the range is for a lane, so it must lie in the central index.
#define VR_GROW_FOR_LANE 0x40000000u

// Nothing was found at hand: looks once more, then makes a block. Arguments as for vr_arena_take, after
// rounding.
VkResult vr_grow_and_take(struct VrArena *arena, uint64_t size, uint64_t alignment,
                          VmaAllocationCreateFlags flags, struct VrRange **range);
// Adds a block of the pool's own size, for its minimum count.
VkResult vr_grow_add_block(struct VrArena *arena);
// False: the pool has its maximum number of blocks.
bool vr_grow_may_add(const struct VrArena *arena);
// A block for a request of `size` bytes, in no list yet: as large as policy and budget say, smaller when the
// driver refuses that.
VkResult vr_grow_create_block(struct VrArena *arena, uint64_t size, bool within_budget,
                              struct VrBlock **block);
// Central lock held. Puts a block into the arena's list and index. False: host memory ran out.
bool vr_grow_link(struct VrArena *arena, struct VrBlock *block);
// Central lock held. Takes a block, which is in no index any more, out of the arena's list.
void vr_grow_unlink(struct VrArena *arena, struct VrBlock *block);

#endif
