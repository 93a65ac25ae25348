/* closing_rules.c
 * What can be wrong with how a conversation ends, and with what comes after its end (RFC 9293 section 3.6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

static bool
fin_out_of_window(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const uint32_t            position = tcpshake_fin_position(arrival);

    finding->fin.is_left = tcpshake_seq_lt(position, receiver->ack_sent); /* left of it */
    finding->fin.seq = position;
    return tcpshake_is_fin_outside(arrival);
}

static bool
fin_moved(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->sender->fin_frame;
    finding->fin.seq = arrival->sender->fin_seq;
    return arrival->sender->fin_count > 0 && arrival->sender->fin_seq != tcpshake_fin_position(arrival);
}

static bool
data_after_fin(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const uint32_t next = tcpshake_fin_position(arrival);

    if (arrival->segment->length == 0)
        return false;
    finding->related_frame = arrival->sender->fin_frame;
    finding->data.bytes = next - arrival->sender->fin_seq;
    return tcpshake_seq_lt(arrival->sender->fin_seq, next) && !tcpshake_is_probe(arrival);
}

static bool
data_after_close(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = arrival->conversation->late_data_frame;
    finding->end = arrival->to;
    finding->related_frame = arrival->sender->fin_frame;
    return finding->frame != 0 && !tcpshake_is_goodbye(arrival->conversation, arrival->receiver);
}

static bool
closing_bad_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->receiver->fin_frame;
    finding->unsent.numbers = arrival->segment->ack - tcpshake_last_number(arrival->receiver);
    return tcpshake_acknowledges_the_unsent(arrival);
}

/* A FIN closes the question whether the end had closed before the capture began, a RST does not. */
static bool
is_known_to_linger(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_FIN) || tcpshake_closer_is_known(arrival->conversation);
}

static bool
close_wait_lingering(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (arrival->sender->state != TCPSHAKE_CLOSE_WAIT || conversation->lingers.frame == 0 ||
        !(arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) || !is_known_to_linger(arrival))
        return false;
    finding->duration = tcpshake_since(arrival, conversation->lingers);
    finding->related_frame = conversation->fin1.frame;
    return arrival->limits->close_wait_lingering > 0 && finding->duration > arrival->limits->close_wait_lingering;
}

static bool
time_wait_assassination(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool                         inherited = (conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) != 0;

    if (arrival->receiver->state != TCPSHAKE_TIME_WAIT || (inherited && !conversation->previous) ||
        tcpshake_end_is(arrival->sender, TCPSHAKE_END_FIN_WAITS)) /* no ACK has shown that it had come to that */
        return false;
    const tcpshake_moment since = inherited ? conversation->previous->time_wait : conversation->time_wait;
    finding->duration = tcpshake_since(arrival, since);
    finding->related_frame = since.frame;
    return finding->duration < 2 * arrival->limits->msl && tcpshake_reset_acceptable(arrival);
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_fin_out_of_window, ON_FIN, 0, TCPSHAKE_END_HAS_ACK, fin_out_of_window },
    { TCPSHAKE_ANOMALY_fin_moved, ON_FIN, 0, 0, fin_moved },
    { TCPSHAKE_ANOMALY_data_after_fin, ON_ACK, TCPSHAKE_END_SENT_FIN, 0, data_after_fin },
    { TCPSHAKE_ANOMALY_data_after_close, ON_RESET, TCPSHAKE_END_SENT_FIN, 0, data_after_close },
    { TCPSHAKE_ANOMALY_closing_bad_ack, ON_ACK, 0, TCPSHAKE_END_SENT_FIN, closing_bad_ack },
    { TCPSHAKE_ANOMALY_close_wait_lingering, ON_FIN | ON_RESET, 0, 0, close_wait_lingering },
    { TCPSHAKE_ANOMALY_time_wait_assassination, ON_RESET, 0, 0, time_wait_assassination },
};

TCPSHAKE_RULES(closing, rules);
