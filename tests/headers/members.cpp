// SPDX-License-Identifier: MIT
//
// The member calls on VmaAllocation that C++ programs make. Links no library: vramDescribeAllocation is below.

#define VRAM_VMA_CPP_MEMBERS
#include "vk_mem_alloc.h"

#include <cstdint>
#include <cstdio>

static int answer_name;
static const VmaAllocation some_allocation = reinterpret_cast<VmaAllocation>(&answer_name);

template <typename Handle> static Handle handle(std::uintptr_t value)
{
    return (Handle)value; // a pointer or an integer, as the platform has it
}

extern "C" void vramDescribeAllocation(VmaAllocation allocation, VmaAllocationInfo *info)
{
    *info = VmaAllocationInfo();
    if (allocation != some_allocation)
        return;
    info->memoryType = 7;
    info->deviceMemory = handle<VkDeviceMemory>(0x1000);
    info->offset = 256;
    info->size = 65536;
    info->pMappedData = &answer_name;
    info->pUserData = info;
    info->pName = "answer";
}

static bool members_tell_what_the_library_tells()
{
    return some_allocation->GetMemoryTypeIndex() == 7 &&
           some_allocation->GetMemory() == handle<VkDeviceMemory>(0x1000) && some_allocation->GetOffset() == 256 &&
           some_allocation->GetSize() == 65536 && some_allocation->GetMappedData() == &answer_name &&
           some_allocation->GetUserData() != nullptr && some_allocation->GetName()[0] == 'a';
}

int main()
{
    const bool well = members_tell_what_the_library_tells();

    std::puts(well ? "members tell what the library tells" : "a member tells something else");
    return well ? 0 : 1;
}
