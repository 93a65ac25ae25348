/* conversation_taken_back.c
 * What later segments disprove is taken back as a whole: a RST that ended nothing, an attempt that failed, findings
 * among very many.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== a RST that proves ignored ==== */

/* A refusal forged by somebody on the way; the server's SYN-ACK comes all the same. */
CONVERSATION(forged_refusal)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK); /* 2 */
    SEND(B, SYN | ACK, .after = 20 * MS);
    SEND(A, ACK);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK, .length = 20);
    SEND(A, ACK, .after = 2 * SECONDS);
    HANDSHAKE(COMPLETE);
    TEARDOWN(NONE);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_NOBODY);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_NONE);
    g_assert_cmpint(play_summary(p).reset_idle, ==, TCPSHAKE_NO_TIME);
    FOUND_ON(connection_refused, "");
    FOUND_ON(reset_ignored, "2");
    g_assert_false(play_summary(p).anomalies & UINT64_C(1) << TCPSHAKE_ANOMALY_connection_refused);
}

/* The same RST from a server that means it. */
CONVERSATION(refusal_that_is_meant)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK);
    play_wait(p, 2 * SECONDS);
    HANDSHAKE(REFUSED);
    FINDINGS("2:connection_refused");
}

/* A RST in the handshake, in the client's name; the client goes on. */
CONVERSATION(forged_abort_of_the_handshake)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, RST); /* 3 */
    SEND(A, ACK);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK, .length = 20, .after = 2 * SECONDS);
    HANDSHAKE(COMPLETE);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_NOBODY);
    FOUND_ON(handshake_aborted, "");
    FOUND_ON(reset_ignored, "3");
}

/* The request that a forged RST seemed to have ended still has its answer. */
CONVERSATION(request_outlives_a_forged_reset)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(A, RST); /* 5 */
    SEND(B, ACK, .length = 200, .after = 3 * SECONDS);
    SEND(A, ACK);
    FOUND_ON(reset_ignored, "5");
    g_assert_cmpint(play_summary(p).read_time, ==, 3 * SECONDS + 10 * MS);
    TEARDOWN(NONE);
}

/* A FIN under way is acknowledged while its sender seems to be reset: that it goes on shows FIN-WAIT-2. */
CONVERSATION(acknowledgment_meanwhile)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);                 /* 7 */
    SEND(B, RST | ACK);                 /* 8, forged: B goes on */
    SEND(B, ACK);                       /* 9 */
    SEND(B, ACK, .length = 10);         /* 10 */
    SEND(A, ACK, .after = 2 * SECONDS); /* 11 */
    IN_HINDSIGHT(7, S(FIN_WAIT_1), S(CLOSE_WAIT));
    IN_HINDSIGHT(9, S(FIN_WAIT_2), S(CLOSE_WAIT));
    IN_HINDSIGHT(11, S(FIN_WAIT_2), S(CLOSE_WAIT));
    FOUND_ON(reset_while_closing, "");
    FOUND_ON(reset_ignored, "8");
    g_assert_cmpint(play_summary(p).closed_by, ==, TCPSHAKE_CLIENT);
}

/* ==== an attempt that failed ==== */

/* Refused at 0 s, tried again at 20 s, open 20 ms later: measured from the second attempt. */
CONVERSATION(times_of_the_second_attempt)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK);
    p->next[A] = 0;
    SEND(A, SYN, .after = 20 * SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    HANDSHAKE(COMPLETE);
    g_assert_cmpint(play_summary(p).connection_time, ==, 20 * MS);
    g_assert_cmpint(play_summary(p).synack_time, ==, 10 * MS);
    FINDINGS("2:connection_refused");
}

/* One attempt that takes as long is slow. */
CONVERSATION(slow_at_the_first_attempt)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK, .after = 20 * SECONDS);
    SEND(A, ACK);
    g_assert_cmpint(play_summary(p).connection_time, ==, 20 * SECONDS + 10 * MS);
    FOUND_ON(slow_handshake, "3");
    FOUND_ON(connection_timeout, "3");
}

/* ==== findings among very many ==== */

static bool
is_said_of_conversation(const play *p, tcpshake_anomaly anomaly)
{
    return (play_summary(p).anomalies & UINT64_C(1) << anomaly) != 0;
}

/* A mirror port shows every packet twice. Three repetitions, then an answer: nothing was lost. */
CONVERSATION(withdrawn_among_many)
{
    play_handshake(p, A);
    play_exchange(p);
    for (unsigned i = 0; i < 100; i++) {
        SEND(A, ACK, .length = 10);
        SEND(A, ACK, .again = true, .after = MS);
        SEND(B, ACK);
        SEND(B, ACK, .again = true, .after = MS);
    }
    SEND(A, ACK, .length = 10);
    for (unsigned i = 0; i < 3; i++)
        SEND(A, ACK, .length = 10, .seq = -10, .after = SECONDS);
    g_assert_true(is_said_of_conversation(p, TCPSHAKE_ANOMALY_connection_lost));
    SEND(B, ACK, .after = SECONDS);
    g_assert_false(is_said_of_conversation(p, TCPSHAKE_ANOMALY_connection_lost));
    g_assert_true(is_said_of_conversation(p, TCPSHAKE_ANOMALY_captured_twice));
    FOUND_ON(connection_lost, "");
}

/* ==== limits and numbers ==== */

static unsigned
times_lost_after(unsigned limit, unsigned repetitions)
{
    play *const p = play_new(ordinary_isns);
    unsigned    found = 0;

    p->limits.connection_lost = limit;
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 10);
    for (unsigned i = 0; i < repetitions; i++)
        SEND(A, ACK, .length = 10, .seq = -10, .after = SECONDS);
    for (uint32_t i = 0; i < tcpshake_finding_count(p->conversation); i++)
        found += p->conversation->findings->one[i].anomaly == TCPSHAKE_ANOMALY_connection_lost;
    play_free(p);
    return found;
}

ONCE(limit_of_repetitions)
{
    static const unsigned limits[] = { 1, 3, 255, 256, 257, 300 };

    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_assert_cmpuint(times_lost_after(limits[i], limits[i] - 1), ==, 0);
        g_assert_cmpuint(times_lost_after(limits[i], limits[i]), ==, 1);
        g_assert_cmpuint(times_lost_after(limits[i], limits[i] + 60), ==, 1);
    }
    g_assert_cmpuint(times_lost_after(0, 100), ==, 0);
}

/* Two SYN-ACKs, the first with ISN 0: the client takes the first. */
ONCE(isn_zero_is_a_number)
{
    static const uint32_t isns[2] = { 1000, 0 };
    play *const           p = play_new(isns);

    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(B, SYN | ACK, .seq = 777776);
    SEND(A, ACK, .ack = 0);
    SEND(A, ACK, .length = 10);
    FOUND_ON(handshake_bad_ack, "");
    FOUND_ON(synack_changed, "3");
    play_free(p);
}
