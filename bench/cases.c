// SPDX-License-Identifier: MIT
// The list of cases, and one case at work.
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>

#define KIB 1024u
#define MIB (1024u * KIB)

// A round is long beside the moment at its start, when the caches still hold what the other engine worked on.
const struct pair_case pair_cases[] = {
    {"256 B pair", CALL_ALLOCATE, 256, 256, 1, 1, false, 20000, 0.28, 0.15, 600, 300},
    {"256 B - 1 MiB, 10k live", CALL_ALLOCATE, 256, MIB, 10000, 1, false, 20000, 0.18, 0.08, 600, 300},
    {"256 B - 16 MiB, 10k live", CALL_ALLOCATE, 256, 16 * MIB, 10000, 1, false, 20000, 0.08, 0.04, 600, 300},
    {"256 B - 16 MiB, 100k live", CALL_ALLOCATE, 256, 16 * MIB, 100000, 1, false, 20000, 0.08, 0.04, 600,
     300},
    {"256 B pair, budget extension", CALL_ALLOCATE, 256, 256, 1, 1, true, 20000, 0, 0, 0, 0},
    {"256 B - 16 MiB, 10k live, budget ext.", CALL_ALLOCATE, 256, 16 * MIB, 10000, 1, true, 20000, 0, 0, 0,
     0},
    {"buffer 256 B pair", CALL_BUFFER, 256, 256, 1, 1, false, 20000, 0.40, 0.25, 0, 0},
    {"buffer 256 B - 1 MiB, 10k live", CALL_BUFFER, 256, MIB, 10000, 1, false, 20000, 0.40, 0.25, 0, 0},
    {"256 B pair, granularity 1024", CALL_ALLOCATE, 256, 256, 1, 1024, false, 4000, 0, 0, 0, 0},
    {"256 B, 10k live, granularity 1024", CALL_ALLOCATE, 256, 256, 10000, 1024, false, 100, 0, 0, 0, 0},
    {"256 B, 10k live, granularity 4096", CALL_ALLOCATE, 256, 256, 10000, 4096, false, 100, 0, 0, 0, 0},
    {"256 B, 10k live, granularity 65536", CALL_ALLOCATE, 256, 256, 10000, 65536, false, 100, 0, 0, 0, 0},
};
const unsigned pair_case_count = sizeof pair_cases / sizeof pair_cases[0];

static VkResult create_one(struct pair_state *state, uint32_t index)
{
    uint32_t size = state->table.sizes[state->next_size++ % SIZE_TABLE_COUNT];
    if (state->definition->call == CALL_ALLOCATE) {
        return allocate_device_local(state->engine, state->allocator, size, state->table.alignment,
                                     &state->allocations[index]);
    }
    VkBufferCreateInfo buffer = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
        .size = size,
        .usage = VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT,
    };
    VmaAllocationCreateInfo info = {.usage = VMA_MEMORY_USAGE_AUTO};
    return state->engine->vmaCreateBuffer(state->allocator, &buffer, &info, &state->buffers[index],
                                          &state->allocations[index], NULL);
}

static void destroy_one(struct pair_state *state, uint32_t index)
{
    if (state->definition->call == CALL_ALLOCATE) {
        state->engine->vmaFreeMemory(state->allocator, state->allocations[index]);
    } else {
        state->engine->vmaDestroyBuffer(state->allocator, state->buffers[index], state->allocations[index]);
    }
    state->allocations[index] = NULL;
}

VkResult pair_run(struct pair_state *state, uint32_t pairs)
{
    for (uint32_t i = 0; i < pairs; ++i) {
        uint32_t index = rng_below(&state->rng, state->count);
        destroy_one(state, index);
        VkResult result = create_one(state, index);
        if (result != VK_SUCCESS) {
            fprintf(stderr, "bench: %s failed in '%s': VkResult %d\n", state->engine->name,
                    state->definition->name, (int)result);
            return result;
        }
    }
    return VK_SUCCESS;
}

static int fill(struct pair_state *state)
{
    const struct pair_case *definition = state->definition;
    const VmaAllocatorCreateFlags flags = definition->budget ? BUDGET_FLAG : 0u;
    struct VrSimDevice device;
    target_describe_large(&device, definition->granularity);
    if (target_open_sim(&state->target, &device) != 0 ||
        target_create_allocator(&state->target, state->engine, flags, NULL, &state->allocator) !=
            VK_SUCCESS) {
        return -1;
    }
    size_table_log(&state->table, definition->min_size, definition->max_size, 256, 0x9E3779B97F4A7C15u);
    state->rng.state = 0xD1B54A32D192ED03u;
    state->allocations = calloc(definition->live, sizeof *state->allocations);
    state->buffers = calloc(definition->live, sizeof *state->buffers);
    if (state->allocations == NULL || state->buffers == NULL) {
        return -1;
    }
    for (uint32_t i = 0; i < definition->live; ++i) {
        if (create_one(state, i) != VK_SUCCESS) {
            return -1;
        }
        state->count++;
    }
    return 0;
}

struct pair_state *pair_open(const struct pair_case *definition, const struct engine *engine)
{
    struct pair_state *state = calloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->definition = definition;
    state->engine = engine;
    if (fill(state) != 0) {
        fprintf(stderr, "bench: %s cannot set up '%s'\n", engine->name, definition->name);
        pair_close(state);
        return NULL;
    }
    return state;
}

void pair_close(struct pair_state *state)
{
    if (state == NULL) {
        return;
    }
    for (uint32_t i = 0; i < state->count; ++i) {
        destroy_one(state, i);
    }
    if (state->allocator != NULL) {
        state->engine->vmaDestroyAllocator(state->allocator);
    }
    target_close(&state->target);
    free(state->allocations);
    free(state->buffers);
    free(state);
}
