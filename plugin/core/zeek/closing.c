/* closing.c
 * When an end has closed: its FIN or RST was seen, and all data before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "../segment/seq.h"

static bool
has_waiting_data(const taking *t, int end)
{
    const tcpshake_zeek     *z = t->z;
    const tcpshake_zeek_end *e = &z->end[end];
    uint64_t                 joined = t->stream[end].joined;
    if (flag(z, SKIPPED, end))
        return false;
    if (nothing_acked(e) && tcpshake_zeek_size(z, end) > INITIAL_WINDOW)
        return ranges(z, end) > 0;
    return ranges(z, end) > 0 || (joined > 0 && acked_of(e) < joined + 1);
}

static bool
is_pending(const taking *t, int end)
{
    const tcpshake_zeek     *z = t->z;
    const tcpshake_zeek_end *e = &z->end[end];
    if (flag(z, SKIPPED, end))
        return false;
    uint64_t delivered = e->start + t->stream[end].joined + 1;
    uint64_t last = (uint64_t)e->seq_wraps << 32 | e->last;
    if (last < delivered)
        return false;
    if (delivered != last - 1 && delivered != last)
        return true;
    return e->state != RESET && has_waiting_data(t, TCPSHAKE_OTHER(end));
}

void
tcpshake_zeek_close(taking *t, int end)
{
    tcpshake_zeek *z = t->z;
    int            other = TCPSHAKE_OTHER(end);
    if (is_pending(t, end)) {
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

void
tcpshake_zeek_end_data(taking *t, int end)
{
    tcpshake_zeek *z = t->z;
    if (is_pending(t, end))
        return;
    set_flag(z, HAD_EOF, end);
    if (z->flags & DEFERRED) {
        tcpshake_zeek_close(t, end);
        clear_flag(z, DEFERRED);
    }
}

/* An acknowledgment of a position in the stream of an end; judged after the states changed. */
void
tcpshake_zeek_take_ack(taking *t, int end, int64_t position)
{
    tcpshake_zeek        *z = t->z;
    tcpshake_zeek_stream *stream = &t->stream[end];
    int32_t               beyond = tcpshake_seq_diff((uint32_t)position, stream->fin_end);
    if (flag(z, HAS_FIN, end) && beyond >= 0)
        position -= (int64_t)beyond + 1;
    if (position > (int64_t)stream->joined + 1 && position <= FARTHEST) {
        /* A partial connection's first acknowledgments, keep-alives included, speak of data before the capture. */
        if (position > 2 || !(z->flags & IS_PARTIAL))
            tcpshake_zeek_skip_holes(t, end, (uint64_t)position - 1);
    }
    check_end_of_data(t, end);
}
