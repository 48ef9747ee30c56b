// SPDX-License-Identifier: MIT
// Move plan: which blocks are emptied, and the moves that do it. Packing is in move_pack.c.
#include "engine/move_plan.h"

#include <string.h>

enum {
    HIDE_WORK = 2048,   // of a pass, before moves have their turn
    PLACE_WORK = 3,     // finding a place, in ranges looked at
    TRIAL_RANGES = 512, // larger victims have no trial: it would hold the locks for too long, and many small ranges fit somewhere
    SKIPS_IN_A_ROW = 16,
    MOST_ROUNDS = 8,
};

#define FAST_FILL 0.5 // VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT empties blocks that are at most so full

// ---- What the pass and both ways of planning share ----

bool vr_plan_is_movable(const struct VrRange *range)
{
    // Until it is no longer fresh, the thread that allocates writes to the rest of the record.
    return vr_range_state(range) == VR_RANGE_USED &&
           atomic_load_explicit(&range->map_count, memory_order_acquire) != VR_RANGE_FRESH &&
           !(range->kind & VR_MOVE_DESTINATION);
}

enum VrPlanRoom vr_plan_room(struct VrMovePass *pass, uint64_t size)
{
    if (pass->max_count && pass->count >= pass->max_count) {
        return VR_PLAN_FULL;
    }
    if (pass->max_bytes && size > pass->max_bytes) {
        return VR_PLAN_TOO_LARGE;
    }
    if (pass->max_bytes && size > pass->max_bytes - pass->bytes) {
        return ++pass->skipped < SKIPS_IN_A_ROW ? VR_PLAN_TOO_LARGE_NOW : VR_PLAN_FULL;
    }
    pass->skipped = 0;
    return VR_PLAN_ROOM;
}

void vr_plan_add_move(struct VrMovePlan *plan, struct VrMovePass *pass, struct VrRange *source, struct VrRange *destination)
{
    assert(pass->count < pass->capacity && source->size == destination->size);
    destination->user_data = NULL;
    destination->extra = NULL;
    destination->tag = source->tag;
    destination->kind = (uint8_t)((source->kind & (VR_MOVE_OF_PLACE - 1)) | VR_MOVE_DESTINATION);
    destination->alignment_log2 = source->alignment_log2;
    atomic_store_explicit(&destination->map_count, 0, memory_order_relaxed);
    pass->moves[pass->count++] = (VmaDefragmentationMove){
        .operation = VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY,
        .srcAllocation = vr_allocation_handle(source),
        .dstTmpAllocation = vr_allocation_handle(destination),
    };
    pass->bytes += vr_allocation_size(source);
    ++plan->planned;
}

void vr_plan_remember(struct VrPlanCursor *cursor, struct VrRange *range)
{
    cursor->range = range;
    cursor->mark = range ? vr_range_mark(range) : 0;
}

struct VrRange *vr_plan_recall(const struct VrPlanCursor *cursor)
{
    return cursor->range && vr_range_mark(cursor->range) == cursor->mark ? cursor->range : NULL;
}

// ---- Blocks with what lies inside of divided ranges ----

// Calls `visit` for each span inside of a block. Arena locked.
static void visit_inside(const struct VrBlock *block, void (*visit)(struct VrSpan *inside, void *context), void *context)
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

static bool grow_array(struct VrMovePlan *plan, void **array, size_t *capacity, size_t wanted, size_t element_size)
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

static struct VrPlanBlock *by_fill(const struct VrMovePlan *plan, size_t place)
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
                  (plan->algorithm & (VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT | VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT));
    uint64_t kept = arena->info.min_block_count + empty;
    size_t most = plan->block_count > kept ? plan->block_count - (size_t)kept : 0;
    for (size_t i = empty; i < plan->block_count && plan->victim_count < most; ++i) {
        const struct VrPlanBlock *block = by_fill(plan, i);
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

static bool survey(struct VrMovePlan *plan)
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

// Arena locked. Blocks may have gone since the last slice.
static void find_blocks_again(struct VrMovePlan *plan)
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

static bool is_hidden(const struct VrPlanBlock *entry) { return entry->block && entry->block->span.hidden; }

static void hide_next(struct VrMovePlan *plan, struct VrMovePass *pass)
{
    struct VrBlock *block = by_fill(plan, plan->hidden_count++)->block;
    if (block && !block->moved_from && !vr_span_is_empty(&block->span)) {
        vr_ranges_hide(&plan->arena->central.ranges, &block->span);
        pass->work += block->span.used_count;
        visit_inside(block, hide_inside, &pass->work);
    }
    ++pass->work;
}

static void show(struct VrMovePlan *plan, struct VrPlanBlock *entry)
{
    if (is_hidden(entry)) {
        vr_ranges_show(&plan->arena->central.ranges, &entry->block->span);
    }
    if (entry->block) {
        visit_inside(entry->block, show_inside, NULL);
    }
}

static void give_up(struct VrMovePlan *plan, struct VrPlanBlock *entry)
{
    entry->given_up = true;
    show(plan, entry);
}

// Makes the fullest victim that is not at work a place for others. False: there is none.
static bool revive_fullest(struct VrMovePlan *plan)
{
    while (plan->victim_count > plan->victim + 1) {
        --plan->victim_count;
        if (plan->hidden_count > plan->victim_count) {
            plan->hidden_count = plan->victim_count;
            struct VrPlanBlock *entry = by_fill(plan, plan->victim_count);
            if (is_hidden(entry)) {
                show(plan, entry);
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

// ---- Emptying ----

// A place in a block that stays and is not empty: using an empty one would gain nothing.
static struct VrRange *take_visible(struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    static const enum VrStrategy strategies[] = {VR_STRATEGY_BALANCED, VR_STRATEGY_MIN_MEMORY};
    for (size_t i = 0; i < sizeof(strategies) / sizeof(strategies[0]); ++i) {
        struct VrRange *range = vr_ranges_take(index, size, alignment, strategies[i]);
        if (range && range->span->used_count > 1) {
            return range;
        }
        if (range) {
            vr_ranges_give(index, range);
        }
    }
    return NULL;
}

// In the central index, or in what lanes hold: the arena's locks cover both.
static struct VrRange *take_anywhere(struct VrArena *arena, uint64_t size, uint64_t alignment)
{
    struct VrRange *range = take_visible(&arena->central.ranges, size, alignment);
    for (uint32_t i = 0; !range && i < VR_LANE_COUNT; ++i) {
        if (arena->locked_lanes[i]) {
            range = take_visible(&arena->locked_lanes[i]->ranges, size, alignment);
        }
    }
    return range;
}

static struct VrRange *find_place(struct VrMovePlan *plan, struct VrMovePass *pass, const struct VrRange *source)
{
    for (;;) {
        pass->work += PLACE_WORK;
        if (!vr_ranges_ready(&plan->arena->central.ranges)) {
            plan->host_failed = true;
            return NULL;
        }
        struct VrRange *place = take_anywhere(plan->arena, source->size, 1ull << source->alignment_log2);
        if (place || !revive_fullest(plan)) {
            return place;
        }
    }
}

// Places all allocations of a victim and takes that back: nothing is moved out of a block that cannot be emptied.
static bool try_out(struct VrMovePlan *plan, struct VrMovePass *pass, const struct VrBlock *block)
{
    struct VrRange *placed = NULL;
    bool all = true;
    for (struct VrRange *range = vr_block_first_range(block); range && all; range = vr_block_next_range(range)) {
        ++pass->work;
        if (!vr_plan_is_movable(range)) {
            continue;
        }
        bool too_large = pass->max_bytes && vr_allocation_size(range) > pass->max_bytes;
        struct VrRange *place = too_large ? NULL : find_place(plan, pass, range);
        all = place != NULL;
        if (place) {
            place->user_data = placed;
            placed = place;
        }
    }
    while (placed) {
        struct VrRange *next = placed->user_data;
        vr_ranges_give(placed->span->index, placed);
        placed = next;
    }
    return all;
}

// The next range from `range` on that can be found again after the locks were dropped.
static struct VrRange *next_used(struct VrRange *range)
{
    while (range && vr_range_state(range) != VR_RANGE_USED) {
        range = vr_block_next_range(range);
    }
    return range;
}

// VR_PLAN_DONE: the end of the block was reached, or the block was given up.
static enum VrPlanStep empty_block(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until, struct VrPlanBlock *victim)
{
    struct VrRange *range = vr_plan_recall(&plan->cursor);
    if (!range) {
        if (plan->cursor.range && pass->count > 0) {
            return VR_PLAN_PASS_IS_FULL; // the place is lost, and some of the block's allocations are in the pass already
        }
        range = vr_block_first_range(victim->block);
    }
    for (; range; range = vr_block_next_range(range)) {
        if (pass->work >= until) {
            vr_plan_remember(&plan->cursor, next_used(range));
            return plan->cursor.range ? VR_PLAN_MORE : VR_PLAN_DONE;
        }
        ++pass->work;
        if (!vr_plan_is_movable(range)) {
            continue;
        }
        enum VrPlanRoom room = vr_plan_room(pass, vr_allocation_size(range));
        if (room == VR_PLAN_FULL) {
            return VR_PLAN_PASS_IS_FULL;
        }
        if (room == VR_PLAN_TOO_LARGE_NOW) {
            continue; // in a later pass
        }
        struct VrRange *place = room == VR_PLAN_ROOM ? find_place(plan, pass, range) : NULL;
        if (!place) {
            if (plan->host_failed) {
                return VR_PLAN_NO_HOST_MEMORY;
            }
            give_up(plan, victim);
            return VR_PLAN_DONE;
        }
        vr_plan_add_move(plan, pass, range, place);
    }
    return VR_PLAN_DONE;
}

// False: nothing is to be done with the victim any more.
static bool is_worth_emptying(struct VrMovePlan *plan, struct VrMovePass *pass, struct VrPlanBlock *victim)
{
    if (victim->block && victim->block->moved_from) {
        give_up(plan, victim);
    }
    if (victim->given_up || !is_hidden(victim)) { // empty by now, released to an allocation, or gone
        return false;
    }
    if (!victim->tried && victim->block->span.used_count <= TRIAL_RANGES && !try_out(plan, pass, victim->block)) {
        if (!plan->host_failed) {
            give_up(plan, victim);
        }
        return false;
    }
    victim->tried = true;
    return true;
}

static enum VrPlanStep empty_victims(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until)
{
    for (; plan->victim < plan->victim_count; ++plan->victim, vr_plan_remember(&plan->cursor, NULL)) {
        if (pass->work >= until) {
            return VR_PLAN_MORE;
        }
        if (plan->victim == plan->hidden_count) {
            hide_next(plan, pass);
        }
        struct VrPlanBlock *victim = by_fill(plan, plan->victim);
        if (!is_worth_emptying(plan, pass, victim)) {
            if (plan->host_failed) {
                return VR_PLAN_NO_HOST_MEMORY;
            }
            plan->first_victim += plan->first_victim == plan->victim;
            continue;
        }
        enum VrPlanStep step = empty_block(plan, pass, until, victim);
        if (step != VR_PLAN_DONE) {
            return step;
        }
    }
    return VR_PLAN_DONE;
}

// ---- Steps ----

void vr_plan_init(struct VrMovePlan *plan, struct VrArena *arena, VmaDefragmentationFlags algorithm)
{
    memset(plan, 0, sizeof(*plan));
    plan->arena = arena;
    plan->algorithm = algorithm;
}

void vr_plan_begin_pass(struct VrMovePlan *plan)
{
    plan->victim = plan->first_victim;
    plan->host_failed = false;
    vr_plan_remember(&plan->cursor, NULL);
}

static void show_all(struct VrMovePlan *plan)
{
    for (; plan->hidden_count > 0; --plan->hidden_count) {
        show(plan, by_fill(plan, plan->hidden_count - 1));
    }
    plan->victim_count = 0;
}

static enum VrPlanStep end_round(struct VrMovePlan *plan)
{
    bool again = (plan->algorithm & VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT) && plan->planned > 0 &&
                 plan->round < MOST_ROUNDS;
    ++plan->round;
    plan->phase = again ? VR_PLAN_SURVEY : VR_PLAN_FINISHED;
    return again ? VR_PLAN_MORE : VR_PLAN_DONE;
}

// Arena locked. The next phase begins in a pass of its own: what has moved until then counts.
static enum VrPlanStep step_locked(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until)
{
    if (plan->phase == VR_PLAN_HIDE) {
        while (plan->hidden_count < plan->victim_count && pass->work < until && pass->work < HIDE_WORK) {
            hide_next(plan, pass);
        }
        if (plan->hidden_count < plan->victim_count && pass->work < HIDE_WORK) {
            return VR_PLAN_MORE;
        }
        plan->phase = plan->hidden_count < plan->victim_count ? VR_PLAN_HIDE : VR_PLAN_DRAIN;
    }
    enum VrPlanStep step = VR_PLAN_DONE;
    if (plan->phase != VR_PLAN_PACK) {
        step = empty_victims(plan, pass, until);
        if (step != VR_PLAN_DONE || pass->count > 0) {
            return step == VR_PLAN_DONE ? VR_PLAN_PASS_IS_FULL : step;
        }
        show_all(plan);
        plan->phase = VR_PLAN_PACK;
    }
    if (plan->packs) {
        step = vr_plan_pack(plan, pass, until);
        if (step != VR_PLAN_DONE || pass->count > 0) {
            return step == VR_PLAN_DONE ? VR_PLAN_PASS_IS_FULL : step;
        }
    }
    return end_round(plan);
}

enum VrPlanStep vr_plan_step(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until)
{
    if (plan->phase == VR_PLAN_SURVEY && !survey(plan)) {
        return VR_PLAN_NO_HOST_MEMORY;
    }
    if (plan->phase == VR_PLAN_FINISHED) {
        return VR_PLAN_DONE;
    }
    vr_arena_lock(plan->arena);
    find_blocks_again(plan);
    enum VrPlanStep step = step_locked(plan, pass, until);
    vr_arena_unlock(plan->arena);
    return step;
}

void vr_plan_finish(struct VrMovePlan *plan)
{
    while (plan->hidden_count > 0) {
        vr_arena_lock(plan->arena);
        find_blocks_again(plan);
        show(plan, by_fill(plan, --plan->hidden_count));
        vr_arena_unlock(plan->arena);
    }
    vr_host_free(&plan->arena->allocator->host, plan->blocks);
    vr_host_free(&plan->arena->allocator->host, plan->order);
    memset(plan, 0, sizeof(*plan));
}
