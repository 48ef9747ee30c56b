// SPDX-License-Identifier: MIT
// The vma*Virtual* functions but for JSON: argument checks, handles, one call down into placement.
#include "vma/virtual.h"

#include "base/message.h"
#include "engine/host.h"

#include <inttypes.h>

// ---- Life ----

static bool init_placement(struct VmaVirtualBlock_T *block)
{
    if (block->is_linear) {
        block->linear.span = (struct VrSpan){.size = block->size, .owner = block};
        vr_linear_init(&block->linear, &block->records);
        return true;
    }
    block->span = (struct VrSpan){.size = block->size, .owner = block};
    return vr_ranges_init(&block->ranges, &block->records, &block->host, block->size) &&
           vr_ranges_add(&block->ranges, &block->span);
}

static void finish_placement(struct VmaVirtualBlock_T *block)
{
    if (block->is_linear) {
        vr_linear_discard(&block->linear);
    } else {
        if (block->span.first) {
            vr_ranges_discard(&block->ranges, &block->span);
        }
        vr_ranges_finish(&block->ranges, &block->host);
    }
    vr_records_finish(&block->records);
}

// The block's memory comes from its own host, so the host is copied out first.
static VR_COLD void release(struct VmaVirtualBlock_T *block)
{
    VkAllocationCallbacks callbacks = block->callbacks;
    struct VrHost host;
    vr_host_from_callbacks(&callbacks, &host);
    finish_placement(block);
    vr_host_free(&host, block);
}

VR_COLD VkResult vmaCreateVirtualBlock(const VmaVirtualBlockCreateInfo *pCreateInfo,
                                       VmaVirtualBlock *pVirtualBlock)
{
    if (!pVirtualBlock) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pVirtualBlock = VK_NULL_HANDLE;
    if (!pCreateInfo || pCreateInfo->size == 0) {
        vr_message(VR_SEVERITY_ERROR, "virtual-block-size", VK_ERROR_INITIALIZATION_FAILED,
                   "vmaCreateVirtualBlock: the size of a block must not be 0");
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    struct VrHost host;
    vr_host_from_callbacks(pCreateInfo->pAllocationCallbacks, &host);
    struct VmaVirtualBlock_T *block = vr_host_zalloc(&host, sizeof(*block), VR_CACHE_LINE);
    if (!block) {
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    if (pCreateInfo->pAllocationCallbacks) {
        block->callbacks = *pCreateInfo->pAllocationCallbacks;
    }
    vr_host_from_callbacks(&block->callbacks, &block->host);
    vr_records_init(&block->records, &block->host);
    block->size = pCreateInfo->size;
    block->is_linear = (pCreateInfo->flags & VMA_VIRTUAL_BLOCK_CREATE_LINEAR_ALGORITHM_BIT) != 0;
    if (!init_placement(block)) {
        release(block);
        return VK_ERROR_OUT_OF_HOST_MEMORY;
    }
    *pVirtualBlock = block;
    return VK_SUCCESS;
}

static void report_leaks(const struct VmaVirtualBlock_T *block)
{
    for (struct VrVirtualPiece piece = {0}; vr_virtual_next_piece(block, &piece);) {
        if (piece.used) {
            vr_message(VR_SEVERITY_ERROR, "virtual-leak", 0,
                       "UNFREED VIRTUAL ALLOCATION; Offset: %" PRIu64 "; Size: %" PRIu64 "; UserData: %p",
                       piece.offset, piece.size, piece.used->user_data);
        }
    }
}

VR_COLD void vmaDestroyVirtualBlock(VmaVirtualBlock virtualBlock)
{
    if (!virtualBlock) {
        return;
    }
    if (vr_message_wanted(VR_SEVERITY_ERROR)) {
        report_leaks(virtualBlock);
    }
    release(virtualBlock);
}

VR_COLD void vmaClearVirtualBlock(VmaVirtualBlock virtualBlock)
{
    if (!virtualBlock) {
        return;
    }
    if (virtualBlock->is_linear) {
        vr_linear_discard(&virtualBlock->linear);
        return;
    }
    vr_ranges_discard(&virtualBlock->ranges, &virtualBlock->span);
    // The discarded ranges left their records at hand, so this asks the host for nothing.
    bool added = vr_ranges_add(&virtualBlock->ranges, &virtualBlock->span);
    assert(added);
    (void)added;
}

// ---- Allocations ----

VR_INLINE const struct VrSpan *span_of(const struct VmaVirtualBlock_T *block)
{
    return block->is_linear ? &block->linear.span : &block->span;
}

// The record behind a handle of this block, or NULL with a message.
VR_INLINE struct VrRange *live_range(const struct VmaVirtualBlock_T *block, VmaVirtualAllocation allocation,
                                     const char *function)
{
    uintptr_t bits = (uintptr_t)allocation;
    struct VrRange *range = (struct VrRange *)(bits & ~(uintptr_t)63);
    if (VR_UNLIKELY(!range || vr_range_mark(range) != (uint8_t)((bits & 63) << 2 | VR_RANGE_USED))) {
        vr_message(VR_SEVERITY_ERROR, "virtual-stale-handle", 0,
                   "%s: the allocation was freed before, or never was one", function);
        return NULL;
    }
    if (VR_UNLIKELY(range->span != span_of(block))) {
        vr_message(VR_SEVERITY_ERROR, "virtual-foreign-handle", 0,
                   "%s: the allocation belongs to another block", function);
        return NULL;
    }
    return range;
}

// Several bits: the fastest wins, as in VMA.
static enum VrStrategy virtual_strategy(VmaVirtualAllocationCreateFlags flags)
{
    if (VR_LIKELY(!(flags & VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MASK))) {
        return VR_STRATEGY_BALANCED;
    }
    return flags & VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT     ? VR_STRATEGY_MIN_TIME
           : flags & VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT ? VR_STRATEGY_MIN_MEMORY
                                                                           : VR_STRATEGY_MIN_OFFSET;
}

// Every failure ends here: the handle is null, the offset no offset.
static VR_COLD VkResult fail_virtual(VmaVirtualAllocation *allocation, VkDeviceSize *offset, VkResult result)
{
    if (allocation) {
        *allocation = VK_NULL_HANDLE;
    }
    if (offset) {
        *offset = UINT64_MAX;
    }
    return result;
}

static VR_COLD VkResult refuse_virtual(const VmaVirtualAllocationCreateInfo *info,
                                       VmaVirtualAllocation *allocation, VkDeviceSize *offset)
{
    const char *cause = !info                                       ? "a null pointer was given"
                        : info->size == 0                           ? "the size must not be 0"
                        : (info->alignment & (info->alignment - 1)) ? "the alignment must be a power of two"
                                                                    : NULL;
    VkResult result = cause ? VK_ERROR_INITIALIZATION_FAILED : VK_ERROR_FEATURE_NOT_PRESENT;
    vr_message(VR_SEVERITY_ERROR, "virtual-bad-argument", result, "vmaVirtualAllocate: %s",
               cause ? cause : "UPPER_ADDRESS needs a block with the linear algorithm");
    return fail_virtual(allocation, offset, result);
}

// The slow half of a take: nothing was found by the bounded search.
static VR_NOINLINE struct VrRange *take_exhaustively(struct VmaVirtualBlock_T *block, uint64_t size,
                                                     uint64_t alignment, bool *host_failed)
{
    *host_failed = !vr_ranges_ready(&block->ranges);
    if (*host_failed || size > block->span.free) {
        return NULL;
    }
    return vr_ranges_take_any(&block->ranges, size, alignment);
}

VkResult vmaVirtualAllocate(VmaVirtualBlock virtualBlock, const VmaVirtualAllocationCreateInfo *pCreateInfo,
                            VmaVirtualAllocation *pAllocation, VkDeviceSize *pOffset)
{
    if (VR_UNLIKELY(!virtualBlock || !pCreateInfo || !pAllocation)) {
        return refuse_virtual(NULL, pAllocation, pOffset);
    }
    uint64_t size = pCreateInfo->size;
    uint64_t alignment = pCreateInfo->alignment;
    bool upper = (pCreateInfo->flags & VMA_VIRTUAL_ALLOCATION_CREATE_UPPER_ADDRESS_BIT) != 0;
    if (VR_UNLIKELY(size == 0 || (alignment & (alignment - 1)) || (upper && !virtualBlock->is_linear))) {
        return refuse_virtual(pCreateInfo, pAllocation, pOffset);
    }
    alignment += alignment == 0;
    bool host_failed = false;
    struct VrRange *range;
    if (virtualBlock->is_linear) {
        range = vr_linear_take(&virtualBlock->linear, size, alignment, upper, &host_failed);
    } else {
        range = vr_ranges_take(&virtualBlock->ranges, size, alignment, virtual_strategy(pCreateInfo->flags));
        if (VR_UNLIKELY(!range)) {
            range = take_exhaustively(virtualBlock, size, alignment, &host_failed);
        }
    }
    if (VR_UNLIKELY(!range)) {
        return fail_virtual(pAllocation, pOffset,
                            host_failed ? VK_ERROR_OUT_OF_HOST_MEMORY : VK_ERROR_OUT_OF_DEVICE_MEMORY);
    }
    range->user_data = pCreateInfo->pUserData;
    *pAllocation = vr_virtual_handle(range);
    if (pOffset) {
        *pOffset = range->offset;
    }
    return VK_SUCCESS;
}

void vmaVirtualFree(VmaVirtualBlock virtualBlock, VmaVirtualAllocation allocation)
{
    if (!virtualBlock || allocation == VK_NULL_HANDLE) {
        return;
    }
    struct VrRange *range = live_range(virtualBlock, allocation, "vmaVirtualFree");
    if (VR_UNLIKELY(!range)) {
        return;
    }
    if (virtualBlock->is_linear) {
        vr_linear_give(&virtualBlock->linear, range);
    } else {
        vr_ranges_give(&virtualBlock->ranges, range);
    }
}

void vmaGetVirtualAllocationInfo(VmaVirtualBlock virtualBlock, VmaVirtualAllocation allocation,
                                 VmaVirtualAllocationInfo *pVirtualAllocInfo)
{
    if (!virtualBlock || !pVirtualAllocInfo) {
        return;
    }
    const struct VrRange *range = live_range(virtualBlock, allocation, "vmaGetVirtualAllocationInfo");
    *pVirtualAllocInfo = range ? (VmaVirtualAllocationInfo){range->offset, range->size, range->user_data}
                               : (VmaVirtualAllocationInfo){UINT64_MAX, 0, NULL};
}

void vmaSetVirtualAllocationUserData(VmaVirtualBlock virtualBlock, VmaVirtualAllocation allocation,
                                     void *pUserData)
{
    if (!virtualBlock) {
        return;
    }
    struct VrRange *range = live_range(virtualBlock, allocation, "vmaSetVirtualAllocationUserData");
    if (range) {
        range->user_data = pUserData;
    }
}

// ---- What a block holds ----

VkBool32 vmaIsVirtualBlockEmpty(VmaVirtualBlock virtualBlock)
{
    return !virtualBlock || vr_span_is_empty(span_of(virtualBlock));
}

static const struct VrRange *next_virtual(const struct VmaVirtualBlock_T *block, const struct VrRange *range)
{
    if (block->is_linear) {
        return range ? vr_linear_next(&block->linear, range) : vr_linear_first(&block->linear);
    }
    range = range ? range->next : block->span.first;
    while (range && vr_range_state(range) != VR_RANGE_USED) {
        range = range->next;
    }
    return range;
}

bool vr_virtual_next_piece(const struct VmaVirtualBlock_T *block, struct VrVirtualPiece *piece)
{
    if (piece->size == 0) {
        piece->next = next_virtual(block, NULL);
    } else if (piece->used) {
        piece->next = next_virtual(block, piece->used);
    }
    piece->offset += piece->size;
    if (piece->next && piece->next->offset == piece->offset) {
        piece->used = piece->next;
        piece->size = piece->used->size;
        return true;
    }
    piece->used = NULL;
    piece->size = (piece->next ? piece->next->offset : block->size) - piece->offset;
    return piece->size > 0;
}

VR_COLD void vmaGetVirtualBlockStatistics(VmaVirtualBlock virtualBlock, VmaStatistics *pStats)
{
    if (!virtualBlock || !pStats) {
        return;
    }
    const struct VrSpan *span = span_of(virtualBlock);
    *pStats = (VmaStatistics){
        .blockCount = 1,
        .allocationCount = span->used_count,
        .blockBytes = span->size,
        .allocationBytes = span->size - span->free,
    };
}

VR_COLD void vmaCalculateVirtualBlockStatistics(VmaVirtualBlock virtualBlock, VmaDetailedStatistics *pStats)
{
    if (!virtualBlock || !pStats) {
        return;
    }
    *pStats = (VmaDetailedStatistics){
        .allocationSizeMin = VK_WHOLE_SIZE,
        .unusedRangeSizeMin = VK_WHOLE_SIZE,
    };
    vmaGetVirtualBlockStatistics(virtualBlock, &pStats->statistics);
    for (struct VrVirtualPiece piece = {0}; vr_virtual_next_piece(virtualBlock, &piece);) {
        if (piece.used) {
            pStats->allocationSizeMin = vr_min64(pStats->allocationSizeMin, piece.size);
            pStats->allocationSizeMax = vr_max64(pStats->allocationSizeMax, piece.size);
        } else {
            ++pStats->unusedRangeCount;
            pStats->unusedRangeSizeMin = vr_min64(pStats->unusedRangeSizeMin, piece.size);
            pStats->unusedRangeSizeMax = vr_max64(pStats->unusedRangeSizeMax, piece.size);
        }
    }
}
