// SPDX-License-Identifier: MIT
// Host memory through the caller's VkAllocationCallbacks.
#ifndef VR_ENGINE_HOST_H
#define VR_ENGINE_HOST_H

#include "base/host.h"

#include <vulkan/vulkan_core.h>

// `callbacks` must outlive the host; NULL: the C library's heap.
void vr_host_from_callbacks(const VkAllocationCallbacks *callbacks, struct VrHost *host);

#endif
