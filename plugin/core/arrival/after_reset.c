/* after_reset.c
 * Corrections after a RST that did not close its receiver: what the receiver got since then, and its peer's state. And
 * the challenge ACK that shows it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "presumption.h"

/* A challenge ACK comes at once: within a round trip. */
static const int64_t AT_ONCE = TCPSHAKE_SECOND;

/* What an end is sent is presumed to arrive, also what came behind the RST. */
enum { KINDS = 4 };
typedef struct taking_in {
    tcpshake_event event;
    uint32_t       frame; /* 0: it was not sent */
} taking_in;

static uint32_t
frame_if(bool was_sent, tcpshake_moment moment)
{
    return was_sent ? moment.frame : 0;
}

static void
sort_by_frame(taking_in *received)
{
    for (int i = 1; i < KINDS; i++)
        for (int j = i; j > 0 && received[j].frame < received[j - 1].frame; j--) {
            const taking_in later = received[j - 1];
            received[j - 1] = received[j];
            received[j] = later;
        }
}

/* It is presumed to have taken in, in their order, what it was sent since that frame. */
void
tcpshake_catch_up(const tcpshake_arrival *arrival, int end, uint32_t since)
{
    static const tcpshake_presumption presumption_of[TCPSHAKE_EVENTS] = {
        [TCPSHAKE_EV_SYN_ACK] = TCPSHAKE_PRESUMED_SYN_ACK,
        [TCPSHAKE_EV_ACK_OF_SYN] = TCPSHAKE_PRESUMED_ACK_OF_SYN,
        [TCPSHAKE_EV_ACK_OF_FIN] = TCPSHAKE_PRESUMED_ACK_OF_FIN,
        [TCPSHAKE_EV_FIN] = TCPSHAKE_PRESUMED_FIN,
    };
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const    who = &conversation->end[end];
    const tcpshake_end *const    peer = &conversation->end[TCPSHAKE_OTHER(end)];
    const bool syn_acked = tcpshake_end_is(who, TCPSHAKE_END_SYN_ACKED), client = end == conversation->client;
    const bool closes = tcpshake_end_is(peer, TCPSHAKE_END_SENT_FIN);
    taking_in  received[KINDS] = {
         { TCPSHAKE_EV_SYN_ACK, frame_if(syn_acked && client, conversation->synack) },
         { TCPSHAKE_EV_ACK_OF_SYN, frame_if(syn_acked && !client, conversation->ack) },
         { TCPSHAKE_EV_ACK_OF_FIN, tcpshake_fin_acknowledged(conversation, end).frame },
         { TCPSHAKE_EV_FIN, frame_if(closes, tcpshake_first_fin(conversation, TCPSHAKE_OTHER(end))) },
    };

    sort_by_frame(received);
    for (int i = 0; i < KINDS; i++) {
        const uint8_t before = who->state;
        if (received[i].frame <= since)
            continue;
        tcpshake_receive_since(conversation, received[i].frame, end, received[i].event);
        if (who->state != before)
            tcpshake_set_presumed(conversation, end, presumption_of[received[i].event], received[i].frame,
                                  arrival->allocator);
    }
}

void
tcpshake_learn_isn(tcpshake_end *end, uint32_t isn)
{
    end->isn = isn;
    end->snd_nxt = isn + 1;
    end->flags |= TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT;
}

/* Another TTL than that of its sender's first packet, and it does not follow on its IP identifications. */
static bool
is_of_another_sender(const tcpshake_arrival *arrival)
{
    enum { STEP = 64 };
    const tcpshake_end *const sender = arrival->sender;
    const uint16_t            beyond_next = (uint16_t)(arrival->segment->ip_id - sender->ip_id - 1);

    return arrival->segment->ttl != 0 && sender->first_ttl != 0 && arrival->segment->ttl != sender->first_ttl &&
           arrival->segment->ip_id != 0 && beyond_next >= STEP;
}

/* The RST has the TTL that its end has always had, and this segment has not; and it acknowledges less than the RST did.
 * The end would not take that back: somebody else sends in its name, and tells nothing of the RST. */
bool
tcpshake_is_injected_behind_reset(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_extra *const        extra = conversation->extra;

    if (!extra || !tcpshake_rare_of(conversation)->rst.frame ||
        !tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_RESET) ||
        tcpshake_rare_of(conversation)->reset_by != tcpshake_role_of(conversation, arrival->from) ||
        tcpshake_rare_of(conversation)->reset_ttl != arrival->sender->first_ttl || !extra->rst[arrival->from].has_ack)
        return false;
    return tcpshake_has(arrival, TCPSHAKE_ACK) &&
           tcpshake_seq_lt(arrival->segment->ack, extra->rst[arrival->from].ack) && is_of_another_sender(arrival);
}

static void
learn_isn(tcpshake_end *server, const tcpshake_end *client)
{
    if (!tcpshake_end_is(server, TCPSHAKE_END_HAS_ISN))
        tcpshake_learn_isn(server, client->ack_sent - 1);
}

/* The client's first ACK has opened its server, whose SYN-ACK is not in the capture. */
static void
restore_unseen_syn_ack(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;

    if (!conversation->ack.frame || conversation->synack.frame)
        return;
    learn_isn(arrival->sender, arrival->receiver);
    tcpshake_add_step(conversation, conversation->ack.frame, TCPSHAKE_STEP_ACK);
    tcpshake_receive_since(conversation, conversation->ack.frame, arrival->from, TCPSHAKE_EV_ACK_OF_SYN);
    tcpshake_show_gap(arrival, conversation->ack.frame, arrival->to, TCPSHAKE_MISSING_SYN_ACK);
}

/* The client has closed since, and its server is presumed to have received that. */
static void
restore_late_fin(const tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_extra *const        extra = conversation->extra;
    const int                    server = TCPSHAKE_OTHER(conversation->client);
    const uint32_t               frame = extra ? extra->late_fin.frame : 0;

    if (!frame)
        return;
    tcpshake_place_fin(arrival, conversation->client, extra->late_fin, extra->late_fin_seq);
    tcpshake_receive_since(conversation, frame, server, TCPSHAKE_EV_FIN);
    tcpshake_presume(arrival, server, TCPSHAKE_PRESUMED_FIN, frame);
    extra->late_fin.frame = 0;
}

/* The client has gone on after the RST that was sent in its name, and has waited to see what its server does. The
 * server goes on as well: the RST has ended neither. */
void
tcpshake_restore_waiting_client(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          client = arrival->receiver;
    const uint32_t               rst = tcpshake_presumed_frame(conversation, arrival->to, TCPSHAKE_PRESUMED_RST);

    if (arrival->to != conversation->client || !rst)
        return;
    tcpshake_take_back(conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
    tcpshake_take_back_changes(conversation, arrival->to);
    if (conversation->synack.frame > rst)
        tcpshake_receive_since(conversation, conversation->synack.frame, arrival->to, TCPSHAKE_EV_SYN_ACK);
    client->flags &= ~(uint32_t)TCPSHAKE_END_SENT_RESET;
    if (conversation->ack.frame) { /* an ACK before the RST was sent in time */
        tcpshake_confirm(arrival->conversation, arrival->to, TCPSHAKE_PRESUMED_SYN_ACK);
        tcpshake_send_since(conversation, conversation->ack.frame > rst ? conversation->ack.frame : rst, arrival->to,
                            TCPSHAKE_EV_ACK_OF_SYN);
    }
    restore_unseen_syn_ack(arrival);
    restore_late_fin(arrival);
}

/* The server that is not in the capture was not reset, and the client's first ACK has opened both. */
void
tcpshake_restore_unseen_server(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          server = arrival->receiver;

    tcpshake_take_back(conversation, arrival->to, TCPSHAKE_PRESUMED_RST);
    tcpshake_take_back_changes(conversation, arrival->to);
    learn_isn(server, arrival->sender);
    tcpshake_add_step(conversation, conversation->ack.frame, TCPSHAKE_STEP_ACK);
    tcpshake_send_since(conversation, conversation->ack.frame, arrival->from, TCPSHAKE_EV_ACK_OF_SYN);
    tcpshake_receive_since(conversation, conversation->ack.frame, arrival->to, TCPSHAKE_EV_ACK_OF_SYN);
    restore_late_fin(arrival);
}

static bool
had_accepted(tcpshake_entry *entry, const void *end)
{
    uint8_t *const state = &entry->state[*(const uint8_t *)end];

    if (*state == TCPSHAKE_CLOSED)
        *state = TCPSHAKE_SYN_RECEIVED;
    return true;
}

/* Only a forged refusal was captured from this server: it was listening. */
void
tcpshake_restore_listener(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    tcpshake_end *const          server = arrival->receiver;

    conversation->initial[arrival->to] = TCPSHAKE_LISTEN;
    tcpshake_rewrite_since(conversation, arrival->sender->syn_frame, had_accepted, &arrival->to);
    server->flags &= ~(uint32_t)(TCPSHAKE_END_SEEN | TCPSHAKE_END_HEARD | TCPSHAKE_END_SENT_RESET);
}

/* Data in front of the RST did not arrive: they were captured so long ago that an acknowledgment of them had come by,
 * or not at all, and then the RST must lie in the window. At its right edge it does for some stacks. */
bool
tcpshake_waits_for_data(const tcpshake_arrival *arrival, int round_trips)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          resetter = arrival->receiver;
    const tcpshake_last_rst *const     last = &conversation->extra->last_reset[arrival->to];
    const uint32_t                     number = last->seq;
    const uint32_t                     missing = number - arrival->sender->ack_sent;
    const int64_t                      since = arrival->segment->time - last->before;

    if ((int32_t)missing <= 0)
        return false;
    if (tcpshake_seq_lt(resetter->snd_nxt, number))
        return missing <= tcpshake_sure_window(conversation, arrival->from);
    return since >= round_trips * tcpshake_answer_time(conversation, arrival->from);
}

/* RFC 5961 section 3.2: a RST in the window that is not exact is answered with <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and
 * ends nothing. */
bool
tcpshake_is_challenge_ack(const tcpshake_arrival *arrival)
{
    enum {
        NUMBERS = TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_HAS_ACK,
        BARE = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_PSH | TCPSHAKE_URG | TCPSHAKE_ACK
    };
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          sender = arrival->sender;
    const tcpshake_moment              last = arrival->receiver->last;

    if (!conversation->extra || conversation->extra->last_reset[arrival->to].frame != last.frame ||
        (arrival->segment->flags & BARE) != TCPSHAKE_ACK || arrival->segment->length > 0 ||
        tcpshake_since(arrival, last) > AT_ONCE || tcpshake_is_too_soon(conversation, arrival->from, arrival, last) ||
        !tcpshake_end_is(sender, NUMBERS) || !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_SND_NXT) ||
        tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_challenged, last.frame))
        return false;
    return arrival->segment->seq == sender->snd_nxt && arrival->segment->ack == sender->ack_sent &&
           tcpshake_waits_for_data(arrival, 1);
}
