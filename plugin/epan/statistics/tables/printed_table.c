/* printed_table.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "printed_table.h"

#include "../../compat.h"

#include "../../../core/outcome/verdict.h"
#include "../../../story/width.h"

#include <stdio.h>

enum { GAP = 2 }; /* between columns */

/* How many places it takes on a terminal. A name that was resolved need not be UTF-8. */
static unsigned
width_of(const char *text)
{
    return g_utf8_validate(text, -1, NULL) ? tcpshake_text_width(text) : (unsigned)strlen(text);
}

static char *
text_of(const tcpshake_column *column, const tcpshake_table_cell *cell)
{
    if (cell->blank)
        return g_strdup("");
    switch (column->kind) {
    case TCPSHAKE_COLUMN_COUNT: return g_strdup_printf("%u", cell->count);
    case TCPSHAKE_COLUMN_SECONDS:
        if (cell->time != TCPSHAKE_NO_TIME)
            return g_strdup_printf("%.6f", (double)cell->time / 1e9);
        break;
    case TCPSHAKE_COLUMN_SHARE:
        if (cell->whole)
            return g_strdup_printf("%.2f%%", cell->count * 100.0 / cell->whole);
        break;
    case TCPSHAKE_COLUMN_TEXT:
        if (cell->text && *cell->text)
            return g_strdup(cell->text);
        break;
    }
    return g_strdup("-");
}

void
tcpshake_table_begin(tcpshake_printed_table *table, const tcpshake_column *columns, unsigned column_count)
{
    *table = (tcpshake_printed_table){ .columns = columns, .column_count = column_count };
    table->texts = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < column_count; i++)
        table->width[i] = width_of(tcpshake_phrase_text(columns[i].title));
}

void
tcpshake_table_add(tcpshake_printed_table *table, tcpshake_table_cell *cells)
{
    for (unsigned i = 0; i < table->column_count; i++) {
        char *text = text_of(&table->columns[i], &cells[i]);
        table->width[i] = MAX(table->width[i], width_of(text));
        g_ptr_array_add(table->texts, text);
    }
    tcpshake_clear_cells(cells, table->column_count);
}

static void
add_cell(const tcpshake_printed_table *table, unsigned column, const char *text, GString *line)
{
    const unsigned padding = table->width[column] - width_of(text);
    const bool     last = column + 1 == table->column_count;
    const bool     left = table->columns[column].kind == TCPSHAKE_COLUMN_TEXT;

    if (!left)
        tcpshake_append_repeated(line, " ", padding);
    g_string_append(line, text);
    if (!last)
        tcpshake_append_repeated(line, " ", (left ? padding : 0) + GAP);
}

/* texts: one for each column. A line is put together first: printf() for each cell takes longer than all the rest. */
static void
print_line(const tcpshake_printed_table *table, const char *const *texts, GString *line)
{
    g_string_truncate(line, 0);
    for (unsigned i = 0; i < table->column_count; i++)
        add_cell(table, i, texts[i], line);
    puts(line->str);
}

static void
print_rule(const tcpshake_printed_table *table, char mark)
{
    unsigned width = 0;

    for (unsigned i = 0; i < table->column_count; i++)
        width += i + 1 < table->column_count ? table->width[i] + GAP
                                             : width_of(tcpshake_phrase_text(table->columns[i].title));
    for (unsigned i = 0; i < width; i++)
        putchar(mark);
    putchar('\n');
}

static void
print_head(const tcpshake_printed_table *table, tcpshake_phrase title, const char *filter, GString *line)
{
    const char *titles[TCPSHAKE_COLUMNS_MAX];

    print_rule(table, '=');
    puts(tcpshake_phrase_text(title));
    if (filter) {
        printf(tcpshake_phrase_text(TCPSHAKE_PHRASE_FILTER), filter);
        putchar('\n');
    }
    print_rule(table, '-');
    for (unsigned i = 0; i < table->column_count; i++)
        titles[i] = tcpshake_phrase_text(table->columns[i].title);
    print_line(table, titles, line);
}

void
tcpshake_table_print(tcpshake_printed_table *table, tcpshake_phrase title, const char *filter, bool total,
                     const char *footer)
{
    const unsigned rows = table->texts->len / table->column_count;
    GString *const line = g_string_new(NULL);

    print_head(table, title, filter, line);
    for (unsigned row = 0; row < rows; row++) {
        if (total && row + 1 == rows)
            print_rule(table, '-');
        print_line(table, (const char *const *)table->texts->pdata + (size_t)row * table->column_count, line);
    }
    if (footer) {
        print_rule(table, '-');
        puts(footer);
    }
    print_rule(table, '=');
    g_string_free(line, TRUE);
    g_ptr_array_free(table->texts, TRUE);
}
