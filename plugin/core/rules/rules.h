/* rules.h
 * The shape of a rule: what is out of the ordinary about a segment, judged before it moves anything. Not for users of
 * the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_RULES_H
#define TCPSHAKE_RULES_H

#include "../arrival/arrival.h"

#include <stddef.h>

/* Whether it applies. The arrival shows both ends as they are when the segment passes. The finding is about this
 * segment and its sender unless the rule writes otherwise; the rule writes the numbers that prove it. */
typedef bool tcpshake_rule_function(const tcpshake_arrival *arrival, tcpshake_finding *finding);

/* What a segment is, as rules ask for it; a bit each. */
enum {
    ON_SYN = 1 << 0, /* a bare SYN */
    ON_SYN_ACK = 1 << 1,
    ON_ACK = 1 << 2,       /* neither SYN nor RST, with data or without */
    ON_EARLY_ACK = 1 << 3, /* the same, while an end is in SYN-SENT or SYN-RECEIVED */
    ON_FIN = 1 << 4,       /* the same as ON_ACK, and with FIN */
    ON_RESET = 1 << 5,
    ON_NO_ACK = 1 << 6, /* without SYN, RST and ACK: section 3.10.7.4 has it dropped */
};

typedef struct tcpshake_rule {
    tcpshake_anomaly        anomaly;
    unsigned                on;               /* which segments it is put to */
    uint32_t                sender, receiver; /* and of which ends: TCPSHAKE_END_…, all of them */
    tcpshake_rule_function *applies;
} tcpshake_rule;

typedef struct tcpshake_rules {
    const tcpshake_rule *rule;
    size_t               count;
} tcpshake_rules;

/* One for each chapter of the catalogue. */
extern const tcpshake_rules tcpshake_rules_opening, tcpshake_rules_open, tcpshake_rules_closing;

#define TCPSHAKE_RULES(chapter, rules) \
    const tcpshake_rules tcpshake_rules_##chapter = { rules, sizeof rules / sizeof rules[0] }

/* rules.c, and a file for each chapter: what is out of the ordinary about a segment, judged before it moves anything.
 */
void tcpshake_judge(tcpshake_arrival *arrival);

/* reconsider.c */
void tcpshake_restore_isn(tcpshake_arrival *arrival);
void tcpshake_restore_fin(tcpshake_arrival *arrival);
void tcpshake_doubt_fin(tcpshake_arrival *arrival);
void tcpshake_reconsider(tcpshake_arrival *arrival);

#endif /* TCPSHAKE_RULES_H */
