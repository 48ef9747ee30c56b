// SPDX-License-Identifier: MIT
// What operation streams share: the input, the host that can fail, the generator.
#include "ops_input.h"

static void *counted_allocate(void *context, size_t size, size_t alignment)
{
    struct TestHost *test = context;
    ++test->count;
    if (test->fail_after == 0) {
        return NULL;
    }
    if (test->fail_after > 0) {
        --test->fail_after;
    }
    void *memory = vr_host_alloc(&vr_host_default, size, alignment);
    test->live += memory != NULL;
    return memory;
}

static void counted_release(void *context, void *memory)
{
    struct TestHost *test = context;
    --test->live;
    vr_host_free(&vr_host_default, memory);
}

void test_host_init(struct TestHost *test)
{
    *test = (struct TestHost){{test, counted_allocate, counted_release}, 0, 0, -1};
}

void ops_fill(uint8_t *data, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; ++i) {
        seed += 0x9e3779b97f4a7c15ull;
        uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        data[i] = (uint8_t)(z >> 40);
    }
}
