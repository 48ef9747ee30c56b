// SPDX-License-Identifier: MIT
// Handles of Windows to a block's memory, for other processes and APIs.
#ifndef VR_ENGINE_SHARED_WIN32_H
#define VR_ENGINE_SHARED_WIN32_H

#include "engine/block.h"

// A handle of one type to the block's memory. NT handles are made for `process` (NULL: this one), which
// closes them; the others are not to be closed.
VkResult vr_shared_handle(struct VrBlock *block, VkExternalMemoryHandleTypeFlagBits type, void *process,
                          void **handle);
// Closes what the block keeps.
void vr_shared_close(struct VrBlock *block);

#endif
