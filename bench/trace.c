// SPDX-License-Identifier: MIT
// Reading recordings: columns by name, handles to slots through a hash table, clear errors. gzip unpacks.
#include "trace.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FIELDS = 32, LINE_SIZE = 4096 };
#define NO_SLOT UINT32_MAX

// The columns that are used. Each format has a name for those that it knows.
enum column {
    COL_WHAT,
    COL_HANDLE,
    COL_SIZE,
    COL_USAGE,
    COL_FLAGS,
    COL_WIDTH,
    COL_HEIGHT,
    COL_DEPTH,
    COL_MIPS,
    COL_LAYERS,
    COL_FORMAT,
    COL_TILING,
    COL_SAMPLES,
    COL_VMA_FLAGS,
    COL_VMA_USAGE,
    COL_RESULT,
    COL_HOST,
    COL_COUNT
};

enum format { FORMAT_VULKAN, FORMAT_VMA, FORMAT_VTRACE, FORMAT_COUNT };

static const struct {
    const char *key; // the column that tells the format
    int handle_base;
    bool short_lines; // fields at the end of a line may be left out
    const char *columns[COL_COUNT];
} formats[FORMAT_COUNT] = {
    [FORMAT_VULKAN] = {"obj",
                       16,
                       false,
                       {"op", "obj", "size", "usage", "flags", "w", "h", "d", "mips", "layers", "format",
                        "tiling", "samples", NULL, NULL, NULL, NULL}},
    [FORMAT_VMA] = {"func",
                    16,
                    false,
                    {"func", "alloc", "size", "usage", NULL, "w", "h", "d", "mips", "layers", "format",
                     "tiling", NULL, "vma_flags", "vma_usage", "result", NULL}},
    [FORMAT_VTRACE] = {"id",
                       10,
                       true,
                       {"op", "id", "size", "usage", "flags", "w", "h", "d", "mips", "layers", "format",
                        "tiling", "samples", NULL, NULL, NULL, "host"}},
};

// What a handle of the recording stands for at this point of it. Addresses are used again after destruction,
// and in a recording of threads a creation may stand before the destruction that made room for it: such slots
// queue up.
struct known_handle {
    uint64_t handle; // of the recording, plus 1; 0: free entry
    uint32_t slot;   // oldest living resource, or NO_SLOT
};

struct reader {
    const char *path;
    FILE *file;
    bool packed; // file is the end of a pipe from gzip
    uint32_t line;
    enum format format;
    int columns[COL_COUNT];
    char text[LINE_SIZE];
    char *fields[MAX_FIELDS];
    int field_count, header_count;
    bool unterminated; // the line is the last one and has no end
    struct known_handle *handles;
    uint32_t handle_capacity, handle_count;
    uint32_t *next_slot; // per slot: the younger resource of the same handle
    uint32_t op_capacity;
    struct trace *trace;
};

static int fail(const struct reader *reader, const char *what, const char *detail)
{
    fprintf(stderr, "bench: %s:%u: %s%s%s\n", reader->path, reader->line, what, detail[0] != '\0' ? ": " : "",
            detail);
    return -1;
}

// Splits the next line at its commas. 1: a line, 0: end of file, -1: error.
static int read_line(struct reader *reader)
{
    do {
        reader->line++;
        if (fgets(reader->text, LINE_SIZE, reader->file) == NULL) {
            return ferror(reader->file) ? fail(reader, "cannot be read", "") : 0;
        }
    } while (reader->text[0] == '#' || reader->text[0] == '\n');
    size_t length = strcspn(reader->text, "\r\n");
    if (reader->text[length] == '\0' && length == LINE_SIZE - 1) {
        return fail(reader, "line too long", "");
    }
    reader->unterminated = reader->text[length] == '\0';
    reader->text[length] = '\0';
    reader->field_count = 0;
    for (char *cursor = reader->text; cursor != NULL;) {
        if (reader->field_count == MAX_FIELDS) {
            return fail(reader, "too many columns", "");
        }
        reader->fields[reader->field_count++] = cursor;
        cursor = strchr(cursor, ',');
        if (cursor != NULL) {
            *cursor++ = '\0';
        }
    }
    return 1;
}

static int find_column(const struct reader *reader, const char *name)
{
    for (int i = 0; i < reader->field_count; ++i) {
        if (strcmp(reader->fields[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int read_header(struct reader *reader)
{
    int status = read_line(reader);
    if (status <= 0) {
        return status < 0 ? -1 : fail(reader, "empty file", "");
    }
    reader->header_count = reader->field_count;
    reader->format = FORMAT_VULKAN;
    for (unsigned format = 0; format < FORMAT_COUNT; ++format) {
        if (find_column(reader, formats[format].key) >= 0) {
            reader->format = (enum format)format;
        }
    }
    for (int column = 0; column < COL_COUNT; ++column) {
        const char *name = formats[reader->format].columns[column];
        reader->columns[column] = name == NULL ? -1 : find_column(reader, name);
        if (name != NULL && reader->columns[column] < 0) {
            return fail(reader, "not a recording, the first line has no column", name);
        }
    }
    return 0;
}

// The text in a column, "" when the format or the line has no such column.
static const char *field(const struct reader *reader, enum column column)
{
    int index = reader->columns[column];
    return index < 0 || index >= reader->field_count ? "" : reader->fields[index];
}

// The number in a column; `fallback` when it is not there.
static int read_number(const struct reader *reader, enum column column, int base, uint64_t fallback,
                       uint64_t *value)
{
    const char *text = field(reader, column);
    char *end;
    *value = text[0] == '\0' ? fallback : 0;
    if (text[0] == '\0' || strcmp(text, "(nil)") == 0) {
        return 0;
    }
    *value = strtoull(text, &end, base);
    return *end == '\0' ? 0 : fail(reader, "not a number", text);
}

static int read_handle(const struct reader *reader, bool image, uint64_t *handle)
{
    if (read_number(reader, COL_HANDLE, formats[reader->format].handle_base, 0, handle) != 0) {
        return -1;
    }
    if (reader->format == FORMAT_VULKAN && *handle != 0) {
        *handle = *handle << 1 | image; // a driver may number buffers and images apart
    }
    return 0;
}

static int read_u32(const struct reader *reader, enum column column, uint32_t fallback, uint32_t *value)
{
    uint64_t wide;
    if (read_number(reader, column, 10, fallback, &wide) != 0) {
        return -1;
    }
    if (wide > UINT32_MAX) {
        return fail(reader, "number too large", field(reader, column));
    }
    *value = (uint32_t)wide;
    return 0;
}

static struct known_handle *lookup(struct known_handle *handles, uint32_t capacity, uint64_t handle)
{
    uint32_t index = (uint32_t)((handle * 0x9E3779B97F4A7C15u) >> 32) & (capacity - 1);
    while (handles[index].handle != 0 && handles[index].handle != handle) {
        index = (index + 1) & (capacity - 1);
    }
    return &handles[index];
}

static int grow_handles(struct reader *reader)
{
    uint32_t capacity = reader->handle_capacity == 0 ? 1024 : reader->handle_capacity * 2;
    struct known_handle *grown = calloc(capacity, sizeof *grown);
    if (grown == NULL) {
        return fail(reader, "out of memory", "");
    }
    for (uint32_t i = 0; i < reader->handle_capacity; ++i) {
        if (reader->handles[i].handle != 0) {
            *lookup(grown, capacity, reader->handles[i].handle) = reader->handles[i];
        }
    }
    free(reader->handles);
    reader->handles = grown;
    reader->handle_capacity = capacity;
    return 0;
}

static struct trace_op *add_op(struct reader *reader)
{
    struct trace *trace = reader->trace;
    if (trace->op_count == reader->op_capacity) {
        uint32_t capacity = reader->op_capacity == 0 ? 4096 : reader->op_capacity * 2;
        struct trace_op *ops = realloc(trace->ops, capacity * sizeof *ops);
        if (ops == NULL) {
            return NULL;
        }
        trace->ops = ops;
        uint32_t *next_slot = realloc(reader->next_slot, capacity * sizeof *next_slot);
        if (next_slot == NULL) {
            return NULL;
        }
        reader->next_slot = next_slot;
        reader->op_capacity = capacity;
    }
    struct trace_op *op = &trace->ops[trace->op_count++];
    memset(op, 0, sizeof *op);
    return op;
}

static int note_created(struct reader *reader, uint64_t handle, uint32_t slot)
{
    if (reader->handle_count * 2 >= reader->handle_capacity && grow_handles(reader) != 0) {
        return -1;
    }
    struct known_handle *known = lookup(reader->handles, reader->handle_capacity, handle);
    if (known->handle == 0) {
        known->handle = handle;
        known->slot = NO_SLOT;
        reader->handle_count++;
    }
    reader->next_slot[slot] = NO_SLOT;
    uint32_t *last = &known->slot;
    while (*last != NO_SLOT) {
        last = &reader->next_slot[*last];
    }
    *last = slot;
    return 0;
}

// What a Vulkan recording does not say: who writes. A buffer that nothing can be copied into is filled by the
// host; one that is only a copy's destination is read back by it; the rest is the GPU's.
static VmaAllocationCreateFlags infer_access(const struct trace_op *op)
{
    if (op->kind == TRACE_BUFFER && (op->usage & VK_BUFFER_USAGE_TRANSFER_DST_BIT) == 0) {
        return VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
    }
    if (op->kind == TRACE_BUFFER && op->usage == VK_BUFFER_USAGE_TRANSFER_DST_BIT) {
        return VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
    }
    return 0;
}

// How the resource is allocated: as recorded, as the column says, or as its usage lets guess.
static int read_access(const struct reader *reader, struct trace_op *op)
{
    const char *host = field(reader, COL_HOST);
    uint32_t vma_usage;
    if (read_u32(reader, COL_VMA_FLAGS, 0, &op->vma_flags) != 0 ||
        read_u32(reader, COL_VMA_USAGE, VMA_MEMORY_USAGE_AUTO, &vma_usage) != 0) {
        return -1;
    }
    op->vma_usage = (VmaMemoryUsage)vma_usage;
    if (reader->format == FORMAT_VULKAN) {
        op->vma_flags = infer_access(op);
    } else if (strcmp(host, "seq") == 0) {
        op->vma_flags =
            VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
    } else if (strcmp(host, "random") == 0) {
        op->vma_flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_RANDOM_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;
    } else if (host[0] != '\0' && strcmp(host, "none") != 0) {
        return fail(reader, "host access is none, seq or random, not", host);
    }
    return 0;
}

static int read_creation(struct reader *reader, enum trace_kind kind)
{
    uint64_t handle, size, width;
    uint32_t format, tiling;
    uint32_t slot = reader->trace->slot_count;
    struct trace_op *op = add_op(reader);
    if (op == NULL) {
        return fail(reader, "out of memory", "");
    }
    op->kind = kind;
    op->slot = slot;
    if (read_handle(reader, kind == TRACE_IMAGE, &handle) || read_number(reader, COL_SIZE, 10, 0, &size) ||
        read_number(reader, COL_WIDTH, 10, 0, &width) || read_u32(reader, COL_USAGE, 0, &op->usage) ||
        read_u32(reader, COL_FLAGS, 0, &op->flags) || read_u32(reader, COL_HEIGHT, 1, &op->height) ||
        read_u32(reader, COL_DEPTH, 1, &op->depth) || read_u32(reader, COL_MIPS, 1, &op->mips) ||
        read_u32(reader, COL_LAYERS, 1, &op->layers) || read_u32(reader, COL_SAMPLES, 1, &op->samples) ||
        read_u32(reader, COL_FORMAT, 0, &format) || read_u32(reader, COL_TILING, 0, &tiling) ||
        read_access(reader, op)) {
        return -1;
    }
    // Vulkan recordings keep the size that a buffer was created with in w, and its memory requirement in
    // size.
    op->size = reader->format == FORMAT_VULKAN && width != 0 ? width : size;
    op->width = (uint32_t)width;
    op->format = (VkFormat)format;
    op->tiling = (VkImageTiling)tiling;
    if ((handle == 0 && reader->format != FORMAT_VTRACE) ||
        (kind == TRACE_BUFFER ? op->size == 0 : op->width == 0 || op->height == 0)) {
        return fail(reader, "creation without a handle or a size", "");
    }
    reader->trace->slot_count++;
    return note_created(reader, handle + 1, slot);
}

static int read_destruction(struct reader *reader, bool image)
{
    uint64_t handle;
    if (read_handle(reader, image, &handle) != 0) {
        return -1;
    }
    if (handle == 0 && reader->format != FORMAT_VTRACE) {
        return 0; // destroying null is allowed and does nothing
    }
    struct known_handle *known =
        reader->handle_capacity == 0 ? NULL : lookup(reader->handles, reader->handle_capacity, handle + 1);
    if (known == NULL || known->handle == 0 || known->slot == NO_SLOT) {
        return fail(reader, "destroys what is not alive", field(reader, COL_HANDLE));
    }
    struct trace_op *op = add_op(reader);
    if (op == NULL) {
        return fail(reader, "out of memory", "");
    }
    op->kind = TRACE_DESTROY;
    op->slot = known->slot;
    known->slot = reader->next_slot[known->slot];
    return 0;
}

static int read_operation(struct reader *reader)
{
    if (reader->field_count != reader->header_count && !formats[reader->format].short_lines) {
        // A program that was killed leaves half a line behind.
        return reader->unterminated
                   ? 0
                   : fail(reader, "line with another number of columns than the first one", "");
    }
    const char *what = field(reader, COL_WHAT);
    uint64_t result;
    if (read_number(reader, COL_RESULT, 10, 0, &result) != 0) {
        return -1;
    }
    if (strcmp(what, "buf+") == 0 || strcmp(what, "vmaCreateBuffer") == 0) {
        return result == 0 ? read_creation(reader, TRACE_BUFFER) : 0;
    }
    if (strcmp(what, "img+") == 0 || strcmp(what, "vmaCreateImage") == 0) {
        return result == 0 ? read_creation(reader, TRACE_IMAGE) : 0;
    }
    if (strcmp(what, "buf-") == 0 || strcmp(what, "vmaDestroyBuffer") == 0) {
        return read_destruction(reader, false);
    }
    if (strcmp(what, "img-") == 0 || strcmp(what, "vmaDestroyImage") == 0) {
        return read_destruction(reader, true);
    }
    return 0; // maps, submits, the recorded program's own memory: not a resource's life
}

static int open_file(struct reader *reader)
{
    size_t length = strlen(reader->path);
    char command[LINE_SIZE];
    reader->packed = length > 3 && strcmp(reader->path + length - 3, ".gz") == 0;
    if (reader->packed && strchr(reader->path, '\'') != NULL) {
        fprintf(stderr, "bench: %s: no quotation mark may be in the path of a packed recording\n",
                reader->path);
        return -1;
    }
    snprintf(command, sizeof command, "gzip -dc -- '%s'", reader->path);
    reader->file = reader->packed ? popen(command, "r") : fopen(reader->path, "r");
    if (reader->file == NULL) {
        fprintf(stderr, "bench: cannot open %s\n", reader->path);
        return -1;
    }
    return 0;
}

// `status` of the reading goes on; a reading that went well fails when gzip did.
static int close_file(struct reader *reader, int status)
{
    int closed = reader->packed ? pclose(reader->file) : fclose(reader->file);
    return status != 0 || closed == 0 ? status : fail(reader, "gzip cannot unpack it", "");
}

int trace_load(const char *path, struct trace *trace)
{
    struct reader reader = {.path = path, .trace = trace};
    memset(trace, 0, sizeof *trace);
    if (open_file(&reader) != 0) {
        return -1;
    }
    int status = read_header(&reader);
    while (status == 0) {
        int more = read_line(&reader);
        if (more <= 0) {
            status = more;
            break;
        }
        status = read_operation(&reader);
    }
    status = close_file(&reader, status);
    if (status == 0 && trace->slot_count == 0) {
        status = fail(&reader, "holds no buffer and no image", "");
    }
    free(reader.handles);
    free(reader.next_slot);
    if (status != 0) {
        trace_free(trace);
    }
    return status;
}

void trace_free(struct trace *trace)
{
    free(trace->ops);
    memset(trace, 0, sizeof *trace);
}
