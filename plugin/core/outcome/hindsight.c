/* hindsight.c
 * What the end of the capture proves: anomalies that only silence shows. They sit on the segment that waited.
 *
 * Nothing is stored: the record and the time at which the capture ended say it all, so a live capture that goes on, or
 * another limit, needs no second reading.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../segment/seq.h"
#include "verdict.h"

/* A capture that ends sooner than this behind a segment says nothing about its answer: by then it would have been sent
 * again (RFC 6298 section 2: the first retransmission after 1 s). */
static const int64_t SILENCE = INT64_C(1000) * 1000 * 1000;

typedef struct results {
    tcpshake_finding *findings;
    size_t            count, room;
} results;

static tcpshake_finding *
add(results *results, tcpshake_anomaly anomaly, int end, uint32_t frame, int64_t duration)
{
    static tcpshake_finding spare;

    if (results->count == results->room)
        return &spare;
    size_t at = results->count++;
    for (; at > 0 && results->findings[at - 1].frame > frame; at--)
        results->findings[at] = results->findings[at - 1];
    results->findings[at] =
        (tcpshake_finding){ .frame = frame, .anomaly = (uint8_t)anomaly, .end = (uint8_t)end, .duration = duration };
    return &results->findings[at];
}

static void
waiting_handshake(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                  const tcpshake_knowledge *knowledge, results *results)
{
    const int                 client = conversation->client, server = TCPSHAKE_OTHER(client);
    const tcpshake_end *const opener = &conversation->end[client];

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS || conversation->icmp_frame)
        return;
    const tcpshake_attempt attempt = tcpshake_attempt_of(conversation);
    const int64_t          waited = knowledge->capture_end - attempt.syn.time;
    const bool             answered = (conversation->end[server].flags & TCPSHAKE_END_HEARD) != 0;
    if (attempt.syn.frame && !answered) {
        tcpshake_finding *const finding =
            add(results, TCPSHAKE_ANOMALY_syn_unanswered, client, attempt.syn.frame, waited);
        finding->attempt.number = attempt.syns;
        finding->attempt.refused_frame = attempt.refused_frame;
    }
    if (conversation->synack.frame && opener->flags & TCPSHAKE_END_SEEN && !conversation->ack.frame &&
        knowledge->capture_end - conversation->synack.time > SILENCE &&
        !tcpshake_found(conversation, TCPSHAKE_ANOMALY_missing_handshake_ack))
        add(results, TCPSHAKE_ANOMALY_missing_handshake_ack, server, conversation->synack.frame,
            knowledge->capture_end - conversation->synack.time);
    if (attempt.syn.frame && limits->connection_timeout > 0 && waited > limits->connection_timeout &&
        !tcpshake_found(conversation, TCPSHAKE_ANOMALY_connection_timeout))
        add(results, TCPSHAKE_ANOMALY_connection_timeout, client, attempt.syn.frame, waited);
}

static void
waiting_fin(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge, results *results)
{
    const int closer = conversation->first_closer;
    const struct {
        const tcpshake_moment *fin;
        int                    end;
    } fins[] = { { &conversation->fin1, closer }, { &conversation->fin2, TCPSHAKE_OTHER(closer) } };

    for (unsigned i = 0; i < sizeof fins / sizeof fins[0]; i++) {
        const tcpshake_end *const end = &conversation->end[fins[i].end];
        const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(fins[i].end)];
        if (fins[i].fin->frame && end->flags & TCPSHAKE_END_FIN_WAITS && end->fin_count == 1 &&
            peer->flags & TCPSHAKE_END_SEEN && !conversation->rst.frame &&
            knowledge->capture_end - fins[i].fin->time > SILENCE)
            add(results, TCPSHAKE_ANOMALY_missing_fin_ack, fins[i].end, fins[i].fin->frame,
                knowledge->capture_end - fins[i].fin->time);
    }
}

/* The peer has closed, this end has acknowledged that and has nothing more to say. */
static void
lingering_close(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                const tcpshake_knowledge *knowledge, results *results)
{
    const int                 end = TCPSHAKE_OTHER(conversation->first_closer);
    const tcpshake_end *const who = &conversation->end[end];
    const int64_t             waited = knowledge->capture_end - conversation->lingers.time;

    if (conversation->lingers.frame == 0 || conversation->fin1_ack.frame == 0 || who->state != TCPSHAKE_CLOSE_WAIT ||
        !(who->flags & TCPSHAKE_END_SEEN) || conversation->rst.frame || !tcpshake_closer_is_known(conversation) ||
        limits->close_wait_lingering == 0 || waited <= limits->close_wait_lingering)
        return;
    add(results, TCPSHAKE_ANOMALY_close_wait_lingering, end, conversation->fin1_ack.frame, waited);
}

/* A request that was never answered, by a server that is there. */
static void
waiting_request(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                const tcpshake_knowledge *knowledge, results *results)
{
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];
    const tcpshake_end *const client = &conversation->end[conversation->client];
    const int64_t             waited = knowledge->capture_end - conversation->asked.time;
    const bool                small = client->snd_nxt - conversation->asked_seq < TCPSHAKE_REQUEST_MIN;

    if (conversation->asked.frame == 0 || !(server->flags & TCPSHAKE_END_SEEN) || conversation->rst.frame ||
        (server->flags & TCPSHAKE_END_SENT_DATA && small) || !(server->flags & TCPSHAKE_END_HAS_ACK) ||
        tcpshake_seq_lt(server->ack_sent, client->snd_nxt) || /* lost, or the capture has lost what came after it */
        conversation->flags & (TCPSHAKE_CONVERSATION_MIDSTREAM | TCPSHAKE_CONVERSATION_PUSHES) ||
        limits->read_timeout == 0 || waited <= limits->read_timeout)
        return;
    add(results, TCPSHAKE_ANOMALY_read_timeout, conversation->client, conversation->asked.frame, waited)->request.end =
        TCPSHAKE_REQUEST_STILL_WAITS;
}

size_t
tcpshake_hindsight(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                   const tcpshake_knowledge *knowledge, tcpshake_finding *findings, size_t room)
{
    results results = { findings, 0, room };

    if (knowledge->hindsight) {
        waiting_handshake(conversation, limits, knowledge, &results);
        waiting_fin(conversation, knowledge, &results);
        lingering_close(conversation, limits, knowledge, &results);
        waiting_request(conversation, limits, knowledge, &results);
    }
    return results.count;
}
