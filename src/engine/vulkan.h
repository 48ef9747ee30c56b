// SPDX-License-Identifier: MIT
// The Vulkan functions that the engine calls, in one table, and how they are found.
#ifndef VR_ENGINE_VULKAN_H
#define VR_ENGINE_VULKAN_H

#include "base/common.h"
#include "vk_mem_alloc.h"

// The table is upstream's VmaVulkanFunctions: its members are what an allocator of this API needs, no more.
typedef VmaVulkanFunctions VrVulkan;

// Functions given by the caller win; what is missing comes from vkGet*ProcAddr, given or taken from the
// system's loader, which is opened at run time only when the caller gave no vkGetInstanceProcAddr.
// VK_ERROR_INITIALIZATION_FAILED: a function that is needed was not found.
VkResult vr_vulkan_init(VrVulkan *vk, const VmaAllocatorCreateInfo *info, uint32_t api_version);

#endif
