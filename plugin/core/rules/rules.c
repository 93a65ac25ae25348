/* rules.c
 * Puts the rules of all chapters to a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

/* A segment is one of these; what it is to the rules. */
enum { SYN, SYN_ACK, PLAIN, EARLY_PLAIN, WITH_FIN, EARLY_WITH_FIN, RESET, NO_ACK, SORTS };

static const unsigned kind_of_sort[SORTS] = {
    [SYN] = ON_SYN,
    [SYN_ACK] = ON_SYN_ACK,
    [PLAIN] = ON_ACK,
    [EARLY_PLAIN] = ON_ACK | ON_EARLY_ACK,
    [WITH_FIN] = ON_ACK | ON_FIN,
    [EARLY_WITH_FIN] = ON_ACK | ON_EARLY_ACK | ON_FIN,
    [RESET] = ON_RESET,
    [NO_ACK] = ON_NO_ACK,
};

enum { RULES_MAX = 40 };

/* The rules of all chapters that are put to a sort of segment, in the order of the chapters. Sorted once: to ask every
 * rule on every segment costs more than most rules do. */
typedef struct selection {
    struct {
        uint64_t             ends; /* what it asks of both, in the form of flags_of() */
        const tcpshake_rule *rule;
    } item[RULES_MAX];
    size_t count;
} selection;

static selection selections[SORTS];

static bool
is_opening(const tcpshake_end *end)
{
    return end->state == TCPSHAKE_SYN_SENT || end->state == TCPSHAKE_SYN_RECEIVED;
}

static unsigned
sort_of(const tcpshake_arrival *arrival)
{
    const unsigned flags = arrival->segment->flags;

    if (flags & TCPSHAKE_RST)
        return RESET;
    if (flags & TCPSHAKE_SYN)
        return flags & TCPSHAKE_ACK ? SYN_ACK : SYN;
    if (!(flags & TCPSHAKE_ACK))
        return NO_ACK;
    const bool early = is_opening(arrival->sender) || is_opening(arrival->receiver);
    return (flags & TCPSHAKE_FIN ? WITH_FIN : PLAIN) + early;
}

/* TCPSHAKE_END_… of both ends, to be compared at once. */
static inline uint64_t
flags_of(uint32_t sender, uint32_t receiver)
{
    return sender | (uint64_t)receiver << 32;
}

static void
select_rules(selection *selected, unsigned kind)
{
    static const tcpshake_rules *const chapters[] = { &tcpshake_rules_opening, &tcpshake_rules_open,
                                                      &tcpshake_rules_closing };

    for (size_t chapter = 0; chapter < sizeof chapters / sizeof chapters[0]; chapter++)
        for (size_t i = 0; i < chapters[chapter]->count; i++) {
            const tcpshake_rule *const rule = &chapters[chapter]->rule[i];
            if (!(rule->on & kind) || selected->count == RULES_MAX)
                continue;
            selected->item[selected->count].ends = flags_of(rule->sender, rule->receiver);
            selected->item[selected->count++].rule = rule;
        }
}

static void
note(tcpshake_arrival *arrival, tcpshake_anomaly anomaly, const tcpshake_finding *found)
{
    tcpshake_finding *const finding = tcpshake_note_about(arrival, anomaly, found->frame);
    const tcpshake_finding  where = *finding;

    *finding = *found;
    finding->frame = where.frame;
    finding->proven_frame = where.proven_frame;
    finding->anomaly = where.anomaly;
}

void
tcpshake_judge(tcpshake_arrival *arrival)
{
    const unsigned   sort = sort_of(arrival);
    selection *const selected = &selections[sort];

    if (selected->count == 0)
        select_rules(selected, kind_of_sort[sort]);
    const uint64_t ends = flags_of(arrival->sender->flags, arrival->receiver->flags);
    for (size_t i = 0; i < selected->count; i++) {
        if ((selected->item[i].ends & ~ends) != 0)
            continue;
        const tcpshake_rule *const rule = selected->item[i].rule;
        tcpshake_finding           found = { .frame = arrival->segment->frame, .end = arrival->from };
        if (rule->applies(arrival, &found))
            note(arrival, rule->anomaly, &found);
    }
}
