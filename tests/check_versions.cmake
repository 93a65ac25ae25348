# Fails if a file of the plugin but compat.h asks which version of Wireshark, GLib or the compiler it is built with.
# Called with -Dplugin=FOLDER.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

set(home "${plugin}/epan/compat.h")
if(NOT EXISTS "${home}")
    message(FATAL_ERROR "no ${home}")
endif()
file(GLOB_RECURSE sources "${plugin}/*.c" "${plugin}/*.h" "${plugin}/*.def")
list(REMOVE_ITEM sources "${home}")
foreach(source IN LISTS sources)
    file(READ "${source}" text)
    # A condition may go on in the next line.
    string(REPLACE "\\\n" " " text "\n${text}")
    string(REGEX MATCHALL "\n[ \t]*#[ \t]*(if|elif)[^\n]*" conditions "${text}")
    foreach(condition IN LISTS conditions)
        # Which version this is of tcpshake itself is another question.
        string(REPLACE TCPSHAKE_VERSION "" rest "${condition}")
        if(rest MATCHES "VERSION|WIRESHARK|[ (!]WS_|__GNUC|__clang|_MSC_VER")
            string(STRIP "${condition}" condition)
            message(SEND_ERROR "${source}: ${condition}: what differs between versions belongs in ${home}")
        endif()
    endforeach()
endforeach()
