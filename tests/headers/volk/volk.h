// SPDX-License-Identifier: MIT
//
// As much of the volk meta-loader as a program shows to vk_mem_alloc.h: function pointers with the names of
// the functions, and no prototypes. The pointers are defined in ../test_volk.c.

#ifndef VOLK_H_
#define VOLK_H_

#define VOLK_HEADER_VERSION 304
#ifndef VK_NO_PROTOTYPES
#define VK_NO_PROTOTYPES
#endif
#include <vulkan/vulkan.h>

#ifdef __cplusplus
extern "C" {
#endif

extern PFN_vkGetInstanceProcAddr vkGetInstanceProcAddr;
extern PFN_vkGetDeviceProcAddr vkGetDeviceProcAddr;
extern PFN_vkGetPhysicalDeviceProperties vkGetPhysicalDeviceProperties;
extern PFN_vkGetPhysicalDeviceMemoryProperties vkGetPhysicalDeviceMemoryProperties;

#ifdef __cplusplus
}
#endif

#endif
