/* conversation_not_opened.c
 * Handshakes that fail, and TCP Fast Open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== handshakes that fail ==== */

CONVERSATION(refused)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK, .after = MS / 5);
    play_wait(p, 100 * SECONDS);
    IN_HINDSIGHT(1, S(SYN_SENT), S(CLOSED)); /* nobody listened */
    BOTH_PASSES(2, S(CLOSED), S(CLOSED));
    STEPS(2, TCPSHAKE_STEP_RST);
    PHASE(2, CLOSED);
    HANDSHAKE(REFUSED);
    TEARDOWN(NONE);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_SERVER);
    FINDINGS("2:connection_refused");
}

/* Its retransmission timer may have fired while the RST was on its way; some stacks ask again after a refusal. */
CONVERSATION(refused_then_accepted)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK);
    SEND(A, SYN, .seq = -1, .after = SECONDS / 2);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    play_exchange(p);
    THEN(2, S(CLOSED), S(CLOSED));
    BOTH_PASSES(3, S(SYN_SENT), ANY);
    BOTH_PASSES(4, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(5, S(ESTABLISHED), S(ESTABLISHED));
    FOUND_ON(connection_refused, "2");
    HANDSHAKE(COMPLETE);
}

CONVERSATION(refused_again_and_again)
{
    p->opener = A;
    for (int i = 0; i < 3; i++) {
        SEND(A, SYN, .seq = i ? -1 : 0, .after = SECONDS / 2);
        SEND(B, RST | ACK);
        BOTH_PASSES(2 * i + 2, S(CLOSED), S(CLOSED));
    }
    HANDSHAKE(REFUSED);
    IN_HINDSIGHT(1, S(SYN_SENT), S(CLOSED));
    IN_HINDSIGHT(3, S(SYN_SENT), S(CLOSED));
    IN_HINDSIGHT(5, S(SYN_SENT), S(CLOSED));
}

CONVERSATION(unanswered)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(A, SYN, .seq = -1, .after = 2 * SECONDS);
    play_wait(p, 4 * SECONDS);
    IN_HINDSIGHT(3, S(SYN_SENT), S(UNKNOWN));
    HANDSHAKE(UNANSWERED);
    FINDINGS("1:syn_unanswered 2:syn_retransmission 3:syn_retransmission");
    play_wait(p, 4 * SECONDS);        /* more than 10 s */
    FOUND_ON(connection_timeout, ""); /* syn_unanswered has said it */
}

CONVERSATION(half_open)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    play_wait(p, SECONDS / 2);
    FOUND_ON(missing_handshake_ack, ""); /* the capture ended too soon to say so */
    play_wait(p, 4 * SECONDS);
    HANDSHAKE(HALF_OPEN);
    FINDINGS("2:missing_handshake_ack");
}

/* Each acknowledges the SYN that it answers, however far back that is. */
CONVERSATION(half_open_for_long)
{
    enum { ROUNDS = 3, ANSWERS = 300 };

    p->opener = A;
    for (unsigned round = 0; round < ROUNDS; round++) {
        SEND(A, SYN, .seq = round ? -1 : 0, .after = SECONDS);
        for (unsigned i = 0; i < ANSWERS; i++)
            SEND(B, SYN | ACK, .seq = round || i ? -1 : 0, .after = SECONDS);
    }
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned i = 1; i <= ANSWERS; i++)
            ACKS_SYN(round * (ANSWERS + 1) + 1 + i, round * (ANSWERS + 1) + 1);
}

CONVERSATION(aborted_by_the_client)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, RST);
    BOTH_PASSES(3, S(CLOSED), S(LISTEN));
    HANDSHAKE(ABORTED);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_CLIENT);
    FOUND_ON(connection_refused, "");
    FOUND_ON(connection_reset, "");
}

/* Section 3.5.1, figure 9: an old connection answers, the RST is what that deserves, and clears it. */
CONVERSATION(stale_ack)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, ACK, .seq = 7000, .ack = -50000);
    SEND(A, RST, .seq = -50000);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    play_exchange(p);
    BOTH_PASSES(2, S(SYN_SENT), ANY);
    BOTH_PASSES(3, S(SYN_SENT), ANY);
    BOTH_PASSES(4, S(SYN_SENT), ANY);
    BOTH_PASSES(5, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(6, S(ESTABLISHED), S(ESTABLISHED));
    HANDSHAKE(COMPLETE);
    FOUND_ON(connection_refused, "");
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_NOBODY);
}

CONVERSATION(syn_ack_of_another_number)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK, .ack = -50000);
    SEND(A, RST, .seq = -50000);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    BOTH_PASSES(2, S(SYN_SENT), ANY);
    BOTH_PASSES(3, S(SYN_SENT), ANY);
    BOTH_PASSES(4, S(SYN_SENT), ANY);
    STEPS(3, TCPSHAKE_STEP_RST);
    ACKS_SYN(2, 0);
    ACKED_IN(1, 0);
}

/* ==== TCP Fast Open (RFC 7413) ==== */

static const uint8_t tfo_cookie[] = { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };

CONVERSATION(tfo_accepted)
{
    p->opener = A;
    SEND(A, SYN, .length = 100, .options = tfo_cookie, .options_length = sizeof tfo_cookie);
    SEND(B, SYN | ACK);
    SEND(B, ACK, .length = 50); /* the answer may come before the ACK */
    SEND(A, ACK);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK);
    BOTH_PASSES(2, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(3, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(4, S(ESTABLISHED), S(ESTABLISHED));
    STEPS(4, TCPSHAKE_STEP_ACK);
    ACKS_SYN(2, 1);
    g_assert_true(play_summary(p).tfo);
    HANDSHAKE(COMPLETE);
    FINDINGS("");
}

CONVERSATION(tfo_declined)
{
    p->opener = A;
    SEND(A, SYN, .length = 100, .options = tfo_cookie, .options_length = sizeof tfo_cookie);
    SEND(B, SYN | ACK, .ack = -100);
    SEND(A, ACK, .seq = -100);
    SEND(A, ACK, .seq = -100, .length = 100);
    SEND(B, ACK);
    BOTH_PASSES(2, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(3, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(5, S(ESTABLISHED), S(ESTABLISHED));
    ACKS_SYN(2, 1);
    g_assert_false(play_summary(p).tfo);
    HANDSHAKE(COMPLETE);
}

/* Its timer sends the same SYN: another attempt would have another ISN (section 3.4.1). Newer Wiresharks begin a stream
 * there. */
CONVERSATION(reset_in_the_name_of_a_client_that_asks_on)
{
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = 1000 * MS);
    SEND(A, RST, .after = 500 * MS);
    SEND(A, SYN, .seq = -1, .after = 1500 * MS);
    SEND(A, SYN, .seq = -1, .after = 4000 * MS);
    FOUND_ON(reset_ignored, "3");
    FOUND_ON(handshake_aborted, "");
    FOUND_ON(syn_retransmission, "2 4 5");
    g_assert_cmpuint(play_summary(p).handshake, ==, TCPSHAKE_HANDSHAKE_UNANSWERED);
}

/* Not when a timer would have sent it. */
CONVERSATION(the_same_syn_much_later)
{
    SEND(A, SYN);
    SEND(A, RST, .after = 50 * MS);
    SEND(A, SYN, .seq = -1, .after = 30 * SECONDS);
    FOUND_ON(reset_ignored, "");
    FOUND_ON(handshake_aborted, "2");
}
