// SPDX-License-Identifier: MIT
// Hidden spans: no search finds their free ranges, ranges come back to them all the same, and shown again
// they are as any other.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "place/ranges.h"

enum { SPANS = 4, SPAN_SIZE = 1 << 16, LIVE = 200, STEPS = 20000 };

struct World {
    struct VrRecords records;
    struct VrRanges ranges;
    struct VrSpan spans[SPANS];
};

static int set_up(void **state)
{
    static struct World world;
    vr_records_init(&world.records, &vr_host_default);
    assert_true(vr_ranges_init(&world.ranges, &world.records, &vr_host_default, SPAN_SIZE));
    for (uint32_t i = 0; i < SPANS; ++i) {
        world.spans[i] = (struct VrSpan){.size = SPAN_SIZE, .owner = &world, .order = i};
        assert_true(vr_ranges_add(&world.ranges, &world.spans[i]));
    }
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct World *world = *state;
    for (uint32_t i = 0; i < SPANS; ++i) {
        if (world->spans[i].index) {
            vr_ranges_discard(&world->ranges, &world->spans[i]);
        }
    }
    vr_ranges_finish(&world->ranges, &vr_host_default);
    vr_records_finish(&world->records);
    return 0;
}

static void check(const struct World *world)
{
    const struct VrSpan *spans[SPANS];
    size_t count = 0;
    for (uint32_t i = 0; i < SPANS; ++i) {
        if (world->spans[i].index) {
            spans[count++] = &world->spans[i];
        }
    }
    const char *broken = vr_ranges_check(&world->ranges, spans, count);
    if (broken) {
        fail_msg("%s", broken);
    }
}

static void test_nothing_is_taken_from_a_hidden_span(void **state)
{
    struct World *world = *state;
    struct VrRange *kept = vr_ranges_take(&world->ranges, 64, 1, VR_STRATEGY_BALANCED);
    vr_ranges_hide(&world->ranges, kept->span);
    for (int strategy = VR_STRATEGY_BALANCED; strategy <= VR_STRATEGY_MIN_OFFSET; ++strategy) {
        struct VrRange *range = vr_ranges_take(&world->ranges, 64, 1, (enum VrStrategy)strategy);
        assert_non_null(range);
        assert_ptr_not_equal(range->span, kept->span);
        check(world);
    }
}

static void test_nothing_fits_when_every_span_is_hidden_and_full_ones_are_no_help(void **state)
{
    struct World *world = *state;
    for (uint32_t i = 0; i < SPANS; ++i) {
        struct VrRange *range = vr_ranges_take_from(&world->ranges, world->spans[i].first, 64, 1);
        vr_ranges_hide(&world->ranges, range->span);
    }
    check(world);
    assert_null(vr_ranges_take(&world->ranges, 1, 1, VR_STRATEGY_BALANCED));
    assert_null(vr_ranges_take_any(&world->ranges, 1, 1));
    vr_ranges_show(&world->ranges, &world->spans[2]);
    check(world);
    assert_ptr_equal(vr_ranges_take(&world->ranges, SPAN_SIZE - 64, 1, VR_STRATEGY_BALANCED)->span,
                     &world->spans[2]);
}

static void test_a_hidden_span_that_empties_is_shown_as_an_empty_one(void **state)
{
    struct World *world = *state;
    struct VrRange *ranges[3];
    for (int i = 0; i < 3; ++i) {
        ranges[i] = vr_ranges_take(&world->ranges, 100, 1, VR_STRATEGY_MIN_OFFSET);
    }
    struct VrSpan *span = ranges[0]->span;
    vr_ranges_hide(&world->ranges, span);
    static const int order[3] = {1, 0, 2};
    for (int i = 0; i < 3; ++i) {
        assert_ptr_equal(vr_ranges_give(&world->ranges, ranges[order[i]]), span);
        check(world);
        assert_int_equal(world->ranges.empty_count, i < 2 ? SPANS - 1 : SPANS);
    }
    assert_true(vr_span_is_empty(span));
    assert_false(span->hidden);
}

static void test_a_hidden_span_can_be_discarded_and_removals_are_counted(void **state)
{
    struct World *world = *state;
    uint32_t removed = world->ranges.removed_count;
    vr_ranges_remove(&world->ranges, &world->spans[3]);
    check(world);
    struct VrRange *range = vr_ranges_take(&world->ranges, 100, 64, VR_STRATEGY_BALANCED);
    struct VrSpan *span = range->span;
    vr_ranges_hide(&world->ranges, span);
    vr_ranges_discard(&world->ranges, span);
    check(world);
    assert_int_equal(world->ranges.removed_count, removed + 2);
    assert_int_equal(world->ranges.used_count, 0);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void test_random_work_with_spans_that_come_and_go_breaks_no_rule(void **state)
{
    struct World *world = *state;
    struct VrRange *live[LIVE] = {NULL};
    uint32_t seed = 7;
    for (int step = 0; step < STEPS; ++step) {
        uint32_t slot = next_random(&seed) % LIVE;
        uint32_t toss = next_random(&seed) % 64;
        if (toss == 0) {
            struct VrSpan *span = &world->spans[slot % SPANS];
            if (span->hidden) {
                vr_ranges_show(&world->ranges, span);
            } else if (!vr_span_is_empty(span)) {
                vr_ranges_hide(&world->ranges, span);
            }
        } else if (live[slot]) {
            vr_ranges_give(&world->ranges, live[slot]);
            live[slot] = NULL;
        } else {
            uint64_t size = 1 + next_random(&seed) % 4000;
            live[slot] =
                vr_ranges_take(&world->ranges, size, 1ull << (toss % 8), (enum VrStrategy)(toss % 4));
            assert_true(!live[slot] || !live[slot]->span->hidden);
        }
        if (step % 16 == 0) {
            check(world);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_is_taken_from_a_hidden_span, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_fits_when_every_span_is_hidden_and_full_ones_are_no_help,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_hidden_span_that_empties_is_shown_as_an_empty_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_hidden_span_can_be_discarded_and_removals_are_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_random_work_with_spans_that_come_and_go_breaks_no_rule, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
