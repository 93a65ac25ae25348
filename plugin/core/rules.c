/* rules.c
 * Puts the rules of all chapters to a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

static void
put(tcpshake_scene *scene, const tcpshake_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const tcpshake_rule *const rule = &rules->rule[i];
        tcpshake_finding           found = { .frame = scene->segment->frame, .end = scene->from };
        if ((scene->segment->flags & rule->among) != rule->flags || !rule->applies(scene, &found))
            continue;
        tcpshake_finding *const finding = tcpshake_note_about(scene, rule->anomaly, found.frame);
        found.frame = finding->frame;
        found.proven_frame = finding->proven_frame;
        found.anomaly = finding->anomaly;
        *finding = found;
    }
}

void
tcpshake_judge(tcpshake_scene *scene)
{
    put(scene, &tcpshake_rules_opening);
    put(scene, &tcpshake_rules_open);
    put(scene, &tcpshake_rules_closing);
}
