/* host_tally.h
 * The outcomes of the connections that each host opened, and of those that others opened to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_HOST_TALLY_H
#define TCPSHAKE_HOST_TALLY_H

#include "conversation_list.h"

/* A connection that a host opened is one of the four that follow; one that was opened to it is one of the last three,
 * or none. */
typedef enum tcpshake_tally {
    TCPSHAKE_TALLY_CONVERSATIONS, /* as the client or the server */
    TCPSHAKE_TALLY_OPENED,
    TCPSHAKE_TALLY_ESTABLISHED,
    TCPSHAKE_TALLY_REFUSED,
    TCPSHAKE_TALLY_TIMED_OUT,
    TCPSHAKE_TALLY_UNFINISHED,
    TCPSHAKE_TALLY_ACCEPTED,
    TCPSHAKE_TALLY_TURNED_AWAY,
    TCPSHAKE_TALLY_NOT_ANSWERED,
    TCPSHAKE_TALLIES
} tcpshake_tally;

typedef struct tcpshake_tallied_host {
    address  address;
    uint32_t count[TCPSHAKE_TALLIES];
} tcpshake_tallied_host;

/* In the order in which they were first seen. */
typedef struct tcpshake_host_tally {
    GPtrArray  *hosts;  /* of tcpshake_tallied_host */
    GHashTable *index;  /* address → its number plus 1 */
    GArray     *shares; /* what each conversation has added, by its number */
} tcpshake_host_tally;

/* What is returned belongs to the caller. */
tcpshake_host_tally *tcpshake_host_tally_new(void);
void                 tcpshake_host_tally_free(tcpshake_host_tally *tally);
void                 tcpshake_host_tally_clear(tcpshake_host_tally *tally);

/* Counts a conversation; once more, if it has changed, in place of what it was. number: its own, from 0. hosts: the
 * numbers of its client and its server. */
void tcpshake_host_tally_count(tcpshake_host_tally *tally, unsigned number, const tcpshake_conversation_row *row,
                               const tcpshake_summary *summary, unsigned hosts[TCPSHAKE_ENDS]);

static inline const tcpshake_tallied_host *
tcpshake_tallied_host_at(const tcpshake_host_tally *tally, unsigned number)
{
    return g_ptr_array_index(tally->hosts, number);
}

#endif /* TCPSHAKE_HOST_TALLY_H */
