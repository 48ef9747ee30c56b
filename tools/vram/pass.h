// SPDX-License-Identifier: MIT
// One run through a trace with one allocator: every buffer and image is created, filled, checked and
// destroyed, and what that cost is measured.
#ifndef CLI_PASS_H
#define CLI_PASS_H

#include "plan.h"
#include "watch.h"

struct CliPassOptions {
    const char *label;
    bool dedicated; // one vkAllocateMemory per resource
    bool verify;    // fill and check the content
    bool snapshot;  // keep names, the dump and the map at the peak
    double speed;   // 1: as recorded; 0: as fast as possible
};

// Where a resource lies at the peak.
struct CliPlacement {
    uint32_t resource;
    uint32_t block; // index in watch.blocks
    VkDeviceSize offset, size;
};

// Times of one kind of call.
struct CliTimes {
    uint64_t p50_ns, p99_ns, max_ns, total_ns;
};

struct CliPass {
    struct CliWatch watch; // counters and history; the allocator is gone
    uint32_t created, failed;
    VkResult first_failure;
    uint32_t first_failed; // resource
    uint32_t left;         // alive when the recording ended, destroyed then
    VkDeviceSize peak_live;
    VkDeviceSize reserved_at_peak;
    struct CliTimes create, destroy;
    uint64_t verified_bytes, verified_resources;
    uint64_t wrong_words;
    uint32_t first_wrong; // resource, CLI_MAP_NONE: none
    VkResult copy_result; // what broke the copies, if anything did
    uint64_t leaks;       // allocations, VkDeviceMemory, buffers and images that are left over
    uint64_t wall_ns;
    uint64_t sim_ns; // virtual time of a simulated driver
    char *peak_json; // only with snapshot
    struct CliPlacement *placements;
    uint32_t placement_count;
    int64_t peak_ns;
};

// False after a message when the pass could not run; what failed inside it is in the result.
bool cli_pass_run(struct CliPass *pass, const struct CliPlan *plan, const struct CliDevice *device,
                  const struct CliPassOptions *options);
void cli_pass_finish(struct CliPass *pass);

bool cli_pass_is_clean(const struct CliPass *pass); // nothing failed, nothing wrong, nothing leaked

#endif
