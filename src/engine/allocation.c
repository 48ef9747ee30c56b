// SPDX-License-Identifier: MIT
// Allocation: from a request to a record. Decides the memory type, then between a block and memory of its
// own.
#include "engine/allocation.h"

#include "base/message.h"
#include "engine/arena_hot.h"
#include "engine/budget.h"
#include "engine/corruption.h"
#include "engine/trim.h"
#include "engine/type.h"

// No device has heaps anywhere near this; sizes and alignments below it can be added without overflow.
#define LARGEST_REQUEST (1ull << 62)

// ---- Records ----

// What a range knows of its allocation besides its place. False: host memory ran out.
VR_INLINE bool describe(VmaAllocator allocator, const struct VrAllocateRequest *request,
                        struct VrRange *range)
{
    range->tag = (uint32_t)request->usage;
    range->user_data = request->info->pUserData;
    if (VR_UNLIKELY(request->usage > UINT32_MAX)) {
        struct VrExtra *extra = vr_host_zalloc(&allocator->host, sizeof(*extra), _Alignof(struct VrExtra));
        if (!extra) {
            return false;
        }
        extra->usage = request->usage;
        range->extra = extra;
    }
    if (VR_UNLIKELY(request->info->flags & VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT)) {
        range->user_data = NULL;
        return vr_allocation_set_name(allocator, range, request->info->pUserData) == VK_SUCCESS;
    }
    return true;
}

// ---- Memory of its own ----

static void free_dedicated(VmaAllocator allocator, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    vr_arena_unlink_dedicated(block->arena, block);
    vr_block_destroy(block);
    vr_range_renew(range);
    vr_range_set_state(range, VR_RANGE_UNUSED);
    range->next = NULL;
    vr_records_give(&allocator->records, range);
}

static struct VrMemoryRequest dedicated_memory(VmaAllocator allocator, const struct VrArena *arena,
                                               const struct VrAllocateRequest *request)
{
    bool whole = allocator->dedicated_info && !(request->info->flags & VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT);
    bool known_buffer = request->kind == VR_KIND_BUFFER && request->usage != 0;
    bool addressable = request->image == VK_NULL_HANDLE && request->kind <= VR_KIND_BUFFER &&
                       (!known_buffer || (request->usage & VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT));
    return (struct VrMemoryRequest){
        .size = request->requirements.size,
        .type = arena->info.type,
        .priority = arena->info.pool ? arena->info.priority : request->info->priority,
        .dedicated_buffer = whole ? request->buffer : VK_NULL_HANDLE,
        .dedicated_image = whole ? request->image : VK_NULL_HANDLE,
        .device_address = addressable && (allocator->flags & VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT),
        .next = request->next ? request->next : arena->info.next,
    };
}

static bool fits_budget(VmaAllocator allocator, uint32_t type, uint64_t size)
{
    uint64_t usage, budget;
    vr_budget_refresh_if_stale(allocator);
    vr_budget_of_heap(allocator, vr_type_heap(allocator, type), &usage, &budget);
    bool fits = usage <= budget && size <= budget - usage;
    if (!fits) {
        vr_budget_refuse(allocator, vr_type_heap(allocator, type));
    }
    return fits;
}

static VR_NOINLINE VkResult take_dedicated(VmaAllocator allocator, struct VrArena *arena,
                                           const struct VrAllocateRequest *request, struct VrRange **taken)
{
    if ((request->info->flags & VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT) &&
        !fits_budget(allocator, arena->info.type, request->requirements.size)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    struct VrRange *range;
    if (!vr_records_take(&allocator->records, 1, &range)) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    struct VrMemoryRequest memory = dedicated_memory(allocator, arena, request);
    struct VrBlock *block;
    VkResult result = vr_block_create(arena, &memory, true, &block);
    if (result != VK_SUCCESS) {
        vr_records_give(&allocator->records, range);
        return result;
    }
    block->only = range;
    range->offset = 0;
    range->size = memory.size;
    range->prev = NULL;
    range->next = NULL;
    range->span = &block->span;
    range->extra = NULL;
    range->kind = (uint8_t)(request->range_kind | VR_ALLOCATION_DEDICATED);
    range->alignment_log2 = 0;
    atomic_store_explicit(&range->map_count, VR_RANGE_FRESH, memory_order_relaxed);
    vr_range_set_state(range, VR_RANGE_USED);
    vr_arena_link_dedicated(arena, block);
    *taken = range;
    return VK_SUCCESS;
}

// ---- One allocation of one arena ----

static VR_NOINLINE bool objects_to_spare(VmaAllocator allocator)
{
    // Memory objects are a limited good: close to the limit they are for those who cannot do without.
    uint32_t limit = allocator->properties.limits.maxMemoryAllocationCount;
    return limit >= UINT32_MAX / 4 ||
           atomic_load_explicit(&allocator->memory_count, memory_order_relaxed) <= limit / 4 * 3;
}

static VR_NOINLINE VkResult take_dedicated_or_block(VmaAllocator allocator, struct VrArena *arena,
                                                    const struct VrAllocateRequest *request,
                                                    struct VrRange **taken)
{
    if (request->hints & VR_DEDICATED_REQUIRED) {
        return take_dedicated(allocator, arena, request, taken);
    }
    VmaAllocationCreateFlags flags = request->info->flags;
    bool may_be_dedicated = !(flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) && !arena->info.explicit_size;
    // The driver says that it pays, or little of a block would be left.
    bool prefers = (request->hints & VR_DEDICATED_PREFERRED) ||
                   request->requirements.size > arena->preferred_block_size / 2;
    bool first = prefers && may_be_dedicated && objects_to_spare(allocator);
    VkResult result =
        first ? take_dedicated(allocator, arena, request, taken) : VK_ERROR_OUT_OF_DEVICE_MEMORY;
    if (result != VK_SUCCESS) {
        result = vr_arena_take(arena, request->requirements.size, request->requirements.alignment,
                               request->range_kind, flags, taken);
    }
    // A default pool has just tried a block of the very size, unless none may be so large; a custom one may
    // have all its blocks.
    bool untried = arena->info.pool || request->requirements.size > arena->preferred_block_size;
    if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY && !first && untried && may_be_dedicated) {
        result = take_dedicated(allocator, arena, request, taken);
    }
    return result;
}

static VR_NOINLINE VkResult finish_special(VmaAllocator allocator, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    if (range->kind & VR_ALLOCATION_MAPPED) {
        if (!(vr_type_flags(allocator, block->type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) {
            range->kind &= (uint8_t)~VR_ALLOCATION_MAPPED;
        } else {
            VkResult result = vr_block_keep_mapped(block);
            if (result != VK_SUCCESS) {
                return result;
            }
        }
    }
    if (allocator->debug.patterns) {
        vr_corruption_on_create(allocator, range);
    }
    return VK_SUCCESS;
}

VR_INLINE VkResult take_one(VmaAllocator allocator, struct VrArena *arena,
                            const struct VrAllocateRequest *request, VmaAllocation *allocation)
{
    struct VrRange *range;
    VkResult result;
    if (VR_LIKELY(!request->hints && request->requirements.size <= arena->placed_only)) {
        result = vr_arena_take(arena, request->requirements.size, request->requirements.alignment,
                               request->range_kind, request->info->flags, &range);
    } else {
        result = take_dedicated_or_block(allocator, arena, request, &range);
    }
    if (VR_UNLIKELY(result != VK_SUCCESS)) {
        return result;
    }
    if (VR_UNLIKELY(!describe(allocator, request, range))) {
        result = VK_ERROR_OUT_OF_HOST_MEMORY;
    } else if (VR_UNLIKELY((request->range_kind & VR_ALLOCATION_MAPPED) || allocator->debug.patterns)) {
        result = finish_special(allocator, range);
    }
    // No longer fresh: from here on a dump, a check or a planner reads the record.
    atomic_store_explicit(&range->map_count, 0, memory_order_release);
    if (VR_UNLIKELY(result != VK_SUCCESS)) {
        vr_allocation_free(allocator, range);
        return result;
    }
    *allocation = vr_allocation_handle(range);
    return VK_SUCCESS;
}

// Memory or the objects for it ran out. Blocks that are empty, here or in other pools, must not be the
// reason: they go, and the request is tried once more.
static VR_NOINLINE VkResult take_after_trim(VmaAllocator allocator, struct VrArena *arena,
                                            const struct VrAllocateRequest *request, VkResult failure,
                                            VmaAllocation *allocation)
{
    uint32_t heap = vr_type_heap(allocator, arena->info.type);
    uint64_t freed = 0;
    if (failure == VK_ERROR_TOO_MANY_OBJECTS) {
        freed = vr_trim_heap(allocator, VR_EVERY_HEAP);
    } else if (failure == VK_ERROR_OUT_OF_DEVICE_MEMORY &&
               atomic_exchange_explicit(&allocator->heaps[heap].refused, false, memory_order_relaxed)) {
        freed = vr_trim_heap(allocator, heap);
    }
    return freed ? take_one(allocator, arena, request, allocation) : failure;
}

VR_INLINE VkResult take(VmaAllocator allocator, struct VrArena *arena,
                        const struct VrAllocateRequest *request, VmaAllocation *allocation)
{
    VkResult result = take_one(allocator, arena, request, allocation);
    return VR_LIKELY(result == VK_SUCCESS) ? result
                                           : take_after_trim(allocator, arena, request, result, allocation);
}

// ---- The request as a whole ----

static VR_NOINLINE VkResult refuse(const char *id, VkResult result, const char *why)
{
    vr_message(VR_SEVERITY_ERROR, id, result, "%s", why);
    return result;
}

// What VMA_DEBUG_ALWAYS_DEDICATED_MEMORY makes dedicated: all that may be.
static bool dedicated_for_debug(VmaAllocator allocator, const VmaAllocationCreateInfo *info)
{
    return allocator->debug.always_dedicated && !(info->flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) &&
           !(info->pool && info->pool->arena.info.explicit_size);
}

// Requests that are not simply for a place in a default pool: checks what the flags allow, decides on memory
// of its own.
static VR_NOINLINE VkResult prepare_special(VmaAllocator allocator, struct VrAllocateRequest *request)
{
    const VmaAllocationCreateInfo *info = request->info;
    VmaPool pool = info->pool;
    if (pool && pool->arena.allocator != allocator) {
        return refuse("foreign-pool", VK_ERROR_VALIDATION_FAILED_EXT,
                      "the pool belongs to another allocator");
    }
    if ((info->flags & VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT) ||
        info->usage == VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED || dedicated_for_debug(allocator, info)) {
        request->hints |= VR_DEDICATED_REQUIRED;
    }
    bool dedicated = request->hints & VR_DEDICATED_REQUIRED;
    if (dedicated && (info->flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT)) {
        return refuse("dedicated-but-never", VK_ERROR_FEATURE_NOT_PRESENT,
                      "memory of its own is needed, and VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT forbids it");
    }
    if (dedicated && pool && pool->arena.info.explicit_size) {
        return refuse("dedicated-in-fixed-pool", VK_ERROR_FEATURE_NOT_PRESENT,
                      "a pool with blockSize set holds no dedicated allocations");
    }
    if ((info->flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) &&
        !(pool && pool->arena.info.linear && pool->arena.info.max_block_count == 1)) {
        return refuse("upper-address-needs-linear", VK_ERROR_FEATURE_NOT_PRESENT,
                      "VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT needs a linear pool with maxBlockCount 1");
    }
    if (pool && request->requirements.memoryTypeBits &&
        !(request->requirements.memoryTypeBits >> pool->arena.info.type & 1u)) {
        return refuse("pool-of-wrong-type", VK_ERROR_FEATURE_NOT_PRESENT,
                      "the resource cannot lie in the pool's memory type");
    }
    return VK_SUCCESS;
}

static VR_NOINLINE VkResult refuse_requirements(const VkMemoryRequirements *requirements)
{
    return requirements->size != 0 && vr_is_pow2(requirements->alignment)
               ? refuse("too-large", VK_ERROR_OUT_OF_DEVICE_MEMORY, "no device has that much memory")
               : refuse("bad-requirements", VK_ERROR_INITIALIZATION_FAILED,
                        "size is 0 or the alignment is no power of two");
}

// Checks a request and derives the rest of it.
VR_INLINE VkResult prepare(VmaAllocator allocator, struct VrAllocateRequest *request,
                           const VmaAllocationCreateInfo *info)
{
    const VmaAllocationCreateFlags host_access =
        VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT;
    const VmaAllocationCreateFlags special =
        VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT | VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT;
    uint64_t alignment = vr_max64(request->requirements.alignment, 1);
#if !VRAM_VMA_3_3_LAYOUT
    alignment = vr_max64(alignment, info->minAlignment);
#endif
    request->requirements.alignment = alignment;
    request->info = info;
    if (VR_UNLIKELY(request->requirements.size - 1 >= LARGEST_REQUEST ||
                    (alignment & (alignment - 1)) | (alignment >> 62))) {
        return refuse_requirements(&request->requirements);
    }
    bool map_allowed = !vr_usage_is_auto(info->usage) || (info->flags & host_access);
    request->range_kind =
        request->kind | (map_allowed ? (uint32_t)VR_ALLOCATION_MAP_ALLOWED : 0) |
        (info->flags & VMA_ALLOCATION_CREATE_MAPPED_BIT ? (uint32_t)VR_ALLOCATION_MAPPED : 0);
    if (VR_UNLIKELY(request->hints || (info->flags & special) || info->pool ||
                    info->usage == VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED ||
                    allocator->debug.always_dedicated)) {
        return prepare_special(allocator, request);
    }
    return VK_SUCCESS;
}

// Tries the memory types from best to worst until one has room.
VR_INLINE VkResult take_by_type(VmaAllocator allocator, const struct VrAllocateRequest *request,
                                VmaAllocation *allocation)
{
    struct VrTypeWish wish;
    if (VR_UNLIKELY(!vr_type_wish(allocator, request->info, request->usage, &wish))) {
        return refuse(
            "auto-needs-resource", VK_ERROR_FEATURE_NOT_PRESENT,
            "VMA_MEMORY_USAGE_AUTO* needs to know the buffer or image: use vmaCreateBuffer, vmaCreateImage");
    }
    uint32_t bits = request->requirements.memoryTypeBits &
                    (request->info->memoryTypeBits ? request->info->memoryTypeBits : ~0u);
    enum VrClass class_of = VR_CLASS_ANY;
    if (VR_UNLIKELY(allocator->split_classes) && request->kind == VR_KIND_IMAGE_OPTIMAL) {
        class_of = VR_CLASS_OPTIMAL;
    }
    VkResult failure = VK_ERROR_FEATURE_NOT_PRESENT;
    for (;;) {
        uint32_t type = vr_type_find(allocator, bits, &wish);
        if (VR_UNLIKELY(type == VR_NO_TYPE)) {
            return failure;
        }
        struct VrArena *arena = vr_allocator_arena(allocator, type, class_of);
        VkResult result = VR_LIKELY(arena != NULL) ? take(allocator, arena, request, allocation)
                                                   : VK_ERROR_OUT_OF_HOST_MEMORY;
        if (VR_LIKELY(result == VK_SUCCESS) || result == VK_ERROR_DEVICE_LOST) {
            return result;
        }
        // A driver's particular reason says more than that memory ran out.
        if (failure == VK_ERROR_FEATURE_NOT_PRESENT || result != VK_ERROR_OUT_OF_DEVICE_MEMORY) {
            failure = result;
        }
        bits &= ~(1u << type);
    }
}

VkResult vr_allocate(VmaAllocator allocator, struct VrAllocateRequest *request,
                     const VmaAllocationCreateInfo *info, VmaAllocation *allocation)
{
    *allocation = VK_NULL_HANDLE;
    VkResult result = prepare(allocator, request, info);
    if (VR_UNLIKELY(result != VK_SUCCESS)) {
        return result;
    }
    if (VR_UNLIKELY(info->pool != VK_NULL_HANDLE)) {
        return take(allocator, &info->pool->arena, request, allocation);
    }
    return take_by_type(allocator, request, allocation);
}

void vr_allocation_free(VmaAllocator allocator, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    uint32_t map_count = atomic_load_explicit(&range->map_count, memory_order_relaxed);
    if (VR_UNLIKELY(map_count != 0)) {
        vr_message(VR_SEVERITY_WARNING, "freed-while-mapped", 0,
                   "an allocation is freed with %u vmaMapMemory not undone", map_count);
        vr_block_unmap(block, map_count);
    }
    if (VR_UNLIKELY(allocator->debug.patterns)) {
        vr_corruption_on_free(allocator, range);
    }
    if (VR_UNLIKELY(range->extra != NULL)) {
        vr_allocation_set_extra(allocator, range, NULL);
    }
    if (VR_UNLIKELY(range->kind & VR_ALLOCATION_DEDICATED)) {
        free_dedicated(allocator, range);
    } else {
        vr_arena_give(block->arena, range);
    }
}
