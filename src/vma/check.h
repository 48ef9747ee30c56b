// SPDX-License-Identifier: MIT
// Argument checks of the public functions: bad arguments get a message and the documented result, never a
// crash.
#ifndef VR_VMA_CHECK_H
#define VR_VMA_CHECK_H

#include "base/message.h"
#include "engine/allocation.h"

// Says that an argument is null.
void vr_check_missing(const char *function, const char *name);

// True when the pointer argument is there.
VR_INLINE bool vr_check_argument(const void *argument, const char *function, const char *name)
{
    if (VR_UNLIKELY(!argument)) {
        vr_check_missing(function, name);
        return false;
    }
    return true;
}

#define VR_GIVEN(argument) vr_check_argument((argument), __func__, #argument)

// The record of a live allocation of this allocator; NULL, with a message, for null, freed and foreign
// handles.
struct VrRange *vr_check_bad_allocation(VmaAllocator allocator, VmaAllocation allocation,
                                        const char *function);

VR_INLINE struct VrRange *vr_check_allocation(VmaAllocator allocator, VmaAllocation allocation,
                                              const char *function)
{
    struct VrRange *range = vr_allocation_range(allocation);
    if (VR_UNLIKELY(!range || vr_range_block(range)->arena->allocator != allocator)) {
        return vr_check_bad_allocation(allocator, allocation, function);
    }
    return range;
}

// True for a live pool of this allocator; else says why not. Takes the lock on the list of pools.
bool vr_check_pool(VmaAllocator allocator, VmaPool pool, const char *function);

// Answers VmaAllocationInfo for a live allocation.
void vr_fill_allocation_info(VmaAllocation allocation, VmaAllocationInfo *info);

#endif
