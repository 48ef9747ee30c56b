// SPDX-License-Identifier: MIT
// The content of a replayed resource: a pattern that follows from its number and the position alone, so that
// nothing has to be remembered to check it, and bytes of another resource are never right by accident.
#ifndef CLI_CONTENT_H
#define CLI_CONTENT_H

#include <stdint.h>

#include "format.h"

// A stretch of a resource's content. Positions count the bytes of the resource in the order of its copies.
struct CliStretch {
    uint32_t resource;
    uint64_t position; // a multiple of 8
    uint64_t bytes;
    enum CliTexel texel;
};

void cli_content_fill(const struct CliStretch *stretch, void *data);

// The number of 8-byte words that are wrong (a last part of a word counts as one).
uint64_t cli_content_check(const struct CliStretch *stretch, const void *data);

#endif
