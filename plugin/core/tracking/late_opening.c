/* late_opening.c
 * A handshake of which something was captured before its SYN: the ACK that ends it, data behind that, or the RST that
 * refuses it. The record then begins in the middle, until the SYN or the SYN-ACK shows what it was (RFC 9293 section
 * 3.5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* How much of what follows a SYN is captured in front of it at most: numbers further apart are of another connection.
 */
enum { NEAR = 65535 };

static bool
is_near(uint32_t number, uint32_t behind)
{
    return behind - number <= NEAR;
}

/* The RST of that end, with nothing else of it before, acknowledges a SYN with this number. */
static bool
is_refused(const tcpshake_conversation *conversation, int end, uint32_t isn)
{
    const tcpshake_extra *const extra = conversation->extra;
    const tcpshake_end *const   sender = &conversation->end[end];

    return tcpshake_rare_of(conversation)->rst.frame != 0 && extra &&
           tcpshake_end_is(sender, TCPSHAKE_END_SENT_RESET) && extra->last_reset[end].acknowledges &&
           !tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) && extra->rst[end].ack == isn + 1;
}

/* Neither this SYN nor the SYN-ACK was captured before; or of the two, the SYN alone. */
static bool
begins_in_the_middle(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const bool                         is_other_late =
        tcpshake_has(arrival, TCPSHAKE_ACK) && conversation->syn.frame > tcpshake_beginning(conversation);

    return (conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM || is_other_late) &&
           conversation->synack.frame == 0 &&
           !(arrival->sender->flags & (TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK)) &&
           tcpshake_is_synchronised(arrival->sender);
}

bool
tcpshake_precedes_all(const tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    const tcpshake_end *const sender = arrival->sender, *const receiver = arrival->receiver;
    const bool used = tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT);
    const bool acknowledged = tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK);

    return (used || acknowledged) && (!used || is_near(segment->seq, sender->snd_nxt)) &&
           (!acknowledged || is_near(segment->seq, receiver->ack_sent)) &&
           (!tcpshake_has(arrival, TCPSHAKE_ACK) || !tcpshake_end_is(receiver, TCPSHAKE_END_HAS_SND_NXT) ||
            is_near(segment->ack - 1, receiver->snd_nxt));
}

bool
tcpshake_was_refused_before(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    if (!(conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM))
        return false;
    if (segment->flags & TCPSHAKE_ACK)
        return is_refused(conversation, segment->from, segment->ack - 1);
    return is_refused(conversation, TCPSHAKE_OTHER(segment->from), segment->seq) &&
           segment->time - tcpshake_rare_of(conversation)->rst.time < TCPSHAKE_RETRANSMISSION_MIN;
}

bool
tcpshake_is_late_opening(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;

    if (tcpshake_rare_of(conversation)->rst.frame)
        return tcpshake_was_refused_before(conversation, arrival->segment);
    return begins_in_the_middle(arrival) && tcpshake_precedes_all(arrival) &&
           tcpshake_since(arrival, conversation->first) < TCPSHAKE_RETRANSMISSION_MIN;
}

/* What each end, by its number, was in. */
static bool
had_been_in(tcpshake_entry *entry, const void *states)
{
    const uint8_t *const state = states;

    entry->state[0] = state[0];
    entry->state[1] = state[1];
    return true;
}

static void
write_states(tcpshake_conversation *conversation, int client, tcpshake_state of_client, tcpshake_state of_server)
{
    uint8_t state[TCPSHAKE_ENDS];

    state[client] = (uint8_t)of_client;
    state[TCPSHAKE_OTHER(client)] = (uint8_t)of_server;
    tcpshake_rewrite_since(conversation, 0, had_been_in, state);
}

static void
forget_middle(tcpshake_arrival *arrival)
{
    arrival->conversation->flags &= (uint16_t) ~(TCPSHAKE_CONVERSATION_MIDSTREAM | TCPSHAKE_CONVERSATION_ROLES_GUESSED);
    tcpshake_withdraw(arrival->conversation, TCPSHAKE_ANOMALY_handshake_not_captured);
}

/* The client's first segment, if it was in front of all others, is the handshake's ACK (section 3.10.7.4, fifth); the
 * server is presumed to have received it. */
static void
find_ack(const tcpshake_arrival *arrival, const tcpshake_end *client, const tcpshake_end *server)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (!tcpshake_end_is(client, TCPSHAKE_END_HAS_ACK) || tcpshake_end_is(server, TCPSHAKE_END_SEEN))
        return;
    conversation->ack = conversation->first;
    tcpshake_set_presumed(conversation, TCPSHAKE_OTHER(conversation->client), TCPSHAKE_PRESUMED_ACK_OF_SYN,
                          conversation->ack.frame, arrival->allocator);
    tcpshake_add_step(conversation, conversation->ack.frame, TCPSHAKE_STEP_ACK);
}

/* Both ends are open already; a SYN-ACK that is still to come was acknowledged. */
static void
open_late(tcpshake_arrival *arrival, int client_end)
{
    enum { OPENS = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT };
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          client = &conversation->end[client_end];
    tcpshake_end *const          server = &conversation->end[TCPSHAKE_OTHER(client_end)];

    conversation->client = (uint8_t)client_end;
    conversation->opened_by = TCPSHAKE_CLIENT;
    conversation->handshake = TCPSHAKE_HANDSHAKE_COMPLETE;
    conversation->initial[client_end] = TCPSHAKE_SYN_SENT;
    conversation->initial[TCPSHAKE_OTHER(client_end)] = TCPSHAKE_SYN_RECEIVED;
    find_ack(arrival, client, server);
    if (conversation->ack.frame && !tcpshake_has(arrival, TCPSHAKE_ACK))
        tcpshake_remember_gap(arrival, conversation->ack.frame); /* unless the SYN-ACK comes late as well */
    client->flags |= TCPSHAKE_END_ACTIVE_OPEN;
    if (!tcpshake_end_is(server, TCPSHAKE_END_HAS_SND_NXT) && tcpshake_end_is(client, TCPSHAKE_END_HAS_ACK))
        tcpshake_learn_isn(server, client->ack_sent - 1);
    if (tcpshake_has(arrival, TCPSHAKE_ACK)) {
        client->isn = arrival->segment->ack - 1;
        client->snd_nxt = tcpshake_end_is(client, TCPSHAKE_END_HAS_SND_NXT) ? client->snd_nxt : arrival->segment->ack;
        client->flags |= OPENS;
        server->isn = arrival->segment->seq;
        server->flags |= TCPSHAKE_END_HAS_ISN;
    }
}

/* A SYN moves no end any more. */
static void
place_syn(tcpshake_arrival *arrival)
{
    tcpshake_end *const sender = arrival->sender;

    arrival->conversation->syn = tcpshake_now(arrival);
    arrival->steps |= TCPSHAKE_STEP_SYN;
    arrival->copied_syn = true; /* it is of this conversation, and opens nothing */
    sender->isn = arrival->segment->seq;
    sender->syn_frame = arrival->segment->frame;
    sender->flags |= TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_ACTIVE_OPEN;
    tcpshake_remember_offers(arrival);
}

/* The states before the RST, as if the SYN had been captured before it. */
static void
begin_before_refusal(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    conversation->client = arrival->from;
    conversation->opened_by = TCPSHAKE_CLIENT;
    tcpshake_forget_reset(conversation);
    conversation->initial[arrival->from] = TCPSHAKE_SYN_SENT;
    conversation->initial[arrival->to] = TCPSHAKE_LISTEN;
    write_states(conversation, arrival->from, TCPSHAKE_SYN_SENT, TCPSHAKE_SYN_RECEIVED);
    tcpshake_clear_presumed(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
}

/* The RST was captured before the SYN that it refuses. If the connection opens all the same, the effects of the RST are
 * undone, as if the two had been captured in order. */
static void
refuse_late(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_moment        rst = tcpshake_rare_of(conversation)->rst;
    tcpshake_before              before;

    begin_before_refusal(arrival);
    tcpshake_remember_before(conversation, arrival->to, &before);
    conversation->extra->rare.rst = rst; /* there was one, so there is room for it */
    conversation->extra->rare.reset_by = TCPSHAKE_SERVER;
    conversation->extra->rare.reset_cause = TCPSHAKE_CAUSE_REFUSED;
    conversation->handshake = TCPSHAKE_HANDSHAKE_REFUSED;
    conversation->initial[arrival->to] = TCPSHAKE_CLOSED;
    write_states(conversation, arrival->from, TCPSHAKE_CLOSED, TCPSHAKE_CLOSED);
    tcpshake_set_presumed(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST, rst.frame, arrival->allocator);
    tcpshake_remember_changes(conversation, &before, rst.frame, arrival->allocator);
    arrival->sender->before_reset = TCPSHAKE_SYN_SENT;
    arrival->shows |= TCPSHAKE_SHOWS_REFUSED_BEFORE;
}

/* A SYN-ACK to a SYN that was refused before, and neither is in the capture: nobody does both (sections 3.10.7.1 and
 * 3.10.7.2). The client, which had opened with that number still, had not taken the RST for an answer. */
static void
begin_behind_refusal(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    arrival->shows |= TCPSHAKE_SHOWS_RESET_IGNORED;
    arrival->ignored_reset = tcpshake_rare_of(conversation)->rst;
    tcpshake_forget_reset(conversation);
    arrival->sender->flags = 0;
    tcpshake_clear_presumed(arrival->conversation, arrival->from, TCPSHAKE_PRESUMED_RST);
    tcpshake_clear_presumed(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
    tcpshake_begin_opening(arrival);
    write_states(conversation, arrival->to, TCPSHAKE_SYN_SENT, TCPSHAKE_SYN_RECEIVED);
}

void
tcpshake_place_late_opening(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const bool                   answers = tcpshake_has(arrival, TCPSHAKE_ACK);
    const bool                   refused = tcpshake_rare_of(conversation)->rst.frame != 0;

    forget_middle(arrival);
    if (refused && answers) {
        begin_behind_refusal(arrival);
        return;
    }
    tcpshake_show_out_of_order(arrival, conversation->first.frame);
    if (refused)
        refuse_late(arrival);
    else
        open_late(arrival, answers ? arrival->to : arrival->from);
    if (!answers)
        place_syn(arrival);
}
