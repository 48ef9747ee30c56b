// SPDX-License-Identifier: MIT
// Descriptions: the built-in topologies, every JSON of the shared set, and files that are wrong.
#define _GNU_SOURCE
#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_sane(const struct VrSimDevice *device)
{
    bool buffers = false, images = false;
    assert_in_range(device->heap_count, 1, VK_MAX_MEMORY_HEAPS);
    assert_in_range(device->type_count, 1, VK_MAX_MEMORY_TYPES);
    assert_true(device->queue_family_count >= 1);
    assert_true(device->name[0] != '\0');
    for (uint32_t i = 0; i < device->heap_count; i++) {
        assert_true(device->heaps[i].size >= 64 * MIB);
        assert_in_range(device->heaps[i].budget, 1, device->heaps[i].size);
    }
    for (uint32_t i = 0; i < device->type_count; i++) {
        assert_true(device->types[i].heap < device->heap_count);
        buffers = buffers || device->types[i].buffers;
        images = images || (device->types[i].images & VR_SIM_IMAGE_COLOR);
    }
    assert_true(buffers && images);
    assert_in_range(device->limits.bufferImageGranularity, 1, 65536);
    assert_in_range(device->limits.nonCoherentAtomSize, 1, 256);
    assert_true(device->limits.maxMemoryAllocationCount >= 4096);
}

// A buffer and an image can be made, find a memory type, and bind.
static void assert_usable(const struct VrSimDevice *device)
{
    struct Fixture f;
    VkImage image;
    VkMemoryRequirements need;
    fixture_open_device(&f, device, VR_SIM_CHECKS);
    VkBuffer buffer = fixture_buffer(&f, 1000, VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    f.GetBufferMemoryRequirements(f.device, buffer, &need);
    assert_true(need.size >= 1000 && need.memoryTypeBits != 0);
    VkDeviceMemory buffer_memory =
        fixture_memory(&f, (uint32_t)__builtin_ctz(need.memoryTypeBits), need.size);
    assert_int_equal(f.BindBufferMemory(f.device, buffer, buffer_memory, 0), VK_SUCCESS);

    const VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 100, 100, 7);
    assert_int_equal(f.CreateImage(f.device, &create, NULL, &image), VK_SUCCESS);
    f.GetImageMemoryRequirements(f.device, image, &need);
    assert_true(need.size >= 4 * 100 * 100 && need.memoryTypeBits != 0);
    VkDeviceMemory image_memory = fixture_memory(&f, (uint32_t)__builtin_ctz(need.memoryTypeBits), need.size);
    assert_int_equal(f.BindImageMemory(f.device, image, image_memory, 0), VK_SUCCESS);

    f.DestroyBuffer(f.device, buffer, NULL);
    f.DestroyImage(f.device, image, NULL);
    f.FreeMemory(f.device, buffer_memory, NULL);
    f.FreeMemory(f.device, image_memory, NULL);
    fixture_close(&f);
}

static void every_builtin_device_works(void **state)
{
    (void)state;
    uint32_t count = 0;
    for (; vr_sim_device_builtin_name(count); count++) {
        struct VrSimDevice device;
        assert_true(vr_sim_device_builtin(vr_sim_device_builtin_name(count), &device));
        assert_sane(&device);
        assert_usable(&device);
    }
    assert_true(count >= 8);
}

static void an_unknown_builtin_changes_nothing(void **state)
{
    (void)state;
    struct VrSimDevice device = {.name = "kept"};
    assert_false(vr_sim_device_builtin("voodoo-2", &device));
    assert_string_equal(device.name, "kept");
}

static void every_shared_description_loads_and_works(void **state)
{
    (void)state;
    struct VrSimDevice device;
    const struct dirent *entry;
    char path[4096], error[512];
    int count = 0;
    DIR *folder = opendir(VRAM_SHARED_DATA "/devices");
    if (!folder) {
        print_message("no device descriptions in %s/devices: not tested\n", VRAM_SHARED_DATA);
        skip();
    }
    while ((entry = readdir(folder)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".json") != 0 || strcmp(entry->d_name, "index.json") == 0) {
            continue;
        }
        (void)snprintf(path, sizeof(path), "%s/devices/%s", VRAM_SHARED_DATA, entry->d_name);
        error[0] = '\0';
        if (!vr_sim_device_load(path, &device, error, sizeof(error))) {
            fail_msg("%s", error);
        }
        assert_sane(&device);
        assert_usable(&device);
        count++;
    }
    closedir(folder);
    assert_true(count >= 47);
}

static void a_description_is_read_to_the_letter(void **state)
{
    (void)state;
    struct VrSimDevice device;
    char error[512] = "";
    if (!vr_sim_device_load(VRAM_TEST_DATA "/full.json", &device, error, sizeof(error))) {
        fail_msg("%s", error);
    }
    assert_string_equal(device.name, "AMD Test Card");
    assert_int_equal(device.vendor, VR_SIM_VENDOR_AMD);
    assert_int_equal(device.type, VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU);
    assert_int_equal(device.api_version, VK_MAKE_API_VERSION(0, 1, 3, 42));
    assert_int_equal(device.heap_count, 2);
    assert_int_equal(device.heaps[0].size, 8589934592);
    assert_int_equal(device.heaps[0].budget, 8000000000);
    assert_int_equal(device.heaps[0].usage, 1000);
    assert_int_equal(device.heaps[1].budget, 4294967296 / 10 * 9);
    assert_int_equal(device.type_count, 3);
    assert_true(device.types[0].buffers);
    assert_false(device.types[1].buffers); // the same flags again, and no images
    assert_int_equal(device.types[0].images,
                     VR_SIM_IMAGE_COLOR | VR_SIM_IMAGE_D32 | VR_SIM_IMAGE_NOT_TRANSIENT);
    assert_int_equal(device.types[2].images, VR_SIM_IMAGE_LINEAR);
    assert_int_equal(device.limits.bufferImageGranularity, 2048);
    assert_int_equal(device.limits.maxMemoryAllocationCount, 4294967295);
    assert_true(device.max_buffer_size == 18446744073709486080u);
    assert_true(device.features.sparseBinding && device.buffer_device_address);
    assert_int_equal(device.queue_family_count, 2);
    assert_int_equal(device.queue_families[1].queueFlags,
                     VK_QUEUE_TRANSFER_BIT | VK_QUEUE_SPARSE_BINDING_BIT);
    assert_int_equal(device.queue_families[1].queueCount, 2);
    assert_true(vr_sim_device_has_extension(&device, "VK_EXT_memory_budget"));
    assert_int_equal(device.model.buffer_alignment, 32);
    assert_int_equal(device.model.image_alignment_large, 262144);
}

static void a_minimal_description_gets_defaults(void **state)
{
    (void)state;
    struct VrSimDevice device;
    char error[512] = "";
    if (!vr_sim_device_load(VRAM_TEST_DATA "/minimal.json", &device, error, sizeof(error))) {
        fail_msg("%s", error);
    }
    assert_int_equal(device.api_version, VK_API_VERSION_1_3);
    assert_int_equal(device.limits.nonCoherentAtomSize, 64);
    assert_int_equal(device.limits.maxMemoryAllocationCount, 4096);
    assert_sane(&device);
    assert_usable(&device);
}

// Writes a file, loads it, and compares the error behind the file's name.
static void assert_refused(const char *json, const char *expected)
{
    static const char name[] = "sim_refused.json";
    struct VrSimDevice device = {.name = "kept"};
    char error[512] = "", whole[512];
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(json, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_false(vr_sim_device_load(name, &device, error, sizeof(error)));
    (void)remove(name);
    (void)snprintf(whole, sizeof(whole), "%s: %s", name, expected);
    assert_string_equal(error, whole);
    assert_string_equal(device.name, "kept");
}

#define HEAPS "\"heaps\": [{\"size\": 67108864}]"
#define TYPES "\"types\": [{\"heap\": 0, \"flags\": 7}]"

static void a_wrong_description_is_refused_with_the_member(void **state)
{
    (void)state;
    assert_refused("[]", "not a JSON object");
    assert_refused("{}", "heaps must be a list of 1 to 16 heaps");
    assert_refused("{" HEAPS "}", "types must be a list of 1 to 32 types");
    assert_refused("{\"heaps\": 3}", "heaps is not a list");
    assert_refused("{\"heaps\": [{}], " TYPES "}", "heaps[0].size is missing or 0");
    assert_refused("{\"heaps\": [{\"size\": -5}], " TYPES "}",
                   "heaps[0].size is not a whole number of 0 or more");
    assert_refused("{" HEAPS ", \"types\": [{\"heap\": 1}]}",
                   "types[0].heap is missing or not one of the 1 heaps");
    assert_refused("{" HEAPS ", \"types\": [{\"heap\": 0, \"flags\": \"7\"}]}",
                   "types[0].flags is not a whole number of 0 or more");
    assert_refused("{" HEAPS ", \"types\": [{\"heap\": 0, \"images\": {\"optimal\": 1}}]}",
                   "types[0].images.optimal is not a list");
    assert_refused("{" HEAPS ", " TYPES ", \"type\": \"toaster\"}",
                   "type is \"toaster\"; one of integrated, discrete, virtual, cpu, other is expected");
    assert_refused("{" HEAPS ", " TYPES ", \"api\": \"2\"}",
                   "api is \"2\"; a version like 1.3.280 is expected");
    assert_refused("{" HEAPS ", " TYPES ", \"limits\": {\"nonCoherentAtomSize\": 3}}",
                   "limits.nonCoherentAtomSize is not a power of two");
    assert_refused("{" HEAPS ", " TYPES ", \"limits\": []}", "limits is not an object");
    assert_refused("{" HEAPS ", " TYPES ", \"features\": {\"sparseBinding\": 1}}",
                   "features.sparseBinding is not true or false");
    assert_refused("{" HEAPS ", " TYPES ", \"memory_extensions\": [1]}",
                   "memory_extensions[0] is not a string, too long, or one too many");
}

static void broken_json_is_refused_with_the_line(void **state)
{
    (void)state;
    struct VrSimDevice device;
    char error[512] = "";
    assert_false(vr_sim_device_load(VRAM_TEST_DATA "/broken.json", &device, error, sizeof(error)));
    assert_non_null(strstr(error, "broken.json: line 3: "));
}

static void a_missing_file_is_refused(void **state)
{
    (void)state;
    struct VrSimDevice device;
    char error[512] = "";
    assert_false(vr_sim_device_load("no_such_file.json", &device, error, sizeof(error)));
    assert_non_null(strstr(error, "no_such_file.json: "));
    assert_non_null(strstr(error, "No such file"));
}

static void a_description_without_sense_makes_no_simulation(void **state)
{
    (void)state;
    struct VrSimDevice device;
    struct VrSim *sim;
    struct VrSimCreateInfo info = {.device = &device};
    assert_true(vr_sim_device_builtin("single", &device));
    device.types[0].heap = 1;
    assert_int_equal(vr_sim_create(&info, &sim), VK_ERROR_INITIALIZATION_FAILED);
    assert_null(sim);
    assert_true(vr_sim_device_builtin("single", &device));
    device.type_count = 0;
    assert_int_equal(vr_sim_create(&info, &sim), VK_ERROR_INITIALIZATION_FAILED);
    info.device = NULL;
    assert_int_equal(vr_sim_create(&info, &sim), VK_ERROR_INITIALIZATION_FAILED);
}

static void extensions_can_be_taken_away(void **state)
{
    (void)state;
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin("nvidia-rebar", &device));
    const uint32_t count = device.extension_count;
    vr_sim_device_remove_extension(&device, "VK_EXT_memory_budget");
    assert_int_equal(device.extension_count, count - 1);
    assert_false(vr_sim_device_has_extension(&device, "VK_EXT_memory_budget"));
    assert_true(vr_sim_device_has_extension(&device, "VK_KHR_external_memory_win32")); // the last one
    vr_sim_device_remove_extension(&device, "VK_EXT_memory_budget");
    assert_int_equal(device.extension_count, count - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_builtin_device_works),
        cmocka_unit_test(an_unknown_builtin_changes_nothing),
        cmocka_unit_test(every_shared_description_loads_and_works),
        cmocka_unit_test(a_description_is_read_to_the_letter),
        cmocka_unit_test(a_minimal_description_gets_defaults),
        cmocka_unit_test(a_wrong_description_is_refused_with_the_member),
        cmocka_unit_test(broken_json_is_refused_with_the_line),
        cmocka_unit_test(a_missing_file_is_refused),
        cmocka_unit_test(a_description_without_sense_makes_no_simulation),
        cmocka_unit_test(extensions_can_be_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
