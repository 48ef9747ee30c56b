// SPDX-License-Identifier: MIT
// Checks, requirements and binding of resources.
#include "vma/resource.h"

#include "base/message.h"

// ---- Create infos ----

VkResult vr_refuse_buffer_info(const VkBufferCreateInfo *info, uint64_t min_alignment)
{
    const char *why = info->size == 0 ? "size is 0"
                      : min_alignment != 0 && !vr_is_pow2(min_alignment)
                          ? "the alignment is no power of two"
                          : "VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT needs "
                            "VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT";
    vr_message(VR_SEVERITY_ERROR, "bad-buffer", VK_ERROR_INITIALIZATION_FAILED, "a buffer cannot be made: %s",
               why);
    return VK_ERROR_INITIALIZATION_FAILED;
}

VkResult vr_check_image_info(const VkImageCreateInfo *info)
{
    if (info->extent.width == 0 || info->extent.height == 0 || info->extent.depth == 0 ||
        info->mipLevels == 0 || info->arrayLayers == 0) {
        vr_message(VR_SEVERITY_ERROR, "bad-image", VK_ERROR_INITIALIZATION_FAILED,
                   "an extent, mipLevels or arrayLayers is 0");
        return VK_ERROR_INITIALIZATION_FAILED;
    }
    if (info->flags & VK_IMAGE_CREATE_DISJOINT_BIT) {
        vr_message(
            VR_SEVERITY_ERROR, "disjoint-image", VK_ERROR_FEATURE_NOT_PRESENT,
            "a disjoint image needs one allocation per plane: vmaAllocateMemory and vmaBindImageMemory2");
        return VK_ERROR_FEATURE_NOT_PRESENT;
    }
    return VK_SUCCESS;
}

// ---- Requirements ----

static void take_answer(const VkMemoryRequirements2 *answer, const VkMemoryDedicatedRequirements *dedicated,
                        struct VrAllocateRequest *request)
{
    request->requirements = answer->memoryRequirements;
    request->hints |= (dedicated->requiresDedicatedAllocation ? (uint32_t)VR_DEDICATED_REQUIRED : 0) |
                      (dedicated->prefersDedicatedAllocation ? (uint32_t)VR_DEDICATED_PREFERRED : 0);
}

void vr_requirements_of_buffer(VmaAllocator allocator, VkBuffer buffer, struct VrAllocateRequest *request)
{
    request->buffer = buffer;
    if (VR_UNLIKELY(!allocator->dedicated_info)) {
        allocator->vk.vkGetBufferMemoryRequirements(allocator->device, buffer, &request->requirements);
        return;
    }
    VkMemoryDedicatedRequirements dedicated = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_REQUIREMENTS};
    VkMemoryRequirements2 answer = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2, .pNext = &dedicated};
    VkBufferMemoryRequirementsInfo2 question = {.sType = VK_STRUCTURE_TYPE_BUFFER_MEMORY_REQUIREMENTS_INFO_2,
                                                .buffer = buffer};
    allocator->vk.vkGetBufferMemoryRequirements2KHR(allocator->device, &question, &answer);
    take_answer(&answer, &dedicated, request);
}

VR_COLD void vr_requirements_of_image(VmaAllocator allocator, VkImage image,
                                      struct VrAllocateRequest *request)
{
    request->image = image;
    if (VR_UNLIKELY(!allocator->dedicated_info)) {
        allocator->vk.vkGetImageMemoryRequirements(allocator->device, image, &request->requirements);
        return;
    }
    VkMemoryDedicatedRequirements dedicated = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_REQUIREMENTS};
    VkMemoryRequirements2 answer = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2, .pNext = &dedicated};
    VkImageMemoryRequirementsInfo2 question = {.sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_REQUIREMENTS_INFO_2,
                                               .image = image};
    allocator->vk.vkGetImageMemoryRequirements2KHR(allocator->device, &question, &answer);
    take_answer(&answer, &dedicated, request);
}

uint64_t vr_buffer_usage(VmaAllocator allocator, const VkBufferCreateInfo *info)
{
#ifdef VK_KHR_maintenance5
    bool core14 = allocator->api_version >= VK_MAKE_VERSION(1, 4, 0);
    if (core14 || (allocator->flags & VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE5_BIT)) {
        for (const VkBaseInStructure *link = info->pNext; link; link = link->pNext) {
            if (link->sType == VK_STRUCTURE_TYPE_BUFFER_USAGE_FLAGS_2_CREATE_INFO_KHR) {
                return ((const VkBufferUsageFlags2CreateInfoKHR *)(const void *)link)->usage;
            }
        }
    }
#else
    (void)allocator;
#endif
    return info->usage;
}

// ---- Binding ----

static VkResult refuse_chain(void)
{
    vr_message(VR_SEVERITY_ERROR, "bind-chain-unsupported", VK_ERROR_EXTENSION_NOT_PRESENT,
               "pNext of a bind needs Vulkan 1.1 or VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT");
    return VK_ERROR_EXTENSION_NOT_PRESENT;
}

// vkMapMemory and vkUnmapMemory must not run beside a bind to the same VkDeviceMemory. Where neither can
// happen any more, binds go unlocked.
VR_INLINE bool lock_mapping(VmaAllocator allocator, struct VrBlock *block)
{
    if (VR_LIKELY(!(vr_type_flags(allocator, block->type) & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) ||
        atomic_load_explicit(&block->kept_mapped, memory_order_acquire)) {
        return false;
    }
    vr_mutex_take(&block->map_lock);
    return true;
}

VR_INLINE void unlock_mapping(struct VrBlock *block, bool locked)
{
    if (locked) {
        vr_mutex_drop(&block->map_lock);
    }
}

VkResult vr_bind_buffer(VmaAllocator allocator, struct VrRange *range, uint64_t offset, VkBuffer buffer,
                        const void *next)
{
    struct VrBlock *block = vr_range_block(range);
    uint64_t at = range->offset + offset;
    if (next && !allocator->bind2) {
        return refuse_chain();
    }
    VkBindBufferMemoryInfo info = {.sType = VK_STRUCTURE_TYPE_BIND_BUFFER_MEMORY_INFO,
                                   .pNext = next,
                                   .buffer = buffer,
                                   .memory = block->memory,
                                   .memoryOffset = at};
    bool locked = lock_mapping(allocator, block);
    VkResult result = VR_LIKELY(!next)
                          ? allocator->vk.vkBindBufferMemory(allocator->device, buffer, block->memory, at)
                          : allocator->vk.vkBindBufferMemory2KHR(allocator->device, 1, &info);
    unlock_mapping(block, locked);
    return result;
}

VR_COLD VkResult vr_bind_image(VmaAllocator allocator, struct VrRange *range, uint64_t offset, VkImage image,
                               const void *next)
{
    struct VrBlock *block = vr_range_block(range);
    uint64_t at = range->offset + offset;
    if (next && !allocator->bind2) {
        return refuse_chain();
    }
    VkBindImageMemoryInfo info = {.sType = VK_STRUCTURE_TYPE_BIND_IMAGE_MEMORY_INFO,
                                  .pNext = next,
                                  .image = image,
                                  .memory = block->memory,
                                  .memoryOffset = at};
    bool locked = lock_mapping(allocator, block);
    VkResult result = VR_LIKELY(!next)
                          ? allocator->vk.vkBindImageMemory(allocator->device, image, block->memory, at)
                          : allocator->vk.vkBindImageMemory2KHR(allocator->device, 1, &info);
    unlock_mapping(block, locked);
    return result;
}
