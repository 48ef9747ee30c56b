// SPDX-License-Identifier: MIT
// VkBuffer: the path that a bench calls hundreds of millions of times, so nothing here may lock.
#include <string.h>

#include "entries.h"
#include "resource.h"

static VkResult check_buffer(struct VrSim *sim, const VkBufferCreateInfo *info)
{
    if (VR_SIM_UNLIKELY(info->size == 0 || info->size > sim->device.max_buffer_size)) {
        vr_sim_report(sim, VR_SIM_MISUSE_SIZE, VR_SIM_CALL_CREATE_BUFFER, "size %llu",
                      (unsigned long long)info->size);
        return info->size == 0 ? VK_ERROR_VALIDATION_FAILED_EXT : VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    if (VR_SIM_UNLIKELY(info->sType != VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO)) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, VR_SIM_CALL_CREATE_BUFFER, "sType is %d",
                      (int)info->sType);
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    return VK_SUCCESS;
}

VkResult VKAPI_CALL vr_sim_vkCreateBuffer(VkDevice device, const VkBufferCreateInfo *info,
                                          const VkAllocationCallbacks *callbacks, VkBuffer *out)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_CREATE_BUFFER);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_sim_count_callbacks(shard, callbacks);
    result = check_buffer(sim, info);
    if (result != VK_SUCCESS) {
        return vr_sim_failed(shard, result);
    }
    struct VrSimResource *buffer = vr_sim_object_new(sim, shard, VR_SIM_KIND_BUFFER);
    if (!buffer) {
        return vr_sim_failed(shard, VK_ERROR_OUT_OF_HOST_MEMORY);
    }
    struct VrSimRequirements requirements;
    vr_sim_buffer_requirements(sim, info, &requirements);
    vr_sim_resource_require(buffer, &requirements);
    buffer->created_size = info->size;
    buffer->usage = vr_sim_buffer_usage(info);
    buffer->flags = info->flags;
    buffer->memory = 0;
    buffer->offset = 0;
    *out = VR_SIM_HANDLE(VkBuffer, vr_sim_handle_of(&buffer->object));
    return VK_SUCCESS;
}

void VKAPI_CALL vr_sim_vkDestroyBuffer(VkDevice device, VkBuffer buffer,
                                       const VkAllocationCallbacks *callbacks)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    vr_sim_count(sim, shard, VR_SIM_CALL_DESTROY_BUFFER);
    vr_sim_count_callbacks(shard, callbacks);
    if (buffer != VK_NULL_HANDLE) {
        vr_sim_destroy_resource(sim, shard, VR_SIM_CALL_DESTROY_BUFFER, VR_SIM_KIND_BUFFER,
                                VR_SIM_BITS(buffer));
    }
}

void VKAPI_CALL vr_sim_vkGetBufferMemoryRequirements(VkDevice device, VkBuffer buffer,
                                                     VkMemoryRequirements *out)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_BUFFER_REQUIREMENTS;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    vr_sim_get_requirements(sim, call, VR_SIM_KIND_BUFFER, VR_SIM_BITS(buffer), out);
}

void VKAPI_CALL vr_sim_vkGetBufferMemoryRequirements2(VkDevice device,
                                                      const VkBufferMemoryRequirementsInfo2 *info,
                                                      VkMemoryRequirements2 *out)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_BUFFER_REQUIREMENTS2;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    vr_sim_get_requirements2(sim, call, VR_SIM_KIND_BUFFER, VR_SIM_BITS(info->buffer), out);
}

void VKAPI_CALL vr_sim_vkGetDeviceBufferMemoryRequirements(VkDevice device,
                                                           const VkDeviceBufferMemoryRequirements *info,
                                                           VkMemoryRequirements2 *out)
{
    struct VrSim *sim = vr_sim_of(device);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_DEVICE_BUFFER_REQUIREMENTS);
    struct VrSimRequirements requirements;
    vr_sim_buffer_requirements(sim, info->pCreateInfo, &requirements);
    vr_sim_fill_requirements2(&requirements, out);
}

VkResult VKAPI_CALL vr_sim_vkBindBufferMemory(VkDevice device, VkBuffer buffer, VkDeviceMemory memory,
                                              VkDeviceSize offset)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_BIND_BUFFER);
    if (result != VK_SUCCESS) {
        return result;
    }
    result =
        vr_sim_bind(sim, VR_SIM_CALL_BIND_BUFFER, VR_SIM_KIND_BUFFER, VR_SIM_BITS(buffer), memory, offset);
    return result == VK_SUCCESS ? result : vr_sim_failed(shard, result);
}

VkResult VKAPI_CALL vr_sim_vkBindBufferMemory2(VkDevice device, uint32_t count,
                                               const VkBindBufferMemoryInfo *infos)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_BIND_BUFFER2);
    if (result != VK_SUCCESS) {
        return result;
    }
    for (uint32_t i = 0; i < count && result == VK_SUCCESS; i++) {
        result = vr_sim_bind(sim, VR_SIM_CALL_BIND_BUFFER2, VR_SIM_KIND_BUFFER, VR_SIM_BITS(infos[i].buffer),
                             infos[i].memory, infos[i].memoryOffset);
    }
    return result == VK_SUCCESS ? result : vr_sim_failed(shard, result);
}

VkDeviceAddress VKAPI_CALL vr_sim_vkGetBufferDeviceAddress(VkDevice device,
                                                           const VkBufferDeviceAddressInfo *info)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_BUFFER_ADDRESS;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    const struct VrSimResource *buffer =
        vr_sim_checked(sim, VR_SIM_KIND_BUFFER, VR_SIM_BITS(info->buffer), call);
    if (!buffer) {
        return 0;
    }
    if (!(buffer->usage & VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT)) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call, "the buffer lacks SHADER_DEVICE_ADDRESS");
    }
    if (buffer->memory == 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_UNBOUND, call, "the buffer is not bound");
        return 0;
    }
    const struct VrSimMemory *memory = vr_sim_object_of(buffer->memory);
    return memory->address + buffer->offset;
}

// ---- copies -------------------------------------------------------------------------------------

static char *bytes_of(struct VrSim *sim, VkBuffer handle, VkDeviceSize offset, VkDeviceSize size)
{
    const enum VrSimCall call = VR_SIM_CALL_CMD_COPY_BUFFER;
    const struct VrSimResource *buffer = vr_sim_checked(sim, VR_SIM_KIND_BUFFER, VR_SIM_BITS(handle), call);
    if (!buffer) {
        return NULL;
    }
    if (buffer->memory == 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_UNBOUND, call, "a buffer is not bound");
        return NULL;
    }
    const struct VrSimMemory *memory = vr_sim_checked(sim, VR_SIM_KIND_MEMORY, buffer->memory, call);
    if (offset > buffer->created_size || size > buffer->created_size - offset) {
        vr_sim_report(sim, VR_SIM_MISUSE_RANGE, call, "offset %llu size %llu in a buffer of %llu",
                      (unsigned long long)offset, (unsigned long long)size,
                      (unsigned long long)buffer->created_size);
        return NULL;
    }
    return memory && memory->pages ? (char *)memory->pages + buffer->offset + offset : NULL;
}

// Copies at once when memory is backed; otherwise the regions are only checked.
void VKAPI_CALL vr_sim_vkCmdCopyBuffer(VkCommandBuffer commands, VkBuffer source, VkBuffer target,
                                       uint32_t count, const VkBufferCopy *regions)
{
    struct VrSim *sim = vr_sim_of(commands);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_CMD_COPY_BUFFER);
    if (!(sim->flags & (VR_SIM_BACKING | VR_SIM_CHECKS))) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *from = bytes_of(sim, source, regions[i].srcOffset, regions[i].size);
        char *to = bytes_of(sim, target, regions[i].dstOffset, regions[i].size);
        if (from && to && (sim->flags & VR_SIM_BACKING)) {
            memmove(to, from, (size_t)regions[i].size);
        }
    }
}
