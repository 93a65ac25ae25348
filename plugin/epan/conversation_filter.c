/* conversation_filter.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_filter.h"

#include "compat.h"
#include "../text/phrases.h"

#include <epan/dissectors/packet-tcp.h>

/* TCP's data on the conversation of the packet that the menu was opened on; NULL if it is none of TCP's. */
static const struct tcp_analysis *
tcp_of(packet_info *pinfo)
{
    if (!proto_is_frame_protocol(pinfo->layers, "tcp") || pinfo->src.type == AT_NONE)
        return NULL;
    const tcpshake_tuple  tuple = { pinfo->src, pinfo->dst, (uint16_t)pinfo->srcport, (uint16_t)pinfo->destport };
    const conversation_t *conversation = tcpshake_find_conversation(pinfo, &tuple);
    return conversation ? conversation_get_proto_data(conversation, proto_get_id_by_filter_name("tcp")) : NULL;
}

static tcpshake_filter_bool
is_valid(TCPSHAKE_FILTER_ARGUMENTS)
{
    return tcp_of(pinfo) != NULL;
}

/* The caller frees it. */
static char *
build(TCPSHAKE_FILTER_ARGUMENTS)
{
    const struct tcp_analysis *tcp = tcp_of(pinfo);

    return tcp ? g_strdup_printf("tcp.stream eq %u and (tcpshake.step or tcpshake.anomaly)", tcp->stream) : NULL;
}

void
tcpshake_register_conversation_filter(void)
{
    tcpshake_register_filter("tcpshake", tcpshake_phrase_text(TCPSHAKE_PHRASE_FILTER_TITLE), is_valid, build);
}
