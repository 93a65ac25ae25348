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

/* Wireshark's groups tell kinds of trouble apart, not chapters: ours are about the sequence of segments, those about
 * the capture itself are not. */
#define CHAPTER_OPENING PI_SEQUENCE
#define CHAPTER_OPEN    PI_SEQUENCE
#define CHAPTER_CLOSING PI_SEQUENCE
#define CHAPTER_CAPTURE PI_PROTOCOL

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
      { "tcpshake.anomaly." #name, CHAPTER_##chapter, PI_##severity, summary, EXPFILL } },
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
