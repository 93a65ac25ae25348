# Debian releases in folders of their own, filled by debootstrap: one for each Wireshark series. For sourcing, by bash.
#
# A function that cannot do its work says why in $reason and returns 2; 1 means that what it was to try has failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # reason and result are for the scripts that source this

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit 1
cache=${TCPSHAKE_CACHE:-/var/cache/tcpshake}
all_series='4.0 4.4 4.6'
# Until when, in seconds since the script's start; 0: no limit.
deadline=${deadline-0}
# What a step printed, to be shown if it fails.
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# debian_of SERIES: the release that has it, as codename, folder in the cache, and what to call it.
debian_of() {
    case $1 in
        4.0) codename=bookworm folder=debian-12 called='Debian 12' ;;
        4.4) codename=trixie folder=debian-13 called='Debian 13' ;;
        4.6) codename=sid folder=debian-sid called='Debian sid' ;;
        *) return 1 ;;
    esac
    root=$cache/$folder
}

cannot() {
    reason=$*
    return 2
}

in_time() {
    local left=0
    if [ "$deadline" -gt 0 ]; then
        left=$((deadline - SECONDS))
        [ "$left" -gt 0 ] || return 124
    fi
    timeout --kill-after=10 "$left" "$@" </dev/null
}

# The mirror of Debian that this machine is set up to use, as a URL that debootstrap takes.
find_mirror() {
    local origin label url
    # shellcheck disable=SC2016 # for apt
    while read -r origin label url; do
        [ "$origin $label" = 'Debian Debian' ] || continue
        # A list of mirrors, as cloud images have it: the first will do.
        case $url in mirror+file:*) url=$(grep -m 1 -oE 'https?://[^[:space:]]+' "${url#mirror+file:}") ;; esac
        case $url in http:* | https:* | file:*) mirror=$url && return ;; esac
    done < <(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null)
    return 1
}

# What every folder needs; a script calls it once.
start_debian() {
    [ "$(id -u)" -eq 0 ] || { cannot 'needs root'; return; }
    command -v apt-get >/dev/null || { cannot 'needs debootstrap'; return; }
    find_mirror || { cannot "no mirror of Debian in this machine's apt sources"; return; }
    if ! command -v debootstrap >/dev/null; then
        in_time apt-get -q -y --no-install-recommends install debootstrap >"$log" 2>&1 ||
            { cannot 'debootstrap is not installed and could not be'; return; }
    fi
    mkdir -p "$cache" || { cannot "cannot write to $cache"; return; }
    if [ -z "${http_proxy-}" ]; then
        # apt may know of a proxy that nobody else was told of.
        eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
        export http_proxy="${http_proxy-}"
    fi
}

# inside ROOT COMMAND...: in a mount namespace of its own where that is allowed, so that nothing stays mounted.
inside() {
    local at=$1
    shift
    # shellcheck disable=SC2016 # for the shell
    local enter='[ -e "$0/proc/self" ] || mount -t proc proc "$0/proc" 2>/dev/null; exec chroot "$0" "$@"'
    local namespace=(unshare --mount)
    "${namespace[@]}" true 2>/dev/null || namespace=()
    in_time "${namespace[@]}" sh -c "$enter" "$at" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive \
        http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" no_proxy="${no_proxy-}" "$@"
}

# make_root ROOT: the release $codename, as bare as debootstrap makes it; nobody else's until the next call.
make_root() {
    exec 9>"$1.lock"
    flock -n 9 || { cannot 'another run is at it'; return; }
    if [ ! -e "$1/.complete" ]; then
        rm -rf --one-file-system "$1"
        in_time debootstrap --variant=minbase "$codename" "$1" "$mirror" >"$log" 2>&1 ||
            { tail -n 3 "$log"; cannot 'debootstrap failed'; return; }
        # sid's list of contents is good for a week, and mirrors that stand still are older.
        [ "$codename" != sid ] || echo 'Acquire::Check-Valid-Until "false";' >"$1/etc/apt/apt.conf.d/90tcpshake"
        touch "$1/.complete"
    fi
    cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || :
}

# prepare SERIES: $root has these sources in /src, and all that they need to be built and tested.
prepare() {
    debian_of "$1"
    make_root "$root" || return
    rm -rf --one-file-system "$root/src"
    mkdir "$root/src"
    tar -C "$tree" --exclude=./.git --exclude='./build*' -cf - . | tar -C "$root/src" --no-same-owner -xf -
    inside "$root" sh -c '. /src/scripts/lib/setup.sh; install_missing' /src/scripts/test >"$log" 2>&1 ||
        { tail -n 5 "$log"; cannot 'what the tests need could not be installed in time'; return; }
    version=$(inside "$root" pkg-config --modversion wireshark)
    case $version in "$1".*) ;; *) cannot "$called has Wireshark $version"; return ;; esac
}

closing_line() {
    grep -E '^[0-9]+% tests passed' "$log" | tail -n 1
}

# test_on SERIES: scripts/test in its folder; $result is what is worth telling.
test_on() {
    prepare "$1" || return
    inside "$root" /src/scripts/test >"$log" 2>&1
    local status=$?
    [ "$status" -ne 124 ] || { cannot 'the tests were not done in time'; return; }
    result="$called, Wireshark $version: $(closing_line)"
    [ "$status" -ne 0 ] || return 0
    cat "$log"
    # Without a closing line it did not come as far as to the tests.
    result+=$(closing_line | grep -q . || echo 'not built')
    return 1
}
