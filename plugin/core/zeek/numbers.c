/* numbers.c
 * Sequence numbers as Zeek follows them: where they begin, how far they got, and when they wrapped.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "../segment/seq.h"

/* A number's distance from the end's start; negative before it. Zeek notices a wrap only relative to the latest number,
 * and without wraps takes whatever is 2 GiB or more after the start for something before it. */
int64_t
tcpshake_zeek_position(uint32_t number, uint32_t latest, uint32_t wraps, uint32_t start)
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

/* Bytes of data up to where its numbers and its peer's acknowledgments reach. */
static uint64_t
reach(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    uint64_t                 last = (uint64_t)e->seq_wraps << 32 | e->last;
    uint64_t                 acked = (uint64_t)e->ack_wraps << 32 | e->acked;
    uint64_t                 size = (last > acked ? last : acked) - e->start;
    size -= size != 0;
    size -= size != 0 && flag(z, HAS_FIN, end);
    return size;
}

/* Bytes of data that Zeek believes this end sent. */
uint64_t
tcpshake_zeek_size(const tcpshake_zeek *z, int end)
{
    const tcpshake_zeek_end *e = &z->end[end];
    if (e->before == SYN_SENT && e->state == RESET && z->end[TCPSHAKE_OTHER(end)].state == INACTIVE &&
        !nothing_acked(e))
        return 0;
    return reach(z, end);
}

/* As it is if nothing is missing, and the last FIN or RST is the last that the end has sent. */
static tcpshake_zeek_stream
plain_stream(const tcpshake_zeek *z, int end)
{
    uint32_t behind = z->end[end].last - z->end[end].start;
    bool     fin = flag(z, HAS_FIN, end), rst = (z->seen[end != originator(z)] & SEEN_RST) != 0;
    return (tcpshake_zeek_stream){
        .joined = reach(z, end),
        .fin_at = fin ? behind - 1 : 0,
        .rst_at = rst ? behind : 0,
        .fin_end = fin ? behind : 0,
    };
}

void
tcpshake_zeek_take_out_streams(taking *t)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        t->stream[end] = t->z->end[end].apart ? t->z->extra->stream[end] : plain_stream(t->z, end);
}

/* Without memory it is plain from then on. */
void
tcpshake_zeek_put_back_streams(taking *t)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const tcpshake_zeek_stream now = t->stream[end], plain = plain_stream(t->z, end);
        bool apart = now.joined != plain.joined || now.fin_at != plain.fin_at || now.rst_at != plain.rst_at ||
                     now.fin_end != plain.fin_end;
        tcpshake_zeek_extra *x = apart ? extra(t) : NULL;
        if (x)
            x->stream[end] = now;
        t->z->end[end].apart = x != NULL;
    }
}

void
tcpshake_zeek_start_at(tcpshake_zeek_end *e, uint32_t seq, uint32_t last)
{
    e->start = seq;
    e->acked = seq;
    e->last = last;
}

/* Sets the sender's numbers by its first segment; a later SYN can set them anew. */
void
tcpshake_zeek_set_numbers(tcpshake_zeek_end *e, const tcpshake_segment *s, uint32_t after)
{
    if (s->flags & TCPSHAKE_SYN) {
        bool anew = is_in(e, IN(INACTIVE) | SYNCHRONISED) || (is_in(e, ATTEMPT) && s->seq != e->start) ||
                    (e->state == RESET && e->before == INACTIVE);
        if (anew)
            tcpshake_zeek_start_at(e, s->seq, after);
    } else if (e->state == INACTIVE) {
        /* As if there had been a SYN. This first segment must not look like a repetition. */
        tcpshake_zeek_start_at(e, s->seq - 1, s->seq);
    }
}

void
tcpshake_zeek_take_ack_number(tcpshake_zeek_end *peer, const tcpshake_segment *s)
{
    int32_t delta = tcpshake_seq_diff(s->ack, peer->acked);
    bool    broken = s->ack == 0 && delta > LARGE_SEQ_DELTA;
    if (delta > 0 && !broken) {
        if (s->ack < peer->acked && peer->ack_wraps < UINT8_MAX)
            peer->ack_wraps++;
        peer->acked = s->ack;
    }
}

void
tcpshake_zeek_take_last_number(taking *t, int end, uint32_t after)
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
        tcpshake_zeek_count(t, end, COUNT_RXMT, 'T');
}
