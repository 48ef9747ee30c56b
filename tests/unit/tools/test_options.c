// SPDX-License-Identifier: MIT
// The command line parser, and the words and figures of the program.
#include "cmocka_setup.h"

#include <stdbool.h>
#include <string.h>

#include "options.h"
#include "text.h"

static bool fast;
static const char *color;
static const char *words[2];

static const struct CliCommand command = {"test", "WORD", "a command", "", NULL};
static const struct CliOption options[] = {
    {"fast", NULL, "do it fast", &fast, NULL},
    {"color", "NAME", "which color", NULL, &color},
};

static enum CliParse parse(int argc, char **argv)
{
    fast = false;
    color = NULL;
    words[0] = words[1] = NULL;
    return cli_options_parse(&command, options, 2, argc, argv, words, 2);
}

#define PARSE(...) parse((int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)), (char *[]){__VA_ARGS__})

static void flags_values_and_words_are_found_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(PARSE("test", "one", "--fast", "--color", "red", "two"), CLI_PARSE_GO);
    assert_true(fast);
    assert_string_equal(color, "red");
    assert_string_equal(words[0], "one");
    assert_string_equal(words[1], "two");
    assert_int_equal(PARSE("test", "--color=a=b"), CLI_PARSE_GO);
    assert_string_equal(color, "a=b");
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    assert_int_equal(PARSE("test", "--", "--fast"), CLI_PARSE_GO);
    assert_false(fast);
    assert_string_equal(words[0], "--fast");
    assert_int_equal(PARSE("test", "-"), CLI_PARSE_GO);
    assert_string_equal(words[0], "-");
}

static void wrong_usage_is_refused(void **state)
{
    (void)state;
    assert_int_equal(PARSE("test", "--quick"), CLI_PARSE_WRONG);
    assert_int_equal(PARSE("test", "--color"), CLI_PARSE_WRONG);
    assert_int_equal(PARSE("test", "--fast=1"), CLI_PARSE_WRONG);
    assert_int_equal(PARSE("test", "-f"), CLI_PARSE_WRONG);
    assert_int_equal(PARSE("test", "1", "2", "3"), CLI_PARSE_WRONG);
    assert_int_equal(PARSE("test", "--fas"),
                     CLI_PARSE_WRONG); // no abbreviations: a later option could change them
}

static void help_is_asked_for_with_help(void **state)
{
    (void)state;
    assert_int_equal(PARSE("test", "--help", "--nonsense"), CLI_PARSE_HELP);
    assert_int_equal(PARSE("test", "-h"), CLI_PARSE_HELP);
}

static void a_typing_mistake_gets_the_nearest_name(void **state)
{
    static const char *const names[] = {"replay", "demo", "info", NULL};
    (void)state;
    assert_string_equal(cli_nearest("repaly", names), "replay");
    assert_string_equal(cli_nearest("inof", names), "info");
    assert_null(cli_nearest("banana", names));
    assert_null(cli_nearest("a_word_that_is_very_much_longer_than_any_name_here", names));
}

static void figures_have_units(void **state)
{
    (void)state;
    assert_string_equal(cli_bytes(0).text, "0 B");
    assert_string_equal(cli_bytes(1023).text, "1023 B");
    assert_string_equal(cli_bytes(1024).text, "1.0 KiB");
    assert_string_equal(cli_bytes((1 << 20) - 1).text, "1.0 MiB");
    assert_string_equal(cli_bytes(UINT64_MAX).text, "16.0 EiB");
    assert_string_equal(cli_duration(999).text, "999 ns");
    assert_string_equal(cli_duration(1500).text, "1.5 us");
    assert_string_equal(cli_duration(116300000000).text, "116.3 s");
    assert_string_equal(cli_count(0).text, "0");
    assert_string_equal(cli_count(999).text, "999");
    assert_string_equal(cli_count(1234567).text, "1,234,567");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_values_and_words_are_found_in_any_order),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(wrong_usage_is_refused),
        cmocka_unit_test(help_is_asked_for_with_help),
        cmocka_unit_test(a_typing_mistake_gets_the_nearest_name),
        cmocka_unit_test(figures_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
