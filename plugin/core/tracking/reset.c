/* reset.c
 * RSTs: who sends one, whom it ends (RFC 9293 sections 3.5.2 and 3.5.3, RFC 5961 section 3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Section 3.10.7.1: the answer of an end that has no such connection, and had none when it was sent that segment. */
static bool
knows_no_connection(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED &&
        arrival->from != arrival->conversation->client)
        return receiver->state == TCPSHAKE_SYN_SENT &&
               tcpshake_ack_acceptable(arrival); /* it has nothing left of the old one */
    if (arrival->sender->flags & TCPSHAKE_END_SEEN || !(receiver->flags & TCPSHAKE_END_SEEN))
        return false;
    if (tcpshake_has(arrival, TCPSHAKE_ACK))
        return arrival->segment->seq == 0 && arrival->segment->ack == receiver->snd_nxt;
    return receiver->flags & TCPSHAKE_END_HAS_ACK && arrival->segment->seq == receiver->ack_sent;
}

void
tcpshake_send_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    arrival->steps |= TCPSHAKE_STEP_RST;
    if (tcpshake_is_answer(arrival))
        return;
    if (knows_no_connection(arrival)) {
        tcpshake_conversation *const conversation = arrival->conversation;
        conversation->initial[arrival->from] = sender->state = TCPSHAKE_CLOSED;
        for (uint32_t i = 0; i < conversation->timeline.count; i++)
            conversation->timeline.entries[i].state[arrival->from] = TCPSHAKE_CLOSED;
    }
    if (sender->state != TCPSHAKE_CLOSED) {
        sender->before_reset = sender->state;
        sender->presumed_frame[TCPSHAKE_PRESUMED_RST] = arrival->segment->frame;
    }
    sender->state = tcpshake_sending((tcpshake_state)sender->state, TCPSHAKE_EV_RST)->next;
    sender->flags |= TCPSHAKE_END_SENT_RESET;
}

/* Section 3.10.7.1: the form of an answer by an end that holds no such connection, right behind a segment of its peer.
 */
static bool
answers_at_once(const tcpshake_arrival *arrival)
{
    static const int64_t AT_ONCE = INT64_C(1000) * 1000 * 1000;

    return tcpshake_is_reset_without_connection(arrival) && arrival->conversation->last_from == arrival->to &&
           arrival->conversation->reset_idle < AT_ONCE;
}

/* Its IP identification, or its TTL, is not like that of the packets before it. */
static bool
is_foreign(const tcpshake_arrival *arrival)
{
    enum { STREAK = 5, FAR = 4096 };
    const tcpshake_end *const sender = arrival->sender;
    const uint16_t            step = (uint16_t)(arrival->segment->ip_id - sender->ip_id);

    return tcpshake_is_foreign_ttl(arrival) ||
           (arrival->segment->ip_id != 0 && sender->id_streak >= STREAK && step > FAR && !answers_at_once(arrival));
}

/* A hint at why there was a RST, from its form and from what was before it. */
static tcpshake_reset_cause
cause_of(const tcpshake_arrival *arrival, tcpshake_state before)
{
    static const int64_t               IDLE = INT64_C(10) * 1000 * 1000 * 1000;
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;
    const bool next = arrival->segment->seq == sender->snd_nxt && !(sender->flags & TCPSHAKE_END_SENT_FIN);

    if (conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED)
        return TCPSHAKE_CAUSE_REFUSED;
    if (is_foreign(arrival))
        return TCPSHAKE_CAUSE_FOREIGN;
    if (before == TCPSHAKE_TIME_WAIT || sender->before_reset == TCPSHAKE_TIME_WAIT)
        return TCPSHAKE_CAUSE_IN_TIME_WAIT;
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED)
        return TCPSHAKE_CAUSE_HANDSHAKE_ABORT;
    if (arrival->answers_late_data)
        return TCPSHAKE_CAUSE_DATA_AFTER_CLOSE;
    if (answers_at_once(arrival))
        return TCPSHAKE_CAUSE_NO_SUCH_CONNECTION;
    if (conversation->reset_idle > IDLE && conversation->reset_idle >= conversation->longest_gap)
        return TCPSHAKE_CAUSE_IDLE_EXPIRY;
    return next && tcpshake_has(arrival, TCPSHAKE_ACK) ? TCPSHAKE_CAUSE_ABORTED : TCPSHAKE_CAUSE_UNKNOWN;
}

/* Section 3.10.7.3: it answers the SYN. One that comes after it is another attempt, and no retransmission. */
static void
note_refusal(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          client = arrival->receiver;
    const uint32_t          refused_before = tcpshake_recall(conversation, TCPSHAKE_ANOMALY_connection_refused)->frame;
    tcpshake_finding *const finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_connection_refused);

    finding->attempt.number = client->syn_count;
    finding->attempt.refused_frame = refused_before;
    finding->related_frame = client->syn_frame;
    finding->duration = arrival->segment->time - conversation->syn.time;
    conversation->handshake = TCPSHAKE_HANDSHAKE_REFUSED;
    client->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
}

static void
note_reset(tcpshake_arrival *arrival, tcpshake_state before)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const    sender = arrival->sender;
    const tcpshake_end *const    receiver = arrival->receiver;
    tcpshake_finding            *finding;

    if (before == TCPSHAKE_SYN_SENT && !(sender->flags & TCPSHAKE_END_SENT_SYNACK)) {
        note_refusal(arrival);
        return;
    }
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        conversation->handshake = TCPSHAKE_HANDSHAKE_ABORTED;
    if ((sender->flags | receiver->flags) & TCPSHAKE_END_SENT_FIN) {
        const bool shown = !(sender->flags & TCPSHAKE_END_FIN_WAITS); /* an ACK of the last FIN was captured */
        if ((before == TCPSHAKE_TIME_WAIT && shown) || (sender->flags & receiver->flags & TCPSHAKE_END_FIN_ACKED))
            return;
        finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_reset_while_closing);
        finding->related_frame = conversation->fin1.frame;
        finding->duration = arrival->segment->time - conversation->fin1.time;
    } else if (before == TCPSHAKE_ESTABLISHED && (sender->flags | receiver->flags) & TCPSHAKE_END_SEEN) {
        const int32_t unconfirmed = sender->flags & TCPSHAKE_END_HAS_ACK && receiver->flags & TCPSHAKE_END_HAS_SND_NXT
                                        ? tcpshake_seq_diff(receiver->snd_nxt, sender->ack_sent)
                                        : 0;
        finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_connection_reset);
        finding->data.bytes = unconfirmed > 0 ? (uint32_t)unconfirmed : 0;
        finding->duration = arrival->segment->time - conversation->last.time;
        finding->related_frame = conversation->last.frame;
    }
}

/* RFC 5961 section 3.2: the first RST was not exact, as data before it had not arrived; the receiver has answered with
 * a challenge ACK, and this RST has its number. */
static bool
is_answer_to_challenge(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return conversation->rst.frame != 0 && conversation->reset_by == tcpshake_role_of(conversation, arrival->from) &&
           conversation->last_from == arrival->to && tcpshake_is_reset_without_connection(arrival) &&
           tcpshake_seq_lt(arrival->segment->seq, conversation->reset_seq);
}

static void
forget_challenged_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_connection_reset);
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_reset_while_closing);
    tcpshake_note_about(arrival, TCPSHAKE_ANOMALY_reset_challenged, conversation->rst.frame)->window.distance =
        conversation->reset_seq - arrival->segment->seq;
    conversation->rst = (tcpshake_moment){ 0 };
    if (arrival->receiver->presumed_frame[TCPSHAKE_PRESUMED_RST])
        tcpshake_take_back(conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
}

void
tcpshake_receive_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          receiver = arrival->receiver;

    if (is_answer_to_challenge(arrival))
        forget_challenged_reset(arrival);
    const tcpshake_state before = (tcpshake_state)receiver->state;
    if (!tcpshake_reset_acceptable(arrival))
        return;
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_RST);
    if (receiver->state == before)
        return;
    if (before == TCPSHAKE_SYN_RECEIVED && receiver->flags & TCPSHAKE_END_ACTIVE_OPEN)
        receiver->state = TCPSHAKE_CLOSED; /* section 3.10.7.4: it did not come from LISTEN */
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && arrival->to != conversation->client &&
        (conversation->flags & TCPSHAKE_CONVERSATION_INHERITED || before == TCPSHAKE_UNKNOWN)) {
        receiver->presumed_frame[TCPSHAKE_PRESUMED_RST] = 0;
        return; /* section 3.5.1, figures 9 and 10: it clears the earlier connection, this one goes on */
    }
    if (conversation->rst.frame == 0) {
        note_reset(arrival, before);
        conversation->reset_idle = arrival->segment->time - conversation->last.time;
        conversation->reset_cause = (uint8_t)cause_of(arrival, before);
        conversation->reset_ttl = arrival->segment->ttl;
        conversation->rst = tcpshake_now(arrival);
        conversation->reset_by = (uint8_t)tcpshake_role_of(conversation, arrival->from);
    }
    conversation->reset_seq = arrival->segment->seq;
}
