// SPDX-License-Identifier: MIT
// VkDeviceMemory: the calls to vkAllocateMemory and vkFreeMemory, the limits before them and the counters after.
#include "base/message.h"
#include "engine/block.h"

// Counts one object more, or refuses at the device's limit.
static bool count_object(VmaAllocator allocator)
{
    uint32_t limit = allocator->properties.limits.maxMemoryAllocationCount;
    uint32_t count = atomic_fetch_add_explicit(&allocator->memory_count, 1, memory_order_relaxed);
    if (allocator->debug.limit_count && count >= limit) {
        atomic_fetch_sub_explicit(&allocator->memory_count, 1, memory_order_relaxed);
        return false;
    }
    return true;
}

static bool count_bytes(struct VrHeap *heap, uint64_t size)
{
    uint64_t before = atomic_fetch_add_explicit(&heap->reserved, size, memory_order_relaxed);
    if (heap->limited && (size > heap->size || before > heap->size - size)) {
        atomic_fetch_sub_explicit(&heap->reserved, size, memory_order_relaxed);
        return false;
    }
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

// Builds the chain behind VkMemoryAllocateInfo and calls the driver.
static VkResult call_driver(VmaAllocator allocator, const struct VrMemoryRequest *request, VkDeviceMemory *memory)
{
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .pNext = request->next,
                                 .allocationSize = request->size,
                                 .memoryTypeIndex = request->type};
    VkMemoryDedicatedAllocateInfo dedicated = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO,
                                               .pNext = info.pNext,
                                               .image = request->dedicated_image,
                                               .buffer = request->dedicated_buffer};
    if (request->dedicated_image || request->dedicated_buffer) {
        info.pNext = &dedicated;
    }
    VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                       .pNext = info.pNext,
                                       .flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT};
    if (request->device_address) {
        info.pNext = &flags;
    }
    VkMemoryPriorityAllocateInfoEXT priority = {.sType = VK_STRUCTURE_TYPE_MEMORY_PRIORITY_ALLOCATE_INFO_EXT,
                                                .pNext = info.pNext,
                                                .priority = request->priority};
    if (allocator->flags & VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT) {
        info.pNext = &priority;
    }
    VkExportMemoryAllocateInfo exported = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                           .pNext = info.pNext,
                                           .handleTypes = allocator->export_types[request->type]};
    if (exported.handleTypes) {
        info.pNext = &exported;
    }
    return allocator->vk.vkAllocateMemory(allocator->device, &info, allocator->vk_callbacks, memory);
}

VkResult vr_memory_allocate(VmaAllocator allocator, const struct VrMemoryRequest *request, VkDeviceMemory *memory)
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

void vr_memory_free(VmaAllocator allocator, uint32_t type, uint64_t size, VkDeviceMemory memory)
{
    if (allocator->memory_callbacks.pfnFree) {
        allocator->memory_callbacks.pfnFree(allocator, type, memory, size, allocator->memory_callbacks.pUserData);
    }
    allocator->vk.vkFreeMemory(allocator->device, memory, allocator->vk_callbacks);
    uncount(allocator, &allocator->heaps[vr_type_heap(allocator, type)], size);
}
