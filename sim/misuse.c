// SPDX-License-Identifier: MIT
// Reports of misuse: a count per kind, the last text, a callback.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

void vr_sim_report(struct VrSim *sim, enum VrSimMisuse kind, enum VrSimCall call, const char *format, ...)
{
    if (!(sim->flags & VR_SIM_CHECKS)) {
        return;
    }
    char text[sizeof(sim->misuse_text)];
    const int prefix = snprintf(text, sizeof(text), "%s: ", vr_sim_call_name(call));
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text + prefix, sizeof(text) - (size_t)prefix, format, args);
    va_end(args);

    vr_sim_mutex_lock(&sim->misuse_lock);
    sim->misuse_counts[kind]++;
    memcpy(sim->misuse_text, text, sizeof(text));
    vr_sim_mutex_unlock(&sim->misuse_lock);
    if (sim->misuse) {
        sim->misuse(sim->misuse_user, kind, text);
    }
}

uint64_t vr_sim_misuse_count_of(struct VrSim *sim, enum VrSimMisuse kind)
{
    vr_sim_mutex_lock(&sim->misuse_lock);
    const uint64_t count = sim->misuse_counts[kind];
    vr_sim_mutex_unlock(&sim->misuse_lock);
    return count;
}

uint64_t vr_sim_misuse_count(struct VrSim *sim)
{
    uint64_t count = 0;
    for (int kind = 0; kind < VR_SIM_MISUSE_COUNT; kind++) {
        count += vr_sim_misuse_count_of(sim, (enum VrSimMisuse)kind);
    }
    return count;
}

void vr_sim_misuse_last(struct VrSim *sim, char *text, size_t text_size)
{
    vr_sim_mutex_lock(&sim->misuse_lock);
    (void)snprintf(text, text_size, "%s", sim->misuse_text);
    vr_sim_mutex_unlock(&sim->misuse_lock);
}

void vr_sim_reset_misuse(struct VrSim *sim)
{
    vr_sim_mutex_lock(&sim->misuse_lock);
    memset(sim->misuse_counts, 0, sizeof(sim->misuse_counts));
    sim->misuse_text[0] = '\0';
    vr_sim_mutex_unlock(&sim->misuse_lock);
}
