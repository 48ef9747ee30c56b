// SPDX-License-Identifier: MIT
// Blocks that hold nothing: they are never the reason for a failure, and few of them stay.
#include "world.h"

static void a_large_request_gets_the_memory_that_empty_blocks_keep(void **state)
{
    struct World w;
    (void)state;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {64 * MIB, 64 * MIB, 64 * MIB};
    const VmaAllocatorCreateInfo info = {.pHeapSizeLimit = limits};
    world_open(&w, "nvidia-rebar", &info);
    uint32_t type = world_type(&w, DEVICE_LOCAL);
    VmaAllocation small = world_allocate(&w, type, 3 * MIB, 0);
    vmaFreeMemory(w.allocator, small);
    assert_int_equal(world_stats(&w).memories, 1); // kept for what comes next
    VmaAllocation large = world_allocate(&w, type, 62 * MIB, 0);
    assert_int_equal(world_stats(&w).memories, 1);
    vmaFreeMemory(w.allocator, large);
    world_close(&w);
}

static void empty_blocks_of_another_pool_go_for_a_request_within_budget(void **state)
{
    struct World w;
    (void)state;
    const VmaAllocatorCreateInfo info = {.flags = VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT};
    world_open(&w, "nvidia-rebar", &info);
    uint32_t type = world_type(&w, DEVICE_LOCAL);
    vr_sim_set_budget(w.sim, vr_sim_description(w.sim)->types[type].heap, 64 * MIB, 0);
    const VmaPoolCreateInfo pool_info = {.memoryTypeIndex = type, .blockSize = 16 * MIB};
    VmaPool pool;
    assert_int_equal(vmaCreatePool(w.allocator, &pool_info, &pool), VK_SUCCESS);
    vmaFreeMemory(w.allocator, world_allocate_in(&w, pool, KIB, 0));
    assert_int_equal(world_stats(&w).memories, 1);
    VmaAllocation large =
        world_allocate(&w, type, 60 * MIB,
                       VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT | VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    assert_int_equal(world_stats(&w).memories, 1);
    vmaFreeMemory(w.allocator, large);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void blocks_that_the_pool_insists_on_stay(void **state)
{
    struct World w;
    (void)state;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {64 * MIB, 64 * MIB, 64 * MIB};
    const VmaAllocatorCreateInfo info = {.pHeapSizeLimit = limits};
    world_open(&w, "nvidia-rebar", &info);
    uint32_t type = world_type(&w, DEVICE_LOCAL);
    const VmaPoolCreateInfo pool_info = {.memoryTypeIndex = type, .blockSize = 16 * MIB, .minBlockCount = 1};
    VmaPool pool;
    assert_int_equal(vmaCreatePool(w.allocator, &pool_info, &pool), VK_SUCCESS);
    const VmaAllocationCreateInfo wish = {.memoryTypeBits = 1u << type};
    VmaAllocation allocation;
    assert_int_equal(world_try(&w, 62 * MIB, &wish, &allocation), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(world_stats(&w).memories, 1);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void little_stays_reserved_when_everything_was_freed(void **state)
{
    enum { COUNT = 4096 };
    static VmaAllocation held[COUNT];
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    uint32_t type = world_type(&w, DEVICE_LOCAL);
    for (int i = 0; i < COUNT; ++i) {
        held[i] = world_allocate(&w, type, 64 * KIB, 0);
    }
    assert_true(world_stats(&w).total_bytes >= 256 * MIB);
    for (int stride = 0; stride < 7; ++stride) {
        for (int i = stride; i < COUNT; i += 7) {
            vmaFreeMemory(w.allocator, held[i]);
        }
    }
    assert_true(world_stats(&w).total_bytes <= 16 * MIB);
    world_close(&w);
}

static void VKAPI_CALL ask_for_budgets(VmaAllocator allocator, uint32_t type, VkDeviceMemory memory,
                                       VkDeviceSize size, void *user)
{
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
    (void)type, (void)memory, (void)size;
    vmaGetHeapBudgets(allocator, budgets);
    ++*(int *)user;
}

static void the_programs_callback_may_call_back(void **state)
{
    struct World w;
    int frees = 0;
    (void)state;
    const VmaDeviceMemoryCallbacks callbacks = {
        .pfnAllocate = ask_for_budgets, .pfnFree = ask_for_budgets, .pUserData = &frees};
    const VmaAllocatorCreateInfo info = {.pDeviceMemoryCallbacks = &callbacks};
    world_open(&w, "nvidia-rebar", &info);
    vmaFreeMemory(w.allocator, world_allocate(&w, world_type(&w, DEVICE_LOCAL), KIB, 0));
    assert_int_equal(frees, 1);
    for (uint32_t frame = 1; frame < 1000; ++frame) {
        vmaSetCurrentFrameIndex(w.allocator, frame);
    }
    assert_int_equal(frees, 2);
    assert_int_equal(world_stats(&w).memories, 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_request_gets_the_memory_that_empty_blocks_keep),
        cmocka_unit_test(empty_blocks_of_another_pool_go_for_a_request_within_budget),
        cmocka_unit_test(blocks_that_the_pool_insists_on_stay),
        cmocka_unit_test(the_programs_callback_may_call_back),
        cmocka_unit_test(little_stays_reserved_when_everything_was_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
