/* conversation_tree.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tree.h"

#include "../fields/conversation_values.h"
#include "../../text/phrases.h"
#include "../prefs.h"

#include "../../text/text.h"

enum { TEXT_SIZE = 240 }; /* what Wireshark shows of an item */

/* Fields that stand together in a subtree of their own, from first to last. */
static const struct group {
    tcpshake_field first, last;
    const char    *title;
} groups[] = {
    { HF_connection_time, HF_read_time, "Times" },
    { HF_client_isn, HF_server_fin_count, "Both ends" },
    { HF_negotiated_mss, HF_negotiated_mptcp, "Negotiated" },
    { HF_syn_frame, HF_rst_frame, "Steps" },
    { HF_time_wait_owner, HF_time_wait_remaining, "TIME-WAIT" },
};
_Static_assert(sizeof groups / sizeof groups[0] == TCPSHAKE_GROUPS, "a subtree each");

typedef struct drawing {
    const tcpshake_conversation *conversation;
    const tcpshake_summary      *summary;
    items                        in, below; /* below: the group's */
    const struct group          *group;     /* whose subtree that is; or NULL */
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
    proto_item_append_text(item, " (%s%s%s)", tcpshake_phrase_text(TCPSHAKE_PHRASE_HINT), evidence[0] ? ": " : "",
                           evidence);
}

static void
draw_value(void *to, const tcpshake_value *value)
{
    drawing                  *draw = to;
    const struct group *const group = group_of(value->field);

    if (group && group != draw->group)
        draw->below = items_subtree(&draw->in, ett_tcpshake_groups[group - groups], group->title, "");
    draw->group = group;
    const items *in = group ? &draw->below : &draw->in;
    switch (value->kind) {
    case TCPSHAKE_VALUE_NUMBER: {
        proto_item *item = items_add_uint(in, value->field, value->number);
        if (value->field == HF_reset_cause)
            append_evidence(draw, item);
        break;
    }
    case TCPSHAKE_VALUE_FLAG: items_add_flag(in, value->field, value->number != 0); break;
    case TCPSHAKE_VALUE_TIME: items_add_time(in, value->field, value->time); break;
    case TCPSHAKE_VALUE_TEXT: items_add_text(in, value->field, value->text); break;
    }
}

void
tcpshake_draw_conversation(const items *in, tcpshake_fields wanted, const tcpshake_conversation *conversation,
                           const tcpshake_segment *segment, const tcpshake_view *view,
                           const tcpshake_knowledge *knowledge)
{
    char             verdict[TEXT_SIZE] = "";
    tcpshake_summary summary;

    tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, view, &summary);
    if (PTREE_DATA(in->tree)->visible)
        tcpshake_text_verdict(conversation, &summary, knowledge, verdict, sizeof verdict);
    drawing draw = { conversation, &summary, items_subtree(in, ett_tcpshake_conversation, "Conversation", verdict), *in,
                     NULL };
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
