// SPDX-License-Identifier: MIT
// The requests that the rows make: sizes with known distributions, a live set that is churned at random, and
// the textures of a shipped game. Same seed, same requests, whichever engine serves them.
#ifndef BENCH_WORKLOADS_H
#define BENCH_WORKLOADS_H

#include "stats.h"
#include "target.h"

enum { SIZE_TABLE_COUNT = 1 << 16 };

// Sizes drawn beforehand, so that drawing them costs nothing inside a measurement.
struct size_table {
    uint32_t sizes[SIZE_TABLE_COUNT];
    VkDeviceSize alignment;
    bool rounded; // what is required of the engine is rounded up to the alignment
};

// Log-uniform in min..max: every octave is equally likely.
void size_table_log(struct size_table *table, uint32_t min, uint32_t max, VkDeviceSize alignment,
                    uint64_t seed);
// Uniform in min..max, rounded as drivers round the requirements of small buffers.
void size_table_uniform(struct size_table *table, uint32_t min, uint32_t max, VkDeviceSize alignment,
                        uint64_t seed);

// `count` allocations of one engine; a step frees a random one and allocates a new one in its place.
struct live_set {
    const struct engine *engine;
    VmaAllocator allocator;
    const struct size_table *table;
    VmaAllocation *items;
    uint32_t *item_sizes;
    uint32_t count;
    uint32_t next_size;
    uint64_t live; // bytes asked for
    struct rng rng;
};

// Fills the set. VK_SUCCESS, or the first failure (what was allocated is freed by live_set_finish).
VkResult live_set_init(struct live_set *set, const struct engine *engine, VmaAllocator allocator,
                       const struct size_table *table, uint32_t count, uint64_t seed);
void live_set_finish(struct live_set *set);
VkResult live_set_step(struct live_set *set, uint32_t steps);

// vmaAllocateMemory with device-local memory asked for, as an engine with its own resource creation calls it.
VkResult allocate_device_local(const struct engine *engine, VmaAllocator allocator, VkDeviceSize size,
                               VkDeviceSize alignment, VmaAllocation *allocation);

// A texture drawn from the image sizes of SuperTuxKart 1.4 (2,754 images, shares per size), scaled by 1, 2 or
// 4.
struct texture {
    uint32_t width, height;
};
struct texture texture_draw(struct rng *rng);
// BC3 with a full mip chain from `first_mip` on: the image that a streaming engine creates for that level.
VkResult texture_create(const struct engine *engine, VmaAllocator allocator, struct texture texture,
                        uint32_t first_mip, VkImage *image, VmaAllocation *allocation);

#endif
