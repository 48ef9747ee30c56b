// SPDX-License-Identifier: MIT
// What can be asked of an allocation and changed about it: size, name, usage, mapping.
#include "engine/allocation.h"

#include "base/message.h"

uint64_t vr_allocation_size(const struct VrRange *range)
{
    uint64_t margin =
        range->kind & VR_ALLOCATION_DEDICATED ? 0 : vr_range_block(range)->arena->allocator->debug.margin;
    return range->size - margin;
}

void *vr_allocation_data(const struct VrRange *range)
{
    bool mapped =
        (range->kind & VR_ALLOCATION_MAPPED) || atomic_load_explicit(&range->map_count, memory_order_relaxed);
    if (!mapped) {
        return NULL;
    }
    char *data = atomic_load_explicit(&vr_range_block(range)->mapped, memory_order_acquire);
    return data ? data + range->offset : NULL;
}

const char *vr_allocation_name(const struct VrRange *range)
{
    const struct VrExtra *extra = range->extra;
    return extra ? extra->name : NULL;
}

uint64_t vr_allocation_usage(const struct VrRange *range)
{
    const struct VrExtra *extra = range->extra;
    return extra && extra->usage ? extra->usage : range->tag;
}

// Takes and returns the lock under which a dump reads the range.
static struct VrLock *lock_from_dump(const struct VrRange *range)
{
    struct VrArena *arena = vr_range_block(range)->arena;
    if (!(range->kind & VR_ALLOCATION_DEDICATED)) {
        return vr_arena_lock_of(arena, range);
    }
    vr_lock_take(&arena->dedicated_lock);
    return &arena->dedicated_lock;
}

VR_COLD void vr_allocation_set_extra(VmaAllocator allocator, struct VrRange *range, struct VrExtra *extra)
{
    struct VrLock *lock = lock_from_dump(range);
    struct VrExtra *old = range->extra;
    range->extra = extra;
    vr_lock_drop(lock);
    if (old) {
        vr_host_free(&allocator->host, old->name);
        vr_host_free(&allocator->host, old);
    }
}

void vr_allocation_set_user_data(struct VrRange *range, void *user_data)
{
    struct VrLock *lock = lock_from_dump(range);
    range->user_data = user_data;
    vr_lock_drop(lock);
}

VR_COLD VkResult vr_allocation_set_name(VmaAllocator allocator, struct VrRange *range, const char *name)
{
    const struct VrExtra *old = range->extra;
    uint64_t usage = old ? old->usage : 0;
    struct VrExtra *extra = NULL;
    if (name || usage) {
        extra = vr_host_zalloc(&allocator->host, sizeof(*extra), _Alignof(struct VrExtra));
        if (!extra) {
            return VK_ERROR_OUT_OF_HOST_MEMORY;
        }
        extra->usage = usage;
        extra->name = name ? vr_host_copy_string(&allocator->host, name) : NULL;
        if (name && !extra->name) {
            vr_host_free(&allocator->host, extra);
            return VK_ERROR_OUT_OF_HOST_MEMORY;
        }
    }
    vr_allocation_set_extra(allocator, range, extra);
    return VK_SUCCESS;
}

static VkResult count_mapping(struct VrRange *range)
{
    uint8_t count = atomic_load_explicit(&range->map_count, memory_order_relaxed);
    do {
        if (count == VR_RANGE_FRESH - 1) {
            vr_message(VR_SEVERITY_ERROR, "mapped-too-often", VK_ERROR_MEMORY_MAP_FAILED,
                       "an allocation can be mapped 254 times at once");
            return VK_ERROR_MEMORY_MAP_FAILED;
        }
    } while (!atomic_compare_exchange_weak_explicit(&range->map_count, &count, (uint8_t)(count + 1),
                                                    memory_order_relaxed, memory_order_relaxed));
    return VK_SUCCESS;
}

VkResult vr_allocation_map(VmaAllocator allocator, struct VrRange *range, void **data)
{
    struct VrBlock *block = vr_range_block(range);
    *data = NULL;
    if (!(vr_type_flags(allocator, block->type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) {
        vr_message(VR_SEVERITY_ERROR, "map-not-visible", VK_ERROR_MEMORY_MAP_FAILED,
                   "memory type %u is not host-visible", block->type);
        return VK_ERROR_MEMORY_MAP_FAILED;
    }
    if (!(range->kind & VR_ALLOCATION_MAP_ALLOWED)) {
        vr_message(VR_SEVERITY_WARNING, "map-without-host-access", 0,
                   "mapped although created with VMA_MEMORY_USAGE_AUTO* and no "
                   "VMA_ALLOCATION_CREATE_HOST_ACCESS_* flag");
    }
    void *base;
    VkResult result = vr_block_map(block, 1, &base);
    if (result != VK_SUCCESS) {
        return result;
    }
    result = count_mapping(range);
    if (result != VK_SUCCESS) {
        vr_block_unmap(block, 1);
        return result;
    }
    *data = (char *)base + range->offset;
    return VK_SUCCESS;
}

void vr_allocation_unmap(VmaAllocator allocator, struct VrRange *range)
{
    (void)allocator;
    uint8_t count = atomic_load_explicit(&range->map_count, memory_order_relaxed);
    do {
        if (count == 0) {
            vr_message(VR_SEVERITY_ERROR, "not-mapped", 0, "vmaUnmapMemory without a vmaMapMemory to undo");
            return;
        }
    } while (!atomic_compare_exchange_weak_explicit(&range->map_count, &count, (uint8_t)(count - 1),
                                                    memory_order_relaxed, memory_order_relaxed));
    vr_block_unmap(vr_range_block(range), 1);
}
