// SPDX-License-Identifier: MIT
// What every example needs before it can begin: a Vulkan device, one queue, one command buffer, and an
// allocator.
#ifndef EXAMPLE_COMMON_H
#define EXAMPLE_COMMON_H

#include <vk_mem_alloc.h>

#include <stdio.h>

struct Example {
    VkInstance instance;
    VkPhysicalDevice gpu;
    VkDevice device;
    VkQueue queue;
    VkCommandPool command_pool;
    VkCommandBuffer commands;
    VmaAllocator allocator;
};

// Ends the program with status 77, "skipped", where there is no Vulkan device.
void example_begin(struct Example *example);
void example_end(struct Example *example);

// Recording for the GPU; example_submit waits until it is done.
void example_record(struct Example *example);
void example_submit(struct Example *example);

// Ends the program with a message unless the condition holds.
#define REQUIRE(condition) example_require((condition), #condition, __FILE__, __LINE__)
void example_require(int condition, const char *text, const char *file, int line);

// The same for a Vulkan result.
#define OK(call) REQUIRE((call) == VK_SUCCESS)

#endif
