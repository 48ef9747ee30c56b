// SPDX-License-Identifier: MIT
// A simulated device with an allocator on it, for tests of the engine.
#ifndef TEST_ENGINE_DEVICE_H
#define TEST_ENGINE_DEVICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim.h"
#include "vk_mem_alloc.h"

#define KIB ((VkDeviceSize)1 << 10)
#define MIB ((VkDeviceSize)1 << 20)

struct Device {
    struct VrSim *sim;
    VmaAllocator allocator;
};

// A built-in topology of the simulation, with its checks on and real memory behind mappings. `info` may be
// NULL; its handles and functions are filled in.
void device_open(struct Device *device, const char *builtin, const VmaAllocatorCreateInfo *info);
// The same with VRAM_DEBUG set to `switches` meanwhile.
void device_open_debug(struct Device *device, const char *builtin, const char *switches);
// Fails the test when Vulkan objects are left or a misuse was reported.
void device_close(struct Device *device);

// Memory without a resource, of one memory type.
VmaAllocation device_allocate(struct Device *device, uint32_t type, VkDeviceSize size);
VmaAllocation device_allocate_in(struct Device *device, VmaPool pool, VkDeviceSize size,
                                 VmaAllocationCreateFlags flags);
uint32_t device_type_with(struct Device *device, VkMemoryPropertyFlags flags); // exactly these flags

// The same numbers in every run.
uint32_t device_random(uint32_t *state);

#endif
