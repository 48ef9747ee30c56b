// SPDX-License-Identifier: MIT
// Dump: straight from the records to the text, an arena at a time under its lock.
#include "engine/dump.h"

#include "engine/allocation.h"
#include "engine/budget.h"
#include "engine/stats.h"
#include "engine/walk.h"

enum {
    HEAD_BYTES = 16384, // guesses of the text's length, to save copies
    ROW_BYTES = 160,    // an allocation and the free memory behind it
    BLOCKS_AT_ONCE = 4, // counted ahead, side by side, then written from the cache
};

// The part of a row that names the kind, by value of enum VrKind. Rows are most of the text, so they come in
// pieces that are made up beforehand.
#define KIND_TEXT(name)                                                                                      \
    {                                                                                                        \
        sizeof("\"Type\": \"" name "\", \"Size\": ") - 1, "\"Type\": \"" name "\", \"Size\": "               \
    }
static const struct {
    uint8_t length;
    char text[39];
} kind_texts[] = {
    KIND_TEXT("FREE"),          KIND_TEXT("UNKNOWN"),      KIND_TEXT("BUFFER"),
    KIND_TEXT("IMAGE_UNKNOWN"), KIND_TEXT("IMAGE_LINEAR"), KIND_TEXT("IMAGE_OPTIMAL"),
};

enum { FLAG_NAME_SIZE = 20 };

// ---- Numbers ----

VR_COLD void vr_dump_statistics(struct VrJson *json, const VmaDetailedStatistics *stats)
{
    vr_json_begin(json, '{', VR_JSON_LINES);
    vr_json_member(json, "BlockCount", stats->statistics.blockCount);
    vr_json_member(json, "BlockBytes", stats->statistics.blockBytes);
    vr_json_member(json, "AllocationCount", stats->statistics.allocationCount);
    vr_json_member(json, "AllocationBytes", stats->statistics.allocationBytes);
    vr_json_member(json, "UnusedRangeCount", stats->unusedRangeCount);
    if (stats->statistics.allocationCount > 1) {
        vr_json_member(json, "AllocationSizeMin", stats->allocationSizeMin);
        vr_json_member(json, "AllocationSizeMax", stats->allocationSizeMax);
    }
    if (stats->unusedRangeCount > 1) {
        vr_json_member(json, "UnusedRangeSizeMin", stats->unusedRangeSizeMin);
        vr_json_member(json, "UnusedRangeSizeMax", stats->unusedRangeSizeMax);
    }
    vr_json_end(json, '}');
}

static VR_COLD void put_statistics(struct VrJson *json, const char *key, const VmaDetailedStatistics *stats)
{
    vr_json_key(json, key);
    vr_dump_statistics(json, stats);
}

static VR_COLD void put_general(struct VrJson *json, VmaAllocator allocator)
{
    const VkPhysicalDeviceProperties *properties = &allocator->properties;
    vr_json_key(json, "General");
    vr_json_begin(json, '{', VR_JSON_LINES);
    vr_json_key(json, "API");
    vr_json_string(json, "Vulkan");
    vr_json_key(json, "apiVersion");
    vr_json_open_string(json);
    vr_json_add_number(json, VK_API_VERSION_MAJOR(properties->apiVersion));
    vr_json_add_text(json, ".");
    vr_json_add_number(json, VK_API_VERSION_MINOR(properties->apiVersion));
    vr_json_add_text(json, ".");
    vr_json_add_number(json, VK_API_VERSION_PATCH(properties->apiVersion));
    vr_json_close_string(json);
    vr_json_key(json, "GPU");
    vr_json_string(json, properties->deviceName);
    vr_json_member(json, "deviceType", (uint32_t)properties->deviceType);
    vr_json_member(json, "maxMemoryAllocationCount", properties->limits.maxMemoryAllocationCount);
    vr_json_member(json, "bufferImageGranularity", properties->limits.bufferImageGranularity);
    vr_json_member(json, "nonCoherentAtomSize", properties->limits.nonCoherentAtomSize);
    vr_json_member(json, "memoryHeapCount", allocator->memory.memoryHeapCount);
    vr_json_member(json, "memoryTypeCount", allocator->memory.memoryTypeCount);
    vr_json_end(json, '}');
}

// names[i] is bit i. Bits without a name come last, as one number.
static VR_COLD void put_flags(struct VrJson *json, uint32_t flags, const char (*names)[FLAG_NAME_SIZE],
                              uint32_t count)
{
    vr_json_key(json, "Flags");
    vr_json_begin(json, '[', VR_JSON_SINGLE_LINE);
    for (uint32_t i = 0; i < count; ++i) {
        if (flags >> i & 1u) {
            vr_json_string(json, names[i]);
        }
    }
    if (flags >> count) {
        vr_json_number(json, flags >> count << count);
    }
    vr_json_end(json, ']');
}

static VR_COLD void put_type(struct VrJson *json, VmaAllocator allocator, uint32_t type,
                             const VmaDetailedStatistics *stats)
{
    static const char names[][FLAG_NAME_SIZE] = {"DEVICE_LOCAL",        "HOST_VISIBLE",       "HOST_COHERENT",
                                                 "HOST_CACHED",         "LAZILY_ALLOCATED",   "PROTECTED",
                                                 "DEVICE_COHERENT_AMD", "DEVICE_UNCACHED_AMD"};
    vr_json_key_number(json, "Type ", type);
    vr_json_begin(json, '{', VR_JSON_LINES);
    put_flags(json, vr_type_flags(allocator, type), names, 8);
    put_statistics(json, "Stats", stats);
    vr_json_end(json, '}');
}

static VR_COLD void put_heap(struct VrJson *json, VmaAllocator allocator, uint32_t heap,
                             const VmaTotalStatistics *stats)
{
    static const char names[][FLAG_NAME_SIZE] = {"DEVICE_LOCAL", "MULTI_INSTANCE"};
    VmaBudget budget;
    vr_budget_get(allocator, heap, &budget);
    vr_json_key_number(json, "Heap ", heap);
    vr_json_begin(json, '{', VR_JSON_LINES);
    put_flags(json, allocator->memory.memoryHeaps[heap].flags, names, 2);
    vr_json_member(json, "Size", allocator->memory.memoryHeaps[heap].size);
    vr_json_key(json, "Budget");
    vr_json_begin(json, '{', VR_JSON_LINES);
    vr_json_member(json, "BudgetBytes", budget.budget);
    vr_json_member(json, "UsageBytes", budget.usage);
    vr_json_end(json, '}');
    put_statistics(json, "Stats", &stats->memoryHeap[heap]);
    vr_json_key(json, "MemoryPools");
    vr_json_begin(json, '{', VR_JSON_LINES);
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        if (vr_type_heap(allocator, type) == heap) {
            put_type(json, allocator, type, &stats->memoryType[type]);
        }
    }
    vr_json_end(json, '}');
    vr_json_end(json, '}');
}

// ---- Blocks and allocations ----

static void put_offset(struct VrJson *json, uint64_t offset)
{
    static const char key[] = "\"Offset\": ";
    vr_json_raw(json, key, sizeof(key) - 1);
    vr_json_add_number(json, offset);
}

void vr_dump_free_row(struct VrJson *json, uint64_t offset, uint64_t size)
{
    vr_json_begin(json, '{', VR_JSON_SINGLE_LINE);
    put_offset(json, offset);
    vr_json_raw(json, kind_texts[VR_KIND_FREE].text, kind_texts[VR_KIND_FREE].length);
    vr_json_add_number(json, size);
    vr_json_end(json, '}');
}

static void put_kind_and_size(struct VrJson *json, unsigned kind, uint64_t size, uint64_t usage)
{
    static const char usage_key[] = "\"Usage\": ";
    vr_json_raw(json, kind_texts[kind].text, kind_texts[kind].length);
    vr_json_add_number(json, size);
    vr_json_raw(json, usage_key, sizeof(usage_key) - 1);
    vr_json_add_number(json, usage);
}

// The rest of the row of an allocation.
static void put_allocation(struct VrJson *json, const struct VrRange *range, uint64_t size)
{
    if (VR_UNLIKELY(!vr_walk_is_described(range))) {
        put_kind_and_size(json, VR_KIND_UNKNOWN, size, 0);
        return;
    }
    put_kind_and_size(json, range->kind & VR_KIND_MASK, size, vr_allocation_usage(range));
    if (range->user_data) {
        vr_json_key(json, "CustomData");
        vr_json_pointer(json, range->user_data);
    }
    const char *name = vr_allocation_name(range);
    if (name) {
        vr_json_key(json, "Name");
        vr_json_string(json, name);
    }
}

VR_COLD void vr_dump_block_head(struct VrJson *json, const VmaDetailedStatistics *stats)
{
    vr_json_member(json, "TotalBytes", stats->statistics.blockBytes);
    vr_json_member(json, "UnusedBytes", stats->statistics.blockBytes - stats->statistics.allocationBytes);
    vr_json_member(json, "Allocations", stats->statistics.allocationCount);
    vr_json_member(json, "UnusedRanges", stats->unusedRangeCount);
}

// VMA counts one reference for each allocation that is mapped for its whole life; ours share one.
static uint32_t map_references(const struct VrBlock *block)
{
    uint32_t references = atomic_load_explicit(&block->map_references, memory_order_relaxed);
    if (atomic_load_explicit(&block->kept_mapped, memory_order_relaxed)) {
        for (struct VrWalk walk = vr_walk_block(block); vr_walk_step(&walk);) {
            references +=
                walk.used && vr_walk_is_described(walk.used) && (walk.used->kind & VR_ALLOCATION_MAPPED);
        }
    }
    return references;
}

static void put_block(struct VrJson *json, const struct VrBlock *block, uint64_t id,
                      const VmaDetailedStatistics *stats)
{
    vr_json_key_number(json, "", id);
    vr_json_begin(json, '{', VR_JSON_LINES);
    vr_json_member(json, "MapRefCount", map_references(block));
    vr_dump_block_head(json, stats);
    vr_json_key(json, "Suballocations");
    vr_json_begin(json, '[', VR_JSON_LINES);
    for (struct VrWalk walk = vr_walk_block(block); vr_walk_step(&walk);) {
        if (walk.used) {
            vr_json_begin(json, '{', VR_JSON_SINGLE_LINE);
            put_offset(json, walk.offset);
            put_allocation(json, walk.used, walk.size);
            vr_json_end(json, '}');
        } else {
            vr_dump_free_row(json, walk.offset, walk.size);
        }
    }
    vr_json_end(json, ']');
    vr_json_end(json, '}');
}

// Block n of arena k of `arenas` is numbered n * arenas + k: numbers are unique in the memory type.
static void put_blocks(struct VrJson *json, struct VrArena *arena, unsigned k, unsigned arenas)
{
    VmaDetailedStatistics stats[BLOCKS_AT_ONCE];
    vr_arena_lock(arena);
    const struct VrBlock *block = arena->blocks;
    while (block) {
        vr_stats_of_blocks(block, BLOCKS_AT_ONCE, stats);
        for (unsigned i = 0; i < BLOCKS_AT_ONCE && block; ++i, block = block->next) {
            put_block(json, block, (uint64_t)block->id * arenas + k, &stats[i]);
        }
    }
    vr_arena_unlock(arena);
}

static VR_COLD void put_dedicated(struct VrJson *json, struct VrArena *arena)
{
    vr_dedicated_lock(arena);
    for (const struct VrBlock *block = vr_oldest_dedicated(arena); block; block = block->prev) {
        vr_json_begin(json, '{', VR_JSON_SINGLE_LINE);
        put_allocation(json, block->only, block->size);
        vr_json_end(json, '}');
    }
    vr_dedicated_unlock(arena);
}

// The members that a default pool and a custom one share. Arenas that do not exist yet are NULL.
static VR_COLD void put_pool(struct VrJson *json, struct VrArena *const *arenas, unsigned count,
                             uint64_t block_size)
{
    vr_json_member(json, "PreferredBlockSize", block_size);
    vr_json_key(json, "Blocks");
    vr_json_begin(json, '{', VR_JSON_LINES);
    for (unsigned i = 0; i < count; ++i) {
        if (arenas[i]) {
            put_blocks(json, arenas[i], i, count);
        }
    }
    vr_json_end(json, '}');
    vr_json_key(json, "DedicatedAllocations");
    vr_json_begin(json, '[', VR_JSON_LINES);
    for (unsigned i = 0; i < count; ++i) {
        if (arenas[i]) {
            put_dedicated(json, arenas[i]);
        }
    }
    vr_json_end(json, ']');
}

// ---- Pools ----

static VR_COLD void put_default_pools(struct VrJson *json, VmaAllocator allocator)
{
    vr_json_key(json, "DefaultPools");
    vr_json_begin(json, '{', VR_JSON_LINES);
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        if (!(allocator->type_mask >> type & 1u)) {
            continue;
        }
        struct VrArena *arenas[VR_CLASS_COUNT];
        for (unsigned k = 0; k < VR_CLASS_COUNT; ++k) {
            arenas[k] = vr_allocator_peek_arena(allocator, type, k);
        }
        vr_json_key_number(json, "Type ", type);
        vr_json_begin(json, '{', VR_JSON_LINES);
        put_pool(json, arenas, allocator->split_classes ? VR_CLASS_COUNT : 1,
                 vr_preferred_block_size(allocator, type));
        vr_json_end(json, '}');
    }
    vr_json_end(json, '}');
}

static VR_COLD void put_custom_pool(struct VrJson *json, VmaPool pool, uint32_t index)
{
    vr_json_begin(json, '{', VR_JSON_LINES);
    vr_json_key(json, "Name");
    vr_json_open_string(json);
    vr_json_add_number(json, index);
    if (pool->name) {
        vr_json_add_text(json, " - ");
        vr_json_add_text(json, pool->name);
    }
    vr_json_close_string(json);
    struct VrArena *arena = &pool->arena;
    put_pool(json, &arena, 1, arena->preferred_block_size);
    vr_json_end(json, '}');
}

static VR_COLD void put_custom_pools(struct VrJson *json, VmaAllocator allocator)
{
    vr_json_key(json, "CustomPools");
    vr_json_begin(json, '{', VR_JSON_LINES);
    vr_mutex_take(&allocator->pools_mutex);
    VmaPool oldest = vr_oldest_pool(allocator);
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        uint32_t index = 0;
        for (VmaPool pool = oldest; pool; pool = pool->prev) {
            if (pool->arena.info.type != type) {
                continue;
            }
            if (index == 0) {
                vr_json_key_number(json, "Type ", type);
                vr_json_begin(json, '[', VR_JSON_LINES);
            }
            put_custom_pool(json, pool, index++);
        }
        if (index > 0) {
            vr_json_end(json, ']');
        }
    }
    vr_mutex_drop(&allocator->pools_mutex);
    vr_json_end(json, '}');
}

// ---- The whole ----

VR_COLD char *vr_dump_allocator(VmaAllocator allocator, bool detailed)
{
    VmaTotalStatistics stats;
    vr_stats_calculate(allocator, &stats);
    struct VrJson json;
    size_t rows = detailed ? stats.total.statistics.allocationCount : 0;
    vr_json_init(&json, &allocator->host, HEAD_BYTES + rows * ROW_BYTES);
    vr_json_begin(&json, '{', VR_JSON_LINES);
    put_general(&json, allocator);
    put_statistics(&json, "Total", &stats.total);
    vr_json_key(&json, "MemoryInfo");
    vr_json_begin(&json, '{', VR_JSON_LINES);
    for (uint32_t heap = 0; heap < allocator->memory.memoryHeapCount; ++heap) {
        put_heap(&json, allocator, heap, &stats);
    }
    vr_json_end(&json, '}');
    if (detailed) {
        put_default_pools(&json, allocator);
        put_custom_pools(&json, allocator);
    }
    vr_json_end(&json, '}');
    return vr_json_finish(&json);
}
