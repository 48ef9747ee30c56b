// SPDX-License-Identifier: MIT
// JSON writer: growth, layout, digits and escapes. See json.h for the idea.
#include "base/json.h"

enum { FIRST_SIZE = 4096, SPACES_MAX = 2 * VR_JSON_DEPTH_MAX };

// ---- Buffer ----

static VR_NOINLINE void fail_json(struct VrJson *json)
{
    vr_host_free(json->host, json->begin);
    json->begin = NULL;
    json->failed = true;
    json->at = json->scratch;
    json->end = json->scratch + sizeof(json->scratch);
}

VR_COLD void vr_json_init(struct VrJson *json, const struct VrHost *host, size_t expected)
{
    size_t size = expected < FIRST_SIZE ? FIRST_SIZE : expected;
    json->host = host;
    json->depth = 0;
    json->filled = 0;
    json->single = 0;
    json->after_key = false;
    json->failed = false;
    json->begin = vr_host_alloc(host, size, 1);
    if (!json->begin) {
        fail_json(json);
        return;
    }
    json->at = json->begin;
    json->end = json->begin + size;
}

VR_COLD void vr_json_grow(struct VrJson *json, size_t size)
{
    assert(size <= VR_JSON_SCRATCH);
    if (json->failed) {
        json->at = json->scratch;
        return;
    }
    size_t used = (size_t)(json->at - json->begin);
    size_t capacity = (size_t)(json->end - json->begin);
    if (capacity > (SIZE_MAX - size) / 2) {
        fail_json(json);
        return;
    }
    capacity = capacity * 2 + size;
    char *memory = vr_host_alloc(json->host, capacity, 1);
    if (!memory) {
        fail_json(json);
        return;
    }
    memcpy(memory, json->begin, used);
    vr_host_free(json->host, json->begin);
    json->begin = memory;
    json->at = memory + used;
    json->end = memory + capacity;
}

VR_COLD char *vr_json_finish(struct VrJson *json)
{
    assert(json->depth == 0);
    vr_json_reserve(json, 1);
    *json->at = '\0';
    char *text = json->begin;
    json->begin = NULL;
    return text;
}

// ---- Layout ----

void vr_json_new_line(struct VrJson *json, bool comma)
{
    if (comma) {
        vr_json_put(json, ", ", 2);
    }
    *json->at++ = '\n';
    // A constant length is quicker than the right one; what is too much is overwritten.
    memset(json->at, ' ', SPACES_MAX);
    json->at += 2 * json->depth;
}

static void before_value(struct VrJson *json)
{
    if (json->after_key) {
        json->after_key = false;
    } else {
        vr_json_separate(json);
    }
}

void vr_json_begin(struct VrJson *json, char bracket, enum VrJsonLayout layout)
{
    vr_json_reserve(json, SPACES_MAX + 8);
    before_value(json);
    *json->at++ = bracket;
    bool single = layout == VR_JSON_SINGLE_LINE || (json->single >> json->depth & 1);
    ++json->depth;
    assert(json->depth <= VR_JSON_DEPTH_MAX);
    uint32_t bit = 1u << json->depth;
    json->filled &= ~bit;
    json->single = single ? json->single | bit : json->single & ~bit;
}

void vr_json_end(struct VrJson *json, char bracket)
{
    assert(json->depth > 0 && !json->after_key);
    vr_json_reserve(json, SPACES_MAX + 8);
    bool single = (json->single >> json->depth & 1) != 0;
    --json->depth;
    if (!single) {
        vr_json_new_line(json, false);
    }
    *json->at++ = bracket;
}

// ---- Numbers ----

enum { EIGHT_DIGITS = 100000000 };

// The eight decimal digits of a number below 10^8, one a byte, the first in the lowest. Halves, quarters and
// eighths are split side by side: there is no loop, and no branch that depends on the length.
VR_INLINE uint64_t split_digits(uint32_t number)
{
    uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
    uint64_t high = (fours * 10486 >> 20) & 0x0000007f0000007fu;
    uint64_t twos = high | (fours - high * 100) << 16;
    high = (twos * 103 >> 10) & 0x000f000f000f000fu;
    return high | (twos - high * 10) << 8;
}

VR_INLINE char *put_digits(char *at, uint64_t digits, unsigned skip)
{
    uint64_t text = (digits | 0x3030303030303030u) >> 8 * skip; // little-endian, as every host of Vulkan
    memcpy(at, &text, sizeof(text));
    return at + 8 - skip;
}

char *vr_json_digits(char *at, uint64_t number)
{
    if (VR_UNLIKELY(number >= EIGHT_DIGITS)) {
        at = vr_json_digits(at, number / EIGHT_DIGITS);
        return put_digits(at, split_digits((uint32_t)(number % EIGHT_DIGITS)), 0);
    }
    uint64_t digits = split_digits((uint32_t)number);
    return put_digits(at, digits, vr_low_bit(digits | 1ull << 56) / 8);
}

void vr_json_number(struct VrJson *json, uint64_t number)
{
    vr_json_reserve(json, SPACES_MAX + 24);
    before_value(json);
    json->at = vr_json_digits(json->at, number);
}

void vr_json_pointer(struct VrJson *json, const void *pointer)
{
    uint64_t bits = (uintptr_t)pointer;
    unsigned digits = bits ? vr_high_bit(bits) / 4 + 1 : 1;
    vr_json_reserve(json, SPACES_MAX + 32);
    before_value(json);
    vr_json_put(json, "\"0x", 3);
    for (unsigned i = digits; i-- > 0;) {
        *json->at++ = "0123456789abcdef"[bits >> (4 * i) & 15];
    }
    *json->at++ = '"';
}

// ---- Strings ----

// True when one of the eight bytes is a quote, a backslash or a control character.
VR_INLINE bool needs_escape(uint64_t bytes)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t quote = bytes ^ ones * '"', backslash = bytes ^ ones * '\\';
    uint64_t found =
        ((bytes - ones * 0x20) & ~bytes) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
    return (found & highs) != 0;
}

static VR_COLD void put_escape(struct VrJson *json, unsigned char byte)
{
    static const char *const names = "\"\"\\\\\bb\ff\nn\rr\tt";
    *json->at++ = '\\';
    for (const char *name = names; *name; name += 2) {
        if ((unsigned char)name[0] == byte) {
            *json->at++ = name[1];
            return;
        }
    }
    vr_json_put(json, "u00", 3);
    *json->at++ = (char)('0' + (byte >> 4));
    *json->at++ = "0123456789abcdef"[byte & 15];
}

VR_INLINE void put_byte(struct VrJson *json, unsigned char byte)
{
    if (VR_LIKELY(byte >= 0x20 && byte != '"' && byte != '\\')) {
        *json->at++ = (char)byte;
    } else {
        put_escape(json, byte);
    }
}

void vr_json_add_text(struct VrJson *json, const char *text)
{
    size_t length = strlen(text);
    uint64_t bytes;
    for (; length >= sizeof(bytes); text += sizeof(bytes), length -= sizeof(bytes)) {
        vr_json_reserve(json, sizeof(bytes) * 6);
        memcpy(&bytes, text, sizeof(bytes));
        if (VR_LIKELY(!needs_escape(bytes))) {
            memcpy(json->at, &bytes, sizeof(bytes));
            json->at += sizeof(bytes);
            continue;
        }
        for (unsigned i = 0; i < sizeof(bytes); ++i) {
            put_byte(json, (unsigned char)text[i]);
        }
    }
    vr_json_reserve(json, sizeof(bytes) * 6);
    for (; length > 0; --length) {
        put_byte(json, (unsigned char)*text++);
    }
}

void vr_json_add_number(struct VrJson *json, uint64_t number)
{
    vr_json_reserve(json, 24);
    json->at = vr_json_digits(json->at, number);
}

void vr_json_open_string(struct VrJson *json)
{
    vr_json_reserve(json, SPACES_MAX + 8);
    before_value(json);
    *json->at++ = '"';
}

void vr_json_close_string(struct VrJson *json)
{
    vr_json_reserve(json, 1);
    *json->at++ = '"';
}

VR_COLD void vr_json_string(struct VrJson *json, const char *text)
{
    vr_json_open_string(json);
    vr_json_add_text(json, text);
    vr_json_close_string(json);
}

// ---- Members ----

void vr_json_key(struct VrJson *json, const char *key)
{
    size_t length = strlen(key);
    vr_json_reserve(json, length + SPACES_MAX + 8);
    vr_json_separate(json);
    *json->at++ = '"';
    vr_json_put(json, key, length);
    vr_json_put(json, "\": ", 3);
    json->after_key = true;
}

void vr_json_raw(struct VrJson *json, const char *text, size_t length)
{
    vr_json_reserve(json, length + 2);
    vr_json_separate(json);
    vr_json_put(json, text, length);
}

void vr_json_member(struct VrJson *json, const char *key, uint64_t number)
{
    vr_json_key(json, key);
    vr_json_number(json, number);
}

VR_COLD void vr_json_key_number(struct VrJson *json, const char *text, uint64_t number)
{
    vr_json_open_string(json);
    vr_json_add_text(json, text);
    vr_json_add_number(json, number);
    vr_json_reserve(json, 3);
    vr_json_put(json, "\": ", 3);
    json->after_key = true;
}
