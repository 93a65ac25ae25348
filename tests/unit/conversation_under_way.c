/* conversation_under_way.c
 * What crosses on the way, comes late, or finds an end that has gone: which states its end was in.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== an answer that shows a closed end (RFC 9293 section 3.10.7.1) ==== */

/* The ACK of the FIN is answered with a RST once more: FIN-WAIT-2 was never reached. */
CONVERSATION(ack_of_fin_finds_closed_end)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(A, RST | ACK, .after = MS);
    SEND(A, RST);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED");
}

CONVERSATION(ack_of_fin_finds_open_end)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(A, RST | ACK, .after = SECONDS);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSED");
}

/* The client's RST has overtaken its handshake's ACK: what that finds is closed. */
CONVERSATION(handshake_ack_behind_reset)
{
    play_handshake(p, A);
    SEND(A, RST | ACK);
    SEND(B, RST);
    PATH(B, "LISTEN SYN-RECEIVED CLOSED");
}

CONVERSATION(reset_behind_handshake_ack)
{
    play_handshake(p, A);
    SEND(A, RST | ACK);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSED");
}

/* ==== a FIN, and a RST behind it ==== */

/* It goes on without the FIN: that had not come when the RST was sent, so nor had it before that. */
CONVERSATION(reset_without_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK, .length = 10, .ack = -1);
    SEND(A, RST, .seq = -1);
    SEND(B, ACK, .ack = -1);
    SEND(A, RST, .seq = -1);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSED");
}

CONVERSATION(reset_behind_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK, .length = 10, .ack = -1);
    SEND(A, RST, .seq = -1);
    SEND(B, ACK);
    SEND(A, RST);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT CLOSED");
}

/* What it sends acknowledges the FIN and is its own at once: CLOSE-WAIT was in between (section 3.3.2, figure 5). */
CONVERSATION(fin_answered_with_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK, .ack = -1);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    IN_HINDSIGHT(8, S(FIN_WAIT_1), S(CLOSE_WAIT));
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
}

/* The FIN and the acknowledgment that it brought were lost at once, so the peer sends its own again. */
CONVERSATION(fin_lost_with_its_ack)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(A, FIN | ACK, .seq = -1, .after = SECONDS);
    SEND(B, ACK, .seq = 1);
    SEND(B, FIN | ACK, .after = 300 * MS);
    SEND(A, ACK);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
}

/* One that had closed before the peer's FIN came acknowledges that without its own. */
CONVERSATION(fin_lost_before_its_ack)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK, .seq = 1);
    SEND(B, FIN | ACK, .after = 300 * MS);
    SEND(A, ACK);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT");
}

/* ==== what opens nothing ==== */

/* No timer is that short: the network has made the second SYN-ACK, and kept it back. */
CONVERSATION(copied_syn_ack)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, SYN | ACK, .again = true, .after = 120 * MS);
    SEND(B, ACK);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT");
}

/* A timer has run out: the ACK had not come. */
CONVERSATION(syn_ack_sent_again)
{
    play_handshake(p, A);
    SEND(B, SYN | ACK, .again = true, .after = SECONDS);
    SEND(A, ACK);
    IN_HINDSIGHT(3, S(ESTABLISHED), S(SYN_RECEIVED));
    IN_HINDSIGHT(5, S(ESTABLISHED), S(ESTABLISHED));
}

CONVERSATION(copied_syn_behind_reset)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK);
    SEND(A, SYN, .seq = -11); /* its first number */
    PATH(A, "CLOSED SYN-SENT ESTABLISHED CLOSED");
    FOUND_ON(syn_unanswered, "");
}

/* ==== both open, and a SYN is lost (section 3.5, figure 7) ==== */

/* In SYN-RECEIVED it had sent a SYN-ACK. */
CONVERSATION(crossed_open_without_syn)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN);
    SEND(A, SYN | ACK, .seq = -1);
    SEND(B, ACK);
    PATH(A, "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED");
    PATH(B, "CLOSED SYN-SENT ESTABLISHED");
}

CONVERSATION(crossed_open_with_syn)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN);
    SEND(A, SYN | ACK, .seq = -1);
    SEND(B, SYN | ACK, .seq = -1);
    SEND(A, ACK);
    SEND(B, ACK);
    PATH(B, "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED");
}

/* ==== an ACK of what was never sent (section 3.10.7.4) ==== */

/* Its answer is not in the capture: what the peer sends next begins where it was, and acknowledges no FIN. */
CONVERSATION(fin_with_ack_of_the_unsent)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK, .ack = 100);
    SEND(B, ACK, .length = 10, .ack = -1, .after = 2 * SECONDS);
    SEND(A, ACK, .seq = -1);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED");
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED");
}

/* It was captured in front of what it acknowledges. */
CONVERSATION(fin_with_ack_of_what_comes_late)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK, .ack = 10);
    SEND(B, ACK, .length = 10, .ack = -1, .after = MS);
    SEND(B, ACK);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2");
}

/* ==== what comes late in the capture, or not at all ==== */

static void
play_without_syn(play *p)
{
    p->opener = A;
    p->next[A] = 1;
    SEND(B, SYN | ACK);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK);
    SEND(B, RST | ACK);
}

/* The SYN, of a conversation that is over. */
CONVERSATION(syn_behind_the_end)
{
    play_without_syn(p);
    SEND(A, SYN, .seq = -11, .after = 130 * MS);
    PATH(A, "SYN-SENT ESTABLISHED CLOSED");
}

/* A SYN of that number much later is another. */
CONVERSATION(syn_long_behind_the_end)
{
    play_without_syn(p);
    SEND(A, SYN, .seq = -11, .after = 90 * SECONDS);
    PATH(A, "SYN-SENT ESTABLISHED CLOSED SYN-SENT");
}

/* The FIN: FIN-WAIT-1 was before that was acknowledged. */
CONVERSATION(fin_not_captured)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, ACK, .length = 10);
    SEND(A, ACK);
    SEND(A, ACK, .ack = 1);
    SEND(B, ACK, .seq = 1);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2");
}

/* A byte of data. */
CONVERSATION(byte_not_captured)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, ACK, .length = 10);
    SEND(A, ACK, .ack = 1);
    SEND(B, ACK, .seq = 1, .length = 10);
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED");
}

/* The SYN-ACK: the client's FIN is its first segment, and it was open before that. */
CONVERSATION(syn_ack_not_captured)
{
    p->opener = A;
    SEND(A, SYN);
    p->next[B] = 1;
    SEND(B, ACK, .length = 10);
    SEND(A, FIN | ACK);
    PATH(A, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1");
}

/* ==== the capture begins with a RST ==== */

/* It was ignored: that the capture began in the middle is true all the same. */
CONVERSATION(begins_with_ignored_reset)
{
    p->opener = A;
    SEND(B, RST);
    SEND(A, ACK, .length = 10, .after = 2 * SECONDS);
    SEND(B, ACK, .length = 20);
    SEND(A, ACK);
    HANDSHAKE(NOT_CAPTURED);
    TEARDOWN(NONE);
}

/* ==== a socket that is connected to itself ==== */

static void
send_to_itself(play *p, unsigned flags, uint32_t seq, uint32_t ack, uint32_t length)
{
    static const uint8_t address[] = { 127, 0, 0, 1 };
    const line           l = { .from = A, .flags = flags, .length = length };
    tcpshake_segment     s = play_segment(p, &l);

    s.seq = p->isn[A] + seq;
    s.ack = flags & ACK ? p->isn[A] + ack : 0;
    s.source_port = s.destination_port = 40000;
    s.source = s.destination = address;
    s.address_length = sizeof address;
    g_array_append_val(p->segments, s);
    tcpshake_process_segment(p->conversation, &s, &p->limits, &p->memory->allocator, p->hosts);
}

/* As Linux does on its loopback interface. */
CONVERSATION(connected_to_itself)
{
    static const char path[] = "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 TIME-WAIT";

    p->opener = A;
    send_to_itself(p, SYN, 0, 0, 0);
    send_to_itself(p, SYN | ACK, 0, 1, 0);
    send_to_itself(p, ACK, 1, 1, 0);
    send_to_itself(p, ACK, 1, 1, 5);
    send_to_itself(p, ACK, 6, 6, 0);
    send_to_itself(p, FIN | ACK, 6, 6, 0);
    send_to_itself(p, ACK, 7, 7, 0);
    play_wait(p, 10 * SECONDS);
    PATH(A, path);
    PATH(B, path);
    FOUND_ON(syn_unanswered, "");
    FOUND_ON(one_sided, "");
    FOUND_ON(synack_from_client, "");
    HANDSHAKE(SIMULTANEOUS);
    TEARDOWN(SIMULTANEOUS);
}
