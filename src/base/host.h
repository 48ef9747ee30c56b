// SPDX-License-Identifier: MIT
// Host memory. Every byte that vram takes from the host goes through one VrHost, so that the caller's
// allocation callbacks see all of it.
#ifndef VR_BASE_HOST_H
#define VR_BASE_HOST_H

#include "base/common.h"

struct VrHost {
    void *context;
    void *(*allocate)(void *context, size_t size,
                      size_t alignment); // NULL on failure; alignment is a power of two
    void (*release)(void *context, void *memory);
};

// The C library's heap.
extern const struct VrHost vr_host_default;

void *vr_host_alloc(const struct VrHost *host, size_t size, size_t alignment);
void *vr_host_zalloc(const struct VrHost *host, size_t size, size_t alignment); // zero-filled
void vr_host_free(const struct VrHost *host, void *memory);                     // accepts NULL
// Grows an array to hold at least `wanted` elements; *array and *capacity are unchanged on failure.
bool vr_host_grow(const struct VrHost *host, void **array, size_t *capacity, size_t wanted,
                  size_t element_size);
char *vr_host_copy_string(const struct VrHost *host, const char *text);

#endif
