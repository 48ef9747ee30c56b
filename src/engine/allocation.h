// SPDX-License-Identifier: MIT
// Allocation: the record of a used range as the program's VmaAllocation. The handle is the record's address
// with its generation in the low 6 bits, which are 0 in the address of a record: a handle that was freed, or
// freed and handed out again, is told from a live one.
#ifndef VR_ENGINE_ALLOCATION_H
#define VR_ENGINE_ALLOCATION_H

#include "engine/arena.h"

// range->kind of an allocation: enum VrKind and VR_ALLOCATION_* (arena.h) go with the allocation when it
// moves. Bits from 64 up belong to the place: 64 is the debug pattern behind it (corruption.c), 128 a place
// reserved by a defragmentation (VR_MOVE_DESTINATION, move.h).

// Rare data of an allocation, behind range->extra.
struct VrExtra {
    char *name;
    uint64_t usage; // buffer or image usage when it needs more than 32 bits
};

VR_INLINE VmaAllocation vr_allocation_handle(const struct VrRange *range)
{
    return (VmaAllocation)((uintptr_t)range | (uintptr_t)(vr_range_mark(range) >> 2));
}

// The record behind a handle, or NULL when the handle is not that of a live allocation.
VR_INLINE struct VrRange *vr_allocation_range(VmaAllocation allocation)
{
    uintptr_t bits = (uintptr_t)allocation;
    struct VrRange *range = (struct VrRange *)(bits & ~(uintptr_t)63);
    if (VR_UNLIKELY(!range || vr_range_mark(range) != (uint8_t)((bits & 63) << 2 | VR_RANGE_USED))) {
        return NULL;
    }
    return range;
}

// Why a request may want memory of its own.
enum VrDedicatedHint {
    VR_DEDICATED_PREFERRED = 1, // the driver says that it pays
    VR_DEDICATED_REQUIRED = 2,  // the driver, the usage or a flag insists
};

// What to allocate: requirements and what is known of the resource. The functions of vma/ fill the first
// part.
struct VrAllocateRequest {
    VkMemoryRequirements requirements;
    uint64_t usage;  // VkBufferUsageFlags(2) or VkImageUsageFlags; 0: unknown
    VkBuffer buffer; // at most one of these two, for VkMemoryDedicatedAllocateInfo
    VkImage image;
    const void *next; // chained into VkMemoryAllocateInfo of dedicated memory, which hints then require
    uint32_t kind;    // enum VrKind
    uint32_t hints;   // enum VrDedicatedHint

    // Derived by vr_allocate.
    const VmaAllocationCreateInfo *info;
    uint32_t range_kind; // kind and flags of the range
};

VR_INLINE void vr_allocate_request_init(struct VrAllocateRequest *request, enum VrKind kind)
{
    request->usage = 0;
    request->buffer = VK_NULL_HANDLE;
    request->image = VK_NULL_HANDLE;
    request->next = NULL;
    request->kind = kind;
    request->hints = 0;
}

// On failure the handle is VK_NULL_HANDLE.
VkResult vr_allocate(VmaAllocator allocator, struct VrAllocateRequest *request,
                     const VmaAllocationCreateInfo *info, VmaAllocation *allocation);
void vr_allocation_free(VmaAllocator allocator, struct VrRange *range);

// Bytes that the program asked for (the debug margin is not among them).
uint64_t vr_allocation_size(const struct VrRange *range);
// NULL when not mapped.
void *vr_allocation_data(const struct VrRange *range);
const char *vr_allocation_name(const struct VrRange *range);
uint64_t vr_allocation_usage(const struct VrRange *range);
// Replaces the side data (NULL: none) and frees what was there, out of sight of a dump that runs meanwhile.
void vr_allocation_set_extra(VmaAllocator allocator, struct VrRange *range, struct VrExtra *extra);
void vr_allocation_set_user_data(struct VrRange *range, void *user_data); // out of its sight too
VkResult vr_allocation_set_name(VmaAllocator allocator, struct VrRange *range,
                                const char *name); // NULL clears

VkResult vr_allocation_map(VmaAllocator allocator, struct VrRange *range, void **data);
void vr_allocation_unmap(VmaAllocator allocator, struct VrRange *range);

#endif
