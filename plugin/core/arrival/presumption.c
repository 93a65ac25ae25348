/* presumption.c
 * What an end is presumed to have taken in, until it shows it, or shows that it had not.
 *
 * Whether a captured segment arrives is not seen. It is presumed; the record moves on, and remembers since which frame.
 * The next segments of that end tell: an acknowledgment that covers it confirms, one that does not (or a repetition of
 * what it would have answered) contradicts. Then the timeline is put right from the frame where it was presumed.
 * Something contradicted may still be under way: it stays pending until the end shows it.
 *
 * Every entry is rewritten at most once for each kind of presumption, as a presumption begins after the last one of its
 * kind was taken back: the work stays linear in the entries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"
#include "../segment/seq.h"

/* An answer captured before its question: they were recorded out of order if no more than this lies between them.
 * Retransmission timers start at 200 ms at the very least (RFC 6298 asks for 1 s). */
static const int64_t OUT_OF_ORDER = INT64_C(150) * 1000 * 1000;

/* A segment that was under way when a RST passed it arrives within a round trip; later ones were sent after it. */
static const int64_t IN_FLIGHT = INT64_C(1000) * 1000 * 1000;

void
tcpshake_presume(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed, uint32_t frame)
{
    conversation->end[end].presumed_frame[presumed] = frame;
    conversation->end[end].pending &= (uint8_t) ~(1u << presumed);
}

static void
confirm(tcpshake_end *end, tcpshake_presumption presumed)
{
    end->presumed_frame[presumed] = 0;
    end->pending &= (uint8_t) ~(1u << presumed);
}

static bool
pending(const tcpshake_end *end, tcpshake_presumption presumed)
{
    return (end->pending & 1u << presumed) != 0;
}

static uint8_t
state_before(const tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    const tcpshake_end *const who = &conversation->end[end];

    if (presumed == TCPSHAKE_PRESUMED_RST)
        return who->before_reset;
    return who->flags & TCPSHAKE_END_ACTIVE_OPEN ? TCPSHAKE_SYN_SENT : conversation->initial[end];
}

void
tcpshake_take_back(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    tcpshake_end *const      who = &conversation->end[end];
    tcpshake_timeline *const timeline = &conversation->timeline;
    const uint8_t            before = state_before(conversation, end, presumed);
    const uint32_t           since = who->presumed_frame[presumed];
    const bool               held_time_wait = who->state == TCPSHAKE_TIME_WAIT;

    for (uint32_t i = timeline->count; i > 0 && timeline->entries[i - 1].frame >= since; i--) {
        uint8_t *const state = &timeline->entries[i - 1].state[end];
        *state = (uint8_t)tcpshake_without(presumed, *state, before);
    }
    who->state = (uint8_t)tcpshake_without(presumed, who->state, before);
    who->presumed_frame[presumed] = 0;
    if (held_time_wait && who->state != TCPSHAKE_TIME_WAIT)
        conversation->time_wait_owner &= (uint8_t)~tcpshake_role_of(conversation, end);
}

static const struct {
    tcpshake_presumption presumption;
    bool                 presumes;
} presumption_of[TCPSHAKE_EVENTS] = {
    [TCPSHAKE_EV_SYN] = { TCPSHAKE_PRESUMED_SYN, true },
    [TCPSHAKE_EV_SYN_ACK] = { TCPSHAKE_PRESUMED_SYN_ACK, true },
    [TCPSHAKE_EV_ACK_OF_SYN] = { TCPSHAKE_PRESUMED_ACK_OF_SYN, true },
    [TCPSHAKE_EV_ACK_OF_FIN] = { TCPSHAKE_PRESUMED_ACK_OF_FIN, true },
    [TCPSHAKE_EV_FIN] = { TCPSHAKE_PRESUMED_FIN, true },
    [TCPSHAKE_EV_RST] = { TCPSHAKE_PRESUMED_RST, true },
};

/* The end takes the event in, presumably. */
void
tcpshake_presume_received(tcpshake_arrival *arrival, int end, tcpshake_event event)
{
    tcpshake_end *const        who = &arrival->conversation->end[end];
    const tcpshake_cell *const cell = tcpshake_receiving((tcpshake_state)who->state, event);

    if (cell->next == who->state)
        return;
    if (event == TCPSHAKE_EV_RST)
        who->before_reset = who->state;
    /* Both SYNs crossed: its SYN-ACK and ours each acknowledge a SYN in SYN-RECEIVED (section 3.5, figure 7). */
    const bool crossed = event == TCPSHAKE_EV_SYN_ACK && who->state == TCPSHAKE_SYN_RECEIVED;
    who->state = cell->next;
    if (presumption_of[event].presumes)
        tcpshake_presume(arrival->conversation, end,
                         crossed ? TCPSHAKE_PRESUMED_ACK_OF_SYN : presumption_of[event].presumption,
                         arrival->segment->frame);
}

/* The sender was presumed to have taken the peer's SYN in. */
static void
check_presumed_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    /* An ACK of anything else is of an older connection (section 3.5.1, figure 9); a RST says that there is none. */
    const bool answers = tcpshake_has(arrival, TCPSHAKE_RST) ? tcpshake_covers(arrival, arrival->receiver->isn)
                                                             : tcpshake_ack_acceptable(arrival);

    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK)) {
        confirm(sender, TCPSHAKE_PRESUMED_SYN);
    } else if (sender->flags & TCPSHAKE_END_ACTIVE_OPEN) { /* a SYN that crossed its own is answered with SYN-ACK */
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    } else if (answers && !tcpshake_has(arrival, TCPSHAKE_RST)) {
        confirm(sender, TCPSHAKE_PRESUMED_SYN);
    } else if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        if (!answers)
            return;
        conversation->initial[arrival->from] = TCPSHAKE_CLOSED; /* nobody listened */
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    } else if (tcpshake_has(arrival, TCPSHAKE_SYN)) {
        conversation->initial[arrival->from] = TCPSHAKE_CLOSED; /* it opens by itself, before it knows of the other */
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
        sender->pending |= 1u << TCPSHAKE_PRESUMED_SYN;
    } else {
        if (!(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)) /* it holds something else on this four-tuple */
            conversation->initial[arrival->from] = TCPSHAKE_UNKNOWN;
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_SYN);
    }
}

static void
note_out_of_order(tcpshake_arrival *arrival, uint32_t answer)
{
    tcpshake_finding *const finding = tcpshake_note_about(arrival, TCPSHAKE_ANOMALY_captured_out_of_order, answer);

    finding->end = arrival->to;
    finding->related_frame = arrival->segment->frame;
}

/* The client's ACK of a SYN-ACK was captured without that. Now its server is heard: the SYN-ACK comes late in the
 * capture, or not at all. */
static void
check_gap(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   late = tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK) &&
                      arrival->segment->seq == arrival->sender->isn &&
                      arrival->segment->time - conversation->last.time < OUT_OF_ORDER;

    if (late)
        note_out_of_order(arrival, conversation->gap_frame);
    else
        tcpshake_note_gap(arrival, conversation->gap_frame, arrival->to, TCPSHAKE_MISSING_SYN_ACK);
    conversation->gap_frame = 0;
}

/* The sender was presumed to have taken in the SYN-ACK, but sends its SYN, or a RST as if it knew of nothing. */
static void
check_presumed_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_has(arrival, TCPSHAKE_SYN) && !tcpshake_has(arrival, TCPSHAKE_ACK)) {
        const bool first = !(sender->flags & TCPSHAKE_END_SENT_SYN);
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
        if (first && arrival->segment->time - arrival->conversation->synack.time < OUT_OF_ORDER) {
            sender->pending |= 1u << TCPSHAKE_PRESUMED_SYN_ACK;
            note_out_of_order(arrival, arrival->conversation->synack.frame);
            tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_synack_unsolicited);
        }
    } else if (tcpshake_has(arrival, TCPSHAKE_RST)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
    } else {
        confirm(sender, TCPSHAKE_PRESUMED_SYN_ACK);
    }
}

/* The sender was presumed to have taken in the ACK of its SYN, but sends SYN-ACK. */
static void
check_presumed_ack_of_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK)) {
        const bool first = !(sender->flags & TCPSHAKE_END_SENT_SYNACK);
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
        if (first) /* both SYN-ACKs crossed, or the ACK was captured before it */
            sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN;
        if (arrival->conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE)
            arrival->conversation->handshake = TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    } else if (tcpshake_is_reset_without_connection(arrival)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
    } else {
        confirm(sender, TCPSHAKE_PRESUMED_ACK_OF_SYN);
    }
}

/* The sender acknowledges the peer's FIN, or it does not: then it had not taken it in. */
static void
check_presumed_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_covers(arrival, arrival->receiver->fin_seq)) {
        confirm(sender, TCPSHAKE_PRESUMED_FIN);
        if (!(sender->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN) && sender->state == TCPSHAKE_TIME_WAIT)
            confirm(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    } else if (tcpshake_has(arrival, TCPSHAKE_ACK) || tcpshake_is_reset_without_connection(arrival)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
        sender->pending |= 1u << TCPSHAKE_PRESUMED_FIN;
    }
}

/* It was not heeded, or not its sender's: it ended nothing. */
static void
note_reset_ignored(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->rst.frame == 0)
        return;
    if (tcpshake_recall(conversation, TCPSHAKE_ANOMALY_reset_ignored)->frame !=
        conversation->rst.frame) { /* by its TTL */
        tcpshake_finding *const finding =
            tcpshake_note_about(arrival, TCPSHAKE_ANOMALY_reset_ignored, conversation->rst.frame);
        finding->related_frame = arrival->segment->frame;
        finding->duration = arrival->segment->time - conversation->rst.time;
    }
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_connection_reset);
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_reset_while_closing);
    conversation->rst = (tcpshake_moment){ 0 };
    conversation->reset_by = TCPSHAKE_NOBODY;
    conversation->reset_cause = TCPSHAKE_CAUSE_NONE;
}

/* The sender was reset, or had sent a RST, and goes on. Still under way when the RST passed: CLOSED a little later;
 * otherwise the RST was not heeded, or not its own. */
static void
check_presumed_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    const bool                   own = (sender->flags & TCPSHAKE_END_SENT_RESET) != 0;
    const bool                   late = arrival->segment->time - conversation->rst.time > IN_FLIGHT;
    const bool                   older = tcpshake_seq_lt(arrival->segment->seq, conversation->reset_seq);

    const bool asked_anew = arrival->receiver->syn_frame > sender->presumed_frame[TCPSHAKE_PRESUMED_RST];
    if (tcpshake_has(arrival, TCPSHAKE_SYN) &&
        (asked_anew || !tcpshake_has(arrival, TCPSHAKE_ACK))) { /* it opens anew */
        confirm(sender, TCPSHAKE_PRESUMED_RST);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        return;
    }
    if (own && older && !late)
        return;
    tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    if (own || late || (arrival->receiver->flags & TCPSHAKE_END_SPOKE_AFTER_RESET)) {
        note_reset_ignored(arrival);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    } else {
        sender->pending |= 1u << TCPSHAKE_PRESUMED_RST;
    }
}

void
tcpshake_check_presumptions(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const bool          resets = tcpshake_has(arrival, TCPSHAKE_RST);

    if (arrival->conversation->gap_frame && arrival->from != arrival->conversation->client)
        check_gap(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_RST] && !resets)
        check_presumed_reset(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_SYN])
        check_presumed_syn(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_SYN_ACK])
        check_presumed_syn_ack(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_SYN])
        check_presumed_ack_of_syn(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_FIN])
        check_presumed_fin(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_FIN] && tcpshake_has(arrival, TCPSHAKE_FIN))
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    if (pending(sender, TCPSHAKE_PRESUMED_FIN) && tcpshake_covers(arrival, arrival->receiver->fin_seq)) {
        confirm(sender, TCPSHAKE_PRESUMED_FIN);
        sender->state = tcpshake_receiving((tcpshake_state)sender->state, TCPSHAKE_EV_FIN)->next;
    }
    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK))
        confirm(sender, TCPSHAKE_PRESUMED_SYN);
}

static void
deliver(tcpshake_arrival *arrival, tcpshake_presumption presumed, tcpshake_event event)
{
    if (!pending(arrival->sender, presumed))
        return;
    confirm(arrival->sender, presumed);
    tcpshake_presume_received(arrival, arrival->from, event);
    arrival->delivered = true;
}

/* What was under way to the sender when it sent this comes next. */
void
tcpshake_deliver_after_sending(tcpshake_arrival *arrival)
{
    deliver(arrival, TCPSHAKE_PRESUMED_SYN_ACK, TCPSHAKE_EV_SYN_ACK);
    deliver(arrival, TCPSHAKE_PRESUMED_ACK_OF_SYN, TCPSHAKE_EV_ACK_OF_SYN);
    if (arrival->receiver->flags & TCPSHAKE_END_SENT_FIN && tcpshake_covers(arrival, arrival->receiver->fin_seq))
        deliver(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_EV_ACK_OF_FIN);
    deliver(arrival, TCPSHAKE_PRESUMED_RST, TCPSHAKE_EV_RST);
}
