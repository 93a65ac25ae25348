/* fin_traits.c
 * What a FIN is: sent again, with an ACK of more, under way, outside the window. Questions only; nothing is changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"

#include "../segment/seq.h"

/* What comes later than this many was not under way any more. */
enum { ROUND_TRIPS = 2 };

/* No timer expires sooner than a round trip plus the minimum that stacks add to it (RFC 6298 section 2). Where the
 * handshake does not show how long a round trip takes, only that minimum is known. */
static int64_t
soonest_timer(const tcpshake_conversation *conversation)
{
    return TCPSHAKE_RETRANSMISSION_MIN + tcpshake_round_trip(conversation);
}

bool
tcpshake_is_ack_with_fin(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK) && tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_lt(sender->ack_sent, arrival->segment->ack) &&
           tcpshake_since(arrival, sender->last) < soonest_timer(arrival->conversation);
}

/* When the first was captured is known; of those after it, when the sender was heard last. */
bool
tcpshake_is_fin_sent_again(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;
    const tcpshake_moment              first = tcpshake_first_fin(conversation, arrival->from);

    if (!tcpshake_has(arrival, TCPSHAKE_FIN) || sender->fin_count == 0 ||
        sender->fin_seq != tcpshake_fin_position(arrival) || tcpshake_is_ack_with_fin(arrival))
        return false;
    return sender->fin_count == 1 ? tcpshake_since(arrival, first) >= TCPSHAKE_RETRANSMISSION_MIN
                                  : tcpshake_milliseconds_since(arrival, sender) >= TCPSHAKE_RETRANSMISSION_MIN_MS;
}

/* A peer that does not acknowledge the FIN has not received it yet. If that goes on for more than a round trip or two,
 * the FIN was lost. */
bool
tcpshake_is_fin_under_way(const tcpshake_conversation *conversation, int end)
{
    const int                 peer = TCPSHAKE_OTHER(end);
    const tcpshake_end *const who = &conversation->end[end];
    const tcpshake_moment     fin = tcpshake_first_fin(conversation, end);
    const int64_t             way = ROUND_TRIPS * tcpshake_answer_time(conversation, peer);

    return tcpshake_end_is(who, TCPSHAKE_END_SENT_FIN) && !tcpshake_end_is(who, TCPSHAKE_END_FIN_BEHIND_HOLE) &&
           conversation->end[peer].last.time - fin.time <= way;
}

/* When the end was last heard with an ACK. A RST without one may be the last of it (section 3.10.7.1). */
static int64_t
last_ack_of(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_end *const      who = &conversation->end[end];
    const tcpshake_last_rst *const rst = conversation->extra ? &conversation->extra->last_reset[end] : NULL;
    const bool is_reset = rst && tcpshake_end_is(who, TCPSHAKE_END_SENT_RESET) && rst->frame == who->last.frame;

    return is_reset && !rst->acknowledges ? rst->before : who->last.time;
}

tcpshake_fin_reason
tcpshake_missing_fin_ack_reason(const tcpshake_conversation *conversation, int end, uint32_t *bytes)
{
    enum { NUMBERS = TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_SENT_FIN };
    const int                 other = TCPSHAKE_OTHER(end);
    const tcpshake_end *const who = &conversation->end[end], *const peer = &conversation->end[other];
    const int64_t answer = tcpshake_answer_time(conversation, other);
    const int64_t heard = last_ack_of(conversation, other) - tcpshake_first_fin(conversation, end).time;

    if (!tcpshake_end_is(who, NUMBERS) || !tcpshake_end_is(peer, TCPSHAKE_END_HAS_ACK))
        return TCPSHAKE_FIN_UNANSWERED;
    if (tcpshake_seq_lt(who->fin_seq + 1, who->snd_nxt) &&
        !tcpshake_found(conversation, TCPSHAKE_ANOMALY_data_after_fin)) {
        *bytes = who->snd_nxt - who->fin_seq;
        return TCPSHAKE_FIN_BELOW_DATA;
    }
    if (tcpshake_seq_lt(peer->ack_sent, who->fin_seq) && heard >= answer / 2) {
        *bytes = who->fin_seq - peer->ack_sent;
        return TCPSHAKE_FIN_BEHIND_DATA;
    }
    return heard > ROUND_TRIPS * answer ? TCPSHAKE_FIN_PEER_HEARD : TCPSHAKE_FIN_UNANSWERED;
}

tcpshake_moment
tcpshake_fin_acknowledged(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_moment none = { 0 };

    if (!tcpshake_end_is(&conversation->end[end], TCPSHAKE_END_FIN_ACKED))
        return none;
    return conversation->first_closer == end ? conversation->fin1_ack : conversation->fin2_ack;
}

uint32_t
tcpshake_fin_position(const tcpshake_arrival *arrival)
{
    return arrival->segment->seq + tcpshake_has(arrival, TCPSHAKE_SYN) + arrival->segment->length;
}

/* Left of what the receiver has acknowledged, or right of what it has room for. If it has just acknowledged this one
 * number, the FIN comes late in the capture. A FIN right after its sender's last data is not outside, whatever
 * window the capture shows. */
bool
tcpshake_is_fin_outside(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t position = tcpshake_fin_position(arrival);
    const bool follows = tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) && sender->snd_nxt == arrival->segment->seq;

    if (!tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) || !tcpshake_is_synchronised(receiver) ||
        (tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) && sender->fin_seq == position))
        return false;
    return tcpshake_seq_lt(position + 1, receiver->ack_sent) ||
           (tcpshake_seq_lt(receiver->window_edge, position) && !follows);
}
