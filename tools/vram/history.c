// SPDX-License-Identifier: MIT
// Samples the log of a watch, see history.h.
#include "history.h"

#include <stdlib.h>
#include <string.h>

// Fewer dedicated memories than this are drawn one by one; of many, only the sum is a picture.
enum { MOST_SINGLE_BANDS = 8 };

// A pooled block that happened to hold one resource has room around it; a dedicated memory is as large as its
// resource.
static bool *find_dedicated(const struct CliWatch *watch, uint32_t *count)
{
    bool *dedicated = calloc(watch->block_count + 1u, sizeof(*dedicated));

    *count = 0;
    for (size_t i = 0; dedicated && i < watch->change_count; i++) {
        const struct CliChange *change = &watch->changes[i];
        const struct CliBlock *block = &watch->blocks[change->block];
        if (change->bytes > 0 && block->most == 1 && !dedicated[change->block] &&
            (VkDeviceSize)change->bytes * 16 >= block->size * 15) {
            dedicated[change->block] = true;
            ++*count;
        }
    }
    return dedicated;
}

static bool make_bands(struct CliHistory *history, const struct CliWatch *watch)
{
    uint32_t dedicated_count;
    const bool *dedicated = history->dedicated = find_dedicated(watch, &dedicated_count);
    uint32_t group = CLI_MAP_NONE;

    history->bands = calloc(watch->block_count + 1u, sizeof(*history->bands));
    history->band_of_block = calloc(watch->block_count + 1u, sizeof(*history->band_of_block));
    if (!dedicated || !history->bands || !history->band_of_block) {
        return false;
    }
    for (uint32_t i = 0; i < watch->block_count; i++) {
        bool grouped = dedicated[i] && dedicated_count > MOST_SINGLE_BANDS;
        if (grouped && group != CLI_MAP_NONE) {
            history->bands[group].block_count++;
            history->band_of_block[i] = group;
            continue;
        }
        history->bands[history->band_count] =
            (struct CliBand){.block = i, .block_count = 1, .size = watch->blocks[i].size};
        history->band_of_block[i] = history->band_count;
        group = grouped ? history->band_count : group;
        history->band_count++;
    }
    return true;
}

static uint32_t column_of(const struct CliHistory *history, int64_t time_ns)
{
    double share = (double)time_ns / (double)history->length_ns;
    uint32_t column = share > 0 ? (uint32_t)(share * history->columns) : 0;
    return column < history->columns ? column : history->columns - 1;
}

// For each column the number of changes after which its live is highest; a column without changes keeps what
// was.
static void choose_moments(const struct CliHistory *history, const struct CliWatch *watch, size_t *moments)
{
    double total = 0;
    double best = -1;
    uint32_t column = 0;

    memset(moments, 0, history->columns * sizeof(*moments));
    for (size_t i = 0; i < watch->change_count; i++) {
        uint32_t at = column_of(history, watch->changes[i].time_ns);
        if (at != column) {
            best = total;
            for (uint32_t c = column + 1; c <= at; c++) {
                moments[c] = i;
            }
            column = at;
        }
        total += (double)watch->changes[i].bytes;
        if (total > best || (i + 1 == watch->change_count && column + 1 == history->columns && best < 0)) {
            best = total;
            moments[column] = i + 1;
        }
    }
    for (uint32_t c = column + 1; c < history->columns; c++) {
        moments[c] = watch->change_count;
    }
}

static void sample_column(struct CliHistory *history, const struct CliWatch *watch, const double *block_live,
                          uint32_t column, int64_t time_ns)
{
    for (uint32_t i = 0; i < watch->block_count; i++) {
        const struct CliBlock *block = &watch->blocks[i];
        size_t at = (size_t)history->band_of_block[i] * history->columns + column;
        bool alive = block->born_ns <= time_ns && (time_ns < block->died_ns || block_live[i] > 0);
        if (alive) {
            history->reserved[at] += (double)block->size;
            history->live[at] += block_live[i];
            history->total_reserved[column] += (double)block->size;
            history->total_live[column] += block_live[i];
        }
    }
    if (history->total_reserved[column] > history->highest_reserved) {
        history->highest_reserved = history->total_reserved[column];
    }
}

static bool sample(struct CliHistory *history, const struct CliWatch *watch)
{
    size_t *moments = calloc(history->columns, sizeof(*moments));
    double *block_live = calloc(watch->block_count + 1u, sizeof(*block_live));
    size_t done = 0;
    bool good = moments && block_live;

    if (good) {
        choose_moments(history, watch, moments);
        for (uint32_t column = 0; column < history->columns; column++) {
            int64_t time = (int64_t)((double)history->length_ns * (column + 0.5) / history->columns);
            for (; done < moments[column]; done++) {
                block_live[watch->changes[done].block] += (double)watch->changes[done].bytes;
            }
            if (done > 0 && column_of(history, watch->changes[done - 1].time_ns) == column) {
                time = watch->changes[done - 1].time_ns;
            }
            sample_column(history, watch, block_live, column, time);
        }
    }
    free(moments);
    free(block_live);
    return good;
}

bool cli_history_make(struct CliHistory *history, const struct CliWatch *watch, int64_t length_ns,
                      uint32_t columns)
{
    size_t cells;

    memset(history, 0, sizeof(*history));
    history->columns = columns;
    history->length_ns = length_ns > 0 ? length_ns : 1;
    if (!make_bands(history, watch)) {
        return false;
    }
    cells = (size_t)columns * (history->band_count + 1u);
    history->reserved = calloc(cells, sizeof(double));
    history->live = calloc(cells, sizeof(double));
    history->total_live = calloc(columns, sizeof(double));
    history->total_reserved = calloc(columns, sizeof(double));
    if (!history->reserved || !history->live || !history->total_live || !history->total_reserved ||
        !sample(history, watch)) {
        return false;
    }
    for (uint32_t band = 0; band < history->band_count; band++) {
        for (uint32_t c = 0; c < columns && history->bands[band].block_count > 1; c++) {
            VkDeviceSize reserved = (VkDeviceSize)history->reserved[(size_t)band * columns + c];
            VkDeviceSize *size = &history->bands[band].size;
            *size = reserved > *size ? reserved : *size;
        }
    }
    return true;
}

void cli_history_finish(struct CliHistory *history)
{
    free(history->bands);
    free(history->band_of_block);
    free(history->dedicated);
    free(history->reserved);
    free(history->live);
    free(history->total_live);
    free(history->total_reserved);
    memset(history, 0, sizeof(*history));
}
