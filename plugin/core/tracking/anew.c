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
is_over(const tcpshake_end *end)
{
    return end->state == TCPSHAKE_CLOSED || end->state == TCPSHAKE_TIME_WAIT;
}

/* RFC 9293 section 3.4.3: no copy lives longer than MSL, and behind the handshake's ACK no SYN is sent again. One that
 * comes later is another, of an end that has forgotten the connection. An end that has closed may open again sooner:
 * then one that is late by a second is no copy. */
static bool
opens_anew(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const int64_t                      copies = is_over(arrival->sender) ? TCPSHAKE_SECOND : arrival->limits->msl;

    return tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ISN) && arrival->sender->isn == arrival->segment->seq &&
           was_opened(conversation) && tcpshake_since(arrival, conversation->ack) > copies;
}

/* A SYN-ACK with another number from the end that has answered before, and the conversation is over. */
static bool
is_behind_the_end(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool closed = arrival->sender->flags & arrival->receiver->flags & TCPSHAKE_END_SENT_FIN;
    const bool reset = conversation->rst.frame && was_opened(conversation);

    return arrival->from != conversation->client && arrival->segment->seq != arrival->sender->isn &&
           (closed || (reset && is_over(arrival->sender) && is_over(arrival->receiver)));
}

/* The old conversation becomes the one before on the four-tuple, with all that matters of it there. What was found and
 * shown of it stays. False: there is no memory. */
static bool
set_aside(tcpshake_arrival *arrival, uint32_t begun)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = tcpshake_extra_of(conversation, arrival->allocator);
    tcpshake_conversation *const before =
        extra ? tcpshake_conversation_new(arrival->allocator, conversation->previous) : NULL;

    if (!before)
        return false;
    tcpshake_group_leave(&conversation->member);
    const tcpshake_conversation old = *conversation;
    *before = old;
    before->timeline = (tcpshake_timeline){ 0 };
    before->findings = NULL;
    before->finding_count = before->finding_capacity = 0;
    before->extra = NULL;
    *conversation = (tcpshake_conversation){
        .timeline = old.timeline,
        .previous = before,
        .findings = old.findings,
        .finding_count = old.finding_count,
        .finding_capacity = old.finding_capacity,
        .anomalies = old.anomalies,
        .extra = extra,
        .first = old.first,
        .last = old.last,
        .last_from = old.last_from,
        .zeek = old.zeek,
        .proven_frame = old.proven_frame,
    };
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        conversation->end[end].last = old.end[end].last;
        conversation->end[end].before_last = old.end[end].before_last;
    }
    *extra = (tcpshake_extra){ .tally = extra->tally, .changes = extra->changes, .late = extra->late, .begun = begun };
    tcpshake_forget_changes(conversation);
    return true;
}

/* A SYN-ACK that came behind the end of a conversation. */
struct tcpshake_late_syn_ack {
    tcpshake_segment segment;
    uint8_t          options[40]; /* section 3.1: there is no room for more */
};

/* Anybody's, or an old one: it opens nothing unless the client acknowledges it. */
static void
remember_late(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    const tcpshake_segment *const segment = arrival->segment;
    const bool                    waits = (conversation->flags & TCPSHAKE_CONVERSATION_LATE_SYN_ACK) != 0;
    tcpshake_extra *const         extra = tcpshake_extra_of(conversation, arrival->allocator);

    arrival->late_syn_ack = true;
    if (!extra || (waits && extra->late->segment.seq == segment->seq))
        return;
    if (!extra->late)
        extra->late = arrival->allocator->resize(arrival->allocator->context, NULL, sizeof *extra->late);
    if (!extra->late)
        return;
    arrival->shows |= TCPSHAKE_SHOWS_LATE_SYN_ACK;
    arrival->kept = true; /* an entry to put right */
    conversation->flags |= TCPSHAKE_CONVERSATION_LATE_SYN_ACK;
    extra->late->segment = *segment;
    extra->late->segment.source = extra->late->segment.destination = NULL;
    extra->late->segment.options = extra->late->options;
    if (segment->options_length > sizeof extra->late->options)
        extra->late->segment.options_length = 0;
    if (extra->late->segment.options_length)
        memcpy(extra->late->options, segment->options, extra->late->segment.options_length);
}

/* Since the SYN-ACK: which end had sent it, and where. */
typedef struct opened_by_late {
    int      server;
    uint32_t frame;
} opened_by_late;

static bool
had_opened(tcpshake_entry *entry, const void *context)
{
    const opened_by_late *const late = context;

    entry->state[late->server] = TCPSHAKE_SYN_RECEIVED;
    entry->state[TCPSHAKE_OTHER(late->server)] = TCPSHAKE_ESTABLISHED;
    if (entry->frame == late->frame)
        entry->steps |= TCPSHAKE_STEP_SYN_ACK;
    return true;
}

static bool
acknowledges_late(const tcpshake_arrival *arrival)
{
    const tcpshake_segment *const late = &arrival->conversation->extra->late->segment;

    return arrival->from != late->from && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           !(arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)) && arrival->segment->ack == late->seq + 1 &&
           arrival->segment->seq == late->ack;
}

static void
begin_with_late_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    const tcpshake_segment *const late = &conversation->extra->late->segment;
    const opened_by_late          opened = { late->from, late->frame };
    tcpshake_arrival before = tcpshake_arrival_of(conversation, late, arrival->limits, arrival->allocator, NULL);

    if (!set_aside(arrival, late->frame))
        return;
    tcpshake_begin_opening(&before);
    tcpshake_send_syn(&before);
    tcpshake_receive_syn(&before);
    tcpshake_remember_numbers(&before);
    tcpshake_rewrite_since(conversation, late->frame, had_opened, &opened);
}

void
tcpshake_look_for_new_beginning(tcpshake_arrival *arrival)
{
    enum { KINDS = TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST };
    const unsigned kind = arrival->segment->flags & KINDS;

    if (kind == TCPSHAKE_SYN && opens_anew(arrival)) {
        if (set_aside(arrival, arrival->segment->frame))
            tcpshake_begin_opening(arrival);
    } else if (kind == (TCPSHAKE_SYN | TCPSHAKE_ACK) && is_behind_the_end(arrival)) {
        remember_late(arrival);
    } else if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_LATE_SYN_ACK && acknowledges_late(arrival)) {
        begin_with_late_syn_ack(arrival);
    }
}
