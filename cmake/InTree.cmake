# The plugin as a part of Wireshark's own build, with Wireshark's macros. Core, text and story are compiled into it.
# For CMakeLists.txt, which sets core_sources, text_sources, story_sources, epan_sources and tcpshake_version.
#
# SPDX-License-Identifier: GPL-2.0-or-later

include(WiresharkPlugin)

string(REPLACE "." ";" version "${tcpshake_version}")
set_module_info(tcpshake ${version} 0)

# Wireshark's own are compiled with WERROR_COMMON_FLAGS: a guest's warning need not stop its host's build.
set(PLUGIN_FILES ${epan_sources} ${story_sources} ${text_sources} ${core_sources})
add_wireshark_plugin_library(tcpshake epan)
target_compile_definitions(tcpshake PRIVATE TCPSHAKE_VERSION="${tcpshake_version}")
# As in a build of its own (CMakeLists.txt), whatever Wireshark itself is compiled with.
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(tcpshake PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O3>)
endif()
# GMODULE2_LIBRARIES: calls.c asks whether this is Wireshark with windows.
target_link_libraries(tcpshake epan ${GMODULE2_LIBRARIES})
install_plugin(tcpshake epan)

# The profile, next to Wireshark's. In 4.0 CMAKE_INSTALL_DATADIR is Wireshark's own folder; in 4.4, the one above it.
set(profiles "${CMAKE_INSTALL_DATADIR}/profiles")
if(NOT WIN32 AND NOT CMAKE_INSTALL_DATADIR MATCHES "/${PROJECT_NAME}$")
    set(profiles "${CMAKE_INSTALL_DATADIR}/${PROJECT_NAME}/profiles")
endif()
install(DIRECTORY "profile/TCP Handshake" DESTINATION "${profiles}")
