// SPDX-License-Identifier: MIT
// What vram asks of the operating system: two kinds of lock, a small number per thread, a clock, and opening
// a library.
//
// VrLock  guards a few dozen instructions: it spins, then yields. Never held over a call to the driver.
// VrMutex may be held over a call to the driver; waiting threads sleep.
#ifndef VR_BASE_OS_H
#define VR_BASE_OS_H

#include "base/common.h"

#include <stdatomic.h>
#ifndef _WIN32
#include <pthread.h>
#endif

struct VrLock {
    _Atomic uint32_t held;
};

VR_INLINE bool vr_lock_try(struct VrLock *lock)
{
    return atomic_exchange_explicit(&lock->held, 1, memory_order_acquire) == 0;
}

// The slow half of vr_lock_take: returns with the lock held.
void vr_lock_wait(struct VrLock *lock);

VR_INLINE void vr_lock_take(struct VrLock *lock)
{
    if (VR_UNLIKELY(!vr_lock_try(lock))) {
        vr_lock_wait(lock);
    }
}

VR_INLINE void vr_lock_drop(struct VrLock *lock)
{
    atomic_store_explicit(&lock->held, 0, memory_order_release);
}

struct VrMutex {
#ifdef _WIN32
    void *srw; // SRWLOCK
#else
    pthread_mutex_t pthread;
#endif
};

void vr_mutex_init(struct VrMutex *mutex);
void vr_mutex_finish(struct VrMutex *mutex);
void vr_mutex_take(struct VrMutex *mutex);
void vr_mutex_drop(struct VrMutex *mutex);

// A small number that tells threads apart well enough to spread them over lanes; two threads may share one.
uint32_t vr_thread_slot(void);
// Moves the calling thread to another slot, because its present one was found contended.
void vr_thread_change_slot(void);

uint64_t vr_clock_ns(void); // monotonic

// NULL when the library or the symbol cannot be found. Libraries stay open for the life of the process.
void *vr_library_open(const char *name);
void *vr_library_symbol(void *library, const char *name);

#ifdef _WIN32
// A handle of the same object for another process (NULL: this one). NULL: the system refuses.
void *vr_handle_duplicate(void *handle, void *process);
void vr_handle_close(void *handle);
#endif

#endif
