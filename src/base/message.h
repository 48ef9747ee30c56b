// SPDX-License-Identifier: MIT
// Messages: why something failed, in words. One message per failing call, from where the cause is known;
// never under a lock, never allocating. Silent unless the environment says VRAM_LOG=warning or VRAM_LOG=info
// (stderr).
#ifndef VR_BASE_MESSAGE_H
#define VR_BASE_MESSAGE_H

#include "base/common.h"

enum VrSeverity {
    VR_SEVERITY_ERROR,   // the call did nothing, or the program misused the API
    VR_SEVERITY_WARNING, // works, but not as well as it could
    VR_SEVERITY_INFO,
};

// True when a message of that severity would be seen by anyone.
bool vr_message_wanted(enum VrSeverity severity);
// `id` is stable: programs and tests may match on it. `result` is a VkResult, 0 when none applies.
void vr_message(enum VrSeverity severity, const char *id, int result, const char *format, ...)
    VR_PRINTF(4, 5);

#endif
