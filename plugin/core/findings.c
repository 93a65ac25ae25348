/* findings.c
 * What was found, kept in the order of the frames that it is about.
 *
 * Only a later segment may prove what is wrong with an earlier one. Then the finding is put where it belongs, and remembers
 * which frame proved it: a first pass, which cannot go back, shows it there. What later evidence contradicts is withdrawn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scene.h"
#include "verdict.h"

#include <string.h>

/* How many findings back one is put in, looked for or withdrawn: what is further away stays as it is, so that no number of
 * findings makes the next one costly. */
enum { REACH = 64 };

static tcpshake_finding spare;

static uint32_t
reach_of(const tcpshake_conversation *conversation)
{
    return conversation->finding_count > REACH ? conversation->finding_count - REACH : 0;
}

static bool
reserve(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;

    if (conversation->finding_count < conversation->finding_capacity)
        return true;
    const uint32_t capacity = conversation->finding_capacity ? conversation->finding_capacity * 2 : 2;
    void *const    findings = scene->allocator->resize(scene->allocator->context, conversation->findings,
                                                       capacity * sizeof(tcpshake_finding));
    if (!findings)
        return false;
    conversation->findings = findings;
    conversation->finding_capacity = capacity;
    return true;
}

tcpshake_finding *
tcpshake_note_about(tcpshake_scene *scene, tcpshake_anomaly anomaly, uint32_t frame)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const uint32_t               now = scene->segment->frame, first = reach_of(conversation);
    uint32_t                     at = conversation->finding_count;

    conversation->anomalies |= UINT64_C(1) << anomaly;
    conversation->proven_frame = now;
    if (!reserve(scene))
        return &spare;
    while (at > first && conversation->findings[at - 1].frame > frame)
        at--;
    if (frame == 0 || (at > 0 && conversation->findings[at - 1].frame > frame)) {
        at = conversation->finding_count; /* out of reach: it stays with what proved it */
        frame = now;
    }
    tcpshake_finding *const finding = &conversation->findings[at];
    memmove(finding + 1, finding, (conversation->finding_count++ - at) * sizeof *finding);
    *finding = (tcpshake_finding) { .frame = frame, .proven_frame = now, .anomaly = (uint8_t)anomaly, .end = scene->from };
    return finding;
}

tcpshake_finding *
tcpshake_note(tcpshake_scene *scene, tcpshake_anomaly anomaly)
{
    return tcpshake_note_about(scene, anomaly, scene->segment->frame);
}

const tcpshake_finding *
tcpshake_last_found(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const uint32_t first = reach_of(conversation);

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
    spare = (tcpshake_finding) { 0 };
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
    if (tcpshake_recall(conversation, anomaly) == &spare && reach_of(conversation) == 0)
        conversation->anomalies &= ~(UINT64_C(1) << anomaly);
}

/* Proven by this frame, the last that proved anything: among the latest, wherever they were put in. */
static uint32_t
proven_by(const tcpshake_conversation *conversation, uint32_t frame, tcpshake_finding *findings, uint32_t room)
{
    uint32_t count = 0;

    if (conversation->proven_frame != frame)
        return 0;
    const uint32_t first = conversation->finding_count > 2 * REACH ? conversation->finding_count - 2 * REACH : 0;
    for (uint32_t i = first; i < conversation->finding_count && count < room; i++)
        if (conversation->findings[i].proven_frame == frame)
            findings[count++] = conversation->findings[i];
    return count;
}

static uint32_t
about(const tcpshake_conversation *conversation, uint32_t frame, tcpshake_finding *findings, uint32_t room)
{
    uint32_t low = 0, high = conversation->finding_count, count = 0;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (conversation->findings[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < conversation->finding_count && conversation->findings[low].frame == frame && count < room; low++)
        findings[count++] = conversation->findings[low];
    return count;
}

uint32_t
tcpshake_findings_on(const tcpshake_conversation *conversation, uint32_t frame, const tcpshake_limits *limits,
                     const tcpshake_knowledge *knowledge, tcpshake_finding *findings, uint32_t room)
{
    tcpshake_finding late[TCPSHAKE_VIEW_FINDINGS];

    if (!knowledge->hindsight)
        return proven_by(conversation, frame, findings, room);
    uint32_t     count = about(conversation, frame, findings, room);
    const size_t late_count = tcpshake_hindsight(conversation, limits, knowledge, late, TCPSHAKE_VIEW_FINDINGS);
    for (size_t i = 0; i < late_count && count < room; i++)
        if (late[i].frame == frame)
            findings[count++] = late[i];
    return count;
}
