/* offers.c
 * What a SYN offers, and what a client leaves out when it asks again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* RFC 9768 table 2, by AE, CWR and ECE. Its client can do without accuracy; a client that asked with CWR and ECE looks
 * only at these two in a SYN-ACK (RFC 3168 section 6.1.1). All three on a SYN-ACK are merely sent back (section
 * 3.1.1). */
static unsigned
ecn_offered(unsigned flags)
{
    enum { CLASSIC = TCPSHAKE_OFFER_ECN, ACCURATE = TCPSHAKE_OFFER_ACCURATE_ECN, COMBINATIONS = 8, FIRST_BIT = 6 };
    static const uint8_t by_syn[COMBINATIONS] = { [3] = CLASSIC, [7] = CLASSIC | ACCURATE };
    static const uint8_t by_syn_ack[COMBINATIONS] = {
        [1] = CLASSIC, [2] = ACCURATE, [3] = ACCURATE, [4] = ACCURATE, [5] = CLASSIC | ACCURATE, [6] = ACCURATE,
    };

    return (flags & TCPSHAKE_ACK ? by_syn_ack : by_syn)[(flags & TCPSHAKE_CONGESTION_BITS) >> FIRST_BIT];
}

/* What a SYN offers. */
void
tcpshake_remember_offers(tcpshake_arrival *arrival)
{
    const tcpshake_options options = tcpshake_options_read(arrival->segment);
    tcpshake_end *const    sender = arrival->sender;
    const bool             known = arrival->segment->captured != TCPSHAKE_CAPTURED_PART_OF_HEADER;

    arrival->stamp = options.tsval;
    if (options.offers & TCPSHAKE_OFFER_TIMESTAMPS)
        arrival->clock = tcpshake_has(arrival, TCPSHAKE_ACK) ? options.tsecr : options.tsval;
    sender->mss = options.mss;
    sender->wscale = options.wscale;
    sender->offers =
        (uint16_t)(options.offers | ecn_offered(arrival->segment->flags) | (known ? TCPSHAKE_OFFER_KNOWN : 0));
}

/* A SYN that nobody has answered comes again, with less: RFC 3168 section 6.1.1.1, RFC 7413 section 4.1.3.1, RFC 8684
 * section 3.7, RFC 9768 section 3.1.4. Sooner than a timer expires it is a copy, which a device on the way has changed.
 */
void
tcpshake_follow_offers(tcpshake_arrival *arrival, uint16_t before)
{
    enum { BY_FLAGS = TCPSHAKE_OFFER_ECN | TCPSHAKE_OFFER_ACCURATE_ECN, ALL = UINT16_MAX & ~TCPSHAKE_OFFER_COOKIE };
    const uint16_t now = arrival->sender->offers;
    const unsigned comparable = before & now & TCPSHAKE_OFFER_KNOWN ? ALL : BY_FLAGS;
    const unsigned less = before & ~now & comparable;
    const bool     has_given_up = arrival->conversation->extra && arrival->conversation->extra->given_up;

    if ((!less && !has_given_up) ||
        tcpshake_milliseconds_since(arrival, arrival->sender) < TCPSHAKE_RETRANSMISSION_MIN_MS)
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    if (!extra)
        return;
    if (less)
        extra->fallback = tcpshake_now(arrival);
    extra->given_up = (uint16_t)((extra->given_up | less) & ~now);
}

/* The first SYN-ACK. If it agrees to what was given up, or acknowledges data of such a SYN, it answers an earlier one.
 */
void
tcpshake_look_for_fallback(tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;
    const bool                  agrees_on_ecn = (arrival->segment->flags & (TCPSHAKE_ECE | TCPSHAKE_CWR)) != 0;

    if (!extra || !extra->given_up || !tcpshake_ack_acceptable(arrival) ||
        arrival->segment->ack != arrival->receiver->isn + 1 || arrival->sender->offers & extra->given_up ||
        (agrees_on_ecn && extra->given_up & TCPSHAKE_OFFER_ECN))
        return;
    arrival->shows |= TCPSHAKE_SHOWS_FALLBACK;
}
