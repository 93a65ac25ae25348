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
#include "../streams.h"
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
typedef enum cell_kind { CELL_PLAIN, CELL_TEXT } cell_kind;

struct export;

/* One format. All cells of a row come in the order of the header. */
typedef struct format {
    const char *suffix;
    void (*header)(struct export *to);
    void (*begin_row)(struct export *to);
    void (*cell)(struct export *to, const char *name, cell_kind kind, const char *const *values, unsigned count);
    void (*end_row)(struct export *to);
} format;

typedef struct export
{
    FILE         *file;
    const format *format;
    bool          begun; /* this row has a cell already */
    json_dumper   json;
    GPtrArray *cells[TCPSHAKE_FIELDS]; /* of the conversation at hand: texts; NULL for a field that is not exported */
}
export;

/* ---- CSV (RFC 4180) ---- */

/* Several values of a field stand in one cell. */
static const char between_values[] = ";";

static void
csv_text(export *to, const char *text)
{
    if (to->begun)
        fputc(',', to->file);
    to->begun = true;
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, to->file);
        return;
    }
    char **const parts = g_strsplit(text, "\"", -1);
    char *const  doubled = g_strjoinv("\"\"", parts);
    fprintf(to->file, "\"%s\"", doubled);
    g_free(doubled);
    g_strfreev(parts);
}

static void
csv_end_row(export *to)
{
    fputs("\r\n", to->file);
    to->begun = false;
}

static void
csv_header(export *to)
{
    for (unsigned i = 0; i < KEYS; i++)
        csv_text(to, keys[i]);
    for (unsigned field = 0; field < TCPSHAKE_FIELDS; field++)
        if (to->cells[field])
            csv_text(to, tcpshake_field_infos[field].hfinfo.abbrev);
    csv_end_row(to);
}

static void
csv_begin_row(export *to _U_)
{
}

static void
csv_cell(export *to, const char *name _U_, cell_kind kind _U_, const char *const *values, unsigned count)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i ? between_values : "", values[i]);
    csv_text(to, text->str);
    g_string_free(text, TRUE);
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

static void
ndjson_cell(export *to, const char *name, cell_kind kind, const char *const *values, unsigned count)
{
    const bool always = strcmp(name, tcpshake_field_infos[HF_conn_anomaly].hfinfo.abbrev) == 0;
    const bool list = always || g_str_has_prefix(name, tcpshake_field_infos[HF_twin].hfinfo.abbrev);

    if (count == 0 && !always)
        return;
    json_dumper_set_member_name(&to->json, name);
    if (list)
        json_dumper_begin_array(&to->json);
    for (unsigned i = 0; i < count; i++) {
        if (kind == CELL_TEXT)
            json_dumper_value_string(&to->json, values[i]);
        else
            json_dumper_value_anyf(&to->json, "%s", values[i]);
    }
    if (list)
        json_dumper_end_array(&to->json);
}

static void
ndjson_end_row(export *to)
{
    json_dumper_end_object(&to->json);
    json_dumper_finish(&to->json); /* ends the line */
}

static const format formats[] = {
    { ".csv", csv_header, csv_begin_row, csv_cell, csv_end_row },
    { ".ndjson", ndjson_header, ndjson_begin_row, ndjson_cell, ndjson_end_row },
};

/* ---- what is exported ---- */

static tcpshake_fields
exported(const export *export)
{
    tcpshake_fields fields = 0;

    for (unsigned field = HF_CONVERSATION; field < TCPSHAKE_FIELDS; field++)
        fields |= (tcpshake_fields)(export->cells[field] != NULL) << (field - HF_CONVERSATION);
    return fields;
}

/* Names are what a field of ours of one byte holds. */
static bool
has_names(tcpshake_field field)
{
    const header_field_info *info = &tcpshake_field_infos[field].hfinfo;

    return info->type == FT_UINT8 && info->strings;
}

static void
keep_value(void *to, const tcpshake_value *value)
{
    const export *export = to;
    char text[64];

    switch (value->kind) {
    case TCPSHAKE_VALUE_NUMBER:
        if (has_names(value->field))
            g_strlcpy(text, tcpshake_value_name(value->field, value->number), sizeof text);
        else
            snprintf(text, sizeof text, "%" PRIu32, value->number);
        break;
    case TCPSHAKE_VALUE_FLAG: g_strlcpy(text, value->number ? "true" : "false", sizeof text); break;
    case TCPSHAKE_VALUE_TIME: tcpshake_text_seconds(value->time, DECIMALS, text, sizeof text); break;
    case TCPSHAKE_VALUE_TEXT: g_ptr_array_add(export->cells[value->field], g_strdup(value->text)); return;
    }
    g_ptr_array_add(export->cells[value->field], g_strdup(text));
}

static void
write_key(export *to, unsigned key, cell_kind kind, const char *text)
{
    to->format->cell(to, keys[key], kind, &text, text[0] != '\0');
}

static void
write_end(export *to, unsigned address_key, const tcpshake_end_point *end)
{
    char *text = address_to_str(NULL, &end->address);
    char  port[8];

    write_key(to, address_key, CELL_TEXT, text);
    wmem_free(NULL, text);
    snprintf(port, sizeof port, "%u", end->port);
    write_key(to, address_key + 1, CELL_PLAIN, port);
}

static void
write_row(export *to, const tcpshake_conversation_row *row, const tcpshake_knowledge *knowledge)
{
    const tcpshake_reader reader = { exported(to), keep_value, to };
    tcpshake_summary      summary;
    char                  text[64];

    tcpshake_summarise(row->conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
    tcpshake_read_conversation(row->conversation, &summary, knowledge, &reader);
    to->format->begin_row(to);
    snprintf(text, sizeof text, "%" PRIu32, row->stream);
    write_key(to, STREAM, CELL_PLAIN, text);
    const int64_t began = row->conversation->first.time;
    tcpshake_text_seconds(began, DECIMALS, text, sizeof text);
    write_key(to, TIME, CELL_PLAIN, tcpshake_is_point_in_time(began) ? text : "");
    write_end(to, CLIENT_ADDRESS, tcpshake_client_of(row));
    write_end(to, SERVER_ADDRESS, tcpshake_server_of(row));
    for (unsigned field = 0; field < TCPSHAKE_FIELDS; field++) {
        GPtrArray *values = to->cells[field];
        if (!values)
            continue;
        const bool is_text = has_names((tcpshake_field)field) || tcpshake_field_infos[field].hfinfo.type == FT_STRING;
        to->format->cell(to, tcpshake_field_infos[field].hfinfo.abbrev, is_text ? CELL_TEXT : CELL_PLAIN,
                         (const char *const *)values->pdata, values->len);
        g_ptr_array_set_size(values, 0);
    }
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
    for (unsigned field = HF_CONVERSATION; field < TCPSHAKE_FIELDS; field++)
        if (field != HF_time_wait_remaining) /* a segment's */
            to->cells[field] = g_ptr_array_new_with_free_func(g_free);
    open_file(call);
}

/* Until the disk is full. */
static void
write_rows(export *to, const tcpshake_conversation_list *gathered)
{
    const tcpshake_knowledge knowledge = tcpshake_stream_knowledge_now();
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
    for (unsigned field = 0; field < TCPSHAKE_FIELDS; field++)
        if (to->cells[field])
            g_ptr_array_free(to->cells[field], TRUE);
    g_free(to);
}

const tcpshake_call_kind tcpshake_export_call = { .name = "tcpshake,export", .begin = begin, .draw = draw, .end = end };
