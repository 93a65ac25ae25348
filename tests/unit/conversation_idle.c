/* conversation_idle.c
 * Silence, and what is used again after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

#include "text/idle_timers.h"

static void
check_verdict(const play *p, const char *expected)
{
    const tcpshake_knowledge all = play_hindsight(p);
    const tcpshake_summary   summary = play_summary(p);
    char                     text[256];

    g_assert_cmpstr(tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text), ==, expected);
}

/* There was nothing before the SYN. */
CONVERSATION(no_silence_before_a_refusal)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, RST | ACK);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_REFUSED);
    g_assert_cmpint(play_summary(p).reset_idle, ==, TCPSHAKE_NO_TIME);
    g_assert_cmpint(play_summary(p).close_idle, ==, TCPSHAKE_NO_TIME);
}

CONVERSATION(forgotten_while_idle)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = 355 * SECONDS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_IDLE_EXPIRY);
    g_assert_cmpint(play_summary(p).reset_idle, ==, 355 * SECONDS);
    check_message(p, 8, "(355 s of silence; fits AWS NLB, NAT gateway (350 s))");
}

/* Keep-alives are answered: nobody was silent for longer than between two of them. */
CONVERSATION(kept_alive_then_forgotten)
{
    play_handshake(p, A);
    play_exchange(p);
    for (int i = 0; i < 5; i++) {
        SEND(A, ACK, .seq = -1, .after = 45 * SECONDS);
        SEND(B, ACK);
    }
    SEND(A, ACK, .length = 100, .after = 20 * SECONDS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_NO_SUCH_CONNECTION);
    g_assert_cmpint(play_summary(p).reset_idle, ==, 20 * SECONDS);
}

CONVERSATION(request_crosses_the_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, FIN | ACK, .after = 75 * SECONDS);
    SEND(A, ACK, .length = 200, .ack = -1, .after = 5 * MS);
    SEND(B, RST, .seq = -1);
    g_assert_cmpint(play_summary(p).close_idle, ==, 75 * SECONDS);
    FOUND_ON(data_after_close, "8");
    check_message(p, 8, "crossed the server's FIN");
    check_message(p, 8, "5.0 ms earlier");
    check_message(p, 8, "fits nginx (75 s)");
}

CONVERSATION(request_comes_after_the_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, FIN | ACK, .after = 75 * SECONDS);
    SEND(A, ACK);
    SEND(A, ACK, .length = 200, .after = 4 * SECONDS);
    SEND(B, RST);
    FOUND_ON(data_after_close, "9");
    check_message(p, 9, "came 4.0 s after the server's FIN");
}

/* Nobody was idle: the server had not read all that came. */
CONVERSATION(upload_cut_short)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 1000);
    SEND(B, FIN | ACK);
    SEND(A, ACK, .length = 1000, .ack = -1);
    SEND(B, RST, .seq = -1);
    check_message(p, 9, "without reading everything");
}

/* A FIN that the capture begins with. */
CONVERSATION(no_silence_before_the_capture)
{
    p->opener = A;
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    g_assert_cmpint(play_summary(p).close_idle, ==, TCPSHAKE_NO_TIME);
}

/* A piece of the data, and no text. */
CONVERSATION(reset_with_data)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK, .length = 6, .text = "\x16\x03\x01z\x00\xfc");
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "");
}

/* What comes on from there was not what the RST said. */
CONVERSATION(reason_of_an_ignored_reset)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK, .length = 4, .text = "gone");
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "gone");
    SEND(B, ACK, .length = 10, .after = 2 * SECONDS);
    SEND(A, ACK);
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "");
    SEND(B, RST | ACK);
    g_assert_cmpint(play_summary(p).reset_by, ==, TCPSHAKE_SERVER);
    g_assert_cmpstr(play_summary(p).reset_reason, ==, "");
}

/* The text that fits is kept, however long it is. */
CONVERSATION(reset_with_a_long_text)
{
    char text[UINT8_MAX + 1];

    memset(text, '\x01', sizeof text);
    for (unsigned i = 0; i < sizeof text; i += 2)
        text[i] = 'x';
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, RST | ACK, .length = UINT8_MAX, .text = text);
    g_assert_cmpuint(strlen(play_summary(p).reset_reason), <, TCPSHAKE_REASON_SIZE);
    g_assert_cmpuint(strlen(play_summary(p).reset_reason), >, TCPSHAKE_REASON_SIZE - 8);
}

/* The first request after the silence is lost, again and again. */
CONVERSATION(silence_after_silence)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = 355 * SECONDS);
    for (unsigned i = 0; i < 3; i++)
        SEND(A, ACK, .length = 100, .seq = -100, .after = SECONDS);
    check_message(p, 10, "after 355 s of silence");
    check_message(p, 10, "fits AWS NLB, NAT gateway (350 s)");
}

/* The same of a request that had no silence before it. */
CONVERSATION(silence_after_an_exchange)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100);
    for (unsigned i = 0; i < 3; i++)
        SEND(A, ACK, .length = 100, .seq = -100, .after = SECONDS);
    check_message(p, 10, "and received nothing from the server");
}

/* The server has given up FIN-WAIT-2: its timers while the connection was open say nothing. */
CONVERSATION(fin_wait_timer)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    SEND(A, FIN | ACK, .after = 75 * SECONDS);
    SEND(B, RST, .after = MS);
    check_message(p, 10, "fits Linux in FIN-WAIT-2 (60 s)");
}

ONCE(idle_timers)
{
    g_assert_cmpstr(tcpshake_idle_timer(350 * SECONDS, true, TCPSHAKE_TIMER_OF_SERVER), ==,
                    "AWS NLB, NAT gateway (350 s)");
    g_assert_cmpstr(tcpshake_idle_timer(349 * SECONDS, false, TCPSHAKE_TIMER_OF_SERVER), !=,
                    "AWS NLB, NAT gateway (350 s)");
    g_assert_cmpstr(tcpshake_idle_timer(360 * SECONDS, false, TCPSHAKE_TIMER_OF_SERVER), ==,
                    "AWS NLB, NAT gateway (350 s)");
    g_assert_null(tcpshake_idle_timer(360 * SECONDS, true, TCPSHAKE_TIMER_OF_SERVER));
    g_assert_null(tcpshake_idle_timer(10 * SECONDS, false, TCPSHAKE_TIMER_OF_SERVER));
    g_assert_null(tcpshake_idle_timer(0, true, TCPSHAKE_TIMER_OF_SERVER));
    g_assert_null(tcpshake_idle_timer(-1, false, TCPSHAKE_TIMER_OF_SERVER));
    g_assert_cmpstr(tcpshake_idle_timer(20 * SECONDS, true, TCPSHAKE_TIMER_OF_SERVER), ==, "Tomcat (20 s)");
    g_assert_null(tcpshake_idle_timer(20 * SECONDS, true, TCPSHAKE_TIMER_OF_DEVICE));
}

/* ==== captures that were joined, and clocks that were set ==== */

static const int64_t YEARS = 76057423 * SECONDS, HOURS = 3600 * SECONDS;

/* Another conversation goes on at the other side of a hole. */
static void
capture_goes_on(play *p)
{
    const int64_t before = p->now;

    p->now += YEARS;
    tcpshake_hosts_note_hole(p->hosts, &p->memory->allocator, play_at(p, p->segments->len)->frame + 1, before);
}

/* Nobody watched for an answer. */
CONVERSATION(hole_behind_a_syn)
{
    p->opener = A;
    SEND(A, SYN);
    capture_goes_on(p);
    FINDINGS("");
    HANDSHAKE(IN_PROGRESS);
}

CONVERSATION(hole_behind_three_syns)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(A, SYN, .seq = -1, .after = 2 * SECONDS);
    capture_goes_on(p);
    FINDINGS("1:syn_unanswered 2:syn_retransmission 3:syn_retransmission");
    check_message(p, 1, "continued for 3.0 s");
}

CONVERSATION(hole_behind_a_fin)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    capture_goes_on(p);
    FINDINGS("");
}

CONVERSATION(hole_behind_close_wait)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    capture_goes_on(p);
    FINDINGS("");
}

/* Within a conversation: neither the answer, nor CLOSE-WAIT, nor silence lasted that long. */
CONVERSATION(hole_before_an_answer)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, ACK);
    SEND(B, ACK, .length = 100, .after = YEARS);
    SEND(A, FIN | ACK);
    FINDINGS("");
    g_assert_cmpint(play_summary(p).read_time, ==, TCPSHAKE_NO_TIME);
    g_assert_cmpint(play_summary(p).socket_time, <, SECONDS);
    g_assert_cmpint(play_summary(p).close_idle, ==, 10 * MS);
}

CONVERSATION(hole_in_close_wait)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK, .after = YEARS);
    SEND(A, ACK);
    FINDINGS("");
    g_assert_cmpint(play_summary(p).half_close_time, ==, TCPSHAKE_NO_TIME);
    g_assert_cmpint(play_summary(p).teardown_time, ==, TCPSHAKE_NO_TIME);
}

/* No idle timer takes years. */
CONVERSATION(hole_before_a_reset)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = YEARS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_NO_SUCH_CONNECTION);
    g_assert_cmpint(play_summary(p).reset_idle, ==, TCPSHAKE_NO_TIME);
    FINDINGS("8:connection_reset");
}

/* In SYN-SENT, SYN-RECEIVED and FIN-WAIT-1 an end repeats itself or gives up: it is not silent for hours. */
CONVERSATION(hole_in_the_handshake)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(B, SYN | ACK, .after = 2 * HOURS);
    SEND(A, ACK);
    HANDSHAKE(COMPLETE);
    g_assert_cmpint(play_summary(p).connection_time, ==, TCPSHAKE_NO_TIME);
    FINDINGS("");
}

CONVERSATION(hole_behind_retransmissions)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(A, ACK, .length = 100, .seq = -100, .after = SECONDS);
    SEND(A, ACK, .length = 100, .seq = -100, .after = 2 * HOURS);
    SEND(A, ACK, .length = 100, .seq = -100, .after = SECONDS);
    FINDINGS("");
}

/* Nor is one whose data have no acknowledgment. */
CONVERSATION(hole_behind_data)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, ACK, .length = 100, .after = 2 * HOURS);
    SEND(A, ACK);
    FINDINGS("");
    g_assert_cmpint(play_summary(p).read_time, ==, TCPSHAKE_NO_TIME);
}

/* The neighbours: one that was acknowledged may wait so long for its answer; */
CONVERSATION(answer_hours_later)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, ACK);
    SEND(B, ACK, .length = 100, .after = 2 * HOURS);
    SEND(A, ACK);
    FINDINGS("6:socket_timeout 6:read_timeout");
}

/* an open connection may be silent for hours, and a firewall forget it; numbers that go on show that
 * nothing was sent meanwhile. */
CONVERSATION(silent_for_hours)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = 2 * HOURS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_IDLE_EXPIRY);
    g_assert_cmpint(play_summary(p).reset_idle, ==, 2 * HOURS);
    FINDINGS("7:socket_timeout 8:connection_reset");
}

CONVERSATION(silent_for_five_days)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = 121 * HOURS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_cause, ==, TCPSHAKE_CAUSE_IDLE_EXPIRY);
    check_message(p, 8, "fits Linux conntrack (5 days)");
}

CONVERSATION(more_was_sent_in_those_hours)
{
    play_handshake(p, A);
    play_exchange(p);
    p->next[A] += 5000;
    SEND(A, ACK, .length = 100, .after = 2 * HOURS);
    SEND(B, RST);
    g_assert_cmpint(play_summary(p).reset_idle, ==, TCPSHAKE_NO_TIME);
    FOUND_ON(socket_timeout, "");
}

/* ==== the same SYN, minutes later: the client has tried again ==== */

CONVERSATION(same_syn_minutes_later)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(A, SYN, .seq = -1, .after = 300 * SECONDS);
    SEND(A, SYN, .seq = -1, .after = SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    FINDINGS("1:syn_unanswered 2:syn_retransmission 4:syn_retransmission 6:slow_handshake");
    g_assert_cmpint(play_summary(p).connection_time, ==, SECONDS + 20 * MS);
    check_message(p, 4, "SYN attempt 2, 1.0 s after the first");
}

/* Two minutes is the longest that a timer waits (Linux: TCP_RTO_MAX). */
CONVERSATION(same_syn_two_minutes_later)
{
    p->opener = A;
    SEND(A, SYN);
    SEND(A, SYN, .seq = -1, .after = 120 * SECONDS);
    SEND(B, SYN | ACK);
    SEND(A, ACK);
    FINDINGS("2:syn_retransmission 4:connection_timeout 4:slow_handshake");
}

/* ==== what took how long, and what is known of it ==== */

/* Not as long as the peer had been silent before. */
CONVERSATION(retransmissions_after_a_long_silence)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, ACK, .length = 100, .after = 1740 * SECONDS);
    for (int i = 0; i < 3; i++)
        SEND(A, ACK, .length = 100, .seq = -100, .after = SECONDS << i);
    check_message(p, 10, "retransmitted 3 times within 6.0 s");
}

/* What was deferred until there were data would have been accepted with them. */
CONVERSATION(syn_ack_again_behind_data)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 100);
    SEND(B, SYN | ACK, .seq = -1, .ack = -100, .after = SECONDS);
    check_message(p, 5, "the ACK and the client's data were lost");
}

CONVERSATION(syn_ack_again_without_data)
{
    play_handshake(p, A);
    SEND(B, SYN | ACK, .seq = -1, .after = SECONDS);
    SEND(A, ACK, .length = 100);
    check_message(p, 4, "TCP_DEFER_ACCEPT");
}

CONVERSATION(last_fin_unanswered)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    for (int i = 0; i < 6; i++)
        SEND(B, FIN | ACK, .seq = -1, .after = SECONDS << i);
    check_verdict(p, "established in 20 ms, closed by the client, last FIN not acknowledged");
}

CONVERSATION(last_fin_behind_its_ack)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    SEND(B, FIN | ACK, .seq = -1, .after = 300 * MS);
    check_verdict(p, "established in 20 ms, closed by the client, last FIN sent again after its ACK");
    check_message(p, 7, "310 ms after TIME-WAIT last began");
}

CONVERSATION(last_ack_behind_the_capture)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK);
    check_verdict(p, "established in 20 ms, closed by the client, last ACK not in this capture");
}

/* The FIN's number is no byte of data. */
CONVERSATION(data_behind_the_fin)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(A, ACK, .length = 5);
    check_message(p, 6, "5 bytes beyond");
}
