// SPDX-License-Identifier: MIT
// The readers of the three formats. Each takes rows behind the header line, and leaves its failure in rows.
#ifndef CLI_TRACE_FORMATS_H
#define CLI_TRACE_FORMATS_H

#include "trace_build.h"

void cli_trace_read_vtrace(struct CliRows *rows, struct CliTrace *trace);
void cli_trace_read_vk(struct CliRows *rows, struct CliTrace *trace);
void cli_trace_read_vma(struct CliRows *rows, struct CliTrace *trace);

// Columns that all three formats have under the same names.
struct CliImageColumns {
    int width, height, depth, mips, layers, samples, format, tiling;
};
struct CliImageColumns cli_trace_image_columns(const struct CliRows *rows);

// Fills the image members of the resource from the current row; the type follows from the extent.
void cli_trace_read_image(struct CliRows *rows, const struct CliImageColumns *columns,
                          struct CliResource *resource);

#endif
