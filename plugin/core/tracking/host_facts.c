/* host_facts.c
 * What needs many conversations: initial sequence numbers that can be predicted (RFC 6528), half-open connections (RFC
 * 4987) and TIME-WAITs (RFC 6056 section 2.2) by the hundred, the most in CLOSE-WAIT and FIN-WAIT-2, and clocks of one
 * address that differ (RFC 7323 appendix B.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../no_inline.h"
#include "../siphash.h"

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

/* Into a byte, four bytes at a time, as many as an IPv4 address has. */
static uint8_t
fold(const uint8_t *bytes, unsigned length)
{
    uint32_t word;
    uint64_t sum = 0;

    for (; length >= sizeof word; length -= (unsigned)sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        sum = tcpshake_mix(sum + word);
    }
    for (unsigned i = 0; i < length; i++)
        sum = tcpshake_mix(sum + bytes[i]);
    return (uint8_t)(sum >> 56);
}

static uint8_t
fold_word(unsigned word)
{
    return (uint8_t)(word ^ word >> 8);
}

static void
follow_isn(tcpshake_arrival *arrival, bool as_server)
{
    const tcpshake_segment *const segment = arrival->segment;

    if (continues(arrival))
        return;
    const tcpshake_isn_owner owner = {
        .number = as_server ? segment->ack : segment->source_port,
        .peer = fold(segment->destination, segment->address_length),
        .ports = fold_word(segment->source_port ^ segment->destination_port),
        .ip_id = fold_word(segment->ip_id),
        .ttl = segment->ttl,
    };
    arrival->isn_run =
        tcpshake_hosts_follow_isn(arrival->hosts, arrival->allocator, address_of(arrival, segment->source), as_server,
                                  segment->seq, owner, segment->time);
    if (arrival->isn_run.length > 1 && arrival->isn_run.length == arrival->limits->isn_predictable &&
        !arrival->isn_run.known)
        arrival->shows |= TCPSHAKE_SHOWS_ISN;
}

/* The conversation joins a group, which is told only when it has become too large. */
static TCPSHAKE_NO_INLINE void
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

/* PAWS for each address, and not for each connection: a server that does so drops the SYN of a host whose clock is
 * behind that of another one at the same NAT (RFC 7323 appendix B.2, (b)). */
static void
follow_clock(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const bool                    answers = tcpshake_has(arrival, TCPSHAKE_ACK);
    const tcpshake_address        source = address_of(arrival, segment->source);
    const tcpshake_address        destination = address_of(arrival, segment->destination);

    if (arrival->clock == 0)
        return;
    if (answers) {
        tcpshake_hosts_note_clock(arrival->hosts, arrival->allocator, destination, source, arrival->clock,
                                  segment->time);
        return;
    }
    if (!tcpshake_hosts_is_clock_behind(arrival->hosts, arrival->allocator, source, destination, arrival->clock,
                                        segment->time))
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    if (extra)
        extra->clock_behind = true;
}

/* Section 3.3.2, figure 5: what follows on CLOSE-WAIT and on FIN-WAIT-2. An end that is in any other state then has
 * never been there: it was presumed to have received what it had not. */
static bool
may_follow(uint8_t now)
{
    enum { AFTER = 1 << TCPSHAKE_LAST_ACK | 1 << TCPSHAKE_TIME_WAIT | 1 << TCPSHAKE_CLOSED };

    return (1u << now & AFTER) != 0;
}

/* What an end in that state waits for; TCPSHAKE_WAITS: for nothing of the kind. */
static tcpshake_wait
wait_in(uint8_t state)
{
    return state == TCPSHAKE_CLOSE_WAIT   ? TCPSHAKE_WAIT_IN_CLOSE_WAIT
           : state == TCPSHAKE_FIN_WAIT_2 ? TCPSHAKE_WAIT_IN_FIN_WAIT_2
                                          : TCPSHAKE_WAITS;
}

/* An end enters or leaves a state in which the connection is half closed. */
static void
follow_wait(tcpshake_arrival *arrival, int end, uint8_t before, uint8_t now)
{
    const tcpshake_wait    left = wait_in(before), entered = wait_in(now);
    const uint8_t *const   bytes = end == arrival->from ? arrival->segment->source : arrival->segment->destination;
    const tcpshake_address address = address_of(arrival, bytes);

    if (before == now)
        return;
    if (left != TCPSHAKE_WAITS && !may_follow(now) && !arrival->begins)
        tcpshake_hosts_take_wait_back(arrival->hosts, arrival->allocator, address, left,
                                      arrival->conversation->fin1.frame);
    else if (left != TCPSHAKE_WAITS)
        tcpshake_hosts_count_wait(arrival->hosts, arrival->allocator, address, left, false, arrival->segment->frame);
    if (entered != TCPSHAKE_WAITS)
        tcpshake_hosts_count_wait(arrival->hosts, arrival->allocator, address, entered, true, arrival->segment->frame);
}

/* What another conversation has left on the four-tuple goes on, or is over. */
static void
follow_waits(tcpshake_arrival *arrival, const uint8_t before[2])
{
    enum { WAITING = 1 << TCPSHAKE_CLOSE_WAIT | 1 << TCPSHAKE_FIN_WAIT_2 };
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          now = conversation->end;
    const bool                         anew = arrival->begins && conversation->previous;
    const uint8_t                      from[2] = { anew ? conversation->previous->end[0].state : before[0],
                              anew ? conversation->previous->end[1].state : before[1] };

    if (!((1u << from[0] | 1u << from[1] | 1u << now[0].state | 1u << now[1].state) & WAITING))
        return;
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        follow_wait(arrival, end, from[end], now[end].state);
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
    if (before[0] != conversation->end[0].state || before[1] != conversation->end[1].state || arrival->begins)
        follow_waits(arrival, before);
    if (conversation->syn.frame == frame && arrival->sender->syn_count == 1) {
        const bool anew =
            conversation->initial[arrival->from] == TCPSHAKE_TIME_WAIT ||
            (conversation->previous && conversation->previous->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS);
        if (conversation->previous && anew) /* it takes the place of the one before */
            tcpshake_group_leave(arrival->hosts, &conversation->previous->member);
        follow_isn(arrival, false);
        follow_clock(arrival);
        join_half_open(arrival);
    }
    if (conversation->synack.frame == frame) {
        if (conversation->previous)
            tcpshake_group_leave(arrival->hosts, &conversation->previous->member);
        follow_isn(arrival, true);
        follow_clock(arrival);
    }
    if (handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && conversation->handshake != handshake)
        tcpshake_group_leave(arrival->hosts, &conversation->member);
    else if (arrival->shows & TCPSHAKE_SHOWS_RESET_IGNORED && conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        join_half_open(arrival);
    if (waits && conversation->time_wait.frame == frame)
        join_time_wait(arrival);
    else if (!waits && before[client] == TCPSHAKE_TIME_WAIT)
        tcpshake_group_leave(arrival->hosts, &conversation->member);
}
