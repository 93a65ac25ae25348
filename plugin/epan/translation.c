/* translation.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "translation.h"

#include "statistics/conversation_list.h"
#include "streams.h"

#include "../text/text.h"

/* One end at both points: who is the client is in each record. */
static void
translate_end(const tcpshake_end_point *here, const tcpshake_end_point *there, tcpshake_role role, char *text,
              size_t size)
{
    if (addresses_equal(&here->address, &there->address) && here->port == there->port)
        return;
    char *const was = tcpshake_end_text(here), *const is = tcpshake_end_text(there);
    tcpshake_text_translated(role, was, is, text, size);
    g_free(was);
    g_free(is);
}

static tcpshake_end_point
end_point(uint32_t stream, int end)
{
    address            ends[TCPSHAKE_ENDS];
    uint16_t           ports[TCPSHAKE_ENDS];
    tcpshake_end_point point = { .port = 0 };

    if (tcpshake_stream_ends(stream, ends, ports))
        point = (tcpshake_end_point){ ends[end], ports[end] };
    return point;
}

const char *
tcpshake_translated(const tcpshake_conversation *conversation, const tcpshake_twin *twin, char *text, size_t size)
{
    const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
    const uint32_t                     stream = tcpshake_own_twin(conversation)->stream;

    text[0] = '\0';
    for (int i = 0; i < TCPSHAKE_ENDS; i++) {
        const int                 own_end = i ? TCPSHAKE_OTHER(conversation->client) : conversation->client;
        const int                 other_end = i ? TCPSHAKE_OTHER(other->client) : other->client;
        const tcpshake_end *const here = &conversation->end[own_end], *const there = &other->end[other_end];
        const tcpshake_role      role = i ? TCPSHAKE_SERVER : TCPSHAKE_CLIENT;
        const tcpshake_end_point was = end_point(stream, own_end), is = end_point(twin->stream, other_end);
        translate_end(&was, &is, role, text, size);
        if (here->flags & there->flags & TCPSHAKE_END_HAS_ISN && here->isn != there->isn)
            tcpshake_text_rewritten(role, there->isn - here->isn, text, size);
    }
    return text;
}
