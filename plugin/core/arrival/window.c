/* window.c
 * Whether an end can accept a segment (RFC 9293 section 3.10.7.4, first check), as far as an observer can say.
 *
 * The receiver's RCV.NXT is between the last acknowledgment number that it sent and what its peer has sent; the
 * window's right edge is the highest that it announced. If the capture cannot tell, the segment counts as accepted:
 * what the receiver sends next corrects that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"
#include "../segment/seq.h"

enum { WSCALE_MAX = 14 };

bool
tcpshake_acceptable(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const uint32_t            span = arrival->span;
    const uint32_t            seq = arrival->segment->seq;

    if (!(receiver->flags & TCPSHAKE_END_HAS_ACK))
        return true;
    if (span == 0)
        return tcpshake_seq_between(receiver->ack_sent, seq, receiver->window_edge);
    return tcpshake_seq_lt(receiver->ack_sent, seq + span) && tcpshake_seq_le(seq, receiver->window_edge);
}

bool
tcpshake_reset_fits(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t seq = arrival->segment->seq;

    if (!tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK))
        return !tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) || seq == sender->snd_nxt;
    if (!tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT))
        return true;
    return tcpshake_seq_between(receiver->ack_sent, seq, tcpshake_seq_max(receiver->ack_sent, sender->snd_nxt));
}

/* Its sender has repeated what stands in front of it, and given up without an answer: that is missing, and the number
 * is not the one that the receiver expects. */
bool
tcpshake_is_reset_behind_loss(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    return tcpshake_has(arrival, TCPSHAKE_RST) && sender->repeats >= TCPSHAKE_GIVES_UP &&
           (receiver->state == TCPSHAKE_ESTABLISHED || receiver->state == TCPSHAKE_CLOSE_WAIT) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_lt(receiver->ack_sent, arrival->segment->seq);
}

/* RFC 9293 section 3.10.7.4 and RFC 5961 section 3.2: only the number that the receiver expects resets. */
bool
tcpshake_reset_acceptable(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    switch (receiver->state) {
    case TCPSHAKE_CLOSED:
    case TCPSHAKE_LISTEN: return false;
    case TCPSHAKE_SYN_SENT: /* section 3.10.7.3: it must acknowledge the SYN, its own number is not checked */
        return tcpshake_has(arrival, TCPSHAKE_ACK) &&
               tcpshake_seq_between(receiver->isn + 1, arrival->segment->ack, receiver->snd_nxt);
    default: break;
    }
    return tcpshake_reset_fits(arrival) && !tcpshake_is_reset_behind_loss(arrival);
}

/* The handshake's ACK: something that the receiver has sent, and more than its ISN. */
bool
tcpshake_ack_acceptable(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    return tcpshake_has(arrival, TCPSHAKE_ACK) &&
           tcpshake_seq_between(receiver->isn + 1, arrival->segment->ack, receiver->snd_nxt);
}

/* RFC 7323 section 2.2: a window is scaled if both SYNs offered it, never in a SYN. Unknown: the largest. */
uint8_t
tcpshake_window_shift(const tcpshake_conversation *conversation, int end)
{
    const unsigned both = conversation->end[0].offers & conversation->end[1].offers;

    if (!(both & TCPSHAKE_OFFER_KNOWN))
        return WSCALE_MAX;
    return both & TCPSHAKE_OFFER_WSCALE ? conversation->end[end].wscale : 0;
}

/* How far an end's window reaches at least. Where the scale is not in the capture, the edge is that of the largest
 * scale there is. */
uint32_t
tcpshake_sure_window(const tcpshake_conversation *conversation, int end)
{
    const uint32_t window = conversation->end[end].window_edge - conversation->end[end].ack_sent;
    const unsigned both = conversation->end[0].offers & conversation->end[1].offers;

    return both & TCPSHAKE_OFFER_KNOWN ? window : window >> WSCALE_MAX;
}

/* In the handshake, an acknowledgment of something that its receiver has not sent tells nothing of what the sender has
 * received. */
static bool
is_refused_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const bool answers_syn = tcpshake_has(arrival, TCPSHAKE_SYN) && receiver->flags & TCPSHAKE_END_SENT_SYN;
    const bool answers_syn_ack = receiver->state == TCPSHAKE_SYN_RECEIVED && receiver->flags & TCPSHAKE_END_SENT_SYNACK;

    return (answers_syn || answers_syn_ack) && !tcpshake_ack_acceptable(arrival);
}

/* Section 3.10.7.3: a RST that its receiver in SYN-SENT ignores is no answer to the SYN. */
static bool
is_ignored_in_syn_sent(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_RST) && arrival->receiver->state == TCPSHAKE_SYN_SENT;
}

void
tcpshake_remember_numbers(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;
    const uint32_t                next = segment->seq + arrival->span;

    sender->flags |= is_ignored_in_syn_sent(arrival) ? TCPSHAKE_END_SEEN : TCPSHAKE_END_SEEN | TCPSHAKE_END_HEARD;
    if (tcpshake_has(arrival, TCPSHAKE_RST))
        return;
    /* Right after what it has sent before: even if the window that allows it is not in the capture. */
    if (!(sender->flags & TCPSHAKE_END_HAS_SND_NXT) ||
        (tcpshake_seq_lt(sender->snd_nxt, next) && (sender->snd_nxt == segment->seq || tcpshake_acceptable(arrival)))) {
        sender->snd_nxt = next;
        sender->flags |= TCPSHAKE_END_HAS_SND_NXT;
        if (segment->length > 0 && segment->flags & (TCPSHAKE_SYN | TCPSHAKE_ACK)) /* else nobody takes them */
            sender->flags |= TCPSHAKE_END_SENT_DATA;
    }
    if (!tcpshake_has(arrival, TCPSHAKE_ACK) || is_refused_ack(arrival))
        return;
    const unsigned shift =
        tcpshake_has(arrival, TCPSHAKE_SYN) ? 0 : tcpshake_window_shift(arrival->conversation, arrival->from);
    const uint32_t edge = tcpshake_segment_edge(segment, shift);
    if (!(sender->flags & TCPSHAKE_END_HAS_ACK)) {
        sender->flags |= TCPSHAKE_END_HAS_ACK;
        sender->ack_sent = segment->ack;
        sender->window_edge = edge;
        return;
    }
    sender->ack_sent = tcpshake_seq_max(sender->ack_sent, segment->ack);
    sender->window_edge = tcpshake_seq_max(sender->window_edge, edge);
}
