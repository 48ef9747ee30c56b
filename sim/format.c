// SPDX-License-Identifier: MIT
// Bytes and extent of a texel block of every core format and of the multi-planar ones.
#include "internal.h"

#define ASTC(first, w, h)                                                                                    \
    {                                                                                                        \
        first, first + 1,                                                                                    \
        {                                                                                                    \
            16, w, h, 0                                                                                      \
        }                                                                                                    \
    }

static const struct {
    uint32_t first, last;
    struct VrSimBlock block;
} ranges[] = {
    {1, 1, {1, 1, 1, 0}},                   // R4G4
    {2, 8, {2, 1, 1, 0}},                   // 16-bit packed
    {9, 15, {1, 1, 1, 0}},                  // R8
    {16, 22, {2, 1, 1, 0}},                 // R8G8
    {23, 36, {3, 1, 1, 0}},                 // R8G8B8, B8G8R8
    {37, 69, {4, 1, 1, 0}},                 // R8G8B8A8 and other 32-bit orders
    {70, 76, {2, 1, 1, 0}},                 // R16
    {77, 83, {4, 1, 1, 0}},                 // R16G16
    {84, 90, {6, 1, 1, 0}},                 // R16G16B16
    {91, 97, {8, 1, 1, 0}},                 // R16G16B16A16
    {98, 100, {4, 1, 1, 0}},                // R32
    {101, 103, {8, 1, 1, 0}},               // R32G32
    {104, 106, {12, 1, 1, 0}},              // R32G32B32
    {107, 109, {16, 1, 1, 0}},              // R32G32B32A32
    {110, 112, {8, 1, 1, 0}},               // R64
    {113, 115, {16, 1, 1, 0}},              // R64G64
    {116, 118, {24, 1, 1, 0}},              // R64G64B64
    {119, 121, {32, 1, 1, 0}},              // R64G64B64A64
    {122, 123, {4, 1, 1, 0}},               // B10G11R11, E5B9G9R9
    {124, 124, {2, 1, 1, 1}},               // D16
    {125, 126, {4, 1, 1, 1}},               // X8_D24, D32
    {127, 127, {1, 1, 1, 2}},               // S8
    {128, 128, {4, 1, 1, 3}},               // D16_S8
    {129, 129, {4, 1, 1, 3}},               // D24_S8
    {130, 130, {8, 1, 1, 3}},               // D32_S8
    {131, 134, {8, 4, 4, 0}},               // BC1
    {135, 138, {16, 4, 4, 0}},              // BC2, BC3
    {139, 140, {8, 4, 4, 0}},               // BC4
    {141, 146, {16, 4, 4, 0}},              // BC5, BC6H, BC7
    {147, 150, {8, 4, 4, 0}},               // ETC2 without full alpha
    {151, 152, {16, 4, 4, 0}},              // ETC2 RGBA
    {153, 154, {8, 4, 4, 0}},               // EAC R11
    {155, 156, {16, 4, 4, 0}},              // EAC RG11
    ASTC(157, 4, 4),                        //
    ASTC(159, 5, 4),                        //
    ASTC(161, 5, 5),                        //
    ASTC(163, 6, 5),                        //
    ASTC(165, 6, 6),                        //
    ASTC(167, 8, 5),                        //
    ASTC(169, 8, 6),                        //
    ASTC(171, 8, 8),                        //
    ASTC(173, 10, 5),                       //
    ASTC(175, 10, 6),                       //
    ASTC(177, 10, 8),                       //
    ASTC(179, 10, 10),                      //
    ASTC(181, 12, 10),                      //
    ASTC(183, 12, 12),                      //
    {1000156000, 1000156001, {4, 2, 1, 0}}, // 4:2:2 in one plane
    {1000156002, 1000156003, {6, 2, 2, 0}}, // 4:2:0 of 8 bits
    {1000156004, 1000156005, {4, 2, 1, 0}}, // 4:2:2 of 8 bits in planes
    {1000156006, 1000156006, {3, 1, 1, 0}}, // 4:4:4 of 8 bits
};

// A format that is not in the table counts as four bytes a texel.
struct VrSimBlock vr_sim_format_block(VkFormat format)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if ((uint32_t)format >= ranges[i].first && (uint32_t)format <= ranges[i].last) {
            return ranges[i].block;
        }
    }
    return (struct VrSimBlock){4, 1, 1, 0};
}
