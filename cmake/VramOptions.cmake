# SPDX-License-Identifier: MIT
# Everything that a builder can choose. An empty VMA_* entry means: the default of the library.

option(VRAM_BUILD_SHARED "Build libvram.so / vram.dll" ON)
option(VRAM_BUILD_STATIC "Build libvram.a" ON)
option(VRAM_BUILD_TESTS "Build the tests (cmocka)" ${VRAM_TOP_LEVEL})
option(VRAM_BUILD_TOOLS "Build the vram program (jansson)" ${VRAM_TOP_LEVEL})
option(VRAM_BUILD_BENCH "Build the benchmarks" ${VRAM_TOP_LEVEL})
option(VRAM_BUILD_EXAMPLES "Build the examples" ${VRAM_TOP_LEVEL})
option(VRAM_INSTALL "Add the install rules" ${VRAM_TOP_LEVEL})
option(VRAM_UNITY "Compile the library as one unit: a third of the time, and calls across files inline" ON)
option(VRAM_WERROR "Treat warnings as errors" OFF)
option(VRAM_VMA_3_3_LAYOUT "Structures as VMA 3.3 lays them out instead of 3.4" OFF)
option(VRAM_PROVIDE_VMA_PACKAGE "Also answer to GPUOpen::VulkanMemoryAllocator" OFF)
set(VRAM_SANITIZE "" CACHE STRING "Sanitizers for everything: 'address;undefined' or 'thread'")

set(VRAM_VMA_MACROS
    VMA_DEBUG_MARGIN
    VMA_DEBUG_DETECT_CORRUPTION
    VMA_DEBUG_INITIALIZE_ALLOCATIONS
    VMA_DEBUG_ALWAYS_DEDICATED_MEMORY
    VMA_DEBUG_MIN_BUFFER_IMAGE_GRANULARITY
    VMA_MIN_ALIGNMENT
    VMA_DEBUG_DONT_EXCEED_MAX_MEMORY_ALLOCATION_COUNT
    VMA_DEBUG_DONT_EXCEED_HEAP_SIZE_WITH_ALLOCATION_SIZE
    VMA_SMALL_HEAP_MAX_SIZE
    VMA_DEFAULT_LARGE_HEAP_BLOCK_SIZE
    VMA_MAPPING_HYSTERESIS_ENABLED)
foreach(macro IN LISTS VRAM_VMA_MACROS)
    set(${macro} "" CACHE STRING "VMA's macro of this name, for the library (empty: default)")
    mark_as_advanced(${macro})
endforeach()

if(NOT VRAM_BUILD_SHARED AND NOT VRAM_BUILD_STATIC)
    message(FATAL_ERROR "vram: VRAM_BUILD_SHARED and VRAM_BUILD_STATIC are both OFF: nothing to build")
endif()
if(NOT VRAM_BUILD_STATIC AND VRAM_TOP_LEVEL AND (VRAM_BUILD_TESTS OR VRAM_BUILD_TOOLS OR VRAM_BUILD_BENCH))
    message(FATAL_ERROR "vram: tests, tools and bench link the static library: VRAM_BUILD_STATIC=ON, "
        "or VRAM_BUILD_TESTS=OFF VRAM_BUILD_TOOLS=OFF VRAM_BUILD_BENCH=OFF")
endif()

if(VRAM_TOP_LEVEL)
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
    endif()
    # -O2: CMake's own Release flag is -O3.
    if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
        string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
    endif()
endif()
