// SPDX-License-Identifier: MIT
// `vram replay TRACE`: runs a recording on a Vulkan driver or on a simulated device.
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "picture.h"
#include "report.h"
#include "text.h"

// What the passes over one device produce.
struct Replay {
    const struct CliTrace *trace;
    const struct CliReplayOptions *options;
    struct CliDriver driver;
    struct CliDevice device;
    struct CliPlan plan;
    struct CliPass vram, baseline;
    bool have_baseline;
};

static bool write_peak(const struct Replay *replay, const char *path)
{
    const char *json = replay->vram.peak_json;
    return json && cli_write_file(path, json, strlen(json));
}

static bool write_files(const struct Replay *replay, const struct CliReport *report)
{
    const struct CliReplayOptions *options = replay->options;
    char path[1024];
    bool good = true;

    if (options->folder) {
        snprintf(path, sizeof(path), "%s/report.json", options->folder);
        good = cli_report_write_json(report, path) && good;
        snprintf(path, sizeof(path), "%s/peak.json", options->folder);
        good = write_peak(replay, path) && good;
        snprintf(path, sizeof(path), "%s/blocks.svg", options->folder);
        good = cli_picture_write(report, path) && good;
        if (good) {
            printf("\n  %s/blocks.svg   the blocks over time, and at the peak\n", options->folder);
            printf("  %s/peak.json    every allocation at the peak\n", options->folder);
            printf("  %s/report.json  these figures\n", options->folder);
        }
    }
    if (options->json) {
        good = cli_report_write_json(report, options->json) && good;
    }
    if (options->svg) {
        good = cli_picture_write(report, options->svg) && good;
    }
    return good;
}

static bool run_passes(struct Replay *replay)
{
    const struct CliReplayOptions *options = replay->options;
    struct CliPassOptions pass = {
        .label = "vram",
        .verify = options->verify,
        .snapshot = true,
        .speed = options->speed,
    };

    if (!cli_pass_run(&replay->vram, &replay->plan, &replay->device, &pass)) {
        return false;
    }
    if (options->baseline) {
        pass.label = "dedicated";
        pass.dedicated = true;
        pass.snapshot = false;
        pass.speed = 0;
        replay->have_baseline = cli_pass_run(&replay->baseline, &replay->plan, &replay->device, &pass);
    }
    return true;
}

static int conclude(struct Replay *replay)
{
    struct CliReport report = {
        .trace_name = replay->options->name,
        .trace = replay->trace,
        .plan = &replay->plan,
        .device = &replay->device,
        .vram = &replay->vram,
        .baseline = replay->have_baseline ? &replay->baseline : NULL,
        .verified = replay->options->verify,
    };
    bool good;

    cli_report_print(&report);
    good = write_files(replay, &report);
    // The baseline may meet limits of the device that vram exists to avoid; its contents must be right all
    // the same.
    good = cli_driver_complaints(&replay->driver) == 0 && good && cli_pass_is_clean(&replay->vram);
    good = good && (!replay->have_baseline || (!replay->baseline.wrong_words && !replay->baseline.leaks));
    return good ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

static int run_on_device(struct Replay *replay)
{
    int exit_code = CLI_EXIT_FAILED;

    if (cli_plan_make(&replay->plan, replay->trace, &replay->device) && run_passes(replay)) {
        exit_code = conclude(replay);
    }
    cli_pass_finish(&replay->vram);
    cli_pass_finish(&replay->baseline);
    cli_plan_finish(&replay->plan);
    return exit_code;
}

int cli_replay(const struct CliTrace *trace, const struct CliReplayOptions *options)
{
    struct Replay replay = {.trace = trace, .options = options};
    int exit_code = CLI_EXIT_FAILED;
    uint32_t chosen;

    if (options->folder && !cli_make_folder(options->folder)) {
        cli_error("cannot make the folder %s", options->folder);
        return CLI_EXIT_FAILED;
    }
    if (!cli_driver_open(&replay.driver, options->sim, options->validate)) {
        return CLI_EXIT_FAILED;
    }
    chosen = cli_driver_choose(&replay.driver, options->device);
    if (chosen == UINT32_MAX) {
        exit_code = CLI_EXIT_USAGE;
    } else if (cli_device_open(&replay.device, &replay.driver, chosen)) {
        exit_code = run_on_device(&replay);
        cli_device_close(&replay.device);
    }
    cli_driver_close(&replay.driver);
    return exit_code;
}

bool cli_replay_read_speed(const char *text, double *speed)
{
    char *end = NULL;

    *speed = 0;
    if (!text || strcmp(text, "max") == 0) {
        return true;
    }
    *speed = strtod(text, &end);
    if (!*text || *end || !(*speed > 0) || *speed > 1e9) {
        cli_error("--speed %s: a positive number (1 is the recorded speed) or max is expected", text);
        return false;
    }
    return true;
}

static const char *file_name(const char *path)
{
    const char *name = path;
    for (; *path; path++) {
        if (*path == '/' || *path == '\\') {
            name = path + 1;
        }
    }
    return name;
}

static int run_replay(int argc, char **argv)
{
    struct CliReplayOptions options = {0};
    struct CliTrace trace;
    struct CliTraceError error;
    const char *path = NULL;
    const char *speed = NULL;
    bool verify = false;
    bool skip_verify = false;
    const struct CliOption table[] = {
        {"speed", "X|max", "1: as recorded, 10: ten times faster, max: without waiting (default)", NULL,
         &speed},
        {"device", "N|NAME", "the device, as vram info lists them; default: the best GPU", NULL,
         &options.device},
        {"sim", "DEVICE", "a simulated device: a JSON description or a built-in name", NULL, &options.sim},
        {"out", "DIR", "write report.json, peak.json and blocks.svg there", NULL, &options.folder},
        {"json", "FILE", "write the figures as JSON", NULL, &options.json},
        {"svg", "FILE", "write the picture of the blocks", NULL, &options.svg},
        {"verify", NULL, "fill every resource, read it back and compare (default)", &verify, NULL},
        {"no-verify", NULL, "leave the contents alone: faster, only memory is managed", &skip_verify, NULL},
        {"baseline", NULL, "also run with one vkAllocateMemory per resource, to compare", &options.baseline,
         NULL},
        {"validate", NULL, "switch the Khronos validation layer on; a message fails the replay",
         &options.validate, NULL},
    };
    enum CliParse parse =
        cli_options_parse(&cli_command_replay, table, sizeof(table) / sizeof(table[0]), argc, argv, &path, 1);
    int exit_code;

    if (parse != CLI_PARSE_GO) {
        return parse == CLI_PARSE_HELP ? CLI_EXIT_OK : CLI_EXIT_USAGE;
    }
    if (!path) {
        cli_error("which trace? usage: vram replay TRACE [options]");
        return CLI_EXIT_USAGE;
    }
    if (verify && skip_verify) {
        cli_error("--verify and --no-verify exclude each other");
        return CLI_EXIT_USAGE;
    }
    if (!cli_replay_read_speed(speed, &options.speed)) {
        return CLI_EXIT_USAGE;
    }
    if (!cli_trace_load(path, &trace, &error)) {
        cli_error("%s: %s", path, error.text);
        return CLI_EXIT_FAILED;
    }
    options.verify = !skip_verify;
    options.name = trace.title[0] ? trace.title : file_name(path);
    exit_code = cli_replay(&trace, &options);
    cli_trace_finish(&trace);
    return exit_code;
}

const struct CliCommand cli_command_replay = {
    .name = "replay",
    .arguments = "TRACE",
    .summary = "replay a recording: create, fill, check and destroy every resource",
    .details =
        "TRACE is a .vtrace.csv (docs/trace-format.md), or a raw recording of Vulkan calls (.vk.csv) or of\n"
        "allocator calls (.vma.csv); gzip-compressed files are read as they are.\n"
        "Exit status: 0 all well, 1 something failed, leaked or was wrong, 2 wrong usage.",
    .run = run_replay,
};
