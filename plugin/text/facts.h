/* facts.h
 * What several kinds of sentences need to know.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TEXT_FACTS_H
#define TCPSHAKE_TEXT_FACTS_H

#include "../core/outcome/verdict.h"

/* The time between two; not known if the clock was set back in between. */
static inline int64_t
tcpshake_time_between(int64_t from, int64_t to)
{
    return to < from ? TCPSHAKE_NO_TIME : (int64_t)((uint64_t)to - (uint64_t)from);
}

/* The other end; NOBODY if the role is not one end. */
static inline tcpshake_role
tcpshake_other_role(tcpshake_role role)
{
    return role == TCPSHAKE_CLIENT ? TCPSHAKE_SERVER : role == TCPSHAKE_SERVER ? TCPSHAKE_CLIENT : TCPSHAKE_NOBODY;
}

/* Whether both ends were connected: then there is something to say about how it was closed. */
static inline bool
tcpshake_was_open(const tcpshake_conversation *conversation, const tcpshake_summary *summary)
{
    return summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE || summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
           (summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED && tcpshake_was_open_before(conversation));
}

/* The server has sent something, but nothing that answers the SYN: a RST or an ACK with another number. */
static inline bool
tcpshake_was_answered_wrongly(const tcpshake_conversation *conversation)
{
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];

    return server->flags & TCPSHAKE_END_HEARD || tcpshake_found(conversation, TCPSHAKE_ANOMALY_reset_unacceptable);
}

#endif /* TCPSHAKE_TEXT_FACTS_H */
