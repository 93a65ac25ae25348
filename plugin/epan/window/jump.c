/* jump.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "jump.h"

#include "anomaly_index.h"

#include "../../core/conversation/anomalies.h"
#include "../../text/phrases.h"

#include <epan/frame_data_sequence.h>
#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

typedef struct jump {
    bool     forward, warnings_only;
    uint32_t to;     /* the frame to select; 0: there is none */
    uint32_t hidden; /* how many the display filter hides */
} jump;

static bool
is_displayed(const capture_file *capture, uint32_t frame)
{
    const frame_data *const data = frame_data_sequence_find(capture->provider.frames, frame);

    return data && data->passed_dfilter;
}

/* Once around, from the selected packet; it is the last to be looked at. */
static void *
look(capture_file *capture, void *data)
{
    jump *const         wanted = data;
    const GArray *const index = tcpshake_anomaly_index();

    if (!capture || !capture->provider.frames || index->len == 0)
        return NULL;
    const uint32_t from = capture->current_frame ? capture->current_frame->num : 0;
    const unsigned start = tcpshake_anomaly_index_from(index, wanted->forward ? from + 1 : from);
    for (unsigned step = 0; step < index->len; step++) {
        const unsigned                        at = wanted->forward ? start + step : start + index->len - 1 - step;
        const tcpshake_anomalous_frame *const found = &g_array_index(index, tcpshake_anomalous_frame, at % index->len);
        if (wanted->warnings_only && found->severity < TCPSHAKE_WARN)
            continue;
        if (is_displayed(capture, found->frame)) {
            wanted->to = found->frame;
            break;
        }
        wanted->hidden++;
    }
    return NULL;
}

void
tcpshake_jump(bool forward, bool warnings_only)
{
    jump wanted = { .forward = forward, .warnings_only = warnings_only };

    plugin_if_get_capture_file(look, &wanted);
    if (wanted.to)
        plugin_if_goto_frame(wanted.to);
    else if (wanted.hidden)
        report_warning(tcpshake_phrase_text(TCPSHAKE_PHRASE_ANOMALIES_HIDDEN), wanted.hidden);
    else
        report_warning("%s", tcpshake_phrase_text(warnings_only ? TCPSHAKE_PHRASE_NO_WARNINGS_HERE
                                                                : TCPSHAKE_PHRASE_NO_ANOMALIES_HERE));
}
