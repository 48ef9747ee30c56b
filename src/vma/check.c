// SPDX-License-Identifier: MIT
// What is said of a handle that is not a live one.
#include "vma/check.h"

#include "engine/pool.h"

VR_COLD VR_NOINLINE void vr_check_missing(const char *function, const char *name)
{
    vr_message(VR_SEVERITY_ERROR, "null-argument", 0, "%s: %s is null", function, name);
}

VR_COLD struct VrRange *vr_check_bad_allocation(VmaAllocator allocator, VmaAllocation allocation,
                                                const char *function)
{
    const char *why = !allocator                        ? "the allocator is null"
                      : !allocation                     ? "the allocation is null"
                      : vr_allocation_range(allocation) ? "the allocation belongs to another allocator"
                                                        : "the allocation was freed already";
    vr_message(VR_SEVERITY_ERROR, allocation ? "stale-allocation" : "null-argument", 0, "%s: %s", function,
               why);
    return NULL;
}

bool vr_check_pool(VmaAllocator allocator, VmaPool pool, const char *function)
{
    if (!vr_check_argument(allocator, function, "allocator") || !vr_check_argument(pool, function, "pool")) {
        return false;
    }
    if (!vr_pool_is_listed(allocator, pool)) {
        vr_message(VR_SEVERITY_ERROR, "bad-pool", 0,
                   "%s: the pool was destroyed already or belongs to another allocator", function);
        return false;
    }
    return true;
}
