/* certainty.c
 * What the capture cannot show, because it begins in the middle, has only one direction, or has no answer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

/* A conversation that began before the capture: each end could have closed before. One that sends data, or its FIN, had
 * not; once both have shown it, both had been open all the time. */
bool
tcpshake_is_uncertain(const tcpshake_conversation *conversation)
{
    static const uint32_t open = TCPSHAKE_END_SENT_DATA | TCPSHAKE_END_SENT_FIN;

    return conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM &&
           !(conversation->end[0].flags & open && conversation->end[1].flags & open);
}

/* RFC 9293 section 3.5.1: whoever holds the connection before this one still does, but in which state was not seen. */
bool
tcpshake_holds_the_uncertain(const tcpshake_conversation *conversation, int end, uint8_t state)
{
    return conversation->flags & TCPSHAKE_CONVERSATION_INHERITED && end != conversation->client &&
           state == conversation->initial[end] && conversation->previous &&
           tcpshake_is_uncertain(conversation->previous);
}

/* Only one direction is in the capture, and what this frame's end has acknowledged by then may have been a FIN. */
bool
tcpshake_is_one_sided(const tcpshake_conversation *conversation, uint32_t frame)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const tcpshake_end *const who = &conversation->end[end];
        const uint32_t            since = tcpshake_rare_of(conversation)->end[end].unseen_frame;
        if (!(who->flags & TCPSHAKE_END_SEEN) && since && frame >= since)
            return true;
    }
    return false;
}

/* RFC 9293 section 3.10.7.4 and RFC 6191: TIME-WAIT may give way to a SYN, and answers it then. With no answer at all,
 * nothing shows that it has. */
bool
tcpshake_waits_still(const tcpshake_conversation *conversation, int end)
{
    return conversation->flags & TCPSHAKE_CONVERSATION_INHERITED && end != conversation->client &&
           conversation->initial[end] == TCPSHAKE_TIME_WAIT && !(conversation->end[end].flags & TCPSHAKE_END_HEARD);
}

/* All that points to a client is a SYN-ACK to it: it may or may not have sent a SYN. If the server sends anything more,
 * it must have received an ACK. */
bool
tcpshake_client_is_unheard(const tcpshake_conversation *conversation)
{
    enum { HEARD_OF = TCPSHAKE_END_SEEN | TCPSHAKE_END_SENT_SYN };
    const tcpshake_end *const client = &conversation->end[conversation->client];

    return client->flags & TCPSHAKE_END_ACTIVE_OPEN && !(client->flags & HEARD_OF) &&
           !(conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED);
}

bool
tcpshake_server_gave_up(const tcpshake_conversation *conversation)
{
    return conversation->handshake == TCPSHAKE_HANDSHAKE_ABORTED &&
           tcpshake_rare_of(conversation)->reset_by == TCPSHAKE_SERVER && !conversation->ack.frame &&
           conversation->end[TCPSHAKE_OTHER(conversation->client)].syn_count > 1;
}

/* A RST, a FIN or an ACK can come from an end, or a scanner, that has no connection or has one no longer. Data cannot,
 * and neither can an answer other than a RST. */
bool
tcpshake_was_open_before(const tcpshake_conversation *conversation)
{
    const uint32_t either = conversation->end[0].flags | conversation->end[1].flags;
    const uint32_t both = conversation->end[0].flags & conversation->end[1].flags;

    return conversation->flags & TCPSHAKE_CONVERSATION_MIDSTREAM &&
           (either & TCPSHAKE_END_SENT_DATA || both & TCPSHAKE_END_HAS_SND_NXT ||
            conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED);
}

bool
tcpshake_closer_is_known(const tcpshake_conversation *conversation)
{
    return !tcpshake_is_uncertain(conversation) && !tcpshake_is_one_sided(conversation, UINT32_MAX);
}
