/* doubts.c
 * Evidence that a RST is not from the end whose address it carries: a device on the path, or somebody else, builds it
 * from the packets that it sees. Each is a hint; only some of them settle the likely cause (reset.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Section 3.10.7.1: the form of an answer by an end that holds no such connection, right behind a segment of its peer.
 */
bool
tcpshake_answers_at_once(const tcpshake_arrival *arrival)
{
    static const int64_t AT_ONCE = TCPSHAKE_SECOND;

    return tcpshake_is_reset_without_connection(arrival) && arrival->conversation->last_from == arrival->to &&
           tcpshake_since(arrival, tcpshake_last(arrival->conversation)) < AT_ONCE;
}

/* Its IP identification is not like that of the packets before it. */
static bool
has_foreign_id(const tcpshake_arrival *arrival)
{
    enum { STREAK = 5, FAR = 4096 };
    const tcpshake_end *const sender = arrival->sender;
    const uint16_t            step = (uint16_t)(arrival->segment->ip_id - sender->ip_id);

    return arrival->segment->ip_id != 0 && sender->id_streak >= STREAK && step > FAR &&
           !tcpshake_answers_at_once(arrival);
}

/* It acknowledges what its receiver has just sent, though in the handshake an answer of this end took longer than twice
 * that. */
static bool
comes_too_soon(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const int64_t usual = arrival->from == conversation->client
                              ? tcpshake_between(conversation, conversation->synack, conversation->ack)
                              : tcpshake_between(conversation, conversation->syn, conversation->synack);
    const bool    once = sender->syn_count == 1 && receiver->syn_count == 1;

    return once && usual > TCPSHAKE_MILLISECOND && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) && tcpshake_seq_lt(sender->ack_sent, receiver->snd_nxt) &&
           arrival->segment->ack == receiver->snd_nxt &&
           tcpshake_since(arrival, tcpshake_last(conversation)) < usual / 2;
}

/* Its window is the receiver's, and not its sender's own. */
static bool
has_the_other_window(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t window = arrival->segment->window;

    if (window == 0 || !tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) ||
        !(conversation->end[0].offers & conversation->end[1].offers & TCPSHAKE_OFFER_KNOWN))
        return false;
    return window << tcpshake_window_shift(conversation, arrival->to) == receiver->window_edge - receiver->ack_sent &&
           (!tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) ||
            window << tcpshake_window_shift(conversation, arrival->from) != sender->window_edge - sender->ack_sent);
}

uint8_t
tcpshake_doubts_about_reset(const tcpshake_arrival *arrival)
{
    const bool     provoked = arrival->conversation->last_from == arrival->to;
    const uint16_t id = arrival->segment->ip_id;
    uint8_t        doubts = 0;

    if (tcpshake_is_foreign_ttl(arrival))
        doubts |= TCPSHAKE_DOUBT_TTL;
    if (has_foreign_id(arrival))
        doubts |= TCPSHAKE_DOUBT_ID;
    if (!provoked)
        return doubts;
    if (comes_too_soon(arrival))
        doubts |= TCPSHAKE_DOUBT_TOO_SOON;
    if (id != 0 && id == arrival->receiver->ip_id && id != (uint16_t)(arrival->sender->ip_id + 1))
        doubts |= TCPSHAKE_DOUBT_SAME_ID;
    if (has_the_other_window(arrival))
        doubts |= TCPSHAKE_DOUBT_SAME_WINDOW;
    return doubts;
}

/* The TTL, the IP identification or a series of guessed numbers is enough alone. Any other hint can be chance, but not
 * two at once. */
bool
tcpshake_is_doubtful(uint8_t doubts)
{
    enum {
        SURE = TCPSHAKE_DOUBT_TTL | TCPSHAKE_DOUBT_ID | TCPSHAKE_DOUBT_SERIES,
        HINTS = TCPSHAKE_DOUBT_TOO_SOON | TCPSHAKE_DOUBT_SAME_ID | TCPSHAKE_DOUBT_SAME_WINDOW
    };
    const unsigned hints = doubts & HINTS;

    return doubts & SURE || hints & (hints - 1);
}

/* Right behind the RST before it, and beyond all that its sender has sent: numbers that are tried because the window
 * may have moved. */
void
tcpshake_doubt_series(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = conversation->extra;
    const tcpshake_end *const    sender = arrival->sender;
    const bool series = extra && tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_HAS_SND_NXT) &&
                        conversation->last_from == arrival->from &&
                        extra->last_reset[arrival->from].frame == conversation->last_frame &&
                        tcpshake_since(arrival, tcpshake_last(conversation)) < TCPSHAKE_SECOND &&
                        tcpshake_seq_lt(extra->last_reset[arrival->from].seq, arrival->segment->seq) &&
                        tcpshake_seq_lt(sender->snd_nxt, arrival->segment->seq);

    if (!series)
        return;
    extra->doubts |= TCPSHAKE_DOUBT_SERIES;
    if (tcpshake_rare_of(conversation)->rst.frame && conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED)
        extra->rare.reset_cause = TCPSHAKE_CAUSE_FOREIGN;
}
