// SPDX-License-Identifier: MIT
// The table of formats: ranges of VkFormat values that share one layout.
#include "format.h"

#include <stddef.h>

struct FormatRange {
    VkFormat first, last;
    const char *name;
    uint32_t bytes, block_width, block_height;
};

static const struct FormatRange ranges[] = {
    {VK_FORMAT_R4G4_UNORM_PACK8, VK_FORMAT_R4G4_UNORM_PACK8, "RG4", 1, 1, 1},
    {VK_FORMAT_R4G4B4A4_UNORM_PACK16, VK_FORMAT_A1R5G5B5_UNORM_PACK16, "RGBA 16-bit", 2, 1, 1},
    {VK_FORMAT_R8_UNORM, VK_FORMAT_R8_SRGB, "R8", 1, 1, 1},
    {VK_FORMAT_R8G8_UNORM, VK_FORMAT_R8G8_SRGB, "RG8", 2, 1, 1},
    {VK_FORMAT_R8G8B8_UNORM, VK_FORMAT_B8G8R8_SRGB, "RGB8", 3, 1, 1},
    {VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_A8B8G8R8_SRGB_PACK32, "RGBA8", 4, 1, 1},
    {VK_FORMAT_A2R10G10B10_UNORM_PACK32, VK_FORMAT_A2B10G10R10_SINT_PACK32, "RGB10A2", 4, 1, 1},
    {VK_FORMAT_R16_UNORM, VK_FORMAT_R16_SFLOAT, "R16", 2, 1, 1},
    {VK_FORMAT_R16G16_UNORM, VK_FORMAT_R16G16_SFLOAT, "RG16", 4, 1, 1},
    {VK_FORMAT_R16G16B16_UNORM, VK_FORMAT_R16G16B16_SFLOAT, "RGB16", 6, 1, 1},
    {VK_FORMAT_R16G16B16A16_UNORM, VK_FORMAT_R16G16B16A16_SFLOAT, "RGBA16", 8, 1, 1},
    {VK_FORMAT_R32_UINT, VK_FORMAT_R32_SFLOAT, "R32", 4, 1, 1},
    {VK_FORMAT_R32G32_UINT, VK_FORMAT_R32G32_SFLOAT, "RG32", 8, 1, 1},
    {VK_FORMAT_R32G32B32_UINT, VK_FORMAT_R32G32B32_SFLOAT, "RGB32", 12, 1, 1},
    {VK_FORMAT_R32G32B32A32_UINT, VK_FORMAT_R32G32B32A32_SFLOAT, "RGBA32", 16, 1, 1},
    {VK_FORMAT_R64_UINT, VK_FORMAT_R64_SFLOAT, "R64", 8, 1, 1},
    {VK_FORMAT_R64G64_UINT, VK_FORMAT_R64G64_SFLOAT, "RG64", 16, 1, 1},
    {VK_FORMAT_R64G64B64_UINT, VK_FORMAT_R64G64B64_SFLOAT, "RGB64", 24, 1, 1},
    {VK_FORMAT_R64G64B64A64_UINT, VK_FORMAT_R64G64B64A64_SFLOAT, "RGBA64", 32, 1, 1},
    {VK_FORMAT_B10G11R11_UFLOAT_PACK32, VK_FORMAT_E5B9G9R9_UFLOAT_PACK32, "RGB float 32-bit", 4, 1, 1},
    {VK_FORMAT_BC1_RGB_UNORM_BLOCK, VK_FORMAT_BC1_RGBA_SRGB_BLOCK, "BC1", 8, 4, 4},
    {VK_FORMAT_BC2_UNORM_BLOCK, VK_FORMAT_BC2_SRGB_BLOCK, "BC2", 16, 4, 4},
    {VK_FORMAT_BC3_UNORM_BLOCK, VK_FORMAT_BC3_SRGB_BLOCK, "BC3", 16, 4, 4},
    {VK_FORMAT_BC4_UNORM_BLOCK, VK_FORMAT_BC4_SNORM_BLOCK, "BC4", 8, 4, 4},
    {VK_FORMAT_BC5_UNORM_BLOCK, VK_FORMAT_BC5_SNORM_BLOCK, "BC5", 16, 4, 4},
    {VK_FORMAT_BC6H_UFLOAT_BLOCK, VK_FORMAT_BC6H_SFLOAT_BLOCK, "BC6H", 16, 4, 4},
    {VK_FORMAT_BC7_UNORM_BLOCK, VK_FORMAT_BC7_SRGB_BLOCK, "BC7", 16, 4, 4},
    {VK_FORMAT_ETC2_R8G8B8_UNORM_BLOCK, VK_FORMAT_ETC2_R8G8B8A1_SRGB_BLOCK, "ETC2", 8, 4, 4},
    {VK_FORMAT_ETC2_R8G8B8A8_UNORM_BLOCK, VK_FORMAT_ETC2_R8G8B8A8_SRGB_BLOCK, "ETC2 RGBA", 16, 4, 4},
    {VK_FORMAT_EAC_R11_UNORM_BLOCK, VK_FORMAT_EAC_R11_SNORM_BLOCK, "EAC R11", 8, 4, 4},
    {VK_FORMAT_EAC_R11G11_UNORM_BLOCK, VK_FORMAT_EAC_R11G11_SNORM_BLOCK, "EAC RG11", 16, 4, 4},
    {VK_FORMAT_ASTC_4x4_UNORM_BLOCK, VK_FORMAT_ASTC_4x4_SRGB_BLOCK, "ASTC 4x4", 16, 4, 4},
    {VK_FORMAT_ASTC_5x4_UNORM_BLOCK, VK_FORMAT_ASTC_5x4_SRGB_BLOCK, "ASTC 5x4", 16, 5, 4},
    {VK_FORMAT_ASTC_5x5_UNORM_BLOCK, VK_FORMAT_ASTC_5x5_SRGB_BLOCK, "ASTC 5x5", 16, 5, 5},
    {VK_FORMAT_ASTC_6x5_UNORM_BLOCK, VK_FORMAT_ASTC_6x5_SRGB_BLOCK, "ASTC 6x5", 16, 6, 5},
    {VK_FORMAT_ASTC_6x6_UNORM_BLOCK, VK_FORMAT_ASTC_6x6_SRGB_BLOCK, "ASTC 6x6", 16, 6, 6},
    {VK_FORMAT_ASTC_8x5_UNORM_BLOCK, VK_FORMAT_ASTC_8x5_SRGB_BLOCK, "ASTC 8x5", 16, 8, 5},
    {VK_FORMAT_ASTC_8x6_UNORM_BLOCK, VK_FORMAT_ASTC_8x6_SRGB_BLOCK, "ASTC 8x6", 16, 8, 6},
    {VK_FORMAT_ASTC_8x8_UNORM_BLOCK, VK_FORMAT_ASTC_8x8_SRGB_BLOCK, "ASTC 8x8", 16, 8, 8},
    {VK_FORMAT_ASTC_10x5_UNORM_BLOCK, VK_FORMAT_ASTC_10x5_SRGB_BLOCK, "ASTC 10x5", 16, 10, 5},
    {VK_FORMAT_ASTC_10x6_UNORM_BLOCK, VK_FORMAT_ASTC_10x6_SRGB_BLOCK, "ASTC 10x6", 16, 10, 6},
    {VK_FORMAT_ASTC_10x8_UNORM_BLOCK, VK_FORMAT_ASTC_10x8_SRGB_BLOCK, "ASTC 10x8", 16, 10, 8},
    {VK_FORMAT_ASTC_10x10_UNORM_BLOCK, VK_FORMAT_ASTC_10x10_SRGB_BLOCK, "ASTC 10x10", 16, 10, 10},
    {VK_FORMAT_ASTC_12x10_UNORM_BLOCK, VK_FORMAT_ASTC_12x10_SRGB_BLOCK, "ASTC 12x10", 16, 12, 10},
    {VK_FORMAT_ASTC_12x12_UNORM_BLOCK, VK_FORMAT_ASTC_12x12_SRGB_BLOCK, "ASTC 12x12", 16, 12, 12},
    {VK_FORMAT_A4R4G4B4_UNORM_PACK16, VK_FORMAT_A4B4G4R4_UNORM_PACK16, "RGBA 16-bit", 2, 1, 1},
};

#define DEPTH(size, kind)                                                                                    \
    {                                                                                                        \
        VK_IMAGE_ASPECT_DEPTH_BIT, kind, size                                                                \
    }
#define STENCIL                                                                                              \
    {                                                                                                        \
        VK_IMAGE_ASPECT_STENCIL_BIT, CLI_TEXEL_RAW, 1                                                        \
    }
static const struct CliFormat depth_formats[] = {
    {VK_FORMAT_D16_UNORM, "D16", 1, 1, 1, true, {DEPTH(2, CLI_TEXEL_RAW)}},
    {VK_FORMAT_X8_D24_UNORM_PACK32, "D24", 1, 1, 1, true, {DEPTH(4, CLI_TEXEL_DEPTH_X8D24)}},
    {VK_FORMAT_D32_SFLOAT, "D32", 1, 1, 1, true, {DEPTH(4, CLI_TEXEL_DEPTH_FLOAT)}},
    {VK_FORMAT_S8_UINT, "S8", 1, 1, 1, true, {STENCIL}},
    {VK_FORMAT_D16_UNORM_S8_UINT, "D16 S8", 1, 1, 2, true, {DEPTH(2, CLI_TEXEL_RAW), STENCIL}},
    {VK_FORMAT_D24_UNORM_S8_UINT, "D24 S8", 1, 1, 2, true, {DEPTH(4, CLI_TEXEL_DEPTH_X8D24), STENCIL}},
    {VK_FORMAT_D32_SFLOAT_S8_UINT, "D32 S8", 1, 1, 2, true, {DEPTH(4, CLI_TEXEL_DEPTH_FLOAT), STENCIL}},
};
#undef DEPTH
#undef STENCIL

struct CliFormat cli_format_describe(VkFormat format)
{
    for (size_t i = 0; i < sizeof(depth_formats) / sizeof(depth_formats[0]); i++) {
        if (depth_formats[i].format == format) {
            return depth_formats[i];
        }
    }
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        const struct FormatRange *range = &ranges[i];
        if (format >= range->first && format <= range->last) {
            return (struct CliFormat){
                .format = format,
                .name = range->name,
                .block_width = range->block_width,
                .block_height = range->block_height,
                .aspect_count = 1,
                .known = true,
                .aspects = {{VK_IMAGE_ASPECT_COLOR_BIT, CLI_TEXEL_RAW, range->bytes}},
            };
        }
    }
    return (struct CliFormat){
        .format = format,
        .name = "other",
        .block_width = 1,
        .block_height = 1,
        .known = format >= VK_FORMAT_G8B8G8R8_422_UNORM && format <= VK_FORMAT_G16_B16_R16_3PLANE_444_UNORM,
    };
}

const VkFormat *cli_format_substitutes(const struct CliFormat *format)
{
    static const VkFormat none[] = {VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_UNDEFINED};
    static const VkFormat depth[] = {VK_FORMAT_D32_SFLOAT, VK_FORMAT_X8_D24_UNORM_PACK32, VK_FORMAT_D16_UNORM,
                                     VK_FORMAT_UNDEFINED};
    static const VkFormat depth_stencil[] = {VK_FORMAT_D24_UNORM_S8_UINT, VK_FORMAT_D32_SFLOAT_S8_UINT,
                                             VK_FORMAT_D32_SFLOAT, VK_FORMAT_UNDEFINED};
    static const VkFormat block8[] = {VK_FORMAT_BC1_RGBA_UNORM_BLOCK, VK_FORMAT_ETC2_R8G8B8_UNORM_BLOCK,
                                      VK_FORMAT_R16G16B16A16_SFLOAT, VK_FORMAT_R32G32_UINT,
                                      VK_FORMAT_UNDEFINED};
    static const VkFormat block16[] = {VK_FORMAT_BC3_UNORM_BLOCK,      VK_FORMAT_ETC2_R8G8B8A8_UNORM_BLOCK,
                                       VK_FORMAT_ASTC_4x4_UNORM_BLOCK, VK_FORMAT_R32G32B32A32_SFLOAT,
                                       VK_FORMAT_R32G32B32A32_UINT,    VK_FORMAT_UNDEFINED};
    static const VkFormat texel1[] = {VK_FORMAT_R8_UNORM, VK_FORMAT_R8_UINT, VK_FORMAT_UNDEFINED};
    static const VkFormat texel2[] = {VK_FORMAT_R8G8_UNORM, VK_FORMAT_R16_SFLOAT, VK_FORMAT_R16_UINT,
                                      VK_FORMAT_UNDEFINED};
    static const VkFormat texel4[] = {VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_R32_SFLOAT, VK_FORMAT_R32_UINT,
                                      VK_FORMAT_UNDEFINED};
    static const VkFormat texel8[] = {VK_FORMAT_R16G16B16A16_SFLOAT, VK_FORMAT_R32G32_SFLOAT,
                                      VK_FORMAT_R32G32_UINT, VK_FORMAT_UNDEFINED};
    static const VkFormat texel16[] = {VK_FORMAT_R32G32B32A32_SFLOAT, VK_FORMAT_R32G32B32A32_UINT,
                                       VK_FORMAT_UNDEFINED};
    uint32_t bytes = format->aspects[0].bytes;

    if (!format->aspect_count) {
        return none;
    }
    if (format->aspects[0].aspect != VK_IMAGE_ASPECT_COLOR_BIT) {
        return format->aspect_count > 1 || format->format == VK_FORMAT_S8_UINT ? depth_stencil : depth;
    }
    if (format->block_width > 1) {
        return bytes == 8 ? block8 : block16;
    }
    if (bytes <= 2) {
        return bytes == 1 ? texel1 : texel2;
    }
    if (bytes <= 4) {
        return texel4; // three bytes are stored as four wherever they exist
    }
    return bytes <= 8 ? texel8 : texel16;
}
