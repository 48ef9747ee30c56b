// SPDX-License-Identifier: MIT
// Move: the life of a defragmentation context, and what becomes of the moves of a pass.
#include "engine/move_plan.h"

#include "base/message.h"
#include "engine/corruption.h"

#include <string.h>

enum {
    SLICE_WORK = 256, // ranges looked at under the arena's locks at a time: some 20 microseconds
    PASS_WORK = 1024, // after which a pass that has moves is handed out: no call takes 0.2 ms, even on
                      // 100,000 allocations
    VAIN_WORK =
        16384, // after which an arena that gave no move counts as done, unless the algorithm is EXTENSIVE
    SETTLE_AT_ONCE = 64,
    MOST_ARENAS = VK_MAX_MEMORY_TYPES * VR_CLASS_COUNT,
};

struct VmaDefragmentationContext_T {
    VmaAllocator allocator;
    VmaDefragmentationInfo info;
    VmaDefragmentationStats stats;
    struct VrArena *arenas[MOST_ARENAS];
    uint32_t arena_count;
    uint32_t arena; // at work
    bool planning;  // `plan` is of that arena
    struct VrMovePlan plan;
    struct VrMovePass pass; // its moves are pending between begin and end of a pass
};

VmaAllocator vr_move_allocator(VmaDefragmentationContext context)
{
    return context->allocator;
}

// ---- Arenas of a context ----

static bool claim_arena(VmaDefragmentationContext context, struct VrArena *arena)
{
    vr_arena_lock_central(arena);
    bool free = arena->defragmenting == 0;
    arena->defragmenting += free;
    vr_arena_unlock_central(arena);
    if (free) {
        context->arenas[context->arena_count++] = arena;
    }
    return free;
}

static void release_arena(struct VrArena *arena)
{
    vr_arena_lock_central(arena);
    --arena->defragmenting;
    vr_arena_unlock_central(arena);
}

static void release_arenas(VmaDefragmentationContext context)
{
    for (uint32_t i = context->arena; i < context->arena_count; ++i) {
        release_arena(context->arenas[i]);
    }
}

static bool claim_default_arenas(VmaDefragmentationContext context)
{
    VmaAllocator allocator = context->allocator;
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        for (unsigned class_of = 0; class_of < VR_CLASS_COUNT; ++class_of) {
            struct VrArena *arena = vr_allocator_peek_arena(allocator, type, class_of);
            if (arena && !claim_arena(context, arena)) {
                return false;
            }
        }
    }
    return true;
}

// What an arena holds before and after: blocks go when their last range does, and when it is trimmed.
struct Holding {
    uint32_t blocks;
    uint64_t bytes;
};

static struct Holding holding_of(const struct VrArena *arena)
{
    return (struct Holding){
        .blocks = atomic_load_explicit(&arena->block_count, memory_order_relaxed),
        .bytes = atomic_load_explicit(&arena->reserved, memory_order_relaxed),
    };
}

static void free_empty_blocks(VmaDefragmentationContext context, struct VrArena *arena, struct Holding before)
{
    vr_arena_trim(arena);
    struct Holding after = holding_of(arena);
    // Other threads may have made blocks meanwhile.
    context->stats.deviceMemoryBlocksFreed += before.blocks > after.blocks ? before.blocks - after.blocks : 0;
    context->stats.bytesFreed += before.bytes > after.bytes ? before.bytes - after.bytes : 0;
}

static void begin_arena(VmaDefragmentationContext context)
{
    struct VrArena *arena = context->arenas[context->arena];
    // What lies in lanes' chunks can move as well, but no new allocation shall go there.
    vr_arena_flush_lanes(arena, true);
    vr_plan_init(&context->plan, arena, context->info.flags);
    context->planning = true;
}

static VR_COLD void end_arena(VmaDefragmentationContext context)
{
    struct VrArena *arena = context->arenas[context->arena];
    vr_plan_finish(&context->plan);
    context->planning = false;
    free_empty_blocks(context, arena, holding_of(arena));
    release_arena(arena);
    ++context->arena;
}

// ---- Context ----

static VR_COLD VkResult refuse_to_move(VkResult result, const char *id, const char *why)
{
    vr_message(VR_SEVERITY_ERROR, id, result, "vmaBeginDefragmentation: %s", why);
    return result;
}

static VR_COLD VkResult check_defragmentation_info(VmaAllocator allocator, const VmaDefragmentationInfo *info)
{
    VmaDefragmentationFlags algorithm = info->flags & VMA_DEFRAGMENTATION_FLAG_ALGORITHM_MASK;
    if (info->flags != algorithm || (algorithm && !vr_is_pow2(algorithm))) {
        return refuse_to_move(VK_ERROR_VALIDATION_FAILED_EXT, "defragmentation-flags",
                              "flags must be one algorithm or 0");
    }
    if (info->pool && info->pool->arena.allocator != allocator) {
        return refuse_to_move(VK_ERROR_VALIDATION_FAILED_EXT, "foreign-pool",
                              "the pool belongs to another allocator");
    }
    if (info->pool && info->pool->arena.info.linear) {
        return refuse_to_move(VK_ERROR_FEATURE_NOT_PRESENT, "defragmentation-linear-pool",
                              "a linear pool cannot be defragmented");
    }
    return VK_SUCCESS;
}

VR_COLD VkResult vr_move_begin(VmaAllocator allocator, const VmaDefragmentationInfo *info,
                               VmaDefragmentationContext *created)
{
    *created = VK_NULL_HANDLE;
    VkResult result = check_defragmentation_info(allocator, info);
    if (result != VK_SUCCESS) {
        return result;
    }
    VmaDefragmentationContext context =
        vr_host_zalloc(&allocator->host, sizeof(*context), _Alignof(struct VmaDefragmentationContext_T));
    if (!context) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    context->allocator = allocator;
    context->info = *info;
    bool claimed = info->pool ? claim_arena(context, &info->pool->arena) : claim_default_arenas(context);
    if (!claimed) {
        release_arenas(context);
        vr_host_free(&allocator->host, context);
        return refuse_to_move(VK_ERROR_VALIDATION_FAILED_EXT, "defragmentation-at-work",
                              "another defragmentation of the same blocks has not ended");
    }
    *created = context;
    return VK_SUCCESS;
}

// ---- Ends of moves ----

// A reserved place, or an old one after the move, is given back.
static void free_place(VmaAllocator allocator, VmaAllocation place)
{
    struct VrRange *range = vr_allocation_range(place);
    if (range) {
        vr_allocation_free(allocator, range);
    }
}

static void ignore_move(VmaAllocator allocator, struct VrArena *arena, const VmaDefragmentationMove *move)
{
    vr_arena_lock(arena);
    struct VrRange *source = vr_allocation_range(move->srcAllocation);
    if (source) {
        vr_range_block(source)->moved_from = true;
    }
    vr_arena_unlock(arena);
    free_place(allocator, move->dstTmpAllocation);
}

static void destroy_move(VmaAllocator allocator, const VmaDefragmentationMove *move)
{
    struct VrRange *source = vr_allocation_range(move->srcAllocation);
    if (source) {
        vr_allocation_free(allocator, source);
    }
    free_place(allocator, move->dstTmpAllocation);
}

// A move that is being made, and the mappings that go with it.
struct Settlement {
    const VmaDefragmentationMove *move;
    uint32_t mapped_ahead; // references that the new block was given for vmaMapMemory calls on the source
    uint32_t source_maps;  // such calls when the two changed places
    bool made;
};

// The source's mappings at the new place. No lock is held: this may call the driver.
static void map_ahead(struct Settlement *settlement)
{
    const struct VrRange *source = vr_allocation_range(settlement->move->srcAllocation);
    const struct VrRange *place = vr_allocation_range(settlement->move->dstTmpAllocation);
    uint32_t maps = source && place ? atomic_load_explicit(&source->map_count, memory_order_relaxed) : 0;
    void *data;
    if (maps && vr_block_map(vr_range_block(place), maps, &data) == VK_SUCCESS) {
        settlement->mapped_ahead = maps;
    }
}

// Arena locked. Source and place change hands, unless the program freed one of the two meanwhile.
static void exchange(struct Settlement *settlement)
{
    struct VrRange *source = vr_allocation_range(settlement->move->srcAllocation);
    struct VrRange *place = vr_allocation_range(settlement->move->dstTmpAllocation);
    if (!source || !place) {
        return;
    }
    vr_ranges_swap(source, place);
    uint8_t at_old_place = source->kind & VR_MOVE_OF_PLACE;
    source->kind = (uint8_t)((source->kind & (VR_MOVE_OF_PLACE - 1)) | (place->kind & VR_MOVE_OF_PLACE));
    place->kind = (uint8_t)((place->kind & ~VR_MOVE_OF_PLACE) | at_old_place);
    settlement->source_maps = atomic_load_explicit(&source->map_count, memory_order_relaxed);
    settlement->made = true;
}

// The exchange is done: references to mappings follow. When the new block cannot be mapped, the allocation is
// no longer mapped; it has moved all the same, as the program's resource and its contents are at the new
// place.
static VkResult move_mappings(const struct Settlement *settlement, struct VrRange *source,
                              struct VrRange *place)
{
    struct VrBlock *new_block = vr_range_block(source);
    VkResult result = VK_SUCCESS;
    if (settlement->source_maps > settlement->mapped_ahead) {
        void *data;
        result = vr_block_map(new_block, settlement->source_maps - settlement->mapped_ahead, &data);
        if (result != VK_SUCCESS) {
            atomic_store_explicit(&source->map_count, (uint8_t)settlement->mapped_ahead,
                                  memory_order_relaxed);
        }
    } else if (settlement->mapped_ahead > settlement->source_maps) {
        vr_block_unmap(new_block, settlement->mapped_ahead - settlement->source_maps);
    }
    if (settlement->source_maps) {
        vr_block_unmap(vr_range_block(place), settlement->source_maps);
    }
    // The program may have mapped dstTmpAllocation and left it so: those references are on the new block.
    uint32_t place_maps = atomic_exchange_explicit(&place->map_count, 0, memory_order_relaxed);
    if (place_maps) {
        vr_block_unmap(new_block, place_maps);
    }
    return result;
}

static VkResult tidy_up(VmaDefragmentationContext context, const struct Settlement *settlement)
{
    struct VrRange *source = vr_allocation_range(settlement->move->srcAllocation);
    struct VrRange *place = vr_allocation_range(settlement->move->dstTmpAllocation);
    VkResult result = VK_SUCCESS;
    if (settlement->made) {
        result = move_mappings(settlement, source, place);
        context->stats.bytesMoved += vr_allocation_size(source);
        ++context->stats.allocationsMoved;
    } else if (place && settlement->mapped_ahead) {
        vr_block_unmap(vr_range_block(place), settlement->mapped_ahead);
    }
    free_place(context->allocator, settlement->move->dstTmpAllocation);
    return result;
}

static VR_COLD VkResult settle(VmaDefragmentationContext context, struct VrArena *arena,
                               struct Settlement *settlements, uint32_t count)
{
    for (uint32_t i = 0; i < count; ++i) {
        map_ahead(&settlements[i]);
    }
    vr_arena_lock(arena);
    for (uint32_t i = 0; i < count; ++i) {
        exchange(&settlements[i]);
    }
    vr_arena_unlock(arena);
    VkResult result = VK_SUCCESS;
    for (uint32_t i = 0; i < count; ++i) {
        VkResult tidied = tidy_up(context, &settlements[i]);
        result = result == VK_SUCCESS ? tidied : result;
    }
    return result;
}

static VR_COLD VkResult end_moves(VmaDefragmentationContext context, struct VrArena *arena, bool *changed)
{
    struct Settlement settlements[SETTLE_AT_ONCE];
    uint32_t count = 0;
    VkResult result = VK_SUCCESS;
    *changed = false;
    for (uint32_t i = 0; i < context->pass.count; ++i) {
        const VmaDefragmentationMove *move = &context->pass.moves[i];
        if (move->operation == VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY) {
            settlements[count++] = (struct Settlement){.move = move};
        } else if (move->operation == VMA_DEFRAGMENTATION_MOVE_OPERATION_DESTROY) {
            destroy_move(context->allocator, move);
        } else {
            ignore_move(context->allocator, arena, move);
        }
        *changed = *changed || move->operation == VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY ||
                   move->operation == VMA_DEFRAGMENTATION_MOVE_OPERATION_DESTROY;
        if (count == SETTLE_AT_ONCE || (count > 0 && i + 1 == context->pass.count)) {
            VkResult settled = settle(context, arena, settlements, count);
            result = result == VK_SUCCESS ? settled : result;
            count = 0;
        }
    }
    context->pass.count = 0;
    return result;
}

static void drop_moves(VmaDefragmentationContext context)
{
    for (uint32_t i = 0; i < context->pass.count; ++i) {
        free_place(context->allocator, context->pass.moves[i].dstTmpAllocation);
    }
    context->pass.count = 0;
}

// ---- A pass ----

static bool breaks_off(const VmaDefragmentationContext context)
{
    return context->info.pfnBreakCallback &&
           context->info.pfnBreakCallback(context->info.pBreakCallbackUserData);
}

static bool reserve_moves(VmaDefragmentationContext context)
{
    void *moves = context->pass.moves;
    bool done = vr_host_grow(&context->allocator->host, &moves, &context->pass.capacity,
                             (size_t)context->pass.count + SLICE_WORK, sizeof(VmaDefragmentationMove));
    context->pass.moves = moves;
    return done;
}

static bool is_vain(const VmaDefragmentationContext context, uint32_t work)
{
    return work >= VAIN_WORK && !(context->info.flags & VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT);
}

// Plans slice by slice, with no lock held in between.
static VkResult plan_pass(VmaDefragmentationContext context)
{
    struct VrMovePass *pass = &context->pass;
    uint32_t slice = context->info.pfnBreakCallback ? 1 : SLICE_WORK;
    uint32_t arena_begin = 0; // pass->work when the arena's turn came
    while (context->arena < context->arena_count && (pass->count == 0 || pass->work < PASS_WORK)) {
        if (!reserve_moves(context)) {
            return VK_ERROR_OUT_OF_HOST_MEMORY;
        }
        if (breaks_off(context)) {
            return VK_SUCCESS;
        }
        if (!context->planning) {
            begin_arena(context);
        }
        switch (vr_plan_step(&context->plan, pass, pass->work + slice)) {
        case VR_PLAN_MORE:
            if (pass->count > 0 || !is_vain(context, pass->work - arena_begin)) {
                break;
            }
            // fall through
        case VR_PLAN_DONE:
            end_arena(context);
            arena_begin = pass->work;
            break;
        case VR_PLAN_PASS_IS_FULL:
            return VK_SUCCESS;
        case VR_PLAN_NO_HOST_MEMORY:
            return VK_ERROR_OUT_OF_HOST_MEMORY;
        }
    }
    return VK_SUCCESS;
}

// What makes the new places allocations like their sources: mapped when those are, with the debug patterns.
static VkResult prepare_places(VmaDefragmentationContext context)
{
    VmaAllocator allocator = context->allocator;
    for (uint32_t i = 0; i < context->pass.count; ++i) {
        struct VrRange *place = vr_allocation_range(context->pass.moves[i].dstTmpAllocation);
        if (allocator->debug.patterns) {
            vr_corruption_on_create(allocator, place);
        }
        VkResult result =
            place->kind & VR_ALLOCATION_MAPPED ? vr_block_keep_mapped(vr_range_block(place)) : VK_SUCCESS;
        if (result != VK_SUCCESS) {
            return result;
        }
    }
    return VK_SUCCESS;
}

VR_COLD VkResult vr_move_begin_pass(VmaDefragmentationContext context, VmaDefragmentationPassMoveInfo *info)
{
    *info = (VmaDefragmentationPassMoveInfo){0, NULL};
    if (context->pass.count > 0) {
        vr_message(VR_SEVERITY_ERROR, "defragmentation-pass-open", VK_ERROR_VALIDATION_FAILED_EXT,
                   "vmaBeginDefragmentationPass: the last pass was not ended");
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    context->pass.bytes = 0;
    context->pass.max_bytes = context->info.maxBytesPerPass;
    context->pass.max_count = context->info.maxAllocationsPerPass;
    context->pass.skipped = 0;
    context->pass.work = 0;
    if (context->planning) {
        vr_plan_begin_pass(&context->plan);
    }
    VkResult result = plan_pass(context);
    if (result == VK_SUCCESS || context->pass.count > 0) {
        result = prepare_places(context);
    }
    if (result != VK_SUCCESS) {
        drop_moves(context);
        return result;
    }
    if (context->pass.count > 0) {
        *info = (VmaDefragmentationPassMoveInfo){context->pass.count, context->pass.moves};
        return VK_INCOMPLETE;
    }
    return VK_SUCCESS;
}

VkResult vr_move_end_pass(VmaDefragmentationContext context, VmaDefragmentationPassMoveInfo *info)
{
    bool changed = false;
    VkResult result = VK_SUCCESS;
    if (context->pass.count > 0) {
        struct VrArena *arena = context->arenas[context->arena];
        struct Holding before = holding_of(arena);
        result = end_moves(context, arena, &changed);
        free_empty_blocks(context, arena, before);
    }
    *info = (VmaDefragmentationPassMoveInfo){0, NULL};
    return result != VK_SUCCESS ? result : changed ? VK_INCOMPLETE : VK_SUCCESS;
}

VR_COLD void vr_move_end(VmaDefragmentationContext context, VmaDefragmentationStats *stats)
{
    VmaAllocator allocator = context->allocator;
    drop_moves(context);
    if (context->planning) {
        end_arena(context);
    }
    release_arenas(context);
    if (stats) {
        *stats = context->stats;
    }
    vr_host_free(&allocator->host, context->pass.moves);
    vr_host_free(&allocator->host, context);
}
