/* twins.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

const tcpshake_twins *
tcpshake_twins_of(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;

    return extra && extra->twins && extra->twins->proven && !extra->twins->refuted ? extra->twins : NULL;
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
