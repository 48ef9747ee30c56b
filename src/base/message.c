// SPDX-License-Identifier: MIT
// Messages: formatted into a fixed buffer on the stack and written to stderr.
#include "base/message.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static VR_COLD int wanted_level(void)
{
    static _Atomic int cached = -2; // -2: the environment was not read yet; -1: silent
    int level = atomic_load_explicit(&cached, memory_order_relaxed);
    if (level == -2) {
        const char *text = getenv("VRAM_LOG");
        level = !text                        ? -1
                : strcmp(text, "info") == 0    ? VR_SEVERITY_INFO
                : strcmp(text, "warning") == 0 ? VR_SEVERITY_WARNING
                : strcmp(text, "error") == 0   ? VR_SEVERITY_ERROR
                                               : -1;
        atomic_store_explicit(&cached, level, memory_order_relaxed);
    }
    return level;
}

bool vr_message_wanted(enum VrSeverity severity) { return (int)severity <= wanted_level(); }

VR_COLD void vr_message(enum VrSeverity severity, const char *id, int result, const char *format, ...)
{
    if (!vr_message_wanted(severity)) {
        return;
    }
    static const char *const names[] = {"error", "warning", "info"};
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (result != 0) {
        fprintf(stderr, "vram: %s: [%s] %s (VkResult %d)\n", names[severity], id, text, result);
    } else {
        fprintf(stderr, "vram: %s: [%s] %s\n", names[severity], id, text);
    }
}
