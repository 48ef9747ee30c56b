// SPDX-License-Identifier: MIT
#include "move_world.h"

#include <stdlib.h>
#include <string.h>

// ---- The world ----

static uint32_t visible_type(const struct VrSimDevice *device)
{
    const VkMemoryPropertyFlags wanted =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    for (uint32_t type = 0; type < device->type_count; ++type) {
        if ((device->types[type].flags & wanted) == wanted && device->types[type].buffers) {
            return type;
        }
    }
    fail_msg("the device has no host-visible memory");
    return 0;
}

void world_open(struct World *world, const struct WorldOptions *options)
{
    memset(world, 0, sizeof(*world));
    world->seed = 2463534242u;
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin("nvidia-rebar", &device));
    device.limits.bufferImageGranularity = options->granularity ? options->granularity : 1;
    const struct VrSimCreateInfo sim_info = {.device = &device, .flags = VR_SIM_CHECKS | VR_SIM_BACKING};
    assert_int_equal(vr_sim_create(&sim_info, &world->sim), VK_SUCCESS);
    const VmaVulkanFunctions functions = {
        .vkGetInstanceProcAddr = vr_sim_get_instance_proc_addr,
        .vkGetDeviceProcAddr = vr_sim_get_device_proc_addr,
    };
    const VmaAllocatorCreateInfo info = {
        .physicalDevice = vr_sim_physical_device(world->sim),
        .device = vr_sim_device(world->sim),
        .instance = vr_sim_instance(world->sim),
        .pVulkanFunctions = &functions,
        .pAllocationCallbacks = options->callbacks,
        .vulkanApiVersion = VK_API_VERSION_1_1,
    };
    assert_int_equal(vmaCreateAllocator(&info, &world->allocator), VK_SUCCESS);
    world->type = visible_type(&device);
    const VmaPoolCreateInfo pool_info = {
        .memoryTypeIndex = world->type,
        .flags = options->pool_flags,
        .blockSize = options->block_size ? options->block_size : BLOCK_SIZE,
        .minBlockCount = options->min_block_count,
    };
    assert_int_equal(vmaCreatePool(world->allocator, &pool_info, &world->pool), VK_SUCCESS);
}

void world_close(struct World *world)
{
    for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
        world_free(world, slot);
    }
    vmaDestroyPool(world->allocator, world->pool);
    vmaDestroyAllocator(world->allocator);
    char text[256];
    vr_sim_misuse_last(world->sim, text, sizeof(text));
    assert_string_equal(text, "");
    assert_int_equal(vr_sim_destroy(world->sim), 0);
}

int world_set_up(void **state)
{
    struct World *world = malloc(sizeof(*world));
    assert_non_null(world);
    world_open(world, &(struct WorldOptions){0});
    *state = world;
    return 0;
}

int world_tear_down(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

uint32_t world_random(struct World *world, uint32_t below)
{
    world->seed ^= world->seed << 13;
    world->seed ^= world->seed >> 17;
    world->seed ^= world->seed << 5;
    return world->seed % below;
}

// ---- Allocations ----

static uint32_t *map(const struct World *world, VmaAllocation allocation)
{
    void *data;
    assert_int_equal(vmaMapMemory(world->allocator, allocation, &data), VK_SUCCESS);
    return data;
}

VkResult world_try_allocate(struct World *world, uint32_t slot, VkDeviceSize size, VkDeviceSize alignment,
                            VmaAllocationCreateFlags flags)
{
    assert_null(world->live[slot]);
    const VkMemoryRequirements requirements = {.size = size, .alignment = alignment, .memoryTypeBits = ~0u};
    const VmaAllocationCreateInfo info = {
        .flags = flags, .pool = world->pool, .pUserData = (void *)(uintptr_t)slot};
    VkResult result = vmaAllocateMemory(world->allocator, &requirements, &info, &world->live[slot], NULL);
    if (result == VK_SUCCESS) {
        world->size[slot] = size;
        world->alignment[slot] = alignment;
        world->stamp[slot] = ++world->next_stamp;
        uint32_t *words = map(world, world->live[slot]);
        for (VkDeviceSize i = 0; i < size / sizeof(uint32_t); ++i) {
            words[i] = world->stamp[slot];
        }
        vmaUnmapMemory(world->allocator, world->live[slot]);
    }
    return result;
}

void world_allocate(struct World *world, uint32_t slot, VkDeviceSize size)
{
    assert_int_equal(world_try_allocate(world, slot, size, 16, 0), VK_SUCCESS);
}

void world_free(struct World *world, uint32_t slot)
{
    vmaFreeMemory(world->allocator, world->live[slot]);
    world->live[slot] = VK_NULL_HANDLE;
}

void world_make_thin_blocks(struct World *world, uint32_t blocks, uint32_t per_block, uint32_t keep)
{
    for (uint32_t i = 0; i < blocks * per_block; ++i) {
        world_allocate(world, i, BLOCK_SIZE / per_block);
    }
    assert_int_equal(world_block_count(world), blocks);
    for (uint32_t i = 0; i < blocks * per_block; ++i) {
        if (i % per_block >= keep) {
            world_free(world, i);
        }
    }
}

// ---- What is true of it ----

struct VrArena *world_arena(const struct World *world)
{
    return &world->pool->arena;
}

uint32_t world_block_count(const struct World *world)
{
    VmaStatistics statistics;
    vmaGetPoolStatistics(world->allocator, world->pool, &statistics);
    return statistics.blockCount;
}

VkDeviceSize world_live_bytes(const struct World *world)
{
    VkDeviceSize bytes = 0;
    for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
        bytes += world->live[slot] ? world->size[slot] : 0;
    }
    return bytes;
}

static void check_index(const struct VrRanges *index, const struct VrSpan *const *spans, size_t count)
{
    const char *broken = vr_ranges_check(index, spans, count);
    if (broken) {
        fail_msg("%s", broken);
    }
}

// The central index, and each lane's over the chunks that are divided ranges of the blocks.
static void check_ranges(const struct VrArena *arena)
{
    static const struct VrSpan *spans[MOST_LIVE];
    size_t count = 0;
    for (const struct VrBlock *block = arena->blocks; block; block = block->next) {
        spans[count++] = &block->span;
    }
    check_index(&arena->central.ranges, spans, count);
    for (uint32_t i = 0; i < VR_LANE_COUNT; ++i) {
        const struct VrLane *lane = atomic_load(&arena->lanes[i]);
        count = 0;
        for (const struct VrBlock *block = arena->blocks; block && lane; block = block->next) {
            for (const struct VrRange *range = block->span.first; range; range = range->next) {
                const struct VrSpan *chunk = vr_range_state(range) == VR_RANGE_DIVIDED ? range->extra : NULL;
                if (chunk && chunk->index == &lane->ranges) {
                    spans[count++] = chunk;
                }
            }
        }
        if (lane) {
            check_index(&lane->ranges, spans, count);
        }
    }
}

void world_check(const struct World *world)
{
    check_ranges(world_arena(world));
    for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
        if (!world->live[slot]) {
            continue;
        }
        VmaAllocationInfo info;
        vmaGetAllocationInfo(world->allocator, world->live[slot], &info);
        assert_int_equal((uintptr_t)info.pUserData, slot);
        assert_true(info.size >= world->size[slot]); // rounded up where granularity asks for it
        assert_int_equal(info.offset % world->alignment[slot], 0);
        const uint32_t *words = map(world, world->live[slot]);
        for (VkDeviceSize i = 0; i < world->size[slot] / sizeof(uint32_t); ++i) {
            if (words[i] != world->stamp[slot]) {
                fail_msg("allocation %u lost its contents", slot);
            }
        }
        vmaUnmapMemory(world->allocator, world->live[slot]);
    }
}

// ---- Passes ----

VmaDefragmentationContext world_begin(struct World *world, const VmaDefragmentationInfo *info)
{
    VmaDefragmentationContext context;
    VmaDefragmentationInfo of_pool = *info;
    of_pool.pool = world->pool;
    assert_int_equal(vmaBeginDefragmentation(world->allocator, &of_pool, &context), VK_SUCCESS);
    return context;
}

void world_copy(struct World *world, const VmaDefragmentationPassMoveInfo *pass)
{
    for (uint32_t i = 0; i < pass->moveCount; ++i) {
        VmaAllocation source = pass->pMoves[i].srcAllocation, place = pass->pMoves[i].dstTmpAllocation;
        VmaAllocationInfo info;
        vmaGetAllocationInfo(world->allocator, source, &info);
        memcpy(map(world, place), map(world, source), info.size);
        vmaUnmapMemory(world->allocator, source);
        vmaUnmapMemory(world->allocator, place);
    }
}

uint32_t world_run_passes(struct World *world, VmaDefragmentationContext context)
{
    uint32_t moves = 0;
    for (int passes = 0;; ++passes) {
        assert_true(passes < 10000);
        VmaDefragmentationPassMoveInfo pass;
        VkResult result = vmaBeginDefragmentationPass(world->allocator, context, &pass);
        if (result == VK_SUCCESS) {
            assert_int_equal(pass.moveCount, 0);
            assert_null(pass.pMoves);
            return moves;
        }
        assert_int_equal(result, VK_INCOMPLETE);
        assert_true(pass.moveCount > 0);
        moves += pass.moveCount;
        world_copy(world, &pass);
        assert_int_equal(vmaEndDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
        assert_int_equal(pass.moveCount, 0);
        world_check(world);
    }
}

VmaDefragmentationStats world_defragment(struct World *world, VmaDefragmentationFlags flags)
{
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){.flags = flags});
    uint32_t moves = world_run_passes(world, context);
    VmaDefragmentationStats stats;
    vmaEndDefragmentation(world->allocator, context, &stats);
    assert_int_equal(stats.allocationsMoved, moves);
    world_check(world);
    return stats;
}
