// SPDX-License-Identifier: MIT
// Per-thread shards: a thread finds its shard of a simulation through four thread-local slots. A thread that
// ends gives its shards up, and the next new thread takes them over with their counts, so there are never
// more shards than threads were alive at once.
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

_Thread_local struct VrSimShardSlot vr_sim_shard_slots[4];
static _Thread_local uint64_t thread_token;
static _Atomic uint64_t last_token;

static VrSimMutex alive_lock = VR_SIM_MUTEX_INIT;
static struct VrSim *alive_sims;
static uint64_t last_serial;

static void give_shards_up(void)
{
    vr_sim_mutex_lock(&alive_lock);
    for (struct VrSim *sim = alive_sims; sim; sim = sim->next_alive) {
        vr_sim_mutex_lock(&sim->slab_lock);
        for (struct VrSimShard *shard = sim->shards; shard; shard = shard->next) {
            if (shard->owner == thread_token) {
                shard->owner = 0;
            }
        }
        vr_sim_mutex_unlock(&sim->slab_lock);
    }
    vr_sim_mutex_unlock(&alive_lock);
    for (unsigned i = 0; i < 4; i++) {
        vr_sim_shard_slots[i].serial = 0;
    }
}

void vr_sim_shards_init(struct VrSim *sim)
{
    vr_sim_mutex_lock(&alive_lock);
    sim->serial = ++last_serial;
    sim->next_alive = alive_sims;
    alive_sims = sim;
    vr_sim_mutex_unlock(&alive_lock);
}

void vr_sim_shards_finish(struct VrSim *sim)
{
    vr_sim_mutex_lock(&alive_lock);
    struct VrSim **link = &alive_sims;
    while (*link != sim) {
        link = &(*link)->next_alive;
    }
    *link = sim->next_alive;
    vr_sim_mutex_unlock(&alive_lock);
    while (sim->shards) {
        struct VrSimShard *shard = sim->shards;
        sim->shards = shard->next;
        vr_sim_aligned_free(shard);
    }
}

// One that this thread owns, else one that nobody owns, else a new one.
static struct VrSimShard *take_shard(struct VrSim *sim)
{
    struct VrSimShard *found = NULL;
    for (struct VrSimShard *shard = sim->shards; shard; shard = shard->next) {
        if (shard->owner == thread_token) {
            return shard;
        }
        if (shard->owner == 0) {
            found = shard;
        }
    }
    if (!found) {
        found = vr_sim_aligned_calloc(64, (sizeof(*found) + 63) / 64 * 64);
        if (!found) {
            fputs("vram_sim: no memory for the counters of a thread\n", stderr);
            abort();
        }
        found->next = sim->shards;
        sim->shards = found;
    }
    found->owner = thread_token;
    return found;
}

struct VrSimShard *vr_sim_shard_find(struct VrSim *sim)
{
    if (thread_token == 0) {
        thread_token = atomic_fetch_add(&last_token, 1) + 1;
    }
    vr_sim_at_thread_exit(give_shards_up);
    vr_sim_mutex_lock(&sim->slab_lock);
    struct VrSimShard *shard = take_shard(sim);
    vr_sim_mutex_unlock(&sim->slab_lock);
    vr_sim_shard_slots[sim->serial & 3] = (struct VrSimShardSlot){sim->serial, shard};
    return shard;
}
