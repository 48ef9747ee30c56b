// SPDX-License-Identifier: MIT
// Operation streams on a ranges index of several spans, against a map with one byte per unit.
#include "ops_input.h"

#include "place/ranges.h"

#include <string.h>

enum { SPANS = 4, UNITS = 1024, LIVE_MAX = 2048 };
enum { UNIT_FREE, UNIT_USED, UNIT_KEPT }; // kept: slack, or at rest

struct LiveRange {
    struct VrRange *range;
    unsigned span;
    uint64_t offset, size; // in units
    struct VrSpan *inner;  // when divided
};

struct RangesPlay {
    struct OpsInput input;
    unsigned unit_log2;
    struct TestHost host;
    struct VrRecords records;
    struct VrRanges index;
    struct VrSpan spans[SPANS];
    bool added[SPANS];
    bool rests;                // freed ranges may rest
    uint8_t map[SPANS][UNITS]; // UNIT_*
    struct LiveRange live[LIVE_MAX];
    size_t live_count;
    // Divided ranges belong to an index of their own.
    struct VrRanges inner_index;
    struct VrSpan inner_spans[LIVE_MAX];
    size_t divided_count;
};

static unsigned span_units(unsigned span)
{
    return UNITS - span * 200;
}
static uint64_t span_base(unsigned span)
{
    return span * 13u;
}

static bool units_are(const struct RangesPlay *play, unsigned span, uint64_t from, uint64_t count,
                      uint8_t value)
{
    for (uint64_t i = from; i < from + count; ++i) {
        if (play->map[span][i] != value) {
            return false;
        }
    }
    return true;
}

// The lowest aligned place by looking everywhere; spans in order.
static bool lowest_place(const struct RangesPlay *play, uint64_t size, uint64_t alignment, unsigned *span,
                         uint64_t *offset)
{
    for (*span = 0; *span < SPANS; ++*span) {
        for (*offset = 0; play->added[*span] && *offset + size <= span_units(*span); ++*offset) {
            if ((span_base(*span) + *offset) % alignment == 0 &&
                units_are(play, *span, *offset, size, UNIT_FREE)) {
                return true;
            }
        }
    }
    return false;
}

static const char *note_taken(struct RangesPlay *play, struct VrRange *range, uint64_t size,
                              uint64_t alignment)
{
    unsigned span = (unsigned)(range->span - play->spans);
    uint64_t offset = (range->offset >> play->unit_log2) - span_base(span);
    if (span >= SPANS || !play->added[span])
        return "a range lies in a span that is not there";
    if (vr_range_state(range) != VR_RANGE_USED)
        return "a taken range is not used";
    if (range->size != size << play->unit_log2)
        return "a taken range has another size";
    if (range->offset & ((alignment << play->unit_log2) - 1))
        return "a taken range is not aligned";
    if (offset + size > span_units(span))
        return "a taken range leaves its span";
    if (!units_are(play, span, offset, size, UNIT_FREE) &&
        !(play->rests && units_are(play, span, offset, size, UNIT_KEPT)))
        return "a taken range overlaps another";
    memset(play->map[span] + offset, UNIT_USED, size);
    play->live[play->live_count++] = (struct LiveRange){range, span, offset, size, NULL};
    return NULL;
}

static const char *play_take(struct RangesPlay *play, bool any)
{
    enum VrStrategy strategy = (enum VrStrategy)(ops_byte(&play->input) % 4);
    uint64_t size = ops_size(&play->input), alignment = ops_alignment(&play->input), lowest;
    if (play->live_count == LIVE_MAX) {
        return NULL;
    }
    unsigned span;
    bool fits = lowest_place(play, size, alignment, &span, &lowest);
    uint64_t bytes = size << play->unit_log2, align = alignment << play->unit_log2;
    struct VrRange *range = any ? vr_ranges_take_any(&play->index, bytes, align)
                                : vr_ranges_take(&play->index, bytes, align, strategy);
    if (!range) {
        if (!fits || !vr_ranges_ready(&play->index))
            return NULL;
        return any || strategy == VR_STRATEGY_MIN_OFFSET ? "a request that fits was refused" : NULL;
    }
    if (!fits && !play->rests)
        return "a request that cannot fit was served";
    if (!any && strategy == VR_STRATEGY_MIN_OFFSET &&
        range->offset != (span_base(span) + lowest) << play->unit_log2) {
        return "MIN_OFFSET did not take the lowest offset";
    }
    return note_taken(play, range, size, alignment);
}

static const char *play_give(struct RangesPlay *play)
{
    if (play->live_count == 0) {
        return NULL;
    }
    size_t i = (ops_byte(&play->input) * 256u + ops_byte(&play->input)) % play->live_count;
    struct LiveRange live = play->live[i];
    if (live.inner) {
        return NULL;
    }
    uint8_t mark = vr_range_mark(live.range);
    if (vr_ranges_give(&play->index, live.range) != &play->spans[live.span])
        return "give names another span";
    if (((vr_range_mark(live.range) ^ mark) & ~VR_MARK_STATE) == 0)
        return "a freed record kept its generation";
    memset(play->map[live.span] + live.offset, UNIT_FREE, live.size);
    play->live[i] = play->live[--play->live_count];
    return NULL;
}

static const char *play_swap(struct RangesPlay *play)
{
    if (play->live_count < 2) {
        return NULL;
    }
    struct LiveRange *a = &play->live[ops_byte(&play->input) % play->live_count];
    // The next one of the same size, wherever it lies.
    for (size_t i = 0; i < play->live_count; ++i) {
        struct LiveRange *b = &play->live[i];
        if (a != b && a->size == b->size && !a->inner && !b->inner) {
            vr_ranges_swap(a->range, b->range);
            struct VrRange *range = a->range;
            a->range = b->range;
            b->range = range;
            return NULL;
        }
    }
    return NULL;
}

static const char *play_divide(struct RangesPlay *play)
{
    if (play->live_count == 0) {
        return NULL;
    }
    struct LiveRange *live = &play->live[ops_byte(&play->input) % play->live_count];
    if (live->inner) {
        if (live->range->extra != live->inner)
            return "a divided range forgot its inner span";
        vr_ranges_remove(&play->inner_index, live->inner);
        vr_ranges_undivide(&play->index, live->range);
        live->inner->owner = NULL;
        live->inner = NULL;
        --play->divided_count;
        return NULL;
    }
    struct VrSpan *inner = play->inner_spans;
    while (inner->owner) {
        ++inner;
    }
    vr_ranges_divide(&play->index, live->range, inner);
    if (!vr_ranges_add(&play->inner_index, inner)) {
        vr_ranges_undivide(&play->index, live->range);
        return NULL;
    }
    inner->owner = play;
    live->inner = inner;
    ++play->divided_count;
    return NULL;
}

static bool span_has_divided(const struct RangesPlay *play, unsigned span)
{
    for (size_t i = 0; i < play->live_count; ++i) {
        if (play->live[i].span == span && play->live[i].inner) {
            return true;
        }
    }
    return false;
}

// Adds a span that is not there; removes an empty one; discards a used one now and then.
static const char *play_span(struct RangesPlay *play)
{
    vr_ranges_wake(&play->index);
    unsigned byte = ops_byte(&play->input), i = byte % SPANS;
    struct VrSpan *span = &play->spans[i];
    if (!play->added[i]) {
        *span = (struct VrSpan){.base = span_base(i) << play->unit_log2,
                                .size = (uint64_t)span_units(i) << play->unit_log2,
                                .owner = play,
                                .order = i};
        play->added[i] = vr_ranges_add(&play->index, span);
        return NULL;
    }
    if (vr_span_is_empty(span) && byte & 64) {
        vr_ranges_remove(&play->index, span);
    } else if (byte >= 240 && !span_has_divided(play, i)) {
        vr_ranges_discard(&play->index, span);
    } else {
        return NULL;
    }
    play->added[i] = false;
    memset(play->map[i], UNIT_FREE, UNITS);
    for (size_t k = play->live_count; k-- > 0;) {
        if (play->live[k].span == i) {
            play->live[k] = play->live[--play->live_count];
        }
    }
    return NULL;
}

// What is kept without being used is the index's own affair: the invariant walk limits it, and the map learns
// it from the ranges.
static const char *learn_kept(struct RangesPlay *play)
{
    for (unsigned i = 0; i < SPANS; ++i) {
        const struct VrRange *range = play->added[i] ? play->spans[i].first : NULL;
        for (; range; range = range->next) {
            uint64_t from = (range->offset >> play->unit_log2) - span_base(i);
            uint64_t to = (vr_range_end(range) >> play->unit_log2) - span_base(i);
            for (uint64_t unit = from; unit < to; ++unit) {
                if (vr_range_state(range) != VR_RANGE_FREE) {
                    play->map[i][unit] = play->map[i][unit] == UNIT_USED ? UNIT_USED : UNIT_KEPT;
                } else if (play->map[i][unit] == UNIT_USED) {
                    return "a free range covers a used one";
                } else {
                    play->map[i][unit] = UNIT_FREE;
                }
            }
        }
    }
    return NULL;
}

static const char *compare(struct RangesPlay *play)
{
    const struct VrSpan *spans[SPANS];
    size_t count = 0;
    uint64_t bytes = 0;
    for (unsigned i = 0; i < SPANS; ++i) {
        if (play->added[i]) {
            spans[count++] = &play->spans[i];
        }
    }
    const char *broken = vr_ranges_check(&play->index, spans, count);
    for (size_t i = 0; i < play->live_count && !broken; ++i) {
        const struct LiveRange *live = &play->live[i];
        if (live->range->offset != (span_base(live->span) + live->offset) << play->unit_log2 ||
            live->range->size != live->size << play->unit_log2 ||
            live->range->span != &play->spans[live->span]) {
            return "a used range is not where it was";
        }
        if (vr_range_state(live->range) != (live->inner ? VR_RANGE_DIVIDED : VR_RANGE_USED)) {
            return "a used range lost its state";
        }
        bytes += live->inner ? 0 : live->range->size;
    }
    if (!broken && bytes != play->index.used_bytes) {
        broken = "used bytes are counted wrong";
    }
    return broken ? broken : learn_kept(play);
}

static const char *step(struct RangesPlay *play)
{
    unsigned op = ops_byte(&play->input) % 32;
    if (op < 14)
        return play_take(play, false);
    if (op < 16)
        return play_take(play, true);
    if (op < 28)
        return play_give(play);
    if (op < 29)
        return play_swap(play);
    if (op < 30)
        return play_divide(play);
    if (op < 31)
        return play_span(play);
    unsigned byte = ops_byte(&play->input);
    if (byte & 2) {
        vr_ranges_wake(&play->index);
    } else {
        play->host.fail_after = byte & 1 ? -1 : 0;
    }
    return NULL;
}

static const char *run(struct RangesPlay *play)
{
    uint64_t largest = (uint64_t)UNITS << play->unit_log2;
    if (!vr_ranges_init(&play->index, &play->records, &play->host.host, largest) ||
        !vr_ranges_init(&play->inner_index, &play->records, &play->host.host, largest)) {
        return "an index could not be made";
    }
    play->index.grain = 1ull << (ops_byte(&play->input) % 5 + play->unit_log2);
    play->rests = play->index.grain >= 16 && ops_byte(&play->input) & 1;
    if (play->rests && !vr_ranges_let_rest(&play->index, &play->host.host, largest / 8)) {
        return "an index could not be made";
    }
    const char *broken = NULL;
    while (play->input.size && !broken) {
        broken = step(play);
        if (!broken) {
            broken = compare(play);
        }
    }
    vr_ranges_wake(&play->index);
    for (size_t i = 0; i < LIVE_MAX; ++i) {
        if (play->inner_spans[i].owner) {
            vr_ranges_discard(&play->inner_index, &play->inner_spans[i]);
        }
    }
    for (unsigned i = 0; i < SPANS; ++i) {
        if (play->added[i]) {
            vr_ranges_discard(&play->index, &play->spans[i]);
        }
    }
    if (!broken && (play->index.used_bytes != 0 || play->index.used_count != 0)) {
        broken = "bytes are counted as used after everything was dropped";
    }
    vr_ranges_finish(&play->index, &play->host.host);
    vr_ranges_finish(&play->inner_index, &play->host.host);
    return broken;
}

const char *ops_run_ranges(const uint8_t *data, size_t size, unsigned unit_log2)
{
    struct RangesPlay *play = vr_host_zalloc(&vr_host_default, sizeof(*play), 64);
    if (!play) {
        return "no memory for the test itself";
    }
    play->input = (struct OpsInput){data, size};
    play->unit_log2 = unit_log2;
    test_host_init(&play->host);
    vr_records_init(&play->records, &play->host.host);
    const char *broken = run(play);
    vr_records_finish(&play->records);
    if (!broken && play->host.live != 0) {
        broken = "host memory leaked";
    }
    vr_host_free(&vr_host_default, play);
    return broken;
}
