/* after_reset.c
 * What an end had received since a RST that turns out not to have ended it, and the challenge ACK that shows it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "arrival.h"
#include "../segment/seq.h"

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
tcpshake_catch_up(tcpshake_conversation *conversation, int end, uint32_t since)
{
    static const tcpshake_presumption presumption_of[TCPSHAKE_EVENTS] = {
        [TCPSHAKE_EV_SYN_ACK] = TCPSHAKE_PRESUMED_SYN_ACK,
        [TCPSHAKE_EV_ACK_OF_SYN] = TCPSHAKE_PRESUMED_ACK_OF_SYN,
        [TCPSHAKE_EV_ACK_OF_FIN] = TCPSHAKE_PRESUMED_ACK_OF_FIN,
        [TCPSHAKE_EV_FIN] = TCPSHAKE_PRESUMED_FIN,
    };
    tcpshake_end *const       who = &conversation->end[end];
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(end)];
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
            who->presumed_frame[presumption_of[received[i].event]] = received[i].frame;
    }
}

/* Data in front of the RST did not arrive: they were captured so long ago that an acknowledgment of them had come by,
 * or not at all, and then the RST must lie in the window. At its right edge it does for some stacks. */
bool
tcpshake_waits_for_data(const tcpshake_arrival *arrival, int round_trips)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const tcpshake_end *const          resetter = arrival->receiver;
    const uint32_t                     number = conversation->extra->last_reset.seq;
    const uint32_t                     missing = number - arrival->sender->ack_sent;
    const int64_t                      since = arrival->segment->time - conversation->extra->last_reset.before;

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

    if (!conversation->extra || conversation->extra->last_reset.frame != last.frame ||
        (arrival->segment->flags & BARE) != TCPSHAKE_ACK || arrival->segment->length > 0 ||
        tcpshake_since(arrival, last) > AT_ONCE || tcpshake_is_too_soon(conversation, arrival->from, arrival, last) ||
        !tcpshake_end_is(sender, NUMBERS) || !tcpshake_end_is(arrival->receiver, TCPSHAKE_END_HAS_SND_NXT) ||
        tcpshake_found_on(conversation, TCPSHAKE_ANOMALY_reset_challenged, last.frame))
        return false;
    return arrival->segment->seq == sender->snd_nxt && arrival->segment->ack == sender->ack_sent &&
           tcpshake_waits_for_data(arrival, 1);
}
