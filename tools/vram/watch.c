// SPDX-License-Identifier: MIT
// The counting functions of watch.h.
#include "watch.h"

#include <stdlib.h>
#include <string.h>

static struct CliWatch *current;

static void count(atomic_ullong *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static const struct CliVk *called(void)
{
    count(&current->calls);
    return &current->device->vk;
}

static void lock(struct CliWatch *watch)
{
    while (atomic_flag_test_and_set_explicit(&watch->lock, memory_order_acquire)) {
    }
}

static void unlock(struct CliWatch *watch)
{
    atomic_flag_clear_explicit(&watch->lock, memory_order_release);
}

// Makes room for one more element; false after marking the history incomplete.
static bool grow(struct CliWatch *watch, void **array, size_t element, size_t used, size_t *capacity)
{
    size_t larger = *capacity ? *capacity * 2 : 64;
    void *moved;

    if (used < *capacity) {
        return true;
    }
    moved = realloc(*array, larger * element);
    if (!moved) {
        watch->incomplete = true;
        return false;
    }
    *array = moved;
    *capacity = larger;
    return true;
}

static uint64_t key_of(VkDeviceMemory memory)
{
    return (uint64_t)memory;
}

static void block_born(struct CliWatch *watch, const VkMemoryAllocateInfo *info, VkDeviceMemory memory)
{
    size_t capacity = watch->block_capacity;
    void *blocks = watch->blocks;

    lock(watch);
    watch->memories++;
    watch->peak_memories = watch->memories > watch->peak_memories ? watch->memories : watch->peak_memories;
    watch->reserved += info->allocationSize;
    watch->peak_reserved = watch->reserved > watch->peak_reserved ? watch->reserved : watch->peak_reserved;
    if (grow(watch, &blocks, sizeof(*watch->blocks), watch->block_count, &capacity)) {
        watch->blocks = blocks;
        watch->block_capacity = (uint32_t)capacity;
        watch->blocks[watch->block_count] = (struct CliBlock){
            .memory = memory,
            .size = info->allocationSize,
            .type = info->memoryTypeIndex,
            .born_ns = watch->now_ns,
            .died_ns = INT64_MAX,
        };
        if (!cli_map_set(&watch->by_memory, key_of(memory), watch->block_count++)) {
            watch->incomplete = true;
        }
    }
    unlock(watch);
}

static void block_died(struct CliWatch *watch, VkDeviceMemory memory)
{
    uint32_t block;

    lock(watch);
    block = cli_map_remove(&watch->by_memory, key_of(memory));
    if (block != CLI_MAP_NONE) {
        watch->memories--;
        watch->reserved -= watch->blocks[block].size;
        watch->blocks[block].died_ns = watch->now_ns;
    }
    unlock(watch);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_allocate(VkDevice device, const VkMemoryAllocateInfo *info,
                                                     const VkAllocationCallbacks *host,
                                                     VkDeviceMemory *memory)
{
    VkResult result = called()->AllocateMemory(device, info, host, memory);
    count(&current->allocate_calls);
    if (result == VK_SUCCESS) {
        block_born(current, info, *memory);
    }
    return result;
}

static VKAPI_ATTR void VKAPI_CALL watch_free(VkDevice device, VkDeviceMemory memory,
                                             const VkAllocationCallbacks *host)
{
    if (memory) {
        count(&current->free_calls);
        block_died(current, memory);
    }
    called()->FreeMemory(device, memory, host);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_map(VkDevice device, VkDeviceMemory memory, VkDeviceSize offset,
                                                VkDeviceSize size, VkMemoryMapFlags flags, void **data)
{
    count(&current->map_calls);
    return called()->MapMemory(device, memory, offset, size, flags, data);
}

static VKAPI_ATTR void VKAPI_CALL watch_unmap(VkDevice device, VkDeviceMemory memory)
{
    called()->UnmapMemory(device, memory);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_flush(VkDevice device, uint32_t ranges_count,
                                                  const VkMappedMemoryRange *ranges)
{
    return called()->FlushMappedMemoryRanges(device, ranges_count, ranges);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_invalidate(VkDevice device, uint32_t ranges_count,
                                                       const VkMappedMemoryRange *ranges)
{
    return called()->InvalidateMappedMemoryRanges(device, ranges_count, ranges);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_create_buffer(VkDevice device, const VkBufferCreateInfo *info,
                                                          const VkAllocationCallbacks *host, VkBuffer *buffer)
{
    VkResult result = called()->CreateBuffer(device, info, host, buffer);
    atomic_fetch_add(&current->buffers, result == VK_SUCCESS);
    return result;
}

static VKAPI_ATTR void VKAPI_CALL watch_destroy_buffer(VkDevice device, VkBuffer buffer,
                                                       const VkAllocationCallbacks *host)
{
    atomic_fetch_sub(&current->buffers, buffer != VK_NULL_HANDLE);
    called()->DestroyBuffer(device, buffer, host);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_create_image(VkDevice device, const VkImageCreateInfo *info,
                                                         const VkAllocationCallbacks *host, VkImage *image)
{
    VkResult result = called()->CreateImage(device, info, host, image);
    atomic_fetch_add(&current->images, result == VK_SUCCESS);
    return result;
}

static VKAPI_ATTR void VKAPI_CALL watch_destroy_image(VkDevice device, VkImage image,
                                                      const VkAllocationCallbacks *host)
{
    atomic_fetch_sub(&current->images, image != VK_NULL_HANDLE);
    called()->DestroyImage(device, image, host);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_bind_buffer(VkDevice device, VkBuffer buffer,
                                                        VkDeviceMemory memory, VkDeviceSize offset)
{
    return called()->BindBufferMemory(device, buffer, memory, offset);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_bind_image(VkDevice device, VkImage image, VkDeviceMemory memory,
                                                       VkDeviceSize offset)
{
    return called()->BindImageMemory(device, image, memory, offset);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_bind_buffer2(VkDevice device, uint32_t bind_count,
                                                         const VkBindBufferMemoryInfo *binds)
{
    return called()->BindBufferMemory2(device, bind_count, binds);
}

static VKAPI_ATTR VkResult VKAPI_CALL watch_bind_image2(VkDevice device, uint32_t bind_count,
                                                        const VkBindImageMemoryInfo *binds)
{
    return called()->BindImageMemory2(device, bind_count, binds);
}

static VKAPI_ATTR void VKAPI_CALL watch_buffer_requirements(VkDevice device, VkBuffer buffer,
                                                            VkMemoryRequirements *requirements)
{
    called()->GetBufferMemoryRequirements(device, buffer, requirements);
}

static VKAPI_ATTR void VKAPI_CALL watch_image_requirements(VkDevice device, VkImage image,
                                                           VkMemoryRequirements *requirements)
{
    called()->GetImageMemoryRequirements(device, image, requirements);
}

static VKAPI_ATTR void VKAPI_CALL watch_buffer_requirements2(VkDevice device,
                                                             const VkBufferMemoryRequirementsInfo2 *info,
                                                             VkMemoryRequirements2 *requirements)
{
    called()->GetBufferMemoryRequirements2(device, info, requirements);
}

static VKAPI_ATTR void VKAPI_CALL watch_image_requirements2(VkDevice device,
                                                            const VkImageMemoryRequirementsInfo2 *info,
                                                            VkMemoryRequirements2 *requirements)
{
    called()->GetImageMemoryRequirements2(device, info, requirements);
}

static VKAPI_ATTR void VKAPI_CALL watch_device_buffer_requirements(
    VkDevice device, const VkDeviceBufferMemoryRequirements *info, VkMemoryRequirements2 *requirements)
{
    called()->GetDeviceBufferMemoryRequirements(device, info, requirements);
}

static VKAPI_ATTR void VKAPI_CALL watch_device_image_requirements(VkDevice device,
                                                                  const VkDeviceImageMemoryRequirements *info,
                                                                  VkMemoryRequirements2 *requirements)
{
    called()->GetDeviceImageMemoryRequirements(device, info, requirements);
}

static VKAPI_ATTR void VKAPI_CALL watch_memory_properties2(VkPhysicalDevice physical,
                                                           VkPhysicalDeviceMemoryProperties2 *properties)
{
    called()->GetPhysicalDeviceMemoryProperties2(physical, properties);
}

static VKAPI_ATTR void VKAPI_CALL watch_copy_buffer(VkCommandBuffer commands, VkBuffer from, VkBuffer to,
                                                    uint32_t region_count, const VkBufferCopy *regions)
{
    called()->CmdCopyBuffer(commands, from, to, region_count, regions);
}

void cli_watch_begin(struct CliWatch *watch, const struct CliDevice *device)
{
    memset(watch, 0, sizeof(*watch));
    watch->device = device;
    atomic_flag_clear(&watch->lock);
    current = watch;
}

VmaVulkanFunctions cli_watch_functions(const struct CliWatch *watch)
{
    const struct CliVk *vk = &watch->device->vk;
    VmaVulkanFunctions functions = {
        .vkGetInstanceProcAddr = vk->GetInstanceProcAddr,
        .vkGetDeviceProcAddr = vk->GetDeviceProcAddr,
        .vkGetPhysicalDeviceProperties = vk->GetPhysicalDeviceProperties,
        .vkGetPhysicalDeviceMemoryProperties = vk->GetPhysicalDeviceMemoryProperties,
        .vkAllocateMemory = watch_allocate,
        .vkFreeMemory = watch_free,
        .vkMapMemory = watch_map,
        .vkUnmapMemory = watch_unmap,
        .vkFlushMappedMemoryRanges = watch_flush,
        .vkInvalidateMappedMemoryRanges = watch_invalidate,
        .vkBindBufferMemory = watch_bind_buffer,
        .vkBindImageMemory = watch_bind_image,
        .vkGetBufferMemoryRequirements = watch_buffer_requirements,
        .vkGetImageMemoryRequirements = watch_image_requirements,
        .vkCreateBuffer = watch_create_buffer,
        .vkDestroyBuffer = watch_destroy_buffer,
        .vkCreateImage = watch_create_image,
        .vkDestroyImage = watch_destroy_image,
        .vkCmdCopyBuffer = watch_copy_buffer,
    };

    // Newer functions only where the device has them.
    functions.vkGetBufferMemoryRequirements2KHR =
        vk->GetBufferMemoryRequirements2 ? watch_buffer_requirements2 : NULL;
    functions.vkGetImageMemoryRequirements2KHR =
        vk->GetImageMemoryRequirements2 ? watch_image_requirements2 : NULL;
    functions.vkBindBufferMemory2KHR = vk->BindBufferMemory2 ? watch_bind_buffer2 : NULL;
    functions.vkBindImageMemory2KHR = vk->BindImageMemory2 ? watch_bind_image2 : NULL;
    functions.vkGetPhysicalDeviceMemoryProperties2KHR =
        vk->GetPhysicalDeviceMemoryProperties2 ? watch_memory_properties2 : NULL;
    functions.vkGetDeviceBufferMemoryRequirements =
        vk->GetDeviceBufferMemoryRequirements ? watch_device_buffer_requirements : NULL;
    functions.vkGetDeviceImageMemoryRequirements =
        vk->GetDeviceImageMemoryRequirements ? watch_device_image_requirements : NULL;
    return functions;
}

void cli_watch_end(struct CliWatch *watch)
{
    free(watch->blocks);
    free(watch->changes);
    cli_map_finish(&watch->by_memory);
    if (current == watch) {
        current = NULL;
    }
}

uint32_t cli_watch_block(struct CliWatch *watch, VkDeviceMemory memory)
{
    uint32_t block;
    lock(watch);
    block = cli_map_get(&watch->by_memory, key_of(memory));
    unlock(watch);
    return block;
}

void cli_watch_change(struct CliWatch *watch, uint32_t block, int64_t bytes)
{
    void *changes = watch->changes;

    if (block == CLI_MAP_NONE) {
        return;
    }
    lock(watch);
    if (bytes > 0) {
        struct CliBlock *grown = &watch->blocks[block];
        grown->allocations++;
        grown->most = grown->allocations > grown->most ? grown->allocations : grown->most;
    } else {
        watch->blocks[block].allocations--;
    }
    if (grow(watch, &changes, sizeof(*watch->changes), watch->change_count, &watch->change_capacity)) {
        watch->changes = changes;
        watch->changes[watch->change_count++] = (struct CliChange){watch->now_ns, block, bytes};
    }
    unlock(watch);
}
