/* rules.c
 * Puts the rules of all chapters to a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

/* A segment is one of these; what it is to the rules. */
enum { SORTS = 6, RULES_MAX = 40 };

static const unsigned kind_of_sort[SORTS] = { ON_SYN, ON_SYN_ACK, ON_ACK, ON_ACK | ON_FIN, ON_RESET, ON_NO_ACK };

/* The rules of all chapters that are put to a sort of segment, in the order of the chapters. Sorted once: to ask every rule on
 * every segment costs more than most rules do. */
typedef struct selection {
    const tcpshake_rule *rule[RULES_MAX];
    size_t               count;
} selection;

static selection selections[SORTS];

static unsigned
sort_of(unsigned flags)
{
    enum { SYN, SYN_ACK, PLAIN, WITH_FIN, RESET, NO_ACK };

    if (flags & TCPSHAKE_RST)
        return RESET;
    if (flags & TCPSHAKE_SYN)
        return flags & TCPSHAKE_ACK ? SYN_ACK : SYN;
    if (!(flags & TCPSHAKE_ACK))
        return NO_ACK;
    return flags & TCPSHAKE_FIN ? WITH_FIN : PLAIN;
}

static void
select_rules(selection *selected, unsigned kind)
{
    static const tcpshake_rules *const chapters[] = {
        &tcpshake_rules_opening, &tcpshake_rules_open, &tcpshake_rules_closing
    };

    for (size_t chapter = 0; chapter < sizeof chapters / sizeof chapters[0]; chapter++)
        for (size_t i = 0; i < chapters[chapter]->count; i++)
            if (chapters[chapter]->rule[i].on & kind && selected->count < RULES_MAX)
                selected->rule[selected->count++] = &chapters[chapter]->rule[i];
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

void
tcpshake_judge(tcpshake_scene *scene)
{
    const unsigned         sort = sort_of(scene->segment->flags);
    selection *const       selected = &selections[sort];
    const tcpshake_finding here = { .frame = scene->segment->frame, .end = scene->from };

    if (selected->count == 0)
        select_rules(selected, kind_of_sort[sort]);
    for (size_t i = 0; i < selected->count; i++) {
        tcpshake_finding found = here;
        if (selected->rule[i]->applies(scene, &found))
            note(scene, selected->rule[i]->anomaly, &found);
    }
}
