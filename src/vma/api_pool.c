// SPDX-License-Identifier: MIT
// VMA's functions on custom pools.
#include "engine/pool.h"
#include "vma/check.h"

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreatePool(VmaAllocator allocator,
                                                          const VmaPoolCreateInfo *pCreateInfo,
                                                          VmaPool *pPool)
{
    if (!VR_GIVEN(pPool)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pPool = VK_NULL_HANDLE;
    if (!VR_GIVEN(allocator) || !VR_GIVEN(pCreateInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return vr_pool_create(allocator, pCreateInfo, pPool);
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaDestroyPool(VmaAllocator allocator, VmaPool pool)
{
    if (pool && vr_check_pool(allocator, pool, __func__)) {
        vr_pool_destroy(allocator, pool);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetPoolName(VmaAllocator allocator, VmaPool pool,
                                                       const char **ppName)
{
    if (VR_GIVEN(ppName)) {
        *ppName = vr_check_pool(allocator, pool, __func__) ? pool->name : NULL;
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaSetPoolName(VmaAllocator allocator, VmaPool pool,
                                                       const char *pName)
{
    if (vr_check_pool(allocator, pool, __func__) && vr_pool_set_name(allocator, pool, pName) != VK_SUCCESS) {
        vr_message(VR_SEVERITY_WARNING, "name-not-kept", VK_ERROR_OUT_OF_HOST_MEMORY,
                   "vmaSetPoolName: host memory ran out");
    }
}
