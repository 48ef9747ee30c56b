// SPDX-License-Identifier: MIT
// Memory requirements of buffers and images, and binding, through whichever Vulkan functions the allocator
// may call.
#ifndef VR_VMA_RESOURCE_H
#define VR_VMA_RESOURCE_H

#include "engine/allocation.h"

// VK_SUCCESS, or why vkCreateBuffer or vkCreateImage is not even called, with a message. `usage` is the
// buffer's, from vr_buffer_usage.
VkResult vr_refuse_buffer_info(const VkBufferCreateInfo *info, uint64_t min_alignment);
VkResult vr_check_image_info(const VkImageCreateInfo *info);

VR_INLINE VkResult vr_check_buffer_info(VmaAllocator allocator, const VkBufferCreateInfo *info,
                                        uint64_t usage, uint64_t min_alignment)
{
    bool address_allowed = !(usage & VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT) ||
                           (allocator->flags & VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT);
    if (VR_LIKELY(info->size != 0 && (min_alignment == 0 || vr_is_pow2(min_alignment)) && address_allowed)) {
        return VK_SUCCESS;
    }
    return vr_refuse_buffer_info(info, min_alignment);
}

// Fill requirements, the dedicated hints and the handle of a request.
void vr_requirements_of_buffer(VmaAllocator allocator, VkBuffer buffer, struct VrAllocateRequest *request);
void vr_requirements_of_image(VmaAllocator allocator, VkImage image, struct VrAllocateRequest *request);

// VkBufferUsageFlags of a create info, or the 64-bit ones chained to it.
uint64_t vr_buffer_usage(VmaAllocator allocator, const VkBufferCreateInfo *info);

// `next` is chained into VkBind*MemoryInfo; needs vkBind*Memory2.
VkResult vr_bind_buffer(VmaAllocator allocator, struct VrRange *range, uint64_t offset, VkBuffer buffer,
                        const void *next);
VkResult vr_bind_image(VmaAllocator allocator, struct VrRange *range, uint64_t offset, VkImage image,
                       const void *next);

#endif
