/* hole.c
 * Where the capture of a conversation has a hole, because captures were joined or the clock was set: what an end waited
 * for, and for how long, is not known then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"
#include "../segment/seq.h"

/* Longer than any idle timer that is known (plugin/text/idle_timers.c): then it is the clock that has moved. */
static const int64_t LONGEST_SILENCE = INT64_C(8) * 24 * 3600 * TCPSHAKE_SECOND;

/* An end in one of these can be silent as long as it likes. In all other states it repeats itself, or gives up (RFC
 * 9293 section 3.8.3); and so does one that has something to be acknowledged. */
static bool
may_be_idle(const tcpshake_conversation *conversation, int which)
{
    enum { NUMBERS = TCPSHAKE_END_HAS_SND_NXT | TCPSHAKE_END_SENT_DATA };
    const tcpshake_end *const end = &conversation->end[which], *const peer = &conversation->end[TCPSHAKE_OTHER(which)];
    const bool rests =
        end->state == TCPSHAKE_ESTABLISHED || end->state == TCPSHAKE_FIN_WAIT_2 || end->state == TCPSHAKE_CLOSE_WAIT;
    const bool waits = tcpshake_end_is(end, NUMBERS) && tcpshake_end_is(peer, TCPSHAKE_END_HAS_ACK) &&
                       tcpshake_seq_lt(peer->ack_sent, end->snd_nxt);

    return rests && !waits && end->repeats == 0 && tcpshake_rare_of(conversation)->end[which].probe_frame == 0;
}

static bool
is_behind_hole(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const int64_t                      gap = tcpshake_since(arrival, tcpshake_last(conversation));

    return gap > TCPSHAKE_HOLE && (gap > LONGEST_SILENCE || !may_be_idle(conversation, 0) ||
                                   !may_be_idle(conversation, 1) || tcpshake_numbers_jump(arrival));
}

/* The segment before lies so far in front of its own predecessor that the clock, or the order, is not right there. */
static bool
follows_set_back(const tcpshake_arrival *arrival)
{
    const tcpshake_moment       last = tcpshake_last(arrival->conversation);
    const tcpshake_extra *const extra = arrival->conversation->extra;

    return extra && extra->set_back == last.frame && tcpshake_since(arrival, last) > TCPSHAKE_SECOND;
}

static void
remember_set_back(const tcpshake_arrival *arrival)
{
    if (tcpshake_since(arrival, tcpshake_last(arrival->conversation)) >= -TCPSHAKE_SECOND)
        return;
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    if (extra)
        extra->set_back = arrival->segment->frame;
}

void
tcpshake_look_for_hole(tcpshake_arrival *arrival)
{
    tcpshake_conversation *const conversation = arrival->conversation;
    const int64_t                gap = tcpshake_since(arrival, tcpshake_last(conversation));

    if (gap >= -TCPSHAKE_SECOND && gap <= TCPSHAKE_SECOND) /* as nearly always */
        return;
    remember_set_back(arrival);
    if (!is_behind_hole(arrival) && !follows_set_back(arrival))
        return;
    arrival->behind_hole = true;
    conversation->asked.frame = conversation->lingers.frame = 0;
    conversation->silence = -1;
    conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_LONGEST_SILENCE;
    conversation->end[0].repeats = conversation->end[1].repeats = 0;
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, arrival->allocator);
    if (!extra)
        return;
    extra->hole[extra->hole[0] != 0] = arrival->segment->frame;
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        extra->rare.end[end].probes = 0;
        extra->rare.end[end].probe_frame = 0;
    }
}
