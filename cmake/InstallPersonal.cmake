# Copies the plugin and its profile to where Wireshark looks for those of the user who runs this, or removes them from
# there: "Personal Plugins" and "Personal configuration" of `tshark -G folders`.
# Called with -Dplugin=FILE -Dprofile=FOLDER -Dfor=4.6, the name of Wireshark's folder for its plugins, and, to remove,
# -Duninstall=ON.
#
# SPDX-License-Identifier: GPL-2.0-or-later

set(home "$ENV{HOME}")
if(home STREQUAL "")
    message(FATAL_ERROR "HOME is not set: whose plugin folder is meant?")
endif()
set(plugins "${home}/.local/lib/wireshark/plugins/${for}/epan")
set(settings "$ENV{XDG_CONFIG_HOME}")
if(settings STREQUAL "")     # empty counts as unset
    set(settings "${home}/.config")
endif()
string(APPEND settings "/wireshark")
# As Wireshark itself has it: its old folder, where there is no new one.
if(NOT IS_DIRECTORY "${settings}" AND IS_DIRECTORY "${home}/.wireshark")
    set(settings "${home}/.wireshark")
endif()
set(profiles "${settings}/profiles")
get_filename_component(file "${plugin}" NAME)
get_filename_component(name "${profile}" NAME)

if(NOT uninstall)
    file(COPY "${plugin}" DESTINATION "${plugins}")
    message(STATUS "${file} is now in ${plugins}")
    file(COPY "${profile}" DESTINATION "${profiles}")
    message(STATUS "The profile is now in ${profiles}: wireshark -C \"${name}\"")
    return()
endif()

# A folder that is left empty goes as well.
function(remove_if_empty)
    foreach(folder IN LISTS ARGN)
        file(GLOB left LIST_DIRECTORIES true "${folder}/*" "${folder}/.*")
        list(FILTER left EXCLUDE REGEX "/\\.\\.?$")
        if(IS_DIRECTORY "${folder}" AND NOT left)
            file(REMOVE_RECURSE "${folder}")
        endif()
    endforeach()
endfunction()

if(EXISTS "${plugins}/${file}")
    file(REMOVE "${plugins}/${file}")
    message(STATUS "${file} is no longer in ${plugins}")
else()
    message(STATUS "${file} was not in ${plugins}")
endif()
get_filename_component(above "${plugins}" DIRECTORY)
remove_if_empty("${plugins}" "${above}")

# What the user has changed, and what Wireshark has written there, stays.
file(GLOB ours RELATIVE "${profile}" "${profile}/*")
foreach(part IN LISTS ours)
    if(NOT EXISTS "${profiles}/${name}/${part}")
        continue()
    endif()
    file(SHA256 "${profile}/${part}" now)
    file(SHA256 "${profiles}/${name}/${part}" then)
    if(now STREQUAL then)
        file(REMOVE "${profiles}/${name}/${part}")
    endif()
endforeach()
remove_if_empty("${profiles}/${name}")
if(IS_DIRECTORY "${profiles}/${name}")
    message(STATUS "Left, since it was changed: ${profiles}/${name}")
else()
    message(STATUS "The profile is no longer in ${profiles}")
endif()
