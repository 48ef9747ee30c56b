# SPDX-License-Identifier: MIT
# What `cmake --install` leaves: headers, libraries, a CMake package, a pkg-config file. All of it may be moved.
include(CMakePackageConfigHelpers)

set(VRAM_CMAKE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/vram")

set(installed_targets)
foreach(kind IN ITEMS static shared)
    if(TARGET vram_${kind})
        list(APPEND installed_targets vram_${kind})
    endif()
endforeach()
install(TARGETS ${installed_targets} EXPORT vramTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

install(EXPORT vramTargets NAMESPACE vram:: DESTINATION "${VRAM_CMAKE_DIR}")
configure_package_config_file(cmake/vramConfig.cmake.in "${PROJECT_BINARY_DIR}/package/vramConfig.cmake"
    INSTALL_DESTINATION "${VRAM_CMAKE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/vramConfigVersion.cmake"
    VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/package/vramConfig.cmake"
    "${PROJECT_BINARY_DIR}/package/vramConfigVersion.cmake" DESTINATION "${VRAM_CMAKE_DIR}")

# pkg-config: paths relative to the .pc file, so that the tree can be moved.
file(RELATIVE_PATH VRAM_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" VRAM_PC_PREFIX "${VRAM_PC_PREFIX}")
set(VRAM_PC_CFLAGS "")
if(VRAM_VMA_3_3_LAYOUT)
    set(VRAM_PC_CFLAGS " -DVRAM_VMA_3_3_LAYOUT=1")
endif()
set(VRAM_PC_LIBS_PRIVATE "")
foreach(lib IN LISTS CMAKE_THREAD_LIBS_INIT CMAKE_DL_LIBS)
    string(REGEX REPLACE "^([^-].*)$" "-l\\1" lib "${lib}")
    string(APPEND VRAM_PC_LIBS_PRIVATE " ${lib}")
endforeach()
configure_file(cmake/vram.pc.in "${PROJECT_BINARY_DIR}/package/vram.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/package/vram.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

# Opt-in: answer to the name of the original as well.
if(VRAM_PROVIDE_VMA_PACKAGE)
    set(VRAM_VMA_VERSION 3.4.0)
    if(VRAM_VMA_3_3_LAYOUT)
        set(VRAM_VMA_VERSION 3.3.0)
    endif()
    set(dir "${CMAKE_INSTALL_LIBDIR}/cmake/VulkanMemoryAllocator")
    configure_package_config_file(cmake/VulkanMemoryAllocatorConfig.cmake.in
        "${PROJECT_BINARY_DIR}/package/VulkanMemoryAllocatorConfig.cmake"
        INSTALL_DESTINATION "${dir}" PATH_VARS VRAM_CMAKE_DIR)
    write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/VulkanMemoryAllocatorConfigVersion.cmake"
        VERSION ${VRAM_VMA_VERSION} COMPATIBILITY SameMajorVersion)
    install(FILES "${PROJECT_BINARY_DIR}/package/VulkanMemoryAllocatorConfig.cmake"
        "${PROJECT_BINARY_DIR}/package/VulkanMemoryAllocatorConfigVersion.cmake" DESTINATION "${dir}")
endif()
