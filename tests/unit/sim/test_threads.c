// SPDX-License-Identifier: MIT
// Many threads in one device: nothing is lost or given out twice, and the counters add up. Run under
// ThreadSanitizer too.
#define _GNU_SOURCE
#include "fixture.h"

#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 8, ROUNDS = 2000, KEPT = 64 };

// Each thread fills its half of a shared board, then destroys what its neighbour made.
struct Worker {
    struct Fixture *f;
    pthread_barrier_t *barrier;
    VkBuffer (*board)[KEPT];
    int index;
};

static VkBuffer make(struct Fixture *f, VkDeviceSize size)
{
    const VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                     .size = size,
                                     .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT};
    VkBuffer buffer = VK_NULL_HANDLE;
    return f->CreateBuffer(f->device, &info, NULL, &buffer) == VK_SUCCESS ? buffer : VK_NULL_HANDLE;
}

static void *hand_buffers_on(void *argument)
{
    struct Worker *w = argument;
    struct Fixture *f = w->f;
    intptr_t wrong = 0;
    for (int round = 0; round < ROUNDS / KEPT; round++) {
        for (int i = 0; i < KEPT; i++) {
            w->board[w->index][i] = make(f, (VkDeviceSize)(w->index * KEPT + i + 1));
        }
        pthread_barrier_wait(w->barrier);
        const int neighbour = (w->index + 1) % THREADS;
        for (int i = 0; i < KEPT; i++) {
            struct VrSimResourceInfo info;
            vr_sim_buffer_info(w->board[neighbour][i], &info);
            wrong += info.size != (VkDeviceSize)(neighbour * KEPT + i + 1);
            f->DestroyBuffer(f->device, w->board[neighbour][i], NULL);
        }
        pthread_barrier_wait(w->barrier);
    }
    return (void *)wrong;
}

static void buffers_made_by_one_thread_can_be_destroyed_by_another(void **state)
{
    (void)state;
    struct Fixture f;
    static VkBuffer board[THREADS][KEPT];
    pthread_barrier_t barrier;
    pthread_t threads[THREADS];
    struct Worker workers[THREADS];
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct Worker){&f, &barrier, board, i};
        assert_int_equal(pthread_create(&threads[i], NULL, hand_buffers_on, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    pthread_barrier_destroy(&barrier);
    const struct VrSimStats stats = fixture_stats(&f);
    assert_int_equal(stats.buffers, 0);
    assert_int_equal(stats.calls[VR_SIM_CALL_CREATE_BUFFER], THREADS * (ROUNDS / KEPT) * KEPT);
    assert_int_equal(stats.calls[VR_SIM_CALL_DESTROY_BUFFER], stats.calls[VR_SIM_CALL_CREATE_BUFFER]);
    fixture_close(&f);
}

static void *allocate_and_bind(void *argument)
{
    struct Fixture *f = argument;
    intptr_t failures = 0;
    for (int i = 0; i < ROUNDS / 4; i++) {
        VkDeviceMemory memory;
        void *data;
        VkBuffer buffer = make(f, 256);
        if (fixture_allocate(f, 3, 4096, &memory) != VK_SUCCESS) {
            failures++;
            f->DestroyBuffer(f->device, buffer, NULL);
            continue;
        }
        failures += f->BindBufferMemory(f->device, buffer, memory, 0) != VK_SUCCESS;
        failures += f->MapMemory(f->device, memory, 0, VK_WHOLE_SIZE, 0, &data) != VK_SUCCESS;
        f->UnmapMemory(f->device, memory);
        f->DestroyBuffer(f->device, buffer, NULL);
        f->FreeMemory(f->device, memory, NULL);
    }
    return (void *)failures;
}

static void *watch(void *argument)
{
    struct Fixture *f = argument;
    for (int i = 0; i < 200; i++) {
        struct VrSimStats stats;
        vr_sim_stats(f->sim, &stats);
        vr_sim_set_budget(f->sim, 0, 1000 * MIB, (uint64_t)i);
        vr_sim_set_cost(f->sim, VR_SIM_CALL_BIND_BUFFER, 1, 0);
        (void)vr_sim_misuse_count(f->sim);
    }
    return NULL;
}

static void memory_is_accounted_while_others_watch(void **state)
{
    (void)state;
    struct Fixture f;
    pthread_t threads[THREADS];
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, i == 0 ? watch : allocate_and_bind, &f), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failures;
        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
    const struct VrSimStats stats = fixture_stats(&f);
    assert_int_equal(stats.memories, 0);
    assert_int_equal(stats.total_bytes, 0);
    assert_int_equal(stats.mapped, 0);
    assert_in_range(stats.peak_memories, 1, THREADS - 1);
    assert_int_equal(stats.allocated_bytes, (THREADS - 1) * (ROUNDS / 4) * 4096);
    fixture_close(&f);
}

static void *make_one(void *argument)
{
    struct Fixture *f = argument;
    f->DestroyBuffer(f->device, make(f, 64), NULL);
    return NULL;
}

static void counts_of_threads_that_ended_stay(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "single", VR_SIM_CHECKS);
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, make_one, &f), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
    assert_int_equal(fixture_stats(&f).calls[VR_SIM_CALL_CREATE_BUFFER], 100);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_made_by_one_thread_can_be_destroyed_by_another),
        cmocka_unit_test(memory_is_accounted_while_others_watch),
        cmocka_unit_test(counts_of_threads_that_ended_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
