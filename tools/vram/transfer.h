// SPDX-License-Identifier: MIT
// Fills and checks resources with copies on the GPU, in batches through one staging buffer.
// The staging memory is taken from the driver directly: it is no part of what is measured.
#ifndef CLI_TRANSFER_H
#define CLI_TRANSFER_H

#include "content.h"
#include "plan.h"

// A stretch that a recorded copy brings into the staging buffer, to be checked when the batch has run.
struct CliTransferCheck {
    struct CliStretch stretch;
    VkDeviceSize offset;
};

struct CliTransfer {
    const struct CliDevice *device;
    VkBuffer staging;
    VkDeviceMemory memory;
    unsigned char *mapped;
    VkDeviceSize size, used;
    VkCommandPool pool;
    VkCommandBuffer commands;
    VkFence fence;
    bool recording;
    VkResult result; // the first failure; afterwards every call does nothing
    struct CliTransferCheck *checks;
    size_t check_count, check_capacity;
    uint64_t verified_bytes;
    uint64_t wrong_words;
    uint32_t first_wrong; // resource, CLI_MAP_NONE: none
    uint64_t submits;
};

bool cli_transfer_begin(struct CliTransfer *transfer, const struct CliDevice *device);
void cli_transfer_end(struct CliTransfer *transfer);

// Records copies of the resource's content. It runs at the latest with the next flush; before it is
// destroyed, the caller flushes.
void cli_transfer_fill_buffer(struct CliTransfer *transfer, uint32_t resource, VkBuffer buffer,
                              VkDeviceSize size);
void cli_transfer_fill_image(struct CliTransfer *transfer, uint32_t resource, VkImage image,
                             const VkImageCreateInfo *info);
void cli_transfer_check_buffer(struct CliTransfer *transfer, uint32_t resource, VkBuffer buffer,
                               VkDeviceSize size);
void cli_transfer_check_image(struct CliTransfer *transfer, uint32_t resource, VkImage image,
                              const VkImageCreateInfo *info);

// Runs what was recorded, waits for it, and compares what came back.
VkResult cli_transfer_flush(struct CliTransfer *transfer);

// Counts a result of a comparison, here or by the CPU.
void cli_transfer_judge(struct CliTransfer *transfer, const struct CliStretch *stretch, const void *data);

#endif
