/* clean.c
 * How most conversations open and close: each step follows on the last, and nothing else can happen. zeek.c handles
 * these segments as well, with the same result but many times the work.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* The SYN that begins it, without data. */
static bool
take_first_syn(tcpshake_zeek *z, const tcpshake_segment *s)
{
    tcpshake_zeek_end *e = &z->end[s->from];
    if ((s->flags & TCPSHAKE_ACK) || (z->flags & STARTED) || z->extra)
        return false;
    z->flags = (uint16_t)(STARTED | ATTEMPTING | SPOKE << s->from | (s->from ? ORIGINATOR : 0));
    tcpshake_zeek_start_at(e, s->seq, s->seq + 1);
    set_state(e, SYN_SENT);
    z->removal = s->time + ATTEMPT_DELAY;
    z->seen[0] = SEEN_SYN;
    z->history[z->length++] = 'S';
    return true;
}

/* The answer to that, in time, and behind nothing else. */
static bool
take_first_syn_ack(tcpshake_zeek *z, const tcpshake_segment *s)
{
    tcpshake_zeek_end *e = &z->end[s->from], *peer = &z->end[TCPSHAKE_OTHER(s->from)];
    if (!(s->flags & TCPSHAKE_ACK) || s->from == originator(z) || z->length != 1 || e->state != INACTIVE ||
        peer->state != SYN_SENT || !(z->flags & ATTEMPTING) || s->time >= z->removal || s->ack == 0 ||
        s->ack - 1 != peer->start)
        return false;
    tcpshake_zeek_start_at(e, s->seq, s->seq + 1);
    peer->acked = s->ack;
    set_state(peer, ESTABLISHED);
    set_state(e, ESTABLISHED);
    clear_flag(z, ATTEMPTING);
    set_flag(z, SPOKE, s->from);
    z->removal = 0;
    z->seen[1] = SEEN_SYN;
    z->history[z->length++] = 'h';
    return true;
}

/* False, and nothing done, where the opening is not as clean. */
static bool
take_opening(tcpshake_zeek *z, const tcpshake_segment *s)
{
    return (s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)) == TCPSHAKE_SYN && s->length == 0 &&
           s->window != 0 && (take_first_syn(z, s) || take_first_syn_ack(z, s));
}

/* Nothing is left to be found out about the end of its data. */
static bool
is_settled(const tcpshake_zeek *z, int end)
{
    return z->end[end].state == ESTABLISHED
               ? !flag(z, HAS_FIN, end)
               : z->end[end].state == CLOSED && flag(z, HAS_FIN, end) && flag(z, HAD_EOF, end);
}

/* Of two ends that are open or have closed, without a hole, the next segment: it acknowledges no more than has come. */
static bool
is_next(const tcpshake_zeek *z, const tcpshake_segment *s)
{
    enum { CLOSING = ORDINARY | 3 * HAS_CLOSED | 3 * HAD_EOF | 3 * HAS_FIN };
    const int                to = TCPSHAKE_OTHER(s->from);
    const tcpshake_zeek_end *e = &z->end[s->from], *peer = &z->end[to];
    return !(z->flags & ~(unsigned)CLOSING) && flag(z, SPOKE, s->from) && !(z->removal && s->time >= z->removal) &&
           is_settled(z, 0) && is_settled(z, 1) && s->seq == e->last && s->ack >= peer->acked &&
           s->ack - peer->start <= peer->last - peer->start && is_whole(peer) && !peer->ack_wraps;
}

/* A FIN without data, once all data of both ends have come and are acknowledged. */
static bool
take_fin(tcpshake_zeek *z, const tcpshake_segment *s)
{
    const int          to = TCPSHAKE_OTHER(s->from);
    tcpshake_zeek_end *e = &z->end[s->from], *peer = &z->end[to];
    uint8_t           *seen = &z->seen[s->from != originator(z)];
    if (e->state != ESTABLISHED || !is_whole(e) || e->seq_wraps || s->seq == UINT32_MAX || (*seen & SEEN_FIN) ||
        z->length >= TCPSHAKE_ZEEK_INLINE || ranges(z, to) ||
        s->ack - peer->start + flag(z, HAS_FIN, to) < peer->last - peer->start)
        return false;
    *seen |= SEEN_FIN;
    z->history[z->length++] = s->from == originator(z) ? 'F' : 'f';
    e->last = s->seq + 1;
    peer->acked = s->ack;
    set_state(e, CLOSED);
    if (!z->removal && flag(z, HAS_CLOSED, to))
        z->removal = s->time + CLOSE_DELAY;
    z->flags = (uint16_t)(z->flags | (HAS_FIN | HAD_EOF | HAS_CLOSED) << s->from);
    return true;
}

/* A FIN, or an acknowledgment and nothing more. False, and nothing done, where the close is not as clean. */
static bool
take_closing(tcpshake_zeek *z, const tcpshake_segment *s)
{
    bool fin = (s->flags & TCPSHAKE_FIN) != 0;
    if ((s->flags & (TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK)) != TCPSHAKE_ACK || s->length || s->window == 0 ||
        !is_next(z, s))
        return false;
    if (fin)
        return take_fin(z, s);
    if (!(z->seen[s->from != originator(z)] & SEEN_ACK))
        return false;
    z->end[TCPSHAKE_OTHER(s->from)].acked = s->ack;
    return true;
}

/* A RST of an end that has sent one already, with the same number: it changes nothing. */
static bool
take_reset_again(const tcpshake_zeek *z, const tcpshake_segment *s)
{
    const tcpshake_zeek_end *e = &z->end[s->from];
    return (s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST | TCPSHAKE_ACK)) == TCPSHAKE_RST &&
           e->state == RESET && s->seq - e->start == rst_at(z, s->from) && (int32_t)(s->seq - e->start) >= 0 &&
           !e->seq_wraps && (z->seen[s->from != originator(z)] & SEEN_RST) && flag(z, SPOKE, s->from) &&
           flag(z, HAD_EOF, s->from) && !(z->flags & (ATTEMPTING | OVER)) && !(z->removal && s->time >= z->removal);
}

bool
tcpshake_zeek_take_clean(tcpshake_zeek *z, const tcpshake_segment *s)
{
    return take_opening(z, s) || take_closing(z, s) || take_reset_again(z, s);
}
