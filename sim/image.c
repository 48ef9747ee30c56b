// SPDX-License-Identifier: MIT
// VkImage: shape and requirements; there are no texels beyond the bytes of the memory.
#include "entries.h"
#include "resource.h"

static VkResult check_image(struct VrSim *sim, const VkImageCreateInfo *info)
{
    const enum VrSimCall call = VR_SIM_CALL_CREATE_IMAGE;
    const VkExtent3D e = info->extent;
    if (info->sType != VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call, "sType is %d", (int)info->sType);
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    if (e.width == 0 || e.height == 0 || e.depth == 0 || info->mipLevels == 0 || info->arrayLayers == 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_SIZE, call, "extent %u x %u x %u, %u mip levels, %u layers", e.width,
                      e.height, e.depth, info->mipLevels, info->arrayLayers);
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    const VkPhysicalDeviceLimits *limits = &sim->device.limits;
    const uint32_t limit =
        info->imageType == VK_IMAGE_TYPE_3D ? limits->maxImageDimension3D : limits->maxImageDimension2D;
    if (e.width > limit || e.height > limit || e.depth > limits->maxImageDimension3D ||
        info->mipLevels > 32 || info->arrayLayers > limits->maxImageArrayLayers) {
        vr_sim_report(sim, VR_SIM_MISUSE_SIZE, call, "extent %u x %u x %u with %u layers is above a limit",
                      e.width, e.height, e.depth, info->arrayLayers);
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    return VK_SUCCESS;
}

VkResult VKAPI_CALL vr_sim_vkCreateImage(VkDevice device, const VkImageCreateInfo *info,
                                         const VkAllocationCallbacks *callbacks, VkImage *out)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_CREATE_IMAGE);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_sim_count_callbacks(shard, callbacks);
    result = check_image(sim, info);
    if (result != VK_SUCCESS) {
        return vr_sim_failed(shard, result);
    }
    struct VrSimImage *image = vr_sim_object_new(sim, shard, VR_SIM_KIND_IMAGE);
    if (!image) {
        return vr_sim_failed(shard, VK_ERROR_OUT_OF_HOST_MEMORY);
    }
    struct VrSimRequirements requirements;
    vr_sim_image_requirements(sim, info, &requirements);
    vr_sim_resource_require(&image->resource, &requirements);
    image->resource.created_size = requirements.size;
    image->resource.usage = info->usage;
    image->resource.flags = info->flags;
    image->resource.memory = 0;
    image->resource.offset = 0;
    image->shape = vr_sim_shape_of(info);
    *out = VR_SIM_HANDLE(VkImage, vr_sim_handle_of(&image->resource.object));
    return VK_SUCCESS;
}

void VKAPI_CALL vr_sim_vkDestroyImage(VkDevice device, VkImage image, const VkAllocationCallbacks *callbacks)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    vr_sim_count(sim, shard, VR_SIM_CALL_DESTROY_IMAGE);
    vr_sim_count_callbacks(shard, callbacks);
    if (image != VK_NULL_HANDLE) {
        vr_sim_destroy_resource(sim, shard, VR_SIM_CALL_DESTROY_IMAGE, VR_SIM_KIND_IMAGE, VR_SIM_BITS(image));
    }
}

void VKAPI_CALL vr_sim_vkGetImageMemoryRequirements(VkDevice device, VkImage image, VkMemoryRequirements *out)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_IMAGE_REQUIREMENTS;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    vr_sim_get_requirements(sim, call, VR_SIM_KIND_IMAGE, VR_SIM_BITS(image), out);
}

void VKAPI_CALL vr_sim_vkGetImageMemoryRequirements2(VkDevice device,
                                                     const VkImageMemoryRequirementsInfo2 *info,
                                                     VkMemoryRequirements2 *out)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_IMAGE_REQUIREMENTS2;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    vr_sim_get_requirements2(sim, call, VR_SIM_KIND_IMAGE, VR_SIM_BITS(info->image), out);
}

void VKAPI_CALL vr_sim_vkGetDeviceImageMemoryRequirements(VkDevice device,
                                                          const VkDeviceImageMemoryRequirements *info,
                                                          VkMemoryRequirements2 *out)
{
    struct VrSim *sim = vr_sim_of(device);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_DEVICE_IMAGE_REQUIREMENTS);
    struct VrSimRequirements requirements;
    vr_sim_image_requirements(sim, info->pCreateInfo, &requirements);
    vr_sim_fill_requirements2(&requirements, out);
}

void VKAPI_CALL vr_sim_vkGetImageSubresourceLayout(VkDevice device, VkImage handle,
                                                   const VkImageSubresource *which, VkSubresourceLayout *out)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_SUBRESOURCE_LAYOUT;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    const struct VrSimImage *image = vr_sim_checked(sim, VR_SIM_KIND_IMAGE, VR_SIM_BITS(handle), call);
    if (!image || image->shape.tiling != VK_IMAGE_TILING_LINEAR || which->mipLevel >= image->shape.mips ||
        which->arrayLayer >= image->shape.layers) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call, "not a subresource of a linear image");
        *out = (VkSubresourceLayout){0};
        return;
    }
    vr_sim_linear_layout(&sim->device.model, &image->shape, which, out);
}

VkResult VKAPI_CALL vr_sim_vkBindImageMemory(VkDevice device, VkImage image, VkDeviceMemory memory,
                                             VkDeviceSize offset)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_BIND_IMAGE);
    if (result != VK_SUCCESS) {
        return result;
    }
    result = vr_sim_bind(sim, VR_SIM_CALL_BIND_IMAGE, VR_SIM_KIND_IMAGE, VR_SIM_BITS(image), memory, offset);
    return result == VK_SUCCESS ? result : vr_sim_failed(shard, result);
}

VkResult VKAPI_CALL vr_sim_vkBindImageMemory2(VkDevice device, uint32_t count,
                                              const VkBindImageMemoryInfo *infos)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_BIND_IMAGE2);
    if (result != VK_SUCCESS) {
        return result;
    }
    for (uint32_t i = 0; i < count && result == VK_SUCCESS; i++) {
        result = vr_sim_bind(sim, VR_SIM_CALL_BIND_IMAGE2, VR_SIM_KIND_IMAGE, VR_SIM_BITS(infos[i].image),
                             infos[i].memory, infos[i].memoryOffset);
    }
    return result == VK_SUCCESS ? result : vr_sim_failed(shard, result);
}
