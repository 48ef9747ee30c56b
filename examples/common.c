// SPDX-License-Identifier: MIT
// The Vulkan set-up that the examples share. Nothing here is about memory, but for the last function call of
// example_begin.
#include "common.h"

#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77 };

void example_require(int condition, const char *text, const char *file, int line)
{
    if (!condition) {
        fprintf(stderr, "%s:%d: this should hold: %s\n", file, line, text);
        exit(1);
    }
}

static int has_extension(VkPhysicalDevice gpu, const char *name)
{
    uint32_t count = 0;
    int found = 0;
    VkExtensionProperties *extensions;

    vkEnumerateDeviceExtensionProperties(gpu, NULL, &count, NULL);
    extensions = calloc(count + 1u, sizeof(*extensions));
    REQUIRE(extensions != NULL);
    vkEnumerateDeviceExtensionProperties(gpu, NULL, &count, extensions);
    for (uint32_t i = 0; i < count; i++) {
        found |= strcmp(extensions[i].extensionName, name) == 0;
    }
    free(extensions);
    return found;
}

// A real GPU if there is one, else the first device.
static VkPhysicalDevice choose_gpu(VkInstance instance)
{
    VkPhysicalDevice gpus[16];
    uint32_t count = 16;

    if (vkEnumeratePhysicalDevices(instance, &count, gpus) < 0 || count == 0) {
        printf("no Vulkan device here: skipped\n");
        exit(SKIPPED);
    }
    for (uint32_t i = 0; i < count; i++) {
        VkPhysicalDeviceProperties properties;
        vkGetPhysicalDeviceProperties(gpus[i], &properties);
        if (properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU) {
            return gpus[i];
        }
    }
    return gpus[0];
}

static uint32_t find_queue_family(VkPhysicalDevice gpu)
{
    VkQueueFamilyProperties families[16];
    uint32_t count = 16;

    vkGetPhysicalDeviceQueueFamilyProperties(gpu, &count, families);
    for (uint32_t i = 0; i < count; i++) {
        if (families[i].queueFlags & (VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT)) {
            return i;
        }
    }
    return 0;
}

void example_begin(struct Example *example)
{
    const float priority = 1.0f;
    const char *extensions[] = {VK_EXT_MEMORY_BUDGET_EXTENSION_NAME};
    VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                     .apiVersion = VK_API_VERSION_1_1};
    VkInstanceCreateInfo instance = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                                     .pApplicationInfo = &application};
    VkDeviceQueueCreateInfo queue = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, .queueCount = 1, .pQueuePriorities = &priority};
    VkDeviceCreateInfo device = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                 .queueCreateInfoCount = 1,
                                 .pQueueCreateInfos = &queue,
                                 .ppEnabledExtensionNames = extensions};
    VkCommandPoolCreateInfo pool = {.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                    .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT};
    VkCommandBufferAllocateInfo commands = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
                                            .commandBufferCount = 1};
    VmaAllocatorCreateInfo allocator = {.vulkanApiVersion = VK_API_VERSION_1_1};

    if (vkCreateInstance(&instance, NULL, &example->instance) != VK_SUCCESS) {
        printf("no Vulkan driver here: skipped\n");
        exit(SKIPPED);
    }
    example->gpu = choose_gpu(example->instance);
    queue.queueFamilyIndex = pool.queueFamilyIndex = find_queue_family(example->gpu);
    if (has_extension(example->gpu, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME)) {
        device.enabledExtensionCount = 1;
        allocator.flags = VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT;
    }
    OK(vkCreateDevice(example->gpu, &device, NULL, &example->device));
    vkGetDeviceQueue(example->device, queue.queueFamilyIndex, 0, &example->queue);
    OK(vkCreateCommandPool(example->device, &pool, NULL, &example->command_pool));
    commands.commandPool = example->command_pool;
    OK(vkAllocateCommandBuffers(example->device, &commands, &example->commands));

    allocator.instance = example->instance;
    allocator.physicalDevice = example->gpu;
    allocator.device = example->device;
    OK(vmaCreateAllocator(&allocator, &example->allocator));
}

void example_end(struct Example *example)
{
    vmaDestroyAllocator(example->allocator);
    vkDestroyCommandPool(example->device, example->command_pool, NULL);
    vkDestroyDevice(example->device, NULL);
    vkDestroyInstance(example->instance, NULL);
}

void example_record(struct Example *example)
{
    VkCommandBufferBeginInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    OK(vkBeginCommandBuffer(example->commands, &info));
}

void example_submit(struct Example *example)
{
    VkSubmitInfo info = {.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
                         .commandBufferCount = 1,
                         .pCommandBuffers = &example->commands};

    OK(vkEndCommandBuffer(example->commands));
    OK(vkQueueSubmit(example->queue, 1, &info, VK_NULL_HANDLE));
    OK(vkQueueWaitIdle(example->queue));
}
