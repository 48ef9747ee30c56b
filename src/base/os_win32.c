// SPDX-License-Identifier: MIT
// os.h on Windows.
#include "base/os.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <string.h>

static_assert(sizeof(SRWLOCK) == sizeof(void *), "VrMutex has room for one pointer");

void vr_mutex_init(struct VrMutex *mutex)
{
    InitializeSRWLock((SRWLOCK *)&mutex->srw);
}
void vr_mutex_finish(struct VrMutex *mutex)
{
    (void)mutex;
}
void vr_mutex_take(struct VrMutex *mutex)
{
    AcquireSRWLockExclusive((SRWLOCK *)&mutex->srw);
}
void vr_mutex_drop(struct VrMutex *mutex)
{
    ReleaseSRWLockExclusive((SRWLOCK *)&mutex->srw);
}

uint64_t vr_clock_ns(void)
{
    LARGE_INTEGER now;
    LARGE_INTEGER per_second;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&per_second);
    uint64_t ticks = (uint64_t)now.QuadPart;
    uint64_t rate = (uint64_t)per_second.QuadPart;
    return ticks / rate * 1000000000ull + ticks % rate * 1000000000ull / rate;
}

void *vr_library_open(const char *name)
{
    return (void *)LoadLibraryA(name);
}

VR_COLD void *vr_library_symbol(void *library, const char *name)
{
    FARPROC found = GetProcAddress((HMODULE)library, name);
    void *symbol;
    static_assert(sizeof(symbol) == sizeof(found), "function pointers fit");
    memcpy(&symbol, &found, sizeof(symbol));
    return symbol;
}

void *vr_handle_duplicate(void *handle, void *process)
{
    HANDLE own = GetCurrentProcess();
    HANDLE copy = NULL;
    return DuplicateHandle(own, handle, process ? process : own, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS)
               ? copy
               : NULL;
}

void vr_handle_close(void *handle)
{
    CloseHandle(handle);
}
