/* closing_rules.c
 * What can be wrong with how a conversation ends, and with what comes after its end (RFC 9293 section 3.6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "../segment/seq.h"

/* The number of the sender's last FIN. One that moved after the first was acknowledged does not count, but was sent. */
static uint32_t
last_position(const tcpshake_arrival *arrival)
{
    const tcpshake_finding *const moved = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_fin_moved);

    return moved && moved->end == arrival->from && moved->frame == arrival->sender->fin_frame
               ? moved->moved.now
               : arrival->sender->fin_seq;
}

/* A FIN that was sent before, once more, and its sender may send it (section 3.10.7.4). */
static bool
is_fin_again(const tcpshake_arrival *arrival)
{
    const uint32_t position = tcpshake_fin_position(arrival);
    const bool     known = tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ISN) ||
                       arrival->conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM;

    return (arrival->sender->fin_seq == position || last_position(arrival) == position) && known &&
           arrival->sender->state >= TCPSHAKE_SYN_SENT && !tcpshake_acknowledges_the_unsent(arrival);
}

static bool
fin_retransmission(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->attempt.number = tcpshake_fins_of(arrival->conversation, arrival->from) + 1;
    finding->related_frame = arrival->sender->fin_frame;
    finding->duration = tcpshake_waited(arrival, tcpshake_first_fin(arrival->conversation, arrival->from));
    return is_fin_again(arrival) && !tcpshake_is_ack_with_fin(arrival);
}

/* Said once, however often the FIN is sent again. */
static bool
missing_fin_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_moment         first = tcpshake_first_fin(arrival->conversation, arrival->from);
    const tcpshake_finding *const said = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_missing_fin_ack);

    finding->related_frame = first.frame;
    finding->duration = tcpshake_waited(arrival, first);
    return is_fin_again(arrival) && !(said && said->end == arrival->from) &&
           !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED) &&
           tcpshake_milliseconds_since(arrival, arrival->sender) >= TCPSHAKE_RETRANSMISSION_MIN_MS;
}

/* Something that an end has acknowledged, or that stands before the FIN, was never captured. */
static bool
lacks_segments(const tcpshake_conversation *conversation, const tcpshake_end *closer, const tcpshake_end *peer)
{
    enum { NUMBERS = TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_HAS_SND_NXT };

    return tcpshake_found(conversation, TCPSHAKE_ANOMALY_segment_not_captured) ||
           tcpshake_end_is(closer, TCPSHAKE_END_FIN_BEHIND_HOLE) ||
           (tcpshake_end_is(closer, NUMBERS) && tcpshake_end_is(peer, NUMBERS) &&
            (tcpshake_seq_lt(peer->snd_nxt, closer->ack_sent) || tcpshake_seq_lt(closer->snd_nxt, peer->ack_sent)));
}

/* Not for an end that lives on and never repeats its FIN: its ACK is just not in the capture. If the capture lacks
 * other segments, it may lack this ACK as well. */
static bool
missing_fin_ack_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = ending->conversation;
    const tcpshake_end *const          closer = &conversation->end[end];
    const tcpshake_end *const          peer = &conversation->end[TCPSHAKE_OTHER(end)];
    const tcpshake_moment              fin = tcpshake_first_fin(conversation, end);

    finding->frame = fin.frame;
    finding->duration = tcpshake_waited_to_end(ending, fin);
    return fin.frame && tcpshake_end_is(closer, TCPSHAKE_END_FIN_WAITS) && closer->fin_count == 1 &&
           !tcpshake_was_replaced(conversation) && tcpshake_end_is(peer, TCPSHAKE_END_SEEN) &&
           !tcpshake_rare_of(conversation)->rst.frame && !lacks_segments(conversation, closer, peer) &&
           !tcpshake_end_is(peer, TCPSHAKE_END_SENT_RESET) && /* that was its answer, accepted or not */
           finding->duration > TCPSHAKE_SILENCE && closer->last.time - fin.time <= TCPSHAKE_SILENCE;
}

static bool
fin_out_of_window(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const uint32_t            position = tcpshake_fin_position(arrival);

    finding->fin.is_left = tcpshake_seq_lt(position, receiver->ack_sent); /* left of it */
    finding->fin.seq = position;
    return tcpshake_is_fin_outside(arrival);
}

static bool
fin_moved(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const uint32_t position = tcpshake_fin_position(arrival), last = last_position(arrival);

    finding->related_frame = arrival->sender->fin_frame;
    finding->moved.before = last;
    finding->moved.now = position;
    return arrival->sender->fin_count > 0 && arrival->sender->fin_seq != position && last != position;
}

static bool
data_after_fin(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const uint32_t next = tcpshake_fin_position(arrival);

    if (arrival->segment->length == 0)
        return false;
    finding->related_frame = arrival->sender->fin_frame;
    /* Behind the FIN's own number, if it leaves that out. */
    finding->data.bytes = next - tcpshake_seq_max(arrival->sender->fin_seq, arrival->segment->seq);
    return tcpshake_seq_lt(arrival->sender->fin_seq, next) && !tcpshake_is_probe(arrival);
}

/* This RST has shown that data came after the close, or an earlier one has: `data_after_close` says more. */
static bool
is_for_late_data(const tcpshake_arrival *arrival)
{
    const tcpshake_finding *const late = tcpshake_last_found(arrival->conversation, TCPSHAKE_ANOMALY_data_after_close);

    return late && late->end == arrival->to && late->frame >= tcpshake_begun(arrival->conversation);
}

/* A request to a server that has just closed because nothing came: it crossed the FIN, or was sent in spite of it. Said
 * once of a connection: what else was under way to the same end is lost as well. */
static bool
data_after_close(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_moment              fin = tcpshake_first_fin(conversation, arrival->from);
    const tcpshake_moment              late = { conversation->asked.time, conversation->late_data_frame };

    finding->frame = late.frame;
    finding->end = arrival->to;
    /* The FIN may only have been seen in its acknowledgment. */
    finding->related_frame = fin.frame ? fin.frame : arrival->sender->fin_frame;
    finding->duration = tcpshake_between(conversation, fin, late); /* below 0: not known */
    finding->late.crossed = (conversation->flags & TCPSHAKE_CONVERSATION_LATE_DATA_CROSSED) != 0;
    finding->late.idle = conversation->first_closer == arrival->from &&
                         conversation->close_idle >= TCPSHAKE_IDLE_CLOSE &&
                         !tcpshake_end_is(arrival->sender, TCPSHAKE_END_LEFT_WAITING);
    return finding->frame != 0 && !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_LATE_DATA) &&
           !is_for_late_data(arrival) && !tcpshake_is_goodbye(arrival->conversation, arrival->receiver);
}

static bool
closing_bad_ack(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->receiver->fin_frame;
    finding->unsent.numbers = arrival->segment->ack - tcpshake_last_number(arrival->receiver);
    return tcpshake_acknowledges_the_unsent(arrival);
}

/* A FIN closes the question whether the end had closed before the capture began; a RST and data do not. */
static bool
is_known_to_linger(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_FIN) || tcpshake_closer_is_known(arrival->conversation);
}

/* The client has closed while it waited for an answer, and the server has said nothing since. */
static bool
owes_an_answer(const tcpshake_conversation *conversation)
{
    const bool left_waiting = tcpshake_end_is(&conversation->end[conversation->client], TCPSHAKE_END_LEFT_WAITING);

    return conversation->asked.frame != 0 ||
           (left_waiting && conversation->lingers.frame <= conversation->fin1_ack.frame);
}

/* The peer has acknowledged something that was not captured, and closed then: that may have been the end's FIN. */
static bool
may_have_closed(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_extra *const extra = conversation->extra;

    return extra && extra->unsent.frame != 0 && extra->unsent.from != end &&
           conversation->fin1.time - extra->unsent.time <= TCPSHAKE_SECOND;
}

/* Its own data are acknowledged, its peer's window is open, and if it is the server, no request waits for it. */
static bool
has_nothing_to_do(const tcpshake_conversation *conversation, int end)
{
    const tcpshake_end *const who = &conversation->end[end], *const peer = &conversation->end[TCPSHAKE_OTHER(end)];

    return !(tcpshake_end_is(peer, TCPSHAKE_END_HAS_ACK) && peer->ack_sent != who->snd_nxt) &&
           !tcpshake_window_is_closed(who, peer) && !may_have_closed(conversation, end) &&
           (end == conversation->client || !owes_an_answer(conversation));
}

static bool
has_lingered(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->duration = tcpshake_waited(arrival, arrival->conversation->lingers);
    finding->related_frame = arrival->conversation->fin1.frame;
    return arrival->conversation->lingers.frame != 0 && is_known_to_linger(arrival) &&
           tcpshake_is_over(finding->duration, arrival->limits->close_wait_lingering);
}

/* It has waited for longer than the limit when it says something new, closes, or resets. */
static bool
lingered_in_close_wait(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const bool acts = tcpshake_is_new_data(arrival) || arrival->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST);

    return arrival->sender->state == TCPSHAKE_CLOSE_WAIT && acts &&
           has_nothing_to_do(arrival->conversation, arrival->from) && has_lingered(arrival, finding);
}

static bool
close_wait_lingering(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    return arrival->from != arrival->conversation->client && lingered_in_close_wait(arrival, finding);
}

/* A pool of connections notices at the next use that the server has closed. */
static bool
close_wait_idle(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    return arrival->from == arrival->conversation->client && lingered_in_close_wait(arrival, finding);
}

/* The RST of its peer ends the wait. */
static bool
was_reset_in_close_wait(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->end = arrival->to;
    return arrival->reset_from == TCPSHAKE_CLOSE_WAIT && !arrival->cuts_request_off &&
           has_nothing_to_do(arrival->conversation, arrival->to) && has_lingered(arrival, finding);
}

static bool
close_wait_lingering_to_reset(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    return arrival->to != arrival->conversation->client && was_reset_in_close_wait(arrival, finding);
}

static bool
close_wait_idle_to_reset(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    return arrival->to == arrival->conversation->client && was_reset_in_close_wait(arrival, finding);
}

/* The peer has closed, this end has acknowledged that and has nothing more to do. */
static bool
lingers_in_close_wait(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = ending->conversation;
    const tcpshake_end *const          who = &conversation->end[end];

    finding->frame = conversation->fin1_ack.frame;
    finding->duration = tcpshake_waited_to_end(ending, conversation->lingers);
    if (tcpshake_was_replaced(conversation)) {
        if (!conversation->extra->was_held)
            return false;
        finding->duration = tcpshake_between(conversation, conversation->lingers, conversation->extra->replaced);
    }
    return end != conversation->first_closer && finding->frame && conversation->lingers.frame &&
           who->state == TCPSHAKE_CLOSE_WAIT && tcpshake_end_is(who, TCPSHAKE_END_SEEN) &&
           !tcpshake_rare_of(conversation)->rst.frame && tcpshake_closer_is_known(conversation) &&
           has_nothing_to_do(conversation, end) &&
           tcpshake_is_over(finding->duration, ending->limits->close_wait_lingering);
}

static bool
close_wait_lingering_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return end != ending->conversation->client && lingers_in_close_wait(ending, end, finding);
}

static bool
close_wait_idle_at_end(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return end == ending->conversation->client && lingers_in_close_wait(ending, end, finding);
}

/* Its sender never learned that its FIN had arrived, or more than a last word in front of it, and takes its peer for
 * gone (section 3.8.3). */
static bool
gives_up_closing(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const int32_t missing = tcpshake_seq_diff(sender->fin_seq, receiver->ack_sent);

    return tcpshake_repeats_fin_in_vain(sender) ||
           (tcpshake_end_is(sender, TCPSHAKE_END_FIN_WAITS) && tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) &&
            missing > TCPSHAKE_FAREWELL_MAX);
}

/* Both have closed: the RST stands for the last ACK, and nothing is lost. Unless its sender had given up waiting for
 * the peer's FIN, and knows of no connection when that comes (section 3.10.7.1), or its first RST came before that FIN.
 */
static bool
ends_orderly(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool waited = conversation->fin1_ack.frame && conversation->first_closer == arrival->from &&
                        conversation->fin2.time - conversation->fin1_ack.time > TCPSHAKE_SECOND;
    const bool late = tcpshake_ending_reset(conversation).frame < tcpshake_rare_of(conversation)->rst.frame &&
                      tcpshake_first_fin(conversation, arrival->to).frame > tcpshake_ending_reset(conversation).frame;

    return !late && arrival->sender->flags & arrival->receiver->flags & TCPSHAKE_END_SENT_FIN &&
           !gives_up_closing(arrival) && !(waited && tcpshake_is_reset_without_connection(arrival));
}

static bool
reset_while_closing(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const tcpshake_moment rst = tcpshake_ending_reset(arrival->conversation);

    if (rst.frame != tcpshake_rare_of(arrival->conversation)->rst.frame)
        finding->frame = rst.frame;
    finding->related_frame = arrival->conversation->fin1.frame;
    finding->duration = tcpshake_between(arrival->conversation, arrival->conversation->fin1, rst);
    return (sender->flags | receiver->flags) & TCPSHAKE_END_SENT_FIN &&
           arrival->conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED && !ends_orderly(arrival) &&
           !is_for_late_data(arrival);
}

static bool
simultaneous_close(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->conversation->fin1.frame;
    return true;
}

/* The SYN is turned away by the end in TIME-WAIT, which sends this; the FIN restarts it at its receiver. Not a FIN that
 * passed the last ACK on its way. */
static bool
time_wait_lingering(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const bool turned_away = (arrival->shows & TCPSHAKE_SHOWS_SYN_TURNED_AWAY) != 0;

    finding->time_wait.syn_turned_away = turned_away;
    finding->related_frame = turned_away ? arrival->receiver->syn_frame : arrival->since.frame;
    finding->duration = tcpshake_waited(arrival, arrival->since);
    finding->end = turned_away ? arrival->from : arrival->to;
    return turned_away || tcpshake_since(arrival, arrival->receiver->last) >= TCPSHAKE_RETRANSMISSION_MIN;
}

/* The four-tuple opens again: this is the first SYN-ACK. */
static bool
time_wait_reuse(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_conversation *const previous = conversation->previous;

    if (!previous || previous->time_wait_owner == TCPSHAKE_NOBODY || conversation->syn.frame == 0)
        return false;
    finding->related_frame = previous->time_wait.frame;
    finding->duration = conversation->syn.time - previous->time_wait.time;
    return finding->duration < 2 * arrival->limits->msl;
}

static bool
time_wait_exhaustion(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->group.size = arrival->group_size;
    finding->end = arrival->conversation->client;
    return true;
}

/* It belongs to the conversation before. */
static bool
old_duplicate(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->conversation->previous->last_frame;
    return true;
}

static bool
time_wait_assassination(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool                         inherited = (conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) != 0;

    if (arrival->receiver->state != TCPSHAKE_TIME_WAIT || (inherited && !conversation->previous) ||
        tcpshake_end_is(arrival->sender, TCPSHAKE_END_FIN_WAITS)) /* no ACK has shown that it had come to that */
        return false;
    const tcpshake_moment since = inherited ? conversation->previous->time_wait : conversation->time_wait;
    finding->duration = tcpshake_since(arrival, since);
    finding->related_frame = since.frame;
    return finding->duration < 2 * arrival->limits->msl && tcpshake_reset_acceptable(arrival);
}

enum { CLOSES = TCPSHAKE_END_SENT_FIN | TCPSHAKE_END_FIN_WAITS };

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_fin_retransmission, .on = ON_FIN, .sender = TCPSHAKE_END_SENT_FIN,
      .before = fin_retransmission },
    { TCPSHAKE_ANOMALY_missing_fin_ack, .on = ON_FIN, .sender = CLOSES, .before = missing_fin_ack,
      .at_end = missing_fin_ack_at_end },
    { TCPSHAKE_ANOMALY_fin_out_of_window, .on = ON_FIN, .receiver = TCPSHAKE_END_HAS_ACK, .before = fin_out_of_window },
    { TCPSHAKE_ANOMALY_fin_moved, .on = ON_FIN, .before = fin_moved },
    { TCPSHAKE_ANOMALY_data_after_fin, .on = ON_ACK, .sender = TCPSHAKE_END_SENT_FIN, .before = data_after_fin },
    { TCPSHAKE_ANOMALY_data_after_close, .on = ON_RESET, .sender = TCPSHAKE_END_SENT_FIN, .before = data_after_close },
    { TCPSHAKE_ANOMALY_closing_bad_ack, .on = ON_ACK, .receiver = TCPSHAKE_END_SENT_FIN, .before = closing_bad_ack },
    { TCPSHAKE_ANOMALY_close_wait_lingering, .on = ON_ACK | ON_RESET, .receiver = TCPSHAKE_END_SENT_FIN,
      .before = close_wait_lingering, .shows = TCPSHAKE_SHOWS_RESET, .after = close_wait_lingering_to_reset,
      .at_end = close_wait_lingering_at_end },
    { TCPSHAKE_ANOMALY_close_wait_idle, .on = ON_ACK | ON_RESET, .receiver = TCPSHAKE_END_SENT_FIN,
      .before = close_wait_idle, .shows = TCPSHAKE_SHOWS_RESET, .after = close_wait_idle_to_reset,
      .at_end = close_wait_idle_at_end },
    { TCPSHAKE_ANOMALY_reset_while_closing, .shows = TCPSHAKE_SHOWS_RESET, .after = reset_while_closing },
    { TCPSHAKE_ANOMALY_simultaneous_close, .shows = TCPSHAKE_SHOWS_CROSSED_FIN, .after = simultaneous_close },
    { TCPSHAKE_ANOMALY_time_wait_lingering, .shows = TCPSHAKE_SHOWS_TIME_WAIT_AGAIN | TCPSHAKE_SHOWS_SYN_TURNED_AWAY,
      .after = time_wait_lingering },
    { TCPSHAKE_ANOMALY_time_wait_reuse, .shows = TCPSHAKE_SHOWS_REUSE, .after = time_wait_reuse },
    { TCPSHAKE_ANOMALY_time_wait_assassination, .on = ON_RESET, .before = time_wait_assassination },
    { TCPSHAKE_ANOMALY_time_wait_exhaustion, .shows = TCPSHAKE_SHOWS_TIME_WAITS, .after = time_wait_exhaustion },
    { TCPSHAKE_ANOMALY_old_duplicate, .shows = TCPSHAKE_SHOWS_OLD_DUPLICATE, .after = old_duplicate },
};

TCPSHAKE_RULES(closing, rules);
