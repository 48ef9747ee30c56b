// SPDX-License-Identifier: MIT
// Virtual blocks through the public functions.
#include "vk_mem_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define GIB (1ull << 30)

// ---- Callbacks that count and can fail ----

struct Counted {
    VkAllocationCallbacks callbacks;
    long live;
    long fail_after; // -1: never
};

static void *VKAPI_PTR counted_allocate(void *user, size_t size, size_t alignment,
                                        VkSystemAllocationScope scope)
{
    struct Counted *counted = user;
    (void)scope;
    assert_true(alignment != 0 && (alignment & (alignment - 1)) == 0);
    if (counted->fail_after == 0) {
        return NULL;
    }
    counted->fail_after -= counted->fail_after > 0;
    ++counted->live;
    return malloc(size); // does not heed the alignment, as some programs' do not
}

static void VKAPI_PTR counted_free(void *user, void *memory)
{
    struct Counted *counted = user;
    counted->live -= memory != NULL;
    free(memory);
}

static void counted_init(struct Counted *counted)
{
    memset(counted, 0, sizeof(*counted));
    counted->callbacks.pUserData = counted;
    counted->callbacks.pfnAllocation = counted_allocate;
    counted->callbacks.pfnFree = counted_free;
    counted->fail_after = -1;
}

// ---- Short forms ----

static VmaVirtualBlock create(VkDeviceSize size, VmaVirtualBlockCreateFlags flags)
{
    VmaVirtualBlockCreateInfo info = {.size = size, .flags = flags};
    VmaVirtualBlock block;
    assert_int_equal(vmaCreateVirtualBlock(&info, &block), VK_SUCCESS);
    assert_non_null(block);
    assert_true(vmaIsVirtualBlockEmpty(block));
    return block;
}

static VkResult try_allocate(VmaVirtualBlock block, VkDeviceSize size, VkDeviceSize alignment,
                             VmaVirtualAllocationCreateFlags flags, VmaVirtualAllocation *allocation,
                             VkDeviceSize *offset)
{
    VmaVirtualAllocationCreateInfo info = {.size = size, .alignment = alignment, .flags = flags};
    return vmaVirtualAllocate(block, &info, allocation, offset);
}

static VmaVirtualAllocation allocate(VmaVirtualBlock block, VkDeviceSize size, VkDeviceSize alignment,
                                     VkDeviceSize *offset)
{
    VmaVirtualAllocation allocation;
    assert_int_equal(try_allocate(block, size, alignment, 0, &allocation, offset), VK_SUCCESS);
    assert_true(allocation != VK_NULL_HANDLE);
    return allocation;
}

static void assert_refused(VmaVirtualBlock block, VkDeviceSize size, VkDeviceSize alignment,
                           VmaVirtualAllocationCreateFlags flags, VkResult expected)
{
    VmaVirtualAllocation allocation;
    memset(&allocation, 0x5a, sizeof(allocation));
    VkDeviceSize offset = 17;
    assert_int_equal(try_allocate(block, size, alignment, flags, &allocation, &offset), expected);
    assert_true(allocation == VK_NULL_HANDLE);
    assert_true(offset == UINT64_MAX);
}

// ---- Tests ----

static void test_an_allocation_tells_what_it_is(void **state)
{
    (void)state;
    VmaVirtualBlock block = create(1000, 0);
    int mine;
    VmaVirtualAllocationCreateInfo info = {.size = 77, .alignment = 8, .pUserData = &mine};
    VmaVirtualAllocation allocation;
    VkDeviceSize offset;
    assert_int_equal(vmaVirtualAllocate(block, &info, &allocation, &offset), VK_SUCCESS);
    VmaVirtualAllocationInfo told;
    vmaGetVirtualAllocationInfo(block, allocation, &told);
    assert_int_equal(told.offset, offset);
    assert_int_equal(told.size, 77);
    assert_ptr_equal(told.pUserData, &mine);
    vmaSetVirtualAllocationUserData(block, allocation, NULL);
    vmaGetVirtualAllocationInfo(block, allocation, &told);
    assert_null(told.pUserData);
    assert_false(vmaIsVirtualBlockEmpty(block));
    vmaVirtualFree(block, allocation);
    assert_true(vmaIsVirtualBlockEmpty(block));
    vmaDestroyVirtualBlock(block);
}

static void test_nothing_happens_to_null(void **state)
{
    (void)state;
    VmaVirtualBlock block = create(10, 0);
    vmaDestroyVirtualBlock(NULL);
    vmaVirtualFree(block, VK_NULL_HANDLE);
    VmaVirtualAllocationInfo told;
    VmaVirtualAllocation none = VK_NULL_HANDLE;
    vmaGetVirtualAllocationInfo(block, none, &told);
    assert_true(told.offset == UINT64_MAX);
    VmaVirtualAllocation allocation = allocate(block, 10, 0, NULL);
    assert_refused(block, 1, 0, 0, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaVirtualFree(block, allocation);
    vmaDestroyVirtualBlock(block);
}

static void test_bad_arguments_are_refused(void **state)
{
    (void)state;
    VmaVirtualBlockCreateInfo info = {.size = 0};
    VmaVirtualBlock block = (VmaVirtualBlock)(uintptr_t)64;
    assert_int_equal(vmaCreateVirtualBlock(&info, &block), VK_ERROR_INITIALIZATION_FAILED);
    assert_null(block);
    block = create(1000, 0);
    assert_refused(block, 0, 1, 0, VK_ERROR_INITIALIZATION_FAILED);
    assert_refused(block, 1, 3, 0, VK_ERROR_INITIALIZATION_FAILED);
    assert_refused(block, 1, 1, VMA_VIRTUAL_ALLOCATION_CREATE_UPPER_ADDRESS_BIT,
                   VK_ERROR_FEATURE_NOT_PRESENT);
    assert_refused(block, 1001, 1, 0, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_refused(block, UINT64_MAX, 1ull << 63, 0, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_true(vmaIsVirtualBlockEmpty(block));
    vmaDestroyVirtualBlock(block);
}

static void test_a_handle_that_was_freed_is_ignored(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 2; ++flags) {
        VmaVirtualBlock block = create(100, flags);
        VmaVirtualAllocation old = allocate(block, 60, 1, NULL);
        vmaVirtualFree(block, old);
        vmaVirtualFree(block, old);
        VmaVirtualAllocation new = allocate(block, 60, 1, NULL);
        assert_true(new != old);
        vmaVirtualFree(block, old);
        VmaVirtualAllocationInfo told;
        vmaGetVirtualAllocationInfo(block, old, &told);
        assert_int_equal(told.size, 0);
        vmaGetVirtualAllocationInfo(block, new, &told);
        assert_int_equal(told.size, 60);
        vmaClearVirtualBlock(block);
        vmaVirtualFree(block, new);
        assert_true(vmaIsVirtualBlockEmpty(block));
        vmaDestroyVirtualBlock(block);
    }
}

static void test_a_handle_of_another_block_is_ignored(void **state)
{
    (void)state;
    VmaVirtualBlock one = create(100, 0), other = create(100, VMA_VIRTUAL_BLOCK_CREATE_LINEAR_ALGORITHM_BIT);
    VmaVirtualAllocation allocation = allocate(one, 60, 1, NULL);
    vmaVirtualFree(other, allocation);
    assert_false(vmaIsVirtualBlockEmpty(one));
    vmaVirtualFree(one, allocation);
    assert_true(vmaIsVirtualBlockEmpty(one));
    vmaDestroyVirtualBlock(one);
    vmaDestroyVirtualBlock(other);
}

static void test_clearing_frees_everything(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 2; ++flags) {
        VmaVirtualBlock block = create(1000, flags);
        for (unsigned round = 0; round < 3; ++round) {
            for (unsigned i = 0; i < 1000; ++i) {
                allocate(block, 1, 0, NULL);
            }
            assert_refused(block, 1, 0, 0, VK_ERROR_OUT_OF_DEVICE_MEMORY);
            vmaClearVirtualBlock(block);
            assert_true(vmaIsVirtualBlockEmpty(block));
        }
        vmaDestroyVirtualBlock(block);
    }
}

static void test_a_block_destroyed_with_allocations_gives_all_its_memory_back(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 2; ++flags) {
        struct Counted counted;
        counted_init(&counted);
        VmaVirtualBlockCreateInfo info = {
            .size = 1 << 20, .flags = flags, .pAllocationCallbacks = &counted.callbacks};
        VmaVirtualBlock block;
        assert_int_equal(vmaCreateVirtualBlock(&info, &block), VK_SUCCESS);
        for (unsigned i = 0; i < 500; ++i) {
            allocate(block, 1 + i, 1, NULL);
        }
        assert_true(counted.live > 1);
        vmaDestroyVirtualBlock(block);
        assert_int_equal(counted.live, 0);
    }
}

static void test_the_callbacks_are_copied(void **state)
{
    (void)state;
    struct Counted counted;
    counted_init(&counted);
    VkAllocationCallbacks passing = counted.callbacks;
    VmaVirtualBlockCreateInfo info = {.size = 1 << 20, .pAllocationCallbacks = &passing};
    VmaVirtualBlock block;
    assert_int_equal(vmaCreateVirtualBlock(&info, &block), VK_SUCCESS);
    memset(&passing, 0, sizeof(passing));
    for (unsigned i = 0; i < 500; ++i) {
        allocate(block, 1, 1, NULL);
    }
    vmaDestroyVirtualBlock(block);
    assert_int_equal(counted.live, 0);
}

static void test_each_host_allocation_may_fail(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 2; ++flags) {
        long failing = 0;
        for (bool all_done = false; !all_done; ++failing) {
            struct Counted counted;
            counted_init(&counted);
            counted.fail_after = failing;
            VmaVirtualBlockCreateInfo info = {
                .size = 1 << 20, .flags = flags, .pAllocationCallbacks = &counted.callbacks};
            VmaVirtualBlock block;
            VkResult result = vmaCreateVirtualBlock(&info, &block);
            uint32_t made = 0;
            for (; result == VK_SUCCESS && made < 500; ++made) {
                VmaVirtualAllocation allocation;
                result = try_allocate(block, 3, 8, 0, &allocation, NULL);
            }
            all_done = result == VK_SUCCESS;
            assert_true(all_done || result == VK_ERROR_OUT_OF_HOST_MEMORY);
            if (block && !all_done) {
                VmaStatistics stats;
                vmaGetVirtualBlockStatistics(block, &stats);
                assert_int_equal(stats.allocationCount, made - 1);
                assert_int_equal(stats.allocationBytes, (made - 1) * 3);
            }
            vmaDestroyVirtualBlock(block);
            assert_int_equal(counted.live, 0);
        }
        assert_true(failing >= 3);
    }
}

static void test_min_offset_takes_the_lowest_place(void **state)
{
    (void)state;
    VmaVirtualBlock block = create(1000, 0);
    VmaVirtualAllocation large = allocate(block, 300, 1, NULL), exact;
    allocate(block, 1, 1, NULL);
    exact = allocate(block, 10, 1, NULL);
    allocate(block, 1, 1, NULL);
    vmaVirtualFree(block, exact);
    vmaVirtualFree(block, large);
    VmaVirtualAllocation allocation;
    VkDeviceSize offset;
    try_allocate(block, 10, 1, VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT, &allocation, &offset);
    assert_int_equal(offset, 0);
    try_allocate(block, 10, 1, VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT, &allocation, &offset);
    assert_int_equal(offset, 301);
    vmaClearVirtualBlock(block);
    vmaDestroyVirtualBlock(block);
}

static void test_a_request_that_fits_is_never_refused(void **state)
{
    (void)state;
    static const VmaVirtualAllocationCreateFlags strategies[] = {
        0, VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT,
        VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT,
        VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT};
    for (unsigned s = 0; s < 4; ++s) {
        VmaVirtualBlock block = create(40000, 0);
        VmaVirtualAllocation pieces[1000];
        for (unsigned i = 0; i < 1000; ++i) {
            VkDeviceSize offset;
            try_allocate(block, 40, 1, VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT, &pieces[i],
                         &offset);
            assert_int_equal(offset, i * 40);
        }
        // Only the first hole begins at a multiple of 32; many others of its size are freed after it.
        vmaVirtualFree(block, pieces[4]);
        for (unsigned i = 9; i < 1000; i += 8) {
            vmaVirtualFree(block, pieces[i]);
        }
        VmaVirtualAllocation allocation;
        VkDeviceSize offset;
        assert_int_equal(try_allocate(block, 40, 32, strategies[s], &allocation, &offset), VK_SUCCESS);
        assert_int_equal(offset, 160);
        assert_refused(block, 40, 32, strategies[s], VK_ERROR_OUT_OF_DEVICE_MEMORY);
        vmaClearVirtualBlock(block);
        vmaDestroyVirtualBlock(block);
    }
}

static void test_holes_above_512_gib_are_not_lost(void **state)
{
    (void)state;
    VmaVirtualBlock block = create(3000 * GIB, 0);
    VmaVirtualAllocation large = allocate(block, 700 * GIB, 1, NULL);
    allocate(block, 1, 1, NULL);
    vmaVirtualFree(block, large);
    VkDeviceSize offset;
    allocate(block, 650 * GIB, 1, &offset);
    assert_int_equal(offset, 0);
    allocate(block, 2000 * GIB, 1, NULL);
    vmaClearVirtualBlock(block);
    vmaDestroyVirtualBlock(block);
}

static void test_the_largest_block_is_usable(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 2; ++flags) {
        VmaVirtualBlock block = create(UINT64_MAX - 1, flags);
        VkDeviceSize offset;
        allocate(block, 1, 1, NULL);
        VmaVirtualAllocation half = allocate(block, (1ull << 63) - 2, 1ull << 63, &offset);
        assert_true(offset == 1ull << 63);
        assert_refused(block, 1ull << 63, 1, 0, VK_ERROR_OUT_OF_DEVICE_MEMORY);
        vmaVirtualFree(block, half);
        allocate(block, UINT64_MAX - 2, 1, &offset);
        assert_int_equal(offset, 1);
        vmaClearVirtualBlock(block);
        vmaDestroyVirtualBlock(block);
    }
}

static void test_statistics_count_allocations_without_user_data(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags < 2; ++flags) {
        VmaVirtualBlock block = create(1000, flags);
        VmaDetailedStatistics stats;
        vmaCalculateVirtualBlockStatistics(block, &stats);
        assert_int_equal(stats.statistics.blockCount, 1);
        assert_int_equal(stats.statistics.blockBytes, 1000);
        assert_int_equal(stats.statistics.allocationCount, 0);
        assert_true(stats.allocationSizeMin == VK_WHOLE_SIZE && stats.allocationSizeMax == 0);
        assert_int_equal(stats.unusedRangeCount, 1);
        assert_int_equal(stats.unusedRangeSizeMin, 1000);

        allocate(block, 100, 1, NULL);
        VmaVirtualAllocation middle = allocate(block, 50, 1, NULL);
        allocate(block, 200, 1, NULL);
        vmaVirtualFree(block, middle);
        vmaCalculateVirtualBlockStatistics(block, &stats);
        assert_int_equal(stats.statistics.allocationCount, 2);
        assert_int_equal(stats.statistics.allocationBytes, 300);
        assert_int_equal(stats.allocationSizeMin, 100);
        assert_int_equal(stats.allocationSizeMax, 200);
        assert_int_equal(stats.unusedRangeCount, 2);
        assert_int_equal(stats.unusedRangeSizeMin, 50);
        assert_int_equal(stats.unusedRangeSizeMax, 650);
        VmaStatistics fast;
        vmaGetVirtualBlockStatistics(block, &fast);
        assert_memory_equal(&fast, &stats.statistics, sizeof(fast));
        vmaClearVirtualBlock(block);
        vmaDestroyVirtualBlock(block);
    }
}

static void test_statistics_of_a_ring_and_a_double_stack_are_whole(void **state)
{
    (void)state;
    VmaVirtualBlock block = create(100, VMA_VIRTUAL_BLOCK_CREATE_LINEAR_ALGORITHM_BIT);
    VmaVirtualAllocation first = allocate(block, 60, 1, NULL), last, upper;
    VkDeviceSize offset;
    last = allocate(block, 35, 1, NULL);
    vmaVirtualFree(block, first);
    for (unsigned i = 0; i < 5; ++i) {
        allocate(block, 10, 1, &offset);
        assert_int_equal(offset, i * 10);
    }
    assert_refused(block, 1, 1, VMA_VIRTUAL_ALLOCATION_CREATE_UPPER_ADDRESS_BIT,
                   VK_ERROR_OUT_OF_DEVICE_MEMORY);
    VmaDetailedStatistics stats;
    vmaCalculateVirtualBlockStatistics(block, &stats);
    assert_int_equal(stats.statistics.allocationCount, 6);
    assert_int_equal(stats.statistics.allocationBytes, 85);
    assert_int_equal(stats.unusedRangeCount, 2); // 50 to 60, 95 to 100
    vmaVirtualFree(block, last);
    vmaClearVirtualBlock(block);

    allocate(block, 10, 1, NULL);
    try_allocate(block, 20, 1, VMA_VIRTUAL_ALLOCATION_CREATE_UPPER_ADDRESS_BIT, &upper, &offset);
    assert_int_equal(offset, 80);
    vmaCalculateVirtualBlockStatistics(block, &stats);
    assert_int_equal(stats.statistics.allocationCount, 2);
    assert_int_equal(stats.unusedRangeCount, 1);
    assert_int_equal(stats.unusedRangeSizeMax, 70);
    vmaClearVirtualBlock(block);
    vmaDestroyVirtualBlock(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_allocation_tells_what_it_is),
        cmocka_unit_test(test_nothing_happens_to_null),
        cmocka_unit_test(test_bad_arguments_are_refused),
        cmocka_unit_test(test_a_handle_that_was_freed_is_ignored),
        cmocka_unit_test(test_a_handle_of_another_block_is_ignored),
        cmocka_unit_test(test_clearing_frees_everything),
        cmocka_unit_test(test_a_block_destroyed_with_allocations_gives_all_its_memory_back),
        cmocka_unit_test(test_the_callbacks_are_copied),
        cmocka_unit_test(test_each_host_allocation_may_fail),
        cmocka_unit_test(test_min_offset_takes_the_lowest_place),
        cmocka_unit_test(test_a_request_that_fits_is_never_refused),
        cmocka_unit_test(test_holes_above_512_gib_are_not_lost),
        cmocka_unit_test(test_the_largest_block_is_usable),
        cmocka_unit_test(test_statistics_count_allocations_without_user_data),
        cmocka_unit_test(test_statistics_of_a_ring_and_a_double_stack_are_whole),
    };
    return cmocka_run_group_tests_name("virtual", tests, NULL, NULL);
}
