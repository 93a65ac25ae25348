"""How a case is written: what has to be said about each segment of a conversation that is made, worked out from RFC
9293 (sections in brackets) and the list of anomalies; never from what the plugin prints.

A line is SEGMENT | STEPS | CLIENT'S STATE | SERVER'S STATE | ANOMALIES, the segment as in pcapmaker.py.
STEPS are the numbers of tcpshake.step. In each column

    *           anything: neither the RFC nor the contract says
    A or B      either
    A => B      A in a first pass, B where the whole capture is known
    name?       may be there (a step, an anomaly)
    name(h)     only where the whole capture is known: a later segment proves it, or silence
    name(1)     only in a first pass: this segment proves what an earlier one did, or a later one takes it back
    -           not a segment of a conversation: no field of ours

SPDX-License-Identifier: GPL-2.0-or-later
"""

import pcapmaker


def marks(cell, whole):
    """The names in a cell, or in a list of them, that have to be there, and those that may; None: any may."""
    due, allowed = set(), set()
    for word in cell.split():
        if word == '*':
            return due, None
        if ('(h)' in word and not whole) or ('(1)' in word and whole):
            continue
        name = word.replace('(h)', '').replace('(1)', '').rstrip('?')
        allowed.add(name)
        if not word.endswith('?'):
            due.add(name)
    return due, allowed


class Case:
    def __init__(self, name, why, text, isns=(1000, 500000), conversation=None, last=None, somewhere='',
                 neighbour_of='', needs_options=False, needs_ip_id=False):
        """conversation, last: fields of the first and of the last segment's conversation once everything is known, each
        a value or a choice ('A or B'); somewhere: anomalies that have to be on one of the segments at least, marked as
        in a line; neighbour_of: the anomalies that nearly happen here and must not be found;
        needs_options: no segment of the handshake may be cut; needs_ip_id: IPv6 has none."""
        self.name, self.why, self.isns = name, ' '.join(why.split()), isns
        self.lines, timed, time = [], [], 0
        for line in filter(str.strip, text.splitlines()):
            segment, *columns = (cell.strip() for cell in line.split('|'))
            self.lines.append(segment)
            if segment == 'again' or segment.startswith('again '):
                time += pcapmaker.copy_delay(segment.split())
            elif columns:
                time = float(segment.split()[0])
            if columns:
                timed.append((time, columns))
        # In the capture they stand as they were captured.
        self.rows = [columns for _, columns in sorted(timed, key=lambda row: row[0])]
        self.conversation, self.last = conversation or {}, last or {}
        self.somewhere, self.neighbour_of, self.needs_options = somewhere, neighbour_of.split(), needs_options
        self.needs_ip_id = needs_ip_id

    def due(self, whole=True):
        """The anomalies that have to be found."""
        return {name for columns in self.rows for name in marks(columns[3], whole)[0]} | marks(self.somewhere, whole)[0]

    def allows(self, anomaly):
        """May it be found, in either pass?"""
        cells = [columns[3] for columns in self.rows] + [self.somewhere]
        found = [marks(cell, whole)[1] for cell in cells for whole in (True, False)]
        return any(names is None or anomaly in names for names in found)


OPEN = '''
0.000 > SYN              | 1     | SYN-SENT    | SYN-RECEIVED |
0.020 < SYN ACK          | 2     | ESTABLISHED | SYN-RECEIVED |
0.040 > ACK              | 3     | ESTABLISHED | ESTABLISHED  |
'''
DATA = '''
1.000 > ACK PSH data=100 |       | ESTABLISHED | ESTABLISHED  |
1.020 < ACK PSH data=100 |       | ESTABLISHED | ESTABLISHED  |
1.040 > ACK              |       | ESTABLISHED | ESTABLISHED  |
'''


def close_at(time):
    return f'''
{time:.3f} > FIN ACK         | 11 | FIN-WAIT-1  | CLOSE-WAIT   |
{time + 0.02:.3f} < ACK      | 12 | FIN-WAIT-2  | CLOSE-WAIT   |
{time + 0.03:.3f} < FIN ACK  | 13 | TIME-WAIT   | LAST-ACK     |
{time + 0.05:.3f} > ACK      | 14 | TIME-WAIT   | CLOSED       |
'''


CLOSE = close_at(5)
CLOSE_BY_SERVER = '''
5.000 < FIN ACK          | 11    | CLOSE-WAIT  | FIN-WAIT-1   |
5.020 > ACK              | 12    | CLOSE-WAIT  | FIN-WAIT-2   |
5.030 > FIN ACK          | 13    | LAST-ACK    | TIME-WAIT    |
5.050 < ACK              | 14    | CLOSED      | TIME-WAIT    |
'''
# Another conversation shows that the capture went on.
A_MINUTE_LATER = '''
60.00 2> SYN             | 1     | SYN-SENT    | SYN-RECEIVED |
60.02 2< SYN ACK         | 2     | ESTABLISHED | SYN-RECEIVED |
60.04 2> ACK             | 3     | ESTABLISHED | ESTABLISHED  |
'''

FOUR_SEGMENTS = {'tcpshake.handshake': 'complete', 'tcpshake.teardown': 'four segments', 'tcpshake.opened_by': 'client',
                 'tcpshake.closed_by': 'client', 'tcpshake.time_wait.owner': 'client'}
