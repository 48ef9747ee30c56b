// SPDX-License-Identifier: MIT
// The same program as C++, with the macro that asks VMA for its implementation: harmless here.
#define VMA_IMPLEMENTATION
#include "use.c"
