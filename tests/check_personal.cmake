# Fails if cmake/InstallPersonal.cmake puts a file where Wireshark does not look for it, or leaves one when it removes
# them. Called with -Dscript=FILE -Dprofile=FOLDER -Dwritten=FOLDER.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.22)

set(home "${written}/home")
get_filename_component(name "${profile}" NAME)

# run(CONFIG ARGUMENT...): CONFIG: the value of XDG_CONFIG_HOME, or --unset=XDG_CONFIG_HOME
function(run config)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E env "HOME=${home}" "${config}" "${CMAKE_COMMAND}"
            "-Dplugin=${written}/tcpshake.so" "-Dprofile=${profile}" ${ARGN} -P "${script}"
        OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# expect(SENTENCE FILE...): these, below the home folder, and no others
function(expect sentence)
    file(GLOB_RECURSE found RELATIVE "${home}" "${home}/*" "${home}/.*")
    list(SORT found)
    set(files "${ARGN}")
    list(SORT files)
    if(NOT "${found}" STREQUAL "${files}")
        message(SEND_ERROR "${sentence}: expected: ${files}\nfound: ${found}")
    endif()
endfunction()

function(start)
    file(REMOVE_RECURSE "${home}")
    file(MAKE_DIRECTORY "${home}")
    file(WRITE "${written}/tcpshake.so" "a plugin")
endfunction()

file(GLOB parts RELATIVE "${profile}" "${profile}/*")
# profile_in(VARIABLE FOLDER): its files there
function(profile_in variable folder)
    list(TRANSFORM parts PREPEND "${folder}/profiles/${name}/" OUTPUT_VARIABLE files)
    set(${variable} "${files}" PARENT_SCOPE)
endfunction()
profile_in(in_config .config/wireshark)
profile_in(in_xdg xdg/wireshark)
profile_in(in_old .wireshark)
set(plugin_46 .local/lib/wireshark/plugins/4.6/epan/tcpshake.so)
set(plugin_mac .local/lib/wireshark/plugins/4-6/epan/tcpshake.so)

foreach(config IN ITEMS --unset=XDG_CONFIG_HOME XDG_CONFIG_HOME=)
    start()
    run("${config}" -Dfor=4.6)
    expect("${config}" ${in_config} ${plugin_46})
    run("${config}" -Dfor=4.6 -Duninstall=ON)
    expect("${config}, removed")
endforeach()

start()
run("XDG_CONFIG_HOME=${home}/xdg" -Dfor=4-6)
expect("XDG_CONFIG_HOME, on macOS" ${in_xdg} ${plugin_mac})
run("XDG_CONFIG_HOME=${home}/xdg" -Dfor=4-6 -Duninstall=ON)
expect("XDG_CONFIG_HOME, on macOS, removed")

# Wireshark's old folder, while there is no new one.
start()
file(WRITE "${home}/.wireshark/preferences" "")
run(XDG_CONFIG_HOME= -Dfor=4.6)
expect("an old folder" ${in_old} .wireshark/preferences ${plugin_46})

# Another plugin stays, and what the user has changed or Wireshark has written.
start()
run(XDG_CONFIG_HOME= -Dfor=4.6)
file(APPEND "${home}/.config/wireshark/profiles/${name}/preferences" "gui.window_title: mine\n")
file(WRITE "${home}/.local/lib/wireshark/plugins/4.6/epan/other.so" "")
run(XDG_CONFIG_HOME= -Dfor=4.6 -Duninstall=ON)
expect("changed" ".config/wireshark/profiles/${name}/preferences" .local/lib/wireshark/plugins/4.6/epan/other.so)
run(XDG_CONFIG_HOME= -Dfor=4.6 -Duninstall=ON)
expect("removed twice" ".config/wireshark/profiles/${name}/preferences"
    .local/lib/wireshark/plugins/4.6/epan/other.so)
file(REMOVE_RECURSE "${home}")
