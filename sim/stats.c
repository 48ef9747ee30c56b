// SPDX-License-Identifier: MIT
// Names of the entry points, and the sums over all shards.
#include <string.h>

#include "internal.h"

const char *vr_sim_call_name(enum VrSimCall call)
{
    static const char *const names[VR_SIM_CALL_COUNT] = {
        [VR_SIM_CALL_ANY] = "any call",
        [VR_SIM_CALL_CREATE_INSTANCE] = "vkCreateInstance",
        [VR_SIM_CALL_DESTROY_INSTANCE] = "vkDestroyInstance",
        [VR_SIM_CALL_ENUMERATE_INSTANCE] = "vkEnumerateInstance*",
        [VR_SIM_CALL_ENUMERATE_PHYSICAL_DEVICES] = "vkEnumeratePhysicalDevices",
        [VR_SIM_CALL_ENUMERATE_DEVICE_EXTENSIONS] = "vkEnumerateDeviceExtensionProperties",
        [VR_SIM_CALL_GET_PROPERTIES] = "vkGetPhysicalDeviceProperties",
        [VR_SIM_CALL_GET_FEATURES] = "vkGetPhysicalDeviceFeatures",
        [VR_SIM_CALL_GET_QUEUE_FAMILIES] = "vkGetPhysicalDeviceQueueFamilyProperties",
        [VR_SIM_CALL_GET_FORMAT_PROPERTIES] = "vkGetPhysicalDeviceFormatProperties",
        [VR_SIM_CALL_GET_MEMORY_PROPERTIES] = "vkGetPhysicalDeviceMemoryProperties",
        [VR_SIM_CALL_GET_MEMORY_PROPERTIES2] = "vkGetPhysicalDeviceMemoryProperties2",
        [VR_SIM_CALL_GET_EXTERNAL_BUFFER_PROPERTIES] = "vkGetPhysicalDeviceExternalBufferProperties",
        [VR_SIM_CALL_CREATE_DEVICE] = "vkCreateDevice",
        [VR_SIM_CALL_DESTROY_DEVICE] = "vkDestroyDevice",
        [VR_SIM_CALL_GET_DEVICE_QUEUE] = "vkGetDeviceQueue",
        [VR_SIM_CALL_DEVICE_WAIT_IDLE] = "vkDeviceWaitIdle",
        [VR_SIM_CALL_ALLOCATE_MEMORY] = "vkAllocateMemory",
        [VR_SIM_CALL_FREE_MEMORY] = "vkFreeMemory",
        [VR_SIM_CALL_MAP_MEMORY] = "vkMapMemory",
        [VR_SIM_CALL_UNMAP_MEMORY] = "vkUnmapMemory",
        [VR_SIM_CALL_FLUSH_RANGES] = "vkFlushMappedMemoryRanges",
        [VR_SIM_CALL_INVALIDATE_RANGES] = "vkInvalidateMappedMemoryRanges",
        [VR_SIM_CALL_SET_MEMORY_PRIORITY] = "vkSetDeviceMemoryPriorityEXT",
        [VR_SIM_CALL_GET_MEMORY_COMMITMENT] = "vkGetDeviceMemoryCommitment",
        [VR_SIM_CALL_GET_MEMORY_WIN32_HANDLE] = "vkGetMemoryWin32HandleKHR",
        [VR_SIM_CALL_CREATE_BUFFER] = "vkCreateBuffer",
        [VR_SIM_CALL_DESTROY_BUFFER] = "vkDestroyBuffer",
        [VR_SIM_CALL_CREATE_IMAGE] = "vkCreateImage",
        [VR_SIM_CALL_DESTROY_IMAGE] = "vkDestroyImage",
        [VR_SIM_CALL_GET_BUFFER_REQUIREMENTS] = "vkGetBufferMemoryRequirements",
        [VR_SIM_CALL_GET_BUFFER_REQUIREMENTS2] = "vkGetBufferMemoryRequirements2",
        [VR_SIM_CALL_GET_IMAGE_REQUIREMENTS] = "vkGetImageMemoryRequirements",
        [VR_SIM_CALL_GET_IMAGE_REQUIREMENTS2] = "vkGetImageMemoryRequirements2",
        [VR_SIM_CALL_GET_DEVICE_BUFFER_REQUIREMENTS] = "vkGetDeviceBufferMemoryRequirements",
        [VR_SIM_CALL_GET_DEVICE_IMAGE_REQUIREMENTS] = "vkGetDeviceImageMemoryRequirements",
        [VR_SIM_CALL_BIND_BUFFER] = "vkBindBufferMemory",
        [VR_SIM_CALL_BIND_BUFFER2] = "vkBindBufferMemory2",
        [VR_SIM_CALL_BIND_IMAGE] = "vkBindImageMemory",
        [VR_SIM_CALL_BIND_IMAGE2] = "vkBindImageMemory2",
        [VR_SIM_CALL_GET_BUFFER_ADDRESS] = "vkGetBufferDeviceAddress",
        [VR_SIM_CALL_GET_SUBRESOURCE_LAYOUT] = "vkGetImageSubresourceLayout",
        [VR_SIM_CALL_CMD_COPY_BUFFER] = "vkCmdCopyBuffer",
    };
    return (unsigned)call < VR_SIM_CALL_COUNT ? names[call] : "unknown call";
}

struct Sums {
    uint64_t calls[VR_SIM_CALL_COUNT];
    uint64_t sums[VR_SIM_SUM_COUNT];
    uint64_t live[VR_SIM_KIND_COUNT];
    uint64_t mapped;
};

static uint64_t load(VrSimCounter *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void sum_shards(struct VrSim *sim, struct Sums *out)
{
    memset(out, 0, sizeof(*out));
    vr_sim_mutex_lock(&sim->slab_lock);
    for (struct VrSimShard *shard = sim->shards; shard; shard = shard->next) {
        for (int i = VR_SIM_CALL_ANY + 1; i < VR_SIM_CALL_COUNT; i++) {
            const uint64_t calls = load(&shard->calls[i]);
            out->calls[i] += calls;
            out->calls[VR_SIM_CALL_ANY] += calls;
        }
        for (int i = 0; i < VR_SIM_SUM_COUNT; i++) {
            out->sums[i] += load(&shard->sums[i]);
        }
        for (int i = 0; i < VR_SIM_KIND_COUNT; i++) {
            out->live[i] += load(&shard->live[i]);
        }
        out->mapped += load(&shard->mapped);
    }
    vr_sim_mutex_unlock(&sim->slab_lock);
}

void vr_sim_stats(struct VrSim *sim, struct VrSimStats *stats)
{
    struct Sums now;
    sum_shards(sim, &now);
    memset(stats, 0, sizeof(*stats));

    vr_sim_mutex_lock(&sim->control_lock);
    for (int i = 0; i < VR_SIM_CALL_COUNT; i++) {
        stats->calls[i] = now.calls[i] - sim->base_calls[i];
    }
    for (int i = 0; i < VR_SIM_SUM_COUNT; i++) {
        now.sums[i] -= sim->base_sums[i];
    }
    vr_sim_mutex_unlock(&sim->control_lock);

    stats->failed_calls = now.sums[VR_SIM_SUM_FAILED];
    stats->callback_calls = now.sums[VR_SIM_SUM_CALLBACKS];
    stats->flush_ranges = now.sums[VR_SIM_SUM_FLUSH_RANGES];
    stats->invalidate_ranges = now.sums[VR_SIM_SUM_INVALIDATE_RANGES];
    stats->allocated_bytes = now.sums[VR_SIM_SUM_ALLOCATED_BYTES];
    stats->memories = now.live[VR_SIM_KIND_MEMORY];
    stats->buffers = now.live[VR_SIM_KIND_BUFFER];
    stats->images = now.live[VR_SIM_KIND_IMAGE];
    stats->mapped = now.mapped;

    vr_sim_mutex_lock(&sim->heap_lock);
    memcpy(stats->heap_bytes, sim->heap_bytes, sizeof(stats->heap_bytes));
    memcpy(stats->heap_peak, sim->heap_peak, sizeof(stats->heap_peak));
    stats->total_bytes = sim->total_bytes;
    stats->total_peak = sim->total_peak;
    stats->peak_memories = sim->peak_memories;
    vr_sim_mutex_unlock(&sim->heap_lock);
}

void vr_sim_reset_stats(struct VrSim *sim)
{
    struct Sums now;
    sum_shards(sim, &now);
    vr_sim_mutex_lock(&sim->control_lock);
    memcpy(sim->base_calls, now.calls, sizeof(now.calls));
    memcpy(sim->base_sums, now.sums, sizeof(now.sums));
    vr_sim_mutex_unlock(&sim->control_lock);

    vr_sim_mutex_lock(&sim->heap_lock);
    memcpy(sim->heap_peak, sim->heap_bytes, sizeof(sim->heap_peak));
    sim->total_peak = sim->total_bytes;
    sim->peak_memories = sim->memories;
    vr_sim_mutex_unlock(&sim->heap_lock);
}
