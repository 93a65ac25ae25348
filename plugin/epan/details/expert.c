/* expert.c
 * Expert infos are registered from the catalogue of anomalies: a row there is an expert info here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expert.h"

#include "../fields/fields.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/tap.h>

static expert_field ei_tcpshake_anomaly[] = {
#define ANOMALY(name, severity, chapter, source, summary, ...) EI_INIT,
#include "../../core/conversation/anomalies.def"
#undef ANOMALY
};

static expert_field ei_tcpshake_step_chat = EI_INIT;

static int expert_protocol = -1, expert_tap; /* Wireshark's own */

/* Wireshark's groups, by kind of trouble: so its dialog is of use without "Group by summary", too. An anomaly without
 * one does not compile. */
enum {
    /* an answer is missing, late or negative */
    GROUP_connection_timeout = PI_RESPONSE_CODE,
    GROUP_slow_handshake = PI_RESPONSE_CODE,
    GROUP_syn_unanswered = PI_RESPONSE_CODE,
    GROUP_syn_fallback = PI_RESPONSE_CODE,
    GROUP_connection_refused = PI_RESPONSE_CODE,
    GROUP_icmp_rejected = PI_RESPONSE_CODE,
    GROUP_missing_handshake_ack = PI_RESPONSE_CODE,
    GROUP_tfo_data_rejected = PI_RESPONSE_CODE,
    GROUP_socket_timeout = PI_RESPONSE_CODE,
    GROUP_read_timeout = PI_RESPONSE_CODE,
    GROUP_keepalive_unanswered = PI_RESPONSE_CODE,
    GROUP_connection_lost = PI_RESPONSE_CODE,
    GROUP_missing_fin_ack = PI_RESPONSE_CODE,
    GROUP_close_wait_lingering = PI_RESPONSE_CODE,
    GROUP_close_wait_idle = PI_RESPONSE_CODE,
    /* sent again, or with another number than is due */
    GROUP_syn_retransmission = PI_SEQUENCE,
    GROUP_synack_retransmission = PI_SEQUENCE,
    GROUP_handshake_ack_ignored = PI_SEQUENCE,
    GROUP_lost_between = PI_SEQUENCE,
    GROUP_stale_ack = PI_SEQUENCE,
    GROUP_synack_bad_ack = PI_SEQUENCE,
    GROUP_handshake_bad_ack = PI_SEQUENCE,
    GROUP_synack_changed = PI_SEQUENCE,
    GROUP_syn_changed = PI_SEQUENCE,
    GROUP_ack_storm = PI_SEQUENCE,
    GROUP_fin_storm = PI_SEQUENCE,
    GROUP_fin_retransmission = PI_SEQUENCE,
    GROUP_fin_out_of_window = PI_SEQUENCE,
    GROUP_fin_moved = PI_SEQUENCE,
    GROUP_data_after_fin = PI_SEQUENCE,
    GROUP_closing_bad_ack = PI_SEQUENCE,
    GROUP_old_duplicate = PI_SEQUENCE,
    /* a RST, or something else than the usual order of segments */
    GROUP_synack_unsolicited = PI_PROTOCOL,
    GROUP_synack_from_client = PI_PROTOCOL,
    GROUP_syn_on_open_connection = PI_PROTOCOL,
    GROUP_syn_with_data = PI_PROTOCOL,
    GROUP_simultaneous_open = PI_PROTOCOL,
    GROUP_split_handshake = PI_PROTOCOL,
    GROUP_handshake_aborted = PI_PROTOCOL,
    GROUP_early_data = PI_PROTOCOL,
    GROUP_bad_flags = PI_PROTOCOL,
    GROUP_connection_reset = PI_PROTOCOL,
    GROUP_abortive_close = PI_PROTOCOL,
    GROUP_reset_storm = PI_PROTOCOL,
    GROUP_reset_while_closing = PI_PROTOCOL,
    GROUP_data_after_close = PI_PROTOCOL,
    GROUP_simultaneous_close = PI_PROTOCOL,
    GROUP_time_wait_lingering = PI_PROTOCOL,
    GROUP_time_wait_reuse = PI_PROTOCOL,
    GROUP_time_wait_assassination = PI_PROTOCOL,
    GROUP_time_wait_exhaustion = PI_PROTOCOL,
    GROUP_nat_bypassed = PI_PROTOCOL,
    /* perhaps an attack */
    GROUP_isn_predictable = PI_SECURITY,
    GROUP_syn_flood = PI_SECURITY,
    GROUP_reset_unacceptable = PI_SECURITY,
    GROUP_reset_challenged = PI_SECURITY,
    GROUP_reset_ignored = PI_SECURITY,
    GROUP_reset_in_between = PI_SECURITY,
    /* the capture, not the network */
    GROUP_handshake_not_captured = PI_ASSUMPTION,
    GROUP_one_sided = PI_ASSUMPTION,
    GROUP_segment_not_captured = PI_ASSUMPTION,
    GROUP_captured_twice = PI_ASSUMPTION,
    GROUP_captured_out_of_order = PI_ASSUMPTION,
};

/* For each file, since Wireshark registers these two after all protocols. */
static void
find_wiresharks_own(void)
{
    expert_protocol = proto_get_id_by_filter_name("_ws.expert");
    expert_tap = find_tap_id("expert");
}

void
tcpshake_register_expert(void)
{
    static ei_register_info infos[] = {
#define ANOMALY(name, severity, chapter, source, summary, ...) \
    { &ei_tcpshake_anomaly[TCPSHAKE_ANOMALY_##name],           \
      { "tcpshake.anomaly." #name, (int)GROUP_##name, PI_##severity, summary, EXPFILL } },
#include "../../core/conversation/anomalies.def"
#undef ANOMALY
        { &ei_tcpshake_step_chat,
          { "tcpshake.step.chat", PI_SEQUENCE, PI_CHAT, "A step of the handshake or the teardown", EXPFILL } },
    };

    expert_register_field_array(expert_register_protocol(proto_tcpshake), infos, array_length(infos));
    register_init_routine(find_wiresharks_own);
}

bool
tcpshake_expert_wanted(const packet_info *pinfo, proto_tree *tree)
{
    return (expert_protocol > 0 && proto_field_is_referenced(tree, expert_protocol)) || have_tap_listener(expert_tap) ||
           (pinfo->cinfo && pinfo->cinfo->col_first[COL_EXPERT] >= 0);
}

/* The expert tap names the protocol that is being dissected; whoever reports an exception after us does, too. */
static void
add(packet_info *pinfo, proto_item *item, expert_field *info, const char *message)
{
    const char *protocol = pinfo->current_proto;

    pinfo->current_proto = "TCP Handshake";
    expert_add_info_format(pinfo, item, info, "%s", message);
    pinfo->current_proto = protocol;
}

void
tcpshake_expert_add(packet_info *pinfo, proto_item *item, tcpshake_anomaly anomaly, const char *message)
{
    add(pinfo, item, &ei_tcpshake_anomaly[anomaly], message);
}

void
tcpshake_expert_chat(packet_info *pinfo, proto_item *item, const char *steps)
{
    add(pinfo, item, &ei_tcpshake_step_chat, steps);
}
