# What scripts/analyze and scripts/test do first: install what is missing, build. To be sourced by a POSIX shell.
#
# SPDX-License-Identifier: GPL-2.0-or-later

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1
build=$top/build

debian_packages='tshark libwireshark-dev libwiretap-dev libwsutil-dev libglib2.0-dev'
debian_packages="$debian_packages cmake gcc libc6-dev make pkg-config python3 parallel"
fedora_packages='wireshark-cli wireshark-devel glib2-devel cmake gcc make pkgconf-pkg-config python3 parallel'
arch_packages='wireshark-cli glib2 cmake gcc make pkgconf python parallel'

# plain TEXT: on one line, and without the control characters that the name of a file may hold: those of ASCII, and in
# UTF-8 those of C1 and those that change the direction of writing.
plain() {
    c1=$(printf '\302[\200-\237]')
    lines=$(printf '\342\200[\250-\256]')
    isolates=$(printf '\342\201[\246-\251]')
    printf '%s' "$*" | LC_ALL=C tr '\001-\037\177' '?' | LC_ALL=C sed "s/$c1/?/g; s/$lines/?/g; s/$isolates/?/g"
}

fail() {
    printf '%s: %s\n' "$(basename -- "$0")" "$(plain "$*")" >&2
    exit 1
}

# all_there [PROGRAM...]: checks for files, not for packages, so that a Wireshark built from source counts as well.
all_there() {
    for program in tshark cmake cc make pkg-config python3 "$@"; do
        command -v "$program" >/dev/null 2>&1 || return 1
    done
    pkg-config --exists wireshark glib-2.0 || return 1
    headers=$(pkg-config --variable=includedir wireshark)/wireshark
    for header in epan/packet.h wiretap/wtap.h wsutil/nstime.h; do
        [ -e "$headers/$header" ] || return 1
    done
    # The C library's headers are in a separate package.
    printf '#include <stdlib.h>\n' | cc -E -x c - >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        # shellcheck disable=SC2086 # empty or one word
        sudo $sudo_options env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# sudo may ask for a password once, and only if somebody can type it.
may_install() {
    sudo_options=
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null 2>&1 || return 1
    if sudo -n true 2>/dev/null; then
        sudo_options=-n
        return 0
    fi
    [ -t 0 ] && [ -t 2 ] && sudo -v
}

fresh_lists() {
    [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)" ]
}

apt() {
    # A new machine often updates itself first; wait for that.
    as_root apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null
}

# apt_install PACKAGE...; the log is shown only if it fails.
apt_install() {
    log=$(mktemp) || exit 1
    echo "Installing: $*" >&2
    # The update may fail: one unreadable source must not prevent the use of the others.
    fresh_lists || apt update || :
    if apt --no-install-recommends install "$@" || { apt update; apt --no-install-recommends install "$@"; }; then
        rm -f "$log"
        return 0
    fi
    tail -n 30 "$log" >&2
    rm -f "$log"
    return 1
}

# install_missing [PROGRAM...]: these programs as well
install_missing() {
    all_there "$@" && return 0
    if command -v apt-get >/dev/null 2>&1; then
        may_install || fail "required packages are missing; as root: apt-get install $debian_packages"
        # shellcheck disable=SC2086 # a list of words
        apt_install $debian_packages || fail "the installation failed; required packages: $debian_packages"
        all_there "$@" || fail "a required program or file is still missing after the installation of: $debian_packages"
    elif command -v dnf >/dev/null 2>&1; then
        fail "required packages are missing; as root: dnf install $fedora_packages"
    elif command -v pacman >/dev/null 2>&1; then
        fail "required packages are missing; as root: pacman -S $arch_packages"
    else
        fail "required packages are missing; on Debian they are: $debian_packages"
    fi
}

jobs() {
    nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

# CMake, make and the shells that they start take some characters of a path for their own. Then top and build become
# paths through a link with a name of letters and digits.
settle() {
    is_harmless "$top" && return
    links=${XDG_CACHE_HOME:-$HOME/.cache}/tcpshake
    is_harmless "$links" || fail "the build needs a path without special characters: neither $top nor $links is one"
    link=$links/$(printf '%s' "$top" | cksum | tr ' ' '-')
    mkdir -p "$links" && ln -sfn "$top" "$link" || exit 1
    top=$link
    build=$top/build
}

# is_harmless PATH: letters, of any language, digits, and a few more
is_harmless() {
    others=$(printf '%s' "$1" | LC_ALL=C tr -d 'a-zA-Z0-9\200-\377/._+@,%=~ -' && printf .)
    [ "$others" = . ]
}

# build TARGET into $build; the log is shown only if it fails.
build() {
    # A build folder depends on the Wireshark that it was configured for, and on its own path.
    cache=$build/CMakeCache.txt
    if [ -e "$cache" ] && ! { grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$top" "$cache" &&
        grep -qxF "PC_Wireshark_VERSION:INTERNAL=$(pkg-config --modversion wireshark)" "$cache"; }; then
        rm -f "$cache"
        rm -rf "$build/CMakeFiles" "$build/plugins"
    fi
    log=$(mktemp) || exit 1
    if ! { cmake -S "$top" -B "$build" && cmake --build "$build" --parallel "$(jobs)" --target "$1"; } \
        >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "the build failed; the log is above"
    fi
    # Show warnings even if the build succeeds.
    grep -E 'warning:' "$log" >&2
    rm -f "$log"
}

# set_up TARGET [PROGRAM...]: what a script needs before it can start.
set_up() {
    target=$1
    shift
    install_missing "$@"
    settle
    build "$target"
}
