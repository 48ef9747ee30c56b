// SPDX-License-Identifier: MIT
// The Vulkan driver as the program uses it: an instance (or a simulated device), its devices, and one logical
// device. Every Vulkan function is called through a table, so that a simulated device takes the place of the
// driver.
#ifndef CLI_DRIVER_H
#define CLI_DRIVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <vulkan/vulkan.h>

// Absent functions are NULL: older drivers and the simulated device have fewer.
#define CLI_INSTANCE_FUNCTIONS(X)                                                                            \
    X(DestroyInstance)                                                                                       \
    X(EnumeratePhysicalDevices)                                                                              \
    X(EnumerateDeviceExtensionProperties)                                                                    \
    X(GetPhysicalDeviceProperties)                                                                           \
    X(GetPhysicalDeviceProperties2)                                                                          \
    X(GetPhysicalDeviceFeatures)                                                                             \
    X(GetPhysicalDeviceFeatures2)                                                                            \
    X(GetPhysicalDeviceQueueFamilyProperties)                                                                \
    X(GetPhysicalDeviceMemoryProperties)                                                                     \
    X(GetPhysicalDeviceMemoryProperties2)                                                                    \
    X(GetPhysicalDeviceImageFormatProperties)                                                                \
    X(CreateDevice)                                                                                          \
    X(GetDeviceProcAddr)

#define CLI_DEVICE_FUNCTIONS(X)                                                                              \
    X(DestroyDevice)                                                                                         \
    X(GetDeviceQueue)                                                                                        \
    X(AllocateMemory)                                                                                        \
    X(FreeMemory)                                                                                            \
    X(MapMemory)                                                                                             \
    X(UnmapMemory)                                                                                           \
    X(FlushMappedMemoryRanges)                                                                               \
    X(InvalidateMappedMemoryRanges)                                                                          \
    X(BindBufferMemory)                                                                                      \
    X(BindImageMemory)                                                                                       \
    X(BindBufferMemory2)                                                                                     \
    X(BindImageMemory2)                                                                                      \
    X(GetBufferMemoryRequirements)                                                                           \
    X(GetImageMemoryRequirements)                                                                            \
    X(GetBufferMemoryRequirements2)                                                                          \
    X(GetImageMemoryRequirements2)                                                                           \
    X(GetDeviceBufferMemoryRequirements)                                                                     \
    X(GetDeviceImageMemoryRequirements)                                                                      \
    X(CreateBuffer)                                                                                          \
    X(DestroyBuffer)                                                                                         \
    X(CreateImage)                                                                                           \
    X(DestroyImage)                                                                                          \
    X(CmdCopyBuffer)                                                                                         \
    X(CmdCopyBufferToImage)                                                                                  \
    X(CmdCopyImageToBuffer)                                                                                  \
    X(CmdPipelineBarrier)                                                                                    \
    X(CreateCommandPool)                                                                                     \
    X(DestroyCommandPool)                                                                                    \
    X(AllocateCommandBuffers)                                                                                \
    X(BeginCommandBuffer)                                                                                    \
    X(EndCommandBuffer)                                                                                      \
    X(CreateFence)                                                                                           \
    X(DestroyFence)                                                                                          \
    X(ResetFences)                                                                                           \
    X(WaitForFences)                                                                                         \
    X(QueueSubmit)

#define CLI_DECLARE_FUNCTION(name) PFN_vk##name name;
struct CliVk {
    PFN_vkGetInstanceProcAddr GetInstanceProcAddr;
    CLI_INSTANCE_FUNCTIONS(CLI_DECLARE_FUNCTION)
    CLI_DEVICE_FUNCTIONS(CLI_DECLARE_FUNCTION)
};

struct VrSim;

// An instance and the devices that it sees.
struct CliDriver {
    struct CliVk vk; // device functions are NULL until a device is opened
    VkInstance instance;
    uint32_t api_version; // that the instance was created with
    VkPhysicalDevice *devices;
    uint32_t device_count;
    struct VrSim *sim; // NULL: a real driver
    bool validated;    // the validation layer is on
    VkDebugUtilsMessengerEXT messenger;
    atomic_uint validation_messages; // warnings and errors so far
};

// `sim`: a built-in name or the path of a JSON description; NULL opens the system's Vulkan loader. `validate`
// asks for the Khronos validation layer. False after a message on stderr.
bool cli_driver_open(struct CliDriver *driver, const char *sim, bool validate);
void cli_driver_close(struct CliDriver *driver);

// What the simulated device or the validation layer found wrong so far; prints the last finding of the former.
uint64_t cli_driver_complaints(struct CliDriver *driver);

// The device that `choice` names: an index, part of a name, or NULL for the best one (discrete, integrated,
// virtual, other, CPU). UINT32_MAX after a message when there is none.
uint32_t cli_driver_choose(const struct CliDriver *driver, const char *choice);

bool cli_driver_has_extension(const struct CliDriver *driver, VkPhysicalDevice physical, const char *name);

const char *cli_device_type_name(VkPhysicalDeviceType type);
const char *cli_result_name(VkResult result);

// A logical device with one queue that copies.
struct CliDevice {
    struct CliDriver *driver;
    struct CliVk vk; // all functions
    VkPhysicalDevice physical;
    VkDevice device;
    VkQueue queue;
    uint32_t queue_family;
    VkPhysicalDeviceProperties properties;
    VkPhysicalDeviceMemoryProperties memory;
    uint32_t api_version; // the lower one of instance and device
    bool has_budget;      // VK_EXT_memory_budget is enabled
    bool has_address;     // bufferDeviceAddress is enabled
    bool can_copy;        // has command buffers: a simulated device has none
};

// Enables every core feature that the device has, so that any recording can be replayed.
bool cli_device_open(struct CliDevice *device, struct CliDriver *driver, uint32_t index);
void cli_device_close(struct CliDevice *device);

#endif
