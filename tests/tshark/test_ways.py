#!/usr/bin/env python3
"""Every way in says the same after a second pass: tshark's formats, sharkd, captures merged and cut, preferences
changed in mid-session; and a capture through a pipe says it while it grows.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import json
import os
import queue
import re
import shutil
import struct
import subprocess
import threading
import unittest
import xml.etree.ElementTree

import shark
import joined
from sharkd import Sharkd

NAMES = ('close_by_client', 'refused', 'syn_lost_after', 'abort_after_handshake', 'time_wait_turns_away',
         'simultaneous_open', 'close_wait_stays', 'icmp_v6_no_route', 'scan')
FLAGS = {'True': '1', 'False': '0', 'true': '1', 'false': '0'}
# Formats show a point in time each in their own way.
NOT_COMPARED = {'tcpshake.time_wait.until'}


def capture(name):
    return shark.with_plugin().readable(shark.lab_capture(name))


def our_fields():
    rows = [line.split('\t') for line in shark.output('-G', 'fields').splitlines()]
    return [row[2] for row in rows if row[0] == 'F' and row[4] == 'tcpshake' and row[3] != 'FT_NONE']


def sorted_values(values):
    values = values if isinstance(values, list) else [values]
    return sorted(FLAGS.get(str(value), str(value)) for value in values)


def by_fields(path, fields):
    return [{field: sorted_values(values) for field, values in row.items() if values}
            for row in shark.values(path, fields, two_pass=True)]


def by_json(path, fields):
    def take(layer, found):
        for key, value in layer.items():
            if isinstance(value, dict):
                take(value, found)
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                for one in value:
                    take(one, found)
            elif key in fields:
                found[key] = sorted_values(value)
        return found
    packets = json.loads(shark.output('-n', '-2', '-r', path, '-T', 'json', '--no-duplicate-keys'))
    return [take(packet['_source']['layers'].get('tcpshake', {}), {}) for packet in packets]


def by_ek(path, fields):
    keys = {'tcpshake_' + field.replace('.', '_'): field for field in fields}
    layers = [json.loads(line)['layers'].get('tcpshake', {})
              for line in shark.output('-n', '-2', '-r', path, '-T', 'ek').splitlines()
              if not line.startswith('{"index"')]
    return [{keys[key]: sorted_values(value) for key, value in layer.items() if key in keys} for layer in layers]


def by_pdml(path, fields):
    packets = []
    printed = shark.output('-n', '-2', '-r', path, '-T', 'pdml')
    for packet in xml.etree.ElementTree.fromstring(printed.encode()).iter('packet'):
        found = {}
        for field in packet.iter('field'):
            if field.get('name') in fields:
                found.setdefault(field.get('name'), []).append(field.get('show'))
        packets.append({name: sorted_values(values) for name, values in found.items()})
    return packets


def lines_of_tshark(path, *options):
    """For each frame the text of our subtree, without brackets."""
    frames = []
    for text in re.split(r'^Frame (?=\d+:)', shark.output('-n', '-2', '-r', path, '-V', *options), flags=re.M)[1:]:
        ours = re.search(r'^\[TCP Handshake & Teardown.*\n(?: +.*\n)*', text, re.M)
        lines = ours.group().splitlines() if ours else []
        frames.append([re.sub(r'^\[(.*)\]$', r'\1', line.strip()) for line in lines])
    return frames


class Ways(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.fields = [field for field in our_fields() if field not in NOT_COMPARED]
        cls.together, = joined.join({name: joined.read(shark.lab_capture(name)) for name in NAMES})

    def each(self, frames):
        """{name: what is said of its frames}"""
        self.assertEqual(len(frames), len(self.together.origins))
        return {name: [frame for frame, origin in zip(frames, self.together.origins) if origin[0] == name]
                for name in NAMES}

    def test_details_say_what_is_worth_saying(self):
        """A person sees the verdict everywhere and the rest where something happens; a filter finds it everywhere."""
        lines = self.each(lines_of_tshark(self.together.path))['close_by_client']
        texts = ['\n'.join(frame) for frame in lines]
        self.assertTrue(all('Verdict: ' in text for text in texts))
        rows = [row for text in texts for row in text.splitlines()]
        self.assertFalse([row for row in rows if row.endswith((': no', ': none (0)'))])
        opens, closes = '3-way 2/3', '4-way 1/4'
        for words, steps in (('MSS: ', opens), ('Client ISN: ', opens), ('TIME-WAIT held by: ', closes)):
            shown = [text for text in texts if words in text]
            self.assertTrue(any(steps in text for text in shown), words)
            self.assertTrue(all('-way ' in text for text in shown), words)
        ours = shark.with_plugin().readable(shark.lab_capture('close_by_client'))
        for condition in ('tcpshake.negotiated.ecn == 0', 'tcpshake.client.syn_count == 1', 'tcpshake.time_wait.frame'):
            found = shark.output('-n', '-2', '-r', ours, '-V', '-Y', condition).count('\nTransmission Control Protocol')
            self.assertEqual(found, len(lines), condition)

    def test_formats(self):
        expected = self.each(by_fields(self.together.path, self.fields))
        for way in (by_json, by_ek, by_pdml):
            found = self.each(way(self.together.path, set(self.fields)))
            for name in NAMES:
                with self.subTest(capture=name, way=way.__name__):
                    self.assertTrue(any(expected[name]))
                    self.assertEqual(found[name], expected[name])

    @unittest.skipUnless(shutil.which('sharkd'), 'there is no sharkd')
    def test_sharkd(self):
        expected = self.each(lines_of_tshark(self.together.path))
        with Sharkd('sharkd') as sharkd:
            sharkd.ask('load', file=self.together.path)
            found = self.each([sharkd.lines(number) for number, _ in enumerate(self.together.origins, 1)])
        for name in NAMES:
            with self.subTest(capture=name):
                self.assertEqual(found[name], expected[name])

    @unittest.skipUnless(shutil.which('sharkd'), 'there is no sharkd')
    def test_preference_in_mid_session(self):
        path = capture('syn_lost_after')
        with Sharkd('sharkd') as sharkd:
            sharkd.ask('load', file=path)
            self.assertEqual(self.anomalies(sharkd.lines(4)), ['slow_handshake'])
            sharkd.ask('setconf', name='tcpshake.slow_handshake', value='0')
            sharkd.ask('load', file=path)
            self.assertEqual(self.anomalies(sharkd.lines(4)), [])
            sharkd.ask('setconf', name='tcpshake.connection_timeout', value='1')
            sharkd.ask('load', file=path)
            # The second SYN goes out after more than a second; its ACK ends the wait.
            self.assertEqual(self.anomalies(sharkd.lines(4)), ['connection_timeout'])

    @staticmethod
    def anomalies(lines):
        return [line.split(': ')[1] for line in lines if line.startswith('Anomaly: ')]

    def test_merged(self):
        """Conversations of several captures in one, by time: each says what it said alone, but for frame numbers."""
        names = ('close_by_client', 'abort_after_handshake', 'syn_lost_after', 'simultaneous_open')
        plain = ['tcpshake.states', 'tcpshake.step', 'tcpshake.anomaly', 'tcpshake.verdict', 'tcpshake.conn.history',
                 'tcpshake.client.transition', 'tcpshake.note', 'tcpshake.socket_time']
        alone = sorted(map(str, (row for name in names for row in by_fields(capture(name), plain))))
        merged = shark.merge(os.path.join(shark.folder(), 'merged.pcapng'), map(capture, names))
        together = by_fields(merged, plain)
        self.assertEqual(sorted(map(str, together)), alone)

    def test_cut_with_editcap(self):
        """Without its first three packets the conversation began before the capture, and no state is made up."""
        path = os.path.join(shark.folder(), 'cut.pcapng')
        subprocess.run(['editcap', capture('close_by_client'), path, '1-3'], check=True)
        os.chmod(path, 0o644)
        rows = shark.rows(path, ['tcpshake.handshake', 'tcpshake.states', 'tcpshake.anomaly', 'tcpshake.syn_frame'],
                          two_pass=True)
        self.assertEqual(rows[0]['tcpshake.anomaly'], ['handshake_not_captured'])
        self.assertTrue(all(row['tcpshake.handshake'] == ['not captured'] and not row['tcpshake.syn_frame']
                            for row in rows))
        self.assertEqual(rows[-1]['tcpshake.states'], ['TIME-WAIT/CLOSED'])

    def test_grows_through_a_pipe(self):
        """Each segment is told when it comes, before the next one does."""
        with open(capture('close_by_client'), 'rb') as file:
            content = file.read()
        packets, at = [], 24
        while at < len(content):
            length = struct.unpack_from('<I', content, at + 8)[0]
            packets.append(content[at:at + 16 + length])
            at += 16 + length
        told = queue.Queue()
        ordinary = shark.with_plugin()
        process = subprocess.Popen(['tshark', '-n', '-l', '-r', '-', '-T', 'fields', '-e', 'tcpshake.states'],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env=ordinary.environment, **ordinary.identity)
        threading.Thread(target=lambda: [told.put(line) for line in process.stdout], daemon=True).start()
        process.stdin.write(content[:24])
        rows = []
        for packet in packets:
            process.stdin.write(packet)
            process.stdin.flush()
            rows.append(told.get(timeout=shark.PATIENCE).decode().strip())
        process.stdin.close()
        self.assertEqual(process.wait(shark.PATIENCE), 0)
        process.stdout.close()
        self.assertEqual(rows[:3] + rows[-4:], [
            'SYN-SENT/SYN-RECEIVED', 'ESTABLISHED/SYN-RECEIVED', 'ESTABLISHED/ESTABLISHED',
            'FIN-WAIT-1/CLOSE-WAIT', 'FIN-WAIT-2/CLOSE-WAIT', 'TIME-WAIT/LAST-ACK', 'TIME-WAIT/CLOSED'])


if __name__ == '__main__':
    unittest.main()
