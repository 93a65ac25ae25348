/* closing.c
 * The orderly close: FINs and their acknowledgments, and the FIN that restarts TIME-WAIT (RFC 9293 section 3.6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

static bool
is_first_closer(const tcpshake_arrival *arrival, int end)
{
    return arrival->conversation->first_closer == end;
}

/* An end that was idle says goodbye, and closes right behind that: a TLS server, whose connection nobody has used. */
static bool
is_behind_goodbye(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t                     said = arrival->segment->seq - arrival->receiver->ack_sent;
    const bool answered = arrival->from != conversation->client && conversation->longest_read >= arrival->exchange;

    return arrival->from == conversation->last_from && arrival->silence >= 0 && arrival->silence < TCPSHAKE_PAUSE &&
           arrival->exchange >= TCPSHAKE_IDLE_CLOSE && !answered &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_ACK) && said > 0 && said <= TCPSHAKE_GOODBYE_MAX;
}

/* How long its sender has received and sent nothing: a request that it has not received yet does not count, nor does a
 * goodbye. */
static int64_t
known_silence(const tcpshake_arrival *arrival)
{
    if (is_behind_goodbye(arrival))
        return arrival->exchange;
    return arrival->crosses_request && arrival->silence >= 0 && arrival->exchange > 0
               ? arrival->exchange + arrival->silence
               : arrival->silence;
}

/* It is not under way any more, and neither is a repetition: its sender has been silent for longer than any path takes
 * (RFC 6298 section 2 starts with a timer of 1 s). */
static bool
is_first_fin_lost(const tcpshake_arrival *arrival)
{
    static const int64_t LONG_GONE = 3 * TCPSHAKE_SECOND;

    return !tcpshake_covers(arrival, arrival->receiver->fin_seq) &&
           tcpshake_since(arrival, arrival->receiver->last) > LONG_GONE;
}

static void
remember_first_fin(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const    receiver = arrival->receiver;

    if (conversation->fin1.frame == 0) {
        conversation->fin1 = tcpshake_now(arrival);
        conversation->close_idle = known_silence(arrival);
        conversation->first_closer = arrival->from;
        conversation->closed_by = (uint8_t)tcpshake_role_of(conversation, arrival->from);
        return;
    }
    conversation->fin2 = tcpshake_now(arrival);
    if ((tcpshake_covers(arrival, receiver->fin_seq) && arrival->sender->state != TCPSHAKE_CLOSING) ||
        is_first_fin_lost(arrival))
        return;
    conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_FIN;
    conversation->closed_by = TCPSHAKE_BOTH;
    arrival->shows |= TCPSHAKE_SHOWS_CROSSED_FIN;
}

/* Up to where the receiver has everything: what was captured, or what it has acknowledged. */
static uint32_t
start_of_hole(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    return tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) ? tcpshake_seq_max(sender->snd_nxt, receiver->ack_sent)
                                                           : sender->snd_nxt;
}

/* The FIN was captured before data that precede it in sequence. */
static void
remember_hole(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    const uint32_t        start = start_of_hole(arrival), end = arrival->segment->seq;

    if (!extra)
        return;
    arrival->sender->flags |= TCPSHAKE_END_FIN_BEHIND_HOLE;
    extra->fin_hole[arrival->from] = (tcpshake_fin_hole){ .start = start, .end = end };
}

/* What of it is in the hole makes that smaller; further pieces that touch nothing are not remembered. */
static void
narrow_hole(tcpshake_fin_hole *hole, uint32_t from, uint32_t to)
{
    if (!tcpshake_seq_lt(hole->start, to) || !tcpshake_seq_lt(from, hole->end))
        return;
    if (!tcpshake_seq_lt(hole->start, from))
        hole->start = to;
    else if (!tcpshake_seq_lt(to, hole->end))
        hole->end = from;
    else if (hole->piece_start == hole->piece_end) {
        hole->piece_start = from;
        hole->piece_end = to;
    } else if (tcpshake_seq_le(from, hole->piece_end) && tcpshake_seq_le(hole->piece_start, to)) {
        hole->piece_start = tcpshake_seq_lt(from, hole->piece_start) ? from : hole->piece_start;
        hole->piece_end = tcpshake_seq_max(to, hole->piece_end);
    }
}

/* Whether the data are the last of those that were missing in front of the FIN. */
static bool
fill_hole(tcpshake_arrival *arrival)
{
    tcpshake_end *const   sender = arrival->sender;
    tcpshake_extra *const extra = arrival->conversation->extra;

    if (!extra || arrival->segment->length == 0 || !tcpshake_end_is(sender, TCPSHAKE_END_FIN_BEHIND_HOLE))
        return false;
    tcpshake_fin_hole *const hole = &extra->fin_hole[arrival->from];
    narrow_hole(hole, arrival->segment->seq, arrival->segment->seq + arrival->segment->length);
    if (hole->piece_start != hole->piece_end)
        narrow_hole(hole, hole->piece_start, hole->piece_end);
    if (!tcpshake_seq_lt(hole->start, hole->piece_end) || !tcpshake_seq_lt(hole->piece_start, hole->end))
        hole->piece_end = hole->piece_start; /* none of it is in the hole: there is room for the next */
    if (tcpshake_seq_lt(hole->start, hole->end))
        return false;
    hole->filled = arrival->segment->frame;
    sender->flags &= ~(uint32_t)TCPSHAKE_END_FIN_BEHIND_HOLE;
    arrival->kept = true; /* an entry to put right, if the FIN turns out to have been taken in with it */
    return true;
}

static void
send_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const uint32_t      seq = tcpshake_fin_position(arrival);

    const bool first = !(sender->flags & TCPSHAKE_END_SENT_FIN);
    const bool late = sender->flags & TCPSHAKE_END_FIN_ACKED && first; /* acknowledged, captured only now */
    const bool known =
        sender->flags & TCPSHAKE_END_HAS_ISN || arrival->conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM;

    /* Section 3.10.7.4: without ACK it is dropped. Before the sender's SYN it cannot even be checked. */
    if (!known || !tcpshake_has(arrival, TCPSHAKE_ACK) || (sender->state < TCPSHAKE_SYN_SENT && !late))
        return;
    if (tcpshake_is_fin_outside(arrival)) {
        arrival->kept = true; /* an entry to put right, if it is acknowledged (reconsider.c) */
        return;
    }
    arrival->fin_waited = !first && sender->flags & TCPSHAKE_END_FIN_WAITS;
    if (first) {
        if (tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) &&
            tcpshake_seq_lt(start_of_hole(arrival), arrival->segment->seq))
            remember_hole(arrival);
        sender->fin_seq = seq;
        sender->flags |= TCPSHAKE_END_SENT_FIN;
        remember_first_fin(arrival);
        if (tcpshake_is_goodbye(arrival->conversation, sender)) /* the RST overtook the FIN */
            tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_data_after_close);
    } else if (sender->fin_seq == seq) {
        if (!tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN) && sender->state != TCPSHAKE_TIME_WAIT &&
            !tcpshake_is_ack_with_fin(arrival))
            sender->flags &= ~(uint32_t)TCPSHAKE_END_FIN_ACKED; /* what acknowledged it did not arrive */
    } else if (sender->flags & TCPSHAKE_END_FIN_WAITS) {
        sender->fin_seq = seq; /* which of them is the sender's, the acknowledgment will tell (reconsider.c) */
    }
    arrival->steps |= is_first_closer(arrival, arrival->from) ? TCPSHAKE_STEP_FIN1 : TCPSHAKE_STEP_FIN2;
    tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_FIN);
    tcpshake_count_fin(arrival->conversation, arrival->from, arrival->allocator);
    sender->fin_frame = arrival->segment->frame;
    if (late)
        tcpshake_presume_received(arrival, arrival->from, TCPSHAKE_EV_ACK_OF_FIN);
    else if (first || !tcpshake_end_is(sender, TCPSHAKE_END_FIN_ACKED)) /* a copy does not wait any more */
        sender->flags |= TCPSHAKE_END_FIN_WAITS;
}

void
tcpshake_send_closing_in_sequence(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    /* Nothing follows a FIN: an acknowledgment of more is of something never sent (section 3.10.7.4). */
    if (receiver->flags & TCPSHAKE_END_SENT_FIN && arrival->segment->ack == receiver->fin_seq + 1) {
        tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_ACK_OF_FIN);
        if (receiver->flags & TCPSHAKE_END_FIN_WAITS) {
            tcpshake_moment *const moment = is_first_closer(arrival, arrival->to) ? &arrival->conversation->fin1_ack
                                                                                  : &arrival->conversation->fin2_ack;
            if (moment->frame == 0 || !(receiver->flags & TCPSHAKE_END_FIN_ACKED))
                *moment = tcpshake_now(arrival);
            if (is_first_closer(arrival, arrival->to))
                arrival->conversation->lingers = tcpshake_now(arrival);
            receiver->flags |= TCPSHAKE_END_FIN_ACKED;
            receiver->flags &= ~(uint32_t)TCPSHAKE_END_FIN_WAITS;
            arrival->acks_fin = receiver->fin_frame;
            arrival->steps |= is_first_closer(arrival, arrival->to) ? TCPSHAKE_STEP_FIN1_ACK : TCPSHAKE_STEP_FIN2_ACK;
        }
    }
    if (tcpshake_has(arrival, TCPSHAKE_FIN))
        send_fin(arrival);
}

void
tcpshake_send_closing(tcpshake_arrival *arrival)
{
    tcpshake_look_for_unseen_fin(arrival);
    arrival->fills_hole = fill_hole(arrival);
    tcpshake_send_closing_in_sequence(arrival);
}

/* The FINs crossed, and the acknowledgment of its own arrives at an end that has not shown yet that it took in the
 * peer's. What was sent first arrives first: CLOSING, and the acknowledgment comes when that end has shown it. A FIN
 * that was lost, or waits behind data that were (section 3.10.7.4, seventh), does not come first: FIN-WAIT-2. */
static bool
receive_crossed(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->state != TCPSHAKE_FIN_WAIT_1 || !(receiver->pending & 1u << TCPSHAKE_PRESUMED_FIN) ||
        !tcpshake_is_fin_under_way(arrival->conversation, arrival->from))
        return false;
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_FIN);
    receiver->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN;
    return true;
}

/* The FIN had not crossed: the ACK arrived first. */
static bool
was_not_crossed(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_CLOSING)
        *state = TCPSHAKE_FIN_WAIT_2;
    return true;
}

/* The FIN comes again before it was acknowledged: it had been lost, not crossed, and the ACK arrived without it. */
static void
receive_lost_again(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;
    const uint32_t      since = tcpshake_presumed_frame(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_FIN);

    if (receiver->state != TCPSHAKE_CLOSING || !since || !(receiver->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN))
        return;
    tcpshake_rewrite_since(arrival->conversation, since, was_not_crossed, &arrival->to);
    tcpshake_clear_presumed(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_FIN);
    receiver->pending = 0;
}

/* Behind the FIN that was lost, its sender has acknowledged the receiver's once more: that has arrived, and counts
 * though a number is missing in front of it (section 3.10.7.4). */
static void
receive_ack_behind_lost_fin(tcpshake_arrival *arrival, uint32_t lost)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          receiver = arrival->receiver;

    if (conversation->last_from != arrival->from || conversation->last_frame <= lost ||
        tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET) || tcpshake_end_is(receiver, TCPSHAKE_END_OLDER_ACK))
        return;
    tcpshake_set_state(
        conversation, arrival->to,
        (tcpshake_state)tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_ACK_OF_FIN)->next);
    tcpshake_show_before(arrival, arrival->to);
    tcpshake_set_presumed(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_ACK_OF_FIN, conversation->last_frame,
                          arrival->allocator);
}

/* The FIN comes again because its timer ran out, and its receiver has sent nothing since: the one before had not
 * arrived, else it had been acknowledged (section 3.10.7.4). */
static void
receive_anew(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t                     lost = tcpshake_presumed_frame(conversation, arrival->to, TCPSHAKE_PRESUMED_FIN);
    const bool one_segment = lost == tcpshake_presumed_frame(conversation, arrival->to, TCPSHAKE_PRESUMED_ACK_OF_FIN);

    if (!arrival->fin_waited || !lost ||
        tcpshake_milliseconds_since(arrival, arrival->sender) < TCPSHAKE_RETRANSMISSION_MIN_MS)
        return;
    tcpshake_take_back(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_FIN);
    if (one_segment) { /* which was lost as a whole */
        tcpshake_take_back(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_ACK_OF_FIN);
        receive_ack_behind_lost_fin(arrival, lost);
    }
}

/* Section 3.10.7.4: the peer's FIN again restarts the wait of 2 MSL. */
static void
restart_time_wait(tcpshake_arrival *arrival)
{
    arrival->shows |= TCPSHAKE_SHOWS_TIME_WAIT_AGAIN;
    arrival->since = arrival->conversation->time_wait;
    arrival->conversation->time_wait = tcpshake_now(arrival);
}

static void
receive_ack_of_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (!tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN))
        return;
    if (arrival->segment->ack != receiver->fin_seq + 1) {
        if (tcpshake_end_is(receiver, TCPSHAKE_END_FIN_ACKED))
            receiver->flags |= TCPSHAKE_END_OLDER_ACK;
    } else if (!receive_crossed(arrival)) {
        tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_ACK_OF_FIN);
    }
}

/* RFC 9293 appendix A.2: old data, or the FIN again, that ends exactly at RCV.NXT. By the letter of section 3.10.7.4 it
 * is dropped as a whole; but what an end sends again it sends with a new acknowledgment, and BSD and Linux take that.
 */
static bool
ends_at_next(const tcpshake_arrival *arrival)
{
    const uint32_t span = arrival->span;

    return span > 0 && tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_ACK) &&
           arrival->segment->seq + span == arrival->receiver->ack_sent;
}

/* Section 3.10.7.4, seventh and eighth: what comes before it is processed first. A FIN behind a hole in the data waits
 * until they are there; if its receiver has spoken meanwhile, that tells when it takes the FIN in. */
static void
receive_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;
    const bool          fills = arrival->fills_hole && receiver->last.frame < arrival->sender->fin_frame;
    const bool          fin = tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK) || fills;

    if (!fin || !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_FIN) || receiver->state == TCPSHAKE_SYN_RECEIVED)
        return;
    if (!tcpshake_end_is(arrival->sender, TCPSHAKE_END_FIN_BEHIND_HOLE) && tcpshake_acceptable(arrival))
        tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_FIN);
    else if (tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_FIN)->next != receiver->state)
        receiver->pending |= 1u << TCPSHAKE_PRESUMED_FIN;
}

void
tcpshake_receive_closing(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;
    const bool          fin = tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK);
    const bool          fin_again = fin && arrival->sender->fin_count > 1;

    if (fin_again && receiver->state == TCPSHAKE_TIME_WAIT && receiver->flags & TCPSHAKE_END_SEEN &&
        !arrival->fin_waited)
        restart_time_wait(arrival);
    if (!tcpshake_acceptable(arrival)) {
        if (ends_at_next(arrival))
            receive_ack_of_fin(arrival);
        if (fin && !fin_again)
            receive_fin(arrival);
        return;
    }
    if (fin_again) {
        receive_lost_again(arrival);
        receive_anew(arrival);
    }
    receive_ack_of_fin(arrival);
    receive_fin(arrival);
}
