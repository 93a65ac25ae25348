/* gathering.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gathering.h"

#include "../statistics/telling.h"
#include "../streams.h"

/* Nothing may come before the capture is read from its beginning. */
static void
restart(void *data)
{
    tcpshake_gathering *const gathering = data;

    tcpshake_conversation_list_clear(gathering->rows);
    tcpshake_segment_log_free(gathering->log);
    gathering->log = tcpshake_segment_log_new();
}

static tap_packet_status
take(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tapped_, tap_flags_t flags _U_)
{
    tcpshake_gathering *const    gathering = data;
    const tcpshake_tapped *const tapped = tapped_;
    bool                         is_new;

    if (tapped->conversation != gathering->conversation)
        return TAP_PACKET_DONT_REDRAW;
    tcpshake_conversation_list_add(gathering->rows, tapped, &is_new);
    tcpshake_log_segment(gathering->log, tapped);
    return TAP_PACKET_DONT_REDRAW;
}

/* The user can stop the reading, and close the file meanwhile. */
static bool
is_complete(const tcpshake_gathering *gathering, uint32_t stream)
{
    return gathering->rows->rows->len > 0 && tcpshake_stream_by_number(stream) == gathering->conversation &&
           gathering->log->last.frame == gathering->conversation->last_frame;
}

tcpshake_gathering *
tcpshake_gather(uint32_t stream)
{
    const funnel_ops_t *const ops = funnel_get_funnel_ops();
    tcpshake_gathering *const gathering = g_new0(tcpshake_gathering, 1);

    gathering->conversation = tcpshake_stream_by_number(stream);
    gathering->rows = tcpshake_conversation_list_new();
    gathering->log = tcpshake_segment_log_new();
    GString *const error = register_tap_listener(TCPSHAKE_TAP, gathering, NULL, 0, restart, take, NULL, NULL);
    if (error) {
        g_string_free(error, TRUE);
    } else {
        ops->retap_packets(ops->ops_id);
        remove_tap_listener(gathering);
    }
    if (is_complete(gathering, stream))
        return gathering;
    tcpshake_gathering_free(gathering);
    return NULL;
}

void
tcpshake_gathering_free(tcpshake_gathering *gathering)
{
    tcpshake_conversation_list_free(gathering->rows);
    tcpshake_segment_log_free(gathering->log);
    g_free(gathering);
}
