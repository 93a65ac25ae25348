/* conversation_list.h
 * The conversations that a statistic covers: those with a segment that passes its filter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CONVERSATION_LIST_H
#define TCPSHAKE_CONVERSATION_LIST_H

#include "tap.h"

#include "../../core/outcome/verdict.h"

typedef struct tcpshake_end_point {
    address  address;
    uint16_t port;
} tcpshake_end_point;

typedef struct tcpshake_conversation_row {
    const tcpshake_conversation *conversation;
    uint32_t                     stream;             /* tcp.stream; of several that are one conversation the first */
    tcpshake_end_point           end[TCPSHAKE_ENDS]; /* as the core numbers them */
} tcpshake_conversation_row;

/* In the order in which they were first seen. */
typedef struct tcpshake_conversation_list {
    GArray     *rows;  /* of tcpshake_conversation_row */
    GHashTable *index; /* conversation → its row, plus 1 */
} tcpshake_conversation_list;

/* What is returned belongs to the caller. */
tcpshake_conversation_list *tcpshake_conversation_list_new(void);
void                        tcpshake_conversation_list_free(tcpshake_conversation_list *list);

/* Forgets all, as Wireshark wants it before it reads the capture again. */
void tcpshake_conversation_list_clear(tcpshake_conversation_list *list);

/* The row of the segment's conversation, made if there is none yet: then *is_new. Valid until the next call. */
const tcpshake_conversation_row *tcpshake_conversation_list_add(tcpshake_conversation_list *list,
                                                                const tcpshake_tapped *tapped, bool *is_new);

/* All rows by their streams: pointers, valid until the next row is added. Of two TCP headers in one frame, a tunnel's,
 * the inner conversation is gathered first and has the later stream. Belongs to the caller. */
GPtrArray *tcpshake_conversation_list_by_stream(const tcpshake_conversation_list *list);

/* "192.0.2.1:80", "[2001:db8::1]:80"; belongs to the caller. */
char *tcpshake_end_text(const tcpshake_end_point *end);

static inline const tcpshake_conversation_row *
tcpshake_conversation_list_at(const tcpshake_conversation_list *list, unsigned index)
{
    return &g_array_index(list->rows, tcpshake_conversation_row, index);
}

/* The number of a row, from 0. */
static inline unsigned
tcpshake_conversation_list_number(const tcpshake_conversation_list *list, const tcpshake_conversation_row *row)
{
    return (unsigned)(row - tcpshake_conversation_list_at(list, 0));
}

static inline const tcpshake_end_point *
tcpshake_client_of(const tcpshake_conversation_row *row)
{
    return &row->end[row->conversation->client];
}

static inline const tcpshake_end_point *
tcpshake_server_of(const tcpshake_conversation_row *row)
{
    return &row->end[TCPSHAKE_OTHER(row->conversation->client)];
}

#endif /* TCPSHAKE_CONVERSATION_LIST_H */
