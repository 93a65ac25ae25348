#!/usr/bin/env python3
"""-z tcpshake,story and -z tcpshake,ladder: what they tell and draw of the recorded captures.

The numbers, flags and times in the story are held against Wireshark's own fields of the same frames, the states against
RFC 9293's paths, written down below for what each scenario is.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import filecmp
import os
import re
import shutil
import stat
import tempfile
import unicodedata
import unittest
import xml.etree.ElementTree

import shark  # noqa: I001  (puts the next ones within reach)
import joined
import pcapmaker

SVG = '{http://www.w3.org/2000/svg}'
COLUMNS = 100
STATES = ('UNKNOWN CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK '
          'TIME-WAIT').split()
STATE = rf'(→ )?({"|".join(STATES)})'
ARROW = re.compile(rf'\s*(-?\d+\.\d{{6}}) +(\d+) +{STATE} (├|│◀)─+ (.*?)  (\S.*?) ─+(▶│|┤) {STATE}')
# In brief where there is no room: 1/1+100.
NUMBERS = re.compile(r'(?:seq=)?(\d+)(?:(?: ack=|/)(\d+))?(?:(?: len=|\+)(\d+))?')
STRETCH = re.compile(r'Data continues: client (\d+) segments? with (\d+) bytes?, '
                     r'server (\d+) segments? with (\d+) bytes?')
FLAGS = {'SYN': 2, 'FIN': 1, 'RST': 4, 'PSH': 8, 'ACK': 16, 'URG': 32, 'ECE': 64, 'CWR': 128}

# The paths of both ends, first state to last, as RFC 9293 section 3.3.2 has them for what each scenario is.
OPENED = (['CLOSED', 'SYN-SENT', 'ESTABLISHED'], ['LISTEN', 'SYN-RECEIVED', 'ESTABLISHED'])
CLOSES_FIRST = ['FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT']
CLOSES_SECOND = ['CLOSE-WAIT', 'LAST-ACK', 'CLOSED']
PATHS = {
    'close_by_client': (OPENED[0] + CLOSES_FIRST, OPENED[1] + CLOSES_SECOND),
    'close_by_server': (OPENED[0] + CLOSES_SECOND, OPENED[1] + CLOSES_FIRST),
    'half_close': (OPENED[0] + CLOSES_FIRST, OPENED[1] + CLOSES_SECOND),
    'abort_by_client': (OPENED[0] + ['CLOSED'], OPENED[1] + ['CLOSED']),
    'simultaneous_close': (OPENED[0] + ['FIN-WAIT-1', 'CLOSING', 'TIME-WAIT'],
                           OPENED[1] + ['FIN-WAIT-1', 'CLOSING', 'TIME-WAIT']),
    'simultaneous_open': (['CLOSED', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED'] + CLOSES_FIRST,
                          ['CLOSED', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED'] + CLOSES_SECOND),
}
HANDSHAKE = ['3-way 1/3: SYN', '3-way 2/3: SYN-ACK', '3-way 3/3: ACK']


def call(arguments, capture):
    """Status, output and messages of tshark -q -z ..."""
    tshark = shark.with_plugin()
    status, output, messages = tshark.output([*shark.ALWAYS, '-q', '-z', arguments, '-r', tshark.readable(capture)])
    return status, output.decode('utf-8'), messages


def tell(capture, stream=0):
    status, output, messages = call(f'tcpshake,story,{stream}', capture)
    if status != 0:
        raise AssertionError(f'{capture}, stream {stream}: {messages}')
    return output


def picture(capture, stream=0):
    """The picture's elements."""
    folder = writable_folder()
    path = os.path.join(folder, 'ladder.svg')
    status, output, messages = call(f'tcpshake,ladder,{stream},{path}', capture)
    if status != 0 or output:
        raise AssertionError(f'{capture}, stream {stream}: status {status}: {output}{messages}')
    return xml.etree.ElementTree.parse(path).getroot()


def writable_folder():
    """A folder for whoever runs tshark."""
    path = tempfile.mkdtemp(dir=shark.folder())
    os.chmod(path, 0o777)
    return path


def arrows(story):
    """Each arrow's line as a dict."""
    found = []
    for line in story.splitlines():
        match = ARROW.match(line)
        if not match:
            continue
        time, frame, client_new, client, start, flags, numbers, _, server_new, server = match.groups()
        seq, ack, length = NUMBERS.fullmatch(numbers).groups()
        found.append({'time': float(time), 'frame': int(frame), 'client': client, 'server': server,
                      'client moves': bool(client_new), 'server moves': bool(server_new), 'by client': start == '├',
                      'flags': sum(FLAGS[name] for name in flags.split(', ') if name != 'no flags'),
                      'seq': int(seq), 'ack': int(ack) if ack else None, 'length': int(length or 0)})
    return found


def words(story):
    """What stands between the lifelines, in one line, as sentences that were broken are looked for."""
    return re.sub(r'\s*[│┆┊]\s+[│┆┊]?\s*', ' ', story.replace('\n', ' '))


def path(story, end):
    """The states of an end, one after the other."""
    first = re.search(rf'^ +({"|".join(STATES)}) │ +│ ({"|".join(STATES)})$', story, re.MULTILINE)
    states = [first.group(1 if end == 'client' else 2)]
    for arrow in arrows(story):
        if arrow[end] != states[-1]:
            states.append(arrow[end])
    return states


def width(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)


def streams_of(capture):
    """{stream: [row of fields]}: the segments of its conversation, in the order of frames. Wireshark 4.4 begins a
    stream where the conversation goes on; what is said of both is then the same, down to the frames."""
    ends = ['tcp.srcport', 'tcp.dstport', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst']
    one = ['tcpshake.verdict', *(f'tcpshake.{step}_frame' for step in ('syn', 'synack', 'ack', 'fin1', 'fin2', 'rst')),
           'tcpshake.client.isn', 'tcpshake.server.isn', 'tcpshake.conn.history']
    fields = ['frame.number', 'tcp.stream', 'tcp.flags', 'tcp.seq', 'tcp.ack', 'tcp.len', 'tcpshake.states',
              'tcpshake.sender', 'frame.time_epoch', 'tcpshake.step', 'tcpshake.anomaly', *ends, *one]
    streams, conversations = {}, {}
    for row in shark.rows(capture, fields, two_pass=True):
        if row['tcpshake.sender']:
            key = str([*sorted(row[end] for end in ends), *(row[field] for field in one)])
            streams[int(row['tcp.stream'][0])] = key
            conversations.setdefault(key, []).append(row)
    return {stream: conversations[key] for stream, key in streams.items()}


class Story(unittest.TestCase):

    def test_states_go_the_ways_of_the_rfc(self):
        for name, (client, server) in PATHS.items():
            with self.subTest(name):
                story = tell(shark.lab_capture(name))
                self.assertEqual(path(story, 'client'), client)
                self.assertEqual(path(story, 'server'), server)

    def test_verdict_comes_first(self):
        for name, verdict in (('close_by_client', 'closed by the client, four segments'),
                              ('three_segment_close', 'closed by the client, three segments'),
                              ('simultaneous_close', 'closed by both ends at once'),
                              ('abort_by_client', 'reset by the client')):
            with self.subTest(name):
                first = tell(shark.lab_capture(name)).splitlines()[0]
                self.assertRegex(first, rf'^tcp\.stream 0: established in \d+ ms, {verdict}$')

    def test_steps_and_ends_are_named(self):
        story = tell(shark.lab_capture('close_by_client'))
        text = words(story)
        steps = HANDSHAKE + ['4-way 1/4: FIN', '4-way 2/4: ACK', '4-way 3/4: FIN', '4-way 4/4: ACK']
        places = [text.index(step) for step in steps]
        self.assertEqual(places, sorted(places))
        self.assertIn('client  10.77.1.1:40001', story)
        self.assertIn('server  10.77.1.2:7777', story)
        # Frames: 1 to 3 open, 4 to 7 are a question and an answer, 8 to 11 close.
        self.assertRegex(text, r'Opened by the client: SYN in frame 1, SYN-ACK in frame 2 .*, ACK in frame 3 ')
        self.assertRegex(text,
                         r'Closed by the client: FIN in frame 8, its ACK in frame 9 .*, the other FIN in frame 10 .*, '
                               r'its ACK in frame 11 ')
        # The client closed first, and holds TIME-WAIT since the second FIN.
        self.assertRegex(text, r'The client holds TIME-WAIT from frame 10 until 20\d\d-.* UTC \(60\.0 s')

    def test_notes_have_the_numbers_of_the_segment(self):
        rows = shark.rows(shark.lab_capture('close_by_client'), ['tcp.seq_raw', 'tcpshake.note'])
        text = words(tell(shark.lab_capture('close_by_client')))
        for row in rows:
            for note in row['tcpshake.note']:
                self.assertIn(note, text)
        self.assertIn(f'SYN({rows[0]["tcp.seq_raw"][0]}): the client asks to open a connection', text)

    def test_lost_syn(self):
        text = words(tell(shark.lab_capture('syn_lost_after')))
        self.assertRegex(text,
                         r'silence for 1\.0 s .*\[Note\] syn_retransmission: SYN attempt 2, 1\.0 s after the first '
                               r'\(frame 1\)')

    def test_reset(self):
        text = words(tell(shark.lab_capture('abort_by_client')))
        self.assertRegex(text, r'\[Note\] abortive_close: ')
        self.assertRegex(text, r'Ended by a RST from the client in frame 8\. Likely: aborted by application \(')
        self.assertIn('Neither end holds TIME-WAIT', text)

    def test_unanswered_behind_a_refusal(self):
        path = os.path.join(shark.folder(), 'refused.pcap')
        lines = ['0.000 > SYN', '0.001 < RST ACK seq=0', '0.500 > SYN seq=0', '1.500 > SYN seq=0', '60.0 2> SYN']
        pcapmaker.write_pcap(path, pcapmaker.segments(lines))
        # Newer Wiresharks begin a conversation with the second attempt.
        self.assertIn('Not opened: no answer to the SYN in frame 3', words(tell(path) + tell(path, 1)))

    def test_icmp_error_has_a_line(self):
        text = words(tell(shark.lab_capture('icmp_host_unreachable')))
        self.assertRegex(text, r'2 +ICMP error +\[Warning\] icmp_rejected: Rejects the SYN in frame 1')
        self.assertIn('Not opened: the ICMP error in frame 2 rejected the SYN', text)

    def test_second_conversation_on_a_four_tuple(self):
        story = tell(shark.lab_capture('reuse_own_time_wait'), 1)
        self.assertEqual(arrows(story)[0]['frame'], 12)
        self.assertEqual(arrows(story)[0]['time'], 0)
        self.assertEqual(path(story, 'client')[:2], ['TIME-WAIT', 'SYN-SENT'])
        self.assertIn('[Note] time_wait_reuse', story)

    def test_long_data_is_folded(self):
        """300 bytes asked, 400 segments of 1460 bytes answered, each two of them acknowledged."""
        lines = ['0 > SYN', '0.02 < SYN ACK', '0.04 > ACK', '0.041 > PSH ACK data=300']
        for i in range(400):
            lines.append(f'{0.062 + i * 0.001:.4f} < ACK data=1460')
            if i % 2:
                lines.append(f'{0.0625 + i * 0.001:.4f} > ACK')
        lines += ['1 < FIN ACK', '1.02 > FIN ACK', '1.04 < ACK']
        capture = os.path.join(shark.folder(), 'bulk.pcap')
        pcapmaker.write_pcap(capture, pcapmaker.segments(lines))
        story = tell(capture)
        match = STRETCH.search(words(story))
        # Of the 601 segments of data two and one are shown: the request and the first answer, and the last ACK.
        self.assertEqual([int(group) for group in match.groups()], [199, 0, 399, 399 * 1460])
        self.assertEqual(len(arrows(story)), 9)
        root = picture(capture)
        self.assertEqual(len(root.findall(f'.//{SVG}g[@class="arrow"]')), 9)
        self.assertEqual(len(root.findall(f'.//{SVG}rect[@class="stretch"]')), 1)

    def test_cut_short(self):
        """Only the first 54 bytes of each packet; and a file that ends in the middle of one."""
        capture = os.path.join(shark.folder(), 'short.pcap')
        pcapmaker.write_pcap(capture, pcapmaker.segments(['0 > SYN', '0.02 < SYN ACK', '0.04 > ACK data=900',
                                                          '0.06 < ACK', '0.08 > FIN ACK']), snap=54)
        story = tell(capture)
        self.assertEqual([arrow['length'] for arrow in arrows(story)], [0, 0, 900, 0, 0])
        # Both SYNs have options behind those bytes, and there are the data.
        self.assertIn('3 segments were captured only in part', story)
        with open(capture, 'rb') as file:
            whole = file.read()
        torn = os.path.join(shark.folder(), 'torn.pcap')
        with open(torn, 'wb') as file:
            file.write(whole[:-20])
        status, output, messages = call('tcpshake,story,0', torn)
        self.assertNotEqual(status, 0)      # tshark's own complaint about the file
        self.assertIn('cut short', messages)
        self.assertEqual(len(arrows(output)), 4)

    def test_stream_that_goes_on(self):
        """A SYN-ACK with another number: a new stream to Wireshark 4.4, no new conversation. Whichever is asked for,
        all of it is told."""
        lines = ['0 > SYN', '0.02 < SYN ACK', '0.03 < SYN ACK seq=@900000', '0.04 > ACK ack=@900001', '0.05 > RST']
        capture = os.path.join(shark.folder(), 'goes_on.pcap')
        pcapmaker.write_pcap(capture, pcapmaker.segments(lines))
        streams = sorted(streams_of(capture))
        stories = [tell(capture, stream).split(':', 1)[1] for stream in streams]
        self.assertEqual(len(set(stories)), 1)
        self.assertEqual([arrow['frame'] for arrow in arrows(stories[0])], [1, 2, 3, 4, 5])


class EveryCapture(unittest.TestCase):

    def all_at_once(self, capture, streams, two_pass):
        """{stream: (story, picture)}, by one run of tshark."""
        tshark, folder = shark.with_plugin(), writable_folder()
        calls = []
        for stream in streams:
            calls += ['-z', f'tcpshake,story,{stream}', '-z', f'tcpshake,ladder,{stream},{folder}/{stream}.svg']
        status, output, messages = tshark.output([*shark.ALWAYS, *(['-2'] if two_pass else []), '-q', *calls, '-r',
                                                  tshark.readable(capture)])
        self.assertEqual((status, messages), (0, ''))
        found = {}
        for story in re.split('^(?=tcp\\.stream )', output.decode('utf-8'), flags=re.MULTILINE)[1:]:
            stream = int(re.match(r'tcp\.stream (\d+)', story)[1])
            found[stream] = story, xml.etree.ElementTree.parse(os.path.join(folder, f'{stream}.svg')).getroot()
        self.assertEqual(sorted(found), sorted(streams))
        return found

    def check_story(self, story, stream, rows):
        self.assertEqual(' '.join(story.split('\n  client')[0].split()),
                         f'tcp.stream {stream}: {rows[-1]["tcpshake.verdict"][0]}')
        for line in story.splitlines():
            self.assertLessEqual(width(line), COLUMNS, line)
        by_frame = {int(row['frame.number'][0]): row for row in rows}
        folded = sum(int(match[0]) + int(match[2]) for match in STRETCH.findall(words(story)))
        told = arrows(story)
        self.assertEqual(len(told) + folded, len(rows))
        start = float(rows[0]['frame.time_epoch'][0])
        for arrow in told:
            row = by_frame[arrow['frame']]
            self.assertEqual(f'{arrow["client"]}/{arrow["server"]}', row['tcpshake.states'][0])
            self.assertEqual([arrow['by client']], [name == 'client' for name in row['tcpshake.sender']])
            self.assertEqual(arrow['flags'], int(row['tcp.flags'][0], 16) & 0xff)
            self.assertEqual(arrow['length'], int(row['tcp.len'][0]))
            self.assertAlmostEqual(arrow['time'], float(row['frame.time_epoch'][0]) - start, delta=2e-6)
        return told

    def check_numbers(self, told, rows):
        """Wireshark's relative numbers."""
        by_frame = {int(row['frame.number'][0]): row for row in rows}
        for arrow in told:
            row = by_frame[arrow['frame']]
            self.assertEqual(arrow['seq'], int(row['tcp.seq'][0]))
            if arrow['ack'] is not None:
                self.assertEqual(arrow['ack'], int(row['tcp.ack'][0]))

    def check_picture(self, root, story, told, rows):
        self.assertEqual(len(root.findall(f'.//{SVG}g[@class="arrow"]')), len(told))
        texts = [''.join(text.itertext()) for text in root.iter(f'{SVG}text')]
        for end in ('client', 'server'):
            for state in path(story, end):
                self.assertIn(state, texts)
        for cell in ('tcpshake.step', 'tcpshake.anomaly'):
            for row in rows:
                for name in row[cell]:
                    self.assertIn(name, texts)
        self.assertIn(rows[-1]['tcpshake.verdict'][0], ' '.join(texts))

    def check_stream(self, name, story, root, stream, rows):
        told = self.check_story(story, stream, rows)
        self.check_picture(root, story, told, rows)
        if name in PATHS:
            self.check_numbers(told, rows)

    def test_recorded_captures(self):
        """Each conversation of each, at most four."""
        for batch in joined.join({name: joined.read(shark.lab_capture(name)) for name in shark.lab_names()}):
            streams = streams_of(batch.path)
            of_capture = collections.defaultdict(list)
            for stream, rows in sorted(streams.items()):
                of_capture[batch.origins[int(rows[0]['frame.number'][0]) - 1][0]].append(stream)
            told = [stream for some in of_capture.values() for stream in some[:4]]
            once, twice = (self.all_at_once(batch.path, told, two_pass) for two_pass in (False, True))
            for name, some in of_capture.items():
                with self.subTest(name):
                    for stream in some[:4]:
                        self.assertEqual(twice[stream][0], once[stream][0])
                        self.check_stream(name, *once[stream], stream, streams[stream])


class Refusals(unittest.TestCase):

    def refused(self, arguments, pattern):
        status, output, messages = call(arguments, shark.lab_capture('close_by_client'))
        self.assertNotEqual(status, 0)
        self.assertEqual(output, '')
        lines = [line for line in messages.splitlines() if line]
        self.assertEqual(len(lines), 1, messages)
        self.assertRegex(lines[0], pattern)

    def test_no_such_stream(self):
        self.refused('tcpshake,story,1', r'no tcp\.stream 1$')
        self.refused('tcpshake,story,4294967295', r'no tcp\.stream 4294967295$')

    def test_no_number(self):
        for argument in ('', ',', ',x', ',-1', ',0x1', ',1 ', ',4294967296', ',0,1'):
            with self.subTest(argument):
                self.refused('tcpshake,story' + argument,
                             r'is not the number of a tcp\.stream; an example is tcpshake,story,0$')

    def test_no_file(self):
        for argument in (',0', ',0,'):
            with self.subTest(argument):
                self.refused('tcpshake,ladder' + argument, 'needs the name of a file')

    def test_file_that_cannot_be_written(self):
        self.refused('tcpshake,ladder,0,/nowhere/ladder.svg', r'/nowhere/ladder\.svg cannot be written: ')
        self.refused('tcpshake,ladder,0,/dev/full', '/dev/full cannot be written: ')

    def test_no_such_stream_leaves_files_alone(self):
        folder = writable_folder()
        new, old = os.path.join(folder, 'new.svg'), os.path.join(folder, 'old.svg')
        with open(old, 'w', encoding='utf-8') as file:
            file.write('precious')
        os.chmod(old, stat.S_IMODE(0o666))
        for target in (new, old):
            self.refused(f'tcpshake,ladder,7,{target}', r'no tcp\.stream 7$')
        self.assertFalse(os.path.exists(new))
        with open(old, encoding='utf-8') as file:
            self.assertEqual(file.read(), 'precious')

    def test_no_such_stream_and_other_calls(self):
        """They print what they have, in whichever order they are asked for; so do Wireshark's own."""
        others = ['-z', 'tcpshake,conv', '-z', 'tcpshake,story,0', '-z', 'io,stat,0']
        path = shark.with_plugin().readable(shark.lab_capture('close_by_client'))
        for calls in (['-z', 'tcpshake,story,7', *others], [*others, '-z', 'tcpshake,story,7']):
            with self.subTest(calls[1]):
                status, output, messages = shark.with_plugin().output(['-n', '-q', '-r', path, *calls])
                self.assertNotEqual(status, 0)
                self.assertRegex(messages, r'no tcp\.stream 7\n$')
                self.assertEqual(output.decode('utf-8'), shark.output('-n', '-q', '-r', path, *others))

    def test_capture_that_is_being_read(self):
        """It is not drawn over, by whatever name: its own, that of a link of either kind."""
        folder = writable_folder()
        capture = os.path.join(folder, 'capture.pcap')
        shutil.copy(shark.lab_capture('close_by_client'), capture)
        os.symlink('capture.pcap', os.path.join(folder, 'soft.pcap'))
        os.link(capture, os.path.join(folder, 'hard.pcap'))
        os.chmod(capture, 0o666)
        for name in ('capture.pcap', './/capture.pcap', 'soft.pcap', 'hard.pcap'):
            with self.subTest(name):
                target = os.path.join(folder, name)
                status, output, messages = call(f'tcpshake,ladder,0,{target}', capture)
                self.assertNotEqual((status, output), (0, ''))
                self.assertIn('cannot be written: ', messages)
                self.assertTrue(filecmp.cmp(capture, shark.lab_capture('close_by_client'), shallow=False))

    def test_standard_output(self):
        """-, and no file of that name."""
        status, output, messages = call('tcpshake,ladder,0,-', shark.lab_capture('close_by_client'))
        self.assertEqual((status, messages), (0, ''))
        self.assertEqual(xml.etree.ElementTree.fromstring(output).tag, SVG + 'svg')
        self.assertFalse(os.path.exists(os.path.join(shark.folder(), 'home', '-')))

    def test_file_name_with_a_comma(self):
        target = os.path.join(writable_folder(), 'a,b.svg')
        status, _, messages = call(f'tcpshake,ladder,0,{target}', shark.lab_capture('close_by_client'))
        self.assertEqual((status, messages), (0, ''))
        self.assertEqual(xml.etree.ElementTree.parse(target).getroot().tag, SVG + 'svg')


if __name__ == '__main__':
    unittest.main()
