/* reset_cause.c
 * Why an end has sent a RST: a hint, from the form of the RST and from what was before it (RFC 9293 sections 3.5.2 and
 * 3.10.7.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* It has closed, and answers before it would give up FIN-WAIT-2 (Linux: 60 s): nothing has expired, its application has
 * closed both directions. */
static bool
answers_after_close(const tcpshake_arrival *arrival)
{
    return tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_FIN) && tcpshake_answers_at_once(arrival) &&
           arrival->silence < TCPSHAKE_LINUX_FIN_WAIT_2 - TCPSHAKE_SECOND;
}

/* Section 3.10.7.1: the other form of that answer, to a segment without ACK. */
static bool
answers_without_connection(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    return tcpshake_has(arrival, TCPSHAKE_RST | TCPSHAKE_ACK) && arrival->segment->seq == 0 &&
           arrival->conversation->last_from == arrival->to && !tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_HAS_SND_NXT) && arrival->segment->ack == receiver->snd_nxt;
}

/* It has closed, and was sent data that it has not acknowledged: it has forgotten nothing. */
static bool
answers_data(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t data_end = tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN) ? receiver->fin_seq : receiver->snd_nxt;

    return tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_HAS_ACK) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_HAS_SND_NXT) && tcpshake_seq_lt(sender->ack_sent, data_end);
}

/* A client that waits for an answer in that silence does not call the connection idle, nor does an end that waits for
 * room in its peer's window. Of an end that is not in the capture, nobody knows how long it was silent. */
bool
tcpshake_is_reset_after_idle(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED || answers_after_close(arrival) ||
        (tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_DATA) &&
         tcpshake_window_is_closed(arrival->sender, arrival->receiver)))
        return false;
    const bool waits = arrival->from == conversation->client && arrival->cuts_request_off &&
                       tcpshake_is_request(conversation) &&
                       tcpshake_since(arrival, conversation->asked) >= arrival->silence;

    return arrival->silence > TCPSHAKE_IDLE_EXPIRY && arrival->longest && !waits;
}

/* The receiver waits in TIME-WAIT, or the sender did. That the receiver has come to that is only presumed as long as
 * nothing has acknowledged the sender's FIN. */
static bool
is_in_time_wait(const tcpshake_arrival *arrival, tcpshake_state before)
{
    return arrival->sender->before_reset == TCPSHAKE_TIME_WAIT ||
           (before == TCPSHAKE_TIME_WAIT && !tcpshake_end_is(arrival->sender, TCPSHAKE_END_FIN_WAITS));
}

/* Section 3.10.7.1: the sender's next number and an ACK come from an end that has the connection. After a FIN, that
 * holds only until the FIN can have had an answer. */
static bool
is_aborted(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;
    const bool next = tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) && arrival->segment->seq == sender->snd_nxt;
    const bool closed = tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN);

    return next && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           (!closed || tcpshake_is_too_soon(arrival->conversation, arrival->to, arrival,
                                            tcpshake_first_fin(arrival->conversation, arrival->from)));
}

/* A hint at why there was a RST, from its form and from what was before it. */
tcpshake_reset_cause
tcpshake_cause_of_reset(const tcpshake_arrival *arrival, tcpshake_state before, uint8_t doubts)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED)
        return TCPSHAKE_CAUSE_REFUSED;
    if (tcpshake_is_doubtful(doubts))
        return TCPSHAKE_CAUSE_FOREIGN;
    if (arrival->answers_late_data || tcpshake_found(conversation, TCPSHAKE_ANOMALY_data_after_close))
        return TCPSHAKE_CAUSE_DATA_AFTER_CLOSE;
    if (is_in_time_wait(arrival, before))
        return TCPSHAKE_CAUSE_IN_TIME_WAIT;
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED)
        return TCPSHAKE_CAUSE_HANDSHAKE_ABORT;
    /* Its own timer has given up: no application did, and no idle timer. */
    if (arrival->probed_in_vain || tcpshake_repeats_fin_in_vain(arrival->sender))
        return TCPSHAKE_CAUSE_UNKNOWN;
    if (tcpshake_is_reset_after_idle(arrival))
        return TCPSHAKE_CAUSE_IDLE_EXPIRY;
    if (arrival->sender->repeats >= TCPSHAKE_GIVES_UP)
        return TCPSHAKE_CAUSE_UNKNOWN;
    if (answers_without_connection(arrival))
        return TCPSHAKE_CAUSE_NO_SUCH_CONNECTION;
    if (tcpshake_answers_at_once(arrival))
        return answers_data(arrival) ? TCPSHAKE_CAUSE_DATA_AFTER_CLOSE : TCPSHAKE_CAUSE_NO_SUCH_CONNECTION;
    return is_aborted(arrival) ? TCPSHAKE_CAUSE_ABORTED : TCPSHAKE_CAUSE_UNKNOWN;
}
