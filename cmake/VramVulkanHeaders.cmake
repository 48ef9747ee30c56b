# SPDX-License-Identifier: MIT
# Finds the Vulkan headers alone: the library opens the system's loader at run time and never links it.
# Result: VRAM_VULKAN_INCLUDE_DIR, or the target Vulkan::Headers when the surrounding project already has one.

if(NOT TARGET Vulkan::Headers)
    find_path(VRAM_VULKAN_INCLUDE_DIR vulkan/vulkan_core.h
        HINTS "$ENV{VULKAN_SDK}/include" DOC "Folder that holds vulkan/vulkan_core.h")
    if(NOT VRAM_VULKAN_INCLUDE_DIR)
        message(FATAL_ERROR "vram: Vulkan headers not found. Debian: apt-get install libvulkan-dev. "
            "Elsewhere: -DVRAM_VULKAN_INCLUDE_DIR=<folder that holds vulkan/vulkan_core.h>")
    endif()
    # For another system, the host's /usr/include would bring the host's C library along: link Vulkan's folders only.
    if(CMAKE_CROSSCOMPILING AND VRAM_VULKAN_INCLUDE_DIR MATCHES "^/usr/(local/)?include$")
        file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/vulkan-headers")
        foreach(folder IN ITEMS vulkan vk_video)
            if(EXISTS "${VRAM_VULKAN_INCLUDE_DIR}/${folder}")
                file(CREATE_LINK "${VRAM_VULKAN_INCLUDE_DIR}/${folder}"
                    "${PROJECT_BINARY_DIR}/vulkan-headers/${folder}" SYMBOLIC)
            endif()
        endforeach()
        set(VRAM_VULKAN_INCLUDE_DIR "${PROJECT_BINARY_DIR}/vulkan-headers")
    endif()
endif()

# Gives `target` the Vulkan headers; an installed vram finds them again by itself (vramConfig.cmake).
function(vram_use_vulkan_headers target)
    if(TARGET Vulkan::Headers)
        target_include_directories(${target} PUBLIC
            $<BUILD_INTERFACE:$<TARGET_PROPERTY:Vulkan::Headers,INTERFACE_INCLUDE_DIRECTORIES>>)
    else()
        target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${VRAM_VULKAN_INCLUDE_DIR}>)
    endif()
endfunction()
