/* host_facts.c
 * What needs many conversations: initial sequence numbers that can be predicted (RFC 6528), half-open connections (RFC
 * 4987) and TIME-WAITs (RFC 6056 section 2.2) by the hundred.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* Linux gives up on a SYN-ACK after 5 repetitions: 1 + 2 + 4 + 8 + 16 + 32 s. */
static const int64_t HALF_OPEN_LASTS = 63 * TCPSHAKE_SECOND;

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
    arrival->isn_run =
        tcpshake_hosts_follow_isn(arrival->hosts, arrival->allocator, address_of(arrival, arrival->segment->source),
                                  as_server, arrival->segment->seq, identity, arrival->segment->time);
    if (arrival->isn_run.length > 1 && arrival->isn_run.length == arrival->limits->isn_predictable)
        arrival->shows |= TCPSHAKE_SHOWS_ISN;
}

/* The conversation joins a group, which is told only when it has become too large. */
static void
join(tcpshake_arrival *arrival, tcpshake_group_kind kind, int64_t lifetime, uint32_t limit, uint32_t shows)
{
    const tcpshake_segment *const segment = arrival->segment;
    const bool                    sends = arrival->conversation->client == arrival->from;
    const uint8_t *const          client = sends ? segment->source : segment->destination;
    const uint8_t *const          server = sends ? segment->destination : segment->source;
    const uint16_t                port = sends ? segment->destination_port : segment->source_port;
    const uint32_t size = tcpshake_group_join(arrival->hosts, arrival->allocator, kind, &arrival->conversation->member,
                                              address_of(arrival, client), address_of(arrival, server), port,
                                              segment->time, lifetime, limit);

    if (size == 0)
        return;
    arrival->shows |= shows;
    arrival->group_size = size;
}

static void
join_half_open(tcpshake_arrival *arrival)
{
    join(arrival, TCPSHAKE_GROUP_HALF_OPEN, HALF_OPEN_LASTS, arrival->limits->syn_flood, TCPSHAKE_SHOWS_HALF_OPEN);
}

static void
join_time_wait(tcpshake_arrival *arrival)
{
    join(arrival, TCPSHAKE_GROUP_TIME_WAIT, 2 * arrival->limits->msl, arrival->limits->time_wait_exhaustion,
         TCPSHAKE_SHOWS_TIME_WAITS);
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
        join_half_open(arrival);
    }
    if (conversation->synack.frame == frame) {
        if (conversation->previous)
            tcpshake_group_leave(&conversation->previous->member);
        follow_isn(arrival, true, arrival->segment->ack);
    }
    if (handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && conversation->handshake != handshake)
        tcpshake_group_leave(&conversation->member);
    else if (arrival->shows & TCPSHAKE_SHOWS_RESET_IGNORED && conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        join_half_open(arrival);
    if (waits && conversation->time_wait.frame == frame)
        join_time_wait(arrival);
    else if (!waits && before[client] == TCPSHAKE_TIME_WAIT)
        tcpshake_group_leave(&conversation->member);
}
