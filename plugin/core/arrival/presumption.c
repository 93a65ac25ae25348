/* presumption.c
 * What an end is presumed to have received, until its own segments confirm or contradict it.
 *
 * The capture does not show whether a segment arrives. It is presumed to: the state changes, and the record remembers
 * the frame. The end's next segments tell: an acknowledgment that covers it confirms, one that does not cover it (or a
 * retransmission of what it would have answered) contradicts. Then the timeline is corrected from the frame where it
 * was presumed. A contradicted segment may still be in flight: it stays pending until the end shows that it has
 * arrived.
 *
 * Every entry is rewritten at most once for each kind of presumption, because a presumption begins after the last one
 * of its kind was taken back: the work stays linear in the entries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "presumption.h"

static uint8_t
state_before(const tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    const tcpshake_end *const who = &conversation->end[end];

    if (presumed == TCPSHAKE_PRESUMED_RST)
        return who->before_reset;
    return who->flags & TCPSHAKE_END_ACTIVE_OPEN ? TCPSHAKE_SYN_SENT : conversation->initial[end];
}

/* Whose state is to be without what. */
typedef struct without {
    int                  end;
    tcpshake_presumption presumed;
    tcpshake_state       before;
} without;

static bool
take_out(tcpshake_entry *entry, const void *context)
{
    const without *const what = context;
    uint8_t *const       state = &entry->state[what->end];

    *state = (uint8_t)tcpshake_without(what->presumed, (tcpshake_state)*state, what->before);
    return true;
}

void
tcpshake_take_back(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    tcpshake_end *const who = &conversation->end[end];
    const without       what = { end, presumed, (tcpshake_state)state_before(conversation, end, presumed) };
    const uint32_t      since = tcpshake_presumed_frame(conversation, end, presumed);
    const bool          held_time_wait = who->state == TCPSHAKE_TIME_WAIT;

    tcpshake_rewrite_since(conversation, since, take_out, &what);
    tcpshake_clear_presumed(conversation, end, presumed);
    if (held_time_wait && who->state != TCPSHAKE_TIME_WAIT)
        conversation->time_wait_owner &= (uint8_t)~tcpshake_role_of(conversation, end);
}

void
tcpshake_clears_nothing(tcpshake_conversation *conversation, int end)
{
    const uint32_t frame = tcpshake_presumed_frame(conversation, end, TCPSHAKE_PRESUMED_RST);

    tcpshake_take_back(conversation, end, TCPSHAKE_PRESUMED_RST);
    tcpshake_withdraw_without(conversation, frame, TCPSHAKE_PRESUMED_RST);
}

/* All else is no event that an end receives. */
static const uint8_t presumption_of[TCPSHAKE_EVENTS] = {
    [TCPSHAKE_EV_SYN] = TCPSHAKE_PRESUMED_SYN,
    [TCPSHAKE_EV_SYN_ACK] = TCPSHAKE_PRESUMED_SYN_ACK,
    [TCPSHAKE_EV_ACK_OF_SYN] = TCPSHAKE_PRESUMED_ACK_OF_SYN,
    [TCPSHAKE_EV_ACK_OF_FIN] = TCPSHAKE_PRESUMED_ACK_OF_FIN,
    [TCPSHAKE_EV_FIN] = TCPSHAKE_PRESUMED_FIN,
    [TCPSHAKE_EV_RST] = TCPSHAKE_PRESUMED_RST,
};

/* The end takes the event in, presumably. */
void
tcpshake_presume_received(tcpshake_arrival *arrival, int end, tcpshake_event event)
{
    tcpshake_end *const        who = &arrival->conversation->end[end];
    const tcpshake_cell *const cell = tcpshake_receiving((tcpshake_state)who->state, event);

    if (cell->next == who->state)
        return;
    if (event == TCPSHAKE_EV_RST)
        who->before_reset = who->state;
    /* Both SYNs crossed: its SYN-ACK and ours each acknowledge a SYN in SYN-RECEIVED (section 3.5, figure 7). */
    const bool crossed = event == TCPSHAKE_EV_SYN_ACK && who->state == TCPSHAKE_SYN_RECEIVED;
    tcpshake_set_state(arrival->conversation, end, (tcpshake_state)cell->next);
    tcpshake_presume(arrival, end, crossed ? TCPSHAKE_PRESUMED_ACK_OF_SYN : (tcpshake_presumption)presumption_of[event],
                     arrival->segment->frame);
}

/* The last segment is this end's own, and has moved it. */
static bool
has_just_moved(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_timeline *const timeline = &conversation->timeline;
    const tcpshake_entry *const    last = tcpshake_last_entry(timeline);

    return last && last->frame == conversation->last_frame && conversation->last_from == end &&
           last->state[end] != (timeline->count > 1 ? last[-1].state : conversation->initial)[end];
}

void
tcpshake_show_before(tcpshake_arrival *arrival, int end)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_entry *const  last = tcpshake_last_entry(&conversation->timeline);
    const uint8_t *const         before = last ? last->state : conversation->initial;
    const uint8_t                state[2] = { before[0], before[1] };
    tcpshake_entry *const        entry = tcpshake_timeline_at(&conversation->timeline, arrival->allocator,
                                                              conversation->last_frame, conversation->last_from, state);

    if (entry)
        entry->state[end] = conversation->end[end].state;
}

/* The last data before the FIN arrived before the sender spoke again, and the FIN was not sent again since: the FIN was
 * there, and was received with them (section 3.10.7.4, seventh and eighth). */
static void
deliver_with_data(tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;
    const uint32_t              filled = extra ? extra->fin_hole[arrival->to].filled : 0;

    if (filled > arrival->sender->last.frame && filled > arrival->receiver->fin_frame)
        tcpshake_receive_since(arrival->conversation, filled, arrival->from, TCPSHAKE_EV_FIN);
}

/* The sender acknowledges the FIN that was under way to it. If it moves on with the same segment, it has taken that in
 * before. */
static void
deliver_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    deliver_with_data(arrival);
    const uint8_t before = sender->state;
    tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
    tcpshake_set_state(arrival->conversation, arrival->from,
                       (tcpshake_state)tcpshake_receiving((tcpshake_state)sender->state, TCPSHAKE_EV_FIN)->next);
    if (sender->state != before && arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST) &&
        !has_just_moved(arrival->conversation, arrival->from))
        tcpshake_show_before(arrival, arrival->from);
}

/* Nothing is presumed of the sender, or under way to it. */
static inline bool
nothing_presumed(const tcpshake_end *sender)
{
    return (sender->presumed | sender->pending) == 0;
}

void
tcpshake_check_presumptions(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const bool          resets = tcpshake_has(arrival, TCPSHAKE_RST);

    if (nothing_presumed(sender) && !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_GAP) &&
        !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_RESET))
        return;
    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_GAP && arrival->from != arrival->conversation->client)
        tcpshake_check_gap(arrival);
    if (tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_RESET))
        tcpshake_check_challenge(arrival);
    if (tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_RST) && !resets) {
        tcpshake_check_fin_before_reset(arrival);
        tcpshake_check_presumed_reset(arrival);
    }
    if (tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_SYN))
        tcpshake_check_presumed_syn(arrival);
    if (tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_SYN_ACK))
        tcpshake_check_presumed_syn_ack(arrival);
    if (tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_ACK_OF_SYN))
        tcpshake_check_presumed_ack_of_syn(arrival);
    if (tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN) ||
        tcpshake_is_pending(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN))
        tcpshake_check_presumed_ack_of_fin(arrival);
    if (tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_FIN))
        tcpshake_check_presumed_fin(arrival);
    if (tcpshake_is_pending(sender, TCPSHAKE_PRESUMED_FIN) && tcpshake_covers(arrival, arrival->receiver->fin_seq))
        deliver_fin(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK))
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
}

/* What was presumed has arrived: the sender acknowledges all of it. Whether the ACK of its FIN has, it shows only in
 * TIME-WAIT, with the peer's FIN. */
void
tcpshake_confirm_presumptions(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const bool shows_all = tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_FIN) && sender->state == TCPSHAKE_TIME_WAIT;
    const bool stays = tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN) && !shows_all;
    const uint32_t ack_of_fin =
        stays ? tcpshake_presumed_frame(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN) : 0;

    sender->presumed = 0;
    if (stays)
        tcpshake_presume(arrival, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN, ack_of_fin);
}

static void
deliver(tcpshake_arrival *arrival, tcpshake_presumption presumed, tcpshake_event event)
{
    if (!tcpshake_is_pending(arrival->sender, presumed))
        return;
    tcpshake_confirm(arrival->conversation, arrival->from, presumed);
    tcpshake_presume_received(arrival, arrival->from, event);
    arrival->delivered = true;
}

/* The FIN of this end, sent before its RST, arrives before it: unless the FIN was lost, or the RST has a lower number
 * than the FIN, and then ends only an end that has not received the FIN (section 3.10.7.4, RFC 5961 section 3.2). With
 * some stacks, a RST with the FIN's own number ends either. */
static bool
comes_before_reset(const tcpshake_conversation *conversation, int end, uint32_t number)
{
    return tcpshake_is_fin_under_way(conversation, end) && tcpshake_seq_le(conversation->end[end].fin_seq, number);
}

/* A FIN was under way to the receiver, and now the RST is: what was sent first arrives first, CLOSE-WAIT and its like
 * before CLOSED. That shows in the last frame before this one; in this one, if in that the receiver has moved itself.
 */
void
tcpshake_deliver_before_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (!tcpshake_is_pending(receiver, TCPSHAKE_PRESUMED_FIN) ||
        !comes_before_reset(arrival->conversation, arrival->from, arrival->segment->seq))
        return;
    tcpshake_set_state(arrival->conversation, arrival->to,
                       (tcpshake_state)tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_FIN)->next);
    if (has_just_moved(arrival->conversation, arrival->to)) {
        arrival->first[arrival->to] = receiver->state;
        tcpshake_presume(arrival, arrival->to, TCPSHAKE_PRESUMED_FIN, arrival->segment->frame);
    } else {
        tcpshake_show_before(arrival, arrival->to);
        tcpshake_presume(arrival, arrival->to, TCPSHAKE_PRESUMED_FIN, arrival->conversation->last_frame);
    }
}

/* A FIN is under way to the end, and a RST after it: CLOSE-WAIT and its like come before CLOSED. They show in the next
 * frame, and CLOSED in the one after that. */
static bool
has_fin_before_reset(const tcpshake_arrival *arrival, int end)
{
    enum { BOTH = 1u << TCPSHAKE_PRESUMED_FIN | 1u << TCPSHAKE_PRESUMED_RST };
    const tcpshake_conversation *const conversation = arrival->conversation;

    return (conversation->end[end].pending & BOTH) == BOTH &&
           comes_before_reset(conversation, TCPSHAKE_OTHER(end), tcpshake_reset_seq(conversation, TCPSHAKE_OTHER(end)));
}

/* What was under way to the sender when it sent this comes next. */
void
tcpshake_deliver_after_sending(tcpshake_arrival *arrival)
{
    deliver(arrival, TCPSHAKE_PRESUMED_SYN_ACK, TCPSHAKE_EV_SYN_ACK);
    if (tcpshake_is_pending(arrival->sender, TCPSHAKE_PRESUMED_ACK_OF_SYN)) /* its SYN-ACK, captured later */
        arrival->sender->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
    deliver(arrival, TCPSHAKE_PRESUMED_ACK_OF_SYN, TCPSHAKE_EV_ACK_OF_SYN);
    if (arrival->receiver->flags & TCPSHAKE_END_SENT_FIN && tcpshake_covers(arrival, arrival->receiver->fin_seq))
        deliver(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_EV_ACK_OF_FIN);
    if (has_fin_before_reset(arrival, arrival->from))
        return;
    if (tcpshake_is_pending(arrival->sender, TCPSHAKE_PRESUMED_RST)) /* CLOSED shows one frame later */
        arrival->first[arrival->from] = arrival->sender->state;
    deliver(arrival, TCPSHAKE_PRESUMED_RST, TCPSHAKE_EV_RST);
}

/* A SYN that crossed the receiver's own comes before the RST of its sender: SYN-RECEIVED (section 3.5, figure 7). It
 * shows in the last frame, unless that is the receiver's SYN, sent in SYN-SENT. */
static void
deliver_syn_before_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (!tcpshake_has(arrival, TCPSHAKE_RST) || !tcpshake_is_pending(receiver, TCPSHAKE_PRESUMED_SYN) ||
        receiver->state != TCPSHAKE_SYN_SENT)
        return;
    tcpshake_set_state(arrival->conversation, arrival->to, TCPSHAKE_SYN_RECEIVED);
    tcpshake_presume(arrival, arrival->to, TCPSHAKE_PRESUMED_SYN, arrival->segment->frame);
    if (!has_just_moved(arrival->conversation, arrival->to))
        tcpshake_show_before(arrival, arrival->to);
}

void
tcpshake_deliver_to_receiver(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    deliver_syn_before_reset(arrival);

    if (!has_fin_before_reset(arrival, arrival->to))
        return;
    tcpshake_confirm(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_FIN);
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_FIN);
    arrival->first[arrival->to] = receiver->state;
    tcpshake_confirm(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_RST);
}
