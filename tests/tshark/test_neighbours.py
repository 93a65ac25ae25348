#!/usr/bin/env python3
"""Beside others, and with Wireshark's own settings changed: right as ever, or quietly out of the way.

What is right is what the same capture says alone, which test_kernel_paths.py and test_lab_anomalies.py hold against the
kernel.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import atexit
import functools
import os
import shutil
import unittest
import unittest.mock

import shark  # noqa: I001  (puts the next ones within reach)
import joined
from ordinary_tshark import Tshark

# Opened and closed in several ways, anomalies of all chapters, ICMP, IPv6.
NAMES = ('half_close', 'syn_lost_after', 'simultaneous_open_close_v6', 'icmp_v6_no_route', 'time_wait_turns_away')
FIELDS = ['frame.number', 'tcpshake.step', 'tcpshake.states', 'tcpshake.client.transition',
          'tcpshake.server.transition',
          'tcpshake.note', 'tcpshake.expected_ack', 'tcpshake.acks_syn', 'tcpshake.acks_fin', 'tcpshake.acked_in',
          'tcpshake.anomaly', 'tcpshake.conn.anomaly', 'tcpshake.verdict', 'tcpshake.conn.history',
          'tcpshake.client.isn',
          'tcpshake.connection_time', 'tcpshake.socket_time', 'tcpshake.read_time']

LUA = '''
local states = Field.new("tcpshake.states")
local neighbour = Proto("neighbour", "Neighbour")
neighbour.fields.states = ProtoField.string("neighbour.states", "States")
function neighbour.dissector(buffer, pinfo, tree)
    local found = states()
    if found then tree:add(neighbour):add(neighbour.fields.states, found.value) end
end
register_postdissector(neighbour)
local tap = Listener.new("tcp", "tcpshake.step")
local count = 0
function tap.packet() count = count + 1 end
function tap.draw() io.stderr:write("steps: " .. count .. "\\n") end
'''

MATE = '''
Pdu tcp_pdu Proto tcp Transport ip {
    Extract addr From ip.addr;
    Extract port From tcp.port;
    Extract start From tcp.flags.syn;
};
Gop tcp_session On tcp_pdu Match (addr, addr, port, port) {
    Start (start);
};
Done;
'''


def capture(name):
    return shark.with_plugin().readable(shark.lab_capture(name))


@functools.lru_cache(maxsize=None)
@unittest.mock.patch.object(shark, 'with_plugin', shark.with_plugin)
def together(names):
    """These captures as one, which no host is in twice."""
    batch, = joined.join({name: joined.read(shark.lab_capture(name)) for name in names})
    return batch


def said(names, *options, two_pass=True):
    """{name: rows}"""
    batch = together(names)
    return joined.split(batch, shark.values(batch.path, FIELDS, two_pass=two_pass, options=options))


@functools.lru_cache(maxsize=None)
@unittest.mock.patch.object(shark, 'with_plugin', shark.with_plugin)
def said_alone(names, two_pass):
    return said(names, two_pass=two_pass)


def written(name, content):
    path = os.path.join(shark.folder(), name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(content)
    os.chmod(path, 0o644)
    return path


@functools.lru_cache(maxsize=None)
def beside_wiresharks_own():
    """tshark with its own plugins, which WIRESHARK_PLUGIN_DIR would replace, and ours as a user installs it."""
    tshark = Tshark(None, whole=True)
    tshark.__enter__()
    atexit.register(tshark.__exit__)
    del tshark.environment['WIRESHARK_PLUGIN_DIR']
    personal = os.path.join(tshark.environment['HOME'], '.local', 'lib', 'wireshark', 'plugins')
    shutil.copytree(shark.PLUGINS, personal)
    for folder, folders, files in os.walk(os.path.join(tshark.environment['HOME'], '.local')):
        for name in folders + files + ['.']:
            os.chmod(os.path.join(folder, name), 0o755)
    return tshark


@functools.lru_cache(maxsize=None)
def with_lua():
    tshark = Tshark(shark.PLUGINS, whole=True)
    tshark.__enter__()
    atexit.register(tshark.__exit__)
    return tshark


def with_all_plugins(test):
    return unittest.mock.patch.object(shark, 'with_plugin', beside_wiresharks_own)(test)


@functools.lru_cache(maxsize=None)
def default_preferences():
    return shark.output('-G', 'defaultprefs')


def has_preference(name):
    return f'#{name}:' in default_preferences()


def knows_protocol(name):
    return any(line.split('\t')[2] == name for line in shark.output('-G', 'protocols').splitlines())


class Right(unittest.TestCase):
    """What we say is the same."""

    maxDiff = None

    def same(self, *options, names=NAMES):
        for two_pass in (False, True):
            rows, alone = said(names, *options, two_pass=two_pass), said_alone(names, two_pass)
            for name in names:
                with self.subTest(capture=name, options=options, two_pass=two_pass):
                    self.assertEqual(rows[name], alone[name])

    def preference(self, name, value, names=NAMES):
        if not has_preference(name):
            self.skipTest(f'this Wireshark has no {name}')
        self.same('-o', f'{name}:{value}', names=names)

    def test_raw_sequence_numbers(self):
        self.preference('tcp.relative_sequence_numbers', 'FALSE')

    def test_no_analysis(self):
        self.preference('tcp.analyze_sequence_numbers', 'FALSE')

    def test_no_reassembly(self):
        self.preference('tcp.desegment_tcp_streams', 'FALSE')

    def test_reassembly_out_of_order(self):
        self.preference('tcp.reassemble_out_of_order', 'TRUE')

    def test_checksums(self):
        self.preference('tcp.check_checksum', 'TRUE')

    def test_no_timestamps_of_the_conversation(self):
        self.preference('tcp.calculate_timestamps', 'FALSE')

    def test_heuristics_first(self):
        self.preference('tcp.try_heuristic_first', 'TRUE')

    def test_no_fragment_reassembly(self):
        self.preference('ip.defragment', 'FALSE')

    def test_conversations_deinterlaced(self):
        """Of one interface and one VLAN only: the same conversations, whatever key they are kept by."""
        names = ('conversation.deinterlacing_key', 'gui.conversation_deinterlacing_key')
        if not any(map(has_preference, names)):
            self.skipTest('this Wireshark does not deinterlace')
        self.preference('conversation.deinterlacing_key', 'VMI')

    def test_decode_as(self):
        self.same('-d', 'tcp.port==7777,http')
        self.same('-d', 'tcp.port==7777,tls', names=NAMES[:2])

    @with_all_plugins
    def test_transum(self):
        if not knows_protocol('transum'):
            self.skipTest('this Wireshark has no TRANSUM')
        options = ('--enable-protocol', 'transum')
        self.same(*options)
        found = shark.values(capture('half_close'), ['transum.status'], two_pass=True, options=options)
        self.assertTrue(any(row['transum.status'] for row in found), 'TRANSUM itself did not run')

    @with_all_plugins
    def test_mate(self):
        if not has_preference('mate.config'):
            self.skipTest('this Wireshark has no MATE')
        options = ('-o', 'mate.config:' + written('neighbour.mate', MATE))
        self.same(*options)
        found = shark.values(capture('half_close'), ['mate.tcp_session'], two_pass=True, options=options)
        self.assertTrue(any(row['mate.tcp_session'] for row in found), 'MATE itself did not run')

    @unittest.mock.patch.object(shark, 'with_plugin', with_lua)
    def test_lua(self):
        """A post-dissector that reads our states, and a tap with our filter."""
        script = written('neighbour.lua', LUA)
        if 'with Lua' not in shark.output('-v'):
            self.skipTest('this Wireshark has no Lua')
        self.same('-X', 'lua_script:' + script)
        rows = shark.values(capture('close_by_client'), ['tcpshake.states', 'neighbour.states'], two_pass=True,
                            options=('-X', 'lua_script:' + script))
        self.assertEqual([row['neighbour.states'] for row in rows], [row['tcpshake.states'] for row in rows])
        status, _, messages = shark.with_plugin().output(['-n', '-X', 'lua_script:' + script, '-q',
                                                          '-r', capture('close_by_client')])
        self.assertEqual((status, 'steps: 7' in messages), (0, True), messages)

    @with_all_plugins
    def test_everything_at_once(self):
        protocols = ['--enable-protocol', 'transum'] if knows_protocol('transum') else []
        self.same(*protocols, '-o', 'tcp.relative_sequence_numbers:FALSE', '-o', 'tcp.analyze_sequence_numbers:FALSE',
                  '-d', 'tcp.port==7777,http', '-X', 'lua_script:' + written('neighbour.lua', LUA))


class OutOfTheWay(unittest.TestCase):
    """Switched off, we are not there."""

    def nothing_but_wireshark(self, *options, ours=()):
        """ours: what only tshark with the plugin is told."""
        for arguments in (['-V'], ['-2', '-T', 'json'], []):
            with self.subTest(options=options, arguments=arguments):
                command = ['-n', '-r', together(NAMES).path, *options, *arguments]
                with_it, without = shark.with_plugin().output([*command, *ours]), shark.without_plugin().output(command)
                self.assertEqual(with_it, without)
                self.assertEqual(with_it[0], 0)

    def test_tcpshake_disabled(self):
        self.nothing_but_wireshark(ours=['--disable-protocol', 'tcpshake'])

    def test_tcp_disabled(self):
        self.nothing_but_wireshark('--disable-protocol', 'tcp')

    def test_ip_disabled(self):
        self.nothing_but_wireshark('--disable-protocol', 'ip', '--disable-protocol', 'ipv6')

    def test_icmp_disabled(self):
        """TCP itself goes on."""
        options = ('--disable-protocol', 'icmp', '--disable-protocol', 'icmpv6')
        names = ('icmp_v6_no_route', 'half_close')
        rows, usual = said(names, *options), said(names)
        for name in names:
            self.assertEqual([row['tcpshake.step'] for row in rows[name] if row['tcpshake.states']],
                             [row['tcpshake.step'] for row in usual[name] if row['tcpshake.states']])

    def test_calls_without_tcp(self):
        for call in ('tree', 'conv', 'hosts'):
            text = shark.output('-n', '-r', capture('close_by_client'), '--disable-protocol', 'tcp', '-q',
                                '-z', 'tcpshake,' + call)
            self.assertNotIn('10.77.', text)


if __name__ == '__main__':
    unittest.main()
