/* finding.h
 * One anomaly found on a frame, with the numbers that prove it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FINDING_H
#define TCPSHAKE_FINDING_H

#include "anomalies.h"

#include <stdbool.h>

/* What followed an ACK by an end that still holds an older connection (stale_ack). */
typedef enum tcpshake_sequel {
    TCPSHAKE_NO_RESET_FOLLOWED,
    TCPSHAKE_RESET_FOLLOWED,
    TCPSHAKE_RESET_CLEARED, /* and the next SYN got its SYN-ACK */
} tcpshake_sequel;

/* Why a correct receiver ignores a RST (reset_unacceptable): its number, or in SYN-SENT what it acknowledges. */
typedef enum tcpshake_reset_flaw {
    TCPSHAKE_RIGHT_OF_WINDOW,
    TCPSHAKE_LEFT_OF_WINDOW,
    TCPSHAKE_ACKNOWLEDGES_NOTHING,
    TCPSHAKE_ACKNOWLEDGES_ISN, /* and not ISN + 1 */
    TCPSHAKE_ACKNOWLEDGES_OTHER,
} tcpshake_reset_flaw;

/* How a request's wait ended (read_timeout). */
typedef enum tcpshake_request_end {
    TCPSHAKE_REQUEST_ANSWERED,
    TCPSHAKE_REQUEST_GIVEN_UP,
    TCPSHAKE_REQUEST_CLOSED,
    TCPSHAKE_REQUEST_STILL_WAITS,
} tcpshake_request_end;

/* What must have been sent but is not in the capture (segment_not_captured). */
typedef enum tcpshake_missing { TCPSHAKE_MISSING_SYN_ACK, TCPSHAKE_MISSING_ACK, TCPSHAKE_MISSING_FIN } tcpshake_missing;

/* What was seen at one of two capture points (lost_between). */
typedef enum tcpshake_lost {
    TCPSHAKE_LOST_SYN,
    TCPSHAKE_LOST_SYN_ACK,
    TCPSHAKE_LOST_ACK, /* the handshake's */
    TCPSHAKE_LOST_FIN,
    TCPSHAKE_LOST_RST,
} tcpshake_lost;

/* An ICMP or ICMPv6 error. */
typedef struct tcpshake_icmp_kind {
    uint8_t version; /* 4: ICMP, 6: ICMPv6 */
    uint8_t type, code;
} tcpshake_icmp_kind;

typedef struct tcpshake_finding {
    uint32_t frame;         /* the frame that it is about */
    uint32_t proven_frame;  /* the frame that proved it: the same, or a later one; 0: none of the conversation's */
    uint32_t related_frame; /* the frame that it refers to; or 0 */
    uint8_t  anomaly;       /* tcpshake_anomaly */
    uint8_t  end;           /* the end that did it: 0 or 1 */
    int64_t  duration;      /* nanoseconds, or 0 */
    /* By anomaly; all zero for those that are not named. */
    union {
        /* syn_retransmission, syn_unanswered, connection_timeout, connection_refused, synack_retransmission,
         * missing_handshake_ack, fin_retransmission */
        struct {
            uint32_t number;        /* from 1; of syn_unanswered and connection_timeout, how many there were */
            uint32_t refused_frame; /* the RST that refused the attempt before; or 0 */
        } attempt;
        tcpshake_icmp_kind icmp; /* icmp_rejected */
        /* synack_bad_ack, handshake_bad_ack, stale_ack */
        struct {
            uint32_t number; /* as acknowledged, raw */
            uint8_t  sequel; /* tcpshake_sequel; of stale_ack */
        } ack;
        /* synack_changed */
        struct {
            uint32_t number; /* raw */
            bool     is_seq; /* its sequence number; else what it acknowledges */
        } changed;
        /* syn_changed: the ISN before */
        struct {
            uint32_t number;
        } seq;
        /* syn_fallback */
        struct {
            uint16_t given_up; /* TCPSHAKE_OFFER_… */
        } fallback;
        /* syn_on_open_connection */
        struct {
            uint32_t frame; /* of the challenge ACK; or 0 */
        } challenge;
        /* syn_with_data, tfo_data_rejected, early_data, data_after_fin; connection_reset: not acknowledged, or lost */
        struct {
            uint32_t bytes;
            bool     one_sided;  /* abortive_close: the direction of the data is not in the capture */
            bool     sent_since; /* connection_reset: the apparent sender of the RST sent them after it */
        } data;
        /* bad_flags */
        struct {
            uint16_t set;             /* TCPSHAKE_FIN … */
            bool     closes_syn_sent; /* a FIN alone, of an end in SYN-SENT */
        } flags;
        /* handshake_aborted */
        struct {
            uint32_t unanswered; /* SYN-ACKs of the server, which then gives up; 0: it does not say so */
            bool     answered;   /* after the SYN-ACK, not before any answer */
            bool     unknown;    /* the client's host has no such connection (section 3.10.7.1) */
            bool     crossed;    /* both ends had sent a SYN */
        } abort;
        /* handshake_ack_ignored */
        struct {
            uint8_t with_data; /* the client had sent some before */
        } ignored;
        /* isn_predictable */
        struct {
            uint32_t connections;
            uint32_t step; /* from each ISN to the next; 0: they repeat */
        } isns;
        /* syn_flood, time_wait_exhaustion */
        struct {
            uint32_t size; /* conversations at once */
        } group;
        /* read_timeout */
        struct {
            uint32_t answer_seq; /* where the answer begins, raw; if there is one */
            uint8_t  end;        /* tcpshake_request_end */
            bool     lost;       /* the server has not acknowledged it */
        } request;
        /* keepalive_unanswered: probes; connection_lost */
        struct {
            uint32_t seq; /* of what is repeated, raw */
            uint16_t count;
            bool     idle : 1;        /* it is the first segment after the longest silence */
            bool     confirmed : 1;   /* the peer was heard since, and still lacks it */
            bool     small : 1;       /* it fits any path (RFC 9293 section 3.7.1: 536 bytes) */
            bool     zero_window : 1; /* there was no room for data: probes of the window (RFC 9293 section 3.8.6.1) */
        } repeats;
        /* reset_unacceptable, reset_challenged */
        struct {
            uint32_t
                    distance; /* from the window, or from the number that is due; with ACKNOWLEDGES: that number, raw */
            uint8_t flaw;     /* tcpshake_reset_flaw */
            bool    at_least; /* the window's scale is not known: it is no larger than with the largest */
        } window;
        /* reset_ignored */
        struct {
            uint8_t tells;   /* the TTL is not the sender's; else: the conversation continues */
            uint8_t refused; /* the SYN that was answered by a SYN-ACK as well */
            uint8_t of_reset, of_sender;
        } ttl;
        /* ack_storm, reset_storm, fin_storm */
        struct {
            uint32_t segments;
        } storm;
        /* fin_out_of_window */
        struct {
            uint32_t seq; /* raw */
            bool     is_left;
        } fin;
        /* fin_moved */
        struct {
            uint32_t before, now; /* raw */
        } moved;
        /* data_after_close */
        struct {
            bool    crossed; /* the FIN; else it came after that was acknowledged */
            uint8_t idle;    /* the connection was, before that FIN */
        } late;
        /* closing_bad_ack */
        struct {
            uint32_t numbers; /* how many more than were sent */
        } unsent;
        /* time_wait_lingering */
        struct {
            bool syn_turned_away; /* else a FIN has restarted it */
        } time_wait;
        /* captured_twice */
        struct {
            uint8_t  point, first_point; /* where, if it was not at the same; or 0 */
            int16_t  hops;               /* how many routers were in between; below 0: the sender is that side */
            uint32_t answer;             /* the frame in which it was answered once more; or 0 */
        } copy;
        /* lost_between */
        struct {
            uint8_t what;         /* tcpshake_lost */
            uint8_t sent, seen;   /* how often: here, and at the other point; at most 255 */
            uint8_t point, other; /* the capture points; 0: not known */
        } between;
        /* segment_not_captured */
        struct {
            uint8_t what; /* tcpshake_missing */
        } missing;
    };
} tcpshake_finding;

_Static_assert(sizeof(tcpshake_finding) <= 32, "there can be one on each frame");

#endif /* TCPSHAKE_FINDING_H */
