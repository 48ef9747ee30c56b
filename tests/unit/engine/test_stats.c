// SPDX-License-Identifier: MIT
// Statistics: every number against a count of one's own, over blocks, dedicated memory, pools and lanes.
#include "device.h"

#include "engine/stats.h"
#include "engine/walk.h"

#include <stdlib.h>
#include <string.h>

// What a program knows of its allocations.
struct Live {
    VmaAllocation allocations[512];
    VkDeviceSize sizes[512];
    uint32_t count;
    VkDeviceSize bytes;
    VkDeviceSize smallest;
    VkDeviceSize largest;
};

// The size that counts is the allocation's own: granularity may have rounded it up.
static void live_add(struct Device *device, struct Live *live, VmaAllocation allocation)
{
    assert_true(live->count < 512);
    VmaAllocationInfo info;
    vmaGetAllocationInfo(device->allocator, allocation, &info);
    live->allocations[live->count] = allocation;
    live->sizes[live->count++] = info.size;
}

static void live_sum(struct Live *live)
{
    live->bytes = 0;
    live->largest = 0;
    live->smallest = VK_WHOLE_SIZE;
    for (uint32_t i = 0; i < live->count; ++i) {
        live->bytes += live->sizes[i];
        live->largest = live->sizes[i] > live->largest ? live->sizes[i] : live->largest;
        live->smallest = live->sizes[i] < live->smallest ? live->sizes[i] : live->smallest;
    }
}

static void live_free(struct Device *device, struct Live *live, uint32_t i)
{
    vmaFreeMemory(device->allocator, live->allocations[i]);
    live->allocations[i] = live->allocations[--live->count];
    live->sizes[i] = live->sizes[live->count];
}

static void assert_counts(struct Live *live, const VmaDetailedStatistics *stats)
{
    live_sum(live);
    assert_int_equal(stats->statistics.allocationCount, live->count);
    assert_int_equal(stats->statistics.allocationBytes, live->bytes);
    assert_int_equal(stats->allocationSizeMin, live->smallest);
    assert_int_equal(stats->allocationSizeMax, live->largest);
}

static void assert_same(const VmaStatistics *a, const VmaStatistics *b)
{
    assert_int_equal(a->blockCount, b->blockCount);
    assert_int_equal(a->blockBytes, b->blockBytes);
    assert_int_equal(a->allocationCount, b->allocationCount);
    assert_int_equal(a->allocationBytes, b->allocationBytes);
}

static void assert_empty(const VmaDetailedStatistics *stats)
{
    const VmaDetailedStatistics empty = {.allocationSizeMin = VK_WHOLE_SIZE,
                                         .unusedRangeSizeMin = VK_WHOLE_SIZE};
    assert_memory_equal(stats, &empty, sizeof(empty));
}

static void assert_budgets_agree(struct Device *device, const VmaTotalStatistics *stats)
{
    const VkPhysicalDeviceMemoryProperties *memory;
    vmaGetMemoryProperties(device->allocator, &memory);
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
    vmaGetHeapBudgets(device->allocator, budgets);
    for (uint32_t heap = 0; heap < memory->memoryHeapCount; ++heap) {
        assert_same(&budgets[heap].statistics, &stats->memoryHeap[heap].statistics);
    }
}

// The scan counts from both ends of several blocks at once; the walk goes from piece to piece.
static void assert_scan_is_walk(struct VrArena *arena)
{
    vr_arena_lock(arena);
    for (const struct VrBlock *block = arena->blocks; block; block = block->next) {
        VmaDetailedStatistics scanned, walked;
        vr_stats_of_blocks(block, 1, &scanned);
        vr_stats_clear(&walked);
        walked.statistics.blockCount = 1;
        uint64_t end = 0;
        for (struct VrWalk walk = vr_walk_block(block); vr_walk_step(&walk);) {
            assert_int_equal(walk.offset, end);
            end += walk.size;
            if (walk.used) {
                vr_stats_add_used(&walked, walk.size);
            } else {
                vr_stats_add_free(&walked, walk.size);
            }
        }
        assert_int_equal(end, block->size);
        walked.statistics.blockBytes = end;
        assert_memory_equal(&scanned, &walked, sizeof(walked));
    }
    vr_arena_unlock(arena);
}

static void a_new_allocator_holds_nothing(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "nvidia-rebar", NULL);
    VmaTotalStatistics stats;
    memset(&stats, 0x55, sizeof(stats));
    vmaCalculateStatistics(device.allocator, &stats);
    for (uint32_t i = 0; i < VK_MAX_MEMORY_TYPES; ++i) {
        assert_empty(&stats.memoryType[i]);
    }
    for (uint32_t i = 0; i < VK_MAX_MEMORY_HEAPS; ++i) {
        assert_empty(&stats.memoryHeap[i]);
    }
    assert_empty(&stats.total);
    device_close(&device);
}

static void free_memory_between_allocations_is_counted_piece_by_piece(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    VmaPool pool;
    const VmaPoolCreateInfo info = {.blockSize = MIB, .minBlockCount = 1};
    assert_int_equal(vmaCreatePool(device.allocator, &info, &pool), VK_SUCCESS);
    VmaAllocation a = device_allocate_in(&device, pool, 4096, 0);
    VmaAllocation b = device_allocate_in(&device, pool, 8192, 0);
    VmaAllocation c = device_allocate_in(&device, pool, 1000, 0);
    vmaFreeMemory(device.allocator, b);
    VmaDetailedStatistics stats;
    vmaCalculatePoolStatistics(device.allocator, pool, &stats);
    assert_int_equal(stats.statistics.blockCount, 1);
    assert_int_equal(stats.statistics.blockBytes, MIB);
    assert_int_equal(stats.statistics.allocationCount, 2);
    assert_int_equal(stats.statistics.allocationBytes, 5096);
    assert_int_equal(stats.allocationSizeMin, 1000);
    assert_int_equal(stats.allocationSizeMax, 4096);
    assert_int_equal(stats.unusedRangeCount, 2);
    assert_int_equal(stats.unusedRangeSizeMin, 8192);
    assert_int_equal(stats.unusedRangeSizeMax, MIB - 4096 - 8192 - 1000);
    vmaFreeMemory(device.allocator, a);
    vmaFreeMemory(device.allocator, c);
    vmaCalculatePoolStatistics(device.allocator, pool, &stats);
    assert_int_equal(stats.unusedRangeCount, 1);
    assert_int_equal(stats.unusedRangeSizeMin, MIB);
    vmaDestroyPool(device.allocator, pool);
    device_close(&device);
}

static void dedicated_memory_is_a_block_with_one_allocation_and_nothing_unused(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    const VkMemoryRequirements requirements = {3 * MIB, 256, 1};
    const VmaAllocationCreateInfo info = {.flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT};
    VmaAllocation allocation;
    assert_int_equal(vmaAllocateMemory(device.allocator, &requirements, &info, &allocation, NULL),
                     VK_SUCCESS);
    VmaTotalStatistics stats;
    vmaCalculateStatistics(device.allocator, &stats);
    assert_int_equal(stats.total.statistics.blockCount, 1);
    assert_int_equal(stats.total.statistics.blockBytes, 3 * MIB);
    assert_int_equal(stats.total.statistics.allocationCount, 1);
    assert_int_equal(stats.total.statistics.allocationBytes, 3 * MIB);
    assert_int_equal(stats.total.unusedRangeCount, 0);
    assert_budgets_agree(&device, &stats);
    vmaFreeMemory(device.allocator, allocation);
    device_close(&device);
}

// Default pools, a pool of growing blocks, one of fixed blocks.
struct Work {
    struct Device device;
    VmaPool pools[2];
    struct Live live[3];
    uint32_t seed;
};

static void work_step(struct Work *work)
{
    unsigned which = device_random(&work->seed) % 3;
    struct Live *live = &work->live[which];
    if (live->count > 400 || (live->count && device_random(&work->seed) % 5 < 2)) {
        live_free(&work->device, live, device_random(&work->seed) % live->count);
        return;
    }
    VkDeviceSize size = 1 + device_random(&work->seed) % (1u << (6 + device_random(&work->seed) % 14));
    if (which == 0) {
        uint32_t type = device_random(&work->seed) % 6;
        live_add(&work->device, live, device_allocate(&work->device, type, size));
        return;
    }
    bool dedicated = which == 1 && device_random(&work->seed) % 16 == 0;
    VmaAllocationCreateFlags flags = dedicated ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0;
    live_add(&work->device, live, device_allocate_in(&work->device, work->pools[which - 1], size, flags));
}

static void work_check(struct Work *work)
{
    VmaAllocator allocator = work->device.allocator;
    for (unsigned i = 0; i < 2; ++i) {
        VmaStatistics quick;
        VmaDetailedStatistics detailed;
        vmaGetPoolStatistics(allocator, work->pools[i], &quick);
        vmaCalculatePoolStatistics(allocator, work->pools[i], &detailed);
        assert_same(&quick, &detailed.statistics);
        assert_counts(&work->live[1 + i], &detailed);
        assert_scan_is_walk((struct VrArena *)work->pools[i]);
    }
    VmaTotalStatistics stats;
    vmaCalculateStatistics(allocator, &stats);
    assert_budgets_agree(&work->device, &stats);
    uint32_t count = 0;
    VkDeviceSize bytes = 0;
    for (unsigned i = 0; i < 3; ++i) {
        live_sum(&work->live[i]);
        count += work->live[i].count;
        bytes += work->live[i].bytes;
    }
    assert_int_equal(stats.total.statistics.allocationCount, count);
    assert_int_equal(stats.total.statistics.allocationBytes, bytes);
}

static void every_number_agrees_under_random_work(void **state)
{
    (void)state;
    struct Work work = {.seed = 7};
    device_open(&work.device, "nvidia-rebar", NULL);
    const VmaPoolCreateInfo growing = {.memoryTypeIndex = 1};
    const VmaPoolCreateInfo fixed = {.memoryTypeIndex = 3, .blockSize = 4 * MIB};
    assert_int_equal(vmaCreatePool(work.device.allocator, &growing, &work.pools[0]), VK_SUCCESS);
    assert_int_equal(vmaCreatePool(work.device.allocator, &fixed, &work.pools[1]), VK_SUCCESS);
    for (unsigned round = 0; round < 3000; ++round) {
        work_step(&work);
        if (round % 100 == 0) {
            work_check(&work);
        }
    }
    for (unsigned i = 0; i < 3; ++i) {
        while (work.live[i].count) {
            live_free(&work.device, &work.live[i], 0);
        }
    }
    work_check(&work);
    vmaDestroyPool(work.device.allocator, work.pools[0]);
    vmaDestroyPool(work.device.allocator, work.pools[1]);
    device_close(&work.device);
}

static void linear_pools_are_counted_in_every_mode(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    const VmaPoolCreateInfo info = {
        .flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT, .blockSize = 64 * KIB, .maxBlockCount = 1};
    VmaPool pool;
    assert_int_equal(vmaCreatePool(device.allocator, &info, &pool), VK_SUCCESS);
    struct Live live = {0};
    VmaDetailedStatistics stats;
    VmaStatistics quick;
    for (unsigned i = 0; i < 16; ++i) {
        live_add(&device, &live, device_allocate_in(&device, pool, 4 * KIB, 0));
    }
    // A ring: the first half goes, and the next ones wrap round to the start.
    for (unsigned i = 0; i < 8; ++i) {
        vmaFreeMemory(device.allocator, live.allocations[i]);
        live.allocations[i] = device_allocate_in(&device, pool, KIB, 0);
        live.sizes[i] = KIB;
        vmaCalculatePoolStatistics(device.allocator, pool, &stats);
        vmaGetPoolStatistics(device.allocator, pool, &quick);
        assert_counts(&live, &stats);
        assert_same(&quick, &stats.statistics);
        assert_scan_is_walk((struct VrArena *)pool);
    }
    while (live.count) {
        live_free(&device, &live, 0);
    }
    // A double stack, with a hole that waits in the middle.
    for (unsigned i = 0; i < 3; ++i) {
        live_add(&device, &live, device_allocate_in(&device, pool, 2 * KIB, 0));
        live_add(&device, &live,
                 device_allocate_in(&device, pool, 3 * KIB, VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT));
    }
    live_free(&device, &live, 2);
    vmaCalculatePoolStatistics(device.allocator, pool, &stats);
    assert_counts(&live, &stats);
    assert_int_equal(stats.unusedRangeCount, 2);
    assert_int_equal(stats.unusedRangeSizeMin, 2 * KIB);
    while (live.count) {
        live_free(&device, &live, 0);
    }
    vmaDestroyPool(device.allocator, pool);
    device_close(&device);
}

static unsigned count_chunks(struct VrArena *arena)
{
    unsigned count = 0;
    for (const struct VrBlock *block = arena->blocks; block; block = block->next) {
        for (const struct VrRange *range = block->span.first; range; range = range->next) {
            count += vr_range_state(range) == VR_RANGE_DIVIDED;
        }
    }
    return count;
}

static void allocations_in_lanes_are_counted_and_free_pieces_joined(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    VmaPool pool;
    const VmaPoolCreateInfo info = {.blockSize = 16 * MIB};
    assert_int_equal(vmaCreatePool(device.allocator, &info, &pool), VK_SUCCESS);
    struct VrArena *arena = (struct VrArena *)pool;
    struct Live live = {0};
    uint32_t seed = 3;
    unsigned most_chunks = 0;
    live_add(&device, &live, device_allocate_in(&device, pool, 70 * KIB, 0));
    atomic_store(&arena->route, VR_ROUTE_LANES);
    for (unsigned round = 0; round < 2000; ++round) {
        if (live.count > 300 || (live.count && device_random(&seed) % 5 < 2)) {
            live_free(&device, &live, device_random(&seed) % live.count);
        } else {
            VkDeviceSize size = 1 + device_random(&seed) % 20000;
            live_add(&device, &live, device_allocate_in(&device, pool, size, 0));
        }
        if (round % 50 == 0) {
            VmaDetailedStatistics stats;
            VmaStatistics quick;
            vmaCalculatePoolStatistics(device.allocator, pool, &stats);
            vmaGetPoolStatistics(device.allocator, pool, &quick);
            assert_counts(&live, &stats);
            assert_same(&quick, &stats.statistics);
            assert_scan_is_walk(arena);
            unsigned chunks = count_chunks(arena);
            most_chunks = chunks > most_chunks ? chunks : most_chunks;
        }
    }
    assert_true(most_chunks > 1);
    while (live.count) {
        live_free(&device, &live, 0);
    }
    VmaDetailedStatistics stats;
    vmaCalculatePoolStatistics(device.allocator, pool, &stats);
    assert_int_equal(stats.unusedRangeCount, stats.statistics.blockCount);
    vmaDestroyPool(device.allocator, pool);
    device_close(&device);
}

static void margins_count_as_unused(void **state)
{
    (void)state;
    struct Device device;
    device_open_debug(&device, "single", "margin=64");
    VmaPool pool;
    const VmaPoolCreateInfo info = {.blockSize = MIB};
    assert_int_equal(vmaCreatePool(device.allocator, &info, &pool), VK_SUCCESS);
    struct Live live = {0};
    live_add(&device, &live, device_allocate_in(&device, pool, 960, 0));
    live_add(&device, &live, device_allocate_in(&device, pool, 1984, 0));
    VmaDetailedStatistics stats;
    VmaStatistics quick;
    vmaCalculatePoolStatistics(device.allocator, pool, &stats);
    vmaGetPoolStatistics(device.allocator, pool, &quick);
    assert_counts(&live, &stats);
    assert_same(&quick, &stats.statistics);
    assert_int_equal(stats.unusedRangeCount, 2);
    assert_int_equal(stats.unusedRangeSizeMin, 64);
    assert_int_equal(stats.unusedRangeSizeMax, MIB - 960 - 64 - 1984);
    assert_scan_is_walk((struct VrArena *)pool);
    live_free(&device, &live, 0);
    live_free(&device, &live, 0);
    vmaDestroyPool(device.allocator, pool);
    device_close(&device);
}

static void null_arguments_give_empty_answers(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    VmaTotalStatistics total;
    VmaDetailedStatistics detailed;
    VmaStatistics plain;
    vmaCalculateStatistics(NULL, &total);
    vmaCalculateStatistics(device.allocator, NULL);
    vmaGetHeapBudgets(device.allocator, NULL);
    vmaGetPoolStatistics(device.allocator, NULL, &plain);
    assert_int_equal(plain.blockCount, 0);
    assert_int_equal(plain.allocationBytes, 0);
    vmaGetPoolStatistics(device.allocator, NULL, NULL);
    vmaCalculatePoolStatistics(device.allocator, NULL, &detailed);
    assert_empty(&detailed);
    vmaCalculatePoolStatistics(NULL, NULL, NULL);
    device_close(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_allocator_holds_nothing),
        cmocka_unit_test(free_memory_between_allocations_is_counted_piece_by_piece),
        cmocka_unit_test(dedicated_memory_is_a_block_with_one_allocation_and_nothing_unused),
        cmocka_unit_test(every_number_agrees_under_random_work),
        cmocka_unit_test(linear_pools_are_counted_in_every_mode),
        cmocka_unit_test(allocations_in_lanes_are_counted_and_free_pieces_joined),
        cmocka_unit_test(margins_count_as_unused),
        cmocka_unit_test(null_arguments_give_empty_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
