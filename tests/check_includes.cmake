# Fails if a file of the core, the text or the story includes a header from a folder that it may not know: one of
# Wireshark's, or one that stands above it. Called with -Dplugin=FOLDER.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

# Each folder, and the folders below it on the staircase. A folder may always include its own headers.
set(below_core "")
set(below_core/segment "")
set(below_core/hosts core core/segment)
set(below_core/zeek core core/segment)
set(below_core/conversation core core/segment core/hosts core/zeek)
set(below_core/arrival ${below_core/conversation} core/conversation)
set(below_core/rules ${below_core/arrival} core/arrival)
set(below_core/outcome ${below_core/rules} core/rules)
set(below_core/tracking ${below_core/rules} core/rules)
set(below_text ${below_core/outcome} core/outcome)
set(below_text/en ${below_text} text)
set(below_text/ko ${below_text} text)
set(below_story ${below_text} text)
set(below_story/svg ${below_story} story)

set(known_to_all assert ctype errno inttypes limits math stdarg stdbool stddef stdint stdio stdlib string time glib)

file(GLOB_RECURSE sources RELATIVE "${plugin}" "${plugin}/core/*.[ch]" "${plugin}/core/*.def" "${plugin}/text/*.[ch]"
     "${plugin}/text/*.def" "${plugin}/story/*.[ch]")
if(NOT sources)
    message(FATAL_ERROR "no sources in ${plugin}")
endif()
foreach(source IN LISTS sources)
    get_filename_component(folder "${source}" DIRECTORY)
    if(NOT DEFINED below_${folder})
        message(SEND_ERROR "${source}: its folder has no row in ${CMAKE_CURRENT_LIST_FILE}")
        continue()
    endif()
    file(STRINGS "${plugin}/${source}" lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
        if(line MATCHES "\"([^\"]+)\"")
            get_filename_component(header "${plugin}/${folder}/${CMAKE_MATCH_1}" ABSOLUTE)
            file(RELATIVE_PATH header "${plugin}" "${header}")
            get_filename_component(of "${header}" DIRECTORY)
            if(NOT EXISTS "${plugin}/${header}" OR NOT (of STREQUAL folder OR of IN_LIST below_${folder}))
                message(SEND_ERROR "${source}: ${line}: ${folder} does not stand on ${of}")
            endif()
        elseif(NOT line MATCHES "<([^>]+)\\.h>" OR NOT CMAKE_MATCH_1 IN_LIST known_to_all)
            message(SEND_ERROR "${source}: ${line}: only GLib and the C library are known here")
        endif()
    endforeach()
endforeach()
