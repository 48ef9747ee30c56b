// SPDX-License-Identifier: MIT
// Linear placement: stack, double stack, ring, and when each refuses.
#include "ops.h"

#include "place/linear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct World {
    struct TestHost test;
    struct VrRecords records;
    struct VrLinear linear;
};

static void check(const struct World *world)
{
    const char *broken = vr_linear_check(&world->linear);
    if (broken) {
        fail_msg("%s", broken);
    }
}

static void open_world(struct World *world, uint64_t size)
{
    memset(world, 0, sizeof(*world));
    test_host_init(&world->test);
    vr_records_init(&world->records, &world->test.host);
    world->linear.span.size = size;
    vr_linear_init(&world->linear, &world->records);
}

static void close_world(struct World *world)
{
    vr_linear_discard(&world->linear);
    check(world);
    vr_records_finish(&world->records);
    assert_int_equal(world->test.live, 0);
}

static struct VrRange *try_take(struct World *world, uint64_t size, uint64_t alignment, bool upper)
{
    bool host_failed;
    struct VrRange *range = vr_linear_take(&world->linear, size, alignment, upper, &host_failed);
    assert_false(host_failed);
    check(world);
    return range;
}

static struct VrRange *take(struct World *world, uint64_t size)
{
    struct VrRange *range = try_take(world, size, 1, false);
    assert_non_null(range);
    return range;
}

static struct VrRange *take_upper(struct World *world, uint64_t size)
{
    struct VrRange *range = try_take(world, size, 1, true);
    assert_non_null(range);
    return range;
}

static void give(struct World *world, struct VrRange *range)
{
    vr_linear_give(&world->linear, range);
    check(world);
}

static void test_a_stack_grows_and_shrinks_at_its_top(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    struct VrRange *a = take(&world, 40), *b = take(&world, 40);
    assert_int_equal(a->offset, 0);
    assert_int_equal(b->offset, 40);
    assert_null(try_take(&world, 21, 1, false));
    give(&world, b);
    assert_int_equal(take(&world, 60)->offset, 40);
    close_world(&world);
}

static void test_a_range_freed_in_the_middle_waits_for_those_above_it(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    take(&world, 20);
    struct VrRange *middle = take(&world, 20), *top = take(&world, 20);
    give(&world, middle);
    assert_int_equal(world.linear.span.free, 60);
    assert_null(try_take(&world, 41, 1, false));
    give(&world, top);
    assert_int_equal(take(&world, 80)->offset, 20);
    close_world(&world);
}

static void test_a_ring_wraps_round_below_its_first_live_range(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    struct VrRange *a = take(&world, 60), *b = take(&world, 30);
    assert_null(try_take(&world, 20, 1, false));
    give(&world, a);
    struct VrRange *c = take(&world, 20);
    assert_int_equal(c->offset, 0);
    assert_int_equal(take(&world, 40)->offset, 20);
    assert_null(try_take(&world, 1, 1, false));
    give(&world, b);
    assert_int_equal(take(&world, 40)->offset, 60);
    close_world(&world);
}

static void test_a_ring_goes_round_for_ever_first_in_first_out(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    struct VrRange *window[4] = {0};
    for (unsigned i = 0; i < 1000; ++i) {
        if (window[i % 4]) {
            give(&world, window[i % 4]);
        }
        window[i % 4] = take(&world, 11 + i % 9);
    }
    close_world(&world);
}

static void test_a_double_stack_meets_in_the_middle(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    take(&world, 30);
    struct VrRange *upper = take_upper(&world, 30);
    assert_int_equal(upper->offset, 70);
    assert_int_equal(take_upper(&world, 20)->offset, 50);
    assert_null(try_take(&world, 21, 1, false));
    assert_null(try_take(&world, 21, 1, true));
    assert_int_equal(take(&world, 20)->offset, 30);
    assert_null(try_take(&world, 1, 1, true));
    assert_int_equal(world.linear.span.free, 0);
    close_world(&world);
}

static void test_an_upper_range_is_aligned_down(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    assert_int_equal(try_take(&world, 10, 32, true)->offset, 64);
    assert_int_equal(try_take(&world, 10, 32, true)->offset, 32);
    take(&world, 1);
    assert_null(try_take(&world, 10, 32, true));
    close_world(&world);
}

static void test_no_upper_range_while_the_ring_is_wrapped(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    struct VrRange *a = take(&world, 60);
    struct VrRange *b = take(&world, 30);
    give(&world, a);
    struct VrRange *c = take(&world, 20);
    assert_null(try_take(&world, 1, 1, true));
    give(&world, c);
    struct VrRange *upper = take_upper(&world, 10);
    assert_int_equal(upper->offset, 90);
    give(&world, upper);
    give(&world, b);
    close_world(&world);
}

static void test_no_wrapping_round_while_the_upper_stack_is_used(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    struct VrRange *a = take(&world, 60);
    take(&world, 30);
    struct VrRange *upper = take_upper(&world, 5);
    give(&world, a);
    assert_null(try_take(&world, 20, 1, false));
    give(&world, upper);
    assert_int_equal(take(&world, 20)->offset, 0);
    close_world(&world);
}

static void test_when_all_is_freed_the_span_is_as_new(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    for (unsigned order = 0; order < 2; ++order) {
        struct VrRange *a = take(&world, 60), *b = take(&world, 30);
        give(&world, a);
        struct VrRange *c = take(&world, 20);
        give(&world, order ? b : c);
        give(&world, order ? c : b);
        assert_true(vr_linear_is_empty(&world.linear));
        struct VrRange *all = take_upper(&world, 100);
        give(&world, all);
        give(&world, take(&world, 100));
    }
    close_world(&world);
}

static void test_the_walk_goes_by_offset(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 100);
    take_upper(&world, 10);
    take(&world, 10);
    take_upper(&world, 10);
    take(&world, 10);
    static const uint64_t expected[] = {0, 10, 80, 90};
    unsigned count = 0;
    const struct VrRange *range = vr_linear_first(&world.linear);
    for (; range; range = vr_linear_next(&world.linear, range)) {
        assert_int_equal(range->offset, expected[count++]);
    }
    assert_int_equal(count, 4);
    close_world(&world);
}

static void test_sizes_near_2_to_the_64_do_not_overflow(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, UINT64_MAX);
    take(&world, 5);
    assert_null(try_take(&world, UINT64_MAX, 1, false));
    assert_null(try_take(&world, UINT64_MAX - 4, 1, true));
    assert_null(try_take(&world, (1ull << 63) + 5, 1ull << 63, false));
    assert_int_equal(try_take(&world, (1ull << 63) - 1, 1ull << 63, false)->offset, 1ull << 63);
    assert_null(try_take(&world, 1, 1, false));
    close_world(&world);
}

static void test_when_host_memory_runs_out_a_take_changes_nothing(void **state)
{
    (void)state;
    struct World world;
    open_world(&world, 1000);
    world.test.fail_after = 0;
    bool host_failed;
    assert_null(vr_linear_take(&world.linear, 1, 1, false, &host_failed));
    assert_true(host_failed);
    check(&world);
    assert_true(vr_linear_is_empty(&world.linear));
    assert_null(vr_linear_take(&world.linear, 1001, 1, false, &host_failed));
    assert_false(host_failed);
    world.test.fail_after = -1;
    assert_int_equal(take(&world, 1)->offset, 0);
    close_world(&world);
}

static void test_random_streams_agree_with_the_rules_read_literally(void **state)
{
    (void)state;
    static uint8_t stream[20000];
    const char *many = getenv("VRAM_TEST_LONG");
    for (uint64_t seed = 1; seed <= (many ? 1000 : 40); ++seed) {
        ops_fill(stream, sizeof(stream), seed);
        unsigned unit_log2 = seed % 3 == 0 ? 54 : seed % 3 == 1 ? 0 : 20;
        const char *broken = ops_run_linear(stream, sizeof(stream), unit_log2);
        if (broken) {
            fail_msg("seed %llu, units of 2^%u: %s", (unsigned long long)seed, unit_log2, broken);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_stack_grows_and_shrinks_at_its_top),
        cmocka_unit_test(test_a_range_freed_in_the_middle_waits_for_those_above_it),
        cmocka_unit_test(test_a_ring_wraps_round_below_its_first_live_range),
        cmocka_unit_test(test_a_ring_goes_round_for_ever_first_in_first_out),
        cmocka_unit_test(test_a_double_stack_meets_in_the_middle),
        cmocka_unit_test(test_an_upper_range_is_aligned_down),
        cmocka_unit_test(test_no_upper_range_while_the_ring_is_wrapped),
        cmocka_unit_test(test_no_wrapping_round_while_the_upper_stack_is_used),
        cmocka_unit_test(test_when_all_is_freed_the_span_is_as_new),
        cmocka_unit_test(test_the_walk_goes_by_offset),
        cmocka_unit_test(test_sizes_near_2_to_the_64_do_not_overflow),
        cmocka_unit_test(test_when_host_memory_runs_out_a_take_changes_nothing),
        cmocka_unit_test(test_random_streams_agree_with_the_rules_read_literally),
    };
    return cmocka_run_group_tests_name("linear", tests, NULL, NULL);
}
