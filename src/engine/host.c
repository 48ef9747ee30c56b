// SPDX-License-Identifier: MIT
// Adapts VkAllocationCallbacks to VrHost.
#include "engine/host.h"

static void *callback_allocate(void *context, size_t size, size_t alignment)
{
    const VkAllocationCallbacks *callbacks = context;
    return callbacks->pfnAllocation(callbacks->pUserData, size, alignment, VK_SYSTEM_ALLOCATION_SCOPE_OBJECT);
}

static void callback_release(void *context, void *memory)
{
    const VkAllocationCallbacks *callbacks = context;
    callbacks->pfnFree(callbacks->pUserData, memory);
}

VR_COLD void vr_host_from_callbacks(const VkAllocationCallbacks *callbacks, struct VrHost *host)
{
    if (callbacks && callbacks->pfnAllocation && callbacks->pfnFree) {
        // The context is only ever read back as a const pointer.
        *host = (struct VrHost){(void *)(uintptr_t)callbacks, callback_allocate, callback_release};
    } else {
        *host = vr_host_default;
    }
}
