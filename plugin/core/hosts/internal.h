/* internal.h
 * What the files of this folder share: the table of hosts, and the table of groups, which refer to hosts by number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_HOSTS_INTERNAL_H
#define TCPSHAKE_HOSTS_INTERNAL_H

#include "hosts.h"
#include "table.h"

#include "../siphash.h"

#include <stddef.h>

enum { ADDRESS_MAX = 16 };

/* Keys are compared byte by byte: they have no padding. */
typedef struct host_key {
    uint8_t  address[ADDRESS_MAX];
    uint32_t length; /* as it was, also of an address that was condensed */
} host_key;

typedef struct host_facts host_facts; /* facts.c */

typedef struct host {
    uint32_t          hash;
    host_key          key;
    uint32_t          peak[TCPSHAKE_GROUP_KINDS];
    struct isn_track *isns[2]; /* as a client, as a server; NULL: none yet */
    host_facts       *facts;   /* NULL: none yet */
} host;

typedef struct tcpshake_recent_host {
    uint32_t number; /* 0: none */
    host_key key;
} tcpshake_recent_host;

typedef struct group_key {
    uint32_t from, to; /* numbers of hosts; from is 0 where it does not matter */
    uint16_t port;
    uint16_t kind;
} group_key;

/* The place of a member in its group. Packed, because alignment would make it a seventh larger. */
#pragma pack(push, 4)
typedef struct member_place {
    tcpshake_member *member;         /* NULL: it is free */
    int64_t          since;          /* by the group's own clock, see groups.c */
    uint32_t         group;          /* its number */
    uint32_t         earlier, later; /* members of the same group, by place; or 0. Of a free place: the next free one */
} member_place;
#pragma pack(pop)

typedef struct group {
    uint32_t      hash;
    group_key     key;
    uint32_t      count;
    bool          reported; /* that they are too many */
    int64_t       ahead;    /* the group's clock, of the capture's */
    member_place *first, *last;
} group;

typedef struct tcpshake_recent_group {
    group   *group; /* NULL: none */
    host    *owner;
    uint32_t number;
} tcpshake_recent_group;

_Static_assert(offsetof(host, key) == offsetof(head, key) && sizeof(host_key) == ADDRESS_MAX + sizeof(uint32_t),
               "see head");
_Static_assert(offsetof(group, key) == offsetof(head, key) && sizeof(group_key) == 12, "see head");

/* packets.c */
typedef struct tcpshake_packet_fours tcpshake_packet_fours;
enum { PACKET_FOURS = 1 << 6 };

/* frame: the first behind it; before: the time of the last segment in front of it. */
typedef struct tcpshake_hole {
    int64_t  before;
    uint32_t frame;
} tcpshake_hole;

/* syns.c: a ring, in the order in which they came. Those in the same bucket are a chain, the latest first. */
typedef struct syn_ring {
    tcpshake_syn *ring;
    uint32_t     *buckets;  /* as many as the ring has places: a place + 1; 0: none */
    uint32_t      capacity; /* 0 or a power of 2 */
    uint32_t      shift;    /* of a hash of 64 bits to a bucket */
    uint32_t      first, count;
} syn_ring;

struct tcpshake_hosts {
    tcpshake_hash_key      hash_key;
    table                  hosts, groups;
    tcpshake_recent_host   recent[2];                          /* the hosts that were asked for last */
    tcpshake_recent_group  recent_group[TCPSHAKE_GROUP_KINDS]; /* the same of groups */
    records                places;                             /* of members of all groups */
    uint32_t               free_place;                         /* the first of them; 0: there is none */
    uint32_t               oldest;                             /* groups.c: the place to be cleared next; or 0 */
    int64_t                oldest_since, longest_lifetime;
    tcpshake_packet_fours *packets[PACKET_FOURS]; /* NULL: none yet */
    tcpshake_hole         *holes;                 /* in the order of their frames */
    uint32_t               hole_count, hole_capacity;
    syn_ring               syns;
    struct point_watches  *watches; /* points.c; NULL: all was captured at one */
};

/* Its number; 0: there is no memory. A conversation asks for its two hosts, one after the other, several times. */
uint32_t tcpshake_enter_host(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address);

/* NULL: it is not there. */
const host *tcpshake_find_host(const tcpshake_hosts *hosts, tcpshake_address address);

static inline host *
host_at(const tcpshake_hosts *hosts, uint32_t number)
{
    return tcpshake_table_record(&hosts->hosts, number);
}

static inline member_place *
place_at(const tcpshake_hosts *hosts, uint32_t number)
{
    return tcpshake_record(&hosts->places, number, sizeof(member_place));
}

static inline uint64_t
distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

#endif /* TCPSHAKE_HOSTS_INTERNAL_H */
