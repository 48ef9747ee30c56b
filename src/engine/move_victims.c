// SPDX-License-Identifier: MIT
// Move plan: the blocks of an arena, which of them are victims, and how those are hidden and shown.
#include "engine/move_plan.h"

#include <string.h>

#define FAST_FILL 0.5 // VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT empties blocks that are at most so full

// ---- What lies inside of divided ranges ----

// Calls `visit` for each span inside of a block. Arena locked.
static void visit_inside(const struct VrBlock *block, void (*visit)(struct VrSpan *inside, void *context),
                         void *context)
{
    uint32_t left = block->span.divided_count;
    for (struct VrRange *range = block->span.first; range && left; range = range->next) {
        if (vr_range_state(range) == VR_RANGE_DIVIDED) {
            visit(range->extra, context);
            --left;
        }
    }
}

static void add_free(struct VrSpan *inside, void *context)
{
    uint64_t *free = context;
    *free += inside->index ? inside->free : 0;
}

static void hide_inside(struct VrSpan *inside, void *context)
{
    uint32_t *work = context;
    if (inside->index && !inside->hidden && !vr_span_is_empty(inside)) {
        vr_ranges_hide(inside->index, inside);
        *work += inside->used_count;
    }
}

static void show_inside(struct VrSpan *inside, void *context)
{
    (void)context;
    if (inside->index && inside->hidden) {
        vr_ranges_show(inside->index, inside);
    }
}

// ---- Survey ----

static bool grow_array(struct VrMovePlan *plan, void **array, size_t *capacity, size_t wanted,
                       size_t element_size)
{
    if (vr_host_grow(&plan->arena->allocator->host, array, capacity, wanted, element_size)) {
        return true;
    }
    plan->host_failed = true;
    return false;
}

static bool make_room(struct VrMovePlan *plan, size_t block_count)
{
    void *blocks = plan->blocks, *order = plan->order;
    bool done = grow_array(plan, &blocks, &plan->blocks_capacity, block_count, sizeof(*plan->blocks)) &&
                grow_array(plan, &order, &plan->order_capacity, block_count, sizeof(*plan->order));
    plan->blocks = blocks;
    plan->order = order;
    return done;
}

// Arena locked.
static void list_blocks(struct VrMovePlan *plan)
{
    struct VrArena *arena = plan->arena;
    plan->block_count = 0;
    for (struct VrBlock *block = arena->blocks; block; block = block->next) {
        if (plan->round == 0) {
            block->moved_from = false;
        }
        uint64_t free = block->span.free;
        visit_inside(block, add_free, &free);
        plan->blocks[plan->block_count++] = (struct VrPlanBlock){
            .block = block,
            .size = block->span.size,
            .live = block->span.size - free,
            .id = block->id,
            .given_up = block->moved_from,
        };
    }
    plan->removed_seen = arena->central.ranges.removed_count;
}

static void sift_down(uint64_t *heap, size_t root, size_t count)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && heap[child] < heap[child + 1]) {
            ++child;
        }
        if (heap[root] >= heap[child]) {
            return;
        }
        uint64_t t = heap[root];
        heap[root] = heap[child];
        heap[child] = t;
    }
}

// Heap sort: qsort may take memory behind the back of the caller's allocation callbacks.
static void sort(uint64_t *values, size_t count)
{
    for (size_t i = count / 2; i > 0; --i) {
        sift_down(values, i - 1, count);
    }
    for (size_t i = count; i > 1; --i) {
        uint64_t t = values[0];
        values[0] = values[i - 1];
        values[i - 1] = t;
        sift_down(values, 0, i - 1);
    }
}

// Emptiest first, the newest of equals first.
static void sort_by_fill(struct VrMovePlan *plan)
{
    for (size_t i = 0; i < plan->block_count; ++i) {
        double fill = (double)plan->blocks[i].live / (double)plan->blocks[i].size;
        plan->order[i] = (uint64_t)(fill * UINT32_MAX) << 32 | (UINT32_MAX - (uint32_t)i);
    }
    sort(plan->order, plan->block_count);
}

struct VrPlanBlock *vr_plan_by_fill(const struct VrMovePlan *plan, size_t place)
{
    return &plan->blocks[UINT32_MAX - (uint32_t)plan->order[place]];
}

static void choose_victims(struct VrMovePlan *plan)
{
    const struct VrArena *arena = plan->arena;
    uint64_t room = 0, moved = 0; // free bytes outside of the victims, live bytes in them
    size_t empty = 0;
    for (size_t i = 0; i < plan->block_count; ++i) {
        bool is_empty = plan->blocks[i].live == 0;
        empty += is_empty;
        room += is_empty ? 0 : plan->blocks[i].size - plan->blocks[i].live;
    }
    plan->packs = plan->block_count - empty == 1 ||
                  (plan->algorithm & (VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT |
                                      VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT));
    uint64_t kept = arena->info.min_block_count + empty;
    size_t most = plan->block_count > kept ? plan->block_count - (size_t)kept : 0;
    for (size_t i = empty; i < plan->block_count && plan->victim_count < most; ++i) {
        const struct VrPlanBlock *block = vr_plan_by_fill(plan, i);
        uint64_t free = block->size - block->live;
        bool too_full = (plan->algorithm & VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT) &&
                        (double)block->live > FAST_FILL * (double)block->size;
        if (!block->given_up && !too_full && free <= room && moved + block->live <= room - free) {
            uint64_t place = plan->order[i];
            // The others keep their order; that of blocks that stay does not matter.
            memmove(&plan->order[plan->victim_count + 1], &plan->order[plan->victim_count],
                    (i - plan->victim_count) * sizeof(*plan->order));
            plan->order[plan->victim_count++] = place;
            room -= free;
            moved += block->live;
        }
    }
}

VR_COLD bool vr_plan_survey(struct VrMovePlan *plan)
{
    struct VrArena *arena = plan->arena;
    for (;;) {
        size_t block_count = atomic_load_explicit(&arena->block_count, memory_order_relaxed);
        if (!make_room(plan, block_count)) {
            return false;
        }
        vr_arena_lock(arena);
        bool fits = atomic_load_explicit(&arena->block_count, memory_order_relaxed) <= block_count;
        if (fits) {
            list_blocks(plan);
        }
        vr_arena_unlock(arena);
        if (fits) {
            break;
        }
    }
    plan->victim_count = 0;
    plan->hidden_count = 0;
    plan->first_victim = 0;
    plan->victim = 0;
    plan->planned = 0;
    plan->packed = 0;
    sort_by_fill(plan);
    choose_victims(plan);
    plan->phase = VR_PLAN_HIDE;
    return true;
}

VR_COLD void vr_plan_find_blocks_again(struct VrMovePlan *plan)
{
    uint32_t removed = plan->arena->central.ranges.removed_count;
    if (removed == plan->removed_seen) {
        return;
    }
    plan->removed_seen = removed;
    struct VrBlock *block = plan->arena->blocks;
    for (size_t i = 0; i < plan->block_count; ++i) {
        while (block && block->id < plan->blocks[i].id) {
            block = block->next;
        }
        plan->blocks[i].block = block && block->id == plan->blocks[i].id ? block : NULL;
    }
}

// ---- Hidden blocks ----

bool vr_plan_is_hidden(const struct VrPlanBlock *entry)
{
    return entry->block && entry->block->span.hidden;
}

void vr_plan_hide_next(struct VrMovePlan *plan, struct VrMovePass *pass)
{
    struct VrBlock *block = vr_plan_by_fill(plan, plan->hidden_count++)->block;
    if (block && !block->moved_from && !vr_span_is_empty(&block->span)) {
        vr_ranges_hide(&plan->arena->central.ranges, &block->span);
        pass->work += block->span.used_count;
        visit_inside(block, hide_inside, &pass->work);
    }
    ++pass->work;
}

void vr_plan_show(struct VrMovePlan *plan, struct VrPlanBlock *entry)
{
    if (vr_plan_is_hidden(entry)) {
        vr_ranges_show(&plan->arena->central.ranges, &entry->block->span);
    }
    if (entry->block) {
        visit_inside(entry->block, show_inside, NULL);
    }
}

void vr_plan_give_up(struct VrMovePlan *plan, struct VrPlanBlock *entry)
{
    entry->given_up = true;
    vr_plan_show(plan, entry);
}

bool vr_plan_revive_fullest(struct VrMovePlan *plan)
{
    while (plan->victim_count > plan->victim + 1) {
        --plan->victim_count;
        if (plan->hidden_count > plan->victim_count) {
            plan->hidden_count = plan->victim_count;
            struct VrPlanBlock *entry = vr_plan_by_fill(plan, plan->victim_count);
            if (vr_plan_is_hidden(entry)) {
                vr_plan_show(plan, entry);
                return true;
            }
        }
    }
    return false;
}

bool vr_move_release_victim(struct VrArena *arena, uint64_t size)
{
    struct VrBlock *best = NULL;
    for (struct VrBlock *block = arena->blocks; block; block = block->next) {
        if (block->span.hidden && block->span.free >= size && (!best || block->span.free < best->span.free)) {
            best = block;
        }
    }
    if (best) {
        vr_ranges_show(&arena->central.ranges, &best->span);
    }
    return best != NULL;
}
