/* conversation_in_order.c
 * Conversations that open and close as they should: in good order, and with both ends at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

static const uint8_t syn_options[] = { 2, 4, 5, 180, 4, 2, 3, 3, 7, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1 };
static const uint8_t smaller_mss[] = { 2, 4, 2, 24, 3, 3, 2, 1 };

/* ==== in good order ==== */

CONVERSATION(open_and_close)
{
    play_handshake(p, A); /* 1 to 3 */
    play_exchange(p);     /* 4 to 6 */
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK); /* 10 */
    play_wait(p, 100 * SECONDS);

    THEN(1, S(SYN_SENT), S(SYN_RECEIVED));
    BOTH_PASSES(2, S(ESTABLISHED), S(SYN_RECEIVED));
    for (unsigned number = 3; number <= 6; number++) {
        BOTH_PASSES(number, S(ESTABLISHED), S(ESTABLISHED));
        PHASE(number, TRANSFER);
    }
    BOTH_PASSES(7, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(8, S(FIN_WAIT_2), S(CLOSE_WAIT));
    BOTH_PASSES(9, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(10, S(TIME_WAIT), S(CLOSED));
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT");
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
    PHASE(1, HANDSHAKE);
    PHASE(2, HANDSHAKE);
    PHASE(7, TEARDOWN);
    PHASE(9, TEARDOWN);
    PHASE(10, CLOSED);
    FINDINGS("");
}

CONVERSATION(steps_and_numbers)
{
    static const uint8_t steps[] = {
        TCPSHAKE_STEP_SYN,      TCPSHAKE_STEP_SYN_ACK, TCPSHAKE_STEP_ACK,     0, 0, 0, TCPSHAKE_STEP_FIN1,
        TCPSHAKE_STEP_FIN1_ACK, TCPSHAKE_STEP_FIN2,    TCPSHAKE_STEP_FIN2_ACK
    };
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK, .length = 5);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);

    for (unsigned number = 1; number <= 10; number++)
        STEPS(number, steps[number - 1]);
    ACKS_SYN(2, 1);
    ACKS_SYN(3, 2);
    ACKS_SYN(4, 0);
    ACKS_FIN(8, 7);
    ACKS_FIN(9, 0); /* it acknowledges it once more; what confirmed it was 8 */
    ACKS_FIN(10, 9);
    ACKED_IN(1, 2);
    ACKED_IN(2, 3);
    ACKED_IN(3, 0);
    ACKED_IN(7, 8);
    ACKED_IN(9, 10);
    /* A SYN and a FIN take one number each, after the data (section 3.4). */
    g_assert_cmpuint(play_look_back(p, 1).expected_ack, ==, (uint32_t)(isns[A] + 1));
    g_assert_cmpuint(play_look_back(p, 2).expected_ack, ==, (uint32_t)(isns[B] + 1));
    g_assert_cmpuint(play_look_back(p, 7).expected_ack, ==, (uint32_t)(isns[A] + 1 + 10 + 5 + 1));
    g_assert_cmpuint(play_look_back(p, 9).expected_ack, ==, (uint32_t)(isns[B] + 1 + 20 + 1));
    for (unsigned number = 1; number <= 10; number++) {
        g_assert_cmpint(play_look_back(p, number).has_expected_ack, ==,
                        number == 1 || number == 2 || number == 7 || number == 9);
        g_assert_cmpint(play_look_back(p, number).sender, ==,
                        play_at(p, number)->from == A ? TCPSHAKE_CLIENT : TCPSHAKE_SERVER);
    }
}

/* What is not yet in the capture is not known in the first pass. */
CONVERSATION(acked_in_is_hindsight)
{
    play_handshake(p, A);
    g_assert_cmpuint(play_first_look(p, 1)->acked_in, ==, 0);
    g_assert_cmpuint(play_first_look(p, 2)->acked_in, ==, 0);
    ACKED_IN(1, 2);
}

CONVERSATION(summary)
{
    p->opener = A;
    SEND(A, SYN, .options = syn_options, .options_length = sizeof syn_options);
    SEND(B, SYN | ACK, .after = 30 * MS, .options = smaller_mss, .options_length = sizeof smaller_mss);
    SEND(A, ACK, .after = 11 * MS);
    play_exchange(p);
    SEND(B, FIN | ACK);
    SEND(A, ACK, .after = 5 * MS);
    SEND(A, FIN | ACK, .after = 2 * SECONDS);
    SEND(B, ACK, .after = 7 * MS);
    const tcpshake_summary summary = play_summary(p);

    HANDSHAKE(COMPLETE);
    TEARDOWN(FOUR_SEGMENTS);
    g_assert_cmpint(summary.opened_by, ==, TCPSHAKE_CLIENT);
    g_assert_cmpint(summary.closed_by, ==, TCPSHAKE_SERVER);
    g_assert_cmpint(summary.reset_by, ==, TCPSHAKE_NOBODY);
    g_assert_cmpint(summary.connection_time, ==, 41 * MS);
    g_assert_cmpint(summary.synack_time, ==, 30 * MS);
    g_assert_cmpint(summary.ack_time, ==, 11 * MS);
    g_assert_cmpint(summary.half_close_time, ==, 2 * SECONDS);
    g_assert_cmpint(summary.teardown_time, ==, 2 * SECONDS + 12 * MS);
    g_assert_cmpint(summary.lifetime, ==, 41 * MS + 40 * MS + 2 * SECONDS + 12 * MS);
    g_assert_cmpint(summary.time_wait_owner, ==, TCPSHAKE_SERVER);
    g_assert_cmpint(summary.time_wait_until, ==, p->now - 7 * MS + 60 * SECONDS);
    g_assert_true(summary.negotiated);
    g_assert_cmpuint(summary.mss, ==, 536);
    g_assert_true(summary.wscale);
    g_assert_false(summary.sack);
    g_assert_false(summary.timestamps);
    g_assert_false(summary.tfo);
    g_assert_cmpuint(summary.anomalies, ==, 0);
}

CONVERSATION(three_segment_close)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK); /* 7 */
    SEND(B, FIN | ACK);
    SEND(A, ACK);

    BOTH_PASSES(7, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(8, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(9, S(TIME_WAIT), S(CLOSED));
    STEPS(8, TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2);
    STEPS(9, TCPSHAKE_STEP_FIN2_ACK);
    ACKS_FIN(8, 7);
    ACKS_FIN(9, 8);
    TEARDOWN(THREE_SEGMENTS);
    FINDINGS("");
}

CONVERSATION(half_close_with_data)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 10);
    SEND(A, FIN | ACK); /* 5 */
    SEND(B, ACK);
    SEND(B, ACK, .length = 1000);
    SEND(A, ACK);
    SEND(B, ACK, .length = 500); /* 9 */
    SEND(A, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);

    BOTH_PASSES(5, S(FIN_WAIT_1), S(CLOSE_WAIT));
    for (unsigned number = 6; number <= 10; number++)
        BOTH_PASSES(number, S(FIN_WAIT_2), S(CLOSE_WAIT));
    BOTH_PASSES(11, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(12, S(TIME_WAIT), S(CLOSED));
    for (unsigned number = 7; number <= 10; number++)
        STEPS(number, 0);
    TEARDOWN(FOUR_SEGMENTS);
    FINDINGS("");
}

CONVERSATION(half_closed_for_ever)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    play_wait(p, 5 * SECONDS);
    TEARDOWN(HALF_CLOSED);
    IN_HINDSIGHT(8, S(FIN_WAIT_2), S(CLOSE_WAIT));
    FOUND_ON(missing_fin_ack, "");
}

/* CLOSE before the handshake's ACK has arrived, section 3.10.4: its ACK and the FIN on one segment. */
CONVERSATION(fin_completes_the_handshake)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    BOTH_PASSES(3, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(4, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(5, S(TIME_WAIT), S(CLOSED));
    STEPS(3, TCPSHAKE_STEP_ACK | TCPSHAKE_STEP_FIN1);
    HANDSHAKE(COMPLETE);
    TEARDOWN(THREE_SEGMENTS);
    FINDINGS("");
}

/* ==== both at once ==== */

/* Section 3.5, figure 7. */
CONVERSATION(simultaneous_open)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN);
    SEND(A, SYN | ACK, .seq = -1);
    SEND(B, SYN | ACK, .seq = -1);
    play_exchange(p);

    IN_HINDSIGHT(1, S(SYN_SENT), S(CLOSED));
    BOTH_PASSES(2, S(SYN_RECEIVED), S(SYN_SENT));
    IN_HINDSIGHT(3, S(SYN_RECEIVED), S(SYN_RECEIVED));
    BOTH_PASSES(4, S(ESTABLISHED), S(ESTABLISHED));
    PATH(A, "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED");
    PATH(B, "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED");
    HANDSHAKE(SIMULTANEOUS);
    g_assert_cmpint(play_summary(p).opened_by, ==, TCPSHAKE_BOTH);
    ACKED_IN(1, 4);
    ACKED_IN(2, 3);
    g_assert_cmpint(play_summary(p).connection_time, ==, 30 * MS);
    FINDINGS("2:simultaneous_open");
}

/* The FINs cross, in either order; then the ACKs, in either order. */
static void
close_both(play *p, int first_fin, int first_ack)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(first_fin, FIN | ACK); /* 7 */
    SEND(1 - first_fin, FIN | ACK, .ack = -1);
    SEND(first_ack, ACK);
    SEND(1 - first_ack, ACK); /* 10 */

    IN_HINDSIGHT(7, first_fin == A ? S(FIN_WAIT_1) : S(ESTABLISHED), first_fin == B ? S(FIN_WAIT_1) : S(ESTABLISHED));
    IN_HINDSIGHT(10, S(TIME_WAIT), S(TIME_WAIT));
    THEN(10, S(TIME_WAIT), S(TIME_WAIT));
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT");
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT");
    STEPS(7, TCPSHAKE_STEP_FIN1);
    STEPS(8, TCPSHAKE_STEP_FIN2);
    ACKS_FIN(9, first_ack == first_fin ? 8 : 7);
    ACKS_FIN(10, first_ack == first_fin ? 7 : 8);
    TEARDOWN(SIMULTANEOUS);
    g_assert_cmpint(play_summary(p).closed_by, ==, TCPSHAKE_BOTH);
    g_assert_cmpint(play_summary(p).time_wait_owner, ==, TCPSHAKE_BOTH);
    FINDINGS("8:simultaneous_close");
}

CONVERSATION(simultaneous_close_1)
{
    close_both(p, A, A);
}
CONVERSATION(simultaneous_close_2)
{
    close_both(p, A, B);
}
CONVERSATION(simultaneous_close_3)
{
    close_both(p, B, A);
}
CONVERSATION(simultaneous_close_4)
{
    close_both(p, B, B);
}

/* Who sends its FIN without acknowledging the peer's had not received it. */
CONVERSATION(fin_without_ack_of_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    THEN(7, S(FIN_WAIT_1), S(CLOSE_WAIT));
    SEND(B, FIN | ACK, .ack = -1);
    IN_HINDSIGHT(7, S(FIN_WAIT_1), S(ESTABLISHED));
    BOTH_PASSES(8, ANY, S(FIN_WAIT_1));
}

/* The data that B had sent before it received the FIN. */
CONVERSATION(data_crosses_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK); /* 7 */
    SEND(B, ACK, .length = 100, .ack = -1);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    IN_HINDSIGHT(7, S(FIN_WAIT_1), S(ESTABLISHED));
    BOTH_PASSES(8, S(FIN_WAIT_1), S(ESTABLISHED));
    BOTH_PASSES(9, S(FIN_WAIT_2), S(CLOSE_WAIT));
    BOTH_PASSES(11, S(TIME_WAIT), S(CLOSED));
    TEARDOWN(FOUR_SEGMENTS);
    FINDINGS("");
}
