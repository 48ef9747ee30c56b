// SPDX-License-Identifier: MIT
// Memory type choice: a usage becomes three sets of property flags, and the type with the fewest misses wins.
#include "engine/type.h"

#define DEVICE_LOCAL VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT
#define HOST_VISIBLE VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT
#define HOST_COHERENT VK_MEMORY_PROPERTY_HOST_COHERENT_BIT
#define HOST_CACHED VK_MEMORY_PROPERTY_HOST_CACHED_BIT

#define TRANSFER_ONLY ((uint64_t)(VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT))

static_assert(VK_BUFFER_USAGE_TRANSFER_SRC_BIT == (int)VK_IMAGE_USAGE_TRANSFER_SRC_BIT,
              "one test serves buffers and images");
static_assert(VK_BUFFER_USAGE_TRANSFER_DST_BIT == (int)VK_IMAGE_USAGE_TRANSFER_DST_BIT,
              "one test serves buffers and images");

// A GPU with memory of its own across a bus. Integrated ones may report several heaps too, but all are the
// same RAM.
static bool is_discrete(VmaAllocator allocator)
{
    return allocator->properties.deviceType != VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
}

static void wish_sequential_write(VmaAllocator allocator, const VmaAllocationCreateInfo *info,
                                  bool device_access, struct VrTypeWish *wish)
{
    bool transfer_instead = info->flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT;
    bool prefer_host = info->usage == VMA_MEMORY_USAGE_AUTO_PREFER_HOST;
    wish->avoided |= HOST_CACHED; // uncached is write-combined: faster to write in order, slower to read on
                                  // the GPU's behalf
    if (device_access && transfer_instead && !prefer_host && is_discrete(allocator)) {
        wish->preferred |=
            DEVICE_LOCAL | HOST_VISIBLE; // the bar through which both reach it, else a staging copy
        return;
    }
    if (transfer_instead) {
        wish->preferred |= HOST_VISIBLE;
    } else {
        wish->required |= HOST_VISIBLE;
    }
    if (device_access) {
        // Written once by the CPU, read once or often by the GPU: on its side of the bus.
        if (prefer_host) {
            wish->avoided |= DEVICE_LOCAL;
        } else {
            wish->preferred |= DEVICE_LOCAL;
        }
    } else {
        // A staging buffer: the bar is for what needs it.
        if (info->usage == VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE) {
            wish->preferred |= DEVICE_LOCAL;
        } else {
            wish->avoided |= DEVICE_LOCAL;
        }
    }
}

static void wish_random_access(VmaAllocator allocator, const VmaAllocationCreateInfo *info,
                               bool device_access, struct VrTypeWish *wish)
{
    bool transfer_instead = info->flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT;
    wish->preferred |= HOST_CACHED;
    if (device_access && transfer_instead && info->usage != VMA_MEMORY_USAGE_AUTO_PREFER_HOST &&
        is_discrete(allocator)) {
        wish->preferred |= DEVICE_LOCAL; // reading over the bus is slow on either side: the program copies
    } else if (transfer_instead) {
        wish->preferred |= HOST_VISIBLE;
    } else {
        wish->required |= HOST_VISIBLE;
    }
}

static void wish_auto(VmaAllocator allocator, const VmaAllocationCreateInfo *info, uint64_t resource_usage,
                      struct VrTypeWish *wish)
{
    bool device_access = (resource_usage & ~TRANSFER_ONLY) != 0;
    if (info->flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT) {
        wish_random_access(allocator, info, device_access, wish);
    } else if (info->flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT) {
        wish_sequential_write(allocator, info, device_access, wish);
    } else if (info->usage == VMA_MEMORY_USAGE_AUTO_PREFER_HOST) {
        wish->avoided |= DEVICE_LOCAL;
    } else {
        wish->preferred |= DEVICE_LOCAL;
    }
}

bool vr_type_wish_of_usage(VmaAllocator allocator, const VmaAllocationCreateInfo *info,
                           uint64_t resource_usage, struct VrTypeWish *wish)
{
    *wish = (struct VrTypeWish){info->requiredFlags, info->preferredFlags, 0};
    // On an integrated GPU a program that wants host-visible memory is better served without insisting on
    // device-local.
    bool local_pays = is_discrete(allocator) || !(wish->preferred & HOST_VISIBLE);
    switch ((int)info->usage) {
    case 1: // GPU_ONLY; the old usages are named by number, as naming them warns under VRAM_WARN_DEPRECATED
        wish->preferred |= local_pays ? (VkMemoryPropertyFlags)DEVICE_LOCAL : 0;
        break;
    case 2: // CPU_ONLY
        wish->required |= HOST_VISIBLE | HOST_COHERENT;
        break;
    case 3: // CPU_TO_GPU
        wish->required |= HOST_VISIBLE;
        wish->preferred |= local_pays ? (VkMemoryPropertyFlags)DEVICE_LOCAL : 0;
        break;
    case 4: // GPU_TO_CPU
        wish->required |= HOST_VISIBLE;
        wish->preferred |= HOST_CACHED;
        break;
    case 5: // CPU_COPY
        wish->avoided |= DEVICE_LOCAL;
        break;
    case VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED:
        wish->required |= VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT;
        break;
    case VMA_MEMORY_USAGE_AUTO:
    case VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE:
    case VMA_MEMORY_USAGE_AUTO_PREFER_HOST:
        if (resource_usage == 0) {
            return false;
        }
        wish_auto(allocator, info, resource_usage, wish);
        break;
    default:
        break;
    }
    const VkMemoryPropertyFlags amd =
        VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD | VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD;
    if (!((info->requiredFlags | info->preferredFlags) & amd)) {
        wish->avoided |= VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD;
    }
    return true;
}

uint32_t vr_type_find_cheapest(VmaAllocator allocator, uint32_t candidates, const struct VrTypeWish *wish)
{
    uint32_t best = VR_NO_TYPE;
    unsigned best_cost = UINT32_MAX;
    for (; candidates; candidates &= candidates - 1) {
        uint32_t type = vr_low_bit(candidates);
        VkMemoryPropertyFlags flags = vr_type_flags(allocator, type);
        if (wish->required & ~flags) {
            continue;
        }
        unsigned cost = vr_bit_count(wish->preferred & ~flags) + vr_bit_count(wish->avoided & flags);
        if (cost < best_cost) {
            best = type;
            best_cost = cost;
        }
    }
    return best;
}
