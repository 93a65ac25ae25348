#!/usr/bin/env python3
"""The statistics: what they count is what the fields of each conversation say after a second pass, whoever draws them
(tshark after one pass or two, sharkd, and with it Wireshark's windows); and what was worked out by hand.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import ipaddress
import os
import random
import re
import struct
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import cases
import many
import pcapmaker
from test_made import SEVERITIES

STATISTICS = ('tree', 'conv', 'hosts')
CONVERSATION = ['tcp.stream', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'tcp.srcport', 'tcp.dstport',
                'tcpshake.sender', 'tcpshake.twin.stream',
                'tcpshake.handshake', 'tcpshake.teardown', 'tcpshake.closed_by', 'tcpshake.reset_cause',
                'tcpshake.conn.state', 'tcpshake.conn.history', 'tcpshake.conn.anomaly', 'tcpshake.verdict',
                'tcpshake.connection_time', 'tcpshake.lifetime', 'tcpshake.client.isn', 'tcpshake.server.isn',
                'tcpshake.syn_frame', 'tcpshake.synack_frame', 'tcpshake.rst_frame']
OF_ALL = CONVERSATION[CONVERSATION.index('tcpshake.handshake'):]
# What becomes of a connection, as the client's host and as the server's counts it.
CLIENT_COLUMN = {'complete': 'Established', 'simultaneous': 'Established', 'refused': 'Refused',
                 'rejected by ICMP': 'Refused', 'unanswered': 'Timed out', 'timed out': 'Timed out',
                 'half-open': 'Unfinished', 'aborted': 'Unfinished', 'in progress': 'Unfinished'}
SERVER_COLUMN = {'complete': 'Accepted', 'simultaneous': 'Accepted', 'refused': 'Rejected',
                 'unanswered': 'Not answered'}
COUNTED = ['Conversations', 'Opened', 'Established', 'Refused', 'Timed out', 'Unfinished', 'Accepted', 'Rejected',
           'Not answered']


# ---- what tshark prints ----

def run(capture, *calls, options=()):
    """Status, output and messages of tshark with these -z."""
    arguments = [*shark.ALWAYS, '-q', *options, '-r', shark.with_plugin().readable(capture)]
    for call in calls:
        arguments += ['-z', call]
    status, output, messages = shark.with_plugin().output(arguments)
    return status, output.decode('utf-8'), messages


def printed(capture, *calls, options=()):
    status, output, messages = run(capture, *calls, options=options)
    if status != 0 or 'rror' in messages:
        raise AssertionError(f'{calls}: status {status}: {messages}')
    return output


def table(text):
    """The rows of a printed table as {title: cell}, and the lines below them."""
    _, head, body, *foot = re.split(r'^[=-]+\n', text, flags=re.M)
    del head
    lines = body.splitlines()
    titles = re.split('  +', lines[0].strip())
    rows = [dict(zip(titles, re.split('  +', line.strip()))) for line in lines[1:]]
    return rows, [line for part in foot for line in part.splitlines() if line]


def tree(text):
    """{(group, outcome): (count, per cent)}; (group, None) is the group itself, (None, None) all conversations."""
    result, group = {}, None
    _, _, body, _ = re.split(r'^[=-]+\n', text, flags=re.M)
    for line in body.splitlines()[1:]:
        indent, name, count, share = re.fullmatch(r'( *)(.*?) +(\d+) +([\d.]+%|-)', line).groups()
        depth = len(indent) // 2
        group = name if depth == 1 else group
        result[[None, group, group][depth], name if depth == 2 else None] = int(count), share
    return result


def hosts(text):
    """{host: {title: cell}}, and the totals."""
    rows, total = table(text)
    return {row['Host']: row for row in rows}, [int(number) for number in total[0].split()[1:]]


# ---- the same from the fields ----

def conversations(capture, options=()):
    """{stream: its fields after a second pass, of its first segment}, with its ends. Newer Wiresharks take a SYN-ACK
    with another number for the beginning of a new stream; it is the same conversation, so says everything about it."""
    result, streams = {}, {}
    for row in shark.rows(capture, CONVERSATION, two_pass=True, display_filter='tcpshake.sender', options=options):
        row = {field: ', '.join(values) for field, values in row.items()}
        ends = [(row['ip.src'] or row['ipv6.src'], row['tcp.srcport']),
                (row['ip.dst'] or row['ipv6.dst'], row['tcp.dstport'])]
        row['client'], row['server'] = ends if row['tcpshake.sender'] == 'client' else reversed(ends)
        identity = row['client'], row['server'], *(row[field] for field in OF_ALL)
        stream = int(row['tcp.stream'])
        if stream not in streams:
            streams[stream] = identity
            if identity not in result:
                result[identity] = dict(row, streams={stream})
        result[streams[stream]]['streams'].add(stream)
    return {min(row['streams']): row for row in result.values()}


def end_text(end):
    return ('[{}]:{}' if ':' in end[0] else '{}:{}').format(*end)


def due_tree(rows):
    """tree(), counts only."""
    due = collections.Counter()
    for row in rows.values():
        anomalies = list(filter(None, row['tcpshake.conn.anomaly'].split(', ')))
        severities = {SEVERITIES[name] for name in anomalies}
        worst = next((name for name in ('Warning', 'Note', 'Chat') if name in severities), 'none')
        outcomes = {('Handshake', row['tcpshake.handshake']), ('Teardown', row['tcpshake.teardown']),
                    ('Closed by', row['tcpshake.closed_by'] or 'nobody or unknown'), ('Most severe anomaly', worst)}
        if row['tcpshake.reset_cause']:
            outcomes.add(('Cause of the RST', row['tcpshake.reset_cause']))
        outcomes |= {(f'With a {SEVERITIES[name]}', name) for name in anomalies}
        due.update(outcomes | {(group, None) for group, _ in outcomes} | {(None, None)})
    return dict(due)


def seconds(text):
    return f'{float(text):.6f}' if text else '-'


def due_conversations(rows):
    return [{'Stream': str(stream), 'Client': end_text(row['client']), 'Server': end_text(row['server']),
             'State': row['tcpshake.conn.state'], 'History': row['tcpshake.conn.history'] or '-',
             'Handshake': row['tcpshake.handshake'], 'Teardown': row['tcpshake.teardown'],
             'Closed by': row['tcpshake.closed_by'] or '-', 'Same as stream': row['tcpshake.twin.stream'] or '-',
             'Connection time (s)': seconds(row['tcpshake.connection_time']),
             'Lifetime (s)': seconds(row['tcpshake.lifetime']), 'Verdict': row['tcpshake.verdict'],
             'Anomalies': row['tcpshake.conn.anomaly'] or '-'} for stream, row in sorted(rows.items())]


def due_hosts(rows):
    due = collections.defaultdict(collections.Counter)
    for row in rows.values():
        client, server = row['client'][0], row['server'][0]
        for host in {client, server}:
            due[host]['Conversations'] += 1
        if row['tcpshake.handshake'] != 'not captured':
            due[client].update(['Opened', CLIENT_COLUMN[row['tcpshake.handshake']]])
        if row['tcpshake.handshake'] in SERVER_COLUMN:
            due[server][SERVER_COLUMN[row['tcpshake.handshake']]] += 1
    return {host: [counts[title] for title in COUNTED] for host, counts in due.items()}


# ---- the same from sharkd, in tshark's form ----

def sharkd_rows(answer):
    titles = [field['c'] for field in answer['fields']]
    rows = [dict(zip(titles, row)) for row in answer['tables'][0]['i']]
    for row in rows:
        for title, value in row.items():
            row[title] = '-' if value in ('', None) else f'{value:.6f}' if isinstance(value, float) else str(value)
    return rows


def sharkd_tree(answer):
    result = {}
    for root in answer['stats']:
        result[None, None] = root['count']
        for group in root.get('sub', []):
            result[group['name'], None] = group['count']
            result.update({(group['name'], outcome['name']): outcome['count'] for outcome in group['sub']})
    return result


def sharkd_outcomes(answer):
    """The table of Wireshark's window, as tree(); by the numbers of its rows, which are to be without a gap."""
    rows = sorted(sharkd_rows(answer), key=lambda row: int(row['No.']))
    if [row['No.'] for row in rows] != [str(number) for number in range(1, len(rows) + 1)]:
        raise AssertionError(f'numbers of rows: {[row["No."] for row in rows]}')
    return {(None if row['Part'] == 'Conversations' else row['Part'],
             None if row['Outcome'] == '-' else row['Outcome']):
            (int(row['Count']), f'{float(row["Per cent"]):.2f}%') for row in rows}


# ---- captures ----

def every_lab_capture():
    """All recorded ones in a row, each a second after the one before."""
    path = os.path.join(shark.folder(), 'lab.pcap')
    clock = pcapmaker.START * 1_000_000
    with open(path, 'wb') as merged:
        for capture in shark.recorded_captures():
            if os.sep + 'lab' + os.sep not in capture or not capture.endswith('.pcap'):
                continue
            with open(capture, 'rb') as file:
                content = file.read()
            if not merged.tell():
                merged.write(content[:24])
                header = content[:4] + content[20:24]
            if content[:4] + content[20:24] != header or content[:4] != b'\xd4\xc3\xb2\xa1':
                raise AssertionError(f'{capture} is another kind of capture')
            at, shift, last = 24, None, 0
            while at < len(content):
                second, fraction, captured, length = struct.unpack_from('<IIII', content, at)
                time = second * 1_000_000 + fraction
                shift = clock - time if shift is None else shift
                last = max(last, time + shift)
                merged.write(struct.pack('<IIII', *divmod(time + shift, 1_000_000), captured, length))
                merged.write(content[at + 16:at + 16 + captured])
                at += 16 + captured
            clock = last + 1_000_000
    return path


def case(name):
    return next(case for case in cases.CASES if case.name == name)


class Lab(unittest.TestCase):
    """All real stacks at once."""

    @classmethod
    def setUpClass(cls):
        cls.path = every_lab_capture()
        cls.rows = conversations(cls.path)
        cls.output = {name: printed(cls.path, f'tcpshake,{name}') for name in STATISTICS}

    def test_there_is_something_to_count(self):
        handshakes = {row['tcpshake.handshake'] for row in self.rows.values()}
        self.assertGreater(len(self.rows), 150)
        self.assertLessEqual({'complete', 'unanswered', 'refused', 'rejected by ICMP', 'simultaneous'}, handshakes)

    def test_tree(self):
        found = tree(self.output['tree'])
        self.assertEqual({key: count for key, (count, _) in found.items()}, due_tree(self.rows))

    def test_tree_adds_up(self):
        found = tree(self.output['tree'])
        for group in ('Handshake', 'Teardown', 'Closed by', 'Most severe anomaly', 'Cause of the RST'):
            parts = [count for (name, outcome), (count, _) in found.items() if name == group and outcome]
            self.assertEqual(sum(parts), found[group, None][0], group)
            self.assertEqual(parts, sorted(parts, reverse=True), group)
        for (group, outcome), (count, share) in found.items():
            whole = found[group if outcome else None, None][0]
            self.assertEqual(share, f'{count * 100 / whole:.2f}%')

    def test_conversations(self):
        rows, foot = table(self.output['conv'])
        self.assertEqual(rows, due_conversations(self.rows))
        self.assertEqual(foot, [f'Conversations: {len(self.rows)}'])

    def test_hosts(self):
        found, total = hosts(self.output['hosts'])
        due = due_hosts(self.rows)
        self.assertEqual({host: [int(row[title]) for title in COUNTED] for host, row in found.items()}, due)
        sums = [sum(column) for column in zip(*due.values())]
        self.assertEqual(total, [len(self.rows)] + sums[1:])
        self.assertEqual(sums[1], sum(sums[2:6]))
        opened = [int(row['Opened']) for row in found.values()]
        self.assertEqual(opened, sorted(opened, reverse=True))

    def test_two_passes_print_the_same(self):
        for name in STATISTICS:
            with self.subTest(name):
                self.assertEqual(printed(self.path, f'tcpshake,{name}', options=['-2']), self.output[name])

    def test_several_at_once(self):
        output = printed(self.path, *[f'tcpshake,{name}' for name in STATISTICS], 'tcpshake,tree,tcp.port == 7777')
        for name in STATISTICS:
            self.assertIn(self.output[name], output)
        self.assertIn('Filter: tcp.port == 7777\n', output)

    def test_filter(self):
        """A conversation is counted if one of its segments passes; and then with all that is known of it."""
        for text in ('ip.addr == 10.77.1.1', 'ipv6', 'tcpshake.step == 21', 'tcpshake.handshake == "refused"'):
            with self.subTest(text):
                passed = shark.rows(self.path, ['tcp.stream'], display_filter=f'tcpshake.sender and ({text})')
                streams = {int(row['tcp.stream'][0]) for row in passed}
                rows = {stream: row for stream, row in self.rows.items() if row['streams'] & streams}
                self.assertTrue(0 < len(rows) < len(self.rows))
                output = {name: printed(self.path, f'tcpshake,{name},{text}') for name in STATISTICS}
                self.assertEqual(table(output['conv'])[0], due_conversations(rows))
                self.assertEqual({key: count for key, (count, _) in tree(output['tree']).items()}, due_tree(rows))
                found, _ = hosts(output['hosts'])
                self.assertEqual({host: [int(row[title]) for title in COUNTED] for host, row in found.items()},
                                 due_hosts(rows))

    def test_limits_of_the_user(self):
        options = ['-o', 'tcpshake.slow_handshake:0', '-o', 'tcpshake.connection_timeout:3']
        rows = conversations(self.path, options)
        self.assertNotEqual(due_tree(rows), due_tree(self.rows))
        found = tree(printed(self.path, 'tcpshake,tree', options=options))
        self.assertEqual({key: count for key, (count, _) in found.items()},
                         due_tree(rows))

    @unittest.skipIf(shark.sharkd_program() is None, 'there is no sharkd')
    def test_sharkd(self):
        """Several times: a table that is opened again begins anew."""
        everything = ['stat:tcpshake', 'nstat:tcpshake,tree', 'nstat:tcpshake,conv', 'nstat:tcpshake,hosts']
        for answer in shark.sharkd_taps(self.path, everything, everything[:3], everything, everything[3:]):
            if 'stat:tcpshake' in answer:
                self.assertEqual(sharkd_tree(answer['stat:tcpshake']), due_tree(self.rows))
            if 'nstat:tcpshake,tree' in answer:
                found = sharkd_outcomes(answer['nstat:tcpshake,tree'])
                self.assertEqual(found, tree(self.output['tree']))
                self.assertEqual([group for group, outcome in found if not outcome],
                                 [group for group, outcome in tree(self.output['tree']) if not outcome])
            if 'nstat:tcpshake,conv' in answer:
                rows = sorted(sharkd_rows(answer['nstat:tcpshake,conv']), key=lambda row: int(row['Stream']))
                self.assertEqual(rows, due_conversations(self.rows))
            if 'nstat:tcpshake,hosts' in answer:
                rows = {row['Host']: row for row in sharkd_rows(answer['nstat:tcpshake,hosts'])}
                numbers = {host: int(row.pop('No.')) for host, row in rows.items()}
                self.assertEqual(rows, hosts(self.output['hosts'])[0])
                by_address = sorted(rows, key=lambda host: (':' in host, ipaddress.ip_address(host)))
                self.assertEqual([numbers[host] for host in by_address], list(range(1, len(rows) + 1)))


class ByHand(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(shark.folder(), 'statistics.pcap')

    def test_ordinary_and_refused(self):
        """Two that went well, one of them in IPv6, and one refused."""
        segments = pcapmaker.segments(cases.ORDINARY.lines)
        for segment in pcapmaker.segments(cases.ORDINARY.lines, server_port=81):
            segment.version = 6
            segments.append(segment)
        segments += pcapmaker.segments(case('refused').lines, server_port=82)
        pcapmaker.write_pcap(self.path, segments)
        found = tree(printed(self.path, 'tcpshake,tree'))
        self.assertEqual(found[None, None], (3, '100.00%'))
        self.assertEqual(found['Handshake', 'complete'], (2, '66.67%'))
        self.assertEqual(found['Handshake', 'refused'], (1, '33.33%'))
        self.assertEqual(found['Closed by', 'nobody or unknown'], (1, '33.33%'))
        self.assertEqual(found['Cause of the RST', 'refused'], (1, '100.00%'))
        self.assertEqual(found['Most severe anomaly', 'none'], (2, '66.67%'))
        self.assertEqual(found['With a Warning', None], (1, '33.33%'))
        self.assertEqual(found['With a Warning', 'connection_refused'], (1, '100.00%'))
        self.assertNotIn(('With a Note', None), found)
        rows, _ = table(printed(self.path, 'tcpshake,conv'))
        self.assertEqual([(row['Client'], row['Server'], row['State']) for row in rows],
                         [('192.0.2.1:40000', '198.51.100.2:80', 'SF'),
                          ('[2001:db8::1]:40000', '[2001:db8::2]:81', 'SF'),
                          ('192.0.2.1:40000', '198.51.100.2:82', 'REJ')])
        found, total = hosts(printed(self.path, 'tcpshake,hosts'))
        self.assertEqual({host: [int(row[title]) for title in COUNTED] for host, row in found.items()},
                         {'192.0.2.1': [2, 2, 1, 1, 0, 0, 0, 0, 0], '198.51.100.2': [2, 0, 0, 0, 0, 0, 1, 1, 0],
                          '2001:db8::1': [1, 1, 1, 0, 0, 0, 0, 0, 0], '2001:db8::2': [1, 0, 0, 0, 0, 0, 1, 0, 0]})
        self.assertEqual(total, [3, 3, 2, 1, 0, 0, 2, 1, 0])

    def test_columns_are_aligned(self):
        """Each cell begins or ends where its title does, also behind what is not ASCII."""
        pcapmaker.write_pcap(self.path, pcapmaker.segments(case('refused').lines))
        lines = [line for line in printed(self.path, 'tcpshake,hosts').splitlines() if line and line[0] not in '=-']
        title = next(line for line in lines if line.startswith('Host'))
        for row in lines[lines.index(title) + 1:-1]:
            self.assertEqual(row.index('too few'), title.index('ISNs'))
            self.assertEqual(row[title.index('Opened') + 5], '0' if row.startswith('198') else '1')

    def isns(self, *numbers, limit=None, as_server=False):
        """What is said of a host that uses these."""
        story = (many.server_isns if as_server else many.client_isns)(*numbers)
        many.Crowd([story]).write(self.path)
        options = ['-o', f'tcpshake.isn_predictable:{limit}'] if limit is not None else []
        found, _ = hosts(printed(self.path, 'tcpshake,hosts', options=options))
        return found['172.16.0.1' if as_server else '10.0.0.1']['ISNs']

    def test_isns(self):
        wild = [random.Random(1).getrandbits(32) + 0x1234567 * i * i for i in range(8)]
        self.assertEqual(self.isns(*many.steps(5)), 'constant step 64000')
        self.assertEqual(self.isns(*many.steps(5), as_server=True), 'constant step 64000')
        self.assertEqual(self.isns(*many.steps(6, step=-1)), 'constant step -1')
        self.assertEqual(self.isns(*many.steps(5, step=0)), 'repeats')
        self.assertEqual(self.isns(*many.steps(4)), 'too few to tell')
        self.assertEqual(self.isns(*many.steps(4), *wild[:1]), 'random')
        self.assertEqual(self.isns(*wild[:4]), 'too few to tell')
        self.assertEqual(self.isns(*wild[:5]), 'random')
        self.assertEqual(self.isns(*wild), 'random')

    def test_isns_with_another_limit(self):
        self.assertEqual(self.isns(*many.steps(4), limit=4), 'constant step 64000')
        self.assertEqual(self.isns(*many.steps(9), limit=10), 'too few to tell')
        self.assertEqual(self.isns(*many.steps(9), 5, 77, limit=10), 'random')
        self.assertEqual(self.isns(*many.steps(5), limit=0), 'constant step 64000')

    def test_peaks(self):
        many.Crowd([many.a_hundred]).write(self.path)
        found, _ = hosts(printed(self.path, 'tcpshake,hosts'))
        self.assertEqual([found[host]['Peak half-open'] for host in ('10.0.0.1', '172.16.0.1')], ['0', '100'])
        many.Crowd([many.of_two_ports]).write(self.path)
        found, total = hosts(printed(self.path, 'tcpshake,hosts'))
        peaks = [found[host]['Peak TIME-WAIT as client'] for host in ('10.0.0.1', '172.16.0.1')]
        self.assertEqual(peaks, ['3000', '0'])
        self.assertEqual(total[:3], [6000, 6000, 6000])

    def test_peaks_of_half_closed(self):
        """Three clients close at once; the server closes two of these connections, later a fourth one by itself."""
        lines = []
        for pair in range(1, 5):
            lines += [f'{pair / 100} {pair}> SYN', f'{pair / 100 + .001} {pair}< SYN ACK',
                      f'{pair / 100 + .002} {pair}> ACK']
        for pair in range(1, 4):
            lines += [f'{pair} {pair}> FIN ACK', f'{pair + .001} {pair}< ACK']
        for pair in range(1, 3):
            lines += [f'{pair + 5} {pair}< FIN ACK', f'{pair + 5.001} {pair}> ACK']
        lines += ['9 4< FIN ACK', '9.001 4> ACK']
        pcapmaker.write_pcap(self.path, pcapmaker.segments(lines))
        found, _ = hosts(printed(self.path, 'tcpshake,hosts'))
        client, server = (found[host] for host in ('192.0.2.1', '198.51.100.2'))
        self.assertEqual((client['Peak CLOSE-WAIT'], client['Peak FIN-WAIT-2']), ('1', '3'))
        self.assertEqual((server['Peak CLOSE-WAIT'], server['Peak FIN-WAIT-2']), ('3', '1'))

    def test_no_conversations(self):
        """An empty capture, and one without TCP."""
        pcapmaker.write_pcap(self.path, [])
        empty = {name: printed(self.path, f'tcpshake,{name}') for name in STATISTICS}
        with open(self.path, 'ab') as file:
            file.write(struct.pack('<IIII', pcapmaker.START, 0, 60, 60) + bytes(60))
        for name in STATISTICS:
            self.assertEqual(printed(self.path, f'tcpshake,{name}'), empty[name])
        self.assertEqual(tree(empty['tree']), {(None, None): (0, '-')})
        self.assertEqual(table(empty['conv']), ([], ['Conversations: 0']))
        self.assertEqual(hosts(empty['hosts']), ({}, [0] * len(COUNTED)))

    @unittest.skipIf(shark.sharkd_program() is None, 'there is no sharkd')
    def test_no_conversations_in_sharkd(self):
        pcapmaker.write_pcap(self.path, [])
        answer, = shark.sharkd_taps(self.path, ['stat:tcpshake', 'nstat:tcpshake,conv', 'nstat:tcpshake,hosts'])
        self.assertEqual(sharkd_tree(answer['stat:tcpshake']), {(None, None): 0})
        self.assertEqual(answer['nstat:tcpshake,conv']['tables'][0]['i'], [])
        self.assertEqual(answer['nstat:tcpshake,hosts']['tables'][0]['i'], [])

    def test_nothing_passes_the_filter(self):
        pcapmaker.write_pcap(self.path, pcapmaker.segments(cases.ORDINARY.lines))
        self.assertEqual(tree(printed(self.path, 'tcpshake,tree,tcp.port == 1')), {(None, None): (0, '-')})

    def test_bad_calls(self):
        """One line that says what is wrong, and a status that is not 0."""
        pcapmaker.write_pcap(self.path, pcapmaker.segments(cases.ORDINARY.lines))
        for name in STATISTICS:
            for call, part in ((f'tcpshake,{name},tcp.port ==', 'tcp.port =='),
                               (f'tcpshake,{name},no.such.field', 'no.such.field'),
                               (f'tcpshake,{name}x', 'no such statistic')):
                with self.subTest(call):
                    status, output, messages = run(self.path, call)
                    lines = [line for line in messages.splitlines() if 'Running as' not in line]
                    self.assertNotEqual(status, 0)
                    self.assertEqual((len(lines), output), (1, ''), messages)
                    self.assertIn(part, lines[0])


if __name__ == '__main__':
    unittest.main()
