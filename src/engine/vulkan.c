// SPDX-License-Identifier: MIT
// Finds the Vulkan functions: one table row per function, with the names it goes by and when it is wanted.
#include "engine/vulkan.h"

#include "base/message.h"
#include "base/os.h"

#include <string.h>

enum Level { OF_INSTANCE, OF_DEVICE };

// When a function is fetched.
enum Wanted {
    ALWAYS,      // and creation fails without it
    DEDICATED,   // core name from 1.1; before, the extension name when the flag of VK_KHR_dedicated_allocation is set
    BIND2,       // the same for VK_KHR_bind_memory2
    QUERY2,      // the same for VK_KHR_get_physical_device_properties2, which VK_EXT_memory_budget needs
    CORE_1_3,    // core name from 1.3; before, the extension name when the maintenance4 flag is set
    WIN32_HANDLE // when its flag is set
};

struct Row {
    size_t member;
    enum Level level;
    enum Wanted wanted;
    const char *name;
    const char *extension_name;
};

#define ROW(name, level, wanted) {offsetof(VrVulkan, name), level, wanted, #name, NULL}
#define ROW2(member, level, wanted, core, extension) {offsetof(VrVulkan, member), level, wanted, core, extension}

static const struct Row rows[] = {
    ROW(vkGetPhysicalDeviceProperties, OF_INSTANCE, ALWAYS),
    ROW(vkGetPhysicalDeviceMemoryProperties, OF_INSTANCE, ALWAYS),
    ROW(vkAllocateMemory, OF_DEVICE, ALWAYS),
    ROW(vkFreeMemory, OF_DEVICE, ALWAYS),
    ROW(vkMapMemory, OF_DEVICE, ALWAYS),
    ROW(vkUnmapMemory, OF_DEVICE, ALWAYS),
    ROW(vkFlushMappedMemoryRanges, OF_DEVICE, ALWAYS),
    ROW(vkInvalidateMappedMemoryRanges, OF_DEVICE, ALWAYS),
    ROW(vkBindBufferMemory, OF_DEVICE, ALWAYS),
    ROW(vkBindImageMemory, OF_DEVICE, ALWAYS),
    ROW(vkGetBufferMemoryRequirements, OF_DEVICE, ALWAYS),
    ROW(vkGetImageMemoryRequirements, OF_DEVICE, ALWAYS),
    ROW(vkCreateBuffer, OF_DEVICE, ALWAYS),
    ROW(vkDestroyBuffer, OF_DEVICE, ALWAYS),
    ROW(vkCreateImage, OF_DEVICE, ALWAYS),
    ROW(vkDestroyImage, OF_DEVICE, ALWAYS),
    ROW(vkCmdCopyBuffer, OF_DEVICE, ALWAYS),
    ROW2(vkGetBufferMemoryRequirements2KHR, OF_DEVICE, DEDICATED, "vkGetBufferMemoryRequirements2",
         "vkGetBufferMemoryRequirements2KHR"),
    ROW2(vkGetImageMemoryRequirements2KHR, OF_DEVICE, DEDICATED, "vkGetImageMemoryRequirements2",
         "vkGetImageMemoryRequirements2KHR"),
    ROW2(vkBindBufferMemory2KHR, OF_DEVICE, BIND2, "vkBindBufferMemory2", "vkBindBufferMemory2KHR"),
    ROW2(vkBindImageMemory2KHR, OF_DEVICE, BIND2, "vkBindImageMemory2", "vkBindImageMemory2KHR"),
    ROW2(vkGetPhysicalDeviceMemoryProperties2KHR, OF_INSTANCE, QUERY2, "vkGetPhysicalDeviceMemoryProperties2",
         "vkGetPhysicalDeviceMemoryProperties2KHR"),
    ROW2(vkGetDeviceBufferMemoryRequirements, OF_DEVICE, CORE_1_3, "vkGetDeviceBufferMemoryRequirements",
         "vkGetDeviceBufferMemoryRequirementsKHR"),
    ROW2(vkGetDeviceImageMemoryRequirements, OF_DEVICE, CORE_1_3, "vkGetDeviceImageMemoryRequirements",
         "vkGetDeviceImageMemoryRequirementsKHR"),
    ROW(vkGetMemoryWin32HandleKHR, OF_DEVICE, WIN32_HANDLE),
#if !VRAM_VMA_3_3_LAYOUT
    ROW2(vkGetPhysicalDeviceProperties2KHR, OF_INSTANCE, QUERY2, "vkGetPhysicalDeviceProperties2",
         "vkGetPhysicalDeviceProperties2KHR"),
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

// Which names a function is looked up under, given version and flags. False: under none.
static bool names_of(const struct Row *row, uint32_t api_version, VmaAllocatorCreateFlags flags, const char *names[2])
{
    uint32_t core = row->wanted == CORE_1_3 ? VK_MAKE_VERSION(1, 3, 0) : VK_MAKE_VERSION(1, 1, 0);
    bool extension = false;
    switch (row->wanted) {
    case ALWAYS:
        names[0] = row->name;
        names[1] = NULL;
        return true;
    case WIN32_HANDLE:
        names[0] = row->name;
        names[1] = NULL;
        return (flags & VMA_ALLOCATOR_CREATE_KHR_EXTERNAL_MEMORY_WIN32_BIT) != 0;
    case DEDICATED: extension = flags & VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT; break;
    case BIND2: extension = flags & VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT; break;
    case QUERY2: extension = flags & VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT; break;
    case CORE_1_3: extension = flags & VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT; break;
    }
    // Some drivers export only the extension's name of a core function, so it is tried second.
    names[0] = api_version >= core ? row->name : extension ? row->extension_name : NULL;
    names[1] = api_version >= core ? row->extension_name : NULL;
    return names[0] != NULL;
}

static PFN_vkVoidFunction fetch(const VrVulkan *vk, const struct Row *row, const VmaAllocatorCreateInfo *info, const char *name)
{
    if (row->level == OF_INSTANCE) {
        return vk->vkGetInstanceProcAddr(info->instance, name);
    }
    return vk->vkGetDeviceProcAddr(info->device, name);
}

static PFN_vkGetInstanceProcAddr open_system_loader(void)
{
    static const char *const libraries[] = {
#if defined(_WIN32)
        "vulkan-1.dll",
#elif defined(__APPLE__)
        "libvulkan.1.dylib", "libvulkan.dylib", "libMoltenVK.dylib",
#else
        "libvulkan.so.1", "libvulkan.so",
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

VkResult vr_vulkan_init(VrVulkan *vk, const VmaAllocatorCreateInfo *info, uint32_t api_version)
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
        const char *names[2];
        if (has_member(vk, row->member) || !names_of(row, api_version, info->flags, names)) {
            continue;
        }
        PFN_vkVoidFunction function = NULL;
        bool reachable = row->level == OF_INSTANCE ? vk->vkGetInstanceProcAddr != NULL : vk->vkGetDeviceProcAddr != NULL;
        for (int k = 0; k < 2 && reachable && !function && names[k]; ++k) {
            function = fetch(vk, row, info, names[k]);
        }
        set_member(vk, row->member, function);
        if (!function && row->wanted == ALWAYS) {
            vr_message(VR_SEVERITY_ERROR, "missing-function", VK_ERROR_INITIALIZATION_FAILED, "%s was not found", row->name);
            return VK_ERROR_INITIALIZATION_FAILED;
        }
    }
    return VK_SUCCESS;
}
