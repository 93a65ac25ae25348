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
    tcpshake_conversation_list *list = g_new(tcpshake_conversation_list, 1);

    list->rows = g_array_new(FALSE, FALSE, sizeof(tcpshake_conversation_row));
    g_array_set_clear_func(list->rows, clear_row);
    list->index = g_hash_table_new(NULL, NULL);
    return list;
}

void
tcpshake_conversation_list_free(tcpshake_conversation_list *list)
{
    if (!list)
        return;
    g_array_free(list->rows, TRUE);
    g_hash_table_destroy(list->index);
    g_free(list);
}

void
tcpshake_conversation_list_clear(tcpshake_conversation_list *list)
{
    g_array_set_size(list->rows, 0);
    g_hash_table_remove_all(list->index);
}

static void
set_end(tcpshake_end_point *end, const address *address, uint16_t port)
{
    copy_address(&end->address, address);
    end->port = port;
}

const tcpshake_conversation_row *
tcpshake_conversation_list_add(tcpshake_conversation_list *list, const tcpshake_tapped *tapped, bool *is_new)
{
    const unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(list->index, tapped->conversation));

    *is_new = known == 0;
    if (known)
        return tcpshake_conversation_list_at(list, known - 1);
    tcpshake_conversation_row row = { .conversation = tapped->conversation, .stream = tapped->segment.stream };
    const uint8_t             from = tapped->segment.from;
    set_end(&row.end[from], &tapped->tuple.src, tapped->tuple.sport);
    set_end(&row.end[TCPSHAKE_OTHER(from)], &tapped->tuple.dst, tapped->tuple.dport);
    g_array_append_val(list->rows, row);
    g_hash_table_insert(list->index, (void *)tapped->conversation, GUINT_TO_POINTER(list->rows->len));
    return tcpshake_conversation_list_at(list, list->rows->len - 1);
}

static int
compare_streams(const void *a, const void *b)
{
    const tcpshake_conversation_row *const *one = a, *const *other = b;

    if ((*one)->stream != (*other)->stream)
        return (*one)->stream < (*other)->stream ? -1 : 1;
    return *one < *other ? -1 : *one > *other;
}

GPtrArray *
tcpshake_conversation_list_by_stream(const tcpshake_conversation_list *list)
{
    GPtrArray *rows = g_ptr_array_sized_new(list->rows->len);

    for (unsigned i = 0; i < list->rows->len; i++)
        g_ptr_array_add(rows, (void *)tcpshake_conversation_list_at(list, i));
    g_ptr_array_sort(rows, compare_streams);
    return rows;
}

char *
tcpshake_end_text(const tcpshake_end_point *end)
{
    char *const address = address_to_str(NULL, &end->address);
    char *const text = g_strdup_printf(end->address.type == AT_IPv6 ? "[%s]:%u" : "%s:%u", address, end->port);

    wmem_free(NULL, address);
    return text;
}
