// SPDX-License-Identifier: MIT
// The normal way in, and what the device says about itself: names, versions, properties, features, queues.
#include "fixture.h"

#include <string.h>

static void a_program_gets_a_device_the_normal_way(void **state)
{
    (void)state;
    struct Fixture f;
    VkInstance instance;
    VkPhysicalDevice physical;
    VkDevice device;
    VkQueue queue;
    uint32_t count = 0;
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    vr_sim_set_default(f.sim);
    PFN_vkCreateInstance create =
        (PFN_vkCreateInstance)vr_sim_get_instance_proc_addr(VK_NULL_HANDLE, "vkCreateInstance");
    const VkInstanceCreateInfo instance_info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
    assert_int_equal(create(&instance_info, NULL, &instance), VK_SUCCESS);
    assert_int_equal(f.EnumeratePhysicalDevices(instance, &count, NULL), VK_SUCCESS);
    assert_int_equal(count, 1);
    assert_int_equal(f.EnumeratePhysicalDevices(instance, &count, &physical), VK_SUCCESS);

    const char *const extensions[] = {"VK_EXT_memory_budget"};
    const VkDeviceCreateInfo device_info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                            .enabledExtensionCount = 1,
                                            .ppEnabledExtensionNames = extensions};
    assert_int_equal(f.CreateDevice(physical, &device_info, NULL, &device), VK_SUCCESS);
    f.GetDeviceQueue(device, 1, 0, &queue);
    assert_ptr_equal(queue, vr_sim_queue(f.sim, 1));
    assert_int_equal(f.DeviceWaitIdle(device), VK_SUCCESS);
    f.device = device;
    VkBuffer buffer = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    f.DestroyBuffer(device, buffer, NULL);
    f.DestroyDevice(device, NULL);
    f.DestroyInstance(instance, NULL);
    fixture_close(&f);
    assert_int_equal(create(&instance_info, NULL, &instance), VK_ERROR_INCOMPATIBLE_DRIVER);
}

static void an_extension_that_the_device_lacks_is_refused(void **state)
{
    (void)state;
    struct Fixture f;
    VkDevice device;
    const char *const extensions[] = {"VK_EXT_memory_priority"};
    const VkDeviceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
                                     .enabledExtensionCount = 1,
                                     .ppEnabledExtensionNames = extensions};
    fixture_open(&f, "mali", VR_SIM_CHECKS);
    assert_int_equal(f.CreateDevice(f.physical, &info, NULL, &device), VK_ERROR_EXTENSION_NOT_PRESENT);
    fixture_close(&f);
}

static void a_leak_is_told_when_the_device_goes(void **state)
{
    (void)state;
    struct Fixture f;
    VkDevice device;
    const VkDeviceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
    fixture_open(&f, "single", VR_SIM_CHECKS);
    assert_int_equal(f.CreateDevice(f.physical, &info, NULL, &device), VK_SUCCESS);
    VkDeviceMemory memory = fixture_memory(&f, 0, 64);
    f.DestroyDevice(device, NULL);
    assert_int_equal(vr_sim_misuse_count_of(f.sim, VR_SIM_MISUSE_LEAK), 1);
    f.FreeMemory(f.device, memory, NULL);
    vr_sim_reset_misuse(f.sim);
    fixture_close(&f);
}

static void old_devices_lack_new_functions(void **state)
{
    (void)state;
    struct Fixture old, recent;
    fixture_open(&old, "single", 0);
    fixture_open(&recent, "nvidia-datacenter", 0);
    assert_null(vr_sim_get_device_proc_addr(old.device, "vkBindBufferMemory2"));
    assert_null(vr_sim_get_device_proc_addr(old.device, "vkBindBufferMemory2KHR"));
    assert_null(vr_sim_get_device_proc_addr(old.device, "vkGetDeviceBufferMemoryRequirements"));
    assert_null(vr_sim_get_device_proc_addr(old.device, "vkGetMemoryWin32HandleKHR"));
    assert_non_null(vr_sim_get_device_proc_addr(recent.device, "vkBindBufferMemory2"));
    assert_non_null(vr_sim_get_device_proc_addr(recent.device, "vkBindBufferMemory2KHR"));
    assert_non_null(vr_sim_get_device_proc_addr(recent.device, "vkGetDeviceBufferMemoryRequirements"));
    assert_null(vr_sim_get_device_proc_addr(recent.device, "vkNoSuchFunction"));
    fixture_close(&old);
    fixture_close(&recent);
}

static void instance_functions_are_no_device_functions(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "nvidia-rebar", 0);
    assert_null(vr_sim_get_device_proc_addr(f.device, "vkGetPhysicalDeviceMemoryProperties"));
    assert_null(vr_sim_get_instance_proc_addr(VK_NULL_HANDLE, "vkCreateBuffer"));
    assert_non_null(vr_sim_get_instance_proc_addr(f.instance, "vkCreateBuffer"));
    assert_non_null(vr_sim_get_instance_proc_addr(f.instance, "vkGetPhysicalDeviceMemoryProperties2KHR"));
    fixture_close(&f);
}

static void dispatchable_handles_begin_with_a_slot_for_the_loader(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", 0);
    const void *handles[] = {f.instance, f.physical, f.device, vr_sim_queue(f.sim, 0),
                             vr_sim_command_buffer(f.sim)};
    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++) {
        uintptr_t slot;
        memcpy(&slot, handles[i], sizeof(slot));
        assert_int_equal(slot, 0x01CDC0DE);
    }
    assert_null(vr_sim_queue(f.sim, 1));
    fixture_close(&f);
}

static void properties_are_those_of_the_description(void **state)
{
    (void)state;
    struct Fixture f;
    VkPhysicalDeviceMaintenance4Properties fourth = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_PROPERTIES};
    VkPhysicalDeviceMaintenance3Properties third = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES, .pNext = &fourth};
    VkPhysicalDeviceProperties2 properties = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                              .pNext = &third};
    VkPhysicalDeviceMemoryProperties memory;
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin("nvidia-smallbar", &device));
    device.max_memory_allocation_size = 1234;
    device.max_buffer_size = 5678;
    fixture_open_device(&f, &device, 0);
    f.GetPhysicalDeviceProperties2(f.physical, &properties);
    assert_string_equal(properties.properties.deviceName, "NVIDIA GeForce GTX 1650");
    assert_int_equal(properties.properties.vendorID, 0x10de);
    assert_int_equal(properties.properties.deviceType, VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU);
    assert_int_equal(properties.properties.limits.bufferImageGranularity, 1024);
    assert_int_equal(third.maxMemoryAllocationSize, 1234);
    assert_int_equal(fourth.maxBufferSize, 5678);

    f.GetPhysicalDeviceMemoryProperties(f.physical, &memory);
    assert_int_equal(memory.memoryHeapCount, 3);
    assert_int_equal(memory.memoryTypeCount, 5);
    assert_int_equal(memory.memoryTypes[4].heapIndex, 2);
    assert_int_equal(memory.memoryTypes[4].propertyFlags, 7);
    assert_int_equal(memory.memoryHeaps[0].flags, VK_MEMORY_HEAP_DEVICE_LOCAL_BIT);
    fixture_close(&f);
}

static void features_follow_the_extensions(void **state)
{
    (void)state;
    struct Fixture f;
    VkPhysicalDeviceMemoryPriorityFeaturesEXT priority = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PRIORITY_FEATURES_EXT};
    VkPhysicalDeviceBufferDeviceAddressFeatures address = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_BUFFER_DEVICE_ADDRESS_FEATURES, .pNext = &priority};
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2,
                                          .pNext = &address};
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin("nvidia-rebar", &device));
    fixture_open_device(&f, &device, 0);
    f.GetPhysicalDeviceFeatures2(f.physical, &features);
    assert_true(priority.memoryPriority && address.bufferDeviceAddress);
    fixture_close(&f);

    vr_sim_device_remove_extension(&device, "VK_EXT_memory_priority");
    fixture_open_device(&f, &device, 0);
    f.GetPhysicalDeviceFeatures2(f.physical, &features);
    assert_false(priority.memoryPriority);
    fixture_close(&f);
}

static void enumerations_obey_the_count_of_the_caller(void **state)
{
    (void)state;
    struct Fixture f;
    VkExtensionProperties some[2];
    VkQueueFamilyProperties2 families[8];
    uint32_t count = 0;
    fixture_open(&f, "nvidia-rebar", 0);
    assert_int_equal(f.EnumerateDeviceExtensionProperties(f.physical, NULL, &count, NULL), VK_SUCCESS);
    assert_int_equal(count, vr_sim_description(f.sim)->extension_count);
    count = 2;
    assert_int_equal(f.EnumerateDeviceExtensionProperties(f.physical, NULL, &count, some), VK_INCOMPLETE);
    assert_int_equal(count, 2);
    assert_string_equal(some[0].extensionName, vr_sim_description(f.sim)->extensions[0]);
    count = 8;
    f.GetPhysicalDeviceQueueFamilyProperties2(f.physical, &count, families);
    assert_int_equal(count, 2);
    assert_int_equal(families[1].queueFamilyProperties.queueFlags, VK_QUEUE_TRANSFER_BIT);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_gets_a_device_the_normal_way),
        cmocka_unit_test(an_extension_that_the_device_lacks_is_refused),
        cmocka_unit_test(a_leak_is_told_when_the_device_goes),
        cmocka_unit_test(old_devices_lack_new_functions),
        cmocka_unit_test(instance_functions_are_no_device_functions),
        cmocka_unit_test(dispatchable_handles_begin_with_a_slot_for_the_loader),
        cmocka_unit_test(properties_are_those_of_the_description),
        cmocka_unit_test(features_follow_the_extensions),
        cmocka_unit_test(enumerations_obey_the_count_of_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
