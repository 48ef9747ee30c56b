// SPDX-License-Identifier: MIT
// Blocks that are empty: which are kept, which go back to the driver.
#ifndef VR_ENGINE_TRIM_H
#define VR_ENGINE_TRIM_H

#include "engine/arena.h"

// Central lock held, a block has become empty: unlinks those that are not worth keeping and returns them as a
// list, or NULL.
struct VrBlock *vr_trim_emptied(struct VrArena *arena);
// Destroys such a list. No lock is held.
void vr_trim_destroy(struct VrBlock *list);
// A block of `size` is about to be made: frees empty blocks while the arena would hold more than it ever did.
// grow is held.
void vr_trim_for(struct VrArena *arena, uint64_t size);
// Once a frame: frees empty blocks after a long quiet.
void vr_trim_idle(VmaAllocator allocator, uint32_t frame);

#define VR_EVERY_HEAP UINT32_MAX

// Frees every empty block in the heap (or VR_EVERY_HEAP) that no pool insists on. Returns bytes freed. No
// lock is held.
uint64_t vr_trim_heap(VmaAllocator allocator, uint32_t heap);

bool vr_trim_over_budget(const struct VrArena *arena);

#endif
