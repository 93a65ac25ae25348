"""ACKs that answer each other, and those that only look like it. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import DATA, OPEN, Case, close_at

BOTH_OPEN = '| | ESTABLISHED | ESTABLISHED |'

# Somebody else sends 50 bytes in the client's name. The server acknowledges them, and the client has never sent them:
# each ACK of the one is answered by the other [3.10.7.4, fifth and first check].
HIJACKED = OPEN + DATA + f'''
         2.000 > ACK PSH data=50 ttl=200 {BOTH_OPEN}
         2.020 < ACK                     {BOTH_OPEN}'''
BARE_ACKS = ('> ACK seq=101', '< ACK')


def acks(count, since=2.03, apart=0.02):
    """The client's and the server's in turn."""
    return ''.join(f'''
         {since + apart * at:.3f} {BARE_ACKS[at % 2]} {BOTH_OPEN}''' for at in range(count))


CASES = [
    Case('ten ACKs that answer each other', 'Neither moves: ten are a storm.', HIJACKED + acks(9) + f'''
         2.21 < ACK {BOTH_OPEN} ack_storm
         2.23 > ACK seq=101 {BOTH_OPEN}
         2.25 < ACK {BOTH_OPEN}'''),
    Case('nine ACKs that answer each other', 'One less.', HIJACKED + acks(9), neighbour_of='ack_storm'),
    Case('ACKs that answer each other, captured twice', 'Each was sent once.', HIJACKED + ''.join(f'''
         {2.03 + 0.02 * at:.3f} {BARE_ACKS[at % 2]} id={200 + at} {BOTH_OPEN} {'ack_storm' * (at == 9)}
         again {BOTH_OPEN} captured_twice''' for at in range(10)), needs_ip_id=True),
    Case('ACKs that answer copies', '''A router sends each packet of the server once more, 50 ms later, and the client
         acknowledges it again: the server says nothing to that.''', OPEN + DATA + ''.join(f'''
         2.0{at:02} < ACK id={900 + at}  {BOTH_OPEN}
         again ttl=56 after=50           {BOTH_OPEN} captured_twice''' for at in range(14)) + ''.join(f'''
         2.0{50 + at}5 > ACK             {BOTH_OPEN}''' for at in range(14)), neighbour_of='ack_storm',
         needs_ip_id=True),
    Case('ACKs that answer each other, and data between', 'After five of them there is progress.',
         HIJACKED + acks(5) + f'''
         2.200 < ACK data=10 {BOTH_OPEN}
         2.220 > ACK seq=101 {BOTH_OPEN}''' + acks(8, since=2.24), neighbour_of='ack_storm'),
    Case('keep-alives every second', 'Each is answered; the next comes when its time has come [3.8.4].',
         OPEN + ''.join(f'''
         {at}.00 > ACK seq=-1 {BOTH_OPEN}
         {at}.02 < ACK        {BOTH_OPEN}''' for at in range(1, 13)), neighbour_of='ack_storm keepalive_unanswered'),
    Case('keep-alives twice a second, begun in the middle', 'What comes before them is not known.', '''
         hidden > SYN
         hidden < SYN ACK
         hidden > ACK''' + ''.join(f'''
         {at / 2:.2f} > ACK seq=-1       | * | * | * | {'handshake_not_captured' * (at == 2)}
         {at / 2 + 0.02:.2f} < ACK       | * | * | * |''' for at in range(2, 14)), neighbour_of='ack_storm'),
    Case('a window that opens and closes', 'The reader is slow: room, and no more of it, is no answer.', OPEN + f'''
         0.100 > ACK data=1000      {BOTH_OPEN}
         0.120 < ACK win=0          {BOTH_OPEN}''' + ''.join(f'''
         0.{at}00 > ACK seq=1000    {BOTH_OPEN}
         0.{at}20 < ACK win=0       {BOTH_OPEN}''' for at in (3, 7)) + f'''
         1.500 > ACK seq=1000       {BOTH_OPEN}
         1.520 < ACK win=0          {BOTH_OPEN}
         3.100 > ACK seq=1000       {BOTH_OPEN}
         3.120 < ACK win=0          {BOTH_OPEN}
         6.300 > ACK seq=1000       {BOTH_OPEN}
         6.320 < ACK                {BOTH_OPEN}''' + close_at(7), neighbour_of='ack_storm'),
]
