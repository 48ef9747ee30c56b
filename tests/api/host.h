// SPDX-License-Identifier: MIT
// Host allocation callbacks that count what is alive, check what they are given back, and fail on demand.
#ifndef TEST_API_HOST_H
#define TEST_API_HOST_H

#include <stdatomic.h>
#include <stdint.h>
#include <vulkan/vulkan_core.h>

struct Host {
    VkAllocationCallbacks callbacks; // of this host: pUserData points at it
    _Atomic uint64_t live;           // allocations
    _Atomic uint64_t live_bytes;
    _Atomic uint64_t made;      // allocations ever
    _Atomic uint64_t wrong;     // frees of what this host did not hand out
    _Atomic uint32_t countdown; // 1: the next allocation fails; 0: none does
    _Atomic _Bool stays_failed; // and so do all that follow
    _Atomic uint32_t period;    // every so many fail; 0: none
    _Atomic uint32_t tick;
    _Atomic uint64_t failed;
};

void host_init(struct Host *host);
// The nth allocation from now fails (1: the next). 0 disarms.
void host_fail(struct Host *host, uint32_t nth);
// The nth one and all that follow fail. host_fail disarms.
void host_fail_from(struct Host *host, uint32_t nth);
// Every one of so many fails until it is disarmed with 0.
void host_fail_every(struct Host *host, uint32_t period);

#endif
