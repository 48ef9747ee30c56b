// SPDX-License-Identifier: MIT
// What buffers and images have in common: requirements kept in the object, binding, destruction.
#ifndef VR_SIM_RESOURCE_H
#define VR_SIM_RESOURCE_H

#include "internal.h"

// Copies the answer of the vendor model into the object, after the hook of a test has seen it.
static inline void vr_sim_resource_require(struct VrSimResource *resource,
                                           const struct VrSimRequirements *required)
{
    resource->size = required->size;
    resource->alignment_log2 = (uint8_t)(required->alignment ? __builtin_ctzll(required->alignment) : 0);
    resource->type_bits = required->type_bits;
    resource->prefers_dedicated = required->prefers_dedicated;
    resource->requires_dedicated = required->requires_dedicated;
}

void vr_sim_run_hook(struct VrSim *sim, const VkBufferCreateInfo *buffer, const VkImageCreateInfo *image,
                     struct VrSimRequirements *requirements);

VkResult vr_sim_bind(struct VrSim *sim, enum VrSimCall call, enum VrSimKind kind, uint64_t resource,
                     VkDeviceMemory memory, VkDeviceSize offset);
void vr_sim_destroy_resource(struct VrSim *sim, struct VrSimShard *shard, enum VrSimCall call,
                             enum VrSimKind kind, uint64_t resource);
void vr_sim_get_requirements(struct VrSim *sim, enum VrSimCall call, enum VrSimKind kind, uint64_t resource,
                             VkMemoryRequirements *out);
void vr_sim_get_requirements2(struct VrSim *sim, enum VrSimCall call, enum VrSimKind kind, uint64_t resource,
                              VkMemoryRequirements2 *out);
void vr_sim_fill_requirements2(const struct VrSimRequirements *from, VkMemoryRequirements2 *out);

#endif
