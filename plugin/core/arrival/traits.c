/* traits.c
 * What the current segment is: a probe, a retransmission, an answer. Questions only; nothing is changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"

#include "../segment/seq.h"

/* RFC 9293 section 3.8.4: the number before the next one, with no data or one byte of garbage, when all was
 * acknowledged. */
bool
tcpshake_is_probe(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;

    return tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) && tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) &&
           !(arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)) && arrival->segment->length <= 1 &&
           arrival->segment->seq == sender->snd_nxt - 1 && receiver->ack_sent == sender->snd_nxt &&
           tcpshake_is_synchronised(sender);
}

/* No retransmission timer fires sooner (RFC 6298 asks for 1 s, stacks go down to 200 ms). */
uint32_t
tcpshake_milliseconds_since(const tcpshake_arrival *arrival, const tcpshake_end *end)
{
    return (uint32_t)((arrival->segment->time - end->last.time) / TCPSHAKE_MILLISECOND);
}

/* How long an answer of this end takes to reach the capture point, as the handshake has shown it: seldom less, often
 * more. If a SYN was sent again, the answer may be to another one. If SYNs crossed, only the first of them has an
 * answer that tells. */
int64_t
tcpshake_answer_time(const tcpshake_conversation *conversation, int end)
{
    const bool by_ack = end == conversation->client && !(conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN);
    const tcpshake_moment asked = by_ack ? conversation->synack : conversation->syn;
    const tcpshake_moment answered = by_ack ? conversation->ack : conversation->synack;
    const int64_t         time = answered.time - asked.time;
    const bool            once = conversation->end[0].syn_count == 1 && conversation->end[1].syn_count == 1;
    const int64_t         longest = once ? 3 * TCPSHAKE_SECOND : TCPSHAKE_SECOND;

    return asked.frame && answered.frame && time > 0 && time < longest ? time : TCPSHAKE_SECOND;
}

int64_t
tcpshake_round_trip(const tcpshake_conversation *conversation)
{
    const int64_t one = tcpshake_answer_time(conversation, 0), other = tcpshake_answer_time(conversation, 1);

    return one < TCPSHAKE_SECOND && other < TCPSHAKE_SECOND ? one + other : 0;
}

/* It was under way already when its receiver sent that: no answer takes less than half of what one has taken in the
 * handshake of this conversation, or of the one before on the same path. */
bool
tcpshake_is_too_soon(const tcpshake_conversation *conversation, int end, const tcpshake_arrival *arrival,
                     tcpshake_moment asked)
{
    const int64_t way = tcpshake_answer_time(conversation, end);

    return way < TCPSHAKE_SECOND && tcpshake_since(arrival, asked) < way / 2;
}

/* Where it has done so once, more that it sends before the ACK tells as little. */
bool
tcpshake_speaks_too_soon(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_finding *const      early = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_early_data);
    const bool before = early && early->end == arrival->from && early->frame < arrival->segment->frame &&
                        !(conversation->flags & TCPSHAKE_CONVERSATION_EARLY_DATA);

    return arrival->from != conversation->client && conversation->ack.frame == 0 &&
           arrival->sender->state == TCPSHAKE_SYN_RECEIVED && arrival->segment->ack == arrival->receiver->isn + 1 &&
           (before || tcpshake_is_too_soon(conversation, arrival->from, arrival, conversation->synack));
}

uint32_t
tcpshake_most_acknowledged(const tcpshake_arrival *arrival)
{
    const tcpshake_extra *const extra = arrival->conversation->extra;
    const uint32_t              sent = arrival->sender->ack_sent;

    return tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET) && extra && extra->rst[arrival->from].has_ack
               ? tcpshake_seq_max(sent, extra->rst[arrival->from].ack)
               : sent;
}

/* The first data that is not acknowledged yet, once more: what the retransmission timer sends (RFC 6298 section 5.4).
 */
bool
tcpshake_is_repetition(const tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const uint32_t next = segment->seq + segment->length;

    return segment->length > 0 && tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) && tcpshake_seq_le(next, sender->snd_nxt) &&
           tcpshake_seq_le(segment->seq, receiver->ack_sent) && tcpshake_seq_lt(receiver->ack_sent, next) &&
           tcpshake_is_synchronised(sender) &&
           tcpshake_milliseconds_since(arrival, sender) >= TCPSHAKE_REPETITION_MIN_MS;
}

static unsigned
difference(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

/* A scanner makes up its SYN, TTL and all; the SYN-ACK, captured or not, is answered by its kernel, which knows of no
 * such connection. It may acknowledge the SYN alone, and not the FIN or the data on it. */
static bool
answers_a_made_up_syn(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYN) && !tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_between(sender->isn + 1, arrival->segment->seq, sender->snd_nxt);
}

/* How far away its sender is: initial TTLs are 32, 64, 128 or 255. */
static unsigned
hops(uint8_t ttl)
{
    return (ttl <= 32 ? 32u : ttl <= 64 ? 64u : ttl <= 128 ? 128u : 255u) - ttl;
}

/* The kernel below a scanner with a TCP of its own does not know that connection, and answers what reaches it with a
 * RST (section 3.10.7.1): with another initial TTL, from as far away. */
static bool
is_of_the_kernel_below(const tcpshake_arrival *arrival)
{
    return tcpshake_is_reset_without_connection(arrival) && arrival->conversation->last_from == arrival->to &&
           hops(arrival->segment->ttl) == hops(arrival->sender->first_ttl);
}

/* All that was seen of the sender are keep-alives, as a device on the way sends them in its place (RFC 9293 section
 * 3.8.4: one number too low). */
static bool
follows_mere_probes(const tcpshake_arrival *arrival)
{
    enum { ITS_OWN = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_DATA | TCPSHAKE_END_SENT_FIN };

    return !(arrival->sender->flags & ITS_OWN) && arrival->segment->seq == arrival->sender->snd_nxt + 1;
}

/* What the sender's packets have had so far, this one has not. The way of a packet can change by a hop while a
 * connection is open; by a few, if its IP identification follows on theirs. */
bool
tcpshake_is_foreign_ttl(const tcpshake_arrival *arrival)
{
    enum { STEP = 64, HOP = 1, FEW_HOPS = 4 };
    const tcpshake_end *const sender = arrival->sender;
    const uint8_t             ttl = arrival->segment->ttl;

    if (ttl == sender->ttl)
        return false;
    const uint16_t step = (uint16_t)(arrival->segment->ip_id - sender->ip_id);
    const bool     follows = arrival->segment->ip_id != 0 && sender->id_streak > 0 && step != 0 && step <= STEP;
    const unsigned hops = follows ? FEW_HOPS : HOP;

    return ttl != 0 && sender->ttl != 0 && difference(ttl, sender->ttl) > hops &&
           difference(ttl, sender->first_ttl) > hops && !answers_a_made_up_syn(arrival) &&
           !follows_mere_probes(arrival) && !is_of_the_kernel_below(arrival);
}

/* What an end says when it is about to close as well, a TLS alert or the rest of TLS's handshake: nobody misses it. A
 * client that does not close asks for something. */
bool
tcpshake_is_goodbye(const tcpshake_conversation *conversation, const tcpshake_end *peer)
{
    const bool     closes = tcpshake_end_is(peer, TCPSHAKE_END_SENT_FIN);
    const bool     is_client = peer == &conversation->end[conversation->client];
    const uint32_t bytes = (closes ? peer->fin_seq : peer->snd_nxt) - conversation->late_data_seq;

    return tcpshake_end_is(peer, TCPSHAKE_END_ONLY_TLS) ||
           (bytes <= TCPSHAKE_FAREWELL_MAX && !(is_client && !closes && bytes >= TCPSHAKE_REQUEST_MIN));
}

/* Less than that may be part of the protocol, or a last word that needs no answer (LDAP: UnbindRequest). */
bool
tcpshake_is_request(const tcpshake_conversation *conversation)
{
    const tcpshake_end *const client = &conversation->end[conversation->client];
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];

    return !tcpshake_end_is(server, TCPSHAKE_END_SENT_DATA) ||
           client->snd_nxt - conversation->asked_seq >= TCPSHAKE_REQUEST_MIN;
}

uint32_t
tcpshake_last_number(const tcpshake_end *end)
{
    return tcpshake_seq_max(end->snd_nxt, end->fin_seq + 1);
}

/* Section 3.10.7.4: nothing follows a FIN, so this was never sent; a correct receiver drops the segment. What an end
 * had sent before the capture began is not known. */
bool
tcpshake_acknowledges_the_unsent(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const receiver = arrival->receiver;

    return tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN) &&
           receiver->flags & (TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_DATA) &&
           !(arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)) && tcpshake_has(arrival, TCPSHAKE_ACK) &&
           tcpshake_seq_lt(tcpshake_last_number(receiver), arrival->segment->ack);
}

/* Whether the numbers are among those that this end, and its peer, have used, or may use next. */
static bool
fits(const tcpshake_conversation *conversation, const tcpshake_arrival *arrival, bool may_use_next)
{
    enum { HAS = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT };
    const tcpshake_end *const sender = &conversation->end[arrival->from];
    const tcpshake_end *const receiver = &conversation->end[arrival->to];

    if (!tcpshake_end_is(sender, HAS))
        return false;
    const uint32_t edge = may_use_next && tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK)
                              ? tcpshake_seq_max(receiver->window_edge, sender->snd_nxt)
                              : sender->snd_nxt;
    return tcpshake_seq_between(sender->isn, arrival->segment->seq, edge) &&
           (!tcpshake_has(arrival, TCPSHAKE_ACK) || !tcpshake_end_is(receiver, HAS) ||
            tcpshake_seq_between(receiver->isn, arrival->segment->ack, receiver->snd_nxt));
}

/* RFC 9293 section 3.4.3: a segment of the conversation before on the four-tuple, and of this one it is not. While an
 * end holds that one still, it is no duplicate. */
bool
tcpshake_is_old_duplicate(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const previous = arrival->conversation->previous;

    return previous && !(arrival->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) &&
           !tcpshake_is_answer(arrival) && !tcpshake_has(arrival, TCPSHAKE_SYN) &&
           tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ISN) &&
           tcpshake_end_is(&previous->end[arrival->to], TCPSHAKE_END_HAS_ISN) &&
           !fits(arrival->conversation, arrival, true) && fits(previous, arrival, false);
}

bool
tcpshake_asks_anew(const tcpshake_arrival *arrival)
{
    enum { WAITS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS, KINDS = TCPSHAKE_SYN | TCPSHAKE_ACK };

    return (arrival->segment->flags & KINDS) == TCPSHAKE_SYN && tcpshake_end_is(arrival->sender, WAITS) &&
           arrival->sender->isn == arrival->segment->seq && !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HEARD) &&
           arrival->segment->time - arrival->sender->last.time > TCPSHAKE_SYN_PENDING;
}

/* Section 3.10.7.3: the answer to an unacceptable ACK carries that number, and ends nothing at its sender. */
bool
tcpshake_is_answer(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return (sender->state == TCPSHAKE_SYN_SENT || sender->state == TCPSHAKE_SYN_RECEIVED) &&
           sender->flags & TCPSHAKE_END_OWES_RESET && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
           arrival->conversation->extra &&
           arrival->segment->seq == arrival->conversation->extra->refused_ack[arrival->from];
}

/* Section 3.10.7.1: what an end sends that has no such connection (any more): it took nothing of this in. */
bool
tcpshake_is_reset_without_connection(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_RST) && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
           arrival->segment->seq == arrival->receiver->ack_sent;
}

uint32_t
tcpshake_frame_before_resets(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;
    const uint32_t              last = conversation->last_frame;
    const bool is_reset = extra && (extra->last_reset[0].frame == last || extra->last_reset[1].frame == last);

    return is_reset ? extra->before_resets : last;
}

/* It had shown that it was open when a RST ended it. */
static bool
was_open_before_reset(const tcpshake_end *end)
{
    return end->before_reset >= TCPSHAKE_ESTABLISHED && !tcpshake_is_presumed(end, TCPSHAKE_PRESUMED_ACK_OF_SYN);
}

/* The same once more, from an end that was open, or sooner than any timer, and each SYN had its answer before: it is a
 * copy that the network has made and delayed. It tells nothing about what its sender does now. */
bool
tcpshake_is_copied_syn_ack(const tcpshake_arrival *arrival)
{
    const tcpshake_end *const sender = arrival->sender;

    return tcpshake_has(arrival, TCPSHAKE_SYN | TCPSHAKE_ACK) && tcpshake_is_presumed(sender, TCPSHAKE_PRESUMED_RST) &&
           sender->isn == arrival->segment->seq &&
           (was_open_before_reset(sender) ||
            (tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYNACK) && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) &&
             tcpshake_syns_of(arrival->conversation, arrival->from) >=
                 tcpshake_syns_of(arrival->conversation, arrival->to) &&
             tcpshake_milliseconds_since(arrival, sender) < TCPSHAKE_RETRANSMISSION_MIN_MS));
}

/* Data that its sender has not sent before. */
bool
tcpshake_is_new_data(const tcpshake_arrival *arrival)
{
    return arrival->segment->length > 0 && !tcpshake_has(arrival, TCPSHAKE_RST) &&
           (!tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_SND_NXT) ||
            tcpshake_seq_lt(arrival->sender->snd_nxt, arrival->segment->seq + arrival->span));
}

bool
tcpshake_numbers_jump(const tcpshake_arrival *arrival)
{
    return (tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_SND_NXT) &&
            tcpshake_seq_lt(arrival->sender->snd_nxt, arrival->segment->seq)) ||
           tcpshake_acknowledges_unseen(arrival);
}

static bool
is_open(const tcpshake_end *end)
{
    return end->state >= TCPSHAKE_ESTABLISHED && end->state <= TCPSHAKE_CLOSE_WAIT;
}

bool
tcpshake_is_open(const tcpshake_arrival *arrival)
{
    return is_open(arrival->sender) && is_open(arrival->receiver) && tcpshake_both_captured(arrival);
}

/* Its timer sends the same SYN once more (RFC 6298 section 2: 1 s at first, RFC 1122 section 4.2.3.1: 3 s; doubled each
 * time or not), and nobody has answered the one before: it has not given up, whatever the RST in its name says. Another
 * attempt has another ISN (section 3.4.1); a scanner that has a TCP of its own repeats it at any time. */
bool
tcpshake_still_asks(const tcpshake_arrival *arrival)
{
    static const int64_t LONGEST_FIRST = 3300 * TCPSHAKE_MILLISECOND;
    enum { DOUBLED_MAX = 6 };
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;
    const tcpshake_attempt             attempt = tcpshake_attempt_of(conversation);
    const int64_t                      since = tcpshake_since(arrival, attempt.syn);
    const unsigned                     doubled = attempt.syns < DOUBLED_MAX ? attempt.syns : DOUBLED_MAX;

    return tcpshake_has(arrival, TCPSHAKE_SYN) && !tcpshake_has(arrival, TCPSHAKE_ACK) &&
           arrival->from == conversation->client && conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED &&
           tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_HAS_ISN) &&
           sender->before_reset == TCPSHAKE_SYN_SENT && sender->isn == arrival->segment->seq &&
           !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN) && since >= attempt.syns * TCPSHAKE_SYN_TIMER_MIN &&
           since <= LONGEST_FIRST * ((1 << doubled) - 1);
}

/* The same SYN once more, one timeout after the last (RFC 6298 section 2: 1 s at first, doubled each time; RFC 1122
 * section 4.2.3.1: 3 s): the RST that refused it was lost on the way, and SYN-SENT was never left. Who opens anew
 * chooses another number (section 3.4.1), or has started again since; who asks again because of the RST does not wait
 * that long.
 */
bool
tcpshake_never_left_syn_sent(const tcpshake_end *sender, const tcpshake_segment *segment)
{
    static const int64_t TIMEOUT = 900 * TCPSHAKE_MILLISECOND, LONGEST_FIRST = 6 * TCPSHAKE_SECOND;
    enum { KINDS = TCPSHAKE_SYN | TCPSHAKE_ACK, DOUBLED_MAX = 5 };
    const int64_t  since = segment->time - sender->last.time;
    const unsigned doubled = sender->syn_count > DOUBLED_MAX ? DOUBLED_MAX : sender->syn_count - 1u;

    return (segment->flags & KINDS) == TCPSHAKE_SYN && !tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) &&
           sender->before_reset == TCPSHAKE_SYN_SENT && tcpshake_end_is(sender, TCPSHAKE_END_HAS_ISN) &&
           sender->isn == segment->seq && since >= TIMEOUT && since <= LONGEST_FIRST << doubled;
}

/* The SYN that the conversation's first SYN-ACK has answered, as what came later may have confirmed: it was captured
 * late. */
bool
tcpshake_is_late_syn(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;

    return !tcpshake_has(arrival, TCPSHAKE_ACK) && conversation->syn.frame == 0 && conversation->synack.frame != 0 &&
           arrival->from == conversation->client && sender->isn == arrival->segment->seq &&
           sender->state != TCPSHAKE_SYN_SENT &&
           tcpshake_since(arrival, conversation->synack) < TCPSHAKE_RETRANSMISSION_MIN;
}
