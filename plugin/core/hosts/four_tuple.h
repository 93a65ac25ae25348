/* four_tuple.h
 * One hash for both directions of a four-tuple, over all of it at once. (The sum of one hash for each end would collide
 * for neighbouring addresses, and would always be even for a host that talks to itself.)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FOUR_TUPLE_H
#define TCPSHAKE_FOUR_TUPLE_H

#include "hosts.h"

#include "../siphash.h"

/* An end as a 64-bit number: an IPv4 address and the port as they are, or a hash of any other address. */
static inline uint64_t
tcpshake_end_word(const tcpshake_hash_key *key, tcpshake_address address, uint16_t port)
{
    uint32_t word;

    if (address.length != sizeof word)
        return tcpshake_sip_hash(key, address.bytes, address.length) + port;
    memcpy(&word, address.bytes, sizeof word);
    return (uint64_t)word << 16 | port;
}

static inline uint32_t
tcpshake_hash_ends(const tcpshake_hash_key *key, tcpshake_address address_1, uint16_t port_1,
                   tcpshake_address address_2, uint16_t port_2)
{
    const uint64_t one = tcpshake_end_word(key, address_1, port_1), two = tcpshake_end_word(key, address_2, port_2);
    const uint64_t in_order[2] = { one < two ? one : two, one < two ? two : one };

    return (uint32_t)tcpshake_sip_hash(key, in_order, sizeof in_order);
}

#endif /* TCPSHAKE_FOUR_TUPLE_H */
