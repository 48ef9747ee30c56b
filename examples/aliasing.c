// SPDX-License-Identifier: MIT
// Two render targets that are never needed at the same time share one piece of memory: the second costs
// nothing.
#include "common.h"

static VkImageCreateInfo target(VkFormat format, uint32_t width, uint32_t height)
{
    return (VkImageCreateInfo){
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .imageType = VK_IMAGE_TYPE_2D,
        .format = format,
        .extent = {width, height, 1},
        .mipLevels = 1,
        .arrayLayers = 1,
        .samples = VK_SAMPLE_COUNT_1_BIT,
        .tiling = VK_IMAGE_TILING_OPTIMAL,
        .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_SAMPLED_BIT,
    };
}

// What both images can live in: the larger size, the larger alignment, the memory types of both.
static VkMemoryRequirements both(VkDevice device, VkImage one, VkImage other)
{
    VkMemoryRequirements a, b;

    vkGetImageMemoryRequirements(device, one, &a);
    vkGetImageMemoryRequirements(device, other, &b);
    a.size = a.size > b.size ? a.size : b.size;
    a.alignment = a.alignment > b.alignment ? a.alignment : b.alignment;
    a.memoryTypeBits &= b.memoryTypeBits;
    return a;
}

int main(void)
{
    struct Example example;
    VkImage bright, blurred;
    VmaAllocation memory;
    VmaAllocationInfo placed;

    example_begin(&example);
    // The bright parts of a frame are done with before the blurred picture begins.
    VkImageCreateInfo bright_info = target(VK_FORMAT_R16G16B16A16_SFLOAT, 960, 540);
    VkImageCreateInfo blurred_info = target(VK_FORMAT_R8G8B8A8_UNORM, 1280, 720);
    OK(vkCreateImage(example.device, &bright_info, NULL, &bright));
    OK(vkCreateImage(example.device, &blurred_info, NULL, &blurred));
    VkMemoryRequirements shared = both(example.device, bright, blurred);
    REQUIRE(shared.memoryTypeBits != 0);

    VmaAllocationCreateInfo memory_info = {.preferredFlags = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT,
                                           .flags = VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT};
    OK(vmaAllocateMemory(example.allocator, &shared, &memory_info, &memory, &placed));
    OK(vmaBindImageMemory(example.allocator, memory, bright));
    OK(vmaBindImageMemory(example.allocator, memory, blurred));
    printf("two render targets in %llu KiB\n", (unsigned long long)placed.size / 1024);

    // A third one is created and bound in one call. Between uses of different images goes a barrier, and the
    // image that begins starts from VK_IMAGE_LAYOUT_UNDEFINED: the content of the one before is lost.
    VkImage small;
    VkImageCreateInfo small_info = target(VK_FORMAT_R8G8B8A8_UNORM, 320, 180);
    OK(vmaCreateAliasingImage(example.allocator, memory, &small_info, &small));

    vkDestroyImage(example.device, small, NULL);
    vkDestroyImage(example.device, blurred, NULL);
    vkDestroyImage(example.device, bright, NULL);
    vmaFreeMemory(example.allocator, memory);
    example_end(&example);
    return 0;
}
