// SPDX-License-Identifier: MIT
// The pattern of content.h: one multiply-xor round per 8 bytes.
#include "content.h"

#include <string.h>

enum { WORD = 8 };

static uint64_t word_of(const struct CliStretch *stretch, uint64_t index)
{
    uint64_t word =
        (stretch->position / WORD + index) * 0x9E3779B97F4A7C15u + stretch->resource * 0xD1B54A32D192ED03u;

    word = (word ^ (word >> 29)) * 0xBF58476D1CE4E5B9u;
    word ^= word >> 32;
    if (stretch->texel == CLI_TEXEL_DEPTH_X8D24) {
        return word & 0x00FFFFFF00FFFFFFu;
    }
    if (stretch->texel == CLI_TEXEL_DEPTH_FLOAT) {
        // Exponent of 0.5 and a free mantissa: both floats lie in 0.5..1.
        return (word & 0x007FFFFF007FFFFFu) | 0x3F0000003F000000u;
    }
    return word;
}

void cli_content_fill(const struct CliStretch *stretch, void *data)
{
    unsigned char *out = data;
    uint64_t words = stretch->bytes / WORD;
    size_t rest = (size_t)(stretch->bytes % WORD);

    for (uint64_t i = 0; i < words; i++) {
        uint64_t word = word_of(stretch, i);
        memcpy(out + i * WORD, &word, WORD);
    }
    if (rest) {
        uint64_t word = word_of(stretch, words);
        memcpy(out + words * WORD, &word, rest);
    }
}

uint64_t cli_content_check(const struct CliStretch *stretch, const void *data)
{
    const unsigned char *in = data;
    uint64_t mask = stretch->texel == CLI_TEXEL_DEPTH_X8D24 ? 0x00FFFFFF00FFFFFFu : UINT64_MAX;
    uint64_t words = stretch->bytes / WORD;
    size_t rest = (size_t)(stretch->bytes % WORD);
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < words; i++) {
        uint64_t word;
        memcpy(&word, in + i * WORD, WORD);
        wrong += ((word ^ word_of(stretch, i)) & mask) != 0;
    }
    if (rest) {
        uint64_t word = 0;
        uint64_t expected = word_of(stretch, words) & mask;
        memcpy(&word, in + words * WORD, rest);
        word &= mask;
        wrong += memcmp(&word, &expected, rest) != 0;
    }
    return wrong;
}
