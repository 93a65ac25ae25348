/* conversation_list.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_list.h"

#include <epan/to_str.h>

static void
clear_row(void *data)
{
    tcpshake_conversation_row *row = data;

    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        free_address(&row->end[end].address);
}

tcpshake_conversation_list *
tcpshake_conversation_list_new(void)
{
    tcpshake_conversation_list *gathered = g_new(tcpshake_conversation_list, 1);

    gathered->rows = g_array_new(FALSE, FALSE, sizeof(tcpshake_conversation_row));
    g_array_set_clear_func(gathered->rows, clear_row);
    gathered->index = g_hash_table_new(NULL, NULL);
    return gathered;
}

void
tcpshake_conversation_list_free(tcpshake_conversation_list *gathered)
{
    if (!gathered)
        return;
    g_array_free(gathered->rows, TRUE);
    g_hash_table_destroy(gathered->index);
    g_free(gathered);
}

void
tcpshake_conversation_list_clear(tcpshake_conversation_list *gathered)
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

const tcpshake_conversation_row *
tcpshake_conversation_list_add(tcpshake_conversation_list *gathered, const tcpshake_tapped *tapped, bool *is_new)
{
    const unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(gathered->index, tapped->conversation));

    *is_new = known == 0;
    if (known)
        return tcpshake_conversation_list_at(gathered, known - 1);
    tcpshake_conversation_row row = { .conversation = tapped->conversation, .stream = tapped->stream };
    const uint8_t             from = tapped->segment.from;
    set_end(&row.end[from], &tapped->tuple.src, tapped->tuple.sport);
    set_end(&row.end[TCPSHAKE_OTHER(from)], &tapped->tuple.dst, tapped->tuple.dport);
    g_array_append_val(gathered->rows, row);
    g_hash_table_insert(gathered->index, (void *)tapped->conversation, GUINT_TO_POINTER(gathered->rows->len));
    return tcpshake_conversation_list_at(gathered, gathered->rows->len - 1);
}

char *
tcpshake_end_point_text(const tcpshake_end_point *end)
{
    char *const address = address_to_str(NULL, &end->address);
    char *const text = g_strdup_printf(strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, end->port);

    wmem_free(NULL, address);
    return text;
}
