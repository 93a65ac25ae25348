/* internal.h
 * What the files of this folder share. From below: numbers and letters; data and holes; closing; states; clean; zeek.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ZEEK_INTERNAL_H
#define TCPSHAKE_ZEEK_INTERNAL_H

#include "zeek.h"

#include <stdbool.h>

enum { INACTIVE, SYN_SENT, SYN_ACK_SENT, PARTIAL, ESTABLISHED, CLOSED, RESET };

/* Sets of endpoint states, for the tables below. */
#define IN(state)    (1u << (state))
#define ANY          0x7fu
#define NO_SYN       (IN(INACTIVE) | IN(PARTIAL))
#define ATTEMPT      (IN(SYN_SENT) | IN(SYN_ACK_SENT))
#define SYNCHRONISED (IN(ESTABLISHED) | IN(PARTIAL))

/* tcpshake_zeek.flags; those of an end are shifted by its number. */
enum {
    STARTED = 0x0001,
    ORIGINATOR = 0x0002, /* the originator is end 1 */
    IS_PARTIAL = 0x0004,
    OVER = 0x0008,     /* what follows is another connection to Zeek */
    DEFERRED = 0x0010, /* closed, but data is still awaited */
    SPOKE = 0x0020,    /* two bits each from here on */
    HAS_CLOSED = 0x0080,
    HAD_EOF = 0x0200,
    SKIPPED = 0x0800, /* Zeek gave up on reassembling this direction */
    HAS_FIN = 0x2000,
    ATTEMPTING = 0x8000, /* removal is the time by which an attempt must have been answered */
};

/* What may be set when an ordinary segment comes. */
#define ORDINARY (STARTED | ORIGINATOR | IS_PARTIAL | SPOKE | SPOKE << 1)

/* tcpshake_zeek.seen */
enum {
    SEEN_SYN = 0x01,
    SEEN_FIN = 0x02,
    SEEN_RST = 0x04,
    SEEN_FIN_RST = 0x08,
    SEEN_DATA = 0x10,
    SEEN_ACK = 0x20,
    SEEN_MANY = 0x40,
    IN_ORDER = 0x80 /* not seen, but known: the next segment can be an ordinary one, see is_in_order() */
};

/* tcpshake_zeek_extra.count */
enum { COUNT_RXMT, COUNT_WINDOW, COUNT_GAP };

/* Zeek's defaults. */
#define CLOSE_DELAY     (5 * INT64_C(1000000000))    /* tcp_close_delay */
#define ATTEMPT_DELAY   (5 * INT64_C(1000000000))    /* tcp_attempt_delay */
#define INITIAL_WINDOW  16384u                       /* tcp_max_initial_window */
#define ABOVE_HOLE      16384u                       /* tcp_max_above_hole_without_any_acks */
#define WITHOUT_ACKS    (UINT64_C(10) * 1024 * 1024) /* tcp_excessive_data_without_further_acks */
#define LARGE_SEQ_DELTA 1048576 /* further away than this, a SYN's or RST's number is not believed */

/* As far as positions are followed. */
#define FARTHEST ((INT64_C(1) << 40) - 1)

/* One call of tcpshake_zeek_take(). */
typedef struct taking {
    tcpshake_zeek            *z;
    const tcpshake_segment   *s;
    const tcpshake_allocator *memory;
    tcpshake_zeek_stream      stream[TCPSHAKE_ENDS];
    bool as_originator; /* the sender's role when the segment came; Zeek keeps to it even if the ends flip meanwhile */
    bool do_close;
} taking;

static inline int
originator(const tcpshake_zeek *z)
{
    return (z->flags & ORIGINATOR) != 0;
}

static inline bool
flag(const tcpshake_zeek *z, unsigned which, int end)
{
    return (z->flags & (which << end)) != 0;
}

static inline void
set_flag(tcpshake_zeek *z, unsigned which, int end)
{
    z->flags = (uint16_t)(z->flags | (which << end));
}

static inline void
clear_flag(tcpshake_zeek *z, unsigned which)
{
    z->flags = (uint16_t)(z->flags & ~which);
}

static inline bool
is_in(const tcpshake_zeek_end *e, unsigned states)
{
    return (IN(e->state) & states) != 0;
}

static inline void
set_state(tcpshake_zeek_end *e, unsigned state)
{
    if (state == e->state)
        return;
    e->before = e->state;
    e->state = state & 0xf;
}

static inline uint8_t
ranges(const tcpshake_zeek *z, int end)
{
    return z->extra ? z->extra->ranges[end] : 0;
}

/* How much it has sent, counted like joined but with the SYN and a FIN. */
static inline uint64_t
sent_of(const tcpshake_zeek_end *e)
{
    return ((uint64_t)e->seq_wraps << 32 | e->last) - e->start;
}

/* How much of that the peer acknowledged. */
static inline uint64_t
acked_of(const tcpshake_zeek_end *e)
{
    return ((uint64_t)e->ack_wraps << 32 | e->acked) - e->start;
}

/* All that it has sent has come, which is less than 2 GiB, and nothing else was acknowledged. */
static inline bool
is_whole(const tcpshake_zeek_end *e)
{
    return !e->apart && sent_of(e) <= INT32_MAX && acked_of(e) <= sent_of(e);
}

static inline bool
nothing_acked(const tcpshake_zeek_end *e)
{
    return e->acked - e->start <= 1;
}

/* The position of its last RST, which its history has. */
static inline uint32_t
rst_at(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    return e->apart ? z->extra->stream[end].rst_at : e->last - e->start;
}

/* NULL: there is no memory. */
static inline tcpshake_zeek_extra *
extra(taking *t)
{
    if (!t->z->extra && t->memory)
        t->z->extra = tcpshake_allocate(t->memory, sizeof *t->z->extra);
    return t->z->extra;
}

/* ---- numbers.c: sequence numbers ---- */

/* A number's distance from the end's start; negative before it. */
int64_t tcpshake_zeek_position(uint32_t number, uint32_t latest, uint32_t wraps, uint32_t start);

/* Bytes of data that Zeek believes this end sent. */
uint64_t tcpshake_zeek_size(const tcpshake_zeek *z, int end);

/* Both ends' streams, before the segment is processed and after it. */
void tcpshake_zeek_take_out_streams(taking *t);
void tcpshake_zeek_put_back_streams(taking *t);

void tcpshake_zeek_start_at(tcpshake_zeek_end *e, uint32_t seq, uint32_t last);

/* Sets the sender's numbers by its first segment; a later SYN can set them anew. after: the number behind it. */
void tcpshake_zeek_set_numbers(tcpshake_zeek_end *e, const tcpshake_segment *s, uint32_t after);

/* The highest acknowledgment, and the highest number sent. */
void tcpshake_zeek_take_ack_number(tcpshake_zeek_end *peer, const tcpshake_segment *s);
void tcpshake_zeek_take_last_number(taking *t, int end, uint32_t after);

/* ---- history.c: letters ---- */

/* Those given so far; not terminated. */
const char *tcpshake_zeek_letters(const tcpshake_zeek *z);

/* The letter of the segment, which is of this end and stands at this position. */
void tcpshake_zeek_take_letter(taking *t, int end, uint32_t position);

/* The letters t w g: at the 1st, 10th, 100th … time. */
void tcpshake_zeek_count(taking *t, int end, int what, char letter);

/* The ends change their roles. */
void tcpshake_zeek_flip(taking *t);

/* ---- stream.c: data and holes ---- */

/* Data at a position from the end's start. */
void tcpshake_zeek_take_data(taking *t, int end, uint64_t from);

/* The peer acknowledged data that was not captured: every hole up to there is a gap. */
void tcpshake_zeek_skip_holes(taking *t, int end, uint64_t to);

/* ---- closing.c: whether an end has closed ---- */

void tcpshake_zeek_close(taking *t, int end);

/* The end has sent its FIN or RST: it has closed if no data is missing before that. */
void tcpshake_zeek_end_data(taking *t, int end);

/* Nearly always there is nothing to end, so each segment asks that without a call. */
static inline void
check_end_of_data(taking *t, int end)
{
    const tcpshake_zeek *z = t->z;

    if ((flag(z, HAS_FIN, end) || is_in(&z->end[end], IN(CLOSED) | IN(RESET))) && !flag(z, HAD_EOF, end))
        tcpshake_zeek_end_data(t, end);
}

/* An acknowledgment of a position in the stream of an end; judged after the states changed. */
void tcpshake_zeek_take_ack(taking *t, int end, int64_t position);

/* ---- clean.c ---- */

/* The segment was captured whole. False, and nothing done, where more can happen than it looks at. */
bool tcpshake_zeek_take_clean(tcpshake_zeek *z, const tcpshake_segment *s);

/* ---- states.c ---- */

void tcpshake_zeek_change_state(taking *t, int end);

#endif /* TCPSHAKE_ZEEK_INTERNAL_H */
