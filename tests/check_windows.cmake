# Compiles every file for Windows, of 64 and of 32 bits, with MinGW-w64, as far as that goes without libraries: with
# this system's headers of Wireshark and GLib. Fails on any warning. Called with -Dsources=FOLDER -Dwritten=FOLDER
# -Dheaders=FOLDER|FOLDER...
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

file(GLOB_RECURSE files "${sources}/plugin/*.c")
# These are given plugin/ to find headers in, which Wireshark's own would not bear.
file(GLOB_RECURSE others "${sources}/tests/unit/*.c" "${sources}/docs/*.c")
if(NOT files OR NOT others)
    message(FATAL_ERROR "no sources in ${sources}")
endif()

# GLib's only header that is not the same for all systems, as a build for Windows has it.
string(REPLACE "|" ";" headers "${headers}")
find_file(glibconfig glibconfig.h PATHS ${headers} NO_DEFAULT_PATH REQUIRED)
function(write_glibconfig folder pointer bytes)
    file(READ "${glibconfig}" text)
    string(REGEX REPLACE "signed long (gint64|gssize|gintptr)" "signed ${pointer} \\1" text "${text}")
    string(REGEX REPLACE "unsigned long (guint64|gsize|guintptr)" "unsigned ${pointer} \\1" text "${text}")
    string(REGEX REPLACE "signed [a-z ]+ (g?u?int64);" "signed long long \\1;" text "${text}")
    string(REPLACE "(val##L)" "(val##LL)" text "${text}")
    string(REPLACE "(val##UL)" "(val##ULL)" text "${text}")
    string(REGEX REPLACE "(INT64_MODIFIER|INT64_FORMAT) \"l" "\\1 \"ll" text "${text}")
    string(REGEX REPLACE "SIZEOF_(VOID_P|SIZE_T|SSIZE_T)( +)8" "SIZEOF_\\1\\2${bytes}" text "${text}")
    string(REGEX REPLACE "SIZEOF_LONG( +)8" "SIZEOF_LONG\\14" text "${text}")
    string(REGEX REPLACE "\\((glong|gulong)\\) \\(([piu])\\)" "(\\1) (gintptr) (\\2)" text "${text}")
    string(REGEX REPLACE "\\(gpointer\\) \\((g[a-z]*long)\\) \\(gintptr\\)" "(gpointer) (gintptr) (\\1)" text
        "${text}")
    string(REPLACE "G_MAXULONG\n#define G_MINSSIZE	G_MINLONG\n#define G_MAXSSIZE	G_MAXLONG"
        "((gsize)-1)\n#define G_MAXSSIZE ((gssize)(G_MAXSIZE / 2))\n#define G_MINSSIZE (-G_MAXSSIZE - 1)" text
        "${text}")
    string(REPLACE "#define G_OS_UNIX" "#define G_OS_WIN32\n#define G_PLATFORM_WIN32" text "${text}")
    string(REPLACE "typedef int GPid" "typedef void *GPid" text "${text}")
    file(WRITE "${folder}/glibconfig.h" "${text}")
endfunction()

# Not every distribution's GLib comes with the headers for other systems.
find_file(gwin32 glib/gwin32.h PATHS ${headers} NO_DEFAULT_PATH)
if(NOT gwin32)
    message(STATUS "skipped: this system's GLib has no <glib/gwin32.h>")
    return()
endif()

# As Wireshark's own build for Windows has them.
set(options -std=c11 -fsyntax-only -Wall -Wextra -Werror -Wno-missing-field-initializers
    -DWIN32_LEAN_AND_MEAN -DUNICODE -D_UNICODE -DNOMINMAX -DHAVE_SSIZE_T "-DTCPSHAKE_VERSION=\"0\"")

set(tried "")
foreach(kind IN ITEMS "x86_64;long long;8" "i686;int;4")
    list(GET kind 0 processor)
    list(GET kind 1 pointer)
    list(GET kind 2 bytes)
    find_program(compiler_${processor} ${processor}-w64-mingw32-gcc)
    if(NOT compiler_${processor})
        continue()
    endif()
    write_glibconfig("${written}/${processor}" "${pointer}" ${bytes})
    set(from -isystem "${written}/${processor}")
    foreach(folder IN LISTS headers)
        list(APPEND from -isystem "${folder}")
    endforeach()
    foreach(group IN ITEMS "-Wpedantic;-Wvla;${files}" "-I${sources}/plugin;${others}")
        execute_process(COMMAND "${compiler_${processor}}" ${options} ${from} ${group} RESULT_VARIABLE status)
        if(NOT status EQUAL 0)
            message(SEND_ERROR "${processor}: not compiled without warnings")
        endif()
    endforeach()
    list(APPEND tried ${processor})
endforeach()

list(APPEND files ${others})
list(LENGTH files count)
if(NOT tried)
    message(STATUS "skipped: neither x86_64-w64-mingw32-gcc nor i686-w64-mingw32-gcc is installed")
else()
    message(STATUS "${count} files compiled for: ${tried}")
endif()
