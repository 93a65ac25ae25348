/* verdict_text.c
 * The outcome in one line: how it was opened, then how it was closed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include "expand.h"
#include "facts.h"
#include "icmp_text.h"

#include <glib.h>

enum { ROOM = 160 };

/* What both halves need. */
typedef struct verdict {
    const tcpshake_conversation *conversation;
    const tcpshake_summary      *summary;
    bool                         goes_on; /* more segments may come */
    char                        *text;
    size_t                       size;
} verdict;

/* ---- how it was opened ---- */

static const tcpshake_sentence openings[] = {
    [TCPSHAKE_HANDSHAKE_NONE] = TCPSHAKE_SAY_verdict_handshake_in_progress,
    [TCPSHAKE_HANDSHAKE_COMPLETE] = TCPSHAKE_SAY_verdict_established,
    [TCPSHAKE_HANDSHAKE_IN_PROGRESS] = TCPSHAKE_SAY_verdict_handshake_in_progress,
    [TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP] = TCPSHAKE_SAY_verdict_rejected_by_icmp,
    [TCPSHAKE_HANDSHAKE_HALF_OPEN] = TCPSHAKE_SAY_verdict_half_open,
    [TCPSHAKE_HANDSHAKE_TIMED_OUT] = TCPSHAKE_SAY_verdict_timed_out,
    [TCPSHAKE_HANDSHAKE_SIMULTANEOUS] = TCPSHAKE_SAY_verdict_opened_simultaneously,
};

/* When the client began to try, as far as that was captured. */
static tcpshake_moment
began(const tcpshake_conversation *conversation)
{
    const tcpshake_moment syn = tcpshake_attempt_of(conversation).syn;

    return syn.frame ? syn : conversation->first;
}

static tcpshake_sentence
opening_of(const verdict *v)
{
    const tcpshake_conversation *const c = v->conversation;
    const bool                         wrongly = tcpshake_was_answered_wrongly(c);
    const bool                         with_reset = c->handshake == TCPSHAKE_HANDSHAKE_ABORTED;

    switch (v->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_UNANSWERED:
        if (with_reset)
            return v->summary->reset_in_between ? TCPSHAKE_SAY_verdict_aborted_by_another
                                                : TCPSHAKE_SAY_verdict_given_up;
        return wrongly ? TCPSHAKE_SAY_verdict_unanswered_validly : TCPSHAKE_SAY_verdict_unanswered;
    case TCPSHAKE_HANDSHAKE_REFUSED:
        return v->summary->reset_cause == TCPSHAKE_CAUSE_FOREIGN ? TCPSHAKE_SAY_verdict_refused_by_another
                                                                 : TCPSHAKE_SAY_verdict_refused;
    case TCPSHAKE_HANDSHAKE_ABORTED:
        if (v->summary->reset_in_between)
            return TCPSHAKE_SAY_verdict_aborted_by_another;
        return tcpshake_rare_of(c)->reset_by == TCPSHAKE_CLIENT && c->syn.frame && !wrongly
                   ? TCPSHAKE_SAY_verdict_given_up
                   : TCPSHAKE_SAY_verdict_aborted;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED:
        return tcpshake_client_is_unheard(c)  ? TCPSHAKE_SAY_verdict_syn_ack_alone
               : !tcpshake_was_open_before(c) ? TCPSHAKE_SAY_verdict_opening_unknown
                                              : TCPSHAKE_SAY_verdict_opened_before_capture;
    default: return openings[v->summary->handshake];
    }
}

/* How long it took, or has waited. */
static void
say_opening(const verdict *v, int64_t end)
{
    const tcpshake_conversation *const c = v->conversation;
    const tcpshake_attempt             attempt = tcpshake_attempt_of(c);
    tcpshake_arguments arguments = { .duration = TCPSHAKE_NO_TIME, .doubts = !v->summary->reset_in_between };
    char               icmp[TCPSHAKE_ICMP_NAME_SIZE];

    arguments.refused = attempt.refused_frame;
    arguments.count = attempt.syns;

    /* An attempt that was given up with a RST ends there, whether it was unanswered or not. */
    switch (c->handshake == TCPSHAKE_HANDSHAKE_ABORTED ? TCPSHAKE_HANDSHAKE_ABORTED : v->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS: arguments.duration = v->summary->connection_time; break;
    case TCPSHAKE_HANDSHAKE_UNANSWERED: arguments.duration = tcpshake_elapsed(c, attempt.syn, end); break;
    case TCPSHAKE_HANDSHAKE_REFUSED:
    case TCPSHAKE_HANDSHAKE_ABORTED:
        arguments.who = tcpshake_rare_of(c)->reset_by;
        if (tcpshake_rare_of(c)->rst.frame)
            arguments.duration = tcpshake_between(c, began(c), tcpshake_rare_of(c)->rst);
        break;
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP:
        if (c->extra && c->extra->icmp.frame) {
            arguments.name = tcpshake_text_icmp(c->extra->icmp_kind, icmp, sizeof icmp);
            arguments.duration = tcpshake_between(c, c->syn, c->extra->icmp);
        }
        break;
    default: arguments.duration = tcpshake_elapsed(c, began(c), end); break;
    }
    tcpshake_say(opening_of(v), &arguments, v->text, v->size);
}

/* ---- how it was closed ---- */

static tcpshake_sentence
unfinished(const verdict *v)
{
    const bool missing = (v->summary->anomalies & UINT64_C(1) << TCPSHAKE_ANOMALY_missing_fin_ack) != 0;

    if (v->summary->closed_by == TCPSHAKE_NOBODY)
        return TCPSHAKE_SAY_verdict_closing_started_unseen;
    if (!v->conversation->fin2.frame)
        return TCPSHAKE_SAY_verdict_closing_unfinished;
    if (v->conversation->fin2_ack.frame)
        return v->conversation->fin1_ack.frame ? TCPSHAKE_SAY_verdict_last_fin_again
                                               : TCPSHAKE_SAY_verdict_first_ack_unseen;
    if (!missing)
        return TCPSHAKE_SAY_verdict_last_ack_unseen;
    return v->conversation->fin1_ack.frame ? TCPSHAKE_SAY_verdict_last_fin_unanswered
                                           : TCPSHAKE_SAY_verdict_no_fin_answered;
}

static void
say_closing(const verdict *v)
{
    const tcpshake_conversation *const c = v->conversation;
    const tcpshake_role                closer = (tcpshake_role)v->summary->closed_by;
    const bool         by_one = v->summary->reset_by == TCPSHAKE_CLIENT || v->summary->reset_by == TCPSHAKE_SERVER;
    const bool         of_another = by_one && v->summary->reset_cause == TCPSHAKE_CAUSE_FOREIGN;
    tcpshake_arguments arguments = { .who = closer,
                                     .duration = TCPSHAKE_NO_TIME,
                                     .doubts = !v->summary->reset_in_between };
    tcpshake_sentence  sentence;

    switch (v->summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS: sentence = TCPSHAKE_SAY_verdict_closed_in_four; break;
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS: sentence = TCPSHAKE_SAY_verdict_closed_in_three; break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS: sentence = TCPSHAKE_SAY_verdict_closed_simultaneously; break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
        sentence = TCPSHAKE_SAY_verdict_half_closed;
        arguments.other = tcpshake_other_role(closer);
        break;
    case TCPSHAKE_TEARDOWN_IN_PROGRESS: sentence = unfinished(v); break;
    case TCPSHAKE_TEARDOWN_RESET:
        sentence = of_another ? TCPSHAKE_SAY_verdict_reset_by_another : TCPSHAKE_SAY_verdict_reset;
        arguments.who = v->summary->reset_by;
        break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        sentence =
            of_another ? TCPSHAKE_SAY_verdict_reset_while_closing_by_another : TCPSHAKE_SAY_verdict_reset_while_closing;
        arguments.other = v->summary->reset_by;
        if (tcpshake_rare_of(c)->rst.frame && c->fin1.frame)
            arguments.duration = tcpshake_between(c, c->fin1, tcpshake_ending_reset(c));
        break;
    default:
        if (!tcpshake_was_open(v->conversation, v->summary))
            return;
        sentence = v->goes_on ? TCPSHAKE_SAY_verdict_open_so_far : TCPSHAKE_SAY_verdict_not_closed;
    }
    tcpshake_say(sentence, &arguments, v->text, v->size);
}

const char *
tcpshake_text_verdict(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const verdict v = { conversation, summary, !knowledge->hindsight, text, size };

    text[0] = '\0';
    say_opening(&v, knowledge->hindsight ? tcpshake_watched_until(conversation, knowledge)
                                         : tcpshake_last(conversation).time);
    say_closing(&v);
    return text;
}

static const char *
say_translated(tcpshake_sentence sentence, const tcpshake_arguments *arguments, char *text, size_t size)
{
    if (text[0])
        tcpshake_say(TCPSHAKE_SAY_translated_separator, arguments, text, size);
    tcpshake_say(sentence, arguments, text, size);
    return text;
}

const char *
tcpshake_text_translated(tcpshake_role role, const char *here, const char *there, char *text, size_t size)
{
    return say_translated(TCPSHAKE_SAY_translated, &(tcpshake_arguments){ .role = role, .name = here, .there = there },
                          text, size);
}

const char *
tcpshake_text_rewritten(tcpshake_role role, uint32_t shift, char *text, size_t size)
{
    return say_translated(TCPSHAKE_SAY_translated_numbers, &(tcpshake_arguments){ .role = role, .number = shift }, text,
                          size);
}

const char *
tcpshake_text_numbering(const tcpshake_conversation *conversation, const tcpshake_numbering *numbering, char *text,
                        size_t size)
{
    const int                client = conversation->client;
    const tcpshake_role      role[] = { TCPSHAKE_CLIENT, TCPSHAKE_SERVER };
    const tcpshake_arguments arguments = { .some = numbering->is_shared ? 0 : numbering->point };
    char                     numbers[ROOM] = "";

    for (int i = 0; i < TCPSHAKE_ENDS; i++) {
        const uint32_t ahead = numbering->ahead[i ? TCPSHAKE_OTHER(client) : client];
        if (ahead)
            tcpshake_text_rewritten(role[i], ahead, numbers, sizeof numbers);
    }
    text[0] = '\0';
    tcpshake_say(TCPSHAKE_SAY_numbers_at, &arguments, text, size);
    g_strlcat(text, numbers, size);
    return text;
}
