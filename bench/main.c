// SPDX-License-Identifier: MIT
// vram_bench: upstream VMA and vram measured side by side. bench/README.md says what each row means.
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef BENCH_SOURCE_DIR
#define BENCH_SOURCE_DIR "."
#endif

enum { PATH_SIZE = 1024 };

static const char usage[] =
    "usage: vram_bench [SUBJECT...] [OPTION...]\n"
    "  SUBJECT   time, latency, queries, defrag, memory, replay, threads, instructions, build, all "
    "(default)\n"
    "  --quick              fewer rounds\n"
    "  --driver sim|vulkan  threads: the simulated device, or the first GPU of libvulkan.so.1\n"
    "  --vram FILE          libvram.so (default: beside the build folder of this program); none: leave it "
    "out\n"
    "  --upstream FILE      libupstream_vma.so (default: beside this program); none: leave it out\n"
    "  --upstream-header DIR   folder of upstream's header, for its compile time\n"
    "  --source DIR         the source tree\n"
    "  --data DIR           folder of recordings (default: ../shared/data beside the source tree)\n"
    "  --csv FILE           rows as CSV\n"
    "  --replay-csv FILE    the memory table as CSV\n";

struct options {
    struct bench bench;
    const char *library[ENGINE_COUNT];
    const char *csv;
    int child_engine; // -1: not a child
    const char *subjects[16];
    unsigned subject_count;
};

struct subject {
    const char *name, *group;
    int (*run)(struct bench *bench);
};

static const struct subject subjects[] = {
    {"time", "time", bench_time},
    {"latency", "time", bench_latency},
    {"queries", "time", bench_queries},
    {"defrag", "time", bench_defragmentation},
    {"footprint", "memory", bench_footprint},
    {"reserved", "memory", bench_reserved},
    {"replay", "memory", bench_replay},
    {"threads", "threads", bench_threads},
    {"instructions", "instructions", bench_instructions},
    {"build", "build", bench_build},
};
enum { SUBJECT_COUNT = sizeof subjects / sizeof subjects[0] };

static bool subject_known(const char *name)
{
    for (unsigned i = 0; i < SUBJECT_COUNT; ++i) {
        if (strcmp(name, subjects[i].name) == 0 || strcmp(name, subjects[i].group) == 0) {
            return true;
        }
    }
    return strcmp(name, "all") == 0 || strcmp(name, "instructions-child") == 0;
}

static bool subject_wanted(const struct options *options, const struct subject *subject)
{
    for (unsigned i = 0; i < options->subject_count; ++i) {
        const char *name = options->subjects[i];
        if (strcmp(name, "all") == 0 || strcmp(name, subject->name) == 0 ||
            strcmp(name, subject->group) == 0) {
            return true;
        }
    }
    return options->subject_count == 0;
}

static int parse_driver(struct options *options, const char *value)
{
    options->bench.real_driver = strcmp(value, "vulkan") == 0;
    if (!options->bench.real_driver && strcmp(value, "sim") != 0) {
        fprintf(stderr, "bench: --driver is sim or vulkan, not %s\n", value);
        return -1;
    }
    return 0;
}

static int parse_option(struct options *options, const char *name, const char *value)
{
    struct {
        const char *name;
        const char **target;
    } const texts[] = {{"--vram", &options->library[VRAM]},
                       {"--upstream", &options->library[UPSTREAM]},
                       {"--upstream-header", &options->bench.upstream_header},
                       {"--source", &options->bench.source},
                       {"--data", &options->bench.data},
                       {"--csv", &options->csv},
                       {"--replay-csv", &options->bench.replay_csv}};
    if (value == NULL) {
        fprintf(stderr, "bench: %s needs a value\n%s", name, usage);
        return -1;
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].target = value;
            return 0;
        }
    }
    if (strcmp(name, "--driver") == 0) {
        return parse_driver(options, value);
    }
    if (strcmp(name, "--engine") == 0) {
        options->child_engine = strcmp(value, "1") == 0 ? VRAM : UPSTREAM;
        return 0;
    }
    fprintf(stderr, "bench: unknown option %s\n%s", name, usage);
    return -1;
}

static int parse(struct options *options, int count, char **arguments)
{
    for (int i = 1; i < count; ++i) {
        if (strcmp(arguments[i], "--quick") == 0) {
            options->bench.quick = true;
        } else if (strncmp(arguments[i], "--", 2) == 0) {
            if (parse_option(options, arguments[i], i + 1 < count ? arguments[i + 1] : NULL) != 0) {
                return -1;
            }
            ++i;
        } else if (!subject_known(arguments[i]) || options->subject_count == 16) {
            fprintf(stderr, "bench: unknown subject %s\n%s", arguments[i], usage);
            return -1;
        } else {
            options->subjects[options->subject_count++] = arguments[i];
        }
    }
    return 0;
}

// The folder of this program with a slash at its end, and the program's own path.
static void find_program(char folder[PATH_SIZE], char program[PATH_SIZE], const char *fallback)
{
    ssize_t length = readlink("/proc/self/exe", program, PATH_SIZE - 1);
    if (length < 0) {
        snprintf(program, PATH_SIZE, "%s", fallback);
    } else {
        program[length] = '\0';
    }
    snprintf(folder, PATH_SIZE, "%s", program);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[1] = '\0';
    }
}

static int open_engines(struct options *options, const char *folder)
{
    static const char *const names[ENGINE_COUNT] = {"upstream VMA", "vram"};
    static const char *const places[ENGINE_COUNT] = {"libupstream_vma.so", "../libvram.so"};
    static char paths[ENGINE_COUNT][PATH_SIZE + 32];
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        if (options->library[e] == NULL) {
            snprintf(paths[e], sizeof paths[e], "%s%s", folder, places[e]);
            options->library[e] = paths[e];
        }
        if (strcmp(options->library[e], "none") != 0) {
            if (engine_open(&options->bench.engines[e], names[e], options->library[e]) != 0) {
                return -1;
            }
            options->bench.available[e] = true;
        }
    }
    return 0;
}

static int run_subjects(struct options *options)
{
    struct bench *bench = &options->bench;
    int status = 0;
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        printf("%-13s %s\n", e == UPSTREAM ? "upstream VMA" : "vram",
               bench->available[e] ? options->library[e] : "left out: no ratio is judged");
    }
    double load;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (getloadavg(&load, 1) == 1 && load > 0.5 * (double)cores) {
        printf("Load average %.1f on %ld cores: other programs disturb the timing rows.\n", load, cores);
    }
    if (report_open(&bench->report, options->csv) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < SUBJECT_COUNT; ++i) {
        if (subject_wanted(options, &subjects[i]) && subjects[i].run(bench) != 0) {
            fprintf(stderr, "bench: the subject '%s' did not finish\n", subjects[i].name);
            status = -1;
        }
    }
    report_close(&bench->report);
    return status;
}

static void *sleep_for_ever(void *nothing)
{
    (void)nothing;
    for (;;) {
        pause();
    }
    return NULL;
}

// A process with a Vulkan driver has threads of the driver's. The C library's locks cost less as long as
// there is none.
static void start_idle_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0) {
        pthread_detach(thread);
    }
}

int main(int count, char **arguments)
{
    static struct options options = {.child_engine = -1};
    char folder[PATH_SIZE], program[PATH_SIZE];
    find_program(folder, program, arguments[0]);
    options.bench.program = program;
    options.bench.source = BENCH_SOURCE_DIR;
    options.bench.data = BENCH_SOURCE_DIR "/../shared/data";
    if (parse(&options, count, arguments) != 0) {
        return 2;
    }
    if (open_engines(&options, folder) != 0) {
        return 1;
    }
    start_idle_thread();
    int status = options.child_engine >= 0 ? bench_instructions_child(&options.bench, options.child_engine)
                                           : run_subjects(&options);
    return status == 0 ? 0 : 1;
}
