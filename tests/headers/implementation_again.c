// SPDX-License-Identifier: MIT
//
// A second file that asks for the implementation, after it has seen the header without: no duplicate symbols.

#include "vk_mem_alloc.h"

#define VMA_IMPLEMENTATION
#include "vk_mem_alloc.h"

extern int vram_test_is_not_empty;
