/* anomaly_index.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "anomaly_index.h"

#include "../prefs.h"
#include "../capture.h"
#include "../streams.h"

#include "../../core/outcome/verdict.h"

#include <epan/dissectors/packet-tcp.h>

static GArray  *frames;
static uint64_t made_of; /* the version of the records */

static void
add(const tcpshake_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const tcpshake_anomaly         anomaly = (tcpshake_anomaly)findings[i].anomaly;
        const tcpshake_anomalous_frame found = { findings[i].frame, tcpshake_anomaly_row(anomaly)->severity };
        g_array_append_val(frames, found);
    }
}

/* What was found, and what only the end of the capture proves. */
static void
add_conversation(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge)
{
    tcpshake_finding late[TCPSHAKE_VIEW_FINDINGS];

    add(tcpshake_first_finding(conversation), tcpshake_finding_count(conversation));
    add(late, tcpshake_hindsight(conversation, &tcpshake_prefs.limits, knowledge, late, TCPSHAKE_VIEW_FINDINGS));
}

/* By frames, and on one frame the worst first. */
static int
compare(const void *a, const void *b)
{
    const tcpshake_anomalous_frame *const one = a, *const other = b;

    if (one->frame != other->frame)
        return one->frame < other->frame ? -1 : 1;
    return (one->severity < other->severity) - (one->severity > other->severity);
}

static void
drop_duplicates(void)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < frames->len; i++) {
        const tcpshake_anomalous_frame *const at = &g_array_index(frames, tcpshake_anomalous_frame, i);
        if (kept == 0 || g_array_index(frames, tcpshake_anomalous_frame, kept - 1).frame != at->frame)
            g_array_index(frames, tcpshake_anomalous_frame, kept++) = *at;
    }
    g_array_set_size(frames, kept);
}

const GArray *
tcpshake_anomaly_index(void)
{
    const uint64_t version = tcpshake_capture_version();

    if (frames && made_of == version)
        return frames;
    if (!frames)
        frames = g_array_new(FALSE, FALSE, sizeof(tcpshake_anomalous_frame));
    g_array_set_size(frames, 0);
    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge_now();
    const uint32_t           streams = get_tcp_stream_count();
    for (uint32_t stream = 0; stream < streams; stream++) {
        const tcpshake_conversation *const conversation = tcpshake_stream_by_number(stream);
        if (conversation && conversation->first.frame)
            add_conversation(conversation, &knowledge);
    }
    g_array_sort(frames, compare);
    drop_duplicates();
    made_of = version;
    return frames;
}

unsigned
tcpshake_anomaly_index_from(const GArray *index, uint32_t frame)
{
    unsigned low = 0, high = index->len;

    while (low < high) {
        const unsigned middle = low + (high - low) / 2;
        if (g_array_index(index, tcpshake_anomalous_frame, middle).frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
tcpshake_anomaly_index_free(void)
{
    if (frames)
        g_array_free(frames, TRUE);
    frames = NULL;
}
