// SPDX-License-Identifier: MIT
// JSON writer: one pass into one growing buffer. Two spaces an indent, ", " between items; an object or array
// may be written on a single line. Calls must come in the order that JSON wants; only asserts check it. When
// host memory runs out the writer remembers, writes on into a scratch area, and vr_json_finish gives NULL:
// callers test once, at the end.
#ifndef VR_BASE_JSON_H
#define VR_BASE_JSON_H

#include "base/common.h"
#include "base/host.h"

#include <string.h>

enum {
    VR_JSON_DEPTH_MAX = 31,
    VR_JSON_SCRATCH = 512, // most that one vr_json_reserve may ask for
};

enum VrJsonLayout { VR_JSON_LINES, VR_JSON_SINGLE_LINE };

struct VrJson {
    char *at; // next byte to write
    char *end;
    char *begin;
    const struct VrHost *host;
    uint32_t depth;
    uint32_t filled; // bit d: the container of depth d has an item already
    uint32_t single; // bit d: the container of depth d is on one line
    bool after_key;  // the next value follows its key
    bool failed;
    char scratch[VR_JSON_SCRATCH];
};

// `expected` is a guess of the text's length; a good one saves copies. Always finish what was begun.
void vr_json_init(struct VrJson *json, const struct VrHost *host, size_t expected);
// The text, zero-terminated, to be freed with vr_host_free; NULL when host memory ran out.
char *vr_json_finish(struct VrJson *json);

void vr_json_begin(struct VrJson *json, char bracket, enum VrJsonLayout layout); // bracket: '{' or '['
void vr_json_end(struct VrJson *json, char bracket);                             // bracket: '}' or ']'

// A key made of a text and a number: "Heap 3".
void vr_json_key_number(struct VrJson *json, const char *text, uint64_t number);
void vr_json_string(struct VrJson *json, const char *text);
void vr_json_pointer(struct VrJson *json, const void *pointer); // "0x" and hexadecimal digits, as a string

// A string made of pieces: open, any number of add, close.
void vr_json_open_string(struct VrJson *json);
void vr_json_add_text(struct VrJson *json, const char *text);
void vr_json_add_number(struct VrJson *json, uint64_t number);
void vr_json_close_string(struct VrJson *json);

// `key` is shorter than 64 characters, with nothing to escape.
void vr_json_key(struct VrJson *json, const char *key);
void vr_json_number(struct VrJson *json, uint64_t number);
void vr_json_member(struct VrJson *json, const char *key, uint64_t number);

// A member of a single-line object, or its beginning, as text that stands as it is: up to 256 characters.
void vr_json_raw(struct VrJson *json, const char *text, size_t length);

// ---- What the writer is made of ----

void vr_json_grow(struct VrJson *json, size_t size);
void vr_json_new_line(struct VrJson *json, bool comma);
char *vr_json_digits(char *at, uint64_t number);

VR_INLINE void vr_json_reserve(struct VrJson *json, size_t size)
{
    if (VR_UNLIKELY((size_t)(json->end - json->at) < size)) {
        vr_json_grow(json, size);
    }
}

VR_INLINE void vr_json_put(struct VrJson *json, const char *text, size_t length)
{
    memcpy(json->at, text, length);
    json->at += length;
}

// Puts what must stand between the last item of the container and the next one.
VR_INLINE void vr_json_separate(struct VrJson *json)
{
    uint32_t bit = 1u << json->depth;
    bool comma = (json->filled & bit) != 0;
    json->filled |= bit;
    if (json->single & bit) {
        if (comma) {
            vr_json_put(json, ", ", 2);
        }
    } else if (json->depth > 0) {
        vr_json_new_line(json, comma);
    }
}

#endif
