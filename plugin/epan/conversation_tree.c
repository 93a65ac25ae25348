/* conversation_tree.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tree.h"

#include "prefs.h"

#include "../core/text.h"
#include "../core/verdict.h"
#include "../core/zeek.h"

#include <stddef.h>

enum { TEXT_SIZE = 240 };               /* what Wireshark shows of an item */

/* Which field shows which member. */
typedef struct row {
    tcpshake_field field;
    size_t         offset;
} row;

static const row roles[] = {
    { HF_opened_by, offsetof(tcpshake_summary, opened_by) },
    { HF_closed_by, offsetof(tcpshake_summary, closed_by) },
    { HF_reset_by,   offsetof(tcpshake_summary, reset_by)  },
};

static const row times[] = {
    { HF_connection_time, offsetof(tcpshake_summary, connection_time) },
    { HF_synack_time,      offsetof(tcpshake_summary, synack_time)     },
    { HF_ack_time,         offsetof(tcpshake_summary, ack_time)        },
    { HF_teardown_time,    offsetof(tcpshake_summary, teardown_time)   },
    { HF_half_close_time, offsetof(tcpshake_summary, half_close_time) },
    { HF_lifetime,         offsetof(tcpshake_summary, lifetime)        },
    { HF_socket_time,      offsetof(tcpshake_summary, socket_time)     },
    { HF_read_time,        offsetof(tcpshake_summary, read_time)       },
};

static const row negotiated[] = {
    { HF_negotiated_wscale,      offsetof(tcpshake_summary, wscale)     },
    { HF_negotiated_sack,        offsetof(tcpshake_summary, sack)       },
    { HF_negotiated_timestamps, offsetof(tcpshake_summary, timestamps) },
    { HF_negotiated_ecn,         offsetof(tcpshake_summary, ecn)        },
    { HF_negotiated_tfo,         offsetof(tcpshake_summary, tfo)        },
    { HF_negotiated_mptcp,       offsetof(tcpshake_summary, mptcp)      },
};

static const row frames[] = {
    { HF_syn_frame,       offsetof(tcpshake_conversation, syn.frame)      },
    { HF_synack_frame,    offsetof(tcpshake_conversation, synack.frame)   },
    { HF_ack_frame,       offsetof(tcpshake_conversation, ack.frame)      },
    { HF_fin1_frame,      offsetof(tcpshake_conversation, fin1.frame)     },
    { HF_fin1_ack_frame, offsetof(tcpshake_conversation, fin1_ack.frame) },
    { HF_fin2_frame,      offsetof(tcpshake_conversation, fin2.frame)     },
    { HF_fin2_ack_frame, offsetof(tcpshake_conversation, fin2_ack.frame) },
    { HF_rst_frame,       offsetof(tcpshake_conversation, rst.frame)      },
};

#define MEMBER(type, of, at) (*(const type *)((const char *)(of) + (at)))

static void
draw_zeek(const items *in, const tcpshake_conversation *conversation)
{
    if (items_wants(in, HF_conn_state))
        items_add_text(in, HF_conn_state, tcpshake_zeek_state(&conversation->zeek));
    if (items_wants(in, HF_conn_history)) {
        char history[TCPSHAKE_ZEEK_HISTORY + 1];
        tcpshake_zeek_history(&conversation->zeek, history, sizeof history);
        items_add_text(in, HF_conn_history, history);
    }
}

/* With what speaks for it, where a person reads it. */
static void
draw_reset_cause(const items *in, const tcpshake_conversation *conversation, const tcpshake_summary *summary)
{
    if (summary->reset_cause == TCPSHAKE_CAUSE_NONE)
        return;
    proto_item *item = items_add_uint(in, HF_reset_cause, summary->reset_cause);
    if (item && PTREE_DATA(in->tree)->visible) {
        char evidence[TEXT_SIZE];
        tcpshake_text_reset_evidence(conversation, summary, evidence, sizeof evidence);
        proto_item_append_text(item, " (hint%s%s)", evidence[0] ? ": " : "", evidence);
    }
    if (summary->reset_idle != TCPSHAKE_NO_TIME)
        items_add_time(in, HF_reset_idle, summary->reset_idle);
}

static void
draw_outcome(const items *in, const tcpshake_conversation *conversation, const tcpshake_summary *summary)
{
    if (summary->handshake != TCPSHAKE_HANDSHAKE_NONE)
        items_add_uint(in, HF_handshake, summary->handshake);
    items_add_uint(in, HF_teardown, summary->teardown);
    for (size_t i = 0; i < array_length(roles); i++) {
        const uint8_t role = MEMBER(uint8_t, summary, roles[i].offset);
        if (role != TCPSHAKE_NOBODY)
            items_add_uint(in, roles[i].field, role);
    }
    draw_reset_cause(in, conversation, summary);
    for (unsigned anomaly = 0; anomaly < TCPSHAKE_ANOMALIES && summary->anomalies >> anomaly; anomaly++)
        if (summary->anomalies & UINT64_C(1) << anomaly)
            items_add_text(in, HF_conn_anomaly, tcpshake_anomaly_row((tcpshake_anomaly)anomaly)->name);
    for (size_t i = 0; i < array_length(times); i++) {
        const int64_t time = MEMBER(int64_t, summary, times[i].offset);
        if (time != TCPSHAKE_NO_TIME)
            items_add_time(in, times[i].field, time);
    }
}

static void
draw_ends(const items *in, const tcpshake_conversation *conversation)
{
    const tcpshake_end *client = &conversation->end[conversation->client];
    const tcpshake_end *server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];

    if (client->flags & TCPSHAKE_END_HAS_ISN)
        items_add_uint(in, HF_client_isn, client->isn);
    if (server->flags & TCPSHAKE_END_HAS_ISN)
        items_add_uint(in, HF_server_isn, server->isn);
    items_add_uint(in, HF_client_syn_count, client->syn_count);
    items_add_uint(in, HF_server_synack_count, server->syn_count);
    items_add_uint(in, HF_client_fin_count, client->fin_count);
    items_add_uint(in, HF_server_fin_count, server->fin_count);
}

static void
draw_negotiated(const items *in, const tcpshake_summary *summary)
{
    const items below = items_subtree(in, ett_tcpshake_negotiated, "Negotiated", "");

    if (summary->mss)
        items_add_uint(&below, HF_negotiated_mss, summary->mss);
    for (size_t i = 0; i < array_length(negotiated); i++)
        items_add_flag(&below, negotiated[i].field, MEMBER(bool, summary, negotiated[i].offset));
}

/* What is left is told from the segment that began TIME-WAIT on; a segment after its end has none of it left. */
static void
draw_time_wait(const items *in, const tcpshake_conversation *conversation, const tcpshake_segment *segment,
               const tcpshake_summary *summary)
{
    items_add_uint(in, HF_time_wait_owner, summary->time_wait_owner);
    items_add_frame(in, HF_time_wait_frame, conversation->time_wait.frame);
    items_add_time(in, HF_time_wait_until, summary->time_wait_until);
    if (segment->frame >= conversation->time_wait.frame)
        items_add_time(in, HF_time_wait_remaining, MAX(summary->time_wait_until - segment->time, 0));
}

void
tcpshake_draw_conversation(const items *in, const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                           const tcpshake_knowledge *knowledge)
{
    char             verdict[TEXT_SIZE] = "";
    tcpshake_summary summary;

    tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, &summary);
    if (items_wants(in, HF_verdict))
        tcpshake_text_verdict(conversation, &summary, knowledge, verdict, sizeof verdict);
    const items below = items_subtree(in, ett_tcpshake_conversation, "Conversation", verdict);
    items_add_text(&below, HF_verdict, verdict);
    draw_outcome(&below, conversation, &summary);
    draw_zeek(&below, conversation);
    draw_ends(&below, conversation);
    if (summary.negotiated)
        draw_negotiated(&below, &summary);
    for (size_t i = 0; i < array_length(frames); i++)
        items_add_frame(&below, frames[i].field, MEMBER(uint32_t, conversation, frames[i].offset));
    if (summary.time_wait_owner != TCPSHAKE_NOBODY)
        draw_time_wait(&below, conversation, segment, &summary);
}
