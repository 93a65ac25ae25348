/* tree.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tree.h"

#include "conversation_tree.h"
#include "expert.h"
#include "../fields/fields.h"
#include "items.h"
#include "../../text/phrases.h"
#include "../prefs.h"
#include "../capture.h"

#include "../../text/text.h"

#include <epan/column-utils.h>
#include <epan/prefs.h>

enum {
    STEPS_SIZE = TCPSHAKE_STEP_BITS * 20,
    STATES_SIZE = 32,
    SUMMARY_SIZE = STEPS_SIZE + STATES_SIZE,
    TEXT_SIZE = 240, /* what Wireshark shows of an item: ITEM_LABEL_LENGTH */
    ITEMS_MAX = 256, /* more than a subtree of ours ever has */
};

/* "4-way 2/4: ACK, 4-way 3/4: FIN"; empty for an ordinary segment. */
static const char *
steps_text(uint8_t steps, char *text)
{
    text[0] = '\0';
    for (unsigned bit = 0; bit < TCPSHAKE_STEP_BITS; bit++) {
        if (!(steps & 1u << bit))
            continue;
        if (text[0])
            g_strlcat(text, ", ", STEPS_SIZE);
        g_strlcat(text, tcpshake_step_name(tcpshake_step_values[bit]), STEPS_SIZE);
    }
    return text;
}

/* "2/4 ACK + 3/4 FIN": the same without what the numbers say. */
static const char *
short_steps_text(uint8_t steps, char *text)
{
    text[0] = '\0';
    for (unsigned bit = 0; bit < TCPSHAKE_STEP_BITS; bit++) {
        if (!(steps & 1u << bit))
            continue;
        const char *const name = tcpshake_step_name(tcpshake_step_values[bit]);
        const char *const number = strchr(name, ' '), *const colon = strchr(name, ':');
        if (text[0])
            g_strlcat(text, " + ", STEPS_SIZE);
        if (number && colon) {
            g_strlcat(text, number + 1, strlen(text) + (size_t)(colon - number));
            g_strlcat(text, colon + 1, STEPS_SIZE);
        } else {
            g_strlcat(text, name, STEPS_SIZE);
        }
    }
    return text;
}

static const char *
states_text(uint8_t first, const char *between, uint8_t second, char *text)
{
    g_strlcpy(text, tcpshake_state_name((tcpshake_state)first), STATES_SIZE);
    g_strlcat(text, between, STATES_SIZE);
    g_strlcat(text, tcpshake_state_name((tcpshake_state)second), STATES_SIZE);
    return text;
}

/* "3-way 1/3: SYN, SYN-SENT/SYN-RECEIVED"; the states alone for an ordinary segment. */
static const char *
summary_text(const tcpshake_view *view, const char *between, char *text)
{
    char states[STATES_SIZE];

    steps_text(view->steps, text);
    if (text[0])
        g_strlcat(text, between, SUMMARY_SIZE);
    g_strlcat(text, states_text(view->client_state, "/", view->server_state, states), SUMMARY_SIZE);
    return text;
}

/* "SYN-SENT → ESTABLISHED (RFC 9293 section 3.10.7.3)": the reason is for a person alone, and no part of the field. */
static void
draw_transition(const items *in, tcpshake_field field, uint8_t before, uint8_t after, bool sent,
                const tcpshake_segment *segment)
{
    char text[STATES_SIZE];

    if (before == after || !items_wants(in, field))
        return;
    states_text(before, " → ", after, text);
    const tcpshake_cell *const cell =
        PTREE_DATA(in->tree)->visible
            ? tcpshake_cell_between(sent, (tcpshake_state)before, (tcpshake_state)after, segment->flags)
            : NULL;
    if (!cell) {
        items_add_text(in, field, text);
        return;
    }
    /* What stands behind the section is English. */
    const int length =
        (int)(tcpshake_current_language() == TCPSHAKE_ENGLISH ? strlen(cell->why) : strcspn(cell->why, ":;,"));
    items_generated(proto_tree_add_string_format(
        in->tree, hf_tcpshake[field], in->tvb, 0, 0, text, "%s: %s (%s%.*s%s%s)",
        tcpshake_field_infos[field].hfinfo.name, text, g_str_has_prefix(cell->why, "section") ? "RFC 9293 " : "",
        length, cell->why, cell->kind == TCPSHAKE_GAP ? "; " : "",
        cell->kind == TCPSHAKE_GAP ? tcpshake_phrase_text(TCPSHAKE_PHRASE_MISSING) : ""));
}

static void
draw_states(const items *in, const tcpshake_segment *segment, const tcpshake_view *view)
{
    const bool by_client = view->sender == TCPSHAKE_CLIENT;
    char       text[STATES_SIZE];

    items_add_uint(in, HF_client_state, view->client_state);
    items_add_uint(in, HF_server_state, view->server_state);
    /* The title of the subtree has them as well. */
    if (items_wants(in, HF_states))
        items_hide(in, items_add_text(in, HF_states, states_text(view->client_state, "/", view->server_state, text)));
    draw_transition(in, HF_client_transition, view->client_before, view->client_state, by_client, segment);
    draw_transition(in, HF_server_transition, view->server_before, view->server_state, !by_client, segment);
}

static void
draw_segment(const items *in, const tcpshake_conversation *conversation, const tcpshake_segment *segment,
             const tcpshake_view *view)
{
    proto_item *sender = items_add_uint(in, HF_sender, view->sender);

    if (conversation->flags & TCPSHAKE_CONVERSATION_ROLES_GUESSED)
        proto_item_append_text(sender, "%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_GUESSED));
    if (view->phase != TCPSHAKE_PHASE_NONE)
        items_add_uint(in, HF_phase, view->phase);
    for (unsigned bit = 0; bit < TCPSHAKE_STEP_BITS; bit++)
        if (view->steps & 1u << bit)
            items_add_uint(in, HF_step, tcpshake_step_values[bit]);
    if (view->steps && items_wants(in, HF_steps)) {
        char steps[STEPS_SIZE];
        proto_item_set_hidden(items_add_text(in, HF_steps, short_steps_text(view->steps, steps)));
    }
    draw_states(in, segment, view);
    if (items_wants(in, HF_note)) {
        char note[TEXT_SIZE];
        items_add_text(in, HF_note, tcpshake_text_note(conversation, segment, view, note, sizeof note));
        items_add_text(in, HF_note, tcpshake_text_why(conversation, segment, view, note, sizeof note));
    }
    if (view->has_expected_ack)
        items_add_uint(in, HF_expected_ack, view->expected_ack);
    items_add_frame(in, HF_acks_syn, view->acks_syn);
    items_add_frame(in, HF_acks_fin, view->acks_fin);
    items_add_frame(in, HF_acked_in, view->acked_in);
}

/* Each as a string and, on it, as an expert info; without a tree as an expert info alone, of which nothing but the
 * severity is noticed unless somebody collects them. */
static void
draw_findings(const items *in, packet_info *pinfo, const tcpshake_conversation *conversation,
              const tcpshake_finding *findings, uint32_t count, const tcpshake_knowledge *knowledge)
{
    const bool told = in || tcpshake_expert_wanted(pinfo, NULL);

    for (uint32_t i = 0; i < count; i++) {
        const tcpshake_anomaly anomaly = (tcpshake_anomaly)findings[i].anomaly;
        proto_item            *item = NULL;
        char                   message[TEXT_SIZE] = "";
        if (told)
            tcpshake_text_finding(conversation, &findings[i], knowledge, message, sizeof message);
        if (in)
            item = items_add_text(in, HF_anomaly, tcpshake_anomaly_row(anomaly)->name);
        if (in && item && PTREE_DATA(in->tree)->visible) {
            proto_item_append_text(item, ": %s", message);
            items_end_with_whole_character(item);
        }
        if (in && !item)
            item = proto_tree_get_parent(in->tree);
        tcpshake_expert_add(pinfo, item, anomaly, message);
    }
}

/* Behind the subtree of the dissector that we have called (before is what stands in front of that), and so before those
 * of the ones that it called. A tree that nobody sees need not be in order. */
static void
move_behind_original(proto_tree *tree, proto_item *before, proto_item *ours)
{
    proto_item *theirs = before ? before->next : tree->first_child;

    if (PTREE_DATA(tree)->visible && theirs && theirs != ours && theirs->next != ours && ours->parent == tree)
        proto_tree_move_item(tree, theirs, ours);
}

/* Somebody wants to see our fields, or expert infos, which hang on them. Wireshark throws where a tree has too many
 * items; we may not. */
static bool
is_looked_at(const packet_info *pinfo, proto_tree *tree)
{
    if (!tree || PTREE_DATA(tree)->count + ITEMS_MAX > prefs.gui_max_tree_items)
        return false;
    return proto_field_is_referenced(tree, proto_tcpshake) || tcpshake_expert_wanted(pinfo, tree);
}

/* Expert infos are due although nobody looks at a tree. found: there is something new. */
static bool
is_expert_due(const packet_info *pinfo, proto_tree *tree, bool found)
{
    return found || (pinfo->fd->visited && tcpshake_expert_wanted(pinfo, tree));
}

/* Our subtree. text: what follows our name; "" where nobody reads it. */
static proto_item *
add_root(tvbuff_t *tvb, proto_tree *tree, const char *text)
{
    proto_item *const root = proto_tree_add_item(tree, proto_tcpshake, tvb, 0, 0, ENC_NA);

    if (text[0])
        proto_item_append_text(root, ": %s", text);
    proto_item_set_generated(root);
    return root;
}

static proto_item *
draw_segment_tree(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                  const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
                  const tcpshake_knowledge *knowledge)
{
    char        text[SUMMARY_SIZE];
    proto_item *root = add_root(tvb, tree, tcpshake_wants_summary(tree) ? summary_text(view, ", ", text) : "");
    const items in = { proto_item_add_subtree(root, ett_tcpshake), tvb };

    draw_segment(&in, conversation, segment, view);
    draw_findings(&in, pinfo, conversation, view->findings, view->finding_count, knowledge);
    const tcpshake_fields wanted = tcpshake_wanted_of_conversation(tree);
    if (wanted)
        tcpshake_draw_conversation(&in, wanted, conversation, segment, view, knowledge);
    move_behind_original(tree, before, root);
    return root;
}

void
tcpshake_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
              const tcpshake_conversation *conversation, const tcpshake_segment *segment, bool found)
{
    const bool  looked_at = is_looked_at(pinfo, tree);
    const bool  annotated = tcpshake_prefs.annotate_info && pinfo->cinfo;
    proto_item *root = NULL;

    if (!looked_at && !annotated && !tcpshake_prefs.chat_steps && !is_expert_due(pinfo, tree, found))
        return;

    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge(pinfo);
    tcpshake_view            view;
    char                     text[SUMMARY_SIZE];
    tcpshake_view_segment(conversation, segment, &tcpshake_prefs.limits, &knowledge, &view);
    conversation = tcpshake_conversation_at(conversation, segment->frame);
    if (looked_at)
        root = draw_segment_tree(tvb, pinfo, tree, before, conversation, segment, &view, &knowledge);
    else
        draw_findings(NULL, pinfo, conversation, view.findings, view.finding_count, &knowledge);
    if (tcpshake_prefs.chat_steps && view.steps)
        tcpshake_expert_chat(pinfo, root, steps_text(view.steps, text));
    if (annotated && (view.steps || view.finding_count || view.client_before != view.client_state ||
                      view.server_before != view.server_state))
        col_prepend_fstr(pinfo->cinfo, COL_INFO, "[%s] ", summary_text(&view, "  ", text));
}

/* The error's part in the conversation; what else there is to say about that stands with its segments. */
static void
draw_error_tree(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                const tcpshake_conversation *conversation, const tcpshake_finding *findings, uint32_t count,
                const tcpshake_knowledge *knowledge)
{
    const bool       summarised = tcpshake_wants_summary(tree);
    char             verdict[TEXT_SIZE] = "";
    tcpshake_summary summary;

    if (summarised || tcpshake_wants(tree, HF_verdict)) {
        tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
        tcpshake_text_verdict(conversation, &summary, knowledge, verdict, sizeof verdict);
    }
    proto_item *root = add_root(tvb, tree, summarised ? verdict : "");
    const items in = { proto_item_add_subtree(root, ett_tcpshake), tvb };
    draw_findings(&in, pinfo, conversation, findings, count, knowledge);
    items_add_text(&in, HF_verdict, verdict);
    items_add_frame(&in, HF_syn_frame, tcpshake_attempt_of(conversation).syn.frame);
    move_behind_original(tree, before, root);
}

void
tcpshake_draw_error(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                    const tcpshake_conversation *conversation)
{
    const bool looked_at = is_looked_at(pinfo, tree);

    if (!looked_at && !is_expert_due(pinfo, tree, !pinfo->fd->visited))
        return;

    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge(pinfo);
    tcpshake_finding         findings[TCPSHAKE_VIEW_FINDINGS];
    const uint32_t count = tcpshake_findings_on(conversation, pinfo->num, &tcpshake_prefs.limits, &knowledge, findings,
                                                TCPSHAKE_VIEW_FINDINGS);
    if (count > 0 && looked_at)
        draw_error_tree(tvb, pinfo, tree, before, conversation, findings, count, &knowledge);
    else
        draw_findings(NULL, pinfo, conversation, findings, count, &knowledge);
}
