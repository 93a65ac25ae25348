# Fails if what is in packaging/ or CHANGELOG.md is about another version than CMakeLists.txt. Called with
# -Dsources=FOLDER.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

# version_in(FILE REGEX): what its parentheses match in the first line that matches
function(version_in variable file regex)
    file(STRINGS "${sources}/${file}" lines REGEX "${regex}" LIMIT_COUNT 1)
    if(NOT lines MATCHES "${regex}")
        message(FATAL_ERROR "${file}: no version")
    endif()
    set(${variable} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

version_in(version CMakeLists.txt "^set\\(tcpshake_version ([0-9.]+)\\)")
foreach(place IN ITEMS
        "packaging/wireshark-plugin-tcpshake.spec|^Version: +([0-9.]+)"
        "packaging/PKGBUILD|^pkgver=([0-9.]+)"
        "CHANGELOG.md|^## ([0-9.]+)")
    string(REGEX MATCH "^[^|]+" file "${place}")
    string(REGEX REPLACE "^[^|]+[|]" "" regex "${place}")
    version_in(its "${file}" "${regex}")
    if(NOT its STREQUAL version)
        message(SEND_ERROR "${file} is about ${its}, CMakeLists.txt about ${version}")
    endif()
endforeach()
