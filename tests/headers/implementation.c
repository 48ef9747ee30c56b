// SPDX-License-Identifier: MIT
//
// What programs write for upstream's single-header library: VMA_IMPLEMENTATION with a set of configuration
// macros. Linked with implementation_again.c and no library: it compiles, it emits nothing, it needs nothing.

#define VMA_STATIC_VULKAN_FUNCTIONS 0
#define VMA_DYNAMIC_VULKAN_FUNCTIONS 1
#define VMA_DEBUG_MARGIN 16
#define VMA_DEBUG_DETECT_CORRUPTION 1
#define VMA_ASSERT(expr) ((void)(expr))
#define VMA_LEAK_LOG_FORMAT(format, ...) ((void)(format))
#define VMA_CONFIGURATION_USER_INCLUDES_H "user_includes.h"
#define VMA_IMPLEMENTATION
#include "vk_mem_alloc.h"

#ifndef VRAM_TEST_USER_INCLUDES_SEEN
#error "VMA_CONFIGURATION_USER_INCLUDES_H was not included"
#endif
#ifdef VMA_IMPLEMENTATION
#error "VMA_IMPLEMENTATION is still defined"
#endif

int main(void)
{
    return 0;
}
