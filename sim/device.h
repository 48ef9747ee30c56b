// SPDX-License-Identifier: MIT
// The description of a GPU that the simulation plays: heaps, memory types, limits, extensions and the
// vendor's way to size buffers and images. It comes from a table of built-in topologies or from a JSON file.
#ifndef VR_SIM_DEVICE_H
#define VR_SIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vulkan/vulkan_core.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VR_SIM_MAX_EXTENSIONS 96
#define VR_SIM_MAX_QUEUE_FAMILIES 8
#define VR_SIM_EXTENSION_NAME_SIZE 64

enum VrSimVendor {
    VR_SIM_VENDOR_GENERIC, // software and unknown drivers
    VR_SIM_VENDOR_NVIDIA,
    VR_SIM_VENDOR_AMD,
    VR_SIM_VENDOR_INTEL,
    VR_SIM_VENDOR_APPLE,
    VR_SIM_VENDOR_MOBILE, // ARM, Qualcomm, Broadcom, Imagination
};

// What a memory type can hold, besides buffers.
enum VrSimImageRule {
    VR_SIM_IMAGE_COLOR = 1 << 0, // optimal tiling, by format class
    VR_SIM_IMAGE_D16 = 1 << 1,
    VR_SIM_IMAGE_X8_D24 = 1 << 2,
    VR_SIM_IMAGE_D32 = 1 << 3,
    VR_SIM_IMAGE_S8 = 1 << 4,
    VR_SIM_IMAGE_D16_S8 = 1 << 5,
    VR_SIM_IMAGE_D24_S8 = 1 << 6,
    VR_SIM_IMAGE_D32_S8 = 1 << 7,
    VR_SIM_IMAGE_ALL_OPTIMAL = (1 << 8) - 1,
    VR_SIM_IMAGE_LINEAR = 1 << 8,         // linear tiling, colour
    VR_SIM_IMAGE_TRANSIENT_ONLY = 1 << 9, // only with VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT
    VR_SIM_IMAGE_NOT_TRANSIENT = 1 << 10,
    VR_SIM_IMAGE_NOT_SPARSE = 1 << 11,
    VR_SIM_IMAGE_ALL = VR_SIM_IMAGE_ALL_OPTIMAL | VR_SIM_IMAGE_LINEAR,
};

struct VrSimHeap {
    VkDeviceSize size;
    VkMemoryHeapFlags flags;
    VkDeviceSize budget; // as VK_EXT_memory_budget reports it
    VkDeviceSize usage;  // of other processes
};

struct VrSimType {
    uint32_t heap;
    VkMemoryPropertyFlags flags;
    bool buffers;    // is in the memoryTypeBits of buffers
    uint32_t images; // enum VrSimImageRule
};

// How the driver rounds sizes; vr_sim_device_model_of gives each vendor's. See requirements.c for the
// formulas.
struct VrSimModel {
    VkDeviceSize buffer_alignment;  // of every buffer
    VkDeviceSize uniform_alignment; // of buffers with VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT, when that is more
    VkDeviceSize buffer_rounding;   // sizes of buffers are multiples of it; 0: of their alignment
    uint32_t tile_bytes;            // optimal tiling pads each mip level to whole tiles of this many bytes
    uint32_t tile_width;            // bytes in a row of a tile; 0: tiles are about square in texels
    bool tile_shrinks;              // small images use smaller tiles
    bool mip_tail;                  // all levels that fill less than half a tile share one
    bool mips_beside;               // levels from the third on lie beside the second, in the same rows
    bool layers_whole_tiles;        // each layer begins at a tile of the first level
    uint32_t color_metadata;        // compression data of colour attachments: one byte for this many; 0: none
    uint32_t depth_metadata;        // the same for depth and stencil
    VkDeviceSize image_alignment;   // of optimal images below image_large
    VkDeviceSize image_alignment_large;
    VkDeviceSize image_large;
    VkDeviceSize linear_alignment; // of linear images
    VkDeviceSize linear_pitch;     // rows of linear images are multiples of it
    VkDeviceSize
        prefers_dedicated_attachment;     // attachments from this size on prefer dedicated memory; 0: never
    VkDeviceSize prefers_dedicated_image; // other optimal images
};

struct VrSimDevice {
    char name[VK_MAX_PHYSICAL_DEVICE_NAME_SIZE];
    char driver[VK_MAX_DRIVER_NAME_SIZE];
    VkPhysicalDeviceType type;
    uint32_t api_version; // VK_MAKE_API_VERSION
    enum VrSimVendor vendor;
    uint32_t vendor_id; // PCI
    uint32_t heap_count;
    struct VrSimHeap heaps[VK_MAX_MEMORY_HEAPS];
    uint32_t type_count;
    struct VrSimType types[VK_MAX_MEMORY_TYPES];
    struct VrSimModel model;
    VkPhysicalDeviceLimits limits;
    VkDeviceSize max_memory_allocation_size;
    VkDeviceSize max_buffer_size;
    VkDeviceSize min_imported_host_pointer_alignment;
    VkPhysicalDeviceFeatures features;
    bool buffer_device_address;
    bool timeline_semaphore;
    bool synchronization2;
    uint32_t queue_family_count;
    VkQueueFamilyProperties queue_families[VR_SIM_MAX_QUEUE_FAMILIES];
    uint32_t extension_count;
    char extensions[VR_SIM_MAX_EXTENSIONS][VR_SIM_EXTENSION_NAME_SIZE];
};

// Reads a JSON description. Members that are missing get sane values. False: *device is unchanged and error
// holds one line that names the file and the member.
bool vr_sim_device_load(const char *path, struct VrSimDevice *device, char *error, size_t error_size);

// A built-in topology by name (vr_sim_device_builtin_name lists them): "nvidia-rebar", "nvidia-smallbar",
// "nvidia-datacenter", "amd-rebar", "amd-smallbar", "amd-apu", "intel-uma", "intel-dgpu", "apple", "mali",
// "adreno", "lavapipe", "single", "granularity4096". False: no such name, *device is unchanged.
bool vr_sim_device_builtin(const char *name, struct VrSimDevice *device);
const char *vr_sim_device_builtin_name(uint32_t index); // null: past the last one

struct VrSimModel vr_sim_device_model_of(enum VrSimVendor vendor);
bool vr_sim_device_has_extension(const struct VrSimDevice *device, const char *name);
bool vr_sim_device_add_extension(struct VrSimDevice *device, const char *name); // false: no room
void vr_sim_device_remove_extension(struct VrSimDevice *device, const char *name);
bool vr_sim_device_integrated(const struct VrSimDevice *device);

#ifdef __cplusplus
}
#endif
#endif
