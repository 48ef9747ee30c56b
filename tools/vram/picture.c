// SPDX-License-Identifier: MIT
// Puts the page together: title, the time panel, the map of the peak.
#include "picture.h"

#include "picture_parts.h"

enum { COLUMNS = 1080, TITLE_HEIGHT = 84, TIME_HEIGHT = 520 };

static void draw_title(FILE *out, const struct CliReport *report)
{
    struct CliTextStyle style = {24, CLI_INK, CLI_ANCHOR_START, 1};
    const struct CliPass *pass = report->vram;
    char text[256];

    snprintf(text, sizeof(text), "GPU memory of %.100s", report->trace_name);
    cli_svg_text(out, CLI_PAGE_LEFT, 40, style, text);
    style = (struct CliTextStyle){14, CLI_INK_SOFT, CLI_ANCHOR_START, 0};
    snprintf(text, sizeof(text), "%s resources in at most %s blocks, %s calls of vkAllocateMemory",
             cli_count(pass->created).text, cli_count(pass->watch.peak_memories).text,
             cli_count(pass->watch.allocate_calls).text);
    cli_svg_text(out, CLI_PAGE_LEFT, 64, style, text);
    style.anchor = CLI_ANCHOR_END;
    snprintf(text, sizeof(text), "replayed by vram %s on %.80s%s", VRAM_VERSION,
             report->device->properties.deviceName, report->device->driver->sim ? " (simulated)" : "");
    cli_svg_text(out, CLI_PAGE_RIGHT, 64, style, text);
}

bool cli_picture_write(const struct CliReport *report, const char *path)
{
    const struct CliTrace *trace = report->trace;
    int64_t length = trace->event_count ? trace->events[trace->event_count - 1].time_ns : 0;
    struct CliHistory history;
    FILE *out = NULL;
    bool good = cli_history_make(&history, &report->vram->watch, length, COLUMNS) &&
                (out = fopen(path, "wb")) != NULL;

    if (good) {
        cli_svg_begin(out, CLI_PAGE_WIDTH,
                      TITLE_HEIGHT + TIME_HEIGHT + cli_picture_map_height(report, &history));
        draw_title(out, report);
        cli_picture_time(out, TITLE_HEIGHT, report, &history);
        cli_picture_map(out, TITLE_HEIGHT + TIME_HEIGHT, report, &history);
        cli_svg_end(out);
        good = !ferror(out);
    }
    if (out && fclose(out) != 0) {
        good = false;
    }
    if (!good) {
        cli_error("cannot write %s", path);
    }
    cli_history_finish(&history);
    return good;
}
