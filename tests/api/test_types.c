// SPDX-License-Identifier: MIT
// Which memory type a request gets: every usage with every host access on every built-in device, beside
// a plain model of the rules written here; what is required, preferred and masked; the next type when
// one fails.
#include "world.h"

#include <stdio.h>

#define AMD_COHERENT VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD
#define AMD_UNCACHED VK_MEMORY_PROPERTY_DEVICE_UNCACHED_BIT_AMD
#define NO_TYPE UINT32_MAX

// The usages by number, as their names may be deprecated.
enum {
    UNKNOWN,
    GPU_ONLY,
    CPU_ONLY,
    CPU_TO_GPU,
    GPU_TO_CPU,
    CPU_COPY,
    LAZY,
    AUTO,
    AUTO_DEVICE,
    AUTO_HOST,
    USAGE_COUNT
};

// ---- The model ----

struct Wish {
    VkMemoryPropertyFlags required, preferred, avoided;
};

// A question: how memory is wanted for which resource.
struct Question {
    const struct VrSimDevice *device;
    VmaAllocationCreateInfo info;
    uint32_t type_bits;      // of the resource
    uint64_t resource_usage; // 0: unknown
    bool amd;                // the allocator knows device-coherent memory
};

static unsigned bits_in(uint32_t value)
{
    unsigned count = 0;
    for (; value; value &= value - 1) {
        ++count;
    }
    return count;
}

static void wish_of_old_usage(const struct Question *q, bool discrete, struct Wish *wish)
{
    const bool local = discrete || !(q->info.preferredFlags & HOST_VISIBLE);
    switch ((int)q->info.usage) {
    case GPU_ONLY:
        wish->preferred |= local ? DEVICE_LOCAL : 0u;
        break;
    case CPU_ONLY:
        wish->required |= HOST_VISIBLE | HOST_COHERENT;
        break;
    case CPU_TO_GPU:
        wish->required |= HOST_VISIBLE;
        wish->preferred |= local ? DEVICE_LOCAL : 0u;
        break;
    case GPU_TO_CPU:
        wish->required |= HOST_VISIBLE;
        wish->preferred |= HOST_CACHED;
        break;
    case CPU_COPY:
        wish->avoided |= DEVICE_LOCAL;
        break;
    case LAZY:
        wish->required |= LAZILY;
        break;
    default:
        break;
    }
}

static void wish_of_auto(const struct Question *q, bool discrete, struct Wish *wish)
{
    const bool random = q->info.flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT;
    const bool writes = q->info.flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT;
    const bool transfer = q->info.flags & VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT;
    const bool prefers_host = (int)q->info.usage == AUTO_HOST,
               prefers_device = (int)q->info.usage == AUTO_DEVICE;
    const uint64_t transfers = VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    const bool device_access = q->resource_usage & ~transfers;
    const bool may_copy = transfer && discrete && device_access && !prefers_host;
    if (random) {
        wish->preferred |= HOST_CACHED;
        if (may_copy) {
            wish->preferred |= DEVICE_LOCAL;
        } else if (transfer) {
            wish->preferred |= HOST_VISIBLE;
        } else {
            wish->required |= HOST_VISIBLE;
        }
    } else if (writes) {
        wish->avoided |= HOST_CACHED;
        if (may_copy) {
            wish->preferred |= DEVICE_LOCAL | HOST_VISIBLE;
            return;
        }
        if (transfer) {
            wish->preferred |= HOST_VISIBLE;
        } else {
            wish->required |= HOST_VISIBLE;
        }
        if (device_access ? prefers_host : !prefers_device) {
            wish->avoided |= DEVICE_LOCAL;
        } else {
            wish->preferred |= DEVICE_LOCAL;
        }
    } else if (prefers_host) {
        wish->avoided |= DEVICE_LOCAL;
    } else {
        wish->preferred |= DEVICE_LOCAL;
    }
}

static uint32_t model(const struct Question *q)
{
    struct Wish wish = {q->info.requiredFlags, q->info.preferredFlags, 0};
    const bool discrete = q->device->type != VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU;
    if ((int)q->info.usage >= AUTO) {
        if (q->resource_usage == 0) {
            return NO_TYPE;
        }
        wish_of_auto(q, discrete, &wish);
    } else {
        wish_of_old_usage(q, discrete, &wish);
    }
    if (!((q->info.requiredFlags | q->info.preferredFlags) & (AMD_COHERENT | AMD_UNCACHED))) {
        wish.avoided |= AMD_UNCACHED;
    }
    uint32_t best = NO_TYPE;
    unsigned best_cost = UINT32_MAX;
    for (uint32_t i = 0; i < q->device->type_count; ++i) {
        const VkMemoryPropertyFlags flags = q->device->types[i].flags;
        const bool allowed = (q->type_bits >> i & 1) &&
                             (!q->info.memoryTypeBits || (q->info.memoryTypeBits >> i & 1)) &&
                             (q->amd || !(flags & AMD_COHERENT));
        if (!allowed || (flags & wish.required) != wish.required) {
            continue;
        }
        const unsigned cost = bits_in(wish.preferred & ~flags) + bits_in(wish.avoided & flags);
        if (cost < best_cost) {
            best = i;
            best_cost = cost;
        }
    }
    return best;
}

// ---- Beside the library ----

static unsigned asked;

static void agrees(const struct Question *q, const char *how, VkResult result, uint32_t type)
{
    const uint32_t expected = model(q);
    const VkResult expected_result = expected == NO_TYPE ? VK_ERROR_FEATURE_NOT_PRESENT : VK_SUCCESS;
    ++asked;
    if (type != expected || result != expected_result) {
        fail_msg("%s on %s: usage %d, flags 0x%x, required 0x%x, preferred 0x%x, resource usage 0x%x: type "
                 "%d, not %d",
                 how, q->device->name, q->info.usage, q->info.flags, q->info.requiredFlags,
                 q->info.preferredFlags, (unsigned)q->resource_usage, (int)type, (int)expected);
    }
}

static void ask_for_buffer(struct World *w, struct Question *q, VkBufferUsageFlags usage)
{
    const VkBufferCreateInfo info = world_buffer_info(4096, usage);
    uint32_t type = 77;
    q->type_bits = 0;
    for (uint32_t i = 0; i < q->device->type_count; ++i) {
        q->type_bits |= q->device->types[i].buffers ? 1u << i : 0;
    }
    q->resource_usage = usage;
    const VkResult result = vmaFindMemoryTypeIndexForBufferInfo(w->allocator, &info, &q->info, &type);
    agrees(q, "a buffer", result, type);
}

static void ask_for_image(struct World *w, struct Question *q, VkImageTiling tiling, VkImageUsageFlags usage)
{
    const VkImageCreateInfo info = world_image_info(64, 64, tiling, usage);
    uint32_t type = 77;
    VkMemoryRequirements requirements;
    VkImage image;
    const PFN_vkCreateImage create =
        (PFN_vkCreateImage)vr_sim_get_device_proc_addr(w->device, "vkCreateImage");
    const PFN_vkGetImageMemoryRequirements get =
        (PFN_vkGetImageMemoryRequirements)vr_sim_get_device_proc_addr(w->device,
                                                                      "vkGetImageMemoryRequirements");
    assert_int_equal(create(w->device, &info, NULL, &image), VK_SUCCESS);
    get(w->device, image, &requirements);
    world_destroy_raw_image(w, image);
    q->type_bits = requirements.memoryTypeBits;
    q->resource_usage = usage;
    const VkResult result = vmaFindMemoryTypeIndexForImageInfo(w->allocator, &info, &q->info, &type);
    agrees(q, "an image", result, type);
}

static void ask_for_memory(struct World *w, struct Question *q, uint32_t type_bits)
{
    uint32_t type = 77;
    q->type_bits = type_bits;
    q->resource_usage = 0;
    const VkResult result = vmaFindMemoryTypeIndex(w->allocator, type_bits, &q->info, &type);
    agrees(q, "memory", result, type);
}

static void ask_everything(struct World *w, struct Question *q)
{
    static const VkBufferUsageFlags buffer_usages[] = {VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                                                       VK_BUFFER_USAGE_TRANSFER_DST_BIT |
                                                           VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT,
                                                       VK_BUFFER_USAGE_STORAGE_BUFFER_BIT};
    for (size_t i = 0; i < 3; ++i) {
        ask_for_buffer(w, q, buffer_usages[i]);
    }
    ask_for_image(w, q, VK_IMAGE_TILING_OPTIMAL,
                  VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT);
    ask_for_image(w, q, VK_IMAGE_TILING_LINEAR, VK_IMAGE_USAGE_TRANSFER_DST_BIT);
    ask_for_image(w, q, VK_IMAGE_TILING_OPTIMAL,
                  VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT);
    ask_for_memory(w, q, UINT32_MAX);
    ask_for_memory(w, q, 0x2a);
    ask_for_memory(w, q, 0);
}

static const VmaAllocationCreateFlags accesses[] = {
    0,
    VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT,
    VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT,
    VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT |
        VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT,
    VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT |
        VMA_ALLOCATION_CREATE_HOST_ACCESS_ALLOW_TRANSFER_INSTEAD_BIT,
};

static void each_usage(struct World *w, const struct VrSimDevice *device, bool amd)
{
    static const VkMemoryPropertyFlags sets[][2] = {{0, 0},
                                                    {HOST_VISIBLE, 0},
                                                    {0, HOST_VISIBLE},
                                                    {DEVICE_LOCAL, HOST_CACHED},
                                                    {0, AMD_COHERENT},
                                                    {0, AMD_UNCACHED | HOST_VISIBLE},
                                                    {AMD_COHERENT, 0},
                                                    {0, 0xffffffffu},
                                                    {1u << 20, 0}};
    for (int usage = UNKNOWN; usage < USAGE_COUNT; ++usage) {
        for (size_t access = 0; access < sizeof(accesses) / sizeof(accesses[0]); ++access) {
            for (size_t set = 0; set < sizeof(sets) / sizeof(sets[0]); ++set) {
                struct Question q = {.device = device, .amd = amd};
                q.info.usage = (VmaMemoryUsage)usage;
                q.info.flags = accesses[access];
                q.info.requiredFlags = sets[set][0];
                q.info.preferredFlags = sets[set][1];
                ask_everything(w, &q);
                q.info.memoryTypeBits = 0xfffffffeu << (set & 1);
                ask_everything(w, &q);
            }
        }
    }
}

static void every_usage_gets_the_cheapest_type_on_every_device(void **state)
{
    (void)state;
    const char *name;
    for (uint32_t i = 0; (name = vr_sim_device_builtin_name(i)) != NULL; ++i) {
        const struct VrSimDevice device = world_device(name);
        struct World w;
        world_open(&w, name, NULL);
        each_usage(&w, &device, false);
        world_close(&w);
        world_open_full(&w, name);
        each_usage(&w, &device,
                   world_all_flags(&device) & VMA_ALLOCATOR_CREATE_AMD_DEVICE_COHERENT_MEMORY_BIT);
        world_close(&w);
    }
}

// What is found is also what an allocation gets.
static void a_created_buffer_lies_in_the_type_that_was_found(void **state)
{
    (void)state;
    const char *name;
    for (uint32_t i = 0; (name = vr_sim_device_builtin_name(i)) != NULL; ++i) {
        struct World w;
        world_open_full(&w, name);
        for (int usage = AUTO; usage <= AUTO_HOST; ++usage) {
            for (size_t access = 0; access < sizeof(accesses) / sizeof(accesses[0]); ++access) {
                const VkBufferCreateInfo buffer = world_buffer_info(5000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
                const VmaAllocationCreateInfo info = {.usage = (VmaMemoryUsage)usage,
                                                      .flags = accesses[access]};
                uint32_t type;
                VkBuffer made;
                VmaAllocation allocation;
                VmaAllocationInfo got;
                assert_int_equal(vmaFindMemoryTypeIndexForBufferInfo(w.allocator, &buffer, &info, &type),
                                 VK_SUCCESS);
                assert_int_equal(vmaCreateBuffer(w.allocator, &buffer, &info, &made, &allocation, &got),
                                 VK_SUCCESS);
                assert_int_equal(got.memoryType, type);
                vmaDestroyBuffer(w.allocator, made, allocation);
            }
        }
        world_close(&w);
    }
}

// ---- When types fail ----

static void the_next_best_type_is_taken_when_one_is_full(void **state)
{
    (void)state;
    const char *name;
    for (uint32_t i = 0; (name = vr_sim_device_builtin_name(i)) != NULL; ++i) {
        const struct VrSimDevice device = world_device(name);
        struct World w;
        world_open(&w, name, NULL);
        struct Question q = {.device = &device, .type_bits = (1u << device.type_count) - 1};
        q.info.preferredFlags = DEVICE_LOCAL | HOST_VISIBLE | HOST_COHERENT;
        const uint32_t first = model(&q);
        q.type_bits &= ~(1u << first);
        const uint32_t second = model(&q);
        VmaAllocation allocation;
        vr_sim_fail(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
        const VmaAllocationCreateInfo own = {.preferredFlags = q.info.preferredFlags,
                                             .flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT};
        const VkResult result = world_try(&w, 1000, &own, &allocation);
        if (second == NO_TYPE) {
            assert_int_equal(result, VK_ERROR_OUT_OF_DEVICE_MEMORY);
            assert_null(allocation);
        } else {
            assert_int_equal(result, VK_SUCCESS);
            assert_int_equal(world_info(&w, allocation).memoryType, second);
        }
        vmaFreeMemory(w.allocator, allocation);
        world_close(&w);
    }
}

static void running_out_of_every_type_is_out_of_device_memory(void **state)
{
    (void)state;
    const char *name;
    for (uint32_t i = 0; (name = vr_sim_device_builtin_name(i)) != NULL; ++i) {
        struct World w;
        VmaAllocation allocation;
        world_open_full(&w, name);
        vr_sim_fail_every(w.sim, VR_SIM_CALL_ALLOCATE_MEMORY, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
        assert_int_equal(world_try(&w, 1000, &(VmaAllocationCreateInfo){0}, &allocation),
                         VK_ERROR_OUT_OF_DEVICE_MEMORY);
        assert_null(allocation);
        world_close(&w);
    }
}

static void no_suitable_type_is_feature_not_present(void **state)
{
    (void)state;
    struct World w;
    VmaAllocation allocation;
    world_open_full(&w, "nvidia-rebar");
    const VmaAllocationCreateInfo lazy = {.requiredFlags = LAZILY}, masked = {.memoryTypeBits = 1u << 31},
                                  automatic = {.usage = VMA_MEMORY_USAGE_AUTO};
    assert_int_equal(world_try(&w, 1000, &lazy, &allocation), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    assert_int_equal(world_try(&w, 1000, &masked, &allocation), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    // AUTO needs a resource, unless a pool says where.
    assert_int_equal(world_try(&w, 1000, &automatic, &allocation), VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(allocation);
    assert_int_equal(world_stats(&w).calls[VR_SIM_CALL_ALLOCATE_MEMORY], 0);
    world_close(&w);
}

static void auto_usage_is_no_question_in_a_pool(void **state)
{
    (void)state;
    struct World w;
    VmaPool pool;
    VmaAllocation allocation;
    world_open_full(&w, "nvidia-rebar");
    assert_int_equal(vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = 1}, &pool),
                     VK_SUCCESS);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO, .pool = pool};
    assert_int_equal(world_try(&w, 1000, &info, &allocation), VK_SUCCESS);
    assert_int_equal(world_info(&w, allocation).memoryType, 1);
    vmaFreeMemory(w.allocator, allocation);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

static void device_coherent_types_are_out_of_reach_without_their_flag(void **state)
{
    (void)state;
    struct World w;
    VmaPool pool;
    uint32_t type;
    world_open(&w, "amd-rebar", NULL);
    const uint32_t coherent = world_type(&w, 0xc1);
    const VmaAllocationCreateInfo info = {.requiredFlags = AMD_COHERENT};
    assert_int_equal(vmaFindMemoryTypeIndex(w.allocator, UINT32_MAX, &info, &type),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    assert_int_equal(type, UINT32_MAX);
    assert_int_equal(vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = coherent}, &pool),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    assert_null(pool);
    world_close(&w);
    world_open_full(&w, "amd-rebar");
    assert_int_equal(vmaFindMemoryTypeIndex(w.allocator, UINT32_MAX, &info, &type), VK_SUCCESS);
    assert_int_equal(type, coherent);
    assert_int_equal(vmaCreatePool(w.allocator, &(VmaPoolCreateInfo){.memoryTypeIndex = coherent}, &pool),
                     VK_SUCCESS);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

// Lazily allocated memory is memory of its own.
static void transient_images_get_lazy_memory_of_their_own(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "adreno");
    const VkImageCreateInfo image =
        world_image_info(128, 128, VK_IMAGE_TILING_OPTIMAL,
                         VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT);
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_GPU_LAZILY_ALLOCATED};
    VkImage made;
    VmaAllocation allocation;
    assert_int_equal(vmaCreateImage(w.allocator, &image, &info, &made, &allocation, NULL), VK_SUCCESS);
    assert_true(world_type_flags(&w, world_info(&w, allocation).memoryType) & LAZILY);
    assert_true(world_is_dedicated(&w, allocation));
    vmaDestroyImage(w.allocator, made, allocation);
    world_close(&w);
}

// Drivers set bits of memory types that do not exist, and more than one heap's worth of nonsense.
static void bits_of_types_that_do_not_exist_are_ignored(void **state)
{
    (void)state;
    struct World w;
    uint32_t type;
    world_open(&w, "single", NULL);
    const VmaAllocationCreateInfo info = {0};
    assert_int_equal(vmaFindMemoryTypeIndex(w.allocator, 0xfffffffeu, &info, &type),
                     VK_ERROR_FEATURE_NOT_PRESENT);
    assert_int_equal(vmaFindMemoryTypeIndex(w.allocator, UINT32_MAX, &info, &type), VK_SUCCESS);
    assert_int_equal(type, 0);
    world_close(&w);
}

static void bad_arguments_give_an_error(void **state)
{
    (void)state;
    struct World w;
    uint32_t type = 5;
    world_open(&w, "single", NULL);
    const VmaAllocationCreateInfo info = {0};
    const VkBufferCreateInfo buffer = world_buffer_info(16, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    const VkImageCreateInfo image =
        world_image_info(4, 4, VK_IMAGE_TILING_OPTIMAL, VK_IMAGE_USAGE_SAMPLED_BIT);
    assert_true(vmaFindMemoryTypeIndex(NULL, 1, &info, &type) < 0);
    assert_true(vmaFindMemoryTypeIndex(w.allocator, 1, NULL, &type) < 0);
    assert_true(vmaFindMemoryTypeIndex(w.allocator, 1, &info, NULL) < 0);
    assert_true(vmaFindMemoryTypeIndexForBufferInfo(w.allocator, NULL, &info, &type) < 0);
    assert_true(vmaFindMemoryTypeIndexForBufferInfo(w.allocator, &buffer, NULL, &type) < 0);
    assert_true(vmaFindMemoryTypeIndexForImageInfo(w.allocator, NULL, &info, &type) < 0);
    assert_true(vmaFindMemoryTypeIndexForImageInfo(w.allocator, &image, &info, NULL) < 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_usage_gets_the_cheapest_type_on_every_device),
        cmocka_unit_test(a_created_buffer_lies_in_the_type_that_was_found),
        cmocka_unit_test(the_next_best_type_is_taken_when_one_is_full),
        cmocka_unit_test(running_out_of_every_type_is_out_of_device_memory),
        cmocka_unit_test(no_suitable_type_is_feature_not_present),
        cmocka_unit_test(auto_usage_is_no_question_in_a_pool),
        cmocka_unit_test(device_coherent_types_are_out_of_reach_without_their_flag),
        cmocka_unit_test(transient_images_get_lazy_memory_of_their_own),
        cmocka_unit_test(bits_of_types_that_do_not_exist_are_ignored),
        cmocka_unit_test(bad_arguments_give_an_error),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    printf("%u questions of type\n", asked);
    return failed;
}
