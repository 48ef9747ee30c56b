// SPDX-License-Identifier: MIT
// The normal way in: vkCreateInstance, vkEnumeratePhysicalDevices, vkCreateDevice. The instance and the
// devices that it makes are further handles of one simulation.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries.h"
#include "internal.h"

static struct VrSimDispatch *new_dispatch(const struct VrSim *sim)
{
    struct VrSimDispatch *dispatch = malloc(sizeof(*dispatch));
    if (dispatch) {
        *dispatch = sim->instance;
    }
    return dispatch;
}

static const char *const instance_extensions[] = {
    "VK_KHR_get_physical_device_properties2",
    "VK_KHR_external_memory_capabilities",
    "VK_KHR_device_group_creation",
};
#define INSTANCE_EXTENSION_COUNT 3u

static bool has_instance_extension(const char *name)
{
    for (uint32_t i = 0; i < INSTANCE_EXTENSION_COUNT; i++) {
        if (strcmp(instance_extensions[i], name) == 0) {
            return true;
        }
    }
    return false;
}

// Names in the style of Vulkan's two-call enumerations.
static VkResult give_extensions(const char *const *names, uint32_t available, uint32_t *count,
                                VkExtensionProperties *out)
{
    if (!out) {
        *count = available;
        return VK_SUCCESS;
    }
    const uint32_t given = *count < available ? *count : available;
    for (uint32_t i = 0; i < given; i++) {
        memset(&out[i], 0, sizeof(out[i]));
        (void)snprintf(out[i].extensionName, sizeof(out[i].extensionName), "%s", names[i]);
        out[i].specVersion = 1;
    }
    *count = given;
    return given < available ? VK_INCOMPLETE : VK_SUCCESS;
}

VkResult VKAPI_CALL vr_sim_vkEnumerateInstanceVersion(uint32_t *version)
{
    const struct VrSim *sim = atomic_load(&vr_sim_default);
    *version =
        sim && sim->device.api_version > VK_API_VERSION_1_1 ? sim->device.api_version : VK_API_VERSION_1_1;
    return VK_SUCCESS;
}

VkResult VKAPI_CALL vr_sim_vkEnumerateInstanceExtensionProperties(const char *layer, uint32_t *count,
                                                                  VkExtensionProperties *out)
{
    return layer ? VK_ERROR_LAYER_NOT_PRESENT
                 : give_extensions(instance_extensions, INSTANCE_EXTENSION_COUNT, count, out);
}

VkResult VKAPI_CALL vr_sim_vkEnumerateInstanceLayerProperties(uint32_t *count, VkLayerProperties *out)
{
    (void)out;
    *count = 0;
    return VK_SUCCESS;
}

VkResult VKAPI_CALL vr_sim_vkCreateInstance(const VkInstanceCreateInfo *info,
                                            const VkAllocationCallbacks *callbacks, VkInstance *out)
{
    struct VrSim *sim = atomic_load(&vr_sim_default);
    if (!sim) {
        return VK_ERROR_INCOMPATIBLE_DRIVER;
    }
    struct VrSimShard *shard = vr_sim_shard(sim);
    const VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_CREATE_INSTANCE);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_sim_count_callbacks(shard, callbacks);
    for (uint32_t i = 0; i < info->enabledExtensionCount; i++) {
        if (!has_instance_extension(info->ppEnabledExtensionNames[i])) {
            return vr_sim_failed(shard, VK_ERROR_EXTENSION_NOT_PRESENT);
        }
    }
    struct VrSimDispatch *instance = new_dispatch(sim);
    if (!instance) {
        return vr_sim_failed(shard, VK_ERROR_OUT_OF_HOST_MEMORY);
    }
    *out = (VkInstance)(void *)instance;
    return VK_SUCCESS;
}

void VKAPI_CALL vr_sim_vkDestroyInstance(VkInstance instance, const VkAllocationCallbacks *callbacks)
{
    if (!instance) {
        return;
    }
    struct VrSim *sim = vr_sim_of(instance);
    struct VrSimShard *shard = vr_sim_shard(sim);
    vr_sim_count(sim, shard, VR_SIM_CALL_DESTROY_INSTANCE);
    vr_sim_count_callbacks(shard, callbacks);
    if (instance != vr_sim_instance(sim)) {
        free(instance);
    }
}

VkResult VKAPI_CALL vr_sim_vkEnumeratePhysicalDevices(VkInstance instance, uint32_t *count,
                                                      VkPhysicalDevice *out)
{
    struct VrSim *sim = vr_sim_of(instance);
    const VkResult result = vr_sim_enter(sim, vr_sim_shard(sim), VR_SIM_CALL_ENUMERATE_PHYSICAL_DEVICES);
    if (result != VK_SUCCESS) {
        return result;
    }
    if (!out) {
        *count = 1;
        return VK_SUCCESS;
    }
    if (*count == 0) {
        return VK_INCOMPLETE;
    }
    *count = 1;
    out[0] = vr_sim_physical_device(sim);
    return VK_SUCCESS;
}

VkResult VKAPI_CALL vr_sim_vkEnumerateDeviceExtensionProperties(VkPhysicalDevice physical, const char *layer,
                                                                uint32_t *count, VkExtensionProperties *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    const VkResult result = vr_sim_enter(sim, vr_sim_shard(sim), VR_SIM_CALL_ENUMERATE_DEVICE_EXTENSIONS);
    if (result != VK_SUCCESS) {
        return result;
    }
    const char *names[VR_SIM_MAX_EXTENSIONS];
    for (uint32_t i = 0; i < sim->device.extension_count; i++) {
        names[i] = sim->device.extensions[i];
    }
    return layer ? VK_ERROR_LAYER_NOT_PRESENT
                 : give_extensions(names, sim->device.extension_count, count, out);
}

VkResult VKAPI_CALL vr_sim_vkEnumerateDeviceLayerProperties(VkPhysicalDevice physical, uint32_t *count,
                                                            VkLayerProperties *out)
{
    (void)physical;
    return vr_sim_vkEnumerateInstanceLayerProperties(count, out);
}

VkResult VKAPI_CALL vr_sim_vkCreateDevice(VkPhysicalDevice physical, const VkDeviceCreateInfo *info,
                                          const VkAllocationCallbacks *callbacks, VkDevice *out)
{
    struct VrSim *sim = vr_sim_of(physical);
    struct VrSimShard *shard = vr_sim_shard(sim);
    const VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_CREATE_DEVICE);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_sim_count_callbacks(shard, callbacks);
    for (uint32_t i = 0; i < info->enabledExtensionCount; i++) {
        if (!vr_sim_device_has_extension(&sim->device, info->ppEnabledExtensionNames[i])) {
            return vr_sim_failed(shard, VK_ERROR_EXTENSION_NOT_PRESENT);
        }
    }
    struct VrSimDispatch *device = new_dispatch(sim);
    if (!device) {
        return vr_sim_failed(shard, VK_ERROR_OUT_OF_HOST_MEMORY);
    }
    atomic_fetch_add(&sim->devices_created, 1);
    *out = (VkDevice)(void *)device;
    return VK_SUCCESS;
}

// Objects belong to the simulation, so leaks can be told when its last device goes.
void VKAPI_CALL vr_sim_vkDestroyDevice(VkDevice device, const VkAllocationCallbacks *callbacks)
{
    if (!device) {
        return;
    }
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    vr_sim_count(sim, shard, VR_SIM_CALL_DESTROY_DEVICE);
    vr_sim_count_callbacks(shard, callbacks);
    if (device == vr_sim_device(sim)) {
        return;
    }
    free(device);
    if (atomic_fetch_sub(&sim->devices_created, 1) == 1) {
        (void)vr_sim_report_leaks(sim);
    }
}

void VKAPI_CALL vr_sim_vkGetDeviceQueue(VkDevice device, uint32_t family, uint32_t index, VkQueue *out)
{
    (void)index;
    struct VrSim *sim = vr_sim_of(device);
    vr_sim_count(sim, vr_sim_shard(sim), VR_SIM_CALL_GET_DEVICE_QUEUE);
    *out = vr_sim_queue(sim, family);
}

VkResult VKAPI_CALL vr_sim_vkDeviceWaitIdle(VkDevice device)
{
    struct VrSim *sim = vr_sim_of(device);
    return vr_sim_enter(sim, vr_sim_shard(sim), VR_SIM_CALL_DEVICE_WAIT_IDLE);
}
