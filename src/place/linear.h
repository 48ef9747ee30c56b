// SPDX-License-Identifier: MIT
// Linear placement: one span filled upwards (stack, ring) and, when asked, downwards from its end (double
// stack).
//
// Used ranges hang in two lists by offset. `lower` grows upwards. `upper` is either the ring's part that
// wrapped round to the start of the span, below the first live range of `lower`, or the stack that grows down
// from the end. Freed space counts again as soon as it lies at an end of its list; a freed range in the
// middle waits until its neighbours towards an end are gone.
//
// Pure arithmetic, no lock. The caller serialises all calls on one VrLinear.
#ifndef VR_PLACE_LINEAR_H
#define VR_PLACE_LINEAR_H

#include "place/ranges.h"

enum VrLinearMode {
    VR_LINEAR_STACK, // `upper` is empty
    VR_LINEAR_RING,  // `upper` lies below `lower`
    VR_LINEAR_DOUBLE // `upper` lies above `lower` and grows down
};

struct VrLinear {
    struct VrSpan span; // base, size, owner: the caller's; free and used_count are kept; the rest is unused
    enum VrLinearMode mode;
    struct VrRange *lower_first; // lowest offset first
    struct VrRange *lower_last;
    struct VrRange *upper_first; // lowest offset first
    struct VrRange *upper_last;
    struct VrRecords *records;
    struct VrRange *spare; // records kept at hand, linked by `next`
    uint32_t spare_count;
};

// `linear->span` must have its base, size and owner set.
void vr_linear_init(struct VrLinear *linear, struct VrRecords *records);
// Drops every range and gives all records back; the linear is as after vr_linear_init.
void vr_linear_discard(struct VrLinear *linear);

// Takes `size` > 0 bytes at a multiple of `alignment`, a power of two. NULL: does not fit, or (*host_failed
// is true) host memory ran out. upper: from the end of the span downwards; refused while the ring is wrapped,
// as wrapping is refused while the upper stack is in use.
struct VrRange *vr_linear_take(struct VrLinear *linear, uint64_t size, uint64_t alignment, bool upper,
                               bool *host_failed);
void vr_linear_give(struct VrLinear *linear, struct VrRange *range);

// True when all of the span is there for the next take.
VR_INLINE bool vr_linear_is_empty(const struct VrLinear *linear)
{
    return linear->span.used_count == 0;
}

// Used ranges by ascending offset.
struct VrRange *vr_linear_first(const struct VrLinear *linear);
struct VrRange *vr_linear_next(const struct VrLinear *linear, const struct VrRange *range);

// First broken invariant as text, or NULL.
const char *vr_linear_check(const struct VrLinear *linear);

#endif
