// SPDX-License-Identifier: MIT
// Handles of Windows to a block's memory. Vulkan makes each type of handle once per VkDeviceMemory, so the
// first one of a type stays with the block, and whoever asks gets a duplicate.
#ifndef VK_USE_PLATFORM_WIN32_KHR
#define VK_USE_PLATFORM_WIN32_KHR 1
#endif
#include "engine/shared_win32.h"

#include "base/message.h"
#include "engine/arena.h"

// Kept handles by bit of VkExternalMemoryHandleTypeFlagBits, up to D3D12_RESOURCE.
enum { HANDLE_TYPES = 7 };

struct VrShared {
    void *handles[HANDLE_TYPES];
};

// Those that are not reference-counted by the system.
#define GLOBAL_HANDLES                                                                                       \
    ((uint32_t)(VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_WIN32_KMT_BIT |                                        \
                VK_EXTERNAL_MEMORY_HANDLE_TYPE_D3D11_TEXTURE_KMT_BIT))

// The kept handle, made at the first call. map_lock is held.
static VkResult keep_handle(struct VrBlock *block, VkExternalMemoryHandleTypeFlagBits type, void **handle)
{
    VmaAllocator allocator = block->arena->allocator;
    if (!block->shared) {
        block->shared = vr_host_zalloc(&allocator->host, sizeof(*block->shared), _Alignof(struct VrShared));
        if (!block->shared) {
            return VK_ERROR_OUT_OF_HOST_MEMORY;
        }
    }
    void **kept = &block->shared->handles[vr_low_bit(type)];
    VkResult result = VK_SUCCESS;
    if (!*kept) {
        VkMemoryGetWin32HandleInfoKHR info = {.sType = VK_STRUCTURE_TYPE_MEMORY_GET_WIN32_HANDLE_INFO_KHR,
                                              .memory = block->memory,
                                              .handleType = type};
        result = allocator->vk.vkGetMemoryWin32HandleKHR(allocator->device, &info, kept);
    }
    *handle = *kept;
    return result;
}

VkResult vr_shared_handle(struct VrBlock *block, VkExternalMemoryHandleTypeFlagBits type, void *process,
                          void **handle)
{
    *handle = NULL;
    if (!vr_is_pow2(type) || vr_low_bit(type) >= HANDLE_TYPES || !(block->export_types & type) ||
        !block->arena->allocator->vk.vkGetMemoryWin32HandleKHR) {
        vr_message(VR_SEVERITY_ERROR, "not-exportable", VK_ERROR_FEATURE_NOT_PRESENT,
                   "memory was not made exportable as handle type 0x%x, or the allocator lacks "
                   "KHR_EXTERNAL_MEMORY_WIN32",
                   (unsigned)type);
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    void *kept;
    vr_mutex_take(&block->map_lock);
    VkResult result = keep_handle(block, type, &kept);
    vr_mutex_drop(&block->map_lock);
    if (result != VK_SUCCESS || (GLOBAL_HANDLES & type)) {
        *handle = result == VK_SUCCESS ? kept : NULL;
        return result;
    }
    *handle = vr_handle_duplicate(kept, process);
    return *handle ? VK_SUCCESS : VK_ERROR_UNKNOWN;
}

void vr_shared_close(struct VrBlock *block)
{
    for (uint32_t i = 0; block->shared && i < HANDLE_TYPES; ++i) {
        if (block->shared->handles[i] && !(GLOBAL_HANDLES >> i & 1u)) {
            vr_handle_close(block->shared->handles[i]);
        }
    }
    vr_host_free(&block->arena->allocator->host, block->shared);
    block->shared = NULL;
}
