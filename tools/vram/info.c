// SPDX-License-Identifier: MIT
// `vram info`: the devices with their heaps, memory types, budgets, limits and extensions that matter to
// memory.
#include "info.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "text.h"

const struct CliExtensionInfo cli_memory_extensions[] = {
    {"VK_EXT_memory_budget", "how much of each heap is left"},
    {"VK_EXT_memory_priority", "what the driver evicts first"},
    {"VK_EXT_pageable_device_local_memory", "priorities that change, eviction by the system"},
    {"VK_KHR_dedicated_allocation", "the driver asks for memory of its own"},
    {"VK_KHR_get_memory_requirements2", "sizes with hints"},
    {"VK_KHR_bind_memory2", "several binds in one call"},
    {"VK_KHR_maintenance4", "sizes without creating the object, largest buffer"},
    {"VK_KHR_buffer_device_address", "pointers to buffers in shaders"},
    {"VK_KHR_external_memory_fd", "sharing by file descriptor"},
    {"VK_EXT_external_memory_dma_buf", "sharing with the kernel's DMA-BUF"},
    {"VK_KHR_external_memory_win32", "sharing by Windows handle"},
    {"VK_EXT_external_memory_host", "the program's own memory for the GPU"},
    {"VK_AMD_device_coherent_memory", "memory coherent without flushes on the GPU"},
    {"VK_EXT_host_image_copy", "images written by the CPU"},
    {"VK_EXT_image_drm_format_modifier", "layouts shared between drivers"},
    {"VK_KHR_map_memory2", "mapping at a chosen address"},
};
_Static_assert(sizeof(cli_memory_extensions) / sizeof(cli_memory_extensions[0]) == CLI_MEMORY_EXTENSIONS,
               "one flag per extension");

const struct CliFlagName cli_memory_flags[] = {
    {VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, "device-local", "DEVICE_LOCAL"},
    {VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT, "host-visible", "HOST_VISIBLE"},
    {VK_MEMORY_PROPERTY_HOST_COHERENT_BIT, "coherent", "HOST_COHERENT"},
    {VK_MEMORY_PROPERTY_HOST_CACHED_BIT, "cached", "HOST_CACHED"},
    {VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT, "lazily allocated", "LAZILY_ALLOCATED"},
    {VK_MEMORY_PROPERTY_PROTECTED_BIT, "protected", "PROTECTED"},
    {VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD, "device-coherent", "DEVICE_COHERENT_AMD"},
    {VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD, "device-uncached", "DEVICE_UNCACHED_AMD"},
};

// Asks limits that came after 1.0, where the device is new enough to know the structures.
static void gather_newer_limits(struct CliDeviceInfo *info, const struct CliDriver *driver,
                                VkPhysicalDevice device)
{
    VkPhysicalDeviceMaintenance4Properties maintenance4 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_4_PROPERTIES,
    };
    VkPhysicalDeviceMaintenance3Properties maintenance3 = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES,
    };
    VkPhysicalDeviceProperties2 properties = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
        .pNext = &maintenance3,
    };

    if (!driver->vk.GetPhysicalDeviceProperties2 || info->properties.apiVersion < VK_API_VERSION_1_1) {
        return;
    }
    if (info->properties.apiVersion >= VK_API_VERSION_1_3 ||
        cli_driver_has_extension(driver, device, "VK_KHR_maintenance4")) {
        maintenance3.pNext = &maintenance4;
    }
    driver->vk.GetPhysicalDeviceProperties2(device, &properties);
    info->max_allocation = maintenance3.maxMemoryAllocationSize;
    info->max_buffer = maintenance4.maxBufferSize;
}

void cli_info_gather(struct CliDeviceInfo *info, const struct CliDriver *driver, uint32_t index)
{
    VkPhysicalDevice device = driver->devices[index];
    VkPhysicalDeviceMemoryBudgetPropertiesEXT budget = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT,
    };
    VkPhysicalDeviceMemoryProperties2 memory = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2,
        .pNext = &budget,
    };

    memset(info, 0, sizeof(*info));
    info->index = index;
    driver->vk.GetPhysicalDeviceProperties(device, &info->properties);
    driver->vk.GetPhysicalDeviceMemoryProperties(device, &info->memory);
    for (int i = 0; i < CLI_MEMORY_EXTENSIONS; i++) {
        info->extensions[i] = cli_driver_has_extension(driver, device, cli_memory_extensions[i].name);
    }
    info->has_budget = info->extensions[0] && driver->vk.GetPhysicalDeviceMemoryProperties2;
    if (info->has_budget) {
        driver->vk.GetPhysicalDeviceMemoryProperties2(device, &memory);
        memcpy(info->budget, budget.heapBudget, sizeof(info->budget));
        memcpy(info->usage, budget.heapUsage, sizeof(info->usage));
    }
    gather_newer_limits(info, driver, device);
}

static int print_devices(const struct CliDriver *driver, const char *choice, bool as_json)
{
    struct CliDeviceInfo *infos = calloc(driver->device_count, sizeof(*infos));
    uint32_t count = 0;
    uint32_t chosen = choice ? cli_driver_choose(driver, choice) : 0;

    if (!infos || chosen == UINT32_MAX) {
        free(infos);
        return CLI_EXIT_USAGE;
    }
    for (uint32_t i = 0; i < driver->device_count; i++) {
        if (!choice || i == chosen) {
            cli_info_gather(&infos[count++], driver, i);
        }
    }
    if (as_json) {
        cli_info_print_json(infos, count);
    }
    for (uint32_t i = 0; i < count && !as_json; i++) {
        cli_info_print(&infos[i]);
    }
    free(infos);
    return CLI_EXIT_OK;
}

static int run_info(int argc, char **argv)
{
    const char *device = NULL;
    const char *sim = NULL;
    bool as_json = false;
    struct CliDriver driver;
    const struct CliOption table[] = {
        {"json", NULL, "as JSON", &as_json, NULL},
        {"device", "N|NAME", "only this device: its number or a part of its name", NULL, &device},
        {"sim", "DEVICE", "a simulated device: a JSON description or a built-in name", NULL, &sim},
    };
    enum CliParse parse =
        cli_options_parse(&cli_command_info, table, sizeof(table) / sizeof(table[0]), argc, argv, NULL, 0);
    int exit_code;

    if (parse != CLI_PARSE_GO) {
        return parse == CLI_PARSE_HELP ? CLI_EXIT_OK : CLI_EXIT_USAGE;
    }
    if (!cli_driver_open(&driver, sim, false)) {
        return CLI_EXIT_FAILED;
    }
    exit_code = print_devices(&driver, device, as_json);
    cli_driver_close(&driver);
    return exit_code;
}

const struct CliCommand cli_command_info = {
    .name = "info",
    .arguments = "",
    .summary = "devices, heaps, memory types, budgets, limits and extensions that matter to memory",
    .details = "",
    .run = run_info,
};
