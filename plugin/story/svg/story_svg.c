/* story_svg.c
 * The picture from top to bottom: the verdict, both ends, the ladder, how it began and ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story_svg.h"

#include "svg_layout.h"
#include "svg_parts.h"
#include "svg_rows.h"

#include <stdio.h>

enum { TEXT_SIZE = 400, HEAD_BOX = 46 };

static const char FONTS[] = "'Noto Sans', 'DejaVu Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans CJK KR', "
                            "'Noto Sans KR', 'Malgun Gothic', 'Apple SD Gothic Neo', sans-serif";

/* ---- head ---- */

static void
draw_end(const tcpshake_story *story, GString *to, int end, bool is_client, int y)
{
    static const tcpshake_style role_style = { 15, true, INK, "middle" }, end_style = { 11, false, INK, "middle" };
    const int                   width = MIDDLE - CLIENT_BAR - 8, x = is_client ? CLIENT_BAR : MIDDLE + 8;
    char                        text[TEXT_SIZE];

    tcpshake_svg_rectangle(to, x, y, width, HEAD_BOX, 6, "#f7f9fb", "#9aa5b1");
    tcpshake_svg_text(to, x + width / 2, y + 19, &role_style,
                      tcpshake_story_say_end(story, TCPSHAKE_STORY_role, end, text, sizeof text));
    tcpshake_story_say_end(story, TCPSHAKE_STORY_end, end, text, sizeof text);
    if (tcpshake_svg_width(&end_style, text) > width - 8)
        g_strlcpy(text, story->source->address[end], sizeof text);
    tcpshake_svg_text(to, x + width / 2, y + 37, &end_style, text);
}

/* Returns where the ladder begins. */
static int
draw_head(const tcpshake_story *story, GString *to)
{
    static const tcpshake_style verdict = { 20, true, INK, "start" }, small = { 12, false, FAINT, "start" };
    const int                   client = story->source->conversation->client;
    char                        text[TEXT_SIZE];
    int                         y = 26;

    tcpshake_svg_text(to, MARGIN, y, &small, story->source->title);
    y = tcpshake_svg_paragraph(to, MARGIN, y + 26, PICTURE_WIDTH - 2 * MARGIN, &verdict,
                               tcpshake_story_verdict(story, text, sizeof text));
    y = tcpshake_svg_paragraph(to, MARGIN, y - 4, PICTURE_WIDTH - 2 * MARGIN, &small,
                               tcpshake_story_say(story, TCPSHAKE_STORY_began, text, sizeof text));
    for (unsigned nth = 0; tcpshake_story_say_elsewhere(story, nth, text, sizeof text); nth++)
        y = tcpshake_svg_paragraph(to, MARGIN, y, PICTURE_WIDTH - 2 * MARGIN, &small, text);
    if (story->whole.number)
        y = tcpshake_svg_paragraph(to, MARGIN, y, PICTURE_WIDTH - 2 * MARGIN, &small,
                                   tcpshake_story_say(story, TCPSHAKE_STORY_cut_short, text, sizeof text));
    draw_end(story, to, client, true, y);
    draw_end(story, to, TCPSHAKE_OTHER(client), false, y);
    return y + HEAD_BOX + 8;
}

/* ---- lifelines ---- */

/* The name of a state in its bar: once in each part between two silences, more often where a part is long. False if
 * there was no room for it. */
static bool
draw_names(const tcpshake_story *story, const tcpshake_layout *layout, int x, const tcpshake_bar *bar, int bottom,
           GString *to)
{
    enum { NAME_HEIGHT = 14, REPEAT = 420, TORN = 8 };
    static const tcpshake_style style = { 11, true, INK, "middle" };
    int                         top = bar->y;
    bool                        named = false;

    for (unsigned i = 0; i <= story->rows->len; i++) {
        const bool is_last = i == story->rows->len;
        const bool is_torn = !is_last && tcpshake_story_row(story, i)->kind == TCPSHAKE_ROW_SILENCE;
        const int  y = is_torn ? layout->places[i].y : bottom;
        if (!is_last && (!is_torn || y <= top || y >= bottom))
            continue;
        const int height = (is_torn ? y - TORN : bottom) - top, names = 1 + height / REPEAT;
        for (int n = 0; n < names && height >= NAME_HEIGHT; n++)
            tcpshake_svg_text(to, x + BAR_WIDTH / 2, top + height * (2 * n + 1) / (2 * names) + 4, &style,
                              tcpshake_state_name((tcpshake_state)bar->state));
        named = named || height >= NAME_HEIGHT;
        top = y + TORN;
    }
    return named;
}

/* Returns the states whose name did not fit, 1 << tcpshake_state. */
static unsigned
draw_bars(const tcpshake_story *story, const tcpshake_layout *layout, int side, GString *to)
{
    const int           x = side == 0 ? CLIENT_BAR : SERVER_BAR;
    const GArray *const bars = layout->bars[side];
    unsigned            unnamed = 0;

    for (unsigned i = 0; i < bars->len; i++) {
        const tcpshake_bar *const bar = &g_array_index(bars, tcpshake_bar, i);
        const int bottom = i + 1 < bars->len ? g_array_index(bars, tcpshake_bar, i + 1).y : layout->bottom;
        tcpshake_svg_rectangle(to, x, bar->y, BAR_WIDTH, MAX(bottom - bar->y, 1), 3,
                               tcpshake_svg_state_colour((tcpshake_state)bar->state), "#6d7985");
        if (!draw_names(story, layout, x, bar, bottom, to))
            unnamed |= 1u << bar->state;
    }
    return unnamed;
}

static void
draw_lifeline(const tcpshake_layout *layout, int x, GString *to)
{
    g_string_append_printf(to, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>\n", x,
                           layout->top, x, layout->bottom, INK);
}

/* ---- foot ---- */

/* The names of states that did not fit. */
static int
draw_states_legend(unsigned unnamed, GString *to, int y)
{
    static const tcpshake_style name = { 11, false, INK, "start" };
    int                         x = MARGIN;

    if (!unnamed)
        return y;
    for (unsigned state = 0; state < TCPSHAKE_STATES; state++) {
        if (!(unnamed & 1u << state))
            continue;
        tcpshake_svg_rectangle(to, x, y - 11, 18, 13, 3, tcpshake_svg_state_colour((tcpshake_state)state), "#6d7985");
        tcpshake_svg_text(to, x + 24, y, &name, tcpshake_state_name((tcpshake_state)state));
        x += 24 + BAR_WIDTH;
    }
    return y + 20;
}

static int
draw_foot(const tcpshake_story *story, unsigned unnamed, GString *to, int y)
{
    static const tcpshake_style          style = { 13, false, INK, "start" }, small = { 11, false, FAINT, "start" };
    static const tcpshake_story_sentence sentences[] = { TCPSHAKE_STORY_opened, TCPSHAKE_STORY_closed,
                                                         TCPSHAKE_STORY_time_wait };
    const bool                           level = story->path_delay[0] <= 0 && story->path_delay[1] <= 0;
    char                                 text[2 * TEXT_SIZE];

    y = draw_states_legend(unnamed, to, y);
    for (unsigned i = 0; i < G_N_ELEMENTS(sentences); i++)
        y = tcpshake_svg_paragraph(to, MARGIN, y, PICTURE_WIDTH - 2 * MARGIN, &style,
                                   tcpshake_story_say(story, sentences[i], text, sizeof text)) +
            2;
    return tcpshake_svg_paragraph(
        to, MARGIN, y + 4, PICTURE_WIDTH - 2 * MARGIN, &small,
        tcpshake_story_say(story, level ? TCPSHAKE_STORY_no_slant : TCPSHAKE_STORY_slant, text, sizeof text));
}

/* ---- the document ---- */

static void
begin_document(const tcpshake_story *story, GString *to, int height)
{
    char verdict[TEXT_SIZE];

    g_string_append_printf(to,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                           "font-family=\"%s\">\n<title>",
                           PICTURE_WIDTH, height, PICTURE_WIDTH, height, FONTS);
    tcpshake_svg_escape(to, story->source->title);
    g_string_append(to, "</title>\n<desc>");
    tcpshake_svg_escape(to, tcpshake_story_verdict(story, verdict, sizeof verdict));
    g_string_append(to, "</desc>\n");
    tcpshake_svg_rectangle(to, 0, 0, PICTURE_WIDTH, height, 0, "#ffffff", "none");
}

void
tcpshake_story_write_svg(const tcpshake_story *story, GString *to)
{
    GString *const  body = g_string_new(NULL);
    tcpshake_layout layout;

    tcpshake_lay_out(&layout, story, draw_head(story, body));
    const unsigned unnamed = draw_bars(story, &layout, 0, body) | draw_bars(story, &layout, 1, body);
    draw_lifeline(&layout, CLIENT_LINE, body);
    draw_lifeline(&layout, SERVER_LINE, body);
    for (unsigned i = 0; i < story->rows->len; i++)
        tcpshake_svg_row(story, tcpshake_story_row(story, i), &layout.places[i], body);
    const int height = draw_foot(story, unnamed, body, layout.bottom + 28) + MARGIN - 8;
    tcpshake_layout_clear(&layout);
    begin_document(story, to, height);
    g_string_append_len(to, body->str, (gssize)body->len);
    g_string_append(to, "</svg>\n");
    g_string_free(body, TRUE);
}
