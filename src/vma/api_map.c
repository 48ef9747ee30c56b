// SPDX-License-Identifier: MIT
// VMA's functions that map, flush, invalidate and copy.
#include "vma/check.h"

#include <string.h>

VMA_CALL_PRE VkResult VMA_CALL_POST vmaMapMemory(VmaAllocator allocator, VmaAllocation allocation,
                                                 void **ppData)
{
    if (!VR_GIVEN(ppData)) {
        return VK_ERROR_MEMORY_MAP_FAILED;
    }
    *ppData = NULL;
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    return range ? vr_allocation_map(allocator, range, ppData) : VK_ERROR_MEMORY_MAP_FAILED;
}

VMA_CALL_PRE void VMA_CALL_POST vmaUnmapMemory(VmaAllocator allocator, VmaAllocation allocation)
{
    struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    if (range) {
        vr_allocation_unmap(allocator, range);
    }
}

// ---- Flush and invalidate ----

typedef VkResult(VKAPI_PTR *FlushFunction)(VkDevice, uint32_t, const VkMappedMemoryRange *);

enum { RANGES_PER_CALL = 64 };

// The part of an allocation to flush, rounded to what Vulkan accepts. False: there is nothing to do.
static VR_COLD bool flush_range(VmaAllocator allocator, const struct VrRange *range, VkDeviceSize offset,
                                VkDeviceSize size, VkMappedMemoryRange *flushed)
{
    const struct VrBlock *block = vr_range_block(range);
    uint64_t whole = vr_allocation_size(range);
    if (size == 0 || offset >= whole || !vr_type_needs_flush(allocator, block->type)) {
        return false;
    }
    uint64_t atom = vr_max64(allocator->properties.limits.nonCoherentAtomSize, 1);
    uint64_t end = size >= whole - offset ? whole : offset + size; // covers VK_WHOLE_SIZE
    uint64_t first = vr_align_down(range->offset + offset, atom);
    uint64_t last = vr_min64(vr_align_up(range->offset + end, atom), block->size);
    *flushed = (VkMappedMemoryRange){.sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE,
                                     .memory = block->memory,
                                     .offset = first,
                                     .size = last - first};
    return true;
}

static VR_COLD VkResult flush_one(VmaAllocator allocator, VmaAllocation allocation, VkDeviceSize offset,
                                  VkDeviceSize size, FlushFunction call, const char *function)
{
    const struct VrRange *range = vr_check_allocation(allocator, allocation, function);
    VkMappedMemoryRange flushed;
    if (!range) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    return flush_range(allocator, range, offset, size, &flushed) ? call(allocator->device, 1, &flushed)
                                                                 : VK_SUCCESS;
}

// One driver call per RANGES_PER_CALL relevant ranges.
static VR_COLD VkResult flush_many(VmaAllocator allocator, uint32_t count, const VmaAllocation *allocations,
                                   const VkDeviceSize *offsets, const VkDeviceSize *sizes, FlushFunction call,
                                   const char *function)
{
    VkMappedMemoryRange ranges[RANGES_PER_CALL];
    uint32_t used = 0;
    VkResult result = VK_SUCCESS;
    for (uint32_t i = 0; i < count; ++i) {
        const struct VrRange *range = vr_check_allocation(allocator, allocations[i], function);
        if (!range) {
            return VK_ERROR_VALIDATION_FAILED_EXT;
        }
        used += flush_range(allocator, range, offsets ? offsets[i] : 0, sizes ? sizes[i] : VK_WHOLE_SIZE,
                            &ranges[used]);
        if (used == RANGES_PER_CALL || (used && i + 1 == count)) {
            result = call(allocator->device, used, ranges);
            used = 0;
        }
        if (result != VK_SUCCESS) {
            return result;
        }
    }
    return result;
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaFlushAllocation(VmaAllocator allocator, VmaAllocation allocation,
                                                       VkDeviceSize offset, VkDeviceSize size)
{
    return flush_one(allocator, allocation, offset, size,
                     allocator ? allocator->vk.vkFlushMappedMemoryRanges : NULL, __func__);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaInvalidateAllocation(VmaAllocator allocator, VmaAllocation allocation,
                                                            VkDeviceSize offset, VkDeviceSize size)
{
    return flush_one(allocator, allocation, offset, size,
                     allocator ? allocator->vk.vkInvalidateMappedMemoryRanges : NULL, __func__);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaFlushAllocations(VmaAllocator allocator, uint32_t allocationCount,
                                                        const VmaAllocation *allocations,
                                                        const VkDeviceSize *offsets,
                                                        const VkDeviceSize *sizes)
{
    if (allocationCount == 0) {
        return VK_SUCCESS;
    }
    if (!VR_GIVEN(allocator) || !VR_GIVEN(allocations)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    return flush_many(allocator, allocationCount, allocations, offsets, sizes,
                      allocator->vk.vkFlushMappedMemoryRanges, __func__);
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaInvalidateAllocations(VmaAllocator allocator, uint32_t allocationCount,
                                                             const VmaAllocation *allocations,
                                                             const VkDeviceSize *offsets,
                                                             const VkDeviceSize *sizes)
{
    if (allocationCount == 0) {
        return VK_SUCCESS;
    }
    if (!VR_GIVEN(allocator) || !VR_GIVEN(allocations)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    return flush_many(allocator, allocationCount, allocations, offsets, sizes,
                      allocator->vk.vkInvalidateMappedMemoryRanges, __func__);
}

// ---- Copies ----

static bool is_inside(const struct VrRange *range, VkDeviceSize offset, VkDeviceSize size,
                      const char *function)
{
    uint64_t whole = vr_allocation_size(range);
    if (offset <= whole && size <= whole - offset) {
        return true;
    }
    vr_message(VR_SEVERITY_ERROR, "copy-outside", VK_ERROR_VALIDATION_FAILED_EXT,
               "%s: the range is beyond the allocation", function);
    return false;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCopyMemoryToAllocation(VmaAllocator allocator,
                                                                      const void *pSrcHostPointer,
                                                                      VmaAllocation dstAllocation,
                                                                      VkDeviceSize dstAllocationLocalOffset,
                                                                      VkDeviceSize size)
{
    if (size == 0) {
        return VK_SUCCESS;
    }
    struct VrRange *range = vr_check_allocation(allocator, dstAllocation, __func__);
    if (!range || !VR_GIVEN(pSrcHostPointer) || !is_inside(range, dstAllocationLocalOffset, size, __func__)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    void *data;
    VkResult result = vr_allocation_map(allocator, range, &data);
    if (result != VK_SUCCESS) {
        return result;
    }
    memcpy((char *)data + dstAllocationLocalOffset, pSrcHostPointer, (size_t)size);
    // Vulkan flushes mapped memory only, so this comes before the unmap.
    VkMappedMemoryRange flushed;
    if (flush_range(allocator, range, dstAllocationLocalOffset, size, &flushed)) {
        result = allocator->vk.vkFlushMappedMemoryRanges(allocator->device, 1, &flushed);
    }
    vr_allocation_unmap(allocator, range);
    return result;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCopyAllocationToMemory(VmaAllocator allocator,
                                                                      VmaAllocation srcAllocation,
                                                                      VkDeviceSize srcAllocationLocalOffset,
                                                                      void *pDstHostPointer,
                                                                      VkDeviceSize size)
{
    if (size == 0) {
        return VK_SUCCESS;
    }
    struct VrRange *range = vr_check_allocation(allocator, srcAllocation, __func__);
    if (!range || !VR_GIVEN(pDstHostPointer) || !is_inside(range, srcAllocationLocalOffset, size, __func__)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    void *data;
    VkResult result = vr_allocation_map(allocator, range, &data);
    if (result != VK_SUCCESS) {
        return result;
    }
    VkMappedMemoryRange invalidated;
    if (flush_range(allocator, range, srcAllocationLocalOffset, size, &invalidated)) {
        result = allocator->vk.vkInvalidateMappedMemoryRanges(allocator->device, 1, &invalidated);
    }
    if (result == VK_SUCCESS) {
        memcpy(pDstHostPointer, (const char *)data + srcAllocationLocalOffset, (size_t)size);
    }
    vr_allocation_unmap(allocator, range);
    return result;
}
