/* opening_rules.c
 * What can be wrong with a segment of the handshake (RFC 9293 section 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

/* RFC 9293 section 3.8.3: a SYN is pending for 3 minutes at least. */
static const int64_t SYN_PENDING = INT64_C(180) * 1000 * 1000 * 1000;

static bool
bad_flags(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    enum {
        SYN_FIN = TCPSHAKE_SYN | TCPSHAKE_FIN,
        SYN_RST = TCPSHAKE_SYN | TCPSHAKE_RST,
        FIN_RST = TCPSHAKE_FIN | TCPSHAKE_RST
    };
    const unsigned flags = arrival->segment->flags;

    finding->flags.set = (uint16_t)flags;
    return (flags & SYN_FIN) == SYN_FIN || (flags & SYN_RST) == SYN_RST || (flags & FIN_RST) == FIN_RST ||
           (flags & (TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK)) == 0;
}

static bool
is_first_segment(const tcpshake_arrival *arrival)
{
    return arrival->conversation->first.frame == arrival->segment->frame;
}

/* Its SYN in this record, or the one before on the four-tuple, which Wireshark has left because of the new number. */
static const tcpshake_end *
pending_syn(const tcpshake_arrival *arrival, int64_t *since)
{
    enum { PENDING = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SYN_WAITS };
    const tcpshake_conversation *const previous = arrival->conversation->previous;
    const tcpshake_end                *end = arrival->sender;

    *since = arrival->conversation->last.time;
    if (is_first_segment(arrival)) {
        if (!previous || previous->icmp_frame)
            return NULL;
        end = &previous->end[arrival->from];
        *since = previous->last.time;
    }
    return end->state == TCPSHAKE_SYN_SENT && tcpshake_end_is(end, PENDING) ? end : NULL;
}

static bool
syn_changed(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    int64_t                   since;
    const tcpshake_end *const before = pending_syn(arrival, &since);

    if (!before || before->isn == arrival->segment->seq || arrival->segment->time - since > SYN_PENDING)
        return false;
    finding->related_frame = before->syn_frame;
    finding->seq.number = before->isn;
    finding->duration = arrival->segment->time - since;
    return true;
}

/* RFC 9293 section 3.8.4: keep-alives ask after two hours. What was not heard of for as long may have been given up
 * unseen. */
enum { SURELY_OPEN_MS = 2 * 3600 * 1000 };

/* The connection's own SYN, long after it was answered. */
static bool
is_late_syn(const tcpshake_arrival *arrival)
{
    return tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN) &&
           tcpshake_is_synchronised(arrival->sender) && tcpshake_is_synchronised(arrival->receiver) &&
           arrival->sender->state != TCPSHAKE_TIME_WAIT && arrival->receiver->state != TCPSHAKE_TIME_WAIT;
}

static bool
syn_on_open_connection(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_conversation *const previous = conversation->previous;

    if (is_late_syn(arrival)) {
        finding->related_frame = conversation->last.frame;
        finding->duration = tcpshake_since(arrival, conversation->last);
        return true;
    }
    if (!is_first_segment(arrival) || !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) || !previous ||
        tcpshake_found(previous, TCPSHAKE_ANOMALY_syn_on_open_connection) || /* said of the attempt before this one */
        tcpshake_milliseconds_since(arrival, arrival->receiver) > SURELY_OPEN_MS ||
        !tcpshake_is_synchronised(arrival->receiver) || arrival->receiver->state == TCPSHAKE_TIME_WAIT ||
        conversation->initial[arrival->to] == TCPSHAKE_TIME_WAIT)
        return false;
    finding->related_frame = previous->last.frame;
    finding->duration = tcpshake_since(arrival, previous->last);
    return true;
}

static bool
syn_with_data(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_segment *const segment = arrival->segment;

    finding->data.bytes = segment->length;
    return segment->length > 0 && segment->captured != TCPSHAKE_CAPTURED_PART_OF_HEADER &&
           !tcpshake_options_read(segment).tfo;
}

/* The server has acknowledged the client's SYN without a SYN of its own, and sends that now. */
static bool
split_by_ack_and_syn(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const server = arrival->sender, *const client = arrival->receiver;

    if (arrival->from == arrival->conversation->client || server->ack_sent != client->isn + 1 ||
        server->flags & (TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK))
        return false;
    finding->related_frame = client->syn_frame;
    return true;
}

/* Both have sent a SYN, the client has acknowledged the server's with a SYN-ACK, and the server has none to send: it
 * had the client's SYN when it sent its own. */
static bool
split_by_syn(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const server = arrival->sender, *const client = arrival->receiver;

    if (arrival->from == arrival->conversation->client || server->flags & TCPSHAKE_END_SENT_SYNACK ||
        !tcpshake_ack_acceptable(arrival) || tcpshake_found(arrival->conversation, TCPSHAKE_ANOMALY_split_handshake))
        return false;
    finding->frame = server->syn_frame;
    finding->related_frame = client->syn_frame;
    return true;
}

static bool
awaits_syn_ack(const tcpshake_end *end)
{
    return end->state == TCPSHAKE_SYN_SENT || end->state == TCPSHAKE_SYN_RECEIVED;
}

static bool
synack_bad_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->receiver->syn_frame;
    finding->ack.number = arrival->segment->ack;
    return awaits_syn_ack(arrival->receiver) && !tcpshake_ack_acceptable(arrival);
}

static bool
synack_unsolicited(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    (void)finding;
    return !(arrival->receiver->flags & TCPSHAKE_END_SENT_SYN) &&
           !(arrival->sender->flags & (TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK)) &&
           arrival->from != arrival->conversation->client;
}

static bool
synack_from_client(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->sender->syn_frame;
    return !(arrival->receiver->flags & TCPSHAKE_END_SENT_SYN);
}

/* A server that has sent nothing else still acknowledges what its first SYN-ACK did; one that has can only repeat that.
 */
static bool
synack_changed(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const server = arrival->sender, *const client = arrival->receiver;
    const uint32_t seq = arrival->segment->seq, ack = arrival->segment->ack;

    const bool other_ack = tcpshake_end_is(server, TCPSHAKE_END_HAS_ACK) && ack != server->ack_sent &&
                           !(tcpshake_end_is(client, TCPSHAKE_END_HAS_ISN) && ack == client->isn + 1);
    finding->related_frame = server->syn_frame;
    finding->changed.number = seq != server->isn ? seq : ack;
    finding->changed.is_seq = seq != server->isn; /* which of the two */
    return seq != server->isn || other_ack;
}

static bool
tfo_data_rejected(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const client = arrival->receiver;

    finding->related_frame = client->syn_frame;
    finding->data.bytes = client->snd_nxt - client->isn - 1;
    return awaits_syn_ack(client) && client->offers & TCPSHAKE_OFFER_TFO && finding->data.bytes > 0 &&
           arrival->segment->ack == client->isn + 1 && !(arrival->sender->flags & TCPSHAKE_END_SENT_SYNACK);
}

/* RFC 9293 section 3.5.1, figure 9. */
static bool
stale_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const client = arrival->receiver;

    finding->related_frame = client->syn_frame;
    finding->ack.number = arrival->segment->ack;
    return client->state == TCPSHAKE_SYN_SENT && arrival->segment->length == 0 &&
           !tcpshake_has(arrival, TCPSHAKE_FIN) && !tcpshake_ack_acceptable(arrival);
}

static bool
handshake_bad_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const server = arrival->receiver;

    finding->related_frame = server->syn_frame;
    finding->ack.number = arrival->segment->ack;
    return arrival->from == arrival->conversation->client && server->state == TCPSHAKE_SYN_RECEIVED &&
           !tcpshake_found(arrival->conversation, TCPSHAKE_ANOMALY_handshake_bad_ack) &&
           !tcpshake_ack_acceptable(arrival);
}

/* The client's, before anything of the server: with no number to acknowledge it is not the first sign of a SYN-ACK that
 * was not captured. */
static bool
early_client_data(const tcpshake_arrival *arrival)
{
    const bool acknowledges = tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->segment->ack != 0;

    return arrival->sender->state == TCPSHAKE_SYN_SENT && !(arrival->receiver->flags & TCPSHAKE_END_SEEN) &&
           !acknowledges;
}

static bool
early_server_data(const tcpshake_arrival *arrival)
{
    return arrival->sender->state == TCPSHAKE_SYN_RECEIVED &&
           !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN) &&
           tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS) &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN) && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           arrival->conversation->ack.frame == 0 && arrival->segment->ack == arrival->receiver->isn + 1;
}

static bool
early_data(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->sender->syn_frame;
    finding->data.bytes = arrival->segment->length;
    return arrival->segment->length > 0 && (early_client_data(arrival) || early_server_data(arrival));
}

static bool
handshake_aborted(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          client = arrival->sender;

    finding->related_frame = client->syn_frame;
    finding->duration = tcpshake_since(arrival, conversation->syn);
    finding->abort.answered = conversation->synack.frame != 0; /* after the SYN-ACK, or before any answer */
    return arrival->from == conversation->client && conversation->syn.frame != 0 && client->state != TCPSHAKE_CLOSED &&
           conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS &&
           !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) && !tcpshake_is_answer(arrival) &&
           tcpshake_seq_between(client->isn, arrival->segment->seq, client->snd_nxt);
}

enum {
    SYN_AND_SYN_ACK = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK,
    OPENS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN,
    ANSWERS = TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_HAS_ISN,
    AWAITS_SYN_ACK = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS,
    AWAITS_ACK = TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS,
};

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_bad_flags, ON_SYN | ON_SYN_ACK | ON_RESET | ON_NO_ACK, 0, 0, bad_flags },
    { TCPSHAKE_ANOMALY_syn_changed, ON_SYN, 0, 0, syn_changed },
    { TCPSHAKE_ANOMALY_syn_on_open_connection, ON_SYN, 0, 0, syn_on_open_connection },
    { TCPSHAKE_ANOMALY_syn_with_data, ON_SYN, 0, 0, syn_with_data },
    { TCPSHAKE_ANOMALY_split_handshake, ON_SYN, TCPSHAKE_END_HAS_ACK, TCPSHAKE_END_SENT_SYN, split_by_ack_and_syn },
    { TCPSHAKE_ANOMALY_split_handshake, ON_ACK, TCPSHAKE_END_SENT_SYN, SYN_AND_SYN_ACK, split_by_syn },
    { TCPSHAKE_ANOMALY_synack_bad_ack, ON_SYN_ACK, 0, OPENS, synack_bad_ack },
    { TCPSHAKE_ANOMALY_synack_unsolicited, ON_SYN_ACK, 0, 0, synack_unsolicited },
    { TCPSHAKE_ANOMALY_synack_from_client, ON_SYN_ACK, TCPSHAKE_END_SENT_SYN, 0, synack_from_client },
    { TCPSHAKE_ANOMALY_synack_changed, ON_SYN_ACK, ANSWERS, 0, synack_changed },
    { TCPSHAKE_ANOMALY_tfo_data_rejected, ON_SYN_ACK, 0, OPENS, tfo_data_rejected },
    { TCPSHAKE_ANOMALY_stale_ack, ON_EARLY_ACK, 0, AWAITS_SYN_ACK, stale_ack },
    { TCPSHAKE_ANOMALY_handshake_bad_ack, ON_EARLY_ACK, 0, AWAITS_ACK, handshake_bad_ack },
    { TCPSHAKE_ANOMALY_early_data, ON_EARLY_ACK | ON_NO_ACK, 0, 0, early_data },
    { TCPSHAKE_ANOMALY_handshake_aborted, ON_RESET, 0, 0, handshake_aborted },
};

TCPSHAKE_RULES(opening, rules);
