/* host_facts.c
 * What needs many conversations: initial sequence numbers that can be predicted (RFC 6528), half-open connections (RFC
 * 4987) and TIME-WAITs (RFC 6056 section 2.2) by the hundred.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* Linux gives up on a SYN-ACK after 5 repetitions: 1 + 2 + 4 + 8 + 16 + 32 s. */
static const int64_t HALF_OPEN_LASTS = INT64_C(63) * 1000 * 1000 * 1000;

static tcpshake_address
address_of(const tcpshake_arrival *arrival, const uint8_t *bytes)
{
    return (tcpshake_address){ bytes, arrival->segment->address_length };
}

/* A four-tuple that opens again takes a number a little above the last one, so that TIME-WAIT gives way to it (RFC
 * 6191). */
static bool
continues(const tcpshake_arrival *arrival)
{
    enum { LITTLE = 1 << 17 };
    const tcpshake_conversation *const previous = arrival->conversation->previous;

    return previous && previous->end[arrival->from].flags & TCPSHAKE_END_HAS_SND_NXT &&
           arrival->segment->seq - previous->end[arrival->from].snd_nxt <= LITTLE;
}

static void
follow_isn(tcpshake_arrival *arrival, bool as_server, uint32_t identity)
{
    if (continues(arrival))
        return;
    const tcpshake_isn_run run =
        tcpshake_hosts_follow_isn(arrival->hosts, arrival->allocator, address_of(arrival, arrival->segment->source),
                                  as_server, arrival->segment->seq, identity, arrival->segment->time);

    if (run.length != arrival->limits->isn_predictable || run.length < 2)
        return;
    tcpshake_finding *const finding = tcpshake_note(arrival, TCPSHAKE_ANOMALY_isn_predictable);
    finding->isns.connections = run.length;
    finding->isns.step = run.step;
}

static void
note_group(tcpshake_arrival *arrival, tcpshake_anomaly anomaly, uint32_t size, int end)
{
    if (size == 0)
        return;
    tcpshake_finding *const finding = tcpshake_note(arrival, anomaly);
    finding->group.size = size;
    finding->end = (uint8_t)end;
}

static void
open_half(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;

    note_group(arrival, TCPSHAKE_ANOMALY_syn_flood,
               tcpshake_group_join(arrival->hosts, arrival->allocator, TCPSHAKE_GROUP_HALF_OPEN,
                                   &arrival->conversation->member, address_of(arrival, segment->source),
                                   address_of(arrival, segment->destination), segment->destination_port, segment->time,
                                   HALF_OPEN_LASTS, arrival->limits->syn_flood),
               arrival->to);
}

static void
wait_in_time_wait(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const int                     client = arrival->conversation->client;
    const bool                    sends = client == arrival->from;

    note_group(arrival, TCPSHAKE_ANOMALY_time_wait_exhaustion,
               tcpshake_group_join(arrival->hosts, arrival->allocator, TCPSHAKE_GROUP_TIME_WAIT,
                                   &arrival->conversation->member,
                                   address_of(arrival, sends ? segment->source : segment->destination),
                                   address_of(arrival, sends ? segment->destination : segment->source),
                                   sends ? segment->destination_port : segment->source_port, segment->time,
                                   2 * arrival->limits->msl, arrival->limits->time_wait_exhaustion),
               client);
}

void
tcpshake_follow_groups(tcpshake_arrival *arrival, const uint8_t before[2], uint8_t handshake)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const int                    client = conversation->client;
    const uint32_t               frame = arrival->segment->frame;
    const bool                   waits = conversation->end[client].state == TCPSHAKE_TIME_WAIT;

    if (!arrival->hosts || !arrival->segment->source || !arrival->segment->destination)
        return;
    if (conversation->syn.frame == frame && arrival->sender->syn_count == 1) {
        const bool anew =
            conversation->initial[arrival->from] == TCPSHAKE_TIME_WAIT ||
            (conversation->previous && conversation->previous->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS);
        if (conversation->previous && anew) /* it takes the place of the one before */
            tcpshake_group_leave(&conversation->previous->member);
        follow_isn(arrival, false, arrival->segment->source_port);
        open_half(arrival);
    }
    if (conversation->synack.frame == frame) {
        if (conversation->previous)
            tcpshake_group_leave(&conversation->previous->member);
        follow_isn(arrival, true, arrival->segment->ack);
    }
    if (handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && conversation->handshake != handshake)
        tcpshake_group_leave(&conversation->member);
    if (waits && conversation->time_wait.frame == frame)
        wait_in_time_wait(arrival);
    else if (!waits && before[client] == TCPSHAKE_TIME_WAIT)
        tcpshake_group_leave(&conversation->member);
}
