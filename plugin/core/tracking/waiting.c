/* waiting.c
 * What an end waits for: the next segment at all, the answer to a request, a probe or a retransmission, the other end's
 * FIN. (Not TIME-WAIT: that is in tracker.c and closing.c.) Updated on each segment that is not ordinary, after the
 * rules that are asked before it; a clean step needs none of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* If an end keeps sending for this long, its peer must be acknowledging; otherwise it would have retransmitted by then
 * (RFC 6298 section 2). */
static const int64_t ACKNOWLEDGED_BY = 3 * TCPSHAKE_SECOND;

/* The intervals of a keep-alive timer, or of one who polls, are not equal to the millisecond. */
static const int64_t INTERVAL_VARIES = TCPSHAKE_SECOND / 4;

static void
follow_gap(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    arrival->survived = conversation->longest_gap;
    if (conversation->last_frame == 0)
        return;
    const int64_t gap = arrival->segment->time - tcpshake_last_time(conversation);
    if (gap > conversation->longest_gap && tcpshake_is_open(arrival) && !arrival->behind_hole)
        conversation->longest_gap = gap;
}

/* All of it was sent before, or it is the same probe again. */
static bool
repeats_itself(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;
    const uint32_t            span = arrival->span;

    if (tcpshake_is_probe(arrival))
        return tcpshake_rare_of(arrival->conversation)->end[arrival->from].probe_frame != 0;
    return span > 0 && tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) &&
           tcpshake_seq_le(arrival->segment->seq + span, sender->snd_nxt);
}

/* An end repeats itself, and nothing has come: a connection that waits is not idle. */
static bool
waits_for_answer(const tcpshake_conversation *conversation, int which)
{
    const tcpshake_end *const end = &conversation->end[which];

    return end->repeats != 0 || tcpshake_rare_of(conversation)->end[which].probe_frame != 0 ||
           tcpshake_repeats_fin_in_vain(end) || (end->syn_count > 1 && tcpshake_end_is(end, TCPSHAKE_END_SYN_WAITS));
}

/* The RST is the answer to what its receiver has sent right before it and nobody has acknowledged; or its sender knows
 * no connection, and answers whatever comes (section 3.10.7.1). */
static bool
answers_the_last(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const bool unacknowledged =
        tcpshake_end_is(receiver, TCPSHAKE_END_HAS_SND_NXT) &&
        (!tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) || tcpshake_seq_lt(sender->ack_sent, receiver->snd_nxt));

    return arrival->conversation->last_from == arrival->to &&
           tcpshake_since(arrival, tcpshake_last(arrival->conversation)) <= TCPSHAKE_PAUSE &&
           (unacknowledged || tcpshake_is_reset_without_connection(arrival));
}

static void
end_exchange(tcpshake_arrival *arrival, bool waits)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (!waits && !answers_the_last(arrival))
        return;
    arrival->silence = conversation->silence;
    arrival->longest = (conversation->flags & TCPSHAKE_CONVERSATION_LONGEST_SILENCE) != 0;
}

/* A bare ACK of something that was not captured: the other end has spoken. */
static bool
answers_the_unseen(const tcpshake_arrival *arrival)
{
    return arrival->span == 0 && !tcpshake_has(arrival, TCPSHAKE_RST) && tcpshake_acknowledges_unseen(arrival);
}

/* What one end says until the other speaks is one exchange. It begins with the first of it, or behind the longest
 * silence in it. waits: somebody repeats itself; repeats: the sender does, with this. */
static void
take_exchange(tcpshake_arrival *arrival, bool waits, bool repeats)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   ends = (arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) != 0;
    const int64_t                gap = tcpshake_since(arrival, tcpshake_last(conversation));

    if (!ends && arrival->from == conversation->last_from && gap <= conversation->silence)
        return;
    arrival->exchange = conversation->silence;
    arrival->silence = -1;
    if (conversation->last_frame == 0 || arrival->behind_hole)
        return;
    if (!waits)
        arrival->silence = gap;
    arrival->longest = arrival->silence > arrival->survived + INTERVAL_VARIES;
    if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        end_exchange(arrival, waits);
    } else if ((arrival->from != conversation->last_from || arrival->silence > conversation->silence) && !repeats) {
        conversation->silence = arrival->silence;
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_LONGEST_SILENCE;
        if (arrival->longest)
            conversation->flags |= TCPSHAKE_CONVERSATION_LONGEST_SILENCE;
    }
}

static void
follow_exchange(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (answers_the_unseen(arrival)) { /* the unseen segment ended the silence and began this exchange */
        conversation->silence = 0;
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_LONGEST_SILENCE;
        return;
    }
    take_exchange(arrival, waits_for_answer(conversation, 0) || waits_for_answer(conversation, 1),
                  repeats_itself(arrival));
}

static void
answer(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const int64_t                waited = tcpshake_since(arrival, conversation->asked);

    if (waited > conversation->longest_read && !tcpshake_numbers_jump(arrival))
        conversation->longest_read = waited;
    conversation->asked.frame = 0;
}

/* The client acknowledges an answer that is not in the capture, or comes right behind this: until the next segment
 * shows which, a long wait stands. */
static void
expect_answer(tcpshake_arrival *arrival)
{
    const bool is_bare = arrival->span == 0 && !tcpshake_has(arrival, TCPSHAKE_RST);

    if (is_bare &&
        tcpshake_is_over(tcpshake_since(arrival, arrival->conversation->asked), arrival->limits->read_timeout))
        arrival->sender->flags |= TCPSHAKE_END_ANSWER_AHEAD;
    else
        answer(arrival);
}

/* This is the next segment: the answer at once, or it was not captured. */
static void
follow_expected_answer(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          client = &conversation->end[conversation->client];
    const bool                   is_answer = arrival->from != conversation->client && tcpshake_is_new_data(arrival);

    if (!tcpshake_end_is(client, TCPSHAKE_END_ANSWER_AHEAD))
        return;
    client->flags &= ~(uint32_t)TCPSHAKE_END_ANSWER_AHEAD;
    if (!is_answer)
        conversation->asked.frame = 0;
}

/* The server acknowledges all of a request only now that it was sent again. */
static void
follow_lost_request(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const    client = arrival->receiver;

    if (conversation->asked.frame == 0 || arrival->from == conversation->client || client->repeats == 0 ||
        !tcpshake_covers(arrival, client->snd_nxt - 1))
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, arrival->allocator);
    if (extra)
        extra->request_came = tcpshake_now(arrival);
}

/* The client does not wait any longer. */
static void
give_up(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (tcpshake_is_another_fin(arrival))
        return;
    if (tcpshake_is_over(tcpshake_since(arrival, conversation->asked), arrival->limits->read_timeout) ||
        tcpshake_has(arrival, TCPSHAKE_RST))
        conversation->asked.frame = 0;
}

/* The late answer was only a goodbye: it does not count. */
static void
take_leave(tcpshake_arrival *arrival)
{
    const tcpshake_finding *const finding = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_read_timeout);
    const uint32_t                position = arrival->segment->seq + arrival->segment->length;

    if (finding && finding->request.end == TCPSHAKE_REQUEST_ANSWERED &&
        position - finding->request.answer_seq <= TCPSHAKE_GOODBYE_MAX)
        tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_read_timeout);
}

/* The server has acknowledged all of the request already, with data right in front of it: its answer, captured
 * first. */
static bool
was_answered_before(const tcpshake_arrival *arrival)
{
    enum { ANSWERS = TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_SENT_DATA };

    return tcpshake_end_is(arrival->receiver, ANSWERS) && arrival->conversation->last_from == arrival->to &&
           tcpshake_seq_le(arrival->segment->seq + arrival->segment->length, arrival->receiver->ack_sent) &&
           tcpshake_since(arrival, tcpshake_last(arrival->conversation)) < TCPSHAKE_RETRANSMISSION_MIN;
}

static void
ask(tcpshake_arrival *arrival)
{
    if (was_answered_before(arrival)) {
        tcpshake_show_out_of_order(arrival, arrival->conversation->last_frame);
        return;
    }
    if (arrival->conversation->asked.frame != 0 &&
        tcpshake_since(arrival, arrival->conversation->asked) > TCPSHAKE_PAUSE)
        arrival->sender->flags |= TCPSHAKE_END_SENDS_ON;
    if (arrival->conversation->asked.frame == 0)
        tcpshake_begin_request(arrival->conversation, arrival->segment->seq);
    arrival->conversation->asked = tcpshake_now(arrival);
}

/* The server sends data that no request asked for, after a silence longer than the pauses within an answer. What the
 * client sends in such a conversation need not be a request, either. */
static bool
is_push(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return conversation->asked.frame == 0 && tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_DATA) &&
           tcpshake_since(arrival, tcpshake_last(conversation)) > TCPSHAKE_PAUSE;
}

static void
remember_who_is_late(tcpshake_end *who, tcpshake_end *peer)
{
    who->flags |= TCPSHAKE_END_SENT_LATE_DATA;
    peer->flags &= ~(uint32_t)TCPSHAKE_END_SENT_LATE_DATA;
}

/* The server closes before it has received all of the request, which passed the capture point earlier. So the request
 * is data to an end that has sent its FIN, as if it had been captured after the FIN. One that was sent again meanwhile
 * is lost instead. */
static void
cross_request(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    const tcpshake_segment *const segment = arrival->segment;

    if (!tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK) || arrival->receiver->repeats > 0 ||
        tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_FIN) ||
        !tcpshake_seq_lt(segment->ack, arrival->receiver->snd_nxt) ||
        !tcpshake_seq_lt(conversation->asked_seq, arrival->receiver->snd_nxt))
        return;
    arrival->crosses_request = true;
    conversation->late_data_frame = conversation->asked.frame; /* asked.time stays */
    tcpshake_forget_syn_marks(conversation);
    conversation->late_data_seq = tcpshake_seq_max(conversation->asked_seq, segment->ack);
    conversation->flags |= TCPSHAKE_CONVERSATION_LATE_DATA_CROSSED;
    remember_who_is_late(arrival->receiver, arrival->sender);
    arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_ONLY_TLS; /* the data are gone */
}

/* The client sends a few last bytes and resets, sooner than any answer could come: it waits for none. */
static bool
says_goodbye(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return arrival->from == conversation->client && tcpshake_has(arrival, TCPSHAKE_RST) &&
           arrival->segment->seq == arrival->sender->snd_nxt &&
           arrival->sender->snd_nxt - conversation->asked_seq <= TCPSHAKE_FAREWELL_MAX &&
           tcpshake_since(arrival, conversation->asked) < tcpshake_round_trip(conversation) / 2;
}

static void
follow_request(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   closes = (arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) != 0;

    follow_expected_answer(arrival);
    follow_lost_request(arrival);
    arrival->cuts_request_off = closes && conversation->asked.frame != 0 &&
                                !(arrival->from == conversation->client && tcpshake_acknowledges_unseen(arrival)) &&
                                !(conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED) && !says_goodbye(arrival);
    if (closes && conversation->asked.frame != 0 && arrival->from != conversation->client)
        cross_request(arrival);
    if (arrival->from == conversation->client) {
        if (conversation->asked.frame != 0 && tcpshake_acknowledges_unseen(arrival))
            expect_answer(arrival);
        if (arrival->cuts_request_off && tcpshake_has(arrival, TCPSHAKE_FIN) && tcpshake_is_request(conversation))
            arrival->sender->flags |= TCPSHAKE_END_LEFT_WAITING;
        if (tcpshake_is_new_data(arrival) && !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_FIN))
            ask(arrival);
        else if (closes && conversation->asked.frame)
            give_up(arrival);
        return;
    }
    if (tcpshake_is_new_data(arrival) && is_push(arrival))
        conversation->flags |= TCPSHAKE_CONVERSATION_PUSHES;
    if (tcpshake_is_new_data(arrival) && conversation->asked.frame)
        answer(arrival);
    if (closes)
        conversation->asked.frame = 0;
    if (tcpshake_has(arrival, TCPSHAKE_FIN))
        take_leave(arrival);
}

/* The first was the last that the sender sent before this one. Many are followed by their acknowledgment. */
static void
remember_first_repetition(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra =
        arrival->sender->repeats == 1 ? tcpshake_extra_of(arrival->conversation, arrival->allocator) : NULL;

    if (extra)
        extra->repeats_since[arrival->from] = arrival->sender->last.time;
}

/* The sender is there. But while it still asks for what its peer retransmits in vain, the anomaly stays (RFC 9293
 * section 3.8.3). */
static void
end_repetitions(tcpshake_arrival *arrival)
{
    tcpshake_finding *const lost =
        tcpshake_recall_of(arrival->conversation, TCPSHAKE_ANOMALY_connection_lost, arrival->to);
    const bool resets = tcpshake_has(arrival, TCPSHAKE_RST);

    if (lost && !resets && tcpshake_has(arrival, TCPSHAKE_ACK) &&
        tcpshake_seq_le(arrival->segment->ack, lost->repeats.seq)) {
        lost->repeats.confirmed = true;
        return;
    }
    if (lost && !(resets && lost->repeats.confirmed))
        tcpshake_withdraw_from(arrival->conversation, lost->frame, UINT64_C(1) << TCPSHAKE_ANOMALY_connection_lost);
    arrival->receiver->repeats = 0;
}

static void
follow_probes(tcpshake_arrival *arrival, bool probes)
{
    tcpshake_extra *const extra =
        probes ? tcpshake_extra_of(arrival->conversation, arrival->allocator) : arrival->conversation->extra;

    if (!extra)
        return;
    tcpshake_rare_end *const sender = &extra->rare.end[arrival->from], *const receiver = &extra->rare.end[arrival->to];
    receiver->probes = 0;
    receiver->probe_frame = 0;
    if (probes) {
        sender->probes += sender->probe_frame != 0 && sender->probes < UINT8_MAX;
        sender->probe_frame = arrival->segment->frame;
    } else if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        arrival->probed_in_vain = sender->probe_frame != 0;
        sender->probe_frame = 0;
    }
}

/* The sender sends something: the receiver's retransmissions and probes are answered. */
static void
follow_silence(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const bool          probes = tcpshake_is_probe(arrival);

    if (arrival->receiver->repeats)
        end_repetitions(arrival);
    follow_probes(arrival, probes);
    if (!probes && !tcpshake_has(arrival, TCPSHAKE_RST) && tcpshake_is_repetition(arrival)) {
        remember_first_repetition(arrival);
        sender->repeats += sender->repeats < UINT16_MAX;
    }
}

/* What the data begin with: a TLS record (RFC 8446 section 5.1) with a part of its handshake or an alert; the
 * application's data, then or later; or the middle of what came before. */
static void
remember_tls(const tcpshake_segment *segment, tcpshake_end *sender, bool is_first)
{
    enum { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23, VERSION = 3, NEWEST = 4 };
    const uint8_t *const data = segment->data;
    const bool           is_record =
        data && data[0] >= CHANGE_CIPHER_SPEC && data[0] <= APPLICATION_DATA && data[1] == VERSION && data[2] <= NEWEST;

    if (is_record && data[0] == APPLICATION_DATA)
        sender->flags &= ~(uint32_t)TCPSHAKE_END_ONLY_TLS;
    else if (is_record && is_first)
        sender->flags |= TCPSHAKE_END_ONLY_TLS;
}

/* Data to an end that has sent its FIN: it still accepts it, or it has closed and answers with a RST. */
static void
follow_late_data(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;

    if (tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN)) {
        arrival->answers_late_data = tcpshake_has(arrival, TCPSHAKE_RST) && conversation->late_data_frame != 0 &&
                                     !tcpshake_end_is(sender, TCPSHAKE_END_SENT_LATE_DATA);
        const bool takes = tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
                           tcpshake_seq_lt(sender->ack_sent, arrival->segment->ack);
        if (takes || tcpshake_has(arrival, TCPSHAKE_RST))
            conversation->late_data_frame = 0;
        if (takes)
            arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_ONLY_TLS;
    } else if (tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_FIN) && tcpshake_is_new_data(arrival)) {
        remember_tls(arrival->segment, sender, conversation->late_data_frame == 0);
        if (conversation->late_data_frame)
            return;
        remember_who_is_late(sender, arrival->receiver);
        conversation->late_data_frame = arrival->segment->frame;
        conversation->asked = (tcpshake_moment){ arrival->segment->time, 0 };
        tcpshake_forget_syn_marks(conversation);
        conversation->late_data_seq = arrival->segment->seq;
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_LATE_DATA_CROSSED;
        if (!tcpshake_covers(arrival, arrival->receiver->fin_seq))
            conversation->flags |= TCPSHAKE_CONVERSATION_LATE_DATA_CROSSED;
    }
}

/* An end whose peer was never captured shows that there is one. */
static bool
shows_a_peer(const tcpshake_arrival *arrival)
{
    enum { SYNS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK };
    const tcpshake_end *const sender = arrival->sender;
    const bool                acks_more =
        tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) && tcpshake_seq_lt(sender->ack_sent, arrival->segment->ack);

    if (tcpshake_has(arrival, TCPSHAKE_SYN) || tcpshake_has(arrival, TCPSHAKE_RST) ||
        !tcpshake_has(arrival, TCPSHAKE_ACK))
        return false;
    if (sender->flags & SYNS || acks_more)
        return true;
    return tcpshake_is_new_data(arrival) && tcpshake_end_is(sender, TCPSHAKE_END_SENT_DATA) &&
           !tcpshake_end_is(sender, TCPSHAKE_END_REPEATS_UNHEARD) &&
           tcpshake_since(arrival, arrival->conversation->first) > ACKNOWLEDGED_BY;
}

/* Of an end whose peer was never captured: an acknowledgment that nobody has seen would have ended it. */
static void
follow_unheard(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN) || arrival->segment->length == 0)
        return;
    sender->flags &= ~(uint32_t)TCPSHAKE_END_REPEATS_UNHEARD;
    if (!tcpshake_is_new_data(arrival))
        sender->flags |= TCPSHAKE_END_REPEATS_UNHEARD;
}

static void
follow_sides(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   one_sided = (conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED) != 0;

    if (one_sided && !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SEEN)) {
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_ONE_SIDED;
        tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_one_sided);
    } else if (!one_sided && !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN) && shows_a_peer(arrival)) {
        conversation->flags |= TCPSHAKE_CONVERSATION_ONE_SIDED;
        tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_synack_unsolicited); /* its SYN is on the other side */
        arrival->shows |= TCPSHAKE_SHOWS_ONE_SIDE;
    }
    follow_unheard(arrival);
}

/* It acknowledges the last that its receiver has sent, for the first time. */
static inline bool
confirms_all(const tcpshake_arrival *arrival, const tcpshake_end *sender, const tcpshake_end *receiver)
{
    return tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_lt(sender->ack_sent, arrival->segment->ack) && arrival->segment->ack == receiver->snd_nxt;
}

/* An end in CLOSE-WAIT says something more, or all that it has said is acknowledged: from here on it waits anew. */
static void
follow_lingering(tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const bool says_more = sender->state == TCPSHAKE_CLOSE_WAIT && tcpshake_is_new_data(arrival);
    const bool is_confirmed = receiver->state == TCPSHAKE_CLOSE_WAIT && confirms_all(arrival, sender, receiver);

    if (says_more || is_confirmed)
        arrival->conversation->lingers = tcpshake_now(arrival);
}

void
tcpshake_follow_waiting(tcpshake_arrival *arrival)
{
    follow_gap(arrival);
    follow_exchange(arrival);
    follow_sides(arrival);
    follow_request(arrival);
    follow_silence(arrival);
    follow_late_data(arrival);
    follow_lingering(arrival);
}

void
tcpshake_follow_clean_step(tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    follow_gap(arrival);
    take_exchange(arrival, false, false);
    if (receiver->state == TCPSHAKE_CLOSE_WAIT && confirms_all(arrival, sender, receiver))
        arrival->conversation->lingers = tcpshake_now(arrival);
}
