// SPDX-License-Identifier: MIT
// JSON writer: growth, layout, digits and escapes. See json.h for the idea.
#include "base/json.h"

enum { FIRST_SIZE = 4096, SPACES_MAX = 2 * VR_JSON_DEPTH_MAX };

static const char digit_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

// ---- Buffer ----

static VR_NOINLINE void fail(struct VrJson *json)
{
    vr_host_free(json->host, json->begin);
    json->begin = NULL;
    json->failed = true;
    json->at = json->scratch;
    json->end = json->scratch + sizeof(json->scratch);
}

void vr_json_init(struct VrJson *json, const struct VrHost *host, size_t expected)
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
        fail(json);
        return;
    }
    json->at = json->begin;
    json->end = json->begin + size;
}

VR_NOINLINE void vr_json_grow(struct VrJson *json, size_t size)
{
    assert(size <= VR_JSON_SCRATCH);
    if (json->failed) {
        json->at = json->scratch;
        return;
    }
    size_t used = (size_t)(json->at - json->begin);
    size_t capacity = (size_t)(json->end - json->begin);
    if (capacity > (SIZE_MAX - size) / 2) {
        fail(json);
        return;
    }
    capacity = capacity * 2 + size;
    char *memory = vr_host_alloc(json->host, capacity, 1);
    if (!memory) {
        fail(json);
        return;
    }
    memcpy(memory, json->begin, used);
    vr_host_free(json->host, json->begin);
    json->begin = memory;
    json->at = memory + used;
    json->end = memory + capacity;
}

char *vr_json_finish(struct VrJson *json)
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

void vr_json_begin(struct VrJson *json, char bracket, enum VrJsonLayout layout)
{
    vr_json_reserve(json, SPACES_MAX + 8);
    vr_json_before_value(json);
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

static unsigned count_digits(uint64_t number)
{
    unsigned count = 1;
    for (; number >= 10000; number /= 10000) {
        count += 4;
    }
    return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

char *vr_json_digits(char *at, uint64_t number)
{
    char *end = at + count_digits(number);
    char *digit = end;
    while (number >= 100) {
        digit -= 2;
        memcpy(digit, digit_pairs + number % 100 * 2, 2);
        number /= 100;
    }
    if (number >= 10) {
        memcpy(digit - 2, digit_pairs + number * 2, 2);
    } else {
        digit[-1] = (char)('0' + number);
    }
    return end;
}

void vr_json_pointer(struct VrJson *json, const void *pointer)
{
    uint64_t bits = (uintptr_t)pointer;
    unsigned digits = bits ? vr_high_bit(bits) / 4 + 1 : 1;
    vr_json_reserve(json, SPACES_MAX + 32);
    vr_json_before_value(json);
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

static void put_escaped(struct VrJson *json, unsigned char byte)
{
    static const char *const names = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *name = names; *name; name += 2) {
        if ((unsigned char)name[0] == byte) {
            *json->at++ = '\\';
            *json->at++ = name[1];
            return;
        }
    }
    if (byte >= 0x20) {
        *json->at++ = (char)byte;
        return;
    }
    vr_json_put(json, "\\u00", 4);
    *json->at++ = (char)('0' + (byte >> 4));
    *json->at++ = "0123456789abcdef"[byte & 15];
}

void vr_json_add_text(struct VrJson *json, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        vr_json_reserve(json, 8 * 6);
        uint64_t bytes;
        if (length >= sizeof(bytes)) {
            memcpy(&bytes, text, sizeof(bytes));
            if (VR_LIKELY(!needs_escape(bytes))) {
                memcpy(json->at, &bytes, sizeof(bytes));
                json->at += sizeof(bytes);
                text += sizeof(bytes);
                length -= sizeof(bytes);
                continue;
            }
        }
        for (unsigned i = 0; i < sizeof(bytes) && length > 0; ++i, --length) {
            put_escaped(json, (unsigned char)*text++);
        }
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
    vr_json_before_value(json);
    *json->at++ = '"';
}

void vr_json_close_string(struct VrJson *json)
{
    vr_json_reserve(json, 1);
    *json->at++ = '"';
}

void vr_json_string(struct VrJson *json, const char *text)
{
    vr_json_open_string(json);
    vr_json_add_text(json, text);
    vr_json_close_string(json);
}

void vr_json_key_number(struct VrJson *json, const char *text, uint64_t number)
{
    vr_json_open_string(json);
    vr_json_add_text(json, text);
    vr_json_add_number(json, number);
    vr_json_reserve(json, 3);
    vr_json_put(json, "\": ", 3);
    json->after_key = true;
}
