/* facts.c
 * What is remembered of a host apart from its ISNs and groups, and only of hosts that connections were opened with: how
 * many ends of it wait in CLOSE-WAIT and in FIN-WAIT-2, and the clocks of the last SYNs from it that were answered.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "../segment/seq.h"

/* Linux (tcp_tw_recycle, TCP_PAWS_MSL) and BSD forget a peer's timestamp after this time; ns. */
static const int64_t CLOCK_REMEMBERED = INT64_C(60000000000);

/* Of as many servers as a host, or those behind a NAT, may turn to within that time. */
enum { SERVERS_REMEMBERED = 4 };

/* The last SYN that a server has answered: its timestamp, and when. answered_by: which host; 0: none. */
typedef struct answered_clock {
    uint32_t clock, answered_by;
    int64_t  time;
} answered_clock;

struct host_facts {
    uint32_t       now[TCPSHAKE_WAITS], peak[TCPSHAKE_WAITS];
    uint32_t       peak_frame[TCPSHAKE_WAITS]; /* where that was reached first */
    answered_clock answered[SERVERS_REMEMBERED];
};

/* NULL: there is no memory. */
static host_facts *
facts_of(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address)
{
    const uint32_t number = tcpshake_enter_host(hosts, allocator, address);

    if (!number)
        return NULL;
    host_facts **const facts = &host_at(hosts, number)->facts;
    if (!*facts)
        *facts = tcpshake_allocate(allocator, sizeof **facts);
    return *facts;
}

void
tcpshake_hosts_count_wait(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                          tcpshake_wait wait, bool begins, uint32_t frame)
{
    host_facts *const facts = facts_of(hosts, allocator, address);

    if (!facts)
        return;
    if (begins)
        facts->now[wait]++;
    else if (facts->now[wait] > 0)
        facts->now[wait]--;
    if (facts->now[wait] <= facts->peak[wait])
        return;
    facts->peak[wait] = facts->now[wait];
    facts->peak_frame[wait] = frame;
}

void
tcpshake_hosts_take_wait_back(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                              tcpshake_wait wait, uint32_t since)
{
    host_facts *const facts = facts_of(hosts, allocator, address);

    if (!facts)
        return;
    if (facts->now[wait] > 0)
        facts->now[wait]--;
    if (since && facts->peak[wait] > 0 && facts->peak_frame[wait] >= since)
        facts->peak[wait]--;
}

uint32_t
tcpshake_hosts_peak_of_waits(const tcpshake_hosts *hosts, tcpshake_address address, tcpshake_wait wait)
{
    const host *const h = tcpshake_find_host(hosts, address);

    return h && h->facts ? h->facts->peak[wait] : 0;
}

/* Of that server; else the one that is remembered for the longest time. */
static answered_clock *
place_of(host_facts *facts, uint32_t server)
{
    answered_clock *oldest = &facts->answered[0];

    for (int i = 0; i < SERVERS_REMEMBERED; i++) {
        answered_clock *const place = &facts->answered[i];
        if (place->answered_by == server)
            return place;
        if (place->answered_by == 0 || (oldest->answered_by != 0 && place->time < oldest->time))
            oldest = place;
    }
    return oldest;
}

void
tcpshake_hosts_note_clock(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address client,
                          tcpshake_address server, uint32_t clock, int64_t time)
{
    host_facts *const facts = facts_of(hosts, allocator, client);

    const uint32_t number = facts ? tcpshake_enter_host(hosts, allocator, server) : 0;

    if (number)
        *place_of(facts, number) = (answered_clock){ clock, number, time };
}

bool
tcpshake_hosts_is_clock_behind(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address client,
                               tcpshake_address server, uint32_t clock, int64_t time)
{
    const uint32_t    number = tcpshake_enter_host(hosts, allocator, client);
    host_facts *const facts = number ? host_at(hosts, number)->facts : NULL;
    const uint32_t    asked = facts ? tcpshake_enter_host(hosts, allocator, server) : 0;

    if (!asked)
        return false;
    const answered_clock *const last = place_of(facts, asked);
    return last->answered_by == asked && tcpshake_seq_lt(clock, last->clock) && time - last->time < CLOCK_REMEMBERED;
}
