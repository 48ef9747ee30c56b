// SPDX-License-Identifier: MIT
// Where objects come from: chunks of growing size, a depot of free objects per kind, batches between depot
// and shards.
#include <string.h>

#include "internal.h"

#define BATCH (VR_SIM_SHARD_KEEPS / 2)
#define FIRST_CHUNK 256u
#define LARGEST_CHUNK 65536u

static size_t object_size(enum VrSimKind kind)
{
    static const size_t sizes[VR_SIM_KIND_COUNT] = {
        [VR_SIM_KIND_MEMORY] = sizeof(struct VrSimMemory),
        [VR_SIM_KIND_BUFFER] = sizeof(struct VrSimResource),
        [VR_SIM_KIND_IMAGE] = sizeof(struct VrSimImage),
    };
    return (sizes[kind] + 63) / 64 * 64;
}

static bool add_chunk(struct VrSim *sim, struct VrSimDepot *depot, enum VrSimKind kind)
{
    const uint32_t index = atomic_load_explicit(&sim->chunk_count, memory_order_relaxed);
    uint32_t capacity = depot->chunk ? depot->chunk->capacity * 2 : FIRST_CHUNK;
    if (capacity > LARGEST_CHUNK) {
        capacity = LARGEST_CHUNK;
    }
    if (index == VR_SIM_MAX_CHUNKS) {
        return false;
    }
    struct VrSimChunk *chunk = &sim->chunks[index];
    chunk->object_size = object_size(kind);
    chunk->capacity = capacity;
    chunk->kind = (uint8_t)kind;
    chunk->objects = vr_sim_pages_backed(chunk->object_size * capacity);
    if (!chunk->objects) {
        return false;
    }
    depot->chunk = chunk;
    depot->used = 0;
    atomic_store_explicit(&sim->chunk_count, index + 1, memory_order_release);
    return true;
}

static struct VrSimObject *take_from_depot(struct VrSim *sim, enum VrSimKind kind)
{
    struct VrSimDepot *depot = &sim->depots[kind];
    struct VrSimObject *object = depot->free;
    if (object) {
        depot->free = object->next;
        return object;
    }
    if ((!depot->chunk || depot->used == depot->chunk->capacity) && !add_chunk(sim, depot, kind)) {
        return NULL;
    }
    object =
        (struct VrSimObject *)(void *)(depot->chunk->objects + depot->used++ * depot->chunk->object_size);
    object->kind = (uint8_t)kind;
    return object;
}

bool vr_sim_slab_refill(struct VrSim *sim, struct VrSimShard *shard, enum VrSimKind kind)
{
    vr_sim_mutex_lock(&sim->slab_lock);
    struct VrSimObject **tail = &shard->free[kind];
    while (shard->free_count[kind] < BATCH) {
        struct VrSimObject *object = take_from_depot(sim, kind);
        if (!object) {
            break;
        }
        *tail = object;
        tail = &object->next;
        shard->free_count[kind]++;
    }
    *tail = NULL;
    vr_sim_mutex_unlock(&sim->slab_lock);
    return shard->free[kind] != NULL;
}

void vr_sim_slab_drain(struct VrSim *sim, struct VrSimShard *shard, enum VrSimKind kind)
{
    struct VrSimObject *first = shard->free[kind];
    struct VrSimObject *last = first;
    for (uint32_t i = 1; i < BATCH; i++) {
        last = last->next;
    }
    shard->free[kind] = last->next;
    shard->free_count[kind] -= BATCH;
    vr_sim_mutex_lock(&sim->slab_lock);
    last->next = sim->depots[kind].free;
    sim->depots[kind].free = first;
    vr_sim_mutex_unlock(&sim->slab_lock);
}

void vr_sim_slabs_finish(struct VrSim *sim)
{
    for (uint32_t i = 0; i < sim->chunk_count; i++) {
        struct VrSimChunk *chunk = &sim->chunks[i];
        for (uint32_t k = 0; k < chunk->capacity && chunk->kind == VR_SIM_KIND_MEMORY; k++) {
            vr_sim_release_pages(sim,
                                 (struct VrSimMemory *)(void *)(chunk->objects + k * chunk->object_size));
        }
        vr_sim_pages_free(chunk->objects, chunk->object_size * chunk->capacity);
    }
}

static bool in_a_chunk(struct VrSim *sim, enum VrSimKind kind, uint64_t handle)
{
    const uint64_t address = handle & ~(uint64_t)63;
    const uint32_t count = atomic_load_explicit(&sim->chunk_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        const struct VrSimChunk *chunk = &sim->chunks[i];
        const uint64_t begin = (uint64_t)(uintptr_t)chunk->objects;
        if (chunk->kind == kind && address >= begin &&
            address - begin < chunk->object_size * chunk->capacity) {
            return (address - begin) % chunk->object_size == 0;
        }
    }
    return false;
}

bool vr_sim_is_alive(struct VrSim *sim, enum VrSimKind kind, uint64_t handle)
{
    if (handle == 0 || !in_a_chunk(sim, kind, handle)) {
        return false;
    }
    const struct VrSimObject *object = vr_sim_object_of(handle);
    return object->alive && object->generation == (handle & 63);
}

void *vr_sim_checked(struct VrSim *sim, enum VrSimKind kind, uint64_t handle, enum VrSimCall call)
{
    static const char *const names[] = {"VkDeviceMemory", "VkBuffer", "VkImage"};
    if (!vr_sim_checks(sim) || vr_sim_is_alive(sim, kind, handle)) {
        return vr_sim_object_of(handle);
    }
    vr_sim_report(sim, VR_SIM_MISUSE_HANDLE, call, "%s 0x%llx is %s", names[kind], (unsigned long long)handle,
                  handle == 0                     ? "null"
                  : in_a_chunk(sim, kind, handle) ? "destroyed"
                                                  : "not one of this device");
    return NULL;
}
