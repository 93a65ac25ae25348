/* test_arrivals.c
 * A segment arrives: what it makes of both ends, state by state and event by event (RFC 9293 section 3.10.7, RFC 5961).
 *
 * `subject` is the end whose state a test is about, `peer` the one that sends to it. A builder for each state stacks on
 * the builder of the state before it. Everything runs at ordinary numbers and across the wrap, and, once the connection
 * is synchronised, with the client and with the server as the subject.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_builder.h"

/* ISNs, and which end is the subject. */
typedef struct casting {
    const char     *name;
    const uint32_t *isn;
    int             subject, opener;
} casting;

static const casting as_client = { "client", ordinary_isns, A, A };
static const casting as_client_wrapping = { "client_wrapping", wrapping_isns, A, A };
static const casting as_server = { "server", ordinary_isns, B, A };
static const casting as_server_wrapping = { "server_wrapping", wrapping_isns, B, A };

#define PEER (TCPSHAKE_OTHER(p->subject))

/* Who sends what, in the play p. */
#define PEER_SENDS(...)    SEND(PEER, __VA_ARGS__)
#define SUBJECT_SENDS(...) SEND(p->subject, __VA_ARGS__)

#define THEN_OF(end, number, state) \
    check_state(p, play_first_look(p, (number)), (end), (int)(state), "first pass", (number), __FILE__, __LINE__)

/* States after the last segment, in the first pass. A state that is presumed at once is what RFC 9293 says it is. */
#define BECOMES(of_subject, of_peer)                             \
    do {                                                         \
        const unsigned last_number = p->segments->len;           \
        THEN_OF(p->subject, last_number, TCPSHAKE_##of_subject); \
        THEN_OF(PEER, last_number, TCPSHAKE_##of_peer);          \
    } while (0)
enum { TCPSHAKE_ANY = ANY };

#define FAR    1000000 /* well outside of every window here */
#define INSIDE 100     /* in the window, but not the number that is expected */

static play *
begin(const casting *cast)
{
    play *const p = play_new(cast->isn);

    p->subject = cast->subject;
    p->opener = cast->opener;
    return p;
}

/* ---- builders ---- */

static play *
build_syn_sent(const casting *cast)
{
    play *const p = begin(cast);

    SUBJECT_SENDS(SYN);
    BECOMES(SYN_SENT, ANY);
    return p;
}

static play *
build_syn_received(const casting *cast)
{
    play *const p = begin(cast);

    PEER_SENDS(SYN);
    SUBJECT_SENDS(SYN | ACK);
    BECOMES(SYN_RECEIVED, ESTABLISHED);
    return p;
}

/* Section 3.10.7.4: the RST returns a passive open to LISTEN. */
static play *
build_listen(const casting *cast)
{
    play *const p = build_syn_received(cast);

    PEER_SENDS(RST);
    BECOMES(LISTEN, CLOSED);
    return p;
}

static play *
build_established(const casting *cast)
{
    play *const p = begin(cast);

    play_handshake(p, cast->opener);
    play_exchange(p);
    BECOMES(ESTABLISHED, ESTABLISHED);
    return p;
}

static play *
build_fin_wait_1(const casting *cast)
{
    play *const p = build_established(cast);

    SUBJECT_SENDS(FIN | ACK);
    BECOMES(FIN_WAIT_1, CLOSE_WAIT);
    return p;
}

static play *
build_fin_wait_2(const casting *cast)
{
    play *const p = build_fin_wait_1(cast);

    PEER_SENDS(ACK);
    BECOMES(FIN_WAIT_2, CLOSE_WAIT);
    return p;
}

static play *
build_close_wait(const casting *cast)
{
    play *const p = build_established(cast);

    PEER_SENDS(FIN | ACK);
    SUBJECT_SENDS(ACK);
    BECOMES(CLOSE_WAIT, FIN_WAIT_2);
    return p;
}

/* The FINs crossed; the subject has acknowledged the peer's. */
static play *
build_closing(const casting *cast)
{
    play *const p = build_fin_wait_1(cast);

    PEER_SENDS(FIN | ACK, .ack = -1);
    BECOMES(CLOSING, FIN_WAIT_1);
    SUBJECT_SENDS(ACK);
    BECOMES(CLOSING, CLOSING);
    return p;
}

static play *
build_last_ack(const casting *cast)
{
    play *const p = build_close_wait(cast);

    SUBJECT_SENDS(FIN | ACK);
    BECOMES(LAST_ACK, TIME_WAIT);
    return p;
}

static play *
build_time_wait(const casting *cast)
{
    play *const p = build_fin_wait_2(cast);

    PEER_SENDS(FIN | ACK);
    SUBJECT_SENDS(ACK);
    BECOMES(TIME_WAIT, CLOSED);
    return p;
}

static play *
build_closed(const casting *cast)
{
    play *const p = build_last_ack(cast);

    PEER_SENDS(ACK);
    BECOMES(CLOSED, TIME_WAIT);
    return p;
}

#define TEST(state, event, ...)                            \
    static void test_##state##_##event(gconstpointer cast) \
    {                                                      \
        play *const p = build_##state(cast);               \
        __VA_ARGS__;                                       \
        play_free(p);                                      \
    }

/* ==== CLOSED: everything but a RST is answered by one, nothing moves (section 3.10.7.1) ==== */

/* A duplicate of the first SYN reaches who had opened actively: it does not listen, and who sent it holds TIME-WAIT. */
TEST(closed, syn, PEER_SENDS(SYN, .seq = -(int)p->next[PEER]); BECOMES(CLOSED, ANY))
TEST(closed, syn_ack, PEER_SENDS(SYN | ACK, .seq = -(int)p->next[PEER]); BECOMES(CLOSED, ANY))
TEST(closed, ack, PEER_SENDS(ACK); BECOMES(CLOSED, TIME_WAIT))
TEST(closed, fin, PEER_SENDS(FIN | ACK, .seq = -1); BECOMES(CLOSED, ANY))
TEST(closed, rst, PEER_SENDS(RST); BECOMES(CLOSED, ANY))
TEST(closed, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(CLOSED, ANY))
TEST(closed, data, PEER_SENDS(ACK, .length = 10, .seq = -11); BECOMES(CLOSED, ANY))
TEST(closed, old_duplicate, PEER_SENDS(ACK, .seq = -21, .ack = -10, .length = 10); BECOMES(CLOSED, ANY))

/* ==== LISTEN: only a SYN moves it (section 3.10.7.2) ==== */

TEST(listen, syn, PEER_SENDS(SYN, .seq = -1); BECOMES(SYN_RECEIVED, SYN_SENT))
TEST(listen, ack, PEER_SENDS(ACK, .after = 2 * SECONDS); BECOMES(LISTEN, ANY))
TEST(listen, fin, PEER_SENDS(FIN | ACK, .after = 2 * SECONDS); BECOMES(LISTEN, ANY))
TEST(listen, rst, PEER_SENDS(RST); BECOMES(LISTEN, CLOSED))
TEST(listen, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(LISTEN, CLOSED))
TEST(listen, data, PEER_SENDS(ACK, .length = 10, .after = 2 * SECONDS); BECOMES(LISTEN, ANY))

/* ==== SYN-SENT (section 3.10.7.3) ==== */

TEST(syn_sent, syn, PEER_SENDS(SYN); BECOMES(SYN_RECEIVED, SYN_SENT))
TEST(syn_sent, syn_ack, PEER_SENDS(SYN | ACK); BECOMES(ESTABLISHED, SYN_RECEIVED))
/* SEG.ACK =< ISS, or SEG.ACK > SND.NXT: a RST is the answer, and that is all. */
TEST(syn_sent, syn_ack_of_too_little, PEER_SENDS(SYN | ACK, .ack = -1); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, syn_ack_of_too_much, PEER_SENDS(SYN | ACK, .ack = 1); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, syn_ack_of_an_old_one, PEER_SENDS(SYN | ACK, .ack = -FAR); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, ack, PEER_SENDS(ACK); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, ack_of_something_else, PEER_SENDS(ACK, .ack = FAR); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, fin, PEER_SENDS(FIN | ACK); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, rst_that_acknowledges, PEER_SENDS(RST | ACK); BECOMES(CLOSED, CLOSED))
/* "If the ACK bit is off … drop the segment": there is nothing to check a bare RST against. */
TEST(syn_sent, rst_without_ack, PEER_SENDS(RST); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, rst_that_acknowledges_too_little, PEER_SENDS(RST | ACK, .ack = -1); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, rst_that_acknowledges_too_much, PEER_SENDS(RST | ACK, .ack = 1); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, data, PEER_SENDS(ACK, .length = 10); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, old_duplicate, PEER_SENDS(ACK, .seq = -FAR, .ack = -FAR, .length = 10); BECOMES(SYN_SENT, ANY))
TEST(syn_sent, own_syn_again, SUBJECT_SENDS(SYN, .seq = -1, .after = SECONDS); BECOMES(SYN_SENT, ANY))

/* ==== SYN-RECEIVED, out of LISTEN (section 3.10.7.4) ==== */

/* The SYN again: its sender had not received the SYN-ACK. */
TEST(syn_received, syn, PEER_SENDS(SYN, .seq = -1, .after = SECONDS); BECOMES(SYN_RECEIVED, SYN_SENT))
TEST(syn_received, ack, PEER_SENDS(ACK); BECOMES(ESTABLISHED, ESTABLISHED))
TEST(syn_received, ack_of_too_little, PEER_SENDS(ACK, .ack = -1); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, ack_of_too_much, PEER_SENDS(ACK, .ack = 1); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, ack_outside, PEER_SENDS(ACK, .seq = FAR); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, fin, PEER_SENDS(FIN | ACK); BECOMES(CLOSE_WAIT, FIN_WAIT_1))
TEST(syn_received, fin_of_wrong_ack, PEER_SENDS(FIN | ACK, .ack = -1); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, rst, PEER_SENDS(RST); BECOMES(LISTEN, CLOSED))
TEST(syn_received, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, rst_too_old, PEER_SENDS(RST, .seq = -1); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, data, PEER_SENDS(ACK, .length = 10); BECOMES(ESTABLISHED, ESTABLISHED))
TEST(syn_received, data_of_wrong_ack, PEER_SENDS(ACK, .length = 10, .ack = -1); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, old_duplicate, PEER_SENDS(ACK, .seq = -FAR, .length = 10); BECOMES(SYN_RECEIVED, ANY))
TEST(syn_received, own_syn_ack_again, SUBJECT_SENDS(SYN | ACK, .seq = -1, .after = SECONDS);
     BECOMES(SYN_RECEIVED, ESTABLISHED))
/* CLOSE may come before the ACK (section 3.10.4). */
TEST(syn_received, own_fin, SUBJECT_SENDS(FIN | ACK); BECOMES(FIN_WAIT_1, CLOSE_WAIT))
TEST(syn_received, own_rst, SUBJECT_SENDS(RST); BECOMES(CLOSED, CLOSED))

/* ==== ESTABLISHED ==== */

TEST(established, syn, PEER_SENDS(SYN, .seq = INSIDE); BECOMES(ESTABLISHED, ANY))
TEST(established, old_syn, PEER_SENDS(SYN, .seq = -(int)p->next[PEER]); BECOMES(ESTABLISHED, ANY))
TEST(established, syn_ack, PEER_SENDS(SYN | ACK, .seq = -(int)p->next[PEER]); BECOMES(ESTABLISHED, ANY))
TEST(established, ack, PEER_SENDS(ACK); BECOMES(ESTABLISHED, ESTABLISHED))
TEST(established, old_ack, PEER_SENDS(ACK, .ack = -5); BECOMES(ESTABLISHED, ESTABLISHED))
TEST(established, fin, PEER_SENDS(FIN | ACK); BECOMES(CLOSE_WAIT, FIN_WAIT_1))
TEST(established, fin_of_less_than_everything, PEER_SENDS(FIN | ACK, .ack = -5); BECOMES(CLOSE_WAIT, FIN_WAIT_1))
TEST(established, fin_with_data, PEER_SENDS(FIN | ACK, .length = 10); BECOMES(CLOSE_WAIT, FIN_WAIT_1))
TEST(established, fin_outside, PEER_SENDS(FIN | ACK, .seq = FAR); BECOMES(ESTABLISHED, ANY))
TEST(established, fin_of_the_past, PEER_SENDS(FIN | ACK, .seq = -5); BECOMES(ESTABLISHED, ANY))
/* "If the ACK bit is off, drop the segment and return." */
TEST(established, fin_without_ack, PEER_SENDS(FIN); BECOMES(ESTABLISHED, ESTABLISHED))
TEST(established, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(established, rst_with_ack, PEER_SENDS(RST | ACK); BECOMES(CLOSED, CLOSED))
/* RFC 5961 section 3.2: in the window but not exact is answered by a challenge ACK. */
TEST(established, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(ESTABLISHED, ANY))
TEST(established, rst_next_to_exact, PEER_SENDS(RST, .seq = 1); BECOMES(ESTABLISHED, ANY))
TEST(established, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(ESTABLISHED, ANY))
TEST(established, rst_too_old, PEER_SENDS(RST, .seq = -1); BECOMES(ESTABLISHED, ANY))
TEST(established, data, PEER_SENDS(ACK, .length = 10); BECOMES(ESTABLISHED, ESTABLISHED))
TEST(established, old_duplicate, PEER_SENDS(ACK, .seq = -10, .length = 10, .ack = -10);
     BECOMES(ESTABLISHED, ESTABLISHED))

/* ==== FIN-WAIT-1: its FIN is on the way ==== */

TEST(fin_wait_1, syn, PEER_SENDS(SYN, .seq = INSIDE); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, syn_ack, PEER_SENDS(SYN | ACK, .seq = INSIDE); BECOMES(FIN_WAIT_1, ANY))
/* Who does not acknowledge the FIN has not received it. */
TEST(fin_wait_1, ack_of_less, PEER_SENDS(ACK, .ack = -1); BECOMES(FIN_WAIT_1, ESTABLISHED))
TEST(fin_wait_1, ack_of_fin, PEER_SENDS(ACK); BECOMES(FIN_WAIT_2, CLOSE_WAIT))
TEST(fin_wait_1, ack_of_more, PEER_SENDS(ACK, .ack = FAR); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, ack_of_fin_outside, PEER_SENDS(ACK, .seq = FAR); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, fin_crossing, PEER_SENDS(FIN | ACK, .ack = -1); BECOMES(CLOSING, FIN_WAIT_1))
TEST(fin_wait_1, fin_and_ack_of_fin, PEER_SENDS(FIN | ACK); BECOMES(TIME_WAIT, LAST_ACK))
TEST(fin_wait_1, fin_outside, PEER_SENDS(FIN | ACK, .seq = FAR, .ack = -1); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(fin_wait_1, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, data, PEER_SENDS(ACK, .length = 10, .ack = -1); BECOMES(FIN_WAIT_1, ESTABLISHED))
TEST(fin_wait_1, data_and_ack_of_fin, PEER_SENDS(ACK, .length = 10); BECOMES(FIN_WAIT_2, CLOSE_WAIT))
TEST(fin_wait_1, old_duplicate, PEER_SENDS(ACK, .seq = -20, .length = 10, .ack = -5); BECOMES(FIN_WAIT_1, ANY))
TEST(fin_wait_1, own_fin_again, SUBJECT_SENDS(FIN | ACK, .seq = -1, .after = SECONDS); BECOMES(FIN_WAIT_1, CLOSE_WAIT))

/* ==== FIN-WAIT-2 ==== */

TEST(fin_wait_2, syn, PEER_SENDS(SYN, .seq = INSIDE); BECOMES(FIN_WAIT_2, ANY))
TEST(fin_wait_2, syn_ack, PEER_SENDS(SYN | ACK, .seq = INSIDE); BECOMES(FIN_WAIT_2, ANY))
TEST(fin_wait_2, ack, PEER_SENDS(ACK); BECOMES(FIN_WAIT_2, CLOSE_WAIT))
TEST(fin_wait_2, fin, PEER_SENDS(FIN | ACK); BECOMES(TIME_WAIT, LAST_ACK))
TEST(fin_wait_2, fin_outside, PEER_SENDS(FIN | ACK, .seq = FAR); BECOMES(FIN_WAIT_2, ANY))
TEST(fin_wait_2, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(fin_wait_2, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(FIN_WAIT_2, ANY))
TEST(fin_wait_2, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(FIN_WAIT_2, ANY))
TEST(fin_wait_2, data, PEER_SENDS(ACK, .length = 10); BECOMES(FIN_WAIT_2, CLOSE_WAIT))
TEST(fin_wait_2, old_duplicate, PEER_SENDS(ACK, .seq = -10, .length = 10, .ack = -5); BECOMES(FIN_WAIT_2, CLOSE_WAIT))

/* ==== CLOSE-WAIT ==== */

TEST(close_wait, syn, PEER_SENDS(SYN, .seq = INSIDE); BECOMES(CLOSE_WAIT, ANY))
TEST(close_wait, ack, PEER_SENDS(ACK); BECOMES(CLOSE_WAIT, FIN_WAIT_2))
/* The FIN again: the acknowledgment had not arrived, so its sender was in FIN-WAIT-1 still. */
TEST(close_wait, fin, PEER_SENDS(FIN | ACK, .seq = -1, .after = SECONDS); BECOMES(CLOSE_WAIT, FIN_WAIT_1))
TEST(close_wait, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(close_wait, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(CLOSE_WAIT, ANY))
TEST(close_wait, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(CLOSE_WAIT, ANY))
TEST(close_wait, data, PEER_SENDS(ACK, .length = 10); BECOMES(CLOSE_WAIT, ANY))
TEST(close_wait, old_duplicate, PEER_SENDS(ACK, .seq = -11, .length = 10, .ack = -5); BECOMES(CLOSE_WAIT, FIN_WAIT_2))
TEST(close_wait, own_data, SUBJECT_SENDS(ACK, .length = 10); BECOMES(CLOSE_WAIT, FIN_WAIT_2))

/* ==== CLOSING ==== */

TEST(closing, syn, PEER_SENDS(SYN, .seq = INSIDE); BECOMES(CLOSING, ANY))
TEST(closing, ack_of_less, PEER_SENDS(ACK, .ack = -1); BECOMES(CLOSING, ANY))
TEST(closing, ack_of_fin, PEER_SENDS(ACK); BECOMES(TIME_WAIT, TIME_WAIT))
TEST(closing, ack_of_more, PEER_SENDS(ACK, .ack = FAR); BECOMES(CLOSING, ANY))
TEST(closing, fin, PEER_SENDS(FIN | ACK, .seq = -1, .ack = -1, .after = SECONDS); BECOMES(CLOSING, ANY))
TEST(closing, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(closing, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(CLOSING, ANY))
TEST(closing, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(CLOSING, ANY))
TEST(closing, old_duplicate, PEER_SENDS(ACK, .seq = -11, .length = 10, .ack = -5); BECOMES(CLOSING, ANY))

/* ==== LAST-ACK ==== */

TEST(last_ack, syn, PEER_SENDS(SYN, .seq = INSIDE); BECOMES(LAST_ACK, ANY))
/* An ACK that does not cover the FIN was sent before it arrived. */
TEST(last_ack, ack_of_less, PEER_SENDS(ACK, .ack = -1); BECOMES(LAST_ACK, FIN_WAIT_2))
TEST(last_ack, ack_of_fin, PEER_SENDS(ACK); BECOMES(CLOSED, TIME_WAIT))
TEST(last_ack, ack_of_more, PEER_SENDS(ACK, .ack = FAR); BECOMES(LAST_ACK, ANY))
TEST(last_ack, fin, PEER_SENDS(FIN | ACK, .seq = -1, .ack = -1, .after = SECONDS); BECOMES(LAST_ACK, ANY))
TEST(last_ack, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(last_ack, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(LAST_ACK, ANY))
TEST(last_ack, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(LAST_ACK, ANY))
TEST(last_ack, old_duplicate, PEER_SENDS(ACK, .seq = -11, .length = 10, .ack = -5); BECOMES(LAST_ACK, ANY))
TEST(last_ack, own_fin_again, SUBJECT_SENDS(FIN | ACK, .seq = -1, .after = SECONDS); BECOMES(LAST_ACK, TIME_WAIT))

/* ==== TIME-WAIT: acknowledges, restarts 2 MSL, and goes by a RST or by the clock ==== */

TEST(time_wait, old_syn, PEER_SENDS(SYN, .seq = -(int)p->next[PEER]); BECOMES(TIME_WAIT, ANY))
TEST(time_wait, syn_ack, PEER_SENDS(SYN | ACK, .seq = -(int)p->next[PEER]); BECOMES(TIME_WAIT, ANY))
TEST(time_wait, ack, PEER_SENDS(ACK); BECOMES(TIME_WAIT, ANY))
/* Its last ACK had not arrived: the peer is in LAST-ACK still. */
TEST(time_wait, fin, PEER_SENDS(FIN | ACK, .seq = -1, .after = SECONDS); BECOMES(TIME_WAIT, LAST_ACK))
TEST(time_wait, rst, PEER_SENDS(RST); BECOMES(CLOSED, CLOSED))
TEST(time_wait, rst_in_window, PEER_SENDS(RST, .seq = INSIDE); BECOMES(TIME_WAIT, ANY))
TEST(time_wait, rst_outside, PEER_SENDS(RST, .seq = FAR); BECOMES(TIME_WAIT, ANY))
TEST(time_wait, data, PEER_SENDS(ACK, .length = 10, .seq = -11); BECOMES(TIME_WAIT, ANY))
TEST(time_wait, old_duplicate, PEER_SENDS(ACK, .seq = -11, .length = 10, .ack = -5); BECOMES(TIME_WAIT, ANY))
TEST(time_wait, ack_again, SUBJECT_SENDS(ACK); BECOMES(TIME_WAIT, CLOSED))

/* ---- an ACK of more than the FIN confirms nothing ---- */

static void
test_ack_of_more_than_the_fin(gconstpointer cast)
{
    play *const         p = build_fin_wait_1(cast);
    const tcpshake_view view = PEER_SENDS(ACK, .ack = FAR);

    g_assert_cmpint(view.steps, ==, 0);
    g_assert_cmpuint(view.acks_fin, ==, 0);
    const tcpshake_view fin = play_look_back(p, p->segments->len - 1);
    g_assert_cmpuint(fin.acked_in, ==, 0);
    /* The real one is seen all the same. */
    const tcpshake_view real = PEER_SENDS(ACK);
    g_assert_cmpint(real.steps, ==, TCPSHAKE_STEP_FIN1_ACK);
    BECOMES(FIN_WAIT_2, CLOSE_WAIT);
    play_free(p);
}

static void
add(const char *state, const char *event, GTestDataFunc function, const casting *const *casts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *const path = g_strdup_printf("/arrivals/%s/%s/%s", state, event, casts[i]->name);
        g_test_add_data_func(path, casts[i], function);
        g_free(path);
    }
}

static const casting *const openers[] = { &as_client, &as_client_wrapping };
static const casting *const listeners[] = { &as_server, &as_server_wrapping };
static const casting *const everybody[] = { &as_client, &as_client_wrapping, &as_server, &as_server_wrapping };

#define ADD(casts, state, event) add(#state, #event, test_##state##_##event, casts, G_N_ELEMENTS(casts))

static void
add_opening(void)
{
    ADD(listeners, listen, syn);
    ADD(listeners, listen, ack);
    ADD(listeners, listen, fin);
    ADD(listeners, listen, rst);
    ADD(listeners, listen, rst_outside);
    ADD(listeners, listen, data);
    ADD(openers, syn_sent, syn);
    ADD(openers, syn_sent, syn_ack);
    ADD(openers, syn_sent, syn_ack_of_too_little);
    ADD(openers, syn_sent, syn_ack_of_too_much);
    ADD(openers, syn_sent, syn_ack_of_an_old_one);
    ADD(openers, syn_sent, ack);
    ADD(openers, syn_sent, ack_of_something_else);
    ADD(openers, syn_sent, fin);
    ADD(openers, syn_sent, rst_that_acknowledges);
    ADD(openers, syn_sent, rst_without_ack);
    ADD(openers, syn_sent, rst_that_acknowledges_too_little);
    ADD(openers, syn_sent, rst_that_acknowledges_too_much);
    ADD(openers, syn_sent, data);
    ADD(openers, syn_sent, old_duplicate);
    ADD(openers, syn_sent, own_syn_again);
    ADD(listeners, syn_received, syn);
    ADD(listeners, syn_received, ack);
    ADD(listeners, syn_received, ack_of_too_little);
    ADD(listeners, syn_received, ack_of_too_much);
    ADD(listeners, syn_received, ack_outside);
    ADD(listeners, syn_received, fin);
    ADD(listeners, syn_received, fin_of_wrong_ack);
    ADD(listeners, syn_received, rst);
    ADD(listeners, syn_received, rst_in_window);
    ADD(listeners, syn_received, rst_outside);
    ADD(listeners, syn_received, rst_too_old);
    ADD(listeners, syn_received, data);
    ADD(listeners, syn_received, data_of_wrong_ack);
    ADD(listeners, syn_received, old_duplicate);
    ADD(listeners, syn_received, own_syn_ack_again);
    ADD(listeners, syn_received, own_fin);
    ADD(listeners, syn_received, own_rst);
}

static void
add_open(void)
{
    ADD(everybody, established, syn);
    ADD(everybody, established, old_syn);
    ADD(everybody, established, syn_ack);
    ADD(everybody, established, ack);
    ADD(everybody, established, old_ack);
    ADD(everybody, established, fin);
    ADD(everybody, established, fin_of_less_than_everything);
    ADD(everybody, established, fin_with_data);
    ADD(everybody, established, fin_outside);
    ADD(everybody, established, fin_of_the_past);
    ADD(everybody, established, fin_without_ack);
    ADD(everybody, established, rst);
    ADD(everybody, established, rst_with_ack);
    ADD(everybody, established, rst_in_window);
    ADD(everybody, established, rst_next_to_exact);
    ADD(everybody, established, rst_outside);
    ADD(everybody, established, rst_too_old);
    ADD(everybody, established, data);
    ADD(everybody, established, old_duplicate);
}

static void
add_closing(void)
{
    ADD(everybody, fin_wait_1, syn);
    ADD(everybody, fin_wait_1, syn_ack);
    ADD(everybody, fin_wait_1, ack_of_less);
    ADD(everybody, fin_wait_1, ack_of_fin);
    ADD(everybody, fin_wait_1, ack_of_more);
    ADD(everybody, fin_wait_1, ack_of_fin_outside);
    ADD(everybody, fin_wait_1, fin_crossing);
    ADD(everybody, fin_wait_1, fin_and_ack_of_fin);
    ADD(everybody, fin_wait_1, fin_outside);
    ADD(everybody, fin_wait_1, rst);
    ADD(everybody, fin_wait_1, rst_in_window);
    ADD(everybody, fin_wait_1, rst_outside);
    ADD(everybody, fin_wait_1, data);
    ADD(everybody, fin_wait_1, data_and_ack_of_fin);
    ADD(everybody, fin_wait_1, old_duplicate);
    ADD(everybody, fin_wait_1, own_fin_again);
    ADD(everybody, fin_wait_2, syn);
    ADD(everybody, fin_wait_2, syn_ack);
    ADD(everybody, fin_wait_2, ack);
    ADD(everybody, fin_wait_2, fin);
    ADD(everybody, fin_wait_2, fin_outside);
    ADD(everybody, fin_wait_2, rst);
    ADD(everybody, fin_wait_2, rst_in_window);
    ADD(everybody, fin_wait_2, rst_outside);
    ADD(everybody, fin_wait_2, data);
    ADD(everybody, fin_wait_2, old_duplicate);
    ADD(everybody, close_wait, syn);
    ADD(everybody, close_wait, ack);
    ADD(everybody, close_wait, fin);
    ADD(everybody, close_wait, rst);
    ADD(everybody, close_wait, rst_in_window);
    ADD(everybody, close_wait, rst_outside);
    ADD(everybody, close_wait, data);
    ADD(everybody, close_wait, old_duplicate);
    ADD(everybody, close_wait, own_data);
    ADD(everybody, closing, syn);
    ADD(everybody, closing, ack_of_less);
    ADD(everybody, closing, ack_of_fin);
    ADD(everybody, closing, ack_of_more);
    ADD(everybody, closing, fin);
    ADD(everybody, closing, rst);
    ADD(everybody, closing, rst_in_window);
    ADD(everybody, closing, rst_outside);
    ADD(everybody, closing, old_duplicate);
    ADD(everybody, last_ack, syn);
    ADD(everybody, last_ack, ack_of_less);
    ADD(everybody, last_ack, ack_of_fin);
    ADD(everybody, last_ack, ack_of_more);
    ADD(everybody, last_ack, fin);
    ADD(everybody, last_ack, rst);
    ADD(everybody, last_ack, rst_in_window);
    ADD(everybody, last_ack, rst_outside);
    ADD(everybody, last_ack, old_duplicate);
    ADD(everybody, last_ack, own_fin_again);
    ADD(everybody, time_wait, old_syn);
    ADD(everybody, time_wait, syn_ack);
    ADD(everybody, time_wait, ack);
    ADD(everybody, time_wait, fin);
    ADD(everybody, time_wait, rst);
    ADD(everybody, time_wait, rst_in_window);
    ADD(everybody, time_wait, rst_outside);
    ADD(everybody, time_wait, data);
    ADD(everybody, time_wait, old_duplicate);
    ADD(everybody, time_wait, ack_again);
    ADD(openers, closed, syn);
    ADD(everybody, closed, syn_ack);
    ADD(everybody, closed, ack);
    ADD(everybody, closed, fin);
    ADD(everybody, closed, rst);
    ADD(everybody, closed, rst_outside);
    ADD(everybody, closed, data);
    ADD(everybody, closed, old_duplicate);
    add("fin_wait_1", "ack_of_more_than_the_fin", test_ack_of_more_than_the_fin, everybody, G_N_ELEMENTS(everybody));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    add_opening();
    add_open();
    add_closing();
    return g_test_run();
}
