/* outcomes.h
 * The categories that conversations are counted in: how they were opened and closed, and their anomalies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_OUTCOMES_H
#define TCPSHAKE_OUTCOMES_H

#include "conversation_list.h"
#include "../../text/phrases.h"

/* In each of the first two every conversation has one outcome, in "worst" and "closed by" as well; in the others it has
 * as many as apply, or none. */
typedef enum tcpshake_outcome_group {
    TCPSHAKE_OUTCOMES_HANDSHAKE,
    TCPSHAKE_OUTCOMES_TEARDOWN,
    TCPSHAKE_OUTCOMES_CLOSED_BY,
    TCPSHAKE_OUTCOMES_RESET_CAUSE,
    TCPSHAKE_OUTCOMES_WORST,
    TCPSHAKE_OUTCOMES_WARNINGS,
    TCPSHAKE_OUTCOMES_NOTES,
    TCPSHAKE_OUTCOMES_CHATS,
    TCPSHAKE_OUTCOME_GROUPS
} tcpshake_outcome_group;

enum { TCPSHAKE_OUTCOMES_MAX = 64 }; /* of a group */

/* The outcomes of one conversation: 1 << outcome, group by group. */
typedef struct tcpshake_outcomes {
    uint64_t of[TCPSHAKE_OUTCOME_GROUPS];
} tcpshake_outcomes;

/* How many conversations have each; group: at least one of the group. */
typedef struct tcpshake_outcome_counts {
    uint32_t conversations, group[TCPSHAKE_OUTCOME_GROUPS];
    uint32_t of[TCPSHAKE_OUTCOME_GROUPS][TCPSHAKE_OUTCOMES_MAX];
} tcpshake_outcome_counts;

void              tcpshake_outcomes_of(const tcpshake_summary *summary, tcpshake_outcomes *outcomes);
tcpshake_outcomes tcpshake_outcomes_now(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge);

/* The outcomes of a conversation as they are now take the place of those that it was counted with, if it was: then
 * true, and they are in *outcomes. counted: an array of tcpshake_outcomes by the conversation's number. */
bool tcpshake_exchange_outcomes(GArray *counted, unsigned number, tcpshake_outcomes *outcomes);

/* by: 1, or -1 to take a conversation back. */
void tcpshake_count_outcomes(tcpshake_outcome_counts *counts, const tcpshake_outcomes *outcomes, int by);

const char *tcpshake_outcome_group_name(tcpshake_outcome_group group);
const char *tcpshake_outcome_name(tcpshake_outcome_group group, unsigned outcome);

/* "syn_retransmission, slow_handshake": of 1 << tcpshake_anomaly. Belongs to the caller. */
char *tcpshake_anomaly_names(uint64_t anomalies);

#endif /* TCPSHAKE_OUTCOMES_H */
