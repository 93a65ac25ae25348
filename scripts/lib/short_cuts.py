"""What tshark can skip for an export: what these arguments switch off changes no row.

IP's fragments are still put together: with ip.defragment off, the segments in them are lost.

SPDX-License-Identifier: GPL-2.0-or-later
"""

ALWAYS = ['-o', 'tcp.desegment_tcp_streams:FALSE', '-o', 'tcp.analyze_sequence_numbers:FALSE',
          '-o', 'tcp.calculate_timestamps:FALSE']
# TCP ports of protocols that carry, or could carry, IP and so TCP: their segments are conversations of their own, and
# have streams of their own.
TUNNELS = [
    500, 4500, 10000,                           # IPsec in TCP
    925,                                        # ACDR
    1194,                                       # OpenVPN
    1998,                                       # XOT
    2002,                                       # RPCAP
    2065, 2067,                                 # DLSw
    2123, 2152, 3386,                           # GTP
    2812,                                       # ATM
    3002, 3003, 3006, 4222, 4249, 4250, 5000,   # IPA
    3225, 3420,                                 # FCIP, iFCP
    3357,                                       # AX/4000
    4342,                                       # LISP
    4739,                                       # IPFIX
    6633, 6634, 6653,                           # OpenFlow
    14001,                                      # UMA
]
# Servers' ports. tshark asks a port that it was told about before one that it was not: if clients' ports were among
# them, no tunnel would be asked.
LAST = 32767
# Naming these ports takes tshark as long as a thousand segments or more: smaller captures gain nothing.
WORTH_IT = 1_000_000                            # bytes


def without_payload():
    """Nobody looks into the data of segments."""
    words, first = [], 1
    for port in sorted([*TUNNELS, LAST + 1]):
        if first < port:
            words += ['-d', f'tcp.port=={first}-{port - 1},data']
        first = port + 1
    return words


def short_cuts(size):
    """tshark's arguments for a capture of this many bytes."""
    return ALWAYS + (without_payload() if size >= WORTH_IT else [])
