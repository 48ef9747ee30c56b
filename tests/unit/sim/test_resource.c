// SPDX-License-Identifier: MIT
// Buffers and images of the simulated device: creation, requirements through every query, binding, addresses,
// copies.
#include "fixture.h"

#include <string.h>

static VkMemoryRequirements buffer_requirements(struct Fixture *f, VkBuffer buffer)
{
    VkMemoryRequirements requirements;
    f->GetBufferMemoryRequirements(f->device, buffer, &requirements);
    return requirements;
}

static void assert_same(const VkMemoryRequirements *a, const VkMemoryRequirements *b)
{
    assert_int_equal(a->size, b->size);
    assert_int_equal(a->alignment, b->alignment);
    assert_int_equal(a->memoryTypeBits, b->memoryTypeBits);
}

static void every_query_gives_the_same_requirements_of_a_buffer(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "amd-rebar", VR_SIM_CHECKS);
    const VkBufferCreateInfo create = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                       .size = 100,
                                       .usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT};
    const VkDeviceBufferMemoryRequirements by_info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_BUFFER_MEMORY_REQUIREMENTS, .pCreateInfo = &create};
    VkMemoryDedicatedRequirements dedicated = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_REQUIREMENTS};
    VkMemoryRequirements2 second = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2, .pNext = &dedicated};
    VkMemoryRequirements2 third = second;

    VkBuffer buffer = fixture_buffer(&f, 100, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
    const VkBufferMemoryRequirementsInfo2 info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_MEMORY_REQUIREMENTS_INFO_2, .buffer = buffer};
    const VkMemoryRequirements first = buffer_requirements(&f, buffer);
    f.GetBufferMemoryRequirements2(f.device, &info, &second);
    f.GetDeviceBufferMemoryRequirements(f.device, &by_info, &third);
    assert_int_equal(first.size, 112);
    assert_int_equal(first.alignment, 16);
    assert_int_equal(first.memoryTypeBits, 0x7ad);
    assert_same(&second.memoryRequirements, &first);
    assert_same(&third.memoryRequirements, &first);
    assert_false(dedicated.prefersDedicatedAllocation || dedicated.requiresDedicatedAllocation);
    f.DestroyBuffer(f.device, buffer, NULL);
    fixture_close(&f);
}

static void every_query_gives_the_same_requirements_of_an_image(void **state)
{
    (void)state;
    struct Fixture f;
    VkImage image;
    fixture_open(&f, "amd-rebar", VR_SIM_CHECKS);
    const VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 256, 256, 1);
    const VkDeviceImageMemoryRequirements by_info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_IMAGE_MEMORY_REQUIREMENTS, .pCreateInfo = &create};
    VkMemoryRequirements first;
    VkMemoryRequirements2 second = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2}, third = second;

    assert_int_equal(f.CreateImage(f.device, &create, NULL, &image), VK_SUCCESS);
    const VkImageMemoryRequirementsInfo2 info = {.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_REQUIREMENTS_INFO_2,
                                                 .image = image};
    f.GetImageMemoryRequirements(f.device, image, &first);
    f.GetImageMemoryRequirements2(f.device, &info, &second);
    f.GetDeviceImageMemoryRequirements(f.device, &by_info, &third);
    assert_int_equal(first.size, 262144);
    assert_int_equal(first.alignment, 65536);
    assert_same(&second.memoryRequirements, &first);
    assert_same(&third.memoryRequirements, &first);
    f.DestroyImage(f.device, image, NULL);
    fixture_close(&f);
}

static void a_bound_buffer_knows_its_memory_and_offset(void **state)
{
    (void)state;
    struct Fixture f;
    struct VrSimResourceInfo info;
    struct VrSimMemoryInfo memory_info;
    fixture_open(&f, "amd-smallbar", VR_SIM_CHECKS);
    VkBuffer a = fixture_buffer(&f, 256, VK_BUFFER_USAGE_INDEX_BUFFER_BIT);
    VkBuffer b = fixture_buffer(&f, 256, VK_BUFFER_USAGE_INDEX_BUFFER_BIT);
    VkDeviceMemory memory = fixture_memory(&f, 0, 4096);
    const VkBindBufferMemoryInfo bind = {VK_STRUCTURE_TYPE_BIND_BUFFER_MEMORY_INFO, NULL, b, memory, 1024};
    assert_int_equal(f.BindBufferMemory(f.device, a, memory, 512), VK_SUCCESS);
    assert_int_equal(f.BindBufferMemory2(f.device, 1, &bind), VK_SUCCESS);
    vr_sim_buffer_info(a, &info);
    assert_true(info.memory == memory);
    assert_int_equal(info.offset, 512);
    assert_int_equal(info.size, 256);
    assert_int_equal(info.usage, VK_BUFFER_USAGE_INDEX_BUFFER_BIT);
    vr_sim_buffer_info(b, &info);
    assert_int_equal(info.offset, 1024);
    vr_sim_memory_info(memory, &memory_info);
    assert_int_equal(memory_info.bound, 2);
    f.DestroyBuffer(f.device, a, NULL);
    f.DestroyBuffer(f.device, b, NULL);
    vr_sim_memory_info(memory, &memory_info);
    assert_int_equal(memory_info.bound, 0);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void images_bind_through_both_calls(void **state)
{
    (void)state;
    struct Fixture f;
    struct VrSimResourceInfo info;
    VkImage a, b;
    fixture_open(&f, "intel-uma", VR_SIM_CHECKS);
    const VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8_UNORM, 64, 64, 1);
    assert_int_equal(f.CreateImage(f.device, &create, NULL, &a), VK_SUCCESS);
    assert_int_equal(f.CreateImage(f.device, &create, NULL, &b), VK_SUCCESS);
    VkDeviceMemory memory = fixture_memory(&f, 0, MIB);
    const VkBindImageMemoryInfo bind = {VK_STRUCTURE_TYPE_BIND_IMAGE_MEMORY_INFO, NULL, b, memory, 65536};
    assert_int_equal(f.BindImageMemory(f.device, a, memory, 0), VK_SUCCESS);
    assert_int_equal(f.BindImageMemory2(f.device, 1, &bind), VK_SUCCESS);
    vr_sim_image_info(b, &info);
    assert_true(info.memory == memory);
    assert_int_equal(info.offset, 65536);
    f.DestroyImage(f.device, a, NULL);
    f.DestroyImage(f.device, b, NULL);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void addresses_of_buffers_differ_by_their_offsets(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "nvidia-datacenter", VR_SIM_CHECKS);
    const VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                             .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
    const VkMemoryAllocateInfo allocate = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                           .pNext = &flags,
                                           .allocationSize = 4096,
                                           .memoryTypeIndex = 1};
    VkBufferDeviceAddressInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO};
    VkDeviceMemory memory;
    assert_int_equal(f.AllocateMemory(f.device, &allocate, NULL, &memory), VK_SUCCESS);
    VkBuffer a = fixture_buffer(&f, 64, VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT);
    VkBuffer b = fixture_buffer(&f, 64, VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT);
    assert_int_equal(f.BindBufferMemory(f.device, a, memory, 0), VK_SUCCESS);
    assert_int_equal(f.BindBufferMemory(f.device, b, memory, 2048), VK_SUCCESS);
    info.buffer = a;
    const VkDeviceAddress first = f.GetBufferDeviceAddress(f.device, &info);
    info.buffer = b;
    assert_true(first != 0 && first % 65536 == 0);
    assert_int_equal(f.GetBufferDeviceAddress(f.device, &info), first + 2048);
    f.DestroyBuffer(f.device, a, NULL);
    f.DestroyBuffer(f.device, b, NULL);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void a_copy_between_backed_buffers_moves_the_bytes(void **state)
{
    (void)state;
    struct Fixture f;
    char *bytes;
    fixture_open(&f, "lavapipe", VR_SIM_CHECKS | VR_SIM_BACKING);
    VkDeviceMemory memory = fixture_memory(&f, 0, 4096);
    VkBuffer source = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    VkBuffer target = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_DST_BIT);
    const VkBufferCopy region = {.srcOffset = 8, .dstOffset = 16, .size = 6};
    assert_int_equal(f.BindBufferMemory(f.device, source, memory, 0), VK_SUCCESS);
    assert_int_equal(f.BindBufferMemory(f.device, target, memory, 1024), VK_SUCCESS);
    assert_int_equal(f.MapMemory(f.device, memory, 0, VK_WHOLE_SIZE, 0, (void **)&bytes), VK_SUCCESS);
    memcpy(bytes + 8, "moved", 6);
    f.CmdCopyBuffer(vr_sim_command_buffer(f.sim), source, target, 1, &region);
    assert_string_equal(bytes + 1024 + 16, "moved");
    f.DestroyBuffer(f.device, source, NULL);
    f.DestroyBuffer(f.device, target, NULL);
    f.FreeMemory(f.device, memory, NULL);
    fixture_close(&f);
}

static void ask_for_dedicated_memory(void *user, const VkBufferCreateInfo *buffer,
                                     const VkImageCreateInfo *image, struct VrSimRequirements *requirements)
{
    int *images = user;
    *images += image != NULL;
    if (buffer) {
        requirements->size *= 2;
        requirements->alignment = 65536;
        requirements->type_bits = 0xffff0001u;
        requirements->requires_dedicated = true;
    }
}

static void a_hook_changes_requirements_at_will(void **state)
{
    (void)state;
    struct Fixture f;
    int images = 0;
    VkImage image;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    vr_sim_set_requirements_hook(f.sim, ask_for_dedicated_memory, &images);
    VkBuffer buffer = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    const VkMemoryRequirements requirements = buffer_requirements(&f, buffer);
    assert_int_equal(requirements.size, 128);
    assert_int_equal(requirements.alignment, 65536);
    assert_int_equal(requirements.memoryTypeBits, 0xffff0001u);
    struct VrSimResourceInfo info;
    vr_sim_buffer_info(buffer, &info);
    assert_true(info.requirements.requires_dedicated);
    f.DestroyBuffer(f.device, buffer, NULL);

    const VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8_UNORM, 4, 4, 1);
    assert_int_equal(f.CreateImage(f.device, &create, NULL, &image), VK_SUCCESS);
    assert_int_equal(images, 1);
    f.DestroyImage(f.device, image, NULL);

    vr_sim_set_requirements_hook(f.sim, NULL, NULL);
    buffer = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    assert_int_equal(buffer_requirements(&f, buffer).size, 64);
    f.DestroyBuffer(f.device, buffer, NULL);
    fixture_close(&f);
}

static void null_handles_are_destroyed_in_silence(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    f.DestroyBuffer(f.device, VK_NULL_HANDLE, NULL);
    f.DestroyImage(f.device, VK_NULL_HANDLE, NULL);
    f.FreeMemory(f.device, VK_NULL_HANDLE, NULL);
    fixture_close(&f);
}

static void hundred_thousand_buffers_live_at_once(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    struct Fixture f;
    fixture_open(&f, "nvidia-rebar", 0);
    VkBuffer *buffers = test_malloc(COUNT * sizeof(*buffers));
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            buffers[i] = fixture_buffer(&f, i + 1, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
        }
        assert_int_equal(fixture_stats(&f).buffers, COUNT);
        for (uint32_t i = 0; i < COUNT; i++) {
            struct VrSimResourceInfo info;
            vr_sim_buffer_info(buffers[i], &info);
            assert_int_equal(info.size, i + 1);
            f.DestroyBuffer(f.device, buffers[i], NULL);
        }
        assert_int_equal(fixture_stats(&f).buffers, 0);
    }
    test_free(buffers);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_query_gives_the_same_requirements_of_a_buffer),
        cmocka_unit_test(every_query_gives_the_same_requirements_of_an_image),
        cmocka_unit_test(a_bound_buffer_knows_its_memory_and_offset),
        cmocka_unit_test(images_bind_through_both_calls),
        cmocka_unit_test(addresses_of_buffers_differ_by_their_offsets),
        cmocka_unit_test(a_copy_between_backed_buffers_moves_the_bytes),
        cmocka_unit_test(a_hook_changes_requirements_at_will),
        cmocka_unit_test(null_handles_are_destroyed_in_silence),
        cmocka_unit_test(hundred_thousand_buffers_live_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
