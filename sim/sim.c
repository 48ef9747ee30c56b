// SPDX-License-Identifier: MIT
// Life of a simulation, its handles, and the queries and settings that are not about a single entry point.
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define LOADER_MAGIC 0x01CDC0DEu // what a driver writes into the first word of its dispatchable objects

struct VrSim *_Atomic vr_sim_default;

static bool description_makes_sense(const struct VrSimDevice *device)
{
    if (device->heap_count == 0 || device->heap_count > VK_MAX_MEMORY_HEAPS || device->type_count == 0 ||
        device->type_count > VK_MAX_MEMORY_TYPES || device->queue_family_count > VR_SIM_MAX_QUEUE_FAMILIES) {
        return false;
    }
    for (uint32_t i = 0; i < device->type_count; i++) {
        if (device->types[i].heap >= device->heap_count) {
            return false;
        }
    }
    return true;
}

static void init_handles(struct VrSim *sim)
{
    const struct VrSimDispatch dispatch = {LOADER_MAGIC, sim, 0};
    sim->instance = dispatch;
    sim->physical_device = dispatch;
    sim->logical_device = dispatch;
    sim->command_buffer = dispatch;
    for (uint32_t i = 0; i < VR_SIM_MAX_QUEUE_FAMILIES; i++) {
        sim->queues[i] = dispatch;
        sim->queues[i].queue_family = i;
    }
}

static void init_heaps(struct VrSim *sim)
{
    for (uint32_t i = 0; i < sim->device.heap_count; i++) {
        sim->budget[i] = sim->device.heaps[i].budget;
        sim->other_usage[i] = sim->device.heaps[i].usage;
    }
    for (uint32_t i = 0; i < sim->device.type_count; i++) {
        if (sim->device.types[i].buffers) {
            sim->buffer_types |= 1u << i;
        }
    }
}

VkResult vr_sim_create(const struct VrSimCreateInfo *info, struct VrSim **out)
{
    *out = NULL;
    if (!info->device || !description_makes_sense(info->device)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrSim *sim = vr_sim_aligned_calloc(64, (sizeof(*sim) + 63) / 64 * 64);
    if (!sim) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    sim->flags = info->flags;
    sim->device = *info->device;
    sim->misuse = info->misuse;
    sim->misuse_user = info->misuse_user;
    sim->next_address = 0x100000000u;
    init_handles(sim);
    init_heaps(sim);
    vr_sim_mutex_init(&sim->slab_lock);
    vr_sim_mutex_init(&sim->heap_lock);
    vr_sim_mutex_init(&sim->misuse_lock);
    vr_sim_gate_init(sim);
    vr_sim_shards_init(sim);
    *out = sim;
    return VK_SUCCESS;
}

uint64_t vr_sim_report_leaks(struct VrSim *sim)
{
    struct VrSimStats stats;
    vr_sim_stats(sim, &stats);
    const struct {
        uint64_t count;
        const char *name;
    } kinds[] = {{stats.memories, "VkDeviceMemory"}, {stats.buffers, "VkBuffer"}, {stats.images, "VkImage"}};
    for (int i = 0; i < 3; i++) {
        if (kinds[i].count != 0) {
            vr_sim_report(sim, VR_SIM_MISUSE_LEAK, VR_SIM_CALL_DESTROY_DEVICE, "%llu %s alive",
                          (unsigned long long)kinds[i].count, kinds[i].name);
        }
    }
    return stats.memories + stats.buffers + stats.images;
}

uint64_t vr_sim_destroy(struct VrSim *sim)
{
    if (!sim) {
        return 0;
    }
    struct VrSim *expected = sim;
    atomic_compare_exchange_strong(&vr_sim_default, &expected, NULL);
    const uint64_t leaks = vr_sim_report_leaks(sim);
    vr_sim_slabs_finish(sim);
    vr_sim_shards_finish(sim);
    vr_sim_mutex_finish(&sim->slab_lock);
    vr_sim_mutex_finish(&sim->heap_lock);
    vr_sim_mutex_finish(&sim->control_lock);
    vr_sim_mutex_finish(&sim->misuse_lock);
    vr_sim_aligned_free(sim);
    return leaks;
}

VkInstance vr_sim_instance(const struct VrSim *sim)
{
    return (VkInstance)(uintptr_t)&sim->instance;
}

VkPhysicalDevice vr_sim_physical_device(const struct VrSim *sim)
{
    return (VkPhysicalDevice)(uintptr_t)&sim->physical_device;
}

VkDevice vr_sim_device(const struct VrSim *sim)
{
    return (VkDevice)(uintptr_t)&sim->logical_device;
}

VkQueue vr_sim_queue(const struct VrSim *sim, uint32_t family)
{
    return family < sim->device.queue_family_count ? (VkQueue)(uintptr_t)&sim->queues[family]
                                                   : VK_NULL_HANDLE;
}

VkCommandBuffer vr_sim_command_buffer(const struct VrSim *sim)
{
    return (VkCommandBuffer)(uintptr_t)&sim->command_buffer;
}

struct VrSim *vr_sim_of_device(VkDevice device)
{
    return vr_sim_of(device);
}

const struct VrSimDevice *vr_sim_description(const struct VrSim *sim)
{
    return &sim->device;
}

void vr_sim_set_default(struct VrSim *sim)
{
    atomic_store(&vr_sim_default, sim);
}

void vr_sim_set_budget(struct VrSim *sim, uint32_t heap, uint64_t budget, uint64_t other_usage)
{
    if (heap >= sim->device.heap_count) {
        return;
    }
    vr_sim_mutex_lock(&sim->heap_lock);
    sim->budget[heap] = budget;
    sim->other_usage[heap] = other_usage;
    vr_sim_mutex_unlock(&sim->heap_lock);
}

void vr_sim_set_requirements_hook(struct VrSim *sim, VrSimRequirementsFn hook, void *user)
{
    vr_sim_mutex_lock(&sim->control_lock);
    sim->hook = hook;
    sim->hook_user = user;
    vr_sim_set_slow(sim, VR_SIM_SLOW_HOOK, hook != NULL);
    vr_sim_mutex_unlock(&sim->control_lock);
}

void vr_sim_memory_info(VkDeviceMemory handle, struct VrSimMemoryInfo *info)
{
    struct VrSimMemory *memory = vr_sim_object_of(VR_SIM_BITS(handle));
    *info = memory->info;
    info->bound = atomic_load_explicit(&memory->bound, memory_order_relaxed);
}

static void resource_info(const struct VrSimResource *resource, struct VrSimResourceInfo *info)
{
    *info = (struct VrSimResourceInfo){
        .requirements = {resource->size, (VkDeviceSize)1 << resource->alignment_log2, resource->type_bits,
                         resource->prefers_dedicated, resource->requires_dedicated},
        .memory = VR_SIM_HANDLE(VkDeviceMemory, resource->memory),
        .offset = resource->offset,
        .size = resource->created_size,
        .usage = resource->usage,
        .flags = resource->flags,
    };
}

void vr_sim_buffer_info(VkBuffer buffer, struct VrSimResourceInfo *info)
{
    resource_info(vr_sim_object_of(VR_SIM_BITS(buffer)), info);
}

void vr_sim_image_info(VkImage image, struct VrSimResourceInfo *info)
{
    resource_info(vr_sim_object_of(VR_SIM_BITS(image)), info);
}
