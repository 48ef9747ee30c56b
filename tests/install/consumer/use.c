// SPDX-License-Identifier: MIT
// The smallest program that needs the library: one range of a virtual block. Valid C and C++, no Vulkan
// driver.
#include <vk_mem_alloc.h>

#include <string.h>

int main(void)
{
    VmaVirtualBlockCreateInfo block_info;
    memset(&block_info, 0, sizeof block_info);
    block_info.size = 1048576;
    VmaVirtualBlock block = VK_NULL_HANDLE;
    if (vmaCreateVirtualBlock(&block_info, &block) != VK_SUCCESS)
        return 1;

    VmaVirtualAllocationCreateInfo range_info;
    memset(&range_info, 0, sizeof range_info);
    range_info.size = 4096;
    range_info.alignment = 256;
    VmaVirtualAllocation range = VK_NULL_HANDLE;
    VkDeviceSize offset = 1;
    VkResult result = vmaVirtualAllocate(block, &range_info, &range, &offset);
    if (result == VK_SUCCESS)
        vmaVirtualFree(block, range);
    vmaDestroyVirtualBlock(block);
    return result == VK_SUCCESS && offset % 256 == 0 ? 0 : 2;
}
