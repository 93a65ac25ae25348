/* anomaly_text.c
 * An anomaly's message. It begins with the sentence that has the anomaly's name, or with another one in its place; more
 * sentences may follow. Every sentence gets what all findings have: who, the frame, the duration; the rest comes from
 * the table of its chapter (messages_*.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

#include "idle_timers.h"

void
tcpshake_fill_attempt(tcpshake_message *m)
{
    m->arguments.number = m->finding->attempt.number;
    m->arguments.refused = m->finding->attempt.refused_frame;
    const uint32_t last = tcpshake_attempt_of(m->conversation).syn.frame;
    m->arguments.first = !m->arguments.refused && last <= m->finding->frame ? last : m->conversation->syn.frame;
}

/* Without a related frame, the finding is on the SYN-ACK or FIN itself. */
void
tcpshake_fill_missing_ack(tcpshake_message *m)
{
    if (!m->arguments.frame)
        m->arguments.frame = m->finding->frame;
}

void
tcpshake_fill_data(tcpshake_message *m)
{
    m->arguments.bytes = m->finding->data.bytes;
}

void
tcpshake_fill_group(tcpshake_message *m)
{
    m->arguments.count = m->finding->group.size;
}

bool
tcpshake_is_of_another(const tcpshake_message *m)
{
    const bool likely = tcpshake_rare_of(m->conversation)->reset_cause == TCPSHAKE_CAUSE_FOREIGN;

    return m->of_another || (likely && tcpshake_ending_reset(m->conversation).frame == m->finding->frame);
}

/* Of the RST that ended the conversation. Causes that are not here have messages of their own, or there is nothing to
 * say. A device on the way can have an idle timer, too. */
void
tcpshake_follow_cause(tcpshake_message *m)
{
    static const tcpshake_sentence likely[] = {
        [TCPSHAKE_CAUSE_ABORTED] = TCPSHAKE_SAY_cause_aborted_likely,
        [TCPSHAKE_CAUSE_DATA_AFTER_CLOSE] = TCPSHAKE_SAY_cause_data_after_close_likely,
        [TCPSHAKE_CAUSE_NO_SUCH_CONNECTION] = TCPSHAKE_SAY_cause_no_such_connection_likely,
        [TCPSHAKE_CAUSE_IDLE_EXPIRY] = TCPSHAKE_SAY_idle_expiry_likely,
        [TCPSHAKE_CAUSE_FOREIGN] = TCPSHAKE_SAY_idle_expiry_of_device_likely,
    };
    const tcpshake_conversation *const conversation = m->conversation;
    const unsigned                     cause = tcpshake_rare_of(conversation)->reset_cause;
    const bool                         idle = conversation->extra && conversation->extra->reset_after_idle;
    const bool needs_idle = cause == TCPSHAKE_CAUSE_IDLE_EXPIRY || cause == TCPSHAKE_CAUSE_FOREIGN;

    if (tcpshake_ending_reset(conversation).frame != m->finding->frame || cause >= G_N_ELEMENTS(likely) ||
        !likely[cause] || m->of_another || (needs_idle && !idle))
        return;
    if (needs_idle) {
        m->arguments.longest = conversation->extra->reset_idle;
        m->arguments.name = tcpshake_reset_timer(conversation);
    }
    tcpshake_follow(m, likely[cause]);
}

/* An anomaly without a sentence of its name does not compile. */
static const tcpshake_sentence own_sentences[TCPSHAKE_ANOMALIES] = {
#define ANOMALY(name, severity, chapter, source, summary, ...) [TCPSHAKE_ANOMALY_##name] = TCPSHAKE_SAY_##name,
#include "../core/conversation/anomalies.def"
#undef ANOMALY
};

static const tcpshake_fill *const chapters[] = {
    tcpshake_fills_opening,
    tcpshake_fills_open,
    tcpshake_fills_closing,
    tcpshake_fills_capture,
};

/* What should have come next would have been captured by now, as far as the capture goes. */
static bool
is_overdue(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
           const tcpshake_knowledge *knowledge)
{
    return knowledge->hindsight &&
           (conversation->last_frame > finding->frame ||
            tcpshake_watched_until(conversation, knowledge) - tcpshake_last(conversation).time > TCPSHAKE_SECOND);
}

const char *
tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    conversation = tcpshake_conversation_at(conversation, finding->frame);
    const bool of_another = tcpshake_was_reset_in_between(conversation, knowledge, finding->frame);
    tcpshake_message m = {
        .conversation = conversation,
        .finding = finding,
        .of_another = of_another,
        .knowledge = knowledge,
        .overdue = is_overdue(conversation, finding, knowledge),
        .sentences = { own_sentences[finding->anomaly] },
        .count = 1,
        .arguments = {
            .who = tcpshake_role_of(conversation, finding->end),
            .other = tcpshake_role_of(conversation, TCPSHAKE_OTHER(finding->end)),
            .frame = finding->related_frame,
            .duration = finding->duration,
            .doubts = !of_another,
        },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(chapters); i++) {
        if (chapters[i][finding->anomaly])
            chapters[i][finding->anomaly](&m);
    }
    text[0] = '\0';
    for (unsigned i = 0; i < m.count; i++)
        tcpshake_say(m.sentences[i], &m.arguments, text, size);
    return text;
}
