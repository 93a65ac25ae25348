/* window_table.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Two things here are due to how Wireshark's dialog for such tables (ui/qt/simple_statistics_dialog.cpp) works:
 *
 * - All windows of a statistic share one table, and each keeps pointers into it, by which it sorts and copies. So a
 *   window that reads the capture again, for example for its filter, must not free the rows of the others: they are put
 *   aside, and freed when only one window is left, or none.
 *
 * - "Copy" and "Save as" leave out a cell without a value, which shifts the cells after it. So columns that may be
 *   empty are last, and a row ends at the first empty cell. An empty cell sorts before all others: for Qt it is an
 *   empty text, for the dialog minus infinity.
 */
#include "window_table.h"

#include "../../../core/outcome/verdict.h"

#include <math.h>
#include <stddef.h>

enum { WINDOWS_MAX = 4 };

static tcpshake_window_table *windows[WINDOWS_MAX];
static unsigned               window_count;

/* It has one, as long as a window is open. */
static stat_tap_table *
table_of(const tcpshake_window_table *window)
{
    const GArray *const tables = window->ui.tables;

    return tables && tables->len ? g_array_index(tables, stat_tap_table *, 0) : NULL;
}

/* The one whose table it is. */
static tcpshake_window_table *
window_of(const stat_tap_table *table)
{
    for (unsigned i = 0; i < window_count; i++)
        if (table_of(windows[i]) == table)
            return windows[i];
    return NULL;
}

/* ---- rows ---- */

static void
free_texts(const tcpshake_window_table *window, stat_tap_table_item_type *row)
{
    for (unsigned i = 0; i < window->column_count; i++)
        if (row[i].type == TABLE_ITEM_STRING)
            g_free((char *)row[i].value.string_value);
}

static void
free_buried(tcpshake_window_table *window)
{
    for (unsigned i = 0; i < window->buried->len; i++) {
        free_texts(window, g_ptr_array_index(window->buried, i));
        g_free(g_ptr_array_index(window->buried, i));
    }
    g_ptr_array_set_size(window->buried, 0);
}

static void
forget_conversations(tcpshake_window_table *window)
{
    tcpshake_conversation_list_clear(window->gathered);
    if (window->clear)
        window->clear();
}

/* Takes over the cell's text. */
static stat_tap_table_item_type
item_of(const tcpshake_column *column, tcpshake_table_cell *cell)
{
    stat_tap_table_item_type item = { .type = TABLE_ITEM_NONE };

    switch (column->kind) {
    case TCPSHAKE_COLUMN_TEXT:
        item.type = TABLE_ITEM_STRING;
        item.value.string_value = cell->text ? cell->text : g_strdup("");
        cell->text = NULL;
        break;
    case TCPSHAKE_COLUMN_COUNT:
        item.type = TABLE_ITEM_UINT;
        item.value.uint_value = cell->count;
        break;
    case TCPSHAKE_COLUMN_SECONDS:
        item.type = cell->time == TCPSHAKE_NO_TIME ? TABLE_ITEM_NONE : TABLE_ITEM_FLOAT;
        item.value.float_value = cell->time == TCPSHAKE_NO_TIME ? -INFINITY : (double)cell->time / 1e9;
        break;
    case TCPSHAKE_COLUMN_SHARE:
        item.type = TABLE_ITEM_FLOAT;
        item.value.float_value = cell->whole ? cell->count * 100.0 / cell->whole : 0;
        break;
    }
    return item;
}

void
tcpshake_window_set(tcpshake_window_table *window, unsigned number, tcpshake_table_cell *cells)
{
    stat_tap_table_item_type items[TCPSHAKE_COLUMNS_MAX] = { { .type = TABLE_ITEM_NONE } };
    stat_tap_table          *table = table_of(window);
    bool                     ended = false;

    if (!table) {
        tcpshake_clear_cells(cells, window->column_count);
        return;
    }
    if (number < table->num_elements)
        free_texts(window, table->elements[number]);
    for (unsigned i = 0; i < window->column_count; i++) {
        if (ended)
            cells[i].time = TCPSHAKE_NO_TIME;
        items[i] = item_of(&window->columns[i], &cells[i]);
        ended = items[i].type == TABLE_ITEM_NONE;
    }
    stat_tap_init_table_row(table, number, window->column_count, items);
}

void
tcpshake_window_set_number(tcpshake_window_table *window, unsigned number, unsigned column, tcpshake_table_cell cell)
{
    stat_tap_table *const table = table_of(window);

    if (table && number < table->num_elements)
        table->elements[number][column] = item_of(&window->columns[column], &cell);
}

/* ---- what Wireshark calls ---- */

/* A window opens, or reads the capture again. The first has the table made. */
static void
begin(stat_tap_table_ui *ui)
{
    tcpshake_window_table *const window = (tcpshake_window_table *)((char *)ui - offsetof(tcpshake_window_table, ui));

    if (table_of(window))
        return;
    forget_conversations(window);
    free_buried(window);
    stat_tap_add_table(ui,
                       stat_tap_init_table(tcpshake_phrase_text(window->title), (int)window->column_count, 0, NULL));
}

/* Once all of the capture was read, a conversation is what it is at its first segment already. */
static tap_packet_status
take(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tapped_, tap_flags_t flags _U_)
{
    stat_tap_table_ui *const     ui = ((stat_data_t *)data)->stat_tap_data;
    tcpshake_window_table *const window = (tcpshake_window_table *)((char *)ui - offsetof(tcpshake_window_table, ui));
    const tcpshake_tapped *const tapped = tapped_;
    bool                         is_new;

    const tcpshake_conversation_row *row = tcpshake_conversation_list_add(window->gathered, tapped, &is_new);
    if (!is_new && tapped->knowledge.hindsight)
        return TAP_PACKET_DONT_REDRAW;
    window->take(window, row, &tapped->knowledge);
    return TAP_PACKET_REDRAW;
}

/* The capture is about to be read again. */
static void
reset(stat_tap_table *table)
{
    tcpshake_window_table *const window = window_of(table);

    if (!window)
        return;
    for (unsigned i = 0; i < table->num_elements; i++)
        g_ptr_array_add(window->buried, table->elements[i]);
    table->num_elements = 0;
    if (window->ui.refcount <= 1)
        free_buried(window);
    forget_conversations(window);
}

/* The last window closes. */
static void
free_item(stat_tap_table *table, unsigned row, unsigned column, stat_tap_table_item_type *item)
{
    tcpshake_window_table *const window = row == 0 && column == 0 ? window_of(table) : NULL;

    if (item->type == TABLE_ITEM_STRING)
        g_free((char *)item->value.string_value);
    if (window) {
        free_buried(window);
        forget_conversations(window);
    }
}

/* A capture file is closed, and its conversations with it. */
static void
forget(void)
{
    for (unsigned i = 0; i < window_count; i++)
        forget_conversations(windows[i]);
}

/* Wireshark ends. */
static void
end(void)
{
    for (unsigned i = 0; i < window_count; i++) {
        free_buried(windows[i]);
        g_ptr_array_free(windows[i]->buried, TRUE);
        tcpshake_conversation_list_free(windows[i]->gathered);
    }
    window_count = 0;
}

void
tcpshake_title_windows(void)
{
    for (unsigned i = 0; i < window_count; i++) {
        windows[i]->ui.title = tcpshake_phrase_text(windows[i]->title);
        for (unsigned column = 0; column < windows[i]->column_count; column++)
            windows[i]->fields[column].column_name = tcpshake_phrase_text(windows[i]->columns[column].title);
    }
}

void
tcpshake_register_window(tcpshake_window_table *window)
{
    for (unsigned i = 0; i < window->column_count; i++) {
        static const struct {
            stat_tap_table_item_enum type;
            const char              *format;
        } kinds[] = {
            [TCPSHAKE_COLUMN_TEXT] = { TABLE_ITEM_STRING, "%s" },
            [TCPSHAKE_COLUMN_COUNT] = { TABLE_ITEM_UINT, "%u" },
            [TCPSHAKE_COLUMN_SECONDS] = { TABLE_ITEM_FLOAT, "%f" },
            [TCPSHAKE_COLUMN_SHARE] = { TABLE_ITEM_FLOAT, "%.2f" },
        };
        const tcpshake_column_kind kind = window->columns[i].kind;
        window->fields[i] = (stat_tap_table_item){
            .type = kinds[kind].type,
            .align = kind == TCPSHAKE_COLUMN_TEXT ? TAP_ALIGN_LEFT : TAP_ALIGN_RIGHT,
            .field_format = kinds[kind].format,
        };
    }
    window->gathered = tcpshake_conversation_list_new();
    window->buried = g_ptr_array_new();
    window->ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .tap_name = TCPSHAKE_TAP,
        .cli_string = window->name,
        .stat_tap_init_cb = begin,
        .packet_func = take,
        .stat_tap_reset_table_cb = reset,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = window->column_count,
        .fields = window->fields,
    };
    if (window_count == 0) {
        register_cleanup_routine(forget);
        register_shutdown_routine(end);
    }
    windows[window_count++] = window;
    tcpshake_title_windows();
    register_stat_tap_table_ui(&window->ui);
}
