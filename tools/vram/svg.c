// SPDX-License-Identifier: MIT
// The SVG elements of svg.h.
#include "svg.h"

static void put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        default:
            if ((unsigned char)*text >= ' ') {
                fputc(*text, out);
            }
        }
    }
}

void cli_svg_begin(FILE *out, double width, double height)
{
    fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "font-family=\"'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif\">\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
        width, height, width, height);
}

void cli_svg_end(FILE *out)
{
    fputs("</svg>\n", out);
}

void cli_svg_text(FILE *out, double x, double y, struct CliTextStyle style, const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};

    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\" text-anchor=\"%s\"%s>", x, y,
            style.size, style.colour, anchors[style.anchor], style.bold ? " font-weight=\"600\"" : "");
    put_escaped(out, text);
    fputs("</text>\n", out);
}

void cli_svg_line(FILE *out, double x1, double y1, double x2, double y2, const char *colour, double width)
{
    fprintf(out,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.2f\"/>\n",
            x1, y1, x2, y2, colour, width);
}

void cli_svg_title(FILE *out, const char *text)
{
    fputs("<title>", out);
    put_escaped(out, text);
    fputs("</title>", out);
}

void cli_svg_rect(FILE *out, double x, double y, double width, double height, const char *fill,
                  const char *title)
{
    fprintf(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"", x, y, width,
            height, fill);
    if (title) {
        fputc('>', out);
        cli_svg_title(out, title);
        fputs("</rect>\n", out);
    } else {
        fputs("/>\n", out);
    }
}

double cli_nice_step(double largest, int count)
{
    double step = 1e-9;

    for (;;) {
        if (step * count >= largest) {
            return step;
        }
        if (step * 2 * count >= largest) {
            return step * 2;
        }
        if (step * 5 * count >= largest) {
            return step * 5;
        }
        step *= 10;
    }
}

double cli_nice_binary_step(double largest, int count)
{
    double step = 1;

    while (step * count < largest) {
        step *= 2;
    }
    return step;
}
