// SPDX-License-Identifier: MIT
// Ranges: where in a set of spans does a request of this size and alignment go?
//
// A *span* is a stretch of addresses (a block of device memory, a part of one, a virtual block). A *range* is
// a piece of a span, used or free; the ranges of a span are in a list ordered by offset. They tile it, but
// for *slack*: the few bytes behind a used range, up to where the next range can start, for which a record
// would cost more than they are worth. Slack becomes free with its range. A *ranges index* (struct VrRanges)
// knows the free ranges of all its spans by size, so that a search costs the same however many spans there
// are.
//
// Free ranges hang in bins of 16 per power of two. A search looks at a few ranges of the request's own bin
// (they may be too small), then takes from the next bin that has any (all are large enough), found by two bit
// scans. A span that is wholly free hangs apart and is used only when nothing else fits, so that spans empty
// out and can be given back.
//
// An index may let freed ranges *rest*: for a while they keep their shape, in lists by exact size, since a
// program that frees some size often wants the same again. A resting range still counts as used in its span.
// vr_ranges_wake makes all of them free.
//
// Pure arithmetic: no lock, no Vulkan. The caller serialises all calls on one index. One record of 64 bytes
// per range is all the memory there is.
#ifndef VR_PLACE_RANGES_H
#define VR_PLACE_RANGES_H

#include "base/common.h"
#include "place/records.h"

struct VrSpan {
    uint64_t free;          // bytes in free ranges
    struct VrRange *first;  // range with the lowest offset
    struct VrRange *last;   // range with the highest offset
    struct VrRanges *index; // NULL while in none
    void *owner;            // the caller's
    uint32_t used_count;    // used and divided ranges
    uint32_t divided_count; // divided ranges
    uint32_t resting_count; // freed ranges that rest, counted as used too
    uint32_t order;         // spans of lower order are filled first among equals
    bool hidden;            // no search finds its free ranges
    struct VrRange *inside; // the range of another span that this one divides further, or NULL
    uint64_t base;          // offset of the first byte; the offsets of ranges count from the same origin
    uint64_t size;
};

enum VrStrategy {
    VR_STRATEGY_BALANCED,   // a few candidates, best of them
    VR_STRATEGY_MIN_MEMORY, // more candidates
    VR_STRATEGY_MIN_TIME,   // first that fits
    VR_STRATEGY_MIN_OFFSET, // lowest span order, then lowest offset; looks at every free range that is large
                            // enough
};

enum { VR_REST_CLASSES = 128 };
enum { VR_BINS_PER_LEVEL = 16, VR_BIN_WORDS = 16 };

struct VrRanges {
    uint64_t bin_map[VR_BIN_WORDS]; // a bit per bin: it is not empty
    uint32_t word_map;              // a bit per word of bin_map: it is not 0
    uint32_t bin_count;             // bins that exist: enough for the largest span
    struct VrRange **bins;          // heads
    uint64_t large;        // among holes of a size, larger requests take the smallest, others the lowest
    uint32_t empty_count;  // spans that are wholly free
    struct VrRange *empty; // ranges that are a whole span, in no bin
    struct VrRecords *records;
    struct VrRange *spare; // records kept at hand, linked by `next`
    uint32_t spare_count;
    uint32_t spare_limit; // the owner may raise it: a long list seldom runs dry or over, and either costs a
                          // microsecond
    uint32_t span_count;
    uint64_t grain; // slack is shorter than this; a power of two, 1: none. The caller sets it while no span
                    // is there
    struct VrRange **resting; // VR_REST_CLASSES heads, linked by bin_next; NULL: nothing rests
    uint64_t resting_bytes;
    uint64_t resting_limit; // no range comes to rest beyond this
    uint32_t removed_count; // spans that were ever taken out: while it stands still, every span seen in the
                            // index is there
    // Used ranges, without divided ones. Written under the caller's lock, readable without it.
    _Atomic uint64_t used_bytes;
    _Atomic uint64_t used_count;
};

// `largest` is the size of the largest span that will ever be added. False: host memory ran out.
bool vr_ranges_init(struct VrRanges *index, struct VrRecords *records, const struct VrHost *host,
                    uint64_t largest);
// All spans must have been removed.
void vr_ranges_finish(struct VrRanges *index, const struct VrHost *host);

// From now on freed ranges may rest, up to `limit` bytes of them. False: host memory ran out.
bool vr_ranges_let_rest(struct VrRanges *index, const struct VrHost *host, uint64_t limit);
// Makes every resting range free. Spans may become empty by it.
void vr_ranges_wake(struct VrRanges *index);

// Adds a span as one free range. base, size (> 0), owner, inside and order are set by the caller. False: host
// memory ran out.
bool vr_ranges_add(struct VrRanges *index, struct VrSpan *span);
// Removes a span that is wholly free.
void vr_ranges_remove(struct VrRanges *index, struct VrSpan *span);
// Drops every range of the span, used or not, then the span itself.
void vr_ranges_discard(struct VrRanges *index, struct VrSpan *span);

// Takes the free ranges of a span that is not empty out of every search, and back. Ranges can be given back
// to a hidden span; when the last one is, the span is shown as an empty one.
void vr_ranges_hide(struct VrRanges *index, struct VrSpan *span);
void vr_ranges_show(struct VrRanges *index, struct VrSpan *span);

// Takes `size` > 0 bytes at a multiple of `alignment` (a power of two). NULL: nothing fits, or
// (vr_ranges_ready false) host memory ran out. The search for VR_STRATEGY_BALANCED and MIN_TIME is bounded;
// vr_ranges_take_any looks at everything that could fit.
struct VrRange *vr_ranges_take(struct VrRanges *index, uint64_t size, uint64_t alignment,
                               enum VrStrategy strategy);
struct VrRange *vr_ranges_take_any(struct VrRanges *index, uint64_t size, uint64_t alignment);
// Takes from one free range that the caller chose and that is known to fit.
struct VrRange *vr_ranges_take_from(struct VrRanges *index, struct VrRange *range, uint64_t size,
                                    uint64_t alignment);
// Makes sure that the next take has the records it may need.
bool vr_ranges_ready(struct VrRanges *index);
// Gives a used range back; the record is gone. Returns its span, which may be empty now.
struct VrSpan *vr_ranges_give(struct VrRanges *index, struct VrRange *range);
// A used range becomes a divided one (its bytes are counted by the span inside it) and back.
void vr_ranges_divide(struct VrRanges *index, struct VrRange *range, struct VrSpan *inner);
void vr_ranges_undivide(struct VrRanges *index, struct VrRange *range);
// Two used ranges, of one index or two, change places: each record takes the offset, size and span of the
// other.
void vr_ranges_swap(struct VrRange *a, struct VrRange *b);

// Where the next range starts: behind the range itself and its slack.
VR_INLINE uint64_t vr_range_end(const struct VrRange *range)
{
    return range->next ? range->next->offset : range->span->base + range->span->size;
}
VR_INLINE bool vr_span_is_empty(const struct VrSpan *span)
{
    return span->used_count == 0;
}
// True when a request fits the free range at some aligned offset.
bool vr_range_fits(const struct VrRange *range, uint64_t size, uint64_t alignment);

// Walks all structures and returns the first broken rule as text, NULL when all hold. For tests and fuzzers.
const char *vr_ranges_check(const struct VrRanges *index, const struct VrSpan *const *spans,
                            size_t span_count);

#endif
