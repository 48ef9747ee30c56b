// SPDX-License-Identifier: MIT
// Textures that come and go: a streaming pool with eviction, and mip levels that change.
#include "scenarios.h"

#include <stdlib.h>
#include <string.h>

enum { PER_FRAME = 10, FRAMES = 3000, QUICK_FRAMES = 600 };

struct resident {
    VkImage image; // null: free slot
    VmaAllocation allocation;
    VkDeviceSize size; // what the driver requires
    struct texture texture;
    uint32_t first_mip;
    uint32_t used; // last frame in which it was drawn
};

// Sum of reserved / live over the frames that count.
struct frame_mean {
    double sum;
    uint32_t frames;
};

static void note_frame(struct frame_mean *mean, const struct stage *stage, uint64_t live)
{
    mean->sum += (double)target_reserved(stage->target) / (double)live;
    mean->frames++;
}

static int make(const struct stage *stage, struct resident *resident, uint64_t *live)
{
    struct VrSimResourceInfo info;
    if (texture_create(stage->engine, stage->allocator, resident->texture, resident->first_mip,
                       &resident->image, &resident->allocation) != VK_SUCCESS) {
        resident->image = VK_NULL_HANDLE;
        return -1;
    }
    vr_sim_image_info(resident->image, &info);
    resident->size = info.requirements.size;
    *live += resident->size;
    return 0;
}

static void drop(const struct stage *stage, struct resident *resident, uint64_t *live)
{
    if (resident->image != VK_NULL_HANDLE) {
        *live -= resident->size;
        stage->engine->vmaDestroyImage(stage->allocator, resident->image, resident->allocation);
    }
    memset(resident, 0, sizeof *resident);
}

// ---- streaming: 1000 MiB, the least recently drawn leave at 95 % ------------------------------------------

enum { SLOTS = 8192, DRAWN_PER_FRAME = 100 };
static const uint64_t streaming_limit = (uint64_t)1000 * 1024 * 1024 / 100 * 95;

static struct resident *least_recently_drawn(struct resident slots[SLOTS])
{
    struct resident *oldest = NULL;
    for (uint32_t slot = 0; slot < SLOTS; ++slot) {
        if (slots[slot].image != VK_NULL_HANDLE && (oldest == NULL || slots[slot].used < oldest->used)) {
            oldest = &slots[slot];
        }
    }
    return oldest;
}

static int stream_in(const struct stage *stage, struct resident slots[SLOTS], struct rng *rng, uint32_t frame,
                     uint64_t *live)
{
    for (unsigned i = 0; i < PER_FRAME; ++i) {
        uint32_t slot = rng_below(rng, SLOTS);
        while (slots[slot].image != VK_NULL_HANDLE) {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot].texture = texture_draw(rng);
        slots[slot].used = frame;
        if (make(stage, &slots[slot], live) != 0) {
            return -1;
        }
    }
    return 0;
}

int scenario_streaming(const struct stage *stage, struct outcome *outcome)
{
    struct resident *slots = calloc(SLOTS, sizeof *slots);
    struct frame_mean mean = {0, 0};
    struct rng rng = {41};
    uint64_t live = 0;
    uint32_t frames = stage->quick ? QUICK_FRAMES : FRAMES;
    int status = slots == NULL ? -1 : 0;
    for (uint32_t frame = 1; frame <= frames && status == 0; ++frame) {
        // What is drawn again stays longer, so that leaving is not in the order of coming.
        for (unsigned i = 0; i < DRAWN_PER_FRAME; ++i) {
            slots[rng_below(&rng, SLOTS)].used = frame;
        }
        status = stream_in(stage, slots, &rng, frame, &live);
        bool full = live > streaming_limit;
        while (live > streaming_limit) {
            drop(stage, least_recently_drawn(slots), &live);
        }
        if (full || mean.frames > 0) {
            note_frame(&mean, stage, live);
        }
    }
    outcome->ratio = mean.sum / mean.frames;
    for (uint32_t slot = 0; slots != NULL && slot < SLOTS; ++slot) {
        drop(stage, &slots[slot], &live);
    }
    free(slots);
    return status;
}

// ---- mip changes ------------------------------------------------------------------------------------------

enum { TEXTURES = 1500, DELAY = 2, LEVELS = 4, OLD = PER_FRAME * (DELAY + 1), SETTLING_FRAMES = 100 };

// One level up or down; at either end there is only one way.
static uint32_t next_level(uint32_t level, struct rng *rng)
{
    bool finer = (rng_next(rng) >> 63) != 0;
    if (level == 0) {
        return 1;
    }
    return finer || level == LEVELS - 1 ? level - 1 : level + 1;
}

// The new image is created at once; the old one is destroyed DELAY frames later, when the GPU is done with
// it.
static int change_mips(const struct stage *stage, struct resident textures[TEXTURES],
                       struct resident old[OLD], struct rng *rng, uint32_t frame, uint64_t *live)
{
    for (uint32_t i = 0; i < PER_FRAME; ++i) {
        struct resident *replaced = &old[(frame * PER_FRAME + i) % OLD];
        struct resident *changed = &textures[rng_below(rng, TEXTURES)];
        drop(stage, replaced, live);
        *replaced = *changed;
        changed->first_mip = next_level(changed->first_mip, rng);
        if (make(stage, changed, live) != 0) {
            return -1;
        }
    }
    return 0;
}

int scenario_mips(const struct stage *stage, struct outcome *outcome)
{
    struct resident textures[TEXTURES], old[OLD];
    struct frame_mean mean = {0, 0};
    struct rng rng = {43};
    uint64_t live = 0;
    uint32_t frames = stage->quick ? QUICK_FRAMES : FRAMES;
    int status = 0;
    memset(textures, 0, sizeof textures);
    memset(old, 0, sizeof old);
    for (uint32_t i = 0; i < TEXTURES && status == 0; ++i) {
        textures[i].texture = texture_draw(&rng);
        textures[i].first_mip = rng_below(&rng, LEVELS);
        status = make(stage, &textures[i], &live);
    }
    for (uint32_t frame = 0; frame < frames && status == 0; ++frame) {
        status = change_mips(stage, textures, old, &rng, frame, &live);
        if (frame >= SETTLING_FRAMES) {
            note_frame(&mean, stage, live);
        }
    }
    outcome->ratio = mean.sum / mean.frames;
    for (uint32_t i = 0; i < TEXTURES; ++i) {
        drop(stage, &textures[i], &live);
    }
    for (uint32_t i = 0; i < OLD; ++i) {
        drop(stage, &old[i], &live);
    }
    return status;
}
