// SPDX-License-Identifier: MIT
// VMA's functions that create a buffer or an image together with its memory.
#include "vma/check.h"
#include "vma/resource.h"

// ---- Buffers ----

// On failure everything that was made is destroyed again and both handles are null.
VR_INLINE VkResult create_buffer(VmaAllocator allocator, const VkBufferCreateInfo *info,
                                 const VmaAllocationCreateInfo *allocation_info,
                                 struct VrAllocateRequest *request, uint64_t min_alignment, VkBuffer *buffer,
                                 VmaAllocation *allocation, VmaAllocationInfo *details)
{
    request->usage = vr_buffer_usage(allocator, info);
    VkResult result = vr_check_buffer_info(allocator, info, request->usage, min_alignment);
    if (VR_UNLIKELY(result != VK_SUCCESS)) {
        return result;
    }
    result = allocator->vk.vkCreateBuffer(allocator->device, info, allocator->vk_callbacks, buffer);
    if (VR_UNLIKELY(result < 0)) {
        *buffer = VK_NULL_HANDLE;
        return result;
    }
    vr_requirements_of_buffer(allocator, *buffer, request);
    request->requirements.alignment = vr_max64(request->requirements.alignment, min_alignment);
    result = vr_allocate(allocator, request, allocation_info, allocation);
    if (VR_LIKELY(result == VK_SUCCESS)) {
        struct VrRange *range = vr_allocation_range(*allocation);
        if (VR_LIKELY(!(allocation_info->flags & VMA_ALLOCATION_CREATE_DONT_BIND_BIT))) {
            result = vr_bind_buffer(allocator, range, 0, *buffer, NULL);
        }
        if (VR_LIKELY(result >= 0)) {
            if (details) {
                vr_fill_allocation_info(*allocation, details);
            }
            return VK_SUCCESS;
        }
        vr_allocation_free(allocator, range);
        *allocation = VK_NULL_HANDLE;
    }
    allocator->vk.vkDestroyBuffer(allocator->device, *buffer, allocator->vk_callbacks);
    *buffer = VK_NULL_HANDLE;
    return result;
}

// Nulls the outputs. False: an argument is missing.
VR_INLINE bool begin_buffer(VmaAllocator allocator, const void *info, const void *allocation_info,
                            VkBuffer *buffer, VmaAllocation *allocation, const char *function)
{
    if (VR_UNLIKELY(!vr_check_argument(buffer, function, "pBuffer") ||
                    !vr_check_argument(allocation, function, "pAllocation"))) {
        return false;
    }
    *buffer = VK_NULL_HANDLE;
    *allocation = VK_NULL_HANDLE;
    return vr_check_argument(allocator, function, "allocator") &&
           vr_check_argument(info, function, "pBufferCreateInfo") &&
           vr_check_argument(allocation_info, function, "pAllocationCreateInfo");
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateBuffer(VmaAllocator allocator,
                                                    const VkBufferCreateInfo *pBufferCreateInfo,
                                                    const VmaAllocationCreateInfo *pAllocationCreateInfo,
                                                    VkBuffer *pBuffer, VmaAllocation *pAllocation,
                                                    VmaAllocationInfo *pAllocationInfo)
{
    if (VR_UNLIKELY(!begin_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, pBuffer, pAllocation,
                                  __func__))) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    return create_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, &request, 1, pBuffer,
                         pAllocation, pAllocationInfo);
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateBufferWithAlignment(
    VmaAllocator allocator, const VkBufferCreateInfo *pBufferCreateInfo,
    const VmaAllocationCreateInfo *pAllocationCreateInfo, VkDeviceSize minAlignment, VkBuffer *pBuffer,
    VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, pBuffer, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    return create_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, &request, minAlignment, pBuffer,
                         pAllocation, pAllocationInfo);
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaCreateDedicatedBuffer(VmaAllocator allocator, const VkBufferCreateInfo *pBufferCreateInfo,
                         const VmaAllocationCreateInfo *pAllocationCreateInfo, void *pMemoryAllocateNext,
                         VkBuffer *pBuffer, VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, pBuffer, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    request.hints = VR_DEDICATED_REQUIRED;
    request.next = pMemoryAllocateNext;
    return create_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, &request, 1, pBuffer,
                         pAllocation, pAllocationInfo);
}

VMA_CALL_PRE void VMA_CALL_POST vmaDestroyBuffer(VmaAllocator allocator, VkBuffer buffer,
                                                 VmaAllocation allocation)
{
    if (buffer && VR_GIVEN(allocator)) {
        allocator->vk.vkDestroyBuffer(allocator->device, buffer, allocator->vk_callbacks);
    }
    if (allocation) {
        struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
        if (VR_LIKELY(range != NULL)) {
            vr_allocation_free(allocator, range);
        }
    }
}

// ---- Images ----

static VR_COLD VkResult create_image(VmaAllocator allocator, const VkImageCreateInfo *info,
                                     const VmaAllocationCreateInfo *allocation_info,
                                     struct VrAllocateRequest *request, VkImage *image,
                                     VmaAllocation *allocation, VmaAllocationInfo *details)
{
    VkResult result = vr_check_image_info(info);
    if (result != VK_SUCCESS) {
        return result;
    }
    request->kind = info->tiling == VK_IMAGE_TILING_OPTIMAL ? VR_KIND_IMAGE_OPTIMAL : VR_KIND_IMAGE_LINEAR;
    request->usage = info->usage;
    result = allocator->vk.vkCreateImage(allocator->device, info, allocator->vk_callbacks, image);
    if (result < 0) {
        *image = VK_NULL_HANDLE;
        return result;
    }
    vr_requirements_of_image(allocator, *image, request);
    result = vr_allocate(allocator, request, allocation_info, allocation);
    if (VR_LIKELY(result == VK_SUCCESS)) {
        struct VrRange *range = vr_allocation_range(*allocation);
        if (!(allocation_info->flags & VMA_ALLOCATION_CREATE_DONT_BIND_BIT)) {
            result = vr_bind_image(allocator, range, 0, *image, NULL);
        }
        if (VR_LIKELY(result >= 0)) {
            if (details) {
                vr_fill_allocation_info(*allocation, details);
            }
            return VK_SUCCESS;
        }
        vr_allocation_free(allocator, range);
        *allocation = VK_NULL_HANDLE;
    }
    allocator->vk.vkDestroyImage(allocator->device, *image, allocator->vk_callbacks);
    *image = VK_NULL_HANDLE;
    return result;
}

static VR_COLD bool begin_image(VmaAllocator allocator, const void *info, const void *allocation_info,
                                VkImage *image, VmaAllocation *allocation, const char *function)
{
    if (!vr_check_argument(image, function, "pImage") ||
        !vr_check_argument(allocation, function, "pAllocation")) {
        return false;
    }
    *image = VK_NULL_HANDLE;
    *allocation = VK_NULL_HANDLE;
    return vr_check_argument(allocator, function, "allocator") &&
           vr_check_argument(info, function, "pImageCreateInfo") &&
           vr_check_argument(allocation_info, function, "pAllocationCreateInfo");
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateImage(VmaAllocator allocator,
                                                   const VkImageCreateInfo *pImageCreateInfo,
                                                   const VmaAllocationCreateInfo *pAllocationCreateInfo,
                                                   VkImage *pImage, VmaAllocation *pAllocation,
                                                   VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_image(allocator, pImageCreateInfo, pAllocationCreateInfo, pImage, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_IMAGE_OPTIMAL);
    return create_image(allocator, pImageCreateInfo, pAllocationCreateInfo, &request, pImage, pAllocation,
                        pAllocationInfo);
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaCreateDedicatedImage(VmaAllocator allocator, const VkImageCreateInfo *pImageCreateInfo,
                        const VmaAllocationCreateInfo *pAllocationCreateInfo, void *pMemoryAllocateNext,
                        VkImage *pImage, VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_image(allocator, pImageCreateInfo, pAllocationCreateInfo, pImage, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_IMAGE_OPTIMAL);
    request.hints = VR_DEDICATED_REQUIRED;
    request.next = pMemoryAllocateNext;
    return create_image(allocator, pImageCreateInfo, pAllocationCreateInfo, &request, pImage, pAllocation,
                        pAllocationInfo);
}

VMA_CALL_PRE void VMA_CALL_POST vmaDestroyImage(VmaAllocator allocator, VkImage image,
                                                VmaAllocation allocation)
{
    if (image && VR_GIVEN(allocator)) {
        allocator->vk.vkDestroyImage(allocator->device, image, allocator->vk_callbacks);
    }
    if (allocation) {
        struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
        if (VR_LIKELY(range != NULL)) {
            vr_allocation_free(allocator, range);
        }
    }
}
