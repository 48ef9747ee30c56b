// SPDX-License-Identifier: MIT
// What is kept in reserve, by whomever, is never the reason for a failure: empty blocks, chunks of lanes,
// freed ranges that rest, other types of the same heap, pools, objects.
#include "world.h"

enum { SMALL = 400 };

// 64 MiB a heap.
static void open_small(struct World *w)
{
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {64 * MIB, 64 * MIB};
    const VmaAllocatorCreateInfo info = {.pHeapSizeLimit = limits};
    world_open(w, "nvidia-rebar", &info);
}

// Nearly all of the heap of type 1, as one dedicated allocation and as one in a block.
static void nearly_all_can_be_had(struct World *w)
{
    for (int own = 0; own < 2; ++own) {
        VmaAllocation large =
            world_allocate(w, 1, 60 * MIB, own ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
        vmaFreeMemory(w->allocator, large);
    }
}

static void fill_and_free(struct World *w, VmaPool pool, uint32_t type, VkDeviceSize size)
{
    VmaAllocation held[SMALL];
    const VmaAllocationCreateInfo info = {.memoryTypeBits = 1u << type, .pool = pool};
    unsigned count = 0;
    while (count < SMALL && world_try(w, size, &info, &held[count]) == VK_SUCCESS) {
        ++count;
    }
    assert_true(count * size >= 1 * MIB);
    vmaFreeMemoryPages(w->allocator, count, held);
}

static void small_things_that_were_freed_do_not_stand_in_the_way(void **state)
{
    (void)state;
    static const VkDeviceSize sizes[] = {16 * KIB, 5000, 100 * KIB, MIB};
    struct World w;
    open_small(&w);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
        fill_and_free(&w, VK_NULL_HANDLE, 1, sizes[i]);
        nearly_all_can_be_had(&w);
    }
    world_close(&w);
}

static void chunks_of_lanes_do_not_stand_in_the_way(void **state)
{
    (void)state;
    struct World w;
    open_small(&w);
    for (int i = 0; i < 3; ++i) {
        world_open_lanes(&w); // as many threads would have them
        fill_and_free(&w, VK_NULL_HANDLE, 1, 16 * KIB);
        fill_and_free(&w, VK_NULL_HANDLE, 1, 5000);
        nearly_all_can_be_had(&w);
    }
    world_close(&w);
}

static void other_types_of_the_heap_do_not_stand_in_the_way(void **state)
{
    (void)state;
    struct World w;
    open_small(&w);
    assert_int_equal(vr_sim_description(w.sim)->types[5].heap, vr_sim_description(w.sim)->types[1].heap);
    fill_and_free(&w, VK_NULL_HANDLE, 5, 100 * KIB);
    nearly_all_can_be_had(&w);
    world_close(&w);
}

static void empty_blocks_of_pools_do_not_stand_in_the_way(void **state)
{
    (void)state;
    for (int linear = 0; linear < 2; ++linear) {
        struct World w;
        VmaPool pool;
        open_small(&w);
        const VmaPoolCreateInfo info = {.memoryTypeIndex = 1,
                                        .blockSize = 8 * MIB,
                                        .flags = linear ? VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT : 0};
        assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_SUCCESS);
        fill_and_free(&w, pool, 1, 100 * KIB);
        nearly_all_can_be_had(&w);
        fill_and_free(&w, VK_NULL_HANDLE, 1, 100 * KIB);
        VmaAllocation again = world_allocate_in(&w, pool, 8 * MIB, 0); // and the other way round
        vmaFreeMemory(w.allocator, again);
        vmaDestroyPool(w.allocator, pool);
        world_close(&w);
    }
}

static void empty_blocks_do_not_use_up_the_objects(void **state)
{
    (void)state;
    struct World w;
    struct VrSimDevice device = world_device("nvidia-smallbar");
    VmaAllocation own[6];
    device.limits.maxMemoryAllocationCount = 6;
    world_open_device(&w, &device, NULL);
    for (uint32_t type = 0; type < 5; ++type) {
        vmaFreeMemory(w.allocator, world_allocate(&w, type, 1000, 0));
    }
    for (int i = 0; i < 6; ++i) {
        own[i] = world_allocate(&w, 1, 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    }
    vmaFreeMemoryPages(w.allocator, 6, own);
    world_close(&w);
}

// A driver that has less than it says refuses by itself; the reserve goes then, too.
static void a_driver_that_refuses_gets_the_reserve_back(void **state)
{
    (void)state;
    struct World w;
    struct VrSimDevice device = world_device("nvidia-rebar");
    device.heaps[0].size = 64 * MIB;
    device.heaps[0].budget = 64 * MIB;
    world_open_device(&w, &device, NULL);
    fill_and_free(&w, VK_NULL_HANDLE, 1, 100 * KIB);
    fill_and_free(&w, VK_NULL_HANDLE, 5, 100 * KIB);
    VmaAllocation large = world_allocate(&w, 1, 62 * MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    vmaFreeMemory(w.allocator, large);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_things_that_were_freed_do_not_stand_in_the_way),
        cmocka_unit_test(chunks_of_lanes_do_not_stand_in_the_way),
        cmocka_unit_test(other_types_of_the_heap_do_not_stand_in_the_way),
        cmocka_unit_test(empty_blocks_of_pools_do_not_stand_in_the_way),
        cmocka_unit_test(empty_blocks_do_not_use_up_the_objects),
        cmocka_unit_test(a_driver_that_refuses_gets_the_reserve_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
