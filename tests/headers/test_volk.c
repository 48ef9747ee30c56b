// SPDX-License-Identifier: MIT
//
// vmaImportVulkanFunctionsFromVolk over a volk that remembers which names it was asked for.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "volk/volk.h"

#include "vk_mem_alloc.h"

PFN_vkGetInstanceProcAddr vkGetInstanceProcAddr;
PFN_vkGetDeviceProcAddr vkGetDeviceProcAddr;
PFN_vkGetPhysicalDeviceProperties vkGetPhysicalDeviceProperties;
PFN_vkGetPhysicalDeviceMemoryProperties vkGetPhysicalDeviceMemoryProperties;

static const VkInstance some_instance = (VkInstance)(uintptr_t)0x1000;
static const VkDevice some_device = (VkDevice)(uintptr_t)0x2000;
static const char *asked[64];
static size_t asked_count;

static void some_function(void)
{
}

static PFN_vkVoidFunction remember(const char *name)
{
    assert_true(asked_count < sizeof(asked) / sizeof(asked[0]));
    asked[asked_count++] = name;
    return some_function;
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL find_instance_function(VkInstance instance, const char *name)
{
    assert_ptr_equal(instance, some_instance);
    return remember(name);
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL find_device_function(VkDevice device, const char *name)
{
    assert_ptr_equal(device, some_device);
    return remember(name);
}

static VKAPI_ATTR void VKAPI_CALL tell_properties(VkPhysicalDevice device,
                                                  VkPhysicalDeviceProperties *properties)
{
    (void)device;
    (void)properties;
}

static VKAPI_ATTR void VKAPI_CALL tell_memory(VkPhysicalDevice device,
                                              VkPhysicalDeviceMemoryProperties *properties)
{
    (void)device;
    (void)properties;
}

static int volk_is_loaded(void **state)
{
    (void)state;
    vkGetInstanceProcAddr = find_instance_function;
    vkGetDeviceProcAddr = find_device_function;
    vkGetPhysicalDeviceProperties = tell_properties;
    vkGetPhysicalDeviceMemoryProperties = tell_memory;
    asked_count = 0;
    return 0;
}

static int was_asked(const char *name)
{
    for (size_t i = 0; i < asked_count; i++) {
        if (strcmp(asked[i], name) == 0)
            return 1;
    }
    return 0;
}

static VmaVulkanFunctions import(uint32_t version, VmaAllocatorCreateFlags flags)
{
    VmaAllocatorCreateInfo info = {0};
    VmaVulkanFunctions functions;

    info.instance = some_instance;
    info.device = some_device;
    info.vulkanApiVersion = version;
    info.flags = flags;
    memset(&functions, 0x55, sizeof(functions));
    assert_int_equal(vmaImportVulkanFunctionsFromVolk(&info, &functions), VK_SUCCESS);
    return functions;
}

static void on_1_0_only_core_functions_are_fetched(void **state)
{
    (void)state;
    const VmaVulkanFunctions functions = import(VK_MAKE_VERSION(1, 0, 0), 0);

    assert_true(functions.vkGetInstanceProcAddr == find_instance_function);
    assert_true(functions.vkGetDeviceProcAddr == find_device_function);
    assert_true(functions.vkGetPhysicalDeviceProperties == tell_properties);
    assert_true(functions.vkGetPhysicalDeviceMemoryProperties == tell_memory);
    assert_true(functions.vkAllocateMemory && functions.vkFreeMemory && functions.vkMapMemory);
    assert_true(functions.vkUnmapMemory && functions.vkFlushMappedMemoryRanges);
    assert_true(functions.vkInvalidateMappedMemoryRanges && functions.vkBindBufferMemory);
    assert_true(functions.vkBindImageMemory && functions.vkGetBufferMemoryRequirements);
    assert_true(functions.vkGetImageMemoryRequirements && functions.vkCreateBuffer);
    assert_true(functions.vkDestroyBuffer && functions.vkCreateImage && functions.vkDestroyImage);
    assert_non_null(functions.vkCmdCopyBuffer);
    assert_int_equal(asked_count, 15);
    assert_null(functions.vkGetBufferMemoryRequirements2KHR);
    assert_null(functions.vkGetImageMemoryRequirements2KHR);
    assert_null(functions.vkBindBufferMemory2KHR);
    assert_null(functions.vkBindImageMemory2KHR);
    assert_null(functions.vkGetPhysicalDeviceMemoryProperties2KHR);
    assert_null(functions.vkGetDeviceBufferMemoryRequirements);
    assert_null(functions.vkGetDeviceImageMemoryRequirements);
    assert_null(functions.vkGetMemoryWin32HandleKHR);
#if !VRAM_VMA_3_3_LAYOUT
    assert_null(functions.vkGetPhysicalDeviceProperties2KHR);
#endif
}

static void on_1_0_the_flags_fetch_the_extensions(void **state)
{
    (void)state;
    (void)import(
        0, VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT | VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT |
               VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT | VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT);

    assert_true(was_asked("vkGetBufferMemoryRequirements2KHR") &&
                was_asked("vkGetImageMemoryRequirements2KHR"));
    assert_true(was_asked("vkBindBufferMemory2KHR") && was_asked("vkBindImageMemory2KHR"));
    assert_true(was_asked("vkGetPhysicalDeviceMemoryProperties2KHR"));
    assert_true(was_asked("vkGetDeviceBufferMemoryRequirementsKHR"));
    assert_true(was_asked("vkGetDeviceImageMemoryRequirementsKHR"));
    assert_false(was_asked("vkBindBufferMemory2"));
}

static void from_1_1_the_members_hold_the_core_functions(void **state)
{
    (void)state;
    const VmaVulkanFunctions functions = import(VK_MAKE_VERSION(1, 1, 0), 0);

    assert_true(was_asked("vkGetBufferMemoryRequirements2") && was_asked("vkGetImageMemoryRequirements2"));
    assert_true(was_asked("vkBindBufferMemory2") && was_asked("vkBindImageMemory2"));
    assert_true(was_asked("vkGetPhysicalDeviceMemoryProperties2"));
    assert_false(was_asked("vkBindBufferMemory2KHR"));
    assert_non_null(functions.vkBindBufferMemory2KHR);
    assert_null(functions.vkGetDeviceBufferMemoryRequirements);
}

static void from_1_3_memory_needs_are_known_without_a_resource(void **state)
{
    (void)state;
    const VmaVulkanFunctions functions = import(VK_MAKE_VERSION(1, 3, 250), 0);

    assert_true(was_asked("vkGetDeviceBufferMemoryRequirements"));
    assert_true(was_asked("vkGetDeviceImageMemoryRequirements"));
    assert_non_null(functions.vkGetDeviceBufferMemoryRequirements);
    assert_non_null(functions.vkGetDeviceImageMemoryRequirements);
}

static void before_volk_is_loaded_it_fails_and_writes_nothing(void **state)
{
    (void)state;
    VmaAllocatorCreateInfo info = {0};
    VmaVulkanFunctions functions, before;

    info.instance = some_instance;
    info.device = some_device;
    vkGetDeviceProcAddr = NULL;
    memset(&functions, 0x55, sizeof(functions));
    memcpy(&before, &functions, sizeof(functions));
    assert_int_equal(vmaImportVulkanFunctionsFromVolk(&info, &functions), VK_ERROR_INITIALIZATION_FAILED);
    assert_memory_equal(&functions, &before, sizeof(functions));
}

static void without_a_device_it_fails(void **state)
{
    (void)state;
    VmaAllocatorCreateInfo info = {0};
    VmaVulkanFunctions functions;

    info.instance = some_instance;
    assert_int_equal(vmaImportVulkanFunctionsFromVolk(&info, &functions), VK_ERROR_INITIALIZATION_FAILED);
    assert_int_equal(asked_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(on_1_0_only_core_functions_are_fetched, volk_is_loaded),
        cmocka_unit_test_setup(on_1_0_the_flags_fetch_the_extensions, volk_is_loaded),
        cmocka_unit_test_setup(from_1_1_the_members_hold_the_core_functions, volk_is_loaded),
        cmocka_unit_test_setup(from_1_3_memory_needs_are_known_without_a_resource, volk_is_loaded),
        cmocka_unit_test_setup(before_volk_is_loaded_it_fails_and_writes_nothing, volk_is_loaded),
        cmocka_unit_test_setup(without_a_device_it_fails, volk_is_loaded),
    };

    return cmocka_run_group_tests_name("headers/volk", tests, NULL, NULL);
}
