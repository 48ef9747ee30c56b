// SPDX-License-Identifier: MIT
// The result of a replay as JSON. Times are nanoseconds, sizes bytes.
#include <jansson.h>

#include "map.h"
#include "report.h"
#include "text.h"

static json_int_t integer(uint64_t value)
{
    return value > INT64_MAX ? (json_int_t)INT64_MAX : (json_int_t)value;
}

static json_t *times_json(const struct CliTimes *times)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "p50", integer(times->p50_ns), "p99", integer(times->p99_ns), "max",
                     integer(times->max_ns), "total", integer(times->total_ns));
}

static json_t *pass_json(const struct CliReport *report, const struct CliPass *pass)
{
    json_t *out;

    if (!pass) {
        return json_null();
    }
    out = json_pack("{s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:I}",                   //
                    "created", (int)pass->created,                                                        //
                    "failed", (int)pass->failed,                                                          //
                    "aliveAtEnd", (int)pass->left,                                                        //
                    "peakLive", integer(pass->peak_live),                                                 //
                    "peakReserved", integer(pass->watch.peak_reserved),                                   //
                    "reservedAtPeakLive", integer(pass->reserved_at_peak),                                //
                    "peakBlocks", integer(pass->watch.peak_memories),                                     //
                    "vkAllocateMemoryCalls", integer(pass->watch.allocate_calls),                         //
                    "vkMapMemoryCalls", integer(pass->watch.map_calls),                                   //
                    "driverCalls", integer(pass->watch.calls),                                            //
                    "createNs", times_json(&pass->create),                                                //
                    "destroyNs", times_json(&pass->destroy),                                              //
                    "leaks", integer(pass->leaks));
    if (out && report->verified) {
        json_object_set_new(out, "verifiedBytes", json_integer(integer(pass->verified_bytes)));
        json_object_set_new(out, "verifiedResources", json_integer(integer(pass->verified_resources)));
        json_object_set_new(out, "wrongWords", json_integer(integer(pass->wrong_words)));
    }
    if (out && report->device->driver->sim) {
        json_object_set_new(out, "simulatedDriverNs", json_integer(integer(pass->sim_ns)));
    }
    return out;
}

bool cli_report_write_json(const struct CliReport *report, const char *path)
{
    const struct CliPlan *plan = report->plan;
    json_t *root = json_pack(
        "{s:s, s:{s:s, s:s, s:i, s:I, s:i, s:I}, s:{s:s, s:b, s:b}, s:{s:i, s:i, s:i}, s:o, s:o}",         //
        "vramVersion", VRAM_VERSION,                                                                      //
        "trace", "name", report->trace_name, "format", report->trace->format,                             //
        "resources", (int)report->trace->resource_count, "events", integer(report->trace->event_count),   //
        "threads", (int)report->trace->thread_count, "contradictingRows", integer(report->trace->odd_rows), //
        "device", "name", report->device->properties.deviceName,                                          //
        "simulated", report->device->driver->sim != NULL,                                                 //
        "validated", report->device->driver->validated,                                                   //
        "plan", "created", (int)plan->created, "substituteFormats", (int)plan->replaced,                  //
        "trimmed", (int)plan->trimmed,                                                                    //
        "vram", pass_json(report, report->vram),                                                          //
        "dedicated", pass_json(report, report->baseline));
    bool good = root != NULL;

    if (good) {
        json_t *unverified = json_object();
        for (int reason = CLI_REASON_NONE + 1; reason < CLI_REASON_COUNT; reason++) {
            if (plan->reasons[reason]) {
                json_object_set_new(unverified, cli_reason_text((enum CliReason)reason),
                                    json_integer(integer(plan->reasons[reason])));
            }
        }
        json_object_set_new(root, "unverified", unverified);
        json_object_set_new(root, "validationMessages",
                            json_integer(integer(atomic_load(&report->device->driver->validation_messages))));
        good = json_dump_file(root, path, JSON_INDENT(2)) == 0;
    }
    if (!good) {
        cli_error("cannot write %s", path);
    }
    json_decref(root);
    return good;
}
