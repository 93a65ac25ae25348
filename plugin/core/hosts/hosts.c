/* hosts.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two tables: the hosts, and the groups, which name their hosts by number. Whoever sends packets chooses the addresses
 * in them, and knows this file: hashes are keyed (SipHash), so that nobody can prepare addresses that end up in one
 * place.
 *
 * A group's clock. Its members stand in the order in which their time began, so that those whose time is over are found
 * at one end. The clock of a capture may go backwards, a group's does not:
 * - by less than a lifetime: segments were captured, or merged, out of order. The group's clock stands still until
 * then.
 * - by more: the clock was set, or another capture was appended. The group's clock goes on from where it is, as if no
 * time had passed. Would it stand still, nobody's time would be over for as long, and the group grow to no purpose.
 */
#include "hosts.h"

#include <stddef.h>
#include <string.h>

/* ---- tables ---- */

/* RECORDS_PER_CHUNK: so that records stay where they are. SLOTS_MIN is a power of 2. */
enum { RECORDS_PER_CHUNK = 32, CHUNKS_MIN = 8, SLOTS_MIN = 64 };

/* Records are numbered from 1. Each begins with its hash, and the key follows. */
typedef struct table {
    uint32_t *slots;      /* by hash: a record's number; 0: free. Linear probing. */
    uint32_t  slot_count; /* 0 or a power of 2 */
    uint32_t  count;      /* of records */
    uint32_t  chunk_capacity;
    uint8_t **chunks;
    size_t    record_size, key_size;
} table;

typedef struct head {
    uint32_t hash;
    uint8_t  key[];
} head;

static void *
table_record(const table *t, uint32_t number)
{
    return t->chunks[(number - 1) / RECORDS_PER_CHUNK] + (number - 1) % RECORDS_PER_CHUNK * t->record_size;
}

/* The number of the record with this key; 0: there is none. */
static uint32_t
table_find(const table *t, uint32_t hash, const void *key)
{
    if (!t->slot_count)
        return 0;
    for (uint32_t at = hash;; at++) {
        const uint32_t number = t->slots[at & (t->slot_count - 1)];
        if (number == 0)
            return 0;
        const head *const record = table_record(t, number);
        if (record->hash == hash && memcmp(record->key, key, t->key_size) == 0)
            return number;
    }
}

static void
take_slot(table *t, uint32_t hash, uint32_t number)
{
    uint32_t at = hash;

    while (t->slots[at & (t->slot_count - 1)])
        at++;
    t->slots[at & (t->slot_count - 1)] = number;
}

/* Makes room for one more: at most every other slot is in use. */
static bool
reserve_slot(table *t, const tcpshake_allocator *allocator)
{
    if (t->count < t->slot_count / 2)
        return true;
    const uint32_t  count = t->slot_count ? t->slot_count * 2 : SLOTS_MIN;
    uint32_t *const slots = allocator->resize(allocator->context, t->slots, count * sizeof *slots);
    if (!slots)
        return false;
    t->slots = memset(slots, 0, count * sizeof *slots);
    t->slot_count = count;
    for (uint32_t number = 1; number <= t->count; number++)
        take_slot(t, ((const head *)table_record(t, number))->hash, number);
    return true;
}

static bool
reserve_record(table *t, const tcpshake_allocator *allocator)
{
    const uint32_t chunk = t->count / RECORDS_PER_CHUNK;

    if (t->count % RECORDS_PER_CHUNK != 0)
        return true;
    if (chunk == t->chunk_capacity) {
        const uint32_t  capacity = t->chunk_capacity ? t->chunk_capacity * 2 : CHUNKS_MIN;
        uint8_t **const chunks = allocator->resize(allocator->context, t->chunks, capacity * sizeof *chunks);
        if (!chunks)
            return false;
        t->chunks = chunks;
        t->chunk_capacity = capacity;
    }
    t->chunks[chunk] = allocator->resize(allocator->context, NULL, RECORDS_PER_CHUNK * t->record_size);
    return t->chunks[chunk] != NULL;
}

/* The number of the record with this key, made if it is not there yet; 0: there is no memory. */
static uint32_t
table_enter(table *t, const tcpshake_allocator *allocator, uint32_t hash, const void *key)
{
    const uint32_t found = table_find(t, hash, key);

    if (found)
        return found;
    if (!reserve_slot(t, allocator) || !reserve_record(t, allocator))
        return 0;
    head *const record = memset(table_record(t, ++t->count), 0, t->record_size);
    record->hash = hash;
    memcpy(record->key, key, t->key_size);
    take_slot(t, hash, t->count);
    return t->count;
}

/* ---- records ---- */

enum { ADDRESS_MAX = 16 };

/* Keys are compared byte by byte: they have no padding. */
typedef struct host_key {
    uint8_t  address[ADDRESS_MAX];
    uint32_t length; /* as it was, also of an address that was condensed */
} host_key;

typedef struct host {
    uint32_t          hash;
    host_key          key;
    uint32_t          peak[TCPSHAKE_GROUP_KINDS];
    struct isn_track *isns[2]; /* as a client, as a server; NULL: none yet */
} host;

typedef struct group_key {
    uint32_t from, to; /* numbers of hosts; from is 0 where it does not matter */
    uint16_t port;
    uint16_t kind;
} group_key;

typedef struct tcpshake_group {
    uint32_t         hash;
    group_key        key;
    uint32_t         count;
    bool             reported; /* that they are too many */
    int64_t          ahead;    /* the group's clock, of the capture's */
    tcpshake_member *first, *last;
} group;

_Static_assert(offsetof(host, key) == offsetof(head, key) && sizeof(host_key) == ADDRESS_MAX + sizeof(uint32_t),
               "see head");
_Static_assert(offsetof(group, key) == offsetof(head, key) && sizeof(group_key) == 12, "see head");

struct tcpshake_hosts {
    uint64_t hash_key[2];
    table    hosts, groups;
    uint32_t recent[2];                          /* numbers of the hosts that were asked for last; 0: none */
    uint32_t recent_group[TCPSHAKE_GROUP_KINDS]; /* the same of groups */
};

tcpshake_hosts *
tcpshake_hosts_new(const tcpshake_allocator *allocator, uint64_t seed)
{
    tcpshake_hosts *const hosts = allocator->resize(allocator->context, NULL, sizeof *hosts);

    if (hosts)
        *hosts = (tcpshake_hosts){
            .hash_key = { seed, seed * UINT64_C(0x9e3779b97f4a7c15) },
            .hosts = { .record_size = sizeof(host), .key_size = sizeof(host_key) },
            .groups = { .record_size = sizeof(group), .key_size = sizeof(group_key) },
        };
    return hosts;
}

static inline uint64_t
rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void
sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein), which Rust and Python use for the same reason; words in the machine's byte
 * order. */
static uint64_t
sip_hash(const uint64_t key[2], const void *data, size_t length)
{
    const uint8_t *bytes = data;
    uint64_t       v[4] = { key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
                            key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573) };
    uint64_t       word, last = (uint64_t)length << 56;

    for (; length >= sizeof word; length -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    while (length-- > 0)
        last |= (uint64_t)bytes[length] << 8 * length;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static host_key
key_of(const tcpshake_hosts *hosts, tcpshake_address address)
{
    host_key key = { .length = address.length };

    if (address.length > ADDRESS_MAX) {
        const uint64_t other[2] = { hosts->hash_key[1], hosts->hash_key[0] };
        const uint64_t condensed[2] = { sip_hash(hosts->hash_key, address.bytes, address.length),
                                        sip_hash(other, address.bytes, address.length) };
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
    return (uint32_t)sip_hash(hosts->hash_key, key->address, key->length < ADDRESS_MAX ? key->length : ADDRESS_MAX);
}

static const host *
find_host(const tcpshake_hosts *hosts, tcpshake_address address)
{
    if (!hosts)
        return NULL;
    const host_key key = key_of(hosts, address);
    const uint32_t number = table_find(&hosts->hosts, hash_of(hosts, &key), &key);
    return number ? table_record(&hosts->hosts, number) : NULL;
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

/* Its number; 0: there is no memory. A conversation asks for its two hosts, one after the other, several times. */
static uint32_t
enter_host(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address)
{
    if (!hosts)
        return 0;
    const host_key key = key_of(hosts, address);
    for (int i = 0; i < 2; i++)
        if (hosts->recent[i] && is_same_key(&key, &((const host *)table_record(&hosts->hosts, hosts->recent[i]))->key))
            return hosts->recent[i];
    hosts->recent[0] = hosts->recent[1];
    hosts->recent[1] = table_enter(&hosts->hosts, allocator, hash_of(hosts, &key), &key);
    return hosts->recent[1];
}

/* ---- initial sequence numbers ---- */

/* Long enough for the way through a NAT, short enough that a client cannot be back with the same port by chance. */
#define COPY_WITHIN UINT64_C(1000000000)

enum { ISNS_KEPT = 8 }; /* a power of 2 */

typedef struct isn_seen {
    int64_t  time;
    uint32_t isn, identity;
} isn_seen;

/* The ISNs of one host in one role. Of most hosts there is one connection: room for more is made as they come. */
typedef struct isn_track {
    uint32_t         step;      /* from the ISN before the latest */
    uint32_t         stepping;  /* the run of equal steps that ends with the latest */
    uint32_t         repeating; /* the run of ISNs that were among those kept */
    tcpshake_isn_run longest;
    uint32_t         followed; /* all of them */
    uint8_t          latest, count, capacity;
    isn_seen         seen[]; /* the last ones; a ring once all ISNS_KEPT are there */
} isn_track;

static uint64_t
distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* Of any of those kept, since the copies of several connections may come interleaved. Measured from the connection that
 * was counted, not from its last copy: who connects from one port with one ISN again and again shall be found. */
static bool
is_copy(const isn_track *track, const isn_seen *now)
{
    for (unsigned i = 0; i < track->count; i++)
        if (track->seen[i].isn == now->isn && track->seen[i].identity == now->identity &&
            distance(track->seen[i].time, now->time) <= COPY_WITHIN)
            return true;
    return false;
}

static bool
is_repeated(const isn_track *track, uint32_t isn)
{
    for (unsigned i = 0; i < track->count; i++)
        if (track->seen[i].isn == isn)
            return true;
    return false;
}

/* With room for one more ISN; NULL: there is no memory, and the track stays as it was. */
static isn_track *
reserve_isn(isn_track *track, const tcpshake_allocator *allocator)
{
    if (track && (track->count < track->capacity || track->capacity == ISNS_KEPT))
        return track;
    const unsigned   capacity = track ? track->capacity * 2u : 1;
    isn_track *const larger =
        allocator->resize(allocator->context, track, sizeof *track + capacity * sizeof track->seen[0]);
    if (!larger)
        return NULL;
    if (!track)
        *larger = (isn_track){ .count = 0 };
    larger->capacity = (uint8_t)capacity;
    return larger;
}

static tcpshake_isn_run
advance(isn_track *track, const isn_seen *now)
{
    const uint32_t step = track->count > 0 ? now->isn - track->seen[track->latest].isn : 0;

    track->stepping = step == track->step ? track->stepping + 1 : 2; /* from 0 and 0 the first one makes 1 */
    track->repeating = is_repeated(track, now->isn) ? track->repeating + 1 : 1;
    track->step = step;
    track->followed += track->followed < UINT32_MAX;

    track->latest = track->count < ISNS_KEPT ? track->count++ : (uint8_t)((track->latest + 1) % ISNS_KEPT);
    track->seen[track->latest] = *now;
    return track->repeating > track->stepping ? (tcpshake_isn_run){ track->repeating, 0 }
                                              : (tcpshake_isn_run){ track->stepping, step };
}

tcpshake_isn_run
tcpshake_hosts_follow_isn(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                          bool as_server, uint32_t isn, uint32_t identity, int64_t time)
{
    const isn_seen         now = { time, isn, identity };
    const tcpshake_isn_run alone = { 1, 0 }, copy = { 0, 0 };
    const uint32_t         number = enter_host(hosts, allocator, address);

    if (!number)
        return alone;
    isn_track **const slot = &((host *)table_record(&hosts->hosts, number))->isns[as_server];
    if (*slot && is_copy(*slot, &now))
        return copy;
    isn_track *const track = reserve_isn(*slot, allocator);
    if (!track)
        return alone;
    *slot = track;
    const tcpshake_isn_run run = advance(track, &now);
    if (run.length > track->longest.length)
        track->longest = run;
    return run;
}

tcpshake_isn_run
tcpshake_hosts_longest_isn_run(const tcpshake_hosts *hosts, tcpshake_address address, bool as_server)
{
    const host *const h = find_host(hosts, address);

    return h && h->isns[as_server] ? h->isns[as_server]->longest : (tcpshake_isn_run){ 0, 0 };
}

uint32_t
tcpshake_hosts_isn_count(const tcpshake_hosts *hosts, tcpshake_address address, bool as_server)
{
    const host *const h = find_host(hosts, address);

    return h && h->isns[as_server] ? h->isns[as_server]->followed : 0;
}

/* ---- groups ---- */

/* NULL: there is no memory. */
static group *
enter_group(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind, tcpshake_address from,
            tcpshake_address to, uint16_t port)
{
    const bool      any_client = kind == TCPSHAKE_GROUP_HALF_OPEN;
    const group_key key = { .from = any_client ? 0 : enter_host(hosts, allocator, from),
                            .to = enter_host(hosts, allocator, to),
                            .port = port,
                            .kind = (uint16_t)kind };

    if (!key.to || (!key.from && !any_client))
        return NULL;
    uint32_t *const number = &hosts->recent_group[kind];
    if (*number) {
        group *const c = table_record(&hosts->groups, *number);
        if (c->key.from == key.from && c->key.to == key.to && c->key.port == port)
            return c;
    }
    *number = table_enter(&hosts->groups, allocator, (uint32_t)sip_hash(hosts->hash_key, &key, sizeof key), &key);
    return *number ? table_record(&hosts->groups, *number) : NULL;
}

/* What the group's clock shows when the capture's shows now; see the top of this file. */
static int64_t
read_clock(group *c, int64_t now, int64_t lifetime)
{
    if (!c->last) {
        c->ahead = 0;
        return now;
    }
    const int64_t last = c->last->since;
    const int64_t time = (int64_t)((uint64_t)now + (uint64_t)c->ahead);
    if (time >= last)
        return time;
    if (distance(time, last) > (uint64_t)lifetime)
        c->ahead = (int64_t)((uint64_t)last - (uint64_t)now);
    return last;
}

static void
append(group *c, tcpshake_member *member, int64_t since)
{
    *member = (tcpshake_member){ .group = c, .earlier = c->last, .since = since };
    if (c->last)
        c->last->later = member;
    else
        c->first = member;
    c->last = member;
    c->count++;
}

void
tcpshake_group_leave(tcpshake_member *member)
{
    group *const c = member->group;

    if (!c)
        return;
    if (member->earlier)
        member->earlier->later = member->later;
    else
        c->first = member->later;
    if (member->later)
        member->later->earlier = member->earlier;
    else
        c->last = member->earlier;
    c->count--;
    *member = (tcpshake_member){ .group = NULL };
}

/* Whose group it is. */
static host *
host_of(const tcpshake_hosts *hosts, const group *c)
{
    return table_record(&hosts->hosts, c->key.kind == TCPSHAKE_GROUP_HALF_OPEN ? c->key.to : c->key.from);
}

uint32_t
tcpshake_group_join(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind,
                    tcpshake_member *member, tcpshake_address from, tcpshake_address to, uint16_t port, int64_t now,
                    int64_t lifetime, uint32_t limit)
{
    group *const c = enter_group(hosts, allocator, kind, from, to, port);

    if (!c) {
        tcpshake_group_leave(member);
        return 0;
    }
    const int64_t time = read_clock(c, now, lifetime);
    while (c->first && distance(time, c->first->since) >= (uint64_t)lifetime)
        tcpshake_group_leave(c->first);
    if (c->count <= limit / 2) /* before this one leaves: who only begins again has not been away */
        c->reported = false;
    tcpshake_group_leave(member);
    append(c, member, time);

    uint32_t *const peak = &host_of(hosts, c)->peak[kind];
    if (c->count > *peak)
        *peak = c->count;
    if (limit == 0 || c->count <= limit || c->reported)
        return 0;
    c->reported = true;
    return c->count;
}

uint32_t
tcpshake_group_peak(const tcpshake_hosts *hosts, tcpshake_group_kind kind, tcpshake_address address)
{
    const host *const h = find_host(hosts, address);

    return h ? h->peak[kind] : 0;
}
