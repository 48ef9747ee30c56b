// SPDX-License-Identifier: MIT
// What a test can turn: faults, costs, counters; and several devices side by side.
#include "fixture.h"

static void the_nth_call_fails_and_only_that_one(void **state)
{
    (void)state;
    struct Fixture f;
    VkDeviceMemory memories[4];
    fixture_open(&f, "single", VR_SIM_CHECKS);
    vr_sim_fail(f.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 3, VK_ERROR_OUT_OF_HOST_MEMORY);
    memories[0] = fixture_memory(&f, 0, 64);
    memories[1] = fixture_memory(&f, 0, 64);
    assert_int_equal(fixture_allocate(&f, 0, 64, &memories[2]), VK_ERROR_OUT_OF_HOST_MEMORY);
    memories[2] = fixture_memory(&f, 0, 64);
    assert_int_equal(vr_sim_faults_fired(f.sim), 1);
    assert_int_equal(fixture_stats(&f).failed_calls, 1);
    assert_int_equal(fixture_stats(&f).calls[VR_SIM_CALL_ALLOCATE_MEMORY], 4);
    for (int i = 0; i < 3; i++) {
        f.FreeMemory(f.device, memories[i], NULL);
    }
    fixture_close(&f);
}

static void every_second_call_fails_until_disarmed(void **state)
{
    (void)state;
    struct Fixture f;
    VkDeviceMemory memory = VK_NULL_HANDLE;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    vr_sim_fail_every(f.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 2, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    for (int i = 0; i < 5; i++) {
        memory = fixture_memory(&f, 0, 64);
        f.FreeMemory(f.device, memory, NULL);
        assert_int_equal(fixture_allocate(&f, 0, 64, &memory), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    }
    vr_sim_fail_every(f.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 0, VK_SUCCESS);
    for (int i = 0; i < 5; i++) {
        memory = fixture_memory(&f, 0, 64);
        f.FreeMemory(f.device, memory, NULL);
    }
    assert_int_equal(vr_sim_faults_fired(f.sim), 5);
    fixture_close(&f);
}

static void a_fault_on_any_call_counts_all_that_can_fail(void **state)
{
    (void)state;
    struct Fixture f;
    void *data;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    vr_sim_fail(f.sim, VR_SIM_CALL_ANY, 4, VK_ERROR_DEVICE_LOST);
    VkDeviceMemory memory = fixture_memory(&f, 0, 64);                             // 1
    VkBuffer buffer = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);    // 2
    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 0), VK_SUCCESS); // 3
    VkMemoryRequirements requirements;
    f.GetBufferMemoryRequirements(f.device, buffer, &requirements); // cannot fail
    assert_int_equal(f.MapMemory(f.device, memory, 0, 64, 0, &data), VK_ERROR_DEVICE_LOST);
    assert_int_equal(f.MapMemory(f.device, memory, 0, 64, 0, &data), VK_SUCCESS);
    f.DestroyBuffer(f.device, buffer, NULL);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void a_failed_bind_can_be_repeated(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    VkDeviceMemory memory = fixture_memory(&f, 0, 64);
    VkBuffer buffer = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    vr_sim_fail(f.sim, VR_SIM_CALL_BIND_BUFFER, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 0), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 0), VK_SUCCESS);
    f.DestroyBuffer(f.device, buffer, NULL);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void the_virtual_clock_adds_fixed_and_per_byte_costs(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    VkDeviceMemory memory = fixture_memory(&f, 0, MIB);
    assert_int_equal(vr_sim_clock_ns(f.sim), 0);
    f.FreeMemory(f.device, memory, NULL);

    vr_sim_set_cost(f.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1000, 10);
    vr_sim_set_cost(f.sim, VR_SIM_CALL_FREE_MEMORY, 500, 1);
    memory = fixture_memory(&f, 0, 64 * MIB);
    assert_int_equal(vr_sim_clock_ns(f.sim), 1640);
    f.FreeMemory(f.device, memory, NULL);
    assert_int_equal(vr_sim_clock_ns(f.sim), 1640 + 564);
    fixture_close(&f);
}

static void counters_start_again_after_a_reset(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    VkDeviceMemory kept = fixture_memory(&f, 0, MIB), gone = fixture_memory(&f, 0, 2 * MIB);
    f.FreeMemory(f.device, gone, NULL);
    vr_sim_reset_stats(f.sim);
    struct VrSimStats stats = fixture_stats(&f);
    assert_int_equal(stats.calls[VR_SIM_CALL_ANY], 0);
    assert_int_equal(stats.allocated_bytes, 0);
    assert_int_equal(stats.memories, 1);
    assert_int_equal(stats.heap_bytes[0], MIB);
    assert_int_equal(stats.heap_peak[0], MIB);
    assert_int_equal(stats.peak_memories, 1);
    f.FreeMemory(f.device, kept, NULL);
    stats = fixture_stats(&f);
    assert_int_equal(stats.calls[VR_SIM_CALL_ANY], 1);
    assert_int_equal(stats.calls[VR_SIM_CALL_FREE_MEMORY], 1);
    assert_int_equal(stats.heap_peak[0], MIB);
    fixture_close(&f);
}

static void calls_with_host_callbacks_are_counted(void **state)
{
    (void)state;
    struct Fixture f;
    const VkAllocationCallbacks callbacks = {0};
    const VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = 64, .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT};
    VkBuffer buffer;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    assert_int_equal(f.CreateBuffer(f.device, &info, &callbacks, &buffer), VK_SUCCESS);
    f.DestroyBuffer(f.device, buffer, &callbacks);
    assert_int_equal(fixture_stats(&f).callback_calls, 2);
    fixture_close(&f);
}

static void devices_side_by_side_count_apart(void **state)
{
    (void)state;
    enum { COUNT = 9 }; // more than a thread keeps at hand
    struct Fixture f[COUNT];
    VkBuffer buffers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        fixture_open(&f[i], "single", VR_SIM_CHECKS);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            buffers[i] = fixture_buffer(&f[i], 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
            assert_ptr_equal(vr_sim_of_device(f[i].device), f[i].sim);
        }
        for (int i = 0; i < COUNT; i++) {
            f[i].DestroyBuffer(f[i].device, buffers[i], NULL);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(fixture_stats(&f[i]).calls[VR_SIM_CALL_CREATE_BUFFER], 3);
        assert_int_equal(fixture_stats(&f[i]).calls[VR_SIM_CALL_ANY], 6);
        fixture_close(&f[i]);
    }
}

static void every_call_has_a_name(void **state)
{
    (void)state;
    for (int call = 0; call < VR_SIM_CALL_COUNT; call++) {
        assert_non_null(vr_sim_call_name((enum VrSimCall)call));
    }
    assert_string_equal(vr_sim_call_name(VR_SIM_CALL_ALLOCATE_MEMORY), "vkAllocateMemory");
    assert_string_equal(vr_sim_call_name(VR_SIM_CALL_COUNT), "unknown call");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_call_fails_and_only_that_one),
        cmocka_unit_test(every_second_call_fails_until_disarmed),
        cmocka_unit_test(a_fault_on_any_call_counts_all_that_can_fail),
        cmocka_unit_test(a_failed_bind_can_be_repeated),
        cmocka_unit_test(the_virtual_clock_adds_fixed_and_per_byte_costs),
        cmocka_unit_test(counters_start_again_after_a_reset),
        cmocka_unit_test(calls_with_host_callbacks_are_counted),
        cmocka_unit_test(devices_side_by_side_count_apart),
        cmocka_unit_test(every_call_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
