// SPDX-License-Identifier: MIT
// VkDeviceMemory of the simulated device: heaps, limits, mapping, content, flushes, what is remembered.
#include "fixture.h"

#include <string.h>

#define VISIBLE (VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT)

static void memory_counts_against_its_heap_until_it_is_freed(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    VkDeviceMemory host = fixture_memory(&f, 0, 3 * MIB);
    VkDeviceMemory device = fixture_memory(&f, 1, 5 * MIB);

    struct VrSimStats stats = fixture_stats(&f);
    assert_int_equal(stats.memories, 2);
    assert_int_equal(stats.heap_bytes[0], 5 * MIB);
    assert_int_equal(stats.heap_bytes[1], 3 * MIB);
    assert_int_equal(stats.total_bytes, 8 * MIB);

    f.FreeMemory(f.device, device, NULL);
    f.FreeMemory(f.device, host, NULL);
    stats = fixture_stats(&f);
    assert_int_equal(stats.memories, 0);
    assert_int_equal(stats.total_bytes, 0);
    assert_int_equal(stats.total_peak, 8 * MIB);
    assert_int_equal(stats.heap_peak[0], 5 * MIB);
    assert_int_equal(stats.peak_memories, 2);
    assert_int_equal(stats.allocated_bytes, 8 * MIB);
    fixture_close(&f);
}

static void a_full_heap_answers_out_of_device_memory(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    VkDeviceMemory most = fixture_memory(&f, 0, 1000 * MIB);
    VkDeviceMemory more = VK_NULL_HANDLE;
    assert_int_equal(fixture_allocate(&f, 0, 25 * MIB, &more), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(fixture_stats(&f).failed_calls, 1);
    more = fixture_memory(&f, 0, 24 * MIB);
    f.FreeMemory(f.device, more, NULL);
    f.FreeMemory(f.device, most, NULL);
    fixture_close(&f);
}

static void the_number_of_memories_is_limited(void **state)
{
    (void)state;
    struct VrSimDevice device;
    struct Fixture f;
    VkDeviceMemory memories[3], one_more;
    assert_true(vr_sim_device_builtin("single", &device));
    device.limits.maxMemoryAllocationCount = 3;
    fixture_open_device(&f, &device, VR_SIM_CHECKS);
    for (int i = 0; i < 3; i++) {
        memories[i] = fixture_memory(&f, 0, 64);
    }
    assert_int_equal(fixture_allocate(&f, 0, 64, &one_more), VK_ERROR_TOO_MANY_OBJECTS);
    for (int i = 0; i < 3; i++) {
        f.FreeMemory(f.device, memories[i], NULL);
    }
    fixture_close(&f);
}

static void an_allocation_above_the_largest_size_fails(void **state)
{
    (void)state;
    struct VrSimDevice device;
    struct Fixture f;
    VkDeviceMemory memory;
    assert_true(vr_sim_device_builtin("single", &device));
    device.max_memory_allocation_size = 16 * MIB;
    fixture_open_device(&f, &device, VR_SIM_CHECKS);
    assert_int_equal(fixture_allocate(&f, 0, 16 * MIB + 1, &memory), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    memory = fixture_memory(&f, 0, 16 * MIB);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void backed_memory_keeps_its_content_between_mappings(void **state)
{
    (void)state;
    static const VkDeviceSize sizes[] = {1, 4096, 65536, 8 * MIB};
    struct Fixture f;
    fixture_open(&f, "lavapipe", VR_SIM_CHECKS | VR_SIM_BACKING);
    for (int i = 0; i < 4; i++) {
        unsigned char *bytes;
        VkDeviceMemory memory = fixture_memory(&f, 0, sizes[i]);
        assert_int_equal(f.MapMemory(f.device, memory, 0, VK_WHOLE_SIZE, 0, (void **)&bytes), VK_SUCCESS);
        assert_int_equal((uintptr_t)bytes % 64, 0);
        assert_int_equal(bytes[sizes[i] - 1], 0);
        bytes[sizes[i] - 1] = 0xa5;
        f.UnmapMemory(f.device, memory);
        const VkDeviceSize last = sizes[i] - 1;
        assert_int_equal(f.MapMemory(f.device, memory, last, 1, 0, (void **)&bytes), VK_SUCCESS);
        assert_int_equal(*bytes, 0xa5);
        assert_int_equal(fixture_stats(&f).mapped, 1);
        f.FreeMemory(f.device, memory, NULL); // Vulkan unmaps it
        assert_int_equal(fixture_stats(&f).mapped, 0);
    }
    fixture_close(&f);
}

static void memory_without_backing_maps_to_a_range_of_its_own(void **state)
{
    (void)state;
    struct Fixture f;
    char *a, *b, *again;
    fixture_open(&f, "intel-uma", VR_SIM_CHECKS);
    VkDeviceMemory first = fixture_memory(&f, 1, 1024 * MIB), second = fixture_memory(&f, 1, 1024 * MIB);
    assert_int_equal(f.MapMemory(f.device, first, 0, VK_WHOLE_SIZE, 0, (void **)&a), VK_SUCCESS);
    assert_int_equal(f.MapMemory(f.device, second, 0, VK_WHOLE_SIZE, 0, (void **)&b), VK_SUCCESS);
    assert_true(a + 1024 * MIB <= b || b + 1024 * MIB <= a);
    f.UnmapMemory(f.device, first);
    assert_int_equal(f.MapMemory(f.device, first, 4096, 64, 0, (void **)&again), VK_SUCCESS);
    assert_ptr_equal(again, a + 4096);
    f.FreeMemory(f.device, first, NULL);
    f.FreeMemory(f.device, second, NULL);
    fixture_close(&f);
}

static void the_chain_of_an_allocation_is_remembered(void **state)
{
    (void)state;
    struct Fixture f;
    struct VrSimMemoryInfo info;
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    VkBuffer buffer = fixture_buffer(&f, 4096, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkMemoryDedicatedAllocateInfo dedicated = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO, .buffer = buffer};
    const VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                             .pNext = &dedicated,
                                             .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
    const VkExportMemoryAllocateInfo export = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                               .pNext = &flags,
                                               .handleTypes =
                                                   VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_BIT};
    const VkMemoryPriorityAllocateInfoEXT priority = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_PRIORITY_ALLOCATE_INFO_EXT, .pNext = &export, .priority = 0.25f};
    const VkMemoryAllocateInfo allocate = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                           .pNext = &priority,
                                           .allocationSize = 4096,
                                           .memoryTypeIndex = 1};
    VkDeviceMemory memory;
    assert_int_equal(f.AllocateMemory(f.device, &allocate, NULL, &memory), VK_SUCCESS);
    vr_sim_memory_info(memory, &info);
    assert_true(info.dedicated_buffer == buffer);
    assert_true(info.dedicated_image == VK_NULL_HANDLE);
    assert_int_equal(info.size, 4096);
    assert_int_equal(info.type, 1);
    assert_int_equal(info.heap, 0);
    assert_int_equal(info.flags, VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT);
    assert_int_equal(info.export_types, VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_BIT);
    assert_true(info.has_priority && info.priority == 0.25f);

    PFN_vkSetDeviceMemoryPriorityEXT set_priority =
        (PFN_vkSetDeviceMemoryPriorityEXT)f.GetDeviceProcAddr(f.device, "vkSetDeviceMemoryPriorityEXT");
    set_priority(f.device, memory, 1.0f);
    vr_sim_memory_info(memory, &info);
    assert_true(info.priority == 1.0f);
    f.FreeMemory(f.device, memory, NULL);
    f.DestroyBuffer(f.device, buffer, NULL);
    fixture_close(&f);
}

static void exported_memory_gives_a_new_win32_handle_each_time(void **state)
{
    (void)state;
    typedef VkResult(VKAPI_PTR * GetHandle)(VkDevice, const struct VrSimWin32HandleInfo *, void **);
    struct Fixture f;
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    GetHandle get = (GetHandle)f.GetDeviceProcAddr(f.device, "vkGetMemoryWin32HandleKHR");
    const VkExportMemoryAllocateInfo export = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                               .handleTypes =
                                                   VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_BIT};
    const VkMemoryAllocateInfo allocate = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, .pNext = &export, .allocationSize = 64};
    VkDeviceMemory memory;
    void *first = NULL, *second = NULL;
    assert_int_equal(f.AllocateMemory(f.device, &allocate, NULL, &memory), VK_SUCCESS);
    const struct VrSimWin32HandleInfo info = {.memory = memory,
                                              .handleType = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_BIT};
    assert_int_equal(get(f.device, &info, &first), VK_SUCCESS);
    assert_int_equal(get(f.device, &info, &second), VK_SUCCESS);
    assert_non_null(first);
    assert_ptr_not_equal(first, second);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void lazily_allocated_memory_has_no_commitment(void **state)
{
    (void)state;
    struct Fixture f;
    VkDeviceSize lazy_bytes, plain_bytes;
    fixture_open(&f, "mali", VR_SIM_CHECKS);
    VkDeviceMemory lazy = fixture_memory(&f, fixture_type_with(&f, 0x11), MIB);
    VkDeviceMemory plain = fixture_memory(&f, fixture_type_with(&f, 0x7), MIB);
    f.GetDeviceMemoryCommitment(f.device, lazy, &lazy_bytes);
    f.GetDeviceMemoryCommitment(f.device, plain, &plain_bytes);
    assert_int_equal(lazy_bytes, 0);
    assert_int_equal(plain_bytes, MIB);
    f.FreeMemory(f.device, lazy, NULL);
    f.FreeMemory(f.device, plain, NULL);
    fixture_close(&f);
}

static void flushed_and_invalidated_ranges_are_counted(void **state)
{
    (void)state;
    struct Fixture f;
    void *data;
    fixture_open(&f, "mali", VR_SIM_CHECKS);
    VkDeviceMemory memory = fixture_memory(&f, fixture_type_with(&f, 0xb), 1000);
    assert_int_equal(f.MapMemory(f.device, memory, 0, VK_WHOLE_SIZE, 0, &data), VK_SUCCESS);
    const VkMappedMemoryRange ranges[] = {
        {VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, NULL, memory, 64, 128},
        {VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, NULL, memory, 960, 40}, // ends where the memory ends
        {VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, NULL, memory, 0, VK_WHOLE_SIZE},
    };
    assert_int_equal(f.FlushMappedMemoryRanges(f.device, 3, ranges), VK_SUCCESS);
    assert_int_equal(f.InvalidateMappedMemoryRanges(f.device, 1, ranges), VK_SUCCESS);
    const struct VrSimStats stats = fixture_stats(&f);
    assert_int_equal(stats.flush_ranges, 3);
    assert_int_equal(stats.invalidate_ranges, 1);
    assert_int_equal(stats.calls[VR_SIM_CALL_FLUSH_RANGES], 1);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void the_budget_counts_other_processes_and_our_memory(void **state)
{
    (void)state;
    struct Fixture f;
    VkPhysicalDeviceMemoryBudgetPropertiesEXT budget = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT};
    VkPhysicalDeviceMemoryProperties2 properties = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2, .pNext = &budget};
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    vr_sim_set_budget(f.sim, 0, 100 * MIB, 30 * MIB);
    VkDeviceMemory memory = fixture_memory(&f, 1, 7 * MIB);
    f.GetPhysicalDeviceMemoryProperties2(f.physical, &properties);
    assert_int_equal(budget.heapBudget[0], 100 * MIB);
    assert_int_equal(budget.heapUsage[0], 37 * MIB);
    assert_int_equal(budget.heapUsage[1], 0);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void other_processes_can_fill_a_heap(void **state)
{
    (void)state;
    struct Fixture f;
    VkDeviceMemory memory;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    vr_sim_set_budget(f.sim, 0, 1024 * MIB, 1020 * MIB);
    assert_int_equal(fixture_allocate(&f, 0, 5 * MIB, &memory), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    memory = fixture_memory(&f, 0, 4 * MIB);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_counts_against_its_heap_until_it_is_freed),
        cmocka_unit_test(a_full_heap_answers_out_of_device_memory),
        cmocka_unit_test(the_number_of_memories_is_limited),
        cmocka_unit_test(an_allocation_above_the_largest_size_fails),
        cmocka_unit_test(backed_memory_keeps_its_content_between_mappings),
        cmocka_unit_test(memory_without_backing_maps_to_a_range_of_its_own),
        cmocka_unit_test(the_chain_of_an_allocation_is_remembered),
        cmocka_unit_test(exported_memory_gives_a_new_win32_handle_each_time),
        cmocka_unit_test(lazily_allocated_memory_has_no_commitment),
        cmocka_unit_test(flushed_and_invalidated_ranges_are_counted),
        cmocka_unit_test(the_budget_counts_other_processes_and_our_memory),
        cmocka_unit_test(other_processes_can_fill_a_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
