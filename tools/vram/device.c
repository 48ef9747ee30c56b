// SPDX-License-Identifier: MIT
// Creates and destroys the logical device of driver.h.
#include <string.h>

#include "driver.h"
#include "text.h"

// The first family that can copy any image: graphics or compute, which imply transfer.
static bool find_queue_family(struct CliDevice *device)
{
    VkQueueFamilyProperties families[32];
    uint32_t count = 32;

    device->vk.GetPhysicalDeviceQueueFamilyProperties(device->physical, &count, families);
    for (int want_graphics = 1; want_graphics >= 0; want_graphics--) {
        for (uint32_t i = 0; i < count; i++) {
            VkQueueFlags wanted = want_graphics ? VK_QUEUE_GRAPHICS_BIT : VK_QUEUE_COMPUTE_BIT;
            if (families[i].queueFlags & wanted) {
                device->queue_family = i;
                return true;
            }
        }
    }
    return false;
}

static VkResult create_device(struct CliDevice *device)
{
    static const char *const extensions[] = {VK_EXT_MEMORY_BUDGET_EXTENSION_NAME};
    const float priority = 1.0f;
    VkDeviceQueueCreateInfo queue = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
        .queueFamilyIndex = device->queue_family,
        .queueCount = 1,
        .pQueuePriorities = &priority,
    };
    VkPhysicalDeviceBufferDeviceAddressFeatures address = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_BUFFER_DEVICE_ADDRESS_FEATURES,
    };
    VkPhysicalDeviceFeatures2 features = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
    VkDeviceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
        .queueCreateInfoCount = 1,
        .pQueueCreateInfos = &queue,
        .enabledExtensionCount = device->has_budget,
        .ppEnabledExtensionNames = extensions,
    };

    if (device->api_version >= VK_API_VERSION_1_2 && device->vk.GetPhysicalDeviceFeatures2) {
        features.pNext = &address;
        device->vk.GetPhysicalDeviceFeatures2(device->physical, &features);
        address.bufferDeviceAddressCaptureReplay = VK_FALSE;
        address.bufferDeviceAddressMultiDevice = VK_FALSE;
        features.features.robustBufferAccess = VK_FALSE;
        device->has_address = address.bufferDeviceAddress;
        info.pNext = &features;
    } else {
        device->vk.GetPhysicalDeviceFeatures(device->physical, &features.features);
        features.features.robustBufferAccess = VK_FALSE;
        info.pEnabledFeatures = &features.features;
    }
    return device->vk.CreateDevice(device->physical, &info, NULL, &device->device);
}

static void load_functions(struct CliDevice *device)
{
    struct CliVk *vk = &device->vk;
#define LOAD(name) vk->name = (PFN_vk##name)vk->GetDeviceProcAddr(device->device, "vk" #name);
    CLI_DEVICE_FUNCTIONS(LOAD)
#undef LOAD
}

bool cli_device_open(struct CliDevice *device, struct CliDriver *driver, uint32_t index)
{
    VkResult result = VK_ERROR_INITIALIZATION_FAILED;

    memset(device, 0, sizeof(*device));
    device->driver = driver;
    device->vk = driver->vk;
    device->physical = driver->devices[index];
    device->vk.GetPhysicalDeviceProperties(device->physical, &device->properties);
    device->vk.GetPhysicalDeviceMemoryProperties(device->physical, &device->memory);
    device->api_version = device->properties.apiVersion < driver->api_version ? device->properties.apiVersion
                                                                              : driver->api_version;
    device->has_budget =
        device->vk.GetPhysicalDeviceMemoryProperties2 &&
        cli_driver_has_extension(driver, device->physical, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
    if (find_queue_family(device)) {
        result = create_device(device);
    }
    if (result != VK_SUCCESS) {
        cli_error("%s cannot be opened: %s", device->properties.deviceName, cli_result_name(result));
        return false;
    }
    load_functions(device);
    device->vk.GetDeviceQueue(device->device, device->queue_family, 0, &device->queue);
    device->can_copy =
        device->vk.QueueSubmit && device->vk.CmdCopyBufferToImage && device->vk.CreateCommandPool;
    return true;
}

void cli_device_close(struct CliDevice *device)
{
    if (device->device) {
        device->vk.DestroyDevice(device->device, NULL);
    }
    memset(device, 0, sizeof(*device));
}
