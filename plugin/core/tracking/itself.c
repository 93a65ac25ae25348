/* itself.c
 * A socket that is connected to itself: the same address and port on both sides. It is its own peer, so it opens
 * and closes simultaneously (RFC 9293 section 3.5, figure 7; section 3.6, figure 13). Both ends are shown as one.
 *
 * What it sends it also receives, but not before it has sent it: a SYN or a FIN counts as received when the next
 * segment comes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

#include <string.h>

bool
tcpshake_is_to_itself(const tcpshake_segment *segment)
{
    return segment->source_port == segment->destination_port && segment->source && segment->destination &&
           memcmp(segment->source, segment->destination, segment->address_length) == 0;
}

static void
begin(tcpshake_arrival *arrival)
{
    enum { KNOWN = TCPSHAKE_END_SEEN | TCPSHAKE_END_HEARD | TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SYN_ACKED };
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   opens = tcpshake_has(arrival, TCPSHAKE_SYN);

    conversation->first = tcpshake_now(arrival);
    conversation->client = arrival->from;
    conversation->opened_by = opens ? TCPSHAKE_BOTH : TCPSHAKE_NOBODY;
    conversation->handshake = opens ? TCPSHAKE_HANDSHAKE_IN_PROGRESS : TCPSHAKE_HANDSHAKE_NOT_CAPTURED;
    conversation->flags |= opens ? TCPSHAKE_CONVERSATION_CROSSED_SYN : TCPSHAKE_CONVERSATION_MIDSTREAM;
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        conversation->end[end].flags |= KNOWN;
        tcpshake_set_initial_state(conversation, end, opens ? TCPSHAKE_CLOSED : TCPSHAKE_ESTABLISHED);
    }
}

/* What was sent last has come back. */
static void
receive(tcpshake_arrival *arrival)
{
    static const tcpshake_event event_of[] = {
        [TCPSHAKE_PRESUMED_SYN] = TCPSHAKE_EV_SYN,
        [TCPSHAKE_PRESUMED_SYN_ACK] = TCPSHAKE_EV_SYN_ACK,
        [TCPSHAKE_PRESUMED_ACK_OF_SYN] = TCPSHAKE_EV_ACK_OF_SYN,
        [TCPSHAKE_PRESUMED_ACK_OF_FIN] = TCPSHAKE_EV_ACK_OF_FIN,
        [TCPSHAKE_PRESUMED_FIN] = TCPSHAKE_EV_FIN,
    };
    tcpshake_end *const end = arrival->sender;

    for (unsigned i = 0; i < sizeof event_of / sizeof event_of[0]; i++)
        if (end->pending & 1u << i)
            tcpshake_set_state(arrival->conversation, arrival->from,
                               (tcpshake_state)tcpshake_receiving((tcpshake_state)end->state, event_of[i])->next);
    end->pending = 0;
}

static void
send_open(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   answers = tcpshake_has(arrival, TCPSHAKE_ACK);
    tcpshake_moment *const       moment = answers ? &conversation->synack : &conversation->syn;

    if (moment->frame == 0)
        *moment = tcpshake_now(arrival);
    arrival->sender->isn = arrival->segment->seq;
    arrival->sender->flags |= answers ? TCPSHAKE_END_SENT_SYNACK : TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN;
    arrival->steps |= answers ? TCPSHAKE_STEP_SYN_ACK : TCPSHAKE_STEP_SYN;
    tcpshake_send_event(conversation, arrival->from, answers ? TCPSHAKE_EV_SYN_ACK : TCPSHAKE_EV_SYN);
    arrival->sender->pending = (uint8_t)(1u << (answers ? TCPSHAKE_PRESUMED_SYN_ACK : TCPSHAKE_PRESUMED_SYN));
}

static void
send_fin(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          end = arrival->sender;

    if (!tcpshake_end_is(end, TCPSHAKE_END_SENT_FIN)) {
        conversation->fin1 = conversation->fin2 = tcpshake_now(arrival);
        conversation->first_closer = arrival->from;
        conversation->closed_by = TCPSHAKE_BOTH;
        conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_FIN;
    }
    end->flags |= TCPSHAKE_END_SENT_FIN;
    end->fin_seq = tcpshake_fin_position(arrival);
    arrival->steps |= TCPSHAKE_STEP_FIN1;
    tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_FIN);
    end->pending = 1u << TCPSHAKE_PRESUMED_FIN;
}

static void
send_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = tcpshake_extra_of(conversation, arrival->allocator);

    if (extra && extra->rare.rst.frame == 0) {
        extra->rare.rst = tcpshake_now(arrival);
        extra->rare.reset_by = TCPSHAKE_BOTH;
    }
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        conversation->handshake = TCPSHAKE_HANDSHAKE_ABORTED;
    arrival->steps |= TCPSHAKE_STEP_RST;
    tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_RST);
}

/* Nothing is sent behind the last ACK, so that is received at once. */
static void
send_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          end = arrival->sender;

    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && tcpshake_is_synchronised(end)) {
        conversation->handshake = TCPSHAKE_HANDSHAKE_SIMULTANEOUS;
        conversation->ack = tcpshake_now(arrival);
        arrival->steps |= TCPSHAKE_STEP_ACK;
    }
    if (!tcpshake_end_is(end, TCPSHAKE_END_SENT_FIN) || !tcpshake_covers(arrival, end->fin_seq))
        return;
    if (conversation->fin1_ack.frame == 0)
        conversation->fin1_ack = conversation->fin2_ack = conversation->time_wait = tcpshake_now(arrival);
    end->flags |= TCPSHAKE_END_FIN_ACKED;
    conversation->time_wait_owner = TCPSHAKE_BOTH;
    arrival->steps |= TCPSHAKE_STEP_FIN1_ACK;
    end->pending = 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN;
    receive(arrival);
}

/* The other end is the same. */
static void
mirror(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_entry *const  before = tcpshake_last_entry(&conversation->timeline);
    const uint8_t                state[2] = { arrival->sender->state, arrival->sender->state };

    tcpshake_replace_end(conversation, arrival->to, arrival->sender);
    if (before && before->state[0] == state[0] && !arrival->steps)
        return;
    conversation->changed = tcpshake_now(arrival);
    tcpshake_entry *const entry = tcpshake_timeline_at(&conversation->timeline, arrival->allocator,
                                                       arrival->segment->frame, arrival->from, state);
    if (entry)
        entry->steps |= arrival->steps;
}

void
tcpshake_follow_itself(tcpshake_arrival *arrival)
{
    if (arrival->conversation->first.frame == 0)
        begin(arrival);
    receive(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_RST))
        send_reset(arrival);
    else if (tcpshake_has(arrival, TCPSHAKE_SYN))
        send_open(arrival);
    else if (tcpshake_has(arrival, TCPSHAKE_ACK))
        send_ack(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK))
        send_fin(arrival);
    mirror(arrival);
}
