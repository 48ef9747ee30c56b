// SPDX-License-Identifier: MIT
// The first program: a vertex buffer that the CPU fills, on the first Vulkan device found. README.md quotes the function.
#include <vk_mem_alloc.h>

#include <stdio.h>

static VkResult fill_vertex_buffer(VkInstance instance, VkPhysicalDevice gpu, VkDevice device)
{
    VmaAllocatorCreateInfo allocator_info = {.instance = instance, .physicalDevice = gpu, .device = device};
    VmaAllocator allocator;
    VkResult result = vmaCreateAllocator(&allocator_info, &allocator);
    if (result != VK_SUCCESS)
        return result;

    const float triangle[] = {0.0f, -0.5f, 0.5f, 0.5f, -0.5f, 0.5f};
    VkBufferCreateInfo buffer_info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = sizeof triangle,
                                      .usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT};
    VmaAllocationCreateInfo memory_info = {.usage = VMA_MEMORY_USAGE_AUTO,
                                           .flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT};
    VkBuffer buffer;
    VmaAllocation allocation;
    result = vmaCreateBuffer(allocator, &buffer_info, &memory_info, &buffer, &allocation, NULL);
    if (result == VK_SUCCESS)
        result = vmaCopyMemoryToAllocation(allocator, triangle, allocation, 0, sizeof triangle);
    vmaDestroyBuffer(allocator, buffer, allocation); // both are null after a failure, and that is fine
    vmaDestroyAllocator(allocator);
    return result;
}

// A device with one queue of the first family: enough to own memory.
static VkResult create_device(VkPhysicalDevice gpu, VkDevice *device)
{
    const float priority = 1.0f;
    VkDeviceQueueCreateInfo queue_info = {.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
                                          .queueCount = 1, .pQueuePriorities = &priority};
    VkDeviceCreateInfo device_info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                      .queueCreateInfoCount = 1, .pQueueCreateInfos = &queue_info};
    return vkCreateDevice(gpu, &device_info, NULL, device);
}

int main(void)
{
    VkInstance instance;
    VkResult result = vkCreateInstance(
        &(VkInstanceCreateInfo){.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO}, NULL, &instance);
    if (result != VK_SUCCESS) {
        fprintf(stderr, "hello: no Vulkan instance (VkResult %d): is a driver installed?\n", (int)result);
        return 1;
    }
    VkPhysicalDevice gpu = VK_NULL_HANDLE;
    uint32_t count = 1;
    VkDevice device = VK_NULL_HANDLE;
    result = vkEnumeratePhysicalDevices(instance, &count, &gpu); // VK_INCOMPLETE: there are more, the first will do
    if (count == 0)
        result = VK_ERROR_INITIALIZATION_FAILED;
    if (result >= 0)
        result = create_device(gpu, &device);
    if (result >= 0)
        result = fill_vertex_buffer(instance, gpu, device);

    vkDestroyDevice(device, NULL);
    vkDestroyInstance(instance, NULL);
    printf("hello: %s\n", result == VK_SUCCESS ? "a triangle is in GPU memory" : "failed");
    return result == VK_SUCCESS ? 0 : 1;
}
