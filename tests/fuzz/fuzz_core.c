/* fuzz_core.c
 * Segments made from bytes are taken in by the core; what must hold whatever comes is asserted after each, and at the
 * end.
 *
 * A segment is RECORD bytes: who sends it and on which four-tuple, how its numbers relate to those that are due, its
 * flags, how long it is and how much later it comes. So a change of a byte is a change of one of these, and most
 * segments are near enough to what a TCP would send to lead somewhere.
 *
 * libFuzzer calls LLVMFuzzerTestOneInput(); replay.c does for compilers without it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzzing.h"

#include "core/tracking/tracker.h"
#include "core/hosts/hosts.h"
#include "story/segment_log.h"
#include "story/story.h"
#include "story/svg/story_svg.h"
#include "story/story_text.h"
#include "text/text.h"
#include "core/outcome/verdict.h"
#include "core/zeek/zeek.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 8, TUPLES = 4, SEGMENTS_MAX = 2000, STREAMS_MAX = 64, ROOM = 512 };

/* ---- memory ---- */

typedef struct memory {
    GHashTable        *blocks;
    uint64_t           calls;
    tcpshake_allocator allocator;
} memory;

static void *
resize(void *context, void *block, size_t size)
{
    memory *const m = context;

    m->calls++;
    if (block)
        MUST(g_hash_table_steal(m->blocks, block));
    uint8_t *const fresh = g_realloc(block, size);
    if (!block)
        memset(fresh, 0xa5, size); /* new bytes are not cleared, and nobody may count on it */
    g_hash_table_add(m->blocks, fresh);
    return fresh;
}

/* ---- what is played ---- */

/* A conversation, and all that was put into it. */
typedef struct stream {
    tcpshake_conversation *conversation;
    GArray                *segments; /* of tcpshake_segment */
    tcpshake_segment_log  *log;
    uint32_t               next[TCPSHAKE_ENDS]; /* what each end sends next, raw */
    uint32_t               syns[TCPSHAKE_ENDS], fins[TCPSHAKE_ENDS], rsts;
} stream;

typedef struct play {
    memory          memory;
    tcpshake_hosts *hosts;
    tcpshake_limits limits;
    stream          streams[STREAMS_MAX];
    unsigned        stream_count;
    int             latest[TUPLES]; /* its stream, or -1 */
    int64_t         now;
    uint32_t        frame;
} play;

static const uint8_t no_options[] = { 0 };
static const uint8_t usual_options[] = { 2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7 };
static const uint8_t fast_open[] = { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t broken_options[] = { 2, 0, 3, 255, 254 };

static const struct {
    const uint8_t *bytes;
    uint8_t        length;
} options[] = {
    { no_options, 0 },
    { usual_options, sizeof usual_options },
    { fast_open, sizeof fast_open },
    { broken_options, sizeof broken_options },
};

static stream *
begin_stream(play *p, unsigned tuple)
{
    stream *const s = &p->streams[p->stream_count];
    const int     before = p->latest[tuple];

    *s = (stream){ 0 };
    s->conversation =
        tcpshake_conversation_new(&p->memory.allocator, before >= 0 ? p->streams[before].conversation : NULL);
    MUST(s->conversation);
    s->segments = g_array_new(FALSE, FALSE, sizeof(tcpshake_segment));
    s->log = tcpshake_segment_log_new();
    s->next[0] = 1000 * (p->stream_count + 1);
    s->next[1] = UINT32_MAX - 5 * p->stream_count;
    p->latest[tuple] = (int)p->stream_count++;
    return s;
}

static tcpshake_segment
segment_of(play *p, const stream *s, unsigned tuple, const uint8_t *record)
{
    static uint8_t addresses[TUPLES][TCPSHAKE_ENDS][4];
    const unsigned from = record[0] & 1, to = 1 - from;
    const unsigned opts = record[6] & 3;

    for (unsigned i = 0; i < TUPLES; i++)
        addresses[i][0][3] = (uint8_t)(1 + i / 2), addresses[i][1][3] = 100;
    p->now += record[5] & 0x80 ? (int64_t)(record[5] & 0x7f) * 1000000000 : (int64_t)record[5] * 1000000;
    if (record[6] & 0x80)
        p->now -= 1500000; /* captures are not always in order of time */
    return (tcpshake_segment){
        .time = p->now,
        .frame = ++p->frame,
        .from = (uint8_t)from,
        .flags = record[1],
        .seq = fuzz_number_near(s->next[from], record[0] >> 3 & 3, record[2]),
        .ack = fuzz_number_near(s->next[to], record[0] >> 5 & 3, record[3]),
        .length = (record[4] & 0x3f) * (record[4] & 0x40 ? 100u : 1u) * (record[4] & 0x80 ? 1u : 0u),
        .window = (uint16_t)(record[6] & 4 ? 0 : record[7] << 8 | 1),
        .checksum = (uint16_t)(record[6] & 8 ? 7 : p->frame),
        .ip_id = (uint16_t)(record[6] & 16   ? 0
                            : record[6] & 32 ? record[7]
                                             : p->frame),
        .ttl = record[6] & 64 ? 50 : 64,
        .captured = record[7] % 16 < 2 ? record[7] % 2 : TCPSHAKE_CAPTURED_WHOLE,
        .source_port = from ? 80 : (uint16_t)(40000 + tuple),
        .destination_port = from ? (uint16_t)(40000 + tuple) : 80,
        .source = addresses[tuple][from],
        .destination = addresses[tuple][to],
        .address_length = 4,
        .options = options[opts].length ? options[opts].bytes : NULL,
        .options_length = options[opts].length,
        .text = options[opts].length ? options[opts].bytes : NULL, /* any bytes will do */
        .text_length = options[opts].length,
    };
}

/* ---- what must hold ---- */

static bool
is_text(const char *text, size_t size)
{
    return strlen(text) < size && g_utf8_validate(text, -1, NULL);
}

static void
check_view(const tcpshake_view *view)
{
    MUST(view->sender == TCPSHAKE_CLIENT || view->sender == TCPSHAKE_SERVER);
    MUST(view->phase <= TCPSHAKE_PHASE_CLOSED);
    MUST(view->client_state < TCPSHAKE_STATES && view->server_state < TCPSHAKE_STATES);
    MUST(view->client_before < TCPSHAKE_STATES && view->server_before < TCPSHAKE_STATES);
    MUST(view->finding_count <= TCPSHAKE_VIEW_FINDINGS);
    for (uint32_t i = 0; i < view->finding_count; i++)
        MUST(view->findings[i].anomaly < TCPSHAKE_ANOMALIES);
}

static void
check_record(const play *p, const stream *s)
{
    const tcpshake_conversation *const c = s->conversation;

    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        MUST(c->end[end].state < TCPSHAKE_STATES);
        MUST(c->end[end].syn_count <= s->syns[end]);
        MUST(c->end[end].fin_count <= s->fins[end]);
    }
    MUST(tcpshake_rare_of(c)->reset_count <= s->rsts);
    MUST(c->client < TCPSHAKE_ENDS && c->first.frame <= p->frame && c->last_frame <= p->frame);
    MUST(c->timeline.count <= s->segments->len);
    MUST(!c->findings || c->findings->count <= c->findings->capacity);
    for (uint32_t i = 0; i < c->timeline.count; i++) {
        const tcpshake_entry *const entry = &tcpshake_entries(&c->timeline)[i];
        MUST(i == 0 || entry->frame > entry[-1].frame);
        MUST(entry->frame <= p->frame && tcpshake_acknowledged(c, i) < entry->frame);
        MUST(entry->state[0] < TCPSHAKE_STATES && entry->state[1] < TCPSHAKE_STATES);
    }
    const tcpshake_finding *const found = tcpshake_first_finding(c);
    for (uint32_t i = 0; i < tcpshake_finding_count(c); i++) {
        MUST(found[i].anomaly < TCPSHAKE_ANOMALIES && found[i].frame <= p->frame);
        MUST(i == 0 || found[i].frame >= found[i - 1].frame);
        MUST(tcpshake_found(c, found[i].anomaly));
    }
}

/* One end after another: what a segment leaves is what the next one begins with. */
static void
check_second_pass(const play *p, const stream *s, const tcpshake_knowledge *all)
{
    char text[ROOM];

    for (unsigned i = 0; i < s->segments->len; i++) {
        const tcpshake_segment *const segment = &g_array_index(s->segments, tcpshake_segment, i);
        tcpshake_view                 view, again;
        tcpshake_view_segment(s->conversation, segment, &p->limits, all, &view);
        tcpshake_view_segment(s->conversation, segment, &p->limits, all, &again);
        check_view(&view);
        MUST(view.client_state == again.client_state && view.server_state == again.server_state);
        MUST(view.finding_count == again.finding_count && view.steps == again.steps);
        MUST(is_text(tcpshake_text_note(s->conversation, segment, &view, text, sizeof text), sizeof text));
        MUST(is_text(tcpshake_text_why(s->conversation, segment, &view, text, sizeof text), sizeof text));
        for (uint32_t k = 0; k < view.finding_count; k++)
            MUST(is_text(tcpshake_text_finding(s->conversation, &view.findings[k], all, text, sizeof text),
                         sizeof text) &&
                 text[0]);
    }
}

static void
check_story(const play *p, const stream *s, const tcpshake_knowledge *all)
{
    const tcpshake_story_source teller = {
        .conversation = s->conversation,
        .segment_log = s->log,
        .limits = &p->limits,
        .knowledge = *all,
        .title = "tcp.stream 0",
        .address = { "10.0.0.1:40000", "10.0.0.2:80" },
        .causes = { NULL, "1", "2", "3", "4", "5", "6", "7", "8", "9" },
        .steps = { "1", "2", "3", "4", "5", "6", "7", "8" },
        .head = 20,
        .tail = 20,
    };
    tcpshake_story *const story = tcpshake_story_new(&teller);
    GString *const text = g_string_new(NULL), *const picture = g_string_new(NULL);

    tcpshake_story_write_text(story, text);
    tcpshake_story_write_svg(story, picture);
    MUST(g_utf8_validate(text->str, (gssize)text->len, NULL) &&
         g_utf8_validate(picture->str, (gssize)picture->len, NULL));
    g_string_free(text, TRUE);
    g_string_free(picture, TRUE);
    tcpshake_story_free(story);
}

/* Each end has closed with a RST of its own, and neither RST was for the other's state. */
static bool
have_reset_past_each_other(const tcpshake_conversation *c)
{
    return c->end[0].flags & c->end[1].flags & TCPSHAKE_END_SENT_RESET && !tcpshake_rare_of(c)->rst.frame;
}

/* What is said of the whole does not contradict the states in its last segment. Where a segment has flags that nobody
 * sends together, it may. */
static void
check_agreement(const play *p, const stream *s, const tcpshake_knowledge *all, const tcpshake_summary *summary)
{
    const tcpshake_segment *const last = &g_array_index(s->segments, tcpshake_segment, s->segments->len - 1);
    const bool                    opened =
        summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE || summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS;
    const unsigned goes_on =
        1u << TCPSHAKE_TEARDOWN_NONE | 1u << TCPSHAKE_TEARDOWN_IN_PROGRESS | 1u << TCPSHAKE_TEARDOWN_HALF_CLOSED;
    tcpshake_view view;

    tcpshake_view_segment(s->conversation, last, &p->limits, all, &view);
    if (opened && view.client_state == TCPSHAKE_CLOSED && view.server_state == TCPSHAKE_CLOSED &&
        !have_reset_past_each_other(s->conversation))
        MUST(!(goes_on & 1u << summary->teardown));
    if (view.client_state == TCPSHAKE_ESTABLISHED && view.server_state == TCPSHAKE_ESTABLISHED)
        MUST(opened || summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED);
}

static void
check_end(const play *p, const stream *s, const tcpshake_knowledge *all)
{
    tcpshake_summary summary;
    char             text[ROOM];

    tcpshake_summarise(s->conversation, &p->limits, all, NULL, &summary);
    MUST(summary.handshake <= TCPSHAKE_HANDSHAKE_NOT_CAPTURED &&
         summary.teardown <= TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING);
    MUST(summary.closed_by <= TCPSHAKE_BOTH && summary.reset_by <= TCPSHAKE_BOTH &&
         summary.reset_cause <= TCPSHAKE_CAUSE_UNKNOWN);
    MUST(is_text(tcpshake_text_verdict(s->conversation, &summary, all, text, sizeof text), sizeof text) && text[0]);
    MUST(is_text(tcpshake_text_reset_evidence(s->conversation, &summary, text, sizeof text), sizeof text));
    tcpshake_zeek_history(&s->conversation->zeek, text, sizeof text);
    MUST(is_text(text, sizeof text));
    MUST(tcpshake_zeek_state(&s->conversation->zeek)[0]);
    check_second_pass(p, s, all);
    if (s->segments->len > 0 && !tcpshake_found(s->conversation, TCPSHAKE_ANOMALY_bad_flags))
        check_agreement(p, s, all, &summary);
    check_story(p, s, all);
}

/* ---- playing ---- */

/* An ICMP error that quotes what was sent last. */
static void
quote(play *p, stream *s, const uint8_t *record)
{
    const tcpshake_icmp_error error = {
        .time = p->now,
        .frame = ++p->frame,
        .seq = fuzz_number_near(s->next[record[0] & 1], record[0] >> 3 & 3, record[2]),
        .from = record[0] & 1,
        .version = record[1] & 1 ? 6 : 4,
        .type = record[3],
        .code = record[4],
    };

    tcpshake_process_icmp_error(s->conversation, &error, &p->memory.allocator, p->hosts);
}

static void
take(play *p, stream *s, const tcpshake_segment *segment)
{
    const tcpshake_knowledge now = { .hindsight = false };
    const uint64_t           calls = p->memory.calls;
    tcpshake_view            view;

    s->syns[segment->from] += (segment->flags & TCPSHAKE_SYN) != 0;
    s->fins[segment->from] += (segment->flags & TCPSHAKE_FIN) != 0;
    s->rsts += (segment->flags & TCPSHAKE_RST) != 0;
    g_array_append_val(s->segments, *segment);
    tcpshake_segment_log_add(s->log, segment);
    tcpshake_process_segment(s->conversation, segment, &p->limits, &p->memory.allocator, p->hosts);
    MUST(p->memory.calls - calls <= 18);
    tcpshake_view_segment(s->conversation, segment, &p->limits, &now, &view);
    check_view(&view);
    if (!(segment->flags & TCPSHAKE_RST) && segment->seq == s->next[segment->from])
        s->next[segment->from] += tcpshake_segment_span(segment);
}

/* tcp.stream begins anew where Wireshark says so: a SYN with another number on a four-tuple in use, or the byte says
 * so. */
static stream *
stream_for(play *p, unsigned tuple, const uint8_t *record)
{
    const bool fresh = p->latest[tuple] < 0 || ((record[0] & 0x80) && record[1] == TCPSHAKE_SYN);

    if (!fresh || p->stream_count == STREAMS_MAX)
        return p->latest[tuple] < 0 ? NULL : &p->streams[p->latest[tuple]];
    return begin_stream(p, tuple);
}

static void
play_records(play *p, const uint8_t *data, size_t size)
{
    for (size_t at = 0, count = 0; at + RECORD <= size && count < SEGMENTS_MAX; at += RECORD, count++) {
        const uint8_t *const record = data + at;
        const unsigned       tuple = record[0] >> 1 & (TUPLES - 1);
        stream *const        s = stream_for(p, tuple, record);
        if (!s)
            continue;
        if (record[0] & 0x80 && record[1] == 0) {
            quote(p, s, record);
            continue;
        }
        const tcpshake_segment segment = segment_of(p, s, tuple, record);
        take(p, s, &segment);
        check_record(p, s);
    }
}

static const tcpshake_limits usual_limits = {
    .msl = INT64_C(30000000000),
    .connection_timeout = INT64_C(10000000000),
    .slow_handshake = 1000000000,
    .socket_timeout = INT64_C(60000000000),
    .read_timeout = INT64_C(10000000000),
    .close_wait_lingering = INT64_C(10000000000),
    .connection_lost = 3,
    .ack_storm = 10,
    .reset_storm = 10,
    .fin_storm = 10,
    .isn_predictable = 5,
    .syn_flood = 3,
    .time_wait_exhaustion = 3,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    play p = { .limits = usual_limits, .now = INT64_C(1700000000000000000), .latest = { -1, -1, -1, -1 } };

    if (size < 1)
        return 0;
    tcpshake_set_language(data[0] & 1 ? TCPSHAKE_KOREAN : TCPSHAKE_ENGLISH);
    if (data[0] & 2)
        p.limits = (tcpshake_limits){ .msl = 1 }; /* everything that can be is turned off */
    p.memory.blocks = g_hash_table_new_full(NULL, NULL, g_free, NULL);
    p.memory.allocator = (tcpshake_allocator){ resize, &p.memory, NULL };
    p.hosts = tcpshake_hosts_new(&p.memory.allocator, 9293);
    play_records(&p, data + 1, size - 1);
    const int64_t            end = p.now + (int64_t)(data[0] >> 2) * 1000000000;
    const tcpshake_knowledge all = { true, end, p.now, p.hosts };
    for (unsigned i = 0; i < p.stream_count; i++) {
        check_end(&p, &p.streams[i], &all);
        g_array_free(p.streams[i].segments, TRUE);
        tcpshake_segment_log_free(p.streams[i].log);
    }
    g_hash_table_destroy(p.memory.blocks);
    return 0;
}
