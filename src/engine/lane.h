// SPDX-License-Identifier: MIT
// Lanes of an arena: small indexes that threads use instead of the central one once they were seen to meet
// there.
#ifndef VR_ENGINE_LANE_H
#define VR_ENGINE_LANE_H

#include "engine/arena.h"

// Largest request that goes to a lane: larger ones are rare enough for the central lock, and would waste
// chunks.
VR_INLINE uint64_t vr_lane_largest(const struct VrArena *arena)
{
    return atomic_load_explicit(&arena->chunk_size, memory_order_relaxed) / 8;
}

// NULL: neither this thread's lane nor a chunk that the central index has at hand holds the request.
struct VrRange *vr_lane_take(struct VrArena *arena, uint64_t size, uint64_t alignment,
                             enum VrStrategy strategy);
// NULL: no lane of any thread holds the request. Asked before a block is made.
struct VrRange *vr_lane_steal(struct VrArena *arena, uint64_t size, uint64_t alignment);
// Gives back a range that lies in a lane. Returns the chunk's span when the chunk is to be given back too:
// its range is `inside`, and the span is freed only when that one is divided no longer, since walks read it.
struct VrSpan *vr_lane_give(struct VrLane *lane, struct VrRange *range);

// The central lock and all lanes' locks are held: returns every chunk that is empty to the central index.
void vr_lane_return_chunks(struct VrArena *arena);
// Drops all lanes with everything in them.
void vr_lane_finish(struct VrArena *arena);

#endif
