/* copies.c
 * The same packet captured more than once: at a mirror port, on two interfaces, before and behind a router or a
 * network card.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* How close together two copies of one packet are: if its IP identification and checksum cannot tell them from a
 * retransmission, and if they can. */
enum { SAME_PACKET_MS = 2, SAME_PACKET_BY_ID_MS = 1000 };

/* What distinguishes a packet from all others: every field that a sender sets, folded into 64 bits. The checksum is
 * only in the upper half, so if the lower halves are equal, the difference of the upper halves is that of the
 * checksums. */
tcpshake_fingerprint
tcpshake_fingerprint_of(const tcpshake_segment *segment)
{
    static const uint64_t MIX = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 divided by the golden ratio */
    const uint64_t        numbers = ((uint64_t)segment->seq << 32 | segment->ack) * MIX;
    const uint32_t        length = segment->length ^ (uint32_t)segment->flags << 23; /* no packet has as many bytes */
    const uint64_t        others = (uint64_t)segment->ip_id << 48 | (uint64_t)segment->window << 32 | length;
    const uint64_t        fingerprint = (numbers ^ numbers >> 29 ^ others) * MIX;

    return (tcpshake_fingerprint){ (uint32_t)(fingerprint >> 32), (uint32_t)fingerprint ^ segment->checksum,
                                   (uint32_t)(segment->time / TCPSHAKE_MILLISECOND) };
}

/* Whether a checksum is the unfinished one that a host leaves for its network card to complete: the sum of the pseudo
 * header alone (RFC 9293 section 3.1), that is, of the addresses, the protocol and the segment's length. */
static bool
is_unfinished(const tcpshake_segment *segment, uint16_t checksum)
{
    enum { PROTOCOL = 6, HEADER_MIN = 20, HEADER_MAX = 60 };
    uint64_t sum = PROTOCOL;

    if (!segment->source || !segment->destination)
        return false;
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

/* The checksums are equal, or one packet was captured before the network card completed its checksum. Packets with an
 * IP identification need no explanation, whatever changed the checksum on the way. */
static bool
is_explained(const tcpshake_segment *segment, uint32_t difference)
{
    return difference == 0 ||
           (difference <= UINT16_MAX && (segment->ip_id || is_unfinished(segment, segment->checksum) ||
                                         is_unfinished(segment, (uint16_t)(segment->checksum ^ difference))));
}

static bool
is_copy(const tcpshake_fingerprint *fingerprint, const tcpshake_fingerprint *of, const tcpshake_segment *segment)
{
    const uint32_t difference = fingerprint->high ^ of->high;

    return fingerprint->low == of->low &&
           fingerprint->when - of->when <= (segment->ip_id && !difference ? SAME_PACKET_BY_ID_MS : SAME_PACKET_MS) &&
           is_explained(segment, difference);
}

/* The same packet once more, from a mirror port or a second interface: it changes nothing. Without an IP
 * identification, a second ACK or RST that looks the same may well have been sent: not a keep-alive (RFC 9293 section
 * 3.8.4: they are hours apart), and not where other packets were captured twice. Where they were, the copy may also
 * come one packet later. */
bool
tcpshake_is_captured_twice(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                           tcpshake_fingerprint fingerprint)
{
    const tcpshake_end *const sender = &conversation->end[segment->from];
    const bool                known = tcpshake_found(conversation, TCPSHAKE_ANOMALY_captured_twice);

    if (is_copy(&fingerprint, &sender->last, segment))
        return sender->flags & TCPSHAKE_END_SEEN &&
               (segment->ip_id || known || sender->probe_frame || tcpshake_segment_span(segment) > 0);
    return known && is_copy(&fingerprint, &sender->before_last, segment);
}
