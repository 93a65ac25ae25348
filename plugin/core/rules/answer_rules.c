/* answer_rules.c
 * What can be wrong with the answer to a SYN, and with the answer to that (RFC 9293 section 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

#include "../segment/seq.h"

bool
tcpshake_gave_up_unanswered(const tcpshake_conversation *conversation)
{
    const tcpshake_moment     syn = tcpshake_attempt_of(conversation).syn;
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];
    const int64_t             waited = tcpshake_between(conversation, syn, tcpshake_rare_of(conversation)->rst);

    return conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED &&
           tcpshake_rare_of(conversation)->reset_by == TCPSHAKE_CLIENT && !tcpshake_rare_of(conversation)->icmp_frame &&
           syn.frame && !tcpshake_end_is(server, TCPSHAKE_END_HEARD) && (waited > TCPSHAKE_SILENCE || waited < 0);
}

/* The server has sent data or accepted some, so it had received the handshake's ACK. */
static bool
has_shown_the_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->sender;

    return server->flags & TCPSHAKE_END_SENT_DATA ||
           (server->flags & TCPSHAKE_END_HAS_ACK && tcpshake_seq_lt(arrival->receiver->isn + 1, server->ack_sent) &&
            !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN));
}

/* The end that answers holds an older connection no longer: this is its first SYN-ACK in the new one. */
static bool
is_renewed(const tcpshake_arrival *arrival)
{
    return arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED &&
           arrival->from != arrival->conversation->client && tcpshake_ack_acceptable(arrival);
}

/* Unlike the SYN-ACK before. A server that has sent nothing else still acknowledges what its first SYN-ACK did; one
 * that has can only repeat that. What a client has refused is not counted as acknowledged. */
static bool
acknowledges_another(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->sender, *const client = arrival->receiver;
    const uint32_t ack = arrival->segment->ack;

    if (!tcpshake_end_is(server, TCPSHAKE_END_HAS_ACK))
        return tcpshake_end_is(client, TCPSHAKE_END_OWES_RESET) &&
               ack != arrival->conversation->extra->refused_ack[arrival->to];
    return ack != server->ack_sent && !(tcpshake_end_is(client, TCPSHAKE_END_HAS_ISN) && ack == client->isn + 1);
}

static bool
is_syn_ack_again(const tcpshake_arrival *arrival)
{
    return tcpshake_is_same_syn(arrival) && !acknowledges_another(arrival) && !is_renewed(arrival);
}

static bool
synack_retransmission(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->attempt.number = tcpshake_syns_of(arrival->conversation, arrival->from) + 1;
    finding->related_frame = arrival->sender->syn_frame;
    finding->duration = tcpshake_waited(arrival, arrival->conversation->synack);
    return is_syn_ack_again(arrival);
}

/* The client's data came with the ACK itself, or had the time to arrive before the SYN-ACK was sent. Those of a SYN
 * that the server has not taken come with the ACK once more (RFC 7413 section 4.1.3). */
static bool
has_ignored_data(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          client = arrival->receiver;

    if (!tcpshake_end_is(client, TCPSHAKE_END_SENT_DATA))
        return client->snd_nxt - client->isn > 1 && !tcpshake_end_is(client, TCPSHAKE_END_SENT_FIN);
    return conversation->asked.frame == conversation->ack.frame ||
           tcpshake_since(arrival, conversation->asked) >= tcpshake_answer_time(conversation, arrival->from);
}

/* A SYN-ACK that comes again sooner is a late copy, or it crossed the ACK: that takes as long to the server, and the
 * SYN-ACK back, as the SYN and its answer. */
static int64_t
crossing_time(const tcpshake_arrival *arrival)
{
    const int64_t answered = tcpshake_answer_time(arrival->conversation, arrival->from);
    const bool    known = answered != TCPSHAKE_SECOND;

    return known && answered > TCPSHAKE_RETRANSMISSION_MIN ? answered : TCPSHAKE_RETRANSMISSION_MIN;
}

static bool
handshake_ack_ignored(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->conversation->ack.frame;
    finding->duration = tcpshake_waited(arrival, arrival->conversation->ack);
    finding->ignored.with_data = has_ignored_data(arrival);
    return is_syn_ack_again(arrival) && finding->related_frame != 0 && finding->duration >= crossing_time(arrival) &&
           !has_shown_the_ack(arrival);
}

/* With a SYN in between, the SYN-ACK got lost; so soon again, it answers a copy of the SYN. Said once, however often
 * the SYN-ACK is sent again. */
static bool
missing_handshake_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->attempt.number = tcpshake_syns_of(arrival->conversation, arrival->from) + 1;
    finding->related_frame = arrival->conversation->synack.frame;
    finding->duration = tcpshake_waited(arrival, arrival->conversation->synack);
    return is_syn_ack_again(arrival) && arrival->conversation->ack.frame == 0 &&
           tcpshake_has_accepted_syn(arrival->conversation) && /* else a RST is due, and no ACK */
           !tcpshake_found(arrival->conversation, TCPSHAKE_ANOMALY_missing_handshake_ack) &&
           arrival->receiver->syn_frame < arrival->sender->syn_frame &&
           tcpshake_milliseconds_since(arrival, arrival->sender) >= TCPSHAKE_RETRANSMISSION_MIN_MS;
}

static bool
missing_handshake_ack_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = ending->conversation;

    finding->frame = conversation->synack.frame;
    finding->duration = tcpshake_waited_to_end(ending, conversation->synack);
    finding->attempt.number = tcpshake_syns_of(conversation, end);
    return end != conversation->client && tcpshake_handshake_is_under_way(conversation) &&
           !tcpshake_rare_of(conversation)->icmp_frame && conversation->end[end].state == TCPSHAKE_SYN_RECEIVED &&
           finding->frame && tcpshake_has_accepted_syn(conversation) &&
           tcpshake_end_is(&conversation->end[conversation->client], TCPSHAKE_END_SEEN) && !conversation->ack.frame &&
           finding->duration > TCPSHAKE_SILENCE &&
           !tcpshake_found(conversation, TCPSHAKE_ANOMALY_missing_handshake_ack);
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

/* What it may open, the client's ACK will show (anew.c). */
static bool
synack_behind_the_end(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    (void)arrival, (void)finding;
    return true;
}

static bool
synack_from_client(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->sender->syn_frame;
    return !(arrival->receiver->flags & TCPSHAKE_END_SENT_SYN);
}

/* A RST has ended the attempt that the SYN-ACK before was for; the SYN of this one need not be in the capture. */
static bool
answers_anew(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->sender;

    return server->state == TCPSHAKE_LISTEN || tcpshake_attempt_of(arrival->conversation).syn.frame > server->syn_frame;
}

static bool
synack_changed(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const server = arrival->sender;
    const uint32_t            seq = arrival->segment->seq, ack = arrival->segment->ack;

    finding->related_frame = server->syn_frame;
    finding->changed.number = seq != server->isn ? seq : ack;
    finding->changed.is_seq = seq != server->isn; /* which of the two */
    return (seq != server->isn || acknowledges_another(arrival)) && !answers_anew(arrival);
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
    const tcpshake_end *const          client = arrival->receiver;
    const tcpshake_conversation *const previous = arrival->conversation->previous;

    finding->related_frame = client->syn_frame;
    finding->ack.number = arrival->segment->ack;
    return client->state == TCPSHAKE_SYN_SENT && arrival->segment->length == 0 &&
           !tcpshake_has(arrival, TCPSHAKE_FIN) && !tcpshake_ack_acceptable(arrival) &&
           !(previous && tcpshake_is_too_soon(previous, arrival->from, arrival, client->last));
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

/* Said once, however much it sends. */
static bool
early_server_data(const tcpshake_arrival *arrival)
{
    const tcpshake_finding *const said = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_early_data);

    return !(said && said->end == arrival->from) && arrival->sender->state == TCPSHAKE_SYN_RECEIVED &&
           !tcpshake_is_fast_open(arrival->conversation) &&
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

enum {
    OPENS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN,
    ANSWERS = TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_HAS_ISN,
    AWAITS_SYN_ACK = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS,
    AWAITS_ACK = TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS,
};

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_synack_retransmission, .on = ON_SYN_ACK, .sender = ANSWERS, .before = synack_retransmission },
    { TCPSHAKE_ANOMALY_missing_handshake_ack, .on = ON_SYN_ACK, .sender = ANSWERS, .before = missing_handshake_ack,
      .at_end = missing_handshake_ack_at_end },
    { TCPSHAKE_ANOMALY_handshake_ack_ignored, .on = ON_SYN_ACK, .sender = ANSWERS, .before = handshake_ack_ignored },
    { TCPSHAKE_ANOMALY_synack_bad_ack, .on = ON_SYN_ACK, .receiver = OPENS, .before = synack_bad_ack },
    { TCPSHAKE_ANOMALY_synack_unsolicited, .on = ON_SYN_ACK, .before = synack_unsolicited,
      .shows = TCPSHAKE_SHOWS_LATE_SYN_ACK, .after = synack_behind_the_end },
    { TCPSHAKE_ANOMALY_synack_from_client, .on = ON_SYN_ACK, .sender = TCPSHAKE_END_SENT_SYN,
      .before = synack_from_client },
    { TCPSHAKE_ANOMALY_synack_changed, .on = ON_SYN_ACK, .sender = ANSWERS, .before = synack_changed },
    { TCPSHAKE_ANOMALY_tfo_data_rejected, .on = ON_SYN_ACK, .receiver = OPENS, .before = tfo_data_rejected },
    { TCPSHAKE_ANOMALY_stale_ack, .on = ON_EARLY_ACK, .receiver = AWAITS_SYN_ACK, .before = stale_ack },
    { TCPSHAKE_ANOMALY_handshake_bad_ack, .on = ON_EARLY_ACK, .receiver = AWAITS_ACK, .before = handshake_bad_ack },
    { TCPSHAKE_ANOMALY_early_data, .on = ON_EARLY_ACK | ON_NO_ACK, .before = early_data },
};

TCPSHAKE_RULES(answer, rules);
