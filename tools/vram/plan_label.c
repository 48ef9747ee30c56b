// SPDX-License-Identifier: MIT
// Names for resources: the kind that a picture colours, and the line that a person reads.
#include <stdio.h>

#include "plan.h"
#include "text.h"

enum CliKind cli_resource_kind(const struct CliResource *resource)
{
    const VkFlags geometry = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT | VK_BUFFER_USAGE_INDEX_BUFFER_BIT;
    const VkFlags copies = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    const VkFlags target = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT |
                           VK_IMAGE_USAGE_STORAGE_BIT;

    if (resource->is_image) {
        return resource->usage & target ? CLI_KIND_TARGET : CLI_KIND_TEXTURE;
    }
    if (resource->usage & geometry) {
        return CLI_KIND_GEOMETRY;
    }
    return resource->usage & ~copies ? CLI_KIND_SHADER : CLI_KIND_STAGING;
}

const char *cli_kind_name(enum CliKind kind)
{
    static const char *const names[CLI_KIND_COUNT] = {
        [CLI_KIND_TEXTURE] = "texture",   [CLI_KIND_TARGET] = "render target",
        [CLI_KIND_GEOMETRY] = "vertices", [CLI_KIND_SHADER] = "shader data",
        [CLI_KIND_STAGING] = "staging",
    };
    return names[kind];
}

struct CliLabel cli_plan_label(const struct CliPlan *plan, uint32_t resource)
{
    const struct CliResource *recorded = &plan->trace->resources[resource];
    const char *kind = cli_kind_name(cli_resource_kind(recorded));
    struct CliLabel label;

    if (recorded->is_image) {
        const VkImageCreateInfo *info = &plan->items[resource].info.image;
        snprintf(label.text, sizeof(label.text), "%s %u: %ux%u %s%s", kind, resource, info->extent.width,
                 info->extent.height, cli_format_describe(info->format).name,
                 info->mipLevels > 1 ? ", mipmapped" : "");
    } else {
        snprintf(label.text, sizeof(label.text), "%s %u: %s", kind, resource, cli_bytes(recorded->size).text);
    }
    return label;
}
