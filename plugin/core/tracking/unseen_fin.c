/* unseen_fin.c
 * A fault of the capture, not of the network: a FIN that was acknowledged but is not in the capture, or comes too late.
 *
 * If an acknowledgment covers exactly one number more than an end was seen to send, that number was a FIN or a byte of
 * data. The frame is remembered; what that end sends next tells which it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Adds an entry in which an end that changes state twice in this frame can show the state in between. */
static void
keep_before(tcpshake_arrival *arrival)
{
    tcpshake_timeline *const    timeline = &arrival->conversation->timeline;
    const tcpshake_entry *const last = tcpshake_last_entry(timeline);

    if (last) {
        const uint8_t state[2] = { last->state[0], last->state[1] };
        tcpshake_timeline_at(timeline, arrival->allocator, arrival->conversation->last_frame,
                             arrival->conversation->last_from, state);
    }
}

/* What an end's state becomes from the frame on in which its FIN was acknowledged. */
static uint8_t
with_own_fin(uint8_t state, bool peer_closed_first)
{
    const bool took_fin = state == TCPSHAKE_CLOSE_WAIT;

    if (took_fin && !peer_closed_first)
        return TCPSHAKE_TIME_WAIT;
    state = tcpshake_sending((tcpshake_state)state, TCPSHAKE_EV_FIN)->next;
    return tcpshake_receiving((tcpshake_state)state, TCPSHAKE_EV_ACK_OF_FIN)->next;
}

/* What its peer's state becomes from that frame on. */
static uint8_t
with_peers_fin(uint8_t state, bool closed_first)
{
    if (!closed_first && state == TCPSHAKE_FIN_WAIT_1)
        return TCPSHAKE_LAST_ACK;
    if (!closed_first && state == TCPSHAKE_FIN_WAIT_2)
        return TCPSHAKE_CLOSED;
    return tcpshake_receiving((tcpshake_state)state, TCPSHAKE_EV_FIN)->next;
}

/* The steps of the first FIN were those of the second. */
static bool
steps_of_second(tcpshake_entry *entry, const void *none)
{
    enum { FIRST = TCPSHAKE_STEP_FIN1 | TCPSHAKE_STEP_FIN1_ACK };

    (void)none;
    entry->steps = (uint8_t)((entry->steps & ~FIRST) | (entry->steps & FIRST) << 2);
    return true;
}

/* The peer's FIN, taken for the first, was the second. */
static void
swap_closers(tcpshake_conversation *conversation, int closer, uint32_t since)
{
    conversation->fin2 = conversation->fin1;
    conversation->fin2_ack = conversation->fin1_ack;
    conversation->fin1 = conversation->fin1_ack = (tcpshake_moment){ 0 };
    conversation->first_closer = (uint8_t)closer;
    tcpshake_rewrite_since(conversation, since, steps_of_second, NULL);
}

/* Whose FIN it is, and who closed first. */
typedef struct unseen_fin {
    int  end;
    bool peer_first;
} unseen_fin;

static bool
with_unseen_fin(tcpshake_entry *entry, const void *context)
{
    const unseen_fin *const fin = context;
    const int               other = TCPSHAKE_OTHER(fin->end);

    entry->state[fin->end] = with_own_fin(entry->state[fin->end], fin->peer_first);
    entry->state[other] = with_peers_fin(entry->state[other], fin->peer_first);
    return true;
}

static bool
with_late_fin(tcpshake_entry *entry, const void *sender)
{
    const uint8_t from = *(const uint8_t *)sender, to = TCPSHAKE_OTHER(from);

    entry->state[from] = tcpshake_sending((tcpshake_state)entry->state[from], TCPSHAKE_EV_FIN)->next;
    entry->state[to] = tcpshake_receiving((tcpshake_state)entry->state[to], TCPSHAKE_EV_FIN)->next;
    return true;
}

/* The peer's FIN acknowledges it, and came to an end that had closed. */
static bool
with_late_first_fin(tcpshake_entry *entry, const void *sender)
{
    const uint8_t from = *(const uint8_t *)sender, to = TCPSHAKE_OTHER(from);

    entry->state[from] = TCPSHAKE_TIME_WAIT;
    entry->state[to] = with_peers_fin(entry->state[to], false);
    return true;
}

/* It sent the FIN between two captured segments, before the acknowledgment. If the segment before is its own, the FIN
 * came after that: FIN-WAIT-1 is shown on the acknowledgment, and the next state one frame later. */
static void
show_sent_before(tcpshake_arrival *arrival, int end, uint32_t since)
{
    tcpshake_conversation *const   conversation = arrival->conversation;
    const tcpshake_timeline *const timeline = &conversation->timeline;
    const tcpshake_entry *const    entries = tcpshake_entries(timeline);
    const ptrdiff_t                at = tcpshake_timeline_find(timeline, since - 1), next = at + 1;

    if (at < 0 || entries[at].state[end] != TCPSHAKE_ESTABLISHED)
        return;
    if (entries[at].frame > conversation->end[end].last.frame) {
        tcpshake_correct_state(conversation, (uint32_t)at, end, TCPSHAKE_FIN_WAIT_1);
    } else if (conversation->last_frame == since && next < (ptrdiff_t)timeline->count && entries[next].frame == since &&
               entries[next].state[end] == TCPSHAKE_FIN_WAIT_2) {
        tcpshake_correct_state(conversation, (uint32_t)next, end, TCPSHAKE_FIN_WAIT_1);
        arrival->kept = true;
    }
}

static void
infer_fin(tcpshake_arrival *arrival, int end)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const int                    other = TCPSHAKE_OTHER(end);
    tcpshake_end *const          who = &conversation->end[end];
    const uint32_t               since = tcpshake_rare_of(conversation)->end[end].unseen_frame;
    const bool                   peer_first = conversation->fin1.frame != 0 && conversation->fin1.frame < since;

    if (conversation->fin1.frame != 0 && !peer_first)
        swap_closers(conversation, end, since);
    if (!peer_first) {
        conversation->first_closer = (uint8_t)end;
        conversation->closed_by = (uint8_t)tcpshake_role_of(conversation, end);
    }
    *(peer_first ? &conversation->fin2_ack : &conversation->fin1_ack) =
        (tcpshake_moment){ arrival->segment->time, since };
    tcpshake_rewrite_since(conversation, since, with_unseen_fin, &(unseen_fin){ end, peer_first });
    show_sent_before(arrival, end, since);
    who->fin_seq = who->snd_nxt++;
    who->flags |= TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_ACKED;
    conversation->extra->rare.end[end].unseen_frame = 0;
    tcpshake_show_gap(arrival, since, other, TCPSHAKE_MISSING_FIN);
}

/* Neither end has moved but by that FIN. */
static bool
without_inferred_fin(tcpshake_entry *entry, const void *sender)
{
    enum { BY_FIN = 1 << TCPSHAKE_FIN_WAIT_1 | 1 << TCPSHAKE_FIN_WAIT_2 };
    uint8_t *const own = &entry->state[*(const uint8_t *)sender];
    uint8_t *const peers = &entry->state[TCPSHAKE_OTHER(*(const uint8_t *)sender)];

    if (1u << *own & BY_FIN)
        *own = TCPSHAKE_ESTABLISHED;
    if (*peers == TCPSHAKE_CLOSE_WAIT)
        *peers = TCPSHAKE_ESTABLISHED;
    return true;
}

void
tcpshake_doubt_inferred_fin(tcpshake_arrival *arrival)
{
    enum { INFERRED = TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_ACKED };
    tcpshake_conversation *const  conversation = arrival->conversation;
    tcpshake_end *const           sender = arrival->sender;
    const tcpshake_segment *const segment = arrival->segment;
    const uint32_t                since = conversation->fin1_ack.frame;
    const bool                    sends = segment->length > 0 || tcpshake_has(arrival, TCPSHAKE_FIN);

    if (!tcpshake_end_is(sender, INFERRED) || sender->fin_count > 0 || !sends ||
        tcpshake_rare_of(conversation)->rst.frame || tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_FIN) ||
        tcpshake_has(arrival, TCPSHAKE_SYN) || tcpshake_has(arrival, TCPSHAKE_RST) ||
        !tcpshake_seq_lt(sender->fin_seq, segment->seq))
        return;
    const ptrdiff_t shown = tcpshake_timeline_find(&conversation->timeline, since - 1); /* see show_sent_before() */
    tcpshake_rewrite_since(conversation, shown < 0 ? since : tcpshake_entries(&conversation->timeline)[shown].frame,
                           without_inferred_fin, &arrival->from);
    sender->flags &= ~(uint32_t)INFERRED;
    conversation->fin1_ack = conversation->lingers = (tcpshake_moment){ 0 };
    conversation->closed_by = TCPSHAKE_NOBODY;
    tcpshake_withdraw_from(conversation, since, UINT64_C(1) << TCPSHAKE_ANOMALY_segment_not_captured);
}

/* The FIN comes in the capture behind its acknowledgment. If that is the peer's FIN, the peer had taken this one in: it
 * was the first. */
static void
place_late_fin(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t               since = tcpshake_rare_of(conversation)->end[arrival->from].unseen_frame;

    if (conversation->fin1.frame == since && conversation->first_closer == arrival->to) {
        swap_closers(conversation, arrival->from, since);
        conversation->fin1_ack = conversation->fin2;
        tcpshake_rewrite_since(conversation, since, with_late_first_fin, &arrival->from);
    } else {
        tcpshake_rewrite_since(conversation, since, with_late_fin, &arrival->from);
    }
    arrival->sender->flags |= TCPSHAKE_END_FIN_ACKED;
    conversation->extra->rare.end[arrival->from].unseen_frame = 0;
    tcpshake_show_out_of_order(arrival, since);
}

/* What the sender sends tells about the number of its own that was acknowledged and not seen. */
static void
resolve_unseen(tcpshake_arrival *arrival)
{
    tcpshake_end *const           sender = arrival->sender;
    const tcpshake_segment *const segment = arrival->segment;
    uint32_t *const               unseen_frame = &arrival->conversation->extra->rare.end[arrival->from].unseen_frame;

    if (!(sender->flags & TCPSHAKE_END_SEEN))
        *unseen_frame = 0; /* its first segment: how much came before is not known */
    else if (tcpshake_has(arrival, TCPSHAKE_FIN) && segment->seq + segment->length == sender->snd_nxt)
        place_late_fin(arrival);
    else if (segment->length > 0)
        *unseen_frame = 0; /* a byte of data */
    else if (!tcpshake_has(arrival, TCPSHAKE_FIN) && segment->seq == sender->snd_nxt + 1)
        infer_fin(arrival, arrival->from);
}

/* A capture that begins with a keep-alive probe shows a number one too low. */
static bool
is_sure_of_next(const tcpshake_end *end)
{
    return (end->flags & (TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_DATA)) != 0;
}

/* From that frame on, the sender had closed; where its peer's FIN was presumed before that, the FINs crossed. */
typedef struct closed_ahead {
    int      end;
    uint32_t since;
    bool     crossed;
} closed_ahead;

static bool
had_closed(tcpshake_entry *entry, const void *context)
{
    const closed_ahead *const ahead = context;
    uint8_t *const            state = &entry->state[ahead->end];
    const bool                since = entry->frame >= ahead->since;

    if (*state == TCPSHAKE_CLOSE_WAIT && ahead->crossed)
        *state = since ? TCPSHAKE_CLOSING : TCPSHAKE_FIN_WAIT_1;
    else if (*state == TCPSHAKE_ESTABLISHED && !since)
        return false;
    else if (since)
        *state = tcpshake_sending((tcpshake_state)*state, TCPSHAKE_EV_FIN)->next;
    return true;
}

/* The FINs crossed, and the peer's came with its first acknowledgment: FIN-WAIT-1 was right before that. */
static void
show_closed_before(tcpshake_conversation *conversation, const closed_ahead *ahead)
{
    const tcpshake_entry *const entries = tcpshake_entries(&conversation->timeline);
    const ptrdiff_t             at = tcpshake_timeline_find(&conversation->timeline, ahead->since);

    if (at > 0 && entries[at].state[ahead->end] == TCPSHAKE_CLOSING &&
        entries[at - 1].state[ahead->end] == TCPSHAKE_ESTABLISHED)
        tcpshake_correct_state(conversation, (uint32_t)at - 1, ahead->end, TCPSHAKE_FIN_WAIT_1);
}

/* The number of a FIN belongs to nothing else: an end that was one ahead, and now sends its FIN with the number in
 * between, had sent it before, and that one was lost on its way here (section 3.10.4). If it was ahead in the ACK of
 * the peer's FIN, it had closed before that FIN came: what an end sends behind it would be an ACK without its own FIN.
 */
static void
find_closed_ahead(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const closed_ahead  ahead = { arrival->from, arrival->conversation->extra->ahead_frame[arrival->from],
                                  tcpshake_end_is(sender, TCPSHAKE_END_AHEAD_OF_ACK) };

    tcpshake_rewrite_since(arrival->conversation, 0, had_closed, &ahead);
    show_closed_before(arrival->conversation, &ahead);
    sender->flags &= ~(uint32_t)TCPSHAKE_END_AHEAD;
}

/* The peer sends its FIN again, and nothing has come from the sender since that came first: it may have acknowledged it
 * with its own, and both were lost at once. */
static bool
may_have_answered_with_fin(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_moment              first = tcpshake_first_fin(conversation, arrival->to);

    return arrival->receiver->fin_count > 1 && arrival->sender->last.frame < first.frame;
}

/* An ACK whose number is one more than what its sender was seen to use, and nobody has acknowledged that. */
static void
look_ahead(tcpshake_arrival *arrival)
{
    enum { SETTLED = TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_SYN_WAITS | TCPSHAKE_END_AHEAD };
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;
    const tcpshake_end *const     receiver = arrival->receiver;

    if (tcpshake_end_is(sender, TCPSHAKE_END_AHEAD) && tcpshake_has(arrival, TCPSHAKE_FIN) &&
        tcpshake_fin_position(arrival) + 1 == sender->snd_nxt)
        find_closed_ahead(arrival);
    if (segment->length != 0 || tcpshake_has(arrival, TCPSHAKE_FIN) || sender->flags & SETTLED ||
        tcpshake_rare_of(arrival->conversation)->end[arrival->from].unseen_frame ||
        segment->seq != sender->snd_nxt + 1 || !is_sure_of_next(sender) || !tcpshake_is_synchronised(sender))
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    if (!extra)
        return;
    const bool acknowledged = tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN) &&
                              tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
                              tcpshake_seq_lt(receiver->fin_seq, sender->ack_sent);
    keep_before(arrival);
    extra->ahead_frame[arrival->from] = segment->frame;
    sender->flags |=
        TCPSHAKE_END_AHEAD | (acknowledged || may_have_answered_with_fin(arrival) ? 0 : TCPSHAKE_END_AHEAD_OF_ACK);
    arrival->kept = true; /* an entry to put right */
}

/* Data with a FIN, captured behind the acknowledgment of all of it. */
static void
look_for_late_data_with_fin(tcpshake_arrival *arrival)
{
    tcpshake_extra *const         extra = arrival->conversation->extra;
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;

    if (extra && extra->unsent.frame != 0 && extra->unsent.from == arrival->to && segment->length > 0 &&
        tcpshake_has(arrival, TCPSHAKE_FIN) && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) &&
        segment->seq == sender->snd_nxt && segment->seq + segment->length + 1 == arrival->receiver->ack_sent &&
        segment->time - extra->unsent.time < TCPSHAKE_RETRANSMISSION_MIN) {
        extra->rare.end[arrival->from].unseen_frame = extra->unsent.frame;
        place_late_fin(arrival);
    }
}

/* What was taken for a FIN that is not in the capture comes right behind its acknowledgment. */
static void
look_for_inferred_fin(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    const tcpshake_moment        acknowledged = tcpshake_fin_acknowledged(conversation, arrival->from);

    if (!tcpshake_has(arrival, TCPSHAKE_FIN) || sender->fin_count > 0 ||
        !tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_ACKED) ||
        tcpshake_fin_position(arrival) != sender->fin_seq ||
        tcpshake_since(arrival, acknowledged) >= TCPSHAKE_RETRANSMISSION_MIN ||
        !tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_segment_not_captured, acknowledged.frame))
        return;
    tcpshake_withdraw_from(conversation, acknowledged.frame, UINT64_C(1) << TCPSHAKE_ANOMALY_segment_not_captured);
    sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_FIN;
    sender->snd_nxt = sender->fin_seq;
    tcpshake_show_out_of_order(arrival, acknowledged.frame);
}

bool
tcpshake_remember_unseen(const tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (extra)
        extra->rare.end[arrival->to].unseen_frame = arrival->segment->frame;
    return extra != NULL;
}

void
tcpshake_look_for_unseen_fin(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const                receiver = arrival->receiver;
    const bool is_open = receiver->state == TCPSHAKE_ESTABLISHED || receiver->state == TCPSHAKE_CLOSE_WAIT;

    look_for_inferred_fin(arrival);
    look_ahead(arrival);
    look_for_late_data_with_fin(arrival);
    if (tcpshake_rare_of(conversation)->end[arrival->from].unseen_frame != 0)
        resolve_unseen(arrival);
    if (tcpshake_rare_of(conversation)->end[arrival->to].unseen_frame != 0 || !is_open ||
        !(receiver->flags & TCPSHAKE_END_SEEN) || !(receiver->flags & TCPSHAKE_END_HAS_SND_NXT) ||
        receiver->flags & TCPSHAKE_END_SENT_FIN || arrival->segment->ack != receiver->snd_nxt + 1 ||
        !is_sure_of_next(receiver) || !tcpshake_remember_unseen(arrival))
        return;
    keep_before(arrival);
    arrival->kept = true; /* an entry to put right */
    /* It has acknowledged a FIN, and was still to send its own: nothing else is as short, and the last. */
    if (receiver->state == TCPSHAKE_CLOSE_WAIT && arrival->sender->state == TCPSHAKE_FIN_WAIT_2) {
        infer_fin(arrival, arrival->to);
        arrival->steps |= TCPSHAKE_STEP_FIN2_ACK;
    }
}
