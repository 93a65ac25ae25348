/* late_syn.c
 * A SYN that is captured after what it preceded: its answer, or its sender's own SYN-ACK.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* Whose SYN-ACK it was, and where. */
typedef struct answer {
    int      end;
    uint32_t frame;
} answer;

/* Until its SYN-ACK it was taken for a listener that had received the SYN. */
static bool
was_in_syn_sent(tcpshake_entry *entry, const void *context)
{
    const answer *const syn_ack = context;
    uint8_t *const      state = &entry->state[syn_ack->end];

    if (*state == TCPSHAKE_SYN_RECEIVED && entry->frame < syn_ack->frame)
        *state = TCPSHAKE_SYN_SENT;
    return true;
}

/* The SYN of an end that was taken for a listener comes behind its SYN-ACK: both ends have opened (section 3.5, figure
 * 7), and what it sent first was captured last. The peer, which got the SYN-ACK first, never was in SYN-RECEIVED. */
void
tcpshake_find_crossed_open(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const answer                 syn_ack = { arrival->from, conversation->synack.frame };

    conversation->initial[arrival->from] = TCPSHAKE_CLOSED;
    tcpshake_rewrite_since(conversation, 0, was_in_syn_sent, &syn_ack);
    conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_SYN;
    conversation->opened_by = TCPSHAKE_BOTH;
    arrival->shows |= TCPSHAKE_SHOWS_CROSSED_SYN;
    arrival->steps |= TCPSHAKE_STEP_SYN;
    arrival->sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN;
}

bool
tcpshake_is_syn_behind_syn_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    return tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYNACK) && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYN) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_SENT_SYN) && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
           sender->isn == arrival->segment->seq && arrival->conversation->synack.frame != 0;
}

/* No end is moved by it any more. */
void
tcpshake_place_late_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    tcpshake_show_out_of_order(arrival, arrival->conversation->synack.frame);
    tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_synack_unsolicited);
    arrival->conversation->syn = tcpshake_now(arrival);
    arrival->steps |= TCPSHAKE_STEP_SYN;
    sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_ACKED;
    tcpshake_count_syn(arrival->conversation, arrival->from, arrival->allocator);
    sender->syn_frame = arrival->segment->frame;
    tcpshake_remember_offers(arrival);
}
