// SPDX-License-Identifier: MIT
// What an allocation costs on the host, and what the first small buffer costs on the device.
#include "bench.h"
#include "workloads.h"

#include <malloc.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIVE = 100000, HEADER = 64 };

// Host memory that passes through VkAllocationCallbacks: each piece carries its size in front.
struct host_counter {
    atomic_size_t bytes;
};

static void *VKAPI_CALL counted_allocate(void *user, size_t size, size_t alignment,
                                         VkSystemAllocationScope scope)
{
    struct host_counter *counter = user;
    (void)scope;
    size_t front = alignment > HEADER ? alignment : HEADER;
    size_t total = (front + size + front - 1) / front * front;
    char *base = aligned_alloc(front, total);
    if (base == NULL) {
        return NULL;
    }
    size_t *header = (size_t *)(void *)(base + front - HEADER);
    header[0] = size;
    header[1] = front;
    atomic_fetch_add(&counter->bytes, size);
    return base + front;
}

static void VKAPI_CALL counted_free(void *user, void *memory)
{
    struct host_counter *counter = user;
    if (memory == NULL) {
        return;
    }
    size_t *header = (size_t *)(void *)((char *)memory - HEADER);
    atomic_fetch_sub(&counter->bytes, header[0]);
    free((char *)memory - header[1]);
}

static void *VKAPI_CALL counted_reallocate(void *user, void *original, size_t size, size_t alignment,
                                           VkSystemAllocationScope scope)
{
    if (size == 0) {
        counted_free(user, original);
        return NULL;
    }
    unsigned char *moved = counted_allocate(user, size, alignment, scope);
    if (moved != NULL && original != NULL) {
        const size_t *header = (const size_t *)(const void *)((char *)original - HEADER);
        for (size_t i = 0; i < header[0] && i < size; ++i) {
            moved[i] = ((unsigned char *)original)[i];
        }
        counted_free(user, original);
    }
    return moved;
}

// Pages of this process in memory, in bytes; 0 where the system does not say.
static double resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long total = 0, resident = 0;
    if (file != NULL) {
        if (fscanf(file, "%lu %lu", &total, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

// Bytes per allocation with LIVE of them: through callbacks, or without them as pages of the process.
static double host_bytes(const struct engine *engine, const struct size_table *table, bool through_callbacks)
{
    struct host_counter counter = {0};
    VkAllocationCallbacks callbacks = {.pUserData = &counter,
                                       .pfnAllocation = counted_allocate,
                                       .pfnReallocation = counted_reallocate,
                                       .pfnFree = counted_free};
    struct target target;
    struct VrSimDevice device;
    VmaAllocator allocator = NULL;
    struct live_set set = {0};
    double bytes = -1;
    target_describe_large(&device, 1);
    if (target_open_sim(&target, &device) != 0) {
        return -1;
    }
    if (target_create_allocator(&target, engine, 0, through_callbacks ? &callbacks : NULL, &allocator) ==
        VK_SUCCESS) {
        size_t before = atomic_load(&counter.bytes);
#ifdef __GLIBC__
        malloc_trim(0); // what earlier rows freed must not be there to be used again unseen
#endif
        double pages = resident_bytes();
        if (live_set_init(&set, engine, allocator, table, LIVE, 5) == VK_SUCCESS) {
            // The harness itself keeps a handle and a size per allocation.
            double own = sizeof *set.items + sizeof *set.item_sizes;
            bytes = through_callbacks ? (double)(atomic_load(&counter.bytes) - before) / LIVE
                                      : (resident_bytes() - pages) / LIVE - own;
        }
        live_set_finish(&set);
        engine->vmaDestroyAllocator(allocator);
    }
    target_close(&target);
    if (atomic_load(&counter.bytes) != 0) {
        fprintf(stderr, "bench: %s leaks %zu bytes of host memory\n", engine->name,
                atomic_load(&counter.bytes));
    }
    return bytes;
}

// Device memory held after one 256-byte buffer in a fresh allocator, in MiB.
static double first_buffer_mib(const struct engine *engine)
{
    struct target target;
    struct VrSimDevice device;
    VmaAllocator allocator = NULL;
    double mib = -1;
    target_describe_large(&device, 1);
    if (target_open_sim(&target, &device) != 0) {
        return -1;
    }
    if (target_create_allocator(&target, engine, 0, NULL, &allocator) == VK_SUCCESS) {
        VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                   .size = 256,
                                   .usage =
                                       VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT};
        VmaAllocationCreateInfo allocation_info = {.usage = VMA_MEMORY_USAGE_AUTO};
        VkBuffer buffer;
        VmaAllocation allocation;
        if (engine->vmaCreateBuffer(allocator, &info, &allocation_info, &buffer, &allocation, NULL) ==
            VK_SUCCESS) {
            mib = (double)target_reserved(&target) / (1 << 20);
            engine->vmaDestroyBuffer(allocator, buffer, allocation);
        }
        engine->vmaDestroyAllocator(allocator);
    }
    target_close(&target);
    return mib;
}

int bench_footprint(struct bench *bench)
{
    static struct size_table table;
    double callbacks[ENGINE_COUNT], pages[ENGINE_COUNT], first[ENGINE_COUNT];
    size_table_log(&table, 256, 1u << 20, 256, 0x9E3779B97F4A7C15u);
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        bool there = bench->available[e];
        pages[e] = there ? host_bytes(&bench->engines[e], &table, false) : NAN;
        callbacks[e] = there ? host_bytes(&bench->engines[e], &table, true) : NAN;
        first[e] = there ? first_buffer_mib(&bench->engines[e]) : NAN;
        if (there && (callbacks[e] < 0 || first[e] < 0)) {
            fprintf(stderr, "bench: %s failed to allocate in the footprint rows\n", bench->engines[e].name);
            return -1;
        }
    }
    report_section(&bench->report, "Footprint", true);
    report_row(&bench->report, &(struct row){.name = "host memory per allocation, 100k live",
                                             .unit = "B",
                                             .value = {callbacks[0], callbacks[1]},
                                             .kind = GATE_MAX,
                                             .gate = 80,
                                             .ambition = 64});
    report_row(&bench->report, &(struct row){.name = "the same as pages of the process",
                                             .unit = "B",
                                             .value = {pages[0], pages[1]},
                                             .kind = GATE_NONE});
    report_row(&bench->report, &(struct row){.name = "reserved by the first 256-byte buffer",
                                             .unit = "MiB",
                                             .value = {first[0], first[1]},
                                             .kind = GATE_MAX,
                                             .gate = 4,
                                             .ambition = 1});
    return 0;
}
