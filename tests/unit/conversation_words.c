/* conversation_words.c
 * The numbers and frames that a message names belong together, and its words to what was captured.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

static const tcpshake_finding *
found(const play *p, tcpshake_anomaly anomaly)
{
    const tcpshake_finding *const finding = tcpshake_last_found(p->conversation, anomaly);

    g_assert_nonnull(finding);
    return finding;
}

/* ==== data after the close ==== */

/* More data follow the first: the time is that of the segment that the message is on. */
CONVERSATION(late_data_at_its_own_time)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, ACK, .length = 200, .after = 20 * MS); /* 6 */
    SEND(B, ACK, .length = 200, .after = 50 * MS);
    SEND(A, RST);
    FOUND_ON(data_after_close, "6");
    g_assert_cmpint(found(p, TCPSHAKE_ANOMALY_data_after_close)->duration, ==, 30 * MS);
    g_assert_cmpuint(found(p, TCPSHAKE_ANOMALY_data_after_close)->related_frame, ==, frame_of(p, 4));
}

/* The FIN came twice: the first one, and the time since that. */
CONVERSATION(late_data_after_a_repeated_fin)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(A, FIN | ACK, .seq = -1, .after = 300 * MS);
    SEND(B, ACK, .length = 200, .ack = -1, .after = 20 * MS); /* 6 */
    SEND(A, RST);
    FOUND_ON(data_after_close, "6");
    g_assert_cmpint(found(p, TCPSHAKE_ANOMALY_data_after_close)->duration, ==, 320 * MS);
    g_assert_cmpuint(found(p, TCPSHAKE_ANOMALY_data_after_close)->related_frame, ==, frame_of(p, 4));
}

/* ==== a FIN that moved ==== */

/* Its own number once more, and that of the one before it. */
CONVERSATION(moved_fin_again)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(A, FIN | ACK, .seq = 1, .after = SECONDS); /* 6: one number further on */
    SEND(A, FIN | ACK, .seq = 1, .after = SECONDS);
    FOUND_ON(fin_moved, "6");
    FOUND_ON(fin_retransmission, "7");
    g_assert_cmpuint(found(p, TCPSHAKE_ANOMALY_fin_moved)->moved.before, ==, play_at(p, 4)->seq);
    g_assert_cmpuint(found(p, TCPSHAKE_ANOMALY_fin_retransmission)->related_frame, ==, frame_of(p, 6));
}

/* It moves twice: the message names the frame before, and that one's number. */
CONVERSATION(fin_moved_twice)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(A, FIN | ACK, .seq = 1, .after = SECONDS);
    SEND(A, FIN | ACK, .seq = 2, .after = SECONDS);
    FOUND_ON(fin_moved, "6 7");
    g_assert_cmpuint(found(p, TCPSHAKE_ANOMALY_fin_moved)->moved.before, ==, play_at(p, 6)->seq);
    g_assert_cmpuint(found(p, TCPSHAKE_ANOMALY_fin_moved)->related_frame, ==, frame_of(p, 6));
}

/* ==== a FIN without an acknowledgment ==== */

/* The peer answers it, and lacks what stands before it. */
CONVERSATION(fin_behind_lost_data)
{
    play_handshake(p, A);
    SEND(B, ACK, .length = 27);
    SEND(B, FIN | ACK);
    SEND(A, ACK, .ack = -28);
    SEND(B, FIN | ACK, .length = 27, .seq = -28, .after = 300 * MS); /* 7 */
    check_message(p, 7, "nor were the 27 bytes before it");
}

/* It has the number of data that were sent before it. */
CONVERSATION(fin_below_its_own_data)
{
    play_handshake(p, A);
    SEND(B, ACK, .length = 69);
    SEND(B, FIN | ACK, .seq = -69); /* 5 */
    SEND(A, ACK);
    play_wait(p, 10 * SECONDS);
    check_message(p, 5, "the server had already sent 69 bytes from it on");
}

/* What was under way to the FIN's sender tells nothing; later than an answer takes, it does. */
CONVERSATION(peer_heard_after_the_fin)
{
    for (int late = 0; late < 2; late++) {
        play *const q = play_new(isns);

        play_handshake(q, A);
        play_exchange(q);
        play_line(q, (line){ .from = A, .flags = FIN | ACK }); /* 7 */
        play_line(q, (line){ .from = B, .flags = ACK, .length = 10, .ack = -1, .after = late ? SECONDS : MS });
        play_wait(q, 10 * SECONDS);
        check_message(q, 7, late ? "sent something later" : "is gone");
        play_free(q);
    }
    p->opener = A;
}

/* A RST without ACK acknowledges nothing, however late it is. */
CONVERSATION(reset_after_the_fin)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(A, FIN | ACK, .seq = -1, .after = 400 * MS); /* 8 */
    SEND(B, RST, .after = 3 * SECONDS);
    check_message(p, 8, "is gone");
}

CONVERSATION(neither_fin_acknowledged)
{
    char text[256];

    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, FIN | ACK, .ack = -1, .after = MS);
    SEND(B, FIN | ACK, .ack = -1, .seq = -1, .after = SECONDS);
    const tcpshake_knowledge all = play_hindsight(p);
    const tcpshake_summary   summary = play_summary(p);
    tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text);
    g_assert_nonnull(strstr(text, "neither FIN acknowledged"));
}

/* ==== waits ==== */

CONVERSATION(request_lost_and_repeated)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 300);
    SEND(A, ACK, .length = 300, .seq = -300, .after = SECONDS);
    SEND(A, ACK, .length = 300, .seq = -300, .after = 12 * SECONDS);
    SEND(B, ACK);
    SEND(B, ACK, .length = 500); /* 8 */
    check_message(p, 8, "the request was lost");
}

/* The server had it at once when it was repeated, and was slow all the same. */
CONVERSATION(request_repeated_to_a_slow_server)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 300);
    SEND(A, ACK, .length = 300, .seq = -300, .after = SECONDS);
    SEND(B, ACK);
    SEND(B, ACK, .length = 500, .after = 12 * SECONDS); /* 7 */
    check_message(p, 7, "a slow server");
}

/* A segment whose time lies two minutes before its neighbours: nobody has waited. */
CONVERSATION(time_that_jumps_back)
{
    play_handshake(p, A);
    SEND(A, ACK, .length = 300, .after = -122 * SECONDS);
    SEND(B, ACK, .length = 500, .after = 122 * SECONDS);
    SEND(A, ACK);
    FINDINGS("");
}

CONVERSATION(silence_of_a_half_closed_connection)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, ACK, .length = 10, .after = 120 * SECONDS); /* 6 */
    SEND(A, ACK);
    check_message(p, 6, "while the connection is half-closed");
}

CONVERSATION(silence_of_a_closing_connection)
{
    play_handshake(p, A);
    SEND(A, FIN | ACK);
    SEND(B, ACK, .length = 10, .ack = -1, .after = 120 * SECONDS); /* 5 */
    check_message(p, 5, "while the connection is closing");
}

/* ==== a RST beyond the window ==== */

/* Neither SYN is in the capture, nor the scale of the windows. */
CONVERSATION(beyond_a_window_of_unknown_scale)
{
    p->opener = A;
    SEND(A, ACK, .length = 100);
    SEND(B, ACK, .length = 100);
    SEND(A, ACK, .length = 100);
    SEND(B, RST | ACK, .seq = 1 << 30); /* 4 */
    SEND(A, ACK, .length = 100);
    check_message(p, 4, "at least");
}
