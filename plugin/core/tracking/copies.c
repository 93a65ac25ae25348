/* copies.c
 * The same packet captured more than once: at a mirror port, on two interfaces, before and behind a router, a firewall
 * or a network card.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../no_inline.h"
#include "../siphash.h"

/* If nothing but the time tells: no FIN is repeated so soon; nor are data, which a probe for a lost tail may repeat
 * well before the timer runs out (RFC 8985 section 7.2). A SYN only that timer repeats. */
static const int64_t WELL_BEFORE_TIMER = 50 * TCPSHAKE_MILLISECOND, AT_ONCE = 2 * TCPSHAKE_MILLISECOND;

/* What distinguishes a packet from all others: its conversation, its sender and every field that this sets, folded into
 * 64 bits. The checksum is only in the upper half, so if the lower halves are equal, the difference of the upper halves
 * is that of the checksums. */
static inline uint64_t
fingerprint_of(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    const uint32_t first = conversation->first.frame ? conversation->first.frame : segment->frame;
    const uint64_t whose = tcpshake_mix((uint64_t)segment->from << 32 | first);
    const uint64_t numbers = tcpshake_mix(((uint64_t)segment->seq << 32 | segment->ack) + whose);
    const uint32_t what = segment->length ^ (uint32_t)segment->flags << 23 ^ (uint32_t)segment->ip_id << 7;
    const uint64_t others = (uint64_t)segment->ip_id << 48 | (uint64_t)segment->window << 32 | what;

    return tcpshake_mix(numbers ^ numbers >> 29 ^ others) ^ (uint64_t)segment->checksum << 32;
}

/* Whether a checksum is the unfinished one that a host leaves for its network card to complete: the sum of the pseudo
 * header alone (RFC 9293 section 3.1), that is, of the addresses, the protocol and the segment's length; or none. */
static bool
is_unfinished(const tcpshake_segment *segment, uint16_t checksum)
{
    enum { PROTOCOL = 6, HEADER_MIN = 20, HEADER_MAX = 60 };
    uint64_t sum = PROTOCOL;

    if (!segment->source || !segment->destination || checksum == 0)
        return checksum == 0;
    for (unsigned i = 0; i + 1 < segment->address_length; i += 2)
        sum += (unsigned)(segment->source[i] << 8 | segment->source[i + 1]) +
               (unsigned)(segment->destination[i] << 8 | segment->destination[i + 1]);
    for (unsigned header = HEADER_MIN; header <= HEADER_MAX; header += 4) {
        uint64_t folded = sum + segment->length + header;
        while (folded >> 16)
            folded = (folded & 0xffff) + (folded >> 16);
        if (folded == checksum)
            return true;
    }
    return false;
}

static bool
has_timestamp(const tcpshake_segment *segment)
{
    return tcpshake_options_read(segment).tsval != 0;
}

/* Two points are not farther apart; more is another initial TTL: another sender. */
enum { HOPS_MAX = 64 };

/* There are routers in between. */
static bool
is_routed(const tcpshake_segment *segment, const tcpshake_packet *first)
{
    return segment->ttl && first->ttl && segment->ttl != first->ttl && segment->ttl - first->ttl <= HOPS_MAX &&
           first->ttl - segment->ttl <= HOPS_MAX;
}

static bool
is_elsewhere(const tcpshake_segment *segment, const tcpshake_packet *first)
{
    return is_routed(segment, first) || tcpshake_is_other_point(segment->point, first->point);
}

/* How much has been added to the checksum: a sum without a carry (RFC 1071 section 1). */
static unsigned
rise_of(uint16_t before, uint16_t after)
{
    return after + (after < before ? UINT16_MAX : 0u) - before;
}

/* A device on the way has lowered the SYN's MSS: its checksum is higher by as much behind it (RFC 1624). A timestamp
 * that has advanced would lower it, as does the way back to the nearer point. */
static bool
is_clamped(const tcpshake_segment *segment, uint16_t before)
{
    enum { MSS_LOWERED_MAX = 9000 };

    return segment->flags & TCPSHAKE_SYN &&
           (rise_of(before, segment->checksum) <= MSS_LOWERED_MAX ||
            (rise_of(segment->checksum, before) <= MSS_LOWERED_MAX && !has_timestamp(segment)));
}

/* The checksums are equal, or something on the way explains why they are not: a network card has finished one, or a
 * firewall has rewritten the options of a SYN. Without data, packets with an IP identification need no explanation;
 * other data are another packet, unless it has come past a device behind which others of the conversation have. */
static bool
is_explained(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_packet *first,
             uint32_t difference)
{
    const uint16_t before = (uint16_t)(segment->checksum ^ difference);
    const bool     elsewhere = is_elsewhere(segment, first);
    const bool     known = tcpshake_found(conversation, TCPSHAKE_ANOMALY_captured_twice);

    if (difference == 0 || difference > UINT16_MAX)
        return difference == 0;
    return (segment->ip_id && (segment->length == 0 || (elsewhere && known))) ||
           (segment->flags & TCPSHAKE_SYN && elsewhere) || is_clamped(segment, before) ||
           is_unfinished(segment, segment->checksum) || is_unfinished(segment, before);
}

/* The checksum tells that the timestamp (RFC 7323 section 3.2) is the same: an unfinished one does not cover it. */
static bool
has_same_stamp(const tcpshake_segment *segment, uint32_t difference)
{
    return difference == 0 && has_timestamp(segment) && !is_unfinished(segment, segment->checksum);
}

/* Nothing tells whether its timestamp is the same. */
static bool
may_have_other_stamp(const tcpshake_segment *segment, uint32_t difference)
{
    return has_timestamp(segment) && (is_unfinished(segment, segment->checksum) ||
                                      is_unfinished(segment, (uint16_t)(segment->checksum ^ difference)));
}

static bool
is_within(const tcpshake_segment *segment, const tcpshake_packet *first, int64_t limit)
{
    const int64_t after = segment->time - first->time;

    return after >= -limit && after <= limit; /* before: by the clock of another interface */
}

/* The server's own timer may have sent a SYN-ACK, and a SYN that came since the first one waits for its answer. */
static bool
may_owe_answer(const tcpshake_conversation *conversation, const tcpshake_end *client, const tcpshake_packet *first)
{
    const tcpshake_moment synack = conversation->synack;

    return synack.frame && client->syn_frame > synack.frame && first->time - synack.time >= TCPSHAKE_SYN_TIMER_MIN;
}

/* A SYN-ACK that may answer the SYN that came last, though the one before looks the same. */
static bool
may_answer_another(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                   const tcpshake_packet *first)
{
    enum { SYN_ACK = TCPSHAKE_SYN | TCPSHAKE_ACK };
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];

    return (segment->flags & SYN_ACK) == SYN_ACK && peer->syn_count > 1 &&
           (tcpshake_syns_of(conversation, TCPSHAKE_OTHER(segment->from)) >
                tcpshake_syns_of(conversation, segment->from) ||
            may_owe_answer(conversation, peer, first));
}

/* Its sender was sending it again anyway: a SYN-ACK that may answer another SYN, a FIN after another one. */
static bool
is_one_of_several(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                  const tcpshake_packet *first)
{
    const tcpshake_end *const sender = &conversation->end[segment->from];

    return may_answer_another(conversation, segment, first) ||
           (segment->flags & TCPSHAKE_FIN && sender->fin_count > 1 && sender->fin_frame == first->frame);
}

/* A SYN or a FIN that no timer can have sent again. */
static bool
is_early_again(const tcpshake_segment *segment, const tcpshake_packet *first)
{
    return segment->flags & TCPSHAKE_SYN ||
           (segment->flags & TCPSHAKE_FIN && is_within(segment, first, WELL_BEFORE_TIMER));
}

/* As late as the last copy came after its own first: the path between the two points takes that long. A RST that has
 * something to answer may have been sent again (RFC 9293 section 3.10.7.1). */
static bool
comes_as_the_last(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                  const tcpshake_packet *first)
{
    const tcpshake_end *const     peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const tcpshake_finding *const last = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_captured_twice);
    const int64_t                 jitter = last ? last->duration / 4 : 0;

    return last && !(segment->flags & TCPSHAKE_RST && peer->last.frame > first->frame) &&
           is_within(segment, first, last->duration + jitter) &&
           !is_within(segment, first, last->duration - jitter - 1);
}

/* Whether it was not sent a second time, without an IP identification or a router that would tell. Data may have been,
 * unless the timestamp in them, which is part of a finished checksum, is the same; a second ACK or RST that looks the
 * same may well have been: not a keep-alive (RFC 9293 section 3.8.4: they are hours apart). Where other packets were
 * captured twice, less is enough. */
static bool
is_too_soon_to_repeat(const tcpshake_conversation *conversation, const tcpshake_segment *segment, uint32_t difference,
                      const tcpshake_packet *first)
{
    const bool has_span = tcpshake_segment_span(segment) > 0;
    const bool known = tcpshake_found(conversation, TCPSHAKE_ANOMALY_captured_twice);

    if (!known && is_one_of_several(conversation, segment, first))
        return !is_within(segment, first, AT_ONCE) && has_same_stamp(segment, difference);
    if (is_within(segment, first, AT_ONCE))
        return has_span || known || tcpshake_rare_of(conversation)->end[segment->from].probe_frame;
    if (may_have_other_stamp(segment, difference))
        return segment->flags & TCPSHAKE_SYN || comes_as_the_last(conversation, segment, first);
    return (has_span && known) || is_early_again(segment, first) ||
           ((has_span || known) && has_same_stamp(segment, difference)) ||
           comes_as_the_last(conversation, segment, first);
}

static bool
is_sent_once(const tcpshake_conversation *conversation, const tcpshake_segment *segment, uint32_t difference,
             const tcpshake_packet *first)
{
    const bool farther = segment->ttl < first->ttl;

    return segment->ip_id || (is_routed(segment, first) && (farther || tcpshake_segment_span(segment) > 0)) ||
           is_too_soon_to_repeat(conversation, segment, difference, first);
}

/* How much later it was captured at the point with the higher number. */
static int64_t
apart(const tcpshake_segment *segment, int64_t first, uint8_t first_point)
{
    return segment->point > first_point ? segment->time - first : first - segment->time;
}

/* A SYN at another point, sooner than any timer sends it again (RFC 6298 section 2: after 1 s). */
static bool
is_soon_elsewhere(const tcpshake_segment *segment, const tcpshake_packet *first)
{
    return segment->flags & TCPSHAKE_SYN && is_within(segment, first, TCPSHAKE_SYN_TIMER_MIN);
}

/* By the clock of another capture it may come later than any path takes, if it has an IP identification or a timestamp,
 * or is as late as the copy before, or is a SYN that no timer can have sent again. */
static bool
is_by_another_clock(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                    const tcpshake_packet *first, uint32_t difference)
{
    const tcpshake_copied *const copied = conversation->extra ? conversation->extra->copied : NULL;

    if (!tcpshake_is_other_point(segment->point, first->point) || !is_within(segment, first, TCPSHAKE_SYN_KEPT))
        return false;
    if (segment->ip_id || has_same_stamp(segment, difference))
        return true;
    if (!copied || !copied->is_apart[copied->last_end])
        return is_soon_elsewhere(segment, first);
    const int64_t change = apart(segment, first->time, first->point) - copied->apart[copied->last_end];
    return change <= TCPSHAKE_LONGEST_WAY && change >= -TCPSHAKE_LONGEST_WAY;
}

static TCPSHAKE_NO_INLINE bool
is_copy(const tcpshake_conversation *conversation, const tcpshake_segment *segment, uint32_t high,
        const tcpshake_packet *first)
{
    const uint32_t difference = high ^ first->high;

    if (!is_within(segment, first, TCPSHAKE_LONGEST_WAY))
        return is_by_another_clock(conversation, segment, first, difference) &&
               is_explained(conversation, segment, first, difference);
    return is_explained(conversation, segment, first, difference) &&
           is_sent_once(conversation, segment, difference, first);
}

/* The packet that it is a copy of, if that is kept still. NULL: it is captured for the first time. */
const tcpshake_packet *
tcpshake_captured_before(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                         tcpshake_hosts *hosts, const tcpshake_allocator *allocator)
{
    const uint64_t         fingerprint = fingerprint_of(conversation, segment);
    const uint32_t         low = (uint32_t)fingerprint, high = (uint32_t)(fingerprint >> 32);
    tcpshake_packet *const place = tcpshake_hosts_place_of(hosts, allocator, low);

    if (!place)
        return NULL;
    if (place->frame != 0 && is_copy(conversation, segment, high, place))
        return place;
    *place = (tcpshake_packet){ .time = segment->time,
                                .frame = segment->frame,
                                .low = low,
                                .high = high,
                                .ttl = segment->ttl,
                                .point = segment->point };
    return NULL;
}

/* A router takes one from the TTL. Without one, time tells: no packet is captured before it was sent. */
static void
note_points(const tcpshake_arrival *arrival, tcpshake_copied *copied)
{
    const tcpshake_segment *const segment = arrival->segment;
    const uint8_t                 from = arrival->from;
    const bool                    routed = arrival->first_ttl && segment->ttl && arrival->first_ttl != segment->ttl;
    const bool    backwards = routed ? arrival->first_ttl < segment->ttl : segment->time < arrival->since.time;
    const uint8_t ttl = backwards ? segment->ttl : arrival->first_ttl;
    const uint8_t here = copied->by_ttl ? segment->ttl : segment->point;
    const uint8_t first = copied->by_ttl ? arrival->first_ttl : arrival->first_point;

    if (copied->nearer[from] && (!routed || ttl <= copied->ttl[from]))
        return; /* said before, or of points further on */
    copied->nearer[from] = backwards ? here : first;
    copied->farther[from] = backwards ? first : here;
    copied->ttl[from] = routed ? ttl : 0;
}

/* Without a router, and by different clocks: there and back again takes longer at the point nearer to an end than it
 * does at the other, by either clock. */
static void
order_by_both_ways(tcpshake_arrival *arrival, tcpshake_copied *copied)
{
    const uint8_t one = arrival->segment->point, other = arrival->first_point;
    const uint8_t low = one < other ? one : other, high = one < other ? other : one;

    if (copied->apart[0] == copied->apart[1] ||
        !tcpshake_hosts_is_other_capture(arrival->hosts, arrival->segment->point, arrival->first_point))
        return;
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const bool is_low_nearer = copied->apart[end] > copied->apart[TCPSHAKE_OTHER(end)];
        if (copied->ttl[end])
            continue;
        copied->nearer[end] = is_low_nearer ? low : high;
        copied->farther[end] = is_low_nearer ? high : low;
    }
}

static void
note_times(tcpshake_arrival *arrival, tcpshake_copied *copied)
{
    const tcpshake_segment *const segment = arrival->segment;
    const uint8_t                 from = arrival->from;
    const bool                    is_higher = segment->point > arrival->first_point;

    copied->last[is_higher] = segment->time;
    copied->last[!is_higher] = arrival->since.time;
    copied->apart[from] = apart(segment, arrival->since.time, arrival->first_point);
    copied->last_end = from;
    if (copied->is_apart[from])
        return;
    copied->is_apart[from] = true;
    if (copied->is_apart[TCPSHAKE_OTHER(from)])
        order_by_both_ways(arrival, copied);
}

/* At another point than the first, or with another TTL: what is missing there can then be told (rules/lost_rules.c).
 */
void
tcpshake_count_copy(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const bool                    by_ttl = arrival->first_point == segment->point;

    if (by_ttl ? !arrival->first_ttl || !segment->ttl : !arrival->first_point || !segment->point)
        return;
    tcpshake_copied *const copied =
        tcpshake_copied_of(arrival, by_ttl ? arrival->first_ttl : arrival->first_point, by_ttl);
    if (!copied || copied->by_ttl != by_ttl)
        return;
    if (copied->first[0] == 0) {
        copied->first[0] = arrival->since.frame;
        copied->first[1] = segment->frame;
    }
    note_points(arrival, copied);
    note_times(arrival, copied);
    tcpshake_note_sight_again(arrival, copied);
    if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        tcpshake_extra *const extra = arrival->conversation->extra;
        copied->resets[arrival->from]++;
        extra->rst[arrival->from].copied |= extra->rst[arrival->from].moment.frame == arrival->since.frame;
    }
}
