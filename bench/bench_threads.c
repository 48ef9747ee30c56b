// SPDX-License-Identifier: MIT
// Throughput on ONE allocator from 1, 2, 4 and 8 threads: every thread runs pairs until told to stop, both
// engines in turns; over the simulated device, or over the first GPU of the Vulkan loader.
#include "bench.h"
#include "interleave.h"
#include "stats.h"
#include "workloads.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 8, OWN_LIVE = 1000, SHARED_SLOTS = 1024, CHECK_EVERY = 32 };

enum thread_work {
    WORK_PAIR,   // allocate and free 256 B at once
    WORK_RANDOM, // 256 B - 1 MiB, 1000 live per thread
    WORK_CROSS,  // the same through slots that all threads share: what one allocates another one frees
    WORK_BUFFER, // vmaCreateBuffer and vmaDestroyBuffer of 256 B
    WORK_COUNT
};

static const char *const work_names[WORK_COUNT] = {"256 B pairs", "256 B - 1 MiB, 1000 live each",
                                                   "256 B - 1 MiB, freed by others", "buffers of 256 B"};

struct crew {
    const struct engine *engine;
    VmaAllocator allocator;
    enum thread_work work;
    struct size_table *table;
    unsigned threads;
    atomic_bool start, stop;
    atomic_uint ready, failures;
    _Atomic(VmaAllocation) slots[SHARED_SLOTS];
};

struct worker {
    struct crew *crew;
    pthread_t thread;
    struct rng rng;
    VmaAllocation own[OWN_LIVE];
    uint64_t pairs;
    char padding[128]; // workers never share a cache line
};

static int step_pair(struct worker *worker)
{
    VmaAllocation allocation;
    if (allocate_device_local(worker->crew->engine, worker->crew->allocator, 256, 256, &allocation) !=
        VK_SUCCESS) {
        return -1;
    }
    worker->crew->engine->vmaFreeMemory(worker->crew->allocator, allocation);
    return 0;
}

static uint32_t draw_size(struct worker *worker)
{
    return worker->crew->table->sizes[rng_next(&worker->rng) % SIZE_TABLE_COUNT];
}

static int step_random(struct worker *worker)
{
    const struct crew *crew = worker->crew;
    VmaAllocation *slot = &worker->own[rng_below(&worker->rng, OWN_LIVE)];
    crew->engine->vmaFreeMemory(crew->allocator, *slot);
    *slot = NULL;
    return allocate_device_local(crew->engine, crew->allocator, draw_size(worker), 256, slot) == VK_SUCCESS
               ? 0
               : -1;
}

static int step_cross(struct worker *worker)
{
    struct crew *crew = worker->crew;
    VmaAllocation allocation;
    if (allocate_device_local(crew->engine, crew->allocator, draw_size(worker), 256, &allocation) !=
        VK_SUCCESS) {
        return -1;
    }
    allocation = atomic_exchange(&crew->slots[rng_below(&worker->rng, SHARED_SLOTS)], allocation);
    crew->engine->vmaFreeMemory(crew->allocator, allocation);
    return 0;
}

static int step_buffer(struct worker *worker)
{
    const struct crew *crew = worker->crew;
    VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                               .size = 256,
                               .usage =
                                   VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT};
    VmaAllocationCreateInfo allocation_info = {.usage = VMA_MEMORY_USAGE_AUTO};
    VkBuffer buffer;
    VmaAllocation allocation;
    if (crew->engine->vmaCreateBuffer(crew->allocator, &info, &allocation_info, &buffer, &allocation, NULL) !=
        VK_SUCCESS) {
        return -1;
    }
    crew->engine->vmaDestroyBuffer(crew->allocator, buffer, allocation);
    return 0;
}

static void *work(void *opaque)
{
    static int (*const steps[WORK_COUNT])(struct worker *) = {step_pair, step_random, step_cross,
                                                              step_buffer};
    struct worker *worker = opaque;
    struct crew *crew = worker->crew;
    for (unsigned i = 0; crew->work == WORK_RANDOM && i < OWN_LIVE; ++i) {
        allocate_device_local(crew->engine, crew->allocator, draw_size(worker), 256, &worker->own[i]);
    }
    atomic_fetch_add(&crew->ready, 1);
    while (!atomic_load_explicit(&crew->start, memory_order_acquire)) {
        sched_yield();
    }
    while (!atomic_load_explicit(&crew->stop, memory_order_relaxed)) {
        for (unsigned i = 0; i < CHECK_EVERY; ++i) {
            if (steps[crew->work](worker) != 0) {
                atomic_fetch_add(&crew->failures, 1);
                return NULL;
            }
        }
        worker->pairs += CHECK_EVERY;
    }
    return NULL;
}

static void empty_crew(struct crew *crew, struct worker *workers)
{
    for (unsigned t = 0; t < crew->threads; ++t) {
        for (unsigned i = 0; i < OWN_LIVE; ++i) {
            crew->engine->vmaFreeMemory(crew->allocator, workers[t].own[i]);
        }
    }
    for (unsigned i = 0; i < SHARED_SLOTS; ++i) {
        crew->engine->vmaFreeMemory(crew->allocator, atomic_load(&crew->slots[i]));
    }
}

// One round: the crew works for `milliseconds`. Returns pairs per microsecond (= millions a second), or -1.
static double run_crew(struct crew *crew, unsigned milliseconds)
{
    struct worker *workers = calloc(crew->threads, sizeof *workers);
    unsigned started = 0;
    uint64_t pairs = 0;
    if (workers == NULL) {
        return -1;
    }
    for (; started < crew->threads; ++started) {
        workers[started].crew = crew;
        workers[started].rng.state = 0x9E3779B97F4A7C15u * (started + 1);
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) {
            atomic_fetch_add(&crew->failures, 1);
            break;
        }
    }
    while (atomic_load(&crew->ready) < started) {
        sched_yield();
    }
    uint64_t start = clock_ns();
    atomic_store_explicit(&crew->start, true, memory_order_release);
    nanosleep(&(struct timespec){.tv_nsec = (long)milliseconds * 1000000}, NULL);
    atomic_store(&crew->stop, true);
    double elapsed = (double)(clock_ns() - start);
    for (unsigned t = 0; t < started; ++t) {
        pthread_join(workers[t].thread, NULL);
        pairs += workers[t].pairs;
    }
    empty_crew(crew, workers);
    free(workers);
    return atomic_load(&crew->failures) > 0 ? -1 : (double)pairs * 1000 / elapsed;
}

struct thread_case {
    const struct bench *bench;
    const struct engine *engine;
    VmaAllocator allocator;
    struct size_table *table;
    enum thread_work work;
    unsigned threads;
};

static double thread_round(void *opaque)
{
    struct thread_case *definition = opaque;
    struct crew crew;
    memset(&crew, 0, sizeof crew);
    crew.engine = definition->engine;
    crew.allocator = definition->allocator;
    crew.work = definition->work;
    crew.table = definition->table;
    crew.threads = definition->threads;
    return run_crew(&crew, definition->bench->quick ? 20 : 60);
}

// The gates hold where the cores are: 2 and 4 threads from 2 cores on, 8 threads from 8 on.
static struct row judged_row(enum thread_work work, unsigned threads, bool real_driver)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct row row = {.unit = "M/s", .kind = GATE_NONE, .ambition = NAN};
    bool enough = threads == 8 ? cores >= 8 : cores >= 2;
    // The random cases live on the same gate; over a real driver the driver's own time is in every buffer.
    if (threads > 1 && enough && !(real_driver && work == WORK_BUFFER && threads < 8)) {
        row.kind = GATE_RATIO_MIN;
        row.gate = threads == 8 ? 15 : 6;
        row.ambition = threads == 8 ? 40 : 10;
    }
    return row;
}

static int measure_work(struct bench *bench, struct thread_case cases[ENGINE_COUNT], enum thread_work work)
{
    static const unsigned counts[] = {1, 2, 4, 8};
    double one_thread[ENGINE_COUNT] = {NAN, NAN};
    char name[64];
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        struct interleaved result;
        void *const opaque[ENGINE_COUNT] = {&cases[0], &cases[1]};
        for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
            cases[e].work = work;
            cases[e].threads = counts[i];
        }
        if (interleave(bench, thread_round, opaque, bench->quick ? 3 : 9, &result) != 0) {
            fprintf(stderr, "bench: an operation failed in '%s' with %u threads\n", work_names[work],
                    counts[i]);
            return -1;
        }
        struct row row = judged_row(work, counts[i], bench->real_driver);
        snprintf(name, sizeof name, "%s, %u thread%s", work_names[work], counts[i],
                 counts[i] == 1 ? "" : "s");
        row.name = name;
        memcpy(row.value, result.value, sizeof row.value);
        memcpy(row.quartile, result.quartile, sizeof row.quartile);
        row.ratio = result.ratio;
        report_row(&bench->report, &row);
        if (counts[i] == 1) {
            memcpy(one_thread, result.value, sizeof one_thread);
        }
        if (counts[i] == 8) {
            bool judged = row.kind != GATE_NONE;
            report_row(&bench->report, &(struct row){.name = "  8 threads / 1 thread",
                                                     .unit = "",
                                                     .value = {result.value[0] / one_thread[0],
                                                               result.value[1] / one_thread[1]},
                                                     .kind = judged ? GATE_MIN : GATE_NONE,
                                                     .gate = 1,
                                                     .ambition = 4});
        }
    }
    return 0;
}

static int open_target(struct bench *bench, struct target *target)
{
    if (bench->real_driver) {
        return target_open_vulkan(target);
    }
    struct VrSimDevice device;
    target_describe_large(&device, 1);
    return target_open_sim(target, &device);
}

int bench_threads(struct bench *bench)
{
    static struct size_table table;
    struct target targets[ENGINE_COUNT];
    struct thread_case cases[ENGINE_COUNT];
    char title[VK_MAX_PHYSICAL_DEVICE_NAME_SIZE + 64];
    const VmaAllocatorCreateFlags flags = bench->real_driver ? BUDGET_FLAG : 0u;
    int status = 0;
    memset(targets, 0, sizeof targets);
    memset(cases, 0, sizeof cases);
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    for (unsigned e = 0; e < ENGINE_COUNT && status == 0; ++e) {
        cases[e] = (struct thread_case){.bench = bench, .engine = &bench->engines[e], .table = &table};
        if (bench->available[e]) {
            status = open_target(bench, &targets[e]) != 0 ||
                             target_create_allocator(&targets[e], &bench->engines[e], flags, NULL,
                                                     &cases[e].allocator) != VK_SUCCESS
                         ? -1
                         : 0;
        }
    }
    snprintf(title, sizeof title, "Threads on one allocator, %ld cores, %s", sysconf(_SC_NPROCESSORS_ONLN),
             targets[bench->available[UPSTREAM] ? UPSTREAM : VRAM].name);
    report_section(&bench->report, title, false);
    for (unsigned work_kind = 0; work_kind < WORK_COUNT && status == 0; ++work_kind) {
        status = measure_work(bench, cases, (enum thread_work)work_kind);
    }
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        if (cases[e].allocator != NULL) {
            bench->engines[e].vmaDestroyAllocator(cases[e].allocator);
        }
        target_close(&targets[e]);
    }
    return status;
}
