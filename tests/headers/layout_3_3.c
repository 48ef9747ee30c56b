// SPDX-License-Identifier: MIT
//
// The layout of VMA 3.3: what layout.h says, and the two structures that grew in 3.4.

#define VRAM_VMA_3_3_LAYOUT 1
#include "layout.h"

SIZE(VmaVulkanFunctions, 216);
MEMBER(VmaVulkanFunctions, vkGetInstanceProcAddr, 0, 8);
MEMBER(VmaVulkanFunctions, vkGetDeviceProcAddr, 8, 8);
MEMBER(VmaVulkanFunctions, vkGetPhysicalDeviceProperties, 16, 8);
MEMBER(VmaVulkanFunctions, vkGetPhysicalDeviceMemoryProperties, 24, 8);
MEMBER(VmaVulkanFunctions, vkAllocateMemory, 32, 8);
MEMBER(VmaVulkanFunctions, vkFreeMemory, 40, 8);
MEMBER(VmaVulkanFunctions, vkMapMemory, 48, 8);
MEMBER(VmaVulkanFunctions, vkUnmapMemory, 56, 8);
MEMBER(VmaVulkanFunctions, vkFlushMappedMemoryRanges, 64, 8);
MEMBER(VmaVulkanFunctions, vkInvalidateMappedMemoryRanges, 72, 8);
MEMBER(VmaVulkanFunctions, vkBindBufferMemory, 80, 8);
MEMBER(VmaVulkanFunctions, vkBindImageMemory, 88, 8);
MEMBER(VmaVulkanFunctions, vkGetBufferMemoryRequirements, 96, 8);
MEMBER(VmaVulkanFunctions, vkGetImageMemoryRequirements, 104, 8);
MEMBER(VmaVulkanFunctions, vkCreateBuffer, 112, 8);
MEMBER(VmaVulkanFunctions, vkDestroyBuffer, 120, 8);
MEMBER(VmaVulkanFunctions, vkCreateImage, 128, 8);
MEMBER(VmaVulkanFunctions, vkDestroyImage, 136, 8);
MEMBER(VmaVulkanFunctions, vkCmdCopyBuffer, 144, 8);
MEMBER(VmaVulkanFunctions, vkGetBufferMemoryRequirements2KHR, 152, 8);
MEMBER(VmaVulkanFunctions, vkGetImageMemoryRequirements2KHR, 160, 8);
MEMBER(VmaVulkanFunctions, vkBindBufferMemory2KHR, 168, 8);
MEMBER(VmaVulkanFunctions, vkBindImageMemory2KHR, 176, 8);
MEMBER(VmaVulkanFunctions, vkGetPhysicalDeviceMemoryProperties2KHR, 184, 8);
MEMBER(VmaVulkanFunctions, vkGetDeviceBufferMemoryRequirements, 192, 8);
MEMBER(VmaVulkanFunctions, vkGetDeviceImageMemoryRequirements, 200, 8);
MEMBER(VmaVulkanFunctions, vkGetMemoryWin32HandleKHR, 208, 8);

SIZE(VmaAllocationCreateInfo, 48);
MEMBER(VmaAllocationCreateInfo, flags, 0, 4);
MEMBER(VmaAllocationCreateInfo, usage, 4, 4);
MEMBER(VmaAllocationCreateInfo, requiredFlags, 8, 4);
MEMBER(VmaAllocationCreateInfo, preferredFlags, 12, 4);
MEMBER(VmaAllocationCreateInfo, memoryTypeBits, 16, 4);
MEMBER(VmaAllocationCreateInfo, pool, 24, 8);
MEMBER(VmaAllocationCreateInfo, pUserData, 32, 8);
MEMBER(VmaAllocationCreateInfo, priority, 40, 4);
