// SPDX-License-Identifier: MIT
// Handles that are not those of a live allocation of the allocator: freed twice, stale after their
// record was handed out again, of another allocator, null. Nothing is touched, an error is told where
// there is a result.
#include "world.h"

#include <string.h>

// Every function on an allocation, with a handle that is none. Vulkan hears nothing of it.
static void nothing_can_be_done_with(struct World *w, VmaAllocation bad)
{
    VmaAllocator allocator = w->allocator;
    const uint64_t calls = world_stats(w).calls[VR_SIM_CALL_ANY];
    const VkBufferCreateInfo buffer_info = world_buffer_info(16, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image_info =
        world_image_info(4, 4, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    char bytes[4] = {0};
    void *data = bytes;
    VkBuffer buffer = (VkBuffer)(uintptr_t)0x10;
    VkImage image = (VkImage)(uintptr_t)0x10;
    VkMemoryPropertyFlags flags = 99;
    VmaAllocationInfo info, nothing = {0};
    VmaAllocationInfo2 info2, nothing2 = {{0}, 0, 0};
    vmaFreeMemory(allocator, bad);
    vmaFreeMemoryPages(allocator, 1, &bad);
    vmaDestroyBuffer(allocator, VK_NULL_HANDLE, bad);
    vmaDestroyImage(allocator, VK_NULL_HANDLE, bad);
    assert_true(vmaMapMemory(allocator, bad, &data) < 0);
    assert_null(data);
    vmaUnmapMemory(allocator, bad);
    assert_true(vmaFlushAllocation(allocator, bad, 0, VK_WHOLE_SIZE) < 0);
    assert_true(vmaInvalidateAllocation(allocator, bad, 0, VK_WHOLE_SIZE) < 0);
    assert_true(vmaFlushAllocations(allocator, 1, &bad, NULL, NULL) < 0);
    assert_true(vmaInvalidateAllocations(allocator, 1, &bad, NULL, NULL) < 0);
    assert_true(vmaCopyMemoryToAllocation(allocator, bytes, bad, 0, 4) < 0);
    assert_true(vmaCopyAllocationToMemory(allocator, bad, 0, bytes, 4) < 0);
    assert_true(vmaBindBufferMemory(allocator, bad, buffer) < 0);
    assert_true(vmaBindImageMemory(allocator, bad, image) < 0);
    assert_true(vmaCreateAliasingBuffer(allocator, bad, &buffer_info, &buffer) < 0);
    assert_true(vmaCreateAliasingImage(allocator, bad, &image_info, &image) < 0);
    assert_true(buffer == VK_NULL_HANDLE && image == VK_NULL_HANDLE);
    vmaSetAllocationName(allocator, bad, "name");
    vmaSetAllocationUserData(allocator, bad, bytes);
    memset(&info, 0x5a, sizeof(info));
    vmaGetAllocationInfo(allocator, bad, &info);
    assert_true(info.deviceMemory == VK_NULL_HANDLE && info.size == 0 && !info.pMappedData && !info.pName);
    assert_true(info.pUserData == nothing.pUserData && info.offset == nothing.offset);
    memset(&info2, 0x5a, sizeof(info2));
    vmaGetAllocationInfo2(allocator, bad, &info2);
    assert_true(info2.blockSize == nothing2.blockSize && info2.dedicatedMemory == VK_FALSE);
    vmaGetAllocationMemoryProperties(allocator, bad, &flags);
    assert_int_equal(flags, 0);
    assert_int_equal(world_stats(w).calls[VR_SIM_CALL_ANY], calls);
}

static VmaAllocation make(struct World *w, int kind, VmaPool linear)
{
    return kind == 2 ? world_allocate_in(w, linear, 1000, 0)
                     : world_allocate(w, 3, 1000, kind ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
}

// Of all kinds: in a block, dedicated, in a linear pool.
static void with_each_kind(void (*test)(struct World *w, int kind, VmaPool linear))
{
    for (int kind = 0; kind < 3; ++kind) {
        struct World w;
        VmaPool linear;
        world_open_full(&w, "nvidia-rebar");
        const VmaPoolCreateInfo info = {.memoryTypeIndex = 3, .flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT};
        assert_int_equal(vmaCreatePool(w.allocator, &info, &linear), VK_SUCCESS);
        test(&w, kind, linear);
        vmaDestroyPool(w.allocator, linear);
        world_close(&w);
    }
}

static void free_twice(struct World *w, int kind, VmaPool linear)
{
    VmaAllocation other = make(w, kind, linear), a = make(w, kind, linear);
    vmaFreeMemory(w->allocator, a);
    nothing_can_be_done_with(w, a);
    assert_true(world_info(w, other).size >= 1000);
    vmaFreeMemory(w->allocator, other);
    nothing_can_be_done_with(w, other);
}

static void a_freed_allocation_is_no_allocation(void **state)
{
    (void)state;
    with_each_kind(free_twice);
}

// The record is soon another allocation's, which a stale handle must not reach.
static void free_and_make_again(struct World *w, int kind, VmaPool linear)
{
    VmaAllocation stale = make(w, kind, linear);
    vmaFreeMemory(w->allocator, stale);
    for (int i = 0; i < 40; ++i) {
        VmaAllocation held[20];
        for (int k = 0; k < 20; ++k) {
            held[k] = make(w, kind, linear);
            assert_ptr_not_equal(held[k], stale);
        }
        nothing_can_be_done_with(w, stale);
        for (int k = 0; k < 20; ++k) {
            assert_null(world_info(w, held[k]).pName);
            assert_null(world_info(w, held[k]).pUserData);
        }
        stale = held[i % 20];
        vmaFreeMemoryPages(w->allocator, 20, held);
    }
}

static void a_stale_handle_does_not_reach_what_came_after(void **state)
{
    (void)state;
    with_each_kind(free_and_make_again);
}

static void keep_off_foreign(struct World *w, int kind, VmaPool linear)
{
    struct World other;
    world_open_full(&other, "nvidia-rebar");
    VmaAllocation a = make(w, kind, linear);
    nothing_can_be_done_with(&other, a);
    assert_true(world_info(w, a).size >= 1000);
    vmaFreeMemory(w->allocator, a);
    world_close(&other);
}

static void an_allocation_of_another_allocator_is_left_alone(void **state)
{
    (void)state;
    with_each_kind(keep_off_foreign);
}

static void null_is_no_allocation(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    nothing_can_be_done_with(&w, VK_NULL_HANDLE);
    world_close(&w);
}

static void a_page_that_was_freed_already_does_not_stop_the_others(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation pages[10];
    VmaTotalStatistics total;
    world_open_full(&w, "nvidia-rebar");
    for (int i = 0; i < 10; ++i) {
        pages[i] = world_allocate(&w, 1, 1000, 0);
    }
    vmaFreeMemory(w.allocator, pages[5]);
    vmaFreeMemoryPages(w.allocator, 10, pages);
    vmaFreeMemoryPages(w.allocator, 10, pages);
    vmaCalculateStatistics(w.allocator, &total);
    assert_int_equal(total.total.statistics.allocationCount, 0);
    world_close(&w);
}

// A resource and its allocation may go separately.
static void a_buffer_and_its_memory_may_go_one_by_one(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    const VkBufferCreateInfo buffer = world_buffer_info(1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    VkBuffer made;
    VmaAllocation allocation;
    assert_int_equal(vmaCreateBuffer(w.allocator, &buffer, &info, &made, &allocation, NULL), VK_SUCCESS);
    vmaDestroyBuffer(w.allocator, made, VK_NULL_HANDLE);
    assert_int_equal(world_stats(&w).buffers, 0);
    assert_true(world_info(&w, allocation).size >= 1000);
    vmaDestroyBuffer(w.allocator, VK_NULL_HANDLE, allocation);
    nothing_can_be_done_with(&w, allocation);
    world_close(&w);
}

// Freed in whatever order, the memory can be had again.
static void freed_memory_comes_back(void **state)
{
    (void)state;
    struct World w;
    uint32_t random = 12;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {32 * MIB, 32 * MIB};
    const VmaAllocatorCreateInfo create = {.pHeapSizeLimit = limits};
    world_open(&w, "nvidia-rebar", &create);
    for (int round = 0; round < 30; ++round) {
        enum { COUNT = 60 };
        VmaAllocation held[COUNT];
        const VkDeviceSize size = round % 2 ? 400 * KIB : 100 * KIB;
        for (int i = 0; i < COUNT; ++i) {
            held[i] = world_allocate(&w, 1, size, 0);
        }
        for (uint32_t i = COUNT - 1; i > 0; --i) {
            const uint32_t k = world_random(&random) % (i + 1);
            VmaAllocation swap = held[i];
            held[i] = held[k];
            held[k] = swap;
        }
        vmaFreeMemoryPages(w.allocator, COUNT, held);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_freed_allocation_is_no_allocation),
        cmocka_unit_test(a_stale_handle_does_not_reach_what_came_after),
        cmocka_unit_test(an_allocation_of_another_allocator_is_left_alone),
        cmocka_unit_test(null_is_no_allocation),
        cmocka_unit_test(a_page_that_was_freed_already_does_not_stop_the_others),
        cmocka_unit_test(a_buffer_and_its_memory_may_go_one_by_one),
        cmocka_unit_test(freed_memory_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
