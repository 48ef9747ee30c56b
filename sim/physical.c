// SPDX-License-Identifier: MIT
// What a physical device says about itself.
#include <stdio.h>
#include <string.h>

#include "entries.h"
#include "internal.h"

// ---- properties ---------------------------------------------------------------------------------

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceProperties(VkPhysicalDevice physical,
                                                     VkPhysicalDeviceProperties *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_PROPERTIES);
    memset(out, 0, sizeof(*out));
    out->apiVersion = sim->device.api_version;
    out->driverVersion = VK_MAKE_API_VERSION(0, 1, 0, 0);
    out->vendorID = sim->device.vendor_id;
    out->deviceID = 1;
    out->deviceType = sim->device.type;
    memcpy(out->deviceName, sim->device.name, sizeof(out->deviceName));
    memcpy(out->pipelineCacheUUID, "vram simulation", VK_UUID_SIZE);
    out->limits = sim->device.limits;
}

static void fill_properties(const struct VrSimDevice *device, VkBaseOutStructure *s)
{
    void *any = s;
    switch ((int)s->sType) {
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES: {
        VkPhysicalDeviceMaintenance3Properties *p = any;
        p->maxPerSetDescriptors = 1024;
        p->maxMemoryAllocationSize = device->max_memory_allocation_size;
        break;
    }
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES: {
        VkPhysicalDeviceVulkan11Properties *p = any;
        memcpy(p->deviceUUID, "vram simulation", VK_UUID_SIZE);
        memcpy(p->driverUUID, "vram simulation", VK_UUID_SIZE);
        p->maxPerSetDescriptors = 1024;
        p->maxMemoryAllocationSize = device->max_memory_allocation_size;
        break;
    }
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_PROPERTIES:
        ((VkPhysicalDeviceMaintenance4Properties *)any)->maxBufferSize = device->max_buffer_size;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_PROPERTIES:
        ((VkPhysicalDeviceVulkan13Properties *)any)->maxBufferSize = device->max_buffer_size;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_MEMORY_HOST_PROPERTIES_EXT:
        ((VkPhysicalDeviceExternalMemoryHostPropertiesEXT *)any)->minImportedHostPointerAlignment =
            device->min_imported_host_pointer_alignment;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES: {
        VkPhysicalDeviceDriverProperties *p = any;
        (void)snprintf(p->driverName, sizeof(p->driverName), "vram simulation");
        (void)snprintf(p->driverInfo, sizeof(p->driverInfo), "%s", device->driver);
        break;
    }
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES: {
        VkPhysicalDeviceIDProperties *p = any;
        memcpy(p->deviceUUID, "vram simulation", VK_UUID_SIZE);
        memcpy(p->driverUUID, "vram simulation", VK_UUID_SIZE);
        break;
    }
    default:
        break;
    }
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceProperties2(VkPhysicalDevice physical,
                                                      VkPhysicalDeviceProperties2 *out)
{
    vr_sim_vkGetPhysicalDeviceProperties(physical, &out->properties);
    for (VkBaseOutStructure *s = out->pNext; s; s = s->pNext) {
        fill_properties(&vr_sim_of(physical)->device, s);
    }
}

// ---- features -----------------------------------------------------------------------------------

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceFeatures(VkPhysicalDevice physical, VkPhysicalDeviceFeatures *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_FEATURES);
    *out = sim->device.features;
}

static void fill_features(const struct VrSimDevice *device, VkBaseOutStructure *s)
{
    const bool maintenance4 = device->api_version >= VK_API_VERSION_1_3 ||
                              vr_sim_device_has_extension(device, "VK_KHR_maintenance4");
    void *any = s;
    switch ((int)s->sType) {
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_BUFFER_DEVICE_ADDRESS_FEATURES:
        ((VkPhysicalDeviceBufferDeviceAddressFeatures *)any)->bufferDeviceAddress =
            device->buffer_device_address;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES:
        ((VkPhysicalDeviceTimelineSemaphoreFeatures *)any)->timelineSemaphore = device->timeline_semaphore;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES:
        ((VkPhysicalDeviceVulkan12Features *)any)->bufferDeviceAddress = device->buffer_device_address;
        ((VkPhysicalDeviceVulkan12Features *)any)->timelineSemaphore = device->timeline_semaphore;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SYNCHRONIZATION_2_FEATURES:
        ((VkPhysicalDeviceSynchronization2Features *)any)->synchronization2 = device->synchronization2;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_FEATURES:
        ((VkPhysicalDeviceMaintenance4Features *)any)->maintenance4 = maintenance4;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES:
        ((VkPhysicalDeviceVulkan13Features *)any)->synchronization2 = device->synchronization2;
        ((VkPhysicalDeviceVulkan13Features *)any)->maintenance4 = maintenance4;
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PRIORITY_FEATURES_EXT:
        ((VkPhysicalDeviceMemoryPriorityFeaturesEXT *)any)->memoryPriority =
            vr_sim_device_has_extension(device, "VK_EXT_memory_priority");
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PAGEABLE_DEVICE_LOCAL_MEMORY_FEATURES_EXT:
        ((VkPhysicalDevicePageableDeviceLocalMemoryFeaturesEXT *)any)->pageableDeviceLocalMemory =
            vr_sim_device_has_extension(device, "VK_EXT_pageable_device_local_memory");
        break;
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COHERENT_MEMORY_FEATURES_AMD:
        ((VkPhysicalDeviceCoherentMemoryFeaturesAMD *)any)->deviceCoherentMemory =
            vr_sim_device_has_extension(device, "VK_AMD_device_coherent_memory");
        break;
#ifdef VK_KHR_maintenance5
    case VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_5_FEATURES_KHR:
        ((VkPhysicalDeviceMaintenance5FeaturesKHR *)any)->maintenance5 =
            vr_sim_device_has_extension(device, "VK_KHR_maintenance5");
        break;
#endif
    default:
        break;
    }
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceFeatures2(VkPhysicalDevice physical, VkPhysicalDeviceFeatures2 *out)
{
    vr_sim_vkGetPhysicalDeviceFeatures(physical, &out->features);
    for (VkBaseOutStructure *s = out->pNext; s; s = s->pNext) {
        fill_features(&vr_sim_of(physical)->device, s);
    }
}

// ---- queues and formats -------------------------------------------------------------------------

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceQueueFamilyProperties(VkPhysicalDevice physical, uint32_t *count,
                                                                VkQueueFamilyProperties *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_QUEUE_FAMILIES);
    if (!out || *count > sim->device.queue_family_count) {
        *count = sim->device.queue_family_count;
    }
    if (out) {
        memcpy(out, sim->device.queue_families, *count * sizeof(*out));
    }
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceQueueFamilyProperties2(VkPhysicalDevice physical, uint32_t *count,
                                                                 VkQueueFamilyProperties2 *out)
{
    VkQueueFamilyProperties plain[VR_SIM_MAX_QUEUE_FAMILIES];
    if (*count > VR_SIM_MAX_QUEUE_FAMILIES) {
        *count = VR_SIM_MAX_QUEUE_FAMILIES;
    }
    vr_sim_vkGetPhysicalDeviceQueueFamilyProperties(physical, count, out ? plain : NULL);
    for (uint32_t i = 0; out && i < *count; i++) {
        out[i].queueFamilyProperties = plain[i];
    }
}

// Every format can do everything; a test that needs a gap has none here.
void VKAPI_CALL vr_sim_vkGetPhysicalDeviceFormatProperties(VkPhysicalDevice physical, VkFormat format,
                                                           VkFormatProperties *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_FORMAT_PROPERTIES);
    const struct VrSimBlock block = vr_sim_format_block(format);
    const VkFormatFeatureFlags common = VK_FORMAT_FEATURE_SAMPLED_IMAGE_BIT | VK_FORMAT_FEATURE_BLIT_SRC_BIT |
                                        VK_FORMAT_FEATURE_TRANSFER_SRC_BIT |
                                        VK_FORMAT_FEATURE_TRANSFER_DST_BIT;
    const VkFormatFeatureFlags color = VK_FORMAT_FEATURE_COLOR_ATTACHMENT_BIT |
                                       VK_FORMAT_FEATURE_STORAGE_IMAGE_BIT | VK_FORMAT_FEATURE_BLIT_DST_BIT;
    const bool compressed = block.width > 1 || block.height > 1;
    *out = (VkFormatProperties){0};
    if (block.depth_stencil) {
        out->optimalTilingFeatures = common | VK_FORMAT_FEATURE_DEPTH_STENCIL_ATTACHMENT_BIT;
    } else {
        out->linearTilingFeatures = common;
        out->optimalTilingFeatures = compressed ? common : common | color;
        out->bufferFeatures =
            VK_FORMAT_FEATURE_VERTEX_BUFFER_BIT | VK_FORMAT_FEATURE_UNIFORM_TEXEL_BUFFER_BIT;
    }
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceFormatProperties2(VkPhysicalDevice physical, VkFormat format,
                                                            VkFormatProperties2 *out)
{
    vr_sim_vkGetPhysicalDeviceFormatProperties(physical, format, &out->formatProperties);
}

VkResult VKAPI_CALL vr_sim_vkGetPhysicalDeviceImageFormatProperties(
    VkPhysicalDevice physical, VkFormat format, VkImageType type, VkImageTiling tiling,
    VkImageUsageFlags usage, VkImageCreateFlags flags, VkImageFormatProperties *out)
{
    (void)format;
    (void)usage;
    (void)flags;
    struct VrSim *sim = vr_sim_of(physical);
    const VkResult result = vr_sim_enter(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_FORMAT_PROPERTIES);
    if (result != VK_SUCCESS) {
        return result;
    }
    const VkPhysicalDeviceLimits *limits = &sim->device.limits;
    const bool volume = type == VK_IMAGE_TYPE_3D;
    const uint32_t extent = volume ? limits->maxImageDimension3D : limits->maxImageDimension2D;
    const bool plain = tiling == VK_IMAGE_TILING_LINEAR || type != VK_IMAGE_TYPE_2D;
    out->maxExtent = (VkExtent3D){extent, type == VK_IMAGE_TYPE_1D ? 1 : extent, volume ? extent : 1};
    out->maxMipLevels = 15;
    out->maxArrayLayers = volume ? 1 : limits->maxImageArrayLayers;
    out->sampleCounts = plain ? VK_SAMPLE_COUNT_1_BIT : VK_SAMPLE_COUNT_1_BIT | VK_SAMPLE_COUNT_4_BIT;
    out->maxResourceSize = sim->device.max_memory_allocation_size;
    return VK_SUCCESS;
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceSparseImageFormatProperties(
    VkPhysicalDevice physical, VkFormat format, VkImageType type, VkSampleCountFlagBits samples,
    VkImageUsageFlags usage, VkImageTiling tiling, uint32_t *count, VkSparseImageFormatProperties *out)
{
    (void)format;
    (void)type;
    (void)samples;
    (void)usage;
    (void)tiling;
    (void)out;
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_FORMAT_PROPERTIES);
    *count = 0;
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceExternalBufferProperties(
    VkPhysicalDevice physical, const VkPhysicalDeviceExternalBufferInfo *info,
    VkExternalBufferProperties *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_EXTERNAL_BUFFER_PROPERTIES);
    const bool win32 = info->handleType == VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_BIT &&
                       vr_sim_device_has_extension(&sim->device, "VK_KHR_external_memory_win32");
    out->externalMemoryProperties = (VkExternalMemoryProperties){0};
    if (win32) {
        out->externalMemoryProperties.externalMemoryFeatures = VK_EXTERNAL_MEMORY_FEATURE_EXPORTABLE_BIT;
        out->externalMemoryProperties.compatibleHandleTypes =
            (VkExternalMemoryHandleTypeFlags)info->handleType;
    }
}

// ---- memory -------------------------------------------------------------------------------------

static void fill_memory(const struct VrSimDevice *device, VkPhysicalDeviceMemoryProperties *out)
{
    memset(out, 0, sizeof(*out));
    out->memoryHeapCount = device->heap_count;
    for (uint32_t i = 0; i < device->heap_count; i++) {
        out->memoryHeaps[i].size = device->heaps[i].size;
        out->memoryHeaps[i].flags = device->heaps[i].flags;
    }
    out->memoryTypeCount = device->type_count;
    for (uint32_t i = 0; i < device->type_count; i++) {
        out->memoryTypes[i].heapIndex = device->types[i].heap;
        out->memoryTypes[i].propertyFlags = device->types[i].flags;
    }
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceMemoryProperties(VkPhysicalDevice physical,
                                                           VkPhysicalDeviceMemoryProperties *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_MEMORY_PROPERTIES);
    fill_memory(&sim->device, out);
}

static void fill_budget(struct VrSim *sim, VkPhysicalDeviceMemoryBudgetPropertiesEXT *out)
{
    memset(out->heapBudget, 0, sizeof(out->heapBudget));
    memset(out->heapUsage, 0, sizeof(out->heapUsage));
    vr_sim_mutex_lock(&sim->heap_lock);
    for (uint32_t i = 0; i < sim->device.heap_count; i++) {
        out->heapBudget[i] = sim->budget[i];
        out->heapUsage[i] = sim->other_usage[i] + sim->heap_bytes[i];
    }
    vr_sim_mutex_unlock(&sim->heap_lock);
}

void VKAPI_CALL vr_sim_vkGetPhysicalDeviceMemoryProperties2(VkPhysicalDevice physical,
                                                            VkPhysicalDeviceMemoryProperties2 *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_MEMORY_PROPERTIES2);
    fill_memory(&sim->device, &out->memoryProperties);
    for (VkBaseOutStructure *s = out->pNext; s; s = s->pNext) {
        if (s->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT &&
            vr_sim_device_has_extension(&sim->device, "VK_EXT_memory_budget")) {
            fill_budget(sim, (VkPhysicalDeviceMemoryBudgetPropertiesEXT *)(void *)s);
        }
    }
}
