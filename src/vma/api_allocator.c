// SPDX-License-Identifier: MIT
// VMA's functions on the allocator itself and on memory type choice.
#include "engine/arena.h"
#include "engine/budget.h"
#include "engine/trim.h"
#include "engine/type.h"
#include "vma/check.h"
#include "vma/resource.h"

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAllocator(const VmaAllocatorCreateInfo *pCreateInfo,
                                                               VmaAllocator *pAllocator)
{
    if (!VR_GIVEN(pAllocator)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pAllocator = VK_NULL_HANDLE;
    if (!VR_GIVEN(pCreateInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return vr_allocator_create(pCreateInfo, pAllocator);
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaDestroyAllocator(VmaAllocator allocator)
{
    if (allocator) {
        vr_allocator_destroy(allocator);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocatorInfo(VmaAllocator allocator,
                                                            VmaAllocatorInfo *pAllocatorInfo)
{
    if (VR_GIVEN(allocator) && VR_GIVEN(pAllocatorInfo)) {
        *pAllocatorInfo = (VmaAllocatorInfo){.instance = allocator->instance,
                                             .physicalDevice = allocator->physical_device,
                                             .device = allocator->device};
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetPhysicalDeviceProperties(
    VmaAllocator allocator, const VkPhysicalDeviceProperties **ppPhysicalDeviceProperties)
{
    if (VR_GIVEN(allocator) && VR_GIVEN(ppPhysicalDeviceProperties)) {
        *ppPhysicalDeviceProperties = &allocator->properties;
    }
}

VMA_CALL_PRE void VMA_CALL_POST vmaGetMemoryProperties(
    VmaAllocator allocator, const VkPhysicalDeviceMemoryProperties **ppPhysicalDeviceMemoryProperties)
{
    if (VR_GIVEN(allocator) && VR_GIVEN(ppPhysicalDeviceMemoryProperties)) {
        *ppPhysicalDeviceMemoryProperties = &allocator->memory;
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetMemoryTypeProperties(VmaAllocator allocator,
                                                                   uint32_t memoryTypeIndex,
                                                                   VkMemoryPropertyFlags *pFlags)
{
    if (VR_GIVEN(allocator) && VR_GIVEN(pFlags)) {
        *pFlags = memoryTypeIndex < allocator->memory.memoryTypeCount
                      ? vr_type_flags(allocator, memoryTypeIndex)
                      : 0;
    }
}

VMA_CALL_PRE void VMA_CALL_POST vmaSetCurrentFrameIndex(VmaAllocator allocator, uint32_t frameIndex)
{
    if (VR_GIVEN(allocator)) {
        vr_budget_refresh(allocator);
        vr_trim_idle(allocator, frameIndex);
    }
}

// ---- Memory type choice ----

static VR_COLD VkResult find_type(VmaAllocator allocator, uint32_t type_bits,
                                  const VmaAllocationCreateInfo *info, uint64_t usage, uint32_t *type)
{
    *type = VR_NO_TYPE;
    struct VrTypeWish wish;
    if (!vr_type_wish(allocator, info, usage, &wish)) {
        vr_message(VR_SEVERITY_ERROR, "auto-needs-resource", VK_ERROR_FEATURE_NOT_PRESENT,
                   "VMA_MEMORY_USAGE_AUTO* needs to know the resource: use "
                   "vmaFindMemoryTypeIndexForBufferInfo or ForImageInfo");
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    *type = vr_type_find(allocator, type_bits & (info->memoryTypeBits ? info->memoryTypeBits : ~0u), &wish);
    return *type == VR_NO_TYPE ? VK_ERROR_FEATURE_NOT_PRESENT : VK_SUCCESS;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaFindMemoryTypeIndex(VmaAllocator allocator, uint32_t memoryTypeBits,
                       const VmaAllocationCreateInfo *pAllocationCreateInfo, uint32_t *pMemoryTypeIndex)
{
    if (!VR_GIVEN(allocator) || !VR_GIVEN(pAllocationCreateInfo) || !VR_GIVEN(pMemoryTypeIndex)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return find_type(allocator, memoryTypeBits, pAllocationCreateInfo, 0, pMemoryTypeIndex);
}

// Requirements of a buffer that is never created, or of one that is for a moment.
static VkResult probe_buffer(VmaAllocator allocator, const VkBufferCreateInfo *info,
                             VkMemoryRequirements *requirements)
{
    if (allocator->maintenance4) {
        VkDeviceBufferMemoryRequirements question = {
            .sType = VK_STRUCTURE_TYPE_DEVICE_BUFFER_MEMORY_REQUIREMENTS, .pCreateInfo = info};
        VkMemoryRequirements2 answer = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2};
        allocator->vk.vkGetDeviceBufferMemoryRequirements(allocator->device, &question, &answer);
        *requirements = answer.memoryRequirements;
        return VK_SUCCESS;
    }
    VkBuffer buffer;
    VkResult result = allocator->vk.vkCreateBuffer(allocator->device, info, allocator->vk_callbacks, &buffer);
    if (result == VK_SUCCESS) {
        allocator->vk.vkGetBufferMemoryRequirements(allocator->device, buffer, requirements);
        allocator->vk.vkDestroyBuffer(allocator->device, buffer, allocator->vk_callbacks);
    }
    return result;
}

static VkResult probe_image(VmaAllocator allocator, const VkImageCreateInfo *info,
                            VkMemoryRequirements *requirements)
{
    if (info->flags & VK_IMAGE_CREATE_DISJOINT_BIT) {
        vr_message(VR_SEVERITY_ERROR, "disjoint-image", VK_ERROR_FEATURE_NOT_PRESENT,
                   "each plane of a disjoint image has requirements of its own: use vmaFindMemoryTypeIndex");
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    // Which modifier is meant is not said here, so such images are really created.
    if (allocator->maintenance4 && info->tiling <= VK_IMAGE_TILING_LINEAR) {
        VkDeviceImageMemoryRequirements question = {
            .sType = VK_STRUCTURE_TYPE_DEVICE_IMAGE_MEMORY_REQUIREMENTS, .pCreateInfo = info};
        VkMemoryRequirements2 answer = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2};
        allocator->vk.vkGetDeviceImageMemoryRequirements(allocator->device, &question, &answer);
        *requirements = answer.memoryRequirements;
        return VK_SUCCESS;
    }
    VkImage image;
    VkResult result = allocator->vk.vkCreateImage(allocator->device, info, allocator->vk_callbacks, &image);
    if (result == VK_SUCCESS) {
        allocator->vk.vkGetImageMemoryRequirements(allocator->device, image, requirements);
        allocator->vk.vkDestroyImage(allocator->device, image, allocator->vk_callbacks);
    }
    return result;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaFindMemoryTypeIndexForBufferInfo(
    VmaAllocator allocator, const VkBufferCreateInfo *pBufferCreateInfo,
    const VmaAllocationCreateInfo *pAllocationCreateInfo, uint32_t *pMemoryTypeIndex)
{
    if (!VR_GIVEN(allocator) || !VR_GIVEN(pBufferCreateInfo) || !VR_GIVEN(pAllocationCreateInfo) ||
        !VR_GIVEN(pMemoryTypeIndex)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pMemoryTypeIndex = VR_NO_TYPE;
    VkMemoryRequirements requirements = {0};
    VkResult result = probe_buffer(allocator, pBufferCreateInfo, &requirements);
    if (result != VK_SUCCESS) {
        return result;
    }
    return find_type(allocator, requirements.memoryTypeBits, pAllocationCreateInfo,
                     vr_buffer_usage(allocator, pBufferCreateInfo), pMemoryTypeIndex);
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaFindMemoryTypeIndexForImageInfo(
    VmaAllocator allocator, const VkImageCreateInfo *pImageCreateInfo,
    const VmaAllocationCreateInfo *pAllocationCreateInfo, uint32_t *pMemoryTypeIndex)
{
    if (!VR_GIVEN(allocator) || !VR_GIVEN(pImageCreateInfo) || !VR_GIVEN(pAllocationCreateInfo) ||
        !VR_GIVEN(pMemoryTypeIndex)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pMemoryTypeIndex = VR_NO_TYPE;
    VkMemoryRequirements requirements = {0};
    VkResult result = probe_image(allocator, pImageCreateInfo, &requirements);
    if (result != VK_SUCCESS) {
        return result;
    }
    return find_type(allocator, requirements.memoryTypeBits, pAllocationCreateInfo, pImageCreateInfo->usage,
                     pMemoryTypeIndex);
}
