/* test_text.c
 * The sentences: there, complete, within their buffers, and for the main outcomes what SPEC.md promises.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_builder.h"

enum { ROOM = 256 }; /* what a message may take */

static void
test_durations(void)
{
    static const struct {
        int64_t     duration;
        const char *text;
    } said[] = {
        { 0, "0 ns" },
        { 999, "999 ns" },
        { 1000, "1 µs" },
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

/* Both words of what each anomaly has of its own, whatever it calls them; but only 0 and 1 are a bool. */
static void
set_values(tcpshake_finding *finding, uint32_t first, uint32_t second)
{
    const uint32_t words[] = { first, second };

    G_STATIC_ASSERT(sizeof words == sizeof finding->attempt);
    memcpy(&finding->attempt, words, sizeof words);
    switch (finding->anomaly) {
    case TCPSHAKE_ANOMALY_synack_changed: finding->changed.is_seq = second != 0; break;
    case TCPSHAKE_ANOMALY_bad_flags: finding->flags.closes_syn_sent = second != 0; break;
    case TCPSHAKE_ANOMALY_handshake_aborted:
        finding->abort.answered = first != 0;
        finding->abort.unknown = second != 0;
        finding->abort.crossed = first != 0 && second != 0;
        finding->abort.unanswered = second;
        break;
    case TCPSHAKE_ANOMALY_abortive_close: finding->data.one_sided = second != 0; break;
    case TCPSHAKE_ANOMALY_reset_unacceptable: finding->window.at_least = second != 0; break;
    case TCPSHAKE_ANOMALY_reset_ignored: finding->ttl.tells = first != 0; break;
    case TCPSHAKE_ANOMALY_fin_out_of_window: finding->fin.is_left = second != 0; break;
    case TCPSHAKE_ANOMALY_data_after_close: finding->late.crossed = first != 0; break;
    case TCPSHAKE_ANOMALY_time_wait_lingering: finding->time_wait.syn_turned_away = first != 0; break;
    default: break;
    }
}

/* Numbers as they come: six digits for frames, ten for sequence numbers. */
static tcpshake_finding
large_finding(int anomaly, int variant)
{
    tcpshake_finding finding = {
        .frame = 123457,
        .anomaly = (uint8_t)anomaly,
        .end = (uint8_t)(variant & 1),
        .related_frame = variant & 2 ? 123456 : 123458,
        .duration = 12345 * MS,
    };

    set_values(&finding, variant & 4 ? 4294967295 : 0, variant & 2 ? 123456 : 0);
    return finding;
}

static const tcpshake_icmp_kind longest_icmp = { 4, 3, 11 };

/* Wireshark shows ITEM_LABEL_LENGTH bytes of an expert info. */
static void
test_every_anomaly_has_a_sentence(void)
{
    enum { SHOWN = 240 };
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    const tcpshake_knowledge all = play_hindsight(p);
    for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++) {
        const tcpshake_anomaly_info *const row = tcpshake_anomaly_row((tcpshake_anomaly)anomaly);
        g_assert_cmpuint(strlen(row->name), >, 0);
        g_assert_cmpuint(strlen(row->summary), >, 0);
        g_assert_cmpuint(strlen(row->source), >, 0);
        for (int variant = 0; variant < 8; variant++) {
            tcpshake_finding finding = large_finding(anomaly, variant);
            char             text[4 * ROOM];
            if (anomaly == TCPSHAKE_ANOMALY_icmp_rejected)
                finding.icmp = longest_icmp;
            tcpshake_text_finding(p->conversation, &finding, &all, text, sizeof text);
            g_assert_cmpuint(strlen(text), >, 10);
            g_assert_cmpuint(strlen(text), <, SHOWN);
            g_assert_null(strstr(text, "(null)"));
            g_assert_true(g_utf8_validate(text, -1, NULL));
        }
    }
    play_free(p);
}

/* The largest numbers that a finding can hold. */
static void
test_extreme_numbers(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    const tcpshake_knowledge all = play_hindsight(p);
    for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++) {
        tcpshake_finding finding = {
            .frame = UINT32_MAX,
            .anomaly = (uint8_t)anomaly,
            .end = 1,
            .related_frame = UINT32_MAX,
            .duration = INT64_MAX,
        };
        set_values(&finding, UINT32_MAX, UINT32_MAX);
        char text[2 * ROOM], longer[8 * ROOM];
        tcpshake_text_finding(p->conversation, &finding, &all, text, sizeof text);
        tcpshake_text_finding(p->conversation, &finding, &all, longer, sizeof longer);
        g_assert_cmpstr(text, ==, longer); /* nothing was cut */
        g_assert_null(strstr(text, "(null)"));
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
        char *const text = g_malloc(size); /* exactly: the sanitizer sees the byte after it */
        g_assert_cmpuint(strlen(tcpshake_text_verdict(p->conversation, &summary, &all, text, size)), <, size);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_cmpuint(strlen(tcpshake_text_duration(41 * 1000, text, size)), <, size);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        for (unsigned number = 1; number <= p->segments->len; number++) {
            const tcpshake_view view = play_look_back(p, number);
            tcpshake_text_note(p->conversation, play_at(p, number), &view, text, size);
            g_assert_cmpuint(strlen(text), <, size);
            g_assert_true(g_utf8_validate(text, -1, NULL));
            tcpshake_text_why(p->conversation, play_at(p, number), &view, text, size);
            g_assert_cmpuint(strlen(text), <, size);
            g_assert_true(g_utf8_validate(text, -1, NULL));
        }
        for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++) {
            const tcpshake_finding finding = { .frame = 1, .anomaly = (uint8_t)anomaly };
            g_assert_cmpuint(strlen(tcpshake_text_finding(p->conversation, &finding, &all, text, size)), <, size);
            g_assert_true(g_utf8_validate(text, -1, NULL));
        }
        if (size == 1)
            g_assert_cmpstr(text, ==, "");
        g_free(text);
    }
    play_free(p);
}

#define VERDICT(expected)                                                                                           \
    do {                                                                                                            \
        const tcpshake_knowledge all = play_hindsight(p);                                                           \
        const tcpshake_summary   summary = play_summary(p);                                                         \
        char                     text[ROOM];                                                                        \
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
#define VERDICT_SAYS(...)                                                          \
    do {                                                                           \
        static const char *const words[] = { __VA_ARGS__ };                        \
        const tcpshake_knowledge all = play_hindsight(p);                          \
        const tcpshake_summary   summary = play_summary(p);                        \
        char                     text[ROOM];                                       \
        tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text); \
        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {                       \
            if (!strstr(text, words[i]))                                           \
                g_test_message("\"%s\" is not in \"%s\"", words[i], text);         \
            g_assert_nonnull(strstr(text, words[i]));                              \
        }                                                                          \
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
    const tcpshake_knowledge so_far = { 0 };
    const tcpshake_summary   summary = play_summary(p);
    char                     text[ROOM];
    g_assert_nonnull(strstr(tcpshake_text_verdict(p->conversation, &summary, &so_far, text, sizeof text), "so far"));
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

/* ---- why ---- */

/* Where each is told: once, at the step that asks for it, and not where the step is repeated. */
static void
test_whys(void)
{
    static const struct {
        unsigned    number;
        const char *word;
    } told[] = {
        { 1, "such a number" },
        { 2, "" },
        { 3, "+ 1" },
        { 4, "three steps" },
        { 5, "" },
        { 6, "" },
        { 7, "" },
        { 8, "" },
        { 9, "four steps" },
        { 10, "" },
        { 11, "TIME-WAIT" },
    };
    play *const p = play_new(ordinary_isns);
    char        text[ROOM];

    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = 1000 * MS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    g_assert_cmpuint(p->segments->len, ==, G_N_ELEMENTS(told));
    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++) {
        const tcpshake_view view = play_look_back(p, told[i].number);
        tcpshake_text_why(p->conversation, play_at(p, told[i].number), &view, text, sizeof text);
        if (told[i].word[0])
            g_assert_nonnull(strstr(text, told[i].word));
        else
            g_assert_cmpstr(text, ==, "");
    }
    play_free(p);
}

/* FINs that crossed: an end that has sent its own has nothing more to send. */
static void
test_crossed_fins(void)
{
    static const char *const words[] = { "FIN in frame", "the other FIN in frame", "after the first)", "later)" };
    play *const              p = play_new(ordinary_isns);
    char                     text[ROOM];

    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK, .ack = -1, .after = 10 * MS);
    SEND(B, ACK, .after = 10 * MS);
    SEND(A, ACK, .after = 10 * MS);
    for (unsigned number = 4; number <= 7; number++) {
        const tcpshake_view view = play_look_back(p, number);
        tcpshake_text_why(p->conversation, play_at(p, number), &view, text, sizeof text);
        g_assert_null(strstr(text, "may still have data to send"));
        g_assert_null(strstr(text, "together"));
    }
    const tcpshake_summary     summary = play_summary(p);
    const tcpshake_story_facts facts = { .conversation = p->conversation, .summary = &summary };
    const char                *at = tcpshake_text_story(TCPSHAKE_STORY_closed, &facts, text, sizeof text);
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        at = at ? strstr(at, words[i]) : NULL;
        g_assert_nonnull(at);
    }
    play_free(p);
}

/* What another sent in the server's name tells nothing of the server's port. */
static void
test_refusal_by_another(void)
{
    play *const p = play_new(ordinary_isns);
    char        text[ROOM];

    SEND(A, SYN);
    SEND(B, RST | ACK);
    const tcpshake_knowledge all = play_hindsight(p);
    g_assert_cmpuint(p->conversation->findings->one[0].anomaly, ==, TCPSHAKE_ANOMALY_connection_refused);
    tcpshake_text_finding(p->conversation, &p->conversation->findings->one[0], &all, text, sizeof text);
    g_assert_nonnull(strstr(text, "no process listens"));
    p->conversation->extra->rare.reset_cause = TCPSHAKE_CAUSE_FOREIGN;
    tcpshake_text_finding(p->conversation, &p->conversation->findings->one[0], &all, text, sizeof text);
    g_assert_nonnull(strstr(text, "refused"));
    g_assert_null(strstr(text, "no process listens"));
    play_free(p);
}

/* A RST in the server's name closes the client, and the server sends on: neither the first RST nor the one that answers
 * is what its apparent sender did to end the connection. */
static void
test_notes_of_resets_by_another(void)
{
    static const struct {
        unsigned    number;
        const char *words;
    } told[] = {
        { 8, "in the name of the server" },
        { 10, "the client is already CLOSED" },
    };
    play *const p = play_new(ordinary_isns);
    char        text[ROOM];

    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK);
    SEND(B, ACK, .length = 200, .after = 20 * MS);
    SEND(A, RST);
    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++) {
        const tcpshake_view view = play_look_back(p, told[i].number);
        tcpshake_text_note(p->conversation, play_at(p, told[i].number), &view, text, sizeof text);
        g_assert_nonnull(strstr(text, told[i].words));
        g_assert_null(strstr(text, "ends the connection at once"));
    }
    play_free(p);
}

/* The same segment asks whether the peer is there, or whether it has room again (RFC 9293 sections 3.8.4, 3.8.6.1). */
static void
test_probes_of_a_closed_window(void)
{
    static const struct {
        unsigned    length;
        const char *words;
    } told[] = { { 10, "1 keep-alive probe from the client" }, { 80, "1 zero-window probe from the client" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++) {
        play *const p = play_new(ordinary_isns);
        char        text[ROOM];
        SEND(A, SYN, .window = 80);
        SEND(B, SYN | ACK, .window = 80);
        SEND(A, ACK, .window = 80);
        SEND(A, ACK, .length = told[i].length);
        SEND(B, ACK, .window = told[i].length < 80 ? 80 - told[i].length : CLOSED_WINDOW);
        SEND(A, ACK, .seq = -1, .after = 10 * SECONDS);
        SEND(A, ACK, .seq = -1, .after = 10 * SECONDS);
        const tcpshake_knowledge all = play_hindsight(p);
        g_assert_cmpuint(p->conversation->findings->one[0].anomaly, ==, TCPSHAKE_ANOMALY_keepalive_unanswered);
        tcpshake_text_finding(p->conversation, &p->conversation->findings->one[0], &all, text, sizeof text);
        g_assert_true(g_str_has_prefix(text, told[i].words));
        play_free(p);
    }
}

/* A SYN-ACK that was sent before the client's data can have come ignores none. */
static void
test_data_under_way_to_syn_received(void)
{
    static const struct {
        int64_t     after;
        const char *words;
    } told[] = { { 200 * MS, "TCP_DEFER_ACCEPT" }, { 400 * MS, "the ACK and the client's data were lost" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++) {
        play *const p = play_new(ordinary_isns);
        char        text[ROOM];
        SEND(A, SYN);
        SEND(B, SYN | ACK, .after = 350 * MS);
        SEND(A, ACK);
        SEND(A, ACK, .length = 100, .after = 900 * MS);
        SEND(B, SYN | ACK, .seq = -1, .ack = -100, .after = told[i].after);
        const tcpshake_knowledge      all = play_hindsight(p);
        const tcpshake_finding *const finding =
            tcpshake_last_found(p->conversation, TCPSHAKE_ANOMALY_handshake_ack_ignored);
        g_assert_nonnull(finding);
        tcpshake_text_finding(p->conversation, finding, &all, text, sizeof text);
        g_assert_nonnull(strstr(text, told[i].words));
        play_free(p);
    }
}

/* The message of the last finding of that kind. */
static const char *
last_message(const play *p, tcpshake_anomaly anomaly, char *text, size_t size)
{
    const tcpshake_knowledge      all = play_hindsight(p);
    const tcpshake_finding *const finding = tcpshake_last_found(p->conversation, anomaly);

    g_assert_nonnull(finding);
    return tcpshake_text_finding(p->conversation, finding, &all, text, size);
}

/* A server that waits for data does not ask again for an ACK that has carried them, be they those of the SYN. */
static void
test_data_with_the_ack(void)
{
    for (unsigned on_syn = 0; on_syn <= 1; on_syn++) {
        play *const p = play_new(ordinary_isns);
        const int   data = on_syn ? -100 : 0; /* before what is next */
        char        text[ROOM];
        SEND(A, SYN, .length = on_syn ? 100 : 0);
        SEND(A, SYN, .seq = data - 1, .after = SECONDS);
        SEND(B, SYN | ACK, .ack = data);
        SEND(A, ACK, .length = 100, .seq = data);
        SEND(B, SYN | ACK, .seq = -1, .ack = -100, .after = 900 * MS);
        last_message(p, TCPSHAKE_ANOMALY_handshake_ack_ignored, text, sizeof text);
        g_assert_null(strstr(text, "TCP_DEFER_ACCEPT"));
        g_assert_nonnull(strstr(text, "the ACK and the client's data were lost"));
        play_free(p);
    }
}

/* A server whose SYN-ACKs nobody has acknowledged gives up; one that has sent a single one may have other reasons. */
static void
test_reset_of_the_server_in_the_handshake(void)
{
    static const char *const words[] = { "stopped listening", "gave up", "gave up" };

    for (unsigned repeats = 0; repeats < G_N_ELEMENTS(words); repeats++) {
        play *const p = play_new(ordinary_isns);
        char        text[ROOM], count[16];
        SEND(A, SYN);
        SEND(B, SYN | ACK);
        for (unsigned i = 0; i < repeats; i++)
            SEND(B, SYN | ACK, .seq = -1, .after = 3 * SECONDS);
        SEND(B, RST | ACK, .after = 3 * SECONDS);
        last_message(p, TCPSHAKE_ANOMALY_handshake_aborted, text, sizeof text);
        g_snprintf(count, sizeof count, "%u SYN-ACKs", repeats + 1);
        g_assert_nonnull(strstr(text, words[repeats]));
        g_assert_true((strstr(text, "connect()") == NULL) == (repeats > 0));
        g_assert_true((strstr(text, count) != NULL) == (repeats > 0));
        play_free(p);
    }
}

/* An attempt that was refused is over: its SYNs and its time are not those of the next, nor are SYNs that come later.
 */
static void
test_syns_of_the_attempt(void)
{
    for (unsigned again = 0; again <= 1; again++) {
        play *const p = play_new(ordinary_isns);
        char        text[ROOM];
        SEND(A, SYN);
        SEND(B, RST | ACK, .seq = -500000);
        SEND(A, SYN, .seq = -1, .after = SECONDS);
        SEND(B, SYN | ACK);
        if (again)
            SEND(A, SYN, .seq = -1, .after = 3 * SECONDS);
        SEND(B, SYN | ACK, .seq = -1, .after = 15 * SECONDS);
        SEND(A, SYN, .seq = -1);
        last_message(p, TCPSHAKE_ANOMALY_connection_timeout, text, sizeof text);
        g_assert_nonnull(strstr(text, again ? "18.0 s" : "15.0 s"));
        g_assert_true((strstr(text, "the client sent 2 SYNs") != NULL) == (again != 0));
        g_assert_true((strstr(text, "the client sent") != NULL) == (again != 0));
        play_free(p);
    }
}

/* From SYN to SYN, whatever came between them. */
static void
test_time_of_the_pending_syn(void)
{
    play *const p = play_new(ordinary_isns);
    char        text[ROOM];

    SEND(A, SYN);
    SEND(B, RST, .after = 900 * 1000);
    SEND(A, SYN, .seq = 5000, .after = 600 * 1000);
    g_assert_nonnull(strstr(last_message(p, TCPSHAKE_ANOMALY_syn_changed, text, sizeof text), "1.5 ms later"));
    play_free(p);
}

/* A SYN-ACK to another SYN confirms nothing. */
static void
test_note_of_bad_syn_ack(void)
{
    static const struct {
        int         ack;
        const char *words;
    } told[] = { { 0, "received the SYN" },
                 { -9, "does not acknowledge the peer's SYN" },
                 { 70, "does not acknowledge the peer's SYN" } };

    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++) {
        play *const p = play_new(ordinary_isns);
        char        text[ROOM];
        SEND(A, SYN);
        SEND(B, SYN | ACK, .ack = told[i].ack);
        const tcpshake_view view = play_look_back(p, 2);
        tcpshake_text_note(p->conversation, play_at(p, 2), &view, text, sizeof text);
        g_assert_nonnull(strstr(text, told[i].words));
        g_assert_true((strstr(text, "received the SYN") != NULL) == (told[i].ack == 0));
        play_free(p);
    }
}

/* ---- languages ---- */

static void
test_language_among(void)
{
    static const struct {
        const char       *names[4];
        tcpshake_language language;
    } people[] = {
        { { "ko_KR.UTF-8", "ko_KR", "ko", "C" }, TCPSHAKE_KOREAN },
        { { "ko" }, TCPSHAKE_KOREAN },
        { { "KO-KR" }, TCPSHAKE_KOREAN },
        { { "en_GB.UTF-8", "en", "C" }, TCPSHAKE_ENGLISH },
        { { "de_DE", "ko", "en" }, TCPSHAKE_KOREAN },
        { { "kok_IN", "C" }, TCPSHAKE_ENGLISH }, /* Konkani */
        { { "C" }, TCPSHAKE_ENGLISH },
        { { NULL }, TCPSHAKE_ENGLISH },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(people); i++) {
        const char *names[5] = { NULL };
        memcpy(names, people[i].names, sizeof people[i].names);
        g_assert_cmpint(tcpshake_language_among(names), ==, people[i].language);
    }
}

static bool
has_hangul(const char *text)
{
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_get_script(g_utf8_get_char(text)) == G_UNICODE_SCRIPT_HANGUL)
            return true;
    return false;
}

/* No English sentence is left over. */
static void
check_korean(const char *text)
{
    static const char *const english[] = { "client", "server", "Likely", " the ", "frame", " s ", " ms" };

    g_assert_true(has_hangul(text));
    for (unsigned i = 0; i < G_N_ELEMENTS(english); i++)
        g_assert_null(strstr(text, english[i]));
}

static void
test_korean(void)
{
    static const struct {
        unsigned    number;
        const char *note, *why;
    } told[] = {
        { 1, "SYN(1000): 클라이언트가 연결을 요청한다. 자기 순서 번호는 1000부터이다", "번호가 왜 이런가" },
        { 2,
          "SYN(500000): 서버가 연결을 받아들인다. 자기 순서 번호는 500000부터이다; ACK(1001) = 1000 + 1: 그 SYN을 "
          "받았다",
          "왜 + 1인가" },
        { 3, "ACK(500001) = 500000 + 1: 클라이언트가 서버의 SYN을 받았다. 이제 양쪽의 초기 순서 번호가 모두 확인되었다",
          "세 단계" },
    };
    play *const p = play_new(ordinary_isns);
    char        text[4 * ROOM];

    tcpshake_set_language(TCPSHAKE_KOREAN);
    play_handshake(p, A);
    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++) {
        const tcpshake_view view = play_look_back(p, told[i].number);
        g_assert_cmpstr(tcpshake_text_note(p->conversation, play_at(p, told[i].number), &view, text, sizeof text), ==,
                        told[i].note);
        tcpshake_text_why(p->conversation, play_at(p, told[i].number), &view, text, sizeof text);
        check_korean(text);
        g_assert_nonnull(strstr(text, told[i].why));
    }
    const tcpshake_knowledge all = play_hindsight(p);
    for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++)
        for (int variant = 0; variant < 8; variant++) {
            const tcpshake_finding finding = large_finding(anomaly, variant);
            check_korean(tcpshake_text_finding(p->conversation, &finding, &all, text, sizeof text));
        }
    g_assert_cmpstr(tcpshake_text_duration(7100 * MS, text, sizeof text), ==, "7.1초");
    g_assert_cmpstr(tcpshake_text_duration(41 * MS, text, sizeof text), ==, "41ms");
    tcpshake_set_language(TCPSHAKE_ENGLISH);
    play_free(p);
}

/* What holds in every language. */
typedef struct common_test {
    const char *name;
    void (*run)(void);
} common_test;

static const common_test common_tests[] = {
    { "every_anomaly_has_a_sentence", test_every_anomaly_has_a_sentence },
    { "extreme_numbers", test_extreme_numbers },
    { "small_buffers", test_small_buffers },
    { "notes_have_their_numbers", test_notes_have_their_numbers },
};

static void
in_english(gconstpointer test)
{
    ((const common_test *)test)->run();
}

static void
in_korean(gconstpointer test)
{
    tcpshake_set_language(TCPSHAKE_KOREAN);
    ((const common_test *)test)->run();
    tcpshake_set_language(TCPSHAKE_ENGLISH);
}

static void
add_common_tests(const char *language, GTestDataFunc run)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(common_tests); i++) {
        char *const path = g_strdup_printf("/text/%s/%s", language, common_tests[i].name);
        g_test_add_data_func(path, &common_tests[i], run);
        g_free(path);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    g_test_add_func("/text/durations", test_durations);
    g_test_add_func("/text/verdict_established", test_verdict_established);
    g_test_add_func("/text/verdict_unanswered", test_verdict_unanswered);
    g_test_add_func("/text/verdict_refused", test_verdict_refused);
    g_test_add_func("/text/verdict_of_closes", test_verdict_of_closes);
    g_test_add_func("/text/verdict_of_openings", test_verdict_of_openings);
    g_test_add_func("/text/whys", test_whys);
    g_test_add_func("/text/crossed_fins", test_crossed_fins);
    g_test_add_func("/text/refusal_by_another", test_refusal_by_another);
    g_test_add_func("/text/notes_of_resets_by_another", test_notes_of_resets_by_another);
    g_test_add_func("/text/probes_of_a_closed_window", test_probes_of_a_closed_window);
    g_test_add_func("/text/data_under_way_to_syn_received", test_data_under_way_to_syn_received);
    g_test_add_func("/text/data_with_the_ack", test_data_with_the_ack);
    g_test_add_func("/text/reset_of_the_server_in_the_handshake", test_reset_of_the_server_in_the_handshake);
    g_test_add_func("/text/syns_of_the_attempt", test_syns_of_the_attempt);
    g_test_add_func("/text/time_of_the_pending_syn", test_time_of_the_pending_syn);
    g_test_add_func("/text/note_of_bad_syn_ack", test_note_of_bad_syn_ack);
    g_test_add_func("/text/language_among", test_language_among);
    g_test_add_func("/text/korean", test_korean);
    add_common_tests("english", in_english);
    add_common_tests("korean", in_korean);
    return g_test_run();
}
