/* rules.c
 * Asks the rules of all chapters about a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

#include "../no_inline.h"

const tcpshake_rules *const tcpshake_rules_of[TCPSHAKE_CHAPTERS] = {
    &tcpshake_rules_opening, &tcpshake_rules_answer,  &tcpshake_rules_open, &tcpshake_rules_closing,
    &tcpshake_rules_capture, &tcpshake_rules_between, &tcpshake_rules_lost,
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
typedef struct selected_rule {
    uint64_t                asks;  /* of both ends, in the form of flags_of() */
    uint64_t                other; /* distance to the next rule that asks for something else */
    tcpshake_rule_function *before;
    const tcpshake_rule    *rule;
} selected_rule;

enum { RULES_MAX = TCPSHAKE_CHAPTERS * TCPSHAKE_CHAPTER_RULES_MAX };

typedef struct selection {
    selected_rule item[RULES_MAX];
    size_t        count;
} selection;

/* And those that are asked about what a segment shows, by the number of the bit. */
typedef struct shown {
    const tcpshake_rule *rule[RULES_MAX];
    size_t               count;
} shown;

static selection before[SORTS], long_waits;
static shown     after[TCPSHAKE_SHOWS_BITS];
static bool      is_selected;

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
add(selection *selected, const tcpshake_rule *rule)
{
    selected->item[selected->count++] =
        (selected_rule){ flags_of(rule->sender, rule->receiver), 1, rule->before, rule };
    for (size_t i = selected->count - 1; i > 0 && selected->item[i - 1].asks == selected->item[i].asks; i--)
        selected->item[i - 1].other++;
}

static void
select_before(const tcpshake_rule *rule)
{
    if (rule->long_wait)
        add(&long_waits, rule);
    for (unsigned sort = 0; rule->before && !rule->long_wait && sort < SORTS; sort++)
        if (rule->on & kind_of_sort[sort])
            add(&before[sort], rule);
}

static void
select_after(const tcpshake_rule *rule)
{
    for (unsigned bit = 0; rule->after && bit < TCPSHAKE_SHOWS_BITS; bit++)
        if (rule->shows >> bit & 1)
            after[bit].rule[after[bit].count++] = rule;
}

static void
select_rules(void)
{
    for (size_t chapter = 0; chapter < TCPSHAKE_CHAPTERS; chapter++)
        for (size_t i = 0; i < tcpshake_rules_of[chapter]->count; i++) {
            select_before(&tcpshake_rules_of[chapter]->rule[i]);
            select_after(&tcpshake_rules_of[chapter]->rule[i]);
        }
    is_selected = true;
}

/* Somebody has waited longer than a limit: what few rules ask, and few segments end. Before the first segment nobody
 * waits. */
static bool
ends_long_wait(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->last_frame == 0)
        return false;
    const int64_t gap = arrival->segment->time - tcpshake_last_time(conversation);
    return tcpshake_is_over(gap, arrival->limits->socket_timeout) ||
           (conversation->asked.frame != 0 &&
            tcpshake_is_over(tcpshake_since(arrival, conversation->asked), arrival->limits->read_timeout));
}

/* It is proven by this segment, as it was found. */
static void
note(tcpshake_arrival *arrival, const tcpshake_rule *rule, const tcpshake_finding *found)
{
    const uint32_t   now = arrival->segment->frame;
    tcpshake_finding noted = *found;

    if (rule->replaces)
        tcpshake_withdraw_from(arrival->conversation, found->frame, rule->replaces);
    if (rule->mirrored && found->related_frame) { /* the other frame shows it only in hindsight */
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

    bool another = applies(arrival, &found);
    while (another) {
        note(arrival, rule, &found);
        another = rule->for_each && applies == rule->after && applies(arrival, &found);
    }
}

/* Few rules ever apply. So all are asked with one finding, which earlier rules may have written into; a rule that
 * applies is asked once more, with a finding of its own. */
static inline void
judge_all(tcpshake_arrival *arrival, const selection *selected)
{
    const uint64_t             missing = ~flags_of(arrival->sender->flags, arrival->receiver->flags);
    const selected_rule *const last = selected->item + selected->count;
    tcpshake_finding           shared = { .frame = 0 };

    for (const selected_rule *item = selected->item; item < last;) {
        if (item->asks & missing) {
            item += item->other;
            continue;
        }
        if (item->before(arrival, &shared))
            judge(arrival, item->rule, item->before);
        item++;
    }
}

void
tcpshake_judge_before(tcpshake_arrival *arrival)
{
    if (!is_selected)
        select_rules();
    judge_all(arrival, &before[sort_of(arrival)]);
    if (ends_long_wait(arrival))
        judge_all(arrival, &long_waits);
}

static TCPSHAKE_NO_INLINE void
judge_shown(tcpshake_arrival *arrival)
{
    if (!is_selected)
        select_rules();
    for (unsigned bit = 0; arrival->shows >> bit != 0; bit++)
        for (size_t i = 0; arrival->shows >> bit & 1 && i < after[bit].count; i++)
            judge(arrival, after[bit].rule[i], after[bit].rule[i]->after);
}

void
tcpshake_judge_after(tcpshake_arrival *arrival)
{
    if (arrival->shows)
        judge_shown(arrival);
}
