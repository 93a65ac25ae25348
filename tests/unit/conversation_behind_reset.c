/* conversation_behind_reset.c
 * What is captured behind a RST and was sent before it came: it goes on in no way, and shows which states its end was
 * in. Each with its neighbour.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

static void
play_open(play *p)
{
    play_handshake(p, A);
    play_exchange(p);
}

/* ==== a RST that was meant ==== */

static void
play_refused_then_accepted(play *p)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, RST | ACK);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    play_exchange(p);
}

/* It refused another attempt: of this one the client's RST is the first. */
CONVERSATION(data_meet_reset_after_refusal)
{
    play_refused_then_accepted(p);
    SEND(A, RST | ACK);
    SEND(B, ACK, .length = 10, .after = MS);
    SEND(A, RST);
    FOUND_ON(reset_ignored, "");
    PATH(B, "CLOSED SYN-RECEIVED ESTABLISHED CLOSED");
}

CONVERSATION(data_after_forged_reset_after_refusal)
{
    play_refused_then_accepted(p);
    SEND(B, RST | ACK); /* 9 */
    SEND(B, ACK, .length = 10, .after = MS);
    SEND(A, ACK);
    FOUND_ON(reset_ignored, "9");
}

/* An ACK that the network has kept back has nothing that the RST did not acknowledge. */
CONVERSATION(ack_kept_back_behind_own_reset)
{
    play_open(p);
    SEND(B, ACK, .length = 10);
    SEND(A, RST | ACK);
    SEND(B, ACK, .seq = -10, .length = 10);
    SEND(A, RST);
    SEND(A, ACK, .after = 50 * MS);
    FOUND_ON(reset_ignored, "");
    PATH(A, "CLOSED SYN-SENT ESTABLISHED CLOSED");
}

CONVERSATION(new_ack_behind_own_reset)
{
    play_open(p);
    SEND(A, RST | ACK); /* 7 */
    SEND(B, ACK, .length = 10);
    SEND(A, ACK, .after = 50 * MS);
    FOUND_ON(reset_ignored, "7");
}

/* Nothing has come that this ACK could answer: it was sent before the RST. */
CONVERSATION(same_ack_right_behind_own_reset)
{
    play_open(p);
    SEND(A, RST | ACK);
    SEND(A, ACK, .after = 50 * MS);
    FOUND_ON(reset_ignored, "");
    PATH(A, "CLOSED SYN-SENT ESTABLISHED CLOSED");
}

CONVERSATION(same_ack_behind_own_reset_and_a_question)
{
    play_open(p);
    SEND(A, RST | ACK); /* 7 */
    SEND(B, ACK, .seq = -1, .length = 1);
    SEND(A, ACK, .after = 50 * MS);
    FOUND_ON(reset_ignored, "7");
}

/* The peer's RST has ended it, before it sent one itself: the ACK of the FIN was sent before both. */
CONVERSATION(both_have_sent_a_reset)
{
    play_open(p);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK, .ack = -1);
    SEND(B, RST, .seq = -1);
    SEND(A, RST, .seq = -11);
    SEND(A, ACK, .after = 100 * MS);
    SEND(B, RST);
    FOUND_ON(reset_ignored, "");
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING CLOSED");
}

/* The RST answers what came after its own FIN, and has overtaken that. */
CONVERSATION(fin_behind_own_reset)
{
    play_open(p);
    SEND(A, ACK, .length = 10);
    SEND(B, RST);
    SEND(B, FIN | ACK, .ack = -10, .after = 80 * MS);
    SEND(A, RST);
    FOUND_ON(reset_ignored, "");
}

/* With data, it goes on. */
CONVERSATION(answer_behind_forged_reset)
{
    play_open(p);
    SEND(A, ACK, .length = 10);
    SEND(B, RST); /* 8 */
    SEND(B, FIN | ACK, .length = 20, .after = 80 * MS);
    FOUND_ON(reset_ignored, "8");
}

/* RFC 5961 section 3.2: what was sent in front of the RST is missing, so it was not exact, and has ended nothing. */
CONVERSATION(reset_behind_lost_data)
{
    play_open(p);
    SEND(B, ACK, .length = 10);
    SEND(B, RST | ACK);
    SEND(A, ACK, .length = 5, .ack = -10, .after = 300 * MS);
    FOUND_ON(reset_ignored, "");
    PATH(A, "CLOSED SYN-SENT ESTABLISHED");
}

CONVERSATION(reset_behind_data_that_arrived)
{
    play_open(p);
    SEND(B, ACK, .length = 10);
    SEND(B, RST | ACK); /* 8 */
    SEND(A, ACK, .length = 5, .after = 2 * SECONDS);
    FOUND_ON(reset_ignored, "8");
}

/* The challenge shows that the FIN in front of the RST is missing as well. */
CONVERSATION(challenge_without_the_fin)
{
    play_open(p);
    SEND(B, FIN | ACK);
    SEND(A, FIN | ACK, .ack = -1);
    SEND(B, RST | ACK, .ack = -1); /* 9 */
    SEND(A, ACK, .ack = -1);
    SEND(B, RST, .seq = -1);
    FOUND_ON(reset_challenged, "9");
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED");
}

/* ==== a FIN, a RST, and what was sent before both came ==== */

CONVERSATION(data_behind_fin_and_reset)
{
    play_open(p);
    SEND(A, FIN | ACK);
    SEND(A, RST | ACK, .after = MS);
    SEND(B, ACK, .length = 10, .ack = -1); /* 9 */
    SEND(A, RST, .seq = -1);
    SEND(A, RST, .seq = -1);
    IN_HINDSIGHT(9, S(CLOSED), S(ESTABLISHED));
    IN_HINDSIGHT(10, S(CLOSED), S(CLOSE_WAIT));
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT CLOSED");
    FOUND_ON(reset_ignored, "");
}

/* The RST's number is in front of the FIN, which had not come then. */
CONVERSATION(data_behind_fin_and_reset_in_front_of_it)
{
    play_open(p);
    SEND(A, FIN | ACK, .length = 10);
    SEND(A, RST, .seq = -11, .after = MS);
    SEND(B, ACK, .length = 10, .ack = -11);
    SEND(A, RST, .seq = -11);
    SEND(A, RST, .seq = -11);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSED");
}

/* Both FINs are there, and the RST: the ends closed at once. */
CONVERSATION(fin_behind_fin_and_reset)
{
    play_open(p);
    SEND(A, FIN | ACK);
    SEND(A, RST | ACK, .after = MS);
    SEND(B, FIN | ACK, .ack = -1);
    SEND(A, RST, .seq = -1);
    SEND(B, ACK);
    SEND(A, RST);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING CLOSED");
}

static void
play_fin_behind_reset(play *p)
{
    play_open(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, ACK, .length = 10);
    SEND(A, RST);
    SEND(B, FIN | ACK, .after = MS); /* 11 */
}

/* The last segment of all was sent before the RST came: what that has done shows there. */
CONVERSATION(last_segment_is_a_fin_behind_the_reset)
{
    play_fin_behind_reset(p);
    THEN(11, S(CLOSED), S(LAST_ACK));
    IN_HINDSIGHT(10, S(CLOSED), S(LAST_ACK));
    IN_HINDSIGHT(11, S(CLOSED), S(CLOSED));
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
}

CONVERSATION(segment_behind_a_fin_behind_the_reset)
{
    play_fin_behind_reset(p);
    SEND(A, RST);
    IN_HINDSIGHT(10, S(CLOSED), S(CLOSE_WAIT));
    IN_HINDSIGHT(11, S(CLOSED), S(LAST_ACK));
    IN_HINDSIGHT(12, S(CLOSED), S(CLOSED));
}

/* ==== a RST that tells what its sender had taken in (section 3.10.7.1) ==== */

/* It answers data that do not acknowledge the FIN: what did, with the peer's FIN, came to a closed end. */
CONVERSATION(closed_before_ack_and_fin)
{
    play_open(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK, .length = 10, .ack = -1);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, RST, .seq = -1);
    SEND(A, RST);
    SEND(A, RST);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED");
}

CONVERSATION(closed_behind_ack)
{
    play_open(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK, .length = 10);
    SEND(A, RST);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSED");
}

/* The client has not answered the first SYN-ACK, and not asked again: it had taken it in, and has gone since. */
CONVERSATION(second_syn_ack_finds_closed_client)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(B, SYN | ACK, .again = true, .after = 1050 * MS);
    SEND(A, RST);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED CLOSED");
}

CONVERSATION(first_syn_ack_finds_closed_client)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, RST);
    PATH(A, "CLOSED SYN-SENT CLOSED");
}

/* It has asked again: the first SYN-ACK was lost. */
CONVERSATION(third_syn_ack_finds_closed_client)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK, .again = true);
    SEND(A, RST);
    PATH(A, "CLOSED SYN-SENT CLOSED");
}

/* ==== SYN-ACKs behind a RST ==== */

/* It was open when it reset: the network has kept a copy of its SYN-ACK back. */
CONVERSATION(copied_syn_ack_behind_own_reset)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK);
    SEND(B, RST | ACK);
    SEND(B, SYN | ACK, .seq = -1, .ack = -10);
    SEND(A, RST);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSED");
    FOUND_ON(reset_ignored, "");
}

/* It was under way when the RST was. */
CONVERSATION(syn_ack_right_behind_reset)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, RST);
    SEND(B, SYN | ACK, .again = true, .after = 5 * MS);
    PATH(B, "LISTEN SYN-RECEIVED LISTEN");
}

/* A copy of the SYN has come to a listener: it chooses another number, and the client's RST ends that. */
CONVERSATION(copied_syn_meets_listener)
{
    play_handshake(p, A);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    SEND(B, RST);
    SEND(B, SYN | ACK, .seq = 70000, .after = 300 * MS); /* 7 */
    SEND(A, RST);
    SEND(A, RST);
    IN_HINDSIGHT(7, S(CLOSED), S(SYN_RECEIVED));
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSED SYN-RECEIVED CLOSED");
}

/* It acknowledges no SYN of this conversation. */
CONVERSATION(other_syn_ack_behind_the_end)
{
    play_handshake(p, A);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    SEND(B, RST);
    SEND(B, SYN | ACK, .seq = 70000, .ack = 5000, .after = 300 * MS);
    SEND(A, RST, .seq = 5000);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSED");
}

/* ==== an older acknowledgment ==== */

/* It was sent before the one that its sender sent last, so it does not tell that the FIN had not come. */
CONVERSATION(older_ack_behind_fin)
{
    play_open(p);
    SEND(B, FIN | ACK);
    SEND(A, ACK, .length = 10, .seq = -10, .ack = -15); /* 8 */
    SEND(A, ACK);
    IN_HINDSIGHT(8, S(CLOSE_WAIT), S(FIN_WAIT_1));
}

CONVERSATION(last_ack_behind_fin)
{
    play_open(p);
    SEND(A, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK, .length = 10, .ack = -1); /* 9 */
    SEND(A, ACK);
    IN_HINDSIGHT(9, S(ESTABLISHED), S(FIN_WAIT_1));
}
