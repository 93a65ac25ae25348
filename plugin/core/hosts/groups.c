/* groups.c
 * Conversations that are in the same situation at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A group's clock. Its members are in the order in which their lifetime began, so that those whose lifetime is over are
 * at one end. The clock of a capture may go backwards, a group's does not:
 * - by less than a lifetime: segments were captured, or merged, out of order. The group's clock stands still until
 *   then.
 * - by more: the clock was set, or another capture was appended. The group's clock goes on from where it is, as if no
 *   time had passed. If it stood still, nobody would leave until then, and the group would grow for no reason.
 */
#include "internal.h"

/* NULL: there is no memory. */
static group *
enter_group(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind, tcpshake_address from,
            tcpshake_address to, uint16_t port)
{
    const bool      any_client = kind == TCPSHAKE_GROUP_HALF_OPEN;
    const group_key key = { .from = any_client ? 0 : tcpshake_enter_host(hosts, allocator, from),
                            .to = tcpshake_enter_host(hosts, allocator, to),
                            .port = port,
                            .kind = (uint16_t)kind };

    if (!key.to || (!key.from && !any_client))
        return NULL;
    uint32_t *const number = &hosts->recent_group[kind];
    if (*number) {
        group *const g = tcpshake_table_record(&hosts->groups, *number);
        if (g->key.from == key.from && g->key.to == key.to && g->key.port == port)
            return g;
    }
    *number = tcpshake_table_enter(&hosts->groups, allocator,
                                   (uint32_t)tcpshake_sip_hash(&hosts->hash_key, &key, sizeof key), &key);
    return *number ? tcpshake_table_record(&hosts->groups, *number) : NULL;
}

/* What the group's clock shows when the capture's shows now; see the top of this file. */
static int64_t
read_clock(group *g, int64_t now, int64_t lifetime)
{
    if (!g->last) {
        g->ahead = 0;
        return now;
    }
    const int64_t last = g->last->since;
    const int64_t time = (int64_t)((uint64_t)now + (uint64_t)g->ahead);
    if (time >= last)
        return time;
    if (distance(time, last) > (uint64_t)lifetime)
        g->ahead = (int64_t)((uint64_t)last - (uint64_t)now);
    return last;
}

static void
append(group *g, tcpshake_member *member, int64_t since)
{
    *member = (tcpshake_member){ .group = g, .earlier = g->last, .since = since };
    if (g->last)
        g->last->later = member;
    else
        g->first = member;
    g->last = member;
    g->count++;
}

void
tcpshake_group_leave(tcpshake_member *member)
{
    group *const g = member->group;

    if (!g)
        return;
    if (member->earlier)
        member->earlier->later = member->later;
    else
        g->first = member->later;
    if (member->later)
        member->later->earlier = member->earlier;
    else
        g->last = member->earlier;
    g->count--;
    *member = (tcpshake_member){ .group = NULL };
}

/* Whose group it is. */
static host *
host_of(const tcpshake_hosts *hosts, const group *g)
{
    return host_at(hosts, g->key.kind == TCPSHAKE_GROUP_HALF_OPEN ? g->key.to : g->key.from);
}

uint32_t
tcpshake_group_join(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind,
                    tcpshake_member *member, tcpshake_address from, tcpshake_address to, uint16_t port, int64_t now,
                    int64_t lifetime, uint32_t limit)
{
    group *const g = enter_group(hosts, allocator, kind, from, to, port);

    if (!g) {
        tcpshake_group_leave(member);
        return 0;
    }
    const int64_t time = read_clock(g, now, lifetime);
    while (g->first && distance(time, g->first->since) >= (uint64_t)lifetime)
        tcpshake_group_leave(g->first);
    if (g->count <= limit / 2) /* before this one leaves: who only begins again has not been away */
        g->reported = false;
    tcpshake_group_leave(member);
    append(g, member, time);

    uint32_t *const peak = &host_of(hosts, g)->peak[kind];
    if (g->count > *peak)
        *peak = g->count;
    if (limit == 0 || g->count <= limit || g->reported)
        return 0;
    g->reported = true;
    return g->count;
}

uint32_t
tcpshake_group_peak(const tcpshake_hosts *hosts, tcpshake_group_kind kind, tcpshake_address address)
{
    const host *const h = tcpshake_find_host(hosts, address);

    return h ? h->peak[kind] : 0;
}
