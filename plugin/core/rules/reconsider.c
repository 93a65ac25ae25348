/* reconsider.c
 * What a segment tells about findings on the segments before it: it adds to them, or takes them back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

/* RFC 5961 section 4.2: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>. What carries data was sent for their sake. */
static bool
is_challenge_to_syn(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const previous = arrival->conversation->previous;

    return tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_segment_span(arrival->segment) == 0 &&
           !(previous && tcpshake_is_too_soon(previous, arrival->from, arrival, arrival->receiver->last));
}

/* An end that answers a new SYN, whichever way, holds no connection. One that sends an ACK of that connection does. */
static void
syn_on_open_connection(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_finding *const      finding = tcpshake_recall(conversation, TCPSHAKE_ANOMALY_syn_on_open_connection);

    if (!finding || finding->challenge.frame != 0 || finding->end == arrival->from)
        return;
    if (arrival->receiver->state != TCPSHAKE_SYN_SENT)
        return;
    if (!(arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)))
        finding->challenge.frame = is_challenge_to_syn(arrival) ? arrival->segment->frame : 0;
    else if (tcpshake_ack_acceptable(arrival))
        tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_syn_on_open_connection);
}

/* RFC 9293 section 3.5.1, figure 9: the client's RST clears what its peer still holds, the next SYN gets its SYN-ACK.
 */
static void
stale_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *conversation = arrival->conversation;
    if (!tcpshake_found(conversation, TCPSHAKE_ANOMALY_stale_ack))
        conversation = conversation->previous; /* Wireshark may have begun a stream with the next SYN */
    tcpshake_finding *const finding = conversation ? tcpshake_recall(conversation, TCPSHAKE_ANOMALY_stale_ack) : NULL;
    if (!finding)
        return;
    if (tcpshake_has(arrival, TCPSHAKE_RST) && finding->end == arrival->to &&
        finding->ack.sequel == TCPSHAKE_NO_RESET_FOLLOWED)
        finding->ack.sequel = TCPSHAKE_RESET_FOLLOWED;
    else if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK) && finding->end == arrival->from &&
             finding->ack.sequel == TCPSHAKE_RESET_FOLLOWED && tcpshake_ack_acceptable(arrival))
        finding->ack.sequel = TCPSHAKE_RESET_CLEARED;
}

/* The client has given its SYN up, and Wireshark has begun a stream with the next one. The SYN-ACK here answers that
 * SYN: it was not left unanswered. */
static void
answer_earlier_syn(tcpshake_arrival *arrival)
{
    enum { WAITS = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS };
    tcpshake_conversation *const previous = arrival->conversation->previous;

    if (!previous || !tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK) || tcpshake_ack_acceptable(arrival))
        return;
    tcpshake_end *const before = &previous->end[arrival->to];
    if (!tcpshake_end_is(before, WAITS) || arrival->segment->ack != before->isn + 1)
        return;
    before->flags |= TCPSHAKE_END_SYN_ACKED;
    previous->end[arrival->from].flags |= TCPSHAKE_END_HEARD;
    if (previous->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        previous->handshake = TCPSHAKE_HANDSHAKE_NONE; /* what comes of it is in this stream */
}

static void
withdraw_of(tcpshake_conversation *conversation, tcpshake_anomaly anomaly, int end)
{
    for (;;) {
        const tcpshake_finding *const found = tcpshake_last_found(conversation, anomaly);
        if (!found || found->end != end)
            return;
        tcpshake_withdraw(conversation, anomaly);
    }
}

/* What is acknowledged after all is not missing. */
static void
missing_ack(tcpshake_arrival *arrival)
{
    const tcpshake_end *const waits = arrival->receiver;

    if ((arrival->segment->flags & (TCPSHAKE_ACK | TCPSHAKE_SYN | TCPSHAKE_RST)) != TCPSHAKE_ACK)
        return;
    if (tcpshake_end_is(waits, TCPSHAKE_END_SENT_FIN) && tcpshake_covers(arrival, waits->fin_seq))
        withdraw_of(arrival->conversation, TCPSHAKE_ANOMALY_missing_fin_ack, arrival->to);
    if (arrival->from == arrival->conversation->client && tcpshake_end_is(waits, TCPSHAKE_END_SENT_SYNACK) &&
        tcpshake_covers(arrival, waits->isn))
        withdraw_of(arrival->conversation, TCPSHAKE_ANOMALY_missing_handshake_ack, arrival->to);
}

static void
split_handshake(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (!tcpshake_found(conversation, TCPSHAKE_ANOMALY_split_handshake) ||
        !(conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN) || arrival->from == conversation->client)
        return;
    conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_CROSSED_SYN;
    conversation->opened_by = TCPSHAKE_CLIENT;
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS)
        conversation->handshake = TCPSHAKE_HANDSHAKE_COMPLETE;
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_simultaneous_open);
}

/* It was in SYN-RECEIVED. */
static bool
back_to_syn_received(tcpshake_entry *entry, const void *end)
{
    entry->state[*(const uint8_t *)end] = TCPSHAKE_SYN_RECEIVED;
    return true;
}

/* The server was in SYN-RECEIVED still when it sent its data. */
static void
wait_for_handshake_ack(tcpshake_arrival *arrival, uint32_t since)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (arrival->receiver->state != TCPSHAKE_ESTABLISHED)
        return;
    tcpshake_rewrite_since(conversation, since, back_to_syn_received, &arrival->to);
    conversation->handshake = TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    conversation->ack = (tcpshake_moment){ 0 };
}

/* A client that goes on as if it had sent the handshake's ACK has: the data were not early, the ACK is not in the
 * capture. */
static void
early_data(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   by_client = arrival->from == conversation->client;

    if (by_client ? !(conversation->flags & TCPSHAKE_CONVERSATION_EARLY_DATA)
                  : tcpshake_proven_frame(conversation) != arrival->segment->frame)
        return;
    const tcpshake_finding *const finding = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_early_data);
    const uint32_t                frame = finding ? finding->frame : 0;
    if (!by_client) {
        if (frame == arrival->segment->frame && !tcpshake_speaks_too_soon(arrival))
            conversation->flags |= TCPSHAKE_CONVERSATION_EARLY_DATA;
        return;
    }
    conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_EARLY_DATA;
    if (tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->segment->length == 0 &&
        arrival->segment->ack == arrival->receiver->isn + 1) {
        wait_for_handshake_ack(arrival, frame);
        return;
    }
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_early_data);
    tcpshake_show_gap(arrival, frame, arrival->to, TCPSHAKE_MISSING_ACK);
}

/* A FIN outside the window that is acknowledged: the window was another, or the capture lacks what came before the FIN.
 */
static void
fin_out_of_window(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    const tcpshake_finding *const finding = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_fin_out_of_window);

    if (!finding || finding->end != arrival->to || !tcpshake_has(arrival, TCPSHAKE_ACK) ||
        arrival->segment->ack != finding->fin.seq + 1)
        return;
    if (arrival->receiver->last.frame == finding->frame)
        tcpshake_place_fin(arrival, arrival->to, arrival->receiver->last, finding->fin.seq);
    else
        arrival->receiver->snd_nxt = finding->fin.seq; /* unseen_fin.c takes it from here */
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_fin_out_of_window);
}

/* The FIN that moved was acknowledged where it was before: the later one was not the sender's. Before rules ask. */
void
tcpshake_restore_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const           closer = arrival->receiver;
    const tcpshake_finding *const moved = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_fin_moved);

    if (moved && moved->end == arrival->to && closer->flags & TCPSHAKE_END_FIN_WAITS &&
        tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->segment->ack == moved->moved.before + 1)
        closer->fin_seq = moved->moved.before;
}

/* What an end's state was without its own FIN. */
static bool
without_own_fin(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_FIN_WAIT_1)
        *state = TCPSHAKE_ESTABLISHED;
    else if (*state == TCPSHAKE_LAST_ACK)
        *state = TCPSHAKE_CLOSE_WAIT;
    return true;
}

/* The receiver's FIN was not its own, or was dropped: it has not closed. */
static void
forget_fin(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          closer = arrival->receiver;

    if (tcpshake_is_presumed(arrival->sender, TCPSHAKE_PRESUMED_FIN))
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
    tcpshake_rewrite_since(conversation, closer->fin_frame, without_own_fin, &arrival->to);
    closer->flags &= ~(uint32_t)(TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_WAITS);
    if (conversation->first_closer == arrival->to) {
        conversation->fin1 = (tcpshake_moment){ 0 };
        conversation->closed_by = TCPSHAKE_NOBODY;
    }
}

/* Data beyond the FIN are acknowledged, as if it had not been: somebody else's, and never arrived. Before rules ask. */
void
tcpshake_doubt_fin(tcpshake_arrival *arrival)
{
    const tcpshake_end *const     closer = arrival->receiver;
    const tcpshake_finding *const after = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_data_after_fin);

    if (after && after->end == arrival->to && closer->flags & TCPSHAKE_END_FIN_WAITS &&
        tcpshake_covers(arrival, closer->fin_seq + 1))
        forget_fin(arrival);
}

/* Section 3.10.7.4, fifth: an ACK of what was never sent is answered with an ACK and dropped, data and FIN as well.
 * That answer, right behind it, has the number that its sender uses next: not as much was sent. Where the answer is not
 * in the capture, what is sent with that number later tells the same. */
static bool
answers_unsent(const tcpshake_arrival *arrival, const tcpshake_unsent *unsent)
{
    enum { BARE = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK };
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool                         soon = arrival->segment->time - unsent->time <= TCPSHAKE_IN_FLIGHT;
    const bool answers = soon && unsent->frame == conversation->last_frame && conversation->last_from == arrival->to &&
                         (arrival->segment->flags & BARE) == TCPSHAKE_ACK && arrival->segment->length == 0;
    const bool goes_on = !soon && unsent->from == arrival->to && tcpshake_segment_span(arrival->segment) > 0;

    return (answers || goes_on) && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           arrival->segment->seq == arrival->sender->snd_nxt &&
           tcpshake_seq_le(arrival->segment->ack, unsent->snd_nxt) &&
           tcpshake_seq_lt(arrival->segment->seq, arrival->receiver->ack_sent);
}

static bool
acknowledges_more_than_seen(const tcpshake_arrival *arrival)
{
    return tcpshake_acknowledges_unseen(arrival) && !(arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)) &&
           arrival->sender->state == TCPSHAKE_ESTABLISHED && arrival->receiver->state >= TCPSHAKE_ESTABLISHED;
}

/* The capture may lack what was acknowledged: then it counts, until the answer tells. Before rules ask. */
void
tcpshake_doubt_ack(tcpshake_arrival *arrival)
{
    tcpshake_extra *extra = arrival->conversation->extra;

    if (extra && extra->unsent.frame && answers_unsent(arrival, &extra->unsent)) {
        tcpshake_end *const peer = arrival->receiver;
        peer->snd_nxt = extra->unsent.snd_nxt;
        if (extra->unsent.has_ack) {
            peer->window_edge = extra->unsent.window_edge;
            peer->ack_sent = extra->unsent.ack_sent;
        } else { /* not known: the sender knows of no more than this */
            peer->window_edge -= peer->ack_sent - arrival->segment->seq;
            peer->ack_sent = arrival->segment->seq;
        }
        if (extra->unsent.fin && peer->fin_count > 0) {
            forget_fin(arrival);
            tcpshake_uncount_fin(arrival->conversation, arrival->to);
        }
    }
    if (!acknowledges_more_than_seen(arrival))
        return;
    extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    if (!extra)
        return;
    const tcpshake_end *const sender = arrival->sender;
    /* What was sent before the first segment is not known: nothing. */
    const uint32_t next = tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) ? sender->snd_nxt : arrival->segment->seq;
    extra->unsent = (tcpshake_unsent){ .time = arrival->segment->time,
                                       .frame = arrival->segment->frame,
                                       .snd_nxt = next,
                                       .ack_sent = sender->ack_sent,
                                       .window_edge = sender->window_edge,
                                       .has_ack = tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK),
                                       .fin = tcpshake_has(arrival, TCPSHAKE_FIN),
                                       .from = arrival->from };
}

/* So long after a RST of the other end, what this one sends was sent before the RST came: the way to it and back, as
 * much more as a path's delay varies, and what a host takes. */
static int64_t
longest_crossing(const tcpshake_conversation *conversation, int end)
{
    static const int64_t HOST = 5 * TCPSHAKE_MILLISECOND;
    const int64_t        way = tcpshake_answer_time(conversation, end);

    return way + way / 2 + HOST;
}

/* New data to an end that has sent a RST, no later than the RST takes to reach who sends them: they have crossed it on
 * the way, and CLOSED takes none of them (section 3.10.7.1). So the RST has cut them off. */
static void
data_cross_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t               rst = tcpshake_rare_of(conversation)->rst.frame;

    if (!rst || !tcpshake_is_new_data(arrival) || !tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_SND_NXT) ||
        tcpshake_rare_of(conversation)->reset_by != tcpshake_role_of(conversation, arrival->to) ||
        tcpshake_since(arrival, tcpshake_rare_of(conversation)->rst) > longest_crossing(conversation, arrival->from) ||
        tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_ignored, rst))
        return;
    const bool              nothing_lost = tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_abortive_close, rst);
    const tcpshake_anomaly  said = nothing_lost ? TCPSHAKE_ANOMALY_abortive_close : TCPSHAKE_ANOMALY_connection_reset;
    tcpshake_finding *const finding = tcpshake_recall(conversation, said);
    if (!finding || finding->frame != rst)
        return;
    const uint32_t next = arrival->segment->seq + arrival->segment->length;
    finding->data.bytes += next - tcpshake_seq_max(arrival->segment->seq, arrival->sender->snd_nxt);
    if (nothing_lost && finding->data.bytes > 0)
        arrival->shows |= TCPSHAKE_SHOWS_CUT_OFF;
}

/* RFC 9293 section 3.10.7.4: a client that has accepted the first SYN-ACK does not accept another. Before rules ask.
 */
void
tcpshake_restore_isn(tcpshake_arrival *arrival)
{
    tcpshake_end *const server = arrival->receiver;
    if (!(arrival->conversation->flags & TCPSHAKE_CONVERSATION_EARLIER_ISN) ||
        arrival->from != arrival->conversation->client || server->state != TCPSHAKE_SYN_RECEIVED)
        return;
    const uint32_t earlier = arrival->conversation->extra->earlier_isn;
    if (arrival->segment->ack != earlier + 1)
        return;
    server->isn = earlier;
    server->snd_nxt = earlier + 1;
    arrival->conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_EARLIER_ISN;
}

static bool
is_first_copy(const tcpshake_conversation *conversation, const tcpshake_finding *finding)
{
    const tcpshake_finding *const found = tcpshake_first_finding(conversation);

    for (uint32_t i = tcpshake_findings_within_reach(conversation); i < tcpshake_finding_count(conversation); i++)
        if (found[i].anomaly == TCPSHAKE_ANOMALY_captured_twice)
            return &found[i] == finding;
    return false;
}

/* Neither data, nor an acknowledgment of more, nor other room. */
static bool
says_nothing_new(const tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_end *const     sender = arrival->sender;
    const uint8_t                 shift = tcpshake_window_shift(arrival->conversation, arrival->from);
    const uint32_t                edge = tcpshake_segment_edge(segment, shift);

    return tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->span == 0 && !tcpshake_has(arrival, TCPSHAKE_RST) &&
           segment->seq == sender->snd_nxt && segment->ack == sender->ack_sent && edge == sender->window_edge;
}

/* RFC 9293 section 3.10.7.4, first check: what has been received already is answered with an ACK. Its receiver had
 * acknowledged this SYN-ACK or FIN, says the same once more, and has had nothing but the copy since: that came to it as
 * well, and was not made where it was captured. Where other packets were captured twice, so may the ACK have been. */
static void
answered_copy(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const    peer = arrival->receiver;
    tcpshake_finding *const      finding = tcpshake_recall(conversation, TCPSHAKE_ANOMALY_captured_twice);

    if (!finding || finding->frame <= conversation->last_frame || finding->end != arrival->to || finding->copy.point ||
        finding->copy.hops || peer->last.frame != finding->related_frame ||
        arrival->sender->last.frame < finding->related_frame || !says_nothing_new(arrival))
        return;
    const bool acked = (peer->syn_frame == peer->last.frame && tcpshake_end_is(peer, TCPSHAKE_END_SYN_ACKED)) ||
                       (peer->fin_frame == peer->last.frame && tcpshake_end_is(peer, TCPSHAKE_END_FIN_ACKED));
    if (acked && is_first_copy(conversation, finding))
        finding->copy.answer = arrival->segment->frame;
}

/* All of it is about something that was found, in this conversation or the one before. */
void
tcpshake_reconsider(tcpshake_arrival *arrival)
{
    fin_out_of_window(arrival);
    syn_on_open_connection(arrival);
    stale_ack(arrival);
    answered_copy(arrival);
    answer_earlier_syn(arrival);
    missing_ack(arrival);
    split_handshake(arrival);
    early_data(arrival);
    data_cross_reset(arrival);
}
