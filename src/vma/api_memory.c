// SPDX-License-Identifier: MIT
// VMA's functions that allocate and free memory, and what can be asked of and said about an allocation.
#include "vma/check.h"
#include "vma/resource.h"

#include <string.h>

// Nulls the first output. False: an argument is missing.
VR_INLINE bool arguments_given(VmaAllocator allocator, const void *requirements, const void *info,
                               VmaAllocation *allocations, const char *function)
{
    if (!vr_check_argument(allocations, function, "pAllocation")) {
        return false;
    }
    *allocations = VK_NULL_HANDLE;
    if (VR_LIKELY(allocator && requirements && info && allocations)) {
        return true;
    }
    return vr_check_argument(allocator, function, "allocator") &&
           vr_check_argument(requirements, function, "requirements") &&
           vr_check_argument(info, function, "pCreateInfo");
}

static void fill_info(const struct VrRange *range, VmaAllocationInfo *info)
{
    const struct VrBlock *block = vr_range_block(range);
    *info = (VmaAllocationInfo){
        .memoryType = block->type,
        .deviceMemory = block->memory,
        .offset = range->offset,
        .size = vr_allocation_size(range),
        .pMappedData = vr_allocation_data(range),
        .pUserData = range->user_data,
        .pName = vr_allocation_name(range),
    };
}

void vr_fill_allocation_info(VmaAllocation allocation, VmaAllocationInfo *info)
{
    fill_info(vr_allocation_range(allocation), info);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateMemory(VmaAllocator allocator,
                                                      const VkMemoryRequirements *pVkMemoryRequirements,
                                                      const VmaAllocationCreateInfo *pCreateInfo,
                                                      VmaAllocation *pAllocation,
                                                      VmaAllocationInfo *pAllocationInfo)
{
    if (VR_UNLIKELY(!arguments_given(allocator, pVkMemoryRequirements, pCreateInfo, pAllocation, __func__))) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_UNKNOWN);
    request.requirements = *pVkMemoryRequirements;
    VkResult result = vr_allocate(allocator, &request, pCreateInfo, pAllocation);
    if (pAllocationInfo && result == VK_SUCCESS) {
        vr_fill_allocation_info(*pAllocation, pAllocationInfo);
    }
    return result;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaAllocateMemoryPages(VmaAllocator allocator, const VkMemoryRequirements *pVkMemoryRequirements,
                       const VmaAllocationCreateInfo *pCreateInfo, size_t allocationCount,
                       VmaAllocation *pAllocations, VmaAllocationInfo *pAllocationInfo)
{
    if (allocationCount == 0) {
        return VK_SUCCESS;
    }
    if (pAllocations) {
        memset(pAllocations, 0, allocationCount * sizeof(*pAllocations));
    }
    if (!arguments_given(allocator, pVkMemoryRequirements, pCreateInfo, pAllocations, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    for (size_t i = 0; i < allocationCount; ++i) {
        VmaAllocationInfo *info = pAllocationInfo ? &pAllocationInfo[i] : NULL;
        VkResult result =
            vmaAllocateMemory(allocator, pVkMemoryRequirements, pCreateInfo, &pAllocations[i], info);
        if (result != VK_SUCCESS) {
            vmaFreeMemoryPages(allocator, i, pAllocations);
            memset(pAllocations, 0, allocationCount * sizeof(*pAllocations));
            return result;
        }
    }
    return VK_SUCCESS;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateMemoryForBuffer(
    VmaAllocator allocator, VkBuffer buffer, const VmaAllocationCreateInfo *pCreateInfo,
    VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!arguments_given(allocator, buffer ? pCreateInfo : NULL, pCreateInfo, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_BUFFER);
    vr_requirements_of_buffer(allocator, buffer, &request);
    VkResult result = vr_allocate(allocator, &request, pCreateInfo, pAllocation);
    if (pAllocationInfo && result == VK_SUCCESS) {
        vr_fill_allocation_info(*pAllocation, pAllocationInfo);
    }
    return result;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaAllocateMemoryForImage(VmaAllocator allocator, VkImage image, const VmaAllocationCreateInfo *pCreateInfo,
                          VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!arguments_given(allocator, image ? pCreateInfo : NULL, pCreateInfo, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_IMAGE_UNKNOWN);
    vr_requirements_of_image(allocator, image, &request);
    VkResult result = vr_allocate(allocator, &request, pCreateInfo, pAllocation);
    if (pAllocationInfo && result == VK_SUCCESS) {
        vr_fill_allocation_info(*pAllocation, pAllocationInfo);
    }
    return result;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST
vmaAllocateDedicatedMemory(VmaAllocator allocator, const VkMemoryRequirements *pVkMemoryRequirements,
                           const VmaAllocationCreateInfo *pCreateInfo, void *pMemoryAllocateNext,
                           VmaAllocation *pAllocation, VmaAllocationInfo *pAllocationInfo)
{
    if (!arguments_given(allocator, pVkMemoryRequirements, pCreateInfo, pAllocation, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrAllocateRequest request;
    vr_allocate_request_init(&request, VR_KIND_UNKNOWN);
    request.requirements = *pVkMemoryRequirements;
    request.hints = VR_DEDICATED_REQUIRED;
    request.next = pMemoryAllocateNext;
    VkResult result = vr_allocate(allocator, &request, pCreateInfo, pAllocation);
    if (pAllocationInfo && result == VK_SUCCESS) {
        vr_fill_allocation_info(*pAllocation, pAllocationInfo);
    }
    return result;
}

VMA_CALL_PRE void VMA_CALL_POST vmaFreeMemory(VmaAllocator allocator, VmaAllocation allocation)
{
    if (!allocation) {
        return;
    }
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (VR_LIKELY(range != NULL)) {
        vr_allocation_free(allocator, range);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaFreeMemoryPages(VmaAllocator allocator, size_t allocationCount,
                                                           const VmaAllocation *pAllocations)
{
    if (allocationCount == 0 || !VR_GIVEN(pAllocations)) {
        return;
    }
    for (size_t i = allocationCount; i > 0; --i) {
        vmaFreeMemory(allocator, pAllocations[i - 1]);
    }
}

// ---- Questions ----

VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocationInfo(VmaAllocator allocator, VmaAllocation allocation,
                                                     VmaAllocationInfo *pAllocationInfo)
{
    if (!VR_GIVEN(pAllocationInfo)) {
        return;
    }
    const struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (VR_LIKELY(range != NULL)) {
        fill_info(range, pAllocationInfo);
    } else {
        *pAllocationInfo = (VmaAllocationInfo){0};
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocationInfo2(VmaAllocator allocator,
                                                              VmaAllocation allocation,
                                                              VmaAllocationInfo2 *pAllocationInfo)
{
    if (!VR_GIVEN(pAllocationInfo)) {
        return;
    }
    *pAllocationInfo = (VmaAllocationInfo2){0};
    const struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (range) {
        fill_info(range, &pAllocationInfo->allocationInfo);
        pAllocationInfo->blockSize = vr_range_block(range)->size;
        pAllocationInfo->dedicatedMemory = (range->kind & VR_ALLOCATION_DEDICATED) != 0;
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vramDescribeAllocation(VmaAllocation allocation,
                                                               VmaAllocationInfo *pInfo)
{
    const struct VrRange *range = vr_allocation_range(allocation);
    if (VR_GIVEN(pInfo)) {
        *pInfo = (VmaAllocationInfo){0};
        if (VR_GIVEN(range)) {
            fill_info(range, pInfo);
        }
    }
}

VMA_CALL_PRE void VMA_CALL_POST vmaSetAllocationUserData(VmaAllocator allocator, VmaAllocation allocation,
                                                         void *pUserData)
{
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (range) {
        vr_allocation_set_user_data(range, pUserData);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaSetAllocationName(VmaAllocator allocator, VmaAllocation allocation,
                                                             const char *pName)
{
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (range && vr_allocation_set_name(allocator, range, pName) != VK_SUCCESS) {
        vr_message(VR_SEVERITY_WARNING, "name-not-kept", VK_ERROR_OUT_OF_HOST_MEMORY,
                   "%s: host memory ran out", __func__);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocationMemoryProperties(VmaAllocator allocator,
                                                                         VmaAllocation allocation,
                                                                         VkMemoryPropertyFlags *pFlags)
{
    if (VR_GIVEN(pFlags)) {
        const struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
        *pFlags = range ? vr_type_flags(allocator, vr_range_block(range)->type) : 0;
    }
}

// ---- Binding ----

static bool offset_is_inside(const struct VrRange *range, VkDeviceSize offset, const char *function)
{
    if (offset < vr_allocation_size(range)) {
        return true;
    }
    vr_message(VR_SEVERITY_ERROR, "bind-outside", VK_ERROR_VALIDATION_FAILED_EXT,
               "%s: the offset is beyond the allocation", function);
    return false;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindBufferMemory2(VmaAllocator allocator,
                                                                 VmaAllocation allocation,
                                                                 VkDeviceSize allocationLocalOffset,
                                                                 VkBuffer buffer, const void *pNext)
{
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (!range || !vr_check_argument(buffer ? range : NULL, __func__, "buffer") ||
        !offset_is_inside(range, allocationLocalOffset, __func__)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    return vr_bind_buffer(allocator, range, allocationLocalOffset, buffer, pNext);
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindImageMemory2(VmaAllocator allocator,
                                                                VmaAllocation allocation,
                                                                VkDeviceSize allocationLocalOffset,
                                                                VkImage image, const void *pNext)
{
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (!range || !vr_check_argument(image ? range : NULL, __func__, "image") ||
        !offset_is_inside(range, allocationLocalOffset, __func__)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    return vr_bind_image(allocator, range, allocationLocalOffset, image, pNext);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindBufferMemory(VmaAllocator allocator, VmaAllocation allocation,
                                                        VkBuffer buffer)
{
    return vmaBindBufferMemory2(allocator, allocation, 0, buffer, NULL);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindImageMemory(VmaAllocator allocator, VmaAllocation allocation,
                                                       VkImage image)
{
    return vmaBindImageMemory2(allocator, allocation, 0, image, NULL);
}
