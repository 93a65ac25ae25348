/* twins.c
 * Recognises a connection that was captured before and behind a NAT: its SYN comes by again under other addresses or
 * ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rule. Two SYNs of different four-tuples are one packet if they come within two seconds, with the same ISN, and
 * - the same timestamp (RFC 7323 section 3.2); or, if they carry none,
 * - the same IP identification, not 0, and the same options but for the MSS, which routers lower.
 * A stack chooses its ISN anew for each connection (RFC 9293 section 3.4.1), so that this is proof of most of them. Not
 * of scanners, floods and simple stacks, which begin with the same number again and again. Therefore more is needed:
 * - the TTL is another: a router was in between; or
 * - the same ISN in the server's answers to both, which that has chosen; or
 * - the timestamp, where an address is another. With other ports alone it may be two connections of one host.
 * Firewalls rewrite ISNs as well. Then the timestamp, the IP identification and the offers have to be the same, and the
 * TTL or the capture point another; from there on every number at one point is a constant ahead of that at the other.
 * (Where only the numbers are others: conversation/numbering.c.)
 * It is refuted
 * - by a fifth conversation with such a SYN;
 * - by answers with different ISNs that are not one packet either, as far as timestamps or IP identifications tell.
 *
 * Its limits. Devices that make a connection of their own (proxies), or change the timestamp as well, are not seen
 * through; neither is a SYN without both timestamp and IP identification, as of a simple stack over IPv6. A SYN that is
 * not in the capture at one of the points has no twin there; one that is sent again is found by its repetition.
 */
#include "tracking.h"

/* What the sender of a segment has set besides its numbers: its timestamp, or its IP identification. 0: neither. */
static uint32_t
mark_of(const tcpshake_arrival *arrival)
{
    return arrival->stamp ? arrival->stamp : arrival->segment->ip_id;
}

/* The offers of a SYN, in 15 bits. Without those that were not captured. */
static uint32_t
offers_of(const tcpshake_end *sender)
{
    enum { SHIFT = 4 };

    return (uint32_t)sender->offers << SHIFT | sender->wscale;
}

/* What is the same wherever the SYN was captured. 0: nothing that would be of this one alone. */
static uint64_t
key_of(const tcpshake_arrival *arrival)
{
    enum { ISN = 32, ID = 16 };
    const tcpshake_segment *const segment = arrival->segment;
    const uint64_t                isn = (uint64_t)segment->seq << ISN;

    if (segment->captured == TCPSHAKE_CAPTURED_PART_OF_HEADER)
        return 0;
    if (arrival->sender->offers & TCPSHAKE_OFFER_TIMESTAMPS)
        return arrival->stamp ? isn | arrival->stamp : 0;
    return segment->ip_id ? isn | (uint32_t)segment->ip_id << ID | offers_of(arrival->sender) : 0;
}

/* The same without the ISN, for what a firewall has rewritten. 0: too little. */
static uint64_t
key_without_isn(const tcpshake_arrival *arrival)
{
    enum { STAMP = 32, ID = 16 };
    const uint64_t mark = (uint64_t)arrival->stamp << STAMP | (uint32_t)arrival->segment->ip_id << ID;

    return arrival->stamp && arrival->segment->ip_id ? ~(mark | (offers_of(arrival->sender) & UINT16_MAX)) : 0;
}

/* What there is of the conversation whose SYN it was; the record has others since, if it is reused. */
static tcpshake_extra *
extra_of(const tcpshake_syn *syn, const tcpshake_allocator *allocator)
{
    return tcpshake_extra_of((tcpshake_conversation *)tcpshake_conversation_at(syn->who, syn->frame), allocator);
}

/* One more of them. */
static void
add_twin(tcpshake_twins *twins, tcpshake_extra *extra, const tcpshake_syn *syn)
{
    extra->own_twin = twins->count;
    extra->twins = twins;
    twins->one[twins->count++] = (tcpshake_twin){
        .record = syn->who,
        .time = syn->time,
        .frame = syn->frame,
        .stream = syn->stream,
        .point = syn->point,
    };
}

/* All twins of the one whose SYN came first, made if there are none yet. NULL: there is no memory. */
static tcpshake_twins *
twins_with(const tcpshake_syn *first, const tcpshake_allocator *allocator)
{
    static const tcpshake_twins none;
    tcpshake_extra *const       extra = extra_of(first, allocator);

    if (!extra || extra->twins)
        return extra ? extra->twins : NULL;
    tcpshake_twins *const twins = allocator->resize(allocator->context, NULL, sizeof *twins);
    if (!twins)
        return NULL;
    *twins = none;
    add_twin(twins, extra, first);
    return twins;
}

static void
refute(tcpshake_syn *first, const tcpshake_allocator *allocator)
{
    tcpshake_twins *const twins = twins_with(first, allocator);

    first->common = true;
    if (twins)
        twins->refuted = true;
}

/* The same key once more, under another four-tuple. rewritten: not with the same ISN. */
static void
find_twin(tcpshake_arrival *arrival, tcpshake_syn *first, const tcpshake_syn *now, bool rewritten)
{
    tcpshake_twins *const twins = twins_with(first, arrival->allocator);
    tcpshake_extra *const extra = extra_of(now, arrival->allocator);

    if (!twins || !extra || extra->twins)
        return;
    if (twins->count == TCPSHAKE_TWINS_MAX) {
        refute(first, arrival->allocator);
        return;
    }
    first->has_twin = true;
    const bool other_address = first->addresses != now->addresses;
    const bool stamped = (arrival->sender->offers & TCPSHAKE_OFFER_TIMESTAMPS) != 0;
    const bool elsewhere = first->point && now->point && first->point != now->point;
    if (first->ttl != now->ttl || (rewritten ? elsewhere : stamped && other_address))
        twins->proven = true;
    twins->rewritten |= rewritten;
    add_twin(twins, extra, now);
}

/* Whether there was a SYN with this key. */
static bool
meet(tcpshake_arrival *arrival, const tcpshake_syn *now, bool rewritten)
{
    tcpshake_syn *const first = now->key ? tcpshake_hosts_meet_syn(arrival->hosts, arrival->allocator, now) : NULL;

    if (!first || first->common || (first->addresses == now->addresses && first->ports == now->ports))
        return first != NULL;
    const int64_t apart = now->time - first->time;
    if (apart <= TCPSHAKE_SYN_KEPT && apart >= -TCPSHAKE_SYN_KEPT)
        find_twin(arrival, first, now, rewritten);
    else if (first->has_twin) /* and again: its sender does this all the time */
        refute(first, arrival->allocator);
    else
        tcpshake_hosts_renew_syn(first, now);
    return true;
}

static void
follow_syn(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_address        source = { segment->source, segment->address_length },
                           destination = { segment->destination, segment->address_length };
    tcpshake_syn now = {
        .key = key_of(arrival),
        .time = segment->time,
        .who = arrival->conversation,
        .frame = segment->frame,
        .stream = segment->stream,
        .addresses = tcpshake_hosts_hash_addresses(arrival->hosts, source, destination),
        .ports = (uint32_t)segment->source_port << 16 | segment->destination_port,
        .ttl = segment->ttl,
        .point = segment->point,
    };

    if (!now.key || meet(arrival, &now, false))
        return;
    now.key = key_without_isn(arrival);
    meet(arrival, &now, true);
}

/* The first SYN-ACK: the server's answer to one and the same SYN is one, too. */
static void
compare_answers(tcpshake_arrival *arrival)
{
    tcpshake_twins *const twins = arrival->conversation->extra->twins;
    tcpshake_twin *const  own = &twins->one[arrival->conversation->extra->own_twin];

    own->answer = mark_of(arrival);
    for (const tcpshake_twin *twin = twins->one; twin < twins->one + twins->count; twin++) {
        const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
        if (twin == own || !other->synack.frame)
            continue;
        if (other->end[TCPSHAKE_OTHER(other->client)].isn == arrival->segment->seq)
            twins->proven = true;
        else if (!twins->rewritten && twin->answer && own->answer && twin->answer != own->answer)
            twins->refuted = true;
    }
}

void
tcpshake_follow_twins(tcpshake_arrival *arrival)
{
    const bool answers = tcpshake_has(arrival, TCPSHAKE_ACK);

    if (answers && (!arrival->conversation->extra || !arrival->conversation->extra->twins ||
                    arrival->conversation->synack.frame != arrival->segment->frame))
        return;
    if (!arrival->hosts || !arrival->segment->source || !arrival->segment->destination ||
        tcpshake_has(arrival, TCPSHAKE_RST))
        return;
    if (answers)
        compare_answers(arrival);
    else
        follow_syn(arrival);
}
