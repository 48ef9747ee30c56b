// SPDX-License-Identifier: MIT
// Memory requirements of buffers and images, and binding, through whichever Vulkan functions the allocator may call.
#ifndef VR_VMA_RESOURCE_H
#define VR_VMA_RESOURCE_H

#include "engine/allocation.h"

// Fill requirements, the dedicated hints and the handle of a request.
void vr_requirements_of_buffer(VmaAllocator allocator, VkBuffer buffer, struct VrAllocateRequest *request);
void vr_requirements_of_image(VmaAllocator allocator, VkImage image, struct VrAllocateRequest *request);

// VkBufferUsageFlags of a create info, or the 64-bit ones chained to it.
uint64_t vr_buffer_usage(VmaAllocator allocator, const VkBufferCreateInfo *info);

// `next` is chained into VkBind*MemoryInfo; needs vkBind*Memory2.
VkResult vr_bind_buffer(VmaAllocator allocator, struct VrRange *range, uint64_t offset, VkBuffer buffer, const void *next);
VkResult vr_bind_image(VmaAllocator allocator, struct VrRange *range, uint64_t offset, VkImage image, const void *next);

#endif
