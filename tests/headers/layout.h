// SPDX-License-Identifier: MIT
//
// Facts of the VMA 3.3 and 3.4 binary interface that both layouts share, on 64-bit platforms: sizes and
// offsets of the structures, values of the enumerations, and every function declared once more, so that a
// difference does not compile. The two structures that grew are in layout_3_3.c and layout_3_4.c.

#ifndef VRAM_TESTS_LAYOUT_H
#define VRAM_TESTS_LAYOUT_H

#include <assert.h>
#include <stddef.h>

#include "vk_mem_alloc.h"

#ifdef __cplusplus
#define MEMBER_SIZE(type, member) sizeof(type::member)
#else
#define MEMBER_SIZE(type, member) sizeof(((type *)0)->member)
#endif
#define SIZE(type, bytes) static_assert(sizeof(type) == (bytes), "size of " #type)
#define MEMBER(type, member, position, bytes)                                                                \
    static_assert(offsetof(type, member) == (position), "offset of " #type "::" #member);                    \
    static_assert(MEMBER_SIZE(type, member) == (bytes), "size of " #type "::" #member)
#define VALUE(name, number) static_assert((name) == (number), "value of " #name)

// Handles

SIZE(VmaAllocator, 8);
SIZE(VmaPool, 8);
SIZE(VmaAllocation, 8);
SIZE(VmaDefragmentationContext, 8);
SIZE(VmaVirtualAllocation, 8);
SIZE(VmaVirtualBlock, 8);

// Flag types
SIZE(VmaAllocatorCreateFlags, 4);
SIZE(VmaAllocationCreateFlags, 4);
SIZE(VmaPoolCreateFlags, 4);
SIZE(VmaDefragmentationFlags, 4);
SIZE(VmaVirtualBlockCreateFlags, 4);
SIZE(VmaVirtualAllocationCreateFlags, 4);

// Structures

SIZE(VmaDeviceMemoryCallbacks, 24);
MEMBER(VmaDeviceMemoryCallbacks, pfnAllocate, 0, 8);
MEMBER(VmaDeviceMemoryCallbacks, pfnFree, 8, 8);
MEMBER(VmaDeviceMemoryCallbacks, pUserData, 16, 8);

SIZE(VmaAllocatorCreateInfo, 88);
MEMBER(VmaAllocatorCreateInfo, flags, 0, 4);
MEMBER(VmaAllocatorCreateInfo, physicalDevice, 8, 8);
MEMBER(VmaAllocatorCreateInfo, device, 16, 8);
MEMBER(VmaAllocatorCreateInfo, preferredLargeHeapBlockSize, 24, 8);
MEMBER(VmaAllocatorCreateInfo, pAllocationCallbacks, 32, 8);
MEMBER(VmaAllocatorCreateInfo, pDeviceMemoryCallbacks, 40, 8);
MEMBER(VmaAllocatorCreateInfo, pHeapSizeLimit, 48, 8);
MEMBER(VmaAllocatorCreateInfo, pVulkanFunctions, 56, 8);
MEMBER(VmaAllocatorCreateInfo, instance, 64, 8);
MEMBER(VmaAllocatorCreateInfo, vulkanApiVersion, 72, 4);
MEMBER(VmaAllocatorCreateInfo, pTypeExternalMemoryHandleTypes, 80, 8);

SIZE(VmaAllocatorInfo, 24);
MEMBER(VmaAllocatorInfo, instance, 0, 8);
MEMBER(VmaAllocatorInfo, physicalDevice, 8, 8);
MEMBER(VmaAllocatorInfo, device, 16, 8);

SIZE(VmaStatistics, 24);
MEMBER(VmaStatistics, blockCount, 0, 4);
MEMBER(VmaStatistics, allocationCount, 4, 4);
MEMBER(VmaStatistics, blockBytes, 8, 8);
MEMBER(VmaStatistics, allocationBytes, 16, 8);

SIZE(VmaDetailedStatistics, 64);
MEMBER(VmaDetailedStatistics, statistics, 0, 24);
MEMBER(VmaDetailedStatistics, unusedRangeCount, 24, 4);
MEMBER(VmaDetailedStatistics, allocationSizeMin, 32, 8);
MEMBER(VmaDetailedStatistics, allocationSizeMax, 40, 8);
MEMBER(VmaDetailedStatistics, unusedRangeSizeMin, 48, 8);
MEMBER(VmaDetailedStatistics, unusedRangeSizeMax, 56, 8);

SIZE(VmaTotalStatistics, 3136);
MEMBER(VmaTotalStatistics, memoryType, 0, 2048);
MEMBER(VmaTotalStatistics, memoryHeap, 2048, 1024);
MEMBER(VmaTotalStatistics, total, 3072, 64);

SIZE(VmaBudget, 40);
MEMBER(VmaBudget, statistics, 0, 24);
MEMBER(VmaBudget, usage, 24, 8);
MEMBER(VmaBudget, budget, 32, 8);

SIZE(VmaPoolCreateInfo, 56);
MEMBER(VmaPoolCreateInfo, memoryTypeIndex, 0, 4);
MEMBER(VmaPoolCreateInfo, flags, 4, 4);
MEMBER(VmaPoolCreateInfo, blockSize, 8, 8);
MEMBER(VmaPoolCreateInfo, minBlockCount, 16, 8);
MEMBER(VmaPoolCreateInfo, maxBlockCount, 24, 8);
MEMBER(VmaPoolCreateInfo, priority, 32, 4);
MEMBER(VmaPoolCreateInfo, minAllocationAlignment, 40, 8);
MEMBER(VmaPoolCreateInfo, pMemoryAllocateNext, 48, 8);

SIZE(VmaAllocationInfo, 56);
MEMBER(VmaAllocationInfo, memoryType, 0, 4);
MEMBER(VmaAllocationInfo, deviceMemory, 8, 8);
MEMBER(VmaAllocationInfo, offset, 16, 8);
MEMBER(VmaAllocationInfo, size, 24, 8);
MEMBER(VmaAllocationInfo, pMappedData, 32, 8);
MEMBER(VmaAllocationInfo, pUserData, 40, 8);
MEMBER(VmaAllocationInfo, pName, 48, 8);

SIZE(VmaAllocationInfo2, 72);
MEMBER(VmaAllocationInfo2, allocationInfo, 0, 56);
MEMBER(VmaAllocationInfo2, blockSize, 56, 8);
MEMBER(VmaAllocationInfo2, dedicatedMemory, 64, 4);

SIZE(VmaDefragmentationInfo, 48);
MEMBER(VmaDefragmentationInfo, flags, 0, 4);
MEMBER(VmaDefragmentationInfo, pool, 8, 8);
MEMBER(VmaDefragmentationInfo, maxBytesPerPass, 16, 8);
MEMBER(VmaDefragmentationInfo, maxAllocationsPerPass, 24, 4);
MEMBER(VmaDefragmentationInfo, pfnBreakCallback, 32, 8);
MEMBER(VmaDefragmentationInfo, pBreakCallbackUserData, 40, 8);

SIZE(VmaDefragmentationMove, 24);
MEMBER(VmaDefragmentationMove, operation, 0, 4);
MEMBER(VmaDefragmentationMove, srcAllocation, 8, 8);
MEMBER(VmaDefragmentationMove, dstTmpAllocation, 16, 8);

SIZE(VmaDefragmentationPassMoveInfo, 16);
MEMBER(VmaDefragmentationPassMoveInfo, moveCount, 0, 4);
MEMBER(VmaDefragmentationPassMoveInfo, pMoves, 8, 8);

SIZE(VmaDefragmentationStats, 24);
MEMBER(VmaDefragmentationStats, bytesMoved, 0, 8);
MEMBER(VmaDefragmentationStats, bytesFreed, 8, 8);
MEMBER(VmaDefragmentationStats, allocationsMoved, 16, 4);
MEMBER(VmaDefragmentationStats, deviceMemoryBlocksFreed, 20, 4);

SIZE(VmaVirtualBlockCreateInfo, 24);
MEMBER(VmaVirtualBlockCreateInfo, size, 0, 8);
MEMBER(VmaVirtualBlockCreateInfo, flags, 8, 4);
MEMBER(VmaVirtualBlockCreateInfo, pAllocationCallbacks, 16, 8);

SIZE(VmaVirtualAllocationCreateInfo, 32);
MEMBER(VmaVirtualAllocationCreateInfo, size, 0, 8);
MEMBER(VmaVirtualAllocationCreateInfo, alignment, 8, 8);
MEMBER(VmaVirtualAllocationCreateInfo, flags, 16, 4);
MEMBER(VmaVirtualAllocationCreateInfo, pUserData, 24, 8);

SIZE(VmaVirtualAllocationInfo, 24);
MEMBER(VmaVirtualAllocationInfo, offset, 0, 8);
MEMBER(VmaVirtualAllocationInfo, size, 8, 8);
MEMBER(VmaVirtualAllocationInfo, pUserData, 16, 8);

// Enumerations

SIZE(VmaAllocatorCreateFlagBits, 4);
VALUE(VMA_ALLOCATOR_CREATE_EXTERNALLY_SYNCHRONIZED_BIT, 0x1);
VALUE(VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT, 0x2);
VALUE(VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT, 0x4);
VALUE(VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT, 0x8);
VALUE(VMA_ALLOCATOR_CREATE_AMD_DEVICE_COHERENT_MEMORY_BIT, 0x10);
VALUE(VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT, 0x20);
VALUE(VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT, 0x40);
VALUE(VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT, 0x80);
VALUE(VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE5_BIT, 0x100);
VALUE(VMA_ALLOCATOR_CREATE_KHR_EXTERNAL_MEMORY_WIN32_BIT, 0x200);
VALUE(VMA_ALLOCATOR_CREATE_FLAG_BITS_MAX_ENUM, 0x7fffffff);

SIZE(VmaMemoryUsage, 4);
VALUE(VMA_MEMORY_USAGE_UNKNOWN, 0x0);
VALUE(VMA_MEMORY_USAGE_GPU_ONLY, 0x1);
VALUE(VMA_MEMORY_USAGE_CPU_ONLY, 0x2);
VALUE(VMA_MEMORY_USAGE_CPU_TO_GPU, 0x3);
VALUE(VMA_MEMORY_USAGE_GPU_TO_CPU, 0x4);
VALUE(VMA_MEMORY_USAGE_CPU_COPY, 0x5);
VALUE(VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED, 0x6);
VALUE(VMA_MEMORY_USAGE_AUTO, 0x7);
VALUE(VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE, 0x8);
VALUE(VMA_MEMORY_USAGE_AUTO_PREFER_HOST, 0x9);
VALUE(VMA_MEMORY_USAGE_MAX_ENUM, 0x7fffffff);

SIZE(VmaAllocationCreateFlagBits, 4);
VALUE(VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT, 0x1);
VALUE(VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT, 0x2);
VALUE(VMA_ALLOCATION_CREATE_MAPPED_BIT, 0x4);
VALUE(VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT, 0x20);
VALUE(VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT, 0x40);
VALUE(VMA_ALLOCATION_CREATE_DONT_BIND_BIT, 0x80);
VALUE(VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT, 0x100);
VALUE(VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT, 0x200);
VALUE(VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT, 0x400);
VALUE(VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT, 0x800);
VALUE(VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT, 0x1000);
VALUE(VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT, 0x10000);
VALUE(VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT, 0x20000);
VALUE(VMA_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT, 0x40000);
VALUE(VMA_ALLOCATION_CREATE_STRATEGY_BEST_FIT_BIT, 0x10000);
VALUE(VMA_ALLOCATION_CREATE_STRATEGY_FIRST_FIT_BIT, 0x20000);
VALUE(VMA_ALLOCATION_CREATE_STRATEGY_MASK, 0x70000);
VALUE(VMA_ALLOCATION_CREATE_FLAG_BITS_MAX_ENUM, 0x7fffffff);

SIZE(VmaPoolCreateFlagBits, 4);
VALUE(VMA_POOL_CREATE_IGNORE_BUFFER_IMAGE_GRANULARITY_BIT, 0x2);
VALUE(VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT, 0x4);
VALUE(VMA_POOL_CREATE_ALGORITHM_MASK, 0x4);
VALUE(VMA_POOL_CREATE_FLAG_BITS_MAX_ENUM, 0x7fffffff);

SIZE(VmaDefragmentationFlagBits, 4);
VALUE(VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT, 0x1);
VALUE(VMA_DEFRAGMENTATION_FLAG_ALGORITHM_BALANCED_BIT, 0x2);
VALUE(VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT, 0x4);
VALUE(VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT, 0x8);
VALUE(VMA_DEFRAGMENTATION_FLAG_ALGORITHM_MASK, 0xf);
VALUE(VMA_DEFRAGMENTATION_FLAG_BITS_MAX_ENUM, 0x7fffffff);

SIZE(VmaDefragmentationMoveOperation, 4);
VALUE(VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY, 0x0);
VALUE(VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE, 0x1);
VALUE(VMA_DEFRAGMENTATION_MOVE_OPERATION_DESTROY, 0x2);

SIZE(VmaVirtualBlockCreateFlagBits, 4);
VALUE(VMA_VIRTUAL_BLOCK_CREATE_LINEAR_ALGORITHM_BIT, 0x1);
VALUE(VMA_VIRTUAL_BLOCK_CREATE_ALGORITHM_MASK, 0x1);
VALUE(VMA_VIRTUAL_BLOCK_CREATE_FLAG_BITS_MAX_ENUM, 0x7fffffff);

SIZE(VmaVirtualAllocationCreateFlagBits, 4);
VALUE(VMA_VIRTUAL_ALLOCATION_CREATE_UPPER_ADDRESS_BIT, 0x40);
VALUE(VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT, 0x10000);
VALUE(VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT, 0x20000);
VALUE(VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT, 0x40000);
VALUE(VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MASK, 0x70000);
VALUE(VMA_VIRTUAL_ALLOCATION_CREATE_FLAG_BITS_MAX_ENUM, 0x7fffffff);

// Functions
#ifdef __cplusplus
extern "C" {
#endif

VkResult vmaCreateAllocator(const VmaAllocatorCreateInfo *, VmaAllocator *);
void vmaDestroyAllocator(VmaAllocator);
void vmaGetAllocatorInfo(VmaAllocator, VmaAllocatorInfo *);
void vmaGetPhysicalDeviceProperties(VmaAllocator, const VkPhysicalDeviceProperties **);
void vmaGetMemoryProperties(VmaAllocator, const VkPhysicalDeviceMemoryProperties **);
void vmaGetMemoryTypeProperties(VmaAllocator, uint32_t, VkMemoryPropertyFlags *);
void vmaSetCurrentFrameIndex(VmaAllocator, uint32_t);
void vmaCalculateStatistics(VmaAllocator, VmaTotalStatistics *);
void vmaGetHeapBudgets(VmaAllocator, VmaBudget *);
VkResult vmaFindMemoryTypeIndex(VmaAllocator, uint32_t, const VmaAllocationCreateInfo *, uint32_t *);
VkResult vmaFindMemoryTypeIndexForBufferInfo(VmaAllocator, const VkBufferCreateInfo *,
                                             const VmaAllocationCreateInfo *, uint32_t *);
VkResult vmaFindMemoryTypeIndexForImageInfo(VmaAllocator, const VkImageCreateInfo *,
                                            const VmaAllocationCreateInfo *, uint32_t *);
VkResult vmaCreatePool(VmaAllocator, const VmaPoolCreateInfo *, VmaPool *);
void vmaDestroyPool(VmaAllocator, VmaPool);
void vmaGetPoolStatistics(VmaAllocator, VmaPool, VmaStatistics *);
void vmaCalculatePoolStatistics(VmaAllocator, VmaPool, VmaDetailedStatistics *);
VkResult vmaCheckPoolCorruption(VmaAllocator, VmaPool);
void vmaGetPoolName(VmaAllocator, VmaPool, const char **);
void vmaSetPoolName(VmaAllocator, VmaPool, const char *);
VkResult vmaAllocateMemory(VmaAllocator, const VkMemoryRequirements *, const VmaAllocationCreateInfo *,
                           VmaAllocation *, VmaAllocationInfo *);
VkResult vmaAllocateMemoryPages(VmaAllocator, const VkMemoryRequirements *, const VmaAllocationCreateInfo *,
                                size_t, VmaAllocation *, VmaAllocationInfo *);
VkResult vmaAllocateMemoryForBuffer(VmaAllocator, VkBuffer, const VmaAllocationCreateInfo *, VmaAllocation *,
                                    VmaAllocationInfo *);
VkResult vmaAllocateMemoryForImage(VmaAllocator, VkImage, const VmaAllocationCreateInfo *, VmaAllocation *,
                                   VmaAllocationInfo *);
void vmaFreeMemory(VmaAllocator, VmaAllocation);
void vmaFreeMemoryPages(VmaAllocator, size_t, const VmaAllocation *);
void vmaGetAllocationInfo(VmaAllocator, VmaAllocation, VmaAllocationInfo *);
void vmaGetAllocationInfo2(VmaAllocator, VmaAllocation, VmaAllocationInfo2 *);
void vmaSetAllocationUserData(VmaAllocator, VmaAllocation, void *);
void vmaSetAllocationName(VmaAllocator, VmaAllocation, const char *);
void vmaGetAllocationMemoryProperties(VmaAllocator, VmaAllocation, VkMemoryPropertyFlags *);
VkResult vmaMapMemory(VmaAllocator, VmaAllocation, void **);
void vmaUnmapMemory(VmaAllocator, VmaAllocation);
VkResult vmaFlushAllocation(VmaAllocator, VmaAllocation, VkDeviceSize, VkDeviceSize);
VkResult vmaInvalidateAllocation(VmaAllocator, VmaAllocation, VkDeviceSize, VkDeviceSize);
VkResult vmaFlushAllocations(VmaAllocator, uint32_t, const VmaAllocation *, const VkDeviceSize *,
                             const VkDeviceSize *);
VkResult vmaInvalidateAllocations(VmaAllocator, uint32_t, const VmaAllocation *, const VkDeviceSize *,
                                  const VkDeviceSize *);
VkResult vmaCopyMemoryToAllocation(VmaAllocator, const void *, VmaAllocation, VkDeviceSize, VkDeviceSize);
VkResult vmaCopyAllocationToMemory(VmaAllocator, VmaAllocation, VkDeviceSize, void *, VkDeviceSize);
VkResult vmaCheckCorruption(VmaAllocator, uint32_t);
VkResult vmaBeginDefragmentation(VmaAllocator, const VmaDefragmentationInfo *, VmaDefragmentationContext *);
void vmaEndDefragmentation(VmaAllocator, VmaDefragmentationContext, VmaDefragmentationStats *);
VkResult vmaBeginDefragmentationPass(VmaAllocator, VmaDefragmentationContext,
                                     VmaDefragmentationPassMoveInfo *);
VkResult vmaEndDefragmentationPass(VmaAllocator, VmaDefragmentationContext, VmaDefragmentationPassMoveInfo *);
VkResult vmaBindBufferMemory(VmaAllocator, VmaAllocation, VkBuffer);
VkResult vmaBindBufferMemory2(VmaAllocator, VmaAllocation, VkDeviceSize, VkBuffer, const void *);
VkResult vmaBindImageMemory(VmaAllocator, VmaAllocation, VkImage);
VkResult vmaBindImageMemory2(VmaAllocator, VmaAllocation, VkDeviceSize, VkImage, const void *);
VkResult vmaCreateBuffer(VmaAllocator, const VkBufferCreateInfo *, const VmaAllocationCreateInfo *,
                         VkBuffer *, VmaAllocation *, VmaAllocationInfo *);
VkResult vmaCreateBufferWithAlignment(VmaAllocator, const VkBufferCreateInfo *,
                                      const VmaAllocationCreateInfo *, VkDeviceSize, VkBuffer *,
                                      VmaAllocation *, VmaAllocationInfo *);
VkResult vmaCreateAliasingBuffer(VmaAllocator, VmaAllocation, const VkBufferCreateInfo *, VkBuffer *);
VkResult vmaCreateAliasingBuffer2(VmaAllocator, VmaAllocation, VkDeviceSize, const VkBufferCreateInfo *,
                                  VkBuffer *);
void vmaDestroyBuffer(VmaAllocator, VkBuffer, VmaAllocation);
VkResult vmaCreateImage(VmaAllocator, const VkImageCreateInfo *, const VmaAllocationCreateInfo *, VkImage *,
                        VmaAllocation *, VmaAllocationInfo *);
VkResult vmaCreateAliasingImage(VmaAllocator, VmaAllocation, const VkImageCreateInfo *, VkImage *);
VkResult vmaCreateAliasingImage2(VmaAllocator, VmaAllocation, VkDeviceSize, const VkImageCreateInfo *,
                                 VkImage *);
void vmaDestroyImage(VmaAllocator, VkImage, VmaAllocation);
VkResult vmaCreateVirtualBlock(const VmaVirtualBlockCreateInfo *, VmaVirtualBlock *);
void vmaDestroyVirtualBlock(VmaVirtualBlock);
VkBool32 vmaIsVirtualBlockEmpty(VmaVirtualBlock);
void vmaGetVirtualAllocationInfo(VmaVirtualBlock, VmaVirtualAllocation, VmaVirtualAllocationInfo *);
VkResult vmaVirtualAllocate(VmaVirtualBlock, const VmaVirtualAllocationCreateInfo *, VmaVirtualAllocation *,
                            VkDeviceSize *);
void vmaVirtualFree(VmaVirtualBlock, VmaVirtualAllocation);
void vmaClearVirtualBlock(VmaVirtualBlock);
void vmaSetVirtualAllocationUserData(VmaVirtualBlock, VmaVirtualAllocation, void *);
void vmaGetVirtualBlockStatistics(VmaVirtualBlock, VmaStatistics *);
void vmaCalculateVirtualBlockStatistics(VmaVirtualBlock, VmaDetailedStatistics *);
void vmaBuildVirtualBlockStatsString(VmaVirtualBlock, char **, VkBool32);
void vmaFreeVirtualBlockStatsString(VmaVirtualBlock, char *);
void vmaBuildStatsString(VmaAllocator, char **, VkBool32);
void vmaFreeStatsString(VmaAllocator, char *);
VkResult vmaAllocateDedicatedMemory(VmaAllocator, const VkMemoryRequirements *,
                                    const VmaAllocationCreateInfo *, void *, VmaAllocation *,
                                    VmaAllocationInfo *);
VkResult vmaCreateDedicatedBuffer(VmaAllocator, const VkBufferCreateInfo *, const VmaAllocationCreateInfo *,
                                  void *, VkBuffer *, VmaAllocation *, VmaAllocationInfo *);
VkResult vmaCreateDedicatedImage(VmaAllocator, const VkImageCreateInfo *, const VmaAllocationCreateInfo *,
                                 void *, VkImage *, VmaAllocation *, VmaAllocationInfo *);
#if VMA_EXTERNAL_MEMORY_WIN32
VkResult vmaGetMemoryWin32Handle(VmaAllocator, VmaAllocation, HANDLE, HANDLE *);
VkResult vmaGetMemoryWin32Handle2(VmaAllocator, VmaAllocation, VkExternalMemoryHandleTypeFlagBits, HANDLE,
                                  HANDLE *);
#endif

#ifdef __cplusplus
}
#endif

#endif
