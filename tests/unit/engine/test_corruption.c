// SPDX-License-Identifier: MIT
// Margins with a pattern behind allocations, and memory filled with a byte when it comes and goes.
#include "device.h"

#include <stdlib.h>
#include <string.h>

enum { COHERENT = 0, CACHED = 1 }; // memory types of "mali": 0x7 coherent, 0xb cached without coherence

// A mapped allocation and its bytes.
static VmaAllocation mapped(struct Device *device, uint32_t type, VkDeviceSize size, unsigned char **bytes)
{
    VmaAllocation allocation = device_allocate(device, type, size);
    void *data;
    assert_int_equal(vmaMapMemory(device->allocator, allocation, &data), VK_SUCCESS);
    *bytes = data;
    return allocation;
}

static void unmap_and_free(struct Device *device, VmaAllocation allocation)
{
    vmaUnmapMemory(device->allocator, allocation);
    vmaFreeMemory(device->allocator, allocation);
}

static void without_the_switch_nothing_can_be_checked(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "mali", NULL);
    VmaAllocation allocation = device_allocate(&device, COHERENT, 100);
    assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_ERROR_FEATURE_NOT_PRESENT);
    vmaFreeMemory(device.allocator, allocation);
    device_close(&device);
}

static void whole_margins_pass(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "margin=16,detect-corruption");
    VmaAllocation allocations[50];
    for (size_t i = 0; i < 50; ++i) {
        allocations[i] = device_allocate(&device, (uint32_t)i % 2, 1 + 37 * i);
    }
    assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_SUCCESS);
    for (size_t i = 0; i < 50; i += 2) {
        vmaFreeMemory(device.allocator, allocations[i]);
    }
    assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_SUCCESS);
    for (size_t i = 1; i < 50; i += 2) {
        vmaFreeMemory(device.allocator, allocations[i]);
    }
    device_close(&device);
}

static void a_byte_behind_the_end_is_found_and_only_in_the_types_asked_for(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "margin=16,detect-corruption");
    for (size_t behind = 0; behind < 16; behind += 5) {
        unsigned char *bytes;
        VmaAllocation allocation = mapped(&device, COHERENT, 100, &bytes);
        VmaAllocationInfo info;
        vmaGetAllocationInfo(device.allocator, allocation, &info);
        unsigned char kept = bytes[info.size + behind];
        bytes[info.size + behind] ^= 1;
        assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_ERROR_UNKNOWN);
        assert_int_equal(vmaCheckCorruption(device.allocator, 1u << COHERENT), VK_ERROR_UNKNOWN);
        // The other type is not coherent, so it is not watched.
        assert_int_equal(vmaCheckCorruption(device.allocator, 1u << CACHED), VK_ERROR_FEATURE_NOT_PRESENT);
        bytes[info.size + behind] = kept;
        assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_SUCCESS);
        unmap_and_free(&device, allocation);
    }
    device_close(&device);
}

static void writing_up_to_the_end_is_well(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "detect-corruption");
    unsigned char *bytes;
    VmaAllocation allocation = mapped(&device, COHERENT, 1001, &bytes);
    memset(bytes, 0xAB, 1001);
    assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_SUCCESS);
    unmap_and_free(&device, allocation);
    device_close(&device);
}

static void pools_are_checked_alone_and_with_the_rest(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "margin=32,detect-corruption");
    static const VmaPoolCreateFlags flags[] = {0, VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT};
    for (size_t i = 0; i < 2; ++i) {
        const VmaPoolCreateInfo watched = {.memoryTypeIndex = COHERENT, .blockSize = MIB, .flags = flags[i]};
        const VmaPoolCreateInfo unwatched = {.memoryTypeIndex = CACHED, .blockSize = MIB, .flags = flags[i]};
        VmaPool pool, other;
        assert_int_equal(vmaCreatePool(device.allocator, &watched, &pool), VK_SUCCESS);
        assert_int_equal(vmaCreatePool(device.allocator, &unwatched, &other), VK_SUCCESS);
        assert_int_equal(vmaCheckPoolCorruption(device.allocator, other), VK_ERROR_FEATURE_NOT_PRESENT);
        VmaAllocation first = device_allocate_in(&device, pool, 64, VMA_ALLOCATION_CREATE_MAPPED_BIT);
        VmaAllocation second = device_allocate_in(&device, pool, 64, VMA_ALLOCATION_CREATE_MAPPED_BIT);
        assert_int_equal(vmaCheckPoolCorruption(device.allocator, pool), VK_SUCCESS);
        VmaAllocationInfo info;
        vmaGetAllocationInfo(device.allocator, second, &info);
        ((unsigned char *)info.pMappedData)[64] = 0;
        assert_int_equal(vmaCheckPoolCorruption(device.allocator, pool), VK_ERROR_UNKNOWN);
        assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_ERROR_UNKNOWN);
        vmaFreeMemory(device.allocator, second);
        assert_int_equal(vmaCheckPoolCorruption(device.allocator, pool), VK_SUCCESS);
        vmaFreeMemory(device.allocator, first);
        vmaDestroyPool(device.allocator, pool);
        vmaDestroyPool(device.allocator, other);
    }
    device_close(&device);
}

static void dedicated_memory_has_no_margin(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "margin=16,detect-corruption");
    const VkMemoryRequirements requirements = {4096, 64, 1u << COHERENT};
    const VmaAllocationCreateInfo create = {.flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT};
    VmaAllocation allocation;
    VmaAllocationInfo info;
    assert_int_equal(vmaAllocateMemory(device.allocator, &requirements, &create, &allocation, &info),
                     VK_SUCCESS);
    assert_int_equal(info.size, 4096);
    struct VrSimMemoryInfo memory;
    vr_sim_memory_info(info.deviceMemory, &memory);
    assert_int_equal(memory.size, 4096);
    assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_SUCCESS);
    vmaFreeMemory(device.allocator, allocation);
    device_close(&device);
}

static void new_memory_is_filled_and_freed_memory_too(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "initialize");
    unsigned char *kept, *bytes;
    VmaAllocation keeper = mapped(&device, CACHED, 512, &kept); // its mapping outlives the other allocation
    VmaAllocation allocation = mapped(&device, CACHED, 1000, &bytes);
    for (size_t i = 0; i < 1000; ++i) {
        assert_int_equal(bytes[i], 0xDC);
    }
    memset(bytes, 1, 1000);
    struct VrSimStats before, after;
    vr_sim_stats(device.sim, &before);
    unmap_and_free(&device, allocation);
    vr_sim_stats(device.sim, &after);
    for (size_t i = 0; i < 1000; ++i) {
        assert_int_equal(bytes[i], 0xEF);
    }
    assert_int_equal(after.flush_ranges - before.flush_ranges, 1);
    unmap_and_free(&device, keeper);
    device_close(&device);
}

static void coherent_memory_needs_no_flush(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "initialize,detect-corruption");
    VmaAllocation allocation = device_allocate(&device, COHERENT, 1000);
    vmaFreeMemory(device.allocator, allocation);
    struct VrSimStats stats;
    vr_sim_stats(device.sim, &stats);
    assert_int_equal(stats.calls[VR_SIM_CALL_FLUSH_RANGES], 0);
    device_close(&device);
}

static void memory_that_cannot_be_mapped_is_left_unwatched(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "mali", "initialize,detect-corruption");
    vr_sim_fail(device.sim, VR_SIM_CALL_MAP_MEMORY, 1, VK_ERROR_MEMORY_MAP_FAILED);
    VmaAllocation unwatched = device_allocate(&device, COHERENT, 100);
    VmaAllocation watched = device_allocate(&device, COHERENT, 100);
    assert_int_equal(vmaCheckCorruption(device.allocator, UINT32_MAX), VK_SUCCESS);
    vmaFreeMemory(device.allocator, unwatched);
    vmaFreeMemory(device.allocator, watched);
    device_close(&device);
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "mali", NULL);
    assert_int_equal(vmaCheckCorruption(NULL, UINT32_MAX), VK_ERROR_INITIALIZATION_FAILED);
    assert_int_equal(vmaCheckPoolCorruption(device.allocator, NULL), VK_ERROR_INITIALIZATION_FAILED);
    device_close(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_switch_nothing_can_be_checked),
        cmocka_unit_test(whole_margins_pass),
        cmocka_unit_test(a_byte_behind_the_end_is_found_and_only_in_the_types_asked_for),
        cmocka_unit_test(writing_up_to_the_end_is_well),
        cmocka_unit_test(pools_are_checked_alone_and_with_the_rest),
        cmocka_unit_test(dedicated_memory_has_no_margin),
        cmocka_unit_test(new_memory_is_filled_and_freed_memory_too),
        cmocka_unit_test(coherent_memory_needs_no_flush),
        cmocka_unit_test(memory_that_cannot_be_mapped_is_left_unwatched),
        cmocka_unit_test(null_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
