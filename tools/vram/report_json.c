// SPDX-License-Identifier: MIT
// The result of a replay as JSON. Times are nanoseconds, sizes bytes.
#include <jansson.h>

#include "map.h"
#include "report.h"
#include "text.h"

static void put_number(json_t *object, const char *name, uint64_t value)
{
    json_object_set_new(object, name,
                        json_integer(value > INT64_MAX ? (json_int_t)INT64_MAX : (json_int_t)value));
}

static void put_text(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

static void put_times(json_t *object, const char *name, const struct CliTimes *times)
{
    json_t *out = json_object();
    put_number(out, "p50", times->p50_ns);
    put_number(out, "p99", times->p99_ns);
    put_number(out, "max", times->max_ns);
    put_number(out, "total", times->total_ns);
    json_object_set_new(object, name, out);
}

static json_t *pass_json(const struct CliReport *report, const struct CliPass *pass)
{
    json_t *out = json_object();

    put_number(out, "created", pass->created);
    put_number(out, "failed", pass->failed);
    put_number(out, "aliveAtEnd", pass->left);
    put_number(out, "peakLive", pass->peak_live);
    put_number(out, "peakReserved", pass->watch.peak_reserved);
    put_number(out, "reservedAtPeakLive", pass->reserved_at_peak);
    put_number(out, "peakBlocks", pass->watch.peak_memories);
    put_number(out, "vkAllocateMemoryCalls", pass->watch.allocate_calls);
    put_number(out, "vkMapMemoryCalls", pass->watch.map_calls);
    put_number(out, "driverCalls", pass->watch.calls);
    put_times(out, "createNs", &pass->create);
    put_times(out, "destroyNs", &pass->destroy);
    put_number(out, "wallNs", pass->wall_ns);
    put_number(out, "leaks", pass->leaks);
    if (report->verified) {
        put_number(out, "verifiedBytes", pass->verified_bytes);
        put_number(out, "verifiedResources", pass->verified_resources);
        put_number(out, "wrongWords", pass->wrong_words);
    }
    if (report->device->driver->sim) {
        put_number(out, "simulatedDriverNs", pass->sim_ns);
    }
    return out;
}

static json_t *trace_json(const struct CliReport *report)
{
    json_t *out = json_object();
    put_text(out, "name", report->trace_name);
    put_text(out, "format", report->trace->format);
    put_number(out, "resources", report->trace->resource_count);
    put_number(out, "events", report->trace->event_count);
    put_number(out, "threads", report->trace->thread_count);
    put_number(out, "contradictingRows", report->trace->odd_rows);
    return out;
}

static json_t *device_json(const struct CliDevice *device)
{
    json_t *out = json_object();
    put_text(out, "name", device->properties.deviceName);
    json_object_set_new(out, "simulated", json_boolean(device->driver->sim != NULL));
    json_object_set_new(out, "validated", json_boolean(device->driver->validated));
    return out;
}

static json_t *plan_json(const struct CliPlan *plan)
{
    json_t *out = json_object();
    json_t *unverified = json_object();

    put_number(out, "created", plan->created);
    put_number(out, "substituteFormats", plan->replaced);
    put_number(out, "trimmed", plan->trimmed);
    for (int reason = CLI_REASON_NONE + 1; reason < CLI_REASON_COUNT; reason++) {
        if (plan->reasons[reason]) {
            put_number(unverified, cli_reason_text((enum CliReason)reason), plan->reasons[reason]);
        }
    }
    json_object_set_new(out, "unverified", unverified);
    return out;
}

bool cli_report_write_json(const struct CliReport *report, const char *path)
{
    json_t *root = json_object();
    bool good;

    put_text(root, "vramVersion", VRAM_VERSION);
    json_object_set_new(root, "trace", trace_json(report));
    json_object_set_new(root, "device", device_json(report->device));
    json_object_set_new(root, "plan", plan_json(report->plan));
    json_object_set_new(root, "vram", pass_json(report, report->vram));
    if (report->baseline) {
        json_object_set_new(root, "dedicated", pass_json(report, report->baseline));
    }
    put_number(root, "validationMessages", atomic_load(&report->device->driver->validation_messages));
    good = json_dump_file(root, path, JSON_INDENT(2)) == 0;
    if (!good) {
        cli_error("cannot write %s", path);
    }
    json_decref(root);
    return good;
}
