// SPDX-License-Identifier: MIT
// VkDeviceMemory: allocation within the heaps, mapping, flushes.
#include <string.h>

#include "entries.h"
#include "internal.h"

#define SMALL_BACKING                                                                                        \
    65536u // below it host memory comes from the C library: the number of mappings is limited
#define ADDRESS_STEP 65536u

// ---- heaps --------------------------------------------------------------------------------------

static VkResult check_allocation(struct VrSim *sim, const VkMemoryAllocateInfo *info)
{
    const enum VrSimCall call = VR_SIM_CALL_ALLOCATE_MEMORY;
    if (info->sType != VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call, "sType is %d", (int)info->sType);
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    if (info->allocationSize == 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_SIZE, call, "allocationSize is 0");
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    if (info->memoryTypeIndex >= sim->device.type_count) {
        vr_sim_report(sim, VR_SIM_MISUSE_TYPE, call, "memoryTypeIndex %u of %u types", info->memoryTypeIndex,
                      sim->device.type_count);
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    const struct VrSimHeap *heap = &sim->device.heaps[sim->device.types[info->memoryTypeIndex].heap];
    if (info->allocationSize > heap->size) {
        vr_sim_report(sim, VR_SIM_MISUSE_SIZE, call, "allocationSize %llu is more than the heap's %llu",
                      (unsigned long long)info->allocationSize, (unsigned long long)heap->size);
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    return info->allocationSize > sim->device.max_memory_allocation_size ? VK_ERROR_OUT_OF_DEVICE_MEMORY
                                                                         : VK_SUCCESS;
}

static VkResult take_from_heap(struct VrSim *sim, uint32_t heap, VkDeviceSize size, uint64_t *address)
{
    VkResult result = VK_SUCCESS;
    vr_sim_mutex_lock(&sim->heap_lock);
    const uint64_t taken = sim->heap_bytes[heap] + sim->other_usage[heap];
    const uint64_t heap_size = sim->device.heaps[heap].size;
    if (sim->memories >= sim->device.limits.maxMemoryAllocationCount) {
        result = VK_ERROR_TOO_MANY_OBJECTS;
    } else if (taken > heap_size || size > heap_size - taken) {
        result = VK_ERROR_OUT_OF_DEVICE_MEMORY;
    } else {
        sim->heap_bytes[heap] += size;
        sim->total_bytes += size;
        sim->memories++;
        if (sim->heap_bytes[heap] > sim->heap_peak[heap]) {
            sim->heap_peak[heap] = sim->heap_bytes[heap];
        }
        if (sim->total_bytes > sim->total_peak) {
            sim->total_peak = sim->total_bytes;
        }
        if (sim->memories > sim->peak_memories) {
            sim->peak_memories = sim->memories;
        }
        *address = sim->next_address;
        sim->next_address += (size + 2 * ADDRESS_STEP - 1) / ADDRESS_STEP * ADDRESS_STEP; // a gap behind each
    }
    vr_sim_mutex_unlock(&sim->heap_lock);
    return result;
}

static void give_to_heap(struct VrSim *sim, uint32_t heap, VkDeviceSize size)
{
    vr_sim_mutex_lock(&sim->heap_lock);
    sim->heap_bytes[heap] -= size;
    sim->total_bytes -= size;
    sim->memories--;
    vr_sim_mutex_unlock(&sim->heap_lock);
}

// ---- host memory --------------------------------------------------------------------------------

static bool back_with_pages(struct VrSim *sim, struct VrSimMemory *memory)
{
    if (sizeof(size_t) < sizeof(VkDeviceSize) && memory->info.size > SIZE_MAX) {
        return false;
    }
    const size_t size = (size_t)memory->info.size;
    memory->pages_aligned_calloc = false;
    if (!(sim->flags & VR_SIM_BACKING)) {
        memory->pages = vr_sim_pages_reserved(size);
    } else if (size < SMALL_BACKING) {
        memory->pages_aligned_calloc = true;
        memory->pages = vr_sim_aligned_calloc(sim->device.limits.minMemoryMapAlignment, size);
    } else {
        memory->pages = vr_sim_pages_backed(size);
    }
    return memory->pages != NULL;
}

void vr_sim_release_pages(struct VrSim *sim, struct VrSimMemory *memory)
{
    (void)sim;
    if (memory->pages_aligned_calloc) {
        vr_sim_aligned_free(memory->pages);
    } else {
        vr_sim_pages_free(memory->pages, (size_t)memory->info.size);
    }
    memory->pages = NULL;
    memory->pages_aligned_calloc = false;
}

// ---- allocate and free --------------------------------------------------------------------------

static void read_chain(const VkBaseInStructure *chain, struct VrSimMemoryInfo *out)
{
    for (const VkBaseInStructure *s = chain; s; s = s->pNext) {
        const void *any = s;
        switch ((int)s->sType) {
        case VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO:
            out->dedicated_buffer = ((const VkMemoryDedicatedAllocateInfo *)any)->buffer;
            out->dedicated_image = ((const VkMemoryDedicatedAllocateInfo *)any)->image;
            break;
        case VK_STRUCTURE_TYPE_MEMORY_PRIORITY_ALLOCATE_INFO_EXT:
            out->has_priority = true;
            out->priority = ((const VkMemoryPriorityAllocateInfoEXT *)any)->priority;
            break;
        case VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO:
            out->flags = ((const VkMemoryAllocateFlagsInfo *)any)->flags;
            out->device_mask = ((const VkMemoryAllocateFlagsInfo *)any)->deviceMask;
            break;
        case VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO:
            out->export_types = ((const VkExportMemoryAllocateInfo *)any)->handleTypes;
            break;
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_FD_INFO_KHR:
            out->import_type = ((const VkImportMemoryFdInfoKHR *)any)->handleType;
            break;
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT:
            out->import_type = ((const VkImportMemoryHostPointerInfoEXT *)any)->handleType;
            break;
        case VK_STRUCTURE_TYPE_IMPORT_MEMORY_WIN32_HANDLE_INFO_KHR:
            out->import_type = ((const struct VrSimImportWin32Info *)any)->handleType;
            break;
        default:
            break;
        }
    }
}

static void check_dedicated(struct VrSim *sim, const struct VrSimMemoryInfo *info)
{
    const enum VrSimCall call = VR_SIM_CALL_ALLOCATE_MEMORY;
    const uint64_t buffer = VR_SIM_BITS(info->dedicated_buffer);
    const uint64_t image = VR_SIM_BITS(info->dedicated_image);
    if (!vr_sim_checks(sim) || (buffer == 0 && image == 0)) {
        return;
    }
    if (buffer != 0 && image != 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call, "dedicated to a buffer and to an image");
        return;
    }
    const struct VrSimResource *resource = buffer != 0 ? vr_sim_checked(sim, VR_SIM_KIND_BUFFER, buffer, call)
                                                       : vr_sim_checked(sim, VR_SIM_KIND_IMAGE, image, call);
    if (resource && resource->size != info->size) {
        vr_sim_report(sim, VR_SIM_MISUSE_DEDICATED, call,
                      "allocationSize %llu, but the resource requires %llu", (unsigned long long)info->size,
                      (unsigned long long)resource->size);
    }
}

VkResult VKAPI_CALL vr_sim_vkAllocateMemory(VkDevice device, const VkMemoryAllocateInfo *info,
                                            const VkAllocationCallbacks *callbacks, VkDeviceMemory *out)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_ALLOCATE_MEMORY);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_sim_count_callbacks(shard, callbacks);
    struct VrSimMemoryInfo what = {.size = info->allocationSize, .type = info->memoryTypeIndex};
    uint64_t address = 0;
    result = check_allocation(sim, info);
    if (result == VK_SUCCESS) {
        read_chain(info->pNext, &what);
        check_dedicated(sim, &what);
        what.heap = sim->device.types[what.type].heap;
        result = take_from_heap(sim, what.heap, what.size, &address);
    }
    if (result != VK_SUCCESS) {
        return vr_sim_failed(shard, result);
    }

    struct VrSimMemory *memory = vr_sim_object_new(sim, shard, VR_SIM_KIND_MEMORY);
    if (!memory) {
        give_to_heap(sim, what.heap, what.size);
        return vr_sim_failed(shard, VK_ERROR_OUT_OF_HOST_MEMORY);
    }
    memory->info = what;
    memory->address = address;
    memory->pages = NULL;
    atomic_store_explicit(&memory->bound, 0, memory_order_relaxed);
    if ((sim->flags & VR_SIM_BACKING) && !back_with_pages(sim, memory)) {
        vr_sim_object_delete(sim, shard, &memory->object);
        give_to_heap(sim, what.heap, what.size);
        return vr_sim_failed(shard, VK_ERROR_OUT_OF_DEVICE_MEMORY);
    }
    vr_sim_charge_bytes(sim, VR_SIM_CALL_ALLOCATE_MEMORY, what.size);
    vr_sim_add(&shard->sums[VR_SIM_SUM_ALLOCATED_BYTES], what.size);
    *out = VR_SIM_HANDLE(VkDeviceMemory, vr_sim_handle_of(&memory->object));
    return VK_SUCCESS;
}

void VKAPI_CALL vr_sim_vkFreeMemory(VkDevice device, VkDeviceMemory handle,
                                    const VkAllocationCallbacks *callbacks)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    vr_sim_count(sim, shard, VR_SIM_CALL_FREE_MEMORY);
    vr_sim_count_callbacks(shard, callbacks);
    if (handle == VK_NULL_HANDLE) {
        return;
    }
    struct VrSimMemory *memory =
        vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(handle), VR_SIM_CALL_FREE_MEMORY);
    if (!memory) {
        return;
    }
    const uint32_t bound = atomic_load_explicit(&memory->bound, memory_order_relaxed);
    if (bound != 0) {
        vr_sim_report(sim, VR_SIM_MISUSE_FREE_BOUND, VR_SIM_CALL_FREE_MEMORY, "%u resources are bound to it",
                      bound);
    }
    if (memory->info.mapped) {
        vr_sim_add(&shard->mapped, (uint64_t)-1);
    }
    vr_sim_charge_bytes(sim, VR_SIM_CALL_FREE_MEMORY, memory->info.size);
    give_to_heap(sim, memory->info.heap, memory->info.size);
    vr_sim_release_pages(sim, memory);
    vr_sim_object_delete(sim, shard, &memory->object);
}

void VKAPI_CALL vr_sim_vkSetDeviceMemoryPriorityEXT(VkDevice device, VkDeviceMemory handle, float priority)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_SET_MEMORY_PRIORITY;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    struct VrSimMemory *memory = vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(handle), call);
    if (memory) {
        memory->info.has_priority = true;
        memory->info.priority = priority;
    }
}

void VKAPI_CALL vr_sim_vkGetDeviceMemoryCommitment(VkDevice device, VkDeviceMemory handle,
                                                   VkDeviceSize *bytes)
{
    struct VrSim *sim = vr_sim_of(device);
    const enum VrSimCall call = VR_SIM_CALL_GET_MEMORY_COMMITMENT;
    vr_sim_count(sim, vr_sim_shard(sim), call);
    const struct VrSimMemory *memory = vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(handle), call);
    const bool lazy =
        memory && (sim->device.types[memory->info.type].flags & VK_MEMORY_PROPERTY_LAZILY_ALLOCATED_BIT);
    *bytes = memory && !lazy ? memory->info.size : 0;
}

// A number that is unlike every earlier one stands for the handle.
VkResult VKAPI_CALL vr_sim_vkGetMemoryWin32HandleKHR(VkDevice device, const struct VrSimWin32HandleInfo *info,
                                                     void **handle)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    const enum VrSimCall call = VR_SIM_CALL_GET_MEMORY_WIN32_HANDLE;
    const VkResult result = vr_sim_enter(sim, shard, call);
    if (result != VK_SUCCESS) {
        return result;
    }
    const struct VrSimMemory *memory =
        vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(info->memory), call);
    if (!memory) {
        return vr_sim_failed(shard, VK_ERROR_VALIDATION_FAILED_EXT);
    }
    if (!(memory->info.export_types & (VkExternalMemoryHandleTypeFlags)info->handleType)) {
        vr_sim_report(sim, VR_SIM_MISUSE_STRUCTURE, call,
                      "the memory was not allocated for export as type 0x%x", (unsigned)info->handleType);
        return vr_sim_failed(shard, VK_ERROR_VALIDATION_FAILED_EXT);
    }
    vr_sim_mutex_lock(&sim->heap_lock);
    *handle = (void *)(uintptr_t)(++sim->next_external * 4);
    vr_sim_mutex_unlock(&sim->heap_lock);
    return VK_SUCCESS;
}

// ---- map ----------------------------------------------------------------------------------------

static VkResult map(struct VrSim *sim, struct VrSimShard *shard, VkDeviceMemory handle, VkDeviceSize offset,
                    VkDeviceSize size, void **data)
{
    const enum VrSimCall call = VR_SIM_CALL_MAP_MEMORY;
    struct VrSimMemory *memory = vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(handle), call);
    if (!memory) {
        return VK_ERROR_VALIDATION_FAILED_EXT;
    }
    struct VrSimMemoryInfo *info = &memory->info;
    if (info->mapped) {
        vr_sim_report(sim, VR_SIM_MISUSE_MAP, call, "mapped already");
        return VK_ERROR_MEMORY_MAP_FAILED;
    }
    if (!(sim->device.types[info->type].flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT)) {
        vr_sim_report(sim, VR_SIM_MISUSE_MAP, call, "memory type %u is not host visible", info->type);
        return VK_ERROR_MEMORY_MAP_FAILED;
    }
    if (offset >= info->size || size == 0 || (size != VK_WHOLE_SIZE && size > info->size - offset)) {
        vr_sim_report(sim, VR_SIM_MISUSE_RANGE, call, "offset %llu size %llu of %llu bytes",
                      (unsigned long long)offset, (unsigned long long)size, (unsigned long long)info->size);
        return VK_ERROR_MEMORY_MAP_FAILED;
    }
    if (!memory->pages && !back_with_pages(sim, memory)) {
        return VK_ERROR_MEMORY_MAP_FAILED;
    }
    info->mapped = (char *)memory->pages + offset;
    info->map_offset = offset;
    info->map_size = size == VK_WHOLE_SIZE ? info->size - offset : size;
    vr_sim_add(&shard->mapped, 1);
    *data = info->mapped;
    return VK_SUCCESS;
}

static bool unmap(struct VrSim *sim, struct VrSimShard *shard, VkDeviceMemory handle)
{
    const enum VrSimCall call = VR_SIM_CALL_UNMAP_MEMORY;
    struct VrSimMemory *memory = vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(handle), call);
    if (!memory) {
        return false;
    }
    if (!memory->info.mapped) {
        vr_sim_report(sim, VR_SIM_MISUSE_MAP, call, "not mapped");
        return false;
    }
    memory->info.mapped = NULL;
    memory->info.map_offset = 0;
    memory->info.map_size = 0;
    vr_sim_add(&shard->mapped, (uint64_t)-1);
    return true;
}

VkResult VKAPI_CALL vr_sim_vkMapMemory(VkDevice device, VkDeviceMemory memory, VkDeviceSize offset,
                                       VkDeviceSize size, VkMemoryMapFlags flags, void **data)
{
    (void)flags;
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_MAP_MEMORY);
    if (result != VK_SUCCESS) {
        return result;
    }
    result = map(sim, shard, memory, offset, size, data);
    return result == VK_SUCCESS ? result : vr_sim_failed(shard, result);
}

void VKAPI_CALL vr_sim_vkUnmapMemory(VkDevice device, VkDeviceMemory memory)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    vr_sim_count(sim, shard, VR_SIM_CALL_UNMAP_MEMORY);
    (void)unmap(sim, shard, memory);
}

#ifdef VK_KHR_map_memory2
VkResult VKAPI_CALL vr_sim_vkMapMemory2KHR(VkDevice device, const VkMemoryMapInfoKHR *info, void **data)
{
    return vr_sim_vkMapMemory(device, info->memory, info->offset, info->size, info->flags, data);
}

VkResult VKAPI_CALL vr_sim_vkUnmapMemory2KHR(VkDevice device, const VkMemoryUnmapInfoKHR *info)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    const VkResult result = vr_sim_enter(sim, shard, VR_SIM_CALL_UNMAP_MEMORY);
    if (result != VK_SUCCESS) {
        return result;
    }
    return unmap(sim, shard, info->memory) ? VK_SUCCESS
                                           : vr_sim_failed(shard, VK_ERROR_VALIDATION_FAILED_EXT);
}
#endif

// ---- flush and invalidate -----------------------------------------------------------------------

static bool check_range(struct VrSim *sim, enum VrSimCall call, const VkMappedMemoryRange *range)
{
    const struct VrSimMemory *memory =
        vr_sim_checked(sim, VR_SIM_KIND_MEMORY, VR_SIM_BITS(range->memory), call);
    if (!memory) {
        return false;
    }
    const struct VrSimMemoryInfo *info = &memory->info;
    const VkDeviceSize atom = sim->device.limits.nonCoherentAtomSize;
    const VkDeviceSize map_end = info->map_offset + info->map_size;
    const unsigned long long offset = range->offset, size = range->size;
    if (!info->mapped) {
        vr_sim_report(sim, VR_SIM_MISUSE_NOT_MAPPED, call, "the memory is not mapped");
        return false;
    }
    if (range->offset < info->map_offset || range->offset > map_end ||
        (range->size != VK_WHOLE_SIZE && range->size > map_end - range->offset)) {
        vr_sim_report(sim, VR_SIM_MISUSE_NOT_MAPPED, call,
                      "offset %llu size %llu is outside of the mapped range", offset, size);
        return false;
    }
    const VkDeviceSize end = range->size == VK_WHOLE_SIZE ? map_end : range->offset + range->size;
    if (range->offset % atom != 0 || (end % atom != 0 && end != info->size)) {
        vr_sim_report(sim, VR_SIM_MISUSE_ALIGNMENT, call,
                      "offset %llu size %llu, but nonCoherentAtomSize is %llu", offset, size,
                      (unsigned long long)atom);
        return false;
    }
    return true;
}

static VkResult check_ranges(VkDevice device, enum VrSimCall call, enum VrSimSum sum, uint32_t count,
                             const VkMappedMemoryRange *ranges)
{
    struct VrSim *sim = vr_sim_of(device);
    struct VrSimShard *shard = vr_sim_shard(sim);
    const VkResult result = vr_sim_enter(sim, shard, call);
    if (result != VK_SUCCESS) {
        return result;
    }
    vr_sim_add(&shard->sums[sum], count);
    bool good = true;
    for (uint32_t i = 0; i < count && vr_sim_checks(sim); i++) {
        good = check_range(sim, call, &ranges[i]) && good;
    }
    return good ? VK_SUCCESS : vr_sim_failed(shard, VK_ERROR_VALIDATION_FAILED_EXT);
}

VkResult VKAPI_CALL vr_sim_vkFlushMappedMemoryRanges(VkDevice device, uint32_t count,
                                                     const VkMappedMemoryRange *ranges)
{
    return check_ranges(device, VR_SIM_CALL_FLUSH_RANGES, VR_SIM_SUM_FLUSH_RANGES, count, ranges);
}

VkResult VKAPI_CALL vr_sim_vkInvalidateMappedMemoryRanges(VkDevice device, uint32_t count,
                                                          const VkMappedMemoryRange *ranges)
{
    return check_ranges(device, VR_SIM_CALL_INVALIDATE_RANGES, VR_SIM_SUM_INVALIDATE_RANGES, count, ranges);
}
