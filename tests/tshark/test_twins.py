#!/usr/bin/env python3
"""One connection captured before and behind a NAT: the SYNs of both are linked, and nothing else is.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import csv
import json
import os
import re
import unittest

import shark  # noqa: I001  (puts the next ones within reach)
import bench_attacks
import cases_points
from points import CLIENT, CLOSE, DATA, NAT, OPEN, SERVER, Path, in_order, write_pcap, write_pcapng
from sharkd import rows_of

SYN = '0.000 A > SYN'
POD, SERVICE, NODE, FAR = ('10.1.0.7', 40000), ('10.96.0.1', 80), ('172.16.0.9', 35000), ('10.2.0.8', 8080)


def written(name, *paths):
    """The file of a capture with an interface for each point."""
    file = os.path.join(shark.folder(), name + '.pcapng')
    write_pcapng(file, paths)
    return file


def twins(paths):
    """{frame: frames of the twins} of each conversation's first frame with some, and what was translated."""
    path = os.path.join(shark.folder(), 'twins.pcap')
    write_pcap(path, paths)
    rows = rows_of(path, ['frame.number', 'tcp.stream', 'tcpshake.twin', 'tcpshake.twin.stream',
                          'tcpshake.twin.translated'])
    found, told = {}, {}
    for row in rows:
        stream = int(row['tcp.stream'][0])
        if row['tcpshake.twin'] and stream not in told:
            told[stream] = [','.join(row['tcpshake.twin.translated'])]
            found[int(row['frame.number'][0])] = ([int(frame) for frame in row['tcpshake.twin']],
                                                  [int(stream) for stream in row['tcpshake.twin.stream']])
    return found, told


def at_three_points(text, third, **settings):
    """text: what is seen at the first two, third: in its lines for B, what is at the third."""
    first = Path(text, client=POD, server=SERVICE, there=(POD, FAR), **settings)
    last = Path(third, client=POD, server=FAR, there=(NODE, FAR), **{'hop': False, **settings})
    last.seen = [(time + 300, point, packet) for time, point, packet in last.seen if point == 'B']
    return [first, last]


class Twins(unittest.TestCase):
    def test_a_nat(self):
        """Both SYNs name each other, and everything is said once of each side."""
        found, told = twins([Path(OPEN + DATA + CLOSE)])
        self.assertEqual(found, {1: ([2], [1]), 2: ([1], [0])})
        self.assertEqual(told, {0: ['client 192.0.2.1:40000 → 203.0.113.5:61000'],
                                1: ['client 203.0.113.5:61000 → 192.0.2.1:40000']})

    def test_ways_to_translate(self):
        """[RFC 3022, RFC 4787]: the client's address, its port, the server's, or both; by one hop or none."""
        for name, settings in {
                'port alone': {'there': ((CLIENT[0], 50000), SERVER)},
                'server': {'there': (CLIENT, FAR)},
                'both': {'there': (NAT, FAR)},
                'without timestamps': {'stamps': False},
                'without IP identification': {'ids': False},
                'no hop in between': {'hop': False},
                'no hop, no timestamps: the answers tell': {'hop': False, 'stamps': False},
                'no hop, another port alone': {'hop': False, 'there': ((CLIENT[0], 50000), SERVER)},
                'clock behind': {'clock': -1_500_000},
                'clock ahead': {'clock': 1_500_000},
                'IPv6': {'client': ('2001:db8::1', 40000), 'server': ('2001:db8:1::2', 80), 'ids': False,
                         'there': (('2001:db8:2::1', 61000), ('2001:db8:1::2', 80))},
        }.items():
            with self.subTest(name):
                found, _ = twins([Path(OPEN + DATA + CLOSE, **settings)])
                self.assertEqual(sorted(frames for frames, _ in found.values()), sorted([[frame] for frame in found]))
                self.assertEqual(len(found), 2)

    def test_three_points(self):
        """A service's address becomes a pod's, then the client's becomes the node's: each names both others."""
        found, _ = twins(at_three_points(OPEN, OPEN))
        self.assertEqual({frame: of[0] for frame, of in found.items()}, {1: [2, 3], 2: [1, 3], 3: [1, 2]})

    def test_lost_in_between(self):
        """The first SYN is lost behind the first point: the second is the same packet at both."""
        found, _ = twins([Path('''0.000 A  > SYN
                                  1.000 AB > SYN seq=0
                                  1.020 BA < SYN ACK''')])
        self.assertEqual(found, {1: ([3], [1]), 3: ([2], [0])})

    def test_mss_lowered(self):
        """The same but for the MSS, which routers lower."""
        path = Path(OPEN.replace('AB', 'A').replace('BA', 'A'), stamps=False)
        there = Path('0.0001 B > SYN mss=1400\n0.0199 B < SYN ACK', stamps=False)
        self.assertEqual(len(twins([path, there])[0]), 2)

    def test_numbers_rewritten(self):
        """A firewall adds a constant to all numbers of one end, or of both: nothing is wrong with them."""
        for shift in (4_000_000_000, 0), (0, 77), (123_456_789, 2_000_000_000):
            with self.subTest(shift=shift):
                found, told = twins([Path(OPEN + DATA + CLOSE, shift=shift)])
                self.assertEqual(found, {1: ([2], [1]), 2: ([1], [0])})
                due = ['client 192.0.2.1:40000 → 203.0.113.5:61000',
                       *(f'{end} sequence numbers + {by}' for end, by in zip(('client', 'server'), shift) if by)]
                self.assertEqual(told[0], [', '.join(due)])
                rows = shark.rows(os.path.join(shark.folder(), 'twins.pcap'),
                                  ['tcpshake.conn.anomaly', 'tcpshake.teardown'], two_pass=True)
                self.assertEqual({(*row['tcpshake.conn.anomaly'], *row['tcpshake.teardown']) for row in rows},
                                 {('three segments',)})

    def test_clock(self):
        """What one way takes longer than the other is the clock's doing. The stream that comes first is behind."""
        for clock in (-1_500_000, 0, 300_000):
            with self.subTest(clock=clock):
                path = os.path.join(shark.folder(), 'twins.pcap')
                write_pcap(path, [Path(OPEN + DATA, clock=clock)])
                rows = rows_of(path, ['tcpshake.twin.stream', 'tcpshake.twin.clock'])
                found = {(*row['tcpshake.twin.stream'],): float(row['tcpshake.twin.clock'][0]) for row in rows}
                self.assertAlmostEqual(found['1',], abs(clock) / 1e6, 6)
                self.assertAlmostEqual(found['0',], -abs(clock) / 1e6, 6)
        self.assertIn('; the clock there is 300 ms ahead',
                      shark.output('-q', '-r', path, '-z', 'tcpshake,story,0').replace('\n  ', ' '))

    def test_export(self):
        """Of several twins a list; of none nothing."""
        path, to = (os.path.join(shark.folder(), name) for name in ('twins.pcap', 'home/twins.ndjson'))
        write_pcap(path, [Path(OPEN), Path(OPEN, client=('192.0.2.9', 1),
                                            there=(('203.0.113.5', 61001), SERVER), isns=(9, 99), start=5)])
        shark.output('-q', '-r', path, '-z', f'tcpshake,export,{to}')
        with open(to, encoding='utf-8') as file:
            rows = [json.loads(line) for line in file]
        self.assertEqual([(row['tcpshake.twin'], row['tcpshake.twin.stream'])
                          for row in rows],
                         [([2], [1]), ([1], [0]), ([8], [3]), ([7], [2])])

    def test_export_of_several(self):
        """Three points: two twins each, whose translations hold commas. The cell is one, whoever reads it."""
        path, to = (os.path.join(shark.folder(), name) for name in ('twins.pcap', 'home/twins.csv'))
        write_pcap(path, at_three_points(OPEN, OPEN))
        shark.output('-q', '-r', path, '-z', f'tcpshake,export,{to}')
        with open(to, encoding='utf-8', newline='') as file:
            rows = list(csv.reader(file, strict=True))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        told = [row[rows[0].index('tcpshake.twin.translated')] for row in rows[1:]]
        self.assertEqual(told[0], 'server 10.96.0.1:80 → 10.2.0.8:8080;'
                                  'client 10.1.0.7:40000 → 172.16.0.9:35000, server 10.96.0.1:80 → 10.2.0.8:8080')
        self.assertEqual(len(told), 3)

    def test_told(self):
        """In the story, the picture and the table."""
        path = os.path.join(shark.folder(), 'twins.pcap')
        write_pcap(path, [Path(OPEN + DATA + CLOSE)])
        due = 'The same connection as tcp.stream 1, translated there: client 192.0.2.1:40000 → 203.0.113.5:61000'
        self.assertIn(due, shark.output('-q', '-r', path, '-z', 'tcpshake,story,0').replace('\n  ', ' '))
        self.assertIn(due, shark.output('-q', '-r', path, '-z', 'tcpshake,ladder,0,-'))
        table = shark.output('-q', '-r', path, '-z', 'tcpshake,conv').splitlines()
        heading = next(line for line in table if 'Same as stream' in line)
        end = heading.index('Same as stream') + len('Same as stream')
        self.assertEqual([line[:end].split()[-1] for line in table if re.match(r' *[01] ', line)], ['1', '0'])


class Points(unittest.TestCase):
    """A capture with two interfaces, and no NAT: a copy says where it was captured first."""

    def messages(self, path):
        rows = shark.rows(path, ['frame.number', 'tcpshake.anomaly', '_ws.expert.message'], two_pass=True)
        self.assertEqual([row['tcpshake.anomaly'] for row in rows[::2]], [[]] * (len(rows) // 2))
        self.assertEqual([row['tcpshake.anomaly'] for row in rows[1::2]], [['captured_twice']] * (len(rows) // 2))
        return [next(text for text in row['_ws.expert.message'] if 'same packet' in text) for row in rows[1::2]]

    def test_interfaces(self):
        path = written('points', Path(OPEN, there=(CLIENT, SERVER)))
        there = ('The same packet was captured at point {}, 0.2 ms after point {}; it was sent once. '
                 'It is 1 router farther from the sender there')
        self.assertEqual(self.messages(path), [there.format(2, 1), there.format(1, 2), there.format(2, 1)])

    def test_clocks(self):
        """Of two captures that were merged as they are; also what has no IP identification, and RSTs without all."""
        tried = [{'clock': clock, **settings} for clock in (-1_500_000, -300_000, 300_000, 1_500_000)
                 for settings in ({}, {'ids': False}, {'stamps': False})]
        paths = [written(f'clocks-{number}', Path(OPEN + DATA + '2.000 AB > RST bare', there=(CLIENT, SERVER), **one))
                 for number, one in enumerate(tried)]
        for one, rows in zip(tried, [rows_of(path, ['tcpshake.anomaly', 'tcpshake.conn.anomaly']) for path in paths]):
            with self.subTest(**one):
                self.assertEqual(sum('captured_twice' in row['tcpshake.anomaly'] for row in rows), len(rows) // 2)
                self.assertEqual({tuple(row['tcpshake.conn.anomaly']) for row in rows},
                                 {('abortive_close', 'captured_twice')})

    def test_sent_again_elsewhere(self):
        """No copy, however alike: another IP identification, another timestamp, or too late."""
        for text in ('0 A > SYN\n1 B > SYN seq=0', '0 A > SYN id=5\n1 B > SYN seq=0 id=6',
                     '0 A > SYN\n3 B > SYN seq=0'):
            path = written('again', Path(text, there=(CLIENT, SERVER), ids='id' in text))
            rows = rows_of(path, ['tcpshake.anomaly'])
            self.assertIn('syn_retransmission', rows[1]['tcpshake.anomaly'])

    def test_one_interface(self):
        """Without interfaces the TTL tells that a router was in between."""
        path = os.path.join(shark.folder(), 'points.pcap')
        write_pcap(path, [Path(OPEN, there=(CLIENT, SERVER))])
        for message in self.messages(path):
            self.assertNotIn('point', message.replace('mirror port', ''))
            self.assertIn('1 router farther from the sender there', message)


class Renumbered(unittest.TestCase):
    """A firewall adds a constant to the numbers of an end, or of both, and leaves addresses and ports as they are."""

    SHIFTS = ((4_000_000_000, 77_000_000), (123_456_789, 0), (0, 2_000_000_000))
    HANDSHAKE_LATER = '''
        1.020 BA < SYN ACK seq=0
        1.040 AB > ACK
        2.000 AB > ACK PSH data=100
        2.020 BA < ACK PSH data=200
        2.040 AB > ACK
        3.000 AB > FIN ACK
        3.020 BA < FIN ACK
        3.040 AB > ACK
        '''

    def rows(self, paths, points=True):
        path = os.path.join(shark.folder(), 'renumbered.pcap')
        (write_pcapng if points else write_pcap)(path, paths)
        return path, rows_of(path, ['frame.number', 'tcpshake.conn.anomaly', 'tcpshake.anomaly', 'tcpshake.teardown',
                                    'tcpshake.twin.renumbered'])

    def assert_all_ways(self, ways, points=True):
        paths = []
        for settings in ways:
            for shift in self.SHIFTS:
                number = len(paths) + 1
                client = f'2001:db8::{number}' if 'server' in settings else f'192.0.2.{number}', 40000
                there = client, settings.get('server', SERVER)
                paths.append(Path(OPEN + DATA + CLOSE, client=client, there=there, shift=shift, start=number * 3,
                                  isns=(number * 7919, number * 104729), **settings))
        _, rows = self.rows(paths, points)
        self.assertEqual({tuple(row['tcpshake.conn.anomaly']) for row in rows}, {('captured_twice',)})
        self.assertEqual({row['tcpshake.teardown'][0] for row in rows}, {'three segments'})
        self.assertEqual(sum(bool(row['tcpshake.anomaly']) for row in rows), len(rows) // 2)

    def test_points(self):
        """Each a connection of its own in one capture."""
        self.assert_all_ways([{}, {'hop': False}, {'stamps': False}, {'ids': False}, {'clock': -900},
                              {'ids': False, 'server': ('2001:db8:1::2', 80)}])

    def test_one_interface(self):
        """The TTL tells which of both it is, and from there on the numbers do."""
        self.assert_all_ways([{}, {'ids': False}, {'stamps': False}], points=False)

    def test_told(self):
        """As seen from the first point, once in the story; its numbers count from where both ends begin."""
        for points, where in (True, 'at capture point 2: '), (False, ''):
            path, rows = self.rows([Path(OPEN + DATA + CLOSE, there=(CLIENT, SERVER), shift=self.SHIFTS[0])], points)
            due = where + 'client sequence numbers + 4000000000, server sequence numbers + 77000000'
            self.assertEqual({','.join(row['tcpshake.twin.renumbered']) for row in rows}, {due})
            story = shark.output('-q', '-r', path, '-z', 'tcpshake,story,0')
            self.assertIn(f'A device on the path changes the sequence numbers: {due}', story.replace('\n  ', ' '))
            self.assertEqual(story.count('SYN, ACK  seq=0 ack=1 '), 2)
            self.assertEqual(story.count('FIN, ACK  seq=101 ack=201 '), 2)

    def test_lost(self):
        """A SYN, or a SYN-ACK, is lost in between; the next one comes by at both. The same is said of each frame as
        where no numbers are changed."""
        for text in '0.000 A > SYN', '0.000 AB > SYN\n0.020 B < SYN ACK':
            text += '\n1.000 AB > SYN seq=0' + self.HANDSHAKE_LATER
            for shift in self.SHIFTS:
                same, changed = ([row['tcpshake.anomaly'] for row in
                                  self.rows([Path(text, there=(CLIENT, SERVER), shift=by)])[1]]
                                 for by in ((0, 0), shift))
                self.assertEqual(changed, same)
                self.assertIn(['lost_between'], [names[-1:] for names in same])

    def test_reused(self):
        """Over a connection of the same four-tuple that sent data and is still open at its server."""
        path = Path(OPEN + DATA, there=(CLIENT, SERVER), shift=self.SHIFTS[0])
        again = Path(OPEN + DATA + CLOSE, there=(CLIENT, SERVER), shift=(99_000_000, 55_000_000), start=100,
                     isns=(900_000_000, 800_000_000))
        _, rows = self.rows([path, again])
        self.assertEqual({name for row in rows for name in row['tcpshake.conn.anomaly']}, {'captured_twice'})

    def assert_told(self, anomaly, text, **settings):
        _, rows = self.rows([Path(text, there=(CLIENT, SERVER), **settings)])
        self.assertIn(anomaly, {name for row in rows for name in row['tcpshake.conn.anomaly']})

    def test_what_is_wrong(self):
        """In the numbers of either point; and what only looks like renumbered."""
        for shift in (0, 0), self.SHIFTS[0]:
            with self.subTest(shift=shift):
                self.assert_told('synack_bad_ack', '0.000 AB > SYN\n0.020 BA < SYN ACK ack=77', shift=shift)
                self.assert_told('fin_moved', OPEN + DATA + '2.000 AB > FIN ACK\n2.400 AB > FIN ACK seq=90',
                                 shift=shift)
                self.assert_told('fin_out_of_window', OPEN + DATA + '2.000 AB > FIN ACK seq=9000000', shift=shift)
                self.assert_told('reset_unacceptable', OPEN + DATA + '2.000 AB > RST seq=9000000', shift=shift)
        # At another point, but another packet: another IP identification, another timestamp.
        for other in 'id=9', 'tsval=77':
            self.assert_told('syn_changed', f'0.000 A > SYN\n0.500 B > SYN seq=5000 {other}\n0.520 B < SYN ACK')
            self.assert_told('synack_changed', OPEN.replace('0.040', '1.040') + f'0.900 A < SYN ACK seq=5000 {other}')
        # The same but for its number, at the same point.
        self.assert_told('syn_changed', '0.000 A > SYN id=9 tsval=77\n0.500 A > SYN id=9 tsval=77 seq=5000')


class Between(unittest.TestCase):
    def test_cases(self):
        """Each with an interface for each point; all of a connection's anomalies that are of points."""
        paths = [written(f'between-{number}', case.path()) for number, case in enumerate(cases_points.CASES)]
        fields = ['frame.number', 'tcpshake.anomaly', 'tcpshake.reset_cause']
        for case, rows in zip(cases_points.CASES, [rows_of(path, fields) for path in paths]):
            with self.subTest(case.name):
                found = {int(row['frame.number'][0]): name for row in rows for name in row['tcpshake.anomaly']
                         if name in cases_points.OF_POINTS}
                self.assertEqual(found, case.expected)
                if case.cause:
                    causes = {cause for row in rows for cause in row['tcpshake.reset_cause']}
                    self.assertEqual(causes, {case.cause})

    def test_words(self):
        """Whose the RST is not is certain here, and in no other message is it likely to be of that end."""
        refused = '''0.000 AB > SYN
                     0.001 A < RST ACK seq=0
                     1.000 B > SYN seq=0'''
        for text, due in ((cases_points.FORGED, 'reset, not by the server'),
                          (OPEN + DATA + '2 A < RST\n3 B > ACK data=5', 'reset, not by the server'),
                          (OPEN + DATA + '1.5 AB > FIN ACK\n1.6 A < RST\n3 B < ACK data=5', 'not by the server'),
                          (refused, 'refused after 1.0 ms, not by the server')):
            path = written('words', Path(text))
            rows = shark.rows(path, ['tcp.stream', 'tcpshake.verdict', '_ws.expert.message'], two_pass=True)
            with self.subTest(due):
                self.assertTrue(all(due in row['tcpshake.verdict'][0] for row in rows if row['tcp.stream'] == ['0']))
                said = '\n'.join(text for row in rows for text in row['_ws.expert.message'])
                self.assertNotIn('probably', said + str(rows))
                self.assertNotIn('application aborted', said)
                self.assertNotIn('no process listens', said)
                story = ' '.join(shark.output('-q', '-r', path, '-z', 'tcpshake,story,0').split())
                self.assertIn('A device between the capture points sent it (it was not seen at the nearer', story)
                self.assertIn('in the name of', story)
                self.assertNotRegex(story, 'RST from|refused by the server')

    def test_clocks(self):
        """Each case again in two captures that were merged as they are: nothing depends on the clocks."""
        # To one record a SYN behind the end is another conversation.
        tried = [(case, clock) for clock in (-300_000, 300_000) for case in cases_points.CASES
                 if clock < 0 or cases_points.BYPASSED not in case.due()]
        moved = [cases_points.Path(case.text, **{**case.settings, 'clock': clock}) for case, clock in tried]
        paths = [written(f'clock-{number}', one) for number, one in enumerate(moved)]
        each = [rows_of(path, ['frame.number', 'tcpshake.anomaly']) for path in paths]
        for (case, clock), one, rows in zip(tried, moved, each):
            # By what it is: the packet and its point.
            due = {in_order([case.path()])[frame - 1][1:]: name for frame, name in case.expected.items()}
            with self.subTest(case.name, clock=clock):
                self.assertEqual({in_order([one])[int(row['frame.number'][0]) - 1][1:]: name for row in rows
                                  for name in row['tcpshake.anomaly'] if name in cases_points.OF_POINTS}, due)

    def test_points_are_told(self):
        path = written('told', Path(cases_points.SYN_LOST, there=(CLIENT, SERVER)))
        row = shark.rows(path, ['_ws.expert.message'], two_pass=True)[0]
        self.assertIn('The SYN from the client to the server was captured 2 times here (point 1) and 1 time at the '
                      'next capture point towards the server (point 2). Likely: lost in between',
                      ''.join(row['_ws.expert.message']))

    def test_points_by_ttl(self):
        """Without capture points the TTL tells them apart: what comes by with the higher one only was lost."""
        for case, due in (cases_points.SYN_LOST, {1}), (cases_points.FIN_LOST, {13}), (OPEN + DATA + CLOSE, set()), \
                         (cases_points.FIN_MISSED, set()), (cases_points.SECOND_FIN_LOST, {15}), \
                         (OPEN + DATA + '2.000 A > FIN ACK\n2.020 A < FIN ACK\n2.040 A > ACK', set()):
            path = os.path.join(shark.folder(), 'ttl.pcap')
            write_pcap(path, [Path(case, there=(CLIENT, SERVER))])
            rows = rows_of(path, ['frame.number', 'tcpshake.anomaly'])
            self.assertEqual({int(row['frame.number'][0]) for row in rows if 'lost_between' in row['tcpshake.anomaly']},
                             due)

    def test_points_after_ttl(self):
        """A packet captured at one point twice, with two TTLs, and then at both points: only the points count."""
        for case, due in (cases_points.SYN_LOST, {1}), (cases_points.FIN_LOST, {14}), (OPEN + DATA + CLOSE, set()):
            path = Path(case, there=(CLIENT, SERVER))
            time, point, packet = path.seen[0]
            path.seen.insert(1, (time + 100, point, packet[:8] + bytes([packet[8] - 1]) + packet[9:]))
            rows = rows_of(written('after-ttl', path), ['frame.number', 'tcpshake.anomaly'])
            self.assertEqual({int(row['frame.number'][0]) for row in rows if 'lost_between' in row['tcpshake.anomaly']},
                             due)

    def test_three_points(self):
        """A FIN is lost between the second and the third, sent again, and seen at all: frames 1 to 3 are the SYN, 4 to
        6 the SYN-ACK, 7 to 9 the ACK, 10 and 11 the FIN that is lost. Another is lost behind the first."""
        text, ttl = OPEN + '2.000 {} > FIN ACK\n3.000 AB > FIN ACK seq=-1\n', {'>': 62, '<': 64}
        for seen, due in ('AB', {(11, 3)}), ('A', {(10, 2)}):
            third = OPEN + '3.000 AB > FIN ACK'
            third = '\n'.join(f'{line} ttl={ttl[line.split()[2]]}' for line in third.strip().splitlines())
            path = os.path.join(shark.folder(), 'three.pcap')
            write_pcap(path, at_three_points(text.format(seen), third))
            rows = shark.rows(path, ['frame.number', 'tcpshake.anomaly', '_ws.expert.message'], two_pass=True)
            found = {(int(row['frame.number'][0]), int(there)) for row in rows
                     if 'lost_between' in row['tcpshake.anomaly']
                     for there in re.findall(r'its SYN is frame (\d+) there', str(row['_ws.expert.message']))}
            with self.subTest(seen=seen):
                self.assertEqual(found, due)

    def test_captures_of_other_times(self):
        """Nothing was lost before the other capture began, or after it ended: other connections tell when that was."""
        other = Path('''0.600 B > SYN
                        0.620 B < SYN ACK''', server=(SERVER[0], 81), isns=(7, 8))
        for there in (CLIENT, SERVER), None:
            for start, due in (1, {'lost_between'}), (0, set()):
                with self.subTest(there=there, start=start):
                    lost = Path(cases_points.SYN_LOST, there=there, start=start)
                    path = written('times', other, lost)
                    rows = rows_of(path, ['tcpshake.conn.anomaly'])
                    self.assertEqual({name for row in rows for name in row['tcpshake.conn.anomaly']}
                                     & {'lost_between'}, due)

    def test_no_second_point(self):
        """The same losses in a capture at the first point: nothing is said of others."""
        paths = []
        for number, case in enumerate(cases_points.CASES):
            one = case.path()
            one.seen = [seen for seen in one.seen if seen[1] == 'A']
            paths.append(os.path.join(shark.folder(), f'alone-{number}.pcap'))
            write_pcap(paths[-1], [one])
        for case, rows in zip(cases_points.CASES, [rows_of(path, ['tcpshake.conn.anomaly']) for path in paths]):
            with self.subTest(case.name):
                self.assertEqual({name for row in rows for name in row['tcpshake.conn.anomaly']}
                                 & set(cases_points.OF_POINTS), set())

    def test_answer_of_another_server(self):
        """Seen at the client alone, it need not have come past a NAT: only that nobody asked that server is certain."""
        asked = Path('0.000 A > SYN', server=('172.20.9.9', 8443))
        path = os.path.join(shark.folder(), 'past.pcap')
        write_pcap(path, [asked, Path('0.020 A < SYN ACK ack=@1001\n0.040 A > RST seq=@1001')])
        rows = rows_of(path, ['tcpshake.anomaly'])
        self.assertEqual([row['tcpshake.anomaly'] for row in rows[1:]], [['synack_unsolicited'], []])

    def test_guesses_go(self):
        """Where the cause is known, no message guesses at another."""
        for case in cases_points.CASES:
            if not case.due() & {cases_points.BYPASSED, cases_points.RESET}:
                continue
            path = written('guess', case.path())
            rows = shark.rows(path, ['tcpshake.anomaly', 'tcpshake.reset_cause', '_ws.expert.message'], two_pass=True)
            said = [text for row in rows for text in row['_ws.expert.message']]
            with self.subTest(case.name):
                self.assertNotRegex('\n'.join(said), 'injected|gave up|given up|scanner')
                due = 'foreign' if cases_points.RESET in case.due() else 'no such connection'
                self.assertEqual({cause for row in rows for cause in row['tcpshake.reset_cause']}, {due})


class Neighbours(unittest.TestCase):
    """What nearly is one connection."""

    def assert_none(self, paths):
        self.assertEqual(twins(paths), ({}, {}))

    def test_floods(self):
        """One ISN from everywhere: a few SYNs, or many; with a constant IP ID, or a constant timestamp as well."""
        for count in (2, 3, 4, 5, 200):
            with self.subTest(count):
                self.assert_none([Path('0 A > SYN id=1', stamps=False, client=(f'10.0.{i}.1', 1000), start=i / 1000)
                                  for i in range(count)])
        for step in (0.001, 0.7, 3):
            with self.subTest(step=step):
                self.assert_none([Path('0 A > SYN id=1 tsval=5', client=(f'10.0.{i}.1', 1000), start=i * step)
                                  for i in range(50)])

    def test_scanner(self):
        """One ISN, one IP ID, one port after the other."""
        for count in (2, 3, 50):
            with self.subTest(count):
                for line, stamps in (('0 A > SYN id=1', False), ('0 A > SYN id=1 tsval=7', True)):
                    self.assert_none([Path(line, stamps=stamps, server=(SERVER[0], port)) for port in range(count)])

    def test_few_of_a_flood(self):
        """Two to four sources, nobody answers: other IP identifications, or a TTL that nothing in between explains."""
        for count in (2, 3, 4):
            for line, settings in (('0 A > SYN id={0} tsval=5', {}), ('0 A > SYN id={0} tsval=5 ttl={1}', {}),
                                   ('0 A > SYN id=7 tsval=5 ttl={0}', {}),
                                   ('0 A > SYN id=7 ttl={0}', {'stamps': False}),
                                   ('0 A > SYN id=7 ttl={1}', {'stamps': False}),
                                   ('0 A > SYN id=7 tsval=5 ttl={1} seq={0}', {})):
                with self.subTest(line, count=count):
                    self.assert_none([Path(line.format(50 + i, 64 - i), client=(f'10.9.{i}.4', 3000 + i),
                                           isns=(1, 6969), start=i / 100, **settings) for i in range(count)])

    def test_simple_hosts(self):
        """Both ends begin each connection with the same numbers, and count their packets alike: one connection after
        the other, at once, and in the same tick to two servers, which answer with nothing that tells them apart."""
        one = """0.00 A > SYN id=7
                 0.01 A < SYN ACK id=9
                 0.02 A > ACK id=7"""
        for settings in {'stamps': False}, {}:
            for start in 0.5, 0.002:
                self.assert_none([Path(one, client=('10.5.0.1', 4001), isns=(1, 6969), **settings),
                                  Path(one, client=('10.5.0.1', 4002), isns=(1, 6969), start=start, **settings)])
        for ids in (7, 8), (7, 7):
            two = [f"""0.00 A > SYN id={ip_id} tsval=5
                       0.01 A < SYN ACK id=0 bare
                       0.02 A > ACK""" for ip_id in ids]
            self.assert_none([Path(two[0], client=('10.5.0.1', 4001), isns=(1, 6969)),
                              Path(two[1], client=('10.5.0.1', 4002), isns=(1, 98765), start=0.0005,
                                   server=('172.20.8.5', 8443))])

    def test_same_tick(self):
        """Two hosts' SYNs with the same timestamp and IP identification, at two points: neither is rewritten."""
        path = os.path.join(shark.folder(), 'tick.pcapng')
        for answers in '', '\n0.01 {0} < SYN ACK':
            write_pcapng(path, [Path('0 A > SYN id=7 tsval=5' + answers.format('A'), client=('10.5.0.1', 4001),
                                     isns=(1, 6969)),
                                Path('0 B > SYN id=7 tsval=5' + answers.format('B'), client=('10.5.0.2', 4002),
                                     there=(('10.5.0.2', 4002), SERVER), isns=(77777, 86969), start=0.001)])
            rows = rows_of(path, ['tcpshake.twin'])
            self.assertEqual([row['tcpshake.twin'] for row in rows if row['tcpshake.twin']], [])

    def test_attacks_make_twins(self):
        """What scripts/bench measures is the work that twins make, not that of look-ups in vain."""
        for name in 'twins', 'twins_answered', 'twins_renumbered', 'resets_in_between_twins':
            with self.subTest(name):
                self.assertGreater(self.with_twin(name), 180)

    def test_attacks_with_refuted_twins(self):
        """Until the fifth, they look like twins; those of the last one come too late for that."""
        for name in 'twins_of_one', 'twins_without_timestamps', 'twins_of_one_later':
            with self.subTest(name):
                self.assertEqual(self.with_twin(name, two_pass=False) > 0, name != 'twins_of_one_later')
                self.assertEqual(self.with_twin(name), 0)

    @staticmethod
    def with_twin(attack, two_pass=True):
        """How many of 200 packets show a twin."""
        path = os.path.join(shark.folder(), 'attack.pcap')
        bench_attacks.write(path, attack, 200)
        return sum(bool(row['tcpshake.twin']) for row in shark.rows(path, ['tcpshake.twin'], two_pass=two_pass))

    def test_predictable_host(self):
        """The same ISN for two connections at once, on one clock tick: the servers' answers differ."""
        for stamps in (False, True):
            with self.subTest(stamps=stamps):
                self.assert_none([Path('0 A > SYN id=1 tsval=5\n0.01 A < SYN ACK tsval=20\n', stamps=stamps,
                                       isns=(1000, 5000)),
                                  Path('0 A > SYN id=1 tsval=5\n0.01 A < SYN ACK id=9 tsval=10\n', stamps=stamps,
                                       isns=(1000, 9000), client=(CLIENT[0], 40001))])

    def test_other_connections(self):
        """A repetition is no twin; nor is what comes three seconds later, with another timestamp or another IP ID."""
        self.assert_none([Path('0 A > SYN\n1 A > SYN seq=0\n3 A > SYN seq=0')])
        self.assert_none([Path(SYN), Path('3.5 B > SYN tsval=1001')])
        self.assert_none([Path(SYN), Path('0.1 B > SYN')])
        self.assert_none([Path(SYN, stamps=False), Path('0 B > SYN id=77', stamps=False)])
        self.assert_none([Path(SYN, stamps=False, ids=False), Path('0 B > SYN', stamps=False, ids=False)])

    def test_other_isn(self):
        """With another ISN more than a timestamp is the same: an IP identification, and a router was in between."""
        for line, settings in (('0 B > SYN seq=5000', {'hop': False}), ('0 B > SYN seq=5000 id=9', {}),
                               ('0 B > SYN seq=5000 tsval=9', {}), ('0 B > SYN seq=5000', {'stamps': False}),
                               ('0 B > SYN seq=5000', {'ids': False})):
            with self.subTest(line, **settings):
                self.assert_none([Path(SYN, **settings), Path(line, **settings)])

    def test_unrelated(self):
        """Other ISNs at the same moment."""
        self.assert_none([Path(OPEN.replace('AB', 'A').replace('BA', 'A'), client=(f'10.0.{i}.1', 1000),
                               isns=(i * 7919 + 5, i * 104729)) for i in range(200)])


if __name__ == '__main__':
    unittest.main()
