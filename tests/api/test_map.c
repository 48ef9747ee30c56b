// SPDX-License-Identifier: MIT
// Mapping with its counts, flushing and invalidating the exact ranges that Vulkan wants, and copies.
#include "world.h"

#include <string.h>

#define NOT_COHERENT (DEVICE_LOCAL | HOST_VISIBLE | HOST_CACHED)

// ---- What the driver sees ----

enum { SEEN = 600 };
static struct {
    VkMappedMemoryRange ranges[SEEN];
    uint32_t range_count, call_count;
    VkResult result; // of the next calls
} seen;

static VkResult see(uint32_t count, const VkMappedMemoryRange *ranges)
{
    ++seen.call_count;
    for (uint32_t i = 0; i < count; ++i) {
        assert_true(seen.range_count < SEEN);
        seen.ranges[seen.range_count++] = ranges[i];
    }
    return seen.result;
}

static VkResult VKAPI_CALL seen_flush(VkDevice device, uint32_t count, const VkMappedMemoryRange *ranges)
{
    VkResult result = see(count, ranges);
    if (result != VK_SUCCESS) {
        return result;
    }
    return ((PFN_vkFlushMappedMemoryRanges)vr_sim_get_device_proc_addr(device, "vkFlushMappedMemoryRanges"))(
        device, count, ranges);
}

static VkResult VKAPI_CALL seen_invalidate(VkDevice device, uint32_t count, const VkMappedMemoryRange *ranges)
{
    VkResult result = see(count, ranges);
    if (result != VK_SUCCESS) {
        return result;
    }
    return ((PFN_vkInvalidateMappedMemoryRanges)vr_sim_get_device_proc_addr(
        device, "vkInvalidateMappedMemoryRanges"))(device, count, ranges);
}

// A phone, whose cached memory is not coherent, with atoms of 256 bytes.
static void open_phone(struct World *w)
{
    const VmaVulkanFunctions functions = {.vkGetInstanceProcAddr = vr_sim_get_instance_proc_addr,
                                          .vkGetDeviceProcAddr = vr_sim_get_device_proc_addr,
                                          .vkFlushMappedMemoryRanges = seen_flush,
                                          .vkInvalidateMappedMemoryRanges = seen_invalidate};
    const VmaAllocatorCreateInfo info = {.pVulkanFunctions = &functions};
    struct VrSimDevice device = world_device("mali");
    device.limits.nonCoherentAtomSize = 256;
    world_open_device(w, &device, &info);
    memset(&seen, 0, sizeof(seen));
}

static VmaAllocation cached(struct World *w, VkDeviceSize size, VmaAllocationCreateFlags flags)
{
    return world_allocate(w, world_type(w, NOT_COHERENT), size, flags);
}

static void saw(struct World *w, uint32_t index, VmaAllocation allocation, VkDeviceSize offset,
                VkDeviceSize size)
{
    const VmaAllocationInfo info = world_info(w, allocation);
    const VkDeviceSize block = world_memory_of(w, allocation).size;
    const VkDeviceSize whole_end = info.offset + info.size;
    VkDeviceSize end =
        size == VK_WHOLE_SIZE || size > info.size - offset ? whole_end : info.offset + offset + size;
    end = (end + 255) / 256 * 256;
    const VkMappedMemoryRange *range = &seen.ranges[index];
    assert_true(range->memory == info.deviceMemory);
    assert_int_equal(range->offset, (info.offset + offset) / 256 * 256);
    assert_int_equal(range->offset + range->size, end < block ? end : block);
}

// ---- Counting ----

static void mapping_is_counted(void **state)
{
    (void)state;
    struct World w;
    void *first, *again;
    world_open_full(&w, "nvidia-rebar");
    for (int own = 0; own < 2; ++own) {
        VmaAllocation a = world_allocate(&w, 3, 1000, own ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
        assert_null(world_info(&w, a).pMappedData);
        assert_int_equal(vmaMapMemory(w.allocator, a, &first), VK_SUCCESS);
        assert_int_equal(vmaMapMemory(w.allocator, a, &again), VK_SUCCESS);
        assert_ptr_equal(first, again);
        assert_ptr_equal(world_info(&w, a).pMappedData, first);
        vmaUnmapMemory(w.allocator, a);
        assert_ptr_equal(world_info(&w, a).pMappedData, first);
        assert_int_equal(world_stats(&w).mapped, 1);
        vmaUnmapMemory(w.allocator, a);
        assert_null(world_info(&w, a).pMappedData);
        assert_int_equal(world_stats(&w).mapped, 0);
        vmaUnmapMemory(w.allocator, a); // once too often: nothing happens
        assert_int_equal(vmaMapMemory(w.allocator, a, &first), VK_SUCCESS);
        vmaUnmapMemory(w.allocator, a);
        vmaFreeMemory(w.allocator, a);
    }
    world_close(&w);
}

static void an_allocation_is_mapped_254_times_at_most(void **state)
{
    (void)state;
    struct World w;
    void *data;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation a = world_allocate(&w, 3, 1000, 0);
    unsigned count = 0;
    while (count < 1000 && vmaMapMemory(w.allocator, a, &data) == VK_SUCCESS) {
        ++count;
    }
    assert_true(count == 254);
    assert_null(data);
    assert_int_equal(vmaMapMemory(w.allocator, a, &data), VK_ERROR_MEMORY_MAP_FAILED);
    for (unsigned i = 0; i < count; ++i) {
        assert_int_equal(world_stats(&w).mapped, 1);
        vmaUnmapMemory(w.allocator, a);
    }
    assert_int_equal(world_stats(&w).mapped, 0);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

static void allocations_of_a_block_share_its_mapping(void **state)
{
    (void)state;
    struct World w;
    void *x, *y;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation a = world_allocate(&w, 3, 1000, 0), b = world_allocate(&w, 3, 1000, 0);
    assert_true(world_info(&w, a).deviceMemory == world_info(&w, b).deviceMemory);
    assert_int_equal(vmaMapMemory(w.allocator, a, &x), VK_SUCCESS);
    assert_int_equal(vmaMapMemory(w.allocator, b, &y), VK_SUCCESS);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_MAP_MEMORY], 1);
    assert_int_equal((char *)y - (char *)x, (ptrdiff_t)(world_info(&w, b).offset - world_info(&w, a).offset));
    memset(x, 1, 1000);
    memset(y, 2, 1000);
    vmaUnmapMemory(w.allocator, a);
    assert_int_equal(((char *)y)[999], 2);
    assert_int_equal(world_stats(&w).mapped, 1);
    vmaUnmapMemory(w.allocator, b);
    assert_int_equal(world_stats(&w).mapped, 0);
    vmaFreeMemory(w.allocator, a);
    vmaFreeMemory(w.allocator, b);
    world_close(&w);
}

static void a_mapping_by_flag_outlasts_those_by_call(void **state)
{
    (void)state;
    struct World w;
    void *data;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation a = world_allocate(&w, 3, 1000, VMA_ALLOCATION_CREATE_MAPPED_BIT);
    void *const by_flag = world_info(&w, a).pMappedData;
    assert_non_null(by_flag);
    assert_int_equal(vmaMapMemory(w.allocator, a, &data), VK_SUCCESS);
    assert_ptr_equal(data, by_flag);
    vmaUnmapMemory(w.allocator, a);
    assert_ptr_equal(world_info(&w, a).pMappedData, by_flag);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_MAP_MEMORY], 1);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

static void mapping_again_and_again_costs_few_driver_calls(void **state)
{
    (void)state;
    struct World w;
    void *data;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation a = world_allocate(&w, 3, 1000, 0);
    for (int i = 0; i < 1000; ++i) {
        assert_int_equal(vmaMapMemory(w.allocator, a, &data), VK_SUCCESS);
        vmaUnmapMemory(w.allocator, a);
        assert_null(world_info(&w, a).pMappedData);
    }
    assert_true(world_stats(&w).calls[VR_SIM_CALL_MAP_MEMORY] <= 20);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

static void what_cannot_be_mapped_gives_an_error(void **state)
{
    (void)state;
    struct World w;
    void *data = &w;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation hidden = world_allocate(&w, 1, 1000, 0), visible = world_allocate(&w, 3, 1000, 0);
    assert_int_equal(vmaMapMemory(w.allocator, hidden, &data), VK_ERROR_MEMORY_MAP_FAILED);
    assert_null(data);
    vr_sim_fail(w.sim, VR_SIM_CALL_MAP_MEMORY, 1, VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(vmaMapMemory(w.allocator, visible, &data), VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_null(data);
    assert_null(world_info(&w, visible).pMappedData);
    assert_true(vmaMapMemory(w.allocator, VK_NULL_HANDLE, &data) < 0);
    assert_true(vmaMapMemory(w.allocator, visible, NULL) < 0);
    vmaUnmapMemory(w.allocator, VK_NULL_HANDLE);
    assert_int_equal(vmaMapMemory(w.allocator, visible, &data), VK_SUCCESS);
    vmaUnmapMemory(w.allocator, visible);
    vmaFreeMemory(w.allocator, hidden);
    vmaFreeMemory(w.allocator, visible);
    world_close(&w);
}

static void what_is_freed_while_mapped_is_unmapped(void **state)
{
    (void)state;
    struct World w;
    void *data;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation keeper = world_allocate(&w, 3, 1000, 0), a = world_allocate(&w, 3, 1000, 0);
    assert_int_equal(vmaMapMemory(w.allocator, a, &data), VK_SUCCESS);
    assert_int_equal(vmaMapMemory(w.allocator, a, &data), VK_SUCCESS);
    vmaFreeMemory(w.allocator, a);
    assert_int_equal(world_stats(&w).mapped, 0);
    VmaAllocation own = world_allocate(&w, 3, 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    assert_int_equal(vmaMapMemory(w.allocator, own, &data), VK_SUCCESS);
    vmaFreeMemory(w.allocator, own);
    vmaFreeMemory(w.allocator, keeper);
    world_close(&w);
}

// ---- Flush and invalidate ----

static void whole_atoms_are_flushed_and_no_more(void **state)
{
    (void)state;
    struct World w;
    void *data;
    uint32_t random = 3;
    VmaAllocation held[20];
    open_phone(&w);
    for (int i = 0; i < 20; ++i) {
        held[i] = cached(&w, 1 + world_random(&random) % 5000,
                         i % 5 == 4 ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
        assert_int_equal(world_info(&w, held[i]).offset % 256, 0); // no atom is shared
        assert_int_equal(vmaMapMemory(w.allocator, held[i], &data), VK_SUCCESS);
    }
    for (int i = 0; i < 400; ++i) {
        VmaAllocation a = held[world_random(&random) % 20];
        const VkDeviceSize whole = world_info(&w, a).size, offset = world_random(&random) % whole;
        const uint32_t dice = world_random(&random) % 4;
        const VkDeviceSize size = dice == 0   ? VK_WHOLE_SIZE
                                  : dice == 1 ? whole - offset
                                              : 1 + world_random(&random) % (whole - offset);
        seen.range_count = seen.call_count = 0;
        if (i % 2) {
            assert_int_equal(vmaFlushAllocation(w.allocator, a, offset, size), VK_SUCCESS);
        } else {
            assert_int_equal(vmaInvalidateAllocation(w.allocator, a, offset, size), VK_SUCCESS);
        }
        assert_int_equal(seen.range_count, 1);
        saw(&w, 0, a, offset, size);
    }
    for (int i = 0; i < 20; ++i) {
        vmaUnmapMemory(w.allocator, held[i]);
        vmaFreeMemory(w.allocator, held[i]);
    }
    world_close(&w);
}

static void what_needs_no_flush_makes_no_call(void **state)
{
    (void)state;
    struct World w;
    void *data;
    open_phone(&w);
    VmaAllocation coherent = world_allocate(&w, 0, 1000, VMA_ALLOCATION_CREATE_MAPPED_BIT),
                  other = cached(&w, 1000, 0);
    assert_int_equal(vmaMapMemory(w.allocator, other, &data), VK_SUCCESS);
    assert_int_equal(vmaFlushAllocation(w.allocator, coherent, 0, VK_WHOLE_SIZE), VK_SUCCESS);
    assert_int_equal(vmaInvalidateAllocation(w.allocator, coherent, 0, 10), VK_SUCCESS);
    assert_int_equal(vmaFlushAllocation(w.allocator, other, 0, 0), VK_SUCCESS);
    (void)vmaFlushAllocation(w.allocator, other, 1000, 1);
    (void)vmaFlushAllocation(w.allocator, other, UINT64_MAX, 1);
    assert_int_equal(vmaFlushAllocations(w.allocator, 0, NULL, NULL, NULL), VK_SUCCESS);
    assert_int_equal(vmaFlushAllocations(w.allocator, 1, &coherent, NULL, NULL), VK_SUCCESS);
    assert_int_equal(seen.call_count, 0);
    // More than there is, is all there is.
    assert_int_equal(vmaFlushAllocation(w.allocator, other, 10, UINT64_MAX - 5), VK_SUCCESS);
    saw(&w, 0, other, 10, VK_WHOLE_SIZE);
    vmaUnmapMemory(w.allocator, other);
    vmaFreeMemory(w.allocator, coherent);
    vmaFreeMemory(w.allocator, other);
    world_close(&w);
}

static void many_are_flushed_with_few_calls(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    struct World w;
    VmaAllocation held[COUNT];
    VkDeviceSize offsets[COUNT], sizes[COUNT];
    open_phone(&w);
    for (int i = 0; i < COUNT; ++i) {
        held[i] = i % 3 ? cached(&w, 2000, VMA_ALLOCATION_CREATE_MAPPED_BIT)
                        : world_allocate(&w, 0, 2000, VMA_ALLOCATION_CREATE_MAPPED_BIT);
        offsets[i] = (VkDeviceSize)i;
        sizes[i] = i == 7 ? 0 : 100;
    }
    for (int way = 0; way < 4; ++way) {
        uint32_t expected = 0;
        const VkDeviceSize *o = way & 1 ? offsets : NULL, *s = way & 2 ? sizes : NULL;
        seen.range_count = seen.call_count = 0;
        assert_int_equal(way < 2 ? vmaFlushAllocations(w.allocator, COUNT, held, o, s)
                                 : vmaInvalidateAllocations(w.allocator, COUNT, held, o, s),
                         VK_SUCCESS);
        for (int i = 0; i < COUNT; ++i) {
            if (i % 3 && !(s && s[i] == 0)) {
                saw(&w, expected++, held[i], o ? o[i] : 0, s ? s[i] : VK_WHOLE_SIZE);
            }
        }
        assert_int_equal(seen.range_count, expected);
        assert_true(seen.call_count <= 5);
    }
    vmaFreeMemoryPages(w.allocator, COUNT, held);
    world_close(&w);
}

static void a_failed_flush_is_told(void **state)
{
    (void)state;
    struct World w;
    open_phone(&w);
    VmaAllocation a = cached(&w, 2000, VMA_ALLOCATION_CREATE_MAPPED_BIT), list[2] = {a, VK_NULL_HANDLE};
    seen.result = VK_ERROR_OUT_OF_HOST_MEMORY;
    assert_int_equal(vmaFlushAllocation(w.allocator, a, 0, 10), VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(vmaInvalidateAllocations(w.allocator, 1, &a, NULL, NULL), VK_ERROR_OUT_OF_HOST_MEMORY);
    seen.result = VK_SUCCESS;
    assert_true(vmaFlushAllocation(w.allocator, VK_NULL_HANDLE, 0, 10) < 0);
    assert_true(vmaFlushAllocations(w.allocator, 2, list, NULL, NULL) < 0);
    assert_true(vmaFlushAllocations(w.allocator, 2, NULL, NULL, NULL) < 0);
    assert_true(vmaFlushAllocation(NULL, a, 0, 10) < 0);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

// ---- Copies ----

static void copies_go_to_and_fro_and_flush_what_they_touch(void **state)
{
    (void)state;
    struct World w;
    char there[300], back[300];
    open_phone(&w);
    for (size_t i = 0; i < sizeof(there); ++i) {
        there[i] = (char)(i * 7 + 1);
    }
    VmaAllocation a = cached(&w, 5000, 0);
    assert_int_equal(vmaCopyMemoryToAllocation(w.allocator, there, a, 1234, sizeof(there)), VK_SUCCESS);
    assert_int_equal(seen.range_count, 1);
    saw(&w, 0, a, 1234, sizeof(there));
    memset(back, 0, sizeof(back));
    assert_int_equal(vmaCopyAllocationToMemory(w.allocator, a, 1234, back, sizeof(back)), VK_SUCCESS);
    assert_memory_equal(there, back, sizeof(there));
    assert_int_equal(seen.range_count, 2);
    saw(&w, 1, a, 1234, sizeof(there));
    assert_int_equal(world_stats(&w).mapped, 0);
    assert_null(world_info(&w, a).pMappedData);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

static void bad_copies_change_nothing(void **state)
{
    (void)state;
    struct World w;
    char bytes[16] = {0};
    open_phone(&w);
    VmaAllocation a = cached(&w, 100, 0);
    const VkDeviceSize whole = world_info(&w, a).size;
    assert_int_equal(vmaCopyMemoryToAllocation(w.allocator, bytes, a, 0, 0), VK_SUCCESS);
    assert_int_equal(vmaCopyAllocationToMemory(w.allocator, a, 0, bytes, 0), VK_SUCCESS);
    assert_true(vmaCopyMemoryToAllocation(w.allocator, bytes, a, whole - 15, 16) < 0);
    assert_true(vmaCopyMemoryToAllocation(w.allocator, bytes, a, UINT64_MAX - 7, 16) < 0);
    assert_true(vmaCopyAllocationToMemory(w.allocator, a, 0, bytes, whole + 1) < 0);
    assert_true(vmaCopyMemoryToAllocation(w.allocator, NULL, a, 0, 16) < 0);
    assert_true(vmaCopyAllocationToMemory(w.allocator, a, 0, NULL, 16) < 0);
    assert_true(vmaCopyMemoryToAllocation(w.allocator, bytes, VK_NULL_HANDLE, 0, 16) < 0);
    assert_int_equal(seen.call_count, 0);
    seen.result = VK_ERROR_OUT_OF_HOST_MEMORY; // of the flush and of the invalidation: nothing stays mapped
    assert_int_equal(vmaCopyMemoryToAllocation(w.allocator, bytes, a, 0, 16), VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(vmaCopyAllocationToMemory(w.allocator, a, 0, bytes, 16), VK_ERROR_OUT_OF_HOST_MEMORY);
    seen.result = VK_SUCCESS;
    assert_int_equal(world_stats(&w).mapped, 0);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
    world_open_full(&w, "nvidia-rebar");
    a = world_allocate(&w, 1, 100, 0);
    assert_int_equal(vmaCopyMemoryToAllocation(w.allocator, bytes, a, 0, 16), VK_ERROR_MEMORY_MAP_FAILED);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mapping_is_counted),
        cmocka_unit_test(an_allocation_is_mapped_254_times_at_most),
        cmocka_unit_test(allocations_of_a_block_share_its_mapping),
        cmocka_unit_test(a_mapping_by_flag_outlasts_those_by_call),
        cmocka_unit_test(mapping_again_and_again_costs_few_driver_calls),
        cmocka_unit_test(what_cannot_be_mapped_gives_an_error),
        cmocka_unit_test(what_is_freed_while_mapped_is_unmapped),
        cmocka_unit_test(whole_atoms_are_flushed_and_no_more),
        cmocka_unit_test(what_needs_no_flush_makes_no_call),
        cmocka_unit_test(many_are_flushed_with_few_calls),
        cmocka_unit_test(a_failed_flush_is_told),
        cmocka_unit_test(copies_go_to_and_fro_and_flush_what_they_touch),
        cmocka_unit_test(bad_copies_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
