// SPDX-License-Identifier: MIT
// Custom pools: counts and sizes of blocks, alignment, names, and the linear algorithm as stack, ring
// and double stack.
#include "world.h"

#include <string.h>

#define LINEAR VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT
#define UPPER VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT

static VmaPool make_pool(struct World *w, const VmaPoolCreateInfo *info)
{
    VmaPool pool = VK_NULL_HANDLE;
    assert_int_equal(vmaCreatePool(w->allocator, info, &pool), VK_SUCCESS);
    assert_non_null(pool);
    return pool;
}

static VkResult try_pool(struct World *w, VmaPool pool, VkDeviceSize size, VmaAllocationCreateFlags flags,
                         VmaAllocation *allocation)
{
    return world_try(w, size, &(VmaAllocationCreateInfo){.pool = pool, .flags = flags}, allocation);
}

static VkDeviceSize offset_of(struct World *w, VmaAllocation allocation)
{
    return world_info(w, allocation).offset;
}

// ---- Blocks ----

static void blocks_of_a_fixed_pool_have_the_very_size_and_stay_between_their_counts(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[8], none;
    VmaStatistics statistics;
    world_open_full(&w, "nvidia-rebar");
    const VmaPoolCreateInfo info = {
        .memoryTypeIndex = 1, .blockSize = 3 * MIB + 4096, .minBlockCount = 2, .maxBlockCount = 4};
    VmaPool pool = make_pool(&w, &info);
    assert_int_equal(world_stats(&w).memories, 2);
    assert_int_equal(world_stats(&w).total_bytes, 2 * info.blockSize);
    for (int i = 0; i < 4; ++i) {
        VmaAllocationInfo2 info2;
        held[i] = world_allocate_in(&w, pool, 3 * MIB, 0);
        vmaGetAllocationInfo2(w.allocator, held[i], &info2);
        assert_int_equal(info2.blockSize, info.blockSize);
        assert_false(info2.dedicatedMemory);
    }
    assert_int_equal(try_pool(&w, pool, 3 * MIB, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_null(none);
    assert_int_equal(try_pool(&w, pool, 4 * MIB, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaGetPoolStatistics(w.allocator, pool, &statistics);
    assert_int_equal(statistics.blockCount, 4);
    assert_int_equal(statistics.blockBytes, 4 * info.blockSize);
    assert_int_equal(statistics.allocationCount, 4);
    assert_int_equal(statistics.allocationBytes, 12 * MIB);
    vmaFreeMemoryPages(w.allocator, 4, held);
    vmaGetPoolStatistics(w.allocator, pool, &statistics);
    assert_true(statistics.blockCount >= 2 &&
                statistics.blockCount <= 3); // one empty block may stay beyond the minimum
    assert_int_equal(statistics.allocationCount, 0);
    vmaDestroyPool(w.allocator, pool);
    assert_int_equal(world_stats(&w).memories, 0);
    world_close(&w);
}

static void a_whole_block_can_be_one_allocation(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    for (int linear = 0; linear < 2; ++linear) {
        const VmaPoolCreateInfo info = {
            .memoryTypeIndex = 1, .blockSize = MIB, .maxBlockCount = 1, .flags = linear ? LINEAR : 0};
        VmaPool pool = make_pool(&w, &info);
        VmaAllocation all = world_allocate_in(&w, pool, MIB, 0), none;
        assert_int_equal(try_pool(&w, pool, 1, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
        vmaFreeMemory(w.allocator, all);
        all = world_allocate_in(&w, pool, MIB, 0);
        vmaFreeMemory(w.allocator, all);
        vmaDestroyPool(w.allocator, pool);
    }
    world_close(&w);
}

// Without a block size the pool picks its own, and falls back on memory of its own when it may have no
// more blocks.
static void a_pool_without_a_block_size_may_hold_dedicated_memory(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[200];
    VmaStatistics statistics;
    unsigned own = 0;
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_pool(&w, &(VmaPoolCreateInfo){.memoryTypeIndex = 1, .maxBlockCount = 1});
    for (int i = 0; i < 200; ++i) {
        held[i] = world_allocate_in(&w, pool, 2 * MIB, 0);
        own += world_is_dedicated(&w, held[i]);
    }
    assert_true(own > 0);
    vmaGetPoolStatistics(w.allocator, pool, &statistics);
    assert_int_equal(statistics.allocationCount, 200);
    assert_int_equal(statistics.blockCount, own + 1);
    vmaFreeMemoryPages(w.allocator, 200, held);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void bad_pools_are_refused(void **state)
{
    (void)state;
    struct World w;
    world_open(&w, "amd-rebar", NULL);
    static const struct {
        VmaPoolCreateInfo info;
        VkResult result;
    } rows[] = {
        {{.memoryTypeIndex = 11}, VK_ERROR_FEATURE_NOT_PRESENT},
        {{.memoryTypeIndex = 32}, VK_ERROR_FEATURE_NOT_PRESENT},
        {{.memoryTypeIndex = UINT32_MAX}, VK_ERROR_FEATURE_NOT_PRESENT},
        {{.memoryTypeIndex = 7}, VK_ERROR_FEATURE_NOT_PRESENT}, // device-coherent, not enabled
        {{.minBlockCount = 3, .maxBlockCount = 2}, VK_ERROR_INITIALIZATION_FAILED},
        {{.minAllocationAlignment = 48}, VK_ERROR_INITIALIZATION_FAILED},
        {{.blockSize = 1ull << 60, .minBlockCount = 1}, VK_ERROR_OUT_OF_DEVICE_MEMORY},
        {{.blockSize = UINT64_MAX, .minBlockCount = 1}, VK_ERROR_OUT_OF_DEVICE_MEMORY},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        VmaPool pool = (VmaPool)(uintptr_t)0x10;
        assert_int_equal(vmaCreatePool(w.allocator, &rows[i].info, &pool), rows[i].result);
        assert_null(pool);
    }
    VmaPool pool = (VmaPool)(uintptr_t)0x10;
    assert_true(vmaCreatePool(w.allocator, NULL, &pool) < 0);
    assert_null(pool);
    assert_true(vmaCreatePool(NULL, &rows[0].info, &pool) < 0);
    assert_true(vmaCreatePool(w.allocator, &rows[0].info, NULL) < 0);
    world_close(&w);
}

static void a_failed_pool_leaves_no_block(void **state)
{
    (void)state;
    struct World w;
    VmaPool pool;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {10 * MIB, 10 * MIB};
    const VmaAllocatorCreateInfo create = {.pHeapSizeLimit = limits};
    world_open(&w, "nvidia-rebar", &create);
    const VmaPoolCreateInfo info = {.memoryTypeIndex = 1, .blockSize = 4 * MIB, .minBlockCount = 3};
    assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_null(pool);
    assert_int_equal(world_stats(&w).memories, 0);
    world_close(&w);
}

static void a_pool_of_an_enormous_block_size_is_harmless(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation none;
    world_open_full(&w, "nvidia-rebar");
    static const VkDeviceSize sizes[] = {1ull << 45, 1ull << 62, UINT64_MAX};
    for (size_t i = 0; i < 6; ++i) {
        VmaPool pool = VK_NULL_HANDLE;
        const VmaPoolCreateInfo info = {
            .memoryTypeIndex = 1, .blockSize = sizes[i % 3], .flags = i < 3 ? 0 : LINEAR};
        if (vmaCreatePool(w.allocator, &info, &pool) == VK_SUCCESS) {
            assert_int_equal(try_pool(&w, pool, 100, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
            assert_null(none);
            vmaDestroyPool(w.allocator, pool);
        }
    }
    world_close(&w);
}

static void a_pool_of_tiny_blocks_works(void **state)
{
    (void)state;
    static const VkDeviceSize sizes[] = {1, 2, 15, 16, 17, 63, 64, 255, 256, 257, 1000};
    struct World w;
    world_open_full(&w, "amd-rebar");
    for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); ++i) {
        const VkDeviceSize size = sizes[i / 2];
        const VmaPoolCreateInfo info = {
            .memoryTypeIndex = 0, .blockSize = size, .maxBlockCount = 3, .flags = i % 2 ? LINEAR : 0};
        VmaPool pool = make_pool(&w, &info);
        VmaAllocation held[3], none;
        for (int k = 0; k < 3; ++k) {
            held[k] = world_allocate_in(&w, pool, size, 0);
        }
        assert_int_equal(try_pool(&w, pool, size, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
        assert_int_equal(try_pool(&w, pool, size + 1, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
        vmaFreeMemoryPages(w.allocator, 3, held);
        for (VkDeviceSize k = 0; k < 200; ++k) {
            const VkDeviceSize part = 1 + k % size;
            held[0] = world_allocate_in(&w, pool, part, 0);
            vmaFreeMemory(w.allocator, held[0]);
        }
        vmaDestroyPool(w.allocator, pool);
    }
    world_close(&w);
}

// ---- Alignment, kinds, names ----

static void allocations_of_a_pool_have_at_least_its_alignment(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    for (int linear = 0; linear < 2; ++linear) {
        VmaAllocation held[30];
        const VmaPoolCreateInfo info = {.memoryTypeIndex = 1,
                                        .blockSize = MIB,
                                        .minAllocationAlignment = 8192,
                                        .flags = linear ? LINEAR : 0};
        VmaPool pool = make_pool(&w, &info);
        for (int i = 0; i < 30; ++i) {
            held[i] = world_allocate_in(&w, pool, 100, 0);
            assert_int_equal(offset_of(&w, held[i]) % 8192, 0);
        }
        vmaFreeMemoryPages(w.allocator, 30, held);
        vmaDestroyPool(w.allocator, pool);
    }
    world_close(&w);
}

static void pool_names_are_copied(void **state)
{
    (void)state;
    struct World w;
    char name[] = "meshes";
    const char *got = "unset";
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_pool(&w, &(VmaPoolCreateInfo){0});
    vmaGetPoolName(w.allocator, pool, &got);
    assert_null(got);
    vmaSetPoolName(w.allocator, pool, name);
    name[0] = 'X';
    vmaGetPoolName(w.allocator, pool, &got);
    assert_string_equal(got, "meshes");
    vmaSetPoolName(w.allocator, pool, "textures");
    vmaGetPoolName(w.allocator, pool, &got);
    assert_string_equal(got, "textures");
    vmaSetPoolName(w.allocator, pool, NULL);
    vmaGetPoolName(w.allocator, pool, &got);
    assert_null(got);
    vmaSetPoolName(w.allocator, pool, "dropped with the pool");
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void a_resource_that_cannot_lie_in_the_type_of_a_pool_is_refused(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool =
        make_pool(&w, &(VmaPoolCreateInfo){.memoryTypeIndex = world_type(&w, HOST_VISIBLE | HOST_COHERENT)});
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    const VmaAllocationCreateInfo info = {.pool = pool};
    VkImage made = (VkImage)(uintptr_t)0x10;
    VmaAllocation allocation = (VmaAllocation)(uintptr_t)0x10;
    assert_int_equal(vmaCreateImage(w.allocator, &image, &info, &made, &allocation, NULL),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    assert_true(made == VK_NULL_HANDLE && allocation == VK_NULL_HANDLE);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void a_pool_of_another_allocator_is_refused(void **state)
{
    (void)state;
    struct World w, other;
    VmaAllocation none;
    world_open_full(&w, "nvidia-rebar");
    world_open_full(&other, "nvidia-rebar");
    VmaPool pool = make_pool(&other, &(VmaPoolCreateInfo){.memoryTypeIndex = 1});
    assert_true(try_pool(&w, pool, 100, 0, &none) < 0);
    assert_null(none);
    vmaDestroyPool(w.allocator, pool); // not its to destroy
    VmaAllocation some = world_allocate_in(&other, pool, 100, 0);
    vmaFreeMemory(other.allocator, some);
    vmaDestroyPool(other.allocator, pool);
    world_close(&other);
    world_close(&w);
}

static void a_destroyed_pool_is_no_pool(void **state)
{
    (void)state;
    struct World w;
    const char *name = "unset";
    VmaStatistics statistics;
    VmaDetailedStatistics detailed;
    world_open_full(&w, "nvidia-rebar");
    VmaPool kept = make_pool(&w, &(VmaPoolCreateInfo){.memoryTypeIndex = 1});
    VmaPool pool =
        make_pool(&w, &(VmaPoolCreateInfo){.memoryTypeIndex = 1, .minBlockCount = 1, .blockSize = MIB});
    vmaDestroyPool(w.allocator, pool);
    vmaDestroyPool(w.allocator, pool);
    vmaSetPoolName(w.allocator, pool, "too late");
    vmaGetPoolName(w.allocator, pool, &name);
    assert_null(name);
    vmaGetPoolStatistics(w.allocator, pool, &statistics);
    assert_int_equal(statistics.blockCount, 0);
    vmaCalculatePoolStatistics(w.allocator, pool, &detailed);
    assert_int_equal(detailed.statistics.blockCount, 0);
    assert_true(vmaCheckPoolCorruption(w.allocator, pool) < 0);
    vmaDestroyPool(w.allocator, kept);
    world_close(&w);
}

static void a_chain_of_a_pool_goes_to_every_block(void **state)
{
    (void)state;
    struct World w;
    VkExportMemoryAllocateInfo exported = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                           .handleTypes = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT};
    world_open_full(&w, "nvidia-datacenter");
    VmaPool pool =
        make_pool(&w, &(VmaPoolCreateInfo){.memoryTypeIndex = 1, .pMemoryAllocateNext = &exported});
    VmaAllocation a = world_allocate_in(&w, pool, 100, 0);
    VmaAllocation b = world_allocate_in(&w, pool, 100, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    assert_int_equal(world_memory_of(&w, a).export_types, exported.handleTypes);
    assert_int_equal(world_memory_of(&w, b).export_types, exported.handleTypes);
    vmaFreeMemory(w.allocator, a);
    vmaFreeMemory(w.allocator, b);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

// ---- Linear ----

static VmaPool make_linear(struct World *w, VkDeviceSize block_size, size_t max_blocks)
{
    const VmaPoolCreateInfo info = {
        .memoryTypeIndex = 1, .flags = LINEAR, .blockSize = block_size, .maxBlockCount = max_blocks};
    return make_pool(w, &info);
}

static void a_linear_pool_is_a_stack(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[20];
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_linear(&w, MIB, 1);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 20; ++i) {
            held[i] = world_allocate_in(&w, pool, 16 * KIB, 0);
            assert_int_equal(offset_of(&w, held[i]), (VkDeviceSize)i * 16 * KIB);
        }
        for (int i = 19; i >= 10; --i) {
            vmaFreeMemory(w.allocator, held[i]);
        }
        held[10] = world_allocate_in(&w, pool, 100, 0);
        assert_int_equal(offset_of(&w, held[10]), 10 * 16 * KIB); // where the freed one was
        for (int i = 10; i >= 0; --i) {
            vmaFreeMemory(w.allocator, held[i]);
        }
    }
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void freeing_all_in_any_order_gives_a_linear_pool_back(void **state)
{
    (void)state;
    struct World w;
    uint32_t random = 5;
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_linear(&w, MIB, 1);
    for (int round = 0; round < 50; ++round) {
        VmaAllocation held[32];
        for (int i = 0; i < 32; ++i) {
            held[i] = world_allocate_in(&w, pool, 32 * KIB, i % 3 == 2 ? UPPER : 0);
        }
        for (int i = 31; i > 0; --i) {
            const uint32_t k = world_random(&random) % (uint32_t)(i + 1);
            VmaAllocation swap = held[i];
            held[i] = held[k];
            held[k] = swap;
        }
        vmaFreeMemoryPages(w.allocator, 32, held);
        VmaAllocation all = world_allocate_in(&w, pool, MIB, 0);
        vmaFreeMemory(w.allocator, all);
    }
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void a_linear_pool_is_a_ring(void **state)
{
    (void)state;
    enum { RING = 8 };
    struct World w;
    VmaAllocation ring[RING] = {0};
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_linear(&w, 10 * 64 * KIB, 1);
    for (int i = 0; i < 1000; ++i) {
        VmaAllocation *slot = &ring[i % RING];
        vmaFreeMemory(w.allocator, *slot); // the oldest
        *slot = world_allocate_in(&w, pool, 64 * KIB - 64 * (VkDeviceSize)(i % 7), 0);
        for (int k = 0; k < RING; ++k) {
            const VmaAllocationInfo a = world_info(&w, *slot);
            if (ring[k] && ring[k] != *slot) {
                const VmaAllocationInfo b = world_info(&w, ring[k]);
                assert_true(a.offset >= b.offset + b.size || b.offset >= a.offset + a.size);
            }
        }
    }
    VmaAllocation none;
    assert_true(try_pool(&w, pool, 64 * KIB, UPPER, &none) < 0 || (vmaFreeMemory(w.allocator, none), true));
    vmaFreeMemoryPages(w.allocator, RING, ring);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void a_linear_pool_is_a_double_stack(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation low[6], high[6], none;
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_linear(&w, 12 * 64 * KIB, 1);
    for (int i = 0; i < 6; ++i) {
        low[i] = world_allocate_in(&w, pool, 64 * KIB, 0);
        high[i] = world_allocate_in(&w, pool, 64 * KIB, UPPER);
        assert_int_equal(offset_of(&w, low[i]), (VkDeviceSize)i * 64 * KIB);
        assert_int_equal(offset_of(&w, high[i]), (VkDeviceSize)(11 - i) * 64 * KIB);
    }
    assert_int_equal(try_pool(&w, pool, 1, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(try_pool(&w, pool, 1, UPPER, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaFreeMemory(w.allocator, high[5]);
    low[0] = (vmaFreeMemory(w.allocator, low[0]),
              VK_NULL_HANDLE); // no wrapping round while the upper stack is in use
    VmaAllocation between = world_allocate_in(&w, pool, 64 * KIB, 0);
    assert_int_equal(offset_of(&w, between), 6 * 64 * KIB);
    assert_int_equal(try_pool(&w, pool, 64 * KIB, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaFreeMemory(w.allocator, between);
    vmaFreeMemoryPages(w.allocator, 6, low);
    vmaFreeMemoryPages(w.allocator, 5, high);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void a_linear_pool_may_have_many_blocks(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[40], none;
    VmaStatistics statistics;
    world_open_full(&w, "nvidia-rebar");
    VmaPool pool = make_linear(&w, 4 * 64 * KIB, 10);
    for (int i = 0; i < 40; ++i) {
        held[i] = world_allocate_in(&w, pool, 64 * KIB, 0);
    }
    assert_int_equal(try_pool(&w, pool, 64 * KIB, 0, &none), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vmaGetPoolStatistics(w.allocator, pool, &statistics);
    assert_int_equal(statistics.blockCount, 10);
    assert_int_equal(statistics.allocationCount, 40);
    vmaFreeMemoryPages(w.allocator, 40, held);
    vmaGetPoolStatistics(w.allocator, pool, &statistics);
    assert_int_equal(statistics.blockCount, 1); // one is kept for what comes next
    assert_int_equal(statistics.allocationBytes, 0);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

// What is freed in the middle waits; what is placed never overlaps, in whatever order things come and go.
static void linear_pools_never_give_a_byte_twice(void **state)
{
    (void)state;
    enum { COUNT = 60 };
    struct World w;
    uint32_t random = 31;
    world_open_full(&w, "granularity4096");
    for (int blocks = 1; blocks <= 3; blocks += 2) {
        VmaAllocation held[COUNT] = {0};
        const VmaPoolCreateInfo info = {
            .flags = LINEAR, .blockSize = 300 * KIB, .maxBlockCount = (size_t)blocks};
        VmaPool pool = make_pool(&w, &info);
        for (int step = 0; step < 4000; ++step) {
            const uint32_t i = world_random(&random) % COUNT;
            if (held[i]) {
                vmaFreeMemory(w.allocator, held[i]);
                held[i] = VK_NULL_HANDLE;
                continue;
            }
            const bool upper = blocks == 1 && world_random(&random) % 4 == 0;
            if (try_pool(&w, pool, 1 + world_random(&random) % 20000, upper ? UPPER : 0, &held[i]) !=
                VK_SUCCESS) {
                assert_null(held[i]);
                continue;
            }
            const VmaAllocationInfo a = world_info(&w, held[i]);
            for (int k = 0; k < COUNT; ++k) {
                if (held[k] && k != (int)i) {
                    const VmaAllocationInfo b = world_info(&w, held[k]);
                    assert_true(a.deviceMemory != b.deviceMemory || a.offset >= b.offset + b.size ||
                                b.offset >= a.offset + a.size);
                }
            }
        }
        vmaFreeMemoryPages(w.allocator, COUNT, held);
        vmaDestroyPool(w.allocator, pool);
    }
    world_close(&w);
}

// ---- Statistics ----

static void quick_and_detailed_statistics_agree(void **state)
{
    (void)state;
    struct World w;
    uint32_t random = 8;
    VmaAllocation held[64] = {0};
    world_open_full(&w, "nvidia-rebar");
    VmaPool pools[2] = {make_pool(&w, &(VmaPoolCreateInfo){.memoryTypeIndex = 1, .blockSize = MIB}),
                        make_linear(&w, MIB, 0)};
    for (int step = 0; step < 600; ++step) {
        const uint32_t i = world_random(&random) % 64;
        if (held[i]) {
            vmaFreeMemory(w.allocator, held[i]);
            held[i] = VK_NULL_HANDLE;
        } else {
            (void)try_pool(&w, pools[i % 2], 1 + world_random(&random) % 50000, 0, &held[i]);
        }
        VmaStatistics quick;
        VmaDetailedStatistics detailed;
        vmaGetPoolStatistics(w.allocator, pools[i % 2], &quick);
        vmaCalculatePoolStatistics(w.allocator, pools[i % 2], &detailed);
        assert_memory_equal(&quick, &detailed.statistics, sizeof(quick));
    }
    vmaFreeMemoryPages(w.allocator, 64, held);
    vmaDestroyPool(w.allocator, pools[0]);
    vmaDestroyPool(w.allocator, pools[1]);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_a_fixed_pool_have_the_very_size_and_stay_between_their_counts),
        cmocka_unit_test(a_whole_block_can_be_one_allocation),
        cmocka_unit_test(a_pool_without_a_block_size_may_hold_dedicated_memory),
        cmocka_unit_test(bad_pools_are_refused),
        cmocka_unit_test(a_failed_pool_leaves_no_block),
        cmocka_unit_test(a_pool_of_an_enormous_block_size_is_harmless),
        cmocka_unit_test(a_pool_of_tiny_blocks_works),
        cmocka_unit_test(allocations_of_a_pool_have_at_least_its_alignment),
        cmocka_unit_test(pool_names_are_copied),
        cmocka_unit_test(a_resource_that_cannot_lie_in_the_type_of_a_pool_is_refused),
        cmocka_unit_test(a_pool_of_another_allocator_is_refused),
        cmocka_unit_test(a_destroyed_pool_is_no_pool),
        cmocka_unit_test(a_chain_of_a_pool_goes_to_every_block),
        cmocka_unit_test(a_linear_pool_is_a_stack),
        cmocka_unit_test(freeing_all_in_any_order_gives_a_linear_pool_back),
        cmocka_unit_test(a_linear_pool_is_a_ring),
        cmocka_unit_test(a_linear_pool_is_a_double_stack),
        cmocka_unit_test(a_linear_pool_may_have_many_blocks),
        cmocka_unit_test(linear_pools_never_give_a_byte_twice),
        cmocka_unit_test(quick_and_detailed_statistics_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
