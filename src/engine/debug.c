// SPDX-License-Identifier: MIT
// Debug switches: compiled defaults and the environment variable VRAM_DEBUG.
#include "engine/debug.h"

#include "base/message.h"

#include <stdlib.h>
#include <string.h>

#ifndef VMA_DEBUG_MARGIN
#define VMA_DEBUG_MARGIN 0
#endif
#ifndef VMA_DEBUG_DETECT_CORRUPTION
#define VMA_DEBUG_DETECT_CORRUPTION 0
#endif
#ifndef VMA_DEBUG_INITIALIZE_ALLOCATIONS
#define VMA_DEBUG_INITIALIZE_ALLOCATIONS 0
#endif
#ifndef VMA_DEBUG_ALWAYS_DEDICATED_MEMORY
#define VMA_DEBUG_ALWAYS_DEDICATED_MEMORY 0
#endif
#ifndef VMA_DEBUG_MIN_BUFFER_IMAGE_GRANULARITY
#define VMA_DEBUG_MIN_BUFFER_IMAGE_GRANULARITY 1
#endif
#ifndef VMA_MIN_ALIGNMENT
#ifdef VMA_DEBUG_ALIGNMENT
#define VMA_MIN_ALIGNMENT VMA_DEBUG_ALIGNMENT
#else
#define VMA_MIN_ALIGNMENT 1
#endif
#endif
#ifndef VMA_DEBUG_DONT_EXCEED_MAX_MEMORY_ALLOCATION_COUNT
#define VMA_DEBUG_DONT_EXCEED_MAX_MEMORY_ALLOCATION_COUNT 1
#endif
#ifndef VMA_DEBUG_DONT_EXCEED_HEAP_SIZE_WITH_ALLOCATION_SIZE
#define VMA_DEBUG_DONT_EXCEED_HEAP_SIZE_WITH_ALLOCATION_SIZE 1
#endif

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(text, word, length) == 0;
}

// "name=NUMBER", a power of two where the switch needs one.
static VR_COLD bool read_number(const char *text, size_t length, const char *name, bool pow2, uint64_t *value)
{
    size_t name_length = strlen(name);
    if (length <= name_length + 1 || strncmp(text, name, name_length) != 0 || text[name_length] != '=') {
        return false;
    }
    char *end;
    unsigned long long number = strtoull(text + name_length + 1, &end, 0);
    if (end != text + length || number > (1ull << 30) || (pow2 && !vr_is_pow2(number))) {
        return false;
    }
    *value = number;
    return true;
}

static void read_switch(struct VrDebug *debug, const char *text, size_t length)
{
    if (is_word(text, length, "detect-corruption")) {
        debug->detect_corruption = true;
    } else if (is_word(text, length, "initialize")) {
        debug->initialize = true;
    } else if (is_word(text, length, "always-dedicated")) {
        debug->always_dedicated = true;
    } else if (!read_number(text, length, "margin", false, &debug->margin) &&
               !read_number(text, length, "granularity", true, &debug->min_granularity) &&
               !read_number(text, length, "alignment", true, &debug->min_alignment)) {
        vr_message(VR_SEVERITY_WARNING, "unknown-debug-switch", 0, "VRAM_DEBUG: \"%.*s\" is not understood",
                   (int)length, text);
    }
}

VR_COLD void vr_debug_init(struct VrDebug *debug)
{
    *debug = (struct VrDebug){
        .margin = VMA_DEBUG_MARGIN,
        .min_alignment = VMA_MIN_ALIGNMENT,
        .min_granularity = VMA_DEBUG_MIN_BUFFER_IMAGE_GRANULARITY,
        .detect_corruption = VMA_DEBUG_DETECT_CORRUPTION,
        .initialize = VMA_DEBUG_INITIALIZE_ALLOCATIONS,
        .always_dedicated = VMA_DEBUG_ALWAYS_DEDICATED_MEMORY,
        .limit_count = VMA_DEBUG_DONT_EXCEED_MAX_MEMORY_ALLOCATION_COUNT,
        .limit_size = VMA_DEBUG_DONT_EXCEED_HEAP_SIZE_WITH_ALLOCATION_SIZE,
    };
    const char *text = getenv("VRAM_DEBUG");
    while (text && *text) {
        size_t length = strcspn(text, ",");
        if (length) {
            read_switch(debug, text, length);
        }
        text += length + (text[length] == ',');
    }
    if (debug->detect_corruption && debug->margin == 0) {
        debug->margin = 16; // the pattern needs somewhere to be
    }
    debug->margin = vr_align_up(debug->margin, 4);
    debug->patterns = debug->initialize || debug->detect_corruption;
}
