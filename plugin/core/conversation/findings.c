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

#include "../no_inline.h"

#include <string.h>

/* What an anomaly does not hold without, as 1 << tcpshake_presumption: where that is taken back, so is the finding. */
static const uint8_t stands_on[TCPSHAKE_ANOMALIES] = {
    [TCPSHAKE_ANOMALY_connection_refused] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_handshake_aborted] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_read_timeout] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_keepalive_unanswered] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_connection_reset] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_abortive_close] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_reset_while_closing] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_data_after_close] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_time_wait_assassination] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_close_wait_lingering] = 1 << TCPSHAKE_PRESUMED_RST,
    [TCPSHAKE_ANOMALY_close_wait_idle] = 1 << TCPSHAKE_PRESUMED_RST,
};

/* Room for one more. */
static bool
reserve(tcpshake_conversation *conversation, const tcpshake_allocator *allocator)
{
    tcpshake_findings *const old = conversation->findings;

    if (old && old->count < old->capacity)
        return true;
    const uint32_t           capacity = old && old->capacity ? old->capacity * 2 : 2;
    const size_t             size = sizeof *old + capacity * sizeof old->one[0];
    tcpshake_findings *const larger = allocator->resize(allocator->context, old, size);
    if (!larger)
        return false;
    if (!old)
        *larger = (tcpshake_findings){ 0 };
    larger->capacity = capacity;
    conversation->findings = larger;
    return true;
}

static uint32_t *
tally_of(const tcpshake_conversation *conversation)
{
    return conversation->extra ? conversation->extra->tally : NULL;
}

/* Where there are more findings than are looked through, how many there are of each kind. */
static void
keep_tally(tcpshake_conversation *conversation, const tcpshake_allocator *allocator)
{
    const size_t                   size = TCPSHAKE_ANOMALIES * sizeof(uint32_t);
    const tcpshake_findings *const findings = conversation->findings;
    tcpshake_extra                *extra;

    if (findings->count < TCPSHAKE_FINDINGS_REACH || tally_of(conversation))
        return;
    extra = tcpshake_extra_of(conversation, allocator);
    if (!extra)
        return;
    extra->tally = tcpshake_allocate(allocator, size);
    if (!extra->tally)
        return;
    for (uint32_t i = 0; i < findings->count; i++)
        extra->tally[findings->one[i].anomaly]++;
}

/* Out of line: few rules ever apply. */
TCPSHAKE_NO_INLINE void
tcpshake_add_finding(tcpshake_conversation *conversation, const tcpshake_finding *finding, uint32_t proven_frame,
                     const tcpshake_allocator *allocator)
{
    const uint32_t first = tcpshake_findings_within_reach(conversation);

    if (!reserve(conversation, allocator))
        return;
    tcpshake_findings *const findings = conversation->findings;
    uint32_t                 at = findings->count, frame = finding->frame;
    findings->anomalies |= UINT64_C(1) << finding->anomaly;
    findings->proven_frame = proven_frame;
    keep_tally(conversation, allocator);
    if (tally_of(conversation))
        tally_of(conversation)[finding->anomaly]++;
    while (at > first && findings->one[at - 1].frame > frame)
        at--;
    if (frame == 0 || (at > 0 && findings->one[at - 1].frame > frame)) {
        at = findings->count; /* out of reach: it stays with what proved it */
        frame = proven_frame;
    }
    tcpshake_finding *const place = &findings->one[at];
    memmove(place + 1, place, (findings->count++ - at) * sizeof *place);
    *place = *finding;
    place->frame = frame;
    place->proven_frame = proven_frame;
}

static const tcpshake_finding *
search(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly, uint32_t since)
{
    const tcpshake_finding *const found = tcpshake_first_finding(conversation);
    const uint32_t                first = tcpshake_findings_within_reach(conversation);

    for (uint32_t i = tcpshake_finding_count(conversation); i > first; i--)
        if (found[i - 1].anomaly == anomaly)
            return found[i - 1].frame >= since ? &found[i - 1] : NULL;
    return NULL;
}

const tcpshake_finding *
tcpshake_search_findings(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    return search(conversation, anomaly, tcpshake_begun(conversation));
}

bool
tcpshake_found_on(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly, uint32_t frame)
{
    const tcpshake_finding *const found = tcpshake_first_finding(conversation);
    const uint32_t                first = tcpshake_findings_within_reach(conversation);

    for (uint32_t i = tcpshake_finding_count(conversation); i > first && found[i - 1].frame >= frame; i--)
        if (found[i - 1].frame == frame && found[i - 1].anomaly == anomaly)
            return true;
    return false;
}

tcpshake_finding *
tcpshake_recall(tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const tcpshake_finding *const last = tcpshake_last_found(conversation, anomaly);

    return last ? &conversation->findings->one[last - conversation->findings->one] : NULL;
}

tcpshake_finding *
tcpshake_recall_of(tcpshake_conversation *conversation, tcpshake_anomaly anomaly, int end)
{
    const uint32_t first = tcpshake_findings_within_reach(conversation), begun = tcpshake_begun(conversation);

    for (uint32_t i = tcpshake_finding_count(conversation); i > first; i--) {
        tcpshake_finding *const finding = &conversation->findings->one[i - 1];
        if (finding->frame < begun)
            return NULL;
        if (finding->anomaly == anomaly && finding->end == end)
            return finding;
    }
    return NULL;
}

static bool
has_another(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const uint32_t *const tally = tally_of(conversation);

    return tally ? tally[anomaly] > 0 : search(conversation, anomaly, 0) != NULL;
}

static void
withdraw_at(tcpshake_conversation *conversation, uint32_t at)
{
    tcpshake_findings *const findings = conversation->findings;
    tcpshake_finding *const  gone = &findings->one[at];
    const tcpshake_anomaly   anomaly = (tcpshake_anomaly)gone->anomaly;

    memmove(gone, gone + 1, (--findings->count - at) * sizeof *gone);
    if (tally_of(conversation))
        tally_of(conversation)[anomaly]--;
    if (!has_another(conversation, anomaly))
        findings->anomalies &= ~(UINT64_C(1) << anomaly);
}

void
tcpshake_withdraw(tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    const tcpshake_finding *const gone = tcpshake_last_found(conversation, anomaly);

    if (gone)
        withdraw_at(conversation, (uint32_t)(gone - conversation->findings->one));
}

void
tcpshake_withdraw_from(tcpshake_conversation *conversation, uint32_t frame, uint64_t anomalies)
{
    const tcpshake_finding *const found = tcpshake_first_finding(conversation);
    const uint32_t                first = tcpshake_findings_within_reach(conversation);

    for (uint32_t i = tcpshake_finding_count(conversation); i > first && found[i - 1].frame >= frame; i--)
        if (found[i - 1].frame == frame && anomalies >> found[i - 1].anomaly & 1)
            withdraw_at(conversation, i - 1);
}

void
tcpshake_withdraw_without(tcpshake_conversation *conversation, uint32_t frame, tcpshake_presumption presumed)
{
    const uint32_t first = tcpshake_findings_within_reach(conversation);

    for (uint32_t i = tcpshake_finding_count(conversation); i > first; i--) {
        const tcpshake_finding *const finding = &conversation->findings->one[i - 1];
        if ((finding->proven_frame == frame || finding->frame == frame) && stands_on[finding->anomaly] & 1u << presumed)
            withdraw_at(conversation, i - 1);
    }
}
