// SPDX-License-Identifier: MIT
// The table: one row per figure, upstream and vram beside each other, judged against the gate that the design
// set.
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdbool.h>
#include <stdio.h>

// What a gate and an ambition are compared with.
enum gate_kind {
    GATE_NONE,      // a figure to know, not judged
    GATE_RATIO_MAX, // vram / upstream must not be above
    GATE_RATIO_MIN, // vram / upstream must not be below
    GATE_MAX,       // vram's own figure must not be above
    GATE_MIN,       // vram's own figure must not be below
};

struct row {
    const char *name;
    const char *unit;
    double value[2];    // upstream, vram; NAN: not measured
    double ratio;       // median over rounds; 0: value[1] / value[0]
    double quartile[2]; // of the ratio over rounds; 0: exact figure
    enum gate_kind kind;
    double gate;
    double ambition; // NAN: none
};

struct report {
    FILE *csv;
    const char *section;
    const char *timing; // "timing" or "exact", of the section
    bool headed;        // the section's column titles are printed
    unsigned met, ambitious, missed, unjudged;
    char misses[64][128];
};

// `csv_path` may be NULL. Returns 0, or -1 after a message.
int report_open(struct report *report, const char *csv_path);
// `exact`: the figures of this section are the same on every run.
void report_section(struct report *report, const char *title, bool exact);
void report_row(struct report *report, const struct row *row);
void report_note(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_close(struct report *report);

#endif
