// SPDX-License-Identifier: MIT
// What is said of an allocation handle that is not a live one.
#include "vma/check.h"

struct VrRange *vr_check_bad_allocation(VmaAllocator allocator, VmaAllocation allocation, const char *function)
{
    const char *why = !allocator                         ? "the allocator is null"
                      : !allocation                      ? "the allocation is null"
                      : vr_allocation_range(allocation)  ? "the allocation belongs to another allocator"
                                                         : "the allocation was freed already";
    vr_message(VR_SEVERITY_ERROR, allocation ? "stale-allocation" : "null-argument", 0, "%s: %s", function, why);
    return NULL;
}
