// SPDX-License-Identifier: MIT
// Allocation: from a request to a record. Decides the memory type, then between a block and memory of its own.
#include "engine/allocation.h"

#include "base/message.h"
#include "engine/budget.h"
#include "engine/corruption.h"
#include "engine/type.h"

// No device has heaps anywhere near this; sizes and alignments below it can be added without overflow.
#define LARGEST_REQUEST (1ull << 62)

// A request with everything derived from it that does not depend on the memory type.
struct Plan {
    const struct VrAllocateRequest *request;
    const VmaAllocationCreateInfo *info;
    uint64_t size;
    uint64_t alignment;
    enum VrStrategy strategy;
    bool dedicated_only;
    bool never_allocate;
    bool within_budget;
    bool mapped;      // VMA_ALLOCATION_CREATE_MAPPED_BIT
    bool map_allowed;
};

// ---- Records ----

// What a range knows of its allocation besides its place. False: host memory ran out.
VR_INLINE bool describe(VmaAllocator allocator, const struct Plan *plan, struct VrRange *range)
{
    uint64_t usage = plan->request->usage;
    range->tag = (uint32_t)usage;
    range->user_data = plan->info->pUserData;
    if (VR_UNLIKELY(usage > UINT32_MAX)) {
        struct VrExtra *extra = vr_host_zalloc(&allocator->host, sizeof(*extra), _Alignof(struct VrExtra));
        if (!extra) {
            return false;
        }
        extra->usage = usage;
        range->extra = extra;
    }
    if (VR_UNLIKELY(plan->info->flags & VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT)) {
        range->user_data = NULL;
        return vr_allocation_set_name(allocator, range, plan->info->pUserData) == VK_SUCCESS;
    }
    return true;
}

static void drop_extra(VmaAllocator allocator, struct VrRange *range)
{
    struct VrExtra *extra = range->extra;
    if (VR_UNLIKELY(extra != NULL)) {
        vr_host_free(&allocator->host, extra->name);
        vr_host_free(&allocator->host, extra);
        range->extra = NULL;
    }
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

static struct VrMemoryRequest dedicated_request(VmaAllocator allocator, const struct VrArena *arena, const struct Plan *plan)
{
    const struct VrAllocateRequest *request = plan->request;
    bool whole = allocator->dedicated_info && !(plan->info->flags & VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT);
    bool known_buffer = request->kind == VR_KIND_BUFFER && request->usage != 0;
    bool addressable = request->image == VK_NULL_HANDLE && request->kind <= VR_KIND_BUFFER &&
                       (!known_buffer || (request->usage & VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT));
    return (struct VrMemoryRequest){
        .size = plan->size,
        .type = arena->info.type,
        .priority = plan->info->pool ? arena->info.priority : plan->info->priority,
        .dedicated_buffer = whole ? request->buffer : VK_NULL_HANDLE,
        .dedicated_image = whole ? request->image : VK_NULL_HANDLE,
        .device_address = addressable && (allocator->flags & VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT),
        .next = request->next ? request->next : arena->info.next,
    };
}

static bool fits_budget(VmaAllocator allocator, uint32_t type, uint64_t size)
{
    uint64_t usage, budget;
    vr_budget_of_heap(allocator, vr_type_heap(allocator, type), &usage, &budget);
    return usage <= budget && size <= budget - usage;
}

static VR_NOINLINE VkResult take_dedicated(VmaAllocator allocator, struct VrArena *arena, const struct Plan *plan, bool mapped,
                                           struct VrRange **taken)
{
    if (plan->within_budget && !fits_budget(allocator, arena->info.type, plan->size)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    struct VrRange *range;
    if (!vr_records_take(&allocator->records, 1, &range)) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    struct VrMemoryRequest request = dedicated_request(allocator, arena, plan);
    struct VrBlock *block;
    VkResult result = vr_block_create(arena, &request, true, &block);
    if (result != VK_SUCCESS) {
        vr_records_give(&allocator->records, range);
        return result;
    }
    block->only = range;
    range->offset = 0;
    range->size = plan->size;
    range->prev = NULL;
    range->next = NULL;
    range->span = &block->span;
    range->extra = NULL;
    range->kind = (uint8_t)(plan->request->kind | VR_ALLOCATION_DEDICATED);
    range->alignment_log2 = 0;
    atomic_store_explicit(&range->map_count, 0, memory_order_relaxed);
    vr_range_set_state(range, VR_RANGE_USED);
    vr_arena_link_dedicated(arena, block);
    result = mapped ? vr_block_keep_mapped(block) : VK_SUCCESS;
    if (result != VK_SUCCESS) {
        free_dedicated(allocator, range);
        return result;
    }
    *taken = range;
    return VK_SUCCESS;
}

// ---- Part of a block ----

VR_INLINE VkResult take_from_block(struct VrArena *arena, const struct Plan *plan, bool mapped, bool may_grow,
                                   struct VrRange **taken)
{
    struct VrPlaceRequest request = {
        .size = plan->size,
        .alignment = plan->alignment,
        .kind = plan->request->kind,
        .strategy = plan->strategy,
        .upper = (plan->info->flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) != 0,
        .within_budget = plan->within_budget,
        .may_grow = may_grow,
    };
    VkResult result = vr_arena_take(arena, &request, taken);
    if (mapped && result == VK_SUCCESS) {
        result = vr_block_keep_mapped(vr_range_block(*taken));
        if (VR_UNLIKELY(result != VK_SUCCESS)) {
            vr_arena_give(arena, *taken);
            *taken = NULL;
        }
    }
    return result;
}

// ---- One allocation of one arena ----

static bool prefers_dedicated(VmaAllocator allocator, const struct VrArena *arena, const struct Plan *plan)
{
    if (VR_LIKELY(!plan->request->prefers_dedicated && plan->size <= arena->preferred_block_size / 2)) {
        return false;
    }
    // Memory objects are a limited good: close to the limit they are for those who cannot do without.
    uint32_t limit = allocator->properties.limits.maxMemoryAllocationCount;
    return limit >= UINT32_MAX / 4 ||
           atomic_load_explicit(&allocator->memory_count, memory_order_relaxed) <= limit / 4 * 3;
}

static bool may_be_dedicated(const struct VrArena *arena, const struct Plan *plan)
{
    return !plan->never_allocate && !arena->info.explicit_size;
}

VR_INLINE VkResult take_one(VmaAllocator allocator, struct VrArena *arena, const struct Plan *plan, struct VrRange **taken)
{
    bool mapped = plan->mapped && (vr_type_flags(allocator, arena->info.type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT);
    VkResult result = VK_ERROR_OUT_OF_DEVICE_MEMORY;
    if (VR_UNLIKELY(plan->dedicated_only)) {
        result = take_dedicated(allocator, arena, plan, mapped, taken);
    } else {
        bool dedicated_first = prefers_dedicated(allocator, arena, plan) && may_be_dedicated(arena, plan);
        if (VR_UNLIKELY(dedicated_first)) {
            result = take_dedicated(allocator, arena, plan, mapped, taken);
        }
        if (result != VK_SUCCESS) {
            result = take_from_block(arena, plan, mapped, !plan->never_allocate, taken);
        }
        // A default pool has just tried a block of the very size; a custom one may have reached its number of blocks.
        if (VR_UNLIKELY(result == VK_ERROR_OUT_OF_DEVICE_MEMORY) && !dedicated_first && arena->info.pool &&
            may_be_dedicated(arena, plan)) {
            result = take_dedicated(allocator, arena, plan, mapped, taken);
        }
    }
    if (VR_UNLIKELY(result != VK_SUCCESS)) {
        return result;
    }
    struct VrRange *range = *taken;
    range->kind |= (uint8_t)((mapped ? VR_ALLOCATION_MAPPED : 0) | (plan->map_allowed ? VR_ALLOCATION_MAP_ALLOWED : 0));
    if (VR_UNLIKELY(!describe(allocator, plan, range))) {
        vr_allocation_free(allocator, range);
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    if (VR_UNLIKELY(allocator->debug.initialize || allocator->debug.detect_corruption)) {
        vr_corruption_on_create(allocator, range);
    }
    return VK_SUCCESS;
}

// All of `count` or none.
VR_INLINE VkResult take_all(VmaAllocator allocator, struct VrArena *arena, const struct Plan *plan, size_t count,
                            VmaAllocation *allocations)
{
    for (size_t i = 0; i < count; ++i) {
        struct VrRange *range = NULL;
        VkResult result = take_one(allocator, arena, plan, &range);
        if (VR_UNLIKELY(result != VK_SUCCESS)) {
            while (i > 0) {
                --i;
                vr_allocation_free(allocator, vr_allocation_range(allocations[i]));
                allocations[i] = VK_NULL_HANDLE;
            }
            return result;
        }
        allocations[i] = vr_allocation_handle(range);
    }
    return VK_SUCCESS;
}

// ---- The request as a whole ----

static VkResult refuse(const char *id, VkResult result, const char *why)
{
    vr_message(VR_SEVERITY_ERROR, id, result, "%s", why);
    return result;
}

static uint64_t min_alignment_of(const VmaAllocationCreateInfo *info)
{
#if VRAM_VMA_3_3_LAYOUT
    (void)info;
    return 1;
#else
    return info->minAlignment ? info->minAlignment : 1;
#endif
}

static VkResult check_flags(const struct VrAllocateRequest *request, const VmaAllocationCreateInfo *info, const struct Plan *plan)
{
    VmaPool pool = info->pool;
    if (plan->dedicated_only && plan->never_allocate) {
        return refuse("dedicated-but-never", VK_ERROR_FEATURE_NOT_PRESENT,
                      "memory of its own is needed, and VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT forbids it");
    }
    if (plan->dedicated_only && pool && pool->arena.info.explicit_size) {
        return refuse("dedicated-in-fixed-pool", VK_ERROR_FEATURE_NOT_PRESENT,
                      "a pool with blockSize set holds no dedicated allocations");
    }
    if ((info->flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) &&
        !(pool && pool->arena.info.linear && pool->arena.info.max_block_count == 1)) {
        return refuse("upper-address-needs-linear", VK_ERROR_FEATURE_NOT_PRESENT,
                      "VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT needs a linear pool with maxBlockCount 1");
    }
    if (pool && request->requirements.memoryTypeBits && !(request->requirements.memoryTypeBits >> pool->arena.info.type & 1u)) {
        return refuse("pool-of-wrong-type", VK_ERROR_FEATURE_NOT_PRESENT, "the resource cannot lie in the pool's memory type");
    }
    return VK_SUCCESS;
}

VR_INLINE enum VrStrategy strategy_of(VmaAllocationCreateFlags flags)
{
    if (VR_LIKELY(!(flags & VMA_ALLOCATION_CREATE_STRATEGY_MASK))) {
        return VR_STRATEGY_BALANCED;
    }
    return flags & VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT     ? VR_STRATEGY_MIN_TIME
           : flags & VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT ? VR_STRATEGY_MIN_MEMORY
                                                                   : VR_STRATEGY_MIN_OFFSET;
}

VR_INLINE VkResult make_plan(VmaAllocator allocator, const struct VrAllocateRequest *request, const VmaAllocationCreateInfo *info,
                             struct Plan *plan)
{
    uint64_t alignment = vr_max64(vr_max64(request->requirements.alignment, 1), min_alignment_of(info));
    if (VR_UNLIKELY(request->requirements.size == 0 || !vr_is_pow2(alignment))) {
        return refuse("bad-requirements", VK_ERROR_INITIALIZATION_FAILED, "size is 0 or the alignment is no power of two");
    }
    if (VR_UNLIKELY(request->requirements.size > LARGEST_REQUEST || alignment > LARGEST_REQUEST)) {
        return refuse("too-large", VK_ERROR_OUT_OF_DEVICE_MEMORY, "no device has that much memory");
    }
    bool debug_dedicated = allocator->debug.always_dedicated &&
                           !(info->flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) &&
                           !(info->pool && info->pool->arena.info.explicit_size);
    const VmaAllocationCreateFlags host_access =
        VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT;
    *plan = (struct Plan){
        .request = request,
        .info = info,
        .size = request->requirements.size,
        .alignment = alignment,
        .strategy = strategy_of(info->flags),
        .dedicated_only = request->requires_dedicated || request->forced_dedicated || request->next || debug_dedicated ||
                          (info->flags & VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT) ||
                          info->usage == VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED,
        .never_allocate = (info->flags & VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT) != 0,
        .within_budget = (info->flags & VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT) != 0,
        .mapped = (info->flags & VMA_ALLOCATION_CREATE_MAPPED_BIT) != 0,
        .map_allowed = !vr_usage_is_auto(info->usage) || (info->flags & host_access),
    };
    if (VR_UNLIKELY(plan->dedicated_only || info->pool || (info->flags & VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT))) {
        return check_flags(request, info, plan);
    }
    return VK_SUCCESS;
}

static bool is_final(VkResult result) { return result == VK_ERROR_DEVICE_LOST || result == VK_ERROR_OUT_OF_HOST_MEMORY; }

// Tries the memory types from best to worst until one has room.
VR_INLINE VkResult take_by_type(VmaAllocator allocator, const struct Plan *plan, size_t count, VmaAllocation *allocations)
{
    struct VrTypeWish wish;
    if (VR_UNLIKELY(!vr_type_wish(allocator, plan->info, plan->request->usage, &wish))) {
        return refuse("auto-needs-resource", VK_ERROR_FEATURE_NOT_PRESENT,
                      "VMA_MEMORY_USAGE_AUTO* needs to know the buffer or image: use vmaCreateBuffer, vmaCreateImage");
    }
    uint32_t bits = plan->request->requirements.memoryTypeBits & (plan->info->memoryTypeBits ? plan->info->memoryTypeBits : ~0u);
    enum VrClass class_of = VR_CLASS_ANY;
    if (VR_UNLIKELY(allocator->split_classes) && plan->request->kind == VR_KIND_IMAGE_OPTIMAL) {
        class_of = VR_CLASS_OPTIMAL;
    }
    VkResult failure = VK_ERROR_FEATURE_NOT_PRESENT;
    for (;;) {
        uint32_t type = vr_type_find(allocator, bits, &wish);
        if (VR_UNLIKELY(type == VR_NO_TYPE)) {
            return failure;
        }
        struct VrArena *arena = vr_allocator_arena(allocator, type, class_of);
        VkResult result = arena ? take_all(allocator, arena, plan, count, allocations) : VK_ERROR_OUT_OF_HOST_MEMORY;
        if (VR_LIKELY(result == VK_SUCCESS) || is_final(result)) {
            return result;
        }
        // A driver's particular reason says more than that memory ran out.
        if (failure == VK_ERROR_FEATURE_NOT_PRESENT || result != VK_ERROR_OUT_OF_DEVICE_MEMORY) {
            failure = result;
        }
        bits &= ~(1u << type);
    }
}

VkResult vr_allocate(VmaAllocator allocator, const struct VrAllocateRequest *request, const VmaAllocationCreateInfo *info, size_t count,
                     VmaAllocation *allocations)
{
    for (size_t i = 0; i < count; ++i) {
        allocations[i] = VK_NULL_HANDLE;
    }
    struct Plan plan;
    VkResult result = make_plan(allocator, request, info, &plan);
    if (VR_UNLIKELY(result != VK_SUCCESS)) {
        return result;
    }
    if (VR_UNLIKELY(info->pool != VK_NULL_HANDLE)) {
        return take_all(allocator, &info->pool->arena, &plan, count, allocations);
    }
    return take_by_type(allocator, &plan, count, allocations);
}

void vr_allocation_free(VmaAllocator allocator, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    uint32_t map_count = atomic_load_explicit(&range->map_count, memory_order_relaxed);
    if (VR_UNLIKELY(map_count != 0)) {
        vr_message(VR_SEVERITY_WARNING, "freed-while-mapped", 0, "an allocation is freed with %u vmaMapMemory not undone", map_count);
        vr_block_unmap(block, map_count);
    }
    if (VR_UNLIKELY(allocator->debug.initialize || allocator->debug.detect_corruption)) {
        vr_corruption_on_free(allocator, range);
    }
    drop_extra(allocator, range);
    if (VR_UNLIKELY(range->kind & VR_ALLOCATION_DEDICATED)) {
        free_dedicated(allocator, range);
    } else {
        vr_arena_give(block->arena, range);
    }
}
