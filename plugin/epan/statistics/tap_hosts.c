/* tap_hosts.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The counts cover the conversations that pass the filter. The peaks and the column about ISNs cover the whole capture,
 * because the core follows them in the first pass, before any filter is known.
 */
#include "tap_hosts.h"

#include "host_ranks.h"
#include "host_tally.h"
#include "../prefs.h"
#include "tables/printed_table.h"
#include "../capture.h"
#include "tables/window_table.h"

#include <epan/to_str.h>

/* A window has a number first: the dialog sorts by its first column, and addresses as texts. */
static const tcpshake_column columns[] = {
    { TCPSHAKE_PHRASE_NUMBER, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_HOST, TCPSHAKE_COLUMN_TEXT },
    { TCPSHAKE_PHRASE_ALL, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_OPENED, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_ESTABLISHED, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_REFUSED, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_TIMED_OUT, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_UNFINISHED, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_ACCEPTED, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_TURNED_AWAY, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_NOT_ANSWERED, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_PEAK_HALF_OPEN, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_PEAK_TIME_WAIT, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_PEAK_CLOSE_WAIT, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_PEAK_FIN_WAIT_2, TCPSHAKE_COLUMN_COUNT },
    { TCPSHAKE_PHRASE_ISNS, TCPSHAKE_COLUMN_TEXT },
};
enum {
    NUMBER,
    HOST,
    TALLIES,
    PEAK_HALF_OPEN = TALLIES + TCPSHAKE_TALLIES,
    PEAK_TIME_WAIT,
    PEAK_CLOSE_WAIT,
    PEAK_FIN_WAIT_2,
    ISNS,
    CELLS
};

G_STATIC_ASSERT(array_length(columns) == CELLS);

/* ---- a row ---- */

/* With isn_predictable turned off, what its preset would say. */
enum { ISNS_PRESET = 5 };

static char *
isn_text(tcpshake_address host)
{
    const tcpshake_hosts *const hosts = tcpshake_capture_hosts();
    const uint32_t              limit = tcpshake_prefs.limits.isn_predictable;
    const uint32_t              enough = limit ? MAX(limit, 2) : ISNS_PRESET;
    tcpshake_isn_run            longest = { 0, 0, false };
    uint32_t                    most = 0;

    for (int as_server = 0; hosts && as_server <= 1; as_server++) {
        const tcpshake_isn_run run = tcpshake_hosts_longest_isn_run(hosts, host, as_server);
        const uint32_t         count = tcpshake_hosts_isn_count(hosts, host, as_server);
        if (run.length > longest.length)
            longest = run;
        most = MAX(most, count);
    }
    if (longest.length >= enough && longest.step == 0)
        return g_strdup(tcpshake_phrase_text(TCPSHAKE_PHRASE_ISN_REPEATS));
    if (longest.length >= enough)
        return g_strdup_printf(tcpshake_phrase_text(TCPSHAKE_PHRASE_ISN_STEP), (int32_t)longest.step);
    return g_strdup(tcpshake_phrase_text(most >= enough ? TCPSHAKE_PHRASE_ISN_RANDOM : TCPSHAKE_PHRASE_ISN_TOO_FEW));
}

static void
fill(const tcpshake_tallied_host *host, tcpshake_table_cell *cells)
{
    const tcpshake_address      key = { host->address.data, (uint8_t)MIN(host->address.len, UINT8_MAX) };
    const tcpshake_hosts *const hosts = tcpshake_capture_hosts();
    char                       *name = address_to_str(NULL, &host->address);

    memset(cells, 0, CELLS * sizeof *cells);
    cells[HOST].text = g_strdup(name);
    for (unsigned i = 0; i < TCPSHAKE_TALLIES; i++)
        cells[TALLIES + i].count = host->count[i];
    if (hosts) {
        cells[PEAK_HALF_OPEN].count = tcpshake_group_peak(hosts, TCPSHAKE_GROUP_HALF_OPEN, key);
        cells[PEAK_TIME_WAIT].count = tcpshake_group_peak(hosts, TCPSHAKE_GROUP_TIME_WAIT, key);
        cells[PEAK_CLOSE_WAIT].count = tcpshake_hosts_peak_of_waits(hosts, key, TCPSHAKE_WAIT_IN_CLOSE_WAIT);
        cells[PEAK_FIN_WAIT_2].count = tcpshake_hosts_peak_of_waits(hosts, key, TCPSHAKE_WAIT_IN_FIN_WAIT_2);
    }
    cells[ISNS].text = isn_text(key);
    wmem_free(NULL, name);
}

/* ---- printed ---- */

/* Who opened most comes first, then who accepted most. */
static int
compare(const void *a, const void *b)
{
    static const tcpshake_tally by[] = { TCPSHAKE_TALLY_OPENED, TCPSHAKE_TALLY_ACCEPTED, TCPSHAKE_TALLY_CONVERSATIONS };
    const tcpshake_tallied_host *const left = *(const tcpshake_tallied_host *const *)a;
    const tcpshake_tallied_host *const right = *(const tcpshake_tallied_host *const *)b;

    for (size_t i = 0; i < array_length(by); i++)
        if (left->count[by[i]] != right->count[by[i]])
            return left->count[by[i]] > right->count[by[i]] ? -1 : 1;
    return cmp_address(&left->address, &right->address);
}

/* A conversation has two hosts: counts of conversations are not added up from theirs. */
static void
add_total(tcpshake_printed_table *table, const tcpshake_host_tally *tally, uint32_t conversations)
{
    tcpshake_table_cell total[CELLS] = { [HOST] = { .text = g_strdup(tcpshake_phrase_text(TCPSHAKE_PHRASE_TOTAL)) } };

    for (unsigned host = 0; host < tally->hosts->len; host++)
        for (unsigned i = 0; i < TCPSHAKE_TALLIES; i++)
            total[TALLIES + i].count += tcpshake_tallied_host_at(tally, host)->count[i];
    total[TALLIES + TCPSHAKE_TALLY_CONVERSATIONS].count = conversations;
    for (unsigned cell = PEAK_HALF_OPEN; cell < CELLS; cell++)
        total[cell].blank = true;
    tcpshake_table_add(table, total + HOST);
}

static void
draw(tcpshake_call *call)
{
    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge_now();
    tcpshake_host_tally     *tally = tcpshake_host_tally_new();
    tcpshake_printed_table   table;
    tcpshake_table_cell      cells[CELLS];

    for (unsigned i = 0; i < call->gathered->rows->len; i++) {
        const tcpshake_conversation_row *row = tcpshake_conversation_list_at(call->gathered, i);
        tcpshake_summary                 summary;
        unsigned                         hosts[TCPSHAKE_ENDS];
        tcpshake_summarise(row->conversation, &tcpshake_prefs.limits, &knowledge, NULL, &summary);
        tcpshake_host_tally_count(tally, i, row, &summary, hosts);
    }
    tcpshake_table_begin(&table, columns + HOST, CELLS - HOST);
    GPtrArray *sorted = g_ptr_array_sized_new(tally->hosts->len);
    for (unsigned i = 0; i < tally->hosts->len; i++)
        g_ptr_array_add(sorted, (void *)tcpshake_tallied_host_at(tally, i));
    g_ptr_array_sort(sorted, compare);
    for (unsigned i = 0; i < sorted->len; i++) {
        fill(g_ptr_array_index(sorted, i), cells);
        tcpshake_table_add(&table, cells + HOST);
    }
    add_total(&table, tally, call->gathered->rows->len);
    tcpshake_table_print(&table, TCPSHAKE_PHRASE_HOSTS_TITLE, call->filter, true, NULL);
    g_ptr_array_free(sorted, TRUE);
    tcpshake_host_tally_free(tally);
}

const tcpshake_call_kind tcpshake_hosts_call = {
    .name = "tcpshake,hosts", .has_window = true, .takes_filter = true, .draw = draw
};

/* ---- in a window ---- */

static tcpshake_host_tally *shown; /* row by row as in the window */

static void
take(tcpshake_window_table *window, const tcpshake_conversation_row *row, const tcpshake_knowledge *knowledge)
{
    tcpshake_summary    summary;
    tcpshake_table_cell cells[CELLS];
    unsigned            hosts[TCPSHAKE_ENDS];

    tcpshake_summarise(row->conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
    tcpshake_host_tally_count(shown, tcpshake_conversation_list_number(window->gathered, row), row, &summary, hosts);
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const tcpshake_tallied_host *const host = tcpshake_tallied_host_at(shown, hosts[end]);
        fill(host, cells);
        cells[NUMBER].count = tcpshake_host_rank(&host->address);
        tcpshake_window_set(window, hosts[end], cells);
    }
}

static void
clear(void)
{
    if (shown)
        tcpshake_host_tally_clear(shown);
    tcpshake_forget_host_ranks();
}

/* Wireshark ends. */
static void
end(void)
{
    tcpshake_host_tally_free(shown);
    shown = NULL;
    tcpshake_forget_host_ranks();
}

void
tcpshake_register_hosts(void)
{
    static tcpshake_window_table window = {
        .title = TCPSHAKE_PHRASE_HOSTS_TITLE,
        .name = "tcpshake,hosts",
        .columns = columns,
        .column_count = CELLS,
        .take = take,
        .clear = clear,
    };

    shown = tcpshake_host_tally_new();
    register_shutdown_routine(end);
    tcpshake_register_window(&window);
}
