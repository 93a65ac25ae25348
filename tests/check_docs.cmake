# Fails if a generated page is not what its generator writes today. Called with -Dgenerator=PROGRAM, -Dpage=FILE and
# -Dwritten=FILE, where the generator may write.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND "${generator}" "${written}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${written}" "${page}" RESULT_VARIABLE differs)
if(differs)
    message(FATAL_ERROR "${page} is not up to date; write it anew: cmake --build build --target docs")
endif()
