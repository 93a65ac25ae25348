/* outcomes_window.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Not one of Wireshark's trees: those have columns of rates that say nothing here, an order of their own, and another
 * place in the menu than the other two tables.
 */
#include "outcomes_window.h"

#include "outcomes.h"
#include "tables/window_table.h"

static const tcpshake_column columns[] = {
    { TCPSHAKE_PHRASE_NUMBER, TCPSHAKE_COLUMN_COUNT }, { TCPSHAKE_PHRASE_PART, TCPSHAKE_COLUMN_TEXT },
    { TCPSHAKE_PHRASE_OUTCOME, TCPSHAKE_COLUMN_TEXT }, { TCPSHAKE_PHRASE_COUNT, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_SHARE, TCPSHAKE_COLUMN_SHARE },
};
enum { NUMBER, PART, OUTCOME, COUNT, SHARE, CELLS };

G_STATIC_ASSERT(array_length(columns) == CELLS);

/* What a row can be about, in order: all conversations; then of each group those that are in it, and its outcomes. */
enum {
    ALL,
    FIRST_GROUP,
    NODES_OF_GROUP = 1 + TCPSHAKE_OUTCOMES_MAX,
    NODES = FIRST_GROUP + TCPSHAKE_OUTCOME_GROUPS * NODES_OF_GROUP
};

static struct {
    tcpshake_outcome_counts counts;
    GArray                 *outcomes; /* tcpshake_outcomes as counted, by the conversation's number */
    bool                    has_row[NODES];
    uint16_t                nodes[NODES]; /* by the row */
    unsigned                rows;
} shown;

static unsigned
group_node(unsigned group)
{
    return FIRST_GROUP + group * NODES_OF_GROUP;
}

static tcpshake_outcome_group
group_of(unsigned node)
{
    return (tcpshake_outcome_group)((node - FIRST_GROUP) / NODES_OF_GROUP);
}

/* From 1; 0: the group as a whole. */
static unsigned
place_in_group(unsigned node)
{
    return (node - FIRST_GROUP) % NODES_OF_GROUP;
}

static tcpshake_table_cell
count_of(unsigned node)
{
    const tcpshake_outcome_counts *const counts = &shown.counts;

    if (node == ALL)
        return (tcpshake_table_cell){ .count = counts->conversations, .whole = counts->conversations };
    const tcpshake_outcome_group group = group_of(node);
    const unsigned               place = place_in_group(node);
    return place ? (tcpshake_table_cell){ .count = counts->of[group][place - 1], .whole = counts->group[group] }
                 : (tcpshake_table_cell){ .count = counts->group[group], .whole = counts->conversations };
}

/* ---- rows ---- */

/* Its number and counts follow. */
static bool
add_row(tcpshake_window_table *window, unsigned node)
{
    if (shown.has_row[node])
        return false;
    const unsigned      place = node == ALL ? 0 : place_in_group(node);
    tcpshake_table_cell cells[CELLS] = {
        [PART] = { .text = g_strdup(node == ALL ? tcpshake_phrase_text(TCPSHAKE_PHRASE_ALL)
                                                : tcpshake_outcome_group_name(group_of(node))) },
        [OUTCOME] = { .text = g_strdup(place ? tcpshake_outcome_name(group_of(node), place - 1) : "") },
    };
    shown.has_row[node] = true;
    shown.nodes[shown.rows] = (uint16_t)node;
    tcpshake_window_set(window, shown.rows++, cells);
    return true;
}

static bool
add_rows(tcpshake_window_table *window, const tcpshake_outcomes *outcomes)
{
    bool added = add_row(window, ALL);

    for (unsigned group = 0; group < TCPSHAKE_OUTCOME_GROUPS; group++) {
        if (outcomes->of[group])
            added |= add_row(window, group_node(group));
        for (unsigned outcome = 0; outcome < TCPSHAKE_OUTCOMES_MAX && outcomes->of[group] >> outcome; outcome++)
            if (outcomes->of[group] >> outcome & 1)
                added |= add_row(window, group_node(group) + 1 + outcome);
    }
    return added;
}

/* The dialog sorts by the first column. */
static void
number_rows(tcpshake_window_table *window)
{
    uint32_t before[NODES], number = 0;

    for (unsigned node = 0; node < NODES; node++)
        before[node] = number += shown.has_row[node];
    for (unsigned row = 0; row < shown.rows; row++)
        tcpshake_window_set_number(window, row, NUMBER, (tcpshake_table_cell){ .count = before[shown.nodes[row]] });
}

/* ---- what the table calls ---- */

static void
take(tcpshake_window_table *window, const tcpshake_conversation_row *row, const tcpshake_knowledge *knowledge)
{
    const unsigned          number = tcpshake_conversation_list_number(window->gathered, row);
    const tcpshake_outcomes now = tcpshake_outcomes_now(row->conversation, knowledge);
    tcpshake_outcomes       before = now;

    if (tcpshake_exchange_outcomes(shown.outcomes, number, &before))
        tcpshake_count_outcomes(&shown.counts, &before, -1);
    tcpshake_count_outcomes(&shown.counts, &now, 1);

    if (add_rows(window, &now))
        number_rows(window);
    for (unsigned i = 0; i < shown.rows; i++) {
        const tcpshake_table_cell cell = count_of(shown.nodes[i]);
        tcpshake_window_set_number(window, i, COUNT, cell);
        tcpshake_window_set_number(window, i, SHARE, cell);
    }
}

static void
clear(void)
{
    GArray *const outcomes = shown.outcomes;

    if (!outcomes)
        return;
    g_array_set_size(outcomes, 0);
    memset(&shown, 0, sizeof shown);
    shown.outcomes = outcomes;
}

/* Wireshark ends. */
static void
end(void)
{
    g_array_free(shown.outcomes, TRUE);
    shown.outcomes = NULL;
}

void
tcpshake_register_outcomes_window(void)
{
    static tcpshake_window_table window = {
        .title = TCPSHAKE_PHRASE_OUTCOMES_TITLE,
        .name = "tcpshake,tree",
        .columns = columns,
        .column_count = CELLS,
        .take = take,
        .clear = clear,
    };

    shown.outcomes = g_array_new(FALSE, TRUE, sizeof(tcpshake_outcomes));
    register_shutdown_routine(end);
    tcpshake_register_window(&window);
}
