/* sent_resets.c
 * What is remembered of the RSTs that each end has sent, and how many of them only answer what was still under way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Section 3.10.7.1: an end that has closed, or aborted, answers each segment that was still under way to it with a RST.
 * One that only lost its memory never said that it had. */
static bool
has_closed_by_itself(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_ACK) || tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_FIN);
}

/* The most segments that can be in flight to it: what it has not acknowledged, in small ones (RFC 9293 section 3.7.1).
 * To one that has closed, an application may write on, byte by byte, until the first RST has come. */
static uint32_t
most_under_way(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t size = tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) ? 1 : TCPSHAKE_DEFAULT_MSS;

    if (!tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) || !tcpshake_end_is(receiver, TCPSHAKE_END_HAS_SND_NXT) ||
        !tcpshake_seq_lt(sender->ack_sent, receiver->snd_nxt))
        return 0;
    return (receiver->snd_nxt - sender->ack_sent + size - 1) / size;
}

/* Section 3.10.7.1: with the number that was acknowledged, and without ACK; some stacks add one. */
static bool
answers_one(const tcpshake_arrival *arrival)
{
    return !tcpshake_has(arrival, TCPSHAKE_ACK) || arrival->segment->seq == arrival->receiver->ack_sent;
}

/* A RST, or what one may answer. Later than a round trip, nothing is under way any more: an end keeps sending. */
void
tcpshake_count_resets(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   resets = tcpshake_has(arrival, TCPSHAKE_RST);
    tcpshake_extra *const extra = resets ? tcpshake_extra_of(conversation, arrival->allocator) : conversation->extra;
    const int             end = resets ? arrival->from : arrival->to;

    if (extra)
        extra->rare.reset_count += resets;
    if (!extra || !tcpshake_end_is(&conversation->end[end], TCPSHAKE_END_SENT_RESET) ||
        !extra->last_reset[end].by_itself || tcpshake_since(arrival, extra->rst[end].moment) >= TCPSHAKE_IN_FLIGHT)
        return;
    if (!resets) {
        extra->last_reset[end].under_way++;
    } else if (extra->last_reset[end].under_way > 0 && answers_one(arrival)) {
        extra->last_reset[end].under_way--;
        extra->late_answers++;
    }
}

/* The last RST of its sender again, with nothing in between. */
static bool
is_the_last_again(const tcpshake_arrival *arrival)
{
    enum { KINDS = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST };
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_segment *const      segment = arrival->segment;
    const tcpshake_extra *const        extra = conversation->extra;

    if (!extra || !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET) ||
        (segment->flags & KINDS) != TCPSHAKE_RST)
        return false;
    const tcpshake_last_rst *const last = &extra->last_reset[arrival->from];
    const bool                     acks = tcpshake_has(arrival, TCPSHAKE_ACK);
    return last->frame == conversation->last_frame && segment->seq == last->seq && segment->length == 0 &&
           acks == last->acknowledges && (!acks || segment->ack == extra->rst[arrival->from].ack);
}

/* At least the third in a row, and both ends are closed: the second one has told everything. */
bool
tcpshake_repeats_reset(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    return tcpshake_rare_of(conversation)->rst.frame && arrival->sender->state == TCPSHAKE_CLOSED &&
           arrival->receiver->state == TCPSHAKE_CLOSED && is_the_last_again(arrival) &&
           conversation->extra->last_reset[arrival->from].again;
}

/* The sender's, up to this RST of it. */
static void
remember_acknowledgment(const tcpshake_arrival *arrival, tcpshake_end_rst *rst)
{
    const bool     acks = tcpshake_has(arrival, TCPSHAKE_ACK);
    const uint32_t ack = acks ? arrival->segment->ack : arrival->sender->ack_sent;

    rst->has_ack = rst->has_ack && tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET);
    if (!acks && !tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ACK))
        return;
    rst->ack = rst->has_ack ? tcpshake_seq_max(rst->ack, ack) : ack;
    rst->has_ack = true;
}

void
tcpshake_remember_same_reset(tcpshake_arrival *arrival)
{
    tcpshake_last_rst *const last = &arrival->conversation->extra->last_reset[arrival->from];

    last->frame = arrival->segment->frame;
    last->before = arrival->sender->last.time;
}

void
tcpshake_remember_last_reset(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    tcpshake_last_rst *const last = &extra->last_reset[arrival->from];
    last->again = is_the_last_again(arrival);
    extra->before_resets = tcpshake_frame_before_resets(arrival->conversation);
    last->frame = arrival->segment->frame;
    last->seq = arrival->segment->seq;
    last->acknowledges = tcpshake_has(arrival, TCPSHAKE_ACK);
    last->before = arrival->sender->last.time;
    remember_acknowledgment(arrival, &extra->rst[arrival->from]);
    if (tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET))
        return;
    last->by_itself = has_closed_by_itself(arrival);
    last->under_way = last->by_itself ? most_under_way(arrival) : 0;
}

void
tcpshake_remember_first_reset(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    const uint8_t         from = arrival->from;

    if (!extra)
        return;
    extra->rst[from].count++;
    if (!extra->first_reset.frame)
        extra->first_reset = tcpshake_now(arrival);
    if (extra->rst[from].moment.frame && !extra->rst[from].copied)
        return;
    extra->rst[from].moment = tcpshake_now(arrival);
    extra->rst[from].point = arrival->segment->point;
    extra->rst[from].copied = false;
    extra->rst[from].doubted = tcpshake_doubts_about_reset(arrival) != 0;
}
