// SPDX-License-Identifier: MIT
// Options from a table: the same table parses the command line and prints --help.
// "--name value" and "--name=value" are both read; "--" ends the options.
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

// What main() returns.
enum CliExit {
    CLI_EXIT_OK = 0,
    CLI_EXIT_FAILED = 1,
    CLI_EXIT_USAGE = 2,
};

struct CliCommand {
    const char *name;
    const char *arguments;             // "TRACE", or ""
    const char *summary;               // one line, for the list of commands
    const char *details;               // further lines of --help, or ""
    int (*run)(int argc, char **argv); // argv[0] is the command's name
};

struct CliOption {
    const char *name;  // without the dashes
    const char *value; // what the value is called in --help; NULL: a flag without value
    const char *help;
    bool *flag;        // set to true when the flag is given
    const char **text; // set to the value
};

enum CliParse {
    CLI_PARSE_GO,    // everything understood
    CLI_PARSE_HELP,  // --help was printed: exit 0
    CLI_PARSE_WRONG, // a message was printed: exit 2
};

// Reads argv[1..]. Up to `argument_count` words that are no options go to `arguments` (missing ones stay
// NULL).
enum CliParse cli_options_parse(const struct CliCommand *command, const struct CliOption *options,
                                size_t count, int argc, char **argv, const char **arguments,
                                size_t argument_count);

#endif
