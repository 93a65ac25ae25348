/* outcomes.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "outcomes.h"

#include "../fields/fields.h"
#include "../prefs.h"

G_STATIC_ASSERT((int)TCPSHAKE_ANOMALIES <= (int)TCPSHAKE_OUTCOMES_MAX);

/* Outcomes of "worst": a severity plus 1. */
enum { WORST_NONE };

static const struct {
    tcpshake_phrase name;
    tcpshake_field  field; /* whose values its outcomes are; 0: none's */
} groups[TCPSHAKE_OUTCOME_GROUPS] = {
    [TCPSHAKE_OUTCOMES_HANDSHAKE] = { TCPSHAKE_PHRASE_HANDSHAKE, HF_handshake },
    [TCPSHAKE_OUTCOMES_TEARDOWN] = { TCPSHAKE_PHRASE_TEARDOWN, HF_teardown },
    [TCPSHAKE_OUTCOMES_CLOSED_BY] = { TCPSHAKE_PHRASE_CLOSED_BY, HF_closed_by },
    [TCPSHAKE_OUTCOMES_RESET_CAUSE] = { TCPSHAKE_PHRASE_RESET_CAUSE, HF_reset_cause },
    [TCPSHAKE_OUTCOMES_WORST] = { TCPSHAKE_PHRASE_WORST, 0 },
    [TCPSHAKE_OUTCOMES_WARNINGS] = { TCPSHAKE_PHRASE_WARNINGS, 0 },
    [TCPSHAKE_OUTCOMES_NOTES] = { TCPSHAKE_PHRASE_NOTES, 0 },
    [TCPSHAKE_OUTCOMES_CHATS] = { TCPSHAKE_PHRASE_CHATS, 0 },
};

static const tcpshake_phrase worst_names[] = {
    [WORST_NONE] = TCPSHAKE_PHRASE_NO_ANOMALY,
    [TCPSHAKE_CHAT + 1] = TCPSHAKE_PHRASE_CHAT,
    [TCPSHAKE_NOTE + 1] = TCPSHAKE_PHRASE_NOTE,
    [TCPSHAKE_WARN + 1] = TCPSHAKE_PHRASE_WARNING,
};

static const tcpshake_outcome_group group_of_severity[] = {
    [TCPSHAKE_CHAT] = TCPSHAKE_OUTCOMES_CHATS,
    [TCPSHAKE_NOTE] = TCPSHAKE_OUTCOMES_NOTES,
    [TCPSHAKE_WARN] = TCPSHAKE_OUTCOMES_WARNINGS,
};

static inline uint64_t
bit(unsigned outcome)
{
    return UINT64_C(1) << outcome;
}

void
tcpshake_outcomes_of(const tcpshake_summary *summary, tcpshake_outcomes *outcomes)
{
    unsigned worst = WORST_NONE;

    *outcomes =
        (tcpshake_outcomes){ .of = {
                                 [TCPSHAKE_OUTCOMES_HANDSHAKE] = bit(summary->handshake),
                                 [TCPSHAKE_OUTCOMES_TEARDOWN] = bit(summary->teardown),
                                 [TCPSHAKE_OUTCOMES_CLOSED_BY] = bit(summary->closed_by),
                                 [TCPSHAKE_OUTCOMES_RESET_CAUSE] =
                                     summary->reset_cause == TCPSHAKE_CAUSE_NONE ? 0 : bit(summary->reset_cause),
                             } };
    for (unsigned anomaly = 0; anomaly < TCPSHAKE_ANOMALIES && summary->anomalies >> anomaly; anomaly++) {
        if (!(summary->anomalies & bit(anomaly)))
            continue;
        const uint8_t severity = tcpshake_anomaly_row((tcpshake_anomaly)anomaly)->severity;
        outcomes->of[group_of_severity[severity]] |= bit(anomaly);
        worst = MAX(worst, severity + 1u);
    }
    outcomes->of[TCPSHAKE_OUTCOMES_WORST] = bit(worst);
}

tcpshake_outcomes
tcpshake_outcomes_now(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    tcpshake_summary  summary;
    tcpshake_outcomes outcomes;

    tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
    tcpshake_outcomes_of(&summary, &outcomes);
    return outcomes;
}

bool
tcpshake_exchange_outcomes(GArray *counted, unsigned number, tcpshake_outcomes *outcomes)
{
    const bool              was_counted = number < counted->len;
    const tcpshake_outcomes now = *outcomes;

    if (!was_counted)
        g_array_set_size(counted, number + 1);
    tcpshake_outcomes *const place = &g_array_index(counted, tcpshake_outcomes, number);
    *outcomes = *place;
    *place = now;
    return was_counted;
}

void
tcpshake_count_outcomes(tcpshake_outcome_counts *counts, const tcpshake_outcomes *outcomes, int by)
{
    counts->conversations += (uint32_t)by;
    for (unsigned group = 0; group < TCPSHAKE_OUTCOME_GROUPS; group++) {
        if (outcomes->of[group])
            counts->group[group] += (uint32_t)by;
        for (unsigned outcome = 0; outcome < TCPSHAKE_OUTCOMES_MAX && outcomes->of[group] >> outcome; outcome++)
            if (outcomes->of[group] >> outcome & 1)
                counts->of[group][outcome] += (uint32_t)by;
    }
}

const char *
tcpshake_outcome_group_name(tcpshake_outcome_group group)
{
    return tcpshake_phrase_text(groups[group].name);
}

const char *
tcpshake_outcome_name(tcpshake_outcome_group group, unsigned outcome)
{
    if (group == TCPSHAKE_OUTCOMES_WORST)
        return tcpshake_phrase_text(worst_names[outcome]);
    if (group == TCPSHAKE_OUTCOMES_CLOSED_BY && outcome == TCPSHAKE_NOBODY)
        return tcpshake_phrase_text(TCPSHAKE_PHRASE_NOBODY);
    return groups[group].field ? tcpshake_value_name(groups[group].field, outcome)
                               : tcpshake_anomaly_row((tcpshake_anomaly)outcome)->name;
}

char *
tcpshake_anomaly_names(uint64_t anomalies)
{
    GString *text = g_string_new(NULL);

    for (unsigned anomaly = 0; anomaly < TCPSHAKE_ANOMALIES && anomalies >> anomaly; anomaly++)
        if (anomalies & bit(anomaly))
            g_string_append_printf(text, "%s%s", text->len ? ", " : "",
                                   tcpshake_anomaly_row((tcpshake_anomaly)anomaly)->name);
    return g_string_free(text, FALSE);
}
