// SPDX-License-Identifier: MIT
// What every description shares: default limits, the vendors' models, extensions.
#include "device.h"

#include <stdio.h>
#include <string.h>

#include "device_defaults.h"

// Measured on drivers of each vendor; a member that is not named is 0 or false.
static const struct VrSimModel models[] = {
    [VR_SIM_VENDOR_GENERIC] =
        {
            .buffer_alignment = 64,
            .uniform_alignment = 64,
            .buffer_rounding = 1,
            .tile_bytes = 256,
            .tile_width = 64,
            .image_alignment = 64,
            .image_alignment_large = 64,
            .linear_alignment = 64,
            .linear_pitch = 64,
        },
    [VR_SIM_VENDOR_NVIDIA] =
        {
            .buffer_alignment = 16,
            .uniform_alignment = 64,
            .buffer_rounding = 0,
            .tile_bytes = 8192,
            .tile_width = 64,
            .tile_shrinks = true,
            .layers_whole_tiles = true,
            .image_alignment = 1024,
            .image_alignment_large = 1024,
            .linear_alignment = 128,
            .linear_pitch = 128,
            .prefers_dedicated_attachment = 2097152,
            .prefers_dedicated_image = 33554432,
        },
    [VR_SIM_VENDOR_AMD] =
        {
            .buffer_alignment = 16,
            .uniform_alignment = 16,
            .buffer_rounding = 16,
            .tile_bytes = 65536,
            .tile_shrinks = true,
            .mip_tail = true,
            .color_metadata = 256,
            .depth_metadata = 64,
            .image_alignment = 4096,
            .image_alignment_large = 65536,
            .image_large = 65536,
            .linear_alignment = 256,
            .linear_pitch = 256,
        },
    [VR_SIM_VENDOR_INTEL] =
        {
            .buffer_alignment = 64,
            .uniform_alignment = 64,
            .buffer_rounding = 1,
            .tile_bytes = 4096,
            .tile_width = 128,
            .mips_beside = true,
            .color_metadata = 256,
            .depth_metadata = 16,
            .image_alignment = 4096,
            .image_alignment_large = 4096,
            .linear_alignment = 64,
            .linear_pitch = 64,
        },
    [VR_SIM_VENDOR_APPLE] =
        {
            .buffer_alignment = 16,
            .uniform_alignment = 16,
            .buffer_rounding = 1,
            .tile_bytes = 16384,
            .tile_shrinks = true,
            .mip_tail = true,
            .color_metadata = 128,
            .depth_metadata = 128,
            .image_alignment = 128,
            .image_alignment_large = 128,
            .linear_alignment = 128,
            .linear_pitch = 128,
        },
    [VR_SIM_VENDOR_MOBILE] =
        {
            .buffer_alignment = 64,
            .uniform_alignment = 64,
            .buffer_rounding = 64,
            .tile_bytes = 4096,
            .tile_width = 256,
            .color_metadata = 256,
            .depth_metadata = 256,
            .image_alignment = 64,
            .image_alignment_large = 4096,
            .image_large = 4096 + 1,
            .linear_alignment = 64,
            .linear_pitch = 64,
        },
};

struct VrSimModel vr_sim_device_model_of(enum VrSimVendor vendor)
{
    return models[vendor];
}

static uint32_t pci_vendor(enum VrSimVendor vendor)
{
    static const uint32_t ids[] = {0x10005, 0x10de, 0x1002, 0x8086, 0x106b, 0x13b5};
    return ids[vendor];
}

static void default_limits(VkPhysicalDeviceLimits *limits)
{
    *limits = (VkPhysicalDeviceLimits){
        .maxImageDimension1D = 16384,
        .maxImageDimension2D = 16384,
        .maxImageDimension3D = 2048,
        .maxImageDimensionCube = 16384,
        .maxImageArrayLayers = 2048,
        .maxTexelBufferElements = 1u << 27,
        .maxUniformBufferRange = 65536,
        .maxStorageBufferRange = 0xffffffffu,
        .maxPushConstantsSize = 128,
        .maxMemoryAllocationCount = 4096,
        .maxSamplerAllocationCount = 4000,
        .bufferImageGranularity = 1,
        .sparseAddressSpaceSize = (VkDeviceSize)1 << 40,
        .maxBoundDescriptorSets = 8,
        .minMemoryMapAlignment = 64,
        .minTexelBufferOffsetAlignment = 16,
        .minUniformBufferOffsetAlignment = 64,
        .minStorageBufferOffsetAlignment = 16,
        .optimalBufferCopyOffsetAlignment = 1,
        .optimalBufferCopyRowPitchAlignment = 1,
        .nonCoherentAtomSize = 64,
        .timestampPeriod = 1.0f,
    };
}

void vr_sim_device_defaults(struct VrSimDevice *device, enum VrSimVendor vendor)
{
    memset(device, 0, sizeof(*device));
    device->type = VK_PHYSICAL_DEVICE_TYPE_OTHER;
    device->api_version = VK_API_VERSION_1_3;
    device->vendor = vendor;
    device->vendor_id = pci_vendor(vendor);
    device->model = vr_sim_device_model_of(vendor);
    default_limits(&device->limits);
    device->max_memory_allocation_size = (VkDeviceSize)1 << 40;
    device->max_buffer_size = (VkDeviceSize)1 << 40;
    device->min_imported_host_pointer_alignment = 4096;
    device->queue_family_count = 1;
    device->queue_families[0] = (VkQueueFamilyProperties){
        .queueFlags = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT | VK_QUEUE_TRANSFER_BIT,
        .queueCount = 1,
        .timestampValidBits = 64,
        .minImageTransferGranularity = {1, 1, 1},
    };
}

VkDeviceSize vr_sim_device_default_budget(VkDeviceSize heap_size)
{
    return heap_size / 10 * 9;
}

static uint32_t index_of_extension(const struct VrSimDevice *device, const char *name)
{
    uint32_t i = 0;
    while (i < device->extension_count && strcmp(device->extensions[i], name) != 0) {
        i++;
    }
    return i;
}

bool vr_sim_device_has_extension(const struct VrSimDevice *device, const char *name)
{
    return index_of_extension(device, name) < device->extension_count;
}

bool vr_sim_device_add_extension(struct VrSimDevice *device, const char *name)
{
    if (vr_sim_device_has_extension(device, name)) {
        return true;
    }
    if (device->extension_count == VR_SIM_MAX_EXTENSIONS || strlen(name) >= VR_SIM_EXTENSION_NAME_SIZE) {
        return false;
    }
    strcpy(device->extensions[device->extension_count++], name);
    return true;
}

void vr_sim_device_remove_extension(struct VrSimDevice *device, const char *name)
{
    const uint32_t i = index_of_extension(device, name);
    if (i < device->extension_count) {
        memmove(device->extensions[i], device->extensions[i + 1],
                (size_t)(device->extension_count - i - 1) * VR_SIM_EXTENSION_NAME_SIZE);
        device->extension_count--;
    }
}

bool vr_sim_device_integrated(const struct VrSimDevice *device)
{
    return device->type == VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU ||
           device->type == VK_PHYSICAL_DEVICE_TYPE_CPU;
}
