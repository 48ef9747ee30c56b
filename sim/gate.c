// SPDX-License-Identifier: MIT
// Faults and costs: what a call passes before it does anything.
#include "internal.h"

void vr_sim_gate_init(struct VrSim *sim)
{
    vr_sim_mutex_init(&sim->control_lock);
    vr_sim_set_slow(sim, VR_SIM_SLOW_CHECKS, (sim->flags & VR_SIM_CHECKS) != 0);
}

void vr_sim_set_slow(struct VrSim *sim, uint32_t bit, bool on)
{
    if (on) {
        atomic_fetch_or(&sim->slow, bit);
    } else {
        atomic_fetch_and(&sim->slow, ~bit);
    }
}

// ---- faults -------------------------------------------------------------------------------------

static bool any_armed(const struct VrSim *sim)
{
    for (int call = 0; call < VR_SIM_CALL_COUNT; call++) {
        if (sim->faults[call].countdown != 0) {
            return true;
        }
    }
    return false;
}

static void arm(struct VrSim *sim, enum VrSimCall call, struct VrSimFault fault)
{
    vr_sim_mutex_lock(&sim->control_lock);
    sim->faults[call] = fault;
    vr_sim_set_slow(sim, VR_SIM_SLOW_FAULTS, any_armed(sim));
    vr_sim_mutex_unlock(&sim->control_lock);
}

void vr_sim_fail(struct VrSim *sim, enum VrSimCall call, uint32_t nth, VkResult result)
{
    arm(sim, call, (struct VrSimFault){nth, 0, result});
}

void vr_sim_fail_every(struct VrSim *sim, enum VrSimCall call, uint32_t period, VkResult result)
{
    arm(sim, call, (struct VrSimFault){period, period, result});
}

uint64_t vr_sim_faults_fired(struct VrSim *sim)
{
    vr_sim_mutex_lock(&sim->control_lock);
    const uint64_t fired = sim->faults_fired;
    vr_sim_mutex_unlock(&sim->control_lock);
    return fired;
}

static bool fires(struct VrSim *sim, struct VrSimFault *fault, VkResult *result)
{
    if (fault->countdown == 0 || --fault->countdown != 0) {
        return false;
    }
    fault->countdown = fault->period;
    sim->faults_fired++;
    *result = fault->result;
    return true;
}

static VkResult pass_faults(struct VrSim *sim, enum VrSimCall call)
{
    VkResult result = VK_SUCCESS;
    vr_sim_mutex_lock(&sim->control_lock);
    const bool own = fires(sim, &sim->faults[call], &result);
    if (fires(sim, &sim->faults[VR_SIM_CALL_ANY], &result) || own) {
        vr_sim_set_slow(sim, VR_SIM_SLOW_FAULTS, any_armed(sim));
    }
    vr_sim_mutex_unlock(&sim->control_lock);
    return result;
}

// ---- costs --------------------------------------------------------------------------------------

static void spend(struct VrSim *sim, uint64_t ns)
{
    if (ns == 0) {
        return;
    }
    atomic_fetch_add_explicit(&sim->clock_ns, ns, memory_order_relaxed);
    if (atomic_load_explicit(&sim->real_delays, memory_order_relaxed)) {
        vr_sim_delay_ns(ns);
    }
}

VkResult vr_sim_gate_slow(struct VrSim *sim, enum VrSimCall call, bool can_fail)
{
    const uint32_t slow = vr_sim_slow(sim);
    if (slow & VR_SIM_SLOW_COSTS) {
        spend(sim, atomic_load_explicit(&sim->costs[call].fixed_ns, memory_order_relaxed));
    }
    return can_fail && (slow & VR_SIM_SLOW_FAULTS) ? pass_faults(sim, call) : VK_SUCCESS;
}

void vr_sim_charge_bytes(struct VrSim *sim, enum VrSimCall call, uint64_t bytes)
{
    if (vr_sim_slow(sim) & VR_SIM_SLOW_COSTS) {
        const uint64_t ns_per_mib = atomic_load_explicit(&sim->costs[call].ns_per_mib, memory_order_relaxed);
        spend(sim, (uint64_t)((double)bytes / 1048576.0 * (double)ns_per_mib));
    }
}

void vr_sim_set_cost(struct VrSim *sim, enum VrSimCall call, uint64_t fixed_ns, uint64_t ns_per_mib)
{
    const unsigned first = call == VR_SIM_CALL_ANY ? 0u : (unsigned)call;
    const unsigned last = call == VR_SIM_CALL_ANY ? VR_SIM_CALL_COUNT - 1u : (unsigned)call;
    for (unsigned i = first; i <= last; i++) {
        atomic_store_explicit(&sim->costs[i].fixed_ns, fixed_ns, memory_order_relaxed);
        atomic_store_explicit(&sim->costs[i].ns_per_mib, ns_per_mib, memory_order_relaxed);
    }
    vr_sim_set_slow(sim, VR_SIM_SLOW_COSTS, true);
}

// Measured on a data-centre GPU under its vendor's driver.
void vr_sim_set_typical_costs(struct VrSim *sim)
{
    vr_sim_set_cost(sim, VR_SIM_CALL_ALLOCATE_MEMORY, 350000, 20000);
    vr_sim_set_cost(sim, VR_SIM_CALL_FREE_MEMORY, 300000, 12000);
    vr_sim_set_cost(sim, VR_SIM_CALL_GET_MEMORY_PROPERTIES2, 5700, 0);
    vr_sim_set_cost(sim, VR_SIM_CALL_CREATE_BUFFER, 70, 0);
    vr_sim_set_cost(sim, VR_SIM_CALL_DESTROY_BUFFER, 47, 0);
    vr_sim_set_cost(sim, VR_SIM_CALL_CREATE_IMAGE, 700, 0);
    vr_sim_set_cost(sim, VR_SIM_CALL_DESTROY_IMAGE, 400, 0);
}

void vr_sim_set_real_delays(struct VrSim *sim, bool on)
{
    atomic_store(&sim->real_delays, on);
}

uint64_t vr_sim_clock_ns(struct VrSim *sim)
{
    return atomic_load(&sim->clock_ns);
}
