#!/usr/bin/env python3
"""What scripts/analyze prints, for good captures and for others.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import subprocess
import sys
import tempfile
import unittest

import shark  # noqa: I001  (puts the next two within reach)
import cases
import pcapmaker

REPORT = os.path.join(shark.TOP, 'scripts', 'lib', 'report.py')


def analyze(capture, **options):
    plugins = options.pop('plugins', shark.PLUGINS)
    return subprocess.run([sys.executable, '-B', REPORT, plugins, capture], capture_output=True, encoding='utf-8',
                          **options)


class Report(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(shark.folder(), 'report.pcap')
        segments = pcapmaker.segments(cases.ORDINARY.lines)
        refused = next(case for case in cases.CASES if case.name == 'refused')
        segments += pcapmaker.segments(refused.lines, server_port=81)
        pcapmaker.write_pcap(self.path, segments)

    def broken(self, change):
        """A file with what change makes of the capture's bytes."""
        path = os.path.join(shark.folder(), 'broken.pcap')
        with open(self.path, 'rb') as whole, open(path, 'wb') as file:
            file.write(change(whole.read()))
        return path

    def one_line(self, result, *parts):
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count('\n'), 1, result.stderr)
        for part in parts:
            self.assertIn(part, result.stderr)

    def test_rows_and_conversations(self):
        result = analyze(self.path)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        table, conversations = result.stdout.split('\n\n')
        rows = table.splitlines()
        self.assertEqual(len(rows), 1 + len(cases.ORDINARY.rows) + 2)
        self.assertEqual({name for row in rows[1:] for name in shark.names()['tcpshake.step'].values() if name in row},
                         {'3-way 1/3: SYN', '3-way 2/3: SYN-ACK', '3-way 3/3: ACK', '4-way 1/4: FIN', '4-way 2/4: ACK',
                          '4-way 3/4: FIN', '4-way 4/4: ACK', 'RST'})
        # Aligned: each column starts where its title does.
        for title, text in (('direction', 'server → client'), ('flags', 'SYN, ACK'), ('step', '3-way 2/3: SYN-ACK'),
                            ('client/server', 'ESTABLISHED/SYN-RECEIVED')):
            self.assertTrue(rows[2][rows[0].index(title):].startswith(text), rows[2])
        self.assertTrue(rows[-1].endswith('connection_refused'), rows[-1])
        lines = conversations.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[0], r'^conversation 0 +192\.0\.2\.1:40000 → 198\.51\.100\.2:80 +\S')
        self.assertRegex(lines[1], r'^conversation 1 +192\.0\.2\.1:40000 → 198\.51\.100\.2:81 +.*refused')

    def test_ends_in_a_tunnel(self):
        pcapmaker.write_pcap(self.path, pcapmaker.segments(cases.ORDINARY.lines), 'ip in ipv6', 4)
        self.assertIn('192.0.2.1:40000 → 198.51.100.2:80 ', analyze(self.path).stdout)
        pcapmaker.write_pcap(self.path, pcapmaker.segments(cases.ORDINARY.lines), 'ip in ipv6', 6)
        self.assertIn('[2001:db8::1]:40000 → [2001:db8::2]:80 ', analyze(self.path).stdout)

    def test_standard_input(self):
        with open(self.path, 'rb') as file:
            self.assertEqual(analyze('-', stdin=file).stdout, analyze(self.path).stdout)

    def test_path_from_elsewhere(self):
        self.assertEqual(analyze('report.pcap', cwd=shark.folder()).stdout, analyze(self.path).stdout)

    @unittest.skipIf(os.getuid() != 0, 'only root drops to another user')
    def test_what_only_root_may_read(self):
        expected = analyze(self.path).stdout
        os.chmod(self.path, 0o600)
        self.assertEqual(analyze(self.path).stdout, expected)

    def test_no_plugin(self):
        with tempfile.TemporaryDirectory() as empty:
            result = analyze(self.path, plugins=empty)
        self.assertEqual((result.returncode, result.stderr), (1, 'analyze: tshark did not load the plugin\n'))

    def test_missing(self):
        self.one_line(analyze('/nonexistent/capture.pcap'), '/nonexistent/capture.pcap: No such file')

    def test_no_capture(self):
        path = self.broken(lambda _: b'This is a text, and not a short one, that no reader takes for a capture.\n' * 9)
        self.one_line(analyze(path), f'{path}: not a capture file')

    def test_empty(self):
        path = self.broken(lambda _: b'')
        self.one_line(analyze(path), f'{path}: empty')

    def test_cut_short(self):
        path = self.broken(lambda data: data[:-7])
        result = analyze(path)
        self.one_line(result, f'{path}: the file is cut short')
        # All but the last frame can be read, and are shown.
        table, conversations = result.stdout.split('\n\n')
        self.assertEqual(len(table.splitlines()), 1 + len(cases.ORDINARY.rows) + 1)
        self.assertEqual(len(conversations.splitlines()), 2)

    def test_damaged(self):
        path = self.broken(lambda data: data[:-70] + b'\xff' * 70)
        self.one_line(analyze(path), path)

    def test_no_tcp(self):
        path = self.broken(lambda data: data[:24])
        result = analyze(path)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('no TCP segment', result.stdout)

    def test_temporary_files_go(self):
        # A folder of its own: other tests make and remove such files at the same time.
        with tempfile.TemporaryDirectory() as own:
            os.chmod(own, 0o755)
            result = analyze(self.path, env=dict(os.environ, TMPDIR=own))
            self.assertEqual(result.returncode, 0)
            self.assertEqual(os.listdir(own), [])


if __name__ == '__main__':
    unittest.main()
