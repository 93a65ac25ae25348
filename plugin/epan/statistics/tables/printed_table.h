/* printed_table.h
 * A table on the standard output, its columns aligned.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PRINTED_TABLE_H
#define TCPSHAKE_PRINTED_TABLE_H

#include "columns.h"

typedef struct tcpshake_printed_table {
    const tcpshake_column *columns; /* the last one is not padded: the place for what may be long */
    unsigned               column_count;
    GArray                *cells; /* row by row; of struct printed_cell */
    GString               *texts; /* of all of them, one behind the other */
    unsigned               width[TCPSHAKE_COLUMNS_MAX];
} tcpshake_printed_table;

/* columns: static, at most TCPSHAKE_COLUMNS_MAX. */
void tcpshake_table_begin(tcpshake_printed_table *table, const tcpshake_column *columns, unsigned column_count);

/* Adds a row, and clears the cells. */
void tcpshake_table_add(tcpshake_printed_table *table, tcpshake_table_cell *cells);

/* Prints it, and frees what is in it. filter, footer: or NULL. total: the last row stands apart from the others. */
void tcpshake_table_print(tcpshake_printed_table *table, tcpshake_phrase title, const char *filter, bool total,
                          const char *footer);

#endif /* TCPSHAKE_PRINTED_TABLE_H */
