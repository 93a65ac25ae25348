/* packet-tcpshake.c
 * The dissector: takes TCP's place in IP's table, calls TCP, gives the segment to the core, and shows the result.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet-tcpshake.h"

#include "statistics/calls.h"
#include "capture.h"
#include "capture_time.h"
#include "chain.h"
#include "compat.h"
#include "conversation_filter.h"
#include "details/expert.h"
#include "fields/fields.h"
#include "frames.h"
#include "icmp.h"
#include "last_frame.h"
#include "points.h"
#include "prefs.h"
#include "streams.h"
#include "statistics/tap.h"
#include "statistics/tap_conv.h"
#include "statistics/tap_hosts.h"
#include "statistics/outcomes_window.h"
#include "statistics/tap_tree.h"
#include "details/tree.h"
#include "window/actions.h"
#include "window/flow_graph.h"

#include "../core/no_inline.h"
#include "../core/segment/segment.h"

#include <epan/dissectors/packet-ip.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>

enum {
    HEADER_MIN = 20, /* without options */
    HEADER_MAX = 60,
    HEADER_NEEDED = 16, /* up to the window; with less, TCP makes no conversation (4.6: with less than 14) */
};

static dissector_handle_t tcpshake_handle, tcp_handle;
static bool               is_enabled;

/* What is known of a segment before TCP sees it. */
typedef struct dissection {
    tcpshake_tuple         tuple;
    tcpshake_segment       segment;
    bool                   analysed;     /* segment is filled in */
    proto_item            *before;       /* what stands in front of TCP's subtree, or NULL */
    tcpshake_conversation *conversation; /* of the segment, once it is known; NULL before */
    bool                   found;        /* the segment has brought an anomaly */
} dissection;

/* IP hands its header down; other dissectors that ask for TCP hand down NULL. */
static void
read_ip(tcpshake_segment *segment, void *ip)
{
    const ws_ip4 *ip4 = WS_IP4_PTR(ip);
    const ws_ip6 *ip6 = WS_IP6_PTR(ip);

    if (ip4) {
        segment->ttl = ip4->ip_ttl;
        segment->ip_id = ip4->ip_id;
    } else if (ip6) {
        segment->ttl = ip6->ip6_hop;
    }
}

static void
read_addresses(tcpshake_segment *segment, const packet_info *pinfo)
{
    const unsigned length = (unsigned)pinfo->src.len;

    if (length != (unsigned)pinfo->dst.len || length > UINT8_MAX)
        return;
    segment->source = pinfo->src.data;
    segment->destination = pinfo->dst.data;
    segment->address_length = (uint8_t)length;
}

/* The smallest Ethernet frame, without its checksum; with one VLAN tag more, and without the one that it was sent with;
 * what fills it behind 20 bytes of IP and 20 of TCP. */
enum { FRAME_MIN = 60, TAGGED_MIN = 64, UNTAGGED_MIN = 56, CHECKSUM = 4, FILLED_MAX = 6 };

/* Of the few bytes of data behind the header: all are 0, and they end with the smallest frame. */
static bool
fills_frame(tvbuff_t *tvb, unsigned header_length, const packet_info *pinfo)
{
    static const uint8_t zeros[FILLED_MAX];
    const unsigned       length = tvb_reported_length(tvb) - header_length;
    const unsigned       behind = pinfo->fd->pkt_len - (unsigned)tvb_raw_offset(tvb) - tvb_reported_length(tvb);

    return (pinfo->fd->pkt_len == FRAME_MIN || pinfo->fd->pkt_len == TAGGED_MIN ||
            pinfo->fd->pkt_len == UNTAGGED_MIN) &&
           (behind == 0 || behind == CHECKSUM) &&
           memcmp(tvb_get_ptr(tvb, (int)header_length, (int)length), zeros, length) == 0;
}

/* Of a RST: out of line, because hardly any segment is one. */
static TCPSHAKE_NO_INLINE void
read_text(tcpshake_segment *segment, tvbuff_t *tvb, unsigned header_length, unsigned captured)
{
    if (segment->length == 0 || captured <= header_length)
        return;
    segment->text_length = (uint8_t)MIN(MIN(captured - header_length, segment->length), UINT8_MAX);
    segment->text = tvb_get_ptr(tvb, (int)header_length, segment->text_length);
}

/* Reads what was captured of the header. False if this is no segment to analyse: the header's length is impossible; it
 * is a fragment, whose length is unknown; or an ICMP error quotes it, so that it was not sent here and now. */
static bool
read_segment(dissection *at, tvbuff_t *tvb, unsigned captured, const packet_info *pinfo, void *ip)
{
    const unsigned reported = tvb_reported_length(tvb);
    const uint8_t *header = tvb_get_ptr(tvb, 0, (int)MIN(captured, HEADER_MAX));
    const unsigned header_length = (header[12] >> 4) * 4u;
    at->tuple = (tcpshake_tuple){ pinfo->src, pinfo->dst, tcpshake_read_be16(header), tcpshake_read_be16(header + 2) };
    if (header_length < HEADER_MIN || header_length > reported || pinfo->fragmented || pinfo->flags.in_error_pkt)
        return false;

    tcpshake_segment *s = &at->segment;
    *s = (tcpshake_segment){
        .time = tcpshake_capture_time(&pinfo->abs_ts),
        .frame = pinfo->num,
        .seq = tcpshake_read_be32(header + 4),
        .ack = tcpshake_read_be32(header + 8),
        .length = reported - header_length,
        .flags = tcpshake_read_be16(header + 12) & TCPSHAKE_CONTROL_BITS,
        .window = tcpshake_read_be16(header + 14),
        .checksum = captured >= 18 ? tcpshake_read_be16(header + 16) : 0,
        .captured = captured >= reported        ? TCPSHAKE_CAPTURED_WHOLE
                    : captured >= header_length ? TCPSHAKE_CAPTURED_PART_OF_DATA
                                                : TCPSHAKE_CAPTURED_PART_OF_HEADER,
        .point = tcpshake_point_of(pinfo),
        .source_port = at->tuple.sport,
        .destination_port = at->tuple.dport,
    };
    if (header_length > HEADER_MIN && captured > HEADER_MIN) {
        s->options = header + HEADER_MIN;
        s->options_length = (uint8_t)(MIN(captured, header_length) - HEADER_MIN);
    }
    if (s->flags & TCPSHAKE_RST)
        read_text(s, tvb, header_length, captured);
    if (MIN(captured, HEADER_MAX) >= header_length + TCPSHAKE_DATA_SEEN)
        s->data = header + header_length;
    if (s->length - 1 < FILLED_MAX && captured >= reported && fills_frame(tvb, header_length, pinfo)) {
        s->fills_frame = (s->flags & TCPSHAKE_PSH) != 0;
        if (!s->fills_frame) /* an application's few bytes are pushed: these are none */
            s->length = 0;
    }
    read_addresses(s, pinfo);
    read_ip(s, ip);
    return true;
}

static void
take(dissection *at)
{
    tcpshake_capture_take(at->conversation, &at->segment);
    at->found = tcpshake_proven_frame(at->conversation) == at->segment.frame;
}

/* TCP has done what it does, or left by an exception that goes on after this: nothing here may throw. */
static void
observe(dissection *at, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (!tcpshake_frame_is_known(pinfo))
        return;
    if (!at->analysed) {
        tcpshake_stream_account(pinfo, &at->tuple);
        return;
    }
    if (!at->conversation) {
        at->conversation = tcpshake_stream_record(pinfo, &at->tuple, &at->segment);
        if (!at->conversation)
            return;
        if (!pinfo->fd->visited)
            take(at);
    }
    tcpshake_draw(tvb, pinfo, tree, at->before, at->conversation, &at->segment, at->found);
    tcpshake_tap(pinfo, at->conversation, &at->segment, &at->tuple);
}

/* In the first pass, of most segments nobody wants to see anything but an anomaly. If besides the conversation is
 * known, there is nothing to be done after TCP, and no exception to be caught: a tenth of what an ordinary segment
 * costs. */
static bool
observe_unseen(dissection *at, packet_info *pinfo, proto_tree *tree)
{
    if (tree || !at->analysed || tcpshake_prefs.annotate_info || tcpshake_prefs.chat_steps || tcpshake_is_tapped())
        return false;
    at->conversation = tcpshake_stream_known(pinfo, &at->tuple, &at->segment);
    if (!at->conversation || !tcpshake_frame_is_known(pinfo))
        return false;
    take(at);
    return !at->found;
}

static TCPSHAKE_NO_INLINE int
dissect_and_observe(dissection *at, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *ip)
{
    volatile int length = 0;

    at->before = tree ? tree->last_child : NULL;
    TRY
    {
        length = tcpshake_call_original(tcp_handle, tvb, pinfo, tree, ip);
    }
    FINALLY
    {
        observe(at, tvb, pinfo, tree);
    }
    ENDTRY;
    return length;
}

static int
dissect_tcpshake(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *ip)
{
    const unsigned captured = tvb_captured_length(tvb);
    dissection     at;

    at.conversation = NULL;
    at.found = false;
    if (!is_enabled)
        return tcpshake_call_original(tcp_handle, tvb, pinfo, tree, ip);
    /* There is nothing to tell. */
    if (captured < HEADER_NEEDED) {
        tcpshake_icmp_hear(tvb, pinfo, ip);
        return tcpshake_call_original(tcp_handle, tvb, pinfo, tree, ip);
    }

    at.analysed = read_segment(&at, tvb, captured, pinfo, ip);
    if (!at.analysed)
        tcpshake_icmp_hear(tvb, pinfo, ip);
    return observe_unseen(&at, pinfo, tree) ? tcpshake_call_original(tcp_handle, tvb, pinfo, tree, ip)
                                            : dissect_and_observe(&at, tvb, pinfo, tree, ip);
}

/* Whoever switches it on or off has the capture dissected anew. */
static void
begin(void)
{
    is_enabled = proto_is_protocol_enabled(find_protocol_by_id(proto_tcpshake));
}

/* The handle in ip.proto belongs to a protocol that is a name only, a child of TCP: Wireshark leaves it out of
 * frame.protocols, and switches it off together with TCP. */
void
tcpshake_register(void)
{
    const int proto_tcp = proto_get_id_by_filter_name("tcp");
    const int in_front = proto_register_protocol_in_name_only("TCP, followed by its handshake and teardown",
                                                              "TCP (tcpshake)", "tcpshake_tcp", proto_tcp, FT_PROTOCOL);

    tcpshake_handle = create_dissector_handle(dissect_tcpshake, in_front);
    tcpshake_register_fields();
    tcpshake_register_expert();
    tcpshake_register_preferences();
    tcpshake_register_capture();
    tcpshake_register_frames();
    tcpshake_register_last_frame();
    tcpshake_register_streams();
    tcpshake_register_points();
    tcpshake_register_icmp();
    tcpshake_register_tap();
    tcpshake_register_tree();
    tcpshake_register_outcomes_window();
    tcpshake_register_conv();
    tcpshake_register_hosts();
    tcpshake_register_flow_graph();
    register_init_routine(begin);
}

void
tcpshake_hand_off(void)
{
    tcpshake_hand_off_streams();
    tcpshake_hand_off_icmp();
    tcpshake_register_calls();
    tcpshake_register_conversation_filter();
    tcpshake_register_actions();
    tcp_handle = find_dissector("tcp");
    dissector_add_uint("ip.proto", IP_PROTO_TCP, tcpshake_handle);
}
