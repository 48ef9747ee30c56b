// SPDX-License-Identifier: MIT
// Buffers and images: that they are bound where they lie, granularity, aliasing, memory of their own,
// failed binds.
#include "world.h"

#include <string.h>

static VmaAllocationCreateInfo automatic(VmaAllocationCreateFlags flags)
{
    return (VmaAllocationCreateInfo){.usage = VMA_MEMORY_USAGE_AUTO, .flags = flags};
}

// ---- Creation ----

static void buffers_and_images_are_bound_where_their_allocation_lies(void **state)
{
    (void)state;
    const char *name;
    for (uint32_t i = 0; (name = vr_sim_device_builtin_name(i)) != NULL; ++i) {
        struct World w;
        world_open_full(&w, name);
        for (int own = 0; own < 2; ++own) {
            const VmaAllocationCreateInfo info =
                automatic(own ? VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT : 0);
            const VkBufferCreateInfo buffer = world_buffer_info(777, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
            const VkImageCreateInfo image =
                world_image_info(100, 50, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
            VkBuffer made_buffer;
            VkImage made_image;
            VmaAllocation a, b;
            VmaAllocationInfo x, y;
            struct VrSimResourceInfo seen;
            assert_int_equal(vmaCreateBuffer(w.allocator, &buffer, &info, &made_buffer, &a, &x), VK_SUCCESS);
            vr_sim_buffer_info(made_buffer, &seen);
            assert_true(seen.memory == x.deviceMemory && seen.offset == x.offset);
            assert_true(x.size >= seen.requirements.size);
            assert_int_equal(x.offset % seen.requirements.alignment, 0);
            assert_int_equal(vmaCreateImage(w.allocator, &image, &info, &made_image, &b, &y), VK_SUCCESS);
            vr_sim_image_info(made_image, &seen);
            assert_true(seen.memory == y.deviceMemory && seen.offset == y.offset);
            assert_true(y.size >= seen.requirements.size);
            assert_int_equal(y.offset % seen.requirements.alignment, 0);
            vmaDestroyBuffer(w.allocator, made_buffer, a);
            vmaDestroyImage(w.allocator, made_image, b);
        }
        world_close(&w);
    }
}

static void impossible_images_never_reach_the_driver(void **state)
{
    (void)state;
    struct World w;
    const VmaAllocationCreateInfo info = automatic(0);
    world_open_full(&w, "nvidia-rebar");
    for (int what = 0; what < 5; ++what) {
        VkImageCreateInfo image = world_image_info(4, 4, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
        uint32_t *const members[] = {&image.extent.width, &image.extent.height, &image.extent.depth,
                                     &image.mipLevels, &image.arrayLayers};
        VkImage made = (VkImage)(uintptr_t)0x10;
        VmaAllocation allocation = (VmaAllocation)(uintptr_t)0x10;
        *members[what] = 0;
        assert_int_equal(vmaCreateImage(w.allocator, &image, &info, &made, &allocation, NULL),
                         VK_ERROR_INITIALIZATION_FAILED);
        assert_true(made == VK_NULL_HANDLE && allocation == VK_NULL_HANDLE);
    }
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_CREATE_IMAGE], 0);
    world_close(&w);
}

static void missing_arguments_give_an_error_and_null(void **state)
{
    (void)state;
    struct World w;
    const VkBufferCreateInfo buffer = world_buffer_info(64, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(4, 4, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    const VmaAllocationCreateInfo info = automatic(0);
    world_open_full(&w, "nvidia-rebar");
    for (int what = 0; what < 5; ++what) {
        VmaAllocator allocator = what == 0 ? NULL : w.allocator;
        VkBuffer made_buffer = (VkBuffer)(uintptr_t)0x10;
        VkImage made_image = (VkImage)(uintptr_t)0x10;
        VmaAllocation a = (VmaAllocation)(uintptr_t)0x10, b = (VmaAllocation)(uintptr_t)0x10;
        assert_true(vmaCreateBuffer(allocator, what == 1 ? NULL : &buffer, what == 2 ? NULL : &info,
                                    what == 3 ? NULL : &made_buffer, what == 4 ? NULL : &a, NULL) < 0);
        assert_true(vmaCreateImage(allocator, what == 1 ? NULL : &image, what == 2 ? NULL : &info,
                                   what == 3 ? NULL : &made_image, what == 4 ? NULL : &b, NULL) < 0);
        if (what < 3) {
            assert_true(made_buffer == VK_NULL_HANDLE && made_image == VK_NULL_HANDLE && !a && !b);
        }
    }
    assert_int_equal(world_stats(&w).buffers, 0);
    world_close(&w);
}

// The newer questions are used where they may be, with the same outcome.
static void requirements_are_asked_the_newest_way(void **state)
{
    (void)state;
    struct World w;
    uint32_t type, old_type;
    const VmaAllocationCreateInfo info = automatic(0);
    const VkBufferCreateInfo buffer = world_buffer_info(1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(vmaFindMemoryTypeIndexForBufferInfo(w.allocator, &buffer, &info, &type), VK_SUCCESS);
    assert_int_equal(vmaFindMemoryTypeIndexForImageInfo(w.allocator, &image, &info, &type), VK_SUCCESS);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_GET_DEVICE_BUFFER_REQUIREMENTS], 1);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_GET_DEVICE_IMAGE_REQUIREMENTS], 1);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_CREATE_BUFFER], 0);
    world_close(&w);
    const VmaAllocatorCreateInfo old = {.vulkanApiVersion = VK_API_VERSION_1_0};
    world_open(&w, "nvidia-rebar", &old);
    assert_int_equal(vmaFindMemoryTypeIndexForImageInfo(w.allocator, &image, &info, &old_type), VK_SUCCESS);
    assert_int_equal(type, old_type);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_CREATE_IMAGE], 1);
    assert_int_equal(world_stats(&w).images, 0);
    world_close(&w);
}

// ---- Granularity ----

struct Piece {
    VmaAllocation allocation;
    VkBuffer buffer;
    VkImage image;
    bool optimal; // or linear
};

static void make_piece(struct World *w, VmaPool pool, uint32_t *random, struct Piece *piece)
{
    VmaAllocationCreateInfo info = automatic(0);
    const uint32_t dice = world_random(random) % 8;
    info.pool = pool;
    *piece = (struct Piece){0};
    if (dice < 4) {
        const VkBufferCreateInfo buffer =
            world_buffer_info(1 + world_random(random) % 9000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        assert_int_equal(
            vmaCreateBuffer(w->allocator, &buffer, &info, &piece->buffer, &piece->allocation, NULL), 0);
    } else {
        piece->optimal = dice < 7;
        const VkImageCreateInfo image =
            world_image_info(1 + world_random(random) % 40, 1 + world_random(random) % 40,
                             piece->optimal ? VK_IMAGE_TILING_OPTIMAL : VK_IMAGE_TILING_LINEAR,
                             VK_IMAGE_USAGE_TRANSFER_DST_BIT);
        assert_int_equal(vmaCreateImage(w->allocator, &image, &info, &piece->image, &piece->allocation, NULL),
                         0);
    }
}

static void drop_piece(struct World *w, struct Piece *piece)
{
    if (piece->buffer) {
        vmaDestroyBuffer(w->allocator, piece->buffer, piece->allocation);
    } else {
        vmaDestroyImage(w->allocator, piece->image, piece->allocation);
    }
    piece->allocation = VK_NULL_HANDLE;
}

static void no_page_is_shared(struct World *w, const struct Piece *pieces, size_t count, VkDeviceSize page)
{
    for (size_t i = 0; i < count; ++i) {
        for (size_t k = 0; pieces[i].allocation && k < i; ++k) {
            if (!pieces[k].allocation || pieces[i].optimal == pieces[k].optimal) {
                continue;
            }
            const VmaAllocationInfo a = world_info(w, pieces[i].allocation),
                                    b = world_info(w, pieces[k].allocation);
            if (a.deviceMemory == b.deviceMemory) {
                const VkDeviceSize a_end = a.offset + a.size - 1, b_end = b.offset + b.size - 1;
                assert_true(a.offset / page > b_end / page || b.offset / page > a_end / page);
            }
        }
    }
}

// Tight images: drivers whose images need no more than a few bytes of alignment are those that
// granularity hurts.
static void align_little(void *user, const VkBufferCreateInfo *buffer, const VkImageCreateInfo *image,
                         struct VrSimRequirements *requirements)
{
    (void)user;
    (void)buffer;
    requirements->alignment = 64;
    requirements->prefers_dedicated = false;
    if (image) {
        requirements->size = (VkDeviceSize)image->extent.width * image->extent.height * 4;
    }
}

static void linear_and_optimal_never_share_a_page(void **state)
{
    (void)state;
    static const VkDeviceSize pages[] = {64, 256, 1024, 4096, 65536};
    for (size_t p = 0; p < 5; ++p) {
        for (int place = 0; place < 3; ++place) { // default pools, a custom one, a linear one
            enum { COUNT = 120 };
            struct World w;
            struct Piece pieces[COUNT] = {0};
            uint32_t random = 17;
            VmaPool pool = VK_NULL_HANDLE;
            struct VrSimDevice device = world_device("amd-apu");
            device.limits.bufferImageGranularity = pages[p];
            world_open_device(&w, &device, NULL);
            vr_sim_set_requirements_hook(w.sim, align_little, NULL);
            if (place) {
                const VmaPoolCreateInfo info = {
                    .blockSize = 16 * MIB, .flags = place == 2 ? VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT : 0};
                assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_SUCCESS);
            }
            for (int step = 0; step < 1500; ++step) {
                struct Piece *piece = &pieces[world_random(&random) % COUNT];
                if (piece->allocation) {
                    drop_piece(&w, piece);
                } else {
                    make_piece(&w, pool, &random, piece);
                }
                if (step % 250 == 249) {
                    no_page_is_shared(&w, pieces, COUNT, pages[p]);
                }
            }
            for (int i = 0; i < COUNT; ++i) {
                if (pieces[i].allocation) {
                    drop_piece(&w, &pieces[i]);
                }
            }
            vmaDestroyPool(w.allocator, pool);
            world_close(&w);
        }
    }
}

// Memory for a resource that is not described may hold either kind.
static void undescribed_memory_shares_a_page_with_nothing(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation held[100];
    struct VrSimDevice device = world_device("amd-apu");
    device.limits.bufferImageGranularity = 4096;
    world_open_device(&w, &device, NULL);
    for (int i = 0; i < 100; ++i) {
        held[i] = world_allocate(&w, 0, 100 + (VkDeviceSize)i, 0);
    }
    for (int i = 0; i < 100; ++i) {
        for (int k = 0; k < i; ++k) {
            const VmaAllocationInfo a = world_info(&w, held[i]), b = world_info(&w, held[k]);
            assert_true(a.deviceMemory != b.deviceMemory || a.offset / 4096 != b.offset / 4096);
        }
    }
    vmaFreeMemoryPages(w.allocator, 100, held);
    world_close(&w);
}

static void a_pool_may_ignore_granularity(void **state)
{
    (void)state;
    struct World w;
    VmaPool pool;
    VmaAllocation held[100];
    struct VrSimDevice device = world_device("amd-apu");
    device.limits.bufferImageGranularity = 65536;
    world_open_device(&w, &device, NULL);
    const VmaPoolCreateInfo info = {
        .flags = VMA_POOL_CREATE_IGNORE_BUFFER_IMAGE_GRANULARITY_BIT, .blockSize = MIB, .maxBlockCount = 1};
    assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_SUCCESS);
    for (int i = 0; i < 100; ++i) {
        held[i] = world_allocate_in(&w, pool, 1024, 0); // 100 pages of 64 KiB would not fit
    }
    vmaFreeMemoryPages(w.allocator, 100, held);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

// ---- Aliasing ----

static void resources_may_be_laid_over_an_allocation(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "amd-rebar");
    VmaAllocation allocation =
        world_allocate(&w, world_type(&w, DEVICE_LOCAL), 4 * MIB, VMA_ALLOCATION_CREATE_CAN_ALIAS_BIT);
    const VmaAllocationInfo under = world_info(&w, allocation);
    const VkBufferCreateInfo buffer = world_buffer_info(MIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(128, 128, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    VkBuffer first, second;
    VkImage third;
    struct VrSimResourceInfo seen;
    assert_int_equal(vmaCreateAliasingBuffer(w.allocator, allocation, &buffer, &first), VK_SUCCESS);
    assert_int_equal(vmaCreateAliasingBuffer2(w.allocator, allocation, 3 * MIB, &buffer, &second),
                     VK_SUCCESS);
    assert_int_equal(vmaCreateAliasingImage2(w.allocator, allocation, MIB, &image, &third), VK_SUCCESS);
    vr_sim_buffer_info(first, &seen);
    assert_true(seen.memory == under.deviceMemory && seen.offset == under.offset);
    vr_sim_buffer_info(second, &seen);
    assert_int_equal(seen.offset, under.offset + 3 * MIB);
    vr_sim_image_info(third, &seen);
    assert_int_equal(seen.offset, under.offset + MIB);
    vmaDestroyBuffer(w.allocator, first, VK_NULL_HANDLE);
    vmaDestroyBuffer(w.allocator, second, VK_NULL_HANDLE);
    vmaDestroyImage(w.allocator, third, VK_NULL_HANDLE);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

static void what_does_not_fit_over_an_allocation_is_refused(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "amd-rebar");
    VmaAllocation allocation = world_allocate(&w, world_type(&w, DEVICE_LOCAL), MIB, 0);
    const VkBufferCreateInfo buffer = world_buffer_info(MIB, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(4096, 4096, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    static const VkDeviceSize offsets[] = {1024, MIB, MIB + 4096, UINT64_MAX, UINT64_MAX - 4095};
    for (size_t i = 0; i < 5; ++i) {
        VkBuffer made = (VkBuffer)(uintptr_t)0x10;
        assert_true(vmaCreateAliasingBuffer2(w.allocator, allocation, offsets[i], &buffer, &made) < 0);
        assert_true(made == VK_NULL_HANDLE);
    }
    VkImage made = (VkImage)(uintptr_t)0x10;
    assert_true(vmaCreateAliasingImage(w.allocator, allocation, &image, &made) < 0);
    assert_true(made == VK_NULL_HANDLE);
    assert_true(vmaCreateAliasingImage(w.allocator, VK_NULL_HANDLE, &image, &made) < 0);
    assert_true(vmaCreateAliasingImage(w.allocator, allocation, NULL, &made) < 0);
    assert_int_equal(world_stats(&w).buffers + world_stats(&w).images, 0);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

static void require_own_memory(void *user, const VkBufferCreateInfo *buffer, const VkImageCreateInfo *image,
                               struct VrSimRequirements *requirements)
{
    (void)buffer;
    (void)image;
    requirements->requires_dedicated = *(const bool *)user;
    requirements->type_bits &= *(const bool *)user ? UINT32_MAX : ~2u;
}

static void what_must_not_lie_over_an_allocation_is_refused(void **state)
{
    (void)state;
    struct World w;
    bool own = false; // first the wrong type, then memory of its own
    world_open_full(&w, "nvidia-rebar");
    VmaAllocation allocation = world_allocate(&w, 1, MIB, 0);
    vr_sim_set_requirements_hook(w.sim, require_own_memory, &own);
    for (int i = 0; i < 2; ++i) {
        const VkBufferCreateInfo buffer = world_buffer_info(1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
        const VkImageCreateInfo image =
            world_image_info(16, 16, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
        VkBuffer made_buffer = (VkBuffer)(uintptr_t)0x10;
        VkImage made_image = (VkImage)(uintptr_t)0x10;
        assert_true(vmaCreateAliasingBuffer(w.allocator, allocation, &buffer, &made_buffer) < 0);
        assert_true(vmaCreateAliasingImage(w.allocator, allocation, &image, &made_image) < 0);
        assert_true(made_buffer == VK_NULL_HANDLE && made_image == VK_NULL_HANDLE);
        own = true;
    }
    assert_int_equal(world_stats(&w).buffers + world_stats(&w).images, 0);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

// ---- Binding ----

static void nothing_is_left_when_a_bind_fails(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    const VmaAllocationCreateInfo info = automatic(0);
    const VkBufferCreateInfo buffer = world_buffer_info(1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    VkBuffer made_buffer = (VkBuffer)(uintptr_t)0x10;
    VkImage made_image = (VkImage)(uintptr_t)0x10;
    VmaAllocation a, b;
    VmaTotalStatistics total;
    vr_sim_fail(w.sim, VR_SIM_CALL_BIND_BUFFER, 1, VK_ERROR_OUT_OF_HOST_MEMORY);
    vr_sim_fail(w.sim, VR_SIM_CALL_BIND_IMAGE, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(vmaCreateBuffer(w.allocator, &buffer, &info, &made_buffer, &a, NULL),
                     VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(vmaCreateImage(w.allocator, &image, &info, &made_image, &b, NULL),
                     VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_true(made_buffer == VK_NULL_HANDLE && made_image == VK_NULL_HANDLE && !a && !b);
    assert_int_equal(world_stats(&w).buffers + world_stats(&w).images, 0);
    vmaCalculateStatistics(w.allocator, &total);
    assert_int_equal(total.total.statistics.allocationCount, 0);
    VmaAllocation under = world_allocate(&w, 1, MIB, 0);
    vr_sim_fail(w.sim, VR_SIM_CALL_BIND_BUFFER, 1, VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_int_equal(vmaCreateAliasingBuffer(w.allocator, under, &buffer, &made_buffer),
                     VK_ERROR_OUT_OF_HOST_MEMORY);
    assert_true(made_buffer == VK_NULL_HANDLE);
    assert_int_equal(world_stats(&w).buffers, 0);
    vmaFreeMemory(w.allocator, under);
    world_close(&w);
}

static void a_bind_outside_of_the_allocation_is_refused(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-rebar");
    VkBuffer buffer = world_raw_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT),
             no_buffer = VK_NULL_HANDLE;
    VkImage image = world_raw_image(&w, 16, 16);
    VmaAllocation allocation = world_allocate(&w, 1, MIB, 0);
    assert_true(vmaBindBufferMemory2(w.allocator, allocation, MIB, buffer, NULL) < 0);
    assert_true(vmaBindImageMemory2(w.allocator, allocation, UINT64_MAX, image, NULL) < 0);
    assert_true(vmaBindBufferMemory(w.allocator, allocation, no_buffer) < 0);
    assert_true(vmaBindBufferMemory(w.allocator, VK_NULL_HANDLE, buffer) < 0);
    assert_int_equal(vmaBindBufferMemory2(w.allocator, allocation, 4096, buffer, NULL), VK_SUCCESS);
    assert_int_equal(vmaBindImageMemory2(w.allocator, allocation, 64 * KIB, image, NULL), VK_SUCCESS);
    world_destroy_raw_buffer(&w, buffer);
    world_destroy_raw_image(&w, image);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

static void a_chain_on_a_bind_needs_the_newer_function(void **state)
{
    (void)state;
    struct World w;
    const VkBindBufferMemoryDeviceGroupInfo group = {
        .sType = VK_STRUCTURE_TYPE_BIND_BUFFER_MEMORY_DEVICE_GROUP_INFO};
    world_open_full(&w, "nvidia-rebar");
    VkBuffer buffer = world_raw_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    VmaAllocation allocation = world_allocate(&w, 1, MIB, 0);
    assert_int_equal(vmaBindBufferMemory2(w.allocator, allocation, 0, buffer, &group), VK_SUCCESS);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_BIND_BUFFER2], 1);
    world_destroy_raw_buffer(&w, buffer);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
    world_open(&w, "single", NULL);
    buffer = world_raw_buffer(&w, 1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    allocation = world_allocate(&w, 0, MIB, 0);
    assert_int_equal(vmaBindBufferMemory2(w.allocator, allocation, 0, buffer, &group),
                     VK_ERROR_EXTENSION_NOT_PRESENT);
    world_destroy_raw_buffer(&w, buffer);
    vmaFreeMemory(w.allocator, allocation);
    world_close(&w);
}

// ---- Memory of their own ----

static void dedicated_resources_take_a_chain(void **state)
{
    (void)state;
    struct World w;
    VkExportMemoryAllocateInfo exported = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                           .handleTypes = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT};
    world_open_full(&w, "nvidia-datacenter");
    const VmaAllocationCreateInfo info = automatic(0);
    const VkBufferCreateInfo buffer = world_buffer_info(1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(64, 64, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    VkBuffer made_buffer;
    VkImage made_image;
    VmaAllocation a, b;
    assert_int_equal(vmaCreateDedicatedBuffer(w.allocator, &buffer, &info, &exported, &made_buffer, &a, NULL),
                     VK_SUCCESS);
    assert_int_equal(vmaCreateDedicatedImage(w.allocator, &image, &info, NULL, &made_image, &b, NULL),
                     VK_SUCCESS);
    assert_true(world_is_dedicated(&w, a) && world_is_dedicated(&w, b));
    assert_int_equal(world_memory_of(&w, a).export_types, exported.handleTypes);
    assert_int_equal(world_memory_of(&w, b).export_types, 0);
    assert_true(world_memory_of(&w, a).dedicated_buffer == made_buffer);
    assert_true(world_memory_of(&w, b).dedicated_image == made_image);
    vmaDestroyBuffer(w.allocator, made_buffer, a);
    vmaDestroyImage(w.allocator, made_image, b);
    assert_int_equal(world_stats(&w).memories, 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_and_images_are_bound_where_their_allocation_lies),
        cmocka_unit_test(impossible_images_never_reach_the_driver),
        cmocka_unit_test(missing_arguments_give_an_error_and_null),
        cmocka_unit_test(requirements_are_asked_the_newest_way),
        cmocka_unit_test(linear_and_optimal_never_share_a_page),
        cmocka_unit_test(undescribed_memory_shares_a_page_with_nothing),
        cmocka_unit_test(a_pool_may_ignore_granularity),
        cmocka_unit_test(resources_may_be_laid_over_an_allocation),
        cmocka_unit_test(what_does_not_fit_over_an_allocation_is_refused),
        cmocka_unit_test(what_must_not_lie_over_an_allocation_is_refused),
        cmocka_unit_test(nothing_is_left_when_a_bind_fails),
        cmocka_unit_test(a_bind_outside_of_the_allocation_is_refused),
        cmocka_unit_test(a_chain_on_a_bind_needs_the_newer_function),
        cmocka_unit_test(dedicated_resources_take_a_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
