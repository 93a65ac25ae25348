#!/usr/bin/env python3
"""The made captures: each segment's steps, states and anomalies are those that cases.py works out, in one pass and in
two, whole and cut short by a snap length; and the ordinary conversation on every link layer and in every tunnel.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import concurrent.futures
import itertools
import os
import unittest

import shark  # noqa: I001  (puts the next two within reach)
import cases
import pcapmaker

# The anomalies that are built, with their severities. What a case says about others is not looked at yet.
WARN, NOTE, CHAT = 'Warning', 'Note', 'Chat'
SEVERITIES = {
    'syn_retransmission': NOTE, 'synack_retransmission': NOTE, 'fin_retransmission': NOTE, 'connection_timeout': WARN,
    'slow_handshake': NOTE, 'syn_unanswered': WARN, 'connection_refused': WARN, 'missing_handshake_ack': WARN,
    'handshake_ack_ignored': WARN, 'missing_fin_ack': WARN, 'connection_reset': WARN, 'reset_while_closing': NOTE,
    'time_wait_lingering': WARN, 'time_wait_reuse': NOTE, 'simultaneous_open': CHAT, 'simultaneous_close': CHAT,
    'handshake_not_captured': CHAT,
}
# Wireshark's PI_WARN, PI_NOTE and PI_CHAT, as _ws.expert.severity has them.
EXPERT = {0x00600000: WARN, 0x00400000: NOTE, 0x00200000: CHAT}
EACH = ['tcpshake.step', 'tcpshake.client.state', 'tcpshake.server.state', 'tcpshake.states', 'tcpshake.anomaly',
        'tcpshake.sender', '_ws.expert.severity']
OURS = [f'tcpshake.anomaly.{name}' for name in SEVERITIES]
# The same is to be said about a case in each of these. 54 bytes are Ethernet, IPv4 and TCP without options; nothing that
# the states need is behind that.
VARIANTS = {'whole': {}, 'snap 54': {'snap': 54}, 'snap 60': {'snap': 60}, 'snap 96': {'snap': 96}, 'IPv6': {'version': 6}}
CUTS_OPTIONS = ('snap 54', 'snap 60')
CONVERSATION = sorted({field for case in cases.CASES for field in case.conversation} | {'tcpshake.conn.anomaly'})


def alternatives(cell, whole):
    """What a column with a state allows."""
    if '=>' in cell:
        cell = cell.split('=>')[whole].strip()
    return [name.strip() for name in cell.split(' or ')]


def marks(cell, whole):
    """The names of a column that have to be there, and those that may."""
    due, allowed = set(), set()
    for word in cell.split():
        hindsight = '(h)' in word
        name = word.replace('(h)', '').rstrip('?')
        if hindsight and not whole:
            continue
        (allowed if word.endswith('?') else due).add(name)
    return due, due | allowed


def differences(row, columns, whole):
    """What is wrong with a segment, as sentences."""
    steps, client, server, anomalies = columns
    if client == '-':
        return [f'{field} on what is no segment: {row[field]}'
                for field in ('tcpshake.sender', 'tcpshake.step', 'tcpshake.states') if row[field]]
    wrong = []
    if steps != '*':
        due, allowed = marks(steps, whole)
        found = row['tcpshake.step']
        if not due <= set(found) <= allowed or len(found) != len(set(found)):
            wrong.append(f'steps {found}, not {steps or "none"}')
    for end, cell in (('client', client), ('server', server)):
        states = alternatives(cell, whole)
        found = row[f'tcpshake.{end}.state']
        if len(found) != 1 or (states != ['*'] and found[0] not in states):
            wrong.append(f'{end} {found}, not {" or ".join(states)}')
    if row['tcpshake.states'] != ['/'.join(row['tcpshake.client.state'] + row['tcpshake.server.state'])]:
        wrong.append(f'tcpshake.states is {row["tcpshake.states"]}')
    due, allowed = marks(anomalies, whole)
    found = row['tcpshake.anomaly']
    built = set(found) & set(SEVERITIES)
    if not due & set(SEVERITIES) <= built <= allowed or len(found) != len(set(found)):
        wrong.append(f'anomalies {sorted(built)}, not {anomalies or "none"}')
    return wrong


def expert_differences(row):
    """The expert infos have to be the anomalies, each with its severity."""
    found = {name for name in SEVERITIES if row[f'tcpshake.anomaly.{name}']}
    if found != set(row['tcpshake.anomaly']) & set(SEVERITIES):
        return [f'expert infos {sorted(found)} for anomalies {row["tcpshake.anomaly"]}']
    severities = {EXPERT.get(int(value, 0), value) for value in row['_ws.expert.severity']}
    return [f'{name} is not a {SEVERITIES[name]}' for name in found if SEVERITIES[name] not in severities]


def number_steps(rows):
    """The names of steps back to their numbers, which the cases use."""
    numbers = {name: str(number) for number, name in shark.names()['tcpshake.step'].items()}
    for row in rows:
        row['tcpshake.step'] = [numbers[name] for name in row['tcpshake.step']]
    return rows


def make_variants(case, path):
    """All variants of a case as one capture, in the order of time; returns each frame's variant."""
    segments = []
    for number, (label, settings) in enumerate(VARIANTS.items()):
        if label in CUTS_OPTIONS and any('tfo' in line for line in case.lines):
            # Without its option, nothing tells that the SYN may carry data.
            continue
        for segment in pcapmaker.segments(case.lines, *case.isns, server_port=pcapmaker.SERVER_PORT + number):
            vars(segment).update(settings, variant=label)
            segments.append(segment)
    segments.sort(key=lambda segment: segment.time)
    pcapmaker.write_pcap(path, segments)
    return [segment.variant for segment in segments]


def rows_by_variant(case, whole):
    """What tshark says about each variant of a case: {label: rows}."""
    path = os.path.join(shark.folder(), f'{case.name}-{whole}.pcap'.replace(' ', '-'))
    labels = make_variants(case, path)
    rows = number_steps(shark.rows(path, EACH + OURS + CONVERSATION, two_pass=whole))
    if len(rows) != len(labels):
        raise AssertionError(f'{len(rows)} frames, not {len(labels)}')
    result = {}
    for label, row in zip(labels, rows):
        result.setdefault(label, []).append(row)
    return result


def check(case, whole, rows, label=None):
    """What is wrong with the segments of a case, and with its conversation."""
    wrong = []
    if len(rows) != len(case.rows):
        wrong.append(f'{len(rows)} frames, not {len(case.rows)}')
    for frame, (row, columns) in enumerate(zip(rows, case.rows), 1):
        wrong += [f'segment {frame}: {text}' for text in differences(row, columns, whole) + expert_differences(row)]
    if whole:
        for field, value in case.conversation.items():
            # Zeek's code is Zeek's to the last: it leaves out a segment whose options are cut.
            cut = field == 'tcpshake.conn.state' and label in CUTS_OPTIONS
            if rows[0][field] != [value] and not cut:
                wrong.append(f'{field} is {rows[0][field]}, not {value}')
        found = {name for row in rows for name in row['tcpshake.anomaly']}
        if not case.somewhere <= found:
            wrong.append(f'{sorted(case.somewhere - found)} on no segment')
        of_conversations = {name for row in rows for name in row['tcpshake.conn.anomaly']}
        if found & set(SEVERITIES) != of_conversations & set(SEVERITIES):
            wrong.append(f'tcpshake.conn.anomaly {sorted(of_conversations)}, on segments {sorted(found)}')
    return wrong


class Made(unittest.TestCase):
    def check_all(self, whole):
        shark.with_plugin(), shark.names()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, variants in zip(cases.CASES, pool.map(lambda case: rows_by_variant(case, whole), cases.CASES)):
                for label, rows in variants.items():
                    with self.subTest(case.name, variant=label):
                        wrong = check(case, whole, rows, label)
                        if wrong:
                            self.fail('\n  '.join([case.why, *wrong]))

    def test_one_pass(self):
        self.check_all(whole=False)

    def test_two_passes(self):
        self.check_all(whole=True)

    def test_links_and_tunnels(self):
        for link, version in itertools.product(pcapmaker.LINKS, (4, 6)):
            with self.subTest(link, version=version):
                path = os.path.join(shark.folder(), f'{link}-{version}.pcap')
                pcapmaker.write_pcap(path, pcapmaker.segments(cases.ORDINARY.lines), link, version)
                rows = number_steps(shark.rows(path, EACH + OURS + CONVERSATION, two_pass=True))
                self.assertEqual(check(cases.ORDINARY, True, rows), [])

    def test_every_anomaly_has_a_case_that_fires(self):
        due = {name for case in cases.CASES for columns in case.rows for name in marks(columns[3], True)[0]}
        for name in SEVERITIES:
            self.assertIn(name, due | {name for case in cases.CASES for name in case.somewhere})


if __name__ == '__main__':
    unittest.main()
