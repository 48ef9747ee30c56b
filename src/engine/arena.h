// SPDX-License-Identifier: MIT
// Arena: all blocks of one memory type (and class) of one pool, and where in them a request goes.
//
// One thread works on the *central* index over all blocks under a lock that is never held over a driver call.
// When threads are seen to meet at that lock, *lanes* open: a lane is a small index of its own over chunks
// that it takes from the central one; each thread keeps to a lane, so the common path of many threads shares
// nothing. Lanes serve small requests only and hold little: an empty chunk goes back at once.
#ifndef VR_ENGINE_ARENA_H
#define VR_ENGINE_ARENA_H

#include "engine/block.h"

enum { VR_LANE_COUNT = 32 };

// Free memory shorter than this between two allocations gets no record: it could hold next to nothing. The
// alignment that drivers ask for buffers is up to this.
#define VR_GRAIN 256u

// Bytes of freed ranges that an index lets rest.
#define VR_SMALLEST_REST (256ull << 10)
#define VR_LARGEST_REST (8ull << 20)
#define VR_LANE_REST (32ull << 10)

// Bytes that a lane takes from the central index at a time: a share of what the arena holds, so that lanes
// together keep little idle.
#define VR_SMALLEST_CHUNK (64ull << 10)
#define VR_LARGEST_CHUNK (16ull << 20)

struct VrLane {
    _Alignas(64) struct VrLock lock;
    struct VrRanges ranges;
};

// Low 3 bits of range->kind: enum VrKind. Above: flags.
enum {
    VR_KIND_MASK = 7,
    VR_ALLOCATION_MAPPED = 8, // VMA_ALLOCATION_CREATE_MAPPED_BIT holds a reference to the block's mapping
    VR_ALLOCATION_MAP_ALLOWED = 16, // vmaMapMemory may be called
    VR_ALLOCATION_DEDICATED = 32,
};

struct VrArenaInfo {
    uint32_t type;
    bool linear;        // linear algorithm
    bool explicit_size; // block_size is what the caller asked for: exact, outside the budget
    bool ignore_granularity;
    uint64_t block_size; // exact or largest
    uint64_t min_block_count;
    uint64_t max_block_count; // UINT64_MAX: no limit
    uint64_t min_alignment;
    float priority;
    const void *next; // chained into VkMemoryAllocateInfo
    VmaPool pool;     // NULL: a default pool
};

// Where a request goes first.
enum VrRoute {
    VR_ROUTE_CENTRAL,
    VR_ROUTE_LANES,
    VR_ROUTE_LINEAR, // linear algorithm: no index
};

struct VrArena {
    struct VrLane central;
    VmaAllocator allocator;
    struct VrArenaInfo info;
    uint64_t margin;               // debug bytes behind each range
    uint64_t preferred_block_size; // larger requests than half of this get memory of their own
    uint64_t placed_only;          // requests up to this go to a block and nowhere else; 0 in custom pools
    uint64_t min_alignment;        // info's, the type's and the debug switch's
    uint64_t granularity; // sizes and alignments of kinds that may be optimal images are rounded up to this;
                          // 1: none are

    struct VrMutex grow;    // held while a block is made: only those who need one wait
    struct VrBlock *blocks; // guarded by central.lock, oldest first
    struct VrBlock *blocks_last;
    _Atomic uint32_t block_count;
    _Atomic uint64_t reserved; // bytes of all blocks, dedicated ones not
    uint32_t next_block_id;
    uint64_t peak_reserved; // most that `reserved` ever was
    uint32_t block_events;  // blocks that came or went
    uint32_t idle_events;   // block_events when vr_trim_idle last saw it change, in frame idle_since
    uint32_t idle_since;
    uint32_t contended;     // times that central.lock was found taken
    uint32_t defragmenting; // contexts that work on this arena: its blocks keep their order, lanes stay shut
    _Atomic unsigned route; // enum VrRoute
    bool synchronised;      // the allocator's
    _Atomic uint64_t chunk_size;                   // of the next chunk that a lane takes
    _Atomic(struct VrLane *) lanes[VR_LANE_COUNT]; // opened at need, there until the arena ends
    struct VrLane *locked_lanes[VR_LANE_COUNT];    // by vr_arena_lock
    _Atomic uint64_t linear_bytes;                 // allocations of an arena with the linear algorithm
    _Atomic uint64_t linear_count;

    struct VrLock dedicated_lock;
    struct VrBlock *dedicated; // newest first
    uint32_t next_dedicated_id;
    _Atomic uint64_t dedicated_bytes;
    _Atomic uint32_t dedicated_count;
};

struct VmaPool_T {
    struct VrArena arena;
    uint32_t id;
    char *name;
    VmaPool prev;
    VmaPool next;
};

VR_INLINE struct VrLane *vr_lane_of(struct VrRanges *index)
{
    return (struct VrLane *)(void *)((char *)index - offsetof(struct VrLane, ranges));
}

VkResult vr_arena_create(VmaAllocator allocator, const struct VrArenaInfo *info, struct VrArena *arena);
// Frees all blocks, used or not.
void vr_arena_finish(struct VrArena *arena);

// Takes the central lock and those of all lanes and wakes resting ranges, so that the ranges of all blocks
// can be read or changed.
void vr_arena_lock(struct VrArena *arena);
void vr_arena_unlock(struct VrArena *arena);
// Takes and returns the one lock that guards a range, for the caller to drop.
struct VrLock *vr_arena_lock_of(struct VrArena *arena, const struct VrRange *range);
// Only the central lock: the list of blocks.
void vr_arena_lock_central(struct VrArena *arena);
void vr_arena_unlock_central(struct VrArena *arena);
// Gives empty chunks of lanes back to the central index, and shuts the lanes when `shut`. Takes the locks
// itself.
void vr_arena_flush_lanes(struct VrArena *arena, bool shut);
// Frees empty blocks beyond the pool's minimum. Returns bytes freed.
uint64_t vr_arena_trim(struct VrArena *arena);

// Dedicated blocks of an arena.
void vr_arena_link_dedicated(struct VrArena *arena, struct VrBlock *block);
void vr_arena_unlink_dedicated(struct VrArena *arena, struct VrBlock *block);

// Allocations in blocks (dedicated ones not): exact when no other thread is at work.
void vr_arena_count(const struct VrArena *arena, uint64_t *allocation_count, uint64_t *allocation_bytes);

// Ranges of a block in order of offset, seen through divided ones. Arena locked. Not for linear blocks.
struct VrRange *vr_block_first_range(const struct VrBlock *block);
struct VrRange *vr_block_next_range(const struct VrRange *range);

#endif
