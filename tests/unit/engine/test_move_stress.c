// SPDX-License-Identifier: MIT
// Defragmentation: mapped allocations, random worlds, other threads, failures, and what is none of its
// business.
#define _POSIX_C_SOURCE 200809L // setenv, nanosleep
#include "move_world.h"

#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <time.h>

static uint32_t *mapped_data(const struct World *world, VmaAllocation allocation)
{
    VmaAllocationInfo info;
    vmaGetAllocationInfo(world->allocator, allocation, &info);
    return info.pMappedData;
}

// Thin blocks of allocations made with `flags`: 2 blocks, 2 allocations in each.
static void make_two_blocks(struct World *world, VmaAllocationCreateFlags flags)
{
    for (uint32_t i = 0; i < 8; ++i) {
        assert_int_equal(world_try_allocate(world, i, BLOCK_SIZE / 4, 16, flags), VK_SUCCESS);
    }
    for (uint32_t i = 0; i < 8; i += 2) {
        world_free(world, i);
    }
    assert_int_equal(world_block_count(world), 2);
}

// ---- Mapping ----

static void test_persistently_mapped_allocations_stay_mapped(void **state)
{
    struct World *world = *state;
    make_two_blocks(world, VMA_ALLOCATION_CREATE_MAPPED_BIT);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(vmaBeginDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
    for (uint32_t i = 0; i < pass.moveCount; ++i) {
        VmaAllocationInfo info;
        vmaGetAllocationInfo(world->allocator, pass.pMoves[i].srcAllocation, &info);
        uint32_t *new_data = mapped_data(world, pass.pMoves[i].dstTmpAllocation);
        assert_non_null(new_data);
        memcpy(new_data, info.pMappedData, info.size);
    }
    assert_int_equal(vmaEndDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
    vmaEndDefragmentation(world->allocator, context, NULL);
    assert_int_equal(world_block_count(world), 1);
    for (uint32_t i = 1; i < 8; i += 2) {
        assert_int_equal(mapped_data(world, world->live[i])[5], world->stamp[i]);
    }
}

static void test_mappings_by_call_move_with_their_count(void **state)
{
    struct World *world = *state;
    make_two_blocks(world, 0);
    for (uint32_t i = 1; i < 8; i += 2) {
        for (uint32_t count = 0; count < i; ++count) {
            void *data;
            assert_int_equal(vmaMapMemory(world->allocator, world->live[i], &data), VK_SUCCESS);
        }
    }
    assert_int_equal(world_defragment(world, 0).deviceMemoryBlocksFreed, 1);
    for (uint32_t i = 1; i < 8; i += 2) {
        for (uint32_t count = 0; count < i; ++count) {
            assert_int_equal(mapped_data(world, world->live[i])[0], world->stamp[i]);
            vmaUnmapMemory(world->allocator, world->live[i]);
        }
        assert_null(mapped_data(world, world->live[i]));
    }
    assert_int_equal(atomic_load(&world_arena(world)->blocks->map_references), 0);
}

static void test_a_new_place_left_mapped_by_the_program_leaks_no_mapping(void **state)
{
    struct World *world = *state;
    make_two_blocks(world, 0);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(vmaBeginDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
    world_copy(world, &pass);
    void *data;
    assert_int_equal(vmaMapMemory(world->allocator, pass.pMoves[0].dstTmpAllocation, &data), VK_SUCCESS);
    assert_int_equal(vmaEndDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
    vmaEndDefragmentation(world->allocator, context, NULL);
    assert_int_equal(atomic_load(&world_arena(world)->blocks->map_references), 0);
    world_check(world);
}

static void test_a_mapping_that_fails_ends_the_pass_before_it_began(void **state)
{
    struct World *world = *state;
    make_two_blocks(world, VMA_ALLOCATION_CREATE_MAPPED_BIT);
    // As if neither block had ever been mapped.
    for (struct VrBlock *block = world_arena(world)->blocks; block; block = block->next) {
        atomic_store(&block->kept_mapped, false);
        vr_block_unmap(block, 0);
    }
    for (struct VrBlock *block = world_arena(world)->blocks; block; block = block->next) {
        if (atomic_load(&block->mapped)) {
            skip();
        }
    }
    vr_sim_fail(world->sim, VR_SIM_CALL_MAP_MEMORY, 1, VK_ERROR_MEMORY_MAP_FAILED);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(vmaBeginDefragmentationPass(world->allocator, context, &pass),
                     VK_ERROR_MEMORY_MAP_FAILED);
    assert_int_equal(pass.moveCount, 0);
    assert_null(pass.pMoves);
    VmaStatistics statistics;
    vmaGetPoolStatistics(world->allocator, world->pool, &statistics);
    assert_int_equal(statistics.allocationCount, 4);
    vmaEndDefragmentation(world->allocator, context, NULL);
    assert_int_equal(world_defragment(world, 0).deviceMemoryBlocksFreed, 1);
}

// ---- Random worlds ----

static void fill_at_random(struct World *world, uint32_t count, VkDeviceSize largest)
{
    for (uint32_t slot = 0; slot < count; ++slot) {
        VkDeviceSize size = 4 * (1 + world_random(world, (uint32_t)largest / 4));
        assert_int_equal(world_try_allocate(world, slot, size, (VkDeviceSize)4 << world_random(world, 7), 0),
                         VK_SUCCESS);
    }
}

static void free_at_random(struct World *world, uint32_t percent)
{
    for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
        if (world_random(world, 100) < percent) {
            world_free(world, slot);
        }
    }
}

static void test_random_worlds_keep_their_contents_and_shrink_to_what_they_need(void **state)
{
    (void)state;
    static struct World world;
    for (uint32_t round = 0; round < 24; ++round) {
        world_open(&world, &(struct WorldOptions){.granularity = round & 1 ? 1024 : 1});
        world.seed += round * 7919;
        fill_at_random(&world, 600, 8 * KIB);
        free_at_random(&world, 30 + 20 * (round % 4));
        const VmaDefragmentationInfo info = {
            .flags = round % 5 ? 1u << (round % 5 - 1) : 0,
            .maxAllocationsPerPass = round % 3 == 1 ? 10 : 0,
            .maxBytesPerPass = round % 3 == 2 ? 64 * KIB : 0,
        };
        uint32_t before = world_block_count(&world);
        VmaDefragmentationContext context = world_begin(&world, &info);
        world_run_passes(&world, context);
        vmaEndDefragmentation(world.allocator, context, NULL);
        uint32_t needed = (uint32_t)((world_live_bytes(&world) + BLOCK_SIZE - 1) / BLOCK_SIZE);
        // Granularity rounds these allocations of unknown kind up to its pages: 5 KiB on average become 5.5.
        uint32_t slack = 1 + (round & 1) * needed / 4;
        if (info.flags != VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT) {
            assert_in_range(world_block_count(&world), needed, needed + slack);
        }
        assert_in_range(world_block_count(&world), needed, before);
        world_close(&world);
    }
}

static void test_a_world_that_changes_between_passes_stays_whole(void **state)
{
    (void)state;
    static struct World world;
    for (uint32_t algorithm = 0; algorithm <= 8; algorithm = algorithm ? algorithm * 2 : 1) {
        world_open(&world, &(struct WorldOptions){0});
        fill_at_random(&world, 1500, 8 * KIB);
        free_at_random(&world, 60);
        VmaDefragmentationContext context =
            world_begin(&world, &(VmaDefragmentationInfo){.flags = algorithm, .maxAllocationsPerPass = 7});
        VmaDefragmentationPassMoveInfo pass;
        for (int passes = 0; passes < 400; ++passes) {
            if (vmaBeginDefragmentationPass(world.allocator, context, &pass) != VK_INCOMPLETE) {
                break;
            }
            // What is in the pass stays; of the rest some goes, some comes.
            world_copy(&world, &pass);
            for (uint32_t i = 0; i < pass.moveCount; ++i) {
                pass.pMoves[i].operation = world_random(&world, 20)
                                               ? VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY
                                               : VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE;
            }
            assert_true(vmaEndDefragmentationPass(world.allocator, context, &pass) >= 0);
            for (int i = 0; i < 4; ++i) {
                uint32_t slot = world_random(&world, MOST_LIVE);
                if (world.live[slot]) {
                    world_free(&world, slot);
                } else {
                    world_allocate(&world, slot, 4 * (1 + world_random(&world, 2000)));
                }
            }
            world_check(&world);
        }
        vmaEndDefragmentation(world.allocator, context, NULL);
        world_check(&world);
        world_close(&world);
    }
}

// ---- Others ----

static void test_dedicated_memory_and_other_pools_are_left_alone(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 4, 8, 1);
    const VkMemoryRequirements requirements = {
        .size = 64 * KIB, .alignment = 16, .memoryTypeBits = 1u << world->type};
    const VmaAllocationCreateInfo dedicated = {.flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT};
    VmaAllocation lonely[4];
    for (int i = 0; i < 4; ++i) {
        assert_int_equal(vmaAllocateMemory(world->allocator, &requirements, &dedicated, &lonely[i], NULL),
                         VK_SUCCESS);
    }
    VmaDefragmentationContext context;
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(vmaBeginDefragmentation(world->allocator, &(VmaDefragmentationInfo){0}, &context),
                     VK_SUCCESS);
    assert_int_equal(vmaBeginDefragmentationPass(world->allocator, context, &pass), VK_SUCCESS);
    vmaEndDefragmentation(world->allocator, context, NULL);
    for (int i = 0; i < 4; ++i) {
        vmaFreeMemory(world->allocator, lonely[i]);
    }
}

static void test_default_pools_of_several_memory_types_are_done_in_one_context(void **state)
{
    (void)state;
    static struct World world;
    static VmaAllocation live[2][600];
    world_open(&world, &(struct WorldOptions){0});
    uint32_t types[2] = {world.type, world.type ? 0 : 1};
    for (int t = 0; t < 2; ++t) {
        const VkMemoryRequirements requirements = {
            .size = 16 * KIB, .alignment = 256, .memoryTypeBits = 1u << types[t]};
        for (int i = 0; i < 600; ++i) {
            const VmaAllocationCreateInfo info = {0};
            assert_int_equal(vmaAllocateMemory(world.allocator, &requirements, &info, &live[t][i], NULL),
                             VK_SUCCESS);
        }
        for (int i = 0; i < 600; ++i) {
            if (i % 8) {
                vmaFreeMemory(world.allocator, live[t][i]);
                live[t][i] = VK_NULL_HANDLE;
            }
        }
    }
    VmaDefragmentationContext context;
    VmaDefragmentationPassMoveInfo pass;
    VmaDefragmentationStats stats;
    uint32_t seen = 0;
    assert_int_equal(vmaBeginDefragmentation(world.allocator, &(VmaDefragmentationInfo){0}, &context),
                     VK_SUCCESS);
    while (vmaBeginDefragmentationPass(world.allocator, context, &pass) == VK_INCOMPLETE) {
        for (uint32_t i = 0; i < pass.moveCount; ++i) {
            VmaAllocationInfo source, place;
            vmaGetAllocationInfo(world.allocator, pass.pMoves[i].srcAllocation, &source);
            vmaGetAllocationInfo(world.allocator, pass.pMoves[i].dstTmpAllocation, &place);
            assert_int_equal(source.memoryType, place.memoryType);
            seen |= 1u << source.memoryType;
        }
        assert_int_equal(vmaEndDefragmentationPass(world.allocator, context, &pass), VK_INCOMPLETE);
    }
    vmaEndDefragmentation(world.allocator, context, &stats);
    assert_int_equal(seen, 1u << types[0] | 1u << types[1]);
    assert_true(stats.deviceMemoryBlocksFreed >= 2);
    for (int i = 0; i < 1200; ++i) {
        vmaFreeMemory(world.allocator, live[i / 600][i % 600]);
    }
    world_close(&world);
}

static void test_allocations_in_lanes_are_moved_too(void **state)
{
    (void)state;
    static struct World world;
    const VkDeviceSize block_size = 1024 * KIB; // four chunks of a lane
    world_open(&world, &(struct WorldOptions){.block_size = block_size});
    for (int round = 0; round < 2; ++round) {
        atomic_store(&world_arena(&world)->route, VR_ROUTE_LANES);
        fill_at_random(&world, MOST_LIVE, 4 * KIB);
        free_at_random(&world, 70);
        assert_true(world_arena(&world)->blocks->span.divided_count > 0);
        world_defragment(&world, round ? VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT : 0);
        uint32_t needed = (uint32_t)((world_live_bytes(&world) + block_size - 1) / block_size);
        assert_in_range(world_block_count(&world), needed, needed + 1);
        for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
            world_free(&world, slot);
        }
    }
    world_close(&world);
}

static void test_a_victim_is_released_to_those_who_need_room(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 4, 8, 2);
    VmaDefragmentationContext context =
        world_begin(world, &(VmaDefragmentationInfo){.maxAllocationsPerPass = 1});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(vmaBeginDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
    struct VrArena *arena = world_arena(world);
    vr_arena_lock_central(arena);
    assert_false(vr_move_release_victim(arena, BLOCK_SIZE));
    assert_true(vr_move_release_victim(arena, BLOCK_SIZE / 2));
    vr_arena_unlock_central(arena);
    world_copy(world, &pass);
    assert_int_equal(vmaEndDefragmentationPass(world->allocator, context, &pass), VK_INCOMPLETE);
    world_run_passes(world, context);
    vmaEndDefragmentation(world->allocator, context, NULL);
    world_check(world);
}

static void test_margins_behind_moved_allocations_are_whole(void **state)
{
    (void)state;
    static struct World world;
    setenv("VRAM_DEBUG", "margin=16,detect-corruption", 1);
    world_open(&world, &(struct WorldOptions){0});
    unsetenv("VRAM_DEBUG");
    fill_at_random(&world, 300, 8 * KIB);
    free_at_random(&world, 60);
    assert_true(world_defragment(&world, VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT).allocationsMoved > 0);
    assert_int_equal(vmaCheckPoolCorruption(world.allocator, world.pool), VK_SUCCESS);
    world_close(&world);
}

// ---- Host memory ----

static uint32_t host_calls_left;

static void *VKAPI_PTR scarce_allocation(void *user, size_t size, size_t alignment,
                                         VkSystemAllocationScope scope)
{
    (void)user;
    (void)scope;
    if (host_calls_left == 0 || --host_calls_left == 0) {
        return NULL;
    }
    return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void *VKAPI_PTR no_reallocation(void *user, void *memory, size_t size, size_t alignment,
                                       VkSystemAllocationScope scope)
{
    (void)user;
    (void)memory;
    (void)size;
    (void)alignment;
    (void)scope;
    return NULL;
}

static void VKAPI_PTR scarce_free(void *user, void *memory)
{
    (void)user;
    free(memory);
}

static void test_every_failure_of_host_memory_leaves_the_world_whole(void **state)
{
    (void)state;
    static struct World world;
    const VkAllocationCallbacks callbacks = {
        .pfnAllocation = scarce_allocation, .pfnReallocation = no_reallocation, .pfnFree = scarce_free};
    bool done = false;
    for (uint32_t calls = 1; !done; ++calls) {
        assert_true(calls < 100);
        host_calls_left = UINT32_MAX;
        world_open(&world, &(struct WorldOptions){.callbacks = &callbacks});
        fill_at_random(&world, 400, 8 * KIB);
        free_at_random(&world, 60);
        host_calls_left = calls;
        VmaDefragmentationContext context = VK_NULL_HANDLE;
        const VmaDefragmentationInfo info = {.pool = world.pool,
                                             .flags = VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT};
        VkResult result = vmaBeginDefragmentation(world.allocator, &info, &context);
        while (result >= 0) {
            VmaDefragmentationPassMoveInfo pass;
            result = vmaBeginDefragmentationPass(world.allocator, context, &pass);
            if (result != VK_INCOMPLETE) {
                break;
            }
            world_copy(&world, &pass);
            result = vmaEndDefragmentationPass(world.allocator, context, &pass);
        }
        done = result == VK_SUCCESS && host_calls_left > 1;
        assert_true(result == VK_SUCCESS || result == VK_ERROR_OUT_OF_HOST_MEMORY);
        world_check(&world);
        vmaEndDefragmentation(world.allocator, context, NULL);
        world_check(&world);
        world_close(&world);
    }
}

// ---- Threads ----

struct Worker {
    struct World *world;
    _Atomic bool *stop;
    uint32_t seed;
};

// Lives in the same pool; its allocations are never in `world->live`.
static void *work(void *argument)
{
    struct Worker *worker = argument;
    VmaAllocation own[64] = {VK_NULL_HANDLE};
    while (!atomic_load(worker->stop)) {
        worker->seed = worker->seed * 1664525u + 1013904223u;
        VmaAllocation *one = &own[worker->seed >> 26];
        if (*one) {
            vmaFreeMemory(worker->world->allocator, *one);
            *one = VK_NULL_HANDLE;
        } else {
            const VkMemoryRequirements requirements = {
                .size = 256 + (worker->seed >> 8) % 8192, .alignment = 64, .memoryTypeBits = ~0u};
            const VmaAllocationCreateInfo info = {.pool = worker->world->pool};
            if (vmaAllocateMemory(worker->world->allocator, &requirements, &info, one, NULL) != VK_SUCCESS) {
                *one = VK_NULL_HANDLE;
            }
        }
    }
    for (uint32_t i = 0; i < 64; ++i) {
        vmaFreeMemory(worker->world->allocator, own[i]);
    }
    return NULL;
}

static bool is_own(const struct World *world, VmaAllocation allocation)
{
    for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
        if (world->live[slot] == allocation) {
            return true;
        }
    }
    return false;
}

static void test_other_threads_allocate_and_free_all_the_while(void **state)
{
    (void)state;
    static struct World shared;
    struct World *world = &shared;
    world_open(world, &(struct WorldOptions){.block_size = 1024 * KIB}); // large enough for chunks of lanes
    _Atomic bool stop = false;
    struct Worker workers[3];
    pthread_t threads[3];
    for (uint32_t round = 0; round < 6; ++round) {
        fill_at_random(world, 1500, 8 * KIB);
        free_at_random(world, 60);
        atomic_store(&stop, false);
        for (uint32_t i = 0; i < 3; ++i) {
            workers[i] = (struct Worker){world, &stop, round * 3 + i};
            assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
        }
        if (round & 1) {
            atomic_store(&world_arena(world)->route,
                         VR_ROUTE_LANES); // as it comes when threads are seen to meet
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        }
        const VmaDefragmentationInfo info = {.flags = 1u << (round % 4), .maxAllocationsPerPass = 16};
        VmaDefragmentationContext context = world_begin(world, &info);
        VmaDefragmentationPassMoveInfo pass;
        for (int passes = 0; passes < 200; ++passes) {
            if (vmaBeginDefragmentationPass(world->allocator, context, &pass) != VK_INCOMPLETE) {
                break;
            }
            for (uint32_t i = 0; i < pass.moveCount; ++i) {
                if (is_own(world, pass.pMoves[i].srcAllocation)) {
                    world_copy(world, &(VmaDefragmentationPassMoveInfo){1, &pass.pMoves[i]});
                } else {
                    pass.pMoves[i].operation = VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE;
                }
            }
            assert_true(vmaEndDefragmentationPass(world->allocator, context, &pass) >= 0);
        }
        vmaEndDefragmentation(world->allocator, context, NULL);
        atomic_store(&stop, true);
        for (uint32_t i = 0; i < 3; ++i) {
            pthread_join(threads[i], NULL);
        }
        vr_arena_flush_lanes(world_arena(world), true);
        world_check(world);
        for (uint32_t slot = 0; slot < MOST_LIVE; ++slot) {
            world_free(world, slot);
        }
    }
    world_close(world);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(test_persistently_mapped_allocations_stay_mapped),
        WITH_WORLD(test_mappings_by_call_move_with_their_count),
        WITH_WORLD(test_a_new_place_left_mapped_by_the_program_leaks_no_mapping),
        WITH_WORLD(test_a_mapping_that_fails_ends_the_pass_before_it_began),
        cmocka_unit_test(test_random_worlds_keep_their_contents_and_shrink_to_what_they_need),
        cmocka_unit_test(test_a_world_that_changes_between_passes_stays_whole),
        WITH_WORLD(test_dedicated_memory_and_other_pools_are_left_alone),
        cmocka_unit_test(test_default_pools_of_several_memory_types_are_done_in_one_context),
        cmocka_unit_test(test_allocations_in_lanes_are_moved_too),
        WITH_WORLD(test_a_victim_is_released_to_those_who_need_room),
        cmocka_unit_test(test_margins_behind_moved_allocations_are_whole),
        cmocka_unit_test(test_every_failure_of_host_memory_leaves_the_world_whole),
        cmocka_unit_test(test_other_threads_allocate_and_free_all_the_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
