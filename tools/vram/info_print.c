// SPDX-License-Identifier: MIT
// The two forms in which `vram info` shows a device.
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "info.h"
#include "text.h"

// ---- table ------------------------------------------------------------------------------------------------

static void print_flags(VkMemoryPropertyFlags flags)
{
    const char *comma = "";

    if (!flags) {
        printf("none");
    }
    for (int i = 0; i < CLI_MEMORY_FLAGS; i++) {
        if (flags & cli_memory_flags[i].flag) {
            printf("%s%s", comma, cli_memory_flags[i].word);
            comma = ", ";
        }
    }
}

static void print_heaps(const struct CliDeviceInfo *info)
{
    printf("\n  heap %12s %12s %12s\n", "size", "budget", "used");
    for (uint32_t i = 0; i < info->memory.memoryHeapCount; i++) {
        const VkMemoryHeap *heap = &info->memory.memoryHeaps[i];
        printf("  %-4u %12s %12s %12s  %s\n", i, cli_bytes(heap->size).text,
               info->has_budget ? cli_bytes(info->budget[i]).text : "unknown",
               info->has_budget ? cli_bytes(info->usage[i]).text : "unknown",
               heap->flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT ? "device-local" : "");
    }
    printf("\n  type heap  properties\n");
    for (uint32_t i = 0; i < info->memory.memoryTypeCount; i++) {
        printf("  %-4u %-4u  ", i, info->memory.memoryTypes[i].heapIndex);
        print_flags(info->memory.memoryTypes[i].propertyFlags);
        printf("\n");
    }
}

static void print_limits(const struct CliDeviceInfo *info)
{
    const VkPhysicalDeviceLimits *limits = &info->properties.limits;

    printf("\n  limits\n");
    printf("  %-34s %s\n", "buffers next to images at", cli_bytes(limits->bufferImageGranularity).text);
    printf("  %-34s %s\n", "flush and invalidate by", cli_bytes(limits->nonCoherentAtomSize).text);
    printf("  %-34s %s\n", "memories alive at once", cli_count(limits->maxMemoryAllocationCount).text);
    if (info->max_allocation) {
        printf("  %-34s %s\n", "one memory at most", cli_bytes(info->max_allocation).text);
    }
    if (info->max_buffer) {
        printf("  %-34s %s\n", "one buffer at most", cli_bytes(info->max_buffer).text);
    }
    printf("  %-34s %s\n", "uniform buffer offsets by",
           cli_bytes(limits->minUniformBufferOffsetAlignment).text);
    printf("  %-34s %s\n", "storage buffer offsets by",
           cli_bytes(limits->minStorageBufferOffsetAlignment).text);
}

void cli_info_print(const struct CliDeviceInfo *info)
{
    uint32_t version = info->properties.apiVersion;

    printf("device %u: %s\n", info->index, info->properties.deviceName);
    printf("  %s, Vulkan %u.%u.%u, vendor 0x%04x\n", cli_device_type_name(info->properties.deviceType),
           VK_API_VERSION_MAJOR(version), VK_API_VERSION_MINOR(version), VK_API_VERSION_PATCH(version),
           info->properties.vendorID);
    print_heaps(info);
    print_limits(info);
    printf("\n  extensions\n");
    for (int i = 0; i < CLI_MEMORY_EXTENSIONS; i++) {
        printf("  %-4s %-38s %s\n", info->extensions[i] ? "yes" : "no", cli_memory_extensions[i].name,
               cli_memory_extensions[i].what);
    }
    printf("\n");
}

// ---- JSON ------------------------------------------------------------------------------------------------

static void put_size(json_t *object, const char *name, VkDeviceSize size)
{
    json_object_set_new(object, name,
                        json_integer(size > INT64_MAX ? (json_int_t)INT64_MAX : (json_int_t)size));
}

static json_t *heaps_json(const struct CliDeviceInfo *info)
{
    json_t *heaps = json_array();

    for (uint32_t i = 0; i < info->memory.memoryHeapCount; i++) {
        const VkMemoryHeap *heap = &info->memory.memoryHeaps[i];
        json_t *out = json_object();
        put_size(out, "size", heap->size);
        json_object_set_new(out, "deviceLocal", json_boolean(heap->flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT));
        if (info->has_budget) {
            put_size(out, "budget", info->budget[i]);
            put_size(out, "usage", info->usage[i]);
        }
        json_array_append_new(heaps, out);
    }
    return heaps;
}

static json_t *types_json(const struct CliDeviceInfo *info)
{
    json_t *types = json_array();

    for (uint32_t i = 0; i < info->memory.memoryTypeCount; i++) {
        const VkMemoryType *type = &info->memory.memoryTypes[i];
        json_t *out = json_object();
        json_t *words = json_array();
        for (int f = 0; f < CLI_MEMORY_FLAGS; f++) {
            if (type->propertyFlags & cli_memory_flags[f].flag) {
                json_array_append_new(words, json_string(cli_memory_flags[f].vulkan));
            }
        }
        put_size(out, "heap", type->heapIndex);
        put_size(out, "propertyFlags", type->propertyFlags);
        json_object_set_new(out, "properties", words);
        json_array_append_new(types, out);
    }
    return types;
}

static json_t *limits_json(const struct CliDeviceInfo *info)
{
    const VkPhysicalDeviceLimits *limits = &info->properties.limits;
    json_t *out = json_object();

    put_size(out, "bufferImageGranularity", limits->bufferImageGranularity);
    put_size(out, "nonCoherentAtomSize", limits->nonCoherentAtomSize);
    put_size(out, "maxMemoryAllocationCount", limits->maxMemoryAllocationCount);
    put_size(out, "minUniformBufferOffsetAlignment", limits->minUniformBufferOffsetAlignment);
    put_size(out, "minStorageBufferOffsetAlignment", limits->minStorageBufferOffsetAlignment);
    if (info->max_allocation) {
        put_size(out, "maxMemoryAllocationSize", info->max_allocation);
    }
    if (info->max_buffer) {
        put_size(out, "maxBufferSize", info->max_buffer);
    }
    return out;
}

static json_t *device_json(const struct CliDeviceInfo *info)
{
    uint32_t version = info->properties.apiVersion;
    struct CliText version_text = cli_printf("%u.%u.%u", VK_API_VERSION_MAJOR(version),
                                             VK_API_VERSION_MINOR(version), VK_API_VERSION_PATCH(version));
    json_t *extensions = json_object();
    json_t *out = json_object();

    for (int i = 0; i < CLI_MEMORY_EXTENSIONS; i++) {
        json_object_set_new(extensions, cli_memory_extensions[i].name, json_boolean(info->extensions[i]));
    }
    put_size(out, "index", info->index);
    json_object_set_new(out, "name", json_string(info->properties.deviceName));
    json_object_set_new(out, "type", json_string(cli_device_type_name(info->properties.deviceType)));
    json_object_set_new(out, "apiVersion", json_string(version_text.text));
    put_size(out, "vendorId", info->properties.vendorID);
    json_object_set_new(out, "heaps", heaps_json(info));
    json_object_set_new(out, "types", types_json(info));
    json_object_set_new(out, "limits", limits_json(info));
    json_object_set_new(out, "extensions", extensions);
    return out;
}

void cli_info_print_json(const struct CliDeviceInfo *infos, uint32_t count)
{
    json_t *devices = json_array();
    json_t *root = json_object();

    for (uint32_t i = 0; i < count; i++) {
        json_array_append_new(devices, device_json(&infos[i]));
    }
    json_object_set_new(root, "devices", devices);
    json_dumpf(root, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(root);
}
