// SPDX-License-Identifier: MIT
// VMA's functions on statistics, budgets, JSON text and corruption.
#include "engine/budget.h"
#include "engine/corruption.h"
#include "engine/dump.h"
#include "engine/stats.h"
#include "vma/check.h"
#include "vma/virtual.h"

#include <string.h>

// ---- Numbers ----

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaCalculateStatistics(VmaAllocator allocator,
                                                               VmaTotalStatistics *pStats)
{
    if (VR_GIVEN(allocator) && VR_GIVEN(pStats)) {
        vr_stats_calculate(allocator, pStats);
    }
}

VMA_CALL_PRE void VMA_CALL_POST vmaGetHeapBudgets(VmaAllocator allocator, VmaBudget *pBudgets)
{
    if (!VR_GIVEN(allocator) || !VR_GIVEN(pBudgets)) {
        return;
    }
    vr_budget_refresh_if_stale(allocator);
    for (uint32_t heap = 0; heap < allocator->memory.memoryHeapCount; ++heap) {
        vr_budget_get(allocator, heap, &pBudgets[heap]);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaGetPoolStatistics(VmaAllocator allocator, VmaPool pool,
                                                             VmaStatistics *pPoolStats)
{
    if (!VR_GIVEN(pPoolStats)) {
        return;
    }
    memset(pPoolStats, 0, sizeof(*pPoolStats));
    if (vr_check_pool(allocator, pool, __func__)) {
        vr_stats_count_arena(&pool->arena, pPoolStats);
    }
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaCalculatePoolStatistics(VmaAllocator allocator, VmaPool pool,
                                                                   VmaDetailedStatistics *pPoolStats)
{
    if (!VR_GIVEN(pPoolStats)) {
        return;
    }
    vr_stats_clear(pPoolStats);
    if (vr_check_pool(allocator, pool, __func__)) {
        vr_stats_of_arena(&pool->arena, pPoolStats);
    }
}

// ---- Text ----

static void tell_host_memory(const char *function)
{
    vr_message(VR_SEVERITY_ERROR, "no-host-memory", VK_ERROR_OUT_OF_HOST_MEMORY, "%s: host memory ran out",
               function);
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaBuildStatsString(VmaAllocator allocator, char **ppStatsString,
                                                            VkBool32 detailedMap)
{
    if (!VR_GIVEN(ppStatsString)) {
        return;
    }
    *ppStatsString = NULL;
    if (!VR_GIVEN(allocator)) {
        return;
    }
    vr_budget_refresh_if_stale(allocator);
    *ppStatsString = vr_dump_allocator(allocator, detailedMap == VK_TRUE);
    if (!*ppStatsString) {
        tell_host_memory(__func__);
    }
}

VMA_CALL_PRE void VMA_CALL_POST vmaFreeStatsString(VmaAllocator allocator, char *pStatsString)
{
    if (pStatsString && VR_GIVEN(allocator)) {
        vr_host_free(&allocator->host, pStatsString);
    }
}

static void put_virtual_pieces(struct VrJson *json, const struct VmaVirtualBlock_T *block)
{
    vr_json_key(json, "Suballocations");
    vr_json_begin(json, '[', VR_JSON_LINES);
    for (struct VrVirtualPiece piece = {0}; vr_virtual_next_piece(block, &piece);) {
        if (!piece.used) {
            vr_dump_free_row(json, piece.offset, piece.size);
            continue;
        }
        vr_json_begin(json, '{', VR_JSON_SINGLE_LINE);
        vr_json_member(json, "Offset", piece.offset);
        vr_json_member(json, "Size", piece.size);
        if (piece.used->user_data) {
            vr_json_key(json, "CustomData");
            vr_json_pointer(json, piece.used->user_data);
        }
        vr_json_end(json, '}');
    }
    vr_json_end(json, ']');
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaBuildVirtualBlockStatsString(VmaVirtualBlock virtualBlock,
                                                                        char **ppStatsString,
                                                                        VkBool32 detailedMap)
{
    if (!VR_GIVEN(ppStatsString)) {
        return;
    }
    *ppStatsString = NULL;
    if (!VR_GIVEN(virtualBlock)) {
        return;
    }
    VmaDetailedStatistics stats;
    vmaCalculateVirtualBlockStatistics(virtualBlock, &stats);
    struct VrJson json;
    vr_json_init(&json, &virtualBlock->host, 0);
    vr_json_begin(&json, '{', VR_JSON_LINES);
    vr_json_key(&json, "Stats");
    vr_dump_statistics(&json, &stats);
    if (detailedMap) {
        vr_json_key(&json, "Details");
        vr_json_begin(&json, '{', VR_JSON_LINES);
        vr_dump_block_head(&json, &stats);
        put_virtual_pieces(&json, virtualBlock);
        vr_json_end(&json, '}');
    }
    vr_json_end(&json, '}');
    *ppStatsString = vr_json_finish(&json);
    if (!*ppStatsString) {
        tell_host_memory(__func__);
    }
}

VMA_CALL_PRE void VMA_CALL_POST vmaFreeVirtualBlockStatsString(VmaVirtualBlock virtualBlock,
                                                               char *pStatsString)
{
    if (pStatsString && VR_GIVEN(virtualBlock)) {
        vr_host_free(&virtualBlock->host, pStatsString);
    }
}

// ---- Corruption ----

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCheckCorruption(VmaAllocator allocator,
                                                               uint32_t memoryTypeBits)
{
    return VR_GIVEN(allocator) ? vr_corruption_check(allocator, memoryTypeBits)
                               : VK_ERROR_INITIALIZATION_FAILED;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaCheckPoolCorruption(VmaAllocator allocator, VmaPool pool)
{
    if (!vr_check_pool(allocator, pool, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return vr_corruption_check_pool(&pool->arena);
}
