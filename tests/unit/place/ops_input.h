// SPDX-License-Identifier: MIT
// The bytes of an operation stream, read one after the other.
#ifndef VR_TEST_PLACE_OPS_INPUT_H
#define VR_TEST_PLACE_OPS_INPUT_H

#include "ops.h"

struct OpsInput {
    const uint8_t *data;
    size_t size;
};

// 0 behind the end.
static inline unsigned ops_byte(struct OpsInput *input)
{
    if (input->size == 0) {
        return 0;
    }
    --input->size;
    return *input->data++;
}

// 1 to 255 units: mostly small, often repeated.
static inline uint64_t ops_size(struct OpsInput *input)
{
    static const uint8_t usual[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 24, 32, 33, 48, 64, 100};
    unsigned byte = ops_byte(input);
    return byte < 192 ? usual[byte % 16] : byte - 191 + (byte & 1 ? 100 : 0);
}

// 1 to 64 units.
static inline uint64_t ops_alignment(struct OpsInput *input)
{
    unsigned byte = ops_byte(input);
    return byte < 128 ? 1 : 1ull << (byte % 7);
}

#endif
