// SPDX-License-Identifier: MIT
// Printing and judging rows; the same rows go to a CSV file for other programs.
#include "report.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum verdict { VERDICT_NONE, VERDICT_MET, VERDICT_AMBITION, VERDICT_MISSED, VERDICT_UNKNOWN };

static const char *verdict_text(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_MET:
        return "met";
    case VERDICT_AMBITION:
        return "met, and the ambition";
    case VERDICT_MISSED:
        return "NOT met";
    case VERDICT_UNKNOWN:
        return "not judged";
    default:
        return "";
    }
}

int report_open(struct report *report, const char *csv_path)
{
    memset(report, 0, sizeof *report);
    if (csv_path != NULL) {
        report->csv = fopen(csv_path, "w");
        if (report->csv == NULL) {
            fprintf(stderr, "bench: cannot write %s\n", csv_path);
            return -1;
        }
        fputs("section,kind,row,unit,upstream,vram,ratio,ratio_q1,ratio_q3,gate_kind,gate,ambition,verdict\n",
              report->csv);
    }
    return 0;
}

void report_section(struct report *report, const char *title, bool exact)
{
    report->section = title;
    report->timing = exact ? "exact" : "timing";
    report->headed = false;
    printf("\n%s (%s)\n", title,
           exact ? "exact: the same on every run" : "timing: medians, rounds interleaved");
}

static void print_heading(struct report *report)
{
    if (!report->headed) {
        printf("  %-52s %11s %11s  %-22s %-9s %-9s %s\n", "", "upstream", "vram", "ratio [quartiles]", "gate",
               "ambition", "");
        report->headed = true;
    }
}

// Three or four digits that matter, whatever the magnitude.
static void format_value(char *text, size_t size, double value)
{
    if (isnan(value)) {
        snprintf(text, size, "-");
    } else if (value == floor(value) && fabs(value) < 1e7) {
        snprintf(text, size, "%.0f", value);
    } else if (fabs(value) >= 1000) {
        snprintf(text, size, "%.0f", value);
    } else if (fabs(value) >= 100) {
        snprintf(text, size, "%.1f", value);
    } else {
        snprintf(text, size, "%.3f", value);
    }
}

static void format_limit(char *text, size_t size, enum gate_kind kind, double limit)
{
    if (kind == GATE_NONE || isnan(limit)) {
        text[0] = '\0';
        return;
    }
    const char *sign = kind == GATE_RATIO_MIN || kind == GATE_MIN ? ">=" : "<=";
    const char *times = kind == GATE_RATIO_MAX || kind == GATE_RATIO_MIN ? "x" : "";
    snprintf(text, size, "%s%g%s", sign, limit, times);
}

static double judged_figure(const struct row *row, double ratio)
{
    return row->kind == GATE_RATIO_MAX || row->kind == GATE_RATIO_MIN ? ratio : row->value[1];
}

static enum verdict judge(const struct row *row, double ratio)
{
    if (row->kind == GATE_NONE) {
        return VERDICT_NONE;
    }
    double figure = judged_figure(row, ratio);
    if (isnan(figure)) {
        return VERDICT_UNKNOWN;
    }
    bool lower_is_better = row->kind == GATE_RATIO_MAX || row->kind == GATE_MAX;
    if (!isnan(row->ambition) && (lower_is_better ? figure <= row->ambition : figure >= row->ambition)) {
        return VERDICT_AMBITION;
    }
    return (lower_is_better ? figure <= row->gate : figure >= row->gate) ? VERDICT_MET : VERDICT_MISSED;
}

static void count_verdict(struct report *report, const struct row *row, enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_AMBITION:
        report->ambitious++;
        report->met++;
        break;
    case VERDICT_MET:
        report->met++;
        break;
    case VERDICT_UNKNOWN:
        report->unjudged++;
        break;
    case VERDICT_MISSED:
        if (report->missed < sizeof report->misses / sizeof report->misses[0]) {
            snprintf(report->misses[report->missed], sizeof report->misses[0], "%.40s: %s", report->section,
                     row->name);
        }
        report->missed++;
        break;
    default:
        break;
    }
}

void report_row(struct report *report, const struct row *row)
{
    static const char *const kinds[] = {"none", "ratio_max", "ratio_min", "max", "min"};
    double ratio = row->ratio > 0 ? row->ratio : row->value[1] / row->value[0];
    enum verdict verdict = judge(row, ratio);
    char name[64], value[2][24], ratio_text[48], gate[16], ambition[16];
    snprintf(name, sizeof name, "%s%s%s", row->name, row->unit[0] != '\0' ? ", " : "", row->unit);
    format_value(value[0], sizeof value[0], row->value[0]);
    format_value(value[1], sizeof value[1], row->value[1]);
    if (isnan(ratio) || isinf(ratio)) {
        snprintf(ratio_text, sizeof ratio_text, "-");
    } else if (row->quartile[1] > 0) {
        snprintf(ratio_text, sizeof ratio_text, "%.3f [%.3f %.3f]", ratio, row->quartile[0],
                 row->quartile[1]);
    } else {
        snprintf(ratio_text, sizeof ratio_text, "%.3f", ratio);
    }
    format_limit(gate, sizeof gate, row->kind, row->gate);
    format_limit(ambition, sizeof ambition, row->kind, row->ambition);
    print_heading(report);
    printf("  %-52s %11s %11s  %-22s %-9s %-9s %s\n", name, value[0], value[1], ratio_text, gate, ambition,
           verdict_text(verdict));
    fflush(stdout);
    count_verdict(report, row, verdict);
    if (report->csv != NULL) {
        fprintf(report->csv, "\"%s\",%s,\"%s\",%s,%.9g,%.9g,%.6g,%.6g,%.6g,%s,%g,%g,%s\n", report->section,
                report->timing, row->name, row->unit, row->value[0], row->value[1], ratio, row->quartile[0],
                row->quartile[1], kinds[row->kind], row->gate, row->ambition, verdict_text(verdict));
    }
}

void report_note(struct report *report, const char *format, ...)
{
    (void)report;
    va_list arguments;
    va_start(arguments, format);
    printf("  ");
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
}

void report_close(struct report *report)
{
    printf("\nGates: %u met (%u of them also the ambition), %u not met, %u not judged\n", report->met,
           report->ambitious, report->missed, report->unjudged);
    for (unsigned i = 0; i < report->missed && i < sizeof report->misses / sizeof report->misses[0]; ++i) {
        printf("  not met: %s\n", report->misses[i]);
    }
    if (report->csv != NULL) {
        fclose(report->csv);
        report->csv = NULL;
    }
}
