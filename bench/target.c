// SPDX-License-Identifier: MIT
// Simulated targets, and creation of an allocator on any target. The real driver is in target_vulkan.c.
#include "target.h"

#include <stdio.h>
#include <string.h>

void target_describe_large(struct VrSimDevice *device, VkDeviceSize granularity)
{
    if (!vr_sim_device_builtin("amd-rebar", device)) {
        memset(device, 0, sizeof *device);
        return;
    }
    for (uint32_t i = 0; i < device->heap_count; ++i) {
        device->heaps[i].size = (VkDeviceSize)4 << 40;
        device->heaps[i].budget = device->heaps[i].size;
        device->heaps[i].usage = 0;
    }
    device->limits.bufferImageGranularity = granularity;
    device->limits.maxMemoryAllocationCount = UINT32_MAX;
}

int target_open_sim(struct target *target, const struct VrSimDevice *device)
{
    memset(target, 0, sizeof *target);
    struct VrSimCreateInfo info = {.device = device};
    VkResult result = vr_sim_create(&info, &target->sim);
    if (result != VK_SUCCESS) {
        fprintf(stderr, "bench: the simulated device %s cannot be created: VkResult %d\n", device->name,
                (int)result);
        return -1;
    }
    target->instance = vr_sim_instance(target->sim);
    target->physical = vr_sim_physical_device(target->sim);
    target->device = vr_sim_device(target->sim);
    target->get_instance_proc = vr_sim_get_instance_proc_addr;
    target->get_device_proc = vr_sim_get_device_proc_addr;
    if (vr_sim_device_has_extension(device, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME)) {
        target->supported |= VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT;
    }
    if (device->buffer_device_address) {
        target->supported |= VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT;
    }
    snprintf(target->name, sizeof target->name, "%s", device->name);
    return 0;
}

static struct VrSimStats sim_stats(const struct target *target)
{
    struct VrSimStats stats = {0};
    if (target->sim != NULL) {
        vr_sim_stats(target->sim, &stats);
    }
    return stats;
}

uint64_t target_reserved(const struct target *target)
{
    return sim_stats(target).total_bytes;
}

uint64_t target_peak(const struct target *target)
{
    return sim_stats(target).total_peak;
}

uint64_t target_allocate_calls(const struct target *target)
{
    return sim_stats(target).calls[VR_SIM_CALL_ALLOCATE_MEMORY];
}

VkResult target_create_allocator(const struct target *target, const struct engine *engine,
                                 VmaAllocatorCreateFlags flags, const VkAllocationCallbacks *callbacks,
                                 VmaAllocator *allocator)
{
    VmaVulkanFunctions functions = {
        .vkGetInstanceProcAddr = target->get_instance_proc,
        .vkGetDeviceProcAddr = target->get_device_proc,
    };
    VmaAllocatorCreateInfo info = {
        .flags = flags & target->supported,
        .physicalDevice = target->physical,
        .device = target->device,
        .instance = target->instance,
        .pAllocationCallbacks = callbacks,
        .pVulkanFunctions = &functions,
        .vulkanApiVersion = VK_API_VERSION_1_3,
    };
    return engine->vmaCreateAllocator(&info, allocator);
}
