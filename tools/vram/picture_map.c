// SPDX-License-Identifier: MIT
// The lower panel: what lies where at the peak. Each block is a bar to one scale, folded into several rows
// where it is long; dedicated memories are packed one after another.
#include <stdlib.h>

#include "picture_parts.h"

enum { ROW_HEIGHT = 17, ROW_GAP = 5, BLOCK_GAP = 6, LABEL_WIDTH = 200, MOST_ROWS = 36, HEAD_HEIGHT = 74 };

// One bar: a block, or the dedicated memories together.
struct Bar {
    uint32_t block; // CLI_MAP_NONE: the dedicated ones
    uint32_t count; // placements
    VkDeviceSize size, live;
    size_t first; // placement
};

struct Map {
    const struct CliReport *report;
    struct CliPlacement *placements; // sorted by bar and offset
    struct Bar *bars;
    uint32_t bar_count;
    VkDeviceSize row_bytes;
    uint32_t rows;
    bool several_types; // the blocks are of different memory types, so each says which
};

const char *cli_kind_colour(enum CliKind kind)
{
    static const char *const colours[CLI_KIND_COUNT] = {
        [CLI_KIND_TEXTURE] = "#3e7cb1", [CLI_KIND_TARGET] = "#8b6bb1",  [CLI_KIND_GEOMETRY] = "#2a9d8f",
        [CLI_KIND_SHADER] = "#e9b949",  [CLI_KIND_STAGING] = "#e07a3f",
    };
    return colours[kind];
}

static int by_place(const void *a, const void *b)
{
    const struct CliPlacement *x = a;
    const struct CliPlacement *y = b;

    if (x->block != y->block) {
        return x->block < y->block ? -1 : 1;
    }
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static uint64_t rows_of(const struct Map *map, VkDeviceSize row_bytes)
{
    uint64_t rows = 0;
    for (uint32_t i = 0; i < map->bar_count; i++) {
        rows += (map->bars[i].size + row_bytes - 1) / row_bytes;
    }
    return rows;
}

static void choose_scale(struct Map *map)
{
    map->row_bytes = 1 << 16;
    while (rows_of(map, map->row_bytes) > MOST_ROWS && rows_of(map, map->row_bytes) > map->bar_count) {
        map->row_bytes *= 2;
    }
    map->rows = (uint32_t)rows_of(map, map->row_bytes);
}

// The dedicated placements go behind the others, laid out one after another. Returns how many bytes they are.
static VkDeviceSize sort_placements(struct Map *map, const struct CliHistory *history, uint32_t *count)
{
    const struct CliPass *pass = map->report->vram;
    VkDeviceSize packed = 0;

    *count = 0;
    for (uint32_t i = 0; i < pass->placement_count; i++) {
        struct CliPlacement it = pass->placements[i];
        if (it.block == CLI_MAP_NONE) {
            continue; // the log of the blocks is incomplete
        }
        if (history->dedicated[it.block]) {
            it.block = CLI_MAP_NONE;
            it.offset = packed;
            packed += it.size;
        }
        map->placements[(*count)++] = it;
    }
    qsort(map->placements, *count, sizeof(*map->placements), by_place);
    return packed;
}

static void make_bars(struct Map *map, uint32_t count, VkDeviceSize packed)
{
    const struct CliBlock *blocks = map->report->vram->watch.blocks;

    for (uint32_t i = 0; i < count; i++) {
        const struct CliPlacement *it = &map->placements[i];
        struct Bar *bar = map->bar_count ? &map->bars[map->bar_count - 1] : NULL;
        if (!bar || bar->block != it->block) {
            bool dedicated = it->block == CLI_MAP_NONE;
            bar = &map->bars[map->bar_count++];
            *bar = (struct Bar){
                .block = it->block, .size = dedicated ? packed : blocks[it->block].size, .first = i};
            map->several_types = map->several_types ||
                                 (!dedicated && blocks[it->block].type != blocks[map->bars[0].block].type);
        }
        bar->count++;
        bar->live += it->size;
    }
}

static bool make_map(struct Map *map, const struct CliReport *report, const struct CliHistory *history)
{
    size_t most = report->vram->placement_count + 1u;
    uint32_t count;
    VkDeviceSize packed;

    *map = (struct Map){.report = report};
    map->placements = calloc(most, sizeof(*map->placements));
    map->bars = calloc(most, sizeof(*map->bars));
    if (!map->placements || !map->bars) {
        return false;
    }
    packed = sort_placements(map, history, &count);
    make_bars(map, count, packed);
    choose_scale(map);
    return true;
}

// Who reaches memory of that type, in two words at most.
static const char *type_word(const struct Map *map, uint32_t block)
{
    const VkPhysicalDeviceMemoryProperties *memory = &map->report->device->memory;
    uint32_t type = map->report->vram->watch.blocks[block].type;
    VkMemoryPropertyFlags flags = memory->memoryTypes[type].propertyFlags;

    if (!map->several_types) {
        return "";
    }
    if (!(flags & VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT)) {
        return ", system";
    }
    return flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT ? ", mappable" : "";
}

static void finish_map(struct Map *map)
{
    free(map->placements);
    free(map->bars);
}

// A stretch of a bar, cut where the bar folds into the next row.
static void draw_stretch(FILE *out, const struct Map *map, double y, VkDeviceSize start, VkDeviceSize size,
                         const char *fill, double gap, const char *title)
{
    double left = CLI_PAGE_LEFT + LABEL_WIDTH;
    double scale = (CLI_PAGE_RIGHT - left) / (double)map->row_bytes;

    while (size > 0) {
        VkDeviceSize row = start / map->row_bytes;
        VkDeviceSize in_row = start % map->row_bytes;
        VkDeviceSize taken = size < map->row_bytes - in_row ? size : map->row_bytes - in_row;
        double width = (double)taken * scale;

        width = width > 4 * gap ? width - gap : width;
        cli_svg_rect(out, left + (double)in_row * scale, y + (double)row * (ROW_HEIGHT + ROW_GAP), width,
                     ROW_HEIGHT, fill, title);
        start += taken;
        size -= taken;
    }
}

// Neighbours of one kind that are too thin to see are drawn as one.
static size_t draw_run(FILE *out, const struct Map *map, double y, size_t first, size_t end)
{
    double pixel = (double)map->row_bytes / (CLI_PAGE_RIGHT - CLI_PAGE_LEFT - LABEL_WIDTH);
    const struct CliResource *resources = map->report->trace->resources;
    const struct CliPlacement *start = &map->placements[first];
    enum CliKind kind = cli_resource_kind(&resources[start->resource]);
    VkDeviceSize size = start->size;
    VkDeviceSize live = start->size;
    size_t last = first + 1;
    char title[320];

    while ((double)start->size < pixel && last < end) {
        const struct CliPlacement *next = &map->placements[last];
        if ((double)next->size >= pixel || cli_resource_kind(&resources[next->resource]) != kind ||
            (double)(next->offset - start->offset - size) >= pixel) {
            break;
        }
        size = next->offset + next->size - start->offset;
        live += next->size;
        last++;
    }
    if (last == first + 1) {
        snprintf(title, sizeof(title), "%s, %s at offset %llu",
                 cli_plan_label(map->report->plan, start->resource).text, cli_bytes(size).text,
                 (unsigned long long)start->offset);
    } else {
        snprintf(title, sizeof(title), "%u x %s, %s together", (unsigned)(last - first), cli_kind_name(kind),
                 cli_bytes(live).text);
    }
    draw_stretch(out, map, y, start->offset, size, cli_kind_colour(kind), 0.8, title);
    return last;
}

static double draw_bar(FILE *out, const struct Map *map, const struct Bar *bar, double y)
{
    struct CliTextStyle style = {12.5, CLI_INK, CLI_ANCHOR_END, 0};
    uint64_t rows = (bar->size + map->row_bytes - 1) / map->row_bytes;
    double share = bar->size ? 100.0 * (double)bar->live / (double)bar->size : 0;
    char label[128];

    if (bar->block == CLI_MAP_NONE) {
        snprintf(label, sizeof(label), "dedicated: %s", cli_bytes(bar->size).text);
    } else {
        snprintf(label, sizeof(label), "block %u%s: %s, %.0f %%", bar->block, type_word(map, bar->block),
                 cli_bytes(bar->size).text, share);
    }
    cli_svg_text(out, CLI_PAGE_LEFT + LABEL_WIDTH - 10, y + 13, style, label);
    if (rows > 1 && bar->count > 1) {
        style.colour = CLI_INK_SOFT;
        cli_svg_text(out, CLI_PAGE_LEFT + LABEL_WIDTH - 10, y + 13 + ROW_HEIGHT + ROW_GAP, style,
                     cli_printf("%u allocations", bar->count).text);
    }
    snprintf(label, sizeof(label), "free space of this block: %s", cli_bytes(bar->size - bar->live).text);
    draw_stretch(out, map, y, 0, bar->size, CLI_FREE, 0, label);
    for (size_t i = bar->first; i < bar->first + bar->count;) {
        i = draw_run(out, map, y, i, bar->first + bar->count);
    }
    return y + (double)rows * (ROW_HEIGHT + ROW_GAP) + BLOCK_GAP;
}

static void draw_kinds(FILE *out, double y, const struct Map *map)
{
    struct CliTextStyle style = {13, CLI_INK, CLI_ANCHOR_START, 0};
    VkDeviceSize bytes[CLI_KIND_COUNT] = {0};
    double x = CLI_PAGE_LEFT;

    for (uint32_t i = 0; i < map->report->vram->placement_count; i++) {
        const struct CliPlacement *it = &map->report->vram->placements[i];
        bytes[cli_resource_kind(&map->report->trace->resources[it->resource])] += it->size;
    }
    for (int kind = 0; kind < CLI_KIND_COUNT; kind++) {
        cli_svg_rect(out, x, y - 11, 16, 12, cli_kind_colour((enum CliKind)kind), NULL);
        cli_svg_text(
            out, x + 23, y, style,
            cli_printf("%s %s", cli_kind_name((enum CliKind)kind), cli_bytes(bytes[kind]).text).text);
        x += 190;
    }
    cli_svg_rect(out, x, y - 11, 16, 12, CLI_FREE, NULL);
    cli_svg_text(out, x + 23, y, style, "free");
}

double cli_picture_map_height(const struct CliReport *report, const struct CliHistory *history)
{
    struct Map map;
    double height = HEAD_HEIGHT;

    if (make_map(&map, report, history)) {
        height += map.rows * (double)(ROW_HEIGHT + ROW_GAP) + map.bar_count * (double)BLOCK_GAP + 10;
    }
    finish_map(&map);
    return height;
}

double cli_picture_map(FILE *out, double y, const struct CliReport *report, const struct CliHistory *history)
{
    struct CliTextStyle heading = {17, CLI_INK, CLI_ANCHOR_START, 1};
    struct Map map;
    char text[256];

    if (make_map(&map, report, history)) {
        snprintf(text, sizeof(text), "What lies where at the peak, %s into the recording (a full row is %s)",
                 cli_duration((uint64_t)report->vram->peak_ns).text, cli_bytes(map.row_bytes).text);
        cli_svg_text(out, CLI_PAGE_LEFT, y + 18, heading, text);
        draw_kinds(out, y + 46, &map);
        y += HEAD_HEIGHT - 8;
        for (uint32_t i = 0; i < map.bar_count; i++) {
            y = draw_bar(out, &map, &map.bars[i], y);
        }
    }
    finish_map(&map);
    return y;
}
