// SPDX-License-Identifier: MIT
// POSIX and Windows behind os.h.
#ifndef _WIN32
#define _GNU_SOURCE
#endif
#include "os.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _WIN32

void vr_sim_mutex_init(VrSimMutex *mutex)
{
    InitializeSRWLock(mutex);
}

void vr_sim_mutex_finish(VrSimMutex *mutex)
{
    (void)mutex;
}

void vr_sim_mutex_lock(VrSimMutex *mutex)
{
    AcquireSRWLockExclusive(mutex);
}

void vr_sim_mutex_unlock(VrSimMutex *mutex)
{
    ReleaseSRWLockExclusive(mutex);
}

static INIT_ONCE exit_once = INIT_ONCE_STATIC_INIT;
static DWORD exit_slot;
static void (*_Atomic exit_fn)(void);

static void WINAPI run_exit_fn(void *unused)
{
    (void)unused;
    atomic_load(&exit_fn)();
}

static BOOL CALLBACK make_exit_slot(INIT_ONCE *once, void *fn, void **context)
{
    (void)once;
    (void)fn;
    (void)context;
    exit_slot = FlsAlloc(run_exit_fn);
    return TRUE;
}

void vr_sim_at_thread_exit(void (*fn)(void))
{
    atomic_store(&exit_fn, fn);
    InitOnceExecuteOnce(&exit_once, make_exit_slot, NULL, NULL);
    FlsSetValue(exit_slot, &exit_slot);
}

void *vr_sim_pages_backed(size_t size)
{
    return VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

void *vr_sim_pages_reserved(size_t size)
{
    return VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_NOACCESS);
}

void vr_sim_pages_free(void *pages, size_t size)
{
    (void)size;
    if (pages) {
        VirtualFree(pages, 0, MEM_RELEASE);
    }
}

void *vr_sim_aligned_calloc(size_t alignment, size_t size)
{
    void *memory = _aligned_malloc(size, alignment);
    return memory ? memset(memory, 0, size) : NULL;
}

void vr_sim_aligned_free(void *memory)
{
    _aligned_free(memory);
}

static uint64_t now_ns(void)
{
    LARGE_INTEGER ticks, per_second;
    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&per_second);
    return (uint64_t)((double)ticks.QuadPart * 1e9 / (double)per_second.QuadPart);
}

static void sleep_ns(uint64_t ns)
{
    Sleep((DWORD)(ns / 1000000));
}

#else
#include <sys/mman.h>

void vr_sim_mutex_init(VrSimMutex *mutex)
{
    pthread_mutex_init(mutex, NULL);
}

void vr_sim_mutex_finish(VrSimMutex *mutex)
{
    pthread_mutex_destroy(mutex);
}

void vr_sim_mutex_lock(VrSimMutex *mutex)
{
    pthread_mutex_lock(mutex);
}

void vr_sim_mutex_unlock(VrSimMutex *mutex)
{
    pthread_mutex_unlock(mutex);
}

static pthread_once_t exit_once = PTHREAD_ONCE_INIT;
static pthread_key_t exit_key;
static void (*_Atomic exit_fn)(void);

static void run_exit_fn(void *unused)
{
    (void)unused;
    atomic_load(&exit_fn)();
}

static void make_exit_key(void)
{
    pthread_key_create(&exit_key, run_exit_fn);
}

void vr_sim_at_thread_exit(void (*fn)(void))
{
    atomic_store(&exit_fn, fn);
    pthread_once(&exit_once, make_exit_key);
    pthread_setspecific(exit_key, &exit_key); // any value but null
}

static void *map_pages(size_t size, int protection)
{
    void *pages = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void *vr_sim_pages_backed(size_t size)
{
    return map_pages(size, PROT_READ | PROT_WRITE);
}

void *vr_sim_pages_reserved(size_t size)
{
    return map_pages(size, PROT_NONE);
}

void vr_sim_pages_free(void *pages, size_t size)
{
    if (pages) {
        munmap(pages, size);
    }
}

void *vr_sim_aligned_calloc(size_t alignment, size_t size)
{
    void *memory = NULL;
    if (posix_memalign(&memory, alignment, size) != 0) {
        return NULL;
    }
    return memset(memory, 0, size);
}

void vr_sim_aligned_free(void *memory)
{
    free(memory);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void sleep_ns(uint64_t ns)
{
    struct timespec time = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    nanosleep(&time, NULL);
}

#endif

// Sleeping overshoots by some 60 us, so the end of every delay is spun.
void vr_sim_delay_ns(uint64_t ns)
{
    const uint64_t end = now_ns() + ns;
    if (ns > 3000000u) {
        sleep_ns(ns - 2000000u);
    }
    while (now_ns() < end) {
    }
}
