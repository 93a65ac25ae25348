/* reset.c
 * RSTs: who sends one, and what it does to both ends (RFC 9293 sections 3.5.2 and 3.5.3, RFC 5961 section 3).
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
    if (receiver->state == TCPSHAKE_SYN_SENT) /* even if it acknowledges a wrong number */
        return true;
    if (tcpshake_has(arrival, TCPSHAKE_ACK))
        return arrival->segment->seq == 0 && arrival->segment->ack == receiver->snd_nxt;
    return receiver->flags & TCPSHAKE_END_HAS_ACK && arrival->segment->seq == receiver->ack_sent;
}

/* It was CLOSED all the time; further back than it is CLOSED already, that has been written before. */
static bool
was_closed(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];
    const bool     goes_on = *state != TCPSHAKE_CLOSED || entry->frame == UINT32_MAX;

    *state = TCPSHAKE_CLOSED;
    return goes_on;
}

/* Section 3.10.7.1: the number of a RST without ACK is the acknowledgment number of the segment that it answers. That
 * one did not cover the FIN, so what did came later, to an end that was closed already; unless an older one was
 * captured behind it. */
static bool
had_closed_before_ack_of_fin(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return !tcpshake_has(arrival, TCPSHAKE_ACK) && sender->state == TCPSHAKE_FIN_WAIT_2 &&
           tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN) &&
           !tcpshake_end_is(sender, TCPSHAKE_END_OLDER_ACK) && tcpshake_seq_le(arrival->segment->seq, sender->fin_seq);
}

/* The same of an end in TIME-WAIT: the peer's FIN came with the ACK of its own, or behind it. */
static bool
had_closed_before_fin(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;
    const uint32_t            fin = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_FIN);
    const uint32_t            acknowledged = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN);

    return !tcpshake_has(arrival, TCPSHAKE_ACK) && sender->state == TCPSHAKE_TIME_WAIT && acknowledged &&
           fin >= acknowledged && tcpshake_seq_le(arrival->segment->seq, sender->fin_seq);
}

/* An end in TIME-WAIT answers with an ACK (section 3.10.7.4). If it has acknowledged the peer's FIN and now answers
 * with a RST, TIME-WAIT had ended. */
static bool
had_left_time_wait(const tcpshake_arrival *arrival)
{
    return arrival->sender->state == TCPSHAKE_TIME_WAIT && tcpshake_answers_at_once(arrival) &&
           !tcpshake_is_presumed(arrival->sender, TCPSHAKE_PRESUMED_FIN);
}

/* The FIN in that frame, sent again, has not restarted it. */
static void
forget_lingering(tcpshake_conversation *conversation, uint32_t fin)
{
    const tcpshake_finding *const lingering = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_time_wait_lingering);

    if (!lingering || lingering->frame != fin || conversation->time_wait.frame != fin || lingering->duration < 0)
        return;
    conversation->time_wait =
        (tcpshake_moment){ conversation->time_wait.time - lingering->duration, lingering->related_frame };
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_time_wait_lingering);
}

static void
end_time_wait(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    forget_lingering(conversation, conversation->last_frame);
    tcpshake_rewrite_since(conversation, conversation->last_frame, was_closed, &arrival->from);
}

/* The sender of a repeated FIN answers its ACK with a RST, as an end without a connection does (section 3.10.7.1): the
 * first ACK had arrived, and had only crossed that FIN. */
static void
look_for_crossed_ack(tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    if (arrival->receiver->state == TCPSHAKE_TIME_WAIT && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
        tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) && arrival->segment->seq == sender->fin_seq + 1)
        forget_lingering(arrival->conversation, sender->fin_frame);
}

/* It was in FIN-WAIT-1 still when the RST ended that. */
static bool
was_not_acknowledged(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_FIN_WAIT_2)
        *state = TCPSHAKE_FIN_WAIT_1;
    return true;
}

/* An end that has sent a RST answers the ACK of its FIN with another: it had closed before that came. */
static bool
answers_ack_of_fin(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
           sender->before_reset == TCPSHAKE_FIN_WAIT_2 && tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN) &&
           arrival->segment->seq == sender->fin_seq + 1 &&
           tcpshake_frame_before_resets(arrival->conversation) ==
               tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN);
}

/* It was presumed closed by its peer's RST. But a RST has no answer (section 3.10.7.1), nothing else has come from the
 * peer in time, and the RST of a closed end has no window: the peer's RST was lost, and this open end gives up by
 * itself. */
static bool
resets_by_itself(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;
    const uint32_t            rst = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST);
    const int64_t             way = tcpshake_answer_time(arrival->conversation, arrival->from);

    return sender->state == TCPSHAKE_CLOSED && rst != 0 && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) &&
           rst == tcpshake_rare_of(arrival->conversation)->rst.frame && rst == arrival->receiver->last.frame &&
           sender->before_reset >= TCPSHAKE_ESTABLISHED && arrival->segment->window > 0 &&
           tcpshake_since(arrival, arrival->receiver->last) > TCPSHAKE_IN_FLIGHT + way / 2 &&
           !tcpshake_is_doubtful(tcpshake_doubts_about_reset(arrival));
}

static void
presume_sent(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (sender->state == TCPSHAKE_CLOSED)
        return;
    sender->before_reset = sender->state;
    tcpshake_set_presumed(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST, arrival->segment->frame,
                          arrival->allocator);
}

void
tcpshake_send_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    arrival->steps |= TCPSHAKE_STEP_RST;
    if (tcpshake_is_answer(arrival))
        return;
    tcpshake_remember_first_reset(arrival);
    tcpshake_doubt_series(arrival);
    if (resets_by_itself(arrival))
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    if (knows_no_connection(arrival)) {
        tcpshake_conversation *const conversation = arrival->conversation;
        presume_sent(arrival); /* what it sends later can show that it had one */
        tcpshake_rewrite_since(conversation, 0, was_closed, &arrival->from);
        tcpshake_set_initial_state(conversation, arrival->from, TCPSHAKE_CLOSED);
    }
    if (answers_ack_of_fin(arrival)) {
        tcpshake_rewrite_since(arrival->conversation, tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN),
                               was_not_acknowledged, &arrival->from);
        tcpshake_clear_presumed(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
        sender->before_reset = TCPSHAKE_FIN_WAIT_1;
    }
    if (had_closed_before_fin(arrival))
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
    if (had_closed_before_ack_of_fin(arrival))
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    const bool left_time_wait = had_left_time_wait(arrival);
    look_for_crossed_ack(arrival);
    presume_sent(arrival);
    tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_RST);
    if (left_time_wait)
        end_time_wait(arrival);
    tcpshake_remember_last_reset(arrival);
    sender->flags &= ~(uint32_t)TCPSHAKE_END_SPOKE_AFTER_RESET; /* that was after an earlier RST */
    sender->flags |= TCPSHAKE_END_SENT_RESET;
}

/* What it does to the handshake. Section 3.10.7.3: one that answers the SYN refuses it; a SYN that comes after that is
 * another attempt, and no retransmission. */
static void
end_handshake(tcpshake_arrival *arrival, tcpshake_state before)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (before == TCPSHAKE_SYN_SENT) { /* whatever SYN-ACK was sent before, the client was not open */
        conversation->handshake = TCPSHAKE_HANDSHAKE_REFUSED;
        arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
    } else if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS) {
        conversation->handshake = TCPSHAKE_HANDSHAKE_ABORTED;
    }
}

/* An end that a RST has closed answers its peer with another one (section 3.10.7.1). The peer went on, so it did not
 * send the first RST, which bears its name: that RST ended the conversation. */
static bool
was_ended_by_another(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_extra *const        extra = conversation->extra;

    return extra && extra->disowned.frame &&
           extra->disowned.frame == tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST) &&
           tcpshake_is_reset_without_connection(arrival) && conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE;
}

static void
end_by_another(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const  conversation = arrival->conversation;
    tcpshake_extra *const         extra = conversation->extra;
    const tcpshake_finding *const ignored = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_reset_ignored);

    extra->doubts |= TCPSHAKE_DOUBT_GOES_ON;
    extra->rare.reset_cause = TCPSHAKE_CAUSE_FOREIGN;
    extra->rare.reset_ttl = ignored ? ignored->ttl.of_reset : 0;
    extra->rare.rst = extra->disowned;
    extra->rare.reset_by = (uint8_t)tcpshake_role_of(conversation, arrival->to);
}

/* The end has sent its FIN and then a RST, which its peer could not accept: that one has closed it. */
static void
remember_what_closed(tcpshake_arrival *arrival, tcpshake_extra *extra)
{
    const tcpshake_end *const sender = arrival->sender;
    const tcpshake_moment     fin = tcpshake_first_fin(arrival->conversation, arrival->from);
    const tcpshake_moment     first = extra->rst[arrival->from].moment;

    if (!tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) || !fin.frame || first.frame <= fin.frame ||
        first.frame == arrival->segment->frame ||
        first.frame != tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST))
        return;
    extra->closed_with = first;
    extra->closed_with_of = arrival->segment->frame;
}

static void
end_conversation(tcpshake_arrival *arrival, tcpshake_state before)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = tcpshake_extra_of(conversation, arrival->allocator);

    end_handshake(arrival, before);
    if (!extra)
        return;
    extra->reset_idle = arrival->silence;
    extra->reset_by_timer =
        arrival->silence > 0 && tcpshake_since(arrival, tcpshake_last(conversation)) >= arrival->silence;
    extra->reset_after_idle = tcpshake_is_reset_after_idle(arrival);
    extra->doubts = tcpshake_doubts_about_reset(arrival);
    remember_what_closed(arrival, extra);
    extra->rare.reset_cause = (uint8_t)tcpshake_cause_of_reset(arrival, before, extra->doubts);
    tcpshake_remember_reset_reason(arrival);
    extra->rare.reset_ttl = arrival->segment->ttl;
    extra->rare.rst = tcpshake_now(arrival);
    extra->rare.reset_by = (uint8_t)tcpshake_role_of(conversation, arrival->from);
}

/* Section 3.5, figure 8: the client has refused a SYN-ACK. To the end that sent that, which answers an older SYN, the
 * number is the exact one: it listens again. The client goes on. */
static bool
clears_another_opening(tcpshake_arrival *arrival)
{
    if (!tcpshake_is_answer(arrival) || arrival->receiver->state != TCPSHAKE_SYN_RECEIVED ||
        arrival->receiver->flags & (TCPSHAKE_END_ACTIVE_OPEN | TCPSHAKE_END_HAS_ACK))
        return false;
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_RST);
    tcpshake_conversation *const previous = arrival->conversation->previous;
    if (previous && previous->handshake == TCPSHAKE_HANDSHAKE_NONE &&
        arrival->segment->seq == previous->end[arrival->from].isn + 1) { /* of the SYN in the stream before */
        tcpshake_extra *const extra = tcpshake_extra_of(previous, arrival->allocator);
        previous->handshake = TCPSHAKE_HANDSHAKE_ABORTED;
        if (extra)
            extra->rare.reset_by = TCPSHAKE_CLIENT;
    }
    return true;
}

/* Section 3.5.1, figures 9 and 10: the server has held an earlier connection until this RST, even if it seemed that an
 * earlier RST had cleared that. What it has sent, and acknowledged, was of that connection. */
static void
clear_earlier(tcpshake_arrival *arrival)
{
    tcpshake_end *const server = arrival->receiver;

    if (tcpshake_end_is(server, TCPSHAKE_END_SPOKE_AFTER_RESET)) /* the RST before did not clear it, either */
        tcpshake_clears_nothing(arrival->conversation, arrival->to);
    server->flags &= ~(uint32_t)(TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_HAS_ACK);
}

/* Both ends are closed now: the receiver by an earlier RST, sent or received, that did not end the conversation, the
 * sender with this one, which fits. */
static bool
closes_the_last_end(const tcpshake_arrival *arrival)
{
    return tcpshake_rare_of(arrival->conversation)->rst.frame == 0 && arrival->receiver->state == TCPSHAKE_CLOSED &&
           tcpshake_is_presumed(arrival->receiver, TCPSHAKE_PRESUMED_RST) &&
           tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST) == arrival->segment->frame &&
           tcpshake_reset_fits(arrival);
}

/* A client that has heard nothing from its server resets the attempt. The server would not accept the number of that
 * RST, but the client is gone. */
static bool
gives_up_unheard(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          client = arrival->sender;

    return tcpshake_rare_of(conversation)->rst.frame == 0 && arrival->from == conversation->client &&
           conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && !tcpshake_both_captured(arrival) &&
           client->before_reset == TCPSHAKE_SYN_SENT &&
           tcpshake_presumed_frame(conversation, arrival->from, TCPSHAKE_PRESUMED_RST) == arrival->segment->frame &&
           tcpshake_seq_between(client->isn, arrival->segment->seq, client->snd_nxt);
}

/* The RST ends its receiver, which was in that state, or finds it closed. The first of these ends the conversation. */
static void
end_by_reset(tcpshake_arrival *arrival, tcpshake_state before)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (tcpshake_rare_of(conversation)->rst.frame == 0) {
        arrival->shows |= TCPSHAKE_SHOWS_RESET;
        arrival->reset_from = (uint8_t)before;
        if (was_ended_by_another(arrival))
            end_by_another(arrival);
        else
            end_conversation(arrival, before);
    }
    if (conversation->extra)
        conversation->extra->reset_seq[arrival->from] = arrival->segment->seq;
}

void
tcpshake_receive_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          receiver = arrival->receiver;

    const tcpshake_state before = (tcpshake_state)receiver->state;
    if (closes_the_last_end(arrival)) {
        end_by_reset(arrival, (tcpshake_state)receiver->before_reset);
        return;
    }
    if (clears_another_opening(arrival))
        return;
    if (!tcpshake_reset_acceptable(arrival)) {
        if (gives_up_unheard(arrival) || (tcpshake_is_reset_behind_loss(arrival) && tcpshake_reset_fits(arrival)))
            end_by_reset(arrival, before);
        return;
    }
    tcpshake_deliver_before_reset(arrival);
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_RST);
    if (receiver->state == before)
        return;
    if (before == TCPSHAKE_SYN_RECEIVED && receiver->flags & TCPSHAKE_END_ACTIVE_OPEN)
        tcpshake_set_state(conversation, arrival->to, TCPSHAKE_CLOSED); /* section 3.10.7.4: not from LISTEN */
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && arrival->to != conversation->client &&
        (conversation->flags & TCPSHAKE_CONVERSATION_INHERITED || before == TCPSHAKE_UNKNOWN ||
         arrival->sender->state == TCPSHAKE_SYN_SENT)) {
        clear_earlier(arrival);
        if (arrival->sender->state != TCPSHAKE_CLOSED)
            return; /* this one goes on */
    }
    end_by_reset(arrival, before);
}
