// SPDX-License-Identifier: MIT
// From names to entry points.
#include <string.h>

#include "entries.h"
#include "internal.h"

enum Level { GLOBAL, INSTANCE, DEVICE };

struct Proc {
    const char *name;
    PFN_vkVoidFunction function;
    enum Level level;
    int minor_version;     // in core since; -1: never
    const char *extension; // null: none needed
};

#define CORE(name, level, minor) {"vk" #name, (PFN_vkVoidFunction)vr_sim_vk##name, level, minor, NULL},
#define ALIAS(name, target, level, extension)                                                                \
    {"vk" #name, (PFN_vkVoidFunction)vr_sim_vk##target, level, -1, extension},

static const struct Proc procs[] = {
    VR_SIM_ENTRIES(CORE) VR_SIM_ALIASES(ALIAS)
#ifdef VK_KHR_map_memory2
        {"vkMapMemory2", (PFN_vkVoidFunction)vr_sim_vkMapMemory2KHR, DEVICE, 4, NULL},
    {"vkUnmapMemory2", (PFN_vkVoidFunction)vr_sim_vkUnmapMemory2KHR, DEVICE, 4, NULL},
    {"vkMapMemory2KHR", (PFN_vkVoidFunction)vr_sim_vkMapMemory2KHR, DEVICE, -1, "VK_KHR_map_memory2"},
    {"vkUnmapMemory2KHR", (PFN_vkVoidFunction)vr_sim_vkUnmapMemory2KHR, DEVICE, -1, "VK_KHR_map_memory2"},
#endif
};

static const struct Proc *find(const char *name)
{
    for (size_t i = 0; i < sizeof(procs) / sizeof(procs[0]); i++) {
        if (strcmp(procs[i].name, name) == 0) {
            return &procs[i];
        }
    }
    return NULL;
}

static bool device_has(const struct VrSimDevice *device, const struct Proc *proc)
{
    if (proc->minor_version >= 0) {
        return VK_API_VERSION_MINOR(device->api_version) >= (uint32_t)proc->minor_version;
    }
    return !proc->extension || vr_sim_device_has_extension(device, proc->extension);
}

PFN_vkVoidFunction VKAPI_CALL vr_sim_get_instance_proc_addr(VkInstance instance, const char *name)
{
    const struct Proc *proc = find(name);
    if (!proc || (!instance && proc->level != GLOBAL)) {
        return NULL;
    }
    return proc->level == GLOBAL || device_has(&vr_sim_of(instance)->device, proc) ? proc->function : NULL;
}

PFN_vkVoidFunction VKAPI_CALL vr_sim_get_device_proc_addr(VkDevice device, const char *name)
{
    const struct Proc *proc = find(name);
    return proc && proc->level == DEVICE && device_has(&vr_sim_of(device)->device, proc) ? proc->function
                                                                                         : NULL;
}

PFN_vkVoidFunction VKAPI_CALL vr_sim_vkGetInstanceProcAddr(VkInstance instance, const char *name)
{
    return vr_sim_get_instance_proc_addr(instance, name);
}

PFN_vkVoidFunction VKAPI_CALL vr_sim_vkGetDeviceProcAddr(VkDevice device, const char *name)
{
    return vr_sim_get_device_proc_addr(device, name);
}
