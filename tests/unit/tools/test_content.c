// SPDX-License-Identifier: MIT
// The pattern that resources are filled with, and the pieces that images are copied in.
#include "cmocka_setup.h"

#include <stdbool.h>
#include <string.h>

#include "content.h"
#include "image_pieces.h"

static unsigned char data[4096];

static void every_flipped_bit_is_found(void **state)
{
    struct CliStretch stretch = {7, 4096, 61, CLI_TEXEL_RAW};
    (void)state;
    cli_content_fill(&stretch, data);
    assert_int_equal(cli_content_check(&stretch, data), 0);
    for (size_t bit = 0; bit < 61 * 8; bit++) {
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_int_equal(cli_content_check(&stretch, data), 1);
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
}

static void other_resources_and_positions_look_different(void **state)
{
    struct CliStretch mine = {7, 0, 4096, CLI_TEXEL_RAW};
    struct CliStretch other = {8, 0, 4096, CLI_TEXEL_RAW};
    struct CliStretch moved = {7, 64, 4096, CLI_TEXEL_RAW};
    (void)state;
    cli_content_fill(&mine, data);
    assert_int_equal(cli_content_check(&other, data), 512);
    assert_int_equal(cli_content_check(&moved, data), 512);
}

static void undefined_bits_of_24_bit_depth_do_not_count(void **state)
{
    struct CliStretch stretch = {1, 0, 12, CLI_TEXEL_DEPTH_X8D24};
    (void)state;
    cli_content_fill(&stretch, data);
    assert_int_equal(data[3], 0);
    data[3] = 0xff;
    data[11] = 0xff;
    assert_int_equal(cli_content_check(&stretch, data), 0);
    data[10] ^= 1;
    assert_int_equal(cli_content_check(&stretch, data), 1);
}

static void depth_floats_lie_between_0_and_1(void **state)
{
    struct CliStretch stretch = {3, 8, 4096, CLI_TEXEL_DEPTH_FLOAT};
    (void)state;
    cli_content_fill(&stretch, data);
    for (size_t i = 0; i < 4096; i += 4) {
        float depth;
        memcpy(&depth, data + i, 4);
        assert_true(depth >= 0.0f && depth <= 1.0f);
    }
}

// ---- pieces -----------------------------------------------------------------------------------------------

struct Seen {
    uint64_t bytes, texels, largest, end;
    uint32_t pieces;
};

static void see(void *user, const struct CliImagePiece *piece)
{
    struct Seen *seen = user;
    assert_int_equal(piece->position % 8, 0);
    assert_true(piece->position >= seen->end); // no piece overlaps the one before
    seen->end = piece->position + piece->bytes;
    seen->bytes += piece->bytes;
    seen->texels += (uint64_t)piece->extent.width * piece->extent.height * piece->extent.depth;
    seen->largest = piece->bytes > seen->largest ? piece->bytes : seen->largest;
    seen->pieces++;
}

static struct Seen cut(VkFormat format, VkExtent3D extent, uint32_t mips, uint32_t layers, uint64_t largest)
{
    struct Seen seen = {0};
    VkImageCreateInfo info = {.format = format, .extent = extent, .mipLevels = mips, .arrayLayers = layers};
    cli_image_pieces(&info, largest, see, &seen);
    return seen;
}

static void pieces_cover_every_level_and_layer(void **state)
{
    struct Seen seen = cut(VK_FORMAT_R8G8B8A8_UNORM, (VkExtent3D){5, 3, 1}, 3, 2, 1 << 20);
    (void)state;
    assert_int_equal(seen.pieces, 6);
    assert_int_equal(seen.texels, 2 * (5 * 3 + 2 * 1 + 1 * 1));
    assert_int_equal(seen.bytes, seen.texels * 4);
}

static void blocks_are_whole_at_the_edges(void **state)
{
    struct Seen seen = cut(VK_FORMAT_BC3_UNORM_BLOCK, (VkExtent3D){5, 3, 1}, 1, 1, 1 << 20);
    (void)state;
    assert_int_equal(seen.bytes, 2 * 16);
    assert_int_equal(seen.texels, 15);
}

static void large_levels_are_cut_in_bands(void **state)
{
    struct Seen seen = cut(VK_FORMAT_BC3_UNORM_BLOCK, (VkExtent3D){1000, 999, 1}, 1, 1, 9000);
    (void)state;
    assert_int_equal(seen.texels, 1000 * 999);
    assert_int_equal(seen.bytes, 250 * 250 * 16);
    assert_true(seen.largest <= 9000);
    seen = cut(VK_FORMAT_R8_UNORM, (VkExtent3D){100, 100, 10}, 1, 1, 5000);
    assert_int_equal(seen.pieces, 20);
    assert_int_equal(seen.bytes, 100000);
    seen = cut(VK_FORMAT_R8_UNORM, (VkExtent3D){100, 2, 1}, 1, 1, 10); // a row is the least
    assert_int_equal(seen.pieces, 2);
}

static void depth_and_stencil_are_two_aspects(void **state)
{
    struct Seen seen = cut(VK_FORMAT_D24_UNORM_S8_UINT, (VkExtent3D){4, 4, 1}, 1, 1, 1 << 20);
    (void)state;
    assert_int_equal(seen.pieces, 2);
    assert_int_equal(seen.bytes, 16 * 4 + 16);
}

static void every_format_of_vulkan_1_0_is_known(void **state)
{
    (void)state;
    for (int format = VK_FORMAT_R4G4_UNORM_PACK8; format <= VK_FORMAT_ASTC_12x12_SRGB_BLOCK; format++) {
        struct CliFormat it = cli_format_describe((VkFormat)format);
        assert_true(it.known && it.aspect_count > 0 && it.aspects[0].bytes > 0 && it.block_width > 0);
        assert_true(*cli_format_substitutes(&it) != VK_FORMAT_UNDEFINED);
    }
    assert_false(cli_format_describe((VkFormat)999999).known);
    assert_false(cli_format_describe(VK_FORMAT_UNDEFINED).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_is_found),
        cmocka_unit_test(other_resources_and_positions_look_different),
        cmocka_unit_test(undefined_bits_of_24_bit_depth_do_not_count),
        cmocka_unit_test(depth_floats_lie_between_0_and_1),
        cmocka_unit_test(pieces_cover_every_level_and_layer),
        cmocka_unit_test(blocks_are_whole_at_the_edges),
        cmocka_unit_test(large_levels_are_cut_in_bands),
        cmocka_unit_test(depth_and_stencil_are_two_aspects),
        cmocka_unit_test(every_format_of_vulkan_1_0_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
