// SPDX-License-Identifier: MIT
// Batches of copies through a staging buffer, see transfer.h.
#include "transfer.h"

#include <stdlib.h>
#include <string.h>

#include "image_pieces.h"
#include "map.h"
#include "text.h"

enum { STAGING_SIZE = 32 << 20, LARGEST_PIECE = STAGING_SIZE / 4 };

// ---- set-up -----------------------------------------------------------------------------------------------

// Cached memory is preferred: the CPU reads everything back.
static uint32_t staging_type(const struct CliDevice *device, uint32_t type_bits)
{
    const VkMemoryPropertyFlags needed =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    uint32_t found = UINT32_MAX;

    for (uint32_t i = 0; i < device->memory.memoryTypeCount; i++) {
        VkMemoryPropertyFlags flags = device->memory.memoryTypes[i].propertyFlags;
        if (!(type_bits >> i & 1) || (flags & needed) != needed) {
            continue;
        }
        if (flags & VK_MEMORY_PROPERTY_HOST_CACHED_BIT) {
            return i;
        }
        found = found == UINT32_MAX ? i : found;
    }
    return found;
}

static VkResult create_staging(struct CliTransfer *transfer)
{
    const struct CliVk *vk = &transfer->device->vk;
    VkDevice device = transfer->device->device;
    VkBufferCreateInfo buffer = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = STAGING_SIZE,
        .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT,
    };
    VkMemoryAllocateInfo memory = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    VkMemoryRequirements requirements;
    VkResult result = vk->CreateBuffer(device, &buffer, NULL, &transfer->staging);

    if (result != VK_SUCCESS) {
        return result;
    }
    vk->GetBufferMemoryRequirements(device, transfer->staging, &requirements);
    memory.allocationSize = requirements.size;
    memory.memoryTypeIndex = staging_type(transfer->device, requirements.memoryTypeBits);
    if (memory.memoryTypeIndex == UINT32_MAX) {
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    result = vk->AllocateMemory(device, &memory, NULL, &transfer->memory);
    if (result == VK_SUCCESS) {
        result = vk->BindBufferMemory(device, transfer->staging, transfer->memory, 0);
    }
    if (result == VK_SUCCESS) {
        void *mapped = NULL;
        result = vk->MapMemory(device, transfer->memory, 0, VK_WHOLE_SIZE, 0, &mapped);
        transfer->mapped = mapped;
    }
    transfer->size = STAGING_SIZE;
    return result;
}

static VkResult create_commands(struct CliTransfer *transfer)
{
    const struct CliVk *vk = &transfer->device->vk;
    VkDevice device = transfer->device->device;
    VkCommandPoolCreateInfo pool = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
        .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
        .queueFamilyIndex = transfer->device->queue_family,
    };
    VkFenceCreateInfo fence = {.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    VkResult result = vk->CreateCommandPool(device, &pool, NULL, &transfer->pool);

    if (result == VK_SUCCESS) {
        VkCommandBufferAllocateInfo commands = {
            .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
            .commandPool = transfer->pool,
            .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
            .commandBufferCount = 1,
        };
        result = vk->AllocateCommandBuffers(device, &commands, &transfer->commands);
    }
    return result == VK_SUCCESS ? vk->CreateFence(device, &fence, NULL, &transfer->fence) : result;
}

bool cli_transfer_begin(struct CliTransfer *transfer, const struct CliDevice *device)
{
    memset(transfer, 0, sizeof(*transfer));
    transfer->device = device;
    transfer->first_wrong = CLI_MAP_NONE;
    if (!device->can_copy) {
        return true; // only the CPU's part will be checked
    }
    transfer->result = create_staging(transfer);
    if (transfer->result == VK_SUCCESS) {
        transfer->result = create_commands(transfer);
    }
    if (transfer->result != VK_SUCCESS) {
        cli_error("the staging buffer for the content cannot be made: %s", cli_result_name(transfer->result));
        cli_transfer_end(transfer);
        return false;
    }
    return true;
}

void cli_transfer_end(struct CliTransfer *transfer)
{
    const struct CliVk *vk = &transfer->device->vk;
    VkDevice device = transfer->device->device;

    if (transfer->fence) {
        vk->DestroyFence(device, transfer->fence, NULL);
    }
    if (transfer->pool) {
        vk->DestroyCommandPool(device, transfer->pool, NULL);
    }
    if (transfer->staging) {
        vk->DestroyBuffer(device, transfer->staging, NULL);
    }
    if (transfer->memory) {
        vk->FreeMemory(device, transfer->memory, NULL);
    }
    free(transfer->checks);
    transfer->fence = VK_NULL_HANDLE;
    transfer->pool = VK_NULL_HANDLE;
    transfer->staging = VK_NULL_HANDLE;
    transfer->memory = VK_NULL_HANDLE;
    transfer->checks = NULL;
}

// ---- batches ----------------------------------------------------------------------------------------------

static void start_recording(struct CliTransfer *transfer)
{
    VkCommandBufferBeginInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
        .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
    };
    if (!transfer->recording && transfer->result == VK_SUCCESS) {
        transfer->result = transfer->device->vk.BeginCommandBuffer(transfer->commands, &info);
        transfer->recording = transfer->result == VK_SUCCESS;
    }
}

void cli_transfer_judge(struct CliTransfer *transfer, const struct CliStretch *stretch, const void *data)
{
    uint64_t wrong = cli_content_check(stretch, data);

    transfer->verified_bytes += stretch->bytes;
    transfer->wrong_words += wrong;
    if (wrong && transfer->first_wrong == CLI_MAP_NONE) {
        transfer->first_wrong = stretch->resource;
    }
}

static VkResult run_batch(struct CliTransfer *transfer)
{
    const struct CliVk *vk = &transfer->device->vk;
    VkMemoryBarrier to_host = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
        .srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT,
        .dstAccessMask = VK_ACCESS_HOST_READ_BIT,
    };
    VkSubmitInfo submit = {
        .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
        .commandBufferCount = 1,
        .pCommandBuffers = &transfer->commands,
    };
    VkResult result;

    vk->CmdPipelineBarrier(transfer->commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0,
                           1, &to_host, 0, NULL, 0, NULL);
    result = vk->EndCommandBuffer(transfer->commands);
    if (result == VK_SUCCESS) {
        result = vk->QueueSubmit(transfer->device->queue, 1, &submit, transfer->fence);
    }
    if (result == VK_SUCCESS) {
        result = vk->WaitForFences(transfer->device->device, 1, &transfer->fence, VK_TRUE, UINT64_MAX);
    }
    if (result == VK_SUCCESS) {
        result = vk->ResetFences(transfer->device->device, 1, &transfer->fence);
    }
    transfer->submits++;
    return result;
}

VkResult cli_transfer_flush(struct CliTransfer *transfer)
{
    if (transfer->recording && transfer->result == VK_SUCCESS) {
        transfer->recording = false;
        transfer->result = run_batch(transfer);
        for (size_t i = 0; i < transfer->check_count && transfer->result == VK_SUCCESS; i++) {
            cli_transfer_judge(transfer, &transfer->checks[i].stretch,
                               transfer->mapped + transfer->checks[i].offset);
        }
    }
    transfer->check_count = 0;
    transfer->used = 0;
    return transfer->result;
}

// A stretch of the staging buffer whose offset suits texels of that many bytes. Runs the batch when it is
// full.
static VkDeviceSize take_staging(struct CliTransfer *transfer, uint64_t bytes, uint32_t texel_bytes)
{
    VkDeviceSize unit = texel_bytes % 3 == 0 ? 48 : 32;
    VkDeviceSize offset = (transfer->used + unit - 1) / unit * unit;

    if (offset + bytes > transfer->size) {
        (void)cli_transfer_flush(transfer);
        offset = 0;
    }
    transfer->used = offset + bytes;
    start_recording(transfer);
    return offset;
}

static void remember_check(struct CliTransfer *transfer, const struct CliStretch *stretch,
                           VkDeviceSize offset)
{
    if (transfer->check_count == transfer->check_capacity) {
        size_t capacity = transfer->check_capacity ? transfer->check_capacity * 2 : 256;
        struct CliTransferCheck *checks = realloc(transfer->checks, capacity * sizeof(*checks));
        if (!checks) {
            transfer->result = VK_ERROR_OUT_OF_HOST_MEMORY;
            return;
        }
        transfer->checks = checks;
        transfer->check_capacity = capacity;
    }
    transfer->checks[transfer->check_count++] = (struct CliTransferCheck){*stretch, offset};
}

// ---- buffers ----------------------------------------------------------------------------------------------

static void copy_buffer(struct CliTransfer *transfer, uint32_t resource, VkBuffer buffer, VkDeviceSize size,
                        bool fills)
{
    const struct CliVk *vk = &transfer->device->vk;

    for (VkDeviceSize at = 0; at < size && transfer->result == VK_SUCCESS; at += LARGEST_PIECE) {
        VkDeviceSize bytes = size - at < LARGEST_PIECE ? size - at : LARGEST_PIECE;
        VkDeviceSize offset = take_staging(transfer, bytes, 16);
        struct CliStretch stretch = {resource, at, bytes, CLI_TEXEL_RAW};
        VkBufferCopy region = {fills ? offset : at, fills ? at : offset, bytes};

        if (transfer->result != VK_SUCCESS) {
            return;
        }
        if (fills) {
            cli_content_fill(&stretch, transfer->mapped + offset);
            vk->CmdCopyBuffer(transfer->commands, transfer->staging, buffer, 1, &region);
        } else {
            remember_check(transfer, &stretch, offset);
            vk->CmdCopyBuffer(transfer->commands, buffer, transfer->staging, 1, &region);
        }
    }
}

void cli_transfer_fill_buffer(struct CliTransfer *transfer, uint32_t resource, VkBuffer buffer,
                              VkDeviceSize size)
{
    VkBufferMemoryBarrier written = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_MEMORY_BARRIER,
        .srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT,
        .dstAccessMask = VK_ACCESS_TRANSFER_READ_BIT,
        .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .buffer = buffer,
        .size = VK_WHOLE_SIZE,
    };

    copy_buffer(transfer, resource, buffer, size, true);
    if (transfer->result == VK_SUCCESS) {
        transfer->device->vk.CmdPipelineBarrier(transfer->commands, VK_PIPELINE_STAGE_TRANSFER_BIT,
                                                VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 0, NULL, 1, &written, 0,
                                                NULL);
    }
}

void cli_transfer_check_buffer(struct CliTransfer *transfer, uint32_t resource, VkBuffer buffer,
                               VkDeviceSize size)
{
    copy_buffer(transfer, resource, buffer, size, false);
}

// ---- images -----------------------------------------------------------------------------------------------

struct ImageCopy {
    struct CliTransfer *transfer;
    uint32_t resource;
    VkImage image;
    bool fills;
};

static void copy_piece(void *user, const struct CliImagePiece *piece)
{
    struct ImageCopy *copy = user;
    struct CliTransfer *transfer = copy->transfer;
    struct CliStretch stretch = {copy->resource, piece->position, piece->bytes, piece->aspect->texel};
    VkBufferImageCopy region = {
        .imageSubresource = piece->subresource,
        .imageOffset = piece->offset,
        .imageExtent = piece->extent,
    };

    if (transfer->result == VK_SUCCESS) {
        region.bufferOffset = take_staging(transfer, piece->bytes, piece->aspect->bytes);
    }
    if (transfer->result != VK_SUCCESS) {
        return;
    }
    if (copy->fills) {
        cli_content_fill(&stretch, transfer->mapped + region.bufferOffset);
        transfer->device->vk.CmdCopyBufferToImage(transfer->commands, transfer->staging, copy->image,
                                                  VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
    } else {
        remember_check(transfer, &stretch, region.bufferOffset);
        transfer->device->vk.CmdCopyImageToBuffer(transfer->commands, copy->image,
                                                  VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, transfer->staging, 1,
                                                  &region);
    }
}

static void change_layout(struct CliTransfer *transfer, VkImage image, const VkImageCreateInfo *info,
                          VkImageLayout from, VkImageLayout to)
{
    struct CliFormat format = cli_format_describe(info->format);
    bool fresh = from == VK_IMAGE_LAYOUT_UNDEFINED;
    VkImageMemoryBarrier barrier = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER,
        .srcAccessMask = fresh ? 0 : VK_ACCESS_TRANSFER_WRITE_BIT,
        .dstAccessMask = fresh ? VK_ACCESS_TRANSFER_WRITE_BIT : VK_ACCESS_TRANSFER_READ_BIT,
        .oldLayout = from,
        .newLayout = to,
        .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .image = image,
        .subresourceRange = {.levelCount = info->mipLevels, .layerCount = info->arrayLayers},
    };

    for (uint32_t i = 0; i < format.aspect_count; i++) {
        barrier.subresourceRange.aspectMask |= (VkImageAspectFlags)format.aspects[i].aspect;
    }
    start_recording(transfer);
    if (transfer->result == VK_SUCCESS) {
        transfer->device->vk.CmdPipelineBarrier(transfer->commands, VK_PIPELINE_STAGE_TRANSFER_BIT,
                                                VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 0, NULL, 0, NULL, 1,
                                                &barrier);
    }
}

void cli_transfer_fill_image(struct CliTransfer *transfer, uint32_t resource, VkImage image,
                             const VkImageCreateInfo *info)
{
    struct ImageCopy copy = {transfer, resource, image, true};

    change_layout(transfer, image, info, VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL);
    cli_image_pieces(info, LARGEST_PIECE, copy_piece, &copy);
    change_layout(transfer, image, info, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                  VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL);
}

void cli_transfer_check_image(struct CliTransfer *transfer, uint32_t resource, VkImage image,
                              const VkImageCreateInfo *info)
{
    struct ImageCopy copy = {transfer, resource, image, false};
    cli_image_pieces(info, LARGEST_PIECE, copy_piece, &copy);
}
