// SPDX-License-Identifier: MIT
// What the replay must know about an image format: how its texel blocks lie in a buffer, and which formats
// can stand in for it on a device that does not have it.
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <stdbool.h>
#include <stdint.h>
#include <vulkan/vulkan.h>

enum CliTexel {
    CLI_TEXEL_RAW,         // any bits are valid content
    CLI_TEXEL_DEPTH_X8D24, // 24 bits of depth in 32, the rest undefined when read back
    CLI_TEXEL_DEPTH_FLOAT, // 32-bit floats that must lie in 0..1
};

// One aspect of a format, as a copy to or from a buffer sees it.
struct CliAspect {
    VkImageAspectFlagBits aspect;
    enum CliTexel texel;
    uint32_t bytes; // of a texel block
};

struct CliFormat {
    VkFormat format;
    const char *name; // "BC3"; of the family, not of every variant
    uint32_t block_width, block_height;
    uint32_t aspect_count; // 0: a format that the replay cannot copy: several planes, or unknown
    bool known;            // a value of VkFormat that may be handed to the driver
    struct CliAspect aspects[2];
};

struct CliFormat cli_format_describe(VkFormat format);

// Formats to try in the place of one that the device lacks, ends with VK_FORMAT_UNDEFINED. A substitute of a
// block-compressed format may be uncompressed with the bytes of one block per texel.
const VkFormat *cli_format_substitutes(const struct CliFormat *format);

#endif
