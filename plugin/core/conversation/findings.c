/* findings.c
 * What was found, kept in the order of the frames that it is about.
 *
 * Only a later segment may prove what is wrong with an earlier one. Then the finding is put where it belongs, and
 * remembers which frame proved it: a first pass, which cannot go back, shows it there. What later evidence contradicts
 * is withdrawn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

#include <string.h>

static tcpshake_finding spare;

const tcpshake_finding *
tcpshake_last_found(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const uint32_t first = tcpshake_findings_within_reach(conversation);

    if (tcpshake_found(conversation, anomaly))
        for (uint32_t i = conversation->finding_count; i > first; i--)
            if (conversation->findings[i - 1].anomaly == anomaly)
                return &conversation->findings[i - 1];
    return NULL;
}

/* The last of its kind. */
tcpshake_finding *
tcpshake_recall(tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const tcpshake_finding *const last = tcpshake_last_found(conversation, anomaly);

    if (last)
        return &conversation->findings[last - conversation->findings];
    spare = (tcpshake_finding){ 0 };
    return &spare;
}

void
tcpshake_withdraw(tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const tcpshake_finding *const gone = tcpshake_recall(conversation, anomaly);

    if (gone == &spare)
        return;
    const uint32_t at = (uint32_t)(gone - conversation->findings);
    memmove(conversation->findings + at, conversation->findings + at + 1,
            (--conversation->finding_count - at) * sizeof *gone);
    if (tcpshake_recall(conversation, anomaly) == &spare && tcpshake_findings_within_reach(conversation) == 0)
        conversation->anomalies &= ~(UINT64_C(1) << anomaly);
}
