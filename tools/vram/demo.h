// SPDX-License-Identifier: MIT
// The recording that the program carries in itself, so that the demo needs no file. Written by CMake from
// examples/data/stk14_black_forest.vtrace.csv.
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include <stddef.h>

extern const char cli_demo_trace[];
extern const size_t cli_demo_trace_size;

#endif
