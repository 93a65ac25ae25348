#!/bin/sh
# Cross-builds tshark.exe, tcpshake.dll and the unit tests with MinGW-w64, from the sources of the Debian that it runs
# in, as root. Started by scripts/windows. What is finished is kept in /windows and not built again.
#
# usage: windows-build.sh SOURCES; SOURCES: tcpshake's
#
# SPDX-License-Identifier: GPL-2.0-or-later

set -eu
sources=$1
work=/windows
prefix=$work/prefix
jobs=${TCPSHAKE_JOBS:-$(nproc)}

# The universal C runtime where Debian has a compiler for it, msvcrt.dll elsewhere.
host=x86_64-w64-mingw32
if apt-cache show g++-mingw-w64-ucrt64 >/dev/null 2>&1; then
    host=x86_64-w64-mingw32ucrt
fi

# step NAME COMMAND...: once
step() {
    stamp=$work/done/$1
    shift
    [ ! -e "$stamp" ] || return 0
    echo "$(date +%H:%M:%S) $*"
    # In a shell of its own, where -e holds.
    ( "$@" )
    touch "$stamp"
}

install_packages() {
    compiler="gcc-mingw-w64-x86-64-win32 g++-mingw-w64-x86-64-win32"
    [ "$host" = x86_64-w64-mingw32 ] || compiler="g++-mingw-w64-ucrt64 $compiler"
    # shellcheck disable=SC2086 # a list of words
    apt-get -q -y --no-install-recommends install $compiler libz-mingw-w64-dev libgcrypt-mingw-w64-dev gcc libc6-dev \
        make cmake meson ninja-build pkgconf python3 perl flex dpkg-dev libglib2.0-dev-bin wine wine64
}

fetch_sources() {
    mkdir -p "$work/source"
    cd "$work/source"
    apt-get -q source wireshark glib2.0 pcre2 c-ares
}

# source_of NAME: its folder
source_of() {
    for folder in "$work/source/$1"-[0-9]*/; do
        printf '%s' "${folder%/}"
        return
    done
}

# What every cross-build below is told.
describe_host() {
    mkdir -p "$prefix/lib/pkgconfig" "$prefix/include" "$work/bin"
    cat >"$work/bin/pkg-config" <<END
#!/bin/sh
PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig:$prefix/share/pkgconfig exec /usr/bin/pkg-config "\$@"
END
    # Wireshark's parser generator runs here, but CMake would link it as what runs on Windows.
    cat >"$work/bin/lemon-cc" <<'END'
#!/bin/sh
for argument; do
    shift
    case $argument in -Wl,* | -l*) ;; *) set -- "$@" "$argument" ;; esac
done
exec gcc "$@"
END
    chmod +x "$work/bin/pkg-config" "$work/bin/lemon-cc"
    # Names that are written in capitals where the file system does not care.
    for header in Windows.h Ws2tcpip.h VersionHelpers.h; do
        ln -sf "$(echo "$header" | tr '[:upper:]' '[:lower:]')" "/usr/$host/include/$header"
    done
    cat >"$work/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER $host-gcc)
set(CMAKE_CXX_COMPILER $host-g++)
set(CMAKE_RC_COMPILER $host-windres)
set(CMAKE_FIND_ROOT_PATH $prefix)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(PKG_CONFIG_EXECUTABLE $work/bin/pkg-config)
END
    cat >"$work/cross.ini" <<END
[binaries]
c = '$host-gcc'
cpp = '$host-g++'
ar = '$host-ar'
strip = '$host-strip'
windres = '$host-windres'
pkgconfig = '$work/bin/pkg-config'
[host_machine]
system = 'windows'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
[built-in options]
c_args = ['-I$prefix/include']
cpp_args = ['-I$prefix/include']
c_link_args = ['-L$prefix/lib']
cpp_link_args = ['-L$prefix/lib']
END
}

# Only Debian's zlib and libgcrypt: msvcrt.dll's headers, in the same folder, must not mix with another C runtime's.
take_libraries() {
    msvcrt=/usr/x86_64-w64-mingw32
    for name in zlib.h zconf.h gcrypt.h gpg-error.h gpgrt.h; do
        cp "$msvcrt/include/$name" "$prefix/include/"
    done
    for name in z gcrypt gpg-error; do
        find "$msvcrt/lib" -name "lib$name.*" -exec cp -P {} "$prefix/lib/" \;
    done
}

# GLib asks for gettext's library, whose translations nobody reads here.
build_libintl() {
    cat >"$prefix/include/libintl.h" <<'END'
#ifndef LIBINTL_H
#define LIBINTL_H
char *gettext(const char *id);
char *dgettext(const char *domain, const char *id);
char *dcgettext(const char *domain, const char *id, int category);
char *ngettext(const char *one, const char *many, unsigned long n);
char *dngettext(const char *domain, const char *one, const char *many, unsigned long n);
char *textdomain(const char *domain);
char *bindtextdomain(const char *domain, const char *folder);
char *bind_textdomain_codeset(const char *domain, const char *codeset);
#ifndef LC_MESSAGES /* Debian's GLib asks for it; the number is gettext's, which Windows knows nothing of */
#define LC_MESSAGES 1729
#endif
#endif
END
    cat >"$work/libintl.c" <<'END'
#include "libintl.h"
char *gettext(const char *id) { return (char *)id; }
char *dgettext(const char *domain, const char *id) { (void)domain; return (char *)id; }
char *dcgettext(const char *domain, const char *id, int category) { (void)domain; (void)category; return (char *)id; }
char *ngettext(const char *one, const char *many, unsigned long n) { return (char *)(n == 1 ? one : many); }
char *dngettext(const char *domain, const char *one, const char *many, unsigned long n)
{ (void)domain; return ngettext(one, many, n); }
char *textdomain(const char *domain) { return (char *)domain; }
char *bindtextdomain(const char *domain, const char *folder) { (void)domain; return (char *)folder; }
char *bind_textdomain_codeset(const char *domain, const char *codeset) { (void)domain; return (char *)codeset; }
END
    "$host-gcc" -O2 -I"$prefix/include" -c "$work/libintl.c" -o "$work/libintl.o"
    "$host-ar" rcs "$prefix/lib/libintl.a" "$work/libintl.o"
}

with_cmake() {
    name=$1
    shift
    cmake -G Ninja -S "$(source_of "$name")" -B "$work/build/$name" -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" \
        -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_BUILD_TYPE=Release "$@"
    ninja -C "$work/build/$name" -j "$jobs" install
}

build_pcre2() {
    with_cmake pcre2 -DBUILD_SHARED_LIBS=ON -DBUILD_STATIC_LIBS=OFF -DPCRE2_BUILD_TESTS=OFF \
        -DPCRE2_BUILD_PCRE2GREP=OFF -DPCRE2_SUPPORT_JIT=OFF
}

# Debian's patch for CVE-2023-31130 has a name that only Unix's headers define.
build_cares() {
    sed -i -E 's/([^_])INADDRSZ/\1NS_INADDRSZ/' "$(source_of c-ares)/src/lib/inet_net_pton.c"
    with_cmake c-ares -DCARES_BUILD_TOOLS=OFF
}

# Of GLib, what Wireshark takes; GObject and GIO, left out, are the larger part and need more libraries.
build_glib() {
    sed -i -E -e '/^libffi_dep/d' -e "/^ *subdir\('(gobject|gio|fuzzing|tools|po|docs.reference)'\)/d" \
        "$(source_of glib2.0)/meson.build"
    meson setup "$work/build/glib" "$(source_of glib2.0)" --cross-file "$work/cross.ini" --prefix "$prefix" \
        --libdir lib --buildtype release --wrap-mode nodownload -Dtests=false
    ninja -C "$work/build/glib" -j "$jobs" install
}

# As plugins/epan/tcpshake of its source; MSYSTEM says that the libraries are not Wireshark's own collection.
configure_wireshark() {
    wireshark=$(source_of wireshark)
    # Without libpcap, 4.0 forgets a header here.
    sed -i 's/^#include "capture\/capture-wpcap\.h"$/&\n#include <wsutil\/feature_list.h>/' \
        "$wireshark/capture/capture-wpcap.c"
    ln -sfn "$sources" "$wireshark/plugins/epan/tcpshake"
    cd "$work/build"
    MSYSTEM=MINGW64 cmake -G Ninja -S "$wireshark" -B "$work/build/wireshark" \
        -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O0 \
        -DLEMON_C_COMPILER="$work/bin/lemon-cc" \
        -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/tcpshake -DBUILD_wireshark=OFF -DBUILD_sharkd=OFF -DENABLE_PCAP=OFF \
        -DENABLE_LTO=OFF -DHAVE_C99_VSNPRINTF=ON
}

build_wireshark() {
    cd "$work/build/wireshark"
    MSYSTEM=MINGW64 ninja -k 0 -j "$jobs" tshark
}

# Not once: tcpshake's sources change.
build_plugin() {
    cd "$work/build/wireshark"
    MSYSTEM=MINGW64 ninja -j "$jobs" tcpshake
}

# Of what knows no Wireshark.
build_unit_tests() {
    unit=$work/build/unit
    rm -rf "$unit"
    mkdir -p "$unit"
    cd "$sources"
    compile="$host-gcc -O1 -Iplugin -I$prefix/include/glib-2.0 -I$prefix/lib/glib-2.0/include"
    find plugin/core plugin/text plugin/story -name '*.c' | while read -r source; do
        $compile -c "$source" -o "$unit/$(echo "$source" | tr / _).o"
    done
    "$host-ar" rcs "$unit/tcpshake.a" "$unit"/*.o
    for source in tests/unit/test_*.c; do
        name=$(basename "$source" .c)
        # tests/unit/conversation_*.c are what test_conversation.c runs.
        set -- "$source"
        for part in "tests/unit/${name#test_}"_*.c; do
            [ ! -e "$part" ] || set -- "$@" "$part"
        done
        $compile "$@" "$unit/tcpshake.a" -L"$prefix/lib" -lglib-2.0 -o "$unit/$name.exe"
    done
    cp "$prefix"/bin/*.dll "$unit/"
}

# Beside tshark.exe, where Windows looks first.
collect_libraries() {
    cp "$prefix"/bin/*.dll /usr/x86_64-w64-mingw32/bin/*.dll "$work/build/wireshark/run/"
    find /usr/x86_64-w64-mingw32/lib /usr/lib/gcc/"$host" -name '*.dll' -exec cp -u {} "$work/build/wireshark/run/" \;
}

mkdir -p "$work/done" "$work/build"
step packages install_packages
step sources fetch_sources
step host describe_host
step libraries take_libraries
step libintl build_libintl
step pcre2 build_pcre2
step c-ares build_cares
step glib build_glib
step configure configure_wireshark
step tshark build_wireshark
build_plugin
build_unit_tests
collect_libraries
