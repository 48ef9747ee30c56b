// SPDX-License-Identifier: MIT
// Two implementations of one C API behind one table: each shared library is opened privately, its vma*
// functions are found by name, and every measurement calls through such a table, so both pay the same
// indirect call.
#ifndef BENCH_ENGINES_H
#define BENCH_ENGINES_H

#include "vk_mem_alloc.h"

#define ENGINE_FUNCTIONS(X)                                                                                  \
    X(vmaCreateAllocator)                                                                                    \
    X(vmaDestroyAllocator)                                                                                   \
    X(vmaAllocateMemory)                                                                                     \
    X(vmaFreeMemory)                                                                                         \
    X(vmaCreateBuffer)                                                                                       \
    X(vmaDestroyBuffer)                                                                                      \
    X(vmaCreateImage)                                                                                        \
    X(vmaDestroyImage)                                                                                       \
    X(vmaCalculateStatistics)                                                                                \
    X(vmaGetHeapBudgets)                                                                                     \
    X(vmaBuildStatsString)                                                                                   \
    X(vmaFreeStatsString)                                                                                    \
    X(vmaBeginDefragmentation)                                                                               \
    X(vmaEndDefragmentation)                                                                                 \
    X(vmaBeginDefragmentationPass)                                                                           \
    X(vmaEndDefragmentationPass)                                                                             \
    X(vmaGetAllocationInfo)

struct engine {
    const char *name;
    const char *path;
    void *library;
#define ENGINE_MEMBER(function) __typeof__(&function) function;
    ENGINE_FUNCTIONS(ENGINE_MEMBER)
#undef ENGINE_MEMBER
};

enum { UPSTREAM = 0, VRAM = 1, ENGINE_COUNT = 2 };

// Opens `path`. Returns 0, or -1 after a message to stderr.
int engine_open(struct engine *engine, const char *name, const char *path);
void engine_close(struct engine *engine);

#endif
