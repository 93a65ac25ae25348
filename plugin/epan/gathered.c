/* gathered.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gathered.h"

static void
clear_row(void *data)
{
    tcpshake_gathered_row *row = data;

    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        free_address(&row->end[end].address);
}

tcpshake_gathered *
tcpshake_gathered_new(void)
{
    tcpshake_gathered *gathered = g_new(tcpshake_gathered, 1);

    gathered->rows = g_array_new(FALSE, FALSE, sizeof(tcpshake_gathered_row));
    g_array_set_clear_func(gathered->rows, clear_row);
    gathered->index = g_hash_table_new(NULL, NULL);
    return gathered;
}

void
tcpshake_gathered_free(tcpshake_gathered *gathered)
{
    if (!gathered)
        return;
    g_array_free(gathered->rows, TRUE);
    g_hash_table_destroy(gathered->index);
    g_free(gathered);
}

void
tcpshake_gathered_clear(tcpshake_gathered *gathered)
{
    g_array_set_size(gathered->rows, 0);
    g_hash_table_remove_all(gathered->index);
}

static void
set_end(tcpshake_end_point *end, const address *address, uint16_t port)
{
    copy_address(&end->address, address);
    end->port = port;
}

const tcpshake_gathered_row *
tcpshake_gather(tcpshake_gathered *gathered, const tcpshake_tapped *tapped, bool *is_new)
{
    const unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(gathered->index, tapped->conversation));

    *is_new = known == 0;
    if (known)
        return tcpshake_gathered_at(gathered, known - 1);
    tcpshake_gathered_row row = { .conversation = tapped->conversation, .stream = tapped->stream };
    const uint8_t         from = tapped->segment.from;
    set_end(&row.end[from], &tapped->tuple.src, tapped->tuple.sport);
    set_end(&row.end[TCPSHAKE_OTHER(from)], &tapped->tuple.dst, tapped->tuple.dport);
    g_array_append_val(gathered->rows, row);
    g_hash_table_insert(gathered->index, (void *)tapped->conversation, GUINT_TO_POINTER(gathered->rows->len));
    return tcpshake_gathered_at(gathered, gathered->rows->len - 1);
}
