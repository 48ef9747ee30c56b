// SPDX-License-Identifier: MIT
// The hash table against a plain array that answers the same questions.
#include "cmocka_setup.h"

#include "map.h"

static void an_empty_map_has_nothing(void **state)
{
    struct CliMap map = {0};
    (void)state;
    assert_int_equal(cli_map_get(&map, 1), CLI_MAP_NONE);
    assert_int_equal(cli_map_remove(&map, 1), CLI_MAP_NONE);
    cli_map_finish(&map);
}

static void it_answers_like_an_array_under_random_changes(void **state)
{
    enum { KEYS = 500, STEPS = 200000 };
    static uint32_t plain[KEYS];
    struct CliMap map = {0};
    uint64_t random = 1;
    size_t count = 0;

    (void)state;
    for (int i = 0; i < KEYS; i++) {
        plain[i] = CLI_MAP_NONE;
    }
    for (uint32_t step = 0; step < STEPS; step++) {
        uint64_t key;
        random = random * 6364136223846793005u + 1442695040888963407u;
        key = (random >> 33) % KEYS;
        if (random >> 63) {
            count += plain[key] == CLI_MAP_NONE;
            plain[key] = step;
            assert_true(cli_map_set(&map, key << 40, step));
        } else {
            count -= plain[key] != CLI_MAP_NONE;
            assert_int_equal(cli_map_remove(&map, key << 40), plain[key]);
            plain[key] = CLI_MAP_NONE;
        }
        key = (key * 7 + 3) % KEYS;
        assert_int_equal(cli_map_get(&map, key << 40), plain[key]);
        assert_int_equal(map.count, count);
    }
    cli_map_finish(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(it_answers_like_an_array_under_random_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
