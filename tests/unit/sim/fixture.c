// SPDX-License-Identifier: MIT
// See fixture.h.
#include "fixture.h"

#include <string.h>

void fixture_open_with(struct Fixture *f, const struct VrSimCreateInfo *info)
{
    memset(f, 0, sizeof(*f));
    assert_int_equal(vr_sim_create(info, &f->sim), VK_SUCCESS);
    f->instance = vr_sim_instance(f->sim);
    f->physical = vr_sim_physical_device(f->sim);
    f->device = vr_sim_device(f->sim);
#define LOAD(name, ...) f->name = (PFN_vk##name)vr_sim_get_instance_proc_addr(f->instance, "vk" #name);
    VR_SIM_ENTRIES(LOAD)
#undef LOAD
}

void fixture_open_device(struct Fixture *f, const struct VrSimDevice *device, uint32_t flags)
{
    const struct VrSimCreateInfo info = {.device = device, .flags = flags};
    fixture_open_with(f, &info);
}

void fixture_open(struct Fixture *f, const char *builtin, uint32_t flags)
{
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin(builtin, &device));
    fixture_open_device(f, &device, flags);
}

void fixture_close(struct Fixture *f)
{
    char text[256];
    vr_sim_misuse_last(f->sim, text, sizeof(text));
    assert_string_equal(text, "");
    assert_int_equal(vr_sim_destroy(f->sim), 0);
}

VkResult fixture_allocate(struct Fixture *f, uint32_t type, VkDeviceSize size, VkDeviceMemory *memory)
{
    const VkMemoryAllocateInfo info = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, .allocationSize = size, .memoryTypeIndex = type};
    return f->AllocateMemory(f->device, &info, NULL, memory);
}

VkDeviceMemory fixture_memory(struct Fixture *f, uint32_t type, VkDeviceSize size)
{
    VkDeviceMemory memory = VK_NULL_HANDLE;
    assert_int_equal(fixture_allocate(f, type, size, &memory), VK_SUCCESS);
    return memory;
}

VkBuffer fixture_buffer(struct Fixture *f, VkDeviceSize size, VkBufferUsageFlags usage)
{
    const VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = size, .usage = usage};
    VkBuffer buffer = VK_NULL_HANDLE;
    assert_int_equal(f->CreateBuffer(f->device, &info, NULL, &buffer), VK_SUCCESS);
    return buffer;
}

VkImageCreateInfo fixture_image_info(VkFormat format, uint32_t width, uint32_t height, uint32_t mips)
{
    return (VkImageCreateInfo){
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .imageType = VK_IMAGE_TYPE_2D,
        .format = format,
        .extent = {width, height, 1},
        .mipLevels = mips,
        .arrayLayers = 1,
        .samples = VK_SAMPLE_COUNT_1_BIT,
        .tiling = VK_IMAGE_TILING_OPTIMAL,
        .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT,
    };
}

uint32_t fixture_type_with(const struct Fixture *f, VkMemoryPropertyFlags flags)
{
    const struct VrSimDevice *device = vr_sim_description(f->sim);
    for (uint32_t i = 0; i < device->type_count; i++) {
        if (device->types[i].flags == flags) {
            return i;
        }
    }
    fail_msg("no memory type with flags 0x%x", flags);
    return UINT32_MAX;
}

struct VrSimStats fixture_stats(const struct Fixture *f)
{
    struct VrSimStats stats;
    vr_sim_stats(f->sim, &stats);
    return stats;
}
