/* presumed.c
 * Where an end was presumed to receive something, until what it sends confirms or contradicts that. Nearly always there
 * are two at the most. In the order of their kinds, the first have room in the record of the end, others in what only
 * few conversations need.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

_Static_assert(TCPSHAKE_PRESUMED_ROOM == 2, "see tcpshake_presumed_frame()");
_Static_assert(TCPSHAKE_PRESUMPTIONS <= 8, "a bit of presumed each");

void
tcpshake_read_presumed(const tcpshake_conversation *conversation, int end, uint32_t *frames)
{
    for (int i = 0; i < TCPSHAKE_PRESUMPTIONS; i++)
        frames[i] = tcpshake_presumed_frame(conversation, end, (tcpshake_presumption)i);
}

/* Without memory, what has no room is lost. */
void
tcpshake_write_presumed(tcpshake_conversation *conversation, int end, const uint32_t *frames,
                        const tcpshake_allocator *allocator)
{
    tcpshake_end *const who = &conversation->end[end];
    unsigned            presumed = 0, count = 0;

    for (unsigned i = 0; i < TCPSHAKE_PRESUMPTIONS; i++) {
        if (frames[i] == 0)
            continue;
        tcpshake_extra *const extra =
            count < TCPSHAKE_PRESUMED_ROOM ? NULL : tcpshake_extra_of(conversation, allocator);
        if (count < TCPSHAKE_PRESUMED_ROOM)
            who->presumed_frame[count++] = frames[i];
        else if (extra)
            extra->rare.end[end].presumed_frame[i] = frames[i];
        else
            break;
        presumed |= 1u << i;
    }
    who->presumed = (uint8_t)presumed;
}

void
tcpshake_set_presumed(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed, uint32_t frame,
                      const tcpshake_allocator *allocator)
{
    uint32_t frames[TCPSHAKE_PRESUMPTIONS];

    tcpshake_read_presumed(conversation, end, frames);
    frames[presumed] = frame;
    tcpshake_write_presumed(conversation, end, frames, allocator);
}

void
tcpshake_clear_presumed(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    tcpshake_end *const who = &conversation->end[end];
    const unsigned      others = who->presumed & ~(1u << presumed);

    if (others == 0)
        who->presumed = 0;
    else if (tcpshake_is_presumed(who, presumed))
        tcpshake_set_presumed(conversation, end, presumed, 0, NULL); /* takes no memory */
}
