// SPDX-License-Identifier: MIT
// VMA's functions on Win32 handles. Compiled on Windows alone.
#ifndef VK_USE_PLATFORM_WIN32_KHR
#define VK_USE_PLATFORM_WIN32_KHR 1
#endif
#include "engine/shared_win32.h"
#include "vma/check.h"

VMA_CALL_PRE VkResult VMA_CALL_POST vmaGetMemoryWin32Handle2(VmaAllocator allocator, VmaAllocation allocation,
                                                             VkExternalMemoryHandleTypeFlagBitsKHR handleType,
                                                             HANDLE hTargetProcess, HANDLE *pHandle)
{
    if (!VR_GIVEN(pHandle)) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    *pHandle = NULL;
    const struct VrRange *range = vr_check_allocation(allocator, allocation, __func__);
    return range ? vr_shared_handle(vr_range_block(range), handleType, hTargetProcess, pHandle)
                 : VK_ERROR_VALIDATION_FAILED_EXT;
}

VMA_CALL_PRE VkResult VMA_CALL_POST vmaGetMemoryWin32Handle(VmaAllocator allocator, VmaAllocation allocation,
                                                            HANDLE hTargetProcess, HANDLE *pHandle)
{
    return vmaGetMemoryWin32Handle2(allocator, allocation, VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_BIT,
                                    hTargetProcess, pHandle);
}
