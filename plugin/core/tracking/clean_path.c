/* clean_path.c
 * The steps of a clean conversation: a handshake in which nothing is repeated (RFC 9293 section 3.5, figure 6), and a
 * close in which each segment acknowledges all that was sent (section 3.6, figure 12). None of the rules that are asked
 * before a step applies to them, and they show nothing of what was before. tracker.c processes all others, and these as
 * well, with the same result.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

enum {
    HEARD = TCPSHAKE_END_SEEN | TCPSHAKE_END_HEARD | TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT,
    /* All flags that an end has in the handshake, no more and no fewer: the client before the SYN-ACK and behind it,
     * the server behind it. */
    ASKS = HEARD | TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN | TCPSHAKE_END_SYN_WAITS,
    OPENS = HEARD | TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN | TCPSHAKE_END_SYN_ACKED,
    ANSWERS = HEARD | TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS,
    /* And afterwards: what it must have, and what it may have. */
    OPEN = HEARD | TCPSHAKE_END_HAS_ACK,
    ORDINARY = OPEN | TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_ACKED |
               TCPSHAKE_END_ACTIVE_OPEN | TCPSHAKE_END_SENT_DATA | TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_ACKED |
               TCPSHAKE_END_FIN_WAITS | TCPSHAKE_END_FAST_PATH | TCPSHAKE_END_SENT_IDLE_ACK
};

/* These flags and no data. What is said of congestion is the path's matter. */
static inline bool
is_bare(const tcpshake_segment *segment, unsigned flags)
{
    return (segment->flags & ~(unsigned)TCPSHAKE_CONGESTION_BITS) == flags && segment->length == 0;
}

/* The number that comes next, and an acknowledgment of all that the receiver has sent. */
static inline bool
agrees(const tcpshake_arrival *arrival)
{
    return arrival->segment->seq == arrival->sender->snd_nxt && arrival->segment->ack == arrival->receiver->snd_nxt;
}

/* All but the one with which its SYN is to be known again elsewhere (numbering.h). */
static inline uint32_t
marks_of(const tcpshake_end *end)
{
    return end->flags & ~(uint32_t)TCPSHAKE_END_SYN_MARKED;
}

/* Nothing was found, nothing is kept to be looked at again, nothing is under way, and no limit on silence has passed.
 */
static inline bool
has_clean_past(const tcpshake_arrival *arrival)
{
    enum { FLAGS = TCPSHAKE_CONVERSATION_PUSHES | TCPSHAKE_CONVERSATION_LONGEST_SILENCE };
    const tcpshake_conversation *const conversation = arrival->conversation;

    return !conversation->extra && !conversation->findings && !conversation->previous &&
           !(conversation->flags & ~(unsigned)FLAGS) && !conversation->late_data_frame &&
           !(arrival->sender->pending | arrival->receiver->pending) &&
           !tcpshake_is_over(arrival->segment->time - tcpshake_last_time(conversation),
                             arrival->limits->socket_timeout);
}

/* The record's first, on a four-tuple without a past: all there was before it is silence. */
static inline bool
take_syn(tcpshake_arrival *arrival)
{
    if (!is_bare(arrival->segment, TCPSHAKE_SYN) || !arrival->begins || arrival->conversation->previous)
        return false;
    tcpshake_send_clean_syn(arrival);
    tcpshake_receive_syn(arrival);
    return true;
}

/* The first SYN-ACK. */
static inline bool
take_syn_ack(tcpshake_arrival *arrival)
{
    const tcpshake_end *const client = arrival->receiver, *const server = arrival->sender;

    if (!is_bare(arrival->segment, TCPSHAKE_SYN | TCPSHAKE_ACK) || arrival->from == arrival->conversation->client ||
        server->flags || marks_of(client) != ASKS || client->syn_count != 1 ||
        arrival->segment->ack != client->isn + 1 || client->snd_nxt != client->isn + 1 ||
        client->state != TCPSHAKE_SYN_SENT || server->state != TCPSHAKE_SYN_RECEIVED || !has_clean_past(arrival))
        return false;
    tcpshake_confirm_presumptions(arrival);
    tcpshake_follow_clean_step(arrival);
    tcpshake_send_clean_syn(arrival);
    tcpshake_receive_syn(arrival);
    return true;
}

/* Its ACK, which opens. */
static inline bool
take_opening_ack(tcpshake_arrival *arrival)
{
    const tcpshake_end *const client = arrival->sender, *const server = arrival->receiver;

    if (arrival->from != arrival->conversation->client || marks_of(client) != OPENS || marks_of(server) != ANSWERS ||
        client->snd_nxt != client->isn + 1 || (client->syn_count | server->syn_count) != 1 ||
        client->state != TCPSHAKE_ESTABLISHED || server->state != TCPSHAKE_SYN_RECEIVED || !has_clean_past(arrival))
        return false;
    tcpshake_confirm_presumptions(arrival);
    tcpshake_follow_clean_step(arrival);
    tcpshake_take_opening_ack(arrival);
    return true;
}

/* Both are open, or close, and neither repeats itself. */
static inline bool
are_open(const tcpshake_end *one, const tcpshake_end *other)
{
    return (one->flags & other->flags & OPEN) == OPEN && !((marks_of(one) | marks_of(other)) & ~(uint32_t)ORDINARY) &&
           one->state >= TCPSHAKE_ESTABLISHED && other->state >= TCPSHAKE_ESTABLISHED &&
           (one->fin_count | other->fin_count) <= 1 && !(one->repeats | other->repeats);
}

/* A FIN by which nobody is left waiting, and which nobody has waited for. */
static inline bool
is_clean_fin(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_limits *const       limits = arrival->limits;

    return !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_FIN) && conversation->asked.frame == 0 &&
           conversation->fin_segments + 1u != limits->fin_storm &&
           !(arrival->sender->state == TCPSHAKE_CLOSE_WAIT &&
             tcpshake_is_over(tcpshake_since(arrival, conversation->lingers), limits->close_wait_lingering));
}

/* A FIN, or an ACK of something new. */
static inline bool
take_closing(tcpshake_arrival *arrival)
{
    const bool closes = tcpshake_has(arrival, TCPSHAKE_FIN);

    if (!are_open(arrival->sender, arrival->receiver) ||
        tcpshake_seq_lt(arrival->segment->seq, arrival->receiver->ack_sent) || /* it has more than was captured */
        arrival->conversation->handshake != TCPSHAKE_HANDSHAKE_COMPLETE || !has_clean_past(arrival) ||
        !(closes ? is_clean_fin(arrival) : tcpshake_seq_lt(arrival->sender->ack_sent, arrival->segment->ack)))
        return false;
    if (closes)
        tcpshake_count_fin_segment(arrival->conversation, arrival->allocator);
    tcpshake_confirm_presumptions(arrival);
    tcpshake_follow_clean_step(arrival);
    tcpshake_send_closing_in_sequence(arrival);
    tcpshake_receive_closing(arrival);
    return true;
}

/* Of a segment that agrees, as window.c remembers those of any. */
static inline void
remember_agreed_numbers(const tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;
    const unsigned                shift = tcpshake_window_shift(arrival->conversation, arrival->from);
    const uint32_t                edge = tcpshake_segment_edge(segment, shift);
    const bool                    first = !tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK);

    sender->snd_nxt = segment->seq + arrival->span;
    sender->ack_sent = first ? segment->ack : tcpshake_seq_max(sender->ack_sent, segment->ack);
    sender->window_edge = first ? edge : tcpshake_seq_max(sender->window_edge, edge);
    sender->flags |= TCPSHAKE_END_HAS_ACK;
}

bool
tcpshake_take_clean_step(tcpshake_arrival *arrival)
{
    enum { KIND = TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST | TCPSHAKE_ACK };
    const tcpshake_segment *const segment = arrival->segment;
    const unsigned                kind = segment->flags & KIND;
    bool                          taken = false;

    if (kind & TCPSHAKE_SYN) {
        taken = kind & TCPSHAKE_ACK ? take_syn_ack(arrival) : take_syn(arrival);
        if (taken)
            tcpshake_remember_numbers(arrival);
    } else if ((kind & ~(unsigned)TCPSHAKE_FIN) == TCPSHAKE_ACK && segment->length == 0 && agrees(arrival)) {
        taken = kind == TCPSHAKE_ACK && tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SYN_WAITS)
                    ? take_opening_ack(arrival)
                    : take_closing(arrival);
        if (taken)
            remember_agreed_numbers(arrival);
    }
    return taken;
}
