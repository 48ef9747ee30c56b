// SPDX-License-Identifier: MIT
//
// What a C++ program that was written for upstream looks like: the habits of tutorials and engines. Compiles only.

#define VMA_IMPLEMENTATION
#define VMA_STATIC_VULKAN_FUNCTIONS 0
#define VMA_DYNAMIC_VULKAN_FUNCTIONS 1
#include <vk_mem_alloc.h>

#include <cstring>
#include <stdexcept>
#include <vector>

namespace {

struct Buffer {
    VkBuffer handle = VK_NULL_HANDLE;
    VmaAllocation allocation = VK_NULL_HANDLE;
    VmaAllocationInfo info{};
};

class Renderer {
public:
    Renderer(VkInstance instance, VkPhysicalDevice gpu, VkDevice device)
    {
        VmaVulkanFunctions functions{};
        functions.vkGetInstanceProcAddr = &vkGetInstanceProcAddr;
        functions.vkGetDeviceProcAddr = &vkGetDeviceProcAddr;

        VmaAllocatorCreateInfo create{};
        create.flags = VMA_ALLOCATOR_CREATE_BUFFER_DEVICE_ADDRESS_BIT | VMA_ALLOCATOR_CREATE_EXT_MEMORY_BUDGET_BIT;
        create.instance = instance;
        create.physicalDevice = gpu;
        create.device = device;
        create.vulkanApiVersion = VK_API_VERSION_1_1;
        create.pVulkanFunctions = &functions;
        check(vmaCreateAllocator(&create, &allocator));
    }

    ~Renderer() { vmaDestroyAllocator(allocator); }

    Buffer upload(const std::vector<float> &vertices)
    {
        VkBufferCreateInfo create = {VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
        create.size = vertices.size() * sizeof(float);
        create.usage = VK_BUFFER_USAGE_VERTEX_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT;
        VmaAllocationCreateInfo place = {};
        place.usage = VMA_MEMORY_USAGE_AUTO;
        place.flags = VMA_ALLOCATION_CREATE_HOST_ACCESS_SEQUENTIAL_WRITE_BIT | VMA_ALLOCATION_CREATE_MAPPED_BIT;

        Buffer buffer;
        check(vmaCreateBuffer(allocator, &create, &place, &buffer.handle, &buffer.allocation, &buffer.info));
        std::memcpy(buffer.info.pMappedData, vertices.data(), create.size);
        check(vmaFlushAllocation(allocator, buffer.allocation, 0, VK_WHOLE_SIZE));
        vmaSetAllocationName(allocator, buffer.allocation, "vertices");
        return buffer;
    }

    void read_back(const Buffer &buffer, void *target, std::size_t size)
    {
        void *data = nullptr;
        check(vmaMapMemory(allocator, buffer.allocation, &data));
        check(vmaInvalidateAllocation(allocator, buffer.allocation, 0, size));
        std::memcpy(target, data, size);
        vmaUnmapMemory(allocator, buffer.allocation);
    }

    VmaPool linear_pool(const VkBufferCreateInfo &sample)
    {
        VmaAllocationCreateInfo place = {};
        place.usage = VMA_MEMORY_USAGE_AUTO_PREFER_DEVICE;
        VmaPoolCreateInfo create = {};
        create.flags = VMA_POOL_CREATE_LINEAR_ALGORITHM_BIT;
        create.blockSize = 64ull << 20;
        create.maxBlockCount = 1;
        check(vmaFindMemoryTypeIndexForBufferInfo(allocator, &sample, &place, &create.memoryTypeIndex));
        VmaPool pool = nullptr;
        check(vmaCreatePool(allocator, &create, &pool));
        return pool;
    }

    VkDeviceSize room()
    {
        VmaBudget budgets[VK_MAX_MEMORY_HEAPS];
        vmaGetHeapBudgets(allocator, budgets);
        return budgets[0].budget > budgets[0].usage ? budgets[0].budget - budgets[0].usage : 0;
    }

    void defragment()
    {
        VmaDefragmentationInfo begin = {};
        begin.flags = VMA_DEFRAGMENTATION_FLAG_ALGORITHM_FAST_BIT;
        begin.maxBytesPerPass = 16u << 20;
        VmaDefragmentationContext context;
        check(vmaBeginDefragmentation(allocator, &begin, &context));
        for (;;) {
            VmaDefragmentationPassMoveInfo pass;
            if (vmaBeginDefragmentationPass(allocator, context, &pass) == VK_SUCCESS)
                break;
            for (uint32_t i = 0; i < pass.moveCount; ++i)
                pass.pMoves[i].operation = VMA_DEFRAGMENTATION_MOVE_OPERATION_IGNORE;
            if (vmaEndDefragmentationPass(allocator, context, &pass) == VK_SUCCESS)
                break;
        }
        vmaEndDefragmentation(allocator, context, nullptr);
    }

    void destroy(Buffer &buffer)
    {
        vmaDestroyBuffer(allocator, buffer.handle, buffer.allocation);
        buffer = Buffer();
    }

private:
    static void check(VkResult result)
    {
        if (result != VK_SUCCESS)
            throw std::runtime_error("Vulkan");
    }

    VmaAllocator allocator = VK_NULL_HANDLE;
};

} // namespace

VkDeviceSize vram_test_tutorial(VkInstance instance, VkPhysicalDevice gpu, VkDevice device);

VkDeviceSize vram_test_tutorial(VkInstance instance, VkPhysicalDevice gpu, VkDevice device)
{
    Renderer renderer(instance, gpu, device);
    Buffer buffer = renderer.upload({0.0f, 1.0f});
    float back[2];
    renderer.read_back(buffer, back, sizeof(back));
    VkBufferCreateInfo sample = {VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    const VmaPool pool = renderer.linear_pool(sample);
    renderer.defragment();
    renderer.destroy(buffer);
    return pool ? renderer.room() : 0;
}
