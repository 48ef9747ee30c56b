// SPDX-License-Identifier: MIT
// Move: defragmentation in passes. A context goes through the arenas of a pool, or of the default pools, one
// after another; each pass hands out moves (an allocation and a reserved new place), the program copies, and
// at the end of the pass the record of the allocation goes to the new place.
//
// What is planned, and why, is in move_plan.h. This file's part is the life of a context and of the moves of
// a pass.
#ifndef VR_ENGINE_MOVE_H
#define VR_ENGINE_MOVE_H

#include "engine/allocation.h"

// Flags of range->kind below 64 belong to the allocation and go with it; from 64 up they belong to the place.
enum {
    VR_MOVE_OF_PLACE = 64,     // the debug pattern behind the allocation (corruption.c)
    VR_MOVE_DESTINATION = 128, // a reserved new place: an allocation of the pass, not of the program
};

// VK_ERROR_FEATURE_NOT_PRESENT: a linear pool. VK_ERROR_VALIDATION_FAILED_EXT: bad flags, or another context
// is at work there.
VkResult vr_move_begin(VmaAllocator allocator, const VmaDefragmentationInfo *info,
                       VmaDefragmentationContext *context);
// Moves of a pass that was not ended are dropped.
void vr_move_end(VmaDefragmentationContext context, VmaDefragmentationStats *stats);

// VK_INCOMPLETE: moves are in `pass`. VK_SUCCESS: there is nothing more to do, or the callback broke off
// before the first move.
VkResult vr_move_begin_pass(VmaDefragmentationContext context, VmaDefragmentationPassMoveInfo *pass);
// VK_INCOMPLETE: something was moved or destroyed. VK_SUCCESS: nothing was.
VkResult vr_move_end_pass(VmaDefragmentationContext context, VmaDefragmentationPassMoveInfo *pass);

// Central lock held, and no block that allocations may use has room for `size`: gives them back one that was
// to be emptied. False: there is none.
bool vr_move_release_victim(struct VrArena *arena, uint64_t size);

VmaAllocator vr_move_allocator(VmaDefragmentationContext context);

#endif
