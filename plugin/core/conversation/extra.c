/* extra.c
 * What only few conversations need: a second attempt, a RST that may turn out to be ignored, an ICMP error, many
 * findings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

const tcpshake_rare tcpshake_nothing_rare;

tcpshake_extra *
tcpshake_extra_of(tcpshake_conversation *conversation, const tcpshake_allocator *allocator)
{
    if (!conversation->extra)
        conversation->extra = tcpshake_allocate(allocator, sizeof *conversation->extra);
    return conversation->extra;
}

/* Far back of a record's first conversation there is nothing else. */
static const tcpshake_conversation *
far_back(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;

    return extra && extra->far ? extra->far : conversation;
}

static uint32_t
nth(const tcpshake_conversation *conversation)
{
    return conversation->extra ? conversation->extra->nth : 0;
}

/* Each knows the one before it, and one that is further back: twice as far where the two steps before were equally far.
 * So there are few steps to any (Myers, An applicative random-access stack, 1983). */
void
tcpshake_follow_on(tcpshake_conversation *conversation, const tcpshake_conversation *before)
{
    const tcpshake_conversation *const far = far_back(before), *const further = far_back(far);
    const bool equal = nth(before) - nth(far) == nth(far) - nth(further);

    conversation->extra->nth = nth(before) + 1;
    conversation->extra->far = equal ? further : before;
}

const tcpshake_conversation *
tcpshake_conversation_at(const tcpshake_conversation *conversation, uint32_t frame)
{
    while (frame < tcpshake_begun(conversation) && conversation->previous) {
        const tcpshake_conversation *const far = far_back(conversation);
        conversation = frame < tcpshake_begun(far) ? far : conversation->previous;
    }
    return conversation;
}

tcpshake_attempt
tcpshake_attempt_of(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;
    const uint32_t              syns = tcpshake_syns_of(conversation, conversation->client);

    if (!extra || extra->attempt_syn.frame == 0)
        return (tcpshake_attempt){ conversation->syn, syns, 0 };
    return (tcpshake_attempt){ extra->attempt_syn, syns - extra->attempt_before, extra->refused_frame };
}

int64_t
tcpshake_between(const tcpshake_conversation *conversation, tcpshake_moment from, tcpshake_moment to)
{
    const tcpshake_extra *const extra = conversation->extra;

    if (!from.frame || !to.frame || to.time < from.time) /* the clock was set back */
        return -1;
    for (unsigned i = 0; extra && i < sizeof extra->hole / sizeof extra->hole[0]; i++)
        if (from.frame < extra->hole[i] && extra->hole[i] <= to.frame)
            return -1;
    return (int64_t)((uint64_t)to.time - (uint64_t)from.time);
}

int64_t
tcpshake_elapsed(const tcpshake_conversation *conversation, tcpshake_moment from, int64_t time)
{
    return tcpshake_between(conversation, from, (tcpshake_moment){ time, UINT32_MAX });
}

int64_t
tcpshake_connection_time(const tcpshake_conversation *conversation)
{
    const tcpshake_moment ack = conversation->ack, synack = conversation->synack;
    const bool            crossed = (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN) != 0;
    const bool            later = crossed && ack.frame && synack.time > ack.time;

    return tcpshake_between(conversation, tcpshake_attempt_of(conversation).syn, later ? synack : ack);
}
