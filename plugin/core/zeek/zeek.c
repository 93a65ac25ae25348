/* zeek.c
 * Zeek's view of a conversation: its endpoint states, its history letters, its conn_state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Written from the observed behaviour of Zeek, quirks included: where a rule looks odd, Zeek has it that way. The order
 * of the steps in tcpshake_zeek_take() is part of that behaviour, since each step can add a letter.
 */
#include "zeek.h"

#include <string.h>

#include "../segment/seq.h"

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
    SEEN_MANY = 0x40
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

/* As far as positions are followed: what joined and joined_high can hold. */
#define FARTHEST ((INT64_C(1) << 40) - 1)

/* TCP ports of the analysers that Zeek loads by default (likely_server_ports), ascending. */
static const uint16_t server_ports[] = {
    21,   22,   25,   53,   79,   80,   81,   88,   135,  139,  143,  389,  443,  445,  465,   502,  514,
    563,  585,  587,  614,  631,  636,  989,  990,  992,  993,  995,  1080, 1434, 1883, 2811,  3128, 3268,
    3306, 3389, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000,
};

/* One call of tcpshake_zeek_take(). */
typedef struct taking {
    tcpshake_zeek            *z;
    const tcpshake_segment   *s;
    const tcpshake_allocator *memory;
    bool as_originator; /* the sender's role when the segment came; Zeek keeps to it even if the ends flip meanwhile */
    bool do_close;
} taking;

static int
originator(const tcpshake_zeek *z)
{
    return (z->flags & ORIGINATOR) != 0;
}

static bool
flag(const tcpshake_zeek *z, unsigned which, int end)
{
    return (z->flags & (which << end)) != 0;
}

static void
set_flag(tcpshake_zeek *z, unsigned which, int end)
{
    z->flags = (uint16_t)(z->flags | (which << end));
}

static void
clear_flag(tcpshake_zeek *z, unsigned which)
{
    z->flags = (uint16_t)(z->flags & ~which);
}

static bool
is_in(const tcpshake_zeek_end *e, unsigned states)
{
    return (IN(e->state) & states) != 0;
}

static void
set_state(tcpshake_zeek_end *e, unsigned state)
{
    if (state == e->state)
        return;
    e->before = e->state;
    e->state = state & 0xf;
}

/* ---- memory and letters ---- */

static tcpshake_zeek_extra *
extra(taking *t)
{
    if (!t->z->extra && t->memory) {
        t->z->extra = t->memory->resize(t->memory->context, NULL, sizeof *t->z->extra);
        if (t->z->extra)
            memset(t->z->extra, 0, sizeof *t->z->extra);
    }
    return t->z->extra;
}

static const char *
letters(const tcpshake_zeek *z)
{
    return z->length > TCPSHAKE_ZEEK_INLINE ? z->extra->text : z->history;
}

/* Room for one more letter than the inline ones; NULL if there is none. */
static char *
longer_text(taking *t)
{
    tcpshake_zeek_extra *x = extra(t);
    if (!x || t->z->length >= TCPSHAKE_ZEEK_HISTORY)
        return NULL;
    if (t->z->length >= x->capacity) {
        size_t capacity = x->capacity ? x->capacity * (size_t)2 : 32;
        char  *text = t->memory ? t->memory->resize(t->memory->context, x->text, capacity) : NULL;
        if (!text)
            return NULL;
        x->text = text;
        x->capacity = (uint16_t)capacity;
    }
    if (t->z->length == TCPSHAKE_ZEEK_INLINE)
        memcpy(x->text, t->z->history, TCPSHAKE_ZEEK_INLINE);
    return x->text;
}

static void
append(taking *t, char letter)
{
    tcpshake_zeek *z = t->z;
    char          *text = z->length < TCPSHAKE_ZEEK_INLINE ? z->history : longer_text(t);
    if (text)
        text[z->length++] = letter;
}

/* An upper case letter, or its lower case for the responder. */
static void
append_for(taking *t, int end, char letter)
{
    append(t, end == originator(t->z) ? letter : (char)(letter - 'A' + 'a'));
}

static void
flip(taking *t)
{
    t->z->flags ^= ORIGINATOR;
    clear_flag(t->z, IS_PARTIAL);
    append(t, '^');
}

/* Gives a letter at its first time, tells whether it had been given before. The memory of that belongs to the role and
 * stays where it is when the ends flip. */
static bool
seen_before(taking *t, int end, uint8_t which, char letter)
{
    tcpshake_zeek *z = t->z;
    if ((which & (SEEN_ACK | SEEN_DATA)) && z->length == 1 && z->history[0] == 'H') {
        /* Real traffic after a lone SYN-ACK: not a stealth scan, so its sender was the responder after all. */
        flip(t);
        memcpy(z->history, "^h", 2);
        z->length = 2;
        set_flag(z, SPOKE, originator(z));
    }
    uint8_t *seen = &z->seen[end != originator(z)];
    if (*seen & which)
        return true;
    *seen |= which;
    append_for(t, end, letter);
    return false;
}

/* Letters t w g: at the 1st, 10th, 100th … time. */
static void
count(taking *t, int end, int what, char letter)
{
    tcpshake_zeek_extra *x = extra(t);
    if (!x)
        return;
    uint32_t n = ++x->count[end][what];
    while (n % 10 == 0 && n > 0)
        n /= 10;
    if (n == 1)
        append_for(t, end, letter);
}

/* ---- sequence numbers ---- */

/* A number's distance from the end's start; negative before it. Zeek notices a wrap only relative to the latest number,
 * and without wraps takes whatever is 2 GiB or more after the start for something before it. */
static int64_t
position_of(uint32_t number, uint32_t latest, uint32_t wraps, uint32_t start)
{
    int32_t delta = tcpshake_seq_diff(number, latest);
    if (delta < 0 && wraps > 0 && number > latest)
        --wraps;
    else if (delta > 0 && number < latest)
        ++wraps;
    if (wraps == 0)
        return tcpshake_seq_diff(number, start);
    return (int64_t)((uint64_t)wraps << 32 | number) - (int64_t)start;
}

static void
advance_last(tcpshake_zeek_end *e, uint32_t to)
{
    if (to < e->last && e->seq_wraps < UINT8_MAX)
        e->seq_wraps++;
    e->last = to;
}

static uint64_t
joined_of(const tcpshake_zeek_end *e)
{
    return (uint64_t)e->joined_high << 32 | e->joined;
}

/* How much the peer acknowledged, counted like joined but with the SYN. */
static uint64_t
acked_of(const tcpshake_zeek_end *e)
{
    return ((uint64_t)e->ack_wraps << 32 | e->acked) - e->start;
}

static bool
nothing_acked(const tcpshake_zeek_end *e)
{
    return e->acked - e->start <= 1;
}

/* Bytes of data that Zeek believes this end sent. */
static uint64_t
size_of(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    if (e->before == SYN_SENT && e->state == RESET && z->end[TCPSHAKE_OTHER(end)].state == INACTIVE &&
        !nothing_acked(e))
        return 0;
    uint64_t last = (uint64_t)e->seq_wraps << 32 | e->last;
    uint64_t acked = (uint64_t)e->ack_wraps << 32 | e->acked;
    uint64_t size = (last > acked ? last : acked) - e->start;
    size -= size != 0;
    size -= size != 0 && flag(z, HAS_FIN, end);
    return size;
}

static void
start_at(tcpshake_zeek_end *e, uint32_t seq, uint32_t last)
{
    e->start = seq;
    e->acked = seq;
    e->last = last;
}

/* Sets the sender's numbers by its first segment; a later SYN can set them anew. */
static void
set_numbers(tcpshake_zeek_end *e, const tcpshake_segment *s, uint32_t after)
{
    if (s->flags & TCPSHAKE_SYN) {
        bool anew = is_in(e, IN(INACTIVE) | SYNCHRONISED) || (is_in(e, ATTEMPT) && s->seq != e->start) ||
                    (e->state == RESET && e->before == INACTIVE);
        if (anew)
            start_at(e, s->seq, after);
    } else if (e->state == INACTIVE) {
        /* As if there had been a SYN. This first segment must not look like a repetition. */
        start_at(e, s->seq - 1, s->seq);
    }
}

static void
take_ack_number(tcpshake_zeek_end *peer, const tcpshake_segment *s)
{
    int32_t delta = tcpshake_seq_diff(s->ack, peer->acked);
    bool    broken = s->ack == 0 && delta > LARGE_SEQ_DELTA;
    if (delta > 0 && !broken) {
        if (s->ack < peer->acked && peer->ack_wraps < UINT8_MAX)
            peer->ack_wraps++;
        peer->acked = s->ack;
    }
}

static void
take_last_number(taking *t, int end, uint32_t after)
{
    tcpshake_zeek_end      *e = &t->z->end[end];
    const tcpshake_segment *s = t->s;
    int32_t                 delta = tcpshake_seq_diff(after, e->last);

    if ((s->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)) && (delta > LARGE_SEQ_DELTA || delta < -LARGE_SEQ_DELTA))
        return;
    if ((s->flags & TCPSHAKE_FIN) && e->last == e->start + 1)
        advance_last(e, after); /* only SYN and FIN were captured: whatever lies between, even > 2 GiB */
    else if (e->state == RESET)
        return;
    else if (delta > 0)
        advance_last(e, after);
    else if (s->length > 0)
        count(t, end, COUNT_RXMT, 'T');
}

/* ---- data and holes ---- */

static bool
is_clean(const tcpshake_zeek_end *e)
{
    return e->state == ESTABLISHED || (e->state == CLOSED && e->before == ESTABLISHED);
}

static uint8_t
ranges(const tcpshake_zeek *z, int end)
{
    return z->extra ? z->extra->ranges[end] : 0;
}

static void
remove_ranges(tcpshake_zeek_extra *x, int end, unsigned at, unsigned n)
{
    tcpshake_zeek_range *r = x->range[end];
    memmove(r + at, r + at + n, (x->ranges[end] - at - n) * sizeof *r);
    x->ranges[end] = (uint8_t)(x->ranges[end] - n);
}

/* The stream is whole up to here: take in the waiting ranges that it has reached. */
static void
join(tcpshake_zeek *z, int end, uint64_t to)
{
    tcpshake_zeek_end *e = &z->end[end];
    uint64_t           joined = joined_of(e);
    if (to > joined)
        joined = to;
    while (ranges(z, end) > 0 && z->extra->range[end][0].from <= joined) {
        if (z->extra->range[end][0].to > joined)
            joined = z->extra->range[end][0].to;
        remove_ranges(z->extra, end, 0, 1);
    }
    e->joined = (uint32_t)joined;
    e->joined_high = (joined >> 32) & 0xff;
}

/* Where all places are taken: closes the narrowest hole between two ranges, it will count as part of the next one. */
static void
close_narrowest(tcpshake_zeek_extra *x, int end)
{
    tcpshake_zeek_range *r = x->range[end];
    unsigned             best = 1;
    for (unsigned i = 2; i < x->ranges[end]; i++)
        if (r[i].from - r[i - 1].to < r[best].from - r[best - 1].to)
            best = i;
    r[best - 1].to = r[best].to;
    remove_ranges(x, end, best, 1);
}

/* Remembers data that waits behind a hole. */
static void
keep_range(taking *t, int end, tcpshake_zeek_range new)
{
    tcpshake_zeek_extra *x = extra(t);
    if (!x)
        return;
    if (x->ranges[end] == TCPSHAKE_ZEEK_RANGES)
        close_narrowest(x, end);
    tcpshake_zeek_range *r = x->range[end];
    unsigned             n = x->ranges[end], at = 0;
    while (at < n && r[at].to < new.from)
        at++;
    unsigned touched = at;
    for (; touched < n && r[touched].from <= new.to; touched++) {
        if (r[touched].from < new.from)
            new.from = r[touched].from;
        if (r[touched].to > new.to)
            new.to = r[touched].to;
    }
    if (touched > at) {
        remove_ranges(x, end, at, touched - at - 1);
    } else {
        memmove(r + at + 1, r + at, (n - at) * sizeof *r);
        x->ranges[end]++;
    }
    r[at] = new;
}

static void
stop_reassembly(tcpshake_zeek *z, int end)
{
    set_flag(z, SKIPPED, end);
    if (z->extra)
        z->extra->ranges[end] = 0;
}

/* Zeek holds only so much data for an end whose peer's acknowledgments do not show. */
static bool
is_too_much(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    unsigned                 n = ranges(z, end);
    uint64_t                 joined = joined_of(e), acked = acked_of(e), waiting = 0;
    if (nothing_acked(e))
        return n > 0 && z->extra->range[end][n - 1].to - joined > ABOVE_HOLE;
    for (unsigned i = 0; i < n; i++)
        waiting += z->extra->range[end][i].to - z->extra->range[end][i].from;
    if (joined + 1 > acked)
        waiting += joined + 1 - acked;
    return waiting > WITHOUT_ACKS;
}

/* Data at a position from the end's start. */
static void
take_data(taking *t, int end, uint64_t from)
{
    tcpshake_zeek     *z = t->z;
    tcpshake_zeek_end *e = &z->end[end];
    uint64_t           to = from + t->s->length;
    uint64_t           acked = acked_of(e);

    if (flag(z, SKIPPED, end) || to <= acked || to > FARTHEST)
        return;
    if (from < acked)
        from = acked;
    if (from == 0)
        from = 1;
    /* The SYN, seen or not, has position 0; joined and the ranges count the data only. */
    if (from - 1 <= joined_of(e))
        join(z, end, to - 1);
    else
        keep_range(t, end, (tcpshake_zeek_range){ from - 1, to - 1 });
    if (is_too_much(z, end))
        stop_reassembly(z, end);
}

/* The peer acknowledged data that was not captured: every hole up to there is a gap. */
static void
skip_holes(taking *t, int end, uint64_t to)
{
    tcpshake_zeek     *z = t->z;
    tcpshake_zeek_end *e = &z->end[end];
    bool               gap = is_clean(e) && is_clean(&z->end[TCPSHAKE_OTHER(end)]);

    while (!flag(z, SKIPPED, end) && joined_of(e) < to) {
        uint64_t next = ranges(z, end) ? z->extra->range[end][0].from : to;
        if (gap)
            count(t, end, COUNT_GAP, 'G');
        join(z, end, next < to ? next : to);
    }
    join(z, end, to);
}

/* ---- closing ---- */

static bool
has_waiting_data(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    if (flag(z, SKIPPED, end))
        return false;
    if (nothing_acked(e) && size_of(z, end) > INITIAL_WINDOW)
        return ranges(z, end) > 0;
    return ranges(z, end) > 0 || (joined_of(e) > 0 && acked_of(e) < joined_of(e) + 1);
}

static bool
is_pending(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    if (flag(z, SKIPPED, end))
        return false;
    uint64_t delivered = e->start + joined_of(e) + 1;
    uint64_t last = (uint64_t)e->seq_wraps << 32 | e->last;
    if (last < delivered)
        return false;
    if (delivered != last - 1 && delivered != last)
        return true;
    return e->state != RESET && has_waiting_data(z, TCPSHAKE_OTHER(end));
}

static void
close_end(taking *t, int end)
{
    tcpshake_zeek *z = t->z;
    int            other = TCPSHAKE_OTHER(end);
    if (is_pending(z, end)) {
        z->flags |= DEFERRED;
        return;
    }
    clear_flag(z, DEFERRED);
    if (flag(z, HAS_CLOSED, end))
        return;
    set_flag(z, HAS_CLOSED, end);
    if (z->removal && !(z->flags & ATTEMPTING))
        return;
    if (z->end[end].state == RESET || flag(z, HAS_CLOSED, other) || z->end[other].state == INACTIVE) {
        clear_flag(z, ATTEMPTING);
        z->removal = t->s->time + CLOSE_DELAY;
    }
}

static void
end_data(taking *t, int end)
{
    tcpshake_zeek *z = t->z;
    if (is_pending(z, end))
        return;
    set_flag(z, HAD_EOF, end);
    if (z->flags & DEFERRED) {
        close_end(t, end);
        clear_flag(z, DEFERRED);
    }
}

static inline void
check_end_of_data(taking *t, int end)
{
    const tcpshake_zeek *z = t->z;
    if ((flag(z, HAS_FIN, end) || is_in(&z->end[end], IN(CLOSED) | IN(RESET))) && !flag(z, HAD_EOF, end))
        end_data(t, end);
}

/* An acknowledgment of a position in the stream of an end; judged after the states changed. */
static void
take_ack(taking *t, int end, int64_t position)
{
    tcpshake_zeek     *z = t->z;
    tcpshake_zeek_end *e = &z->end[end];
    int32_t            beyond = tcpshake_seq_diff((uint32_t)position, e->fin_end);
    if (flag(z, HAS_FIN, end) && beyond >= 0)
        position -= (int64_t)beyond + 1;
    if (position > (int64_t)joined_of(e) + 1 && position <= FARTHEST) {
        /* A partial connection's first acknowledgments, keep-alives included, speak of data before the capture. */
        if (position > 2 || !(z->flags & IS_PARTIAL))
            skip_holes(t, end, (uint64_t)position - 1);
    }
    check_end_of_data(t, end);
}

/* ---- the states ---- */

static void
inactive_syn(taking *t, tcpshake_zeek_end *e, tcpshake_zeek_end *peer)
{
    bool ack = (t->s->flags & TCPSHAKE_ACK) != 0;
    if (t->as_originator) {
        set_state(e, ack ? SYN_ACK_SENT : SYN_SENT);
        t->z->flags |= ATTEMPTING;
        t->z->removal = t->s->time + ATTEMPT_DELAY;
        return;
    }
    if (!ack && peer->state == SYN_ACK_SENT && t->s->seq == e->start) {
        /* The SYN-ACK was captured before its SYN. */
        clear_flag(t->z, IS_PARTIAL);
        flip(t);
        set_state(peer, ESTABLISHED);
        set_flag(t->z, SPOKE, originator(t->z));
    }
    if (peer->state == SYN_SENT)
        set_state(peer, ESTABLISHED);
    set_state(e, ESTABLISHED);
}

/* A first segment without SYN, FIN or RST. */
static void
inactive_plain(taking *t, tcpshake_zeek_end *e, tcpshake_zeek_end *peer)
{
    tcpshake_zeek *z = t->z;
    if (!t->as_originator && t->s->length == 0 && z->end[originator(z)].state == SYN_SENT)
        return; /* an ACK ahead of the SYN-ACK makes no partial connection */
    if ((t->s->flags & TCPSHAKE_ACK) && peer->state == ESTABLISHED) {
        /* SYN-ACK, then ACK: only the SYN is missing. */
        set_state(e, ESTABLISHED);
        clear_flag(z, IS_PARTIAL);
        set_flag(z, SPOKE, t->s->from);
    } else {
        set_state(e, PARTIAL);
    }
}

static void
from_inactive(taking *t, tcpshake_zeek_end *e, tcpshake_zeek_end *peer)
{
    uint16_t flags = t->s->flags;
    if (flags & TCPSHAKE_SYN)
        inactive_syn(t, e, peer);
    if (flags & TCPSHAKE_FIN)
        set_state(e, CLOSED);
    if (flags & TCPSHAKE_RST)
        set_state(e, RESET);
    t->do_close = (flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) != 0;
    if (e->state == INACTIVE)
        inactive_plain(t, e, peer);
}

static void
from_attempt(taking *t, tcpshake_zeek_end *e)
{
    uint16_t flags = t->s->flags;
    if (flags & TCPSHAKE_FIN)
        set_state(e, CLOSED);
    if (flags & TCPSHAKE_RST)
        set_state(e, RESET);
    t->do_close = (flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) != 0;
}

static void
from_synchronised(taking *t, tcpshake_zeek_end *e, tcpshake_zeek_end *peer)
{
    uint16_t flags = t->s->flags;
    if ((flags & (TCPSHAKE_SYN | TCPSHAKE_ACK)) == TCPSHAKE_SYN && e->state == PARTIAL && peer->state == INACTIVE)
        set_state(e, SYN_SENT);
    if ((flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) == TCPSHAKE_FIN) {
        set_state(e, CLOSED);
        if (peer->state == RESET && peer->before == CLOSED)
            set_state(peer, CLOSED); /* FIN, RST there and FIN here: a normal end after all */
    }
    if (flags & TCPSHAKE_RST)
        set_state(e, RESET);
    t->do_close = (flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) != 0;
}

static void
change_state(taking *t, int end)
{
    tcpshake_zeek     *z = t->z;
    tcpshake_zeek_end *e = &z->end[end], *peer = &z->end[TCPSHAKE_OTHER(end)];
    switch (e->state) {
    case INACTIVE: from_inactive(t, e, peer); break;
    case SYN_SENT:
    case SYN_ACK_SENT: from_attempt(t, e); break;
    case PARTIAL:
    case ESTABLISHED: from_synchronised(t, e, peer); break;
    case CLOSED:
        /* A RST after FINs of both changes nothing any more. */
        if ((t->s->flags & TCPSHAKE_RST) && peer->state != CLOSED) {
            set_state(e, RESET);
            t->do_close = !flag(z, HAS_CLOSED, end);
        }
        break;
    default: break;
    }
}

/* ---- one segment ---- */

static void
take_syn_letter(taking *t, int end, uint32_t position)
{
    bool again = seen_before(t, end, SEEN_SYN, t->s->flags & TCPSHAKE_ACK ? 'H' : 'S');
    /* Nearly always at position 0, which needs no memory. */
    tcpshake_zeek_extra *x = position ? extra(t) : t->z->extra;
    if (again && position != (x ? x->syn_at[end] : 0))
        append_for(t, end, t->s->flags & TCPSHAKE_ACK ? 'H' : 'S');
    if (x)
        x->syn_at[end] = position;
}

/* FINs and RSTs: again only at another position. */
static void
take_moving_letter(taking *t, int end, uint8_t which, char letter, uint32_t *at, uint32_t position)
{
    if (seen_before(t, end, which, letter) && position != *at)
        append_for(t, end, letter);
    *at = position;
}

static void
take_letter(taking *t, int end, uint32_t position)
{
    const tcpshake_segment *s = t->s;
    tcpshake_zeek_end      *e = &t->z->end[end];
    switch (s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)) {
    case 0:
        if (s->length > 0)
            seen_before(t, end, SEEN_DATA, 'D');
        else if (s->flags & TCPSHAKE_ACK)
            seen_before(t, end, SEEN_ACK, 'A');
        break;
    case TCPSHAKE_SYN: take_syn_letter(t, end, position); break;
    case TCPSHAKE_FIN: take_moving_letter(t, end, SEEN_FIN, 'F', &e->fin_at, position + s->length); break;
    case TCPSHAKE_RST: take_moving_letter(t, end, SEEN_RST, 'R', &e->rst_at, position); break;
    case TCPSHAKE_FIN | TCPSHAKE_RST:
    case TCPSHAKE_FIN | TCPSHAKE_RST | TCPSHAKE_SYN: seen_before(t, end, SEEN_FIN_RST, 'I'); break;
    default: seen_before(t, end, SEEN_MANY, 'Q'); break;
    }
}

static bool
is_server_port(uint16_t port)
{
    size_t low = 0, high = sizeof server_ports / sizeof *server_ports;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (server_ports[middle] < port)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof server_ports / sizeof *server_ports && server_ports[low] == port;
}

static void
begin(taking *t, uint16_t sport, uint16_t dport)
{
    tcpshake_zeek       *z = t->z;
    tcpshake_zeek_extra *x = z->extra;
    memset(z, 0, sizeof *z);
    if (x) {
        *x = (tcpshake_zeek_extra){ .text = x->text, .capacity = x->capacity };
        z->extra = x;
    }
    z->flags = (uint16_t)(STARTED | (t->s->from ? ORIGINATOR : 0));
    if ((t->s->flags & (TCPSHAKE_SYN | TCPSHAKE_ACK)) == TCPSHAKE_SYN || !is_server_port(sport))
        return;
    /* Midstream, from a port that servers use: more likely the responder. Not on a SYN-ACK between two such ports. */
    if (!is_server_port(dport) || (!(t->s->flags & TCPSHAKE_SYN) && sport < dport))
        flip(t);
}

/* Whether Zeek takes this SYN as the start of another connection. */
static bool
is_reuse(const tcpshake_zeek *z, const tcpshake_segment *s)
{
    int  orig = originator(z), resp = TCPSHAKE_OTHER(orig);
    bool ack = (s->flags & TCPSHAKE_ACK) != 0;
    if (!(s->flags & TCPSHAKE_SYN) || (ack && z->end[orig].state != INACTIVE))
        return false;
    if (flag(z, HAS_CLOSED, 0) || flag(z, HAS_CLOSED, 1))
        return true;
    if (s->seq == z->end[ack ? resp : orig].start)
        return false;
    bool reversal =
        !ack && z->end[orig].state == SYN_ACK_SENT && z->end[resp].state == INACTIVE && s->seq == z->end[resp].start;
    return !reversal;
}

/* The time of the removal has come: whether Zeek forgot the connection. */
static bool
is_removed(tcpshake_zeek *z, const tcpshake_segment *s)
{
    if (!(z->flags & ATTEMPTING))
        return true;
    int orig = originator(z);
    clear_flag(z, ATTEMPTING);
    z->removal = 0;
    if (!is_in(&z->end[orig], ATTEMPT) || z->end[TCPSHAKE_OTHER(orig)].state != INACTIVE)
        return false;
    /* A late answer or another try still belongs to the attempt; what else its sender goes on to say shows that only
     * one direction was captured, and that is where Zeek cuts. */
    if (s->from != orig || (s->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)))
        return false;
    z->flags |= OVER;
    return true;
}

/* Whether the segment belongs to the connection that is reported; starts it if it is the first one. */
static bool
belongs(taking *t, uint16_t sport, uint16_t dport)
{
    tcpshake_zeek *z = t->z;
    if (!(z->flags & STARTED)) {
        begin(t, sport, dport);
    } else if ((z->removal && t->s->time >= z->removal && is_removed(z, t->s)) ||
               ((t->s->flags & TCPSHAKE_SYN) && is_reuse(z, t->s))) {
        if ((z->flags & OVER) || (z->end[0].state != INACTIVE && z->end[1].state != INACTIVE)) {
            z->flags |= OVER;
            return false;
        }
        begin(t, sport, dport);
    }
    return true;
}

/* Judged by the first segment of each end. */
static void
note_partial(taking *t)
{
    uint16_t flags = t->s->flags;
    bool     complete = (flags & TCPSHAKE_SYN) && (!t->as_originator || !(flags & TCPSHAKE_ACK));
    if (t->as_originator)
        clear_flag(t->z, IS_PARTIAL);
    if (!complete)
        t->z->flags |= IS_PARTIAL;
}

/* The acknowledgment's position in the peer's stream; sets the peer's numbers if it has none. */
static int64_t
take_ack_field(taking *t, tcpshake_zeek_end *peer)
{
    const tcpshake_segment *s = t->s;
    if (peer->state == INACTIVE) {
        start_at(peer, s->ack - 1, s->ack - 1);
        return 1;
    }
    int64_t position = position_of(s->ack, peer->acked, peer->ack_wraps, peer->start);
    if (position < 0)
        return 0;
    if (!(s->flags & TCPSHAKE_RST))
        take_ack_number(peer, s);
    return position;
}

static void
take_any(taking t, bool whole)
{
    tcpshake_zeek          *z = t.z;
    const tcpshake_segment *s = t.s;
    int                     end = s->from;
    tcpshake_zeek_end      *e = &z->end[end], *peer = &z->end[TCPSHAKE_OTHER(end)];
    t.as_originator = end == originator(z);
    if (!flag(z, SPOKE, end))
        note_partial(&t);

    uint32_t span = tcpshake_segment_span(s) - (s->flags & TCPSHAKE_RST ? s->length : 0);
    set_numbers(e, s, s->seq + span);
    int64_t position = position_of(s->seq, e->last, e->seq_wraps, e->start);
    take_letter(&t, end, (uint32_t)position);
    if (s->window == 0 && !(s->flags & TCPSHAKE_RST) && peer->state != CLOSED && e->state != RESET)
        count(&t, end, COUNT_WINDOW, 'W');
    if (s->flags & TCPSHAKE_FIN) {
        set_flag(z, HAS_FIN, end);
        e->fin_end = (uint32_t)position + span;
    }
    int64_t acked = s->flags & TCPSHAKE_ACK ? take_ack_field(&t, peer) : 0;
    take_last_number(&t, end, s->seq + span);
    if (e->state == INACTIVE || (s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)))
        change_state(&t, end);
    if ((z->flags & ATTEMPTING) && z->end[TCPSHAKE_OTHER(originator(z))].state != INACTIVE) {
        clear_flag(z, ATTEMPTING); /* answered */
        z->removal = 0;
    }
    if (s->flags & TCPSHAKE_ACK)
        take_ack(&t, TCPSHAKE_OTHER(end), acked);
    set_flag(z, SPOKE, end);
    if (s->length > 0 && whole && position >= 0 && !(s->flags & TCPSHAKE_RST))
        take_data(&t, end, (uint64_t)position + ((s->flags & TCPSHAKE_SYN) != 0));
    check_end_of_data(&t, end);
    if (t.do_close)
        close_end(&t, end);
}

/* By who sends and whether there are data. */
static const char ordinary_letters[2][2] = { { 'A', 'D' }, { 'a', 'd' } };

/* An end that has spoken can be given its first A or D without more ado; see seen_before() for the lone H. */
static bool
has_room_for_letter(const tcpshake_zeek *z, int end)
{
    return flag(z, SPOKE, end) && z->length < TCPSHAKE_ZEEK_INLINE && !(z->length == 1 && z->history[0] == 'H');
}

/* Data in order or an acknowledgment on an open connection, where nothing else can happen: most segments of most
 * captures. False, and nothing done, for anything else. */
static inline bool
take_ordinary(tcpshake_zeek *z, const tcpshake_segment *s)
{
    tcpshake_zeek_end *e = &z->end[s->from], *peer = &z->end[TCPSHAKE_OTHER(s->from)];
    uint8_t            which = s->length ? SEEN_DATA : SEEN_ACK;
    uint8_t           *seen = &z->seen[s->from != originator(z)];
    uint32_t           after = s->seq + s->length;
    if ((s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST | TCPSHAKE_ACK)) != TCPSHAKE_ACK || s->window == 0 ||
        (z->flags & ~(unsigned)ORDINARY) || e->state != ESTABLISHED || peer->state != ESTABLISHED ||
        (!(*seen & which) && !has_room_for_letter(z, s->from)))
        return false;
    /* Nothing wraps, no hole is open, and all numbers are within 2 GiB of the start. */
    if (s->seq != e->last || after < s->seq || s->ack < peer->acked || (int32_t)(after - e->start) < 0 ||
        (int32_t)(s->ack - peer->start) < 0 || s->ack - peer->start > peer->joined + 1 || peer->joined_high)
        return false;
    if (s->length) {
        uint32_t joined = after - e->start - 1;
        if (s->seq - e->start - 1 != e->joined || e->joined_high || joined - (e->acked - e->start) >= WITHOUT_ACKS ||
            ranges(z, s->from))
            return false;
        e->joined = joined;
        e->last = after;
    }
    peer->acked = s->ack;
    if (!(*seen & which)) {
        *seen |= which;
        z->history[z->length++] = ordinary_letters[s->from != originator(z)][s->length > 0];
    }
    return true;
}

void
tcpshake_zeek_take(tcpshake_zeek *z, const tcpshake_segment *s, uint16_t sport, uint16_t dport,
                   tcpshake_zeek_captured captured, const tcpshake_allocator *memory)
{
    bool whole = captured == TCPSHAKE_ZEEK_WHOLE;
    if ((z->flags & OVER) || (whole && take_ordinary(z, s)))
        return;
    taking t = { .z = z, .s = s, .memory = memory };
    if (belongs(&t, sport, dport) && captured != TCPSHAKE_ZEEK_PART_OF_HEADER)
        take_any(t, whole);
}

/* ---- the answers ---- */

/* RSTOS0 asks for a history that begins with the originator's SYN and has its RST before any of its H A F G I Q. */
static bool
is_syn_then_rst(const tcpshake_zeek *z)
{
    const char *text = letters(z);
    unsigned    i = z->length > 0 && text[0] == '^';
    if (i >= z->length || text[i] != 'S')
        return false;
    for (i++; i < z->length && !strchr("HAFGIQ", text[i]); i++)
        if (text[i] == 'R')
            return true;
    return false;
}

static bool
without_data(const tcpshake_zeek *z)
{
    return size_of(z, 0) == 0 && size_of(z, 1) == 0;
}

/* The first row that holds; originator's state, responder's state, what else must be true. */
static const struct {
    unsigned orig, resp;
    bool (*when)(const tcpshake_zeek *z);
    const char *code;
} codes[] = {
    /* originator      responder           when             code */
    { ATTEMPT, IN(RESET), NULL, "REJ" },
    { IN(RESET), IN(RESET), without_data, "REJ" },
    { NO_SYN, IN(RESET), NULL, "RSTRH" },
    { ANY, IN(RESET), NULL, "RSTR" },
    { IN(RESET), NO_SYN, is_syn_then_rst, "RSTOS0" },
    { IN(RESET), NO_SYN, NULL, "OTH" },
    { IN(RESET), ANY, NULL, "RSTO" },
    { IN(CLOSED), IN(CLOSED), NULL, "SF" },
    { IN(CLOSED), NO_SYN, NULL, "SH" },
    { IN(CLOSED), ANY, NULL, "S2" },
    { NO_SYN, IN(CLOSED), NULL, "SHR" },
    { ANY, IN(CLOSED), NULL, "S3" },
    { IN(SYN_SENT), IN(INACTIVE), NULL, "S0" },
    { IN(ESTABLISHED), IN(ESTABLISHED), NULL, "S1" },
};

const char *
tcpshake_zeek_state(const tcpshake_zeek *z)
{
    const tcpshake_zeek_end *orig = &z->end[originator(z)], *resp = &z->end[TCPSHAKE_OTHER(originator(z))];
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (is_in(orig, codes[i].orig) && is_in(resp, codes[i].resp) && (!codes[i].when || codes[i].when(z)))
            return codes[i].code;
    return "OTH";
}

void
tcpshake_zeek_history(const tcpshake_zeek *z, char *out, size_t size)
{
    if (size == 0)
        return;
    size_t n = z->length < size - 1 ? z->length : size - 1;
    memcpy(out, letters(z), n);
    out[n] = '\0';
}

int
tcpshake_zeek_originator(const tcpshake_zeek *z)
{
    return originator(z);
}
