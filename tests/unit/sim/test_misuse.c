// SPDX-License-Identifier: MIT
// Each misuse of the API is reported once, with its kind and a text, and does no harm.
#include "fixture.h"

#include <string.h>

struct Report {
    enum VrSimMisuse kind;
    char text[256];
    int count;
};

static void remember(void *user, enum VrSimMisuse kind, const char *text)
{
    struct Report *report = user;
    report->kind = kind;
    report->count++;
    strncpy(report->text, text, sizeof(report->text) - 1);
}

static void open_reporting(struct Fixture *f, const char *builtin, struct Report *report)
{
    struct VrSimDevice device;
    assert_true(vr_sim_device_builtin(builtin, &device));
    memset(report, 0, sizeof(*report));
    const struct VrSimCreateInfo info = {
        .device = &device, .flags = VR_SIM_CHECKS, .misuse = remember, .misuse_user = report};
    fixture_open_with(f, &info);
}

// One report of this kind since the last look, with this piece of text.
static void assert_reported(struct Report *report, enum VrSimMisuse kind, const char *piece)
{
    if (report->count != 1 || report->kind != kind || !strstr(report->text, piece)) {
        fail_msg("%d reports, the last of kind %d: \"%s\"; expected kind %d with \"%s\"", report->count,
                 (int)report->kind, report->text, (int)kind, piece);
    }
    report->count = 0;
}

static void close_quietly(struct Fixture *f, const struct Report *report)
{
    assert_int_equal(report->count, 0);
    assert_int_equal(vr_sim_destroy(f->sim), 0);
    assert_int_equal(report->count, 0);
}

static void wrong_allocations_are_refused(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    VkDeviceMemory memory;
    open_reporting(&f, "single", &report);
    assert_int_equal(fixture_allocate(&f, 0, 0, &memory), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_SIZE, "vkAllocateMemory: allocationSize is 0");
    assert_int_equal(fixture_allocate(&f, 1, 64, &memory), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_TYPE, "memoryTypeIndex 1 of 1 types");
    assert_int_equal(fixture_allocate(&f, 0, 2048 * MIB, &memory), VK_ERROR_OUT_OF_DEVICE_MEMORY);
    assert_reported(&report, VR_SIM_MISUSE_SIZE, "more than the heap");
    assert_int_equal(vr_sim_misuse_count(f.sim), 3);
    assert_int_equal(vr_sim_misuse_count_of(f.sim, VR_SIM_MISUSE_SIZE), 2);
    vr_sim_reset_misuse(f.sim);
    assert_int_equal(vr_sim_misuse_count(f.sim), 0);
    close_quietly(&f, &report);
}

static void wrong_mappings_are_refused(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    void *data;
    open_reporting(&f, "nvidia-rebar", &report);
    VkDeviceMemory hidden = fixture_memory(&f, 1, 4096), visible = fixture_memory(&f, 3, 4096);
    assert_int_equal(f.MapMemory(f.device, hidden, 0, 64, 0, &data), VK_ERROR_MEMORY_MAP_FAILED);
    assert_reported(&report, VR_SIM_MISUSE_MAP, "not host visible");
    assert_int_equal(f.MapMemory(f.device, visible, 4096, VK_WHOLE_SIZE, 0, &data),
                     VK_ERROR_MEMORY_MAP_FAILED);
    assert_reported(&report, VR_SIM_MISUSE_RANGE, "offset 4096");
    assert_int_equal(f.MapMemory(f.device, visible, 64, 4096, 0, &data), VK_ERROR_MEMORY_MAP_FAILED);
    assert_reported(&report, VR_SIM_MISUSE_RANGE, "of 4096 bytes");
    f.UnmapMemory(f.device, visible);
    assert_reported(&report, VR_SIM_MISUSE_MAP, "not mapped");
    assert_int_equal(f.MapMemory(f.device, visible, 0, 64, 0, &data), VK_SUCCESS);
    assert_int_equal(f.MapMemory(f.device, visible, 0, 64, 0, &data), VK_ERROR_MEMORY_MAP_FAILED);
    assert_reported(&report, VR_SIM_MISUSE_MAP, "mapped already");
    f.FreeMemory(f.device, hidden, NULL);
    f.FreeMemory(f.device, visible, NULL);
    close_quietly(&f, &report);
}

static void wrong_flushes_are_refused(void **state)
{
    (void)state;
    static const struct {
        VkDeviceSize offset, size;
        enum VrSimMisuse kind;
    } cases[] = {
        {320, 64, VR_SIM_MISUSE_NOT_MAPPED},  // behind the mapping of [64, 320)
        {0, 64, VR_SIM_MISUSE_NOT_MAPPED},    // before it
        {128, 256, VR_SIM_MISUSE_NOT_MAPPED}, // across its end
        {96, 64, VR_SIM_MISUSE_ALIGNMENT},    {64, 65, VR_SIM_MISUSE_ALIGNMENT},
    };
    struct Fixture f;
    struct Report report;
    void *data;
    open_reporting(&f, "mali", &report);
    VkDeviceMemory memory = fixture_memory(&f, 1, 4096);
    VkMappedMemoryRange range = {VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE, NULL, memory, 0, 64};
    assert_int_equal(f.FlushMappedMemoryRanges(f.device, 1, &range), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_NOT_MAPPED, "vkFlushMappedMemoryRanges: the memory is not mapped");
    assert_int_equal(f.MapMemory(f.device, memory, 64, 256, 0, &data), VK_SUCCESS);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        range.offset = cases[i].offset;
        range.size = cases[i].size;
        assert_int_equal(f.InvalidateMappedMemoryRanges(f.device, 1, &range), VK_ERROR_VALIDATION_FAILED_EXT);
        assert_reported(&report, cases[i].kind, "vkInvalidateMappedMemoryRanges: ");
    }
    f.FreeMemory(f.device, memory, NULL);
    close_quietly(&f, &report);
}

static void wrong_bindings_are_refused_and_leave_the_buffer_unbound(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    struct VrSimResourceInfo info;
    open_reporting(&f, "amd-rebar", &report);
    VkBuffer buffer = fixture_buffer(&f, 256, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
    VkDeviceMemory shadow = fixture_memory(&f, 1, 4096), memory = fixture_memory(&f, 0, 4096);

    assert_int_equal(f.BindBufferMemory(f.device, buffer, shadow, 0), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_TYPE, "memory type 1 is not in memoryTypeBits 0x7ad");
    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 8), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_ALIGNMENT, "alignment is 16");
    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 3856), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_RANGE, "in a memory of 4096");
    vr_sim_buffer_info(buffer, &info);
    assert_true(info.memory == VK_NULL_HANDLE);

    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 3840), VK_SUCCESS);
    assert_int_equal(f.BindBufferMemory(f.device, buffer, memory, 0), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_DOUBLE_BIND, "bound already");
    vr_sim_buffer_info(buffer, &info);
    assert_int_equal(info.offset, 3840);

    f.FreeMemory(f.device, memory, NULL);
    assert_reported(&report, VR_SIM_MISUSE_FREE_BOUND, "1 resources are bound");
    f.FreeMemory(f.device, shadow, NULL);
    f.DestroyBuffer(f.device, buffer, NULL);
    close_quietly(&f, &report);
}

static void dedicated_memory_takes_only_its_resource(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    VkDeviceMemory memory;
    open_reporting(&f, "intel-uma", &report);
    VkBuffer owner = fixture_buffer(&f, 256, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
    VkBuffer other = fixture_buffer(&f, 256, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
    const VkMemoryDedicatedAllocateInfo dedicated = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO, .buffer = owner};
    VkMemoryAllocateInfo allocate = {
        .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO, .pNext = &dedicated, .allocationSize = 256};
    assert_int_equal(f.AllocateMemory(f.device, &allocate, NULL, &memory), VK_SUCCESS);
    assert_int_equal(f.BindBufferMemory(f.device, other, memory, 0), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_DEDICATED, "another resource");
    assert_int_equal(f.BindBufferMemory(f.device, owner, memory, 0), VK_SUCCESS);
    f.DestroyBuffer(f.device, owner, NULL);
    f.FreeMemory(f.device, memory, NULL);

    const VkMemoryDedicatedAllocateInfo of_other = {.sType = VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO,
                                                    .buffer = other};
    allocate.pNext = &of_other;
    allocate.allocationSize = 512;
    assert_int_equal(f.AllocateMemory(f.device, &allocate, NULL, &memory), VK_SUCCESS);
    assert_reported(&report, VR_SIM_MISUSE_DEDICATED, "but the resource requires 256");
    f.FreeMemory(f.device, memory, NULL);
    f.DestroyBuffer(f.device, other, NULL);
    close_quietly(&f, &report);
}

static void stale_and_foreign_handles_are_told_apart(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    int on_the_stack = 0;
    open_reporting(&f, "single", &report);
    VkBuffer buffer = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    VkDeviceMemory memory = fixture_memory(&f, 0, 64);
    f.DestroyBuffer(f.device, buffer, NULL);
    f.FreeMemory(f.device, memory, NULL);

    f.DestroyBuffer(f.device, buffer, NULL);
    assert_reported(&report, VR_SIM_MISUSE_HANDLE, "is destroyed");
    f.FreeMemory(f.device, memory, NULL);
    assert_reported(&report, VR_SIM_MISUSE_HANDLE, "vkFreeMemory: VkDeviceMemory");
    VkBuffer reused = fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    assert_true(reused != buffer);
    f.DestroyBuffer(f.device, buffer, NULL);
    assert_reported(&report, VR_SIM_MISUSE_HANDLE, "is destroyed");
    f.DestroyBuffer(f.device, (VkBuffer)(uintptr_t)&on_the_stack, NULL);
    assert_reported(&report, VR_SIM_MISUSE_HANDLE, "is not one of this device");
    VkMemoryRequirements requirements;
    f.GetBufferMemoryRequirements(f.device, VK_NULL_HANDLE, &requirements);
    assert_reported(&report, VR_SIM_MISUSE_HANDLE, "is null");
    f.DestroyBuffer(f.device, reused, NULL);
    close_quietly(&f, &report);
}

static void addresses_need_usage_memory_flag_and_binding(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    open_reporting(&f, "nvidia-rebar", &report);
    VkBuffer plain = fixture_buffer(&f, 64, VK_BUFFER_USAGE_VERTEX_BUFFER_BIT);
    VkBuffer addressed = fixture_buffer(&f, 64, VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT);
    VkDeviceMemory memory = fixture_memory(&f, 1, 4096);
    VkBufferDeviceAddressInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO,
                                      .buffer = addressed};
    assert_int_equal(f.GetBufferDeviceAddress(f.device, &info), 0);
    assert_reported(&report, VR_SIM_MISUSE_UNBOUND, "not bound");
    assert_int_equal(f.BindBufferMemory(f.device, addressed, memory, 0), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_reported(&report, VR_SIM_MISUSE_STRUCTURE, "MEMORY_ALLOCATE_DEVICE_ADDRESS");
    assert_int_equal(f.BindBufferMemory(f.device, plain, memory, 0), VK_SUCCESS);
    info.buffer = plain;
    (void)f.GetBufferDeviceAddress(f.device, &info);
    assert_reported(&report, VR_SIM_MISUSE_STRUCTURE, "SHADER_DEVICE_ADDRESS");
    f.DestroyBuffer(f.device, plain, NULL);
    f.DestroyBuffer(f.device, addressed, NULL);
    f.FreeMemory(f.device, memory, NULL);
    close_quietly(&f, &report);
}

static void leaks_are_counted_at_the_end(void **state)
{
    (void)state;
    struct Fixture f;
    struct Report report;
    open_reporting(&f, "single", &report);
    (void)fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    (void)fixture_buffer(&f, 64, VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    assert_int_equal(vr_sim_destroy(f.sim), 2);
    assert_reported(&report, VR_SIM_MISUSE_LEAK, "2 VkBuffer alive");
}

static void nothing_is_reported_without_checks(void **state)
{
    (void)state;
    struct Fixture f;
    VkDeviceMemory memory;
    fixture_open(&f, "single", 0);
    assert_int_equal(fixture_allocate(&f, 0, 0, &memory), VK_ERROR_VALIDATION_FAILED_EXT);
    assert_int_equal(vr_sim_misuse_count(f.sim), 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_allocations_are_refused),
        cmocka_unit_test(wrong_mappings_are_refused),
        cmocka_unit_test(wrong_flushes_are_refused),
        cmocka_unit_test(wrong_bindings_are_refused_and_leave_the_buffer_unbound),
        cmocka_unit_test(dedicated_memory_takes_only_its_resource),
        cmocka_unit_test(stale_and_foreign_handles_are_told_apart),
        cmocka_unit_test(addresses_need_usage_memory_flag_and_binding),
        cmocka_unit_test(leaks_are_counted_at_the_end),
        cmocka_unit_test(nothing_is_reported_without_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
