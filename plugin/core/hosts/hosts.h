/* hosts.h
 * What only many conversations together show: initial sequence numbers that can be predicted, and groups of
 * conversations that are half-open, or in TIME-WAIT, at once.
 *
 * One pass, in the order of the capture. Each call is O(1), averaged over all of them. Memory: a fixed amount for each
 * host, and for each server port that it speaks to or is spoken to at; none for another connection. Where there is no
 * memory nothing is found. Every call takes NULL for the hosts, and finds nothing then.
 *
 * Times are nanoseconds, of the clock that the capture has. They may go backwards.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_HOSTS_H
#define TCPSHAKE_HOSTS_H

#include "../allocator.h"

#include <stdbool.h>
#include <stdint.h>

/* All hosts of one capture. */
typedef struct tcpshake_hosts tcpshake_hosts;

/* seed: a random number, which keeps those whose addresses are captured from choosing ones that collide. NULL if there
 * is no memory. */
tcpshake_hosts *tcpshake_hosts_new(const tcpshake_allocator *allocator, uint64_t seed);

/* A host, as the network layer names it, in any length; read during the call only. What is longer than an IPv6 address
 * is condensed to that length. */
typedef struct tcpshake_address {
    const uint8_t *bytes;
    uint8_t        length;
} tcpshake_address;

/* ---- initial sequence numbers (RFC 9293 section 3.4.1, RFC 6528) ---- */

/* Connections in a row whose ISN could have been told from the ones before.
 * length: how many, the first ones included, which give the rule: 1 is a connection alone, and 2 mean nothing, since
 * any two ISNs have some step between them. 0: this is a copy of a connection that was counted already. step:   from
 * each to the next, modulo 2^32. 0: they repeat, either one ISN or a few of them in turn. */
typedef struct tcpshake_isn_run {
    uint32_t length;
    uint32_t step;
} tcpshake_isn_run;

/* Takes in the ISN of another connection, once for each connection and each end of it. What a host uses as a client and
 * as a server is followed separately: stacks draw them from different places. Returns the longer of two runs that end
 * with this connection: of equal steps, and of ISNs that are among the host's eight before.
 *
 * identity: tells connections of the host apart that begin with the same ISN: its own port if it is the client; if it
 * is the server, the acknowledgment number of its SYN-ACK. The same ISN with the same identity within a second is the
 *           same connection captured at another place, beyond a NAT for instance, as a conversation of its own. */
tcpshake_isn_run tcpshake_hosts_follow_isn(tcpshake_hosts *hosts, const tcpshake_allocator *allocator,
                                           tcpshake_address host, bool as_server, uint32_t isn, uint32_t identity,
                                           int64_t time);

/* The longest run so far. Length 0: no connection of this host in this role. */
tcpshake_isn_run tcpshake_hosts_longest_isn_run(const tcpshake_hosts *hosts, tcpshake_address host, bool as_server);

/* How many connections of this host in this role there were so far, copies left out. */
uint32_t tcpshake_hosts_isn_count(const tcpshake_hosts *hosts, tcpshake_address host, bool as_server);

/* ---- groups: conversations that are in the same situation at once ---- */

typedef enum tcpshake_group_kind {
    TCPSHAKE_GROUP_HALF_OPEN, /* at one address and port of a server, from wherever: a SYN flood forges that */
    TCPSHAKE_GROUP_TIME_WAIT, /* of one client towards one address and port: each takes up one of its ports */
    TCPSHAKE_GROUP_KINDS
} tcpshake_group_kind;

/* A conversation's place in a group, part of its record, which must not move while it is in one. All zero: in none. */
typedef struct tcpshake_member {
    struct tcpshake_group  *group;
    struct tcpshake_member *earlier, *later;
    int64_t                 since; /* by the group's own clock, see groups.c */
} tcpshake_member;

/* The conversation joins the group of this kind, client and server at time now. It leaves the one that it was in; if
 * that is the same, its time begins again. Before that everybody leaves whose time is over.
 *
 * from, to, port: the client, the server and the server's port. HALF_OPEN does not look at from.
 * lifetime:       how long a conversation stays that does not leave by itself. The same in each call for one kind.
 * limit:          how many at once are still all right; 0: any number.
 *
 * Returns how many there are now, this one included, if that has just become more than limit; else 0. It is said again
 * only after there had been half of limit or fewer. */
uint32_t tcpshake_group_join(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind,
                             tcpshake_member *member, tcpshake_address from, tcpshake_address to, uint16_t port,
                             int64_t now, int64_t lifetime, uint32_t limit);

/* No longer in that situation. Nothing happens if it is in no group, or its time was over. */
void tcpshake_group_leave(tcpshake_member *member);

/* The largest group so far that was this host's: half-open at one of its ports, or its TIME-WAITs towards one server
 * port. */
uint32_t tcpshake_group_peak(const tcpshake_hosts *hosts, tcpshake_group_kind kind, tcpshake_address host);

#endif /* TCPSHAKE_HOSTS_H */
