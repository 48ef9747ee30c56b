// SPDX-License-Identifier: MIT
// The invariant walk of a ranges index, for tests and fuzzers.
#include "place/ranges.h"

static const char *check_span(const struct VrRanges *index, const struct VrSpan *span, uint64_t *free_ranges)
{
    uint64_t offset = span->base;
    uint64_t free_bytes = 0;
    uint32_t used = 0, divided = 0;
    const struct VrRange *prev = NULL;
    for (const struct VrRange *range = span->first; range; prev = range, range = range->next) {
        if (range->span != span)
            return "a range names another span";
        if (range->prev != prev)
            return "the list of a span is broken backwards";
        if (range->offset != offset)
            return "ranges of a span leave a gap or overlap";
        if (range->size == 0)
            return "a range is empty";
        offset = vr_range_end(range);
        if (offset - range->offset < range->size)
            return "a range is longer than its place";
        uint64_t slack = offset - range->offset - range->size;
        if (slack && vr_range_state(range) == VR_RANGE_FREE)
            return "a free range has slack";
        if (slack >= 2 * index->grain)
            return "a range has too much slack";
        switch (vr_range_state(range)) {
        case VR_RANGE_FREE:
            if (prev && vr_range_state(prev) == VR_RANGE_FREE)
                return "two free ranges touch";
            free_bytes += range->size;
            *free_ranges += !span->hidden;
            break;
        case VR_RANGE_DIVIDED:
            ++divided;
            ++used;
            break;
        case VR_RANGE_USED:
            ++used;
            break;
        default:
            return "a listed range is unused";
        }
    }
    if (span->last != prev)
        return "a span names the wrong last range";
    if (offset != span->base + span->size)
        return "ranges do not fill their span";
    if (free_bytes != span->free)
        return "a span counts its free bytes wrong";
    if (used != span->used_count)
        return "a span counts its used ranges wrong";
    if (divided != span->divided_count)
        return "a span counts its divided ranges wrong";
    return span->index == index ? NULL : "a span names another index";
}

static const char *check_bins(const struct VrRanges *index, uint64_t *found)
{
    uint64_t below = 0, longest = 0; // longest of the bins before, and of this one too
    for (uint32_t word = 0; word < VR_BIN_WORDS; ++word) {
        if (((index->word_map >> word) & 1) != (index->bin_map[word] != 0))
            return "the map of words is wrong";
        for (uint32_t bin = 0; bin < 64; ++bin) {
            bool exists = word * 64 + bin < index->bin_count;
            const struct VrRange *range = exists ? index->bins[word * 64 + bin] : NULL;
            if (((index->bin_map[word] >> bin) & 1) != (range != NULL))
                return "the map of bins is wrong";
            below = longest;
            for (const struct VrRange *prev = NULL; range; prev = range, range = range->bin_next) {
                if (range->size <= below)
                    return "a range is in too high a bin";
                longest = vr_max64(longest, range->size);
                if (vr_range_state(range) != VR_RANGE_FREE)
                    return "a bin holds a range that is not free";
                if (range->span->hidden)
                    return "a bin holds a range of a hidden span";
                if (range->bin_prev != prev)
                    return "the list of a bin is broken backwards";
                if (vr_span_is_empty(range->span))
                    return "an empty span is in a bin";
                ++*found;
            }
        }
    }
    return NULL;
}

static uint64_t count_resting(const struct VrRanges *index)
{
    uint64_t count = 0;
    for (unsigned i = 0; index->resting && i < VR_REST_CLASSES; ++i) {
        for (const struct VrRange *range = index->resting[i]; range; range = range->bin_next) {
            ++count;
        }
    }
    return count;
}

VR_COLD const char *vr_ranges_check(const struct VrRanges *index, const struct VrSpan *const *spans,
                                    size_t span_count)
{
    uint64_t free_ranges = 0, found = 0, used = 0, resting = 0;
    for (size_t i = 0; i < span_count; ++i) {
        const char *broken = check_span(index, spans[i], &free_ranges);
        if (broken)
            return broken;
        for (const struct VrRange *range = spans[i]->first; range; range = range->next) {
            used += vr_range_state(range) == VR_RANGE_USED;
        }
        resting += spans[i]->resting_count;
    }
    const char *broken = check_bins(index, &found);
    if (broken)
        return broken;
    uint32_t empty = 0;
    for (const struct VrRange *range = index->empty; range; range = range->bin_next) {
        if (range->span->hidden)
            return "the list of empty spans holds a hidden one";
        if (!vr_span_is_empty(range->span) || range->next || range->prev)
            return "the list of empty spans holds a used one";
        ++empty;
    }
    if (empty != index->empty_count)
        return "empty spans are counted wrong";
    if (found + empty != free_ranges)
        return "a free range is in no bin";
    if (used != index->used_count + resting)
        return "used ranges are counted wrong";
    if (resting != count_resting(index))
        return "resting ranges are counted wrong";
    return span_count == index->span_count ? NULL : "spans are counted wrong";
}
