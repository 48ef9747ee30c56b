// SPDX-License-Identifier: MIT
// Host memory: the default heap and a few shapes of allocation on top of any VrHost.
#include "base/host.h"

#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <malloc.h>
#endif

static void *heap_allocate(void *context, size_t size, size_t alignment)
{
    (void)context;
#ifdef _WIN32
    return _aligned_malloc(size, alignment);
#else
    if (alignment <= sizeof(max_align_t)) {
        return malloc(size);
    }
    return aligned_alloc(alignment, vr_align_up(size, alignment));
#endif
}

static void heap_release(void *context, void *memory)
{
    (void)context;
#ifdef _WIN32
    _aligned_free(memory);
#else
    free(memory);
#endif
}

const struct VrHost vr_host_default = {NULL, heap_allocate, heap_release};

VR_COLD void *vr_host_alloc(const struct VrHost *host, size_t size, size_t alignment)
{
    return host->allocate(host->context, size, alignment);
}

void *vr_host_zalloc(const struct VrHost *host, size_t size, size_t alignment)
{
    void *memory = host->allocate(host->context, size, alignment);
    if (memory) {
        memset(memory, 0, size);
    }
    return memory;
}

void vr_host_free(const struct VrHost *host, void *memory)
{
    if (memory) {
        host->release(host->context, memory);
    }
}

VR_COLD bool vr_host_grow(const struct VrHost *host, void **array, size_t *capacity, size_t wanted,
                          size_t element_size)
{
    if (wanted <= *capacity) {
        return true;
    }
    size_t grown = *capacity < 8 ? 8 : *capacity * 2;
    if (grown < wanted) {
        grown = wanted;
    }
    if (grown > SIZE_MAX / element_size) {
        return false;
    }
    void *memory = vr_host_alloc(host, grown * element_size, 16);
    if (!memory) {
        return false;
    }
    if (*array) {
        memcpy(memory, *array, *capacity * element_size);
        vr_host_free(host, *array);
    }
    *array = memory;
    *capacity = grown;
    return true;
}

VR_COLD char *vr_host_copy_string(const struct VrHost *host, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = vr_host_alloc(host, size, 1);
    if (copy) {
        memcpy(copy, text, size);
    }
    return copy;
}
