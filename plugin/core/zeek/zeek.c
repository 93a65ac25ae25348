/* zeek.c
 * Zeek's view of a conversation, segment by segment: its endpoint states, its history letters, its conn_state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Written from the observed behaviour of Zeek, quirks included: where a rule looks odd, Zeek has it that way. The order
 * of the steps in tcpshake_zeek_take() is part of that behaviour, since each step can add a letter.
 */
#include "internal.h"

#include "../no_inline.h"

#include <string.h>

/* TCP ports of the analysers that Zeek loads by default (likely_server_ports), ascending. */
static const uint16_t server_ports[] = {
    21,   22,   25,   53,   79,   80,   81,   88,   135,  139,  143,  389,  443,  445,  465,   502,  514,
    563,  585,  587,  614,  631,  636,  989,  990,  992,  993,  995,  1080, 1434, 1883, 2811,  3128, 3268,
    3306, 3389, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000,
};

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
begin(taking *t)
{
    const uint16_t       sport = t->s->source_port, dport = t->s->destination_port;
    tcpshake_zeek       *z = t->z;
    tcpshake_zeek_extra *x = z->extra;
    memset(z, 0, sizeof *z);
    if (x) {
        *x = (tcpshake_zeek_extra){ .range = { x->range[0], x->range[1] }, .text = x->text, .capacity = x->capacity };
        z->extra = x;
    }
    z->flags = (uint16_t)(STARTED | (t->s->from ? ORIGINATOR : 0));
    if ((t->s->flags & (TCPSHAKE_SYN | TCPSHAKE_ACK)) == TCPSHAKE_SYN || !is_server_port(sport))
        return;
    /* Midstream, from a port that servers use: more likely the responder. Not on a SYN-ACK between two such ports. */
    if (!is_server_port(dport) || (!(t->s->flags & TCPSHAKE_SYN) && sport < dport))
        tcpshake_zeek_flip(t);
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
belongs(taking *t)
{
    tcpshake_zeek *z = t->z;
    if (!(z->flags & STARTED)) {
        begin(t);
    } else if ((z->removal && t->s->time >= z->removal && is_removed(z, t->s)) ||
               ((t->s->flags & TCPSHAKE_SYN) && is_reuse(z, t->s))) {
        if ((z->flags & OVER) || (z->end[0].state != INACTIVE && z->end[1].state != INACTIVE)) {
            z->flags |= OVER;
            return false;
        }
        begin(t);
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
        tcpshake_zeek_start_at(peer, s->ack - 1, s->ack - 1);
        return 1;
    }
    int64_t position = tcpshake_zeek_position(s->ack, peer->acked, peer->ack_wraps, peer->start);
    if (position < 0)
        return 0;
    if (!(s->flags & TCPSHAKE_RST))
        tcpshake_zeek_take_ack_number(peer, s);
    return position;
}

static void
take_steps(taking *t)
{
    tcpshake_zeek          *z = t->z;
    const tcpshake_segment *s = t->s;
    int                     end = s->from;
    tcpshake_zeek_end      *e = &z->end[end], *peer = &z->end[TCPSHAKE_OTHER(end)];
    t->as_originator = end == originator(z);
    if (!flag(z, SPOKE, end))
        note_partial(t);

    uint32_t span = tcpshake_segment_span(s) - (s->flags & TCPSHAKE_RST ? s->length : 0);
    tcpshake_zeek_set_numbers(e, s, s->seq + span);
    int64_t position = tcpshake_zeek_position(s->seq, e->last, e->seq_wraps, e->start);
    tcpshake_zeek_take_letter(t, end, (uint32_t)position);
    if (s->window == 0 && !(s->flags & TCPSHAKE_RST) && peer->state != CLOSED && e->state != RESET)
        tcpshake_zeek_count(t, end, COUNT_WINDOW, 'W');
    if (s->flags & TCPSHAKE_FIN) {
        set_flag(z, HAS_FIN, end);
        t->stream[end].fin_end = (uint32_t)position + span;
    }
    int64_t acked = s->flags & TCPSHAKE_ACK ? take_ack_field(t, peer) : 0;
    tcpshake_zeek_take_last_number(t, end, s->seq + span);
    if (e->state == INACTIVE || (s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)))
        tcpshake_zeek_change_state(t, end);
    if ((z->flags & ATTEMPTING) && z->end[TCPSHAKE_OTHER(originator(z))].state != INACTIVE) {
        clear_flag(z, ATTEMPTING); /* answered */
        z->removal = 0;
    }
    if (s->flags & TCPSHAKE_ACK)
        tcpshake_zeek_take_ack(t, TCPSHAKE_OTHER(end), acked);
    set_flag(z, SPOKE, end);
    if (s->length > 0 && s->captured == TCPSHAKE_CAPTURED_WHOLE && position >= 0 && !(s->flags & TCPSHAKE_RST))
        tcpshake_zeek_take_data(t, end, (uint64_t)position + ((s->flags & TCPSHAKE_SYN) != 0));
    check_end_of_data(t, end);
    if (t->do_close)
        tcpshake_zeek_close(t, end);
}

static TCPSHAKE_NO_INLINE void
take_any(tcpshake_zeek *z, const tcpshake_segment *s, const tcpshake_allocator *memory)
{
    taking t = { .z = z, .s = s, .memory = memory };
    if (!belongs(&t) || s->captured == TCPSHAKE_CAPTURED_PART_OF_HEADER)
        return;
    tcpshake_zeek_take_out_streams(&t);
    take_steps(&t);
    tcpshake_zeek_put_back_streams(&t);
}

/* By who sends and whether there are data. */
static const char ordinary_letters[2][2] = { { 'A', 'D' }, { 'a', 'd' } };

/* An end that has spoken can be given its first A or D without more ado; see seen_before() for the lone H. */
static bool
has_room_for_letter(const tcpshake_zeek *z, int end)
{
    return flag(z, SPOKE, end) && z->length < TCPSHAKE_ZEEK_INLINE && !(z->length == 1 && z->history[0] == 'H');
}

/* Both ends are open, and neither has a hole. */
static inline bool
is_in_order(const tcpshake_zeek *z)
{
    return !(z->flags & ~(unsigned)ORDINARY) && z->end[0].state == ESTABLISHED && z->end[1].state == ESTABLISHED &&
           is_whole(&z->end[0]) && is_whole(&z->end[1]) && !ranges(z, 0) && !ranges(z, 1);
}

/* Ordinary segments do not change it. */
static inline void
note_order(tcpshake_zeek *z)
{
    z->seen[0] &= (uint8_t)~IN_ORDER;
    z->seen[1] &= (uint8_t)~IN_ORDER;
    if (!is_in_order(z))
        return;
    z->seen[0] |= IN_ORDER;
    z->seen[1] |= IN_ORDER;
}

/* Data in order or an acknowledgment on an open connection, where nothing else can happen: most segments of most
 * captures. False, and nothing done, for anything else. */
static inline bool
take_ordinary(tcpshake_zeek *z, const tcpshake_segment *s)
{
    tcpshake_zeek_end *e = &z->end[s->from], *peer = &z->end[TCPSHAKE_OTHER(s->from)];
    int                role = s->from != originator(z);
    uint8_t            which = s->length ? SEEN_DATA : SEEN_ACK, seen = z->seen[role];
    if ((s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST | TCPSHAKE_ACK)) != TCPSHAKE_ACK || s->window == 0 ||
        !(seen & IN_ORDER) || s->seq != e->last || s->ack < peer->acked ||
        s->ack - peer->start > peer->last - peer->start || (!(seen & which) && !has_room_for_letter(z, s->from)))
        return false;
    if (s->length) {
        uint32_t after = s->seq + s->length;
        if (after < s->seq || (int32_t)(after - e->start) < 0 || after - e->acked > WITHOUT_ACKS)
            return false;
        e->last = after;
    }
    peer->acked = s->ack;
    if (!(seen & which)) {
        z->seen[role] = seen | which;
        z->history[z->length++] = ordinary_letters[role][s->length > 0];
    }
    return true;
}

static TCPSHAKE_NO_INLINE void
take_other(tcpshake_zeek *z, const tcpshake_segment *s, const tcpshake_allocator *memory)
{
    if (z->flags & OVER)
        return;
    if (s->captured != TCPSHAKE_CAPTURED_WHOLE || !tcpshake_zeek_take_clean(z, s))
        take_any(z, s, memory);
    note_order(z);
}

void
tcpshake_zeek_take(tcpshake_zeek *z, const tcpshake_segment *s, const tcpshake_allocator *memory)
{
    if (s->captured != TCPSHAKE_CAPTURED_WHOLE || !take_ordinary(z, s))
        take_other(z, s, memory);
}

int
tcpshake_zeek_originator(const tcpshake_zeek *z)
{
    return originator(z);
}
