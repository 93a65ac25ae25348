#!/usr/bin/env python3
"""Everything outside of our subtree is what tshark prints without the plugin: summary, PDML and JSON, in one pass and
in two, over all captures there are, whole and cut short. With the protocol disabled, nothing has to be left out.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import concurrent.futures
import itertools
import json
import os
import re
import unittest

import shark  # noqa: I001  (puts the next two within reach)
import cases
import pcapmaker


# Our element in PDML: a child of a packet, two spaces in, and its end tag at the same place.
BEGIN, END = b'\n  <proto name="tcpshake"', b'\n  </proto>\n'
# The head tells the time.
PDML_HEAD = re.compile(rb'^<pdml [^\n]*\n', re.MULTILINE)


def without_head(output):
    return PDML_HEAD.sub(b'', output, count=1)


def comparable_pdml(output):
    """Without the head and our elements. There are hundreds of megabytes: too many for a regular expression."""
    output = without_head(output)
    kept, at = [], 0
    while True:
        begin = output.find(BEGIN, at)
        if begin < 0:
            return b''.join([*kept, output[at:]])
        kept.append(output[at:begin])
        at = output.index(END, begin) + len(END) - 1


def comparable_json(output):
    """The packets without our key, one a line. As pairs: a layer can be there twice, and their order counts."""
    def ours_left_out(pairs):
        return [(key, value) for key, value in pairs if key != 'tcpshake']

    return b'\n'.join(json.dumps(packet).encode() for packet in json.loads(output, object_pairs_hook=ours_left_out))


def as_it_is(output):
    return output


def printed(tshark, arguments, comparable):
    status, output, _ = tshark.output(arguments)
    return status, comparable(output)


# How tshark is asked, and what is made of what it prints before that is compared.
SUMMARY = ([], as_it_is)
PDML = (['-T', 'pdml'], comparable_pdml)
JSON = (['-T', 'json'], comparable_json)


class Unchanged(unittest.TestCase):
    def compare(self, path, formats, more=()):
        """more: arguments for tshark with the plugin."""
        path = shark.with_plugin().readable(path)
        for (arguments, comparable), passes in itertools.product(formats, ([], ['-2'])):
            arguments = [*shark.ALWAYS, '-r', path, *passes, *arguments]
            with self.subTest(os.path.basename(path), arguments=arguments), \
                    concurrent.futures.ThreadPoolExecutor() as pool:
                before = pool.submit(printed, shark.without_plugin(), arguments, comparable)
                after = pool.submit(printed, shark.with_plugin(), [*arguments, *more], comparable)
                self.assertEqual(before.result()[0], after.result()[0], 'exit status')
                self.same(before.result()[1], after.result()[1])

    def same(self, before, after):
        self.assertGreater(before.count(b'\n'), 5, 'tshark printed nothing')
        if before != after:
            pairs = itertools.zip_longest(before.split(b'\n'), after.split(b'\n'))
            self.assertEqual(*next(pair for pair in pairs if pair[0] != pair[1]))

    def made(self, name, segments, *arguments):
        path = os.path.join(shark.folder(), f'{name}.pcap'.replace(' ', '-'))
        pcapmaker.write_pcap(path, segments, *arguments)
        return path

    def all_cases(self, port=1000, some=slice(None), **settings):
        """The segments of all cases, or of some, each case with a port of its own."""
        result = []
        for number, case in enumerate(cases.CASES[some]):
            result += pcapmaker.segments(case.lines, *case.isns, server_port=port + number)
        for segment in result:
            vars(segment).update(settings)
        return result

    def test_cases(self):
        self.compare(self.made('cases', self.all_cases()), [SUMMARY, PDML, JSON])

    def test_cases_cut(self):
        # Each of these lengths cuts Ethernet, IP or TCP, its options or its data somewhere else.
        snaps = [*range(20, 54, 5), *range(54, 75, 3), 80, 100]
        # A few at a time: PDML of them all is half a gigabyte. Each length cuts a third of the cases; with TCPSHAKE_ALL
        # each cuts all.
        for lengths in (snaps[at:at + 8] for at in range(0, len(snaps), 8)):
            segments = []
            for number, snap in enumerate(lengths):
                some = slice(None) if 'TCPSHAKE_ALL' in os.environ else slice(number % 3, None, 3)
                segments += self.all_cases(port=1000 + 1000 * number, some=some, snap=snap)
            self.compare(self.made('cut', segments), [SUMMARY, PDML])

    def test_tunnels_cut(self):
        files = {}
        for (link, (link_type, _)), version in itertools.product(pcapmaker.LINKS.items(), (4, 6)):
            for snap in [*range(20, 131, 3), None]:
                segments = pcapmaker.segments(cases.ORDINARY.lines, server_port=1000 + (snap or 0))
                for segment in segments:
                    segment.link, segment.version, segment.snap = link, version, snap
                files.setdefault(link_type, []).extend(segments)
        paths = [self.made(f'link type {link_type}', segments, segments[0].link)
                 for link_type, segments in files.items()]
        self.compare(shark.merge(os.path.join(shark.folder(), 'tunnels.pcapng'), paths, '-a'), [PDML])

    def test_malformed_payload(self):
        # What is behind TCP can leave it by an exception as well.
        segments = []
        for port in (53, 139, 179, 443, 3868):
            segments += pcapmaker.segments(cases.ORDINARY.lines, server_port=port)
        self.compare(self.made('payload', segments), [SUMMARY, PDML, JSON])

    def test_recorded(self):
        captures = shark.recorded_captures()
        self.assertGreater(len(captures), 100)
        # As one file: a start of tshark takes longer than reading most of them.
        path = shark.merge(os.path.join(shark.folder(), 'recorded.pcapng'), captures, '-a')
        self.compare(path, [SUMMARY, PDML, JSON])

    def test_disabled(self):
        # Nothing has to be left out then.
        self.compare(self.made('disabled', self.all_cases()),
                     [SUMMARY, (['-V'], as_it_is), (['-T', 'pdml'], without_head)],
                     ['--disable-protocol', 'tcpshake'])


if __name__ == '__main__':
    unittest.main()
