// SPDX-License-Identifier: MIT
// The few SVG elements that pictures are made of. Text is escaped; coordinates are pixels.
#ifndef CLI_SVG_H
#define CLI_SVG_H

#include <stdio.h>

#include "text.h"

enum CliAnchor { CLI_ANCHOR_START, CLI_ANCHOR_MIDDLE, CLI_ANCHOR_END };

struct CliTextStyle {
    double size;
    const char *colour;
    enum CliAnchor anchor;
    int bold;
};

void cli_svg_begin(FILE *out, double width, double height);
void cli_svg_end(FILE *out);
void cli_svg_text(FILE *out, double x, double y, struct CliTextStyle style, const char *text);
void cli_svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *colour, double width);

// title: shown while the pointer rests on it; NULL: none.
void cli_svg_rect(FILE *out, double x, double y, double width, double height, const char *fill,
                  const char *title);

void cli_svg_title(FILE *out, const char *text); // a <title> element inside an open one

// The step of an axis: 1, 2 or 5 times a power of ten (or a power of two), for about `count` steps up to
// `largest`.
double cli_nice_step(double largest, int count);
double cli_nice_binary_step(double largest, int count);

#endif
