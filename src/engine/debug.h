// SPDX-License-Identifier: MIT
// Debug switches: compiled defaults and the environment variable VRAM_DEBUG.
#ifndef VR_ENGINE_DEBUG_H
#define VR_ENGINE_DEBUG_H

#include "engine/allocator.h"

// VRAM_DEBUG is a list of words separated by commas: margin=BYTES, detect-corruption, initialize,
// always-dedicated, granularity=BYTES, alignment=BYTES. Unknown words are reported (id
// "unknown-debug-switch") and ignored.
void vr_debug_init(struct VrDebug *debug);

#endif
