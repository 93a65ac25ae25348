/* messages_capture.c
 * The values and sentences of the anomalies of the capture itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

static void
fill_handshake_not_captured(tcpshake_message *m)
{
    if (!tcpshake_was_open_before(m->conversation))
        tcpshake_put_in_place(m, TCPSHAKE_SAY_handshake_not_captured_alone);
    if (m->conversation->flags & TCPSHAKE_CONVERSATION_ROLES_GUESSED)
        tcpshake_follow(m, TCPSHAKE_SAY_roles_guessed);
}

static void
fill_segment_not_captured(tcpshake_message *m)
{
    static const tcpshake_sentence missing[] = {
        [TCPSHAKE_MISSING_SYN_ACK] = TCPSHAKE_SAY_segment_not_captured,
        [TCPSHAKE_MISSING_ACK] = TCPSHAKE_SAY_ack_not_captured,
        [TCPSHAKE_MISSING_FIN] = TCPSHAKE_SAY_fin_not_captured,
    };

    tcpshake_put_in_place(m, missing[MIN(m->finding->missing.what, G_N_ELEMENTS(missing) - 1)]);
    tcpshake_follow(m, TCPSHAKE_SAY_segment_not_captured_likely);
}

static void
fill_lost_between(tcpshake_message *m)
{
    static const char *const names[] = { "SYN", "SYN-ACK", "handshake ACK", "FIN", "RST" };

    m->arguments.name = names[MIN(m->finding->between.what, G_N_ELEMENTS(names) - 1)];
    m->arguments.count = m->finding->between.sent;
    m->arguments.number = m->finding->between.seen;
    if (m->finding->between.point == m->finding->between.other) /* both sides of a NAT, at one interface */
        return;
    m->arguments.some = m->finding->between.point;
    m->arguments.first = m->finding->between.other;
}

static void
fill_captured_twice(tcpshake_message *m)
{
    const int hops = m->finding->copy.hops;

    m->arguments.number = m->finding->copy.point;
    m->arguments.due = m->finding->copy.first_point;
    m->arguments.count = hops < 0 ? -hops : hops;
    m->arguments.answer = m->finding->copy.answer;
    if (m->finding->duration == 0)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_captured_at_once);
    if (m->finding->copy.answer)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_captured_twice_answered);
    if (m->finding->copy.point)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_captured_at_another_point);
    if (hops)
        tcpshake_follow(m, hops > 0 ? TCPSHAKE_SAY_captured_hops_on : TCPSHAKE_SAY_captured_hops_back);
}

const tcpshake_fill tcpshake_fills_capture[TCPSHAKE_ANOMALIES] = {
    [TCPSHAKE_ANOMALY_handshake_not_captured] = fill_handshake_not_captured,
    [TCPSHAKE_ANOMALY_segment_not_captured] = fill_segment_not_captured,
    [TCPSHAKE_ANOMALY_lost_between] = fill_lost_between,
    [TCPSHAKE_ANOMALY_captured_twice] = fill_captured_twice,
};
