/* opening.c
 * The handshake's segments, and what goes wrong with them (RFC 9293 section 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* RFC 9768 table 2, by AE, CWR and ECE. Its client can do without accuracy; of a SYN-ACK one who asked with CWR and ECE
 * looks at these two only (RFC 3168 section 6.1.1). All three on a SYN-ACK are merely sent back (section 3.1.1). */
static unsigned
ecn_offered(unsigned flags)
{
    enum { CLASSIC = TCPSHAKE_OFFER_ECN, ACCURATE = TCPSHAKE_OFFER_ACCURATE_ECN, COMBINATIONS = 8, FIRST_BIT = 6 };
    static const uint8_t by_syn[COMBINATIONS] = { [3] = CLASSIC, [7] = CLASSIC | ACCURATE };
    static const uint8_t by_syn_ack[COMBINATIONS] = {
        [1] = CLASSIC, [2] = ACCURATE, [3] = ACCURATE, [4] = ACCURATE, [5] = CLASSIC | ACCURATE, [6] = ACCURATE,
    };

    return (flags & TCPSHAKE_ACK ? by_syn_ack : by_syn)[(flags & TCPSHAKE_CONGESTION_BITS) >> FIRST_BIT];
}

/* What a SYN offers. */
static void
remember_offers(tcpshake_arrival *arrival)
{
    const tcpshake_options options = tcpshake_options_read(arrival->segment);
    tcpshake_end *const    sender = arrival->sender;

    arrival->stamp = options.tsval;
    if (options.timestamps)
        arrival->clock = tcpshake_has(arrival, TCPSHAKE_ACK) ? options.tsecr : options.tsval;
    sender->mss = options.mss;
    sender->wscale = options.wscale;
    sender->offers =
        (uint16_t)((options.has_wscale ? TCPSHAKE_OFFER_WSCALE : 0) | (options.sack ? TCPSHAKE_OFFER_SACK : 0) |
                   (options.timestamps ? TCPSHAKE_OFFER_TIMESTAMPS : 0) | ecn_offered(arrival->segment->flags) |
                   (options.tfo ? TCPSHAKE_OFFER_TFO : 0) | (options.mptcp ? TCPSHAKE_OFFER_MPTCP : 0) |
                   (options.others ? TCPSHAKE_OFFER_OTHERS : 0) |
                   (arrival->segment->captured != TCPSHAKE_CAPTURED_PART_OF_HEADER ? TCPSHAKE_OFFER_KNOWN : 0));
}

/* What ended the attempt before does not end the new one. */
static void
forget_reset(tcpshake_conversation *conversation)
{
    conversation->handshake = TCPSHAKE_HANDSHAKE_IN_PROGRESS;
    conversation->rst = (tcpshake_moment){ 0 };
    conversation->reset_by = TCPSHAKE_NOBODY;
    conversation->synack = (tcpshake_moment){ 0 };
    tcpshake_forget_changes(conversation);
}

/* A SYN that nobody has answered comes again, with less: RFC 3168 section 6.1.1.1, RFC 7413 section 4.1.3.1, RFC 8684
 * section 3.7, RFC 9768 section 3.1.4. Sooner than a timer expires it is a copy, which a device on the way has changed.
 */
static void
follow_offers(tcpshake_arrival *arrival, uint16_t before)
{
    enum { BY_FLAGS = TCPSHAKE_OFFER_ECN | TCPSHAKE_OFFER_ACCURATE_ECN };
    const uint16_t now = arrival->sender->offers;
    const unsigned comparable = before & now & TCPSHAKE_OFFER_KNOWN ? UINT16_MAX : BY_FLAGS;
    const unsigned less = before & ~now & comparable;
    const bool     has_given_up = arrival->conversation->extra && arrival->conversation->extra->given_up;

    if ((!less && !has_given_up) ||
        tcpshake_milliseconds_since(arrival, arrival->sender) < TCPSHAKE_RETRANSMISSION_MIN_MS)
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    if (!extra)
        return;
    if (less)
        extra->fallback = tcpshake_now(arrival);
    extra->given_up = (uint16_t)((extra->given_up | less) & ~now);
}

/* The first SYN-ACK. One that agrees to what was given up, or acknowledges data of such a SYN, answers an earlier one.
 */
static void
look_for_fallback(tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;
    const bool                  agrees_on_ecn = (arrival->segment->flags & (TCPSHAKE_ECE | TCPSHAKE_CWR)) != 0;

    if (!extra || !extra->given_up || !tcpshake_ack_acceptable(arrival) ||
        arrival->segment->ack != arrival->receiver->isn + 1 || arrival->sender->offers & extra->given_up ||
        (agrees_on_ecn && extra->given_up & TCPSHAKE_OFFER_ECN))
        return;
    arrival->shows |= TCPSHAKE_SHOWS_FALLBACK;
}

/* A client that was refused, or has given up, asks again: another attempt. */
static void
begin_attempt(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = tcpshake_extra_of(conversation, arrival->allocator);

    if (extra) {
        const bool refused = conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED;
        extra->refused_frame = refused ? conversation->rst.frame : 0;
        extra->attempt_syn = tcpshake_now(arrival);
        extra->attempt_before = arrival->sender->syn_count;
        extra->given_up = 0;
    }
    forget_reset(conversation);
    arrival->receiver->flags &= ~(uint32_t)TCPSHAKE_END_HEARD;
    arrival->sender->flags &= ~(uint32_t)TCPSHAKE_END_SYN_ACKED;
}

/* Whose SYN-ACK it was, and where. */
typedef struct answer {
    int      end;
    uint32_t frame;
} answer;

/* Until its SYN-ACK it was taken for a listener that had received the SYN. */
static bool
was_in_syn_sent(tcpshake_entry *entry, const void *context)
{
    const answer *const syn_ack = context;
    uint8_t *const      state = &entry->state[syn_ack->end];

    if (*state == TCPSHAKE_SYN_RECEIVED && entry->frame < syn_ack->frame)
        *state = TCPSHAKE_SYN_SENT;
    return true;
}

/* The SYN of an end that was taken for a listener comes behind its SYN-ACK: both ends have opened (section 3.5, figure
 * 7), and what it sent first was captured last. The peer, which got the SYN-ACK first, never was in SYN-RECEIVED. */
static void
find_crossed_open(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const answer                 syn_ack = { arrival->from, conversation->synack.frame };

    conversation->initial[arrival->from] = TCPSHAKE_CLOSED;
    tcpshake_rewrite_since(conversation, 0, was_in_syn_sent, &syn_ack);
    conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_SYN;
    conversation->opened_by = TCPSHAKE_BOTH;
    arrival->shows |= TCPSHAKE_SHOWS_CROSSED_SYN;
    arrival->steps |= TCPSHAKE_STEP_SYN;
    arrival->sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN;
}

static bool
is_syn_behind_syn_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    return tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYNACK) && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYN) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_SENT_SYN) && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
           sender->isn == arrival->segment->seq && arrival->conversation->synack.frame != 0;
}

static void
send_bare_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;

    if ((conversation->rst.frame && conversation->handshake != TCPSHAKE_HANDSHAKE_COMPLETE &&
         (sender->state == TCPSHAKE_CLOSED || conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED)) ||
        tcpshake_asks_anew(arrival))
        begin_attempt(arrival);
    if (conversation->syn.frame == 0)
        conversation->syn = tcpshake_now(arrival);
    sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_ACTIVE_OPEN;
    tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_SYN);
    arrival->steps |= TCPSHAKE_STEP_SYN;
}

/* It was taken for closed when the SYN came, or for the holder of an older connection, and answers it. */
static bool
took_syn_in(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state != TCPSHAKE_CLOSED && *state != TCPSHAKE_UNKNOWN)
        return false;
    *state = TCPSHAKE_SYN_RECEIVED;
    return true;
}

/* Nobody refuses and accepts the same SYN (sections 3.10.7.1 and 3.10.7.2). If the SYN-ACK has come another way, or so
 * soon that the SYN cannot have been sent again, the RST was not this end's. */
static void
doubt_refusal(tcpshake_arrival *arrival)
{
    static const int64_t         SOON = TCPSHAKE_RETRANSMISSION_MIN_MS * TCPSHAKE_MILLISECOND;
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_moment        rst = conversation->rst;
    const int                    hops = conversation->reset_ttl - arrival->segment->ttl;
    const bool                   known = conversation->reset_ttl != 0 && arrival->segment->ttl != 0;
    const bool                   other_way = known && (hops < -1 || hops > 1);

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_REFUSED || arrival->from == conversation->client ||
        rst.frame < arrival->receiver->syn_frame || !tcpshake_ack_acceptable(arrival) ||
        (!other_way && tcpshake_since(arrival, rst) >= SOON))
        return;
    conversation->reset_cause = TCPSHAKE_CAUSE_FOREIGN;
    if (conversation->extra)
        conversation->extra->doubts |= TCPSHAKE_DOUBT_ANSWERED | (other_way ? TCPSHAKE_DOUBT_TTL : 0);
    arrival->sender->flags |= TCPSHAKE_END_SPOKE_AFTER_RESET;
    arrival->shows |= TCPSHAKE_SHOWS_RESET_IGNORED;
    arrival->ignored_reset = rst;
    if (arrival->receiver->syn_frame == conversation->syn.frame)
        conversation->initial[arrival->from] = TCPSHAKE_LISTEN;
}

/* The first that answers this client's SYN; until there is one, any. Where both have opened, the client's own has
 * acknowledged the server's SYN (section 3.5, figure 7). */
static void
remember_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   by_server = arrival->from != conversation->client;

    if (conversation->synack.frame != 0 &&
        !(by_server && !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SYN_ACKED) && tcpshake_ack_acceptable(arrival)))
        return;
    if (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN && conversation->ack.frame == 0 &&
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYNACK))
        conversation->ack = conversation->synack;
    conversation->synack = tcpshake_now(arrival);
}

static void
send_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          sender = arrival->sender;
    tcpshake_end *const          receiver = arrival->receiver;

    if (conversation->rst.frame && conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED &&
        sender->state == TCPSHAKE_LISTEN)
        forget_reset(conversation); /* it was asked again: that SYN is not in the capture */
    remember_syn_ack(arrival);
    sender->flags |= TCPSHAKE_END_SENT_SYNACK;
    if (sender->state == TCPSHAKE_CLOSED || sender->state == TCPSHAKE_UNKNOWN) {
        tcpshake_rewrite_since(conversation, receiver->syn_frame, took_syn_in, &arrival->from);
        doubt_refusal(arrival);
    }
    tcpshake_send_event(conversation, arrival->from, TCPSHAKE_EV_SYN_ACK);
    arrival->steps |= TCPSHAKE_STEP_SYN_ACK;
    if (receiver->flags & TCPSHAKE_END_HAS_ISN && tcpshake_ack_acceptable(arrival)) {
        receiver->flags |= TCPSHAKE_END_SYN_ACKED;
        receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
        arrival->acks_syn = receiver->syn_frame;
        conversation->icmp_frame = 0; /* answered, after all */
        if (arrival->segment->ack != receiver->isn + 1) {
            conversation->flags |= TCPSHAKE_CONVERSATION_SYN_DATA;
            if (receiver->offers & TCPSHAKE_OFFER_TFO)
                conversation->flags |= TCPSHAKE_CONVERSATION_FAST_OPEN;
        }
    }
}

/* What it acknowledged before its first SYN-ACK was of an older connection (section 3.5.1, figure 9), which is over. */
static void
forget_older_connection(tcpshake_end *sender, const tcpshake_end *receiver)
{
    if (!(sender->flags & TCPSHAKE_END_HAS_ISN) && receiver->flags & TCPSHAKE_END_HAS_ISN &&
        !tcpshake_seq_between(receiver->isn + 1, sender->ack_sent, receiver->snd_nxt))
        sender->flags &= ~(uint32_t)TCPSHAKE_END_HAS_ACK;
}

/* Another SYN-ACK has another number; the client's answer shows which of them it has accepted. */
static void
remember_isn(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    extra->earlier_isn = arrival->sender->isn;
    arrival->conversation->flags |= TCPSHAKE_CONVERSATION_EARLIER_ISN;
}

/* Section 3.10.7.1: an end that is CLOSED only ever sends a RST. It can have been asked anew by a SYN, but its peer has
 * never sent one: this SYN-ACK is not its own, and opens nothing (RFC 5961 section 4.2: TIME-WAIT challenges it). Or it
 * has the number of the connection that is closed: sent long ago, captured only now. */
static bool
answers_nothing(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return tcpshake_has(arrival, TCPSHAKE_ACK) && sender->state == TCPSHAKE_CLOSED &&
           tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) &&
           (!tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYN) || sender->isn == arrival->segment->seq);
}

/* The SYN that the conversation's first SYN-ACK has answered, and what came after that has confirmed: it was captured
 * late, and no end is moved by it any more. */
static bool
is_answered_before(const tcpshake_arrival *arrival)
{
    static const int64_t               LATEST = TCPSHAKE_RETRANSMISSION_MIN_MS * TCPSHAKE_MILLISECOND;
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;

    return !tcpshake_has(arrival, TCPSHAKE_ACK) && conversation->syn.frame == 0 && conversation->synack.frame != 0 &&
           arrival->from == conversation->client && sender->isn == arrival->segment->seq &&
           sender->state != TCPSHAKE_SYN_SENT && tcpshake_since(arrival, conversation->synack) < LATEST;
}

static void
place_late_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    tcpshake_show_out_of_order(arrival, arrival->conversation->synack.frame);
    tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_synack_unsolicited);
    arrival->conversation->syn = tcpshake_now(arrival);
    arrival->steps |= TCPSHAKE_STEP_SYN;
    sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_ACKED;
    sender->syn_count++;
    sender->syn_frame = arrival->segment->frame;
    remember_offers(arrival);
}

void
tcpshake_send_syn(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_end *const           sender = arrival->sender;
    const bool                    answers = tcpshake_has(arrival, TCPSHAKE_ACK);

    if (answers && arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED &&
        arrival->from != arrival->conversation->client && tcpshake_ack_acceptable(arrival))
        tcpshake_renew(arrival);
    const bool same = (sender->flags & TCPSHAKE_END_HAS_ISN) && sender->isn == segment->seq;
    const bool again = same && sender->flags & (answers ? TCPSHAKE_END_SENT_SYNACK : TCPSHAKE_END_SENT_SYN);
    const bool reopens = !answers && !same && sender->state == TCPSHAKE_TIME_WAIT; /* RFC 6191 */
    if (is_syn_behind_syn_ack(arrival)) {
        find_crossed_open(arrival);
        return;
    }
    if (is_answered_before(arrival)) {
        place_late_syn(arrival);
        return;
    }
    if ((tcpshake_is_synchronised(sender) && !reopens && !(answers && same)) || answers_nothing(arrival) ||
        arrival->copied_syn || tcpshake_is_copied_syn_ack(arrival)) {
        sender->syn_count += same; /* a stray copy; or not of this connection */
        return;
    }
    const bool     waited = again && !answers && tcpshake_end_is(sender, TCPSHAKE_END_SYN_WAITS);
    const uint16_t offered = sender->offers;
    if (answers)
        forget_older_connection(sender, arrival->receiver);
    if (answers)
        send_syn_ack(arrival);
    else
        send_bare_syn(arrival);
    if (answers && !again && arrival->conversation->previous)
        arrival->shows |= TCPSHAKE_SHOWS_REUSE;
    sender->syn_count++;
    sender->syn_frame = segment->frame;
    sender->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SYN_WAITS;
    if (!same) {
        if (answers && sender->flags & TCPSHAKE_END_SENT_SYNACK && sender->syn_count > 1)
            remember_isn(arrival);
        sender->isn = segment->seq;
        sender->snd_nxt = segment->seq + 1 + segment->length;
        sender->flags |= TCPSHAKE_END_HAS_SND_NXT;
    }
    remember_offers(arrival);
    if (waited)
        follow_offers(arrival, offered);
    else if (answers && !again)
        look_for_fallback(arrival);
}

/* The peer's SYN reaches an end that has sent its own. */
static void
remember_crossed_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN ||
        tcpshake_found(conversation, TCPSHAKE_ANOMALY_split_handshake))
        return;
    conversation->flags |= TCPSHAKE_CONVERSATION_CROSSED_SYN;
    conversation->opened_by = TCPSHAKE_BOTH;
    arrival->shows |= TCPSHAKE_SHOWS_CROSSED_SYN;
}

/* A RST with this number would be the receiver's answer. */
static void
owe_reset(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    extra->refused_ack[arrival->to] = arrival->segment->ack;
    arrival->receiver->flags |= TCPSHAKE_END_OWES_RESET;
}

static void
receive_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->state != TCPSHAKE_SYN_SENT && receiver->state != TCPSHAKE_SYN_RECEIVED)
        return;
    if (!(receiver->flags & TCPSHAKE_END_HAS_ISN)) /* it has sent no SYN: section 3.10.7.4, left of its window */
        return;
    if (!tcpshake_ack_acceptable(arrival)) { /* section 3.10.7.3: a RST with this number is the answer */
        owe_reset(arrival);
    } else if (receiver->pending & 1u << TCPSHAKE_PRESUMED_SYN) { /* the SYN arrives first, then this */
        tcpshake_set_state(arrival->conversation, arrival->to,
                           (tcpshake_state)tcpshake_receiving((tcpshake_state)receiver->state, TCPSHAKE_EV_SYN)->next);
        receiver->pending = 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN;
    } else {
        tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_SYN_ACK);
    }
}

void
tcpshake_receive_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (tcpshake_has(arrival, TCPSHAKE_ACK)) {
        receive_syn_ack(arrival);
        return;
    }
    if (arrival->sender->state != TCPSHAKE_SYN_SENT && arrival->sender->state != TCPSHAKE_SYN_RECEIVED)
        return;
    if (receiver->state == TCPSHAKE_SYN_SENT)
        remember_crossed_syn(arrival);
    /* An end that a RST closed may be listening when the SYN comes again; one that refused is not presumed to. */
    if (receiver->state == TCPSHAKE_CLOSED && !(receiver->flags & (TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_ACTIVE_OPEN)))
        tcpshake_set_state(arrival->conversation, arrival->to, TCPSHAKE_LISTEN);
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_SYN);
}

/* Only one direction is in the capture, and it acknowledges more than its peer's SYN. SYN-RECEIVED keeps data back, so
 * its own SYN was acknowledged. One number more, or any after its own FIN, is likely the peer's FIN: from here on each
 * of the states is one of two (view.c). */
static void
note_unseen_peer(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->flags & TCPSHAKE_END_SEEN || !(receiver->flags & TCPSHAKE_END_HAS_ISN) ||
        !(sender->flags & TCPSHAKE_END_HAS_ACK) || !tcpshake_covers(arrival, receiver->isn + 1))
        return;
    tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_DATA);
    const uint32_t more = arrival->segment->ack - sender->ack_sent;
    const bool     closed = (sender->flags & TCPSHAKE_END_SENT_FIN) != 0;
    if (receiver->unseen_frame == 0 && (more == 1 || (closed && more != 0))) {
        receiver->unseen_frame = arrival->segment->frame;
        arrival->kept = true;
    }
}

/* Section 3.10.7.4: SYN-RECEIVED keeps data back, so an end that acknowledges more than the SYN has left it. What it
 * acknowledges may have come in front of it in the capture, or not at all; then so did the handshake's ACK. */
static void
acknowledge_data(tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;
    const uint32_t            ack = arrival->segment->ack;

    if (arrival->sender->state != TCPSHAKE_SYN_RECEIVED ||
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_SYNACK) ||
        !tcpshake_end_is(receiver, TCPSHAKE_END_SEEN | TCPSHAKE_END_HAS_SND_NXT) ||
        arrival->conversation->flags & TCPSHAKE_CONVERSATION_SYN_DATA)
        return;
    const bool unseen = tcpshake_seq_lt(receiver->snd_nxt, ack);
    const bool seen = tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ISN) && tcpshake_seq_lt(receiver->isn + 1, ack);
    /* Where SYNs crossed, it is the peer's SYN-ACK that is acknowledged, with nothing more than the SYN. */
    const bool crossed = tcpshake_end_is(arrival->sender, TCPSHAKE_END_ACTIVE_OPEN);
    if (unseen)
        tcpshake_show_gap(arrival, arrival->segment->frame, arrival->from, TCPSHAKE_MISSING_ACK);
    if (unseen || seen || crossed)
        tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_DATA);
}

static bool
had_opened_again(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_CLOSED)
        *state = TCPSHAKE_ESTABLISHED;
    return true;
}

/* Section 3.10.7.3: only an end that has sent a SYN acknowledges a SYN-ACK. It was taken for closed, so that SYN came
 * after its RST, and is not in the capture. */
static void
find_unseen_syn(tcpshake_arrival *arrival)
{
    const tcpshake_end *const server = arrival->receiver;

    if (arrival->sender->state == TCPSHAKE_CLOSED && server->state == TCPSHAKE_SYN_RECEIVED &&
        tcpshake_end_is(server, TCPSHAKE_END_SENT_SYNACK | TCPSHAKE_END_SYN_WAITS) &&
        arrival->from == arrival->conversation->client && arrival->segment->ack == server->isn + 1)
        tcpshake_rewrite_since(arrival->conversation, server->syn_frame, had_opened_again, &arrival->from);
}

static bool
had_no_syn(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_SYN_RECEIVED)
        *state = TCPSHAKE_ESTABLISHED;
    return true;
}

/* Both have opened, and the sender's first word since then acknowledges the SYN-ACK. Had the peer's SYN come before
 * that, it had been a SYN-ACK (section 3.10.7.3): the SYN was lost, and the SYN-ACK alone has opened it. */
static bool
opens_without_syn(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return sender->state == TCPSHAKE_SYN_RECEIVED && tcpshake_end_is(sender, TCPSHAKE_END_ACTIVE_OPEN) &&
           !tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYNACK) && sender->pending & 1u << TCPSHAKE_PRESUMED_ACK_OF_SYN &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYNACK) && tcpshake_ack_acceptable(arrival);
}

/* The SYN-ACK that is acknowledged here was not captured. */
static void
remember_gap(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);

    if (!extra)
        return;
    extra->gap_frame = arrival->segment->frame;
    arrival->conversation->flags |= TCPSHAKE_CONVERSATION_GAP;
}

void
tcpshake_send_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;
    tcpshake_end *const receiver = arrival->receiver;

    find_unseen_syn(arrival);
    if (arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED && sender->state == TCPSHAKE_SYN_SENT &&
        arrival->segment->seq != sender->isn + 1)
        tcpshake_resume(arrival);
    if (sender->state == TCPSHAKE_SYN_SENT && !(receiver->flags & TCPSHAKE_END_HAS_ISN)) {
        /* Nobody acknowledges what was not received: the SYN-ACK is not in the capture. */
        receiver->isn = arrival->segment->ack - 1;
        receiver->snd_nxt = arrival->segment->ack;
        receiver->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_SYN_WAITS;
        remember_gap(arrival);
    }
    note_unseen_peer(arrival);
    if (opens_without_syn(arrival))
        tcpshake_rewrite_since(arrival->conversation, arrival->conversation->synack.frame, had_no_syn, &arrival->from);
    if (receiver->flags & TCPSHAKE_END_HAS_ISN && tcpshake_covers(arrival, receiver->isn))
        tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_ACK_OF_SYN);
    acknowledge_data(arrival);
    /* A server that has taken the SYN's data may answer before the handshake's ACK is in (RFC 7413 section 3). */
    if (arrival->segment->length > 0 && sender->flags & TCPSHAKE_END_HAS_ISN &&
        !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_SYN_DATA))
        tcpshake_send_event(arrival->conversation, arrival->from, TCPSHAKE_EV_DATA);
}

/* Section 3.10.4, CLOSE in SYN-RECEIVED. Later than a SYN-ACK waits (RFC 6298 section 2), or once the server has sent
 * data, the client's first ACK is not in the capture. */
static bool
closed_in_syn_received(const tcpshake_arrival *arrival)
{
    return arrival->from == arrival->conversation->client && arrival->receiver->state == TCPSHAKE_FIN_WAIT_1 &&
           !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_DATA) &&
           tcpshake_since(arrival, arrival->conversation->synack) < TCPSHAKE_SECOND;
}

void
tcpshake_receive_opening_ack(tcpshake_arrival *arrival)
{
    tcpshake_end *const receiver = arrival->receiver;

    if (receiver->state != TCPSHAKE_SYN_SENT && !(receiver->flags & TCPSHAKE_END_SYN_WAITS))
        return;
    if (!tcpshake_ack_acceptable(arrival)) {
        owe_reset(arrival);
        return;
    }
    if (receiver->state == TCPSHAKE_SYN_SENT || !tcpshake_acceptable(arrival))
        return;
    tcpshake_presume_received(arrival, arrival->to, TCPSHAKE_EV_ACK_OF_SYN);
    receiver->flags |= TCPSHAKE_END_SYN_ACKED;
    receiver->flags &= ~(uint32_t)TCPSHAKE_END_SYN_WAITS;
    if ((receiver->flags & (TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK)) == TCPSHAKE_END_SENT_SYN)
        return; /* the client's own SYN: its SYN-ACK is not in the capture, or came in it before */
    arrival->steps |= TCPSHAKE_STEP_ACK;
    arrival->acks_syn = receiver->syn_frame;
    /* If the RST proves ignored, this one completes; or the server has closed while it was under way. */
    if (arrival->conversation->ack.frame == 0 &&
        (receiver->presumed_frame[TCPSHAKE_PRESUMED_RST] || closed_in_syn_received(arrival)))
        arrival->conversation->ack = tcpshake_now(arrival);
}
