// SPDX-License-Identifier: MIT
// Memory that other processes or APIs may take over: handle types by memory type, for every path of
// allocation.
#include "world.h"

#define OPAQUE_FD VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT
#define DMA_BUF VK_EXTERNAL_MEMORY_HANDLE_TYPE_DMA_BUF_BIT_EXT

// Type 1 is exported as a file descriptor, type 3 as a DMA buffer too, the others not at all.
static void open_exporting(struct World *w)
{
    const VkExternalMemoryHandleTypeFlagsKHR types[VK_MAX_MEMORY_TYPES] = {
        [1] = OPAQUE_FD, [3] = OPAQUE_FD | DMA_BUF};
    const VmaAllocatorCreateInfo info = {.pTypeExternalMemoryHandleTypes = types};
    world_open(w, "nvidia-datacenter", &info); // the array may go away
}

static void every_path_exports_what_its_type_says(void **state)
{
    (void)state;
    static const VkExternalMemoryHandleTypeFlags expected[] = {0, OPAQUE_FD, 0, OPAQUE_FD | DMA_BUF, 0};
    struct World w;
    open_exporting(&w);
    for (uint32_t type = 0; type < 5; ++type) {
        VmaPool pools[2];
        for (int linear = 0; linear < 2; ++linear) {
            const VmaPoolCreateInfo info = {.memoryTypeIndex = type,
                                            .flags = linear ? VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT : 0};
            assert_int_equal(vmaCreatePool(w.allocator, &info, &pools[linear]), VK_SUCCESS);
        }
        VmaAllocation held[] = {
            world_allocate(&w, type, 1000, 0),
            world_allocate(&w, type, 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT),
            world_allocate_in(&w, pools[0], 1000, 0),
            world_allocate_in(&w, pools[0], 1000, VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT),
            world_allocate_in(&w, pools[1], 1000, 0)};
        for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); ++i) {
            assert_int_equal(world_memory_of(&w, held[i]).export_types, expected[type]);
        }
        vmaFreeMemoryPages(w.allocator, sizeof(held) / sizeof(held[0]), held);
        vmaDestroyPool(w.allocator, pools[0]);
        vmaDestroyPool(w.allocator, pools[1]);
    }
    world_close(&w);
}

static void nothing_is_exported_unless_asked_for(void **state)
{
    (void)state;
    struct World w;
    world_open_full(&w, "nvidia-datacenter");
    VmaAllocation a = world_allocate(&w, 1, 1000, 0);
    assert_int_equal(world_memory_of(&w, a).export_types, 0);
    vmaFreeMemory(w.allocator, a);
    world_close(&w);
}

static void a_buffer_for_others_is_bound_to_exported_memory(void **state)
{
    (void)state;
    struct World w;
    open_exporting(&w);
    const VkExternalMemoryBufferCreateInfo external = {
        .sType = VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO, .handleTypes = OPAQUE_FD};
    VkBufferCreateInfo buffer = world_buffer_info(1000, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    buffer.pNext = &external;
    const VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    VkBuffer made;
    VmaAllocation allocation;
    assert_int_equal(vmaCreateBuffer(w.allocator, &buffer, &info, &made, &allocation, NULL), VK_SUCCESS);
    assert_int_equal(world_memory_of(&w, allocation).export_types, OPAQUE_FD);
    vmaDestroyBuffer(w.allocator, made, allocation);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_exports_what_its_type_says),
        cmocka_unit_test(nothing_is_exported_unless_asked_for),
        cmocka_unit_test(a_buffer_for_others_is_bound_to_exported_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
