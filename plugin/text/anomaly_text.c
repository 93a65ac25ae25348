/* anomaly_text.c
 * An anomaly's message. It begins with the sentence that has the anomaly's name, or with another one in its place; more
 * sentences may follow. Every sentence gets what all findings have: who, the frame, the duration. A function for the
 * anomaly adds its own values and chooses the sentences, where there is a choice.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include "expand.h"
#include "facts.h"
#include "icmp_text.h"
#include "idle_timers.h"

#include <glib.h>

enum { SENTENCES_MAX = 3, NAME_SIZE = TCPSHAKE_ICMP_NAME_SIZE };

typedef struct message {
    const tcpshake_conversation *conversation;
    const tcpshake_finding      *finding;
    bool                         hindsight;
    tcpshake_sentence            sentences[SENTENCES_MAX];
    unsigned                     count;
    tcpshake_arguments           arguments;
    char                         name[NAME_SIZE]; /* where an argument needs room */
} message;

static void
put_in_place(message *m, tcpshake_sentence sentence)
{
    m->sentences[0] = sentence;
}

static void
follow(message *m, tcpshake_sentence sentence)
{
    m->sentences[m->count++] = sentence;
}

/* ---- opening ---- */

static void
fill_attempt(message *m)
{
    m->arguments.number = m->finding->attempt.number;
    m->arguments.refused = m->finding->attempt.refused_frame;
    const uint32_t last = tcpshake_attempt_of(m->conversation).syn.frame;
    m->arguments.first = !m->arguments.refused && last <= m->finding->frame ? last : m->conversation->syn.frame;
}

static void
fill_syn_unanswered(message *m)
{
    fill_attempt(m);
    if (tcpshake_was_answered_wrongly(m->conversation)) {
        put_in_place(m, TCPSHAKE_SAY_syn_unanswered_validly);
        return;
    }
    if (m->finding->related_frame)
        put_in_place(m, TCPSHAKE_SAY_syn_unanswered_given_up);
    follow(m, m->conversation->extra && m->conversation->extra->clock_behind ? TCPSHAKE_SAY_syn_unanswered_clock_behind
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
fill_syn_fallback(message *m)
{
    name_offers(m->finding->fallback.given_up, m->name, sizeof m->name);
    m->arguments.name = m->name;
    follow(m, TCPSHAKE_SAY_syn_fallback_likely);
}

static void
fill_connection_refused(message *m)
{
    fill_attempt(m);
    if (m->finding->attempt.number > 1)
        put_in_place(m, TCPSHAKE_SAY_connection_refused_again);
    if (m->conversation->rst.frame != m->finding->frame || m->conversation->reset_cause != TCPSHAKE_CAUSE_FOREIGN)
        follow(m, TCPSHAKE_SAY_connection_refused_likely);
}

/* If the end has sent a bare SYN as well, the count includes it, and the first SYN-ACK may be the other end's. */
static void
fill_synack_retransmission(message *m)
{
    fill_attempt(m);
    m->arguments.first = m->conversation->synack.frame;
    if (m->conversation->end[m->finding->end].flags & TCPSHAKE_END_SENT_SYN)
        put_in_place(m, TCPSHAKE_SAY_synack_sent_again);
}

static void
fill_connection_timeout(message *m)
{
    const uint32_t syns = m->conversation->end[m->conversation->client].syn_count;

    m->arguments.some = syns > 1 ? syns : 0;
}

static void
fill_slow_handshake(message *m)
{
    m->arguments.first = m->conversation->syn.frame;
}

static void
fill_icmp_rejected(message *m)
{
    m->arguments.name = tcpshake_text_icmp(m->finding->icmp, m->name, sizeof m->name);
    if (m->finding->frame < m->finding->related_frame)
        put_in_place(m, m->finding->icmp.version == 6 ? TCPSHAKE_SAY_icmpv6_rejected_later
                                                      : TCPSHAKE_SAY_icmp_rejected_later);
    follow(m, TCPSHAKE_SAY_icmp_rejected_likely);
}

/* Without a related frame, the finding is on the SYN-ACK or FIN itself. */
static void
fill_missing_ack(message *m)
{
    if (!m->arguments.frame)
        m->arguments.frame = m->finding->frame;
}

static void
fill_handshake_ack_ignored(message *m)
{
    follow(m, m->finding->ignored.with_data ? TCPSHAKE_SAY_handshake_ack_ignored_data_likely
                                            : TCPSHAKE_SAY_handshake_ack_ignored_likely);
}

static void
fill_stale_ack(message *m)
{
    static const tcpshake_sentence sequels[] = {
        [TCPSHAKE_NO_RESET_FOLLOWED] = TCPSHAKE_SAY_stale_ack_no_reset,
        [TCPSHAKE_RESET_FOLLOWED] = TCPSHAKE_SAY_stale_ack_reset,
        [TCPSHAKE_RESET_CLEARED] = TCPSHAKE_SAY_stale_ack_cleared,
    };
    const uint8_t sequel = m->finding->ack.sequel;

    m->arguments.number = m->finding->ack.number;
    if (sequel != TCPSHAKE_NO_RESET_FOLLOWED || m->hindsight)
        follow(m, sequels[MIN(sequel, G_N_ELEMENTS(sequels) - 1)]);
}

/* Another number than the peer's ISN + 1. */
static void
fill_bad_ack(message *m)
{
    m->arguments.number = m->finding->ack.number;
    m->arguments.due = m->conversation->end[TCPSHAKE_OTHER(m->finding->end)].isn + 1;
}

static void
fill_synack_unsolicited(message *m)
{
    const bool client_seen = (m->conversation->end[TCPSHAKE_OTHER(m->finding->end)].flags & TCPSHAKE_END_SEEN) != 0;

    if (!client_seen || !m->conversation->ack.frame || m->conversation->synack.frame != m->finding->frame)
        return;
    put_in_place(m, TCPSHAKE_SAY_synack_unsolicited_acknowledged);
    m->arguments.frame = m->conversation->ack.frame;
}

static void
fill_synack_changed(message *m)
{
    m->arguments.number = m->finding->changed.number;
    if (m->finding->changed.is_seq)
        put_in_place(m, TCPSHAKE_SAY_synack_changed_seq);
    follow(m, TCPSHAKE_SAY_synack_changed_likely);
}

static void
fill_syn_changed(message *m)
{
    m->arguments.number = m->finding->seq.number;
    m->arguments.due = m->conversation->end[m->finding->end].isn;
}

static void
fill_syn_on_open_connection(message *m)
{
    if (!m->finding->challenge.frame)
        follow(m, m->hindsight ? TCPSHAKE_SAY_no_challenge_ack : TCPSHAKE_SAY_no_challenge_ack_yet);
    else
        follow(m, TCPSHAKE_SAY_challenge_ack);
    m->arguments.answer = m->finding->challenge.frame;
    follow(m, TCPSHAKE_SAY_syn_on_open_connection_likely);
}

static void
fill_data(message *m)
{
    m->arguments.bytes = m->finding->data.bytes;
}

static void
fill_handshake_aborted(message *m)
{
    if (m->finding->end != m->conversation->client) {
        put_in_place(m, TCPSHAKE_SAY_handshake_aborted_by_server);
        follow(m, TCPSHAKE_SAY_handshake_aborted_by_server_likely);
        return;
    }
    if (m->finding->abort.answered)
        put_in_place(m, TCPSHAKE_SAY_handshake_aborted_answered);
    follow(m,
           m->finding->abort.unknown ? TCPSHAKE_SAY_handshake_aborted_unknown : TCPSHAKE_SAY_handshake_aborted_likely);
}

static void
fill_bad_flags(message *m)
{
    m->arguments.name = tcpshake_text_flags(m->finding->flags.set, "+", m->name, sizeof m->name);
    if (!m->name[0])
        put_in_place(m, TCPSHAKE_SAY_bad_flags_none);
    else if (m->finding->flags.closes_syn_sent)
        put_in_place(m, TCPSHAKE_SAY_bad_flags_fin_in_syn_sent);
}

static void
fill_isn_predictable(message *m)
{
    m->arguments.count = m->finding->isns.connections;
    m->arguments.number = m->finding->isns.step;
    if (m->finding->isns.step)
        put_in_place(m, TCPSHAKE_SAY_isn_predictable_step);
    follow(m, TCPSHAKE_SAY_isn_predictable_likely);
}

static void
fill_group(message *m)
{
    m->arguments.count = m->finding->group.size;
}

/* ---- open ---- */

static void
fill_read_timeout(message *m)
{
    const bool answered = m->finding->request.end == TCPSHAKE_REQUEST_ANSWERED;

    if (m->finding->request.end == TCPSHAKE_REQUEST_GIVEN_UP)
        put_in_place(m, TCPSHAKE_SAY_read_timeout_given_up);
    else if (!answered)
        put_in_place(m, TCPSHAKE_SAY_read_timeout_still_waits);
    follow(m, answered ? TCPSHAKE_SAY_read_timeout_answered_likely : TCPSHAKE_SAY_read_timeout_likely);
}

static void
fill_repeats(message *m)
{
    m->arguments.count = m->finding->repeats.count;
    m->arguments.number = m->finding->repeats.seq;
}

/* The RST that ended the conversation is probably not of the end that it names. */
static bool
is_of_another(const message *m)
{
    return m->conversation->reset_cause == TCPSHAKE_CAUSE_FOREIGN && m->conversation->rst.frame == m->finding->frame;
}

/* Of the RST that ended the conversation. Causes that are not here have messages of their own, or there is nothing to
 * say. */
static void
follow_cause(message *m)
{
    static const tcpshake_sentence likely[] = {
        [TCPSHAKE_CAUSE_ABORTED] = TCPSHAKE_SAY_cause_aborted_likely,
        [TCPSHAKE_CAUSE_DATA_AFTER_CLOSE] = TCPSHAKE_SAY_cause_data_after_close_likely,
        [TCPSHAKE_CAUSE_NO_SUCH_CONNECTION] = TCPSHAKE_SAY_cause_no_such_connection_likely,
        [TCPSHAKE_CAUSE_IDLE_EXPIRY] = TCPSHAKE_SAY_idle_expiry_likely,
    };
    const tcpshake_conversation *const conversation = m->conversation;
    const unsigned                     cause = conversation->reset_cause;

    if (conversation->rst.frame != m->finding->frame || cause >= G_N_ELEMENTS(likely) || !likely[cause])
        return;
    if (cause == TCPSHAKE_CAUSE_IDLE_EXPIRY) {
        if (!conversation->extra)
            return;
        m->arguments.longest = conversation->extra->reset_idle;
        m->arguments.name = tcpshake_idle_timer(m->arguments.longest, false);
    }
    follow(m, likely[cause]);
}

static void
fill_connection_reset(message *m)
{
    fill_data(m);
    if (is_of_another(m))
        put_in_place(m, m->finding->data.bytes ? TCPSHAKE_SAY_connection_reset_unacknowledged_by_another
                                               : TCPSHAKE_SAY_connection_reset_by_another);
    else if (m->finding->data.bytes)
        put_in_place(m, TCPSHAKE_SAY_connection_reset_unacknowledged);
    follow_cause(m);
}

static void
fill_abortive_close(message *m)
{
    if (is_of_another(m))
        put_in_place(m, TCPSHAKE_SAY_abortive_close_by_another);
    follow_cause(m);
}

static void
fill_reset_unacceptable(message *m)
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
    put_in_place(m, flaws[flaw]);
    follow(m, flaw == TCPSHAKE_ACKNOWLEDGES_ISN ? TCPSHAKE_SAY_reset_acknowledges_isn_likely
                                                : TCPSHAKE_SAY_reset_unacceptable_likely);
}

static void
fill_reset_challenged(message *m)
{
    m->arguments.number = m->finding->window.distance;
}

static void
fill_reset_ignored(message *m)
{
    m->arguments.number = m->finding->ttl.of_reset;
    m->arguments.due = m->finding->ttl.of_sender;
    if (m->finding->ttl.tells)
        put_in_place(m, TCPSHAKE_SAY_reset_ignored_ttl);
    else if (m->finding->ttl.refused)
        put_in_place(m, TCPSHAKE_SAY_reset_ignored_refusal);
}

static void
fill_storm(message *m)
{
    m->arguments.count = m->finding->storm.segments;
}

/* The rate is that of the intervals between them. */
static void
fill_ack_storm(message *m)
{
    fill_storm(m);
    if (m->finding->duration > 0)
        m->arguments.some = (m->finding->storm.segments - 1) * TCPSHAKE_SECOND / m->finding->duration;
}

/* ---- closing ---- */

/* On the ACK that put the end into CLOSE-WAIT, the duration is how long it stays there; later, how long it has. */
static void
fill_close_wait_lingering(message *m)
{
    if (m->finding->frame == m->conversation->fin1_ack.frame)
        put_in_place(m, TCPSHAKE_SAY_close_wait_stays);
    follow(m, TCPSHAKE_SAY_close_wait_lingering_likely);
}

static void
fill_close_wait_idle(message *m)
{
    if (m->finding->frame == m->conversation->fin1_ack.frame)
        put_in_place(m, TCPSHAKE_SAY_close_wait_stays);
    follow(m, TCPSHAKE_SAY_close_wait_idle_likely);
}

static void
fill_reset_while_closing(message *m)
{
    if (is_of_another(m))
        put_in_place(m, TCPSHAKE_SAY_reset_while_closing_by_another);
    follow_cause(m);
}

static void
fill_fin_out_of_window(message *m)
{
    m->arguments.number = m->finding->fin.seq;
    if (m->finding->fin.is_left)
        put_in_place(m, TCPSHAKE_SAY_fin_out_of_window_left);
    follow(m, TCPSHAKE_SAY_fin_out_of_window_likely);
}

static void
fill_fin_moved(message *m)
{
    m->arguments.number = m->finding->fin.seq;
}

/* An end that closes an idle connection, and a request that comes too late for it. */
static void
fill_data_after_close(message *m)
{
    const int64_t idle = m->conversation->close_idle;

    if (m->finding->late.crossed)
        put_in_place(m, TCPSHAKE_SAY_data_after_close_crossed);
    m->arguments.longest = idle;
    m->arguments.name = tcpshake_idle_timer(idle, true);
    follow(m, m->finding->late.idle ? TCPSHAKE_SAY_data_after_close_idle : TCPSHAKE_SAY_data_after_close_likely);
}

static void
fill_closing_bad_ack(message *m)
{
    m->arguments.number = m->finding->unsent.numbers;
}

static void
fill_time_wait_lingering(message *m)
{
    if (m->finding->time_wait.syn_turned_away)
        put_in_place(m, TCPSHAKE_SAY_time_wait_rejects_syn);
}

/* ---- the capture ---- */

static void
fill_handshake_not_captured(message *m)
{
    if (!tcpshake_was_open_before(m->conversation))
        put_in_place(m, TCPSHAKE_SAY_handshake_not_captured_alone);
    if (m->conversation->flags & TCPSHAKE_CONVERSATION_ROLES_GUESSED)
        follow(m, TCPSHAKE_SAY_roles_guessed);
}

static void
fill_segment_not_captured(message *m)
{
    static const tcpshake_sentence missing[] = {
        [TCPSHAKE_MISSING_SYN_ACK] = TCPSHAKE_SAY_segment_not_captured,
        [TCPSHAKE_MISSING_ACK] = TCPSHAKE_SAY_ack_not_captured,
        [TCPSHAKE_MISSING_FIN] = TCPSHAKE_SAY_fin_not_captured,
    };

    put_in_place(m, missing[MIN(m->finding->missing.what, G_N_ELEMENTS(missing) - 1)]);
    follow(m, TCPSHAKE_SAY_segment_not_captured_likely);
}

/* ---- by anomaly ---- */

/* An anomaly without a sentence of its name does not compile. */
static void
fill_lost_between(message *m)
{
    static const char *const names[] = { "SYN", "SYN-ACK", "ACK", "FIN", "RST" };

    m->arguments.name = names[MIN(m->finding->between.what, G_N_ELEMENTS(names) - 1)];
    m->arguments.count = m->finding->between.sent;
    m->arguments.number = m->finding->between.seen;
}

static void
fill_captured_twice(message *m)
{
    const int hops = m->finding->copy.hops;

    m->arguments.number = m->finding->copy.point;
    m->arguments.due = m->finding->copy.first_point;
    m->arguments.count = hops < 0 ? -hops : hops;
    if (m->finding->copy.point)
        put_in_place(m, TCPSHAKE_SAY_captured_at_another_point);
    if (hops)
        follow(m, hops > 0 ? TCPSHAKE_SAY_captured_hops_on : TCPSHAKE_SAY_captured_hops_back);
}

static const tcpshake_sentence own_sentences[TCPSHAKE_ANOMALIES] = {
#define ANOMALY(name, severity, chapter, source, summary, ...) [TCPSHAKE_ANOMALY_##name] = TCPSHAKE_SAY_##name,
#include "../core/conversation/anomalies.def"
#undef ANOMALY
};

static void (*const fills[TCPSHAKE_ANOMALIES])(message *) = {
    [TCPSHAKE_ANOMALY_syn_retransmission] = fill_attempt,
    [TCPSHAKE_ANOMALY_connection_timeout] = fill_connection_timeout,
    [TCPSHAKE_ANOMALY_slow_handshake] = fill_slow_handshake,
    [TCPSHAKE_ANOMALY_syn_unanswered] = fill_syn_unanswered,
    [TCPSHAKE_ANOMALY_syn_fallback] = fill_syn_fallback,
    [TCPSHAKE_ANOMALY_connection_refused] = fill_connection_refused,
    [TCPSHAKE_ANOMALY_icmp_rejected] = fill_icmp_rejected,
    [TCPSHAKE_ANOMALY_missing_handshake_ack] = fill_missing_ack,
    [TCPSHAKE_ANOMALY_synack_retransmission] = fill_synack_retransmission,
    [TCPSHAKE_ANOMALY_handshake_ack_ignored] = fill_handshake_ack_ignored,
    [TCPSHAKE_ANOMALY_stale_ack] = fill_stale_ack,
    [TCPSHAKE_ANOMALY_synack_bad_ack] = fill_bad_ack,
    [TCPSHAKE_ANOMALY_handshake_bad_ack] = fill_bad_ack,
    [TCPSHAKE_ANOMALY_synack_unsolicited] = fill_synack_unsolicited,
    [TCPSHAKE_ANOMALY_synack_changed] = fill_synack_changed,
    [TCPSHAKE_ANOMALY_syn_changed] = fill_syn_changed,
    [TCPSHAKE_ANOMALY_syn_on_open_connection] = fill_syn_on_open_connection,
    [TCPSHAKE_ANOMALY_syn_with_data] = fill_data,
    [TCPSHAKE_ANOMALY_tfo_data_rejected] = fill_data,
    [TCPSHAKE_ANOMALY_handshake_aborted] = fill_handshake_aborted,
    [TCPSHAKE_ANOMALY_early_data] = fill_data,
    [TCPSHAKE_ANOMALY_bad_flags] = fill_bad_flags,
    [TCPSHAKE_ANOMALY_isn_predictable] = fill_isn_predictable,
    [TCPSHAKE_ANOMALY_syn_flood] = fill_group,
    [TCPSHAKE_ANOMALY_read_timeout] = fill_read_timeout,
    [TCPSHAKE_ANOMALY_keepalive_unanswered] = fill_repeats,
    [TCPSHAKE_ANOMALY_connection_lost] = fill_repeats,
    [TCPSHAKE_ANOMALY_connection_reset] = fill_connection_reset,
    [TCPSHAKE_ANOMALY_abortive_close] = fill_abortive_close,
    [TCPSHAKE_ANOMALY_reset_unacceptable] = fill_reset_unacceptable,
    [TCPSHAKE_ANOMALY_reset_challenged] = fill_reset_challenged,
    [TCPSHAKE_ANOMALY_reset_ignored] = fill_reset_ignored,
    [TCPSHAKE_ANOMALY_ack_storm] = fill_ack_storm,
    [TCPSHAKE_ANOMALY_reset_storm] = fill_storm,
    [TCPSHAKE_ANOMALY_fin_storm] = fill_storm,
    [TCPSHAKE_ANOMALY_fin_retransmission] = fill_attempt,
    [TCPSHAKE_ANOMALY_missing_fin_ack] = fill_missing_ack,
    [TCPSHAKE_ANOMALY_close_wait_lingering] = fill_close_wait_lingering,
    [TCPSHAKE_ANOMALY_close_wait_idle] = fill_close_wait_idle,
    [TCPSHAKE_ANOMALY_reset_while_closing] = fill_reset_while_closing,
    [TCPSHAKE_ANOMALY_fin_out_of_window] = fill_fin_out_of_window,
    [TCPSHAKE_ANOMALY_fin_moved] = fill_fin_moved,
    [TCPSHAKE_ANOMALY_data_after_fin] = fill_data,
    [TCPSHAKE_ANOMALY_data_after_close] = fill_data_after_close,
    [TCPSHAKE_ANOMALY_closing_bad_ack] = fill_closing_bad_ack,
    [TCPSHAKE_ANOMALY_time_wait_lingering] = fill_time_wait_lingering,
    [TCPSHAKE_ANOMALY_time_wait_exhaustion] = fill_group,
    [TCPSHAKE_ANOMALY_handshake_not_captured] = fill_handshake_not_captured,
    [TCPSHAKE_ANOMALY_segment_not_captured] = fill_segment_not_captured,
    [TCPSHAKE_ANOMALY_lost_between] = fill_lost_between,
    [TCPSHAKE_ANOMALY_captured_twice] = fill_captured_twice,
};

const char *
tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    conversation = tcpshake_conversation_at(conversation, finding->frame);
    message m = {
        .conversation = conversation,
        .finding = finding,
        .hindsight = knowledge->hindsight,
        .sentences = { own_sentences[finding->anomaly] },
        .count = 1,
        .arguments = {
            .who = tcpshake_role_of(conversation, finding->end),
            .other = tcpshake_role_of(conversation, TCPSHAKE_OTHER(finding->end)),
            .frame = finding->related_frame,
            .duration = finding->duration,
        },
    };

    if (fills[finding->anomaly])
        fills[finding->anomaly](&m);
    text[0] = '\0';
    for (unsigned i = 0; i < m.count; i++)
        tcpshake_say(m.sentences[i], &m.arguments, text, size);
    return text;
}
