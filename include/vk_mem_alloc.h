// SPDX-License-Identifier: MIT
//
// vk_mem_alloc.h: GPU memory management for Vulkan, the C interface.
//
// The functions, values and structures of Vulkan Memory Allocator (VMA) 3.4, and of 3.3 on request, in front
// of the vram library. A program written for VMA compiles with this header and links libvram; no C++ in it.

#ifndef AMD_VULKAN_MEMORY_ALLOCATOR_H
#define AMD_VULKAN_MEMORY_ALLOCATOR_H

/*
 Example: a vertex buffer that the CPU fills once. Structures start zeroed: zero means "default" everywhere.

    VmaAllocatorCreateInfo allocatorInfo = {0};
    allocatorInfo.instance = instance;
    allocatorInfo.physicalDevice = physicalDevice;
    allocatorInfo.device = device;
    allocatorInfo.vulkanApiVersion = VK_API_VERSION_1_3;
    VmaAllocator allocator;
    VkResult result = vmaCreateAllocator(&allocatorInfo, &allocator);     // once, after vkCreateDevice

    VkBufferCreateInfo bufferInfo = {VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    bufferInfo.size = sizeof(vertices);
    bufferInfo.usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT;
    VmaAllocationCreateInfo memoryInfo = {0};
    memoryInfo.usage = VMA_MEMORY_USAGE_AUTO;
    memoryInfo.flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT;
    VkBuffer buffer;
    VmaAllocation allocation;
    result = vmaCreateBuffer(allocator, &bufferInfo, &memoryInfo, &buffer, &allocation, NULL);
    result = vmaCopyMemoryToAllocation(allocator, vertices, allocation, 0, sizeof(vertices));
    ...
    vmaDestroyBuffer(allocator, buffer, allocation);                      // when the GPU is done with it
    vmaDestroyAllocator(allocator);                                       // before vkDestroyDevice

 Words
    allocator    VmaAllocator. Heaps and memory types are Vulkan's.
    block        one VkDeviceMemory that holds many allocations.
    arena        all blocks of one memory type (and class) of one pool.
    allocation   VmaAllocation: a range of a block, or a whole VkDeviceMemory of its own (dedicated).
    resource     a VkBuffer or VkImage with its allocation.
    live         bytes that the user holds; reserved: bytes of VkDeviceMemory held; waste: the difference.
    move         relocation of one allocation by defragmentation.

 How to read the contracts
    Sizes, offsets and alignments are bytes. A handle that is returned belongs to the caller until it is
    destroyed; what is passed in is read during the call only, unless the comment says otherwise.
    \return  "an allocation error" is one of these, with nothing changed and every returned handle null:
             VK_ERROR_OUT_OF_DEVICE_MEMORY   no block has room and no fitting heap may give more (it is full,
                                             a limit or the budget is reached, or flags forbid a new block)
             VK_ERROR_OUT_OF_HOST_MEMORY     the host allocation callbacks (or malloc) returned null
             VK_ERROR_FEATURE_NOT_PRESENT    no memory type fits, or flags contradict each other or the pool
             VK_ERROR_INITIALIZATION_FAILED  size 0, or another malformed request
             VK_ERROR_TOO_MANY_OBJECTS       maxMemoryAllocationCount of the device is reached
             any other code of vkAllocateMemory, vkMapMemory, vkCreate* or vkBind*, as the driver gave it
             A null argument, or a handle that was freed or belongs to another allocator, is refused with a
             message and VK_ERROR_VALIDATION_FAILED_EXT or, where something would be created,
             VK_ERROR_INITIALIZATION_FAILED; a function that returns nothing then does nothing.
    \thread  safe: any threads at once. per X: calls that name the same X must not overlap. alone: no other
             call on that object or what it made may overlap. An externally synchronised allocator
             (VMA_ALLOCATOR_CREATE_EXTERNALLY_SYNCHRONIZED_BIT) makes every function "per allocator".
    \cost    "allocation cost": O(1), at most one short lock and no Vulkan call while a block has room;
             otherwise vkAllocateMemory (and vkMapMemory), made under no lock that other calls need.
             "free cost": O(1), at most one short lock; vkFreeMemory, under no lock, when a block goes back.
    \since   the version of the VMA interface; 3.3 means 3.3 or earlier.
*/

#ifdef __cplusplus
extern "C" {
#endif

// ===========================================================================================================
// Configuration: every macro of this part may be defined before the header is included
// ===========================================================================================================

/** Define VMA_VULKAN_HEADERS_ALREADY_INCLUDED to keep the Vulkan headers from being included. \since 3.4 */
#if !defined(VMA_VULKAN_HEADERS_ALREADY_INCLUDED) && !defined(VULKAN_H_)
    #include <vulkan/vulkan.h>
#endif

/**
 * 1: structures have the layout of VMA 3.3 (VmaAllocationCreateInfo and VmaVulkanFunctions are one member
 * shorter). 0 (default): the layout of VMA 3.4. Program and library must agree: the library has a CMake
 * option of this name.
 */
#ifndef VRAM_VMA_3_3_LAYOUT
    #define VRAM_VMA_3_3_LAYOUT 0
#endif

/** Version of the VMA interface whose structure layouts this header gives. \since 3.4 */
#if VRAM_VMA_3_3_LAYOUT
    #define VMA_VERSION (VK_MAKE_VERSION(3, 3, 0))
#else
    #define VMA_VERSION (VK_MAKE_VERSION(3, 4, 0))
#endif

/** Newest Vulkan version that the program wants: 1000000 * major + 1000 * minor. Default: the headers'. */
#ifndef VMA_VULKAN_VERSION
    #if defined(VK_VERSION_1_4)
        #define VMA_VULKAN_VERSION 1004000
    #elif defined(VK_VERSION_1_3)
        #define VMA_VULKAN_VERSION 1003000
    #elif defined(VK_VERSION_1_2)
        #define VMA_VULKAN_VERSION 1002000
    #elif defined(VK_VERSION_1_1)
        #define VMA_VULKAN_VERSION 1001000
    #else
        #define VMA_VULKAN_VERSION 1000000
    #endif
#endif

/*
 * One switch for each extension: 1 when the Vulkan headers know it. No switch changes the layout of a
 * structure. Set to 0, vmaImportVulkanFunctionsFromVolk() does not fetch the extension's functions, and for
 * VMA_EXTERNAL_MEMORY_WIN32 the functions on Win32 handles are not declared. What an allocator uses is
 * decided at run time by its create flags.
 */
/** VK_KHR_dedicated_allocation with VK_KHR_get_memory_requirements2. */
#if !defined(VMA_DEDICATED_ALLOCATION) && defined(VK_KHR_get_memory_requirements2) && \
    defined(VK_KHR_dedicated_allocation)
    #define VMA_DEDICATED_ALLOCATION 1
#elif !defined(VMA_DEDICATED_ALLOCATION)
    #define VMA_DEDICATED_ALLOCATION 0
#endif
/** VK_KHR_bind_memory2. */
#if !defined(VMA_BIND_MEMORY2) && defined(VK_KHR_bind_memory2)
    #define VMA_BIND_MEMORY2 1
#elif !defined(VMA_BIND_MEMORY2)
    #define VMA_BIND_MEMORY2 0
#endif
/** VK_KHR_get_physical_device_properties2 or Vulkan 1.1. \since 3.4 */
#if !defined(VMA_GET_PHYSICAL_DEVICE_PROPERTIES2) && \
    (defined(VK_KHR_get_physical_device_properties2) || VMA_VULKAN_VERSION >= 1001000)
    #define VMA_GET_PHYSICAL_DEVICE_PROPERTIES2 1
#elif !defined(VMA_GET_PHYSICAL_DEVICE_PROPERTIES2)
    #define VMA_GET_PHYSICAL_DEVICE_PROPERTIES2 0
#endif
/** VK_EXT_memory_budget. */
#if !defined(VMA_MEMORY_BUDGET) && defined(VK_EXT_memory_budget) && VMA_GET_PHYSICAL_DEVICE_PROPERTIES2
    #define VMA_MEMORY_BUDGET 1
#elif !defined(VMA_MEMORY_BUDGET)
    #define VMA_MEMORY_BUDGET 0
#endif
/** VK_KHR_buffer_device_address or Vulkan 1.2. */
#if !defined(VMA_BUFFER_DEVICE_ADDRESS) && \
    (defined(VK_KHR_buffer_device_address) || VMA_VULKAN_VERSION >= 1002000)
    #define VMA_BUFFER_DEVICE_ADDRESS 1
#elif !defined(VMA_BUFFER_DEVICE_ADDRESS)
    #define VMA_BUFFER_DEVICE_ADDRESS 0
#endif
/** VK_EXT_memory_priority. */
#if !defined(VMA_MEMORY_PRIORITY) && defined(VK_EXT_memory_priority)
    #define VMA_MEMORY_PRIORITY 1
#elif !defined(VMA_MEMORY_PRIORITY)
    #define VMA_MEMORY_PRIORITY 0
#endif
/** VK_KHR_maintenance4. */
#if !defined(VMA_KHR_MAINTENANCE4) && defined(VK_KHR_maintenance4)
    #define VMA_KHR_MAINTENANCE4 1
#elif !defined(VMA_KHR_MAINTENANCE4)
    #define VMA_KHR_MAINTENANCE4 0
#endif
/** VK_KHR_maintenance5. */
#if !defined(VMA_KHR_MAINTENANCE5) && defined(VK_KHR_maintenance5)
    #define VMA_KHR_MAINTENANCE5 1
#elif !defined(VMA_KHR_MAINTENANCE5)
    #define VMA_KHR_MAINTENANCE5 0
#endif
/** VK_KHR_external_memory. */
#if !defined(VMA_EXTERNAL_MEMORY) && defined(VK_KHR_external_memory)
    #define VMA_EXTERNAL_MEMORY 1
#elif !defined(VMA_EXTERNAL_MEMORY)
    #define VMA_EXTERNAL_MEMORY 0
#endif
/** VK_KHR_external_memory_win32 (the Vulkan headers know it when VK_USE_PLATFORM_WIN32_KHR is defined). */
#if !defined(VMA_EXTERNAL_MEMORY_WIN32) && defined(VK_KHR_external_memory_win32)
    #define VMA_EXTERNAL_MEMORY_WIN32 1
#elif !defined(VMA_EXTERNAL_MEMORY_WIN32)
    #define VMA_EXTERNAL_MEMORY_WIN32 0
#endif
#if VMA_EXTERNAL_MEMORY_WIN32 && !defined(VK_KHR_external_memory_win32)
    #error "VMA_EXTERNAL_MEMORY_WIN32 needs VK_USE_PLATFORM_WIN32_KHR before the Vulkan headers"
#endif

/** 0 hides the declarations of the functions that write JSON; the library has them in any case. */
#ifndef VMA_STATS_STRING_ENABLED
    #define VMA_STATS_STRING_ENABLED 1
#endif

/** Text before the return type of every function, as `__declspec(dllimport)`. VRAM_EXPORTS: library build. */
#ifndef VMA_CALL_PRE
    #if defined(VRAM_EXPORTS) && defined(_WIN32)
        #define VMA_CALL_PRE __declspec(dllexport)
    #elif defined(VRAM_EXPORTS)
        #define VMA_CALL_PRE __attribute__((visibility("default")))
    #else
        #define VMA_CALL_PRE
    #endif
#endif
/** Text between return type and name of every function: the calling convention; must be the library's. */
#ifndef VMA_CALL_POST
    #define VMA_CALL_POST
#endif

/** Marks a pNext-like pointer with the Vulkan structure that it extends; for tools that read annotations. */
#ifndef VMA_EXTENDS_VK_STRUCT
    #define VMA_EXTENDS_VK_STRUCT(vkStruct)
#endif
/** Marks a pointer to an array with its length; for tools that read annotations. */
#ifndef VMA_LEN_IF_NOT_NULL
    #define VMA_LEN_IF_NOT_NULL(len)
#endif
/** Marks a pointer that may be null. */
#if !defined(VMA_NULLABLE) && defined(__clang__)
    #define VMA_NULLABLE _Nullable
#elif !defined(VMA_NULLABLE)
    #define VMA_NULLABLE
#endif
/** Marks a pointer that must not be null. */
#if !defined(VMA_NOT_NULL) && defined(__clang__)
    #define VMA_NOT_NULL _Nonnull
#elif !defined(VMA_NOT_NULL)
    #define VMA_NOT_NULL
#endif
/* Non-dispatchable Vulkan handles are pointers only on 64-bit platforms, so their marks are separate. */
#if defined(VK_USE_64_BIT_PTR_DEFINES)
    #define VRAM_HANDLES_ARE_POINTERS VK_USE_64_BIT_PTR_DEFINES
#elif defined(__LP64__) || defined(_WIN64) || (defined(__x86_64__) && !defined(__ILP32__)) || \
    defined(_M_X64) || defined(__ia64) || defined(_M_IA64) || defined(__aarch64__) || defined(__powerpc64__)
    #define VRAM_HANDLES_ARE_POINTERS 1
#else
    #define VRAM_HANDLES_ARE_POINTERS 0
#endif
/** VMA_NOT_NULL where a non-dispatchable handle is a pointer, else nothing. */
#if !defined(VMA_NOT_NULL_NON_DISPATCHABLE) && VRAM_HANDLES_ARE_POINTERS
    #define VMA_NOT_NULL_NON_DISPATCHABLE VMA_NOT_NULL
#elif !defined(VMA_NOT_NULL_NON_DISPATCHABLE)
    #define VMA_NOT_NULL_NON_DISPATCHABLE
#endif
/** VMA_NULLABLE where a non-dispatchable handle is a pointer, else nothing. */
#if !defined(VMA_NULLABLE_NON_DISPATCHABLE) && VRAM_HANDLES_ARE_POINTERS
    #define VMA_NULLABLE_NON_DISPATCHABLE VMA_NULLABLE
#elif !defined(VMA_NULLABLE_NON_DISPATCHABLE)
    #define VMA_NULLABLE_NON_DISPATCHABLE
#endif

/* With VRAM_WARN_DEPRECATED defined, the compiler tells the modern replacement where an old name is used. */
#if !defined(VRAM_WARN_DEPRECATED)
    #define VRAM_DEPRECATED(text)
#elif defined(__GNUC__)
    #define VRAM_DEPRECATED(text) __attribute__((deprecated(text)))
#elif defined(__cplusplus)
    #define VRAM_DEPRECATED(text) [[deprecated(text)]]
#else
    #define VRAM_DEPRECATED(text)
#endif

/* The marks are extensions, clang's reader of comments does not know \thread, and NULL is both C and C++. */
#ifdef __clang__
    #pragma clang diagnostic push
    #pragma clang diagnostic ignored "-Wnullability-extension"
    #pragma clang diagnostic ignored "-Wdocumentation-unknown-command"
    #pragma clang diagnostic ignored "-Wzero-as-null-pointer-constant"
#endif

// ===========================================================================================================
// Handles
// ===========================================================================================================

/** All GPU memory of one VkDevice. vmaCreateAllocator(), vmaDestroyAllocator(). \since 3.3 */
VK_DEFINE_HANDLE(VmaAllocator)
/** A set of blocks of one memory type with its own rules. vmaCreatePool(), vmaDestroyPool(). \since 3.3 */
VK_DEFINE_HANDLE(VmaPool)
/**
 * A range of device memory that the caller holds: part of a block, or dedicated. It knows no VkBuffer or
 * VkImage; the caller keeps those. Freed with vmaFreeMemory(), vmaDestroyBuffer() or vmaDestroyImage().
 * \since 3.3
 */
VK_DEFINE_HANDLE(VmaAllocation)
/** A defragmentation in progress. vmaBeginDefragmentation(), vmaEndDefragmentation(). \since 3.3 */
VK_DEFINE_HANDLE(VmaDefragmentationContext)
/** A range of a virtual block; VK_NULL_HANDLE is none. vmaVirtualAllocate(), vmaVirtualFree(). \since 3.3 */
VK_DEFINE_NON_DISPATCHABLE_HANDLE(VmaVirtualAllocation)
/** Ranges handed out of an address space that has no memory behind it. vmaCreateVirtualBlock(). \since 3.3 */
VK_DEFINE_HANDLE(VmaVirtualBlock)

// ===========================================================================================================
// Allocator
// ===========================================================================================================

/** What an allocator may use; the caller has enabled each extension on the VkDevice. \since 3.3 */
typedef enum VmaAllocatorCreateFlagBits {
    /** No lock is taken: the caller makes sure that calls on this allocator never overlap. */
    VMA_ALLOCATOR_CREATE_EXTERNALLY_SYNCHRONIZED_BIT = 0x00000001,
    /** Ask the driver who wants memory of its own. Needed on Vulkan 1.0 only; always on from 1.1. */
    VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT = 0x00000002,
    /** Allow pNext in vmaBindBufferMemory2() and kin. Needed on Vulkan 1.0 only; always on from 1.1. */
    VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT = 0x00000004,
    /** VK_EXT_memory_budget: vmaGetHeapBudgets() tells the driver's numbers instead of an estimate. */
    VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT = 0x00000008,
    /**
     * VK_AMD_device_coherent_memory: memory types with DEVICE_COHERENT_AMD may be used; else they never are.
     */
    VMA_ALLOCATOR_CREATE_AMD_DEVICE_COHERENT_MEMORY_BIT = 0x00000010,
    /** Feature bufferDeviceAddress: memory and buffers may have a device address. */
    VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT = 0x00000020,
    /** VK_EXT_memory_priority: the `priority` members are passed to the driver. */
    VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT = 0x00000040,
    /**
     * VK_KHR_maintenance4: memory needs are known without creating a resource. Needed below Vulkan 1.3 only.
     */
    VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT = 0x00000080,
    /**
     * VK_KHR_maintenance5: VkBufferUsageFlags2CreateInfo in pNext is read for the choice of memory. Needed
     * below Vulkan 1.4 only.
     */
    VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE5_BIT = 0x00000100,
    /** VK_KHR_external_memory_win32: vmaGetMemoryWin32Handle() works. */
    VMA_ALLOCATOR_CREATE_KHR_EXTERNAL_MEMORY_WIN32_BIT = 0x00000200,
    /** Not a flag: makes the enumeration 32 bits wide. */
    VMA_ALLOCATOR_CREATE_FLAG_BITS_MAX_ENUM = 0x7FFFFFFF
} VmaAllocatorCreateFlagBits;
/** Any of VmaAllocatorCreateFlagBits. \since 3.3 */
typedef VkFlags VmaAllocatorCreateFlags;

/**
 * Called after each successful vkAllocateMemory, for blocks and dedicated memory alike. `size` is the size of
 * the whole VkDeviceMemory in bytes. It must not call back into the allocator. Calls from several threads may
 * overlap, as the allocations that cause them do. \since 3.3
 */
typedef void(VKAPI_PTR *PFN_vmaAllocateDeviceMemoryFunction)(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t memoryType,
    VkDeviceMemory VMA_NOT_NULL_NON_DISPATCHABLE memory, VkDeviceSize size, void *VMA_NULLABLE pUserData);
/** Called before each vkFreeMemory; the rules of PFN_vmaAllocateDeviceMemoryFunction hold. \since 3.3 */
typedef void(VKAPI_PTR *PFN_vmaFreeDeviceMemoryFunction)(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t memoryType,
    VkDeviceMemory VMA_NOT_NULL_NON_DISPATCHABLE memory, VkDeviceSize size, void *VMA_NULLABLE pUserData);

/** Who wants to know about every VkDeviceMemory. Copied by vmaCreateAllocator(). \since 3.3 */
typedef struct VmaDeviceMemoryCallbacks {
    /** After vkAllocateMemory; may be null. */
    PFN_vmaAllocateDeviceMemoryFunction VMA_NULLABLE pfnAllocate;
    /** Before vkFreeMemory; may be null. */
    PFN_vmaFreeDeviceMemoryFunction VMA_NULLABLE pfnFree;
    /** Passed to both; may be null. */
    void *VMA_NULLABLE pUserData;
} VmaDeviceMemoryCallbacks;

/*
 * Types of the functions that old Vulkan headers lack. Where the header has the type, it is the header's;
 * else it is a plain function pointer of the same size, so that VmaVulkanFunctions looks the same to every
 * program.
 */
#if defined(VK_KHR_get_memory_requirements2)
typedef PFN_vkGetBufferMemoryRequirements2KHR VramPfnGetBufferMemoryRequirements2;
typedef PFN_vkGetImageMemoryRequirements2KHR VramPfnGetImageMemoryRequirements2;
#else
typedef PFN_vkVoidFunction VramPfnGetBufferMemoryRequirements2;
typedef PFN_vkVoidFunction VramPfnGetImageMemoryRequirements2;
#endif
#if defined(VK_KHR_bind_memory2)
typedef PFN_vkBindBufferMemory2KHR VramPfnBindBufferMemory2;
typedef PFN_vkBindImageMemory2KHR VramPfnBindImageMemory2;
#else
typedef PFN_vkVoidFunction VramPfnBindBufferMemory2;
typedef PFN_vkVoidFunction VramPfnBindImageMemory2;
#endif
#if defined(VK_KHR_get_physical_device_properties2)
typedef PFN_vkGetPhysicalDeviceMemoryProperties2KHR VramPfnGetPhysicalDeviceMemoryProperties2;
typedef PFN_vkGetPhysicalDeviceProperties2KHR VramPfnGetPhysicalDeviceProperties2;
#else
typedef PFN_vkVoidFunction VramPfnGetPhysicalDeviceMemoryProperties2;
typedef PFN_vkVoidFunction VramPfnGetPhysicalDeviceProperties2;
#endif
#if defined(VK_KHR_maintenance4)
typedef PFN_vkGetDeviceBufferMemoryRequirementsKHR VramPfnGetDeviceBufferMemoryRequirements;
typedef PFN_vkGetDeviceImageMemoryRequirementsKHR VramPfnGetDeviceImageMemoryRequirements;
#else
typedef PFN_vkVoidFunction VramPfnGetDeviceBufferMemoryRequirements;
typedef PFN_vkVoidFunction VramPfnGetDeviceImageMemoryRequirements;
#endif
#if VMA_EXTERNAL_MEMORY_WIN32
typedef PFN_vkGetMemoryWin32HandleKHR VramPfnGetMemoryWin32Handle;
#else
typedef void *VramPfnGetMemoryWin32Handle;
#endif

/**
 * Vulkan functions that the allocator shall call. Every member may be null: what is null is fetched through
 * vkGetInstanceProcAddr and vkGetDeviceProcAddr, and when those are null too, from the system's Vulkan
 * loader, which is opened at run time. Given pointers are never replaced. Members with the suffix KHR also
 * take the core functions of the same name without it.
 * \since 3.3
 */
typedef struct VmaVulkanFunctions {
    /** Finds instance-level functions. */
    PFN_vkGetInstanceProcAddr VMA_NULLABLE vkGetInstanceProcAddr;
    /** Finds device-level functions. */
    PFN_vkGetDeviceProcAddr VMA_NULLABLE vkGetDeviceProcAddr;
    /** Device limits and type, read once. */
    PFN_vkGetPhysicalDeviceProperties VMA_NULLABLE vkGetPhysicalDeviceProperties;
    /** Heaps and memory types, read once. */
    PFN_vkGetPhysicalDeviceMemoryProperties VMA_NULLABLE vkGetPhysicalDeviceMemoryProperties;
    /** Reserves a block or dedicated memory. */
    PFN_vkAllocateMemory VMA_NULLABLE vkAllocateMemory;
    /** Gives it back. */
    PFN_vkFreeMemory VMA_NULLABLE vkFreeMemory;
    /** Maps a whole VkDeviceMemory. */
    PFN_vkMapMemory VMA_NULLABLE vkMapMemory;
    /** Unmaps it. */
    PFN_vkUnmapMemory VMA_NULLABLE vkUnmapMemory;
    /** For vmaFlushAllocation() and kin. */
    PFN_vkFlushMappedMemoryRanges VMA_NULLABLE vkFlushMappedMemoryRanges;
    /** For vmaInvalidateAllocation() and kin. */
    PFN_vkInvalidateMappedMemoryRanges VMA_NULLABLE vkInvalidateMappedMemoryRanges;
    /** Binds a buffer to its range. */
    PFN_vkBindBufferMemory VMA_NULLABLE vkBindBufferMemory;
    /** Binds an image to its range. */
    PFN_vkBindImageMemory VMA_NULLABLE vkBindImageMemory;
    /** Size, alignment and types of a buffer. */
    PFN_vkGetBufferMemoryRequirements VMA_NULLABLE vkGetBufferMemoryRequirements;
    /** Size, alignment and types of an image. */
    PFN_vkGetImageMemoryRequirements VMA_NULLABLE vkGetImageMemoryRequirements;
    /** For vmaCreateBuffer() and kin. */
    PFN_vkCreateBuffer VMA_NULLABLE vkCreateBuffer;
    /** For vmaDestroyBuffer(). */
    PFN_vkDestroyBuffer VMA_NULLABLE vkDestroyBuffer;
    /** For vmaCreateImage() and kin. */
    PFN_vkCreateImage VMA_NULLABLE vkCreateImage;
    /** For vmaDestroyImage(). */
    PFN_vkDestroyImage VMA_NULLABLE vkDestroyImage;
    /** Part of the layout. */
    PFN_vkCmdCopyBuffer VMA_NULLABLE vkCmdCopyBuffer;
    /** Also tells whether a buffer wants dedicated memory. */
    VramPfnGetBufferMemoryRequirements2 VMA_NULLABLE vkGetBufferMemoryRequirements2KHR;
    /** Also tells whether an image wants dedicated memory. */
    VramPfnGetImageMemoryRequirements2 VMA_NULLABLE vkGetImageMemoryRequirements2KHR;
    /** Bind with pNext. */
    VramPfnBindBufferMemory2 VMA_NULLABLE vkBindBufferMemory2KHR;
    /** Bind with pNext. */
    VramPfnBindImageMemory2 VMA_NULLABLE vkBindImageMemory2KHR;
    /** The driver's budget. */
    VramPfnGetPhysicalDeviceMemoryProperties2 VMA_NULLABLE vkGetPhysicalDeviceMemoryProperties2KHR;
    /** Size, alignment and types from the create info alone. */
    VramPfnGetDeviceBufferMemoryRequirements VMA_NULLABLE vkGetDeviceBufferMemoryRequirements;
    /** Size, alignment and types from the create info alone. */
    VramPfnGetDeviceImageMemoryRequirements VMA_NULLABLE vkGetDeviceImageMemoryRequirements;
    /** For vmaGetMemoryWin32Handle(); `void *` where the Vulkan headers lack the type. */
    VramPfnGetMemoryWin32Handle VMA_NULLABLE vkGetMemoryWin32HandleKHR;
#if !VRAM_VMA_3_3_LAYOUT
    /** Device limits and type, with room for more. \since 3.4 */
    VramPfnGetPhysicalDeviceProperties2 VMA_NULLABLE vkGetPhysicalDeviceProperties2KHR;
#endif
} VmaVulkanFunctions;

/** What vmaCreateAllocator() needs to know. \since 3.3 */
typedef struct VmaAllocatorCreateInfo {
    /** Any of VmaAllocatorCreateFlagBits. */
    VmaAllocatorCreateFlags flags;
    /** The device that memory is counted on. Required; must outlive the allocator. */
    VkPhysicalDevice VMA_NOT_NULL physicalDevice;
    /** The device that memory is allocated from. Required; must outlive the allocator. */
    VkDevice VMA_NOT_NULL device;
    /** Largest block of heaps above 1 GiB, in bytes; 0: 256 MiB. Smaller heaps: an eighth of the heap. */
    VkDeviceSize preferredLargeHeapBlockSize;
    /** Host memory of the library and of its Vulkan calls; copied. Null: malloc, and null for Vulkan. */
    const VkAllocationCallbacks *VMA_NULLABLE pAllocationCallbacks;
    /** Told about every VkDeviceMemory; copied. May be null. */
    const VmaDeviceMemoryCallbacks *VMA_NULLABLE pDeviceMemoryCallbacks;
    /**
     * One limit for each heap, in bytes; VK_WHOLE_SIZE: none. Null: no limits. Reserved bytes of a heap never
     * pass its limit (VK_ERROR_OUT_OF_DEVICE_MEMORY), and vmaGetMemoryProperties() reports the smaller size.
     */
    const VkDeviceSize *VMA_NULLABLE VMA_LEN_IF_NOT_NULL("VkPhysicalDeviceMemoryProperties::memoryHeapCount")
        pHeapSizeLimit;
    /** Functions to call; copied. Null: all are looked up (see VmaVulkanFunctions). */
    const VmaVulkanFunctions *VMA_NULLABLE pVulkanFunctions;
    /** The instance of physicalDevice. Required; must outlive the allocator. */
    VkInstance VMA_NOT_NULL instance;
    /** Vulkan version that the program uses, as in VkApplicationInfo::apiVersion; 0: 1.0. */
    uint32_t vulkanApiVersion;
    /**
     * For each memory type, the VkExternalMemoryHandleTypeFlags with which all its memory is made exportable;
     * 0: not. Null: nothing is exportable. Copied. (VkFlags is that type's own definition; Vulkan 1.0 headers
     * lack its name.)
     */
    const VkFlags *VMA_NULLABLE VMA_LEN_IF_NOT_NULL("VkPhysicalDeviceMemoryProperties::memoryTypeCount")
        pTypeExternalMemoryHandleTypes;
} VmaAllocatorCreateInfo;

/** The Vulkan objects that an allocator was created with. \since 3.3 */
typedef struct VmaAllocatorInfo {
    /** VmaAllocatorCreateInfo::instance. */
    VkInstance VMA_NOT_NULL instance;
    /** VmaAllocatorCreateInfo::physicalDevice. */
    VkPhysicalDevice VMA_NOT_NULL physicalDevice;
    /** VmaAllocatorCreateInfo::device. */
    VkDevice VMA_NOT_NULL device;
} VmaAllocatorInfo;

/**
 * Creates the allocator of a device.
 * No device memory is reserved yet.
 * \return VK_SUCCESS; VK_ERROR_OUT_OF_HOST_MEMORY; VK_ERROR_INITIALIZATION_FAILED: a required handle is null,
 *         or a Vulkan function that the flags and the version call for cannot be found
 * \thread safe
 * \cost vkGetPhysicalDeviceProperties, vkGetPhysicalDeviceMemoryProperties, one budget query; O(memory types)
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAllocator(
    const VmaAllocatorCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaAllocator VMA_NULLABLE *VMA_NOT_NULL pAllocator);

/**
 * Destroys an allocator; null is allowed.
 * Pools must have been destroyed and allocations freed. Those that were not are named in a message each, and
 * their device memory is released all the same.
 * \thread alone
 * \cost vkFreeMemory for each block; O(blocks + allocations left)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaDestroyAllocator(VmaAllocator VMA_NULLABLE allocator);

/**
 * Tells which Vulkan objects the allocator works for.
 * \thread safe
 * \cost O(1), no lock
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocatorInfo(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocatorInfo *VMA_NOT_NULL pAllocatorInfo);

/**
 * Gives the physical device's properties as they were read at creation.
 * The pointer belongs to the allocator and is valid as long as it.
 * \thread safe
 * \cost O(1), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetPhysicalDeviceProperties(
    VmaAllocator VMA_NOT_NULL allocator,
    const VkPhysicalDeviceProperties *VMA_NULLABLE *VMA_NOT_NULL ppPhysicalDeviceProperties);

/**
 * Gives heaps and memory types as they were read at creation, heap sizes cut to
 * VmaAllocatorCreateInfo::pHeapSizeLimit. The pointer belongs to the allocator and is valid as long as it.
 * \thread safe
 * \cost O(1), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetMemoryProperties(
    VmaAllocator VMA_NOT_NULL allocator,
    const VkPhysicalDeviceMemoryProperties *VMA_NULLABLE *VMA_NOT_NULL ppPhysicalDeviceMemoryProperties);

/**
 * Gives the property flags of one memory type.
 * `memoryTypeIndex` is below VkPhysicalDeviceMemoryProperties::memoryTypeCount; beyond, the flags are 0.
 * \thread safe
 * \cost O(1), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetMemoryTypeProperties(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t memoryTypeIndex,
    VkMemoryPropertyFlags *VMA_NOT_NULL pFlags);

/**
 * Tells the allocator that a new frame begins; the driver's budget is read again.
 * Any number does, but it should change each frame. Optional: without it, budgets are read again on block
 * events only.
 * \thread safe
 * \cost one vkGetPhysicalDeviceMemoryProperties2 with VK_EXT_memory_budget (it can take 0.1 ms or more), else
 *       O(1)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaSetCurrentFrameIndex(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t frameIndex);

// ===========================================================================================================
// Statistics and budget
// ===========================================================================================================

/** Counts that cost nothing to keep. Dedicated memory counts as a block with one allocation. \since 3.3 */
typedef struct VmaStatistics {
    /** Number of VkDeviceMemory objects held. */
    uint32_t blockCount;
    /** Number of allocations. */
    uint32_t allocationCount;
    /** Reserved bytes: the sizes of all blocks. */
    VkDeviceSize blockBytes;
    /** Live bytes: the sizes of all allocations. blockBytes - allocationBytes is waste. */
    VkDeviceSize allocationBytes;
} VmaStatistics;

/** Counts that take a walk over the blocks. \since 3.3 */
typedef struct VmaDetailedStatistics {
    /** The plain counts. */
    VmaStatistics statistics;
    /** Number of free ranges between and after allocations. */
    uint32_t unusedRangeCount;
    /** Smallest allocation in bytes; VK_WHOLE_SIZE when there is none. */
    VkDeviceSize allocationSizeMin;
    /** Largest allocation in bytes; 0 when there is none. */
    VkDeviceSize allocationSizeMax;
    /** Smallest free range in bytes; VK_WHOLE_SIZE when there is none. */
    VkDeviceSize unusedRangeSizeMin;
    /** Largest free range in bytes; 0 when there is none. */
    VkDeviceSize unusedRangeSizeMax;
} VmaDetailedStatistics;

/** Detailed statistics of a whole allocator. Entries beyond the device's counts are empty. \since 3.3 */
typedef struct VmaTotalStatistics {
    /** By memory type. */
    VmaDetailedStatistics memoryType[VK_MAX_MEMORY_TYPES];
    /** By heap: the sum of its memory types. */
    VmaDetailedStatistics memoryHeap[VK_MAX_MEMORY_HEAPS];
    /** The sum of all heaps. */
    VmaDetailedStatistics total;
} VmaTotalStatistics;

/** What a heap holds and may hold. While other threads work, numbers may be a step apart. \since 3.3 */
typedef struct VmaBudget {
    /** What this allocator holds of the heap. */
    VmaStatistics statistics;
    /**
     * Bytes that the whole program uses of the heap, as the driver tells it, corrected by what this allocator
     * has reserved and freed since. Without VK_EXT_memory_budget: statistics.blockBytes.
     */
    VkDeviceSize usage;
    /**
     * Bytes that the program may use before things get slow or fail. Without the extension: 80 % of the heap.
     */
    VkDeviceSize budget;
} VmaBudget;

/**
 * Counts everything in the allocator: pools, blocks, allocations, free ranges.
 * For a report, not for every frame: vmaGetHeapBudgets() has the numbers that matter then.
 * \thread safe
 * \cost O(blocks + allocations), short locks one after another, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaCalculateStatistics(
    VmaAllocator VMA_NOT_NULL allocator, VmaTotalStatistics *VMA_NOT_NULL pStats);

/**
 * Tells use and budget of every heap; quick enough for every frame.
 * `pBudgets` is an array of VkPhysicalDeviceMemoryProperties::memoryHeapCount elements; all are written.
 * \thread safe
 * \cost O(memory types + pools), one short lock; vkGetPhysicalDeviceMemoryProperties2 only when the driver's
 *       last answer is stale: older than the last block event or than 0.1 s (vmaSetCurrentFrameIndex() renews
 *       it too)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetHeapBudgets(
    VmaAllocator VMA_NOT_NULL allocator,
    VmaBudget *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL("VkPhysicalDeviceMemoryProperties::memoryHeapCount")
        pBudgets);

// ===========================================================================================================
// Choosing memory
// ===========================================================================================================

/**
 * Where an allocation should live. The AUTO values look at the usage of the buffer or image and at the
 * HOST_ACCESS flags; new code uses these alone. They need a resource: with functions that know none and
 * without a pool they give VK_ERROR_FEATURE_NOT_PRESENT. \since 3.3
 */
typedef enum VmaMemoryUsage {
    /** Only requiredFlags, preferredFlags and memoryTypeBits decide. */
    VMA_MEMORY_USAGE_UNKNOWN = 0,
    /** Old: prefers DEVICE_LOCAL. */
    VMA_MEMORY_USAGE_GPU_ONLY
        VRAM_DEPRECATED("use VMA_MEMORY_USAGE_AUTO or VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE") = 1,
    /** Old: requires HOST_VISIBLE and HOST_COHERENT. */
    VMA_MEMORY_USAGE_CPU_ONLY
        VRAM_DEPRECATED("use VMA_MEMORY_USAGE_AUTO_PREFER_HOST with "
                        "VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT or "
                        "VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT") = 2,
    /** Old: requires HOST_VISIBLE, prefers DEVICE_LOCAL. */
    VMA_MEMORY_USAGE_CPU_TO_GPU
        VRAM_DEPRECATED("use VMA_MEMORY_USAGE_AUTO with "
                        "VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT") = 3,
    /** Old: requires HOST_VISIBLE, prefers HOST_CACHED. */
    VMA_MEMORY_USAGE_GPU_TO_CPU
        VRAM_DEPRECATED("use VMA_MEMORY_USAGE_AUTO with VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT") = 4,
    /** Old: avoids DEVICE_LOCAL. */
    VMA_MEMORY_USAGE_CPU_COPY VRAM_DEPRECATED("use VMA_MEMORY_USAGE_AUTO_PREFER_HOST") = 5,
    /** Requires LAZILY_ALLOCATED, and is dedicated: attachments that never leave a tile-based GPU. */
    VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED = 6,
    /** The best memory for the resource's usage and the HOST_ACCESS flags. The right value nearly always. */
    VMA_MEMORY_USAGE_AUTO = 7,
    /** As AUTO, with the GPU's own memory where there is a choice. */
    VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE = 8,
    /** As AUTO, with the CPU's memory where there is a choice. */
    VMA_MEMORY_USAGE_AUTO_PREFER_HOST = 9,
    /** Not a usage: makes the enumeration 32 bits wide. */
    VMA_MEMORY_USAGE_MAX_ENUM = 0x7FFFFFFF
} VmaMemoryUsage;

/** How an allocation is made and used. \since 3.3 */
typedef enum VmaAllocationCreateFlagBits {
    /** A VkDeviceMemory of its own. Not in a pool with an explicit block size, nor with NEVER_ALLOCATE. */
    VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT = 0x00000001,
    /** Only from blocks that exist: without room VK_ERROR_OUT_OF_DEVICE_MEMORY, never vkAllocateMemory. */
    VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT = 0x00000002,
    /**
     * Mapped from creation to free: VmaAllocationInfo::pMappedData. Its block stays mapped for the block's
     * life. Ignored where not HOST_VISIBLE.
     */
    VMA_ALLOCATION_CREATE_MAPPED_BIT = 0x00000004,
    /** Old: pUserData is a string that becomes the allocation's name. */
    VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT
        VRAM_DEPRECATED("use vmaSetAllocationName()") = 0x00000020,
    /** From the top downwards; only in a linear pool with one block (double stack). */
    VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT = 0x00000040,
    /** vmaCreateBuffer() and vmaCreateImage() do not bind; the caller does (vmaBindBufferMemory2()). */
    VMA_ALLOCATION_CREATE_DONT_BIND_BIT = 0x00000080,
    /**
     * Fails with VK_ERROR_OUT_OF_DEVICE_MEMORY rather than take the heap above its budget, in pools as well.
     */
    VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT = 0x00000100,
    /** Other resources may be bound to the same memory: dedicated memory is not tied to one of them. */
    VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT = 0x00000200,
    /** The CPU writes, in order, and never reads (memcpy into write-combined memory). Mapping is allowed. */
    VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT = 0x00000400,
    /** The CPU reads, or writes in any order. Mapping is allowed. Not together with SEQUENTIAL_WRITE. */
    VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT = 0x00000800,
    /**
     * With a HOST_ACCESS flag: memory that cannot be mapped will do, if it is better for the GPU. The caller
     * then looks at vmaGetAllocationMemoryProperties() and copies through a staging buffer.
     */
    VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT = 0x00001000,
    /** The smallest hole that fits: least waste. */
    VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT = 0x00010000,
    /** The first hole found: least time. */
    VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT = 0x00020000,
    /** The lowest offset: packs a block; slower. */
    VMA_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT = 0x00040000,
    /** Old name. */
    VMA_ALLOCATION_CREATE_STRATEGY_BEST_FIT_BIT
        VRAM_DEPRECATED("use VMA_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT") = 0x00010000,
    /** Old name. */
    VMA_ALLOCATION_CREATE_STRATEGY_FIRST_FIT_BIT
        VRAM_DEPRECATED("use VMA_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT") = 0x00020000,
    /** All strategy bits. When several are set, MIN_TIME wins, then MIN_MEMORY, then MIN_OFFSET. */
    VMA_ALLOCATION_CREATE_STRATEGY_MASK = 0x00070000,
    /** Not a flag: makes the enumeration 32 bits wide. */
    VMA_ALLOCATION_CREATE_FLAG_BITS_MAX_ENUM = 0x7FFFFFFF
} VmaAllocationCreateFlagBits;
/** Any of VmaAllocationCreateFlagBits. \since 3.3 */
typedef VkFlags VmaAllocationCreateFlags;

/**
 * What an allocation should be like. All zero is valid where the memory type comes from a pool. \since 3.3
 */
typedef struct VmaAllocationCreateInfo {
    /** Any of VmaAllocationCreateFlagBits. */
    VmaAllocationCreateFlags flags;
    /** Where it should live. Ignored with a pool. */
    VmaMemoryUsage usage;
    /** Properties that the memory must have, besides those that `usage` asks for. Ignored with a pool. */
    VkMemoryPropertyFlags requiredFlags;
    /** Properties that the memory should have. Ignored with a pool. */
    VkMemoryPropertyFlags preferredFlags;
    /** Memory types that may be used, one bit each; 0: all. Ignored with a pool. */
    uint32_t memoryTypeBits;
    /** The pool to take it from; null: the default blocks. */
    VmaPool VMA_NULLABLE pool;
    /** The caller's pointer, kept with the allocation and never followed (but see USER_DATA_COPY_STRING). */
    void *VMA_NULLABLE pUserData;
    /**
     * 0 to 1, for VK_EXT_memory_priority; only for dedicated memory, since blocks are shared: default blocks
     * have 0.5 and pools VmaPoolCreateInfo::priority. Without VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT it
     * is ignored.
     */
    float priority;
#if !VRAM_VMA_3_3_LAYOUT
    /** Alignment of the offset, at least: 0 or a power of two. Besides the resource's own. \since 3.4 */
    VkDeviceSize minAlignment;
#endif
} VmaAllocationCreateInfo;

/**
 * Finds the memory type that an allocation would try first.
 * `memoryTypeBits` are the allowed types, as in VkMemoryRequirements. AUTO usages do not work here: use
 * vmaFindMemoryTypeIndexForBufferInfo() or vmaFindMemoryTypeIndexForImageInfo().
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: no type fits, or an AUTO usage; the index is then
 *         UINT32_MAX
 * \thread safe
 * \cost O(memory types), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaFindMemoryTypeIndex(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t memoryTypeBits,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    uint32_t *VMA_NOT_NULL pMemoryTypeIndex);

/**
 * Finds the memory type that a buffer would get; the way to VmaPoolCreateInfo::memoryTypeIndex.
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: no type fits; any code of vkCreateBuffer
 * \thread safe
 * \cost vkGetDeviceBufferMemoryRequirements with maintenance4 or Vulkan 1.3; else a buffer is created and
 *       destroyed
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaFindMemoryTypeIndexForBufferInfo(
    VmaAllocator VMA_NOT_NULL allocator, const VkBufferCreateInfo *VMA_NOT_NULL pBufferCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    uint32_t *VMA_NOT_NULL pMemoryTypeIndex);

/**
 * Finds the memory type that an image would get.
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: no type fits; any code of vkCreateImage
 * \thread safe
 * \cost vkGetDeviceImageMemoryRequirements with maintenance4 or Vulkan 1.3; else an image is created and
 *       destroyed
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaFindMemoryTypeIndexForImageInfo(
    VmaAllocator VMA_NOT_NULL allocator, const VkImageCreateInfo *VMA_NOT_NULL pImageCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    uint32_t *VMA_NOT_NULL pMemoryTypeIndex);

// ===========================================================================================================
// Pools
// ===========================================================================================================

/** How a pool behaves. \since 3.3 */
typedef enum VmaPoolCreateFlagBits {
    /**
     * Buffers and optimal images never meet in this pool (only one kind lives in it): no distance is kept.
     */
    VMA_POOL_CREATE_IGNORE_BUFFER_IMAGE_GRANULARITY_BIT = 0x00000002,
    /**
     * Allocations follow each other in the block: a stack when freed in reverse order, a ring when freed in
     * order, a double stack with UPPER_ADDRESS. Space in the middle comes back only when an end reaches it.
     */
    VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT = 0x00000004,
    /** All algorithm bits. */
    VMA_POOL_CREATE_ALGORITHM_MASK = 0x00000004,
    /** Not a flag: makes the enumeration 32 bits wide. */
    VMA_POOL_CREATE_FLAG_BITS_MAX_ENUM = 0x7FFFFFFF
} VmaPoolCreateFlagBits;
/** Any of VmaPoolCreateFlagBits. \since 3.3 */
typedef VkFlags VmaPoolCreateFlags;

/** What a pool should be like. \since 3.3 */
typedef struct VmaPoolCreateInfo {
    /** The memory type of all its blocks; vmaFindMemoryTypeIndexForBufferInfo() and kin find it. */
    uint32_t memoryTypeIndex;
    /** Any of VmaPoolCreateFlagBits. */
    VmaPoolCreateFlags flags;
    /** Exact size of every block in bytes. 0: the allocator chooses, growing; dedicated memory is allowed. */
    VkDeviceSize blockSize;
    /** Blocks that are made at once and kept; 0: none. */
    size_t minBlockCount;
    /** Blocks there may be at most; 0: no limit. 1 makes ring and double stack possible in a linear pool. */
    size_t maxBlockCount;
    /**
     * 0 to 1, of every block, for VK_EXT_memory_priority; without that flag of the allocator it is ignored.
     */
    float priority;
    /** Alignment of every allocation, at least; 0 or a power of two. */
    VkDeviceSize minAllocationAlignment;
    /**
     * Chained to the VkMemoryAllocateInfo of every block; must stay valid as long as the pool. May be null.
     */
    void *VMA_NULLABLE VMA_EXTENDS_VK_STRUCT(VkMemoryAllocateInfo) pMemoryAllocateNext;
} VmaPoolCreateInfo;

/**
 * Creates a pool and its first minBlockCount blocks.
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: memoryTypeIndex is not a type, or one that the allocator
 *         may not use; VK_ERROR_INITIALIZATION_FAILED: minBlockCount above maxBlockCount, or a bad alignment;
 *         or an allocation error
 * \thread safe
 * \cost vkAllocateMemory for each of minBlockCount blocks; one short lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreatePool(
    VmaAllocator VMA_NOT_NULL allocator, const VmaPoolCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaPool VMA_NULLABLE *VMA_NOT_NULL pPool);

/**
 * Destroys a pool; null is allowed.
 * Its allocations must have been freed. Those that were not are named in a message each, and their device
 * memory is released all the same.
 * \thread alone on the pool; other pools and the allocator may be in use
 * \cost vkFreeMemory for each block
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaDestroyPool(
    VmaAllocator VMA_NOT_NULL allocator, VmaPool VMA_NULLABLE pool);

/**
 * Counts a pool's blocks and allocations, dedicated ones included.
 * \thread safe
 * \cost O(blocks of the pool) at most, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetPoolStatistics(
    VmaAllocator VMA_NOT_NULL allocator, VmaPool VMA_NOT_NULL pool, VmaStatistics *VMA_NOT_NULL pPoolStats);

/**
 * Counts a pool's blocks, allocations and free ranges, for a report.
 * \thread safe
 * \cost O(blocks + allocations of the pool), short locks one after another, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaCalculatePoolStatistics(
    VmaAllocator VMA_NOT_NULL allocator, VmaPool VMA_NOT_NULL pool,
    VmaDetailedStatistics *VMA_NOT_NULL pPoolStats);

/**
 * Checks the margins around a pool's allocations; see vmaCheckCorruption().
 * \return VK_SUCCESS: checked, all well; VK_ERROR_FEATURE_NOT_PRESENT: margins are off, or the memory type is
 *         not HOST_VISIBLE and HOST_COHERENT; VK_ERROR_UNKNOWN (-13): a margin was overwritten; any code of
 *         vkMapMemory
 * \thread safe
 * \cost O(allocations of the pool), under the pool's lock; no vkUnmapMemory: blocks with margins stay mapped
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCheckPoolCorruption(
    VmaAllocator VMA_NOT_NULL allocator, VmaPool VMA_NOT_NULL pool);

/**
 * Gives a pool's name, or null when it has none.
 * The string belongs to the pool; it is valid until the name changes or the pool is destroyed.
 * \thread per pool
 * \cost O(1), no lock
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetPoolName(
    VmaAllocator VMA_NOT_NULL allocator, VmaPool VMA_NOT_NULL pool,
    const char *VMA_NULLABLE *VMA_NOT_NULL ppName);

/**
 * Names a pool for reports and messages; the string is copied, null takes the name away.
 * \thread per pool
 * \cost O(length), one host allocation, no lock
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaSetPoolName(
    VmaAllocator VMA_NOT_NULL allocator, VmaPool VMA_NOT_NULL pool, const char *VMA_NULLABLE pName);

// ===========================================================================================================
// Allocations
// ===========================================================================================================

/** What is to know about an allocation. Only a move changes deviceMemory and offset. \since 3.3 */
typedef struct VmaAllocationInfo {
    /** Index of its memory type. */
    uint32_t memoryType;
    /** The VkDeviceMemory that it is in; shared unless dedicated. Must not be freed or mapped. */
    VkDeviceMemory VMA_NULLABLE_NON_DISPATCHABLE deviceMemory;
    /** Where it begins in deviceMemory, in bytes; 0 for dedicated memory. */
    VkDeviceSize offset;
    /** Its size in bytes; may be more than was asked for. */
    VkDeviceSize size;
    /** Its first byte for the CPU while it is mapped (MAPPED or vmaMapMemory()); else null. */
    void *VMA_NULLABLE pMappedData;
    /** The caller's pointer. */
    void *VMA_NULLABLE pUserData;
    /** Its name, or null. The string belongs to the allocation; it is valid until the name changes. */
    const char *VMA_NULLABLE pName;
} VmaAllocationInfo;

/** More about an allocation. \since 3.3 */
typedef struct VmaAllocationInfo2 {
    /** What vmaGetAllocationInfo() tells. */
    VmaAllocationInfo allocationInfo;
    /** Size of the whole VkDeviceMemory in bytes. */
    VkDeviceSize blockSize;
    /** VK_TRUE: the VkDeviceMemory belongs to this allocation alone. */
    VkBool32 dedicatedMemory;
} VmaAllocationInfo2;

/**
 * Allocates memory for given requirements; vmaCreateBuffer() and vmaCreateImage() do everything in one step.
 * Nobody knows here whether it is for a buffer or an image, so a granularity distance may be kept to both
 * kinds. `pAllocationInfo` may be null.
 * \return VK_SUCCESS or an allocation error; VK_ERROR_FEATURE_NOT_PRESENT also for an AUTO usage without a
 *         pool
 * \thread safe
 * \cost allocation cost
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateMemory(
    VmaAllocator VMA_NOT_NULL allocator, const VkMemoryRequirements *VMA_NOT_NULL pVkMemoryRequirements,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Allocates a VkDeviceMemory of its own, with the caller's structures chained to VkMemoryAllocateInfo.
 * `pMemoryAllocateNext` (may be null) is read during the call only: import, export, priority and so on.
 * \return VK_SUCCESS or an allocation error
 * \thread safe
 * \cost vkAllocateMemory, vkMapMemory with MAPPED; O(1)
 * \since 3.4
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateDedicatedMemory(
    VmaAllocator VMA_NOT_NULL allocator, const VkMemoryRequirements *VMA_NOT_NULL pVkMemoryRequirements,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pCreateInfo,
    void *VMA_NULLABLE VMA_EXTENDS_VK_STRUCT(VkMemoryAllocateInfo) pMemoryAllocateNext,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Allocates many at once: all or none.
 * The arrays have `allocationCount` elements; `pAllocationInfo` may be null. Meant for sparse resources. Each
 * allocation is freed on its own or with vmaFreeMemoryPages().
 * \return VK_SUCCESS or an allocation error: then nothing is allocated and all handles are null
 * \thread safe
 * \cost allocation cost for each
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateMemoryPages(
    VmaAllocator VMA_NOT_NULL allocator,
    const VkMemoryRequirements *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL(allocationCount) pVkMemoryRequirements,
    const VmaAllocationCreateInfo *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL(allocationCount) pCreateInfo,
    size_t allocationCount,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL(allocationCount) pAllocations,
    VmaAllocationInfo *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) pAllocationInfo);

/**
 * Allocates memory for a buffer that exists; the caller binds it with vmaBindBufferMemory().
 * `pAllocationInfo` may be null.
 * \return VK_SUCCESS or an allocation error; VK_ERROR_FEATURE_NOT_PRESENT also for an AUTO usage without a
 *         pool, because the buffer's usage is not known here
 * \thread safe
 * \cost vkGetBufferMemoryRequirements(2) and allocation cost
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateMemoryForBuffer(
    VmaAllocator VMA_NOT_NULL allocator, VkBuffer VMA_NOT_NULL_NON_DISPATCHABLE buffer,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Allocates memory for an image that exists; the caller binds it with vmaBindImageMemory().
 * `pAllocationInfo` may be null.
 * \return VK_SUCCESS or an allocation error; VK_ERROR_FEATURE_NOT_PRESENT also for an AUTO usage without a
 *         pool, because the image's usage is not known here
 * \thread safe
 * \cost vkGetImageMemoryRequirements(2) and allocation cost
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaAllocateMemoryForImage(
    VmaAllocator VMA_NOT_NULL allocator, VkImage VMA_NOT_NULL_NON_DISPATCHABLE image,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Frees an allocation; null is allowed.
 * Resources bound to it must be destroyed already, or never be used again.
 * \thread per allocation
 * \cost free cost
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaFreeMemory(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NULLABLE allocation);

/**
 * Frees many allocations; null elements are allowed.
 * They need not come from one vmaAllocateMemoryPages().
 * \thread per allocation
 * \cost free cost for each
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaFreeMemoryPages(
    VmaAllocator VMA_NOT_NULL allocator, size_t allocationCount,
    const VmaAllocation VMA_NULLABLE *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL(allocationCount) pAllocations);

/**
 * Tells where an allocation is, how large, and whether it is mapped.
 * \thread per allocation (safe together with other reading calls)
 * \cost O(1), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocationInfo(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VmaAllocationInfo *VMA_NOT_NULL pAllocationInfo);

/**
 * Tells the same and more: the size of the VkDeviceMemory and whether it is dedicated.
 * \thread per allocation (safe together with other reading calls)
 * \cost O(1), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocationInfo2(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VmaAllocationInfo2 *VMA_NOT_NULL pAllocationInfo);

/**
 * Keeps the caller's pointer with the allocation; it is never followed.
 * \thread per allocation
 * \cost O(1), no lock
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaSetAllocationUserData(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation, void *VMA_NULLABLE pUserData);

/**
 * Names an allocation for reports and messages; the string is copied, null takes the name away.
 * \thread per allocation
 * \cost O(length), one host allocation
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaSetAllocationName(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    const char *VMA_NULLABLE pName);

/**
 * Gives the property flags of an allocation's memory type (HOST_VISIBLE, DEVICE_LOCAL, ...).
 * \thread safe
 * \cost O(1), no lock, no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetAllocationMemoryProperties(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkMemoryPropertyFlags *VMA_NOT_NULL pFlags);

#if VMA_EXTERNAL_MEMORY_WIN32
/**
 * Gives a Win32 handle of type OPAQUE_WIN32 to the VkDeviceMemory of an allocation, for another process or
 * API. The handle is to the whole VkDeviceMemory: dedicated memory is the usual case. `hTargetProcess` is the
 * process that it is made for; null: this one. The caller closes the handle.
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: the allocator lacks KHR_EXTERNAL_MEMORY_WIN32, or the
 *         memory is not exportable; any code of vkGetMemoryWin32HandleKHR
 * \thread safe
 * \cost vkGetMemoryWin32HandleKHR at the first call for a VkDeviceMemory, then DuplicateHandle; one lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaGetMemoryWin32Handle(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    HANDLE VMA_NULLABLE hTargetProcess, HANDLE VMA_NULLABLE *VMA_NOT_NULL pHandle);

/**
 * Gives a Win32 handle of the type asked for; otherwise as vmaGetMemoryWin32Handle().
 * NT handles are the caller's to close; KMT handles (OPAQUE_WIN32_KMT and kin) are not duplicated and must
 * not be closed. `handleType` must be one that the memory was made exportable with.
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: the allocator lacks KHR_EXTERNAL_MEMORY_WIN32, or the
 *         memory is not exportable; any code of vkGetMemoryWin32HandleKHR
 * \thread safe
 * \cost vkGetMemoryWin32HandleKHR at the first call for a VkDeviceMemory, then DuplicateHandle; one lock
 * \since 3.4
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaGetMemoryWin32Handle2(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkExternalMemoryHandleTypeFlagBitsKHR handleType, HANDLE VMA_NULLABLE hTargetProcess,
    HANDLE VMA_NULLABLE *VMA_NOT_NULL pHandle);
#endif

// ===========================================================================================================
// Mapping, flush, copy
// ===========================================================================================================

/**
 * Makes an allocation readable and writable for the CPU and gives its first byte.
 * Calls are counted: each needs one vmaUnmapMemory(), at most 254 at a time. The whole block is mapped once,
 * for all in it. Memory that is not HOST_COHERENT also needs vmaFlushAllocation() after writing and
 * vmaInvalidateAllocation() before reading. With an AUTO usage the allocation should have a HOST_ACCESS flag:
 * a message warns when it has none, for then it may lie in memory that cannot be mapped.
 * \return VK_SUCCESS; VK_ERROR_MEMORY_MAP_FAILED: not HOST_VISIBLE, not a live allocation, or mapped 254
 *         times already; any code of vkMapMemory; `*ppData` is then null
 * \thread safe
 * \cost O(1); only when nothing in the block is mapped: the block's own lock and vkMapMemory
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaMapMemory(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    void *VMA_NULLABLE *VMA_NOT_NULL ppData);

/**
 * Takes back one vmaMapMemory().
 * \thread safe
 * \cost O(1); only for the last mapping in the block: the block's own lock and vkUnmapMemory. A block that is
 *       mapped again and again stays mapped.
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaUnmapMemory(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation);

/**
 * Makes the CPU's writes visible to the GPU; does nothing where memory is HOST_COHERENT.
 * `offset` is relative to the allocation; what lies beyond its end (VK_WHOLE_SIZE) is cut off. The range is
 * widened to nonCoherentAtomSize as Vulkan asks. The allocation must be mapped.
 * \return VK_SUCCESS; any code of vkFlushMappedMemoryRanges
 * \thread safe
 * \cost vkFlushMappedMemoryRanges where memory is not coherent; no lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaFlushAllocation(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation, VkDeviceSize offset,
    VkDeviceSize size);

/**
 * Makes the GPU's writes visible to the CPU; does nothing where memory is HOST_COHERENT.
 * Ranges as in vmaFlushAllocation().
 * \return VK_SUCCESS; any code of vkInvalidateMappedMemoryRanges
 * \thread safe
 * \cost vkInvalidateMappedMemoryRanges where memory is not coherent; no lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaInvalidateAllocation(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation, VkDeviceSize offset,
    VkDeviceSize size);

/**
 * Flushes many ranges, 64 with one Vulkan call.
 * The arrays have `allocationCount` elements. `offsets` null: all 0; `sizes` null: all VK_WHOLE_SIZE.
 * \return as vmaFlushAllocation()
 * \thread safe
 * \cost one vkFlushMappedMemoryRanges for 64 ranges that are not coherent; O(allocationCount), no lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaFlushAllocations(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t allocationCount,
    const VmaAllocation VMA_NOT_NULL *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) allocations,
    const VkDeviceSize *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) offsets,
    const VkDeviceSize *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) sizes);

/**
 * Invalidates many ranges, 64 with one Vulkan call; arrays as in vmaFlushAllocations().
 * \return as vmaInvalidateAllocation()
 * \thread safe
 * \cost one vkInvalidateMappedMemoryRanges for 64 ranges that are not coherent; O(allocationCount), no lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaInvalidateAllocations(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t allocationCount,
    const VmaAllocation VMA_NOT_NULL *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) allocations,
    const VkDeviceSize *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) offsets,
    const VkDeviceSize *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(allocationCount) sizes);

/**
 * Writes `size` bytes from the CPU into an allocation: map, copy, flush, unmap in one call.
 * The memory must be HOST_VISIBLE, and with an AUTO usage the allocation must have a HOST_ACCESS flag. For
 * many small writes, keep it mapped instead (MAPPED). The GPU must not use the range meanwhile. `size` 0 does
 * nothing.
 * \return VK_SUCCESS; VK_ERROR_VALIDATION_FAILED_EXT: the range is not inside the allocation; as
 *         vmaMapMemory() and vmaFlushAllocation()
 * \thread per allocation
 * \cost vmaMapMemory(), memcpy, vmaFlushAllocation(), vmaUnmapMemory()
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCopyMemoryToAllocation(
    VmaAllocator VMA_NOT_NULL allocator, const void *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL(size) pSrcHostPointer,
    VmaAllocation VMA_NOT_NULL dstAllocation, VkDeviceSize dstAllocationLocalOffset, VkDeviceSize size);

/**
 * Reads `size` bytes of an allocation into the CPU's memory: map, invalidate, copy, unmap in one call.
 * The rules of vmaCopyMemoryToAllocation() hold; the allocation should have HOST_ACCESS_RANDOM, for reading
 * write-combined memory is very slow.
 * \return VK_SUCCESS; VK_ERROR_VALIDATION_FAILED_EXT: the range is not inside the allocation; as
 *         vmaMapMemory() and vmaInvalidateAllocation()
 * \thread per allocation
 * \cost vmaMapMemory(), vmaInvalidateAllocation(), memcpy, vmaUnmapMemory()
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCopyAllocationToMemory(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL srcAllocation,
    VkDeviceSize srcAllocationLocalOffset, void *VMA_NOT_NULL VMA_LEN_IF_NOT_NULL(size) pDstHostPointer,
    VkDeviceSize size);

// ===========================================================================================================
// Buffers and images
// ===========================================================================================================

/**
 * Creates a buffer, allocates its memory and binds them.
 * The buffer and the allocation belong to the caller; vmaDestroyBuffer() ends both. `pAllocationInfo` may be
 * null.
 * \return VK_SUCCESS; an allocation error; VK_ERROR_INITIALIZATION_FAILED also: usage SHADER_DEVICE_ADDRESS
 *         without VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT
 * \thread safe
 * \cost vkCreateBuffer, vkGetBufferMemoryRequirements(2), vkBindBufferMemory and allocation cost
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateBuffer(
    VmaAllocator VMA_NOT_NULL allocator, const VkBufferCreateInfo *VMA_NOT_NULL pBufferCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    VkBuffer VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pBuffer,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Creates a buffer whose offset has at least the given alignment, a power of two.
 * VmaAllocationCreateInfo::minAlignment does the same in the 3.4 layout.
 * \return as vmaCreateBuffer()
 * \thread safe
 * \cost as vmaCreateBuffer()
 * \since 3.3
 */
#if !VRAM_VMA_3_3_LAYOUT
VRAM_DEPRECATED("use vmaCreateBuffer() with VmaAllocationCreateInfo::minAlignment")
#endif
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateBufferWithAlignment(
    VmaAllocator VMA_NOT_NULL allocator, const VkBufferCreateInfo *VMA_NOT_NULL pBufferCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo, VkDeviceSize minAlignment,
    VkBuffer VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pBuffer,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Creates a buffer with dedicated memory, with the caller's structures chained to VkMemoryAllocateInfo.
 * `pMemoryAllocateNext` (may be null) is read during the call only.
 * \return as vmaCreateBuffer()
 * \thread safe
 * \cost vkCreateBuffer, vkGetBufferMemoryRequirements(2), vkAllocateMemory, vkBindBufferMemory
 * \since 3.4
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateDedicatedBuffer(
    VmaAllocator VMA_NOT_NULL allocator, const VkBufferCreateInfo *VMA_NOT_NULL pBufferCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    void *VMA_NULLABLE VMA_EXTENDS_VK_STRUCT(VkMemoryAllocateInfo) pMemoryAllocateNext,
    VkBuffer VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pBuffer,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Creates a buffer in memory that an allocation holds already, from its first byte.
 * The buffer is destroyed with vkDestroyBuffer, or together with the allocation by vmaDestroyBuffer(). Only
 * one of the resources that share memory has valid contents at a time. The allocation must be large and
 * aligned enough and of a type that the buffer can use; create it with CAN_ALIAS.
 * \return VK_SUCCESS; VK_ERROR_INITIALIZATION_FAILED: size 0; VK_ERROR_VALIDATION_FAILED_EXT: the buffer does
 *         not fit there, or may not lie there; any code of vkCreateBuffer and vkBindBufferMemory
 * \thread safe
 * \cost vkCreateBuffer, vkGetBufferMemoryRequirements(2), vkBindBufferMemory
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingBuffer(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    const VkBufferCreateInfo *VMA_NOT_NULL pBufferCreateInfo,
    VkBuffer VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pBuffer);

/**
 * Creates a buffer in memory that an allocation holds already, at an offset within it.
 * Otherwise as vmaCreateAliasingBuffer().
 * \return as vmaCreateAliasingBuffer()
 * \thread safe
 * \cost vkCreateBuffer, vkBindBufferMemory
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingBuffer2(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkDeviceSize allocationLocalOffset, const VkBufferCreateInfo *VMA_NOT_NULL pBufferCreateInfo,
    VkBuffer VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pBuffer);

/**
 * Destroys a buffer and frees its memory; either may be null, and then only the other is ended.
 * \thread per buffer and allocation
 * \cost vkDestroyBuffer and free cost
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaDestroyBuffer(
    VmaAllocator VMA_NOT_NULL allocator, VkBuffer VMA_NULLABLE_NON_DISPATCHABLE buffer,
    VmaAllocation VMA_NULLABLE allocation);

/**
 * Creates an image, allocates its memory and binds them.
 * The image and the allocation belong to the caller; vmaDestroyImage() ends both. `pAllocationInfo` may be
 * null. VK_IMAGE_CREATE_DISJOINT_BIT needs an allocation for each plane, bound by hand.
 * \return VK_SUCCESS; an allocation error; VK_ERROR_INITIALIZATION_FAILED also: an extent, mip or layer count
 *         of 0; VK_ERROR_FEATURE_NOT_PRESENT also: DISJOINT
 * \thread safe
 * \cost vkCreateImage, vkGetImageMemoryRequirements(2), vkBindImageMemory and allocation cost
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateImage(
    VmaAllocator VMA_NOT_NULL allocator, const VkImageCreateInfo *VMA_NOT_NULL pImageCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    VkImage VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pImage,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Creates an image with dedicated memory, with the caller's structures chained to VkMemoryAllocateInfo.
 * `pMemoryAllocateNext` (may be null) is read during the call only.
 * \return as vmaCreateImage()
 * \thread safe
 * \cost vkCreateImage, vkGetImageMemoryRequirements(2), vkAllocateMemory, vkBindImageMemory
 * \since 3.4
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateDedicatedImage(
    VmaAllocator VMA_NOT_NULL allocator, const VkImageCreateInfo *VMA_NOT_NULL pImageCreateInfo,
    const VmaAllocationCreateInfo *VMA_NOT_NULL pAllocationCreateInfo,
    void *VMA_NULLABLE VMA_EXTENDS_VK_STRUCT(VkMemoryAllocateInfo) pMemoryAllocateNext,
    VkImage VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pImage,
    VmaAllocation VMA_NULLABLE *VMA_NOT_NULL pAllocation, VmaAllocationInfo *VMA_NULLABLE pAllocationInfo);

/**
 * Creates an image in memory that an allocation holds already, from its first byte.
 * Otherwise as vmaCreateAliasingBuffer().
 * \return VK_SUCCESS; VK_ERROR_INITIALIZATION_FAILED: an extent, mip or layer count of 0;
 *         VK_ERROR_VALIDATION_FAILED_EXT: the image does not fit there, or may not lie there; any code of
 *         vkCreateImage and vkBindImageMemory
 * \thread safe
 * \cost vkCreateImage, vkGetImageMemoryRequirements(2), vkBindImageMemory
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingImage(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    const VkImageCreateInfo *VMA_NOT_NULL pImageCreateInfo,
    VkImage VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pImage);

/**
 * Creates an image in memory that an allocation holds already, at an offset within it.
 * Otherwise as vmaCreateAliasingImage().
 * \return as vmaCreateAliasingImage()
 * \thread safe
 * \cost vkCreateImage, vkBindImageMemory
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateAliasingImage2(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkDeviceSize allocationLocalOffset, const VkImageCreateInfo *VMA_NOT_NULL pImageCreateInfo,
    VkImage VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pImage);

/**
 * Destroys an image and frees its memory; either may be null, and then only the other is ended.
 * \thread per image and allocation
 * \cost vkDestroyImage and free cost
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaDestroyImage(
    VmaAllocator VMA_NOT_NULL allocator, VkImage VMA_NULLABLE_NON_DISPATCHABLE image,
    VmaAllocation VMA_NULLABLE allocation);

/**
 * Binds a buffer to an allocation, from its first byte.
 * Use this rather than vkBindBufferMemory: Vulkan wants calls on one VkDeviceMemory not to overlap, and
 * blocks are shared.
 * \return VK_SUCCESS; any code of vkBindBufferMemory
 * \thread per buffer
 * \cost vkBindBufferMemory, where memory may be mapped under the block's own short lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindBufferMemory(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkBuffer VMA_NOT_NULL_NON_DISPATCHABLE buffer);

/**
 * Binds a buffer at an offset within an allocation, with structures chained to VkBindBufferMemoryInfo.
 * \return VK_SUCCESS; VK_ERROR_EXTENSION_NOT_PRESENT: `pNext` is set on Vulkan 1.0 without KHR_BIND_MEMORY2;
 *         VK_ERROR_VALIDATION_FAILED_EXT: the offset is outside the allocation; any code of
 *         vkBindBufferMemory(2)
 * \thread per buffer
 * \cost vkBindBufferMemory, or vkBindBufferMemory2 with `pNext`; locks as vmaBindBufferMemory()
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindBufferMemory2(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkDeviceSize allocationLocalOffset, VkBuffer VMA_NOT_NULL_NON_DISPATCHABLE buffer,
    const void *VMA_NULLABLE VMA_EXTENDS_VK_STRUCT(VkBindBufferMemoryInfoKHR) pNext);

/**
 * Binds an image to an allocation, from its first byte; see vmaBindBufferMemory().
 * \return VK_SUCCESS; any code of vkBindImageMemory
 * \thread per image
 * \cost vkBindImageMemory, where memory may be mapped under the block's own short lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindImageMemory(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkImage VMA_NOT_NULL_NON_DISPATCHABLE image);

/**
 * Binds an image at an offset within an allocation, with structures chained to VkBindImageMemoryInfo.
 * \return VK_SUCCESS; VK_ERROR_EXTENSION_NOT_PRESENT: `pNext` is set on Vulkan 1.0 without KHR_BIND_MEMORY2;
 *         VK_ERROR_VALIDATION_FAILED_EXT: the offset is outside the allocation; any code of
 *         vkBindImageMemory(2)
 * \thread per image
 * \cost vkBindImageMemory, or vkBindImageMemory2 with `pNext`; locks as vmaBindImageMemory()
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaBindImageMemory2(
    VmaAllocator VMA_NOT_NULL allocator, VmaAllocation VMA_NOT_NULL allocation,
    VkDeviceSize allocationLocalOffset, VkImage VMA_NOT_NULL_NON_DISPATCHABLE image,
    const void *VMA_NULLABLE VMA_EXTENDS_VK_STRUCT(VkBindImageMemoryInfoKHR) pNext);

// ===========================================================================================================
// Defragmentation: begin; passes until one says VK_SUCCESS (begin pass, copy on the GPU, wait, end pass); end
// ===========================================================================================================

/** How hard defragmentation tries; one of them, 0: BALANCED. \since 3.3 */
typedef enum VmaDefragmentationFlagBits {
    /** Only empties blocks into others; never packs within a block. Least work. */
    VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT = 0x1,
    /** Moves what pays: out of badly used blocks, and down where a gap is worth it. The default. */
    VMA_DEFRAGMENTATION_FLAG_ALGORITHM_BALANCED_BIT = 0x2,
    /** Everything as low as it goes. */
    VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FULL_BIT = 0x4,
    /** As FULL, and sorts buffers and images apart where bufferImageGranularity wastes space. */
    VMA_DEFRAGMENTATION_FLAG_ALGORITHM_EXTENSIVE_BIT = 0x8,
    /** All algorithm bits. */
    VMA_DEFRAGMENTATION_FLAG_ALGORITHM_MASK = 0xF,
    /** Not a flag: makes the enumeration 32 bits wide. */
    VMA_DEFRAGMENTATION_FLAG_BITS_MAX_ENUM = 0x7FFFFFFF
} VmaDefragmentationFlagBits;
/** Any of VmaDefragmentationFlagBits. \since 3.3 */
typedef VkFlags VmaDefragmentationFlags;

/** What the caller did about a proposed move. \since 3.3 */
typedef enum VmaDefragmentationMoveOperation {
    /** He copied the contents: the allocation now is at the new place, the old one is freed. The default. */
    VMA_DEFRAGMENTATION_MOVE_OPERATION_COPY = 0,
    /** He could not: the allocation stays, and its block is left alone from here on. */
    VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE = 1,
    /** He destroyed the resource instead: the allocation is freed, at both places. */
    VMA_DEFRAGMENTATION_MOVE_OPERATION_DESTROY = 2
} VmaDefragmentationMoveOperation;

/** Asked now and then while moves are planned: VK_TRUE ends the planning of this pass. \since 3.3 */
typedef VkBool32(VKAPI_PTR *PFN_vmaCheckDefragmentationBreakFunction)(void *VMA_NULLABLE pUserData);

/** What to defragment, and how much at a time. \since 3.3 */
typedef struct VmaDefragmentationInfo {
    /** One of VmaDefragmentationFlagBits; 0: BALANCED. */
    VmaDefragmentationFlags flags;
    /** The pool; null: the default blocks of all memory types. Dedicated memory never moves. */
    VmaPool VMA_NULLABLE pool;
    /** Bytes to move in one pass, at most; 0: no limit. */
    VkDeviceSize maxBytesPerPass;
    /** Moves in one pass, at most; 0: no limit. */
    uint32_t maxAllocationsPerPass;
    /** May be null. */
    PFN_vmaCheckDefragmentationBreakFunction VMA_NULLABLE pfnBreakCallback;
    /** Passed to pfnBreakCallback. */
    void *VMA_NULLABLE pBreakCallbackUserData;
} VmaDefragmentationInfo;

/** One proposed move. \since 3.3 */
typedef struct VmaDefragmentationMove {
    /** Set by the caller before the pass ends; COPY when he leaves it. */
    VmaDefragmentationMoveOperation operation;
    /** What moves. It must not be freed while the pass runs; that is what DESTROY is for. */
    VmaAllocation VMA_NOT_NULL srcAllocation;
    /** The new place: bind the new resource to it. It ends with the pass and must not be kept or freed. */
    VmaAllocation VMA_NOT_NULL dstTmpAllocation;
} VmaDefragmentationMove;

/** The moves of one pass. \since 3.3 */
typedef struct VmaDefragmentationPassMoveInfo {
    /** Number of moves. */
    uint32_t moveCount;
    /** The moves, or null when there are none; the array belongs to the context until the pass ends. */
    VmaDefragmentationMove *VMA_NULLABLE VMA_LEN_IF_NOT_NULL(moveCount) pMoves;
} VmaDefragmentationPassMoveInfo;

/** What a defragmentation achieved. \since 3.3 */
typedef struct VmaDefragmentationStats {
    /** Bytes of allocations that moved. */
    VkDeviceSize bytesMoved;
    /** Bytes of VkDeviceMemory given back. */
    VkDeviceSize bytesFreed;
    /** Number of allocations that moved. */
    uint32_t allocationsMoved;
    /** Number of VkDeviceMemory objects given back. */
    uint32_t deviceMemoryBlocksFreed;
} VmaDefragmentationStats;

/**
 * Begins a defragmentation; nothing moves yet.
 * The context belongs to the caller; vmaEndDefragmentation() ends it. Other threads may allocate and free
 * meanwhile.
 * \return VK_SUCCESS; VK_ERROR_FEATURE_NOT_PRESENT: the pool is linear; VK_ERROR_VALIDATION_FAILED_EXT: bad
 *         flags, a pool of another allocator, or another defragmentation is at work on the same blocks;
 *         VK_ERROR_OUT_OF_HOST_MEMORY
 * \thread safe; one defragmentation of a pool (or of the default blocks) at a time
 * \cost O(blocks), no Vulkan call
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaBeginDefragmentation(
    VmaAllocator VMA_NOT_NULL allocator, const VmaDefragmentationInfo *VMA_NOT_NULL pInfo,
    VmaDefragmentationContext VMA_NULLABLE *VMA_NOT_NULL pContext);

/**
 * Ends a defragmentation, between passes; `pStats` (may be null) tells what it achieved.
 * \thread per context
 * \cost short locks; vkFreeMemory for blocks that are empty and not worth keeping
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaEndDefragmentation(
    VmaAllocator VMA_NOT_NULL allocator, VmaDefragmentationContext VMA_NOT_NULL context,
    VmaDefragmentationStats *VMA_NULLABLE pStats);

/**
 * Plans the moves of one pass and reserves the new places.
 * For each move the caller creates a resource like the old one, binds it to dstTmpAllocation, copies on the
 * GPU, waits, and calls vmaEndDefragmentationPass(). The old resource is the caller's to destroy. A pass is
 * kept short, about 0.2 ms of planning, also where VmaDefragmentationInfo sets no limit: there may be more.
 * \return VK_SUCCESS: nothing to move, go to vmaEndDefragmentation(); VK_INCOMPLETE: moves are in
 *         `pPassInfo`; any code of vkMapMemory, for a new place that must be mapped
 * \thread per context
 * \cost bounded work per move, short locks one after another; no vkAllocateMemory
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaBeginDefragmentationPass(
    VmaAllocator VMA_NOT_NULL allocator, VmaDefragmentationContext VMA_NOT_NULL context,
    VmaDefragmentationPassMoveInfo *VMA_NOT_NULL pPassInfo);

/**
 * Carries out the moves of a pass; `pPassInfo` is what the pass began with. Its moveCount and pMoves are
 * cleared: a caller who needs them afterwards, say to destroy the old resources, saves them before.
 * A moved allocation keeps its handle, name, user data and mapped state; offset, deviceMemory and pMappedData
 * change. All GPU work on the old and the new places must be finished.
 * \return VK_SUCCESS: no move was made, so another pass would find nothing; VK_INCOMPLETE: begin another
 *         pass; any code of vkMapMemory
 * \thread per context
 * \cost O(moves), short locks; vkMapMemory for mapped ones, vkFreeMemory for blocks that became empty
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaEndDefragmentationPass(
    VmaAllocator VMA_NOT_NULL allocator, VmaDefragmentationContext VMA_NOT_NULL context,
    VmaDefragmentationPassMoveInfo *VMA_NOT_NULL pPassInfo);

// ===========================================================================================================
// Checks and reports
// ===========================================================================================================

/**
 * Checks whether something was written beyond the end of an allocation.
 * Works where the library keeps margins with a known pattern (VMA_DEBUG_MARGIN and
 * VMA_DEBUG_DETECT_CORRUPTION when it is built, or VRAM_DEBUG=margin=16,detect-corruption in the
 * environment), in HOST_VISIBLE and HOST_COHERENT memory. `memoryTypeBits` are the memory types to check, one
 * bit each; UINT32_MAX: all.
 * \return VK_SUCCESS: checked, all well; VK_ERROR_FEATURE_NOT_PRESENT: nothing could be checked;
 *         VK_ERROR_UNKNOWN (-13): a margin was overwritten, a message names the allocation; any code of
 *         vkMapMemory
 * \thread safe
 * \cost O(allocations), short locks one after another; no vkUnmapMemory: blocks with margins stay mapped
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCheckCorruption(
    VmaAllocator VMA_NOT_NULL allocator, uint32_t memoryTypeBits);

#if VMA_STATS_STRING_ENABLED
/**
 * Describes the allocator as JSON text, in VMA's format.
 * `detailedMap` VK_TRUE: with every block, allocation and free range. The string ends with a zero byte and is
 * freed with vmaFreeStatsString(); it is null when host memory ran out.
 * \thread safe
 * \cost O(blocks), with the map O(allocations); short locks one after another; one budget query
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaBuildStatsString(
    VmaAllocator VMA_NOT_NULL allocator, char *VMA_NULLABLE *VMA_NOT_NULL ppStatsString,
    VkBool32 detailedMap);

/**
 * Frees a string of vmaBuildStatsString(); null is allowed.
 * \thread safe
 * \cost O(1)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaFreeStatsString(
    VmaAllocator VMA_NOT_NULL allocator, char *VMA_NULLABLE pStatsString);
#endif

// ===========================================================================================================
// Virtual blocks: the same algorithms over an address space of the caller's; no device, no allocator
// ===========================================================================================================

/** How a virtual block behaves. \since 3.3 */
typedef enum VmaVirtualBlockCreateFlagBits {
    /** Stack, ring or double stack, as VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT. */
    VMA_VIRTUAL_BLOCK_CREATE_LINEAR_ALGORITHM_BIT = 0x00000001,
    /** All algorithm bits. */
    VMA_VIRTUAL_BLOCK_CREATE_ALGORITHM_MASK = 0x00000001,
    /** Not a flag: makes the enumeration 32 bits wide. */
    VMA_VIRTUAL_BLOCK_CREATE_FLAG_BITS_MAX_ENUM = 0x7FFFFFFF
} VmaVirtualBlockCreateFlagBits;
/** Any of VmaVirtualBlockCreateFlagBits. \since 3.3 */
typedef VkFlags VmaVirtualBlockCreateFlags;

/**
 * How a range of a virtual block is chosen; the values are those of VmaAllocationCreateFlagBits. \since 3.3
 */
typedef enum VmaVirtualAllocationCreateFlagBits {
    /** From the top downwards; only in a linear block (double stack). */
    VMA_VIRTUAL_ALLOCATION_CREATE_UPPER_ADDRESS_BIT = 0x00000040,
    /** The smallest hole that fits. */
    VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_MEMORY_BIT = 0x00010000,
    /** The first hole found. */
    VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_TIME_BIT = 0x00020000,
    /** The lowest offset. */
    VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MIN_OFFSET_BIT = 0x00040000,
    /** All strategy bits. */
    VMA_VIRTUAL_ALLOCATION_CREATE_STRATEGY_MASK = 0x00070000,
    /** Not a flag: makes the enumeration 32 bits wide. */
    VMA_VIRTUAL_ALLOCATION_CREATE_FLAG_BITS_MAX_ENUM = 0x7FFFFFFF
} VmaVirtualAllocationCreateFlagBits;
/** Any of VmaVirtualAllocationCreateFlagBits. \since 3.3 */
typedef VkFlags VmaVirtualAllocationCreateFlags;

/** What a virtual block should be like. \since 3.3 */
typedef struct VmaVirtualBlockCreateInfo {
    /** Its size, above 0, in any unit (bytes, elements, pages); all other numbers are in that unit. */
    VkDeviceSize size;
    /** Any of VmaVirtualBlockCreateFlagBits. */
    VmaVirtualBlockCreateFlags flags;
    /** Host memory of the block; copied. Null: malloc. */
    const VkAllocationCallbacks *VMA_NULLABLE pAllocationCallbacks;
} VmaVirtualBlockCreateInfo;

/** What a range should be like. \since 3.3 */
typedef struct VmaVirtualAllocationCreateInfo {
    /** Its size, above 0. */
    VkDeviceSize size;
    /** Alignment of its offset: a power of two; 0: 1. */
    VkDeviceSize alignment;
    /** Any of VmaVirtualAllocationCreateFlagBits. */
    VmaVirtualAllocationCreateFlags flags;
    /** The caller's pointer, kept with the range and never followed. */
    void *VMA_NULLABLE pUserData;
} VmaVirtualAllocationCreateInfo;

/** What is to know about a range. \since 3.3 */
typedef struct VmaVirtualAllocationInfo {
    /** Where it begins. */
    VkDeviceSize offset;
    /** Its size, as it was asked for. */
    VkDeviceSize size;
    /** The caller's pointer. */
    void *VMA_NULLABLE pUserData;
} VmaVirtualAllocationInfo;

/**
 * Creates a virtual block.
 * \return VK_SUCCESS; VK_ERROR_INITIALIZATION_FAILED: size 0; VK_ERROR_OUT_OF_HOST_MEMORY
 * \thread safe
 * \cost O(1), host allocations only
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaCreateVirtualBlock(
    const VmaVirtualBlockCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaVirtualBlock VMA_NULLABLE *VMA_NOT_NULL pVirtualBlock);

/**
 * Destroys a virtual block; null is allowed.
 * Its ranges should have been freed, or vmaClearVirtualBlock() called; those that were not are named in a
 * message each.
 * \thread alone on the block
 * \cost O(ranges left)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaDestroyVirtualBlock(VmaVirtualBlock VMA_NULLABLE virtualBlock);

/**
 * Tells whether a virtual block has no ranges.
 * \return VK_TRUE: it has none; VK_FALSE: it has some
 * \thread per block
 * \cost O(1)
 * \since 3.3
 */
VMA_CALL_PRE VkBool32 VMA_CALL_POST vmaIsVirtualBlockEmpty(VmaVirtualBlock VMA_NOT_NULL virtualBlock);

/**
 * Tells where a range is, how large, and its user pointer.
 * \thread per block
 * \cost O(1)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetVirtualAllocationInfo(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, VmaVirtualAllocation VMA_NOT_NULL_NON_DISPATCHABLE allocation,
    VmaVirtualAllocationInfo *VMA_NOT_NULL pVirtualAllocInfo);

/**
 * Takes a range of a virtual block; `pOffset` (may be null) receives where it begins.
 * The range belongs to the caller; vmaVirtualFree() or vmaClearVirtualBlock() ends it.
 * \return VK_SUCCESS; VK_ERROR_OUT_OF_DEVICE_MEMORY: no hole fits, the handle is null and the offset
 *         UINT64_MAX; VK_ERROR_OUT_OF_HOST_MEMORY; VK_ERROR_INITIALIZATION_FAILED: size 0 or a bad alignment;
 *         VK_ERROR_FEATURE_NOT_PRESENT: UPPER_ADDRESS in a block that is not linear
 * \thread per block
 * \cost O(1), no lock
 * \since 3.3
 */
VMA_CALL_PRE VkResult VMA_CALL_POST vmaVirtualAllocate(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, const VmaVirtualAllocationCreateInfo *VMA_NOT_NULL pCreateInfo,
    VmaVirtualAllocation VMA_NULLABLE_NON_DISPATCHABLE *VMA_NOT_NULL pAllocation,
    VkDeviceSize *VMA_NULLABLE pOffset);

/**
 * Gives a range back; VK_NULL_HANDLE is allowed.
 * \thread per block
 * \cost O(1), no lock
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaVirtualFree(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, VmaVirtualAllocation VMA_NULLABLE_NON_DISPATCHABLE allocation);

/**
 * Gives all ranges back at once; their handles are invalid afterwards.
 * \thread per block
 * \cost O(ranges) at most
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaClearVirtualBlock(VmaVirtualBlock VMA_NOT_NULL virtualBlock);

/**
 * Keeps the caller's pointer with a range; it is never followed.
 * \thread per block
 * \cost O(1)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaSetVirtualAllocationUserData(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, VmaVirtualAllocation VMA_NOT_NULL_NON_DISPATCHABLE allocation,
    void *VMA_NULLABLE pUserData);

/**
 * Counts a virtual block's ranges; the block itself counts as one.
 * \thread per block
 * \cost O(1)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaGetVirtualBlockStatistics(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, VmaStatistics *VMA_NOT_NULL pStats);

/**
 * Counts a virtual block's ranges and holes, for a report.
 * \thread per block
 * \cost O(ranges)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaCalculateVirtualBlockStatistics(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, VmaDetailedStatistics *VMA_NOT_NULL pStats);

#if VMA_STATS_STRING_ENABLED
/**
 * Describes a virtual block as JSON text, in VMA's format.
 * `detailedMap` VK_TRUE: with every range and hole. The string ends with a zero byte and is freed with
 * vmaFreeVirtualBlockStatsString(); it is null when host memory ran out.
 * \thread per block
 * \cost O(ranges)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaBuildVirtualBlockStatsString(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, char *VMA_NULLABLE *VMA_NOT_NULL ppStatsString,
    VkBool32 detailedMap);

/**
 * Frees a string of vmaBuildVirtualBlockStatsString(); null is allowed.
 * \thread per block
 * \cost O(1)
 * \since 3.3
 */
VMA_CALL_PRE void VMA_CALL_POST vmaFreeVirtualBlockStatsString(
    VmaVirtualBlock VMA_NOT_NULL virtualBlock, char *VMA_NULLABLE pStatsString);
#endif

// ===========================================================================================================
// Additions of vram, and what can only be compiled in the program
// ===========================================================================================================

/**
 * Tells what vmaGetAllocationInfo() tells, without the allocator.
 * \thread per allocation (safe together with other reading calls)
 * \cost O(1), no lock, no Vulkan call
 * \since vram 1.0
 */
VMA_CALL_PRE void VMA_CALL_POST vramDescribeAllocation(
    VmaAllocation VMA_NOT_NULL allocation, VmaAllocationInfo *VMA_NOT_NULL pInfo);

#if defined(VOLK_HEADER_VERSION)

/* The core function where the version has it, else the extension's where it is enabled, else null. */
static inline PFN_vkVoidFunction VMA_NULLABLE vramVolkFind(VkInstance VMA_NULLABLE instance,
                                                           VkDevice VMA_NULLABLE device, int hasCore,
                                                           const char *VMA_NOT_NULL core, int hasExtension,
                                                           const char *VMA_NOT_NULL extension)
{
    if (!hasCore && !hasExtension)
        return NULL;
    return instance ? vkGetInstanceProcAddr(instance, hasCore ? core : extension)
                    : vkGetDeviceProcAddr(device, hasCore ? core : extension);
}

#ifdef __cplusplus
    #define VRAM_VOLK_CAST(type, pfn) reinterpret_cast<type>(pfn)
#else
    #define VRAM_VOLK_CAST(type, pfn) ((type)(pfn))
#endif
#define VRAM_VOLK_DEVICE(name) \
    pDstVulkanFunctions->name = VRAM_VOLK_CAST(PFN_##name, vkGetDeviceProcAddr(device, #name))
#define VRAM_VOLK_DEVICE_EXT(member, type, hasCore, core, hasExtension) \
    pDstVulkanFunctions->member = \
        VRAM_VOLK_CAST(type, vramVolkFind(NULL, device, hasCore, core, hasExtension, core "KHR"))
#define VRAM_VOLK_INSTANCE_EXT(member, type, hasCore, core, hasExtension) \
    pDstVulkanFunctions->member = \
        VRAM_VOLK_CAST(type, vramVolkFind(instance, NULL, hasCore, core, hasExtension, core "KHR"))

/**
 * Fills VmaVulkanFunctions with the functions that volk has loaded.
 * Compiled in the program, because only the program sees volk: volk.h must be included before this header,
 * and volkLoadInstance() called before this function. `instance`, `device`, `flags` and `vulkanApiVersion` of
 * the create info decide what is fetched. Device functions are the device's own: calls go round the loader.
 * Every member is written; what the version and the flags do not give is null.
 * \return VK_SUCCESS; VK_ERROR_INITIALIZATION_FAILED: volk is not loaded, or a handle is null; nothing is
 *         written
 * \thread safe
 * \cost about 25 vkGetDeviceProcAddr, no lock
 * \since 3.3
 */
static inline VkResult VMA_CALL_POST
vmaImportVulkanFunctionsFromVolk(const VmaAllocatorCreateInfo *VMA_NOT_NULL pAllocatorCreateInfo,
                                 VmaVulkanFunctions *VMA_NOT_NULL pDstVulkanFunctions)
{
    const VkInstance VMA_NULLABLE instance = pAllocatorCreateInfo->instance;
    const VkDevice VMA_NULLABLE device = pAllocatorCreateInfo->device;
    const VmaAllocatorCreateFlags flags = pAllocatorCreateInfo->flags;
    const uint32_t version = pAllocatorCreateInfo->vulkanApiVersion;
    const int v11 = VMA_VULKAN_VERSION >= 1001000 && version >= VK_MAKE_VERSION(1, 1, 0);
    const int v13 = VMA_VULKAN_VERSION >= 1003000 && version >= VK_MAKE_VERSION(1, 3, 0);
    const int dedicated =
        VMA_DEDICATED_ALLOCATION && (flags & VMA_ALLOCATOR_CREATE_KHR_DEDICATED_ALLOCATION_BIT);
    const int bind2 = VMA_BIND_MEMORY2 && (flags & VMA_ALLOCATOR_CREATE_KHR_BIND_MEMORY2_BIT);
    const int budget = VMA_MEMORY_BUDGET && (flags & VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT);
    const int maintenance4 = VMA_KHR_MAINTENANCE4 && (flags & VMA_ALLOCATOR_CREATE_KHR_MAINTENANCE4_BIT);

    if (!vkGetInstanceProcAddr || !vkGetDeviceProcAddr || !instance || !device)
        return VK_ERROR_INITIALIZATION_FAILED;
    pDstVulkanFunctions->vkGetInstanceProcAddr = vkGetInstanceProcAddr;
    pDstVulkanFunctions->vkGetDeviceProcAddr = vkGetDeviceProcAddr;
    pDstVulkanFunctions->vkGetPhysicalDeviceProperties = vkGetPhysicalDeviceProperties;
    pDstVulkanFunctions->vkGetPhysicalDeviceMemoryProperties = vkGetPhysicalDeviceMemoryProperties;
    VRAM_VOLK_DEVICE(vkAllocateMemory);
    VRAM_VOLK_DEVICE(vkFreeMemory);
    VRAM_VOLK_DEVICE(vkMapMemory);
    VRAM_VOLK_DEVICE(vkUnmapMemory);
    VRAM_VOLK_DEVICE(vkFlushMappedMemoryRanges);
    VRAM_VOLK_DEVICE(vkInvalidateMappedMemoryRanges);
    VRAM_VOLK_DEVICE(vkBindBufferMemory);
    VRAM_VOLK_DEVICE(vkBindImageMemory);
    VRAM_VOLK_DEVICE(vkGetBufferMemoryRequirements);
    VRAM_VOLK_DEVICE(vkGetImageMemoryRequirements);
    VRAM_VOLK_DEVICE(vkCreateBuffer);
    VRAM_VOLK_DEVICE(vkDestroyBuffer);
    VRAM_VOLK_DEVICE(vkCreateImage);
    VRAM_VOLK_DEVICE(vkDestroyImage);
    VRAM_VOLK_DEVICE(vkCmdCopyBuffer);
    VRAM_VOLK_DEVICE_EXT(vkGetBufferMemoryRequirements2KHR, VramPfnGetBufferMemoryRequirements2, v11,
                         "vkGetBufferMemoryRequirements2", dedicated);
    VRAM_VOLK_DEVICE_EXT(vkGetImageMemoryRequirements2KHR, VramPfnGetImageMemoryRequirements2, v11,
                         "vkGetImageMemoryRequirements2", dedicated);
    VRAM_VOLK_DEVICE_EXT(vkBindBufferMemory2KHR, VramPfnBindBufferMemory2, v11, "vkBindBufferMemory2", bind2);
    VRAM_VOLK_DEVICE_EXT(vkBindImageMemory2KHR, VramPfnBindImageMemory2, v11, "vkBindImageMemory2", bind2);
    VRAM_VOLK_INSTANCE_EXT(vkGetPhysicalDeviceMemoryProperties2KHR,
                           VramPfnGetPhysicalDeviceMemoryProperties2, v11,
                           "vkGetPhysicalDeviceMemoryProperties2", budget);
    VRAM_VOLK_DEVICE_EXT(vkGetDeviceBufferMemoryRequirements, VramPfnGetDeviceBufferMemoryRequirements, v13,
                         "vkGetDeviceBufferMemoryRequirements", maintenance4);
    VRAM_VOLK_DEVICE_EXT(vkGetDeviceImageMemoryRequirements, VramPfnGetDeviceImageMemoryRequirements, v13,
                         "vkGetDeviceImageMemoryRequirements", maintenance4);
#if VMA_EXTERNAL_MEMORY_WIN32
    VRAM_VOLK_DEVICE_EXT(vkGetMemoryWin32HandleKHR, VramPfnGetMemoryWin32Handle, 0, "vkGetMemoryWin32Handle",
                         (flags & VMA_ALLOCATOR_CREATE_KHR_EXTERNAL_MEMORY_WIN32_BIT) != 0);
#else
    pDstVulkanFunctions->vkGetMemoryWin32HandleKHR = NULL;
#endif
#if !VRAM_VMA_3_3_LAYOUT
    VRAM_VOLK_INSTANCE_EXT(vkGetPhysicalDeviceProperties2KHR, VramPfnGetPhysicalDeviceProperties2, v11,
                           "vkGetPhysicalDeviceProperties2", budget);
#endif
    return VK_SUCCESS;
}

#undef VRAM_VOLK_CAST
#undef VRAM_VOLK_DEVICE
#undef VRAM_VOLK_DEVICE_EXT
#undef VRAM_VOLK_INSTANCE_EXT

#endif // VOLK_HEADER_VERSION

#ifdef __cplusplus
} // extern "C"
#endif

#if defined(__cplusplus) && defined(VRAM_VMA_CPP_MEMBERS)
/** What C++ programs call on an allocation (`allocation->GetMappedData()`); as vmaGetAllocationInfo(). */
struct VmaAllocation_T {
    VmaAllocation_T() = delete;

    /** Index of the memory type. */
    uint32_t GetMemoryTypeIndex() const { return Describe().memoryType; }
    /** The VkDeviceMemory that it is in. */
    VkDeviceMemory VMA_NULLABLE_NON_DISPATCHABLE GetMemory() const { return Describe().deviceMemory; }
    /** Where it begins in GetMemory(), in bytes. */
    VkDeviceSize GetOffset() const { return Describe().offset; }
    /** Its size in bytes. */
    VkDeviceSize GetSize() const { return Describe().size; }
    /** Its first byte for the CPU, or null while it is not mapped. */
    void *VMA_NULLABLE GetMappedData() const { return Describe().pMappedData; }
    /** The caller's pointer. */
    void *VMA_NULLABLE GetUserData() const { return Describe().pUserData; }
    /** Its name, or null. */
    const char *VMA_NULLABLE GetName() const { return Describe().pName; }

private:
    VmaAllocationInfo Describe() const
    {
        VmaAllocationInfo info;
        vramDescribeAllocation(const_cast<VmaAllocation_T *>(this), &info);
        return info;
    }
};
#endif

#ifdef __clang__
    #pragma clang diagnostic pop
#endif

#endif // AMD_VULKAN_MEMORY_ALLOCATOR_H

/* VMA_IMPLEMENTATION emits nothing: the library is linked. The program's own headers are still included. */
#ifdef VMA_IMPLEMENTATION
    #undef VMA_IMPLEMENTATION
    #ifdef VMA_CONFIGURATION_USER_INCLUDES_H
        #include VMA_CONFIGURATION_USER_INCLUDES_H
    #endif
#endif
