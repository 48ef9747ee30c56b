// SPDX-License-Identifier: MIT
// Every host allocation and every Vulkan call of a set of scenarios fails once, in turn: the right code
// comes back, nothing is changed or leaked, and the allocator works on.
#include "world.h"

#include <stdio.h>
#include <string.h>

enum { PAGES = 20, PIECES = 48 };

// What a scenario holds: filled by `prepare`, which meets no failure, and by `run`, which does.
struct Bag {
    VmaPool pool, made_pool;
    VkBuffer buffer, alias;
    VkImage image, image_alias;
    VmaAllocation allocation, image_allocation;
    VmaAllocation pages[PAGES];
    VmaAllocation pieces[PIECES]; // kept by `prepare`
    char *text;
};

struct Scenario {
    const char *name;
    const char *device;
    void (*prepare)(struct World *w, struct Bag *bag); // null: nothing
    VkResult (*run)(struct World *w, struct Bag *bag);
    void (*undo)(struct World *w, struct Bag *bag); // of a run that succeeded
};

static unsigned provoked;

// ---- Scenarios ----

static VkResult make_pool(struct World *w, struct Bag *bag, VmaPoolCreateFlags flags, uint32_t type,
                          size_t min_blocks)
{
    const VmaPoolCreateInfo info = {
        .memoryTypeIndex = type, .flags = flags, .blockSize = 2 * MIB, .minBlockCount = min_blocks};
    return vmaCreatePool(w->allocator, &info, &bag->made_pool);
}

static VkResult run_pool(struct World *w, struct Bag *bag)
{
    return make_pool(w, bag, 0, 0, 3);
}

static VkResult run_linear_pool(struct World *w, struct Bag *bag)
{
    return make_pool(w, bag, VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT, 0, 3);
}

static void undo_pool(struct World *w, struct Bag *bag)
{
    vmaSetPoolName(w->allocator, bag->made_pool, "a pool");
    vmaDestroyPool(w->allocator, bag->made_pool);
}

static VkResult run_buffer_with(struct World *w, struct Bag *bag, VkDeviceSize size,
                                VmaAllocationCreateFlags flags)
{
    const VkBufferCreateInfo buffer = world_buffer_info(size, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO,
                                          .flags = flags,
                                          .pool = bag->pool,
                                          .pUserData = (void *)(uintptr_t) "named"};
    return vmaCreateBuffer(w->allocator, &buffer, &info, &bag->buffer, &bag->allocation, NULL);
}

static VkResult run_buffer(struct World *w, struct Bag *bag)
{
    return run_buffer_with(w, bag, 100 * KIB, 0);
}

static VkResult run_named_mapped_buffer(struct World *w, struct Bag *bag)
{
    return run_buffer_with(w, bag, 100 * KIB,
                           VMA_ALLOCATION_CREATE_MAPPED_BIT |
                               VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT |
                               VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT);
}

static VkResult run_dedicated_buffer(struct World *w, struct Bag *bag)
{
    return run_buffer_with(
        w, bag, 3 * MIB,
        VMA_ALLOCATION_CREATE_MAPPED_BIT | VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT |
            VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT | VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT);
}

static VkResult run_large_buffer(struct World *w, struct Bag *bag)
{
    return run_buffer_with(w, bag, 200 * MIB, 0);
}

#ifdef VK_KHR_maintenance5
// Usage of 64 bits needs side data of its own.
static VkResult run_wide_usage_buffer(struct World *w, struct Bag *bag)
{
    const VkBufferUsageFlags2CreateInfoKHR usage = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_USAGE_FLAGS_2_CREATE_INFO_KHR,
        .usage = 1ull << 33 | VK_BUFFER_USAGE_STORAGE_BUFFER_BIT};
    VkBufferCreateInfo buffer = world_buffer_info(64 * KIB, 0);
    buffer.pNext = &usage;
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    return vmaCreateBuffer(w->allocator, &buffer, &info, &bag->buffer, &bag->allocation, NULL);
}
#endif

static void undo_buffer(struct World *w, struct Bag *bag)
{
    vmaDestroyBuffer(w->allocator, bag->buffer, bag->allocation);
}

// Small buffers where threads have lanes of their own.
static void prepare_lanes(struct World *w, struct Bag *bag)
{
    bag->pieces[0] = world_allocate(w, 1, 100 * KIB, 0);
    world_open_lanes(w);
}

static VkResult run_small_buffer(struct World *w, struct Bag *bag)
{
    return run_buffer_with(w, bag, 1000, 0);
}

static VkResult run_pages_in_lanes(struct World *w, struct Bag *bag)
{
    const VkMemoryRequirements requirements = {.size = 4000, .alignment = 256, .memoryTypeBits = 1u << 1};
    const VmaAllocationCreateInfo info = {.flags = VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT,
                                          .pUserData = (void *)(uintptr_t) "page"};
    return vmaAllocateMemoryPages(w->allocator, &requirements, &info, PAGES, bag->pages, NULL);
}

static VkResult run_image_with(struct World *w, struct Bag *bag, VkImageTiling tiling,
                               VmaAllocationCreateFlags flags)
{
    const VkImageCreateInfo image = world_image_info(256, 256, tiling, VK_IMAGE_USAGE_SAMPLED_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO, .flags = flags};
    return vmaCreateImage(w->allocator, &image, &info, &bag->image, &bag->allocation, NULL);
}

static VkResult run_image(struct World *w, struct Bag *bag)
{
    return run_image_with(w, bag, VK_IMAGE_TILING_OPTIMAL, 0);
}

static VkResult run_linear_image(struct World *w, struct Bag *bag)
{
    return run_image_with(w, bag, VK_IMAGE_TILING_LINEAR,
                          VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT);
}

static VkResult run_dedicated_image(struct World *w, struct Bag *bag)
{
    return run_image_with(w, bag, VK_IMAGE_TILING_OPTIMAL, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT);
}

static void undo_image(struct World *w, struct Bag *bag)
{
    vmaDestroyImage(w->allocator, bag->image, bag->allocation);
}

static VkResult run_pages_with(struct World *w, struct Bag *bag, VkDeviceSize size,
                               VmaAllocationCreateFlags flags)
{
    const VkMemoryRequirements requirements = {.size = size, .alignment = 256, .memoryTypeBits = UINT32_MAX};
    const VmaAllocationCreateInfo info = {
        .flags = flags, .requiredFlags = HOST_VISIBLE, .pUserData = (void *)(uintptr_t) "page"};
    VmaAllocationInfo infos[PAGES];
    memset(bag->pages, 0x11, sizeof(bag->pages));
    return vmaAllocateMemoryPages(w->allocator, &requirements, &info, PAGES, bag->pages, infos);
}

static VkResult run_pages(struct World *w, struct Bag *bag)
{
    return run_pages_with(w, bag, MIB, VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT);
}

static VkResult run_dedicated_pages(struct World *w, struct Bag *bag)
{
    return run_pages_with(w, bag, 64 * KIB,
                          VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT |
                              VMA_ALLOCATION_CREATE_USER_DATA_COPY_STRING_BIT);
}

static void undo_pages(struct World *w, struct Bag *bag)
{
    vmaFreeMemoryPages(w->allocator, PAGES, bag->pages);
}

static void prepare_linear_pool(struct World *w, struct Bag *bag)
{
    assert_int_equal(make_pool(w, bag, VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT, 0, 0), VK_SUCCESS);
    bag->pool = bag->made_pool;
}

static VkResult run_linear_stack(struct World *w, struct Bag *bag)
{
    const VmaAllocationCreateInfo info = {.pool = bag->pool};
    VkResult result = VK_SUCCESS;
    int made = 0;
    for (; made < PAGES && result == VK_SUCCESS; ++made) {
        result = world_try(w, 300 * KIB, &info, &bag->pages[made]);
    }
    for (int i = made - 2; result != VK_SUCCESS && i >= 0; --i) {
        vmaFreeMemory(w->allocator, bag->pages[i]);
    }
    return result;
}

static void undo_linear_stack(struct World *w, struct Bag *bag)
{
    undo_pages(w, bag);
}

// Mapping, flushing and copying, on memory that is not coherent.
static void prepare_mapping(struct World *w, struct Bag *bag)
{
    bag->pieces[0] = world_allocate(w, world_type(w, DEVICE_LOCAL | HOST_VISIBLE | HOST_CACHED), 3000, 0);
    bag->pieces[1] = world_allocate(w, world_type(w, DEVICE_LOCAL | HOST_VISIBLE | HOST_CACHED), 5000, 0);
}

static VkResult run_mapping(struct World *w, struct Bag *bag)
{
    char bytes[64] = "to and fro";
    void *data;
    VkResult result = vmaMapMemory(w->allocator, bag->pieces[0], &data);
    if (result != VK_SUCCESS) {
        assert_null(data);
        return result;
    }
    result = vmaFlushAllocation(w->allocator, bag->pieces[0], 10, 20);
    if (result == VK_SUCCESS) {
        result = vmaInvalidateAllocation(w->allocator, bag->pieces[0], 0, VK_WHOLE_SIZE);
    }
    vmaUnmapMemory(w->allocator, bag->pieces[0]);
    if (result == VK_SUCCESS) {
        result = vmaCopyMemoryToAllocation(w->allocator, bytes, bag->pieces[1], 100, sizeof(bytes));
    }
    if (result == VK_SUCCESS) {
        result = vmaCopyAllocationToMemory(w->allocator, bag->pieces[1], 100, bytes, sizeof(bytes));
    }
    return result;
}

static void nothing_is_mapped(struct World *w, struct Bag *bag)
{
    (void)bag;
    assert_int_equal(world_stats(w).mapped, 0);
}

static void fragment(struct World *w, struct Bag *bag, uint32_t type)
{
    assert_int_equal(make_pool(w, bag, 0, type, 0), VK_SUCCESS);
    bag->pool = bag->made_pool;
    for (int i = 0; i < PIECES; ++i) {
        bag->pieces[i] = world_allocate_in(w, bag->pool, 250 * KIB, 0);
    }
    for (int i = 0; i < PIECES; i += 2) {
        vmaFreeMemory(w->allocator, bag->pieces[i]);
        bag->pieces[i] = VK_NULL_HANDLE;
    }
}

static void prepare_fragments(struct World *w, struct Bag *bag)
{
    fragment(w, bag, 0);
}

// Mappings move with what is mapped.
static void prepare_mapped_fragments(struct World *w, struct Bag *bag)
{
    void *data;
    fragment(w, bag, world_type(w, DEVICE_LOCAL | HOST_VISIBLE | HOST_COHERENT));
    for (int i = 1; i < PIECES; i += 4) {
        assert_int_equal(vmaMapMemory(w->allocator, bag->pieces[i], &data), VK_SUCCESS);
    }
}

static VkResult run_defragmentation(struct World *w, struct Bag *bag)
{
    const VmaDefragmentationInfo info = {.pool = bag->pool, .maxAllocationsPerPass = 5};
    VmaDefragmentationContext context;
    VkResult result = vmaBeginDefragmentation(w->allocator, &info, &context);
    if (result != VK_SUCCESS) {
        assert_null(context);
        return result;
    }
    VmaDefragmentationPassMoveInfo pass;
    while ((result = vmaBeginDefragmentationPass(w->allocator, context, &pass)) == VK_INCOMPLETE) {
        result = vmaEndDefragmentationPass(w->allocator, context, &pass);
        if (result != VK_INCOMPLETE) {
            break;
        }
    }
    vmaEndDefragmentation(w->allocator, context, NULL);
    return result;
}

static VkResult run_json(struct World *w, struct Bag *bag)
{
    vmaBuildStatsString(w->allocator, &bag->text, VK_TRUE);
    return bag->text ? VK_SUCCESS : VK_ERROR_OUT_OF_HOST_MEMORY;
}

static void undo_json(struct World *w, struct Bag *bag)
{
    vmaFreeStatsString(w->allocator, bag->text);
}

static VkResult run_find_type(struct World *w, struct Bag *bag)
{
    const VkBufferCreateInfo buffer = world_buffer_info(64 * KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    uint32_t type = 0;
    (void)bag;
    VkResult result = vmaFindMemoryTypeIndexForBufferInfo(w->allocator, &buffer, &info, &type);
    if (result == VK_SUCCESS) {
        result = vmaFindMemoryTypeIndexForImageInfo(w->allocator, &image, &info, &type);
    }
    assert_int_equal(result == VK_SUCCESS, type != UINT32_MAX);
    return result;
}

static void prepare_aliased(struct World *w, struct Bag *bag)
{
    bag->pieces[0] = world_allocate(w, world_type(w, DEVICE_LOCAL), MIB, VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT);
}

static VkResult run_aliasing(struct World *w, struct Bag *bag)
{
    const VkBufferCreateInfo buffer = world_buffer_info(64 * KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    VkResult result = vmaCreateAliasingBuffer2(w->allocator, bag->pieces[0], 512 * KIB, &buffer, &bag->alias);
    if (result != VK_SUCCESS) {
        assert_true(bag->alias == VK_NULL_HANDLE);
        return result;
    }
    result = vmaCreateAliasingImage2(w->allocator, bag->pieces[0], 128 * KIB, &image, &bag->image_alias);
    if (result != VK_SUCCESS) {
        assert_true(bag->image_alias == VK_NULL_HANDLE);
        vmaDestroyBuffer(w->allocator, bag->alias, VK_NULL_HANDLE);
    }
    return result;
}

static void undo_aliasing(struct World *w, struct Bag *bag)
{
    vmaDestroyBuffer(w->allocator, bag->alias, VK_NULL_HANDLE);
    vmaDestroyImage(w->allocator, bag->image_alias, VK_NULL_HANDLE);
}

static void prepare_raw_buffer(struct World *w, struct Bag *bag)
{
    bag->buffer = world_raw_buffer(w, 64 * KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
}

static VkResult run_memory_for_buffer(struct World *w, struct Bag *bag)
{
    const VmaAllocationCreateInfo info = {.requiredFlags = DEVICE_LOCAL};
    VkResult result = vmaAllocateMemoryForBuffer(w->allocator, bag->buffer, &info, &bag->allocation, NULL);
    if (result != VK_SUCCESS) {
        return result;
    }
    result = vmaBindBufferMemory(w->allocator, bag->allocation, bag->buffer);
    if (result != VK_SUCCESS) {
        vmaFreeMemory(w->allocator, bag->allocation);
        bag->allocation = VK_NULL_HANDLE;
    }
    return result;
}

static void undo_memory_for_buffer(struct World *w, struct Bag *bag)
{
    world_destroy_raw_buffer(w, bag->buffer);
    vmaFreeMemory(w->allocator, bag->allocation);
    bag->buffer = VK_NULL_HANDLE;
}

static const struct Scenario scenarios[] = {
    {"pool of three blocks", "nvidia-rebar", NULL, run_pool, undo_pool},
    {"linear pool of three blocks", "nvidia-rebar", NULL, run_linear_pool, undo_pool},
    {"buffer", "nvidia-rebar", NULL, run_buffer, undo_buffer},
    {"buffer where other types follow", "amd-rebar", NULL, run_buffer, undo_buffer},
    {"buffer without any extension", "single", NULL, run_buffer, undo_buffer},
    {"mapped buffer with a name", "nvidia-rebar", NULL, run_named_mapped_buffer, undo_buffer},
    {"mapped buffer of memory of its own", "nvidia-smallbar", NULL, run_dedicated_buffer, undo_buffer},
    {"large buffer", "nvidia-rebar", NULL, run_large_buffer, undo_buffer},
#ifdef VK_KHR_maintenance5
    {"buffer with usage beyond 32 bits", "nvidia-datacenter", NULL, run_wide_usage_buffer, undo_buffer},
#endif
    {"small buffer in a lane", "nvidia-rebar", prepare_lanes, run_small_buffer, undo_buffer},
    {"twenty pages in a lane", "nvidia-rebar", prepare_lanes, run_pages_in_lanes, undo_pages},
    {"image", "nvidia-rebar", NULL, run_image, undo_image},
    {"image in blocks of its kind", "granularity4096", NULL, run_image, undo_image},
    {"linear image", "amd-rebar", NULL, run_linear_image, undo_image},
    {"image of memory of its own", "intel-uma", NULL, run_dedicated_image, undo_image},
    {"twenty pages", "nvidia-rebar", NULL, run_pages, undo_pages},
    {"twenty pages of memory of their own", "amd-apu", NULL, run_dedicated_pages, undo_pages},
    {"stack in a linear pool", "nvidia-rebar", prepare_linear_pool, run_linear_stack, undo_linear_stack},
    {"map, flush and copy", "mali", prepare_mapping, run_mapping, nothing_is_mapped},
    {"defragmentation", "amd-rebar", prepare_fragments, run_defragmentation, NULL},
    {"defragmentation of mapped memory", "amd-rebar", prepare_mapped_fragments, run_defragmentation, NULL},
    {"JSON", "amd-rebar", prepare_fragments, run_json, undo_json},
    {"choice of a memory type", "nvidia-rebar", NULL, run_find_type, NULL},
    {"choice of a memory type, Vulkan 1.0", "single", NULL, run_find_type, NULL},
    {"aliasing", "amd-rebar", prepare_aliased, run_aliasing, undo_aliasing},
    {"memory for a buffer, then bound", "intel-dgpu", prepare_raw_buffer, run_memory_for_buffer,
     undo_memory_for_buffer},
};

// ---- The sweep ----

enum Where { IN_HOST, IN_HOST_FROM_THERE, IN_VULKAN };

struct Failure {
    enum Where where;
    VkResult code;
};

static void arm(struct World *w, const struct Failure *failure, uint32_t nth)
{
    if (failure->where == IN_HOST_FROM_THERE && nth) {
        host_fail_from(&w->host, nth);
    } else if (failure->where != IN_VULKAN) {
        host_fail(&w->host, nth);
    } else {
        vr_sim_fail(w->sim, VR_SIM_CALL_ANY, nth, failure->code);
    }
}

static uint64_t fired(struct World *w, const struct Failure *failure)
{
    return failure->where == IN_VULKAN ? vr_sim_faults_fired(w->sim) : atomic_load(&w->host.failed);
}

struct Snapshot {
    struct VrSimStats sim;
    VmaTotalStatistics total;
};

static struct Snapshot snapshot_of(struct World *w)
{
    struct Snapshot snapshot;
    vr_sim_stats(w->sim, &snapshot.sim);
    vmaCalculateStatistics(w->allocator, &snapshot.total);
    return snapshot;
}

// An empty block may stay for the next request, as it does when all goes well: `kept` memories at most.
static void is_as_before(struct World *w, const struct Scenario *s, const struct Snapshot *before,
                         uint64_t kept, uint32_t nth)
{
    const struct Snapshot now = snapshot_of(w);
    if (now.sim.buffers != before->sim.buffers || now.sim.images != before->sim.images ||
        now.total.total.statistics.allocationCount != before->total.total.statistics.allocationCount ||
        now.total.total.statistics.allocationBytes != before->total.total.statistics.allocationBytes ||
        (now.sim.memories > before->sim.memories && now.sim.memories > kept) ||
        now.total.total.statistics.blockCount != now.sim.memories) {
        fail_msg("%s, failure %u: memories %d -> %d, buffers %d -> %d, images %d -> %d, allocations %u -> %u",
                 s->name, nth, (int)before->sim.memories, (int)now.sim.memories, (int)before->sim.buffers,
                 (int)now.sim.buffers, (int)before->sim.images, (int)now.sim.images,
                 before->total.total.statistics.allocationCount, now.total.total.statistics.allocationCount);
    }
}

static void outputs_are_null(const struct Scenario *s, const struct Bag *bag)
{
    bool handles = bag->allocation != VK_NULL_HANDLE || (s->prepare != prepare_raw_buffer && bag->buffer) ||
                   bag->image != VK_NULL_HANDLE || (!s->prepare && bag->made_pool);
    for (int i = 0; i < PAGES && (s->run == run_pages || s->run == run_dedicated_pages); ++i) {
        handles |= bag->pages[i] != VK_NULL_HANDLE;
    }
    if (handles) {
        fail_msg("%s: an output is not null after a failure", s->name);
    }
}

static void works_on(struct World *w)
{
    const VkBufferCreateInfo info = world_buffer_info(64 * KIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VmaAllocationCreateInfo how = {.usage = VMA_MEMORY_USAGE_AUTO};
    VkBuffer buffer;
    VmaAllocation allocation;
    assert_int_equal(vmaCreateBuffer(w->allocator, &info, &how, &buffer, &allocation, NULL), VK_SUCCESS);
    vmaDestroyBuffer(w->allocator, buffer, allocation);
}

static void put_away(struct World *w, struct Bag *bag)
{
    for (int i = 0; i < PIECES; ++i) {
        vmaFreeMemory(w->allocator, bag->pieces[i]);
    }
    if (bag->pool) {
        vmaDestroyPool(w->allocator, bag->pool);
    }
}

// VkDeviceMemory objects that are left by a run that meets no failure and is undone.
static uint64_t memories_kept(const struct Scenario *s)
{
    struct World w;
    struct Bag bag = {0};
    world_open_full(&w, s->device);
    if (s->prepare) {
        s->prepare(&w, &bag);
    }
    assert_int_equal(s->run(&w, &bag), VK_SUCCESS);
    if (s->undo) {
        s->undo(&w, &bag);
    }
    const uint64_t kept = world_stats(&w).memories;
    put_away(&w, &bag);
    world_close(&w);
    return kept;
}

// One run with the nth step failing. False: it passed without meeting the failure.
static bool run_once(const struct Scenario *s, const struct Failure *failure, uint64_t kept, uint32_t nth)
{
    struct World w;
    struct Bag bag = {0};
    world_open_full(&w, s->device);
    if (s->prepare) {
        s->prepare(&w, &bag);
    }
    const struct Snapshot before = snapshot_of(&w);
    arm(&w, failure, nth);
    const VkResult result = s->run(&w, &bag);
    arm(&w, failure, 0);
    const bool met = fired(&w, failure) != 0;
    if (result == VK_SUCCESS) {
        if (s->undo) {
            s->undo(&w, &bag);
        }
    } else {
        if (!met) {
            fail_msg("%s: fails with %d although nothing was made to fail", s->name, result);
        }
        const bool expected = result == failure->code ||
                              (failure->where == IN_VULKAN && result == VK_ERROR_OUT_OF_DEVICE_MEMORY);
        if (!expected) {
            fail_msg("%s, failure %u: code %d where %d was due", s->name, nth, result, failure->code);
        }
        outputs_are_null(s, &bag);
        is_as_before(&w, s, &before, kept, nth);
    }
    works_on(&w);
    if (s->prepare == prepare_raw_buffer && bag.buffer) {
        world_destroy_raw_buffer(&w, bag.buffer);
    }
    put_away(&w, &bag);
    world_close(&w);
    provoked += met;
    return met;
}

static void sweep(const struct Failure *failure)
{
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); ++i) {
        const uint64_t kept = memories_kept(&scenarios[i]);
        uint32_t nth = 1;
        while (run_once(&scenarios[i], failure, kept, nth)) {
            ++nth;
        }
    }
}

static void every_host_allocation_may_fail(void **state)
{
    (void)state;
    sweep(&(struct Failure){IN_HOST, VK_ERROR_OUT_OF_HOST_MEMORY});
}

static void host_memory_may_run_out_for_good(void **state)
{
    (void)state;
    sweep(&(struct Failure){IN_HOST_FROM_THERE, VK_ERROR_OUT_OF_HOST_MEMORY});
}

static void every_vulkan_call_may_run_out_of_device_memory(void **state)
{
    (void)state;
    sweep(&(struct Failure){IN_VULKAN, VK_ERROR_OUT_OF_DEVICE_MEMORY});
}

static void every_vulkan_call_may_run_out_of_host_memory(void **state)
{
    (void)state;
    sweep(&(struct Failure){IN_VULKAN, VK_ERROR_OUT_OF_HOST_MEMORY});
}

static void the_device_may_be_lost_in_any_call(void **state)
{
    (void)state;
    sweep(&(struct Failure){IN_VULKAN, VK_ERROR_DEVICE_LOST});
}

static void an_allocator_that_cannot_be_created_leaves_nothing(void **state)
{
    (void)state;
    for (uint32_t nth = 1;; ++nth) {
        struct World w;
        VmaAllocatorCreateInfo info = {0};
        const struct VrSimDevice device = world_device("nvidia-rebar");
        info.flags = world_all_flags(&device);
        world_open_sim(&w, &device, &info);
        host_fail(&w.host, nth);
        w.allocator = (VmaAllocator)(uintptr_t)0x10;
        const VkResult result = vmaCreateAllocator(&info, &w.allocator);
        host_fail(&w.host, 0);
        if (result != VK_SUCCESS) {
            assert_int_equal(result, VK_ERROR_OUT_OF_HOST_MEMORY);
            assert_null(w.allocator);
            ++provoked;
        }
        world_close(&w);
        if (result == VK_SUCCESS) {
            assert_true(nth > 1);
            return;
        }
    }
}

// Names are kept where host memory allows it; an allocation or pool without its name is as good as ever.
static void a_name_that_cannot_be_kept_is_dropped(void **state)
{
    (void)state;
    for (uint32_t nth = 1; nth <= 5; ++nth) {
        struct World w;
        const char *name = "unset";
        world_open_full(&w, "amd-rebar");
        VmaAllocation allocation = world_allocate(&w, 0, 1000, 0);
        host_fail(&w.host, nth);
        vmaSetAllocationName(w.allocator, allocation, "first");
        vmaSetAllocationName(w.allocator, allocation, "second");
        host_fail(&w.host, 0);
        name = world_info(&w, allocation).pName;
        assert_true(nth == 5 || !name || *name == 'f' || *name == 's');
        assert_true(nth != 5 || *name == 's');
        vmaFreeMemory(w.allocator, allocation);
        world_close(&w);
        ++provoked;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_host_allocation_may_fail),
        cmocka_unit_test(host_memory_may_run_out_for_good),
        cmocka_unit_test(every_vulkan_call_may_run_out_of_device_memory),
        cmocka_unit_test(every_vulkan_call_may_run_out_of_host_memory),
        cmocka_unit_test(the_device_may_be_lost_in_any_call),
        cmocka_unit_test(an_allocator_that_cannot_be_created_leaves_nothing),
        cmocka_unit_test(a_name_that_cannot_be_kept_is_dropped),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    printf("%u failures provoked\n", provoked);
    return failed;
}
