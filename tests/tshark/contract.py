"""All anomalies and their severities, as the contract has them; and a segment's expert infos held against that.

SPDX-License-Identifier: GPL-2.0-or-later
"""

CONTRACT = {
    'Warning': '''
        connection_timeout syn_unanswered connection_refused icmp_rejected missing_handshake_ack handshake_ack_ignored
        stale_ack synack_bad_ack handshake_bad_ack synack_from_client synack_changed syn_on_open_connection
        split_handshake bad_flags isn_predictable syn_flood connection_lost connection_reset reset_unacceptable
        reset_ignored reset_storm fin_storm missing_fin_ack close_wait_lingering fin_out_of_window fin_moved
        data_after_fin data_after_close closing_bad_ack time_wait_lingering time_wait_exhaustion
        ack_storm lost_between reset_in_between nat_bypassed''',
    'Note': '''
        syn_retransmission slow_handshake synack_retransmission synack_unsolicited syn_changed syn_with_data
        tfo_data_rejected handshake_aborted early_data socket_timeout read_timeout keepalive_unanswered reset_challenged
        fin_retransmission reset_while_closing abortive_close close_wait_idle time_wait_reuse time_wait_assassination
        old_duplicate one_sided segment_not_captured syn_fallback''',
    'Chat': 'simultaneous_open simultaneous_close handshake_not_captured captured_twice captured_out_of_order',
}
SEVERITIES = {name: severity for severity, names in CONTRACT.items() for name in names.split()}
# Wireshark's PI_WARN, PI_NOTE and PI_CHAT, as _ws.expert.severity has them.
EXPERT = {0x00600000: 'Warning', 0x00400000: 'Note', 0x00200000: 'Chat'}
# What has to be asked for.
FIELDS = ['tcpshake.anomaly', '_ws.expert.severity', *(f'tcpshake.anomaly.{name}' for name in SEVERITIES)]


def expert_differences(row):
    """The expert infos have to be the anomalies, each with its severity; yields what is wrong, and with which."""
    found = {name for name in SEVERITIES if row[f'tcpshake.anomaly.{name}']}
    for name in sorted(found ^ set(row['tcpshake.anomaly'])):
        yield 'not both anomaly and expert info', name
    severities = {EXPERT.get(int(value, 0), value) for value in row['_ws.expert.severity']}
    for name in sorted(found):
        if SEVERITIES[name] not in severities:
            yield f'no {SEVERITIES[name]}', name
