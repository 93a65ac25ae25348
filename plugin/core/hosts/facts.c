/* facts.c
 * What is remembered of a host apart from its ISNs and groups, and only of hosts that connections were opened with: how
 * many ends of it wait in CLOSE-WAIT and in FIN-WAIT-2, and the clock of the last SYN from it that was answered.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "../segment/seq.h"

#include <string.h>

/* Linux (tcp_tw_recycle, TCP_PAWS_MSL) and BSD forget a peer's timestamp after this time; ns. */
static const int64_t CLOCK_REMEMBERED = INT64_C(60000000000);

struct host_facts {
    uint32_t now[TCPSHAKE_WAITS], peak[TCPSHAKE_WAITS];
    uint32_t clock, answered_by; /* of the last SYN that was answered: its timestamp, and by which host; 0: none */
    int64_t  answered;           /* when */
};

/* NULL: there is no memory. */
static host_facts *
facts_of(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address)
{
    const uint32_t number = tcpshake_enter_host(hosts, allocator, address);

    if (!number)
        return NULL;
    host_facts **const facts = &host_at(hosts, number)->facts;
    if (!*facts) {
        *facts = allocator->resize(allocator->context, NULL, sizeof **facts);
        if (*facts)
            memset(*facts, 0, sizeof **facts);
    }
    return *facts;
}

void
tcpshake_hosts_count_wait(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                          tcpshake_wait wait, bool begins)
{
    host_facts *const facts = facts_of(hosts, allocator, address);

    if (!facts)
        return;
    if (begins)
        facts->now[wait]++;
    else if (facts->now[wait] > 0)
        facts->now[wait]--;
    if (facts->now[wait] > facts->peak[wait])
        facts->peak[wait] = facts->now[wait];
}

uint32_t
tcpshake_hosts_peak_of_waits(const tcpshake_hosts *hosts, tcpshake_address address, tcpshake_wait wait)
{
    const host *const h = tcpshake_find_host(hosts, address);

    return h && h->facts ? h->facts->peak[wait] : 0;
}

void
tcpshake_hosts_note_clock(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address client,
                          tcpshake_address server, uint32_t clock, int64_t time)
{
    host_facts *const facts = facts_of(hosts, allocator, client);

    if (!facts)
        return;
    facts->clock = clock;
    facts->answered = time;
    facts->answered_by = tcpshake_enter_host(hosts, allocator, server);
}

bool
tcpshake_hosts_is_clock_behind(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address client,
                               tcpshake_address server, uint32_t clock, int64_t time)
{
    const uint32_t          number = tcpshake_enter_host(hosts, allocator, client);
    const host_facts *const facts = number ? host_at(hosts, number)->facts : NULL;

    return facts && facts->answered_by != 0 && tcpshake_seq_lt(clock, facts->clock) &&
           time - facts->answered < CLOCK_REMEMBERED &&
           facts->answered_by == tcpshake_enter_host(hosts, allocator, server);
}
