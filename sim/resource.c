// SPDX-License-Identifier: MIT
// Binding, requirements and destruction of buffers and images.
#include "resource.h"

void vr_sim_run_hook(struct VrSim *sim, const VkBufferCreateInfo *buffer, const VkImageCreateInfo *image,
                     struct VrSimRequirements *requirements)
{
    vr_sim_mutex_lock(&sim->control_lock);
    const VrSimRequirementsFn hook = sim->hook;
    void *user = sim->hook_user;
    vr_sim_mutex_unlock(&sim->control_lock);
    if (hook) {
        hook(user, buffer, image, requirements);
    }
}

// ---- binding ------------------------------------------------------------------------------------

static bool check_place(struct VrSim *sim, enum VrSimCall call, const struct VrSimResource *resource,
                        const struct VrSimMemory *memory, VkDeviceSize offset)
{
    const VkDeviceSize alignment = (VkDeviceSize)1 << resource->alignment_log2;
    if (!(resource->type_bits & 1u << memory->info.type)) {
        vr_sim_report(sim, VR_SIM_MISUSE_TYPE, call, "memory type %u is not in memoryTypeBits 0x%x",
                      memory->info.type, resource->type_bits);
        return false;
    }
    if (offset % alignment != 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_ALIGNMENT, call, "offset %llu, but the alignment is %llu",
                      (unsigned long long)offset, (unsigned long long)alignment);
        return false;
    }
    if (offset > memory->info.size || resource->size > memory->info.size - offset) {
        vr_sim_report(sim, VR_SIM_MISUSE_RANGE, call, "offset %llu and %llu bytes in a memory of %llu",
                      (unsigned long long)offset, (unsigned long long)resource->size,
                      (unsigned long long)memory->info.size);
        return false;
    }
    return true;
}

static bool check_use(struct VrSim *sim, enum VrSimCall call, const struct VrSimResource *resource,
                      uint64_t handle, const struct VrSimMemory *memory, VkDeviceSize offset)
{
    const uint64_t buffer = VR_SIM_BITS(memory->info.dedicated_buffer);
    const uint64_t image = VR_SIM_BITS(memory->info.dedicated_image);
    const bool dedicated = buffer != 0 || image != 0;
    const bool is_buffer = resource->object.kind == VR_SIM_KIND_BUFFER;
    if (resource->memory != 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_DOUBLE_BIND, call, "bound already");
        return false;
    }
    if (dedicated && ((is_buffer ? buffer : image) != handle || offset != 0)) {
        vr_sim_report(sim, VR_SIM_MISUSE_DEDICATED, call,
                      "the memory is dedicated to another resource or offset");
        return false;
    }
    if (!dedicated && resource->requires_dedicated) {
        vr_sim_report(sim, VR_SIM_MISUSE_DEDICATED, call, "the resource requires dedicated memory");
        return false;
    }
    if (is_buffer && (resource->usage & VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT) &&
        !(memory->info.flags & VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT)) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call,
                      "the buffer has SHADER_DEVICE_ADDRESS, the memory not MEMORY_ALLOCATE_DEVICE_ADDRESS");
        return false;
    }
    return true;
}

VkResult vr_sim_bind(struct VrSim *sim, enum VrSimCall call, enum VrSimKind kind, uint64_t handle,
                     VkDeviceMemory memory_handle, VkDeviceSize offset)
{
    struct VrSimResource *resource = vr_sim_checked(sim, kind, handle, call);
    struct VrSimMemory *memory = vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(memory_handle), call);
    if (vr_sim_checks(sim)) {
        if (!resource || !memory || !check_use(sim, call, resource, handle, memory, offset) ||
            !check_place(sim, call, resource, memory, offset)) {
            return VK_ERROR_VALIDATION_FAILED_EXT;
        }
        atomic_fetch_add_explicit(&memory->bound, 1, memory_order_relaxed);
    }
    resource->memory = VR_SIM_BITS(memory_handle);
    resource->offset = offset;
    return VK_SUCCESS;
}

void vr_sim_destroy_resource(struct VrSim *sim, struct VrSimShard *shard, enum VrSimCall call,
                             enum VrSimKind kind, uint64_t handle)
{
    struct VrSimResource *resource = vr_sim_checked(sim, kind, handle, call);
    if (!resource) {
        return;
    }
    if (vr_sim_checks(sim) && vr_sim_is_alive(sim, VR_SIM_KIND_MEMORY, resource->memory)) {
        struct VrSimMemory *memory = vr_sim_object_of(resource->memory);
        atomic_fetch_sub_explicit(&memory->bound, 1, memory_order_relaxed);
    }
    vr_sim_object_delete(sim, shard, &resource->object);
}

// ---- requirements -------------------------------------------------------------------------------

void vr_sim_get_requirements(struct VrSim *sim, enum VrSimCall call, enum VrSimKind kind, uint64_t handle,
                             VkMemoryRequirements *out)
{
    const struct VrSimResource *resource = vr_sim_checked(sim, kind, handle, call);
    if (!resource) {
        *out = (VkMemoryRequirements){0, 1, 0};
        return;
    }
    out->size = resource->size;
    out->alignment = (VkDeviceSize)1 << resource->alignment_log2;
    out->memoryTypeBits = resource->type_bits;
}

void vr_sim_fill_requirements2(const struct VrSimRequirements *from, VkMemoryRequirements2 *out)
{
    out->memoryRequirements = (VkMemoryRequirements){from->size, from->alignment, from->type_bits};
    for (VkBaseOutStructure *s = out->pNext; s; s = s->pNext) {
        if (s->sType == VK_STRUCTURE_TYPE_MEMORY_DEDICATED_REQUIREMENTS) {
            VkMemoryDedicatedRequirements *dedicated = (VkMemoryDedicatedRequirements *)(void *)s;
            dedicated->prefersDedicatedAllocation = from->prefers_dedicated || from->requires_dedicated;
            dedicated->requiresDedicatedAllocation = from->requires_dedicated;
        }
    }
}

void vr_sim_get_requirements2(struct VrSim *sim, enum VrSimCall call, enum VrSimKind kind, uint64_t handle,
                              VkMemoryRequirements2 *out)
{
    const struct VrSimResource *resource = vr_sim_checked(sim, kind, handle, call);
    struct VrSimRequirements requirements = {0, 1, 0, false, false};
    if (resource) {
        requirements = (struct VrSimRequirements){resource->size, (VkDeviceSize)1 << resource->alignment_log2,
                                                  resource->type_bits, resource->prefers_dedicated,
                                                  resource->requires_dedicated};
    }
    vr_sim_fill_requirements2(&requirements, out);
}
