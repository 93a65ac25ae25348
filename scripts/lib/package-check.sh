#!/bin/sh
# Tests a package on the fresh Debian system that it runs on, as root. Started by scripts/test-package.
#
# usage: package-check.sh PACKAGE CAPTURE [OTHER...]; OTHER: packages for other series of Wireshark.
#
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2015 # fail does not return

set -u
package=$1
capture=$2
shift 2
name=wireshark-plugin-tcpshake
here=$(dirname -- "$0")

fail() {
    echo "FAILED: $*"
    exit 1
}

apt() {
    apt-get -q -y --no-install-recommends "$@" >"$here/apt.log" 2>&1 </dev/null && return
    tail -n 20 "$here/apt.log"
    return 1
}

# All installed files, except apt's downloads and logs.
files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path "$here" -o \
        -path /var/cache/apt -o -path /var/lib/apt -o -path /var/log \) -prune -o -print | LC_ALL=C sort
}

# Runs tshark, with its output in $here/out and its messages in $here/err, without the warning about running as root.
run() {
    tshark "$@" 2>"$here/messages" >"$here/out" </dev/null
    status=$?
    grep -v '^Running as user' "$here/messages" >"$here/err"
    return "$status"
}

apt update || fail 'apt-get update'
apt-get -s --no-install-recommends install "$package" 2>&1 | grep -q '^Inst tshark ' ||
    fail 'the package does not install tshark'
apt install tshark || fail 'apt-get install tshark'
series=$(tshark --version 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
plugins=$(tshark -G folders 2>/dev/null | sed -n 's/^Global Plugins:[[:space:]]*//p')
files >"$here/before"
run -n -r "$capture" || fail 'tshark without the plugin'
cp "$here/out" "$here/plain"

# Plugins for other versions: apt and Wireshark refuse them with a message, and nothing else changes.
for other; do
    built_for=$(dpkg-deb -f "$other" Version | sed 's/.*ws//')
    if apt-get -s install "$other" >"$here/refused" 2>&1; then
        fail "apt would install the package for $built_for"
    fi
    echo "the package for $built_for: apt refuses:$(grep -m 1 'Depends: wireshark-common' "$here/refused" | tr -s ' ')"
    rm -rf "$here/other"
    dpkg-deb -x "$other" "$here/other"
    cp "$(find "$here/other" -name tcpshake.so)" "$plugins/epan/"
    run -n -r "$capture" || fail "tshark with the plugin for $built_for: status $status"
    cmp "$here/out" "$here/plain" || fail "the plugin for $built_for changes what tshark prints"
    grep tcpshake.so "$here/err" | sed "s/^/the plugin for $built_for: /" | grep . ||
        fail "tshark says nothing about the plugin for $built_for"
    rm "$plugins/epan/tcpshake.so"
done

apt install "$package" || fail "apt-get install $package"
dpkg --verify "$name" || fail 'dpkg --verify'
echo "$name $(dpkg-query -f '${Version}' -W "$name") on Wireshark $series: $(dpkg-query -f '${Depends}' -W "$name")"
run -G plugins && grep '^tcpshake\.so' "$here/out" || fail 'tshark -G plugins does not list the plugin'
run -n -2 -r "$capture" -Y tcpshake.anomaly -T fields -e frame.number -e tcpshake.anomaly ||
    fail "tshark: status $status"
[ -s "$here/out" ] && [ ! -s "$here/err" ] || { cat "$here/err"; fail 'tshark finds no anomalies, or complains'; }
cat "$here/out"
[ -s "/usr/share/wireshark/profiles/TCP Handshake/preferences" ] || fail 'the profile is missing'

# There is no configuration, so removing leaves as little as purging.
for how in remove purge; do
    dpkg-query -W "$name" >/dev/null 2>&1 || apt install "$package" || fail "apt-get install $package, again"
    apt "$how" "$name" || fail "apt-get $how"
    files >"$here/after"
    diff "$here/before" "$here/after" || fail "apt-get $how leaves files or removes too many"
    ! dpkg-query -W "$name" 2>/dev/null || fail "dpkg still lists the package after apt-get $how"
done
run -G plugins && ! grep tcpshake "$here/out" || fail 'tshark still lists the plugin'
echo 'removed, and purged: nothing is left'
