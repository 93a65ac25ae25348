/* idle_acks.c
 * ACKs that say nothing new, and answer each other. RFC 9293 section 3.10.7.4, first and fifth check: an end answers a
 * segment outside its window, or an acknowledgment of something that it has not sent, with an ACK of its own. If the
 * ends disagree about the numbers, the other end must answer that ACK in the same way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Neither data, nor an acknowledgment of more, nor room for more. */
static bool
is_idle_ack(const tcpshake_arrival *arrival)
{
    enum { KINDS = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK };
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_end *const     sender = arrival->sender;

    if (segment->length > 0 || segment->ack != sender->ack_sent || (segment->flags & KINDS) != TCPSHAKE_ACK ||
        !tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_HAS_SND_NXT) ||
        !tcpshake_is_synchronised(sender) || !tcpshake_is_synchronised(arrival->receiver))
        return false;
    const uint8_t  shift = tcpshake_window_shift(arrival->conversation, arrival->from);
    const uint32_t edge = tcpshake_segment_edge(segment, shift);
    return tcpshake_seq_le(segment->seq, sender->snd_nxt) && tcpshake_seq_le(edge, sender->window_edge);
}

/* One number too low, it has the form of a keep-alive (section 3.8.4). */
static bool
looks_like_a_probe(const tcpshake_arrival *arrival)
{
    return tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_ACK) &&
           arrival->segment->seq == arrival->receiver->ack_sent - 1;
}

/* In the time that an answer takes. A keep-alive comes when its time has come, whatever was there before. */
static bool
comes_at_once(const tcpshake_arrival *arrival)
{
    static const int64_t SOONEST = TCPSHAKE_REPETITION_MIN_MS * TCPSHAKE_MILLISECOND;

    return tcpshake_since(arrival, tcpshake_last(arrival->conversation)) <=
           (looks_like_a_probe(arrival) ? SOONEST : TCPSHAKE_PAUSE);
}

/* The first of a row counts once there is a second. What one end says twice is no answer. */
static void
count(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = tcpshake_extra_of(conversation, arrival->allocator);

    if (!extra)
        return;
    if (!(conversation->flags & TCPSHAKE_CONVERSATION_IDLE_ACKS)) {
        conversation->flags |= TCPSHAKE_CONVERSATION_IDLE_ACKS;
        extra->idle_acks = 1;
        extra->idle_acks_since = tcpshake_last(conversation);
    }
    if (++extra->idle_acks == arrival->limits->ack_storm)
        arrival->shows |= TCPSHAKE_SHOWS_ACK_STORM;
}

void
tcpshake_follow_idle_acks(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (!is_idle_ack(arrival))
        return;
    const bool at_once = comes_at_once(arrival);
    const bool answers = tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_IDLE_ACK);

    arrival->sender->flags |= TCPSHAKE_END_SENT_IDLE_ACK;
    if (at_once || !looks_like_a_probe(arrival))
        arrival->sender->flags |= TCPSHAKE_END_LAST_WAS_IDLE;
    arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_SENT_IDLE_ACK;
    if (!arrival->follows_idle || !at_once)
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_IDLE_ACKS;
    else if (answers)
        count(arrival);
}
