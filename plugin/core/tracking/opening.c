/* opening.c
 * The handshake's segments, and what goes wrong with them (RFC 9293 section 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* What a SYN offers; RFC 3168 section 6.1.1 for ECN. */
static void
remember_offers(tcpshake_arrival *arrival)
{
    const tcpshake_options options = tcpshake_options_read(arrival->segment);
    tcpshake_end *const    sender = arrival->sender;
    const unsigned         ecn = arrival->segment->flags & (TCPSHAKE_ECE | TCPSHAKE_CWR);
    const unsigned         asks = tcpshake_has(arrival, TCPSHAKE_ACK) ? TCPSHAKE_ECE : TCPSHAKE_ECE | TCPSHAKE_CWR;

    sender->mss = options.mss;
    sender->wscale = options.wscale;
    sender->offers =
        (uint8_t)((options.has_wscale ? TCPSHAKE_OFFER_WSCALE : 0) | (options.sack ? TCPSHAKE_OFFER_SACK : 0) |
                  (options.timestamps ? TCPSHAKE_OFFER_TIMESTAMPS : 0) | (ecn == asks ? TCPSHAKE_OFFER_ECN : 0) |
                  (options.tfo ? TCPSHAKE_OFFER_TFO : 0) | (options.mptcp ? TCPSHAKE_OFFER_MPTCP : 0) |
                  (arrival->segment->captured != TCPSHAKE_CAPTURED_PART_OF_HEADER ? TCPSHAKE_OFFER_KNOWN : 0));
}

static void
note_syn_again(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_attempt             attempt = tcpshake_attempt_of(conversation);
    const int64_t                      waited = arrival->segment->time - attempt.syn.time;
    tcpshake_finding                  *finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_syn_retransmission);

    finding->attempt.number = arrival->sender->syn_count + 1;
    finding->related_frame = arrival->sender->syn_frame;
    finding->attempt.refused_frame = attempt.refused_frame;
    finding->duration = arrival->segment->time - conversation->syn.time;
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && arrival->limits->connection_timeout > 0 &&
        waited > arrival->limits->connection_timeout)
        tcpshake_note(arrival, TCPSHAKE_ANOMALY_connection_timeout)->duration = waited;
}

/* The server has sent data, or has taken some in: it had the handshake's ACK. */
static bool
has_shown_the_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->sender;

    return server->flags & TCPSHAKE_END_SENT_DATA ||
           (server->flags & TCPSHAKE_END_HAS_ACK && tcpshake_seq_lt(arrival->receiver->isn + 1, server->ack_sent) &&
            !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN));
}

static void
note_lost_handshake_ack(tcpshake_arrival *arrival, uint32_t attempt, int64_t waited)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;
    const int64_t                      since_ack = arrival->segment->time - conversation->ack.time;
    const int64_t                      soon = TCPSHAKE_RETRANSMISSION_MIN_MS * INT64_C(1000000);
    const bool                         soon_again =
        (uint32_t)(arrival->segment->time / 1000000) - sender->last.when < TCPSHAKE_RETRANSMISSION_MIN_MS;

    if (conversation->ack.frame != 0) {
        if (has_shown_the_ack(arrival) || since_ack < soon) /* a late copy, or it crossed the ACK */
            return;
        tcpshake_finding *const finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_handshake_ack_ignored);
        finding->related_frame = conversation->ack.frame;
        finding->duration = since_ack;
    } else if (arrival->receiver->syn_frame < sender->syn_frame && !soon_again) {
        /* A SYN again in between: the SYN-ACK got lost. So soon again: it answers a copy of the SYN. */
        tcpshake_finding *const finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_missing_handshake_ack);
        finding->attempt.number = attempt;
        finding->related_frame = conversation->synack.frame;
        finding->duration = waited;
    }
}

static void
note_syn_ack_again(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;
    const uint32_t                     attempt = sender->syn_count + 1;
    const int64_t                      waited = arrival->segment->time - conversation->synack.time;
    tcpshake_finding                  *finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_synack_retransmission);

    finding->attempt.number = attempt;
    finding->related_frame = sender->syn_frame;
    finding->duration = waited;
    note_lost_handshake_ack(arrival, attempt, waited);
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && arrival->limits->connection_timeout > 0 &&
        arrival->segment->time - conversation->first.time > arrival->limits->connection_timeout)
        tcpshake_note(arrival, TCPSHAKE_ANOMALY_connection_timeout)->duration =
            arrival->segment->time - conversation->first.time;
}

static bool
is_synchronised(const tcpshake_end *end)
{
    return end->state >= TCPSHAKE_ESTABLISHED;
}

static void
send_bare_syn(tcpshake_arrival *arrival, bool again)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;

    if (again && sender->flags & TCPSHAKE_END_SYN_WAITS)
        note_syn_again(arrival);
    if (conversation->rst.frame && conversation->handshake != TCPSHAKE_HANDSHAKE_COMPLETE &&
        sender->state == TCPSHAKE_CLOSED) { /* it asks again after a refusal */
        conversation->handshake = TCPSHAKE_HANDSHAKE_IN_PROGRESS;
        conversation->rst = (tcpshake_moment){ 0 };
        conversation->reset_by = TCPSHAKE_NOBODY;
        arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_HEARD;
    }
    if (conversation->syn.frame == 0)
        conversation->syn = tcpshake_now(arrival);
    sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN;
    sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_SYN)->next;
    arrival->steps |= TCPSHAKE_STEP_SYN;
}

/* It was taken for closed when the SYN came, and answers it. */
static void
place_syn_in_time(tcpshake_arrival *arrival)
{
    tcpshake_timeline *const timeline = &arrival->conversation->timeline;

    for (uint32_t i = timeline->count; i > 0 && timeline->entries[i - 1].frame >= arrival->receiver->syn_frame &&
                                       timeline->entries[i - 1].state[arrival->from] == TCPSHAKE_CLOSED;
         i--)
        timeline->entries[i - 1].state[arrival->from] = TCPSHAKE_SYN_RECEIVED;
}

static void
send_syn_ack(tcpshake_arrival *arrival, bool again)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    tcpshake_end *const          receiver = arrival->receiver;

    if (again)
        note_syn_ack_again(arrival);
    if (conversation->synack.frame == 0)
        conversation->synack = tcpshake_now(arrival);
    sender->flags |= TCPSHAKE_END_SENT_SYNACK;
    if (sender->state == TCPSHAKE_CLOSED)
        place_syn_in_time(arrival);
    sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_SYN_ACK)->next;
    arrival->steps |= TCPSHAKE_STEP_SYN_ACK;
    if (receiver->flags & TCPSHAKE_END_HAS_ISN && tcpshake_ack_acceptable(arrival)) {
        receiver->flags |= TCPSHAKE_END_SYN_ACKED;
        receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
        arrival->acks_syn = receiver->syn_frame;
        conversation->icmp_frame = 0; /* answered, after all */
        if (receiver->offers & TCPSHAKE_OFFER_TFO && arrival->segment->ack != receiver->isn + 1)
            conversation->flags |= TCPSHAKE_CONVERSATION_FAST_OPEN;
    }
    const tcpshake_conversation *const previous = conversation->previous;
    if (!again && previous && previous->time_wait_owner != TCPSHAKE_NOBODY && conversation->syn.frame != 0 &&
        conversation->syn.time - previous->time_wait.time < 2 * arrival->limits->msl) {
        tcpshake_finding *const finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_time_wait_reuse);
        finding->related_frame = previous->time_wait.frame;
        finding->duration = conversation->syn.time - previous->time_wait.time;
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
    if (is_synchronised(sender) && !reopens && !(answers && same)) {
        sender->syn_count += same; /* a stray copy; or not of this connection */
        return;
    }
    if (answers)
        forget_older_connection(sender, arrival->receiver);
    if (answers)
        send_syn_ack(arrival, again);
    else
        send_bare_syn(arrival, again);
    sender->syn_count++;
    sender->syn_frame = segment->frame;
    sender->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SYN_WAITS;
    if (!same) {
        if (answers && sender->flags & TCPSHAKE_END_SENT_SYNACK && sender->syn_count > 1)
            arrival->conversation->earlier_isn = sender->isn;
        sender->isn = segment->seq;
        sender->snd_nxt = segment->seq + 1 + segment->length;
        sender->flags |= TCPSHAKE_END_HAS_SND_NXT;
    }
    remember_offers(arrival);
}

/* The peer's SYN reaches an end that has sent its own. */
static void
note_crossed_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN ||
        tcpshake_found(conversation, TCPSHAKE_ANOMALY_split_handshake))
        return;
    conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_SYN;
    conversation->opened_by = TCPSHAKE_BOTH;
    tcpshake_note(arrival, TCPSHAKE_ANOMALY_simultaneous_open)->related_frame = arrival->receiver->syn_frame;
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
        receiver->refused_ack = arrival->segment->ack;
        receiver->flags |= TCPSHAKE_END_OWES_RESET;
    } else if (receiver->pending & 1u << TCPSHAKE_PRESUMED_SYN) { /* the SYN arrives first, then this */
        receiver->state = tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_SYN)->next;
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
        note_crossed_syn(arrival);
    /* An end that a RST closed may be listening when the SYN comes again; one that refused is not presumed to. */
    if (receiver->state == TCPSHAKE_CLOSED && !(receiver->flags & (TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_ACTIVE_OPEN)))
        receiver->state = TCPSHAKE_LISTEN;
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_SYN);
}

/* Only one direction is in the capture, and it acknowledges more than its peer's SYN. SYN-RECEIVED keeps data back, so
 * its own SYN was acknowledged. One number more, or any after its own FIN, is likely the peer's FIN: from here on each
 * of the states is one of two (view.c). */
static void
note_unseen_peer(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->flags & TCPSHAKE_END_SEEN || !(receiver->flags & TCPSHAKE_END_HAS_ISN) ||
        !(sender->flags & TCPSHAKE_END_HAS_ACK) || !tcpshake_covers(arrival, receiver->isn + 1))
        return;
    sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_DATA)->next;
    const uint32_t more = arrival->segment->ack - sender->ack_sent;
    const bool     closed = (sender->flags & TCPSHAKE_END_SENT_FIN) != 0;
    if (receiver->unseen_frame == 0 && (more == 1 || (closed && more != 0))) {
        receiver->unseen_frame = arrival->segment->frame;
        arrival->kept = true;
    }
}

static bool
acknowledges_unseen_data(const tcpshake_arrival *arrival)
{
    enum { KNOWN = TCPSHAKE_END_SEEN | TCPSHAKE_END_HAS_SND_NXT };

    return arrival->sender->state == TCPSHAKE_SYN_RECEIVED && arrival->sender->flags & TCPSHAKE_END_SENT_SYNACK &&
           (arrival->receiver->flags & KNOWN) == KNOWN &&
           tcpshake_seq_lt(arrival->receiver->snd_nxt, arrival->segment->ack) &&
           !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN);
}

void
tcpshake_send_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    tcpshake_end *const receiver = arrival->receiver;

    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED && sender->state == TCPSHAKE_SYN_SENT &&
        arrival->segment->seq != sender->isn + 1)
        tcpshake_resume(arrival);
    if (sender->state == TCPSHAKE_SYN_SENT && !(receiver->flags & TCPSHAKE_END_HAS_ISN)) {
        /* Nobody acknowledges what was not received: the SYN-ACK is not in the capture. */
        receiver->isn = arrival->segment->ack - 1;
        receiver->snd_nxt = arrival->segment->ack;
        receiver->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_SYN_WAITS;
        arrival->conversation->flags |= TCPSHAKE_CONVERSATION_GAPS;
        arrival->conversation->gap_frame = arrival->segment->frame;
    }
    note_unseen_peer(arrival);
    if (receiver->flags & TCPSHAKE_END_HAS_ISN && tcpshake_covers(arrival, receiver->isn))
        sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_ACK_OF_SYN)->next;
    if (acknowledges_unseen_data(arrival)) { /* it takes data in ESTABLISHED only, so the handshake's ACK came before */
        sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_DATA)->next;
        tcpshake_note_gap(arrival, arrival->segment->frame, arrival->from, TCPSHAKE_MISSING_ACK);
    }
    /* The server's Fast Open answer may go out before the handshake's ACK is in (RFC 7413 section 3). */
    if (arrival->segment->length > 0 && sender->flags & TCPSHAKE_END_HAS_ISN &&
        !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN))
        sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_DATA)->next;
}

void
tcpshake_receive_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->state != TCPSHAKE_SYN_SENT && !(receiver->flags & TCPSHAKE_END_SYN_WAITS))
        return;
    if (!tcpshake_ack_acceptable(arrival)) {
        receiver->refused_ack = arrival->segment->ack;
        receiver->flags |= TCPSHAKE_END_OWES_RESET;
        return;
    }
    if (receiver->state == TCPSHAKE_SYN_SENT || !tcpshake_acceptable(arrival))
        return;
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_ACK_OF_SYN);
    receiver->flags |= TCPSHAKE_END_SYN_ACKED;
    receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
    if ((receiver->flags & (TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK)) == TCPSHAKE_END_SENT_SYN)
        return; /* the client's own SYN: its SYN-ACK is not in the capture, or came in it before */
    arrival->steps |= TCPSHAKE_STEP_ACK;
    arrival->acks_syn = receiver->syn_frame;
}
