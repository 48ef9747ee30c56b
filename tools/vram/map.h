// SPDX-License-Identifier: MIT
// A hash table from 64-bit keys to 32-bit indices: open addressing, linear probing, deletion by shifting
// back.
#ifndef CLI_MAP_H
#define CLI_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_MAP_NONE UINT32_MAX

struct CliMapEntry {
    uint64_t key;
    uint32_t value; // CLI_MAP_NONE: the slot is free
};

struct CliMap {
    struct CliMapEntry *entries;
    size_t capacity; // a power of two, or 0
    size_t count;
};

uint32_t cli_map_get(const struct CliMap *map, uint64_t key);       // CLI_MAP_NONE: not there
bool cli_map_set(struct CliMap *map, uint64_t key, uint32_t value); // false: out of memory
uint32_t cli_map_remove(struct CliMap *map, uint64_t key);          // what was there, or CLI_MAP_NONE
void cli_map_finish(struct CliMap *map);

#endif
