// SPDX-License-Identifier: MIT
// os.h on POSIX systems.
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "base/os.h"

#include <dlfcn.h>
#include <time.h>

void vr_mutex_init(struct VrMutex *mutex) { pthread_mutex_init(&mutex->pthread, NULL); }
void vr_mutex_finish(struct VrMutex *mutex) { pthread_mutex_destroy(&mutex->pthread); }
void vr_mutex_take(struct VrMutex *mutex) { pthread_mutex_lock(&mutex->pthread); }
void vr_mutex_drop(struct VrMutex *mutex) { pthread_mutex_unlock(&mutex->pthread); }

uint64_t vr_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

void *vr_library_open(const char *name) { return dlopen(name, RTLD_NOW | RTLD_LOCAL); }
void *vr_library_symbol(void *library, const char *name) { return dlsym(library, name); }
