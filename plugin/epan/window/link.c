/* link.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link.h"

#include "../../text/phrases.h"

#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

tcpshake_link
tcpshake_link_to(uint32_t stream)
{
    return (tcpshake_link){ stream, tcpshake_stream_by_number(stream)->first.time };
}

const tcpshake_conversation *
tcpshake_follow_link(const tcpshake_link *link)
{
    const tcpshake_conversation *const now = tcpshake_stream_by_number(link->stream);

    if (now && now->first.frame && now->first.time == link->began)
        return now;
    report_warning("%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_CAPTURE_IS_CLOSED));
    return NULL;
}

void
tcpshake_show_linked(const tcpshake_link *link)
{
    if (!tcpshake_follow_link(link))
        return;
    char *const filter = g_strdup_printf("tcp.stream eq %" PRIu32, link->stream);
    plugin_if_apply_filter(filter, true);
    g_free(filter);
}
