/* presumption.c
 * What an end is presumed to have received, until its own segments confirm or contradict it.
 *
 * The capture does not show whether a segment arrives. It is presumed to: the state changes, and the record remembers
 * the frame. The end's next segments tell: an acknowledgment that covers it confirms, one that does not cover it (or a
 * retransmission of what it would have answered) contradicts. Then the timeline is corrected from the frame where it
 * was presumed. A contradicted segment may still be in flight: it stays pending until the end shows that it has
 * arrived.
 *
 * Every entry is rewritten at most once for each kind of presumption, because a presumption begins after the last one
 * of its kind was taken back: the work stays linear in the entries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"
#include "../segment/seq.h"

/* An answer captured before its question: they were recorded out of order if no more than this lies between them.
 * Retransmission timers start at 200 ms at the very least (RFC 6298 asks for 1 s). */
static const int64_t OUT_OF_ORDER = 150 * TCPSHAKE_MILLISECOND;

static void
presume(tcpshake_end *end, tcpshake_presumption presumed, uint32_t frame)
{
    end->presumed_frame[presumed] = frame;
    end->pending &= (uint8_t) ~(1u << presumed);
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

/* Whose state is to be without what. */
typedef struct without {
    int                  end;
    tcpshake_presumption presumed;
    tcpshake_state       before;
} without;

static bool
take_out(tcpshake_entry *entry, const void *context)
{
    const without *const what = context;
    uint8_t *const       state = &entry->state[what->end];

    *state = (uint8_t)tcpshake_without(what->presumed, (tcpshake_state)*state, what->before);
    return true;
}

void
tcpshake_take_back(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    tcpshake_end *const who = &conversation->end[end];
    const without       what = { end, presumed, (tcpshake_state)state_before(conversation, end, presumed) };
    const uint32_t      since = who->presumed_frame[presumed];
    const bool          held_time_wait = who->state == TCPSHAKE_TIME_WAIT;

    tcpshake_rewrite_since(conversation, since, take_out, &what);
    who->presumed_frame[presumed] = 0;
    if (held_time_wait && who->state != TCPSHAKE_TIME_WAIT)
        conversation->time_wait_owner &= (uint8_t)~tcpshake_role_of(conversation, end);
}

void
tcpshake_clears_nothing(tcpshake_conversation *conversation, int end)
{
    const uint32_t frame = conversation->end[end].presumed_frame[TCPSHAKE_PRESUMED_RST];

    tcpshake_take_back(conversation, end, TCPSHAKE_PRESUMED_RST);
    tcpshake_withdraw_without(conversation, frame, TCPSHAKE_PRESUMED_RST);
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
    tcpshake_set_state(arrival->conversation, end, (tcpshake_state)cell->next);
    if (presumption_of[event].presumes)
        presume(who, crossed ? TCPSHAKE_PRESUMED_ACK_OF_SYN : presumption_of[event].presumption,
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
        tcpshake_show_out_of_order(arrival, conversation->extra->gap_frame);
    else
        tcpshake_show_gap(arrival, conversation->extra->gap_frame, arrival->to, TCPSHAKE_MISSING_SYN_ACK);
    conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_GAP;
}

/* The sender was presumed to have received the SYN-ACK, but sends its SYN, or a RST as if it had not. One that
 * acknowledges the SYN-ACK knows of it: in SYN-SENT there is nothing to acknowledge, and no RST is sent
 * (section 3.10.5). */
static void
check_presumed_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_has(arrival, TCPSHAKE_SYN) && !tcpshake_has(arrival, TCPSHAKE_ACK)) {
        const bool first = !(sender->flags & TCPSHAKE_END_SENT_SYN);
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
        if (first && arrival->segment->time - arrival->conversation->synack.time < OUT_OF_ORDER) {
            sender->pending |= 1u << TCPSHAKE_PRESUMED_SYN_ACK;
            tcpshake_show_out_of_order(arrival, arrival->conversation->synack.frame);
            tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_synack_unsolicited);
        }
    } else if (tcpshake_has(arrival, TCPSHAKE_RST) && !tcpshake_covers(arrival, arrival->receiver->isn)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_SYN_ACK);
    } else {
        confirm(sender, TCPSHAKE_PRESUMED_SYN_ACK);
    }
}

/* The same SYN-ACK, sent again before the ACK of the first one can have come: to a copy of the SYN, or since the timer
 * ran out meanwhile. How long that takes, the first SYN and its answer have shown. Or the network has made it: no timer
 * is that short, and each SYN had its answer. */
static bool
crosses_handshake_ack(const tcpshake_arrival *arrival)
{
    static const int64_t               LONGEST = TCPSHAKE_RETRANSMISSION_MIN_MS * TCPSHAKE_MILLISECOND;
    const tcpshake_conversation *const conversation = arrival->conversation;
    const int64_t                      answered = conversation->synack.time - conversation->syn.time;
    const bool                         copy = arrival->sender->syn_count >= arrival->receiver->syn_count &&
                      tcpshake_since(arrival, conversation->synack) < LONGEST;

    return conversation->syn.frame != 0 && conversation->ack.frame != 0 && arrival->from != conversation->client &&
           arrival->segment->seq == arrival->sender->isn && answered < LONGEST &&
           (copy || tcpshake_since(arrival, conversation->ack) <= answered);
}

/* The handshake's ACK itself is answered at once, as by an end that holds no such connection (section 3.10.7.1): it
 * found none. Behind anything else but a RST, which is not answered, a RST without ACK tells nothing: an end in
 * ESTABLISHED that aborts sends the same (section 3.10.5). */
static bool
answers_handshake_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return tcpshake_is_reset_without_connection(arrival) && !tcpshake_is_foreign_ttl(arrival) &&
           tcpshake_frame_before_resets(conversation) ==
               arrival->sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_SYN] &&
           tcpshake_since(arrival, conversation->last) < TCPSHAKE_IN_FLIGHT;
}

/* Neither end was open at the same time as the other. */
static void
reopen_handshake(tcpshake_conversation *conversation)
{
    if (conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE)
        conversation->handshake = conversation->rst.frame ? TCPSHAKE_HANDSHAKE_ABORTED : TCPSHAKE_HANDSHAKE_IN_PROGRESS;
}

/* The sender was presumed to have received the ACK of its SYN, but sends a SYN-ACK, or a RST as if it had not. */
static void
check_presumed_ack_of_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK)) {
        const bool first = !(sender->flags & TCPSHAKE_END_SENT_SYNACK);
        if (!first && crosses_handshake_ack(arrival))
            return;
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
        if (first) /* both SYN-ACKs crossed, or the ACK was captured before it */
            sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN;
        reopen_handshake(arrival->conversation);
    } else if (answers_handshake_ack(arrival)) {
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_SYN);
        reopen_handshake(arrival->conversation);
    } else if (!tcpshake_has(arrival, TCPSHAKE_RST)) {
        confirm(sender, TCPSHAKE_PRESUMED_ACK_OF_SYN);
    }
}

/* What was sent behind the FIN arrives behind it: an end in TIME-WAIT that had not taken the FIN in had not taken in
 * the ACK of its own either. */
static void
take_back_ack_behind_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const uint32_t      fin = sender->presumed_frame[TCPSHAKE_PRESUMED_FIN];

    if (sender->state != TCPSHAKE_TIME_WAIT || sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_FIN] <= fin)
        return;
    tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN;
}

/* Whether the sender acknowledges the peer's FIN. If it does not, it had not received it. */
static void
check_presumed_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (tcpshake_covers(arrival, arrival->receiver->fin_seq)) {
        confirm(sender, TCPSHAKE_PRESUMED_FIN);
        if (!(sender->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN) && sender->state == TCPSHAKE_TIME_WAIT)
            confirm(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    } else if (tcpshake_has(arrival, TCPSHAKE_ACK) || tcpshake_is_reset_without_connection(arrival)) {
        take_back_ack_behind_fin(arrival);
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
        sender->pending |= 1u << TCPSHAKE_PRESUMED_FIN;
    }
}

/* The sender was presumed to have taken in the ACK of its FIN, but its timer has run out and it sends the FIN again:
 * FIN-WAIT-1, CLOSING or LAST-ACK, which have it unacknowledged (RFC 6298 section 5.4); in TIME-WAIT it has only ACKs
 * to send (section 3.10.7.4). An ACK that is not older than that was under way. */
static void
check_presumed_ack_of_fin(tcpshake_arrival *arrival)
{
    static const int64_t  UNDER_WAY = TCPSHAKE_RETRANSMISSION_MIN_MS * TCPSHAKE_MILLISECOND;
    const tcpshake_moment acknowledged = tcpshake_fin_acknowledged(arrival->conversation, arrival->from);

    if (!tcpshake_is_fin_sent_again(arrival))
        return;
    if (arrival->sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_FIN])
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    confirm(arrival->sender, TCPSHAKE_PRESUMED_ACK_OF_FIN);
    if (acknowledged.frame && tcpshake_since(arrival, acknowledged) < UNDER_WAY)
        arrival->sender->pending |= 1u << TCPSHAKE_PRESUMED_ACK_OF_FIN;
}

/* Everything that the RST has changed at this end and in the conversation is taken back; the other end shows by what it
 * sends whether it is closed. */
static void
undo_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->rst.frame != 0) /* else the other end has shown it before */
        tcpshake_withdraw_without(conversation, conversation->rst.frame, TCPSHAKE_PRESUMED_RST);
    const uint32_t frame = tcpshake_take_back_changes(conversation, arrival->from);
    if (frame != 0)
        tcpshake_catch_up(conversation, arrival->from, frame);
}

/* The RST was not heeded, or was not its sender's: it ended nothing. */
static void
take_back_reset(tcpshake_arrival *arrival)
{
    const tcpshake_moment rst = arrival->conversation->rst;

    if (rst.frame != 0) {
        arrival->shows |= TCPSHAKE_SHOWS_RESET_IGNORED;
        arrival->ignored_reset = rst;
    }
    undo_reset(arrival);
}

/* What an end became by sending the handshake's ACK. */
static bool
has_sent_ack(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    *state = tcpshake_sending((tcpshake_state)*state, TCPSHAKE_EV_ACK_OF_SYN)->next;
    return true;
}

/* The client has gone on after the RST that was sent in its name, and waits for what its server does: that goes on as
 * well. The RST has ended neither. */
static void
restore_waiting_client(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          client = arrival->receiver;
    const uint32_t               rst = client->presumed_frame[TCPSHAKE_PRESUMED_RST];

    if (arrival->to != conversation->client || !rst)
        return;
    tcpshake_take_back(conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
    tcpshake_take_back_changes(conversation, arrival->to);
    client->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
    if (conversation->ack.frame) /* an ACK before the RST was sent in its time */
        tcpshake_rewrite_since(conversation, conversation->ack.frame > rst ? conversation->ack.frame : rst,
                               has_sent_ack, &arrival->to);
}

/* A RST in the client's name has ended the handshake, and the client goes on. It may come from the kernel below a
 * scanner that has a TCP of its own, and then the server has heeded it: only the server can tell. In LISTEN it answers
 * with a RST (section 3.10.7.2). */
static bool
leaves_it_to_the_server(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (arrival->from != conversation->client || conversation->reset_by != TCPSHAKE_CLIENT ||
        conversation->handshake != TCPSHAKE_HANDSHAKE_ABORTED ||
        !arrival->receiver->presumed_frame[TCPSHAKE_PRESUMED_RST])
        return false;
    arrival->sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    if (conversation->ack.frame == 0 && tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_ISN) &&
        tcpshake_covers(arrival, arrival->receiver->isn))
        conversation->ack = tcpshake_now(arrival);
    return true;
}

/* Old data, an old acknowledgment, a copy: it has nothing that its sender had not sent before, so it tells nothing of
 * what that does now. One that begins and ends at SND.NXT tells: it is what an end in use sends; unless that has
 * answered with a RST once more since, as only a closed one does (section 3.10.7.1). */
static bool
has_nothing_new(const tcpshake_arrival *arrival)
{
    enum { NUMBERS = TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_HAS_ACK };
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_end *const     sender = arrival->sender;
    const uint32_t                next = segment->seq + tcpshake_segment_span(segment);

    if (!tcpshake_end_is(sender, NUMBERS) || tcpshake_has(arrival, TCPSHAKE_SYN) ||
        !tcpshake_has(arrival, TCPSHAKE_ACK))
        return false;
    return tcpshake_seq_le(next, sender->snd_nxt) && tcpshake_seq_le(segment->ack, sender->ack_sent) &&
           (tcpshake_seq_lt(segment->seq, sender->snd_nxt) || tcpshake_seq_lt(segment->ack, sender->ack_sent) ||
            arrival->conversation->reset_count > 1);
}

/* The sender acknowledges more than the RST's number: it sent this before the RST came, whose number was then left of
 * its window (section 3.10.7.4, first), or it has never seen it. A FIN's number is passed by the FIN alone: then some
 * accept the RST. */
static bool
is_past_reset(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const uint32_t            number = tcpshake_reset_seq(arrival->conversation);

    return tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->conversation->rst.frame != 0 &&
           tcpshake_seq_lt(number, arrival->segment->ack) &&
           !(tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN) && receiver->fin_seq == number);
}

/* Too long after the RST to have been under way with it. One that could not be accepted is not kept: then since its
 * sender was last heard. */
static bool
is_late(const tcpshake_arrival *arrival)
{
    const tcpshake_moment rst = arrival->conversation->rst;
    const int64_t         silent = tcpshake_milliseconds_since(arrival, arrival->sender);
    const int64_t         way = tcpshake_answer_time(arrival->conversation, arrival->from);

    return (rst.frame ? arrival->segment->time - rst.time : silent * TCPSHAKE_MILLISECOND) >
           (way > TCPSHAKE_IN_FLIGHT ? way + way / 2 : TCPSHAKE_IN_FLIGHT);
}

/* Section 3.5.1, figures 9 and 10: the RST of an end in SYN-SENT was to clear the older connection that its peer, which
 * sends this, still held. It did, if what comes now is a SYN-ACK; the answer of the older connection to another SYN
 * shows that it did not: the RST was lost, or challenged (RFC 5961 section 3.2). */
static bool
is_to_clear_older(const tcpshake_arrival *arrival)
{
    return arrival->conversation->rst.frame == 0 && arrival->receiver->state == TCPSHAKE_SYN_SENT &&
           arrival->from != arrival->conversation->client;
}

/* With a SYN of its own, or a SYN-ACK for one that has come since: in the capture, or shown by another ISN, which no
 * repetition has (section 3.4.1). */
static bool
opens_anew(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;
    const bool                asked_anew = arrival->receiver->syn_frame > sender->presumed_frame[TCPSHAKE_PRESUMED_RST];

    return !tcpshake_has(arrival, TCPSHAKE_ACK) || asked_anew ||
           (tcpshake_end_is(sender, TCPSHAKE_END_HAS_ISN) && arrival->segment->seq != sender->isn);
}

/* The sender acknowledges a SYN-ACK that came behind the RST: CLOSED only ever sends a RST (section 3.10.7.1), so it
 * was in SYN-SENT still. */
static bool
was_not_refused(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED && arrival->from == conversation->client &&
           conversation->synack.frame > arrival->sender->presumed_frame[TCPSHAKE_PRESUMED_RST] &&
           tcpshake_ack_acceptable(arrival);
}

/* The sender was reset, or had sent a RST, and goes on. Still under way when the RST passed: CLOSED a little later;
 * otherwise the RST was not heeded, or not its own. */
static void
check_presumed_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    const bool                   own = (sender->flags & TCPSHAKE_END_SENT_RESET) != 0;
    const bool                   known = conversation->rst.frame != 0; /* else it could not be accepted */
    const bool                   late = is_late(arrival) || was_not_refused(arrival);
    const bool                   older =
        (known && tcpshake_seq_lt(arrival->segment->seq, tcpshake_reset_seq(conversation))) || has_nothing_new(arrival);

    if (tcpshake_is_copied_syn_ack(arrival) || arrival->copied_syn)
        return;
    if (tcpshake_never_left_syn_sent(arrival->sender, arrival->segment)) {
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
        return;
    }
    const bool was_to_clear = !own && is_to_clear_older(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_SYN) &&
        ((was_to_clear && !tcpshake_end_is(sender, TCPSHAKE_END_HAS_ISN)) || opens_anew(arrival))) {
        confirm(sender, TCPSHAKE_PRESUMED_RST);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        if (arrival->segment->seq != sender->isn) /* the SYN-ACK before was of the opening that the RST has ended */
            sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_SYNACK;
        return;
    }
    const bool goes_on = (arrival->receiver->flags & TCPSHAKE_END_SPOKE_AFTER_RESET) != 0;
    if (own && ((older && !late) || leaves_it_to_the_server(arrival)))
        return;
    if (was_to_clear && (late || arrival->receiver->syn_frame > sender->presumed_frame[TCPSHAKE_PRESUMED_RST])) {
        tcpshake_clears_nothing(conversation, arrival->from);
        sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
        return;
    }
    /* In SYN-SENT its number was not looked at (section 3.10.7.3). */
    if (!own && !goes_on && conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED && is_past_reset(arrival)) {
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
        undo_reset(arrival);
        return;
    }
    tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    if (own || late || goes_on) {
        take_back_reset(arrival);
        if (goes_on)
            restore_waiting_client(arrival);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    } else {
        sender->pending |= 1u << TCPSHAKE_PRESUMED_RST;
    }
}

/* The sender challenges the RST, which has ended nothing here. Whoever sent that may be closed all the same, and waits
 * for no answer any more. */
static void
check_challenge(tcpshake_arrival *arrival)
{
    const tcpshake_moment asked = arrival->conversation->asked;

    if (!tcpshake_is_challenge_ack(arrival))
        return;
    arrival->shows |= TCPSHAKE_SHOWS_CHALLENGE;
    if (arrival->sender->presumed_frame[TCPSHAKE_PRESUMED_RST])
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    undo_reset(arrival);
    arrival->conversation->asked = asked;
}

/* The last segment is this end's own, and has moved it. */
static bool
has_just_moved(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_timeline *const timeline = &conversation->timeline;
    const tcpshake_entry *const    last = timeline->count ? &timeline->entries[timeline->count - 1] : NULL;

    return last && last->frame == conversation->last.frame && conversation->last_from == end &&
           last->state[end] != (timeline->count > 1 ? last[-1].state : conversation->initial)[end];
}

/* Shows in the last frame before this one that the end took in what was under way to it. */
static void
show_before(tcpshake_arrival *arrival, int end)
{
    tcpshake_conversation *const   conversation = arrival->conversation;
    const tcpshake_timeline *const timeline = &conversation->timeline;
    uint8_t                        state[2] = { conversation->initial[0], conversation->initial[1] };

    if (timeline->count > 0) {
        state[0] = timeline->entries[timeline->count - 1].state[0];
        state[1] = timeline->entries[timeline->count - 1].state[1];
    }
    tcpshake_entry *const entry =
        tcpshake_timeline_at(&conversation->timeline, arrival->allocator, conversation->last.frame, state);

    if (entry)
        entry->state[end] = conversation->end[end].state;
}

/* The sender acknowledges the FIN that was under way to it. If it moves on with the same segment, it has taken that in
 * before. */
static void
deliver_fin(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const uint8_t       before = sender->state;

    confirm(sender, TCPSHAKE_PRESUMED_FIN);
    tcpshake_set_state(arrival->conversation, arrival->from,
                       (tcpshake_state)tcpshake_receiving((tcpshake_state)sender->state, TCPSHAKE_EV_FIN)->next);
    if (sender->state != before && arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST) &&
        !has_just_moved(arrival->conversation, arrival->from))
        show_before(arrival, arrival->from);
}

/* The sender was presumed to have taken in a FIN, and a RST behind it, but what it sends acknowledges no FIN: whatever
 * became of the RST, the FIN had not come. */
static void
check_fin_before_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    if (!sender->presumed_frame[TCPSHAKE_PRESUMED_FIN] || !tcpshake_has(arrival, TCPSHAKE_ACK) ||
        tcpshake_covers(arrival, arrival->receiver->fin_seq))
        return;
    tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_FIN);
    sender->before_reset =
        (uint8_t)tcpshake_without(TCPSHAKE_PRESUMED_FIN, (tcpshake_state)sender->before_reset, TCPSHAKE_UNKNOWN);
    sender->pending |= 1u << TCPSHAKE_PRESUMED_FIN;
}

void
tcpshake_check_presumptions(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    const bool          resets = tcpshake_has(arrival, TCPSHAKE_RST);

    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_GAP && arrival->from != arrival->conversation->client)
        check_gap(arrival);
    if (tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_RESET))
        check_challenge(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_RST] && !resets) {
        check_fin_before_reset(arrival);
        check_presumed_reset(arrival);
    }
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_SYN])
        check_presumed_syn(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_SYN_ACK])
        check_presumed_syn_ack(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_SYN])
        check_presumed_ack_of_syn(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_FIN] || pending(sender, TCPSHAKE_PRESUMED_ACK_OF_FIN))
        check_presumed_ack_of_fin(arrival);
    if (sender->presumed_frame[TCPSHAKE_PRESUMED_FIN])
        check_presumed_fin(arrival);
    if (pending(sender, TCPSHAKE_PRESUMED_FIN) && tcpshake_covers(arrival, arrival->receiver->fin_seq))
        deliver_fin(arrival);
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

/* A FIN was under way to the receiver, and now the RST is: what was sent first arrives first, CLOSE-WAIT and its like
 * before CLOSED. That shows in the last frame before this one; in this one, if in that the receiver has moved itself.
 */
void
tcpshake_deliver_before_reset(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (!pending(receiver, TCPSHAKE_PRESUMED_FIN) || !tcpshake_is_fin_under_way(arrival->conversation, arrival->from))
        return;
    tcpshake_set_state(arrival->conversation, arrival->to,
                       (tcpshake_state)tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_FIN)->next);
    if (has_just_moved(arrival->conversation, arrival->to)) {
        arrival->first[arrival->to] = receiver->state;
        presume(receiver, TCPSHAKE_PRESUMED_FIN, arrival->segment->frame);
    } else {
        show_before(arrival, arrival->to);
        presume(receiver, TCPSHAKE_PRESUMED_FIN, arrival->conversation->last.frame);
    }
}

/* What was under way to the sender when it sent this comes next. */
void
tcpshake_deliver_after_sending(tcpshake_arrival *arrival)
{
    deliver(arrival, TCPSHAKE_PRESUMED_SYN_ACK, TCPSHAKE_EV_SYN_ACK);
    deliver(arrival, TCPSHAKE_PRESUMED_ACK_OF_SYN, TCPSHAKE_EV_ACK_OF_SYN);
    if (arrival->receiver->flags & TCPSHAKE_END_SENT_FIN && tcpshake_covers(arrival, arrival->receiver->fin_seq))
        deliver(arrival, TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_EV_ACK_OF_FIN);
    if (pending(arrival->sender, TCPSHAKE_PRESUMED_RST)) /* CLOSED shows one frame later than what was sent before */
        arrival->first[arrival->from] = arrival->sender->state;
    deliver(arrival, TCPSHAKE_PRESUMED_RST, TCPSHAKE_EV_RST);
}
