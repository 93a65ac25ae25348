/* filter_call.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "filter_call.h"

#include "../../text/phrases.h"

#include <epan/plugin_if.h>

static void
begin(tcpshake_call *call)
{
    if (!call->in_window)
        tcpshake_call_failed(tcpshake_phrase_text(TCPSHAKE_PHRASE_ONLY_IN_WINDOW), call->kind->name);
}

/* Nothing is to be gathered. */
static void
take(tcpshake_call *call _U_, const tcpshake_tapped *tapped _U_)
{
}

/* Once: afterwards the user has filters of his own. */
static void
draw(tcpshake_call *call)
{
    if (!call->in_window || call->own)
        return;
    call->own = call;
    plugin_if_apply_filter(call->argument, true);
}

const tcpshake_call_kind tcpshake_filter_call = {
    .name = "tcpshake,filter", .begin = begin, .take = take, .draw = draw
};
