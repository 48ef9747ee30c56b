// SPDX-License-Identifier: MIT
// The command line parser behind options.h.
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

static void print_help(const struct CliCommand *command, const struct CliOption *options, size_t count)
{
    printf("usage: vram %s%s%s [options]\n\n%s\n", command->name, *command->arguments ? " " : "",
           command->arguments, command->summary);
    if (*command->details) {
        printf("\n%s\n", command->details);
    }
    printf("\noptions:\n");
    for (size_t i = 0; i < count; i++) {
        struct CliText left = cli_printf("--%s%s%s", options[i].name, options[i].value ? " " : "",
                                         options[i].value ? options[i].value : "");
        printf("  %-22s %s\n", left.text, options[i].help);
    }
    printf("  %-22s %s\n", "--help", "this text");
}

static enum CliParse unknown_option(const struct CliCommand *command, const struct CliOption *options,
                                    size_t count, const char *word, size_t length)
{
    const char *names[33] = {NULL};
    char name[64];
    const char *meant;

    for (size_t i = 0; i < count && i < 32; i++) {
        names[i] = options[i].name;
    }
    snprintf(name, sizeof(name), "%.*s", (int)(length < 60 ? length : 60), word);
    meant = cli_nearest(name, names);
    if (meant) {
        cli_error("unknown option --%s; did you mean --%s?", name, meant);
    } else {
        cli_error("unknown option --%s; see vram %s --help", name, command->name);
    }
    return CLI_PARSE_WRONG;
}

// Stores one option. *next is moved past its value when that is a word of its own.
static enum CliParse take_option(const struct CliCommand *command, const struct CliOption *options,
                                 size_t count, int argc, char **argv, int *next)
{
    const char *word = argv[*next] + 2;
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);

    for (size_t i = 0; i < count; i++) {
        const struct CliOption *option = &options[i];
        if (strlen(option->name) != length || strncmp(option->name, word, length) != 0) {
            continue;
        }
        if (!option->value) {
            if (equals) {
                cli_error("--%s takes no value", option->name);
                return CLI_PARSE_WRONG;
            }
            *option->flag = true;
            return CLI_PARSE_GO;
        }
        if (!equals && *next + 1 >= argc) {
            cli_error("--%s needs a value: --%s %s", option->name, option->name, option->value);
            return CLI_PARSE_WRONG;
        }
        *option->text = equals ? equals + 1 : argv[++*next];
        return CLI_PARSE_GO;
    }
    return unknown_option(command, options, count, word, length);
}

enum CliParse cli_options_parse(const struct CliCommand *command, const struct CliOption *options,
                                size_t count, int argc, char **argv, const char **arguments,
                                size_t argument_count)
{
    bool options_ended = false;
    size_t taken = 0;

    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (!options_ended && strcmp(word, "--") == 0) {
            options_ended = true;
        } else if (!options_ended && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            print_help(command, options, count);
            return CLI_PARSE_HELP;
        } else if (!options_ended && strncmp(word, "--", 2) == 0) {
            enum CliParse result = take_option(command, options, count, argc, argv, &i);
            if (result != CLI_PARSE_GO) {
                return result;
            }
        } else if (!options_ended && word[0] == '-' && word[1]) {
            cli_error("unknown option %s; options begin with two dashes, see vram %s --help", word,
                      command->name);
            return CLI_PARSE_WRONG;
        } else if (taken < argument_count) {
            arguments[taken++] = word;
        } else {
            cli_error("unexpected word '%s'; see vram %s --help", word, command->name);
            return CLI_PARSE_WRONG;
        }
    }
    return CLI_PARSE_GO;
}
