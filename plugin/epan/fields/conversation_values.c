/* conversation_values.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_values.h"

#include "../../text/text.h"
#include "../../core/zeek/zeek.h"
#include "../capture_time.h"
#include "../translation.h"

#include <stddef.h>

enum { TEXT_SIZE = 240 }; /* what Wireshark shows of an item */

/* Of what the value is a member. */
typedef enum base { SUMMARY, RECORD, CLIENT, SERVER, BASES } base;

/* The type of the member, and when there is no value. */
typedef enum shape {
    NAMED,    /* uint8_t; not where it is 0 */
    COUNT,    /* uint32_t */
    ISN,      /* uint32_t of an end that has one */
    FRAME,    /* uint32_t; not where it is 0 */
    DURATION, /* int64_t; not where it is TCPSHAKE_NO_TIME */
    SIZE,     /* uint16_t; with negotiated, not where it is 0 */
    AGREED,   /* bool; with negotiated */
    OWNED_FRAME,
    OWNED_UNTIL, /* uint32_t, int64_t; where somebody holds TIME-WAIT */
    ALWAYS,      /* uint8_t */
    TEXT,        /* composed here */
    TWIN,        /* of each other conversation that is the same connection */
} shape;

typedef struct row {
    tcpshake_field field;
    shape          shape;
    base           of;
    size_t         offset;
} row;

#define OF_SUMMARY(member) SUMMARY, offsetof(tcpshake_summary, member)
#define OF_RECORD(member)  RECORD, offsetof(tcpshake_conversation, member)
#define OF_CLIENT(member)  CLIENT, offsetof(tcpshake_end, member)
#define OF_SERVER(member)  SERVER, offsetof(tcpshake_end, member)

static const row rows[] = {
    { HF_verdict, TEXT, SUMMARY, 0 },
    { HF_conn_state, TEXT, RECORD, 0 },
    { HF_conn_history, TEXT, RECORD, 0 },
    { HF_conn_anomaly, TEXT, SUMMARY, 0 },
    { HF_handshake, NAMED, OF_SUMMARY(handshake) },
    { HF_teardown, ALWAYS, OF_SUMMARY(teardown) },
    { HF_opened_by, NAMED, OF_SUMMARY(opened_by) },
    { HF_closed_by, NAMED, OF_SUMMARY(closed_by) },
    { HF_reset_by, NAMED, OF_SUMMARY(reset_by) },
    { HF_reset_cause, NAMED, OF_SUMMARY(reset_cause) },
    { HF_reset_idle, DURATION, OF_SUMMARY(reset_idle) },
    { HF_reset_reason, TEXT, SUMMARY, 0 },
    { HF_close_idle, DURATION, OF_SUMMARY(close_idle) },
    { HF_twin, TWIN, SUMMARY, 0 },
    { HF_twin_stream, TWIN, SUMMARY, 0 },
    { HF_twin_translated, TWIN, SUMMARY, 0 },
    { HF_twin_renumbered, TEXT, RECORD, 0 },
    { HF_twin_clock, TWIN, SUMMARY, 0 },
    { HF_connection_time, DURATION, OF_SUMMARY(connection_time) },
    { HF_synack_time, DURATION, OF_SUMMARY(synack_time) },
    { HF_ack_time, DURATION, OF_SUMMARY(ack_time) },
    { HF_teardown_time, DURATION, OF_SUMMARY(teardown_time) },
    { HF_half_close_time, DURATION, OF_SUMMARY(half_close_time) },
    { HF_lifetime, DURATION, OF_SUMMARY(lifetime) },
    { HF_socket_time, DURATION, OF_SUMMARY(socket_time) },
    { HF_read_time, DURATION, OF_SUMMARY(read_time) },
    { HF_client_isn, ISN, OF_CLIENT(isn) },
    { HF_server_isn, ISN, OF_SERVER(isn) },
    { HF_client_syn_count, COUNT, OF_SUMMARY(client_syns) },
    { HF_server_synack_count, COUNT, OF_SUMMARY(server_syns) },
    { HF_client_fin_count, COUNT, OF_SUMMARY(client_fins) },
    { HF_server_fin_count, COUNT, OF_SUMMARY(server_fins) },
    { HF_negotiated_mss, SIZE, OF_SUMMARY(mss) },
    { HF_negotiated_wscale, AGREED, OF_SUMMARY(wscale) },
    { HF_negotiated_sack, AGREED, OF_SUMMARY(sack) },
    { HF_negotiated_timestamps, AGREED, OF_SUMMARY(timestamps) },
    { HF_negotiated_ecn, AGREED, OF_SUMMARY(ecn) },
    { HF_negotiated_tfo, AGREED, OF_SUMMARY(tfo) },
    { HF_negotiated_mptcp, AGREED, OF_SUMMARY(mptcp) },
    { HF_syn_frame, FRAME, OF_SUMMARY(syn_frame) },
    { HF_synack_frame, FRAME, OF_RECORD(synack.frame) },
    { HF_ack_frame, FRAME, OF_RECORD(ack.frame) },
    { HF_fin1_frame, FRAME, OF_RECORD(fin1.frame) },
    { HF_fin1_ack_frame, FRAME, OF_RECORD(fin1_ack.frame) },
    { HF_fin2_frame, FRAME, OF_RECORD(fin2.frame) },
    { HF_fin2_ack_frame, FRAME, OF_RECORD(fin2_ack.frame) },
    { HF_rst_frame, FRAME, OF_SUMMARY(rst_frame) },
    { HF_time_wait_owner, NAMED, OF_SUMMARY(time_wait_owner) },
    { HF_time_wait_frame, OWNED_FRAME, OF_RECORD(time_wait.frame) },
    { HF_time_wait_until, OWNED_UNTIL, OF_SUMMARY(time_wait_until) },
};

/* What is read, and by whom. */
typedef struct reading {
    const tcpshake_conversation *conversation;
    const tcpshake_summary      *summary;
    const tcpshake_knowledge    *knowledge;
    const tcpshake_reader       *reader;
    const void                  *of[BASES];
} reading;

static void
hand_text(const reading *read, tcpshake_field field, const char *text)
{
    const tcpshake_value value = { .field = field, .kind = TCPSHAKE_VALUE_TEXT, .text = text };

    if (text[0])
        read->reader->take(read->reader->to, &value);
}

static void
hand_anomalies(const reading *read)
{
    const uint64_t anomalies = read->summary->anomalies;

    for (unsigned anomaly = 0; anomaly < TCPSHAKE_ANOMALIES && anomalies >> anomaly; anomaly++)
        if (anomalies & UINT64_C(1) << anomaly)
            hand_text(read, HF_conn_anomaly, tcpshake_anomaly_row((tcpshake_anomaly)anomaly)->name);
}

static void
hand_numberings(const reading *read, tcpshake_field field)
{
    tcpshake_numbering there;
    char               text[TEXT_SIZE];

    for (unsigned nth = 0; tcpshake_tell_numbering(read->conversation, nth, &there); nth++)
        hand_text(read, field, tcpshake_text_numbering(read->conversation, &there, text, sizeof text));
}

static void
compose(const reading *read, tcpshake_field field)
{
    char text[TEXT_SIZE];

    switch (field) {
    case HF_verdict:
        hand_text(read, field,
                  tcpshake_text_verdict(read->conversation, read->summary, read->knowledge, text, sizeof text));
        break;
    case HF_conn_state: hand_text(read, field, tcpshake_zeek_state(&read->conversation->zeek)); break;
    case HF_conn_history:
        tcpshake_zeek_history(&read->conversation->zeek, text, sizeof text);
        hand_text(read, field, text);
        break;
    case HF_reset_reason: hand_text(read, field, read->summary->reset_reason); break;
    case HF_twin_renumbered: hand_numberings(read, field); break;
    default: hand_anomalies(read);
    }
}

static void
hand_twin(const reading *read, tcpshake_field field, const tcpshake_twin *twin)
{
    tcpshake_value value = { .field = field, .kind = TCPSHAKE_VALUE_NUMBER };
    char           text[TEXT_SIZE];

    switch (field) {
    case HF_twin: value.number = twin->frame; break;
    case HF_twin_stream: value.number = twin->stream; break;
    case HF_twin_clock:
        value.kind = TCPSHAKE_VALUE_TIME;
        if (!tcpshake_twin_clock(read->conversation, twin, &value.time))
            return;
        break;
    default: hand_text(read, field, tcpshake_translated(read->conversation, twin, text, sizeof text)); return;
    }
    read->reader->take(read->reader->to, &value);
}

static void
hand_twins(const reading *read, tcpshake_field field)
{
    const tcpshake_twin *twin = NULL;

    while ((twin = tcpshake_next_twin(read->conversation, twin)) != NULL)
        hand_twin(read, field, twin);
}

#define MEMBER(type, of, at) (*(const type *)((const char *)(of) + (at)))

/* The value of a row; false if there is none. */
static bool
value_of(const reading *read, const row *row, tcpshake_value *value)
{
    const void *const of = read->of[row->of];

    *value = (tcpshake_value){ .field = row->field, .kind = TCPSHAKE_VALUE_NUMBER };
    switch (row->shape) {
    case NAMED:
    case ALWAYS: value->number = MEMBER(uint8_t, of, row->offset); return value->number != 0 || row->shape == ALWAYS;
    case COUNT: value->number = MEMBER(uint32_t, of, row->offset); return true;
    case ISN:
        value->number = MEMBER(uint32_t, of, row->offset);
        return (((const tcpshake_end *)of)->flags & TCPSHAKE_END_HAS_ISN) != 0;
    case FRAME:
    case OWNED_FRAME:
        value->number = MEMBER(uint32_t, of, row->offset);
        return value->number != 0 && (row->shape == FRAME || read->summary->time_wait_owner != TCPSHAKE_NOBODY);
    case SIZE:
        value->number = MEMBER(uint16_t, of, row->offset);
        return value->number != 0 && read->summary->negotiated;
    case AGREED:
        value->kind = TCPSHAKE_VALUE_FLAG;
        value->number = MEMBER(bool, of, row->offset);
        return read->summary->negotiated;
    case DURATION:
    case OWNED_UNTIL:
        value->kind = TCPSHAKE_VALUE_TIME;
        value->time = MEMBER(int64_t, of, row->offset);
        return row->shape == DURATION ? value->time != TCPSHAKE_NO_TIME
                                      : read->summary->time_wait_owner != TCPSHAKE_NOBODY &&
                                            tcpshake_is_point_in_time(read->conversation->time_wait.time);
    case TEXT:
    case TWIN: break;
    }
    return false;
}

void
tcpshake_read_conversation(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                           const tcpshake_knowledge *knowledge, const tcpshake_reader *reader)
{
    const reading read = { conversation,
                           summary,
                           knowledge,
                           reader,
                           { [SUMMARY] = summary,
                             [RECORD] = conversation,
                             [CLIENT] = &conversation->end[conversation->client],
                             [SERVER] = &conversation->end[TCPSHAKE_OTHER(conversation->client)] } };

    for (size_t i = 0; i < array_length(rows); i++) {
        tcpshake_value value;
        if (!tcpshake_is_among(reader->wanted, rows[i].field))
            continue;
        if (rows[i].shape == TEXT)
            compose(&read, rows[i].field);
        else if (rows[i].shape == TWIN)
            hand_twins(&read, rows[i].field);
        else if (value_of(&read, &rows[i], &value))
            reader->take(reader->to, &value);
    }
}
