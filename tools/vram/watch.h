// SPDX-License-Identifier: MIT
// Stands between the allocator and the driver: counts calls and objects, and keeps the history of every
// VkDeviceMemory with the live bytes in it. Vulkan's functions carry no user pointer, so one watch at a time
// is in use.
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdatomic.h>

#include "driver.h"
#include "map.h"
#include "vk_mem_alloc.h"

// One VkDeviceMemory.
struct CliBlock {
    VkDeviceMemory memory;
    VkDeviceSize size;
    uint32_t type;
    uint32_t allocations; // alive in it now
    uint32_t most;        // alive in it at once, over its life
    int64_t born_ns;      // in the time of the trace
    int64_t died_ns;      // INT64_MAX while alive
};

// Live bytes of a block changed.
struct CliChange {
    int64_t time_ns;
    uint32_t block;
    int64_t bytes;
};

struct CliWatch {
    const struct CliDevice *device;
    int64_t now_ns; // the time of the trace; the replay sets it
    atomic_ullong calls, allocate_calls, free_calls, map_calls;
    atomic_llong buffers, images; // alive
    // The allocator may allocate on a thread of its own, so what follows is guarded.
    atomic_flag lock;
    uint64_t memories, peak_memories;
    VkDeviceSize reserved, peak_reserved;
    struct CliBlock *blocks;
    uint32_t block_count, block_capacity;
    struct CliMap by_memory; // VkDeviceMemory -> index of the block alive
    struct CliChange *changes;
    size_t change_count, change_capacity;
    bool incomplete; // memory for the history ran out
};

// Starts to watch the functions of a device. The allocator is created with what cli_watch_functions returns.
void cli_watch_begin(struct CliWatch *watch, const struct CliDevice *device);
VmaVulkanFunctions cli_watch_functions(const struct CliWatch *watch);
void cli_watch_end(struct CliWatch *watch); // frees the history

// The block of a memory, or CLI_MAP_NONE.
uint32_t cli_watch_block(struct CliWatch *watch, VkDeviceMemory memory);

// Tells that an allocation of that many bytes came (positive) or went (negative).
void cli_watch_change(struct CliWatch *watch, uint32_t block, int64_t bytes);

#endif
