/* icmp.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Like our dissector for TCP, this one takes the place of ICMP and ICMPv6 in IP's table. Those call IP for what they
 * quote, and IP calls TCP, so the segment that reaches our dissector for TCP in the meantime is the quoted one. The
 * error says what happened, the quote says to which segment: no header has to be read twice, whatever is between them
 * (IPv6 extension headers, a tunnel).
 *
 * The quote is looked for in the first pass. Which conversation it was about is kept with the frame if it rejected a
 * SYN: by the time of a later pass other conversations may have had the four-tuple.
 */
#include "icmp.h"

#include "capture_time.h"
#include "chain.h"
#include "fields/fields.h"
#include "frames.h"
#include "streams.h"
#include "details/tree.h"

#include <epan/dissectors/packet-ip.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

enum {
    TYPE_AND_CODE = 2,
    QUOTE_MIN = 8, /* ports and sequence number: all that RFC 792 demands of TCP's header */
};

typedef struct version {
    const char *protocol, *name, *short_name, *filter_name;
    unsigned    ip_protocol;
    uint8_t     number;
} version;

static const version versions[] = {
    { "icmp", "ICMP, followed by the handshake that it rejects", "ICMP (tcpshake)", "tcpshake_icmp", IP_PROTO_ICMP, 4 },
    { "icmpv6", "ICMPv6, followed by the handshake that it rejects", "ICMPv6 (tcpshake)", "tcpshake_icmpv6",
      IP_PROTO_ICMPV6, 6 },
};

static dissector_handle_t handles[array_length(versions)], originals[array_length(versions)];
static protocol_t        *tcpshake_protocol;

/* The message that is being dissected, and the segment that it quotes. */
typedef struct message {
    tcpshake_icmp_error quote;
    tcpshake_tuple      tuple;            /* of the quoted segment */
    bool                listening, heard; /* it may quote one; it does */
} message;

static message now;

void
tcpshake_icmp_hear(tvbuff_t *tvb, const packet_info *pinfo, void *ip)
{
    const ws_ip4 *ip4 = WS_IP4_PTR(ip);

    if (!now.listening || now.heard || !pinfo->flags.in_error_pkt || tvb_captured_length(tvb) < QUOTE_MIN)
        return;
    now.heard = true;
    now.tuple = (tcpshake_tuple){ pinfo->src, pinfo->dst, tvb_get_ntohs(tvb, 0), tvb_get_ntohs(tvb, 2) };
    now.quote.seq = tvb_get_ntohl(tvb, 4);
    now.quote.ip_id = ip4 ? ip4->ip_id : 0;
}

/* An error that is itself quoted was not sent here and now. */
static void
begin_message(tvbuff_t *tvb, const packet_info *pinfo, const version *version)
{
    const uint8_t *header = tvb_get_ptr(tvb, 0, TYPE_AND_CODE);

    now.heard = false;
    now.listening = !pinfo->fd->visited && !pinfo->flags.in_error_pkt;
    now.quote = (tcpshake_icmp_error){
        .time = tcpshake_capture_time(&pinfo->abs_ts),
        .frame = pinfo->num,
        .version = version->number,
        .type = header[0],
        .code = header[1],
    };
}

/* The conversation whose SYN has just been rejected, or NULL. layer: tells apart several errors in a frame. */
static tcpshake_conversation *
take(packet_info *pinfo, uint32_t layer)
{
    tcpshake_conversation *conversation = now.heard ? tcpshake_stream_take_quote(pinfo, &now.tuple, &now.quote) : NULL;

    if (conversation)
        p_add_proto_data(wmem_file_scope(), pinfo, proto_tcpshake, layer, conversation);
    return conversation;
}

/* As in packet-tcpshake.c, nothing here may throw. */
static void
observe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before, uint32_t layer)
{
    if (!tcpshake_frame_is_known(pinfo))
        return;
    const tcpshake_conversation *conversation =
        pinfo->fd->visited ? p_get_proto_data(wmem_file_scope(), pinfo, proto_tcpshake, layer) : take(pinfo, layer);

    if (conversation)
        tcpshake_draw_error(tvb, pinfo, tree, before, conversation);
}

static int
dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *ip, unsigned which)
{
    if (!proto_is_protocol_enabled(tcpshake_protocol) || tvb_captured_length(tvb) < TYPE_AND_CODE)
        return tcpshake_call_original(originals[which], tvb, pinfo, tree, ip);

    const message  outer = now;
    const uint32_t layer = pinfo->curr_layer_num;
    proto_item    *before = tree ? tree->last_child : NULL;
    volatile int   length = 0;
    begin_message(tvb, pinfo, &versions[which]);
    TRY
    {
        length = tcpshake_call_original(originals[which], tvb, pinfo, tree, ip);
    }
    FINALLY
    {
        observe(tvb, pinfo, tree, before, layer);
        now = outer;
    }
    ENDTRY;
    return length;
}

static int
dissect_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *ip)
{
    return dissect(tvb, pinfo, tree, ip, 0);
}

static int
dissect_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *ip)
{
    return dissect(tvb, pinfo, tree, ip, 1);
}

/* The handles belong to protocols that are names only, for the same reasons as TCP's. */
void
tcpshake_register_icmp(void)
{
    static const dissector_t dissectors[] = { dissect_icmp, dissect_icmpv6 };

    for (size_t i = 0; i < array_length(versions); i++) {
        const version *const version = &versions[i];
        const int            in_front =
            proto_register_protocol_in_name_only(version->name, version->short_name, version->filter_name,
                                                 proto_get_id_by_filter_name(version->protocol), FT_PROTOCOL);
        handles[i] = create_dissector_handle(dissectors[i], in_front);
    }
    tcpshake_protocol = find_protocol_by_id(proto_tcpshake);
}

void
tcpshake_hand_off_icmp(void)
{
    for (size_t i = 0; i < array_length(versions); i++) {
        originals[i] = find_dissector(versions[i].protocol);
        dissector_add_uint("ip.proto", versions[i].ip_protocol, handles[i]);
    }
}
