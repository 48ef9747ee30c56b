// SPDX-License-Identifier: MIT
// Finds the Vulkan functions: one table row per function, with the names it goes by and when it is wanted.
#include "engine/vulkan.h"

#include "base/message.h"
#include "base/os.h"

#include <stdio.h>
#include <string.h>

enum Level { OF_INSTANCE, OF_DEVICE };

// When a function is fetched.
enum Wanted {
    ALWAYS,    // and creation fails without it
    DEDICATED, // core name from 1.1; before, the extension name when the flag of VK_KHR_dedicated_allocation
               // is set
    BIND2,     // the same for VK_KHR_bind_memory2
    QUERY2,    // the same for VK_KHR_get_physical_device_properties2, which VK_EXT_memory_budget needs
    CORE_1_3,  // core name from 1.3; before, the extension name when the maintenance4 flag is set
    WIN32_HANDLE // when its flag is set
};

struct Row {
    uint16_t member; // offset
    uint8_t level;   // enum Level
    uint8_t wanted;  // enum Wanted
    char name[40];   // in the row: a pointer to it would have to be relocated. The extension's name has KHR
                     // behind it
};

#define ROW(member, name, level, wanted)                                                                     \
    {                                                                                                        \
        offsetof(VrVulkan, member), level, wanted, name                                                      \
    }

static const struct Row rows[] = {
    ROW(vkGetPhysicalDeviceProperties, "vkGetPhysicalDeviceProperties", OF_INSTANCE, ALWAYS),
    ROW(vkGetPhysicalDeviceMemoryProperties, "vkGetPhysicalDeviceMemoryProperties", OF_INSTANCE, ALWAYS),
    ROW(vkAllocateMemory, "vkAllocateMemory", OF_DEVICE, ALWAYS),
    ROW(vkFreeMemory, "vkFreeMemory", OF_DEVICE, ALWAYS),
    ROW(vkMapMemory, "vkMapMemory", OF_DEVICE, ALWAYS),
    ROW(vkUnmapMemory, "vkUnmapMemory", OF_DEVICE, ALWAYS),
    ROW(vkFlushMappedMemoryRanges, "vkFlushMappedMemoryRanges", OF_DEVICE, ALWAYS),
    ROW(vkInvalidateMappedMemoryRanges, "vkInvalidateMappedMemoryRanges", OF_DEVICE, ALWAYS),
    ROW(vkBindBufferMemory, "vkBindBufferMemory", OF_DEVICE, ALWAYS),
    ROW(vkBindImageMemory, "vkBindImageMemory", OF_DEVICE, ALWAYS),
    ROW(vkGetBufferMemoryRequirements, "vkGetBufferMemoryRequirements", OF_DEVICE, ALWAYS),
    ROW(vkGetImageMemoryRequirements, "vkGetImageMemoryRequirements", OF_DEVICE, ALWAYS),
    ROW(vkCreateBuffer, "vkCreateBuffer", OF_DEVICE, ALWAYS),
    ROW(vkDestroyBuffer, "vkDestroyBuffer", OF_DEVICE, ALWAYS),
    ROW(vkCreateImage, "vkCreateImage", OF_DEVICE, ALWAYS),
    ROW(vkDestroyImage, "vkDestroyImage", OF_DEVICE, ALWAYS),
    ROW(vkCmdCopyBuffer, "vkCmdCopyBuffer", OF_DEVICE, ALWAYS),
    ROW(vkGetBufferMemoryRequirements2KHR, "vkGetBufferMemoryRequirements2", OF_DEVICE, DEDICATED),
    ROW(vkGetImageMemoryRequirements2KHR, "vkGetImageMemoryRequirements2", OF_DEVICE, DEDICATED),
    ROW(vkBindBufferMemory2KHR, "vkBindBufferMemory2", OF_DEVICE, BIND2),
    ROW(vkBindImageMemory2KHR, "vkBindImageMemory2", OF_DEVICE, BIND2),
    ROW(vkGetPhysicalDeviceMemoryProperties2KHR, "vkGetPhysicalDeviceMemoryProperties2", OF_INSTANCE, QUERY2),
    ROW(vkGetDeviceBufferMemoryRequirements, "vkGetDeviceBufferMemoryRequirements", OF_DEVICE, CORE_1_3),
    ROW(vkGetDeviceImageMemoryRequirements, "vkGetDeviceImageMemoryRequirements", OF_DEVICE, CORE_1_3),
    ROW(vkGetMemoryWin32HandleKHR, "vkGetMemoryWin32HandleKHR", OF_DEVICE, WIN32_HANDLE),
#if !VRAM_VMA_3_3_LAYOUT
    ROW(vkGetPhysicalDeviceProperties2KHR, "vkGetPhysicalDeviceProperties2", OF_INSTANCE, QUERY2),
#endif
};

static_assert(sizeof(PFN_vkVoidFunction) == sizeof(PFN_vkCreateBuffer), "members of the table are alike");

static bool has_member(const VrVulkan *vk, size_t member)
{
    PFN_vkVoidFunction function;
    memcpy(&function, (const char *)vk + member, sizeof(function));
    return function != NULL;
}

static void set_member(VrVulkan *vk, size_t member, PFN_vkVoidFunction function)
{
    memcpy((char *)vk + member, &function, sizeof(function));
}

enum { CORE_NAME = 1, EXTENSION_NAME = 2 };

// Which names a function is looked up under, given version and flags; 0: under none.
static unsigned names_of(const struct Row *row, uint32_t api_version, VmaAllocatorCreateFlags flags)
{
    uint32_t core = row->wanted == CORE_1_3 ? VK_MAKE_VERSION(1, 3, 0) : VK_MAKE_VERSION(1, 1, 0);
    VmaAllocatorCreateFlags extension = 0;
    switch ((enum Wanted)row->wanted) {
    case ALWAYS:
        return CORE_NAME;
    case WIN32_HANDLE:
        return flags & VMA_ALLOCATOR_CREATE_KHR_EXTERNAL_MEMORY_WIN32_BIT ? CORE_NAME : 0;
    case DEDICATED:
        extension = VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT;
        break;
    case BIND2:
        extension = VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT;
        break;
    case QUERY2:
        extension = VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT;
        break;
    case CORE_1_3:
        extension = VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT;
        break;
    }
    // Some drivers export only the extension's name of a core function, so it is tried second.
    return api_version >= core ? CORE_NAME | EXTENSION_NAME : flags & extension ? EXTENSION_NAME : 0;
}

static PFN_vkVoidFunction fetch_name(const VrVulkan *vk, const struct Row *row,
                                     const VmaAllocatorCreateInfo *info, const char *suffix)
{
    char name[sizeof(row->name) + 4];
    snprintf(name, sizeof(name), "%s%s", row->name, suffix);
    if (row->level == OF_INSTANCE) {
        return vk->vkGetInstanceProcAddr ? vk->vkGetInstanceProcAddr(info->instance, name) : NULL;
    }
    return vk->vkGetDeviceProcAddr ? vk->vkGetDeviceProcAddr(info->device, name) : NULL;
}

static PFN_vkVoidFunction fetch(const VrVulkan *vk, const struct Row *row, const VmaAllocatorCreateInfo *info,
                                unsigned names)
{
    PFN_vkVoidFunction function = names & CORE_NAME ? fetch_name(vk, row, info, "") : NULL;
    return !function && (names & EXTENSION_NAME) ? fetch_name(vk, row, info, "KHR") : function;
}

static PFN_vkGetInstanceProcAddr open_system_loader(void)
{
    static const char *const libraries[] = {
#if defined(_WIN32)
        "vulkan-1.dll",
#elif defined(__APPLE__)
        "libvulkan.1.dylib",
        "libvulkan.dylib",
        "libMoltenVK.dylib",
#else
        "libvulkan.so.1",
        "libvulkan.so",
#endif
    };
    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); ++i) {
        void *library = vr_library_open(libraries[i]);
        void *symbol = library ? vr_library_symbol(library, "vkGetInstanceProcAddr") : NULL;
        if (symbol) {
            PFN_vkGetInstanceProcAddr function;
            static_assert(sizeof(function) == sizeof(symbol), "function pointers fit");
            memcpy(&function, &symbol, sizeof(function));
            return function;
        }
    }
    return NULL;
}

// True when every function that creation insists on was given.
static bool is_complete(const VrVulkan *vk)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        if (rows[i].wanted == ALWAYS && !has_member(vk, rows[i].member)) {
            return false;
        }
    }
    return true;
}

static VkResult find_proc_addr(VrVulkan *vk, const VmaAllocatorCreateInfo *info)
{
    if (!vk->vkGetInstanceProcAddr) {
        if (vk->vkGetDeviceProcAddr && is_complete(vk)) {
            return VK_SUCCESS;
        }
        vk->vkGetInstanceProcAddr = open_system_loader();
        if (!vk->vkGetInstanceProcAddr) {
            vr_message(VR_SEVERITY_ERROR, "no-vulkan-loader", VK_ERROR_INITIALIZATION_FAILED,
                       "no vkGetInstanceProcAddr was given and the system's Vulkan loader was not found");
            return VK_ERROR_INITIALIZATION_FAILED;
        }
    }
    if (!vk->vkGetDeviceProcAddr) {
        vk->vkGetDeviceProcAddr =
            (PFN_vkGetDeviceProcAddr)vk->vkGetInstanceProcAddr(info->instance, "vkGetDeviceProcAddr");
    }
    return VK_SUCCESS;
}

VR_COLD VkResult vr_vulkan_init(VrVulkan *vk, const VmaAllocatorCreateInfo *info, uint32_t api_version)
{
    memset(vk, 0, sizeof(*vk));
    if (info->pVulkanFunctions) {
        *vk = *info->pVulkanFunctions;
    }
    bool complete = is_complete(vk);
    if (!complete || vk->vkGetInstanceProcAddr) {
        VkResult result = find_proc_addr(vk, info);
        if (result != VK_SUCCESS) {
            return result;
        }
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        const struct Row *row = &rows[i];
        unsigned names = names_of(row, api_version, info->flags);
        if (has_member(vk, row->member) || names == 0) {
            continue;
        }
        PFN_vkVoidFunction function = fetch(vk, row, info, names);
        set_member(vk, row->member, function);
        if (!function && row->wanted == ALWAYS) {
            vr_message(VR_SEVERITY_ERROR, "missing-function", VK_ERROR_INITIALIZATION_FAILED,
                       "%s was not found", row->name);
            return VK_ERROR_INITIALIZATION_FAILED;
        }
    }
    return VK_SUCCESS;
}
