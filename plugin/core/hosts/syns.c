/* syns.c
 * The SYNs of the last moment, by what their senders have set in them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A ring: a new SYN takes the place of the oldest. It grows where the oldest is needed still, so that a capture with
 * few SYNs a second needs little memory. A key is in it once only, so that no flood makes a long chain.
 */
#include "four_tuple.h"
#include "internal.h"

enum { SYNS_MIN = 1 << 7, SYNS_MAX = 1 << 17, SHIFT_OF_MIN = 64 - 7, GROWTH = 2 }; /* powers of 2 */
_Static_assert(SYNS_MIN == 1 << (64 - SHIFT_OF_MIN), "the upper bits of a hash");

/* Multiply-shift (Dietzfelbinger and others) with a secret: nobody can choose keys that collide. */
static uint32_t *
bucket_of(const tcpshake_hosts *hosts, uint64_t key)
{
    const uint64_t mixed = (key ^ hosts->hash_key.word[0]) * (hosts->hash_key.word[1] | 1);

    return &hosts->syns.buckets[mixed >> hosts->syns.shift];
}

static void
chain(tcpshake_hosts *hosts, uint32_t *bucket, uint32_t place)
{
    hosts->syns.ring[place].earlier = *bucket;
    *bucket = place + 1;
}

/* The oldest of all is the last of its chain. */
static void
forget_oldest(tcpshake_hosts *hosts)
{
    syn_ring *const syns = &hosts->syns;
    uint32_t       *link = bucket_of(hosts, syns->ring[syns->first].key);

    while (*link != syns->first + 1)
        link = &syns->ring[*link - 1].earlier;
    *link = 0;
    syns->first = (syns->first + 1) & (syns->capacity - 1);
    syns->count--;
}

/* Four times as many places. What stands at the beginning of a full ring came after what stands at its end. False:
 * there is no memory. */
static bool
grow(tcpshake_hosts *hosts, const tcpshake_allocator *allocator)
{
    syn_ring *const     syns = &hosts->syns;
    const uint32_t      old = syns->capacity, capacity = old ? old << GROWTH : SYNS_MIN;
    tcpshake_syn *const ring = allocator->resize(allocator->context, syns->ring, capacity * sizeof *ring);

    if (!ring)
        return false;
    syns->ring = ring;
    uint32_t *const buckets = allocator->resize(allocator->context, syns->buckets, capacity * sizeof *buckets);
    if (!buckets)
        return false;
    syns->buckets = memset(buckets, 0, capacity * sizeof *buckets);
    syns->capacity = capacity;
    syns->shift = old ? syns->shift - GROWTH : SHIFT_OF_MIN;
    memcpy(&ring[old], ring, syns->first * sizeof *ring);
    for (uint32_t i = 0; i < syns->count; i++)
        chain(hosts, bucket_of(hosts, ring[syns->first + i].key), syns->first + i);
    return true;
}

/* False: there is no memory. */
static bool
make_room(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, int64_t now)
{
    syn_ring *const syns = &hosts->syns;

    if (syns->count < syns->capacity)
        return true;
    const bool needed = syns->count == 0 || distance(now, syns->ring[syns->first].time) <= (uint64_t)TCPSHAKE_SYN_KEPT;
    if (needed && syns->capacity < SYNS_MAX && grow(hosts, allocator))
        return true;
    if (syns->count > 0)
        forget_oldest(hosts);
    return syns->count < syns->capacity;
}

tcpshake_syn *
tcpshake_hosts_meet_syn(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, const tcpshake_syn *syn)
{
    if (!hosts)
        return NULL;
    syn_ring *const syns = &hosts->syns;
    const uint32_t  capacity = syns->capacity;
    uint32_t       *bucket = capacity ? bucket_of(hosts, syn->key) : NULL;

    for (uint32_t at = bucket ? *bucket : 0; at; at = syns->ring[at - 1].earlier)
        if (syns->ring[at - 1].key == syn->key)
            return &syns->ring[at - 1];
    if (!make_room(hosts, allocator, syn->time))
        return NULL;
    if (!bucket || syns->capacity != capacity)
        bucket = bucket_of(hosts, syn->key);
    const uint32_t place = (syns->first + syns->count++) & (syns->capacity - 1);
    syns->ring[place] = *syn;
    chain(hosts, bucket, place);
    return NULL;
}

void
tcpshake_hosts_renew_syn(tcpshake_syn *found, const tcpshake_syn *syn)
{
    const uint32_t earlier = found->earlier;

    *found = *syn;
    found->earlier = earlier;
}

uint32_t
tcpshake_hosts_hash_four_tuple(const tcpshake_hosts *hosts, tcpshake_address one, uint16_t port, tcpshake_address other,
                               uint16_t other_port)
{
    const uint64_t first = tcpshake_mix(tcpshake_end_word(&hosts->hash_key, one, port));

    return (uint32_t)(tcpshake_mix((first ^ first >> 29) + tcpshake_end_word(&hosts->hash_key, other, other_port)) >>
                      32);
}
