// SPDX-License-Identifier: MIT
// The allocator: reads the device once, and holds the arenas.
#include "engine/allocator.h"

#include "base/message.h"
#include "engine/arena.h"
#include "engine/budget.h"
#include "engine/debug.h"
#include "engine/host.h"
#include "engine/leak.h"
#include "engine/pool.h"

#include <string.h>

#ifndef VMA_SMALL_HEAP_MAX_SIZE
#define VMA_SMALL_HEAP_MAX_SIZE (1024ull * 1024 * 1024)
#endif
#ifndef VMA_DEFAULT_LARGE_HEAP_BLOCK_SIZE
#define VMA_DEFAULT_LARGE_HEAP_BLOCK_SIZE (256ull * 1024 * 1024)
#endif

// Above this bufferImageGranularity, rounding every optimal image up to it wastes more than a second set of
// blocks.
enum { SPLIT_GRANULARITY = 1024 };

// Sets of types by sets of flags, so that choosing one takes two look-ups.
static void sort_types(VmaAllocator allocator)
{
    for (uint32_t flags = 0; flags < 1u << VR_PROPERTY_BITS; ++flags) {
        for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
            uint32_t present = vr_type_flags(allocator, type) & flags;
            allocator->types_with_all[flags] |= (uint32_t)(present == flags) << type;
            allocator->types_with_any[flags] |= (uint32_t)(present != 0) << type;
        }
    }
}

static VR_COLD void read_limits(VmaAllocator allocator, const VmaAllocatorCreateInfo *info)
{
    allocator->vk.vkGetPhysicalDeviceProperties(allocator->physical_device, &allocator->properties);
    allocator->vk.vkGetPhysicalDeviceMemoryProperties(allocator->physical_device, &allocator->memory);
    VkPhysicalDeviceMemoryProperties *memory = &allocator->memory;
    memory->memoryTypeCount =
        memory->memoryTypeCount < VK_MAX_MEMORY_TYPES ? memory->memoryTypeCount : VK_MAX_MEMORY_TYPES;
    memory->memoryHeapCount =
        memory->memoryHeapCount < VK_MAX_MEMORY_HEAPS ? memory->memoryHeapCount : VK_MAX_MEMORY_HEAPS;
    for (uint32_t i = 0; i < memory->memoryHeapCount; ++i) {
        struct VrHeap *heap = &allocator->heaps[i];
        heap->size = memory->memoryHeaps[i].size;
        if (info->pHeapSizeLimit && info->pHeapSizeLimit[i] != VK_WHOLE_SIZE) {
            heap->limited = true;
            heap->size = vr_min64(heap->size, info->pHeapSizeLimit[i]);
            memory->memoryHeaps[i].size = heap->size;
        }
    }
    for (uint32_t i = 0; i < memory->memoryTypeCount; ++i) {
        bool needs_flag = memory->memoryTypes[i].propertyFlags & VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD;
        bool known_heap = memory->memoryTypes[i].heapIndex < memory->memoryHeapCount;
        if (known_heap &&
            (!needs_flag || (info->flags & VMA_ALLOCATOR_CREATE_AMD_DEVICE_COHERENT_MEMORY_BIT))) {
            allocator->type_mask |= 1u << i;
        }
        if (!known_heap) {
            memory->memoryTypes[i].heapIndex = 0; // never used, but counted by heap in statistics
        }
        allocator->known_flags |= memory->memoryTypes[i].propertyFlags;
        if (info->pTypeExternalMemoryHandleTypes) {
            allocator->export_types[i] = info->pTypeExternalMemoryHandleTypes[i];
        }
    }
    sort_types(allocator);
    uint64_t granularity =
        vr_max64(allocator->properties.limits.bufferImageGranularity, allocator->debug.min_granularity);
    allocator->granularity = vr_max64(granularity, 1);
    allocator->split_classes = granularity > SPLIT_GRANULARITY;
}

static VR_COLD void copy_info(VmaAllocator allocator, const VmaAllocatorCreateInfo *info)
{
    allocator->device = info->device;
    allocator->physical_device = info->physicalDevice;
    allocator->instance = info->instance;
    allocator->api_version = info->vulkanApiVersion ? info->vulkanApiVersion : VK_MAKE_VERSION(1, 0, 0);
    allocator->flags = info->flags;
    allocator->synchronised = !(info->flags & VMA_ALLOCATOR_CREATE_EXTERNALLY_SYNCHRONIZED_BIT);
    allocator->large_block_size = info->preferredLargeHeapBlockSize ? info->preferredLargeHeapBlockSize
                                                                    : VMA_DEFAULT_LARGE_HEAP_BLOCK_SIZE;
    if (info->pDeviceMemoryCallbacks) {
        allocator->memory_callbacks = *info->pDeviceMemoryCallbacks;
    }
    if (info->pAllocationCallbacks) {
        allocator->callbacks = *info->pAllocationCallbacks;
        allocator->vk_callbacks = &allocator->callbacks;
    }
    vr_host_from_callbacks(allocator->vk_callbacks, &allocator->host);
    vr_records_init(&allocator->records, &allocator->host);
    vr_debug_init(&allocator->debug);
    vr_mutex_init(&allocator->pools_mutex);
}

static VR_COLD VkResult check_allocator_info(const VmaAllocatorCreateInfo *info)
{
    const char *missing = !info->physicalDevice ? "physicalDevice"
                          : !info->device       ? "device"
                          : !info->instance     ? "instance"
                                                : NULL;
    if (missing) {
        vr_message(VR_SEVERITY_ERROR, "null-argument", VK_ERROR_INITIALIZATION_FAILED,
                   "VmaAllocatorCreateInfo::%s is null", missing);
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return VK_SUCCESS;
}

// A version above the device's would have functions called that the device does not have, however the program
// came by their pointers.
static VR_COLD void lower_version(VmaAllocator allocator)
{
    uint32_t of_device = allocator->properties.apiVersion;
    if (allocator->api_version > of_device) {
        vr_message(
            VR_SEVERITY_WARNING, "version-above-device", 0,
            "VmaAllocatorCreateInfo::vulkanApiVersion is %u.%u, and the device has %u.%u: the latter is used",
            VK_API_VERSION_MAJOR(allocator->api_version), VK_API_VERSION_MINOR(allocator->api_version),
            VK_API_VERSION_MAJOR(of_device), VK_API_VERSION_MINOR(of_device));
        allocator->api_version = of_device;
    }
}

VR_COLD VkResult vr_allocator_create(const VmaAllocatorCreateInfo *info, VmaAllocator *created)
{
    *created = NULL;
    VkResult result = check_allocator_info(info);
    if (result != VK_SUCCESS) {
        return result;
    }
    struct VrHost host;
    vr_host_from_callbacks(info->pAllocationCallbacks, &host);
    VmaAllocator allocator = vr_host_zalloc(&host, sizeof(*allocator), _Alignof(struct VmaAllocator_T));
    if (!allocator) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    copy_info(allocator, info);
    result = vr_vulkan_init(&allocator->vk, info, allocator->api_version);
    if (result != VK_SUCCESS) {
        vr_allocator_destroy(allocator);
        return result;
    }
    read_limits(allocator, info);
    lower_version(allocator);
    bool core11 = allocator->api_version >= VK_MAKE_VERSION(1, 1, 0);
    allocator->dedicated_info =
        (core11 || (info->flags & VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT)) &&
        allocator->vk.vkGetBufferMemoryRequirements2KHR && allocator->vk.vkGetImageMemoryRequirements2KHR;
    allocator->bind2 = (core11 || (info->flags & VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT)) &&
                       allocator->vk.vkBindBufferMemory2KHR && allocator->vk.vkBindImageMemory2KHR;
    bool core13 = allocator->api_version >= VK_MAKE_VERSION(1, 3, 0);
    allocator->maintenance4 = (core13 || (info->flags & VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT)) &&
                              allocator->vk.vkGetDeviceBufferMemoryRequirements &&
                              allocator->vk.vkGetDeviceImageMemoryRequirements;
    vr_budget_refresh(allocator);
    *created = allocator;
    return VK_SUCCESS;
}

VR_COLD void vr_allocator_destroy(VmaAllocator allocator)
{
    while (allocator->pools) {
        vr_message(VR_SEVERITY_ERROR, "undestroyed-pool", 0,
                   "a pool still exists as its allocator is destroyed");
        vr_pool_destroy(allocator, allocator->pools);
    }
    for (uint32_t type = 0; type < VK_MAX_MEMORY_TYPES; ++type) {
        for (unsigned k = 0; k < VR_CLASS_COUNT; ++k) {
            struct VrArena *arena = vr_allocator_peek_arena(allocator, type, k);
            if (arena) {
                vr_leak_report(arena);
                // The program's callback for freed memory may ask for budgets and statistics.
                atomic_store_explicit(&allocator->arenas[type][k], NULL, memory_order_relaxed);
                vr_arena_finish(arena);
                vr_host_free(&allocator->host, arena);
            }
        }
    }
    vr_records_finish(&allocator->records);
    vr_mutex_finish(&allocator->pools_mutex);
    // The callbacks live in the memory that they free.
    VkAllocationCallbacks callbacks = allocator->callbacks;
    struct VrHost host;
    vr_host_from_callbacks(allocator->vk_callbacks ? &callbacks : NULL, &host);
    vr_host_free(&host, allocator);
}

uint64_t vr_preferred_block_size(VmaAllocator allocator, uint32_t type)
{
    uint64_t heap = allocator->heaps[vr_type_heap(allocator, type)].size;
    uint64_t size = heap <= VMA_SMALL_HEAP_MAX_SIZE ? heap / 8 : allocator->large_block_size;
    return vr_max64(vr_align_up(size, 32), 32);
}

static VR_COLD struct VrArena *make_arena(VmaAllocator allocator, uint32_t type, enum VrClass class_of)
{
    struct VrArenaInfo info = {
        .type = type,
        .block_size = vr_preferred_block_size(allocator, type),
        .max_block_count = UINT64_MAX,
        .priority = 0.5f,
        // In blocks of their own, optimal images need no pages kept for them.
        .ignore_granularity = class_of == VR_CLASS_OPTIMAL,
    };
    vr_mutex_take(&allocator->pools_mutex);
    struct VrArena *arena = vr_allocator_peek_arena(allocator, type, class_of);
    if (!arena) {
        arena = vr_host_alloc(&allocator->host, sizeof(*arena), _Alignof(struct VrArena));
        if (arena && vr_arena_create(allocator, &info, arena) != VK_SUCCESS) {
            vr_host_free(&allocator->host, arena);
            arena = NULL;
        }
        atomic_store_explicit(&allocator->arenas[type][class_of], arena, memory_order_release);
    }
    vr_mutex_drop(&allocator->pools_mutex);
    return arena;
}

struct VrArena *vr_allocator_arena(VmaAllocator allocator, uint32_t type, enum VrClass class_of)
{
    struct VrArena *arena = vr_allocator_peek_arena(allocator, type, class_of);
    return VR_LIKELY(arena != NULL) ? arena : make_arena(allocator, type, class_of);
}
