/* view.h
 * What one segment showed, read from the record of its conversation; nothing is changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_VIEW_H
#define TCPSHAKE_VIEW_H

#include "../conversation/conversation.h"

/* How much is known: what a first pass knows at a segment, or what the whole capture shows. */
typedef struct tcpshake_knowledge {
    bool hindsight; /* the whole capture was read */
    /* With hindsight, in ns since the epoch: until when silence was watched, which is the time of the last frame,
     * whatever it carries, but not beyond a hole; and the time of the last segment of any conversation. */
    int64_t               capture_end, last_segment;
    const tcpshake_hosts *hosts; /* tells where the capture has holes; or NULL */
} tcpshake_knowledge;

/* How long silence behind this conversation's last segment was watched, in hindsight; ns since the epoch. */
static inline int64_t
tcpshake_watched_until(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    return tcpshake_hosts_watched_until(knowledge->hosts, conversation->last_frame, knowledge->capture_end);
}

/* The same as far as segments were captured: what was captured at which point is known of these only. */
static inline int64_t
tcpshake_points_watched_until(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    return tcpshake_hosts_watched_until(knowledge->hosts, conversation->last_frame, knowledge->last_segment);
}

enum { TCPSHAKE_VIEW_FINDINGS = 8 };

/* What one segment showed, ready to be displayed. */
typedef struct tcpshake_view {
    uint8_t          sender;                       /* tcpshake_role: client or server */
    uint8_t          phase;                        /* tcpshake_phase */
    uint8_t          client_state, server_state;   /* tcpshake_state after it */
    uint8_t          client_before, server_before; /* before it; the same if it changed nothing */
    uint8_t          steps;                        /* TCPSHAKE_STEP_… */
    bool             has_expected_ack;
    uint32_t         expected_ack;                 /* on a SYN or FIN: raw number that will acknowledge it */
    uint32_t         acks_syn, acks_fin, acked_in; /* frames, or 0 */
    uint64_t         late;          /* 1 << tcpshake_anomaly: what hindsight finds anywhere in the conversation */
    uint32_t         finding_count; /* of findings; more on one frame are left out */
    tcpshake_finding findings[TCPSHAKE_VIEW_FINDINGS];
} tcpshake_view;

/* The findings of a frame: in a first pass those that it proved, in hindsight those that are about it. Writes at most
 * room of them to findings; returns how many. */
uint32_t tcpshake_findings_on(const tcpshake_conversation *conversation, uint32_t frame, const tcpshake_limits *limits,
                              const tcpshake_knowledge *knowledge, tcpshake_finding *findings, uint32_t room);

/* What this segment showed; it must have been processed before. O(log n) in the entries of the conversation. */
void tcpshake_view_segment(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                           const tcpshake_limits *limits, const tcpshake_knowledge *knowledge, tcpshake_view *view);

/* never_shown.c: the state of an end behind that frame; in hindsight, without what it was presumed to receive where
 * nothing in the whole capture shows that it did, though an answer was due: to a repetition, or within the time for
 * one. */
uint8_t tcpshake_without_the_never_shown(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge,
                                         int end, uint32_t frame, uint8_t state);

#endif /* TCPSHAKE_VIEW_H */
