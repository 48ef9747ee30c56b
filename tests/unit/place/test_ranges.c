// SPDX-License-Identifier: MIT
// Ranges: what a search takes, what a give joins, and what a failing host leaves alone.
#include "ops.h"

#include "place/ranges.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SPANS = 3 };

struct World {
    struct TestHost test;
    struct VrRecords records;
    struct VrRanges index;
    struct VrSpan spans[SPANS];
    unsigned span_count;
};

static void check(const struct World *world)
{
    const struct VrSpan *spans[SPANS];
    for (unsigned i = 0; i < world->span_count; ++i) {
        spans[i] = &world->spans[i];
    }
    const char *broken = vr_ranges_check(&world->index, spans, world->span_count);
    if (broken) {
        fail_msg("%s", broken);
    }
}

static void open_world(struct World *world, unsigned span_count, uint64_t span_size)
{
    memset(world, 0, sizeof(*world));
    test_host_init(&world->test);
    vr_records_init(&world->records, &world->test.host);
    assert_true(vr_ranges_init(&world->index, &world->records, &world->test.host, span_size));
    world->span_count = span_count;
    for (unsigned i = 0; i < span_count; ++i) {
        world->spans[i] = (struct VrSpan){.size = span_size, .owner = world, .order = i};
        assert_true(vr_ranges_add(&world->index, &world->spans[i]));
    }
}

static void close_world(struct World *world)
{
    check(world);
    vr_ranges_wake(&world->index);
    for (unsigned i = 0; i < world->span_count; ++i) {
        vr_ranges_discard(&world->index, &world->spans[i]);
    }
    assert_int_equal(world->index.used_bytes, 0);
    vr_ranges_finish(&world->index, &world->test.host);
    vr_records_finish(&world->records);
    assert_int_equal(world->test.live, 0);
}

static struct VrRange *take(struct World *world, uint64_t size, uint64_t alignment)
{
    struct VrRange *range = vr_ranges_take(&world->index, size, alignment, VR_STRATEGY_BALANCED);
    assert_non_null(range);
    check(world);
    return range;
}

static void give(struct World *world, struct VrRange *range)
{
    vr_ranges_give(&world->index, range);
    check(world);
}

static void test_a_range_is_joined_with_free_neighbours_on_either_side(void **state)
{
    (void)state;
    static const unsigned orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (unsigned o = 0; o < 6; ++o) {
        struct World world;
        open_world(&world, 1, 4096);
        struct VrRange *three[3], *wall = NULL;
        for (unsigned i = 0; i < 3; ++i) {
            three[i] = take(&world, 100 + i, 1);
        }
        wall = take(&world, 7, 1);
        for (unsigned i = 0; i < 3; ++i) {
            give(&world, three[orders[o][i]]);
        }
        struct VrRange *all = take(&world, 303, 1);
        assert_int_equal(all->offset, 0);
        give(&world, all);
        give(&world, wall);
        assert_true(vr_span_is_empty(&world.spans[0]));
        assert_int_equal(world.spans[0].first->size, 4096);
        close_world(&world);
    }
}

// Five holes of one bin, apart from one another; their offsets rise.
static void make_holes(struct World *world, const uint64_t sizes[5], uint64_t offsets[5])
{
    struct VrRange *holes[5];
    for (unsigned i = 0; i < 5; ++i) {
        holes[i] = vr_ranges_take(&world->index, sizes[i], 1, VR_STRATEGY_MIN_OFFSET);
        assert_non_null(vr_ranges_take(&world->index, 16, 1, VR_STRATEGY_MIN_OFFSET));
        offsets[i] = holes[i]->offset;
    }
    for (unsigned i = 0; i < 5; ++i) {
        give(world, holes[(i + 3) % 5]);
    }
}

static void test_a_large_request_takes_the_smallest_hole_that_fits(void **state)
{
    (void)state;
    static const uint64_t sizes[5] = {1045, 1030, 1060, 1025, 1050};
    struct World world;
    open_world(&world, 1, 1 << 16);
    assert_true(world.index.large <= 1024);
    uint64_t offsets[5];
    make_holes(&world, sizes, offsets);
    assert_int_equal(vr_ranges_take(&world.index, 1025, 1, VR_STRATEGY_MIN_MEMORY)->offset, offsets[3]);
    assert_int_equal(take(&world, 1060, 1)->offset, offsets[2]);
    assert_int_equal(take(&world, 1026, 1)->offset, offsets[1]);
    assert_int_equal(take(&world, 1026, 1)->offset, offsets[0]);
    close_world(&world);
}

static void test_a_small_request_takes_the_lowest_of_the_holes_of_its_size(void **state)
{
    (void)state;
    static const uint64_t sizes[5] = {1050, 1030, 1060, 1025, 1045};
    struct World world;
    open_world(&world, 1, 1 << 20);
    assert_true(world.index.large >= 1045);
    uint64_t offsets[5];
    make_holes(&world, sizes, offsets);
    assert_int_equal(vr_ranges_take(&world.index, 1026, 1, VR_STRATEGY_MIN_MEMORY)->offset, offsets[1]);
    assert_int_equal(take(&world, 1024, 1)->offset, offsets[0]);
    assert_int_equal(take(&world, 1024, 1)->offset, offsets[2]);
    close_world(&world);
}

static void test_an_empty_span_is_used_only_when_nothing_else_fits(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 2, 4096);
    struct VrRange *first = take(&world, 100, 1);
    struct VrSpan *used = first->span;
    while (used->free >= 100) {
        assert_ptr_equal(take(&world, 100, 1)->span, used);
    }
    assert_int_equal(world.index.empty_count, 1);
    assert_ptr_not_equal(take(&world, 100, 1)->span, used);
    assert_int_equal(world.index.empty_count, 0);
    close_world(&world);
}

static void test_the_span_of_lower_order_is_filled_first(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 3, 4096);
    struct VrRange *whole[3];
    for (unsigned i = 0; i < 3; ++i) {
        whole[i] = take(&world, 4096, 1);
        assert_ptr_equal(whole[i]->span, &world.spans[i]);
    }
    for (unsigned i = 0; i < 3; ++i) {
        give(&world, whole[i]);
    }
    assert_ptr_equal(take(&world, 100, 1)->span, &world.spans[0]);
    close_world(&world);
}

static void test_an_aligned_take_leaves_the_gap_to_others(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 1 << 16);
    take(&world, 100, 1);
    struct VrRange *aligned = take(&world, 100, 4096);
    assert_int_equal(aligned->offset, 4096);
    struct VrRange *in_gap = take(&world, 4096 - 100, 1);
    assert_int_equal(in_gap->offset, 100);
    close_world(&world);
}

static void test_alignment_is_that_of_the_offset_and_not_of_the_place_in_the_span(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 1 << 16);
    vr_ranges_remove(&world.index, &world.spans[0]);
    world.spans[0].base = 100;
    assert_true(vr_ranges_add(&world.index, &world.spans[0]));
    assert_int_equal(take(&world, 10, 256)->offset, 256);
    close_world(&world);
}

static void test_min_offset_takes_the_lowest_offset_even_of_a_large_hole(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 2, 1 << 20);
    struct VrRange *large = take(&world, 5000, 1);
    take(&world, 16, 1);
    struct VrRange *exact = take(&world, 64, 1);
    take(&world, 16, 1);
    give(&world, exact);
    give(&world, large);
    struct VrRange *range = vr_ranges_take(&world.index, 64, 1, VR_STRATEGY_MIN_OFFSET);
    assert_int_equal(range->offset, 0);
    assert_ptr_equal(range->span, &world.spans[0]);
    close_world(&world);
}

static void test_take_any_finds_the_one_hole_that_alignment_allows(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 1 << 20);
    // Pairs of 64: every freed one is misaligned for 128, but for the first that is freed.
    struct VrRange *pieces[(1 << 20) / 64];
    for (unsigned i = 0; i < 1 << 14; ++i) {
        pieces[i] = vr_ranges_take(&world.index, 64, 1, VR_STRATEGY_MIN_OFFSET);
    }
    vr_ranges_give(&world.index, pieces[2]);
    for (unsigned i = 101; i < 1 << 14; i += 2) {
        vr_ranges_give(&world.index, pieces[i]);
    }
    check(&world);
    struct VrRange *range = vr_ranges_take_any(&world.index, 64, 128);
    assert_non_null(range);
    assert_int_equal(range->offset, 128);
    assert_null(vr_ranges_take_any(&world.index, 64, 128));
    close_world(&world);
}

static void test_a_divided_range_is_counted_by_the_span_inside_it(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 1 << 16);
    struct VrRanges inner_index;
    assert_true(vr_ranges_init(&inner_index, &world.records, &world.test.host, 1 << 16));
    take(&world, 100, 1);
    struct VrRange *range = take(&world, 4096, 4096);
    struct VrSpan inner = {.owner = &world};
    vr_ranges_divide(&world.index, range, &inner);
    assert_int_equal(world.index.used_bytes, 100);
    assert_int_equal(world.index.used_count, 1);
    check(&world);
    assert_true(vr_ranges_add(&inner_index, &inner));
    struct VrRange *part = vr_ranges_take(&inner_index, 256, 256, VR_STRATEGY_BALANCED);
    assert_in_range(part->offset, range->offset, range->offset + range->size - 256);
    assert_ptr_equal(part->span->inside, range);
    vr_ranges_give(&inner_index, part);
    vr_ranges_remove(&inner_index, &inner);
    vr_ranges_undivide(&world.index, range);
    assert_int_equal(world.index.used_bytes, 4196);
    give(&world, range);
    vr_ranges_finish(&inner_index, &world.test.host);
    close_world(&world);
}

static void test_bytes_too_few_for_a_record_belong_to_the_range_before_them(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 4096);
    world.index.grain = 256;
    struct VrRange *a = take(&world, 100, 256), *b = take(&world, 300, 512);
    assert_int_equal(b->offset, 512); // 256 to 512 is enough for a record, 100 to 256 was not
    assert_int_equal(vr_range_end(a), 256);
    assert_int_equal(world.spans[0].free, 4096 - 256 - 512);
    give(&world, a);
    assert_int_equal(world.spans[0].free, 4096 - 512);
    assert_int_equal(take(&world, 512, 256)->offset, 0);
    give(&world, b);
    close_world(&world);
}

static void open_resting_world(struct World *world)
{
    open_world(world, 2, 1 << 16);
    world->index.grain = 256;
    assert_true(vr_ranges_let_rest(&world->index, &world->test.host, 1 << 12));
}

static void test_a_freed_range_rests_and_serves_the_same_size_again(void **state)
{
    (void)state;
    struct World world;
    open_resting_world(&world);
    take(&world, 1000, 256);
    struct VrRange *range = take(&world, 300, 256);
    take(&world, 1000, 256);
    uint64_t offset = range->offset;
    uint8_t mark = vr_range_mark(range);
    give(&world, range);
    assert_int_equal(world.index.resting_bytes, 512);
    assert_int_equal(world.index.used_count, 2);
    struct VrRange *again = take(&world, 290, 256);
    assert_int_equal(again->offset, offset);
    assert_int_equal(again->size, 290);
    assert_int_not_equal(vr_range_mark(again), mark);
    assert_int_equal(world.index.resting_bytes, 0);
    close_world(&world);
}

static void test_only_so_many_bytes_rest_and_waking_frees_them(void **state)
{
    (void)state;
    struct World world;
    open_resting_world(&world);
    struct VrRange *ranges[64];
    for (unsigned i = 0; i < 64; ++i) {
        ranges[i] = take(&world, 256, 256);
    }
    for (unsigned i = 1; i < 64; ++i) {
        give(&world, ranges[i]);
        assert_true(world.index.resting_bytes <= 1 << 12);
    }
    assert_int_equal(world.index.resting_bytes, 1 << 12);
    vr_ranges_wake(&world.index);
    check(&world);
    assert_int_equal(world.index.resting_bytes, 0);
    assert_int_equal(world.spans[0].free, (1 << 16) - 256);
    close_world(&world);
}

static void test_a_span_whose_ranges_all_rest_becomes_empty(void **state)
{
    (void)state;
    struct World world;
    open_resting_world(&world);
    struct VrRange *a = take(&world, 256, 256), *b = take(&world, 256, 256);
    give(&world, a);
    assert_int_equal(world.index.empty_count, 1);
    give(&world, b);
    assert_int_equal(world.index.empty_count, 2);
    close_world(&world);
}

static void test_a_span_whose_last_live_range_does_not_rest_becomes_empty(void **state)
{
    (void)state;
    struct World world;
    open_resting_world(&world);
    struct VrRange *small = take(&world, 512, 256);
    struct VrRange *large = take(&world, 20000, 256);
    assert_ptr_equal(small->span, large->span);
    struct VrSpan *span = large->span;
    give(&world, small); // rests
    give(&world, large); // too large to rest
    assert_true(vr_span_is_empty(span));
    close_world(&world);
}

static void test_an_enormous_request_looks_for_nothing_at_rest(void **state)
{
    (void)state;
    struct World world;
    open_resting_world(&world);
    assert_null(vr_ranges_take(&world.index, UINT64_MAX, 1, VR_STRATEGY_BALANCED));
    assert_null(vr_ranges_take(&world.index, UINT64_MAX - 300, 256, VR_STRATEGY_BALANCED));
    close_world(&world);
}

// Every pair of four neighbours, in both orders.
static void test_swapped_ranges_change_places(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; ++i) {
        for (unsigned k = 0; k < 4; ++k) {
            if (i == k) {
                continue;
            }
            struct World world;
            open_world(&world, 1, 4 * 64);
            struct VrRange *ranges[4];
            for (unsigned n = 0; n < 4; ++n) {
                ranges[n] = vr_ranges_take(&world.index, 64, 1, VR_STRATEGY_MIN_OFFSET);
            }
            vr_ranges_swap(ranges[i], ranges[k]);
            check(&world);
            assert_int_equal(ranges[i]->offset, k * 64);
            assert_int_equal(ranges[k]->offset, i * 64);
            give(&world, ranges[i]);
            assert_int_equal(take(&world, 64, 1)->offset, k * 64);
            close_world(&world);
        }
    }
}

static void test_ranges_of_two_spans_can_be_swapped(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 2, 4096);
    struct VrRange *a = take(&world, 128, 1), *wall = take(&world, 3968, 1), *b = take(&world, 128, 1);
    assert_ptr_equal(a->span, &world.spans[0]);
    assert_ptr_equal(b->span, &world.spans[1]);
    vr_ranges_swap(a, b);
    check(&world);
    assert_ptr_equal(a->span, &world.spans[1]);
    assert_ptr_equal(b->span, &world.spans[0]);
    give(&world, a);
    assert_true(vr_span_is_empty(&world.spans[1]));
    assert_int_equal(wall->offset, 128);
    close_world(&world);
}

static void test_ranges_of_two_indexes_of_one_store_can_be_swapped(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 4096);
    struct VrRanges other;
    struct VrSpan other_span = {.size = 4096, .owner = &world};
    const struct VrSpan *other_spans = &other_span;
    assert_true(vr_ranges_init(&other, &world.records, &world.test.host, 4096));
    assert_true(vr_ranges_add(&other, &other_span));
    struct VrRange *a = take(&world, 128, 1);
    vr_ranges_take(&other, 64, 1, VR_STRATEGY_BALANCED);
    struct VrRange *b = vr_ranges_take(&other, 128, 1, VR_STRATEGY_BALANCED);
    vr_ranges_swap(a, b);
    check(&world);
    assert_null(vr_ranges_check(&other, &other_spans, 1));
    assert_ptr_equal(a->span, &other_span);
    assert_int_equal(a->offset, 64);
    vr_ranges_give(&other, a);
    give(&world, b);
    assert_null(vr_ranges_check(&other, &other_spans, 1));
    assert_true(vr_span_is_empty(&world.spans[0]));
    vr_ranges_discard(&other, &other_span);
    vr_ranges_finish(&other, &world.test.host);
    close_world(&world);
}

static void test_a_discarded_span_takes_its_ranges_along(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 2, 1 << 16);
    struct VrRange *kept = take(&world, 60000, 1);
    struct VrRange *lost = take(&world, 60000, 1);
    struct VrSpan *gone = lost->span;
    assert_ptr_not_equal(kept->span, gone);
    uint8_t mark = vr_range_mark(lost);
    vr_ranges_discard(&world.index, gone);
    assert_int_not_equal(vr_range_mark(lost) & ~VR_MARK_STATE, mark & ~VR_MARK_STATE);
    assert_null(gone->index);
    assert_int_equal(world.index.used_bytes, 60000);
    assert_int_equal(world.index.used_count, 1);
    assert_null(vr_ranges_take_any(&world.index, 60000, 1));
    assert_true(vr_ranges_add(&world.index, gone));
    close_world(&world);
}

static void test_when_host_memory_runs_out_a_take_changes_nothing(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 1 << 20);
    world.test.fail_after = 0;
    unsigned taken = 0;
    // Each alignment gap needs a record more.
    while (vr_ranges_take(&world.index, 3, 8, VR_STRATEGY_BALANCED)) {
        ++taken;
        check(&world);
    }
    assert_true(taken > 10);
    assert_false(vr_ranges_ready(&world.index));
    check(&world);
    assert_null(vr_ranges_take_any(&world.index, 3, 8));
    assert_null(vr_ranges_take_from(&world.index, world.spans[0].last, 3, 8));
    check(&world);
    world.test.fail_after = -1;
    assert_non_null(vr_ranges_take(&world.index, 3, 8, VR_STRATEGY_BALANCED));
    close_world(&world);
}

static void test_when_host_memory_runs_out_an_index_or_span_is_not_made(void **state)
{
    (void)state;
    struct TestHost test;
    test_host_init(&test);
    struct VrRecords records;
    vr_records_init(&records, &test.host);
    struct VrRanges index;
    test.fail_after = 0;
    assert_false(vr_ranges_init(&index, &records, &test.host, 1 << 20));
    test.fail_after = 1;
    assert_true(vr_ranges_init(&index, &records, &test.host, 1 << 20));
    struct VrSpan span = {.size = 1 << 20};
    assert_false(vr_ranges_add(&index, &span));
    assert_null(span.index);
    assert_int_equal(index.span_count, 0);
    vr_ranges_finish(&index, &test.host);
    vr_records_finish(&records);
    assert_int_equal(test.live, 0);
}

static void test_sizes_near_2_to_the_64_are_placed(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, UINT64_MAX);
    struct VrRange *half = take(&world, 1ull << 63, 1ull << 63);
    assert_null(vr_ranges_take_any(&world.index, 1ull << 63, 1));
    struct VrRange *rest = take(&world, (1ull << 63) - 1, 1);
    assert_int_equal(world.spans[0].free, 0);
    assert_null(vr_ranges_take_any(&world.index, 1, 1));
    give(&world, half);
    assert_null(vr_ranges_take_any(&world.index, (1ull << 63) + 1, 1));
    assert_null(vr_ranges_take_any(&world.index, UINT64_MAX, 1));
    assert_null(vr_ranges_take(&world.index, UINT64_MAX, 1ull << 63, VR_STRATEGY_BALANCED));
    give(&world, rest);
    assert_int_equal(take(&world, UINT64_MAX, 1)->offset, 0);
    close_world(&world);
}

static void test_holes_of_600_gib_are_not_lost(void **state)
{
    (void)state;
    const uint64_t gib = 1ull << 30;
    struct World world;
    open_world(&world, 1, 2000 * gib);
    struct VrRange *large = take(&world, 600 * gib, 1);
    take(&world, 600 * gib, 1);
    give(&world, large);
    assert_int_equal(take(&world, 599 * gib, 1)->offset, 0);
    assert_int_equal(take(&world, 800 * gib, 1)->offset, 1200 * gib);
    close_world(&world);
}

static void test_single_units_fill_a_span_to_the_last(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1, 1000);
    for (unsigned i = 0; i < 1000; ++i) {
        take(&world, 1, 1);
    }
    assert_null(vr_ranges_take(&world.index, 1, 1, VR_STRATEGY_BALANCED));
    assert_int_equal(world.spans[0].free, 0);
    close_world(&world);
}

static void walk(unsigned unit_log2, unsigned seeds)
{
    static uint8_t stream[6000];
    const char *many = getenv("VRAM_TEST_LONG");
    for (uint64_t seed = 1; seed <= (many ? seeds * 100 : seeds); ++seed) {
        ops_fill(stream, sizeof(stream), seed);
        const char *broken = ops_run_ranges(stream, sizeof(stream), unit_log2);
        if (broken) {
            fail_msg("seed %llu, units of 2^%u: %s", (unsigned long long)seed, unit_log2, broken);
        }
    }
}

static void test_random_streams_of_single_units_agree_with_a_map(void **state)
{
    (void)state;
    walk(0, 16);
}

static void test_random_streams_of_units_that_rest_agree_with_a_map(void **state)
{
    (void)state;
    walk(4, 10);
    walk(8, 10);
}

static void test_random_streams_of_huge_units_agree_with_a_map(void **state)
{
    (void)state;
    walk(30, 6);
    walk(53, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_range_is_joined_with_free_neighbours_on_either_side),
        cmocka_unit_test(test_a_large_request_takes_the_smallest_hole_that_fits),
        cmocka_unit_test(test_a_small_request_takes_the_lowest_of_the_holes_of_its_size),
        cmocka_unit_test(test_an_empty_span_is_used_only_when_nothing_else_fits),
        cmocka_unit_test(test_the_span_of_lower_order_is_filled_first),
        cmocka_unit_test(test_an_aligned_take_leaves_the_gap_to_others),
        cmocka_unit_test(test_alignment_is_that_of_the_offset_and_not_of_the_place_in_the_span),
        cmocka_unit_test(test_min_offset_takes_the_lowest_offset_even_of_a_large_hole),
        cmocka_unit_test(test_take_any_finds_the_one_hole_that_alignment_allows),
        cmocka_unit_test(test_a_divided_range_is_counted_by_the_span_inside_it),
        cmocka_unit_test(test_bytes_too_few_for_a_record_belong_to_the_range_before_them),
        cmocka_unit_test(test_a_freed_range_rests_and_serves_the_same_size_again),
        cmocka_unit_test(test_only_so_many_bytes_rest_and_waking_frees_them),
        cmocka_unit_test(test_a_span_whose_last_live_range_does_not_rest_becomes_empty),
        cmocka_unit_test(test_a_span_whose_ranges_all_rest_becomes_empty),
        cmocka_unit_test(test_an_enormous_request_looks_for_nothing_at_rest),
        cmocka_unit_test(test_swapped_ranges_change_places),
        cmocka_unit_test(test_ranges_of_two_spans_can_be_swapped),
        cmocka_unit_test(test_ranges_of_two_indexes_of_one_store_can_be_swapped),
        cmocka_unit_test(test_a_discarded_span_takes_its_ranges_along),
        cmocka_unit_test(test_when_host_memory_runs_out_a_take_changes_nothing),
        cmocka_unit_test(test_when_host_memory_runs_out_an_index_or_span_is_not_made),
        cmocka_unit_test(test_sizes_near_2_to_the_64_are_placed),
        cmocka_unit_test(test_holes_of_600_gib_are_not_lost),
        cmocka_unit_test(test_single_units_fill_a_span_to_the_last),
        cmocka_unit_test(test_random_streams_of_single_units_agree_with_a_map),
        cmocka_unit_test(test_random_streams_of_units_that_rest_agree_with_a_map),
        cmocka_unit_test(test_random_streams_of_huge_units_agree_with_a_map),
    };
    return cmocka_run_group_tests_name("ranges", tests, NULL, NULL);
}
