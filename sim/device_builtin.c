// SPDX-License-Identifier: MIT
// Built-in topologies: heaps, types and limits as real drivers of each kind report them.
#include <stdio.h>
#include <string.h>

#include "device_defaults.h"

#define MIB(n) ((VkDeviceSize)(n) << 20)
#define ANY VR_SIM_IMAGE_ALL
#define LINEAR (VR_SIM_IMAGE_LINEAR | VR_SIM_IMAGE_NOT_TRANSIENT)
#define LAZY (VR_SIM_IMAGE_ALL | VR_SIM_IMAGE_TRANSIENT_ONLY)

enum ExtensionSet { NONE, DESKTOP, WINDOWS, UMA, MOBILE };

struct Builtin {
    const char *name, *title;
    enum VrSimVendor vendor;
    VkPhysicalDeviceType type;
    uint32_t api_version;
    enum ExtensionSet extensions;
    uint32_t granularity, atom, max_allocations;
    uint32_t heap_count;
    struct {
        VkDeviceSize size;
        VkMemoryHeapFlags flags;
    } heaps[3];
    uint32_t type_count;
    struct VrSimType types[11]; // heap, flags, buffers, images
};

#define DISCRETE VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
#define INTEGRATED VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU
#define CPU VK_PHYSICAL_DEVICE_TYPE_CPU
#define OTHER VK_PHYSICAL_DEVICE_TYPE_OTHER
#define V(minor) VK_MAKE_API_VERSION(0, 1, minor, 0)

// Flags of a type as in a report: 1 device-local, 2 host-visible, 4 coherent, 8 cached, 0x10 lazy, 0x20
// protected, 0x40 and 0x80 AMD's device-coherent and device-uncached.
// clang-format off
static const struct Builtin builtins[] = {
    {"nvidia-rebar", "NVIDIA GeForce RTX 3060 Ti", VR_SIM_VENDOR_NVIDIA, DISCRETE, V(3), WINDOWS,
     1024, 64, UINT32_MAX, 2, {{MIB(8024), 1}, {MIB(7855), 0}}, 6,
     {{1, 0x0, true, ANY}, {0, 0x1, true, ANY}, {0, 0x1, false, 0}, {1, 0x6, true, LINEAR},
      {1, 0xe, true, LINEAR}, {0, 0x7, true, LINEAR}}},
    {"nvidia-smallbar", "NVIDIA GeForce GTX 1650", VR_SIM_VENDOR_NVIDIA, DISCRETE, V(3), WINDOWS,
     1024, 64, 4096, 3, {{MIB(3952), 1}, {MIB(7094), 0}, {MIB(214), 1}}, 5,
     {{1, 0x0, true, ANY}, {0, 0x1, true, ANY}, {1, 0x6, true, LINEAR}, {1, 0xe, true, LINEAR},
      {2, 0x7, true, LINEAR}}},
    {"nvidia-datacenter", "NVIDIA H200", VR_SIM_VENDOR_NVIDIA, DISCRETE, V(4), DESKTOP,
     1024, 64, UINT32_MAX, 2, {{MIB(143771), 1}, {MIB(96665), 0}}, 5,
     {{1, 0x0, true, ANY}, {0, 0x1, true, ANY}, {1, 0x6, true, LINEAR}, {1, 0xe, true, LINEAR},
      {0, 0x7, true, LINEAR}}},
    {"amd-rebar", "AMD Radeon RX 7900 XTX (RADV NAVI31)", VR_SIM_VENDOR_AMD, DISCRETE, V(4), DESKTOP,
     1, 64, UINT32_MAX, 2, {{MIB(31713), 0}, {MIB(24560), 1}}, 11,
     {{1, 0x1, true, ANY}, {1, 0x1, false, 0}, {0, 0x6, true, ANY}, {1, 0x7, true, ANY}, {1, 0x7, false, 0},
      {0, 0xe, true, ANY}, {0, 0xe, false, 0}, {1, 0xc1, true, ANY}, {0, 0xc6, true, ANY},
      {1, 0xc7, true, ANY}, {0, 0xce, true, ANY}}},
    {"amd-smallbar", "AMD Radeon RX 6600", VR_SIM_VENDOR_AMD, DISCRETE, V(3), WINDOWS,
     1, 128, 4096, 3, {{MIB(7920), 3}, {MIB(16072), 0}, {MIB(256), 3}}, 8,
     {{0, 0x1, true, ANY}, {1, 0x6, true, ANY}, {2, 0x7, true, ANY}, {1, 0xe, true, ANY},
      {0, 0xc1, true, 0}, {1, 0xc6, true, 0}, {2, 0xc7, true, 0}, {1, 0xce, true, 0}}},
    {"amd-apu", "AMD Radeon(TM) Graphics", VR_SIM_VENDOR_AMD, INTEGRATED, V(4), WINDOWS,
     1, 128, UINT32_MAX, 2, {{MIB(4063), 0}, {MIB(8127), 3}}, 8,
     {{1, 0x1, true, ANY}, {0, 0x6, true, ANY}, {1, 0x7, true, ANY}, {0, 0xe, true, ANY},
      {1, 0xc1, true, 0}, {0, 0xc6, true, 0}, {1, 0xc7, true, 0}, {0, 0xce, true, 0}}},
    {"intel-uma", "Intel(R) UHD Graphics 770 (ADL-S GT1)", VR_SIM_VENDOR_INTEL, INTEGRATED, V(4), UMA,
     1, 64, UINT32_MAX, 1, {{MIB(12288), 1}}, 7,
     {{0, 0x1, true, ANY}, {0, 0x7, true, ANY}, {0, 0xf, true, ANY}, {0, 0x21, false, 0}, {0, 0x1, false, 0},
      {0, 0x7, false, 0}, {0, 0xf, false, 0}}},
    {"intel-dgpu", "Intel Arc A770", VR_SIM_VENDOR_INTEL, DISCRETE, V(4), DESKTOP,
     1, 64, UINT32_MAX, 3, {{MIB(16128), 1}, {MIB(16384), 0}, {MIB(256), 1}}, 3,
     {{0, 0x1, true, ANY}, {1, 0xe, true, ANY}, {2, 0x7, true, ANY}}},
    {"apple", "Apple M2", VR_SIM_VENDOR_APPLE, INTEGRATED, V(2), UMA,
     16, 16, 1073741824, 1, {{MIB(16384), 1}}, 3,
     {{0, 0x1, true, ANY}, {0, 0xf, true, VR_SIM_IMAGE_COLOR | VR_SIM_IMAGE_LINEAR}, {0, 0x11, false, LAZY}}},
    {"mali", "Mali-G57 (Valhall)", VR_SIM_VENDOR_MOBILE, INTEGRATED, V(3), MOBILE,
     1, 64, 4096, 2, {{MIB(2805), 1}, {MIB(100), 1}}, 4,
     {{0, 0x7, true, ANY}, {0, 0xb, true, ANY}, {0, 0x11, false, LAZY}, {1, 0x21, false, 0}}},
    {"adreno", "Turnip Adreno (TM) 740", VR_SIM_VENDOR_MOBILE, INTEGRATED, V(4), UMA,
     64, 64, UINT32_MAX, 1, {{MIB(6144), 1}}, 4,
     {{0, 0x7, true, ANY}, {0, 0xf, true, ANY}, {0, 0xb, true, ANY}, {0, 0x11, false, LAZY}}},
    {"lavapipe", "llvmpipe (LLVM 15.0.6, 256 bits)", VR_SIM_VENDOR_GENERIC, CPU, V(4), UMA,
     64, 64, UINT32_MAX, 1, {{MIB(16384), 1}}, 1,
     {{0, 0xf, true, ANY}}},
    {"single", "One heap, one type, Vulkan 1.0", VR_SIM_VENDOR_GENERIC, OTHER, V(0), NONE,
     1, 64, 4096, 1, {{MIB(1024), 1}}, 1,
     {{0, 0x7, true, ANY}}},
    {"granularity4096", "Mali-T760", VR_SIM_VENDOR_MOBILE, INTEGRATED, V(0), NONE,
     4096, 64, 4096, 1, {{MIB(2048), 1}}, 3,
     {{0, 0x7, true, ANY}, {0, 0xb, true, ANY}, {0, 0xf, true, ANY}}},
};
// clang-format on

const char *vr_sim_device_builtin_name(uint32_t index)
{
    return index < sizeof(builtins) / sizeof(builtins[0]) ? builtins[index].name : NULL;
}

static void add_extensions(struct VrSimDevice *device, enum ExtensionSet set)
{
    static const char *const common[] = {
        "VK_KHR_bind_memory2",          "VK_KHR_dedicated_allocation", "VK_KHR_get_memory_requirements2",
        "VK_KHR_maintenance1",          "VK_KHR_maintenance2",         "VK_KHR_maintenance3",
        "VK_KHR_device_group",          "VK_KHR_external_memory",      "VK_KHR_sampler_ycbcr_conversion",
        "VK_KHR_buffer_device_address", "VK_KHR_timeline_semaphore",   "VK_KHR_synchronization2",
        "VK_KHR_maintenance4",
    };
    static const char *const with_budget[] = {"VK_EXT_memory_budget", "VK_EXT_external_memory_host",
                                              "VK_KHR_map_memory2", "VK_KHR_maintenance5"};
    static const char *const with_priority[] = {"VK_EXT_memory_priority",
                                                "VK_EXT_pageable_device_local_memory"};
    if (set == NONE) {
        return;
    }
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        vr_sim_device_add_extension(device, common[i]);
    }
    for (size_t i = 0; i < sizeof(with_budget) / sizeof(with_budget[0]) && set != MOBILE; i++) {
        vr_sim_device_add_extension(device, with_budget[i]);
    }
    for (size_t i = 0; i < 2 && (set == DESKTOP || set == WINDOWS); i++) {
        vr_sim_device_add_extension(device, with_priority[i]);
    }
    vr_sim_device_add_extension(device, set == WINDOWS ? "VK_KHR_external_memory_win32"
                                                       : "VK_KHR_external_memory_fd");
    if (device->vendor == VR_SIM_VENDOR_AMD) {
        vr_sim_device_add_extension(device, "VK_AMD_device_coherent_memory");
    }
}

static void add_queues(struct VrSimDevice *device)
{
    if (device->type != DISCRETE) {
        return;
    }
    device->queue_family_count = 2;
    device->queue_families[1] = device->queue_families[0];
    device->queue_families[1].queueFlags = VK_QUEUE_TRANSFER_BIT;
    device->queue_families[1].queueCount = 2;
}

bool vr_sim_device_builtin(const char *name, struct VrSimDevice *device)
{
    const struct Builtin *b = builtins;
    while (b < builtins + sizeof(builtins) / sizeof(builtins[0]) && strcmp(b->name, name) != 0) {
        b++;
    }
    if (b == builtins + sizeof(builtins) / sizeof(builtins[0])) {
        return false;
    }
    vr_sim_device_defaults(device, b->vendor);
    (void)snprintf(device->name, sizeof(device->name), "%s", b->title);
    (void)snprintf(device->driver, sizeof(device->driver), "simulated");
    device->type = b->type;
    device->api_version = b->api_version;
    device->heap_count = b->heap_count;
    for (uint32_t i = 0; i < b->heap_count; i++) {
        device->heaps[i].size = b->heaps[i].size;
        device->heaps[i].flags = b->heaps[i].flags;
        device->heaps[i].budget = vr_sim_device_default_budget(b->heaps[i].size);
    }
    device->type_count = b->type_count;
    memcpy(device->types, b->types, sizeof(b->types));
    device->limits.bufferImageGranularity = b->granularity;
    device->limits.nonCoherentAtomSize = b->atom;
    device->limits.maxMemoryAllocationCount = b->max_allocations;
    device->buffer_device_address = b->extensions != NONE;
    device->timeline_semaphore = b->extensions != NONE;
    device->synchronization2 = b->extensions != NONE;
    add_extensions(device, b->extensions);
    add_queues(device);
    return true;
}
