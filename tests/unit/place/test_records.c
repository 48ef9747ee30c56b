// SPDX-License-Identifier: MIT
// The store of records.
#include "ops.h"

#include "place/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

enum { MANY = 3000 };

static void test_every_record_is_another_one_and_has_six_low_bits_to_spare(void **state)
{
    (void)state;
    struct TestHost test;
    test_host_init(&test);
    struct VrRecords records;
    vr_records_init(&records, &test.host);
    struct VrRange *list;
    assert_int_equal(vr_records_take(&records, MANY, &list), MANY);
    unsigned count = 0;
    for (struct VrRange *record = list; record; record = record->next) {
        assert_int_equal((uintptr_t)record & 63, 0);
        assert_int_equal(record->tag, 0);
        assert_int_equal(vr_range_state(record), VR_RANGE_UNUSED);
        record->tag = ++count;
    }
    assert_int_equal(count, MANY);
    vr_records_finish(&records);
    assert_int_equal(test.live, 0);
}

static void test_given_records_are_taken_again_before_the_host_is_asked(void **state)
{
    (void)state;
    struct TestHost test;
    test_host_init(&test);
    struct VrRecords records;
    vr_records_init(&records, &test.host);
    struct VrRange *list;
    assert_int_equal(vr_records_take(&records, MANY, &list), MANY);
    vr_records_give(&records, list);
    long asked = test.count;
    assert_int_equal(vr_records_take(&records, MANY, &list), MANY);
    assert_int_equal(test.count, asked);
    vr_records_finish(&records);
    assert_int_equal(test.live, 0);
}

static void test_when_the_host_fails_what_there_is_is_handed_out(void **state)
{
    (void)state;
    struct TestHost test;
    test_host_init(&test);
    test.fail_after = 0;
    struct VrRecords records;
    vr_records_init(&records, &test.host);
    struct VrRange *list;
    assert_int_equal(vr_records_take(&records, 8, &list), 0);
    assert_null(list);
    test.fail_after = 1;
    uint32_t first = vr_records_take(&records, MANY, &list);
    assert_in_range(first, 1, MANY - 1);
    uint32_t listed = 0;
    for (struct VrRange *record = list; record; record = record->next) {
        ++listed;
    }
    assert_int_equal(listed, first);
    assert_int_equal(vr_records_take(&records, 1, &list), 0);
    vr_records_finish(&records);
    assert_int_equal(test.live, 0);
}

static void test_the_host_is_asked_ever_more_rarely(void **state)
{
    (void)state;
    struct TestHost test;
    test_host_init(&test);
    struct VrRecords records;
    vr_records_init(&records, &test.host);
    struct VrRange *list;
    assert_int_equal(vr_records_take(&records, 100000, &list), 100000);
    assert_in_range(test.count, 1, 120);
    vr_records_finish(&records);
}

static void test_a_renewed_record_has_another_mark_and_the_same_state(void **state)
{
    (void)state;
    struct VrRange record = {0};
    vr_range_set_state(&record, VR_RANGE_USED);
    for (int i = 0; i < 63; ++i) {
        uint8_t mark = vr_range_mark(&record);
        vr_range_renew(&record);
        assert_int_not_equal(vr_range_mark(&record), mark);
        assert_int_equal(vr_range_state(&record), VR_RANGE_USED);
    }
}

// Some programs give callbacks that return what malloc returns, whatever alignment is asked for.
static char sloppy_memory[1 << 16];
static size_t sloppy_used = 16;

static void *sloppy_allocate(void *context, size_t size, size_t alignment)
{
    (void)context;
    (void)alignment;
    assert_true(sloppy_used + size <= sizeof(sloppy_memory));
    void *memory = sloppy_memory + sloppy_used;
    memset(memory, 0xee, size);
    sloppy_used += (size + 15) / 16 * 16;
    return memory;
}

static void sloppy_release(void *context, void *memory)
{
    (void)context;
    (void)memory;
}

static void test_a_host_that_ignores_alignment_still_gives_whole_records(void **state)
{
    (void)state;
    struct VrHost host = {NULL, sloppy_allocate, sloppy_release};
    struct VrRecords records;
    vr_records_init(&records, &host);
    struct VrRange *list;
    assert_int_equal(vr_records_take(&records, 150, &list), 150);
    for (struct VrRange *record = list; record; record = record->next) {
        assert_int_equal((uintptr_t)record & 63, 0);
        assert_true((char *)(record + 1) <= sloppy_memory + sloppy_used);
    }
    vr_records_finish(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_record_is_another_one_and_has_six_low_bits_to_spare),
        cmocka_unit_test(test_given_records_are_taken_again_before_the_host_is_asked),
        cmocka_unit_test(test_when_the_host_fails_what_there_is_is_handed_out),
        cmocka_unit_test(test_the_host_is_asked_ever_more_rarely),
        cmocka_unit_test(test_a_renewed_record_has_another_mark_and_the_same_state),
        cmocka_unit_test(test_a_host_that_ignores_alignment_still_gives_whole_records),
    };
    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
