/* flow_graph.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_graph.h"

#include "../fields/fields.h"
#include "../prefs.h"
#include "../statistics/tap.h"

#include "../../text/text.h"

enum { FLAGS_SIZE = 64 };

/* How wide an arrow is, in pixels. */
enum { WIDTH_OF_OTHERS = 1, WIDTH_OF_A_STEP = 2 };

/* "3-way 1/3: SYN"; of two steps at once "2/4: ACK + 3/4: FIN", which has to fit on an arrow. */
static void
append_steps(GString *label, uint8_t steps)
{
    const bool several = (steps & (steps - 1)) != 0;

    for (unsigned bit = 0; bit < TCPSHAKE_STEP_BITS; bit++) {
        if (!(steps & 1u << bit))
            continue;
        const char *const name = tcpshake_step_name(tcpshake_step_values[bit]);
        const char *const kind_ends = several ? strchr(name, ' ') : NULL;
        g_string_append_printf(label, "%s%s", label->len ? " + " : "",
                               kind_ends && strchr(kind_ends + 1, ' ') ? kind_ends + 1 : name);
    }
}

/* The steps, or the flags as TCP's own flow graph has them; then how much data there is. */
static char *
label_of(const tcpshake_segment *segment, const tcpshake_view *view)
{
    GString *const label = g_string_new(NULL);
    char           flags[FLAGS_SIZE];

    append_steps(label, view->steps);
    if (!label->len)
        g_string_append(label, tcpshake_text_flags(segment->flags, ", ", flags, sizeof flags));
    if (segment->length)
        g_string_append_printf(label, " - Len: %" PRIu32, segment->length);
    return g_string_free(label, FALSE);
}

/* "SYN-SENT/SYN-RECEIVED: syn_retransmission" */
static char *
comment_of(const tcpshake_view *view)
{
    GString *const comment = g_string_new(NULL);

    g_string_append_printf(comment, "%s/%s", tcpshake_state_name((tcpshake_state)view->client_state),
                           tcpshake_state_name((tcpshake_state)view->server_state));
    for (uint32_t i = 0; i < view->finding_count; i++)
        g_string_append_printf(comment, "%s%s", i ? ", " : ": ",
                               tcpshake_anomaly_row((tcpshake_anomaly)view->findings[i].anomaly)->name);
    return g_string_free(comment, FALSE);
}

/* The ends are those of the segment: in a tunnel, Wireshark's own would be the packet's last. */
static void
set_ends(tcpshake_flow_item *item, const tcpshake_tuple *tuple)
{
    free_address(&item->src_addr);
    free_address(&item->dst_addr);
    copy_address(&item->src_addr, &tuple->src);
    copy_address(&item->dst_addr, &tuple->dst);
    item->port_src = tuple->sport;
    item->port_dst = tuple->dport;
}

static tap_packet_status
take(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped_, tap_flags_t flags _U_)
{
    tcpshake_flow *const         flow = data;
    const tcpshake_tapped *const tapped = tapped_;
    tcpshake_flow_item *const    item = sequence_analysis_create_sai_with_addresses(pinfo, flow);
    tcpshake_view                view;

    if (!item)
        return TAP_PACKET_DONT_REDRAW;
    tcpshake_view_segment(tapped->conversation, &tapped->segment, &tcpshake_prefs.limits, &tapped->knowledge, &view);
    set_ends(item, &tapped->tuple);
    item->frame_number = pinfo->num;
    item->frame_label = label_of(&tapped->segment, &view);
    item->comment = comment_of(&view);
    item->conv_num = (uint16_t)tapped->segment.stream;
    item->line_style = view.steps ? WIDTH_OF_A_STEP : WIDTH_OF_OTHERS;
    item->display = true;
    sequence_analysis_use_color_filter(pinfo, item);
    g_queue_push_tail(flow->items, item);
    return TAP_PACKET_REDRAW;
}

void
tcpshake_register_flow_graph(void)
{
    register_seq_analysis("tcpshake", "TCP Handshake", proto_tcpshake, TCPSHAKE_TAP, 0, take);
}
