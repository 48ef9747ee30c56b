// SPDX-License-Identifier: MIT
// A recording of a program's GPU resources: which buffers and images it created and
// destroyed, in which order.
// Three file formats are read, plain or gzip-compressed; the columns in the header line tell them apart:
//   vtrace  the project's own compact format, docs/trace-format.md (column "id")
//   vk      Vulkan calls on memory and resources                  (column "obj")
//   vma     calls of the allocator's API                          (column "func")
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vulkan/vulkan.h>

enum CliHost {
    CLI_HOST_NONE,       // only the GPU touches it
    CLI_HOST_SEQUENTIAL, // the CPU writes it front to back
    CLI_HOST_RANDOM,     // the CPU reads it, or writes it in any order
};

struct CliResource {
    uint64_t id; // the file's own number of it
    bool is_image;
    enum CliHost host;
    VkDeviceSize size; // of a buffer
    VkFlags usage;
    VkFlags flags;
    VkImageType type;
    VkFormat format;
    uint32_t width, height, depth;
    uint32_t mips, layers, samples;
    VkImageTiling tiling;
};

struct CliEvent {
    int64_t time_ns; // from the start of the recording, never falling
    uint32_t thread; // numbered from 0 in order of appearance
    uint32_t resource;
    bool destroys;
};

struct CliTrace {
    const char *format; // "vtrace", "vk" or "vma"
    char title[96];     // of a line "# title: ..." at the top; else ""
    struct CliResource *resources;
    uint32_t resource_count;
    struct CliEvent *events;
    size_t event_count;
    uint32_t thread_count;
    uint64_t ignored_rows; // of a raw format: rows that say nothing about a resource
    uint64_t odd_rows;     // of a raw format: destroyed twice, or created twice under one handle
};

struct CliTraceError {
    char text[256]; // one line, with the number of the line where there is one
};

// Reads a file. On failure *trace is empty and error->text says why.
bool cli_trace_load(const char *path, struct CliTrace *trace, struct CliTraceError *error);

// The same from memory; the text is not changed.
bool cli_trace_parse(const char *text, size_t size, struct CliTrace *trace, struct CliTraceError *error);

void cli_trace_finish(struct CliTrace *trace); // accepts an empty one

#endif
