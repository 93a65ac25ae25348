/* verdict.h
 * The outcome of a conversation: how it was opened and closed, by whom, how long it took.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_VERDICT_H
#define TCPSHAKE_VERDICT_H

#include "view.h"

#include <stddef.h>

enum { TCPSHAKE_NO_TIME = -1 }; /* a duration that is not known */

typedef struct tcpshake_summary {
    uint8_t  handshake;                      /* tcpshake_handshake */
    uint8_t  teardown;                       /* tcpshake_teardown */
    uint8_t  opened_by, closed_by, reset_by; /* tcpshake_role; TCPSHAKE_NOBODY: absent */
    uint32_t syn_frame;                      /* the first SYN of the attempt that they tell of; or 0 */
    uint32_t client_syns, server_syns, client_fins, server_fins; /* how many each has sent, SYN-ACKs among them */
    int64_t  connection_time, synack_time, ack_time;             /* ns, or TCPSHAKE_NO_TIME */
    int64_t  teardown_time, half_close_time, lifetime;
    int64_t  socket_time, read_time; /* the longest gap while it was open; the longest wait for an answer; or NO_TIME */
    uint8_t  reset_cause;            /* tcpshake_reset_cause: a hint; NONE without a RST */
    bool     reset_in_between;       /* that RST comes from between two capture points: proof, not a hint */
    uint32_t rst_frame;              /* the RST that ended it; or 0 */
    int64_t  reset_idle;             /* silence before the exchange that met the RST; or NO_TIME */
    const char *reset_reason;        /* the text of the RST; or "" */
    int64_t     close_idle;          /* silence before the first FIN; or NO_TIME */
    bool        negotiated;          /* both SYNs were captured: the next ones are known */
    uint16_t    mss;                 /* the smaller of both; 0 if neither said */
    bool        wscale, sack, timestamps, ecn, tfo, mptcp;
    uint8_t     time_wait_owner; /* tcpshake_role */
    int64_t     time_wait_until; /* ns since the epoch; with an owner */
    uint64_t    anomalies;       /* 1 << tcpshake_anomaly, hindsight's among them if it is known */
} tcpshake_summary;

/* What is known of the whole conversation. view: of any of its segments, with the same knowledge, so that hindsight
 * need not be worked out again; or NULL. */
void tcpshake_summarise(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                        const tcpshake_knowledge *knowledge, const tcpshake_view *view, tcpshake_summary *summary);

/* The anomalies that only silence proves, given the whole capture. Writes at most room of them to findings, in frame
 * order; returns how many. */
size_t tcpshake_hindsight(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                          const tcpshake_knowledge *knowledge, tcpshake_finding *findings, size_t room);

/* The RST in that frame, or any if it is 0, is known, in hindsight, to come from between two capture points. */
bool tcpshake_was_reset_in_between(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge,
                                   uint32_t frame);
/* The RST that ended it is known, in hindsight, to answer what came past a NAT. */
bool tcpshake_was_nat_bypassed(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge);

#endif /* TCPSHAKE_VERDICT_H */
