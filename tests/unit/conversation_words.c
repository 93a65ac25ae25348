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
