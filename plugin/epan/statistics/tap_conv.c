/* tap_conv.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tap_conv.h"

#include "outcomes.h"
#include "../fields/fields.h"
#include "../prefs.h"
#include "tables/printed_table.h"
#include "../capture.h"
#include "tables/window_table.h"

#include "../../text/text.h"
#include "../../core/zeek/zeek.h"

enum { TEXT_SIZE = 240 }; /* what Wireshark shows of a field */

/* What there is to say of a conversation; the columns of both painters are chosen from it. */
typedef enum value {
    STREAM,
    CLIENT,
    SERVER,
    STATE,
    HISTORY,
    HANDSHAKE,
    TEARDOWN,
    CLOSED_BY,
    TWIN,
    CONNECTION_TIME,
    LIFETIME,
    VERDICT,
    ANOMALIES,
    VALUES
} value;

#define COLUMNS(of)                                                                                           \
    of(STREAM, COUNT) of(CLIENT, TEXT) of(SERVER, TEXT) of(STATE, TEXT) of(HISTORY, TEXT) of(HANDSHAKE, TEXT) \
        of(TEARDOWN, TEXT) of(CLOSED_BY, TEXT) of(TWIN, TEXT)

#define COLUMN(value, kind) { TCPSHAKE_PHRASE_##value, TCPSHAKE_COLUMN_##kind },
#define VALUE(value, kind)  value,

/* The longest last. */
static const tcpshake_column printed_columns[] = { COLUMNS(COLUMN) COLUMN(CONNECTION_TIME, SECONDS) COLUMN(
    LIFETIME, SECONDS) COLUMN(VERDICT, TEXT) COLUMN(ANOMALIES, TEXT) };
static const uint8_t         printed_values[] = { COLUMNS(VALUE) CONNECTION_TIME, LIFETIME, VERDICT, ANOMALIES };

/* What may have no value last, see window_table.c; without a lifetime there is no connection time. */
static const tcpshake_column window_columns[] = { COLUMNS(COLUMN) COLUMN(ANOMALIES, TEXT) COLUMN(VERDICT, TEXT)
                                                      COLUMN(LIFETIME, SECONDS) COLUMN(CONNECTION_TIME, SECONDS) };
static const uint8_t         window_values[] = { COLUMNS(VALUE) ANOMALIES, VERDICT, LIFETIME, CONNECTION_TIME };

/* "3, 7": the streams of its twins; "" if there are none. */
static char *
twins_text(const tcpshake_conversation *conversation)
{
    GString *const text = g_string_new(NULL);

    for (const tcpshake_twin *twin = NULL; (twin = tcpshake_next_twin(conversation, twin)) != NULL;)
        g_string_append_printf(text, "%s%" PRIu32, text->len ? ", " : "", twin->stream);
    return g_string_free(text, FALSE);
}

/* values: which of them, cell by cell. */
static void
fill(const tcpshake_conversation_row *row, const tcpshake_knowledge *knowledge, const uint8_t *values,
     tcpshake_table_cell *cells)
{
    const tcpshake_conversation *const conversation = row->conversation;
    tcpshake_summary                   summary;
    char                               history[TEXT_SIZE], verdict[TEXT_SIZE];

    tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
    tcpshake_zeek_history(&conversation->zeek, history, sizeof history);
    tcpshake_text_verdict(conversation, &summary, knowledge, verdict, sizeof verdict);
    const tcpshake_table_cell all[VALUES] = {
        [STREAM] = { .count = row->stream },
        [CLIENT] = { .text = tcpshake_end_text(tcpshake_client_of(row)) },
        [SERVER] = { .text = tcpshake_end_text(tcpshake_server_of(row)) },
        [STATE] = { .text = g_strdup(tcpshake_zeek_state(&conversation->zeek)) },
        [HISTORY] = { .text = g_strdup(history) },
        [HANDSHAKE] = { .text = g_strdup(tcpshake_value_name(HF_handshake, summary.handshake)) },
        [TEARDOWN] = { .text = g_strdup(tcpshake_value_name(HF_teardown, summary.teardown)) },
        [CLOSED_BY] = { .text = g_strdup(tcpshake_value_name(HF_closed_by, summary.closed_by)) },
        [TWIN] = { .text = twins_text(conversation) },
        [CONNECTION_TIME] = { .time = summary.connection_time },
        [LIFETIME] = { .time = summary.lifetime },
        [VERDICT] = { .text = g_strdup(verdict) },
        [ANOMALIES] = { .text = tcpshake_anomaly_names(summary.anomalies) },
    };
    for (unsigned i = 0; i < VALUES; i++)
        cells[i] = all[values[i]];
}

/* ---- printed ---- */

static void
draw(tcpshake_call *call)
{
    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge_now();
    const unsigned           count = call->gathered->rows->len;
    GPtrArray               *sorted = tcpshake_conversation_list_by_stream(call->gathered);
    tcpshake_printed_table   table;
    tcpshake_table_cell      cells[VALUES];

    tcpshake_table_begin(&table, printed_columns, array_length(printed_columns));
    for (unsigned i = 0; i < count; i++) {
        fill(g_ptr_array_index(sorted, i), &knowledge, printed_values, cells);
        tcpshake_table_add(&table, cells);
    }
    char *footer = g_strdup_printf(tcpshake_phrase_text(TCPSHAKE_PHRASE_NUMBER_OF_CONVERSATIONS), count);
    tcpshake_table_print(&table, TCPSHAKE_PHRASE_CONVERSATIONS_TITLE, call->filter, false, footer);
    g_free(footer);
    g_ptr_array_free(sorted, TRUE);
}

const tcpshake_call_kind tcpshake_conv_call = {
    .name = "tcpshake,conv", .has_window = true, .takes_filter = true, .draw = draw
};

/* ---- in a window ---- */

static void
take(tcpshake_window_table *window, const tcpshake_conversation_row *row, const tcpshake_knowledge *knowledge)
{
    tcpshake_table_cell cells[VALUES];

    fill(row, knowledge, window_values, cells);
    tcpshake_window_set(window, tcpshake_conversation_list_number(window->gathered, row), cells);
}

void
tcpshake_register_conv(void)
{
    static tcpshake_window_table window = {
        .title = TCPSHAKE_PHRASE_CONVERSATIONS_TITLE,
        .name = "tcpshake,conv",
        .columns = window_columns,
        .column_count = array_length(window_columns),
        .take = take,
    };

    tcpshake_register_window(&window);
}
