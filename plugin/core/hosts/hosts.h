/* hosts.h
 * What only many conversations together show: initial sequence numbers that can be predicted, and groups of
 * conversations that are half-open, or in TIME-WAIT, at once. And the packets and the SYNs of the last moment, which
 * all conversations remember in one place; and where the capture has a hole.
 *
 * One pass, in capture order. Each call is O(1) on average. Memory: a fixed amount, one for each host, for each server
 * port that it connects to or accepts connections at, and for as many members of groups as there are at once (one whose
 * lifetime is over is still one until another joins its group, or as long again has passed); none for further
 * connections. Without memory nothing is found. Hosts may be NULL in every call; then nothing is found.
 *
 * Times are nanoseconds of the capture's clock. They may go backwards.
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

/* seed: a random number, so that nobody can choose addresses that collide. NULL if there is no memory. */
tcpshake_hosts *tcpshake_hosts_new(const tcpshake_allocator *allocator, uint64_t seed);

/* A host's network address, of any length; read during the call only. An address longer than IPv6's is condensed to
 * that length. */
typedef struct tcpshake_address {
    const uint8_t *bytes;
    uint8_t        length;
} tcpshake_address;

/* ---- initial sequence numbers (RFC 9293 section 3.4.1, RFC 6528) ---- */

/* Connections in a row whose ISNs could have been predicted from the ones before.
 *
 * length: how many, including the first ones, which set the pattern. 1 is a single connection, and 2 mean nothing,
 *         since any two ISNs have some step between them. 0: a copy of a connection that was already counted.
 *
 * step: from each to the next, modulo 2^32. 0: they repeat, either one ISN or a few of them in turn.
 *
 * known: of tcpshake_hosts_follow_isn() only: an earlier run of this host was as long, with the same step. */
typedef struct tcpshake_isn_run {
    uint32_t length;
    uint32_t step;
    bool     known;
} tcpshake_isn_run;

/* What distinguishes connections of a host that begin with the same ISN. With the same ISN and number within a second,
 * two are one connection that was captured at a second place, such as beyond a NAT, where it looks like another
 * conversation. Of the same two addresses and other ports, they are two connections, unless the packet is the same one
 * behind a router. A host keeps several of them: what is only compared is folded into a byte. */
typedef struct tcpshake_isn_owner {
    uint32_t number;      /* of the client, its port; of the server, the acknowledgment number of its SYN-ACK */
    uint8_t  peer, ports; /* the other end's address; the ports of both */
    uint8_t  ip_id, ttl;
} tcpshake_isn_owner;

/* Records the ISN of another connection, once for each connection and each end of it. A host's ISNs as a client and as
 * a server are followed separately: stacks may generate them differently. Returns the longer of two runs that end with
 * this connection: of equal steps, and of ISNs that are among the host's previous eight. */
tcpshake_isn_run tcpshake_hosts_follow_isn(tcpshake_hosts *hosts, const tcpshake_allocator *allocator,
                                           tcpshake_address host, bool as_server, uint32_t isn,
                                           tcpshake_isn_owner owner, int64_t time);

/* The longest run so far. Length 0: no connection of this host in this role. */
tcpshake_isn_run tcpshake_hosts_longest_isn_run(const tcpshake_hosts *hosts, tcpshake_address host, bool as_server);

/* How many connections of this host in this role there were so far, not counting copies. */
uint32_t tcpshake_hosts_isn_count(const tcpshake_hosts *hosts, tcpshake_address host, bool as_server);

/* ---- groups: conversations that are in the same situation at once ---- */

typedef enum tcpshake_group_kind {
    TCPSHAKE_GROUP_HALF_OPEN, /* at one server address and port, from any client: a SYN flood forges the source */
    TCPSHAKE_GROUP_TIME_WAIT, /* of one client to one server address and port: each occupies one of its ports */
    TCPSHAKE_GROUP_KINDS
} tcpshake_group_kind;

/* A conversation's place in a group, part of its record, which must not move while it is in one. */
typedef struct tcpshake_member {
    uint32_t place; /* among those of all groups, from 1; 0: in none */
} tcpshake_member;

/* The conversation joins the group of this kind, client and server at time now. It leaves the group that it was in; if
 * that is the same one, its lifetime starts again. Members whose lifetime is over leave first.
 *
 * from, to, port: the client, the server and the server's port. HALF_OPEN ignores from.
 * lifetime:       how long a conversation stays if it does not leave by itself. The same in each call for one kind.
 * limit:          the largest number at once that is not reported; 0: report none.
 *
 * Returns how many there are now, including this one, if that has just exceeded limit; else 0. The next report comes
 * only after the number has fallen to half of limit. */
uint32_t tcpshake_group_join(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_group_kind kind,
                             tcpshake_member *member, tcpshake_address from, tcpshake_address to, uint16_t port,
                             int64_t now, int64_t lifetime, uint32_t limit);

/* The conversation leaves its group. Nothing happens if it is in none, or its lifetime was over. */
void tcpshake_group_leave(tcpshake_hosts *hosts, tcpshake_member *member);

/* The size of this host's largest group so far: half-open at one of its ports, or its TIME-WAITs to one server port. */
uint32_t tcpshake_group_peak(const tcpshake_hosts *hosts, tcpshake_group_kind kind, tcpshake_address host);

/* ---- ends that wait while the connection is half closed ---- */

typedef enum tcpshake_wait {
    TCPSHAKE_WAIT_IN_CLOSE_WAIT, /* for its application, to close as well */
    TCPSHAKE_WAIT_IN_FIN_WAIT_2, /* for its peer */
    TCPSHAKE_WAITS
} tcpshake_wait;

/* An end of this host begins to wait in this frame, or waits no longer. */
void tcpshake_hosts_count_wait(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                               tcpshake_wait wait, bool begins, uint32_t frame);

/* It was counted in this frame or later, and is counted no more: it turned out never to have been in that state. */
void tcpshake_hosts_take_wait_back(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address address,
                                   tcpshake_wait wait, uint32_t since);

/* How many of them there have been at once at most. */
uint32_t tcpshake_hosts_peak_of_waits(const tcpshake_hosts *hosts, tcpshake_address address, tcpshake_wait wait);

/* ---- the clocks in timestamps (RFC 7323 section 5; behind a NAT, several hosts have one address) ---- */

/* The server has answered a SYN of the client with this timestamp, at that time. */
void tcpshake_hosts_note_clock(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address client,
                               tcpshake_address server, uint32_t clock, int64_t time);

/* The timestamp of this SYN is lower than that of the last one from the same address that this server has answered, and
 * a server that remembers one for each address has not forgotten it yet. */
bool tcpshake_hosts_is_clock_behind(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, tcpshake_address client,
                                    tcpshake_address server, uint32_t clock, int64_t time);

/* ---- the packets of the last moment ---- */

/* A packet, to recognise it if it is captured once more. Packed, because alignment would make each end's record larger.
 */
#pragma pack(push, 4)
typedef struct tcpshake_packet {
    int64_t  time;
    uint32_t frame;     /* 0: there was none */
    uint32_t low, high; /* a hash of what its sender set */
    uint8_t  ttl;
    uint8_t  point; /* where it was captured; 0: not known */
} tcpshake_packet;
#pragma pack(pop)

/* The place of the last packet with the same low; otherwise a free place, with frame 0, for which the oldest packet may
 * be forgotten. NULL if there is no memory. */
tcpshake_packet *tcpshake_hosts_place_of(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint32_t low);

/* ---- holes in the capture ---- */

/* Without a segment of any conversation for as long as this, the capture was interrupted, or several were joined: what
 * only silence proves ends in front of it; ns. */
static const int64_t TCPSHAKE_HOLE = INT64_C(3600000000000);

/* There is one in front of this frame; before: the time of the last segment in front of it. In the order of frames. */
void tcpshake_hosts_note_hole(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint32_t frame,
                              int64_t before);

/* How long silence behind this frame was watched: until the next hole, else until end. */
int64_t tcpshake_hosts_watched_until(const tcpshake_hosts *hosts, uint32_t frame, int64_t end);

/* ---- when capture points were watched ---- */

/* A frame, and its time. */
typedef struct tcpshake_sight {
    uint32_t frame;
    int64_t  time;
} tcpshake_sight;

/* From its first frame to its last. */
typedef struct tcpshake_watch {
    uint32_t frame; /* the first */
    int64_t  from, until;
} tcpshake_watch;

/* This segment was captured at another point than the one before it. capture: the merged capture that the point belongs
 * to; before: the time of the segment before. */
void tcpshake_hosts_change_point(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint8_t point,
                                 uint8_t capture, int64_t before, tcpshake_sight first);

/* When the other point was watched. end: the time of the capture's last segment. False: as long as this point. */
bool tcpshake_hosts_watch_of(const tcpshake_hosts *hosts, uint8_t point, uint8_t other, int64_t end,
                             tcpshake_watch *watch);

/* Both points are known, and of different captures, whose clocks may differ. */
bool tcpshake_hosts_is_other_capture(const tcpshake_hosts *hosts, uint8_t point, uint8_t other);

/* ---- the SYNs of the last moment ---- */

/* A SYN, to recognise it where it comes by under other addresses or ports. */
typedef struct tcpshake_syn {
    uint64_t key; /* what its sender has set in it, and what no other connection has */
    int64_t  time;
    void    *who; /* the caller's: whose SYN it is */
    uint32_t frame, stream;
    uint32_t four_tuple; /* a hash of it */
    uint32_t earlier;    /* of syns.c */
    uint16_t ip_id;
    uint8_t  ttl, point;
    bool     has_twin;
    bool     common; /* more connections have it than can be one */
} tcpshake_syn;

/* No device on the way keeps a SYN for as long, not even with the clocks of two captures a little apart; ns. */
static const int64_t TCPSHAKE_SYN_KEPT = INT64_C(2000000000);

/* The SYN with this key, wherever it was captured first. NULL: it is new, and remembered from now on; or there is no
 * memory. Each is kept for TCPSHAKE_SYN_KEPT, if there are no more than 131,072 in that time; longer where there is
 * room. */
tcpshake_syn *tcpshake_hosts_meet_syn(tcpshake_hosts *hosts, const tcpshake_allocator *allocator,
                                      const tcpshake_syn *syn);

/* The SYN that was found is forgotten; this one, with the same key, takes its place. */
void tcpshake_hosts_renew_syn(tcpshake_syn *found, const tcpshake_syn *syn);

/* One number for both ends, in this order. */
uint32_t tcpshake_hosts_hash_four_tuple(const tcpshake_hosts *hosts, tcpshake_address one, uint16_t port,
                                        tcpshake_address other, uint16_t other_port);

#endif /* TCPSHAKE_HOSTS_H */
