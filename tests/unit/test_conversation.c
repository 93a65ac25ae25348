/* test_conversation.c
 * Whole conversations: what a first pass shows while they go on, and what is known when the capture was read.
 *
 * A is the client unless a test says otherwise. Everything runs at ordinary numbers and across the wrap.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "play.h"

#define S(state) TCPSHAKE_##state

/* Raw numbers of an earlier conversation, as offsets that SEND() takes. */
#define OLD_SEQ(earlier, end) .seq = (int)((earlier)->isn[end] + (earlier)->next[end] - p->isn[end] - p->next[end])
#define OLD_ACK(earlier, end) \
    .ack = (int)((earlier)->isn[1 - (end)] + (earlier)->next[1 - (end)] - p->isn[1 - (end)] - p->next[1 - (end)])

static const uint8_t tfo_cookie[] = { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
static const uint8_t syn_options[] = { 2, 4, 5, 180, 4, 2, 3, 3, 7, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1 };
static const uint8_t smaller_mss[] = { 2, 4, 2, 24, 3, 3, 2, 1 };

/* Every state that an end was in, in hindsight, as "CLOSED SYN-SENT …". */
static char *
path_of(const play *p, int end)
{
    GString *const path = g_string_new(NULL);
    const char    *last = "";

    for (unsigned number = 1; number <= p->segments->len; number++) {
        const tcpshake_view view = play_look_back(p, number);
        const bool          client = end == p->opener;
        const uint8_t       states[] = { client ? view.client_before : view.server_before,
                                   client ? view.client_state : view.server_state };
        for (unsigned i = 0; i < G_N_ELEMENTS(states); i++) {
            const char *const name = tcpshake_state_name((tcpshake_state)states[i]);
            if (strcmp(name, last) != 0)
                g_string_append_printf(path, path->len ? " %s" : "%s", name);
            last = name;
        }
    }
    return g_string_free(path, FALSE);
}

#define PATH(end, expected)                          \
    do {                                             \
        char *const whole_path = path_of(p, (end));  \
        g_assert_cmpstr(whole_path, ==, (expected)); \
        g_free(whole_path);                          \
    } while (0)

#define STEPS(number, expected)                                               \
    do {                                                                      \
        g_assert_cmphex(play_first_look(p, (number))->steps, ==, (expected)); \
        g_assert_cmphex(play_look_back(p, (number)).steps, ==, (expected));   \
    } while (0)

#define PHASE(number, expected) g_assert_cmpint(play_look_back(p, (number)).phase, ==, TCPSHAKE_PHASE_##expected)

#define ACKS_SYN(number, of) g_assert_cmpuint(play_look_back(p, (number)).acks_syn, ==, frame_of(p, (of)))
#define ACKS_FIN(number, of) g_assert_cmpuint(play_look_back(p, (number)).acks_fin, ==, frame_of(p, (of)))
#define ACKED_IN(number, in) g_assert_cmpuint(play_look_back(p, (number)).acked_in, ==, frame_of(p, (in)))

#define HANDSHAKE(expected) g_assert_cmpint(play_summary(p).handshake, ==, TCPSHAKE_HANDSHAKE_##expected)
#define TEARDOWN(expected)  g_assert_cmpint(play_summary(p).teardown, ==, TCPSHAKE_TEARDOWN_##expected)

#define CONVERSATION(name)                                    \
    static void script_##name(play *p, const uint32_t *isns); \
    static void test_##name(gconstpointer isns)               \
    {                                                         \
        play *const p = play_new(isns);                       \
        script_##name(p, isns);                               \
        play_free(p);                                         \
    }                                                         \
    static void script_##name(play *p, G_GNUC_UNUSED const uint32_t *isns)

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

/* Figure 8. */
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
    FINDINGS("9:fin_retransmission 9:missing_fin_ack");
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
    tcpshake_process_segment(p->conversation, &copy, &p->limits, &p->memory->allocator, NULL);
}

/* 198.51.100.2 to 192.0.2.1, protocol 6 and a header of 24 bytes, added up with the carry: what Linux leaves to the
 * network card. */
static void
captured_around_the_network_card(uint16_t id, uint16_t checksum, uint16_t other, unsigned copies)
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
    tcpshake_process_segment(p->conversation, &segment, &p->limits, &p->memory->allocator, NULL);
    send_with_checksum(p, other);
    g_assert_cmpuint(p->conversation->end[B].syn_count, ==, copies);
    play_free(p);
}

static void
test_network_card(void)
{
    enum { UNFINISHED = 0xc633 + 0x6402 + 0xc000 + 0x0201 + 6 + 24 - 0xffff };

    captured_around_the_network_card(0, (uint16_t)UNFINISHED, 0x1234, 1);
    captured_around_the_network_card(0, 0x1234, (uint16_t)UNFINISHED, 1);
    captured_around_the_network_card(77, 0x4321, 0x1234, 1);
    captured_around_the_network_card(0, 0x4321, 0x1234, 2); /* it answers another SYN */
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
    play_wait(p, 4 * SECONDS); /* more than 10 s */
    FOUND_ON(connection_timeout, "1");
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

/* Figure 9: an old connection answers, the RST is what that deserves, and clears it. */
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

/* ==== the four-tuple again ==== */

enum { HIGHER = 3000000, LOWER = -900 };

/* A conversation on the four-tuple of an earlier one, with ISNs that far from the earlier ones. */
#define LATER_CONVERSATION(name, before, apart)                                             \
    static void script_##name(play *p, play *earlier);                                      \
    static void test_##name(gconstpointer data)                                             \
    {                                                                                       \
        const uint32_t *const isns = data;                                                  \
        const uint32_t        later[2] = { isns[A] + (uint32_t)(apart), isns[B] + HIGHER }; \
        play *const           earlier = before;                                             \
        play *const           p = play_new_after(earlier, later);                           \
        script_##name(p, earlier);                                                          \
        play_free(p);                                                                       \
        play_free(earlier);                                                                 \
    }                                                                                       \
    static void script_##name(play *p, G_GNUC_UNUSED play *earlier)

/* A conversation that was opened and goes on. */
static play *
earlier_and_open(const uint32_t *isns)
{
    play *const p = play_new(isns);

    play_handshake(p, A);
    play_exchange(p);
    return p;
}

/* A complete conversation; `closer` holds TIME-WAIT. */
static play *
earlier_and_closed(const uint32_t *isns, int closer)
{
    play *const p = play_new(isns);

    play_handshake(p, A);
    play_exchange(p);
    SEND(closer, FIN | ACK);
    SEND(1 - closer, FIN | ACK);
    SEND(closer, ACK);
    return p;
}

LATER_CONVERSATION(time_wait_gives_way, earlier_and_closed(isns, B), HIGHER)
{
    p->opener = A;
    SEND(A, SYN, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    play_exchange(p);
    BOTH_PASSES(1, S(SYN_SENT), S(SYN_RECEIVED));
    BOTH_PASSES(2, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(3, S(ESTABLISHED), S(ESTABLISHED));
    FINDINGS("2:time_wait_reuse");
    HANDSHAKE(COMPLETE);
}

LATER_CONVERSATION(time_wait_is_over, earlier_and_closed(isns, B), HIGHER)
{
    p->opener = A;
    SEND(A, SYN, .after = 61 * SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    THEN(1, S(SYN_SENT), S(SYN_RECEIVED));
    BOTH_PASSES(3, S(ESTABLISHED), S(ESTABLISHED));
    FINDINGS("");
}

/* The SYN's number is lower than what TIME-WAIT has seen: an ACK of the old connection is the answer. */
LATER_CONVERSATION(time_wait_turns_away, earlier_and_closed(isns, B), LOWER)
{
    p->opener = A;
    SEND(A, SYN, .after = SECONDS);
    SEND(B, ACK, OLD_SEQ(earlier, B), OLD_ACK(earlier, B));
    SEND(A, RST, OLD_SEQ(earlier, A));
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    BOTH_PASSES(1, S(SYN_SENT), S(TIME_WAIT));
    BOTH_PASSES(2, S(SYN_SENT), S(TIME_WAIT));
    BOTH_PASSES(3, S(SYN_SENT), S(CLOSED)); /* RFC 1337 */
    BOTH_PASSES(5, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(6, S(ESTABLISHED), S(ESTABLISHED));
    FOUND_ON(time_wait_lingering, "2");
    HANDSHAKE(COMPLETE);
}

/* The client holds TIME-WAIT and opens again. */
LATER_CONVERSATION(time_wait_of_the_client, earlier_and_closed(isns, A), HIGHER)
{
    p->opener = A;
    SEND(A, SYN, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    PATH(A, "TIME-WAIT SYN-SENT ESTABLISHED");
    PATH(B, "LISTEN SYN-RECEIVED ESTABLISHED");
    FINDINGS("2:time_wait_reuse");
}

/* The server still has the connection that the client forgot: figure 10, RFC 5961 section 4.2. */
LATER_CONVERSATION(challenge_ack_to_a_forgetful_client, earlier_and_open(isns), HIGHER)
{
    p->opener = A;
    SEND(A, SYN, .after = SECONDS);
    SEND(B, ACK, OLD_SEQ(earlier, B), OLD_ACK(earlier, B));
    SEND(A, RST, OLD_SEQ(earlier, A));
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    BOTH_PASSES(1, S(SYN_SENT), S(ESTABLISHED));
    BOTH_PASSES(2, S(SYN_SENT), S(ESTABLISHED));
    BOTH_PASSES(3, S(SYN_SENT), S(CLOSED));
    BOTH_PASSES(5, S(ESTABLISHED), S(SYN_RECEIVED));
    BOTH_PASSES(6, S(ESTABLISHED), S(ESTABLISHED));
    HANDSHAKE(COMPLETE);
}

/* Somebody else sent the SYN: both ends go on where they were. */
LATER_CONVERSATION(foreign_syn, earlier_and_open(isns), HIGHER)
{
    p->opener = A;
    SEND(A, SYN, .after = SECONDS);
    SEND(B, ACK, OLD_SEQ(earlier, B), OLD_ACK(earlier, B));
    SEND(A, ACK, .length = 10, OLD_SEQ(earlier, A), OLD_ACK(earlier, A));
    earlier->next[A] += 10;
    SEND(B, ACK, OLD_SEQ(earlier, B), OLD_ACK(earlier, B));
    BOTH_PASSES(3, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(4, S(ESTABLISHED), S(ESTABLISHED));
    IN_HINDSIGHT(1, S(ESTABLISHED), S(ESTABLISHED));
    IN_HINDSIGHT(2, S(ESTABLISHED), S(ESTABLISHED));
}

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
    FOUND_ON(connection_reset, "7");
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

static void
add(const char *name, GTestDataFunc function)
{
    static const struct {
        const char     *name;
        const uint32_t *isns;
    } numbers[] = { { "ordinary", ordinary_isns }, { "wrapping", wrapping_isns } };

    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        char *const path = g_strdup_printf("/conversation/%s/%s", name, numbers[i].name);
        g_test_add_data_func(path, numbers[i].isns, function);
        g_free(path);
    }
}

#define ADD(name) add(#name, test_##name)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    ADD(open_and_close);
    ADD(steps_and_numbers);
    ADD(acked_in_is_hindsight);
    ADD(summary);
    ADD(three_segment_close);
    ADD(half_close_with_data);
    ADD(half_closed_for_ever);
    ADD(fin_completes_the_handshake);
    ADD(simultaneous_open);
    ADD(simultaneous_close_1);
    ADD(simultaneous_close_2);
    ADD(simultaneous_close_3);
    ADD(simultaneous_close_4);
    ADD(fin_without_ack_of_fin);
    ADD(data_crosses_fin);
    ADD(syn_again);
    ADD(syn_ack_lost);
    ADD(identical_syn_ack_is_no_copy);
    ADD(handshake_ack_lost);
    ADD(late_copy_of_the_syn_ack);
    ADD(late_copy_of_the_syn);
    ADD(fin_lost);
    ADD(ack_of_fin_lost);
    ADD(last_ack_lost);
    ADD(captured_twice);
    g_test_add_func("/conversation/captured_around_the_network_card", test_network_card);
    ADD(answer_before_question);
    ADD(in_the_middle);
    ADD(in_the_middle_and_uncertain);
    ADD(in_the_middle_of_the_close);
    ADD(in_the_middle_and_reset);
    ADD(client_only);
    ADD(server_only);
    ADD(missing_syn_ack);
    ADD(missing_handshake_ack_in_the_capture);
    ADD(missing_fin);
    ADD(refused);
    ADD(refused_then_accepted);
    ADD(refused_again_and_again);
    ADD(unanswered);
    ADD(half_open);
    ADD(aborted_by_the_client);
    ADD(stale_ack);
    ADD(syn_ack_of_another_number);
    ADD(tfo_accepted);
    ADD(tfo_declined);
    ADD(time_wait_gives_way);
    ADD(time_wait_is_over);
    ADD(time_wait_turns_away);
    ADD(time_wait_of_the_client);
    ADD(challenge_ack_to_a_forgetful_client);
    ADD(foreign_syn);
    ADD(reset_open);
    ADD(reset_while_closing);
    ADD(reset_after_the_end);
    ADD(reset_in_window_is_ignored);
    ADD(reset_is_ignored);
    ADD(data_crosses_reset);
    ADD(not_slow);
    ADD(slow);
    ADD(no_timeout);
    ADD(timeout);
    ADD(limits_turned_off);
    ADD(fin_without_answer);
    ADD(silence_is_not_known_in_the_first_pass);
    return g_test_run();
}
