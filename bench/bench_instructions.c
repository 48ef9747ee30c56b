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

// ---- The loop by itself: the same calls into functions that do nothing ----

static VKAPI_ATTR VkResult VKAPI_CALL allocate_nothing(VmaAllocator allocator,
                                                       const VkMemoryRequirements *requirements,
                                                       const VmaAllocationCreateInfo *info,
                                                       VmaAllocation *allocation, VmaAllocationInfo *details)
{
    (void)allocator, (void)requirements, (void)info, (void)allocation, (void)details;
    return VK_SUCCESS;
}

static VKAPI_ATTR void VKAPI_CALL free_nothing(VmaAllocator allocator, VmaAllocation allocation)
{
    (void)allocator, (void)allocation;
}

static VKAPI_ATTR VkResult VKAPI_CALL create_nothing(VmaAllocator allocator,
                                                     const VkBufferCreateInfo *buffer_info,
                                                     const VmaAllocationCreateInfo *info, VkBuffer *buffer,
                                                     VmaAllocation *allocation, VmaAllocationInfo *details)
{
    (void)allocator, (void)buffer_info, (void)info, (void)buffer, (void)allocation, (void)details;
    return VK_SUCCESS;
}

static VKAPI_ATTR void VKAPI_CALL destroy_nothing(VmaAllocator allocator, VkBuffer buffer,
                                                  VmaAllocation allocation)
{
    (void)allocator, (void)buffer, (void)allocation;
}

static VmaAllocation no_allocation;
static VkBuffer no_buffer;

// The state of a case with an engine that does nothing; the live set stays as it is.
static void make_loop_alone(const struct pair_state *state, struct engine *nothing, struct pair_state *loop)
{
    *nothing = *state->engine;
    nothing->vmaAllocateMemory = allocate_nothing;
    nothing->vmaFreeMemory = free_nothing;
    nothing->vmaCreateBuffer = create_nothing;
    nothing->vmaDestroyBuffer = destroy_nothing;
    *loop = *state;
    loop->engine = nothing;
    loop->allocations = &no_allocation;
    loop->buffers = &no_buffer;
    loop->count = 1;
}

static void count_from_here(void)
{
#ifdef BENCH_CALLGRIND
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
#endif
}

static void dump_as(const char *kind, unsigned index)
{
    char name[24];
    snprintf(name, sizeof name, "%s%u", kind, index);
#ifdef BENCH_CALLGRIND
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT(name);
#endif
}

// What runs under callgrind. Two dumps per case, named by its index: the case and its loop alone.
int bench_instructions_child(struct bench *bench, int engine)
{
    static struct engine nothing;
    static struct pair_state loop;
    for (unsigned i = 0; i < pair_case_count; ++i) {
        struct pair_state *state = pair_open(&pair_cases[i], &bench->engines[engine]);
        if (state == NULL || pair_run(state, WARM_UP_PAIRS / 10) != VK_SUCCESS) {
            return -1;
        }
        count_from_here();
        VkResult result = pair_run(state, pairs_of(&pair_cases[i]));
        dump_as("case", i);
        make_loop_alone(state, &nothing, &loop);
        count_from_here();
        pair_run(&loop, pairs_of(&pair_cases[i]));
        dump_as("loop", i);
        pair_close(state);
        if (result != VK_SUCCESS) {
            return -1;
        }
    }
    return 0;
}

// Reads "desc: Trigger: Client Request: caseN" (or loopN) and "totals: COUNT" of one dump: a case less its
// loop.
static void read_dump(const char *path, double counts[MAX_CASES])
{
    FILE *file = fopen(path, "r");
    char line[512];
    unsigned which = MAX_CASES;
    double sign = 1;
    if (file == NULL) {
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long long total;
        unsigned index;
        char kind[8];
        const char *trigger = strstr(line, "Client Request: ");
        if (trigger != NULL && sscanf(trigger, "Client Request: %4[a-z]%u", kind, &index) == 2 &&
            index < MAX_CASES) {
            which = index;
            sign = strcmp(kind, "case") == 0 ? 1 : -1;
        } else if (which < MAX_CASES && sscanf(line, "totals: %llu", &total) == 1) {
            counts[which] += sign * (double)total;
            which = MAX_CASES;
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
    for (unsigned dump = 0; dump <= 2 * pair_case_count; ++dump) {
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
            counts[e][i] = bench->available[e] ? 0 : NAN;
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
