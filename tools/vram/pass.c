// SPDX-License-Identifier: MIT
// The replay itself, see pass.h. Events run in their recorded order on one thread, so that two runs do the
// same.
#include "pass.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "progress.h"
#include "sim.h"
#include "text.h"
#include "transfer.h"

struct Object {
    VmaAllocation allocation; // NULL: not alive
    VkBuffer buffer;
    VkImage image;
    void *mapped;
    VkDeviceSize offset, size;
    uint32_t block;
    bool checked;
};

// What only lives while the pass runs.
struct Run {
    struct CliPass *pass;
    const struct CliPlan *plan;
    const struct CliDevice *device;
    const struct CliPassOptions *options;
    VmaAllocator allocator;
    struct CliTransfer transfer;
    struct Object *objects;
    uint64_t *create_ns, *destroy_ns;
    size_t create_count, destroy_count;
    VkDeviceSize live;
    uint32_t alive;
    uint64_t started_ns;
};

// ---- content ----------------------------------------------------------------------------------------------

static void fill(struct Run *run, uint32_t resource)
{
    const struct CliPlanItem *item = &run->plan->items[resource];
    struct Object *object = &run->objects[resource];

    if (item->verify == CLI_VERIFY_MAPPED && object->mapped) {
        struct CliStretch stretch = {resource, 0, item->info.buffer.size, CLI_TEXEL_RAW};
        cli_content_fill(&stretch, object->mapped);
        (void)vmaFlushAllocation(run->allocator, object->allocation, 0, VK_WHOLE_SIZE);
    } else if (item->verify == CLI_VERIFY_COPY && object->buffer) {
        cli_transfer_fill_buffer(&run->transfer, resource, object->buffer, item->info.buffer.size);
    } else if (item->verify == CLI_VERIFY_COPY) {
        cli_transfer_fill_image(&run->transfer, resource, object->image, &item->info.image);
    }
}

// Compares, or records the copy that the next flush compares.
static void check(struct Run *run, uint32_t resource)
{
    const struct CliPlanItem *item = &run->plan->items[resource];
    struct Object *object = &run->objects[resource];

    object->checked = true;
    if (item->verify == CLI_VERIFY_MAPPED && object->mapped) {
        struct CliStretch stretch = {resource, 0, item->info.buffer.size, CLI_TEXEL_RAW};
        (void)vmaInvalidateAllocation(run->allocator, object->allocation, 0, VK_WHOLE_SIZE);
        cli_transfer_judge(&run->transfer, &stretch, object->mapped);
    } else if (item->verify == CLI_VERIFY_COPY && object->buffer) {
        cli_transfer_check_buffer(&run->transfer, resource, object->buffer, item->info.buffer.size);
    } else if (item->verify == CLI_VERIFY_COPY) {
        cli_transfer_check_image(&run->transfer, resource, object->image, &item->info.image);
    } else {
        return;
    }
    run->pass->verified_resources++;
}

// Checks the resource of a destruction together with those of the destructions that follow it directly:
// nothing is created between them, so one batch of copies serves all and each is still checked right before
// it dies.
static void check_next_destructions(struct Run *run, size_t event)
{
    enum { MOST = 512 };
    const struct CliTrace *trace = run->plan->trace;

    for (size_t i = event; i < trace->event_count && i < event + MOST && trace->events[i].destroys; i++) {
        uint32_t resource = trace->events[i].resource;
        if (run->objects[resource].allocation && !run->objects[resource].checked) {
            check(run, resource);
        }
    }
    run->pass->copy_result = cli_transfer_flush(&run->transfer);
}

// ---- events -----------------------------------------------------------------------------------------------

static void note_failure(struct Run *run, uint32_t resource, VkResult result)
{
    if (!run->pass->failed++) {
        run->pass->first_failure = result;
        run->pass->first_failed = resource;
    }
}

static void create(struct Run *run, uint32_t resource)
{
    const struct CliPlanItem *item = &run->plan->items[resource];
    VmaAllocationCreateInfo info = cli_plan_allocation_info(run->plan, resource, run->options->dedicated);
    struct Object *object = &run->objects[resource];
    VmaAllocationInfo placed = {0};
    uint64_t start = cli_clock_ns();
    VkResult result;

    if (run->plan->trace->resources[resource].is_image) {
        result = vmaCreateImage(run->allocator, &item->info.image, &info, &object->image, &object->allocation,
                                &placed);
    } else {
        result = vmaCreateBuffer(run->allocator, &item->info.buffer, &info, &object->buffer,
                                 &object->allocation, &placed);
    }
    run->create_ns[run->create_count++] = cli_clock_ns() - start;
    if (result != VK_SUCCESS) {
        note_failure(run, resource, result);
        return;
    }
    if (item->verify == CLI_VERIFY_MAPPED && !placed.pMappedData) {
        note_failure(run, resource, VK_ERROR_MEMORY_MAP_FAILED);
    }
    object->mapped = placed.pMappedData;
    object->offset = placed.offset;
    object->size = placed.size;
    object->block = cli_watch_block(&run->pass->watch, placed.deviceMemory);
    cli_watch_change(&run->pass->watch, object->block, (int64_t)object->size);
    run->pass->created++;
    run->alive++;
    run->live += object->size;
    run->pass->peak_live = run->live > run->pass->peak_live ? run->live : run->pass->peak_live;
    if (run->options->snapshot) {
        vmaSetAllocationName(run->allocator, object->allocation, cli_plan_label(run->plan, resource).text);
    }
    if (run->options->verify) {
        fill(run, resource);
    }
}

static void destroy(struct Run *run, uint32_t resource)
{
    struct Object *object = &run->objects[resource];
    uint64_t start = cli_clock_ns();

    if (object->image) {
        vmaDestroyImage(run->allocator, object->image, object->allocation);
    } else {
        vmaDestroyBuffer(run->allocator, object->buffer, object->allocation);
    }
    run->destroy_ns[run->destroy_count++] = cli_clock_ns() - start;
    run->live -= object->size;
    run->alive--;
    cli_watch_change(&run->pass->watch, object->block, -(int64_t)object->size);
    *object = (struct Object){0};
}

static void take_snapshot(struct Run *run)
{
    struct CliPass *pass = run->pass;
    char *json = NULL;

    pass->placements = calloc(run->alive ? run->alive : 1, sizeof(*pass->placements));
    for (uint32_t i = 0; pass->placements && i < run->plan->trace->resource_count; i++) {
        const struct Object *object = &run->objects[i];
        if (object->allocation) {
            pass->placements[pass->placement_count++] =
                (struct CliPlacement){i, object->block, object->offset, object->size};
        }
    }
    vmaBuildStatsString(run->allocator, &json, VK_TRUE);
    if (json) {
        pass->peak_json = malloc(strlen(json) + 1);
        if (pass->peak_json) {
            memcpy(pass->peak_json, json, strlen(json) + 1);
        }
        vmaFreeStatsString(run->allocator, json);
    }
}

static void wait_for(const struct Run *run, int64_t time_ns)
{
    double due = (double)time_ns / run->options->speed;
    double passed = (double)(cli_clock_ns() - run->started_ns);
    if (due > passed) {
        cli_sleep_ns((uint64_t)(due - passed));
    }
}

static void run_event(struct Run *run, size_t index)
{
    const struct CliEvent *event = &run->plan->trace->events[index];
    struct Object *object = &run->objects[event->resource];

    run->pass->watch.now_ns = event->time_ns;
    if (run->options->speed > 0) {
        wait_for(run, event->time_ns);
    }
    if (!event->destroys) {
        if (run->plan->items[event->resource].create) {
            create(run, event->resource);
        }
    } else if (object->allocation) {
        if (run->options->verify && !object->checked) {
            check_next_destructions(run, index);
        }
        destroy(run, event->resource);
    }
    if (index == run->plan->peak_event) {
        run->pass->reserved_at_peak = run->pass->watch.reserved;
        run->pass->peak_ns = event->time_ns;
        if (run->options->snapshot) {
            take_snapshot(run);
        }
    }
}

static void destroy_rest(struct Run *run)
{
    uint32_t count = run->plan->trace->resource_count;

    run->pass->left = run->alive;
    for (uint32_t i = 0; i < count && run->options->verify; i++) {
        if (run->objects[i].allocation && !run->objects[i].checked) {
            check(run, i);
        }
    }
    run->pass->copy_result = cli_transfer_flush(&run->transfer);
    for (uint32_t i = 0; i < count; i++) {
        if (run->objects[i].allocation) {
            destroy(run, i);
        }
    }
}

// ---- set-up and figures -----------------------------------------------------------------------------------

static VkResult create_allocator(struct Run *run)
{
    VmaVulkanFunctions functions = cli_watch_functions(&run->pass->watch);
    VmaAllocatorCreateInfo info = {
        .physicalDevice = run->device->physical,
        .device = run->device->device,
        .instance = run->device->driver->instance,
        .pVulkanFunctions = &functions,
        .vulkanApiVersion = run->device->api_version,
    };

    if (run->device->has_budget) {
        info.flags |= VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT;
    }
    if (run->device->has_address) {
        info.flags |= VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT;
    }
    return vmaCreateAllocator(&info, &run->allocator);
}

static int compare_times(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static struct CliTimes summarise(uint64_t *times, size_t count)
{
    struct CliTimes out = {0};

    if (!count) {
        return out;
    }
    qsort(times, count, sizeof(*times), compare_times);
    for (size_t i = 0; i < count; i++) {
        out.total_ns += times[i];
    }
    out.p50_ns = times[(count - 1) / 2];
    out.p99_ns = times[(count - 1) * 99 / 100];
    out.max_ns = times[count - 1];
    return out;
}

static void run_events(struct Run *run)
{
    const struct CliTrace *trace = run->plan->trace;
    struct CliProgress progress;

    cli_progress_begin(&progress, run->options->label, trace->event_count);
    run->started_ns = cli_clock_ns();
    for (size_t i = 0; i < trace->event_count && run->transfer.result == VK_SUCCESS; i++) {
        run_event(run, i);
        cli_progress_step(&progress, i + 1, run->live, run->pass->watch.reserved, run->pass->created);
    }
    destroy_rest(run);
    run->pass->wall_ns = cli_clock_ns() - run->started_ns;
    cli_progress_end(&progress);
}

// Counts what is left at three levels: in the allocator, then of memory and of objects at the driver.
static void close_allocator(struct Run *run)
{
    struct CliPass *pass = run->pass;
    VmaTotalStatistics statistics;

    vmaCalculateStatistics(run->allocator, &statistics);
    pass->leaks = statistics.total.statistics.allocationCount;
    vmaDestroyAllocator(run->allocator);
    pass->leaks += pass->watch.memories;
    pass->leaks += (uint64_t)atomic_load(&pass->watch.buffers) + (uint64_t)atomic_load(&pass->watch.images);
}

bool cli_pass_run(struct CliPass *pass, const struct CliPlan *plan, const struct CliDevice *device,
                  const struct CliPassOptions *options)
{
    struct Run run = {.pass = pass, .plan = plan, .device = device, .options = options};
    struct VrSim *sim = device->driver->sim;
    uint64_t sim_start = sim ? vr_sim_clock_ns(sim) : 0;
    VkResult result;
    bool good = false;

    memset(pass, 0, sizeof(*pass));
    cli_watch_begin(&pass->watch, device);
    run.objects = calloc(plan->trace->resource_count, sizeof(*run.objects));
    run.create_ns = calloc(plan->trace->resource_count, sizeof(*run.create_ns));
    run.destroy_ns = calloc(plan->trace->resource_count, sizeof(*run.destroy_ns));
    if (!run.objects || !run.create_ns || !run.destroy_ns) {
        cli_error("out of memory");
    } else if (cli_transfer_begin(&run.transfer, device)) {
        result = create_allocator(&run);
        if (result == VK_SUCCESS) {
            run_events(&run);
            close_allocator(&run);
            good = true;
        } else {
            cli_error("vmaCreateAllocator failed: %s", cli_result_name(result));
        }
        pass->verified_bytes = run.transfer.verified_bytes;
        pass->wrong_words = run.transfer.wrong_words;
        pass->first_wrong = run.transfer.first_wrong;
        pass->copy_result = run.transfer.result;
        cli_transfer_end(&run.transfer);
    }
    pass->create = summarise(run.create_ns, run.create_count);
    pass->destroy = summarise(run.destroy_ns, run.destroy_count);
    pass->sim_ns = sim ? vr_sim_clock_ns(sim) - sim_start : 0;
    free(run.objects);
    free(run.create_ns);
    free(run.destroy_ns);
    return good;
}

void cli_pass_finish(struct CliPass *pass)
{
    cli_watch_end(&pass->watch);
    free(pass->peak_json);
    free(pass->placements);
    memset(pass, 0, sizeof(*pass));
}

bool cli_pass_is_clean(const struct CliPass *pass)
{
    return !pass->failed && !pass->wrong_words && !pass->leaks && pass->copy_result == VK_SUCCESS;
}
