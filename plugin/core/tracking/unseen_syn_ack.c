/* unseen_syn_ack.c
 * A SYN-ACK that is not in the capture, from an end that is known by an older connection, or by a SYN-ACK that the
 * client has refused. RFC 9293 section 3.10.7.3: in SYN-SENT, all but a SYN-ACK to its own SYN is answered with a RST
 * or dropped, so the client's ACK shows that there was one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* The numbers of the server are not those that the client acknowledges. */
static bool
is_known_otherwise(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->receiver;

    if (tcpshake_end_is(server, TCPSHAKE_END_HAS_ISN))
        return !tcpshake_ack_acceptable(arrival);
    return tcpshake_end_is(server, TCPSHAKE_END_HAS_SND_NXT) && arrival->segment->ack != server->snd_nxt;
}

bool
tcpshake_acknowledges_unseen_syn_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const client = arrival->sender;

    return client->state == TCPSHAKE_SYN_SENT && arrival->from == arrival->conversation->client &&
           (arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK)) == TCPSHAKE_ACK &&
           tcpshake_end_is(client, TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN) &&
           arrival->segment->seq == client->isn + 1 && is_known_otherwise(arrival);
}

/* The server has taken the SYN in, as if its SYN-ACK came right before this. */
void
tcpshake_renew_unseen(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_segment       syn_ack = {
              .time = arrival->segment->time,
              .frame = arrival->segment->frame,
              .from = arrival->to,
              .flags = TCPSHAKE_SYN | TCPSHAKE_ACK,
              .seq = arrival->segment->ack - 1,
              .ack = arrival->segment->seq,
    };
    tcpshake_arrival unseen =
        tcpshake_arrival_of(conversation, &syn_ack, arrival->limits, arrival->allocator, arrival->hosts);

    const uint32_t seen = arrival->receiver->flags & TCPSHAKE_END_SEEN; /* both directions are in the capture */

    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_syn_on_open_connection);
    if (arrival->receiver->state == TCPSHAKE_LISTEN && tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYNACK)) {
        const tcpshake_end listener = { .last = arrival->receiver->last, .state = TCPSHAKE_SYN_RECEIVED };
        tcpshake_replace_end(conversation, arrival->to, &listener);
        conversation->synack = (tcpshake_moment){ 0 };
    } else {
        tcpshake_renew(&unseen);
    }
    arrival->receiver->flags |= seen | TCPSHAKE_END_SYN_WAITS;
}
