// SPDX-License-Identifier: MIT
// Ranges: bins by size over the free ranges of many spans, boundary merging, bounded good fit. See ranges.h
// for the idea.
#include "place/ranges.h"

#include <string.h>

enum {
    FEW_CANDIDATES = 2,   // looked at per bin; more gains under 1 % of memory, in recorded programs and in
                          // churn, and costs cache misses
    LARGE_CANDIDATES = 4, // the same for a large request
    MANY_CANDIDATES = 64, // for VR_STRATEGY_MIN_MEMORY
    UNSURE_BINS = 4,      // bins searched where alignment may still refuse, before jumping to where it cannot
    SPARE_BATCH = 32,     // records fetched from the store at a time
    SPARE_LIMIT = 128,    // records kept at hand at most, unless the owner wants more
    LARGE_SHARE = 64,     // requests above this share of the largest span are large
    LARGEST_RESTING = 64 * 256,
    NO_BIN = -1,
};

// ---- Bins ----

// Sizes below 32 have a bin each; above, 16 bins per power of two. Monotonic in size.
VR_INLINE unsigned bin_of(uint64_t size)
{
    unsigned shift = vr_high_bit(size | VR_BINS_PER_LEVEL) - 4;
    return shift * VR_BINS_PER_LEVEL + (unsigned)(size >> shift);
}

// Lowest non-empty bin at or above `from`, or NO_BIN.
VR_INLINE int next_bin(const struct VrRanges *index, unsigned from)
{
    unsigned word = from / 64;
    uint64_t bins = index->bin_map[word] & (~0ull << (from % 64));
    if (!bins) {
        uint32_t words = index->word_map & (~1u << word);
        if (!words) {
            return NO_BIN;
        }
        word = vr_low_bit(words);
        bins = index->bin_map[word];
    }
    return (int)(word * 64 + vr_low_bit(bins));
}

VR_INLINE void put_in_bin(struct VrRanges *index, struct VrRange *range, unsigned bin)
{
    struct VrRange *head = index->bins[bin];
    range->bin_prev = NULL;
    range->bin_next = head;
    index->bins[bin] = range;
    if (head) {
        head->bin_prev = range;
    } else {
        index->bin_map[bin / 64] |= 1ull << (bin % 64);
        index->word_map |= 1u << (bin / 64);
    }
}

VR_INLINE void take_from_bin(struct VrRanges *index, struct VrRange *range, unsigned bin)
{
    struct VrRange *next = range->bin_next;
    if (next) {
        next->bin_prev = range->bin_prev;
    }
    if (range->bin_prev) {
        range->bin_prev->bin_next = next;
        return;
    }
    index->bins[bin] = next;
    if (!next) {
        uint64_t bins = index->bin_map[bin / 64] & ~(1ull << (bin % 64));
        index->bin_map[bin / 64] = bins;
        if (!bins) {
            index->word_map &= ~(1u << (bin / 64));
        }
    }
}

static void put_in_empty(struct VrRanges *index, struct VrRange *range)
{
    range->bin_prev = NULL;
    range->bin_next = index->empty;
    if (index->empty) {
        index->empty->bin_prev = range;
    }
    index->empty = range;
    ++index->empty_count;
}

static void take_from_empty(struct VrRanges *index, struct VrRange *range)
{
    if (range->bin_next) {
        range->bin_next->bin_prev = range->bin_prev;
    }
    if (range->bin_prev) {
        range->bin_prev->bin_next = range->bin_next;
    } else {
        index->empty = range->bin_next;
    }
    --index->empty_count;
}

// ---- Records at hand ----

static VR_NOINLINE bool fetch_spare(struct VrRanges *index)
{
    struct VrRange *list;
    uint32_t count = vr_records_take(index->records, SPARE_BATCH, &list);
    while (list) {
        struct VrRange *next = list->next;
        list->next = index->spare;
        index->spare = list;
        list = next;
    }
    index->spare_count += count;
    return index->spare_count >= 2;
}

bool vr_ranges_ready(struct VrRanges *index)
{
    return index->spare_count >= 2 || fetch_spare(index);
}

VR_INLINE struct VrRange *pop_spare(struct VrRanges *index)
{
    struct VrRange *record = index->spare;
    index->spare = record->next;
    --index->spare_count;
    return record;
}

static VR_NOINLINE void shed_spare(struct VrRanges *index)
{
    struct VrRange *list = NULL;
    while (index->spare_count > index->spare_limit / 2) {
        struct VrRange *record = pop_spare(index);
        record->next = list;
        list = record;
    }
    vr_records_give(index->records, list);
}

VR_INLINE void push_spare(struct VrRanges *index, struct VrRange *record)
{
    vr_range_set_state(record, VR_RANGE_UNUSED);
    record->next = index->spare;
    index->spare = record;
    if (VR_UNLIKELY(++index->spare_count > index->spare_limit)) {
        shed_spare(index);
    }
}

// ---- The index and its spans ----

bool vr_ranges_init(struct VrRanges *index, struct VrRecords *records, const struct VrHost *host,
                    uint64_t largest)
{
    memset(index, 0, sizeof(*index));
    index->records = records;
    index->grain = 1;
    index->spare_limit = SPARE_LIMIT;
    index->large = largest / LARGE_SHARE;
    index->bin_count = bin_of(largest) + 1;
    index->bins = vr_host_zalloc(host, index->bin_count * sizeof(struct VrRange *), VR_CACHE_LINE);
    return index->bins != NULL;
}

void vr_ranges_finish(struct VrRanges *index, const struct VrHost *host)
{
    assert(index->span_count == 0);
    if (index->spare) {
        vr_records_give(index->records, index->spare);
    }
    vr_host_free(host, index->bins);
    vr_host_free(host, index->resting);
    memset(index, 0, sizeof(*index));
}

bool vr_ranges_add(struct VrRanges *index, struct VrSpan *span)
{
    if (!vr_ranges_ready(index)) {
        return false;
    }
    assert(span->size > 0 && bin_of(span->size) < index->bin_count);
    struct VrRange *range = pop_spare(index);
    range->offset = span->base;
    range->size = span->size;
    range->prev = NULL;
    range->next = NULL;
    range->span = span;
    vr_range_set_state(range, VR_RANGE_FREE);
    span->first = range;
    span->last = range;
    span->index = index;
    span->free = span->size;
    span->used_count = 0;
    span->divided_count = 0;
    span->resting_count = 0;
    span->hidden = false;
    put_in_empty(index, range);
    ++index->span_count;
    return true;
}

static void drop_span(struct VrRanges *index, struct VrSpan *span)
{
    span->first = NULL;
    span->last = NULL;
    span->index = NULL;
    span->used_count = 0;
    span->divided_count = 0;
    --index->span_count;
    ++index->removed_count;
}

void vr_ranges_remove(struct VrRanges *index, struct VrSpan *span)
{
    assert(vr_span_is_empty(span) && span->first && !span->first->next);
    take_from_empty(index, span->first);
    push_spare(index, span->first);
    drop_span(index, span);
}

VR_INLINE void count_used(struct VrRanges *index, uint64_t bytes, uint64_t count)
{
    // Only the holder of the index's lock writes, so no read-modify-write instruction is needed.
    uint64_t used = atomic_load_explicit(&index->used_bytes, memory_order_relaxed);
    atomic_store_explicit(&index->used_bytes, used + bytes, memory_order_relaxed);
    used = atomic_load_explicit(&index->used_count, memory_order_relaxed);
    atomic_store_explicit(&index->used_count, used + count, memory_order_relaxed);
}

void vr_ranges_discard(struct VrRanges *index, struct VrSpan *span)
{
    bool was_empty = vr_span_is_empty(span);
    for (struct VrRange *range = span->first, *next; range; range = next) {
        next = range->next;
        if (vr_range_state(range) == VR_RANGE_USED) {
            count_used(index, 0 - range->size, 0ull - 1);
            vr_range_renew(range);
        } else if (vr_range_state(range) == VR_RANGE_FREE && !span->hidden) {
            if (was_empty) {
                take_from_empty(index, range);
            } else {
                take_from_bin(index, range, bin_of(range->size));
            }
        }
        push_spare(index, range);
    }
    drop_span(index, span);
}

// ---- Hidden spans ----

void vr_ranges_hide(struct VrRanges *index, struct VrSpan *span)
{
    assert(span->index == index && !span->hidden && !vr_span_is_empty(span));
    span->hidden = true;
    for (struct VrRange *range = span->first; range; range = range->next) {
        if (vr_range_state(range) == VR_RANGE_FREE) {
            take_from_bin(index, range, bin_of(range->size));
        }
    }
}

void vr_ranges_show(struct VrRanges *index, struct VrSpan *span)
{
    assert(span->index == index && span->hidden);
    span->hidden = false;
    for (struct VrRange *range = span->first; range; range = range->next) {
        if (vr_range_state(range) == VR_RANGE_FREE) {
            put_in_bin(index, range, bin_of(range->size));
        }
    }
}

// ---- Search ----

VR_INLINE bool fits(const struct VrRange *range, uint64_t size, uint64_t alignment)
{
    return range->size >= size && range->size - size >= ((0 - range->offset) & (alignment - 1));
}

bool vr_range_fits(const struct VrRange *range, uint64_t size, uint64_t alignment)
{
    return fits(range, size, alignment);
}

VR_INLINE bool lies_lower(const struct VrRange *a, const struct VrRange *b)
{
    return a->span->order != b->span->order ? a->span->order < b->span->order : a->offset < b->offset;
}

VR_INLINE bool is_smaller(const struct VrRange *a, const struct VrRange *b)
{
    return a->size != b->size ? a->size < b->size : lies_lower(a, b);
}

// Among the first `candidates` of a bin that fit, which differ in size by a sixteenth at most: for a large
// request the smallest; for others the one that lies lowest, so that high spans drain and large holes grow
// there.
VR_INLINE struct VrRange *best_of_bin(struct VrRange *range, uint64_t size, uint64_t alignment, bool large,
                                      unsigned candidates)
{
    struct VrRange *best = NULL;
    do {
        if (fits(range, size, alignment)) {
            if (large && range->size == size) {
                return range;
            }
            if (!best || (large ? is_smaller(range, best) : lies_lower(range, best))) {
                best = range;
            }
        }
        range = range->bin_next;
    } while (range && --candidates);
    return best;
}

static VR_NOINLINE struct VrRange *best_empty(const struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    struct VrRange *best = NULL;
    for (struct VrRange *range = index->empty; range; range = range->bin_next) {
        if (fits(range, size, alignment) && (!best || is_smaller(range, best))) {
            best = range;
        }
    }
    return best;
}

// First bin whose every range fits the request at any alignment gap.
VR_INLINE unsigned sure_bin(uint64_t size, uint64_t alignment)
{
    uint64_t largest = alignment - 1 > UINT64_MAX - size ? UINT64_MAX : size + alignment - 1;
    return bin_of(largest) + 1;
}

VR_INLINE struct VrRange *search(const struct VrRanges *index, uint64_t size, uint64_t alignment, bool large,
                                 unsigned candidates)
{
    int bin = next_bin(index, bin_of(size));
    for (unsigned tries = 0; bin != NO_BIN; ++tries) {
        struct VrRange *range = best_of_bin(index->bins[bin], size, alignment, large, candidates);
        if (VR_LIKELY(range != NULL)) {
            return range;
        }
        unsigned next = (unsigned)bin + 1;
        if (tries >= UNSURE_BINS && next < sure_bin(size, alignment)) {
            next = sure_bin(size, alignment);
        }
        bin = next_bin(index, next);
    }
    return index->empty ? best_empty(index, size, alignment) : NULL;
}

static struct VrRange *search_lowest(const struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    struct VrRange *best = NULL;
    for (int bin = next_bin(index, bin_of(size)); bin != NO_BIN; bin = next_bin(index, (unsigned)bin + 1)) {
        for (struct VrRange *range = index->bins[bin]; range; range = range->bin_next) {
            if ((!best || lies_lower(range, best)) && fits(range, size, alignment)) {
                best = range;
            }
        }
    }
    for (struct VrRange *range = index->empty; range; range = range->bin_next) {
        if ((!best || lies_lower(range, best)) && fits(range, size, alignment)) {
            best = range;
        }
    }
    return best;
}

static VR_NOINLINE struct VrRange *search_otherwise(const struct VrRanges *index, uint64_t size,
                                                    uint64_t alignment, enum VrStrategy strategy)
{
    if (strategy == VR_STRATEGY_MIN_OFFSET) {
        return search_lowest(index, size, alignment);
    }
    return search(index, size, alignment, true, strategy == VR_STRATEGY_MIN_TIME ? 1 : MANY_CANDIDATES);
}

// ---- Take and give ----

VR_INLINE void link_before(struct VrRange *range, struct VrRange *next)
{
    range->span = next->span;
    range->next = next;
    range->prev = next->prev;
    next->prev = range;
    if (range->prev) {
        range->prev->next = range;
    } else {
        range->span->first = range;
    }
}

// Makes two ranges of a span neighbours; NULL is the span's end.
VR_INLINE void join(struct VrSpan *span, struct VrRange *prev, struct VrRange *next)
{
    if (prev) {
        prev->next = next;
    } else {
        span->first = next;
    }
    if (next) {
        next->prev = prev;
    } else {
        span->last = prev;
    }
}

// True when both sizes have the same bin.
VR_INLINE bool same_bin(uint64_t a, uint64_t b)
{
    unsigned shift = vr_high_bit(a | VR_BINS_PER_LEVEL) - 4;
    return a >> shift == b >> shift;
}

VR_INLINE void change_bin(struct VrRanges *index, struct VrRange *range, uint64_t size)
{
    take_from_bin(index, range, bin_of(range->size));
    range->size = size;
    put_in_bin(index, range, bin_of(size));
}

// A free range in a bin takes new bounds.
VR_INLINE void resize_free(struct VrRanges *index, struct VrRange *range, uint64_t offset, uint64_t size)
{
    range->offset = offset;
    if (same_bin(range->size, size)) {
        range->size = size;
    } else {
        change_bin(index, range, size);
    }
}

static VR_NOINLINE void insert_free(struct VrRanges *index, struct VrRange *next, uint64_t offset,
                                    uint64_t size)
{
    struct VrRange *range = pop_spare(index);
    range->offset = offset;
    range->size = size;
    link_before(range, next);
    vr_range_set_state(range, VR_RANGE_FREE);
    put_in_bin(index, range, bin_of(size));
}

// An empty span is used from now on: its free range goes to a bin, with new bounds.
static VR_NOINLINE void start_span(struct VrRanges *index, struct VrRange *range, uint64_t offset,
                                   uint64_t size)
{
    take_from_empty(index, range);
    range->offset = offset;
    range->size = size;
    put_in_bin(index, range, bin_of(size));
}

VR_INLINE struct VrRange *carve(struct VrRanges *index, struct VrRange *range, uint64_t size,
                                uint64_t alignment)
{
    struct VrSpan *span = range->span;
    uint64_t end = range->offset + range->size;
    uint64_t offset = vr_align_up(range->offset, alignment);
    uint64_t gap = offset - range->offset;
    // What follows starts where a request like this one could: the bytes between are slack.
    uint64_t used_end = vr_align_up(offset + size, vr_min64(alignment, index->grain));
    uint64_t taken = range->size;
    bool starts = vr_span_is_empty(span);
    struct VrRange *used = range;
    if (used_end < end) {
        // The free record keeps the rest, which often stays in its bin.
        used = pop_spare(index);
        link_before(used, range);
        if (VR_UNLIKELY(starts)) {
            start_span(index, range, used_end, end - used_end);
        } else {
            resize_free(index, range, used_end, end - used_end);
        }
        taken -= end - used_end;
    } else if (starts) {
        take_from_empty(index, range);
    } else {
        take_from_bin(index, range, bin_of(taken));
    }
    used->offset = offset;
    used->size = size;
    if (gap && (gap >= index->grain || !used->prev)) {
        insert_free(index, used, offset - gap, gap);
        taken -= gap;
    }
    span->free -= taken;
    vr_range_set_state(used, VR_RANGE_USED);
    atomic_store_explicit(&used->map_count, VR_RANGE_FRESH, memory_order_relaxed);
    ++span->used_count;
    count_used(index, size, 1);
    return used;
}

struct VrRange *vr_ranges_take_from(struct VrRanges *index, struct VrRange *range, uint64_t size,
                                    uint64_t alignment)
{
    assert(vr_range_state(range) == VR_RANGE_FREE && !range->span->hidden &&
           vr_range_fits(range, size, alignment));
    return vr_ranges_ready(index) ? carve(index, range, size, alignment) : NULL;
}

// ---- Rest ----

// Classes are exact sizes: every 16 bytes up to 1 KiB, every 256 bytes up to 16 KiB. NULL: ranges of that
// size do not rest.
VR_INLINE struct VrRange **rest_list(const struct VrRanges *index, uint64_t size)
{
    if (size <= 1024 && size % 16 == 0) {
        return &index->resting[size / 16 - 1];
    }
    if (size <= LARGEST_RESTING && size % 256 == 0) {
        return &index->resting[64 + size / 256 - 1];
    }
    return NULL;
}

bool vr_ranges_let_rest(struct VrRanges *index, const struct VrHost *host, uint64_t limit)
{
    index->resting = vr_host_zalloc(host, VR_REST_CLASSES * sizeof(struct VrRange *), VR_CACHE_LINE);
    index->resting_limit = limit;
    return index->resting != NULL;
}

// A range that rests and has just the size that a request like this one would be given.
VR_INLINE struct VrRange *take_resting(struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    if (size > LARGEST_RESTING) {
        return NULL; // before it is rounded up: it may be enormous
    }
    struct VrRange **list =
        rest_list(index, vr_align_up(size, vr_max64(vr_min64(alignment, index->grain), 16)));
    struct VrRange *range = list ? *list : NULL;
    if (!range || (range->offset & (alignment - 1))) {
        return NULL;
    }
    *list = range->bin_next;
    index->resting_bytes -= range->size;
    --range->span->resting_count;
    range->size = size;
    atomic_store_explicit(&range->map_count, VR_RANGE_FRESH, memory_order_relaxed);
    count_used(index, size, 1);
    return range;
}

// Called for a range that is counted as used no longer, with its slack in its size.
VR_INLINE bool come_to_rest(struct VrRanges *index, struct VrSpan *span, struct VrRange *range)
{
    if (range->size > LARGEST_RESTING) {
        return false;
    }
    struct VrRange **list = rest_list(index, range->size);
    if (!list || index->resting_bytes + range->size > index->resting_limit || span->hidden) {
        return false;
    }
    range->bin_next = *list;
    *list = range;
    index->resting_bytes += range->size;
    ++span->resting_count;
    return true;
}

struct VrRange *vr_ranges_take(struct VrRanges *index, uint64_t size, uint64_t alignment,
                               enum VrStrategy strategy)
{
    struct VrRange *range;
    if (VR_LIKELY(strategy == VR_STRATEGY_BALANCED)) {
        range = index->resting ? take_resting(index, size, alignment) : NULL;
        if (range) {
            return range;
        }
        if (VR_UNLIKELY(!vr_ranges_ready(index))) {
            return NULL;
        }
        range = size > index->large ? search(index, size, alignment, true, LARGE_CANDIDATES)
                                    : search(index, size, alignment, false, FEW_CANDIDATES);
    } else {
        if (!vr_ranges_ready(index)) {
            return NULL;
        }
        range = search_otherwise(index, size, alignment, strategy);
    }
    return range ? carve(index, range, size, alignment) : NULL;
}

struct VrRange *vr_ranges_take_any(struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    if (!vr_ranges_ready(index)) {
        return NULL;
    }
    for (int bin = next_bin(index, bin_of(size)); bin != NO_BIN; bin = next_bin(index, (unsigned)bin + 1)) {
        struct VrRange *range = best_of_bin(index->bins[bin], size, alignment, true, UINT32_MAX);
        if (range) {
            return carve(index, range, size, alignment);
        }
    }
    struct VrRange *range = best_empty(index, size, alignment);
    return range ? carve(index, range, size, alignment) : NULL;
}

VR_INLINE bool is_free(const struct VrRange *range)
{
    return range && vr_range_state(range) == VR_RANGE_FREE;
}

// The range becomes free in a span that is hidden or has no other used range: what results lies in no bin.
static VR_NOINLINE void give_aside(struct VrRanges *index, struct VrSpan *span, struct VrRange *range)
{
    struct VrRange *prev = range->prev;
    struct VrRange *next = range->next;
    vr_range_set_state(range, VR_RANGE_FREE);
    if (is_free(next)) {
        if (!span->hidden) {
            take_from_bin(index, next, bin_of(next->size));
        }
        range->size += next->size;
        join(span, range, next->next);
        push_spare(index, next);
    }
    if (is_free(prev)) {
        if (!span->hidden) {
            take_from_bin(index, prev, bin_of(prev->size));
        }
        prev->size += range->size;
        join(span, prev, range->next);
        push_spare(index, range);
    }
    if (vr_span_is_empty(span)) {
        span->hidden = false;
        put_in_empty(index, span->first);
    }
}

// The range, which nobody counts as used any more and whose size includes its slack, becomes free.
VR_INLINE void set_free(struct VrRanges *index, struct VrSpan *span, struct VrRange *range)
{
    struct VrRange *prev = range->prev;
    struct VrRange *next = range->next;
    uint64_t size = range->size;
    span->free += size;
    --span->used_count;
    if (VR_UNLIKELY(vr_span_is_empty(span) || span->hidden)) {
        give_aside(index, span, range);
        return;
    }
    if (is_free(next)) {
        // The neighbour's record grows over this one: often no bin changes.
        if (is_free(prev)) {
            take_from_bin(index, next, bin_of(next->size));
            join(span, prev, next->next);
            resize_free(index, prev, prev->offset, prev->size + size + next->size);
            push_spare(index, next);
        } else {
            join(span, prev, next);
            resize_free(index, next, range->offset, size + next->size);
        }
        push_spare(index, range);
    } else if (is_free(prev)) {
        join(span, prev, next);
        resize_free(index, prev, prev->offset, prev->size + size);
        push_spare(index, range);
    } else {
        vr_range_set_state(range, VR_RANGE_FREE);
        put_in_bin(index, range, bin_of(size));
    }
}

VR_NOINLINE void vr_ranges_wake(struct VrRanges *index)
{
    for (unsigned i = 0; index->resting_bytes && i < VR_REST_CLASSES; ++i) {
        struct VrRange *range = index->resting[i];
        index->resting[i] = NULL;
        while (range) {
            struct VrRange *next = range->bin_next;
            index->resting_bytes -= range->size;
            --range->span->resting_count;
            range->size = vr_range_end(range) - range->offset; // slack may have come since it rests
            set_free(index, range->span, range);
            range = next;
        }
    }
}

struct VrSpan *vr_ranges_give(struct VrRanges *index, struct VrRange *range)
{
    assert(vr_range_state(range) == VR_RANGE_USED && range->span->index == index);
    struct VrSpan *span = range->span;
    count_used(index, 0 - range->size, 0ull - 1);
    vr_range_renew(range);
    range->size = vr_range_end(range) - range->offset; // its slack is free too
    if (!index->resting || !come_to_rest(index, span, range)) {
        set_free(index, span, range);
    }
    if (VR_UNLIKELY(span->resting_count == span->used_count && span->resting_count &&
                    index->span_count > 1)) {
        vr_ranges_wake(index); // a span that could be empty must be seen to be
    }
    return span;
}

void vr_ranges_divide(struct VrRanges *index, struct VrRange *range, struct VrSpan *inner)
{
    count_used(index, 0 - range->size, 0ull - 1);
    range->extra = inner;
    ++range->span->divided_count;
    inner->inside = range;
    inner->base = range->offset;
    inner->size = range->size;
    vr_range_set_state(range, VR_RANGE_DIVIDED);
}

void vr_ranges_undivide(struct VrRanges *index, struct VrRange *range)
{
    count_used(index, range->size, 1);
    --range->span->divided_count;
    vr_range_set_state(range, VR_RANGE_USED);
}

static void place_between(struct VrRange *range, struct VrSpan *span, struct VrRange *prev,
                          struct VrRange *next)
{
    range->span = span;
    range->prev = prev;
    range->next = next;
    if (prev) {
        prev->next = range;
    } else {
        span->first = range;
    }
    if (next) {
        next->prev = range;
    } else {
        span->last = range;
    }
}

void vr_ranges_swap(struct VrRange *a, struct VrRange *b)
{
    assert(a != b && a->size == b->size);
    if (b->next == a) {
        struct VrRange *t = a;
        a = b;
        b = t;
    }
    struct VrSpan *span_a = a->span, *span_b = b->span;
    struct VrRange *prev_a = a->prev, *next_a = a->next, *prev_b = b->prev, *next_b = b->next;
    uint64_t offset_a = a->offset;
    a->offset = b->offset;
    b->offset = offset_a;
    if (next_a == b) {
        place_between(b, span_a, prev_a, a);
        place_between(a, span_b, b, next_b);
    } else {
        place_between(b, span_a, prev_a, next_a);
        place_between(a, span_b, prev_b, next_b);
    }
}
