/* view.c
 * What a segment showed, read from the timeline.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../segment/seq.h"
#include "view.h"

#include "verdict.h"

#include <string.h>

/* Nothing that this end sent was captured, nor anything that acknowledges it; a SYN-ACK that comes first may have gone
 * to somebody who never asked for it. */
static bool
is_unheard(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_end *const who = &conversation->end[end];

    if (end == conversation->client && tcpshake_client_is_unheard(conversation))
        return true;
    return !(who->flags & (TCPSHAKE_END_SEEN | TCPSHAKE_END_HAS_ISN)) &&
           !(conversation->end[TCPSHAKE_OTHER(end)].flags & TCPSHAKE_END_HAS_ACK);
}

/* For 2 MSL. Whether there is a listener then, the capture does not show. */
static uint8_t
time_wait_at(const tcpshake_conversation *conversation, const tcpshake_limits *limits, int64_t time)
{
    return time - conversation->time_wait.time < 2 * limits->msl ? TCPSHAKE_TIME_WAIT : TCPSHAKE_UNKNOWN;
}

static uint8_t
shown_state(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge, int end, uint32_t frame,
            uint8_t state)
{
    if (knowledge->hindsight && is_unheard(conversation, end))
        return TCPSHAKE_UNKNOWN;
    const bool reset = state == TCPSHAKE_CLOSED && tcpshake_rare_of(conversation)->rst.frame &&
                       frame >= tcpshake_rare_of(conversation)->rst.frame;
    if (!reset && tcpshake_is_uncertain(conversation) && conversation->initial[end] != TCPSHAKE_CLOSED)
        return TCPSHAKE_UNKNOWN;
    if (!reset &&
        (tcpshake_is_one_sided(conversation, frame) || tcpshake_holds_the_uncertain(conversation, end, state)))
        return TCPSHAKE_UNKNOWN;
    return tcpshake_without_the_never_shown(conversation, knowledge, end, frame, state);
}

/* The very last segment changed the state of its sender, which had also sent the segment of the entry before: there is
 * no entry left to show a later change. */
static bool
is_moved_by_last(const tcpshake_conversation *record, ptrdiff_t last, int end)
{
    const tcpshake_entry *const entries = tcpshake_entries(&record->timeline);

    return last > 0 && entries[last].frame == record->last_frame && entries[last - 1].from == end &&
           entries[last].from == end && entries[last].state[end] != entries[last - 1].state[end];
}

/* With what was still under way: a RST, or, behind a FIN that crossed its own, the acknowledgment of that. A FIN that
 * came again may have carried it. */
static uint8_t
state_in_the_end(const tcpshake_conversation *record, int end)
{
    const tcpshake_end *const who = &record->end[end], *const peer = &record->end[TCPSHAKE_OTHER(end)];

    if (who->pending & 1u << TCPSHAKE_PRESUMED_RST)
        return TCPSHAKE_CLOSED;
    return who->state == TCPSHAKE_CLOSING && who->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN && peer->fin_count == 1
               ? TCPSHAKE_TIME_WAIT
               : who->state;
}

/* What was under way to an end when it sent the very last segment has no frame of its own. In hindsight its effect
 * shows in that last frame, and the state in which the end sent it shows before, unless that would hide an earlier
 * state. */
static uint8_t
state_in(const tcpshake_conversation *record, ptrdiff_t index, int end, uint32_t frame)
{
    const tcpshake_entry *const entries = tcpshake_entries(&record->timeline);
    const ptrdiff_t             last = (ptrdiff_t)record->timeline.count - 1;
    const uint8_t               in_the_end = state_in_the_end(record, end);

    if (entries[last].state[end] == in_the_end || index + 1 < last || is_moved_by_last(record, last, end))
        return entries[index].state[end];
    if (index == last)
        return frame >= record->last_frame ? in_the_end : entries[last].state[end];
    const bool moved = index > 0 && entries[index].state[end] != entries[index - 1].state[end];
    return entries[last].frame == record->last_frame && !moved ? entries[last].state[end] : entries[index].state[end];
}

/* The states behind a frame, by the entry that tells them; -1: before the first. */
static void
states_behind(const tcpshake_conversation *record, const tcpshake_conversation *conversation, bool hindsight,
              ptrdiff_t index, uint32_t frame, uint8_t states[TCPSHAKE_ENDS])
{
    const tcpshake_entry *const entries = tcpshake_entries(&record->timeline);

    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        if (index < 0)
            states[end] = conversation->initial[end];
        else
            states[end] = hindsight ? state_in(record, index, end, frame) : entries[index].state[end];
}

static bool
is_closing(uint8_t state)
{
    return state >= TCPSHAKE_FIN_WAIT_1;
}

static bool
is_over(uint8_t state)
{
    return state == TCPSHAKE_CLOSED || state == TCPSHAKE_LISTEN || state == TCPSHAKE_TIME_WAIT;
}

static tcpshake_phase
phase_of(const tcpshake_conversation *conversation, const uint8_t state[2], uint32_t frame)
{
    const bool reset = tcpshake_rare_of(conversation)->rst.frame && frame >= tcpshake_rare_of(conversation)->rst.frame;

    if (is_over(state[0]) && is_over(state[1]))
        return TCPSHAKE_PHASE_CLOSED;
    if (reset && (state[0] == TCPSHAKE_CLOSED || state[1] == TCPSHAKE_CLOSED))
        return TCPSHAKE_PHASE_CLOSED;
    if (is_closing(state[0]) || is_closing(state[1]) || (conversation->fin1.frame && frame >= conversation->fin1.frame))
        return TCPSHAKE_PHASE_TEARDOWN;
    if (state[0] == TCPSHAKE_SYN_SENT || state[1] == TCPSHAKE_SYN_SENT || state[0] == TCPSHAKE_SYN_RECEIVED ||
        state[1] == TCPSHAKE_SYN_RECEIVED)
        return TCPSHAKE_PHASE_HANDSHAKE;
    return TCPSHAKE_PHASE_TRANSFER;
}

/* The first SYN-ACK is the client's where its server has sent none (split handshake). */
static uint32_t
syn_acked_in(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];
    const bool                by_server = (server->flags & TCPSHAKE_END_SENT_SYNACK) != 0;

    if (end == conversation->client)
        return by_server ? conversation->synack.frame : 0;
    return by_server ? conversation->ack.frame : conversation->synack.frame;
}

/* Where this SYN or FIN was confirmed; 0 if that is not known (yet). */
static uint32_t
acked_in(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    const tcpshake_end *const sender = &conversation->end[segment->from];
    uint32_t                  frame = 0;

    if (segment->flags & TCPSHAKE_RST)
        return 0;
    if (segment->flags & TCPSHAKE_FIN && sender->flags & TCPSHAKE_END_FIN_ACKED &&
        sender->fin_seq == segment->seq + segment->length)
        frame =
            segment->from == conversation->first_closer ? conversation->fin1_ack.frame : conversation->fin2_ack.frame;
    else if (segment->flags & TCPSHAKE_SYN && sender->flags & TCPSHAKE_END_SYN_ACKED && sender->isn == segment->seq)
        frame = syn_acked_in(conversation, segment->from);
    return frame > segment->frame ? frame : 0;
}

/* Proven by this frame, the last that proved anything: among the latest, wherever they were put in. Of the same about
 * several frames, the first. */
static uint32_t
proven_by(const tcpshake_conversation *conversation, uint32_t frame, tcpshake_finding *findings, uint32_t room)
{
    const tcpshake_finding *const found = tcpshake_first_finding(conversation);
    const uint32_t                all = tcpshake_finding_count(conversation);
    uint32_t                      count = 0;
    uint64_t                      said = 0; /* 1 << tcpshake_anomaly */

    if (tcpshake_proven_frame(conversation) != frame)
        return 0;
    const uint32_t first = all > 2 * TCPSHAKE_FINDINGS_REACH ? all - 2 * TCPSHAKE_FINDINGS_REACH : 0;
    for (uint32_t i = first; i < all && count < room; i++) {
        const uint64_t kind = UINT64_C(1) << found[i].anomaly;
        if (found[i].proven_frame == frame && !(said & kind))
            findings[count++] = found[i];
        said |= found[i].proven_frame == frame ? kind : 0;
    }
    return count;
}

static uint32_t
about(const tcpshake_conversation *conversation, uint32_t frame, tcpshake_finding *findings, uint32_t room)
{
    const tcpshake_finding *const found = tcpshake_first_finding(conversation);
    const uint32_t                all = tcpshake_finding_count(conversation);
    uint32_t                      low = 0, high = all, count = 0;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (found[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < all && found[low].frame == frame && count < room; low++)
        findings[count++] = found[low];
    return count;
}

/* late: becomes the kinds of all that hindsight finds. */
static uint32_t
findings_on(const tcpshake_conversation *conversation, uint32_t frame, const tcpshake_limits *limits,
            const tcpshake_knowledge *knowledge, tcpshake_finding *findings, uint32_t room, uint64_t *late)
{
    tcpshake_finding found[TCPSHAKE_VIEW_FINDINGS];

    *late = 0;
    if (!knowledge->hindsight)
        return proven_by(conversation, frame, findings, room);
    uint32_t     count = about(conversation, frame, findings, room);
    const size_t late_count = tcpshake_hindsight(tcpshake_conversation_at(conversation, frame), limits, knowledge,
                                                 found, TCPSHAKE_VIEW_FINDINGS);
    for (size_t i = 0; i < late_count; i++) {
        *late |= UINT64_C(1) << found[i].anomaly;
        if (found[i].frame == frame && count < room)
            findings[count++] = found[i];
    }
    return count;
}

uint32_t
tcpshake_findings_on(const tcpshake_conversation *conversation, uint32_t frame, const tcpshake_limits *limits,
                     const tcpshake_knowledge *knowledge, tcpshake_finding *findings, uint32_t room)
{
    uint64_t late;

    return findings_on(conversation, frame, limits, knowledge, findings, room, &late);
}

void
tcpshake_view_segment(const tcpshake_conversation *record, const tcpshake_segment *segment,
                      const tcpshake_limits *limits, const tcpshake_knowledge *knowledge, tcpshake_view *view)
{
    const tcpshake_conversation *const conversation = tcpshake_conversation_at(record, segment->frame);
    const ptrdiff_t                    index = tcpshake_timeline_find(&record->timeline, segment->frame);
    const tcpshake_entry *const        entry = index >= 0 ? &tcpshake_entries(&record->timeline)[index] : NULL;
    const bool                         here = entry && entry->frame == segment->frame;
    uint8_t                            after[2], before[2], now[2], then[2];
    tcpshake_segment                   known;

    memset(view, 0, sizeof *view);
    states_behind(record, conversation, knowledge->hindsight, index, segment->frame, after);
    states_behind(record, conversation, knowledge->hindsight, here ? index - 1 : index, segment->frame - 1, before);
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        now[end] = shown_state(conversation, knowledge, end, segment->frame, after[end]);
        then[end] = shown_state(here ? tcpshake_conversation_at(record, segment->frame - 1) : conversation, knowledge,
                                end, here ? segment->frame - 1 : segment->frame, before[end]);
        if (knowledge->hindsight && after[end] != TCPSHAKE_CLOSED && tcpshake_waits_still(conversation, end))
            now[end] = then[end] = time_wait_at(conversation, limits, segment->time);
    }
    view->sender = (uint8_t)tcpshake_role_of(conversation, segment->from);
    view->phase = (uint8_t)phase_of(conversation, now, segment->frame);
    view->client_state = now[conversation->client];
    view->server_state = now[TCPSHAKE_OTHER(conversation->client)];
    view->client_before = then[conversation->client];
    view->server_before = then[TCPSHAKE_OTHER(conversation->client)];
    if (here) {
        view->steps = entry->steps;
        const bool     fin = (entry->steps & (TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2_ACK)) != 0;
        const uint32_t acknowledged = tcpshake_acknowledged(record, index);
        view->acks_fin = fin ? acknowledged : 0;
        const uint32_t syn = fin ? conversation->end[TCPSHAKE_OTHER(segment->from)].syn_frame : acknowledged;
        if (entry->steps & (TCPSHAKE_STEP_ACK | TCPSHAKE_STEP_SYN_ACK) && syn < segment->frame)
            view->acks_syn = syn; /* the entry of one that confirms both holds the FIN's frame */
    }
    view->has_expected_ack = !(segment->flags & TCPSHAKE_RST) && segment->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN);
    /* The data of a Fast Open SYN are confirmed with it only if the server took them (RFC 7413 section 4.2). */
    const bool bare = segment->flags & TCPSHAKE_SYN && !(conversation->flags & TCPSHAKE_CONVERSATION_SYN_DATA);
    view->expected_ack = segment->seq + 1 + (bare ? 0 : segment->length);
    view->acked_in = acked_in(conversation, tcpshake_as_in_record(conversation, segment, &known));
    view->finding_count =
        findings_on(record, segment->frame, limits, knowledge, view->findings, TCPSHAKE_VIEW_FINDINGS, &view->late);
}
