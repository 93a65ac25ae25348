/* reset_text.c
 * The evidence for the likely cause of a RST (not the messages of anomalies: those are in anomaly_text.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include "expand.h"
#include "facts.h"
#include "idle_timers.h"

#include <glib.h>
#include <string.h>

static const tcpshake_sentence evidences[] = {
    [TCPSHAKE_CAUSE_REFUSED] = TCPSHAKE_SAY_evidence_refused,
    [TCPSHAKE_CAUSE_ABORTED] = TCPSHAKE_SAY_evidence_aborted,
    [TCPSHAKE_CAUSE_DATA_AFTER_CLOSE] = TCPSHAKE_SAY_evidence_data_after_close,
    [TCPSHAKE_CAUSE_NO_SUCH_CONNECTION] = TCPSHAKE_SAY_evidence_no_such_connection,
    [TCPSHAKE_CAUSE_HANDSHAKE_ABORT] = TCPSHAKE_SAY_evidence_handshake_abort,
    [TCPSHAKE_CAUSE_IN_TIME_WAIT] = TCPSHAKE_SAY_evidence_in_time_wait,
    [TCPSHAKE_CAUSE_IDLE_EXPIRY] = TCPSHAKE_SAY_evidence_idle_expiry,
    [TCPSHAKE_CAUSE_FOREIGN] = TCPSHAKE_SAY_evidence_ttl,
    [TCPSHAKE_CAUSE_UNKNOWN] = TCPSHAKE_SAY_evidence_unknown,
};

/* By the number of the bit TCPSHAKE_DOUBT_… */
static const tcpshake_sentence doubted[] = {
    TCPSHAKE_SAY_evidence_ttl,      TCPSHAKE_SAY_evidence_ip_id,   TCPSHAKE_SAY_evidence_answered,
    TCPSHAKE_SAY_evidence_too_soon, TCPSHAKE_SAY_evidence_same_id, TCPSHAKE_SAY_evidence_same_window,
    TCPSHAKE_SAY_evidence_series,   TCPSHAKE_SAY_evidence_goes_on,
};

/* One piece more, if there is room for all of it. */
static void
say_also(tcpshake_sentence sentence, const tcpshake_arguments *arguments, char *text, size_t size)
{
    const size_t length = strlen(text);

    if (length > 0)
        g_strlcat(text, "; ", size);
    tcpshake_say(sentence, arguments, text, size);
    if (length > 0 && strlen(text) + 1 >= size)
        text[length] = '\0';
}

const char *
tcpshake_text_reset_evidence(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text,
                             size_t size)
{
    /* The evidence is about one end. Where both have sent a RST, the summary does not say which one it is about. */
    const tcpshake_role other = tcpshake_other_role((tcpshake_role)summary->reset_by), who = tcpshake_other_role(other);
    const int           end = who == TCPSHAKE_CLIENT ? conversation->client : TCPSHAKE_OTHER(conversation->client);
    const unsigned      ttl = conversation->end[end].ttl;
    const tcpshake_arguments arguments = {
        .who = who,
        .frame = conversation->time_wait.frame,
        .duration = summary->reset_idle,
        .name = tcpshake_reset_timer(conversation),
        .number = tcpshake_rare_of(conversation)->reset_ttl,
        .due = ttl,
    };

    const unsigned doubts = conversation->extra ? conversation->extra->doubts : 0;

    text[0] = '\0';
    if (summary->reset_cause == TCPSHAKE_CAUSE_NONE)
        return text;
    if (summary->reset_in_between) {
        tcpshake_say(TCPSHAKE_SAY_evidence_between, &arguments, text, size);
        return text;
    }
    if (summary->reset_cause != TCPSHAKE_CAUSE_FOREIGN || !doubts)
        tcpshake_say(evidences[summary->reset_cause], &arguments, text, size);
    for (unsigned i = 0; doubts >> i != 0; i++)
        if (doubts >> i & 1)
            say_also(doubted[i], &arguments, text, size);
    if (summary->reset_cause == TCPSHAKE_CAUSE_FOREIGN && conversation->extra && conversation->extra->reset_after_idle)
        say_also(TCPSHAKE_SAY_evidence_idle_expiry, &arguments, text, size);
    return text;
}
