/* twins.c
 * Recognises a connection that was captured before and behind a NAT: its SYN comes by again under other addresses or
 * ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rule. Two SYNs of different four-tuples may be one packet if they come within two seconds, with the same ISN, and
 * - the same timestamp (RFC 7323 section 3.2); or, if they carry none,
 * - the same IP identification, not 0, and the same options but for the MSS, which routers lower.
 * A stack chooses its ISN anew for each connection (RFC 9293 section 3.4.1), so that this would be proof of most of
 * them. Not of scanners, floods and simple stacks, which begin with the same number again and again, and often with the
 * same timestamp and IP identification as well. Therefore more is needed:
 * - the same ISN in the server's answers to both, which that has chosen; or
 * - without answers: the same IP identification, and another capture point, or with timestamps a lower TTL, no later
 * than any path takes; without timestamps both another point and another TTL. On one clock the answers come in the
 * opposite order: what is nearer to the client sees the SYN first and the SYN-ACK last. Of two connections, one after
 * the other, they do not. By several clocks in one capture they need not, if the timestamp and the IP identification
 * are the same and the TTL is another. Firewalls rewrite ISNs as well. If the client's was, the timestamp and the
 * offers have to be the same, and the IP identification or, without one, the capture point another; from there on every
 * number at one point is a constant ahead of that at the other. If either was, a later segment has to confirm it: a
 * SYN-ACK, or the ACK of it, with the same timestamp or IP identification at both. (Where only the numbers are others:
 * conversation/numbering.c.) It is refuted by a fifth conversation with such a SYN, and if one comes again later.
 *
 * Its limits. Devices that make a connection of their own (proxies), or change the timestamp as well, are not seen
 * through; neither is a SYN without both timestamp and IP identification, as of a simple stack over IPv6. A SYN that is
 * not in the capture at one of the points has no twin there; one that is sent again is found by its repetition. A flood
 * that repeats ISN, timestamp and IP identification at two capture points at once looks like a NAT, if nobody answers.
 */
#include "tracking.h"

/* What the sender of a segment has set besides its numbers: its timestamp, or its IP identification. 0: neither. */
static uint32_t
mark_of(const tcpshake_arrival *arrival)
{
    const uint32_t stamp =
        tcpshake_has(arrival, TCPSHAKE_SYN) ? arrival->stamp : tcpshake_options_read(arrival->segment).tsval;

    return stamp ? stamp : arrival->segment->ip_id;
}

/* The offers of a SYN, in 14 bits. Without those that were not captured. */
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
    const tcpshake_segment *const segment = arrival->segment;
    const uint64_t                mark = (uint64_t)arrival->stamp << STAMP | (uint32_t)segment->ip_id << ID;
    const bool                    enough = arrival->stamp && (segment->ip_id || segment->point);

    return enough ? ~(mark | (offers_of(arrival->sender) & UINT16_MAX)) : 0;
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
    tcpshake_extra *const extra = extra_of(first, allocator);

    if (!extra || extra->twins)
        return extra ? extra->twins : NULL;
    tcpshake_twins *const twins = tcpshake_allocate(allocator, sizeof *twins);
    if (!twins)
        return NULL;
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

/* Without any answer: see above. stamped: with a timestamp, which is the same. */
static bool
is_one_packet(const tcpshake_arrival *arrival, const tcpshake_syn *first, const tcpshake_syn *now, bool stamped)
{
    const int64_t apart = now->time - first->time;
    const bool    at_once = apart <= TCPSHAKE_LONGEST_WAY && apart >= -TCPSHAKE_LONGEST_WAY;

    if (first->ip_id != now->ip_id ||
        !(at_once || tcpshake_hosts_is_other_capture(arrival->hosts, first->point, now->point)))
        return false;
    if (tcpshake_is_other_point(first->point, now->point))
        return stamped || first->ttl != now->ttl;
    return stamped && now->ttl < first->ttl;
}

/* The same key once more, under another four-tuple. rewritten: not with the same ISN. */
static void
find_twin(tcpshake_arrival *arrival, tcpshake_syn *first, const tcpshake_syn *now, bool rewritten)
{
    const bool stamped = (arrival->sender->offers & TCPSHAKE_OFFER_TIMESTAMPS) != 0;

    if (rewritten && !now->ip_id && !tcpshake_is_other_point(first->point, now->point))
        return;
    tcpshake_twins *const twins = twins_with(first, arrival->allocator);
    tcpshake_extra *const extra = extra_of(now, arrival->allocator);
    if (!twins || !extra || extra->twins)
        return;
    if (twins->count == TCPSHAKE_TWINS_MAX) {
        refute(first, arrival->allocator);
        return;
    }
    first->has_twin = true;
    twins->proven |= !rewritten && is_one_packet(arrival, first, now, stamped);
    twins->routed |= !rewritten && stamped && first->ip_id == now->ip_id && first->ttl != now->ttl;
    twins->rewritten |= rewritten;
    twins->other_ids |= first->ip_id && now->ip_id && first->ip_id != now->ip_id;
    add_twin(twins, extra, now);
}

/* Whether there was a SYN with this key. */
static bool
meet(tcpshake_arrival *arrival, const tcpshake_syn *now, bool rewritten)
{
    tcpshake_syn *const first = now->key ? tcpshake_hosts_meet_syn(arrival->hosts, arrival->allocator, now) : NULL;

    if (!first || first->common || first->four_tuple == now->four_tuple)
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
        .four_tuple = tcpshake_hosts_hash_four_tuple(arrival->hosts, source, segment->source_port, destination,
                                                     segment->destination_port),
        .ip_id = segment->ip_id,
        .ttl = segment->ttl,
        .point = segment->point,
    };

    if (!now.key || meet(arrival, &now, false))
        return;
    now.key = key_without_isn(arrival);
    meet(arrival, &now, true);
}

/* The SYN-ACKs as well may be one packet: they were captured at different captures, each by its own clock, or in the
 * opposite order of the SYNs. */
static bool
is_in_order(const tcpshake_arrival *arrival, const tcpshake_twin *own, const tcpshake_twin *other)
{
    const tcpshake_conversation *const there = tcpshake_conversation_at(other->record, other->frame);

    return tcpshake_hosts_is_other_capture(arrival->hosts, own->point, other->point) ||
           (own->frame < other->frame) == (arrival->conversation->synack.frame > there->synack.frame);
}

static uint32_t
isn_of_server(const tcpshake_conversation *conversation)
{
    return conversation->end[TCPSHAKE_OTHER(conversation->client)].isn;
}

/* The server's answer to one and the same SYN is one, too, whenever it is sent again; so is the client's to that. */
static void
compare_answers(tcpshake_arrival *arrival, tcpshake_twins *twins, const tcpshake_twin *own, bool of_server)
{
    for (const tcpshake_twin *twin = twins->one; twin < twins->one + twins->count; twin++) {
        const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
        const uint32_t                     mark = of_server ? own->answer : own->acked;
        if (twin == own || !other->synack.frame)
            continue;
        const bool in_order = is_in_order(arrival, own, twin);
        const bool same_isn = isn_of_server(other) == isn_of_server(arrival->conversation);
        const bool same_mark = mark && mark == (of_server ? twin->answer : twin->acked);
        twins->proven |= same_isn && (in_order || twins->routed);
        twins->differing |= !same_isn;
        twins->confirmed |= same_mark && in_order && !twins->other_ids;
    }
}

/* A SYN-ACK, or the ACK that completes the handshake, of one with twins. */
static void
follow_answer(tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_twins *const              twins = conversation->extra->twins;
    tcpshake_twin *const               own = &twins->one[conversation->extra->own_twin];
    const bool                         of_server = tcpshake_has(arrival, TCPSHAKE_SYN);

    if (!conversation->synack.frame || of_server == (arrival->from == conversation->client) ||
        (!of_server && conversation->ack.frame != arrival->segment->frame))
        return;
    if (of_server)
        own->answer = mark_of(arrival);
    else
        own->acked = mark_of(arrival);
    compare_answers(arrival, twins, own, of_server);
}

void
tcpshake_follow_twins(tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;

    if (!arrival->hosts || !arrival->segment->source || !arrival->segment->destination ||
        tcpshake_has(arrival, TCPSHAKE_RST))
        return;
    if (!tcpshake_has(arrival, TCPSHAKE_ACK))
        follow_syn(arrival);
    else if (extra && extra->twins)
        follow_answer(arrival);
}
