/* extra.c
 * What only few conversations need: a second attempt, a RST that may turn out to be ignored, an ICMP error, many
 * findings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

#include <string.h>

tcpshake_extra *
tcpshake_extra_of(tcpshake_conversation *conversation, const tcpshake_allocator *allocator)
{
    if (!conversation->extra) {
        conversation->extra = allocator->resize(allocator->context, NULL, sizeof *conversation->extra);
        if (conversation->extra)
            memset(conversation->extra, 0, sizeof *conversation->extra);
    }
    return conversation->extra;
}

const tcpshake_conversation *
tcpshake_conversation_at(const tcpshake_conversation *conversation, uint32_t frame)
{
    while (frame < tcpshake_begun(conversation) && conversation->previous)
        conversation = conversation->previous;
    return conversation;
}

tcpshake_attempt
tcpshake_attempt_of(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;
    const uint32_t              syns = conversation->end[conversation->client].syn_count;

    if (!extra || extra->attempt_syn.frame == 0)
        return (tcpshake_attempt){ conversation->syn, syns, 0 };
    return (tcpshake_attempt){ extra->attempt_syn, syns - extra->attempt_before, extra->refused_frame };
}
