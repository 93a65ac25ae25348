/* conversation_tree.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tree.h"

#include "../fields/conversation_values.h"
#include "../../text/phrases.h"
#include "../prefs.h"

#include "../../text/text.h"

enum { TEXT_SIZE = 240 }; /* what Wireshark shows of an item */

/* Fields that stand together in a subtree of their own, from first to last. Without a title it is the first's. */
static const struct group {
    tcpshake_field first, last;
    const char    *title;
} groups[] = {
    { HF_negotiated_mss, HF_negotiated_mptcp, "Negotiated" },
    { HF_syn_frame, HF_rst_frame, "Steps" },
    { HF_time_wait_owner, HF_time_wait_remaining, NULL },
};
_Static_assert(sizeof groups / sizeof groups[0] == TCPSHAKE_GROUPS, "a subtree each");

#define BITS(first, last) ((~(tcpshake_fields)0 >> (63 - ((last) - (first)))) << ((first)-HF_CONVERSATION))

/* What is shown where the conversation opens, and not where it closes; and the other way round. */
static const tcpshake_fields of_opening =
    BITS(HF_handshake, HF_handshake) | BITS(HF_opened_by, HF_opened_by) | BITS(HF_connection_time, HF_ack_time) |
    BITS(HF_client_isn, HF_server_synack_count) | BITS(HF_negotiated_mss, HF_negotiated_mptcp) |
    BITS(HF_synack_frame, HF_ack_frame);
static const tcpshake_fields of_closing =
    BITS(HF_reset_cause, HF_close_idle) | BITS(HF_teardown_time, HF_half_close_time) |
    BITS(HF_client_fin_count, HF_server_fin_count) | BITS(HF_time_wait_owner, HF_time_wait_remaining);

typedef struct drawing {
    const tcpshake_conversation *conversation;
    const tcpshake_summary      *summary;
    items                        in, below; /* below: the group's */
    const struct group          *group;     /* whose subtree that is; or NULL */
    tcpshake_fields              shown;     /* to a person, but for the verdict, which always is */
    uint32_t                     frame;
} drawing;

static const struct group *
group_of(tcpshake_field field)
{
    for (size_t i = 0; i < array_length(groups); i++)
        if (field >= groups[i].first && field <= groups[i].last)
            return &groups[i];
    return NULL;
}

/* With the evidence, where a person reads it. */
static void
append_evidence(const drawing *draw, proto_item *item)
{
    char evidence[TEXT_SIZE];

    if (!item || !PTREE_DATA(draw->in.tree)->visible)
        return;
    tcpshake_text_reset_evidence(draw->conversation, draw->summary, evidence, sizeof evidence);
    const bool proven = draw->summary->reset_in_between;
    proto_item_append_text(item, " (%s%s%s)", proven ? "" : tcpshake_phrase_text(TCPSHAKE_PHRASE_HINT),
                           evidence[0] && !proven ? ": " : "", evidence);
    items_end_with_whole_character(item);
}

/* Whether a person learns anything from it: not that an option was not agreed on, that a SYN was sent once, or where
 * this very segment is. */
static bool
says_something(const drawing *draw, const tcpshake_value *value)
{
    if (value->kind == TCPSHAKE_VALUE_TEXT)
        return true;
    if (value->kind == TCPSHAKE_VALUE_TIME)
        return value->time != 0;
    if (value->field >= HF_client_syn_count && value->field <= HF_server_fin_count)
        return value->number > 1;
    if (value->field >= HF_syn_frame && value->field <= HF_rst_frame)
        return value->number != draw->frame;
    return value->number != 0;
}

static proto_item *
add_value(const items *in, const tcpshake_value *value)
{
    switch (value->kind) {
    case TCPSHAKE_VALUE_NUMBER: return items_add_uint(in, value->field, value->number);
    case TCPSHAKE_VALUE_FLAG: return items_add_flag(in, value->field, value->number != 0);
    case TCPSHAKE_VALUE_TIME: return items_add_time(in, value->field, value->time);
    case TCPSHAKE_VALUE_TEXT: return items_add_text(in, value->field, value->text);
    }
    return NULL;
}

/* The row of the verdict opens to everything else. */
static void
draw_value(void *to, const tcpshake_value *value)
{
    drawing *draw = to;

    if (value->field == HF_verdict) {
        draw->in = items_below(&draw->in, add_value(&draw->in, value), ett_tcpshake_conversation);
        return;
    }
    if (!tcpshake_is_among(draw->shown, value->field) || !says_something(draw, value)) {
        items_hide(&draw->in, add_value(&draw->in, value));
        return;
    }
    const struct group *const group = group_of(value->field);
    const bool                begins = group && group != draw->group;
    const int                 ett = group ? ett_tcpshake_groups[group - groups] : -1;
    if (begins)
        draw->below = group->title ? items_subtree(&draw->in, ett, group->title) : draw->in;
    draw->group = group;
    proto_item *const item = add_value(group ? &draw->below : &draw->in, value);
    if (begins && !group->title)
        draw->below = items_below(&draw->in, item, ett);
    if (value->field == HF_reset_cause)
        append_evidence(draw, item);
}

/* On a segment where nothing happens, as on a RST to an end that is closed, the verdict is enough for a person; all of
 * it would make full details of a long capture half as long again. */
static tcpshake_fields
shown_on(const tcpshake_segment *segment, const tcpshake_view *view)
{
    const unsigned opening = TCPSHAKE_STEP_SYN | TCPSHAKE_STEP_SYN_ACK | TCPSHAKE_STEP_ACK;
    const bool     opens = segment->flags & TCPSHAKE_SYN || view->steps & opening;
    const bool     closes = segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST) || view->steps & ~opening;

    if (!(view->steps & ~TCPSHAKE_STEP_RST) && !view->finding_count && view->client_before == view->client_state &&
        view->server_before == view->server_state)
        return 0;
    return ~(closes && !opens ? of_opening : 0) & ~(opens && !closes ? of_closing : 0);
}

void
tcpshake_draw_conversation(const items *in, tcpshake_fields wanted, const tcpshake_conversation *conversation,
                           const tcpshake_segment *segment, const tcpshake_view *view,
                           const tcpshake_knowledge *knowledge)
{
    tcpshake_summary summary;
    drawing          draw = { conversation, &summary, *in, *in, NULL, shown_on(segment, view), segment->frame };

    tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, view, &summary);
    const tcpshake_reader reader = { wanted, draw_value, &draw };
    tcpshake_read_conversation(conversation, &summary, knowledge, &reader);
    /* What is left is told from the segment that began TIME-WAIT on; a segment after its end has none of it left. */
    if (summary.time_wait_owner != TCPSHAKE_NOBODY && segment->frame >= conversation->time_wait.frame) {
        const int64_t        left = summary.time_wait_until - segment->time;
        const tcpshake_value value = { .field = HF_time_wait_remaining,
                                       .kind = TCPSHAKE_VALUE_TIME,
                                       .time = MAX(left, 0) };
        draw_value(&draw, &value);
    }
}
