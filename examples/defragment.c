// SPDX-License-Identifier: MIT
// Memory full of holes is put together again while the buffers stay usable: the allocator says what should
// move where, the program creates the buffer there and copies it on the GPU, and the emptied blocks go back
// to the driver.
#include "common.h"

#include <string.h>

enum { BUFFERS = 400, BUFFER_SIZE = 128 * 1024 };

struct Mesh {
    VkBuffer buffer;
    VmaAllocation allocation;
};

static const VkBufferCreateInfo mesh_buffer = {
    .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
    .size = BUFFER_SIZE,
    .usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
             VK_BUFFER_USAGE_TRANSFER_DST_BIT,
};

static VmaStatistics statistics_of(VmaAllocator allocator)
{
    VmaTotalStatistics statistics;
    vmaCalculateStatistics(allocator, &statistics);
    return statistics.total.statistics;
}

// Every mesh is filled with its number; HOST_ACCESS_RANDOM so that the CPU can look at it afterwards.
static void create_meshes(struct Example *example, struct Mesh *meshes)
{
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO,
                                    .flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT};
    for (uint32_t i = 0; i < BUFFERS; i++) {
        uint32_t content[BUFFER_SIZE / 4];
        for (uint32_t word = 0; word < BUFFER_SIZE / 4; word++) {
            content[word] = i;
        }
        OK(vmaCreateBuffer(example->allocator, &mesh_buffer, &info, &meshes[i].buffer, &meshes[i].allocation,
                           NULL));
        OK(vmaCopyMemoryToAllocation(example->allocator, content, meshes[i].allocation, 0, BUFFER_SIZE));
        vmaSetAllocationUserData(example->allocator, meshes[i].allocation, &meshes[i]);
    }
}

// One pass: a few moves at a time, so that a frame never waits long.
static void carry_out(struct Example *example, const VmaDefragmentationPassMoveInfo *pass,
                      VkBuffer *old_buffers)
{
    example_record(example);
    for (uint32_t i = 0; i < pass->moveCount; i++) {
        VmaAllocationInfo info;
        struct Mesh *mesh;
        VkBufferCopy whole = {.size = BUFFER_SIZE};

        vmaGetAllocationInfo(example->allocator, pass->pMoves[i].srcAllocation, &info);
        mesh = info.pUserData;
        old_buffers[i] = mesh->buffer;
        OK(vkCreateBuffer(example->device, &mesh_buffer, NULL, &mesh->buffer));
        OK(vmaBindBufferMemory(example->allocator, pass->pMoves[i].dstTmpAllocation, mesh->buffer));
        vkCmdCopyBuffer(example->commands, old_buffers[i], mesh->buffer, 1, &whole);
    }
    example_submit(example); // and waits; a program with frames in flight would look again some frames later
}

static uint32_t defragment(struct Example *example)
{
    enum { MOVES = 64 };
    VmaDefragmentationInfo info = {.maxAllocationsPerPass = MOVES};
    VmaDefragmentationContext context;
    VmaDefragmentationPassMoveInfo pass;
    uint32_t moved = 0;

    OK(vmaBeginDefragmentation(example->allocator, &info, &context));
    while (vmaBeginDefragmentationPass(example->allocator, context, &pass) == VK_INCOMPLETE) {
        VkBuffer old_buffers[MOVES];
        uint32_t count = pass.moveCount; // the end of the pass clears it
        REQUIRE(count <= MOVES);
        carry_out(example, &pass, old_buffers);
        moved += count;
        VkResult result = vmaEndDefragmentationPass(example->allocator, context, &pass);
        // From here on each mesh's allocation is in the new place.
        for (uint32_t i = 0; i < count; i++) {
            vkDestroyBuffer(example->device, old_buffers[i], NULL);
        }
        if (result == VK_SUCCESS) {
            break;
        }
    }
    vmaEndDefragmentation(example->allocator, context, NULL);
    return moved;
}

int main(void)
{
    static struct Mesh meshes[BUFFERS];
    struct Example example;

    example_begin(&example);
    create_meshes(&example, meshes);
    for (uint32_t i = 0; i < BUFFERS; i++) {
        if (i % 4 != 0) {
            vmaDestroyBuffer(example.allocator, meshes[i].buffer, meshes[i].allocation);
        }
    }
    VmaStatistics before = statistics_of(example.allocator);
    uint32_t moved = defragment(&example);
    VmaStatistics after = statistics_of(example.allocator);
    printf("%u of %u buffers moved: %llu MiB in %u blocks became %llu MiB in %u blocks\n", moved,
           before.allocationCount, (unsigned long long)before.blockBytes >> 20, before.blockCount,
           (unsigned long long)after.blockBytes >> 20, after.blockCount);
    REQUIRE(after.allocationCount == before.allocationCount);
    REQUIRE(moved > 0 && after.blockBytes < before.blockBytes);

    for (uint32_t i = 0; i < BUFFERS; i += 4) {
        uint32_t content[BUFFER_SIZE / 4];
        OK(vmaCopyAllocationToMemory(example.allocator, meshes[i].allocation, 0, content, BUFFER_SIZE));
        REQUIRE(content[0] == i && content[BUFFER_SIZE / 4 - 1] == i);
        vmaDestroyBuffer(example.allocator, meshes[i].buffer, meshes[i].allocation);
    }
    example_end(&example);
    return 0;
}
