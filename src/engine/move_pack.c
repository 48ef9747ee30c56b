// SPDX-License-Identifier: MIT
// Packing: within a block, allocations go from its end into its lowest holes, so that its free space becomes
// one piece.
//
// Two fingers: one comes down from the block's last range, the other goes up from its first and keeps the
// holes it passed in a small window, lowest first. The window is made anew in each slice, as holes have no
// identity across slices; holes that were too small for everything so far are left behind, so that no slice
// looks at many ranges twice.
#include "engine/move_plan.h"
#include "engine/walk.h"

#include <string.h>

enum {
    WINDOW = 32,
    FARTHEST = 256,      // ranges that the window is made from again in the next slice, at most
    LONGEST_LOOK = 1024, // ranges looked at for holes in one slice, at most
    PACK_WORK = 3,       // a move, in ranges looked at
    MOST_MISSES = 64,    // allocations in a row that fit nowhere, after which a block counts as packed
    FULL_ENOUGH = 16,    // a block with less than this share free is left as it is
};

struct Window {
    struct VrRange *holes[WINDOW]; // lowest first
    uint32_t count;
    uint32_t looked_at;
    struct VrRange *next; // lowest range not looked at
};

static void drop_hole(struct Window *window, uint32_t place)
{
    --window->count;
    memmove(&window->holes[place], &window->holes[place + 1],
            (window->count - place) * sizeof(window->holes[0]));
}

// Adds a hole above those in the window; when it is full the smallest is left behind for good.
static void add_hole(struct VrMovePlan *plan, struct Window *window, struct VrRange *hole)
{
    if (window->count == WINDOW) {
        uint32_t smallest = 0;
        for (uint32_t i = 1; i < WINDOW; ++i) {
            if (window->holes[i]->size < window->holes[smallest]->size) {
                smallest = i;
            }
        }
        if (hole->size <= window->holes[smallest]->size) {
            plan->ignored_hole = vr_max64(plan->ignored_hole, hole->size);
            return;
        }
        plan->ignored_hole = vr_max64(plan->ignored_hole, window->holes[smallest]->size);
        drop_hole(window, smallest);
    }
    window->holes[window->count++] = hole;
}

static bool lies_below(const struct VrRange *range, const struct VrRange *source)
{
    return range && range->offset < source->offset;
}

static bool takes(const struct VrRange *hole, const struct VrRange *source)
{
    return lies_below(hole, source) && vr_range_fits(hole, source->size, 1ull << source->alignment_log2);
}

// The lowest hole below `source` that takes it, its place in the window in *place; NULL: none.
static struct VrRange *find_hole(struct VrMovePlan *plan, struct VrMovePass *pass, struct Window *window,
                                 const struct VrRange *source, uint32_t *place)
{
    for (uint32_t i = 0; i < window->count; ++i) {
        if (takes(window->holes[i], source)) {
            *place = i;
            return window->holes[i];
        }
    }
    while (lies_below(window->next, source) && window->looked_at < LONGEST_LOOK) {
        struct VrRange *range = window->next;
        window->next = range->next;
        ++window->looked_at;
        if (range->offset >= plan->looked_at) { // what was in an earlier window is still at hand
            plan->looked_at = range->offset + range->size;
            ++pass->work;
        }
        if (vr_range_state(range) == VR_RANGE_FREE && range->size > plan->ignored_hole) {
            add_hole(plan, window, range);
            if (takes(range, source)) {
                *place = window->count - 1;
                return range;
            }
        }
    }
    return NULL;
}

static void open_window(const struct VrMovePlan *plan, const struct VrBlock *block, struct Window *window)
{
    struct VrRange *low = vr_plan_recall(&plan->low);
    window->count = 0;
    window->looked_at = 0;
    window->next = low ? low->next : block->span.first;
}

// Where the next slice starts to look for holes: a range that is neither free nor one of this pass's new
// places.
static void close_window(struct VrMovePlan *plan, struct Window *window)
{
    bool far = window->looked_at > FARTHEST;
    struct VrRange *range = window->count > 0 && !far ? window->holes[0] : window->next;
    while (range && (vr_range_state(range) == VR_RANGE_FREE ||
                     (vr_walk_is_described(range) && (range->kind & VR_MOVE_DESTINATION)))) {
        range = range->prev;
    }
    vr_plan_remember(&plan->low, range);
}

static bool is_anchor(const struct VrRange *range)
{
    return vr_range_state(range) != VR_RANGE_FREE;
}

// VR_PLAN_DONE: the block is packed.
static enum VrPlanStep pack_from(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until,
                                 struct Window *window, struct VrRange *high)
{
    struct VrRanges *index = &plan->arena->central.ranges;
    for (; high; high = high->prev) {
        if (pass->work >= until && is_anchor(high)) {
            vr_plan_remember(&plan->high, high);
            return VR_PLAN_MORE;
        }
        ++pass->work;
        if (!vr_plan_is_movable(high)) {
            continue;
        }
        enum VrPlanRoom room = vr_plan_room(pass, vr_allocation_size(high));
        if (room == VR_PLAN_FULL || room == VR_PLAN_TOO_LARGE_NOW) {
            vr_plan_remember(&plan->high, high);
            return VR_PLAN_PASS_IS_FULL;
        }
        if (!vr_ranges_ready(index)) {
            plan->host_failed = true;
            return VR_PLAN_NO_HOST_MEMORY;
        }
        uint32_t place = 0;
        struct VrRange *hole = room == VR_PLAN_ROOM ? find_hole(plan, pass, window, high, &place) : NULL;
        if (!hole) {
            bool looked_everywhere = !lies_below(window->next, high);
            if (!looked_everywhere && room == VR_PLAN_ROOM) {
                vr_plan_remember(&plan->high, high);
                return VR_PLAN_MORE;
            }
            bool fingers_met =
                looked_everywhere && (window->count == 0 || !lies_below(window->holes[0], high));
            if (fingers_met || ++plan->misses >= MOST_MISSES) {
                return VR_PLAN_DONE;
            }
            continue;
        }
        plan->misses = 0;
        pass->work += PACK_WORK;
        struct VrRange *destination =
            vr_ranges_take_from(index, hole, high->size, 1ull << high->alignment_log2);
        if (destination == hole || hole->size <= plan->ignored_hole) {
            drop_hole(window, place);
        }
        vr_plan_add_move(plan, pass, high, destination);
    }
    return VR_PLAN_DONE;
}

static enum VrPlanStep pack_block(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until,
                                  struct VrBlock *block)
{
    struct VrRange *high = vr_plan_recall(&plan->high);
    if (!high && plan->high.range && pass->count > 0) {
        return VR_PLAN_PASS_IS_FULL; // the place is lost, and allocations above it are in the pass already
    }
    struct Window window;
    open_window(plan, block, &window);
    enum VrPlanStep step = pack_from(plan, pass, until, &window, high ? high : block->span.last);
    close_window(plan, &window);
    return step;
}

static void begin_block(struct VrMovePlan *plan)
{
    vr_plan_remember(&plan->low, NULL);
    vr_plan_remember(&plan->high, NULL);
    plan->ignored_hole = 0;
    plan->looked_at = 0;
    plan->misses = 0;
}

enum VrPlanStep vr_plan_pack(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until)
{
    for (; plan->packed < plan->block_count; ++plan->packed, begin_block(plan)) {
        if (pass->work >= until) {
            return VR_PLAN_MORE;
        }
        ++pass->work;
        struct VrBlock *block = plan->blocks[plan->packed].block;
        if (!block || block->moved_from || vr_span_is_empty(&block->span) ||
            block->span.free < block->span.size / FULL_ENOUGH) {
            continue;
        }
        enum VrPlanStep step = pack_block(plan, pass, until, block);
        if (step != VR_PLAN_DONE) {
            return step;
        }
    }
    return VR_PLAN_DONE;
}
