// SPDX-License-Identifier: MIT
// Leaks: what still lives in an arena that ends.
#ifndef VR_ENGINE_LEAK_H
#define VR_ENGINE_LEAK_H

#include "engine/arena.h"

// One message (id "unfreed-allocation") per allocation that was not freed, and frees the names of all of
// them. No lock is held.
void vr_leak_report(struct VrArena *arena);

#endif
