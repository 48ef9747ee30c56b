// SPDX-License-Identifier: MIT
// Lanes: chunks come from the central index, whatever other lanes hold.
#include "device.h"

#include "engine/allocation.h"
#include "engine/lane.h"

enum { MOST_HOLES = 64 };

static struct VrArena *open_arena(struct Device *device, uint32_t *type)
{
    device_open(device, "amd-rebar", NULL);
    *type = device_type_with(device, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT);
    VmaAllocation first = device_allocate(device, *type, 8 * MIB);
    struct VrArena *arena = vr_range_block(vr_allocation_range(first))->arena;
    vmaFreeMemory(device->allocator, first); // leaves an empty block
    atomic_store(&arena->route, VR_ROUTE_LANES);
    return arena;
}

// Takes every hole of the central index that could be a chunk.
static uint32_t fill_centre(struct VrArena *arena, struct VrRange *holes[MOST_HOLES])
{
    uint32_t count = 0;
    for (uint64_t size = 16 * MIB; size >= 4 * KIB; size /= 2) {
        struct VrRange *range;
        while (count < MOST_HOLES &&
               (range = vr_ranges_take_any(&arena->central.ranges, size, 1)) != NULL) {
            holes[count++] = range;
        }
    }
    return count;
}

static void test_a_chunk_is_never_cut_from_the_chunk_of_another_lane(void **state)
{
    (void)state;
    struct Device device;
    uint32_t type;
    struct VrArena *arena = open_arena(&device, &type);
    struct VrRange *holes[MOST_HOLES];

    atomic_store(&arena->chunk_size, 1 * MIB);
    vmaFreeMemory(device.allocator, device_allocate(&device, type, 256)); // this lane keeps a large chunk
    uint32_t count = fill_centre(arena, holes);
    vr_thread_change_slot();
    atomic_store(&arena->chunk_size, 64 * KIB);
    VmaAllocation other = device_allocate(&device, type, 256); // another lane, and the centre has nothing left

    const struct VrSpan *span = vr_allocation_range(other)->span;
    if (span->index != &arena->central.ranges) {
        assert_ptr_equal(span->inside->span->index, &arena->central.ranges);
    }
    vmaFreeMemory(device.allocator, other);
    while (count) {
        vr_ranges_give(&arena->central.ranges, holes[--count]);
    }
    device_close(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_chunk_is_never_cut_from_the_chunk_of_another_lane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
