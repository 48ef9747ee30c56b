// SPDX-License-Identifier: MIT
// A simulated device, an allocator on it, and host callbacks that count: what every test of the API
// stands on.
#ifndef TEST_API_WORLD_H
#define TEST_API_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "host.h"
#include "sim.h"
#include "vk_mem_alloc.h"

#define KIB ((VkDeviceSize)1 << 10)
#define MIB ((VkDeviceSize)1 << 20)

#define DEVICE_LOCAL VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT
#define HOST_VISIBLE VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT
#define HOST_COHERENT VK_MEMORY_PROPERTY_HOST_COHERENT_BIT
#define HOST_CACHED VK_MEMORY_PROPERTY_HOST_CACHED_BIT
#define LAZILY VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT

struct World {
    struct VrSim *sim;
    VkDevice device;
    VmaAllocator allocator;
    struct Host host;
};

// A built-in topology. `info` may be null; version, handles, functions and host callbacks are filled in.
void world_open(struct World *w, const char *builtin, const VmaAllocatorCreateInfo *info);
// The same with every flag of the allocator that the device has what for.
void world_open_full(struct World *w, const char *builtin);
// A description of the test's own.
void world_open_device(struct World *w, const struct VrSimDevice *device, const VmaAllocatorCreateInfo *info);
// Only the simulation and the host; `info` gets what vmaCreateAllocator needs.
void world_open_sim(struct World *w, const struct VrSimDevice *device, VmaAllocatorCreateInfo *info);
// Fails the test when anything is left alive in the simulation or the host, or when a misuse was reported.
void world_close(struct World *w);

VmaAllocatorCreateFlags world_all_flags(const struct VrSimDevice *device);
struct VrSimDevice world_device(const char *builtin);
struct VrSimStats world_stats(const struct World *w);
struct VrSimMemoryInfo world_memory_of(struct World *w, VmaAllocation allocation);
VmaAllocationInfo world_info(struct World *w, VmaAllocation allocation);
bool world_is_dedicated(struct World *w, VmaAllocation allocation);
// First memory type with exactly these flags. Fails the test when there is none.
uint32_t world_type(const struct World *w, VkMemoryPropertyFlags flags);
VkMemoryPropertyFlags world_type_flags(const struct World *w, uint32_t type);

// Memory without a resource, of one type or of a pool; the test fails when there is none to be had.
VmaAllocation world_allocate(struct World *w, uint32_t type, VkDeviceSize size,
                             VmaAllocationCreateFlags flags);
VmaAllocation world_allocate_in(struct World *w, VmaPool pool, VkDeviceSize size,
                                VmaAllocationCreateFlags flags);
VkResult world_try(struct World *w, VkDeviceSize size, const VmaAllocationCreateInfo *info,
                   VmaAllocation *allocation);

VkBufferCreateInfo world_buffer_info(VkDeviceSize size, VkBufferUsageFlags usage);
VkImageCreateInfo world_image_info(uint32_t width, uint32_t height, VkImageTiling tiling,
                                   VkImageUsageFlags usage);
VkBuffer world_raw_buffer(struct World *w, VkDeviceSize size, VkBufferUsageFlags usage); // without memory
VkImage world_raw_image(struct World *w, uint32_t width, uint32_t height);
void world_destroy_raw_buffer(struct World *w, VkBuffer buffer);
void world_destroy_raw_image(struct World *w, VkImage image);

// Lanes open where threads meet; with this, from the start.
void world_open_lanes(struct World *w);

// The same numbers in every run.
uint32_t world_random(uint32_t *state);

#endif
