// SPDX-License-Identifier: MIT
// The hash table of map.h. At most 2/3 full, so that a probe is short.
#include "map.h"

#include <stdlib.h>

static size_t home_of(const struct CliMap *map, uint64_t key)
{
    key *= 0x9E3779B97F4A7C15u;
    return (size_t)(key >> 20) & (map->capacity - 1);
}

// The slot of the key, or the free slot where it would go. The table has a free slot.
static size_t find_slot(const struct CliMap *map, uint64_t key)
{
    size_t slot = home_of(map, key);
    while (map->entries[slot].value != CLI_MAP_NONE && map->entries[slot].key != key) {
        slot = (slot + 1) & (map->capacity - 1);
    }
    return slot;
}

static bool grow(struct CliMap *map)
{
    struct CliMap larger = {NULL, map->capacity ? map->capacity * 2 : 64, map->count};

    larger.entries = malloc(larger.capacity * sizeof(*larger.entries));
    if (!larger.entries) {
        return false;
    }
    for (size_t i = 0; i < larger.capacity; i++) {
        larger.entries[i].value = CLI_MAP_NONE;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->entries[i].value != CLI_MAP_NONE) {
            larger.entries[find_slot(&larger, map->entries[i].key)] = map->entries[i];
        }
    }
    free(map->entries);
    *map = larger;
    return true;
}

uint32_t cli_map_get(const struct CliMap *map, uint64_t key)
{
    return map->capacity ? map->entries[find_slot(map, key)].value : CLI_MAP_NONE;
}

bool cli_map_set(struct CliMap *map, uint64_t key, uint32_t value)
{
    size_t slot;

    if ((map->count + 1) * 3 > map->capacity * 2 && !grow(map)) {
        return false;
    }
    slot = find_slot(map, key);
    map->count += map->entries[slot].value == CLI_MAP_NONE;
    map->entries[slot].key = key;
    map->entries[slot].value = value;
    return true;
}

uint32_t cli_map_remove(struct CliMap *map, uint64_t key)
{
    size_t mask = map->capacity - 1;
    size_t hole, next;
    uint32_t value;

    if (!map->capacity) {
        return CLI_MAP_NONE;
    }
    hole = find_slot(map, key);
    value = map->entries[hole].value;
    if (value == CLI_MAP_NONE) {
        return value;
    }
    // An entry after the hole moves into it unless its home lies between the hole and itself.
    for (next = (hole + 1) & mask; map->entries[next].value != CLI_MAP_NONE; next = (next + 1) & mask) {
        size_t home = home_of(map, map->entries[next].key);
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            map->entries[hole] = map->entries[next];
            hole = next;
        }
    }
    map->entries[hole].value = CLI_MAP_NONE;
    map->count--;
    return value;
}

void cli_map_finish(struct CliMap *map)
{
    free(map->entries);
    *map = (struct CliMap){0};
}
