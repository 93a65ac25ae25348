"""SYNs that come again with less than before, and those that only look like it. The notation is in notation.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

from notation import A_MINUTE_LATER, Case

# The same SYN again, and the answer to it.
ANSWERED = '''
         1.020 < SYN ACK | 2 | ESTABLISHED | SYN-RECEIVED |
         1.040 > ACK     | 3 | ESTABLISHED | ESTABLISHED  | slow_handshake'''


def given_up(name, before, after, answer='', needs_options=True):
    """The first SYN has more than the second, which is answered."""
    return Case(name, 'A device on the way may drop such a SYN.', f'''
         0.000 > SYN {before}      | 1  | SYN-SENT | *            |
         1.000 > SYN {after} seq=0 | 1? | SYN-SENT | SYN-RECEIVED | syn_retransmission syn_fallback(h)
         1.020 < SYN ACK {answer}  | 2  | ESTABLISHED | SYN-RECEIVED | syn_fallback(1)
         1.040 > ACK               | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''',
                neighbour_of='syn_changed', needs_options=needs_options)


CASES = [
    given_up('SYN without ECN is answered', 'ECE CWR', '', needs_options=False),
    given_up('SYN without Fast Open is answered', 'tfo', ''),
    given_up('SYN without Multipath TCP is answered', 'mptcp scale=7', 'scale=7'),
    given_up('SYN without window scaling is answered', 'scale=7', ''),
    given_up('SYN without an option that few know is answered', 'eno', ''),
    given_up('SYN without any option is answered', '', 'bare', answer='bare'),
    Case('SYN without Fast Open and without its data', 'Nothing was rejected: the SYN that was answered had none.', '''
         0.000 > SYN data=50 tfo | 1  | SYN-SENT    | *            |
         1.000 > SYN seq=0       | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission syn_fallback(h)
         1.020 < SYN ACK ack=1   | 2  | ESTABLISHED | SYN-RECEIVED | syn_fallback(1)
         1.040 > ACK seq=1       | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''',
         neighbour_of='tfo_data_rejected synack_bad_ack', needs_options=True),
    Case('two things given up, one after the other', 'Each of the SYNs has less than the one before.', '''
         0.000 > SYN ECE CWR mptcp | 1  | SYN-SENT    | *            |
         1.000 > SYN mptcp seq=0   | 1? | SYN-SENT    | *            | syn_retransmission
         3.000 > SYN seq=0         | 1? | SYN-SENT    | *            | syn_retransmission syn_fallback(h)
         7.000 > SYN seq=0         | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         7.020 < SYN ACK           | 2  | ESTABLISHED | SYN-RECEIVED | syn_fallback(1)
         7.040 > ACK               | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''', needs_options=True),
    Case('the same SYN again is answered', 'ECN and Fast Open are in both.', '''
         0.000 > SYN ECE CWR cookie       | 1  | SYN-SENT    | *            |
         1.000 > SYN ECE CWR cookie seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission''' + ANSWERED,
         neighbour_of='syn_fallback'),
    Case('a SYN with more is answered', 'Nothing was given up.', '''
         0.000 > SYN               | 1  | SYN-SENT    | *            |
         1.000 > SYN ECE CWR seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission''' + ANSWERED,
         neighbour_of='syn_fallback'),
    Case('given up and offered again', 'The SYN that was answered offers everything.', '''
         0.000 > SYN ECE CWR       | 1  | SYN-SENT    | *            |
         0.300 > SYN seq=0         | 1? | SYN-SENT    | *            | syn_retransmission
         1.000 > SYN ECE CWR seq=0 | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission''' + ANSWERED,
         neighbour_of='syn_fallback'),
    Case('the SYN with more was answered, late', 'The SYN-ACK agrees to ECN: it answers the first.', '''
         0.000 > SYN ECE CWR | 1  | SYN-SENT    | *            |
         1.000 > SYN seq=0   | 1? | SYN-SENT    | SYN-RECEIVED | syn_retransmission
         1.020 < SYN ACK ECE | 2  | ESTABLISHED | SYN-RECEIVED |
         1.040 > ACK         | 3  | ESTABLISHED | ESTABLISHED  | slow_handshake''', neighbour_of='syn_fallback'),
    Case('a SYN with less is not answered either', 'What the client gave up was not the reason.', '''
         0.000 > SYN ECE CWR | 1  | SYN-SENT | * | syn_unanswered(h)
         1.000 > SYN seq=0   | 1? | SYN-SENT | * | syn_retransmission''' + A_MINUTE_LATER,
         neighbour_of='syn_fallback'),
    Case('a device on the way removes an option', 'The capture has the SYN before and behind it.', '''
         0.000 > SYN mptcp       | 1  | SYN-SENT    | *            |
         0.001 > SYN seq=0 id=232 ttl=63 | 1? | SYN-SENT | SYN-RECEIVED | captured_twice? syn_retransmission?
         0.020 < SYN ACK         | 2  | ESTABLISHED | SYN-RECEIVED |
         0.040 > ACK             | 3  | ESTABLISHED | ESTABLISHED  |''', neighbour_of='syn_fallback',
         needs_options=True),
]
