/* end.h
 * What is known of one end of a conversation. Part of the conversation's record; ends.c writes its state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_END_H
#define TCPSHAKE_END_H

#include "state.h"

#include <stdint.h>

/* A frame that matters to the conversation, and when it was captured; frame 0: there was none. A record holds fourteen
 * of them: packed, because alignment would make each a third larger. */
#pragma pack(push, 4)
typedef struct tcpshake_moment {
    int64_t  time; /* nanoseconds since the epoch */
    uint32_t frame;
} tcpshake_moment;
#pragma pack(pop)

/* An end has room for the frames of so many presumptions; few have more at a time. */
enum { TCPSHAKE_PRESUMED_ROOM = 2 };

/* One end. Sequence numbers are raw. */
typedef struct tcpshake_end {
    uint32_t isn;         /* with HAS_ISN */
    uint32_t snd_nxt;     /* the next number it will send, as far as was captured; with HAS_SND_NXT */
    uint32_t ack_sent;    /* the highest acknowledgment number it sent: its RCV.NXT then; with HAS_ACK */
    uint32_t window_edge; /* the highest number that it said it would take, plus 1; with HAS_ACK */
    uint32_t fin_seq;     /* the number that its FIN takes; with SENT_FIN */
    uint32_t syn_frame;   /* its last SYN or SYN-ACK */
    uint32_t fin_frame;   /* its last FIN */
    uint32_t presumed_frame[TCPSHAKE_PRESUMED_ROOM]; /* of the first kinds in presumed: tcpshake_presumed_frame() */
    tcpshake_moment last;                            /* the last packet that it sent */
    uint32_t        flags;                           /* TCPSHAKE_END_… */
    uint16_t        syn_count, fin_count;            /* up to 65535: tcpshake_syns_of(), tcpshake_fins_of() */
    uint16_t        mss;                             /* what its SYN offered */
    uint16_t        offers;                          /* TCPSHAKE_OFFER_… of that */
    uint16_t        ip_id;                           /* of the last packet that it sent */
    uint16_t        repeats;        /* retransmissions since its peer last sent anything; stops at 65535 */
    uint8_t         ttl, first_ttl; /* of its last and its first packet, RSTs aside; 0: not seen */
    uint8_t         id_streak;      /* how often in a row its IP IDs went up by little; stops at 255 */
    uint8_t         state;          /* tcpshake_state, now */
    uint8_t         before_reset;   /* tcpshake_state that a RST ended */
    uint8_t         wscale : 4;     /* what its SYN offered */
    uint8_t         shift : 4;      /* the one that applies to its window; with FAST_PATH */
    uint8_t pending;  /* 1 << tcpshake_presumption: in flight to it; it had not received this when it last sent */
    uint8_t presumed; /* 1 << tcpshake_presumption: it was presumed to receive this, and has not confirmed it yet */
} tcpshake_end;

enum {
    TCPSHAKE_END_SEEN = 1 << 0, /* it sent something that was captured */
    TCPSHAKE_END_HAS_ISN = 1 << 1,
    TCPSHAKE_END_HAS_SND_NXT = 1 << 2,
    TCPSHAKE_END_HAS_ACK = 1 << 3,
    TCPSHAKE_END_SENT_SYN = 1 << 4, /* a bare SYN */
    TCPSHAKE_END_SENT_SYNACK = 1 << 5,
    TCPSHAKE_END_SENT_FIN = 1 << 6,
    TCPSHAKE_END_OLDER_ACK = 1 << 7, /* behind the ACK of its FIN it was sent one that does not cover it */
    TCPSHAKE_END_SYN_ACKED = 1 << 8,
    TCPSHAKE_END_FIN_ACKED = 1 << 9,
    TCPSHAKE_END_SYN_WAITS = 1 << 10, /* its last SYN has no answer yet */
    TCPSHAKE_END_FIN_WAITS = 1 << 11,
    TCPSHAKE_END_OWES_RESET = 1 << 12, /* a RST from it with extra->refused_ack would be an answer, not an abort */
    TCPSHAKE_END_SENT_DATA = 1 << 13,
    TCPSHAKE_END_SENT_RESET = 1 << 14,
    TCPSHAKE_END_ACTIVE_OPEN = 1 << 15,
    TCPSHAKE_END_SPOKE_AFTER_RESET = 1 << 16, /* the RST that it sent or was sent did not end it */
    TCPSHAKE_END_HEARD = 1 << 17, /* in this attempt: not only before a refusal, or in a previous conversation */
    TCPSHAKE_END_FAST_PATH =
        1 << 18, /* both are open and nothing is presumed of it any more: ordinary segments change no state */
    TCPSHAKE_END_FIN_BEHIND_HOLE = 1 << 19, /* data in front of its FIN were not captured, and have not come since */
    TCPSHAKE_END_AHEAD = 1 << 20,           /* its numbers were one ahead of what was captured: extra->ahead_frame */
    TCPSHAKE_END_AHEAD_OF_ACK = 1 << 21,    /* and had not acknowledged the peer's FIN before */
    TCPSHAKE_END_SYN_MARKED = 1 << 22,      /* syn_mark holds the mark of its last SYN */
    TCPSHAKE_END_SENT_IDLE_ACK = 1 << 23,   /* the last ACK that said nothing new */
    TCPSHAKE_END_SENT_LATE_DATA = 1 << 24,  /* the data at late_data_frame */
    TCPSHAKE_END_ONLY_TLS = 1 << 25,        /* its late data are TLS handshake messages or alerts only */
    TCPSHAKE_END_LEFT_WAITING = 1 << 26,    /* a client that sent its FIN while a request had no answer yet */
    TCPSHAKE_END_SENDS_ON = 1 << 27,        /* a client that sends more, though what it sent before had no answer */
    TCPSHAKE_END_ANSWER_AHEAD = 1 << 28,    /* a client whose last ACK is of a late answer that may come next */
    TCPSHAKE_END_REPEATS_UNHEARD = 1 << 29, /* its last data were a repetition; its peer was never captured */
    TCPSHAKE_END_LAST_WAS_IDLE = 1 << 30,   /* its last segment was an ACK that said nothing new */
};

#endif /* TCPSHAKE_END_H */
