#!/usr/bin/env python3
"""A capture of which tshark drops frames while it reads: by a read filter (-2 -R), which gives their numbers to others,
and by -M, which forgets all after so many packets, or a ring of files. What cannot be right is not said, and the user
is told why, once.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import subprocess
import tempfile
import unittest

import shark

CAPTURE = os.path.join(shark.TOP, 'samples', 'conversations.pcap')
RENUMBERED = 'with a read filter (-R)'
INCOMPLETE = 'needs the whole capture'
FIELDS = ['frame.number', 'tcpshake', 'tcpshake.step', 'tcpshake.client.state', 'tcpshake.syn_frame',
          'tcpshake.anomaly']
DROPPING = ['tcp.len > 0', 'tcp.stream == 1', 'tcp.flags.push == 1', 'tcp.flags.syn == 1 && tcp.flags.ack == 0']


def run(*arguments):
    capture = shark.with_plugin().readable(CAPTURE)
    status, printed, messages = shark.with_plugin().output([*shark.ALWAYS, '-r', capture, *arguments])
    return status, printed.decode('utf-8'), messages


def calls():
    """Each call, and the file that it writes or None."""
    folder = tempfile.mkdtemp(dir=shark.folder())
    os.chmod(folder, 0o777)
    picture, table = os.path.join(folder, 'ladder.svg'), os.path.join(folder, 'all.csv')
    return [('tcpshake,tree', None), ('tcpshake,conv', None), ('tcpshake,hosts', None), ('tcpshake,story,0', None),
            (f'tcpshake,ladder,0,{picture}', picture), (f'tcpshake,export,{table}', table)]


class ReadFilter(unittest.TestCase):
    def test_fields(self):
        for text in DROPPING:
            with self.subTest(filter=text):
                fields = [argument for field in FIELDS for argument in ('-e', field)]
                status, printed, messages = run('-2', '-R', text, '-T', 'fields', *fields)
                self.assertEqual(status, 0)
                lines = printed.splitlines()
                self.assertGreater(len(lines), 1)
                for line in lines:
                    self.assertEqual(line.split('\t')[1:], [''] * (len(FIELDS) - 1))
                self.assertEqual(messages.count(RENUMBERED), 1, messages)

    def test_details_and_expert_infos(self):
        status, printed, messages = run('-2', '-R', 'tcp.len > 0', '-V', '-q', '-z', 'expert')
        self.assertEqual(status, 0)
        self.assertNotIn('Handshake & Teardown', printed)
        self.assertEqual(messages.count(RENUMBERED), 1, messages)

    def test_icmp_error(self):
        capture = os.path.join(shark.LAB, 'icmp_v6_no_route.pcap')
        status, printed, messages = shark.with_plugin().output(
            [*shark.ALWAYS, '-2', '-r', shark.with_plugin().readable(capture), '-R', 'icmpv6.type == 1', '-V'])
        self.assertEqual(status, 0, messages)
        self.assertNotIn(b'Handshake & Teardown', printed)

    def test_calls(self):
        for call, _ in calls():
            with self.subTest(call=call):
                status, printed, messages = run('-2', '-R', 'tcp.len > 0', '-q', '-z', call)
                self.assertNotEqual(status, 0)
                self.assertEqual(printed, '')
                self.assertEqual(messages.count(RENUMBERED), 1, messages)

    def test_filter_that_drops_nothing(self):
        for text in ('tcp', 'frame'):
            self.assertEqual(run('-2', '-R', text, '-V'), run('-2', '-V'))

    def test_display_filter(self):
        status, printed, messages = run('-2', '-Y', 'tcp.len > 0', '-T', 'fields', '-e', 'tcpshake.client.state')
        self.assertEqual((status, messages), (0, ''))
        self.assertTrue(all(printed.splitlines()))


class Sessions(unittest.TestCase):
    def test_calls(self):
        for call, path in calls():
            for count in ('20', '60'):
                with self.subTest(call=call, count=count):
                    status, printed, messages = run('-M', count, '-q', '-z', call)
                    self.assertEqual((status, printed), (1, ''), messages)
                    self.assertEqual(messages.count(INCOMPLETE), 1, messages)
                    if path and path.endswith('.svg'):
                        self.assertFalse(os.path.exists(path))

    def test_several_calls(self):
        asked = [call for call, _ in calls()]
        status, _, messages = run('-M', '20', '-q', *(argument for call in asked for argument in ('-z', call)))
        self.assertEqual(status, 1)
        self.assertEqual(messages.count(INCOMPLETE), len(asked), messages)

    def test_nothing_has_passed_the_filter_yet(self):
        status, _, messages = run('-M', '20', '-q', '-z', 'tcpshake,tree,frame.number == 1000')
        self.assertEqual(status, 1)
        self.assertIn(INCOMPLETE, messages)

    def test_ring_of_files(self):
        """A live capture that goes on in the next file."""
        asked = [call for call, _ in calls()]
        folder = tempfile.mkdtemp(dir=shark.folder())
        os.chmod(folder, 0o777)
        capture = os.path.join(folder, 'ring.pcapng')
        with open(CAPTURE, 'rb') as file:
            process = shark.with_plugin().start(
                ['-n', '-i', '-', '-b', 'filesize:2', '-w', capture, '-q',
                 *(argument for call in asked for argument in ('-z', call))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            said = process.communicate(file.read())[0].decode('utf-8', 'replace')
        if not os.listdir(folder) and re.search('permission|not permitted|dumpcap', said, re.IGNORECASE):
            self.skipTest(f'this user cannot capture: {said}')
        self.assertGreater(len(os.listdir(folder)), 1)
        self.assertEqual(process.returncode, 1, said)
        self.assertEqual(said.count(INCOMPLETE), len(asked), said)

    def test_never_reset(self):
        for call in ('tcpshake,tree', 'tcpshake,story,0'):
            self.assertEqual(run('-M', '100000', '-q', '-z', call), run('-q', '-z', call))

    def test_fields(self):
        status, printed, messages = run('-M', '20', '-V')
        self.assertEqual(status, 0, messages)
        self.assertIn('Handshake & Teardown', printed)


if __name__ == '__main__':
    unittest.main()
