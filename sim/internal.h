// SPDX-License-Identifier: MIT
// What the files of the simulation share: the device, its objects, and the way into an entry point.
//
// Objects live in chunks that stay until the simulation ends, so a stale handle can be looked at. A handle is
// the object's address, which is a multiple of 64, plus the object's generation in the low six bits. Each
// thread has a shard of every simulation that it uses: counters that only it writes, and free objects.
// vkCreateBuffer touches nothing else. All that is rare (faults, costs, checks, a hook) hides behind one
// word, `slow`.
#ifndef VR_SIM_INTERNAL_H
#define VR_SIM_INTERNAL_H

#include <stdatomic.h>

#include "os.h"
#include "sim.h"

#if defined(__GNUC__)
#define VR_SIM_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define VR_SIM_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define VR_SIM_UNLIKELY(x) (x)
#define VR_SIM_PRINTF(f, a)
#endif

enum VrSimKind { VR_SIM_KIND_MEMORY, VR_SIM_KIND_BUFFER, VR_SIM_KIND_IMAGE, VR_SIM_KIND_COUNT };

enum VrSimSlow {
    VR_SIM_SLOW_CHECKS = 1 << 0,
    VR_SIM_SLOW_FAULTS = 1 << 1,
    VR_SIM_SLOW_COSTS = 1 << 2,
    VR_SIM_SLOW_HOOK = 1 << 3,
};

enum VrSimSum {
    VR_SIM_SUM_FAILED,
    VR_SIM_SUM_CALLBACKS,
    VR_SIM_SUM_FLUSH_RANGES,
    VR_SIM_SUM_INVALIDATE_RANGES,
    VR_SIM_SUM_ALLOCATED_BYTES,
    VR_SIM_SUM_COUNT
};

// ---- objects ------------------------------------------------------------------------------------

// First member of every object. next is used while the object is free.
struct VrSimObject {
    struct VrSimObject *next;
    uint8_t kind;
    uint8_t alive;
    uint8_t generation;
};

// A buffer or an image; 64 bytes, one cache line.
struct VrSimResource {
    struct VrSimObject object;
    VkDeviceSize size; // required
    VkDeviceSize created_size;
    uint64_t memory; // VkDeviceMemory; 0: not bound
    VkDeviceSize offset;
    uint32_t type_bits;
    uint32_t usage, flags;
    uint8_t alignment_log2;
    bool prefers_dedicated, requires_dedicated;
};

struct VrSimImageShape {
    VkFormat format;
    VkExtent3D extent;
    uint32_t mips, layers, samples;
    VkImageTiling tiling;
    VkImageUsageFlags usage;
};

struct VrSimImage {
    struct VrSimResource resource;
    struct VrSimImageShape shape;
};

struct VrSimMemory {
    struct VrSimObject object;
    struct VrSimMemoryInfo info;
    uint64_t address; // for vkGetBufferDeviceAddress
    void *pages;      // host memory, or reserved addresses once mapped
    bool pages_aligned_calloc;
    _Atomic uint32_t bound;
};

struct VrSimChunk {
    char *objects;
    size_t object_size;
    uint32_t capacity;
    uint8_t kind;
};

#define VR_SIM_MAX_CHUNKS 96

// Objects of one kind that no shard holds. Locked by VrSim.slab_lock.
struct VrSimDepot {
    struct VrSimObject *free;
    struct VrSimChunk *chunk; // the newest, with `used` of its objects handed out
    uint32_t used;
};

// ---- shards -------------------------------------------------------------------------------------

typedef _Atomic uint64_t VrSimCounter; // written by one thread, read by any

struct VrSimShard {
    VrSimCounter calls[VR_SIM_CALL_COUNT];
    VrSimCounter sums[VR_SIM_SUM_COUNT];
    VrSimCounter live[VR_SIM_KIND_COUNT]; // created minus destroyed here; wraps below zero
    VrSimCounter mapped;
    struct VrSimObject *free[VR_SIM_KIND_COUNT];
    uint32_t free_count[VR_SIM_KIND_COUNT];
    uint64_t owner; // thread token; 0: nobody
    struct VrSimShard *next;
};

// ---- device -------------------------------------------------------------------------------------

// A dispatchable object: the first word belongs to the loader.
struct VrSimDispatch {
    uintptr_t loader;
    struct VrSim *sim;
    uint32_t queue_family;
};

struct VrSimFault {
    uint32_t countdown; // 0: disarmed
    uint32_t period;    // 0: once
    VkResult result;
};

struct VrSimCost {
    _Atomic uint64_t fixed_ns;
    _Atomic uint64_t ns_per_mib;
};

struct VrSim {
    // Written rarely, read by every call.
    _Atomic uint32_t slow;
    uint32_t flags;
    uint64_t serial;
    struct VrSimDevice device;

    uint32_t buffer_types; // memoryTypeBits of every buffer

    struct VrSimDispatch instance, physical_device, logical_device, command_buffer;
    struct VrSimDispatch queues[VR_SIM_MAX_QUEUE_FAMILIES];
    _Atomic uint32_t devices_created;

    VrSimMutex slab_lock;
    struct VrSimShard *shards;
    struct VrSimDepot depots[VR_SIM_KIND_COUNT];
    struct VrSimChunk chunks[VR_SIM_MAX_CHUNKS];
    _Atomic uint32_t chunk_count;

    VrSimMutex heap_lock;
    uint64_t heap_bytes[VK_MAX_MEMORY_HEAPS], heap_peak[VK_MAX_MEMORY_HEAPS];
    uint64_t total_bytes, total_peak;
    uint64_t memories, peak_memories;
    uint64_t budget[VK_MAX_MEMORY_HEAPS], other_usage[VK_MAX_MEMORY_HEAPS];
    uint64_t next_address;
    uint64_t next_external; // simulated handles of exported memory

    VrSimMutex control_lock;
    struct VrSimFault faults[VR_SIM_CALL_COUNT];
    uint64_t faults_fired;
    struct VrSimCost costs[VR_SIM_CALL_COUNT];
    _Atomic bool real_delays;
    _Atomic uint64_t clock_ns;
    VrSimRequirementsFn hook;
    void *hook_user;
    uint64_t base_calls[VR_SIM_CALL_COUNT]; // what vr_sim_reset_stats subtracts
    uint64_t base_sums[VR_SIM_SUM_COUNT];

    VrSimMutex misuse_lock;
    VrSimMisuseFn misuse;
    void *misuse_user;
    uint64_t misuse_counts[VR_SIM_MISUSE_COUNT];
    char misuse_text[256];

    struct VrSim *next_alive;
};

// ---- shard.c ------------------------------------------------------------------------------------

struct VrSimShardSlot {
    uint64_t serial;
    struct VrSimShard *shard;
};
extern _Thread_local struct VrSimShardSlot vr_sim_shard_slots[4];

void vr_sim_shards_init(struct VrSim *sim);
void vr_sim_shards_finish(struct VrSim *sim);
struct VrSimShard *
vr_sim_shard_find(struct VrSim *sim); // never null: aborts when the host has no memory at all

static inline struct VrSimShard *vr_sim_shard(struct VrSim *sim)
{
    struct VrSimShardSlot *slot = &vr_sim_shard_slots[sim->serial & 3];
    return VR_SIM_UNLIKELY(slot->serial != sim->serial) ? vr_sim_shard_find(sim) : slot->shard;
}

static inline void vr_sim_add(VrSimCounter *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

// ---- slab.c -------------------------------------------------------------------------------------

bool vr_sim_slab_refill(struct VrSim *sim, struct VrSimShard *shard, enum VrSimKind kind);
void vr_sim_slab_drain(struct VrSim *sim, struct VrSimShard *shard, enum VrSimKind kind);
void vr_sim_slabs_finish(struct VrSim *sim);

#define VR_SIM_SHARD_KEEPS 256u // free objects of a kind; half of them go to the depot when there are more

// The object's members behind VrSimObject are what its last user left. Null: out of memory.
static inline void *vr_sim_object_new(struct VrSim *sim, struct VrSimShard *shard, enum VrSimKind kind)
{
    if (VR_SIM_UNLIKELY(!shard->free[kind]) && !vr_sim_slab_refill(sim, shard, kind)) {
        return NULL;
    }
    struct VrSimObject *object = shard->free[kind];
    shard->free[kind] = object->next;
    shard->free_count[kind]--;
    object->alive = 1;
    vr_sim_add(&shard->live[kind], 1);
    return object;
}

static inline void vr_sim_object_delete(struct VrSim *sim, struct VrSimShard *shard,
                                        struct VrSimObject *object)
{
    const uint8_t kind = object->kind;
    object->alive = 0;
    object->generation = (object->generation + 1) & 63;
    object->next = shard->free[kind];
    shard->free[kind] = object;
    vr_sim_add(&shard->live[kind], (uint64_t)-1);
    if (VR_SIM_UNLIKELY(++shard->free_count[kind] > VR_SIM_SHARD_KEEPS)) {
        vr_sim_slab_drain(sim, shard, (enum VrSimKind)kind);
    }
}

static inline uint64_t vr_sim_handle_of(const struct VrSimObject *object)
{
    return (uint64_t)(uintptr_t)object | object->generation;
}

static inline void *vr_sim_object_of(uint64_t handle)
{
    return (void *)(uintptr_t)(handle & ~(uint64_t)63);
}

#define VR_SIM_BITS(handle) ((uint64_t)(handle))
#define VR_SIM_HANDLE(type, bits) ((type)(bits))

// The object of a handle. With checks on, a handle that is not alive is reported and gives null; so does 0
// without a report when it may be null.
void *vr_sim_checked(struct VrSim *sim, enum VrSimKind kind, uint64_t handle, enum VrSimCall call);
bool vr_sim_is_alive(struct VrSim *sim, enum VrSimKind kind, uint64_t handle);

// ---- gate.c: the way into an entry point --------------------------------------------------------

VkResult vr_sim_gate_slow(struct VrSim *sim, enum VrSimCall call, bool can_fail);
void vr_sim_charge_bytes(struct VrSim *sim, enum VrSimCall call, uint64_t bytes);
void vr_sim_gate_init(struct VrSim *sim);
void vr_sim_set_slow(struct VrSim *sim, uint32_t bit, bool on);

static inline uint32_t vr_sim_slow(const struct VrSim *sim)
{
    return atomic_load_explicit(&sim->slow, memory_order_relaxed);
}

static inline bool vr_sim_checks(const struct VrSim *sim)
{
    return VR_SIM_UNLIKELY((vr_sim_slow(sim) & VR_SIM_SLOW_CHECKS) != 0);
}

// Counts a call that cannot fail and charges its fixed cost.
static inline void vr_sim_count(struct VrSim *sim, struct VrSimShard *shard, enum VrSimCall call)
{
    vr_sim_add(&shard->calls[call], 1);
    if (VR_SIM_UNLIKELY((vr_sim_slow(sim) & VR_SIM_SLOW_COSTS) != 0)) {
        (void)vr_sim_gate_slow(sim, call, false);
    }
}

// The same for one that returns a VkResult; not VK_SUCCESS: the entry point must return that at once.
static inline VkResult vr_sim_enter(struct VrSim *sim, struct VrSimShard *shard, enum VrSimCall call)
{
    vr_sim_add(&shard->calls[call], 1);
    if (VR_SIM_UNLIKELY((vr_sim_slow(sim) & (VR_SIM_SLOW_COSTS | VR_SIM_SLOW_FAULTS)) != 0)) {
        const VkResult result = vr_sim_gate_slow(sim, call, true);
        if (result < 0) {
            vr_sim_add(&shard->sums[VR_SIM_SUM_FAILED], 1);
        }
        return result;
    }
    return VK_SUCCESS;
}

static inline VkResult vr_sim_failed(struct VrSimShard *shard, VkResult result)
{
    vr_sim_add(&shard->sums[VR_SIM_SUM_FAILED], 1);
    return result;
}

static inline void vr_sim_count_callbacks(struct VrSimShard *shard, const VkAllocationCallbacks *callbacks)
{
    if (VR_SIM_UNLIKELY(callbacks != NULL)) {
        vr_sim_add(&shard->sums[VR_SIM_SUM_CALLBACKS], 1);
    }
}

// ---- misuse.c -----------------------------------------------------------------------------------

// Nothing when checks are off. The text begins with the name of the entry point.
void vr_sim_report(struct VrSim *sim, enum VrSimMisuse kind, enum VrSimCall call, const char *format, ...)
    VR_SIM_PRINTF(4, 5);

// ---- requirements.c, format.c -------------------------------------------------------------------

struct VrSimBlock {
    uint8_t bytes, width, height; // of a block of texels
    uint8_t depth_stencil;        // bit 0 depth, bit 1 stencil
};
struct VrSimBlock vr_sim_format_block(VkFormat format);

void vr_sim_buffer_requirements(struct VrSim *sim, const VkBufferCreateInfo *info,
                                struct VrSimRequirements *out);
void vr_sim_image_requirements(struct VrSim *sim, const VkImageCreateInfo *info,
                               struct VrSimRequirements *out);
struct VrSimImageShape vr_sim_shape_of(const VkImageCreateInfo *info);
uint32_t vr_sim_buffer_usage(const VkBufferCreateInfo *info); // the low 32 bits
void vr_sim_linear_layout(const struct VrSimModel *model, const struct VrSimImageShape *shape,
                          const VkImageSubresource *which, VkSubresourceLayout *out);

// ---- the rest -----------------------------------------------------------------------------------

static inline struct VrSim *vr_sim_of(const void *dispatchable)
{
    return ((const struct VrSimDispatch *)dispatchable)->sim;
}

static inline const void *vr_sim_find_in_chain(const void *chain, VkStructureType type)
{
    const VkBaseInStructure *s = (const VkBaseInStructure *)chain;
    while (s && s->sType != type) {
        s = s->pNext;
    }
    return s;
}

extern struct VrSim *_Atomic vr_sim_default;
uint64_t vr_sim_report_leaks(struct VrSim *sim); // and how many objects are alive
void vr_sim_release_pages(struct VrSim *sim, struct VrSimMemory *memory);

#endif
