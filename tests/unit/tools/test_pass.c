// SPDX-License-Identifier: MIT
// A replay on simulated devices: what it counts is what the device saw, a device that lies or fails is found
// out.
#include "cmocka_setup.h"

#include <stdio.h>
#include <string.h>

#include "history.h"
#include "pass.h"
#include "sim.h"

static const char small_trace[] =
    "t_ns,thread,op,id,usage,flags,host,size,type,format,w,h,d,mips,layers,samples,tiling\n"
    "1000,0,buf+,1,1,,seq,100000\n"
    "2000,0,img+,2,7,,,,1,37,64,64\n"
    "3000,0,buf+,3,128,,,5000000\n"
    "4000,0,buf-,1\n"
    "5000,0,buf+,4,2,,random,77\n"
    "6000,0,img-,2\n"
    "7000,0,buf-,3\n"; // 4 is left alive

struct Fixture {
    struct CliTrace trace;
    struct CliDriver driver;
    struct CliDevice device;
    struct CliPlan plan;
    struct CliPass pass;
};

static int open_device(void **state)
{
    static struct Fixture fixture;
    struct CliTraceError error;

    memset(&fixture, 0, sizeof(fixture));
    *state = &fixture;
    assert_true(cli_trace_parse(small_trace, sizeof(small_trace) - 1, &fixture.trace, &error));
    assert_true(cli_driver_open(&fixture.driver, "nvidia-rebar", false));
    assert_true(cli_device_open(&fixture.device, &fixture.driver, 0));
    assert_true(cli_plan_make(&fixture.plan, &fixture.trace, &fixture.device));
    return 0;
}

static int close_device(void **state)
{
    struct Fixture *fixture = *state;
    cli_pass_finish(&fixture->pass);
    cli_plan_finish(&fixture->plan);
    cli_device_close(&fixture->device);
    assert_int_equal(vr_sim_misuse_count(fixture->driver.sim), 0);
    cli_driver_close(&fixture->driver);
    cli_trace_finish(&fixture->trace);
    return 0;
}

static const struct CliPassOptions checked = {.label = "test", .verify = true, .snapshot = true};

static void the_plan_knows_the_peak_before_anything_is_allocated(void **state)
{
    struct Fixture *fixture = *state;
    assert_int_equal(fixture->plan.created, 4);
    assert_int_equal(fixture->plan.peak_event, 2);
    assert_true(fixture->plan.peak_live >= 5100000);
    assert_int_equal(fixture->plan.reasons[CLI_REASON_NO_GPU], 2);
}

static void counts_agree_with_the_device(void **state)
{
    struct Fixture *fixture = *state;
    struct VrSimStats before, after;

    vr_sim_stats(fixture->driver.sim, &before);
    assert_true(cli_pass_run(&fixture->pass, &fixture->plan, &fixture->device, &checked));
    vr_sim_stats(fixture->driver.sim, &after);
    assert_true(cli_pass_is_clean(&fixture->pass));
    assert_int_equal(fixture->pass.created, 4);
    assert_int_equal(fixture->pass.left, 1);
    assert_int_equal(fixture->pass.verified_resources, 2);
    assert_int_equal(fixture->pass.verified_bytes, 100077);
    assert_int_equal(fixture->pass.leaks, 0);
    assert_int_equal(fixture->pass.peak_live, fixture->plan.peak_live);
    assert_int_equal(after.memories, 0);
    assert_int_equal(after.buffers + after.images, 0);
    assert_int_equal(fixture->pass.watch.allocate_calls,
                     after.calls[VR_SIM_CALL_ALLOCATE_MEMORY] - before.calls[VR_SIM_CALL_ALLOCATE_MEMORY]);
    assert_int_equal(fixture->pass.watch.peak_reserved, after.total_peak);
    assert_int_equal(fixture->pass.watch.peak_memories, after.peak_memories);
}

static void the_snapshot_shows_what_lives_at_the_peak(void **state)
{
    struct Fixture *fixture = *state;
    assert_true(cli_pass_run(&fixture->pass, &fixture->plan, &fixture->device, &checked));
    assert_int_equal(fixture->pass.peak_ns, 3000);
    assert_int_equal(fixture->pass.placement_count, 3);
    assert_non_null(fixture->pass.peak_json);
    assert_non_null(strstr(fixture->pass.peak_json, "texture 1: 64x64 RGBA8"));
}

static void one_memory_for_each_is_what_it_says(void **state)
{
    struct Fixture *fixture = *state;
    struct CliPassOptions options = {.label = "test", .dedicated = true};
    assert_true(cli_pass_run(&fixture->pass, &fixture->plan, &fixture->device, &options));
    assert_int_equal(fixture->pass.watch.allocate_calls, 4);
    assert_int_equal(fixture->pass.watch.peak_memories, 3);
    assert_int_equal(fixture->pass.verified_bytes, 0);
    assert_null(fixture->pass.peak_json);
}

static void a_failing_driver_is_reported_and_leaks_nothing(void **state)
{
    struct Fixture *fixture = *state;
    vr_sim_fail(fixture->driver.sim, VR_SIM_CALL_CREATE_IMAGE, 1, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_true(cli_pass_run(&fixture->pass, &fixture->plan, &fixture->device, &checked));
    assert_int_equal(fixture->pass.failed, 1);
    assert_int_equal(fixture->pass.first_failed, 1);
    assert_int_equal(fixture->pass.first_failure, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_int_equal(fixture->pass.created, 3);
    assert_int_equal(fixture->pass.leaks, 0);
    assert_false(cli_pass_is_clean(&fixture->pass));
}

// The device answers every buffer with the same small size: the allocator puts the next one into the tail of
// the first.
static void lie_about_sizes(void *user, const VkBufferCreateInfo *buffer, const VkImageCreateInfo *image,
                            struct VrSimRequirements *requirements)
{
    (void)user;
    (void)image;
    if (buffer && buffer->size > 64) {
        requirements->size = requirements->alignment;
    }
}

static void content_that_was_overwritten_is_found(void **state)
{
    struct Fixture *fixture = *state;
    static const char overlapping[] = "t_ns,thread,op,id,usage,host,size\n1,0,buf+,1,1,seq,4096\n2,0,buf+,2,"
                                      "1,seq,4096\n3,0,buf-,1\n4,0,buf-,2\n";
    struct CliTraceError error;

    cli_plan_finish(&fixture->plan);
    cli_trace_finish(&fixture->trace);
    assert_true(cli_trace_parse(overlapping, sizeof(overlapping) - 1, &fixture->trace, &error));
    vr_sim_set_requirements_hook(fixture->driver.sim, lie_about_sizes, NULL);
    assert_true(cli_plan_make(&fixture->plan, &fixture->trace, &fixture->device));
    assert_true(cli_pass_run(&fixture->pass, &fixture->plan, &fixture->device, &checked));
    assert_true(fixture->pass.wrong_words > 0);
    assert_int_equal(fixture->pass.first_wrong, 0);
    assert_false(cli_pass_is_clean(&fixture->pass));
    vr_sim_reset_misuse(fixture->driver.sim);
}

static void the_history_adds_up(void **state)
{
    struct Fixture *fixture = *state;
    struct CliHistory history;
    double highest = 0;

    assert_true(cli_pass_run(&fixture->pass, &fixture->plan, &fixture->device, &checked));
    assert_true(cli_history_make(&history, &fixture->pass.watch, 7000, 70));
    for (uint32_t c = 0; c < history.columns; c++) {
        double live = 0;
        for (uint32_t band = 0; band < history.band_count; band++) {
            assert_true(history.live[band * 70 + c] <= history.reserved[band * 70 + c]);
            live += history.live[band * 70 + c];
        }
        assert_true(live == history.total_live[c]);
        highest = live > highest ? live : highest;
    }
    assert_true(highest == (double)fixture->pass.peak_live);
    assert_true(history.total_live[5] == 0);                                // before the first creation
    assert_true(history.total_live[35] == (double)fixture->pass.peak_live); // between 3000 and 4000
    assert_true(history.total_live[45] < history.total_live[35]);
    cli_history_finish(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_plan_knows_the_peak_before_anything_is_allocated, open_device,
                                        close_device),
        cmocka_unit_test_setup_teardown(counts_agree_with_the_device, open_device, close_device),
        cmocka_unit_test_setup_teardown(the_snapshot_shows_what_lives_at_the_peak, open_device, close_device),
        cmocka_unit_test_setup_teardown(one_memory_for_each_is_what_it_says, open_device, close_device),
        cmocka_unit_test_setup_teardown(a_failing_driver_is_reported_and_leaks_nothing, open_device,
                                        close_device),
        cmocka_unit_test_setup_teardown(content_that_was_overwritten_is_found, open_device, close_device),
        cmocka_unit_test_setup_teardown(the_history_adds_up, open_device, close_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
