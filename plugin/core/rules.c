/* rules.c
 * Puts the rules of all chapters to a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

static unsigned
kind_of(unsigned flags)
{
    enum { SYN = TCPSHAKE_SYN, RST = TCPSHAKE_RST, ACK = TCPSHAKE_ACK };

    if (flags & RST)
        return ON_RESET;
    if (flags & SYN)
        return flags & ACK ? ON_SYN_ACK : ON_SYN;
    if (!(flags & ACK))
        return ON_NO_ACK;
    return flags & TCPSHAKE_FIN ? ON_ACK | ON_FIN : ON_ACK;
}

static void
note(tcpshake_scene *scene, tcpshake_anomaly anomaly, const tcpshake_finding *found)
{
    tcpshake_finding *const finding = tcpshake_note_about(scene, anomaly, found->frame);
    const tcpshake_finding  where = *finding;

    *finding = *found;
    finding->frame = where.frame;
    finding->proven_frame = where.proven_frame;
    finding->anomaly = where.anomaly;
}

static void
put(tcpshake_scene *scene, const tcpshake_rules *rules, unsigned kind)
{
    const tcpshake_finding here = { .frame = scene->segment->frame, .end = scene->from };
    tcpshake_finding       found = here;

    for (size_t i = 0; i < rules->count; i++) {
        const tcpshake_rule *const rule = &rules->rule[i];
        if (!(rule->on & kind))
            continue;
        if (rule->applies(scene, &found))
            note(scene, rule->anomaly, &found);
        found = here;
    }
}

void
tcpshake_judge(tcpshake_scene *scene)
{
    const unsigned kind = kind_of(scene->segment->flags);

    put(scene, &tcpshake_rules_opening, kind);
    put(scene, &tcpshake_rules_open, kind);
    put(scene, &tcpshake_rules_closing, kind);
}
