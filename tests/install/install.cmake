# SPDX-License-Identifier: MIT
# cmake -DWAY=... -P install.cmake: `prepare` installs vram and moves the tree; any other way builds consumer/ with it.
cmake_minimum_required(VERSION 3.22)
set(PREFIX "${WORK}/moved here")

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}\n${output}")
    endif()
    set(RUN_OUTPUT "${output}" PARENT_SCOPE)
endfunction()

function(prepare)
    file(REMOVE_RECURSE "${WORK}/stage" "${WORK}/first" "${PREFIX}")
    run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE} -B "${WORK}/stage" -DCMAKE_C_COMPILER=${CC}
        -DCMAKE_INSTALL_PREFIX=${WORK}/first -DVRAM_BUILD_TESTS=OFF -DVRAM_BUILD_TOOLS=OFF -DVRAM_BUILD_BENCH=OFF
        -DVRAM_BUILD_EXAMPLES=OFF -DVRAM_PROVIDE_VMA_PACKAGE=ON -DVRAM_VMA_3_3_LAYOUT=${LAYOUT_3_3}
        -DVRAM_VULKAN_INCLUDE_DIR=${VULKAN_INCLUDE})
    run(${CMAKE_COMMAND} --build "${WORK}/stage")
    run(${CMAKE_COMMAND} --install "${WORK}/stage")
    file(RENAME "${WORK}/first" "${PREFIX}")
endfunction()

function(consume_with_cmake)
    set(build "${WORK}/${WAY}")
    file(REMOVE_RECURSE "${build}")
    run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B "${build}" -DWAY=${WAY}
        -DCMAKE_C_COMPILER=${CC} -DCMAKE_PREFIX_PATH=${PREFIX} -DVRAM_SOURCE=${SOURCE}
        -DVRAM_VULKAN_INCLUDE_DIR=${VULKAN_INCLUDE})
    run(${CMAKE_COMMAND} --build "${build}")
    run("${build}/use_c")
    if(EXISTS "${build}/use_cpp")
        run("${build}/use_cpp")
    endif()
endfunction()

function(consume_with_pkg_config)
    file(GLOB_RECURSE pc "${PREFIX}/*/vram.pc")
    get_filename_component(dir "${pc}" DIRECTORY)
    run(${CMAKE_COMMAND} -E env "PKG_CONFIG_PATH=${dir}" ${PKG_CONFIG} --cflags --libs vram)
    separate_arguments(flags UNIX_COMMAND "${RUN_OUTPUT}")
    get_filename_component(libdir "${dir}" DIRECTORY)
    run(${CC} "${CMAKE_CURRENT_LIST_DIR}/consumer/use.c" "-I${VULKAN_INCLUDE}" ${flags} -o "${WORK}/use_pkg_config")
    run(${CMAKE_COMMAND} -E env "LD_LIBRARY_PATH=${libdir}" "${WORK}/use_pkg_config")
endfunction()

if(WAY STREQUAL "prepare")
    prepare()
elseif(WAY STREQUAL "pkg_config")
    consume_with_pkg_config()
else()
    consume_with_cmake()
endif()
