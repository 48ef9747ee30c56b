// SPDX-License-Identifier: MIT
// `vram demo`: the replay of a game's recording that the program carries, with everything that a replay can
// show.
#include "demo.h"

#include <stdio.h>

#include "commands.h"
#include "replay.h"
#include "text.h"

static int run_demo(int argc, char **argv)
{
    struct CliReplayOptions options = {.folder = "vram-demo", .verify = true, .baseline = true};
    struct CliTrace trace;
    struct CliTraceError error;
    const struct CliOption table[] = {
        {"out", "DIR", "where the files go (default: vram-demo)", NULL, &options.folder},
        {"device", "N|NAME", "the device, as vram info lists them; default: the best GPU", NULL,
         &options.device},
        {"sim", "DEVICE", "a simulated device: a JSON description or a built-in name", NULL, &options.sim},
        {"validate", NULL, "switch the Khronos validation layer on; a message fails the demo",
         &options.validate, NULL},
    };
    enum CliParse parse =
        cli_options_parse(&cli_command_demo, table, sizeof(table) / sizeof(table[0]), argc, argv, NULL, 0);
    int exit_code;

    if (parse != CLI_PARSE_GO) {
        return parse == CLI_PARSE_HELP ? CLI_EXIT_OK : CLI_EXIT_USAGE;
    }
    if (!cli_trace_parse(cli_demo_trace, cli_demo_trace_size, &trace, &error)) {
        cli_error("the built-in recording: %s", error.text);
        return CLI_EXIT_FAILED;
    }
    printf("Replaying the GPU memory of %s: every buffer and image of the recording is created,\n"
           "filled, read back and compared, first with vram, then with one vkAllocateMemory for each.\n",
           trace.title);
    fflush(stdout);
    options.name = trace.title;
    exit_code = cli_replay(&trace, &options);
    cli_trace_finish(&trace);
    return exit_code;
}

const struct CliCommand cli_command_demo = {
    .name = "demo",
    .arguments = "",
    .summary = "replay a real game's recording, with table, JSON and picture",
    .details = "",
    .run = run_demo,
};
