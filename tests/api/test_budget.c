// SPDX-License-Identifier: MIT
// Budgets, with and without VK_EXT_memory_budget: what is told, when the driver is asked, drivers that
// talk nonsense.
#include "world.h"

#include <string.h>

// ---- A driver that says what the test wants ----

static struct {
    bool on;
    VkInstance instance;
    VkDeviceSize budget, usage; // of every heap
} told;

static void VKAPI_CALL tell(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties2 *properties)
{
    ((PFN_vkGetPhysicalDeviceMemoryProperties2)vr_sim_get_instance_proc_addr(
        told.instance, "vkGetPhysicalDeviceMemoryProperties2"))(device, properties);
    VkPhysicalDeviceMemoryBudgetPropertiesEXT *answer = properties->pNext;
    for (uint32_t i = 0; told.on && answer && i < properties->memoryProperties.memoryHeapCount; ++i) {
        answer->heapBudget[i] = told.budget;
        answer->heapUsage[i] = told.usage;
    }
}

static void open_talkative(struct World *w)
{
    const struct VrSimDevice device = world_device("nvidia-rebar");
    VmaVulkanFunctions functions = {.vkGetInstanceProcAddr = vr_sim_get_instance_proc_addr,
                                    .vkGetDeviceProcAddr = vr_sim_get_device_proc_addr};
    VmaAllocatorCreateInfo info = {.flags = VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT,
                                   .pVulkanFunctions = &functions};
    functions.vkGetPhysicalDeviceMemoryProperties2KHR = tell;
    memset(&told, 0, sizeof(told));
    world_open_sim(w, &device, &info);
    told.instance = info.instance;
    assert_int_equal(vmaCreateAllocator(&info, &w->allocator), VK_SUCCESS);
}

static VmaBudget budget_of(struct World *w, uint32_t heap)
{
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
    vmaGetHeapBudgets(w->allocator, budgets);
    return budgets[heap];
}

// ---- Without the extension ----

static void without_the_extension_the_budget_is_four_fifths_of_the_heap(void **state)
{
    (void)state;
    const char *name;
    for (uint32_t i = 0; (name = vr_sim_device_builtin_name(i)) != NULL; ++i) {
        struct World w;
        world_open(&w, name, NULL);
        const struct VrSimDevice *device = vr_sim_description(w.sim);
        VmaAllocation a = world_allocate(&w, 0, 1000, 0);
        for (uint32_t heap = 0; heap < device->heap_count; ++heap) {
            const VmaBudget budget = budget_of(&w, heap);
            assert_int_equal(budget.budget, device->heaps[heap].size * 8 / 10);
            assert_int_equal(budget.usage, budget.statistics.blockBytes);
            assert_int_equal(budget.usage, world_stats(&w).heap_bytes[heap]);
        }
        vmaFreeMemory(w.allocator, a);
        world_close(&w);
    }
}

static void only_the_heaps_that_exist_are_written(void **state)
{
    (void)state;
    struct World w;
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS], untouched;
    world_open_full(&w, "nvidia-rebar"); // two heaps
    memset(budgets, 0x5a, sizeof(budgets));
    memset(&untouched, 0x5a, sizeof(untouched));
    vmaGetHeapBudgets(w.allocator, budgets);
    assert_memory_not_equal(&budgets[1], &untouched, sizeof(untouched));
    for (uint32_t i = 2; i < VK_MAX_MEMORY_HEAPS; ++i) {
        assert_memory_equal(&budgets[i], &untouched, sizeof(untouched));
    }
    world_close(&w);
}

// ---- With it ----

static void the_driver_is_believed(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    vr_sim_set_budget(w.sim, 0, 500 * MIB, 123 * MIB);
    vmaSetCurrentFrameIndex(w.allocator, 1);
    assert_int_equal(budget_of(&w, 0).budget, 500 * MIB);
    assert_int_equal(budget_of(&w, 0).usage, 123 * MIB);
    VmaAllocation a = world_allocate(&w, 1, 40 * MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    assert_int_equal(budget_of(&w, 0).usage, 163 * MIB); // known at once
    assert_int_equal(budget_of(&w, 0).statistics.blockBytes, 40 * MIB);
    assert_int_equal(budget_of(&w, 0).statistics.blockCount, 1);
    assert_int_equal(budget_of(&w, 0).statistics.allocationCount, 1);
    vmaFreeMemory(w.allocator, a);
    assert_int_equal(budget_of(&w, 0).usage, 123 * MIB);
    world_close(&w);
}

static void nonsense_of_the_driver_is_put_right(void **state)
{
    (void)state;
    struct World w;
    open_talkative(&w);
    const VkDeviceSize heap = vr_sim_description(w.sim)->heaps[0].size;
    VmaAllocation a = world_allocate(&w, 1, 10 * MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    told.on = true; // budget 0, usage 0
    vmaSetCurrentFrameIndex(w.allocator, 1);
    assert_int_equal(budget_of(&w, 0).budget, heap * 8 / 10);
    assert_int_equal(budget_of(&w, 0).usage, 10 * MIB);
    told.budget = UINT64_MAX;
    told.usage = 5 * MIB; // less than what is surely used
    vmaSetCurrentFrameIndex(w.allocator, 2);
    assert_int_equal(budget_of(&w, 0).budget, heap);
    assert_int_equal(budget_of(&w, 0).usage, 5 * MIB);
    vmaFreeMemory(w.allocator, a);
    assert_true(budget_of(&w, 0).usage <= 5 * MIB); // and never below 0
    VmaAllocation keeper = world_allocate(&w, 1, 10 * MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    told.usage = UINT64_MAX;
    vmaSetCurrentFrameIndex(w.allocator, 3);
    const VmaAllocationCreateInfo within = {.memoryTypeBits = 2,
                                            .flags = VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT};
    assert_int_equal(world_try(&w, 64 * MIB, &within, &a), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    a = world_allocate(&w, 1, 64 * MIB, 0); // a budget that is used up is advice
    vmaFreeMemory(w.allocator, a);
    vmaFreeMemory(w.allocator, keeper);
    world_close(&w);
}

static void the_driver_is_not_asked_for_what_fits_into_a_block(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation keeper = world_allocate(&w, 1, 1000, 0);
    const uint64_t before = world_stats(&w).calls[VR_SIM_CALL_GET_MEMORY_PROPERTIES2];
    for (int i = 0; i < 10000; ++i) {
        VmaAllocation a = world_allocate(&w, 1, 1000, VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT);
        vmaFreeMemory(w.allocator, a);
    }
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_GET_MEMORY_PROPERTIES2], before);
    vmaFreeMemory(w.allocator, keeper);
    world_close(&w);
}

// ---- Statistics ----

static void budgets_and_statistics_tell_the_same(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[80] = {0};
    VmaPool pool;
    uint32_t random = 21;
    world_open_full(&w, "amd-rebar");
    assert_int_equal(
        vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = 3, .blockSize = 8 * MIB}, &pool),
        VK_SUCCESS);
    for (int step = 0; step < 1000; ++step) {
        const uint32_t i = world_random(&random) % 80;
        if (held[i]) {
            vmaFreeMemory(w.allocator, held[i]);
            held[i] = VK_NULL_HANDLE;
        } else if (i % 4 == 0) {
            held[i] = world_allocate_in(&w, pool, 1 + world_random(&random) % 100000, 0);
        } else {
            held[i] = world_allocate(&w, i % 4, 1 + world_random(&random) % 1000000,
                                     i % 8 == 7 ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
        }
        VmaTotalStatistics total;
        vmaCalculateStatistics(w.allocator, &total);
        for (uint32_t heap = 0; heap < 2; ++heap) {
            const VmaBudget budget = budget_of(&w, heap);
            assert_memory_equal(&budget.statistics, &total.memoryHeap[heap].statistics,
                                sizeof(VmaStatistics));
            assert_int_equal(budget.statistics.blockBytes, world_stats(&w).heap_bytes[heap]);
        }
        assert_int_equal(total.total.statistics.blockCount, world_stats(&w).memories);
    }
    vmaFreeMemoryPages(w.allocator, 80, held);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

// Blocks that are empty go before an allocation beyond the budget fails.
static void memory_that_is_kept_in_reserve_does_not_stand_in_the_way(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[64], large;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {64 * MIB, 64 * MIB};
    const VmaAllocatorCreateInfo info = {.pHeapSizeLimit = limits};
    world_open(&w, "nvidia-rebar", &info);
    for (int i = 0; i < 50; ++i) {
        held[i] = world_allocate(&w, 1, MIB, 0);
    }
    vmaFreeMemoryPages(w.allocator, 50, held);
    large = world_allocate(&w, 1, 60 * MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    vmaFreeMemory(w.allocator, large);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_extension_the_budget_is_four_fifths_of_the_heap),
        cmocka_unit_test(only_the_heaps_that_exist_are_written),
        cmocka_unit_test(the_driver_is_believed),
        cmocka_unit_test(nonsense_of_the_driver_is_put_right),
        cmocka_unit_test(the_driver_is_not_asked_for_what_fits_into_a_block),
        cmocka_unit_test(budgets_and_statistics_tell_the_same),
        cmocka_unit_test(memory_that_is_kept_in_reserve_does_not_stand_in_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
