// SPDX-License-Identifier: MIT
// Aliasing resources: bound where they fit, refused where they would write into other allocations.
#include "world.h"

static VmaAllocation room_of(struct World *w, VkDeviceSize size)
{
    return world_allocate(w, world_type(w, DEVICE_LOCAL), size, VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT);
}

static VkResult alias_buffer(struct World *w, VmaAllocation room, VkDeviceSize offset, VkDeviceSize size,
                             VkBufferUsageFlags usage)
{
    const VkBufferCreateInfo info = world_buffer_info(size, usage);
    VkBuffer buffer = (VkBuffer)(uintptr_t)0x10;
    VkResult result = vmaCreateAliasingBuffer2(w->allocator, room, offset, &info, &buffer);
    assert_true((result == VK_SUCCESS) == (buffer != VK_NULL_HANDLE));
    vmaDestroyBuffer(w->allocator, buffer, VK_NULL_HANDLE);
    return result;
}

static void a_buffer_is_bound_at_the_offset_asked_for(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    VmaAllocation room = room_of(&w, MIB);
    const VkBufferCreateInfo info = world_buffer_info(64 * KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    VkBuffer buffer;
    assert_int_equal(vmaCreateAliasingBuffer2(w.allocator, room, 512 * KIB, &info, &buffer), VK_SUCCESS);
    struct VrSimResourceInfo bound;
    vr_sim_buffer_info(buffer, &bound);
    assert_true(bound.memory == world_info(&w, room).deviceMemory);
    assert_int_equal(bound.offset, world_info(&w, room).offset + 512 * KIB);
    vmaDestroyBuffer(w.allocator, buffer, room);
    world_close(&w);
}

static void a_buffer_that_does_not_fit_is_refused(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    VmaAllocation room = room_of(&w, MIB);
    const VkBufferUsageFlags usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT;
    assert_int_equal(alias_buffer(&w, room, 0, MIB, usage), VK_SUCCESS);
    assert_int_equal(alias_buffer(&w, room, 0, MIB + 1, usage), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_int_equal(alias_buffer(&w, room, 512 * KIB, MIB, usage), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_int_equal(alias_buffer(&w, room, 2 * MIB, KIB, usage), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_int_equal(alias_buffer(&w, room, VK_WHOLE_SIZE, KIB, usage), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_int_equal(alias_buffer(&w, room, 1, KIB, usage), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_int_equal(alias_buffer(&w, room, 0, 0, usage), VK_ERROR_INITIALIZATION_FAILED);
    vmaFreeMemory(w.allocator, room);
    world_close(&w);
}

static void an_address_needs_the_allocators_flag_for_aliasing_buffers_too(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    VmaAllocation room = room_of(&w, MIB);
    assert_int_equal(alias_buffer(&w, room, 0, KIB, VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT),
                     VK_ERROR_INITIALIZATION_FAILED);
    vmaFreeMemory(w.allocator, room);
    world_close(&w);
}

static void an_image_that_does_not_fit_or_may_not_lie_there_is_refused(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    const VkImageCreateInfo info =
        world_image_info(256, 256, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    VmaAllocation room = room_of(&w, MIB);
    VmaAllocation small = room_of(&w, 64 * KIB);
    VkImage image;
    assert_int_equal(vmaCreateAliasingImage(w.allocator, small, &info, &image),
                     VK_ERROR_VALIDATION_FAILED_EXT);
    assert_true(image == VK_NULL_HANDLE);
    assert_int_equal(vmaCreateAliasingImage2(w.allocator, room, 7, &info, &image),
                     VK_ERROR_VALIDATION_FAILED_EXT);
    assert_true(image == VK_NULL_HANDLE);
    assert_int_equal(vmaCreateAliasingImage2(w.allocator, room, 512 * KIB, &info, &image), VK_SUCCESS);
    vmaDestroyImage(w.allocator, image, room);
    vmaFreeMemory(w.allocator, small);
    world_close(&w);
}

static void a_failed_bind_leaves_no_handle(void **state)
{
    struct World w;
    (void)state;
    world_open(&w, "nvidia-rebar", NULL);
    VmaAllocation room = room_of(&w, MIB);
    vr_sim_fail(w.sim, VR_SIM_CALL_BIND_BUFFER, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(alias_buffer(&w, room, 0, KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT),
                     VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaFreeMemory(w.allocator, room);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_is_bound_at_the_offset_asked_for),
        cmocka_unit_test(a_buffer_that_does_not_fit_is_refused),
        cmocka_unit_test(an_address_needs_the_allocators_flag_for_aliasing_buffers_too),
        cmocka_unit_test(an_image_that_does_not_fit_or_may_not_lie_there_is_refused),
        cmocka_unit_test(a_failed_bind_leaves_no_handle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
