// SPDX-License-Identifier: MIT
// The little that the simulation needs from the operating system: a mutex, a call when a thread ends, pages,
// time.
#ifndef VR_SIM_OS_H
#define VR_SIM_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#include <windows.h>
typedef SRWLOCK VrSimMutex;
#define VR_SIM_MUTEX_INIT SRWLOCK_INIT
#else
#include <pthread.h>
typedef pthread_mutex_t VrSimMutex;
#define VR_SIM_MUTEX_INIT PTHREAD_MUTEX_INITIALIZER
#endif

void vr_sim_mutex_init(VrSimMutex *mutex);
void vr_sim_mutex_finish(VrSimMutex *mutex);
void vr_sim_mutex_lock(VrSimMutex *mutex);
void vr_sim_mutex_unlock(VrSimMutex *mutex);

// Arranges that fn runs on the calling thread when that thread ends. All calls must name the same fn.
void vr_sim_at_thread_exit(void (*fn)(void));

// Whole pages, zero on first touch. Reserved pages take no memory and fault when touched. Null: no address
// space.
void *vr_sim_pages_backed(size_t size);
void *vr_sim_pages_reserved(size_t size);
void vr_sim_pages_free(void *pages, size_t size);

// Zeroed memory at a multiple of alignment (a power of two), for things that are much smaller than a page.
void *vr_sim_aligned_calloc(size_t alignment, size_t size);
void vr_sim_aligned_free(void *memory);

void vr_sim_delay_ns(uint64_t ns);

#endif
