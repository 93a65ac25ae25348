/* anew.c
 * A conversation that begins in the record of an earlier one. Wireshark gives a SYN no stream of its own if it has the
 * number of the SYN before it, as that of a device that counts from the same number after each start; nor a SYN-ACK
 * whose SYN is not in the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

#include <string.h>

static bool
was_opened(const tcpshake_conversation *conversation)
{
    return conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
           conversation->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS;
}

static bool
is_same_again(const tcpshake_arrival *arrival)
{
    return arrival->from == arrival->conversation->client && tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ISN) &&
           arrival->sender->isn == arrival->segment->seq && was_opened(arrival->conversation);
}

/* A SYN into a connection whose own was not captured; not one that is its own and only late in the capture. Who was the
 * client of that one is a guess: either end may open the next. */
static bool
is_behind_the_middle(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM &&
           !(arrival->sender->flags & (TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_SYN)) &&
           (tcpshake_since(arrival, conversation->first) > TCPSHAKE_SECOND || !tcpshake_precedes_all(arrival));
}

/* RFC 9293 section 3.4.3: no copy lives longer than MSL, and behind the handshake's ACK no SYN is sent again. One that
 * comes later is another, of an end that has forgotten the connection. An end that has closed may open again sooner:
 * then one that is late by a second is no copy. */
static bool
may_be_a_copy(const tcpshake_arrival *arrival)
{
    const int64_t copies = tcpshake_has_ended(arrival->sender) ? TCPSHAKE_SECOND : arrival->limits->msl;

    return tcpshake_since(arrival, arrival->conversation->ack) <= copies;
}

/* A SYN-ACK with another number from the end that has answered before, and the conversation is over. */
static bool
is_behind_the_end(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool closed = arrival->sender->flags & arrival->receiver->flags & TCPSHAKE_END_SENT_FIN;
    const bool reset = tcpshake_rare_of(conversation)->rst.frame && was_opened(conversation);

    return arrival->from != conversation->client && arrival->segment->seq != arrival->sender->isn &&
           (closed || (reset && tcpshake_has_ended(arrival->sender) && tcpshake_has_ended(arrival->receiver)));
}

/* The client is not in the capture, and this SYN-ACK answers another SYN than its last one. Nobody will be seen to
 * acknowledge it. */
static bool
answers_another_unseen_syn(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const client = arrival->receiver;

    if (tcpshake_end_is(client, TCPSHAKE_END_SEEN) || arrival->from == arrival->conversation->client)
        return false;
    return is_behind_the_middle(arrival) ||
           (tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ISN) && tcpshake_end_is(client, TCPSHAKE_END_HAS_ISN) &&
            arrival->segment->seq != arrival->sender->isn && arrival->segment->ack != client->isn + 1);
}

/* Which anomalies were found, but not the findings: they stay in the record. False: there is no memory. */
static bool
keep_anomalies(tcpshake_conversation *copy, const tcpshake_allocator *allocator)
{
    tcpshake_findings *const kept = tcpshake_allocate(allocator, sizeof *kept);

    if (!kept)
        return false;
    kept->anomalies = copy->findings->anomalies;
    copy->findings = kept;
    return true;
}

/* The conversation as it is becomes the one before on the four-tuple; its timeline and its findings stay in the record.
 * NULL: there is no memory. */
static tcpshake_conversation *
copy_of(tcpshake_conversation *conversation, const tcpshake_allocator *allocator)
{
    struct copies { /* in one block: neither grows */
        tcpshake_conversation conversation;
        tcpshake_extra        extra;
    };
    const tcpshake_extra *const extra = tcpshake_extra_of(conversation, allocator);
    struct copies *const        copies = extra ? allocator->resize(allocator->context, NULL, sizeof *copies) : NULL;

    if (!copies)
        return NULL;
    tcpshake_conversation *const copy = &copies->conversation;
    tcpshake_extra *const        extra_copy = &copies->extra;
    *copy = *conversation;
    *extra_copy = *extra;
    copy->extra = extra_copy;
    extra_copy->tally = NULL;
    extra_copy->links = NULL;
    extra_copy->changes = NULL;
    extra_copy->late = NULL;
    copy->timeline = (tcpshake_timeline){ 0 };
    return !copy->findings || keep_anomalies(copy, allocator) ? copy : NULL;
}

/* Makes room for another conversation, which begins with that frame. False: there is no memory. */
static bool
set_aside(tcpshake_arrival *arrival, uint32_t begun)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    tcpshake_group_leave(arrival->hosts, &conversation->member);
    tcpshake_conversation *const before = copy_of(conversation, arrival->allocator);
    if (!before)
        return false;
    const tcpshake_conversation old = *conversation;
    tcpshake_extra *const       extra = old.extra;
    *conversation = (tcpshake_conversation){
        .timeline = old.timeline,
        .previous = before,
        .findings = old.findings,
        .extra = extra,
        .first = old.first,
        .last_frame = old.last_frame,
        .last_from = old.last_from,
        .zeek = old.zeek,
    };
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        conversation->end[end].last = old.end[end].last;
    *extra = (tcpshake_extra){
        .tally = extra->tally, .links = extra->links, .changes = extra->changes, .late = extra->late, .begun = begun
    };
    tcpshake_follow_on(conversation, before);
    tcpshake_forget_changes(conversation);
    return true;
}

/* What may open another conversation, if what follows shows it: a SYN that may be a copy, or a SYN-ACK behind the end.
 */
struct tcpshake_late {
    tcpshake_segment segment;
    uint8_t          options[40]; /* section 3.1: there is no room for more */
    uint32_t         challenge;   /* the frame of the plain ACK that came right behind it; or 0 */
};

/* False: it was remembered before, or there is no memory. */
static bool
remember_late(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    const tcpshake_segment *const segment = arrival->segment;
    const bool                    waits = (conversation->flags & TCPSHAKE_CONVERSATION_LATE_OPENING) != 0;
    tcpshake_extra *const         extra = tcpshake_extra_of(conversation, arrival->allocator);

    if (!extra || (waits && extra->late->segment.seq == segment->seq && extra->late->segment.from == segment->from))
        return false;
    if (!extra->late)
        extra->late = arrival->allocator->resize(arrival->allocator->context, NULL, sizeof *extra->late);
    if (!extra->late)
        return false;
    arrival->kept = true; /* an entry to put right */
    conversation->flags |= TCPSHAKE_CONVERSATION_LATE_OPENING;
    extra->late->challenge = 0;
    extra->late->segment = *segment;
    extra->late->segment.source = extra->late->segment.destination = NULL;
    extra->late->segment.data = extra->late->segment.text = NULL;
    extra->late->segment.options = extra->late->options;
    if (segment->options_length > sizeof extra->late->options)
        extra->late->segment.options_length = 0;
    if (extra->late->segment.options_length)
        memcpy(extra->late->options, segment->options, extra->late->segment.options_length);
    return true;
}

/* A copy of the conversation's own SYN has come to a listener (section 3.10.7.2). */
static bool
answers_copy(const tcpshake_arrival *arrival)
{
    return tcpshake_has_ended(arrival->sender) && arrival->segment->ack == arrival->receiver->isn + 1;
}

/* It opens nothing unless the client acknowledges it: SYN-RECEIVED shows here alone. */
static void
put_by_syn_ack(tcpshake_arrival *arrival)
{
    arrival->late_syn_ack = true;
    if (answers_copy(arrival)) {
        arrival->first[arrival->from] = TCPSHAKE_SYN_RECEIVED;
        arrival->kept = true;
    }
    if (remember_late(arrival))
        arrival->shows |= TCPSHAKE_SHOWS_LATE_SYN_ACK;
}

/* RFC 5961 section 4.2. */
static void
look_for_challenge(const tcpshake_arrival *arrival)
{
    enum { KINDS = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST };
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_late *const          late = arrival->conversation->extra->late;

    if (arrival->conversation->last_frame == late->segment.frame && segment->from != late->segment.from &&
        (segment->flags & KINDS) == TCPSHAKE_ACK && segment->length == 0)
        late->challenge = segment->frame;
}

/* Section 3.10.7.3: only an end in SYN-SENT answers the challenge with a RST (section 3.5.1, figure 9). */
static bool
resets_challenge(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return tcpshake_is_reset_without_connection(arrival) && conversation->extra->late->challenge != 0 &&
           conversation->extra->late->challenge == conversation->last_frame;
}

/* What shows that the late segment has opened another conversation: the ACK of a SYN-ACK; the SYN-ACK to a SYN, which
 * no end sends that still has the old one (section 3.10.7.4), or the RST to its challenge ACK. */
static bool
shows_late_opening(const tcpshake_arrival *arrival)
{
    enum { KINDS = TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST };
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_segment *const late = &arrival->conversation->extra->late->segment;
    const bool                    acknowledges = segment->from != late->from && segment->ack == late->seq + 1;

    switch (segment->flags & KINDS) {
    case TCPSHAKE_ACK: return acknowledges && late->flags & TCPSHAKE_ACK && segment->seq == late->ack;
    case TCPSHAKE_SYN | TCPSHAKE_ACK:
        return acknowledges && !(late->flags & TCPSHAKE_ACK) && segment->seq != arrival->sender->isn;
    case TCPSHAKE_RST: return segment->from == late->from && !(late->flags & TCPSHAKE_ACK) && resets_challenge(arrival);
    default: return false;
    }
}

/* Which states the ends are in since that frame, and what that did. */
typedef struct late_opening {
    uint32_t frame;
    uint8_t  state[TCPSHAKE_ENDS], step;
} late_opening;

static bool
had_opened(tcpshake_entry *entry, const void *context)
{
    const late_opening *const late = context;

    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        entry->state[end] = late->state[end];
    if (entry->frame == late->frame)
        entry->steps |= late->step;
    return true;
}

static tcpshake_arrival
earlier_arrival(const tcpshake_arrival *arrival, const tcpshake_segment *segment)
{
    return tcpshake_arrival_of(arrival->conversation, segment, arrival->limits, arrival->allocator, NULL);
}

/* The ACK of the old connection that the SYN has met, as its end would send it again. */
static void
meet_challenge(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          server = arrival->receiver;
    const tcpshake_segment             challenge = {
                    .time = tcpshake_last(conversation).time,
                    .frame = conversation->last_frame,
                    .from = arrival->to,
                    .flags = TCPSHAKE_ACK,
                    .seq = server->snd_nxt,
                    .ack = server->ack_sent,
    };
    tcpshake_arrival answer = earlier_arrival(arrival, &challenge);

    tcpshake_judge_before(&answer);
    tcpshake_receive_opening_ack(&answer);
}

static void
begin_with_late(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    const tcpshake_segment *const late = &conversation->extra->late->segment;
    tcpshake_arrival              opening = earlier_arrival(arrival, late);

    if (!set_aside(arrival, late->frame))
        return;
    tcpshake_begin_opening(&opening);
    if (!(late->flags & TCPSHAKE_ACK)) /* of a SYN-ACK all was said */
        tcpshake_judge_before(&opening);
    tcpshake_send_syn(&opening);
    tcpshake_receive_syn(&opening);
    tcpshake_remember_numbers(&opening);
    const late_opening opened = { late->frame,
                                  { conversation->end[0].state, conversation->end[1].state },
                                  opening.steps };
    tcpshake_rewrite_since(conversation, late->frame, had_opened, &opened);
    if (tcpshake_has(arrival, TCPSHAKE_RST))
        meet_challenge(arrival);
}

void
tcpshake_look_for_new_beginning(tcpshake_arrival *arrival)
{
    enum { KINDS = TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST };
    const unsigned kind = arrival->segment->flags & KINDS;

    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_LATE_OPENING)
        look_for_challenge(arrival);
    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_LATE_OPENING && shows_late_opening(arrival)) {
        begin_with_late(arrival);
    } else if (kind & TCPSHAKE_SYN && !(kind & TCPSHAKE_RST) && tcpshake_is_late_opening(arrival)) {
        tcpshake_place_late_opening(arrival);
    } else if (kind == TCPSHAKE_SYN && is_same_again(arrival) && !tcpshake_is_late_syn(arrival)) {
        arrival->copied_syn = may_be_a_copy(arrival);
        if (arrival->copied_syn)
            remember_late(arrival);
        else if (set_aside(arrival, arrival->segment->frame))
            tcpshake_begin_opening(arrival);
    } else if ((kind == TCPSHAKE_SYN && is_behind_the_middle(arrival)) ||
               (kind == (TCPSHAKE_SYN | TCPSHAKE_ACK) && answers_another_unseen_syn(arrival))) {
        if (set_aside(arrival, arrival->segment->frame))
            tcpshake_begin_opening(arrival);
    } else if (kind == (TCPSHAKE_SYN | TCPSHAKE_ACK) && (is_behind_the_middle(arrival) || is_behind_the_end(arrival))) {
        put_by_syn_ack(arrival);
    }
}
