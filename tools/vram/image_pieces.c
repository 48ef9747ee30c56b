// SPDX-License-Identifier: MIT
// The cutting of image_pieces.h.
#include "image_pieces.h"

struct Cutter {
    struct CliFormat format;
    uint64_t largest;
    CliImagePieceFn visit;
    void *user;
    uint64_t position;
};

static uint32_t at_level(uint32_t extent, uint32_t level)
{
    return extent >> level ? extent >> level : 1;
}

static void emit(struct Cutter *cutter, struct CliImagePiece *piece, uint64_t bytes)
{
    piece->bytes = bytes;
    piece->position = cutter->position;
    cutter->position += (bytes + 7) / 8 * 8;
    cutter->visit(cutter->user, piece);
}

// One level of one layer, of one aspect.
static void cut_level(struct Cutter *cutter, struct CliImagePiece piece, VkExtent3D level)
{
    const struct CliFormat *format = &cutter->format;
    uint32_t columns = (level.width + format->block_width - 1) / format->block_width;
    uint32_t rows = (level.height + format->block_height - 1) / format->block_height;
    uint64_t row_bytes = (uint64_t)columns * piece.aspect->bytes;
    uint64_t band = cutter->largest / row_bytes;

    piece.extent = level;
    if (row_bytes * rows * level.depth <= cutter->largest) {
        emit(cutter, &piece, row_bytes * rows * level.depth);
        return;
    }
    band = band ? band : 1;
    piece.extent.depth = 1;
    for (uint32_t z = 0; z < level.depth; z++) {
        for (uint64_t row = 0; row < rows; row += band) {
            uint32_t taken = (uint32_t)(band < rows - row ? band : rows - row);
            uint32_t top = (uint32_t)row * format->block_height;
            uint32_t bottom = top + taken * format->block_height;
            piece.offset = (VkOffset3D){0, (int32_t)top, (int32_t)z};
            piece.extent.height = (bottom < level.height ? bottom : level.height) - top;
            emit(cutter, &piece, row_bytes * taken);
        }
    }
}

void cli_image_pieces(const VkImageCreateInfo *info, uint64_t largest, CliImagePieceFn visit, void *user)
{
    struct Cutter cutter = {
        .format = cli_format_describe(info->format),
        .largest = largest,
        .visit = visit,
        .user = user,
    };

    for (uint32_t aspect = 0; aspect < cutter.format.aspect_count; aspect++) {
        for (uint32_t mip = 0; mip < info->mipLevels; mip++) {
            VkExtent3D level = {at_level(info->extent.width, mip), at_level(info->extent.height, mip),
                                at_level(info->extent.depth, mip)};
            for (uint32_t layer = 0; layer < info->arrayLayers; layer++) {
                struct CliImagePiece piece = {
                    .aspect = &cutter.format.aspects[aspect],
                    .subresource = {cutter.format.aspects[aspect].aspect, mip, layer, 1},
                };
                cut_level(&cutter, piece, level);
            }
        }
    }
}
