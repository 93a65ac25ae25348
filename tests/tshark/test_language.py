#!/usr/bin/env python3
"""The language of the sentences: chosen by preference or by locale; and only the sentences change.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import os
import re
import shutil
import unittest

import shark
import joined
from sharkd import Sharkd

# Fields that hold sentences; all others are names and numbers.
SENTENCES = {'tcpshake.note', 'tcpshake.verdict'}
HANGUL = re.compile('[\uac00-\ud7a3]')
NAMES = ('close_by_client', 'syn_lost_after', 'refused', 'icmp_v6_no_route', 'reset_storm', 'time_wait_turns_away',
         'simultaneous_open_close_v6')
CALLS = ('tcpshake,tree', 'tcpshake,conv', 'tcpshake,hosts', 'tcpshake,story,0')


def capture(name):
    return shark.with_plugin().readable(shark.lab_capture(name))


def our_fields():
    rows = [line.split('\t') for line in shark.output('-G', 'fields').splitlines()]
    return [row[2] for row in rows if row[0] == 'F' and row[4] == 'tcpshake' and row[3] != 'FT_NONE']


def korean(on=True):
    return ('-o', f'tcpshake.language:{"korean" if on else "english"}')


def in_both(fields):
    """{name: rows}, in English and in Korean."""
    batch, = joined.join({name: joined.read(shark.lab_capture(name)) for name in NAMES})
    return [joined.split(batch, shark.values(batch.path, fields, two_pass=True, options=korean(on)))
            for on in (False, True)]


def first_note(*options, **environment):
    """The first note of an ordinary conversation, in the language that these options and variables select."""
    tshark = shark.with_plugin()
    usual = tshark.environment
    tshark.environment = {**usual, **environment}
    try:
        return shark.values(capture('close_by_client'), ['tcpshake.note'], options=options)[0]['tcpshake.note'][0]
    finally:
        tshark.environment = usual


class Choice(unittest.TestCase):
    def test_by_preference(self):
        self.assertRegex(first_note('-o', 'tcpshake.language:english', LANGUAGE='ko'), '^SYN.* asks to open')
        self.assertRegex(first_note('-o', 'tcpshake.language:korean', LANGUAGE='en'), '^SYN.*클라이언트가 연결을 요청')

    def test_by_locale(self):
        for variable, value, is_korean in (('LANGUAGE', 'ko', True), ('LC_ALL', 'ko_KR.UTF-8', True),
                                           ('LC_ALL', 'de_DE.UTF-8', False),
                                           ('LC_ALL', 'C', False), ('LANGUAGE', 'fr:ko:en', True)):
            with self.subTest(variable=variable, value=value):
                for options in ((), ('-o', 'tcpshake.language:automatic')):
                    self.assertEqual(bool(HANGUL.search(first_note(*options, **{variable: value}))), is_korean)


class Sentences(unittest.TestCase):
    def test_only_sentences_change(self):
        fields = our_fields()
        english, other = in_both(fields)
        for name in NAMES:
            with self.subTest(name):
                for one, two in zip(english[name], other[name]):
                    for field in fields:
                        if field not in SENTENCES:
                            self.assertEqual(one[field], two[field], field)
                        else:
                            self.assertEqual(len(one[field]), len(two[field]), field)
                            self.assertTrue(all(HANGUL.search(text) for text in two[field]), two[field])
                            self.assertFalse(any(HANGUL.search(text) for text in one[field]), one[field])

    def test_numbers_are_the_same(self):
        """Each sentence has the same numbers in both languages: those of its own segment."""
        english, other = in_both(['tcpshake.note', '_ws.expert.message'])
        for name in NAMES:
            with self.subTest(name):
                for one, two in zip(english[name], other[name]):
                    for text, translated in zip(one['tcpshake.note'], two['tcpshake.note']):
                        self.assertEqual(sorted(re.findall(r'\d{3,}', text)), sorted(re.findall(r'\d{3,}', translated)))

    def test_long_message_ends_with_a_whole_character(self):
        """Wireshark cuts an item of more than 239 bytes off, in 4.0 even within a character; 4.6 marks it with […]."""
        status, output, _ = shark.with_plugin().output(['-n', '-2', '-V', '-r', capture('data_after_close'),
                                                        *korean()])
        self.assertEqual(status, 0)
        line, = (line for line in output.splitlines() if re.search(rb'Anomaly(?: \[[^]]+\])?: data_after_close', line))
        self.assertGreater(len(line.strip()), 230)
        self.assertRegex(line.decode('utf-8'), HANGUL)

    def test_expert_messages(self):
        for name in ('refused', 'reset_storm'):
            texts = shark.output('-n', '-2', '-r', capture(name), *korean(), '-q', '-z', 'expert')
            self.assertRegex(texts, '추정|끊음')

    def test_calls(self):
        """Neither language has a word of the other: in English no Hangul, in Korean none of the English titles."""
        for call in CALLS:
            with self.subTest(call):
                english, other = (shark.output('-n', '-r', capture('syn_lost_after'), *korean(on), '-q', '-z', call)
                                  for on in (False, True))
                self.assertNotRegex(english, HANGUL)
                self.assertRegex(other, HANGUL)
                self.assertNotRegex(other, 'Conversations|Handshake|Closed by|Likely|asks|seconds|Outcome')

    def test_ladder(self):
        for on in (False, True):
            target = os.path.join(shark.with_plugin().folder, 'home', 'ladder.svg')
            shark.output('-n', '-r', capture('syn_lost_after'), *korean(on), '-q', '-z', f'tcpshake,ladder,0,{target}')
            with open(target, encoding='utf-8') as file:
                self.assertEqual(bool(HANGUL.search(file.read())), on)
            os.remove(target)

    def test_tables_are_in_line(self):
        """A Hangul syllable is two columns wide; in each table of the terminal the cells stay below their titles."""
        def wide(text):
            return sum(2 if HANGUL.match(character) else 1 for character in text)
        lines = shark.output('-n', '-r', capture('syn_lost_after'), *korean(), '-q', '-z', 'tcpshake,conv').splitlines()
        head = next(line for line in lines if line.startswith('스트림'))
        row = next(line for line in lines if '10.77.' in line)
        for title, cell in (('클라이언트', '10.77.19.1:40001'), ('서버', '10.77.19.2:7777'), ('상태', 'SF'),
                            ('연결 종료', 'four segments')):
            self.assertEqual(wide(head[:head.index(title)]), wide(row[:row.index(cell)]), title)

    @unittest.skipUnless(shutil.which('sharkd'), 'there is no sharkd')
    def test_language_in_mid_session(self):
        with Sharkd('sharkd') as sharkd:
            for value, expected in (('korean', True), ('english', False), ('korean', True)):
                sharkd.ask('setconf', name='tcpshake.language', value=value)
                sharkd.ask('load', file=capture('close_by_client'))
                self.assertEqual(bool(HANGUL.search(str(sharkd.lines(1)))), expected)


if __name__ == '__main__':
    unittest.main()
