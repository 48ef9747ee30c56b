// SPDX-License-Identifier: MIT
// Opens the Vulkan loader or a simulated device, and chooses among devices.
#include "driver.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"
#include "text.h"

static const char validation_layer[] = "VK_LAYER_KHRONOS_validation";

static VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                                 VkDebugUtilsMessageTypeFlagsEXT types,
                                                 const VkDebugUtilsMessengerCallbackDataEXT *data, void *user)
{
    struct CliDriver *driver = user;
    (void)severity;
    (void)types;
    if (atomic_fetch_add(&driver->validation_messages, 1) < 10) {
        fprintf(stderr, "validation: %s\n", data->pMessage);
    }
    return VK_FALSE;
}

static bool has_layer(const struct CliDriver *driver)
{
    PFN_vkEnumerateInstanceLayerProperties enumerate =
        (PFN_vkEnumerateInstanceLayerProperties)driver->vk.GetInstanceProcAddr(
            NULL, "vkEnumerateInstanceLayerProperties");
    VkLayerProperties *layers = NULL;
    uint32_t count = 0;
    bool found = false;

    if (!enumerate || enumerate(&count, NULL) != VK_SUCCESS || !count) {
        return false;
    }
    layers = calloc(count, sizeof(*layers));
    if (layers && enumerate(&count, layers) >= VK_SUCCESS) {
        for (uint32_t i = 0; i < count; i++) {
            found = found || strcmp(layers[i].layerName, validation_layer) == 0;
        }
    }
    free(layers);
    return found;
}

static VkDebugUtilsMessengerCreateInfoEXT messenger_info(struct CliDriver *driver)
{
    return (VkDebugUtilsMessengerCreateInfoEXT){
        .sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT,
        .messageSeverity =
            VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT,
        .messageType =
            VK_DEBUG_UTILS_MESSAGE_TYPE_GENERAL_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT,
        .pfnUserCallback = on_message,
        .pUserData = driver,
    };
}

static VkResult create_instance(struct CliDriver *driver)
{
    static const char *const extensions[] = {VK_EXT_DEBUG_UTILS_EXTENSION_NAME};
    static const char *const layers[] = {validation_layer};
    PFN_vkCreateInstance create =
        (PFN_vkCreateInstance)driver->vk.GetInstanceProcAddr(NULL, "vkCreateInstance");
    PFN_vkEnumerateInstanceVersion version =
        (PFN_vkEnumerateInstanceVersion)driver->vk.GetInstanceProcAddr(NULL, "vkEnumerateInstanceVersion");
    VkApplicationInfo application = {.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO, .pApplicationName = "vram"};
    VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(driver);
    VkInstanceCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
        .pNext = driver->validated ? &messenger : NULL,
        .pApplicationInfo = &application,
        .enabledLayerCount = driver->validated,
        .ppEnabledLayerNames = layers,
        .enabledExtensionCount = driver->validated,
        .ppEnabledExtensionNames = extensions,
    };

    if (!create) {
        return VK_ERROR_INCOMPATIBLE_DRIVER;
    }
    driver->api_version = VK_API_VERSION_1_0;
    if (version) {
        (void)version(&driver->api_version);
    }
    // 1.3 is the newest version that the program asks something of.
    if (driver->api_version > VK_API_VERSION_1_3) {
        driver->api_version = VK_API_VERSION_1_3;
    }
    application.apiVersion = driver->api_version;
    return create(&info, NULL, &driver->instance);
}

static VkResult list_devices(struct CliDriver *driver)
{
    VkResult result = driver->vk.EnumeratePhysicalDevices(driver->instance, &driver->device_count, NULL);
    if (result < 0 || !driver->device_count) {
        return result < 0 ? result : VK_ERROR_INCOMPATIBLE_DRIVER;
    }
    driver->devices = calloc(driver->device_count, sizeof(VkPhysicalDevice));
    if (!driver->devices) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    result = driver->vk.EnumeratePhysicalDevices(driver->instance, &driver->device_count, driver->devices);
    return result < 0 ? result : VK_SUCCESS;
}

static void load_functions(struct CliDriver *driver)
{
#define LOAD(name)                                                                                           \
    driver->vk.name = (PFN_vk##name)driver->vk.GetInstanceProcAddr(driver->instance, "vk" #name);
    CLI_INSTANCE_FUNCTIONS(LOAD)
#undef LOAD
}

static void start_messenger(struct CliDriver *driver)
{
    VkDebugUtilsMessengerCreateInfoEXT info = messenger_info(driver);
    PFN_vkCreateDebugUtilsMessengerEXT create =
        (PFN_vkCreateDebugUtilsMessengerEXT)driver->vk.GetInstanceProcAddr(driver->instance,
                                                                           "vkCreateDebugUtilsMessengerEXT");
    if (create) {
        (void)create(driver->instance, &info, NULL, &driver->messenger);
    }
}

static void print_builtins(void)
{
    fputs("built-in devices:", stderr);
    for (uint32_t i = 0; vr_sim_device_builtin_name(i); i++) {
        fprintf(stderr, " %s", vr_sim_device_builtin_name(i));
    }
    fputc('\n', stderr);
}

static bool open_sim(struct CliDriver *driver, const char *name)
{
    struct VrSimDevice device;
    struct VrSimCreateInfo info = {.device = &device, .flags = VR_SIM_CHECKS | VR_SIM_BACKING};
    char error[256];

    if (!vr_sim_device_builtin(name, &device) && !vr_sim_device_load(name, &device, error, sizeof(error))) {
        cli_error("--sim %s: no built-in device, and as a file: %s", name, error);
        print_builtins();
        return false;
    }
    if (vr_sim_create(&info, &driver->sim) != VK_SUCCESS) {
        cli_error("--sim %s: the description makes no sense (no memory types?)", name);
        return false;
    }
    vr_sim_set_typical_costs(driver->sim);
    vr_sim_set_default(driver->sim);
    driver->vk.GetInstanceProcAddr = vr_sim_get_instance_proc_addr;
    return true;
}

bool cli_driver_open(struct CliDriver *driver, const char *sim, bool validate)
{
    VkResult result;

    memset(driver, 0, sizeof(*driver));
    driver->vk.GetInstanceProcAddr = vkGetInstanceProcAddr;
    if (sim && !open_sim(driver, sim)) {
        return false;
    }
    driver->validated = validate && !sim && has_layer(driver);
    if (validate && !driver->validated) {
        cli_error("the Khronos validation layer is not available here: running without it");
    }
    result = create_instance(driver);
    if (result == VK_SUCCESS) {
        load_functions(driver);
        if (driver->validated) {
            start_messenger(driver);
        }
        result = list_devices(driver);
    }
    if (result != VK_SUCCESS) {
        cli_error("no Vulkan driver found (%s); a software one: apt-get install mesa-vulkan-drivers",
                  cli_result_name(result));
        cli_driver_close(driver);
        return false;
    }
    return true;
}

void cli_driver_close(struct CliDriver *driver)
{
    if (driver->messenger) {
        PFN_vkDestroyDebugUtilsMessengerEXT destroy =
            (PFN_vkDestroyDebugUtilsMessengerEXT)driver->vk.GetInstanceProcAddr(
                driver->instance, "vkDestroyDebugUtilsMessengerEXT");
        destroy(driver->instance, driver->messenger, NULL);
    }
    if (driver->instance && driver->vk.DestroyInstance) {
        driver->vk.DestroyInstance(driver->instance, NULL);
    }
    free(driver->devices);
    if (driver->sim) {
        vr_sim_set_default(NULL);
        (void)vr_sim_destroy(driver->sim);
    }
    memset(driver, 0, sizeof(*driver));
}

uint64_t cli_driver_complaints(struct CliDriver *driver)
{
    uint64_t misuse = driver->sim ? vr_sim_misuse_count(driver->sim) : 0;

    if (misuse) {
        char text[256];
        vr_sim_misuse_last(driver->sim, text, sizeof(text));
        cli_error("the simulated device was misused %s times, at last: %s", cli_count(misuse).text, text);
    }
    return misuse + atomic_load(&driver->validation_messages);
}

static int rank_of(VkPhysicalDeviceType type)
{
    switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return 4;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return 3;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return 2;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return 0;
    default:
        return 1;
    }
}

static bool contains_ignoring_case(const char *text, const char *part)
{
    for (; *text; text++) {
        size_t i = 0;
        while (part[i] && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i])) {
            i++;
        }
        if (!part[i]) {
            return true;
        }
    }
    return false;
}

uint32_t cli_driver_choose(const struct CliDriver *driver, const char *choice)
{
    char *end = NULL;
    unsigned long number = choice ? strtoul(choice, &end, 10) : 0;
    bool is_number = choice && *choice && !*end;
    uint32_t best = UINT32_MAX;
    int best_rank = -1;

    for (uint32_t i = 0; i < driver->device_count; i++) {
        VkPhysicalDeviceProperties properties;
        driver->vk.GetPhysicalDeviceProperties(driver->devices[i], &properties);
        if (is_number ? number == i : !choice || contains_ignoring_case(properties.deviceName, choice)) {
            if (rank_of(properties.deviceType) > best_rank) {
                best_rank = rank_of(properties.deviceType);
                best = i;
            }
        }
    }
    if (best == UINT32_MAX) {
        cli_error("no device '%s'; vram info lists the %u that there are", choice, driver->device_count);
    }
    return best;
}

bool cli_driver_has_extension(const struct CliDriver *driver, VkPhysicalDevice physical, const char *name)
{
    VkExtensionProperties *extensions = NULL;
    uint32_t count = 0;
    bool found = false;

    if (driver->vk.EnumerateDeviceExtensionProperties(physical, NULL, &count, NULL) < 0 || !count) {
        return false;
    }
    extensions = calloc(count, sizeof(*extensions));
    if (extensions &&
        driver->vk.EnumerateDeviceExtensionProperties(physical, NULL, &count, extensions) >= 0) {
        for (uint32_t i = 0; i < count; i++) {
            found = found || strcmp(extensions[i].extensionName, name) == 0;
        }
    }
    free(extensions);
    return found;
}

const char *cli_device_type_name(VkPhysicalDeviceType type)
{
    static const char *const names[] = {"other", "integrated GPU", "discrete GPU", "virtual GPU", "CPU"};
    return (unsigned)type < 5 ? names[type] : "unknown";
}

const char *cli_result_name(VkResult result)
{
    switch (result) {
    case VK_SUCCESS:
        return "success";
    case VK_ERROR_OUT_OF_HOST_MEMORY:
        return "out of host memory";
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
        return "out of device memory";
    case VK_ERROR_INITIALIZATION_FAILED:
        return "initialization failed";
    case VK_ERROR_DEVICE_LOST:
        return "device lost";
    case VK_ERROR_FEATURE_NOT_PRESENT:
        return "feature not present";
    case VK_ERROR_TOO_MANY_OBJECTS:
        return "too many objects";
    case VK_ERROR_FORMAT_NOT_SUPPORTED:
        return "format not supported";
    case VK_ERROR_INCOMPATIBLE_DRIVER:
        return "incompatible driver";
    case VK_ERROR_MEMORY_MAP_FAILED:
        return "mapping failed";
    default:
        return "an error of the driver";
    }
}
