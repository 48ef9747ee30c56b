// SPDX-License-Identifier: MIT
// The entry points: one list, from which come the declarations here and the table of names in procs.c.
// The function behind vkX is vr_sim_vkX.
#ifndef VR_SIM_ENTRIES_H
#define VR_SIM_ENTRIES_H

#include <vulkan/vulkan_core.h>

// X(name without vk, level, minor version of Vulkan 1 that has it in core)
#define VR_SIM_ENTRIES(X)                                                                                    \
    X(GetInstanceProcAddr, GLOBAL, 0)                                                                        \
    X(CreateInstance, GLOBAL, 0)                                                                             \
    X(EnumerateInstanceVersion, GLOBAL, 1)                                                                   \
    X(EnumerateInstanceExtensionProperties, GLOBAL, 0)                                                       \
    X(EnumerateInstanceLayerProperties, GLOBAL, 0)                                                           \
    X(DestroyInstance, INSTANCE, 0)                                                                          \
    X(EnumeratePhysicalDevices, INSTANCE, 0)                                                                 \
    X(EnumerateDeviceExtensionProperties, INSTANCE, 0)                                                       \
    X(EnumerateDeviceLayerProperties, INSTANCE, 0)                                                           \
    X(GetPhysicalDeviceProperties, INSTANCE, 0)                                                              \
    X(GetPhysicalDeviceProperties2, INSTANCE, 1)                                                             \
    X(GetPhysicalDeviceFeatures, INSTANCE, 0)                                                                \
    X(GetPhysicalDeviceFeatures2, INSTANCE, 1)                                                               \
    X(GetPhysicalDeviceQueueFamilyProperties, INSTANCE, 0)                                                   \
    X(GetPhysicalDeviceQueueFamilyProperties2, INSTANCE, 1)                                                  \
    X(GetPhysicalDeviceFormatProperties, INSTANCE, 0)                                                        \
    X(GetPhysicalDeviceFormatProperties2, INSTANCE, 1)                                                       \
    X(GetPhysicalDeviceImageFormatProperties, INSTANCE, 0)                                                   \
    X(GetPhysicalDeviceSparseImageFormatProperties, INSTANCE, 0)                                             \
    X(GetPhysicalDeviceMemoryProperties, INSTANCE, 0)                                                        \
    X(GetPhysicalDeviceMemoryProperties2, INSTANCE, 1)                                                       \
    X(GetPhysicalDeviceExternalBufferProperties, INSTANCE, 1)                                                \
    X(CreateDevice, INSTANCE, 0)                                                                             \
    X(GetDeviceProcAddr, DEVICE, 0)                                                                          \
    X(DestroyDevice, DEVICE, 0)                                                                              \
    X(GetDeviceQueue, DEVICE, 0)                                                                             \
    X(DeviceWaitIdle, DEVICE, 0)                                                                             \
    X(AllocateMemory, DEVICE, 0)                                                                             \
    X(FreeMemory, DEVICE, 0)                                                                                 \
    X(MapMemory, DEVICE, 0)                                                                                  \
    X(UnmapMemory, DEVICE, 0)                                                                                \
    X(FlushMappedMemoryRanges, DEVICE, 0)                                                                    \
    X(InvalidateMappedMemoryRanges, DEVICE, 0)                                                               \
    X(GetDeviceMemoryCommitment, DEVICE, 0)                                                                  \
    X(CreateBuffer, DEVICE, 0)                                                                               \
    X(DestroyBuffer, DEVICE, 0)                                                                              \
    X(GetBufferMemoryRequirements, DEVICE, 0)                                                                \
    X(GetBufferMemoryRequirements2, DEVICE, 1)                                                               \
    X(GetDeviceBufferMemoryRequirements, DEVICE, 3)                                                          \
    X(BindBufferMemory, DEVICE, 0)                                                                           \
    X(BindBufferMemory2, DEVICE, 1)                                                                          \
    X(GetBufferDeviceAddress, DEVICE, 2)                                                                     \
    X(CreateImage, DEVICE, 0)                                                                                \
    X(DestroyImage, DEVICE, 0)                                                                               \
    X(GetImageMemoryRequirements, DEVICE, 0)                                                                 \
    X(GetImageMemoryRequirements2, DEVICE, 1)                                                                \
    X(GetDeviceImageMemoryRequirements, DEVICE, 3)                                                           \
    X(GetImageSubresourceLayout, DEVICE, 0)                                                                  \
    X(BindImageMemory, DEVICE, 0)                                                                            \
    X(BindImageMemory2, DEVICE, 1)                                                                           \
    X(CmdCopyBuffer, DEVICE, 0)

// X(alias, entry point behind it, level, extension that has it; null: every instance)
#define VR_SIM_ALIASES(X)                                                                                    \
    X(GetPhysicalDeviceProperties2KHR, GetPhysicalDeviceProperties2, INSTANCE, NULL)                         \
    X(GetPhysicalDeviceFeatures2KHR, GetPhysicalDeviceFeatures2, INSTANCE, NULL)                             \
    X(GetPhysicalDeviceQueueFamilyProperties2KHR, GetPhysicalDeviceQueueFamilyProperties2, INSTANCE, NULL)   \
    X(GetPhysicalDeviceFormatProperties2KHR, GetPhysicalDeviceFormatProperties2, INSTANCE, NULL)             \
    X(GetPhysicalDeviceMemoryProperties2KHR, GetPhysicalDeviceMemoryProperties2, INSTANCE, NULL)             \
    X(GetPhysicalDeviceExternalBufferPropertiesKHR, GetPhysicalDeviceExternalBufferProperties, INSTANCE,     \
      NULL)                                                                                                  \
    X(GetBufferMemoryRequirements2KHR, GetBufferMemoryRequirements2, DEVICE,                                 \
      "VK_KHR_get_memory_requirements2")                                                                     \
    X(GetImageMemoryRequirements2KHR, GetImageMemoryRequirements2, DEVICE,                                   \
      "VK_KHR_get_memory_requirements2")                                                                     \
    X(GetDeviceBufferMemoryRequirementsKHR, GetDeviceBufferMemoryRequirements, DEVICE,                       \
      "VK_KHR_maintenance4")                                                                                 \
    X(GetDeviceImageMemoryRequirementsKHR, GetDeviceImageMemoryRequirements, DEVICE, "VK_KHR_maintenance4")  \
    X(BindBufferMemory2KHR, BindBufferMemory2, DEVICE, "VK_KHR_bind_memory2")                                \
    X(BindImageMemory2KHR, BindImageMemory2, DEVICE, "VK_KHR_bind_memory2")                                  \
    X(GetBufferDeviceAddressKHR, GetBufferDeviceAddress, DEVICE, "VK_KHR_buffer_device_address")             \
    X(GetBufferDeviceAddressEXT, GetBufferDeviceAddress, DEVICE, "VK_EXT_buffer_device_address")             \
    X(GetMemoryWin32HandleKHR, GetMemoryWin32HandleKHR, DEVICE, "VK_KHR_external_memory_win32")              \
    X(SetDeviceMemoryPriorityEXT, SetDeviceMemoryPriorityEXT, DEVICE, "VK_EXT_pageable_device_local_memory")

#define VR_SIM_DECLARE(name, ...) __typeof__(vk##name) vr_sim_vk##name;
VR_SIM_ENTRIES(VR_SIM_DECLARE)
#undef VR_SIM_DECLARE

__typeof__(vkSetDeviceMemoryPriorityEXT) vr_sim_vkSetDeviceMemoryPriorityEXT;
#ifdef VK_KHR_map_memory2
__typeof__(vkMapMemory2KHR) vr_sim_vkMapMemory2KHR;
__typeof__(vkUnmapMemory2KHR) vr_sim_vkUnmapMemory2KHR;
#endif

// vulkan_win32.h needs <windows.h>, which other systems do not have; same layout and calling convention.
struct VrSimWin32HandleInfo {
    VkStructureType sType;
    const void *pNext;
    VkDeviceMemory memory;
    VkExternalMemoryHandleTypeFlagBits handleType;
};
struct VrSimImportWin32Info {
    VkStructureType sType;
    const void *pNext;
    VkExternalMemoryHandleTypeFlagBits handleType;
    void *handle;
    const void *name;
};
VkResult VKAPI_CALL vr_sim_vkGetMemoryWin32HandleKHR(VkDevice device, const struct VrSimWin32HandleInfo *info,
                                                     void **handle);

#endif
