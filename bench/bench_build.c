// SPDX-License-Identifier: MIT
// What the engine costs to build and to ship: seconds of compiler time at -O2, and the stripped shared
// library.
#include "bench.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 1024, MAX_ARGUMENTS = 16 };

// User and system seconds of a command, or NAN when it fails.
static double run_timed(char *const arguments[])
{
    struct rusage usage;
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execvp(arguments[0], arguments);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        return NAN;
    }
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Writes the unit that the build makes: every source of the library, one behind the other. False: it cannot.
static bool write_unit(const struct bench *bench, int file)
{
    char pattern[PATH_SIZE];
    glob_t sources;
    snprintf(pattern, sizeof pattern, "%s/src/*/*.c", bench->source);
    if (glob(pattern, 0, NULL, &sources) != 0) {
        return false;
    }
    bool written = true;
    for (size_t i = 0; i < sources.gl_pathc; ++i) {
        if (strstr(sources.gl_pathv[i], "_win32.c") == NULL) {
            written = written && dprintf(file, "#include \"%s\"\n", sources.gl_pathv[i]) > 0;
        }
    }
    globfree(&sources);
    return written;
}

static double compile_vram(const struct bench *bench)
{
    char unit[] = "/tmp/vram_bench_unit_XXXXXX.c", include[PATH_SIZE], private_include[PATH_SIZE];
    int file = mkstemps(unit, 2);
    if (file < 0) {
        return NAN;
    }
    snprintf(include, sizeof include, "-I%s/include", bench->source);
    snprintf(private_include, sizeof private_include, "-I%s/src", bench->source);
    char *arguments[MAX_ARGUMENTS] = {"cc",
                                      "-std=c11",
                                      "-O2",
                                      "-DNDEBUG",
                                      "-D_POSIX_C_SOURCE=200809L",
                                      "-fPIC",
                                      "-fvisibility=hidden",
                                      include,
                                      private_include,
                                      "-c",
                                      unit,
                                      "-o",
                                      "/dev/null",
                                      NULL};
    double seconds = write_unit(bench, file) ? run_timed(arguments) : NAN;
    close(file);
    remove(unit);
    return seconds;
}

static double compile_upstream(const struct bench *bench)
{
    char include[PATH_SIZE];
    if (bench->upstream_header == NULL) {
        return NAN;
    }
    char source[PATH_SIZE];
    snprintf(include, sizeof include, "-I%s", bench->upstream_header);
    snprintf(source, sizeof source, "%s/bench/upstream_vma.cpp", bench->source);
    char *arguments[MAX_ARGUMENTS] = {"c++", "-std=c++17", "-O2", "-DNDEBUG", "-fPIC", "-fvisibility=hidden",
                                      "-w",  include,      "-c",  source,     "-o",    "/dev/null",
                                      NULL};
    return run_timed(arguments);
}

// Size of the stripped library in bytes, or NAN.
static double stripped_size(const char *library)
{
    char path[] = "/tmp/vram_bench_stripped_XXXXXX";
    struct stat information;
    int file = mkstemp(path);
    if (file < 0) {
        return NAN;
    }
    close(file);
    char *arguments[MAX_ARGUMENTS] = {"strip", "-o", path, (char *)(uintptr_t)library, NULL};
    double seconds = run_timed(arguments);
    double size = !isnan(seconds) && stat(path, &information) == 0 ? (double)information.st_size : NAN;
    remove(path);
    return size;
}

int bench_build(struct bench *bench)
{
    double sizes[ENGINE_COUNT] = {NAN, NAN};
    report_section(&bench->report, "Build", false);
    report_row(&bench->report, &(struct row){.name = "compile of the engine at -O2, one core",
                                             .unit = "s",
                                             .value = {compile_upstream(bench), compile_vram(bench)},
                                             .kind = GATE_MAX,
                                             .gate = 1.5,
                                             .ambition = NAN});
    for (unsigned e = 0; e < ENGINE_COUNT; ++e) {
        if (bench->available[e]) {
            sizes[e] = stripped_size(bench->engines[e].path) / 1000;
        }
    }
    report_row(&bench->report, &(struct row){.name = "stripped shared library",
                                             .unit = "KB",
                                             .value = {sizes[0], sizes[1]},
                                             .kind = GATE_MAX,
                                             .gate = 110,
                                             .ambition = NAN});
    return 0;
}
