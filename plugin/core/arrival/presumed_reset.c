/* presumed_reset.c
 * Whether the sender has accepted the RST that it was presumed to have received, or has sent the RST that it was
 * presumed to have sent: what it sends tells.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "presumption.h"
#include "../segment/seq.h"

/* Everything that the RST has changed at this end and in the conversation is taken back; the other end shows by what it
 * sends whether it is closed. */
static void
undo_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (tcpshake_rare_of(conversation)->rst.frame != 0) /* else the other end has shown it before */
        tcpshake_withdraw_without(conversation, tcpshake_rare_of(conversation)->rst.frame, TCPSHAKE_PRESUMED_RST);
    const uint32_t frame = tcpshake_take_back_changes(conversation, arrival->from);
    if (frame != 0)
        tcpshake_catch_up(arrival, arrival->from, frame);
}

/* The RST that ended the conversation; or the one in the sender's name, right before this, that was in the window, not
 * exact, and challenged by nobody. */
static tcpshake_moment
reset_to_take_back(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_extra *const        extra = conversation->extra;
    const tcpshake_moment              last = arrival->sender->last;

    if (tcpshake_rare_of(conversation)->rst.frame != 0 || !extra ||
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET) ||
        extra->last_reset[arrival->from].frame != last.frame ||
        tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_unacceptable, last.frame) ||
        tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_challenged, last.frame))
        return tcpshake_rare_of(conversation)->rst;
    return last;
}

/* The RST is in the name of the end that sends this segment. */
static bool
bears_own_name(const tcpshake_arrival *arrival, tcpshake_moment rst)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return tcpshake_rare_of(conversation)->rst.frame != rst.frame ||
           tcpshake_rare_of(conversation)->reset_by == (uint8_t)tcpshake_role_of(conversation, arrival->from);
}

/* If it turns out that it has ended its receiver all the same (reset.c), what is said of that holds again. */
static void
disown(tcpshake_conversation *conversation, tcpshake_moment rst)
{
    static const tcpshake_anomaly kinds[] = { TCPSHAKE_ANOMALY_connection_reset, TCPSHAKE_ANOMALY_abortive_close };

    conversation->extra->disowned = rst;
    conversation->extra->cut_off.frame = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const tcpshake_finding *const finding = tcpshake_last_found(conversation, kinds[i]);
        if (finding && finding->frame == rst.frame)
            conversation->extra->cut_off = *finding;
    }
}

/* The RST was not accepted, or somebody else sent it: it ended nothing. */
static void
take_back_reset(tcpshake_arrival *arrival)
{
    const tcpshake_moment rst = reset_to_take_back(arrival);

    if (rst.frame != 0) {
        arrival->shows |= TCPSHAKE_SHOWS_RESET_IGNORED;
        arrival->ignored_reset = rst;
        if (arrival->conversation->extra && bears_own_name(arrival, rst) &&
            tcpshake_presumed_frame(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_RST) == rst.frame)
            disown(arrival->conversation, rst);
    }
    undo_reset(arrival);
}

/* Only the client is in the capture, and it acknowledges more each time: its server, which would have accepted a RST
 * from the client, goes on. */
static bool
shows_server_going_on(const tcpshake_arrival *arrival)
{
    return !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN) &&
           tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ACK) && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           tcpshake_seq_lt(arrival->sender->ack_sent, arrival->segment->ack);
}

/* The client acknowledges a SYN-ACK that was sent again after its RST. So it is not CLOSED: in CLOSED it would send
 * nothing but RSTs (section 3.10.7.1). If the RST was its own, it only refused the SYN-ACK before this one (section
 * 3.10.7.3). */
static bool
has_accepted_the_next(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return conversation->last_from == arrival->to && tcpshake_ack_acceptable(arrival) &&
           tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_synack_retransmission, conversation->last_frame);
}

static void
remember_late_fin(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = arrival->conversation->extra;

    if (!extra || extra->late_fin.frame)
        return;
    extra->late_fin = tcpshake_now(arrival);
    extra->late_fin_seq = tcpshake_fin_position(arrival);
    arrival->kept = true; /* an entry to put right */
}

/* A RST in the client's name has ended the handshake, and the client goes on. It may come from the kernel below a
 * scanner that has a TCP of its own, and then the server has accepted it: only the server can tell. In LISTEN it
 * answers with a RST (section 3.10.7.2). */
static bool
leaves_it_to_the_server(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (arrival->from != conversation->client || tcpshake_rare_of(conversation)->reset_by != TCPSHAKE_CLIENT ||
        conversation->handshake != TCPSHAKE_HANDSHAKE_ABORTED ||
        !tcpshake_is_presumed(arrival->receiver, TCPSHAKE_PRESUMED_RST) || shows_server_going_on(arrival) ||
        has_accepted_the_next(arrival))
        return false;
    arrival->sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    if (tcpshake_has(arrival, TCPSHAKE_FIN | TCPSHAKE_ACK))
        remember_late_fin(arrival);
    const bool known = tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_ISN);
    if (conversation->ack.frame == 0 && tcpshake_has(arrival, TCPSHAKE_ACK) &&
        (known ? tcpshake_covers(arrival, arrival->receiver->isn)
               : !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN))) {
        conversation->ack = tcpshake_now(arrival);
        arrival->kept = true; /* an entry to put right */
    }
    return true;
}

/* The last segment is a RST of this end. */
static bool
is_right_behind_own_reset(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return conversation->last_from == arrival->from && conversation->extra &&
           conversation->extra->last_reset[arrival->from].frame == conversation->last_frame;
}

/* Old data, an old acknowledgment, a copy: its sender had sent all of it before, so it tells nothing about what the
 * sender does now. An ACK that begins and ends at SND.NXT does tell: it is what an open end sends. But not if the end
 * has since answered with another RST, as only a closed one does (section 3.10.7.1), or was sent nothing since its RST
 * that it could answer. */
static bool
has_nothing_new(const tcpshake_arrival *arrival)
{
    enum { NUMBERS = TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_HAS_ACK };
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_end *const     sender = arrival->sender;
    const uint32_t                next = segment->seq + tcpshake_segment_span(segment);
    const bool                    known = tcpshake_seq_le(segment->ack, sender->ack_sent);

    if (!tcpshake_end_is(sender, NUMBERS) || tcpshake_has(arrival, TCPSHAKE_SYN) ||
        !tcpshake_has(arrival, TCPSHAKE_ACK))
        return false;
    return tcpshake_seq_le(next, sender->snd_nxt) &&
           tcpshake_seq_le(segment->ack, tcpshake_most_acknowledged(arrival)) &&
           (tcpshake_seq_lt(segment->seq, sender->snd_nxt) || tcpshake_seq_lt(segment->ack, sender->ack_sent) ||
            tcpshake_rare_of(arrival->conversation)->reset_count > 1 || (known && is_right_behind_own_reset(arrival)));
}

/* A FIN right after a RST with which its end answered what came after its FIN (section 3.10.7.1): the two have changed
 * places on the path. No answer to anything else is as quick. */
static bool
is_fin_of_closed_end(const tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;

    return tcpshake_has(arrival, TCPSHAKE_FIN) && arrival->segment->length == 0 && is_right_behind_own_reset(arrival) &&
           !extra->last_reset[arrival->from].acknowledges &&
           tcpshake_seq_le(extra->last_reset[arrival->from].seq, arrival->segment->seq) &&
           tcpshake_milliseconds_since(arrival, arrival->sender) < TCPSHAKE_RETRANSMISSION_MIN_MS;
}

/* By its number, the segment was sent before its sender's RST. The RST that answers a segment without ACK has number 0,
 * which tells nothing (section 3.10.7.1). */
static bool
precedes_own_reset(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_extra *const        extra = conversation->extra;

    if (!tcpshake_rare_of(conversation)->rst.frame || !extra ||
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET))
        return false;
    if (tcpshake_rare_of(conversation)->reset_by == (uint8_t)tcpshake_role_of(conversation, arrival->from))
        return tcpshake_seq_lt(arrival->segment->seq, tcpshake_reset_seq(conversation, arrival->from));
    const tcpshake_last_rst *const last = &extra->last_reset[arrival->from];
    return (last->seq != 0 || !last->acknowledges) && tcpshake_seq_lt(arrival->segment->seq, last->seq);
}

/* The sender acknowledges more than the RST's number: it sent this before the RST came, whose number was then left of
 * its window (section 3.10.7.4, first), or it has never seen it. A FIN's number is passed by the FIN alone: then some
 * accept the RST. */
static bool
is_past_reset(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          receiver = arrival->receiver;
    const uint32_t                     number = tcpshake_reset_seq(conversation, arrival->to);

    return tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_rare_of(conversation)->rst.frame != 0 &&
           tcpshake_seq_lt(number, arrival->segment->ack) &&
           !(tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN) && receiver->fin_seq == number);
}

/* It acknowledges less than the RST's number, though it had time for more: what was sent before the RST is missing, so
 * the RST was not exact. It was challenged (RFC 5961 section 3.2), or lost as well. */
static bool
is_short_of_reset(const tcpshake_arrival *arrival)
{
    enum { ROUND_TRIPS = 2 };
    const tcpshake_extra *const extra = arrival->conversation->extra;

    return tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_rare_of(arrival->conversation)->rst.frame != 0 && extra &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_HAS_SND_NXT) &&
           tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_lt(arrival->segment->ack, extra->last_reset[arrival->to].seq) &&
           tcpshake_waits_for_data(arrival, ROUND_TRIPS);
}

/* The SYN-ACK again, so long after the one before that its timer has sent it (RFC 6298 section 2: 1 s at first). */
static bool
is_syn_ack_by_timer(const tcpshake_arrival *arrival, int64_t silent)
{
    return tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK) &&
           silent * TCPSHAKE_MILLISECOND >= TCPSHAKE_SYN_TIMER_MIN && arrival->sender->isn == arrival->segment->seq;
}

/* So long after a RST to it, a segment may still come from an end that had not received the RST when it sent the
 * segment: a round trip, and as much more as a path's delay varies. */
static int64_t
longest_under_way(const tcpshake_arrival *arrival, int64_t silent)
{
    const int64_t way = tcpshake_answer_time(arrival->conversation, arrival->from);

    if (way < TCPSHAKE_IN_FLIGHT - TCPSHAKE_RETRANSMISSION_MIN && is_syn_ack_by_timer(arrival, silent))
        return way + TCPSHAKE_RETRANSMISSION_MIN;
    return way > TCPSHAKE_IN_FLIGHT ? way + way / 2 : TCPSHAKE_IN_FLIGHT;
}

/* Too long after the RST to have been under way with it. One that could not be accepted is not kept: then since its
 * sender was last heard. */
static bool
is_late(const tcpshake_arrival *arrival)
{
    const tcpshake_moment rst = tcpshake_rare_of(arrival->conversation)->rst;
    const int64_t         silent = tcpshake_milliseconds_since(arrival, arrival->sender);

    return (rst.frame ? arrival->segment->time - rst.time : silent * TCPSHAKE_MILLISECOND) >
           longest_under_way(arrival, silent);
}

/* Section 3.5.1, figures 9 and 10: the RST of an end in SYN-SENT was to clear the older connection that its peer, which
 * sends this, still held. It did, if what comes now is a SYN-ACK; the answer of the older connection to another SYN
 * shows that it did not: the RST was lost, or challenged (RFC 5961 section 3.2). */
static bool
is_to_clear_older(const tcpshake_arrival *arrival)
{
    return tcpshake_rare_of(arrival->conversation)->rst.frame == 0 && arrival->receiver->state == TCPSHAKE_SYN_SENT &&
           arrival->from != arrival->conversation->client;
}

/* With a SYN of its own, or a SYN-ACK for one that has come since: in the capture, or shown by another ISN, which no
 * repetition has (section 3.4.1). */
static bool
opens_anew(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;
    const bool asked_anew = arrival->receiver->syn_frame > tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST);

    return !tcpshake_has(arrival, TCPSHAKE_ACK) || asked_anew ||
           (tcpshake_end_is(sender, TCPSHAKE_END_HAS_ISN) && arrival->segment->seq != sender->isn);
}

/* It acknowledges a SYN-ACK that is not in the capture. */
static bool
answers_unseen_syn_ack(const tcpshake_arrival *arrival)
{
    return arrival->conversation->synack.frame == 0 && !(arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)) &&
           tcpshake_has(arrival, TCPSHAKE_ACK) && arrival->segment->ack != 0 &&
           arrival->segment->seq == arrival->sender->isn + 1;
}

/* The sender acknowledges a SYN-ACK that came behind the RST: CLOSED only ever sends a RST (section 3.10.7.1), so it
 * was in SYN-SENT still. */
static bool
was_not_refused(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t                     rst = tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST);

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED || arrival->from != conversation->client)
        return false;
    return (conversation->synack.frame > rst && tcpshake_ack_acceptable(arrival)) || answers_unseen_syn_ack(arrival);
}

/* The first segment that it sends while the RST is in flight shows the state in which it was sent, whatever follows. */
static void
keep_first_under_way(tcpshake_arrival *arrival)
{
    const tcpshake_entry *const last = tcpshake_last_entry(&arrival->conversation->timeline);

    arrival->kept |= last && last->from != arrival->from;
}

/* The sender was reset, or had sent a RST, and goes on. What it sends was still under way when the RST passed, and
 * CLOSED comes a little later; otherwise the RST was not accepted, or not its own. */
void
tcpshake_check_presumed_reset(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    const bool own = tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) && !tcpshake_was_reset_by_peer(arrival);
    const bool unrefused = was_not_refused(arrival), late = unrefused || is_late(arrival);
    const bool older = precedes_own_reset(arrival) || has_nothing_new(arrival) || is_fin_of_closed_end(arrival);

    if (tcpshake_is_copied_syn_ack(arrival) || arrival->copied_syn || tcpshake_is_injected_behind_reset(arrival))
        return;
    if (tcpshake_never_left_syn_sent(arrival->sender, arrival->segment)) {
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
        return;
    }
    if (tcpshake_still_asks(arrival)) {
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
        take_back_reset(arrival);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        return;
    }
    const bool was_to_clear = !own && is_to_clear_older(arrival);
    if (tcpshake_has(arrival, TCPSHAKE_SYN) &&
        ((was_to_clear && !tcpshake_end_is(sender, TCPSHAKE_END_HAS_ISN)) || opens_anew(arrival))) {
        tcpshake_confirm(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        if (arrival->segment->seq != sender->isn) /* the SYN-ACK before was of the opening that the RST has ended */
            sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_SYNACK;
        return;
    }
    const bool goes_on = (arrival->receiver->flags & TCPSHAKE_END_SPOKE_AFTER_RESET) != 0;
    if ((tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) && older && !late) ||
        (own && leaves_it_to_the_server(arrival)))
        return;
    if (was_to_clear &&
        (late || arrival->receiver->syn_frame > tcpshake_sender_presumed(arrival, TCPSHAKE_PRESUMED_RST))) {
        tcpshake_clears_nothing(conversation, arrival->from);
        sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
        return;
    }
    /* In SYN-SENT its number was not looked at (section 3.10.7.3). */
    if (!own && !goes_on && conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED &&
        (is_past_reset(arrival) || is_short_of_reset(arrival))) {
        tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
        undo_reset(arrival);
        return;
    }
    tcpshake_take_back(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    if (own || late || goes_on) {
        take_back_reset(arrival);
        if (unrefused && conversation->synack.frame == 0)
            tcpshake_restore_listener(arrival);
        else if (goes_on)
            tcpshake_restore_waiting_client(arrival);
        else if (own && conversation->ack.frame && tcpshake_is_presumed(arrival->receiver, TCPSHAKE_PRESUMED_RST) &&
                 shows_server_going_on(arrival))
            tcpshake_restore_unseen_server(arrival);
        sender->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
        sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    } else {
        sender->pending |= 1u << TCPSHAKE_PRESUMED_RST;
        keep_first_under_way(arrival);
    }
}

/* The sender challenges the RST, which has ended nothing here. Whoever sent the RST may be closed all the same, and no
 * longer waits for an answer. */
void
tcpshake_check_challenge(tcpshake_arrival *arrival)
{
    const tcpshake_moment asked = arrival->conversation->asked;

    if (!tcpshake_is_challenge_ack(arrival))
        return;
    arrival->shows |= TCPSHAKE_SHOWS_CHALLENGE;
    if (tcpshake_found_on(arrival->conversation, TCPSHAKE_ANOMALY_reset_unacceptable,
                          arrival->conversation->extra->last_reset[arrival->to].frame))
        tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_reset_unacceptable);
    if (tcpshake_is_presumed(arrival->sender, TCPSHAKE_PRESUMED_RST)) {
        tcpshake_check_fin_before_reset(arrival);
        tcpshake_take_back(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    }
    undo_reset(arrival);
    arrival->sender->pending &= (uint8_t) ~(1u << TCPSHAKE_PRESUMED_FIN); /* it was in front of the RST: it is lost */
    arrival->conversation->asked = asked;
}
