#!/bin/sh
# Compares tshark.exe with tcpshake.dll, under wine, with this system's tshark and tcpshake.so. Started by
# scripts/windows after windows-build.sh, as root.
#
# usage: windows-check.sh SOURCES
#
# SPDX-License-Identifier: GPL-2.0-or-later

set -u
sources=$1
work=/windows
run=$work/build/wireshark/run
check=$work/check
# LANG: there is no console whose code page GLib could ask for.
export WINEPREFIX=$work/wine WINEDEBUG=-all LANG=C.UTF-8

fail() {
    echo "FAILED: $*"
    exit 1
}

rm -rf "$check"
mkdir -p "$check/unix" "$check/windows" "$check/home" || exit 1
cd "$check" || exit 1
cp -r "$sources/build/plugins" "$sources/samples/conversations.pcap" .
cp "$sources"/tests/captures/lab/*.pcap .
# Wireshark loads no plugin from there for root.
chown -R nobody . && chmod -R a+rX .

unix() {
    HOME=$check/home WIRESHARK_PLUGIN_DIR=$check/plugins \
        setpriv --reuid nobody --regid nogroup --clear-groups tshark "$@"
}

windows() {
    wine "$run/tshark.exe" "$@"
}

# The C library of Windows ends lines with CR LF where the program wrote LF.
as_unix() {
    tr -d '\r'
}

# The core, the text and the story without Wireshark.
checks=0
for test in "$work"/build/unit/test_*.exe; do
    wine "$test" >"$check/unit.txt" 2>"$check/err" || { cat "$check/unit.txt" "$check/err"; fail "$test"; }
    checks=$((checks + $(grep -c '^ok ' "$check/unit.txt")))
done
[ "$checks" -gt 0 ] || fail 'the unit tests check nothing'
echo "unit tests: $checks checks passed"

windows -G plugins 2>"$check/err" | as_unix >"$check/plugins.txt"
grep '^tcpshake\.dll' "$check/plugins.txt" ||
    { cat "$check/err"; fail 'tshark.exe -G plugins does not list tcpshake.dll'; }
windows --version 2>/dev/null | as_unix | head -n 1

# Rows of each segment, and the exported rows of each conversation. Not tcpshake.time_wait.until: with it Wireshark
# prints the name of the time zone, which Windows calls otherwise.
# rows WHICH CAPTURE
rows() {
    "$1" -n -2 -r "$2" -Y tcpshake -T fields -e frame.number -e tcpshake.sender -e tcpshake.step -e tcpshake.states \
        -e tcpshake.note -e tcpshake.verdict -e tcpshake.anomaly -e tcpshake.conn.anomaly -e tcpshake.lifetime \
        -e tcpshake.time_wait.remaining -e _ws.expert.message -z "tcpshake,export,$1/${2%.pcap}.csv" \
        2>"$1/${2%.pcap}.err" | as_unix >"$1/${2%.pcap}.txt"
}
count=0 lines=0
for capture in *.pcap; do
    rows unix "$capture"
    rows windows "$capture"
    for suffix in txt csv; do
        cmp "unix/${capture%.pcap}.$suffix" "windows/${capture%.pcap}.$suffix" || {
            cat "windows/${capture%.pcap}.err"
            fail "$capture: the rows are not those of Linux"
        }
        [ -s "windows/${capture%.pcap}.$suffix" ] || fail "$capture: no rows"
    done
    count=$((count + 1))
    lines=$((lines + $(cat "windows/${capture%.pcap}.txt" "windows/${capture%.pcap}.csv" | wc -l)))
done
echo "$count captures: $lines rows, byte for byte those of Linux"

# Statistics, a story and a picture.
for call in tcpshake,tree tcpshake,conv tcpshake,hosts tcpshake,story,0; do
    for which in unix windows; do
        "$which" -n -q -r conversations.pcap -z "$call" 2>/dev/null | as_unix >"$which/call.txt"
    done
    [ -s windows/call.txt ] || fail "-z $call says nothing"
    cmp unix/call.txt windows/call.txt || fail "-z $call is not that of Linux"
done
echo 'statistics and stories: those of Linux'

# Names that no code page of Windows has together.
folder='Übergrößen 연결'
mkdir -p "unix/$folder" "windows/$folder"
chown -R nobody unix
for file in 'Ergebnis für 서버.csv' 'Verläufe 흐름.ndjson' 'Bild 그림.svg'; do
    case $file in *.svg) call=tcpshake,ladder,0 ;; *) call=tcpshake,export ;; esac
    for which in unix windows; do
        "$which" -n -q -r conversations.pcap -z "$call,$which/$folder/$file" >/dev/null 2>"$which/call.err"
    done
    cmp "unix/$folder/$file" "windows/$folder/$file" || { cat windows/call.err; fail "$folder/$file"; }
done
echo "written: $folder/"

# A picture in place of the capture that is being read.
cp conversations.pcap same.pcap
windows -n -q -r same.pcap -z tcpshake,ladder,0,same.pcap >/dev/null 2>"$check/err" && fail 'draws into the capture'
cmp conversations.pcap same.pcap || fail 'the capture is no longer what it was'
as_unix <"$check/err" | grep 'same\.pcap'
