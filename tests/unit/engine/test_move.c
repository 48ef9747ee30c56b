// SPDX-License-Identifier: MIT
// Defragmentation: what a program may rely on.
#include "move_world.h"

#include <stdlib.h>
#include <string.h>

static VkResult begin_pass(struct World *world, VmaDefragmentationContext context,
                           VmaDefragmentationPassMoveInfo *pass)
{
    return vmaBeginDefragmentationPass(world->allocator, context, pass);
}

static VkResult end_pass(struct World *world, VmaDefragmentationContext context,
                         VmaDefragmentationPassMoveInfo *pass)
{
    return vmaEndDefragmentationPass(world->allocator, context, pass);
}

static void set_operations(VmaDefragmentationPassMoveInfo *pass, VmaDefragmentationMoveOperation operation)
{
    for (uint32_t i = 0; i < pass->moveCount; ++i) {
        pass->pMoves[i].operation = operation;
    }
}

// ---- Begin ----

static void test_a_linear_pool_is_refused(void **state)
{
    (void)state;
    static struct World world;
    world_open(&world, &(struct WorldOptions){.pool_flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT});
    VmaDefragmentationContext context = (VmaDefragmentationContext)&world;
    const VmaDefragmentationInfo info = {.pool = world.pool};
    assert_int_equal(vmaBeginDefragmentation(world.allocator, &info, &context), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(context);
    world_close(&world);
}

static void test_two_algorithms_and_unknown_flags_are_refused(void **state)
{
    struct World *world = *state;
    static const VmaDefragmentationFlags bad[] = {0x3, 0xF, 0x10, 0x80000000u};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
        VmaDefragmentationContext context;
        const VmaDefragmentationInfo info = {.flags = bad[i]};
        assert_int_equal(vmaBeginDefragmentation(world->allocator, &info, &context),
                         VK_ERROR_VALIDATION_FAILED_EXT);
        assert_null(context);
    }
}

static void test_a_second_context_waits_for_the_end_of_the_first(void **state)
{
    struct World *world = *state;
    VmaDefragmentationContext first = world_begin(world, &(VmaDefragmentationInfo){0}), second;
    const VmaDefragmentationInfo info = {.pool = world->pool};
    assert_int_equal(vmaBeginDefragmentation(world->allocator, &info, &second),
                     VK_ERROR_VALIDATION_FAILED_EXT);
    vmaEndDefragmentation(world->allocator, first, NULL);
    second = world_begin(world, &(VmaDefragmentationInfo){0});
    vmaEndDefragmentation(world->allocator, second, NULL);
}

static void test_missing_arguments_are_refused(void **state)
{
    struct World *world = *state;
    const VmaDefragmentationInfo info = {0}, *no_info = NULL;
    VmaDefragmentationContext context, no_context = VK_NULL_HANDLE, *nowhere = NULL;
    VmaDefragmentationPassMoveInfo pass = {.moveCount = 7};
    assert_true(vmaBeginDefragmentation(world->allocator, no_info, &context) < 0);
    assert_true(vmaBeginDefragmentation(world->allocator, &info, nowhere) < 0);
    assert_true(begin_pass(world, no_context, &pass) < 0);
    assert_int_equal(pass.moveCount, 0);
    assert_true(end_pass(world, no_context, &pass) < 0);
    VmaDefragmentationStats stats = {.allocationsMoved = 7};
    vmaEndDefragmentation(world->allocator, no_context, &stats);
    assert_int_equal(stats.allocationsMoved, 0);
}

// ---- Nothing to do ----

static void test_empty_blocks_that_the_pool_must_keep_are_no_trouble(void **state)
{
    (void)state;
    static struct World world;
    world_open(&world, &(struct WorldOptions){.min_block_count = 2});
    assert_int_equal(world_defragment(&world, 0).deviceMemoryBlocksFreed, 0);
    assert_int_equal(world_block_count(&world), 2);
    world_close(&world);
}

static void test_a_pool_without_blocks_has_nothing_to_move(void **state)
{
    struct World *world = *state;
    assert_int_equal(world_defragment(world, 0).allocationsMoved, 0);
}

static void test_nothing_moves_where_no_block_can_be_freed(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 4, 8, 7);
    assert_int_equal(world_defragment(world, 0).allocationsMoved, 0);
    assert_int_equal(world_block_count(world), 4);
}

static void test_no_block_is_emptied_below_the_minimum_count(void **state)
{
    (void)state;
    static struct World world;
    world_open(&world, &(struct WorldOptions){.min_block_count = 3});
    world_make_thin_blocks(&world, 3, 8, 1);
    assert_int_equal(world_defragment(&world, 0).allocationsMoved, 0);
    world_close(&world);
}

static void test_a_victim_whose_allocations_find_no_place_does_not_lose_any(void **state)
{
    struct World *world = *state;
    // Three blocks half full, each with one allocation of half a block in the middle: no free piece is as
    // large.
    for (uint32_t i = 0; i < 3; ++i) {
        world_allocate(world, 3 * i, BLOCK_SIZE / 4);
        world_allocate(world, 3 * i + 1, BLOCK_SIZE / 2);
        world_allocate(world, 3 * i + 2, BLOCK_SIZE / 4);
    }
    for (uint32_t i = 0; i < 3; ++i) {
        world_free(world, 3 * i);
        world_free(world, 3 * i + 2);
    }
    assert_int_equal(world_defragment(world, 0).allocationsMoved, 0);
}

// ---- Moves ----

static void test_thin_blocks_are_emptied_and_freed(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 8, 8, 2);
    VmaDefragmentationStats stats = world_defragment(world, 0);
    assert_int_equal(world_block_count(world), 2);
    assert_int_equal(stats.deviceMemoryBlocksFreed, 6);
    assert_int_equal(stats.bytesFreed, 6 * BLOCK_SIZE);
    assert_int_equal(stats.allocationsMoved, 12);
    assert_int_equal(stats.bytesMoved, 12 * BLOCK_SIZE / 8);
}

static void test_the_emptiest_block_goes_first(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 3, 8, 5);
    for (uint32_t i = 9; i < 13; ++i) {
        world_free(world, i);
    }
    VmaDefragmentationStats stats = world_defragment(world, VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT);
    assert_int_equal(stats.allocationsMoved, 1);
    assert_int_equal(stats.deviceMemoryBlocksFreed, 1);
}

static void test_a_single_block_is_packed_to_its_low_end_by_every_algorithm(void **state)
{
    struct World *world = *state;
    for (VmaDefragmentationFlags flags = 0; flags <= 8; flags = flags ? flags * 2 : 1) {
        world_make_thin_blocks(world, 1, 64, 64);
        for (uint32_t i = 0; i < 64; i += 2) {
            world_free(world, i);
        }
        VmaDefragmentationStats stats = world_defragment(world, flags);
        assert_int_equal(stats.allocationsMoved, 16);
        struct VrBlock *block = world_arena(world)->blocks;
        assert_int_equal(block->span.last->size, BLOCK_SIZE / 2);
        assert_int_equal(vr_range_state(block->span.last), VR_RANGE_FREE);
        for (uint32_t i = 0; i < 64; ++i) {
            world_free(world, i);
        }
    }
}

static void test_full_packs_blocks_that_balanced_leaves(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 2, 16, 16);
    for (uint32_t i = 0; i < 32; i += 3) {
        world_free(world, i);
    }
    assert_int_equal(
        world_defragment(world, VMA_DEFRAGMENTATION_FLAG_ALGORITHM_BALANCED_BIT).allocationsMoved, 0);
    assert_true(world_defragment(world, VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT).allocationsMoved > 0);
    for (const struct VrBlock *block = world_arena(world)->blocks; block; block = block->next) {
        assert_int_equal(block->span.last->size, block->span.free);
    }
}

static void test_the_new_place_is_an_allocation_like_the_old_one(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 2, 8, 1);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(begin_pass(world, context, &pass), VK_INCOMPLETE);
    assert_int_equal(pass.moveCount, 1);
    assert_int_equal(pass.pMoves[0].operation, VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY);
    VmaAllocationInfo source, place;
    vmaGetAllocationInfo(world->allocator, pass.pMoves[0].srcAllocation, &source);
    vmaGetAllocationInfo(world->allocator, pass.pMoves[0].dstTmpAllocation, &place);
    assert_int_equal(place.size, source.size);
    assert_int_equal(place.memoryType, source.memoryType);
    assert_true(place.deviceMemory != source.deviceMemory);
    world_copy(world, &pass);
    assert_int_equal(end_pass(world, context, &pass), VK_INCOMPLETE);
    VmaAllocationInfo moved;
    vmaGetAllocationInfo(world->allocator, world->live[(uintptr_t)source.pUserData], &moved);
    assert_true(moved.deviceMemory == place.deviceMemory);
    assert_int_equal(moved.offset, place.offset);
    assert_ptr_equal(moved.pUserData, source.pUserData);
    world_check(world);
    vmaEndDefragmentation(world->allocator, context, NULL);
}

static void test_a_pass_keeps_to_its_limits(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 8, 32, 7);
    const VmaDefragmentationInfo info = {.maxBytesPerPass = 3 * BLOCK_SIZE / 32 + 5,
                                         .maxAllocationsPerPass = 2};
    for (int by_bytes = 0; by_bytes < 2; ++by_bytes) {
        VmaDefragmentationInfo limited = info;
        limited.maxAllocationsPerPass = by_bytes ? 0 : 2;
        limited.maxBytesPerPass = by_bytes ? info.maxBytesPerPass : 0;
        VmaDefragmentationContext context = world_begin(world, &limited);
        for (int i = 0; i < 3; ++i) {
            VmaDefragmentationPassMoveInfo pass;
            assert_int_equal(begin_pass(world, context, &pass), VK_INCOMPLETE);
            assert_int_equal(pass.moveCount, by_bytes ? 3 : 2);
            world_copy(world, &pass);
            end_pass(world, context, &pass);
        }
        vmaEndDefragmentation(world->allocator, context, NULL);
        world_check(world);
    }
    assert_true(world_block_count(world) > 2);
    VmaDefragmentationContext context = world_begin(world, &info);
    world_run_passes(world, context);
    vmaEndDefragmentation(world->allocator, context, NULL);
    assert_int_equal(world_block_count(world), 2);
}

static void test_allocations_above_the_byte_limit_stay(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 4, 8, 1);
    VmaDefragmentationContext context =
        world_begin(world, &(VmaDefragmentationInfo){.maxBytesPerPass = BLOCK_SIZE / 8 - 1});
    assert_int_equal(world_run_passes(world, context), 0);
    vmaEndDefragmentation(world->allocator, context, NULL);
}

// ---- Operations ----

static void test_ignored_moves_change_nothing_and_come_to_an_end(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 6, 8, 2);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    for (int passes = 0; begin_pass(world, context, &pass) == VK_INCOMPLETE; ++passes) {
        assert_true(passes < 6);
        set_operations(&pass, VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE);
        assert_int_equal(end_pass(world, context, &pass), VK_SUCCESS);
        world_check(world);
    }
    VmaDefragmentationStats stats;
    vmaEndDefragmentation(world->allocator, context, &stats);
    assert_int_equal(
        stats.allocationsMoved + stats.bytesMoved + stats.bytesFreed + stats.deviceMemoryBlocksFreed, 0);
    assert_int_equal(world_block_count(world), 6);
}

static void test_destroyed_moves_free_the_allocation(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 2, 8, 2);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(begin_pass(world, context, &pass), VK_INCOMPLETE);
    assert_int_equal(pass.moveCount, 2);
    for (uint32_t i = 0; i < pass.moveCount; ++i) {
        VmaAllocationInfo info;
        vmaGetAllocationInfo(world->allocator, pass.pMoves[i].srcAllocation, &info);
        world->live[(uintptr_t)info.pUserData] = VK_NULL_HANDLE;
    }
    set_operations(&pass, VMA_DEFRAGMENTATION_MOVE_OPERATION_DESTROY);
    assert_int_equal(end_pass(world, context, &pass), VK_INCOMPLETE);
    VmaDefragmentationStats stats;
    vmaEndDefragmentation(world->allocator, context, &stats);
    assert_int_equal(stats.allocationsMoved, 0);
    assert_int_equal(stats.deviceMemoryBlocksFreed, 1);
    VmaStatistics statistics;
    vmaGetPoolStatistics(world->allocator, world->pool, &statistics);
    assert_int_equal(statistics.allocationCount, 2);
    world_check(world);
}

static void test_a_source_that_was_freed_meanwhile_is_left_out(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 2, 8, 2);
    for (int operation = 0; operation < 3; ++operation) {
        VmaDefragmentationContext context =
            world_begin(world, &(VmaDefragmentationInfo){.maxAllocationsPerPass = 1});
        VmaDefragmentationPassMoveInfo pass;
        if (begin_pass(world, context, &pass) == VK_INCOMPLETE) {
            VmaAllocationInfo info;
            vmaGetAllocationInfo(world->allocator, pass.pMoves[0].srcAllocation, &info);
            world_free(world, (uint32_t)(uintptr_t)info.pUserData);
            set_operations(&pass, (VmaDefragmentationMoveOperation)operation);
            assert_true(end_pass(world, context, &pass) >= 0);
        }
        VmaDefragmentationStats stats;
        vmaEndDefragmentation(world->allocator, context, &stats);
        assert_int_equal(stats.allocationsMoved, 0);
        world_check(world);
    }
}

static void test_the_end_drops_the_moves_of_an_open_pass(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 4, 8, 2);
    VmaDefragmentationContext context = world_begin(world, &(VmaDefragmentationInfo){0});
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(begin_pass(world, context, &pass), VK_INCOMPLETE);
    assert_int_equal(begin_pass(world, context, &pass), VK_ERROR_VALIDATION_FAILED_EXT);
    VmaDefragmentationStats stats;
    vmaEndDefragmentation(world->allocator, context, &stats);
    assert_int_equal(stats.allocationsMoved, 0);
    world_check(world);
    for (const struct VrBlock *block = world_arena(world)->blocks; block; block = block->next) {
        assert_false(block->span.hidden);
    }
}

static VkBool32 VKAPI_PTR break_when_counted_down(void *user_data)
{
    int *left = user_data;
    return (*left)-- == 0;
}

static void test_the_break_callback_ends_the_planning(void **state)
{
    struct World *world = *state;
    world_make_thin_blocks(world, 8, 8, 2);
    int left = 0;
    const VmaDefragmentationInfo info = {.pfnBreakCallback = break_when_counted_down,
                                         .pBreakCallbackUserData = &left};
    VmaDefragmentationContext context = world_begin(world, &info);
    VmaDefragmentationPassMoveInfo pass;
    assert_int_equal(begin_pass(world, context, &pass), VK_SUCCESS);
    left = 20;
    assert_int_equal(begin_pass(world, context, &pass), VK_INCOMPLETE);
    assert_true(pass.moveCount < 12);
    world_copy(world, &pass);
    end_pass(world, context, &pass);
    left = -1;
    world_run_passes(world, context);
    vmaEndDefragmentation(world->allocator, context, NULL);
    assert_int_equal(world_block_count(world), 2);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_linear_pool_is_refused),
        WITH_WORLD(test_two_algorithms_and_unknown_flags_are_refused),
        WITH_WORLD(test_a_second_context_waits_for_the_end_of_the_first),
        WITH_WORLD(test_missing_arguments_are_refused),
        cmocka_unit_test(test_empty_blocks_that_the_pool_must_keep_are_no_trouble),
        WITH_WORLD(test_a_pool_without_blocks_has_nothing_to_move),
        WITH_WORLD(test_nothing_moves_where_no_block_can_be_freed),
        cmocka_unit_test(test_no_block_is_emptied_below_the_minimum_count),
        WITH_WORLD(test_a_victim_whose_allocations_find_no_place_does_not_lose_any),
        WITH_WORLD(test_thin_blocks_are_emptied_and_freed),
        WITH_WORLD(test_the_emptiest_block_goes_first),
        WITH_WORLD(test_a_single_block_is_packed_to_its_low_end_by_every_algorithm),
        WITH_WORLD(test_full_packs_blocks_that_balanced_leaves),
        WITH_WORLD(test_the_new_place_is_an_allocation_like_the_old_one),
        WITH_WORLD(test_a_pass_keeps_to_its_limits),
        WITH_WORLD(test_allocations_above_the_byte_limit_stay),
        WITH_WORLD(test_ignored_moves_change_nothing_and_come_to_an_end),
        WITH_WORLD(test_destroyed_moves_free_the_allocation),
        WITH_WORLD(test_a_source_that_was_freed_meanwhile_is_left_out),
        WITH_WORLD(test_the_end_drops_the_moves_of_an_open_pass),
        WITH_WORLD(test_the_break_callback_ends_the_planning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
