// SPDX-License-Identifier: MIT
// Allocating memory: what is refused, what gets memory of its own, what the driver is told, budgets,
// pages, alignment.
#include "world.h"

#include <string.h>

#define DEDICATED VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT
#define NEVER VMA_ALLOCATION_CREATE_NEVER_ALLOCATE_BIT
#define WITHIN VMA_ALLOCATION_CREATE_WITHIN_BUDGET_BIT

static VkResult try_flags(struct World *w, VkDeviceSize size, VmaAllocationCreateFlags flags,
                          VmaAllocation *allocation)
{
    return world_try(w, size, &(VmaAllocationCreateInfo){.memoryTypeBits = 1u << 1, .flags = flags},
                     allocation);
}

static VkResult try_requirements(struct World *w, VkDeviceSize size, VkDeviceSize alignment)
{
    const VkMemoryRequirements requirements = {
        .size = size, .alignment = alignment, .memoryTypeBits = UINT32_MAX};
    const VmaAllocationCreateInfo info = {0};
    VmaAllocation allocation = (VmaAllocation)(uintptr_t)0x10;
    const VkResult result = vmaAllocateMemory(w->allocator, &requirements, &info, &allocation, NULL);
    assert_int_equal(result == VK_SUCCESS, allocation != VK_NULL_HANDLE);
    vmaFreeMemory(w->allocator, allocation);
    return result;
}

static VkResult make_buffer(struct World *w, VkDeviceSize size, VkBufferUsageFlags usage,
                            const VmaAllocationCreateInfo *info, VkBuffer *buffer, VmaAllocation *allocation)
{
    const VkBufferCreateInfo create = world_buffer_info(size, usage);
    *buffer = (VkBuffer)(uintptr_t)0x10;
    *allocation = (VmaAllocation)(uintptr_t)0x10;
    const VkResult result = vmaCreateBuffer(w->allocator, &create, info, buffer, allocation, NULL);
    assert_int_equal(result == VK_SUCCESS, *buffer != VK_NULL_HANDLE);
    assert_int_equal(result == VK_SUCCESS, *allocation != VK_NULL_HANDLE);
    return result;
}

// ---- What is refused ----

static void impossible_requirements_never_reach_the_driver(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(try_requirements(&w, 0, 16), VK_ERROR_INITIALIZATION_FAILED);
    assert_int_equal(try_requirements(&w, 16, 3), VK_ERROR_INITIALIZATION_FAILED);
    assert_int_equal(try_requirements(&w, 16, 0x8000000000000001ull), VK_ERROR_INITIALIZATION_FAILED);
    static const VkDeviceSize huge[] = {UINT64_MAX, UINT64_MAX - 15, 1ull << 63, 1ull << 62, 1ull << 50};
    for (size_t i = 0; i < sizeof(huge) / sizeof(huge[0]); ++i) {
        assert_true(try_requirements(&w, huge[i], 16) < 0);
    }
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY], 0);
    assert_int_equal(try_requirements(&w, 1, 0), VK_SUCCESS); // 0: no alignment is asked for
    assert_int_equal(try_requirements(&w, 1, 1), VK_SUCCESS);
    assert_int_equal(try_requirements(&w, 1, MIB), VK_SUCCESS);
    assert_int_equal(try_requirements(&w, 1, 1ull << 40),
                     VK_SUCCESS); // the start of a block has any alignment
    assert_int_equal(try_requirements(&w, 200 * MIB, 1ull << 61), VK_SUCCESS);
    VmaAllocation held[3];
    world_open_lanes(&w);
    for (int i = 0; i < 3; ++i) {
        const VkMemoryRequirements wide = {.size = 1, .alignment = 1ull << 61, .memoryTypeBits = 1u << 1};
        const VmaAllocationCreateInfo info = {0};
        assert_int_equal(vmaAllocateMemory(w.allocator, &wide, &info, &held[i], NULL), VK_SUCCESS);
        assert_int_equal(world_info(&w, held[i]).offset, 0);
    }
    vmaFreeMemoryPages(w.allocator, 3, held);
    world_close(&w);
}

static void a_buffer_of_no_size_or_with_an_address_that_is_not_enabled_is_refused(void **state)
{
    (void)state;
    struct World w;
    VkBuffer buffer;
    VmaAllocation allocation;
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    world_open(&w, "nvidia-rebar", NULL);
    assert_int_equal(make_buffer(&w, 0, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_ERROR_INITIALIZATION_FAILED);
    assert_int_equal(
        make_buffer(&w, 64, VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT, &info, &buffer, &allocation),
        VK_ERROR_INITIALIZATION_FAILED);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_CREATE_BUFFER], 0);
    world_close(&w);
}

static void flags_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation allocation;
    VmaPool fixed, linear;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(
        vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = 1, .blockSize = MIB}, &fixed),
        VK_SUCCESS);
    assert_int_equal(vmaCreatePool(w.allocator,
                                   &(VmaPoolCreateInfo){.memoryTypeIndex = 1,
                                                        .flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT,
                                                        .maxBlockCount = 2},
                                   &linear),
                     VK_SUCCESS);
    assert_int_equal(try_flags(&w, 100, DEDICATED | NEVER, &allocation), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    assert_int_equal(try_flags(&w, 100, VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT, &allocation),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    const VmaAllocationCreateInfo own_in_fixed = {.pool = fixed, .flags = DEDICATED};
    assert_int_equal(world_try(&w, 100, &own_in_fixed, &allocation), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    const VmaAllocationCreateInfo upper = {.pool = linear, .flags = VMA_ALLOCATION_CREATE_UPPER_ADDRESS_BIT};
    assert_int_equal(world_try(&w, 100, &upper, &allocation), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY], 0);
    vmaDestroyPool(w.allocator, fixed);
    vmaDestroyPool(w.allocator, linear);
    world_close(&w);
}

static void missing_arguments_give_an_error_and_null(void **state)
{
    (void)state;
    struct World w;
    const VkMemoryRequirements requirements = {.size = 16, .alignment = 16, .memoryTypeBits = 1};
    const VmaAllocationCreateInfo info = {0};
    VmaAllocation allocation = (VmaAllocation)(uintptr_t)0x10;
    world_open_full(&w, "nvidia-rebar");
    assert_true(vmaAllocateMemory(NULL, &requirements, &info, &allocation, NULL) < 0);
    assert_null(allocation);
    assert_true(vmaAllocateMemory(w.allocator, NULL, &info, &allocation, NULL) < 0);
    assert_true(vmaAllocateMemory(w.allocator, &requirements, NULL, &allocation, NULL) < 0);
    assert_true(vmaAllocateMemory(w.allocator, &requirements, &info, NULL, NULL) < 0);
    assert_true(vmaAllocateMemoryPages(w.allocator, NULL, &info, 1, &allocation, NULL) < 0);
    assert_int_equal(vmaAllocateMemoryPages(w.allocator, &requirements, &info, 0, NULL, NULL), VK_SUCCESS);
    assert_true(vmaAllocateMemoryForBuffer(w.allocator, VK_NULL_HANDLE, &info, &allocation, NULL) < 0);
    assert_true(vmaAllocateMemoryForImage(w.allocator, VK_NULL_HANDLE, &info, &allocation, NULL) < 0);
    assert_true(vmaAllocateDedicatedMemory(w.allocator, NULL, &info, NULL, &allocation, NULL) < 0);
    assert_null(allocation);
    world_close(&w);
}

// ---- Memory of its own, or a block ----

static void never_allocate_takes_only_what_is_there(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation first, second, third;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(try_flags(&w, 1000, NEVER, &first), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_null(first);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY], 0);
    assert_int_equal(try_flags(&w, 1000, 0, &first), VK_SUCCESS);
    assert_int_equal(try_flags(&w, 1000, NEVER, &second), VK_SUCCESS);
    assert_int_equal(try_flags(&w, 100 * MIB, NEVER, &third), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY], 1);
    vmaFreeMemory(w.allocator, first);
    vmaFreeMemory(w.allocator, second);
    world_close(&w);
}

static void some_requests_get_memory_of_their_own(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    static const struct {
        VkDeviceSize size;
        VmaAllocationCreateFlags flags;
        bool own;
    } rows[] = {{1000, 0, false},
                {1000, DEDICATED, true},
                {128 * MIB, 0, false},
                {128 * MIB + 1, 0, true},
                {300 * MIB, 0, true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        VmaAllocation allocation = world_allocate(&w, 1, rows[i].size, rows[i].flags);
        assert_int_equal(world_is_dedicated(&w, allocation), rows[i].own);
        if (rows[i].own) {
            assert_int_equal(world_info(&w, allocation).offset, 0);
            assert_int_equal(world_memory_of(&w, allocation).size, rows[i].size);
        }
        vmaFreeMemory(w.allocator, allocation);
    }
    world_close(&w);
}

static void prefer(void *user, const VkBufferCreateInfo *buffer, const VkImageCreateInfo *image,
                   struct VrSimRequirements *requirements)
{
    const char *how = user;
    (void)buffer;
    (void)image;
    requirements->prefers_dedicated = *how == 'p';
    requirements->requires_dedicated = *how == 'r';
}

static void the_driver_may_prefer_or_require_memory_of_its_own(void **state)
{
    (void)state;
    struct World w;
    VkBuffer buffer;
    VmaAllocation allocation;
    char how[] = "p";
    world_open_full(&w, "nvidia-rebar");
    vr_sim_set_requirements_hook(w.sim, prefer, how);
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_SUCCESS);
    assert_true(world_is_dedicated(&w, allocation));
    assert_true(world_memory_of(&w, allocation).dedicated_buffer == buffer);
    vmaDestroyBuffer(w.allocator, buffer, allocation);
    // A preference gives way when memory of its own cannot be had, a requirement does not.
    vr_sim_fail(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_SUCCESS);
    assert_false(world_is_dedicated(&w, allocation));
    vmaDestroyBuffer(w.allocator, buffer, allocation);
    *how = 'r';
    vr_sim_fail_every(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_ERROR_OUT_OF_DEVICE_MEMORY);
    vr_sim_fail_every(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 0, VK_SUCCESS);
    info.flags = NEVER;
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    world_close(&w);
}

// Memory objects are few on some devices: close to the limit blocks are shared rather than given away,
// and requests larger than any block are served all the same.
static void close_to_the_limit_of_objects_a_preference_does_not_count(void **state)
{
    (void)state;
    struct World w;
    struct VrSimDevice device = world_device("nvidia-smallbar");
    device.limits.maxMemoryAllocationCount = 8;
    world_open_device(&w, &device, NULL);
    VmaAllocation own[7], large, larger, none;
    for (int i = 0; i < 7; ++i) {
        own[i] = world_allocate(&w, 1, 64 * KIB, DEDICATED);
    }
    large = world_allocate(&w, 1, 200 * MIB, 0);
    assert_false(world_is_dedicated(&w, large));
    vmaFreeMemory(w.allocator, own[6]);
    larger = world_allocate(&w, 1, 400 * MIB, 0);
    assert_true(world_is_dedicated(&w, larger));
    assert_int_equal(try_flags(&w, 1000, DEDICATED, &none), VK_ERROR_TOO_MANY_OBJECTS);
    assert_null(none);
    assert_int_equal(world_stats(&w).memories, 8);
    vmaFreeMemory(w.allocator, large);
    vmaFreeMemory(w.allocator, larger);
    vmaFreeMemoryPages(w.allocator, 6, own);
    world_close(&w);
}

// ---- What the driver is told ----

static void dedicated_memory_names_its_resource_unless_it_may_be_aliased(void **state)
{
    (void)state;
    struct World w;
    VkBuffer buffer;
    VmaAllocation allocation;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO, .flags = DEDICATED};
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_SUCCESS);
    assert_true(world_memory_of(&w, allocation).dedicated_buffer == buffer);
    vmaDestroyBuffer(w.allocator, buffer, allocation);
    info.flags |= VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT;
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_SUCCESS);
    assert_true(world_memory_of(&w, allocation).dedicated_buffer == VK_NULL_HANDLE);
    vmaDestroyBuffer(w.allocator, buffer, allocation);
    world_close(&w);
}

static void priorities_reach_the_driver_where_they_are_enabled(void **state)
{
    (void)state;
    struct World w;
    VmaPool pool;
    world_open_full(&w, "nvidia-rebar");
    const VmaPoolCreateInfo pool_info = {.memoryTypeIndex = 1, .priority = 0.75f};
    assert_int_equal(vmaCreatePool(w.allocator, &pool_info, &pool), VK_SUCCESS);
    VmaAllocationCreateInfo info = {.priority = 0.25f, .memoryTypeBits = 2};
    VmaAllocation allocation;
    assert_int_equal(world_try(&w, 1000, &info, &allocation), VK_SUCCESS);
    assert_true(world_memory_of(&w, allocation).priority == 0.5f); // a shared block
    vmaFreeMemory(w.allocator, allocation);
    info.flags = DEDICATED;
    assert_int_equal(world_try(&w, 1000, &info, &allocation), VK_SUCCESS);
    assert_true(world_memory_of(&w, allocation).priority == 0.25f);
    vmaFreeMemory(w.allocator, allocation);
    info.pool = pool;
    assert_int_equal(world_try(&w, 1000, &info, &allocation), VK_SUCCESS);
    assert_true(world_memory_of(&w, allocation).priority == 0.75f);
    vmaFreeMemory(w.allocator, allocation);
    info.flags = 0;
    assert_int_equal(world_try(&w, 1000, &info, &allocation), VK_SUCCESS);
    assert_true(world_memory_of(&w, allocation).priority == 0.75f);
    vmaFreeMemory(w.allocator, allocation);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
    world_open(&w, "nvidia-rebar", NULL);
    allocation = world_allocate(&w, 1, 1000, DEDICATED);
    assert_false(world_memory_of(&w, allocation).has_priority);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

static VkMemoryAllocateFlags address_flag_of_buffer(struct World *w, VkBufferUsageFlags usage,
                                                    VmaAllocationCreateFlags flags)
{
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO, .flags = flags};
    VkBuffer buffer;
    VmaAllocation allocation;
    assert_int_equal(make_buffer(w, 1000, usage, &info, &buffer, &allocation), VK_SUCCESS);
    const VkMemoryAllocateFlags got = world_memory_of(w, allocation).flags;
    vmaDestroyBuffer(w->allocator, buffer, allocation);
    return got;
}

static void memory_has_an_address_where_a_buffer_may_need_it(void **state)
{
    (void)state;
    const VkBufferUsageFlags storage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT;
    const VkMemoryAllocateFlags address = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(address_flag_of_buffer(&w, storage, 0), address); // a block, for whatever comes later
    assert_int_equal(address_flag_of_buffer(&w, storage, DEDICATED), 0);
    assert_int_equal(
        address_flag_of_buffer(&w, storage | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT, DEDICATED), address);
    VmaAllocation raw = world_allocate(&w, 1, 1000, DEDICATED);
    assert_int_equal(world_memory_of(&w, raw).flags, address);
    vmaFreeMemory(w.allocator, raw);
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO, .flags = DEDICATED};
    VkImage made;
    assert_int_equal(vmaCreateImage(w.allocator, &image, &info, &made, &raw, NULL), VK_SUCCESS);
    assert_int_equal(world_memory_of(&w, raw).flags, 0);
    assert_true(world_memory_of(&w, raw).dedicated_image == made);
    vmaDestroyImage(w.allocator, made, raw);
    world_close(&w);
    world_open(&w, "nvidia-rebar", NULL);
    assert_int_equal(address_flag_of_buffer(&w, storage, 0), 0);
    world_close(&w);
}

// Memory for a resource that exists already: its requirements are kept, and the handle is told to the driver.
static void memory_fits_the_resource_that_it_is_for(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    for (int own = 0; own < 2; ++own) {
        const VmaAllocationCreateInfo info = {.requiredFlags = DEVICE_LOCAL, .flags = own ? DEDICATED : 0};
        VkImage image = world_raw_image(&w, 200, 100);
        VkBuffer buffer = world_raw_buffer(&w, 5000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        VmaAllocation a, b;
        VmaAllocationInfo x, y;
        struct VrSimResourceInfo needs;
        assert_int_equal(vmaAllocateMemoryForImage(w.allocator, image, &info, &a, &x), VK_SUCCESS);
        assert_int_equal(vmaAllocateMemoryForBuffer(w.allocator, buffer, &info, &b, &y), VK_SUCCESS);
        vr_sim_image_info(image, &needs);
        assert_true(x.size >= needs.requirements.size && x.offset % needs.requirements.alignment == 0);
        assert_true(needs.requirements.type_bits >> x.memoryType & 1);
        vr_sim_buffer_info(buffer, &needs);
        assert_true(y.size >= needs.requirements.size && y.offset % needs.requirements.alignment == 0);
        assert_true(world_memory_of(&w, a).dedicated_image == (own ? image : VK_NULL_HANDLE));
        assert_true(world_memory_of(&w, b).dedicated_buffer == (own ? buffer : VK_NULL_HANDLE));
        assert_int_equal(vmaBindImageMemory(w.allocator, a, image), VK_SUCCESS);
        assert_int_equal(vmaBindBufferMemory(w.allocator, b, buffer), VK_SUCCESS);
        world_destroy_raw_image(&w, image);
        world_destroy_raw_buffer(&w, buffer);
        vmaFreeMemory(w.allocator, a);
        vmaFreeMemory(w.allocator, b);
    }
    world_close(&w);
}

static void memory_of_its_own_can_be_asked_for_by_function(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    const VkMemoryRequirements requirements = {.size = 5000, .alignment = 256, .memoryTypeBits = 1u << 3};
    const VmaAllocationCreateInfo info = {.flags = VMA_ALLOCATION_CREATE_MAPPED_BIT, .pUserData = &w};
    VmaAllocation allocation;
    VmaAllocationInfo got, described;
    assert_int_equal(vmaAllocateDedicatedMemory(w.allocator, &requirements, &info, NULL, &allocation, &got),
                     VK_SUCCESS);
    assert_true(world_is_dedicated(&w, allocation));
    assert_int_equal(got.size, 5000);
    assert_non_null(got.pMappedData);
    vramDescribeAllocation(allocation, &described); // without the allocator
    assert_true(described.deviceMemory == got.deviceMemory && described.size == got.size);
    assert_true(described.pMappedData == got.pMappedData && described.pUserData == &w);
    vmaFreeMemory(w.allocator, allocation);
    vramDescribeAllocation(allocation, &described);
    assert_true(described.deviceMemory == VK_NULL_HANDLE);
    vramDescribeAllocation(allocation, NULL);
    world_close(&w);
}

// ---- Pages ----

static void pages_come_all_or_none(void **state)
{
    (void)state;
    struct World w;
    const VkDeviceSize limits[VK_MAX_MEMORY_HEAPS] = {20 * MIB, 20 * MIB};
    const VmaAllocatorCreateInfo create = {.pHeapSizeLimit = limits};
    const VkMemoryRequirements requirements = {.size = MIB, .alignment = 256, .memoryTypeBits = 1u << 1};
    world_open(&w, "nvidia-rebar", &create);
    for (int own = 0; own < 2; ++own) {
        const VmaAllocationCreateInfo info = {.flags = VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT |
                                                       (own ? DEDICATED : 0),
                                              .pUserData = (void *)(uintptr_t) "page"};
        VmaAllocation pages[40];
        VmaAllocationInfo infos[40];
        VmaTotalStatistics total;
        memset(pages, 0x11, sizeof(pages));
        assert_int_equal(vmaAllocateMemoryPages(w.allocator, &requirements, &info, 40, pages, infos),
                         VK_ERROR_OUT_OF_DEVICE_MEMORY);
        for (int i = 0; i < 40; ++i) {
            assert_null(pages[i]);
        }
        vmaCalculateStatistics(w.allocator, &total);
        assert_int_equal(total.total.statistics.allocationCount, 0);
        assert_int_equal(vmaAllocateMemoryPages(w.allocator, &requirements, &info, 10, pages, infos),
                         VK_SUCCESS);
        for (int i = 0; i < 10; ++i) {
            assert_string_equal(infos[i].pName, "page");
            assert_null(infos[i].pUserData);
            for (int k = 0; k < i; ++k) {
                assert_true(infos[i].deviceMemory != infos[k].deviceMemory ||
                            infos[i].offset >= infos[k].offset + MIB ||
                            infos[k].offset >= infos[i].offset + MIB);
            }
        }
        pages[3] = (vmaFreeMemory(w.allocator, pages[3]), VK_NULL_HANDLE); // null among pages is fine
        vmaFreeMemoryPages(w.allocator, 10, pages);
    }
    world_close(&w);
}

// ---- Budget ----

static void within_budget_is_kept_by_every_path(void **state)
{
    (void)state;
    static const char *const devices[] = {"nvidia-rebar", "amd-rebar", "intel-dgpu"};
    for (int k = 0; k < 3 * 4; ++k) {
        struct World w;
        VmaPool pool = VK_NULL_HANDLE;
        VmaAllocation held[600], extra;
        unsigned count = 0;
        uint32_t random = 99;
        world_open_full(&w, devices[k / 4]);
        const uint32_t type = world_type(&w, DEVICE_LOCAL),
                       heap = vr_sim_description(w.sim)->types[type].heap;
        vr_sim_set_budget(w.sim, heap, 100 * MIB, 30 * MIB); // 70 MiB are left
        vmaSetCurrentFrameIndex(w.allocator, 1);
        VmaPoolCreateInfo info = {.memoryTypeIndex = type, .blockSize = k % 4 == 3 ? 3 * MIB : 0};
        if (k % 4 >= 2) {
            assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_SUCCESS);
        }
        const VmaAllocationCreateInfo how = {
            .flags = WITHIN | (k % 4 == 1 ? DEDICATED : 0), .memoryTypeBits = 1u << type, .pool = pool};
        while (count < 600 &&
               world_try(&w, 100 * KIB + world_random(&random) % (2 * MIB), &how, &held[count]) == 0) {
            ++count;
            assert_true(world_stats(&w).heap_bytes[heap] <= 70 * MIB);
        }
        assert_true(count > 10 && count < 600);
        assert_null(held[count]);
        assert_true(world_stats(&w).heap_bytes[heap] >= 60 * MIB);
        // Without the flag the budget is advice.
        const VmaAllocationCreateInfo freely = {.memoryTypeBits = 1u << type, .pool = pool};
        assert_int_equal(world_try(&w, 2 * MIB, &freely, &extra), VK_SUCCESS);
        vmaFreeMemory(w.allocator, extra);
        vmaFreeMemoryPages(w.allocator, count, held);
        vmaDestroyPool(w.allocator, pool);
        world_close(&w);
    }
}

// ---- Alignment and places ----

static void places_are_aligned_and_apart(void **state)
{
    (void)state;
    static const char *const devices[] = {"nvidia-rebar", "granularity4096", "mali"};
    for (int k = 0; k < 3; ++k) {
        enum { COUNT = 700 };
        struct World w;
        VmaAllocation held[COUNT] = {0};
        VkDeviceSize sizes[COUNT] = {0};
        uint32_t random = 4242;
        world_open_full(&w, devices[k]);
        for (int step = 0; step < 6000; ++step) {
            const uint32_t i = world_random(&random) % COUNT;
            if (held[i]) {
                vmaFreeMemory(w.allocator, held[i]);
                held[i] = VK_NULL_HANDLE;
                continue;
            }
            sizes[i] = 1 + world_random(&random) % (world_random(&random) % 8 ? 3000 : 300000);
            const VkMemoryRequirements requirements = {.size = sizes[i],
                                                       .alignment = 1u << world_random(&random) % 17,
                                                       .memoryTypeBits = UINT32_MAX};
            const VmaAllocationCreateInfo info = {.flags = 1u << (16 + world_random(&random) % 3)};
            VmaAllocationInfo got;
            assert_int_equal(vmaAllocateMemory(w.allocator, &requirements, &info, &held[i], &got),
                             VK_SUCCESS);
            assert_int_equal(got.offset % requirements.alignment, 0);
            assert_true(got.size >= sizes[i]);
        }
        for (int i = 0; i < COUNT; ++i) {
            for (int j = 0; held[i] && j < i; ++j) {
                if (held[j]) {
                    const VmaAllocationInfo a = world_info(&w, held[i]), b = world_info(&w, held[j]);
                    assert_true(a.deviceMemory != b.deviceMemory || a.offset >= b.offset + b.size ||
                                b.offset >= a.offset + a.size);
                }
            }
        }
        vmaFreeMemoryPages(w.allocator, COUNT, held);
        world_close(&w);
    }
}

static void a_least_alignment_can_be_asked_for(void **state)
{
    (void)state;
    struct World w;
    const VkBufferCreateInfo buffer = world_buffer_info(100, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    VkBuffer buffers[20];
    VmaAllocation allocations[20];
    world_open_full(&w, "nvidia-rebar");
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    for (int i = 0; i < 10; ++i) {
        assert_int_equal(vmaCreateBufferWithAlignment(w.allocator, &buffer, &info, 64 * KIB, &buffers[i],
                                                      &allocations[i], NULL),
                         VK_SUCCESS);
        assert_int_equal(world_info(&w, allocations[i]).offset % (64 * KIB), 0);
    }
    assert_int_equal(
        vmaCreateBufferWithAlignment(w.allocator, &buffer, &info, 0, &buffers[10], &allocations[10], NULL),
        VK_SUCCESS);
    assert_true(vmaCreateBufferWithAlignment(w.allocator, &buffer, &info, 48, &buffers[11], &allocations[11],
                                             NULL) < 0);
    assert_true(buffers[11] == VK_NULL_HANDLE && allocations[11] == VK_NULL_HANDLE);
#if !VRAM_VMA_3_3_LAYOUT
    info.minAlignment = 4096;
    for (int i = 11; i < 20; ++i) {
        assert_int_equal(vmaCreateBuffer(w.allocator, &buffer, &info, &buffers[i], &allocations[i], NULL),
                         VK_SUCCESS);
        assert_int_equal(world_info(&w, allocations[i]).offset % 4096, 0);
        vmaDestroyBuffer(w.allocator, buffers[i], allocations[i]);
    }
    info.minAlignment = 24;
    assert_true(vmaCreateBuffer(w.allocator, &buffer, &info, &buffers[11], &allocations[11], NULL) < 0);
#endif
    for (int i = 0; i < 11; ++i) {
        vmaDestroyBuffer(w.allocator, buffers[i], allocations[i]);
    }
    world_close(&w);
}

// ---- Binding, names, mapping by flag ----

static void a_resource_stays_unbound_on_demand(void **state)
{
    (void)state;
    struct World w;
    VkBuffer buffer;
    VmaAllocation allocation;
    struct VrSimResourceInfo seen;
    world_open_full(&w, "nvidia-rebar");
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO,
                                          .flags = VMA_ALLOCATION_CREATE_DONT_BIND_BIT};
    assert_int_equal(make_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, &info, &buffer, &allocation),
                     VK_SUCCESS);
    vr_sim_buffer_info(buffer, &seen);
    assert_true(seen.memory == VK_NULL_HANDLE);
    assert_int_equal(vmaBindBufferMemory(w.allocator, allocation, buffer), VK_SUCCESS);
    vr_sim_buffer_info(buffer, &seen);
    assert_true(seen.memory == world_info(&w, allocation).deviceMemory);
    assert_int_equal(seen.offset, world_info(&w, allocation).offset);
    vmaDestroyBuffer(w.allocator, buffer, allocation);
    world_close(&w);
}

static void a_string_can_be_kept_as_the_name(void **state)
{
    (void)state;
    struct World w;
    char text[] = "terrain";
    VmaAllocation allocation;
    world_open_full(&w, "nvidia-rebar");
    VmaAllocationCreateInfo info = {.flags = VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT,
                                    .pUserData = text};
    assert_int_equal(world_try(&w, 100, &info, &allocation), VK_SUCCESS);
    text[0] = 'x';
    assert_string_equal(world_info(&w, allocation).pName, "terrain");
    assert_null(world_info(&w, allocation).pUserData);
    vmaSetAllocationUserData(w.allocator, allocation, &w);
    vmaSetAllocationName(w.allocator, allocation, "water");
    assert_string_equal(world_info(&w, allocation).pName, "water");
    assert_ptr_equal(world_info(&w, allocation).pUserData, &w);
    vmaSetAllocationName(w.allocator, allocation, NULL);
    assert_null(world_info(&w, allocation).pName);
    vmaFreeMemory(w.allocator, allocation);
    info.pUserData = NULL; // no name
    assert_int_equal(world_try(&w, 100, &info, &allocation), VK_SUCCESS);
    assert_null(world_info(&w, allocation).pName);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

static void mapped_by_flag_holds_where_memory_is_visible(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    for (uint32_t type = 0; type < vr_sim_description(w.sim)->type_count; ++type) {
        for (int own = 0; own < 2; ++own) {
            VmaAllocation allocation =
                world_allocate(&w, type, 1000, VMA_ALLOCATION_CREATE_MAPPED_BIT | (own ? DEDICATED : 0));
            const bool visible = world_type_flags(&w, type) & HOST_VISIBLE;
            assert_int_equal(world_info(&w, allocation).pMappedData != NULL, visible);
            if (visible) {
                memset(world_info(&w, allocation).pMappedData, 1, 1000);
            }
            vmaFreeMemory(w.allocator, allocation);
        }
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_requirements_never_reach_the_driver),
        cmocka_unit_test(a_buffer_of_no_size_or_with_an_address_that_is_not_enabled_is_refused),
        cmocka_unit_test(flags_that_contradict_each_other_are_refused),
        cmocka_unit_test(missing_arguments_give_an_error_and_null),
        cmocka_unit_test(never_allocate_takes_only_what_is_there),
        cmocka_unit_test(some_requests_get_memory_of_their_own),
        cmocka_unit_test(the_driver_may_prefer_or_require_memory_of_its_own),
        cmocka_unit_test(close_to_the_limit_of_objects_a_preference_does_not_count),
        cmocka_unit_test(dedicated_memory_names_its_resource_unless_it_may_be_aliased),
        cmocka_unit_test(priorities_reach_the_driver_where_they_are_enabled),
        cmocka_unit_test(memory_has_an_address_where_a_buffer_may_need_it),
        cmocka_unit_test(memory_fits_the_resource_that_it_is_for),
        cmocka_unit_test(memory_of_its_own_can_be_asked_for_by_function),
        cmocka_unit_test(pages_come_all_or_none),
        cmocka_unit_test(within_budget_is_kept_by_every_path),
        cmocka_unit_test(places_are_aligned_and_apart),
        cmocka_unit_test(a_least_alignment_can_be_asked_for),
        cmocka_unit_test(a_resource_stays_unbound_on_demand),
        cmocka_unit_test(a_string_can_be_kept_as_the_name),
        cmocka_unit_test(mapped_by_flag_holds_where_memory_is_visible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
