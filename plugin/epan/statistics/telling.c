/* telling.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "telling.h"

#include "../fields/fields.h"
#include "../prefs.h"
#include "../capture.h"
#include "../translation.h"

#include "../../story/story.h"
#include "../../story/story_text.h"
#include "../../story/svg/story_svg.h"

enum { TEXT_SIZE = 240 };

/* Rows before and behind what is left out of a long story. */
enum { TEXT_HEAD = 300, TEXT_TAIL = 100, PICTURE_HEAD = 70, PICTURE_TAIL = 30 };

void
tcpshake_log_segment(tcpshake_segment_log *log, const tcpshake_tapped *tapped)
{
    tcpshake_segment known;

    tcpshake_segment_log_add(
        log, tcpshake_as_in_record(tcpshake_conversation_at(tapped->conversation, tapped->segment.frame),
                                   &tapped->segment, &known));
}

/* write appends the story to a string. */
static GString *
write_story(uint32_t stream, const tcpshake_conversation_row *row, const tcpshake_segment_log *log, unsigned head,
            unsigned tail, void (*write)(const tcpshake_story *, GString *))
{
    char *const           title = g_strdup_printf("tcp.stream %" PRIu32, stream);
    char *const           addresses[] = { tcpshake_end_text(&row->end[0]), tcpshake_end_text(&row->end[1]) };
    tcpshake_story_source teller = {
        .conversation = row->conversation,
        .segment_log = log,
        .limits = &tcpshake_prefs.limits,
        .knowledge = tcpshake_capture_knowledge_now(),
        .title = title,
        .address = { addresses[0], addresses[1] },
        .head = head,
        .tail = tail,
    };
    for (unsigned cause = TCPSHAKE_CAUSE_NONE + 1; cause <= TCPSHAKE_CAUSE_UNKNOWN; cause++)
        teller.causes[cause] = tcpshake_value_name(HF_reset_cause, cause);
    char     translated[TCPSHAKE_TWINS_MAX][TEXT_SIZE];
    unsigned twins = 0;
    for (const tcpshake_twin *twin = NULL; (twin = tcpshake_next_twin(row->conversation, twin)) != NULL; twins++)
        teller.translated[twins] = tcpshake_translated(row->conversation, twin, translated[twins], TEXT_SIZE);
    for (unsigned bit = 0; bit < TCPSHAKE_STEP_NAMES; bit++)
        teller.steps[bit] = tcpshake_step_name(tcpshake_step_values[bit]);
    GString *const        to = g_string_new(NULL);
    tcpshake_story *const story = tcpshake_story_new(&teller);
    write(story, to);
    tcpshake_story_free(story);
    g_free(addresses[0]);
    g_free(addresses[1]);
    g_free(title);
    return to;
}

GString *
tcpshake_tell_text(uint32_t stream, const tcpshake_conversation_row *row, const tcpshake_segment_log *log)
{
    return write_story(stream, row, log, TEXT_HEAD, TEXT_TAIL, tcpshake_story_write_text);
}

GString *
tcpshake_tell_picture(uint32_t stream, const tcpshake_conversation_row *row, const tcpshake_segment_log *log)
{
    return write_story(stream, row, log, PICTURE_HEAD, PICTURE_TAIL, tcpshake_story_write_svg);
}
