/* messages_closing.c
 * The values and sentences of the anomalies of the teardown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

#include "idle_timers.h"

/* What the peer has said since tells whether it is gone, or waits for something else. */
static void
fill_missing_fin_ack(tcpshake_message *m)
{
    static const tcpshake_sentence sentences[] = {
        [TCPSHAKE_FIN_UNANSWERED] = TCPSHAKE_SAY_missing_fin_ack,
        [TCPSHAKE_FIN_PEER_HEARD] = TCPSHAKE_SAY_missing_fin_ack_heard,
        [TCPSHAKE_FIN_BEHIND_DATA] = TCPSHAKE_SAY_missing_fin_ack_behind,
        [TCPSHAKE_FIN_BELOW_DATA] = TCPSHAKE_SAY_missing_fin_ack_below,
    };
    uint32_t bytes = 0;

    tcpshake_fill_missing_ack(m);
    tcpshake_put_in_place(m, sentences[tcpshake_missing_fin_ack_reason(m->conversation, m->finding->end, &bytes)]);
    m->arguments.bytes = bytes;
}

/* On the ACK that put the end into CLOSE-WAIT, the duration is how long it stays there; later, how long it has. */
static void
fill_close_wait_lingering(tcpshake_message *m)
{
    if (m->finding->frame == m->conversation->fin1_ack.frame)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_close_wait_stays);
    tcpshake_follow(m, TCPSHAKE_SAY_close_wait_lingering_likely);
}

static void
fill_close_wait_idle(tcpshake_message *m)
{
    if (m->finding->frame == m->conversation->fin1_ack.frame)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_close_wait_stays);
    tcpshake_follow(m, TCPSHAKE_SAY_close_wait_idle_likely);
}

static void
fill_reset_while_closing(tcpshake_message *m)
{
    if (tcpshake_is_of_another(m))
        tcpshake_put_in_place(m, TCPSHAKE_SAY_reset_while_closing_by_another);
    tcpshake_follow_cause(m);
}

static void
fill_fin_out_of_window(tcpshake_message *m)
{
    m->arguments.number = m->finding->fin.seq;
    if (m->finding->fin.is_left)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_fin_out_of_window_left);
    tcpshake_follow(m, TCPSHAKE_SAY_fin_out_of_window_likely);
}

static void
fill_fin_moved(tcpshake_message *m)
{
    m->arguments.number = m->finding->moved.before;
}

/* An end that closes an idle connection, and a request that comes too late for it. */
static void
fill_data_after_close(tcpshake_message *m)
{
    const int64_t idle = m->conversation->close_idle;

    if (m->finding->late.crossed)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_data_after_close_crossed);
    m->arguments.longest = idle;
    m->arguments.name = tcpshake_idle_timer(
        idle, true, m->finding->end == m->conversation->client ? TCPSHAKE_TIMER_OF_SERVER : TCPSHAKE_TIMER_OF_DEVICE);
    tcpshake_follow(m,
                    m->finding->late.idle ? TCPSHAKE_SAY_data_after_close_idle : TCPSHAKE_SAY_data_after_close_likely);
}

static void
fill_closing_bad_ack(tcpshake_message *m)
{
    m->arguments.number = m->finding->unsent.numbers;
}

static void
fill_time_wait_lingering(tcpshake_message *m)
{
    if (m->finding->time_wait.syn_turned_away)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_time_wait_rejects_syn);
}

const tcpshake_fill tcpshake_fills_closing[TCPSHAKE_ANOMALIES] = {
    [TCPSHAKE_ANOMALY_fin_retransmission] = tcpshake_fill_attempt,
    [TCPSHAKE_ANOMALY_missing_fin_ack] = fill_missing_fin_ack,
    [TCPSHAKE_ANOMALY_close_wait_lingering] = fill_close_wait_lingering,
    [TCPSHAKE_ANOMALY_close_wait_idle] = fill_close_wait_idle,
    [TCPSHAKE_ANOMALY_reset_while_closing] = fill_reset_while_closing,
    [TCPSHAKE_ANOMALY_fin_out_of_window] = fill_fin_out_of_window,
    [TCPSHAKE_ANOMALY_fin_moved] = fill_fin_moved,
    [TCPSHAKE_ANOMALY_data_after_fin] = tcpshake_fill_data,
    [TCPSHAKE_ANOMALY_data_after_close] = fill_data_after_close,
    [TCPSHAKE_ANOMALY_closing_bad_ack] = fill_closing_bad_ack,
    [TCPSHAKE_ANOMALY_time_wait_lingering] = fill_time_wait_lingering,
    [TCPSHAKE_ANOMALY_time_wait_exhaustion] = tcpshake_fill_group,
};
