// SPDX-License-Identifier: MIT
// Instructions per pair: this program runs itself under callgrind, once per engine, and counts inside the
// measured loop only. The figure does not depend on the load of the machine.
#include "bench.h"
#include "cases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define BENCH_CALLGRIND 1
#endif
#endif

enum { WARM_UP_PAIRS = 2000, COUNTED_PAIRS = 10000, MAX_CASES = 32, PATH_SIZE = 1024 };

static bool callgrind_there(void)
{
#ifdef BENCH_CALLGRIND
    return system("valgrind --version >/dev/null 2>&1") == 0;
#else
    return false;
#endif
}

static uint32_t pairs_of(const struct pair_case *definition)
{
    return definition->granularity > 1 ? COUNTED_PAIRS / 10 : COUNTED_PAIRS;
}

// What runs under callgrind. One dump per case, named by its index.
int bench_instructions_child(struct bench *bench, int engine)
{
#ifdef BENCH_CALLGRIND
    for (unsigned i = 0; i < pair_case_count; ++i) {
        char name[16];
        struct pair_state *state = pair_open(&pair_cases[i], &bench->engines[engine]);
        if (state == NULL || pair_run(state, WARM_UP_PAIRS / 10) != VK_SUCCESS) {
            return -1;
        }
        snprintf(name, sizeof name, "case%u", i);
        CALLGRIND_START_INSTRUMENTATION;
        CALLGRIND_ZERO_STATS;
        VkResult result = pair_run(state, pairs_of(&pair_cases[i]));
        CALLGRIND_STOP_INSTRUMENTATION;
        CALLGRIND_DUMP_STATS_AT(name);
        pair_close(state);
        if (result != VK_SUCCESS) {
            return -1;
        }
    }
    return 0;
#else
    (void)bench;
    (void)engine;
    return -1;
#endif
}

// Reads "desc: Trigger: Client Request: caseN" and "totals: COUNT" of one dump.
static void read_dump(const char *path, double counts[MAX_CASES])
{
    FILE *file = fopen(path, "r");
    char line[512];
    unsigned which = MAX_CASES;
    if (file == NULL) {
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long long total;
        unsigned index;
        const char *trigger = strstr(line, "Client Request: case");
        if (trigger != NULL && sscanf(trigger, "Client Request: case%u", &index) == 1 && index < MAX_CASES) {
            which = index;
        } else if (which < MAX_CASES && (sscanf(line, "summary: %llu", &total) == 1 ||
                                         sscanf(line, "totals: %llu", &total) == 1)) {
            counts[which] = (double)total;
        }
    }
    fclose(file);
}

static int run_child(const struct bench *bench, int engine, const char *prefix)
{
    char out[PATH_SIZE], which[8];
    snprintf(out, sizeof out, "--callgrind-out-file=%s", prefix);
    snprintf(which, sizeof which, "%d", engine);
    pid_t child = fork();
    if (child == 0) {
        execlp("valgrind", "valgrind", "--tool=callgrind", "--instr-atstart=no", "-q", out, bench->program,
               "instructions-child", "--engine", which, "--upstream",
               bench->available[UPSTREAM] ? bench->engines[UPSTREAM].path : "none", "--vram",
               bench->available[VRAM] ? bench->engines[VRAM].path : "none", (char *)NULL);
        _exit(127);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? 0
               : -1;
}

static int count_engine(const struct bench *bench, int engine, double counts[MAX_CASES])
{
    char prefix[PATH_SIZE - 64], path[PATH_SIZE];
    const char *folder = getenv("TMPDIR");
    snprintf(prefix, sizeof prefix, "%s/vram_bench.callgrind.%ld.%d", folder == NULL ? "/tmp" : folder,
             (long)getpid(), engine);
    int status = run_child(bench, engine, prefix);
    for (unsigned dump = 0; dump <= pair_case_count; ++dump) {
        if (dump == 0) {
            snprintf(path, sizeof path, "%s", prefix);
        } else {
            snprintf(path, sizeof path, "%s.%u", prefix, dump);
        }
        read_dump(path, counts);
        remove(path);
    }
    return status;
}

int bench_instructions(struct bench *bench)
{
    static double counts[ENGINE_COUNT][MAX_CASES];
    report_section(&bench->report, "Instructions per allocate + free", true);
    if (!callgrind_there()) {
        report_note(&bench->report, "Skipped: valgrind (with its headers) is not installed.");
        return 0;
    }
    for (int e = 0; e < ENGINE_COUNT; ++e) {
        for (unsigned i = 0; i < MAX_CASES; ++i) {
            counts[e][i] = NAN;
        }
        if (bench->available[e] && count_engine(bench, e, counts[e]) != 0) {
            fprintf(stderr, "bench: %s failed under callgrind\n", bench->engines[e].name);
            return -1;
        }
    }
    for (unsigned i = 0; i < pair_case_count; ++i) {
        const struct pair_case *definition = &pair_cases[i];
        double pairs = pairs_of(definition);
        report_row(&bench->report,
                   &(struct row){.name = definition->name,
                                 .unit = "",
                                 .value = {floor(counts[0][i] / pairs), floor(counts[1][i] / pairs)},
                                 .kind = definition->most > 0 ? GATE_MAX : GATE_NONE,
                                 .gate = definition->most,
                                 .ambition = definition->most_ambition});
    }
    return 0;
}
