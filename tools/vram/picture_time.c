// SPDX-License-Identifier: MIT
// The upper panel: time to the right, memory upwards. Each block is a band whose height is its size, filled
// from below with its live bytes; the line on top of a dark area is what the program holds, the edge above it
// what it occupies.
#include <stdlib.h>

#include "picture_parts.h"

enum { PLOT_HEIGHT = 400 };

struct Plot {
    FILE *out;
    const struct CliHistory *history;
    double top, bottom;
    double bytes_at_top;
};

static double x_of(const struct Plot *plot, uint32_t column)
{
    return CLI_PAGE_LEFT + (double)(CLI_PAGE_RIGHT - CLI_PAGE_LEFT) * column / plot->history->columns;
}

static double y_of(const struct Plot *plot, double bytes)
{
    return plot->bottom - bytes / plot->bytes_at_top * (plot->bottom - plot->top);
}

static double share_of_time(const struct Plot *plot, double seconds)
{
    double length = (double)plot->history->length_ns / 1e9;
    return CLI_PAGE_LEFT + (CLI_PAGE_RIGHT - CLI_PAGE_LEFT) * seconds / length;
}

// Neighbouring bands must differ, and dark belongs to light.
static const char *band_colour(uint32_t band, bool live)
{
    static const char *const dark[] = {"#3e7cb1", "#2a9d8f", "#6a64b0", "#5a9e4b", "#4a8fc7", "#8b6bb1"};
    static const char *const light[] = {"#d6e5f2", "#d1ece8", "#dfddf0", "#dbecd6", "#dae9f6", "#e6deef"};
    return live ? dark[band % 6] : light[band % 6];
}

static void draw_axes(const struct Plot *plot)
{
    struct CliTextStyle style = {13, CLI_INK_SOFT, CLI_ANCHOR_END, 0};
    double mib = plot->bytes_at_top / (1024.0 * 1024.0);
    double step = cli_nice_binary_step(mib, 8);
    double seconds = (double)plot->history->length_ns / 1e9;
    double second_step = cli_nice_step(seconds, 12);

    for (double at = 0; at <= mib + step / 100; at += step) {
        double y = y_of(plot, at * 1024 * 1024);
        cli_svg_line(plot->out, CLI_PAGE_LEFT, y, CLI_PAGE_RIGHT, y, CLI_GRID, 1);
        cli_svg_text(plot->out, CLI_PAGE_LEFT - 8, y + 4.5, style, cli_printf("%g MiB", at).text);
    }
    style.anchor = CLI_ANCHOR_MIDDLE;
    for (double at = 0; at <= seconds + second_step / 100; at += second_step) {
        double x = share_of_time(plot, at);
        cli_svg_line(plot->out, x, plot->bottom, x, plot->bottom + 5, CLI_INK_SOFT, 1);
        cli_svg_text(plot->out, x, plot->bottom + 20, style, cli_printf("%g s", at).text);
    }
}

// The outline from base up to base + height as steps: forward along the upper edge, back along the lower.
static void draw_area(const struct Plot *plot, const double *base, const double *height, const char *fill,
                      const char *title)
{
    uint32_t columns = plot->history->columns;
    uint32_t c = 0;

    while (c < columns) {
        uint32_t end;
        if (height[c] <= 0) {
            c++;
            continue;
        }
        for (end = c; end < columns && height[end] > 0; end++) {
        }
        fprintf(plot->out, "<path fill=\"%s\" d=\"M%.1f %.1f", fill, x_of(plot, c), y_of(plot, base[c]));
        for (uint32_t i = c; i < end; i++) {
            double top = base[i] + height[i];
            if (i == c || top < base[i - 1] + height[i - 1] || top > base[i - 1] + height[i - 1]) {
                fprintf(plot->out, "H%.1fV%.1f", x_of(plot, i), y_of(plot, top));
            }
        }
        fprintf(plot->out, "H%.1f", x_of(plot, end));
        for (uint32_t i = end; i > c; i--) {
            if (i == end || base[i - 1] < base[i] || base[i - 1] > base[i]) {
                fprintf(plot->out, "H%.1fV%.1f", x_of(plot, i), y_of(plot, base[i - 1]));
            }
        }
        fputs("Z\">", plot->out);
        cli_svg_title(plot->out, title);
        fputs("</path>\n", plot->out);
        c = end;
    }
}

static void draw_line(const struct Plot *plot, const double *values, const char *colour, double width)
{
    fprintf(plot->out,
            "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\" d=\"", colour,
            width);
    for (uint32_t c = 0; c < plot->history->columns; c++) {
        if (c == 0) {
            fprintf(plot->out, "M%.1f %.1f", x_of(plot, c), y_of(plot, values[c]));
        } else if (values[c] < values[c - 1] || values[c] > values[c - 1]) {
            fprintf(plot->out, "H%.1fV%.1f", x_of(plot, c), y_of(plot, values[c]));
        }
    }
    fprintf(plot->out, "H%.1f\"/>\n", x_of(plot, plot->history->columns));
}

static void band_title(const struct CliHistory *history, const struct CliWatch *watch, uint32_t band,
                       char *title, size_t size)
{
    const struct CliBand *it = &history->bands[band];
    const struct CliBlock *block = &watch->blocks[it->block];
    int64_t end = block->died_ns < history->length_ns ? block->died_ns : history->length_ns;

    if (it->block_count > 1) {
        snprintf(title, size, "%u dedicated memories, %s at once at most", it->block_count,
                 cli_bytes(it->size).text);
    } else {
        snprintf(title, size, "block %u: %s, memory type %u, from %s to %s, at most %u resources", it->block,
                 cli_bytes(it->size).text, block->type, cli_duration((uint64_t)block->born_ns).text,
                 cli_duration((uint64_t)end).text, block->most);
    }
}

static void draw_bands(const struct Plot *plot, const struct CliWatch *watch, double *base)
{
    const struct CliHistory *history = plot->history;

    for (uint32_t band = 0; band < history->band_count; band++) {
        const double *reserved = &history->reserved[(size_t)band * history->columns];
        const double *live = &history->live[(size_t)band * history->columns];
        char title[320];

        band_title(history, watch, band, title, sizeof(title));
        draw_area(plot, base, reserved, band_colour(band, false), title);
        draw_area(plot, base, live, band_colour(band, true), title);
        for (uint32_t c = 0; c < history->columns; c++) {
            base[c] += reserved[c];
        }
    }
}

static void draw_peak(const struct Plot *plot, const struct CliPass *pass)
{
    double x = share_of_time(plot, (double)pass->peak_ns / 1e9);
    double y = y_of(plot, (double)pass->reserved_at_peak) - 12;
    struct CliTextStyle style = {13, CLI_INK, CLI_ANCHOR_MIDDLE, 1};
    char text[256];

    if (x > CLI_PAGE_RIGHT - 150) {
        style.anchor = CLI_ANCHOR_END;
    } else if (x < CLI_PAGE_LEFT + 150) {
        style.anchor = CLI_ANCHOR_START;
    }
    snprintf(text, sizeof(text), "peak: %s live in %s", cli_bytes(pass->peak_live).text,
             cli_bytes(pass->reserved_at_peak).text);
    cli_svg_line(plot->out, x, y + 4, x, y_of(plot, (double)pass->peak_live), CLI_INK, 1);
    fprintf(plot->out,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#ffffff\" stroke=\"" CLI_INK
            "\" stroke-width=\"2\"/>\n",
            x, y_of(plot, (double)pass->peak_live));
    cli_svg_text(plot->out, x, y, style, text);
}

static double draw_legend(FILE *out, double y)
{
    struct CliTextStyle style = {13, CLI_INK, CLI_ANCHOR_START, 0};
    double x = CLI_PAGE_LEFT;

    cli_svg_rect(out, x, y - 11, 16, 12, band_colour(0, true), NULL);
    cli_svg_rect(out, x + 16, y - 11, 16, 12, band_colour(1, true), NULL);
    cli_svg_text(out, x + 40, y, style, "live: held by the program, one colour per block");
    cli_svg_rect(out, x + 370, y - 11, 16, 12, band_colour(0, false), NULL);
    cli_svg_rect(out, x + 386, y - 11, 16, 12, band_colour(1, false), NULL);
    cli_svg_text(out, x + 410, y, style, "free space in the block");
    cli_svg_line(out, x + 590, y - 5, x + 622, y - 5, CLI_INK, 2.4);
    cli_svg_text(out, x + 630, y, style, "all live bytes");
    cli_svg_line(out, x + 745, y - 5, x + 777, y - 5, "#c2410c", 1.6);
    cli_svg_text(out, x + 785, y, style, "all reserved bytes (VkDeviceMemory)");
    return y + 10;
}

double cli_picture_time(FILE *out, double y, const struct CliReport *report, const struct CliHistory *history)
{
    struct CliTextStyle heading = {17, CLI_INK, CLI_ANCHOR_START, 1};
    struct Plot plot = {.out = out, .history = history};
    double *base = calloc(history->columns, sizeof(*base));
    double mib = history->highest_reserved / (1024.0 * 1024.0) * 1.08;
    double step;

    cli_svg_text(out, CLI_PAGE_LEFT, y + 18, heading, "Memory blocks over the time of the recording");
    plot.top = draw_legend(out, y + 44) + 14;
    plot.bottom = plot.top + PLOT_HEIGHT;
    mib = mib < 0.001 ? 0.001 : mib;
    step = cli_nice_binary_step(mib, 8);
    plot.bytes_at_top = step * 1024 * 1024;
    while (plot.bytes_at_top < mib * 1024 * 1024) {
        plot.bytes_at_top += step * 1024 * 1024;
    }
    draw_axes(&plot);
    if (base) {
        draw_bands(&plot, &report->vram->watch, base);
    }
    draw_line(&plot, history->total_reserved, "#c2410c", 1.6);
    draw_line(&plot, history->total_live, "#ffffff", 5);
    draw_line(&plot, history->total_live, CLI_INK, 2.4);
    draw_peak(&plot, report->vram);
    free(base);
    return plot.bottom + 34;
}
