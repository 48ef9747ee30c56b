// SPDX-License-Identifier: MIT
// Blocks: one VkDeviceMemory each, with its mapping. Mapping is counted without a lock except to and from 0.
#include "engine/arena.h"
#ifdef _WIN32
#include "engine/shared_win32.h"
#endif

#include <string.h>

#ifndef VMA_MAPPING_HYSTERESIS_ENABLED
#define VMA_MAPPING_HYSTERESIS_ENABLED 1
#endif

// A block whose mapping went and came this often stays mapped: vkMapMemory of a large block can cost
// milliseconds.
enum { KEEP_MAPPED_AFTER = 7 };

VR_COLD VkResult vr_block_create(struct VrArena *arena, const struct VrMemoryRequest *request, bool dedicated,
                                 struct VrBlock **created)
{
    VmaAllocator allocator = arena->allocator;
    struct VrBlock *block = vr_host_zalloc(&allocator->host, sizeof(*block), _Alignof(struct VrBlock));
    if (!block) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    VkResult result = vr_memory_allocate(allocator, request, &block->memory);
    if (result != VK_SUCCESS) {
        vr_host_free(&allocator->host, block);
        return result;
    }
    block->arena = arena;
    block->size = request->size;
    block->type = request->type;
    block->dedicated = dedicated;
    block->export_types = vr_memory_export_types(allocator, request);
    block->span.size = request->size;
    block->span.owner = block;
    vr_mutex_init(&block->map_lock);
    *created = block;
    return VK_SUCCESS;
}

VR_COLD void vr_block_destroy(struct VrBlock *block)
{
    VmaAllocator allocator = block->arena->allocator;
#ifdef _WIN32
    vr_shared_close(block);
#endif
    // vkFreeMemory unmaps.
    vr_memory_free(allocator, block->type, block->size, block->memory);
    vr_mutex_finish(&block->map_lock);
    vr_host_free(&allocator->host, block);
}

// map_lock is held.
static VkResult ensure_mapped(struct VrBlock *block)
{
    VmaAllocator allocator = block->arena->allocator;
    if (atomic_load_explicit(&block->mapped, memory_order_relaxed)) {
        return VK_SUCCESS;
    }
    void *data = NULL;
    VkResult result = allocator->vk.vkMapMemory(allocator->device, block->memory, 0, VK_WHOLE_SIZE, 0, &data);
    if (result == VK_SUCCESS) {
        atomic_store_explicit(&block->mapped, data, memory_order_release);
    }
    return result;
}

VkResult vr_block_keep_mapped(struct VrBlock *block)
{
    if (VR_LIKELY(atomic_load_explicit(&block->kept_mapped, memory_order_acquire))) {
        return VK_SUCCESS;
    }
    vr_mutex_take(&block->map_lock);
    VkResult result = ensure_mapped(block);
    if (result == VK_SUCCESS) {
        atomic_store_explicit(&block->kept_mapped, true, memory_order_release);
    }
    vr_mutex_drop(&block->map_lock);
    return result;
}

VR_COLD VkResult vr_block_map(struct VrBlock *block, uint32_t references, void **data)
{
    uint32_t held = atomic_load_explicit(&block->map_references, memory_order_relaxed);
    while (held) {
        if (atomic_compare_exchange_weak_explicit(&block->map_references, &held, held + references,
                                                  memory_order_acquire, memory_order_relaxed)) {
            *data = atomic_load_explicit(&block->mapped, memory_order_acquire);
            return VK_SUCCESS;
        }
    }
    vr_mutex_take(&block->map_lock);
    VkResult result = ensure_mapped(block);
    if (result == VK_SUCCESS) {
        atomic_fetch_add_explicit(&block->map_references, references, memory_order_release);
        *data = atomic_load_explicit(&block->mapped, memory_order_relaxed);
    }
    vr_mutex_drop(&block->map_lock);
    return result;
}

// map_lock is held, no reference is left.
static void rest_mapping(struct VrBlock *block)
{
    VmaAllocator allocator = block->arena->allocator;
    if (atomic_load_explicit(&block->kept_mapped, memory_order_relaxed)) {
        return;
    }
    // Address space is short in 32-bit processes only.
    if (VMA_MAPPING_HYSTERESIS_ENABLED && sizeof(void *) == 8 && ++block->remap_count >= KEEP_MAPPED_AFTER) {
        atomic_store_explicit(&block->kept_mapped, true, memory_order_release);
        return;
    }
    atomic_store_explicit(&block->mapped, NULL, memory_order_relaxed);
    allocator->vk.vkUnmapMemory(allocator->device, block->memory);
}

VR_COLD void vr_block_unmap(struct VrBlock *block, uint32_t references)
{
    uint32_t held = atomic_load_explicit(&block->map_references, memory_order_relaxed);
    while (held > references) {
        if (atomic_compare_exchange_weak_explicit(&block->map_references, &held, held - references,
                                                  memory_order_release, memory_order_relaxed)) {
            return;
        }
    }
    vr_mutex_take(&block->map_lock);
    if (atomic_fetch_sub_explicit(&block->map_references, references, memory_order_acq_rel) == references) {
        rest_mapping(block);
    }
    vr_mutex_drop(&block->map_lock);
}

// ---- Ranges of a block ----

// The range itself, or the first one inside when it is divided; a chunk that its lane has not taken over yet
// has none.
static struct VrRange *innermost(struct VrRange *range)
{
    while (range && vr_range_state(range) == VR_RANGE_DIVIDED) {
        struct VrRange *inside = ((struct VrSpan *)range->extra)->first;
        range = inside ? inside : range->next;
    }
    return range;
}

struct VrRange *vr_block_first_range(const struct VrBlock *block)
{
    return innermost(block->span.first);
}

struct VrRange *vr_block_next_range(const struct VrRange *range)
{
    for (;;) {
        while (!range->next && range->span->inside) {
            range = range->span->inside;
        }
        struct VrRange *next = innermost(range->next);
        if (next || !range->next || !range->span->inside) {
            return next;
        }
        range = range->span->inside;
    }
}
