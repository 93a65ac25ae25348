# Copies the plugin to where Wireshark looks for the plugins of the user who runs this: "Personal Plugins" of
# `tshark -G folders`. Called with -Dplugin=FILE -Dseries=X.Y.
#
# SPDX-License-Identifier: GPL-2.0-or-later

if(NOT DEFINED ENV{HOME})
    message(FATAL_ERROR "HOME is not set: whose plugin folder is meant?")
endif()
set(folder "$ENV{HOME}/.local/lib/wireshark/plugins/${series}/epan")
file(COPY "${plugin}" DESTINATION "${folder}")
message(STATUS "tcpshake.so is now in ${folder}")
