/* beginning.c
 * How a record begins: who is the client, which state each end was in before the first segment, and what an earlier
 * conversation on the same four-tuple left behind (RFC 9293 sections 3.5.1 and 3.6.1, RFC 6191).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

static bool
time_wait_is_over(const tcpshake_conversation *conversation, const tcpshake_arrival *arrival)
{
    return arrival->segment->time - conversation->time_wait.time >= 2 * arrival->limits->msl;
}

/* The state that the conversation before has left an end in, as far as was seen. An attempt that had no answer has left
 * it where it was. */
static uint8_t
left_in(const tcpshake_conversation *previous, int end)
{
    const uint8_t state = previous->end[end].state;

    return state != TCPSHAKE_CLOSED && tcpshake_waits_still(previous, end) ? TCPSHAKE_TIME_WAIT : state;
}

static bool
holds_connection(const tcpshake_arrival *arrival, const tcpshake_end *end, uint8_t state)
{
    switch (state) {
    case TCPSHAKE_UNKNOWN:
    case TCPSHAKE_CLOSED:
    case TCPSHAKE_LISTEN:
    case TCPSHAKE_SYN_SENT: return false;
    case TCPSHAKE_SYN_RECEIVED: return !tcpshake_is_presumed(end, TCPSHAKE_PRESUMED_SYN);
    case TCPSHAKE_TIME_WAIT: return !time_wait_is_over(arrival->conversation->previous, arrival);
    default: return true;
    }
}

/* A SYN on the four-tuple of an earlier conversation: whoever still holds that one, as far as was seen, still does. */
static void
inherit(tcpshake_arrival *arrival)
{
    enum {
        KEPT = TCPSHAKE_END_SEEN | TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_HAS_ACK |
               TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_ACKED | TCPSHAKE_END_SENT_DATA
    };
    tcpshake_conversation *const       conversation = arrival->conversation;
    const tcpshake_conversation *const previous = conversation->previous;

    if (!previous)
        return;
    if (previous->end[arrival->from].state == TCPSHAKE_TIME_WAIT && !time_wait_is_over(previous, arrival))
        tcpshake_set_initial_state(conversation, arrival->from, TCPSHAKE_TIME_WAIT);
    const tcpshake_end *const old = &previous->end[arrival->to];
    const uint8_t             state = left_in(previous, arrival->to);
    if (!holds_connection(arrival, old, state))
        return;
    const tcpshake_end kept = {
        .isn = old->isn,
        .snd_nxt = old->snd_nxt,
        .ack_sent = old->ack_sent,
        .window_edge = old->window_edge,
        .fin_seq = old->fin_seq,
        .flags = old->flags & KEPT,
        .wscale = old->wscale,
        .offers = old->offers,
        .last.time = old->last.time,
    };
    tcpshake_replace_end(conversation, arrival->to, &kept);
    tcpshake_set_initial_state(conversation, arrival->to, (tcpshake_state)state);
    conversation->flags |= TCPSHAKE_CONVERSATION_INHERITED;
    /* Section 3.6.1 and RFC 6191: TIME-WAIT gives way to a SYN with a higher number than it has seen. */
    if (state != TCPSHAKE_TIME_WAIT)
        return;
    conversation->time_wait = previous->time_wait;
    if (tcpshake_seq_lt(old->ack_sent, arrival->segment->seq))
        tcpshake_set_state(conversation, arrival->to, TCPSHAKE_LISTEN);
}

/* The client is in this state before the first segment, the server listens. */
static void
begin_handshake(tcpshake_conversation *conversation, uint8_t client, tcpshake_state state)
{
    conversation->client = client;
    conversation->opened_by = TCPSHAKE_CLIENT;
    conversation->handshake = TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    tcpshake_set_initial_state(conversation, client, state);
    tcpshake_set_initial_state(conversation, TCPSHAKE_OTHER(client), TCPSHAKE_LISTEN);
}

static void
begin_with_syn(tcpshake_arrival *arrival)
{
    begin_handshake(arrival->conversation, arrival->from, TCPSHAKE_CLOSED);
    inherit(arrival);
}

static void
begin_with_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const client = arrival->receiver;

    begin_handshake(arrival->conversation, arrival->to, TCPSHAKE_SYN_SENT);
    client->isn = arrival->segment->ack - 1;
    client->snd_nxt = arrival->segment->ack;
    client->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_ACTIVE_OPEN;
}

static void
begin_in_the_middle(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    conversation->client =
        arrival->segment->source_port < arrival->segment->destination_port ? arrival->to : arrival->from;
    conversation->handshake = TCPSHAKE_HANDSHAKE_NOT_CAPTURED;
    conversation->flags |= TCPSHAKE_CONVERSATION_ROLES_GUESSED | TCPSHAKE_CONVERSATION_MIDSTREAM;
    /* Followed as open; shown as UNKNOWN until both ends have shown that they had not closed (view.c). */
    tcpshake_set_initial_state(conversation, arrival->from, TCPSHAKE_ESTABLISHED);
    tcpshake_set_initial_state(conversation, arrival->to, TCPSHAKE_ESTABLISHED);
    arrival->shows |= TCPSHAKE_SHOWS_MIDDLE;
}

/* The last SYN again, where Wireshark has seen one with the numbers of another point in between: to it this is new. */
static bool
is_same_at_another_point(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    const tcpshake_end *const sender = &conversation->end[segment->from];

    return conversation->extra && conversation->extra->numbers && sender->flags & TCPSHAKE_END_HAS_ISN &&
           sender->isn == segment->seq;
}

/* RFC 9293 section 3.10.7.3: to an end in SYN-SENT it is an answer, whatever its sender has sent before. */
static bool
answers_syn(const tcpshake_end *sender, const tcpshake_end *receiver, int64_t time)
{
    enum { WAITS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS };

    return receiver->state == TCPSHAKE_SYN_SENT && (receiver->flags & WAITS) == WAITS &&
           time - receiver->last.time <= TCPSHAKE_SYN_PENDING &&
           !(sender->flags & (TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_SYN));
}

static bool
goes_on(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    enum {
        KINDS = TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST,
        KNOWN = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT
    };
    const tcpshake_end *const sender = &conversation->end[segment->from];
    const tcpshake_end *const receiver = &conversation->end[TCPSHAKE_OTHER(segment->from)];

    /* Wireshark may begin a new stream after a RST. */
    if (segment->flags & TCPSHAKE_SYN && tcpshake_was_refused_before(conversation, segment))
        return true;
    switch (segment->flags & KINDS) {
    case TCPSHAKE_SYN:
        if (answers_syn(sender, receiver, segment->time))
            return true;
        return sender->flags & TCPSHAKE_END_SENT_SYN && sender->isn == segment->seq &&
               (sender->state == TCPSHAKE_SYN_SENT || tcpshake_never_left_syn_sent(sender, segment) ||
                segment->time - conversation->ack.time <= TCPSHAKE_SECOND); /* a copy: see anew.c */
    case TCPSHAKE_SYN | TCPSHAKE_ACK:
        /* The old client's own, into TIME-WAIT, opens nothing (RFC 9293 section 3.10.7.1). */
        if (sender->flags & receiver->flags & TCPSHAKE_END_SENT_FIN && segment->from == conversation->client)
            return true;
        if (sender->flags & TCPSHAKE_END_SENT_SYNACK && sender->isn == segment->seq)
            return true;
        if (tcpshake_answers_earlier_syn(conversation, segment))
            return true;
        return (receiver->flags & KNOWN) == KNOWN &&
               tcpshake_seq_between(receiver->isn + 1, segment->ack, receiver->snd_nxt);
    default: return false;
    }
}

bool
tcpshake_goes_on(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    tcpshake_segment              moved;
    const tcpshake_segment *const known = tcpshake_as_in_record(conversation, segment, &moved);

    return goes_on(conversation, known) ||
           (segment->flags & TCPSHAKE_SYN &&
            (is_same_at_another_point(conversation, known) || tcpshake_is_renumbered(conversation, segment)));
}

void
tcpshake_begin_opening(tcpshake_arrival *arrival)
{
    arrival->begins = true;
    if (tcpshake_has(arrival, TCPSHAKE_ACK))
        begin_with_syn_ack(arrival);
    else
        begin_with_syn(arrival);
}

void
tcpshake_begin(tcpshake_arrival *arrival)
{
    arrival->conversation->first = tcpshake_now(arrival);
    arrival->begins = true;
    if (!tcpshake_has(arrival, TCPSHAKE_SYN) || tcpshake_has(arrival, TCPSHAKE_RST))
        begin_in_the_middle(arrival);
    else
        tcpshake_begin_opening(arrival);
}

/* Which end, and the SYN to which it is a new one. */
typedef struct renewed {
    int      end;
    uint32_t syn_frame;
} renewed;

static bool
was_cleared(tcpshake_entry *entry, const void *context)
{
    const renewed *const what = context;
    uint8_t *const       state = &entry->state[what->end];

    if (entry->frame >= what->syn_frame)
        *state = TCPSHAKE_SYN_RECEIVED;
    else if (*state >= TCPSHAKE_ESTABLISHED)
        *state = TCPSHAKE_CLOSED;
    return true;
}

/* Where the client's RST, the last word between the two before its SYN, has cleared the older connection
 * (section 3.5.1, figure 9); else that SYN's frame. */
static uint32_t
cleared_in(const tcpshake_arrival *arrival)
{
    const tcpshake_timeline *const timeline = &arrival->conversation->timeline;
    const tcpshake_entry *const    entries = tcpshake_entries(timeline);
    const uint32_t                 syn_frame = arrival->receiver->syn_frame, heard = arrival->sender->last.frame;

    for (uint32_t i = timeline->count; i > 0 && entries[i - 1].frame > heard; i--)
        if (entries[i - 1].frame < syn_frame && entries[i - 1].steps & TCPSHAKE_STEP_RST)
            return entries[i - 1].frame;
    return syn_frame;
}

/* The receiver of the new SYN turned out to hold nothing that hinders it: it is a new end from that SYN on. */
void
tcpshake_renew(tcpshake_arrival *arrival)
{
    const tcpshake_end new_end = { .last = arrival->sender->last };
    const renewed      what = { arrival->from, arrival->receiver->syn_frame };

    tcpshake_replace_end(arrival->conversation, arrival->from, &new_end);
    tcpshake_rewrite_since(arrival->conversation, cleared_in(arrival), was_cleared, &what);
    arrival->conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_INHERITED;
}

/* Which end, and what it had been all the time. */
typedef struct resumed {
    int     end;
    uint8_t state;
} resumed;

static bool
never_opened_anew(tcpshake_entry *entry, const void *context)
{
    const resumed *const was = context;

    if (entry->state[was->end] != TCPSHAKE_SYN_SENT)
        return false;
    entry->state[was->end] = was->state;
    return true;
}

/* The SYN has opened nothing: the connection is open as it was before. */
static void
resume_handshake(tcpshake_conversation *conversation)
{
    const tcpshake_conversation *const previous = conversation->previous;
    const bool one_opened = previous->opened_by == TCPSHAKE_CLIENT || previous->opened_by == TCPSHAKE_SERVER;
    const bool swapped = one_opened && previous->client != conversation->client;

    conversation->handshake = previous->handshake;
    conversation->opened_by = swapped ? previous->opened_by ^ TCPSHAKE_BOTH : previous->opened_by;
    conversation->flags |= previous->flags & TCPSHAKE_CONVERSATION_MIDSTREAM;
}

/* The rare values that the end had in the conversation before; the counts are this conversation's. */
static void
resume_rare(const tcpshake_arrival *arrival, const tcpshake_rare_end *now)
{
    const tcpshake_extra *const old = arrival->conversation->previous->extra;
    tcpshake_extra *const       extra =
        old ? tcpshake_extra_of(arrival->conversation, arrival->allocator) : arrival->conversation->extra;

    if (!extra)
        return;
    if (old)
        extra->rare.end[arrival->from] = old->rare.end[arrival->from];
    extra->rare.end[arrival->from].more_syns = now->more_syns;
    extra->rare.end[arrival->from].more_fins = now->more_fins;
}

/* After a SYN on a four-tuple in use, its sender goes on with the earlier connection: the SYN was not its own. */
void
tcpshake_resume(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end                 old = conversation->previous->end[arrival->from];
    const resumed                was = { arrival->from, old.state };
    const tcpshake_rare_end      rare = tcpshake_rare_of(conversation)->end[arrival->from];

    old.presumed = old.pending = 0;
    old.flags &= ~(uint32_t)TCPSHAKE_END_LAST_WAS_IDLE;
    old.flags |= arrival->sender->flags & TCPSHAKE_END_LAST_WAS_IDLE;
    old.syn_count = arrival->sender->syn_count;
    old.syn_frame = arrival->sender->syn_frame;
    old.fin_count = arrival->sender->fin_count; /* those of the conversation before are not counted again */
    old.last = arrival->sender->last;
    if (old.state != TCPSHAKE_SYN_SENT)
        tcpshake_rewrite_since(conversation, 0, never_opened_anew, &was);
    tcpshake_replace_end(conversation, arrival->from, &old);
    resume_rare(arrival, &rare);
    tcpshake_set_initial_state(conversation, arrival->from, (tcpshake_state)was.state);
    if (tcpshake_is_presumed(arrival->receiver, TCPSHAKE_PRESUMED_SYN))
        tcpshake_take_back(conversation, arrival->to, TCPSHAKE_PRESUMED_SYN);
    if (tcpshake_is_synchronised(arrival->sender))
        resume_handshake(conversation);
}
