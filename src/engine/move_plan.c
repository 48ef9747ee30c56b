// SPDX-License-Identifier: MIT
// Move plan: the moves that empty the victims, and what comes after what. The victims themselves are in
// move_victims.c, packing in move_pack.c.
#include "engine/move_plan.h"

#include <string.h>

enum {
    HIDE_WORK = 1024,   // of a pass, before moves have their turn
    PLACE_WORK = 3,     // finding a place, in ranges looked at
    TRIAL_RANGES = 512, // victims of more have no trial: it would hold the locks for too long, and what is
                        // small fits somewhere
    SKIPS_IN_A_ROW = 16,
    MOST_ROUNDS = 8,
};

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

void vr_plan_add_move(struct VrMovePlan *plan, struct VrMovePass *pass, struct VrRange *source,
                      struct VrRange *destination)
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

static struct VrRange *find_place(struct VrMovePlan *plan, struct VrMovePass *pass,
                                  const struct VrRange *source)
{
    for (;;) {
        pass->work += PLACE_WORK;
        if (!vr_ranges_ready(&plan->arena->central.ranges)) {
            plan->host_failed = true;
            return NULL;
        }
        struct VrRange *place = take_anywhere(plan->arena, source->size, 1ull << source->alignment_log2);
        if (place || !vr_plan_revive_fullest(plan)) {
            return place;
        }
    }
}

// Places all allocations of a victim and takes that back: nothing is moved out of a block that cannot be
// emptied.
static bool try_out(struct VrMovePlan *plan, struct VrMovePass *pass, const struct VrBlock *block)
{
    struct VrRange *placed = NULL;
    bool all = true;
    for (struct VrRange *range = vr_block_first_range(block); range && all;
         range = vr_block_next_range(range)) {
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
static struct VrRange *next_used_in_block(struct VrRange *range)
{
    while (range && vr_range_state(range) != VR_RANGE_USED) {
        range = vr_block_next_range(range);
    }
    return range;
}

// VR_PLAN_DONE: the end of the block was reached, or the block was given up.
static enum VrPlanStep empty_block(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until,
                                   struct VrPlanBlock *victim)
{
    struct VrRange *range = vr_plan_recall(&plan->cursor);
    if (!range) {
        if (plan->cursor.range && pass->count > 0) {
            return VR_PLAN_PASS_IS_FULL; // the place is lost, and some of the block's allocations are in the
                                         // pass already
        }
        range = vr_block_first_range(victim->block);
    }
    for (; range; range = vr_block_next_range(range)) {
        if (pass->work >= until) {
            vr_plan_remember(&plan->cursor, next_used_in_block(range));
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
        __builtin_prefetch(range->next); // comes from memory while a place is sought
        struct VrRange *place = room == VR_PLAN_ROOM ? find_place(plan, pass, range) : NULL;
        if (!place) {
            if (plan->host_failed) {
                return VR_PLAN_NO_HOST_MEMORY;
            }
            vr_plan_give_up(plan, victim);
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
        vr_plan_give_up(plan, victim);
    }
    if (victim->given_up || !vr_plan_is_hidden(victim)) { // empty by now, released to an allocation, or gone
        return false;
    }
    if (!victim->tried && victim->block->span.used_count <= TRIAL_RANGES &&
        !try_out(plan, pass, victim->block)) {
        if (!plan->host_failed) {
            vr_plan_give_up(plan, victim);
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
            vr_plan_hide_next(plan, pass);
        }
        struct VrPlanBlock *victim = vr_plan_by_fill(plan, plan->victim);
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
        vr_plan_show(plan, vr_plan_by_fill(plan, plan->hidden_count - 1));
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
            vr_plan_hide_next(plan, pass);
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
    if (plan->phase == VR_PLAN_SURVEY && !vr_plan_survey(plan)) {
        return VR_PLAN_NO_HOST_MEMORY;
    }
    if (plan->phase == VR_PLAN_FINISHED) {
        return VR_PLAN_DONE;
    }
    vr_arena_lock(plan->arena);
    vr_plan_find_blocks_again(plan);
    enum VrPlanStep step = step_locked(plan, pass, until);
    vr_arena_unlock(plan->arena);
    return step;
}

VR_COLD void vr_plan_finish(struct VrMovePlan *plan)
{
    while (plan->hidden_count > 0) {
        vr_arena_lock(plan->arena);
        vr_plan_find_blocks_again(plan);
        vr_plan_show(plan, vr_plan_by_fill(plan, --plan->hidden_count));
        vr_arena_unlock(plan->arena);
    }
    vr_host_free(&plan->arena->allocator->host, plan->blocks);
    vr_host_free(&plan->arena->allocator->host, plan->order);
    memset(plan, 0, sizeof(*plan));
}
