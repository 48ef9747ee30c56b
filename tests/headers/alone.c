// SPDX-License-Identifier: MIT
//
// The header on its own, twice: it includes what it needs and guards itself. Compiled as C and as C++.

#include "vk_mem_alloc.h"

#include "vk_mem_alloc.h"

extern int vram_test_is_not_empty;
