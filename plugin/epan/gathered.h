/* gathered.h
 * The conversations that a statistic is about: those of which a segment has passed its filter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_GATHERED_H
#define TCPSHAKE_GATHERED_H

#include "tap.h"

#include "../core/verdict.h"

typedef struct tcpshake_end_point {
    address  address;
    uint16_t port;
} tcpshake_end_point;

typedef struct tcpshake_gathered_row {
    const tcpshake_conversation *conversation;
    uint32_t                     stream;        /* tcp.stream; of several that are one conversation the first */
    tcpshake_end_point           end[TCPSHAKE_ENDS]; /* as the core numbers them */
} tcpshake_gathered_row;

/* In the order in which they were first seen. */
typedef struct tcpshake_gathered {
    GArray     *rows;           /* of tcpshake_gathered_row */
    GHashTable *index;          /* conversation → its row, plus 1 */
} tcpshake_gathered;

/* What is returned belongs to the caller. */
tcpshake_gathered *tcpshake_gathered_new(void);
void tcpshake_gathered_free(tcpshake_gathered *gathered);

/* Forgets all, as Wireshark wants it before it reads the capture again. */
void tcpshake_gathered_clear(tcpshake_gathered *gathered);

/* The row of the segment's conversation, made if there is none yet: then *is_new. Valid until the next call. */
const tcpshake_gathered_row *tcpshake_gather(tcpshake_gathered *gathered, const tcpshake_tapped *tapped, bool *is_new);

static inline const tcpshake_gathered_row *
tcpshake_gathered_at(const tcpshake_gathered *gathered, unsigned index)
{
    return &g_array_index(gathered->rows, tcpshake_gathered_row, index);
}

/* The number of a row, from 0. */
static inline unsigned
tcpshake_gathered_number(const tcpshake_gathered *gathered, const tcpshake_gathered_row *row)
{
    return (unsigned)(row - tcpshake_gathered_at(gathered, 0));
}

static inline const tcpshake_end_point *
tcpshake_client_of(const tcpshake_gathered_row *row)
{
    return &row->end[row->conversation->client];
}

static inline const tcpshake_end_point *
tcpshake_server_of(const tcpshake_gathered_row *row)
{
    return &row->end[TCPSHAKE_OTHER(row->conversation->client)];
}

#endif /* TCPSHAKE_GATHERED_H */
