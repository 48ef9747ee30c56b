// SPDX-License-Identifier: MIT
// Linear placement: two lists of live ranges, growing at their ends. See linear.h for the idea.
#include "place/linear.h"

enum {
    RECORD_BATCH = 8,  // records fetched from the store at a time
    RECORD_LIMIT = 64, // records kept at hand at most
};

// ---- Records at hand ----

static VR_NOINLINE bool fetch_records(struct VrLinear *linear)
{
    linear->spare_count = vr_records_take(linear->records, RECORD_BATCH, &linear->spare);
    return linear->spare_count > 0;
}

static VR_NOINLINE void shed_records(struct VrLinear *linear)
{
    struct VrRange *kept = linear->spare;
    for (uint32_t i = 1; i < RECORD_LIMIT / 2; ++i) {
        kept = kept->next;
    }
    vr_records_give(linear->records, kept->next);
    kept->next = NULL;
    linear->spare_count = RECORD_LIMIT / 2;
}

// ---- Life ----

VR_COLD void vr_linear_init(struct VrLinear *linear, struct VrRecords *records)
{
    linear->span.free = linear->span.size;
    linear->span.used_count = 0;
    linear->mode = VR_LINEAR_STACK;
    linear->lower_first = NULL;
    linear->lower_last = NULL;
    linear->upper_first = NULL;
    linear->upper_last = NULL;
    linear->records = records;
    linear->spare = NULL;
    linear->spare_count = 0;
}

static void discard_list(struct VrLinear *linear, struct VrRange *list)
{
    for (struct VrRange *range = list; range; range = range->next) {
        vr_range_renew(range);
        vr_range_set_state(range, VR_RANGE_UNUSED);
    }
    vr_records_give(linear->records, list);
}

VR_COLD void vr_linear_discard(struct VrLinear *linear)
{
    discard_list(linear, linear->lower_first);
    discard_list(linear, linear->upper_first);
    vr_records_give(linear->records, linear->spare);
    vr_linear_init(linear, linear->records);
}

// ---- Take ----

VR_INLINE uint64_t end_of(const struct VrRange *range)
{
    return range->offset + range->size;
}

// The request at the low end of [begin, end).
VR_INLINE bool fits_above(uint64_t begin, uint64_t end, uint64_t size, uint64_t alignment, uint64_t *offset)
{
    uint64_t gap = (0 - begin) & (alignment - 1);
    uint64_t room = end - begin;
    *offset = begin + gap;
    return gap <= room && size <= room - gap;
}

// The request at the high end of [begin, end).
VR_INLINE bool fits_below(uint64_t begin, uint64_t end, uint64_t size, uint64_t alignment, uint64_t *offset)
{
    if (size > end - begin) {
        return false;
    }
    *offset = vr_align_down(end - size, alignment);
    return *offset >= begin;
}

// Where a range of the lower list, or of the ring's wrapped part, would lie.
static bool find_lower(const struct VrLinear *linear, uint64_t size, uint64_t alignment, uint64_t *offset,
                       bool *wrapped)
{
    const struct VrSpan *span = &linear->span;
    *wrapped = linear->mode == VR_LINEAR_RING;
    if (*wrapped) {
        return fits_above(end_of(linear->upper_last), linear->lower_first->offset, size, alignment, offset);
    }
    uint64_t begin = linear->lower_last ? end_of(linear->lower_last) : span->base;
    uint64_t end = linear->upper_first ? linear->upper_first->offset : span->base + span->size;
    if (VR_LIKELY(fits_above(begin, end, size, alignment, offset))) {
        return true;
    }
    *wrapped = true;
    return linear->mode == VR_LINEAR_STACK && linear->lower_first &&
           fits_above(span->base, linear->lower_first->offset, size, alignment, offset);
}

static bool find_upper(const struct VrLinear *linear, uint64_t size, uint64_t alignment, uint64_t *offset)
{
    const struct VrSpan *span = &linear->span;
    if (linear->mode == VR_LINEAR_RING) {
        return false;
    }
    uint64_t begin = linear->lower_last ? end_of(linear->lower_last) : span->base;
    uint64_t end = linear->upper_first ? linear->upper_first->offset : span->base + span->size;
    return fits_below(begin, end, size, alignment, offset);
}

VR_INLINE void append(struct VrRange **first, struct VrRange **last, struct VrRange *range)
{
    range->next = NULL;
    range->prev = *last;
    *last = range;
    if (range->prev) {
        range->prev->next = range;
    } else {
        *first = range;
    }
}

VR_INLINE void prepend(struct VrRange **first, struct VrRange **last, struct VrRange *range)
{
    range->prev = NULL;
    range->next = *first;
    *first = range;
    if (range->next) {
        range->next->prev = range;
    } else {
        *last = range;
    }
}

struct VrRange *vr_linear_take(struct VrLinear *linear, uint64_t size, uint64_t alignment, bool upper,
                               bool *host_failed)
{
    assert(size > 0 && vr_is_pow2(alignment));
    uint64_t offset;
    bool wrapped = false;
    *host_failed = false;
    bool found = upper ? find_upper(linear, size, alignment, &offset)
                       : find_lower(linear, size, alignment, &offset, &wrapped);
    if (!found) {
        return NULL;
    }
    if (VR_UNLIKELY(!linear->spare && !fetch_records(linear))) {
        *host_failed = true;
        return NULL;
    }
    struct VrRange *range = linear->spare;
    linear->spare = range->next;
    --linear->spare_count;
    range->offset = offset;
    range->size = size;
    range->span = &linear->span;
    vr_range_set_state(range, VR_RANGE_USED);
    if (upper) {
        prepend(&linear->upper_first, &linear->upper_last, range);
        linear->mode = VR_LINEAR_DOUBLE;
    } else if (wrapped) {
        append(&linear->upper_first, &linear->upper_last, range);
        linear->mode = VR_LINEAR_RING;
    } else {
        append(&linear->lower_first, &linear->lower_last, range);
    }
    linear->span.free -= size;
    ++linear->span.used_count;
    return range;
}

// ---- Give ----

static void unlink_used(struct VrLinear *linear, struct VrRange *range)
{
    if (range->prev) {
        range->prev->next = range->next;
    } else if (range == linear->lower_first) {
        linear->lower_first = range->next;
    } else {
        linear->upper_first = range->next;
    }
    if (range->next) {
        range->next->prev = range->prev;
    } else if (range == linear->lower_last) {
        linear->lower_last = range->prev;
    } else {
        linear->upper_last = range->prev;
    }
}

void vr_linear_give(struct VrLinear *linear, struct VrRange *range)
{
    assert(vr_range_state(range) == VR_RANGE_USED && range->span == &linear->span);
    linear->span.free += range->size;
    --linear->span.used_count;
    unlink_used(linear, range);
    if (!linear->lower_first && linear->mode == VR_LINEAR_RING) {
        // What had wrapped round is now the whole ring.
        linear->lower_first = linear->upper_first;
        linear->lower_last = linear->upper_last;
        linear->upper_first = NULL;
        linear->upper_last = NULL;
    }
    if (!linear->upper_first) {
        linear->mode = VR_LINEAR_STACK;
    }
    vr_range_renew(range);
    vr_range_set_state(range, VR_RANGE_UNUSED);
    range->next = linear->spare;
    linear->spare = range;
    if (VR_UNLIKELY(++linear->spare_count > RECORD_LIMIT)) {
        shed_records(linear);
    }
}

// ---- Walk ----

struct VrRange *vr_linear_first(const struct VrLinear *linear)
{
    if (linear->mode == VR_LINEAR_RING) {
        return linear->upper_first;
    }
    return linear->lower_first ? linear->lower_first : linear->upper_first;
}

struct VrRange *vr_linear_next(const struct VrLinear *linear, const struct VrRange *range)
{
    if (range->next) {
        return range->next;
    }
    if (linear->mode == VR_LINEAR_RING) {
        return range == linear->upper_last ? linear->lower_first : NULL;
    }
    return range == linear->lower_last ? linear->upper_first : NULL;
}

// ---- Check ----

static VR_COLD const char *check_list(const struct VrLinear *linear, const struct VrRange *first,
                              const struct VrRange *last)
{
    const struct VrRange *prev = NULL;
    for (const struct VrRange *range = first; range; prev = range, range = range->next) {
        if (range->prev != prev)
            return "a list is broken backwards";
        if (range->span != &linear->span)
            return "a range names another span";
        if (vr_range_state(range) != VR_RANGE_USED)
            return "a listed range is not used";
        if (range->size == 0)
            return "a range is empty";
    }
    return prev == last ? NULL : "a list does not end where it says";
}

VR_COLD const char *vr_linear_check(const struct VrLinear *linear)
{
    const struct VrSpan *span = &linear->span;
    const char *broken = check_list(linear, linear->lower_first, linear->lower_last);
    if (!broken)
        broken = check_list(linear, linear->upper_first, linear->upper_last);
    if (broken)
        return broken;
    if ((linear->mode == VR_LINEAR_STACK) != !linear->upper_first)
        return "the mode and the upper list disagree";
    if (linear->mode == VR_LINEAR_RING && !linear->lower_first)
        return "a ring has wrapped round nothing";
    uint64_t end = span->base, used = 0;
    uint32_t count = 0;
    const struct VrRange *range = vr_linear_first(linear);
    for (; range; range = vr_linear_next(linear, range)) {
        if (range->offset < end)
            return "ranges overlap";
        if (range->size > span->base + span->size - range->offset)
            return "a range leaves the span";
        end = end_of(range);
        used += range->size;
        ++count;
    }
    if (count != span->used_count)
        return "used ranges are counted wrong";
    if (used != span->size - span->free)
        return "free bytes are counted wrong";
    uint32_t spare = 0;
    for (range = linear->spare; range; range = range->next) {
        if (vr_range_state(range) != VR_RANGE_UNUSED)
            return "a spare record is in use";
        ++spare;
    }
    return spare == linear->spare_count ? NULL : "spare records are counted wrong";
}
