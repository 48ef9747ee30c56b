# SPDX-License-Identifier: MIT
# Two runs on the driver found here, each with zero validation messages, leaks and wrong bytes:
#   demo      the recording of the game that the program carries
#   formats   formats.vtrace.csv: every format of Vulkan 1.0 with its mip chain, cubes, 3D, linear, multisampled,
#             transient and sparse images, formats and sizes that no device has, buffers of every usage
#   cmake -DVRAM=program -DSOURCE=folder of this file -DFOLDER=scratch -DCASE=demo|formats -P demo.cmake
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
if(CASE STREQUAL "demo")
    set(arguments demo)
    set(at_least 300000000)
else()
    set(arguments replay "${SOURCE}/formats.vtrace.csv" --baseline)
    set(at_least 100000000)
endif()

execute_process(COMMAND "${VRAM}" ${arguments} --validate --out "${FOLDER}"
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
message("${out}${err}")
if(NOT code EQUAL 0)
    message(FATAL_ERROR "exit ${code}")
endif()
file(READ "${FOLDER}/report.json" report)
string(JSON messages GET "${report}" validationMessages)
if(NOT messages EQUAL 0)
    message(FATAL_ERROR "${messages} messages of the validation layer")
endif()
foreach(pass IN ITEMS vram dedicated)
    string(JSON leaks GET "${report}" ${pass} leaks)
    string(JSON wrong GET "${report}" ${pass} wrongWords)
    string(JSON failed GET "${report}" ${pass} failed)
    string(JSON verified GET "${report}" ${pass} verifiedBytes)
    if(NOT leaks EQUAL 0 OR NOT wrong EQUAL 0 OR NOT failed EQUAL 0 OR verified LESS at_least)
        message(FATAL_ERROR "${pass}: leaks ${leaks}, wrong ${wrong}, failed ${failed}, verified ${verified} bytes")
    endif()
endforeach()
string(JSON few GET "${report}" vram vkAllocateMemoryCalls)
string(JSON many GET "${report}" dedicated vkAllocateMemoryCalls)
if(NOT few LESS many)
    message(FATAL_ERROR "blocks save nothing: vkAllocateMemory ${few} times with them, ${many} without")
endif()
