// SPDX-License-Identifier: MIT
// The JSON dump: the text to the letter for a small allocator, its numbers against statistics for a large
// one.
#include "device.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    return root;
}

// Walks down keys; a key that is a number walks into an array.
static json_t *at(json_t *value, const char *path)
{
    char copy[128];
    snprintf(copy, sizeof(copy), "%s", path);
    for (char *key = copy, *end; key; key = end) {
        end = strchr(key, '/');
        if (end) {
            *end++ = '\0';
        }
        value = json_is_array(value) ? json_array_get(value, strtoul(key, NULL, 10))
                                     : json_object_get(value, key);
        if (!value) {
            fail_msg("the dump has no %s", path);
        }
    }
    return value;
}

static uint64_t number_at(json_t *value, const char *path)
{
    json_t *found = at(value, path);
    assert_true(json_is_integer(found));
    return (uint64_t)json_integer_value(found);
}

static json_t *dump(struct Device *device, VkBool32 detailed)
{
    char *text = NULL;
    vmaBuildStatsString(device->allocator, &text, detailed);
    assert_non_null(text);
    json_t *root = parse(text);
    vmaFreeStatsString(device->allocator, text);
    return root;
}

static const char general[] = "{\n"
                              "  \"General\": {\n"
                              "    \"API\": \"Vulkan\", \n"
                              "    \"apiVersion\": \"1.0.0\", \n"
                              "    \"GPU\": \"One heap, one type, Vulkan 1.0\", \n"
                              "    \"deviceType\": 0, \n"
                              "    \"maxMemoryAllocationCount\": 4096, \n"
                              "    \"bufferImageGranularity\": 1, \n"
                              "    \"nonCoherentAtomSize\": 64, \n"
                              "    \"memoryHeapCount\": 1, \n"
                              "    \"memoryTypeCount\": 1\n"
                              "  }, \n";

static void an_empty_allocator_is_written_to_the_letter(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    char expected[4096];
#define ZEROS(indent)                                                                                        \
    indent "\"BlockCount\": 0, \n" indent "\"BlockBytes\": 0, \n" indent "\"AllocationCount\": 0, \n" indent \
           "\"AllocationBytes\": 0, \n" indent "\"UnusedRangeCount\": 0\n"
    snprintf(expected, sizeof(expected), "%s%s", general,
             "  \"Total\": {\n" ZEROS(
                 "    ") "  }, \n"
                         "  \"MemoryInfo\": {\n"
                         "    \"Heap 0\": {\n"
                         "      \"Flags\": [\"DEVICE_LOCAL\"], \n"
                         "      \"Size\": 1073741824, \n"
                         "      \"Budget\": {\n"
                         "        \"BudgetBytes\": BUDGET, \n"
                         "        \"UsageBytes\": 0\n"
                         "      }, \n"
                         "      \"Stats\": {\n" ZEROS(
                             "        ") "      }, \n"
                                         "      \"MemoryPools\": {\n"
                                         "        \"Type 0\": {\n"
                                         "          \"Flags\": [\"DEVICE_LOCAL\", \"HOST_VISIBLE\", "
                                         "\"HOST_COHERENT\"], \n"
                                         "          \"Stats\": {\n" ZEROS(
                                             "            ") "          }\n"
                                                             "        }\n"
                                                             "      }\n"
                                                             "    }\n"
                                                             "  }, \n"
                                                             "  \"DefaultPools\": {\n"
                                                             "    \"Type 0\": {\n"
                                                             "      \"PreferredBlockSize\": 134217728, \n"
                                                             "      \"Blocks\": {\n"
                                                             "      }, \n"
                                                             "      \"DedicatedAllocations\": [\n"
                                                             "      ]\n"
                                                             "    }\n"
                                                             "  }, \n"
                                                             "  \"CustomPools\": {\n"
                                                             "  }\n"
                                                             "}");
    VmaBudget budget;
    vmaGetHeapBudgets(device.allocator, &budget);
    char *word = strstr(expected, "BUDGET"), rest[4096], number[32];
    snprintf(rest, sizeof(rest), "%s", word + strlen("BUDGET"));
    snprintf(number, sizeof(number), "%llu", (unsigned long long)budget.budget);
    snprintf(word, sizeof(expected) - (size_t)(word - expected), "%s%s", number, rest);
    char *text;
    vmaBuildStatsString(device.allocator, &text, VK_TRUE);
    assert_string_equal(text, expected);
    vmaFreeStatsString(device.allocator, text);
    device_close(&device);
}

static void a_pool_is_written_to_the_letter(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    const VmaPoolCreateInfo info = {.blockSize = MIB};
    VmaPool pool;
    assert_int_equal(vmaCreatePool(device.allocator, &info, &pool), VK_SUCCESS);
    vmaSetPoolName(device.allocator, pool, "my \"pool\"");
    VmaAllocation a = device_allocate_in(&device, pool, 1024, 0);
    VmaAllocation b = device_allocate_in(&device, pool, 2048, 0);
    VmaAllocation c = device_allocate_in(&device, pool, 4096, 0);
    vmaSetAllocationUserData(device.allocator, a, (void *)(uintptr_t)0x1234);
    vmaSetAllocationName(device.allocator, c, "tab\there");
    vmaFreeMemory(device.allocator, b);
    void *data;
    assert_int_equal(vmaMapMemory(device.allocator, a, &data), VK_SUCCESS);
    char *text;
    vmaBuildStatsString(device.allocator, &text, VK_TRUE);
    const char *found = strstr(text, "  \"CustomPools\"");
    assert_non_null(found);
    assert_string_equal(
        found, "  \"CustomPools\": {\n"
               "    \"Type 0\": [\n"
               "      {\n"
               "        \"Name\": \"0 - my \\\"pool\\\"\", \n"
               "        \"PreferredBlockSize\": 1048576, \n"
               "        \"Blocks\": {\n"
               "          \"0\": {\n"
               "            \"MapRefCount\": 1, \n"
               "            \"TotalBytes\": 1048576, \n"
               "            \"UnusedBytes\": 1043456, \n"
               "            \"Allocations\": 2, \n"
               "            \"UnusedRanges\": 2, \n"
               "            \"Suballocations\": [\n"
               "              {\"Offset\": 0, \"Type\": \"UNKNOWN\", \"Size\": 1024, \"Usage\": 0, "
               "\"CustomData\": \"0x1234\"}, \n"
               "              {\"Offset\": 1024, \"Type\": \"FREE\", \"Size\": 2048}, \n"
               "              {\"Offset\": 3072, \"Type\": \"UNKNOWN\", \"Size\": 4096, \"Usage\": 0, "
               "\"Name\": \"tab\\there\"}, \n"
               "              {\"Offset\": 7168, \"Type\": \"FREE\", \"Size\": 1041408}\n"
               "            ]\n"
               "          }\n"
               "        }, \n"
               "        \"DedicatedAllocations\": [\n"
               "        ]\n"
               "      }\n"
               "    ]\n"
               "  }\n"
               "}");
    vmaFreeStatsString(device.allocator, text);
    vmaUnmapMemory(device.allocator, a);
    vmaFreeMemory(device.allocator, a);
    vmaFreeMemory(device.allocator, c);
    vmaDestroyPool(device.allocator, pool);
    device_close(&device);
}

static void only_true_asks_for_the_detailed_map(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    static const VkBool32 answers[] = {VK_FALSE, VK_TRUE, 2};
    for (size_t i = 0; i < 3; ++i) {
        json_t *root = dump(&device, answers[i]);
        assert_int_equal(json_object_get(root, "DefaultPools") != NULL, answers[i] == VK_TRUE);
        assert_int_equal(json_object_size(root), answers[i] == VK_TRUE ? 5 : 3);
        json_decref(root);
    }
    device_close(&device);
}

static void dedicated_memory_is_listed_oldest_first_without_an_offset(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    const VkMemoryRequirements requirements = {MIB, 256, 1};
    VmaAllocationCreateInfo info = {.flags = VMA_ALLOCATION_CREATE_DEDICATED_MEMORY_BIT};
    VmaAllocation allocations[3];
    for (uintptr_t i = 0; i < 3; ++i) {
        info.pUserData = (void *)(i + 10);
        assert_int_equal(vmaAllocateMemory(device.allocator, &requirements, &info, &allocations[i], NULL),
                         VK_SUCCESS);
    }
    char *text;
    vmaBuildStatsString(device.allocator, &text, VK_TRUE);
    assert_non_null(strstr(
        text, "      \"DedicatedAllocations\": [\n"
              "        {\"Type\": \"UNKNOWN\", \"Size\": 1048576, \"Usage\": 0, \"CustomData\": \"0xa\"}, \n"
              "        {\"Type\": \"UNKNOWN\", \"Size\": 1048576, \"Usage\": 0, \"CustomData\": \"0xb\"}, \n"
              "        {\"Type\": \"UNKNOWN\", \"Size\": 1048576, \"Usage\": 0, \"CustomData\": \"0xc\"}\n"
              "      ]\n"));
    vmaFreeStatsString(device.allocator, text);
    for (size_t i = 0; i < 3; ++i) {
        vmaFreeMemory(device.allocator, allocations[i]);
    }
    device_close(&device);
}

static void pools_are_numbered_within_their_memory_type_oldest_first(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "nvidia-rebar", NULL);
    static const uint32_t types[] = {1, 3, 1};
    static const char *const names[] = {NULL, "three", "one"};
    VmaPool pools[3];
    for (size_t i = 0; i < 3; ++i) {
        const VmaPoolCreateInfo info = {.memoryTypeIndex = types[i], .blockSize = 64 * KIB};
        assert_int_equal(vmaCreatePool(device.allocator, &info, &pools[i]), VK_SUCCESS);
        vmaSetPoolName(device.allocator, pools[i], names[i]);
    }
    json_t *root = dump(&device, VK_TRUE);
    assert_string_equal(json_string_value(at(root, "CustomPools/Type 1/0/Name")), "0");
    assert_string_equal(json_string_value(at(root, "CustomPools/Type 1/1/Name")), "1 - one");
    assert_string_equal(json_string_value(at(root, "CustomPools/Type 3/0/Name")), "0 - three");
    assert_int_equal(json_object_size(at(root, "CustomPools")), 2);
    json_decref(root);
    for (size_t i = 0; i < 3; ++i) {
        vmaDestroyPool(device.allocator, pools[i]);
    }
    device_close(&device);
}

// One object of Blocks: its head agrees with its rows, and the rows tile it.
static void check_block(json_t *block, uint64_t *allocations, uint64_t *bytes)
{
    uint64_t end = 0, used = 0, unused = 0, unused_bytes = 0;
    json_t *row;
    size_t i;
    json_array_foreach(at(block, "Suballocations"), i, row)
    {
        assert_int_equal(number_at(row, "Offset"), end);
        end += number_at(row, "Size");
        if (strcmp(json_string_value(at(row, "Type")), "FREE") == 0) {
            ++unused;
            unused_bytes += number_at(row, "Size");
            assert_int_equal(json_object_size(row), 3);
        } else {
            ++used;
            *bytes += number_at(row, "Size");
        }
    }
    assert_int_equal(number_at(block, "TotalBytes"), end);
    assert_int_equal(number_at(block, "UnusedBytes"), unused_bytes);
    assert_int_equal(number_at(block, "Allocations"), used);
    assert_int_equal(number_at(block, "UnusedRanges"), unused);
    *allocations += used;
}

static void check_against_statistics(struct Device *device)
{
    VmaTotalStatistics stats;
    vmaCalculateStatistics(device->allocator, &stats);
    json_t *root = dump(device, VK_TRUE), *pool, *value;
    uint64_t allocations = 0, bytes = 0, blocks = 0;
    const char *key, *id;
    size_t i;
    json_object_foreach(at(root, "DefaultPools"), key, pool)
    {
        json_object_foreach(at(pool, "Blocks"), id, value)
        {
            check_block(value, &allocations, &bytes);
            ++blocks;
        }
        json_array_foreach(at(pool, "DedicatedAllocations"), i, value)
        {
            bytes += number_at(value, "Size");
            ++allocations;
            ++blocks;
        }
    }
    assert_int_equal(allocations, stats.total.statistics.allocationCount);
    assert_int_equal(bytes, stats.total.statistics.allocationBytes);
    assert_int_equal(blocks, stats.total.statistics.blockCount);
    assert_int_equal(number_at(root, "Total/UnusedRangeCount"), stats.total.unusedRangeCount);
    assert_int_equal(number_at(root, "Total/AllocationSizeMin"), stats.total.allocationSizeMin);
    assert_int_equal(number_at(root, "Total/UnusedRangeSizeMax"), stats.total.unusedRangeSizeMax);
    assert_int_equal(number_at(root, "MemoryInfo/Heap 0/Stats/BlockBytes"),
                     stats.memoryHeap[0].statistics.blockBytes);
    json_decref(root);
}

// A topology where linear and optimal resources are kept apart must still number its blocks uniquely.
static void a_large_dump_agrees_with_statistics(void **state)
{
    (void)state;
    static const char *const topologies[] = {"nvidia-rebar", "granularity4096", "amd-apu"};
    for (size_t t = 0; t < 3; ++t) {
        struct Device device;
        device_open(&device, topologies[t], NULL);
        uint32_t seed = 5;
        VkBuffer buffers[300];
        VkImage images[100];
        VmaAllocation buffer_memory[300], image_memory[100];
        const VmaAllocationCreateInfo automatic = {.usage = VMA_MEMORY_USAGE_AUTO};
        for (size_t i = 0; i < 300; ++i) {
            const VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                             .size = 1 + device_random(&seed) % 100000,
                                             .usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT};
            assert_int_equal(
                vmaCreateBuffer(device.allocator, &info, &automatic, &buffers[i], &buffer_memory[i], NULL),
                VK_SUCCESS);
        }
        for (size_t i = 0; i < 100; ++i) {
            const VkImageCreateInfo info = {.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
                                            .imageType = VK_IMAGE_TYPE_2D,
                                            .format = VK_FORMAT_R8G8B8A8_UNORM,
                                            .extent = {1 + device_random(&seed) % 300, 64, 1},
                                            .mipLevels = 1,
                                            .arrayLayers = 1,
                                            .samples = VK_SAMPLE_COUNT_1_BIT,
                                            .usage = VK_IMAGE_USAGE_SAMPLED_BIT};
            assert_int_equal(
                vmaCreateImage(device.allocator, &info, &automatic, &images[i], &image_memory[i], NULL),
                VK_SUCCESS);
        }
        for (size_t i = 0; i < 300; i += 3) {
            vmaDestroyBuffer(device.allocator, buffers[i], buffer_memory[i]);
        }
        check_against_statistics(&device);
        for (size_t i = 0; i < 300; ++i) {
            if (i % 3) {
                vmaDestroyBuffer(device.allocator, buffers[i], buffer_memory[i]);
            }
        }
        for (size_t i = 0; i < 100; ++i) {
            vmaDestroyImage(device.allocator, images[i], image_memory[i]);
        }
        device_close(&device);
    }
}

static void usage_and_kind_of_resources_are_told(void **state)
{
    (void)state;
    struct Device device;
    device_open(&device, "single", NULL);
    const VkBufferCreateInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
                                     .size = 4096,
                                     .usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT |
                                              VK_BUFFER_USAGE_TRANSFER_DST_BIT};
    const VmaAllocationCreateInfo create = {.usage = VMA_MEMORY_USAGE_AUTO,
                                            .flags = VMA_ALLOCATION_CREATE_MAPPED_BIT |
                                                     VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT};
    VkBuffer buffer;
    VmaAllocation allocation;
    assert_int_equal(vmaCreateBuffer(device.allocator, &info, &create, &buffer, &allocation, NULL),
                     VK_SUCCESS);
    json_t *root = dump(&device, VK_TRUE);
    json_t *row = at(root, "DefaultPools/Type 0/Blocks/0/Suballocations/0");
    assert_string_equal(json_string_value(at(row, "Type")), "BUFFER");
    assert_int_equal(number_at(row, "Usage"), info.usage);
    assert_int_equal(number_at(row, "Size"), 4096);
    assert_int_equal(number_at(root, "DefaultPools/Type 0/Blocks/0/MapRefCount"), 1);
    json_decref(root);
    vmaDestroyBuffer(device.allocator, buffer, allocation);
    device_close(&device);
}

static void a_virtual_block_is_written_to_the_letter(void **state)
{
    (void)state;
    const VmaVirtualBlockCreateInfo info = {.size = 10000};
    VmaVirtualBlock block;
    assert_int_equal(vmaCreateVirtualBlock(&info, &block), VK_SUCCESS);
    VmaVirtualAllocationCreateInfo wanted = {.size = 128, .pUserData = (void *)(uintptr_t)7};
    VmaVirtualAllocation allocations[3];
    for (size_t i = 0; i < 3; ++i) {
        assert_int_equal(vmaVirtualAllocate(block, &wanted, &allocations[i], NULL), VK_SUCCESS);
        wanted.pUserData = NULL;
    }
    vmaVirtualFree(block, allocations[1]);
    char *text;
    vmaBuildVirtualBlockStatsString(block, &text, 2);
    assert_string_equal(text, "{\n"
                              "  \"Stats\": {\n"
                              "    \"BlockCount\": 1, \n"
                              "    \"BlockBytes\": 10000, \n"
                              "    \"AllocationCount\": 2, \n"
                              "    \"AllocationBytes\": 256, \n"
                              "    \"UnusedRangeCount\": 2, \n"
                              "    \"AllocationSizeMin\": 128, \n"
                              "    \"AllocationSizeMax\": 128, \n"
                              "    \"UnusedRangeSizeMin\": 128, \n"
                              "    \"UnusedRangeSizeMax\": 9616\n"
                              "  }, \n"
                              "  \"Details\": {\n"
                              "    \"TotalBytes\": 10000, \n"
                              "    \"UnusedBytes\": 9744, \n"
                              "    \"Allocations\": 2, \n"
                              "    \"UnusedRanges\": 2, \n"
                              "    \"Suballocations\": [\n"
                              "      {\"Offset\": 0, \"Size\": 128, \"CustomData\": \"0x7\"}, \n"
                              "      {\"Offset\": 128, \"Type\": \"FREE\", \"Size\": 128}, \n"
                              "      {\"Offset\": 256, \"Size\": 128}, \n"
                              "      {\"Offset\": 384, \"Type\": \"FREE\", \"Size\": 9616}\n"
                              "    ]\n"
                              "  }\n"
                              "}");
    vmaFreeVirtualBlockStatsString(block, text);
    vmaBuildVirtualBlockStatsString(block, &text, VK_FALSE);
    assert_null(strstr(text, "Details"));
    vmaFreeVirtualBlockStatsString(block, text);
    vmaClearVirtualBlock(block);
    vmaDestroyVirtualBlock(block);
}

// ---- Host memory ----

static bool host_is_full;
static int host_alive;

static void *VKAPI_PTR host_allocate(void *user, size_t size, size_t alignment, VkSystemAllocationScope scope)
{
    (void)user;
    (void)scope;
    if (host_is_full) {
        return NULL;
    }
    ++host_alive;
    size_t aligned = (size + alignment - 1) / alignment * alignment;
    return aligned_alloc(alignment < sizeof(void *) ? sizeof(void *) : alignment, aligned + sizeof(void *));
}

static void VKAPI_PTR host_free(void *user, void *memory)
{
    (void)user;
    host_alive -= memory != NULL;
    free(memory);
}

static void without_host_memory_there_is_no_text_and_no_leak(void **state)
{
    (void)state;
    struct Device device;
    const VkAllocationCallbacks callbacks = {.pfnAllocation = host_allocate, .pfnFree = host_free};
    const VmaAllocatorCreateInfo info = {.pAllocationCallbacks = &callbacks};
    device_open(&device, "single", &info);
    int before = host_alive;
    char marker, *text = &marker;
    host_is_full = true;
    vmaBuildStatsString(device.allocator, &text, VK_TRUE);
    host_is_full = false;
    assert_null(text);
    assert_int_equal(host_alive, before);
    vmaBuildStatsString(device.allocator, &text, VK_TRUE);
    assert_non_null(text);
    assert_int_equal(host_alive, before + 1);
    vmaFreeStatsString(device.allocator, text);
    device_close(&device);
    assert_int_equal(host_alive, 0);
}

static void null_arguments_do_no_harm(void **state)
{
    (void)state;
    char marker, *text = &marker;
    vmaBuildStatsString(NULL, &text, VK_TRUE);
    assert_null(text);
    text = &marker;
    vmaBuildVirtualBlockStatsString(NULL, &text, VK_TRUE);
    assert_null(text);
    vmaBuildStatsString(NULL, NULL, VK_TRUE);
    vmaBuildVirtualBlockStatsString(NULL, NULL, VK_TRUE);
    vmaFreeStatsString(NULL, NULL);
    vmaFreeVirtualBlockStatsString(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_allocator_is_written_to_the_letter),
        cmocka_unit_test(a_pool_is_written_to_the_letter),
        cmocka_unit_test(only_true_asks_for_the_detailed_map),
        cmocka_unit_test(dedicated_memory_is_listed_oldest_first_without_an_offset),
        cmocka_unit_test(pools_are_numbered_within_their_memory_type_oldest_first),
        cmocka_unit_test(a_large_dump_agrees_with_statistics),
        cmocka_unit_test(usage_and_kind_of_resources_are_told),
        cmocka_unit_test(a_virtual_block_is_written_to_the_letter),
        cmocka_unit_test(without_host_memory_there_is_no_text_and_no_leak),
        cmocka_unit_test(null_arguments_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
