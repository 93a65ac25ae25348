/* conversation_captured.c
 * What the capture did, not the network: segments twice, in another order, or not at all.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== the capture, not the network ==== */

CONVERSATION(captured_twice)
{
    static const struct {
        int      from;
        unsigned flags;
        uint32_t length;
    } script[] = {
        { A, SYN, 0 },       { B, SYN | ACK, 0 }, { A, ACK, 0 },       { A, ACK, 10 }, { B, ACK, 20 },
        { A, FIN | ACK, 0 }, { B, ACK, 0 },       { B, FIN | ACK, 0 }, { A, ACK, 0 },
    };
    static const tcpshake_state expected[][2] = {
        { S(SYN_SENT), S(SYN_RECEIVED) },   { S(ESTABLISHED), S(SYN_RECEIVED) }, { S(ESTABLISHED), S(ESTABLISHED) },
        { S(ESTABLISHED), S(ESTABLISHED) }, { S(ESTABLISHED), S(ESTABLISHED) },  { S(FIN_WAIT_1), S(CLOSE_WAIT) },
        { S(FIN_WAIT_2), S(CLOSE_WAIT) },   { S(TIME_WAIT), S(LAST_ACK) },       { S(TIME_WAIT), S(CLOSED) },
    };
    p->opener = A;
    for (unsigned i = 0; i < G_N_ELEMENTS(script); i++) {
        SEND(script[i].from, script[i].flags, .length = script[i].length);
        SEND(script[i].from, script[i].flags, .again = true, .after = 20000);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(script); i++) {
        BOTH_PASSES(2 * i + 1, expected[i][A], expected[i][B]);
        BOTH_PASSES(2 * i + 2, expected[i][A], expected[i][B]);
        STEPS(2 * i + 2, 0);
    }
    g_assert_cmpuint(p->conversation->end[A].syn_count, ==, 1);
    g_assert_cmpuint(p->conversation->end[A].fin_count, ==, 1);
    FOUND_ON(syn_retransmission, "");
    FOUND_ON(fin_retransmission, "");
    FOUND_ON(time_wait_lingering, "");
    HANDSHAKE(COMPLETE);
    TEARDOWN(FOUR_SEGMENTS);
}

/* The last segment once more, a moment later, with another checksum. */
static void
send_with_checksum(play *p, uint16_t checksum)
{
    tcpshake_segment copy = *play_at(p, p->segments->len);

    copy.frame++;
    copy.time += 20000;
    copy.checksum = checksum;
    g_array_append_val(p->segments, copy);
    tcpshake_process_segment(p->conversation, &copy, &p->limits, &p->memory->allocator, p->hosts);
}

/* 198.51.100.2 to 192.0.2.1, protocol 6 and a header of 24 bytes, added up with the carry: what Linux leaves to the
 * network card. */
static void
capture_around_the_network_card(uint16_t id, uint16_t checksum, uint16_t other, unsigned copies)
{
    static const uint8_t client[] = { 192, 0, 2, 1 }, server[] = { 198, 51, 100, 2 };
    play *const          p = play_new(ordinary_isns);

    SEND(A, SYN);
    line             answer = { .from = B, .flags = SYN | ACK };
    tcpshake_segment segment = play_segment(p, &answer);
    segment.ip_id = id;
    segment.source = server;
    segment.destination = client;
    segment.address_length = sizeof server;
    segment.checksum = checksum;
    g_array_append_val(p->segments, segment);
    tcpshake_process_segment(p->conversation, &segment, &p->limits, &p->memory->allocator, p->hosts);
    send_with_checksum(p, other);
    g_assert_cmpuint(p->conversation->end[B].syn_count, ==, copies);
    play_free(p);
}

ONCE(captured_around_the_network_card)
{
    enum { UNFINISHED = 0xc633 + 0x6402 + 0xc000 + 0x0201 + 6 + 24 - 0xffff };

    capture_around_the_network_card(0, (uint16_t)UNFINISHED, 0x1234, 1);
    capture_around_the_network_card(0, 0x1234, (uint16_t)UNFINISHED, 1);
    capture_around_the_network_card(77, 0x4321, 0x1234, 1);
    capture_around_the_network_card(0, 0x4321, 0x1234, 2); /* it answers another SYN */
}

/* The frame in which the last copy was answered once more. */
static uint32_t
answer_to_copy(const play *p)
{
    const tcpshake_finding *const last = tcpshake_last_found(p->conversation, TCPSHAKE_ANOMALY_captured_twice);

    g_assert_nonnull(last);
    return last->copy.answer;
}

/* The network has doubled the SYN-ACK: nothing else makes the client acknowledge it again. */
CONVERSATION(syn_ack_arrives_twice)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 10);
    SEND(B, SYN | ACK, .again = true);
    g_assert_cmpuint(answer_to_copy(p), ==, 0);
    SEND(A, ACK);
    g_assert_cmpuint(answer_to_copy(p), ==, play_at(p, 6)->frame);
    SEND(A, ACK);
    g_assert_cmpuint(answer_to_copy(p), ==, play_at(p, 6)->frame);
    FOUND_ON(captured_twice, "5");
    FOUND_ON(synack_retransmission, "");
}

CONVERSATION(fin_arrives_twice)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(A, FIN | ACK, .again = true);
    SEND(B, ACK);
    g_assert_cmpuint(answer_to_copy(p), ==, play_at(p, 7)->frame);
}

/* The client goes on: that is no answer. */
CONVERSATION(syn_ack_captured_twice)
{
    play_handshake(p, A);
    SEND(B, SYN | ACK, .again = true);
    SEND(A, ACK, .length = 10);
    SEND(A, ACK);
    g_assert_cmpuint(answer_to_copy(p), ==, 0);
}

/* All was captured twice, the ACK as well, though its copy cannot be told. */
CONVERSATION(handshake_captured_twice)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .again = true, .after = 30 * MS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    SEND(B, SYN | ACK, .again = true, .after = 20 * MS);
    SEND(A, ACK);
    g_assert_cmpuint(answer_to_copy(p), ==, 0);
}

/* Data are acknowledged twice for other reasons as well: nothing is said. */
CONVERSATION(data_acknowledged_twice)
{
    play_handshake(p, A);
    SEND(B, ACK, .length = 10);
    SEND(A, ACK);
    SEND(B, ACK, .length = 10, .again = true);
    SEND(A, ACK);
    g_assert_cmpuint(answer_to_copy(p), ==, 0);
}

CONVERSATION(answer_before_question)
{
    p->opener = A;
    p->next[A] = 1; /* what the SYN will take */
    SEND(B, SYN | ACK);
    SEND(A, SYN, .seq = -1, .after = MS / 100);
    SEND(A, ACK);
    play_exchange(p);
    BOTH_PASSES(3, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(6, S(ESTABLISHED), S(ESTABLISHED));
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED");
    g_assert_cmpint(play_summary(p).opened_by, ==, TCPSHAKE_CLIENT);
    g_assert_cmpint(play_look_back(p, 1).sender, ==, TCPSHAKE_SERVER);
    HANDSHAKE(COMPLETE);
    FOUND_ON(simultaneous_open, "");
    FOUND_ON(syn_retransmission, "");
}

CONVERSATION(in_the_middle)
{
    p->opener = A;
    p->next[A] = p->next[B] = 100;
    SEND(A, ACK, .length = 10);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK, .length = 20);
    SEND(A, ACK);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    THEN(1, S(UNKNOWN), S(UNKNOWN));
    THEN(2, S(UNKNOWN), S(UNKNOWN));
    THEN(3, S(ESTABLISHED), S(ESTABLISHED));
    for (unsigned number = 1; number <= 4; number++)
        IN_HINDSIGHT(number, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(5, S(FIN_WAIT_1), S(CLOSE_WAIT));
    BOTH_PASSES(7, S(TIME_WAIT), S(CLOSED));
    HANDSHAKE(NOT_CAPTURED);
    TEARDOWN(THREE_SEGMENTS);
    FINDINGS("1:handshake_not_captured");
}

/* B never sends data, nor a FIN: it could have closed before the capture. */
CONVERSATION(in_the_middle_and_uncertain)
{
    p->opener = A;
    p->next[A] = p->next[B] = 100;
    SEND(A, ACK, .length = 10);
    SEND(B, ACK);
    SEND(A, ACK, .length = 10);
    SEND(B, ACK);
    for (unsigned number = 1; number <= 4; number++)
        BOTH_PASSES(number, S(UNKNOWN), S(UNKNOWN));
    HANDSHAKE(NOT_CAPTURED);
}

CONVERSATION(in_the_middle_of_the_close)
{
    p->opener = A;
    p->next[A] = p->next[B] = 100;
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    THEN(1, S(UNKNOWN), S(UNKNOWN));
    IN_HINDSIGHT(1, S(FIN_WAIT_1), S(CLOSE_WAIT));
    IN_HINDSIGHT(2, S(FIN_WAIT_2), S(CLOSE_WAIT));
    BOTH_PASSES(3, S(TIME_WAIT), S(LAST_ACK));
    BOTH_PASSES(4, S(TIME_WAIT), S(CLOSED));
}

CONVERSATION(in_the_middle_and_reset)
{
    p->opener = A;
    p->next[A] = p->next[B] = 100;
    SEND(A, ACK, .length = 10);
    SEND(B, RST);
    THEN(1, S(UNKNOWN), S(UNKNOWN));
    BOTH_PASSES(2, S(CLOSED), S(CLOSED));
    PHASE(2, CLOSED);
    TEARDOWN(RESET);
}

CONVERSATION(client_only)
{
    p->opener = A;
    SEND(A, SYN);
    p->next[B] = 1;
    SEND(A, ACK);
    SEND(A, ACK, .length = 10);
    p->next[B] = 21;
    SEND(A, ACK);
    SEND(A, FIN | ACK);
    play_wait(p, 100 * SECONDS);
    BOTH_PASSES(1, S(SYN_SENT), ANY);
    for (unsigned number = 2; number <= 4; number++)
        BOTH_PASSES(number, S(ESTABLISHED), ANY);
    BOTH_PASSES(5, S(FIN_WAIT_1), ANY);
    FOUND_ON(syn_unanswered, "");
    FOUND_ON(missing_fin_ack, "");
    FOUND_ON(connection_timeout, "");
}

CONVERSATION(server_only)
{
    p->opener = A;
    p->next[A] = 1;
    SEND(B, SYN | ACK);
    p->next[A] = 11;
    SEND(B, ACK);
    SEND(B, ACK, .length = 20);
    SEND(B, FIN | ACK);
    play_wait(p, 100 * SECONDS);
    BOTH_PASSES(1, ANY, S(SYN_RECEIVED));
    BOTH_PASSES(3, ANY, S(ESTABLISHED));
    BOTH_PASSES(4, ANY, S(FIN_WAIT_1));
    g_assert_cmpint(play_look_back(p, 1).sender, ==, TCPSHAKE_SERVER);
    FOUND_ON(missing_handshake_ack, "");
    FOUND_ON(missing_fin_ack, "");
    FOUND_ON(connection_timeout, "");
}

CONVERSATION(missing_syn_ack)
{
    p->opener = A;
    SEND(A, SYN);
    p->next[B] = 1;
    SEND(A, ACK);
    play_exchange(p);
    BOTH_PASSES(2, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(5, S(ESTABLISHED), S(ESTABLISHED));
    HANDSHAKE(COMPLETE);
    FOUND_ON(syn_unanswered, "");
    FOUND_ON(missing_handshake_ack, "");
}

CONVERSATION(missing_handshake_ack_in_the_capture)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(B, ACK, .length = 20); /* nobody sends data before the ACK came */
    SEND(A, ACK);
    play_wait(p, 100 * SECONDS);
    BOTH_PASSES(3, S(ESTABLISHED), S(ESTABLISHED));
    HANDSHAKE(COMPLETE);
    FOUND_ON(missing_handshake_ack, "");
    FOUND_ON(connection_timeout, "");
}

/* The ACK of B acknowledges a FIN of A that is not in the capture: A had sent it. */
CONVERSATION(missing_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    p->next[A]++;
    SEND(B, FIN | ACK); /* 7 */
    SEND(A, ACK);
    THEN(8, ANY, ANY);
    IN_HINDSIGHT(8, ANY, ANY);
    g_assert_cmpint(play_summary(p).closed_by, !=, TCPSHAKE_BOTH);
    FOUND_ON(simultaneous_close, "");
}

/* A filter has dropped bare ACKs. A server that waits for the handshake's asks again after 3 s at the latest. */
CONVERSATION(handshake_ack_filtered)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, FIN | ACK, .after = 6 * SECONDS);
    SEND(B, FIN | ACK);
    FOUND_ON(slow_handshake, "");
    g_assert_cmpint(play_summary(p).connection_time, ==, TCPSHAKE_NO_TIME);
}

/* The neighbours: an ACK that comes late, and data in its place that the server has asked for again. */
CONVERSATION(handshake_ack_late)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(A, ACK, .after = 6 * SECONDS);
    FINDINGS("3:slow_handshake");
}

CONVERSATION(data_in_place_of_the_handshake_ack)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK);
    SEND(B, SYN | ACK, .seq = -1, .after = 3 * SECONDS);
    SEND(A, ACK, .length = 10, .after = SECONDS);
    FOUND_ON(slow_handshake, "4");
}

/* The FINs cross, and the client's goes out once more with its ACK of the server's, as BSD sends it: nothing is lost.
 */
CONVERSATION(crossed_fin_with_the_ack)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK, .ack = -1, .after = MS);
    SEND(A, FIN | ACK, .seq = -1, .after = MS);
    SEND(B, ACK);
    SEND(A, ACK);
    FINDINGS("5:simultaneous_close");
    TEARDOWN(SIMULTANEOUS);
}

CONVERSATION(crossed_fin_with_the_ack_after_its_own)
{
    play_handshake(p, A);
    SEND(B, FIN | ACK);
    SEND(A, FIN | ACK, .ack = -1, .after = MS);
    SEND(B, ACK, .after = MS);
    SEND(A, FIN | ACK, .seq = -1, .after = MS);
    SEND(B, ACK);
    FINDINGS("5:simultaneous_close");
    TEARDOWN(SIMULTANEOUS);
}

/* The neighbour: the timer has run out. */
CONVERSATION(crossed_fin_again)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK, .ack = -1, .after = MS);
    SEND(A, FIN | ACK, .seq = -1, .after = SECONDS);
    SEND(B, ACK);
    FOUND_ON(fin_retransmission, "6");
}
