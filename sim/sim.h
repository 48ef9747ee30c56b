// SPDX-License-Identifier: MIT
// Public interface of the simulated Vulkan device: create one from a description, hand its two proc-addr
// functions to the code under test, then count, fail, delay and check what that code does. Several devices
// may be alive at once. Every function here and every entry point is thread-safe, except that vr_sim_destroy
// must be the last call. vk_mem_alloc.h is not needed.
#ifndef VR_SIM_H
#define VR_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

struct VrSim;

// ---- create, destroy, handles -------------------------------------------------------------------

enum VrSimFlags {
    VR_SIM_CHECKS = 1 << 0,  // detect misuse and report it (slower; handles are verified before use)
    VR_SIM_BACKING = 1 << 1, // real zeroed host memory behind every VkDeviceMemory, so that content survives;
                             // without it a mapping is a reserved range of addresses that must not be touched
};

enum VrSimMisuse {
    VR_SIM_MISUSE_HANDLE,      // null, stale, destroyed twice or foreign handle
    VR_SIM_MISUSE_SIZE,        // allocation or resource of zero size, or above a limit
    VR_SIM_MISUSE_TYPE,        // memory type out of range or not in memoryTypeBits
    VR_SIM_MISUSE_ALIGNMENT,   // bind offset or flush range misaligned
    VR_SIM_MISUSE_RANGE,       // bind, map or flush range outside of the memory
    VR_SIM_MISUSE_DOUBLE_BIND, // resource that is bound already
    VR_SIM_MISUSE_UNBOUND,     // resource used that needs memory and has none
    VR_SIM_MISUSE_DEDICATED,   // dedicated memory used with another resource or offset
    VR_SIM_MISUSE_MAP,         // map of mapped, unmap of unmapped, map of memory that is not host visible
    VR_SIM_MISUSE_NOT_MAPPED,  // flush or invalidate outside of the mapped range
    VR_SIM_MISUSE_FREE_BOUND,  // memory freed while resources are bound to it
    VR_SIM_MISUSE_STRUCTURE,   // wrong sType or contradictory members
    VR_SIM_MISUSE_LEAK,        // objects alive when the device is destroyed
    VR_SIM_MISUSE_COUNT
};

// Called on the thread that misuses, outside of every lock of the simulation. text is one line without
// newline.
typedef void (*VrSimMisuseFn)(void *user, enum VrSimMisuse kind, const char *text);

struct VrSimCreateInfo {
    const struct VrSimDevice *device; // copied; see vr_sim_device_builtin and vr_sim_device_load
    uint32_t flags;                   // enum VrSimFlags
    VrSimMisuseFn misuse;             // optional
    void *misuse_user;
};

// VK_SUCCESS; VK_ERROR_OUT_OF_HOST_MEMORY; VK_ERROR_INITIALIZATION_FAILED when the description makes no sense
// (no memory type, a type whose heap does not exist, more than 32 types or 16 heaps).
VkResult vr_sim_create(const struct VrSimCreateInfo *info, struct VrSim **sim);

// Frees everything and returns the number of VkDeviceMemory, VkBuffer and VkImage that were still alive (each
// class is reported as VR_SIM_MISUSE_LEAK when checks are on). Null is accepted.
uint64_t vr_sim_destroy(struct VrSim *sim);

// Handles that live as long as the simulation; no vkCreateInstance or vkCreateDevice is needed.
VkInstance vr_sim_instance(const struct VrSim *sim);
VkPhysicalDevice vr_sim_physical_device(const struct VrSim *sim);
VkDevice vr_sim_device(const struct VrSim *sim);
VkQueue vr_sim_queue(const struct VrSim *sim, uint32_t family); // queue 0 of the family; null: no such family
VkCommandBuffer vr_sim_command_buffer(const struct VrSim *sim); // commands run as they are recorded

struct VrSim *vr_sim_of_device(VkDevice device);
const struct VrSimDevice *vr_sim_description(const struct VrSim *sim);

// The function table. A name that the description's API version and extensions do not have gives null.
PFN_vkVoidFunction VKAPI_CALL vr_sim_get_instance_proc_addr(VkInstance instance, const char *name);
PFN_vkVoidFunction VKAPI_CALL vr_sim_get_device_proc_addr(VkDevice device, const char *name);

// The simulation that vkCreateInstance of this table opens (it has no other way to know). Null:
// vkCreateInstance answers VK_ERROR_INCOMPATIBLE_DRIVER.
void vr_sim_set_default(struct VrSim *sim);

// ---- counters -----------------------------------------------------------------------------------

// One value per entry point; a KHR or EXT alias counts with its core function.
enum VrSimCall {
    VR_SIM_CALL_ANY, // in fault injection: every entry point that returns a VkResult; in statistics: all of
                     // them
    VR_SIM_CALL_CREATE_INSTANCE,
    VR_SIM_CALL_DESTROY_INSTANCE,
    VR_SIM_CALL_ENUMERATE_INSTANCE, // version, extensions, layers
    VR_SIM_CALL_ENUMERATE_PHYSICAL_DEVICES,
    VR_SIM_CALL_ENUMERATE_DEVICE_EXTENSIONS,
    VR_SIM_CALL_GET_PROPERTIES, // vkGetPhysicalDeviceProperties and ...2
    VR_SIM_CALL_GET_FEATURES,
    VR_SIM_CALL_GET_QUEUE_FAMILIES,
    VR_SIM_CALL_GET_FORMAT_PROPERTIES,
    VR_SIM_CALL_GET_MEMORY_PROPERTIES,
    VR_SIM_CALL_GET_MEMORY_PROPERTIES2, // with the budget when it is chained
    VR_SIM_CALL_GET_EXTERNAL_BUFFER_PROPERTIES,
    VR_SIM_CALL_CREATE_DEVICE,
    VR_SIM_CALL_DESTROY_DEVICE,
    VR_SIM_CALL_GET_DEVICE_QUEUE,
    VR_SIM_CALL_DEVICE_WAIT_IDLE,
    VR_SIM_CALL_ALLOCATE_MEMORY,
    VR_SIM_CALL_FREE_MEMORY,
    VR_SIM_CALL_MAP_MEMORY, // vkMapMemory and ...2
    VR_SIM_CALL_UNMAP_MEMORY,
    VR_SIM_CALL_FLUSH_RANGES,
    VR_SIM_CALL_INVALIDATE_RANGES,
    VR_SIM_CALL_SET_MEMORY_PRIORITY,
    VR_SIM_CALL_GET_MEMORY_COMMITMENT,
    VR_SIM_CALL_GET_MEMORY_WIN32_HANDLE,
    VR_SIM_CALL_CREATE_BUFFER,
    VR_SIM_CALL_DESTROY_BUFFER,
    VR_SIM_CALL_CREATE_IMAGE,
    VR_SIM_CALL_DESTROY_IMAGE,
    VR_SIM_CALL_GET_BUFFER_REQUIREMENTS,
    VR_SIM_CALL_GET_BUFFER_REQUIREMENTS2,
    VR_SIM_CALL_GET_IMAGE_REQUIREMENTS,
    VR_SIM_CALL_GET_IMAGE_REQUIREMENTS2,
    VR_SIM_CALL_GET_DEVICE_BUFFER_REQUIREMENTS, // maintenance4: without an object
    VR_SIM_CALL_GET_DEVICE_IMAGE_REQUIREMENTS,
    VR_SIM_CALL_BIND_BUFFER,
    VR_SIM_CALL_BIND_BUFFER2,
    VR_SIM_CALL_BIND_IMAGE,
    VR_SIM_CALL_BIND_IMAGE2,
    VR_SIM_CALL_GET_BUFFER_ADDRESS,
    VR_SIM_CALL_GET_SUBRESOURCE_LAYOUT,
    VR_SIM_CALL_CMD_COPY_BUFFER,
    VR_SIM_CALL_COUNT
};

const char *vr_sim_call_name(enum VrSimCall call); // "vkAllocateMemory"

struct VrSimStats {
    uint64_t calls[VR_SIM_CALL_COUNT];        // [VR_SIM_CALL_ANY] is their sum
    uint64_t failed_calls;                    // that returned a negative VkResult, injected or real
    uint64_t callback_calls;                  // that came with VkAllocationCallbacks (which are not used)
    uint64_t memories, buffers, images;       // alive now
    uint64_t mapped;                          // VkDeviceMemory mapped now
    uint64_t heap_bytes[VK_MAX_MEMORY_HEAPS]; // of VkDeviceMemory alive now
    uint64_t heap_peak[VK_MAX_MEMORY_HEAPS];  // highest since creation or vr_sim_reset_stats
    uint64_t total_bytes, total_peak;         // over all heaps
    uint64_t peak_memories;                   // most VkDeviceMemory at once
    uint64_t allocated_bytes;                 // sum over all successful vkAllocateMemory
    uint64_t flush_ranges, invalidate_ranges; // VkMappedMemoryRange seen
};

// Exact when no other thread is inside the device; a sum over threads otherwise.
void vr_sim_stats(struct VrSim *sim, struct VrSimStats *stats);

// Calls, ranges and sums start at zero again; peaks start at what is alive.
void vr_sim_reset_stats(struct VrSim *sim);

// ---- faults, time, budget, requirements ---------------------------------------------------------

// The nth call of an entry point from now (1 = the next) returns result and does nothing. One fault per entry
// point is armed at a time, VR_SIM_CALL_ANY is one more; nth 0 disarms. Entry points that return void cannot
// fail.
void vr_sim_fail(struct VrSim *sim, enum VrSimCall call, uint32_t nth, VkResult result);

// Every periodth call fails until disarmed with period 0.
void vr_sim_fail_every(struct VrSim *sim, enum VrSimCall call, uint32_t period, VkResult result);

uint64_t vr_sim_faults_fired(struct VrSim *sim); // since creation

// Every call advances the virtual clock by fixed_ns, plus ns_per_mib for each MiB that it allocates or frees.
void vr_sim_set_cost(struct VrSim *sim, enum VrSimCall call, uint64_t fixed_ns, uint64_t ns_per_mib);
void vr_sim_set_typical_costs(
    struct VrSim *sim); // measured on a discrete GPU: allocations, budget queries, buffers
void vr_sim_set_real_delays(struct VrSim *sim, bool on); // also spend the cost in real time
uint64_t vr_sim_clock_ns(struct VrSim *sim);

// budget of a heap, and what other processes use of it. Reported usage = other_usage + bytes allocated here.
// Memory that would take the heap above its size fails with VK_ERROR_OUT_OF_DEVICE_MEMORY; the budget itself
// is advice.
void vr_sim_set_budget(struct VrSim *sim, uint32_t heap, uint64_t budget, uint64_t other_usage);

struct VrSimRequirements {
    VkDeviceSize size;
    VkDeviceSize alignment;
    uint32_t type_bits; // may have bits beyond the types that exist
    bool prefers_dedicated;
    bool requires_dedicated;
};

// Sees what the vendor model answered for a buffer or an image (the other pointer is null) and may change it.
typedef void (*VrSimRequirementsFn)(void *user, const VkBufferCreateInfo *buffer,
                                    const VkImageCreateInfo *image, struct VrSimRequirements *requirements);
void vr_sim_set_requirements_hook(struct VrSim *sim, VrSimRequirementsFn hook, void *user);

// ---- what objects look like ---------------------------------------------------------------------

struct VrSimMemoryInfo {
    VkDeviceSize size;
    uint32_t type, heap;
    VkBuffer dedicated_buffer; // null: none
    VkImage dedicated_image;
    bool has_priority;
    float priority;              // as allocated or as vkSetDeviceMemoryPriorityEXT set it
    VkMemoryAllocateFlags flags; // VkMemoryAllocateFlagsInfo
    uint32_t device_mask;
    VkExternalMemoryHandleTypeFlags export_types;
    VkExternalMemoryHandleTypeFlags import_type; // of an import structure in the chain; 0: none
    void *mapped;                                // null: not mapped
    VkDeviceSize map_offset, map_size;
    uint32_t bound; // resources bound to it; counted with VR_SIM_CHECKS only
};

struct VrSimResourceInfo {
    struct VrSimRequirements requirements;
    VkDeviceMemory memory; // null: not bound
    VkDeviceSize offset;
    VkDeviceSize size; // as created; an image: its memory size
    uint32_t usage, flags;
};

void vr_sim_memory_info(VkDeviceMemory memory, struct VrSimMemoryInfo *info);
void vr_sim_buffer_info(VkBuffer buffer, struct VrSimResourceInfo *info);
void vr_sim_image_info(VkImage image, struct VrSimResourceInfo *info);

// ---- misuse -------------------------------------------------------------------------------------

uint64_t vr_sim_misuse_count(struct VrSim *sim);
uint64_t vr_sim_misuse_count_of(struct VrSim *sim, enum VrSimMisuse kind);
// Copies the last report, "" when there was none.
void vr_sim_misuse_last(struct VrSim *sim, char *text, size_t text_size);
void vr_sim_reset_misuse(struct VrSim *sim);

#ifdef __cplusplus
}
#endif
#endif
