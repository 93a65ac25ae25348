/* sights.c
 * Where the steps of a connection were captured, if it was captured at several points: what was seen at two of them,
 * and what at one only (rules/lost_rules.c says what follows).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* Which of an end's steps a segment is; TCPSHAKE_SIGHTS: none. */
static unsigned
kind_of(const tcpshake_arrival *arrival, uint32_t frame)
{
    if (tcpshake_has(arrival, TCPSHAKE_RST))
        return TCPSHAKE_SIGHTS;
    if (tcpshake_has(arrival, TCPSHAKE_SYN))
        return TCPSHAKE_SIGHT_SYN;
    if (tcpshake_has(arrival, TCPSHAKE_FIN))
        return TCPSHAKE_SIGHT_FIN;
    return arrival->conversation->ack.frame == frame ? TCPSHAKE_SIGHT_ACK : TCPSHAKE_SIGHTS;
}

/* The first few are enough to tell of. */
static void
add(tcpshake_sights *sights, tcpshake_moment moment, uint8_t place)
{
    if (moment.frame == 0 || sights->count == TCPSHAKE_SIGHTS_KEPT ||
        (sights->count && sights->one[sights->count - 1].moment.frame >= moment.frame))
        return;
    sights->one[sights->count++] = (tcpshake_sighting){ moment, place };
}

/* It was captured at another point as well. */
static void
take_away(tcpshake_sights *sights, uint32_t frame)
{
    unsigned left = 0;

    for (unsigned i = 0; i < sights->count; i++)
        if (sights->one[i].moment.frame != frame)
            sights->one[left++] = sights->one[i];
    sights->count = (uint8_t)left;
}

/* What the record knows of the steps before this segment, all of them at one point. */
static void
add_earlier(const tcpshake_arrival *arrival, tcpshake_copied *copied, uint8_t place)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const tcpshake_end *const own = &conversation->end[end];
        const bool                is_client = end == conversation->client;
        tcpshake_sights *const    sights = copied->sights[end];
        add(&sights[TCPSHAKE_SIGHT_SYN], is_client ? conversation->syn : conversation->synack, place);
        if (own->syn_count > 1 && own->syn_frame != arrival->segment->frame)
            add(&sights[TCPSHAKE_SIGHT_SYN], (tcpshake_moment){ own->last.time, own->syn_frame }, place);
        if (is_client)
            add(&sights[TCPSHAKE_SIGHT_ACK], conversation->ack, place);
        if (own->flags & TCPSHAKE_END_SENT_FIN)
            add(&sights[TCPSHAKE_SIGHT_FIN], tcpshake_first_fin(conversation, end), place);
    }
}

/* Points tell more than TTLs. */
tcpshake_copied *
tcpshake_copied_of(tcpshake_arrival *arrival, uint8_t place, bool by_ttl)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra || (extra->copied && (by_ttl || !extra->copied->by_ttl)))
        return extra ? extra->copied : NULL;
    if (!extra->copied)
        extra->copied = tcpshake_allocate(arrival->allocator, sizeof *extra->copied);
    if (!extra->copied)
        return NULL;
    *extra->copied = (tcpshake_copied){ .by_ttl = by_ttl }; /* nothing of what was known by the TTL */
    add_earlier(arrival, extra->copied, place);
    return extra->copied;
}

void
tcpshake_note_sight(tcpshake_arrival *arrival)
{
    tcpshake_copied *const copied = arrival->conversation->extra->copied;
    const unsigned         kind = kind_of(arrival, arrival->segment->frame);

    if (kind < TCPSHAKE_SIGHTS)
        add(&copied->sights[arrival->from][kind], tcpshake_now(arrival),
            copied->by_ttl ? arrival->segment->ttl : arrival->segment->point);
}

void
tcpshake_note_sight_again(tcpshake_arrival *arrival, tcpshake_copied *copied)
{
    const unsigned kind = kind_of(arrival, arrival->since.frame);

    if (kind == TCPSHAKE_SIGHTS)
        return;
    take_away(&copied->sights[arrival->from][kind], arrival->since.frame);
    copied->copies[arrival->from][kind]++;
}
