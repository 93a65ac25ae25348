# Finds Wireshark's development files through pkg-config: Debian and Ubuntu ship wireshark.pc, but not the CMake
# package that Wireshark's own `make install-headers` would add.
#
# Defines Wireshark::epan, Wireshark_VERSION, Wireshark_SERIES (such as 4.0), Wireshark_PLUGIN_PATH_ID (its folder for
# plugins: 4.0 or, on macOS, 4-0), Wireshark_PLUGIN_INSTALL_DIR and Wireshark_PROFILE_INSTALL_DIR.
#
# SPDX-License-Identifier: GPL-2.0-or-later

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(PC_Wireshark QUIET IMPORTED_TARGET GLOBAL wireshark)
    if(PC_Wireshark_FOUND)
        set(Wireshark_VERSION "${PC_Wireshark_VERSION}")
        string(REGEX MATCH "^[0-9]+\\.[0-9]+" Wireshark_SERIES "${Wireshark_VERSION}")
        set(Wireshark_PLUGIN_PATH_ID "${Wireshark_SERIES}")
        if(APPLE)   # a folder with a period in its name is a bundle there
            string(REPLACE "." "-" Wireshark_PLUGIN_PATH_ID "${Wireshark_SERIES}")
        endif()
        pkg_get_variable(Wireshark_PLUGIN_INSTALL_DIR wireshark plugindir)
        pkg_get_variable(Wireshark_PREFIX wireshark prefix)
        set(Wireshark_PROFILE_INSTALL_DIR "${Wireshark_PREFIX}/share/wireshark/profiles")
    endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Wireshark
    REQUIRED_VARS Wireshark_PLUGIN_INSTALL_DIR Wireshark_SERIES
    VERSION_VAR Wireshark_VERSION
    REASON_FAILURE_MESSAGE "On Debian and Ubuntu: apt install libwireshark-dev libwiretap-dev libwsutil-dev")

if(Wireshark_FOUND AND NOT TARGET Wireshark::epan)
    add_library(Wireshark::epan INTERFACE IMPORTED)
    target_link_libraries(Wireshark::epan INTERFACE PkgConfig::PC_Wireshark)
endif()
