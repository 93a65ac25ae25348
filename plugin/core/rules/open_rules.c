/* open_rules.c
 * What can be wrong while a conversation is open: probes and data into silence, and RSTs (RFC 9293
 * sections 3.5.3, 3.8.3 and 3.8.4, RFC 5961 section 3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

static bool
keepalive_unanswered(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (arrival->sender->probe_frame == 0 ||
        tcpshake_milliseconds_since(arrival, arrival->sender) < TCPSHAKE_REPETITION_MIN_MS)
        return false;
    finding->frame = arrival->sender->probe_frame;
    finding->repeats.count = arrival->sender->probes + 1u;
    return tcpshake_both_captured(arrival) && (tcpshake_is_probe(arrival) || tcpshake_has(arrival, TCPSHAKE_RST));
}

static bool
connection_lost(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (arrival->sender->repeats + 1u != arrival->limits->connection_lost)
        return false;
    finding->repeats.count = arrival->sender->repeats + 1u;
    finding->repeats.seq = arrival->segment->seq;
    finding->duration = (int64_t)tcpshake_milliseconds_since(arrival, arrival->receiver) * 1000000;
    return tcpshake_both_captured(arrival) && tcpshake_is_repetition(arrival);
}

/* A RST to an end that checks it against its window. */
static bool
is_checked(const tcpshake_arrival *arrival)
{
    return arrival->receiver->state >= TCPSHAKE_SYN_RECEIVED && arrival->receiver->state != TCPSHAKE_TIME_WAIT &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_SND_NXT) && !tcpshake_reset_acceptable(arrival);
}

/* Left or right of any window that the receiver may have. */
static bool
is_out_of_window(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    return arrival->segment->seq - receiver->ack_sent >= receiver->window_edge - receiver->ack_sent;
}

static bool
reset_challenged(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->window.distance = arrival->segment->seq - arrival->sender->snd_nxt;
    return is_checked(arrival) && arrival->segment->seq - arrival->receiver->ack_sent < tcpshake_sure_window(arrival);
}

/* RFC 9293 section 3.10.7.1: an end that has closed answers what was still under way to it with that segment's
 * acknowledgment number, which can be an old one. Ignored or not, it is no sign of anything. */
static bool
answers_something_late(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t seq = arrival->segment->seq;

    return !tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) &&
           tcpshake_seq_lt(seq, receiver->ack_sent) &&
           receiver->ack_sent - seq <= receiver->window_edge - receiver->ack_sent;
}

static bool
reset_unacceptable(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const receiver = arrival->receiver;

    if (answers_something_late(arrival) || tcpshake_is_answer(arrival))
        return false;
    finding->window.is_left = tcpshake_seq_lt(arrival->segment->seq, receiver->ack_sent); /* left of it */
    finding->window.distance = finding->window.is_left ? receiver->ack_sent - arrival->segment->seq
                                                       : arrival->segment->seq - receiver->window_edge + 1;
    return is_checked(arrival) && is_out_of_window(arrival);
}

static bool
reset_ignored(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->ttl.tells = true;
    finding->ttl.of_reset = arrival->segment->ttl;
    finding->ttl.of_sender = arrival->sender->ttl;
    return arrival->conversation->rst.frame == 0 && tcpshake_is_foreign_ttl(arrival);
}

static bool
reset_storm(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->storm.segments = arrival->conversation->reset_count;
    finding->duration = tcpshake_since(arrival, arrival->conversation->first);
    return arrival->conversation->reset_count == arrival->limits->reset_storm;
}

static bool
fin_storm(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->storm.segments = arrival->conversation->fin_segments;
    finding->duration = tcpshake_since(arrival, arrival->conversation->first);
    return arrival->conversation->fin_segments == arrival->limits->fin_storm && tcpshake_has(arrival, TCPSHAKE_FIN);
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_keepalive_unanswered, ON_ACK | ON_RESET, 0, 0, keepalive_unanswered },
    { TCPSHAKE_ANOMALY_connection_lost, ON_ACK, 0, 0, connection_lost },
    { TCPSHAKE_ANOMALY_reset_challenged, ON_RESET, 0, 0, reset_challenged },
    { TCPSHAKE_ANOMALY_reset_unacceptable, ON_RESET, 0, 0, reset_unacceptable },
    { TCPSHAKE_ANOMALY_reset_ignored, ON_RESET, 0, 0, reset_ignored },
    { TCPSHAKE_ANOMALY_reset_storm, ON_RESET, 0, 0, reset_storm },
    { TCPSHAKE_ANOMALY_fin_storm, ON_FIN | ON_NO_ACK, 0, 0, fin_storm },
};

TCPSHAKE_RULES(open, rules);
