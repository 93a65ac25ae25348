/* conversation_idle.c
 * Silence, and what is used again after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

#include "text/idle_timers.h"

/* The message of the finding on the segment of this number. */
static void
check_message(const play *p, unsigned number, const char *expected)
{
    const tcpshake_knowledge all = play_hindsight(p);
    const tcpshake_view      view = play_look_back(p, number);
    char                     text[256];

    g_assert_cmpuint(view.finding_count, ==, 1);
    tcpshake_text_finding(p->conversation, &view.findings[0], &all, text, sizeof text);
    if (!strstr(text, expected))
        g_test_message("%s", text);
    g_assert_nonnull(strstr(text, expected));
}

/* There was nothing before the SYN. */
CONVERSATION(no_silence_before_a_refusal)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, RST | ACK);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_REFUSED);
    g_assert_cmpint(play_summary(p).reset_idle, ==, TCPSHAKE_NO_TIME);
    g_assert_cmpint(play_summary(p).close_idle, ==, TCPSHAKE_NO_TIME);
}

CONVERSATION(forgotten_while_idle)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = 355 * SECONDS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_IDLE_EXPIRY);
    g_assert_cmpint(play_summary(p).reset_idle, ==, 355 * SECONDS);
    check_message(p, 8, "(355 s of silence; fits AWS NLB, NAT gateway (350 s))");
}

/* Keep-alives are answered: nobody was silent for longer than between two of them. */
CONVERSATION(kept_alive_then_forgotten)
{
    play_handshake(p, A);
    play_exchange(p);
    for (int i = 0; i < 5; i++) {
        SEND(A, ACK, .seq = -1, .after = 45 * SECONDS);
        SEND(B, ACK);
    }
    SEND(A, ACK, .length = 100, .after = 20 * SECONDS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_NO_SUCH_CONNECTION);
    g_assert_cmpint(play_summary(p).reset_idle, ==, 20 * SECONDS);
}

CONVERSATION(request_crosses_the_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, FIN | ACK, .after = 75 * SECONDS);
    SEND(A, ACK, .length = 200, .ack = -1, .after = 5 * MS);
    SEND(B, RST, .seq = -1);
    g_assert_cmpint(play_summary(p).close_idle, ==, 75 * SECONDS);
    FOUND_ON(data_after_close, "8");
    check_message(p, 8, "crossed the server's FIN");
    check_message(p, 8, "5.0 ms earlier");
    check_message(p, 8, "fits nginx (75 s)");
}

CONVERSATION(request_comes_after_the_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, FIN | ACK, .after = 75 * SECONDS);
    SEND(A, ACK);
    SEND(A, ACK, .length = 200, .after = 4 * SECONDS);
    SEND(B, RST);
    FOUND_ON(data_after_close, "9");
    check_message(p, 9, "came 4.0 s after the server's FIN");
}

/* Nobody was idle: the server had not read all that came. */
CONVERSATION(upload_cut_short)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 1000);
    SEND(B, FIN | ACK);
    SEND(A, ACK, .length = 1000, .ack = -1);
    SEND(B, RST, .seq = -1);
    check_message(p, 9, "without reading everything");
}

/* A FIN that the capture begins with. */
CONVERSATION(no_silence_before_the_capture)
{
    p->opener = A;
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    g_assert_cmpint(play_summary(p).close_idle, ==, TCPSHAKE_NO_TIME);
}

/* A piece of the data, and no text. */
CONVERSATION(reset_with_data)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK, .length = 6, .text = "\x16\x03\x01z\x00\xfc");
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "");
}

/* What comes on from there was not what the RST said. */
CONVERSATION(reason_of_an_ignored_reset)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK, .length = 4, .text = "gone");
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "gone");
    SEND(B, ACK, .length = 10, .after = 2 * SECONDS);
    SEND(A, ACK);
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "");
    SEND(B, RST | ACK);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_SERVER);
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "");
}

/* The text that fits is kept, however long it is. */
CONVERSATION(reset_with_a_long_text)
{
    char text[UINT8_MAX + 1];

    memset(text, '\x01', sizeof text);
    for (unsigned i = 0; i < sizeof text; i += 2)
        text[i] = 'x';
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK, .length = UINT8_MAX, .text = text);
    g_assert_cmpuint(strlen(play_summary(p).reset_reason), <, TCPSHAKE_REASON_SIZE);
    g_assert_cmpuint(strlen(play_summary(p).reset_reason), >, TCPSHAKE_REASON_SIZE - 8);
}

ONCE(idle_timers)
{
    g_assert_cmpstr(tcpshake_idle_timer(350 * SECONDS, true), ==, "AWS NLB, NAT gateway (350 s)");
    g_assert_cmpstr(tcpshake_idle_timer(349 * SECONDS, false), !=, "AWS NLB, NAT gateway (350 s)");
    g_assert_cmpstr(tcpshake_idle_timer(360 * SECONDS, false), ==, "AWS NLB, NAT gateway (350 s)");
    g_assert_null(tcpshake_idle_timer(360 * SECONDS, true));
    g_assert_null(tcpshake_idle_timer(10 * SECONDS, false));
    g_assert_null(tcpshake_idle_timer(0, true));
    g_assert_null(tcpshake_idle_timer(-1, false));
}
