// SPDX-License-Identifier: MIT
// See world.h.
#include "world.h"

#include "engine/arena.h"

#include <string.h>

static const VmaVulkanFunctions from_sim = {
    .vkGetInstanceProcAddr = vr_sim_get_instance_proc_addr,
    .vkGetDeviceProcAddr = vr_sim_get_device_proc_addr,
};

struct VrSimDevice world_device(const char *builtin)
{
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin(builtin, &device));
    return device;
}

VmaAllocatorCreateFlags world_all_flags(const struct VrSimDevice *device)
{
    static const struct {
        const char *extension;
        VmaAllocatorCreateFlags flag;
    } rows[] = {
        {"VK_KHR_dedicated_allocation", VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT},
        {"VK_KHR_bind_memory2", VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT},
        {"VK_EXT_memory_budget", VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT},
        {"VK_AMD_device_coherent_memory", VMA_ALLOCATOR_CREATE_AMD_DEVICE_COHERENT_MEMORY_BIT},
        {"VK_KHR_buffer_device_address", VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT},
        {"VK_EXT_memory_priority", VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT},
        {"VK_KHR_maintenance4", VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT},
        {"VK_KHR_maintenance5", VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE5_BIT},
    };
    VmaAllocatorCreateFlags flags = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        flags |= vr_sim_device_has_extension(device, rows[i].extension) ? rows[i].flag : 0;
    }
    return flags;
}

void world_open_sim(struct World *w, const struct VrSimDevice *device, VmaAllocatorCreateInfo *info)
{
    memset(w, 0, sizeof(*w));
    const struct VrSimCreateInfo sim_info = {.device = device, .flags = VR_SIM_CHECKS | VR_SIM_BACKING};
    assert_int_equal(vr_sim_create(&sim_info, &w->sim), VK_SUCCESS);
    host_init(&w->host);
    w->device = vr_sim_device(w->sim);
    info->instance = vr_sim_instance(w->sim);
    info->physicalDevice = vr_sim_physical_device(w->sim);
    info->device = w->device;
    info->vulkanApiVersion = info->vulkanApiVersion ? info->vulkanApiVersion : device->api_version;
    info->pVulkanFunctions = info->pVulkanFunctions ? info->pVulkanFunctions : &from_sim;
    info->pAllocationCallbacks = &w->host.callbacks;
}

void world_open_device(struct World *w, const struct VrSimDevice *device, const VmaAllocatorCreateInfo *info)
{
    VmaAllocatorCreateInfo full = info ? *info : (VmaAllocatorCreateInfo){0};
    world_open_sim(w, device, &full);
    assert_int_equal(vmaCreateAllocator(&full, &w->allocator), VK_SUCCESS);
    assert_non_null(w->allocator);
}

void world_open(struct World *w, const char *builtin, const VmaAllocatorCreateInfo *info)
{
    const struct VrSimDevice device = world_device(builtin);
    world_open_device(w, &device, info);
}

void world_open_full(struct World *w, const char *builtin)
{
    const struct VrSimDevice device = world_device(builtin);
    const VmaAllocatorCreateInfo info = {.flags = world_all_flags(&device)};
    world_open_device(w, &device, &info);
}

void world_close(struct World *w)
{
    char text[256];
    vmaDestroyAllocator(w->allocator);
    vr_sim_misuse_last(w->sim, text, sizeof(text));
    assert_string_equal(text, "");
    assert_int_equal(vr_sim_destroy(w->sim), 0);
    assert_int_equal(atomic_load(&w->host.wrong), 0);
    assert_int_equal(atomic_load(&w->host.live), 0);
    assert_int_equal(atomic_load(&w->host.live_bytes), 0);
}

// ---- What is there ----

struct VrSimStats world_stats(const struct World *w)
{
    struct VrSimStats stats;
    vr_sim_stats(w->sim, &stats);
    return stats;
}

VmaAllocationInfo world_info(struct World *w, VmaAllocation allocation)
{
    VmaAllocationInfo info;
    vmaGetAllocationInfo(w->allocator, allocation, &info);
    return info;
}

bool world_is_dedicated(struct World *w, VmaAllocation allocation)
{
    VmaAllocationInfo2 info;
    vmaGetAllocationInfo2(w->allocator, allocation, &info);
    return info.dedicatedMemory == VK_TRUE;
}

struct VrSimMemoryInfo world_memory_of(struct World *w, VmaAllocation allocation)
{
    struct VrSimMemoryInfo memory;
    vr_sim_memory_info(world_info(w, allocation).deviceMemory, &memory);
    return memory;
}

uint32_t world_type(const struct World *w, VkMemoryPropertyFlags flags)
{
    const struct VrSimDevice *device = vr_sim_description(w->sim);
    for (uint32_t i = 0; i < device->type_count; ++i) {
        if (device->types[i].flags == flags) {
            return i;
        }
    }
    fail_msg("no memory type with flags 0x%x", flags);
    return UINT32_MAX;
}

VkMemoryPropertyFlags world_type_flags(const struct World *w, uint32_t type)
{
    return vr_sim_description(w->sim)->types[type].flags;
}

// ---- Memory ----

VkResult world_try(struct World *w, VkDeviceSize size, const VmaAllocationCreateInfo *info,
                   VmaAllocation *allocation)
{
    const VkMemoryRequirements requirements = {.size = size, .alignment = 16, .memoryTypeBits = UINT32_MAX};
    *allocation = (VmaAllocation)(uintptr_t)0x10; // must be overwritten
    return vmaAllocateMemory(w->allocator, &requirements, info, allocation, NULL);
}

VmaAllocation world_allocate(struct World *w, uint32_t type, VkDeviceSize size,
                             VmaAllocationCreateFlags flags)
{
    const VmaAllocationCreateInfo info = {.memoryTypeBits = 1u << type, .flags = flags};
    VmaAllocation allocation;
    assert_int_equal(world_try(w, size, &info, &allocation), VK_SUCCESS);
    return allocation;
}

VmaAllocation world_allocate_in(struct World *w, VmaPool pool, VkDeviceSize size,
                                VmaAllocationCreateFlags flags)
{
    const VmaAllocationCreateInfo info = {.pool = pool, .flags = flags};
    VmaAllocation allocation;
    assert_int_equal(world_try(w, size, &info, &allocation), VK_SUCCESS);
    return allocation;
}

// ---- Resources ----

VkBufferCreateInfo world_buffer_info(VkDeviceSize size, VkBufferUsageFlags usage)
{
    return (VkBufferCreateInfo){.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = size, .usage = usage};
}

VkImageCreateInfo world_image_info(uint32_t width, uint32_t height, VkImageTiling tiling,
                                   VkImageUsageFlags usage)
{
    return (VkImageCreateInfo){
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .imageType = VK_IMAGE_TYPE_2D,
        .format = VK_FORMAT_R8G8B8A8_UNORM,
        .extent = {width, height, 1},
        .mipLevels = 1,
        .arrayLayers = 1,
        .samples = VK_SAMPLE_COUNT_1_BIT,
        .tiling = tiling,
        .usage = usage,
    };
}

#define ENTRY(w, name) ((PFN_##name)vr_sim_get_device_proc_addr((w)->device, #name))

VkBuffer world_raw_buffer(struct World *w, VkDeviceSize size, VkBufferUsageFlags usage)
{
    const VkBufferCreateInfo info = world_buffer_info(size, usage);
    VkBuffer buffer = VK_NULL_HANDLE;
    assert_int_equal(ENTRY(w, vkCreateBuffer)(w->device, &info, NULL, &buffer), VK_SUCCESS);
    return buffer;
}

VkImage world_raw_image(struct World *w, uint32_t width, uint32_t height)
{
    const VkImageCreateInfo info =
        world_image_info(width, height, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    VkImage image = VK_NULL_HANDLE;
    assert_int_equal(ENTRY(w, vkCreateImage)(w->device, &info, NULL, &image), VK_SUCCESS);
    return image;
}

void world_destroy_raw_buffer(struct World *w, VkBuffer buffer)
{
    ENTRY(w, vkDestroyBuffer)(w->device, buffer, NULL);
}

void world_destroy_raw_image(struct World *w, VkImage image)
{
    ENTRY(w, vkDestroyImage)(w->device, image, NULL);
}

uint32_t world_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void world_open_lanes(struct World *w)
{
    const struct VrSimDevice *device = vr_sim_description(w->sim);
    for (uint32_t type = 0; type < device->type_count; ++type) {
        for (unsigned k = 0; k < (w->allocator->split_classes ? VR_CLASS_COUNT : 1u); ++k) {
            struct VrArena *arena = vr_allocator_arena(w->allocator, type, (enum VrClass)k);
            assert_non_null(arena);
            atomic_store(&arena->route, VR_ROUTE_LANES);
        }
    }
}
