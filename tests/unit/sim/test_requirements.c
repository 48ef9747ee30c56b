// SPDX-License-Identifier: MIT
// Sizes, alignments and memory types that the vendors' models answer, against what real drivers answered.
#include "fixture.h"

#include <stdio.h>
#include <string.h>

static VkMemoryRequirements image_requirements(struct Fixture *f, const VkImageCreateInfo *create)
{
    VkMemoryRequirements requirements;
    VkImage image;
    assert_int_equal(f->CreateImage(f->device, create, NULL, &image), VK_SUCCESS);
    f->GetImageMemoryRequirements(f->device, image, &requirements);
    f->DestroyImage(f->device, image, NULL);
    return requirements;
}

// What the named driver answered for real; per mille is how far the model may be away.
static const struct {
    const char *device;
    VkFormat format;
    uint32_t extent, mips;
    VkImageUsageFlags usage;
    VkDeviceSize size;
    unsigned per_mille;
} answers[] = {
    {"amd-rebar", VK_FORMAT_R8G8B8A8_UNORM, 256, 1, 0x6, 262144, 0},
    {"amd-rebar", VK_FORMAT_R8G8B8A8_UNORM, 2048, 12, 0x6, 22413312, 0},
    {"amd-rebar", VK_FORMAT_R8G8B8A8_UNORM, 1000, 1, 0x17, 4210688, 0},
    {"amd-rebar", VK_FORMAT_R16G16B16A16_SFLOAT, 4096, 1, 0x17, 134742016, 0},
    {"amd-rebar", VK_FORMAT_D32_SFLOAT, 1024, 1, 0x24, 4259848, 1},
    {"amd-rebar", VK_FORMAT_BC7_UNORM_BLOCK, 1024, 11, 0x6, 1441792, 0},
    {"intel-dgpu", VK_FORMAT_R8G8B8A8_UNORM, 256, 1, 0x6, 262176, 1},
    {"intel-dgpu", VK_FORMAT_R8G8B8A8_UNORM, 2048, 12, 0x6, 25428044, 1},
    {"intel-dgpu", VK_FORMAT_D32_SFLOAT, 1024, 1, 0x24, 4456476, 1},
    {"intel-uma", VK_FORMAT_BC7_UNORM_BLOCK, 1024, 11, 0x6, 1703936, 0},
    {"adreno", VK_FORMAT_R8G8B8A8_UNORM, 2048, 12, 0x6, 22495232, 10},
    {"adreno", VK_FORMAT_R8G8B8A8_UNORM, 1000, 1, 0x17, 4145152, 1},
    {"adreno", VK_FORMAT_R16G16B16A16_SFLOAT, 4096, 1, 0x17, 134742016, 0},
    {"lavapipe", VK_FORMAT_D32_SFLOAT, 160, 1, 0x20, 102400, 0},
    {"lavapipe", VK_FORMAT_R8G8B8A8_UNORM, 2, 1, 0x7, 256, 0},
};

static void models_answer_like_drivers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct Fixture f;
        fixture_open(&f, answers[i].device, VR_SIM_CHECKS);
        VkImageCreateInfo create =
            fixture_image_info(answers[i].format, answers[i].extent, answers[i].extent, answers[i].mips);
        create.usage = answers[i].usage;
        const VkDeviceSize size = image_requirements(&f, &create).size;
        const VkDeviceSize far = size > answers[i].size ? size - answers[i].size : answers[i].size - size;
        if (far * 1000 > answers[i].size * answers[i].per_mille) {
            fail_msg("answer %zu (%s): %llu bytes, the driver says %llu", i, answers[i].device,
                     (unsigned long long)size, (unsigned long long)answers[i].size);
        }
        fixture_close(&f);
    }
}

// Every line of the descriptions that carry a real driver's answers: exact for buffers, close for images.
static void compare_line(struct Fixture *f, const char *line)
{
    unsigned long long buffer_size, size, alignment;
    unsigned format, extent, mips, tiling, usage, types;
    if (sscanf(line, "buffer %llu -> size %llu align %llu types %x", &buffer_size, &size, &alignment,
               &types) == 4) {
        VkMemoryRequirements need;
        VkBuffer buffer = fixture_buffer(f, buffer_size, VK_BUFFER_USAGE_TRANSFER_DST_BIT);
        f->GetBufferMemoryRequirements(f->device, buffer, &need);
        f->DestroyBuffer(f->device, buffer, NULL);
        if (need.size != size || need.alignment != alignment || need.memoryTypeBits != types) {
            fail_msg("%s: \"%s\" but %llu align %llu types %x", vr_sim_description(f->sim)->name, line,
                     (unsigned long long)need.size, (unsigned long long)need.alignment, need.memoryTypeBits);
        }
    } else if (sscanf(line, "image fmt %u %u^2 mips %u tiling %u usage %x -> size %llu align %llu types %x",
                      &format, &extent, &mips, &tiling, &usage, &size, &alignment, &types) == 8) {
        VkImageCreateInfo create = fixture_image_info((VkFormat)format, extent, extent, mips);
        create.tiling = (VkImageTiling)tiling;
        create.usage = usage;
        const VkMemoryRequirements need = image_requirements(f, &create);
        const double ratio = (double)need.size / (double)size;
        if (ratio < 0.85 || ratio > 1.15 || need.memoryTypeBits != types) {
            fail_msg("%s: \"%s\" but %llu types %x", vr_sim_description(f->sim)->name, line,
                     (unsigned long long)need.size, need.memoryTypeBits);
        }
    }
}

static int compare_file(const char *name)
{
    struct VrSimDevice device;
    struct Fixture f;
    char path[4096], error[512], line[512];
    int lines = 0;
    (void)snprintf(path, sizeof(path), "%s/devices/%s", VRAM_SHARED_DATA, name);
    FILE *file = fopen(path, "r");
    if (!file) {
        return 0;
    }
    assert_true(vr_sim_device_load(path, &device, error, sizeof(error)));
    fixture_open_device(&f, &device, VR_SIM_CHECKS);
    while (fgets(line, sizeof(line), file)) {
        const char *text = strchr(line, '"');
        if (text && (strncmp(text + 1, "buffer ", 7) == 0 || strncmp(text + 1, "image fmt", 9) == 0)) {
            compare_line(&f, text + 1);
            lines++;
        }
    }
    (void)fclose(file);
    fixture_close(&f);
    return lines;
}

static void models_calibrated_by_a_description_answer_like_its_driver(void **state)
{
    (void)state;
    static const char *const names[] = {"mesa-shim-navi21.json",           "mesa-shim-navi31.json",
                                        "mesa-shim-polaris10.json",        "mesa-shim-raven.json",
                                        "mesa-shim-pitcairn.json",         "mesa-shim-intel-skl.json",
                                        "mesa-shim-intel-adl.json",        "mesa-shim-intel-dg2.json",
                                        "mesa-shim-sid-asahi-m1.json",     "mesa-shim-sid-freedreno-740.json",
                                        "mesa-shim-sid-nouveau-0x172.json"};
    int lines = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        lines += compare_file(names[i]);
    }
    if (lines == 0) {
        print_message("no device descriptions in %s/devices: not tested\n", VRAM_SHARED_DATA);
        skip();
    }
    assert_int_equal(lines, 12 * 11);
}

// A row of what an H200 answered (driver 580.159): sizes, alignments, types and the dedicated preference,
// exactly.
static void compare_row(struct Fixture *f, const char *row)
{
    unsigned format, mips, layers, samples, tiling, usage, types, prefers;
    unsigned long long size, alignment;
    VkExtent3D extent;
    assert_int_equal(sscanf(row, "%u,%u,%u,%u,%u,%u,%u,%u,%x,%llu,%llu,%x,%u", &format, &extent.width,
                            &extent.height, &extent.depth, &mips, &layers, &samples, &tiling, &usage, &size,
                            &alignment, &types, &prefers),
                     13);
    VkImageCreateInfo create = fixture_image_info((VkFormat)format, extent.width, extent.height, mips);
    create.extent = extent;
    create.imageType = extent.depth > 1 ? VK_IMAGE_TYPE_3D : VK_IMAGE_TYPE_2D;
    create.arrayLayers = layers;
    create.samples = (VkSampleCountFlagBits)samples;
    create.tiling = (VkImageTiling)tiling;
    create.usage = usage;
    VkMemoryDedicatedRequirements dedicated = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_REQUIREMENTS};
    VkMemoryRequirements2 need = {.sType = VK_STRUCTURE_TYPE_MEMORY_REQUIREMENTS_2, .pNext = &dedicated};
    const VkDeviceImageMemoryRequirements info = {.sType = VK_STRUCTURE_TYPE_DEVICE_IMAGE_MEMORY_REQUIREMENTS,
                                                  .pCreateInfo = &create};
    f->GetDeviceImageMemoryRequirements(f->device, &info, &need);
    const VkMemoryRequirements *got = &need.memoryRequirements;
    if (got->size != size || got->alignment != alignment || got->memoryTypeBits != types ||
        dedicated.prefersDedicatedAllocation != prefers) {
        fail_msg("%s: %llu align %llu types %x prefers %u", row, (unsigned long long)got->size,
                 (unsigned long long)got->alignment, got->memoryTypeBits,
                 dedicated.prefersDedicatedAllocation);
    }
}

static void the_nvidia_model_is_exact(void **state)
{
    (void)state;
    struct Fixture f;
    char row[256];
    int rows = 0;
    FILE *file = fopen(VRAM_TEST_DATA "/nvidia_h200.csv", "r");
    assert_non_null(file);
    assert_non_null(fgets(row, sizeof(row), file)); // names of the columns
    fixture_open(&f, "nvidia-datacenter", VR_SIM_CHECKS);
    while (fgets(row, sizeof(row), file)) {
        compare_row(&f, row);
        rows++;
    }
    (void)fclose(file);
    fixture_close(&f);
    assert_true(rows > 200);
}

static void layers_samples_and_depth_multiply_the_size(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "lavapipe", VR_SIM_CHECKS);
    VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 64, 64, 1);
    const VkDeviceSize one = image_requirements(&f, &create).size;
    assert_int_equal(one, 64 * 64 * 4);
    create.arrayLayers = 6;
    assert_int_equal(image_requirements(&f, &create).size, 6 * one);
    create.samples = VK_SAMPLE_COUNT_4_BIT;
    assert_int_equal(image_requirements(&f, &create).size, 24 * one);
    create.arrayLayers = 1;
    create.samples = VK_SAMPLE_COUNT_1_BIT;
    create.imageType = VK_IMAGE_TYPE_3D;
    create.extent.depth = 64;
    assert_int_equal(image_requirements(&f, &create).size, 64 * one);
    fixture_close(&f);
}

static void small_images_align_less_than_large_ones(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "amd-rebar", VR_SIM_CHECKS);
    const VkImageCreateInfo small = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 64, 64, 1);
    const VkImageCreateInfo large = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 2048, 2048, 1);
    assert_int_equal(image_requirements(&f, &small).alignment, 4096);
    assert_int_equal(image_requirements(&f, &large).alignment, 65536);
    fixture_close(&f);
}

static void uniform_buffers_align_more_on_nvidia(void **state)
{
    (void)state;
    struct Fixture f;
    VkMemoryRequirements plain, uniform;
    fixture_open(&f, "nvidia-datacenter", VR_SIM_CHECKS);
    VkBuffer a = fixture_buffer(&f, 100, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    VkBuffer b = fixture_buffer(&f, 100, VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    f.GetBufferMemoryRequirements(f.device, a, &plain);
    f.GetBufferMemoryRequirements(f.device, b, &uniform);
    assert_int_equal(plain.size, 112);
    assert_int_equal(plain.alignment, 16);
    assert_int_equal(uniform.size, 128);
    assert_int_equal(uniform.alignment, 64);
    assert_int_equal(uniform.memoryTypeBits, 0x1f);
    f.DestroyBuffer(f.device, a, NULL);
    f.DestroyBuffer(f.device, b, NULL);
    fixture_close(&f);
}

static void images_find_only_the_types_that_take_them(void **state)
{
    (void)state;
    struct Fixture f;
    fixture_open(&f, "nvidia-rebar", VR_SIM_CHECKS);
    VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 64, 64, 1);
    assert_int_equal(image_requirements(&f, &create).memoryTypeBits, 0x3);
    create.tiling = VK_IMAGE_TILING_LINEAR;
    assert_int_equal(image_requirements(&f, &create).memoryTypeBits, 0x3b);
    // No lazily allocated type: a transient image lies where any other does.
    create.tiling = VK_IMAGE_TILING_OPTIMAL;
    create.usage = VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
    assert_int_equal(image_requirements(&f, &create).memoryTypeBits, 0x3);
    fixture_close(&f);

    fixture_open(&f, "mali", VR_SIM_CHECKS);
    create = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 64, 64, 1);
    assert_int_equal(image_requirements(&f, &create).memoryTypeBits, 0x3);
    create.usage = VK_IMAGE_USAGE_TRANSIENT_ATTACHMENT_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
    assert_int_equal(image_requirements(&f, &create).memoryTypeBits, 0x7);
    fixture_close(&f);

    fixture_open(&f, "apple", VR_SIM_CHECKS);
    create = fixture_image_info(VK_FORMAT_D32_SFLOAT, 64, 64, 1);
    assert_int_equal(image_requirements(&f, &create).memoryTypeBits, 0x1);
    fixture_close(&f);
}

static void a_linear_image_has_a_layout(void **state)
{
    (void)state;
    struct Fixture f;
    VkImage image;
    VkMemoryRequirements need;
    VkSubresourceLayout layout;
    fixture_open(&f, "amd-rebar", VR_SIM_CHECKS);
    VkImageCreateInfo create = fixture_image_info(VK_FORMAT_R8G8B8A8_UNORM, 100, 50, 2);
    create.tiling = VK_IMAGE_TILING_LINEAR;
    create.arrayLayers = 2;
    assert_int_equal(f.CreateImage(f.device, &create, NULL, &image), VK_SUCCESS);
    f.GetImageMemoryRequirements(f.device, image, &need);
    const VkImageSubresource which = {VK_IMAGE_ASPECT_COLOR_BIT, 1, 1};
    f.GetImageSubresourceLayout(f.device, image, &which, &layout);
    assert_int_equal(layout.rowPitch, 256);  // 50 texels of 4 bytes, rounded up
    assert_int_equal(layout.size, 256 * 25); // 25 rows
    assert_int_equal(layout.arrayPitch, 512 * 50 + 256 * 25);
    assert_int_equal(layout.offset, layout.arrayPitch + 512 * 50);
    assert_int_equal(need.size, 2 * layout.arrayPitch);
    f.DestroyImage(f.device, image, NULL);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_answer_like_drivers),
        cmocka_unit_test(models_calibrated_by_a_description_answer_like_its_driver),
        cmocka_unit_test(the_nvidia_model_is_exact),
        cmocka_unit_test(layers_samples_and_depth_multiply_the_size),
        cmocka_unit_test(small_images_align_less_than_large_ones),
        cmocka_unit_test(uniform_buffers_align_more_on_nvidia),
        cmocka_unit_test(images_find_only_the_types_that_take_them),
        cmocka_unit_test(a_linear_image_has_a_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
