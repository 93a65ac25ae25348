/* svg_rows.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "svg_rows.h"

#include "svg_parts.h"

#include <inttypes.h>
#include <stdio.h>

enum { TEXT_SIZE = 400 };

/* ---- beside the ladder ---- */

static void
draw_time(const tcpshake_story *story, const tcpshake_row *row, int y, bool has_time, GString *to)
{
    static const tcpshake_style time = { 12, false, INK, "end" }, frame = { 10, false, FAINT, "end" };
    char                        text[TEXT_SIZE], word[TEXT_SIZE / 2];

    if (has_time) {
        tcpshake_text_seconds(tcpshake_story_time(story, row), 6, text, sizeof text);
        g_strlcat(text, " s", sizeof text);
        tcpshake_svg_text(to, TIME_RIGHT, y, &time, text);
    }
    tcpshake_story_say(story, TCPSHAKE_STORY_heading_frame, word, sizeof word);
    snprintf(text, sizeof text, "%s %" PRIu32, word, row->segment.frame);
    if (row->last_frame)
        snprintf(text, sizeof text, "%" PRIu32 "–%" PRIu32, row->segment.frame, row->last_frame);
    tcpshake_svg_text(to, TIME_RIGHT, y + 14, &frame, text);
}

static void
draw_notes(const tcpshake_story *story, const tcpshake_row *row, int y, GString *to)
{
    static const tcpshake_style step = { 12, true, INK, "start" };
    const tcpshake_view *const  view = &row->view;

    y += 5 - (tcpshake_note_lines(row) - 1) * NOTE_LINE / 2;
    for (unsigned bit = 0; bit < TCPSHAKE_STEP_NAMES; bit++) {
        if (!(view->steps & 1u << bit))
            continue;
        tcpshake_svg_text(to, NOTES, y, &step, story->source->steps[bit]);
        y += NOTE_LINE;
    }
    for (uint32_t i = 0; i < view->finding_count; i++) {
        const tcpshake_anomaly_info *const anomaly = tcpshake_anomaly_row((tcpshake_anomaly)view->findings[i].anomaly);
        const tcpshake_severity            severity = (tcpshake_severity)anomaly->severity;
        const tcpshake_style               style = { 12, false, tcpshake_svg_severity_colour(severity), "start" };
        tcpshake_svg_sign(to, NOTES + 7, y - 5, severity);
        tcpshake_svg_text(to, NOTES + 20, y, &style, anomaly->name);
        y += NOTE_LINE;
    }
}

/* ---- arrows ---- */

static bool
is_alarming(const tcpshake_row *row)
{
    for (uint32_t i = 0; i < row->view.finding_count; i++)
        if (tcpshake_anomaly_row((tcpshake_anomaly)row->view.findings[i].anomaly)->severity == TCPSHAKE_WARN)
            return true;
    return (row->segment.flags & TCPSHAKE_RST) != 0;
}

/* The flags along the arrow, starting at its sender, and its numbers if there is room for them. */
static void
draw_label(const tcpshake_row *row, const tcpshake_place *place, bool by_client, const char *colour, GString *to)
{
    enum { FROM_END = 16, FLAGS_SIZE = 12, NUMBERS_SIZE = 11, ABOVE = 5 };
    static const tcpshake_style flags_style = { FLAGS_SIZE, true, INK, "" },
                                numbers_style = { NUMBERS_SIZE, false, INK, "" };
    const int run = SERVER_LINE - CLIENT_LINE, x = by_client ? CLIENT_LINE + FROM_END : SERVER_LINE - FROM_END;
    const int fall = place->arrive - place->leave, room = (place->crosses ? run / 2 : run) - 2 * FROM_END;
    const int y = place->leave + fall * FROM_END / run;
    const int turn = (by_client ? 1 : -1) * fall * 57296 / run; /* thousandths of a degree; a small angle */
    char      flags[TEXT_SIZE], numbers[TEXT_SIZE];

    tcpshake_story_flags(row, flags, sizeof flags);
    const int left = room - tcpshake_svg_width(&flags_style, flags) - 10;
    if (tcpshake_svg_width(&numbers_style, tcpshake_numbers_text(row, false, numbers, sizeof numbers)) > left &&
        tcpshake_svg_width(&numbers_style, tcpshake_numbers_text(row, true, numbers, sizeof numbers)) > left)
        numbers[0] = '\0';
    g_string_append_printf(to,
                           "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\" stroke=\"#ffffff\" "
                           "stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\" "
                           "transform=\"rotate(%s%d.%03d %d %d)\"><tspan font-weight=\"bold\">%s</tspan>",
                           x, y - ABOVE, by_client ? "start" : "end", colour, FLAGS_SIZE, turn < 0 ? "-" : "",
                           ABS(turn) / 1000, ABS(turn) % 1000, x, y, flags);
    if (numbers[0])
        g_string_append_printf(to, "<tspan dx=\"8\" font-size=\"%d\" fill=\"%s\">%s</tspan>", NUMBERS_SIZE, INK,
                               numbers);
    g_string_append(to, "</text>\n");
}

static void
draw_arrow(const tcpshake_story *story, const tcpshake_row *row, const tcpshake_place *place, GString *to)
{
    enum { HEAD = 11, HEAD_HALF = 5 };
    const bool        by_client = row->view.sender == TCPSHAKE_CLIENT;
    const char *const colour = is_alarming(row) ? ALARM : INK;
    const int from = by_client ? CLIENT_LINE : SERVER_LINE, to_x = by_client ? SERVER_LINE - 1 : CLIENT_LINE + 1;
    const int back = by_client ? -HEAD : HEAD,
              rise = (place->arrive - place->leave) * HEAD / (SERVER_LINE - CLIENT_LINE);

    g_string_append_printf(
        to,
        "<g class=\"arrow\"><line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%s\"/>"
        "<path d=\"M%d %dL%d %dL%d %dz\" fill=\"%s\"/>\n",
        from, place->leave, to_x + back / 2, place->arrive - rise / 2, colour, row->view.steps ? "2.2" : "1.3", to_x,
        place->arrive, to_x + back, place->arrive - rise - HEAD_HALF, to_x + back, place->arrive - rise + HEAD_HALF,
        colour);
    draw_label(row, place, by_client, colour, to);
    g_string_append(to, "</g>\n");
    draw_time(story, row, place->y - 2, true, to);
    draw_notes(story, row, place->y, to);
}

/* ---- rows without an arrow ---- */

/* A band between the lifelines. */
static void
draw_band(const tcpshake_place *place, const char *name, const char *dashes, GString *to)
{
    g_string_append_printf(to,
                           "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#eef2f6\" "
                           "stroke=\"#9aa5b1\" stroke-dasharray=\"%s\"/>\n",
                           name, CLIENT_LINE + 10, place->top + 6, SERVER_LINE - CLIENT_LINE - 20, place->height - 12,
                           dashes);
}

static void
draw_stretch(const tcpshake_story *story, const tcpshake_row *row, const tcpshake_place *place, GString *to)
{
    static const tcpshake_style bold = { 12, true, INK, "middle" }, plain = { 11, false, INK, "middle" };
    const int                   client = story->source->conversation->client;
    char                        text[TEXT_SIZE];

    draw_band(place, "stretch", "none", to);
    tcpshake_svg_text(to, MIDDLE, place->y - 13, &bold,
                      tcpshake_story_say_row(row, TCPSHAKE_STORY_stretch_total, text, sizeof text));
    for (int i = 0; i < TCPSHAKE_ENDS; i++) {
        tcpshake_row about = *row;
        about.facts.end = i == 0 ? client : TCPSHAKE_OTHER(client);
        tcpshake_svg_text(to, MIDDLE, place->y + 6 + i * 16, &plain,
                          tcpshake_story_say_row(&about, TCPSHAKE_STORY_stretch_end, text, sizeof text));
    }
    draw_time(story, row, place->y - 2, true, to);
}

/* The band has two edges like torn paper, over the whole ladder. */
static void
draw_silence(const tcpshake_row *row, const tcpshake_place *place, GString *to)
{
    enum { GAP = 10, WAVE = 12, LEFT = CLIENT_BAR - 6, RIGHT = SERVER_BAR + BAR_WIDTH + 6 };
    static const tcpshake_style style = { 12, true, FAINT, "middle" };
    const int                   waves = (RIGHT - LEFT) / (2 * WAVE);
    char                        text[TEXT_SIZE];

    tcpshake_story_say_row(row, TCPSHAKE_STORY_silence, text, sizeof text);
    const int wide = tcpshake_svg_width(&style, text) + 24;
    g_string_append_printf(to, "<g class=\"silence\"><path d=\"M%d %d", LEFT, place->y - GAP / 2);
    for (int i = 0; i < waves; i++)
        g_string_append_printf(to, "q%d %d %d 0t%d 0", WAVE / 2, -WAVE / 2, WAVE, WAVE);
    g_string_append_printf(to, "v%d", GAP);
    for (int i = 0; i < waves; i++)
        g_string_append_printf(to, "q%d %d %d 0t%d 0", -WAVE / 2, WAVE / 2, -WAVE, -WAVE);
    g_string_append(to, "z\" fill=\"#ffffff\" stroke=\"#9aa5b1\"/>\n");
    tcpshake_svg_rectangle(to, MIDDLE - wide / 2, place->y - 11, wide, 22, 11, "#ffffff", "#9aa5b1");
    tcpshake_svg_text(to, MIDDLE, place->y + 4, &style, text);
    g_string_append(to, "</g>\n");
}

void
tcpshake_svg_row(const tcpshake_story *story, const tcpshake_row *row, const tcpshake_place *place, GString *to)
{
    static const tcpshake_style style = { 12, true, INK, "middle" };
    char                        text[TEXT_SIZE];

    switch (row->kind) {
    case TCPSHAKE_ROW_ARROW: draw_arrow(story, row, place, to); break;
    case TCPSHAKE_ROW_STRETCH: draw_stretch(story, row, place, to); break;
    case TCPSHAKE_ROW_SILENCE: draw_silence(row, place, to); break;
    case TCPSHAKE_ROW_LEFT_OUT:
        draw_band(place, "left-out", "6 4", to);
        tcpshake_svg_text(to, MIDDLE, place->y + 4, &style,
                          tcpshake_story_say_row(row, TCPSHAKE_STORY_left_out, text, sizeof text));
        draw_time(story, row, place->y - 2, true, to);
        break;
    case TCPSHAKE_ROW_ERROR:
        draw_band(place, "error", "2 3", to);
        tcpshake_svg_text(to, MIDDLE, place->y + 4, &style,
                          tcpshake_story_say_row(row, TCPSHAKE_STORY_icmp_error, text, sizeof text));
        draw_time(story, row, place->y - 8, false, to);
        draw_notes(story, row, place->y, to);
        break;
    }
}
