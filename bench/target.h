// SPDX-License-Identifier: MIT
// What the engines allocate from: a simulated device (free driver, checks off, exact counters) or the first
// GPU of the Vulkan loader. Each engine gets a target of its own, so that neither sees the other's memory.
#ifndef BENCH_TARGET_H
#define BENCH_TARGET_H

#include "engines.h"
#include "sim.h"

#include <stdbool.h>

#define BUDGET_FLAG VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT

struct target {
    struct VrSim *sim; // NULL: a real driver
    void *loader;
    VkInstance instance;
    VkPhysicalDevice physical;
    VkDevice device;
    PFN_vkGetInstanceProcAddr get_instance_proc;
    PFN_vkGetDeviceProcAddr get_device_proc;
    VmaAllocatorCreateFlags supported; // what an allocator may ask of it
    char name[VK_MAX_PHYSICAL_DEVICE_NAME_SIZE];
};

// The device of the time rows: a desktop GPU's types, heaps of 4 TiB so that only the engine's own limits
// count. `granularity` is bufferImageGranularity.
void target_describe_large(struct VrSimDevice *device, VkDeviceSize granularity);

// Both return 0, or -1 after a message to stderr.
int target_open_sim(struct target *target, const struct VrSimDevice *device);
int target_open_vulkan(struct target *target);
void target_close(struct target *target);

uint64_t target_reserved(const struct target *target);
uint64_t target_peak(const struct target *target);
uint64_t target_allocate_calls(const struct target *target);

// An allocator of `engine` on `target`; of `flags`, those that the target supports.
VkResult target_create_allocator(const struct target *target, const struct engine *engine,
                                 VmaAllocatorCreateFlags flags, const VkAllocationCallbacks *callbacks,
                                 VmaAllocator *allocator);

#endif
