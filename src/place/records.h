// SPDX-License-Identifier: MIT
// Records: the 64 bytes behind each range of memory, used or free, and the store that hands them out.
//
// A used range's record is the allocation that the program holds, so records never move and their memory is
// given back only when the store is finished: a stale handle always points at a record, and `mark` tells that
// it is not the one it was.
#ifndef VR_PLACE_RECORDS_H
#define VR_PLACE_RECORDS_H

#include "base/common.h"
#include "base/host.h"
#include "base/os.h"

struct VrSpan;

enum VrRangeState {
    VR_RANGE_UNUSED,  // the record is in the store
    VR_RANGE_FREE,    // free memory
    VR_RANGE_USED,    // an allocation
    VR_RANGE_DIVIDED, // handed to another index as a span; `extra` is that span
};

struct VrRange {
    _Alignas(64) uint64_t offset;
    uint64_t size;
    struct VrRange *prev; // neighbours by offset within the span
    struct VrRange *next;
    struct VrSpan *span;
    union {
        struct VrRange *bin_prev; // free
        void *user_data;          // used
    };
    union {
        struct VrRange *bin_next; // free
        void *extra;              // used: the owner's side data; divided: the inner span
    };
    uint32_t tag; // the owner's word
    // state in the low 2 bits, generation above: grows each time the record changes hands. Written under the
    // index's lock, read without it by the check of handles.
    _Atomic uint8_t mark;
    uint8_t kind;              // the owner's: what lies there
    uint8_t alignment_log2;    // used: alignment that was asked for
    _Atomic uint8_t map_count; // the owner's; VR_RANGE_FRESH from the moment the range is taken until the
                               // owner has filled in the rest
};

static_assert(sizeof(struct VrRange) == 64, "a record is one cache line");

#define VR_RANGE_FRESH 255u
#define VR_MARK_STATE 3u
#define VR_MARK_GENERATION 4u

VR_INLINE uint8_t vr_range_mark(const struct VrRange *range)
{
    return atomic_load_explicit(&range->mark, memory_order_relaxed);
}

VR_INLINE enum VrRangeState vr_range_state(const struct VrRange *range)
{
    return (enum VrRangeState)(vr_range_mark(range) & VR_MARK_STATE);
}

VR_INLINE void vr_range_set_state(struct VrRange *range, enum VrRangeState state)
{
    uint8_t mark = (uint8_t)((vr_range_mark(range) & ~VR_MARK_STATE) | (unsigned)state);
    atomic_store_explicit(&range->mark, mark, memory_order_relaxed);
}

// The next handle made from this record differs from the last one.
VR_INLINE void vr_range_renew(struct VrRange *range)
{
    atomic_store_explicit(&range->mark, (uint8_t)(vr_range_mark(range) + VR_MARK_GENERATION),
                          memory_order_relaxed);
}

struct VrRecords {
    const struct VrHost *host;
    struct VrLock lock;
    struct VrRange *free; // linked by `next`
    void *slabs;          // linked by their first word
    uint32_t slab_records;
};

void vr_records_init(struct VrRecords *records, const struct VrHost *host);
// Every record becomes invalid.
void vr_records_finish(struct VrRecords *records);
// Hands out a list of 1 to `wanted` records linked by `next`; returns how many, 0 when host memory ran out.
// Thread-safe.
uint32_t vr_records_take(struct VrRecords *records, uint32_t wanted, struct VrRange **list);
void vr_records_give(struct VrRecords *records, struct VrRange *list);

#endif
