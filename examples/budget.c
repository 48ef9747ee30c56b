// SPDX-License-Identifier: MIT
// How much memory is left: the budget of each heap, and an allocation that is refused rather than taken from
// beyond it.
#include "common.h"

static void print_budgets(VmaAllocator allocator, const VkPhysicalDeviceMemoryProperties *memory)
{
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];

    vmaGetHeapBudgets(allocator, budgets);
    for (uint32_t i = 0; i < memory->memoryHeapCount; i++) {
        const VmaBudget *heap = &budgets[i];
        printf("heap %u: %6llu of %6llu MiB used, of that %llu MiB in %u blocks of ours\n", i,
               (unsigned long long)heap->usage >> 20, (unsigned long long)heap->budget >> 20,
               (unsigned long long)heap->statistics.blockBytes >> 20, heap->statistics.blockCount);
        REQUIRE(heap->statistics.allocationBytes <= heap->statistics.blockBytes);
    }
}

int main(void)
{
    struct Example example;
    const VkPhysicalDeviceMemoryProperties *memory;
    VkDeviceSize largest = 0;

    example_begin(&example);
    vmaGetMemoryProperties(example.allocator, &memory);
    print_budgets(example.allocator, memory);

    VkBufferCreateInfo buffer_info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                      .size = 64 << 20,
                                      .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT};
    VmaAllocationCreateInfo within = {.usage = VMA_MEMORY_USAGE_AUTO,
                                      .flags = VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT};
    VkBuffer buffer;
    VmaAllocation allocation;
    OK(vmaCreateBuffer(example.allocator, &buffer_info, &within, &buffer, &allocation, NULL));
    printf("with 64 MiB more:\n");
    print_budgets(example.allocator, memory);

    // Memory alone, as large as the largest heap: beyond any budget, so it is refused before the driver is
    // asked.
    for (uint32_t i = 0; i < memory->memoryHeapCount; i++) {
        largest = memory->memoryHeaps[i].size > largest ? memory->memoryHeaps[i].size : largest;
    }
    VkMemoryRequirements huge = {.size = largest, .alignment = 256, .memoryTypeBits = UINT32_MAX};
    VmaAllocationCreateInfo anywhere = {.requiredFlags = 0, .flags = VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT};
    VmaAllocation refused;
    REQUIRE(vmaAllocateMemory(example.allocator, &huge, &anywhere, &refused, NULL) ==
            VK_ERROR_OUT_OF_DEVICE_MEMORY);
    printf("%llu MiB at once: refused, as asked\n", (unsigned long long)largest >> 20);

    vmaDestroyBuffer(example.allocator, buffer, allocation);
    example_end(&example);
    return 0;
}
