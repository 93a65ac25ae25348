/* open_rules.c
 * What can be wrong while a conversation is open: probes and data into silence, and RSTs (RFC 9293
 * sections 3.5.3, 3.8.3 and 3.8.4, RFC 5961 section 3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

static bool
socket_timeout(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_moment last = tcpshake_last(arrival->conversation);

    finding->duration = tcpshake_waited(arrival, last);
    finding->related_frame = last.frame;
    return tcpshake_is_over(finding->duration, arrival->limits->socket_timeout) && tcpshake_is_open(arrival) &&
           !tcpshake_acknowledges_the_unsent(arrival) && !tcpshake_numbers_jump(arrival);
}

/* What the client sends here need not be a request: the server pushes, or the beginning was not captured. */
static bool
may_expect_nothing(const tcpshake_conversation *conversation)
{
    return (conversation->flags & (TCPSHAKE_CONVERSATION_MIDSTREAM | TCPSHAKE_CONVERSATION_PUSHES)) != 0;
}

/* A client that goes on sending and is never answered waits for no answer. */
static bool
waits_for_none(const tcpshake_end *client, const tcpshake_end *server)
{
    return tcpshake_end_is(client, TCPSHAKE_END_SENDS_ON) && !tcpshake_end_is(server, TCPSHAKE_END_SENT_DATA);
}

/* What it has not acknowledged was lost, or the capture has lost what came after it. */
static bool
has_received_request(const tcpshake_end *client, const tcpshake_end *server)
{
    const uint32_t behind = tcpshake_end_is(client, TCPSHAKE_END_SENT_FIN) ? client->fin_seq : client->snd_nxt;

    return tcpshake_end_is(server, TCPSHAKE_END_HAS_ACK) && !tcpshake_seq_lt(server->ack_sent, behind);
}

/* The server had it only when it had been sent again, and has not waited for long since. */
static bool
was_request_lost(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          client = arrival->receiver;
    const tcpshake_extra *const        extra = conversation->extra;
    const bool comes_now = client->repeats > 0 && tcpshake_covers(arrival, client->snd_nxt - 1) &&
                           !has_received_request(client, arrival->sender);

    return comes_now || (extra && extra->request_came.frame > conversation->asked.frame &&
                         tcpshake_since(arrival, extra->request_came) <= arrival->limits->read_timeout);
}

/* The server's first byte after the request. */
static bool
is_late_answer(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->request.lost = was_request_lost(arrival);
    finding->related_frame = arrival->conversation->asked.frame;
    finding->request.answer_seq = arrival->segment->seq;
    finding->request.end = TCPSHAKE_REQUEST_ANSWERED;
    return arrival->from != arrival->conversation->client && tcpshake_is_new_data(arrival);
}

/* The client does not wait any longer. One that only says that it has no more requests still does. */
static bool
gives_up(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const client = arrival->sender, *const server = arrival->receiver;
    const bool asks = tcpshake_is_new_data(arrival) && !tcpshake_end_is(server, TCPSHAKE_END_SENT_FIN);

    finding->frame = arrival->conversation->asked.frame;
    finding->related_frame = arrival->segment->frame;
    finding->request.end = TCPSHAKE_REQUEST_GIVEN_UP;
    finding->request.lost = !has_received_request(client, server);
    return arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST) && !asks && !tcpshake_is_another_fin(arrival) &&
           tcpshake_both_captured(arrival) && !may_expect_nothing(arrival->conversation) &&
           !waits_for_none(client, server);
}

/* The server closes first, and never answers what is too long for a last message. Not where the answer is not in the
 * capture (then its FIN has another number), nor to one who sends on without any. */
static bool
closes_unanswered(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const client = arrival->receiver, *const server = arrival->sender;

    finding->frame = arrival->conversation->asked.frame;
    finding->related_frame = arrival->segment->frame;
    finding->request.end = TCPSHAKE_REQUEST_CLOSED;
    finding->request.lost = tcpshake_seq_lt(arrival->segment->ack, client->snd_nxt);
    return tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK) && arrival->segment->length == 0 &&
           tcpshake_end_is(server, TCPSHAKE_END_HAS_SND_NXT) && arrival->segment->seq == server->snd_nxt &&
           !(client->flags & (TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_SENDS_ON)) && tcpshake_both_captured(arrival) &&
           client->snd_nxt - arrival->conversation->asked_seq > TCPSHAKE_FAREWELL_MAX &&
           !may_expect_nothing(arrival->conversation);
}

static bool
read_timeout(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->asked.frame == 0 || !tcpshake_is_request(conversation) ||
        tcpshake_acknowledges_the_unsent(arrival))
        return false;
    if (tcpshake_numbers_jump(arrival)) /* what was not captured may be the answer */
        return false;
    finding->duration = tcpshake_waited(arrival, conversation->asked);
    if (!tcpshake_is_over(finding->duration, arrival->limits->read_timeout))
        return false;
    const bool by_client = arrival->from == conversation->client;
    const bool ahead = tcpshake_end_is(&conversation->end[conversation->client], TCPSHAKE_END_ANSWER_AHEAD);
    if (is_late_answer(arrival, finding))
        return !ahead || tcpshake_since(arrival, tcpshake_last(conversation)) < TCPSHAKE_RETRANSMISSION_MIN;
    if (ahead)
        return false;
    return by_client ? gives_up(arrival, finding) : closes_unanswered(arrival, finding);
}

/* A request that was never answered, by a server that is there. */
static bool
read_timeout_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = ending->conversation;
    const tcpshake_end *const          client = &conversation->end[conversation->client];
    const tcpshake_end *const          server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];

    finding->frame = conversation->asked.frame;
    finding->duration = tcpshake_waited_to_end(ending, conversation->asked);
    finding->request.end = TCPSHAKE_REQUEST_STILL_WAITS;
    if (end != conversation->client || finding->frame == 0 || tcpshake_rare_of(conversation)->rst.frame ||
        !tcpshake_end_is(server, TCPSHAKE_END_SEEN) || !tcpshake_is_request(conversation) ||
        may_expect_nothing(conversation) || waits_for_none(client, server) || tcpshake_was_replaced(conversation) ||
        tcpshake_end_is(client, TCPSHAKE_END_ANSWER_AHEAD))
        return false;
    return has_received_request(client, server) && tcpshake_is_over(finding->duration, ending->limits->read_timeout);
}

static bool
keepalive_unanswered(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_rare_end *const rare = &tcpshake_rare_of(arrival->conversation)->end[arrival->from];

    if (rare->probe_frame == 0 || tcpshake_milliseconds_since(arrival, arrival->sender) < TCPSHAKE_REPETITION_MIN_MS)
        return false;
    finding->frame = rare->probe_frame;
    finding->repeats.count = (uint16_t)(rare->probes + 1u);
    finding->repeats.zero_window = tcpshake_window_is_closed(arrival->sender, arrival->receiver);
    return tcpshake_both_captured(arrival) && (tcpshake_is_probe(arrival) || tcpshake_has(arrival, TCPSHAKE_RST));
}

/* How long its retransmissions have taken, the current one included; below 0: it is the only one. */
static int64_t
has_repeated_for(const tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;
    const tcpshake_end *const   sender = arrival->sender;

    if (sender->repeats == 0 || (sender->repeats > 1 && !extra))
        return -1;
    return arrival->segment->time - (sender->repeats == 1 ? sender->last.time : extra->repeats_since[arrival->from]);
}

static bool
connection_lost(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const uint32_t limit = arrival->limits->connection_lost;

    if (arrival->sender->repeats + 1u != (limit < UINT16_MAX ? limit : UINT16_MAX)) /* said once */
        return false;
    finding->repeats.count = (uint16_t)(arrival->sender->repeats + 1u);
    finding->repeats.seq = arrival->segment->seq;
    finding->repeats.idle = arrival->conversation->flags & TCPSHAKE_CONVERSATION_LONGEST_SILENCE &&
                            arrival->conversation->silence > TCPSHAKE_IDLE_EXPIRY;
    finding->repeats.small = arrival->segment->length <= TCPSHAKE_DEFAULT_MSS;
    finding->duration = has_repeated_for(arrival);
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

/* Left or right of any window that the receiver may have. The number at its right edge is outside (section 3.10.7.4,
 * first); a stack that counts it as inside challenges the RST, which shows (presumed_reset.c). */
static bool
is_out_of_window(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    return arrival->segment->seq - receiver->ack_sent >= receiver->window_edge - receiver->ack_sent;
}

/* RFC 5961 section 3.2: not reported without a challenge ACK, since the capture may lack what came before the RST. */
static bool
reset_challenged(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_last_rst *const challenged = &arrival->conversation->extra->last_reset[arrival->to];

    finding->frame = challenged->frame;
    finding->end = arrival->to;
    finding->window.distance = challenged->seq - arrival->segment->ack;
    return true;
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

/* Section 3.10.7.3: in SYN-SENT a RST counts if it acknowledges the SYN, whatever its own number is. */
static bool
acknowledges_no_syn(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const client = arrival->receiver;

    finding->related_frame = client->syn_frame;
    finding->window.distance = arrival->segment->ack;
    finding->window.flaw = !tcpshake_has(arrival, TCPSHAKE_ACK)   ? TCPSHAKE_ACKNOWLEDGES_NOTHING
                           : arrival->segment->ack == client->isn ? TCPSHAKE_ACKNOWLEDGES_ISN
                                                                  : TCPSHAKE_ACKNOWLEDGES_OTHER;
    return !tcpshake_reset_acceptable(arrival);
}

static bool
reset_unacceptable(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const bool                is_left = tcpshake_seq_lt(arrival->segment->seq, receiver->ack_sent);

    if (receiver->state == TCPSHAKE_SYN_SENT && tcpshake_end_is(receiver, TCPSHAKE_END_SENT_SYN))
        return acknowledges_no_syn(arrival, finding);
    if (!is_checked(arrival) || !is_out_of_window(arrival) || answers_something_late(arrival) ||
        tcpshake_is_answer(arrival))
        return false;
    finding->window.flaw = is_left ? TCPSHAKE_LEFT_OF_WINDOW : TCPSHAKE_RIGHT_OF_WINDOW;
    finding->window.distance =
        is_left ? receiver->ack_sent - arrival->segment->seq : arrival->segment->seq - receiver->window_edge + 1;
    finding->window.at_least = !is_left && !(arrival->sender->offers & receiver->offers & TCPSHAKE_OFFER_KNOWN);
    return true;
}

/* Its TTL is not the sender's; of each RST: the next one may be another's. */
static bool
is_foreign_reset(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (!tcpshake_is_foreign_ttl(arrival))
        return false;
    finding->ttl.tells = true;
    finding->ttl.of_reset = arrival->segment->ttl;
    finding->ttl.of_sender = arrival->sender->ttl;
    return true;
}

/* The last RST of the receiver may still be under way to the sender, and what the sender does tells nothing of it. */
static bool
has_reset_under_way(const tcpshake_arrival *arrival)
{
    const tcpshake_timeline *const timeline = &arrival->conversation->timeline;
    const tcpshake_moment          last = arrival->receiver->last;
    const ptrdiff_t                at = tcpshake_timeline_find(timeline, last.frame);

    return at >= 0 && tcpshake_entries(timeline)[at].frame == last.frame &&
           tcpshake_entries(timeline)[at].steps & TCPSHAKE_STEP_RST &&
           tcpshake_since(arrival, last) <= TCPSHAKE_IN_FLIGHT;
}

/* The first RST from that frame on of which nothing has been said that tells the same; or 0. */
static uint32_t
next_ignored_reset(const tcpshake_arrival *arrival, uint32_t since)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_timeline *const     timeline = &conversation->timeline;

    for (ptrdiff_t i = tcpshake_timeline_find(timeline, since); i >= 0 && i < (ptrdiff_t)timeline->count; i++) {
        const tcpshake_entry *const entry = &tcpshake_entries(timeline)[i];
        if (entry->frame >= since && entry->frame < arrival->segment->frame && entry->steps & TCPSHAKE_STEP_RST &&
            !tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_ignored, entry->frame) &&
            !tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_unacceptable, entry->frame) &&
            !tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_challenged, entry->frame))
            return entry->frame;
    }
    return 0;
}

/* The conversation goes on, after the RST that seemed to end it, and after each RST behind that. */
static bool
reset_ignored(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const uint32_t first = arrival->ignored_reset.frame;
    const bool     is_first = finding->frame == arrival->segment->frame;
    const uint32_t frame = next_ignored_reset(arrival, is_first ? first : finding->frame + 1);

    finding->frame = frame;
    finding->related_frame = arrival->segment->frame;
    finding->duration = frame == first ? tcpshake_waited(arrival, arrival->ignored_reset) : -1;
    finding->ttl.of_reset = tcpshake_rare_of(arrival->conversation)->reset_ttl;
    finding->ttl.of_sender = arrival->segment->ttl;
    finding->ttl.refused = arrival->conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED; /* and accepted as well */
    finding->ttl.tells = finding->ttl.refused && arrival->conversation->extra &&
                         arrival->conversation->extra->doubts & TCPSHAKE_DOUBT_TTL;
    return frame != 0 && (frame == first || !has_reset_under_way(arrival));
}

/* What was sent to the RST's sender and not acknowledged, not even by this RST or an earlier one from it. */
static uint32_t
unacknowledged(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    if (!tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) || !tcpshake_end_is(receiver, TCPSHAKE_END_HAS_SND_NXT))
        return 0;
    const int32_t left = tcpshake_seq_diff(receiver->snd_nxt, tcpshake_most_acknowledged(arrival));
    return left > 0 ? (uint32_t)left : 0;
}

/* A RST has ended a connection that was open at both ends, not at the client's alone. A RST that only answers a scan,
 * or a segment of a connection that may be long gone, does not show that. */
static bool
ends_open_connection(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->data.bytes = unacknowledged(arrival);
    finding->data.one_sided = !tcpshake_both_captured(arrival);
    finding->duration = tcpshake_waited(arrival, tcpshake_last(arrival->conversation));
    finding->related_frame = arrival->conversation->last_frame;
    return arrival->reset_from == TCPSHAKE_ESTABLISHED && arrival->conversation->last_frame != 0 &&
           arrival->conversation->handshake != TCPSHAKE_HANDSHAKE_ABORTED && /* its sender was not open yet */
           (arrival->conversation->handshake != TCPSHAKE_HANDSHAKE_NOT_CAPTURED ||
            tcpshake_was_open_before(arrival->conversation)) &&
           !((arrival->sender->flags | arrival->receiver->flags) & TCPSHAKE_END_SENT_FIN);
}

/* The end itself, not somebody in its name, answers a last message that is too short for a request. */
static bool
cuts_request_off(const tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;

    return arrival->cuts_request_off && (tcpshake_is_request(arrival->conversation) || (extra && extra->doubts));
}

/* As reconsider.c has counted it. */
static bool
cut_off_behind(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_finding *const closed = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_abortive_close);

    if (!closed || closed->frame != tcpshake_rare_of(arrival->conversation)->rst.frame)
        return false;
    *finding = *closed;
    finding->anomaly = TCPSHAKE_ANOMALY_connection_reset;
    return true;
}

/* This RST shows that an earlier one, in the name of its receiver, has ended the connection: as was said of that. What
 * the receiver has sent since is lost as well. */
static bool
was_ended_before(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (!conversation->extra || conversation->extra->cut_off.frame == 0 ||
        conversation->extra->cut_off.frame != tcpshake_rare_of(conversation)->rst.frame ||
        tcpshake_rare_of(conversation)->rst.frame == arrival->segment->frame)
        return false;
    *finding = conversation->extra->cut_off;
    if (finding->anomaly == TCPSHAKE_ANOMALY_abortive_close && unacknowledged(arrival) > 0) {
        finding->anomaly = TCPSHAKE_ANOMALY_connection_reset;
        finding->data.bytes = unacknowledged(arrival);
        finding->data.sent_since = true;
    }
    return true;
}

static bool
connection_reset(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (was_ended_before(arrival, finding))
        return finding->anomaly == TCPSHAKE_ANOMALY_connection_reset;
    if (arrival->shows & TCPSHAKE_SHOWS_CUT_OFF)
        return cut_off_behind(arrival, finding);
    return ends_open_connection(arrival, finding) && (finding->data.bytes > 0 || cuts_request_off(arrival));
}

/* Nothing is lost by it. */
static bool
abortive_close(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    if (was_ended_before(arrival, finding))
        return finding->anomaly == TCPSHAKE_ANOMALY_abortive_close;
    return ends_open_connection(arrival, finding) && finding->data.bytes == 0 && !cuts_request_off(arrival) &&
           !tcpshake_is_reset_behind_loss(arrival);
}

static bool
ack_storm(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;

    finding->storm.segments = extra->idle_acks;
    finding->duration = tcpshake_waited(arrival, extra->idle_acks_since);
    finding->related_frame = extra->idle_acks_since.frame;
    return true;
}

/* How long a storm has taken, from its first segment on; where that is not known, at most. */
static int64_t
since_first(const tcpshake_arrival *arrival, tcpshake_moment first)
{
    return tcpshake_waited(arrival, first.frame ? first : arrival->conversation->first);
}

/* RSTs for segments that were in flight to an end that has closed do not count. */
static bool
reset_storm(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_moment              none = { 0 };
    const tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t                     answers = conversation->extra ? conversation->extra->late_answers : 0;

    if (tcpshake_rare_of(conversation)->reset_count - answers != arrival->limits->reset_storm)
        return false;
    finding->storm.segments = tcpshake_rare_of(conversation)->reset_count;
    finding->duration = since_first(arrival, conversation->extra ? conversation->extra->first_reset : none);
    return !tcpshake_found(conversation, TCPSHAKE_ANOMALY_reset_storm);
}

static bool
fin_storm(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const uint32_t segments = tcpshake_fin_segments(arrival->conversation);

    if (segments != arrival->limits->fin_storm || !tcpshake_has(arrival, TCPSHAKE_FIN))
        return false;
    finding->storm.segments = segments;
    finding->duration = since_first(arrival, arrival->conversation->fin1);
    return true;
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_socket_timeout, .long_wait = true, .before = socket_timeout },
    { TCPSHAKE_ANOMALY_read_timeout, .long_wait = true, .before = read_timeout, .at_end = read_timeout_at_end },
    { TCPSHAKE_ANOMALY_keepalive_unanswered, .on = ON_ACK | ON_RESET, .before = keepalive_unanswered },
    { TCPSHAKE_ANOMALY_connection_lost, .on = ON_ACK, .before = connection_lost },
    { TCPSHAKE_ANOMALY_connection_reset, .shows = TCPSHAKE_SHOWS_RESET | TCPSHAKE_SHOWS_CUT_OFF,
      .after = connection_reset, .replaces = UINT64_C(1) << TCPSHAKE_ANOMALY_abortive_close },
    { TCPSHAKE_ANOMALY_abortive_close, .shows = TCPSHAKE_SHOWS_RESET, .after = abortive_close },
    { TCPSHAKE_ANOMALY_ack_storm, .shows = TCPSHAKE_SHOWS_ACK_STORM, .after = ack_storm },
    { TCPSHAKE_ANOMALY_reset_challenged, .shows = TCPSHAKE_SHOWS_CHALLENGE, .after = reset_challenged },
    { TCPSHAKE_ANOMALY_reset_unacceptable, .on = ON_RESET, .before = reset_unacceptable },
    { TCPSHAKE_ANOMALY_reset_ignored, .on = ON_RESET, .before = is_foreign_reset, .shows = TCPSHAKE_SHOWS_RESET_IGNORED,
      .after = reset_ignored, .for_each = true },
    { TCPSHAKE_ANOMALY_reset_storm, .on = ON_RESET, .before = reset_storm },
    { TCPSHAKE_ANOMALY_fin_storm, .on = ON_FIN | ON_NO_ACK, .before = fin_storm },
};

TCPSHAKE_RULES(open, rules);
