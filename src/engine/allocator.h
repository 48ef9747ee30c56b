// SPDX-License-Identifier: MIT
// The allocator: what is known of the device, the heaps' counters, one arena per memory type, the custom
// pools.
//
// Locks, outermost first; a holder of one takes only locks below it:
//   allocator->pools_mutex > arena->grow > arena->central.lock > lane locks by slot > records' lock
// arena->grow is held over vkAllocateMemory: only threads that need a new block wait for it.
#ifndef VR_ENGINE_ALLOCATOR_H
#define VR_ENGINE_ALLOCATOR_H

#include "base/host.h"
#include "base/os.h"
#include "engine/vulkan.h"
#include "place/records.h"

struct VrArena;

// What lies in a range, as far as bufferImageGranularity and the JSON dump care. Values index the names of
// the dump.
enum VrKind {
    VR_KIND_FREE,
    VR_KIND_UNKNOWN,
    VR_KIND_BUFFER,
    VR_KIND_IMAGE_UNKNOWN,
    VR_KIND_IMAGE_LINEAR,
    VR_KIND_IMAGE_OPTIMAL,
};

// Debug switches: compiled defaults (VMA_DEBUG_* in CMake), changed by the environment variable VRAM_DEBUG.
struct VrDebug {
    uint64_t margin;          // bytes after each range in a block
    uint64_t min_alignment;   // of every range
    uint64_t min_granularity; // lower bound of bufferImageGranularity
    bool detect_corruption;   // fill margins with a pattern and check it
    bool initialize;          // fill new and freed memory with a pattern
    bool patterns;            // one of the two above
    bool always_dedicated;
    bool limit_count; // never exceed maxMemoryAllocationCount
    bool limit_size;  // refuse an allocation larger than its heap
};

struct VrHeap {
    uint64_t size;        // after the caller's limit
    bool limited;         // the caller set a limit
    _Atomic bool refused; // it, the driver or the budget had no VkDeviceMemory to give since the heap was
                          // trimmed for that
    _Atomic uint64_t reserved; // bytes of VkDeviceMemory held
    _Atomic uint32_t memories; // VkDeviceMemory objects held
    // Last answer of VK_EXT_memory_budget, and `reserved` at that moment. Unused without the extension.
    _Atomic uint64_t driver_usage;
    _Atomic uint64_t driver_budget;
    _Atomic uint64_t reserved_at_fetch;
};

// Bits of VkMemoryPropertyFlags that have a name.
enum { VR_PROPERTY_BITS = 9 };

// A default pool has one arena per memory type, or two where bufferImageGranularity is so large that linear
// and optimal resources are better kept apart.
enum VrClass { VR_CLASS_ANY, VR_CLASS_OPTIMAL, VR_CLASS_COUNT };

struct VmaAllocator_T {
    VrVulkan vk;
    VkDevice device;
    VkPhysicalDevice physical_device;
    VkInstance instance;
    uint32_t api_version;
    VmaAllocatorCreateFlags flags;
    bool synchronised;                 // false: the caller serialises, no lock is taken
    bool dedicated_info;               // VkMemoryDedicatedAllocateInfo may be chained
    bool bind2;                        // vkBind*Memory2 may be called
    bool maintenance4;                 // vkGetDevice*MemoryRequirements may be called
    bool split_classes;                // VR_CLASS_OPTIMAL is used
    uint32_t type_mask;                // memory types that may be used at all
    VkMemoryPropertyFlags known_flags; // that at least one type has
    uint32_t
        types_with_all[1u << VR_PROPERTY_BITS]; // by set of property flags: the types that have all of them
    uint32_t types_with_any[1u << VR_PROPERTY_BITS]; // the types that have at least one
    uint64_t granularity;
    uint64_t large_block_size; // preferredLargeHeapBlockSize
    struct VrDebug debug;

    VkPhysicalDeviceProperties properties;
    VkPhysicalDeviceMemoryProperties memory; // heap sizes after the caller's limits
    VkExternalMemoryHandleTypeFlagsKHR export_types[VK_MAX_MEMORY_TYPES];
    VkAllocationCallbacks callbacks;
    const VkAllocationCallbacks *vk_callbacks; // &callbacks or NULL
    VmaDeviceMemoryCallbacks memory_callbacks;

    struct VrHost host;
    struct VrRecords records;
    struct VrHeap heaps[VK_MAX_MEMORY_HEAPS];
    _Atomic uint32_t memory_count; // VkDeviceMemory objects in all heaps
    _Atomic bool budget_stale; // blocks came or went since the driver was asked
    _Atomic uint64_t budget_asked_ns;
    struct VrLock budget_lock;

    _Atomic(struct VrArena *) arenas[VK_MAX_MEMORY_TYPES][VR_CLASS_COUNT]; // made at first use
    struct VrMutex pools_mutex;
    VmaPool pools; // all custom pools, newest first
    uint32_t next_pool_id;
};

VkResult vr_allocator_create(const VmaAllocatorCreateInfo *info, VmaAllocator *allocator);
void vr_allocator_destroy(VmaAllocator allocator);

// The arena of a memory type, made when it is missing. NULL: host memory ran out.
struct VrArena *vr_allocator_arena(VmaAllocator allocator, uint32_t type, enum VrClass class_of);
// The same without making it.
VR_INLINE struct VrArena *vr_allocator_peek_arena(VmaAllocator allocator, uint32_t type, unsigned class_of)
{
    return atomic_load_explicit(&allocator->arenas[type][class_of], memory_order_acquire);
}

VR_INLINE VkMemoryPropertyFlags vr_type_flags(VmaAllocator allocator, uint32_t type)
{
    return allocator->memory.memoryTypes[type].propertyFlags;
}
VR_INLINE uint32_t vr_type_heap(VmaAllocator allocator, uint32_t type)
{
    return allocator->memory.memoryTypes[type].heapIndex;
}
// Host-visible memory whose writes must be flushed.
VR_INLINE bool vr_type_needs_flush(VmaAllocator allocator, uint32_t type)
{
    return (vr_type_flags(allocator, type) &
            (VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT)) ==
           VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT;
}

// Largest block that a default pool of this type makes, and the size from which a resource gets memory of its
// own.
uint64_t vr_preferred_block_size(VmaAllocator allocator, uint32_t type);

#endif
