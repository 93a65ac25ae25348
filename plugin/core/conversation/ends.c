/* ends.c
 * The states of both ends, now and in the past: the only place that writes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

void
tcpshake_set_state(tcpshake_conversation *conversation, int end, tcpshake_state state)
{
    conversation->end[end].state = (uint8_t)state;
}

void
tcpshake_set_initial_state(tcpshake_conversation *conversation, int end, tcpshake_state state)
{
    conversation->initial[end] = (uint8_t)state;
    tcpshake_set_state(conversation, end, state);
}

void
tcpshake_replace_end(tcpshake_conversation *conversation, int end, const tcpshake_end *with)
{
    conversation->end[end] = *with;
    if (conversation->extra)
        conversation->extra->rare.end[end] = (tcpshake_rare_end){ 0 };
}

/* more: beyond what count can hold; NULL: there is no memory. */
static void
count_one(uint16_t *count, uint32_t *more)
{
    if (*count < UINT16_MAX)
        ++*count;
    else if (more)
        ++*more;
}

void
tcpshake_count_syn(tcpshake_conversation *conversation, int end, const tcpshake_allocator *allocator)
{
    tcpshake_end *const   who = &conversation->end[end];
    tcpshake_extra *const extra = who->syn_count == UINT16_MAX ? tcpshake_extra_of(conversation, allocator) : NULL;

    count_one(&who->syn_count, extra ? &extra->rare.end[end].more_syns : NULL);
}

void
tcpshake_count_fin(tcpshake_conversation *conversation, int end, const tcpshake_allocator *allocator)
{
    tcpshake_end *const   who = &conversation->end[end];
    tcpshake_extra *const extra = who->fin_count == UINT16_MAX ? tcpshake_extra_of(conversation, allocator) : NULL;

    count_one(&who->fin_count, extra ? &extra->rare.end[end].more_fins : NULL);
}

void
tcpshake_count_fin_segment(tcpshake_conversation *conversation, const tcpshake_allocator *allocator)
{
    const bool            full = conversation->fin_segments == UINT8_MAX;
    tcpshake_extra *const extra = full ? tcpshake_extra_of(conversation, allocator) : NULL;

    if (!full)
        conversation->fin_segments++;
    else if (extra)
        extra->rare.more_fin_segments++;
}

void
tcpshake_uncount_fin(tcpshake_conversation *conversation, int end)
{
    if (tcpshake_rare_of(conversation)->end[end].more_fins)
        conversation->extra->rare.end[end].more_fins--;
    else
        conversation->end[end].fin_count--;
}

void
tcpshake_send_event(tcpshake_conversation *conversation, int end, tcpshake_event event)
{
    tcpshake_set_state(conversation, end,
                       (tcpshake_state)tcpshake_sending((tcpshake_state)conversation->end[end].state, event)->next);
}

void
tcpshake_correct_state(tcpshake_conversation *conversation, uint32_t index, int end, tcpshake_state state)
{
    tcpshake_own_entries(&conversation->timeline)[index].state[end] = (uint8_t)state;
}

void
tcpshake_rewrite_since(tcpshake_conversation *conversation, uint32_t since, tcpshake_rewrite *rewrite,
                       const void *context)
{
    tcpshake_entry *const entries = tcpshake_own_entries(&conversation->timeline);
    tcpshake_entry        now = { .frame = UINT32_MAX };

    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        now.state[end] = conversation->end[end].state;
    if (since < tcpshake_begun(conversation)) /* another conversation's entries stay as they are */
        since = tcpshake_begun(conversation);
    bool goes_on = rewrite(&now, context);
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        tcpshake_set_state(conversation, end, (tcpshake_state)now.state[end]);
    for (uint32_t i = conversation->timeline.count; goes_on && i > 0 && entries[i - 1].frame >= since; i--)
        goes_on = rewrite(&entries[i - 1], context);
}

/* What an end was sent, or has sent itself, and which of the two. */
typedef struct event_of_end {
    int            end;
    tcpshake_event event;
    const tcpshake_cell *(*cell)(tcpshake_state state, tcpshake_event event);
} event_of_end;

static bool
has_happened(tcpshake_entry *entry, const void *context)
{
    const event_of_end *const what = context;
    uint8_t *const            state = &entry->state[what->end];

    *state = what->cell((tcpshake_state)*state, what->event)->next;
    return true;
}

void
tcpshake_receive_since(tcpshake_conversation *conversation, uint32_t since, int end, tcpshake_event event)
{
    const event_of_end what = { end, event, tcpshake_receiving };

    tcpshake_rewrite_since(conversation, since, has_happened, &what);
}

void
tcpshake_send_since(tcpshake_conversation *conversation, uint32_t since, int end, tcpshake_event event)
{
    const event_of_end what = { end, event, tcpshake_sending };

    tcpshake_rewrite_since(conversation, since, has_happened, &what);
}

/* What that segment turned out to be. */
typedef struct step_in {
    uint32_t frame;
    uint8_t  step;
} step_in;

static bool
was_step(tcpshake_entry *entry, const void *context)
{
    const step_in *const what = context;

    if (entry->frame == what->frame)
        entry->steps |= what->step;
    return true;
}

void
tcpshake_add_step(tcpshake_conversation *conversation, uint32_t frame, uint8_t step)
{
    const step_in what = { frame, step };

    tcpshake_rewrite_since(conversation, frame, was_step, &what);
}
