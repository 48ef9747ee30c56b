// SPDX-License-Identifier: MIT
// Cuts an image into pieces that are copied one by one: aspects, mip levels, layers, and bands of rows where
// a level is larger than the staging buffer likes.
#ifndef CLI_IMAGE_PIECES_H
#define CLI_IMAGE_PIECES_H

#include "format.h"

struct CliImagePiece {
    const struct CliAspect *aspect;
    VkImageSubresourceLayers subresource;
    VkOffset3D offset;
    VkExtent3D extent;
    uint64_t position; // in the content of the image; a multiple of 8
    uint64_t bytes;
};

typedef void (*CliImagePieceFn)(void *user, const struct CliImagePiece *piece);

void cli_image_pieces(const VkImageCreateInfo *info, uint64_t largest, CliImagePieceFn visit, void *user);

#endif
