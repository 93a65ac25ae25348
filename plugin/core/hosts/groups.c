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

#include "../no_inline.h"

/* from, to: numbers of hosts. NULL: there is no memory. */
static TCPSHAKE_NO_INLINE const tcpshake_recent_group *
look_up(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind, uint32_t from,
        uint32_t to, uint16_t port)
{
    const group_key key = { .from = from, .to = to, .port = port, .kind = (uint16_t)kind };
    const uint32_t  hash = (uint32_t)tcpshake_sip_hash(&hosts->hash_key, &key, sizeof key);
    const uint32_t  number = tcpshake_table_enter(&hosts->groups, allocator, hash, &key);

    if (!number)
        return NULL;
    hosts->recent_group[kind] = (tcpshake_recent_group){
        .group = tcpshake_table_record(&hosts->groups, number),
        .owner = host_at(hosts, kind == TCPSHAKE_GROUP_HALF_OPEN ? to : from),
        .number = number,
    };
    return &hosts->recent_group[kind];
}

/* NULL: there is no memory. */
static const tcpshake_recent_group *
enter_group(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind, tcpshake_address from,
            tcpshake_address to, uint16_t port)
{
    const bool     any_client = kind == TCPSHAKE_GROUP_HALF_OPEN;
    const uint32_t client = any_client ? 0 : tcpshake_enter_host(hosts, allocator, from);
    const uint32_t server = tcpshake_enter_host(hosts, allocator, to);

    if (!server || (!client && !any_client))
        return NULL;
    const tcpshake_recent_group *const recent = &hosts->recent_group[kind];
    const group *const                 g = recent->group;
    return g && g->key.from == client && g->key.to == server && g->key.port == port
               ? recent
               : look_up(hosts, allocator, kind, client, server, port);
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
append(const tcpshake_hosts *hosts, const tcpshake_recent_group *to, tcpshake_member *member, int64_t since)
{
    group *const        g = to->group;
    member_place *const place = place_at(hosts, member->place);

    *place = (member_place){
        .member = member,
        .since = since,
        .group = to->number,
        .earlier = g->last ? g->last->member->place : 0,
    };
    if (g->last)
        g->last->later = member->place;
    else
        g->first = place;
    g->last = place;
    g->count++;
}

static void
leave(tcpshake_hosts *hosts, tcpshake_member *member)
{
    const uint32_t      number = member->place;
    member_place *const place = place_at(hosts, number);
    group *const        g = tcpshake_table_record(&hosts->groups, place->group);
    member_place *const earlier = place->earlier ? place_at(hosts, place->earlier) : NULL;
    member_place *const later = place->later ? place_at(hosts, place->later) : NULL;

    if (earlier)
        earlier->later = place->later;
    else
        g->first = later;
    if (later)
        later->earlier = place->earlier;
    else
        g->last = earlier;
    g->count--;
    place->later = hosts->free_place;
    place->member = NULL;
    hosts->free_place = number;
    member->place = 0;
}

/* Before another place is made. In a group that nobody joins any more, members stay though their lifetime is over. So
 * the places are looked at in turn, one in each call: a member that has been in this one since it was looked at before,
 * for two lifetimes by the capture's clock, leaves. */
static void
clear_oldest(tcpshake_hosts *hosts, int64_t now)
{
    if (hosts->places.count == 0)
        return;
    hosts->oldest = hosts->oldest ? hosts->oldest : 1;
    member_place *const place = place_at(hosts, hosts->oldest);
    const bool          taken = place->member && place->since == hosts->oldest_since;

    const bool is_later = now < place->since; /* the clock was set back */

    if (taken && !is_later && distance(now, place->since) < 2 * (uint64_t)hosts->longest_lifetime)
        return;
    if (taken && !is_later)
        leave(hosts, place->member);
    hosts->oldest = hosts->oldest % hosts->places.count + 1;
    hosts->oldest_since = place_at(hosts, hosts->oldest)->since;
}

/* A free one; 0: there is no memory. */
static uint32_t
take_place(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, int64_t now)
{
    if (!hosts->free_place)
        clear_oldest(hosts, now);
    const uint32_t number = hosts->free_place;
    if (number) {
        hosts->free_place = place_at(hosts, number)->later;
        return number;
    }
    return tcpshake_reserve_record(&hosts->places, allocator, sizeof(member_place)) ? ++hosts->places.count : 0;
}

void
tcpshake_group_leave(tcpshake_hosts *hosts, tcpshake_member *member)
{
    if (member->place)
        leave(hosts, member);
}

uint32_t
tcpshake_group_join(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind,
                    tcpshake_member *member, tcpshake_address from, tcpshake_address to, uint16_t port, int64_t now,
                    int64_t lifetime, uint32_t limit)
{
    const tcpshake_recent_group *const to_join = enter_group(hosts, allocator, kind, from, to, port);

    if (!to_join) {
        tcpshake_group_leave(hosts, member);
        return 0;
    }
    if (lifetime > hosts->longest_lifetime)
        hosts->longest_lifetime = lifetime;
    group *const  g = to_join->group;
    const int64_t time = read_clock(g, now, lifetime);
    while (g->first && distance(time, g->first->since) >= (uint64_t)lifetime)
        leave(hosts, g->first->member);
    if (g->count <= limit / 2) /* before this one leaves: who only begins again has not been away */
        g->reported = false;
    tcpshake_group_leave(hosts, member);
    member->place = take_place(hosts, allocator, now);
    if (!member->place)
        return 0;
    append(hosts, to_join, member, time);

    uint32_t *const peak = &to_join->owner->peak[kind];
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
