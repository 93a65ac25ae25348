/* attempt.c
 * Which attempt to open is under way: a client may ask again after it was refused (RFC 9293 section 3.5.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

/* A refused client is in CLOSED; the SYN that took it out of that again was the last change of a state, for nobody
 * answers. */
tcpshake_attempt
tcpshake_attempt_of(const tcpshake_conversation *conversation)
{
    const tcpshake_end *const     client = &conversation->end[conversation->client];
    const tcpshake_finding *const refusal = tcpshake_last_found(conversation, TCPSHAKE_ANOMALY_connection_refused);

    if (!refusal || client->state != TCPSHAKE_SYN_SENT || conversation->changed.frame <= refusal->frame)
        return (tcpshake_attempt){ conversation->syn, client->syn_count, 0 };
    return (tcpshake_attempt){ conversation->changed, client->syn_count - refusal->attempt.number, refusal->frame };
}
