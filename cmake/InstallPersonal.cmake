# Copies the plugin and its profile to where Wireshark looks for those of the user who runs this: "Personal Plugins" and
# "Personal configuration" of `tshark -G folders`. Called with -Dplugin=FILE -Dprofile=FOLDER -Dseries=X.Y.
#
# SPDX-License-Identifier: GPL-2.0-or-later

if("$ENV{HOME}" STREQUAL "")
    message(FATAL_ERROR "HOME is not set: whose plugin folder is meant?")
endif()
set(folder "$ENV{HOME}/.local/lib/wireshark/plugins/${series}/epan")
file(COPY "${plugin}" DESTINATION "${folder}")
message(STATUS "tcpshake.so is now in ${folder}")

if(NOT "$ENV{XDG_CONFIG_HOME}" STREQUAL "")     # empty: as if it were not set
    set(profiles "$ENV{XDG_CONFIG_HOME}/wireshark/profiles")
else()
    set(profiles "$ENV{HOME}/.config/wireshark/profiles")
endif()
file(COPY "${profile}" DESTINATION "${profiles}")
get_filename_component(name "${profile}" NAME)
message(STATUS "The profile is now in ${profiles}: wireshark -C \"${name}\"")
