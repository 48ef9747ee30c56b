// SPDX-License-Identifier: MIT
// What `vram info` knows about one device, gathered once and printed as a table or as JSON.
#ifndef CLI_INFO_H
#define CLI_INFO_H

#include "driver.h"

struct CliExtensionInfo {
    const char *name;
    const char *what; // it is good for
};

extern const struct CliExtensionInfo cli_memory_extensions[];
enum { CLI_MEMORY_EXTENSIONS = 16 };

struct CliDeviceInfo {
    uint32_t index;
    VkPhysicalDeviceProperties properties;
    VkPhysicalDeviceMemoryProperties memory;
    bool has_budget;
    VkDeviceSize budget[VK_MAX_MEMORY_HEAPS], usage[VK_MAX_MEMORY_HEAPS]; // with has_budget
    VkDeviceSize max_allocation;                                          // 0: unknown
    VkDeviceSize max_buffer;                                              // 0: unknown
    bool extensions[CLI_MEMORY_EXTENSIONS];
};

void cli_info_gather(struct CliDeviceInfo *info, const struct CliDriver *driver, uint32_t index);
void cli_info_print(const struct CliDeviceInfo *info);
void cli_info_print_json(const struct CliDeviceInfo *infos, uint32_t count);

// Words for memory property flags, "device-local, host-visible"; the names as the JSON has them are Vulkan's.
struct CliFlagName {
    VkFlags flag;
    const char *word;
    const char *vulkan;
};
extern const struct CliFlagName cli_memory_flags[];
enum { CLI_MEMORY_FLAGS = 8 };

#endif
