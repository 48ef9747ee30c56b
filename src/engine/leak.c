// SPDX-License-Identifier: MIT
// Leaks: what still lives in an arena that ends.
#include "engine/leak.h"

#include "base/message.h"
#include "engine/allocation.h"

#include <inttypes.h>

static VR_COLD void report_leak(VmaAllocator allocator, struct VrRange *range)
{
    const char *name = vr_allocation_name(range);
    vr_message(VR_SEVERITY_ERROR, "unfreed-allocation", 0,
               "UNFREED ALLOCATION; offset %" PRIu64 ", size %" PRIu64 ", memory type %u, usage %" PRIu64
               ", user data %p, name %s",
               range->offset, vr_allocation_size(range), vr_range_block(range)->type,
               vr_allocation_usage(range), range->user_data, name ? name : "(none)");
    struct VrExtra *extra = range->extra;
    if (extra) {
        vr_host_free(&allocator->host, extra->name);
        vr_host_free(&allocator->host, extra);
        range->extra = NULL;
    }
}

VR_COLD void vr_leak_report(struct VrArena *arena)
{
    VmaAllocator allocator = arena->allocator;
    vr_arena_flush_lanes(arena, true); // wakes what rests, which is no leak
    for (struct VrBlock *block = arena->dedicated; block; block = block->next) {
        report_leak(allocator, block->only);
    }
    for (struct VrBlock *block = arena->blocks; block; block = block->next) {
        if (arena->info.linear) {
            for (struct VrRange *range = vr_linear_first(&block->linear); range;
                 range = vr_linear_next(&block->linear, range)) {
                report_leak(allocator, range);
            }
            continue;
        }
        for (struct VrRange *range = vr_block_first_range(block); range; range = vr_block_next_range(range)) {
            if (vr_range_state(range) == VR_RANGE_USED) {
                report_leak(allocator, range);
            }
        }
    }
}
