// SPDX-License-Identifier: MIT
// VMA's functions that create a buffer or an image together with its memory.
#include "vma/check.h"
#include "vma/resource.h"

// ---- Buffers ----

// On failure everything that was made is destroyed again and both handles are null.
VR_INLINE VkResult create_buffer(VmaAllocator allocator, const VkBufferCreateInfo *info, const VmaAllocationCreateInfo *allocation_info,
                                 struct VrAllocateRequest *request, uint64_t min_alignment, VkBuffer *buffer,
                                 VmaAllocation *allocation, VmaAllocationInfo *details)
{
    request->usage = vr_buffer_usage(allocator, info);
    if (VR_UNLIKELY(info->size == 0 || !(min_alignment == 0 || vr_is_pow2(min_alignment)))) {
        vr_message(VR_SEVERITY_ERROR, "bad-buffer", VK_ERROR_INITIALIZATION_FAILED, "size is 0 or the alignment is no power of two");
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    if (VR_UNLIKELY((request->usage & VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT) &&
                    !(allocator->flags & VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT))) {
        vr_message(VR_SEVERITY_ERROR, "device-address-not-enabled", VK_ERROR_INITIALIZATION_FAILED,
                   "VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT needs VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT");
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    VkResult result = allocator->vk.vkCreateBuffer(allocator->device, info, allocator->vk_callbacks, buffer);
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
VR_INLINE bool begin_buffer(VmaAllocator allocator, const void *info, const void *allocation_info, VkBuffer *buffer,
                            VmaAllocation *allocation, const char *function)
{
    if (VR_UNLIKELY(!vr_check_argument(buffer, function, "pBuffer") || !vr_check_argument(allocation, function, "pAllocation"))) {
        return false;
    }
    *buffer = VK_NULL_HANDLE;
    *allocation = VK_NULL_HANDLE;
    return vr_check_argument(allocator, function, "allocator") && vr_check_argument(info, function, "pBufferCreateInfo") &&
           vr_check_argument(allocation_info, function, "pAllocationCreateInfo");
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateBuffer(VmaAllocator allocator, const VkBufferCreateInfo *pBufferCreateInfo,
                                                    const VmaAllocationCreateInfo *pAllocationCreateInfo, VkBuffer *pBuffer,
                                                    VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (VR_UNLIKELY(!begin_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, pBuffer, pAllocation, __func__))) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    return create_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, &request, 1, pBuffer, pAllocation, pAllocationInfo);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateBufferWithAlignment(VmaAllocator allocator, const VkBufferCreateInfo *pBufferCreateInfo,
                                                                 const VmaAllocationCreateInfo *pAllocationCreateInfo,
                                                                 VkDeviceSize minAlignment, VkBuffer *pBuffer,
                                                                 VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, pBuffer, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    return create_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, &request, minAlignment, pBuffer, pAllocation,
                         pAllocationInfo);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateDedicatedBuffer(VmaAllocator allocator, const VkBufferCreateInfo *pBufferCreateInfo,
                                                             const VmaAllocationCreateInfo *pAllocationCreateInfo,
                                                             void *pMemoryAllocateNext, VkBuffer *pBuffer, VmaAllocation *pAllocation,
                                                             VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, pBuffer, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    request.hints = VR_DEDICATED_REQUIRED;
    request.next = pMemoryAllocateNext;
    return create_buffer(allocator, pBufferCreateInfo, pAllocationCreateInfo, &request, 1, pBuffer, pAllocation, pAllocationInfo);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingBuffer2(VmaAllocator allocator, VmaAllocation allocation,
                                                             VkDeviceSize allocationLocalOffset,
                                                             const VkBufferCreateInfo *pBufferCreateInfo, VkBuffer *pBuffer)
{
    if (!VR_GIVEN(pBuffer)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pBuffer = VK_NULL_HANDLE;
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (!range || !VR_GIVEN(pBufferCreateInfo) || pBufferCreateInfo->size == 0) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    VkResult result = allocator->vk.vkCreateBuffer(allocator->device, pBufferCreateInfo, allocator->vk_callbacks, pBuffer);
    if (result >= 0) {
        result = vr_bind_buffer(allocator, range, allocationLocalOffset, *pBuffer, NULL);
        if (result >= 0) {
            return VK_SUCCESS;
        }
        allocator->vk.vkDestroyBuffer(allocator->device, *pBuffer, allocator->vk_callbacks);
    }
    *pBuffer = VK_NULL_HANDLE;
    return result;
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingBuffer(VmaAllocator allocator, VmaAllocation allocation,
                                                            const VkBufferCreateInfo *pBufferCreateInfo, VkBuffer *pBuffer)
{
    return vmaCreateAliasingBuffer2(allocator, allocation, 0, pBufferCreateInfo, pBuffer);
}

VMA_CALL_PRE void VMA_CALL_POST vmaDestroyBuffer(VmaAllocator allocator, VkBuffer buffer, VmaAllocation allocation)
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

static VkResult check_image(const VkImageCreateInfo *info)
{
    if (info->extent.width == 0 || info->extent.height == 0 || info->extent.depth == 0 || info->mipLevels == 0 ||
        info->arrayLayers == 0) {
        vr_message(VR_SEVERITY_ERROR, "bad-image", VK_ERROR_INITIALIZATION_FAILED, "an extent, mipLevels or arrayLayers is 0");
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    if (info->flags & VK_IMAGE_CREATE_DISJOINT_BIT) {
        vr_message(VR_SEVERITY_ERROR, "disjoint-image", VK_ERROR_FEATURE_NOT_PRESENT,
                   "a disjoint image needs one allocation per plane: vmaAllocateMemory and vmaBindImageMemory2");
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    return VK_SUCCESS;
}

static VkResult create_image(VmaAllocator allocator, const VkImageCreateInfo *info, const VmaAllocationCreateInfo *allocation_info,
                             struct VrAllocateRequest *request, VkImage *image, VmaAllocation *allocation, VmaAllocationInfo *details)
{
    VkResult result = check_image(info);
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

static bool begin_image(VmaAllocator allocator, const void *info, const void *allocation_info, VkImage *image,
                        VmaAllocation *allocation, const char *function)
{
    if (!vr_check_argument(image, function, "pImage") || !vr_check_argument(allocation, function, "pAllocation")) {
        return false;
    }
    *image = VK_NULL_HANDLE;
    *allocation = VK_NULL_HANDLE;
    return vr_check_argument(allocator, function, "allocator") && vr_check_argument(info, function, "pImageCreateInfo") &&
           vr_check_argument(allocation_info, function, "pAllocationCreateInfo");
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateImage(VmaAllocator allocator, const VkImageCreateInfo *pImageCreateInfo,
                                                   const VmaAllocationCreateInfo *pAllocationCreateInfo, VkImage *pImage,
                                                   VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_image(allocator, pImageCreateInfo, pAllocationCreateInfo, pImage, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_IMAGE_OPTIMAL);
    return create_image(allocator, pImageCreateInfo, pAllocationCreateInfo, &request, pImage, pAllocation, pAllocationInfo);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateDedicatedImage(VmaAllocator allocator, const VkImageCreateInfo *pImageCreateInfo,
                                                            const VmaAllocationCreateInfo *pAllocationCreateInfo,
                                                            void *pMemoryAllocateNext, VkImage *pImage, VmaAllocation *pAllocation,
                                                            VmaAllocationInfo *pAllocationInfo)
{
    if (!begin_image(allocator, pImageCreateInfo, pAllocationCreateInfo, pImage, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_IMAGE_OPTIMAL);
    request.hints = VR_DEDICATED_REQUIRED;
    request.next = pMemoryAllocateNext;
    return create_image(allocator, pImageCreateInfo, pAllocationCreateInfo, &request, pImage, pAllocation, pAllocationInfo);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingImage2(VmaAllocator allocator, VmaAllocation allocation,
                                                            VkDeviceSize allocationLocalOffset,
                                                            const VkImageCreateInfo *pImageCreateInfo, VkImage *pImage)
{
    if (!VR_GIVEN(pImage)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pImage = VK_NULL_HANDLE;
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (!range || !VR_GIVEN(pImageCreateInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    VkResult result = check_image(pImageCreateInfo);
    if (result != VK_SUCCESS) {
        return result;
    }
    result = allocator->vk.vkCreateImage(allocator->device, pImageCreateInfo, allocator->vk_callbacks, pImage);
    if (result >= 0) {
        result = vr_bind_image(allocator, range, allocationLocalOffset, *pImage, NULL);
        if (result >= 0) {
            return VK_SUCCESS;
        }
        allocator->vk.vkDestroyImage(allocator->device, *pImage, allocator->vk_callbacks);
    }
    *pImage = VK_NULL_HANDLE;
    return result;
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingImage(VmaAllocator allocator, VmaAllocation allocation,
                                                           const VkImageCreateInfo *pImageCreateInfo, VkImage *pImage)
{
    return vmaCreateAliasingImage2(allocator, allocation, 0, pImageCreateInfo, pImage);
}

VMA_CALL_PRE void VMA_CALL_POST vmaDestroyImage(VmaAllocator allocator, VkImage image, VmaAllocation allocation)
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
