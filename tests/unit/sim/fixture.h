// SPDX-License-Identifier: MIT
// A simulated device with its function table, and the few objects that every test makes.
#ifndef TEST_SIM_FIXTURE_H
#define TEST_SIM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "entries.h"
#include "sim.h"

#define MIB ((VkDeviceSize)1 << 20)

struct Fixture {
    struct VrSim *sim;
    VkInstance instance;
    VkPhysicalDevice physical;
    VkDevice device;
#define MEMBER(name, ...) PFN_vk##name name;
    VR_SIM_ENTRIES(MEMBER)
#undef MEMBER
};

// A built-in topology; entry points that it lacks are null. Fails the test when it cannot be made.
void fixture_open(struct Fixture *f, const char *builtin, uint32_t flags);
void fixture_open_with(struct Fixture *f, const struct VrSimCreateInfo *info);
void fixture_open_device(struct Fixture *f, const struct VrSimDevice *device, uint32_t flags);
// Fails the test when objects are alive or when a misuse was reported.
void fixture_close(struct Fixture *f);

VkResult fixture_allocate(struct Fixture *f, uint32_t type, VkDeviceSize size, VkDeviceMemory *memory);
VkDeviceMemory fixture_memory(struct Fixture *f, uint32_t type, VkDeviceSize size);
VkBuffer fixture_buffer(struct Fixture *f, VkDeviceSize size, VkBufferUsageFlags usage);
VkImageCreateInfo fixture_image_info(VkFormat format, uint32_t width, uint32_t height, uint32_t mips);
uint32_t fixture_type_with(const struct Fixture *f, VkMemoryPropertyFlags flags); // exactly these flags
struct VrSimStats fixture_stats(const struct Fixture *f);

#endif
