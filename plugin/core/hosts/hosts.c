/* hosts.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "../no_inline.h"

#include <string.h>

tcpshake_hosts *
tcpshake_hosts_new(const tcpshake_allocator *allocator, uint64_t seed)
{
    tcpshake_hosts *const hosts = allocator->resize(allocator->context, NULL, sizeof *hosts);

    if (hosts)
        *hosts = (tcpshake_hosts){
            .hash_key = tcpshake_hash_key_of(seed),
            .hosts = { .record_size = sizeof(host), .key_size = sizeof(host_key) },
            .groups = { .record_size = sizeof(group), .key_size = sizeof(group_key) },
        };
    return hosts;
}

static host_key
key_of(const tcpshake_hosts *hosts, tcpshake_address address)
{
    host_key key = { .length = address.length };

    if (address.length > ADDRESS_MAX) {
        const tcpshake_hash_key other = { { hosts->hash_key.word[1], hosts->hash_key.word[0] } };
        const uint64_t          condensed[2] = { tcpshake_sip_hash(&hosts->hash_key, address.bytes, address.length),
                                                 tcpshake_sip_hash(&other, address.bytes, address.length) };
        memcpy(key.address, condensed, sizeof condensed);
    } else if (address.length == 4) { /* IPv4, without a call of the library */
        memcpy(key.address, address.bytes, 4);
    } else if (address.length > 0) {
        memcpy(key.address, address.bytes, address.length);
    }
    return key;
}

/* Of what counts of it: an IPv4 address is hashed in half the time that an IPv6 address takes. */
static uint32_t
hash_of(const tcpshake_hosts *hosts, const host_key *key)
{
    return (uint32_t)tcpshake_sip_hash(&hosts->hash_key, key->address,
                                       key->length < ADDRESS_MAX ? key->length : ADDRESS_MAX);
}

const host *
tcpshake_find_host(const tcpshake_hosts *hosts, tcpshake_address address)
{
    if (!hosts)
        return NULL;
    const host_key key = key_of(hosts, address);
    const uint32_t number = tcpshake_table_find(&hosts->hosts, hash_of(hosts, &key), &key);
    return number ? tcpshake_table_record(&hosts->hosts, number) : NULL;
}

/* The most common case, without building a key. Where there is no recent host, the length of its key is 0. */
static inline bool
is_recent(const tcpshake_recent_host *recent, tcpshake_address address)
{
    return address.length == 4 && recent->key.length == 4 && memcmp(recent->key.address, address.bytes, 4) == 0;
}

/* memcmp() of a known size, which compilers leave to the library. */
static inline bool
is_same_key(const host_key *a, const host_key *b)
{
    uint64_t half[2][2];

    memcpy(half[0], a->address, sizeof half[0]);
    memcpy(half[1], b->address, sizeof half[1]);
    return half[0][0] == half[1][0] && half[0][1] == half[1][1] && a->length == b->length;
}

static TCPSHAKE_NO_INLINE uint32_t
look_up(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address)
{
    const host_key key = key_of(hosts, address);

    for (int i = 0; i < 2; i++)
        if (hosts->recent[i].number && is_same_key(&hosts->recent[i].key, &key))
            return hosts->recent[i].number;
    const uint32_t number = tcpshake_table_enter(&hosts->hosts, allocator, hash_of(hosts, &key), &key);
    if (number) {
        hosts->recent[0] = hosts->recent[1];
        hosts->recent[1] = (tcpshake_recent_host){ number, key };
    }
    return number;
}

uint32_t
tcpshake_enter_host(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address)
{
    if (!hosts)
        return 0;
    for (int i = 0; i < 2; i++)
        if (is_recent(&hosts->recent[i], address))
            return hosts->recent[i].number;
    return look_up(hosts, allocator, address);
}
