/* stream_key.h
 * The four-tuple of a stream, kept small: two IPv4 addresses take no memory of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STREAM_KEY_H
#define TCPSHAKE_STREAM_KEY_H

#include "compat.h"

#include "../core/hosts/four_tuple.h"

/* Ends are numbered by tcpshake_sending_end(). */
typedef struct tcpshake_stream_key {
    union {
        uint32_t       ipv4[2]; /* as captured */
        const address *others;  /* one of each end */
    } ends;
    uint16_t ports[2]; /* host order */
    uint32_t hash : 31;
    uint32_t is_ipv4 : 1;
} tcpshake_stream_key;

static inline bool
tcpshake_tuple_is_ipv4(const tcpshake_tuple *tuple)
{
    return tuple->src.type == AT_IPv4 && tuple->dst.type == AT_IPv4;
}

/* Which end sends, 0 or 1, in an order that is every conversation's on the four-tuple: the records of the core follow
 * on each other. */
static inline int
tcpshake_sending_end(const tcpshake_tuple *tuple)
{
    int order;

    if (tcpshake_tuple_is_ipv4(tuple)) { /* without a call: this is asked for each segment */
        const uint32_t source = tcpshake_read_be32(tuple->src.data), destination = tcpshake_read_be32(tuple->dst.data);
        order = (source > destination) - (source < destination);
    } else {
        order = cmp_address(&tuple->src, &tuple->dst);
    }
    return order > 0 || (order == 0 && tuple->sport > tuple->dport) ? 0 : 1;
}

/* The same for both directions; 31 bits of it are a key's. */
static inline uint32_t
tcpshake_tuple_hash(const tcpshake_tuple *tuple, const tcpshake_hash_key *secret)
{
    enum { BITS = 0x7fffffff };
    const tcpshake_address src = { tuple->src.data, (uint8_t)MIN(tuple->src.len, UINT8_MAX) },
                           dst = { tuple->dst.data, (uint8_t)MIN(tuple->dst.len, UINT8_MAX) };

    return tcpshake_hash_ends(secret, src, tuple->sport, dst, tuple->dport) & BITS;
}

/* from: tcpshake_sending_end(tuple). */
static inline bool
tcpshake_stream_key_is_of(const tcpshake_stream_key *key, const tcpshake_tuple *tuple, int from)
{
    const int to = 1 - from;

    if (key->ports[from] != tuple->sport || key->ports[to] != tuple->dport)
        return false;
    if (!key->is_ipv4)
        return addresses_equal(&key->ends.others[from], &tuple->src) &&
               addresses_equal(&key->ends.others[to], &tuple->dst);
    return tcpshake_tuple_is_ipv4(tuple) && memcmp(&key->ends.ipv4[from], tuple->src.data, sizeof(uint32_t)) == 0 &&
           memcmp(&key->ends.ipv4[to], tuple->dst.data, sizeof(uint32_t)) == 0;
}

/* Which end of the key's four-tuple has sent a segment of this one: tcpshake_sending_end(); -1: it is another's. */
static inline int
tcpshake_stream_key_sender(const tcpshake_stream_key *key, const tcpshake_tuple *tuple)
{
    if (key->is_ipv4 && tcpshake_tuple_is_ipv4(tuple)) {
        uint32_t source, destination;
        memcpy(&source, tuple->src.data, sizeof source);
        memcpy(&destination, tuple->dst.data, sizeof destination);
        for (int from = 1; from >= 0; from--)
            if (key->ends.ipv4[from] == source && key->ends.ipv4[1 - from] == destination &&
                key->ports[from] == tuple->sport && key->ports[1 - from] == tuple->dport)
                return from;
        return -1;
    }
    const int from = tcpshake_sending_end(tuple);
    return tcpshake_stream_key_is_of(key, tuple, from) ? from : -1;
}

/* from, hash: of the tuple. Copies addresses into the scope where it must. */
static inline tcpshake_stream_key
tcpshake_stream_key_of(const tcpshake_tuple *tuple, int from, uint32_t hash, wmem_allocator_t *scope)
{
    const int           to = 1 - from;
    tcpshake_stream_key key = { .hash = hash, .is_ipv4 = tcpshake_tuple_is_ipv4(tuple) };

    key.ports[from] = tuple->sport;
    key.ports[to] = tuple->dport;
    if (key.is_ipv4) {
        memcpy(&key.ends.ipv4[from], tuple->src.data, sizeof(uint32_t));
        memcpy(&key.ends.ipv4[to], tuple->dst.data, sizeof(uint32_t));
    } else {
        address *const others = wmem_alloc_array(scope, address, 2);
        copy_address_wmem(scope, &others[from], &tuple->src);
        copy_address_wmem(scope, &others[to], &tuple->dst);
        key.ends.others = others;
    }
    return key;
}

/* Address and port of an end; the address is borrowed from the key. */
static inline address
tcpshake_stream_key_end(const tcpshake_stream_key *key, int end, uint16_t *port)
{
    address ipv4;

    *port = key->ports[end];
    set_address(&ipv4, AT_IPv4, sizeof key->ends.ipv4[end], &key->ends.ipv4[end]);
    return key->is_ipv4 ? ipv4 : key->ends.others[end];
}

#endif /* TCPSHAKE_STREAM_KEY_H */
