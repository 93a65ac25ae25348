/* conversation_again.c
 * A four-tuple that an earlier conversation had.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

/* ==== the four-tuple again ==== */

enum { HIGHER = 3000000, LOWER = -900 };

/* Raw numbers of an earlier conversation, as offsets that SEND() takes. */
#define OLD_SEQ(earlier, end) .seq = (int)((earlier)->isn[end] + (earlier)->next[end] - p->isn[end] - p->next[end])
#define OLD_ACK(earlier, end) \
    .ack = (int)((earlier)->isn[1 - (end)] + (earlier)->next[1 - (end)] - p->isn[1 - (end)] - p->next[1 - (end)])

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
    REGISTERED(name, false)                                                                 \
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

/* The server still has the connection that the client forgot: section 3.5.1, figure 9, RFC 5961 section 4.2. */
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

/* ==== a SYN on the connection that it once opened ==== */

/* Late by less than MSL (section 3.4.3), so it may be a copy of the first. RFC 5961 section 4.2: the answer is a
 * challenge ACK, and nothing is wrong. */
CONVERSATION(late_syn_is_challenged)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, SYN, .seq = -11);
    SEND(B, ACK);
    BOTH_PASSES(7, S(ESTABLISHED), S(ESTABLISHED));
    BOTH_PASSES(8, S(ESTABLISHED), S(ESTABLISHED));
    FINDINGS("");
}

/* Without memory the old conversation goes on; nothing is lost but what was to be said of the new one. */
ONCE(anew_without_memory)
{
    for (int left = 0; left < 16; left++) {
        play *const p = play_new(ordinary_isns);
        p->memory->left = left;
        play_handshake(p, A);
        SEND(A, FIN | ACK);
        SEND(B, FIN | ACK);
        SEND(A, ACK);
        SEND(B, SYN | ACK, .seq = HIGHER, .after = SECONDS);
        SEND(A, ACK, .ack = HIGHER + 1);
        SEND(A, SYN, .seq = -(int)p->next[A], .after = 100 * SECONDS);
        SEND(B, SYN | ACK, .seq = HIGHER, .ack = 1 - (int)p->next[A]);
        SEND(A, RST, .seq = 1 - (int)p->next[A]);
        for (unsigned number = 1; number <= p->segments->len; number++)
            play_look_back(p, number);
        play_summary(p);
        play_free(p);
    }
}
