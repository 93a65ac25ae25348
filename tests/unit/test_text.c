/* test_text.c
 * The sentences: there, complete, within their buffers, and for the main outcomes what SPEC.md promises.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "play.h"

enum { ROOM = 256 };                    /* what a message may take */

static void
test_durations(void)
{
    static const struct {
        int64_t     duration;
        const char *text;
    } said[] = {
        { 0, "0.0 ms" },
        { 26 * 1000, "26 µs" },
        { 99 * 1000, "99 µs" },
        { 100 * 1000, "0.1 ms" },
        { 200 * 1000, "0.2 ms" },
        { 9 * MS + 940 * 1000, "9.9 ms" },
        { 9 * MS + 960 * 1000, "10 ms" },
        { 41 * MS, "41 ms" },
        { 999 * MS, "999 ms" },
        { 999 * MS + 600 * 1000, "1.0 s" },
        { 7100 * MS, "7.1 s" },
        { 99940 * MS, "99.9 s" },
        { 99960 * MS, "100 s" },
        { 3600 * SECONDS, "3600 s" },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(said); i++) {
        char text[32];
        g_assert_cmpstr(tcpshake_text_duration(said[i].duration, text, sizeof text), ==, said[i].text);
    }
}

/* The largest numbers that a finding can hold. */
static void
test_every_anomaly_has_a_sentence(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++) {
        const tcpshake_anomaly_info *const row = tcpshake_anomaly_row((tcpshake_anomaly)anomaly);
        g_assert_cmpuint(strlen(row->name), >, 0);
        g_assert_cmpuint(strlen(row->summary), >, 0);
        g_assert_cmpuint(strlen(row->source), >, 0);
        for (int extreme = 0; extreme < 2; extreme++) {
            const tcpshake_finding finding = {
                .frame = extreme ? UINT32_MAX : 1, .anomaly = (uint8_t)anomaly, .end = (uint8_t)extreme,
                .count = extreme ? UINT16_MAX : 1, .other_frame = extreme ? UINT32_MAX : 0,
                .number = extreme ? UINT32_MAX : 0, .duration = extreme ? INT64_MAX : 0,
            };
            const tcpshake_knowledge all = play_hindsight(p);
            char                     text[ROOM], longer[4 * ROOM];
            tcpshake_text_finding(p->conversation, &finding, &all, text, sizeof text);
            tcpshake_text_finding(p->conversation, &finding, &all, longer, sizeof longer);
            g_assert_cmpuint(strlen(text), >, 10);
            g_assert_cmpstr(text, ==, longer); /* nothing was cut */
            g_assert_null(strstr(text, "(null)"));
            g_assert_true(g_utf8_validate(text, -1, NULL));
        }
    }
    play_free(p);
}

/* No sentence writes past the end that it was given. */
static void
test_small_buffers(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    SEND(B, RST);
    const tcpshake_knowledge all = play_hindsight(p);
    const tcpshake_summary   summary = play_summary(p);
    for (size_t size = 1; size < 80; size++) {
        char *const text = g_malloc(size);  /* exactly: the sanitizer sees the byte after it */
        g_assert_cmpuint(strlen(tcpshake_text_verdict(p->conversation, &summary, &all, text, size)), <, size);
        g_assert_cmpuint(strlen(tcpshake_text_duration(41 * MS, text, size)), <, size);
        for (unsigned number = 1; number <= p->segments->len; number++) {
            const tcpshake_view view = play_look_back(p, number);
            tcpshake_text_note(p->conversation, play_at(p, number), &view, text, size);
            g_assert_cmpuint(strlen(text), <, size);
        }
        for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++) {
            const tcpshake_finding finding = { .frame = 1, .anomaly = (uint8_t)anomaly };
            g_assert_cmpuint(strlen(tcpshake_text_finding(p->conversation, &finding, &all, text, size)), <, size);
        }
        if (size == 1)
            g_assert_cmpstr(text, ==, "");
        g_free(text);
    }
    play_free(p);
}

#define VERDICT(expected) \
    do { \
        const tcpshake_knowledge all = play_hindsight(p); \
        const tcpshake_summary   summary = play_summary(p); \
        char                     text[ROOM]; \
        g_assert_cmpstr(tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text), ==, (expected)); \
    } while (0)

/* SPEC section 5 gives these three to the letter. */
static void
test_verdict_established(void)
{
    play *const p = play_new(ordinary_isns);

    SEND(A, SYN);
    SEND(B, SYN | ACK, .after = 30 * MS);
    SEND(A, ACK, .after = 11 * MS);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    VERDICT("established in 41 ms, closed by the client, four segments");
    play_free(p);
}

static void
test_verdict_unanswered(void)
{
    play *const p = play_new(ordinary_isns);

    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(A, SYN, .seq = -1, .after = 2 * SECONDS);
    play_wait(p, 4100 * MS);
    VERDICT("no answer to 3 SYNs in 7.1 s");
    play_free(p);
}

static void
test_verdict_refused(void)
{
    play *const p = play_new(ordinary_isns);

    SEND(A, SYN);
    SEND(B, RST | ACK, .after = 200 * 1000);
    VERDICT("refused by the server after 0.2 ms");
    play_free(p);
}

/* The words are free here, who and how are not. */
#define VERDICT_SAYS(...) \
    do { \
        static const char *const words[] = { __VA_ARGS__ }; \
        const tcpshake_knowledge all = play_hindsight(p); \
        const tcpshake_summary   summary = play_summary(p); \
        char                     text[ROOM]; \
        tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text); \
        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) { \
            if (!strstr(text, words[i])) \
                g_test_message("\"%s\" is not in \"%s\"", words[i], text); \
            g_assert_nonnull(strstr(text, words[i])); \
        } \
    } while (0)

static void
test_verdict_of_closes(void)
{
    play *p = play_new(ordinary_isns);
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, FIN | ACK);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    VERDICT_SAYS("established in 20 ms", "closed by the server", "three segments");
    play_free(p);

    p = play_new(ordinary_isns);
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK, .ack = -1);
    SEND(A, ACK);
    SEND(B, ACK);
    VERDICT_SAYS("established", "both ends");
    play_free(p);

    p = play_new(ordinary_isns);
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST);
    VERDICT_SAYS("established", "reset by the server");
    play_free(p);

    p = play_new(ordinary_isns);
    play_handshake(p, A);
    play_exchange(p);
    VERDICT_SAYS("established", "not closed");
    play_free(p);
}

static void
test_verdict_of_openings(void)
{
    play *p = play_new(ordinary_isns);
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    play_wait(p, 5 * SECONDS);
    VERDICT_SAYS("half-open", "5.0 s");
    play_free(p);

    p = play_new(ordinary_isns);
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, RST);
    VERDICT_SAYS("aborted by the client");
    play_free(p);

    p = play_new(ordinary_isns);
    p->next[A] = p->next[B] = 100;
    SEND(A, ACK, .length = 10);
    SEND(B, ACK, .length = 10);
    VERDICT_SAYS("before the capture");
    play_free(p);
}

/* SPEC section 5: the number that is acknowledged and why it is that number + 1. */
static void
test_notes_have_their_numbers(void)
{
    play *const p = play_new(ordinary_isns);
    char        text[ROOM];

    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    static const char *const numbers[][2] = { { "1000", "" }, { "500000", "1001" }, { "500001", "+ 1" } };
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const tcpshake_view view = play_look_back(p, i + 1);
        tcpshake_text_note(p->conversation, play_at(p, i + 1), &view, text, sizeof text);
        g_assert_nonnull(strstr(text, numbers[i][0]));
        g_assert_nonnull(strstr(text, numbers[i][1]));
    }
    /* A FIN that acknowledges the peer's: both in one note. */
    const tcpshake_view view = play_look_back(p, 8);
    tcpshake_text_note(p->conversation, play_at(p, 8), &view, text, sizeof text);
    g_assert_nonnull(strstr(text, "1012")); /* 1000 + 1 + 10 + 1 */
    g_assert_nonnull(strstr(text, "500021"));
    g_assert_nonnull(strstr(text, "500022"));
    /* Nothing to say of data. */
    const tcpshake_view data = play_look_back(p, 4);
    g_assert_cmpstr(tcpshake_text_note(p->conversation, play_at(p, 4), &data, text, sizeof text), ==, "");
    play_free(p);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    g_test_add_func("/text/durations", test_durations);
    g_test_add_func("/text/every_anomaly_has_a_sentence", test_every_anomaly_has_a_sentence);
    g_test_add_func("/text/small_buffers", test_small_buffers);
    g_test_add_func("/text/verdict_established", test_verdict_established);
    g_test_add_func("/text/verdict_unanswered", test_verdict_unanswered);
    g_test_add_func("/text/verdict_refused", test_verdict_refused);
    g_test_add_func("/text/verdict_of_closes", test_verdict_of_closes);
    g_test_add_func("/text/verdict_of_openings", test_verdict_of_openings);
    g_test_add_func("/text/notes_have_their_numbers", test_notes_have_their_numbers);
    return g_test_run();
}
