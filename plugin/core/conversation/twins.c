/* twins.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

const tcpshake_twins *
tcpshake_twins_of(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;
    const tcpshake_twins *const twins = extra ? extra->twins : NULL;

    if (!twins || twins->refuted)
        return NULL;
    return (twins->rewritten || twins->differing ? twins->confirmed : twins->proven) ? twins : NULL;
}

const tcpshake_twin *
tcpshake_own_twin(const tcpshake_conversation *conversation)
{
    return &conversation->extra->twins->one[conversation->extra->own_twin];
}

const tcpshake_twin *
tcpshake_next_twin(const tcpshake_conversation *conversation, const tcpshake_twin *after)
{
    const tcpshake_twins *const twins = tcpshake_twins_of(conversation);

    if (!twins)
        return NULL;
    const tcpshake_twin *twin = after ? after + 1 : twins->one;
    if (twin == tcpshake_own_twin(conversation))
        twin++;
    return twin < twins->one + twins->count ? twin : NULL;
}

bool
tcpshake_twin_clock(const tcpshake_conversation *conversation, const tcpshake_twin *twin, int64_t *ahead)
{
    const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
    const uint32_t                     syn_acks = tcpshake_syns_of(conversation, TCPSHAKE_OTHER(conversation->client));
    /* One way that takes longer than the other is half of what is wrong with it. */
    const int64_t out = twin->time - tcpshake_own_twin(conversation)->time;
    const int64_t back = other->synack.time - conversation->synack.time;

    /* One that is not the same packet at both has no time in between; nor has what no clocks explain. */
    if (!conversation->synack.frame || !other->synack.frame ||
        syn_acks != tcpshake_syns_of(other, TCPSHAKE_OTHER(other->client)) || back > 2 * TCPSHAKE_SYN_KEPT ||
        back < -2 * TCPSHAKE_SYN_KEPT)
        return false;
    *ahead = out / 2 + back / 2;
    return true;
}
