/* tracker.c
 * Processes the segments of a conversation, one after the other, and writes what changed into the timeline. Also: when
 * the handshake is complete, and when TIME-WAIT begins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../no_inline.h"
#include "../segment/seq.h"

tcpshake_conversation *
tcpshake_conversation_new(const tcpshake_allocator *allocator, tcpshake_conversation *previous)
{
    tcpshake_conversation *const conversation = tcpshake_allocate_fixed(allocator, sizeof *conversation);

    if (!conversation)
        return NULL;
    conversation->previous = previous;
    return conversation;
}

/* With data or a FIN, so long after the SYN-ACK that this would have come again (RFC 6298 section 2: after 1 s; RFC
 * 1122 section 4.2.3.1: after 3 s): the client's first ACK is not in the capture. */
static bool
follows_unseen_ack(const tcpshake_arrival *arrival)
{
    static const int64_t LONGEST_TIMER = 3500 * TCPSHAKE_MILLISECOND;
    const bool           bare = arrival->segment->length == 0 && !tcpshake_has(arrival, TCPSHAKE_FIN);

    return !bare && arrival->segment->time - arrival->receiver->last.time > LONGEST_TIMER;
}

/* Both ends opened, and only this one is in the capture: it was open with the peer's SYN-ACK, nobody saw when. */
static bool
opened_with_unseen_syn_ack(const tcpshake_arrival *arrival)
{
    return tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK) &&
           !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN);
}

/* Both ends are synchronised for the first time. */
static void
complete_handshake(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   crossed = (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN) != 0;

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS || !tcpshake_is_synchronised(arrival->sender) ||
        !tcpshake_is_synchronised(arrival->receiver))
        return;
    conversation->handshake = crossed ? TCPSHAKE_HANDSHAKE_SIMULTANEOUS : TCPSHAKE_HANDSHAKE_COMPLETE;
    /* The client's first, with which its connect() returns: its server may ask for it again much later. */
    if (conversation->ack.frame == 0 && arrival->from == conversation->client && !follows_unseen_ack(arrival) &&
        !opened_with_unseen_syn_ack(arrival))
        conversation->ack = tcpshake_now(arrival);
    const int64_t took = tcpshake_connection_time(conversation);
    if (tcpshake_is_over(took, arrival->limits->slow_handshake) ||
        tcpshake_is_over(took, arrival->limits->connection_timeout))
        arrival->shows |= TCPSHAKE_SHOWS_LATE_HANDSHAKE;
}

/* Who holds TIME-WAIT, since when. */
static void
follow_time_wait(tcpshake_arrival *arrival, const uint8_t before[2])
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint8_t                state[2] = { conversation->end[0].state, conversation->end[1].state };

    if (before[0] != TCPSHAKE_TIME_WAIT && before[1] != TCPSHAKE_TIME_WAIT && state[0] != TCPSHAKE_TIME_WAIT &&
        state[1] != TCPSHAKE_TIME_WAIT)
        return;
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const uint8_t role = (uint8_t)tcpshake_role_of(conversation, end);
        const bool    holds = conversation->end[end].state == TCPSHAKE_TIME_WAIT;
        const bool    anew = before[end] != TCPSHAKE_TIME_WAIT || !(conversation->time_wait_owner & role);
        if (holds && anew && !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)) {
            conversation->time_wait_owner |= role;
            conversation->time_wait = tcpshake_now(arrival);
        } else if (!holds && before[end] == TCPSHAKE_TIME_WAIT && conversation->end[end].state != TCPSHAKE_CLOSED) {
            conversation->time_wait_owner &= (uint8_t)~role;
        }
    }
}

/* A SYN on a four-tuple in TIME-WAIT is answered by anything but its SYN-ACK. */
static void
look_for_turned_away_syn(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (!(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) || arrival->from == conversation->client ||
        conversation->initial[arrival->from] != TCPSHAKE_TIME_WAIT || arrival->sender->state != TCPSHAKE_TIME_WAIT ||
        !(arrival->receiver->flags & TCPSHAKE_END_SYN_WAITS))
        return;
    arrival->shows |= TCPSHAKE_SHOWS_SYN_TURNED_AWAY;
    arrival->since = conversation->previous->time_wait;
}

/* A client's first SYN on a four-tuple without a past: all there was before it is silence. */
static inline bool
has_no_past(const tcpshake_arrival *arrival)
{
    enum { KIND = TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_FIN | TCPSHAKE_RST };

    return arrival->conversation->first.frame == arrival->segment->frame && !arrival->conversation->previous &&
           (arrival->segment->flags & KIND) == TCPSHAKE_SYN;
}

/* What the segment shows of what was before it. */
static void
look_back(tcpshake_arrival *arrival)
{
    if (arrival->receiver->pending)
        tcpshake_deliver_to_receiver(arrival);
    if (tcpshake_anomalies(arrival->conversation)) {
        tcpshake_restore_fin(arrival);
        tcpshake_doubt_fin(arrival);
        tcpshake_doubt_inferred_fin(arrival);
    }
    tcpshake_doubt_ack(arrival);
    if (arrival->conversation->previous && tcpshake_opens_with_earlier_syn(arrival))
        tcpshake_open_with_earlier_syn(arrival);
    if (tcpshake_acknowledges_unseen_syn_ack(arrival))
        tcpshake_renew_unseen(arrival);
    tcpshake_check_presumptions(arrival);
    tcpshake_restore_isn(arrival);
}

static void
apply_segment(tcpshake_arrival *arrival)
{
    tcpshake_count_resets(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_FIN))
        tcpshake_count_fin_segment(arrival->conversation, arrival->allocator);
    tcpshake_follow_idle_acks(arrival);
    if (tcpshake_is_old_duplicate(arrival)) { /* not of this connection: it changes nothing */
        arrival->shows |= TCPSHAKE_SHOWS_OLD_DUPLICATE;
        return;
    }
    if (arrival->late_syn_ack)
        return;
    if (!has_no_past(arrival))
        look_back(arrival);
    tcpshake_judge_before(arrival);
    if (tcpshake_anomalies(arrival->conversation) || arrival->conversation->previous)
        tcpshake_reconsider(arrival);
    if (tcpshake_acknowledges_the_unsent(arrival))
        return;
    tcpshake_follow_waiting(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        tcpshake_send_reset(arrival);
        tcpshake_receive_reset(arrival);
    } else if (tcpshake_has(arrival, TCPSHAKE_SYN)) {
        tcpshake_send_syn(arrival);
        tcpshake_deliver_after_sending(arrival);
        tcpshake_receive_syn(arrival);
        if (tcpshake_has(arrival, TCPSHAKE_ACK | TCPSHAKE_FIN)) { /* section 3.10.7.3: the FIN counts as well */
            tcpshake_send_closing(arrival);
            tcpshake_receive_closing(arrival);
        }
    } else if (tcpshake_has(arrival, TCPSHAKE_ACK)) { /* section 3.10.7.4: without ACK it is dropped */
        look_for_turned_away_syn(arrival);
        tcpshake_send_opening_ack(arrival);
        tcpshake_send_closing(arrival);
        tcpshake_deliver_after_sending(arrival);
        tcpshake_receive_opening_ack(arrival);
        tcpshake_receive_closing(arrival);
    }
    tcpshake_remember_numbers(arrival);
}

/* A FIN that acknowledges the peer's, and the peer's SYN with it, is known by the steps of the close. */
static uint8_t
at_most_two(uint8_t steps)
{
    enum {
        OPENS = TCPSHAKE_STEP_ACK | TCPSHAKE_STEP_SYN_ACK,
        FIN = TCPSHAKE_STEP_FIN1 | TCPSHAKE_STEP_FIN2,
        ACK_OF_FIN = TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2_ACK
    };

    return steps & FIN && steps & ACK_OF_FIN ? (uint8_t)(steps & ~(unsigned)OPENS) : steps;
}

/* A RST that was still under way when its receiver sent this ends it right after this segment. */
static bool
is_overdue(const tcpshake_arrival *arrival, const tcpshake_entry *last, const uint8_t state[2])
{
    return !arrival->delivered && (state[0] != last->state[0] || state[1] != last->state[1]);
}

static void
record(tcpshake_arrival *arrival, const uint8_t before[2])
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint8_t                state[2] = { conversation->end[0].state, conversation->end[1].state };
    const bool                   changed = state[0] != before[0] || state[1] != before[1];
    const tcpshake_entry *const  last = tcpshake_last_entry(&conversation->timeline);

    if (changed)
        conversation->changed = tcpshake_now(arrival);
    if (!changed && !arrival->steps && !arrival->kept && last && !is_overdue(arrival, last, state))
        return;
    tcpshake_entry *const entry = tcpshake_timeline_at(&conversation->timeline, arrival->allocator,
                                                       arrival->segment->frame, arrival->from, state);
    if (!entry)
        return;
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        entry->state[end] = arrival->first[end] != TCPSHAKE_UNKNOWN ? arrival->first[end] : state[end];
    entry->steps = at_most_two(entry->steps | arrival->steps);
    const uint32_t acks = arrival->acks_fin ? arrival->acks_fin : arrival->acks_syn;
    if (acks)
        tcpshake_set_acknowledged(conversation, acks, arrival->allocator);
}

tcpshake_arrival
tcpshake_arrival_of(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits,
                    const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    const uint8_t to = TCPSHAKE_OTHER(segment->from);

    return (tcpshake_arrival){
        .conversation = conversation,
        .segment = segment,
        .limits = limits,
        .allocator = allocator,
        .hosts = hosts,
        .sender = &conversation->end[segment->from],
        .receiver = &conversation->end[to],
        .from = segment->from,
        .to = to,
        .span = tcpshake_segment_span(segment),
    };
}

/* Some stacks count what only fills the frame as data. Behind a FIN there is nothing else. */
static bool
fills_the_frame(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    return segment->fills_frame && tcpshake_end_is(&conversation->end[segment->from], TCPSHAKE_END_SENT_FIN);
}

static void
look_for_beginning(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->first.frame == 0)
        tcpshake_begin(arrival);
    else if (tcpshake_has(arrival, TCPSHAKE_SYN) || conversation->flags & TCPSHAKE_CONVERSATION_LATE_OPENING)
        tcpshake_look_for_new_beginning(arrival);
    if (!arrival->begins)
        tcpshake_look_for_hole(arrival);
}

/* To recognise the packet where its sequence number was rewritten. */
static void
mark_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t               tsecr = tcpshake_has(arrival, TCPSHAKE_ACK) ? arrival->clock : 0;

    if (conversation->asked.frame || conversation->late_data_frame)
        return;
    const uint8_t before = tcpshake_end_is(arrival->sender, TCPSHAKE_END_SYN_MARKED)
                               ? tcpshake_point_of_mark(conversation->syn_mark[arrival->from])
                               : 0;
    if (tcpshake_is_other_point(before, arrival->segment->point))
        tcpshake_copied_of(arrival, before, false);
    arrival->sender->flags |= TCPSHAKE_END_SYN_MARKED;
    conversation->syn_mark[arrival->from] =
        tcpshake_syn_mark(arrival->segment, arrival->stamp, tsecr, arrival->sender->wscale);
}

/* What can be known again at another point: a SYN, unless it is not taken for its sender's last (opening.c) and its
 * options are not read; and the ACK that ends the handshake. */
static void
identify(tcpshake_arrival *arrival)
{
    const bool is_syn = tcpshake_has(arrival, TCPSHAKE_SYN) && arrival->sender->syn_frame == arrival->segment->frame;

    if (is_syn)
        mark_syn(arrival);
    if (is_syn || (tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->conversation->ack.frame == arrival->segment->frame))
        tcpshake_follow_twins(arrival);
}

static void
process_in_full(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint8_t                before[2] = { conversation->end[0].state, conversation->end[1].state };
    const uint8_t                handshake = conversation->handshake;

    if (!tcpshake_take_clean_step(arrival))
        apply_segment(arrival);
    follow_time_wait(arrival, before);
    complete_handshake(arrival);
    tcpshake_follow_groups(arrival, before, handshake);
    identify(arrival);
    if (conversation->extra && conversation->extra->copied)
        tcpshake_note_sight(arrival);
    record(arrival, before);
    tcpshake_judge_after(arrival);
    tcpshake_update_fast_path(arrival);
}

/* It moves nothing, and only counts. */
static void
process_same_reset(tcpshake_arrival *arrival)
{
    const uint8_t closed[2] = { TCPSHAKE_CLOSED, TCPSHAKE_CLOSED };

    tcpshake_count_resets(arrival);
    tcpshake_judge_before(arrival);
    arrival->steps = TCPSHAKE_STEP_RST;
    tcpshake_remember_first_reset(arrival);
    tcpshake_remember_same_reset(arrival);
    record(arrival, closed);
}

/* A RST that ends the conversation may prove to have been none of its own. What it has shown to have begun before it
 * (section 3.5.1, figure 9) has begun all the same. */
static void
process(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   resets = tcpshake_has(arrival, TCPSHAKE_RST);
    tcpshake_before              before;

    look_for_beginning(arrival);
    if (resets && tcpshake_repeats_reset(arrival)) {
        process_same_reset(arrival);
        return;
    }
    const bool ends = resets && tcpshake_rare_of(conversation)->rst.frame == 0;
    if (ends)
        tcpshake_remember_before(conversation, arrival->from, &before);
    process_in_full(arrival);
    if (ends)
        tcpshake_remember_changes(conversation, &before, arrival->segment->frame, arrival->allocator);
}

/* What its packets look like, to tell it from one that only pretends to be of this end. A RST is not asked: it may be
 * that. */
static void
remember_packet(tcpshake_end *sender, const tcpshake_segment *segment)
{
    enum { STEP = 64 };
    const uint16_t beyond_next = (uint16_t)(segment->ip_id - sender->ip_id - 1);

    sender->last = (tcpshake_moment){ segment->time, segment->frame };
    if (segment->flags & TCPSHAKE_RST)
        return;
    if (beyond_next >= STEP)
        sender->id_streak = 0;
    else if (sender->id_streak < UINT8_MAX)
        sender->id_streak++;
    sender->ip_id = segment->ip_id;
    sender->ttl = segment->ttl;
    if (sender->first_ttl == 0)
        sender->first_ttl = segment->ttl;
}

static TCPSHAKE_NO_INLINE void
process_copy(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_packet *original,
             const tcpshake_limits *limits, const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    tcpshake_arrival arrival = tcpshake_arrival_of(conversation, segment, limits, allocator, hosts);

    arrival.shows = TCPSHAKE_SHOWS_COPY;
    arrival.since = (tcpshake_moment){ original->time, original->frame };
    arrival.first_point = original->point;
    arrival.first_ttl = original->ttl;
    if (segment->flags & TCPSHAKE_SYN) /* its answer, if there is one, tells more: reconsider.c */
        arrival.receiver->flags &= ~(uint32_t)TCPSHAKE_END_FAST_PATH;
    tcpshake_judge_after(&arrival);
    if (original->point != segment->point || original->ttl != segment->ttl)
        tcpshake_count_copy(&arrival);
}

static TCPSHAKE_NO_INLINE void
process_step(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits,
             const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    tcpshake_segment bare; /* without what only fills the frame */

    if (fills_the_frame(conversation, segment)) {
        bare = *segment;
        bare.length = 0;
        segment = &bare;
    }
    tcpshake_arrival arrival = tcpshake_arrival_of(conversation, segment, limits, allocator, hosts);
    arrival.follows_idle = tcpshake_end_is(&conversation->end[conversation->last_from], TCPSHAKE_END_LAST_WAS_IDLE);
    arrival.sender->flags &= ~(uint32_t)TCPSHAKE_END_LAST_WAS_IDLE;
    if (tcpshake_is_to_itself(segment))
        tcpshake_follow_itself(&arrival);
    else
        process(&arrival);
}

void
tcpshake_process_segment(tcpshake_conversation *conversation, const tcpshake_segment *segment,
                         const tcpshake_limits *limits, const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    tcpshake_segment known; /* with the numbers of the record */

    tcpshake_zeek_take(&conversation->zeek, segment, allocator);
    if (segment->flags & TCPSHAKE_SYN && tcpshake_is_renumbered(conversation, segment))
        tcpshake_learn_numbering(conversation, segment, allocator);
    if (conversation->extra && conversation->extra->numbers)
        segment = tcpshake_as_in_record(conversation, segment, &known);
    const tcpshake_packet *const original = tcpshake_captured_before(conversation, segment, hosts, allocator);

    if (original) {
        process_copy(conversation, segment, original, limits, allocator, hosts);
    } else {
        if (!tcpshake_fast_path(conversation, segment, limits))
            process_step(conversation, segment, limits, allocator, hosts);
        remember_packet(&conversation->end[segment->from], segment);
        conversation->last_frame = segment->frame;
        conversation->last_from = segment->from;
    }
}
