/* export_call.c
 * -z tcpshake,export,FILE.csv or FILE.ndjson: a row for each conversation, a column for each of its fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "export_call.h"

#include "../fields/conversation_values.h"
#include "../../text/phrases.h"
#include "../../text/times.h"
#include "../capture_time.h"
#include "../prefs.h"
#include "../capture.h"
#include "open_files.h"

#include <epan/to_str.h>
#include <wsutil/json_dumper.h>

#include <errno.h>
#include <string.h>

enum { DECIMALS = 9 }; /* of a time in seconds */

/* What tells a conversation from others, in front of its fields. */
enum { STREAM, TIME, CLIENT_ADDRESS, CLIENT_PORT, SERVER_ADDRESS, SERVER_PORT, KEYS };
static const char *const keys[KEYS] = {
    "tcp.stream", "frame.time_epoch", "client.ip", "client.port", "server.ip", "server.port",
};

/* How a cell is written: as it stands, or as a text with the format's quotes. */
typedef enum cell_kind { CELL_NONE, CELL_PLAIN, CELL_NAME, CELL_TEXT } cell_kind;

struct export;

/* One format. All cells of a row come in the order of the header. A conversation has some fifty: they are written as
 * they come, without a copy of each. */
typedef struct format {
    const char *suffix;
    void (*header)(struct export *to);
    void (*begin_row)(struct export *to);
    void (*value)(struct export *to, const char *name, cell_kind kind, bool again,
                  const char *text); /* again: one more */
    void (*end_cell)(struct export *to, const char *name, bool is_empty);
    void (*end_row)(struct export *to);
} format;

typedef struct export
{
    FILE           *file;
    const format   *format;
    GString        *row;          /* of a CSV file, so far */
    size_t          cell;         /* where its last cell begins */
    bool            needs_quotes; /* that cell */
    json_dumper     json;
    tcpshake_fields fields;                 /* that are exported */
    cell_kind       kinds[TCPSHAKE_FIELDS]; /* CELL_NONE for one that is not */
    unsigned        field;                  /* whose cell is being written */
    bool            has_value;              /* that cell */
}
export;

/* ---- CSV (RFC 4180) ---- */

static void
csv_value(export *to, const char *name _U_, cell_kind kind, bool again, const char *text)
{
    if (again)
        g_string_append_c(to->row, ';');
    else
        to->cell = to->row->len;
    g_string_append(to->row, text);
    if (kind == CELL_TEXT && text[strcspn(text, ",\"\r\n")])
        to->needs_quotes = true;
}

static void
quote(GString *row, size_t cell)
{
    char *const text = g_strdup(row->str + cell);

    g_string_truncate(row, cell);
    g_string_append_c(row, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            g_string_append_c(row, '"');
        g_string_append_c(row, *c);
    }
    g_string_append_c(row, '"');
    g_free(text);
}

static void
csv_end_cell(export *to, const char *name _U_, bool is_empty _U_)
{
    if (to->needs_quotes)
        quote(to->row, to->cell);
    to->needs_quotes = false;
    g_string_append_c(to->row, ',');
}

static void
csv_end_row(export *to)
{
    g_string_truncate(to->row, to->row->len - 1); /* the last comma */
    g_string_append(to->row, "\r\n");
    fwrite(to->row->str, 1, to->row->len, to->file);
    g_string_truncate(to->row, 0);
}

static void
csv_header(export *to)
{
    for (unsigned i = 0; i < KEYS; i++)
        g_string_append_printf(to->row, "%s,", keys[i]);
    for (unsigned field = 0; field < TCPSHAKE_FIELDS; field++)
        if (to->kinds[field])
            g_string_append_printf(to->row, "%s,", tcpshake_field_infos[field].hfinfo.abbrev);
    csv_end_row(to);
}

static void
csv_begin_row(export *to _U_)
{
}

/* ---- NDJSON: an object a line ---- */

static void
ndjson_header(export *to _U_)
{
}

static void
ndjson_begin_row(export *to)
{
    memset(&to->json, 0, sizeof to->json);
    to->json.output_file = to->file;
    json_dumper_begin_object(&to->json);
}

/* Always there, if empty. */
static bool
is_anomalies(const char *name)
{
    return strcmp(name, tcpshake_field_infos[HF_conn_anomaly].hfinfo.abbrev) == 0;
}

static bool
is_list(const char *name)
{
    return is_anomalies(name) || g_str_has_prefix(name, tcpshake_field_infos[HF_twin].hfinfo.abbrev);
}

static void
ndjson_value(export *to, const char *name, cell_kind kind, bool again, const char *text)
{
    if (!again) {
        json_dumper_set_member_name(&to->json, name);
        if (is_list(name))
            json_dumper_begin_array(&to->json);
    }
    if (kind == CELL_PLAIN)
        json_dumper_value_anyf(&to->json, "%s", text);
    else
        json_dumper_value_string(&to->json, text);
}

static void
ndjson_end_cell(export *to, const char *name, bool is_empty)
{
    if (!is_list(name) || (is_empty && !is_anomalies(name)))
        return;
    if (is_empty) {
        json_dumper_set_member_name(&to->json, name);
        json_dumper_begin_array(&to->json);
    }
    json_dumper_end_array(&to->json);
}

static void
ndjson_end_row(export *to)
{
    json_dumper_end_object(&to->json);
    json_dumper_finish(&to->json); /* ends the line */
}

static const format formats[] = {
    { ".csv", csv_header, csv_begin_row, csv_value, csv_end_cell, csv_end_row },
    { ".ndjson", ndjson_header, ndjson_begin_row, ndjson_value, ndjson_end_cell, ndjson_end_row },
};

/* ---- what is exported ---- */

/* Names are what a field of ours of one byte holds. */
static cell_kind
kind_of(tcpshake_field field)
{
    const header_field_info *info = &tcpshake_field_infos[field].hfinfo;

    if (info->type == FT_STRING)
        return CELL_TEXT;
    return info->type == FT_UINT8 && info->strings ? CELL_NAME : CELL_PLAIN;
}

/* Ends the cells in front of that of field. */
static void
go_on_to(export *to, unsigned field)
{
    for (; to->field < field; to->field++) {
        if (to->kinds[to->field])
            to->format->end_cell(to, tcpshake_field_infos[to->field].hfinfo.abbrev, !to->has_value);
        to->has_value = false;
    }
}

static void
write_value(void *with, const tcpshake_value *value)
{
    export     *to = with;
    char        digits[64];
    const char *text = digits;

    switch (value->kind) {
    case TCPSHAKE_VALUE_NUMBER:
        if (to->kinds[value->field] == CELL_NAME)
            text = tcpshake_value_name(value->field, value->number);
        else
            tcpshake_text_number(value->number, digits, sizeof digits);
        break;
    case TCPSHAKE_VALUE_FLAG: text = value->number ? "true" : "false"; break;
    case TCPSHAKE_VALUE_TIME: tcpshake_text_seconds(value->time, DECIMALS, digits, sizeof digits); break;
    case TCPSHAKE_VALUE_TEXT: text = value->text; break;
    }
    go_on_to(to, value->field);
    to->format->value(to, tcpshake_field_infos[value->field].hfinfo.abbrev, to->kinds[value->field], to->has_value,
                      text);
    to->has_value = true;
}

static void
write_key(export *to, unsigned key, cell_kind kind, const char *text)
{
    if (text[0])
        to->format->value(to, keys[key], kind, false, text);
    to->format->end_cell(to, keys[key], !text[0]);
}

static void
write_number(export *to, unsigned key, uint32_t number)
{
    char text[16];

    write_key(to, key, CELL_PLAIN, tcpshake_text_number(number, text, sizeof text));
}

static void
write_end(export *to, unsigned address_key, const tcpshake_end_point *end)
{
    char text[MAX_ADDR_STR_LEN];

    address_to_str_buf(&end->address, text, sizeof text);
    write_key(to, address_key, CELL_TEXT, text);
    write_number(to, address_key + 1, end->port);
}

static void
write_row(export *to, const tcpshake_conversation_row *row, const tcpshake_knowledge *knowledge)
{
    const tcpshake_reader reader = { to->fields, write_value, to };
    tcpshake_summary      summary;
    char                  text[64];

    tcpshake_summarise(row->conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
    to->format->begin_row(to);
    write_number(to, STREAM, row->stream);
    const int64_t began = row->conversation->first.time;
    tcpshake_text_seconds(began, DECIMALS, text, sizeof text);
    write_key(to, TIME, CELL_PLAIN, tcpshake_is_point_in_time(began) ? text : "");
    write_end(to, CLIENT_ADDRESS, tcpshake_client_of(row));
    write_end(to, SERVER_ADDRESS, tcpshake_server_of(row));
    to->field = 0;
    to->has_value = false;
    tcpshake_read_conversation(row->conversation, &summary, knowledge, &reader);
    go_on_to(to, TCPSHAKE_FIELDS);
    to->format->end_row(to);
}

/* ---- the call ---- */

/* Of a file whose name has more than the suffix. */
static const format *
format_of(const char *file)
{
    const size_t length = strlen(file);

    for (size_t i = 0; i < array_length(formats); i++) {
        const size_t suffix = strlen(formats[i].suffix);
        if (length > suffix && strcmp(file + length - suffix, formats[i].suffix) == 0 &&
            !G_IS_DIR_SEPARATOR(file[length - suffix - 1]))
            return &formats[i];
    }
    return NULL;
}

/* In vain: the export is given up, so that Wireshark, which draws again and again, does not say so each time. */
static void
open_file(tcpshake_call *call)
{
    export *to = call->own;

    to->file = tcpshake_open_file(call->argument, "wb");
    if (to->file)
        return;
    to->format = NULL;
    tcpshake_call_failed(tcpshake_phrase_text(TCPSHAKE_PHRASE_CANNOT_WRITE), call->argument, g_strerror(errno));
}

/* The file is opened now: who waits for a long capture should not learn only then that it cannot be written. */
static void
begin(tcpshake_call *call)
{
    export *to = g_new0(export, 1);

    call->own = to;
    to->format = format_of(call->argument);
    if (!to->format) {
        tcpshake_call_failed("%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_NO_EXPORT_FILE));
        return;
    }
    to->row = g_string_new(NULL);
    for (unsigned field = HF_CONVERSATION; field < TCPSHAKE_FIELDS; field++) {
        if (field == HF_time_wait_remaining) /* a segment's */
            continue;
        to->kinds[field] = kind_of((tcpshake_field)field);
        to->fields |= (tcpshake_fields)1 << (field - HF_CONVERSATION);
    }
    open_file(call);
}

/* Until the disk is full. */
static void
write_rows(export *to, const tcpshake_conversation_list *gathered)
{
    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge_now();
    GPtrArray               *rows = tcpshake_conversation_list_by_stream(gathered);

    to->format->header(to);
    for (unsigned i = 0; i < rows->len && !ferror(to->file); i++)
        write_row(to, g_ptr_array_index(rows, i), &knowledge);
    g_ptr_array_free(rows, TRUE);
}

/* Closes the file as well: only then it is certain that all of it was written. Wireshark may draw several times; the
 * file holds what was known the last time. */
static void
draw(tcpshake_call *call)
{
    export *to = call->own;

    if (to->format && !to->file)
        open_file(call);
    if (!to->format)
        return;
    write_rows(to, call->gathered);
    const bool failed = fflush(to->file) != 0 || ferror(to->file);
    int        error = errno;
    const bool closed = fclose(to->file) == 0;
    if (!failed)
        error = errno;
    to->file = NULL;
    if (failed || !closed) {
        to->format = NULL;
        tcpshake_call_failed(tcpshake_phrase_text(TCPSHAKE_PHRASE_COULD_NOT_WRITE), call->argument, g_strerror(error));
    }
}

static void
end(tcpshake_call *call)
{
    export *to = call->own;

    if (!to)
        return;
    if (to->file)
        fclose(to->file);
    if (to->row)
        g_string_free(to->row, TRUE);
    g_free(to);
}

const tcpshake_call_kind tcpshake_export_call = { .name = "tcpshake,export", .begin = begin, .draw = draw, .end = end };
