// SPDX-License-Identifier: MIT
// Block: one VkDeviceMemory. It belongs to an arena and holds many ranges, or one (dedicated).
#ifndef VR_ENGINE_BLOCK_H
#define VR_ENGINE_BLOCK_H

#include "engine/allocator.h"
#include "place/linear.h"
#include "place/ranges.h"

struct VrBlock {
    union {
        struct VrSpan span;     // first: a range's span->owner is its block
        struct VrLinear linear; // in arenas with the linear algorithm
    };
    struct VrArena *arena;
    VkDeviceMemory memory;
    uint64_t size;
    uint32_t id; // unique in its arena, ascending; in the JSON dump
    uint32_t type;
    bool dedicated;
    bool moved_from;      // defragmentation leaves its ranges where they are
    struct VrBlock *prev; // in the arena's list, oldest first; dedicated blocks have a list of their own
    struct VrBlock *next;
    struct VrRange *only; // dedicated: the allocation

    // Mapping. The pointer is valid while map_references > 0 or kept_mapped. map_lock guards changes from and
    // to unmapped, vkMapMemory, vkUnmapMemory and vkBind*Memory, which Vulkan wants serialised per
    // VkDeviceMemory.
    _Atomic(void *) mapped;
    _Atomic uint32_t map_references; // one per vmaMapMemory that was not undone yet
    _Atomic bool
        kept_mapped; // stays mapped as long as the block lives: VMA_ALLOCATION_CREATE_MAPPED_BIT was seen
    uint32_t remap_count; // times that the last reference went
    struct VrMutex map_lock;
    VkExternalMemoryHandleTypeFlags export_types; // handles of these types can be made
    struct VrShared *shared;                      // those that were made (Windows)
};

VR_INLINE struct VrBlock *vr_range_block(const struct VrRange *range)
{
    return range->span->owner;
}

// What vkAllocateMemory is told besides size and type.
struct VrMemoryRequest {
    uint64_t size;
    uint32_t type;
    float priority;
    VkBuffer dedicated_buffer; // at most one of these two
    VkImage dedicated_image;
    bool device_address;
    const void *next; // the caller's chain
};

// Calls vkAllocateMemory, keeps the heap's counters, calls the memory callbacks. No lock is held or needed.
VkResult vr_memory_allocate(VmaAllocator allocator, const struct VrMemoryRequest *request,
                            VkDeviceMemory *memory);
// The handle types that memory of such a request can be exported as.
VkExternalMemoryHandleTypeFlags vr_memory_export_types(VmaAllocator allocator,
                                                       const struct VrMemoryRequest *request);
void vr_memory_free(VmaAllocator allocator, uint32_t type, uint64_t size, VkDeviceMemory memory);

// A block with memory, in no list yet. destroy frees the memory; its ranges must be gone.
VkResult vr_block_create(struct VrArena *arena, const struct VrMemoryRequest *request, bool dedicated,
                         struct VrBlock **block);
void vr_block_destroy(struct VrBlock *block);

// Maps the block for the rest of its life: for allocations that are mapped by flag. Costs one load when it is
// mapped so already.
VkResult vr_block_keep_mapped(struct VrBlock *block);
// Adds references to the block's mapping; maps it when they are the first.
VkResult vr_block_map(struct VrBlock *block, uint32_t references, void **data);
void vr_block_unmap(struct VrBlock *block, uint32_t references);

#endif
