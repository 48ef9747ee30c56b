// SPDX-License-Identifier: MIT
// A real driver as target: the system's loader is opened at run time, never linked, and the first GPU is
// taken (a discrete or integrated one before a software one).
#include "target.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSTANCE_FUNCTION(target, name) ((PFN_##name)(target)->get_instance_proc((target)->instance, #name))

static int open_loader(struct target *target)
{
    target->loader = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
    if (target->loader == NULL) {
        fprintf(stderr, "bench: no Vulkan loader: %s\n", dlerror());
        return -1;
    }
    void *symbol = dlsym(target->loader, "vkGetInstanceProcAddr");
    if (symbol == NULL) {
        fprintf(stderr, "bench: libvulkan.so.1 has no vkGetInstanceProcAddr\n");
        return -1;
    }
    memcpy(&target->get_instance_proc, &symbol, sizeof symbol);
    return 0;
}

static int create_instance(struct target *target)
{
    PFN_vkCreateInstance create = (PFN_vkCreateInstance)target->get_instance_proc(NULL, "vkCreateInstance");
    VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO,
                                     .pApplicationName = "vram_bench",
                                     .apiVersion = VK_API_VERSION_1_3};
    VkInstanceCreateInfo info = {.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
                                 .pApplicationInfo = &application};
    VkResult result =
        create == NULL ? VK_ERROR_INITIALIZATION_FAILED : create(&info, NULL, &target->instance);
    if (result != VK_SUCCESS) {
        fprintf(stderr, "bench: vkCreateInstance failed: VkResult %d\n", (int)result);
        return -1;
    }
    return 0;
}

static int choose_physical_device(struct target *target)
{
    VkPhysicalDevice devices[16];
    uint32_t count = 16;
    VkResult result =
        INSTANCE_FUNCTION(target, vkEnumeratePhysicalDevices)(target->instance, &count, devices);
    if ((result != VK_SUCCESS && result != VK_INCOMPLETE) || count == 0) {
        fprintf(stderr, "bench: no Vulkan device: VkResult %d\n", (int)result);
        return -1;
    }
    for (uint32_t i = 0; i < count; ++i) {
        VkPhysicalDeviceProperties properties;
        INSTANCE_FUNCTION(target, vkGetPhysicalDeviceProperties)(devices[i], &properties);
        if (target->physical == NULL || properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU) {
            target->physical = devices[i];
            snprintf(target->name, sizeof target->name, "%s", properties.deviceName);
        }
        if (properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_CPU) {
            break;
        }
    }
    return 0;
}

static bool has_budget_extension(const struct target *target)
{
    PFN_vkEnumerateDeviceExtensionProperties enumerate =
        INSTANCE_FUNCTION(target, vkEnumerateDeviceExtensionProperties);
    uint32_t count = 0;
    if (enumerate(target->physical, NULL, &count, NULL) != VK_SUCCESS || count == 0) {
        return false;
    }
    VkExtensionProperties *extensions = calloc(count, sizeof *extensions);
    bool found = false;
    if (extensions != NULL && enumerate(target->physical, NULL, &count, extensions) >= VK_SUCCESS) {
        for (uint32_t i = 0; i < count; ++i) {
            found |= strcmp(extensions[i].extensionName, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME) == 0;
        }
    }
    free(extensions);
    return found;
}

static int create_device(struct target *target)
{
    bool budget = has_budget_extension(target);
    target->supported = budget ? VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT : 0u;
    const char *extension = VK_EXT_MEMORY_BUDGET_EXTENSION_NAME;
    float priority = 1.0f;
    VkDeviceQueueCreateInfo queue = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, .queueCount = 1, .pQueuePriorities = &priority};
    VkDeviceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .queueCreateInfoCount = 1,
        .pQueueCreateInfos = &queue,
        .enabledExtensionCount = budget ? 1 : 0,
        .ppEnabledExtensionNames = &extension,
    };
    VkResult result =
        INSTANCE_FUNCTION(target, vkCreateDevice)(target->physical, &info, NULL, &target->device);
    if (result != VK_SUCCESS) {
        fprintf(stderr, "bench: vkCreateDevice failed on %s: VkResult %d\n", target->name, (int)result);
        return -1;
    }
    target->get_device_proc = INSTANCE_FUNCTION(target, vkGetDeviceProcAddr);
    return 0;
}

int target_open_vulkan(struct target *target)
{
    memset(target, 0, sizeof *target);
    if (open_loader(target) != 0 || create_instance(target) != 0 || choose_physical_device(target) != 0 ||
        create_device(target) != 0) {
        target_close(target);
        return -1;
    }
    return 0;
}

void target_close(struct target *target)
{
    vr_sim_destroy(target->sim);
    if (target->device != NULL && target->sim == NULL) {
        PFN_vkDestroyDevice destroy =
            (PFN_vkDestroyDevice)target->get_device_proc(target->device, "vkDestroyDevice");
        destroy(target->device, NULL);
    }
    if (target->instance != NULL && target->sim == NULL) {
        INSTANCE_FUNCTION(target, vkDestroyInstance)(target->instance, NULL);
    }
    // The loader stays open: some drivers leave threads behind that run its code.
    memset(target, 0, sizeof *target);
}
