/* messages_open.c
 * The values and sentences of the anomalies of an open connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

#include "idle_timers.h"

/* The connection as it was during the silence, which begins at the related frame. */
static void
fill_socket_timeout(tcpshake_message *m)
{
    const tcpshake_conversation *const c = m->conversation;
    const uint32_t                     since = m->finding->related_frame;
    const bool                         acknowledged = c->fin1_ack.frame && c->fin1_ack.frame <= since;

    if (acknowledged && !(c->fin2.frame && c->fin2.frame <= since))
        tcpshake_put_in_place(m, TCPSHAKE_SAY_socket_timeout_half_closed);
    else if (acknowledged || (c->fin1.frame && c->fin1.frame <= since))
        tcpshake_put_in_place(m, TCPSHAKE_SAY_socket_timeout_closing);
}

static void
fill_read_timeout(tcpshake_message *m)
{
    const bool answered = m->finding->request.end == TCPSHAKE_REQUEST_ANSWERED;

    if (m->finding->request.end == TCPSHAKE_REQUEST_GIVEN_UP)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_read_timeout_given_up);
    else if (m->finding->request.end == TCPSHAKE_REQUEST_CLOSED)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_read_timeout_closed);
    else if (!answered)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_read_timeout_still_waits);
    if (m->finding->request.lost)
        tcpshake_follow(m, answered ? TCPSHAKE_SAY_read_timeout_lost_before_likely
                                    : TCPSHAKE_SAY_read_timeout_lost_likely);
    else
        tcpshake_follow(m, answered ? TCPSHAKE_SAY_read_timeout_answered_likely : TCPSHAKE_SAY_read_timeout_likely);
}

static void
fill_repeats(tcpshake_message *m)
{
    m->arguments.count = m->finding->repeats.count;
    m->arguments.number = m->finding->repeats.seq;
}

static void
fill_keepalive_unanswered(tcpshake_message *m)
{
    fill_repeats(m);
    if (m->finding->repeats.zero_window)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_keepalive_unanswered_zero_window);
}

/* The first thing sent after the longest silence is lost, again and again. */
static void
fill_connection_lost(tcpshake_message *m)
{
    fill_repeats(m);
    if (m->finding->repeats.confirmed)
        tcpshake_put_in_place(m, m->finding->repeats.small ? TCPSHAKE_SAY_connection_lost_confirmed_small
                                                           : TCPSHAKE_SAY_connection_lost_confirmed);
    if (m->finding->repeats.confirmed || !m->finding->repeats.idle)
        return;
    tcpshake_put_in_place(m, TCPSHAKE_SAY_connection_lost_idle);
    m->arguments.longest = m->conversation->silence;
    m->arguments.name = tcpshake_idle_timer(m->arguments.longest, false, TCPSHAKE_TIMER_OF_DEVICE);
}

static void
fill_connection_reset(tcpshake_message *m)
{
    tcpshake_fill_data(m);
    if (m->finding->data.sent_since)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_connection_reset_sent_since);
    else if (tcpshake_is_of_another(m))
        tcpshake_put_in_place(m, m->finding->data.bytes ? TCPSHAKE_SAY_connection_reset_unacknowledged_by_another
                                                        : TCPSHAKE_SAY_connection_reset_by_another);
    else if (m->finding->data.bytes)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_connection_reset_unacknowledged);
    tcpshake_follow_cause(m);
}

/* All of it has to fit into what Wireshark shows of an item. */
static void
fill_abortive_close(tcpshake_message *m)
{
    const bool of_another = tcpshake_is_of_another(m);

    if (of_another)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_abortive_close_by_another);
    if (m->finding->data.one_sided)
        tcpshake_follow(m, TCPSHAKE_SAY_abortive_close_one_sided);
    else
        tcpshake_follow(m, of_another ? TCPSHAKE_SAY_abortive_close_nothing_lost_by_another
                                      : TCPSHAKE_SAY_abortive_close_nothing_lost);
    tcpshake_follow_cause(m);
    if (m->arguments.longest > 0) /* the idle timer tells it */
        m->arguments.duration = TCPSHAKE_NO_TIME;
}

static void
fill_reset_unacceptable(tcpshake_message *m)
{
    static const tcpshake_sentence flaws[] = {
        [TCPSHAKE_RIGHT_OF_WINDOW] = TCPSHAKE_SAY_reset_unacceptable,
        [TCPSHAKE_LEFT_OF_WINDOW] = TCPSHAKE_SAY_reset_unacceptable_left,
        [TCPSHAKE_ACKNOWLEDGES_NOTHING] = TCPSHAKE_SAY_reset_acknowledges_nothing,
        [TCPSHAKE_ACKNOWLEDGES_ISN] = TCPSHAKE_SAY_reset_acknowledges_isn,
        [TCPSHAKE_ACKNOWLEDGES_OTHER] = TCPSHAKE_SAY_reset_acknowledges_other,
    };
    const uint8_t flaw = (uint8_t)MIN(m->finding->window.flaw, G_N_ELEMENTS(flaws) - 1);

    m->arguments.number = m->finding->window.distance;
    m->arguments.due = m->conversation->end[TCPSHAKE_OTHER(m->finding->end)].isn + 1;
    tcpshake_put_in_place(m, m->finding->window.at_least ? TCPSHAKE_SAY_reset_unacceptable_at_least : flaws[flaw]);
    tcpshake_follow(m, flaw == TCPSHAKE_ACKNOWLEDGES_ISN ? TCPSHAKE_SAY_reset_acknowledges_isn_likely
                                                         : TCPSHAKE_SAY_reset_unacceptable_likely);
}

static void
fill_reset_challenged(tcpshake_message *m)
{
    m->arguments.number = m->finding->window.distance;
}

static void
fill_reset_ignored(tcpshake_message *m)
{
    m->arguments.number = m->finding->ttl.of_reset;
    m->arguments.due = m->finding->ttl.of_sender;
    if (m->of_another && !m->finding->ttl.tells)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_reset_ignored_by_another);
    else if (m->finding->ttl.tells)
        tcpshake_put_in_place(m, m->of_another ? TCPSHAKE_SAY_reset_ignored_ttl_by_another
                                               : TCPSHAKE_SAY_reset_ignored_ttl);
    else if (m->finding->ttl.refused)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_reset_ignored_refusal);
    else if (m->finding->frame == tcpshake_rare_of(m->conversation)->rst.frame) /* its receiver is closed, even so */
        tcpshake_put_in_place(m, TCPSHAKE_SAY_reset_ignored_by_sender);
}

static void
fill_storm(tcpshake_message *m)
{
    m->arguments.count = m->finding->storm.segments;
}

/* The rate is that of the intervals between them. */
static void
fill_ack_storm(tcpshake_message *m)
{
    fill_storm(m);
    if (m->finding->duration > 0)
        m->arguments.some = (m->finding->storm.segments - 1) * TCPSHAKE_SECOND / m->finding->duration;
}

const tcpshake_fill tcpshake_fills_open[TCPSHAKE_ANOMALIES] = {
    [TCPSHAKE_ANOMALY_socket_timeout] = fill_socket_timeout,
    [TCPSHAKE_ANOMALY_read_timeout] = fill_read_timeout,
    [TCPSHAKE_ANOMALY_keepalive_unanswered] = fill_keepalive_unanswered,
    [TCPSHAKE_ANOMALY_connection_lost] = fill_connection_lost,
    [TCPSHAKE_ANOMALY_connection_reset] = fill_connection_reset,
    [TCPSHAKE_ANOMALY_abortive_close] = fill_abortive_close,
    [TCPSHAKE_ANOMALY_reset_unacceptable] = fill_reset_unacceptable,
    [TCPSHAKE_ANOMALY_reset_challenged] = fill_reset_challenged,
    [TCPSHAKE_ANOMALY_reset_ignored] = fill_reset_ignored,
    [TCPSHAKE_ANOMALY_ack_storm] = fill_ack_storm,
    [TCPSHAKE_ANOMALY_reset_storm] = fill_storm,
    [TCPSHAKE_ANOMALY_fin_storm] = fill_storm,
};
