// SPDX-License-Identifier: MIT
// Operation streams on linear placement, against two plain arrays and the rules read literally.
#include "ops_input.h"

#include "place/linear.h"

#include <string.h>

enum { UNITS = 600, LIVE_MAX = UNITS };

struct LiveItem {
    struct VrRange *range;
    uint64_t offset, size; // in units
};

// Items in the order in which they were taken.
struct ItemList {
    struct LiveItem items[LIVE_MAX];
    size_t count;
};

struct LinearPlay {
    struct OpsInput input;
    unsigned unit_log2;
    struct TestHost host;
    struct VrRecords records;
    struct VrLinear linear;
    struct ItemList main, wrapped, top; // lower part; what wrapped round below it; stack from the end
};

static uint64_t end_of_list(const struct ItemList *list)
{
    return list->count ? list->items[list->count - 1].offset + list->items[list->count - 1].size : 0;
}

static uint64_t round_up(uint64_t value, uint64_t alignment)
{
    return (value + alignment - 1) / alignment * alignment;
}

// The list and the place that the rules name, or NULL.
static struct ItemList *expect(struct LinearPlay *play, uint64_t size, uint64_t alignment, bool upper,
                               uint64_t *offset)
{
    uint64_t limit = play->top.count ? play->top.items[play->top.count - 1].offset : UNITS;
    if (upper) {
        if (play->wrapped.count || size > limit) {
            return NULL;
        }
        *offset = (limit - size) / alignment * alignment;
        return *offset >= end_of_list(&play->main) ? &play->top : NULL;
    }
    if (!play->wrapped.count) {
        *offset = round_up(end_of_list(&play->main), alignment);
        if (*offset + size <= limit) {
            return &play->main;
        }
        if (play->top.count || !play->main.count) {
            return NULL;
        }
    }
    *offset = round_up(end_of_list(&play->wrapped), alignment);
    return *offset + size <= play->main.items[0].offset ? &play->wrapped : NULL;
}

static const char *play_take(struct LinearPlay *play, bool upper)
{
    uint64_t size = ops_size(&play->input), alignment = ops_alignment(&play->input), offset = 0;
    struct ItemList *list = expect(play, size, alignment, upper, &offset);
    bool host_failed;
    struct VrRange *range = vr_linear_take(&play->linear, size << play->unit_log2,
                                           alignment << play->unit_log2, upper, &host_failed);
    if (host_failed) {
        return range || play->host.fail_after != 0 ? "host memory is said to have run out and has not" : NULL;
    }
    if (!range != !list)
        return range ? "a request that does not fit was served" : "a request that fits was refused";
    if (!range) {
        return NULL;
    }
    if (range->offset != offset << play->unit_log2)
        return "a range lies elsewhere than the rules say";
    if (range->size != size << play->unit_log2)
        return "a range has another size";
    list->items[list->count++] = (struct LiveItem){range, offset, size};
    return NULL;
}

static const char *play_give(struct LinearPlay *play)
{
    unsigned which = ops_byte(&play->input);
    struct ItemList *lists[] = {&play->main, &play->wrapped, &play->top};
    struct ItemList *list = lists[which % 3];
    if (list->count == 0) {
        return NULL;
    }
    unsigned place = which / 3 % 4;
    size_t i = place == 0 ? list->count - 1 : place == 1 ? ops_byte(&play->input) % list->count : 0;
    uint8_t mark = vr_range_mark(list->items[i].range);
    vr_linear_give(&play->linear, list->items[i].range);
    if (((vr_range_mark(list->items[i].range) ^ mark) & ~VR_MARK_STATE) == 0)
        return "a freed record kept its generation";
    --list->count;
    memmove(list->items + i, list->items + i + 1, (list->count - i) * sizeof(*list->items));
    if (play->main.count == 0 && play->wrapped.count) {
        play->main = play->wrapped;
        play->wrapped.count = 0;
    }
    return NULL;
}

static const char *compare(const struct LinearPlay *play)
{
    const char *broken = vr_linear_check(&play->linear);
    if (broken) {
        return broken;
    }
    const struct VrRange *range = vr_linear_first(&play->linear);
    for (size_t i = 0; i < play->wrapped.count; ++i, range = vr_linear_next(&play->linear, range)) {
        if (range != play->wrapped.items[i].range)
            return "the walk misses what wrapped round";
    }
    for (size_t i = 0; i < play->main.count; ++i, range = vr_linear_next(&play->linear, range)) {
        if (range != play->main.items[i].range)
            return "the walk misses the lower part";
    }
    for (size_t i = play->top.count; i-- > 0; range = vr_linear_next(&play->linear, range)) {
        if (range != play->top.items[i].range)
            return "the walk misses the upper stack";
    }
    return range ? "the walk shows a range that was freed" : NULL;
}

static const char *step(struct LinearPlay *play)
{
    unsigned op = ops_byte(&play->input) % 64;
    if (op < 26)
        return play_take(play, false);
    if (op < 31)
        return play_take(play, true);
    if (op < 62)
        return play_give(play);
    if (op < 63) {
        vr_linear_discard(&play->linear);
        play->main.count = play->wrapped.count = play->top.count = 0;
        return NULL;
    }
    play->host.fail_after = ops_byte(&play->input) & 1 ? -1 : 0;
    return NULL;
}

const char *ops_run_linear(const uint8_t *data, size_t size, unsigned unit_log2)
{
    struct LinearPlay *play = vr_host_zalloc(&vr_host_default, sizeof(*play), 64);
    if (!play) {
        return "no memory for the test itself";
    }
    play->input = (struct OpsInput){data, size};
    play->unit_log2 = unit_log2;
    test_host_init(&play->host);
    vr_records_init(&play->records, &play->host.host);
    play->linear.span.size = (uint64_t)UNITS << unit_log2;
    vr_linear_init(&play->linear, &play->records);
    const char *broken = NULL;
    while (play->input.size && !broken) {
        broken = step(play);
        if (!broken) {
            broken = compare(play);
        }
    }
    vr_linear_discard(&play->linear);
    vr_records_finish(&play->records);
    if (!broken && play->host.live != 0) {
        broken = "host memory leaked";
    }
    vr_host_free(&vr_host_default, play);
    return broken;
}
