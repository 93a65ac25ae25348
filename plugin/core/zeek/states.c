/* states.c
 * Zeek's endpoint states, and what a segment does to them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

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
        tcpshake_zeek_flip(t);
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

void
tcpshake_zeek_change_state(taking *t, int end)
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
