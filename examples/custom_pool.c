// SPDX-License-Identifier: MIT
// A pool of its own for short-lived upload buffers: a ring in one block, so that this frame's buffers follow
// the last frame's, nothing else comes between them, and the memory that they may take has a limit.
#include "common.h"

enum { BLOCK_SIZE = 1 << 20, BUFFER_SIZE = 100 * 1024, ALIVE = 6, FRAMES = 100 };

static const VkBufferCreateInfo upload_buffer = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                                 .size = BUFFER_SIZE,
                                                 .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT};

static VmaPool create_pool(VmaAllocator allocator)
{
    VmaAllocationCreateInfo like = {.usage = VMA_MEMORY_USAGE_AUTO,
                                    .flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT};
    VmaPoolCreateInfo info = {.flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT,
                              .blockSize = BLOCK_SIZE,
                              .minBlockCount = 1,
                              .maxBlockCount = 1};
    VmaPool pool;

    // The memory type that a buffer of this kind would get anyway.
    OK(vmaFindMemoryTypeIndexForBufferInfo(allocator, &upload_buffer, &like, &info.memoryTypeIndex));
    OK(vmaCreatePool(allocator, &info, &pool));
    vmaSetPoolName(allocator, pool, "uploads");
    return pool;
}

int main(void)
{
    struct Example example;
    VkBuffer buffers[ALIVE] = {VK_NULL_HANDLE};
    VmaAllocation allocations[ALIVE] = {VK_NULL_HANDLE};
    VmaStatistics statistics;

    example_begin(&example);
    VmaPool pool = create_pool(example.allocator);
    VmaAllocationCreateInfo from_pool = {.pool = pool};

    // Freed in the order in which they were made: the ring goes round and round in its one block.
    for (int frame = 0; frame < FRAMES; frame++) {
        int slot = frame % ALIVE;
        vmaDestroyBuffer(example.allocator, buffers[slot], allocations[slot]);
        OK(vmaCreateBuffer(example.allocator, &upload_buffer, &from_pool, &buffers[slot], &allocations[slot],
                           NULL));
    }
    vmaGetPoolStatistics(example.allocator, pool, &statistics);
    printf("%d buffers went through %u block of %u KiB\n", FRAMES, statistics.blockCount,
           (unsigned)(statistics.blockBytes / 1024));
    REQUIRE(statistics.blockCount == 1 && statistics.allocationCount == ALIVE);

    // The limit is real: more than the block holds is refused, and nothing is lost.
    VkBufferCreateInfo too_large = upload_buffer;
    too_large.size = BLOCK_SIZE;
    VkBuffer refused;
    VmaAllocation none;
    REQUIRE(vmaCreateBuffer(example.allocator, &too_large, &from_pool, &refused, &none, NULL) < 0);

    for (int slot = 0; slot < ALIVE; slot++) {
        vmaDestroyBuffer(example.allocator, buffers[slot], allocations[slot]);
    }
    vmaDestroyPool(example.allocator, pool);
    example_end(&example);
    return 0;
}
