/* opening_rules.c
 * What can be wrong with a segment of the handshake (RFC 9293 section 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

static bool
syn_retransmission(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_attempt attempt = tcpshake_attempt_of(arrival->conversation);

    const bool counts_all = attempt.refused_frame != 0; /* refused attempts as well */

    finding->attempt.number = (counts_all ? tcpshake_syns_of(arrival->conversation, arrival->from) : attempt.syns) + 1;
    finding->attempt.refused_frame = attempt.refused_frame;
    finding->related_frame = arrival->sender->syn_frame;
    finding->duration = tcpshake_waited(arrival, counts_all ? arrival->conversation->syn : attempt.syn);
    return tcpshake_is_same_syn(arrival) && !tcpshake_is_synchronised(arrival->sender) && !tcpshake_asks_anew(arrival);
}

/* A SYN or a SYN-ACK again shows that it waits still. */
static bool
still_waits(const tcpshake_arrival *arrival)
{
    const uint32_t sent = tcpshake_has(arrival, TCPSHAKE_ACK) ? TCPSHAKE_END_SENT_SYNACK : TCPSHAKE_END_SENT_SYN;
    const bool waits = tcpshake_has(arrival, TCPSHAKE_ACK) || tcpshake_end_is(arrival->sender, TCPSHAKE_END_SYN_WAITS);

    return waits && tcpshake_end_is(arrival->sender, sent) && tcpshake_is_same_syn(arrival) &&
           (tcpshake_has(arrival, TCPSHAKE_ACK) || !tcpshake_is_synchronised(arrival->sender));
}

/* Since when the client has been trying. */
static tcpshake_moment
began(const tcpshake_conversation *conversation)
{
    const tcpshake_moment syn = tcpshake_attempt_of(conversation).syn;

    return syn.frame ? syn : conversation->first;
}

/* A server that is never heard is what syn_unanswered says. One that only says that it holds an older connection, or
 * answers another SYN, has not begun this handshake. */
static bool
has_been_answered(const tcpshake_conversation *conversation)
{
    return tcpshake_end_is(&conversation->end[TCPSHAKE_OTHER(conversation->client)], TCPSHAKE_END_HEARD) &&
           tcpshake_has_accepted_syn(conversation) && !tcpshake_client_is_unheard(conversation);
}

/* It has been said of this attempt: once is enough, however often the SYN-ACK comes again. */
static bool
has_timed_out(const tcpshake_conversation *conversation)
{
    const tcpshake_finding *const said = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_connection_timeout);

    return said && said->frame >= began(conversation).frame;
}

static bool
connection_timeout(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const bool is_syn = !tcpshake_has(arrival, TCPSHAKE_ACK);

    finding->duration = tcpshake_waited(arrival, began(arrival->conversation));
    finding->attempt.number = tcpshake_attempt_of(arrival->conversation).syns + is_syn;
    return tcpshake_is_over(finding->duration, arrival->limits->connection_timeout) &&
           tcpshake_handshake_is_under_way(arrival->conversation) && still_waits(arrival) &&
           !has_timed_out(arrival->conversation) &&
           arrival->conversation->ack.frame == 0 && /* for the client it was over then */
           has_been_answered(arrival->conversation);
}

/* Where the handshake ended for the client; that it did may show only later. */
static uint32_t
completed_in(const tcpshake_arrival *arrival)
{
    const uint32_t ack = arrival->conversation->ack.frame;

    return ack ? ack : arrival->segment->frame;
}

static bool
connection_timeout_of_complete(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = completed_in(arrival);
    finding->duration = tcpshake_connection_time(arrival->conversation);
    finding->attempt.number = tcpshake_attempt_of(arrival->conversation).syns;
    return tcpshake_is_over(finding->duration, arrival->limits->connection_timeout) &&
           !has_timed_out(arrival->conversation);
}

static bool
connection_timeout_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = ending->conversation;
    const tcpshake_moment              syn = tcpshake_attempt_of(conversation).syn;

    finding->frame = syn.frame;
    finding->duration = tcpshake_waited_to_end(ending, syn);
    finding->attempt.number = tcpshake_attempt_of(conversation).syns;
    return end == conversation->client && tcpshake_handshake_is_under_way(conversation) &&
           !tcpshake_rare_of(conversation)->icmp_frame && finding->frame &&
           tcpshake_is_over(finding->duration, ending->limits->connection_timeout) && has_been_answered(conversation) &&
           !has_timed_out(conversation);
}

static bool
slow_handshake(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = completed_in(arrival);
    finding->duration = tcpshake_connection_time(arrival->conversation);
    return tcpshake_is_over(finding->duration, arrival->limits->slow_handshake) &&
           !tcpshake_found(arrival->conversation, TCPSHAKE_ANOMALY_slow_handshake);
}

/* Until the capture ends, or until the client gives up with a RST. */
static bool
syn_unanswered_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = ending->conversation;
    const tcpshake_attempt             attempt = tcpshake_attempt_of(conversation);
    const tcpshake_end *const          server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];
    const bool                         gave_up = tcpshake_gave_up_unanswered(conversation);

    finding->frame = attempt.syn.frame;
    finding->related_frame = gave_up ? tcpshake_rare_of(conversation)->rst.frame : 0;
    finding->duration = gave_up ? tcpshake_between(conversation, attempt.syn, tcpshake_rare_of(conversation)->rst)
                                : tcpshake_waited_to_end(ending, attempt.syn);
    finding->attempt.number = attempt.syns;
    finding->attempt.refused_frame = attempt.refused_frame;
    return end == conversation->client && (gave_up || tcpshake_handshake_is_under_way(conversation)) &&
           !tcpshake_rare_of(conversation)->icmp_frame && finding->frame &&
           !tcpshake_end_is(server, TCPSHAKE_END_HEARD) && (gave_up || finding->duration > TCPSHAKE_SILENCE);
}

/* It was given up without a word: this SYN is another attempt. */
static bool
syn_unanswered(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_attempt attempt = tcpshake_attempt_of(arrival->conversation);

    finding->frame = attempt.syn.frame;
    finding->duration = tcpshake_waited(arrival, attempt.syn);
    finding->attempt.number = attempt.syns;
    finding->attempt.refused_frame = attempt.refused_frame;
    return finding->frame && tcpshake_asks_anew(arrival);
}

/* About the SYN that was answered; the SYN-ACK proves it. */
static bool
syn_fallback(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_moment              first = tcpshake_attempt_of(conversation).syn;

    finding->frame = conversation->extra->fallback.frame;
    finding->end = arrival->to;
    finding->related_frame = first.frame;
    finding->duration = tcpshake_between(conversation, first, conversation->extra->fallback);
    finding->fallback.given_up = conversation->extra->given_up;
    return !tcpshake_found(conversation, TCPSHAKE_ANOMALY_syn_fallback);
}

/* The RST was captured before its SYN: in what order they passed the server, and when, nobody knows. */
static bool
refused_before(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = tcpshake_rare_of(arrival->conversation)->rst.frame;
    finding->end = arrival->to;
    finding->related_frame = arrival->segment->frame;
    finding->duration = -1;
    finding->attempt.number = 1;
    return true;
}

static bool
connection_refused(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (arrival->shows & TCPSHAKE_SHOWS_REFUSED_BEFORE)
        return refused_before(arrival, finding);
    const tcpshake_finding *const before =
        tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_connection_refused);

    finding->attempt.number = tcpshake_syns_of(arrival->conversation, arrival->to);
    finding->attempt.refused_frame = before ? before->frame : 0;
    finding->related_frame = arrival->receiver->syn_frame;
    finding->duration = tcpshake_waited(arrival, arrival->conversation->syn);
    return arrival->conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED;
}

/* The error's frame shows it, and the SYN's. */
static bool
icmp_rejected(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->since.frame;
    finding->duration = tcpshake_waited(arrival, arrival->since);
    finding->icmp = arrival->icmp;
    return true;
}

static bool
bad_flags(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    enum { ONE_AT_MOST = TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST };
    const unsigned flags = arrival->segment->flags, kinds = flags & ONE_AT_MOST;

    if ((kinds & (kinds - 1)) == 0 && flags & (TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK))
        return false;
    finding->flags.set = (uint16_t)flags;
    finding->flags.closes_syn_sent = flags == TCPSHAKE_FIN && arrival->sender->state == TCPSHAKE_SYN_SENT;
    return true;
}

/* Its SYN in this record, or the one before on the four-tuple, which Wireshark has left because of the new number. */
static const tcpshake_end *
pending_syn(const tcpshake_arrival *arrival, int64_t *since)
{
    enum { PENDING = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SYN_WAITS };
    const tcpshake_conversation *conversation = arrival->conversation;

    if (arrival->begins)
        conversation = conversation->previous;
    if (!conversation || (arrival->begins && tcpshake_rare_of(conversation)->icmp_frame))
        return NULL;
    const tcpshake_end *const end = &conversation->end[arrival->from];
    const tcpshake_moment     first = tcpshake_attempt_of(conversation).syn;
    *since = first.frame == end->syn_frame ? first.time : end->last.time; /* the last, if it has sent nothing else */
    return end->state == TCPSHAKE_SYN_SENT && tcpshake_end_is(end, PENDING) ? end : NULL;
}

static bool
syn_changed(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    int64_t                   since;
    const tcpshake_end *const before = pending_syn(arrival, &since);

    if (!before || before->isn == arrival->segment->seq || arrival->segment->time - since > TCPSHAKE_SYN_PENDING)
        return false;
    finding->related_frame = before->syn_frame;
    finding->seq.number = before->isn;
    finding->duration = arrival->segment->time - since;
    return true;
}

/* RFC 9293 section 3.8.4: keep-alives ask after two hours. What was not heard of for as long may have been given up
 * unseen. */
enum { SURELY_OPEN_MS = 2 * 3600 * 1000 };

/* Another SYN than the connection's own, with which Wireshark begins a stream. A late copy of the own one is no new
 * attempt. If an earlier attempt met the same connection, the anomaly is on that one. */
static bool
syn_on_open_connection(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_conversation *const previous = conversation->previous;

    if (!arrival->begins || !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) || !previous ||
        previous->flags & TCPSHAKE_CONVERSATION_INHERITED ||
        tcpshake_milliseconds_since(arrival, arrival->receiver) > SURELY_OPEN_MS ||
        !tcpshake_is_synchronised(arrival->receiver) || arrival->receiver->state == TCPSHAKE_TIME_WAIT ||
        conversation->initial[arrival->to] == TCPSHAKE_TIME_WAIT)
        return false;
    finding->related_frame = previous->last_frame;
    finding->duration = tcpshake_waited(arrival, tcpshake_last(previous));
    return true;
}

static bool
syn_with_data(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_segment *const segment = arrival->segment;

    finding->data.bytes = segment->length;
    return segment->length > 0 && segment->captured != TCPSHAKE_CAPTURED_PART_OF_HEADER &&
           !(tcpshake_options_read(segment).offers & TCPSHAKE_OFFER_TFO);
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

/* Programs listen on ports below this, and connect from higher ones: rresvport() from 512 on. */
enum { LISTENING_PORTS = 512 };

/* Both have sent a SYN, the client has acknowledged the server's with a SYN-ACK, and the server has none to send: it
 * had the client's SYN when it sent its own; or that was lost, and both have opened. Only a server that calls back from
 * where it listens is sure to have had it. */
static bool
split_by_syn(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const server = arrival->sender, *const client = arrival->receiver;
    const tcpshake_finding *const crossed =
        tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_simultaneous_open);

    if (arrival->from == arrival->conversation->client || !tcpshake_end_is(server, TCPSHAKE_END_SENT_SYN) ||
        !tcpshake_end_is(client, TCPSHAKE_END_SENT_SYNACK) || server->flags & TCPSHAKE_END_SENT_SYNACK ||
        !tcpshake_ack_acceptable(arrival) || tcpshake_found(arrival->conversation, TCPSHAKE_ANOMALY_split_handshake) ||
        arrival->segment->source_port >= LISTENING_PORTS || arrival->segment->destination_port < LISTENING_PORTS)
        return false;
    finding->frame = crossed ? crossed->frame : server->syn_frame; /* the first of its SYNs, not one that repeats it */
    finding->related_frame = arrival->conversation->syn.frame;     /* not its SYN-ACK, which is the later one */
    return true;
}

static bool
split_handshake(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (!tcpshake_has(arrival, TCPSHAKE_SYN))
        return split_by_syn(arrival, finding);
    return tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ACK) && split_by_ack_and_syn(arrival, finding);
}

static bool
simultaneous_open(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->receiver->syn_frame;
    return true;
}

/* The client, before it was answered or after; the server, in SYN-RECEIVED: to its client the connection is open. Where
 * SYNs crossed (section 3.5, figure 7), each of them is a client. */
static bool
handshake_aborted(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const sender = arrival->sender, *const client = &conversation->end[conversation->client];
    const bool by_client = arrival->from == conversation->client;

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        return false;
    finding->related_frame = client->syn_frame;
    finding->duration = tcpshake_waited(arrival, conversation->syn);
    finding->abort.answered = conversation->synack.frame != 0; /* after the SYN-ACK, or before any answer */
    finding->abort.unknown = finding->abort.answered && tcpshake_is_reset_without_connection(arrival);
    finding->abort.crossed = (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN) != 0;
    finding->abort.unanswered = !by_client && !conversation->ack.frame && sender->syn_count > 1
                                    ? tcpshake_syns_of(conversation, arrival->from)
                                    : 0;
    return conversation->syn.frame != 0 &&
           (by_client || finding->abort.crossed
                ? sender->state != TCPSHAKE_CLOSED
                : sender->state == TCPSHAKE_SYN_RECEIVED && client->state == TCPSHAKE_ESTABLISHED) &&
           !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) && !tcpshake_is_answer(arrival) &&
           tcpshake_seq_between(sender->isn, arrival->segment->seq, sender->snd_nxt);
}

static bool
isn_predictable(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->isns.connections = arrival->isn_run.length;
    finding->isns.step = arrival->isn_run.step;
    return true;
}

static bool
syn_flood(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->group.size = arrival->group_size;
    finding->end = arrival->to;
    return true;
}

enum { OPENS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN };

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_syn_retransmission, .on = ON_SYN, .sender = OPENS | TCPSHAKE_END_SYN_WAITS,
      .before = syn_retransmission },
    { TCPSHAKE_ANOMALY_connection_timeout, .on = ON_SYN | ON_SYN_ACK, .sender = TCPSHAKE_END_HAS_ISN,
      .before = connection_timeout, .shows = TCPSHAKE_SHOWS_LATE_HANDSHAKE, .after = connection_timeout_of_complete,
      .at_end = connection_timeout_at_end },
    { TCPSHAKE_ANOMALY_slow_handshake, .shows = TCPSHAKE_SHOWS_LATE_HANDSHAKE, .after = slow_handshake },
    { TCPSHAKE_ANOMALY_syn_unanswered, .on = ON_SYN, .sender = OPENS | TCPSHAKE_END_SYN_WAITS, .before = syn_unanswered,
      .at_end = syn_unanswered_at_end },
    { TCPSHAKE_ANOMALY_syn_fallback, .shows = TCPSHAKE_SHOWS_FALLBACK, .after = syn_fallback },
    { TCPSHAKE_ANOMALY_connection_refused, .shows = TCPSHAKE_SHOWS_RESET | TCPSHAKE_SHOWS_REFUSED_BEFORE,
      .after = connection_refused },
    { TCPSHAKE_ANOMALY_icmp_rejected, .shows = TCPSHAKE_SHOWS_ICMP_ERROR, .after = icmp_rejected, .mirrored = true },
    { TCPSHAKE_ANOMALY_bad_flags, .on = ON_SYN | ON_SYN_ACK | ON_RESET | ON_NO_ACK, .before = bad_flags },
    { TCPSHAKE_ANOMALY_syn_changed, .on = ON_SYN, .before = syn_changed },
    { TCPSHAKE_ANOMALY_syn_on_open_connection, .on = ON_SYN, .before = syn_on_open_connection },
    { TCPSHAKE_ANOMALY_syn_with_data, .on = ON_SYN, .before = syn_with_data },
    { TCPSHAKE_ANOMALY_split_handshake, .on = ON_SYN | ON_ACK, .receiver = TCPSHAKE_END_SENT_SYN,
      .before = split_handshake },
    { TCPSHAKE_ANOMALY_simultaneous_open, .shows = TCPSHAKE_SHOWS_CROSSED_SYN, .after = simultaneous_open },
    { TCPSHAKE_ANOMALY_handshake_aborted, .on = ON_RESET, .before = handshake_aborted },
    { TCPSHAKE_ANOMALY_isn_predictable, .shows = TCPSHAKE_SHOWS_ISN, .after = isn_predictable },
    { TCPSHAKE_ANOMALY_syn_flood, .shows = TCPSHAKE_SHOWS_HALF_OPEN, .after = syn_flood },
};

TCPSHAKE_RULES(opening, rules);
