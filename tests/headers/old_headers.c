// SPDX-License-Identifier: MIT
//
// The layout as a program sees it whose Vulkan headers are those of 1.0.3, without a single extension that
// came later. Newer headers are turned into such by forgetting the names that say what they have.

#include <vulkan/vulkan.h>

#undef VK_VERSION_1_1
#undef VK_VERSION_1_2
#undef VK_VERSION_1_3
#undef VK_VERSION_1_4
#undef VK_KHR_get_physical_device_properties2
#undef VK_KHR_get_memory_requirements2
#undef VK_KHR_dedicated_allocation
#undef VK_KHR_bind_memory2
#undef VK_KHR_buffer_device_address
#undef VK_KHR_external_memory
#undef VK_KHR_external_memory_capabilities
#undef VK_KHR_maintenance4
#undef VK_KHR_maintenance5
#undef VK_EXT_memory_budget
#undef VK_EXT_memory_priority

#include "vk_mem_alloc.h"

#if VMA_VULKAN_VERSION != 1000000 || VMA_DEDICATED_ALLOCATION || VMA_BIND_MEMORY2 || VMA_MEMORY_BUDGET ||    \
    VMA_GET_PHYSICAL_DEVICE_PROPERTIES2 || VMA_BUFFER_DEVICE_ADDRESS || VMA_MEMORY_PRIORITY ||               \
    VMA_KHR_MAINTENANCE4 || VMA_KHR_MAINTENANCE5 || VMA_EXTERNAL_MEMORY
#error "a switch is on that the Vulkan headers do not support"
#endif

#if VRAM_VMA_3_3_LAYOUT
#include "layout_3_3.c"
#else
#include "layout_3_4.c"
#endif
