/* presumed_closing.c
 * Whether the sender has received the FIN, or the ACK of its own FIN, that it was presumed to have received: what it
 * sends tells.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "presumption.h"

/* What was sent after the FIN arrives after it: an end in TIME-WAIT that had not received the FIN had not received the
 * ACK of its own FIN either. */
static void
take_back_ack_behind_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const uint32_t      fin = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_FIN);

    if (sender->state != TCPSHAKE_TIME_WAIT || tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN) <= fin)
        return;
    tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN;
}

/* The RST of an end that no longer has such a connection. An end that the peer's RST has closed sends the same, and may
 * have received everything before that RST. */
static bool
has_taken_nothing_in(const tcpshake_arrival *arrival)
{
    return tcpshake_is_reset_without_connection(arrival) && !tcpshake_was_reset_by_peer(arrival);
}

/* Whether the sender acknowledges the peer's FIN. If it does not, it had not received it. */
void
tcpshake_check_presumed_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_covers(arrival, arrival->receiver->fin_seq)) {
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
        if (!(sender->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN) && sender->state == TCPSHAKE_TIME_WAIT)
            tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    } else if (tcpshake_is_older_ack(arrival)) {
        return;
    } else if (tcpshake_has(arrival, TCPSHAKE_ACK) || has_taken_nothing_in(arrival)) {
        take_back_ack_behind_fin(arrival);
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
        sender->pending |= 1u << TCPSHAKE_PRESUMED_FIN;
    }
}

/* The sender was presumed to have received the ACK of its FIN, but its timer has run out and it sends the FIN again. So
 * it is in FIN-WAIT-1, CLOSING or LAST-ACK, where the FIN is unacknowledged (RFC 6298 section 5.4); in TIME-WAIT it
 * would only send ACKs (section 3.10.7.4). An ACK that came shortly before was still under way. */
void
tcpshake_check_presumed_ack_of_fin(tcpshake_arrival *arrival)
{
    const tcpshake_moment acknowledged = tcpshake_fin_acknowledged(arrival->conversation, arrival->from);

    if (!tcpshake_is_fin_sent_again(arrival))
        return;
    if (tcpshake_is_presumed(arrival->sender, TCPSHAKE_PRESUMED_ACK_OF_FIN))
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    if (acknowledged.frame && tcpshake_since(arrival, acknowledged) < TCPSHAKE_RETRANSMISSION_MIN)
        arrival->sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN;
}

/* The sender was presumed to have received a FIN and a RST after it, but it does not acknowledge the FIN: whatever
 * became of the RST, the FIN had not arrived. */
void
tcpshake_check_fin_before_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (!tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_FIN) || !tcpshake_has(arrival, TCPSHAKE_ACK) ||
        tcpshake_is_older_ack(arrival) || tcpshake_covers(arrival, arrival->receiver->fin_seq))
        return;
    tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
    sender->before_reset =
        (uint8_t)tcpshake_without(TCPSHAKE_PRESUMED_FIN, (tcpshake_state)sender->before_reset, TCPSHAKE_UNKNOWN);
    sender->pending |= 1u << TCPSHAKE_PRESUMED_FIN;
}

void
tcpshake_place_fin(const tcpshake_arrival *arrival, int end, tcpshake_moment sent, uint32_t seq)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          closer = &conversation->end[end];
    const bool                   first = conversation->fin1.frame == 0;

    *(first ? &conversation->fin1 : &conversation->fin2) = sent;
    if (first) {
        conversation->first_closer = (uint8_t)end;
        conversation->closed_by = (uint8_t)tcpshake_role_of(conversation, end);
        conversation->close_idle = -1;
    }
    closer->fin_seq = seq;
    closer->snd_nxt = seq + 1;
    closer->fin_frame = sent.frame;
    tcpshake_count_fin(conversation, end, arrival->allocator);
    closer->flags |= TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_WAITS;
    tcpshake_send_since(conversation, sent.frame, end, TCPSHAKE_EV_FIN);
    tcpshake_add_step(conversation, sent.frame, first ? TCPSHAKE_STEP_FIN1 : TCPSHAKE_STEP_FIN2);
}
