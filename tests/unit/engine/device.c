// SPDX-License-Identifier: MIT
#define _POSIX_C_SOURCE 200809L // setenv
#include "device.h"

#include <stdlib.h>
#include <string.h>

void device_open(struct Device *device, const char *builtin, const VmaAllocatorCreateInfo *info)
{
    struct VrSimDevice description;
    assert_true(vr_sim_device_builtin(builtin, &description));
    const struct VrSimCreateInfo sim_info = {.device = &description, .flags = VR_SIM_CHECKS | VR_SIM_BACKING};
    assert_int_equal(vr_sim_create(&sim_info, &device->sim), VK_SUCCESS);
    const VmaVulkanFunctions functions = {
        .vkGetInstanceProcAddr = vr_sim_get_instance_proc_addr,
        .vkGetDeviceProcAddr = vr_sim_get_device_proc_addr,
    };
    VmaAllocatorCreateInfo full = {.vulkanApiVersion = description.api_version};
    if (info) {
        full = *info;
        full.vulkanApiVersion = description.api_version;
    }
    full.instance = vr_sim_instance(device->sim);
    full.physicalDevice = vr_sim_physical_device(device->sim);
    full.device = vr_sim_device(device->sim);
    full.pVulkanFunctions = &functions;
    assert_int_equal(vmaCreateAllocator(&full, &device->allocator), VK_SUCCESS);
}

void device_open_debug(struct Device *device, const char *builtin, const char *switches)
{
    assert_int_equal(setenv("VRAM_DEBUG", switches, 1), 0);
    device_open(device, builtin, NULL);
    assert_int_equal(unsetenv("VRAM_DEBUG"), 0);
}

void device_close(struct Device *device)
{
    vmaDestroyAllocator(device->allocator);
    char text[256];
    vr_sim_misuse_last(device->sim, text, sizeof(text));
    assert_string_equal(text, "");
    assert_int_equal(vr_sim_destroy(device->sim), 0);
}

static VmaAllocation allocate(struct Device *device, VkDeviceSize size, const VmaAllocationCreateInfo *info)
{
    const VkMemoryRequirements requirements = {.size = size, .alignment = 16, .memoryTypeBits = UINT32_MAX};
    VmaAllocation allocation = VK_NULL_HANDLE;
    assert_int_equal(vmaAllocateMemory(device->allocator, &requirements, info, &allocation, NULL),
                     VK_SUCCESS);
    assert_non_null(allocation);
    return allocation;
}

VmaAllocation device_allocate(struct Device *device, uint32_t type, VkDeviceSize size)
{
    return allocate(device, size, &(VmaAllocationCreateInfo){.memoryTypeBits = 1u << type});
}

VmaAllocation device_allocate_in(struct Device *device, VmaPool pool, VkDeviceSize size,
                                 VmaAllocationCreateFlags flags)
{
    return allocate(device, size, &(VmaAllocationCreateInfo){.pool = pool, .flags = flags});
}

uint32_t device_type_with(struct Device *device, VkMemoryPropertyFlags flags)
{
    const VkPhysicalDeviceMemoryProperties *memory;
    vmaGetMemoryProperties(device->allocator, &memory);
    for (uint32_t i = 0; i < memory->memoryTypeCount; ++i) {
        if (memory->memoryTypes[i].propertyFlags == flags) {
            return i;
        }
    }
    fail_msg("no memory type with flags 0x%x", flags);
    return UINT32_MAX;
}

uint32_t device_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}
