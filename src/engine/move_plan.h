// SPDX-License-Identifier: MIT
// Move plan: which allocations of one arena move, and where to.
//
// Memory comes back in whole blocks only. So the plan starts with the end: of the blocks sorted by fill, as
// many from the emptiest on as fit with their live bytes into the free space of the rest are the *victims*.
// They are hidden from every search together; then one after another is emptied into whatever is visible.
// Nothing is moved twice, nothing is moved into what will go, and new allocations keep away too. Before the
// first move of a victim all its allocations are placed on trial. When one finds no place, the fullest victim
// is given up for a destination until it does; when none is left, the victim at hand is given up, before
// anything moved. *Packing* works within a block: from its end downwards, each allocation goes into the
// lowest hole that takes it.
//
// Work is done in slices under the arena's locks. Between slices anything may happen: what the plan remembers
// is checked by the generation of a record and by the index's count of removed spans.
#ifndef VR_ENGINE_MOVE_PLAN_H
#define VR_ENGINE_MOVE_PLAN_H

#include "engine/move.h"

// The moves of a pass as they are planned.
struct VrMovePass {
    VmaDefragmentationMove *moves;
    size_t capacity;
    uint32_t count;
    uint32_t max_count;
    uint64_t bytes;
    uint64_t max_bytes;
    uint32_t skipped; // allocations in a row that were too large for the rest of the pass
    uint32_t work;    // ranges looked at, more for what costs more
};

struct VrPlanBlock {
    struct VrBlock *block; // NULL: gone
    uint64_t size;
    uint64_t live;
    uint32_t id;
    bool tried;    // as a victim: every allocation found a place
    bool given_up; // cannot be emptied, or its allocations must stay
};

// A range that is not free, and how to tell later that it is the same one.
struct VrPlanCursor {
    struct VrRange *range;
    uint8_t mark;
};

enum VrPlanPhase { VR_PLAN_SURVEY, VR_PLAN_HIDE, VR_PLAN_DRAIN, VR_PLAN_PACK, VR_PLAN_FINISHED };

struct VrMovePlan {
    struct VrArena *arena;
    VmaDefragmentationFlags algorithm;
    enum VrPlanPhase phase;
    bool host_failed;
    uint32_t round;
    uint32_t planned; // moves in this round
    uint32_t removed_seen;

    struct VrPlanBlock *blocks; // ascending id, as in the arena's list
    uint64_t *order;            // fill in the high half, index into blocks in the low one: emptiest first
    size_t block_count;
    size_t blocks_capacity;
    size_t order_capacity;

    size_t victim_count; // first so many of `order`
    size_t hidden_count; // victims that were hidden so far
    size_t first_victim; // those before it are done with
    size_t victim;       // at work in this pass
    struct VrPlanCursor cursor;

    bool packs;
    size_t packed;            // block at work
    struct VrPlanCursor low;  // packing: holes below it are given up
    struct VrPlanCursor high; // packing: next to be moved down
    uint64_t ignored_hole;    // packing: holes up to this size are given up
    uint64_t looked_at;       // packing: holes below this offset were found before
    uint32_t misses;          // packing: allocations in a row that found no hole
};

enum VrPlanStep {
    VR_PLAN_MORE, // the slice is over, there may be more to do
    VR_PLAN_PASS_IS_FULL,
    VR_PLAN_DONE, // nothing more in this arena
    VR_PLAN_NO_HOST_MEMORY,
};

void vr_plan_init(struct VrMovePlan *plan, struct VrArena *arena, VmaDefragmentationFlags algorithm);
void vr_plan_begin_pass(struct VrMovePlan *plan);
// One slice: until pass->work reaches `until`. The pass has room for as many moves as that can give. Takes
// the arena's locks.
enum VrPlanStep vr_plan_step(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until);
// Shows what is hidden and frees the plan's memory.
void vr_plan_finish(struct VrMovePlan *plan);

// ---- Between the files of the plan ----

// Lists the blocks and chooses the victims; takes the locks itself. False: host memory ran out. In all that
// follows the arena is locked.
bool vr_plan_survey(struct VrMovePlan *plan);
// Blocks may have gone since the last slice.
void vr_plan_find_blocks_again(struct VrMovePlan *plan);
struct VrPlanBlock *vr_plan_by_fill(const struct VrMovePlan *plan, size_t place);

bool vr_plan_is_hidden(const struct VrPlanBlock *entry);
void vr_plan_hide_next(struct VrMovePlan *plan, struct VrMovePass *pass);
void vr_plan_show(struct VrMovePlan *plan, struct VrPlanBlock *entry);
// The block's allocations stay where they are.
void vr_plan_give_up(struct VrMovePlan *plan, struct VrPlanBlock *entry);
// Makes the fullest victim that is not at work a place for others. False: there is none.
bool vr_plan_revive_fullest(struct VrMovePlan *plan);

bool vr_plan_is_movable(const struct VrRange *range);

enum VrPlanRoom { VR_PLAN_ROOM, VR_PLAN_TOO_LARGE_NOW, VR_PLAN_TOO_LARGE, VR_PLAN_FULL };
// May an allocation of this size still go into the pass?
enum VrPlanRoom vr_plan_room(struct VrMovePass *pass, uint64_t size);
void vr_plan_add_move(struct VrMovePlan *plan, struct VrMovePass *pass, struct VrRange *source,
                      struct VrRange *destination);

void vr_plan_remember(struct VrPlanCursor *cursor, struct VrRange *range);
// NULL: nothing was remembered, or it is no longer what it was.
struct VrRange *vr_plan_recall(const struct VrPlanCursor *cursor);

// A slice of packing; VR_PLAN_DONE: all blocks are packed.
enum VrPlanStep vr_plan_pack(struct VrMovePlan *plan, struct VrMovePass *pass, uint32_t until);

#endif
