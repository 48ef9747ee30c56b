// SPDX-License-Identifier: MIT
// Pools with the linear algorithm.
#ifndef VR_ENGINE_LINEAR_POOL_H
#define VR_ENGINE_LINEAR_POOL_H

#include "engine/arena.h"

// As vr_arena_take and vr_arena_give, for arenas with the linear algorithm; size and alignment are the
// request's after rounding.
VkResult vr_linear_pool_take(struct VrArena *arena, uint64_t size, uint64_t alignment,
                             VmaAllocationCreateFlags flags, struct VrRange **range);
void vr_linear_pool_give(struct VrArena *arena, struct VrRange *range);

#endif
