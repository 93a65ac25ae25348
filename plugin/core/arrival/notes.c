/* notes.c
 * What a segment in hand has shown is written into the conversation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"

#include <string.h>

static tcpshake_finding spare;

static bool
reserve(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->finding_count < conversation->finding_capacity)
        return true;
    const uint32_t capacity = conversation->finding_capacity ? conversation->finding_capacity * 2 : 2;
    void *const    findings = arrival->allocator->resize(arrival->allocator->context, conversation->findings,
                                                         capacity * sizeof(tcpshake_finding));
    if (!findings)
        return false;
    conversation->findings = findings;
    conversation->finding_capacity = capacity;
    return true;
}

tcpshake_finding *
tcpshake_note_about(tcpshake_arrival *arrival, tcpshake_anomaly anomaly, uint32_t frame)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t               now = arrival->segment->frame, first = tcpshake_findings_within_reach(conversation);
    uint32_t                     at = conversation->finding_count;

    conversation->anomalies |= UINT64_C(1) << anomaly;
    conversation->proven_frame = now;
    if (!reserve(arrival))
        return &spare;
    while (at > first && conversation->findings[at - 1].frame > frame)
        at--;
    if (frame == 0 || (at > 0 && conversation->findings[at - 1].frame > frame)) {
        at = conversation->finding_count; /* out of reach: it stays with what proved it */
        frame = now;
    }
    tcpshake_finding *const finding = &conversation->findings[at];
    memmove(finding + 1, finding, (conversation->finding_count++ - at) * sizeof *finding);
    *finding =
        (tcpshake_finding){ .frame = frame, .proven_frame = now, .anomaly = (uint8_t)anomaly, .end = arrival->from };
    return finding;
}

tcpshake_finding *
tcpshake_note(tcpshake_arrival *arrival, tcpshake_anomaly anomaly)
{
    return tcpshake_note_about(arrival, anomaly, arrival->segment->frame);
}

/* The segment in that frame, by that end, acted upon one that is not in the capture. */
void
tcpshake_note_gap(tcpshake_arrival *arrival, uint32_t frame, int end, tcpshake_missing what)
{
    tcpshake_finding *const finding = tcpshake_note_about(arrival, TCPSHAKE_ANOMALY_segment_not_captured, frame);

    finding->end = (uint8_t)end;
    finding->missing.what = (uint8_t)what;
}
