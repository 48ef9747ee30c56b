// SPDX-License-Identifier: MIT
// Where limits decide: memory objects, the heap's budget as it is now, the version of the device, a type that
// fails.
#include "world.h"

static void a_request_larger_than_a_block_gets_memory_of_its_own_near_the_limit_of_objects(void **state)
{
    struct World w;
    (void)state;
    struct VrSimDevice device = world_device("nvidia-rebar");
    device.limits.maxMemoryAllocationCount = 8;
    world_open_device(&w, &device, NULL);
    uint32_t type = world_type(&w, DEVICE_LOCAL);
    VmaAllocation held[7];
    for (int i = 0; i < 7; ++i) {
        held[i] = world_allocate(&w, type, MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    }
    VmaAllocation large = world_allocate(&w, type, 300 * MIB, 0);
    assert_true(world_is_dedicated(&w, large));
    vmaFreeMemory(w.allocator, large);
    vmaFreeMemoryPages(w.allocator, 7, held);
    world_close(&w);
}

static void within_budget_sees_what_other_programs_took_since(void **state)
{
    struct World w;
    (void)state;
    const VmaAllocatorCreateInfo info = {.flags = VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT};
    world_open(&w, "nvidia-rebar", &info);
    uint32_t type = world_type(&w, DEVICE_LOCAL);
    VmaAllocation kept = world_allocate(&w, type, 16 * MIB, VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT);
    uint32_t heap = vr_sim_description(w.sim)->types[type].heap;
    vr_sim_set_budget(w.sim, heap, 512 * MIB, 500 * MIB);
    const VmaAllocationCreateInfo wish = {.memoryTypeBits = 1u << type,
                                          .flags = VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT};
    VmaAllocation refused;
    assert_int_equal(world_try(&w, 200 * MIB, &wish, &refused), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaFreeMemory(w.allocator, kept);
    world_close(&w);
}

static void another_type_is_tried_whatever_the_driver_fails_with(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    const VmaAllocationCreateInfo info = {.preferredFlags = DEVICE_LOCAL};
    VmaAllocation allocation;
    vr_sim_fail(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1, VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(world_try(&w, KIB, &info, &allocation), VK_SUCCESS);
    assert_int_equal(vr_sim_faults_fired(w.sim), 1);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

static void a_version_above_the_devices_calls_nothing_that_the_device_lacks(void **state)
{
    struct World w;
    (void)state;
    struct VrSimDevice device = world_device("nvidia-rebar");
    device.api_version = VK_API_VERSION_1_1;
    vr_sim_device_remove_extension(&device, "VK_KHR_maintenance4");
    const VmaAllocatorCreateInfo info = {.vulkanApiVersion = VK_API_VERSION_1_3};
    world_open_device(&w, &device, &info);
    const VkBufferCreateInfo buffer_info = world_buffer_info(KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VmaAllocationCreateInfo wish = {.usage = VMA_MEMORY_USAGE_AUTO};
    uint32_t type;
    assert_int_equal(vmaFindMemoryTypeIndexForBufferInfo(w.allocator, &buffer_info, &wish, &type),
                     VK_SUCCESS);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_CREATE_BUFFER], 1);
    assert_int_equal(world_stats(&w).buffers, 0);
    world_close(&w);
}

static void a_disjoint_image_has_no_one_memory_type(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    VkImageCreateInfo info = world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    info.flags = VK_IMAGE_CREATE_DISJOINT_BIT;
    const VmaAllocationCreateInfo wish = {.usage = VMA_MEMORY_USAGE_AUTO};
    uint32_t type = 0;
    assert_int_equal(vmaFindMemoryTypeIndexForImageInfo(w.allocator, &info, &wish, &type),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    assert_int_equal(type, UINT32_MAX);
    world_close(&w);
}

static void a_pool_of_another_allocator_is_refused_and_left_whole(void **state)
{
    struct World w, other;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    world_open(&other, "nvidia-rebar", NULL);
    const VmaPoolCreateInfo info = {.memoryTypeIndex = world_type(&other, DEVICE_LOCAL)};
    VmaPool own, foreign;
    assert_int_equal(vmaCreatePool(w.allocator, &info, &own), VK_SUCCESS);
    assert_int_equal(vmaCreatePool(other.allocator, &info, &foreign), VK_SUCCESS);
    const VmaAllocationCreateInfo wish = {.pool = foreign};
    VmaAllocation allocation;
    assert_int_equal(world_try(&w, KIB, &wish, &allocation), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_null(allocation);
    vmaSetPoolName(w.allocator, foreign, "not ours");
    vmaDestroyPool(w.allocator, foreign);
    const char *name;
    vmaGetPoolName(other.allocator, foreign, &name);
    assert_null(name);
    vmaDestroyPool(other.allocator, foreign);
    vmaDestroyPool(w.allocator, own);
    world_close(&other);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_larger_than_a_block_gets_memory_of_its_own_near_the_limit_of_objects),
        cmocka_unit_test(within_budget_sees_what_other_programs_took_since),
        cmocka_unit_test(another_type_is_tried_whatever_the_driver_fails_with),
        cmocka_unit_test(a_version_above_the_devices_calls_nothing_that_the_device_lacks),
        cmocka_unit_test(a_disjoint_image_has_no_one_memory_type),
        cmocka_unit_test(a_pool_of_another_allocator_is_refused_and_left_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
