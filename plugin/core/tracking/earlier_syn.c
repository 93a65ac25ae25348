/* earlier_syn.c
 * RFC 9293 section 3.5, figure 8: Wireshark began this stream with an old duplicate SYN. The client's own SYN came
 * before it and is in another stream. The client refuses the SYN-ACK to the duplicate with a RST, and acknowledges the
 * one to its own SYN.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

bool
tcpshake_answers_earlier_syn(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    enum { WAITS = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_SYN };
    const tcpshake_end *const before =
        conversation->previous ? &conversation->previous->end[conversation->client] : NULL;

    return before && segment->from != conversation->client && conversation->ack.frame == 0 &&
           before->state == TCPSHAKE_SYN_SENT && tcpshake_end_is(before, WAITS) && segment->ack == before->isn + 1;
}

bool
tcpshake_opens_with_earlier_syn(const tcpshake_arrival *arrival)
{
    enum { ACKED = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_ACKED };
    const tcpshake_conversation *const previous = arrival->conversation->previous;
    const tcpshake_end *const          before = &previous->end[arrival->from];

    return arrival->from == arrival->conversation->client && arrival->conversation->ack.frame == 0 &&
           (arrival->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK)) == TCPSHAKE_ACK &&
           before->state == TCPSHAKE_SYN_SENT && tcpshake_end_is(before, ACKED) &&
           before->isn != arrival->sender->isn && arrival->segment->seq == before->isn + 1 &&
           tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SENT_SYNACK) &&
           arrival->segment->ack == arrival->receiver->isn + 1;
}

/* The end to rewrite, and the frame of the SYN-ACK that opened it. */
typedef struct opened {
    int      end;
    uint32_t frame;
} opened;

static bool
had_waited_for(tcpshake_entry *entry, const void *context)
{
    const opened *const syn_ack = context;

    entry->state[syn_ack->end] = entry->frame < syn_ack->frame ? TCPSHAKE_SYN_SENT : TCPSHAKE_ESTABLISHED;
    return true;
}

/* The end is as its own SYN has left it. */
static void
take_over(tcpshake_end *client, const tcpshake_end *before)
{
    enum { OF_ANOTHER = TCPSHAKE_END_SENT_RESET | TCPSHAKE_END_SPOKE_AFTER_RESET | TCPSHAKE_END_OWES_RESET };

    client->isn = before->isn;
    client->snd_nxt = before->snd_nxt;
    client->syn_frame = before->syn_frame;
    client->syn_count = before->syn_count;
    client->mss = before->mss;
    client->offers = before->offers;
    client->wscale = before->wscale;
    client->pending = 0;
    client->presumed = 0;
    client->flags &= ~(uint32_t)(OF_ANOTHER | TCPSHAKE_END_SYN_WAITS);
    client->flags |= TCPSHAKE_END_SYN_ACKED;
}

void
tcpshake_open_with_earlier_syn(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const    server = arrival->receiver;
    const opened                 syn_ack = { arrival->from, server->syn_frame };

    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_syn_changed);
    tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_handshake_aborted);
    tcpshake_forget_reset(conversation);
    take_over(arrival->sender, &conversation->previous->end[arrival->from]);
    conversation->syn = conversation->previous->syn;
    if (server->last.frame == server->syn_frame)
        conversation->synack = server->last;
    const uint32_t        more_syns = tcpshake_rare_of(conversation->previous)->end[arrival->from].more_syns;
    tcpshake_extra *const extra = more_syns ? tcpshake_extra_of(conversation, arrival->allocator) : conversation->extra;
    if (extra) {
        extra->attempt_syn.frame = extra->attempt_before = 0;
        extra->rare.end[arrival->from].more_syns = more_syns;
    }
    conversation->initial[arrival->from] = TCPSHAKE_SYN_SENT;
    tcpshake_rewrite_since(conversation, 0, had_waited_for, &syn_ack);
}
