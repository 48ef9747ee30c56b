// SPDX-License-Identifier: MIT
// VkDeviceMemory: the calls to vkAllocateMemory and vkFreeMemory, the limits before them and the counters
// after.
#include "base/message.h"
#include "engine/block.h"

// Counts one object more, or refuses at the device's limit.
static bool count_object(VmaAllocator allocator)
{
    uint32_t limit =
        allocator->debug.limit_count ? allocator->properties.limits.maxMemoryAllocationCount : UINT32_MAX;
    uint32_t count = atomic_load_explicit(&allocator->memory_count, memory_order_relaxed);
    do {
        if (count >= limit) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&allocator->memory_count, &count, count + 1,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

// Counts bytes, or refuses at the limit that the caller set for the heap.
static bool count_bytes(struct VrHeap *heap, uint64_t size)
{
    uint64_t reserved = atomic_load_explicit(&heap->reserved, memory_order_relaxed);
    do {
        if (heap->limited && (size > heap->size || reserved > heap->size - size)) {
            atomic_store_explicit(&heap->refused, true, memory_order_relaxed);
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&heap->reserved, &reserved, reserved + size,
                                                    memory_order_relaxed, memory_order_relaxed));
    atomic_fetch_add_explicit(&heap->memories, 1, memory_order_relaxed);
    return true;
}

static void uncount(VmaAllocator allocator, struct VrHeap *heap, uint64_t size)
{
    atomic_fetch_sub_explicit(&heap->reserved, size, memory_order_relaxed);
    atomic_fetch_sub_explicit(&heap->memories, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&allocator->memory_count, 1, memory_order_relaxed);
    atomic_store_explicit(&allocator->budget_stale, true, memory_order_relaxed);
}

// ---- The chain behind VkMemoryAllocateInfo ----

// What the caller's own chain has. Vulkan allows a structure once per chain, and the caller's goes first.
struct Chained {
    bool dedicated;
    bool flags;
    bool priority;
    bool exports;
    bool imports; // memory that comes from elsewhere is not made exportable unless the caller says so
    VkExternalMemoryHandleTypeFlags export_types;
};

static VR_COLD struct Chained read_chain(const void *next)
{
    struct Chained chained = {0};
    for (const VkBaseInStructure *link = next; link; link = link->pNext) {
        switch ((int)link->sType) {
        case VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO:
            chained.dedicated = true;
            break;
        case VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO:
            chained.flags = true;
            break;
        case VK_STRUCTURE_TYPE_MEMORY_PRIORITY_ALLOCATE_INFO_EXT:
            chained.priority = true;
            break;
        case VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO:
            chained.exports = true;
            chained.export_types = ((const VkExportMemoryAllocateInfo *)(const void *)link)->handleTypes;
            break;
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_FD_INFO_KHR:
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_WIN32_HANDLE_INFO_KHR:
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT:
        case VK_STRUCTURE_TYPE_IMPORT_ANDROID_HARDWARE_BUFFER_INFO_ANDROID:
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_ZIRCON_HANDLE_INFO_FUCHSIA:
        case 1000602000: // VK_STRUCTURE_TYPE_IMPORT_MEMORY_METAL_HANDLE_INFO_EXT, which older headers lack
            chained.imports = true;
            break;
        default:
            break;
        }
    }
    return chained;
}

static VkExternalMemoryHandleTypeFlags automatic_export(VmaAllocator allocator, uint32_t type,
                                                        const struct Chained *chained)
{
    return chained->exports || chained->imports ? 0 : allocator->export_types[type];
}

VkExternalMemoryHandleTypeFlags vr_memory_export_types(VmaAllocator allocator,
                                                       const struct VrMemoryRequest *request)
{
    struct Chained chained = read_chain(request->next);
    return chained.exports ? chained.export_types : automatic_export(allocator, request->type, &chained);
}

static VkResult call_driver(VmaAllocator allocator, const struct VrMemoryRequest *request,
                            VkDeviceMemory *memory)
{
    struct Chained chained = read_chain(request->next);
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .pNext = request->next,
                                 .allocationSize = request->size,
                                 .memoryTypeIndex = request->type};
    VkMemoryDedicatedAllocateInfo dedicated = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO,
                                               .pNext = info.pNext,
                                               .image = request->dedicated_image,
                                               .buffer = request->dedicated_buffer};
    if ((request->dedicated_image || request->dedicated_buffer) && !chained.dedicated) {
        info.pNext = &dedicated;
    }
    VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                       .pNext = info.pNext,
                                       .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
    if (request->device_address && !chained.flags) {
        info.pNext = &flags;
    }
    VkMemoryPriorityAllocateInfoEXT priority = {.sType = VK_STRUCTURE_TYPE_MEMORY_PRIORITY_ALLOCATE_INFO_EXT,
                                                .pNext = info.pNext,
                                                .priority = request->priority};
    if ((allocator->flags & VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT) && !chained.priority) {
        info.pNext = &priority;
    }
    VkExportMemoryAllocateInfo exported = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                           .pNext = info.pNext,
                                           .handleTypes =
                                               automatic_export(allocator, request->type, &chained)};
    if (exported.handleTypes) {
        info.pNext = &exported;
    }
    return allocator->vk.vkAllocateMemory(allocator->device, &info, allocator->vk_callbacks, memory);
}

// ---- Memory ----

VR_COLD VkResult vr_memory_allocate(VmaAllocator allocator, const struct VrMemoryRequest *request,
                                    VkDeviceMemory *memory)
{
    struct VrHeap *heap = &allocator->heaps[vr_type_heap(allocator, request->type)];
    *memory = VK_NULL_HANDLE;
    if (allocator->debug.limit_size && request->size > heap->size) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    if (!count_object(allocator)) {
        vr_message(VR_SEVERITY_WARNING, "too-many-memories", VK_ERROR_TOO_MANY_OBJECTS,
                   "the device allows %u VkDeviceMemory objects and all are in use",
                   allocator->properties.limits.maxMemoryAllocationCount);
        return VK_ERROR_TOO_MANY_OBJECTS;
    }
    if (!count_bytes(heap, request->size)) {
        atomic_fetch_sub_explicit(&allocator->memory_count, 1, memory_order_relaxed);
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    VkResult result = call_driver(allocator, request, memory);
    if (result < 0) {
        *memory = VK_NULL_HANDLE;
        atomic_store_explicit(&heap->refused, true, memory_order_relaxed);
        uncount(allocator, heap, request->size);
        return result;
    }
    atomic_store_explicit(&allocator->budget_stale, true, memory_order_relaxed);
    if (allocator->memory_callbacks.pfnAllocate) {
        allocator->memory_callbacks.pfnAllocate(allocator, request->type, *memory, request->size,
                                                allocator->memory_callbacks.pUserData);
    }
    return VK_SUCCESS;
}

VR_COLD void vr_memory_free(VmaAllocator allocator, uint32_t type, uint64_t size, VkDeviceMemory memory)
{
    if (allocator->memory_callbacks.pfnFree) {
        allocator->memory_callbacks.pfnFree(allocator, type, memory, size,
                                            allocator->memory_callbacks.pUserData);
    }
    allocator->vk.vkFreeMemory(allocator->device, memory, allocator->vk_callbacks);
    uncount(allocator, &allocator->heaps[vr_type_heap(allocator, type)], size);
}
