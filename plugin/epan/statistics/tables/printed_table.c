/* printed_table.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "printed_table.h"

#include "../../compat.h"

#include "../../../core/outcome/verdict.h"
#include "../../../story/width.h"

#include <stdio.h>

enum { GAP = 2 }; /* between columns */

/* length: of its text; width: how many places that takes on a terminal. */
typedef struct printed_cell {
    uint32_t length, width;
} printed_cell;

/* A name that was resolved need not be UTF-8. */
static unsigned
width_of(const char *text)
{
    return g_utf8_validate(text, -1, NULL) ? tcpshake_text_width(text) : (unsigned)strlen(text);
}

/* printf() for each cell takes longer than all the rest. */
static void
append_count(GString *to, uint32_t count)
{
    enum { DIGITS_MAX = 10, TEN = 10 };
    char     digits[DIGITS_MAX];
    unsigned at = DIGITS_MAX;

    do
        digits[--at] = (char)('0' + count % TEN);
    while ((count /= TEN) > 0);
    g_string_append_len(to, digits + at, DIGITS_MAX - at);
}

static void
append_text(GString *to, const tcpshake_column *column, const tcpshake_table_cell *cell)
{
    if (cell->blank)
        return;
    if (column->kind == TCPSHAKE_COLUMN_COUNT)
        append_count(to, cell->count);
    else if (column->kind == TCPSHAKE_COLUMN_SECONDS && cell->time != TCPSHAKE_NO_TIME)
        g_string_append_printf(to, "%.6f", (double)cell->time / 1e9);
    else if (column->kind == TCPSHAKE_COLUMN_SHARE && cell->whole)
        g_string_append_printf(to, "%.2f%%", cell->count * 100.0 / cell->whole);
    else if (column->kind == TCPSHAKE_COLUMN_TEXT && cell->text && *cell->text)
        g_string_append(to, cell->text);
    else
        g_string_append_c(to, '-');
}

void
tcpshake_table_begin(tcpshake_printed_table *table, const tcpshake_column *columns, unsigned column_count)
{
    *table = (tcpshake_printed_table){ .columns = columns, .column_count = column_count };
    table->cells = g_array_new(FALSE, FALSE, sizeof(printed_cell));
    table->texts = g_string_new(NULL);
    for (unsigned i = 0; i < column_count; i++)
        table->width[i] = width_of(tcpshake_phrase_text(columns[i].title));
}

void
tcpshake_table_add(tcpshake_printed_table *table, tcpshake_table_cell *cells)
{
    const unsigned already = table->cells->len;

    g_array_set_size(table->cells, already + table->column_count);
    for (unsigned i = 0; i < table->column_count; i++) {
        printed_cell *const cell = &g_array_index(table->cells, printed_cell, already + i);
        const size_t        before = table->texts->len;
        append_text(table->texts, &table->columns[i], &cells[i]);
        cell->length = cell->width = (uint32_t)(table->texts->len - before);
        if (table->columns[i].kind == TCPSHAKE_COLUMN_TEXT)
            cell->width = width_of(table->texts->str + before);
        table->width[i] = MAX(table->width[i], cell->width);
    }
    tcpshake_clear_cells(cells, table->column_count);
}

static char *
put(char *to, const char *text, size_t length)
{
    memcpy(to, text, length);
    return to + length;
}

static char *
put_spaces(char *to, unsigned count)
{
    memset(to, ' ', count);
    return to + count;
}

/* Room for what is shorter, and for what has more bytes than places. */
static char *
begin_line(const tcpshake_printed_table *table, const printed_cell *cells, GString *line)
{
    size_t longest = 0;

    for (unsigned i = 0; i < table->column_count; i++)
        longest += table->width[i] + GAP + cells[i].length;
    g_string_set_size(line, longest);
    return line->str;
}

/* Returns where the texts of the next row begin. */
static const char *
print_row(const tcpshake_printed_table *table, const printed_cell *cells, const char *texts, GString *line)
{
    char *at = begin_line(table, cells, line);

    for (unsigned i = 0; i < table->column_count; i++) {
        const unsigned padding = table->width[i] - cells[i].width;
        const bool     last = i + 1 == table->column_count;
        const bool     left = table->columns[i].kind == TCPSHAKE_COLUMN_TEXT;
        if (!left)
            at = put_spaces(at, padding);
        at = put(at, texts, cells[i].length);
        if (!last)
            at = put_spaces(at, (left ? padding : 0) + GAP);
        texts += cells[i].length;
    }
    *at = '\0';
    puts(line->str);
    return texts;
}

static void
print_titles(const tcpshake_printed_table *table, GString *line)
{
    GString *const texts = g_string_new(NULL);
    printed_cell   cells[TCPSHAKE_COLUMNS_MAX];

    for (unsigned i = 0; i < table->column_count; i++) {
        const char *const title = tcpshake_phrase_text(table->columns[i].title);
        cells[i] = (printed_cell){ (uint32_t)strlen(title), width_of(title) };
        g_string_append(texts, title);
    }
    print_row(table, cells, texts->str, line);
    g_string_free(texts, TRUE);
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
    print_rule(table, '=');
    puts(tcpshake_phrase_text(title));
    if (filter) {
        printf(tcpshake_phrase_text(TCPSHAKE_PHRASE_FILTER), filter);
        putchar('\n');
    }
    print_rule(table, '-');
    print_titles(table, line);
}

void
tcpshake_table_print(tcpshake_printed_table *table, tcpshake_phrase title, const char *filter, bool total,
                     const char *footer)
{
    const unsigned rows = table->cells->len / table->column_count;
    const char    *texts = table->texts->str;
    GString *const line = g_string_new(NULL);

    print_head(table, title, filter, line);
    for (unsigned row = 0; row < rows; row++) {
        if (total && row + 1 == rows)
            print_rule(table, '-');
        texts = print_row(table, &g_array_index(table->cells, printed_cell, (size_t)row * table->column_count), texts,
                          line);
    }
    if (footer) {
        print_rule(table, '-');
        puts(footer);
    }
    print_rule(table, '=');
    g_string_free(line, TRUE);
    g_string_free(table->texts, TRUE);
    g_array_free(table->cells, TRUE);
}
