// SPDX-License-Identifier: MIT
// Allocators and pools that are destroyed with allocations alive: each is told, and nothing of it stays
// behind.
#define _POSIX_C_SOURCE 200809L // setenv, dup2, fileno
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- What is written to stderr ----

struct Captured {
    FILE *file;
    int saved;
};

static void capture(struct Captured *captured)
{
    fflush(stderr);
    captured->file = tmpfile();
    assert_non_null(captured->file);
    captured->saved = dup(STDERR_FILENO);
    assert_true(captured->saved >= 0);
    assert_true(dup2(fileno(captured->file), STDERR_FILENO) >= 0);
}

static void release(struct Captured *captured, char *text, size_t size)
{
    fflush(stderr);
    assert_true(dup2(captured->saved, STDERR_FILENO) >= 0);
    close(captured->saved);
    rewind(captured->file);
    const size_t length = fread(text, 1, size - 1, captured->file);
    text[length] = 0;
    fclose(captured->file);
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        ++count;
    }
    return count;
}

static char text[64 * 1024];

static void end(struct World *w)
{
    struct Captured captured;
    capture(&captured);
    vmaDestroyAllocator(w->allocator);
    w->allocator = VK_NULL_HANDLE;
    release(&captured, text, sizeof(text));
    world_close(w); // nothing is left in the device or the host
}

// ---- The tests ----

static void every_leaked_allocation_is_told(void **state)
{
    (void)state;
    struct World w;
    VmaPool pool, linear;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = 1}, &pool),
                     VK_SUCCESS);
    const VmaPoolCreateInfo linear_info = {.memoryTypeIndex = 1,
                                           .flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT};
    assert_int_equal(vmaCreatePool(w.allocator, &linear_info, &linear), VK_SUCCESS);
    VmaAllocation named = world_allocate(&w, 3, 1000, VMA_ALLOCATION_CREATE_MAPPED_BIT);
    vmaSetAllocationName(w.allocator, named, "lost texture");
    world_allocate(&w, 1, 12345, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    world_allocate_in(&w, pool, 500, 0);
    world_allocate_in(&w, linear, 600, 0);
    world_allocate_in(&w, linear, 700, 0);
    vmaSetPoolName(w.allocator, pool, "forgotten pool");
    VmaAllocation freed = world_allocate(&w, 3, 2000, 0);
    vmaFreeMemory(w.allocator, freed);
    end(&w);
    assert_int_equal(count_of(text, "UNFREED ALLOCATION"), 5);
    assert_int_equal(count_of(text, "undestroyed-pool"), 2);
    assert_int_equal(count_of(text, "lost texture"), 1);
    assert_int_equal(count_of(text, "size 12345"), 1);
}

static void nothing_is_told_where_nothing_leaked(void **state)
{
    (void)state;
    struct World w;
    uint32_t random = 2;
    world_open_full(&w, "nvidia-rebar");
    for (int i = 0; i < 300; ++i) {
        VmaAllocation a = world_allocate(&w, 1, 1 + world_random(&random) % 100000, 0);
        VmaAllocation b = world_allocate(&w, 3, 16 * (1 + world_random(&random) % 60), 0);
        vmaFreeMemory(w.allocator, a);
        vmaFreeMemory(w.allocator, b);
    }
    end(&w);
    assert_string_equal(text, "");
}

static void a_pool_that_is_destroyed_with_allocations_tells_them(void **state)
{
    (void)state;
    struct World w;
    struct Captured captured;
    world_open_full(&w, "nvidia-rebar");
    for (int linear = 0; linear < 2; ++linear) {
        VmaPool pool;
        VmaAllocation leaked[3];
        const VmaPoolCreateInfo info = {.memoryTypeIndex = 1,
                                        .flags = linear ? VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT : 0};
        assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_SUCCESS);
        for (int i = 0; i < 3; ++i) {
            leaked[i] =
                world_allocate_in(&w, pool, 1000, i == 2 ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
            vmaSetAllocationName(w.allocator, leaked[i], "left in the pool");
        }
        capture(&captured);
        vmaDestroyPool(w.allocator, pool);
        release(&captured, text, sizeof(text));
        assert_int_equal(count_of(text, "UNFREED ALLOCATION"), 3);
        assert_int_equal(count_of(text, "left in the pool"), 3);
        assert_int_equal(world_stats(&w).memories, 0);
        capture(&captured); // their handles are stale now
        for (int i = 0; i < 3; ++i) {
            vmaFreeMemory(w.allocator, leaked[i]);
        }
        release(&captured, text, sizeof(text));
        assert_int_equal(count_of(text, "stale-allocation"), 3);
    }
    VmaAllocation more = world_allocate(&w, 1, 1000, 0);
    vmaFreeMemory(w.allocator, more);
    end(&w);
}

static void a_leak_while_mapped_leaves_no_mapping(void **state)
{
    (void)state;
    struct World w;
    void *data;
    world_open_full(&w, "mali");
    VmaAllocation a = world_allocate(&w, 1, 1000, 0);
    assert_int_equal(vmaMapMemory(w.allocator, a, &data), VK_SUCCESS);
    end(&w);
    assert_int_equal(count_of(text, "UNFREED ALLOCATION"), 1);
}

// Thousands of leaks are as well disposed of as one.
static void many_leaks_leave_nothing(void **state)
{
    (void)state;
    struct World w;
    uint32_t random = 44;
    world_open_full(&w, "granularity4096");
    for (int i = 0; i < 300; ++i) {
        VmaAllocation a = world_allocate(&w, world_random(&random) % 3, 1 + world_random(&random) % 30000,
                                         i % 20 == 19 ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
        if (i % 3 == 0) {
            vmaFreeMemory(w.allocator, a);
        }
    }
    end(&w);
    assert_int_equal(count_of(text, "UNFREED ALLOCATION"), 200);
}

static void leaks_in_lanes_are_told_too(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    world_open_lanes(&w);
    for (int i = 0; i < 50; ++i) {
        world_allocate(&w, 1, 1000 + (VkDeviceSize)i, 0);
        world_allocate(&w, 3, 1000 + (VkDeviceSize)i, 0);
    }
    end(&w);
    assert_int_equal(count_of(text, "UNFREED ALLOCATION"), 100);
}

int main(void)
{
    if (setenv("VRAM_LOG", "error", 1) != 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_leaked_allocation_is_told),
        cmocka_unit_test(nothing_is_told_where_nothing_leaked),
        cmocka_unit_test(a_pool_that_is_destroyed_with_allocations_tells_them),
        cmocka_unit_test(a_leak_while_mapped_leaves_no_mapping),
        cmocka_unit_test(many_leaks_leave_nothing),
        cmocka_unit_test(leaks_in_lanes_are_told_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
