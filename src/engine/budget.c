// SPDX-License-Identifier: MIT
// Budget: counters, and the last answer of VK_EXT_memory_budget.
#include "engine/budget.h"

#include "engine/arena.h"

#define STALE_AFTER_NS 100000000ull // other processes change the budget too; a query costs 5-100 us

// When nobody tells: four fifths of the heap, to the byte as VMA computes it.
static uint64_t usual_budget(const struct VrHeap *heap)
{
    return heap->size / 5 * 4 + heap->size % 5 * 4 / 5;
}

VR_COLD void vr_budget_refresh(VmaAllocator allocator)
{
    if (!(allocator->flags & VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT) ||
        !allocator->vk.vkGetPhysicalDeviceMemoryProperties2KHR) {
        return;
    }
    atomic_store_explicit(&allocator->budget_stale, false, memory_order_relaxed);
    VkPhysicalDeviceMemoryBudgetPropertiesEXT answer = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT};
    VkPhysicalDeviceMemoryProperties2 properties = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2, .pNext = &answer};
    allocator->vk.vkGetPhysicalDeviceMemoryProperties2KHR(allocator->physical_device, &properties);
    uint64_t now = vr_clock_ns();
    vr_lock_take(&allocator->budget_lock);
    for (uint32_t i = 0; i < allocator->memory.memoryHeapCount; ++i) {
        struct VrHeap *heap = &allocator->heaps[i];
        uint64_t reserved = atomic_load_explicit(&heap->reserved, memory_order_relaxed);
        uint64_t budget = answer.heapBudget[i];
        uint64_t usage = answer.heapUsage[i];
        // Drivers are known to answer 0 and more than the heap has. What is reserved later is added to the
        // usage.
        if (budget == 0) {
            budget = usual_budget(heap);
        }
        if (usage == 0) {
            usage = reserved;
        }
        atomic_store_explicit(&heap->driver_budget, vr_min64(budget, heap->size), memory_order_relaxed);
        atomic_store_explicit(&heap->driver_usage, vr_min64(usage, UINT64_MAX / 2), memory_order_relaxed);
        atomic_store_explicit(&heap->reserved_at_fetch, reserved, memory_order_relaxed);
    }
    atomic_store_explicit(&allocator->budget_asked_ns, now, memory_order_relaxed);
    vr_lock_drop(&allocator->budget_lock);
}

void vr_budget_refresh_if_stale(VmaAllocator allocator)
{
    if (atomic_load_explicit(&allocator->budget_stale, memory_order_relaxed) ||
        vr_clock_ns() - atomic_load_explicit(&allocator->budget_asked_ns, memory_order_relaxed) >
            STALE_AFTER_NS) {
        vr_budget_refresh(allocator);
    }
}

void vr_budget_of_heap(VmaAllocator allocator, uint32_t index, uint64_t *usage, uint64_t *budget)
{
    struct VrHeap *heap = &allocator->heaps[index];
    uint64_t reserved = atomic_load_explicit(&heap->reserved, memory_order_relaxed);
    uint64_t driver_budget = atomic_load_explicit(&heap->driver_budget, memory_order_relaxed);
    if (driver_budget == 0) {
        *usage = reserved;
        *budget = usual_budget(heap);
        return;
    }
    uint64_t now = atomic_load_explicit(&heap->driver_usage, memory_order_relaxed) + reserved;
    uint64_t then = atomic_load_explicit(&heap->reserved_at_fetch, memory_order_relaxed);
    *usage = now > then ? now - then : 0;
    *budget = driver_budget;
}

static void add_arena(VmaStatistics *statistics, const struct VrArena *arena)
{
    uint64_t count, bytes;
    vr_arena_count(arena, &count, &bytes);
    count += atomic_load_explicit(&arena->dedicated_count, memory_order_relaxed);
    bytes += atomic_load_explicit(&arena->dedicated_bytes, memory_order_relaxed);
    statistics->allocationCount += (uint32_t)count;
    statistics->allocationBytes += bytes;
}

VR_COLD void vr_budget_get(VmaAllocator allocator, uint32_t index, VmaBudget *budget)
{
    *budget = (VmaBudget){0};
    struct VrHeap *heap = &allocator->heaps[index];
    budget->statistics.blockCount = atomic_load_explicit(&heap->memories, memory_order_relaxed);
    budget->statistics.blockBytes = atomic_load_explicit(&heap->reserved, memory_order_relaxed);
    for (uint32_t type = 0; type < allocator->memory.memoryTypeCount; ++type) {
        for (unsigned k = 0; k < VR_CLASS_COUNT && vr_type_heap(allocator, type) == index; ++k) {
            const struct VrArena *arena = vr_allocator_peek_arena(allocator, type, k);
            if (arena) {
                add_arena(&budget->statistics, arena);
            }
        }
    }
    vr_mutex_take(&allocator->pools_mutex);
    for (VmaPool pool = allocator->pools; pool; pool = pool->next) {
        if (vr_type_heap(allocator, pool->arena.info.type) == index) {
            add_arena(&budget->statistics, &pool->arena);
        }
    }
    vr_mutex_drop(&allocator->pools_mutex);
    uint64_t usage, limit;
    vr_budget_of_heap(allocator, index, &usage, &limit);
    budget->usage = usage;
    budget->budget = limit;
}
