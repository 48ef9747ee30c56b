// SPDX-License-Identifier: MIT
// What is chained to VkMemoryAllocateInfo: ours where the caller's chain has none, never two of a kind.
#include "world.h"

#define OPAQUE_FD VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT
#define DMA_BUF VK_EXTERNAL_MEMORY_HANDLE_TYPE_DMA_BUF_BIT_EXT
#define HOST_POINTER VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT

static void open_with_exports(struct World *w)
{
    static VkExternalMemoryHandleTypeFlagsKHR types[VK_MAX_MEMORY_TYPES];
    for (uint32_t i = 0; i < VK_MAX_MEMORY_TYPES; ++i) {
        types[i] = OPAQUE_FD;
    }
    const VmaAllocatorCreateInfo info = {
        .flags =
            VMA_ALLOCATOR_CREATE_EXT_MEMORY_PRIORITY_BIT | VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT,
        .pTypeExternalMemoryHandleTypes = types,
    };
    world_open(w, "nvidia-rebar", &info);
}

static struct VrSimMemoryInfo dedicated_with(struct World *w, void *next)
{
    const VkMemoryRequirements requirements = {.size = MIB, .alignment = 256, .memoryTypeBits = UINT32_MAX};
    const VmaAllocationCreateInfo info = {.requiredFlags = HOST_VISIBLE | HOST_COHERENT, .priority = 0.25f};
    VmaAllocation allocation;
    assert_int_equal(vmaAllocateDedicatedMemory(w->allocator, &requirements, &info, next, &allocation, NULL),
                     VK_SUCCESS);
    struct VrSimMemoryInfo memory = world_memory_of(w, allocation);
    vmaFreeMemory(w->allocator, allocation);
    return memory;
}

static void memory_is_exportable_and_has_a_priority_and_an_address_by_itself(void **state)
{
    struct World w;
    (void)state;
    open_with_exports(&w);
    struct VrSimMemoryInfo memory = dedicated_with(&w, NULL);
    assert_int_equal(memory.export_types, OPAQUE_FD);
    assert_true(memory.has_priority && memory.priority == 0.25f);
    assert_int_equal(memory.flags, VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT);
    world_close(&w);
}

static void the_callers_structures_stand_alone(void **state)
{
    struct World w;
    (void)state;
    open_with_exports(&w);
    VkExportMemoryAllocateInfo exported = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                           .handleTypes = DMA_BUF};
    VkMemoryPriorityAllocateInfoEXT priority = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_PRIORITY_ALLOCATE_INFO_EXT, .pNext = &exported, .priority = 1.0f};
    VkMemoryAllocateFlagsInfo flags = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
                                       .pNext = &priority,
                                       .flags = VK_MEMORY_ALLOCATE_DEVICE_MASK_BIT,
                                       .deviceMask = 1};
    struct VrSimMemoryInfo memory = dedicated_with(&w, &flags);
    assert_int_equal(memory.export_types, DMA_BUF);
    assert_true(memory.has_priority && memory.priority == 1.0f);
    assert_int_equal(memory.flags, VK_MEMORY_ALLOCATE_DEVICE_MASK_BIT);
    world_close(&w);
}

static void memory_that_is_imported_is_not_exported_as_well(void **state)
{
    static _Alignas(65536) char page[1 << 20];
    struct World w;
    (void)state;
    open_with_exports(&w);
    VkImportMemoryHostPointerInfoEXT import = {.sType = VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT,
                                               .handleType = HOST_POINTER,
                                               .pHostPointer = page};
    struct VrSimMemoryInfo memory = dedicated_with(&w, &import);
    assert_int_equal(memory.import_type, HOST_POINTER);
    assert_int_equal(memory.export_types, 0);
    world_close(&w);
}

static void the_chain_of_a_pool_counts_for_its_blocks(void **state)
{
    struct World w;
    (void)state;
    open_with_exports(&w);
    VkExportMemoryAllocateInfo exported = {.sType = VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO,
                                           .handleTypes = DMA_BUF};
    const VmaPoolCreateInfo info = {.memoryTypeIndex = world_type(&w, DEVICE_LOCAL),
                                    .pMemoryAllocateNext = &exported};
    VmaPool pool;
    assert_int_equal(vmaCreatePool(w.allocator, &info, &pool), VK_SUCCESS);
    VmaAllocation allocation = world_allocate_in(&w, pool, KIB, 0);
    assert_int_equal(world_memory_of(&w, allocation).export_types, DMA_BUF);
    vmaFreeMemory(w.allocator, allocation);
    vmaDestroyPool(w.allocator, pool);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_exportable_and_has_a_priority_and_an_address_by_itself),
        cmocka_unit_test(the_callers_structures_stand_alone),
        cmocka_unit_test(memory_that_is_imported_is_not_exported_as_well),
        cmocka_unit_test(the_chain_of_a_pool_counts_for_its_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
