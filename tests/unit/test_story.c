/* test_story.c
 * A conversation's story: the log it is made from, its rows, and what text and picture make of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_builder.h"

#include "story/segment_log.h"
#include "story/story.h"
#include "story/svg/story_svg.h"
#include "story/svg/svg_layout.h"
#include "story/story_text.h"
#include "story/width.h"

static const char *const step_names[TCPSHAKE_STEP_NAMES] = { "s1", "s2", "s3", "f1", "f2", "f3", "f4", "r" };

typedef struct told {
    tcpshake_segment_log *log;
    tcpshake_story_source source;
    tcpshake_story       *story;
} told;

/* The story of what was played. */
static told *
tell(const play *p, unsigned head, unsigned tail)
{
    told *const t = g_new0(told, 1);

    t->log = tcpshake_segment_log_new();
    for (unsigned i = 1; i <= p->segments->len; i++)
        tcpshake_segment_log_add(t->log, play_at(p, i));
    t->source = (tcpshake_story_source){
        .conversation = p->conversation,
        .segment_log = t->log,
        .limits = &p->limits,
        .knowledge = play_hindsight(p),
        .title = "tcp.stream 7",
        .address = { "192.0.2.1:40000", "198.51.100.2:80" },
        .head = head,
        .tail = tail,
    };
    memcpy(t->source.steps, step_names, sizeof step_names);
    t->story = tcpshake_story_new(&t->source);
    return t;
}

static void
told_free(told *t)
{
    tcpshake_story_free(t->story);
    tcpshake_segment_log_free(t->log);
    g_free(t);
}

static const tcpshake_row *
row(const told *t, unsigned number)
{
    g_assert_cmpuint(number, >=, 1);
    g_assert_cmpuint(number, <=, t->story->rows->len);
    return tcpshake_story_row(t->story, number - 1);
}

static void
check_kinds(const told *t, const char *expected)
{
    GString *const kinds = g_string_new(NULL);

    for (unsigned i = 0; i < t->story->rows->len; i++)
        g_string_append_c(kinds, "A=.!x"[tcpshake_story_row(t->story, i)->kind]);
    g_assert_cmpstr(kinds->str, ==, expected);
    g_string_free(kinds, TRUE);
}

static void
play_data(play *p, unsigned count, int64_t after)
{
    for (unsigned i = 0; i < count; i++)
        SEND(B, ACK, .length = 100, .after = after);
}

/* ---- the log ---- */

static void
test_log_keeps_what_the_story_needs(void)
{
    GRand *const                random = g_rand_new_with_seed(9293);
    tcpshake_segment_log *const log = tcpshake_segment_log_new();
    GArray *const               all = g_array_new(FALSE, FALSE, sizeof(tcpshake_segment));
    tcpshake_segment_log_reader reader;
    tcpshake_segment            segment;

    for (unsigned i = 0; i < 5000; i++) {
        const bool wild = g_rand_boolean(random);
        segment = (tcpshake_segment){
            .time = wild ? (int64_t)((uint64_t)g_rand_int(random) << 32 | g_rand_int(random)) : (int64_t)i * 1000,
            .frame = wild ? g_rand_int(random) : i,
            .seq = g_rand_int(random),
            .ack = wild ? g_rand_int(random) : 5,
            .length = wild ? g_rand_int(random) : g_rand_int(random) % 3 * 1460,
            .flags = g_rand_int(random) & 0xff,
            .from = g_rand_boolean(random) ? 1 : 0,
            .captured = (uint8_t)g_rand_int_range(random, 0, 3),
        };
        tcpshake_segment_log_add(log, &segment);
        g_array_append_val(all, segment);
    }
    tcpshake_segment_log_read(&reader, log);
    for (unsigned i = 0; i < all->len; i++) {
        const tcpshake_segment *const put = &g_array_index(all, tcpshake_segment, i);
        g_assert_true(tcpshake_segment_log_next(&reader, &segment));
        g_assert_cmpint(segment.time, ==, put->time);
        g_assert_cmpuint(segment.frame, ==, put->frame);
        g_assert_cmpuint(segment.seq, ==, put->seq);
        g_assert_cmpuint(segment.ack, ==, put->ack);
        g_assert_cmpuint(segment.length, ==, put->length);
        g_assert_cmpuint(segment.flags, ==, put->flags);
        g_assert_cmpuint(segment.from, ==, put->from);
        g_assert_cmpuint(segment.captured, ==, put->captured);
    }
    g_assert_false(tcpshake_segment_log_next(&reader, &segment));
    g_array_free(all, TRUE);
    tcpshake_segment_log_free(log);
    g_rand_free(random);
}

static void
test_log_is_small(void)
{
    enum { COUNT = 100000 };
    tcpshake_segment_log *const log = tcpshake_segment_log_new();
    tcpshake_segment data = { .seq = 1, .length = 1460, .flags = ACK, .frame = 1 }, ack = { .from = 1, .flags = ACK };

    for (unsigned i = 0; i < COUNT; i++) {
        data.time = 1700000000 * SECONDS + i * 12345;
        tcpshake_segment_log_add(log, &data);
        data.seq += data.length;
        ack.frame = data.frame + 1;
        ack.ack = data.seq;
        ack.time = data.time + 2000;
        tcpshake_segment_log_add(log, &ack);
        data.frame += 2;
    }
    g_assert_cmpuint(log->bytes->len, <, 2 * COUNT * 10);
    tcpshake_segment_log_free(log);
}

/* ---- rows ---- */

static void
test_ordinary_conversation_has_a_row_a_segment(const void *isn)
{
    play *const p = play_new(isn);

    play_handshake(p, A);
    SEND(A, ACK, .length = 5);
    SEND(B, ACK);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    told *const t = tell(p, 100, 100);
    check_kinds(t, "AAAAAAAAA");
    g_assert_cmpuint(row(t, 1)->seq, ==, 0);
    g_assert_cmpuint(row(t, 2)->seq, ==, 0);
    g_assert_cmpuint(row(t, 2)->ack, ==, 1);
    g_assert_cmpuint(row(t, 4)->seq, ==, 1);
    g_assert_cmpuint(row(t, 5)->ack, ==, 6);
    g_assert_cmpuint(row(t, 9)->ack, ==, 2);
    g_assert_cmpuint(row(t, 9)->view.steps, ==, TCPSHAKE_STEP_FIN2_ACK);
    /* Answers come 10 ms after what they answer. */
    g_assert_cmpint(t->story->path_delay[A], ==, 5 * MS);
    g_assert_cmpint(t->story->path_delay[B], ==, 5 * MS);
    told_free(t);
    play_free(p);
}

/* Another SYN-ACK counts from its own number, and what follows from the last. */
static void
test_syn_is_where_counting_begins(void)
{
    play *const p = play_new(ordinary_isns);

    SEND(A, SYN);
    SEND(B, SYN | ACK, .seq = 1000);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    told *const t = tell(p, 100, 100);
    g_assert_cmpuint(row(t, 2)->seq, ==, 0);
    g_assert_cmpuint(row(t, 3)->seq, ==, 0);
    g_assert_cmpuint(row(t, 4)->ack, ==, 1);
    told_free(t);
    play_free(p);
}

static void
test_short_run_is_not_folded(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    play_data(p, 6, MS);
    told *const t = tell(p, 100, 100);
    check_kinds(t, "AAAAAAAAA");
    told_free(t);
    play_free(p);
}

static void
test_long_run_is_folded(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    SEND(A, ACK, .length = 7);
    play_data(p, 100, MS);
    SEND(A, ACK);
    SEND(A, FIN | ACK);
    told *const t = tell(p, 100, 100);
    /* 102 ordinary ones: two, 99 folded, the last. */
    check_kinds(t, "AAAAA=AA");
    const tcpshake_row *const stretch = row(t, 6);
    g_assert_cmpuint(stretch->facts.segments[A], ==, 0);
    g_assert_cmpuint(stretch->facts.segments[B], ==, 99);
    g_assert_cmpuint(stretch->facts.bytes[B], ==, 9900);
    g_assert_cmpint(stretch->facts.duration, ==, 98 * MS);
    g_assert_cmpuint(stretch->segment.frame, ==, play_at(p, 6)->frame);
    g_assert_cmpuint(stretch->last_frame, ==, play_at(p, 104)->frame);
    g_assert_cmpuint(t->story->whole.bytes[B], ==, 10000);
    told_free(t);
    play_free(p);
}

static void
test_silence_is_named(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    play_data(p, 1, MS);
    play_data(p, 1, 5 * SECONDS);
    told *const t = tell(p, 100, 100);
    check_kinds(t, "AAAA.A");
    g_assert_cmpint(row(t, 5)->facts.duration, ==, 5 * SECONDS);
    told_free(t);
    play_free(p);
}

/* A conversation that goes on for hours, a segment every two seconds, is no list of silences. */
static void
test_many_silences_are_folded(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    play_data(p, 500, 2 * SECONDS);
    play_data(p, 1, 30 * SECONDS);
    told *const t = tell(p, 20, 20);
    check_kinds(t, "AAAAA=A.A");
    g_assert_cmpint(row(t, 6)->facts.longest, ==, 2 * SECONDS);
    told_free(t);
    play_free(p);
}

static void
test_too_many_rows_are_left_out(void)
{
    enum { RESETS = 1000, HEAD = 10, TAIL = 5 };
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    for (unsigned i = 0; i < RESETS; i++)
        SEND(A, RST);
    told *const t = tell(p, HEAD, TAIL);
    check_kinds(t, "AAAAAAAAAAxAAAAA");
    g_assert_cmpuint(row(t, HEAD + 1)->facts.segments[A], ==, 3 + RESETS - HEAD - TAIL);
    g_assert_cmpuint(row(t, HEAD + 1)->facts.segments[B], ==, 0);
    g_assert_cmpuint(row(t, HEAD)->segment.frame, ==, play_at(p, HEAD)->frame);
    for (unsigned i = 0; i < TAIL; i++)
        g_assert_cmpuint(row(t, HEAD + 2 + i)->segment.frame, ==, play_at(p, 3 + RESETS - TAIL + 1 + i)->frame);
    told_free(t);
    play_free(p);
}

static void
test_retransmission_is_not_measured(void)
{
    play *const p = play_new(ordinary_isns);

    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK, .after = 4 * MS);
    told *const t = tell(p, 100, 100);
    g_assert_cmpint(t->story->path_delay[B], ==, TCPSHAKE_NO_TIME);
    g_assert_cmpint(t->story->path_delay[A], ==, 2 * MS);
    told_free(t);
    play_free(p);
}

/* ---- width ---- */

static void
test_width(void)
{
    g_assert_cmpuint(tcpshake_text_width("SYN"), ==, 3);
    g_assert_cmpuint(tcpshake_text_width("연결"), ==, 4);
    g_assert_cmpuint(tcpshake_text_width("─▶│"), ==, 3);
    g_assert_cmpuint(tcpshake_text_width("e\xcc\x81"), ==, 1); /* an accent that combines */
    GString *const padded = g_string_new(NULL);
    tcpshake_append_padded(padded, "연결", 6, true);
    tcpshake_append_padded(padded, "연결", 6, false);
    g_assert_cmpstr(padded->str, ==, "  연결연결  ");
    g_string_free(padded, TRUE);
}

static void
check_line(const char *text, unsigned width, const char *line, const char *after)
{
    const char  *rest;
    const size_t length = tcpshake_break_line(text, width, tcpshake_char_width, &rest);
    char *const  found = g_strndup(text, length);

    g_assert_cmpstr(found, ==, line);
    g_assert_cmpstr(rest, ==, after);
    g_free(found);
}

static void
test_lines_are_broken(void)
{
    check_line("one two", 7, "one two", "");
    check_line("one two", 6, "one", "two");
    check_line("one two", 3, "one", "two");
    check_line("onetwo", 3, "one", "two");
    check_line("서버가 동의한다", 6, "서버가", "동의한다");
    check_line("서버가 동의한다", 5, "서버", "가 동의한다");
    check_line("연", 1, "연", ""); /* always some */
}

/* ---- text and picture ---- */

static void
play_everything(play *p)
{
    play_handshake(p, A);
    play_data(p, 50, MS);
    play_data(p, 1, 3 * SECONDS);
    SEND(A, FIN | ACK);
    SEND(B, RST | ACK);
}

static void
check_text(const char *verdict, const char *silence)
{
    play *const p = play_new(wrapping_isns);

    play_everything(p);
    told *const    t = tell(p, 100, 100);
    GString *const text = g_string_new(NULL);
    tcpshake_story_write_text(t->story, text);
    g_assert_true(g_utf8_validate(text->str, -1, NULL));
    char **const lines = g_strsplit(text->str, "\n", -1);
    for (char **line = lines; *line; line++)
        g_assert_cmpuint(tcpshake_text_width(*line), <=, TCPSHAKE_TEXT_COLUMNS);
    g_assert_true(g_str_has_prefix(lines[0], verdict));
    g_assert_nonnull(strstr(text->str, "─── SYN  seq=0 ───"));
    g_assert_nonnull(strstr(text->str, silence));
    g_assert_nonnull(strstr(text->str, "→ FIN-WAIT-1"));
    g_strfreev(lines);
    g_string_free(text, TRUE);
    told_free(t);
    play_free(p);
}

static void
test_text_fits_into_its_columns(void)
{
    check_text("tcp.stream 7: established in 20 ms", "silence for 3.0 s");
}

static void
count_element(GMarkupParseContext *context G_GNUC_UNUSED, const char *name, const char **names, const char **values,
              void *data, GError **error G_GNUC_UNUSED)
{
    GHashTable *const counts = data;

    for (; *names; names++, values++)
        if (strcmp(*names, "class") == 0)
            name = *values;
    g_hash_table_insert(counts, g_strdup(name),
                        GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) + 1));
}

static unsigned
count_of(GHashTable *counts, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
}

static void
test_picture_has_each_row(void)
{
    static const GMarkupParser parser = { .start_element = count_element };
    play *const                p = play_new(ordinary_isns);
    GError                    *error = NULL;

    play_everything(p);
    told *const t = tell(p, 100, 100);
    t->source.title = "<title> & \"\x01";
    GString *const             picture = g_string_new(NULL);
    GHashTable *const          counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GMarkupParseContext *const context = g_markup_parse_context_new(&parser, 0, counts, NULL);
    tcpshake_story_write_svg(t->story, picture);
    g_markup_parse_context_parse(context, picture->str, -1, &error);
    g_assert_no_error(error);
    g_assert_null(strchr(picture->str, '\x01'));
    check_kinds(t, "AAAAA=A.AAA");
    g_assert_cmpuint(count_of(counts, "arrow"), ==, 9);
    g_assert_cmpuint(count_of(counts, "stretch"), ==, 1);
    g_assert_cmpuint(count_of(counts, "silence"), ==, 1);
    g_assert_cmpuint(count_of(counts, "left-out"), ==, 0);
    g_markup_parse_context_free(context);
    g_hash_table_destroy(counts);
    g_string_free(picture, TRUE);
    told_free(t);
    play_free(p);
}

/* A capture may claim any time: a way there and back that takes 160 years. */
static void
test_arrows_cross_on_long_ways(void)
{
    static const int64_t YEARS = INT64_C(365) * 24 * 3600 * SECONDS;
    play *const          p = play_new(ordinary_isns);
    tcpshake_layout      layout;

    SEND(A, SYN);
    SEND(B, SYN | ACK, .after = 80 * YEARS);
    SEND(A, ACK, .after = 80 * YEARS);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK, .length = 10, .ack = -10, .after = 10 * MS);
    told *const t = tell(p, 100, 100);
    g_assert_cmpint(t->story->path_delay[B], ==, 40 * YEARS);
    check_kinds(t, "A.A.AAA");
    tcpshake_lay_out(&layout, t->story, 0);
    g_assert_true(layout.places[5].crosses && layout.places[6].crosses);
    tcpshake_layout_clear(&layout);
    told_free(t);
    play_free(p);
}

static void
test_nothing_was_captured(void)
{
    play *const    p = play_new(ordinary_isns);
    GString *const to = g_string_new(NULL);
    told *const    t = tell(p, 10, 10);

    check_kinds(t, "");
    tcpshake_story_write_text(t->story, to);
    tcpshake_story_write_svg(t->story, to);
    g_assert_true(g_str_has_suffix(to->str, "</svg>\n"));
    g_string_free(to, TRUE);
    told_free(t);
    play_free(p);
}

static void
test_sentences_stay_in_their_buffers(void)
{
    play *const p = play_new(ordinary_isns);

    play_everything(p);
    told *const t = tell(p, 100, 100);
    for (int sentence = 0; sentence < TCPSHAKE_STORY_SENTENCES; sentence++) {
        tcpshake_story_facts facts = t->story->whole;
        facts.name = facts.clock = "x";
        facts.number = 1;
        for (size_t size = 1; size < 200; size++) {
            char text[256];
            memset(text, 'x', sizeof text);
            tcpshake_text_story((tcpshake_story_sentence)sentence, &facts, text, size);
            g_assert_cmpuint(strlen(text), <, size);
            g_assert_true(g_utf8_validate(text, -1, NULL));
            g_assert_cmpint(text[size], ==, 'x');
        }
    }
    told_free(t);
    play_free(p);
}

/* Its characters are two columns wide. */
static void
test_korean_fits_as_well(void)
{
    tcpshake_set_language(TCPSHAKE_KOREAN);
    check_text("tcp.stream 7: 20ms 만에 연결됨", "3.0초 동안 침묵");
    test_sentences_stay_in_their_buffers();
    tcpshake_set_language(TCPSHAKE_ENGLISH);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/story/log/keeps", test_log_keeps_what_the_story_needs);
    g_test_add_func("/story/log/small", test_log_is_small);
    g_test_add_data_func("/story/rows/ordinary", ordinary_isns, test_ordinary_conversation_has_a_row_a_segment);
    g_test_add_data_func("/story/rows/wrapping", wrapping_isns, test_ordinary_conversation_has_a_row_a_segment);
    g_test_add_func("/story/rows/syn", test_syn_is_where_counting_begins);
    g_test_add_func("/story/rows/short_run", test_short_run_is_not_folded);
    g_test_add_func("/story/rows/long_run", test_long_run_is_folded);
    g_test_add_func("/story/rows/silence", test_silence_is_named);
    g_test_add_func("/story/rows/many_silences", test_many_silences_are_folded);
    g_test_add_func("/story/rows/left_out", test_too_many_rows_are_left_out);
    g_test_add_func("/story/path_delay/retransmission", test_retransmission_is_not_measured);
    g_test_add_func("/story/width", test_width);
    g_test_add_func("/story/lines", test_lines_are_broken);
    g_test_add_func("/story/text", test_text_fits_into_its_columns);
    g_test_add_func("/story/picture", test_picture_has_each_row);
    g_test_add_func("/story/picture/long-ways", test_arrows_cross_on_long_ways);
    g_test_add_func("/story/nothing", test_nothing_was_captured);
    g_test_add_func("/story/sentences", test_sentences_stay_in_their_buffers);
    g_test_add_func("/story/korean", test_korean_fits_as_well);
    return g_test_run();
}
