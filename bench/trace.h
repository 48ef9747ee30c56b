// SPDX-License-Identifier: MIT
// A recording of a program's buffers and images as a list of operations that any engine can repeat.
// Three formats are read, plain or gzipped CSV, told apart by a column: Vulkan events (obj), vma* calls
// (func), whose flags and usages are kept as they are, and the project's own compact one (id;
// docs/trace-format.md).
#ifndef BENCH_TRACE_H
#define BENCH_TRACE_H

#include "vk_mem_alloc.h"

enum trace_kind { TRACE_BUFFER, TRACE_IMAGE, TRACE_DESTROY };

struct trace_op {
    enum trace_kind kind;
    uint32_t slot; // which resource, 0 .. slot_count - 1
    // creation only
    uint32_t usage, flags;
    VkDeviceSize size; // buffer
    uint32_t width, height, depth, mips, layers, samples;
    VkFormat format;
    VkImageTiling tiling;
    VmaMemoryUsage vma_usage;
    VmaAllocationCreateFlags vma_flags;
};

struct trace {
    struct trace_op *ops;
    uint32_t op_count;
    uint32_t slot_count;
};

// Returns 0, or -1 after a message to stderr that names the file, the line and what is wrong with it.
int trace_load(const char *path, struct trace *trace);
void trace_free(struct trace *trace);

#endif
