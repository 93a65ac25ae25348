/* story_text.c
 * A line for each arrow. Its steps, notes and anomalies stand below it, between the two lifelines:
 *
 *     0.000000  1   → SYN-SENT ├─── SYN  seq=0 ──────────▶│ → SYN-RECEIVED
 *                              │  3-way 1/3: SYN          │
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story_text.h"

#include "width.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TEXT_SIZE = 400,
    STATE_WIDTH = 14, /* "→ SYN-RECEIVED" */
    LINES_WIDTH = 4,  /* both lifelines, and a space beside each */
    BETWEEN_MIN = 40, /* an arrow with its label in brief */
};

typedef struct ladder {
    const tcpshake_story *story;
    GString              *to;
    unsigned              time_width, frame_width;
    unsigned              between; /* the lifelines */
} ladder;

/* ---- lines ---- */

static void
end_line(const ladder *l)
{
    while (l->to->len > 0 && l->to->str[l->to->len - 1] == ' ')
        g_string_truncate(l->to, l->to->len - 1);
    g_string_append_c(l->to, '\n');
}

/* The columns left of the lifelines. state: the client's. */
static void
begin_line(const ladder *l, const char *time, const char *frame, const char *state)
{
    tcpshake_append_padded(l->to, time, l->time_width, true);
    g_string_append(l->to, "  ");
    tcpshake_append_padded(l->to, frame, l->frame_width, true);
    g_string_append(l->to, "  ");
    tcpshake_append_padded(l->to, state, STATE_WIDTH, true);
    g_string_append_c(l->to, ' ');
}

/* Text between lifelines of this kind, broken into lines. */
static void
say_between(const ladder *l, const char *lifeline, const char *time, const char *frame, const char *text)
{
    const unsigned indent = 2;

    while (*text) {
        const char  *rest;
        const size_t length = tcpshake_break_line(text, l->between - 2 * indent, tcpshake_char_width, &rest);
        char *const  line = g_strndup(text, length);
        begin_line(l, time, frame, "");
        g_string_append(l->to, lifeline);
        tcpshake_append_repeated(l->to, " ", indent);
        tcpshake_append_padded(l->to, line, l->between - indent, false);
        g_string_append(l->to, lifeline);
        end_line(l);
        g_free(line);
        text = rest;
        time = frame = "";
    }
}

/* A paragraph over the whole width; the margin stands before its first line and indents the others. */
static void
say_below(const ladder *l, const char *margin, const char *text)
{
    const unsigned indent = tcpshake_text_width(margin);

    for (bool first = true; *text; first = false) {
        const char  *rest;
        const size_t length = tcpshake_break_line(text, TCPSHAKE_TEXT_COLUMNS - indent, tcpshake_char_width, &rest);
        tcpshake_append_padded(l->to, first ? margin : "", indent, false);
        g_string_append_len(l->to, text, (gssize)length);
        end_line(l);
        text = rest;
    }
}

/* ---- rows ---- */

static const char *
state_text(uint8_t state, uint8_t before, char *text, size_t size)
{
    snprintf(text, size, "%s%s", state != before ? "→ " : "", tcpshake_state_name((tcpshake_state)state));
    return text;
}

/* "─── SYN  seq=0 ────────▶", towards the server or away from it. */
static void
draw_arrow(const ladder *l, const tcpshake_row *row, bool by_client)
{
    enum { STEM = 3, ENDS = STEM + 4 };
    char flags[TEXT_SIZE], numbers[TEXT_SIZE], label[3 * TEXT_SIZE];

    tcpshake_story_flags(row, flags, sizeof flags);
    tcpshake_numbers_text(row, false, numbers, sizeof numbers);
    if (strlen(flags) + strlen(numbers) + 2 + ENDS > l->between)
        tcpshake_numbers_text(row, true, numbers, sizeof numbers);
    snprintf(label, sizeof label, " %s  %s ", flags, numbers);
    const unsigned wide = tcpshake_text_width(label) + STEM + 1;
    const unsigned rest = l->between > wide ? l->between - wide : 1;
    g_string_append(l->to, by_client ? "├" : "│◀");
    tcpshake_append_repeated(l->to, "─", by_client ? STEM : rest);
    g_string_append(l->to, label);
    tcpshake_append_repeated(l->to, "─", by_client ? rest : STEM);
    g_string_append(l->to, by_client ? "▶│" : "┤");
}

static void
say_findings(const ladder *l, const tcpshake_view *view)
{
    const tcpshake_story_source *const source = l->story->source;

    for (uint32_t i = 0; i < view->finding_count; i++) {
        const tcpshake_anomaly_info *const anomaly = tcpshake_anomaly_row((tcpshake_anomaly)view->findings[i].anomaly);
        const tcpshake_story_facts         facts = { .number = anomaly->severity };
        char                               severity[TEXT_SIZE], message[TEXT_SIZE], line[3 * TEXT_SIZE];
        tcpshake_text_story(TCPSHAKE_STORY_severity, &facts, severity, sizeof severity);
        tcpshake_text_finding(source->conversation, &view->findings[i], &source->knowledge, message, sizeof message);
        snprintf(line, sizeof line, "[%s] %s: %s", severity, anomaly->name, message);
        say_between(l, "│", "", "", line);
    }
}

static void
say_segment(const ladder *l, const tcpshake_row *row)
{
    const tcpshake_story_source *const source = l->story->source;
    const tcpshake_view *const         view = &row->view;
    char                               steps[TEXT_SIZE] = "", note[TEXT_SIZE];

    for (unsigned bit = 0; bit < TCPSHAKE_STEP_NAMES; bit++) {
        if (!(view->steps & 1u << bit))
            continue;
        g_strlcat(steps, steps[0] ? ", " : "", sizeof steps);
        g_strlcat(steps, source->steps[bit], sizeof steps);
    }
    say_between(l, "│", "", "", steps);
    say_between(l, "│", "", "", tcpshake_text_note(source->conversation, &row->segment, view, note, sizeof note));
    say_between(l, "│", "", "", tcpshake_text_why(source->conversation, &row->segment, view, note, sizeof note));
    say_findings(l, view);
}

static void
draw_segment(const ladder *l, const tcpshake_row *row)
{
    const tcpshake_view *const view = &row->view;
    char                       time[32], frame[16], client[32], server[32];

    tcpshake_text_seconds(tcpshake_story_time(l->story, row), 6, time, sizeof time);
    snprintf(frame, sizeof frame, "%" PRIu32, row->segment.frame);
    begin_line(l, time, frame, state_text(view->client_state, view->client_before, client, sizeof client));
    draw_arrow(l, row, view->sender == TCPSHAKE_CLIENT);
    g_string_append_c(l->to, ' ');
    g_string_append(l->to, state_text(view->server_state, view->server_before, server, sizeof server));
    end_line(l);
    say_segment(l, row);
}

static void
draw_row(const ladder *l, const tcpshake_row *row)
{
    char time[32], frame[32], text[TEXT_SIZE];

    tcpshake_text_seconds(tcpshake_story_time(l->story, row), 6, time, sizeof time);
    snprintf(frame, sizeof frame, "%" PRIu32, row->segment.frame);
    switch (row->kind) {
    case TCPSHAKE_ROW_ARROW: draw_segment(l, row); break;
    case TCPSHAKE_ROW_STRETCH:
        say_between(l, "┆", time, frame, tcpshake_story_say_row(row, TCPSHAKE_STORY_stretch, text, sizeof text));
        break;
    case TCPSHAKE_ROW_LEFT_OUT:
        say_between(l, "┆", time, frame, tcpshake_story_say_row(row, TCPSHAKE_STORY_left_out, text, sizeof text));
        break;
    case TCPSHAKE_ROW_SILENCE:
        say_between(l, "┊", "", "", tcpshake_story_say_row(row, TCPSHAKE_STORY_silence, text, sizeof text));
        break;
    case TCPSHAKE_ROW_ERROR:
        say_between(l, "│", "", frame, tcpshake_story_say_row(row, TCPSHAKE_STORY_icmp_error, text, sizeof text));
        say_findings(l, &row->view);
        break;
    }
}

/* ---- head and foot ---- */

static void
say_head(const ladder *l)
{
    const tcpshake_story_source *const source = l->story->source;
    const int                          client = source->conversation->client;
    char                               text[TEXT_SIZE], line[3 * TEXT_SIZE], margin[2 * TEXT_SIZE];

    snprintf(line, sizeof line, "%s: %s", source->title, tcpshake_story_verdict(l->story, text, sizeof text));
    say_below(l, "", line);
    for (int i = 0; i < TCPSHAKE_ENDS; i++) {
        const int end = i == 0 ? client : TCPSHAKE_OTHER(client);
        tcpshake_story_say_end(l->story, TCPSHAKE_STORY_role, end, text, sizeof text);
        snprintf(margin, sizeof margin, "  %s  ", text);
        say_below(l, margin, tcpshake_story_say_end(l->story, TCPSHAKE_STORY_end, end, text, sizeof text));
    }
    say_below(l, "  ", tcpshake_story_say(l->story, TCPSHAKE_STORY_began, text, sizeof text));
    for (unsigned nth = 0; tcpshake_story_say_elsewhere(l->story, nth, text, sizeof text); nth++)
        say_below(l, "  ", text);
    if (l->story->whole.number)
        say_below(l, "  ", tcpshake_story_say(l->story, TCPSHAKE_STORY_cut_short, text, sizeof text));
    g_string_append_c(l->to, '\n');
}

/* The columns' names, and the states before the first segment. */
static void
say_columns(const ladder *l)
{
    const int client = l->story->source->conversation->client;
    char      time[TEXT_SIZE], frame[TEXT_SIZE], role[TEXT_SIZE];

    tcpshake_story_say(l->story, TCPSHAKE_STORY_heading_time, time, sizeof time);
    tcpshake_story_say(l->story, TCPSHAKE_STORY_heading_frame, frame, sizeof frame);
    begin_line(l, time, frame, tcpshake_story_say_end(l->story, TCPSHAKE_STORY_role, client, role, sizeof role));
    tcpshake_append_repeated(l->to, " ", l->between + 3);
    g_string_append(l->to,
                    tcpshake_story_say_end(l->story, TCPSHAKE_STORY_role, TCPSHAKE_OTHER(client), role, sizeof role));
    end_line(l);
    if (l->story->rows->len == 0 || tcpshake_story_row(l->story, 0)->kind != TCPSHAKE_ROW_ARROW)
        return;
    const tcpshake_view *const view = &tcpshake_story_row(l->story, 0)->view;
    begin_line(l, "", "", tcpshake_state_name((tcpshake_state)view->client_before));
    g_string_append(l->to, "│");
    tcpshake_append_repeated(l->to, " ", l->between);
    g_string_append(l->to, "│ ");
    g_string_append(l->to, tcpshake_state_name((tcpshake_state)view->server_before));
    end_line(l);
}

static void
say_foot(const ladder *l)
{
    static const tcpshake_story_sentence sentences[] = { TCPSHAKE_STORY_opened, TCPSHAKE_STORY_closed,
                                                         TCPSHAKE_STORY_time_wait };
    char                                 text[2 * TEXT_SIZE];

    g_string_append_c(l->to, '\n');
    for (unsigned i = 0; i < G_N_ELEMENTS(sentences); i++)
        say_below(l, "", tcpshake_story_say(l->story, sentences[i], text, sizeof text));
}

/* Makes the columns as wide as their cells. */
static void
measure(ladder *l)
{
    char text[TEXT_SIZE];

    l->time_width = tcpshake_text_width(tcpshake_story_say(l->story, TCPSHAKE_STORY_heading_time, text, sizeof text));
    l->frame_width = tcpshake_text_width(tcpshake_story_say(l->story, TCPSHAKE_STORY_heading_frame, text, sizeof text));
    for (unsigned i = 0; i < l->story->rows->len; i++) {
        const tcpshake_row *const row = tcpshake_story_row(l->story, i);
        tcpshake_text_seconds(tcpshake_story_time(l->story, row), 6, text, sizeof text);
        l->time_width = MAX(l->time_width, tcpshake_text_width(text));
        snprintf(text, sizeof text, "%" PRIu32, row->segment.frame);
        l->frame_width = MAX(l->frame_width, tcpshake_text_width(text));
    }
    const unsigned used = l->time_width + l->frame_width + 2 * (2 + STATE_WIDTH) + LINES_WIDTH;
    l->between = used + BETWEEN_MIN < TCPSHAKE_TEXT_COLUMNS ? TCPSHAKE_TEXT_COLUMNS - used : BETWEEN_MIN;
}

void
tcpshake_story_write_text(const tcpshake_story *story, GString *to)
{
    ladder l = { .story = story, .to = to };

    measure(&l);
    say_head(&l);
    say_columns(&l);
    for (unsigned i = 0; i < story->rows->len; i++)
        draw_row(&l, tcpshake_story_row(story, i));
    say_foot(&l);
}
