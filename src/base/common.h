// SPDX-License-Identifier: MIT
// Small helpers that every layer uses: branch hints, alignment and bit arithmetic.
#ifndef VR_BASE_COMMON_H
#define VR_BASE_COMMON_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define VR_LIKELY(x) __builtin_expect(!!(x), 1)
#define VR_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define VR_NOINLINE __attribute__((noinline))
#define VR_COLD                                                                                              \
    __attribute__((cold)) // small rather than fast: once in a while, or beside a call to the driver
#define VR_INLINE static inline __attribute__((always_inline))
#define VR_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define VR_LIKELY(x) (x)
#define VR_UNLIKELY(x) (x)
#define VR_NOINLINE
#define VR_COLD
#define VR_INLINE static inline
#define VR_PRINTF(text, first)
#endif

#define VR_CACHE_LINE 64u

VR_INLINE uint64_t vr_min64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}
VR_INLINE uint64_t vr_max64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

// `alignment` is a power of two. The caller knows that value + alignment does not overflow.
VR_INLINE uint64_t vr_align_up(uint64_t value, uint64_t alignment)
{
    return (value + alignment - 1) & ~(alignment - 1);
}
VR_INLINE uint64_t vr_align_down(uint64_t value, uint64_t alignment)
{
    return value & ~(alignment - 1);
}
VR_INLINE bool vr_is_pow2(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

// Index of the highest / lowest set bit. The argument is not 0.
VR_INLINE unsigned vr_high_bit(uint64_t value)
{
    return 63u ^ (unsigned)__builtin_clzll(value);
}
VR_INLINE unsigned vr_low_bit(uint64_t value)
{
    return (unsigned)__builtin_ctzll(value);
}
VR_INLINE unsigned vr_bit_count(uint32_t value)
{
    return (unsigned)__builtin_popcount(value);
}
// Largest power of two that is not above value. The argument is not 0.
VR_INLINE uint64_t vr_floor_pow2(uint64_t value)
{
    return 1ull << vr_high_bit(value);
}

#endif
