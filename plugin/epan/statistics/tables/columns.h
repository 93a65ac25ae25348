/* columns.h
 * A table, for both that show it: tshark (printed_table.c) and Wireshark's window (window_table.c). The columns of the
 * conversations and of the hosts are in tap_conv.c and tap_hosts.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_COLUMNS_H
#define TCPSHAKE_COLUMNS_H

#include "../../../text/phrases.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum tcpshake_column_kind {
    TCPSHAKE_COLUMN_TEXT,    /* in text; NULL: there is none */
    TCPSHAKE_COLUMN_COUNT,   /* in count */
    TCPSHAKE_COLUMN_SECONDS, /* in time: ns, or TCPSHAKE_NO_TIME */
    TCPSHAKE_COLUMN_SHARE,   /* count, of the number in whole; none of 0 */
} tcpshake_column_kind;

typedef struct tcpshake_column {
    tcpshake_phrase      title;
    tcpshake_column_kind kind;
} tcpshake_column;

typedef struct tcpshake_table_cell {
    char    *text; /* the cell's own */
    uint32_t count, whole;
    bool     blank; /* says nothing: for what cannot be added up */
    int64_t  time;
} tcpshake_table_cell;

enum { TCPSHAKE_COLUMNS_MAX = 16 };

static inline void
tcpshake_clear_cells(tcpshake_table_cell *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        g_free(cells[i].text);
}

#endif /* TCPSHAKE_COLUMNS_H */
