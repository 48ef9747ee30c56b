// SPDX-License-Identifier: MIT
// How each resource of a trace is created on one device: what the device lacks is replaced, copies are made
// possible, the size is asked from the driver, and with that the moment of the peak is known before anything
// is allocated.
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "driver.h"
#include "format.h"
#include "trace.h"
#include "vk_mem_alloc.h"

enum CliVerify {
    CLI_VERIFY_MAPPED, // the CPU writes and reads it
    CLI_VERIFY_COPY,   // the GPU copies into it and out of it
    CLI_VERIFY_NOT,    // see the reason
};

// Why a resource is not verified, or not created at all.
enum CliReason {
    CLI_REASON_NONE,
    CLI_REASON_MULTISAMPLED, // no copy between buffers and multisampled images
    CLI_REASON_TRANSIENT,    // has no content outside of a render pass
    CLI_REASON_NO_COPY,      // this device does not copy this format with this usage
    CLI_REASON_LAYOUT,       // several planes or unknown: the replay does not know how its texels lie
    CLI_REASON_NO_GPU,       // a simulated device executes nothing
    CLI_REASON_UNSUPPORTED,  // the device has nothing like it: not created
    CLI_REASON_COUNT
};

struct CliPlanItem {
    bool create;
    bool replaced; // the format is a substitute
    bool trimmed;  // usages or flags were dropped that the device does not know
    enum CliVerify verify;
    enum CliReason reason;
    VkDeviceSize size; // of memory, as the driver requires it
    union {
        VkBufferCreateInfo buffer;
        VkImageCreateInfo image;
    } info;
};

struct CliPlan {
    const struct CliTrace *trace;
    struct CliPlanItem *items; // one per resource
    VkDeviceSize peak_live;
    size_t peak_event; // after this event live is highest
    uint32_t created, replaced, trimmed;
    uint32_t reasons[CLI_REASON_COUNT];
};

// False after a message when memory runs out.
bool cli_plan_make(struct CliPlan *plan, const struct CliTrace *trace, const struct CliDevice *device);
void cli_plan_finish(struct CliPlan *plan);

const char *cli_reason_text(enum CliReason reason);

// What the resource is, for people and for the dump: "texture 12: 512x512 BC3".
struct CliLabel {
    char text[96];
};
struct CliLabel cli_plan_label(const struct CliPlan *plan, uint32_t resource);

// The kinds that pictures tell apart.
enum CliKind {
    CLI_KIND_TEXTURE,
    CLI_KIND_TARGET,   // colour, depth and storage images
    CLI_KIND_GEOMETRY, // vertex and index buffers
    CLI_KIND_SHADER,   // uniform, storage and other buffers
    CLI_KIND_STAGING,  // buffers that only copies use
    CLI_KIND_COUNT
};
enum CliKind cli_resource_kind(const struct CliResource *resource);
const char *cli_kind_name(enum CliKind kind);

// How the allocator is asked for it.
VmaAllocationCreateInfo cli_plan_allocation_info(const struct CliPlan *plan, uint32_t resource,
                                                 bool dedicated);

#endif
