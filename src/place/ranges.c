// SPDX-License-Identifier: MIT
// Ranges: bins by size over the free ranges of many spans, boundary merging, bounded good fit. See ranges.h for the idea.
#include "place/ranges.h"

#include <string.h>

enum {
    FEW_CANDIDATES = 8,    // looked at per bin; more gains under 1 % of memory on recorded programs
    MANY_CANDIDATES = 64,  // for VR_STRATEGY_MIN_MEMORY
    UNSURE_BINS = 4,       // bins searched where alignment may still refuse, before jumping to where it cannot
    SPARE_BATCH = 32,      // records fetched from the store at a time
    SPARE_LIMIT = 128,     // records kept at hand at most
    NO_BIN = -1,
};

// ---- Bins ----

// Sizes below 16 have a bin each; above, 16 bins per power of two. Monotonic in size.
VR_INLINE unsigned bin_of(uint64_t size)
{
    if (size < VR_BINS_PER_LEVEL) {
        return (unsigned)size;
    }
    unsigned high = vr_high_bit(size);
    return (high - 3) * VR_BINS_PER_LEVEL + (unsigned)((size >> (high - 4)) & (VR_BINS_PER_LEVEL - 1));
}

// Lowest non-empty bin at or above `from`, or NO_BIN.
VR_INLINE int next_bin(const struct VrRanges *index, unsigned from)
{
    unsigned level = from / VR_BINS_PER_LEVEL;
    if (level >= index->level_count) {
        return NO_BIN;
    }
    unsigned in_level = index->bin_map[level] & (0xffffu << (from % VR_BINS_PER_LEVEL));
    if (!in_level) {
        uint64_t levels = level + 1 < 64 ? index->level_map & (~0ull << (level + 1)) : 0;
        if (!levels) {
            return NO_BIN;
        }
        level = vr_low_bit(levels);
        in_level = index->bin_map[level];
    }
    return (int)(level * VR_BINS_PER_LEVEL + vr_low_bit(in_level));
}

VR_INLINE void put_in_bin(struct VrRanges *index, struct VrRange *range, unsigned bin)
{
    struct VrRange *head = index->bins[bin];
    range->bin_prev = NULL;
    range->bin_next = head;
    if (head) {
        head->bin_prev = range;
    }
    index->bins[bin] = range;
    index->bin_map[bin / VR_BINS_PER_LEVEL] |= (uint16_t)(1u << (bin % VR_BINS_PER_LEVEL));
    index->level_map |= 1ull << (bin / VR_BINS_PER_LEVEL);
}

VR_INLINE void take_from_bin(struct VrRanges *index, struct VrRange *range, unsigned bin)
{
    if (range->bin_next) {
        range->bin_next->bin_prev = range->bin_prev;
    }
    if (range->bin_prev) {
        range->bin_prev->bin_next = range->bin_next;
        return;
    }
    index->bins[bin] = range->bin_next;
    if (!range->bin_next) {
        unsigned level = bin / VR_BINS_PER_LEVEL;
        index->bin_map[level] &= (uint16_t) ~(1u << (bin % VR_BINS_PER_LEVEL));
        if (!index->bin_map[level]) {
            index->level_map &= ~(1ull << level);
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

bool vr_ranges_ready(struct VrRanges *index) { return index->spare_count >= 2 || fetch_spare(index); }

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
    while (index->spare_count > SPARE_LIMIT / 2) {
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
    if (VR_UNLIKELY(++index->spare_count > SPARE_LIMIT)) {
        shed_spare(index);
    }
}

// ---- The index and its spans ----

bool vr_ranges_init(struct VrRanges *index, struct VrRecords *records, const struct VrHost *host, uint64_t largest)
{
    memset(index, 0, sizeof(*index));
    index->records = records;
    index->grain = 1;
    index->level_count = bin_of(largest) / VR_BINS_PER_LEVEL + 1;
    size_t heads = index->level_count * VR_BINS_PER_LEVEL * sizeof(struct VrRange *);
    index->bins = vr_host_zalloc(host, heads + index->level_count * sizeof(uint16_t), VR_CACHE_LINE);
    if (!index->bins) {
        return false;
    }
    index->bin_map = (uint16_t *)(void *)((char *)index->bins + heads);
    return true;
}

void vr_ranges_finish(struct VrRanges *index, const struct VrHost *host)
{
    assert(index->span_count == 0);
    if (index->spare) {
        vr_records_give(index->records, index->spare);
    }
    vr_host_free(host, index->bins);
    memset(index, 0, sizeof(*index));
}

bool vr_ranges_add(struct VrRanges *index, struct VrSpan *span)
{
    if (!vr_ranges_ready(index)) {
        return false;
    }
    assert(span->size > 0 && bin_of(span->size) / VR_BINS_PER_LEVEL < index->level_count);
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

bool vr_range_fits(const struct VrRange *range, uint64_t size, uint64_t alignment)
{
    uint64_t gap = (0 - range->offset) & (alignment - 1);
    return gap <= range->size && range->size - gap >= size;
}

// Among equals the range of the lower span, then of the lower offset: high spans drain and can be given back.
VR_INLINE bool lies_lower(const struct VrRange *a, const struct VrRange *b)
{
    return a->span->order != b->span->order ? a->span->order < b->span->order : a->offset < b->offset;
}

// The smallest fitting range among the first `candidates` of a bin.
VR_INLINE struct VrRange *best_of_bin(struct VrRange *range, uint64_t size, uint64_t alignment, unsigned candidates)
{
    struct VrRange *best = NULL;
    for (; range && candidates; range = range->bin_next, --candidates) {
        if (!vr_range_fits(range, size, alignment)) {
            continue;
        }
        if (range->size == size) {
            return range;
        }
        if (!best || range->size < best->size || (range->size == best->size && lies_lower(range, best))) {
            best = range;
        }
    }
    return best;
}

static VR_NOINLINE struct VrRange *best_empty(const struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    struct VrRange *best = NULL;
    for (struct VrRange *range = index->empty; range; range = range->bin_next) {
        if (vr_range_fits(range, size, alignment) &&
            (!best || range->size < best->size || (range->size == best->size && lies_lower(range, best)))) {
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

static struct VrRange *search(const struct VrRanges *index, uint64_t size, uint64_t alignment, unsigned candidates)
{
    unsigned sure = sure_bin(size, alignment);
    int bin = next_bin(index, bin_of(size));
    for (unsigned bins = 0; bin != NO_BIN; ++bins) {
        if ((unsigned)bin >= sure) {
            return best_of_bin(index->bins[bin], size, alignment, candidates);
        }
        struct VrRange *range = best_of_bin(index->bins[bin], size, alignment, candidates);
        if (range) {
            return range;
        }
        bin = next_bin(index, bins < UNSURE_BINS ? (unsigned)bin + 1 : sure);
    }
    return index->empty ? best_empty(index, size, alignment) : NULL;
}

static struct VrRange *search_lowest(const struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    struct VrRange *best = NULL;
    for (int bin = next_bin(index, bin_of(size)); bin != NO_BIN; bin = next_bin(index, (unsigned)bin + 1)) {
        for (struct VrRange *range = index->bins[bin]; range; range = range->bin_next) {
            if ((!best || lies_lower(range, best)) && vr_range_fits(range, size, alignment)) {
                best = range;
            }
        }
    }
    for (struct VrRange *range = index->empty; range; range = range->bin_next) {
        if ((!best || lies_lower(range, best)) && vr_range_fits(range, size, alignment)) {
            best = range;
        }
    }
    return best;
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

VR_INLINE void unlink_range(struct VrRange *range)
{
    if (range->next) {
        range->next->prev = range->prev;
    } else {
        range->span->last = range->prev;
    }
    if (range->prev) {
        range->prev->next = range->next;
    } else {
        range->span->first = range->next;
    }
}

// A free range, in `bin`, keeps its record and takes new bounds.
VR_INLINE void resize_free(struct VrRanges *index, struct VrRange *range, unsigned bin, uint64_t offset, uint64_t size)
{
    range->offset = offset;
    range->size = size;
    unsigned fitting = bin_of(size);
    if (fitting != bin) {
        take_from_bin(index, range, bin);
        put_in_bin(index, range, fitting);
    }
}

VR_INLINE struct VrRange *insert_free(struct VrRanges *index, struct VrRange *next, uint64_t offset, uint64_t size)
{
    struct VrRange *range = pop_spare(index);
    range->offset = offset;
    range->size = size;
    link_before(range, next);
    vr_range_set_state(range, VR_RANGE_FREE);
    put_in_bin(index, range, bin_of(size));
    return range;
}

VR_INLINE struct VrRange *carve(struct VrRanges *index, struct VrRange *range, uint64_t size, uint64_t alignment)
{
    struct VrSpan *span = range->span;
    uint64_t end = range->offset + range->size;
    uint64_t offset = vr_align_up(range->offset, alignment);
    uint64_t gap = offset - range->offset;
    // What follows starts where a request like this one could: the bytes between are slack.
    uint64_t used_end = vr_align_up(offset + size, vr_min64(alignment, index->grain));
    unsigned bin = bin_of(range->size);
    if (VR_UNLIKELY(vr_span_is_empty(span))) {
        take_from_empty(index, range);
        put_in_bin(index, range, bin);
    }
    span->free -= range->size;
    struct VrRange *used = range;
    if (used_end < end) {
        // The free record keeps the rest, which often stays in its bin.
        used = pop_spare(index);
        link_before(used, range);
        resize_free(index, range, bin, used_end, end - used_end);
        span->free += end - used_end;
    } else {
        take_from_bin(index, range, bin);
    }
    used->offset = offset;
    used->size = size;
    if (gap && (gap >= index->grain || !used->prev)) {
        insert_free(index, used, offset - gap, gap);
        span->free += gap;
    }
    vr_range_set_state(used, VR_RANGE_USED);
    atomic_store_explicit(&used->map_count, VR_RANGE_FRESH, memory_order_relaxed);
    ++span->used_count;
    count_used(index, size, 1);
    return used;
}

struct VrRange *vr_ranges_take_from(struct VrRanges *index, struct VrRange *range, uint64_t size, uint64_t alignment)
{
    assert(vr_range_state(range) == VR_RANGE_FREE && !range->span->hidden && vr_range_fits(range, size, alignment));
    return vr_ranges_ready(index) ? carve(index, range, size, alignment) : NULL;
}

struct VrRange *vr_ranges_take(struct VrRanges *index, uint64_t size, uint64_t alignment, enum VrStrategy strategy)
{
    if (VR_UNLIKELY(!vr_ranges_ready(index))) {
        return NULL;
    }
    struct VrRange *range;
    if (VR_LIKELY(strategy == VR_STRATEGY_BALANCED)) {
        range = search(index, size, alignment, FEW_CANDIDATES);
    } else if (strategy == VR_STRATEGY_MIN_OFFSET) {
        range = search_lowest(index, size, alignment);
    } else {
        range = search(index, size, alignment, strategy == VR_STRATEGY_MIN_TIME ? 1 : MANY_CANDIDATES);
    }
    return range ? carve(index, range, size, alignment) : NULL;
}

struct VrRange *vr_ranges_take_any(struct VrRanges *index, uint64_t size, uint64_t alignment)
{
    if (!vr_ranges_ready(index)) {
        return NULL;
    }
    for (int bin = next_bin(index, bin_of(size)); bin != NO_BIN; bin = next_bin(index, (unsigned)bin + 1)) {
        struct VrRange *range = best_of_bin(index->bins[bin], size, alignment, UINT32_MAX);
        if (range) {
            return carve(index, range, size, alignment);
        }
    }
    struct VrRange *range = best_empty(index, size, alignment);
    return range ? carve(index, range, size, alignment) : NULL;
}

VR_INLINE bool is_free(const struct VrRange *range) { return range && vr_range_state(range) == VR_RANGE_FREE; }

// A range of a hidden span becomes free: no bin holds its neighbours.
static VR_NOINLINE void merge_hidden(struct VrRanges *index, struct VrSpan *span, struct VrRange *range)
{
    struct VrRange *prev = range->prev;
    struct VrRange *next = range->next;
    vr_range_set_state(range, VR_RANGE_FREE);
    if (is_free(next)) {
        range->size += next->size;
        unlink_range(next);
        push_spare(index, next);
    }
    if (is_free(prev)) {
        prev->size += range->size;
        unlink_range(range);
        push_spare(index, range);
    }
    if (vr_span_is_empty(span)) {
        span->hidden = false;
        put_in_empty(index, span->first);
    }
}

struct VrSpan *vr_ranges_give(struct VrRanges *index, struct VrRange *range)
{
    assert(vr_range_state(range) == VR_RANGE_USED && range->span->index == index);
    struct VrSpan *span = range->span;
    struct VrRange *prev = range->prev;
    struct VrRange *next = range->next;
    --span->used_count;
    count_used(index, 0 - range->size, 0ull - 1);
    vr_range_renew(range);
    range->size = vr_range_end(range) - range->offset; // its slack is free too
    span->free += range->size;
    if (VR_UNLIKELY(span->hidden)) {
        merge_hidden(index, span, range);
        return span;
    }
    struct VrRange *merged = range;
    if (is_free(next)) {
        // The neighbour's record grows over this one: often no bin changes.
        unsigned bin = bin_of(next->size);
        unlink_range(range);
        if (is_free(prev)) {
            take_from_bin(index, next, bin);
            unlink_range(next);
            resize_free(index, prev, bin_of(prev->size), prev->offset, prev->size + range->size + next->size);
            push_spare(index, next);
            merged = prev;
        } else {
            resize_free(index, next, bin, range->offset, range->size + next->size);
            merged = next;
        }
        push_spare(index, range);
    } else if (is_free(prev)) {
        unlink_range(range);
        resize_free(index, prev, bin_of(prev->size), prev->offset, prev->size + range->size);
        push_spare(index, range);
        merged = prev;
    } else {
        vr_range_set_state(range, VR_RANGE_FREE);
        put_in_bin(index, range, bin_of(range->size));
    }
    if (VR_UNLIKELY(vr_span_is_empty(span))) {
        take_from_bin(index, merged, bin_of(merged->size));
        put_in_empty(index, merged);
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

static void place_between(struct VrRange *range, struct VrSpan *span, struct VrRange *prev, struct VrRange *next)
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
