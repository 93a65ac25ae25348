/* hindsight.c
 * What the end of the capture proves: anomalies that only silence shows. They are on the segment that got no answer.
 *
 * Nothing is stored: they follow from the record and from the time at which the capture ended. So a live capture that
 * continues, or a changed limit, does not require reading the capture again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict.h"

#include "../rules/rules.h"

static void
add(tcpshake_finding *findings, size_t count, const tcpshake_finding *found)
{
    size_t at = count;

    for (; at > 0 && findings[at - 1].frame > found->frame; at--)
        findings[at] = findings[at - 1];
    findings[at] = *found;
}

size_t
tcpshake_hindsight(const tcpshake_conversation *conversation, const tcpshake_limits *limits,
                   const tcpshake_knowledge *knowledge, tcpshake_finding *findings, size_t room)
{
    const tcpshake_ending ending = { conversation, limits, tcpshake_watched_until(conversation, knowledge),
                                     tcpshake_points_watched_until(conversation, knowledge), knowledge->hosts };
    size_t                count = 0;

    for (size_t file = 0; knowledge->hindsight && file < TCPSHAKE_CHAPTERS; file++)
        for (size_t i = 0; i < tcpshake_rules_of[file]->count; i++) {
            const tcpshake_rule *const rule = &tcpshake_rules_of[file]->rule[i];
            for (int end = 0; rule->at_end && end < TCPSHAKE_ENDS && count < room; end++) {
                tcpshake_finding found = { .anomaly = (uint8_t)rule->anomaly, .end = (uint8_t)end };
                if (rule->at_end(&ending, end, &found))
                    add(findings, count++, &found);
            }
        }
    return count;
}
