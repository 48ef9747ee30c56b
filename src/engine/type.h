// SPDX-License-Identifier: MIT
// Which memory type a request wants.
#ifndef VR_ENGINE_TYPE_H
#define VR_ENGINE_TYPE_H

#include "engine/allocator.h"

#define VR_NO_TYPE UINT32_MAX

struct VrTypeWish {
    VkMemoryPropertyFlags required;
    VkMemoryPropertyFlags preferred; // each one missing costs 1
    VkMemoryPropertyFlags avoided;   // each one present costs 1
};

VR_INLINE bool vr_usage_is_auto(VmaMemoryUsage usage)
{
    static_assert(VMA_MEMORY_USAGE_AUTO + 2 == VMA_MEMORY_USAGE_AUTO_PREFER_HOST, "one comparison tells");
    return (uint32_t)usage - VMA_MEMORY_USAGE_AUTO <= 2;
}

// `resource_usage`: VkBufferUsageFlags or VkImageUsageFlags (their transfer bits are the same), 0 when unknown.
// False: one of the AUTO usages needs a resource and none is known.
bool vr_type_wish(VmaAllocator allocator, const VmaAllocationCreateInfo *info, uint64_t resource_usage, struct VrTypeWish *wish);
// Cheapest type among `type_bits`, lowest index among equals; VR_NO_TYPE: none has what is required.
uint32_t vr_type_find(VmaAllocator allocator, uint32_t type_bits, const struct VrTypeWish *wish);

#endif
