"""What happens between two capture points: lost segments, RSTs of others, answers past the NAT. The notation of the
segments is in points.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from points import CLIENT, CLOSE, DATA, OPEN, SERVER, Path

SAME = (CLIENT, SERVER)
LOST, RESET, BYPASSED = 'lost_between', 'reset_in_between', 'nat_bypassed'
OF_POINTS = (LOST, RESET, BYPASSED)


class Case:
    """expected: {frame: anomaly} of those of points; cause: tcpshake.reset_cause of all with a RST."""

    def __init__(self, name, text, expected=None, neighbour_of='', cause=None, **settings):
        self.name, self.text, self.expected, self.cause = name, text, expected or {}, cause
        self.neighbour_of, self.settings = neighbour_of.split(), settings

    def path(self):
        return Path(self.text, **self.settings)

    def due(self, whole=True):
        return set(self.expected.values()) if whole else set()

    def allows(self, anomaly):
        return anomaly in self.due()


SYN_LOST = '''
0.000 A  > SYN
1.000 AB > SYN seq=0
1.020 BA < SYN ACK
1.040 AB > ACK
'''
SYN_ACK_LOST = '''
0.000 AB > SYN
0.020 B  < SYN ACK
1.000 AB > SYN seq=0
1.020 BA < SYN ACK seq=0
1.040 AB > ACK
'''
FIN_LOST = OPEN + DATA + '''
2.000 A  > FIN ACK
2.300 AB > FIN ACK seq=101
2.320 BA < FIN ACK
2.340 AB > ACK
'''
RESET_LOST = OPEN + DATA + '''
2.000 A > RST ACK
3.000 B < ACK data=10
'''
RESET_BY_BOTH = OPEN + DATA + '''
2.000 AB > RST ACK
3.000 BA < ACK data=10
'''
STOPPED = OPEN + DATA + '''
1.500 AB > ACK PSH data=100
2.000 A > FIN ACK
2.020 A < FIN ACK by=A
2.040 A > ACK
'''
STOPPED_BEFORE_RESET = OPEN + DATA + '''
2.000 A < RST ACK
'''
FORGED = OPEN + DATA + '''
2.000 A < RST by=B ttl=40
2.000 B > RST ttl=41
'''
RESET_OF_SERVER = OPEN + DATA + '''
2.000 BA < RST ACK
'''

LOST_BEFORE = SYN_LOST.replace('A  >', 'B  >')

ACK_LOST = '''
0.000 AB > SYN
0.020 BA < SYN ACK
0.040 A  > ACK
1.020 BA < SYN ACK seq=0
1.040 A  > ACK
3.020 BA < SYN ACK seq=0
'''
ACK_HARMLESS = '''
0.000 AB > SYN
0.020 BA < SYN ACK
0.040 A  > ACK
0.050 AB > ACK data=100
0.070 BA < ACK
'''
ACK_MISSED = '''
0.000 AB > SYN
0.020 BA < SYN ACK
0.040 B  > ACK
1.020 BA < SYN ACK seq=0
1.040 AB > ACK
'''
# SYN; SYN, SYN-ACK, ACK, data, ACK at both; frame 12 is the first FIN.
SEVERAL_LOST = '''
0.000 A  > SYN
1.000 AB > SYN seq=0
1.020 BA < SYN ACK
1.040 AB > ACK
2.000 AB > ACK data=10
2.020 BA < ACK
3.000 A  > FIN ACK
3.300 A  > FIN ACK seq=11
3.900 AB > FIN ACK seq=11
3.920 BA < FIN ACK
3.940 AB > ACK
'''
NEVER_HEARD = '''
0.000 AB > SYN
0.020 B  < SYN ACK
1.000 AB > SYN seq=0
1.020 B  < SYN ACK seq=0
3.000 AB > SYN seq=0
3.020 B  < SYN ACK seq=0
'''
SECOND_LOST = '''
0.000 AB > SYN
1.000 A  > SYN seq=0
3.000 AB > SYN seq=0
3.020 BA < SYN ACK
3.040 AB > ACK
'''
SECOND_FIN_LOST = OPEN + DATA + '''
2.000 AB > FIN ACK
2.300 A  > FIN ACK seq=101
2.900 AB > FIN ACK seq=101
2.920 BA < FIN ACK
2.940 AB > ACK
'''
LAST_FIN_LOST = OPEN + DATA + '''
2.000 AB > FIN ACK
2.300 A  > FIN ACK seq=101
2.320 BA < FIN ACK
2.340 AB > ACK
'''
FIN_MISSED = OPEN + DATA + '''
2.000 B  > FIN ACK
2.300 AB > FIN ACK seq=101
2.320 BA < FIN ACK
2.340 AB > ACK
'''


def both(name, text, *args, **settings):
    """The case behind a NAT, and on one four-tuple."""
    return [Case(name + ' behind a NAT', text, *args, **settings),
            Case(name + ', one four-tuple', text, *args, there=SAME, **settings)]


CASES = [
    *both('nothing lost', OPEN + DATA + CLOSE, neighbour_of=' '.join(OF_POINTS)),
    *both('SYN lost', SYN_LOST, {1: LOST}),
    # Frames: SYN, SYN; SYN-ACK.
    *both('SYN-ACK lost', SYN_ACK_LOST, {3: LOST}),
    *both('each SYN-ACK lost', NEVER_HEARD, {3: LOST}),
    Case('second SYN of three lost, one four-tuple', SECOND_LOST, {3: LOST}, there=SAME),
    # Behind a NAT their numbers are compared: the last one says that there were more.
    Case('second SYN of three lost behind a NAT', SECOND_LOST, {4: LOST}),
    *both('handshake\'s ACK lost', ACK_LOST, {5: LOST}),
    *both('handshake\'s ACK lost, a later one arrives', ACK_LOST + '3.040 AB > ACK', {5: LOST}),
    *both('handshake\'s ACK lost, and nobody misses it', ACK_HARMLESS, neighbour_of=LOST),
    *both('handshake\'s ACK missed by the nearer capture', ACK_MISSED, neighbour_of=LOST),
    *both('lost before the first point', LOST_BEFORE, neighbour_of=LOST),
    Case('lost before the first point, no router in between', LOST_BEFORE, there=SAME, hop=False, neighbour_of=LOST),
    *both('several lost', SEVERAL_LOST, {1: LOST, 12: LOST}),
    *both('FIN lost', FIN_LOST, {13: LOST}),
    *both('second FIN lost', LAST_FIN_LOST, {15: LOST}),
    Case('second FIN of three lost, one four-tuple', SECOND_FIN_LOST, {15: LOST}, there=SAME),
    Case('second FIN of three lost behind a NAT', SECOND_FIN_LOST, {16: LOST}),
    *both('FIN missed by the nearer capture', FIN_MISSED, neighbour_of=LOST),
    Case('FIN missed by the nearer capture, no router in between', FIN_MISSED, there=SAME, hop=False,
         neighbour_of=LOST),
    Case('RST lost behind a NAT', RESET_LOST, {13: LOST}),
    Case('RST lost, one four-tuple', RESET_LOST + '3.400 BA < ACK data=10 seq=201', {13: LOST}, there=SAME),
    Case('RST lost, one four-tuple without a router in between', RESET_LOST + '3.400 BA < ACK data=10 seq=201',
         {13: LOST}, there=SAME, hop=False),
    *both('RST at both points', RESET_BY_BOTH, neighbour_of=LOST),
    *both('data lost are none of this', OPEN + '''
         1.000 A  > ACK PSH data=100
         1.300 AB > ACK PSH data=100 seq=1
         1.320 BA < ACK''', neighbour_of=LOST),
    *both('server captured no more', STOPPED, neighbour_of=LOST),
    *both('client\'s RST, server captured no more', OPEN + DATA + '2.000 A > RST ACK', neighbour_of=LOST),
    *both('server\'s RST, captured no more there', STOPPED_BEFORE_RESET, neighbour_of=RESET),
    *both('reset by the server', RESET_OF_SERVER, neighbour_of=RESET),
    *both('both ends reset by a device', FORGED, {13: RESET, 14: RESET}, cause='foreign'),
    *both('client reset by a device', OPEN + DATA + '2.000 A < RST by=B ttl=40', {13: RESET}, cause='foreign'),
    *both('client reset by a device with the server\'s TTL', OPEN + DATA + '''
         2.000 A < RST
         3.000 B < ACK data=10''', {13: RESET}, cause='foreign'),
    # The server's address is translated: its answer comes straight from it.
    Case('answer past the NAT', '''
         0.000 AB > SYN
         0.020 BA < SYN ACK plain
         0.040 A  > RST plain''', {5: BYPASSED}, there=(CLIENT, ('198.51.100.77', 80))),
    Case('refused behind a NAT', '''
         0.000 AB > SYN
         0.020 BA < RST ACK seq=0''', neighbour_of=BYPASSED, there=(CLIENT, ('198.51.100.77', 80))),
]
