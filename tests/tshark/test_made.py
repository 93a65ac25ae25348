#!/usr/bin/env python3
"""The made captures: each segment's steps, states and anomalies are those that cases.py works out, in one pass and in
two, whole and cut short by a snap length; and the ordinary conversation on every link layer and in every tunnel.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import itertools
import os
import re
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import cases
import cases_points
import contract
import joined
import many
import pcapmaker
from contract import SEVERITIES
from made import captured
from notation import marks

CATALOGUE = os.path.join(shark.TOP, 'plugin', 'core', 'conversation', 'anomalies.def')
LINKS = ['tcpshake.acked_in', 'tcpshake.acks_syn', 'tcpshake.acks_fin', 'tcpshake.ack_frame']
EACH = ['tcpshake.step', 'tcpshake.client.state', 'tcpshake.server.state', 'tcpshake.states', 'tcpshake.sender',
        *LINKS, *contract.FIELDS]
WORDS = ['tcpshake.verdict', '_ws.expert.message']
# An end that is not there, a time that runs backwards or from 1970 on, a frame that does not exist.
NONSENSE = re.compile(r'\bnobody\b|the both\b|-\d[\d.]* ?(µs|ms|s)\b|\d{8}[\d.]* s\b|frame 0\b')
# What cannot be said of one RST.
CONTRADICTION = re.compile(r'The conversation continues.*ended the open connection', re.DOTALL)
# The same is to be said about a case in each of these. 54 bytes are Ethernet, IPv4 and TCP without options; nothing
# that the states need is behind that.
VARIANTS = {'whole': {}, 'snap 54': {'snap': 54}, 'snap 60': {'snap': 60}, 'snap 96': {'snap': 96},
            'IPv6': {'version': 6}, 'other ISNs': {'more': (2_200_000_000, 4_294_000_000)}}
CUTS_OPTIONS = ('snap 54', 'snap 60')
# What is behind those bytes and yet decides what has to be said: options, and what an ICMP error quotes.
NEEDS_MORE = re.compile(r'\b(tfo|cookie|scale|tsval|mss|icmp)\b|SYN data|RST seq=\+')
CONVERSATION = sorted({field for case in cases.CASES for field in [*case.conversation, *case.last]}
                      | {'tcpshake.conn.anomaly'})


def alternatives(cell, whole):
    """What a column with a state allows."""
    if '=>' in cell:
        cell = cell.split('=>')[whole].strip()
    return [name.strip() for name in cell.split(' or ')]


def differences(row, columns, whole):
    """What is wrong with a segment, as sentences."""
    steps, client, server, anomalies = columns
    if client == '-':
        due, allowed = marks(anomalies, whole)
        if not due <= set(row['tcpshake.anomaly']) <= allowed:
            return [f'anomalies {row["tcpshake.anomaly"]}, not {anomalies or "none"}']
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
    if not due <= set(found) or (allowed is not None and not set(found) <= allowed) or len(found) != len(set(found)):
        wrong.append(f'anomalies {sorted(found)}, not {anomalies or "none"}')
    return wrong


def number_steps(rows):
    """The names of steps back to their numbers, which the cases use."""
    numbers = {name: str(number) for number, name in shark.names()['tcpshake.step'].items()}
    for row in rows:
        row['tcpshake.step'] = [numbers[name] for name in row['tcpshake.step']]
    return rows


def variants(case):
    """The labels of those that a case has."""
    for label in VARIANTS:
        if label == 'IPv6' and case.needs_ip_id:
            continue
        if label in CUTS_OPTIONS and (case.needs_options or any(NEEDS_MORE.search(line) for line in case.lines)):
            continue
        yield label


def said(captures, whole):
    """What tshark says about each of them: {key: rows}. Not of two capture points: cases that begin with the same SYN
    look like one connection at two of them, if one file has both."""
    found = joined.rows(captures, sorted({*EACH, *WORDS, *CONVERSATION}), two_pass=whole)
    for row in itertools.chain(*found.values()):
        for field in 'tcpshake.anomaly', 'tcpshake.conn.anomaly':
            row[field] = [name for name in row[field] if name not in cases_points.OF_POINTS]
        row.update((f'tcpshake.anomaly.{name}', []) for name in cases_points.OF_POINTS)
    return {key: number_steps(rows) for key, rows in found.items()}


def conversation_differences(fields, row, label):
    """Zeek's code is Zeek's to the last: it leaves out a segment whose options are cut. Newer tsharks print a backslash
    as two. Where nothing is expected, the field is absent."""
    return [f'{field} is {row[field]}, not {value}' for field, value in fields.items()
            if not (field == 'tcpshake.conn.state' and label in CUTS_OPTIONS)
            and ' '.join(row[field]).replace('\\\\', '\\') not in value.split(' or ')]


def link_differences(rows):
    """What confirms a segment comes from the other end; the ACK that completes a handshake from the client. And no
    segment is more than two steps."""
    senders = {str(frame): row['tcpshake.sender'] for frame, row in enumerate(rows, 1)}
    for frame, row in enumerate(rows, 1):
        for name in LINKS:
            of = ['server'] if name == 'tcpshake.ack_frame' else row['tcpshake.sender']
            if any(senders[other] == of for other in row[name]):
                yield f'segment {frame}: {name} {row[name]} is the {of[0]}\'s'
        if len(row['tcpshake.step']) > 2:
            yield f'segment {frame}: steps {row["tcpshake.step"]}'


def check(case, whole, rows, label=None):
    """What is wrong with the segments of a case, and with its conversation."""
    wrong = []
    if len(rows) != len(case.rows):
        wrong.append(f'{len(rows)} frames, not {len(case.rows)}')
    for frame, (row, columns) in enumerate(zip(rows, case.rows), 1):
        wrong += [f'segment {frame}: {text}' for text in differences(row, columns, whole)]
        wrong += [f'segment {frame}: {name}: {text}' for text, name in contract.expert_differences(row)]
        wrong += [f'segment {frame}: {text}' for name in WORDS for text in row[name] if NONSENSE.search(text)]
        wrong += [f'segment {frame}: {text}' for text in CONTRADICTION.findall('\n'.join(row['_ws.expert.message']))]
    wrong += link_differences(rows)
    found = {name for row in rows for name in row['tcpshake.anomaly']}
    missing = marks(case.somewhere, whole)[0] - found
    if missing:
        wrong.append(f'{sorted(missing)} on no segment')
    if whole:
        wrong += conversation_differences(case.conversation, rows[0], label)
        wrong += conversation_differences(case.last, rows[-1], label)
        of_conversations = {name for row in rows for name in row['tcpshake.conn.anomaly']}
        if found != of_conversations:
            wrong.append(f'tcpshake.conn.anomaly {sorted(of_conversations)}, on segments {sorted(found)}')
    return wrong


class Made(unittest.TestCase):
    def check_all(self, whole):
        """Each variant in a file of its own: where too much is captured at once, a copy is not known again."""
        for label, settings in VARIANTS.items():
            those = [case for case in cases.CASES if label in variants(case)]
            rows = said({case.name: captured(case.lines, case.isns, host, **settings)
                         for host, case in enumerate(those)}, whole)
            for case in those:
                with self.subTest(case.name, variant=label):
                    wrong = check(case, whole, rows[case.name], label)
                    if wrong:
                        self.fail('\n  '.join([case.why, *wrong]))

    def test_one_pass(self):
        self.check_all(whole=False)

    def test_nothing_of_two_points(self):
        """Each case with numbers of its own, in one file: none of them was captured at two points."""
        segments = []
        for number, case in enumerate(cases.CASES):
            isns = [(isn + 7919 * number) % 2**32 for isn in case.isns or (1000, 500000)]
            segments += pcapmaker.segments(case.lines, *isns, server_port=1000 + number)
        path = os.path.join(shark.folder(), 'own_numbers.pcap')
        pcapmaker.write_pcap(path, segments)
        rows = shark.rows(path, ['tcp.stream', 'tcpshake.conn.anomaly'], two_pass=True)
        self.assertGreater(len({row['tcp.stream'][0] for row in rows if row['tcp.stream']}), len(cases.CASES) - 20)
        anomalies = {name for row in rows for name in row['tcpshake.conn.anomaly']}
        self.assertEqual(anomalies & set(cases_points.OF_POINTS), set())

    def test_two_passes(self):
        self.check_all(whole=True)

    def test_links_and_tunnels(self):
        keys = itertools.product(pcapmaker.LINKS, (4, 6))
        captures = {(link, version): captured(cases.ORDINARY.lines, cases.ORDINARY.isns, host, link=link,
                                                    version=version)
                    for host, (link, version) in enumerate(keys)}
        for (link, version), rows in said(captures, True).items():
            with self.subTest(link, version=version):
                self.assertEqual(check(cases.ORDINARY, True, rows), [])

    def test_the_contract(self):
        """The catalogue has the contract's anomalies, each with its severity; and tshark knows them."""
        with open(CATALOGUE, encoding='utf-8') as file:
            rows = re.findall(r'^ANOMALY\(\s*(\w+)\s*,\s*(\w+)', file.read(), re.MULTILINE)
        severities = {'WARN': 'Warning', 'NOTE': 'Note', 'CHAT': 'Chat'}
        self.assertEqual(len(rows), 63)
        self.assertEqual({name: severities[severity] for name, severity in rows}, SEVERITIES)

    def test_every_anomaly_has_a_case_and_a_neighbour(self):
        """One case at least in which it is due, and one in which it nearly is and must not be found."""
        everything = cases.CASES + many.CASES + cases_points.CASES
        for name in SEVERITIES:
            with self.subTest(name):
                self.assertTrue([case for case in everything if name in case.due()], 'no case in which it is due')
                self.assertTrue([case for case in everything if name in case.neighbour_of], 'no neighbour')
        for case in everything:
            with self.subTest(case.name):
                self.assertLessEqual(set(case.neighbour_of) | case.due(), set(SEVERITIES))
                self.assertEqual([name for name in case.neighbour_of if case.allows(name)], [])
        self.assertEqual(len({case.name for case in everything}), len(everything))


if __name__ == '__main__':
    unittest.main()
