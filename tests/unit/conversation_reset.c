/* conversation_reset.c
 * Resets, and the limits that the user sets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== resets ==== */

CONVERSATION(reset_open)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK, .ack = -100);
    BOTH_PASSES(8, S(CLOSED), S(CLOSED));
    IN_HINDSIGHT(7, S(ESTABLISHED), S(ESTABLISHED));
    TEARDOWN(RESET);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_SERVER);
    g_assert_cmpint(play_summary(p).closed_by, ==, TCPSHAKE_SERVER);
    FINDINGS("8:connection_reset");
    const tcpshake_view view = play_look_back(p, 8);
    g_assert_cmpuint(view.findings[0].data.bytes, ==, 100); /* bytes that were not acknowledged */
}

CONVERSATION(reset_while_closing)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, RST | ACK);
    BOTH_PASSES(8, S(CLOSED), S(CLOSED));
    TEARDOWN(RESET_WHILE_CLOSING);
    FINDINGS("8:reset_while_closing");
}

/* Both have closed and confirmed: a RST after that ends nothing. */
CONVERSATION(reset_after_the_end)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    SEND(B, RST);
    BOTH_PASSES(9, S(TIME_WAIT), S(CLOSED));
    BOTH_PASSES(10, S(CLOSED), S(CLOSED));
    TEARDOWN(THREE_SEGMENTS);
    FOUND_ON(reset_while_closing, "");
    FOUND_ON(connection_reset, "");
}

/* RFC 5961 section 3.2. Who goes on had not sent it. */
CONVERSATION(reset_in_window_is_ignored)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST, .seq = 100); /* 7 */
    SEND(A, ACK);
    SEND(A, ACK, .length = 10, .after = 2 * SECONDS);
    SEND(B, ACK, .length = 20);
    SEND(A, ACK);
    for (unsigned number = 7; number <= 11; number++)
        IN_HINDSIGHT(number, S(ESTABLISHED), S(ESTABLISHED));
    THEN(7, S(ESTABLISHED), ANY);
    THEN(10, S(ESTABLISHED), S(ESTABLISHED));
    FOUND_ON(connection_reset, "");
    TEARDOWN(NONE);
}

/* An exact one that does not end the conversation either. */
CONVERSATION(reset_is_ignored)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST); /* 7 */
    SEND(A, ACK, .length = 10, .after = 2 * SECONDS);
    SEND(B, ACK, .length = 20);
    SEND(A, ACK);
    SEND(A, FIN | ACK, .after = SECONDS);
    SEND(B, FIN | ACK);
    SEND(A, ACK); /* 13 */
    THEN(7, S(CLOSED), S(CLOSED));
    for (unsigned number = 7; number <= 10; number++)
        IN_HINDSIGHT(number, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(11, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(13, S(TIME_WAIT), S(CLOSED));
    TEARDOWN(THREE_SEGMENTS);
}

/* What was under way when the RST passed it is lost: the end is CLOSED a little later, and stays it. */
CONVERSATION(data_crosses_reset)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST); /* 7 */
    SEND(A, ACK, .length = 10, .after = MS);
    SEND(B, RST, .after = 5 * MS);
    IN_HINDSIGHT(7, ANY, S(CLOSED));
    BOTH_PASSES(9, S(CLOSED), S(CLOSED));
    TEARDOWN(RESET);
    FOUND_ON(abortive_close, "");
    FOUND_ON(connection_reset, "7");
}

/* The first that was captured of their sender: where it had come to before, nobody knows, and so how much is lost. */
CONVERSATION(first_data_cross_reset)
{
    const tcpshake_finding *finding;

    SEND(B, ACK, .length = 10);
    SEND(B, RST, .after = 100 * MS);
    SEND(A, ACK, .length = 20, .seq = INT32_MAX, .after = MS);
    finding = tcpshake_last_found(p->conversation, TCPSHAKE_ANOMALY_connection_reset);
    g_assert_true(!finding || finding->data.bytes <= 20);
}

/* ==== limits ==== */

/* A handshake that takes this long, from the SYN to its ACK. */
static void
open_in(play *p, int64_t duration)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK, .after = duration - 10 * MS);
    SEND(A, ACK);
}

CONVERSATION(not_slow)
{
    open_in(p, 900 * MS);
    FINDINGS("");
}
CONVERSATION(slow)
{
    open_in(p, 1100 * MS);
    FINDINGS("3:slow_handshake");
}
CONVERSATION(no_timeout)
{
    open_in(p, 9900 * MS);
    FOUND_ON(connection_timeout, "");
}
CONVERSATION(timeout)
{
    open_in(p, 10100 * MS);
    FOUND_ON(connection_timeout, "3");
}
CONVERSATION(limits_turned_off)
{
    p->limits.slow_handshake = p->limits.connection_timeout = 0;
    open_in(p, 100 * SECONDS);
    FINDINGS("");
}

CONVERSATION(fin_without_answer)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    play_wait(p, SECONDS / 2);
    FOUND_ON(missing_fin_ack, ""); /* the capture ended too soon to say so */
    play_wait(p, 5 * SECONDS);
    FINDINGS("7:missing_fin_ack");
    TEARDOWN(IN_PROGRESS);
}

/* The answer to an ordinary close is not in the first pass of anything: no hindsight, no anomaly. */
CONVERSATION(silence_is_not_known_in_the_first_pass)
{
    p->opener = A;
    SEND(A, SYN);
    play_wait(p, 100 * SECONDS);
    g_assert_cmpuint(play_first_look(p, 1)->finding_count, ==, 0);
    FOUND_ON(syn_unanswered, "1");
}

/* ==== what speaks against a RST ==== */

static void
check_evidence(const play *p, const char *expected)
{
    const tcpshake_summary summary = play_summary(p);
    char                   text[256];

    g_assert_cmpstr(tcpshake_text_reset_evidence(p->conversation, &summary, text, sizeof text), ==, expected);
}

#define ABORTED "it carries an ACK and the next sequence number of the server"

/* In the handshake an answer took 10 ms. */
CONVERSATION(reset_sooner_than_a_round_trip)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK, .after = MS);
    check_evidence(p, ABORTED "; it acknowledges a segment sooner than a round trip took in the handshake");
}

CONVERSATION(reset_after_a_round_trip)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK);
    check_evidence(p, ABORTED);
}

/* It does not acknowledge what was sent a moment ago: it was under way then. */
CONVERSATION(reset_that_crosses_data)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK, .ack = -100, .after = MS);
    check_evidence(p, ABORTED);
}

CONVERSATION(reset_with_the_window_that_it_answers)
{
    static const uint8_t mss[] = { 2, 4, 5, 180 };

    p->opener = A;
    SEND(A, SYN, .window = 5000, .options = mss, .options_length = sizeof mss);
    SEND(B, SYN | ACK, .options = mss, .options_length = sizeof mss);
    SEND(A, ACK, .window = 4999); /* the edge stays where it was */
    SEND(A, ACK, .length = 100, .window = 4999);
    SEND(B, RST | ACK, .window = 4999);
    check_evidence(p, ABORTED "; its window is that of the packet that it answers");
}

CONVERSATION(resets_with_rising_numbers)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK);
    SEND(B, RST, .seq = 1460, .after = MS);
    SEND(B, RST, .seq = 4380, .after = MS);
    check_evidence(p, "RSTs with rising sequence numbers follow it");
}

/* One RST for each segment that was under way: they acknowledge nothing beyond what was sent. */
CONVERSATION(resets_for_what_was_under_way)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK);
    SEND(B, RST, .after = MS);
    check_evidence(p, ABORTED);
}

/* Nobody refuses and accepts the same SYN. */
CONVERSATION(refused_and_accepted)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK);
    SEND(B, SYN | ACK);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_FOREIGN);
    check_evidence(p, "a SYN-ACK answered the same SYN");
    FOUND_ON(reset_ignored, "2");
}

/* The neighbour: the client may have asked once more, unseen. */
CONVERSATION(refused_and_accepted_later)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK);
    SEND(B, SYN | ACK, .after = SECONDS);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_REFUSED);
    FOUND_ON(reset_ignored, "");
}
