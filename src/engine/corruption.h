// SPDX-License-Identifier: MIT
// Debugging by patterns in memory. With VrDebug.detect_corruption the margin behind each allocation of a
// block holds a known word: a changed one tells that something wrote beyond its end. With VrDebug.initialize
// new and freed memory is filled with a byte.
#ifndef VR_ENGINE_CORRUPTION_H
#define VR_ENGINE_CORRUPTION_H

#include "engine/allocation.h"

// Both may map the block for the rest of its life. Called when one of the two switches is on; nothing fails
// but the patterns.
void vr_corruption_on_create(VmaAllocator allocator, struct VrRange *range);
void vr_corruption_on_free(VmaAllocator allocator, struct VrRange *range);

// Looks at the margins of a custom pool. VK_ERROR_UNKNOWN: at least one was overwritten (a message names the
// first). VK_ERROR_FEATURE_NOT_PRESENT: margins in its memory type are not watched.
VkResult vr_corruption_check_pool(struct VrArena *arena);
// The same for everything in the given memory types.
VkResult vr_corruption_check(VmaAllocator allocator, uint32_t type_bits);

#endif
