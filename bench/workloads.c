// SPDX-License-Identifier: MIT
// Size distributions, churn and textures.
#include "workloads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void size_table_log(struct size_table *table, uint32_t min, uint32_t max, VkDeviceSize alignment,
                    uint64_t seed)
{
    struct rng rng = {seed};
    double low = log2((double)min);
    double high = log2((double)max);
    table->alignment = alignment;
    for (uint32_t i = 0; i < SIZE_TABLE_COUNT; ++i) {
        table->sizes[i] = (uint32_t)exp2(low + (high - low) * rng_unit(&rng));
    }
}

void size_table_uniform(struct size_table *table, uint32_t min, uint32_t max, VkDeviceSize alignment,
                        uint64_t seed)
{
    struct rng rng = {seed};
    table->alignment = alignment;
    table->rounded = true;
    for (uint32_t i = 0; i < SIZE_TABLE_COUNT; ++i) {
        table->sizes[i] = min + rng_below(&rng, max - min + 1);
    }
}

VkResult allocate_device_local(const struct engine *engine, VmaAllocator allocator, VkDeviceSize size,
                               VkDeviceSize alignment, VmaAllocation *allocation)
{
    VkMemoryRequirements requirements = {.size = size, .alignment = alignment, .memoryTypeBits = UINT32_MAX};
    VmaAllocationCreateInfo info = {.requiredFlags = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT};
    return engine->vmaAllocateMemory(allocator, &requirements, &info, allocation, NULL);
}

static VkResult live_set_allocate(struct live_set *set, uint32_t index)
{
    uint32_t size = set->table->sizes[set->next_size++ % SIZE_TABLE_COUNT];
    VkDeviceSize alignment = set->table->alignment;
    VkDeviceSize required = set->table->rounded ? (size + alignment - 1) / alignment * alignment : size;
    VkResult result =
        allocate_device_local(set->engine, set->allocator, required, alignment, &set->items[index]);
    if (result == VK_SUCCESS) {
        set->item_sizes[index] = size;
        set->live += size;
    }
    return result;
}

VkResult live_set_init(struct live_set *set, const struct engine *engine, VmaAllocator allocator,
                       const struct size_table *table, uint32_t count, uint64_t seed)
{
    memset(set, 0, sizeof *set);
    set->engine = engine;
    set->allocator = allocator;
    set->table = table;
    set->rng.state = seed;
    set->items = calloc(count, sizeof *set->items);
    set->item_sizes = calloc(count, sizeof *set->item_sizes);
    if (set->items == NULL || set->item_sizes == NULL) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    for (uint32_t i = 0; i < count; ++i) {
        VkResult result = live_set_allocate(set, i);
        if (result != VK_SUCCESS) {
            return result;
        }
        set->count++;
    }
    return VK_SUCCESS;
}

void live_set_finish(struct live_set *set)
{
    for (uint32_t i = 0; i < set->count; ++i) {
        set->engine->vmaFreeMemory(set->allocator, set->items[i]);
    }
    free(set->items);
    free(set->item_sizes);
    memset(set, 0, sizeof *set);
}

VkResult live_set_step(struct live_set *set, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; ++i) {
        uint32_t index = rng_below(&set->rng, set->count);
        set->engine->vmaFreeMemory(set->allocator, set->items[index]);
        set->live -= set->item_sizes[index];
        VkResult result = live_set_allocate(set, index);
        if (result != VK_SUCCESS) {
            set->items[index] = NULL;
            set->item_sizes[index] = 0;
            return result;
        }
    }
    return VK_SUCCESS;
}

// Width, height and how many of the 2,754 images have them; the sizes with fewer than 12 images are left out.
static const struct {
    uint16_t width, height, count;
} texture_sizes[] = {
    {512, 512, 589}, {256, 256, 568}, {128, 128, 424}, {1024, 1024, 352}, {64, 64, 146},  {256, 128, 85},
    {1024, 512, 65}, {512, 256, 58},  {512, 1024, 50}, {40, 40, 50},      {256, 64, 42},  {256, 512, 21},
    {128, 512, 20},  {512, 128, 19},  {32, 32, 19},    {16, 16, 17},      {128, 256, 16}, {32, 64, 15},
    {64, 32, 12},    {1024, 128, 12}, {768, 512, 10},  {2048, 2048, 9},
};

struct texture texture_draw(struct rng *rng)
{
    enum { SIZES = sizeof texture_sizes / sizeof texture_sizes[0] };
    uint32_t total = 0;
    for (uint32_t i = 0; i < SIZES; ++i) {
        total += texture_sizes[i].count;
    }
    uint32_t draw = rng_below(rng, total);
    uint32_t index = 0;
    while (draw >= texture_sizes[index].count) {
        draw -= texture_sizes[index].count;
        index++;
    }
    uint32_t scale = 1u << rng_below(rng, 3);
    return (struct texture){texture_sizes[index].width * scale, texture_sizes[index].height * scale};
}

static uint32_t full_chain(uint32_t width, uint32_t height)
{
    uint32_t levels = 1;
    for (uint32_t side = width > height ? width : height; side > 1; side >>= 1) {
        levels++;
    }
    return levels;
}

VkResult texture_create(const struct engine *engine, VmaAllocator allocator, struct texture texture,
                        uint32_t first_mip, VkImage *image, VmaAllocation *allocation)
{
    uint32_t width = texture.width >> first_mip > 0 ? texture.width >> first_mip : 1;
    uint32_t height = texture.height >> first_mip > 0 ? texture.height >> first_mip : 1;
    VkImageCreateInfo image_info = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .imageType = VK_IMAGE_TYPE_2D,
        .format = VK_FORMAT_BC3_UNORM_BLOCK,
        .extent = {width, height, 1},
        .mipLevels = full_chain(width, height),
        .arrayLayers = 1,
        .samples = VK_SAMPLE_COUNT_1_BIT,
        .tiling = VK_IMAGE_TILING_OPTIMAL,
        .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT,
    };
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    return engine->vmaCreateImage(allocator, &image_info, &info, image, allocation, NULL);
}
