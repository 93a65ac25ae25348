/* messages_opening.c
 * The values and sentences of the anomalies of the handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

#include "icmp_text.h"

/* What the server has sent since a later attempt is of that one. */
static bool
was_answered_wrongly(const tcpshake_message *m)
{
    return m->finding->frame == tcpshake_attempt_of(m->conversation).syn.frame &&
           tcpshake_was_answered_wrongly(m->conversation);
}

static void
fill_syn_unanswered(tcpshake_message *m)
{
    tcpshake_fill_attempt(m);
    if (was_answered_wrongly(m)) {
        tcpshake_put_in_place(m, TCPSHAKE_SAY_syn_unanswered_validly);
        return;
    }
    if (m->finding->related_frame)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_syn_unanswered_given_up);
    tcpshake_follow(m, m->conversation->extra && m->conversation->extra->clock_behind
                           ? TCPSHAKE_SAY_syn_unanswered_clock_behind
                           : TCPSHAKE_SAY_syn_unanswered_likely);
}

/* "ECN, timestamps" */
static void
name_offers(unsigned offers, char *text, size_t size)
{
    static const struct {
        unsigned    offer;
        const char *name; /* NULL: others */
    } names[] = {
        { TCPSHAKE_OFFER_ACCURATE_ECN, "AccECN" },   { TCPSHAKE_OFFER_ECN, "ECN" },
        { TCPSHAKE_OFFER_TFO, "TCP Fast Open" },     { TCPSHAKE_OFFER_MPTCP, "MPTCP" },
        { TCPSHAKE_OFFER_TIMESTAMPS, "timestamps" }, { TCPSHAKE_OFFER_SACK, "SACK" },
        { TCPSHAKE_OFFER_WSCALE, "window scaling" }, { TCPSHAKE_OFFER_OTHERS, NULL },
    };
    const tcpshake_language language = tcpshake_current_language();

    if (offers & TCPSHAKE_OFFER_ACCURATE_ECN) /* it implies ECN (RFC 9768 section 3.1.1) */
        offers &= ~(unsigned)TCPSHAKE_OFFER_ECN;
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!(offers & names[i].offer))
            continue;
        g_strlcat(text, text[0] ? ", " : "", size);
        g_strlcat(text,
                  names[i].name ? names[i].name
                                : tcpshake_sentence_template(TCPSHAKE_SAY_syn_fallback_others, language),
                  size);
    }
}

static void
fill_syn_fallback(tcpshake_message *m)
{
    name_offers(m->finding->fallback.given_up, m->name, sizeof m->name);
    m->arguments.name = m->name;
    tcpshake_follow(m, TCPSHAKE_SAY_syn_fallback_likely);
}

static void
fill_connection_refused(tcpshake_message *m)
{
    tcpshake_fill_attempt(m);
    if (m->finding->attempt.number > 1)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_connection_refused_again);
    if (m->of_another)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_connection_refused_by_another);
    else if (tcpshake_rare_of(m->conversation)->rst.frame != m->finding->frame ||
             tcpshake_rare_of(m->conversation)->reset_cause != TCPSHAKE_CAUSE_FOREIGN)
        tcpshake_follow(m, TCPSHAKE_SAY_connection_refused_likely);
}

/* If the end has sent a bare SYN as well, the count includes it, and the first SYN-ACK may be the other end's. */
static void
fill_synack_retransmission(tcpshake_message *m)
{
    tcpshake_fill_attempt(m);
    m->arguments.first = m->conversation->synack.frame;
    if (m->conversation->end[m->finding->end].flags & TCPSHAKE_END_SENT_SYN)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_synack_sent_again);
}

static void
fill_connection_timeout(tcpshake_message *m)
{
    const uint32_t syns = m->finding->attempt.number;

    m->arguments.some = syns > 1 ? syns : 0;
}

static void
fill_slow_handshake(tcpshake_message *m)
{
    const tcpshake_finding *const stale = tcpshake_last_found(m->conversation, TCPSHAKE_ANOMALY_stale_ack);
    const uint32_t                syn = tcpshake_attempt_of(m->conversation).syn.frame;
    const bool                    cleared = stale && stale->frame > syn && stale->frame < m->finding->frame;

    m->arguments.first = syn;
    m->arguments.frame = cleared ? stale->frame : 0;
    tcpshake_follow(m, cleared ? TCPSHAKE_SAY_slow_handshake_stale_likely : TCPSHAKE_SAY_slow_handshake_likely);
}

static void
fill_icmp_rejected(tcpshake_message *m)
{
    m->arguments.name = tcpshake_text_icmp(m->finding->icmp, m->name, sizeof m->name);
    if (m->finding->frame < m->finding->related_frame)
        tcpshake_put_in_place(m, m->finding->icmp.version == 6 ? TCPSHAKE_SAY_icmpv6_rejected_later
                                                               : TCPSHAKE_SAY_icmp_rejected_later);
    tcpshake_follow(m, tcpshake_reason_of_icmp(m->finding->icmp));
}

static void
fill_handshake_ack_ignored(tcpshake_message *m)
{
    tcpshake_follow(m, m->finding->ignored.with_data ? TCPSHAKE_SAY_handshake_ack_ignored_data_likely
                                                     : TCPSHAKE_SAY_handshake_ack_ignored_likely);
}

static void
fill_stale_ack(tcpshake_message *m)
{
    static const tcpshake_sentence sequels[] = {
        [TCPSHAKE_NO_RESET_FOLLOWED] = TCPSHAKE_SAY_stale_ack_no_reset,
        [TCPSHAKE_RESET_FOLLOWED] = TCPSHAKE_SAY_stale_ack_reset,
        [TCPSHAKE_RESET_CLEARED] = TCPSHAKE_SAY_stale_ack_cleared,
    };
    const uint8_t sequel = m->finding->ack.sequel;

    m->arguments.number = m->finding->ack.number;
    if (sequel != TCPSHAKE_NO_RESET_FOLLOWED || m->overdue)
        tcpshake_follow(m, sequels[MIN(sequel, G_N_ELEMENTS(sequels) - 1)]);
}

/* Another number than the peer's ISN + 1. */
static void
fill_bad_ack(tcpshake_message *m)
{
    m->arguments.number = m->finding->ack.number;
    m->arguments.due = m->conversation->end[TCPSHAKE_OTHER(m->finding->end)].isn + 1;
}

static void
fill_synack_unsolicited(tcpshake_message *m)
{
    const bool client_seen = (m->conversation->end[TCPSHAKE_OTHER(m->finding->end)].flags & TCPSHAKE_END_SEEN) != 0;

    if (!client_seen || !m->conversation->ack.frame || m->conversation->synack.frame != m->finding->frame)
        return;
    tcpshake_put_in_place(m, TCPSHAKE_SAY_synack_unsolicited_acknowledged);
    m->arguments.frame = m->conversation->ack.frame;
}

static void
fill_synack_changed(tcpshake_message *m)
{
    m->arguments.number = m->finding->changed.number;
    if (m->finding->changed.is_seq)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_synack_changed_seq);
    tcpshake_follow(m, TCPSHAKE_SAY_synack_changed_likely);
}

static void
fill_syn_changed(tcpshake_message *m)
{
    m->arguments.number = m->finding->seq.number;
    m->arguments.due = m->conversation->end[m->finding->end].isn;
    tcpshake_follow(m, m->finding->duration < TCPSHAKE_SECOND ? TCPSHAKE_SAY_syn_changed_soon_likely
                                                              : TCPSHAKE_SAY_syn_changed_likely);
}

static void
fill_syn_on_open_connection(tcpshake_message *m)
{
    if (!m->finding->challenge.frame)
        tcpshake_follow(m, m->overdue ? TCPSHAKE_SAY_no_challenge_ack : TCPSHAKE_SAY_no_challenge_ack_yet);
    else
        tcpshake_follow(m, TCPSHAKE_SAY_challenge_ack);
    m->arguments.answer = m->finding->challenge.frame;
    tcpshake_follow(m, TCPSHAKE_SAY_syn_on_open_connection_likely);
}

static void
fill_handshake_aborted(tcpshake_message *m)
{
    if (m->of_another) {
        tcpshake_put_in_place(m, TCPSHAKE_SAY_handshake_aborted_by_another);
        return;
    }
    if (m->finding->abort.crossed) {
        tcpshake_put_in_place(m, TCPSHAKE_SAY_handshake_aborted_crossed);
        return;
    }
    if (m->finding->abort.unanswered) {
        m->arguments.number = m->finding->abort.unanswered;
        tcpshake_put_in_place(m, TCPSHAKE_SAY_handshake_aborted_unanswered);
        return;
    }
    if (m->finding->end != m->conversation->client) {
        tcpshake_put_in_place(m, TCPSHAKE_SAY_handshake_aborted_by_server);
        tcpshake_follow(m, TCPSHAKE_SAY_handshake_aborted_by_server_likely);
        return;
    }
    if (m->finding->abort.answered)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_handshake_aborted_answered);
    if (tcpshake_was_nat_bypassed(m->conversation, m->knowledge)) /* nat_bypassed says why */
        return;
    tcpshake_follow(m, m->finding->abort.unknown ? TCPSHAKE_SAY_handshake_aborted_unknown
                                                 : TCPSHAKE_SAY_handshake_aborted_likely);
}

static void
fill_bad_flags(tcpshake_message *m)
{
    m->arguments.name = tcpshake_text_flags(m->finding->flags.set, "+", m->name, sizeof m->name);
    if (!m->name[0])
        tcpshake_put_in_place(m, TCPSHAKE_SAY_bad_flags_none);
    else if (m->finding->flags.closes_syn_sent)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_bad_flags_fin_in_syn_sent);
}

static void
fill_isn_predictable(tcpshake_message *m)
{
    m->arguments.count = m->finding->isns.connections;
    m->arguments.number = m->finding->isns.step;
    if (m->finding->isns.step)
        tcpshake_put_in_place(m, TCPSHAKE_SAY_isn_predictable_step);
    tcpshake_follow(m, TCPSHAKE_SAY_isn_predictable_likely);
}

const tcpshake_fill tcpshake_fills_opening[TCPSHAKE_ANOMALIES] = {
    [TCPSHAKE_ANOMALY_syn_retransmission] = tcpshake_fill_attempt,
    [TCPSHAKE_ANOMALY_connection_timeout] = fill_connection_timeout,
    [TCPSHAKE_ANOMALY_slow_handshake] = fill_slow_handshake,
    [TCPSHAKE_ANOMALY_syn_unanswered] = fill_syn_unanswered,
    [TCPSHAKE_ANOMALY_syn_fallback] = fill_syn_fallback,
    [TCPSHAKE_ANOMALY_connection_refused] = fill_connection_refused,
    [TCPSHAKE_ANOMALY_icmp_rejected] = fill_icmp_rejected,
    [TCPSHAKE_ANOMALY_missing_handshake_ack] = tcpshake_fill_missing_ack,
    [TCPSHAKE_ANOMALY_synack_retransmission] = fill_synack_retransmission,
    [TCPSHAKE_ANOMALY_handshake_ack_ignored] = fill_handshake_ack_ignored,
    [TCPSHAKE_ANOMALY_stale_ack] = fill_stale_ack,
    [TCPSHAKE_ANOMALY_synack_bad_ack] = fill_bad_ack,
    [TCPSHAKE_ANOMALY_handshake_bad_ack] = fill_bad_ack,
    [TCPSHAKE_ANOMALY_synack_unsolicited] = fill_synack_unsolicited,
    [TCPSHAKE_ANOMALY_synack_changed] = fill_synack_changed,
    [TCPSHAKE_ANOMALY_syn_changed] = fill_syn_changed,
    [TCPSHAKE_ANOMALY_syn_on_open_connection] = fill_syn_on_open_connection,
    [TCPSHAKE_ANOMALY_syn_with_data] = tcpshake_fill_data,
    [TCPSHAKE_ANOMALY_tfo_data_rejected] = tcpshake_fill_data,
    [TCPSHAKE_ANOMALY_handshake_aborted] = fill_handshake_aborted,
    [TCPSHAKE_ANOMALY_early_data] = tcpshake_fill_data,
    [TCPSHAKE_ANOMALY_bad_flags] = fill_bad_flags,
    [TCPSHAKE_ANOMALY_isn_predictable] = fill_isn_predictable,
    [TCPSHAKE_ANOMALY_syn_flood] = tcpshake_fill_group,
};
