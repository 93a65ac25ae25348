# Fails if the core includes anything but its own headers, GLib and the C library. Called with -Dcore=FOLDER; with
# -Dbelow=FOLDER, as seen from there, for what stands on it and may include its headers as well.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

set(allowed assert ctype errno inttypes limits math stdarg stdbool stddef stdint stdio stdlib string time glib)

file(GLOB sources "${core}/*.[ch]" "${core}/*.def")
if(NOT sources)
    message(FATAL_ERROR "no sources in ${core}")
endif()
foreach(source IN LISTS sources)
    file(STRINGS "${source}" lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
        if(line MATCHES "\"([^\"]+)\"")
            set(name "${CMAKE_MATCH_1}")
            if(DEFINED below AND name MATCHES "^${below}/[^/]+$" AND EXISTS "${core}/${name}")
                continue()
            endif()
            if(name MATCHES "/" OR NOT EXISTS "${core}/${name}")
                message(SEND_ERROR "${source}: ${line}: not a header of its own")
            endif()
        elseif(line MATCHES "<([^>]+)\\.h>" AND CMAKE_MATCH_1 IN_LIST allowed)
        else()
            message(SEND_ERROR "${source}: ${line}: the core knows only itself, GLib and the C library")
        endif()
    endforeach()
endforeach()
