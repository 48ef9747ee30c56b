// SPDX-License-Identifier: MIT
// The parts of os.h that are alike on all systems: waiting for a VrLock and thread slots.
#include "base/os.h"

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sched.h>
#endif

static void relax_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

static void yield_cpu(void)
{
#ifdef _WIN32
    SwitchToThread();
#else
    sched_yield();
#endif
}

void vr_lock_wait(struct VrLock *lock)
{
    // The holder needs well under a microsecond unless it lost its core; then only yielding helps.
    for (unsigned spins = 0;; ++spins) {
        if (spins < 64) {
            relax_cpu();
        } else {
            yield_cpu();
        }
        if (atomic_load_explicit(&lock->held, memory_order_relaxed) == 0 && vr_lock_try(lock)) {
            return;
        }
    }
}

static _Atomic uint32_t next_slot;
static _Thread_local uint32_t own_slot; // slot + 1; 0 = none yet

uint32_t vr_thread_slot(void)
{
    if (VR_UNLIKELY(own_slot == 0)) {
        vr_thread_change_slot();
    }
    return own_slot - 1;
}

void vr_thread_change_slot(void)
{
    own_slot = (atomic_fetch_add_explicit(&next_slot, 1, memory_order_relaxed) & 0xffffu) + 1;
}
