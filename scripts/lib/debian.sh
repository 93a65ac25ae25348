# Debian releases in folders that debootstrap fills, one for each Wireshark series. To be sourced by bash.
#
# A function that cannot do its work sets $reason and returns 2; 1 means that the test itself failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # reason and result are for the scripts that source this

tree=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit 1
cache=${TCPSHAKE_CACHE:-/var/cache/tcpshake}
all_series='4.0 4.4 4.6'
# The time limit, in seconds since the start of the script; 0: none.
deadline=${deadline-0}
# The output of a step, shown if it fails.
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# debian_of SERIES: the Debian release that has it: its codename, its folder in the cache, its name.
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
    if [ "$deadline" -eq 0 ]; then
        "$@" </dev/null
        return
    fi
    local left=$((deadline - SECONDS))
    [ "$left" -gt 0 ] || return 124
    timeout --kill-after=10 "$left" "$@" </dev/null
}

# The Debian mirror that this machine uses, as a URL for debootstrap.
find_mirror() {
    local origin label url
    # shellcheck disable=SC2016 # for apt
    while read -r origin label url; do
        [ "$origin $label" = 'Debian Debian' ] || continue
        # A list of mirrors, as in cloud images: use the first.
        case $url in mirror+file:*) url=$(grep -m 1 -oE 'https?://[^[:space:]]+' "${url#mirror+file:}") ;; esac
        case $url in http:* | https:* | file:*) mirror=$url && return ;; esac
    done < <(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null)
    return 1
}

# claim: whether all in $cache may be removed, since it is ours. What earlier versions left has no mark.
claim() {
    mkdir -p "$cache" && [ ! -L "$cache" ] && [ -O "$cache" ] || return
    [ -e "$cache/.tcpshake" ] || [ -z "$(ls -A "$cache")" ] ||
        compgen -G "$cache/debian-*/.complete" >/dev/null || return
    touch "$cache/.tcpshake"
}

# The preconditions for every folder; a script calls this once.
start_debian() {
    [ "$(id -u)" -eq 0 ] || { cannot 'needs root'; return; }
    command -v apt-get >/dev/null || { cannot 'needs debootstrap'; return; }
    find_mirror || { cannot "no Debian mirror in the apt sources of this machine"; return; }
    if ! command -v debootstrap >/dev/null; then
        in_time apt-get -q -y --no-install-recommends install debootstrap >"$log" 2>&1 ||
            { cannot 'debootstrap could not be installed'; return; }
    fi
    claim || { cannot "$cache holds what tcpshake did not put there; set TCPSHAKE_CACHE to a new folder"; return; }
    if [ -z "${http_proxy-}" ]; then
        # The proxy may be configured for apt only.
        eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
        export http_proxy="${http_proxy-}"
    fi
}

# inside ROOT COMMAND...: in a separate mount namespace if that is allowed, so that nothing stays mounted.
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

# make_root ROOT: a minimal $codename, locked against other runs until the next call.
make_root() {
    exec 9>"$1.lock"
    flock -n 9 || { cannot 'another run is using it'; return; }
    if [ ! -e "$1/.complete" ]; then
        rm -rf --one-file-system "$1"
        in_time debootstrap --variant=minbase "$codename" "$1" "$mirror" >"$log" 2>&1 ||
            { tail -n 3 "$log"; cannot 'debootstrap failed'; return; }
        # sid's release file expires after a week, and a stale mirror has an older one.
        [ "$codename" != sid ] || echo 'Acquire::Check-Valid-Until "false";' >"$1/etc/apt/apt.conf.d/90tcpshake"
        touch "$1/.complete"
    fi
    cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || :
}

# prepare SERIES: copies the sources to $root/src and installs everything that the build and the tests need.
prepare() {
    debian_of "$1"
    make_root "$root" || return
    rm -rf --one-file-system "$root/src"
    mkdir "$root/src"
    tar -C "$tree" --exclude=./.git --exclude='./build*' -cf - . | tar -C "$root/src" --no-same-owner -xf -
    inside "$root" sh -c '. /src/scripts/lib/setup.sh; install_missing' /src/scripts/test >"$log" 2>&1 ||
        { tail -n 5 "$log"; cannot 'the packages for the tests could not be installed in time'; return; }
    version=$(inside "$root" pkg-config --modversion wireshark)
    case $version in "$1".*) ;; *) cannot "$called has Wireshark $version"; return ;; esac
}

closing_line() {
    grep -E '^[0-9]+% tests passed' "$log" | tail -n 1
}

# test_on SERIES: runs scripts/test in its folder and sets $result to a summary.
test_on() {
    prepare "$1" || return
    inside "$root" /src/scripts/test >"$log" 2>&1
    local status=$?
    [ "$status" -ne 124 ] || { cannot 'the tests did not finish in time'; return; }
    result="$called, Wireshark $version: $(closing_line)"
    [ "$status" -ne 0 ] || return 0
    cat "$log"
    # Without a closing line the tests did not start.
    result+=$(closing_line | grep -q . || echo 'not built')
    return 1
}
