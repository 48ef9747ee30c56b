// SPDX-License-Identifier: MIT
// Creating an allocator: versions, how Vulkan functions are found, limits on heaps, callbacks, bad arguments.
#include "world.h"

#include <string.h>

// ---- Functions that are watched or hidden ----

static struct {
    const char *hidden;  // names that begin with this are not there; null: none
    char instance[2048]; // names that were asked for, each followed by a space
    char device[4096];
    unsigned allocate_calls;
} functions;

static bool is_hidden(const char *name)
{
    return functions.hidden && strncmp(name, functions.hidden, strlen(functions.hidden)) == 0;
}

static void note(char *list, size_t size, const char *name)
{
    assert_true(strlen(list) + strlen(name) + 2 < size);
    strcat(list, name);
    strcat(list, " ");
}

static PFN_vkVoidFunction VKAPI_CALL watched_device_proc(VkDevice device, const char *name)
{
    note(functions.device, sizeof(functions.device), name);
    return is_hidden(name) ? NULL : vr_sim_get_device_proc_addr(device, name);
}

static PFN_vkVoidFunction VKAPI_CALL watched_instance_proc(VkInstance instance, const char *name)
{
    note(functions.instance, sizeof(functions.instance), name);
    return is_hidden(name) ? NULL : vr_sim_get_instance_proc_addr(instance, name);
}

static VkResult VKAPI_CALL own_allocate(VkDevice device, const VkMemoryAllocateInfo *info,
                                        const VkAllocationCallbacks *callbacks, VkDeviceMemory *memory)
{
    ++functions.allocate_calls;
    return ((PFN_vkAllocateMemory)vr_sim_get_device_proc_addr(device, "vkAllocateMemory"))(device, info,
                                                                                           callbacks, memory);
}

static const VmaVulkanFunctions watched = {.vkGetInstanceProcAddr = watched_instance_proc,
                                           .vkGetDeviceProcAddr = watched_device_proc};

static bool was_asked(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name)) {
        if ((at == list || at[-1] == ' ') && at[length] == ' ') {
            return true;
        }
    }
    return false;
}

static void watch(const char *hidden)
{
    memset(&functions, 0, sizeof(functions));
    functions.hidden = hidden;
}

// An allocator whose functions are watched. `version` 0 is handed on as 0.
static VkResult open_watched(struct World *w, const char *builtin, uint32_t version,
                             VmaAllocatorCreateFlags flags)
{
    const struct VrSimDevice device = world_device(builtin);
    VmaAllocatorCreateInfo info = {.flags = flags, .pVulkanFunctions = &watched};
    world_open_sim(w, &device, &info);
    info.vulkanApiVersion = version;
    return vmaCreateAllocator(&info, &w->allocator);
}

static void make_and_destroy(struct World *w)
{
    const VkBufferCreateInfo buffer = world_buffer_info(10000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(16, 16, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    VkBuffer made_buffer;
    VkImage made_image;
    VmaAllocation a, b;
    assert_int_equal(vmaCreateBuffer(w->allocator, &buffer, &info, &made_buffer, &a, NULL), VK_SUCCESS);
    assert_int_equal(vmaCreateImage(w->allocator, &image, &info, &made_image, &b, NULL), VK_SUCCESS);
    vmaDestroyBuffer(w->allocator, made_buffer, a);
    vmaDestroyImage(w->allocator, made_image, b);
}

// ---- Import of functions ----

static void device_functions_come_from_the_device(void **state)
{
    (void)state;
    struct World w;
    watch(NULL);
    assert_int_equal(
        open_watched(&w, "nvidia-rebar", VK_API_VERSION_1_3, VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT),
        VK_SUCCESS);
    assert_true(was_asked(functions.device, "vkAllocateMemory"));
    assert_true(was_asked(functions.device, "vkBindBufferMemory2"));
    assert_true(was_asked(functions.device, "vkGetBufferMemoryRequirements2"));
    assert_true(was_asked(functions.device, "vkGetDeviceBufferMemoryRequirements"));
    assert_false(was_asked(functions.device, "vkBindBufferMemory2KHR"));
    assert_true(was_asked(functions.instance, "vkGetPhysicalDeviceProperties"));
    assert_true(was_asked(functions.instance, "vkGetPhysicalDeviceMemoryProperties2"));
    assert_false(was_asked(functions.instance, "vkAllocateMemory"));
    make_and_destroy(&w);
    world_close(&w);
}

static void version_zero_is_vulkan_1_0(void **state)
{
    (void)state;
    struct World w;
    watch(NULL);
    assert_int_equal(open_watched(&w, "nvidia-rebar", 0, 0), VK_SUCCESS);
    assert_null(strstr(functions.device, "2"));
    assert_null(strstr(functions.instance, "2"));
    make_and_destroy(&w);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_GET_BUFFER_REQUIREMENTS2], 0);
    world_close(&w);
}

static void extensions_of_vulkan_1_0_go_by_their_khr_names(void **state)
{
    (void)state;
    struct World w;
    const struct VrSimDevice device = world_device("nvidia-rebar");
    watch(NULL);
    assert_int_equal(open_watched(&w, "nvidia-rebar", VK_API_VERSION_1_0, world_all_flags(&device)),
                     VK_SUCCESS);
    assert_true(was_asked(functions.device, "vkGetBufferMemoryRequirements2KHR"));
    assert_true(was_asked(functions.device, "vkBindImageMemory2KHR"));
    assert_true(was_asked(functions.device, "vkGetDeviceImageMemoryRequirementsKHR"));
    assert_false(was_asked(functions.device, "vkBindImageMemory2"));
    make_and_destroy(&w);
    assert_true(world_stats(&w).calls[VR_SIM_CALL_GET_BUFFER_REQUIREMENTS2] > 0);
    world_close(&w);
}

static void a_given_function_is_used_instead_of_one_that_is_found(void **state)
{
    (void)state;
    struct World w;
    VmaVulkanFunctions given = watched;
    given.vkAllocateMemory = own_allocate;
    const VmaAllocatorCreateInfo info = {.pVulkanFunctions = &given};
    watch(NULL);
    world_open(&w, "nvidia-rebar", &info);
    assert_false(was_asked(functions.device, "vkAllocateMemory"));
    make_and_destroy(&w);
    assert_true(functions.allocate_calls > 0);
    world_close(&w);
}

// With every function that is needed in the table, nothing has to be looked up.
static void a_full_table_needs_no_lookup(void **state)
{
    (void)state;
    struct World w;
    VmaVulkanFunctions given = {0};
    const struct VrSimDevice device = world_device("single");
    VmaAllocatorCreateInfo info = {.pVulkanFunctions = &given};
    world_open_sim(&w, &device, &info);
#define GIVE(name) given.name = (PFN_##name)vr_sim_get_instance_proc_addr(info.instance, #name)
    GIVE(vkGetPhysicalDeviceProperties);
    GIVE(vkGetPhysicalDeviceMemoryProperties);
    GIVE(vkAllocateMemory);
    GIVE(vkFreeMemory);
    GIVE(vkMapMemory);
    GIVE(vkUnmapMemory);
    GIVE(vkFlushMappedMemoryRanges);
    GIVE(vkInvalidateMappedMemoryRanges);
    GIVE(vkBindBufferMemory);
    GIVE(vkBindImageMemory);
    GIVE(vkGetBufferMemoryRequirements);
    GIVE(vkGetImageMemoryRequirements);
    GIVE(vkCreateBuffer);
    GIVE(vkDestroyBuffer);
    GIVE(vkCreateImage);
    GIVE(vkDestroyImage);
    GIVE(vkCmdCopyBuffer);
    assert_int_equal(vmaCreateAllocator(&info, &w.allocator), VK_SUCCESS);
    make_and_destroy(&w);
    world_close(&w);
}

static PFN_vkVoidFunction VKAPI_CALL instance_proc_that_knows_the_other(VkInstance instance, const char *name)
{
    if (strcmp(name, "vkGetDeviceProcAddr") == 0) {
        return (PFN_vkVoidFunction)watched_device_proc;
    }
    return watched_instance_proc(instance, name);
}

static void the_device_s_lookup_is_found_through_the_instance_s(void **state)
{
    (void)state;
    struct World w;
    const VmaVulkanFunctions given = {.vkGetInstanceProcAddr = instance_proc_that_knows_the_other};
    const VmaAllocatorCreateInfo info = {.pVulkanFunctions = &given};
    watch(NULL);
    world_open(&w, "nvidia-rebar", &info);
    assert_true(was_asked(functions.device, "vkAllocateMemory"));
    make_and_destroy(&w);
    world_close(&w);
}

static void creation_fails_when_a_function_is_missing(void **state)
{
    (void)state;
    static const char *const needed[] = {"vkGetPhysicalDeviceProperties",
                                         "vkGetPhysicalDeviceMemoryProperties",
                                         "vkAllocateMemory",
                                         "vkFreeMemory",
                                         "vkMapMemory",
                                         "vkUnmapMemory",
                                         "vkFlushMappedMemoryRanges",
                                         "vkInvalidateMappedMemoryRanges",
                                         "vkBindBufferMemory",
                                         "vkBindImageMemory",
                                         "vkGetBufferMemoryRequirements",
                                         "vkGetImageMemoryRequirements",
                                         "vkCreateBuffer",
                                         "vkDestroyBuffer",
                                         "vkCreateImage",
                                         "vkDestroyImage"};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); ++i) {
        struct World w;
        watch(needed[i]);
        w.allocator = (VmaAllocator)(uintptr_t)0x10;
        assert_int_equal(open_watched(&w, "single", VK_API_VERSION_1_0, 0), VK_ERROR_INITIALIZATION_FAILED);
        assert_null(w.allocator);
        world_close(&w);
    }
}

// A driver that lacks what its version promises is still served, with what is there.
static void newer_functions_may_be_missing(void **state)
{
    (void)state;
    static const char *const newer[] = {"vkGetBufferMemoryRequirements2",
                                        "vkGetImageMemoryRequirements2",
                                        "vkBindBufferMemory2",
                                        "vkBindImageMemory2",
                                        "vkGetPhysicalDeviceMemoryProperties2",
                                        "vkGetDeviceBufferMemoryRequirements",
                                        "vkGetDeviceImageMemoryRequirements"};
    const struct VrSimDevice device = world_device("nvidia-rebar");
    for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); ++i) {
        struct World w;
        VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
        uint32_t type;
        const VkBufferCreateInfo buffer = world_buffer_info(10000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
        watch(newer[i]);
        assert_int_equal(open_watched(&w, "nvidia-rebar", VK_API_VERSION_1_3, world_all_flags(&device)),
                         VK_SUCCESS);
        make_and_destroy(&w);
        vmaGetHeapBudgets(w.allocator, budgets);
        assert_true(budgets[0].budget > 0);
        assert_int_equal(vmaFindMemoryTypeIndexForBufferInfo(w.allocator, &buffer, &info, &type), VK_SUCCESS);
        world_close(&w);
    }
}

// ---- What is known of the device ----

static void properties_are_those_of_the_device_and_stay_where_they_are(void **state)
{
    (void)state;
    struct World w;
    const VkPhysicalDeviceProperties *properties, *again;
    const VkPhysicalDeviceMemoryProperties *memory, *memory_again;
    VkMemoryPropertyFlags flags = 99;
    VmaAllocatorInfo info;
    world_open_full(&w, "amd-apu");
    const struct VrSimDevice *device = vr_sim_description(w.sim);
    vmaGetPhysicalDeviceProperties(w.allocator, &properties);
    vmaGetPhysicalDeviceProperties(w.allocator, &again);
    vmaGetMemoryProperties(w.allocator, &memory);
    vmaGetMemoryProperties(w.allocator, &memory_again);
    assert_ptr_equal(properties, again);
    assert_ptr_equal(memory, memory_again);
    assert_string_equal(properties->deviceName, device->name);
    assert_int_equal(memory->memoryTypeCount, device->type_count);
    for (uint32_t i = 0; i < memory->memoryTypeCount; ++i) {
        vmaGetMemoryTypeProperties(w.allocator, i, &flags);
        assert_int_equal(flags, device->types[i].flags);
    }
    vmaGetMemoryTypeProperties(w.allocator, 31, &flags);
    assert_int_equal(flags, 0);
    vmaGetAllocatorInfo(w.allocator, &info);
    assert_ptr_equal(info.device, w.device);
    assert_ptr_equal(info.instance, vr_sim_instance(w.sim));
    assert_ptr_equal(info.physicalDevice, vr_sim_physical_device(w.sim));
    world_close(&w);
}

static void the_budget_is_asked_once_at_creation_where_it_can_be(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_GET_MEMORY_PROPERTIES2], 1);
    world_close(&w);
    world_open(&w, "nvidia-rebar", NULL);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_GET_MEMORY_PROPERTIES2], 0);
    world_close(&w);
}

static void a_heap_can_be_limited(void **state)
{
    (void)state;
    struct World w;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {VK_WHOLE_SIZE, 10 * MIB};
    const VmaAllocatorCreateInfo info = {.pHeapSizeLimit = limits};
    const VkPhysicalDeviceMemoryProperties *memory;
    world_open(&w, "nvidia-rebar", &info);
    vmaGetMemoryProperties(w.allocator, &memory);
    assert_int_equal(memory->memoryHeaps[1].size, 10 * MIB);
    assert_int_equal(memory->memoryHeaps[0].size, vr_sim_description(w.sim)->heaps[0].size);
    VmaAllocation first = world_allocate(&w, 3, 6 * MIB, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT), second;
    const uint64_t calls = world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY];
    const VmaAllocationCreateInfo more = {.memoryTypeBits = 1u << 3,
                                          .flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT};
    assert_int_equal(world_try(&w, 5 * MIB, &more, &second), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY], calls); // the driver was not asked
    assert_int_equal(world_try(&w, 4 * MIB, &more, &second), VK_SUCCESS);
    vmaFreeMemory(w.allocator, first);
    vmaFreeMemory(w.allocator, second);
    assert_int_equal(world_try(&w, 10 * MIB, &more, &second), VK_SUCCESS);
    vmaFreeMemory(w.allocator, second);
    world_close(&w);
}

// However small the pieces, blocks stay below the limit together, and all of it can be used.
static void blocks_stay_below_the_limit_of_their_heap(void **state)
{
    (void)state;
    struct World w;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {20 * MIB, 20 * MIB};
    const VmaAllocatorCreateInfo info = {.pHeapSizeLimit = limits};
    const VmaAllocationCreateInfo how = {.memoryTypeBits = 1u << 1};
    VmaAllocation held[400];
    unsigned count = 0;
    world_open(&w, "nvidia-rebar", &info);
    while (count < 400 && world_try(&w, 100 * KIB, &how, &held[count]) == VK_SUCCESS) {
        ++count;
    }
    assert_true(world_stats(&w).heap_peak[0] <= 20 * MIB);
    assert_true(count * 100 * KIB >= 18 * MIB);
    vmaFreeMemoryPages(w.allocator, count, held);
    world_close(&w);
}

static void the_block_size_of_large_heaps_can_be_chosen(void **state)
{
    (void)state;
    struct World w;
    const VmaAllocatorCreateInfo info = {.preferredLargeHeapBlockSize = 16 * MIB};
    world_open(&w, "nvidia-rebar", &info);
    VmaAllocation small = world_allocate(&w, 1, 7 * MIB, 0), large = world_allocate(&w, 1, 9 * MIB, 0);
    assert_false(world_is_dedicated(&w, small));
    assert_true(world_is_dedicated(&w, large));
    VmaAllocation many[20];
    for (int i = 0; i < 20; ++i) {
        VmaAllocationInfo2 info2;
        many[i] = world_allocate(&w, 1, 7 * MIB, 0);
        vmaGetAllocationInfo2(w.allocator, many[i], &info2);
        assert_true(info2.blockSize <= 16 * MIB);
    }
    vmaFreeMemoryPages(w.allocator, 20, many);
    vmaFreeMemory(w.allocator, small);
    vmaFreeMemory(w.allocator, large);
    world_close(&w);
}

// ---- Drivers that talk nonsense ----

static VkInstance nonsense_instance;

static void VKAPI_CALL too_many_types(VkPhysicalDevice device, VkPhysicalDeviceMemoryProperties *properties)
{
    ((PFN_vkGetPhysicalDeviceMemoryProperties)vr_sim_get_instance_proc_addr(
        nonsense_instance, "vkGetPhysicalDeviceMemoryProperties"))(device, properties);
    properties->memoryTypes[2].heapIndex = 77;
    properties->memoryTypes[0].propertyFlags |= 0xf0000000u;
    properties->memoryTypeCount = 40;
    properties->memoryHeapCount = 99;
}

static void VKAPI_CALL limits_of_zero(VkPhysicalDevice device, VkPhysicalDeviceProperties *properties)
{
    ((PFN_vkGetPhysicalDeviceProperties)vr_sim_get_instance_proc_addr(
        nonsense_instance, "vkGetPhysicalDeviceProperties"))(device, properties);
    properties->limits.bufferImageGranularity = 0;
    properties->limits.nonCoherentAtomSize = 0;
}

// More types and heaps than Vulkan has room for, a heap that does not exist, flags from the future, limits of
// 0.
static void nonsense_about_memory_does_no_harm(void **state)
{
    (void)state;
    struct World w;
    VmaTotalStatistics total;
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
    char *text;
    const struct VrSimDevice device = world_device("intel-uma");
    const VmaVulkanFunctions given = {.vkGetInstanceProcAddr = vr_sim_get_instance_proc_addr,
                                      .vkGetDeviceProcAddr = vr_sim_get_device_proc_addr,
                                      .vkGetPhysicalDeviceMemoryProperties = too_many_types,
                                      .vkGetPhysicalDeviceProperties = limits_of_zero};
    VmaAllocatorCreateInfo info = {.pVulkanFunctions = &given,
                                   .flags = VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT};
    world_open_sim(&w, &device, &info);
    nonsense_instance = info.instance;
    assert_int_equal(vmaCreateAllocator(&info, &w.allocator), VK_SUCCESS);
    make_and_destroy(&w);
    VmaAllocation a = world_allocate(&w, 1, 1000, VMA_ALLOCATION_CREATE_MAPPED_BIT), none;
    const VmaAllocationCreateInfo of_no_heap = {.memoryTypeBits = 1u << 2};
    assert_true(world_try(&w, 1000, &of_no_heap, &none) < 0);
    VmaPool pool;
    assert_true(vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = 2}, &pool) < 0);
    vmaGetHeapBudgets(w.allocator, budgets);
    vmaCalculateStatistics(w.allocator, &total);
    assert_int_equal(total.total.statistics.allocationCount, 1);
    vmaBuildStatsString(w.allocator, &text, VK_TRUE);
    assert_non_null(text);
    vmaFreeStatsString(w.allocator, text);
    vmaSetCurrentFrameIndex(w.allocator, 1);
    assert_int_equal(vmaFlushAllocation(w.allocator, a, 1, 5), VK_SUCCESS);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

// ---- Callbacks ----

struct Seen {
    unsigned allocated, freed, wrong;
    VkDeviceSize bytes;
    struct World *world;
};

static void VKAPI_CALL on_allocate(VmaAllocator allocator, uint32_t type, VkDeviceMemory memory,
                                   VkDeviceSize size, void *user)
{
    struct Seen *seen = user;
    struct VrSimMemoryInfo info;
    vr_sim_memory_info(memory, &info); // it exists already
    seen->wrong += info.type != type || info.size != size || !allocator;
    seen->bytes += size;
    ++seen->allocated;
}

static void VKAPI_CALL on_free(VmaAllocator allocator, uint32_t type, VkDeviceMemory memory,
                               VkDeviceSize size, void *user)
{
    struct Seen *seen = user;
    struct VrSimMemoryInfo info;
    vr_sim_memory_info(memory, &info); // it still exists
    seen->wrong += info.type != type || info.size != size || !allocator;
    seen->bytes -= size;
    ++seen->freed;
}

static void memory_callbacks_see_every_block_and_dedicated_memory(void **state)
{
    (void)state;
    struct World w;
    struct Seen seen = {.world = &w};
    const VmaDeviceMemoryCallbacks callbacks = {on_allocate, on_free, &seen};
    const VmaAllocatorCreateInfo info = {.pDeviceMemoryCallbacks = &callbacks};
    world_open(&w, "nvidia-rebar", &info);
    VmaAllocation a = world_allocate(&w, 1, 1000, 0);
    assert_int_equal(seen.allocated, 1);
    VmaAllocation b = world_allocate(&w, 4, 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    assert_int_equal(seen.allocated, 2);
    assert_int_equal(seen.bytes, world_stats(&w).total_bytes);
    vr_sim_fail_every(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1, VK_ERROR_OUT_OF_HOST_MEMORY);
    VmaAllocation none;
    assert_int_equal(
        world_try(&w, 1000, &(VmaAllocationCreateInfo){.flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT},
                  &none),
        VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(seen.allocated, 2); // a failure is not told
    vmaFreeMemory(w.allocator, b);
    assert_int_equal(seen.freed, 1);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
    assert_int_equal(seen.freed, 2);
    assert_int_equal(seen.bytes, 0);
    assert_int_equal(seen.wrong, 0);
}

static void VKAPI_CALL ask_in_callback(VmaAllocator allocator, uint32_t type, VkDeviceMemory memory,
                                       VkDeviceSize size, void *user)
{
    VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
    const VkPhysicalDeviceMemoryProperties *properties;
    unsigned *asked = user;
    (void)memory;
    (void)size;
    VmaTotalStatistics total;
    char *text;
    vmaGetHeapBudgets(allocator, budgets);
    vmaCalculateStatistics(allocator, &total);
    vmaBuildStatsString(allocator, &text, VK_TRUE);
    vmaFreeStatsString(allocator, text);
    vmaGetMemoryProperties(allocator, &properties);
    *asked += budgets[properties->memoryTypes[type].heapIndex].statistics.blockCount < 1000;
}

// Programs ask for the budget when memory comes or goes: at any time, and to the very end.
static void a_memory_callback_may_ask_for_budgets_and_statistics(void **state)
{
    (void)state;
    struct World w;
    unsigned asked = 0;
    const VmaDeviceMemoryCallbacks callbacks = {ask_in_callback, ask_in_callback, &asked};
    const struct VrSimDevice device = world_device("nvidia-rebar");
    const VmaAllocatorCreateInfo info = {.pDeviceMemoryCallbacks = &callbacks,
                                         .flags = world_all_flags(&device)};
    world_open_device(&w, &device, &info);
    VmaPool pools[3];
    for (uint32_t i = 0; i < 3; ++i) {
        const VmaPoolCreateInfo pool = {.memoryTypeIndex = 1,
                                        .minBlockCount = 2,
                                        .blockSize = MIB,
                                        .flags = i == 2 ? VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT : 0};
        assert_int_equal(vmaCreatePool(w.allocator, &pool, &pools[i]), VK_SUCCESS);
        vmaFreeMemory(w.allocator, world_allocate_in(&w, pools[i], 1000, 0));
    }
    for (uint32_t type = 0; type < 6; ++type) {
        vmaFreeMemory(w.allocator, world_allocate(&w, type, 1000, 0));
        vmaFreeMemory(w.allocator,
                      world_allocate(&w, type, 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT));
        world_allocate(&w, type, 1000, 0); // leaked, in a block and on its own
        world_allocate(&w, type, 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
    }
    vmaDestroyPool(w.allocator, pools[0]); // the others go with the allocator
    for (uint32_t frame = 0; frame < 300; ++frame) {
        vmaSetCurrentFrameIndex(w.allocator, frame);
    }
    world_close(&w);
    assert_true(asked >= 2 * (3 * 2 + 6 * 3));
}

static void host_callbacks_go_to_vulkan_too(void **state)
{
    (void)state;
    struct World w;
    world_open(&w, "nvidia-rebar", NULL);
    make_and_destroy(&w);
    const uint64_t calls = world_stats(&w).callback_calls;
    assert_true(calls >= 5); // create and destroy of buffer and image, memory
    assert_true(atomic_load(&w.host.made) > 0);
    world_close(&w);
}

static void without_host_callbacks_vulkan_gets_none(void **state)
{
    (void)state;
    struct World w;
    const struct VrSimDevice device = world_device("nvidia-rebar");
    VmaAllocatorCreateInfo info = {0};
    world_open_sim(&w, &device, &info);
    info.pAllocationCallbacks = NULL;
    assert_int_equal(vmaCreateAllocator(&info, &w.allocator), VK_SUCCESS);
    make_and_destroy(&w);
    assert_int_equal(world_stats(&w).callback_calls, 0);
    world_close(&w);
}

// The structures given at creation may go away afterwards.
static void what_is_given_at_creation_is_copied(void **state)
{
    (void)state;
    struct World w;
    struct Seen seen = {.world = &w};
    VmaDeviceMemoryCallbacks callbacks = {on_allocate, on_free, &seen};
    VmaVulkanFunctions given = watched;
    VkAllocationCallbacks host;
    const struct VrSimDevice device = world_device("nvidia-rebar");
    VmaAllocatorCreateInfo info = {.pDeviceMemoryCallbacks = &callbacks, .pVulkanFunctions = &given};
    watch(NULL);
    world_open_sim(&w, &device, &info);
    host = w.host.callbacks;
    info.pAllocationCallbacks = &host;
    assert_int_equal(vmaCreateAllocator(&info, &w.allocator), VK_SUCCESS);
    memset(&callbacks, 0xee, sizeof(callbacks));
    memset(&given, 0xee, sizeof(given));
    memset(&host, 0xee, sizeof(host));
    memset(&info, 0xee, sizeof(info));
    make_and_destroy(&w);
    world_close(&w);
    assert_true(seen.allocated > 0);
    assert_int_equal(seen.allocated, seen.freed);
}

// ---- Bad arguments ----

static void bad_arguments_of_creation_give_an_error_and_null(void **state)
{
    (void)state;
    struct World w;
    const struct VrSimDevice device = world_device("single");
    VmaAllocatorCreateInfo info = {0};
    world_open_sim(&w, &device, &info);
    assert_true(vmaCreateAllocator(&info, NULL) < 0);
    w.allocator = (VmaAllocator)(uintptr_t)0x10;
    assert_true(vmaCreateAllocator(NULL, &w.allocator) < 0);
    assert_null(w.allocator);
    for (int missing = 0; missing < 3; ++missing) {
        VmaAllocatorCreateInfo broken = info;
        broken.instance = missing == 0 ? VK_NULL_HANDLE : info.instance;
        broken.physicalDevice = missing == 1 ? VK_NULL_HANDLE : info.physicalDevice;
        broken.device = missing == 2 ? VK_NULL_HANDLE : info.device;
        w.allocator = (VmaAllocator)(uintptr_t)0x10;
        assert_true(vmaCreateAllocator(&broken, &w.allocator) < 0);
        assert_null(w.allocator);
    }
    world_close(&w);
}

static void nothing_is_done_to_null(void **state)
{
    (void)state;
    struct World w;
    world_open(&w, "single", NULL);
    vmaDestroyAllocator(NULL);
    vmaDestroyPool(w.allocator, VK_NULL_HANDLE);
    vmaFreeMemory(w.allocator, VK_NULL_HANDLE);
    vmaFreeMemoryPages(w.allocator, 0, NULL);
    vmaDestroyBuffer(w.allocator, VK_NULL_HANDLE, VK_NULL_HANDLE);
    vmaDestroyImage(w.allocator, VK_NULL_HANDLE, VK_NULL_HANDLE);
    vmaDestroyVirtualBlock(NULL);
    vmaVirtualFree(NULL, VK_NULL_HANDLE);
    vmaFreeStatsString(w.allocator, NULL);
    vmaFreeVirtualBlockStatsString(NULL, NULL);
    vmaEndDefragmentation(w.allocator, VK_NULL_HANDLE, NULL);
    world_close(&w);
}

static void questions_without_a_place_for_the_answer_do_no_harm(void **state)
{
    (void)state;
    struct World w;
    world_open(&w, "single", NULL);
    vmaGetAllocatorInfo(w.allocator, NULL);
    vmaGetPhysicalDeviceProperties(w.allocator, NULL);
    vmaGetMemoryProperties(w.allocator, NULL);
    vmaGetMemoryTypeProperties(w.allocator, 0, NULL);
    vmaCalculateStatistics(w.allocator, NULL);
    vmaGetHeapBudgets(w.allocator, NULL);
    vmaGetPoolStatistics(w.allocator, NULL, NULL);
    vmaCalculatePoolStatistics(w.allocator, NULL, NULL);
    vmaBuildStatsString(w.allocator, NULL, VK_TRUE);
    vmaGetAllocationInfo(w.allocator, NULL, NULL);
    vmaGetAllocationInfo2(w.allocator, NULL, NULL);
    vmaGetAllocationMemoryProperties(w.allocator, NULL, NULL);
    vmaSetCurrentFrameIndex(NULL, 1);
    vmaGetPoolName(w.allocator, NULL, NULL);
    vmaSetPoolName(w.allocator, NULL, "x");
    vmaSetAllocationName(w.allocator, NULL, "x");
    vmaSetAllocationUserData(w.allocator, NULL, NULL);
    world_close(&w);
}

// An externally synchronised allocator gives the same answers.
static void an_allocator_without_locks_works_alike(void **state)
{
    (void)state;
    struct World w;
    const VmaAllocatorCreateInfo info = {.flags = VMA_ALLOCATOR_CREATE_EXTERNALLY_SYNCHRONIZED_BIT};
    world_open(&w, "nvidia-rebar", &info);
    for (int i = 0; i < 100; ++i) {
        make_and_destroy(&w);
    }
    world_close(&w);
}

static void two_allocators_on_one_device_do_not_meet(void **state)
{
    (void)state;
    struct World w;
    const struct VrSimDevice device = world_device("nvidia-rebar");
    VmaAllocatorCreateInfo info = {0};
    VmaAllocator other;
    world_open_sim(&w, &device, &info);
    assert_int_equal(vmaCreateAllocator(&info, &w.allocator), VK_SUCCESS);
    assert_int_equal(vmaCreateAllocator(&info, &other), VK_SUCCESS);
    VmaAllocation a = world_allocate(&w, 1, 1000, 0);
    VmaTotalStatistics total;
    vmaCalculateStatistics(other, &total);
    assert_int_equal(total.total.statistics.blockCount, 0);
    vmaDestroyAllocator(other);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_functions_come_from_the_device),
        cmocka_unit_test(version_zero_is_vulkan_1_0),
        cmocka_unit_test(extensions_of_vulkan_1_0_go_by_their_khr_names),
        cmocka_unit_test(a_given_function_is_used_instead_of_one_that_is_found),
        cmocka_unit_test(a_full_table_needs_no_lookup),
        cmocka_unit_test(the_device_s_lookup_is_found_through_the_instance_s),
        cmocka_unit_test(creation_fails_when_a_function_is_missing),
        cmocka_unit_test(newer_functions_may_be_missing),
        cmocka_unit_test(properties_are_those_of_the_device_and_stay_where_they_are),
        cmocka_unit_test(the_budget_is_asked_once_at_creation_where_it_can_be),
        cmocka_unit_test(a_heap_can_be_limited),
        cmocka_unit_test(blocks_stay_below_the_limit_of_their_heap),
        cmocka_unit_test(the_block_size_of_large_heaps_can_be_chosen),
        cmocka_unit_test(nonsense_about_memory_does_no_harm),
        cmocka_unit_test(memory_callbacks_see_every_block_and_dedicated_memory),
        cmocka_unit_test(a_memory_callback_may_ask_for_budgets_and_statistics),
        cmocka_unit_test(host_callbacks_go_to_vulkan_too),
        cmocka_unit_test(without_host_callbacks_vulkan_gets_none),
        cmocka_unit_test(what_is_given_at_creation_is_copied),
        cmocka_unit_test(bad_arguments_of_creation_give_an_error_and_null),
        cmocka_unit_test(nothing_is_done_to_null),
        cmocka_unit_test(questions_without_a_place_for_the_answer_do_no_harm),
        cmocka_unit_test(an_allocator_without_locks_works_alike),
        cmocka_unit_test(two_allocators_on_one_device_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
