// SPDX-License-Identifier: MIT
// See host.h. Each allocation has a header in front of it that names its host.
#include "host.h"

#include <stdlib.h>
#include <string.h>

struct Header {
    struct Host *host;
    void *start;
    size_t size;
    uint64_t guard;
};

#define GUARD 0x6a09e667f3bcc908ull

static _Bool fails(struct Host *host)
{
    uint32_t left = atomic_load(&host->countdown);
    const uint32_t last = atomic_load(&host->stays_failed) ? 1 : 0;
    while (left > last && !atomic_compare_exchange_weak(&host->countdown, &left, left - 1)) {
    }
    const uint32_t period = atomic_load(&host->period);
    const _Bool fail = left == 1 || (period && atomic_fetch_add(&host->tick, 1) % period == period - 1);
    atomic_fetch_add(&host->failed, fail);
    return fail;
}

static void *VKAPI_CALL allocate(void *user, size_t size, size_t alignment, VkSystemAllocationScope scope)
{
    struct Host *host = user;
    (void)scope;
    if (fails(host)) {
        return NULL;
    }
    char *start = malloc(size + alignment + sizeof(struct Header));
    if (!start) {
        abort();
    }
    const uintptr_t first = (uintptr_t)start + sizeof(struct Header);
    const size_t gap = (size_t)((alignment - first % alignment) % alignment);
    char *memory = start + sizeof(struct Header) + gap;
    memset(memory, 0xa5, size); // what nobody initialises is not zero
    const struct Header header = {host, start, size, GUARD};
    memcpy(memory - sizeof(header), &header, sizeof(header));
    atomic_fetch_add(&host->live, 1);
    atomic_fetch_add(&host->made, 1);
    atomic_fetch_add(&host->live_bytes, size);
    return memory;
}

static void VKAPI_CALL release(void *user, void *memory)
{
    struct Host *host = user;
    if (!memory) {
        return;
    }
    struct Header header;
    memcpy(&header, (char *)memory - sizeof(header), sizeof(header));
    if (header.host != host || header.guard != GUARD) {
        atomic_fetch_add(&host->wrong, 1);
        return;
    }
    atomic_fetch_sub(&host->live, 1);
    atomic_fetch_sub(&host->live_bytes, header.size);
    free(header.start);
}

static void *VKAPI_CALL reallocate(void *user, void *memory, size_t size, size_t alignment,
                                   VkSystemAllocationScope scope)
{
    struct Header header = {0};
    if (memory) {
        memcpy(&header, (char *)memory - sizeof(header), sizeof(header));
    }
    void *moved = size ? allocate(user, size, alignment, scope) : NULL;
    if (moved && memory) {
        memcpy(moved, memory, size < header.size ? size : header.size);
    }
    if (moved || !size) {
        release(user, memory);
    }
    return moved;
}

void host_init(struct Host *host)
{
    memset(host, 0, sizeof(*host));
    host->callbacks = (VkAllocationCallbacks){
        .pUserData = host, .pfnAllocation = allocate, .pfnReallocation = reallocate, .pfnFree = release};
}

void host_fail(struct Host *host, uint32_t nth)
{
    atomic_store(&host->stays_failed, 0);
    atomic_store(&host->countdown, nth);
}

void host_fail_from(struct Host *host, uint32_t nth)
{
    atomic_store(&host->countdown, nth);
    atomic_store(&host->stays_failed, 1);
}

void host_fail_every(struct Host *host, uint32_t period)
{
    atomic_store(&host->period, period);
}
