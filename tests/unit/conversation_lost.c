/* conversation_lost.c
 * Segments that are captured, then lost, and sent again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== lost after the capture point ==== */

CONVERSATION(syn_again)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS / 2);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    BOTH_PASSES(2, S(SYN_SENT), ANY);
    BOTH_PASSES(4, S(ESTABLISHED), S(ESTABLISHED));
    g_assert_cmpuint(p->conversation->end[A].syn_count, ==, 2);
    ACKED_IN(1, 3);
    ACKED_IN(2, 3);
    FINDINGS("2:syn_retransmission");
}

CONVERSATION(syn_ack_lost)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, SYN, .seq = -1, .after = SECONDS / 2);
    SEND(B, SYN | ACK, .seq = -1);
    SEND(A, ACK);
    THEN(2, S(ESTABLISHED), S(SYN_RECEIVED));
    IN_HINDSIGHT(2, S(SYN_SENT), S(SYN_RECEIVED));
    BOTH_PASSES(3, S(SYN_SENT), S(SYN_RECEIVED));
    BOTH_PASSES(4, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(5, S(ESTABLISHED), S(ESTABLISHED));
    FOUND_ON(synack_retransmission, "4");
    HANDSHAKE(COMPLETE);
}

/* The second SYN-ACK is the first to the letter, as without timestamps and with IP ID 0 or IPv6 it is. It follows the
 * SYN that asks for it within a fraction of a millisecond, but the SYN-ACK before it is half a second old. */
CONVERSATION(identical_syn_ack_is_no_copy)
{
    p->opener = A;
    SEND(A, SYN, .same_id = true);
    SEND(B, SYN | ACK, .same_id = true);
    SEND(A, SYN, .seq = -1, .same_id = true, .after = SECONDS / 2);
    SEND(B, SYN | ACK, .again = true, .after = MS / 10);
    SEND(A, ACK);
    IN_HINDSIGHT(2, S(SYN_SENT), S(SYN_RECEIVED));
    BOTH_PASSES(4, S(ESTABLISHED), S(SYN_RECEIVED));
    FOUND_ON(synack_retransmission, "4");
    STEPS(4, TCPSHAKE_STEP_SYN_ACK);
    g_assert_cmpuint(p->conversation->end[B].syn_count, ==, 2);
}

/* The SYN again, and a server that answers it with an ACK alone (RFC 5961 section 4.2): it acknowledges no more than
 * the SYN, so it is in SYN-RECEIVED still. */
CONVERSATION(syn_challenged_in_syn_received)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, SYN, .seq = -1, .after = SECONDS / 2);
    SEND(B, ACK);
    SEND(A, ACK);
    BOTH_PASSES(4, ANY, S(SYN_RECEIVED));
    BOTH_PASSES(5, S(ESTABLISHED), S(ESTABLISHED));
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED");
    HANDSHAKE(COMPLETE);
}

CONVERSATION(handshake_ack_lost)
{
    play_handshake(p, A);
    SEND(B, SYN | ACK, .seq = -1, .after = SECONDS / 2);
    SEND(A, ACK);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK);
    THEN(3, S(ESTABLISHED), S(ESTABLISHED));
    IN_HINDSIGHT(3, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(4, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(5, S(ESTABLISHED), S(ESTABLISHED));
    FINDINGS("4:synack_retransmission 4:handshake_ack_ignored");
    HANDSHAKE(COMPLETE);
}

/* The SYN-ACK again after the server has shown that it is open is a copy on the way, and takes nothing back. */
CONVERSATION(late_copy_of_the_syn_ack)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, SYN | ACK, .seq = -21);
    SEND(A, ACK);
    BOTH_PASSES(7, S(ESTABLISHED), S(ESTABLISHED));
    IN_HINDSIGHT(3, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(8, S(ESTABLISHED), S(ESTABLISHED));
    HANDSHAKE(COMPLETE);
}

/* A late copy of the SYN asks for nothing; the challenge ACK that it gets (RFC 5961 section 4.2) is no third step, and
 * it is the client that the SYN would have come from. */
CONVERSATION(late_copy_of_the_syn)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, SYN, .seq = -11); /* 7 */
    SEND(B, ACK);
    play_exchange(p);
    BOTH_PASSES(7, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(8, S(ESTABLISHED), S(ESTABLISHED));
    STEPS(8, 0);
    ACKS_SYN(8, 0);
    for (unsigned number = 9; number <= 11; number++)
        STEPS(number, 0);
    FINDINGS("");
}

CONVERSATION(fin_lost)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK); /* 7 */
    SEND(B, ACK, .length = 50, .ack = -1, .after = SECONDS / 4);
    SEND(A, FIN | ACK, .seq = -1, .after = SECONDS / 4);
    SEND(B, ACK); /* 10 */
    IN_HINDSIGHT(7, S(FIN_WAIT_1), S(ESTABLISHED));
    BOTH_PASSES(8, S(FIN_WAIT_1), S(ESTABLISHED));
    BOTH_PASSES(9, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(10, S(FIN_WAIT_2), S(CLOSE_WAIT));
    STEPS(9, TCPSHAKE_STEP_FIN1);
    ACKS_FIN(10, 9);
    FINDINGS("9:fin_retransmission"); /* it is acknowledged after all */
}

CONVERSATION(ack_of_fin_lost)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK); /* 7 */
    SEND(B, ACK);
    SEND(A, FIN | ACK, .seq = -1, .after = SECONDS / 4);
    SEND(B, ACK); /* 10 */
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    THEN(8, S(FIN_WAIT_2), S(CLOSE_WAIT));
    IN_HINDSIGHT(8, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(9, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(10, S(FIN_WAIT_2), S(CLOSE_WAIT));
    BOTH_PASSES(12, S(TIME_WAIT), S(CLOSED));
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT");
    FINDINGS("9:fin_retransmission");
}

CONVERSATION(last_ack_lost)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK); /* 7 */
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK); /* 10 */
    SEND(B, FIN | ACK, .seq = -1, .after = SECONDS / 4);
    SEND(A, ACK);
    THEN(10, S(TIME_WAIT), S(CLOSED));
    IN_HINDSIGHT(10, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(11, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(12, S(TIME_WAIT), S(CLOSED));
    FOUND_ON(fin_retransmission, "11");
    FOUND_ON(time_wait_lingering, "11");
    FOUND_ON(missing_fin_ack, "");
    TEARDOWN(FOUR_SEGMENTS);
    /* 2 MSL start again with the FIN. */
    g_assert_cmpint(play_summary(p).time_wait_until, ==, play_at(p, 11)->time + 60 * SECONDS);
}
