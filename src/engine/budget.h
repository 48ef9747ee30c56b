// SPDX-License-Identifier: MIT
// Budget: how much of a heap this process may use, and uses. Counters on the hot path; the driver
// (VK_EXT_memory_budget) is asked only when blocks came or went, on vmaSetCurrentFrameIndex, and by queries
// when its last answer is old.
#ifndef VR_ENGINE_BUDGET_H
#define VR_ENGINE_BUDGET_H

#include "engine/allocator.h"

// Asks the driver, if the extension is in use. Called without locks.
void vr_budget_refresh(VmaAllocator allocator);
// The same if blocks came or went since, or the last answer is older than 100 ms.
void vr_budget_refresh_if_stale(VmaAllocator allocator);
// Notes that a request was refused for the budget's sake: blocks that are empty may go for it.
VR_INLINE void vr_budget_refuse(VmaAllocator allocator, uint32_t heap)
{
    atomic_store_explicit(&allocator->heaps[heap].refused, true, memory_order_relaxed);
}
// Usage and budget of a heap in bytes from the last answer and the counters; never calls the driver.
void vr_budget_of_heap(VmaAllocator allocator, uint32_t heap, uint64_t *usage, uint64_t *budget);
// Fills VmaBudget for one heap: statistics from counters, usage, budget.
void vr_budget_get(VmaAllocator allocator, uint32_t heap, VmaBudget *budget);

#endif
