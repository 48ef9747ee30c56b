// SPDX-License-Identifier: MIT
// Descriptions from JSON files: the only file here that needs a JSON library.
// Members: name, type, api, driver, vendor, heaps[{size, flags, budget, usage}], types[{heap, flags,
// images{optimal, linear}}], limits{}, features{}, queues[{flags, count}], memory_extensions[],
// requirements[] (lines that a real driver answered, which calibrate the model). Only heaps and types must be
// there.
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_defaults.h"

struct Reader {
    struct VrSimDevice device;
    const char *path;
    char *error;
    size_t error_size;
    bool failed;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
fail(struct Reader *r, const char *format, ...)
{
    if (r->failed) {
        return; // the first cause counts
    }
    r->failed = true;
    const int prefix = snprintf(r->error, r->error_size, "%s: ", r->path);
    if (prefix < 0 || (size_t)prefix >= r->error_size) {
        return;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(r->error + prefix, r->error_size - (size_t)prefix, format, args);
    va_end(args);
}

// ---- members ------------------------------------------------------------------------------------

// A whole number that is not negative. The library is told to read integers as reals, because its own end at
// 2^63 and drivers report sizes close to 2^64; a double holds every whole number below 2^53.
static uint64_t get_number(struct Reader *r, const json_t *object, const char *where, const char *key,
                           uint64_t fallback)
{
    const double two_to_64 = 18446744073709551616.0;
    const json_t *value = json_object_get(object, key);
    if (!value) {
        return fallback;
    }
    const double number = json_is_real(value) ? json_real_value(value) : -1.0;
    if (number < 0.0 || number != floor(number)) {
        fail(r, "%s%s is not a whole number of 0 or more", where, key);
        return fallback;
    }
    return number < two_to_64 ? (uint64_t)number : UINT64_MAX;
}

static const char *get_string(struct Reader *r, const json_t *object, const char *key, const char *fallback)
{
    const json_t *value = json_object_get(object, key);
    if (value && !json_is_string(value)) {
        fail(r, "%s is not a string", key);
    }
    return json_is_string(value) ? json_string_value(value) : fallback;
}

static bool get_bool(struct Reader *r, const json_t *object, const char *key, bool fallback)
{
    const json_t *value = json_object_get(object, key);
    if (value && !json_is_boolean(value)) {
        fail(r, "features.%s is not true or false", key);
    }
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

// Null when it is missing; a failure when it is something else.
static const json_t *get_list(struct Reader *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value && !json_is_array(value)) {
        fail(r, "%s is not a list", key);
    }
    return json_is_array(value) ? value : NULL;
}

// ---- identity -----------------------------------------------------------------------------------

static enum VrSimVendor vendor_of_name(const char *name)
{
    static const struct {
        const char *word;
        enum VrSimVendor vendor;
    } words[] = {
        {"NVIDIA", VR_SIM_VENDOR_NVIDIA}, {"nvidia", VR_SIM_VENDOR_NVIDIA}, {"GeForce", VR_SIM_VENDOR_NVIDIA},
        {"NVK", VR_SIM_VENDOR_NVIDIA},    {"AMD", VR_SIM_VENDOR_AMD},       {"amd", VR_SIM_VENDOR_AMD},
        {"Radeon", VR_SIM_VENDOR_AMD},    {"Intel", VR_SIM_VENDOR_INTEL},   {"intel", VR_SIM_VENDOR_INTEL},
        {"Apple", VR_SIM_VENDOR_APPLE},   {"apple", VR_SIM_VENDOR_APPLE},   {"Mali", VR_SIM_VENDOR_MOBILE},
        {"Adreno", VR_SIM_VENDOR_MOBILE}, {"V3D", VR_SIM_VENDOR_MOBILE},    {"PowerVR", VR_SIM_VENDOR_MOBILE},
        {"mobile", VR_SIM_VENDOR_MOBILE},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(name, words[i].word)) {
            return words[i].vendor;
        }
    }
    return VR_SIM_VENDOR_GENERIC;
}

static void read_identity(struct Reader *r, const json_t *root)
{
    const char *name = get_string(r, root, "name", "simulated device");
    vr_sim_device_defaults(&r->device, vendor_of_name(get_string(r, root, "vendor", name)));
    (void)snprintf(r->device.name, sizeof(r->device.name), "%s", name);
    (void)snprintf(r->device.driver, sizeof(r->device.driver), "%s",
                   get_string(r, root, "driver", "simulated"));

    static const char *const types[] = {"other", "integrated", "discrete", "virtual", "cpu"};
    const char *type = get_string(r, root, "type", "other");
    int index = 0;
    while (index < 5 && strcmp(types[index], type) != 0) {
        index++;
    }
    if (index == 5) {
        fail(r, "type is \"%.40s\"; one of integrated, discrete, virtual, cpu, other is expected", type);
    } else {
        r->device.type = (VkPhysicalDeviceType)index;
    }

    unsigned major = 1, minor = 0, patch = 0;
    const char *api = get_string(r, root, "api", "1.3");
    if (sscanf(api, "%u.%u.%u", &major, &minor, &patch) < 2 || major != 1 || minor > 9) {
        fail(r, "api is \"%.40s\"; a version like 1.3.280 is expected", api);
    }
    r->device.api_version = VK_MAKE_API_VERSION(0, major, minor, patch);
}

// ---- heaps and types ----------------------------------------------------------------------------

static void read_heaps(struct Reader *r, const json_t *root)
{
    const json_t *list = get_list(r, root, "heaps");
    const size_t count = json_array_size(list);
    if (count == 0 || count > VK_MAX_MEMORY_HEAPS) {
        fail(r, "heaps must be a list of 1 to %d heaps", VK_MAX_MEMORY_HEAPS);
        return;
    }
    r->device.heap_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        char where[32];
        (void)snprintf(where, sizeof(where), "heaps[%zu].", i);
        const json_t *heap = json_array_get(list, i);
        struct VrSimHeap *out = &r->device.heaps[i];
        out->size = get_number(r, heap, where, "size", 0);
        if (out->size == 0) {
            fail(r, "%ssize is missing or 0", where);
        }
        out->flags = (VkMemoryHeapFlags)get_number(r, heap, where, "flags", 0);
        out->budget = get_number(r, heap, where, "budget", vr_sim_device_default_budget(out->size));
        out->usage = get_number(r, heap, where, "usage", 0);
    }
}

static uint32_t image_rule(const char *text)
{
    static const struct {
        const char *text;
        uint32_t rule;
    } rules[] = {
        {"color images", VR_SIM_IMAGE_COLOR},
        {"D16_UNORM", VR_SIM_IMAGE_D16},
        {"X8_D24_UNORM_PACK32", VR_SIM_IMAGE_X8_D24},
        {"D32_SFLOAT", VR_SIM_IMAGE_D32},
        {"S8_UINT", VR_SIM_IMAGE_S8},
        {"D16_UNORM_S8_UINT", VR_SIM_IMAGE_D16_S8},
        {"D24_UNORM_S8_UINT", VR_SIM_IMAGE_D24_S8},
        {"D32_SFLOAT_S8_UINT", VR_SIM_IMAGE_D32_S8},
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(rules[i].text, text) == 0) {
            return rules[i].rule;
        }
    }
    return 0;
}

// The formats of one list in bits, and in *conditions what it says in parentheses.
static uint32_t read_formats(struct Reader *r, const json_t *images, const char *key, const char *where,
                             uint32_t *conditions)
{
    const json_t *list = json_object_get(images, key);
    uint32_t formats = 0;
    *conditions = 0;
    if (list && !json_is_array(list)) {
        fail(r, "%simages.%s is not a list", where, key);
        return 0;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text) {
            fail(r, "%simages.%s[%zu] is not a string", where, key, i);
            return 0;
        }
        formats |= image_rule(text);
        *conditions |= strstr(text, "non-sparse") ? (uint32_t)VR_SIM_IMAGE_NOT_SPARSE : 0;
        *conditions |= strstr(text, "non-transient") ? (uint32_t)VR_SIM_IMAGE_NOT_TRANSIENT : 0;
        *conditions |= strstr(text, "transient only") ? (uint32_t)VR_SIM_IMAGE_TRANSIENT_ONLY : 0;
    }
    return formats;
}

static uint32_t read_images(struct Reader *r, const json_t *images, const char *where)
{
    uint32_t optimal_conditions, linear_conditions;
    const uint32_t optimal = read_formats(r, images, "optimal", where, &optimal_conditions);
    const uint32_t linear = read_formats(r, images, "linear", where, &linear_conditions);
    return optimal | (linear ? (uint32_t)VR_SIM_IMAGE_LINEAR : 0) |
           (optimal ? optimal_conditions : linear_conditions);
}

static uint32_t images_by_flags(VkMemoryPropertyFlags flags)
{
    if (flags & VK_MEMORY_PROPERTY_PROTECTED_BIT) {
        return 0;
    }
    if (flags & VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT) {
        return VR_SIM_IMAGE_ALL | VR_SIM_IMAGE_TRANSIENT_ONLY;
    }
    return VR_SIM_IMAGE_ALL;
}

// Drivers list a type twice when only some resources may use the second: without images it is of no use to
// buffers.
static bool is_shadow(const struct VrSimDevice *device, uint32_t index)
{
    const struct VrSimType *type = &device->types[index];
    for (uint32_t i = 0; i < index; i++) {
        if (device->types[i].heap == type->heap && device->types[i].flags == type->flags) {
            return type->images == 0;
        }
    }
    return false;
}

static void read_types(struct Reader *r, const json_t *root)
{
    const VkMemoryPropertyFlags not_for_buffers =
        VK_MEMORY_PROPERTY_PROTECTED_BIT | VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT;
    const json_t *list = get_list(r, root, "types");
    const size_t count = json_array_size(list);
    if (count == 0 || count > VK_MAX_MEMORY_TYPES) {
        fail(r, "types must be a list of 1 to %d types", VK_MAX_MEMORY_TYPES);
        return;
    }
    r->device.type_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        char where[32];
        (void)snprintf(where, sizeof(where), "types[%zu].", i);
        const json_t *type = json_array_get(list, i);
        struct VrSimType *out = &r->device.types[i];
        const uint64_t heap = get_number(r, type, where, "heap", UINT64_MAX);
        if (heap >= r->device.heap_count) {
            fail(r, "%sheap is missing or not one of the %u heaps", where, r->device.heap_count);
            return;
        }
        out->heap = (uint32_t)heap;
        out->flags = (VkMemoryPropertyFlags)get_number(r, type, where, "flags", 0);
        const json_t *images = json_object_get(type, "images");
        out->images = images ? read_images(r, images, where) : images_by_flags(out->flags);
        out->buffers = !(out->flags & not_for_buffers) && !is_shadow(&r->device, (uint32_t)i);
    }
}

// ---- limits, features, queues, extensions -------------------------------------------------------

static bool power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static void read_alignment(struct Reader *r, const json_t *limits, const char *key, VkDeviceSize *out)
{
    const uint64_t value = get_number(r, limits, "limits.", key, *out);
    if (!power_of_two(value)) {
        fail(r, "limits.%s is not a power of two", key);
        return;
    }
    *out = value;
}

static void read_range(struct Reader *r, const json_t *limits, const char *key, uint32_t *out)
{
    const uint64_t value = get_number(r, limits, "limits.", key, *out);
    *out = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

// Some reports print the largest 64-bit number as -1.
static void read_size(struct Reader *r, const json_t *limits, const char *key, VkDeviceSize *out)
{
    const json_t *value = json_object_get(limits, key);
    const bool largest = json_is_real(value) && json_real_value(value) == -1.0;
    *out = largest ? UINT64_MAX : get_number(r, limits, "limits.", key, *out);
}

static void read_limits(struct Reader *r, const json_t *root)
{
    const json_t *limits = json_object_get(root, "limits");
    VkPhysicalDeviceLimits *out = &r->device.limits;
    if (limits && !json_is_object(limits)) {
        fail(r, "limits is not an object");
        return;
    }
    VkDeviceSize map_alignment = out->minMemoryMapAlignment;
    read_alignment(r, limits, "bufferImageGranularity", &out->bufferImageGranularity);
    read_alignment(r, limits, "nonCoherentAtomSize", &out->nonCoherentAtomSize);
    read_alignment(r, limits, "minMemoryMapAlignment", &map_alignment);
    read_alignment(r, limits, "minTexelBufferOffsetAlignment", &out->minTexelBufferOffsetAlignment);
    read_alignment(r, limits, "minUniformBufferOffsetAlignment", &out->minUniformBufferOffsetAlignment);
    read_alignment(r, limits, "minStorageBufferOffsetAlignment", &out->minStorageBufferOffsetAlignment);
    read_alignment(r, limits, "optimalBufferCopyOffsetAlignment", &out->optimalBufferCopyOffsetAlignment);
    read_alignment(r, limits, "minImportedHostPointerAlignment",
                   &r->device.min_imported_host_pointer_alignment);
    out->minMemoryMapAlignment = map_alignment < 64 ? 64 : (size_t)map_alignment;
    if (r->device.vendor == VR_SIM_VENDOR_NVIDIA) {
        r->device.model.uniform_alignment = out->minUniformBufferOffsetAlignment; // as its driver does
    }
    read_range(r, limits, "maxMemoryAllocationCount", &out->maxMemoryAllocationCount);
    read_range(r, limits, "maxUniformBufferRange", &out->maxUniformBufferRange);
    read_range(r, limits, "maxStorageBufferRange", &out->maxStorageBufferRange);
    read_size(r, limits, "sparseAddressSpaceSize", &out->sparseAddressSpaceSize);
    read_size(r, limits, "maxMemoryAllocationSize", &r->device.max_memory_allocation_size);
    read_size(r, limits, "maxBufferSize", &r->device.max_buffer_size);
}

static void read_features(struct Reader *r, const json_t *root)
{
    const json_t *features = json_object_get(root, "features");
    VkPhysicalDeviceFeatures *out = &r->device.features;
    if (features && !json_is_object(features)) {
        fail(r, "features is not an object");
        return;
    }
    out->sparseBinding = get_bool(r, features, "sparseBinding", false);
    out->sparseResidencyBuffer = get_bool(r, features, "sparseResidencyBuffer", false);
    out->sparseResidencyImage2D = get_bool(r, features, "sparseResidencyImage2D", false);
    out->sparseResidencyImage3D = get_bool(r, features, "sparseResidencyImage3D", false);
    out->sparseResidencyAliased = get_bool(r, features, "sparseResidencyAliased", false);
    r->device.buffer_device_address = get_bool(r, features, "bufferDeviceAddress", false);
    r->device.timeline_semaphore = get_bool(r, features, "timelineSemaphore", false);
    r->device.synchronization2 = get_bool(r, features, "synchronization2", false);
}

static VkQueueFlags queue_flags(const json_t *flags)
{
    static const struct {
        const char *word;
        VkQueueFlags bit;
    } words[] = {{"GRAPHICS", VK_QUEUE_GRAPHICS_BIT},
                 {"COMPUTE", VK_QUEUE_COMPUTE_BIT},
                 {"TRANSFER", VK_QUEUE_TRANSFER_BIT},
                 {"SPARSE_BINDING", VK_QUEUE_SPARSE_BINDING_BIT},
                 {"PROTECTED", VK_QUEUE_PROTECTED_BIT}};
    VkQueueFlags bits = 0;
    for (size_t i = 0; json_is_string(flags) && i < sizeof(words) / sizeof(words[0]); i++) {
        bits |= strstr(json_string_value(flags), words[i].word) ? words[i].bit : 0;
    }
    return json_is_real(flags) ? (VkQueueFlags)json_real_value(flags) : bits;
}

// Families beyond VR_SIM_MAX_QUEUE_FAMILIES are left out: they are video engines.
static void read_queues(struct Reader *r, const json_t *root)
{
    const json_t *list = get_list(r, root, "queues");
    const VkQueueFamilyProperties model = r->device.queue_families[0];
    for (size_t i = 0; i < json_array_size(list) && i < VR_SIM_MAX_QUEUE_FAMILIES; i++) {
        const json_t *queue = json_array_get(list, i);
        VkQueueFamilyProperties *out = &r->device.queue_families[i];
        *out = model;
        out->queueFlags = queue_flags(json_object_get(queue, "flags"));
        out->queueCount = (uint32_t)get_number(r, queue, "queues[].", "count", 1);
        r->device.queue_family_count = (uint32_t)i + 1;
    }
}

static void read_extensions(struct Reader *r, const json_t *root)
{
    const json_t *list = get_list(r, root, "memory_extensions");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (!name || !vr_sim_device_add_extension(&r->device, name)) {
            fail(r, "memory_extensions[%zu] is not a string, too long, or one too many", i);
        }
    }
}

// ---- calibration --------------------------------------------------------------------------------

// "buffer 1 -> size 16 align 16 types 7ad" and "image fmt 37 256^2 mips 1 tiling 0 usage 6 -> size ... align
// ..."
static void calibrate(struct Reader *r, const char *line)
{
    struct VrSimModel *model = &r->device.model;
    const char *answer = strstr(line, "-> size ");
    unsigned long long size = 0, alignment = 0;
    unsigned types = 0, extent = 0, tiling = 0;
    if (!answer || sscanf(answer, "-> size %llu align %llu types %x", &size, &alignment, &types) != 3 ||
        !power_of_two(alignment)) {
        return;
    }
    if (strncmp(line, "buffer 1 ", 9) == 0) {
        model->buffer_alignment = alignment;
        model->uniform_alignment = alignment;
        model->buffer_rounding = power_of_two(size) ? size : model->buffer_rounding;
        for (uint32_t i = 0; i < r->device.type_count; i++) {
            r->device.types[i].buffers = (types >> i & 1) != 0;
        }
    } else if (sscanf(line, "image fmt 37 %u^2 mips %*u tiling %u", &extent, &tiling) == 2) {
        if (tiling == 1) {
            model->linear_alignment = alignment;
        } else if (extent >= 1024) {
            model->image_alignment_large = alignment;
            model->image_alignment = alignment < model->image_alignment ? alignment : model->image_alignment;
        }
    }
}

static void read_requirements(struct Reader *r, const json_t *root)
{
    const json_t *list = get_list(r, root, "requirements");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *line = json_string_value(json_array_get(list, i));
        if (!line) {
            fail(r, "requirements[%zu] is not a string", i);
            return;
        }
        calibrate(r, line);
    }
}

bool vr_sim_device_load(const char *path, struct VrSimDevice *device, char *error, size_t error_size)
{
    json_error_t cause;
    json_t *root = json_load_file(path, JSON_DECODE_INT_AS_REAL, &cause);
    struct Reader *r = calloc(1, sizeof(*r));
    if (!r) {
        json_decref(root);
        (void)snprintf(error, error_size, "%s: out of memory", path);
        return false;
    }
    r->path = path;
    r->error = error;
    r->error_size = error_size;
    if (!root) {
        fail(r, "line %d: %s", cause.line, cause.text);
    } else if (!json_is_object(root)) {
        fail(r, "not a JSON object");
    } else {
        read_identity(r, root);
        read_heaps(r, root);
        read_types(r, root);
        read_limits(r, root);
        read_features(r, root);
        read_queues(r, root);
        read_extensions(r, root);
        read_requirements(r, root);
    }
    const bool good = !r->failed;
    if (good) {
        *device = r->device;
    }
    free(r);
    json_decref(root);
    return good;
}
