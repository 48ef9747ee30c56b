// SPDX-License-Identifier: MIT
// The rival: the implementation part of upstream's own header, compiled as it stands into a shared library.
#define VMA_IMPLEMENTATION
#define VMA_STATIC_VULKAN_FUNCTIONS 0
#define VMA_DYNAMIC_VULKAN_FUNCTIONS 1
#define VMA_CALL_PRE __attribute__((visibility("default")))
#include <vk_mem_alloc.h>
