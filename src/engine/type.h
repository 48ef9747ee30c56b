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

// `resource_usage`: VkBufferUsageFlags or VkImageUsageFlags (their transfer bits are the same), 0 when
// unknown. False: one of the AUTO usages needs a resource and none is known.
bool vr_type_wish_of_usage(VmaAllocator allocator, const VmaAllocationCreateInfo *info,
                           uint64_t resource_usage, struct VrTypeWish *wish);

VR_INLINE bool vr_type_wish(VmaAllocator allocator, const VmaAllocationCreateInfo *info,
                            uint64_t resource_usage, struct VrTypeWish *wish)
{
    if (info->usage == VMA_MEMORY_USAGE_UNKNOWN &&
        !(allocator->known_flags & VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD)) {
        *wish = (struct VrTypeWish){info->requiredFlags, info->preferredFlags, 0};
        return true;
    }
    return vr_type_wish_of_usage(allocator, info, resource_usage, wish);
}

// As vr_type_find when no type is perfect.
uint32_t vr_type_find_cheapest(VmaAllocator allocator, uint32_t candidates, const struct VrTypeWish *wish);

// Cheapest type among `type_bits`, lowest index among equals; VR_NO_TYPE: none has what is required.
VR_INLINE uint32_t vr_type_find(VmaAllocator allocator, uint32_t type_bits, const struct VrTypeWish *wish)
{
    uint32_t candidates = type_bits & allocator->type_mask;
    VkMemoryPropertyFlags wanted = wish->required | wish->preferred;
    VkMemoryPropertyFlags avoided = wish->avoided;
    // Mostly a type has all that is wanted and nothing that is avoided.
    if (VR_LIKELY((wanted | avoided) >> VR_PROPERTY_BITS == 0)) {
        uint32_t perfect =
            candidates & allocator->types_with_all[wanted] & ~allocator->types_with_any[avoided];
        if (VR_LIKELY(perfect != 0)) {
            return vr_low_bit(perfect);
        }
    }
    return vr_type_find_cheapest(allocator, candidates, wish);
}

#endif
