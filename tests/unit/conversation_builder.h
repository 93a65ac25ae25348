/* conversation_builder.h
 * What the unit tests share: a conversation that is played segment by segment, at whatever initial sequence numbers.
 *
 * Numbers are written relative to what their sender would use: a segment without offsets is the next one in order, and
 * it acknowledges everything that the other end has sent. So the same play runs at ordinary numbers and across the
 * wrap.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TESTS_CONVERSATION_BUILDER_H
#define TCPSHAKE_TESTS_CONVERSATION_BUILDER_H

#include <glib.h>
#include <string.h>

#include "core/tracking/tracker.h"
#include "text/text.h"
#include "core/outcome/verdict.h"

enum { FIN = TCPSHAKE_FIN, SYN = TCPSHAKE_SYN, RST = TCPSHAKE_RST, ACK = TCPSHAKE_ACK };
enum { A = 0, B = 1 }; /* the ends; A has the higher port */
enum { ANY = -1 };     /* in place of a state: not this test's matter */

#define MS            INT64_C(1000000)
#define SECONDS       INT64_C(1000000000)
#define WINDOW        8000u
#define CLOSED_WINDOW 0x10000u /* 0 in 16 bits */

/* ---- memory that counts, and that fails when told to ---- */

typedef struct memory {
    GPtrArray         *blocks;
    unsigned           calls;
    gint64             left; /* calls that will still succeed; -1: all */
    tcpshake_allocator allocator;
} memory;

static inline void *
memory_resize(void *context, void *block, size_t size)
{
    memory *const m = context;
    guint         i = m->blocks->len;

    m->calls++;
    if (m->left == 0)
        return NULL;
    if (m->left > 0)
        m->left--;
    while (block && i > 0 && m->blocks->pdata[i - 1] != block)
        i--;
    g_assert_true(!block || i > 0); /* a block that it never got */
    if (block)
        return m->blocks->pdata[i - 1] = g_realloc(block, size);
    /* Not cleared: who counts on zeroes is found by the sanitizer, or here. */
    void *const fresh = memset(g_malloc(size), 0xa5, size);
    g_ptr_array_add(m->blocks, fresh);
    return fresh;
}

static inline memory *
memory_new(void)
{
    memory *const m = g_new0(memory, 1);

    m->blocks = g_ptr_array_new_with_free_func(g_free);
    m->left = -1;
    m->allocator = (tcpshake_allocator){ memory_resize, m };
    return m;
}

static inline void
memory_free(memory *m)
{
    g_ptr_array_free(m->blocks, TRUE);
    g_free(m);
}

/* ---- a play ---- */

typedef struct play {
    memory                *memory;
    tcpshake_conversation *conversation;
    tcpshake_hosts        *hosts;
    tcpshake_limits        limits;
    uint32_t               isn[2];
    uint32_t               next[2]; /* what each end sends next, counted from its ISN */
    int                    opener;  /* who must turn out to be the client */
    int                    subject; /* whose state a test is about */
    int64_t                now;
    GArray                *segments;   /* as taken in */
    GArray                *first_pass; /* tcpshake_view of each, when it had just been taken in */
} play;

/* One segment; zeroes are the ordinary case. */
typedef struct line {
    int            from;
    unsigned       flags;
    uint32_t       length;
    int            seq, ack; /* how far off the number in order */
    int64_t        after;    /* since the segment before; 0: 10 ms */
    unsigned       window;   /* 0: WINDOW; CLOSED_WINDOW */
    bool           again;    /* the packet before this one of the same end once more, to the letter */
    bool           same_id;  /* without IP identification, as IPv6 has it */
    const uint8_t *options;
    uint8_t        options_length;
    const char    *text; /* of a RST: its data */
} line;

static const uint32_t ordinary_isns[2] = { 1000, 500000 };
/* A handshake, or the first bytes, take both numbers across 2^32. */
static const uint32_t wrapping_isns[2] = { UINT32_MAX - 3, UINT32_MAX };

static inline play *
play_new_after(play *earlier, const uint32_t isn[2])
{
    play *const p = g_new0(play, 1);

    p->memory = memory_new();
    p->conversation = tcpshake_conversation_new(&p->memory->allocator, earlier ? earlier->conversation : NULL);
    p->hosts = tcpshake_hosts_new(&p->memory->allocator, 1);
    p->limits = (tcpshake_limits){
        .msl = 30 * SECONDS,
        .connection_timeout = 10 * SECONDS,
        .slow_handshake = SECONDS,
        .socket_timeout = 60 * SECONDS,
        .read_timeout = 10 * SECONDS,
        .close_wait_lingering = 10 * SECONDS,
        .connection_lost = 3,
        .ack_storm = 10,
        .reset_storm = 10,
        .fin_storm = 10,
    };
    p->isn[A] = isn[A];
    p->isn[B] = isn[B];
    p->now = earlier ? earlier->now : 1000 * SECONDS;
    p->segments = g_array_new(FALSE, TRUE, sizeof(tcpshake_segment));
    p->first_pass = g_array_new(FALSE, TRUE, sizeof(tcpshake_view));
    return p;
}

static inline play *
play_new(const uint32_t isn[2])
{
    return play_new_after(NULL, isn);
}

static inline void
play_free(play *p)
{
    memory_free(p->memory);
    g_array_free(p->segments, TRUE);
    g_array_free(p->first_pass, TRUE);
    g_free(p);
}

static inline tcpshake_segment
play_segment(play *p, const line *l)
{
    static uint32_t frame;
    const int       to = TCPSHAKE_OTHER(l->from);

    p->now += l->after ? l->after : 10 * MS;
    frame++;
    return (tcpshake_segment){
        .time = p->now,
        .frame = frame,
        .from = (uint8_t)l->from,
        .flags = (uint16_t)l->flags,
        .length = l->length,
        .seq = p->isn[l->from] + p->next[l->from] + (uint32_t)l->seq,
        .ack = l->flags & ACK ? p->isn[to] + p->next[to] + (uint32_t)l->ack : 0,
        .window = (uint16_t)(l->window ? l->window : WINDOW),
        .checksum = l->same_id ? 7 : (uint16_t)(frame * 31 + 1),
        .ip_id = l->same_id ? 0 : (uint16_t)(frame % 65535 + 1),
        .ttl = 64,
        .captured = TCPSHAKE_CAPTURED_WHOLE,
        .source_port = l->from == A ? 40000 : 80,
        .destination_port = l->from == A ? 80 : 40000,
        .options = l->options,
        .options_length = l->options_length,
        .text = (const uint8_t *)l->text,
        .text_length = l->text ? (uint8_t)l->length : 0,
    };
}

static inline const tcpshake_segment *
play_at(const play *p, unsigned number)
{
    g_assert_cmpuint(number, >=, 1);
    g_assert_cmpuint(number, <=, p->segments->len);
    return &g_array_index(p->segments, tcpshake_segment, number - 1);
}

/* Takes the segment in and looks at it, as a first pass does. */
static inline tcpshake_view
play_line(play *p, line l)
{
    const tcpshake_knowledge now = { .hindsight = false };
    tcpshake_segment         s = play_segment(p, &l);
    tcpshake_view            view;

    if (l.again) {
        unsigned i = p->segments->len;
        while (play_at(p, i)->from != l.from)
            i--;
        const tcpshake_segment *const before = play_at(p, i);
        const tcpshake_segment        copy = s;
        s = *before;
        s.frame = copy.frame;
        s.time = copy.time;
    } else if (l.seq == 0 && !(l.flags & RST)) {
        p->next[l.from] += tcpshake_segment_span(&s);
    }
    g_array_append_val(p->segments, s);
    tcpshake_process_segment(p->conversation, &s, &p->limits, &p->memory->allocator, p->hosts);
    tcpshake_view_segment(p->conversation, &s, &p->limits, &now, &view);
    g_array_append_val(p->first_pass, view);
    return view;
}

#define SEND(end, bits, ...) play_line(p, (line){ .from = (end), .flags = (bits), __VA_ARGS__ })

static inline tcpshake_knowledge
play_hindsight(const play *p)
{
    return (tcpshake_knowledge){ true, p->now, p->now, p->hosts };
}

/* What the segment of this number, from 1, shows when the whole capture was read. */
static inline tcpshake_view
play_look_back(const play *p, unsigned number)
{
    const tcpshake_knowledge all = play_hindsight(p);
    tcpshake_view            view;

    tcpshake_view_segment(p->conversation, play_at(p, number), &p->limits, &all, &view);
    return view;
}

static inline const tcpshake_view *
play_first_look(const play *p, unsigned number)
{
    return &g_array_index(p->first_pass, tcpshake_view, number - 1);
}

/* ---- what must be there ---- */

static inline int
end_state(const play *p, const tcpshake_view *view, int end)
{
    return end == p->opener ? view->client_state : view->server_state;
}

/* Both operands are printed, by the names that the RFC gives them; the message says when and who. */
static inline void
check_state(const play *p, const tcpshake_view *view, int end, int expected, const char *when, unsigned number,
            const char *source, int line_number)
{
    const int is = end_state(p, view, end);

    if (expected == ANY || is == expected)
        return;
    char *const message =
        g_strdup_printf("segment %u, %s: end %c is %s, must be %s", number, when, end == A ? 'A' : 'B',
                        tcpshake_state_name((tcpshake_state)is), tcpshake_state_name((tcpshake_state)expected));
    g_assertion_message(G_LOG_DOMAIN, source, line_number, G_STRFUNC, message);
    g_free(message);
}

/* States of A and B after segment number. */
#define THEN(number, a, b)                                                                                     \
    do {                                                                                                       \
        check_state(p, play_first_look(p, (number)), A, (int)(a), "first pass", (number), __FILE__, __LINE__); \
        check_state(p, play_first_look(p, (number)), B, (int)(b), "first pass", (number), __FILE__, __LINE__); \
    } while (0)
#define IN_HINDSIGHT(number, a, b)                                                          \
    do {                                                                                    \
        const tcpshake_view late_view = play_look_back(p, (number));                        \
        check_state(p, &late_view, A, (int)(a), "hindsight", (number), __FILE__, __LINE__); \
        check_state(p, &late_view, B, (int)(b), "hindsight", (number), __FILE__, __LINE__); \
    } while (0)
#define BOTH_PASSES(number, a, b)         \
    do {                                  \
        THEN((number), (a), (b));         \
        IN_HINDSIGHT((number), (a), (b)); \
    } while (0)

static inline bool
view_finds(const tcpshake_view *view, tcpshake_anomaly anomaly)
{
    for (unsigned i = 0; i < view->finding_count; i++)
        if (view->findings[i].anomaly == anomaly)
            return true;
    return false;
}

/* "3 7": the numbers of the segments that carry this anomaly in hindsight. */
static inline char *
play_where(const play *p, tcpshake_anomaly anomaly)
{
    GString *const where = g_string_new(NULL);

    for (unsigned number = 1; number <= p->segments->len; number++) {
        const tcpshake_view view = play_look_back(p, number);
        if (view_finds(&view, anomaly))
            g_string_append_printf(where, where->len ? " %u" : "%u", number);
    }
    return g_string_free(where, FALSE);
}

#define FOUND_ON(name, expected)                                                                  \
    do {                                                                                          \
        char *const found_where = play_where(p, TCPSHAKE_ANOMALY_##name);                         \
        if (strcmp(found_where, (expected)) != 0)                                                 \
            g_test_message(#name " must be on segments: %s; is on: %s", (expected), found_where); \
        g_assert_cmpstr(found_where, ==, (expected));                                             \
        g_free(found_where);                                                                      \
    } while (0)

/* All that was found, as "segment:anomaly …", so that a false alarm is named. */
static inline char *
play_findings(const play *p)
{
    GString *const all = g_string_new(NULL);

    for (unsigned number = 1; number <= p->segments->len; number++) {
        const tcpshake_view view = play_look_back(p, number);
        for (unsigned i = 0; i < view.finding_count; i++)
            g_string_append_printf(all, "%s%u:%s", all->len ? " " : "", number,
                                   tcpshake_anomaly_row((tcpshake_anomaly)view.findings[i].anomaly)->name);
    }
    return g_string_free(all, FALSE);
}

#define FINDINGS(expected)                          \
    do {                                            \
        char *const all_found = play_findings(p);   \
        g_assert_cmpstr(all_found, ==, (expected)); \
        g_free(all_found);                          \
    } while (0)

/* The frame number that the wire gave segment number, 0 for 0. */
static inline uint32_t
frame_of(const play *p, unsigned number)
{
    return number ? play_at(p, number)->frame : 0;
}

static inline tcpshake_summary
play_summary(const play *p)
{
    const tcpshake_knowledge all = play_hindsight(p);
    tcpshake_summary         summary;

    tcpshake_summarise(p->conversation, &p->limits, &all, NULL, &summary);
    return summary;
}

/* ---- often played ---- */

static inline void
play_handshake(play *p, int opener)
{
    p->opener = opener;
    SEND(opener, SYN);
    SEND(TCPSHAKE_OTHER(opener), SYN | ACK);
    SEND(opener, ACK);
}

/* A question and its answer: both ends have shown all that they have taken in so far. */
static inline void
play_exchange(play *p)
{
    SEND(p->opener, ACK, .length = 10);
    SEND(TCPSHAKE_OTHER(p->opener), ACK, .length = 20);
    SEND(p->opener, ACK);
}

/* The end of the capture comes later than the last segment. */
static inline void
play_wait(play *p, int64_t how_long)
{
    p->now += how_long;
}

#endif /* TCPSHAKE_TESTS_CONVERSATION_BUILDER_H */
