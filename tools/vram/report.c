// SPDX-License-Identifier: MIT
// The table at the end of a replay.
#include "report.h"

#include <stdio.h>
#include <string.h>

#include "map.h"
#include "text.h"

typedef struct CliText (*CellFn)(const struct CliPass *pass);

static struct CliText cell_resources(const struct CliPass *pass)
{
    return cli_count(pass->created);
}

static struct CliText cell_live(const struct CliPass *pass)
{
    return cli_bytes(pass->peak_live);
}

static struct CliText cell_reserved(const struct CliPass *pass)
{
    return cli_bytes(pass->watch.peak_reserved);
}

static struct CliText cell_ratio(const struct CliPass *pass)
{
    double live = pass->peak_live ? (double)pass->peak_live : 1;
    return cli_printf("%.2f", (double)pass->watch.peak_reserved / live);
}

static struct CliText cell_blocks(const struct CliPass *pass)
{
    return cli_count(pass->watch.peak_memories);
}

static struct CliText cell_allocations(const struct CliPass *pass)
{
    return cli_count(pass->watch.allocate_calls);
}

static struct CliText cell_calls(const struct CliPass *pass)
{
    return cli_count(pass->watch.calls);
}

static struct CliText cell_create(const struct CliPass *pass)
{
    return cli_printf("%s / %s", cli_duration(pass->create.p50_ns).text,
                      cli_duration(pass->create.p99_ns).text);
}

static struct CliText cell_create_max(const struct CliPass *pass)
{
    return cli_duration(pass->create.max_ns);
}

static struct CliText cell_destroy(const struct CliPass *pass)
{
    return cli_printf("%s / %s", cli_duration(pass->destroy.p50_ns).text,
                      cli_duration(pass->destroy.p99_ns).text);
}

static struct CliText cell_time(const struct CliPass *pass)
{
    return cli_duration(pass->create.total_ns + pass->destroy.total_ns);
}

static struct CliText cell_sim_time(const struct CliPass *pass)
{
    return cli_duration(pass->sim_ns);
}

static struct CliText cell_verified(const struct CliPass *pass)
{
    return cli_bytes(pass->verified_bytes);
}

static struct CliText cell_wrong(const struct CliPass *pass)
{
    return cli_count(pass->wrong_words);
}

static struct CliText cell_leaks(const struct CliPass *pass)
{
    return cli_count(pass->leaks);
}

static void print_row(const struct CliReport *report, const char *name, CellFn cell)
{
    printf("  %-34s %20s", name, cell(report->vram).text);
    if (report->baseline) {
        printf(" %20s", cell(report->baseline).text);
    }
    printf("\n");
}

static void print_table(const struct CliReport *report)
{
    printf("\n  %-34s %20s%s\n", "", "vram", report->baseline ? "   one memory for each" : "");
    print_row(report, "resources created", cell_resources);
    print_row(report, "peak live", cell_live);
    print_row(report, "peak reserved", cell_reserved);
    print_row(report, "peak reserved / peak live", cell_ratio);
    print_row(report, "blocks (VkDeviceMemory) at most", cell_blocks);
    print_row(report, "vkAllocateMemory calls", cell_allocations);
    print_row(report, "driver calls of the allocator", cell_calls);
    print_row(report, "create p50 / p99", cell_create);
    print_row(report, "create, the longest", cell_create_max);
    print_row(report, "destroy p50 / p99", cell_destroy);
    print_row(report, "create and destroy, all together", cell_time);
    if (report->device->driver->sim) {
        print_row(report, "driver time on the simulated clock", cell_sim_time);
    }
    if (report->verified) {
        print_row(report, "read back and compared", cell_verified);
        print_row(report, "wrong 8-byte words", cell_wrong);
    }
    print_row(report, "leaks", cell_leaks);
}

static void print_notes(const struct CliReport *report)
{
    const struct CliPlan *plan = report->plan;

    printf("\n");
    if (report->verified) {
        printf("  %s of %s resources were verified.\n", cli_count(report->vram->verified_resources).text,
               cli_count(plan->created).text);
    } else {
        printf("  Contents were not verified.\n");
    }
    for (int reason = CLI_REASON_NONE + 1; reason < CLI_REASON_COUNT; reason++) {
        if (plan->reasons[reason] && (report->verified || reason == CLI_REASON_UNSUPPORTED)) {
            printf("  %s not: %s.\n", cli_count(plan->reasons[reason]).text,
                   cli_reason_text((enum CliReason)reason));
        }
    }
    if (plan->replaced) {
        printf("  %s images have a substitute format of the same size class.\n",
               cli_count(plan->replaced).text);
    }
    if (plan->trimmed) {
        printf("  %s resources lost usages or flags that this device does not have.\n",
               cli_count(plan->trimmed).text);
    }
    if (report->trace->odd_rows) {
        printf("  %s rows of the recording contradict others and were settled.\n",
               cli_count(report->trace->odd_rows).text);
    }
    if (report->vram->left) {
        printf("  %s resources were alive when the recording ended, and were destroyed then.\n",
               cli_count(report->vram->left).text);
    }
    if (report->device->driver->validated) {
        printf("  Messages of the validation layer: %u.\n",
               atomic_load(&report->device->driver->validation_messages));
    }
}

static void print_failures(const struct CliReport *report, const struct CliPass *pass, const char *name)
{
    if (pass->failed) {
        printf("  FAILED: %s: %s creations failed, the first: %s: %s.\n", name, cli_count(pass->failed).text,
               cli_plan_label(report->plan, pass->first_failed).text, cli_result_name(pass->first_failure));
    }
    if (pass->wrong_words) {
        printf("  FAILED: %s: wrong content, the first in %s.\n", name,
               cli_plan_label(report->plan, pass->first_wrong).text);
    }
    if (pass->copy_result != VK_SUCCESS) {
        printf("  FAILED: %s: copies on the GPU failed: %s.\n", name, cli_result_name(pass->copy_result));
    }
    if (pass->leaks) {
        printf("  FAILED: %s: %s objects leaked.\n", name, cli_count(pass->leaks).text);
    }
}

void cli_report_print(const struct CliReport *report)
{
    const struct CliTrace *trace = report->trace;
    int64_t length = trace->event_count ? trace->events[trace->event_count - 1].time_ns : 0;

    printf("\n%s: %s resources, %s events, %u threads, %s\n", report->trace_name,
           cli_count(trace->resource_count).text, cli_count(trace->event_count).text, trace->thread_count,
           cli_duration((uint64_t)length).text);
    printf("on %s%s\n", report->device->properties.deviceName,
           report->device->driver->sim ? " (simulated)" : "");
    print_table(report);
    print_notes(report);
    print_failures(report, report->vram, "vram");
    if (report->baseline) {
        print_failures(report, report->baseline, "one memory for each");
    }
}
