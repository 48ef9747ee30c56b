// SPDX-License-Identifier: MIT
// Custom pools: an arena that the program made, with a name.
#ifndef VR_ENGINE_POOL_H
#define VR_ENGINE_POOL_H

#include "engine/arena.h"

VkResult vr_pool_create(VmaAllocator allocator, const VmaPoolCreateInfo *info, VmaPool *pool);
// Whether the handle, which is not followed, is that of a pool of the allocator.
bool vr_pool_is_listed(VmaAllocator allocator, VmaPool pool);
void vr_pool_destroy(VmaAllocator allocator, VmaPool pool);
VkResult vr_pool_set_name(VmaAllocator allocator, VmaPool pool, const char *name); // NULL clears

#endif
