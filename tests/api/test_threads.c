// SPDX-License-Identifier: MIT
// Eight threads do everything on one allocator at once, and a ninth defragments a pool of its own.
// Contents and places of all live allocations are compared at rest points; at the end nothing is left.
// Run under sanitizers too.
#define _GNU_SOURCE
#include "world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { STEPS = 600 };
#else
enum { STEPS = 2000 };
#endif
enum { THREADS = 8, KEPT = 160, ROUNDS = 4, MOVED = 200, BOARD = 64 };

// One allocation that a thread holds, with what goes with it.
struct Held {
    VmaAllocation allocation;
    VkBuffer buffer;
    VkImage image;
    VkDeviceSize size;
    uint32_t stamp; // written over all of its bytes when it can be mapped; 0: it cannot
};

struct Shared {
    struct World world;
    VmaPool pool;        // all threads take from it
    VmaPool linear_pool; // and from this
    VmaPool moved_pool;  // only the defragmenting thread's
    pthread_barrier_t barrier;
    _Atomic(struct Held *) board[BOARD]; // allocations on their way to another thread
    struct Held *moved;
    bool lanes;  // open from the start
    bool faults; // memory of device and host runs out now and then
};

struct Worker {
    struct Shared *shared;
    struct Held *held; // KEPT of them
    uint32_t random;
    uint32_t next_stamp;
    uint64_t made, refused, wrong;
};

// ---- Contents ----

static void stamp(struct Worker *worker, struct Held *held)
{
    VmaAllocator allocator = worker->shared->world.allocator;
    VkMemoryPropertyFlags flags;
    vmaGetAllocationMemoryProperties(allocator, held->allocation, &flags);
    if (!(flags & HOST_VISIBLE) || held->size > 256 * KIB) {
        return;
    }
    void *data;
    if (vmaMapMemory(allocator, held->allocation, &data) != VK_SUCCESS) {
        ++worker->wrong;
        return;
    }
    held->stamp = worker->next_stamp += THREADS + 1;
    for (VkDeviceSize i = 0; i < held->size / 4; ++i) {
        memcpy((char *)data + i * 4, &held->stamp, 4);
    }
    worker->wrong += vmaFlushAllocation(allocator, held->allocation, 0, VK_WHOLE_SIZE) != VK_SUCCESS;
    vmaUnmapMemory(allocator, held->allocation);
}

static bool is_stamped(VmaAllocator allocator, const struct Held *held)
{
    void *data;
    if (!held->stamp) {
        return true;
    }
    if (vmaMapMemory(allocator, held->allocation, &data) != VK_SUCCESS) {
        return false;
    }
    bool same = true;
    for (VkDeviceSize i = 0; i < held->size / 4 && same; ++i) {
        same = memcmp((char *)data + i * 4, &held->stamp, 4) == 0;
    }
    vmaUnmapMemory(allocator, held->allocation);
    return same;
}

// ---- Making and giving up ----

static VkDeviceSize some_size(struct Worker *worker)
{
    const uint32_t dice = world_random(&worker->random);
    const VkDeviceSize small = 4 * (1 + dice % 4096);
    return dice >> 24 < 200 ? small : dice >> 24 < 252 ? small * 16 : small * 256;
}

static VmaAllocationCreateInfo some_info(struct Worker *worker)
{
    const uint32_t dice = world_random(&worker->random);
    static const VmaMemoryUsage usages[] = {VMA_MEMORY_USAGE_AUTO, VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE,
                                            VMA_MEMORY_USAGE_AUTO_PREFER_HOST};
    static const VmaAllocationCreateFlags strategies[] = {0, VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT,
                                                          VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT,
                                                          VMA_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT};
    VmaAllocationCreateInfo info = {.usage = usages[dice % 3], .flags = strategies[dice >> 8 & 3]};
    if (dice & 1 << 16) {
        info.flags |= VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT;
        info.flags |= dice & 1 << 17 ? (VmaAllocationCreateFlags)VMA_ALLOCATION_CREATE_MAPPED_BIT : 0;
    }
    if ((dice >> 24) % 16 == 0) {
        info.flags |= VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT;
    } else if ((dice >> 24) % 16 == 1) {
        info.flags |= VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT;
        info.pUserData = (void *)(uintptr_t) "a name";
    }
    return info;
}

static VkResult make_one(struct Worker *worker, struct Held *held)
{
    struct Shared *shared = worker->shared;
    VmaAllocator allocator = shared->world.allocator;
    VmaAllocationCreateInfo info = some_info(worker);
    const uint32_t dice = world_random(&worker->random) % 16;
    *held = (struct Held){.size = some_size(worker)};
    if (dice < 8) {
        const VkBufferCreateInfo buffer = world_buffer_info(held->size, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        return vmaCreateBuffer(allocator, &buffer, &info, &held->buffer, &held->allocation, NULL);
    }
    if (dice < 11) {
        const uint32_t side = 1u << world_random(&worker->random) % 8;
        const VkImageCreateInfo image =
            world_image_info(side, side, dice == 8 ? VK_IMAGE_TILING_LINEAR : VK_IMAGE_TILING_OPTIMAL,
                             VK_IMAGE_USAGE_SAMPLED_BIT);
        held->size = 4;
        if (dice != 8) { // not every device has host-visible memory for these
            info.flags &= ~(VmaAllocationCreateFlags)(VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT |
                                                      VMA_ALLOCATION_CREATE_MAPPED_BIT);
        }
        return vmaCreateImage(allocator, &image, &info, &held->image, &held->allocation, NULL);
    }
    const VkMemoryRequirements requirements = {.size = held->size,
                                               .alignment = 1u << world_random(&worker->random) % 13,
                                               .memoryTypeBits = UINT32_MAX};
    const VmaAllocationCreateInfo raw = {.requiredFlags = dice < 13 ? HOST_VISIBLE : 0,
                                         .pool = dice == 14   ? shared->pool
                                                 : dice == 15 ? shared->linear_pool
                                                              : VK_NULL_HANDLE};
    return vmaAllocateMemory(allocator, &requirements, &raw, &held->allocation, NULL);
}

static void drop_one(struct Worker *worker, struct Held *held)
{
    VmaAllocator allocator = worker->shared->world.allocator;
    worker->wrong += !is_stamped(allocator, held);
    if (held->buffer) {
        vmaDestroyBuffer(allocator, held->buffer, held->allocation);
    } else if (held->image) {
        vmaDestroyImage(allocator, held->image, held->allocation);
    } else {
        vmaFreeMemory(allocator, held->allocation);
    }
    held->allocation = VK_NULL_HANDLE;
}

static void make_or_drop(struct Worker *worker)
{
    struct Held *held = &worker->held[world_random(&worker->random) % KEPT];
    if (held->allocation) {
        drop_one(worker, held);
    } else if (make_one(worker, held) == VK_SUCCESS) {
        ++worker->made;
        stamp(worker, held);
    } else {
        ++worker->refused;
        held->allocation = VK_NULL_HANDLE;
    }
}

// An allocation is put on the board, another is taken from there: it is freed by another thread than made it.
static void swap_with_board(struct Worker *worker)
{
    struct Held *held = &worker->held[world_random(&worker->random) % KEPT];
    struct Held *other = NULL;
    if (held->allocation) {
        other = malloc(sizeof(*other));
        if (!other) {
            abort();
        }
        *other = *held;
    }
    other = atomic_exchange(&worker->shared->board[world_random(&worker->random) % BOARD], other);
    held->allocation = VK_NULL_HANDLE;
    if (other) {
        *held = *other;
        free(other);
    }
}

// ---- Everything else ----

static void use_pool_of_its_own(struct Worker *worker)
{
    VmaAllocator allocator = worker->shared->world.allocator;
    const VmaPoolCreateInfo info = {.memoryTypeIndex = 0, .minBlockCount = 1, .blockSize = 256 * KIB};
    const VkMemoryRequirements requirements = {.size = 1000, .alignment = 64, .memoryTypeBits = 1};
    VmaPool pool;
    VmaAllocation pages[10];
    VmaStatistics statistics;
    if (vmaCreatePool(allocator, &info, &pool) != VK_SUCCESS) {
        ++worker->refused;
        return;
    }
    vmaSetPoolName(allocator, pool, "short-lived");
    const VmaAllocationCreateInfo how = {.pool = pool};
    const VkResult result = vmaAllocateMemoryPages(allocator, &requirements, &how, 10, pages, NULL);
    vmaGetPoolStatistics(allocator, pool, &statistics);
    worker->wrong += statistics.allocationCount != (result == VK_SUCCESS ? 10 : 0);
    worker->wrong += result != VK_SUCCESS && !worker->shared->faults;
    vmaFreeMemoryPages(allocator, 10, pages);
    vmaDestroyPool(allocator, pool);
}

static void ask(struct Worker *worker)
{
    struct Shared *shared = worker->shared;
    VmaAllocator allocator = shared->world.allocator;
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
    VmaTotalStatistics total;
    VmaDetailedStatistics detailed;
    VmaStatistics statistics;
    char *text;
    switch (world_random(&worker->random) % 16) {
    case 0:
        vmaBuildStatsString(allocator, &text, VK_TRUE);
        worker->wrong += text ? text[0] != '{' || text[strlen(text) - 1] != '}' : !shared->faults;
        vmaFreeStatsString(allocator, text);
        break;
    case 1:
        vmaCalculateStatistics(allocator, &total);
        worker->wrong += total.total.statistics.blockBytes < total.total.statistics.allocationBytes;
        break;
    case 2:
        vmaCalculatePoolStatistics(allocator, shared->pool, &detailed);
        vmaGetPoolStatistics(allocator, shared->linear_pool, &statistics);
        break;
    case 3:
        worker->wrong += vmaCheckCorruption(allocator, UINT32_MAX) == VK_ERROR_UNKNOWN;
        break;
    case 4:
    case 5:
        vmaSetCurrentFrameIndex(allocator, world_random(&worker->random));
        break;
    default:
        vmaGetHeapBudgets(allocator, budgets);
        break;
    }
}

static void describe(struct Worker *worker)
{
    VmaAllocator allocator = worker->shared->world.allocator;
    const struct Held *held = &worker->held[world_random(&worker->random) % KEPT];
    if (!held->allocation) {
        return;
    }
    vmaSetAllocationUserData(allocator, held->allocation, worker);
    vmaSetAllocationName(allocator, held->allocation, "renamed");
    VmaAllocationInfo info;
    vmaGetAllocationInfo(allocator, held->allocation, &info);
    const bool renamed = info.pName && strcmp(info.pName, "renamed") == 0;
    worker->wrong += info.pUserData != worker || (!renamed && !worker->shared->faults);
    worker->wrong += !is_stamped(allocator, held);
}

static void *work(void *argument)
{
    struct Worker *worker = argument;
    for (int round = 0; round < ROUNDS; ++round) {
        for (int step = 0; step < STEPS; ++step) {
            const uint32_t dice = world_random(&worker->random) % 256;
            if (dice < 220) {
                make_or_drop(worker);
            } else if (dice < 232) {
                swap_with_board(worker);
            } else if (dice < 244) {
                describe(worker);
            } else if (dice < 254) {
                ask(worker);
            } else {
                use_pool_of_its_own(worker);
            }
        }
        pthread_barrier_wait(&worker->shared->barrier); // all rest
        pthread_barrier_wait(&worker->shared->barrier); // all was compared
    }
    return NULL;
}

// ---- The thread that defragments ----

static void fragment(struct Worker *worker)
{
    struct Shared *shared = worker->shared;
    const VmaAllocationCreateInfo info = {.pool = shared->moved_pool};
    for (int i = 0; i < MOVED; ++i) {
        struct Held *held = &shared->moved[i];
        if (!held->allocation) {
            *held = (struct Held){.size = some_size(worker) / 16 * 4 + 4};
            if (world_try(&shared->world, held->size, &info, &held->allocation) != VK_SUCCESS) {
                ++worker->refused;
                continue;
            }
            stamp(worker, held);
            ++worker->made;
        } else if (world_random(&worker->random) % 2) {
            drop_one(worker, held);
        }
    }
}

// The program's part of a move: the contents.
static void copy_moves(struct Worker *worker, const VmaDefragmentationPassMoveInfo *pass)
{
    VmaAllocator allocator = worker->shared->world.allocator;
    for (uint32_t i = 0; i < pass->moveCount; ++i) {
        void *from, *to;
        VmaAllocationInfo info;
        vmaGetAllocationInfo(allocator, pass->pMoves[i].srcAllocation, &info);
        if (vmaMapMemory(allocator, pass->pMoves[i].srcAllocation, &from) != VK_SUCCESS ||
            vmaMapMemory(allocator, pass->pMoves[i].dstTmpAllocation, &to) != VK_SUCCESS) {
            ++worker->wrong;
            return;
        }
        memcpy(to, from, info.size);
        vmaUnmapMemory(allocator, pass->pMoves[i].srcAllocation);
        vmaUnmapMemory(allocator, pass->pMoves[i].dstTmpAllocation);
    }
}

static void defragment(struct Worker *worker)
{
    struct Shared *shared = worker->shared;
    const VmaDefragmentationInfo info = {.pool = shared->moved_pool, .maxAllocationsPerPass = 20};
    VmaAllocator allocator = shared->world.allocator;
    VmaDefragmentationContext context;
    VmaDefragmentationPassMoveInfo pass;
    if (vmaBeginDefragmentation(allocator, &info, &context) != VK_SUCCESS) {
        worker->wrong += !shared->faults;
        return;
    }
    while (vmaBeginDefragmentationPass(allocator, context, &pass) == VK_INCOMPLETE) {
        copy_moves(worker, &pass);
        if (vmaEndDefragmentationPass(allocator, context, &pass) != VK_INCOMPLETE) {
            break;
        }
    }
    vmaEndDefragmentation(allocator, context, NULL);
}

// Plans moves of what the other threads hold, and makes none: they free and map it meanwhile.
static void plan_in_vain(struct Worker *worker, VmaDefragmentationFlags algorithm)
{
    struct Shared *shared = worker->shared;
    const VmaDefragmentationInfo info = {.flags = algorithm, .maxAllocationsPerPass = 10};
    VmaAllocator allocator = shared->world.allocator;
    VmaDefragmentationContext context;
    VmaDefragmentationPassMoveInfo pass;
    if (vmaBeginDefragmentation(allocator, &info, &context) != VK_SUCCESS) {
        worker->wrong += !shared->faults;
        return;
    }
    for (int i = 0; i < 20 && vmaBeginDefragmentationPass(allocator, context, &pass) == VK_INCOMPLETE; ++i) {
        for (uint32_t k = 0; k < pass.moveCount; ++k) {
            pass.pMoves[k].operation = VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE;
        }
        (void)vmaEndDefragmentationPass(allocator, context, &pass);
    }
    vmaEndDefragmentation(allocator, context, NULL);
    if (shared->lanes) {
        world_open_lanes(&shared->world); // the defragmentation shut them
    }
}

static void *work_on_moves(void *argument)
{
    struct Worker *worker = argument;
    for (int round = 0; round < ROUNDS; ++round) {
        for (int i = 0; i < 6; ++i) {
            fragment(worker);
            defragment(worker);
            plan_in_vain(worker, 1u << i % 4);
        }
        pthread_barrier_wait(&worker->shared->barrier);
        pthread_barrier_wait(&worker->shared->barrier);
    }
    return NULL;
}

// ---- At rest ----

struct Place {
    VkDeviceMemory memory;
    VkDeviceSize offset, size;
};

static int by_place(const void *a, const void *b)
{
    const struct Place *x = a, *y = b;
    if (x->memory != y->memory) {
        return (uintptr_t)x->memory < (uintptr_t)y->memory ? -1 : 1;
    }
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static size_t add_place(struct World *w, const struct Held *held, struct Place *places, size_t count)
{
    if (!held->allocation) {
        return count;
    }
    if (!is_stamped(w->allocator, held)) {
        fail_msg("the contents of an allocation have changed");
    }
    const VmaAllocationInfo info = world_info(w, held->allocation);
    assert_true(info.size >= held->size);
    places[count] = (struct Place){info.deviceMemory, info.offset, info.size};
    return count + 1;
}

// Every live allocation beside every other: none overlap, and the statistics know them all.
static size_t compare_all(struct Shared *shared, const struct Held *held)
{
    static struct Place places[THREADS * KEPT + BOARD + MOVED];
    struct World *w = &shared->world;
    size_t count = 0;
    for (size_t i = 0; i < THREADS * KEPT; ++i) {
        count = add_place(w, &held[i], places, count);
    }
    for (size_t i = 0; i < MOVED; ++i) {
        count = add_place(w, &shared->moved[i], places, count);
    }
    for (size_t i = 0; i < BOARD; ++i) {
        const struct Held *on_board = atomic_load(&shared->board[i]);
        count = on_board ? add_place(w, on_board, places, count) : count;
    }
    qsort(places, count, sizeof(places[0]), by_place);
    for (size_t i = 1; i < count; ++i) {
        if (places[i].memory == places[i - 1].memory) {
            assert_true(places[i].offset >= places[i - 1].offset + places[i - 1].size);
        }
    }
    VmaTotalStatistics total;
    vmaCalculateStatistics(w->allocator, &total);
    assert_int_equal(total.total.statistics.allocationCount, count);
    assert_int_equal(total.total.statistics.blockCount, world_stats(w).memories);
    return count;
}

// ---- The tests ----

static VmaPool make_pool(struct World *w, VmaPoolCreateFlags flags, VkDeviceSize block_size)
{
    const VmaAllocationCreateInfo wish = {.requiredFlags = HOST_VISIBLE};
    VmaPoolCreateInfo info = {.flags = flags, .blockSize = block_size};
    VmaPool pool;
    assert_int_equal(vmaFindMemoryTypeIndex(w->allocator, UINT32_MAX, &wish, &info.memoryTypeIndex),
                     VK_SUCCESS);
    assert_int_equal(vmaCreatePool(w->allocator, &info, &pool), VK_SUCCESS);
    return pool;
}

static void drop_everything(struct Shared *shared, struct Worker *worker, struct Held *held)
{
    for (size_t i = 0; i < THREADS * KEPT; ++i) {
        if (held[i].allocation) {
            drop_one(worker, &held[i]);
        }
    }
    for (size_t i = 0; i < MOVED; ++i) {
        if (shared->moved[i].allocation) {
            drop_one(worker, &shared->moved[i]);
        }
    }
    for (size_t i = 0; i < BOARD; ++i) {
        struct Held *on_board = atomic_exchange(&shared->board[i], NULL);
        if (on_board) {
            drop_one(worker, on_board);
            free(on_board);
        }
    }
}

static void stress(const char *device, bool lanes, bool faults)
{
    static struct Held held[THREADS * KEPT], moved[MOVED];
    static struct Shared shared;
    struct Worker workers[THREADS + 1];
    pthread_t threads[THREADS + 1];
    memset(held, 0, sizeof(held));
    memset(moved, 0, sizeof(moved));
    memset(&shared, 0, sizeof(shared));
    world_open_full(&shared.world, device);
    shared.pool = make_pool(&shared.world, 0, 4 * MIB);
    shared.linear_pool = make_pool(&shared.world, VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT, 8 * MIB);
    shared.moved_pool = make_pool(&shared.world, 0, MIB);
    shared.moved = moved;
    shared.lanes = lanes;
    shared.faults = faults;
    assert_int_equal(pthread_barrier_init(&shared.barrier, NULL, THREADS + 2), 0);
    for (uint32_t i = 0; i <= THREADS; ++i) {
        workers[i] = (struct Worker){
            .shared = &shared, .held = &held[i % THREADS * KEPT], .random = 77 + i, .next_stamp = i + 1};
    }
    if (lanes) {
        world_open_lanes(&shared.world);
    }
    if (faults) {
        vr_sim_fail_every(shared.world.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 3, VK_ERROR_OUT_OF_DEVICE_MEMORY);
        host_fail_every(&shared.world.host, 5);
    }
    for (uint32_t i = 0; i <= THREADS; ++i) {
        assert_int_equal(pthread_create(&threads[i], NULL, i < THREADS ? work : work_on_moves, &workers[i]),
                         0);
    }
    size_t compared = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        pthread_barrier_wait(&shared.barrier);
        compared += compare_all(&shared, held);
        pthread_barrier_wait(&shared.barrier);
    }
    uint64_t made = 0, refused = 0, wrong = 0;
    for (uint32_t i = 0; i <= THREADS; ++i) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        made += workers[i].made;
        refused += workers[i].refused;
        wrong += workers[i].wrong;
    }
    drop_everything(&shared, &workers[0], held);
    assert_int_equal(workers[0].wrong, 0);
    assert_int_equal(wrong, 0);
    assert_int_equal(refused != 0, faults);
    VmaTotalStatistics total;
    vmaCalculateStatistics(shared.world.allocator, &total);
    assert_int_equal(total.total.statistics.allocationCount, 0);
    printf("%s: %u allocations made, %u refused, %zu compared at rest\n", device, (unsigned)made,
           (unsigned)refused, compared);
    vmaDestroyPool(shared.world.allocator, shared.pool);
    vmaDestroyPool(shared.world.allocator, shared.linear_pool);
    vmaDestroyPool(shared.world.allocator, shared.moved_pool);
    world_close(&shared.world);
    pthread_barrier_destroy(&shared.barrier);
}

static void threads_never_share_a_byte(void **state)
{
    (void)state;
    stress("nvidia-rebar", false, false);
}

static void threads_never_share_a_byte_in_lanes(void **state)
{
    (void)state;
    stress("nvidia-rebar", true, false);
}

static void threads_never_share_a_byte_where_granularity_is_large(void **state)
{
    (void)state;
    stress("granularity4096", true, false);
}

static void threads_never_share_a_byte_of_memory_that_is_flushed(void **state)
{
    (void)state;
    stress("mali", true, false);
}

static void threads_never_share_a_byte_while_memory_runs_out(void **state)
{
    (void)state;
    stress("nvidia-rebar", false, true);
    stress("amd-apu", true, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_never_share_a_byte),
        cmocka_unit_test(threads_never_share_a_byte_in_lanes),
        cmocka_unit_test(threads_never_share_a_byte_where_granularity_is_large),
        cmocka_unit_test(threads_never_share_a_byte_of_memory_that_is_flushed),
        cmocka_unit_test(threads_never_share_a_byte_while_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
