/* between.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "between.h"

static tcpshake_point
point_of(const tcpshake_conversation *here, int end, const tcpshake_twin *twin)
{
    const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
    const bool                         is_client = end == here->client;

    return (tcpshake_point){ other, is_client ? other->client : TCPSHAKE_OTHER(other->client), twin };
}

/* From the SYN that was captured at each point to the first SYN-ACK there, by the clock there; below 0: not known. */
static int64_t
waited_for_answer(const tcpshake_point *there)
{
    return there->conversation->synack.frame ? there->conversation->synack.time - there->twin->time : -1;
}

static uint8_t
first_ttl(const tcpshake_point *there, int end)
{
    return there->conversation->end[end].first_ttl;
}

/* Whether one is nearer to that end than other is. */
static bool
is_nearer(const tcpshake_point *one, const tcpshake_point *other, bool is_client)
{
    const uint8_t ttl = first_ttl(one, one->end), other_ttl = first_ttl(other, other->end);
    const uint8_t of_peer = first_ttl(one, TCPSHAKE_OTHER(one->end));
    const uint8_t other_of_peer = first_ttl(other, TCPSHAKE_OTHER(other->end));
    const int64_t wait = waited_for_answer(one), other_wait = waited_for_answer(other);

    if (ttl && other_ttl && ttl != other_ttl)
        return ttl > other_ttl;
    if (of_peer && other_of_peer && of_peer != other_of_peer)
        return of_peer < other_of_peer;
    if (wait >= 0 && other_wait >= 0 && wait != other_wait)
        return (wait > other_wait) == is_client;
    return (one->twin->frame < other->twin->frame) == is_client;
}

bool
tcpshake_next_point(const tcpshake_conversation *here, int end, bool nearer, tcpshake_point *next)
{
    const bool is_client = end == here->client;

    *next = (tcpshake_point){ 0 };
    if (!tcpshake_twins_of(here))
        return false;
    const tcpshake_point own = point_of(here, end, tcpshake_own_twin(here));
    for (const tcpshake_twin *twin = NULL; (twin = tcpshake_next_twin(here, twin)) != NULL;) {
        const tcpshake_point there = point_of(here, end, twin);
        if (is_nearer(&there, &own, is_client) != nearer)
            continue;
        if (!next->twin || is_nearer(&there, next, is_client) != nearer)
            *next = there;
    }
    return next->twin != NULL;
}

tcpshake_seen
tcpshake_seen_there(const tcpshake_conversation *here, const tcpshake_point *there)
{
    int64_t ahead = 0;

    if (!tcpshake_twin_clock(here, there->twin, &ahead))
        ahead = there->twin->time - tcpshake_own_twin(here)->time; /* the way included, which is short */
    return (tcpshake_seen){ there->twin->point, there->twin->frame, there->twin->time,
                            there->conversation->end[there->end].last.time, ahead };
}

bool
tcpshake_was_watched(const tcpshake_ending *ending, uint8_t here, const tcpshake_seen *there, int64_t passed,
                     int64_t after)
{
    const int64_t  time = passed + there->ahead;
    tcpshake_watch watch;

    if (!tcpshake_hosts_watch_of(ending->hosts, here, there->point, ending->last_segment, &watch))
        return true;
    return (watch.from <= time || there->first <= time || there->first_frame == watch.frame) &&
           (there->last > time || watch.until - time >= after);
}

bool
tcpshake_has_bypassed_nat(const tcpshake_conversation *here, const tcpshake_point *there)
{
    return tcpshake_rare_of(here)->rst.frame && tcpshake_rare_of(here)->reset_by == TCPSHAKE_CLIENT &&
           here->synack.frame && !here->ack.frame && !there->conversation->synack.frame;
}

uint8_t
tcpshake_nearer_point(const tcpshake_copied *copied, int end)
{
    return copied->nearer[end] || copied->by_ttl ? copied->nearer[end] : copied->farther[TCPSHAKE_OTHER(end)];
}

uint8_t
tcpshake_farther_point(const tcpshake_copied *copied, int end)
{
    return copied->farther[end] || copied->by_ttl ? copied->farther[end] : copied->nearer[TCPSHAKE_OTHER(end)];
}

tcpshake_end_rst
tcpshake_reset_of(const tcpshake_conversation *conversation, int end)
{
    static const tcpshake_end_rst none;

    return conversation->extra ? conversation->extra->rst[end] : none;
}

int64_t
tcpshake_clock_of_farther(const tcpshake_copied *copied, int end)
{
    const bool    is_higher = tcpshake_farther_point(copied, end) > tcpshake_nearer_point(copied, end);
    const int64_t both = copied->apart[0] / 2 + copied->apart[1] / 2;
    const int64_t ahead =
        copied->is_apart[0] && copied->is_apart[1] ? both : copied->apart[copied->is_apart[0] ? 0 : 1];

    if (copied->by_ttl)
        return 0;
    return is_higher ? ahead : -ahead;
}
