/* extra.h
 * What only few conversations need: a second attempt, a RST, an ICMP error, a hole in the capture, several capture
 * points. Allocated when it is first needed (extra.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_EXTRA_H
#define TCPSHAKE_EXTRA_H

#include "end.h"
#include "finding.h"
#include "numbering.h"
#include "twins.h"

#include "../segment/segment.h"

#include <stdbool.h>
#include <stdint.h>

/* Evidence that a RST is not from the end whose address it carries. */
enum {
    TCPSHAKE_DOUBT_TTL = 1 << 0,
    TCPSHAKE_DOUBT_ID = 1 << 1,       /* its IP identification does not continue those before */
    TCPSHAKE_DOUBT_ANSWERED = 1 << 2, /* it refused a SYN that was answered by a SYN-ACK as well */
    TCPSHAKE_DOUBT_TOO_SOON = 1 << 3, /* for a round trip */
    TCPSHAKE_DOUBT_SAME_ID = 1 << 4,  /* as the packet that it answers */
    TCPSHAKE_DOUBT_SAME_WINDOW = 1 << 5,
    TCPSHAKE_DOUBT_SERIES = 1 << 6,  /* of RSTs with rising numbers, beyond all that was sent */
    TCPSHAKE_DOUBT_GOES_ON = 1 << 7, /* its receiver is closed, and its apparent sender has gone on */
};

/* Linux gives up an orphaned end in FIN-WAIT-2 after this (docs.kernel.org/networking/ip-sysctl.html, tcp_fin_timeout);
 * ns. */
#define TCPSHAKE_LINUX_FIN_WAIT_2 (60 * TCPSHAKE_SECOND)

/* Room for the text of a RST, its end included. */
enum { TCPSHAKE_REASON_SIZE = 200 };

typedef struct tcpshake_changes tcpshake_changes; /* changes.c */
typedef struct tcpshake_late    tcpshake_late;    /* anew.c */
typedef struct tcpshake_links   tcpshake_links;   /* acknowledged.c */
typedef struct tcpshake_last_rst {
    int64_t  before; /* when its sender had sent what it sent before that */
    uint32_t frame, seq;
    uint32_t under_way; /* segments to its sender, if that had closed by itself, that it may still answer with a RST */
    bool     by_itself, acknowledges;
    bool     again; /* it is the same as the one right before it */
} tcpshake_last_rst;
/* The numbers of an end before the segment in which it acknowledged more than its peer was seen to send. */
typedef struct tcpshake_unsent {
    int64_t  time;
    uint32_t frame, snd_nxt, ack_sent, window_edge;
    bool     has_ack; /* the last two are known */
    bool     fin;     /* and with which it closed */
    uint8_t  from;    /* 0 or 1: which end it is */
} tcpshake_unsent;
/* The data before a FIN that were not captured before it: from where, up to where, a piece that has come since and
 * touches neither side, and the frame that completed them; or 0. */
typedef struct tcpshake_fin_hole {
    uint32_t start, end, piece_start, piece_end, filled;
} tcpshake_fin_hole;
/* The steps of an end whose way past two points is followed: SYNs and SYN-ACKs, the ACK that completes the handshake,
 * FINs. */
enum { TCPSHAKE_SIGHT_SYN, TCPSHAKE_SIGHT_ACK, TCPSHAKE_SIGHT_FIN, TCPSHAKE_SIGHTS, TCPSHAKE_SIGHTS_KEPT = 4 };
/* place: the capture point; if none is known, the TTL there (tracking.h). */
typedef struct tcpshake_sighting {
    tcpshake_moment moment;
    uint8_t         place;
} tcpshake_sighting;
/* The first of those that were captured at one point only. */
typedef struct tcpshake_sights {
    tcpshake_sighting one[TCPSHAKE_SIGHTS_KEPT];
    uint8_t           count;
} tcpshake_sights;
/* What was captured at a second point as well, by the end that sent it. A place is a capture point, or the TTL there
 * if the points are not known. */
typedef struct tcpshake_copied {
    tcpshake_sights sights[2][TCPSHAKE_SIGHTS];
    uint32_t        copies[2][TCPSHAKE_SIGHTS];
    uint32_t        first[2];              /* frames: the first that was captured twice, and its copy */
    int64_t         last[2];               /* when the last of those was captured, at the lower place first */
    int64_t         apart[2];              /* how much later at the higher place, clocks included; with is_apart */
    uint32_t        resets[2];             /* RSTs among them */
    uint8_t         nearer[2], farther[2]; /* the places that it passes first and second: by the TTL, or by time */
    uint8_t         ttl[2];                /* at the nearer one, if there are routers in between; else 0 */
    bool            is_apart[2];
    bool            by_ttl;
    uint8_t         last_end; /* who sent what was captured twice last */
} tcpshake_copied;
/* The first RST of an end, or the first after one that was captured at two points. */
typedef struct tcpshake_end_rst {
    tcpshake_moment moment; /* frame 0: there was none */
    uint32_t        count;  /* of all that it sent */
    uint32_t        ack;    /* the highest that it had acknowledged by then, RSTs included; with SENT_RESET, has_ack */
    uint8_t         point;
    bool            has_ack;
    bool            copied, doubted; /* it was captured at two points; something of it is not its sender's */
} tcpshake_end_rst;
/* The values of a record that only few conversations need. What a RST concludes about
 * them can be taken back: changes.c. Counts stay. */
typedef struct tcpshake_rare_end {
    uint32_t presumed_frame[TCPSHAKE_PRESUMPTIONS]; /* those for which the end itself has no room */
    uint32_t unseen_frame;         /* where the peer acknowledged one number more than it was seen to send; or 0 */
    uint32_t probe_frame;          /* its unanswered keep-alive probe; or 0 */
    uint32_t more_syns, more_fins; /* than the record can count */
    uint8_t  probes;               /* how many of them in a row had no answer */
} tcpshake_rare_end;
typedef struct tcpshake_rare {
    tcpshake_rare_end end[2];
    tcpshake_moment   rst;        /* the RST that ended it */
    uint32_t          icmp_frame; /* the last ICMP error that quoted the SYN; or 0 */
    uint32_t          reset_count;
    uint32_t          more_fin_segments; /* than the record can count */
    uint8_t           reset_by;          /* tcpshake_role */
    uint8_t           reset_cause;       /* tcpshake_reset_cause */
    uint8_t           reset_ttl;         /* of the RST at rst */
} tcpshake_rare;
typedef struct tcpshake_extra {
    tcpshake_rare     rare;
    int64_t           reset_idle;     /* the silence before the exchange that met the RST at rst, ns; 0: not known */
    uint32_t          reset_seq[2];   /* by end: the sequence number of the last RST of it that ended something */
    char             *reset_reason;   /* its text, printable; or NULL */
    uint32_t          refused_ack[2]; /* by end: an acknowledgment that it cannot accept; with OWES_RESET */
    uint32_t          gap_frame;      /* where the client acknowledged a SYN-ACK that was not captured; with GAP */
    uint32_t         *tally;          /* findings by anomaly; only where there are many, else NULL */
    tcpshake_links   *links;          /* of the timeline; or NULL */
    tcpshake_changes *changes;        /* what the last RST has changed; or NULL */
    tcpshake_late    *late;           /* with LATE_OPENING */
    uint32_t          begun;          /* where this conversation begins if the record had another before; or 0 */
    uint32_t          nth;            /* how many conversations the record had before */
    tcpshake_moment   replaced;       /* the SYN of the next one on the four-tuple, which was accepted; or frame 0 */
    bool              was_held;       /* with that: its receiver held this one until then, and was reset */
    const struct tcpshake_conversation *far; /* one of those, further back than `previous` (extra.c); or NULL */
    tcpshake_moment    attempt_syn;    /* the first SYN since the last attempt failed; frame 0: there was one attempt */
    uint32_t           attempt_before; /* SYNs that the client had sent before that */
    uint32_t           refused_frame;  /* the RST that refused the attempt before; or 0 */
    uint32_t           ahead_frame[2]; /* by end, with AHEAD */
    uint32_t           earlier_isn;    /* the server's, before a SYN-ACK changed it; with EARLIER_ISN */
    tcpshake_last_rst  last_reset[2];  /* by end, with SENT_RESET */
    uint32_t           before_resets;  /* the last frame in front of the last RST, and of RSTs right in front of it */
    uint32_t           late_answers;   /* RSTs that answered what was still under way: see under_way */
    tcpshake_moment    disowned;       /* the last RST after which its apparent sender went on; frame 0: none */
    tcpshake_finding   cut_off;        /* and what it had ended, as long as that held; frame 0: nothing */
    tcpshake_moment    late_fin;       /* of a client that went on behind a RST in its name; frame 0: there was none */
    uint32_t           late_fin_seq;
    tcpshake_unsent    unsent;           /* the last such segment; frame 0: there was none */
    tcpshake_fin_hole  fin_hole[2];      /* by end, with FIN_BEHIND_HOLE */
    tcpshake_moment    fallback;         /* the SYN that came again without what earlier ones had offered in vain */
    int64_t            repeats_since[2]; /* by end: when the first of several retransmissions in a row was sent */
    uint32_t           hole[2];          /* the first frames behind the first and the last hole in it; or 0 */
    uint32_t           set_back;         /* the last frame that lies before the one in front of it in time; or 0 */
    tcpshake_moment    request_came;     /* the server has acknowledged a request only after it came again */
    uint16_t           given_up;         /* TCPSHAKE_OFFER_… that `fallback` gave up; 0: none */
    uint8_t            doubts;           /* TCPSHAKE_DOUBT_…: about the RST at rst */
    bool               clock_behind;     /* the first SYN of the attempt: see tcpshake_hosts_is_clock_behind() */
    bool               reset_by_timer;   /* that RST met nothing: it ended the silence itself */
    bool               reset_after_idle; /* reset_idle is the longest silence, and as long as idle timers are */
    uint32_t           idle_acks;        /* how many have answered each other, with IDLE_ACKS */
    tcpshake_moment    idle_acks_since;
    tcpshake_end_rst   rst[2];      /* by end */
    tcpshake_moment    first_reset; /* of both ends */
    tcpshake_moment    closed_with; /* the RST before the one in frame closed_with_of, by which its sender was closed */
    uint32_t           closed_with_of;
    tcpshake_copied   *copied;    /* of those captured at another point again; or NULL */
    tcpshake_numbers  *numbers;   /* where its numbers are others; or NULL */
    tcpshake_twins    *twins;     /* of which this is one, as far as is known; or NULL */
    uint8_t            own_twin;  /* its place among them */
    tcpshake_icmp_kind icmp_kind; /* of the error at icmp */
    tcpshake_moment    icmp;      /* the first ICMP error that rejected the SYN */
} tcpshake_extra;

#endif /* TCPSHAKE_EXTRA_H */
