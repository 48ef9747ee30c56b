// SPDX-License-Identifier: MIT
// The commands of the program, one file each.
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"

extern const struct CliCommand cli_command_info;
extern const struct CliCommand cli_command_replay;
extern const struct CliCommand cli_command_demo;

#endif
