/* opening.c
 * SYN and SYN-ACK, and what goes wrong with them (RFC 9293 section 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

void
tcpshake_forget_reset(tcpshake_conversation *conversation)
{
    tcpshake_extra *const extra = conversation->extra;

    conversation->handshake = TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    conversation->synack = (tcpshake_moment){ 0 };
    if (extra) {
        extra->rare.rst = (tcpshake_moment){ 0 };
        extra->rare.reset_by = TCPSHAKE_NOBODY;
        extra->rare.reset_cause = TCPSHAKE_CAUSE_NONE;
        extra->late_fin.frame = 0;
    }
    tcpshake_forget_changes(conversation);
}

/* A client that was refused, or has given up, asks again: another attempt. */
static void
begin_attempt(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = tcpshake_extra_of(conversation, arrival->allocator);

    if (extra) {
        const bool refused = conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED;
        extra->refused_frame = refused ? tcpshake_rare_of(conversation)->rst.frame : 0;
        extra->attempt_syn = tcpshake_now(arrival);
        extra->attempt_before = tcpshake_syns_of(conversation, arrival->from);
        extra->given_up = 0;
    }
    tcpshake_forget_reset(conversation);
    arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_HEARD;
    arrival->sender->flags &= ~(uint32_t)TCPSHAKE_END_SYN_ACKED;
}

static void
send_bare_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;

    const bool opened = conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE &&
                        !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED); /* else the one before was */

    if ((tcpshake_rare_of(conversation)->rst.frame && !opened &&
         (sender->state == TCPSHAKE_CLOSED || conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED)) ||
        tcpshake_asks_anew(arrival))
        begin_attempt(arrival);
    if (conversation->syn.frame == 0)
        conversation->syn = tcpshake_now(arrival);
    sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN;
    tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_SYN);
    arrival->steps |= TCPSHAKE_STEP_SYN;
}

/* It was taken for closed when the SYN came, or for the holder of an older connection, and answers it. */
static bool
took_syn_in(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state != TCPSHAKE_CLOSED && *state != TCPSHAKE_UNKNOWN)
        return false;
    *state = TCPSHAKE_SYN_RECEIVED;
    return true;
}

/* Nobody refuses and accepts the same SYN (sections 3.10.7.1 and 3.10.7.2). If the SYN-ACK has come another way, or so
 * soon that the SYN cannot have been sent again, the RST was not this end's. */
static void
doubt_refusal(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_moment        rst = tcpshake_rare_of(conversation)->rst;
    const int                    hops = tcpshake_rare_of(conversation)->reset_ttl - arrival->segment->ttl;
    const bool                   known = tcpshake_rare_of(conversation)->reset_ttl != 0 && arrival->segment->ttl != 0;
    const bool                   other_way = known && (hops < -1 || hops > 1);
    const uint32_t               syn_frame = arrival->receiver->syn_frame;
    const bool                   first = syn_frame == conversation->syn.frame; /* may be captured after its refusal */

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED || arrival->from == conversation->client ||
        (rst.frame < syn_frame && !first) || !tcpshake_ack_acceptable(arrival) ||
        (!other_way && tcpshake_since(arrival, rst) >= TCPSHAKE_RETRANSMISSION_MIN))
        return;
    if (conversation->extra) {
        conversation->extra->rare.reset_cause = TCPSHAKE_CAUSE_FOREIGN;
        conversation->extra->doubts |= TCPSHAKE_DOUBT_ANSWERED | (other_way ? TCPSHAKE_DOUBT_TTL : 0);
    }
    arrival->sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    arrival->shows |= TCPSHAKE_SHOWS_RESET_IGNORED;
    arrival->ignored_reset = rst;
    if (!first)
        return;
    conversation->initial[arrival->from] = TCPSHAKE_LISTEN;
    tcpshake_rewrite_since(conversation, rst.frame < syn_frame ? rst.frame : syn_frame, took_syn_in, &arrival->from);
}

/* Whoever waited in the four-tuple's previous conversation, behind attempts that failed, no longer does. */
static void
replace_previous(tcpshake_arrival *arrival)
{
    enum { ATTEMPTS = 8 };
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_conversation       *previous = conversation->previous;

    for (int i = 0; i < ATTEMPTS && previous && previous->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS; i++)
        previous = previous->previous;
    if (!previous || !conversation->syn.frame || !tcpshake_ack_acceptable(arrival) ||
        (tcpshake_has_ended(&previous->end[0]) && tcpshake_has_ended(&previous->end[1])))
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(previous, arrival->allocator);
    if (!extra || extra->replaced.frame)
        return;
    extra->replaced = conversation->syn;
    extra->was_held = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_stale_ack) != NULL;
}

/* The first that answers this client's SYN; until there is one, any. Where both have opened, the client's own has
 * acknowledged the server's SYN (section 3.5, figure 7). */
static void
remember_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   by_server = arrival->from != conversation->client;

    if (conversation->synack.frame != 0 &&
        !(by_server && !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SYN_ACKED) && tcpshake_ack_acceptable(arrival)))
        return;
    if (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN && conversation->ack.frame == 0 &&
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYNACK))
        conversation->ack = conversation->synack;
    conversation->synack = tcpshake_now(arrival);
    if (conversation->previous)
        replace_previous(arrival);
}

/* Both had sent their SYNs: the peer's had arrived. */
static bool
took_crossed_syn_in(tcpshake_entry *entry, const void *end)
{
    const uint8_t  from = *(const uint8_t *)end;
    uint8_t *const state = &entry->state[from];

    if (*state == TCPSHAKE_SYN_SENT && entry->state[TCPSHAKE_OTHER(from)] >= TCPSHAKE_SYN_SENT)
        *state = TCPSHAKE_SYN_RECEIVED;
    return true;
}

/* Section 3.10.7.3: only SYN-RECEIVED answers a SYN that crossed its own. An end that seemed to have opened without
 * that had sent this before; it is captured late. */
static void
find_late_answer(tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN && tcpshake_is_synchronised(sender) &&
        tcpshake_end_is(sender, TCPSHAKE_END_ACTIVE_OPEN) && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYNACK))
        tcpshake_rewrite_since(arrival->conversation, 0, took_crossed_syn_in, &arrival->from);
}

static void
send_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    tcpshake_end *const          receiver = arrival->receiver;

    find_late_answer(arrival);

    if (tcpshake_rare_of(conversation)->rst.frame && conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED &&
        sender->state == TCPSHAKE_LISTEN) { /* it was asked again: that SYN is not in the capture */
        tcpshake_forget_reset(conversation);
        if (tcpshake_end_is(sender, TCPSHAKE_END_HAS_ISN) && sender->isn != arrival->segment->seq)
            tcpshake_clear_presumed(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
    }
    remember_syn_ack(arrival);
    sender->flags |= TCPSHAKE_END_SENT_SYNACK;
    if (sender->state == TCPSHAKE_CLOSED || sender->state == TCPSHAKE_UNKNOWN) {
        doubt_refusal(arrival);
        tcpshake_rewrite_since(conversation, receiver->syn_frame, took_syn_in, &arrival->from);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET; /* that was another attempt, or not its own */
    }
    tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_SYN_ACK);
    arrival->steps |= TCPSHAKE_STEP_SYN_ACK;
    if (receiver->flags & TCPSHAKE_END_HAS_ISN && tcpshake_ack_acceptable(arrival)) {
        receiver->flags |= TCPSHAKE_END_SYN_ACKED;
        receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
        arrival->acks_syn = receiver->syn_frame;
        if (conversation->extra)
            conversation->extra->rare.icmp_frame = 0; /* answered, after all */
        if (arrival->segment->ack != receiver->isn + 1) {
            conversation->flags |= TCPSHAKE_CONVERSATION_SYN_DATA;
            if (receiver->offers & TCPSHAKE_OFFER_TFO)
                conversation->flags |= TCPSHAKE_CONVERSATION_FAST_OPEN;
        }
    }
}

/* What it acknowledged before its first SYN-ACK was of an older connection (section 3.5.1, figure 9), which is over. */
static void
forget_older_connection(tcpshake_end *sender, const tcpshake_end *receiver)
{
    if (!(sender->flags & TCPSHAKE_END_HAS_ISN) && receiver->flags & TCPSHAKE_END_HAS_ISN &&
        !tcpshake_seq_between(receiver->isn + 1, sender->ack_sent, receiver->snd_nxt))
        sender->flags &= ~(uint32_t)TCPSHAKE_END_HAS_ACK;
}

/* Another SYN-ACK has another number; the client's answer shows which of them it has accepted. */
static void
remember_isn(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    extra->earlier_isn = arrival->sender->isn;
    arrival->conversation->flags |= TCPSHAKE_CONVERSATION_EARLIER_ISN;
}

/* Section 3.10.7.1: an end that is CLOSED only ever sends a RST. It can have been asked anew by a SYN, but its peer has
 * never sent one: this SYN-ACK is not its own, and opens nothing (RFC 5961 section 4.2: TIME-WAIT challenges it). Or it
 * has the number of the connection that is closed: sent long ago, captured only now. */
static bool
answers_nothing(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return tcpshake_has(arrival, TCPSHAKE_ACK) && sender->state == TCPSHAKE_CLOSED &&
           tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) &&
           (!tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYN) || sender->isn == arrival->segment->seq);
}

/* same: it has the number of its sender's last SYN. again: and is of the same kind, so it repeats that. */
static void
take_syn(tcpshake_arrival *arrival, bool same, bool again)
{
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;
    const bool                    answers = tcpshake_has(arrival, TCPSHAKE_ACK);
    const bool                    waited = again && !answers && tcpshake_end_is(sender, TCPSHAKE_END_SYN_WAITS);
    const uint16_t                offered = sender->offers;
    if (answers)
        forget_older_connection(sender, arrival->receiver);
    if (answers)
        send_syn_ack(arrival);
    else
        send_bare_syn(arrival);
    if (answers && !again && arrival->conversation->previous)
        arrival->shows |= TCPSHAKE_SHOWS_REUSE;
    tcpshake_count_syn(arrival->conversation, arrival->from, arrival->allocator);
    sender->syn_frame = segment->frame;
    sender->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SYN_WAITS;
    if (!same) {
        if (answers && sender->flags & TCPSHAKE_END_SENT_SYNACK && sender->syn_count > 1)
            remember_isn(arrival);
        sender->isn = segment->seq;
        sender->snd_nxt = segment->seq + 1 + segment->length;
        sender->flags |= TCPSHAKE_END_HAS_SND_NXT;
    }
    tcpshake_remember_offers(arrival);
    if (waited)
        tcpshake_follow_offers(arrival, offered);
    else if (answers && !again)
        tcpshake_look_for_fallback(arrival);
}

void
tcpshake_send_clean_syn(tcpshake_arrival *arrival)
{
    take_syn(arrival, false, false);
}

void
tcpshake_send_syn(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;
    const bool                    answers = tcpshake_has(arrival, TCPSHAKE_ACK);

    if (answers && arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED &&
        arrival->from != arrival->conversation->client && tcpshake_ack_acceptable(arrival))
        tcpshake_renew(arrival);
    const bool same = (sender->flags & TCPSHAKE_END_HAS_ISN) && sender->isn == segment->seq;
    const bool again = same && sender->flags & (answers ? TCPSHAKE_END_SENT_SYNACK : TCPSHAKE_END_SENT_SYN);
    const bool reopens = !answers && !same && sender->state == TCPSHAKE_TIME_WAIT; /* RFC 6191 */
    if (tcpshake_is_syn_behind_syn_ack(arrival)) {
        tcpshake_find_crossed_open(arrival);
        return;
    }
    if (tcpshake_is_late_syn(arrival)) {
        tcpshake_place_late_syn(arrival);
        return;
    }
    if ((tcpshake_is_synchronised(sender) && !reopens && !(answers && same)) || answers_nothing(arrival) ||
        arrival->copied_syn || tcpshake_is_copied_syn_ack(arrival)) {
        if (same) /* a stray copy; or not of this connection */
            tcpshake_count_syn(arrival->conversation, arrival->from, arrival->allocator);
        return;
    }
    take_syn(arrival, same, again);
}

/* The peer's SYN reaches an end that has sent its own. */
static void
remember_crossed_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN ||
        tcpshake_found(conversation, TCPSHAKE_ANOMALY_split_handshake))
        return;
    conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_SYN;
    conversation->opened_by = TCPSHAKE_BOTH;
    arrival->shows |= TCPSHAKE_SHOWS_CROSSED_SYN;
}

/* A RST with this number would be the receiver's answer. */
void
tcpshake_owe_reset(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    extra->refused_ack[arrival->to] = arrival->segment->ack;
    arrival->receiver->flags |= TCPSHAKE_END_OWES_RESET;
}

static void
receive_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->state != TCPSHAKE_SYN_SENT && receiver->state != TCPSHAKE_SYN_RECEIVED)
        return;
    if (!(receiver->flags & TCPSHAKE_END_HAS_ISN)) /* it has sent no SYN: section 3.10.7.4, left of its window */
        return;
    if (!tcpshake_ack_acceptable(arrival)) { /* section 3.10.7.3: a RST with this number is the answer */
        tcpshake_owe_reset(arrival);
    } else if (receiver->pending & 1u << TCPSHAKE_PRESUMED_SYN) { /* the SYN arrives first, then this */
        tcpshake_set_state(arrival->conversation, arrival->to,
                           (tcpshake_state)tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_SYN)->next);
        receiver->pending = 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN;
    } else {
        tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_SYN_ACK);
    }
}

void
tcpshake_receive_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (tcpshake_has(arrival, TCPSHAKE_ACK)) {
        receive_syn_ack(arrival);
        return;
    }
    if (arrival->sender->state != TCPSHAKE_SYN_SENT && arrival->sender->state != TCPSHAKE_SYN_RECEIVED)
        return;
    if (receiver->state == TCPSHAKE_SYN_SENT)
        remember_crossed_syn(arrival);
    /* An end that a RST closed may be listening when the SYN comes again; one that refused is not presumed to. */
    if (receiver->state == TCPSHAKE_CLOSED && !(receiver->flags & (TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_ACTIVE_OPEN)))
        tcpshake_set_state(arrival->conversation, arrival->to, TCPSHAKE_LISTEN);
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_SYN);
}
