/* tap_tree.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shows what outcomes.c counts, in tshark and to sharkd. A percentage is relative to the parent line. In Wireshark,
 * outcomes_window.c does.
 */
#include "tap_tree.h"

#include "outcomes.h"
#include "tables/printed_table.h"
#include "../capture.h"

#include <epan/stats_tree.h>

/* ---- printed ---- */

static const tcpshake_column columns[] = {
    { TCPSHAKE_PHRASE_OUTCOME, TCPSHAKE_COLUMN_TEXT },
    { TCPSHAKE_PHRASE_COUNT, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_SHARE, TCPSHAKE_COLUMN_SHARE },
};

typedef struct counted {
    unsigned outcome;
    uint32_t count;
} counted;

/* The most frequent first. */
static int
compare(const void *a, const void *b)
{
    const counted *const left = a, *const right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return left->outcome < right->outcome ? -1 : left->outcome > right->outcome;
}

static void
add_line(tcpshake_printed_table *table, int depth, const char *name, uint32_t count, uint32_t whole)
{
    enum { INDENT = 2 };
    tcpshake_table_cell cells[] = { { .text = g_strdup_printf("%*s%s", INDENT * depth, "", name) },
                                    { .count = count },
                                    { .count = count, .whole = whole } };

    tcpshake_table_add(table, cells);
}

static void
add_group(tcpshake_printed_table *table, const tcpshake_outcome_counts *counts, tcpshake_outcome_group group)
{
    counted sorted[TCPSHAKE_OUTCOMES_MAX];

    if (!counts->group[group])
        return;
    add_line(table, 1, tcpshake_outcome_group_name(group), counts->group[group], counts->conversations);
    for (unsigned outcome = 0; outcome < TCPSHAKE_OUTCOMES_MAX; outcome++)
        sorted[outcome] = (counted){ outcome, counts->of[group][outcome] };
    qsort(sorted, TCPSHAKE_OUTCOMES_MAX, sizeof sorted[0], compare);
    for (unsigned i = 0; i < TCPSHAKE_OUTCOMES_MAX && sorted[i].count; i++)
        add_line(table, 2, tcpshake_outcome_name(group, sorted[i].outcome), sorted[i].count, counts->group[group]);
}

static void
draw(tcpshake_call *call)
{
    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge_now();
    tcpshake_outcome_counts *counted = g_new0(tcpshake_outcome_counts, 1);
    tcpshake_printed_table   table;

    for (unsigned i = 0; i < call->gathered->rows->len; i++) {
        const tcpshake_outcomes outcomes =
            tcpshake_outcomes_now(tcpshake_conversation_list_at(call->gathered, i)->conversation, &knowledge);
        tcpshake_count_outcomes(counted, &outcomes, 1);
    }
    tcpshake_table_begin(&table, columns, array_length(columns));
    add_line(&table, 0, tcpshake_phrase_text(TCPSHAKE_PHRASE_ALL), counted->conversations, counted->conversations);
    for (unsigned group = 0; group < TCPSHAKE_OUTCOME_GROUPS; group++)
        add_group(&table, counted, (tcpshake_outcome_group)group);
    tcpshake_table_print(&table, TCPSHAKE_PHRASE_OUTCOMES_TITLE, call->filter, false, NULL);
    g_free(counted);
}

const tcpshake_call_kind tcpshake_tree_call = {
    .name = "tcpshake,tree", .has_window = true, .takes_filter = true, .draw = draw
};

/* ---- for sharkd ---- */

/* One tree that is open. Wireshark gives a tree no place for it. */
typedef struct window {
    tcpshake_conversation_list *gathered;
    GArray                     *outcomes; /* tcpshake_outcomes as counted, by the row in gathered */
} window;

static GHashTable *windows; /* stats_tree → window */

static void
window_clear(void *key _U_, void *value, void *data _U_)
{
    window *w = value;

    tcpshake_conversation_list_clear(w->gathered);
    g_array_set_size(w->outcomes, 0);
}

static void
window_free(void *value)
{
    window *w = value;

    tcpshake_conversation_list_free(w->gathered);
    g_array_free(w->outcomes, TRUE);
    g_free(w);
}

/* Also whenever Wireshark begins to read the capture again. */
static void
window_begin(stats_tree *tree)
{
    window *w = g_new0(window, 1);

    w->gathered = tcpshake_conversation_list_new();
    w->outcomes = g_array_new(FALSE, TRUE, sizeof(tcpshake_outcomes));
    stats_tree_create_node(tree, tcpshake_phrase_text(TCPSHAKE_PHRASE_ALL), 0, STAT_DT_INT, TRUE);
    g_hash_table_replace(windows, tree, w);
}

static void
window_end(stats_tree *tree)
{
    if (windows)
        g_hash_table_remove(windows, tree);
}

/* by: 1 or -1. Nodes come into being when they are counted first. */
static void
window_count(stats_tree *tree, const tcpshake_outcomes *outcomes, int by)
{
    const int all = increase_stat_node(tree, tcpshake_phrase_text(TCPSHAKE_PHRASE_ALL), 0, TRUE, by);

    for (unsigned group = 0; group < TCPSHAKE_OUTCOME_GROUPS; group++) {
        if (!outcomes->of[group])
            continue;
        const int node =
            increase_stat_node(tree, tcpshake_outcome_group_name((tcpshake_outcome_group)group), all, TRUE, by);
        for (unsigned outcome = 0; outcome < TCPSHAKE_OUTCOMES_MAX && outcomes->of[group] >> outcome; outcome++)
            if (outcomes->of[group] >> outcome & 1)
                increase_stat_node(tree, tcpshake_outcome_name((tcpshake_outcome_group)group, outcome), node, FALSE,
                                   by);
    }
}

/* Once all of the capture was read, a conversation is what it is at its first segment already. */
static tap_packet_status
window_take(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data, tap_flags_t flags _U_)
{
    const tcpshake_tapped *const tapped = data;
    window *const                w = g_hash_table_lookup(windows, tree);
    bool                         is_new;

    if (!w)
        return TAP_PACKET_DONT_REDRAW;
    const tcpshake_conversation_row *row = tcpshake_conversation_list_add(w->gathered, tapped, &is_new);
    if (!is_new && tapped->knowledge.hindsight)
        return TAP_PACKET_DONT_REDRAW;

    const unsigned          number = tcpshake_conversation_list_number(w->gathered, row);
    const tcpshake_outcomes now = tcpshake_outcomes_now(row->conversation, &tapped->knowledge);
    tcpshake_outcomes       before = now;
    if (tcpshake_exchange_outcomes(w->outcomes, number, &before))
        window_count(tree, &before, -1);
    window_count(tree, &now, 1);
    return TAP_PACKET_REDRAW;
}

/* A capture file is closed, and its conversations with it. */
static void
forget(void)
{
    if (windows)
        g_hash_table_foreach(windows, window_clear, NULL);
}

/* Wireshark ends. */
static void
end(void)
{
    g_hash_table_destroy(windows);
    windows = NULL;
}

void
tcpshake_register_tree(void)
{
    if (tcpshake_has_windows())
        return;
    windows = g_hash_table_new_full(NULL, NULL, NULL, window_free);
    register_cleanup_routine(forget);
    register_shutdown_routine(end);
    stats_tree_register_plugin(TCPSHAKE_TAP, "tcpshake", tcpshake_phrase_text(TCPSHAKE_PHRASE_OUTCOMES_TITLE), 0,
                               window_take, window_begin, window_end);
}
