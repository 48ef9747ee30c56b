// SPDX-License-Identifier: MIT
// A uniform buffer that the CPU rewrites every frame: mapped once, when it is created, and never unmapped.
#include "common.h"

#include <string.h>

struct Camera {
    float view[16];
    float time;
};

int main(void)
{
    enum { FRAMES = 3 };
    struct Example example;
    VkBuffer buffer;
    VmaAllocation allocation;
    VmaAllocationInfo placed;
    VkMemoryPropertyFlags properties;

    example_begin(&example);
    VkBufferCreateInfo buffer_info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                      .size = sizeof(struct Camera),
                                      .usage = VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT};
    // SEQUENTIAL_WRITE: the CPU only writes, front to back. MAPPED: pMappedData stays valid until the
    // destruction.
    VmaAllocationCreateInfo memory_info = {.usage = VMA_MEMORY_USAGE_AUTO,
                                           .flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT |
                                                    VMA_ALLOCATION_CREATE_MAPPED_BIT};
    OK(vmaCreateBuffer(example.allocator, &buffer_info, &memory_info, &buffer, &allocation, &placed));
    REQUIRE(placed.pMappedData != NULL);

    for (int frame = 0; frame < FRAMES; frame++) {
        struct Camera camera = {.view = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                                .time = (float)frame / 60};
        memcpy(placed.pMappedData, &camera, sizeof(camera));
        // Does something only where the memory is not coherent; always right to call.
        OK(vmaFlushAllocation(example.allocator, allocation, 0, VK_WHOLE_SIZE));
    }

    vmaGetAllocationMemoryProperties(example.allocator, allocation, &properties);
    printf("%d frames written in place, %s memory\n", FRAMES,
           properties & VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT ? "device-local" : "system");
    REQUIRE((properties & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) != 0);
    vmaDestroyBuffer(example.allocator, buffer, allocation);
    example_end(&example);
    return 0;
}
