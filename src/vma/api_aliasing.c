// SPDX-License-Identifier: MIT
// VMA's functions that create a buffer or an image in memory that an allocation holds already.
#include "vma/check.h"
#include "vma/resource.h"

// VMA leaves it to the program that the resource fits where it is put; a mistake would write into the
// neighbours.
static VkResult check_place(const struct VrRange *range, uint64_t offset,
                            const struct VrAllocateRequest *needed)
{
    const VkMemoryRequirements *requirements = &needed->requirements;
    const struct VrBlock *block = vr_range_block(range);
    uint64_t whole = vr_allocation_size(range);
    const char *why = NULL;
    if (offset > whole || requirements->size > whole - offset) {
        why = "it does not fit into the allocation at that offset";
    } else if ((range->offset + offset) % vr_max64(requirements->alignment, 1) != 0) {
        why = "the allocation, or the offset in it, is not aligned enough";
    } else if (!(requirements->memoryTypeBits >> block->type & 1u)) {
        why = "it cannot lie in the allocation's memory type";
    } else if (needed->hints & VR_DEDICATED_REQUIRED) {
        why = "the driver insists on memory of its own";
    }
    if (!why) {
        return VK_SUCCESS;
    }
    vr_message(VR_SEVERITY_ERROR, "bad-alias", VK_ERROR_VALIDATION_FAILED_EXT,
               "an aliasing resource cannot be bound: %s", why);
    return VK_ERROR_VALIDATION_FAILED_EXT;
}

static VkResult bind_aliasing_buffer(VmaAllocator allocator, struct VrRange *range, uint64_t offset,
                                     VkBuffer buffer)
{
    struct VrAllocateRequest needed;
    vr_allocate_request_init(&needed, VR_KIND_BUFFER);
    vr_requirements_of_buffer(allocator, buffer, &needed);
    VkResult result = check_place(range, offset, &needed);
    return result == VK_SUCCESS ? vr_bind_buffer(allocator, range, offset, buffer, NULL) : result;
}

static VkResult bind_aliasing_image(VmaAllocator allocator, struct VrRange *range, uint64_t offset,
                                    VkImage image)
{
    struct VrAllocateRequest needed;
    vr_allocate_request_init(&needed, VR_KIND_IMAGE_UNKNOWN);
    vr_requirements_of_image(allocator, image, &needed);
    VkResult result = check_place(range, offset, &needed);
    return result == VK_SUCCESS ? vr_bind_image(allocator, range, offset, image, NULL) : result;
}

// ---- Buffers ----

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaCreateAliasingBuffer2(VmaAllocator allocator, VmaAllocation allocation, VkDeviceSize allocationLocalOffset,
                         const VkBufferCreateInfo *pBufferCreateInfo, VkBuffer *pBuffer)
{
    if (!VR_GIVEN(pBuffer)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pBuffer = VK_NULL_HANDLE;
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (!range || !VR_GIVEN(pBufferCreateInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    uint64_t usage = vr_buffer_usage(allocator, pBufferCreateInfo);
    VkResult result = vr_check_buffer_info(allocator, pBufferCreateInfo, usage, 0);
    if (result != VK_SUCCESS) {
        return result;
    }
    result =
        allocator->vk.vkCreateBuffer(allocator->device, pBufferCreateInfo, allocator->vk_callbacks, pBuffer);
    if (result >= 0) {
        result = bind_aliasing_buffer(allocator, range, allocationLocalOffset, *pBuffer);
        if (result >= 0) {
            return VK_SUCCESS;
        }
        allocator->vk.vkDestroyBuffer(allocator->device, *pBuffer, allocator->vk_callbacks);
    }
    *pBuffer = VK_NULL_HANDLE;
    return result;
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingBuffer(VmaAllocator allocator, VmaAllocation allocation,
                                                            const VkBufferCreateInfo *pBufferCreateInfo,
                                                            VkBuffer *pBuffer)
{
    return vmaCreateAliasingBuffer2(allocator, allocation, 0, pBufferCreateInfo, pBuffer);
}

// ---- Images ----

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingImage2(VmaAllocator allocator,
                                                                    VmaAllocation allocation,
                                                                    VkDeviceSize allocationLocalOffset,
                                                                    const VkImageCreateInfo *pImageCreateInfo,
                                                                    VkImage *pImage)
{
    if (!VR_GIVEN(pImage)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pImage = VK_NULL_HANDLE;
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (!range || !VR_GIVEN(pImageCreateInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    VkResult result = vr_check_image_info(pImageCreateInfo);
    if (result != VK_SUCCESS) {
        return result;
    }
    result =
        allocator->vk.vkCreateImage(allocator->device, pImageCreateInfo, allocator->vk_callbacks, pImage);
    if (result >= 0) {
        result = bind_aliasing_image(allocator, range, allocationLocalOffset, *pImage);
        if (result >= 0) {
            return VK_SUCCESS;
        }
        allocator->vk.vkDestroyImage(allocator->device, *pImage, allocator->vk_callbacks);
    }
    *pImage = VK_NULL_HANDLE;
    return result;
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingImage(VmaAllocator allocator, VmaAllocation allocation,
                                                           const VkImageCreateInfo *pImageCreateInfo,
                                                           VkImage *pImage)
{
    return vmaCreateAliasingImage2(allocator, allocation, 0, pImageCreateInfo, pImage);
}
