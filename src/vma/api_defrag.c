// SPDX-License-Identifier: MIT
// The vma*Defragmentation* functions: argument checks, one call down.
#include "engine/move.h"
#include "vma/check.h"

static bool is_of(VmaAllocator allocator, VmaDefragmentationContext context, const char *function)
{
    if (vr_move_allocator(context) == allocator) {
        return true;
    }
    vr_message(VR_SEVERITY_ERROR, "foreign-context", VK_ERROR_VALIDATION_FAILED_EXT,
               "%s: the context belongs to another allocator", function);
    return false;
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaBeginDefragmentation(VmaAllocator allocator,
                                                                    const VmaDefragmentationInfo *pInfo,
                                                                    VmaDefragmentationContext *pContext)
{
    if (!VR_GIVEN(pContext)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pContext = VK_NULL_HANDLE;
    if (!VR_GIVEN(allocator) || !VR_GIVEN(pInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return vr_move_begin(allocator, pInfo, pContext);
}

VR_COLD VMA_CALL_PRE void VMA_CALL_POST vmaEndDefragmentation(VmaAllocator allocator,
                                                              VmaDefragmentationContext context,
                                                              VmaDefragmentationStats *pStats)
{
    if (pStats) {
        *pStats = (VmaDefragmentationStats){0};
    }
    if (VR_GIVEN(allocator) && context && is_of(allocator, context, __func__)) {
        vr_move_end(context, pStats);
    }
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaBeginDefragmentationPass(
    VmaAllocator allocator, VmaDefragmentationContext context, VmaDefragmentationPassMoveInfo *pPassInfo)
{
    if (!VR_GIVEN(pPassInfo)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    *pPassInfo = (VmaDefragmentationPassMoveInfo){0};
    if (!VR_GIVEN(allocator) || !VR_GIVEN(context) || !is_of(allocator, context, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return vr_move_begin_pass(context, pPassInfo);
}

VR_COLD VMA_CALL_PRE VkResult VMA_CALL_POST vmaEndDefragmentationPass(
    VmaAllocator allocator, VmaDefragmentationContext context, VmaDefragmentationPassMoveInfo *pPassInfo)
{
    if (!VR_GIVEN(allocator) || !VR_GIVEN(context) || !VR_GIVEN(pPassInfo) ||
        !is_of(allocator, context, __func__)) {
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    return vr_move_end_pass(context, pPassInfo);
}
