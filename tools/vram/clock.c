// SPDX-License-Identifier: MIT
// The few things that the program asks of the operating system.
#ifndef _WIN32
#define _POSIX_C_SOURCE 200809L
#endif
#include "clock.h"

#ifdef _WIN32
#include <direct.h>
#include <io.h>
#include <windows.h>

uint64_t cli_clock_ns(void)
{
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (uint64_t)((double)now.QuadPart * 1e9 / (double)frequency.QuadPart);
}

void cli_sleep_ns(uint64_t ns)
{
    Sleep((DWORD)(ns / 1000000));
}

bool cli_stderr_is_terminal(void)
{
    return _isatty(2) != 0;
}

bool cli_make_folder(const char *path)
{
    DWORD attributes;
    (void)_mkdir(path);
    attributes = GetFileAttributesA(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

#else
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

uint64_t cli_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void cli_sleep_ns(uint64_t ns)
{
    struct timespec left = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    while (nanosleep(&left, &left) != 0) {
    }
}

bool cli_stderr_is_terminal(void)
{
    return isatty(2) != 0;
}

bool cli_make_folder(const char *path)
{
    struct stat status;
    (void)mkdir(path, 0777);
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

#endif
