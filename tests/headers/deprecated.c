// SPDX-License-Identifier: MIT
//
// Old names. With VRAM_WARN_DEPRECATED each marked line must give a warning that holds the marked text, and
// no other line may warn; without it, all is silent. Read by check_deprecated.py. Compiled as C and as C++.

#include "vk_mem_alloc.h"

static const int old_names[] = {
    VMA_MEMORY_USAGE_UNKNOWN,
    VMA_MEMORY_USAGE_GPU_ONLY,   // warns: use VMA_MEMORY_USAGE_AUTO
    VMA_MEMORY_USAGE_CPU_ONLY,   // warns: use VMA_MEMORY_USAGE_AUTO_PREFER_HOST
    VMA_MEMORY_USAGE_CPU_TO_GPU, // warns: VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT
    VMA_MEMORY_USAGE_GPU_TO_CPU, // warns: VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT
    VMA_MEMORY_USAGE_CPU_COPY,   // warns: use VMA_MEMORY_USAGE_AUTO_PREFER_HOST
    VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED,
    VMA_MEMORY_USAGE_AUTO,
    VMA_ALLOCATION_CREATE_STRATEGY_BEST_FIT_BIT,     // warns: VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT
    VMA_ALLOCATION_CREATE_STRATEGY_FIRST_FIT_BIT,    // warns: VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT
    VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT, // warns: use vmaSetAllocationName()
    VMA_ALLOCATION_CREATE_STRATEGY_MASK,
};

VkResult vram_test_old_function(VmaAllocator allocator, const VkBufferCreateInfo *buffer_info,
                                const VmaAllocationCreateInfo *info, VkBuffer *buffer,
                                VmaAllocation *allocation);

VkResult vram_test_old_function(VmaAllocator allocator, const VkBufferCreateInfo *buffer_info,
                                const VmaAllocationCreateInfo *info, VkBuffer *buffer,
                                VmaAllocation *allocation)
{
    VmaAllocationInfo result;

    (void)old_names;
    return vmaCreateBufferWithAlignment( // warns: VmaAllocationCreateInfo::minAlignment
        allocator, buffer_info, info, 256, buffer, allocation, &result);
}
