// SPDX-License-Identifier: MIT
// Memory requirements as a vendor's driver would answer, from the few numbers of struct VrSimModel.
// Optimal images: each mip level is padded to whole tiles; compression data follows; small ones align less
// than large ones. The formulas reproduce what open drivers answer within a few per cent, often exactly.
#include <string.h>

#include "internal.h"
#include "resource.h"

#define SMALL_TILE 4096u // square tiles shrink to this

static VkDeviceSize round_up(VkDeviceSize n, VkDeviceSize multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

static uint32_t level_extent(uint32_t extent, uint32_t level)
{
    return extent >> level ? extent >> level : 1;
}

// ---- buffers ------------------------------------------------------------------------------------

uint32_t vr_sim_buffer_usage(const VkBufferCreateInfo *info)
{
#ifdef VK_KHR_maintenance5
    if (VR_SIM_UNLIKELY(info->pNext != NULL)) {
        const VkBufferUsageFlags2CreateInfoKHR *wide =
            vr_sim_find_in_chain(info->pNext, VK_STRUCTURE_TYPE_BUFFER_USAGE_FLAGS_2_CREATE_INFO_KHR);
        return wide ? (uint32_t)wide->usage : info->usage;
    }
#endif
    return info->usage;
}

void vr_sim_buffer_requirements(struct VrSim *sim, const VkBufferCreateInfo *info,
                                struct VrSimRequirements *out)
{
    const struct VrSimModel *model = &sim->device.model;
    const bool uniform = (vr_sim_buffer_usage(info) & VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT) != 0;
    out->alignment = uniform && model->uniform_alignment > model->buffer_alignment ? model->uniform_alignment
                                                                                   : model->buffer_alignment;
    const VkDeviceSize mask = (model->buffer_rounding ? model->buffer_rounding : out->alignment) - 1;
    out->size = (info->size + mask) & ~mask;
    out->type_bits = sim->buffer_types;
    out->prefers_dedicated = false;
    out->requires_dedicated = false;
    if (VR_SIM_UNLIKELY((vr_sim_slow(sim) & VR_SIM_SLOW_HOOK) != 0)) {
        vr_sim_run_hook(sim, info, NULL, out);
    }
}

// ---- optimal images -----------------------------------------------------------------------------

struct Tile {
    uint32_t width;  // bytes
    uint32_t height; // rows of blocks
};

// Square tiles: the number of blocks is split into two powers of two, the larger one across.
static struct Tile square_tile(uint32_t bytes, uint32_t block_bytes)
{
    uint32_t log2 = 0;
    while ((2u << log2) * block_bytes <= bytes) {
        log2++;
    }
    return (struct Tile){block_bytes << (log2 + 1) / 2, 1u << log2 / 2};
}

static struct Tile tile_of_level(const struct VrSimModel *model, uint32_t tile_bytes, uint32_t block_bytes,
                                 uint32_t rows)
{
    if (model->tile_width == 0) {
        return square_tile(tile_bytes, block_bytes);
    }
    struct Tile tile = {model->tile_width, tile_bytes / model->tile_width};
    while (model->tile_shrinks && tile.height > 8 && tile.height / 2 >= rows) {
        tile.height /= 2;
    }
    return tile;
}

static uint32_t columns_of(const struct VrSimImageShape *shape, struct VrSimBlock block, uint32_t level)
{
    return (level_extent(shape->extent.width, level) + block.width - 1) / block.width;
}

static uint32_t rows_of(const struct VrSimImageShape *shape, struct VrSimBlock block, uint32_t level)
{
    return (level_extent(shape->extent.height, level) + block.height - 1) / block.height;
}

static VkDeviceSize sum_of_levels(const struct VrSimModel *model, const struct VrSimImageShape *shape,
                                  struct VrSimBlock block)
{
    const VkDeviceSize base =
        (VkDeviceSize)columns_of(shape, block, 0) * rows_of(shape, block, 0) * block.bytes;
    const bool small = model->tile_width == 0 && model->tile_shrinks && base <= model->tile_bytes / 2;
    const uint32_t tile_bytes = small ? SMALL_TILE : model->tile_bytes;
    VkDeviceSize sum = 0;
    for (uint32_t level = 0; level < shape->mips; level++) {
        const VkDeviceSize row = (VkDeviceSize)columns_of(shape, block, level) * block.bytes;
        const uint32_t rows = rows_of(shape, block, level);
        const uint32_t depth = level_extent(shape->extent.depth, level);
        const struct Tile tile = tile_of_level(model, tile_bytes, block.bytes, rows);
        if (model->mip_tail && level > 0 && row * rows <= tile_bytes / 2) {
            sum += (VkDeviceSize)tile_bytes * depth;
            break;
        }
        sum += round_up(row, tile.width) * round_up(rows, tile.height) * depth;
    }
    if (model->layers_whole_tiles && shape->layers > 1) {
        const struct Tile first = tile_of_level(model, tile_bytes, block.bytes, rows_of(shape, block, 0));
        sum = round_up(sum, (VkDeviceSize)first.width * first.height);
    }
    return sum;
}

// The first level above; below it the second, with all further ones beside that in a column of their own.
static VkDeviceSize size_of_levels_beside(const struct VrSimModel *model, const struct VrSimImageShape *shape,
                                          struct VrSimBlock block)
{
    const struct Tile tile = tile_of_level(model, model->tile_bytes, block.bytes, UINT32_MAX);
    uint32_t first = 0, second = 0, column = 0;
    for (uint32_t level = 0; level < shape->mips; level++) {
        const uint32_t rows = (rows_of(shape, block, level) + 3) / 4 * 4;
        if (level == 0) {
            first = rows;
        } else if (level == 1) {
            second = rows;
        } else {
            column += rows;
        }
    }
    const VkDeviceSize row = (VkDeviceSize)columns_of(shape, block, 0) * block.bytes;
    const uint32_t below = second > column ? second : column;
    return round_up(row, tile.width) * round_up(first + below, tile.height) * shape->extent.depth;
}

// Samples lie side by side, as if the image were larger.
static VkExtent3D extent_with_samples(const struct VrSimImageShape *shape)
{
    VkExtent3D extent = shape->extent;
    for (uint32_t samples = shape->samples; samples > 1; samples /= 2) {
        if (extent.width / shape->extent.width == extent.height / shape->extent.height) {
            extent.width *= 2;
        } else {
            extent.height *= 2;
        }
    }
    return extent;
}

static VkDeviceSize optimal_size(const struct VrSimModel *model, const struct VrSimImageShape *shape)
{
    const struct VrSimBlock block = vr_sim_format_block(shape->format);
    struct VrSimImageShape wide = *shape;
    wide.extent = extent_with_samples(shape);
    VkDeviceSize size = model->mips_beside && shape->mips > 1 ? size_of_levels_beside(model, &wide, block)
                                                              : sum_of_levels(model, &wide, block);
    size *= shape->layers;
    if (block.depth_stencil != 0 && model->depth_metadata != 0) {
        size += size / model->depth_metadata;
    } else if ((shape->usage & VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT) && model->color_metadata != 0) {
        size += size / model->color_metadata;
    }
    return size;
}

// ---- linear images ------------------------------------------------------------------------------

void vr_sim_linear_layout(const struct VrSimModel *model, const struct VrSimImageShape *shape,
                          const VkImageSubresource *which, VkSubresourceLayout *out)
{
    const struct VrSimBlock block = vr_sim_format_block(shape->format);
    VkDeviceSize offset = 0;
    for (uint32_t level = 0; level < shape->mips; level++) {
        const VkDeviceSize row = (VkDeviceSize)columns_of(shape, block, level) * block.bytes;
        const VkDeviceSize pitch = round_up(row, model->linear_pitch);
        const VkDeviceSize slice = pitch * rows_of(shape, block, level);
        const VkDeviceSize size = slice * level_extent(shape->extent.depth, level);
        if (level == which->mipLevel) {
            *out =
                (VkSubresourceLayout){.offset = offset, .size = size, .rowPitch = pitch, .depthPitch = slice};
        }
        offset += round_up(size, model->linear_alignment);
    }
    out->arrayPitch = offset;
    out->offset += offset * which->arrayLayer;
}

// ---- images -------------------------------------------------------------------------------------

struct VrSimImageShape vr_sim_shape_of(const VkImageCreateInfo *info)
{
    return (struct VrSimImageShape){
        .format = info->format,
        .extent = info->extent,
        .mips = info->mipLevels,
        .layers = info->arrayLayers,
        .samples = info->samples ? (uint32_t)info->samples : 1,
        .tiling = info->tiling,
        .usage = info->usage,
    };
}

static uint32_t rule_of_format(VkFormat format)
{
    switch ((int)format) {
    case VK_FORMAT_D16_UNORM:
        return VR_SIM_IMAGE_D16;
    case VK_FORMAT_X8_D24_UNORM_PACK32:
        return VR_SIM_IMAGE_X8_D24;
    case VK_FORMAT_D32_SFLOAT:
        return VR_SIM_IMAGE_D32;
    case VK_FORMAT_S8_UINT:
        return VR_SIM_IMAGE_S8;
    case VK_FORMAT_D16_UNORM_S8_UINT:
        return VR_SIM_IMAGE_D16_S8;
    case VK_FORMAT_D24_UNORM_S8_UINT:
        return VR_SIM_IMAGE_D24_S8;
    case VK_FORMAT_D32_SFLOAT_S8_UINT:
        return VR_SIM_IMAGE_D32_S8;
    default:
        return VR_SIM_IMAGE_COLOR;
    }
}

static uint32_t image_types(const struct VrSimDevice *device, const VkImageCreateInfo *info)
{
    const bool linear = info->tiling == VK_IMAGE_TILING_LINEAR;
    const bool transient = (info->usage & VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT) != 0;
    const bool sparse = (info->flags & VK_IMAGE_CREATE_SPARSE_BINDING_BIT) != 0;
    const uint32_t need = linear ? VR_SIM_IMAGE_LINEAR : rule_of_format(info->format);
    uint32_t bits = 0;
    for (uint32_t i = 0; i < device->type_count; i++) {
        const uint32_t rules = device->types[i].images;
        if ((rules & need) && !(transient && (rules & VR_SIM_IMAGE_NOT_TRANSIENT)) &&
            !(!transient && (rules & VR_SIM_IMAGE_TRANSIENT_ONLY)) &&
            !(sparse && (rules & VR_SIM_IMAGE_NOT_SPARSE))) {
            bits |= 1u << i;
        }
    }
    return bits;
}

static bool prefers_dedicated(const struct VrSimModel *model, VkImageUsageFlags usage, VkDeviceSize size)
{
    const VkImageUsageFlags attachment =
        VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT;
    const VkDeviceSize from =
        usage & attachment ? model->prefers_dedicated_attachment : model->prefers_dedicated_image;
    return from != 0 && size >= from;
}

void vr_sim_image_requirements(struct VrSim *sim, const VkImageCreateInfo *info,
                               struct VrSimRequirements *out)
{
    const struct VrSimModel *model = &sim->device.model;
    const struct VrSimImageShape shape = vr_sim_shape_of(info);
    memset(out, 0, sizeof(*out));
    if (info->tiling == VK_IMAGE_TILING_LINEAR) {
        const VkImageSubresource first = {0, 0, 0};
        VkSubresourceLayout layout = {0};
        vr_sim_linear_layout(model, &shape, &first, &layout);
        out->size = layout.arrayPitch * shape.layers;
        out->alignment = model->linear_alignment;
    } else {
        out->size = optimal_size(model, &shape);
        out->alignment =
            out->size < model->image_large ? model->image_alignment : model->image_alignment_large;
    }
    out->prefers_dedicated = prefers_dedicated(model, info->usage, out->size);
    out->type_bits = image_types(&sim->device, info);
    if (VR_SIM_UNLIKELY((vr_sim_slow(sim) & VR_SIM_SLOW_HOOK) != 0)) {
        vr_sim_run_hook(sim, NULL, info, out);
    }
}
