// SPDX-License-Identifier: MIT
// The program `vram`: finds the command in a table and runs it.
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "text.h"

static const struct CliCommand *const commands[] = {&cli_command_info, &cli_command_demo,
                                                    &cli_command_replay};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static const struct CliCommand *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static void print_help(FILE *out)
{
    fprintf(out, "vram %s: GPU memory management for Vulkan\n\nusage: vram COMMAND [options]\n\ncommands:\n",
            VRAM_VERSION);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-8s %-6s %s\n", commands[i]->name, commands[i]->arguments, commands[i]->summary);
    }
    fprintf(out, "\nvram COMMAND --help tells more.\n");
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT + 1] = {NULL};
    const char *meant;

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i]->name;
    }
    meant = cli_nearest(name, names);
    if (meant) {
        cli_error("unknown command '%s'; did you mean %s?", name, meant);
    } else {
        cli_error("unknown command '%s'; see vram --help", name);
    }
    return CLI_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const struct CliCommand *command;

    if (argc < 2) {
        print_help(stderr);
        return CLI_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("vram %s\n", VRAM_VERSION);
        return CLI_EXIT_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        command = argc > 2 ? find_command(argv[2]) : NULL;
        if (!command) {
            print_help(stdout);
            return CLI_EXIT_OK;
        }
        return command->run(2, (char *[]){argv[2], "--help", NULL});
    }
    command = find_command(argv[1]);
    return command ? command->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}
