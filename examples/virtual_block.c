// SPDX-License-Identifier: MIT
// The allocator's arithmetic without memory: one vertex buffer holds many meshes, and a virtual block says
// where.
#include "common.h"

enum { VERTEX_SIZE = 32, MESHES = 100, BUFFER_VERTICES = 100000 };

int main(void)
{
    // The unit is yours; here one is one vertex. No Vulkan device is involved.
    VmaVirtualBlockCreateInfo block_info = {.size = BUFFER_VERTICES};
    VmaVirtualBlock block;
    VmaVirtualAllocation meshes[MESHES];
    VmaStatistics statistics;
    VkDeviceSize first_vertex = 0;

    OK(vmaCreateVirtualBlock(&block_info, &block));
    for (uint32_t i = 0; i < MESHES; i++) {
        VmaVirtualAllocationCreateInfo mesh_info = {.size = 100 + 7 * i};
        OK(vmaVirtualAllocate(block, &mesh_info, &meshes[i], &first_vertex));
        REQUIRE(first_vertex + mesh_info.size <= BUFFER_VERTICES);
    }
    printf("the last mesh begins at vertex %llu, byte %llu of the buffer\n", (unsigned long long)first_vertex,
           (unsigned long long)first_vertex * VERTEX_SIZE);

    // Every other mesh goes; a larger one finds room, and what does not fit is refused.
    for (uint32_t i = 0; i < MESHES; i += 2) {
        vmaVirtualFree(block, meshes[i]);
    }
    VmaVirtualAllocationCreateInfo terrain_info = {.size = 40000};
    VmaVirtualAllocation terrain;
    OK(vmaVirtualAllocate(block, &terrain_info, &terrain, &first_vertex));
    VmaVirtualAllocationCreateInfo too_large = {.size = BUFFER_VERTICES};
    VmaVirtualAllocation none;
    REQUIRE(vmaVirtualAllocate(block, &too_large, &none, NULL) == VK_ERROR_OUT_OF_DEVICE_MEMORY);

    vmaGetVirtualBlockStatistics(block, &statistics);
    printf("%u pieces hold %llu of %u vertices\n", statistics.allocationCount,
           (unsigned long long)statistics.allocationBytes, (unsigned)BUFFER_VERTICES);
    REQUIRE(statistics.allocationCount == MESHES / 2 + 1);

    vmaClearVirtualBlock(block); // a level ends: everything goes at once
    REQUIRE(vmaIsVirtualBlockEmpty(block) == VK_TRUE);
    vmaDestroyVirtualBlock(block);
    return 0;
}
