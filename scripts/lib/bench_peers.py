"""What an export costs, compared with tshark itself and with other programs that describe connections; for
scripts/bench.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import shutil
import subprocess

from short_cuts import short_cuts

SIZES = {'short': 20000, 'web': 4000, 'bulk': 200000}
# Name: the command as a shell has it, with {capture} and {folder}; and which tshark: without the plugin, with it, or
# with it as scripts/batch starts it.
COMMANDS = {
    'tshark -r': ('tshark -n -r {capture}', 'plain'),
    'tshark -r, with tcpshake': ('tshark -n -r {capture}', 'plugin'),
    'export, as scripts/batch': ('tshark -n -q {saved} -r {capture} -z tcpshake,export,{folder}/rows.csv', 'lean'),
    'export, --full': ('tshark -n -q -r {capture} -z tcpshake,export,{folder}/rows.csv', 'plugin'),
    'tshark -z conv,tcp': ('tshark -n -q -r {capture} -z conv,tcp', 'plain'),
    'tshark -T fields': ('tshark -n -r {capture} -T fields -e frame.time_epoch -e tcp.stream -e ip.src -e ip.dst '
                         '-e tcp.flags -e tcp.seq -e tcp.ack -e tcp.len -e tcp.analysis.flags', 'plain'),
    'tcptrace -l': ('tcptrace -n -l {capture}', 'plain'),
    'argus, ra': ('argus -r {capture} -w - | ra -n -r -', 'plain'),
    'tcpdump, SYN FIN RST': ("tcpdump -n -r {capture} 'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0'", 'plain'),
}


def measured(bench, words, capture, which):
    """(seconds of CPU time, peak kilobytes) of the best of three runs."""
    tshark = getattr(bench, which)
    command = words.format(capture=capture, folder=os.path.join(tshark.folder, 'home'),
                           saved=' '.join(short_cuts(os.path.getsize(capture))))
    best = None
    for _ in range(3):
        process = subprocess.Popen(['sh', '-c', command], env=tshark.environment, cwd=tshark.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   **tshark.identity)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            return None
        found = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
        best = min(best or found, found)
    return best


def peers(bench, print_row):
    print('\nCPU seconds and peak megabytes, for a whole capture')
    for name, size in SIZES.items():
        capture = bench.capture(name, bench.options.size or size)
        plain = None
        print_row(name, f'{os.path.getsize(capture):,} bytes', 'seconds', 'of tshark -r', 'MB', 'of it')
        for title, (words, which) in COMMANDS.items():
            if not shutil.which(words.split()[0], path=os.environ['PATH'] + ':/usr/sbin'):
                print_row('', title, 'not installed')
                continue
            found = measured(bench, words, capture, which)
            if not found:
                print_row('', title, 'failed')
                continue
            plain = plain or found
            print_row('', title.ljust(26), f'{found[0]:.2f}', f'{found[0] / plain[0]:.2f}', f'{found[1] / 1024:.0f}',
                      f'{found[1] / plain[1]:.2f}')
        os.remove(capture)
