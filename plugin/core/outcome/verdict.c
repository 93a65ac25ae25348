/* verdict.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict.h"

#include "../rules/rules.h"

static tcpshake_handshake
handshake_of(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
             const tcpshake_knowledge *knowledge)
{
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];
    const tcpshake_end *const client = &conversation->end[conversation->client];
    const bool gives_up = client->state == TCPSHAKE_CLOSED && tcpshake_end_is(client, TCPSHAKE_END_SENT_RESET);

    if (conversation->handshake == TCPSHAKE_HANDSHAKE_NONE && conversation->syn.frame)
        return TCPSHAKE_HANDSHAKE_IN_PROGRESS; /* what comes of it is in another stream */
    if (knowledge->hindsight && tcpshake_gave_up_unanswered(conversation))
        return TCPSHAKE_HANDSHAKE_UNANSWERED;
    if (conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS || !knowledge->hindsight)
        return conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && tcpshake_rare_of(conversation)->icmp_frame
                   ? TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP
                   : (tcpshake_handshake)conversation->handshake;
    if (tcpshake_rare_of(conversation)->icmp_frame)
        return TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP;
    if (tcpshake_client_is_unheard(conversation))
        return TCPSHAKE_HANDSHAKE_NOT_CAPTURED;
    const tcpshake_moment syn = tcpshake_attempt_of(conversation).syn;
    const int64_t         end = tcpshake_watched_until(conversation, knowledge);
    const int64_t         waited = tcpshake_elapsed(conversation, syn.frame ? syn : conversation->first, end);
    if (!(server->flags & TCPSHAKE_END_HEARD) || !tcpshake_has_accepted_syn(conversation))
        return waited > TCPSHAKE_SILENCE || gives_up ? TCPSHAKE_HANDSHAKE_UNANSWERED : TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    if (limits->connection_timeout > 0 && waited > limits->connection_timeout)
        return TCPSHAKE_HANDSHAKE_TIMED_OUT;
    /* The SYN-ACK has only just been sent. */
    if (conversation->synack.frame && tcpshake_elapsed(conversation, conversation->synack, end) <= TCPSHAKE_SILENCE)
        return TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    return TCPSHAKE_HANDSHAKE_HALF_OPEN;
}

static tcpshake_teardown
teardown_of(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    const bool fin1_acked = conversation->fin1_ack.frame != 0, fin2 = conversation->fin2.frame != 0;
    const bool reset = tcpshake_rare_of(conversation)->rst.frame != 0;
    /* A FIN behind the RST was under way when that passed, and closes nothing any more. */
    const bool late_fin = reset && conversation->fin1.frame > tcpshake_rare_of(conversation)->rst.frame;
    const bool done = conversation->end[0].flags & conversation->end[1].flags & TCPSHAKE_END_FIN_ACKED;
    /* The FIN was sent in the conversation before, which an end still holds. */
    const bool is_of_another = conversation->flags & TCPSHAKE_CONVERSATION_INHERITED && !conversation->fin1.frame;

    if (done && conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_FIN)
        return TCPSHAKE_TEARDOWN_SIMULTANEOUS;
    if (done)
        return conversation->fin2.frame && conversation->fin1_ack.frame == conversation->fin2.frame
                   ? TCPSHAKE_TEARDOWN_THREE_SEGMENTS
                   : TCPSHAKE_TEARDOWN_FOUR_SEGMENTS;
    if (reset && conversation->fin1.frame && !late_fin)
        return TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING;
    if (reset && (conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
                  conversation->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
                  conversation->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED))
        return TCPSHAKE_TEARDOWN_RESET;
    if (!((conversation->end[0].flags | conversation->end[1].flags) & TCPSHAKE_END_SENT_FIN) || is_of_another ||
        late_fin)
        return TCPSHAKE_TEARDOWN_NONE;
    return fin1_acked && !fin2 && knowledge->hindsight ? TCPSHAKE_TEARDOWN_HALF_CLOSED : TCPSHAKE_TEARDOWN_IN_PROGRESS;
}

static void
negotiate(const tcpshake_conversation *conversation, tcpshake_summary *summary)
{
    const tcpshake_end *const a = &conversation->end[0], *const b = &conversation->end[1];
    const unsigned both = a->offers & b->offers;
    const unsigned sent = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK;

    summary->negotiated = (a->flags & sent) && (b->flags & sent) && both & TCPSHAKE_OFFER_KNOWN;
    if (!summary->negotiated)
        return;
    summary->mss = a->mss == 0 || (b->mss != 0 && b->mss < a->mss) ? b->mss : a->mss;
    summary->wscale = (both & TCPSHAKE_OFFER_WSCALE) != 0;
    summary->sack = (both & TCPSHAKE_OFFER_SACK) != 0;
    summary->timestamps = (both & TCPSHAKE_OFFER_TIMESTAMPS) != 0;
    summary->ecn = (both & (TCPSHAKE_OFFER_ECN | TCPSHAKE_OFFER_ACCURATE_ECN)) != 0;
    summary->mptcp = (both & TCPSHAKE_OFFER_MPTCP) != 0;
    summary->tfo = (conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN) != 0;
}

static void
measure(const tcpshake_conversation *conversation, tcpshake_summary *summary)
{
    const bool            closed = conversation->end[0].flags & conversation->end[1].flags & TCPSHAKE_END_FIN_ACKED;
    const tcpshake_moment last_ack =
        conversation->fin2_ack.time > conversation->fin1_ack.time ? conversation->fin2_ack : conversation->fin1_ack;
    const bool complete =
        summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE || summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS;

    const tcpshake_moment syn = tcpshake_attempt_of(conversation).syn;

    summary->syn_frame = syn.frame;
    summary->connection_time = complete ? tcpshake_connection_time(conversation) : TCPSHAKE_NO_TIME;
    summary->synack_time = tcpshake_between(conversation, syn, conversation->synack);
    summary->ack_time =
        complete ? tcpshake_between(conversation, conversation->synack, conversation->ack) : TCPSHAKE_NO_TIME;
    summary->teardown_time = closed ? tcpshake_between(conversation, conversation->fin1, last_ack) : TCPSHAKE_NO_TIME;
    summary->half_close_time = tcpshake_between(conversation, conversation->fin1_ack, conversation->fin2);
    summary->lifetime = tcpshake_between(conversation, conversation->syn, conversation->changed);
    summary->socket_time = conversation->longest_gap > 0 ? conversation->longest_gap : TCPSHAKE_NO_TIME;
    summary->read_time = conversation->longest_read > 0 ? conversation->longest_read : TCPSHAKE_NO_TIME;
    summary->reset_idle =
        tcpshake_rare_of(conversation)->rst.frame && conversation->extra && conversation->extra->reset_idle > 0
            ? conversation->extra->reset_idle
            : TCPSHAKE_NO_TIME;
    summary->reset_reason =
        tcpshake_rare_of(conversation)->rst.frame && conversation->extra && conversation->extra->reset_reason
            ? conversation->extra->reset_reason
            : "";
    summary->close_idle =
        conversation->fin1.frame && conversation->close_idle >= 0 && tcpshake_closer_is_known(conversation)
            ? conversation->close_idle
            : TCPSHAKE_NO_TIME;
    summary->rst_frame = tcpshake_ending_reset(conversation).frame;
    summary->reset_cause =
        tcpshake_rare_of(conversation)->rst.frame ? tcpshake_rare_of(conversation)->reset_cause : TCPSHAKE_CAUSE_NONE;
}

/* The kinds of what only the end of the capture proves. */
static uint64_t
found_late(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
           const tcpshake_knowledge *knowledge)
{
    tcpshake_finding late[TCPSHAKE_VIEW_FINDINGS];
    const size_t     count = tcpshake_hindsight(conversation, limits, knowledge, late, TCPSHAKE_VIEW_FINDINGS);
    uint64_t         found = 0;

    for (size_t i = 0; i < count; i++)
        found |= UINT64_C(1) << late[i].anomaly;
    return found;
}

/* Who holds TIME-WAIT, as the states have it. */
static uint8_t
time_wait_owner(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    uint8_t owner = conversation->time_wait_owner;

    for (int end = 0; owner && end < TCPSHAKE_ENDS; end++)
        if (tcpshake_without_the_never_shown(conversation, knowledge, end, conversation->time_wait.frame,
                                             TCPSHAKE_TIME_WAIT) != TCPSHAKE_TIME_WAIT)
            owner &= (uint8_t)~tcpshake_role_of(conversation, end);
    return owner;
}

static void
count(const tcpshake_conversation *conversation, tcpshake_summary *summary)
{
    const int client = conversation->client, server = TCPSHAKE_OTHER(client);

    summary->client_syns = tcpshake_syns_of(conversation, client);
    summary->server_syns = tcpshake_syns_of(conversation, server);
    summary->client_fins = tcpshake_fins_of(conversation, client);
    summary->server_fins = tcpshake_fins_of(conversation, server);
}

void
tcpshake_summarise(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                   const tcpshake_knowledge *knowledge, const tcpshake_view *view, tcpshake_summary *summary)
{
    *summary = (tcpshake_summary){
        .handshake = (uint8_t)handshake_of(conversation, limits, knowledge),
        .teardown = (uint8_t)teardown_of(conversation, knowledge),
        .opened_by = conversation->opened_by,
        .closed_by = conversation->closed_by,
        .reset_by = tcpshake_rare_of(conversation)->reset_by,
        .time_wait_owner = time_wait_owner(conversation, knowledge),
        .time_wait_until = conversation->time_wait.time + 2 * limits->msl,
        .anomalies =
            tcpshake_anomalies(conversation) | (view ? view->late : found_late(conversation, limits, knowledge)),
    };
    if (summary->teardown == TCPSHAKE_TEARDOWN_RESET) {
        summary->closed_by = tcpshake_rare_of(conversation)->reset_by;
    } else if (!tcpshake_closer_is_known(conversation)) {
        summary->closed_by = TCPSHAKE_NOBODY;
        if (summary->teardown == TCPSHAKE_TEARDOWN_HALF_CLOSED)
            summary->teardown = TCPSHAKE_TEARDOWN_IN_PROGRESS;
    }
    count(conversation, summary);
    negotiate(conversation, summary);
    measure(conversation, summary);
    summary->reset_in_between =
        summary->anomalies & UINT64_C(1) << TCPSHAKE_ANOMALY_reset_in_between &&
        tcpshake_was_reset_in_between(conversation, knowledge, tcpshake_rare_of(conversation)->rst.frame);
    if (summary->reset_in_between)
        summary->reset_cause = TCPSHAKE_CAUSE_FOREIGN;
    else if (summary->anomalies & UINT64_C(1) << TCPSHAKE_ANOMALY_nat_bypassed)
        summary->reset_cause = TCPSHAKE_CAUSE_NO_SUCH_CONNECTION;
}

bool
tcpshake_was_reset_in_between(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge,
                              uint32_t frame)
{
    return knowledge->hindsight &&
           tcpshake_is_reset_in_between(conversation, knowledge->hosts,
                                        tcpshake_points_watched_until(conversation, knowledge), frame);
}

bool
tcpshake_was_nat_bypassed(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    return knowledge->hindsight && tcpshake_is_nat_bypassed(conversation, knowledge->hosts,
                                                            tcpshake_points_watched_until(conversation, knowledge));
}
