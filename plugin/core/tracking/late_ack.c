/* late_ack.c
 * The handshake's ACK, captured after the server's answer to data that the client sent after that ACK.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* What the server has said was taken for a sign that its ACK is not in the capture. */
static const tcpshake_finding *
taken_for_missing(const tcpshake_arrival *arrival)
{
    const tcpshake_finding *const gap =
        tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_segment_not_captured);

    return gap && gap->end == arrival->to && gap->missing.what == TCPSHAKE_MISSING_ACK ? gap : NULL;
}

/* The first that the client has sent behind its SYN, with nothing more acknowledged than the SYN-ACK (RFC 9293 section
 * 3.5): it was sent before the server's data came, whatever stands between them in the capture. */
bool
tcpshake_is_late_ack(const tcpshake_arrival *arrival)
{
    return arrival->from == arrival->conversation->client && arrival->conversation->ack.frame == 0 &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS) &&
           arrival->segment->seq == arrival->sender->isn + 1 && arrival->segment->ack == arrival->receiver->isn + 1 &&
           tcpshake_milliseconds_since(arrival, arrival->receiver) < TCPSHAKE_RETRANSMISSION_MIN_MS &&
           taken_for_missing(arrival);
}

/* Both ends are open already. */
void
tcpshake_place_late_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const server = arrival->receiver;

    tcpshake_show_out_of_order(arrival, taken_for_missing(arrival)->frame);
    tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_segment_not_captured);
    arrival->conversation->ack = tcpshake_now(arrival);
    arrival->shows |= TCPSHAKE_SHOWS_LATE_HANDSHAKE;
    arrival->steps |= TCPSHAKE_STEP_ACK;
    arrival->acks_syn = server->syn_frame;
    server->flags |= TCPSHAKE_END_SYN_ACKED;
    server->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
}
