/* twins.h
 * One connection that was captured at several points under several addresses or ports: before and behind a NAT. To
 * Wireshark these are conversations of their own; here they are each other's twins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TWINS_H
#define TCPSHAKE_TWINS_H

#include <stdbool.h>
#include <stdint.h>

/* A Kubernetes service: the pod asks for the service's address, which becomes another pod's, and on the way out the
 * client's becomes the node's; one more at the far end. What looks like more is no single connection. */
enum { TCPSHAKE_TWINS_MAX = 4 };

/* One of them. */
typedef struct tcpshake_twin {
    struct tcpshake_conversation *record; /* the conversation of this frame in it */
    int64_t                       time;   /* of the SYN, by the clock there */
    uint32_t                      frame;  /* its SYN that is the same packet as the others' */
    uint32_t                      stream; /* what the caller calls it */
    uint32_t                      answer; /* what the server has set in its last SYN-ACK; 0: not known */
    uint32_t                      acked;  /* the same of the client's ACK that completed the handshake */
    uint8_t                       point;  /* where the SYN was captured; 0: not known */
} tcpshake_twin;

/* All of a connection. */
typedef struct tcpshake_twins {
    tcpshake_twin one[TCPSHAKE_TWINS_MAX];
    uint8_t       count;
    bool          proven;    /* not by the SYN's numbers alone: see tracking/twins.c */
    bool          routed;    /* all is the same in their SYNs but the TTL */
    bool          rewritten; /* their ISNs differ */
    bool          differing; /* the server's do */
    bool          confirmed; /* and yet a later segment is the same */
    bool          other_ids; /* their SYNs have different IP identifications */
    bool          refuted;   /* they are different connections after all */
} tcpshake_twins;

/* NULL: none are known. */
const tcpshake_twins *tcpshake_twins_of(const struct tcpshake_conversation *conversation);

/* The next one after this that is not the conversation itself, from NULL on; NULL: there are no more. */
const tcpshake_twin *tcpshake_next_twin(const struct tcpshake_conversation *conversation, const tcpshake_twin *after);

/* How far the clock at its twin is ahead, as far as the SYN and the first SYN-ACK tell, which pass both points in
 * opposite directions; ns. False: it is not known. Nothing else depends on it. */
bool tcpshake_twin_clock(const struct tcpshake_conversation *conversation, const tcpshake_twin *twin, int64_t *ahead);

/* The conversation itself, as one of its twins; there are some. */
const tcpshake_twin *tcpshake_own_twin(const struct tcpshake_conversation *conversation);

#endif /* TCPSHAKE_TWINS_H */
