/* presumed_opening.c
 * Whether the sender has received the handshake's segments that it was presumed to have received: what it sends tells.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "presumption.h"

/* An answer captured before its question: they were recorded out of order if no more than this lies between them.
 * Retransmission timers start at 200 ms at the very least (RFC 6298 asks for 1 s). */
static const int64_t OUT_OF_ORDER = 150 * TCPSHAKE_MILLISECOND;

/* The sender was presumed to have received the peer's SYN. */
void
tcpshake_check_presumed_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    /* An ACK of anything else is of an older connection (section 3.5.1, figure 9); a RST says that there is none. */
    const bool answers = tcpshake_has(arrival, TCPSHAKE_RST) ? tcpshake_covers(arrival, arrival->receiver->isn)
                                                             : tcpshake_ack_acceptable(arrival);

    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK)) {
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    } else if (sender->flags & TCPSHAKE_END_ACTIVE_OPEN && tcpshake_has(arrival, TCPSHAKE_RST)) {
        return;                                            /* section 3.10.5: in SYN-SENT, ABORT sends none */
    } else if (sender->flags & TCPSHAKE_END_ACTIVE_OPEN) { /* a SYN that crossed its own is answered with SYN-ACK */
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    } else if (answers && !tcpshake_has(arrival, TCPSHAKE_RST)) {
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    } else if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        if (!answers)
            return;
        conversation->initial[arrival->from] = TCPSHAKE_CLOSED; /* nobody listened */
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    } else if (tcpshake_has(arrival, TCPSHAKE_SYN)) {
        conversation->initial[arrival->from] = TCPSHAKE_CLOSED; /* it opens by itself, before it knows of the other */
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
        sender->pending |= 1u << TCPSHAKE_PRESUMED_SYN;
    } else {
        if (!(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)) /* it holds something else on this four-tuple */
            conversation->initial[arrival->from] = TCPSHAKE_UNKNOWN;
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    }
}

/* The client's ACK of a SYN-ACK was captured, the SYN-ACK was not. Now its server is heard: the SYN-ACK comes late in
 * the capture, or not at all. */
void
tcpshake_check_gap(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   late = tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK) &&
                      arrival->segment->seq == arrival->sender->isn &&
                      arrival->segment->time - tcpshake_last(conversation).time < OUT_OF_ORDER;

    if (late)
        tcpshake_show_out_of_order(arrival, conversation->extra->gap_frame);
    else
        tcpshake_show_gap(arrival, conversation->extra->gap_frame, arrival->to, TCPSHAKE_MISSING_SYN_ACK);
    conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_GAP;
}

/* A closed end answers a SYN-ACK that comes again, and has not answered the one before: that had come to SYN-SENT,
 * which it had left when its timer for the SYN ran out (RFC 6298 section 2). */
static bool
had_taken_first_syn_ack(const tcpshake_arrival *arrival)
{
    const uint32_t first = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_SYN_ACK);

    return tcpshake_is_reset_without_connection(arrival) && arrival->sender->syn_count == 1 &&
           arrival->sender->last.frame < first && tcpshake_frame_before_resets(arrival->conversation) != first &&
           tcpshake_since(arrival, arrival->sender->last) > TCPSHAKE_SECOND;
}

/* The sender was presumed to have received the SYN-ACK, but sends its SYN, or a RST as if it had not. One that
 * acknowledges the SYN-ACK knows of it: in SYN-SENT there is nothing to acknowledge, and no RST is sent
 * (section 3.10.5). */
void
tcpshake_check_presumed_syn_ack(tcpshake_arrival *arrival)
{
    if (tcpshake_has(arrival, TCPSHAKE_SYN) && !tcpshake_has(arrival, TCPSHAKE_ACK)) {
        if (!tcpshake_is_late_syn(arrival)) /* one that is was sent before the SYN-ACK came (late_syn.c) */
            tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
    } else if (tcpshake_has(arrival, TCPSHAKE_RST) && !tcpshake_covers(arrival, arrival->receiver->isn) &&
               !had_taken_first_syn_ack(arrival)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
    } else {
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
    }
}

/* The same SYN-ACK, sent again before the ACK of the first one can have arrived: in answer to a copy of the SYN, or
 * because the timer ran out meanwhile. The first SYN and its answer have shown how long that takes. Or the network has
 * copied it: no timer is that short, and each SYN had its answer. */
static bool
crosses_handshake_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const int64_t                      answered = conversation->synack.time - conversation->syn.time;
    const bool copy = tcpshake_syns_of(conversation, arrival->from) >= tcpshake_syns_of(conversation, arrival->to) &&
                      tcpshake_since(arrival, conversation->synack) < TCPSHAKE_RETRANSMISSION_MIN;

    return conversation->syn.frame != 0 && conversation->ack.frame != 0 && arrival->from != conversation->client &&
           arrival->segment->seq == arrival->sender->isn && answered < TCPSHAKE_RETRANSMISSION_MIN &&
           (copy || tcpshake_since(arrival, conversation->ack) <= answered);
}

/* The handshake's ACK itself is answered at once, as by an end that holds no such connection (section 3.10.7.1): it
 * found none. Behind anything else but a RST, which is not answered, a RST without ACK tells nothing: an end in
 * ESTABLISHED that aborts sends the same (section 3.10.5). */
static bool
answers_handshake_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t                     ack = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_ACK_OF_SYN);
    const tcpshake_moment since = conversation->ack.frame == ack ? conversation->ack : tcpshake_last(conversation);

    return tcpshake_is_reset_without_connection(arrival) && !tcpshake_is_foreign_ttl(arrival) &&
           tcpshake_frame_before_resets(conversation) == ack && tcpshake_since(arrival, since) < TCPSHAKE_IN_FLIGHT;
}

/* The two ends were never open at the same time. */
static void
reopen_handshake(tcpshake_conversation *conversation)
{
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
        conversation->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS)
        conversation->handshake =
            tcpshake_rare_of(conversation)->rst.frame ? TCPSHAKE_HANDSHAKE_ABORTED : TCPSHAKE_HANDSHAKE_IN_PROGRESS;
}

/* The sender was presumed to have received the ACK of its SYN, but sends a SYN-ACK, or a RST as if it had not. */
void
tcpshake_check_presumed_ack_of_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK)) {
        const bool first = !(sender->flags & TCPSHAKE_END_SENT_SYNACK);
        if (!first && crosses_handshake_ack(arrival))
            return;
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
        if (first) /* both SYN-ACKs crossed, or the ACK was captured before it */
            sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN;
        reopen_handshake(arrival->conversation);
    } else if (answers_handshake_ack(arrival)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
        reopen_handshake(arrival->conversation);
    } else if (!tcpshake_has(arrival, TCPSHAKE_RST)) {
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
    }
}
