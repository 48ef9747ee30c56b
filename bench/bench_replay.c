// SPDX-License-Identifier: MIT
// The memory table: every recording at hand through both engines on simulated devices of different vendors,
// whose drivers' own rules give each buffer and image its size and alignment.
#include "bench.h"
#include "trace.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RECORDINGS = 64, PATH_SIZE = 1024 };

static const char *const devices[] = {
    "nvidia-rebar", "nvidia-datacenter", "amd-smallbar", "intel-uma", "mali", "adreno"};
enum { DEVICE_COUNT = sizeof devices / sizeof devices[0] };

struct resource {
    enum trace_kind kind;
    VkBuffer buffer;
    VkImage image;
    VmaAllocation allocation;
    uint64_t size; // what the driver requires
};

struct usage {
    double peak_reserved, mean_reserved, peak_live, mean_live; // bytes
    double calls;                                              // vkAllocateMemory
    uint32_t failures, first_failed_op;
    VkResult first_failure;
};

struct replay {
    const struct engine *engine;
    VmaAllocator allocator;
    struct resource *resources;
    uint64_t live;
};

static VkResult create_buffer(struct replay *replay, const struct trace_op *op, struct resource *resource)
{
    VkBufferCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO, .size = op->size, .usage = op->usage};
    VmaAllocationCreateInfo allocation = {.usage = op->vma_usage, .flags = op->vma_flags};
    VkResult result = replay->engine->vmaCreateBuffer(replay->allocator, &info, &allocation,
                                                      &resource->buffer, &resource->allocation, NULL);
    if (result == VK_SUCCESS) {
        struct VrSimResourceInfo seen;
        vr_sim_buffer_info(resource->buffer, &seen);
        resource->size = seen.requirements.size;
    }
    return result;
}

static VkResult create_image(struct replay *replay, const struct trace_op *op, struct resource *resource)
{
    VkImageCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .flags = op->flags,
        .imageType = op->depth > 1 ? VK_IMAGE_TYPE_3D : VK_IMAGE_TYPE_2D,
        .format = op->format,
        .extent = {op->width, op->height, op->depth},
        .mipLevels = op->mips,
        .arrayLayers = op->layers,
        .samples = (VkSampleCountFlagBits)(op->samples == 0 ? 1 : op->samples),
        .tiling = op->tiling,
        .usage = op->usage,
    };
    VmaAllocationCreateInfo allocation = {.usage = op->vma_usage, .flags = op->vma_flags};
    VkResult result = replay->engine->vmaCreateImage(replay->allocator, &info, &allocation, &resource->image,
                                                     &resource->allocation, NULL);
    if (result == VK_SUCCESS) {
        struct VrSimResourceInfo seen;
        vr_sim_image_info(resource->image, &seen);
        resource->size = seen.requirements.size;
    }
    return result;
}

static void destroy(struct replay *replay, struct resource *resource)
{
    if (resource->kind == TRACE_BUFFER) {
        replay->engine->vmaDestroyBuffer(replay->allocator, resource->buffer, resource->allocation);
    } else {
        replay->engine->vmaDestroyImage(replay->allocator, resource->image, resource->allocation);
    }
    replay->live -= resource->size;
    memset(resource, 0, sizeof *resource);
}

static VkResult perform(struct replay *replay, const struct trace_op *op)
{
    struct resource *resource = &replay->resources[op->slot];
    if (op->kind == TRACE_DESTROY) {
        if (resource->allocation != NULL) { // its creation may have failed
            destroy(replay, resource);
        }
        return VK_SUCCESS;
    }
    resource->kind = op->kind;
    VkResult result =
        op->kind == TRACE_BUFFER ? create_buffer(replay, op, resource) : create_image(replay, op, resource);
    if (result == VK_SUCCESS) {
        replay->live += resource->size;
    }
    return result;
}

// Means are over the operations of the recording.
static void play(struct replay *replay, const struct trace *trace, const struct target *target,
                 struct usage *usage)
{
    for (uint32_t i = 0; i < trace->op_count; ++i) {
        VkResult result = perform(replay, &trace->ops[i]);
        if (result != VK_SUCCESS && usage->failures++ == 0) {
            usage->first_failure = result;
            usage->first_failed_op = i;
        }
        double live = (double)replay->live;
        usage->peak_live = live > usage->peak_live ? live : usage->peak_live;
        usage->mean_live += live / trace->op_count;
        usage->mean_reserved += (double)target_reserved(target) / trace->op_count;
    }
    usage->peak_reserved = (double)target_peak(target);
    usage->calls = (double)target_allocate_calls(target);
    for (uint32_t slot = 0; slot < trace->slot_count; ++slot) {
        if (replay->resources[slot].allocation != NULL) {
            destroy(replay, &replay->resources[slot]);
        }
    }
}

static int replay_on(const struct engine *engine, const char *device_name, const struct trace *trace,
                     struct usage *usage)
{
    struct VrSimDevice device;
    struct target target;
    struct replay replay = {.engine = engine};
    const VmaAllocatorCreateFlags all_flags = BUDGET_FLAG | VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT;
    int status = -1;
    memset(usage, 0, sizeof *usage);
    if (!vr_sim_device_builtin(device_name, &device) || target_open_sim(&target, &device) != 0) {
        fprintf(stderr, "bench: no simulated device %s\n", device_name);
        return -1;
    }
    replay.resources = calloc(trace->slot_count, sizeof *replay.resources);
    if (replay.resources != NULL &&
        target_create_allocator(&target, engine, all_flags, NULL, &replay.allocator) == VK_SUCCESS) {
        play(&replay, trace, &target, usage);
        engine->vmaDestroyAllocator(replay.allocator);
        status = 0;
    }
    free(replay.resources);
    target_close(&target);
    return status;
}

// ---- the table --------------------------------------------------------------------------------------------

struct summary {
    double peak[ENGINE_COUNT], mean[ENGINE_COUNT], calls[ENGINE_COUNT]; // sums over the set
    double ratio_sum, worst, most_calls_ratio;
    char worst_name[128];
    unsigned count, failures;
};

static void add_to_summary(struct summary *summary, const char *name, const char *device,
                           const struct usage usage[ENGINE_COUNT])
{
    double ratio = usage[VRAM].peak_reserved / usage[UPSTREAM].peak_reserved;
    double calls = usage[VRAM].calls / usage[UPSTREAM].calls;
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        summary->peak[e] += usage[e].peak_reserved;
        summary->mean[e] += usage[e].mean_reserved;
        summary->calls[e] += usage[e].calls;
    }
    summary->failures += usage[VRAM].failures;
    summary->ratio_sum += ratio;
    summary->count++;
    if (!(ratio <= summary->worst)) {
        summary->worst = ratio;
        snprintf(summary->worst_name, sizeof summary->worst_name, "%.60s on %s", name, device);
    }
    if (!(calls <= summary->most_calls_ratio)) {
        summary->most_calls_ratio = calls;
    }
}

static int replay_recording(struct bench *bench, const char *path, const char *name, struct summary *summary,
                            FILE *csv)
{
    const double mib = 1 << 20;
    struct trace trace;
    if (trace_load(path, &trace) != 0) {
        return -1;
    }
    for (unsigned d = 0; d < DEVICE_COUNT; ++d) {
        struct usage usage[ENGINE_COUNT];
        for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
            usage[e] =
                (struct usage){.peak_reserved = NAN, .mean_reserved = NAN, .peak_live = NAN, .calls = NAN};
            if (bench->available[e] && replay_on(&bench->engines[e], devices[d], &trace, &usage[e]) != 0) {
                trace_free(&trace);
                return -1;
            }
        }
        const struct usage *up = &usage[UPSTREAM], *own = &usage[VRAM];
        double live = isnan(own->peak_live) ? up->peak_live : own->peak_live;
        printf("  %-26.26s %-17s %8.1f | %8.1f %8.1f %6.3f | %8.1f %8.1f %6.3f | %5.2f %5.2f | %5.0f %5.0f\n",
               name, devices[d], live / mib, up->peak_reserved / mib, own->peak_reserved / mib,
               own->peak_reserved / up->peak_reserved, up->mean_reserved / mib, own->mean_reserved / mib,
               own->mean_reserved / up->mean_reserved, up->peak_reserved / live, own->peak_reserved / live,
               up->calls, own->calls);
        for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
            if (usage[e].failures > 0) {
                report_note(&bench->report,
                            "  %s: %u creations failed, the first with VkResult %d at operation %u",
                            bench->engines[e].name, usage[e].failures, (int)usage[e].first_failure,
                            usage[e].first_failed_op);
            }
        }
        fflush(stdout);
        if (csv != NULL) {
            fprintf(csv, "%s,%s,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%u,%u\n", name, devices[d], live,
                    up->peak_reserved, own->peak_reserved, up->mean_reserved, own->mean_reserved, up->calls,
                    own->calls, up->failures, own->failures);
        }
        add_to_summary(summary, name, devices[d], usage);
    }
    trace_free(&trace);
    return 0;
}

static void report_summary(struct bench *bench, const struct summary *summary)
{
    const double mib = 1 << 20;
    report_row(&bench->report, &(struct row){.name = "recordings: sum of peak reserved",
                                             .unit = "MiB",
                                             .value = {summary->peak[0] / mib, summary->peak[1] / mib}});
    report_row(&bench->report, &(struct row){.name = "recordings: sum of mean reserved",
                                             .unit = "MiB",
                                             .value = {summary->mean[0] / mib, summary->mean[1] / mib}});
    report_row(&bench->report, &(struct row){.name = "recordings: peak reserved, mean of the ratios",
                                             .unit = "",
                                             .value = {1, summary->ratio_sum / summary->count},
                                             .kind = GATE_MAX,
                                             .gate = 0.8,
                                             .ambition = 0.6});
    report_row(&bench->report, &(struct row){.name = "recordings: peak reserved, worst ratio",
                                             .unit = "",
                                             .value = {1, summary->worst},
                                             .kind = GATE_MAX,
                                             .gate = 1.05,
                                             .ambition = 1.0});
    report_note(&bench->report, "  worst: %s", summary->worst_name);
    report_row(&bench->report, &(struct row){.name = "recordings: vkAllocateMemory calls",
                                             .unit = "",
                                             .value = {summary->calls[0], summary->calls[1]},
                                             .kind = GATE_RATIO_MAX,
                                             .gate = 5,
                                             .ambition = NAN});
    if (summary->failures > 0) {
        report_note(&bench->report, "  %u creations failed with vram", summary->failures);
    }
}

static bool is_recording(const char *name)
{
    size_t length = strlen(name);
    return (length > 4 && strcmp(name + length - 4, ".csv") == 0) ||
           (length > 7 && strcmp(name + length - 7, ".csv.gz") == 0);
}

static int only_recordings(const struct dirent *entry)
{
    return is_recording(entry->d_name);
}

// Replays all recordings of a folder. The number of them, or -1.
static int replay_folder(struct bench *bench, const char *folder, struct summary *summary, FILE *csv)
{
    struct dirent **entries;
    char path[PATH_SIZE];
    int count = scandir(folder, &entries, only_recordings, alphasort);
    int status = 0;
    if (count < 0) {
        return 0;
    }
    for (int i = 0; i < count; ++i) {
        if (status == 0 && i < MAX_RECORDINGS) {
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            char *name = entries[i]->d_name;
            name[strcspn(name, ".")] = '\0';
            status = replay_recording(bench, path, name, summary, csv);
        }
        free(entries[i]);
    }
    free(entries);
    return status != 0 ? -1 : count;
}

int bench_replay(struct bench *bench)
{
    struct summary summary = {.worst = NAN, .most_calls_ratio = NAN};
    char folder[PATH_SIZE];
    report_section(&bench->report, "Recordings: reserved device memory, MiB", true);
    printf("  %-26s %-17s %8s | %-24s | %-24s | %-11s | %s\n", "", "", "peak", "peak reserved",
           "mean reserved", "peak/live", "driver calls");
    printf("  %-26s %-17s %8s | %8s %8s %6s | %8s %8s %6s | %5s %5s | %5s %5s\n", "recording", "device",
           "live", "upstream", "vram", "ratio", "upstream", "vram", "ratio", "upstr", "vram", "upstr",
           "vram");
    FILE *csv = bench->replay_csv == NULL ? NULL : fopen(bench->replay_csv, "w");
    if (csv != NULL) {
        fputs("recording,device,peak_live,upstream_peak,vram_peak,upstream_mean,vram_mean,upstream_calls,"
              "vram_calls,"
              "upstream_failures,vram_failures\n",
              csv);
    }
    snprintf(folder, sizeof folder, "%s/traces/recorded", bench->data);
    int count = replay_folder(bench, folder, &summary, csv);
    if (count == 0) {
        report_note(&bench->report, "No larger set beside the checkout (%s): the shipped recording alone.",
                    folder);
        snprintf(folder, sizeof folder, "%s/examples/data", bench->source);
        count = replay_folder(bench, folder, &summary, csv);
    }
    if (csv != NULL) {
        fclose(csv);
    }
    if (count > 0) {
        report_summary(bench, &summary);
    } else if (count == 0) {
        report_note(&bench->report, "No recording found in %s: nothing replayed.", folder);
    }
    return count < 0 ? -1 : 0;
}
