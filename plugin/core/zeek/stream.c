/* stream.c
 * The data of an end: what has joined, what waits behind holes, and when Zeek gives up on reassembling it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

static bool
is_clean(const tcpshake_zeek_end *e)
{
    return e->state == ESTABLISHED || (e->state == CLOSED && e->before == ESTABLISHED);
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
join(taking *t, int end, uint64_t to)
{
    tcpshake_zeek *z = t->z;
    uint64_t       joined = t->stream[end].joined;
    if (to > joined)
        joined = to;
    while (ranges(z, end) > 0 && z->extra->range[end][0].from <= joined) {
        if (z->extra->range[end][0].to > joined)
            joined = z->extra->range[end][0].to;
        remove_ranges(z->extra, end, 0, 1);
    }
    t->stream[end].joined = joined;
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
    if (x && !x->range[end])
        x->range[end] = tcpshake_allocate(t->memory, TCPSHAKE_ZEEK_RANGES * sizeof *x->range[end]);
    if (!x || !x->range[end])
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
is_too_much(const taking *t, int end)
{
    const tcpshake_zeek     *z = t->z;
    const tcpshake_zeek_end *e = &z->end[end];
    unsigned                 n = ranges(z, end);
    uint64_t                 joined = t->stream[end].joined, acked = acked_of(e), waiting = 0;
    if (nothing_acked(e))
        return n > 0 && z->extra->range[end][n - 1].to - joined > ABOVE_HOLE;
    for (unsigned i = 0; i < n; i++)
        waiting += z->extra->range[end][i].to - z->extra->range[end][i].from;
    if (joined + 1 > acked)
        waiting += joined + 1 - acked;
    return waiting > WITHOUT_ACKS;
}

/* Data at a position from the end's start. */
void
tcpshake_zeek_take_data(taking *t, int end, uint64_t from)
{
    tcpshake_zeek *z = t->z;
    uint64_t       to = from + t->s->length;
    uint64_t       acked = acked_of(&z->end[end]);

    if (flag(z, SKIPPED, end) || to <= acked || to > FARTHEST)
        return;
    if (from < acked)
        from = acked;
    if (from == 0)
        from = 1;
    /* The SYN, seen or not, has position 0; joined and the ranges count the data only. */
    if (from - 1 <= t->stream[end].joined)
        join(t, end, to - 1);
    else
        keep_range(t, end, (tcpshake_zeek_range){ from - 1, to - 1 });
    if (is_too_much(t, end))
        stop_reassembly(z, end);
}

/* The peer acknowledged data that was not captured: every hole up to there is a gap. */
void
tcpshake_zeek_skip_holes(taking *t, int end, uint64_t to)
{
    tcpshake_zeek *z = t->z;
    bool           gap = is_clean(&z->end[end]) && is_clean(&z->end[TCPSHAKE_OTHER(end)]);

    while (!flag(z, SKIPPED, end) && t->stream[end].joined < to) {
        uint64_t next = ranges(z, end) ? z->extra->range[end][0].from : to;
        if (gap)
            tcpshake_zeek_count(t, end, COUNT_GAP, 'G');
        join(t, end, next < to ? next : to);
    }
    join(t, end, to);
}
