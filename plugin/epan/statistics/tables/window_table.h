/* window_table.h
 * A table in Wireshark's Statistics menu, and sharkd's "nstat:…".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_WINDOW_TABLE_H
#define TCPSHAKE_WINDOW_TABLE_H

#include "columns.h"
#include "../conversation_list.h"

typedef struct tcpshake_window_table tcpshake_window_table;

/* All windows of one statistic: Wireshark has them share their rows. Static; what is below is for window_table.c. */
struct tcpshake_window_table {
    tcpshake_phrase        title;
    const char            *name;    /* "tcpshake,conv" */
    const tcpshake_column *columns; /* those that can be without a value come last: see window_table.c */
    unsigned               column_count;

    /* A conversation that is new, or, in a capture that is still being read, has changed: sets its rows. */
    void (*take)(tcpshake_window_table *window, const tcpshake_conversation_row *row,
                 const tcpshake_knowledge *knowledge);
    void (*clear)(void); /* forgets all; NULL: nothing to do */

    stat_tap_table_ui           ui;
    stat_tap_table_item         fields[TCPSHAKE_COLUMNS_MAX];
    tcpshake_conversation_list *gathered;
    GPtrArray                  *buried; /* rows that are gone, but that another window still points to */
};

void tcpshake_register_window(tcpshake_window_table *window);

/* Titles all windows in the language that is spoken. One that is open keeps its own. */
void tcpshake_title_windows(void);

/* Sets row number, from 0, and makes the rows up to it; clears the cells. */
void tcpshake_window_set(tcpshake_window_table *window, unsigned number, tcpshake_table_cell *cells);

/* Sets one cell, a number, of a row that has been made. */
void tcpshake_window_set_number(tcpshake_window_table *window, unsigned number, unsigned column,
                                tcpshake_table_cell cell);

#endif /* TCPSHAKE_WINDOW_TABLE_H */
