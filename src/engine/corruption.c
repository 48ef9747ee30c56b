// SPDX-License-Identifier: MIT
// Debugging by patterns in memory. A block is mapped by the first allocation in it that gets a pattern, and
// stays so: checks, which hold the arena's lock, need no call to the driver.
#include "engine/corruption.h"

#include "base/message.h"
#include "engine/walk.h"

#include <inttypes.h>
#include <string.h>

#define NEW_BYTE 0xDC
#define FREED_BYTE 0xEF

// Beside the flags of allocation.h in range->kind: the margin behind the allocation holds the pattern.
enum { ALLOCATION_GUARDED = 64 };

static const uint8_t guard[4] = {0x66, 0xE6, 0x84, 0x7F}; // 0x7F84E666, little-endian

static bool is_watched(VmaAllocator allocator, uint32_t type)
{
    const VkMemoryPropertyFlags wanted =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    return allocator->debug.detect_corruption && allocator->debug.margin > 0 &&
           (vr_type_flags(allocator, type) & wanted) == wanted;
}

// ---- Margins ----

// The bytes behind a guarded allocation; its block is mapped.
static uint8_t *margin_of(const struct VrRange *range)
{
    uint8_t *base = atomic_load_explicit(&vr_range_block(range)->mapped, memory_order_acquire);
    return base + range->offset + vr_allocation_size(range);
}

static void fill_margin(VmaAllocator allocator, struct VrRange *range)
{
    uint8_t *margin = margin_of(range);
    for (uint64_t i = 0; i < allocator->debug.margin; ++i) {
        margin[i] = guard[i % sizeof(guard)];
    }
    range->kind |= ALLOCATION_GUARDED;
}

static VR_COLD bool margin_is_whole(const struct VrRange *range, uint64_t size)
{
    if (!vr_walk_is_described(range) || !(range->kind & ALLOCATION_GUARDED)) {
        return true;
    }
    const uint8_t *margin = margin_of(range);
    for (uint64_t i = 0; i < size; ++i) {
        if (margin[i] != guard[i % sizeof(guard)]) {
            return false;
        }
    }
    return true;
}

static VR_COLD void report_corruption(const char *when, uint32_t type, uint64_t offset, uint64_t size)
{
    vr_message(VR_SEVERITY_ERROR, "memory-corrupted", VK_ERROR_UNKNOWN,
               "%s: something wrote behind the end of an allocation at offset %" PRIu64 " of size %" PRIu64
               ", memory type %u",
               when, offset, size, type);
}

// ---- Content ----

static VR_COLD void fill_content(VmaAllocator allocator, const struct VrRange *range, int byte)
{
    struct VrBlock *block = vr_range_block(range);
    uint64_t size = vr_allocation_size(range);
    char *base = atomic_load_explicit(&block->mapped, memory_order_acquire);
    memset(base + range->offset, byte, size);
    if (!vr_type_needs_flush(allocator, block->type)) {
        return;
    }
    uint64_t atom = vr_max64(allocator->properties.limits.nonCoherentAtomSize, 1);
    uint64_t begin = range->offset / atom * atom;
    uint64_t end = (range->offset + size + atom - 1) / atom * atom;
    VkMappedMemoryRange dirty = {
        .sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE,
        .memory = block->memory,
        .offset = begin,
        .size = end >= block->size ? VK_WHOLE_SIZE : end - begin,
    };
    VkResult result = allocator->vk.vkFlushMappedMemoryRanges(allocator->device, 1, &dirty);
    if (result != VK_SUCCESS) {
        vr_message(VR_SEVERITY_WARNING, "initialize-flush-failed", result,
                   "a debug pattern may not be visible to the device");
    }
}

// ---- An allocation comes and goes ----

static bool wants_content(VmaAllocator allocator, const struct VrRange *range)
{
    return allocator->debug.initialize && (range->kind & VR_ALLOCATION_MAP_ALLOWED) &&
           (vr_type_flags(allocator, vr_range_block(range)->type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT);
}

VR_COLD void vr_corruption_on_create(VmaAllocator allocator, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    bool content = wants_content(allocator, range);
    bool margin = !block->dedicated && is_watched(allocator, block->type);
    if (!content && !margin) {
        return;
    }
    VkResult result = vr_block_keep_mapped(block);
    if (result != VK_SUCCESS) {
        vr_message(VR_SEVERITY_WARNING, "pattern-not-mapped", result,
                   "an allocation has no debug pattern, because its memory could not be mapped");
        return;
    }
    if (content) {
        fill_content(allocator, range, NEW_BYTE);
    }
    if (margin) {
        fill_margin(allocator, range);
    }
}

VR_COLD void vr_corruption_on_free(VmaAllocator allocator, struct VrRange *range)
{
    struct VrBlock *block = vr_range_block(range);
    if (!margin_is_whole(range, allocator->debug.margin)) {
        report_corruption("found when it was freed", block->type, range->offset, vr_allocation_size(range));
    }
    if (wants_content(allocator, range) && vr_block_keep_mapped(block) == VK_SUCCESS) {
        fill_content(allocator, range, FREED_BYTE);
    }
}

// ---- Checks ----

struct Check {
    uint32_t type_bits;
    VkResult result;
    uint32_t found_type; // the first broken margin
    uint64_t found_offset;
    uint64_t found_size;
};

static VR_COLD void check_arena(void *context, struct VrArena *arena)
{
    struct Check *check = context;
    VmaAllocator allocator = arena->allocator;
    uint32_t type = arena->info.type;
    if (check->result == VK_ERROR_UNKNOWN || !(check->type_bits >> type & 1u) ||
        !is_watched(allocator, type)) {
        return;
    }
    check->result = VK_SUCCESS;
    vr_arena_lock(arena);
    for (const struct VrBlock *block = arena->blocks; block; block = block->next) {
        for (struct VrWalk walk = vr_walk_block(block); vr_walk_step(&walk);) {
            if (walk.used && !margin_is_whole(walk.used, allocator->debug.margin)) {
                *check = (struct Check){check->type_bits, VK_ERROR_UNKNOWN, type, walk.offset, walk.size};
                goto done;
            }
        }
    }
done:
    vr_arena_unlock(arena);
}

static VkResult finish_check(const struct Check *check)
{
    if (check->result == VK_ERROR_UNKNOWN) {
        report_corruption("found by a check", check->found_type, check->found_offset, check->found_size);
    }
    return check->result;
}

VR_COLD VkResult vr_corruption_check_pool(struct VrArena *arena)
{
    struct Check check = {.type_bits = UINT32_MAX, .result = VK_ERROR_FEATURE_NOT_PRESENT};
    check_arena(&check, arena);
    return finish_check(&check);
}

VR_COLD VkResult vr_corruption_check(VmaAllocator allocator, uint32_t type_bits)
{
    struct Check check = {.type_bits = type_bits, .result = VK_ERROR_FEATURE_NOT_PRESENT};
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        // A type that would be watched counts as checked before anything lies in it.
        if (((type_bits & allocator->type_mask) >> type & 1u) && is_watched(allocator, type)) {
            check.result = VK_SUCCESS;
        }
    }
    vr_each_arena(allocator, check_arena, &check);
    return finish_check(&check);
}
