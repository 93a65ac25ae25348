/* isn.c
 * The initial sequence numbers of a host, and how long a run of them could have been predicted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* Long enough for the way through a NAT, short enough that a client cannot be back with the same port by chance. */
#define COPY_WITHIN UINT64_C(1000000000)

enum { ISNS_KEPT = 8 }; /* a power of 2 */

/* Packed, as there are eight of them: alignment would make each a fifth larger. */
#pragma pack(push, 4)
typedef struct isn_seen {
    int64_t            time;
    uint32_t           isn;
    tcpshake_isn_owner owner;
} isn_seen;
#pragma pack(pop)

/* The ISNs of one host in one role. Of most hosts there is one connection: room for more is made as they come. */
typedef struct isn_track {
    uint32_t step;                  /* from the ISN before the latest */
    uint32_t stepping;              /* the run of equal steps that ends with the latest */
    uint32_t repeating;             /* the run of ISNs that were among those kept */
    uint32_t longest, longest_step; /* the longest run so far */
    uint32_t followed;              /* all of them */
    uint8_t  latest, count, capacity;
    isn_seen seen[]; /* the last ones; a ring once all ISNS_KEPT are there */
} isn_track;

/* A NAT that changes a port and no address is a router as well: behind it the packet has another TTL, and the same IP
 * identification. Else the same two hosts have two connections. */
static bool
may_be_one(const tcpshake_isn_owner *one, const tcpshake_isn_owner *other)
{
    const bool same_route = one->peer == other->peer && one->ports != other->ports;

    return one->number == other->number && (!same_route || (one->ip_id == other->ip_id && one->ttl != other->ttl));
}

/* Of any of those kept, since the copies of several connections may come interleaved. Measured from the connection that
 * was counted, not from its last copy: who connects from one port with one ISN again and again shall be found. */
static bool
is_copy(const isn_track *track, const isn_seen *now)
{
    for (unsigned i = 0; i < track->count; i++)
        if (track->seen[i].isn == now->isn && may_be_one(&track->seen[i].owner, &now->owner) &&
            distance(track->seen[i].time, now->time) <= COPY_WITHIN)
            return true;
    return false;
}

static bool
is_repeated(const isn_track *track, uint32_t isn)
{
    for (unsigned i = 0; i < track->count; i++)
        if (track->seen[i].isn == isn)
            return true;
    return false;
}

/* With room for one more ISN; NULL: there is no memory, and the track stays as it was. */
static isn_track *
reserve_isn(isn_track *track, const tcpshake_allocator *allocator)
{
    if (track && (track->count < track->capacity || track->capacity == ISNS_KEPT))
        return track;
    const unsigned   capacity = track ? track->capacity * 2u : 1;
    isn_track *const larger =
        allocator->resize(allocator->context, track, sizeof *track + capacity * sizeof track->seen[0]);
    if (!larger)
        return NULL;
    if (!track)
        *larger = (isn_track){ .count = 0 };
    larger->capacity = (uint8_t)capacity;
    return larger;
}

static tcpshake_isn_run
advance(isn_track *track, const isn_seen *now, bool repeats)
{
    const uint32_t step = track->count > 0 ? now->isn - track->seen[track->latest].isn : 0;

    track->stepping = step == track->step ? track->stepping + 1 : 2; /* from 0 and 0 the first one makes 1 */
    track->repeating = repeats ? track->repeating + 1 : 1;
    track->step = step;
    track->followed += track->followed < UINT32_MAX;

    track->latest = track->count < ISNS_KEPT ? track->count++ : (uint8_t)((track->latest + 1) % ISNS_KEPT);
    track->seen[track->latest] = *now;
    return track->repeating > track->stepping ? (tcpshake_isn_run){ track->repeating, 0, false }
                                              : (tcpshake_isn_run){ track->stepping, step, false };
}

tcpshake_isn_run
tcpshake_hosts_follow_isn(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                          bool as_server, uint32_t isn, tcpshake_isn_owner owner, int64_t time)
{
    const isn_seen         now = { time, isn, owner };
    const tcpshake_isn_run alone = { 1, 0, false }, copy = { 0, 0, false };
    const uint32_t         number = tcpshake_enter_host(hosts, allocator, address);

    if (!number)
        return alone;
    isn_track **const slot = &host_at(hosts, number)->isns[as_server];
    const bool        repeats = *slot && is_repeated(*slot, isn);
    if (repeats && is_copy(*slot, &now))
        return copy;
    isn_track *const track = reserve_isn(*slot, allocator);
    if (!track)
        return alone;
    *slot = track;
    tcpshake_isn_run run = advance(track, &now, repeats);
    run.known = run.length <= track->longest && run.step == track->longest_step;
    if (run.length > track->longest) {
        track->longest = run.length;
        track->longest_step = run.step;
    }
    return run;
}

tcpshake_isn_run
tcpshake_hosts_longest_isn_run(const tcpshake_hosts *hosts, tcpshake_address address, bool as_server)
{
    const host *const      h = tcpshake_find_host(hosts, address);
    const isn_track *const track = h ? h->isns[as_server] : NULL;

    return track ? (tcpshake_isn_run){ track->longest, track->longest_step, false } : (tcpshake_isn_run){ 0, 0, false };
}

uint32_t
tcpshake_hosts_isn_count(const tcpshake_hosts *hosts, tcpshake_address address, bool as_server)
{
    const host *const h = tcpshake_find_host(hosts, address);

    return h && h->isns[as_server] ? h->isns[as_server]->followed : 0;
}
