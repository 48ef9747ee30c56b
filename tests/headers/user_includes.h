// SPDX-License-Identifier: MIT
//
// The program's own header that VMA_CONFIGURATION_USER_INCLUDES_H names; see implementation.c.

#define VRAM_TEST_USER_INCLUDES_SEEN
