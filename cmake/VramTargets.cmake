# SPDX-License-Identifier: MIT
# How a target of this house is compiled: vram_compile_settings for every program and library of the project,
# vram_library_settings in addition for the library itself.

set(VRAM_C_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes)

# Strict C11, hidden symbols, warnings, sanitizers. The caller's own targets never inherit any of it.
function(vram_compile_settings target)
    set_target_properties(${target} PROPERTIES
        C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden)
    if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
        target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:C>:${VRAM_C_WARNINGS}>")
        if(VRAM_WERROR)
            target_compile_options(${target} PRIVATE -Werror)
        endif()
    elseif(MSVC)
        target_compile_options(${target} PRIVATE /W4)
    endif()
    if(VRAM_SANITIZE)
        string(REPLACE ";" "," sanitizers "${VRAM_SANITIZE}")
        target_compile_options(${target} PRIVATE
            -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
        target_link_options(${target} PUBLIC -fsanitize=${sanitizers})
    endif()
endfunction()

# Include folders, configuration macros, exports. For the objects and for both libraries made of them.
function(vram_library_settings target)
    vram_compile_settings(${target})
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${target}
        PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
        PRIVATE "${PROJECT_SOURCE_DIR}/src")
    vram_use_vulkan_headers(${target})
    if(VRAM_VMA_3_3_LAYOUT)
        target_compile_definitions(${target} PUBLIC VRAM_VMA_3_3_LAYOUT=1)
    endif()
    foreach(macro IN LISTS VRAM_VMA_MACROS)
        if(NOT "${${macro}}" STREQUAL "")
            target_compile_definitions(${target} PRIVATE "${macro}=${${macro}}")
        endif()
    endforeach()
    target_compile_definitions(${target} PRIVATE VRAM_EXPORTS=1)
endfunction()

# The library's objects besides: small. What is hot or cold says so itself (VR_INLINE, VR_COLD in base/common.h); the rest
# is neither padded to lines of the cache nor copied to save a jump. The linker drops functions that are inlined everywhere.
function(vram_small_code target)
    if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
        target_compile_options(${target} PRIVATE -ffunction-sections -fno-semantic-interposition)
    endif()
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        target_compile_options(${target} PRIVATE -fno-reorder-blocks-and-partition
            -falign-functions=1 -fno-align-jumps -fno-align-loops -malign-data=abi
            -fno-tree-ch -fno-tree-pre -fno-tree-dominator-opts -freorder-blocks-algorithm=simple
            --param=max-inline-insns-auto=7)
    endif()
endfunction()

# Names, versions and the export list of the two libraries; both land in the root of the build folder.
function(vram_name_library target kind)
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME vram EXPORT_NAME ${kind}
        ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}"
        LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}"
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
    if(kind STREQUAL "shared")
        set_target_properties(${target} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
        if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
            set(map "${PROJECT_SOURCE_DIR}/cmake/exports.map")
            target_link_options(${target} PRIVATE "LINKER:--version-script=${map}"
                "LINKER:-O1,--gc-sections,--hash-style=gnu,-z,noseparate-code")
            set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${map}")
        endif()
    endif()
endfunction()
