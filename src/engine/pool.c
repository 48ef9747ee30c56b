// SPDX-License-Identifier: MIT
// Custom pools.
#include "engine/pool.h"

#include "base/message.h"
#include "engine/grow.h"
#include "engine/leak.h"

static VR_COLD VkResult check_pool_info(VmaAllocator allocator, const VmaPoolCreateInfo *info)
{
    if (info->memoryTypeIndex >= allocator->memory.memoryTypeCount ||
        !(allocator->type_mask >> info->memoryTypeIndex & 1u)) {
        vr_message(VR_SEVERITY_ERROR, "pool-of-bad-type", VK_ERROR_FEATURE_NOT_PRESENT,
                   "memory type %u does not exist or is not enabled", info->memoryTypeIndex);
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    if ((info->maxBlockCount && info->minBlockCount > info->maxBlockCount) ||
        (info->minAllocationAlignment && !vr_is_pow2(info->minAllocationAlignment))) {
        vr_message(VR_SEVERITY_ERROR, "pool-of-bad-counts", VK_ERROR_INITIALIZATION_FAILED,
                   "minBlockCount is above maxBlockCount, or minAllocationAlignment is no power of two");
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return VK_SUCCESS;
}

static void link_pool(VmaAllocator allocator, VmaPool pool)
{
    vr_mutex_take(&allocator->pools_mutex);
    pool->id = allocator->next_pool_id++;
    pool->next = allocator->pools;
    if (pool->next) {
        pool->next->prev = pool;
    }
    allocator->pools = pool;
    vr_mutex_drop(&allocator->pools_mutex);
}

static void unlink_pool(VmaAllocator allocator, VmaPool pool)
{
    vr_mutex_take(&allocator->pools_mutex);
    if (pool->next) {
        pool->next->prev = pool->prev;
    }
    if (pool->prev) {
        pool->prev->next = pool->next;
    } else {
        allocator->pools = pool->next;
    }
    vr_mutex_drop(&allocator->pools_mutex);
}

VR_COLD VkResult vr_pool_create(VmaAllocator allocator, const VmaPoolCreateInfo *info, VmaPool *created)
{
    *created = VK_NULL_HANDLE;
    VkResult result = check_pool_info(allocator, info);
    if (result != VK_SUCCESS) {
        return result;
    }
    VmaPool pool = vr_host_zalloc(&allocator->host, sizeof(*pool), _Alignof(struct VmaPool_T));
    if (!pool) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    struct VrArenaInfo arena = {
        .type = info->memoryTypeIndex,
        .linear = (info->flags & VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT) != 0,
        .explicit_size = info->blockSize != 0,
        .ignore_granularity = (info->flags & VMA_POOL_CREATE_IGNORE_BUFFER_IMAGE_GRANULARITY_BIT) != 0,
        .block_size =
            info->blockSize ? info->blockSize : vr_preferred_block_size(allocator, info->memoryTypeIndex),
        .min_block_count = info->minBlockCount,
        .max_block_count = info->maxBlockCount ? info->maxBlockCount : UINT64_MAX,
        .min_alignment = info->minAllocationAlignment,
        .priority = info->priority,
        .next = info->pMemoryAllocateNext,
        .pool = pool,
    };
    result = vr_arena_create(allocator, &arena, &pool->arena);
    if (result != VK_SUCCESS) {
        vr_host_free(&allocator->host, pool);
        return result;
    }
    for (size_t i = 0; i < info->minBlockCount && result == VK_SUCCESS; ++i) {
        result = vr_grow_add_block(&pool->arena);
    }
    if (result != VK_SUCCESS) {
        vr_arena_finish(&pool->arena);
        vr_host_free(&allocator->host, pool);
        return result;
    }
    link_pool(allocator, pool);
    *created = pool;
    return VK_SUCCESS;
}

bool vr_pool_is_listed(VmaAllocator allocator, VmaPool pool)
{
    vr_mutex_take(&allocator->pools_mutex);
    VmaPool listed = allocator->pools;
    while (listed && listed != pool) {
        listed = listed->next;
    }
    vr_mutex_drop(&allocator->pools_mutex);
    return listed != NULL;
}

VR_COLD void vr_pool_destroy(VmaAllocator allocator, VmaPool pool)
{
    unlink_pool(allocator, pool);
    vr_leak_report(&pool->arena);
    vr_arena_finish(&pool->arena);
    vr_host_free(&allocator->host, pool->name);
    vr_host_free(&allocator->host, pool);
}

VR_COLD VkResult vr_pool_set_name(VmaAllocator allocator, VmaPool pool, const char *name)
{
    char *copy = name ? vr_host_copy_string(&allocator->host, name) : NULL;
    if (name && !copy) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    // A dump in another thread reads the name under this lock.
    vr_mutex_take(&allocator->pools_mutex);
    char *old = pool->name;
    pool->name = copy;
    vr_mutex_drop(&allocator->pools_mutex);
    vr_host_free(&allocator->host, old);
    return VK_SUCCESS;
}
