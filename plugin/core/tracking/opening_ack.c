/* opening_ack.c
 * The ACK that opens (RFC 9293 section 3.5), and whatever else is acknowledged before an end is open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

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
    tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_DATA);
    const uint32_t more = arrival->segment->ack - sender->ack_sent;
    const bool     closed = (sender->flags & TCPSHAKE_END_SENT_FIN) != 0;
    if (tcpshake_rare_of(arrival->conversation)->end[arrival->to].unseen_frame == 0 &&
        (more == 1 || (closed && more != 0)) && tcpshake_remember_unseen(arrival))
        arrival->kept = true;
}

/* Section 3.10.7.4: SYN-RECEIVED keeps data back, so an end that acknowledges more than the SYN has left it. What it
 * acknowledges may have come in front of it in the capture, or not at all; then so did the handshake's ACK. */
static void
acknowledge_data(tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const uint32_t            ack = arrival->segment->ack;

    if (arrival->sender->state != TCPSHAKE_SYN_RECEIVED ||
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYNACK) ||
        !tcpshake_end_is(receiver, TCPSHAKE_END_SEEN | TCPSHAKE_END_HAS_SND_NXT) ||
        arrival->conversation->flags & TCPSHAKE_CONVERSATION_SYN_DATA)
        return;
    const bool unseen = tcpshake_seq_lt(receiver->snd_nxt, ack);
    const bool seen = tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ISN) && tcpshake_seq_lt(receiver->isn + 1, ack);
    /* Where SYNs crossed, it is the peer's SYN-ACK that is acknowledged, with nothing more than the SYN. */
    const bool crossed = tcpshake_end_is(arrival->sender, TCPSHAKE_END_ACTIVE_OPEN);
    if (unseen)
        tcpshake_show_gap(arrival, arrival->segment->frame, arrival->from, TCPSHAKE_MISSING_ACK);
    if (unseen || seen || crossed)
        tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_DATA);
}

static bool
had_opened_again(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_CLOSED)
        *state = TCPSHAKE_ESTABLISHED;
    return true;
}

/* Section 3.10.7.3: only an end that has sent a SYN acknowledges a SYN-ACK. It was taken for closed, so that SYN came
 * after its RST, and is not in the capture. */
static void
find_unseen_syn(tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->receiver;

    if (arrival->sender->state == TCPSHAKE_CLOSED && server->state == TCPSHAKE_SYN_RECEIVED &&
        tcpshake_end_is(server, TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS) &&
        arrival->from == arrival->conversation->client && arrival->segment->ack == server->isn + 1)
        tcpshake_rewrite_since(arrival->conversation, server->syn_frame, had_opened_again, &arrival->from);
}

static bool
had_no_syn(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_SYN_RECEIVED)
        *state = TCPSHAKE_ESTABLISHED;
    return true;
}

/* Both have opened, and the sender's first word since then acknowledges the SYN-ACK. Had the peer's SYN arrived
 * before, that word would have been a SYN-ACK (section 3.10.7.3): the SYN was lost, and the SYN-ACK alone has opened
 * it. */
static bool
opens_without_syn(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return sender->state == TCPSHAKE_SYN_RECEIVED && tcpshake_end_is(sender, TCPSHAKE_END_ACTIVE_OPEN) &&
           !tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYNACK) && sender->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYNACK) && tcpshake_ack_acceptable(arrival);
}

/* The SYN-ACK that is acknowledged in this frame was not captured. */
void
tcpshake_remember_gap(tcpshake_arrival *arrival, uint32_t frame)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    extra->gap_frame = frame;
    arrival->conversation->flags |= TCPSHAKE_CONVERSATION_GAP;
}

/* A server that has taken the SYN's data, or its cookie, may answer before the handshake's ACK is in (RFC 7413 section
 * 3). */
static void
send_data(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (arrival->sender->state == TCPSHAKE_SYN_RECEIVED && tcpshake_is_fast_open(conversation))
        conversation->flags |= TCPSHAKE_CONVERSATION_FAST_OPEN;
    else if (!(conversation->flags & TCPSHAKE_CONVERSATION_SYN_DATA) && !tcpshake_speaks_too_soon(arrival))
        tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_DATA);
}

/* Nobody acknowledges what was not received: the peer's SYN, or SYN-ACK, is not in the capture. */
static void
learn_unseen_syn(tcpshake_end *peer, uint32_t isn, uint32_t next)
{
    tcpshake_learn_isn(peer, isn);
    peer->snd_nxt = next;
    peer->flags |= TCPSHAKE_END_SYN_WAITS;
}

/* Both have opened (section 3.5, figure 7), and only this end is in the capture: its SYN-ACK has acknowledged the
 * peer's SYN. */
static bool
has_answered_unseen_syn(const tcpshake_end *sender, const tcpshake_end *receiver)
{
    enum { BOTH_OPENED = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_HAS_ACK };

    return sender->state == TCPSHAKE_SYN_RECEIVED && tcpshake_end_is(sender, BOTH_OPENED) &&
           !(receiver->flags & (TCPSHAKE_END_SEEN | TCPSHAKE_END_HAS_ISN));
}

void
tcpshake_send_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    tcpshake_end *const receiver = arrival->receiver;

    if (tcpshake_is_synchronised(sender) && tcpshake_end_is(receiver, TCPSHAKE_END_SEEN))
        return; /* it is open already */
    find_unseen_syn(arrival);
    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED && sender->state == TCPSHAKE_SYN_SENT &&
        arrival->segment->seq != sender->isn + 1)
        tcpshake_resume(arrival);
    if (sender->state == TCPSHAKE_SYN_SENT && !(receiver->flags & TCPSHAKE_END_HAS_ISN)) {
        learn_unseen_syn(receiver, arrival->segment->ack - 1, arrival->segment->ack);
        tcpshake_remember_gap(arrival, arrival->segment->frame);
    } else if (has_answered_unseen_syn(sender, receiver)) {
        learn_unseen_syn(receiver, sender->ack_sent - 1, tcpshake_seq_max(sender->ack_sent, arrival->segment->ack));
        receiver->flags |= TCPSHAKE_END_SENT_SYN;
    }
    note_unseen_peer(arrival);
    if (opens_without_syn(arrival))
        tcpshake_rewrite_since(arrival->conversation, arrival->conversation->synack.frame, had_no_syn, &arrival->from);
    const bool opens = sender->state == TCPSHAKE_SYN_SENT;
    if (receiver->flags & TCPSHAKE_END_HAS_ISN && tcpshake_covers(arrival, receiver->isn))
        tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_ACK_OF_SYN);
    if (opens && sender->state == TCPSHAKE_ESTABLISHED && tcpshake_has(arrival, TCPSHAKE_FIN) &&
        arrival->conversation->last_from == arrival->to)
        tcpshake_show_before(arrival, arrival->from); /* it opened with a SYN-ACK that is not in the capture */
    acknowledge_data(arrival);
    if (arrival->segment->length > 0 && sender->flags & TCPSHAKE_END_HAS_ISN)
        send_data(arrival);
}

/* Section 3.10.4, CLOSE in SYN-RECEIVED. Later than a SYN-ACK waits (RFC 6298 section 2), or once the server has sent
 * data other than early ones, the client's first ACK is not in the capture. */
static bool
closed_in_syn_received(const tcpshake_arrival *arrival)
{
    const tcpshake_finding *const said = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_early_data);
    const bool                    early =
        said && said->end == arrival->to && !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_EARLY_DATA);

    return arrival->from == arrival->conversation->client && arrival->receiver->state == TCPSHAKE_FIN_WAIT_1 &&
           (early || !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_DATA)) &&
           tcpshake_since(arrival, arrival->conversation->synack) < TCPSHAKE_SECOND;
}

void
tcpshake_take_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_ACK_OF_SYN);
    receiver->flags |= TCPSHAKE_END_SYN_ACKED;
    receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
    if ((receiver->flags & (TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK)) == TCPSHAKE_END_SENT_SYN)
        return; /* the client's own SYN: its SYN-ACK is not in the capture, or came in it before */
    arrival->steps |= TCPSHAKE_STEP_ACK;
    arrival->acks_syn = receiver->syn_frame;
    /* If the RST proves ignored, this one completes; or the server has closed while it was under way. */
    if (arrival->conversation->ack.frame == 0 &&
        (tcpshake_is_presumed(receiver, TCPSHAKE_PRESUMED_RST) || closed_in_syn_received(arrival)))
        arrival->conversation->ack = tcpshake_now(arrival);
}

void
tcpshake_receive_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->state != TCPSHAKE_SYN_SENT && !(receiver->flags & TCPSHAKE_END_SYN_WAITS))
        return;
    if (!tcpshake_ack_acceptable(arrival)) {
        tcpshake_owe_reset(arrival);
        return;
    }
    if (tcpshake_is_late_ack(arrival)) {
        tcpshake_place_late_ack(arrival);
        return;
    }
    if (receiver->state == TCPSHAKE_SYN_SENT || !tcpshake_acceptable(arrival))
        return;
    tcpshake_take_opening_ack(arrival);
}
