# A Debian package of the plugin and its profile, by cpack. It goes with the Wireshark series that it was built for, and
# with no other: apt then removes it, or holds Wireshark back, instead of leaving a plugin that cannot be loaded.
#
# SPDX-License-Identifier: GPL-2.0-or-later

if(NOT TARGET tcpshake OR NOT EXISTS /etc/debian_version)
    return()
endif()

set(name wireshark-plugin-tcpshake)
# The first version that is too new: 4.0 is followed by 4.1, which is nobody's release.
string(REGEX REPLACE "^[0-9]+\\.([0-9]+)$" "\\1" minor "${Wireshark_SERIES}")
string(REGEX REPLACE "\\.[0-9]+$" "" major "${Wireshark_SERIES}")
math(EXPR minor "${minor} + 1")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME "${name}")
set(CPACK_PACKAGE_CONTACT "tcpshake's maintainers <maintainers@tcpshake.invalid>"
    CACHE STRING "name and address of who answers for the package: its maintainer")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "follows TCP's handshake and teardown in Wireshark")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "A plugin for Wireshark and tshark. For each TCP segment it shows
which step of the handshake or the teardown the segment performs, and which
RFC 9293 state both ends are in afterwards. It flags what went wrong, with the
numbers that prove it, and says in one line how the conversation was opened
and closed. A profile with columns and filter buttons comes with it.")
# Two builds of one version differ in their Wireshark; that of the newer one is the upgrade.
set(CPACK_DEBIAN_PACKAGE_RELEASE "1+ws${Wireshark_SERIES}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

# Every program of Wireshark's depends on the very same version of wireshark-common, whose name has stayed the same.
# dpkg-shlibdeps adds the libraries: that of Wireshark has a name of its own in each series (libwireshark16 in 4.0).
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
string(CONCAT CPACK_DEBIAN_PACKAGE_DEPENDS
    "wireshark-common (>= ${Wireshark_SERIES}~), wireshark-common (<< ${major}.${minor}~), tshark | wireshark")

# Wireshark says where its plugins are, and it is an absolute path.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# strip leaves what the compiler says of itself.
find_program(strip strip)
if(strip)
    install(CODE "execute_process(COMMAND \"${strip}\" --remove-section=.comment --remove-section=.note
        \"\$ENV{DESTDIR}${TCPSHAKE_INSTALL_DIR}/tcpshake.so\")" COMPONENT package EXCLUDE_FROM_ALL)
endif()

# What only a package has: `cmake --install` leaves it out.
install(FILES "${PROJECT_SOURCE_DIR}/cmake/debian-copyright" DESTINATION "share/doc/${name}" RENAME copyright
    COMPONENT package EXCLUDE_FROM_ALL)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(changelog "${PROJECT_BINARY_DIR}/changelog.Debian")
file(WRITE "${changelog}" "${name} (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Version ${PROJECT_VERSION}, for Wireshark ${Wireshark_SERIES}.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
execute_process(COMMAND gzip -9nf "${changelog}" COMMAND_ERROR_IS_FATAL ANY)
install(FILES "${changelog}.gz" DESTINATION "share/doc/${name}" COMPONENT package EXCLUDE_FROM_ALL)
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${PROJECT_BINARY_DIR}" "${PROJECT_NAME}" ALL / "${PROJECT_BINARY_DIR}" "${PROJECT_NAME}" package /)

include(CPack)
