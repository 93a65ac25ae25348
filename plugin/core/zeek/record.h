/* record.h
 * What is kept of a conversation to follow it as Zeek does. A part of the conversation's record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ZEEK_RECORD_H
#define TCPSHAKE_ZEEK_RECORD_H

#include <stdint.h>

#include "../segment/segment.h"

enum {
    TCPSHAKE_ZEEK_RANGES = 8,
    TCPSHAKE_ZEEK_INLINE = 10, /* letters that need no memory: S h A D a d F f R r */
    TCPSHAKE_ZEEK_HISTORY = 1000,
};

/* One end as Zeek sees it. Sequence numbers are raw, positions count from the end's initial sequence number. */
typedef struct tcpshake_zeek_end {
    uint32_t start;         /* sequence number of the SYN, seen or inferred */
    uint32_t last;          /* highest sequence number sent, + 1 */
    uint32_t acked;         /* highest acknowledgment by the peer */
    unsigned seq_wraps : 8; /* how often last and acked passed 0 */
    unsigned ack_wraps : 8;
    unsigned state : 4; /* Zeek's endpoint state and the one before it */
    unsigned before : 4;
    unsigned apart : 1; /* its stream does not follow from these, the flags and the letters: extra has it */
} tcpshake_zeek_end;

/* What an end has sent. As long as nothing is missing or comes again elsewhere, all of it follows from the end's
 * numbers (numbers.c). */
typedef struct tcpshake_zeek_stream {
    uint64_t joined;         /* bytes from the start on that are complete or known to be missing */
    uint32_t fin_at, rst_at; /* positions of the last FIN and RST in the history; 0: there was none */
    uint32_t fin_end;        /* position behind the last FIN; with HAS_FIN */
} tcpshake_zeek_stream;

/* Data behind a hole, counted like joined. */
typedef struct tcpshake_zeek_range {
    uint64_t from, to;
} tcpshake_zeek_range;

/* What only few conversations need: counters, data behind holes, a long history. Allocated when first needed. */
typedef struct tcpshake_zeek_extra {
    uint32_t             count[TCPSHAKE_ENDS][3];
    uint32_t             syn_at[TCPSHAKE_ENDS];
    tcpshake_zeek_stream stream[TCPSHAKE_ENDS]; /* of an end that is apart */
    tcpshake_zeek_range *range[TCPSHAKE_ENDS];  /* TCPSHAKE_ZEEK_RANGES of them; or NULL */
    uint8_t              ranges[TCPSHAKE_ENDS]; /* how many are in use */
    uint16_t             capacity;
    char                *text; /* the whole history once it is longer than TCPSHAKE_ZEEK_INLINE; not terminated */
} tcpshake_zeek_extra;

/* Lives in the conversation's record; all zero is the state before the first segment. */
typedef struct tcpshake_zeek {
    tcpshake_zeek_end    end[TCPSHAKE_ENDS];
    tcpshake_zeek_extra *extra;
    int64_t              removal; /* when Zeek forgets the connection; 0: not yet closed */
    uint16_t             flags;
    uint16_t             length;  /* letters in the history */
    uint8_t              seen[2]; /* letters given so far, [0] upper case, [1] lower case */
    char                 history[TCPSHAKE_ZEEK_INLINE];
} tcpshake_zeek;

_Static_assert(sizeof(tcpshake_zeek) <= 64, "part of every conversation's record");

#endif /* TCPSHAKE_ZEEK_RECORD_H */
