// SPDX-License-Identifier: MIT
// The JSON writer: layout to the letter, escapes, numbers, growth, host memory running out.
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

// A heap that fails from the nth allocation on (0: never) and counts what is alive.
struct CountedHeap {
    unsigned calls, fail_from, alive;
};

static void *counted_allocate(void *context, size_t size, size_t alignment)
{
    struct CountedHeap *heap = context;
    if (++heap->calls >= heap->fail_from && heap->fail_from) {
        return NULL;
    }
    ++heap->alive;
    return vr_host_alloc(&vr_host_default, size, alignment);
}

static void counted_release(void *context, void *memory)
{
    --((struct CountedHeap *)context)->alive;
    vr_host_free(&vr_host_default, memory);
}

static void expect_text(struct VrJson *json, const char *expected)
{
    char *text = vr_json_finish(json);
    assert_non_null(text);
    assert_string_equal(text, expected);
    vr_host_free(json->host, text);
}

static void lines_are_indented_by_two_spaces(void **state)
{
    (void)state;
    struct VrJson json;
    vr_json_init(&json, &vr_host_default, 0);
    vr_json_begin(&json, '{', VR_JSON_LINES);
    vr_json_member(&json, "a", 1);
    vr_json_key(&json, "list");
    vr_json_begin(&json, '[', VR_JSON_LINES);
    vr_json_number(&json, 2);
    vr_json_begin(&json, '{', VR_JSON_LINES);
    vr_json_member(&json, "b", 3);
    vr_json_end(&json, '}');
    vr_json_end(&json, ']');
    vr_json_end(&json, '}');
    expect_text(&json, "{\n  \"a\": 1, \n  \"list\": [\n    2, \n    {\n      \"b\": 3\n    }\n  ]\n}");
}

static void an_empty_container_still_has_a_new_line(void **state)
{
    (void)state;
    struct VrJson json;
    vr_json_init(&json, &vr_host_default, 0);
    vr_json_begin(&json, '{', VR_JSON_LINES);
    vr_json_key(&json, "empty");
    vr_json_begin(&json, '[', VR_JSON_LINES);
    vr_json_end(&json, ']');
    vr_json_end(&json, '}');
    expect_text(&json, "{\n  \"empty\": [\n  ]\n}");
}

static void a_single_line_container_stays_on_its_line_with_all_inside(void **state)
{
    (void)state;
    struct VrJson json;
    vr_json_init(&json, &vr_host_default, 0);
    vr_json_begin(&json, '[', VR_JSON_LINES);
    vr_json_begin(&json, '{', VR_JSON_SINGLE_LINE);
    vr_json_member(&json, "a", 1);
    vr_json_key(&json, "flags");
    vr_json_begin(&json, '[', VR_JSON_LINES);
    vr_json_string(&json, "x");
    vr_json_string(&json, "y");
    vr_json_end(&json, ']');
    vr_json_end(&json, '}');
    vr_json_begin(&json, '[', VR_JSON_SINGLE_LINE);
    vr_json_end(&json, ']');
    vr_json_end(&json, ']');
    expect_text(&json, "[\n  {\"a\": 1, \"flags\": [\"x\", \"y\"]}, \n  []\n]");
}

static void composed_keys_and_strings_are_written_as_one(void **state)
{
    (void)state;
    struct VrJson json;
    vr_json_init(&json, &vr_host_default, 0);
    vr_json_begin(&json, '{', VR_JSON_SINGLE_LINE);
    vr_json_key_number(&json, "Heap ", 3);
    vr_json_open_string(&json);
    vr_json_add_number(&json, 7);
    vr_json_add_text(&json, " - \"name\"");
    vr_json_close_string(&json);
    vr_json_key(&json, "pointer");
    vr_json_pointer(&json, (void *)(uintptr_t)0x12abcdef);
    vr_json_end(&json, '}');
    expect_text(&json, "{\"Heap 3\": \"7 - \\\"name\\\"\", \"pointer\": \"0x12abcdef\"}");
}

static void numbers_match_printf_at_every_length(void **state)
{
    (void)state;
    uint64_t power = 1;
    for (unsigned digits = 1; digits <= 20; ++digits, power *= 10) {
        const uint64_t values[] = {power - 1, power, power + 1, power * 7 / 3, UINT64_MAX / power};
        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); ++i) {
            char expected[32], text[32];
            snprintf(expected, sizeof(expected), "%llu", (unsigned long long)values[i]);
            *vr_json_digits(text, values[i]) = '\0';
            assert_string_equal(text, expected);
        }
    }
}

static void special_characters_are_escaped_at_every_position(void **state)
{
    (void)state;
    static const struct {
        char byte;
        const char *escaped;
    } cases[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\b', "\\b"},     {'\f', "\\f"},     {'\n', "\\n"},
                 {'\r', "\\r"}, {'\t', "\\t"},  {'\x01', "\\u0001"}, {'\x1f', "\\u001f"}, {'\x7f', "\x7f"},
                 {'/', "/"},    {' ', " "},     {'\xc3', "\xc3"},   {'!', "!"},       {'[', "["}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
        for (int position = 0; position < 20; ++position) {
            char text[21], expected[40];
            memset(text, 'x', 20);
            text[20] = '\0';
            text[position] = cases[i].byte;
            snprintf(expected, sizeof(expected), "\"%.*s%s%s\"", position, text, cases[i].escaped,
                     text + position + 1);
            struct VrJson json;
            vr_json_init(&json, &vr_host_default, 0);
            vr_json_string(&json, text);
            expect_text(&json, expected);
        }
    }
}

static void write_much(struct VrJson *json)
{
    vr_json_begin(json, '[', VR_JSON_LINES);
    for (unsigned i = 0; i < 20000; ++i) {
        vr_json_begin(json, '{', VR_JSON_SINGLE_LINE);
        vr_json_member(json, "Offset", i);
        vr_json_key(json, "Name");
        vr_json_string(json, "a name of some length");
        vr_json_end(json, '}');
    }
    vr_json_end(json, ']');
}

static void growth_keeps_the_text_and_calls_the_host_rarely(void **state)
{
    (void)state;
    struct CountedHeap heap = {0};
    const struct VrHost host = {&heap, counted_allocate, counted_release};
    struct VrJson json;
    vr_json_init(&json, &host, 0);
    write_much(&json);
    char *text = vr_json_finish(&json);
    assert_non_null(text);
    assert_int_equal(strncmp(text, "[\n  {\"Offset\": 0, \"Name\"", 24), 0);
    const char *last = "  {\"Offset\": 19999, \"Name\": \"a name of some length\"}\n]";
    assert_string_equal(text + strlen(text) - strlen(last), last);
    assert_true(heap.calls < 12);
    assert_int_equal(heap.alive, 1);
    vr_host_free(&host, text);
    assert_int_equal(heap.alive, 0);
}

static void running_out_of_host_memory_gives_null_and_leaks_nothing(void **state)
{
    (void)state;
    for (unsigned nth = 1; nth <= 5; ++nth) {
        struct CountedHeap heap = {.fail_from = nth};
        const struct VrHost host = {&heap, counted_allocate, counted_release};
        struct VrJson json;
        vr_json_init(&json, &host, 0);
        write_much(&json);
        assert_null(vr_json_finish(&json));
        assert_int_equal(heap.calls, nth);
        assert_int_equal(heap.alive, 0);
    }
}

static void containers_nest_to_the_documented_depth(void **state)
{
    (void)state;
    struct VrJson json;
    vr_json_init(&json, &vr_host_default, 0);
    for (int i = 0; i < VR_JSON_DEPTH_MAX; ++i) {
        vr_json_begin(&json, '[', VR_JSON_LINES);
    }
    vr_json_number(&json, UINT64_MAX);
    for (int i = 0; i < VR_JSON_DEPTH_MAX; ++i) {
        vr_json_end(&json, ']');
    }
    char *text = vr_json_finish(&json);
    assert_non_null(strstr(text, "18446744073709551615"));
    vr_host_free(&vr_host_default, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_indented_by_two_spaces),
        cmocka_unit_test(an_empty_container_still_has_a_new_line),
        cmocka_unit_test(a_single_line_container_stays_on_its_line_with_all_inside),
        cmocka_unit_test(composed_keys_and_strings_are_written_as_one),
        cmocka_unit_test(numbers_match_printf_at_every_length),
        cmocka_unit_test(special_characters_are_escaped_at_every_position),
        cmocka_unit_test(growth_keeps_the_text_and_calls_the_host_rarely),
        cmocka_unit_test(running_out_of_host_memory_gives_null_and_leaks_nothing),
        cmocka_unit_test(containers_nest_to_the_documented_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
