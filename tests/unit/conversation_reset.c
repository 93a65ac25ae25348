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

/* What was under way when the RST passed it: the end is CLOSED a little later, and stays it. */
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
    FOUND_ON(abortive_close, "7");
    FOUND_ON(connection_reset, "");
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
