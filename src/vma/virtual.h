// SPDX-License-Identifier: MIT
// Virtual block: placement without memory. One span of exact units, kept by ranges (default) or by linear
// placement, and its own store of records on the caller's allocation callbacks. A handle is the address of a
// record with its generation in the low 6 bits.
#ifndef VR_VMA_VIRTUAL_H
#define VR_VMA_VIRTUAL_H

#include "vk_mem_alloc.h"

#include "base/host.h"
#include "place/linear.h"
#include "place/ranges.h"

struct VmaVirtualBlock_T {
    struct VrRanges ranges; // unused when is_linear
    struct VrSpan span;     // unused when is_linear
    struct VrLinear linear; // used when is_linear
    bool is_linear;
    uint64_t size;
    struct VrRecords records;
    struct VrHost host;              // its context is `callbacks`
    VkAllocationCallbacks callbacks; // meaningful when the program gave some
};

// A stretch of a virtual block: one allocation, or what lies unused between two.
struct VrVirtualPiece {
    uint64_t offset;
    uint64_t size;
    const struct VrRange *used; // NULL: unused. Its user_data is the program's.
    const struct VrRange *next; // first allocation at or behind the end of this piece
};

// Steps through a block by ascending offset. `piece` is the one before, all zero at the start. False: no
// more.
bool vr_virtual_next_piece(const struct VmaVirtualBlock_T *block, struct VrVirtualPiece *piece);

VR_INLINE VmaVirtualAllocation vr_virtual_handle(const struct VrRange *range)
{
    return (VmaVirtualAllocation)((uintptr_t)range | (uintptr_t)(vr_range_mark(range) >> 2));
}

#endif
