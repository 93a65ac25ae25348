/* fast_path.c
 * Ordinary segments of an open conversation: they only update numbers, and skip everything else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Of a length of time that passes this limit; 0 is none. */
static inline bool
is_over(int64_t time, int64_t limit)
{
    return (uint64_t)time > (uint64_t)limit - 1;
}

/* New data are a request, or the first of them its answer: false if that has taken too long. */
static inline bool
take_data(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits)
{
    if (segment->from == conversation->client) {
        if (conversation->asked.frame == 0)
            tcpshake_begin_request(conversation, segment->seq);
        conversation->asked = (tcpshake_moment){ segment->time, segment->frame };
    } else if (conversation->asked.frame) {
        const int64_t waited = segment->time - conversation->asked.time;
        if (is_over(waited, limits->read_timeout))
            return false;
        if (waited > conversation->longest_read)
            conversation->longest_read = waited;
        conversation->asked.frame = 0;
    }
    return true;
}

/* An ACK with nothing new behind another one is looked at more closely: idle_acks.c. */
static inline bool
follows_idle_ack(tcpshake_conversation *conversation, tcpshake_end *sender, const tcpshake_segment *segment)
{
    if (segment->ack != sender->ack_sent) {
        sender->flags &= ~(uint32_t)TCPSHAKE_END_LAST_WAS_IDLE;
        return false;
    }
    if (conversation->end[conversation->last_from].flags & TCPSHAKE_END_LAST_WAS_IDLE)
        return true;
    sender->flags |= TCPSHAKE_END_LAST_WAS_IDLE;
    conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_IDLE_ACKS;
    return false;
}

/* Data or an ACK between two open ends, inside the windows, in order, in time: it changes nothing but numbers. */
bool
tcpshake_fast_path(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits)
{
    enum { MATTER = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK };
    tcpshake_end *const sender = &conversation->end[segment->from];
    tcpshake_end *const receiver = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const uint32_t      next = segment->seq + segment->length;

    if (!(sender->flags & TCPSHAKE_END_FAST_PATH) || (segment->flags & MATTER) != TCPSHAKE_ACK ||
        !tcpshake_seq_le(next, receiver->window_edge) || !tcpshake_seq_le(segment->ack, receiver->snd_nxt))
        return false;
    const int64_t gap = segment->time - tcpshake_last_time(conversation);
    if (gap > TCPSHAKE_PAUSE || is_over(gap, limits->socket_timeout))
        return false;
    if (tcpshake_seq_lt(sender->snd_nxt, next)) {
        if (segment->length == 0 || !take_data(conversation, segment, limits))
            return false; /* with no data: what came before is not in the capture */
        sender->snd_nxt = next;
        sender->flags = (sender->flags | TCPSHAKE_END_SENT_DATA) & ~(uint32_t)TCPSHAKE_END_LAST_WAS_IDLE;
    } else if (segment->seq != sender->snd_nxt || follows_idle_ack(conversation, sender, segment)) {
        return false; /* sent before, a probe, or of another connection */
    }
    const uint32_t edge = tcpshake_segment_edge(segment, sender->shift);
    sender->ack_sent = tcpshake_seq_max(sender->ack_sent, segment->ack);
    sender->window_edge = tcpshake_seq_max(sender->window_edge, edge);
    if (gap > conversation->longest_gap)
        conversation->longest_gap = gap;
    if (segment->from != conversation->last_from || gap > conversation->silence)
        conversation->silence = gap;
    return true;
}

/* Open, and nothing is expected of it but data and ACKs; nothing is presumed of it but that it has taken in the
 * handshake's ACK. */
static bool
allows_fast_path(const tcpshake_conversation *conversation, int which)
{
    enum {
        NUMBERS = TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_HAS_SND_NXT,
        BUSY = TCPSHAKE_END_SYN_WAITS | TCPSHAKE_END_SENT_FIN
    };
    static const unsigned     open = 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN;
    const tcpshake_end *const end = &conversation->end[which];

    return end->state == TCPSHAKE_ESTABLISHED && !(end->pending | (end->presumed & ~open)) &&
           (end->flags & (NUMBERS | BUSY)) == NUMBERS && !end->repeats &&
           !tcpshake_rare_of(conversation)->end[which].probe_frame;
}

/* Nothing is under way to the sender and nothing to be shown by it: until something other than data or an ACK comes,
 * numbers are enough. Whether its peer has taken in the handshake's ACK, what that sends will tell. Behind a SYN, an
 * ACK may be the answer to that (RFC 5961 section 4.2). */
void
tcpshake_update_fast_path(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          ends = conversation->end;

    ends[0].flags &= ~(uint32_t)TCPSHAKE_END_FAST_PATH;
    ends[1].flags &= ~(uint32_t)TCPSHAKE_END_FAST_PATH;
    if (conversation->extra && conversation->extra->unsent.frame > conversation->last_frame)
        return; /* the answer to this segment tells whether it counts */
    if (!allows_fast_path(conversation, 0) || !allows_fast_path(conversation, 1) ||
        conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS || tcpshake_has(arrival, TCPSHAKE_SYN))
        return;
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        if (tcpshake_is_presumed(&ends[end], TCPSHAKE_PRESUMED_ACK_OF_SYN))
            continue;
        ends[end].flags |= TCPSHAKE_END_FAST_PATH;
        ends[end].shift = tcpshake_window_shift(conversation, end);
    }
}
