// SPDX-License-Identifier: MIT
// A simulated device with real memory, one pool of small blocks in it, and allocations whose bytes tell whose
// they are.
#ifndef TEST_ENGINE_MOVE_WORLD_H
#define TEST_ENGINE_MOVE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/move.h"
#include "sim.h"

#define KIB ((VkDeviceSize)1 << 10)
#define BLOCK_SIZE (256 * KIB)

enum { MOST_LIVE = 4096 };

struct World {
    struct VrSim *sim;
    VmaAllocator allocator;
    VmaPool pool; // in a host-visible type
    uint32_t type;
    VmaAllocation live[MOST_LIVE]; // user data of each: its index here
    uint32_t stamp[MOST_LIVE];     // what its bytes say
    VkDeviceSize size[MOST_LIVE];
    VkDeviceSize alignment[MOST_LIVE];
    uint32_t next_stamp;
    uint32_t seed;
};

struct WorldOptions {
    size_t min_block_count;
    VkDeviceSize block_size; // 0: BLOCK_SIZE
    uint64_t granularity; // 0: the device's
    VmaPoolCreateFlags pool_flags;
    const VkAllocationCallbacks *callbacks;
};

void world_open(struct World *world, const struct WorldOptions *options);
// Frees what lives; fails the test when memory or a misuse is left.
void world_close(struct World *world);

uint32_t world_random(struct World *world, uint32_t below);
VkResult world_try_allocate(struct World *world, uint32_t slot, VkDeviceSize size, VkDeviceSize alignment,
                            VmaAllocationCreateFlags flags);
void world_allocate(struct World *world, uint32_t slot, VkDeviceSize size);
void world_free(struct World *world, uint32_t slot);
// Blocks of `per_block` allocations each; then those whose place in their block is not below `keep` are
// freed.
void world_make_thin_blocks(struct World *world, uint32_t blocks, uint32_t per_block, uint32_t keep);

struct VrArena *world_arena(const struct World *world);
uint32_t world_block_count(const struct World *world);
VkDeviceSize world_live_bytes(const struct World *world);
// Invariants of the pool's ranges, and every live allocation's place and bytes.
void world_check(const struct World *world);

VmaDefragmentationContext world_begin(struct World *world, const VmaDefragmentationInfo *info);
// What a program does in a pass: copies the bytes of every move.
void world_copy(struct World *world, const VmaDefragmentationPassMoveInfo *pass);
// Passes until there is nothing to do; returns the moves. Checks the world after each pass.
uint32_t world_run_passes(struct World *world, VmaDefragmentationContext context);
VmaDefragmentationStats world_defragment(struct World *world, VmaDefragmentationFlags flags);

// A world that the tests of a group share as their state.
int world_set_up(void **state);
int world_tear_down(void **state);

#endif
