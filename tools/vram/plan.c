// SPDX-License-Identifier: MIT
// Fits the resources of a trace to a device, see plan.h.
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum {
    CORE_BUFFER_USAGE = 0x1FF,
    CORE_IMAGE_USAGE = 0xFF,
    // Flags of images that need no extension and no special memory.
    CORE_IMAGE_FLAGS = VK_IMAGE_CREATE_MUTABLE_FORMAT_BIT | VK_IMAGE_CREATE_CUBE_COMPATIBLE_BIT |
                       VK_IMAGE_CREATE_2D_ARRAY_COMPATIBLE_BIT | VK_IMAGE_CREATE_EXTENDED_USAGE_BIT |
                       VK_IMAGE_CREATE_BLOCK_TEXEL_VIEW_COMPATIBLE_BIT,
    COPY_USAGE = VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT,
};

static VkDeviceSize largest_heap(const struct CliDevice *device)
{
    VkDeviceSize largest = 0;
    for (uint32_t i = 0; i < device->memory.memoryHeapCount; i++) {
        largest = device->memory.memoryHeaps[i].size > largest ? device->memory.memoryHeaps[i].size : largest;
    }
    return largest;
}

static void plan_buffer(struct CliPlanItem *item, const struct CliResource *resource,
                        const struct CliDevice *device)
{
    VkFlags known = CORE_BUFFER_USAGE;
    VkBufferCreateInfo *info = &item->info.buffer;

    if (device->has_address) {
        known |= VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT;
    }
    *info = (VkBufferCreateInfo){
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = resource->size,
        .usage = resource->usage & known,
        .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
    };
    item->create = true;
    item->trimmed = info->usage != resource->usage || resource->flags != 0;
    if (resource->host != CLI_HOST_NONE) {
        item->verify = CLI_VERIFY_MAPPED;
    } else if (device->can_copy) {
        item->verify = CLI_VERIFY_COPY;
        info->usage |= VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    } else {
        item->verify = CLI_VERIFY_NOT;
        item->reason = CLI_REASON_NO_GPU;
    }
    if (!info->usage) {
        info->usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    }
    if (resource->size > largest_heap(device)) {
        item->create = false;
        item->verify = CLI_VERIFY_NOT;
        item->reason = CLI_REASON_UNSUPPORTED;
    }
}

static uint32_t longest_mip_chain(const VkExtent3D *extent)
{
    uint32_t largest = extent->width > extent->height ? extent->width : extent->height;
    uint32_t levels = 1;

    for (largest = largest > extent->depth ? largest : extent->depth; largest > 1; largest >>= 1) {
        levels++;
    }
    return levels;
}

// Of level 0, for all layers and samples; what matters is whether it is absurd.
static double rough_size(const VkImageCreateInfo *info)
{
    struct CliFormat format = cli_format_describe(info->format);
    double blocks =
        (double)info->extent.width / format.block_width * info->extent.height / format.block_height;
    double bytes = format.aspect_count ? format.aspects[0].bytes : 4;
    return blocks * bytes * info->extent.depth * info->arrayLayers * (double)info->samples;
}

static bool device_takes(const struct CliDevice *device, const VkImageCreateInfo *info)
{
    VkImageFormatProperties limits;

    if (!device->vk.GetPhysicalDeviceImageFormatProperties) {
        return true;
    }
    return device->vk.GetPhysicalDeviceImageFormatProperties(device->physical, info->format, info->imageType,
                                                             info->tiling, info->usage, info->flags,
                                                             &limits) == VK_SUCCESS &&
           info->extent.width <= limits.maxExtent.width && info->extent.height <= limits.maxExtent.height &&
           info->extent.depth <= limits.maxExtent.depth && info->mipLevels <= limits.maxMipLevels &&
           info->arrayLayers <= limits.maxArrayLayers && (limits.sampleCounts & info->samples) != 0 &&
           rough_size(info) <= (double)limits.maxResourceSize &&
           rough_size(info) <= (double)largest_heap(device);
}

// Puts another format in the image's place. One texel stands for a block where the substitute has no blocks.
static void substitute(VkImageCreateInfo *info, const struct CliFormat *from, VkFormat to)
{
    struct CliFormat format = cli_format_describe(to);
    uint32_t longest;

    info->format = to;
    info->flags &= ~(VkFlags)VK_IMAGE_CREATE_BLOCK_TEXEL_VIEW_COMPATIBLE_BIT;
    info->tiling = VK_IMAGE_TILING_OPTIMAL;
    if (format.block_width != from->block_width || format.block_height != from->block_height) {
        info->extent.width =
            (info->extent.width + from->block_width - 1) / from->block_width * format.block_width;
        info->extent.height =
            (info->extent.height + from->block_height - 1) / from->block_height * format.block_height;
        if (info->flags & VK_IMAGE_CREATE_CUBE_COMPATIBLE_BIT) {
            info->extent.height = info->extent.width;
        }
    }
    longest = longest_mip_chain(&info->extent);
    info->mipLevels = info->mipLevels < longest ? info->mipLevels : longest;
}

// Tries the image as it is, then each substitute. On success item->info.image is what the device takes.
static bool fit(struct CliPlanItem *item, const struct CliDevice *device, const VkImageCreateInfo *wanted)
{
    struct CliFormat format = cli_format_describe(wanted->format);
    VkImageCreateInfo *info = &item->info.image;

    *info = *wanted;
    item->replaced = false;
    if (format.known && device_takes(device, info)) {
        return true;
    }
    item->replaced = true;
    for (const VkFormat *other = cli_format_substitutes(&format); *other; other++) {
        *info = *wanted;
        substitute(info, &format, *other);
        if (device_takes(device, info)) {
            return true;
        }
    }
    return false;
}

static VkImageCreateInfo recorded_image(const struct CliResource *resource)
{
    VkImageCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .flags = resource->flags & CORE_IMAGE_FLAGS,
        .imageType = resource->type,
        .format = resource->format,
        .extent = {resource->width, resource->height, resource->depth},
        .mipLevels = resource->mips,
        .arrayLayers = resource->layers,
        .samples = (VkSampleCountFlagBits)resource->samples,
        .tiling =
            resource->tiling == VK_IMAGE_TILING_LINEAR ? VK_IMAGE_TILING_LINEAR : VK_IMAGE_TILING_OPTIMAL,
        .usage = resource->usage & CORE_IMAGE_USAGE,
        .sharingMode = VK_SHARING_MODE_EXCLUSIVE,
        .initialLayout = VK_IMAGE_LAYOUT_UNDEFINED,
    };
    uint32_t longest = longest_mip_chain(&info.extent);

    info.mipLevels = info.mipLevels < longest ? info.mipLevels : longest;
    if (info.samples > 1) {
        info.mipLevels = 1;
    }
    if (info.arrayLayers < 6 || info.extent.width != info.extent.height) {
        info.flags &= ~(VkFlags)VK_IMAGE_CREATE_CUBE_COMPATIBLE_BIT;
    }
    if (info.imageType == VK_IMAGE_TYPE_3D) {
        info.arrayLayers = 1;
    } else {
        info.flags &= ~(VkFlags)VK_IMAGE_CREATE_2D_ARRAY_COMPATIBLE_BIT;
        info.extent.depth = 1;
        info.extent.height = info.imageType == VK_IMAGE_TYPE_1D ? 1 : info.extent.height;
    }
    return info;
}

static void plan_image(struct CliPlanItem *item, const struct CliResource *resource,
                       const struct CliDevice *device)
{
    VkImageCreateInfo wanted = recorded_image(resource);
    VkFlags used = wanted.usage;
    bool copies;

    item->trimmed = wanted.flags != resource->flags || wanted.usage != resource->usage;
    if (wanted.usage & VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT) {
        item->reason = CLI_REASON_TRANSIENT;
    } else if (wanted.samples > 1) {
        item->reason = CLI_REASON_MULTISAMPLED;
    } else if (!device->can_copy) {
        item->reason = CLI_REASON_NO_GPU;
    }
    copies = item->reason == CLI_REASON_NONE;
    wanted.usage = copies ? used | COPY_USAGE : used;
    item->create = wanted.usage != 0 && fit(item, device, &wanted);
    if (!item->create && copies) {
        wanted.usage = used;
        item->create = used != 0 && fit(item, device, &wanted);
        item->reason = CLI_REASON_NO_COPY;
    }
    if (!item->create) { // the last resort keeps the size class and nothing else
        wanted.usage = COPY_USAGE;
        wanted.samples = VK_SAMPLE_COUNT_1_BIT;
        wanted.flags = 0;
        item->create = fit(item, device, &wanted);
        item->trimmed = true;
        item->reason = !item->create      ? CLI_REASON_UNSUPPORTED
                       : device->can_copy ? CLI_REASON_NONE
                                          : CLI_REASON_NO_GPU;
    }
    if (item->reason == CLI_REASON_NONE && !cli_format_describe(item->info.image.format).aspect_count) {
        item->reason = CLI_REASON_LAYOUT;
    }
    item->verify = item->reason == CLI_REASON_NONE ? CLI_VERIFY_COPY : CLI_VERIFY_NOT;
}

// Makes the object without memory for a moment, to learn its size. Drops the item when even that fails.
static void ask_size(struct CliPlanItem *item, bool is_image, const struct CliDevice *device)
{
    const struct CliVk *vk = &device->vk;
    VkMemoryRequirements requirements = {0};

    if (is_image) {
        VkImage image = VK_NULL_HANDLE;
        item->create = vk->CreateImage(device->device, &item->info.image, NULL, &image) == VK_SUCCESS;
        if (item->create) {
            vk->GetImageMemoryRequirements(device->device, image, &requirements);
            vk->DestroyImage(device->device, image, NULL);
        }
    } else {
        VkBuffer buffer = VK_NULL_HANDLE;
        item->create = vk->CreateBuffer(device->device, &item->info.buffer, NULL, &buffer) == VK_SUCCESS;
        if (item->create) {
            vk->GetBufferMemoryRequirements(device->device, buffer, &requirements);
            vk->DestroyBuffer(device->device, buffer, NULL);
        }
    }
    item->size = requirements.size;
    if (!item->create) {
        item->reason = CLI_REASON_UNSUPPORTED;
        item->verify = CLI_VERIFY_NOT;
    }
}

static void find_peak(struct CliPlan *plan)
{
    VkDeviceSize live = 0;

    for (size_t i = 0; i < plan->trace->event_count; i++) {
        const struct CliEvent *event = &plan->trace->events[i];
        VkDeviceSize size = plan->items[event->resource].size;
        live = event->destroys ? live - size : live + size;
        if (live > plan->peak_live) {
            plan->peak_live = live;
            plan->peak_event = i;
        }
    }
}

bool cli_plan_make(struct CliPlan *plan, const struct CliTrace *trace, const struct CliDevice *device)
{
    memset(plan, 0, sizeof(*plan));
    plan->trace = trace;
    plan->items = calloc(trace->resource_count, sizeof(*plan->items));
    if (!plan->items) {
        cli_error("out of memory");
        return false;
    }
    for (uint32_t i = 0; i < trace->resource_count; i++) {
        struct CliPlanItem *item = &plan->items[i];
        if (trace->resources[i].is_image) {
            plan_image(item, &trace->resources[i], device);
        } else {
            plan_buffer(item, &trace->resources[i], device);
        }
        if (item->create) {
            ask_size(item, trace->resources[i].is_image, device);
        }
        plan->created += item->create;
        plan->replaced += item->create && item->replaced;
        plan->trimmed += item->create && item->trimmed;
        plan->reasons[item->reason]++;
    }
    find_peak(plan);
    return true;
}

void cli_plan_finish(struct CliPlan *plan)
{
    free(plan->items);
    memset(plan, 0, sizeof(*plan));
}

const char *cli_reason_text(enum CliReason reason)
{
    static const char *const texts[CLI_REASON_COUNT] = {
        [CLI_REASON_NONE] = "verified",
        [CLI_REASON_MULTISAMPLED] = "multisampled images: no copy to a buffer exists",
        [CLI_REASON_TRANSIENT] = "transient attachments: no content outside of a render pass",
        [CLI_REASON_NO_COPY] = "formats that this device does not copy with this usage",
        [CLI_REASON_LAYOUT] = "multi-planar or unknown formats",
        [CLI_REASON_NO_GPU] = "need a GPU to fill them: the device is simulated",
        [CLI_REASON_UNSUPPORTED] = "nothing like it on this device, or larger than its heaps: not created",
    };
    return texts[reason];
}

VmaAllocationCreateInfo cli_plan_allocation_info(const struct CliPlan *plan, uint32_t resource,
                                                 bool dedicated)
{
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};

    if (plan->trace->resources[resource].host == CLI_HOST_SEQUENTIAL) {
        info.flags |=
            VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
    } else if (plan->trace->resources[resource].host == CLI_HOST_RANDOM) {
        info.flags |= VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
    }
    if (dedicated) {
        info.flags |= VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT;
    }
    return info;
}
