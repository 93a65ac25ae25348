/* rules.c
 * Puts the rules of all chapters to a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

const tcpshake_rules *const tcpshake_rules_of[TCPSHAKE_CHAPTERS] = {
    &tcpshake_rules_opening, &tcpshake_rules_answer,  &tcpshake_rules_open,
    &tcpshake_rules_closing, &tcpshake_rules_capture,
};

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

/* The rules of all chapters that are put to a sort of segment, in the order of the chapters. Sorted once: to ask every
 * rule on every segment costs more than most rules do. */
typedef struct selection {
    struct {
        uint64_t             asks; /* of both ends, in the form of flags_of(); after the segment: what it shows */
        const tcpshake_rule *rule;
    } item[TCPSHAKE_CHAPTERS * TCPSHAKE_CHAPTER_RULES_MAX];
    size_t count;
} selection;

static selection before[SORTS], after;

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
select_rule(selection *selected, const tcpshake_rule *rule, uint64_t asks)
{
    selected->item[selected->count].asks = asks;
    selected->item[selected->count++].rule = rule;
}

/* kind: of segments before they move anything; 0: rules that are asked afterwards. */
static void
select_rules(selection *selected, unsigned kind)
{
    for (size_t chapter = 0; chapter < TCPSHAKE_CHAPTERS; chapter++)
        for (size_t i = 0; i < tcpshake_rules_of[chapter]->count; i++) {
            const tcpshake_rule *const rule = &tcpshake_rules_of[chapter]->rule[i];
            if (kind && rule->before && rule->on & kind)
                select_rule(selected, rule, flags_of(rule->sender, rule->receiver));
            else if (!kind && rule->after)
                select_rule(selected, rule, rule->shows);
        }
}

/* It is proven by this segment, as it was found. */
static void
note(tcpshake_arrival *arrival, const tcpshake_rule *rule, const tcpshake_finding *found)
{
    const uint32_t   now = arrival->segment->frame;
    tcpshake_finding noted = *found;

    if (rule->mirrored) { /* the other frame shows it only in hindsight */
        noted.frame = found->related_frame;
        noted.related_frame = found->frame;
        tcpshake_add_finding(arrival->conversation, &noted, 0, arrival->allocator);
    }
    tcpshake_add_finding(arrival->conversation, found, now, arrival->allocator);
}

static void
judge(tcpshake_arrival *arrival, const tcpshake_rule *rule, tcpshake_rule_function *applies)
{
    tcpshake_finding found = { .frame = arrival->segment->frame,
                               .end = arrival->from,
                               .anomaly = (uint8_t)rule->anomaly };

    if (applies(arrival, &found))
        note(arrival, rule, &found);
}

void
tcpshake_judge_before(tcpshake_arrival *arrival)
{
    const unsigned   sort = sort_of(arrival);
    selection *const selected = &before[sort];

    if (selected->count == 0)
        select_rules(selected, kind_of_sort[sort]);
    const uint64_t ends = flags_of(arrival->sender->flags, arrival->receiver->flags);
    for (size_t i = 0; i < selected->count; i++)
        if ((selected->item[i].asks & ~ends) == 0)
            judge(arrival, selected->item[i].rule, selected->item[i].rule->before);
}

void
tcpshake_judge_after(tcpshake_arrival *arrival)
{
    if (arrival->shows == 0)
        return;
    if (after.count == 0)
        select_rules(&after, 0);
    for (size_t i = 0; i < after.count; i++)
        if (after.item[i].asks & arrival->shows)
            judge(arrival, after.item[i].rule, after.item[i].rule->after);
}
